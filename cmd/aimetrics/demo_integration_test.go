//go:build integration && unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// From an empty prefix to sample data and back.
func TestDemo(t *testing.T) {
	server := startElastic(t)
	ask := func(method, path, body string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, bytes.NewBufferString(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode/100 != 2 {
			t.Fatalf("%s %s: %d %s (%v)", method, path, response.StatusCode, content, err)
		}
		return string(content)
	}
	demo := func(more ...string) result {
		return aimetrics("", append([]string{"demo", "--endpoint", server.URL, "--index-prefix", "shown", "--day", "2026-06-30"}, more...)...)
	}
	count := func(query string) (n int) {
		t.Helper()
		ask("POST", "/shown-20*/_refresh", "")
		var said struct{ Count int }
		if err := json.Unmarshal([]byte(ask("GET", "/shown-20*/_count?q="+query, "")), &said); err != nil {
			t.Fatal(err)
		}
		return said.Count
	}

	began := time.Now()
	first := demo()
	t.Logf("a demo from an empty server to all documents takes %s", time.Since(began).Round(100*time.Millisecond))
	counts := regexp.MustCompile(`(?m)^(\d+) read: (\d+) indexed, 0 there already, 0 rejected$`).FindStringSubmatch(first.out)
	if first.code != 0 || counts == nil || counts[1] != counts[2] || !strings.Contains(first.out, "index template \"shown\": created\n") ||
		!strings.HasSuffix(first.out, "ninety days of sample data are in shown-20*; take them away with: aimetrics demo --remove --endpoint "+
			server.URL+" --index-prefix shown\n") {
		t.Fatalf("the first run: %+v", first)
	}
	documents := count("*")
	if fmt.Sprint(documents) != counts[1] || documents < 30_000 || count("labels.demo:aimetrics") != documents {
		t.Errorf("the index has %d documents, of which %d are marked; it said %s", documents, count("labels.demo:aimetrics"), counts[0])
	}
	if got := demo(); got.code != 0 || !strings.Contains(got.out, fmt.Sprintf("%d read: 0 indexed, %[1]d there already, 0 rejected\n", documents)) {
		t.Errorf("a second run: %+v", got)
	}

	ask("PUT", "/shown-2026-06/_create/mine?refresh=true", `{"@timestamp":"2026-06-26T00:00:00.000Z"}`)
	if got := demo(); got.code != 1 || got.out != "" || got.err != "shown-20* of "+server.URL+
		" has 1 document beside the sample data; choose another --index-prefix, for the pictures would mix them\n" {
		t.Errorf("beside other documents: %+v", got)
	}
	if got := demo("--remove"); got.code != 0 || got.out != fmt.Sprintf("%d documents of sample data removed; what setup made stays\n", documents) {
		t.Errorf("--remove: %+v", got)
	}
	if left := count("*"); left != 1 {
		t.Errorf("left are %d documents, want the one that is no sample data", left)
	}
	if indices := strings.Fields(ask("GET", "/_cat/indices/shown-*?h=index", "")); len(indices) != 1 || indices[0] != "shown-2026-06" {
		t.Errorf("left are the indices %q", indices)
	}
	ask("DELETE", "/shown-2026-06", "")
	ask("DELETE", "/_index_template/shown", "")
}

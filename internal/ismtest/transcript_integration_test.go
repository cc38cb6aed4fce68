//go:build integration && unix

package ismtest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/internal/ismtest"
	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

// All 35 requests that were recorded from the real plugin are answered as it did; only times and uuids differ.
func TestTranscript(t *testing.T) {
	elastic, err := elastictest.Start(elastictest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer elastic.Close()
	ism, err := ismtest.New(elastic.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(ism)
	defer server.Close()
	send(t, "PUT", server.URL+"/old-1", nil)

	// What happened between the requests.
	runJob := func() {
		if err := ism.RunJob(); err != nil {
			t.Fatal(err)
		}
	}
	before := map[string]func(){
		"explain just created":                func() { send(t, "PUT", server.URL+"/aim-2026.05", nil) },
		"explain managed":                     func() { runJob(); runJob() },
		"explain keeps the old policy_seq_no": runJob,
		"explain after change_policy":         runJob,
	}
	file, err := os.Open("testdata/transcript.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	requests := 0
	for ; lines.Scan(); requests++ {
		var recorded struct {
			Note, Method, Path string
			Body               json.RawMessage
			Status             int
			Response           any
		}
		if err := json.Unmarshal(lines.Bytes(), &recorded); err != nil {
			t.Fatal(err)
		}
		if do := before[recorded.Note]; do != nil {
			do()
		}
		if bytes.Equal(recorded.Body, []byte("null")) {
			recorded.Body = nil
		}
		status, answer := send(t, recorded.Method, server.URL+recorded.Path, recorded.Body)
		if status != recorded.Status {
			t.Errorf("%s: %d, want %d", recorded.Note, status, recorded.Status)
		}
		if difference := cmp.Diff(steady(recorded.Response), steady(answer)); difference != "" {
			t.Errorf("%s: %s %s (-real +fake):\n%s", recorded.Note, recorded.Method, recorded.Path, difference)
		}
	}
	if requests != 35 {
		t.Errorf("%d requests are recorded, want 35", requests)
	}
}

// steady replaces what differs from run to run.
func steady(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, its := range value {
			_, isText := its.(string)
			switch {
			case strings.HasSuffix(key, "_time") && its != 0.0, isText && strings.HasSuffix(key, "uuid") && its != "_na_",
				key == "name" && isText && value["cluster_name"] != nil, key == "cluster_name":
				value[key] = "…"
			default:
				value[key] = steady(its)
			}
		}
	case []any:
		for i, its := range value {
			value[i] = steady(its)
		}
	}
	return value
}

func send(t *testing.T, method, url string, body []byte) (status int, answer any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
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
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &answer); err != nil {
		t.Fatalf("%s %s: %s: %v", method, url, content, err)
	}
	return response.StatusCode, answer
}

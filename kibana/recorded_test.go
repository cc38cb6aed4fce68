package kibana

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// recordedRequests are what the pages ask for in a real Kibana: see TestPages.
func recordedRequests(t testing.TB) []recorded {
	t.Helper()
	content, err := os.ReadFile("testdata/requests.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	for line := range bytes.Lines(content) {
		var one recorded
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// recorded is one request of a page.
type recorded struct {
	Dashboard string          `json:"dashboard"`
	Method    string          `json:"method"`
	Path      string          `json:"path"`
	Body      json.RawMessage `json:"body,omitempty"`
}

// search is the search that a recorded request has Kibana send, and whether it is one.
func (r recorded) search(t testing.TB) (index string, body object, ok bool) {
	t.Helper()
	if r.Path != "/internal/search/es" {
		return "", nil, false
	}
	var asked struct {
		Params struct {
			Index string
			Body  object
		}
	}
	if err := json.Unmarshal(r.Body, &asked); err != nil {
		t.Fatal(err)
	}
	return asked.Params.Index, asked.Params.Body, true
}

// moments are what differs in a search from one time range to another.
var moments = regexp.MustCompile(`"(gt|lte|gte)":\d+|"interval":"[^"]*"`)

// What is recorded is what the charts ask for now: record it anew after a change of a search.
func TestRecordedIsWhatChartsAsk(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range recordedRequests(t) {
		if _, body, ok := one.search(t); ok && body["aggs"] != nil {
			seen[moments.ReplaceAllString(text(body["aggs"]), "")] = true
		}
	}
	for _, request := range everyRequest(t) {
		if !seen[moments.ReplaceAllString(text(request.body["aggs"]), "")] {
			t.Errorf("%s is not recorded so; run TestPages with RECORD=1", request)
		}
	}
}

func TestPagesOpenByReadingAlone(t *testing.T) {
	for _, one := range recordedRequests(t) {
		written := one.Method != "GET" && !strings.HasSuffix(one.Path, "/_bulk_get") && one.Path != "/internal/search/es" &&
			one.Path != "/api/core/capabilities"
		if written {
			t.Errorf("%s asks for %s %s", one.Dashboard, one.Method, one.Path)
		}
	}
}

//go:build integration && unix

package domain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// readersOpenDashboards sends the searches that the pages sent in a real Kibana, recorded, as a reader; and what saves or deletes beside
// them, which must fail.
func readersOpenDashboards(t *testing.T, admin, reader *Client) {
	encoder, err := metrics.NewEncoder(metrics.Options{})
	must(t, err)
	var bulk bytes.Buffer
	for row := range (metrics.Sample{Until: time.Date(2026, 11, 26, 19, 0, 0, 0, time.UTC), Days: 3}).Rows() {
		for document, err := range encoder.Row(row) {
			must(t, err)
			fmt.Fprintf(&bulk, "{\"create\":{\"_index\":%q,\"_id\":%q}}\n%s\n", document.Index, document.ID, document.Source)
		}
	}
	response, err := admin.Do(t.Context(), "POST", "/_bulk?refresh=true", http.Header{"Content-Type": {"application/x-ndjson"}}, &bulk)
	must(t, err)
	response.Body.Close()

	recorded, err := os.ReadFile("../kibana/testdata/requests.ndjson")
	must(t, err)
	searches, values, scripts := 0, 0, 0
	for line := range bytes.Lines(recorded) {
		var request struct {
			Dashboard, Path string
			Body            struct {
				Params struct {
					Index string
					Body  json.RawMessage
				}
			}
		}
		if !bytes.Contains(line, []byte(`"/internal/search/es"`)) {
			continue
		}
		must(t, json.Unmarshal(line, &request))
		var answer struct {
			Shards       struct{ Failed int } `json:"_shards"`
			Aggregations json.RawMessage
		}
		err := reader.Send(t.Context(), "POST", "/"+request.Body.Params.Index+"/_search", request.Body.Params.Body, &answer)
		if err != nil && strings.Contains(err.Error(), "script_lang not supported [painless]") {
			scripts++ // it got in; this build for tests has no scripts
		} else if err != nil || answer.Shards.Failed > 0 {
			t.Errorf("%s: %v, %d shards failed: %.300s", request.Dashboard, err, answer.Shards.Failed, request.Body.Params.Body)
		}
		searches++
		values += strings.Count(string(answer.Aggregations), `"doc_count"`)
	}
	if searches < 60 || values < 1000 || scripts > 3 {
		t.Errorf("%d searches gave %d buckets, %d of them need scripts", searches, values, scripts)
	}
	for _, test := range []struct{ method, path, body string }{
		{"PUT", "/.kibana_1/_doc/dashboard:ml-metrics.models", `{}`},
		{"POST", "/.kibana_1/_update/dashboard:ml-metrics.models", `{"doc":{}}`},
		{"DELETE", "/.kibana_1/_doc/dashboard:ml-metrics.models", ""},
		{"POST", "/.kibana_1/_bulk", `{"index":{"_id":"dashboard:ml-metrics.models"}}` + "\n{}\n"},
		{"PUT", "/ml-metrics-2026-11/_doc/1", `{}`},
		{"DELETE", "/ml-metrics-2026-11", ""},
	} {
		if isAllowed(t, reader, test.method, test.path, test.body) {
			t.Errorf("a reader may %s %s", test.method, test.path)
		}
	}
}

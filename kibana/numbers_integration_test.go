//go:build integration && unix

package kibana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"aimetrics/internal/elastictest"
	"aimetrics/metrics"
)

var elastic *elastictest.Server

func TestMain(m *testing.M) {
	os.Exit(elastictest.Run(m, elastictest.Options{}, func(started *elastictest.Server) { elastic = started }))
}

// until is the end of the sample data in these tests.
var until = time.Date(2026, 11, 26, 17, 0, 0, 0, time.UTC)

// send sends JSON to the server and returns its answer.
func send(t testing.TB, method, path string, body []byte) object {
	t.Helper()
	request, err := http.NewRequest(method, elastic.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	written, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer object
	if err := json.Unmarshal(written, &answer); err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %.1000s", method, path, response.StatusCode, written)
	}
	return answer
}

// load puts documents into the server, below a template of the model.
func load(t testing.TB, prefix string, add func(send func(index, id string, source []byte))) {
	t.Helper()
	send(t, "PUT", "/_index_template/"+prefix, metrics.Settings{IndexPrefix: prefix}.Template(metrics.NoLifecycle))
	var bulk bytes.Buffer
	flush := func() {
		if bulk.Len() > 0 {
			if answer := send(t, "POST", "/_bulk", bulk.Bytes()); answer["errors"] != false {
				t.Fatalf("not all documents were taken: %.1000s", text(answer))
			}
			bulk.Reset()
		}
	}
	add(func(index, id string, source []byte) {
		fmt.Fprintf(&bulk, "{\"create\":{\"_index\":%q,\"_id\":%q}}\n%s\n", index, id, source)
		if bulk.Len() > 4<<20 {
			flush()
		}
	})
	flush()
	send(t, "POST", "/"+prefix+"-20*/_refresh", nil)
}

// Every number that a chart gets is the one that plain Go computes from the sample data, and no chart gets none.
func TestNumbers(t *testing.T) {
	var documents []document
	load(t, "ml-metrics", func(send func(string, string, []byte)) {
		documents = sampleDocuments(t, metrics.Sample{Until: until}, send)
	})
	total := 0
	for _, days := range []int{1, 7, 90} {
		for _, request := range requestsOf(t, Options{}, until.AddDate(0, 0, -days), until) {
			answer := send(t, "POST", "/"+request.index+"/_search", []byte(text(request.body)))
			if failed := answer["_shards"].(object)["failed"]; failed != 0.0 {
				t.Errorf("%s: %v shards failed: %.500s", request, failed, text(answer))
				continue
			}
			var matching []document
			for _, one := range documents {
				if matches(request.body["query"].(object), one) {
					matching = append(matching, one)
				}
			}
			if len(matching) == 0 && days == 90 && request.name == "rows" {
				t.Errorf("%s has no documents in the sample data", request)
			}
			compared := compare(t, request.String(), request.body["aggs"].(object), matching, answer["aggregations"].(object))
			if compared == 0 && days == 90 && request.name == "rows" {
				t.Errorf("%s compares nothing", request)
			}
			total += compared
		}
	}
	t.Logf("%d numbers of %d charts are right", total, len(requestsOf(t, Options{}, until, until)))
}

//go:build integration && unix

package kibana

import (
	"os"
	"testing"
	"time"

	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/metrics"
)

var elastic *elastictest.Server

func TestMain(m *testing.M) {
	os.Exit(elastictest.Run(m, elastictest.Options{}, func(started *elastictest.Server) { elastic = started }))
}

// until is the end of the sample data in these tests.
var until = time.Date(2026, 11, 26, 17, 0, 0, 0, time.UTC)

// Every number that a chart gets is the one that plain Go computes from the sample data, and no chart gets none.
func TestNumbers(t *testing.T) {
	var documents []document
	load(t, elastic.URL, "ml-metrics", func(send func(string, string, []byte)) {
		documents = sampleDocuments(t, "ml-metrics", metrics.Sample{Until: until}, send)
	})
	total := 0
	for _, days := range []int{1, 90} {
		for _, request := range requestsOf(t, everything, until.AddDate(0, 0, -days), until) {
			answer := send(t, elastic.URL, "POST", "/"+request.index+"/_search", []byte(text(request.body)))
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
	t.Run("as the pages asked in a real Kibana", func(t *testing.T) {
		for _, one := range recordedRequests(t) {
			index, body, ok := one.search(t)
			if !ok {
				continue
			}
			answer := send(t, elastic.URL, "POST", "/"+index+"/_search", []byte(text(body)))
			if failed := answer["_shards"].(object)["failed"]; failed != 0.0 {
				t.Errorf("%s: %v shards failed: %.500s", one.Dashboard, failed, text(answer))
			}
		}
	})
	t.Logf("%d numbers of %d charts are right", total, len(requestsOf(t, everything, until, until)))
}

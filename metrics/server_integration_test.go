//go:build integration

package metrics_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/metrics"
)

// server is the real Elasticsearch 7.10.2, with our template.
var server *elastictest.Server

func TestMain(m *testing.M) {
	os.Exit(elastictest.Run(m, elastictest.Options{}, func(started *elastictest.Server) { server = started }))
}

// ask sends a request, and returns the status and the body of its answer.
func ask(t *testing.T, method, path, body string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, content
}

// must is ask for what may not fail.
func must(t *testing.T, method, path, body string) []byte {
	t.Helper()
	status, content := ask(t, method, path, body)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, content)
	}
	return content
}

// The template and the validator refuse the same documents: what the server refuses never reaches it, and what it takes though it is
// wrong is marked in the table.
func TestServerAgrees(t *testing.T) {
	settings := metrics.Settings{}
	must(t, http.MethodPut, "/_index_template/"+settings.TemplateName(), string(settings.Template(metrics.NoLifecycle)))
	index := settings.Index(noon)
	refused := 0
	for i, wrong := range wrongDocuments {
		status, answer := ask(t, http.MethodPut, "/"+index+"/_create/wrong"+strconv.Itoa(i), wrong.line)
		if takes := status == http.StatusCreated; takes != wrong.serverTakes {
			t.Errorf("%s: the server takes it: %v, want %v: %.300s", wrong.name, takes, wrong.serverTakes, answer)
		}
		if status >= http.StatusInternalServerError {
			t.Errorf("%s: %d %.300s", wrong.name, status, answer)
		}
		if status == http.StatusBadRequest {
			refused++
		}
	}
	t.Logf("%d wrong documents: %d refused by both, %d by the validator alone", len(wrongDocuments), refused, len(wrongDocuments)-refused)
	if refused < 40 {
		t.Errorf("the server refuses %d documents of the table, want 40 at least", refused)
	}
	encoder := newEncoder(t, metrics.Options{})
	for i, right := range rightDocuments {
		if status, answer := ask(t, http.MethodPut, "/"+index+"/_create/right"+strconv.Itoa(i), right.line); status != http.StatusCreated {
			t.Errorf("%s: as it came: %d %s", right.name, status, answer)
		}
		for document, err := range encoder.Line([]byte(right.line)) {
			if err != nil {
				t.Fatal(err)
			}
			status, answer := ask(t, http.MethodPut, "/"+document.Index+"/_create/"+document.ID.String(), string(document.Source))
			// Some rows are one document, written in several ways: then it is there already.
			if status != http.StatusCreated && status != http.StatusConflict {
				t.Errorf("%s: as the encoder makes it: %d %s", right.name, status, answer)
			}
		}
	}
}

// What the template makes of the fields is what the model says, in the index of every document that is taken.
func TestServerHasTheModel(t *testing.T) {
	settings := metrics.Settings{IndexPrefix: "typed"}
	must(t, http.MethodPut, "/_index_template/typed", string(settings.Template(metrics.NoLifecycle)))
	encoder := newEncoder(t, metrics.Options{Settings: settings})
	for _, at := range []string{"1990-01-01T00:00:00Z", "2026-11-26T11:00:00Z"} {
		// A whole number first, from which the server would make a long by itself.
		line := with(`"@timestamp":"`+at+`"`, `"ml.metric.value":1`, `"labels":{"a.b":1}`, `"ml.params.lr":0.1`)
		for document, err := range encoder.Line([]byte(line)) {
			if err != nil {
				t.Fatal(err)
			}
			must(t, http.MethodPut, "/"+document.Index+"/_create/"+document.ID.String(), string(document.Source))
			var caps struct {
				Fields map[string]map[string]struct{ Searchable, Aggregatable bool }
			}
			if err := json.Unmarshal(must(t, http.MethodGet, "/"+document.Index+"/_field_caps?fields=*", ""), &caps); err != nil {
				t.Fatal(err)
			}
			for _, field := range metrics.IndexPatternFields() {
				if field.Name == "_score" {
					continue // of a hit, and none of a document
				}
				for _, elasticsearch := range field.ESTypes {
					got, ok := caps.Fields[field.Name][elasticsearch]
					if !ok || got.Searchable != field.Searchable || got.Aggregatable != field.Aggregatable {
						t.Errorf("%s: %s is %v, want %+v", document.Index, field.Name, caps.Fields[field.Name], field)
					}
				}
			}
			for _, name := range []string{"labels.a_b", "ml.params.lr"} {
				if _, ok := caps.Fields[name]["keyword"]; !ok {
					t.Errorf("%s is %v, want a keyword", name, caps.Fields[name])
				}
			}
		}
	}
	aliases := must(t, http.MethodGet, "/_alias/typed", "")
	if !bytes.Contains(aliases, []byte("typed-1990-01")) || !bytes.Contains(aliases, []byte("typed-2026-11")) {
		t.Errorf("the alias is of %s", aliases)
	}
	// Fields that come later are put on the indices that exist.
	must(t, http.MethodPut, "/typed-2026-11/_mapping", string(metrics.Mapping()))
}

// A document that nobody validated meets an error that says what is wrong, and not one of the server's own faults.
func TestServerRefusesObjectsInLabels(t *testing.T) {
	settings := metrics.Settings{IndexPrefix: "objects"}
	must(t, http.MethodPut, "/_index_template/objects", string(settings.Template(metrics.NoLifecycle)))
	for _, member := range []string{`"labels":{"a":{"b":"x"}}`, `"labels.a.b":"x"`, `"ml.params":{"a":{"b":"x"}}`} {
		status, answer := ask(t, http.MethodPost, "/objects-2026-11/_doc", with(member))
		if status != http.StatusBadRequest || !bytes.Contains(answer, []byte("strict_dynamic_mapping_exception")) {
			t.Errorf("%s: %d %s", member, status, answer)
		}
	}
}

// Neither another prefix that begins with this one, nor the settings, nor our own template a second time, is in the way.
func TestServerTakesEveryTemplate(t *testing.T) {
	for _, settings := range []metrics.Settings{
		{IndexPrefix: "one"}, {IndexPrefix: "one-dev"}, {IndexPrefix: "one-2", Partition: metrics.Day},
		{IndexPrefix: "one", Shards: 2, Replicas: 1},
	} {
		must(t, http.MethodPut, "/_index_template/"+settings.TemplateName(), string(settings.Template(metrics.NoLifecycle)))
		var answer struct {
			IndexTemplates []struct {
				IndexTemplate struct {
					Meta metrics.Meta `json:"_meta"`
				} `json:"index_template"`
			} `json:"index_templates"`
		}
		if err := json.Unmarshal(must(t, http.MethodGet, "/_index_template/"+settings.TemplateName(), ""), &answer); err != nil {
			t.Fatal(err)
		}
		if got, want := answer.IndexTemplates[0].IndexTemplate.Meta, settings.Meta(metrics.NoLifecycle); got != want {
			t.Errorf("_meta is %+v, want %+v", got, want)
		}
	}
}

// The sample data goes in whole, and its ids are as many as its documents.
func TestServerTakesTheSample(t *testing.T) {
	settings := metrics.Settings{IndexPrefix: "sample"}
	must(t, http.MethodPut, "/_index_template/sample", string(settings.Template(metrics.NoLifecycle)))
	encoder := newEncoder(t, metrics.Options{Settings: settings, Now: func() time.Time { return sampled }, Batch: "demo"})
	var bulk bytes.Buffer
	sent := 0
	send := func() {
		answer := must(t, http.MethodPost, "/_bulk?filter_path=errors,items.*.error", bulk.String())
		if !bytes.Contains(answer, []byte(`"errors":false`)) {
			t.Fatalf("%.1000s", answer)
		}
		bulk.Reset()
	}
	for row := range (metrics.Sample{Until: sampled, Days: 30}).Rows() {
		for document, err := range encoder.Row(row) {
			if err != nil {
				t.Fatal(err)
			}
			sent++
			bulk.WriteString(`{"create":{"_index":"` + document.Index + `","_id":"` + document.ID.String() + "\"}}\n")
			bulk.Write(append(document.Source, '\n'))
			if bulk.Len() > 4<<20 {
				send()
			}
		}
	}
	send()
	must(t, http.MethodPost, "/sample/_refresh", "")
	var count struct{ Count int }
	body := `{"query":{"term":{"` + metrics.SampleLabel + `":"` + metrics.SampleLabelValue + `"}}}`
	if err := json.Unmarshal(must(t, http.MethodGet, "/sample/_count", body), &count); err != nil || count.Count != sent {
		t.Errorf("%d of %d documents are there (%v)", count.Count, sent, err)
	}
}

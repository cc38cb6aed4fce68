package metrics_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

var sampled = time.Date(2026, 11, 26, 15, 30, 0, 0, time.UTC)

// documentsOf is the sources of a sample's documents; none may be rejected.
func documentsOf(t testing.TB, sample metrics.Sample) []map[string]any {
	t.Helper()
	encoder := newEncoder(t, metrics.Options{Now: func() time.Time { return sampled }})
	var documents []map[string]any
	ids := map[metrics.ID]bool{}
	for row := range sample.Rows() {
		for document, err := range encoder.Row(row) {
			if err != nil {
				t.Fatalf("a sample row is rejected: %v", err)
			}
			if ids[document.ID] {
				t.Fatalf("two sample documents are one: %s", document.Source)
			}
			ids[document.ID] = true
			var source map[string]any
			if err := json.Unmarshal(document.Source, &source); err != nil {
				t.Fatal(err)
			}
			documents = append(documents, source)
		}
	}
	return documents
}

// What the dashboards promise to show is in the sample data.
func TestSampleTellsItsStory(t *testing.T) { tellStory(t, 10) }

// tellStory holds that a sample of so many days shows it.
func tellStory(t *testing.T, days int) {
	t.Helper()
	documents := documentsOf(t, metrics.Sample{Until: sampled, Days: days})
	latest := map[string]map[string]any{} // the last document that has these values
	used := map[string]bool{}
	for _, document := range documents {
		for name := range document {
			used[name] = true
		}
		for _, by := range []string{"ml.metric.name", "gen_ai.evaluation.name", "ml.drift.feature.name", "ml.slo.name"} {
			if value, ok := document[by].(string); ok && document["ml.slice.name"] == nil && document["ml.class.name"] == nil {
				version, _ := document["ml.model.version"].(string)
				latest[document["event.dataset"].(string)+" "+document["ml.model.name"].(string)+" "+version+" "+value] = document
			}
		}
	}
	number := func(of, field string) float64 {
		document, ok := latest[of]
		if !ok {
			t.Fatalf("no document %q", of)
		}
		return document[field].(float64)
	}
	less := func(lower, higher, field string) {
		t.Helper()
		if number(lower, field) >= number(higher, field) {
			t.Errorf("%s: %v of %q is not below %v of %q", field, number(lower, field), lower, number(higher, field), higher)
		}
	}
	less("ml.evaluation fraud-classifier 3 accuracy", "ml.evaluation fraud-classifier 4 accuracy", "ml.metric.value")
	less("ml.evaluation demand-forecast 1.9 root_mean_squared_error",
		"ml.evaluation demand-forecast 1.8 root_mean_squared_error", "ml.metric.value")
	less("ml.evaluation support-assistant 2026-08 faithfulness",
		"ml.evaluation support-assistant 2026-10 faithfulness", "gen_ai.evaluation.score.value")
	less("ml.inference demand-forecast 1.8 latency under 250 ms",
		"ml.inference demand-forecast 1.9 latency under 250 ms", "ml.inference.latency_ms.p95")
	for feature, drifts := range map[string]bool{"fraud-classifier 3 amount": true, "fraud-classifier 3 hour": false,
		"demand-forecast 1.8 promotion_share": true, "demand-forecast 1.8 price": false, "support-assistant 2026-08 language": false} {
		got := number("ml.drift "+feature, "ml.drift.severity") >= 1
		if got != drifts || latest["ml.drift "+feature]["ml.drift.detected"] != drifts {
			t.Errorf("drift of %q is %v, want %v", feature, got, drifts)
		}
	}

	// Every field has a value somewhere, but for those that no model of the sample has.
	var unused []string
	for _, field := range metrics.Fields() {
		if field.Type != metrics.Keywords && !used[field.Name] {
			unused = append(unused, field.Name)
		}
	}
	if len(unused) > 15 {
		t.Errorf("%d fields have no value: %v", len(unused), unused)
	}
}

func TestSampleIsTheSame(t *testing.T) {
	sources := func(sample metrics.Sample) []byte {
		encoder := newEncoder(t, metrics.Options{Now: func() time.Time { return sampled }})
		var all []byte
		for row := range sample.Rows() {
			for document := range encoder.Row(row) {
				all = append(append(all, document.Source...), '\n')
			}
		}
		return all
	}
	sample := metrics.Sample{Until: sampled, Days: 3}
	first := sources(sample)
	if !bytes.Equal(first, sources(sample)) {
		t.Error("the same seed and day gave other documents")
	}
	other := sample
	other.Seed = 2
	if bytes.Equal(first, sources(other)) {
		t.Error("another seed gave the same documents")
	}
	// Later on the same day there is more, and what was there is the same.
	later := sample
	later.Until = sampled.Add(5 * time.Hour)
	lines := bytes.Split(sources(later), []byte("\n"))
	for _, line := range bytes.Split(first, []byte("\n")) {
		if !slices.ContainsFunc(lines, func(other []byte) bool { return bytes.Equal(line, other) }) {
			t.Fatalf("is gone five hours later: %s", line)
		}
	}
}

// Dense and sparse; what is not of a day, some 1,400 documents, must not weigh.
func TestSampleSize(t *testing.T) {
	haveSize(t,
		metrics.Sample{Until: sampled, Days: 7, Documents: 15_000},
		metrics.Sample{Until: sampled, Days: 30, Documents: 10_000},
	)
}

// haveSize holds that samples have as many documents as were asked for, within a tenth; all are labelled, and of the time that was
// asked for.
func haveSize(t *testing.T, samples ...metrics.Sample) {
	t.Helper()
	encoder := newEncoder(t, metrics.Options{Now: func() time.Time { return sampled }})
	label := []byte(`"` + metrics.SampleLabel + `":"` + metrics.SampleLabelValue + `"`)
	for _, sample := range samples {
		documents := 0
		first := sampled.AddDate(0, 0, 1-sample.Days).Truncate(24 * time.Hour)
		for row := range sample.Rows() {
			for document := range encoder.Row(row) {
				documents++
				if document.Time.Before(first) || document.Time.After(sampled) || !bytes.Contains(document.Source, label) {
					t.Fatalf("not between %s and %s, or not labelled: %s", first, sampled, document.Source)
				}
			}
		}
		if off := float64(documents)/float64(sample.Documents) - 1; off < -0.1 || off > 0.1 {
			t.Errorf("%d days made %d documents, want about %d", sample.Days, documents, sample.Documents)
		}
	}
}

func BenchmarkSample(b *testing.B) {
	rows := 0
	for rows < b.N {
		for range (metrics.Sample{Until: sampled}).Rows() {
			if rows++; rows >= b.N {
				break
			}
		}
	}
}

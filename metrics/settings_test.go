package metrics_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/metrics"
)

func TestSettingsNames(t *testing.T) {
	settings := metrics.Settings{}
	for got, want := range map[string]string{
		settings.Alias():                            "ml-metrics",
		settings.IndexPattern():                     "ml-metrics-20*",
		strings.Join(settings.IndexPatterns(), " "): "ml-metrics-20* ml-metrics-19*",
		// UTC decides, and not where somebody is.
		settings.Index(noon.AddDate(0, 0, 4).Add(11*time.Hour + 30*time.Minute).In(time.FixedZone("", 3600))):          "ml-metrics-2026-11",
		metrics.Settings{Partition: metrics.Day, IndexPrefix: "ml"}.Index(time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)): "ml-2026-03-09",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestIndices(t *testing.T) {
	for _, row := range []struct {
		settings    metrics.Settings
		least, most int
	}{
		{metrics.Settings{}, 14, 15},                                            // thirteen months, or parts of them, are younger
		{metrics.Settings{RetentionInDays: 1}, 2, 2},                            // the month that goes, and the one that comes
		{metrics.Settings{RetentionInDays: 90, Partition: metrics.Day}, 92, 92}, // today's, and those of 91 days
	} {
		if got := row.settings.Indices(); got < row.least || got > row.most {
			t.Errorf("%+v: %d indices, want %d to %d", row.settings, got, row.least, row.most)
		}
	}
}

func TestSettingsCheck(t *testing.T) {
	if err := (metrics.Settings{}).Check(); err != nil {
		t.Error(err)
	}
	for _, row := range []struct {
		settings metrics.Settings
		want     string
	}{
		{metrics.Settings{IndexPrefix: "Ml"}, `index_prefix: "Ml" is not the beginning of an index name; use 2 to 100 lower-case letters`},
		{metrics.Settings{IndexPrefix: "ml-*"}, `index_prefix: "ml-*" is not`},
		{metrics.Settings{IndexPrefix: "m"}, `index_prefix: "m" is not`},
		{metrics.Settings{RetentionInDays: -1}, "retention_in_days: -1 is not between 1 and 3653; use a number that is"},
		{metrics.Settings{RetentionInDays: 3654}, "retention_in_days: 3654 is not between"},
		{metrics.Settings{Shards: 101}, "shards: 101 is not between 1 and 100"},
		{metrics.Settings{Replicas: -1}, "replicas: -1 is not between 0 and 10"},
		{metrics.Settings{Replicas: 11}, "replicas: 11 is not between"},
		{metrics.Settings{Partition: "week"}, `partition: "week" is neither "month" nor "day"; use one of them`},
	} {
		if err := row.settings.Check(); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%+v: %v, want %s", row.settings, err, row.want)
		}
	}
}

func TestTemplates(t *testing.T) {
	settings := metrics.Settings{Shards: 2, Replicas: 1}
	snapshot.Compare(t, "testdata/template.json", string(settings.Template(metrics.OpenDistro)))
	// What another engine gets is the same, but that the index names its policy.
	named := string(settings.Template(metrics.NamedByIndex))
	if !strings.Contains(named, `"policy_id": "ml-metrics"`) {
		t.Errorf("before Open Distro 1.13 no policy is named: %.300s", named)
	}
	for _, lifecycle := range []metrics.Lifecycle{metrics.NoLifecycle, metrics.OpenSearch} {
		if string(settings.Template(lifecycle)) != string(settings.Template(metrics.OpenDistro)) {
			t.Errorf("the template of lifecycle %d is another one", lifecycle)
		}
	}
	// Whatever changes in a template changes its hash, but the partition alone, which _meta says.
	seen := map[string]metrics.Settings{}
	for _, other := range []metrics.Settings{{}, {Shards: 2}, {Replicas: 1}, {IndexPrefix: "ml"}} {
		hash := other.Meta(metrics.OpenDistro).Hash
		if before, ok := seen[hash]; ok || len(hash) != 16 {
			t.Errorf("%+v has the hash of %+v, %q", other, before, hash)
		}
		seen[hash] = other
	}
	meta := metrics.Settings{Partition: metrics.Day}.Meta(metrics.OpenDistro)
	if meta.Partition != metrics.Day || meta.ManagedBy != "aimetrics" || meta.Version != metrics.ModelVersion {
		t.Errorf("_meta is %+v", meta)
	}
}

func TestPolicies(t *testing.T) {
	settings := metrics.Settings{RetentionInDays: 90}
	snapshot.Compare(t, "testdata/policy-opendistro.json", string(settings.Policy(metrics.OpenDistro)))
	snapshot.Compare(t, "testdata/policy-opensearch.json", string(settings.Policy(metrics.OpenSearch)))
	snapshot.Compare(t, "testdata/policy-named-by-index.json", string(settings.Policy(metrics.NamedByIndex)))
	if settings.Policy(metrics.NoLifecycle) != nil {
		t.Error("there is a policy where there is no lifecycle")
	}
	// An index of a day is younger when its newest document is old.
	day := metrics.Settings{RetentionInDays: 90, Partition: metrics.Day}.Policy(metrics.OpenDistro)
	if !strings.Contains(string(day), `"91d"`) {
		t.Errorf("of days: %s", day)
	}
	for lifecycle, want := range map[metrics.Lifecycle]string{
		metrics.NoLifecycle: "", metrics.NamedByIndex: "/_opendistro/_ism/add/x", metrics.OpenDistro: "/_opendistro/_ism/add/x",
		metrics.OpenSearch: "/_plugins/_ism/add/x"} {
		if got := lifecycle.Path("add/x"); got != want {
			t.Errorf("Path is %q, want %q", got, want)
		}
	}
	hashOf := func(settings metrics.Settings) string {
		var body struct{ Policy struct{ Description string } }
		if err := json.Unmarshal(settings.Policy(metrics.OpenDistro), &body); err != nil {
			t.Fatal(err)
		}
		hash, ok := metrics.PolicyHash(body.Policy.Description)
		if !ok {
			t.Errorf("the description %q is not ours", body.Policy.Description)
		}
		return hash
	}
	if hashOf(settings) == hashOf(metrics.Settings{RetentionInDays: 91}) {
		t.Error("another retention has the same hash")
	}
	for _, description := range []string{"", "mine", "aimetrics: deletes", "not aimetrics: deletes x (0123456789abcdef)"} {
		if hash, ok := metrics.PolicyHash(description); ok {
			t.Errorf("%q is ours, with the hash %q", description, hash)
		}
	}
}

// Every field is in the index pattern, in its order, with a type that Kibana has.
func TestIndexPatternFields(t *testing.T) {
	listed := map[string]metrics.IndexPatternField{}
	last := ""
	for _, field := range metrics.IndexPatternFields() {
		if field.Name <= last {
			t.Errorf("%s is behind %s", field.Name, last)
		}
		last, listed[field.Name] = field.Name, field
	}
	for _, field := range metrics.Fields() {
		if _, ok := listed[field.Name]; ok == (field.Type == metrics.Keywords) {
			t.Errorf("%s, of the type %s, is in the index pattern: %v", field.Name, field.Type, ok)
		}
	}
	for name, want := range map[string]string{"@timestamp": "date", "ml.metric.value": "number", "ml.step": "number",
		"ml.model.name": "string", "ml.drift.detected": "boolean", "_source": "_source", "_score": "number"} {
		if got := listed[name]; got.Type != want || got.Scripted {
			t.Errorf("%s is %+v, want %s", name, got, want)
		}
	}
}

func TestSeverity(t *testing.T) {
	for _, row := range []struct {
		score, threshold float64
		lowIsDrift       bool
		least, most      float64
	}{
		{0.2, 0.2, false, 1, 1},
		{0.4, 0.2, false, 2, 2},
		{0, 0.2, false, 0, 0},
		{0.05, 0.05, true, 1, 1},
		{0.0025, 0.05, true, 1.999, 2.001},
		{1, 0.05, true, 0, 0},
		{0.5, 0.05, true, 0.2, 0.3},
		{0, 0.05, true, 9, 10},
	} {
		if got := metrics.Severity(row.score, row.threshold, row.lowIsDrift); !(got >= row.least && got <= row.most) {
			t.Errorf("%+v is %v", row, got)
		}
	}
	for _, threshold := range []float64{0, -1, 1} {
		if got := metrics.Severity(0.5, threshold, true); got == got {
			t.Errorf("a threshold of %v gives %v, want NaN", threshold, got)
		}
	}
}

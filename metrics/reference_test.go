package metrics_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/metrics"
)

func TestReferenceIsCurrent(t *testing.T) {
	snapshot.Compare(t, "../docs/metrics.md", string(metrics.Reference()))
}

// The examples of the reference are documents.
func TestReferenceExamples(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	examples := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(metrics.Reference(), -1)
	if len(examples) != 2 {
		t.Fatalf("%d examples, want 2", len(examples))
	}
	for _, example := range examples {
		for _, err := range encoder.Line(bytes.ReplaceAll(example[1], []byte("\n"), nil)) {
			if err != nil {
				t.Errorf("%s: %v", example[1], err)
			}
		}
	}
}

// What a row of the table says of a field holds together.
func TestFields(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	seen := map[string]bool{}
	for _, field := range metrics.Fields() {
		if seen[field.Name] {
			t.Errorf("%s is in the table twice", field.Name)
		}
		seen[field.Name] = true
		if field.Description == "" || !strings.HasSuffix(field.Description, ".") || field.Group == "" {
			t.Errorf("%s: no description that ends in a full stop, or no group", field.Name)
		}
		if !json.Valid([]byte(field.Example)) {
			t.Errorf("%s: the example %s is no JSON", field.Name, field.Example)
		}
		for _, err := range encoder.Line([]byte(with(`"` + field.Name + `":` + field.Example))) {
			if err != nil && strings.Contains(err.Error(), field.Name+":") {
				t.Errorf("the example of %v", err)
			}
		}
		if found, ok := metrics.Lookup(field.Name); !ok || found.Name != field.Name {
			t.Errorf("Lookup(%q) is %v, %v", field.Name, found.Name, ok)
		}
	}
	if label, ok := metrics.Lookup("labels.team"); !ok || label.Name != "labels" {
		t.Errorf("labels.team is %q, %v", label.Name, ok)
	}
	if _, ok := metrics.Lookup("labelsteam"); ok {
		t.Error("labelsteam is a field")
	}
	for _, rule := range metrics.Datasets() {
		names := rule.Required
		for _, set := range rule.AnyOf {
			names = append(names, set...)
		}
		for _, name := range names {
			if !seen[name] {
				t.Errorf("%s asks for %s, which is no field", rule.Dataset, name)
			}
		}
	}
	for _, equivalent := range metrics.Equivalents() {
		if !seen[equivalent.Field] || equivalent.Name != equivalent.Field && seen[equivalent.Name] {
			t.Errorf("%v is of no field, or takes another one's name", equivalent)
		}
	}
}

func TestKnownMetrics(t *testing.T) {
	all := metrics.KnownMetrics()
	for i, metric := range all {
		if i > 0 && all[i-1].Name >= metric.Name {
			t.Errorf("%s is not behind %s", metric.Name, all[i-1].Name)
		}
		if metric.Unit == metrics.Ratio && (metric.Min == nil || *metric.Min != 0) {
			t.Errorf("%s is a ratio and does not begin at 0", metric.Name)
		}
	}
	for name, higher := range map[string]bool{"accuracy": true, "log_loss": false, "root_mean_squared_error": false, "r2": true} {
		if got, ok := metrics.LookupMetric(name); !ok || got.HigherIsBetter != higher {
			t.Errorf("%s: %v, %v", name, got.HigherIsBetter, ok)
		}
	}
}

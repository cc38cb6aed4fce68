package kibana

import (
	"encoding/json"
	"strings"
	"testing"

	"cdktf-aimetrics/metrics"
)

// copied is an object as it comes back from a Kibana.
func copied(t *testing.T, made Object) Object {
	t.Helper()
	var back Object
	if err := json.Unmarshal([]byte(text(made)), &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func find(t *testing.T, id string) Object {
	t.Helper()
	for _, made := range everything {
		if made.ID == id {
			return made
		}
	}
	t.Fatalf("there is no %s", id)
	return Object{}
}

func TestEditsAreSeen(t *testing.T) {
	const chart, page = "ml-metrics.models-better", "ml-metrics.models"
	for _, test := range []struct {
		what, id   string
		change     func(*Object)
		ours, same bool
	}{
		{"nothing", chart, func(*Object) {}, true, true},
		{"Kibana's own attributes, which are empty", chart, func(made *Object) { made.Attributes["savedSearchRefName"] = "" }, true, true},
		{"JSON that Kibana wrote anew", chart, func(made *Object) {
			var state any
			json.Unmarshal([]byte(made.Attributes["visState"].(string)), &state)
			written, _ := json.MarshalIndent(state, "", " ")
			made.Attributes["visState"] = string(written)
		}, true, true},
		{"a newer version, by migration", chart, func(made *Object) { made.MigrationVersion["visualization"] = "7.10.0" }, true, true},
		{"saved without a change: Kibana drops what it does not know", chart, func(made *Object) { made.References = nil }, false, true},
		{"another title", chart, func(made *Object) { made.Attributes["title"] = "Mine" }, false, false},
		{"another query", chart, func(made *Object) {
			made.Attributes["visState"] = strings.Replace(made.Attributes["visState"].(string), "ml.evaluation", "ml.training", 1)
		}, false, false},
		{"a panel moved", page, func(made *Object) {
			made.Attributes["panelsJSON"] = strings.Replace(made.Attributes["panelsJSON"].(string), `"h":15`, `"h":20`, 1)
		}, false, false},
		{"another time range", page, func(made *Object) { made.Attributes["timeFrom"] = "now-1y" }, false, false},
		{"a panel taken away", page, func(made *Object) { made.References = made.References[1:] }, false, false},
	} {
		t.Run(test.what, func(t *testing.T) {
			wanted := find(t, test.id)
			there := copied(t, wanted)
			test.change(&there)
			if got := there.Ours(); got != test.ours {
				t.Errorf("Ours() = %v, want %v", got, test.ours)
			}
			if got := there.Same(wanted); got != test.same {
				t.Errorf("Same() = %v, want %v", got, test.same)
			}
		})
	}
}

// What an earlier release installed is ours, though it is not what we would install now.
func TestAnEarlierReleaseIsOurs(t *testing.T) {
	earlier := find(t, "ml-metrics.models-better")
	earlier.References = nil
	earlier.Attributes = object{"title": "as it was called once"}
	earlier = copied(t, marked(earlier, "ml-metrics"))
	if !earlier.Ours() || earlier.Same(find(t, "ml-metrics.models-better")) {
		t.Error("an update would be taken for an edit")
	}
}

func TestMergeKeepsWhatPeopleMade(t *testing.T) {
	there := copied(t, IndexPattern(Options{}))
	fields := readFields(there.Attributes["fields"])
	for _, field := range fields {
		if nameOf(field) == "ml.metric.value" {
			field["count"] = 7.0
		}
	}
	fields = append(
		fields,
		object{
			"name":     "doubled",
			"type":     "number",
			"scripted": true,
			"script":   "doc['ml.metric.value'].value * 2",
			"lang":     "painless",
			"count":    1.0,
		},
		object{"name": "labels.squad", "type": "string", "count": 2.0},
		object{"name": "long.gone", "type": "string", "count": 0.0},
	)
	there.Attributes["fields"] = text(fields)
	formats := readObject(there.Attributes["fieldFormatMap"])
	formats["ml.metric.value"] = object{"id": "number", "params": object{"pattern": "0.0"}}
	formats["ml.run.id"] = object{"id": "url", "params": object{"urlTemplate": "https://mlflow.example.com/#/runs/{{value}}"}}
	delete(formats, "ml.inference.cost_usd")
	there.Attributes["fieldFormatMap"] = text(formats)
	there.Attributes["sourceFilters"] = `[{"value":"event.*"}]`

	merged := Merge(
		Options{},
		there,
		[]metrics.IndexPatternField{
			{Name: "ml.params.depth", Type: "string", ESTypes: []string{"keyword"}, Searchable: true, Aggregatable: true},
		},
	)
	got := map[string]object{}
	for _, field := range readFields(merged.Attributes["fields"]) {
		if got[nameOf(field)] != nil {
			t.Errorf("%s is there twice", nameOf(field))
		}
		got[nameOf(field)] = field
	}
	if got["ml.metric.value"]["count"] != 7.0 || got["ml.metric.value"]["type"] != "number" {
		t.Errorf("ml.metric.value is %v", got["ml.metric.value"])
	}
	for name, want := range map[string]bool{"doubled": true, "labels.squad": true, "ml.params.depth": true, "long.gone": false,
		"ml.drift.severity": true} {
		if (got[name] != nil) != want {
			t.Errorf("%s: there is %v", name, got[name])
		}
	}
	formats = readObject(merged.Attributes["fieldFormatMap"])
	if formats["ml.metric.value"].(object)["params"].(object)["pattern"] != "0.0" || formats["ml.run.id"] == nil ||
		formats["ml.inference.cost_usd"] == nil {
		t.Errorf("the formats are %v", formats)
	}
	if merged.Attributes["sourceFilters"] != `[{"value":"event.*"}]` {
		t.Error("the source filters are gone")
	}
	if again := Merge(Options{}, copied(t, merged), nil); !again.Same(merged) {
		t.Error("merged again, it is another")
	}
}

func TestFormatsFollowUnits(t *testing.T) {
	formats := readObject(IndexPattern(Options{}).Attributes["fieldFormatMap"])
	for field, want := range map[string]string{"ml.slo.target": "percent", "ml.resource.gpu_memory_used_bytes": "bytes",
		"ml.inference.duration_ms": "number"} {
		if format, _ := formats[field].(object); format["id"] != want {
			t.Errorf("%s is formatted as %v, want %s", field, formats[field], want)
		}
	}
}

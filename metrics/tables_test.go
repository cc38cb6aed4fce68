package metrics_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cdktf-aimetrics/metrics"
)

// datasetWays is what a document of each dataset may be about, beside what it must have.
var datasetWays = map[metrics.Dataset]struct {
	required string
	ways     []string
}{
	metrics.Training: {`"ml.run.id":"r"`, []string{`"ml.metric.name":"a","ml.metric.value":1`, `"ml.metrics":{"a":1}`}},
	metrics.Evaluation: {`"ml.run.id":"r"`, []string{
		`"ml.metric.name":"a","ml.metric.value":1`,
		`"ml.class.actual":"a","ml.class.predicted":"b","ml.confusion.count":0`,
		`"ml.bin.name":"a","ml.bin.count":1`,
		`"gen_ai.evaluation.name":"a","gen_ai.evaluation.score.value":1`,
		`"gen_ai.evaluation.name":"a","gen_ai.evaluation.score.label":"pass"`}},
	metrics.Inference: {`"ml.model.name":"m","ml.model.version":"1"`, []string{
		`"ml.inference.request_count":1`,
		`"ml.inference.duration_ms":1`,
		`"ml.metric.name":"a","ml.metric.value":1`,
		`"ml.slo.name":"a","ml.slo.good_count":1,"ml.slo.total_count":1`,
		`"ml.resource.gpu_utilization":1`,
		`"ml.resource.gpu_memory_used_bytes":1`,
		`"ml.resource.power_w":1`,
		`"gen_ai.evaluation.name":"a","gen_ai.evaluation.score.value":1`,
		`"gen_ai.evaluation.name":"a","gen_ai.evaluation.score.label":"pass"`}},
	metrics.Drift: {`"ml.model.name":"m","ml.model.version":"1"`, []string{
		`"ml.drift.score":1`, `"ml.drift.p_value":1`, `"ml.drift.severity":1`, `"ml.drift.detected":true`, `"ml.drift.dataset_drift":true`,
		`"ml.drift.share":1`, `"ml.drift.drifted_features":1`}},
	metrics.DataQuality: {`"ml.team":"t"`, []string{
		`"ml.quality.check":"a","ml.quality.value":1`,
		`"ml.quality.check":"a","ml.quality.violated":true`,
		`"ml.metric.name":"a","ml.metric.value":1`}},
}

// A document of each dataset is about one of these, and lacks nothing that it must have.
func TestDatasets(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for _, rule := range metrics.Datasets() {
		dataset, ok := datasetWays[rule.Dataset]
		if !ok {
			t.Fatalf("no row for %s", rule.Dataset)
		}
		begin := `{"@timestamp":"2026-11-26T11:00:00Z","event.dataset":"` + string(rule.Dataset) + `"`
		for _, way := range dataset.ways {
			if _, sources, errs := made(t, encoder, begin+","+dataset.required+","+way+"}"); len(sources) != 1 {
				t.Errorf("%s about %s: %q", rule.Dataset, way, errs)
			}
			// Half of a way is none, and so is the way without what is required.
			if half, _, ok := strings.Cut(way, ","); ok && len(strings.Split(way, ":")) > 2 && !strings.HasPrefix(way, `"ml.metrics"`) {
				if _, sources, _ := made(t, encoder, begin+","+dataset.required+","+half+"}"); len(sources) > 0 {
					t.Errorf("%s is content with %s", rule.Dataset, half)
				}
			}
			for _, required := range rule.Required {
				members := slices.DeleteFunc(strings.Split(dataset.required, ","), func(member string) bool {
					return strings.HasPrefix(member, `"`+required+`"`)
				})
				_, _, errs := made(t, encoder, strings.Join(append(slices.Insert(members, 0, begin), way), ",")+"}")
				if want := required + ": is missing; give it, such as "; len(errs) != 1 || !strings.HasPrefix(errs[0], want) {
					t.Errorf("%s without %s: %q", rule.Dataset, required, errs)
				}
			}
		}
		_, _, errs := made(t, encoder, begin+","+dataset.required+"}")
		want := `"` + string(rule.Dataset) + `" says nothing without a value; give one of `
		if len(errs) != 1 || !strings.HasPrefix(errs[0], want) {
			t.Errorf("%s about nothing: %q", rule.Dataset, errs)
		}
	}
}

// Two fields of which the one may not be more than the other; the same is right.
func TestOrdinals(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for _, row := range [][4]string{
		{"ml.metric.ci_lower", "ml.metric.ci_upper", "-1", "-1.5"},
		{"ml.bin.lower", "ml.bin.upper", "10", "9"},
		{"ml.slo.good_count", "ml.slo.total_count", "10", "9"},
		{"ml.inference.error_count", "ml.inference.request_count", "100", "99"},
		{"ml.drift.drifted_features", "ml.drift.total_features", "3", "2"},
		{"ml.drift.window.start", "ml.drift.window.end", `"2026-11-26T00:00:00.001Z"`, `"2026-11-26T00:00:00Z"`},
	} {
		lower, upper, more, less := row[0], row[1], row[2], row[3]
		_, _, errs := made(t, encoder, with(`"`+lower+`":`+more, `"`+upper+`":`+less))
		if len(errs) != 1 || !strings.HasPrefix(errs[0], lower+": ") || !strings.Contains(errs[0], " is more than "+upper) {
			t.Errorf("%s %s and %s %s: %q", lower, more, upper, less, errs)
		}
		for _, right := range [][2]string{{less, more}, {less, less}} {
			if _, _, errs := made(t, encoder, with(`"`+lower+`":`+right[0], `"`+upper+`":`+right[1])); len(errs) > 0 {
				t.Errorf("%s %s and %s %s: %q", lower, right[0], upper, right[1], errs)
			}
		}
	}
}

// A number has its bounds, and they are taken.
func TestBounds(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	refused := func(name, value string) string {
		_, _, errs := made(t, encoder, with(`"`+name+`":`+value))
		return strings.Join(errs, "\n")
	}
	for _, field := range metrics.Fields() {
		if field.Unit == metrics.Ratio && (field.Min == nil || *field.Min != 0 || field.Max == nil || *field.Max != 1) {
			t.Errorf("%s is a ratio, and not from 0 to 1", field.Name)
		}
		if strings.HasSuffix(field.Name, "_count") && (field.Min == nil || *field.Min != 0) {
			t.Errorf("%s is a count, and may be negative", field.Name)
		}
		for _, bound := range []struct {
			at   *float64
			past float64
			want string
		}{{field.Min, -1, "the least that it can be"}, {field.Max, 1, "the most that it can be"}} {
			if bound.at == nil {
				continue
			}
			text := func(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
			if got := refused(field.Name, text(*bound.at+bound.past)); !strings.Contains(got, bound.want) {
				t.Errorf("%s of %v: %q, want %s", field.Name, *bound.at+bound.past, got, bound.want)
			}
			if got := refused(field.Name, text(*bound.at)); strings.Contains(got, bound.want) {
				t.Errorf("%s of %v: %s", field.Name, *bound.at, got)
			}
		}
		for _, value := range field.Values {
			if got := refused(field.Name, `"`+value+`"`); strings.Contains(got, "is none of") {
				t.Errorf("%s: %s", field.Name, got)
			}
		}
	}
}

// Every name of others is read as the field that the table says.
func TestEveryEquivalentIsRead(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	read := 0
	for _, equivalent := range metrics.Equivalents() {
		if equivalent.Name == equivalent.Field {
			continue
		}
		read++
		field, _ := metrics.Lookup(equivalent.Field)
		given, want := "2", any(2.0)
		switch {
		case field.Type == metrics.Keyword:
			given, want = `"2"`, "2"
		case equivalent.Shift == 3:
			want = 2000.0
		}
		_, sources, errs := made(t, encoder, with(`"`+equivalent.Name+`":`+given))
		if len(sources) != 1 || sources[0][equivalent.Field] != want {
			t.Errorf("%s is %v, want %s to be %v: %q", equivalent.Name, sources, equivalent.Field, want, errs)
		}
	}
	if read < 15 {
		t.Errorf("%d names are read", read)
	}
}

// The guess that explains a time which is none.
func TestTimesThatAreNone(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for given, want := range map[string]string{
		`1764158400`:                  `1764158400 is a number, seconds since 1970 most likely; write "2025-11-26T12:00:00Z"`,
		`1.7641584e9`:                 `1.7641584e9 is a number, seconds since 1970 most likely; write "2025-11-26T12:00:00Z"`,
		`1764158400250`:               `milliseconds since 1970 most likely; write "2025-11-26T12:00:00.25Z"`,
		`1764158400000000`:            `microseconds since 1970 most likely; write "2025-11-26T12:00:00Z"`,
		`1764158400000000000`:         `nanoseconds since 1970 most likely; write "2025-11-26T12:00:00Z"`,
		`5`:                           `"5" is no time that there is`,
		`"2026-11-26T11:00:00"`:       `"2026-11-26T11:00:00" has no offset; write "2026-11-26T11:00:00Z" if that is UTC`,
		`"2026-11-26T11:00:00.5"`:     `"2026-11-26T11:00:00.5" has no offset; write "2026-11-26T11:00:00.5Z" if that is UTC`,
		`"2026-11-26 11:00:00"`:       `"2026-11-26 11:00:00" has no "T" and no offset; write "2026-11-26T11:00:00Z" if that is UTC`,
		`"2026-11-26 11:00:00+02:00"`: `"2026-11-26 11:00:00+02:00" has a space where "T" belongs; write "2026-11-26T11:00:00+02:00"`,
		`"2026-11-26T11:00"`:          `"2026-11-26T11:00" has no seconds and no offset; write "2026-11-26T11:00:00Z" if that is UTC`,
		`"2026-11-26T11:00Z"`:         `"2026-11-26T11:00Z" has no seconds; write "2026-11-26T11:00:00Z"`,
		`"2026-11-26"`:                `"2026-11-26" is a day and no time; write "2026-11-26T00:00:00Z" if that is UTC`,
		`"2026/11/26 11:00:00"`:       `"2026/11/26 11:00:00" has slashes and no offset; write "2026-11-26T11:00:00Z" if that is UTC`,
		`"26.11.2026"`:                `"26.11.2026" is no time that there is; write it as "2026-11-26T12:00:00Z"`,
	} {
		if _, _, errs := made(t, encoder, with(`"@timestamp":`+given)); len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%s: %q, want %s", given, errs, want)
		}
	}
}

// Whatever programs write for a number that is none, or infinite.
func TestNotFinite(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for text, want := range map[string]string{
		"NaN": "is no number", "nan": "is no number", "-nan": "is no number", "1.#QNAN": "is no number",
		"inf": "is infinite", "-Inf": "is infinite", "+Infinity": "is infinite", "1.#INF": "is infinite"} {
		_, _, errs := made(t, encoder, with(`"ml.metric.value":"`+text+`"`))
		if len(errs) != 1 || !strings.Contains(errs[0], "ml.metric.value: "+text+" "+want+", which no picture can show") {
			t.Errorf("%s: %q", text, errs)
		}
	}
}

// A row tells all that is wrong with it, and of very much that is wrong a part.
func TestAllThatIsWrong(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	_, _, errs := made(t, encoder, `{"ml.step":1.5,"ml.epoch":"x","event.dataset":"ml.training"}`)
	for _, want := range []string{"ml.step: ", "ml.epoch: ", "@timestamp: is missing", "ml.run.id: is missing"} {
		if len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%q lacks %s", errs, want)
		}
	}
	unknown := map[string]string{}
	for i := range 1000 {
		unknown[fmt.Sprintf(`"unknown%d":1`, i)] = ""
	}
	for _, err := range encoder.Line([]byte("{" + strings.Join(slices.Sorted(maps.Keys(unknown)), ",") + "}")) {
		if problems := err.(*metrics.Rejection).Problems; len(problems) != 20 {
			t.Errorf("%d problems, want 20", len(problems))
		}
	}
}

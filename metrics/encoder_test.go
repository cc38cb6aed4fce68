package metrics_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// noon is the clock of the tests.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func newEncoder(t testing.TB, options metrics.Options) *metrics.Encoder {
	t.Helper()
	if options.Now == nil {
		options.Now = func() time.Time { return noon }
	}
	encoder, err := metrics.NewEncoder(options)
	if err != nil {
		t.Fatal(err)
	}
	return encoder
}

// made is what became of a line: its documents, and the errors in their places.
func made(t testing.TB, encoder *metrics.Encoder, line string) (ids []string, sources []map[string]any, errs []string) {
	t.Helper()
	for document, err := range encoder.Line([]byte(line)) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		var source map[string]any
		if err := json.Unmarshal(document.Source, &source); err != nil {
			t.Fatalf("%s: %v", document.Source, err)
		}
		ids, sources = append(ids, document.ID.String()), append(sources, source)
	}
	return ids, sources, errs
}

// Ids are stable: one that changes here sends every document that was ever sent a second time. If it must be, IdentityVersion grows.
func TestGoldenIDs(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for line, want := range map[string]string{
		with(): "AGsIETDxrr1GadRgOxvX6EaG",
		with(`"ml.metric.value":-1.5e-7`, `"ml.step":-1`, `"labels":{"b":"ä\n","a.b":true}`, `"ml.params.lr":1e-4`): "AGsIETACPnVETa2T2EeXmcKG",
		with(`"@timestamp":"1990-01-01T00:00:00.000000001Z"`):                                                       "ACWenYDaG1AtYYgWJL4efBgN",
		`{"@timestamp":"2026-11-26T11:00:00Z","event.dataset":"ml.drift","ml.model.name":"m","ml.model.version":3,"ml.drift.detected":true,` +
			`"ml.drift.window.start":"2026-11-25T00:00:00Z"}`: "AGsIETBzZQ5uQE4nqF5bFzQ6",
	} {
		if ids, _, errs := made(t, encoder, line); len(ids) != 1 || ids[0] != want {
			t.Errorf("%s\ngot  %v %v\nwant %s", line, ids, errs, want)
		}
	}
}

// same is lines that are one document.
var same = []struct{ name, line string }{
	{"another order", "{" + right[4] + "," + right[3] + "," + right[2] + "," + right[1] + "," + right[0] + "}"},
	{"nested", "{" + right[0] + `,"event":{"dataset":"ml.evaluation"},"ml":{"run":{"id":"r1"},"metric":{"name":"f1_score","value":0.93}}}`},
	{"half nested", "{" + right[0] + "," + right[1] + `,"ml":{"run.id":"r1","metric.name":"f1_score"},"ml.metric":{"value":0.93}}`},
	{"wide", "{" + right[0] + "," + right[1] + "," + right[2] + `,"ml.metrics":{"f1_score":0.93}}`},
	{"wide and dotted", "{" + right[0] + "," + right[1] + "," + right[2] + `,"ml.metrics.f1_score":0.93}`},
	{"no milliseconds", with(`"@timestamp":"2026-11-26T11:00:00Z"`)},
	{"microseconds", with(`"@timestamp":"2026-11-26T11:00:00.000000Z"`)},
	{"another offset", with(`"@timestamp":"2026-11-26T04:30:00-06:30"`)},
	{"another day", with(`"@timestamp":"2026-11-27T01:00:00+1400"`)},
	{"zeros at the end", with(`"ml.metric.value":0.9300`)},
	{"an exponent", with(`"ml.metric.value":93e-2`)},
	{"more digits than a double has", with(`"ml.metric.value":0.93000000000000000000001`)},
	{"an escape", with(`"ml.run.id":"\u00721"`)},
	{"a batch", with(`"ml.batch":"b"`)},
	{"another time of sending", with(`"event.ingested":"2026-11-26T11:30:00Z"`)},
	{"what is filled in", with(`"ecs.version":"1.0.0"`, `"event.kind":"metric"`)},
}

func TestSameDocument(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	want, _, _ := made(t, encoder, with())
	for _, row := range same {
		if ids, _, errs := made(t, encoder, row.line); len(ids) != 1 || ids[0] != want[0] {
			t.Errorf("%s: %v %v, want %s", row.name, ids, errs, want[0])
		}
	}
}

func TestOtherDocument(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	seen := map[string]string{}
	for name, line := range map[string]string{
		"as it is":                           with(),
		"a nanosecond later":                 with(`"@timestamp":"2026-11-26T11:00:00.000000001Z"`),
		"another value":                      with(`"ml.metric.value":0.93000000000000004`, `"ml.step":1`),
		"another step":                       with(`"ml.step":2`),
		"a step that a double cannot tell":   with(`"ml.step":9007199254740993`),
		"the step beside it":                 with(`"ml.step":9007199254740992`),
		"a label":                            with(`"labels.a":"1"`),
		"a parameter":                        with(`"ml.params.a":"1"`),
		"another label":                      with(`"labels.b":"1"`),
		"another value of a label":           with(`"labels.a":"2"`),
		"a unit":                             with(`"ml.metric.unit":"ratio"`),
		"a text that looks like two members": with(`"ml.team":"a\",\"ml.step\":\"1"`),
	} {
		ids, _, errs := made(t, encoder, line)
		if len(ids) != 1 {
			t.Fatalf("%s: %v", name, errs)
		}
		if other, ok := seen[ids[0]]; ok {
			t.Errorf("%q has the id of %q", name, other)
		}
		seen[ids[0]] = name
	}
}

// A wide row becomes a document of each metric. One that cannot be rejects itself alone.
func TestWideRow(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	const shared = `"@timestamp":"2026-11-26T11:00:00Z","event.dataset":"ml.training","ml.run.id":"r"`
	_, sources, errs := made(t, encoder, `{"ml.metrics":{"loss":NaN,"val":{"loss":0.5},"accuracy":1,"b":"x","a/b c":2e0},`+shared+`}`)
	got := map[string]any{}
	for _, source := range sources {
		got[source["ml.metric.name"].(string)] = source["ml.metric.value"]
	}
	if want := map[string]any{"val.loss": 0.5, "accuracy": 1.0, "a/b c": 2.0}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	wantErrs := []string{
		"ml.metrics.loss: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
		`ml.metrics.b: "x" is no number; write it as 0.5 or 1e-3`,
	}
	if !reflect.DeepEqual(errs, wantErrs) {
		t.Errorf("got %q, want %q", errs, wantErrs)
	}

	for members, want := range map[string]string{
		`"ml.metrics":{"a":1,"a":2}`:                            "ml.metrics.a: is given twice; keep one",
		`"ml.metrics":{"a":1},"ml.metrics.a":2`:                 "ml.metrics.a: is given twice; keep one",
		`"ml.metrics":{"a":1},"ml.metric.name":"b"`:             "ml.metrics: cannot go with ml.metric.name and ml.metric.value; keep one way",
		`"ml.metrics":{"":1}`:                                   "ml.metrics: has a metric without a name; give it one",
		`"ml.metrics":{"a":1,"b":2},"ml.step":"x"`:              `ml.step: "x" is no number`,
		`"ml.metrics":3`:                                        "ml.metrics: 3 is one value; give an object of metrics",
		`"ml.metrics":{` + members("m", 2001) + `}`:             "ml.metrics: has more than 2000 metrics; write them as several rows",
		`"ml.metrics":{"` + long(256) + `":1}`:                  "has a name of 256 bytes; keep it to 255",
		`"ml.metrics.a":1,"labels":{` + members("l", 501) + `}`: "labels: has more than 500 values, with those of ml.params or labels; leave out what nobody looks for",
		`"ml.metrics.a":1,"labels":{"` + long(256) + `":1}`:     "has a name of 256 bytes; keep it to 255",
	} {
		line := "{" + members + "," + shared + "}"
		if _, sources, errs := made(t, encoder, line); len(sources) > 0 || len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%.100s\ngot  %d documents, %.300q\nwant %s", line, len(sources), errs, want)
		}
	}
	for _, err := range encoder.Line([]byte(`{"ml.metrics":{"a":1,"b":2},"ml.step":"x",` + shared + `}`)) {
		if rejection, ok := err.(*metrics.Rejection); !ok || rejection.Documents != 2 {
			t.Errorf("a fault that two metrics share is %#v, want a rejection of two documents", err)
		}
	}
	var large []string
	for i := range 9 {
		large = append(large, fmt.Sprintf(`"labels.l%d":"%s"`, i, long(30000)))
	}
	_, _, errs = made(t, encoder, `{"ml.metrics.a":1,`+strings.Join(large, ",")+`,`+shared+`}`)
	if want := "bytes; keep a document to 262144"; len(errs) != 1 || !strings.HasSuffix(errs[0], want) {
		t.Errorf("got %.200q, want %s", errs, want)
	}
}

// members is so many members of an object.
func members(name string, count int) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf(`"%s%d":1`, name, i)
	}
	return strings.Join(all, ",")
}

func long(length int) string { return strings.Repeat("x", length) }

// What is filled in: known metrics' unit and direction, the batch, the time.
func TestFilledIn(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{Batch: "nightly", Fill: map[string]string{
		"ml.model.name": "m", "ml.epoch": "2.50", "labels.owner": "kim", "@timestamp": "2026-11-26T12:00:00+01:00"}})
	line := with(`"ml.batch":"mine"`, `"@timestamp":"2026-11-26T11:00:00Z"`, `"labels.owner":"kim"`, `"ml.epoch":2.5`)
	_, sources, errs := made(t, encoder, line)
	want := map[string]any{
		"@timestamp": "2026-11-26T11:00:00.000Z", "event.dataset": "ml.evaluation", "ml.run.id": "r1", "ml.metric.name": "f1_score",
		"ml.metric.value": 0.93, "ml.metric.unit": "ratio", "ml.metric.higher_is_better": true, "ml.model.name": "m", "ml.epoch": 2.5,
		"labels.owner": "kim", "ml.batch": "nightly", "event.ingested": "2026-11-26T12:00:00.000Z", "event.kind": "metric",
		"ecs.version": "9.4.0",
	}
	if len(sources) != 1 || !reflect.DeepEqual(sources[0], want) {
		t.Errorf("got  %v %v\nwant %v", sources, errs, want)
	}
	_, sources, _ = made(t, encoder, without("@timestamp"))
	if len(sources) != 1 || sources[0]["@timestamp"] != "2026-11-26T11:00:00.000Z" {
		t.Errorf("got %v, want the time that was to be filled in", sources)
	}
	_, _, errs = made(t, encoder, with(`"ml.model.name":"other"`, `"labels.owner":"ann"`))
	if want := `ml.model.name: is "other", and was to be set to "m"; leave one of them out; ` +
		`labels.owner: is "ann", and was to be set to "kim"; leave one of them out`; len(errs) != 1 || errs[0] != want {
		t.Errorf("got  %q\nwant %q", errs, want)
	}
	line = with(`"ml.metric.unit":"percent"`, `"ml.metric.higher_is_better":false`, `"ml.batch":"mine"`)
	_, sources, _ = made(t, newEncoder(t, metrics.Options{}), line)
	for name, want := range map[string]any{"ml.metric.unit": "percent", "ml.metric.higher_is_better": false, "ml.batch": "mine"} {
		if got := sources[0][name]; got != want {
			t.Errorf("%s is %v, where the document itself says %v", name, got, want)
		}
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	for _, row := range []struct {
		options metrics.Options
		want    string
	}{
		{metrics.Options{Fill: map[string]string{"ml.modelname": "x"}}, "ml.modelname: is no field of the model; is it ml.model.name?"},
		{metrics.Options{Fill: map[string]string{"ml.step": "x"}}, `ml.step: "x" is no number`},
		{metrics.Options{Fill: map[string]string{"ml.metrics.loss": "1"}}, "ml.metrics: cannot be filled in"},
		{metrics.Options{Batch: "a\xff"}, "ml.batch: "},
		{metrics.Options{Settings: metrics.Settings{IndexPrefix: "ML"}}, `index_prefix: "ML" is not the beginning of an index name`},
	} {
		if _, err := metrics.NewEncoder(row.options); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("got %v, want %s", err, row.want)
		}
	}
}

// Names of others are read as ours, in our units.
func TestEquivalentsAreRead(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	_, sources, errs := made(t, encoder, `{"@timestamp":"2026-11-26T11:00:00Z","event.dataset":"ml.inference",
		"ml.model.name":"m","ml.model.version":"1",
		"gen_ai":{"system":"openai","server":{"time_to_first_token":0.0123}},
		"llm":{"token_count":{"prompt":7,"prompt_details":{"cache_read":3}}},
		"ml.inference.request_count":1}`)
	if len(sources) != 1 {
		t.Fatal(errs)
	}
	for name, want := range map[string]any{"gen_ai.provider.name": "openai", "ml.inference.time_to_first_token_ms": 12.3,
		"gen_ai.usage.input_tokens": 7.0, "gen_ai.usage.cache_read.input_tokens": 3.0} {
		if got := sources[0][name]; got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	_, _, errs = made(t, encoder, with(`"gen_ai.system":"openai"`, `"gen_ai.provider.name":"openai"`))
	if want := "gen_ai.provider.name: is given twice; keep one"; len(errs) != 1 || errs[0] != want {
		t.Errorf("got %q, want %q", errs, want)
	}
}

// A row that is filled in by hand is the document that its line is.
func TestRow(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	line := with(`"ml.step":3`, `"ml.epoch":0.5`, `"ml.metric.estimated":true`, `"labels.a_b":"x"`, `"ml.team":"a\"b"`)
	want, _, _ := made(t, encoder, line)
	row := metrics.NewRow()
	for _, fill := range []func(){
		func() {
			row.SetTime("@timestamp", time.Date(2026, 11, 26, 12, 0, 0, 0, time.FixedZone("", 3600)))
			row.SetInteger("ml.step", 3)
			row.SetNumber("ml.epoch", 0.5)
			row.SetBoolean("ml.metric.estimated", true)
			row.AddMetric("f1_score", 0.93)
		},
		func() {
			row.Set("@timestamp", "2026-11-26T11:00:00Z")
			row.Set("ml.step", "3")
			row.Set("ml.epoch", "5e-1")
			row.Set("ml.metric.estimated", "True")
			row.AddMetricText("f1_score", "0.930")
		},
	} {
		row.Reset()
		fill()
		row.Set("event.dataset", "ml.evaluation")
		row.Set("ml.run.id", "r1")
		row.Set("labels.a.b", "x")
		row.Set("ml.team", `a"b`)
		if !row.Has("ml.step") || row.Has("ml.model.name") || !row.Has("labels.a.b") || row.Has("labels.a") || row.Has("labels") {
			t.Error("Has is wrong")
		}
		for document, err := range encoder.Row(row) {
			if err != nil || document.ID.String() != want[0] || document.Index != "ml-metrics-2026-11" {
				t.Errorf("got %s in %s, %v, want %s", document.ID, document.Index, err, want[0])
			}
		}
	}
}

// A row may be made documents of twice.
func TestRowTwice(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{Fill: map[string]string{"ml.team": "t", "labels.a": "b"}})
	row := metrics.NewRow()
	row.SetTime("@timestamp", noon)
	row.Set("event.dataset", "ml.training")
	row.Set("ml.run.id", "r")
	row.AddMetric("a", 1)
	row.AddMetric("b", 2)
	var ids []string
	for range 2 {
		for document, err := range encoder.Row(row) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, document.ID.String())
		}
	}
	if len(ids) != 4 || ids[0] != ids[2] || ids[1] != ids[3] || ids[0] == ids[1] {
		t.Errorf("the ids are %v", ids)
	}
}

func TestRowThatCannotBe(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for name, row := range map[string]struct {
		fill func(*metrics.Row)
		want string
	}{
		"a number that is none": {func(row *metrics.Row) { row.SetNumber("ml.epoch", math.NaN()) }, "ml.epoch: NaN is no number"},
		"a metric that is none": {func(row *metrics.Row) { row.AddMetric("loss", math.Inf(-1)) }, "ml.metrics.loss: -Inf is infinite"},
		"half a step":           {func(row *metrics.Row) { row.SetNumber("ml.step", 1.5) }, "ml.step: 1.5 is no whole number"},
		"a year of five digits": {func(row *metrics.Row) { row.SetTime("@timestamp", time.Unix(1764158400*1e3, 0)) },
			"@timestamp: is in the year 57873; were milliseconds taken for seconds?"},
		"a text that is no text": {func(row *metrics.Row) { row.Set("ml.team", "\xff") }, `ml.team: "\xff" is no UTF-8; save it as UTF-8`},
		"an empty cell":          {func(row *metrics.Row) { row.Set("ml.step", "") }, `ml.step: "" is no number`},
		"a field that is none":   {func(row *metrics.Row) { row.Set("loss", "1") }, "loss: is no field of the model"},
		"a field twice":          {func(row *metrics.Row) { row.Set("ml.team", "a"); row.Set("ml.team", "b") }, "ml.team: is given twice"},
		"all that is missing":    {func(row *metrics.Row) { row.Set("event.dataset", "ml.drift") }, "@timestamp: is missing; give it, such as"},
	} {
		t.Run(name, func(t *testing.T) {
			given := metrics.NewRow()
			if name != "all that is missing" {
				given.Set("event.dataset", "ml.evaluation")
				given.Set("ml.run.id", "r")
				if name != "a year of five digits" {
					given.Set("@timestamp", "2026-11-26T11:00:00Z")
				}
			}
			row.fill(given)
			for document, err := range encoder.Row(given) {
				if err == nil || !strings.Contains(err.Error(), row.want) {
					t.Errorf("got %s %v, want %s", document.Source, err, row.want)
				}
				if rejection, ok := err.(*metrics.Rejection); name == "all that is missing" && ok {
					if want := []string{"@timestamp", "ml.model.name", "ml.model.version"}; !slices.Equal(rejection.Missing, want) {
						t.Errorf("missing is %v, want %v", rejection.Missing, want)
					}
				}
			}
		})
	}
}

// A problem says where in its line it is.
func TestColumn(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	line := with(`"ml.step": 1.5`, `"ml.epoch":"x"`)
	for _, err := range encoder.Line([]byte(line)) {
		for _, problem := range err.(*metrics.Rejection).Problems {
			if value := line[problem.Column-1:]; !strings.HasPrefix(value, "1.5") && !strings.HasPrefix(value, `"x"`) {
				t.Errorf("%v is at column %d, %.10s", problem, problem.Column, value)
			}
		}
	}
}

// A loop that ends early ends the work.
func TestBreak(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	line := []byte(`{"@timestamp":"2026-11-26T11:00:00Z","event.dataset":"ml.training","ml.run.id":"r","ml.metrics":{"a":1,"b":2}}`)
	for range encoder.Line(line) {
		break
	}
	if ids, _, errs := made(t, encoder, with()); len(ids) != 1 {
		t.Errorf("the next line is not what it was: %v", errs)
	}
}

package metrics_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/metrics"
)

// right is a document that has nothing wrong, as the members of an object.
var right = []string{
	`"@timestamp":"2026-11-26T11:00:00.000Z"`,
	`"event.dataset":"ml.evaluation"`,
	`"ml.run.id":"r1"`,
	`"ml.metric.name":"f1_score"`,
	`"ml.metric.value":0.93`,
}

// with is the right document with other members: one of the same name is replaced, the others come last.
func with(members ...string) string {
	all := slices.Clone(right)
	for _, member := range members {
		name, _, _ := strings.Cut(member, ":")
		at := slices.IndexFunc(all, func(other string) bool { return strings.HasPrefix(other, name+":") })
		if at >= 0 {
			all[at] = member
		} else {
			all = append(all, member)
		}
	}
	return "{" + strings.Join(all, ",") + "}"
}

func without(names ...string) string {
	return "{" + strings.Join(slices.DeleteFunc(slices.Clone(right), func(member string) bool {
		name, _, _ := strings.Cut(member, ":")
		return slices.Contains(names, strings.Trim(name, `"`))
	}), ",") + "}"
}

// wrongDocument is a line that must not become a document, and what its sender reads.
type wrongDocument struct {
	name, line, want string
	// Whether the server takes it all the same: then nothing but our check stands between it and a picture that is wrong.
	serverTakes bool
}

// wrongDocuments is refused by the validator, row by row, and by the server with our template, but for those that it takes.
var wrongDocuments = []wrongDocument{
	// Names.
	{"an unknown name", with(`"accuracy":0.9`), `accuracy: is no field of the model; put what is your own below labels`, false},
	{"a name that is nearly one", with(`"ml.metric.valeu":0.9`),
		`ml.metric.valeu: is no field of the model; is it ml.metric.value?`, false},
	{"an unknown object", with(`"model":{"name":"x"}`), `model: is no field of the model`, false},
	{"an unknown name in a known object", with(`"ml":{"model":{"nam":"x"}}`),
		`ml.model.nam: is no field of the model; is it ml.model.name?`, false},
	{"a name with two dots", with(`"ml..step":1`), `ml..step: is no field of the model; is it ml.step?`, false},
	{"an empty name", with(`"":1`), `is no field of the model`, false},
	{"a value where an object belongs", with(`"ml":"x"`), `ml: is no field of the model`, false},
	{"a field of another tool", with(`"host":{"name":"a"}`), `host: is no field of the model`, false},

	// Times.
	{"seconds", with(`"@timestamp":1764158400`),
		`@timestamp: 1764158400 is a number, seconds since 1970 most likely; write "2025-11-26T12:00:00Z"`, false},
	{"milliseconds", with(`"@timestamp":1764158400123`), `milliseconds since 1970 most likely; write "2025-11-26T12:00:00.123Z"`, false},
	{"seconds with a fraction", with(`"@timestamp":1764158400.5`), `seconds since 1970 most likely; write "2025-11-26T12:00:00.5Z"`, false},
	{"seconds as text", with(`"@timestamp":"1764158400"`), `seconds since 1970 most likely`, false},
	{"no offset", with(`"@timestamp":"2026-11-26T11:00:00"`),
		`"2026-11-26T11:00:00" has no offset; write "2026-11-26T11:00:00Z" if that is UTC`, false},
	{"a space", with(`"@timestamp":"2026-11-26 11:00:00Z"`), `has a space where "T" belongs; write "2026-11-26T11:00:00Z"`, false},
	{"a day", with(`"@timestamp":"2026-11-26"`), `is a day and no time`, false},
	{"the 30th of February", with(`"@timestamp":"2026-02-30T11:00:00Z"`), `"2026-02-30T11:00:00Z" is no time that there is`, false},
	{"the 29th of February 2100", with(`"ml.drift.window.end":"2100-02-29T11:00:00Z"`), `is no time that there is`, false},
	{"the 29th of February 2025", with(`"@timestamp":"2025-02-29T11:00:00Z"`), `is no time that there is`, false},
	{"the 25th hour", with(`"@timestamp":"2026-11-26T25:00:00Z"`), `is no time that there is`, false},
	{"the 60th second", with(`"@timestamp":"2026-11-26T11:00:60Z"`), `is no time that there is`, false},
	{"a year of five digits", with(`"@timestamp":"12026-11-26T11:00:00Z"`), `is no time that there is`, false},
	{"one digit of a month", with(`"@timestamp":"2026-1-26T11:00:00Z"`), `is no time that there is`, false},
	{"ten digits of a second", with(`"@timestamp":"2026-11-26T11:00:00.0123456789Z"`), `is no time that there is`, false},
	{"a time of text", with(`"@timestamp":"yesterday"`), `"yesterday" is no time that there is; write it as "2026-11-26T12:00:00Z"`, false},
	{"an empty time", with(`"@timestamp":""`), `@timestamp: is empty`, false},
	{"a time of true", with(`"@timestamp":true`), `true is no time`, false},
	{"a time that is an object", with(`"@timestamp":{"at":1}`), `@timestamp: is an object`, false},
	{"the end of a window in seconds", with(`"ml.drift.window.end":1764158400`), `ml.drift.window.end: 1764158400 is a number`, false},
	{"the year 9999", with(`"@timestamp":"9999-12-31T00:00:00Z"`),
		`is more than a day in the future; is the clock right, and the year?`, true},
	{"the day after tomorrow", with(`"@timestamp":"2026-11-27T12:00:01Z"`), `is more than a day in the future`, true},
	{"1970", with(`"@timestamp":"1970-01-21T10:02:38.400Z"`),
		`"1970-01-21T10:02:38Z" is before 1990: seconds taken for milliseconds, most likely; write "2025-11-26T12:00:00Z"`, true},
	{"the beginning of 1970", with(`"@timestamp":"1970-01-01T00:00:00Z"`), `is before 1990; is it a time that was never set?`, true},

	// Numbers.
	{"NaN", with(`"ml.metric.value":NaN`), `ml.metric.value: NaN is no number, which no picture can show`, false},
	{"Infinity", with(`"ml.metric.value":Infinity`), `Infinity is infinite`, false},
	{"-Infinity", with(`"ml.metric.value":-Infinity`), `-Infinity is infinite`, false},
	{"NaN as text", with(`"ml.metric.value":"NaN"`), `NaN is no number`, false},
	{"inf as text", with(`"ml.metric.value":"-inf"`), `-inf is infinite`, false},
	{"1e400", with(`"ml.metric.value":1e400`), `1e400 is beyond what a double holds`, false},
	{"-1e400", with(`"ml.metric.value":-1e400`), `-1e400 is beyond what a double holds`, false},
	{"a number as text", with(`"ml.metric.value":"0.5"`), `"0.5" is text; write 0.5 without quotes`, false},
	{"an empty number", with(`"ml.metric.value":""`), `"" is no number`, false},
	{"a word for a number", with(`"ml.metric.value":"high"`), `"high" is no number; write it as 0.5 or 1e-3`, false},
	{"a long word for a number", with(`"ml.metric.value":"x` + strings.Repeat("ä", 4000) + `"`),
		`"x` + strings.Repeat("ä", 29) + `..." is no number; write it as 0.5 or 1e-3`, false},
	{"a number with a comma", with(`"ml.metric.value":"0,5"`), `"0,5" is no number`, false},
	{"true for a number", with(`"ml.metric.value":true`), `true is no number; write 1 or 0 if that is meant`, false},
	{"an object for a number", with(`"ml.metric.value":{"mean":0.9}`), `ml.metric.value: is an object; give one value`, false},
	{"a number of objects", with(`"ml.metric.value":[{"mean":0.9}]`), `is an array; give one value, and a row for each`, false},
	{"two numbers", with(`"ml.metric.value":[0.9,0.8]`), `[0.9,0.8] is an array; give one value, and a row for each`, true},
	{"null", with(`"ml.metric.value":null`), `ml.metric.value: is null; leave the field out`, true},
	{"half a step", with(`"ml.step":1.5`), `ml.step: 1.5 is no whole number of 64 bits; give one`, false},
	{"a step as text", with(`"ml.step":"7"`), `"7" is text; write 7 without quotes`, false},
	{"a step of true", with(`"ml.step":true`), `true is no number`, false},
	{"a step of more than 64 bits", with(`"ml.step":9223372036854775808`), `9223372036854775808 is no whole number of 64 bits`, false},
	{"a step of 1e30", with(`"ml.step":1e30`), `1e30 is no whole number of 64 bits`, false},
	{"a step of NaN", with(`"ml.step":NaN`), `NaN is no number`, false},
	{"a negative count", with(`"ml.metric.sample_count":-1`), `-1 is below 0, the least that it can be`, true},
	{"a share in per cent", with(`"ml.deployment.traffic_share":90`),
		`90 is above 1, the most that it can be; give a share of 1, not of 100`, true},
	{"an interval the wrong way", with(`"ml.metric.ci_lower":0.95`, `"ml.metric.ci_upper":0.9`),
		`ml.metric.ci_lower: 0.95 is more than ml.metric.ci_upper, 0.9; exchange them, or correct one`, true},

	// Texts, truths and objects.
	{"a name that is an object", with(`"ml.model.name":{"a":1}`), `ml.model.name: is an object; give one value`, false},
	{"a version that is ambiguous", with(`"ml.model.version":1.10`), `1.10 is a number; write it as text, in quotes`, true},
	{"an id of 41 digits", with(`"ml.run.id":` + strings.Repeat("1", 41)), `is a number; write it as text, in quotes`, true},
	{"a parameter of 1e400", with(`"ml.params.a":1e400`), `1e400 is beyond what a double holds`, true},
	{"a name that is true", with(`"ml.model.name":true`), `true is no text; write it in quotes`, true},
	{"a name of NaN", with(`"ml.model.name":NaN`), `NaN is no text; write it in quotes`, false},
	{"an empty name of a model", with(`"ml.model.name":""`), `ml.model.name: is empty; leave the field out`, true},
	{"a text that Lucene refuses", with(`"ml.model.name":"` + strings.Repeat("a", 32767) + `"`),
		`has 32767 bytes; keep it to 32766`, false},
	{"a label that Lucene refuses", with(`"labels.a":"` + strings.Repeat("ä", 16384) + `"`),
		`labels.a: has 32768 bytes; keep it to 32766`, false},
	{"yes for true", with(`"ml.metric.estimated":"yes"`), `"yes" is neither true nor false; write one of them`, false},
	{"1 for true", with(`"ml.metric.estimated":1`), `1 is neither true nor false`, false},
	{"true as text", with(`"ml.metric.estimated":"true"`), `"true" is text; write true without quotes`, true},
	{"a dataset that there is not", with(`"event.dataset":"ml.trainin"`), `"ml.trainin" is none of "ml.training", "ml.evaluation"`, true},
	{"a role that there is not", with(`"ml.deployment.role":"main"`),
		`"main" is none of "champion", "challenger", "canary" or "shadow"`, true},
	{"labels of text", with(`"labels":"a"`), `labels: "a" is one value; give an object, or write labels.<name>`, false},
	{"labels of a number", with(`"labels":5`), `labels: 5 is one value`, false},
	{"parameters of text", with(`"ml.params":"lr=0.1"`), `ml.params: "lr=0.1" is one value`, false},
	{"a label with two dots", with(`"labels.a..b":"x"`), `labels.a..b: has a dot with nothing beside it; leave the dot out`, false},
	{"a label that begins with a dot", with(`"labels":{".a":"x"}`), `labels..a: has a dot with nothing beside it`, false},
	{"a label that ends with a dot", with(`"labels":{"a.":"x"}`), `labels.a.: has a dot with nothing beside it`, true},
	{"a label without a name", with(`"labels":{"":"x"}`), `labels.: has no name; give it one`, false},
	{"a label of blanks", with(`"labels":{" ":"x"}`), `has no name; give it one`, false},
	{"an object in labels with a long name", with(`"labels":{"` + long(300) + `":{"a":"x"}}`), `has a name of 307 bytes; keep it to 255`, false},
	{"a label of two texts", with(`"labels.a":["x","y"]`), `labels.a: ["x","y"] is an array; give one text`, true},
	{"a label of null", with(`"labels.a":null`), `labels.a: is null; leave it out`, true},

	// What a document must have.
	{"no time", without("@timestamp"), `@timestamp: is missing; give it, such as "2026-11-26T12:00:00.000Z"`, true},
	{"no dataset", without("event.dataset"), `event.dataset: is missing`, true},
	{"no run", without("ml.run.id"), `ml.run.id: is missing`, true},
	{"no value", without("ml.metric.value"), `ml.metric.value: is missing; give it, such as 0.931`, true},
	{"no metric", without("ml.metric.name"), `ml.metric.name: is missing; give it, such as "f1_score"`, true},
	{"neither value nor metric", without("ml.metric.name", "ml.metric.value"),
		`"ml.evaluation" says nothing without a value; give one of ml.metric.name with ml.metric.value, `, true},
	{"an evaluation without score and label", `{"gen_ai.evaluation.name":"relevance",` + without("ml.metric.name", "ml.metric.value")[1:],
		`"ml.evaluation" says nothing without a value; give one of `, true},
	{"an inference of no model", with(`"event.dataset":"ml.inference"`),
		`ml.model.name: is missing; give it, such as "fraud-classifier"; ml.model.version: is missing`, true},

	// JSON.
	{"a number alone", `5`, `has '5' where an object, {...}, should be`, false},
	{"an array", `[` + with() + `]`, `is an array; write one object a line, as jq -c '.[]' does`, false},
	{"an empty line", ` `, `ends where an object, {...}, should be`, false},
	{"a line that was cut off", with()[:60], `was the line cut off?`, false},
	{"a line that was cut off in a name", `{"@timest`, `ends within a text; was the line cut off?`, false},
	{"two objects", with() + with(), `has more behind its object; write one object a line`, false},
	{"a name twice", `{` + strings.Join(right, ",") + `,"ml.run.id":"r2"}`, `ml.run.id: is given twice; keep one`, false},
	{"an object twice", with(`"labels":{"a":"x"},"labels":{"b":"x"}`), `labels: is given twice; keep one`, false},
	{"a name in an object twice", with(`"labels":{"a":"x","a":"x"}`), `labels.a: is given twice`, false},
	{"a field both nested and dotted", with(`"ml":{"run":{"id":"r2"}}`), `ml.run.id: is given twice`, true},
	{"a comma too many", strings.TrimSuffix(with(), "}") + `,}`, `has '}' where a name in double quotes should be`, false},
	{"a comma too few", strings.Replace(with(), ",", " ", 1), `has '"' where "," or "}" should be`, false},
	{"Python's quotes", strings.ReplaceAll(with(), `"`, `'`),
		`has a single quote where a name in double quotes should be; write JSON, in Python with json.dumps`, false},
	{"Python's None", with(`"ml.team":None`), `has Python's None where a value should be; write JSON with json.dumps`, false},
	{"a name without quotes", `{ml:1}`, `has 'm' where a name in double quotes should be`, false},
	{"a value without quotes", with(`"ml.team":risk`), `has 'r' where a value should be`, false},
	{"a number with a zero before it", with(`"ml.metric.value":01`), `has 01, which is no number of JSON`, false},
	{"a number with a plus", with(`"ml.metric.value":+1`), `has '+' where a value should be`, false},
	{"a number that begins with a point", with(`"ml.metric.value":.5`), `has '.' where a value should be`, false},
	{"a number that ends with a point", with(`"ml.metric.value":1.`), `has 1., which is no number of JSON`, false},
	{"a number without an exponent", with(`"ml.metric.value":1e`), `has 1e, which is no number of JSON`, false},
	{"a hexadecimal number", with(`"ml.metric.value":0x10`), `has 'x' where "," or "}" should be`, false},
	{"an escape that there is not", with(`"ml.team":"a\x41"`), `has a backslash that begins no escape of JSON; write it as \\`, false},
	{"a control character", with("\"ml.team\":\"a\tb\""), `has the control character 0x09 in a text; write it as \u0009`, false},
	{"a control character behind an escape", with("\"ml.team\":\"a\\n\tb\""), `has the control character 0x09 in a text`, false},
	{"a byte that is no UTF-8 behind an escape", with("\"ml.team\":\"a\\n\xffb\""), `has the byte 0xff, which is no UTF-8`, false},
	{"a byte that is no UTF-8", with("\"ml.team\":\"a\xffb\""), `has the byte 0xff, which is no UTF-8; save it as UTF-8`, false},
	{"a byte that is no UTF-8 in a name", with("\"labels.\xff\":\"b\""), `has the byte 0xff, which is no UTF-8`, false},
	{"half of a surrogate pair", with(`"ml.team":"a\ud83d"`), `has \ud83d, one half of a surrogate pair`, true},
	{"UTF-16", "\xff\xfe{\x00", `has the byte 0xff, which is no UTF-8`, false},
	{"a comment", with(`"ml.team":/* who */"risk"`), `has '/' where a value should be`, true},
	{"21 objects", with(`"labels":` + strings.Repeat(`{"a":`, 20) + `"x"` + strings.Repeat(`}`, 20)),
		`is more than 20 objects deep; write it flatter`, false},
}

func TestWrongDocuments(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for _, wrong := range wrongDocuments {
		t.Run(wrong.name, func(t *testing.T) {
			var got error
			for document, err := range encoder.Line([]byte(wrong.line)) {
				if err == nil {
					t.Errorf("became %s", document.Source)
				}
				got = err
			}
			if got == nil || !strings.Contains(got.Error(), wrong.want) {
				t.Errorf("got  %v\nwant %s", got, wrong.want)
			}
			var rejection *metrics.Rejection
			if !errors.As(got, &rejection) || rejection.Documents != 1 {
				t.Errorf("got %#v, want the rejection of one document", got)
			}
			if strings.ContainsAny(got.Error(), "\n\x00\x1b") || len(got.Error()) > 600 {
				t.Errorf("is not one short line: %q", got)
			}
		})
	}
}

// rightDocuments is taken by both.
var rightDocuments = []struct{ name, line string }{
	{"as it is", with()},
	{"an offset", with(`"@timestamp":"2026-11-26T12:00:00+01:00"`)},
	{"an offset without a colon", with(`"@timestamp":"2026-11-26T12:00:00.123456+0100"`)},
	{"nanoseconds", with(`"@timestamp":"2026-11-26T11:00:00.123456789Z"`)},
	{"a tenth of a second", with(`"@timestamp":"2026-11-26T11:00:00.1Z"`)},
	{"the nineties", with(`"@timestamp":"1990-01-01T00:00:00Z"`)},
	{"tomorrow", with(`"@timestamp":"2026-11-27T12:00:00Z"`)},
	{"the 29th of February 2024", with(`"@timestamp":"2024-02-29T00:00:00Z"`)},
	{"the largest double", with(`"ml.metric.value":1.7976931348623157e308`)},
	{"the smallest double", with(`"ml.metric.value":5e-324`)},
	{"a number that is almost 0", with(`"ml.metric.value":1e-400`)},
	{"a negative zero", with(`"ml.metric.value":-0.0`)},
	{"a huge whole number", with(`"ml.metric.value":123456789012345678901234567890`)},
	{"the largest long", with(`"ml.step":9223372036854775807`)},
	{"the smallest long", with(`"ml.step":-9223372036854775808`)},
	{"a whole number with a point", with(`"ml.step":7.0`)},
	{"a whole number with an exponent", with(`"ml.step":12e2`)},
	{"a version that is a number", with(`"ml.model.version":7`)},
	{"labels of every kind", with(`"labels":{"a":"x","b":1,"c":0.5,"d":true,"e/f g":"y","empty":""}`)},
	{"labels with names of every kind", with(`"labels":{"a*b":"x","a\"b":"x","a\\b":"x","a,b:c#d":"x","ä😀":"x","_id":"x"," a":"x","` + long(255) + `":"x"}`)},
	{"parameters that are numbers of every kind", with(`"ml.params":{"a":` + strings.Repeat("1", 4000) + `e-3999,"b":-0,"c":1e-7,"d":123456789012345678901234567890}`)},
	{"a text of every kind", with(`"ml.team":"a\"\\\/\b\f\n\r\t\u0000\u00e4\ud83d\ude00 ä€😀"`)},
	{"the longest text", with(`"ml.model.name":"` + strings.Repeat("a", 32766) + `"`)},
	{"nested", `{"@timestamp":"2026-11-26T11:00:00Z","event":{"dataset":"ml.training"},` +
		`"ml":{"run":{"id":"r"},"metric":{"name":"loss","value":1}}}`},
	{"white space", " {\t\"@timestamp\" : \"2026-11-26T11:00:00Z\" ,\"event\":{\"dataset\":\"ml.training\" } ,\"ml.run\":{\"id\":\"r\"}," +
		"\"ml\":{\"metric\":{\"name\":\"loss\",\"value\":1} } } \r\n"},
}

func TestRightDocuments(t *testing.T) {
	encoder := newEncoder(t, metrics.Options{})
	for _, right := range rightDocuments {
		t.Run(right.name, func(t *testing.T) {
			documents := 0
			for _, err := range encoder.Line([]byte(right.line)) {
				documents++
				if err != nil {
					t.Error(err)
				}
			}
			if documents != 1 {
				t.Errorf("became %d documents", documents)
			}
		})
	}
}

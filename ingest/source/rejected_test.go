package source

import (
	"strings"
	"testing"
)

func TestRejected(t *testing.T) {
	content := strings.Join([]string{
		`{"file":"a.ndjson","line":7,"documents":1,"reason":"r","raw":"{\"a\":\"\\u00e9\"}"}`,
		`{"file":"a.ndjson","line":8,"documents":1,"reason":"r","raw":{"a": 2}}`,
		`{"file":"a.ndjson","line":9,"documents":1,"reason":"r","raw_base64":"eyJhIjozfQ=="}`,
		`{"file":"a.csv","line":2,"documents":1,"reason":"r","raw":"1,nan","row":{"a":4}}`,
		`{"file":"a.ndjson","line":10,"documents":1,"reason":"r","raw_beginning":"{","raw_size":99}`,
		`{"file":"a.ndjson","line":11,"documents":1,"reason":"r"}`,
		`{"file":"a.ndjson","line":12,"docu`,
		`{"file":"a.ndjson","line":13,"documents":1,"reason":"r","raw_base64":"!"}`,
	}, "\n")
	got := strings.Join(all(t, []string{"-"}, Options{Stdin: strings.NewReader(content)}), "\n")
	want := strings.Join([]string{
		`-:1 {"a":"\u00e9"}`,
		`-:2 {"a": 2}`,
		`-:3 {"a":3}`,
		`-:4 {"a":4}`,
		`-:5 was too large to keep; mend line 10 of a.ndjson, and send that`,
		`-:6 has neither raw nor row; write the mended line as raw`,
		`-:7 is no line of a rejected file (unexpected end of JSON input); mend it, or take it out if a`,
		`-:8 raw_base64 is not in base64; write the line as raw instead`,
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

package metrics_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"cdktf-aimetrics/metrics"
)

// Any bytes are documents or a rejection. A document is JSON that encoding/json reads, flat and of our names; it makes itself again,
// with the same id; and what encoding/json does not take, nor json.dumps writes, is none.
func FuzzLine(f *testing.F) {
	for _, wrong := range wrongDocuments {
		f.Add([]byte(wrong.line))
	}
	for _, right := range rightDocuments {
		f.Add([]byte(right.line))
	}
	for _, row := range same {
		f.Add([]byte(row.line))
	}
	f.Add([]byte(wide))
	f.Add([]byte(`{"@timestamp":"2026-11-26T11:00:00Z","event.dataset":"ml.training","ml.run.id":"r",` +
		`"ml.metrics":{"a":NaN,"b":{"c":1e2}},"labels":{"a.b":1}}`))
	encoder, again := newEncoder(f, metrics.Options{}), newEncoder(f, metrics.Options{})
	f.Fuzz(func(t *testing.T, line []byte) {
		given := bytes.Clone(line)
		yielded := 0
		for document, err := range encoder.Line(line) {
			yielded++
			if err != nil {
				rejected(t, err)
				continue
			}
			if !utf8.Valid(document.Source) || bytes.ContainsRune(document.Source, '\n') {
				t.Fatalf("%q is not one line of UTF-8", document.Source)
			}
			var source map[string]any
			if err := json.Unmarshal(document.Source, &source); err != nil {
				t.Fatalf("%s: %v", document.Source, err)
			}
			for name, value := range source {
				if _, ok := metrics.Lookup(name); !ok {
					t.Fatalf("%s has the name %q", document.Source, name)
				}
				switch value.(type) {
				case string, float64, bool:
				default:
					t.Fatalf("%s has %q of %T", document.Source, name, value)
				}
			}
			for same, err := range again.Line(withoutFilledIn(t, document.Source)) {
				if err != nil || same.ID != document.ID || same.Index != document.Index {
					t.Fatalf("%s\nmakes %s\n%s, and not %s, in %s, %v", document.Source, same.Source, same.ID, document.ID, same.Index, err)
				}
			}
			var any map[string]json.RawMessage
			if !bytes.Contains(line, []byte("NaN")) && !bytes.Contains(line, []byte("Infinity")) && json.Unmarshal(line, &any) != nil {
				t.Fatalf("%q is no JSON, and became %s", line, document.Source)
			}
		}
		if yielded == 0 {
			t.Fatal("neither a document nor a rejection")
		}
		if !bytes.Equal(line, given) {
			t.Fatal("the line was written to")
		}
	})
}

// rejected holds a rejection to what its readers rely on.
func rejected(t *testing.T, err error) {
	var rejection *metrics.Rejection
	if !errors.As(err, &rejection) || len(rejection.Problems) == 0 || rejection.Documents < 1 {
		t.Fatalf("%#v is no rejection", err)
	}
	for _, problem := range rejection.Problems {
		if problem.Text == "" || len(problem.Error()) > 1000 {
			t.Fatalf("%q says nothing, or too much", problem.Error())
		}
	}
	if text := err.Error(); !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x1b\x00") {
		t.Fatalf("%q is not one line of text", text)
	}
}

// withoutFilledIn is a source as its sender could have had it.
func withoutFilledIn(t *testing.T, source []byte) []byte {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(source, &members); err != nil {
		t.Fatal(err)
	}
	// What a known metric is filled in with comes last, behind what is outside of the identity.
	_, filled, _ := bytes.Cut(source, []byte(`,"event.kind":"metric"`))
	for _, name := range []string{"ml.metric.higher_is_better", "ml.metric.unit"} {
		if bytes.Contains(filled, []byte(`"`+name+`":`)) {
			delete(members, name)
		}
	}
	all, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

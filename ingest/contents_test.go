package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

const training = `"event.dataset":"ml.training","ml.run.id":"r","ml.metric.name":"loss"`

// value is a line whose value is written so.
func value(text string) string {
	return `{"@timestamp":"2026-02-03T04:05:06Z",` + training + `,"ml.metric.value":` + text + `}`
}

// at is a line whose time is written so.
func at(text string) string {
	return `{"@timestamp":` + text + `,` + training + `,"ml.metric.value":0.5}`
}

func gzipped(text string) string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	writer.Write([]byte(text))
	writer.Close()
	return packed.String()
}

// contents is inputs of all kinds: how many of their documents are indexed, and how many are rejected for what.
var contents = []struct {
	name, text        string
	indexed, rejected int64
	reason            string
}{
	{"a document", value("0.5"), 1, 0, ""},
	{"no newline at the end", value("1") + "\n" + value("2"), 2, 0, ""},
	{"CR LF", value("1") + "\r\n" + value("2") + "\r\n", 2, 0, ""},
	{"a byte-order mark", "\xef\xbb\xbf" + value("1") + "\n", 1, 0, ""},
	{"empty", "", 0, 0, ""},
	{"empty lines", "\n\r\n \n" + value("1") + "\n\n", 1, 0, ""},
	{"the same document twice", value("1") + "\n" + value("1"), 1, 0, ""},
	{"the same written otherwise", value("0.5") + "\n" + value("5e-1"), 1, 0, ""},

	{"NaN", value("NaN") + "\n" + value("1"), 1, 1, "ml.metric.value"},
	{"Infinity", value("Infinity") + "\n" + value("-Infinity"), 0, 2, "ml.metric.value"},
	{"NaN as text", value(`"NaN"`), 0, 1, "ml.metric.value"},
	{"1e400", value("1e400"), 0, 1, "1.8e308"},
	{"a huge integer", value("123456789012345678901234567890"), 1, 0, ""},
	{"a step beyond 64 bits", strings.Replace(value("1"), `"ml.metric.value"`, `"ml.step":99999999999999999999,"ml.metric.value"`, 1), 0, 1, "ml.step"},
	{"true as a value", value("true"), 0, 1, "ml.metric.value"},
	{"half of a row", `{"@timestamp":"2026-02-03T04:05:06Z","event.dataset":"ml.training","ml.run.id":"r","ml.metrics":{"loss":NaN,"accuracy":0.5}}`, 1, 1, "ml.metrics.loss"},
	{"a name twice", `{"@timestamp":"2026-02-03T04:05:06Z","@timestamp":"2026-02-03T04:05:07Z",` + training + `,"ml.metric.value":1}`, 0, 1, "twice"},
	{"an object twice", `{"@timestamp":"2026-02-03T04:05:06Z",` + training + `,"ml.metric.value":1,"ml":{"step":1},"ml":{"epoch":1}}`, 0, 1, "twice"},
	{"deep nesting", strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), 0, 1, ""},
	{"a deep array", `{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}", 0, 1, ""},
	{"a line of 9 MB", value("1") + "\n" + `{"labels.x":"` + strings.Repeat("x", 9<<20) + `"}` + "\n" + value("2"), 2, 1, "bytes long"},
	{"a document that is too large", strings.Replace(value("1"), `"ml.metric.value"`, `"labels.x":"`+strings.Repeat("x", 40_000)+`","ml.metric.value"`, 1), 0, 1, "labels.x"},
	{"an unknown field", strings.Replace(value("1"), `"ml.metric.value"`, `"ml.metrik":1,"ml.metric.value"`, 1), 0, 1, "ml.metrik"},
	{"an array", "[" + value("1") + "]", 0, 1, "array"},
	{"cut off in the middle", value("1") + "\n" + value("2")[:40], 1, 1, ""},

	{"UTF-16", "\xff\xfe{\x00}\x00\n\x00", 0, 1, "UTF-16"},
	{"binary", "\x7fELF\x00\x01\x02", 0, 1, "binary"},
	{"invalid UTF-8", strings.Replace(value("1"), `"r"`, "\"r\xc3\x28\"", 1), 0, 1, "UTF-8"},
	{"a lone surrogate", strings.Replace(value("1"), `"r"`, `"r\ud800"`, 1), 0, 1, "surrogate"},
	{"a pair of surrogates", strings.Replace(value("1"), `"r"`, `"r\ud83d\ude00"`, 1), 1, 0, ""},
	{"a control character, bare", strings.Replace(value("1"), `"r"`, "\"r\x01\"", 1), 0, 1, "control"},
	{"a control character, escaped", strings.Replace(value("1"), `"r"`, `"r\u0001"`, 1), 1, 0, ""},
	{"a NUL", value("1") + "\n\x00\n" + value("2"), 2, 1, ""},
	{"gzip", gzipped(value("1") + "\n" + value("2")), 2, 0, ""},
	{"gzip that is cut off", gzipped(noise(2000))[:15_000], -1, 2, ""},
	{"a gzip bomb", gzipped(value("1") + "\n" + strings.Repeat(" ", 9<<20) + "\n" + value("2")), 2, 1, "bytes long"},
	{"a gzip bomb of one line", gzipped(value("1") + "\n{" + strings.Repeat("\x00", 9<<20) + "\n" + value("2")), 2, 1, "bytes long"},

	{"no time", `{` + training + `,"ml.metric.value":1}`, 0, 1, "@timestamp"},
	{"seconds", at("1770091506"), 0, 1, "@timestamp"},
	{"seconds as text", at(`"1770091506"`), 0, 1, "@timestamp"},
	{"milliseconds", at("1770091506000"), 0, 1, "@timestamp"},
	{"1970", at(`"1970-01-21T11:41:31Z"`), 0, 1, "seconds"},
	{"the year 9999", at(`"9999-12-31T23:59:59Z"`), 0, 1, "@timestamp"},
	{"in two days", at(time.Now().Add(49 * time.Hour).UTC().Format(`"2006-01-02T15:04:05Z"`)), 0, 1, "@timestamp"},
	{"an offset", at(`"2026-02-03T04:05:06.123456789+05:30"`) + "\n" + at(`"2026-02-02T22:35:06.123456789Z"`), 1, 0, ""},
	{"no offset", at(`"2026-02-03T04:05:06"`), 0, 1, "@timestamp"},
	{"no time of day", at(`"2026-02-03"`), 0, 1, "@timestamp"},
	{"the 30th of February", at(`"2026-02-30T04:05:06Z"`), 0, 1, "@timestamp"},
	{"a leap second", at(`"2016-12-31T23:59:60Z"`), 0, 1, "@timestamp"},
}

// noise is documents that do not pack well.
func noise(n int) string {
	random := rand.New(rand.NewPCG(1, 1))
	var text strings.Builder
	for range n {
		text.WriteString(value(fmt.Sprint(random.Float64())) + "\n")
	}
	return text.String()
}

// check loads a text, and holds counts, index and rejected file to what should come of it.
func checkContent(t *testing.T, in *Ingester, rejectedPath, text string, indexed, rejected int64, reason string, count func() int) {
	t.Helper()
	counts, err := loadAll(t, in, text)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", counts)
	if indexed >= 0 && counts.Indexed != indexed || counts.Rejected != rejected {
		t.Errorf("%v, want %d indexed and %d rejected", counts, indexed, rejected)
	}
	if there := int64(count()); there != counts.Indexed {
		t.Errorf("%d documents are in the index, want %d", there, counts.Indexed)
	}
	var inFile int64
	for _, line := range readRejected(t, rejectedPath) {
		inFile += line.Documents
		if !strings.Contains(line.Reason, reason) || line.Reason == "" {
			t.Errorf("%s:%d is rejected for %q, want %q", line.File, line.Line, line.Reason, reason)
		}
	}
	if inFile != rejected {
		t.Errorf("%d documents are in the rejected file, want %d", inFile, rejected)
	}
}

func TestContents(t *testing.T) {
	for _, test := range contents {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			path := t.TempDir() + "/rejected.ndjson"
			checkContent(t, f.connect(t, Options{Rejected: path}), path, test.text, test.indexed, test.rejected, test.reason, f.count)
		})
	}
}

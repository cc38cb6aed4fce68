package metrics

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Row is one line of a source: fields that its documents share, and any number of metrics, of which each becomes a document. Make one
// with [NewRow], and use it again after Reset.
//
// A setter that cannot take a value keeps the problem, and [Encoder.Row] reports it. A field that is set twice is a problem too, and
// so is a name that the model does not have.
type Row struct {
	// The canonical text of each field by its place in ordered; an empty span is none.
	values []span
	// What is set of the fields of the type Keywords.
	below []entry
	// What stands below ml.metrics.
	measures []measure
	// What all spans are of.
	scratch []byte

	// The time that @timestamp is.
	timestamp instant
	problems  Problems
	// How many problems there were, beyond most too.
	faults int

	// Where in the line the value is that is read, from 1; 0 where there is no line.
	column int
	// The name that is read; how many objects were read so far; and, by the number of a name, which of them has had it.
	path    []byte
	object  int
	objects []int
	scan    scanner
}

// span is a part of a row's scratch.
type span struct{ from, to int32 }

func (part span) empty() bool { return part.to == part.from }

// entry is a value of a field of the type Keywords: its name below that, as JSON without the quotes, and its value.
type entry struct {
	at          int // the place of the field
	name, value span
}

// measure is a metric of a wide row. Where its value cannot be, wrong says why.
type measure struct {
	name, value span
	wrong       *Problem
}

const (
	// mostProblems is how many problems of one row are told.
	mostProblems = 20
	// mostMeasures is how many metrics one row may have, and mostBelow how many labels and parameters a document: what one line makes
	// must fit into memory, and all names of a domain into its mapping.
	mostMeasures, mostBelow = 2000, 500
	// mostKeyword is what Lucene takes as one term, in bytes.
	// https://www.elastic.co/guide/en/elasticsearch/reference/7.10/ignore-above.html
	mostKeyword = 32766
	// mostDigits is how many digits a whole number may have that is taken as a text as it stands, such as an id.
	mostDigits = 40
	// mostName is how long the name of a label, a parameter or a metric may be, in bytes.
	mostName = 255
	// MaxSourceBytes is what one document may have at most.
	MaxSourceBytes = 256 << 10
)

// NewRow returns an empty row.
func NewRow() *Row {
	return &Row{values: make([]span, len(ordered)), objects: make([]int, len(objects))}
}

// Reset empties the row.
func (row *Row) Reset() {
	clear(row.values)
	row.below, row.measures, row.scratch = row.below[:0], row.measures[:0], row.scratch[:0]
	row.problems, row.faults, row.column, row.object = nil, 0, 0, 0
	clear(row.objects)
}

// Set sets a field to a value that was given as text, and is read as the field's type has it: "0.5" is a number for ml.metric.value, as a
// cell of CSV or an argument of the command line has it. "ml.metrics.loss" adds a metric.
func (row *Row) Set(field, text string) {
	row.give([]byte(field), token{kind: cellToken, text: []byte(text), raw: []byte(text)})
}

// SetTime sets a field of the type date.
func (row *Row) SetTime(field string, value time.Time) {
	at := instant{value.Unix(), int32(value.Nanosecond())}
	if at.seconds < firstSecond || at.seconds > lastSecond {
		// A file's number of milliseconds, read as seconds, is in the year 58000 or so.
		row.problem(field, "is in the year "+strconv.Itoa(value.UTC().Year())+"; were milliseconds taken for seconds?")
		return
	}
	row.Set(field, string(appendInstant(nil, at)))
}

// SetNumber sets a field of the type double or, if it is whole, long. NaN and infinity are problems.
func (row *Row) SetNumber(field string, value float64) {
	row.give([]byte(field), numberOf(value))
}

// SetInteger sets a field of the type long or double.
func (row *Row) SetInteger(field string, value int64) {
	row.give([]byte(field), token{kind: numberToken, text: strconv.AppendInt(nil, value, 10)})
}

// SetBoolean sets a field of the type boolean.
func (row *Row) SetBoolean(field string, value bool) {
	row.give([]byte(field), token{kind: booleanToken, text: strconv.AppendBool(nil, value)})
}

// AddMetric adds a metric: a document with this ml.metric.name and ml.metric.value, and all of the row's fields. A value that is NaN
// or infinite rejects that document alone.
func (row *Row) AddMetric(name string, value float64) {
	row.measure([]byte(name), numberOf(value))
}

// AddMetricText is AddMetric for a value that was given as text.
func (row *Row) AddMetricText(name, value string) {
	row.measure([]byte(name), token{kind: cellToken, text: []byte(value), raw: []byte(value)})
}

// Has reports whether the row has a value for the field, or for a name below labels or ml.params.
func (row *Row) Has(field string) bool {
	if at, ok := byName[field]; ok {
		return !row.values[at].empty()
	}
	return slices.ContainsFunc(row.below, func(set entry) bool {
		parent := ordered[set.at].Name
		return len(field) > len(parent) && field[:len(parent)+1] == parent+"." &&
			string(row.bytes(set.name)) == strings.ReplaceAll(field[len(parent)+1:], ".", "_")
	})
}

func numberOf(value float64) token {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		text := []byte(strconv.FormatFloat(value, 'g', -1, 64))
		return token{kind: notFiniteToken, text: text, raw: text}
	}
	return token{kind: numberToken, text: appendDouble(nil, value)}
}

func (row *Row) bytes(part span) []byte { return row.scratch[part.from:part.to] }

// since is what was appended to scratch from there on.
func (row *Row) since(from int) span { return span{int32(from), int32(len(row.scratch))} }

func (row *Row) problem(field, text string) {
	row.faults++
	if len(row.problems) < mostProblems {
		row.problems = append(row.problems, Problem{row.column, field, text})
	}
}

// unknown notes that the model has no such name. The nearest one is looked for only as long as somebody reads it.
func (row *Row) unknown(name []byte) {
	if len(row.problems) == mostProblems {
		row.faults++
		return
	}
	row.problem(clipName(name), unknown(string(name)))
}

const givenTwice = "is given twice; keep one"

// give sets the field of a name.
func (row *Row) give(name []byte, value token) {
	if at, ok := byName[string(name)]; ok {
		row.giveField(at, value, 0)
		return
	}
	if at, below, ok := keywordsBelow(name); ok {
		row.giveBelow(at, below, value)
		return
	}
	if rest, ok := bytes.CutPrefix(name, []byte(wide+".")); ok {
		row.measure(rest, value)
		return
	}
	if string(name) == wide {
		row.problem(wide, clip(string(value.raw))+" is one value; give an object of metrics")
		return
	}
	if known, ok := readAs[string(name)]; ok {
		row.giveField(known.at, value, known.shift)
		return
	}
	row.unknown(name)
}

// giveField sets a field that the model has. The value of a double is multiplied by ten to the power of shift.
func (row *Row) giveField(at int, value token, shift int) {
	field := &ordered[at]
	if !row.values[at].empty() {
		row.problem(field.Name, givenTwice)
		return
	}
	from := len(row.scratch)
	text := row.append(field, value, shift)
	if text != "" {
		row.scratch = row.scratch[:from]
		row.problem(field.Name, text)
		return
	}
	row.values[at] = row.since(from)
}

// append appends a value as the field has it in the canonical form, or returns what is wrong with it.
func (row *Row) append(field *Field, value token, shift int) string {
	switch value.kind {
	case nullToken:
		return "is null; leave the field out"
	case arrayToken:
		return clip(string(value.raw)) + " is an array; give one value, and a row for each"
	case objectToken:
		return "is an object; give one value"
	}
	switch field.Type {
	case Keyword:
		return row.appendKeyword(field, value)
	case Date:
		return row.appendDate(field, value)
	case Boolean:
		return row.appendBoolean(value)
	case Keywords:
		return clip(string(value.raw)) + " is one value; give an object, or write " + field.Name + ".<name>"
	default:
		return row.appendNumber(field, value, shift)
	}
}

func (row *Row) appendKeyword(field *Field, value token) string {
	switch value.kind {
	case textToken, cellToken:
		if wrong := row.appendTextOf(value); wrong != "" {
			return wrong
		}
	case numberToken:
		// Versions and ids are numbers in many a source. What has a point is ambiguous: 1.10 is 1.1.
		number := parseDecimal(value.text)
		if !number.set || len(number.fraction) > 0 || number.hasExponent || len(number.whole) > mostDigits {
			return clip(string(value.text)) + " is a number; write it as text, in quotes"
		}
		row.scratch = append(row.scratch, '"')
		row.scratch = append(row.scratch, value.text...)
		row.scratch = append(row.scratch, '"')
	default:
		return clip(string(value.raw)) + " is no text; write it in quotes"
	}
	if len(value.text) == 0 {
		return "is empty; leave the field out"
	}
	if field.Values != nil && !contains(field.Values, value.text) {
		return quote(string(value.text)) + " is none of " + either(field.Values)
	}
	return ""
}

func (row *Row) appendTextOf(value token) string {
	if len(value.text) > mostKeyword {
		return "has " + strconv.Itoa(len(value.text)) + " bytes; keep it to " + strconv.Itoa(mostKeyword)
	}
	if value.plain {
		row.scratch = append(row.scratch, value.raw...)
		return ""
	}
	if value.kind == cellToken && !isUTF8(value.text) {
		return quote(string(value.text)) + " is no UTF-8; save it as UTF-8"
	}
	row.scratch = appendText(row.scratch, value.text)
	return ""
}

func (row *Row) appendDate(field *Field, value token) string {
	if value.kind == notFiniteToken || value.kind == booleanToken {
		return clip(string(value.raw)) + ` is no time; write it as "2026-11-26T12:00:00Z"`
	}
	at, ok := parseInstant(value.text)
	if !ok || value.kind == numberToken {
		return noInstant(string(value.text))
	}
	if field.Name == timestamp {
		row.timestamp = at
	}
	row.scratch = append(row.scratch, '"')
	row.scratch = appendInstant(row.scratch, at)
	row.scratch = append(row.scratch, '"')
	return ""
}

func (row *Row) appendBoolean(value token) string {
	text := string(value.text)
	if value.kind == cellToken {
		// Python and spreadsheets write them large.
		switch text {
		case "True", "TRUE":
			text = "true"
		case "False", "FALSE":
			text = "false"
		}
	}
	switch {
	case text != "true" && text != "false":
		return clip(string(value.raw)) + " is neither true nor false; write one of them"
	case value.kind == textToken:
		return quote(text) + " is text; write " + text + " without quotes"
	}
	row.scratch = append(row.scratch, text...)
	return ""
}

func (row *Row) appendNumber(field *Field, value token, shift int) string {
	given := string(value.text)
	number := parseDecimal(value.text)
	switch {
	case value.kind == notFiniteToken || value.kind != numberToken && notFinite(given):
		return notFiniteText(given)
	case value.kind == booleanToken:
		return given + " is no number; write 1 or 0 if that is meant"
	case value.kind == textToken && number.set:
		return quote(given) + " is text; write " + clip(given) + " without quotes"
	case !number.set:
		return quote(given) + " is no number; write it as 0.5 or 1e-3"
	}
	from := len(row.scratch)
	if field.Type == Long {
		scratch, ok := appendDecimalLong(row.scratch, number)
		if row.scratch = scratch; !ok {
			return clip(given) + " is no whole number of 64 bits; give one"
		}
	} else {
		scratch, ok := appendDecimalDouble(row.scratch, value.text, number, shift)
		if row.scratch = scratch; !ok {
			return clip(given) + " is beyond what a double holds, 1.8e308; give a number that is finite"
		}
	}
	return row.bounds(field, row.scratch[from:])
}

// bounds says where a canonical number is outside of what the field may have.
func (row *Row) bounds(field *Field, canonical []byte) string {
	if field.Max == nil && (field.Min == nil || *field.Min == 0 && canonical[0] != '-') {
		return ""
	}
	value, err := strconv.ParseFloat(string(canonical), 64)
	switch {
	case err != nil:
		return err.Error()
	case field.Min != nil && value < *field.Min:
		return string(canonical) + " is below " + bound(*field.Min) + ", the least that it can be; is it another field's?"
	case field.Max != nil && value > *field.Max:
		remedy := "is it another field's?"
		if field.Unit == Ratio {
			remedy = "give a share of 1, not of 100"
		}
		return string(canonical) + " is above " + bound(*field.Max) + ", the most that it can be; " + remedy
	}
	return ""
}

// giveBelow sets a label or a parameter.
func (row *Row) giveBelow(at int, name []byte, value token) {
	parent := &ordered[at]
	if text := wrongName(name); text != "" {
		row.problem(parent.Name+"."+clipName(name), text)
		return
	}
	if len(row.below) == mostBelow {
		row.problem(parent.Name, "has more than "+strconv.Itoa(mostBelow)+
			" values, with those of ml.params or labels; leave out what nobody looks for")
		return
	}
	from := len(row.scratch)
	row.scratch = appendText(row.scratch, name)
	written := span{int32(from + 1), int32(len(row.scratch) - 1)}
	for i, c := range row.bytes(written) {
		// A dot would make an object of it, which two names cannot be at once.
		if c == '.' {
			row.scratch[int(written.from)+i] = '_'
		}
	}
	from = len(row.scratch)
	if text := row.appendBelow(value); text != "" {
		row.problem(parent.Name+"."+clipName(name), text)
		return
	}
	row.below = append(row.below, entry{at, written, row.since(from)})
}

// appendBelow appends the value of a label or a parameter, which is a text whatever it was.
func (row *Row) appendBelow(value token) string {
	switch value.kind {
	case textToken, cellToken:
		return row.appendTextOf(value)
	case booleanToken:
		row.scratch = append(append(append(row.scratch, '"'), value.text...), '"')
		return ""
	case numberToken:
		number := parseDecimal(value.text)
		row.scratch = append(row.scratch, '"')
		if !number.set {
			return clip(string(value.text)) + " is no number; write it as 0.5 or 1e-3"
		}
		if len(number.fraction) == 0 && !number.hasExponent && len(number.whole) <= mostDigits {
			row.scratch = append(append(row.scratch, value.text...), '"')
			return ""
		}
		scratch, ok := appendDecimalDouble(row.scratch, value.text, number, 0)
		if row.scratch = append(scratch, '"'); !ok {
			return clip(string(value.text)) + " is beyond what a double holds, 1.8e308; write it as text, in quotes"
		}
		return ""
	case notFiniteToken:
		return clip(string(value.raw)) + " is no text; write it in quotes"
	case nullToken:
		return "is null; leave it out"
	default:
		return clip(string(value.raw)) + " is an array; give one text"
	}
}

// measure adds a metric of a wide row.
func (row *Row) measure(name []byte, value token) {
	if len(name) == 0 || len(bytes.TrimSpace(name)) == 0 {
		row.problem(wide, "has a metric without a name; give it one")
		return
	}
	if len(name) > mostName {
		row.problem(wide+"."+clipName(name), "has a name of "+strconv.Itoa(len(name))+" bytes; keep it to "+strconv.Itoa(mostName))
		return
	}
	if len(row.measures) == mostMeasures {
		row.problem(wide, "has more than "+strconv.Itoa(mostMeasures)+" metrics; write them as several rows")
		return
	}
	from := len(row.scratch)
	if !isUTF8(name) {
		row.problem(wide+"."+clipName(name), "is no UTF-8; save it as UTF-8")
		return
	}
	row.scratch = appendText(row.scratch, name)
	added := measure{name: row.since(from)}
	from = len(row.scratch)
	if text := row.append(&ordered[metricValue], value, 0); text != "" {
		added.wrong = &Problem{row.column, wide + "." + clipName(name), text}
	} else {
		added.value = row.since(from)
	}
	row.measures = append(row.measures, added)
}

// wrongName says what is wrong with the name of a label or a parameter; Elasticsearch refuses these, or makes other names of them.
func wrongName(name []byte) string {
	switch {
	case len(bytes.TrimSpace(name)) == 0:
		return "has no name; give it one"
	case name[0] == '.' || name[len(name)-1] == '.' || bytes.Contains(name, []byte("..")):
		return "has a dot with nothing beside it; leave the dot out"
	case len(name) > mostName:
		return "has a name of " + strconv.Itoa(len(name)) + " bytes; keep it to " + strconv.Itoa(mostName)
	case !isUTF8(name):
		return "is no UTF-8; save it as UTF-8"
	}
	for _, c := range name {
		if c < ' ' {
			return "has a control character in its name; leave it out"
		}
	}
	return ""
}

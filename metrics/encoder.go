package metrics

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Options is how an Encoder makes documents.
type Options struct {
	// Where the documents go: IndexPrefix and Partition count.
	Settings Settings
	// The clock: what event.ingested says, and a day after which no document is taken. Default: time.Now.
	Now func() time.Time
	// ml.batch of every document. Default: none, and a row's own is kept.
	Batch string
	// Values, given as text, for fields that a row lacks. A row that has another value is rejected.
	Fill map[string]string
}

// Document is one document, ready to be sent with op_type create.
type Document struct {
	Index string
	ID    ID
	// @timestamp.
	Time time.Time
	// One line of JSON without the newline, its names dotted and flat. It is valid until the next document: copy what is kept.
	Source []byte
}

// Encoder makes documents of rows. It keeps its buffers: one goroutine may use it at a time, and each needs its own.
type Encoder struct {
	options Options
	row     *Row // of Line
	fill    *Row
	batch   []byte // as JSON

	// What the source of a document begins with is its canonical form.
	buffer []byte
	index  map[int64]string
}

// NewEncoder returns an Encoder. The error is about the options: a batch, a fill or settings that cannot be.
func NewEncoder(options Options) (*Encoder, error) {
	options.Settings = options.Settings.WithDefaults()
	if err := options.Settings.Check(); err != nil {
		return nil, err
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	encoder := &Encoder{options: options, row: NewRow(), fill: NewRow(), index: map[int64]string{}}
	if options.Batch != "" {
		given := NewRow()
		given.Set("ml.batch", options.Batch)
		if len(given.problems) > 0 {
			return nil, given.problems
		}
		encoder.batch = bytes.Clone(given.bytes(given.values[byName["ml.batch"]]))
	}
	for _, name := range slices.Sorted(maps.Keys(options.Fill)) {
		encoder.fill.Set(name, options.Fill[name])
	}
	if len(encoder.fill.measures) > 0 {
		encoder.fill.problem(wide, "cannot be filled in; a metric belongs to its row")
	}
	if len(encoder.fill.problems) > 0 {
		return nil, encoder.fill.problems
	}
	return encoder, nil
}

// Line makes documents of one JSON object, given as one line: fields in nested objects or with dotted names, and
// `"ml.metrics": {"accuracy": 0.9, "loss": 0.2}` for several metrics at once. Where the error is not nil it is a *[Rejection], and the
// document is none.
func (encoder *Encoder) Line(line []byte) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) { encoder.line(line, yield) }
}

func (encoder *Encoder) line(line []byte, yield func(Document, error) bool) {
	row := encoder.row
	row.Reset()
	if wrong := row.read(line); wrong != nil {
		yield(Document{}, &Rejection{Documents: 1, Problems: Problems{{wrong.at + 1, "", wrong.text}}})
		return
	}
	encoder.documents(row, yield)
}

// Row makes documents of a row, as Line does.
func (encoder *Encoder) Row(row *Row) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) { encoder.documents(row, yield) }
}

func (encoder *Encoder) documents(row *Row, yield func(Document, error) bool) {
	now := encoder.options.Now()
	encoder.fillIn(row)
	if missing := row.check(now); row.faults > 0 {
		yield(Document{}, &Rejection{max(1, len(row.measures)), row.problems, missing})
		return
	}
	document := Document{Index: encoder.indexOf(row.timestamp), Time: row.timestamp.time()}
	if len(row.measures) == 0 {
		yield(encoder.document(row, document, now))
		return
	}
	for _, measure := range row.measures {
		if measure.wrong != nil {
			if !yield(Document{}, &Rejection{1, Problems{*measure.wrong}, nil}) {
				return
			}
			continue
		}
		row.values[metricName], row.values[metricValue] = measure.name, measure.value
		more := yield(encoder.document(row, document, now))
		row.values[metricName], row.values[metricValue] = span{}, span{}
		if !more {
			return
		}
	}
}

// fillIn gives the row what it lacks. What it has otherwise is a problem.
func (encoder *Encoder) fillIn(row *Row) {
	fill := encoder.fill
	if len(encoder.options.Fill) == 0 {
		return
	}
	row.column = 0
	for at, value := range fill.values {
		switch {
		case value.empty():
		case row.values[at].empty():
			from := len(row.scratch)
			row.scratch = append(row.scratch, fill.bytes(value)...)
			row.values[at] = row.since(from)
			if at == atTimestamp {
				row.timestamp = fill.timestamp
			}
		case !bytes.Equal(row.bytes(row.values[at]), fill.bytes(value)):
			row.problem(ordered[at].Name, conflict(row.bytes(row.values[at]), fill.bytes(value)))
		}
	}
	for _, given := range fill.below {
		own := slices.IndexFunc(row.below, func(own entry) bool {
			return own.at == given.at && bytes.Equal(row.bytes(own.name), fill.bytes(given.name))
		})
		if own >= 0 {
			if has, set := row.bytes(row.below[own].value), fill.bytes(given.value); !bytes.Equal(has, set) {
				row.problem(ordered[given.at].Name+"."+string(fill.bytes(given.name)), conflict(has, set))
			}
			continue
		}
		from := len(row.scratch)
		row.scratch = append(row.scratch, fill.bytes(given.name)...)
		name := row.since(from)
		from = len(row.scratch)
		row.scratch = append(row.scratch, fill.bytes(given.value)...)
		row.below = append(row.below, entry{given.at, name, row.since(from)})
	}
}

func conflict(has, set []byte) string {
	return fmt.Sprintf("is %s, and was to be set to %s; leave one of them out", clip(string(has)), clip(string(set)))
}

// identified begins what is hashed.
var identified = []byte("aimetrics " + strconv.Itoa(IdentityVersion) + "\n")

// document writes the document: first what its identity is made of, then what is filled in.
func (encoder *Encoder) document(row *Row, document Document, now time.Time) (Document, error) {
	buffer := append(encoder.buffer[:0], identified...)
	buffer = append(buffer, '{')
	below := row.below
	for at, value := range row.values {
		if ordered[at].OutsideID {
			continue
		}
		if !value.empty() {
			buffer = append(append(append(buffer, names[at]...), row.bytes(value)...), ',')
		}
		for len(below) > 0 && below[0].at == at {
			buffer = append(append(append(buffer, names[at][:len(names[at])-2]...), '.'), row.bytes(below[0].name)...)
			buffer = append(append(append(buffer, `":`...), row.bytes(below[0].value)...), ',')
			below = below[1:]
		}
	}
	buffer[len(buffer)-1] = '}'
	document.ID = identity(buffer, row.timestamp)

	buffer[len(buffer)-1] = ','
	buffer = encoder.appendFilledIn(buffer, row, now)
	encoder.buffer = buffer
	document.Source = buffer[len(identified):]
	if len(document.Source) > MaxSourceBytes {
		text := fmt.Sprintf("has %d bytes; keep a document to %d", len(document.Source), MaxSourceBytes)
		return Document{}, &Rejection{1, Problems{{0, "", text}}, nil}
	}
	return document, nil
}

// names is what a field's value stands behind, by its place: "ml.metric.name":
var names = func() [][]byte {
	all := make([][]byte, len(ordered))
	for at, field := range ordered {
		all[at] = []byte(`"` + field.Name + `":`)
	}
	return all
}()

// outside is the fields that the identity leaves out, by their places.
var outside = func() []int {
	var places []int
	for at, field := range ordered {
		if field.OutsideID {
			places = append(places, at)
		}
	}
	return places
}()

var (
	ingested = byName["event.ingested"]
	batch    = byName["ml.batch"]
)

// appendFilledIn appends what the identity leaves out, and what is known of a metric, and the last brace.
func (encoder *Encoder) appendFilledIn(buffer []byte, row *Row, now time.Time) []byte {
	for _, at := range outside {
		switch value := row.values[at]; {
		case at == ingested:
			buffer = append(append(buffer, names[at]...), '"')
			buffer = appendInstant(buffer, instant{now.Unix(), int32(now.Nanosecond() / 1e6 * 1e6)})
			buffer = append(buffer, '"', ',')
		case at == batch && encoder.batch != nil:
			buffer = append(append(append(buffer, names[at]...), encoder.batch...), ',')
		case !value.empty():
			buffer = append(append(append(buffer, names[at]...), row.bytes(value)...), ',')
		case ordered[at].Constant != "":
			buffer = append(append(append(append(buffer, names[at]...), '"'), ordered[at].Constant...), '"', ',')
		}
	}
	if name := row.bytes(row.values[metricName]); len(name) > 0 {
		if known, ok := knownByName[string(name[1:len(name)-1])]; ok {
			if row.values[higherIsBetter].empty() {
				buffer = append(strconv.AppendBool(append(buffer, names[higherIsBetter]...), known.HigherIsBetter), ',')
			}
			if row.values[metricUnit].empty() && known.Unit != NoUnit {
				buffer = append(append(append(append(buffer, names[metricUnit]...), '"'), known.Unit...), '"', ',')
			}
		}
	}
	buffer[len(buffer)-1] = '}'
	return buffer
}

// indexOf is Settings.Index, kept for each day.
func (encoder *Encoder) indexOf(at instant) string {
	day := at.seconds / 86400
	index, ok := encoder.index[day]
	if !ok {
		index = encoder.options.Settings.Index(at.time())
		encoder.index[day] = index
	}
	return index
}

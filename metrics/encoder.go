package metrics

import (
	"iter"
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
type Encoder struct{}

// NewEncoder returns an Encoder. The error is about the options: a batch, a fill or settings that cannot be.
func NewEncoder(options Options) (*Encoder, error) { return &Encoder{}, nil }

// Line makes documents of one JSON object, given as one line: fields in nested objects or with dotted names, and
// `"ml.metrics": {"accuracy": 0.9, "loss": 0.2}` for several metrics at once. Where the error is not nil it is a *[Rejection], and the
// document is none.
func (encoder *Encoder) Line(line []byte) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {}
}

// Row makes documents of a row, as Line does.
func (encoder *Encoder) Row(row *Row) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {}
}

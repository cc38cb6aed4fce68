package metrics

import "time"

// Row is one line of a source: fields that its documents share, and any number of metrics, of which each becomes a document. Make one
// with [NewRow], and use it again after Reset.
//
// A setter that cannot take a value keeps the problem, and [Encoder.Row] reports it. A field that is set twice is a problem too, and
// so is a name that the model does not have.
type Row struct{}

// NewRow returns an empty row.
func NewRow() *Row { return &Row{} }

// Reset empties the row.
func (row *Row) Reset() {}

// Set sets a field to a value that was given as text, and is read as the field's type has it: "0.5" is a number for ml.metric.value, as a
// cell of CSV or an argument of the command line has it.
func (row *Row) Set(field, text string) {}

// SetTime sets a field of the type date.
func (row *Row) SetTime(field string, value time.Time) {}

// SetNumber sets a field of the type double or, if it is whole, long. NaN and infinity are problems.
func (row *Row) SetNumber(field string, value float64) {}

// SetInteger sets a field of the type long or double.
func (row *Row) SetInteger(field string, value int64) {}

// SetBoolean sets a field of the type boolean.
func (row *Row) SetBoolean(field string, value bool) {}

// AddMetric adds a metric: a document with this ml.metric.name and ml.metric.value, and all of the row's fields. A value that is NaN
// or infinite rejects that document alone.
func (row *Row) AddMetric(name string, value float64) {}

// AddMetricText is AddMetric for a value that was given as text.
func (row *Row) AddMetricText(name, value string) {}

// Has reports whether the row has a value for the field.
func (row *Row) Has(field string) bool { return false }

package metrics

import (
	"slices"
	"strings"
)

// Type is how Elasticsearch stores a field, under Elasticsearch's own name.
type Type string

const (
	Keyword Type = "keyword"
	Date    Type = "date"
	Double  Type = "double"
	Long    Type = "long"
	Boolean Type = "boolean"
	// Keywords is any number of keywords below one name, such as labels.team; each is a field of its own.
	Keywords Type = "object"
)

// Unit is what a number counts. Where it is no ratio and no count, the field's name has it too.
type Unit string

const (
	NoUnit       Unit = ""
	Ratio        Unit = "ratio" // from 0 to 1
	Count        Unit = "count"
	Milliseconds Unit = "ms"
	Bytes        Unit = "bytes"
	Tokens       Unit = "tokens"
	Dollars      Unit = "USD"
	Watts        Unit = "W"
	PerSecond    Unit = "1/s"
)

// Group is what fields have in common; the reference lists them by it.
type Group string

const (
	GroupRequired Group = "Every document"
	GroupContext  Group = "Context"
	GroupMetric   Group = "A metric"
	GroupWindow   Group = "Inference, a window"
	GroupRequest  Group = "Inference, one request"
	GroupDrift    Group = "Drift"
	GroupQuality  Group = "Data quality"
)

// Field is one field of a document.
type Field struct {
	// Dotted, such as "ml.metric.value".
	Name  string
	Type  Type
	Group Group
	Unit  Unit

	// What it says, in one sentence.
	Description string
	// A value as JSON.
	Example string

	// The values that it may have; any where there are none.
	Values []string
	// The bounds of a number, both included; nil is none.
	Min, Max *float64

	// What is written where the source says nothing; such a field is no part of the identity.
	Constant string
	// Whether the identity leaves it out: what it says differs between two uploads of the same document.
	OutsideID bool
}

// Fields returns every field, by group and then as the reference has them. The slice is the caller's.
func Fields() []Field { return slices.Clone(fields) }

// Lookup returns the field of a dotted name. A name below one of the type [Keywords], such as labels.team, gives that one.
func Lookup(name string) (Field, bool) {
	if at, ok := byName[name]; ok {
		return ordered[at], true
	}
	for _, at := range keywordsFields {
		if strings.HasPrefix(name, ordered[at].Name+".") {
			return ordered[at], true
		}
	}
	return Field{}, false
}

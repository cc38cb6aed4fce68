package source

import (
	"io"
	"slices"
)

// Format is one kind of input.
type Format struct {
	// As --format takes it.
	Name string
	// What it is, in a few words.
	Description string

	// recognizes reports whether a file is of the format, by its name and its unpacked beginning.
	recognizes func(name string, beginning []byte) bool
	read       func(content io.ReadCloser) records
}

// formats is in the order in which a file's content is asked.
var formats = []Format{
	rejected,
	huggingFace,
	{"ndjson", "lines of JSON in our own model", looksLikeLines, readLines},
}

// Formats returns every format. The slice is the caller's.
func Formats() []Format { return slices.Clone(formats) }

func formatNamed(name string) (Format, bool) {
	for _, format := range formats {
		if format.Name == name {
			return format, true
		}
	}
	return Format{}, false
}

func formatOf(name string, beginning []byte) (Format, bool) {
	for _, format := range formats {
		if format.recognizes(name, beginning) {
			return format, true
		}
	}
	return Format{}, false
}

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

	// recognizes reports whether a file is of the format, by its unpacked beginning. Nil where no single file is.
	recognizes func(beginning []byte) bool
	read       func(content io.ReadCloser, options Options) records

	// claims reports whether an address or a folder is, as a whole, one input of the format, check says what is wrong with it, and open
	// opens it. Nil for a format of files.
	claims func(name string) bool
	check  func(name string) error
	open   func(name string, options Options) (records, error)
}

// formats is in the order in which a file's content is asked: what is more particular comes first.
var formats []Format

// The table is filled here because the rejected file holds lines of every format in it.
func init() {
	formats = []Format{
		rejected,
		mlflowFormat,
		huggingFace,
		evidently,
		classificationReport,
		crossValidate,
		evalsResult,
		csvOfModel,
		tensorBoard,
		wandb,
		keras,
		{Name: "ndjson", Description: "lines of JSON in our own model", recognizes: looksLikeLines, read: readLines},
	}
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

// formatOf is the format of a file, by its content.
func formatOf(beginning []byte) (Format, bool) {
	for _, format := range formats {
		if format.recognizes != nil && format.recognizes(beginning) {
			return format, true
		}
	}
	return Format{}, false
}

// claimed is the format that an address or a folder is as a whole.
func claimed(name string) (Format, bool) {
	for _, format := range formats {
		if format.claims != nil && format.claims(name) {
			return format, true
		}
	}
	return Format{}, false
}

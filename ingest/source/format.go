package source

import (
	"context"
	"io"
)

// Format is one kind of input.
type Format struct {
	// As --format takes it.
	Name string
	// What it is, in a few words.
	Description string

	// recognizes reports whether a file is of the format, by its name and its unpacked beginning.
	recognizes func(name string, beginning []byte) bool
	open       func(ctx context.Context, input input) (records, error)
}

// formats is in the order in which a file's content is asked.
var formats = []Format{}

// input is one file, stream or server.
type input struct {
	name   string // as the user named it
	path   string // of a file; "" for another
	reader func() (io.ReadCloser, error)
}

package source

import (
	"context"
	"io"
	"iter"

	"aimetrics/metrics"
)

// fullAt is how many records a block of rows has.
const fullAt = 512

// output is where a format writes its records, one after the other; a full block is handed on before the next.
type output struct {
	block *Block
	yield func(struct{}) bool
	// Whether nobody wants the rest.
	stopped bool
}

// row writes a record with an empty row, for the caller to fill.
func (out *output) row(line int64, path string, raw []byte) *metrics.Row {
	out.room()
	return out.block.row(line, path, raw)
}

// unreadable writes what could not be read, and why.
func (out *output) unreadable(line int64, path string, raw []byte, problem error) {
	out.room()
	out.block.unreadable(line, path, raw, int64(len(raw)), problem)
}

func (out *output) room() {
	if len(out.block.Records) >= fullAt && !out.stopped {
		out.stopped = !out.yield(struct{}{})
	}
}

// written is an input that a format writes in its own time: the format runs on when another block is asked for.
type written struct {
	content io.Closer
	out     output
	more    func() (struct{}, bool)
	stop    func()
	fault   error
}

// writtenBy makes records of a function that writes them all. Its error is that the content cannot be read on.
func writtenBy(content io.Closer, write func(*output) error) records {
	w := &written{content: content}
	w.more, w.stop = iter.Pull(func(yield func(struct{}) bool) {
		w.out.yield = yield
		w.fault = write(&w.out)
	})
	return w
}

func (w *written) next(_ context.Context, block *Block) error {
	w.out.block = block
	if _, more := w.more(); more {
		return nil
	}
	switch {
	case w.fault != nil:
		return w.fault
	case len(block.Records) > 0:
		return nil
	}
	return io.EOF
}

func (w *written) close() error {
	w.out.block, w.out.stopped = &Block{}, true
	w.stop()
	return w.content.Close()
}

package source

import (
	"context"
	"errors"
	"io"
	"iter"

	"cdktf-aimetrics/metrics"
)

const (
	// fullAt is how many records a block of rows has, and fullWeight how many bytes, more or less: a hundred blocks are in memory at once.
	fullAt, fullWeight = 128, 192 << 10
	// measureWeight is what a metric weighs in a row.
	measureWeight = 64
)

// output is where a format writes its records, one after the other; a full block is handed on before the next.
type output struct {
	options Options
	// Of whoever waits for the next block.
	ctx    context.Context
	block  *Block
	weight int
	yield  func(struct{}) bool
	// Whether nobody wants the rest.
	stopped bool
}

// row writes a record with an empty row, for the caller to fill with so many metrics.
func (out *output) row(at place, raw []byte, measures int) *metrics.Row {
	out.room(min(len(raw), mostKept) + measures*measureWeight)
	return out.block.row(at, out.block.keep(raw), int64(len(raw)))
}

// unreadable writes what could not be read, and why. The caller may set the record's format.
func (out *output) unreadable(at place, raw []byte, problem error) *Record {
	out.room(min(len(raw), mostKept))
	out.block.unreadable(at, out.block.keep(raw), int64(len(raw)), problem)
	return &out.block.Records[len(out.block.Records)-1]
}

func (out *output) room(weight int) {
	if len(out.block.Records) >= fullAt || out.weight >= fullWeight {
		out.flush()
	}
	out.weight += weight
}

// flush hands on what there is: what comes next may take its time.
func (out *output) flush() {
	if len(out.block.Records) == 0 {
		return
	}
	out.weight = 0
	if out.stopped = out.stopped || !out.yield(struct{}{}); out.stopped {
		out.block.Reset()
	}
}

// written is an input that a format writes in its own time: the format runs on when another block is asked for.
type written struct {
	content io.Closer
	out     output
	more    func() (struct{}, bool)
	stop    func()
	fault   error
	ended   bool
}

// writtenBy makes records of a function that reads content and writes them all. Its error is that the content cannot be read on.
func writtenBy(content io.ReadCloser, options Options, write func(content io.Reader, out *output) error) records {
	w := &written{content: content, out: output{options: options}}
	w.more, w.stop = iter.Pull(func(yield func(struct{}) bool) {
		w.out.yield = yield
		w.fault = write(ending{content, &w.out}, &w.out)
	})
	return w
}

// ending is content that ends when nobody wants the rest.
type ending struct {
	io.Reader
	out *output
}

var errStopped = errors.New("nobody wants the rest")

func (e ending) Read(into []byte) (int, error) {
	if e.out.stopped {
		return 0, errStopped
	}
	return e.Reader.Read(into)
}

func (w *written) next(ctx context.Context, block *Block) error {
	w.out.ctx, w.out.block, w.out.weight = ctx, block, 0
	if _, more := w.more(); more {
		return nil
	}
	switch isLast := !w.ended; {
	case isLast && len(block.Records) > 0:
		w.ended = true
		return nil // what ended it comes next
	case w.fault != nil:
		return w.fault
	}
	return io.EOF
}

func (w *written) close() error {
	w.out.ctx, w.out.block, w.out.stopped = context.Background(), &Block{}, true
	w.stop()
	return w.content.Close()
}

package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/metrics"
)

// Source is where records come from: a [source.Reader].
type Source interface {
	// Next fills the block with the next records; [io.EOF] after the last.
	Next(ctx context.Context, block *source.Block) error
}

// load is one source on its way in.
type load struct {
	in   *Ingester
	all  hangar       // to read into
	read chan *flight // to make documents of
	// Whether the reader waits for a flight: then what is open is sent, for its flights are what the reader waits for.
	starved atomic.Bool
	wake    chan struct{}

	order order

	handing   sync.Mutex // guards what the reader hands on
	abandoned bool       // the reader hangs in the source, with a flight
	position  place      // after the last record that was read
}

// Load takes all records of a source, and returns when each of its documents has its outcome.
//
// When the context ends, no more is read, and what was read has some seconds for its outcome. The error is an [*Unfinished]; or what
// the source said, when all that was read before has its outcome.
func (in *Ingester) Load(ctx context.Context, from Source) error {
	if err := in.usable(); err != nil {
		return err
	}
	l := &load{in: in, read: make(chan *flight, mostFlights/4), wake: make(chan struct{}, 1)}
	l.all.landed = make(chan struct{}, 1)
	l.order.in = in
	encoders := make([]*metrics.Encoder, runtime.GOMAXPROCS(0))
	for i := range encoders {
		var err error
		if encoders[i], err = in.encoder(); err != nil {
			return err
		}
	}
	// What is in flight when the context ends gets its time.
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-ctx.Done():
		case <-finished:
			return
		}
		select {
		case <-time.After(in.options.grace):
			in.fail(ctx.Err())
		case <-finished:
		}
	}()

	var fillers sync.WaitGroup
	for _, encoder := range encoders {
		fillers.Add(1)
		go func() {
			defer fillers.Done()
			l.fill(newFiller(in, encoder))
		}()
	}
	sourceError := l.readAll(ctx, from)
	fillers.Wait()
	err := l.settled()
	switch {
	case err != nil:
	case ctx.Err() != nil && sourceError != nil:
		err = &Unfinished{Cause: ctx.Err()}
	default:
		return sourceError
	}
	err.From = l.from()
	return err
}

// readAll reads the source to its end. It leaves a reader that hangs, as that of a terminal does, alone when the context ends.
func (l *load) readAll(ctx context.Context, from Source) error {
	defer close(l.read)
	done := make(chan error, 1)
	go func() { done <- l.reader(ctx, from) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	case <-l.in.running.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(readerGrace):
	}
	l.handing.Lock()
	defer l.handing.Unlock()
	select {
	case err := <-done: // just now
		return err
	default:
	}
	l.abandoned = true
	return errAbandoned
}

// readerGrace is how long a reader has to notice that the run ends.
const readerGrace = 250 * time.Millisecond

var errAbandoned = errors.New("the source does not answer")

// reader reads no further than there are flights.
func (l *load) reader(ctx context.Context, from Source) error {
	for sequence := int64(0); ; sequence++ {
		f, err := l.freeFlight(ctx)
		if err != nil {
			return err
		}
		err = from.Next(ctx, &f.Block)
		l.handing.Lock()
		switch {
		case l.abandoned:
			l.handing.Unlock()
			return errAbandoned
		case err != nil:
			l.handing.Unlock()
			l.all.put(f)
			if err == io.EOF {
				return nil
			}
			return err
		}
		f.sequence = sequence
		f.open.Store(1)
		l.all.load(f)
		if last := len(f.Records) - 1; last >= 0 {
			l.position = place{f.Input, f.Records[last].Line + 1}
		}
		l.read <- f
		l.handing.Unlock()
	}
}

// place is a line of an input.
type place struct {
	input string
	line  int64
}

func (p place) String() string {
	if p.input == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.input, max(1, p.line))
}

func (l *load) freeFlight(ctx context.Context) (*flight, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if f := l.all.tryTake(); f != nil {
		return f, nil
	}
	l.starved.Store(true)
	defer l.starved.Store(false)
	for {
		select {
		case l.wake <- struct{}{}:
		default:
		}
		select {
		case <-l.all.landed:
			if f := l.all.tryTake(); f != nil {
				return f, nil
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.in.running.Done():
			return nil, context.Cause(l.in.running)
		}
	}
}

// fill makes documents of what was read, until all is.
func (l *load) fill(filler *filler) {
	defer filler.flush()
	for {
		f, more := l.next(filler)
		if !more {
			return
		}
		if filler.fill(l.in.running, f) != nil {
			// The run has failed; the reader must not wait, and what it read is counted.
			for f := range l.read {
				filler.fill(l.in.running, f)
			}
			return
		}
		l.order.made(f)
	}
}

// next is the next flight. While there is none, what is open does not wait for long.
func (l *load) next(filler *filler) (*flight, bool) {
	select {
	case f, more := <-l.read:
		return f, more
	default:
	}
	linger := time.NewTimer(l.in.options.linger)
	defer linger.Stop()
	for {
		if l.starved.Load() {
			filler.flush()
		}
		select {
		case f, more := <-l.read:
			return f, more
		case <-l.wake:
			filler.flush()
			// The others too.
			if l.starved.Load() {
				select {
				case l.wake <- struct{}{}:
				default:
				}
				select {
				case f, more := <-l.read:
					return f, more
				case <-time.After(time.Millisecond):
				}
			}
		case <-linger.C:
			filler.flush()
		}
	}
}

// settled waits until all that was read has its outcome.
func (l *load) settled() *Unfinished {
	held := 0
	if l.abandoned {
		held = 1 // by the reader
	}
	for {
		if _, flying := l.all.first(); flying <= held {
			return nil
		}
		select {
		case <-l.all.landed:
		case <-l.in.running.Done():
			l.in.senders.Wait()
			return l.in.unfinished(context.Cause(l.in.running))
		}
	}
}

// from is up to where the source is done without a gap.
func (l *load) from() string {
	l.handing.Lock()
	defer l.handing.Unlock()
	if f, _ := l.all.first(); f != nil && len(f.Records) > 0 {
		return place{f.Input, f.Records[0].Line}.String()
	}
	return l.position.String()
}

// order writes what could not be made into the rejected file in the order in which it was read, whoever is done first. No worker waits
// for another's write.
type order struct {
	in      *Ingester
	mutex   sync.Mutex
	next    int64
	waiting map[int64]*flight
	writing bool
}

// mostTurn is how many flights are written and synced at once.
const mostTurn = 8

// made is called when all documents of a flight were made.
func (o *order) made(f *flight) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.waiting == nil {
		o.waiting = map[int64]*flight{}
	}
	o.waiting[f.sequence] = f
	if o.writing {
		return
	}
	o.writing = true
	for {
		var turn []*flight
		for f := o.waiting[o.next]; f != nil && len(turn) < mostTurn; f = o.waiting[o.next] {
			delete(o.waiting, o.next)
			o.next++
			turn = append(turn, f)
		}
		if len(turn) == 0 {
			break
		}
		o.mutex.Unlock()
		if o.in.reject(turn...) == nil {
			for _, f := range turn {
				f.settle(1)
			}
		}
		o.mutex.Lock()
	}
	o.writing = false
}

// reject puts what could not be made of flights into the rejected file, and counts it. An error ends the run.
func (in *Ingester) reject(flights ...*flight) error {
	var documents int64
	for _, f := range flights {
		for _, reject := range f.rejects {
			documents += reject.documents
			in.tally.lacked(reject.missing, f.Input)
		}
	}
	if documents == 0 {
		return nil
	}
	whole, err := in.rejected.write(func(add func(string, *source.Record, *reject)) {
		for _, f := range flights {
			for i := range f.rejects {
				add(f.Input, &f.Records[f.rejects[i].record], &f.rejects[i])
			}
		}
	})
	for _, f := range flights {
		var n int64
		for _, reject := range f.rejects[:min(whole, len(f.rejects))] {
			n += reject.documents
		}
		whole -= min(whole, len(f.rejects))
		in.tally.rejected.Add(n)
		f.settle(n)
	}
	in.tally.settled()
	if err != nil {
		in.fail(err)
	}
	return err
}

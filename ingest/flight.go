package ingest

import (
	"sync"
	"sync/atomic"

	"cdktf-aimetrics/ingest/source"
)

// flight is records on their way: the memory that they share is given back when each has its outcome.
type flight struct {
	source.Block
	sequence int64
	// About how much memory it takes, in bytes.
	size int64
	// What is without an outcome, and one while documents are still made.
	open atomic.Int64
	home *hangar
	// What could not be made, for the rejected file.
	rejects []reject
}

// settle notes outcomes.
func (f *flight) settle(n int64) {
	if f.open.Add(-n) == 0 {
		f.home.put(f)
	}
}

const (
	// mostFlights is how many blocks of a source are in memory at once: as much as the requests that their documents go into.
	mostFlights = 64
	// mostFlying is how much memory they take, in bytes, but for the last: blocks of long lines are few.
	mostFlying = 20 << 20
	// rowSize is about what a row takes beside its record, in bytes.
	rowSize = 2 << 10
)

// hangar is flights that are used again, the last first: so that no more of them grow than are needed at once.
type hangar struct {
	mutex  sync.Mutex
	free   []*flight
	flying map[*flight]bool
	bytes  int64 // of those
	landed chan struct{}
}

// take returns a flight, whatever is on its way.
func (h *hangar) take() *flight {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.out()
}

func (h *hangar) out() *flight {
	f := &flight{home: h}
	if last := len(h.free) - 1; last >= 0 {
		f, h.free = h.free[last], h.free[:last]
	}
	if h.flying == nil {
		h.flying = map[*flight]bool{}
	}
	h.flying[f] = true
	return f
}

// tryTake returns a flight, or nil where there are enough on their way.
func (h *hangar) tryTake() *flight {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if len(h.flying) >= mostFlights || h.bytes > mostFlying {
		return nil
	}
	return h.out()
}

// load notes how much a flight takes.
func (h *hangar) load(f *flight) {
	f.size = 0
	for i := range f.Records {
		f.size += int64(len(f.Records[i].Raw))
		if f.Records[i].Row != nil {
			f.size += rowSize
		}
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.bytes += f.size
}

// put takes a flight back.
func (h *hangar) put(f *flight) {
	f.rejects = f.rejects[:0]
	f.Reset()
	h.mutex.Lock()
	h.bytes -= f.size
	f.size = 0
	delete(h.flying, f)
	if len(h.free) < mostFlights {
		h.free = append(h.free, f)
	}
	h.mutex.Unlock()
	select {
	case h.landed <- struct{}{}:
	default:
	}
}

// first returns the flight on its way that was read first, and how many there are.
func (h *hangar) first() (first *flight, flying int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for f := range h.flying {
		if f.open.Load() > 0 && (first == nil || f.sequence < first.sequence) {
			first = f
		}
	}
	return first, len(h.flying)
}

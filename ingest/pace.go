package ingest

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// pace is how many requests are on their way at once, and how large they are: a little more after each that goes well, half after one
// that the domain had no room for.
type pace struct {
	mutex  sync.Mutex
	limit  float64
	most   float64
	active int
	cut    time.Time
	freed  chan struct{} // closed, and made anew, when somebody may go on

	bytes    atomic.Int64 // of a request
	largest  atomic.Int64 // that one may have
	smallest int64
}

const (
	firstRequests    = 2
	firstRequestSize = 2 << 20
	// usualRequestSize is below the 10 MiB that small instance types of AWS take, which count unpacked, by more than the largest document.
	usualRequestSize  = 4 << 20
	lowestRequestSize = 64 << 10
)

func newPace(most int) *pace {
	p := &pace{limit: min(firstRequests, float64(most)), most: float64(most), freed: make(chan struct{}), smallest: lowestRequestSize}
	p.bytes.Store(firstRequestSize)
	p.largest.Store(usualRequestSize)
	return p
}

// size is how many bytes a request is filled to.
func (p *pace) size() int { return int(p.bytes.Load()) }

// acquire waits until one more request may go.
func (p *pace) acquire(ctx context.Context) error {
	for {
		p.mutex.Lock()
		if float64(p.active+1) <= max(1, p.limit) {
			p.active++
			p.mutex.Unlock()
			return nil
		}
		freed := p.freed
		p.mutex.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// release ends a request that began at a time.
func (p *pace) release(began time.Time, bytes int, answer *answer) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.active--
	switch {
	case answer.busy:
		// Those that were on their way already say nothing new.
		if began.After(p.cut) {
			p.limit, p.cut = max(1, p.limit/2), time.Now()
		}
	case answer.status == http.StatusRequestEntityTooLarge:
		p.largest.Store(max(p.smallest, min(p.largest.Load(), int64(bytes)/2)))
		p.bytes.Store(min(p.bytes.Load(), p.largest.Load()))
	case answer.kind == answered:
		p.limit = min(p.most, p.limit+1/p.limit)
		if int64(bytes) > p.bytes.Load()/2 && time.Since(began) < 2*time.Second {
			p.bytes.Store(min(p.largest.Load(), p.bytes.Load()*9/8))
		}
	}
	close(p.freed)
	p.freed = make(chan struct{})
}

// smaller makes requests half as large: the domain had no room for one again and again.
func (p *pace) smaller() { p.bytes.Store(max(p.smallest, p.bytes.Load()/2)) }

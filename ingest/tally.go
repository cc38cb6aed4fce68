package ingest

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// tally counts documents: each is taken once, and gets one outcome once.
type tally struct {
	taken                       atomic.Int64
	indexed, existing, rejected atomic.Int64
	unanswered                  atomic.Int64 // were sent at least once without an answer, and have no outcome
	retries, sent               atomic.Int64

	mutex       sync.Mutex
	idlers      []chan struct{}
	first, last time.Time
	missing     []string        // in order
	missingFrom []string        // inputs, as they came
	lacking     map[string]bool // the same
}

func (t *tally) counts() Counts {
	counts := Counts{Indexed: t.indexed.Load(), Existing: t.existing.Load(), Rejected: t.rejected.Load()}
	counts.Read = counts.Indexed + counts.Existing + counts.Rejected
	return counts
}

// open is how many documents have no outcome.
func (t *tally) open() int64 { return t.taken.Load() - t.counts().Read }

// settled is called after outcomes were counted.
func (t *tally) settled() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.idlers) == 0 || t.open() > 0 {
		return
	}
	for _, idler := range t.idlers {
		close(idler)
	}
	t.idlers = nil
}

// idle returns a channel that is closed once no document is without an outcome.
func (t *tally) idle() <-chan struct{} {
	idle := make(chan struct{})
	t.mutex.Lock()
	t.idlers = append(t.idlers, idle)
	t.mutex.Unlock()
	t.settled()
	return idle
}

// came notes the times of documents.
func (t *tally) came(first, last time.Time) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.first.IsZero() || first.Before(t.first) {
		t.first = first
	}
	if last.After(t.last) {
		t.last = last
	}
}

// lacked notes fields that documents of an input lack.
func (t *tally) lacked(fields []string, input string) {
	if len(fields) == 0 {
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, field := range fields {
		if at, known := slices.BinarySearch(t.missing, field); !known {
			t.missing = slices.Insert(t.missing, at, field)
		}
	}
	if t.lacking[input] {
		return
	}
	if t.lacking == nil {
		t.lacking = map[string]bool{}
	}
	t.lacking[input] = true
	t.missingFrom = append(t.missingFrom, input)
}

func (t *tally) seen() (first, last time.Time, missing, missingFrom []string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.first, t.last, slices.Clone(t.missing), slices.Clone(t.missingFrom)
}

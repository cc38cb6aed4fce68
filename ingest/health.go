package ingest

import (
	"math/rand/v2"
	"sync"
	"time"
)

// health is whether the domain answers.
type health struct {
	patience time.Duration

	mutex  sync.Mutex
	down   time.Time // since when it does not; zero while it does
	good   time.Time // when it did last
	reason string
	tell   func(reason string) // when that is another; nil is nobody
	// Indices that take no writes for now, and since when.
	blocked map[string]time.Time
}

// answers notes that it does.
func (h *health) answers() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.down, h.reason, h.good = time.Time{}, "", time.Now()
}

// answeredSince reports whether it did after a time.
func (h *health) answeredSince(since time.Time) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.good.After(since)
}

// silent notes that it does not, and reports whether that is waited for any longer.
func (h *health) silent(reason string) (wait bool) {
	h.mutex.Lock()
	if h.down.IsZero() {
		h.down = time.Now()
	}
	wait = time.Since(h.down) < h.patience
	h.mutex.Unlock()
	h.because(reason)
	return wait
}

// busy notes that it answers, and has no room.
func (h *health) busy(reason string) {
	h.mutex.Lock()
	h.down = time.Time{}
	h.mutex.Unlock()
	h.because(reason)
}

// because notes why nothing goes on. Who is told may ask for it meanwhile: the lock is not held.
func (h *health) because(reason string) {
	h.mutex.Lock()
	isNew := reason != h.reason
	h.reason = reason
	h.mutex.Unlock()
	if isNew && h.tell != nil {
		h.tell(reason)
	}
}

// waiting is why nothing goes on; "" where it does.
func (h *health) waiting() string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.reason
}

// blocks notes that an index takes no writes, and returns since when.
func (h *health) blocks(index string) time.Time {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	since, known := h.blocked[index]
	if !known {
		if h.blocked == nil {
			h.blocked = map[string]time.Time{}
		}
		since = time.Now()
		h.blocked[index] = since
	}
	return since
}

// unblocks notes that it does again.
func (h *health) unblocks(index string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.blocked, index)
}

const (
	firstBackoff   = 100 * time.Millisecond
	longestBackoff = 50 // times the first
)

// backoff is how long to wait before the try after so many: exponential, with full jitter.
func (in *Ingester) backoff(tries int) time.Duration {
	return rand.N(in.options.backoff * time.Duration(min(longestBackoff, 1<<min(tries, 10))))
}

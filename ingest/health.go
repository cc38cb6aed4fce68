package ingest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"cdktf-aimetrics/domain"
)

// health is whether the domain answers.
type health struct {
	patience time.Duration

	mutex  sync.Mutex
	down   time.Time // since when it does not; zero while it does
	good   time.Time // when it did last
	reason string
	tell   func(reason string) // nil is nobody
	// When each reason was told, by what it says without the request: each month and try would be another.
	told map[string]time.Time
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
func (h *health) silent(reason error) (wait bool) {
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
func (h *health) busy(reason error) {
	h.mutex.Lock()
	h.down = time.Time{}
	h.mutex.Unlock()
	h.because(reason)
}

const (
	// tellAgainAfter is how long a reason is not told again.
	tellAgainAfter = 30 * time.Second
	// mostTold is how many reasons are told in that time.
	mostTold = 5
)

// because notes why nothing goes on, and tells it where that is waited for. Who is told may ask for it meanwhile: the lock is not held.
func (h *health) because(reason error) {
	h.mutex.Lock()
	h.reason = reason.Error()
	isNew := h.patience > 0 && h.tell != nil && h.isNew(reason)
	h.mutex.Unlock()
	if isNew {
		h.tell(reason.Error())
	}
}

// isNew notes a reason, and reports whether it is to be told now.
func (h *health) isNew(reason error) bool {
	key := reason.Error()
	if fault := (*domain.Fault)(nil); errors.As(reason, &fault) {
		key = fmt.Sprintf("%d %s", fault.Status, fault.Reason)
	}
	maps.DeleteFunc(h.told, func(_ string, at time.Time) bool { return time.Since(at) >= tellAgainAfter })
	if _, isTold := h.told[key]; isTold || len(h.told) >= mostTold {
		return false
	}
	if h.told == nil {
		h.told = map[string]time.Time{}
	}
	h.told[key] = time.Now()
	return true
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

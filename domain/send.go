package domain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Tries of [Client.Send]: after the first pauses of up to 0.5, 1, 2 and 4 seconds.
const (
	mostTries  = 5
	firstPause = 500 * time.Millisecond
	// attemptTime bounds one try, from the first byte that is sent to the last that comes.
	attemptTime = 90 * time.Second
	// largestAnswer bounds what is read of one answer, in bytes; a mapping of thousands of indices is a few MiB.
	largestAnswer = 64 << 20
)

// Send sends body as JSON, unless it is nil, and decodes the answer into answer, unless that is nil. The path begins with a slash
// and is sent as it is, query included.
//
// It tries again, with growing pauses, where that is safe: after 429, 502, 503 and 504, and for all methods but POST and PATCH after a
// connection that broke off. So a PUT may have been carried out twice.
//
// The error is a [*Fault], and wraps ctx's own.
func (c *Client) Send(ctx context.Context, method, path string, body, answer any) error {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for try := 1; ; try++ {
		err := c.attempt(ctx, method, path, content, answer)
		var fault *Fault
		if err == nil || try == mostTries || ctx.Err() != nil || !errors.As(err, &fault) || !fault.passes(method) {
			return err
		}
		pause := rand.N(firstPause << (try - 1))
		if fault.retryAfter > 0 {
			pause = min(fault.retryAfter, 30*time.Second)
		}
		if c.pause(ctx, pause) != nil {
			return err
		}
	}
}

// passes reports whether the same request may well succeed later, and may be sent again.
func (f *Fault) passes(method string) bool {
	switch f.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case 0:
		broken := errors.Is(f.cause, io.EOF) || errors.Is(f.cause, io.ErrUnexpectedEOF) ||
			errors.Is(f.cause, syscall.ECONNRESET) || errors.Is(f.cause, syscall.EPIPE)
		return broken && method != http.MethodPost && method != http.MethodPatch
	}
	return false
}

// attempt is one try.
func (c *Client) attempt(ctx context.Context, method, path string, content []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	var body io.Reader
	if content != nil {
		body = bytes.NewReader(content)
	}
	response, err := c.Do(ctx, method, path, nil, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer+1))
	switch {
	case response.StatusCode/100 != 2:
		fault := c.transport.explain(response, read)
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			fault.retryAfter = time.Duration(seconds) * time.Second
		}
		return fault
	case err != nil:
		return c.transport.noAnswer(response.Request, fmt.Errorf("half an answer: %w", err))
	case len(read) > largestAnswer:
		return &Fault{Request: c.transport.nameOf(response.Request), Reason: "the answer is larger than 64 MiB", Remedy: "mend the address"}
	case answer == nil:
		return nil
	}
	if err := json.Unmarshal(read, answer); err != nil {
		return c.transport.noJSON(response, read)
	}
	return nil
}

// noJSON is the fault that an answer is of the right status and is not JSON of the form asked for.
func (t *transport) noJSON(response *http.Response, body []byte) *Fault {
	fault := t.explain(response, body)
	if fault.Remedy == "" {
		fault.Reason, fault.Remedy = "the answer is no JSON of Elasticsearch's", "mend the address"
	}
	return fault
}

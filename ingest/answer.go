package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// kind is what an answer to a bulk request means for the request as a whole.
type kind int

const (
	answered    kind = iota // each document has its own answer
	unavailable             // none, half of one, or somebody else's: the same again later
	refused                 // the domain takes nothing from us, and the run ends
	unreadable              // the request is at fault: 400 and 413
	expired                 // the credentials are; the next request has new ones
)

// answer is what came back on a bulk request.
type answer struct {
	kind   kind
	status int
	// Whether the domain has too much to do.
	busy bool
	// How long it asks to wait; 0 where it does not say.
	retryAfter time.Duration
	// Why it is not answered.
	fault error
	items []item
}

const (
	// attemptTime bounds one try, from the first byte that is sent to the last that comes.
	attemptTime = 3 * time.Minute
	// bulkQuery leaves out of the answer what nobody reads: it is a tenth of the whole then.
	bulkQuery = "/_bulk?filter_path=errors,error,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by"
)

// post sends a request once. The answer's items are valid until buffers are used again.
func (in *Ingester) post(ctx context.Context, r *request, buffers *buffers) *answer {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	header := http.Header{"Content-Type": {"application/x-ndjson"}}
	body := r.body
	if in.packs {
		body = buffers.pack(body)
		header["Content-Encoding"] = []string{"gzip"}
	} else {
		header["Accept-Encoding"] = []string{"identity"}
	}
	in.tally.sent.Add(int64(len(body)))
	response, err := in.client.Do(ctx, http.MethodPost, "/"+r.index+bulkQuery, header, bytes.NewReader(body))
	if err != nil {
		buffers.packed = bytes.Buffer{} // which the connection may still read
		return &answer{kind: unavailable, fault: err}
	}
	defer response.Body.Close()
	buffers.answer.Reset()
	_, err = buffers.answer.ReadFrom(io.LimitReader(response.Body, int64(64<<10+len(r.documents)*largestItem)))
	said := buffers.answer.Bytes()
	if response.StatusCode/100 == 2 && err == nil {
		if buffers.items, err = itemsOf(said, buffers.items[:0]); err == nil && len(buffers.items) == len(r.documents) {
			return &answer{kind: answered, status: response.StatusCode, items: buffers.items}
		}
	}
	return in.explain(response, said, len(r.documents), err)
}

// largestItem is what is read of an answer for each document, in bytes.
const largestItem = 16 << 10

// explain says what an answer means that does not answer each document.
func (in *Ingester) explain(response *http.Response, said []byte, documents int, err error) *answer {
	a := &answer{status: response.StatusCode, kind: unavailable}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		a.retryAfter = min(time.Duration(seconds)*time.Second, 30*time.Second)
	}
	if response.StatusCode/100 == 2 && !isPage(said) {
		a.fault = errHalf
		if err == nil {
			a.fault = errFewer
		}
		return a
	}
	response.Body = io.NopCloser(bytes.NewReader(said))
	fault := in.client.Explain(response)
	a.fault = fault
	lower := bytes.ToLower(said[:min(len(said), 4<<10)])
	switch a.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		a.busy = true
	case http.StatusForbidden, http.StatusUnauthorized:
		switch {
		case bytes.Contains(lower, []byte("throttled")):
			a.busy = true
		case bytes.Contains(lower, []byte("expired")):
			a.kind = expired
		default:
			a.kind = refused
		}
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		a.kind = unreadable
	}
	return a
}

var (
	errHalf  = errors.New("the domain's answer is cut off or no JSON of Elasticsearch's")
	errFewer = errors.New("the domain answered for another number of documents than were sent")
)

func isPage(said []byte) bool {
	text := bytes.ToLower(bytes.TrimSpace(said[:min(len(said), 512)]))
	return bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html"))
}

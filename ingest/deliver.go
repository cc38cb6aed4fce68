package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/ingest/source"
)

// buffers is the memory of one sender.
type buffers struct {
	answer bytes.Buffer
	items  []item
	packed bytes.Buffer
	packer *gzip.Writer
}

// pack is a body in gzip.
func (b *buffers) pack(body []byte) []byte {
	b.packed.Reset()
	if b.packer == nil {
		b.packer, _ = gzip.NewWriterLevel(&b.packed, gzip.BestSpeed)
	}
	b.packer.Reset(&b.packed)
	b.packer.Write(body)
	b.packer.Close()
	return b.packed.Bytes()
}

// send delivers requests until the run ends.
func (in *Ingester) send() {
	var buffers buffers
	for {
		select {
		case full := <-in.full:
			delivery := delivery{in: in, buffers: &buffers}
			err := in.begin(in.running, full.index)
			if err == nil {
				err = delivery.deliver(in.running, full)
			}
			if err != nil {
				in.fail(err)
				return
			}
			full.reset()
			in.empty <- full
		case <-in.running.Done():
			return
		}
	}
}

// delivery is a request until each of its documents has an outcome; its parts too, where it is split.
type delivery struct {
	in      *Ingester
	buffers *buffers
	// How many documents in a row were asked alone and denied, and for what.
	denials int
	denial  item
}

const (
	// splitAfter is how many whole refusals, or tries without an answer while others have one, split a request.
	splitAfter = 3
	// mostUnanswered is how often a document is sent alone that has no answer while others have one: something on the way does not let it
	// through. It may be in the index all the same, so it is often.
	mostUnanswered = 20
	// mostExpired is how often expired credentials are tried again.
	mostExpired = 4
	// mostStrange is how often an answer to a document is tried again that nobody understands.
	mostStrange = 4
)

// deliver sends a request again and again, and of it what has no outcome. The error is that the run ends, or must.
func (d *delivery) deliver(ctx context.Context, r *request) error {
	whole := 0 // answers in a row that were none for each document
	for first := true; len(r.documents) > 0; first = false {
		if !first {
			d.in.tally.retries.Add(1)
			if err := pause(ctx, max(r.retryAfter, d.in.backoff(r.tries))); err != nil {
				return err
			}
			r.tries++
		}
		a, err := d.try(ctx, r)
		if err != nil {
			return err
		}
		r.retryAfter = a.retryAfter
		if a.kind == answered {
			whole = 0
			err = d.settle(ctx, r, a.items)
		} else {
			whole++
			err = d.whole(ctx, r, a, whole)
		}
		if err != nil {
			return err
		}
		if r.began.IsZero() {
			r.began = time.Now()
		}
	}
	return nil
}

// try sends a request once, when its turn comes.
func (d *delivery) try(ctx context.Context, r *request) (*answer, error) {
	if err := d.in.pace.acquire(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	a := d.in.post(ctx, r, d.buffers)
	if a.kind == unavailable && !r.unanswered && !isUnsent(a) {
		r.unanswered = true
		d.in.tally.unanswered.Add(int64(len(r.documents)))
	}
	if a.kind == answered {
		for _, item := range a.items {
			if item.status == http.StatusTooManyRequests {
				a.busy = true
				break
			}
		}
	}
	d.in.pace.release(began, len(r.body), a)
	if ctx.Err() != nil && a.kind == unavailable {
		return nil, context.Cause(ctx)
	}
	return a, nil
}

// isUnsent reports whether no document of a request can be in the index: nobody took the connection, or the domain had no room.
func isUnsent(a *answer) bool {
	var operation *net.OpError
	return a.status == http.StatusTooManyRequests || errors.As(a.fault, &operation) && operation.Op == "dial"
}

// answers notes that documents of a request have their outcome.
func (d *delivery) answers(r *request, documents int64) {
	if r.unanswered {
		d.in.tally.unanswered.Add(-documents)
	}
}

func pause(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// whole handles an answer that has none for each document; times is how many in a row that makes.
func (d *delivery) whole(ctx context.Context, r *request, a *answer, times int) error {
	health := &d.in.health
	alone, stuck := len(r.documents) == 1, times >= splitAfter
	impatient := !r.began.IsZero() && time.Since(r.began) >= health.patience
	others := !r.began.IsZero() && health.answeredSince(r.began)
	switch {
	case a.kind == refused, a.kind == expired && times > mostExpired:
		return a.fault
	case a.kind == expired:
		return nil
	case a.kind == unreadable:
		// One document is at fault, or the size.
		health.answers()
		return d.divide(ctx, r, a)
	case a.busy:
		health.busy(a.fault)
		if impatient && !others {
			return fmt.Errorf("the domain had no room for %v: %w", health.patience, a.fault)
		}
		// At 429, a large request never passes where a small one does. A domain that restarts (503) or counts requests (throttled) takes
		// none, whatever its size, and more and smaller ones would make it late.
		if impatient || stuck && !alone && a.status == http.StatusTooManyRequests {
			d.in.pace.smaller()
			return d.divide(ctx, r, a)
		}
		return nil
	case others && stuck && (!alone || impatient || times >= mostUnanswered):
		// The domain answers others: it is this request.
		return d.divide(ctx, r, a)
	}
	if !health.silent(a.fault) {
		return fmt.Errorf("the domain did not answer for %v: %w", health.patience, a.fault)
	}
	return nil
}

// divide delivers the halves of a request, which share its memory; a document that is alone is rejected for what the answer says.
func (d *delivery) divide(ctx context.Context, r *request, a *answer) error {
	if len(r.documents) == 1 {
		err := d.reject(r, []int{0}, func(int) (string, error) { return "", faultOf(a) })
		r.documents = r.documents[:0]
		return err
	}
	d.in.tally.retries.Add(1)
	for _, half := range halves(r) {
		if err := d.deliver(ctx, half); err != nil {
			return err
		}
	}
	r.documents = r.documents[:0]
	return nil
}

// faultOf is an answer as the reason of one document: without the request's name, which says nothing of it.
func faultOf(a *answer) error {
	text := a.fault.Error()
	var fault *domain.Fault
	if errors.As(a.fault, &fault) {
		text = fault.Reason
	}
	if a.status != 0 && a.status/100 != 2 {
		text = fmt.Sprintf("%d %s", a.status, text)
	}
	return errors.New(text)
}

// halves cuts a request in two.
func halves(r *request) []*request {
	middle := len(r.documents) / 2
	at := r.documents[middle-1].end
	first, second := *r, *r
	first.body, first.documents = r.body[:at:at], r.documents[:middle:middle]
	second.body, second.documents = r.body[at:], r.documents[middle:]
	for i := range second.documents {
		second.documents[i].end -= at
	}
	return []*request{&first, &second}
}

// settle gives documents their outcomes as the items have them, and leaves in the request those that must be sent again.
func (d *delivery) settle(ctx context.Context, r *request, items []item) error {
	d.in.health.answers()
	counts := Counts{}
	var refusals, forbidden, left []int
	isBlocked, isStrange := false, false
	for i, item := range items {
		switch d.verdict(r, item) {
		case indexed:
			counts.Indexed++
		case existing:
			counts.Existing++
		case rejected:
			refusals = append(refusals, i)
		case askAlone:
			forbidden = append(forbidden, i)
		case later:
			isBlocked = isBlocked || item.kind == clusterBlock
			left = append(left, i)
		case laterStrange:
			isStrange = true
			left = append(left, i)
		}
	}
	if isStrange {
		r.strange++
	}
	if !isBlocked && counts.Indexed > 0 {
		d.in.health.unblocks(r.index)
	}
	if len(items) == 1 {
		refusals, forbidden = append(refusals, forbidden...), nil
		d.denied(items[0])
	}
	d.in.tally.indexed.Add(counts.Indexed)
	d.in.tally.existing.Add(counts.Existing)
	d.answers(r, counts.Indexed+counts.Existing)
	settleOthers(r, slices.Concat(refusals, forbidden, left))
	d.in.tally.settled()
	if err := d.reject(r, refusals, func(i int) (string, error) { return fieldOf(items[i]), items[i] }); err != nil {
		return err
	}
	if len(left) < len(items) {
		r.tries = 0
	}
	alone := r.only(forbidden)
	r.keep(left)
	return d.oneByOne(ctx, alone)
}

// settleOthers gives the memory back of all documents but these.
func settleOthers(r *request, but []int) {
	slices.Sort(but)
	// Neighbours are of one flight: one step for them all.
	var from *flight
	var n int64
	for i, document := range r.documents {
		if len(but) > 0 && but[0] == i {
			but = but[1:]
			continue
		}
		if document.flight != from {
			if n > 0 {
				from.settle(n)
			}
			from, n = document.flight, 0
		}
		n++
	}
	if n > 0 {
		from.settle(n)
	}
}

// mostDenied is how many documents in a row are asked alone that are denied for the same reason, before the others of the request are
// taken to be.
const mostDenied = 20

// denied notes whether a document that was asked alone was denied.
func (d *delivery) denied(item item) {
	switch {
	case item.status != http.StatusForbidden:
		d.denials = 0
	case d.denials > 0 && item.reason == d.denial.reason:
		d.denials++
	default:
		d.denial, d.denials = item, 1
	}
}

// oneByOne sends each document of a request by itself: where one is forbidden, its neighbours in the same shard were refused with it.
func (d *delivery) oneByOne(ctx context.Context, r *request) error {
	d.denials = 0
	for i := range r.documents {
		if d.denials >= mostDenied {
			rest := r.only(allOf(r)[i:])
			return d.reject(rest, allOf(rest), func(int) (string, error) { return "", d.denial })
		}
		if err := d.deliver(ctx, r.only([]int{i})); err != nil {
			return err
		}
	}
	return nil
}

// verdict is what an item means for its document.
type verdict int

const (
	indexed verdict = iota
	existing
	rejected
	askAlone
	later
	laterStrange
)

const clusterBlock = "cluster_block_exception"

func (d *delivery) verdict(r *request, item item) verdict {
	impatient := !r.began.IsZero() && time.Since(r.began) >= d.in.health.patience
	switch {
	case item.status == http.StatusOK || item.status == http.StatusCreated:
		return indexed
	case item.status == http.StatusConflict:
		return existing
	case item.status == http.StatusTooManyRequests && item.kind == clusterBlock:
		// The disk's flood stage: it stays until somebody makes room.
		if time.Since(d.in.health.blocks(r.index)) >= min(d.in.options.blockedFor, d.in.health.patience) {
			return rejected
		}
		return later
	case item.status == http.StatusTooManyRequests || item.status == http.StatusServiceUnavailable:
		if impatient {
			return rejected
		}
		return later
	case item.status == http.StatusForbidden && item.kind != clusterBlock:
		return askAlone
	case item.status/100 == 4:
		return rejected
	case r.strange >= mostStrange, impatient:
		return rejected
	}
	return laterStrange
}

// Error is an item's error as the rejected file has it.
func (i item) Error() string {
	text := fmt.Sprintf("%d", i.status)
	if i.kind != "" {
		text += " " + i.kind
	}
	if i.reason != "" {
		text += ": " + strings.TrimRight(i.reason, ".; ")
	}
	if remedy := domain.Unblock(i.kind, i.reason); remedy != "" {
		text += "; " + remedy
	}
	return text
}

// fieldOf is the field that a reason names, as mapper_parsing_exception does; "" where it names none.
func fieldOf(item item) string {
	const before, after = "failed to parse field [", "]"
	_, rest, _ := strings.Cut(item.reason, before)
	field, _, found := strings.Cut(rest, after)
	if !found {
		return ""
	}
	return field
}

func allOf(r *request) []int {
	all := make([]int, len(r.documents))
	for i := range all {
		all[i] = i
	}
	return all
}

// reject puts documents of a request into the rejected file. It gives their memory back, and leaves them in the request.
func (d *delivery) reject(r *request, which []int, why func(int) (field string, problem error)) error {
	if len(which) == 0 {
		return nil
	}
	whole, err := d.in.rejected.write(func(add func(string, *source.Record, *reject)) {
		for _, i := range which {
			document := r.documents[i]
			field, problem := why(i)
			add(document.flight.Input, &document.flight.Records[document.record],
				&reject{documents: 1, field: field, problem: problem, document: r.source(i)})
		}
	})
	which = which[:whole]
	d.in.tally.rejected.Add(int64(len(which)))
	d.answers(r, int64(len(which)))
	for _, i := range which {
		r.documents[i].flight.settle(1)
	}
	d.in.tally.settled()
	return err
}

// source is a document of a request without its action.
func (r *request) source(i int) []byte {
	begin := int32(0)
	if i > 0 {
		begin = r.documents[i-1].end
	}
	_, source, _ := bytes.Cut(r.body[begin:r.documents[i].end], []byte{'\n'})
	return bytes.TrimSuffix(source, []byte{'\n'})
}

// only is some documents of the request, in memory of their own.
func (r *request) only(which []int) *request {
	some := &request{index: r.index, began: r.began, unanswered: r.unanswered}
	for _, i := range which {
		begin := int32(0)
		if i > 0 {
			begin = r.documents[i-1].end
		}
		some.body = append(some.body, r.body[begin:r.documents[i].end]...)
		some.documents = append(some.documents, document{r.documents[i].flight, r.documents[i].record, int32(len(some.body))})
	}
	return some
}

// keep leaves some documents in the request, in order.
func (r *request) keep(which []int) {
	body, documents := r.body[:0], r.documents[:0]
	for _, i := range which {
		begin := int32(0)
		if i > 0 {
			begin = r.documents[i-1].end
		}
		end := r.documents[i].end
		// What is kept only moves to the front, behind what was read.
		body = append(body, r.body[begin:end]...)
		documents = append(documents, document{r.documents[i].flight, r.documents[i].record, int32(len(body))})
	}
	r.body, r.documents = body, documents
}

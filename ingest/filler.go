package ingest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/metrics"
)

// request is documents of one index, as a bulk request has them.
type request struct {
	index     string
	body      []byte
	documents []document

	// Of the tries: when the first went wrong, how many since an outcome, and how many answers nobody understands.
	began      time.Time
	tries      int
	strange    int
	retryAfter time.Duration // what the last answer asked for
	// Whether a try had no answer: its documents may be in the index.
	unanswered bool
}

// document is one of a request: where it came from, and where it ends in the body.
type document struct {
	flight *flight
	record int32
	end    int32
}

func (r *request) reset() { *r = request{body: r.body[:0], documents: r.documents[:0]} }

const (
	actionBegin, actionEnd = `{"create":{"_id":"`, "\"}}\n"
)

func (r *request) add(id metrics.ID, source []byte, from *flight, record int) {
	r.body = append(r.body, actionBegin...)
	r.body = append(r.body, id[:]...)
	r.body = append(r.body, actionEnd...)
	r.body = append(r.body, source...)
	r.body = append(r.body, '\n')
	r.documents = append(r.documents, document{from, int32(record), int32(len(r.body))})
}

// filler makes documents and collects them into requests, one for each index. One goroutine uses it.
type filler struct {
	in      *Ingester
	encoder *metrics.Encoder
	open    map[string]*request
	last    *request // the one that the last document went to
	months  map[string]error

	firstTime, lastTime time.Time
}

func newFiller(in *Ingester, encoder *metrics.Encoder) *filler {
	return &filler{in: in, encoder: encoder, open: map[string]*request{}, months: map[string]error{}}
}

// fill makes documents of all records of a flight. The error is that the run ended; all documents of the flight are counted as taken then
// too.
func (f *filler) fill(ctx context.Context, from *flight) error {
	var failure error
	for i := range from.Records {
		record := &from.Records[i]
		if record.Problem != nil {
			f.in.tally.taken.Add(1)
			from.open.Add(1)
			from.rejects = append(from.rejects, reject{record: int32(i), documents: 1, problem: record.Problem})
			continue
		}
		failure = cmp.Or(failure, f.take(ctx, from, i, documentsOf(f.encoder, record)))
	}
	if !f.firstTime.IsZero() {
		f.in.tally.came(f.firstTime, f.lastTime)
	}
	return failure
}

func documentsOf(encoder *metrics.Encoder, record *source.Record) iter.Seq2[metrics.Document, error] {
	if record.Row != nil {
		return encoder.Row(record.Row)
	}
	return encoder.Line(record.Raw)
}

// take collects the documents of one record. Where the run ended they are counted, and not collected.
func (f *filler) take(ctx context.Context, from *flight, at int, documents iter.Seq2[metrics.Document, error]) error {
	whole := reject{record: int32(at)}
	var failure error
	for made, err := range documents {
		if err == nil {
			err = f.monthOf(made.Index)
		}
		if err != nil {
			whole.add(err)
			continue
		}
		into, err := f.requestFor(ctx, made.Index, len(made.Source))
		if err != nil && f.in.running.Err() == nil {
			return err
		}
		f.in.tally.taken.Add(1)
		from.open.Add(1)
		if err != nil {
			failure = err
			continue
		}
		into.add(made.ID, made.Source, from, at)
		if f.firstTime.IsZero() || made.Time.Before(f.firstTime) {
			f.firstTime = made.Time
		}
		if made.Time.After(f.lastTime) {
			f.lastTime = made.Time
		}
	}
	if whole.documents > 0 {
		f.in.tally.taken.Add(whole.documents)
		from.open.Add(whole.documents)
		from.rejects = append(from.rejects, whole)
	}
	return failure
}

// requestFor is the request that a document of so many bytes goes into. Where there is none to fill, all that is open is sent first, so
// that one becomes free.
func (f *filler) requestFor(ctx context.Context, index string, size int) (*request, error) {
	into := f.last
	if into == nil || into.index != index {
		into = f.open[index]
	}
	size += len(actionBegin) + len(metrics.ID{}) + len(actionEnd) + 1
	if into != nil && len(into.body)+size > f.in.pace.size() {
		f.sendOff(into)
		into = nil
	}
	if into == nil {
		select {
		case into = <-f.in.empty:
		default:
			f.flush()
			select {
			case into = <-f.in.empty:
			case <-f.in.running.Done():
				return nil, context.Cause(f.in.running)
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		into.index = index
		if into.body == nil {
			// Once, and not by growing: what is outgrown is garbage of the same size.
			into.body = make([]byte, 0, usualRequestSize+metrics.MaxSourceBytes)
		}
		f.open[index] = into
	}
	f.last = into
	return into, nil
}

// sendOff hands a request to the senders, who have room for every request.
func (f *filler) sendOff(full *request) {
	delete(f.open, full.index)
	if f.last == full {
		f.last = nil
	}
	f.in.full <- full
}

// flush sends all that is open.
func (f *filler) flush() {
	for _, open := range f.open {
		f.sendOff(open)
	}
}

// add makes documents of a row.
func (f *filler) add(ctx context.Context, row *metrics.Row) error {
	from := f.in.rows.take()
	from.Records = append(from.Records, source.Record{}) // the row is the caller's
	from.open.Store(1)
	err := f.take(ctx, from, 0, f.encoder.Row(row))
	if err != nil {
		return err
	}
	var rejected error
	if len(from.rejects) > 0 {
		rejected = from.rejects[0].problem
		from.rejects[0].document = row.AppendJSON(nil)
		if err := f.in.reject(from); err != nil {
			return err
		}
	}
	from.settle(1)
	return rejected
}

// months bounds how many months are written to.
type months struct {
	mutex sync.Mutex
	seen  map[string]bool
	most  int
}

// monthOf returns an error where the index is of one month too many.
func (f *filler) monthOf(index string) error {
	if f.last != nil && f.last.index == index {
		return nil
	}
	err, known := f.months[index]
	if !known {
		prefix := f.in.settings.IndexPrefix + "-"
		err = f.in.months.enter(index[len(prefix) : len(prefix)+len("2006-01")])
		f.months[index] = err
	}
	return err
}

func (m *months) enter(month string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	if !m.seen[month] && len(m.seen) >= m.most {
		text := fmt.Sprintf("%s would be month number %d of this run, and wrong times make an index each; "+
			"allow more with --max-months %d if it is right",
			month, len(m.seen)+1, 2*m.most)
		return &metrics.Rejection{Documents: 1, Problems: metrics.Problems{{Field: "@timestamp", Text: text}}}
	}
	m.seen[month] = true
	return nil
}

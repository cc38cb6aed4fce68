package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/metrics"
)

// Options is how documents are made and sent. The zero value is ready to use.
type Options struct {
	// What every index's name begins with. Default: [metrics.DefaultIndexPrefix].
	IndexPrefix string
	// ml.batch of every document: the name of this upload, by which [Delete] takes it out again. Default: none.
	Batch string
	// Values, given as text, for fields that a row lacks. A row that has another value is rejected.
	Fill map[string]string
	// The file that rejected documents are appended to. Default: [DefaultRejected].
	Rejected string
	// How long a domain that does not answer is waited for, and a document that it has no room for is tried again. Default:
	// [DefaultRetryFor]. Less than 0 is not at all.
	RetryFor time.Duration
	// How many months one Ingester may write to; a document of another month is rejected, for wrong times make an index each.
	// Default: [DefaultMaxMonths].
	MaxMonths int
	// How many requests are on their way at once, at most; how many are, the domain decides. Default: [DefaultMaxRequests].
	MaxRequests int
	// Told when the domain stops answering or has no room, and why; the same reason at most every 30 seconds. Where RetryFor says not to
	// wait, it is not called. Any goroutine may call it. Default: nobody.
	Waits func(reason string)
	// The clock of event.ingested, and of what is in the future. Default: [time.Now].
	Now func() time.Time

	// How long an index that takes no writes for now (the disk's flood stage) is waited for. Default: defaultBlockedFor.
	blockedFor time.Duration
	// How long what is in flight has when the context ends. Default: defaultGrace.
	grace time.Duration
	// How long a document waits for others before it is sent. Default: defaultLinger.
	linger time.Duration
	// How long the first pause before another try is at most. Default: firstBackoff.
	backoff time.Duration
}

const (
	DefaultRejected    = "rejected.ndjson"
	DefaultRetryFor    = 10 * time.Minute
	DefaultMaxMonths   = 36
	DefaultMaxRequests = 4

	defaultBlockedFor = 30 * time.Second
	defaultGrace      = 20 * time.Second
	defaultLinger     = 500 * time.Millisecond
)

func (options Options) withDefaults() Options {
	options.IndexPrefix = cmp.Or(options.IndexPrefix, metrics.DefaultIndexPrefix)
	options.Rejected = cmp.Or(options.Rejected, DefaultRejected)
	options.RetryFor = cmp.Or(options.RetryFor, DefaultRetryFor)
	options.MaxMonths = cmp.Or(options.MaxMonths, DefaultMaxMonths)
	options.MaxRequests = cmp.Or(options.MaxRequests, DefaultMaxRequests)
	if options.Now == nil {
		options.Now = time.Now
	}
	options.blockedFor = cmp.Or(options.blockedFor, defaultBlockedFor)
	options.grace = cmp.Or(options.grace, defaultGrace)
	options.linger = cmp.Or(options.linger, defaultLinger)
	options.backoff = cmp.Or(options.backoff, firstBackoff)
	return options
}

// Counts is what became of documents. Read is always the sum of the others: a document counts once it has its outcome.
type Counts struct {
	Read     int64 `json:"read"`
	Indexed  int64 `json:"indexed"`  // in the index, by this run
	Existing int64 `json:"existing"` // in the index, and there already; or put there by an attempt whose answer was lost
	Rejected int64 `json:"rejected"` // in the rejected file
}

func (counts Counts) String() string {
	return fmt.Sprintf("%d read: %d indexed, %d there already, %d rejected", counts.Read, counts.Indexed, counts.Existing, counts.Rejected)
}

// Unfinished is the error of what came to no end: some documents have no outcome. They may be in the index or not; sending them again is
// safe.
type Unfinished struct {
	// Why.
	Cause error
	// Documents that were taken and have no outcome.
	Documents int64
	// How many of them were sent and not answered: they may be in the index, and are in no count. The others are not there by this run.
	Unanswered int64
	// Up to where a source was read without a gap: everything before it has its outcome. "" where nothing was loaded.
	From string
}

func (unfinished *Unfinished) Error() string {
	text := unfinished.Cause.Error()
	switch {
	case errors.Is(unfinished.Cause, context.Canceled):
		text = "interrupted"
	case unfinished.Cause == context.DeadlineExceeded:
		text = "the time is over"
	}
	if unfinished.Documents > 0 {
		text += fmt.Sprintf("; sent and not answered, and perhaps indexed: %d; read and not indexed: %d",
			unfinished.Unanswered, unfinished.Documents-unfinished.Unanswered)
	}
	if unfinished.From != "" {
		return text + "; what is before " + unfinished.From + " is done, and the same command again does the rest and doubles nothing"
	}
	return text + "; sending them again doubles nothing"
}

func (unfinished *Unfinished) Unwrap() error { return unfinished.Cause }

// Status is how a run goes, for a person to see.
type Status struct {
	Counts
	// Requests that were sent again, whole or in part.
	Retries int64
	// Bytes of all requests.
	Sent int64
	// Why nothing goes on for now; "" where it does.
	Waiting string
	// Required fields that rejected documents lacked, by name.
	Missing []string
	// The inputs of those documents, in the order in which they came.
	MissingFrom []string
	// The first and the last @timestamp of documents that came in; zero where none did.
	First, Last time.Time
}

// Ingester takes rows and sources, and sends their documents. It may be used by many goroutines at once.
type Ingester struct {
	options  Options
	settings metrics.Settings
	client   *domain.Client

	rejected *rejectedFile
	packs    bool // requests go in gzip
	months   months
	begun    begun
	pace     *pace
	health   health
	tally    tally
	empty    chan *request // requests to fill: so many there are, and no more
	full     chan *request // requests to send
	senders  sync.WaitGroup

	// running ends with the Ingester, or with its failure, which is then its cause.
	running context.Context
	fail    context.CancelCauseFunc
	closed  atomic.Bool

	adding sync.Mutex // guards what Add uses
	added  *filler
	rows   hangar // the flights of Add
	linger *time.Timer
}

// New makes an Ingester, after it has asked the domain for its template: without one, the engine would guess the types of fields, and
// pictures would be wrong for good. It is asked for again before the first document of each index. The context is for the first time alone.
//
// The error says what to do: an option that cannot be, a rejected file that cannot be written, a domain that is not set up, or a
// [domain.Fault].
func New(ctx context.Context, client *domain.Client, options Options) (*Ingester, error) {
	options = options.withDefaults()
	in := &Ingester{options: options, client: client}
	in.settings = metrics.Settings{IndexPrefix: options.IndexPrefix, Partition: metrics.Month}.WithDefaults()
	in.months.most = options.MaxMonths
	in.health.patience = max(0, options.RetryFor)
	in.health.tell = options.Waits
	in.pace = newPace(options.MaxRequests)
	in.running, in.fail = context.WithCancelCause(context.Background())
	if _, err := in.encoder(); err != nil {
		return nil, err
	}
	in.packs = !isLoopback(client.Endpoint().Hostname())
	var err error
	if in.rejected, err = openRejected(options.Rejected); err != nil {
		return nil, err
	}
	if in.settings.Partition, err = in.ready(ctx, mayComeBack); err != nil {
		return nil, errors.Join(err, in.rejected.close())
	}
	in.start()
	return in, nil
}

// start begins the goroutines that send.
func (in *Ingester) start() {
	// Two more than are sent, to be filled meanwhile.
	requests := in.options.MaxRequests + 2
	in.empty, in.full = make(chan *request, requests), make(chan *request, requests)
	for range requests {
		in.empty <- &request{}
	}
	for range in.options.MaxRequests {
		in.senders.Add(1)
		go func() {
			defer in.senders.Done()
			in.send()
		}()
	}
}

func (in *Ingester) encoder() (*metrics.Encoder, error) {
	return metrics.NewEncoder(metrics.Options{Settings: in.settings, Now: in.options.Now, Batch: in.options.Batch, Fill: in.options.Fill})
}

// Add takes a row; it may be used again at once. Its documents are sent when there are enough of them for a request, or half a second
// later. While the domain takes no more, Add waits.
//
// A [*metrics.Rejection] is that documents of the row cannot be: they are counted and in the rejected file, and the others are taken.
// Any other error is that the context ended or the Ingester came to no end, and the row may not have been taken.
func (in *Ingester) Add(ctx context.Context, row *metrics.Row) error {
	in.adding.Lock()
	defer in.adding.Unlock()
	if err := in.usable(); err != nil {
		return err
	}
	if in.added == nil {
		encoder, err := in.encoder()
		if err != nil {
			return err
		}
		in.added = newFiller(in, encoder)
		in.linger = time.AfterFunc(in.options.linger, in.sendAdded)
	}
	if len(in.added.open) == 0 {
		in.linger.Reset(in.options.linger)
	}
	return in.added.add(ctx, row)
}

// sendAdded sends what waits for more.
func (in *Ingester) sendAdded() {
	in.adding.Lock()
	defer in.adding.Unlock()
	in.added.flush()
}

func (in *Ingester) usable() error {
	if in.running.Err() != nil {
		return context.Cause(in.running)
	}
	if in.closed.Load() {
		return errors.New("the Ingester is closed")
	}
	return nil
}

// Flush sends what was added, and returns when each document has its outcome.
func (in *Ingester) Flush(ctx context.Context) error {
	in.adding.Lock()
	if in.added != nil {
		in.added.flush()
	}
	in.adding.Unlock()
	return in.settled(ctx)
}

// settled waits until each document that was taken has its outcome.
func (in *Ingester) settled(ctx context.Context) error {
	select {
	case <-in.tally.idle():
		return nil
	case <-in.running.Done():
		return in.unfinished(context.Cause(in.running))
	case <-ctx.Done():
		if in.tally.open() == 0 {
			return nil
		}
		return in.unfinished(ctx.Err())
	}
}

// unfinished is the error of what has no outcome now.
func (in *Ingester) unfinished(cause error) *Unfinished {
	return &Unfinished{Cause: cause, Documents: in.tally.open(), Unanswered: in.tally.unanswered.Load()}
}

// Close sends what was added, waits as Flush does, and ends the Ingester. When the context ends first, documents may be left without an
// outcome: the error is an [*Unfinished] then. The counts are right in any case. A second Close returns the same counts.
func (in *Ingester) Close(ctx context.Context) (Counts, error) {
	if in.closed.Swap(true) {
		return in.tally.counts(), nil
	}
	err := in.Flush(ctx)
	if in.linger != nil {
		in.linger.Stop()
	}
	in.fail(errClosed)
	in.senders.Wait()
	if cut := (*Unfinished)(nil); errors.As(err, &cut) {
		err = in.unfinished(cut.Cause) // as the senders left it
	}
	return in.tally.counts(), errors.Join(err, in.rejected.close())
}

var errClosed = errors.New("the Ingester is closed")

// Status is how it goes.
func (in *Ingester) Status() Status {
	status := Status{Counts: in.tally.counts(), Retries: in.tally.retries.Load(), Sent: in.tally.sent.Load(), Waiting: in.health.waiting()}
	status.First, status.Last, status.Missing, status.MissingFrom = in.tally.seen()
	return status
}

// Settings is where documents go: the index prefix, and the partition that the domain's template says.
func (in *Ingester) Settings() metrics.Settings { return in.settings }

func isLoopback(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

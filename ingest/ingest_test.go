package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/metrics"
)

func TestLoad(t *testing.T) {
	f := newFake(t)
	text := numbered(5000) + "not JSON\n" +
		`{"@timestamp":"2026-01-01T00:00:00Z","event.dataset":"ml.training","ml.run.id":"r","ml.metrics":{"a":1,"b":2,"c":3,"d":null,"e":null}}`
	for run, want := range []Counts{{5006, 5003, 0, 3}, {5006, 0, 5003, 3}} {
		counts, err := loadAll(t, f.connect(t, Options{}), text)
		if err != nil || counts != want {
			t.Errorf("run %d: %v, %v, want %v", run, counts, err, want)
		}
	}
	if f.count() != 5003 {
		t.Errorf("%d documents are there, want 5003", f.count())
	}
}

// Add rejects what cannot be, and takes the rest of the row; what was added is there after Flush, or a moment later by itself.
func TestAdd(t *testing.T) {
	f := newFake(t)
	rejected := filepath.Join(t.TempDir(), "rejected.ndjson")
	in := f.connect(t, Options{Rejected: rejected, linger: 10 * time.Millisecond})
	ctx := context.Background()
	row := metrics.NewRow()
	for step := range 100 {
		row.Reset()
		row.SetTime("@timestamp", time.Date(2026, 10, 1, 0, 0, step, 0, time.UTC))
		row.Set("event.dataset", "ml.training")
		row.Set("ml.run.id", "r")
		row.SetInteger("ml.step", int64(step))
		row.AddMetric("loss", 1/float64(step)) // infinite at first
		row.AddMetric("accuracy", 0.5)
		err := in.Add(ctx, row)
		var rejection *metrics.Rejection
		if isRejected := errors.As(err, &rejection); isRejected != (step == 0) || err != nil && !isRejected {
			t.Fatalf("step %d: %v", step, err)
		}
	}
	if err := in.Flush(ctx); err != nil || f.count() != 199 {
		t.Errorf("%d documents are there after Flush, want 199; %v", f.count(), err)
	}
	row.Reset()
	row.SetTime("@timestamp", time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC))
	row.Set("event.dataset", "ml.training")
	row.Set("ml.run.id", "r")
	row.AddMetric("loss", 0)
	if err := in.Add(ctx, row); err != nil {
		t.Fatal(err)
	}
	for f.count() != 200 {
		runtime.Gosched()
	}
	counts, err := in.Close(ctx)
	if want := (Counts{201, 200, 0, 1}); counts != want || err != nil {
		t.Errorf("%v, %v, want %v", counts, err, want)
	}
	if err := in.Add(ctx, row); err == nil {
		t.Error("a closed Ingester took a row")
	}
	lines := readRejected(t, rejected)
	const want = `"ml.metrics":{"loss":null,"accuracy":0.5}`
	if len(lines) != 1 || !strings.Contains(string(lines[0].Row), want) || !strings.Contains(lines[0].Reason, "ml.metrics.loss") {
		t.Errorf("the rejected file has %+v, want a row with %s", lines, want)
	}

	// Mended, it is read again, and what was there already is.
	mended := filepath.Join(t.TempDir(), "mended.ndjson")
	content, _ := os.ReadFile(rejected)
	os.WriteFile(mended, bytes.Replace(content, []byte(`"loss":null`), []byte(`"loss":9.5`), 1), 0o600)
	again, err := source.Open([]string{mended}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in = f.connect(t, Options{Rejected: rejected})
	if err := in.Load(ctx, again); err != nil {
		t.Fatal(err)
	}
	if counts, err := in.Close(ctx); counts != (Counts{2, 1, 1, 0}) || err != nil {
		t.Errorf("mended: %v, %v", counts, err)
	}
}

// What the rejected file has is readable, private, and a line of its own after one that a killed run left unfinished.
func TestRejectedFile(t *testing.T) {
	f := newFake(t)
	path := filepath.Join(t.TempDir(), "rejected.ndjson")
	if counts, err := loadAll(t, f.connect(t, Options{Rejected: path}), "{\n"); err != nil || counts.Rejected != 1 {
		t.Fatalf("%v, %v", counts, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v, want the mode 0600", info.Mode(), err)
	}
	if err := os.Truncate(path, info.Size()-5); err != nil {
		t.Fatal(err)
	}
	long := "{" + strings.Repeat("x", 9<<20)
	if _, err := loadAll(t, f.connect(t, Options{Rejected: path}), "\xff\xfe{\n"+long+"\n"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines, want 3: %.300s", len(lines), content)
	}
	for i, want := range []string{`"file":"-","line":1,`, `"raw_base64":"//57"`, `"raw_beginning":"{xxx`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("%.200s has no %s", lines[i], want)
		}
	}
	if len(lines[2]) > 4<<10 {
		t.Errorf("a line of 9 MB takes %d bytes", len(lines[2]))
	}

	// One that cannot be written is told before anything is sent, and one that nobody needed is not there.
	client, _ := domain.Connect(context.Background(), domain.Options{Endpoint: f.URL})
	_, err = New(context.Background(), client, Options{Rejected: filepath.Join(path, "x")})
	if err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("got %v", err)
	}
	unused := filepath.Join(t.TempDir(), "rejected.ndjson")
	loadAll(t, f.connect(t, Options{Rejected: unused}), numbered(10))
	if _, err := os.Stat(unused); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a rejected file without a document: %v", err)
	}
}

// A run stops at so many months, and rejects the documents of others.
func TestMaxMonths(t *testing.T) {
	f := newFake(t)
	rejected := filepath.Join(t.TempDir(), "rejected.ndjson")
	counts, err := loadAll(t, f.connect(t, Options{MaxMonths: 2, Rejected: rejected}), numbered(9))
	if want := (Counts{9, 6, 0, 3}); counts != want || err != nil {
		t.Errorf("%v, %v, want %v", counts, err, want)
	}
	if lines := readRejected(t, rejected); !strings.Contains(lines[0].Reason, "--max-months 4") || lines[0].Field != "@timestamp" {
		t.Errorf("got %+v", lines[0])
	}
}

// Whatever is not the template that we need is told before the first document.
func TestNotReady(t *testing.T) {
	for name, test := range map[string]struct {
		status       int
		answer, want string
	}{
		"no template":    {404, `{"error":{"type":"resource_not_found_exception","reason":"index template matching [ml-metrics] not found"}}`, "run `aimetrics setup` first"},
		"somebody's":     {200, `{"index_templates":[{"index_template":{"index_patterns":["ml-*"]}}]}`, "is not aimetrics's"},
		"another prefix": {200, templateOf(`"ml-metrics-21*"`, 99, "month"), "is not for ml-metrics-20*"},
		"old":            {200, templateOf(`"ml-metrics-20*"`, 0, "month"), "run `aimetrics setup` again"},
		"weeks":          {200, templateOf(`"ml-metrics-20*"`, 99, "week"), `by "week"`},
		"not allowed":    {403, `{"Message":"User: arn:aws:iam::1:user/x is not authorized to perform: es:ESHttpGet"}`, "not authorized to perform"},
		"a web page":     {200, htmlPage, "web page"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.Path != "/_index_template/ml-metrics" {
					t.Errorf("%s %s: writers may read that one path alone", r.Method, r.URL)
				}
				w.WriteHeader(test.status)
				io.WriteString(w, test.answer)
			}))
			defer server.Close()
			client, err := domain.Connect(context.Background(), domain.Options{Endpoint: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			_, err = New(context.Background(), client, Options{Rejected: filepath.Join(t.TempDir(), "r"), RetryFor: time.Millisecond})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A template that is taken away during a run is told before the next index is made without it; what is there already goes on.
func TestTemplateTakenAway(t *testing.T) {
	f := newFake(t)
	in := f.connect(t, Options{})
	add := func(month time.Month, step int64) error {
		row := metrics.NewRow()
		row.SetTime("@timestamp", time.Date(2026, month, 2, 0, 0, 0, 0, time.UTC))
		row.Set("event.dataset", "ml.training")
		row.Set("ml.run.id", "r")
		row.SetInteger("ml.step", step)
		row.AddMetric("loss", 0.5)
		if err := in.Add(context.Background(), row); err != nil {
			t.Fatal(err)
		}
		return in.Flush(context.Background())
	}
	if err := add(1, 1); err != nil {
		t.Fatal(err)
	}
	f.bare.Store(true)
	if err := add(1, 2); err != nil || f.count() != 2 {
		t.Fatalf("%v, and %d are there, want 2", err, f.count())
	}
	err := add(2, 3)
	var unfinished *Unfinished
	if !errors.As(err, &unfinished) || !strings.Contains(err.Error(), "run `aimetrics setup` first") || f.count() != 2 {
		t.Errorf("%v, and %d are there, want 2", err, f.count())
	}
}

// One reason is told once, whatever months and tries it stops; to one who does not wait, none is.
func TestWaits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		retryFor time.Duration
		want     int
	}{{"a minute", time.Minute, 1}, {"not at all", -1, 0}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			var busy atomic.Int64
			f.fault = func(w http.ResponseWriter, _ *http.Request, _ bulk) bool {
				if busy.Add(1)%4 == 0 {
					return false
				}
				w.WriteHeader(http.StatusBadGateway)
				return true
			}
			var told atomic.Int64
			in := f.connect(t, Options{RetryFor: test.retryFor, Waits: func(string) { told.Add(1) }})
			if _, err := loadAll(t, in, numbered(300)); err != nil && test.retryFor > 0 {
				t.Error(err)
			}
			if int(told.Load()) != test.want {
				t.Errorf("it was told %d times, want %d", told.Load(), test.want)
			}
		})
	}
}

func templateOf(patterns string, version int, partition string) string {
	return fmt.Sprintf(`{"index_templates":[{"index_template":{"index_patterns":[%s],`+
		`"_meta":{"managed_by":"aimetrics","version":%d,"partition":%q}}}]}`,
		patterns, version, partition)
}

// An interrupted run sends what it has read and says from where the rest is to be done; a reader that hangs does not keep it.
func TestInterrupted(t *testing.T) {
	f := newFake(t)
	in := f.connect(t, Options{linger: time.Hour})
	pipe, writer := io.Pipe()
	defer writer.Close()
	hanging, err := source.Open([]string{"-"}, source.Options{Stdin: pipe})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		io.WriteString(writer, numbered(50))
		// The reader has taken it, and asks for more.
		cancel()
	}()
	err = in.Load(ctx, hanging)
	var unfinished *Unfinished
	if !errors.As(err, &unfinished) || unfinished.Documents != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	counts, err := in.Close(context.Background())
	if counts.Read != int64(f.count()) || err != nil {
		t.Errorf("%v, %v; %d are there", counts, err, f.count())
	}
}

// A domain that comes back in time is waited for, before the first document too.
func TestGone(t *testing.T) {
	f := newFake(t)
	port, err := elastictest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprint("127.0.0.1:", port)
	client, err := domain.Connect(context.Background(), domain.Options{Endpoint: "http://" + address})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	back := make(chan struct{})
	options := Options{Rejected: filepath.Join(t.TempDir(), "r"), backoff: time.Millisecond, RetryFor: time.Minute}
	options.Waits = func(reason string) {
		if said = append(said, reason); len(said) == 1 {
			close(back)
		}
	}
	go func() {
		<-back
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Error(err)
			return
		}
		http.Serve(listener, f)
	}()
	in, err := New(context.Background(), client, options)
	if err != nil || len(said) != 1 || !strings.Contains(said[0], "nothing listens there") {
		t.Fatalf("%v, said %q", err, said)
	}
	in.Close(context.Background())

	options.RetryFor, options.Waits = -1, nil
	client, _ = domain.Connect(context.Background(), domain.Options{Endpoint: "http://127.0.0.1:1"})
	if _, err := New(context.Background(), client, options); err == nil || !strings.Contains(err.Error(), "nothing listens there") {
		t.Errorf("got %v", err)
	}
}

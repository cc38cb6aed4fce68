//go:build integration && unix

package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/metrics"
)

// elastic is the real Elasticsearch OSS 7.10.2 of this package's tests, which use prefixes of their own.
var elastic = sync.OnceValues(func() (*elastictest.Server, error) { return elastictest.Start(elastictest.Options{}) })

func TestMain(m *testing.M) {
	code := m.Run()
	if server, err := elastic(); err == nil { // started if no test did, for a moment
		server.Close()
	}
	os.Exit(code)
}

// lab is the real server with a prefix that is set up.
type lab struct {
	t      testing.TB
	url    string
	prefix string
}

var labs atomic.Int64

func newLab(t testing.TB) *lab {
	t.Helper()
	server, err := elastic()
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{t, server.URL, fmt.Sprintf("t%d", labs.Add(1))}
	l.setUp()
	t.Cleanup(func() { l.ask(http.MethodDelete, "/"+l.prefix+"-20*", "") })
	return l
}

func (l *lab) setUp() {
	client := l.client(l.url)
	plan, err := client.Plan(context.Background(), domain.Wanted{Settings: metrics.Settings{IndexPrefix: l.prefix}})
	if err == nil {
		err = plan.Apply(context.Background(), func(domain.Change) {})
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) client(address string) *domain.Client {
	client, err := domain.Connect(context.Background(), domain.Options{Endpoint: address, Auth: domain.AuthNone})
	if err != nil {
		l.t.Fatal(err)
	}
	return client
}

// connect makes an Ingester whose requests go to an address.
func (l *lab) connect(address string, options Options) *Ingester {
	l.t.Helper()
	options.IndexPrefix = l.prefix
	if options.backoff == 0 {
		options.backoff = 5 * time.Millisecond
	}
	in, err := New(context.Background(), l.client(address), options)
	if err != nil {
		l.t.Fatal(err)
	}
	return in
}

// ask sends a request that must be granted.
func (l *lab) ask(method, path, body string) []byte {
	l.t.Helper()
	status, content := l.send(method, path, body)
	if status >= 300 {
		l.t.Fatalf("%s %s: %d %s", method, path, status, content)
	}
	return content
}

func (l *lab) send(method, path, body string) (status int, content []byte) {
	l.t.Helper()
	request, err := http.NewRequest(method, l.url+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		l.t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err = io.ReadAll(answer.Body)
	if err != nil {
		l.t.Fatalf("%s %s: %s %v", method, path, answer.Status, err)
	}
	return answer.StatusCode, content
}

// count is how many documents are in the indices. It may be asked while they are made: for a moment a new index is there
// and its shard is not, and a count is answered 503.
func (l *lab) count() int {
	l.t.Helper()
	indices := "/" + l.prefix + "-20*"
	for {
		l.ask(http.MethodPost, indices+"/_refresh", "")
		status, content := l.send(http.MethodGet, indices+"/_count", "")
		var said struct {
			Count  int
			Shards struct{ Failed int } `json:"_shards"`
		}
		if err := json.Unmarshal(content, &said); err != nil || (status >= 300 && status != http.StatusServiceUnavailable) {
			l.t.Fatalf("counting %s: %d %s %v", indices, status, content, err)
		}
		if status < 300 && said.Shards.Failed == 0 {
			return said.Count
		}
		l.ask(http.MethodGet, "/_cluster/health"+indices+"?wait_for_status=yellow&timeout=60s", "") // 408 if it does not come
	}
}

// What goes wrong on the way loses nothing and doubles nothing on the real server either.
func TestServerFaults(t *testing.T) {
	for _, test := range faults {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t)
			const documents = 600
			options := test.options
			if options.Rejected == "" {
				options.Rejected = filepath.Join(t.TempDir(), "rejected.ndjson")
			}
			options.backoff = 5 * time.Millisecond
			in := l.connect(faulty(t, test.fault, forward(t, l.url)), options)
			counts, err := loadAll(t, in, numbered(documents))
			there := int64(l.count())
			t.Logf("%v; %d are in the index, %d retries; %v", counts, there, in.Status().Retries, err)
			if test.ends {
				if err == nil || !strings.Contains(err.Error(), test.reason) || there < counts.Indexed+counts.Existing {
					t.Errorf("got %v, want %q", err, test.reason)
				}
				return
			}
			if err != nil || counts.Read != documents || there != counts.Indexed+counts.Existing {
				t.Errorf("%v; %d are in the index; %v", counts, there, err)
			}
			lines := readRejected(t, options.Rejected)
			if int64(len(lines)) != counts.Rejected || (test.rejected != nil) != (counts.Rejected > 0) {
				t.Errorf("%d in the rejected file of %v", len(lines), counts)
			}
			for _, line := range lines {
				if !strings.Contains(line.Reason, test.reason) || line.Raw != lineNumber(int(line.Line-1)) {
					t.Fatalf("got %+v, want %q", line, test.reason)
				}
			}
		})
	}
}

// Inputs of all kinds, counted in the real index.
func TestServerContents(t *testing.T) {
	for _, test := range contents {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t)
			path := filepath.Join(t.TempDir(), "rejected.ndjson")
			checkContent(t, l.connect(l.url, Options{Rejected: path}), path, test.text, test.indexed, test.rejected, test.reason, l.count)
		})
	}
}

// What an index or the cluster refuses is rejected with the server's reason.
func TestServerRefuses(t *testing.T) {
	for _, test := range []struct {
		name             string
		before           func(l *lab)
		after            func(l *lab)
		indexed, refused int64
		reason           string
	}{
		{"a read-only index", func(l *lab) {
			l.ask(http.MethodPut, "/"+l.prefix+"-2026-02", `{"settings":{"index.blocks.write":true}}`)
		}, nil, 20, 10, "403 cluster_block_exception: index ["},
		{"a closed index", func(l *lab) {
			l.ask(http.MethodPut, "/"+l.prefix+"-2026-02", "")
			l.ask(http.MethodPost, "/"+l.prefix+"-2026-02/_close", "")
		}, nil, 20, 10, "400 index_closed_exception"},
		{"the shard limit", func(l *lab) {
			l.ask(http.MethodPut, "/"+l.prefix+"x", `{"settings":{"number_of_replicas":0}}`)
			l.ask(http.MethodPut, "/_cluster/settings", `{"transient":{"cluster.max_shards_per_node":1}}`)
		}, func(l *lab) {
			l.ask(http.MethodPut, "/_cluster/settings", `{"transient":{"cluster.max_shards_per_node":null}}`)
			l.ask(http.MethodDelete, "/"+l.prefix+"x", "")
		}, 0, 30, "400 validation_exception: Validation Failed: 1: this action would add ["},
		{"the flood stage", func(l *lab) {
			l.ask(http.MethodPut, "/"+l.prefix+"-2026-02", `{"settings":{"index.blocks.read_only_allow_delete":true}}`)
		}, nil, 20, 10, "disk usage exceeded flood-stage watermark"},
		{"a mapping that was there before", func(l *lab) {
			// As the engine guesses it from a first document, where the template came later.
			l.ask(http.MethodDelete, "/_index_template/"+l.prefix, "")
			l.ask(http.MethodPut, "/"+l.prefix+"-2026-02",
				`{"mappings":{"properties":{"ml":{"properties":{"metric":{"properties":{"value":{"type":"boolean"}}}}}}}}`)
			l.setUpTemplate()
		}, nil, 20, 10, "failed to parse field [ml.metric.value] of type [boolean]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t)
			test.before(l)
			if test.after != nil {
				t.Cleanup(func() { test.after(l) })
			}
			path := filepath.Join(t.TempDir(), "rejected.ndjson")
			counts, err := loadAll(t, l.connect(l.url, Options{Rejected: path, blockedFor: 100 * time.Millisecond}), numbered(30))
			t.Logf("%v", counts)
			if want := (Counts{30, test.indexed, 0, test.refused}); err != nil || counts != want {
				t.Errorf("%v, %v, want %v", counts, err, want)
			}
			for _, line := range readRejected(t, path) {
				if !strings.Contains(line.Reason, test.reason) {
					t.Errorf("%d: %q, want %q", line.Line, line.Reason, test.reason)
				}
			}
		})
	}
}

// setUpTemplate puts the template alone, as setup does before it looks at indices.
func (l *lab) setUpTemplate() {
	settings := metrics.Settings{IndexPrefix: l.prefix}.WithDefaults()
	l.ask(http.MethodPut, "/_index_template/"+settings.TemplateName(), string(settings.Template(metrics.NoLifecycle)))
}

// The same file twice, and by two at once: the same documents, no more.
func TestServerTwice(t *testing.T) {
	l := newLab(t)
	const documents = 20_000
	text := numbered(documents)
	rejected := filepath.Join(t.TempDir(), "rejected.ndjson")
	var both [2]Counts
	var group sync.WaitGroup
	for i := range both {
		in := l.connect(l.url, Options{Rejected: rejected})
		group.Go(func() {
			var err error
			if both[i], err = loadAll(t, in, text); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if both[0].Indexed+both[1].Indexed != documents || both[0].Read != documents || both[1].Read != documents || l.count() != documents {
		t.Errorf("two at once: %v and %v; %d are in the index", both[0], both[1], l.count())
	}
	counts, err := loadAll(t, l.connect(l.url, Options{Rejected: rejected}), text)
	if want := (Counts{documents, 0, documents, 0}); counts != want || err != nil || l.count() != documents {
		t.Errorf("again: %v, %v; %d are in the index", counts, err, l.count())
	}
	t.Logf("two at once: %v and %v; again: %v", both[0], both[1], counts)
}

// The server is killed in the middle and started again: none is lost, none is there twice, and the counts are true.
func TestServerKilled(t *testing.T) {
	l := newLab(t)
	server, _ := elastic()
	const documents = 60_000
	in := l.connect(l.url, Options{Rejected: filepath.Join(t.TempDir(), "rejected.ndjson"), RetryFor: 5 * time.Minute})
	in.pace.largest.Store(256 << 10)
	in.pace.bytes.Store(256 << 10)
	var killed sync.WaitGroup
	killed.Go(func() {
		for in.Status().Read < documents/5 {
			time.Sleep(time.Millisecond)
		}
		server.Kill()
		t.Logf("killed at %v", in.Status().Counts)
		if err := server.Restart(); err != nil {
			t.Error(err)
		}
	})
	counts, err := loadAll(t, in, numbered(documents))
	killed.Wait()
	l.ask(http.MethodGet, "/_cluster/health?wait_for_status=yellow&timeout=60s", "")
	t.Logf("%v; %d retries", counts, in.Status().Retries)
	if there := l.count(); err != nil || counts.Read != documents || counts.Rejected != 0 || there != documents {
		t.Errorf("%v, %v; %d are in the index", counts, err, there)
	}
}

// The ingester is killed in the middle and run again: the same documents, no more. What it had rejected is in the file.
func TestIngesterKilled(t *testing.T) {
	l := newLab(t)
	folder := t.TempDir()
	binary := filepath.Join(folder, "aimetrics")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/aimetrics").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const documents = 40_000
	input, rejected := filepath.Join(folder, "metrics.ndjson"), filepath.Join(folder, "rejected.ndjson")
	if err := os.WriteFile(input, []byte("first\n"+numbered(documents)+"last\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func() *exec.Cmd {
		command := exec.Command(binary, "ingest", "--endpoint", l.url, "--index-prefix", l.prefix, "--rejected", rejected,
			"--json", "--format", "ndjson", input)
		command.Stdout = &bytes.Buffer{}
		return command
	}
	first := run()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- first.Wait() }()
	for l.count() < documents/5 {
		select {
		case err := <-ended:
			t.Fatalf("it ended by itself: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	first.Process.Kill()
	<-ended
	before := l.count()
	lines := readRejected(t, rejected)
	if len(lines) == 0 || lines[0].Line != 1 {
		t.Errorf("before it was killed it had read past line 1, and the rejected file has %+v", lines)
	}
	second := run()
	err := second.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("the second run: %v, want the exit code 2", err)
	}
	var counts Counts
	if err := json.Unmarshal(second.Stdout.(*bytes.Buffer).Bytes(), &counts); err != nil {
		t.Fatal(err)
	}
	t.Logf("killed at %d; then %v", before, counts)
	if counts.Read != documents+2 || counts.Rejected != 2 || counts.Existing < int64(before) || l.count() != documents {
		t.Errorf("%v after %d; %d are in the index", counts, before, l.count())
	}
}

// A batch is found, counted and taken out again, and nothing else is.
func TestServerDelete(t *testing.T) {
	l := newLab(t)
	ctx := context.Background()
	load := func(batch, text string) {
		if _, err := loadAll(t, l.connect(l.url, Options{Batch: batch, Rejected: filepath.Join(t.TempDir(), "r")}), text); err != nil {
			t.Fatal(err)
		}
	}
	load("right", numbered(100))
	load("wrong", numbered(300)) // of which 100 are there
	client, settings := l.client(l.url), metrics.Settings{IndexPrefix: l.prefix}
	if n, err := Count(ctx, client, settings, "wrong"); n != 200 || err != nil {
		t.Errorf("%d, %v, want 200", n, err)
	}
	if n, err := Delete(ctx, client, settings, "wrong"); n != 200 || err != nil || l.count() != 100 {
		t.Errorf("%d, %v, want 200; %d are left", n, err, l.count())
	}
	if n, err := Count(ctx, client, settings, "wrong"); n != 0 || err != nil {
		t.Errorf("%d, %v, want 0", n, err)
	}
	// What is in an index that no one can read is not taken for nothing.
	l.ask(http.MethodPost, "/"+l.prefix+"-2026-02/_close", "")
	const closed = "index %s-2026-02: closed; open the index"
	if n, err := Count(ctx, client, settings, "right"); n != 0 || err == nil || !strings.Contains(err.Error(), fmt.Sprintf(closed, l.prefix)) {
		t.Errorf("%d, %v, want that an index is closed", n, err)
	}
	if n, err := Delete(ctx, client, settings, "right"); n != 0 || err == nil || !strings.Contains(err.Error(), fmt.Sprintf(closed, l.prefix)) {
		t.Errorf("%d, %v, want that an index is closed", n, err)
	}
	l.ask(http.MethodPost, "/"+l.prefix+"-2026-02/_open", "")
	l.ask(http.MethodPut, "/"+l.prefix+"-2026-02/_settings", `{"index.blocks.write":true}`)
	const blocked = "deleted, and others could not be: index [%s-2026-02] blocked by: [FORBIDDEN/8/index write (api)]; somebody set " +
		"index.blocks.write on the index: set it to null, then run it again"
	if n, err := Delete(ctx, client, settings, "right"); n == 0 || err == nil || !strings.HasSuffix(err.Error(), fmt.Sprintf(blocked, l.prefix)) {
		t.Errorf("%d, %v, want that an index takes no writes", n, err)
	}
}

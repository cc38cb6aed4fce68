package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/ingest/source"
	_ "cdktf-aimetrics/internal/snapshot" // for -update
	"cdktf-aimetrics/metrics"
)

// The fakes speak HTTP: reading the certificates of some machines for each of their clients takes longer than the test.
func init() { os.Unsetenv("SSL_CERT_FILE") }

// fake is a domain in memory, with faults as a test has them.
type fake struct {
	*httptest.Server
	// What a bulk request gets in the place of an answer; nil is the usual answer. It may call apply itself.
	fault func(w http.ResponseWriter, r *http.Request, bulk bulk) (handled bool)
	// What a document gets; the zero value is the usual. It is called under the lock.
	item func(index, id, source string) item
	// Whether the template is gone.
	bare atomic.Bool

	mutex     sync.Mutex
	documents map[string]string // index/_id: source
	requests  int
}

// bulk is a bulk request, read.
type bulk struct {
	index   string
	ids     []string
	sources []string
}

func newFake(t testing.TB) *fake {
	f := &fake{documents: map[string]string{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_index_template/") {
		if f.bare.Load() {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, `{"index_templates":[{"name":"ml-metrics","index_template":{"index_patterns":["%s"],`+
			`"_meta":{"managed_by":"aimetrics","version":%d,"partition":"month"}}}]}`,
			metrics.Settings{IndexPrefix: "ml-metrics"}.IndexPattern(), metrics.ModelVersion)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	bulk := bulk{index: strings.Split(r.URL.Path, "/")[1]}
	lines := bytes.Split(bytes.TrimSuffix(body, []byte{'\n'}), []byte{'\n'})
	for i := 0; i+1 < len(lines); i += 2 {
		var action struct {
			Create struct {
				ID string `json:"_id"`
			}
		}
		if err := json.Unmarshal(lines[i], &action); err != nil {
			panic(err)
		}
		bulk.ids = append(bulk.ids, action.Create.ID)
		bulk.sources = append(bulk.sources, string(lines[i+1]))
	}
	f.mutex.Lock()
	f.requests++
	f.mutex.Unlock()
	if f.fault != nil && f.fault(w, r, bulk) {
		return
	}
	w.Write(f.apply(bulk))
}

// apply writes the documents, and returns the answer.
func (f *fake) apply(bulk bulk) []byte {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var answer bytes.Buffer
	answer.WriteString(`{"took":1,"errors":true,"items":[`)
	for i, id := range bulk.ids {
		if i > 0 {
			answer.WriteByte(',')
		}
		said := item{}
		if f.item != nil {
			said = f.item(bulk.index, id, bulk.sources[i])
		}
		key := bulk.index + "/" + id
		_, there := f.documents[key]
		switch {
		case said.status != 0:
		case there:
			said = item{409, "version_conflict_engine_exception", "[" + id + "]: version conflict, document already exists"}
		default:
			f.documents[key] = bulk.sources[i]
			answer.Write(created)
			continue
		}
		answer.Write(said.json())
	}
	answer.WriteString(`]}`)
	return answer.Bytes()
}

func (f *fake) count() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return len(f.documents)
}

// json is the item as the domain writes it.
func (i item) json() []byte {
	said := map[string]any{"status": i.status, "error": map[string]any{"type": i.kind, "reason": i.reason}}
	text, _ := json.Marshal(map[string]any{"create": said})
	return text
}

// connect makes an Ingester of the fake, in a hurry.
func (f *fake) connect(t testing.TB, options Options) *Ingester {
	t.Helper()
	client, err := domain.Connect(context.Background(), domain.Options{Endpoint: f.URL, Auth: domain.AuthNone})
	if err != nil {
		t.Fatal(err)
	}
	if options.Rejected == "" {
		options.Rejected = filepath.Join(t.TempDir(), "rejected.ndjson")
	}
	options.backoff = time.Millisecond
	in, err := New(context.Background(), client, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		in.Close(ended)
	})
	return in
}

func reader(t testing.TB, text string) *source.Reader {
	t.Helper()
	reader, err := source.Open([]string{"-"}, source.Options{Format: "ndjson", Stdin: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// numbered is n documents, of which line i+1 is lineNumber(i).
func numbered(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteString(lineNumber(i) + "\n")
	}
	return text.String()
}

// lineNumber is a document of one of three months.
func lineNumber(i int) string {
	return fmt.Sprintf(`{"@timestamp":"2026-%02d-02T03:04:05.678Z","event.dataset":"ml.training","ml.run.id":"r",`+
		`"ml.metric.name":"loss","ml.metric.value":0.25,"ml.step":%d}`,
		i%3+1, i)
}

// loadAll loads a text, closes, and checks the balance.
func loadAll(t testing.TB, in *Ingester, text string) (Counts, error) {
	t.Helper()
	err := in.Load(context.Background(), reader(t, text))
	ctx, cancel := context.WithCancel(context.Background())
	if err != nil {
		cancel()
	}
	defer cancel()
	counts, closeError := in.Close(ctx)
	if counts.Read != counts.Indexed+counts.Existing+counts.Rejected {
		t.Errorf("%+v does not balance", counts)
	}
	var unfinished *Unfinished
	if errors.As(closeError, &unfinished) {
		closeError = nil
	}
	return counts, errors.Join(err, closeError)
}

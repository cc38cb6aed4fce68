package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fault is what goes wrong between us and the domain: next is the domain, n counts bulk requests from 1.
type fault func(w http.ResponseWriter, r *http.Request, n int64, next http.Handler)

// faulty is a server in front of a domain. What is no bulk request goes through.
func faulty(t testing.TB, fault fault, next http.Handler) string {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/_bulk") {
			next.ServeHTTP(w, r)
			return
		}
		fault(w, r, n.Add(1), next)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// forward is a domain that is somewhere else.
func forward(t testing.TB, address string) http.Handler {
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { hangUp(w) }
	return proxy
}

// hangUp resets the connection.
func hangUp(w http.ResponseWriter) {
	hijacker, can := w.(http.Hijacker)
	if !can {
		panic(http.ErrAbortHandler)
	}
	connection, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, is := connection.(*net.TCPConn); is {
		tcp.SetLinger(0)
	}
	connection.Close()
}

// first makes the first n bulk requests go wrong.
func first(n int64, fault fault) fault {
	return func(w http.ResponseWriter, r *http.Request, i int64, next http.Handler) {
		if i > n {
			next.ServeHTTP(w, r)
			return
		}
		fault(w, r, i, next)
	}
}

// says answers without the domain.
func says(status int, contentType, body string) fault {
	return func(w http.ResponseWriter, r *http.Request, _ int64, _ http.Handler) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// rewritten lets the domain do its work, and changes its answer.
func rewritten(change func(answer []byte) []byte) fault {
	return func(w http.ResponseWriter, r *http.Request, _ int64, next http.Handler) {
		answer := record(r, next)
		w.WriteHeader(answer.Code)
		w.Write(change(answer.Body.Bytes()))
	}
}

func record(r *http.Request, next http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	return answer
}

func lostAnswer(w http.ResponseWriter, r *http.Request, _ int64, next http.Handler) {
	record(r, next)
	hangUp(w)
}

// halfAnswer breaks off in the middle.
func halfAnswer(w http.ResponseWriter, r *http.Request, _ int64, next http.Handler) {
	answer := record(r, next)
	w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
	w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// halfRequest resets while the request comes.
func halfRequest(w http.ResponseWriter, r *http.Request, _ int64, _ http.Handler) {
	io.CopyN(io.Discard, r.Body, max(1, r.ContentLength/2))
	hangUp(w)
}

// someItems answers for some documents itself, and asks the domain for the others.
func someItems(said item, which func(i int, source string) bool) fault {
	return func(w http.ResponseWriter, r *http.Request, _ int64, next http.Handler) {
		body, _ := io.ReadAll(r.Body)
		lines := bytes.SplitAfter(body, []byte{'\n'})
		var kept bytes.Buffer
		var mine []bool
		for i := 0; i+1 < len(lines); i += 2 {
			mine = append(mine, which(i/2, string(lines[i+1])))
			if !mine[len(mine)-1] {
				kept.Write(lines[i])
				kept.Write(lines[i+1])
			}
		}
		var theirs struct{ Items []json.RawMessage }
		if kept.Len() > 0 {
			r.Body, r.ContentLength = io.NopCloser(&kept), int64(kept.Len())
			if err := json.Unmarshal(record(r, next).Body.Bytes(), &theirs); err != nil {
				hangUp(w)
				return
			}
		}
		text := said.json()
		var items []json.RawMessage
		for _, isMine := range mine {
			if isMine {
				items = append(items, text)
			} else {
				items, theirs.Items = append(items, theirs.Items[0]), theirs.Items[1:]
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"errors": true, "items": items})
	}
}

func every(n int) func(int, string) bool { return func(i int, _ string) bool { return i%n == 0 } }

// tooLarge is a domain that takes requests up to a size. It answers as AWS does: with nothing.
func tooLarge(most int64) fault {
	return func(w http.ResponseWriter, r *http.Request, i int64, next http.Handler) {
		if r.ContentLength > most {
			io.Copy(io.Discard, r.Body) // or the server waits half a second for who sends it
			w.Header().Set("Connection", "close")
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		next.ServeHTTP(w, r)
	}
}

const (
	htmlPage     = "<html><body><h1>502 Bad Gateway</h1></body></html>"
	rejectedBusy = `{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"},"status":429}`
	echo         = `Invalid UTF-8 middle byte 0x28 at [Source: (byte[])"POST /x/_bulk HTTP/1.1` + "\r\n" +
		`Authorization: Basic c2VjcmV0OnNlY3JldA==` + "\r\n"
)

// busyItem is a document for which there was no room.
var busyItem = item{429, "es_rejected_execution_exception", "rejected execution of primary operation"}

// faults is what goes wrong, and what becomes of the documents. Without a word on it, all are in the index in the end.
var faults = []struct {
	name     string
	fault    fault
	rejected func(documents int) int // how many; nil is none
	reason   string                  // in the rejected file, or in the error
	ends     bool                    // with an error
	options  Options
}{
	{name: "none", fault: first(0, nil)},
	{name: "429 for requests", fault: first(3, says(429, "application/json", rejectedBusy))},
	{name: "429 for requests above a size", fault: func(w http.ResponseWriter, r *http.Request, n int64, next http.Handler) {
		if r.ContentLength > 100<<10 {
			says(429, "application/json", rejectedBusy)(w, r, n, next)
			return
		}
		next.ServeHTTP(w, r)
	}},
	{name: "429 for requests, lasting", fault: says(429, "application/json", rejectedBusy), ends: true, reason: "had no room",
		options: Options{RetryFor: 300 * time.Millisecond}},
	{name: "429 for documents", fault: first(3, someItems(busyItem, every(3)))},
	{name: "429 for documents, lasting", fault: someItems(busyItem, every(3)), rejected: func(n int) int { return n }, reason: "429 es_rejected_execution_exception",
		options: Options{RetryFor: 300 * time.Millisecond}},
	{name: "flood stage", fault: someItems(item{429, clusterBlock, "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"}, every(1)),
		rejected: func(n int) int { return n }, reason: "flood-stage", options: Options{blockedFor: 200 * time.Millisecond}},
	{name: "503", fault: first(4, says(503, "application/json", `{"message":"busy"}`))},
	{name: "503 for documents", fault: first(3, someItems(item{503, "unavailable_shards_exception", "primary shard is not active"}, every(2)))},
	{name: "500 for documents, lasting", fault: someItems(item{500, "class_cast_exception", "no"}, every(5)),
		rejected: func(n int) int { return n }, reason: "500 class_cast_exception: no"},
	{name: "reset before the answer", fault: first(3, func(w http.ResponseWriter, _ *http.Request, _ int64, _ http.Handler) { hangUp(w) })},
	{name: "reset within the request", fault: first(3, halfRequest)},
	{name: "reset within the answer", fault: first(3, halfAnswer)},
	{name: "the answer lost", fault: first(3, lostAnswer)},
	{name: "half a body that ends well", fault: first(3, rewritten(func(answer []byte) []byte { return answer[:len(answer)/2] }))},
	{name: "an answer for fewer", fault: first(3, rewritten(func(answer []byte) []byte {
		return append(answer[:bytes.LastIndex(answer, []byte(`,{"create"`))], "]}"...)
	}))},
	{name: "an empty answer", fault: first(3, rewritten(func([]byte) []byte { return nil }))},
	{name: "slow answers", fault: first(3, func(w http.ResponseWriter, r *http.Request, _ int64, next http.Handler) {
		answer := record(r, next)
		select {
		case <-time.After(100 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.Write(answer.Body.Bytes())
	})},
	{name: "HTML of a load balancer", fault: first(3, says(502, "text/html", htmlPage))},
	{name: "HTML with 200", fault: first(3, says(200, "text/html", htmlPage))},
	{name: "a redirect", fault: first(3, func(w http.ResponseWriter, r *http.Request, _ int64, _ http.Handler) {
		http.Redirect(w, r, "https://login.example.com/", http.StatusFound)
	})},
	{name: "a redirect, lasting", fault: func(w http.ResponseWriter, r *http.Request, _ int64, _ http.Handler) {
		io.Copy(io.Discard, r.Body)
		http.Redirect(w, r, "https://login.example.com/", http.StatusFound)
	}, ends: true, reason: "redirects to https://login.example.com", options: Options{RetryFor: 200 * time.Millisecond}},
	{name: "expired credentials, renewed", fault: first(2, says(403, "application/json", `{"message":"The security token included in the request is expired"}`))},
	{name: "expired credentials, for good", fault: says(403, "application/json", `{"message":"The security token included in the request is expired"}`),
		ends: true, reason: "have expired"},
	{name: "throttled", fault: first(3, says(403, "application/json", `{"message":"Request throttled due to too many requests"}`))},
	{name: "not authorized", fault: says(403, "application/json", `{"Message":"User: arn:aws:iam::1:user/x is not authorized to perform: es:ESHttpPost"}`),
		ends: true, reason: "is not authorized to perform"},
	{name: "403 for neighbours", fault: func(w http.ResponseWriter, r *http.Request, n int64, next http.Handler) {
		body, _ := io.ReadAll(r.Body)
		denied := item{403, "security_exception", "no permissions for [indices:data/write/bulk[s]]"}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if bytes.Count(body, []byte{'\n'}) > 2 {
			someItems(denied, every(20))(w, r, n, next)
			return
		}
		someItems(denied, func(_ int, source string) bool { return strings.Contains(source, `0,"e`) })(w, r, n, next)
	}, rejected: func(n int) int { return n }, reason: "403 security_exception: no permissions"},
	{name: "403 for all", fault: someItems(item{403, "security_exception", "no permissions"}, every(1)), rejected: func(n int) int { return n },
		reason: "403 security_exception"},
	{name: "413", fault: tooLarge(30 << 10)},
	{name: "413 for everything", fault: tooLarge(0), rejected: func(n int) int { return n }, reason: "413"},
	{name: "400 for one document", fault: func(w http.ResponseWriter, r *http.Request, n int64, next http.Handler) {
		body, _ := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte(`"ml.step":77`)) {
			w.WriteHeader(400)
			io.WriteString(w, `{"error":{"type":"illegal_argument_exception","reason":"id is too long"},"status":400}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	}, rejected: func(n int) int { return n }, reason: "400 id is too long"},
	{name: "the echo of a header", fault: someItems(item{400, "mapper_parsing_exception", echo}, every(10)),
		rejected: func(n int) int { return n }, reason: "400 mapper_parsing_exception: Invalid UTF-8 middle byte 0x28"},
	{name: "the disk of the rejected file is full", fault: someItems(item{400, "mapper_parsing_exception", "no"}, every(10)),
		ends: true, reason: "no space left on device", options: Options{Rejected: "/dev/full"}},
}

// What goes wrong between us and the domain loses nothing and doubles nothing, and is counted as it is.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, test := range faults {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			const documents = 300
			address := faulty(t, test.fault, f)
			f.URL = address
			options := test.options
			if options.Rejected == "" {
				options.Rejected = filepath.Join(t.TempDir(), "rejected.ndjson")
			}
			in := f.connect(t, options)
			counts, err := loadAll(t, in, numbered(documents))
			reasons := readRejected(t, options.Rejected)
			f.mutex.Lock()
			t.Logf("%v; %d requests, %d retries", counts, f.requests, in.Status().Retries)
			f.mutex.Unlock()
			if isThere := int64(f.count()); isThere < counts.Indexed+counts.Existing {
				t.Errorf("%d documents are there, and %d were counted", isThere, counts.Indexed+counts.Existing)
			}
			if int64(len(reasons)) != counts.Rejected {
				t.Errorf("%d documents are in the rejected file, and %d were counted", len(reasons), counts.Rejected)
			}
			for _, line := range reasons {
				if strings.Contains(line.Reason, "Basic") || strings.Contains(line.Reason, "Authorization") {
					t.Fatalf("a credential in %q", line.Reason)
				}
			}
			if test.ends {
				var unfinished *Unfinished
				if !errors.As(err, &unfinished) || !strings.Contains(err.Error(), test.reason) {
					t.Errorf("got %v, want an error with %q", err, test.reason)
				}
				if !strings.Contains(err.Error(), "what is before -:1 is done") {
					t.Errorf("got %v, want the place from which it is not done", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if counts.Read != documents || int64(f.count()) != counts.Indexed+counts.Existing {
				t.Errorf("%v, and %d are there", counts, f.count())
			}
			if (test.rejected != nil) != (counts.Rejected > 0) {
				t.Errorf("%d rejected", counts.Rejected)
			}
			for _, line := range reasons {
				if !strings.Contains(line.Reason, test.reason) {
					t.Fatalf("the reason is %q, want %q", line.Reason, test.reason)
				}
				if line.Raw != lineNumber(int(line.Line-1)) || line.File != "-" {
					t.Fatalf("%+v is not line %d of the input", line, line.Line)
				}
			}
		})
	}
}

// A domain that restarts, or that counts requests, takes none whatever its size: what waits for it is sent again as it was.
func TestWaitingIsNotSplit(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fault{
		"503":       says(503, "application/json", `{"message":"SERVICE_UNAVAILABLE/1/state not recovered"}`),
		"throttled": says(403, "application/json", `{"message":"Request throttled due to too many requests"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.URL = faulty(t, first(60, fault), f)
			counts, err := loadAll(t, f.connect(t, Options{Rejected: filepath.Join(t.TempDir(), "rejected.ndjson")}), numbered(600))
			if err != nil || counts.Indexed != 600 {
				t.Fatalf("%v, %v", counts, err)
			}
			// Three months, and of each what was read before and after it waited; split, it would be some dozens.
			if f.requests > 12 {
				t.Errorf("the domain took 600 documents in %d requests", f.requests)
			}
		})
	}
}

func readRejected(t testing.TB, path string) []Rejected {
	t.Helper()
	if !strings.HasPrefix(path, os.TempDir()) {
		return nil
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []Rejected
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var line Rejected
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%s: %q", err, lines.Text())
		}
		all = append(all, line)
	}
	return all
}

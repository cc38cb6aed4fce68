package source

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cdktf-aimetrics/internal/snapshot"
)

// fakeMLflow answers as MLflow 3.17.2 did (testdata/mlflow-rest), three values a page; fault has the first word on each request.
func fakeMLflow(t *testing.T, fault func(http.ResponseWriter, *http.Request) bool) *httptest.Server {
	t.Helper()
	file := func(name string) map[string]any {
		var said map[string]any
		content, err := os.ReadFile(filepath.Join("testdata/mlflow-rest", name))
		if err != nil {
			return map[string]any{"metrics": []any{}}
		}
		if err := json.Unmarshal(content, &said); err != nil {
			t.Error(err)
		}
		return said
	}
	experiments := file("experiments_search.json")["experiments"].([]any)
	notThere := func(w http.ResponseWriter) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Could not find it"}`)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault != nil && fault(w, r) {
			return
		}
		body, _ := io.ReadAll(r.Body)
		query := r.URL.Query()
		answer := func(said any) { json.NewEncoder(w).Encode(said) }
		experiment := func(field, value string) {
			at := slices.IndexFunc(experiments, func(one any) bool { return one.(map[string]any)[field] == value })
			if at < 0 {
				notThere(w)
				return
			}
			answer(map[string]any{"experiment": experiments[at]})
		}
		switch path := strings.TrimPrefix(r.URL.Path, "/api/2.0/mlflow/"); r.Method + " " + path {
		case "POST experiments/search":
			// One a page.
			if bytes.Contains(body, []byte("page_token")) {
				answer(map[string]any{"experiments": experiments[1:]})
			} else {
				answer(map[string]any{"experiments": experiments[:1], "next_page_token": "more"})
			}
		case "GET experiments/get-by-name":
			experiment("name", query.Get("experiment_name"))
		case "GET experiments/get":
			experiment("experiment_id", query.Get("experiment_id"))
		case "POST runs/search":
			if bytes.Contains(body, []byte(`"experiment_ids":["1"]`)) {
				answer(file("runs_search.json"))
			} else {
				answer(map[string]any{})
			}
		case "GET runs/get":
			run := file("runs_search.json")["runs"].([]any)[0]
			if query.Get("run_id") != run.(map[string]any)["info"].(map[string]any)["run_id"] {
				notThere(w)
				return
			}
			answer(map[string]any{"run": run})
		case "GET metrics/get-history":
			values := file("history_" + strings.ReplaceAll(query.Get("metric_key"), "/", "_") + ".json")["metrics"].([]any)
			from := 0
			fmt.Sscan(query.Get("page_token"), &from)
			said := map[string]any{"metrics": values[from:min(len(values), from+3)]}
			if from+3 < len(values) {
				said["next_page_token"] = fmt.Sprint(from + 3)
			}
			answer(said)
		default:
			t.Errorf("%s %s is nothing that MLflow has", r.Method, r.URL)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestMLflowServer(t *testing.T) {
	server := fakeMLflow(t, nil)
	snapshot.Compare(t, "testdata/mlflow-rest/documents.txt", read(t, []string{"mlflow:" + server.URL}, Options{}))
}

// TestMLflowChoice counts the values of what an address chooses: all, an experiment by name and by id, a run, and none.
func TestMLflowChoice(t *testing.T) {
	server := fakeMLflow(t, nil)
	all := len(summarize(t, []string{"mlflow:" + server.URL}, Options{}))
	if all < 40 {
		t.Fatalf("%d values, want those of every page", all)
	}
	for query, want := range map[string]int{"?experiment=churn": all, "?experiment=1": all, "?experiment=Default": 0,
		"?run=95ecc700f6c4423ba4572306ccc94e8a": all, "/#/experiments/1/runs/95ecc700f6c4423ba4572306ccc94e8a": all, "#/experiments/1?searchFilter=x": all,
		"?experiment=churn&run=95ecc700f6c4423ba4572306ccc94e8a": 2 * all} {
		if got := summarize(t, []string{"mlflow:" + server.URL + query}, Options{}); len(got) != want {
			t.Errorf("%s has %d values, want %d: %.300s", query, len(got), want, got)
		}
	}
}

func TestMLflowErrors(t *testing.T) {
	const token = "s3cr3t-token"
	status := func(code int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(code)
			io.WriteString(w, body)
			return true
		}
	}
	for _, test := range []struct {
		name, query string
		fault       func(http.ResponseWriter, *http.Request) bool
		want        string
	}{
		{"no such experiment", "?experiment=chrun", nil, `the server has no experiment "chrun", by name or by id; is it spelled so, and may you read it?`},
		{"no such run", "?run=abc", nil, "the server answers 404: Could not find it"},
		{"no sign-in", "", status(401, ""), "the server answers 401; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"},
		{"no right", "", status(403, `{"message": "Permission denied"}`), "the server answers 403: Permission denied; ask for the right to read"},
		{"an echo of the sign-in", "", status(400, `{"message": "Bearer `+token+` is bad"}`), "the server answers 400: Bearer ... is bad"},
		{"a page of somebody else's", "", status(200, "<html>"), "experiments/search answered no JSON"},
		{"gone for good", "", status(503, ""), "the server answers 503"},
		{"another address", "", func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
			return true
		}, "the server answers 302; it sends on to another address: name that one"},
		{"the same page again", "", func(w http.ResponseWriter, r *http.Request) bool {
			io.WriteString(w, `{"experiments": [], "next_page_token": "x"}`)
			return true
		}, "the server gives the same page again and again; update it"},
		{"history of another shape", "", func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "get-history") {
				io.WriteString(w, `{"metrics": [5]}`)
				return true
			}
			return false
		}, "metrics/get-history answered what MLflow does not"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("MLFLOW_TRACKING_TOKEN", token)
			server := fakeMLflow(t, test.fault)
			_, err := readServer(t, server.URL+test.query)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), token) {
				t.Errorf("%v has the token", err)
			}
		})
	}
}

// readServer reads an address to its end, without a pause between tries.
func readServer(t *testing.T, address string) (values int, err error) {
	t.Helper()
	s, err := newServer(address)
	if err != nil {
		return 0, err
	}
	s.pause = func(context.Context, time.Duration) error { return nil }
	from := writtenBy(io.NopCloser(strings.NewReader("")), Options{}, func(_ io.Reader, out *output) error { return s.read(out) })
	defer from.close()
	for {
		var block Block
		if err := from.next(context.Background(), &block); err == io.EOF {
			return values, nil
		} else if err != nil {
			return values, err
		}
		values += len(block.Records)
	}
}

// TestMLflowComesBack reads a server that fails at every second request: all values are there, once.
func TestMLflowComesBack(t *testing.T) {
	want, err := readServer(t, fakeMLflow(t, nil).URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, fail := range map[string]func(http.ResponseWriter){
		"503": func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"429": func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"half an answer": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"metrics": [{"key": "loss", "value": 0.5, "timestamp": 1795711477223, "step": 1}`)
		},
		"a reset": func(w http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		var requests atomic.Int64 // some at once
		server := fakeMLflow(t, func(w http.ResponseWriter, _ *http.Request) bool {
			if requests.Add(1)%2 == 1 {
				fail(w)
				return true
			}
			return false
		})
		if got, err := readServer(t, server.URL); err != nil || got != want {
			t.Errorf("%s: %d values, %v; want %d", name, got, err, want)
		}
	}
}

func TestMLflowSignIn(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ann:pass"))
	for _, test := range []struct{ user, password, token, want string }{
		{"", "", "", ""}, {"ann", "pass", "", basic}, {"", "", "tok", "Bearer tok"}, {"ann", "pass", "tok", basic}, {"ann", "", "tok", "Bearer tok"},
	} {
		t.Setenv("MLFLOW_TRACKING_USERNAME", test.user)
		t.Setenv("MLFLOW_TRACKING_PASSWORD", test.password)
		t.Setenv("MLFLOW_TRACKING_TOKEN", test.token)
		got := map[string]bool{}
		server := fakeMLflow(t, func(_ http.ResponseWriter, r *http.Request) bool {
			got[r.Header.Get("Authorization")] = true
			return false
		})
		if _, err := readServer(t, server.URL); err != nil || len(got) != 1 || !got[test.want] {
			t.Errorf("%+v: %v, %v", test, got, err)
		}
	}
}

func TestMLflowAddress(t *testing.T) {
	for address, want := range map[string]string{
		"mlflow:":                             "is no address of an MLflow server; write it as mlflow:https://host?experiment=NAME",
		"mlflow:host":                         "is no address of an MLflow server; write it as mlflow:https://host?experiment=NAME",
		"mlflow:ftp://host":                   "is no address of an MLflow server",
		"mlflow:http://mlflow.example.com":    "is plain HTTP to another machine",
		"mlflow:http://127.0.0.1.example.com": "is plain HTTP to another machine",
		"mlflow:https://ann:pass@host":        "has a password in it",
		"mlflow:https://host?token=pass@":     `has "token" in its query`,
		"mlflow:https://host?experment=churn": `has "experment" in its query, and there is experiment and run`,
	} {
		got := summarize(t, []string{address}, Options{})
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: got %q, want %s", address, got, want)
		}
		if strings.Contains(strings.Join(got, ""), "pass@") {
			t.Errorf("%q has the password", got)
		}
	}
	for address, want := range map[string]string{
		"https://host/": "https://host/api/2.0/mlflow/", "https://host/mlflow/": "https://host/mlflow/api/2.0/mlflow/",
		"http://localhost:5000": "http://localhost:5000/api/2.0/mlflow/", "http://[::1]:5000/#/experiments/1": "http://[::1]:5000/api/2.0/mlflow/",
	} {
		if s, err := newServer(address); err != nil || s.base != want {
			t.Errorf("%s: %+v, %v; want %s", address, s, err, want)
		}
	}
}

// TestMLflowStore reads what is wrong in a store: each is a record, with its file and line.
func TestMLflowStore(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"1/meta.yaml":           "experiment_id: '1'\nname: churn\n",
		"1/a/meta.yaml":         "experiment_id: '1'\nrun_uuid: a\nrun_name: first\nlifecycle_stage: active\n",
		"1/a/metrics/loss":      "1795711308363 0.5 1\r\nnonsense\n1795711308363 x 2\n1795711308363 1.7976931348623157e+308 3\n\n1795711308363 0.4 4 data sha\n",
		"1/a/metrics/val/acc":   "1795711308363 0.5\n",
		"1/a/params/model..c":   "0.5",
		"1/a/params/long":       strings.Repeat("x", 300),
		"1/b/meta.yaml":         "experiment_id: '1'\nrun_id: b\nlifecycle_stage: deleted\n",
		"1/b/metrics/loss":      "1795711308363 0.5 1\n",
		"1/c/meta.yaml":         "experiment_id: [",
		"1/models/m/meta.yaml":  "model_id: m\n",
		".trash/d/meta.yaml":    "experiment_id: '2'\nrun_id: d\n",
		".trash/d/metrics/loss": "1795711308363 0.5 1\n",
	} {
		path := filepath.Join(folder, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := summarize(t, []string{folder}, Options{})
	want := []string{
		"1 1/a/metrics/loss: loss=0.5 step 1 2026-11-26T16:41:48.363Z",
		"2 1/a/metrics/loss: ! has 1 words where MLflow writes a time, a value and a step; mend the line",
		`3 1/a/metrics/loss: ! ml.metrics.loss: "x" is no number; write it as 0.5 or 1e-3`,
		"4 1/a/metrics/loss: ! ml.metrics.loss: +Inf is infinite, which no picture can show; leave it out, or find out why the metric diverged",
		"6 1/a/metrics/loss: loss=0.4 step 4 2026-11-26T16:41:48.363Z",
		"1 1/a/metrics/val/acc: validation accuracy=0.5 2026-11-26T16:41:48.363Z",
		"0 1/c: ! its meta.yaml cannot be read",
	}
	for i := range got {
		if i < len(want) && strings.HasSuffix(want[i], "cannot be read") && strings.HasPrefix(got[i], want[i]) {
			got[i] = want[i]
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// A folder within a store is one, too; and its documents are the same.
	all := read(t, []string{folder}, Options{})
	for _, part := range []string{"1", "1/a"} {
		for line := range strings.Lines(read(t, []string{filepath.Join(folder, part)}, Options{})) {
			if _, document, _ := strings.Cut(line, ": AG"); document != "" && !strings.Contains(all, ": AG"+document) {
				t.Errorf("%s has %s, which the whole has not", part, line)
			}
		}
	}
}

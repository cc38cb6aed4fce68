//go:build integration && unix

package elastictest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"cdktf-aimetrics/internal/elastictest"
	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

// What was acknowledged is there again after the server was killed and started; once closed, nothing answers.
func TestLife(t *testing.T) {
	for _, engine := range []elastictest.Engine{elastictest.Elasticsearch, elastictest.OpenSearch2, elastictest.OpenSearch1} {
		t.Run(engine.String(), func(t *testing.T) {
			server, err := elastictest.Start(elastictest.Options{Engine: engine})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			ask(t, http.MethodPut, server.URL+"/kept/_doc/1", `{"value": 0.97}`)
			var root struct{ Version struct{ Number string } }
			if err := json.Unmarshal(ask(t, http.MethodGet, server.URL, ""), &root); err != nil || root.Version.Number != engine.Version {
				t.Errorf("version %q, want %q (%v)", root.Version.Number, engine.Version, err)
			}

			server.Kill()
			if _, err := http.Get(server.URL); err == nil {
				t.Error("a killed server answers")
			}
			if err := server.Restart(); err != nil {
				t.Fatal(err)
			}
			ask(t, http.MethodGet, server.URL+"/_cluster/health/kept?wait_for_status=yellow", "")
			if document := ask(t, http.MethodGet, server.URL+"/kept/_doc/1", ""); !bytes.Contains(document, []byte(`"found":true`)) {
				t.Errorf("after Kill and Restart: %s", document)
			}

			if err := server.Close(); err != nil {
				t.Error(err)
			}
			if _, err := http.Get(server.URL); err == nil {
				t.Error("a closed server answers")
			}
		})
	}
}

// A server that cannot start says why, and leaves nothing behind.
func TestNoStart(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	// Where we are root, the server is another user.
	if err := os.Chmod(filepath.Dir(os.TempDir()), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := elastictest.Start(elastictest.Options{Settings: map[string]string{"no.such.setting": "1"}})
	if err == nil || !bytes.Contains([]byte(err.Error()), []byte("no.such.setting")) {
		t.Errorf("got %v, want the server's own reason", err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func ask(t *testing.T, method, url, body string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %s %v", method, url, answer.Status, content, err)
	}
	return content
}

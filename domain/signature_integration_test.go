//go:build integration

package domain

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	accessKey    = "AKIAIOSFODNN7EXAMPLE"
	secretKey    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	sessionToken = "FwoGZXIvYXdzEXAMPLE//token+of/a/session=="
)

// What is sent has the signature that botocore computes of it.
func TestSignaturesAsBotocoreHasThem(t *testing.T) {
	for _, token := range []string{"", sessionToken} {
		server := startBotocore(t, token)
		cleanEnvironment(t)
		t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
		t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
		t.Setenv("AWS_SESSION_TOKEN", token)
		client, _ := connected(t, Options{Endpoint: server, Auth: AuthAWS, Region: "eu-central-1"})
		large := bytes.Repeat([]byte(`{"create":{}}`+"\n"), 400_000) // 5 MB
		for _, test := range []struct {
			method, path string
			header       http.Header
			body         io.Reader
			sent         string // the path as the server saw it; "" if as given
		}{
			{"GET", "/", nil, nil, ""},
			{"HEAD", "/_alias/ml-metrics", nil, nil, ""},
			{"GET", "/ml-metrics-20*/_search", nil, nil, ""},
			{"GET", "/ml-metrics-2026-10,ml-metrics-2026-11/_mapping", nil, nil, ""},
			{"GET", "/a%2Cb/_search", nil, nil, ""},
			{"GET", "/a%2cb/%E2%82%AC/100%25", nil, nil, ""},
			{"GET", "/it's/(a)!$&;=:@~x", nil, nil, ""},
			{"GET", "/_plugin/kibana//app/../x/./y/", nil, nil, ""},
			{"GET", "/_search?q=a*+b&size=10", nil, nil, "/_search?q=a%2A%20b&size=10"},
			{"GET", "/_search?filter_path=hits.hits,-took&z=1&a=2&a=1", nil, nil, "/_search?filter_path=hits.hits%2C-took&z=1&a=2&a=1"},
			{"GET", "/_search?pretty", nil, nil, ""},
			{"GET", "/_search?pretty=&human", nil, nil, ""},
			{"GET", "/goto?_g=(time:(from:now-90d,to:now))&x=%zz;y", nil, nil,
				"/goto?_g=%28time%3A%28from%3Anow-90d%2Cto%3Anow%29%29&x=%25zz%3By"},
			{"GET", "/x?q=%E2%82%AC%2F%3D%26&name=a%20b", nil, nil, ""},
			{"PUT", "/_index_template/ml-metrics", nil, strings.NewReader(`{"a":"ü"}`), ""},
			{"PUT", "/x?if_seq_no=0&if_primary_term=1", nil, bytes.NewBufferString("{}"), ""},
			{"POST", "/ml-metrics-2026-11/_bulk", http.Header{"Content-Type": {"application/x-ndjson"}}, bytes.NewReader(large), ""},
			{"POST", "/ml-metrics-2026-11/_bulk", http.Header{"Content-Encoding": {"gzip"}}, bytes.NewReader([]byte{0x1f, 0x8b, 0, 255}),
				""},
			{"POST", "/_plugin/kibana/api/saved_objects/_import", http.Header{"Content-Type": {`multipart/form-data; boundary="x  y"`}},
				io.MultiReader(strings.NewReader("a"), strings.NewReader("b")), ""},
			{"POST", "/x", nil, strings.NewReader(""), ""},
			{"DELETE", "/ml-metrics-2026-11", nil, nil, ""},
		} {
			response, err := client.Do(t.Context(), test.method, test.path, test.header, test.body)
			if err != nil {
				t.Errorf("%s %s: %v", test.method, test.path, err)
				continue
			}
			said, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if test.sent == "" {
				test.sent = test.path
			}
			if test.method == "HEAD" {
				said = []byte(test.sent)
			}
			if response.StatusCode != 200 || string(said) != test.sent {
				t.Errorf("%s %s: %d %s\nwant %s", test.method, test.path, response.StatusCode, said, test.sent)
			}
		}
	}
}

// startBotocore starts testdata/signatures.py, and returns its address.
func startBotocore(t *testing.T, token string) string {
	t.Helper()
	python, err := filepath.Abs("../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		missing(t, "needs botocore; run `python3 -m venv .venv && .venv/bin/pip install -r requirements.txt` in the project's root")
	}
	command := exec.Command(python, "testdata/signatures.py", accessKey, secretKey, token, "eu-central-1")
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		command.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSpace(line), "Running on ")
	if !found {
		t.Fatalf("the server says %q (%v)", line, err)
	}
	return address
}

// missing skips a test that lacks what it runs on, but in CI fails it.
func missing(t *testing.T, format string, arguments ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, arguments...)
	}
	t.Skipf(format, arguments...)
}

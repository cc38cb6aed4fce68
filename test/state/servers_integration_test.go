//go:build integration

package state

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"cdktf-aimetrics/test/tools"
)

// startMoto starts an emulator of AWS and returns its address. It keeps all in memory and takes any credentials.
func startMoto(t *testing.T) string {
	t.Helper()
	moto := tools.Python(t, "bin/moto_server")
	return tools.Serve(t, regexp.MustCompile(`Running on (http://\S+)`), moto, "--host", "127.0.0.1", "--port", "0")[1]
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

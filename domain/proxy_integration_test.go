//go:build integration

package domain

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// What pages of Kibana ask for, recorded, arrives at the domain with the signature that botocore computes of it.
func TestTheProxySignsAsBotocoreDoes(t *testing.T) {
	server := startBotocore(t, sessionToken)
	cleanEnvironment(t)
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	t.Setenv("AWS_SESSION_TOKEN", sessionToken)
	client, _ := connected(t, Options{Endpoint: server, Kibana: server + kibanaPath, Auth: AuthAWS, Region: "eu-central-1"})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	proxy, err := client.Proxy(ProxyOptions{Address: listener.Addr().String(), Tell: func(line string) { t.Error(line) }})
	must(t, err)
	front := &httptest.Server{Listener: listener, Config: &http.Server{Handler: proxy}}
	front.Start()
	t.Cleanup(front.Close)

	requests := []struct{ method, path, body string }{
		{"GET", "/api/index_patterns/_fields_for_wildcard?pattern=ml-metrics-20*&meta_fields=_source&meta_fields=_id", ""},
		{"GET", "/goto/5ba4e3a2?_g=(time:(from:now-90d,to:now))&x=%zz;y", ""},
		{"GET", "/api/a%2Cb*/it's/(a)!$&;=:@~x?q=a+b%2B", ""},
		{"POST", "/api/saved_objects/_import?overwrite=true", strings.Repeat("x", 1<<20)},
	}
	recorded, err := os.ReadFile("../kibana/testdata/requests.ndjson")
	must(t, err)
	for line := range bytes.Lines(recorded) {
		var request struct{ Method, Path string }
		must(t, json.Unmarshal(line, &request))
		requests = append(requests, struct{ method, path, body string }{request.Method, request.Path, string(line)})
	}
	for _, request := range requests {
		body := io.Reader(http.NoBody)
		if request.method != "GET" {
			body = strings.NewReader(request.body)
		}
		sent, err := http.NewRequest(request.method, front.URL+kibanaPath+request.path, body)
		must(t, err)
		sent.Header.Set("Content-Type", "application/json")
		sent.AddCookie(&http.Cookie{Name: cookieName, Value: proxy.session})
		response, err := http.DefaultTransport.RoundTrip(sent)
		must(t, err)
		said, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != 200 || !strings.HasPrefix(string(said), kibanaPath) {
			t.Errorf("%s %s: %d %.300s", request.method, request.path, response.StatusCode, said)
		}
	}
}

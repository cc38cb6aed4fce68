package domain

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/internal/elastictest"
)

// An answer of each kind that is not the one asked for: one line, with the remedy, without a credential.
func TestFaults(t *testing.T) {
	answers := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for _, test := range []struct {
		name    string
		auth    Auth
		handler http.HandlerFunc
		want    string
	}{
		{"no sign-in", AuthNone, answers(401, "Unauthorized"), "401 it asks for a sign-in; set AIMETRICS_USERNAME"},
		{"a wrong password", AuthBasic, answers(401, "Unauthorized"),
			"401 it does not take the user and the password; mend AIMETRICS_USERNAME"},
		{"a signature where a password belongs", AuthAWS, answers(401, "Unauthorized"), "takes AIMETRICS_USERNAME and AIMETRICS_PASSWORD"},
		{"anonymous", AuthNone, answers(403, `{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet"}`),
			"403 the domain lets nobody in who does not sign; add --auth aws"},
		{"a role without access", AuthAWS,
			answers(403,
				`{"Message":"User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: es:ESHttpPut because no resource-based policy allows"}`),
			"403 User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: es:ESHttpPut because no resource-based policy allows; name this principal"},
		{"a role without rights inside", AuthBasic,
			answers(403,
				`{"error":{"root_cause":[],"type":"security_exception","reason":"no permissions for [indices:admin/index_template/put] and User [name=ml]"},"status":403}`),
			`no permissions for [indices:admin/index_template/put] and User [name=ml]; signed in as the user "ml"; map it to a role inside the domain`},
		{"an expired token", AuthAWS, answers(403, `{"message":"The security token included in the request is expired"}`),
			"the AWS credentials have expired; sign in anew"},
		{"an unknown key", AuthAWS, answers(403, `{"message":"The security token included in the request is invalid."}`),
			"AWS does not know the credentials; see `aws sts get-caller-identity`"},
		{"another region", AuthAWS, answers(403, `{"message":"Credential should be scoped to a valid region, not 'us-east-1'. "}`),
			"name the domain's with --region"},
		{"another signature", AuthAWS,
			answers(403, `{"message":"The request signature we calculated does not match the signature you provided."}`),
			"AWS computes another signature"},
		{"a clock that is behind", AuthAWS,
			answers(403, `{"message":"Signature expired: 20261126T100000Z is now earlier than 20261126T102000Z"}`, "Date",
				time.Now().Add(25*time.Minute).UTC().Format(http.TimeFormat)),
			"this machine's clock is 25m0s behind the server's, so the signature does not count; set the clock"},
		{"a clock that is ahead", AuthAWS, answers(403, `{"message":"Signature not yet current: 20261126T100000Z is still later than"}`,
			"Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)),
			"this machine's clock is 1h0m0s ahead of the server's"},
		{"throttled", AuthNone, answers(403, `{"message":"Request throttled due to too many requests"}`),
			"throttled; run it again in a minute"},
		{"busy", AuthNone,
			answers(429, `{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"},"status":429}`),
			"429 rejected execution; the domain is busy"},
		{"a full disk", AuthNone,
			answers(429,
				`{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"},"status":429}`), "make room"},
		{"an empty 413", AuthNone, answers(413, ""), "413 the request is larger than the domain takes; send less at once"},
		{"a blue/green deployment", AuthNone, answers(503, "<html><body><b>Http/1.1 Service Unavailable</b></body> </html>"),
			"503 service unavailable; the domain may be restarting or in the middle of a blue/green deployment"},
		{"a gateway", AuthNone, answers(504, `{"message":null}`), "504 gateway timeout; the domain may be restarting"},
		{"a web page", AuthNone, answers(200, "<!DOCTYPE html><html><title>Welcome</title>"),
			"it answers with a web page and is no Elasticsearch; mend the address"},
		{"a web page that is not found", AuthNone, answers(404, "<html>not found"), "it answers with a web page"},
		{"JSON of something else", AuthNone, answers(200, `"hello"`), "the answer is no JSON of Elasticsearch's; mend the address"},
		{"half of the JSON", AuthNone, answers(200, `{"a": `), "the answer is no JSON"},
		{"a redirect", AuthBasic, answers(302, "", "Location", "https://auth.example.com/login?token=secret"),
			"302 it redirects to https://auth.example.com; "},
		{"Elasticsearch's own words", AuthNone,
			answers(400,
				`{"error":{"root_cause":[],"type":"illegal_argument_exception","reason":"composable template [x] is invalid","caused_by":{"type":"y","reason":"because"}},"status":400}`),
			"400 composable template [x] is invalid: because"},
		{"an echo of the request", AuthBasic, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			fmt.Fprintf(w,
				`{"error":{"type":"parse_exception","reason":"Invalid UTF-8\n at [Source: (byte[])\"POST /x HTTP/1.1\r\nAuthorization: %s"},"status":400}`, r.Header.Get("Authorization"))
		}, "400 Invalid UTF-8"},
		{"an echo of a header", AuthBasic, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(500)
			fmt.Fprintf(w, `{"error":{"type":"x","reason":"upstream said %s and %s"},"status":500}`, r.Header.Get("Authorization"),
				"hunter22")
		}, "500 upstream said Basic *** and ***"},
		{"half an answer", AuthNone, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"a"`)
		}, "the connection broke off before the answer; run it again"},
		{"no answer", AuthNone, func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
			"the connection broke off before the answer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.handler)
			defer server.Close()
			signedIn(t)
			client, _ := connected(t, Options{Endpoint: server.URL, Auth: test.auth, Region: "us-east-1"})
			err := client.Send(t.Context(), "GET", "/_x?secret=1", nil, &struct{}{})
			var fault *Fault
			if !errors.As(err, &fault) {
				t.Fatalf("the error is %v, want a fault", err)
			}
			want := "GET " + server.URL + "/_x: " + test.want
			if !strings.HasPrefix(err.Error(), "GET "+server.URL+"/_x: ") || !strings.Contains(err.Error(), test.want) ||
				strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("the error is\n%s\nwant\n%s", err, want)
			}
			for _, secret := range []string{"hunter22", base64.StdEncoding.EncodeToString([]byte("ml:hunter22")), "wJalrXUtnFEMI",
				"token=secret"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error holds %q: %s", secret, err)
				}
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	free, err := elastictest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	stuck, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	talker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer talker.Close()
	go func() {
		for {
			connection, err := talker.Accept()
			if err != nil {
				return
			}
			io.WriteString(connection, "220 mail.example.com ESMTP\r\n")
			connection.Close()
		}
	}()
	for _, test := range []struct{ name, endpoint, want string }{
		{"nobody", fmt.Sprint("http://127.0.0.1:", free), "nothing listens there; start the server, or mend the port"},
		{"no such host", "https://nobody.invalid", "no such host; mend the address"},
		{"an unknown authority", secure.URL,
			"is of an authority that this machine does not know; name a file with that authority's certificate in SSL_CERT_FILE"},
		{"TLS to a plain server", strings.Replace(plain.URL, "http:", "https:", 1), "speaks no TLS; write http://"},
		{"plain to a TLS server", strings.Replace(secure.URL, "https:", "http:", 1), "speaks TLS; write https://"},
		{"another protocol", "http://" + talker.Addr().String(), "speaks no HTTP; mend the port"},
		{"a server that is silent", "http://" + stuck.Addr().String(), "no answer in time; run it again when the domain is less busy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cleanEnvironment(t)
			client, _ := connected(t, Options{Endpoint: test.endpoint, Timeout: 50 * time.Millisecond})
			err := client.Send(t.Context(), "GET", "/", nil, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is\n%v\nwant one line with\n%s", err, test.want)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	abort := 0
	for _, test := range []struct {
		method   string
		statuses []int // of the answers in turn, abort for none; then 200
		tries    int
		ok       bool
	}{
		{"GET", []int{503, 429, abort}, 4, true},
		{"PUT", []int{502, abort}, 3, true},
		{"DELETE", []int{504}, 2, true},
		{"POST", []int{429, 503}, 3, true},
		{"POST", []int{abort}, 1, false},
		{"PATCH", []int{abort}, 1, false},
		{"GET", []int{500}, 1, false},
		{"GET", []int{403}, 1, false},
		{"GET", []int{503, 503, 503, 503, 503}, 5, false},
	} {
		t.Run(fmt.Sprint(test.method, test.statuses), func(t *testing.T) {
			tries := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Connection", "close") // Go itself tries again on a connection that was used before
				if body, _ := io.ReadAll(r.Body); string(body) != `{"a":1}` {
					t.Errorf("the body of try %d is %q", tries+1, body)
				}
				tries++
				switch {
				case tries > len(test.statuses):
				case test.statuses[tries-1] == abort:
					panic(http.ErrAbortHandler)
				default:
					w.Header().Set("Retry-After", "3")
					w.WriteHeader(test.statuses[tries-1])
				}
			}))
			defer server.Close()
			cleanEnvironment(t)
			client, pauses := connected(t, Options{Endpoint: server.URL})
			err := client.Send(t.Context(), test.method, "/", map[string]int{"a": 1}, nil)
			if tries != test.tries || (err == nil) != test.ok || len(*pauses) != test.tries-1 {
				t.Errorf("tried %d times with %d pauses, then %v; want %d tries", tries, len(*pauses), err, test.tries)
			}
			for i, pause := range *pauses {
				if test.statuses[i] != abort && pause != 3*time.Second {
					t.Errorf("pause %d is %s, and the server asked for 3 s", i, pause)
				}
			}
		})
	}
}

// With --connect-to, the connection goes elsewhere, and the name in TLS, the Host header and the signature stay the domain's.
func TestConnectTo(t *testing.T) {
	var host, signature string
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		host, signature = r.Host+" "+r.TLS.ServerName, r.Header.Get("Authorization")
	}))
	defer server.Close()
	signedIn(t)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", roots)
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9") // nobody: a port forward needs no proxy
	client, _ := connected(t, Options{Endpoint: "https://example.com", Auth: AuthAWS, Region: "eu-west-3",
		ConnectTo: server.Listener.Addr().String()})
	if err := client.Send(t.Context(), "GET", "/", nil, nil); err != nil {
		t.Fatal(err)
	}
	if host != "example.com example.com" || !strings.Contains(signature, "/eu-west-3/es/aws4_request") {
		t.Errorf("the server saw the host %q and the signature %q", host, signature)
	}
}

// Requests go through HTTPS_PROXY but for loopback and what NO_PROXY names, and its password is in no error.
func TestProxy(t *testing.T) {
	requests := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r.Method + " " + r.Host
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	direct := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer direct.Close()
	for _, test := range []struct {
		name, endpoint, proxy, noProxy, asked, want string
	}{
		{"a domain", "https://metrics.example.com", proxy.URL, "", "CONNECT metrics.example.com:443",
			"the proxy of HTTPS_PROXY does not let it through"},
		{"a proxy that is not there", "https://metrics.example.com", "http://ml:hunter22@127.0.0.1:9", "", "",
			"the proxy of HTTPS_PROXY does not let it through; mend HTTPS_PROXY"},
		{"a domain that needs none", "https://nobody.invalid", proxy.URL, ".invalid", "", "no such host"},
		{"loopback", direct.URL, proxy.URL, "", "", "the error: <nil>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			// In a process of its own, for Go reads these variables once.
			child := exec.Command(os.Args[0], "-test.run=^TestProxyOfChild$", "-test.v")
			child.Env = append(os.Environ(), "CHILD_ENDPOINT="+test.endpoint, "HTTPS_PROXY="+test.proxy, "HTTP_PROXY="+test.proxy,
				"NO_PROXY="+test.noProxy)
			output, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			var asked []string
			for len(requests) > 0 {
				asked = append(asked, <-requests)
			}
			if got := strings.Join(asked, ", "); got != test.asked {
				t.Errorf("the proxy was asked for %q, want %q", got, test.asked)
			}
			if !strings.Contains(string(output), test.want) || strings.Contains(string(output), "hunter22") {
				t.Errorf("it says %s, want %q", output, test.want)
			}
		})
	}
}

func TestProxyOfChild(t *testing.T) {
	endpoint := os.Getenv("CHILD_ENDPOINT")
	if endpoint == "" {
		t.Skip("a part of TestProxy")
	}
	cleanEnvironment(t)
	client, _ := connected(t, Options{Endpoint: endpoint})
	t.Log("the error:", client.Send(t.Context(), "GET", "/", nil, nil))
}

// A transport that is handed to a proxy sends to the domain alone, and nothing of what the browser signed in with.
func TestTransport(t *testing.T) {
	var authorization string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter,
		r *http.Request) {
		authorization = r.Header.Get("Authorization")
	}))
	defer server.Close()
	cleanEnvironment(t)
	client, _ := connected(t, Options{Endpoint: server.URL})
	for _, test := range []struct {
		url string
		ok  bool
	}{{server.URL + "/x", true}, {"http://127.0.0.1:9/", false}} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", test.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer of-the-browser")
		response, err := client.Transport().RoundTrip(request)
		if (err == nil) != test.ok || authorization != "" {
			t.Errorf("a request to %s ends with %v, and the server saw %q", test.url, err, authorization)
		}
		if err == nil {
			response.Body.Close()
		}
	}
}

func TestKibana(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Method + " " + r.URL.Path + " " + r.Header.Get("kbn-xsrf") + " " + r.Header.Get("Content-Type")
	}))
	defer server.Close()
	cleanEnvironment(t)
	client, _ := connected(t, Options{Endpoint: "http://127.0.0.1:9", Kibana: server.URL + "/_plugin/kibana/"})
	response, err := client.Kibana().Do(t.Context(), "POST", "/api/saved_objects/_import",
		http.Header{"Content-Type": {"multipart/form-data"}}, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if want := "POST /_plugin/kibana/api/saved_objects/_import true multipart/form-data"; got != want {
		t.Errorf("Kibana saw %q, want %q", got, want)
	}
}

func TestRedact(t *testing.T) {
	for given, want := range map[string]string{
		"plain text":                         "plain text",
		"bad\n at [Source: (byte[])\"POST /": "bad\n",
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=abc": "Authorization: ***",
		`{"authorization":"Basic bWw6aHVudGVyMjI="}`:                       `{"authorization":"***"}`,
		"sent Bearer abcdefghij.klm to":                                    "sent Bearer *** to",
		"https://ml:hunter22@h/x":                                          "https://***@h/x",
		"GET /?X-Amz-Signature=abcdef&x=1":                                 "GET /?X-Amz-Signature=***&x=1",
		"a basic sign-in at http://h":                                      "a basic sign-in at http://h",
	} {
		if got := Redact(given); got != want {
			t.Errorf("of %q there is left %q, want %q", given, got, want)
		}
	}
}

// connected is a client that does not pause between tries, and the pauses that it would have made.
func connected(t *testing.T, options Options) (*Client, *[]time.Duration) {
	t.Helper()
	client, err := Connect(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	pauses := &[]time.Duration{}
	client.pause = func(ctx context.Context, pause time.Duration) error {
		*pauses = append(*pauses, pause)
		return ctx.Err()
	}
	t.Cleanup(client.transport.http.CloseIdleConnections)
	return client, pauses
}

// signedIn sets credentials of each kind.
func signedIn(t *testing.T) {
	t.Helper()
	cleanEnvironment(t)
	for name, value := range map[string]string{
		"AIMETRICS_USERNAME": "ml", "AIMETRICS_PASSWORD": "hunter22",
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"AWS_SESSION_TOKEN": "session/token==",
	} {
		t.Setenv(name, value)
	}
}

// A change that the cluster has not acknowledged is not done, though the answer is 200.
func TestAcknowledged(t *testing.T) {
	for answer, ok := range map[string]bool{`{"acknowledged":true}`: true, `{"acknowledged":false}`: false, `{}`: true} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) }))
		cleanEnvironment(t)
		client, _ := connected(t, Options{Endpoint: server.URL})
		err := client.put(t.Context(), "/_index_template/x", map[string]int{})
		if (err == nil) != ok || err != nil && err.Error() != "not all nodes of the domain have acknowledged it; run it again when the domain is less busy" {
			t.Errorf("after %s it ends with %v", answer, err)
		}
		server.Close()
	}
}

package domain

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// front is a proxy before a server that stands for a domain.
type front struct {
	*Proxy
	address string
	cookie  *http.Cookie
	told    []string
}

func newFront(t testing.TB, handler http.Handler, base string, change func(*Options), all bool) *front {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	options := Options{Endpoint: server.URL, Kibana: server.URL + base, Auth: AuthNone}
	if change != nil {
		change(&options)
	}
	client, err := Connect(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{address: listener.Addr().String()}
	f.Proxy, err = client.Proxy(ProxyOptions{Address: f.address, All: all, Tell: func(line string) { f.told = append(f.told, line) }})
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httptest.Server{Listener: listener, Config: &http.Server{Handler: f.Proxy}}
	proxy.Start()
	t.Cleanup(proxy.Close)
	response := f.do(t, "GET", "/?token="+f.token, nil, nil)
	if cookies := response.Cookies(); len(cookies) == 1 {
		f.cookie = cookies[0]
	}
	return f
}

// do sends a request as a browser does, without following redirects.
func (f *front) do(t testing.TB, method, path string, header map[string]string, body io.Reader) *http.Response {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+f.address+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if f.cookie != nil {
		request.AddCookie(f.cookie)
	}
	for name, value := range header {
		if name == "Host" {
			request.Host = value
		} else if value == "" {
			request.Header.Del(name)
		} else {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func said(t testing.TB, response *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

const kibanaPath = "/_plugin/kibana"

func TestTheTokenBecomesACookie(t *testing.T) {
	f := newFront(t, http.NotFoundHandler(), kibanaPath, nil, false)
	if f.cookie == nil || !f.cookie.HttpOnly || f.cookie.SameSite != http.SameSiteStrictMode || f.cookie.Path != kibanaPath ||
		f.cookie.Value == f.token {
		t.Fatalf("the cookie is %+v", f.cookie)
	}
	response := f.do(t, "GET", "/?token="+f.token, nil, nil)
	if page := said(t, response); response.StatusCode != 200 || !strings.Contains(page, `url=/_plugin/kibana/app/dashboards"`) ||
		response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the first page: %d %v %s", response.StatusCode, response.Header, page)
	}
	if want := "http://" + f.address + "/?token=" + f.token; f.URL() != want || len(f.token) != 64 {
		t.Errorf("the address is %s, want %s", f.URL(), want)
	}
}

// Who is let in, and who is not.
func TestWhoIsLetIn(t *testing.T) {
	f := newFront(
		t,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "kibana") }),
		kibanaPath,
		nil,
		false,
	)
	_, port, _ := net.SplitHostPort(f.address)
	const inside = kibanaPath + "/api/status"
	for _, test := range []struct {
		what, method, path string
		header             map[string]string
		want               int
	}{
		{"the page itself", "GET", inside, map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"a person who typed the address", "GET", inside, map[string]string{"Sec-Fetch-Site": "none"}, 200},
		{"a browser that says nothing", "GET", inside, nil, 200},
		{"by localhost", "GET", inside, map[string]string{"Host": "localhost:" + port}, 200},
		{"by LOCALHOST", "GET", inside, map[string]string{"Host": "LOCALHOST:" + port}, 200},
		{"by [::1]", "GET", inside, map[string]string{"Host": "[::1]:" + port}, 200},
		{"its own origin", "POST", inside, map[string]string{"Origin": "http://" + f.address}, 200},
		{"localhost as origin", "POST", inside, map[string]string{"Origin": "http://localhost:" + port}, 200},
		{"Kibana's first page", "GET", kibanaPath, nil, 200},
		{"a path with another case of escapes", "GET", kibanaPath + "/api/x%2Ay", nil, 200},

		{"no cookie", "GET", inside, map[string]string{"Cookie": ""}, 403},
		{"a wrong cookie", "GET", inside, map[string]string{"Cookie": cookieName + "=" + strings.Repeat("0", 64)}, 403},
		{"the token as the cookie", "GET", inside, map[string]string{"Cookie": cookieName + "=" + f.token}, 403},
		{"an empty cookie", "GET", inside, map[string]string{"Cookie": cookieName + "="}, 403},
		{"a wrong token", "GET", "/?token=" + strings.Repeat("0", 64), nil, 403},
		{"an empty token", "GET", "/?token=", nil, 403},
		{"a token that is sent", "POST", "/?token=" + f.token, nil, 403},
		{"another host, as after DNS rebinding", "GET", inside, map[string]string{"Host": "evil.example.com:" + port}, 421},
		{"another host with the token", "GET", "/?token=" + f.token, map[string]string{"Host": "evil.example.com:" + port}, 421},
		{"the host without its port", "GET", inside, map[string]string{"Host": "127.0.0.1"}, 421},
		{"another port", "GET", inside, map[string]string{"Host": "127.0.0.1:1"}, 421},
		{"a foreign origin", "POST", inside, map[string]string{"Origin": "https://evil.example.com"}, 403},
		{"an origin that begins the same", "POST", inside, map[string]string{"Origin": "http://" + f.address + ".evil.example.com"}, 403},
		{"a page of another port of this machine", "POST", inside, map[string]string{"Origin": "http://127.0.0.1:1"}, 403},
		{"no origin, as of a file", "POST", inside, map[string]string{"Origin": "null"}, 403},
		{"its own origin by https", "POST", inside, map[string]string{"Origin": "https://" + f.address}, 403},
		{"an image on another site's page", "GET", inside, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a script on a page of another port", "GET", inside, map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"another path", "GET", "/_cat/indices", nil, 403},
		{"another path that begins the same", "GET", kibanaPath + "x/api", nil, 403},
		{"a way out", "GET", kibanaPath + "/../../_cat/indices", nil, 403},
		{"a way out, escaped", "GET", kibanaPath + "/%2e%2e/%2e%2e/_cat/indices", nil, 403},
		{"a way out with escaped slashes", "GET", kibanaPath + "/..%2f..%2f_cat/indices", nil, 403},
		{"a way out, escaped twice", "GET", kibanaPath + "/%252e%252e/_cat", nil, 403},
		{"a way out with backslashes", "GET", kibanaPath + `/..%5c..%5c_cat`, nil, 403},
		{"another protocol", "GET", inside, map[string]string{"Upgrade": "websocket", "Connection": "Upgrade"}, 403},
	} {
		header := map[string]string{}
		for name, value := range test.header {
			header[name] = value
		}
		response := f.do(t, test.method, test.path, header, nil)
		if response.StatusCode != test.want {
			t.Errorf("%s: %d, want %d", test.what, response.StatusCode, test.want)
		}
		if (said(t, response) == "kibana") != (test.want == 200) {
			t.Errorf("%s: what the domain says gets out", test.what)
		}
	}
	if response := f.do(t, "GET", "/", nil, nil); response.StatusCode != 303 ||
		response.Header.Get("Location") != kibanaPath+"/app/dashboards" {
		t.Errorf("/ leads to %d %q", response.StatusCode, response.Header.Get("Location"))
	}

	whole := newFront(
		t,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "domain") }),
		kibanaPath,
		nil,
		true,
	)
	if response := whole.do(t, "GET", "/_cat/indices", nil, nil); response.StatusCode != 200 || whole.cookie.Path != "/" {
		t.Errorf("with --all: %d, and the cookie is for %s", response.StatusCode, whole.cookie.Path)
	}
}

func TestOnlyOnThisMachine(t *testing.T) {
	client, err := Connect(t.Context(), Options{Endpoint: "http://127.0.0.1:9200", Kibana: "http://127.0.0.1:5601", Auth: AuthNone})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"0.0.0.0:5602", ":5602", "192.0.2.1:5602", "metrics.example.com:5602"} {
		if _, err := client.Proxy(ProxyOptions{Address: address}); err == nil || !strings.Contains(err.Error(), "use 127.0.0.1") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What the browser has of its own stays here, and what is asked arrives as it was written.
func TestWhatGetsThrough(t *testing.T) {
	var seen *http.Request
	var body string
	f := newFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		seen, body = r, string(content)
		w.Header().Set("Set-Cookie", "security_authentication=x")
		w.Header().Set("Content-Security-Policy", "script-src 'self'")
	}), kibanaPath, nil, false)
	for _, path := range []string{
		kibanaPath + "/api/index_patterns/_fields_for_wildcard?pattern=ml-metrics-20*&meta_fields=_source&meta_fields=_id",
		kibanaPath + "/goto/5ba4e3a2?x=(a:'b',c:!t)",
		kibanaPath + "/api/x%2Cy*/z%20%C3%BC?q=a+b%2B;c",
	} {
		response := f.do(t, "POST", path, map[string]string{
			"Authorization": "Basic eA==", "X-Forwarded-For": "1.2.3.4", "X-Forwarded-User": "admin", "Forwarded": "for=x", "X-Real-Ip": "x",
			"X-Amz-Security-Token": "x",
			"Origin":               "http://" + f.address, "Referer": "http://" + f.address + "/x", "X-Opendistro-Security-Impersonate-As": "admin",
			"Proxy-Authorization": "x", "X-Proxy-User": "admin",
			"Kbn-Xsrf": "true", "Content-Type": "application/json",
		}, strings.NewReader(`{"a":1}`))
		if seen.RequestURI != path || body != `{"a":1}` || seen.Method != "POST" || seen.Header.Get("Kbn-Xsrf") != "true" ||
			seen.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s arrives as %s %s %v %q", path, seen.Method, seen.RequestURI, seen.Header, body)
		}
		for _, name := range []string{"Authorization", "Cookie", "X-Forwarded-For", "X-Forwarded-User", "X-Forwarded-Host",
			"X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "X-Amz-Security-Token",
			"Origin", "Referer", "X-Opendistro-Security-Impersonate-As", "Proxy-Authorization", "X-Proxy-User"} {
			if value := seen.Header.Get(name); value != "" {
				t.Errorf("%s gets through: %q", name, value)
			}
		}
		if seen.Host == f.address {
			t.Errorf("the domain sees the proxy's name %s", seen.Host)
		}
		if response.Header.Get("Set-Cookie") != "" || response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("the browser gets %v", response.Header)
		}
	}
}

func TestRedirectsComeBack(t *testing.T) {
	var location string
	f := newFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", strings.ReplaceAll(location, "{host}", r.Host))
		w.WriteHeader(302)
	}), kibanaPath, nil, false)
	for _, test := range []struct{ location, want string }{
		{"/_plugin/kibana/app/home", "/_plugin/kibana/app/home"},
		{"http://{host}/_plugin/kibana/app/dashboards?x=1#/view/a", "/_plugin/kibana/app/dashboards?x=1#/view/a"},
		{"app/home", "/_plugin/kibana/app/home"},
		{"//{host}/_plugin/kibana/", "/_plugin/kibana/"},
	} {
		location = test.location
		response := f.do(t, "GET", kibanaPath+"/", nil, nil)
		if got := response.Header.Get("Location"); response.StatusCode != 302 || got != test.want {
			t.Errorf("%s leads to %d %q, want %q", test.location, response.StatusCode, got, test.want)
		}
	}
	location = "https://kibana-users.auth.eu-central-1.amazoncognito.com/login?client_id=x"
	response := f.do(t, "GET", kibanaPath+"/", nil, nil)
	if text := said(t, response); response.StatusCode != 502 ||
		!strings.Contains(text, "kibana-users.auth.eu-central-1.amazoncognito.com to sign in (Cognito or SAML)") ||
		strings.Contains(text, "client_id") {
		t.Errorf("Cognito: %d %s", response.StatusCode, text)
	}
}

// A refusal is told once in a line, with who signed, and reaches the browser as it was.
func TestARefusalIsTold(t *testing.T) {
	const refusal = `{"Message":"User: arn:aws:iam::111122223333:user/me is not authorized to perform: es:ESHttpGet"}`
	f := newFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		io.WriteString(w, refusal)
	}), kibanaPath, nil, false)
	for range 3 {
		if got := said(t, f.do(t, "GET", kibanaPath+"/api/status", nil, nil)); got != refusal {
			t.Errorf("the browser gets %q", got)
		}
	}
	if len(f.told) != 1 || !strings.Contains(f.told[0], "arn:aws:iam::111122223333:user/me") ||
		!strings.Contains(f.told[0], "name this principal in the file's access") ||
		!strings.Contains(f.told[0], "(signed in without a sign-in)") {
		t.Errorf("told: %q", f.told)
	}
}

func TestNoAnswerIsTold(t *testing.T) {
	f := newFront(
		t,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }),
		kibanaPath,
		nil,
		false,
	)
	response := f.do(t, "GET", kibanaPath+"/api/status", nil, nil)
	if text := said(t, response); response.StatusCode != 502 || !strings.Contains(text, "the connection broke off before the answer") ||
		len(f.told) != 1 {
		t.Errorf("%d %q, told %q", response.StatusCode, text, f.told)
	}
}

// A credential that ends in the middle is renewed, and the request of which that was found out is sent again.
func TestCredentialsThatExpireInTheMiddle(t *testing.T) {
	cleanEnvironment(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
	var requests atomic.Int32
	var bodies []string
	f := newFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(content))
		if requests.Add(1) == 1 {
			w.WriteHeader(403)
			io.WriteString(w, `{"message":"The security token included in the request is expired"}`)
		}
	}), kibanaPath, func(options *Options) { options.Auth, options.Region = AuthAWS, "eu-central-1" }, false)
	response := f.do(t, "POST", kibanaPath+"/internal/search/es", nil, strings.NewReader("{}"))
	if response.StatusCode != 200 || !slices.Equal(bodies, []string{"{}", "{}"}) || len(f.told) != 0 {
		t.Errorf("%d after %q, told %q", response.StatusCode, bodies, f.told)
	}
}

// An answer streams: its beginning is here before its end is written, and none of it is kept.
func TestAnswersStream(t *testing.T) {
	const size = 100 << 20
	next := make(chan bool)
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	f := newFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		<-next
		for range size / len(chunk) {
			w.Write(chunk)
		}
	}), kibanaPath, nil, false)
	response := f.do(t, "GET", kibanaPath+"/api/x", nil, nil)
	begin := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, begin); err != nil || string(begin) != "begin" {
		t.Fatalf("%q %v", begin, err)
	}
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	close(next)
	read, most, buffer := 0, uint64(0), make([]byte, 1<<20)
	for {
		n, err := response.Body.Read(buffer)
		if read += n; err != nil {
			break
		}
		if read/len(buffer)%10 == 0 {
			runtime.ReadMemStats(&during)
			most = max(most, during.HeapAlloc)
		}
	}
	if read != size {
		t.Errorf("%d bytes came, want %d", read, size)
	}
	if used := int64(most) - int64(before.HeapAlloc); used > 30<<20 {
		t.Errorf("%d MB were in memory on the way", used>>20)
	}
}

// What the proxy adds to a request: compare the two.
func BenchmarkProxy(b *testing.B) {
	f := newFront(
		b,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", 4000)) }),
		kibanaPath,
		nil,
		false,
	)
	upstream := f.client.base.String() + "/api/status"
	measure := func(b *testing.B, address string) {
		var took []time.Duration
		for b.Loop() {
			begun := time.Now()
			request, _ := http.NewRequest("GET", address, nil)
			request.AddCookie(f.cookie)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
			took = append(took, time.Since(begun))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
	}
	b.Run("without", func(b *testing.B) { measure(b, upstream) })
	b.Run("with", func(b *testing.B) { measure(b, "http://"+f.address+kibanaPath+"/api/status") })
}

// The overview comes first where setup has put it, and the list of all dashboards where it has not, or where that cannot be seen.
func TestProxyFirstPage(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		want   string
	}{
		{"there", 200, "/_plugin/kibana/app/dashboards#/view/ml.overview"},
		{"not there", 404, "/_plugin/kibana/app/dashboards"},
		{"not to be seen", 403, "/_plugin/kibana/app/dashboards"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/_plugin/kibana/api/saved_objects/dashboard/ml.overview" {
					w.WriteHeader(test.status)
				}
				io.WriteString(w, `{}`)
			}), "/_plugin/kibana", nil, false)
			f.options.IndexPrefix = "ml"
			if err := f.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := f.do(t, "GET", "/", nil, nil).Header.Get("Location"); got != test.want {
				t.Errorf("the first page is %s, want %s", got, test.want)
			}
			if page := said(t, f.do(t, "GET", "/?token="+f.token, nil, nil)); !strings.Contains(page, `url=`+test.want+`"`) {
				t.Errorf("the token leads to %s", page)
			}
		})
	}
}

package domain

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Options say which domain, and how one gets there.
type Options struct {
	// Address of the domain: a URL, or its host alone. It is https, but for a server on this machine.
	Endpoint string

	// Address of Kibana. Default: <endpoint>/_plugin/kibana at AWS's hosts, else none.
	Kibana string

	// AWS region that requests are signed for. Default: the one in the host's name, else that of the AWS profile.
	Region string

	// How to sign in. Default: see [AuthDefault].
	Auth Auth

	// HOST:PORT that is dialled in the place of the endpoint's own, such as a port forward into a VPC. The name in TLS, the Host
	// header and the signature stay the domain's. Default: the endpoint itself, through HTTPS_PROXY where that is set.
	ConnectTo string

	// Asks for the MFA code of a profile that assumes a role. Default: such a profile is an error.
	AskMFA func() (string, error)

	// How long a request waits for the beginning of its answer. Default: 60 s.
	Timeout time.Duration
}

// Client sends requests to a domain, signed in. It may be used by many at once.
type Client struct {
	base      *url.URL
	header    http.Header // goes with every request
	transport *transport
	kibana    *url.URL
	pause     func(context.Context, time.Duration) error // between tries of [Client.Send]
}

// Connect makes a client of the domain that options name. It sends nothing: whether the domain answers, its first request shows.
//
// It refuses plain HTTP to another host than loopback, unless Auth is [AuthNone]: a credential never goes there.
func Connect(ctx context.Context, options Options) (*Client, error) {
	endpoint, err := parseAddress("--endpoint", options.Endpoint)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(kibanaPaths, func(path string) bool { return strings.HasSuffix(endpoint.Path, path) }); i >= 0 {
		return nil, fmt.Errorf("--endpoint %q is Kibana's address; leave out %s", options.Endpoint, kibanaPaths[i])
	}
	region, atAWS := regionOf(endpoint.Hostname())
	var kibana *url.URL
	switch {
	case options.Kibana != "":
		if kibana, err = parseAddress("--kibana", options.Kibana); err != nil {
			return nil, err
		}
		kibana.Path = strings.TrimSuffix(kibana.Path, "/app/kibana")
	case atAWS:
		kibana = endpoint.JoinPath("_plugin", "kibana")
	}
	if options.Auth != AuthNone {
		for _, address := range []*url.URL{endpoint, kibana} {
			if address != nil && address.Scheme == "http" && !isLoopback(address.Hostname()) {
				return nil, fmt.Errorf("%s is plain HTTP to another machine, where anybody on the way could read it; write https://, or "+
					"--auth none for a server that asks for no sign-in", address)
			}
		}
	}
	if options.ConnectTo != "" {
		if err := checkConnectTo(options.ConnectTo); err != nil {
			return nil, err
		}
	}
	if options.Region == "" {
		options.Region = region
	}
	signIn, err := newSignIn(ctx, options, atAWS)
	if err != nil {
		return nil, err
	}
	transport, err := newTransport(endpoint, kibana, signIn, options)
	if err != nil {
		return nil, err
	}
	return &Client{base: endpoint, transport: transport, kibana: kibana, pause: sleep}, nil
}

var kibanaPaths = []string{"/_plugin/kibana", "/_dashboards", "/_plugin/kibana/app/kibana", "/app/kibana"}

func newSignIn(ctx context.Context, options Options, atAWS bool) (signIn, error) {
	auth := options.Auth
	if auth == AuthDefault {
		switch {
		case os.Getenv("AIMETRICS_USERNAME") != "":
			auth = AuthBasic
		case atAWS:
			auth = AuthAWS
		default:
			auth = AuthNone
		}
	}
	switch auth {
	case AuthNone:
		return noSignIn{}, nil
	case AuthBasic:
		return basicFromEnvironment()
	case AuthAWS:
		return newAWSSignIn(ctx, options.Region, options.AskMFA)
	}
	return nil, fmt.Errorf("--auth %q is no sign-in; use aws, basic or none", auth)
}

// Endpoint is the address that requests go to.
func (c *Client) Endpoint() *url.URL {
	base := *c.base
	return &base
}

// IsLoopback reports whether the domain's host is this machine.
func (c *Client) IsLoopback() bool { return isLoopback(c.base.Hostname()) }

// Kibana is a client of the domain's Kibana, whose requests have the header that Kibana asks for; nil if none is known.
func (c *Client) Kibana() *Client {
	if c.kibana == nil {
		return nil
	}
	return &Client{base: c.kibana, header: http.Header{"Kbn-Xsrf": {"true"}, "Osd-Xsrf": {"true"}}, transport: c.transport, pause: c.pause}
}

// SignIn says how requests are signed in, without a secret: "without a sign-in", `as the user "ml"`, "with AWS credentials for
// eu-central-1".
func (c *Client) SignIn() string { return c.transport.signIn.String() }

// Transport signs requests in and sends them, to this domain alone, for a reverse proxy or an [http.Client]. It takes away what
// the caller put into Authorization, tries once, follows no redirect, and reads a body that has no GetBody into memory, for a
// signature covers it.
func (c *Client) Transport() http.RoundTripper { return c.transport }

// Do sends one request, once, and returns the answer as it came, whatever its status; the caller closes its body. The path begins
// with a slash and is sent as it is, query included: names in it are escaped by [url.PathEscape]. A body of [bytes.Reader],
// [bytes.Buffer] or [strings.Reader] is not copied; one that is packed has its Content-Encoding in header. Without a Content-Type, a
// body is application/json.
//
// The error is a [*Fault] if there was no answer. It holds no credential.
func (c *Client) Do(ctx context.Context, method, path string, header http.Header, body io.Reader) (*http.Response, error) {
	request, err := c.request(ctx, method, path, header, body)
	if err != nil {
		return nil, err
	}
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return nil, c.transport.noAnswer(request, err)
	}
	return response, nil
}

func (c *Client) request(ctx context.Context, method, path string, header http.Header, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s is no request: %s", method, oneLine(path, 200), oneLine(err.Error(), 200))
	}
	for _, fixed := range []http.Header{c.header, header} {
		for name, values := range fixed {
			request.Header[name] = values
		}
	}
	if body != nil && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// transport is what all requests of a domain go through.
type transport struct {
	signIn signIn
	hosts  []string // host:port of the domain and of its Kibana
	http   *http.Transport
}

func newTransport(endpoint, kibana *url.URL, signIn signIn, options Options) (*transport, error) {
	t := &transport{signIn: signIn, hosts: []string{hostPort(endpoint)}}
	if kibana != nil {
		t.hosts = append(t.hosts, hostPort(kibana))
	}
	roots, err := rootCertificates()
	if err != nil {
		return nil, err
	}
	if options.Timeout == 0 {
		options.Timeout = time.Minute
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	t.http = &http.Transport{
		Proxy:                 http.ProxyFromEnvironment, // none for loopback
		DialContext:           dialer.DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: options.Timeout,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       50 * time.Second, // AWS's load balancers hang up after 60
		MaxIdleConnsPerHost:   32,
	}
	if options.ConnectTo != "" {
		t.http.Proxy = nil
		t.http.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == t.hosts[0] {
				address = options.ConnectTo
			}
			return dialer.DialContext(ctx, network, address)
		}
	}
	return t, nil
}

// rootCertificates is the system's, and those in SSL_CERT_FILE, which Go reads by itself on some systems alone.
func rootCertificates() (*x509.CertPool, error) {
	path := os.Getenv("SSL_CERT_FILE")
	if path == "" {
		return nil, nil // the system's
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("SSL_CERT_FILE %q cannot be read; mend the path or unset it", path)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("SSL_CERT_FILE %q holds no certificate; name a file with certificates in PEM", path)
	}
	return pool, nil
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !slices.Contains(t.hosts, hostPort(request.URL)) {
		return nil, fmt.Errorf("%s is not the domain's host", request.URL.Host)
	}
	signed := request.Clone(request.Context())
	signed.Header.Del("Authorization")
	if err := t.signIn.sign(signed); err != nil {
		if request.Body != nil {
			request.Body.Close()
		}
		return nil, signInError{err}
	}
	response, err := t.http.RoundTrip(signed)
	if err == nil && response.StatusCode == http.StatusForbidden {
		t.forgetExpired(response)
	}
	return response, err
}

// signInError is that there is no credential to send.
type signInError struct{ error }

func (e signInError) Unwrap() error { return e.error }

// forgetExpired looks into an answer whether AWS found the credential expired, so that the next request has a new one.
func (t *transport) forgetExpired(response *http.Response) {
	begin, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if saysExpired(begin) {
		t.signIn.refused()
	}
	rest := io.Reader(response.Body)
	if err != nil {
		rest = failingReader{err}
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(begin), rest), response.Body}
}

// saysExpired reports whether the beginning of an answer says that the credential has expired.
func saysExpired(begin []byte) bool {
	return bytes.Contains(begin, []byte("token included in the request is expired")) || bytes.Contains(begin, []byte("ExpiredToken"))
}

type failingReader struct{ error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.error }

func sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

package domain

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"cdktf-aimetrics/kibana"
)

// Proxy lets a browser on this machine into a domain's Kibana: it signs what the browser sends. It lets in nobody but who knows the
// token of its address, for whoever gets in is who signed.
//
//   - The token becomes a cookie that no script reads and that no other site's page sends along (HttpOnly, SameSite=Strict).
//   - It answers to its own names alone, so that no page gets in by a name that comes to mean this machine (DNS rebinding), and to its own
//     pages alone: those of other ports are the same site to a browser.
//   - It asks for nothing but Kibana's paths, unless told otherwise.
//   - What the browser has of credentials and of where it is stays here: Authorization, Cookie, X-Forwarded-* and the like.
type Proxy struct {
	client  *Client // of Kibana
	options ProxyOptions
	hosts   []string // that it answers to, with port
	origin  string   // where the domain is
	token   string   // in the address
	session string   // in the cookie
	first   string   // the first page, below Kibana
	forward *httputil.ReverseProxy

	mu   sync.Mutex
	told map[string]bool
}

// ProxyOptions is what one may choose.
type ProxyOptions struct {
	// Where it listens: an address of this machine's own, such as "127.0.0.1:5602".
	Address string
	// Whether all paths of the domain are let through, with what the signer may do there. Default: Kibana's alone.
	All bool
	// The index prefix of whose dashboards the overview comes first, once Check has found it. Default: the list of all dashboards.
	IndexPrefix string
	// Is told in one line of each answer that refuses, once for each reason. Default: nobody.
	Tell func(line string)
}

// errNoKibana is that it is not known where Kibana is.
var errNoKibana = errors.New("no Kibana is known; name it with --kibana")

// Proxy makes a proxy of the domain's Kibana. The error is that no Kibana is known, or that the address is not this machine's own.
func (c *Client) Proxy(options ProxyOptions) (*Proxy, error) {
	client := c.Kibana()
	if client == nil {
		return nil, errNoKibana
	}
	host, port, err := net.SplitHostPort(options.Address)
	if err != nil || !isLoopback(host) {
		return nil, fmt.Errorf(
			"%q is no address of this machine's own, and whoever reaches the proxy is signed in as you; use 127.0.0.1",
			options.Address,
		)
	}
	if options.Tell == nil {
		options.Tell = func(string) {}
	}
	p := &Proxy{
		client: client, options: options, token: secret(), session: secret(), first: listOfDashboards, told: map[string]bool{},
		hosts:  []string{net.JoinHostPort("127.0.0.1", port), net.JoinHostPort("localhost", port), net.JoinHostPort("::1", port)},
		origin: client.base.Scheme + "://" + client.base.Host,
	}
	p.forward = &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      renewing{client.transport},
		FlushInterval:  -1, // as it comes
		ModifyResponse: p.modify,
		ErrorHandler:   p.failed,
		ErrorLog:       log.New(io.Discard, "", 0), // what matters is told
	}
	return p, nil
}

func secret() string {
	random := make([]byte, 32)
	rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

// listOfDashboards is the page of Kibana's from which a person chooses one.
const listOfDashboards = "/app/dashboards"

// Check asks Kibana how it is, and for the overview that is to come first. The error is that it does not answer, does not let the signer
// in, or asks people to sign in by a browser.
func (p *Proxy) Check(ctx context.Context) error {
	err := p.client.Send(ctx, http.MethodGet, "/api/status", nil, nil)
	var fault *Fault
	if errors.As(err, &fault) && fault.Status/100 == 3 {
		return fmt.Errorf("%s: people sign in there by a browser (Cognito or SAML); open it in one, no proxy is needed", p.client.base)
	}
	if err != nil || p.options.IndexPrefix == "" {
		return err
	}
	options := kibana.Options{IndexPrefix: p.options.IndexPrefix}
	overview := url.PathEscape(kibana.ID(options, kibana.Overview))
	if p.client.Send(ctx, http.MethodGet, "/api/saved_objects/dashboard/"+overview, nil, nil) == nil {
		p.first = kibana.Address("", options, kibana.Overview, time.Time{}, time.Time{})
	}
	return nil
}

// URL is the address for the browser, with the token. Whoever has it is signed in.
func (p *Proxy) URL() string {
	return "http://" + p.options.Address + "/?token=" + p.token
}

const cookieName = "aimetrics_kibana"

// cookieSite is the path for which the browser sends the cookie.
func (p *Proxy) cookieSite() string {
	if p.options.All || p.client.base.Path == "" {
		return "/"
	}
	return p.client.base.Path
}

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !slices.Contains(p.hosts, strings.ToLower(r.Host)):
		refuse(w, http.StatusMisdirectedRequest, "this is no address of aimetrics kibana; open the one that it printed")
	case r.URL.Path == "/" && r.URL.Query().Has("token"):
		p.enter(w, r)
	case !p.ownPage(r):
		refuse(w, http.StatusForbidden, "another page asked for this; open the address that aimetrics kibana printed")
	case !p.knows(r):
		refuse(w, http.StatusForbidden, "open the address that aimetrics kibana printed: it has a token, and this browser has shown none")
	case !p.lets(r.URL):
		if r.URL.Path == "/" {
			http.Redirect(w, r, p.start(), http.StatusSeeOther)
			return
		}
		refuse(
			w,
			http.StatusForbidden,
			fmt.Sprintf("only %s is let through; aimetrics kibana --all lets all of the domain through", p.client.base.Path),
		)
	case r.Header.Get("Upgrade") != "":
		refuse(w, http.StatusForbidden, "Kibana has no use for another protocol")
	default:
		p.forward.ServeHTTP(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	http.Error(w, why, status)
}

// start is the first page.
func (p *Proxy) start() string { return p.client.base.Path + p.first }

// enter gives the cookie for the token. It answers with a page that goes on by itself and not with a redirect: a browser that came from
// elsewhere, such as a terminal in a web page, would not send a strict cookie after one.
func (p *Proxy) enter(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !same(r.URL.Query().Get("token"), p.token) {
		refuse(w, http.StatusForbidden, "the token is not that of this run of aimetrics kibana; open the address that it printed")
		return
	}
	http.SetCookie(
		w,
		&http.Cookie{Name: cookieName, Value: p.session, Path: p.cookieSite(), HttpOnly: true, SameSite: http.SameSiteStrictMode},
	)
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", "default-src 'none'")
	fmt.Fprintf(
		w,
		"<!doctype html><title>Kibana</title><meta http-equiv=\"refresh\" content=\"0;url=%[1]s\"><a href=\"%[1]s\">Kibana</a>\n",
		html.EscapeString(p.start()),
	)
}

func same(given, wanted string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(wanted)) == 1
}

// ownPage reports whether a request is of the proxy's own pages, or of a person who typed an address.
func (p *Proxy) ownPage(r *http.Request) bool {
	if origins := r.Header.Values("Origin"); len(origins) > 0 {
		if len(origins) > 1 || !slices.ContainsFunc(p.hosts, func(host string) bool { return origins[0] == "http://"+host }) {
			return false
		}
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none": // browsers before 2020 and Safari before 16.4 do not say
		return true
	}
	return false
}

// knows reports whether the request has the cookie.
func (p *Proxy) knows(r *http.Request) bool {
	for _, cookie := range r.CookiesNamed(cookieName) {
		if same(cookie.Value, p.session) {
			return true
		}
	}
	return false
}

// lets reports whether a path is let through.
func (p *Proxy) lets(address *url.URL) bool {
	if p.options.All {
		return true
	}
	base := p.client.base.Path
	// What is no plain path below Kibana's is not asked what it may come to mean on the way.
	for _, part := range strings.FieldsFunc(address.Path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if decoded, err := url.PathUnescape(part); err != nil || part == "." || part == ".." || decoded == "." || decoded == ".." ||
			strings.ContainsAny(decoded, "/\\") {
			return false
		}
	}
	written := address.EscapedPath()
	return !strings.Contains(strings.ToLower(written), "%2f") && (written == base || strings.HasPrefix(written, base+"/"))
}

// rewrite makes the browser's request one to the domain. Path and query stay as they were written: that is what is signed.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = p.client.base.Scheme, p.client.base.Host, ""
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	for name := range r.Out.Header {
		if isPrivate(name) {
			delete(r.Out.Header, name)
		}
	}
	if strings.HasPrefix(r.Out.URL.Path, p.client.base.Path) && r.Out.Header.Get("Securitytenant") == "" {
		r.Out.Header.Set(
			"Securitytenant",
			"global",
		) // there setup puts the dashboards; the cookie that would say another does not get through
	}
}

// isPrivate reports whether a header is between the browser and the proxy alone.
func isPrivate(name string) bool {
	switch name {
	case "Authorization",
		"Cookie",
		"Forwarded",
		"Via",
		"X-Real-Ip",
		"Origin",
		"Referer",
		"Proxy-Authorization",
		"Client-Ip",
		"True-Client-Ip":
		return true
	}
	for _, prefix := range []string{"X-Forwarded-", "X-Amz-", "X-Proxy-", "X-Opendistro-", "Sec-Fetch-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// modify brings the domain's answer to the browser: redirects come back to the proxy, no cookie of the domain's does, and what refuses is
// told in words.
func (p *Proxy) modify(response *http.Response) error {
	response.Header.Del("Set-Cookie")
	if location := response.Header.Get("Location"); location != "" {
		to, err := response.Request.URL.Parse(location)
		switch {
		case err != nil:
			response.Header.Del("Location")
		case to.Scheme+"://"+to.Host == p.origin || hostPort(to) == hostPort(p.client.base):
			to.Scheme, to.Host, to.User = "", "", nil
			response.Header.Set("Location", to.String())
		default:
			return elsewhere{to.Scheme + "://" + to.Host}
		}
	}
	if response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusUnauthorized {
		begin, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10))
		fault := p.client.transport.explain(response, begin)
		response.Body = joined{io.MultiReader(bytes.NewReader(begin), response.Body), response.Body}
		p.tell(fmt.Sprintf("%s (signed in %s)", fault, p.client.SignIn()))
	}
	return nil
}

type joined struct {
	io.Reader
	io.Closer
}

// elsewhere is the error that the domain sends the browser to another host.
type elsewhere struct{ host string }

func (e elsewhere) Error() string {
	return fmt.Sprintf(
		"the domain sends people to %s to sign in (Cognito or SAML): open Kibana's own address in the browser, no proxy is needed",
		e.host,
	)
}

// failed answers where the domain did not.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	var away elsewhere
	switch {
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil: // the browser left
		return
	case errors.As(err, &away):
		p.tell(away.Error())
		refuse(w, http.StatusBadGateway, away.Error())
	default:
		request := r.Clone(r.Context())
		request.URL.Scheme, request.URL.Host = p.client.base.Scheme, p.client.base.Host
		fault := p.client.transport.noAnswer(request, err)
		p.tell(fault.Error())
		refuse(w, http.StatusBadGateway, fault.Error())
	}
}

// tell says each line once.
func (p *Proxy) tell(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.told[line] && len(p.told) < 1000 {
		p.told[line] = true
		p.options.Tell(line)
	}
}

// renewing sends a request again where its credential had expired, with the one that comes after it.
type renewing struct{ *transport }

func (r renewing) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil && request.Body != http.NoBody {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
		request.Body.Close()
	}
	send := func() (*http.Response, error) {
		again := request.Clone(request.Context())
		if body != nil {
			again.Body = io.NopCloser(bytes.NewReader(body))
			again.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
			again.ContentLength = int64(len(body))
		}
		return r.transport.RoundTrip(again)
	}
	response, err := send()
	if err != nil || response.StatusCode != http.StatusForbidden || !sayExpired(response) {
		return response, err
	}
	response.Body.Close()
	return send()
}

// sayExpired reports whether an answer says that the credential has expired. Its body can be read all the same.
func sayExpired(response *http.Response) bool {
	begin, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	response.Body = joined{io.MultiReader(bytes.NewReader(begin), response.Body), response.Body}
	return saysExpired(begin)
}

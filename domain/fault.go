package domain

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Fault is an answer that is not the one asked for, or that there was none: what happened in one line, and what to do. No part of it
// holds a credential.
type Fault struct {
	// Method and URL of the request.
	Request string
	// HTTP status; 0 if no answer came.
	Status int
	// Type of the error as Elasticsearch calls it, such as "security_exception"; "" if it has none.
	Type string
	// What went wrong, in the server's words or in ours.
	Reason string
	// What to do about it.
	Remedy string

	cause      error
	retryAfter time.Duration
}

func (f *Fault) Error() string {
	text := f.Request + ": "
	if f.Status != 0 {
		text += fmt.Sprintf("%d ", f.Status)
	}
	text += f.Reason
	if f.Remedy != "" {
		text += "; " + f.Remedy
	}
	return text
}

// Unwrap is what failed where no answer came, such as [context.Canceled].
func (f *Fault) Unwrap() error { return f.cause }

// hasStatus reports whether err is an answer of that status.
func hasStatus(err error, status int) bool {
	var fault *Fault
	return errors.As(err, &fault) && fault.Status == status
}

// noAnswer is the fault that there was no answer to a request.
func (t *transport) noAnswer(request *http.Request, err error) *Fault {
	fault := &Fault{Request: t.nameOf(request), cause: err}
	var signIn signInError
	if errors.As(err, &signIn) {
		fault.Reason = t.clean(signIn.Error())
		return fault
	}
	fault.Reason, fault.Remedy = whyNoAnswer(request.URL, err)
	if fault.Reason == "" {
		fault.Reason, fault.Remedy = "no answer ("+t.clean(err.Error())+")", "run it again"
	}
	return fault
}

// whyNoAnswer says why a request had no answer; "" where that is not known.
func whyNoAnswer(address *url.URL, err error) (reason, remedy string) {
	var name *net.DNSError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var timeout net.Error
	text := err.Error()
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted", ""
	case strings.Contains(text, "proxyconnect"), strings.HasSuffix(text, http.StatusText(http.StatusProxyAuthRequired)):
		return "the proxy of HTTPS_PROXY does not let it through", "mend HTTPS_PROXY, or put the host into NO_PROXY"
	case errors.As(err, &name):
		return "no such host", "mend the address; `aws es describe-elasticsearch-domain` tells it"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there", "start the server, or mend the port"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no way leads there", "a domain in a VPC is reached from inside it; forward a port and name it with --connect-to"
	case errors.As(err, &authority):
		return "its certificate is of an authority that this machine does not know", "name a file with that authority's certificate in " +
			"SSL_CERT_FILE"
	case errors.As(err, &hostname):
		return fmt.Sprintf("its certificate is for another name than %s", hostname.Host), "write the name that the certificate is for; " +
			"a port forward is --connect-to HOST:PORT beside it"
	case errors.As(err, &invalid):
		return "its certificate is not valid (" + oneLine(invalid.Error(), 120) + ")", "renew it, or set this machine's clock"
	case errors.As(err, &record):
		return "speaks no TLS", "write http:// if it is a server on this machine, or mend the port"
	case strings.Contains(text, `malformed HTTP response "\x15`):
		return "speaks TLS", "write https://"
	case strings.Contains(text, "malformed HTTP"):
		return "speaks no HTTP", "mend the port; Elasticsearch's own is 9200, or 443 at AWS"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		if strings.HasPrefix(address.Hostname(), "vpc-") {
			return "no answer in time", "the domain is in a VPC, and is reached from inside it: forward a port and name it with " +
				"--connect-to"
		}
		return "no answer in time", "run it again when the domain is less busy; one in a VPC is reached from inside it, or by --connect-to"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection broke off before the answer", "run it again"
	}
	return "", ""
}

// Explain reads an answer that is not the one asked for, up to 64 KiB of it, and says what it means.
func (c *Client) Explain(response *http.Response) *Fault {
	body, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	return c.transport.explain(response, body)
}

func (t *transport) explain(response *http.Response, body []byte) *Fault {
	fault := &Fault{Request: t.nameOf(response.Request), Status: response.StatusCode}
	fault.Type, fault.Reason = errorIn(body)
	fault.Reason = t.clean(fault.Reason)
	answer := answer{response, fault, strings.ToLower(string(body)), t.signIn}
	for _, known := range knownAnswers {
		if known.is(answer) {
			reason, remedy := known.says(answer)
			if reason != "" {
				fault.Reason = reason
			}
			fault.Remedy = remedy
			break
		}
	}
	if fault.Reason == "" {
		fault.Reason = strings.ToLower(http.StatusText(fault.Status))
	}
	return fault
}

// errorIn finds the error in an answer: Elasticsearch's, the security plugin's, AWS's or Kibana's.
func errorIn(body []byte) (kind, reason string) {
	var said struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"` // AWS and Kibana
		Reason  string          `json:"reason"`  // the security plugin
	}
	if json.Unmarshal(body, &said) != nil {
		return "", ""
	}
	var elastic ElasticError
	if json.Unmarshal(said.Error, &elastic) == nil && elastic.Type+elastic.Reason != "" {
		return elastic.Type, elastic.Text()
	}
	var text string
	json.Unmarshal(said.Error, &text)
	return "", cmp.Or(said.Message, said.Reason, text)
}

// answer is one that is not the one asked for.
type answer struct {
	*http.Response
	fault  *Fault
	lower  string // the body in lower case
	signIn signIn
}

func (a answer) isPage() bool {
	text := strings.TrimSpace(a.lower)
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html")
}

func (a answer) unblock() string { return Unblock(a.fault.Type, a.fault.Reason) }

func says(reason, remedy string) func(answer) (string, string) {
	return func(answer) (string, string) { return reason, remedy }
}

// holds reports of an answer whether all these are in it, written in lower case.
func holds(texts ...string) func(answer) bool {
	return func(a answer) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(a.lower, text) })
	}
}

func hasCode(status int) func(answer) bool {
	return func(a answer) bool { return a.StatusCode == status }
}

// expired reports whether AWS found the credentials expired.
func expired(a answer) bool {
	return a.StatusCode == http.StatusForbidden && containsAny(a.lower, "token included in the request is expired", "expiredtoken")
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// knownAnswers is what answers mean, the first that fits. An empty reason leaves the server's own.
var knownAnswers = []struct {
	is   func(answer) bool
	says func(answer) (reason, remedy string)
}{
	{func(a answer) bool { return a.StatusCode/100 == 3 }, func(a answer) (string, string) {
		to := "another address"
		if location, err := a.Location(); err == nil {
			to = location.Scheme + "://" + location.Host
		}
		return "it redirects to " + to, "that is no Elasticsearch, or people sign in there by a browser; write the address that it " +
			"redirects to if it is the domain's"
	}},
	// AWS lets only some paths through, and says so with 401.
	{holds("your request: ", "is not allowed"), says("", "the domain does not have what is asked for")},
	{func(a answer) bool { return clockSkew(a) != 0 }, func(a answer) (string, string) {
		skew, way := clockSkew(a), "behind"
		if skew < 0 {
			skew, way = -skew, "ahead of"
		}
		return fmt.Sprintf("this machine's clock is %s %s the server's, so the signature does not count", skew.Round(time.Minute), way),
			"set the clock"
	}},
	{expired, says("the AWS credentials have expired", "sign in anew, such as with `aws sso login`")},
	{holds("security token included in the request is invalid"), says("AWS does not know the credentials",
		"see `aws sts get-caller-identity`; a key that was deleted, or of another partition, is not known")},
	{holds("unrecognizedclientexception"), says("AWS does not know the credentials", "see `aws sts get-caller-identity`")},
	{holds("credential should be scoped to a valid region"),
		says("the request is signed for another region than the domain's", "name the domain's with --region")},
	{holds("request signature we calculated does not match"),
		says("AWS computes another signature", "a proxy on the way may change requests; or the secret key is not the one of its id")},
	{holds("request throttled due to too many requests"), says("throttled", "run it again in a minute")},
	{holds("user: anonymous is not authorized"),
		says("the domain lets nobody in who does not sign", "add --auth aws, with credentials of somebody whom the file's access names")},
	{holds("is not authorized to perform"), says("", "name this principal in the file's access, or sign in as one that is there")},
	{hasCode(http.StatusUnauthorized), func(a answer) (string, string) {
		if _, none := a.signIn.(noSignIn); none {
			return "it asks for a sign-in", "set AIMETRICS_USERNAME and AIMETRICS_PASSWORD, or add --auth aws"
		}
		if _, isBasic := a.signIn.(basic); isBasic {
			return "it does not take the user and the password", "mend AIMETRICS_USERNAME and AIMETRICS_PASSWORD"
		}
		return "it does not take AWS's signature", "a domain whose master user has a name and a password takes AIMETRICS_USERNAME and " +
			"AIMETRICS_PASSWORD"
	}},
	{func(a answer) bool { return a.unblock() != "" }, func(a answer) (string, string) { return "", a.unblock() }},
	{func(a answer) bool {
		return a.StatusCode == http.StatusForbidden && a.fault.Type == "security_exception"
	}, func(a answer) (string, string) {
		return "", "signed in " + a.signIn.String() + "; map it to a role inside the domain that may, such as all_access for setup"
	}},
	{hasCode(http.StatusForbidden), func(a answer) (string, string) {
		return "", "signed in " + a.signIn.String() + "; sign in as somebody who may"
	}},
	{hasCode(http.StatusRequestEntityTooLarge), says("the request is larger than the domain takes", "send less at once")},
	{hasCode(http.StatusTooManyRequests), says("", "the domain is busy; run it again in a minute")},
	{func(a answer) bool { return a.StatusCode >= 500 && a.fault.Reason == "" }, func(a answer) (string, string) {
		return strings.ToLower(http.StatusText(a.StatusCode)), "the domain may be restarting or in the middle of a blue/green " +
			"deployment; run it again in some minutes"
	}},
	{func(a answer) bool { return a.StatusCode >= 500 }, says("", "run it again; if it stays, see the domain's health in the console "+
		"and its error log")},
	{answer.isPage, says("it answers with a web page and is no Elasticsearch", "mend the address")},
	{holds("http request to an https server"), says("speaks TLS", "write https://")},
}

// clockSkew is how far this machine's clock is behind the server's, where the server refused a signature for that; else 0.
func clockSkew(a answer) time.Duration {
	if a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusUnauthorized {
		return 0
	}
	if !containsAny(a.lower, "signature expired", "signature not yet current", "requesttimetooskewed") {
		return 0
	}
	theirs, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return 0
	}
	ours, err := time.Parse("20060102T150405Z", a.Request.Header.Get("X-Amz-Date"))
	if err != nil {
		return 0
	}
	return theirs.Sub(ours)
}

// nameOf is a request as an error names it: without its query, which may be long.
func (t *transport) nameOf(request *http.Request) string {
	address := *request.URL
	address.RawQuery, address.User = "", nil
	return request.Method + " " + t.clean(address.String())
}

// clean is a text of others in one line, without a credential.
func (t *transport) clean(text string) string {
	for _, secret := range t.signIn.secrets() {
		if len(secret) >= 4 {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return oneLine(text, 400)
}

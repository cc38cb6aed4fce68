package domain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/smithy-go/logging"
)

// Auth is how requests are signed in.
type Auth string

const (
	// AuthDefault is basic where AIMETRICS_USERNAME is set, else AWS for AWS's hosts, else none.
	AuthDefault Auth = ""
	// AuthAWS signs with Signature Version 4, by the usual chain of credentials.
	AuthAWS Auth = "aws"
	// AuthBasic sends AIMETRICS_USERNAME and AIMETRICS_PASSWORD.
	AuthBasic Auth = "basic"
	// AuthNone sends no credential.
	AuthNone Auth = "none"
)

// signIn puts a credential on requests.
type signIn interface {
	// sign signs a request as it will be sent.
	sign(request *http.Request) error
	// refused is told that the credential has expired.
	refused()
	// secrets is what must not be in any text.
	secrets() []string
	// String says as what it signs in, without a secret.
	String() string
}

type noSignIn struct{}

func (noSignIn) sign(*http.Request) error { return nil }
func (noSignIn) refused()                 {}
func (noSignIn) secrets() []string        { return nil }
func (noSignIn) String() string           { return "without a sign-in" }

type basic struct{ username, password string }

func basicFromEnvironment() (basic, error) {
	user := basic{os.Getenv("AIMETRICS_USERNAME"), os.Getenv("AIMETRICS_PASSWORD")}
	switch {
	case user.username == "":
		return basic{}, errors.New("--auth basic needs a user; set AIMETRICS_USERNAME and AIMETRICS_PASSWORD")
	case user.password == "":
		return basic{}, errors.New("AIMETRICS_USERNAME is set and AIMETRICS_PASSWORD is not; set it, or unset both")
	case strings.Contains(user.username, ":"):
		return basic{}, errors.New("AIMETRICS_USERNAME has a colon in it, which a basic sign-in cannot send; use another user")
	}
	return user, nil
}

func (b basic) sign(request *http.Request) error {
	request.SetBasicAuth(b.username, b.password)
	return nil
}

func (basic) refused() {}

func (b basic) secrets() []string {
	return []string{b.password, base64.StdEncoding.EncodeToString([]byte(b.username + ":" + b.password))}
}

func (b basic) String() string { return fmt.Sprintf("as the user %q", b.username) }

// awsSignIn signs with Signature Version 4 for the service es.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type awsSignIn struct {
	region      string
	profile     string
	credentials aws.CredentialsProvider
	signer      *v4.Signer
	now         func() time.Time
}

// newAWSSignIn takes credentials by the usual chain: environment, profiles with roles to assume, SSO, processes, web identity,
// container and instance roles.
func newAWSSignIn(ctx context.Context, region string, askMFA func() (string, error)) (*awsSignIn, error) {
	loaded, err := loadAWS(ctx, region, askMFA)
	if err != nil {
		return nil, err
	}
	if loaded.Region == "" {
		return nil, errors.New("the region to sign for is not in the host's name; add --region, such as --region eu-central-1")
	}
	return &awsSignIn{
		region:      loaded.Region,
		profile:     os.Getenv("AWS_PROFILE"),
		credentials: loaded.Credentials,
		signer:      v4.NewSigner(),
		now:         time.Now,
	}, nil
}

func loadAWS(ctx context.Context, region string, askMFA func() (string, error)) (aws.Config, error) {
	loaded, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(region),
		config.WithLogger(logging.Nop{}), // it would write to stderr how it looks for instance roles
		// A credential that ends within a request would be refused with it.
		config.WithCredentialsCacheOptions(func(options *aws.CredentialsCacheOptions) { options.ExpiryWindow = 30 * time.Second }),
		config.WithAssumeRoleCredentialOptions(func(options *stscreds.AssumeRoleOptions) { options.TokenProvider = askMFA }))
	if err != nil {
		return loaded, credentialsFault(err, "")
	}
	return loaded, nil
}

func (s *awsSignIn) sign(request *http.Request) error {
	credentials, err := s.credentials.Retrieve(request.Context())
	if err != nil {
		return credentialsFault(err, "; --auth says how else to sign in")
	}
	payload, err := hashOfBody(request)
	if err != nil {
		return err
	}
	request.URL.RawQuery = canonicalQuery(request.URL.RawQuery)
	// Signed is what no proxy on the way changes: host, content-type and what is AWS's own.
	signed := &http.Request{Method: request.Method, Host: request.Host, URL: canonicalURL(request.URL), Header: http.Header{}}
	if signed.Host == "" {
		signed.Host = request.URL.Host
	}
	if contentType := request.Header.Get("Content-Type"); contentType != "" {
		signed.Header.Set("Content-Type", contentType)
	}
	if err := s.signer.SignHTTP(request.Context(), credentials, signed, payload, "es", s.region, s.now()); err != nil {
		return err
	}
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
		request.Header.Del(name)
		if value := signed.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	return nil
}

// hashOfBody is what the signature says of a body. A body that cannot be had twice is read into memory.
func hashOfBody(request *http.Request) (string, error) {
	hash := sha256.New()
	if request.Body != nil && request.Body != http.NoBody {
		if request.GetBody == nil {
			content, err := io.ReadAll(request.Body)
			if err != nil {
				return "", err
			}
			request.Body.Close()
			request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
			request.Body, _ = request.GetBody()
			request.ContentLength, request.TransferEncoding = int64(len(content)), nil
		}
		again, err := request.GetBody()
		if err != nil {
			return "", err
		}
		defer again.Close()
		if _, err := io.Copy(hash, again); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// canonicalURL is the URL that is signed for one that is sent: without . and .. and double slashes.
func canonicalURL(sent *url.URL) *url.URL {
	canonical := *sent
	escaped := sent.EscapedPath()
	cleaned := path.Clean("/" + escaped)
	if strings.HasSuffix(escaped, "/") && cleaned != "/" {
		cleaned += "/"
	}
	if cleaned == escaped {
		return &canonical
	}
	if plain, err := url.PathUnescape(cleaned); err == nil {
		canonical.Path, canonical.RawPath = plain, cleaned
	}
	return &canonical
}

// canonicalQuery writes a query as AWS writes it again to check the signature, each pair in its place: a + is a space, and all
// but letters, digits and -_.~ is escaped. What is sent and what is signed is then the same, whatever the service makes of a plus.
func canonicalQuery(query string) string {
	if query == "" {
		return ""
	}
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, hasValue := strings.Cut(pair, "=")
		pair = escape(unescape(name))
		if hasValue {
			pair += "=" + escape(unescape(value))
		}
		pairs = append(pairs, pair)
	}
	return strings.Join(pairs, "&")
}

func unescape(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func (s *awsSignIn) refused() {
	if cache, ok := s.credentials.(*aws.CredentialsCache); ok {
		cache.Invalidate()
	}
}

func (s *awsSignIn) secrets() []string {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // those that are there; none are fetched
	credentials, err := s.credentials.Retrieve(ctx)
	if err != nil {
		return nil
	}
	return []string{credentials.SecretAccessKey, credentials.SessionToken}
}

func (s *awsSignIn) String() string {
	profile := ""
	if s.profile != "" {
		profile = fmt.Sprintf(", profile %q", s.profile)
	}
	return "with AWS credentials for " + s.region + profile
}

// credentialsFault says why there are no AWS credentials, and what to run; or, where nobody has set any, what else to do.
func credentialsFault(err error, otherwise string) error {
	profile := ""
	if name := os.Getenv("AWS_PROFILE"); name != "" {
		profile = " --profile " + name
	}
	var expired *ssocreds.InvalidTokenError
	var missing config.SharedConfigProfileNotExistError
	text := err.Error()
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &expired), strings.Contains(text, "cached SSO token"), strings.Contains(text, "InvalidGrantException"),
		strings.Contains(text, "UnauthorizedException: Session token not found"):
		return fmt.Errorf("the SSO session has ended; run `aws sso login%s`", profile)
	case errors.As(err, &missing):
		return fmt.Errorf("AWS_PROFILE %q is in none of AWS's files; mend the name, or run `aws configure%s`", missing.Profile, profile)
	case strings.Contains(text, "assume role with MFA enabled, but AssumeRoleTokenProvider"):
		return errors.New("the profile's role asks for an MFA code, and there is no terminal to ask at; run it at one, or pass " +
			"credentials of a session")
	case strings.Contains(text, "AccessDenied"):
		return fmt.Errorf("AWS refused the role of the profile (%s); let its trust policy name you, or use another profile",
			lastCause(text))
	case strings.Contains(text, "ExpiredToken"):
		return errors.New("the AWS credentials have expired; sign in anew")
	case strings.Contains(text, "no EC2 IMDS role found"), strings.Contains(text, "failed to refresh cached credentials, static "+
		"credentials are empty"):
		return errors.New("there are no AWS credentials; set AWS_PROFILE or run `aws sso login`" + otherwise)
	}
	return fmt.Errorf("no AWS credentials could be had (%s); see `aws sts get-caller-identity%s`", lastCause(text), profile)
}

// lastCause is the innermost of the causes that AWS's library chains.
func lastCause(text string) string {
	if i := strings.LastIndex(text, "api error "); i >= 0 {
		text = text[i+len("api error "):]
	}
	return oneLine(text, 200)
}

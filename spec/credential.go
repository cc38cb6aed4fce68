package spec

import (
	"regexp"
	"strings"
)

// credentials is what gives a credential away in a value that is not meant to hold one: the id of an AWS access key, a password
// or a token in a URL, a password in a PostgreSQL connection string, a private key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
//
// Each begins with what every match holds in lower case: a look for that spares most values the expression.
var credentials = []struct {
	holds      string
	expression *regexp.Regexp
}{
	{"akia", regexp.MustCompile(`\bAKIA[A-Z0-9]{16}\b`)},
	{"asia", regexp.MustCompile(`\bASIA[A-Z0-9]{16}\b`)},
	{"://", regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^/?#\s]*:[^/?#\s]*@`)},
	{"password", regexp.MustCompile(`(?i)\b(ssl)?password\s*=`)},
	{"=", regexp.MustCompile(`(?i)[?&]((private|access)_token|token|sig|x-amz-signature)=`)},
	{"private key-----", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
}

func holdsCredential(text string) bool {
	lower := strings.ToLower(text)
	for _, credential := range credentials {
		if strings.Contains(lower, credential.holds) && credential.expression.MatchString(text) {
			return true
		}
	}
	return false
}

const credentialText = "holds a credential, which would end up in cdktf.out and in plan files; "

// credentialAdvice says where the credential in a value of path belongs.
func credentialAdvice(path string) string {
	switch {
	case strings.HasPrefix(path, "backend.pg."):
		return "set the environment variable PGPASSWORD, or PG_CONN_STR for the whole"
	case strings.HasSuffix(path, "_pem"):
		return "set the environment variable TF_HTTP_CLIENT_PRIVATE_KEY_PEM instead"
	case strings.HasPrefix(path, "backend.http."):
		return "set the environment variables TF_HTTP_USERNAME and TF_HTTP_PASSWORD instead"
	case path == "sign_in.saml.metadata_content":
		return "export the metadata of your identity provider without it"
	case strings.HasSuffix(path, "_proxy"):
		return "set the environment variable HTTPS_PROXY instead"
	default:
		return "take it out and keep it in an environment variable"
	}
}

// Package credential knows what a credential looks like: by what a value holds, and by what it is called. spec refuses files
// with it, and review hides what a plan holds.
package credential

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// forms is what gives a credential away in a value that is not meant to hold one: the id of an AWS access key, a password or a
// token in a URL, a password in a PostgreSQL connection string, a private key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
//
// Each begins with what every match holds in lower case: a look for that spares most values the expression.
var forms = []struct {
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

// Holds reports whether a text certainly holds a credential: enough to refuse it.
func Holds(text string) bool {
	lower := strings.ToLower(text)
	for _, form := range forms {
		if strings.Contains(lower, form.holds) && form.expression.MatchString(text) {
			return true
		}
	}
	return false
}

// urlPassword is a password in what may be a URL. It takes more for one than forms do: what is hidden too much harms nobody.
var urlPassword = regexp.MustCompile(`://[^/\s:@]*:[^/\s@]+@`)

// MayHold reports whether a text may hold a credential, enough to hide it: a URL with a password, or JSON in which something
// is called as a credential is.
func MayHold(text string) bool {
	if urlPassword.MatchString(text) {
		return true
	}
	var tree any
	start := strings.TrimSpace(text)
	if !strings.HasPrefix(start, "{") && !strings.HasPrefix(start, "[") || json.Unmarshal([]byte(text), &tree) != nil {
		return false
	}
	return mayHold(tree)
}

func mayHold(tree any) bool {
	switch tree := tree.(type) {
	case []any:
		return slices.ContainsFunc(tree, mayHold)
	case map[string]any:
		for key, below := range tree {
			if IsName(key) || mayHold(below) {
				return true
			}
		}
	case string:
		return urlPassword.MatchString(tree)
	}
	return false
}

// names are the endings of what a credential is called, in small letters alone.
var names = []string{"password", "passwd", "passphrase", "secret", "secretstring", "secretbinary", "secretkey", "accesskey", "privatekey",
	"apikey", "token", "credential", "credentials"}

// IsName reports whether what is called so is a credential: master_user_password, DB_PASSWORD, apiKey.
func IsName(name string) bool {
	letters := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	for _, ending := range names {
		if strings.HasSuffix(letters, ending) {
			return true
		}
	}
	return false
}

// Package credential knows what a credential looks like: by what a value holds (Holds, InText, MayHold), by what it is called
// (IsName), and how to take it out of a text that others wrote (Redact). spec refuses files with it, review hides what a plan
// holds, and domain what a server answers.
package credential

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// form is how a credential looks in a text. Each begins with what every match holds in lower case: a look for that spares most
// values the expression.
type form struct {
	holds      words
	expression *regexp.Regexp // of all that must not be read
	instead    string         // of what it matches, in a text that may be read
}

// forms is what gives a credential away in a value that is not meant to hold one: the id of an AWS access key, a password or a
// token in a URL, a password in a PostgreSQL connection string, a private key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
var forms = []form{
	{words{"akia"}, regexp.MustCompile(`\bAKIA[A-Z0-9]{16}\b`), "***"},
	{words{"asia"}, regexp.MustCompile(`\bASIA[A-Z0-9]{16}\b`), "***"},
	{words{"://", "@"}, regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/?#\s]*:[^/?#\s]*@`), "$1***@"},
	{words{"password"}, regexp.MustCompile(`(?i)\b((ssl)?password\s*=)\s*('[^']*'|[^\s&]*)`), "$1***"},
	{words{"="}, regexp.MustCompile(`(?i)([?&]((private|access)_token|token|sig|x-amz-signature)=)[^&\s"]*`), "$1***"},
	{words{"private key-----"}, regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?-----END [A-Z ]*PRIVATE KEY-----|.*)`),
		"***"},
}

// likely is what gives a credential away in a text that is only to be hidden, beside forms: what is hidden too much harms nobody.
var likely = []form{
	{words{"://", "@"}, regexp.MustCompile(`://[^/\s:@]*:[^/\s@]+@`), "://***@"},
	{words{"authorization"}, regexp.MustCompile(`(?i)(authorization["']?\s*[:=]\s*["']?)[^\r\n"']+`), "$1***"},
	{words{"cookie"}, regexp.MustCompile(`(?i)(cookie["']?\s*[:=]\s*["']?)[^\r\n"']+`), "$1***"},
	{words{"x-amz-"}, regexp.MustCompile(`(?i)(x-amz-security-token["']?\s*[:=]\s*["']?)[^\r\n"'&]+`), "$1***"},
	{words{"x-amz-"}, regexp.MustCompile(`(?i)(x-amz-(?:signature|credential)=)[^&\s"]+`), "$1***"},
	{words{"basic"}, regexp.MustCompile(`(?i)\b(basic)\s+([A-Za-z0-9+/=._~-]{16,}|[A-Za-z0-9+/]{6,}={1,2})`), "$1 ***"},
	{words{"bearer"}, regexp.MustCompile(`(?i)\b(bearer)\s+[A-Za-z0-9+/=._~-]{16,}`), "$1 ***"},
}

// foreign is what Redact takes out besides, of the words of a server: they hold headers, and the name of a user in a URL.
var foreign = []form{
	{words{"basic"}, regexp.MustCompile(`(?i)\b(basic)\s+[A-Za-z0-9+/=._~-]{8,}`), "$1 ***"},
	{words{"bearer"}, regexp.MustCompile(`(?i)\b(bearer)\s+[A-Za-z0-9+/=._~-]{8,}`), "$1 ***"},
	{words{"://", "@"}, regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/?#\s@]*@`), "$1***@"},
}

// words are parts of a text, in lower case.
type words []string

// allIn reports whether a text in lower case has all of them.
func (w words) allIn(lower string) bool {
	return !slices.ContainsFunc(w, func(word string) bool { return !strings.Contains(lower, word) })
}

// holds reports whether one of the forms is in a text, which is given in lower case too.
func holds(forms []form, text, lower string) bool {
	return slices.ContainsFunc(forms, func(f form) bool { return f.holds.allIn(lower) && f.expression.MatchString(text) })
}

// Holds reports whether a text certainly holds a credential: enough to refuse it.
func Holds(text string) bool { return holds(forms, text, strings.ToLower(text)) }

// signs is what every match of forms and likely has one of; most of what is asked about has none.
const signs = "A:= \t\r\n\f"

// InText reports whether a text seems to hold a credential: enough to hide it.
func InText(text string) bool {
	if !strings.ContainsAny(text, signs) {
		return false
	}
	lower := strings.ToLower(text)
	return holds(forms, text, lower) || holds(likely, text, lower)
}

// Redact is a text without the credentials in it, each *** instead.
func Redact(text string) string {
	for _, form := range slices.Concat(likely, foreign, forms) {
		if form.holds.allIn(strings.ToLower(text)) {
			text = form.expression.ReplaceAllString(text, form.instead)
		}
	}
	return text
}

// MayHold reports whether a text may hold a credential, enough to hide it: one that is seen in the text, or JSON in which something
// is called as a credential is.
func MayHold(text string) bool {
	if InText(text) {
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
		return InText(tree)
	}
	return false
}

// names are the endings of what a credential is called, in small letters alone.
var names = []string{"password", "passwd", "passphrase", "secret", "secretstring", "secretbinary", "secretkey", "accesskey", "privatekey",
	"apikey", "token", "credential", "credentials"}

// longestName is the length of the longest of names.
const longestName = len("secretbinary")

// IsName reports whether what is called so is a credential: master_user_password, DB_PASSWORD, apiKey.
func IsName(name string) bool {
	var last [longestName]byte // letters of the name
	at := len(last)
	for i := len(name) - 1; i >= 0 && at > 0; i-- {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z':
			at--
			last[at] = c
		case 'A' <= c && c <= 'Z':
			at--
			last[at] = c - 'A' + 'a'
		case c >= utf8.RuneSelf:
			return hasEnding(letters(name))
		}
	}
	return hasEnding(last[at:])
}

// letters is the letters of a name, in lower case.
func letters(name string) []byte {
	return []byte(strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name))
}

func hasEnding(letters []byte) bool {
	for _, ending := range names {
		if len(letters) >= len(ending) && string(letters[len(letters)-len(ending):]) == ending {
			return true
		}
	}
	return false
}

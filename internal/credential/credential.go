// Package credential knows what a credential looks like: by what a value holds (Holds, InText, MayHold), by what it is called
// (IsName), and how to take it out of a text that others wrote (Redact). spec refuses files with it, review hides what a plan
// holds, and domain what a server answers.
package credential

import (
	"encoding/base64"
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
	{words{"akia"}, regexp.MustCompile(`(^|[^A-Z0-9])AKIA[A-Z0-9]{16}($|[^A-Z0-9])`), "$1***$2"},
	{words{"asia"}, regexp.MustCompile(`(^|[^A-Z0-9])ASIA[A-Z0-9]{16}($|[^A-Z0-9])`), "$1***$2"},
	{words{"://", "@"}, regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/?#\s]*:[^/?#\s]*@`), "$1***@"},
	{words{"password"}, regexp.MustCompile(`(?i)\b((ssl)?password\s*=)\s*('[^']*'|[^\s&]*)`), "$1***"},
	{words{"="}, regexp.MustCompile(`(?i)([?&]((private|access)_token|token|sig|x-amz-signature)=)[^&\s"]*`), "$1***"},
	{words{"private key"}, regexp.MustCompile(
		`(?s)-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----(.*?-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----|.*)`), "***"},
}

// likely is what gives a credential away in a text that is only to be hidden, beside forms: what is hidden too much harms nobody.
var likely = []form{
	{words{"://", "@"}, regexp.MustCompile(`://[^/\s:@]*:[^/\s@]+@`), "://***@"},
	{words{"authorization"}, regexp.MustCompile(`(?i)(authorization["']?\s*[:=]\s*["']?)[^\r\n"']+`), "$1***"},
	{words{"cookie"}, regexp.MustCompile(`(?i)(cookie["']?\s*[:=]\s*["']?)[^\r\n"']+`), "$1***"},
	{words{"basic"}, regexp.MustCompile(`(?i)\b(basic)\s+([A-Za-z0-9+/=._~-]{16,}|[A-Za-z0-9+/]{6,}={1,2})`), "$1 ***"},
	{words{"bearer"}, regexp.MustCompile(`(?i)\b(bearer)\s+[A-Za-z0-9+/=._~-]{16,}`), "$1 ***"},
	{words{"apikey"}, regexp.MustCompile(`(?i)\b(apikey)\s+[A-Za-z0-9+/=._~-]{16,}`), "$1 ***"},
	{words{`"auth`}, regexp.MustCompile(`(?i)("auth\\*"\s*:\s*\\*")[A-Za-z0-9+/=]{12,}`), "$1***"},
	{words{"-u"}, regexp.MustCompile(`(\s(?:-u|--user)[ =]["']?)[^\s:]+:[^\s"']+`), "$1***"},
	{words{"@", "("}, regexp.MustCompile(`[^\s:/@]+:[^\s@]+@((?:tcp|udp|unix)\()`), "***@$1"},
	{words{"://", "@"}, regexp.MustCompile(`://[A-Za-z0-9_.~%-]{16,}@`), "://***@"},
	named("passw", `passw(?:or)?d`), named("passphrase", "passphrase"), named("pwd", "pwd"), named("secret", "secret"),
	named("token", "token"), named("credential", "credentials?"),
	named("key", "(?:access|account|api|private|secret|shared|signing)[_-]?key"),
	address("hooks.slack.com/", `hooks\.slack\.com/(?:services|workflows|triggers)/`), address("/api/webhooks/", "/api/webhooks/"),
	address("webhook.office.com/", `webhook\.office\.com/`), address("pagerduty.com/", `pagerduty\.com/integration/`),
}

// named is the form of a value behind what a credential is called: DB_PASSWORD=…, password: …, "password":"…", --password …. A
// colon with no blank behind it is an ARN's (…:secret:name).
func named(holds, name string) form {
	return form{words{holds}, regexp.MustCompile(`(?i)(?:(--[\w-]*` + name + `\s+|` + name + `[\\"']*\s*(?:=>?\s*|:\s+))` +
		`(?:"[^"]*"|'[^']*'|[^\s"'&;,]+)|(` + name + `[\\"']*:)(?:\\*"[^"]*"|'[^']*'))`), "$1$2***"}
}

// address is the form of an address that is a credential: whoever knows it writes there.
func address(holds, begins string) form {
	return form{words{holds}, regexp.MustCompile(`(?i)(` + begins + `)[^\s"'<>]+`), "$1***"}
}

// prefixes are what tokens begin with, by which their services let scanners find them.
// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
var prefixes = []string{
	"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", // GitHub, GitLab
	"xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xapp-", // Slack
	"hf_", "sk-", "gsk_", "r8_", "lsv2_", "pplx-", "xai-", "wandb_v1_", "dapi", // Hugging Face and whoever has models
	"npm_", "pypi-", "dckr_pat_", "hvs.", "hvb.", "hvr.", "dop_v1_", "pul-", "glsa_", "glc_", "NRAK-", "sntrys_", "PMAK-",
	"lin_api_", "figd_",
	"sk_live_", "sk_test_", "rk_live_", "rk_test_", "SG.", "shpat_", "AIza", "ya29.", "GOCSPX-", "AGE-SECRET-KEY-",
}

// tokenLength is how long what follows a prefix is at least.
const tokenLength = 16

// isTokens reports whether a character may be in a token.
func isTokens(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
}

// byStart are prefixes by the byte that they start with: most texts have no word that starts as one does.
func byStart(prefixes []string) (by [256][]string) {
	for _, prefix := range prefixes {
		by[prefix[0]] = append(by[prefix[0]], prefix)
	}
	return by
}

var starting = byStart(prefixes)

// token is where a text has a token: by what it begins with, or by what stands within it; ok is false if it has none.
func token(text string) (start, end int, ok bool) {
	if len(text) < tokenLength {
		return 0, 0, false
	}
	for start := range len(text) - tokenLength {
		prefixes := starting[text[start]]
		if prefixes == nil || start > 0 && isTokens(text[start-1]) && text[start-1] != '_' && text[start-1] != '.' {
			continue // within a word
		}
		for _, prefix := range prefixes {
			if !strings.HasPrefix(text[start:], prefix) {
				continue
			}
			end := start + len(prefix)
			from := end
			for end < len(text) && isTokens(text[end]) {
				end++
			}
			if end-from >= tokenLength && strings.ContainsAny(text[from:end], "0123456789") {
				return start, end, true
			}
		}
	}
	for _, parts := range dotted {
		if strings.Contains(text, parts.holds) {
			if at := parts.expression.FindStringIndex(text); at != nil {
				return at[0], at[1], true
			}
		}
	}
	return 0, 0, false
}

// dotted are the tokens that have their sign within: those of JSON Web Tokens and of HCP Terraform.
var dotted = []struct {
	holds      string
	expression *regexp.Regexp
}{
	{".eyJ", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?`)},
	{".atlasv1.", regexp.MustCompile(`[A-Za-z0-9]{8,}\.atlasv1\.[A-Za-z0-9_-]{16,}`)},
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
	return seems(text) || encoded(text, seems)
}

// seems reports whether a text seems to hold a credential as it is.
func seems(text string) bool {
	if _, _, ok := token(text); ok {
		return true
	}
	if !strings.ContainsAny(text, signs) {
		return false
	}
	lower := strings.ToLower(text)
	return holds(forms, text, lower) || holds(likely, text, lower)
}

// encodedLength is how long a text is at least that is looked at as base64.
const encodedLength = 40

// encoded reports whether a part of a text is base64 of a text of which something holds, such as what a new machine is told to run.
func encoded(text string, holds func(string) bool) bool {
	for start := 0; len(text)-start >= encodedLength; {
		end := start
		for end < len(text) && (isTokens(text[end]) && text[end] != '.' || text[end] == '+' || text[end] == '/') {
			end++
		}
		if end-start >= encodedLength {
			standard := toStandard.Replace(text[start:end])
			decoded, err := base64.RawStdEncoding.DecodeString(standard[:len(standard)-surplus(len(standard))])
			if err == nil && utf8.Valid(decoded) && holds(string(decoded)) {
				return true
			}
		}
		start = end + 1
	}
	return false
}

// toStandard writes base64 of URLs as others do.
var toStandard = strings.NewReplacer("-", "+", "_", "/")

// surplus is how many characters of base64 too many there are to be whole bytes.
func surplus(length int) int {
	if length%4 == 1 {
		return 1
	}
	return 0
}

// Redact is a text without the credentials in it, each *** instead.
func Redact(text string) string {
	lower := strings.ToLower(text)
	for _, form := range slices.Concat(likely, foreign, forms) {
		if form.holds.allIn(lower) {
			text = form.expression.ReplaceAllString(text, form.instead)
		}
	}
	for {
		start, end, ok := token(text)
		if !ok {
			return text
		}
		text = text[:start] + "***" + text[end:]
	}
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
	"apikey", "token", "credential", "credentials", "pwd", "accountkey", "signingkey", "connectionstring"}

// longestName is the length of the longest of names.
const longestName = len("connectionstring")

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

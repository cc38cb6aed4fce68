package domain

import (
	"regexp"
	"strings"
	"unicode"
)

// servedRequest is where Elasticsearch begins to quote the request itself, headers and all, in the reason of an error:
// `... at [Source: (byte[])"POST /x/_bulk HTTP/1.1\r\nAuthorization: Basic ...`.
const servedRequest = " at [Source:"

var credentialsInText = []struct {
	expression *regexp.Regexp
	instead    string
}{
	{regexp.MustCompile(`(?i)(authorization|x-amz-security-token|cookie)(["']?\s*[:=]\s*["']?)[^\r\n"']+`), "$1$2***"},
	{regexp.MustCompile(`(?i)\b(basic|bearer)\s+[A-Za-z0-9+/=._~-]{8,}`), "$1 ***"},
	{regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/?#\s@]*@`), "$1***@"},
	{regexp.MustCompile(`(?i)(x-amz-(?:security-token|signature|credential))=[^&\s"]+`), "$1=***"},
}

// Redact takes out of a text that others wrote what must not be read in a log or in a file: all from where Elasticsearch begins to
// quote the request, values of headers that hold credentials, and user information in URLs.
func Redact(text string) string {
	text, _, _ = strings.Cut(text, servedRequest)
	for _, credential := range credentialsInText {
		text = credential.expression.ReplaceAllString(text, credential.instead)
	}
	return text
}

// oneLine is a redacted text in one line of at most so many characters, without what a terminal would obey.
func oneLine(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(Redact(text), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	text = strings.TrimRight(text, ". ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}

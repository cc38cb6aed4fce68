package domain

import (
	"strings"
	"unicode"

	"cdktf-aimetrics/internal/credential"
)

// servedRequest is where Elasticsearch begins to quote the request itself, headers and all, in the reason of an error:
// `... at [Source: (byte[])"POST /x/_bulk HTTP/1.1\r\nAuthorization: Basic ...`.
const servedRequest = " at [Source:"

// Redact takes out of a text that others wrote what must not be read in a log or in a file: all from where Elasticsearch begins to
// quote the request, and what looks like a credential.
func Redact(text string) string {
	text, _, _ = strings.Cut(text, servedRequest)
	return credential.Redact(text)
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

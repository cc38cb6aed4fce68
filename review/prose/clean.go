package prose

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean spells out what a reader would not see or a terminal would obey: control characters, marks that turn the direction
// of text round, zero-width characters, line ends, broken UTF-8.
func Clean(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
	}
	return b.String()
}

// Longest is how many characters of a value are shown: more hides the rest of the review.
const Longest = 160

// Shortened is the beginning of a text that is longer than Longest, and how long it is.
func Shortened(s string) string {
	if len(s) <= Longest {
		return s
	}
	count := utf8.RuneCountInString(s)
	if count <= Longest {
		return s
	}
	end := 0
	for i := range s {
		if end++; end > Longest {
			return fmt.Sprintf("%s… (%d characters)", s[:i], count)
		}
	}
	return s
}

// Quoted is a value in an error: in quotes, as Value has it.
func Quoted(s string) string {
	return `"` + Shortened(Safe(s)) + `"`
}

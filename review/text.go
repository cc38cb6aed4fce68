package review

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a sentence in which our own words and a plan's values stay apart to the end: the values are strangers, and each
// rendering has its own way to keep them from being taken for markup or for commands to a terminal.
type Text []Span

// Span is a part of a Text.
type Span struct {
	Kind Kind
	Text string
}

// Kind says whose words a span is, and how loud.
type Kind int

const (
	Words  Kind = iota // ours
	Strong             // ours, to be seen first
	Value              // a plan's: shown as code, never interpreted
	Link               // ours: an address of a page
)

// value and strong make spans of a Text where say is given a plan's value or a word to be seen first.
type (
	value  string
	strong string
	link   string
)

// say joins words (string), strong words, links, values and texts.
func say(parts ...any) Text {
	var text Text
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			text = append(text, Span{Words, part})
		case strong:
			text = append(text, Span{Strong, string(part)})
		case link:
			text = append(text, Span{Link, string(part)})
		case value:
			text = append(text, Span{Value, shortened(Clean(string(part)))})
		case Text:
			text = append(text, part...)
		default:
			text = append(text, Span{Value, shortened(Clean(fmt.Sprint(part)))})
		}
	}
	return text
}

// list joins texts as in "a, b and c"; of more than most it tells the first and how many are left.
func list(texts []Text, and string, most int) Text {
	left := 0
	if len(texts) > most {
		left = len(texts) - most + 1
		texts = texts[:most-1]
	}
	var joined Text
	for i, text := range texts {
		switch {
		case i > 0 && i == len(texts)-1 && left == 0:
			joined = append(joined, Span{Words, " " + and + " "})
		case i > 0:
			joined = append(joined, Span{Words, ", "})
		}
		joined = append(joined, text...)
	}
	if left > 0 {
		joined = append(joined, Span{Words, fmt.Sprintf(" %s %d more", and, left)})
	}
	return joined
}

// values makes a text of each string.
func values(of []string) []Text {
	texts := make([]Text, len(of))
	for i, s := range of {
		texts[i] = say(value(s))
	}
	return texts
}

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

// longest is how many characters of a value are shown: more hides the rest of the review.
const longest = 160

func shortened(s string) string {
	if len(s) <= longest {
		return s
	}
	count := utf8.RuneCountInString(s)
	if count <= longest {
		return s
	}
	end := 0
	for i := range s {
		if end++; end > longest {
			return fmt.Sprintf("%s… (%d characters)", s[:i], count)
		}
	}
	return s
}

// Plain is the text without markup.
func (text Text) Plain() string {
	var b strings.Builder
	for _, span := range text {
		b.WriteString(span.Text)
	}
	return b.String()
}

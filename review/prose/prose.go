// Package prose is the sentences of a review: what they are made of (this file), and how a stranger's words are kept from doing
// harm in them (clean.go). How they look is the renderers' to say.
package prose

import (
	"fmt"
	"strings"

	"cdktf-aimetrics/internal/credential"
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
	Words    Kind = iota // ours
	Emphasis             // ours, to be seen first
	Foreign              // a plan's: shown as code, never interpreted
	Address              // ours: of a page
)

// Strong is words to be seen first.
func Strong(words string) Span { return Span{Emphasis, words} }

// Value is a plan's value: cleaned, cut if it is long, and hidden if it holds what looks like a credential, whoever marked it or not.
func Value(value string) Span { return Span{Foreign, Shortened(Safe(value))} }

// Safe is all of a plan's text: cleaned, and hidden if it holds what looks like a credential.
func Safe(text string) string {
	if credential.InText(text) {
		return "(sensitive)"
	}
	return Clean(text)
}

// Link is the address of a page.
func Link(address string) Span { return Span{Address, address} }

// Say joins our words (string), spans and texts. What is neither is taken for a plan's value.
func Say(parts ...any) Text {
	length := 0
	for _, part := range parts {
		if part, ok := part.(Text); ok {
			length += len(part)
		} else {
			length++
		}
	}
	if length == 0 {
		return nil
	}
	text := make(Text, 0, length)
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			text = append(text, Span{Words, part})
		case Span:
			text = append(text, part)
		case Text:
			text = append(text, part...)
		default:
			text = append(text, Value(fmt.Sprint(part)))
		}
	}
	return text
}

// List joins texts as in "a, b and c"; of more than most it has the first and how many are left.
func List(texts []Text, and string, most int) Text {
	left := 0
	if len(texts) > most {
		left = len(texts) - most + 1
		texts = texts[:most-1]
	}
	if len(texts) == 0 {
		return nil
	}
	length := len(texts)
	for _, text := range texts {
		length += len(text)
	}
	joined := make(Text, 0, length)
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

// Values makes a text of each string.
func Values(of []string) []Text {
	texts := make([]Text, len(of))
	for i, value := range of {
		texts[i] = Say(Value(value))
	}
	return texts
}

// Plain is the text without markup.
func (text Text) Plain() string {
	length := 0
	for _, span := range text {
		length += len(span.Text)
	}
	var b strings.Builder
	b.Grow(length)
	for _, span := range text {
		b.WriteString(span.Text)
	}
	return b.String()
}

// Distinct is each of the texts once.
func Distinct(texts []Text) []Text {
	known := map[string]bool{}
	var all []Text
	for _, text := range texts {
		if plain := text.Plain(); !known[plain] {
			known[plain] = true
			all = append(all, text)
		}
	}
	return all
}

package metrics

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is one thing that is wrong with a row or with settings.
type Problem struct {
	// The byte in the line at which it is, from 1; 0 where the row came from no line.
	Column int
	// The field, such as "ml.metric.value"; "" where the whole line is meant.
	Field string
	// The value given, what is wrong with it, and what to do.
	Text string
}

// Error is "ml.metric.value: NaN is ...".
func (problem Problem) Error() string {
	if problem.Field == "" {
		return problem.Text
	}
	return problem.Field + ": " + problem.Text
}

// Problems is everything that is wrong, in the order of the line.
type Problems []Problem

func (problems Problems) Error() string {
	texts := make([]string, len(problems))
	for i, problem := range problems {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "; ")
}

// Rejection is what became of documents that cannot be: the error that [Encoder.Line] and [Encoder.Row] give in their place.
type Rejection struct {
	// How many documents the row would have made of what is wrong; at least 1. A fault that all metrics of a wide row share is told once.
	Documents int
	// At least one.
	Problems Problems
	// Required fields that the row lacks, in the order of the model; each has its Problem too.
	Missing []string
}

func (rejection *Rejection) Error() string { return rejection.Problems.Error() }

// mostShown is how much of a value is shown, in bytes.
const mostShown = 60

// clip returns a value as it was given, cut where it is long, with what would end the line or move the cursor escaped.
func clip(text string) string {
	quoted := quote(text)
	return quoted[1 : len(quoted)-1]
}

// quote is clip in double quotes.
func quote(text string) string {
	more := ""
	if len(text) > mostShown {
		text, more = text[:mostShown], "..."
		for len(text) > mostShown-4 && !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return strings.ReplaceAll(strconv.Quote(text+more), `\"`, `"`)
}

// clipName is clip for a field's name.
func clipName(name []byte) string { return clip(string(name)) }

// either lists what may be written: "a", "b" or "c".
func either(values []string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = strconv.Quote(value)
	}
	if len(quoted) == 1 {
		return quoted[0]
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}

func contains(values []string, text []byte) bool {
	for _, value := range values {
		if value == string(text) {
			return true
		}
	}
	return false
}

// notFinite reports whether a text is what programs write for a number that is none or infinite.
func notFinite(text string) bool {
	switch strings.TrimLeft(strings.ToLower(text), "+-") {
	case "nan", "inf", "infinity", "1.#inf", "1.#qnan":
		return true
	}
	return false
}

func notFiniteText(given string) string {
	what := "is infinite"
	if strings.Contains(strings.ToLower(given), "nan") {
		what = "is no number"
	}
	return clip(given) + " " + what + ", which no picture can show; leave it out, or find out why the metric diverged"
}

package metrics

import "strings"

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

package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a file; line and column count from 1, and a zero line is no place.
type Position struct {
	File         string
	Line, Column int
}

func (position Position) String() string {
	if position.Line == 0 {
		return position.File
	}
	return fmt.Sprintf("%s:%d:%d", position.File, position.Line, position.Column)
}

// Problem is one fault of an environment, or one warning: where it is, and what to do.
type Problem struct {
	Position Position
	// The key, such as "domain.cluster_config.instance_type"; "" where the whole file is meant.
	Path string
	// The value given, what is wrong with it, and what to do.
	Text string

	// rule is what found the problem, for the tests to prove that each rule is proven.
	rule string
}

func (problem Problem) Error() string {
	parts := []string{problem.Position.String(), plain(problem.Path), problem.Text}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ": ")
}

// Problems is every fault that was found, a line each.
type Problems []Problem

func (problems Problems) Error() string {
	lines := make([]string, len(problems))
	for i, problem := range problems {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// paths is the path of each problem of a key.
func (problems Problems) paths() (paths []string) {
	for _, problem := range problems {
		if problem.Path != "" {
			paths = append(paths, problem.Path)
		}
	}
	return paths
}

// asError is nil where there are no problems.
func (problems Problems) asError() error {
	if len(problems) == 0 {
		return nil
	}
	problems.sort()
	return problems
}

func (problems Problems) sort() {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column))
	})
}

package main

import "errors"

// The exit codes of every command.
const (
	exitDone     = 0 // all that was asked for
	exitError    = 1 // an error, which stderr tells; what was asked for is not done, or not all of it
	exitRejected = 2 // done, and something was turned away: a plan refused, documents rejected
)

const exitHelp = "Exit codes: 0 done; 1 an error; 2 done, and something was turned away (a plan refused, documents rejected)."

// exitCode is an error that ends the program with a code of its own, after its lines.
type exitCode struct {
	error
	code int
}

// errTold is an error whose lines were written already.
var errTold = errors.New("")

// codeOf is the exit code that an error ends the program with.
func codeOf(err error) int {
	var exit exitCode
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &exit):
		return exit.code
	}
	return exitError
}

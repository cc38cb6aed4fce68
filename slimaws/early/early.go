// Package early runs before jsii's packages do. Those make a client of jsii when they are initialized, which extracts its runtime
// to the temporary folder: 2.3 MB that only a later run of the client removes, and a stack trace where there is no such
// folder. With a runtime named in the environment there is nothing to extract.
//
// Go initializes packages in the order of their import paths, as soon as what they import is initialized: this one imports
// only os, and cdktf-aimetrics/… stands before github.com/…. https://go.dev/ref/spec#Program_initialization
package early

import "os"

const variable = "JSII_RUNTIME"

var set bool

func init() {
	if _, named := os.LookupEnv(variable); !named {
		set = os.Setenv(variable, "false") == nil
	}
}

// Undo takes back what this package did to the environment.
func Undo() {
	if set {
		os.Unsetenv(variable)
	}
}

//go:build integration

package main

import (
	"os"
	"testing"
)

// These need no server, but more than a minute of a processor's time, which is too much for `go test ./...`.

// The whole provider makes the same bytes.
func TestSameBytesWithTheWholeProvider(t *testing.T) {
	temporary := sameBytes(t, "SLIMAWS=off")
	// With slim assemblies, the kernel removes what it has there when it ends, which is after the program.
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
}

func TestManyEnvironmentsInHCL(t *testing.T) {
	oneAndTwo(t, manyEnvironments(t), "SYNTH_HCL_OUTPUT=true")
}

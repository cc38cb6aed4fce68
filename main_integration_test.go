//go:build integration

package main

import "testing"

// These need no server, but more than a minute of a processor's time, which is too much for `go test ./...`.

// The whole provider makes the same bytes.
func TestSameBytesWithTheWholeProvider(t *testing.T) { sameBytes(t, "SLIMAWS=off") }

func TestManyEnvironmentsInHCL(t *testing.T) { oneAndTwo(t, manyEnvironments(t), "SYNTH_HCL_OUTPUT=true") }

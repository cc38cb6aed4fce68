//go:build integration

package stacks_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// It needs no server, but ten seconds of a processor's time to load the whole provider, which is too much for `go test ./...`.
func TestHCLWithTheWholeProvider(t *testing.T) {
	slim, err := written()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := writeHCL("off")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole, slim); diff != "" {
		t.Errorf("HCL (-whole +slim):\n%s", diff)
	}
}

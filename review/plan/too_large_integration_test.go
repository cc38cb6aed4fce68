//go:build integration

package plan

import (
	"io"
	"strings"
	"testing"
)

// A single value that is too large is refused before it is in memory. Filling that much takes more time than the other tests together.
func TestTooLargeAValue(t *testing.T) {
	plan := io.MultiReader(strings.NewReader(`{"format_version":"1.2","resource_changes":[{"address":"`), io.LimitReader(endless{}, oneValue+1<<20))
	_, err := Read(plan, nothing)
	if want := "resource_changes[0]: holds a single value of more than 64 MiB, which is none to review"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// endless is x, again and again.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

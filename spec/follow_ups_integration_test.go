//go:build integration

package spec

import "testing"

func TestNoFaultHidesAnyOther(t *testing.T) {
	holdPairs(t, 1)
}

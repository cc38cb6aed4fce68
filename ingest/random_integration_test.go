//go:build integration

package ingest

import "testing"

// TestManySeeds tries about as many seeds as three minutes of CI take; -first-seed goes on from others.
func TestManySeeds(t *testing.T) { randoms(t, 3500) }

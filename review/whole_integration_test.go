//go:build integration

package review

import "testing"

// What `go test ./...` takes a sample of, for all of it takes a processor ten seconds.

func TestNoSensitiveValueIsEverShown(t *testing.T) { hideSecrets(t, 1) }

func TestEveryHostileValue(t *testing.T) { keepHostile(t, 1) }

func TestHugeHostileSizes(t *testing.T) { endureSizes(t, 50_000) }

func TestHugePlan(t *testing.T) { readLarge(t, 200_000_000) }

package stacks_test

import (
	"os"
	"testing"

	"aimetrics/internal/slimaws"
	_ "aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

func TestMain(m *testing.M) {
	end := slimaws.Load(os.Stderr)
	code := m.Run()
	end()
	os.Exit(code)
}

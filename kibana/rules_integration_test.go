//go:build integration

package kibana

import "testing"

// Each prefix takes as long as all that is made of it, so that `go test ./...` tries one.

func TestPrefixes(t *testing.T) { stayApart(t, "ml-metrics.overview", "ml-metrics-models") }

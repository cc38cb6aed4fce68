//go:build integration

package metrics_test

import (
	"testing"

	"cdktf-aimetrics/metrics"
)

// What `go test ./...` holds of a few days, of as many as a sample has: its 80,000 documents take two seconds.

func TestWholeSampleTellsItsStory(t *testing.T) { tellStory(t, 90) }

func TestWholeSampleSize(t *testing.T) {
	haveSize(t,
		metrics.Sample{Until: sampled, Days: 90, Documents: 36_000},
		metrics.Sample{Until: sampled, Days: 10, Documents: 20_000},
		metrics.Sample{Until: sampled, Days: 30, Documents: 10_000},
	)
}

package metrics_test

import (
	"testing"
	"time"

	"aimetrics/metrics"
)

// noon is the clock of the tests.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func newEncoder(t testing.TB, options metrics.Options) *metrics.Encoder {
	t.Helper()
	if options.Now == nil {
		options.Now = func() time.Time { return noon }
	}
	encoder, err := metrics.NewEncoder(options)
	if err != nil {
		t.Fatal(err)
	}
	return encoder
}

package source

import (
	"testing"
	"time"
)

func TestEpoch(t *testing.T) {
	for _, test := range []struct {
		number string
		unit   time.Duration
		want   string
	}{
		{"1795711928", time.Second, "2026-11-26T16:52:08Z"},
		{"1795711928.2878373", time.Second, "2026-11-26T16:52:08.2878373Z"},
		{"1795711928.28783731234567", time.Second, "2026-11-26T16:52:08.287837312Z"},
		{"1.795711928e9", time.Second, "2026-11-26T16:52:08Z"},
		{"1795711308363", time.Millisecond, "2026-11-26T16:41:48.363Z"},
		{"1795711308363.5", time.Millisecond, "2026-11-26T16:41:48.3635Z"},
		{"0", time.Millisecond, "1970-01-01T00:00:00Z"},
		{"-1", time.Second, "1969-12-31T23:59:59Z"},
		{"1795711928000", time.Second, ""},
		{"99999999999999999999", time.Second, ""},
		{"1e300", time.Second, ""},
		{"NaN", time.Second, ""},
		{"Infinity", time.Second, ""},
		{"2026-11-26T16:52:08Z", time.Second, ""},
		{"", time.Second, ""},
		{"0x10", time.Second, ""},
	} {
		at, ok := epoch(test.number, test.unit)
		got := ""
		if ok {
			got = at.UTC().Format(time.RFC3339Nano)
		}
		if got != test.want {
			t.Errorf("%s of %v is %q, want %q", test.number, test.unit, got, test.want)
		}
	}
}

package ingest

import "testing"

// A reader of the rejected file, or of a terminal that opens places, finds the record.
func TestRejectedPlace(t *testing.T) {
	for _, test := range []struct {
		line Rejected
		want string
	}{
		{Rejected{File: "m.ndjson", Line: 17}, "m.ndjson:17: why"},
		{Rejected{File: "state.json", Path: "log_history[3]"}, "state.json: log_history[3]: why"},
		{Rejected{File: "mlruns/", Path: "0/ab12/metrics/val/acc", Line: 1}, "mlruns/0/ab12/metrics/val/acc:1: why"},
		{Rejected{File: "-"}, "-: why"},
	} {
		test.line.Reason = "why"
		if got := test.line.String(); got != test.want {
			t.Errorf("%+v is told as %q, want %q", test.line, got, test.want)
		}
	}
}

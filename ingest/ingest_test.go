package ingest

import (
	"testing"
)

func TestLoad(t *testing.T) {
	f := newFake(t)
	text := numbered(5000) + "not JSON\n" + `{"m":"2026-01","copies":3,"bad":2}`
	for run, want := range []Counts{{5006, 5003, 0, 3}, {5006, 0, 5003, 3}} {
		counts, err := loadAll(t, f.connect(t, Options{}), text)
		if err != nil || counts != want {
			t.Errorf("run %d: %v, %v, want %v", run, counts, err, want)
		}
	}
	if f.count() != 5003 {
		t.Errorf("%d documents are there, want 5003", f.count())
	}
}

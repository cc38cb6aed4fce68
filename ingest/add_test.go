package ingest

import (
	"context"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// However many rows are on their way at once, all of them come in: so many small ones are thousands in one request.
func TestAddOfManyRows(t *testing.T) {
	server := newFake(t)
	in := server.connect(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	rows := 0
	for row := range (metrics.Sample{Until: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Days: 30}).Rows() {
		if err := in.Add(ctx, row); err != nil {
			t.Fatalf("row %d: %v", rows, err)
		}
		rows++
	}
	counts, err := in.Close(ctx)
	if err != nil || rows < 5000 || counts.Read < int64(rows) || counts.Indexed != counts.Read || server.count() != int(counts.Read) {
		t.Errorf("of %d rows it counts %v, and the server has %d documents (%v)", rows, counts, server.count(), err)
	}
}

package metrics_test

import (
	"math"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// A row that is written as JSON and read again makes the same documents; what could not be taken is wrong there too.
func TestRowAppendJSON(t *testing.T) {
	row := metrics.NewRow()
	row.SetTime("@timestamp", time.Date(2026, 11, 1, 2, 3, 4, 5e6, time.UTC))
	row.Set("event.dataset", "ml.training")
	row.Set("ml.run.id", `a "quoted" run`)
	row.Set("labels.team", "risk")
	row.Set("ml.step", "1.5")
	row.AddMetric("loss", 0.25)
	row.AddMetric("accuracy", math.NaN())
	const want = `{"@timestamp":"2026-11-01T02:03:04.005Z","event.dataset":"ml.training","labels.team":"risk","ml.run.id":"a \"quoted\" run","ml.step":null,` +
		`"ml.metrics":{"loss":0.25,"accuracy":null}}`
	got := string(row.AppendJSON(nil))
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if empty := string(metrics.NewRow().AppendJSON(nil)); empty != "{}" {
		t.Errorf("an empty row is %s", empty)
	}

	encoder, err := metrics.NewEncoder(metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range encoder.Line([]byte(got)) {
		if err == nil {
			t.Error("it was taken before it was mended")
		}
	}
	mended := metrics.NewRow()
	mended.SetTime("@timestamp", time.Date(2026, 11, 1, 2, 3, 4, 5e6, time.UTC))
	mended.Set("event.dataset", "ml.training")
	mended.Set("ml.run.id", "r")
	mended.AddMetric("loss", 0.25)
	var ids []metrics.ID
	for document, err := range encoder.Row(mended) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, document.ID)
	}
	for document, err := range encoder.Line(mended.AppendJSON(nil)) {
		if err != nil || document.ID != ids[0] {
			t.Errorf("%v, %v, want %v", document.ID, err, ids)
		}
	}
}

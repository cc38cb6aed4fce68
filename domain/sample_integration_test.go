//go:build integration && unix

package domain

import (
	"fmt"
	"testing"

	"cdktf-aimetrics/metrics"
)

// Sample data goes, with the indices that held nothing else; what is not sample data stays.
func TestRemoveSampleData(t *testing.T) {
	l := newLab(t, "sampled")
	l.setup(t)
	settings := l.wanted.Settings
	for i, index := range []string{"sampled-2026-01", "sampled-2026-01", "sampled-2026-02", "sampled-2026-02", "sampled-2026-03",
		"sampled-1999-01"} {
		document := object{"@timestamp": "2026-01-26T00:00:00.000Z", metrics.SampleLabel: metrics.SampleLabelValue}
		if i == 3 || i == 4 {
			delete(document, metrics.SampleLabel)
		}
		l.put(t, fmt.Sprintf("/%s/_create/%d", index, i), document)
	}
	if got, err := l.CountSampleData(t.Context(), settings); err != nil || got != (SampleData{4, 2}) {
		t.Errorf("there are %+v documents (%v), want 4 and 2", got, err)
	}
	if removed, err := l.RemoveSampleData(t.Context(), settings); err != nil || removed != 4 {
		t.Errorf("removed %d documents (%v), want 4", removed, err)
	}
	if got, err := l.CountSampleData(t.Context(), settings); err != nil || got != (SampleData{0, 2}) {
		t.Errorf("there are %+v documents (%v), want 0 and 2", got, err)
	}
	var left map[string]any
	must(t, l.Send(t.Context(), "GET", "/sampled-*/_settings", nil, &left))
	if len(left) != 2 || left["sampled-2026-02"] == nil || left["sampled-2026-03"] == nil {
		t.Errorf("left are %v", left)
	}
	l.put(t, "/sampled-2026-02/_create/after", object{"@timestamp": "2026-01-26T00:00:00.000Z"})
	if removed, err := l.RemoveSampleData(t.Context(), settings); err != nil || removed != 0 {
		t.Errorf("a second run removed %d documents (%v)", removed, err)
	}
	if got, err := l.CountSampleData(t.Context(), metrics.Settings{IndexPrefix: "nothing"}); err != nil || got != (SampleData{}) {
		t.Errorf("where there is nothing there are %+v documents (%v)", got, err)
	}
}

package kibana

import (
	"strings"
	"testing"
)

// What is measured begins at 0. A score is seen from 0 to 1 unless a person zooms in, and losses are logarithmic.
func TestScales(t *testing.T) {
	const (
		zero        = "0"
		score       = "datum.score && scale == 'from 0 to 1' ? 0 : datum.min"
		linear      = "false && datum.min > 0 && datum.logged"
		logarithmic = "true && datum.min > 0 && datum.logged"
	)
	others := map[string][2]string{
		"Models: Quality over time by model and metric, a line for each version":          {score, linear},
		"Language models: Evaluations over time, a line for each version":                 {score, linear},
		"Training runs: Metrics by step, by model, metric and split, a line for each run": {zero, logarithmic},
	}
	charts := 0
	for _, made := range everything {
		spec, ok := specOf(t, made)
		if !ok {
			continue
		}
		formulas := formulasOf(spec)
		if formulas["logarithmic"] == "" {
			continue // has no lines
		}
		charts++
		title := strings.TrimPrefix(made.Title(), "Model metrics: ")
		want, isOther := others[title]
		if !isOther {
			want = [2]string{zero, linear}
		}
		delete(others, title)
		if got := [2]string{formulas["bottom"], formulas["logarithmic"]}; got != want {
			t.Errorf("%s: it begins at %q and is logarithmic where %q; want %q", title, got[0], got[1], want)
		}
	}
	if charts == 0 || len(others) > 0 {
		t.Errorf("of %d charts none is called %v", charts, others)
	}
}

// formulasOf is what a picture computes, by the name of it.
func formulasOf(spec object) map[string]string {
	formulas := map[string]string{}
	for _, data := range spec["data"].([]any) {
		transforms, _ := data.(object)["transform"].([]any)
		for _, transform := range transforms {
			if transform := transform.(object); transform["type"] == "formula" {
				formulas[transform["as"].(string)] = transform["expr"].(string)
			}
		}
	}
	return formulas
}

// The title of a chart says the unit of its axis. Tiles and tables write it behind each number.
func TestTitlesSayUnits(t *testing.T) {
	units := []struct{ word, unit string }{
		{"Latency", "(ms)"}, {"Time to the first token", "(ms)"}, {"Time per output token", "(ms)"}, {"Time in the queue", "(ms)"},
		{"Cost", "(USD)"}, {"rate", "(%"}, {"Share", "(%)"}, {"Use of accelerators", "(%)"},
	}
	seen := map[string]bool{}
	for _, made := range everything {
		spec, ok := specOf(t, made)
		if !ok || formulasOf(spec)["logarithmic"] == "" {
			continue
		}
		for _, unit := range units {
			if strings.Contains(made.Title(), unit.word) && !strings.Contains(made.Title(), "Calibration") {
				seen[unit.word] = true
				if !strings.Contains(made.Title(), unit.unit) {
					t.Errorf("%q does not say %s", made.Title(), unit.unit)
				}
			}
		}
	}
	for _, unit := range units {
		if !seen[unit.word] {
			t.Errorf("no title has %q", unit.word)
		}
	}
}

package metrics

import (
	"math"
	"time"
)

// drift makes a day's drift of each feature, and its summary, of the version that serves most.
func (s *sampler) drift(model *sampleModel) {
	version := &model.versions[0]
	begin := func() *Row {
		row := s.begin(Drift, s.day.Add(6*time.Hour), model, version)
		row.Set("ml.drift.type", "data")
		row.SetTime("ml.drift.window.start", s.day.AddDate(0, 0, -1))
		row.SetTime("ml.drift.window.end", s.day)
		row.Set("ml.drift.reference.dataset", model.name+"-training")
		row.SetInteger("ml.drift.reference.sample_count", 50000)
		row.SetInteger("ml.drift.sample_count", 5000)
		return row
	}
	drifted := 0
	for i := range model.features {
		feature := &model.features[i]
		score := s.driftOf(model, feature)
		severity := Severity(score, model.threshold, model.lowDrifts)
		detected := severity >= 1
		drifted += boolToInt(detected)
		row := begin()
		row.Set("ml.drift.method", model.method)
		row.SetNumber("ml.drift.score", score)
		row.SetNumber("ml.drift.threshold", model.threshold)
		if model.lowDrifts {
			row.SetNumber("ml.drift.p_value", score)
		}
		row.SetBoolean("ml.drift.detected", detected)
		row.SetNumber("ml.drift.severity", round(severity, 3))
		row.Set("ml.drift.feature.name", feature.name)
		row.Set("ml.drift.feature.type", feature.kind)
		row.SetNumber("ml.feature.importance", feature.importance)
		s.end()
	}
	row := begin()
	share := float64(drifted) / float64(len(model.features))
	row.SetNumber("ml.drift.share", round(share, 4))
	row.SetBoolean("ml.drift.dataset_drift", share >= 0.25)
	row.SetInteger("ml.drift.drifted_features", int64(drifted))
	row.SetInteger("ml.drift.total_features", int64(len(model.features)))
	s.end()
}

// driftOf is the score of a feature today.
func (s *sampler) driftOf(model *sampleModel, feature *sampleFeature) float64 {
	chance := s.noise("drift", model.name, feature.name)
	far := 0.0
	if feature.drifts > 0 {
		far = after(s.progress, feature.drifts)
	}
	if !model.lowDrifts {
		return round(math.Max(0.001, feature.score+(feature.worst-feature.score)*far+chance.normal(0, 0.008)), 4)
	}
	calm := math.Min(0.98, math.Max(0.1, chance.normal(feature.score, 0.15)))
	if far == 0 {
		return round(calm, 4)
	}
	// A p-value falls by powers of ten.
	return round(math.Exp(math.Log(calm)+(math.Log(feature.worst)-math.Log(calm))*math.Sqrt(far)), 8)
}

// quality makes a day's checks of the data that a model gets; a source of one feature fails for some days.
func (s *sampler) quality(model *sampleModel) {
	check := func(feature, name string, value, threshold float64, violated bool) {
		row := s.begin(DataQuality, s.day.Add(6*time.Hour), model, nil)
		row.Set("ml.quality.check", name)
		if feature != "" {
			row.Set("ml.quality.feature.name", feature)
		}
		row.SetNumber("ml.quality.value", value)
		row.SetNumber("ml.quality.threshold", threshold)
		row.SetBoolean("ml.quality.violated", violated)
		s.end()
	}
	chance := s.noise("quality", model.name)
	for i, feature := range model.features[:3] {
		missing := round(chance.uniform(0.002, 0.012), 4)
		if i == 1 && s.progress > 0.8 && s.progress < 0.86 {
			missing = round(chance.uniform(0.08, 0.16), 4)
		}
		check(feature.name, "missing_share", missing, 0.05, missing > 0.05)
	}
	rows := math.Round(chance.normal(52000, 1800))
	check("", "row_count", rows, 40000, rows < 40000)
}

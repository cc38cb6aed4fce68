package metrics

import (
	"fmt"
	"math"
	"time"
)

// evaluation makes the daily values of each version that serves and, on Mondays, what lies below them: slices, classes, the confusion
// matrix and the calibration of a classifier.
func (s *sampler) evaluation(model *sampleModel) {
	for v := range model.versions {
		if !model.versions[v].serves(s.progress) {
			continue
		}
		for m := range model.metrics {
			s.evaluate(model, v, &model.metrics[m])
		}
		if s.day.Weekday() == time.Monday {
			s.slices(model, v)
			if model.classes != nil {
				s.confusion(model, v)
				s.calibration(model, v)
			}
		}
	}
}

// beginEvaluation begins a row of the evaluation of a version, which is one run a day.
func (s *sampler) beginEvaluation(model *sampleModel, v int) *Row {
	version := &model.versions[v]
	row := s.begin(Evaluation, s.day.Add(5*time.Hour), model, version)
	row.Set("ml.run.id", fmt.Sprintf("eval-%s-%s-%s", model.name, version.name, s.day.Format("20060102")))
	row.Set("ml.dataset.name", model.name+"-holdout")
	row.Set("ml.dataset.split", "test")
	return row
}

func (s *sampler) evaluate(model *sampleModel, v int, metric *sampleMetric) {
	chance := s.noise("evaluation", model.name, model.versions[v].name, metric.name)
	value := metric.at(v, s.progress, chance)
	row := s.beginEvaluation(model, v)
	if metric.generate {
		row.Set("gen_ai.evaluation.name", metric.name)
		row.SetNumber("gen_ai.evaluation.score.value", round(value, 4))
		row.Set("gen_ai.evaluation.score.label", verdict(metric, value))
		row.SetInteger("ml.metric.sample_count", int64(metric.samples))
		s.end()
		return
	}
	half := value * 0.03
	if metric.isRatio {
		half = 1.96 * math.Sqrt(value*(1-value)/float64(metric.samples))
	}
	lower, upper := value-half, value+half
	if metric.isRatio {
		lower, upper = math.Max(0, lower), math.Min(1, upper)
	}
	row.Set("ml.metric.name", metric.name)
	row.SetNumber("ml.metric.value", round(value, 4))
	row.SetNumber("ml.metric.ci_lower", round(lower, 4))
	row.SetNumber("ml.metric.ci_upper", round(upper, 4))
	row.SetNumber("ml.metric.threshold", round(metric.values[0]+threshold(metric), 4))
	row.SetInteger("ml.metric.sample_count", int64(metric.samples))
	if model.classes != nil {
		// Chargebacks are known weeks later: of the last days, little is.
		left := s.first.AddDate(0, 0, s.days-1).Sub(s.day).Hours() / 24
		row.SetBoolean("ml.metric.estimated", left < 7)
		row.SetNumber("ml.ground_truth.coverage", round(math.Min(0.97, 0.12+0.05*left), 3))
		row.SetNumber("ml.ground_truth.delay_ms", 12*24*3600*1000)
	}
	s.end()
}

// threshold is how far a metric may fall from where the champion began.
func threshold(metric *sampleMetric) float64 { return metric.decay[0] * 0.6 }

func verdict(metric *sampleMetric, value float64) string {
	good := value >= 0.8
	if known, ok := LookupMetric(metric.name); ok && !known.HigherIsBetter {
		good = value <= 0.05
	}
	if good {
		return "pass"
	}
	return "fail"
}

// sampleSlices is how data is cut. The second attribute is one that a model must not discriminate by.
var sampleSlices = []struct {
	name      string
	protected bool
	values    []string
	off       []float64 // what is taken from the value, as a share
}{
	{"country", false, []string{"DE", "FR", "US", "BR"}, []float64{0, 0.006, 0.01, 0.061}},
	{"age_group", true, []string{"18-29", "30-49", "50+"}, []float64{0.012, 0, 0.034}},
}

func (s *sampler) slices(model *sampleModel, v int) {
	metric := &model.metrics[0]
	if metric.generate {
		metric = &model.metrics[3]
	}
	known, _ := LookupMetric(metric.name)
	for _, slice := range sampleSlices {
		for i, value := range slice.values {
			chance := s.noise("slice", model.name, model.versions[v].name, slice.name, value)
			measured := metric.at(v, s.progress, chance)
			if known.HigherIsBetter {
				measured *= 1 - slice.off[i]
			} else {
				measured *= 1 + 4*slice.off[i]
			}
			row := s.beginEvaluation(model, v)
			row.Set("ml.slice.name", slice.name)
			row.Set("ml.slice.value", value)
			row.SetBoolean("ml.slice.protected", slice.protected)
			row.Set("ml.metric.name", metric.name)
			row.SetNumber("ml.metric.value", round(measured, 4))
			row.SetInteger("ml.metric.sample_count", int64(metric.samples/(len(slice.values)+i)))
			s.end()
		}
	}
}

// confusion makes the four cells of the matrix, and what is computed from them for each class.
func (s *sampler) confusion(model *sampleModel, v int) {
	const samples, frauds = 4000, 240
	chance := s.noise("confusion", model.name, model.versions[v].name)
	recall := model.metrics[2].at(v, s.progress, chance)
	precision := model.metrics[1].at(v, s.progress, chance)
	hits := math.Round(frauds * recall)
	alarms := math.Round(hits / precision)
	counts := [2][2]float64{{samples - frauds - (alarms - hits), alarms - hits}, {frauds - hits, hits}}
	for actual, row := range counts {
		for predicted, count := range row {
			row := s.beginEvaluation(model, v)
			row.Set("ml.class.actual", model.classes[actual])
			row.Set("ml.class.predicted", model.classes[predicted])
			row.SetNumber("ml.confusion.count", count)
			s.end()
		}
	}
	for class, name := range model.classes {
		row := s.beginEvaluation(model, v)
		row.Set("ml.class.name", name)
		row.SetInteger("ml.metric.sample_count", samples)
		ofClass := counts[class][class]
		row.AddMetric("precision", round(ofClass/(counts[0][class]+counts[1][class]), 4))
		row.AddMetric("recall", round(ofClass/(counts[class][0]+counts[class][1]), 4))
		s.end()
	}
}

// calibration makes ten bins of predicted probabilities, and what came true in each.
func (s *sampler) calibration(model *sampleModel, v int) {
	chance := s.noise("calibration", model.name, model.versions[v].name)
	over := 0.05 - 0.03*float64(v) + 0.08*after(s.progress, 0.66)*float64(1-v)
	for bin := range 10 {
		lower, upper := float64(bin)/10, float64(bin+1)/10
		middle := (lower + upper) / 2
		row := s.beginEvaluation(model, v)
		row.Set("ml.bin.name", fmt.Sprintf("%.1f-%.1f", lower, upper))
		row.SetNumber("ml.bin.lower", lower)
		row.SetNumber("ml.bin.upper", upper)
		row.SetNumber("ml.bin.count", math.Round(3000*math.Exp(-middle*5)+chance.uniform(20, 60)))
		row.SetNumber("ml.bin.observed_rate", round(math.Min(1, math.Max(0, middle-over*4*middle*(1-middle)+chance.normal(0, 0.01))), 4))
		s.end()
	}
}

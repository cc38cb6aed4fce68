package metrics

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Runs of training and how long they are.
const (
	sampleRunsPerVersion = 4
	sampleEpochs         = 20
	sampleStepsPerEpoch  = 250
)

// training makes the runs whose day it is: a search of four for each version, in the two weeks before it is deployed; those of the
// first version are told at the beginning of the story.
func (s *sampler) training(model *sampleModel) {
	for v := range model.versions {
		version := &model.versions[v]
		deployed := int(version.from * float64(s.days-1))
		for run := range sampleRunsPerVersion {
			day := max(deployed-2*(sampleRunsPerVersion-run), 0) + run*boolToInt(deployed == 0)
			if s.day.Equal(s.first.AddDate(0, 0, min(day, s.days-1))) {
				s.run(model, v, run)
			}
		}
	}
}

func boolToInt(value bool) int {
	if value {
		return 1
	}
	return 0
}

// run is one run of training. The last one of a version has its parameters, and the best result; the third diverges for a while.
func (s *sampler) run(model *sampleModel, v, run int) {
	version := &model.versions[v]
	chance := s.noise("run", model.name, version.name, strconv.Itoa(run))
	id := fmt.Sprintf("%016x%016x", chance.source.Uint64(), chance.source.Uint64())
	began := s.day.Add(time.Duration(chance.uniform(1, 6) * float64(time.Hour))).Truncate(time.Second)
	rate, _ := strconv.ParseFloat(version.learningRate, 64)
	if run < sampleRunsPerVersion-1 {
		rate *= float64(int(4) >> run)
	}
	worse := 1 + 0.04*float64(sampleRunsPerVersion-1-run)
	per := time.Duration(chance.uniform(40, 90) * float64(time.Second)).Truncate(time.Millisecond)
	for epoch := 1; epoch <= sampleEpochs && !s.ended; epoch++ {
		done := float64(epoch) / sampleEpochs
		loss := (model.lossTo + (model.lossFrom-model.lossTo)*math.Exp(-5*done)) * worse * (1 + chance.normal(0, 0.01))
		norm := 1.8*math.Exp(-2*done) + chance.uniform(0.1, 0.3)
		if run == 2 && epoch >= 9 && epoch <= 11 {
			loss, norm = loss*2.4, norm*9
		}
		gap := 1.04 + 0.12*math.Max(0, done-0.7)
		best := model.validated.values[v]
		start := best * 1.9
		if known, _ := LookupMetric(model.validated.name); known.HigherIsBetter {
			start = best * 0.7
		}
		validated := best + (start-best)*math.Exp(-4*done)
		if start > best {
			validated *= worse
		} else {
			validated /= 1 + (worse-1)/4
		}
		begin := func(split string) *Row {
			row := s.begin(Training, began.Add(time.Duration(epoch)*per), model, nil)
			row.Set("ml.run.id", id)
			row.Set("ml.run.name", fmt.Sprintf("%s-%s-%d", model.name, version.name, run+1))
			row.Set("ml.experiment.name", model.name)
			row.Set("ml.params.learning_rate", strconv.FormatFloat(rate, 'g', -1, 64))
			row.SetInteger("ml.params.depth", int64(version.depth))
			row.Set("ml.dataset.name", model.name+"-history")
			row.Set("ml.dataset.split", split)
			row.SetInteger("ml.step", int64(epoch*sampleStepsPerEpoch))
			row.SetInteger("ml.epoch", int64(epoch))
			row.SetInteger("ml.elapsed_ms", int64(epoch)*per.Milliseconds())
			return row
		}
		row := begin("train")
		row.AddMetric("loss", round(loss, 5))
		row.AddMetric("gradient_norm", round(norm, 4))
		s.end()
		row = begin("validation")
		row.AddMetric("loss", round(loss*gap, 5))
		row.AddMetric(model.validated.name, round(validated, 5))
		s.end()
	}
}

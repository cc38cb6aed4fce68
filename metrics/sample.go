package metrics

import (
	"cmp"
	"hash/fnv"
	"iter"
	"math"
	"math/rand/v2"
	"time"
)

// Sample is believable metrics of three models: a classifier, a regressor and a language model, two versions each, of all kinds.
//
//   - fraud-classifier: its challenger is better; two features drift in the last third, by their distance (PSI), and the champion decays.
//   - demand-forecast: its challenger has the lower error, and a latency that grows until it breaks its service level; one feature
//     drifts by its p-value.
//   - support-assistant: one document a request, with tokens, cost and time to first token; the newer version is the more faithful one.
//
// The same seed and day give the same rows, of which those after Until are left out.
type Sample struct {
	// Default: 1.
	Seed uint64
	// When the rows end; its day in UTC is the last one. It must be said.
	Until time.Time
	// Days, that of Until included. Default: 90.
	Days int
	// About how many documents, by more frequent windows and more requests: what is not inference stays as it is. Default: hourly
	// windows and 200 requests a day, about 36,000 documents in 90 days.
	Documents int
}

// SampleLabel is the field that marks every document of sample data, by which it is found and deleted; SampleLabelValue is its value.
const SampleLabel, SampleLabelValue = "labels.demo", "aimetrics"

// What one day makes, about: inference at its default, and all else. The tests hold them to what the rows are.
const (
	sampleInferencePerDay = 288
	sampleOthersPerDay    = 112
)

// Rows returns the rows, a day after the other. Each is valid until the next.
func (sample Sample) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		sampler := newSampler(sample, yield)
		for day := range sampler.days {
			if !sampler.takes(day) {
				return
			}
			for i := range sampleModels {
				model := &sampleModels[i]
				sampler.training(model)
				sampler.evaluation(model)
				sampler.drift(model)
				sampler.quality(model)
				sampler.inference(model)
			}
		}
	}
}

// sampler makes the rows of one day after the other.
type sampler struct {
	seed    uint64
	until   time.Time
	first   time.Time // midnight of the first day
	days    int
	density float64 // of inference; 1 is the default

	day      time.Time // midnight
	progress float64   // of the story: 0 on the first day, 1 on the last

	row   *Row
	at    time.Time // @timestamp of the row
	yield func(*Row) bool
	ended bool
}

func newSampler(sample Sample, yield func(*Row) bool) *sampler {
	days := cmp.Or(sample.Days, 90)
	last := sample.Until.UTC().Truncate(24 * time.Hour)
	density := 1.0
	if sample.Documents > 0 {
		density = math.Max(0.05, (float64(sample.Documents)/float64(days)-sampleOthersPerDay)/sampleInferencePerDay)
	}
	return &sampler{
		seed: cmp.Or(sample.Seed, 1), until: sample.Until, first: last.AddDate(0, 0, 1-days), days: days, density: density,
		row: NewRow(), yield: yield,
	}
}

// takes turns to a day, and reports whether more rows are wanted.
func (s *sampler) takes(day int) bool {
	s.day = s.first.AddDate(0, 0, day)
	s.progress = float64(day) / float64(max(1, s.days-1))
	return !s.ended
}

// begin begins a row of a version at a time.
func (s *sampler) begin(dataset Dataset, at time.Time, model *sampleModel, version *sampleVersion) *Row {
	row := s.row
	row.Reset()
	s.at = at
	row.SetTime("@timestamp", at)
	row.Set("event.dataset", string(dataset))
	row.Set("service.environment", "production")
	row.Set("service.name", model.service)
	row.Set("ml.team", model.team)
	row.Set("ml.model.name", model.name)
	row.Set("ml.model.framework", model.framework)
	row.Set("ml.model.task", model.task)
	row.Set(SampleLabel, SampleLabelValue)
	if version != nil {
		row.Set("ml.model.version", version.name)
		row.Set("ml.deployment.name", version.deployment)
		row.Set("ml.deployment.role", version.role)
		row.SetNumber("ml.deployment.traffic_share", version.share)
	}
	return row
}

// end gives the row away, if it is not of the future.
func (s *sampler) end() {
	if !s.ended && !s.at.After(s.until) {
		s.ended = !s.yield(s.row)
	}
}

// noise is numbers that look like chance, the same for the same seed, day and name.
type noise struct{ source *rand.PCG }

func (s *sampler) noise(names ...string) noise {
	hash := fnv.New64a()
	for _, name := range names {
		hash.Write([]byte(name))
		hash.Write([]byte{0})
	}
	return noise{rand.NewPCG(s.seed*0x9e3779b97f4a7c15+uint64(s.day.Unix()), hash.Sum64())}
}

// uniform is from low to high.
func (n noise) uniform(low, high float64) float64 {
	return low + float64(n.source.Uint64()>>11)/(1<<53)*(high-low)
}

// normal is a bell of this mean and deviation. The sum of twelve is the same on every machine, which a logarithm need not be.
func (n noise) normal(mean, deviation float64) float64 {
	sum := -6.0
	for range 12 {
		sum += n.uniform(0, 1)
	}
	return mean + sum*deviation
}

// round cuts what machines may disagree about, and what nobody reads.
func round(value float64, digits int) float64 {
	unit := math.Pow10(digits)
	return math.Round(value*unit) / unit
}

// after is 0 before a part of the story, and grows to 1 at its end.
func after(progress, from float64) float64 {
	return math.Max(0, (progress-from)/(1-from))
}

// ofDay is the share of its peak that traffic has at an hour: low at night, high in the afternoon.
func ofDay(hour float64) float64 {
	return 0.55 - 0.45*math.Cos((hour-3)/24*2*math.Pi)
}

package metrics

import (
	"iter"
	"time"
)

// Sample is believable metrics of three models: a classifier, a regressor and a language model, two versions each, of all kinds. A drift
// sets in, a version is better, a latency grows. The same Sample gives the same rows.
type Sample struct {
	// Default: 1.
	Seed uint64
	// The last day, which is not over: rows end before its midnight in UTC. Default: none, it must be said.
	Day time.Time
	// Days up to and with Day. Default: 90.
	Days int
	// About how many documents, by more frequent windows and more requests. Default: as many as 90 days need to look well, about 20,000.
	Documents int
}

// Rows returns the rows, oldest first for each model. A row is valid until the next.
func (sample Sample) Rows() iter.Seq[*Row] { return func(yield func(*Row) bool) {} }

// SampleLabel is the field and value that marks every document of sample data, by which it is found and deleted.
const SampleLabel, SampleLabelValue = "labels.demo", "aimetrics"

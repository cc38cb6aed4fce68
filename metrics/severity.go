package metrics

import "math"

// leastPValue is what smaller p-values are taken for: beyond it, a logarithm says nothing but how many samples there were.
const leastPValue = 1e-12

// Severity is ml.drift.severity of a score: 1 at the threshold, more is worse, 0 is no drift at all. Distances are divided by their
// threshold. P-values (lowIsDrift), which are low where there is drift, are compared by their logarithms: with a threshold of 0.05,
// 0.0025 is 2. It is NaN where the threshold says nothing: 0 or less, and 1 or more for a p-value.
func Severity(score, threshold float64, lowIsDrift bool) float64 {
	switch {
	case !lowIsDrift && threshold > 0:
		return math.Max(0, score/threshold)
	case lowIsDrift && threshold > 0 && threshold < 1:
		return math.Abs(math.Log(math.Min(1, math.Max(score, leastPValue))) / math.Log(threshold))
	default:
		return math.NaN()
	}
}

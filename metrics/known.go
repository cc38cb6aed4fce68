package metrics

import "slices"

// Known is a metric whose meaning is well known: what fills in ml.metric.unit and ml.metric.higher_is_better where a source lacks them.
type Known struct {
	// As ml.metric.name has it.
	Name           string
	HigherIsBetter bool
	Unit           Unit
	// The usual range, by which a picture is scaled; nil is none. A value outside of it is taken all the same.
	Min, Max    *float64
	Description string
}

// KnownMetrics returns every metric that is known, by name. The slice is the caller's.
func KnownMetrics() []Known { return slices.Clone(known) }

// LookupMetric returns what is known of a metric.
func LookupMetric(name string) (Known, bool) {
	found, ok := knownByName[name]
	return found, ok
}

package source

import (
	"strconv"
	"strings"
)

// pValues is Evidently's methods that are tests, by their ids and by the names that reports show: low is drift. It is what
// evidently/legacy/calculations/stattests has, in 0.7.23; a name that says p_value is one too.
var pValues = map[string]bool{
	"ks": true, "k-s p_value": true, "chisquare": true, "chi-square p_value": true, "z": true, "z-test p_value": true,
	"anderson": true, "anderson-darling": true, "cramer_von_mises": true, "cramer-von mises": true, "es": true, "epps-singleton": true,
	"fisher_exact": true, "fisher's exact test": true, "g_test": true, "mannw": true, "mann-whitney u-rank test": true,
	"t_test": true, "empirical_mmd": true, "tvd": true, "total-variation-distance": true, "total-variation-distance p_value": true,
}

// distances is its methods that are distances, or the quality of a classifier that tells old from new: high is drift.
var distances = map[string]bool{
	"wasserstein": true, "wasserstein distance (normed)": true, "kl_div": true, "kullback-leibler divergence": true, "psi": true,
	"jensenshannon": true, "jensen-shannon distance": true, "hellinger": true, "hellinger distance": true,
	"ed": true, "energy-distance": true,
	"energy_distance": true, "abs_text_content_drift": true, "absolute text content drift": true,
}

// isPValue reports whether low is drift for a method, and whether the method is known: of another, a custom function, nobody can say.
func isPValue(method string) (lowIsDrift, known bool) {
	name := strings.ToLower(strings.TrimSpace(method))
	if pValues[name] || strings.Contains(name, "p_value") || strings.Contains(name, "p-value") {
		return true, true
	}
	return false, distances[name] || strings.Contains(name, "distance") || strings.Contains(name, "divergence")
}

// numberIn is the number that a text is; nil if it is none.
func numberIn(text string) *float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &value
}

package metrics

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// wide is the field of the input that holds several metrics at once.
const wide = "ml.metrics"

const timestamp = "@timestamp"

// ordered is the fields in the order of the canonical form, which is that of their names' bytes. A field's place is its index here.
var ordered = slices.SortedFunc(slices.Values(fields), func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })

// byName is the place of each name.
var byName = func() map[string]int {
	places := map[string]int{}
	for at, field := range ordered {
		places[field.Name] = at
	}
	return places
}()

// keywordsFields is the places of the fields of the type Keywords.
var keywordsFields = func() []int {
	var places []int
	for at, field := range ordered {
		if field.Type == Keywords {
			places = append(places, at)
		}
	}
	return places
}()

// keywordsBelow returns the field of the type Keywords that a name is below, and what it is called there.
func keywordsBelow(name []byte) (at int, below []byte, ok bool) {
	for _, at := range keywordsFields {
		if parent := ordered[at].Name; len(name) > len(parent) && name[len(parent)] == '.' && string(name[:len(parent)]) == parent {
			return at, name[len(parent)+1:], true
		}
	}
	return 0, nil, false
}

// objects numbers every name that others are below: ml, ml.model, those of the type Keywords, and those of the names that are read as
// ours.
var objects = func() map[string]int {
	numbers := map[string]int{}
	add := func(name string) {
		if _, ok := numbers[name]; !ok {
			numbers[name] = len(numbers)
		}
	}
	addAbove := func(name string) {
		for strings.Contains(name, ".") {
			name = name[:strings.LastIndexByte(name, '.')]
			add(name)
		}
	}
	add(wide)
	for _, field := range fields {
		addAbove(field.Name)
		if field.Type == Keywords {
			add(field.Name)
		}
	}
	for _, equivalent := range equivalents {
		addAbove(equivalent.Name)
	}
	return numbers
}()

// Places of the fields that are written by name.
var (
	metricName     = byName["ml.metric.name"]
	metricValue    = byName["ml.metric.value"]
	metricUnit     = byName["ml.metric.unit"]
	higherIsBetter = byName["ml.metric.higher_is_better"]
	eventDataset   = byName["event.dataset"]
	atTimestamp    = byName[timestamp]
)

// readAs is the names of others that a row may have: the place of our field, and the power of ten between the units.
var readAs = func() map[string]struct{ at, shift int } {
	names := map[string]struct{ at, shift int }{}
	for _, equivalent := range equivalents {
		if equivalent.Name != equivalent.Field {
			names[equivalent.Name] = struct{ at, shift int }{byName[equivalent.Field], equivalent.Shift}
		}
	}
	return names
}()

// unknown says that the model has no such field, and which is nearest.
func unknown(name string) string {
	const otherwise = "; put what is your own below labels"
	if len(name) > 100 {
		return "is no field of the model" + otherwise
	}
	nearest, distance := "", len(name)/3+1
	for _, field := range ordered {
		if d := levenshtein.ComputeDistance(name, field.Name); d < distance {
			nearest, distance = field.Name, d
		}
	}
	// What a wide row has by its last name alone.
	for _, field := range ordered {
		if nearest == "" && strings.HasSuffix(field.Name, "."+name) {
			nearest = field.Name
		}
	}
	if nearest == "" {
		return "is no field of the model" + otherwise
	}
	return "is no field of the model; is it " + nearest + "?"
}

package metrics

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// earliest is the first time that a document may have: what is before was counted in another unit.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// timeOutside says that @timestamp is outside of what is taken, and the guess that explains it; "" if it is not.
func timeOutside(at instant, now time.Time) string {
	latest := now.Add(24 * time.Hour)
	inside := func(seconds int64) bool { return seconds >= earliest.Unix() && seconds <= latest.Unix() }
	if inside(at.seconds) {
		return ""
	}
	given := strconv.Quote(shown(at.time()))
	if at.seconds > latest.Unix() {
		return given + " is more than a day in the future; is the clock right, and the year?"
	}
	if more := at.seconds*1000 + int64(at.nanoseconds)/1e6; inside(more) {
		return given + " is before 1990: seconds taken for milliseconds, most likely; write " + strconv.Quote(shown(time.Unix(more, 0)))
	}
	return given + " is before 1990; is it a time that was never set? Give the true one"
}

// ordinals is pairs of fields of which the first may not be more than the second.
var ordinals = [][2]string{
	{"ml.metric.ci_lower", "ml.metric.ci_upper"},
	{"ml.bin.lower", "ml.bin.upper"},
	{"ml.slo.good_count", "ml.slo.total_count"},
	{"ml.inference.error_count", "ml.inference.request_count"},
	{"ml.drift.drifted_features", "ml.drift.total_features"},
	{"ml.drift.window.start", "ml.drift.window.end"},
}

var ordinalPlaces = func() [][2]int {
	places := make([][2]int, len(ordinals))
	for i, pair := range ordinals {
		places[i] = [2]int{byName[pair[0]], byName[pair[1]]}
	}
	return places
}()

// requirement is a DatasetRule by the places of its fields.
type requirement struct {
	name     string
	required []int
	anyOf    [][]int
}

var requirements = func() []requirement {
	places := func(names []string) []int {
		all := make([]int, len(names))
		for i, name := range names {
			all[i] = byName[name]
		}
		return all
	}
	all := make([]requirement, len(datasets))
	for i, rule := range datasets {
		all[i] = requirement{strconv.Quote(string(rule.Dataset)), places(rule.Required), nil}
		for _, set := range rule.AnyOf {
			all[i].anyOf = append(all[i].anyOf, places(set))
		}
	}
	return all
}()

// check adds to the row's problems what is wrong with it as a whole, and returns the required fields that it lacks.
func (row *Row) check(now time.Time) (missing []string) {
	column := row.column
	row.column = 0
	defer func() { row.column = column }()
	if !row.values[atTimestamp].empty() {
		if text := timeOutside(row.timestamp, now); text != "" {
			row.problem(timestamp, text)
		}
	}
	missing = row.checkRequired()
	if len(row.measures) > 0 {
		row.checkMeasures()
	}
	if len(row.below) > 1 {
		row.checkBelow()
	}
	for i, pair := range ordinalPlaces {
		if lower, upper := row.values[pair[0]], row.values[pair[1]]; !lower.empty() && !upper.empty() && row.more(lower, upper) {
			text := fmt.Sprintf("%s is more than %s, %s; exchange them, or correct one", row.bytes(lower), ordinals[i][1], row.bytes(upper))
			row.problem(ordinals[i][0], text)
		}
	}
	return missing
}

// more reports whether a canonical value is more than another: numbers by value, times as texts.
func (row *Row) more(a, b span) bool {
	if row.scratch[a.from] == '"' {
		return moreTime(row.bytes(a), row.bytes(b))
	}
	x, _ := strconv.ParseFloat(string(row.bytes(a)), 64)
	y, _ := strconv.ParseFloat(string(row.bytes(b)), 64)
	return x > y
}

func moreTime(a, b []byte) bool {
	return bytes.Compare(bytes.TrimRight(a, `Z"`), bytes.TrimRight(b, `Z"`)) > 0
}

// checkRequired adds a problem for each required field that the row lacks, and returns their names: but for the numbers, which no one
// value fills in for all rows of an input.
func (row *Row) checkRequired() (missing []string) {
	lacking := 0
	lacks := func(at int) {
		name := ordered[at].Name
		// What is there and wrong is told already.
		if slices.ContainsFunc(row.problems, func(problem Problem) bool { return problem.Field == name }) {
			return
		}
		lacking++
		if typ := ordered[at].Type; typ != Double && typ != Long {
			missing = append(missing, name)
		}
		row.problem(name, "is missing; give it, such as "+ordered[at].Example)
	}
	for _, at := range alwaysRequired {
		if row.values[at].empty() {
			lacks(at)
		}
	}
	dataset := row.bytes(row.values[eventDataset])
	for i := range requirements {
		rule := &requirements[i]
		if rule.name != string(dataset) {
			continue
		}
		for _, at := range rule.required {
			if row.values[at].empty() {
				lacks(at)
			}
		}
		if len(row.measures) > 0 || row.faults > lacking || slices.ContainsFunc(rule.anyOf, row.hasAll) {
			continue
		}
		begun := row.begun(rule)
		for _, at := range begun {
			if row.values[at].empty() {
				lacks(at)
			}
		}
		if begun == nil {
			row.problem("", row.lacksAll(rule))
		}
	}
	return missing
}

var alwaysRequired = []int{atTimestamp, eventDataset}

func (row *Row) hasAll(places []int) bool {
	for _, at := range places {
		if row.values[at].empty() {
			return false
		}
	}
	return true
}

// begun is the one set of fields of which the row has the most, such as a value that lacks its metric's name; nil where it is not one.
func (row *Row) begun(rule *requirement) []int {
	var best []int
	most, isOne := 0, false
	for _, set := range rule.anyOf {
		has := 0
		for _, at := range set {
			if !row.values[at].empty() {
				has++
			}
		}
		if has == most {
			isOne = false
		} else if has > most {
			best, most, isOne = set, has, true
		}
	}
	if !isOne {
		return nil
	}
	return best
}

// lacksAll says what a document of this dataset may be about.
func (row *Row) lacksAll(rule *requirement) string {
	ways := make([]string, len(rule.anyOf))
	for i, set := range rule.anyOf {
		names := make([]string, len(set))
		for j, at := range set {
			names[j] = ordered[at].Name
		}
		ways[i] = strings.Join(names, " with ")
	}
	return rule.name + " says nothing without a value; give one of " + strings.Join(ways, ", ")
}

// checkMeasures finds metrics that are given twice, and a row that is wide and narrow at once.
func (row *Row) checkMeasures() {
	if !row.values[metricName].empty() || !row.values[metricValue].empty() {
		row.problem(wide, "cannot go with ml.metric.name and ml.metric.value; keep one way")
	}
	if len(row.measures) < 2 {
		return
	}
	names := make([]string, len(row.measures))
	for i, measure := range row.measures {
		names[i] = string(row.bytes(measure.name))
	}
	slices.Sort(names)
	for i, name := range names[1:] {
		if name == names[i] {
			row.problem(wide+"."+clip(name[1:len(name)-1]), givenTwice)
		}
	}
}

// checkBelow puts labels and parameters in the order of the canonical form, and finds those that are given twice.
func (row *Row) checkBelow() {
	slices.SortFunc(row.below, func(a, b entry) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return bytes.Compare(row.bytes(a.name), row.bytes(b.name))
	})
	for i, next := range row.below[1:] {
		if before := row.below[i]; before.at == next.at && bytes.Equal(row.bytes(before.name), row.bytes(next.name)) {
			row.problem(ordered[next.at].Name+"."+clipName(row.bytes(next.name)), "is given twice, where a dot is an underscore; keep one")
		}
	}
}

package source

import (
	"slices"
	"strconv"
	"strings"

	"cdktf-aimetrics/metrics"
)

// namedValue is one value under the name that its source gives it: a number, or the text of one that its source could not write, or
// that is none.
type namedValue struct {
	name  string
	value float64
	text  string
}

// logged is one row of a training's log.
type logged struct {
	values []namedValue

	step, epoch *float64
	elapsed     *float64 // seconds

	all   []measured
	rows  []measured          // what the metrics of a row share
	taken map[measured]int    // where among all
	named map[string]measured // by what sources call them
}

func (log *logged) reset() {
	log.values, log.step, log.epoch, log.elapsed = log.values[:0], nil, nil, nil
}

// read reads the value of a metric; null is none. One that is no number goes on as the text that it is, and is rejected by itself.
func (log *logged) read(d *document, name string) error {
	given := namedValue{name: name}
	switch d.PeekKind() {
	case 'n':
		return d.skip()
	case '{', '[':
		given.text = "an object or a list"
		log.values = append(log.values, given)
		return d.skip()
	case '0':
		value, _, err := d.number()
		given.value = value
		log.values = append(log.values, given)
		return err
	}
	text, _, err := d.scalar()
	if value, is := notANumber(text); is {
		given.value = value
	} else if given.text = text; text == "" {
		given.text = `""`
	}
	log.values = append(log.values, given)
	return err
}

// mostMeasures is how many metrics a row gets; what has more is several rows.
const mostMeasures = 500

// write makes a row for each split, aggregation and unit among the values, in their order. begin gives each row what it has beyond
// that, and settle has the last word on what a name means; either may be nil.
func (log *logged) write(out *output, at place, raw []byte, begin func(*metrics.Row), settle func(*measured, string)) {
	log.all, log.rows = log.all[:0], log.rows[:0]
	clear(log.taken)
	for i, given := range log.values {
		metric := log.metric(given.name, settle)
		// Of two that would be called the same in our model, as acc and accuracy are, the one that is called so keeps the name.
		if before, isTaken := log.taken[metric]; isTaken && metric.name != given.name {
			metric.name = given.name
		} else if isTaken {
			log.all[before].name = log.values[before].name
		}
		log.taken[metric] = i
		log.all = append(log.all, metric)
		if !slices.ContainsFunc(log.rows, metric.sharesRow) {
			log.rows = append(log.rows, metric)
		}
	}
	for _, shared := range log.rows {
		var row *metrics.Row
		count := mostMeasures
		for i, metric := range log.all {
			if !metric.sharesRow(shared) {
				continue
			}
			if count == mostMeasures {
				count = 0
				row = log.begin(out, at, raw, shared, begin)
			}
			metric.add(row, log.values[i])
			count++
			out.weight += measureWeight
		}
	}
}

// metric is a metric by its source's name.
func (log *logged) metric(name string, settle func(*measured, string)) measured {
	metric, known := log.named[name]
	if !known {
		metric = metricNamed(name)
		if settle != nil {
			settle(&metric, name)
		}
		if log.named == nil || len(log.named) > mostColumns {
			log.named, log.taken = map[string]measured{}, map[measured]int{}
		}
		log.named[name] = metric
	}
	return metric
}

func (log *logged) begin(out *output, at place, raw []byte, shared measured, begin func(*metrics.Row)) *metrics.Row {
	row := out.row(at, raw, 0)
	row.Set("event.dataset", string(metrics.Training))
	shared.describe(row)
	setNumber(row, "ml.step", log.step)
	setNumber(row, "ml.epoch", log.epoch)
	if log.elapsed != nil {
		row.SetNumber("ml.elapsed_ms", inMilliseconds(*log.elapsed))
	}
	if begin != nil {
		begin(row)
	}
	return row
}

func setText(row *metrics.Row, field, text string) {
	if text != "" {
		row.Set(field, text)
	}
}

func setNumber(row *metrics.Row, field string, value *float64) {
	if value != nil {
		row.SetNumber(field, *value)
	}
}

// inMilliseconds is seconds in the unit of the model: 0.1 s is 100 ms, to the digit, as a product in binary is not.
func inMilliseconds(seconds float64) float64 {
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(seconds, 'e', -1, 64), "e")
	power, err := strconv.Atoi(exponent)
	if err != nil {
		return seconds // NaN and infinity
	}
	milliseconds, _ := strconv.ParseFloat(digits+"e"+strconv.Itoa(power+3), 64)
	return milliseconds
}

package kibana

import (
	"fmt"

	"cdktf-aimetrics/metrics"
)

// models is quality, by model and version: which version is better?
func models(prefix string) dashboard {
	return dashboard{
		name: "models", title: "Models", from: "now-90d",
		description: "Quality by model, version and metric, each with its direction, its sample size and its interval.",
		controls:    []control{byEnvironment, byModel, byVersion, byMetric},
		panels: []panel{
			{name: "ahead", title: "Challengers that are better", width: 12, height: 6,
				question: "How many versions beat their champion in a metric beyond the interval of both?", chart: vega{aheadTile}},
			{name: "below", title: "Metrics beyond their threshold, newest", width: 12, height: 6,
				question: "How many metrics miss their threshold in their newest evaluation?", chart: vega{thresholdTile}},
			{name: "falling", title: "Largest loss of quality in a week", width: 12, height: 6,
				question: "Which metric became worst since a week before the end of the time range?", chart: vega{fallingTile}},
			{name: "newest", title: "Newest evaluation", width: 12, height: 6,
				question: "How old is what this page shows?", chart: vega{newestTile}},
			{name: "better", title: "Which version is better? Newest value [95 % interval], n, by model and metric", width: 48, height: 15,
				question: "Is another version better than the champion, and is the difference larger than chance? " +
					"Direction is the metric's own.",
				chart: vega{betterTable}},
			{name: "quality", title: "Quality over time by model and metric, a line for each version", width: 48, height: 24,
				question: "How does quality develop? The newest value of each interval, its confidence interval as a " +
					"band, its threshold dashed.",
				chart: vega{qualityLines}},
			{name: "values", title: "Newest and best value by model, version and metric", width: 48, height: 15,
				question: "What is the newest value, what was the best and when, and does it keep to its threshold?",
				chart:    vega{valuesTable}},
			{name: "slices", title: "Newest value by slice and version", width: 48, height: 16,
				question: "For whom is a model worse? A point with its interval for each slice and version.", chart: vega{sliceBars}},
			{name: "calibration", title: "Calibration: observed rate by predicted probability, newest", width: 24, height: 14,
				question: "Do probabilities come true? On the dashed line they do; below it a model is too sure.",
				chart:    vega{calibrationLines}},
			{name: "confusion", title: "Confusion: actual to predicted class (% of the actual), newest", width: 24, height: 14,
				question: "Which classes does a model take for one another?", chart: vega{confusionBars}},
		},
		documents: savedSearch{title: "Evaluations", question: "Which documents are behind this page?",
			query: "event.dataset: ml.evaluation",
			columns: []string{"ml.model.name", "ml.model.version", "ml.metric.name", "ml.metric.value",
				"ml.metric.ci_lower", "ml.metric.ci_upper"},
		},
	}
}

// evaluated is the newest value of each metric by model, version and split. A row has value, low, high, n, higher, limit, at and role.
func evaluated(prefix string, values object, formulas ...object) object {
	b := bucket(3)
	aggs := object{"newest": newest(metricFields...), "role": latestRole(), "first": minimum("@timestamp")}
	for name, aggregation := range values {
		aggs[name] = aggregation
	}
	return request{
		filters: append([]any{dataset("ml.evaluation"), exists("ml.metric.value")}, notSliced()...),
		levels: []level{given("model", "ml.model.name", 30), given("metric", "ml.metric.name", 30),
			terms("split", "ml.dataset.split", 4), terms("version", "ml.model.version", 8)},
		values: aggs,
	}.data("rows", pattern(prefix), append(valueFormulas(b), formulas...)...)
}

// valueFormulas are the fields of a row whose bucket has newest and role.
func valueFormulas(bucket string) []object {
	return []object{
		formula("role", roleOf(bucket)),
		formula("value", of(bucket+".newest", "ml.metric.value")),
		formula("low", of(bucket+".newest", "ml.metric.ci_lower")),
		formula("high", of(bucket+".newest", "ml.metric.ci_upper")),
		formula("n", of(bucket+".newest", "ml.metric.sample_count")),
		formula("higher", of(bucket+".newest", "ml.metric.higher_is_better")),
		formula("limit", of(bucket+".newest", "ml.metric.threshold")),
		formula("at", timeOf(bucket+".newest")),
		formula(
			"missed",
			"isValid(datum.limit) && isValid(datum.higher) && (datum.higher ? datum.value < datum.limit : datum.value > datum.limit)",
		),
		formula("name", "datum.metric + (datum.split == '"+none+"' || datum.split == 'test' ? '' : ' (' + datum.split + ')')"),
	}
}

// compared is a row for each version that is not the champion, with the champion's row as base; without a champion the version that
// was there first is the base. difference is positive where the version is better, verdict is 2 better, 1 not clear, 0 worse, -1 unknown.
func compared() []object {
	return []object{
		formula("place", "(datum.role == 'champion' ? 0 : 1e15) + "+bucket(3)+".first.value"),
		{"type": "window", "groupby": []string{"model", "metric", "split"}, "sort": object{"field": "place"},
			"ops":    []string{"row_number", "first_value", "first_value", "first_value", "first_value", "first_value", "first_value"},
			"fields": []any{nil, "version", "value", "low", "high", "n", "role"},
			"as":     []string{"seat", "baseVersion", "baseValue", "baseLow", "baseHigh", "baseN", "baseRole"}},
		{"type": "joinaggregate", "groupby": []string{"model", "metric", "split"}, "ops": []string{"count"}, "as": []string{"versions"}},
		filter("datum.seat > 1 || datum.versions == 1"),
		formula("alone", "datum.versions == 1"),
		formula(
			"difference",
			"datum.alone || !isValid(datum.higher) ? null : datum.higher ? datum.value - datum.baseValue : datum.baseValue - datum.value",
		),
		formula("known", "isValid(datum.low) && isValid(datum.baseLow)"),
		formula("apart", "datum.known ? (datum.low > datum.baseHigh || datum.high < datum.baseLow) : true"),
		formula(
			"verdict",
			"datum.alone || !isValid(datum.difference) ? -1 : !datum.apart || datum.difference == 0 ? 1 : datum.difference > 0 ? 2 : 0",
		),
	}
}

func aheadTile(question, prefix string) string {
	rows := evaluated(prefix, nil, append(compared(), []object{
		formula("clear", "datum.verdict == 2 && datum.known ? 1 : 0"), formula("worse", "datum.verdict == 0 && datum.known ? 1 : 0"),
		{
			"type":    "aggregate",
			"groupby": []string{"model", "version"},
			"ops":     []string{"sum", "sum", "count", "max"},
			"fields":  []any{"clear", "worse", nil, "alone"},
			"as":      []string{"clear", "worse", "metrics", "alone"},
		},
		filter("!datum.alone"),
		formula("ahead", "datum.clear > 0 && datum.worse == 0 ? 1 : 0"),
		{"type": "joinaggregate", "ops": []string{"sum", "count"}, "fields": []any{"ahead", nil}, "as": []string{"winners", "of"}},
		formula("rankBy", "datum.ahead * 1000 + datum.clear"),
		{
			"type": "window",
			"sort": object{"field": "rankBy", "order": "descending"},
			"ops":  []string{"row_number"},
			"as":   []string{"rank"},
		},
		filter("datum.rank == 1"),
	}...)...)
	return tile{
		data:    []object{rows},
		number:  "row.winners + ' of ' + row.of",
		subject: "row.winners ? row.model + ', version ' + row.version : 'None is, beyond its interval'",
		detail:  "row.winners ? 'Better in ' + row.clear + ' of ' + row.metrics + ' metrics, worse in none' : ''",
	}.spec(question)
}

func thresholdTile(question, prefix string) string {
	rows := evaluated(prefix, nil, []object{
		filter("isValid(datum.limit)"),
		formula("miss", "datum.missed ? 1 : 0"),
		formula("far", "datum.limit ? (datum.higher ? datum.limit - datum.value : datum.value - datum.limit) / abs(datum.limit) : 0"),
		{"type": "joinaggregate", "ops": []string{"sum", "count"}, "fields": []any{"miss", nil}, "as": []string{"missing", "of"}},
		{"type": "window", "sort": object{"field": "far", "order": "descending"}, "ops": []string{"row_number"}, "as": []string{"rank"}},
		filter("datum.rank == 1"),
	}...)
	return tile{
		data:    []object{rows},
		number:  "row.missing + ' of ' + row.of",
		subject: "(row.missing ? 'Furthest: ' : 'Nearest: ') + row.metric",
		detail: "row.model + ' ' + row.version + ': ' + " + plainNumber("row.value") + " + (row.higher ? ', " +
			"at least ' : ', at most ') + " + plainNumber("row.limit"),
		state: "row.missing ? 'bad' : 'good'",
	}.spec(question)
}

func fallingTile(question, prefix string) string {
	b := bucket(3)
	rows := evaluated(
		prefix,
		object{"before": within(daysBack(60, 7), object{"newest": newest("ml.metric.value")})},
		formula("earlier", of(b+".before.newest", "ml.metric.value")),
		formula("part", "datum.earlier && isValid(datum.higher) ? (datum.value - datum.earlier) / abs(datum.earlier) : null"),
		formula("loss", "isValid(datum.part) ? (datum.higher ? -datum.part : datum.part) : null"),
		filter("isValid(datum.loss)"),
		object{
			"type": "window",
			"sort": object{"field": "loss", "order": "descending"},
			"ops":  []string{"row_number"},
			"as":   []string{"rank"},
		},
		filter("datum.rank == 1"),
	)
	return tile{
		data:    []object{rows},
		number:  "row.loss > 0 ? format(row.part, '+.1%') : 'None'",
		subject: "row.metric + (row.higher ? ' ↑' : ' ↓')",
		detail:  "row.model + ' ' + row.version + ': ' + " + plainNumber("row.value") + " + ', before ' + " + plainNumber("row.earlier"),
		state:   "row.loss >= 0.05 ? 'bad' : row.loss >= 0.01 ? 'warning' : 'good'",
	}.spec(question)
}

func newestTile(question, prefix string) string {
	rows := request{
		filters: []any{dataset("ml.evaluation")},
		levels:  []level{all()},
		values: object{
			"newest":  newest("ml.model.name", "ml.model.version", "ml.metric.name"),
			"runs":    count("ml.run.id"),
			"metrics": count("ml.metric.name"),
			"models":  count("ml.model.name"),
		},
	}.data("rows", pattern(prefix), filter("length(datum.newest.hits.hits)"), formula("at", timeOf("datum.newest")),
		formula("model", of("datum.newest", "ml.model.name")), formula("version", of("datum.newest", "ml.model.version")),
		formula("metric", of("datum.newest", "ml.metric.name")))
	return tile{
		data:    []object{rows},
		number:  "timeFormat(row.at, '%b %d, %H:%M')",
		subject: "(row.model ? row.model : '') + (row.version ? ' ' + row.version : '') + (row.metric ? ', ' + row.metric : '')",
		detail:  "row.models.value + ' models, ' + row.metrics.value + ' metrics, ' + row.runs.value + ' runs in the time range'",
	}.spec(question)
}

// interval is the text of an interval.
func interval(low, high string) string {
	return fmt.Sprintf("(isValid(%[1]s) ? '[' + %[2]s + ', ' + %[3]s + ']' : 'no interval')", low, plainNumber(low), plainNumber(high))
}

func betterTable(question, prefix string) string {
	rows := evaluated(prefix, nil, compared()...)
	verdictFill := fmt.Sprintf("datum.verdict == 2 ? '%s' : datum.verdict == 0 ? '%s' : '%s'", good, bad, faint)
	return table{
		data:  []object{rows},
		order: "0", ties: []string{"model", "metric", "split", "version"},
		click: "ml.model.name", from: "model",
		columns: []column{
			{title: "Model", share: 0.12, text: "datum.model", bold: true},
			{title: "Metric", share: 0.175, text: "datum.name + " + arrow, bold: true},
			{
				title: "Base",
				share: 0.1,
				text: "datum.alone ? datum.version + ' (alone)' : datum.baseVersion + (datum.baseRole == 'no role' " +
					"? '' : ' ' + datum.baseRole)",
				fill: "'" + champion + "'",
			},
			{title: "value", share: 0.055, right: true, text: format(plainNumber).of("datum.baseValue")},
			{title: "interval", share: 0.105, text: interval("datum.baseLow", "datum.baseHigh"), fill: "'" + faint + "'"},
			{title: "n", share: 0.045, right: true, text: format(whole).of("datum.baseN"), fill: "'" + faint + "'"},
			{
				title: "Against",
				share: 0.1,
				text:  "datum.alone ? '" + none + "' : datum.version + (datum.role == 'no role' ? '' : ' ' + datum.role)",
				fill:  "'" + challengerText + "'",
			},
			{title: "value", share: 0.055, right: true, text: "datum.alone ? '" + none + "' : " + format(plainNumber).of("datum.value")},
			{title: "interval", share: 0.105, text: "datum.alone ? '' : " + interval("datum.low", "datum.high"), fill: "'" + faint + "'"},
			{title: "n", share: 0.045, right: true, text: "datum.alone ? '' : " + format(whole).of("datum.n"), fill: "'" + faint + "'"},
			{title: "Verdict", share: 0.095, bold: true, fill: verdictFill,
				text: "datum.alone ? 'one version' : !isValid(datum.higher) ? 'no direction' : datum.verdict == 1 ? 'not clear' : " +
					"(datum.verdict == 2 ? 'better' : 'worse') + (datum.known ? '' : ' (n?)')"},
		},
	}.spec(question, pattern(prefix))
}

// scoreOf is the expression of whether a metric's values are shares, which are shown from 0 to 1.
func scoreOf(metric, higher, value string) string {
	return fmt.Sprintf(
		"(indexof(%s, %s) >= 0 || (%s === true && %s >= 0 && %s <= 1)) ? 1 : 0",
		quoted(scores()),
		metric,
		higher,
		value,
		value,
	)
}

func qualityLines(question, prefix string) string {
	b := bucket(4)
	rows := request{
		filters: append([]any{dataset("ml.evaluation"), exists("ml.metric.value")}, notSliced()...),
		levels: []level{given("model", "ml.model.name", 12), given("metric", "ml.metric.name", 12), terms("split", "ml.dataset.split", 3),
			terms("version", "ml.model.version", 6), over(60)},
		values: object{"newest": newest(metricFields...), "role": latestRole()},
	}.data("rows", pattern(prefix), append(valueFormulas(b),
		formula("cell", "datum.model + ' · ' + datum.name + "+arrow),
		formula("series", "datum.version"), formula("color", "datum.role"), formula("x", "datum.time"), formula("y", "datum.value"),
		formula("score", scoreOf("datum.metric", "datum.higher", "datum.value")))...)
	return byRole(lines{data: []object{rows}, columns: 3, cells: 12, format: plainNumber, ticks: tickNumber, scores: true,
		detail: ", 'Interval': " + interval("datum.low", "datum.high") + ", 'n': " + format(whole).of("datum.n")}).spec(question)
}

func valuesTable(question, prefix string) string {
	b := bucket(3)
	rows := evaluated(
		prefix,
		object{
			"highest":     extreme("ml.metric.value", "desc", "ml.metric.value"),
			"lowest":      extreme("ml.metric.value", "asc", "ml.metric.value"),
			"evaluations": object{"value_count": object{"field": "ml.metric.value"}},
		},
		formula("extreme", "datum.higher === true ? "+b+".highest : datum.higher === false ? "+b+".lowest : {hits: {hits: []}}"),
		formula("best", of("datum.extreme", "ml.metric.value")),
		formula("bestAt", timeOf("datum.extreme")),
		formula("evaluations", b+".evaluations.value"),
	)
	return table{
		data:  []object{rows},
		order: "datum.missed ? 0 : 1", ties: []string{"model", "metric", "split", "version"},
		click: "ml.model.name", from: "model",
		columns: []column{
			{title: "Model", share: 0.13, text: "datum.model", bold: true},
			{title: "Version", share: 0.07, text: "datum.version"},
			{
				title: "Role",
				share: 0.08,
				text:  "datum.role",
				fill:  roleText,
			},
			{title: "Metric", share: 0.18, text: "datum.name + " + arrow, bold: true},
			{
				title: "Newest",
				share: 0.065,
				right: true,
				text:  plainNumber("datum.value"),
				bold:  true,
				fill:  "datum.missed ? '" + bad + "' : '" + ink + "'",
			},
			{title: "interval", share: 0.115, text: interval("datum.low", "datum.high"), fill: "'" + faint + "'"},
			{title: "n", share: 0.05, right: true, text: format(whole).of("datum.n")},
			{title: "Best", share: 0.065, right: true, text: format(plainNumber).of("datum.best")},
			{
				title: "on",
				share: 0.085,
				right: true,
				text:  "datum.bestAt ? timeFormat(datum.bestAt, '%b %d, %Y') : ''",
				fill:  "'" + faint + "'",
			},
			{
				title: "Threshold",
				share: 0.075,
				right: true,
				text:  format(plainNumber).of("datum.limit"),
				fill:  "datum.missed ? '" + bad + "' : '" + faint + "'",
			},
			{title: "Evaluations", share: 0.085, right: true, text: whole("datum.evaluations"), fill: "'" + faint + "'"},
		},
	}.spec(question, pattern(prefix))
}

func sliceBars(question, prefix string) string {
	b := bucket(4)
	rows := request{
		filters: []any{dataset("ml.evaluation"), exists("ml.slice.name"), exists("ml.metric.value")},
		levels: []level{given("model", "ml.model.name", 8), given("metric", "ml.metric.name", 6), given("slice", "ml.slice.name", 4),
			given("part", "ml.slice.value", 12), terms("version", "ml.model.version", 4)},
		values: object{"newest": newest(metricFields...), "role": latestRole()},
	}.data("rows", pattern(prefix), append([]object{formula("split", "'"+none+"'")}, append(valueFormulas(b),
		formula("cell", "datum.model + ' · ' + datum.metric + "+arrow+" + ' by ' + datum.slice"),
		formula("name", "datum.part + ' · ' + datum.version"), formula("y", "datum.value"), formula("color", "datum.role"))...)...)
	return bars{
		data:    []object{rows},
		columns: 3,
		cells:   6,
		most:    16,
		format:  plainNumber,
		dots:    true,
		legend:  true,
		names:   roles,
		colors:  roleColors,
		order:   "datum.higher === false ? -datum.y : datum.y",
		extra:   " + (isValid(datum.n) ? ',  n ' + " + whole("datum.n") + " : '')",
		share:   "0.26",
		hint:    "choose a model or metric above",
	}.spec(question)
}

func calibrationLines(question, prefix string) string {
	b := bucket(2)
	rows := request{
		filters: []any{exists("ml.bin.observed_rate")},
		levels:  []level{given("model", "ml.model.name", 6), terms("version", "ml.model.version", 4), given("bin", "ml.bin.name", 30)},
		values:  object{"newest": newest("ml.bin.lower", "ml.bin.upper", "ml.bin.observed_rate", "ml.bin.count"), "role": latestRole()},
	}.data("rows", pattern(prefix), formula("cell", "datum.model"), formula("series", "datum.version"), formula("color", roleOf(b)),
		formula("x", "("+of(b+".newest", "ml.bin.lower")+" + "+of(b+".newest", "ml.bin.upper")+") / 2"),
		formula("y", of(b+".newest", "ml.bin.observed_rate")), formula("n", of(b+".newest", "ml.bin.count")), formula("score", "true"))
	chart := byRole(
		lines{data: []object{rows}, columns: 2, cells: 4, format: percent, ticks: tickPercent, steps: true, top: "1", diagonal: true,
			detail: ", 'Samples': " + format(whole).of("datum.n")},
	)
	return chart.spec(question)
}

func confusionBars(question, prefix string) string {
	b := bucket(3)
	rows := request{
		filters: []any{exists("ml.confusion.count")},
		levels: []level{
			given("model", "ml.model.name", 6),
			terms("version", "ml.model.version", 4),
			given("actual", "ml.class.actual", 10),
			given("predicted", "ml.class.predicted", 10),
		},
		values: object{"newest": newest("ml.confusion.count")},
	}.data(
		"rows",
		pattern(prefix),
		formula("samples", of(b+".newest", "ml.confusion.count")),
		object{
			"type":    "joinaggregate",
			"groupby": []string{"model", "version", "actual"},
			"ops":     []string{"sum"},
			"fields":  []string{"samples"},
			"as":      []string{"total"},
		},
		formula("cell", "datum.model + ' ' + datum.version"),
		formula("name", "datum.actual + ' → ' + datum.predicted"),
		formula(
			"color",
			"datum.actual == datum.predicted ? 'right' : 'wrong'",
		),
		formula("y", "datum.total ? datum.samples / datum.total : null"),
	)
	return bars{
		data:    []object{rows},
		columns: 2,
		cells:   4,
		most:    16,
		format:  percent,
		extra:   " + '  (' + " + whole("datum.samples") + " + ')'",
		legend:  true,
		names:   []string{"right", "wrong"},
		colors:  []string{good, bad},
		hint:    "choose a model above",
		share:   "0.46",
		order:   "datum.actual == datum.predicted ? 0 : 1",
	}.spec(question)
}

// scores are the known metrics whose values are shares.
func scores() []string {
	var names []string
	for _, metric := range metrics.KnownMetrics() {
		if metric.Unit == metrics.Ratio && metric.Min != nil && *metric.Min == 0 && metric.Max != nil && *metric.Max == 1 &&
			metric.HigherIsBetter {
			names = append(names, metric.Name)
		}
	}
	return names
}

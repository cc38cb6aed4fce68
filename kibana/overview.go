package kibana

import "fmt"

// overview is all models on one page: is it well, and what changed?
func overview(prefix string) dashboard {
	return dashboard{
		name: "overview", title: "Overview", from: "now-30d",
		description: "All models: is it well, and what changed? Nothing here is a sum or a mean over models.",
		controls:    []control{byEnvironment, byModel, byVersion},
		panels: []panel{
			{name: "reporting", title: "Models that report", width: 12, height: 6,
				question: "How many models sent anything in the time range, and which one is silent for the longest time?",
				chart:    vega{reportingTile}},
			{name: "errors", title: "Highest error rate of a model, last day", width: 12, height: 6,
				question: "Which model fails most in the last day of the time range? Amber from 1 %, red from 5 %.",
				chart:    vega{errorTile}},
			{name: "slowest", title: "Slowest p95 of a model (ms), last day", width: 12, height: 6,
				question: "Which model has the slowest window in the last day of the time range? Percentiles of " +
					"windows are never averaged.",
				chart: vega{slowestTile}},
			{name: "drifted", title: "Features beyond their threshold, newest", width: 12, height: 6,
				question: "How many features drift in the newest check of each, and which is the worst?", chart: vega{driftTile}},
			{name: "state", title: "State of each model, last day against the week before", width: 48, height: 11,
				question: "Is each model well, and what changed? Click a row to see one model alone.", chart: vega{stateTable}},
			{name: "quality", title: "Quality by model and metric, newest against a week before", width: 24, height: 14,
				question: "Which metric became better or worse in the last week of the time range? The direction is that of the metric.",
				chart:    vega{qualityChangeTable}},
			{name: "versions", title: "Versions in service, by first and last request", width: 24, height: 14,
				question: "Which version came when? Where something changed, look for a version first.", chart: vega{versionsTable}},
			{name: "latency", title: "Latency p95 (ms) by model and version", width: 24, height: 15,
				question: "Does a model grow slower? The slowest window of each interval, or the p95 of its single requests.",
				chart:    vega{latencyByModel}},
			{name: "failing", title: "Error rate (% of requests) by model and version", width: 24, height: 15,
				question: "Does a model fail more often?", chart: vega{errorsByModel}},
			{name: "drift", title: "Drift: worst severity of a feature, by model and time", width: 48, height: 8,
				question: "When did a model's data begin to drift? 1 is at the threshold, whatever the method.", chart: vega{driftByModel}},
		},
		documents: savedSearch{title: "Newest documents", question: "Which documents are behind this page?",
			columns: []string{"event.dataset", "ml.model.name", "ml.model.version", "ml.metric.name", "ml.metric.value",
				"ml.inference.request_count"},
		},
	}
}

func reportingTile(question, prefix string) string {
	rows := request{
		levels: []level{all()},
		values: object{
			"models": count("ml.model.name"), "versions": count("ml.model.version"), "environments": count("service.environment"),
			"each": object{
				"terms": object{"field": "ml.model.name", "size": 1, "order": object{"last": "asc"}},
				"aggs":  object{"last": maximum("@timestamp")},
			},
		},
	}.data("rows", pattern(prefix), formula("silent", "length(datum.each.buckets) ? datum.each.buckets[0] "+
		": null"), filter("datum.models.value > 0"))
	return tile{
		data:   []object{rows},
		number: whole("row.models.value"),
		subject: "row.versions.value + ' versions' + (row.environments.value ? ', ' + row.environments.value + " +
			"(row.environments.value == 1 ? ' environment' : ' environments') : '')",
		detail: "row.silent ? 'Quietest: ' + row.silent.key + ', ' + timeFormat(row.silent.last.value, '%b %d, %H:%M') : ''",
	}.spec(question)
}

// served is inference by model, of the last day of the time range.
func served(values object) request {
	return request{
		filters: []any{dataset("ml.inference"), lastDay()},
		levels:  []level{given("model", "ml.model.name", 100), terms("version", "ml.model.version", 20)},
		values:  values,
	}
}

// first keeps the one row with the greatest value.
func first(field string) []object {
	return []object{
		filter("isValid(datum." + field + ") && isFinite(datum." + field + ")"),
		{"type": "window", "sort": object{"field": field, "order": "descending"}, "ops": []string{"row_number"}, "as": []string{"rank"}},
		{"type": "joinaggregate", "ops": []string{"count", "distinct"}, "fields": []any{nil, "model"}, "as": []string{"of", "models"}},
		filter("datum.rank == 1"),
	}
}

const ofModel = "row.model + (row.version == '" + none + "' ? '' : ', version ' + row.version)"

func errorTile(question, prefix string) string {
	b := bucket(1)
	rows := served(
		object{"requests": sum("ml.inference.request_count"), "errors": sum("ml.inference.error_count")},
	).data("rows", pattern(prefix),
		append([]object{formula("requests", b+".requests.value"), formula("errors", b+".errors.value"),
			formula("y", "datum.requests > 0 ? datum.errors / datum.requests : null")}, first("y")...)...)
	return tile{
		data:    []object{rows},
		number:  percent("row.y"),
		subject: ofModel,
		detail:  whole("row.errors") + " + ' of ' + " + whole("row.requests") + " + ' requests failed'",
		state:   "row.y >= 0.05 ? 'bad' : row.y >= 0.01 ? 'warning' : 'good'",
	}.spec(question)
}

func slowestTile(question, prefix string) string {
	b := bucket(1)
	rows := served(object{"slowest": maximum("ml.inference.latency_ms.p95"), "worst": maximum("ml.inference.latency_ms.p99"),
		"single": percentiles("ml.inference.duration_ms", 95, 99)}).data("rows", pattern(prefix),
		append(
			[]object{formula("y", slower(b+".slowest", b+".single", "95.0")), formula("worst", slower(b+".worst", b+".single", "99.0"))},
			first("y")...)...)
	return tile{
		data:    []object{rows},
		number:  milliseconds("row.y"),
		subject: ofModel,
		detail:  "'p99 ' + " + format(milliseconds).of("row.worst"),
	}.spec(question)
}

// slower is the expression for the greater of what windows say and of the true percentile of single requests; a model may send both.
func slower(windows, single, percent string) string {
	return fmt.Sprintf(
		"(isValid(%[1]s.value) || isValid(%[2]s.values['%[3]s']) ? max(%[1]s.value || 0, %[2]s.values['%[3]s'] || 0) : null)",
		windows,
		single,
		percent,
	)
}

// newestDrift is the newest check of each feature.
func newestDrift(prefix string, formulas ...object) object {
	b := bucket(2)
	return request{
		filters: []any{dataset("ml.drift"), exists("ml.drift.feature.name")},
		levels: []level{given("model", "ml.model.name", 50), terms("version", "ml.model.version", 10),
			given("feature", "ml.drift.feature.name", 100)},
		values: object{"newest": newest("ml.drift.severity", "ml.drift.method", "ml.drift.score", "ml.drift.threshold", "ml.drift.type",
			"ml.feature.importance", "ml.drift.sample_count")},
	}.data("rows", pattern(prefix), append([]object{
		formula("severity", of(b+".newest", "ml.drift.severity")), formula("method", of(b+".newest", "ml.drift.method")),
		formula("score", of(b+".newest", "ml.drift.score")), formula("limit", of(b+".newest", "ml.drift.threshold")),
		formula("kind", of(b+".newest", "ml.drift.type")), formula("n", of(b+".newest", "ml.drift.sample_count")),
		formula("importance", of(b+".newest", "ml.feature.importance")), formula("at", timeOf(b+".newest")),
	}, formulas...)...)
}

func driftTile(question, prefix string) string {
	rows := newestDrift(prefix, append([]object{
		formula("beyond", "datum.severity >= 1 ? 1 : 0"),
		{
			"type":   "joinaggregate",
			"ops":    []string{"sum"},
			"fields": []string{"beyond"},
			"as":     []string{"drifted"},
		}}, first("severity")...)...)
	return tile{
		data:    []object{rows},
		number:  "row.drifted + ' of ' + row.of",
		subject: "row.drifted ? 'Worst: ' + row.feature : 'None drifts'",
		detail:  "row.model + ' ' + row.version + ', severity ' + " + factor("row.severity") + " + ' (' + row.method + ')'",
		state:   "row.drifted ? 'bad' : row.severity >= 0.8 ? 'warning' : 'good'",
	}.spec(question)
}

func stateTable(question, prefix string) string {
	b := bucket(1)
	traffic := object{"requests": sum("ml.inference.request_count"), "errors": sum("ml.inference.error_count")}
	kept := object{"good": sum("ml.slo.good_count"), "total": sum("ml.slo.total_count"), "target": maximum("ml.slo.target")}
	day, week := object{"p95": maximum("ml.inference.latency_ms.p95"), "single": percentiles("ml.inference.duration_ms", 95)},
		object{"single": percentiles("ml.inference.duration_ms", 95),
			// Of a usual day of that week: its slowest window.
			"days": object{"date_histogram": object{"field": "@timestamp", "fixed_interval": "24h", "min_doc_count": 1},
				"aggs": object{"p95": maximum("ml.inference.latency_ms.p95")}},
			"usual": object{"percentiles_bucket": object{"buckets_path": "days>p95", "percents": []float64{50}}}}
	for name, aggregation := range traffic {
		day[name], week[name] = aggregation, aggregation
	}
	checks := request{
		filters: []any{dataset("ml.data_quality"), term("ml.quality.violated", true), lastDay()},
		levels:  []level{given("model", "ml.model.name", 50)},
	}.data("checks", pattern(prefix), formula("failed", "datum.doc_count"))
	rows := request{
		filters: []any{not(either(dataset("ml.training"), dataset("ml.data_quality")))},
		levels:  []level{given("model", "ml.model.name", 50), terms("version", "ml.model.version", 10)},
		values: object{
			"role":  latestRole(),
			"day":   within(lastDay(), day),
			"week":  within(daysBack(8, 1), week),
			"level": within(object{"bool": object{"filter": []any{exists("ml.slo.total_count"), lastDay()}}}, kept),
			"drift": within(
				object{"bool": object{"filter": []any{exists("ml.drift.feature.name"), lastDay()}}},
				object{"worst": maximum("ml.drift.severity")},
			),
			"last": maximum("@timestamp"),
		},
	}.data(
		"rows",
		pattern(prefix),
		formula("role", roleOf(b)),
		formula("requests", b+".day.requests.value"),
		formula("errors", b+".day.requests.value ? "+b+".day.errors.value / "+b+".day.requests.value : null"),
		formula("before", b+".week.requests.value ? "+b+".week.errors.value / "+b+".week.requests.value : null"),
		formula("p95", slower(b+".day.p95", b+".day.single", "95.0")),
		formula("usual", b+".week.usual ? max("+b+".week.usual.values['50.0'] || 0, "+b+".week.single.values['95.0'] || 0) : null"),
		formula("slower", "datum.usual && isValid(datum.p95) ? datum.p95 / datum.usual - 1 : null"),
		formula("drift", b+".drift.worst.value"),
		object{
			"type":    "lookup",
			"from":    "checks",
			"key":     "model",
			"fields":  []string{"model"},
			"values":  []string{"failed"},
			"as":      []string{"checks"},
			"default": 0,
		},
		formula("last", b+".last.value"),
		formula("level", b+".level.total.value ? "+b+".level.good.value / "+b+".level.total.value : null"),
		formula("missed", "isValid(datum.level) && datum.level < "+b+".level.target.value"),
		formula(
			"state",
			"datum.errors >= 0.05 || datum.drift >= 1 || datum.missed ? 2 : datum.errors >= 0.01 || datum.drift >= 0.8 || datum.slower "+
				"> 0.25 || datum.checks ? 1 : datum.requests || isValid(datum.drift) ? 0 : -1",
		),
	)
	stateFill := fmt.Sprintf(
		"datum.state == 2 ? '%s' : datum.state == 1 ? '%s' : datum.state == 0 ? '%s' : '%s'",
		bad,
		warning,
		good,
		faint,
	)
	return table{
		data:  []object{checks, rows},
		order: "(2 - datum.state) * 10 + indexof(['champion', 'challenger', 'canary', 'shadow', 'no role'], datum.role)",
		click: "ml.model.name", from: "model",
		columns: []column{
			{
				title: "State",
				share: 0.065,
				text:  "datum.state == 2 ? '● Look' : datum.state == 1 ? '● Watch' : datum.state == 0 ? '● Well' : '○ Silent'",
				fill:  stateFill,
				bold:  true,
			},
			{title: "Model", share: 0.14, text: "datum.model", bold: true},
			{title: "Version", share: 0.065, text: "datum.version"},
			{
				title: "Role",
				share: 0.075,
				text:  "datum.role",
				fill:  roleText,
			},
			{title: "Requests", share: 0.075, right: true, text: "datum.requests ? " + whole("datum.requests") + " : '" + none + "'"},
			{
				title: "Error rate",
				share: 0.075,
				right: true,
				text:  format(percent).of("datum.errors"),
				fill:  fmt.Sprintf("datum.errors >= 0.05 ? '%s' : datum.errors >= 0.01 ? '%s' : '%s'", bad, warning, ink),
			},
			{title: "week before", share: 0.08, right: true, text: format(percent).of("datum.before"), fill: "'" + faint + "'"},
			{title: "p95", share: 0.075, right: true, text: format(milliseconds).of("datum.p95")},
			{
				title: "change",
				share: 0.055,
				right: true,
				text:  "isValid(datum.slower) ? format(datum.slower, '+.0%') : '" + none + "'",
				fill:  fmt.Sprintf("datum.slower > 0.25 ? '%s' : '%s'", warning, faint),
			},
			{
				title: "Level kept",
				share: 0.075,
				right: true,
				text:  format(percent).of("datum.level"),
				fill:  fmt.Sprintf("datum.missed ? '%s' : '%s'", bad, ink),
			},
			{
				title: "Drift",
				share: 0.05,
				right: true,
				text:  format(factor).of("datum.drift"),
				fill:  fmt.Sprintf("datum.drift >= 1 ? '%s' : datum.drift >= 0.8 ? '%s' : '%s'", bad, warning, ink),
			},
			{
				title: "Checks failed",
				share: 0.075,
				right: true,
				text:  "datum.checks",
				fill:  fmt.Sprintf("datum.checks ? '%s' : '%s'", warning, faint),
			},
			{title: "Last seen", share: 0.095, right: true, text: format(moment).of("datum.last"), fill: "'" + faint + "'"},
		},
	}.spec(question, pattern(prefix))
}

// notSliced are values of all the data, not of a slice or a class of it.
func notSliced() []any {
	return []any{not(exists("ml.slice.name")), not(exists("ml.class.name")), not(exists("ml.bin.name"))}
}

// arrow says which way is better.
const arrow = "(datum.higher === true ? ' ↑' : datum.higher === false ? ' ↓' : '')"

func qualityChangeTable(question, prefix string) string {
	b := bucket(2)
	rows := request{
		filters: append([]any{dataset("ml.evaluation")}, notSliced()...),
		levels: []level{given("model", "ml.model.name", 30), terms("version", "ml.model.version", 6),
			given("metric", "ml.metric.name", 20)},
		values: object{"newest": newest(metricFields...), "role": latestRole(),
			"before": within(daysBack(60, 7), object{"newest": newest("ml.metric.value")})},
	}.data(
		"rows",
		pattern(prefix),
		formula("role", roleOf(b)),
		formula("value", of(b+".newest", "ml.metric.value")),
		formula("higher", of(b+".newest", "ml.metric.higher_is_better")),
		formula("earlier", of(b+".before.newest", "ml.metric.value")),
		formula("change", "isValid(datum.earlier) ? datum.value - datum.earlier : null"),
		formula("part", "datum.earlier ? datum.change / abs(datum.earlier) : null"),
		formula(
			"better",
			"!isValid(datum.change) || !isValid(datum.higher) || datum.change == 0 ? 0 : (datum.change > 0) == datum.higher ? 1 : -1",
		),
	)
	return table{
		data:  []object{rows},
		order: "datum.better < 0 ? -abs(datum.part) : 1",
		click: "ml.model.name", from: "model",
		columns: []column{
			{title: "Model", share: 0.22, text: "datum.model", bold: true},
			{title: "Version", share: 0.1, text: "datum.version"},
			{title: "Metric (↑ higher is better)", share: 0.355, text: "datum.metric + " + arrow},
			{title: "Newest", share: 0.1, right: true, text: format(plainNumber).of("datum.value"), bold: true},
			{title: "Week before", share: 0.125, right: true, text: format(plainNumber).of("datum.earlier"), fill: "'" + faint + "'"},
			{title: "Change", share: 0.1, right: true, text: "isValid(datum.part) ? format(datum.part, '+.1%') : '" + none + "'",
				fill: fmt.Sprintf(
					"datum.better < 0 && abs(datum.part) >= 0.01 ? '%s' : datum.better > 0 && abs(datum.part) >= 0.01 ? '%s' : '%s'",
					bad,
					good,
					faint,
				)},
		},
	}.spec(question, pattern(prefix))
}

func versionsTable(question, prefix string) string {
	b := bucket(1)
	rows := request{
		filters: []any{dataset("ml.inference")},
		levels:  []level{given("model", "ml.model.name", 50), terms("version", "ml.model.version", 20)},
		values: object{"role": latestRole(), "first": minimum("@timestamp"), "last": maximum("@timestamp"),
			"day": within(lastDay(), object{"requests": sum("ml.inference.request_count")})},
	}.data(
		"rows",
		pattern(prefix),
		formula("role", roleOf(b)),
		formula("first", b+".first.value"),
		formula("last", b+".last.value"),
		formula("requests", b+".day.requests.value"),
		object{
			"type":    "joinaggregate",
			"groupby": []string{"model"},
			"ops":     []string{"sum"},
			"fields":  []string{"requests"},
			"as":      []string{"total"},
		},
		formula("share", "datum.total ? datum.requests / datum.total : null"),
	)
	return table{
		data: []object{rows}, order: "-datum.first", click: "ml.model.name", from: "model",
		columns: []column{
			{title: "Model", share: 0.27, text: "datum.model", bold: true},
			{title: "Version", share: 0.1, text: "datum.version"},
			{
				title: "Role",
				share: 0.15,
				text:  "datum.role",
				fill:  roleText,
			},
			{title: "First request", share: 0.165, right: true, text: format(moment).of("datum.first")},
			{title: "Last request", share: 0.165, right: true, text: format(moment).of("datum.last"), fill: "'" + faint + "'"},
			{title: "Share, last day", share: 0.15, right: true, text: format(percent).of("datum.share")},
		},
	}.spec(question, pattern(prefix))
}

// byVersionOverTime is a value of inference by model, version and time.
func byVersionOverTime(prefix string, parts int, filters []any, values object, y string, more ...object) object {
	b := bucket(2)
	versions := terms("version", "ml.model.version", 6)
	versions.aggs = object{"role": latestRole()}
	return request{
		filters: append([]any{dataset("ml.inference")}, filters...),
		levels:  []level{given("model", "ml.model.name", 12), versions, over(parts)},
		values:  values,
	}.data("rows", pattern(prefix), append([]object{
		formula("bucket", b), formula("cell", "datum.model"), formula("series", "datum.version"), formula("x", "datum.time"),
		formula("color", roleOf(bucket(1))), formula("y", y)}, more...)...)
}

// byRole is the look of lines whose color is a role.
func byRole(l lines) lines {
	l.names, l.colors, l.legend, l.label = roles, roleColors, true, "datum.series"
	l.detail = ", 'Role': datum.color" + l.detail
	l.hint = "choose a model above"
	return l
}

func latencyByModel(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		90,
		[]any{either(exists("ml.inference.latency_ms.p95"), exists("ml.inference.duration_ms"))},
		object{
			"p95":    maximum("ml.inference.latency_ms.p95"),
			"single": percentiles("ml.inference.duration_ms", 95),
		},
		slower("datum.bucket.p95", "datum.bucket.single", "95.0"),
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: milliseconds}).spec(question)
}

func errorsByModel(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		90,
		nil,
		object{"requests": sum("ml.inference.request_count"), "errors": sum("ml.inference.error_count")},
		"datum.bucket.requests.value ? datum.bucket.errors.value / datum.bucket.requests.value : null",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: percent, ticks: tickPercent}).spec(question)
}

func driftByModel(question, prefix string) string {
	rows := request{
		filters: []any{dataset("ml.drift"), exists("ml.drift.severity")},
		levels:  []level{given("model", "ml.model.name", 30), terms("version", "ml.model.version", 6), over(60)},
		values:  object{"worst": maximum("ml.drift.severity")},
	}.data("rows", pattern(prefix), formula("name", "datum.model + ' ' + datum.version"), formula("y", bucket(2)+".worst.value"))
	return heat{data: []object{rows}, most: 6, format: factor, hint: "choose a model above",
		caption: []string{"below 0.8", "near the threshold", "drift"}}.spec(question)
}

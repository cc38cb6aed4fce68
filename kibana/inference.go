package kibana

import "fmt"

// inference is what serving does: how fast, how much, and what fails?
func inference(prefix string) dashboard {
	return dashboard{
		name: "inference", title: "Inference", from: "now-24h",
		description: "Latency, throughput, errors and queues by model and version. Percentiles are never averaged.",
		controls: []control{
			byEnvironment,
			byModel,
			byVersion,
			{label: "Deployment", field: "ml.deployment.name", below: "ml.model.name"},
		},
		panels: []panel{
			{name: "slowest", title: "Slowest p95 of a model (ms), last day", width: 12, height: 6,
				question: "Which model is slowest in the last day of the time range: its slowest window, or the p95 " +
					"of its single requests?",
				chart: vega{slowestTile}},
			{name: "errors", title: "Highest error rate of a model, last day", width: 12, height: 6,
				question: "Which model fails most in the last day of the time range? Amber from 1 %, red from 5 %.",
				chart:    vega{errorTile}},
			{name: "queue", title: "Longest wait in a queue (ms), last day", width: 12, height: 6,
				question: "Which model's requests wait longest in the last day of the time range?", chart: vega{queueTile}},
			{name: "level", title: "Service level that is furthest behind, last day", width: 12, height: 6,
				question: "Which service level is missed most, or met by the least?", chart: vega{levelTile}},
			{name: "windows", title: "Latency (ms) of windows: p50, p95, p99 of the slowest, by model and version", width: 48, height: 17,
				question: "How slow is a model? Given percentiles of windows; of several the greatest, for their mean says nothing.",
				chart:    vega{windowLatency}},
			{name: "requests", title: "Latency (ms) of single requests: p50, p95, p99, by model and version", width: 24, height: 14,
				question: "How slow is a model, where each request is a document? True percentiles.", chart: vega{requestLatency}},
			{name: "throughput", title: "Requests in each interval, by model and version", width: 24, height: 14,
				question: "How much traffic does each version get?", chart: vega{requestsLines}},
			{name: "failing", title: "Error rate (% of requests) by model and version", width: 24, height: 14,
				question: "Does a version fail more often?", chart: vega{errorsByModel}},
			{name: "waiting", title: "Time in the queue (ms), longest window, by model and version", width: 24, height: 14,
				question: "Do requests wait, so that more capacity would help?", chart: vega{queueLines}},
			{name: "types", title: "Failed requests by type and model", width: 24, height: 12,
				question: "What do failed requests fail with?", chart: vega{errorBars}},
			{name: "levels", title: "Share of good requests against the service level", width: 24, height: 12,
				question: "Is the service level kept in the time range, by model and version? The level is dashed.",
				chart:    vega{levelBars}},
			{name: "accelerators", title: "Use of accelerators (%), busiest window, by model and version", width: 24, height: 13,
				question: "Are the accelerators what holds it up?", chart: vega{acceleratorLines}},
			{name: "throttled", title: "Throttled requests in each interval, by model and version", width: 24, height: 13,
				question: "Are requests turned away?", chart: vega{throttleLines}},
		},
		documents: savedSearch{title: "Failed requests and windows", question: "Which documents are behind the errors?",
			query:   "event.dataset: ml.inference and ml.inference.error_count > 0",
			columns: []string{"ml.model.name", "ml.model.version", "ml.inference.request_count", "ml.inference.error_count", "error.type"},
		},
	}
}

func queueTile(question, prefix string) string {
	b := bucket(1)
	rows := served(
		object{"longest": maximum("ml.inference.queue_ms"), "depth": maximum("ml.inference.queue_depth")},
	).data("rows", pattern(prefix),
		append([]object{formula("y", b+".longest.value"), formula("depth", b+".depth.value")}, first("y")...)...)
	return tile{data: []object{rows}, number: milliseconds("row.y"), subject: ofModel,
		detail: "isValid(row.depth) ? format(row.depth, ',.1f') + ' requests waited at most' : ''"}.spec(question)
}

func levelTile(question, prefix string) string {
	b := bucket(2)
	rows := request{
		filters: []any{dataset("ml.inference"), exists("ml.slo.total_count"), lastDay()},
		levels: []level{
			given("model", "ml.model.name", 100),
			terms("version", "ml.model.version", 20),
			given("level", "ml.slo.name", 10),
		},
		values: object{"good": sum("ml.slo.good_count"), "total": sum("ml.slo.total_count"), "target": maximum("ml.slo.target")},
	}.data("rows", pattern(prefix), append([]object{
		formula("share", b+".total.value ? "+b+".good.value / "+b+".total.value : null"), formula("target", b+".target.value"),
		formula("behind", "isValid(datum.target) && isValid(datum.share) ? datum.target - datum.share : null")}, first("behind")...)...)
	return tile{data: []object{rows}, number: percent("row.share"), subject: ofModel,
		detail: "row.level + ', at least ' + " + percent("row.target"),
		state:  "row.behind > 0 ? 'bad' : row.behind > -0.1 * (1 - row.target) ? 'warning' : 'good'"}.spec(question)
}

var percentileNames, percentileColors = []string{"p50", "p95", "p99"}, []string{"#56B4E9", "#0072B2", "#332288"}

// folded makes of each row one for each percentile.
func folded(l lines) lines {
	l.names, l.colors, l.legend, l.format, l.hint = percentileNames, percentileColors, true, milliseconds, "choose a model above"
	return l
}

func foldPercentiles() []object {
	return []object{
		formula("role", "datum.color"),
		formula("cell", "datum.model + ' ' + datum.version + (datum.role == 'no role' ? '' : ' (' + datum.role + ')')"),
		{"type": "fold", "fields": percentileNames, "as": []string{"percentile", "folded"}},
		formula("series", "datum.percentile"), formula("color", "datum.percentile"), formula("y", "datum.folded"),
	}
}

func windowLatency(question, prefix string) string {
	values := object{}
	var formulas []object
	for _, p := range percentileNames {
		values[p] = maximum("ml.inference.latency_ms." + p)
		formulas = append(formulas, formula(p, "datum.bucket."+p+".value"))
	}
	rows := byVersionOverTime(
		prefix,
		90,
		[]any{exists("ml.inference.latency_ms.p50")},
		values,
		"0",
		append(formulas, foldPercentiles()...)...)
	return folded(lines{data: []object{rows}, columns: 2, cells: 6}).spec(question)
}

// truePercentiles are those of a field of single requests.
func truePercentiles(prefix, field string, parts int) object {
	var formulas []object
	for i, p := range percentileNames {
		formulas = append(formulas, formula(p, fmt.Sprintf("datum.bucket.all.values['%s']", []string{"50.0", "95.0", "99.0"}[i])))
	}
	return byVersionOverTime(
		prefix,
		parts,
		[]any{exists("ml.inference.duration_ms"), exists(field)},
		object{"all": percentiles(field, 50, 95, 99)},
		"0",
		append(formulas, foldPercentiles()...)...)
}

func requestLatency(question, prefix string) string {
	return folded(lines{data: []object{truePercentiles(prefix, "ml.inference.duration_ms", 60)}, columns: 1, cells: 4}).spec(question)
}

func requestsLines(question, prefix string) string {
	rows := byVersionOverTime(prefix, 60, nil, object{"requests": sum("ml.inference.request_count")}, "datum.bucket.requests.value")
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: whole}).spec(question)
}

func queueLines(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		90,
		[]any{exists("ml.inference.queue_ms")},
		object{"longest": maximum("ml.inference.queue_ms")},
		"datum.bucket.longest.value",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: milliseconds}).spec(question)
}

func acceleratorLines(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		90,
		[]any{exists("ml.resource.gpu_utilization")},
		object{"busiest": maximum("ml.resource.gpu_utilization")},
		"datum.bucket.busiest.value",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: percent, ticks: tickPercent, top: "1"}).spec(question)
}

func throttleLines(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		60,
		[]any{exists("ml.inference.throttle_count")},
		object{"throttled": sum("ml.inference.throttle_count")},
		"datum.bucket.throttled.value",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: whole}).spec(question)
}

func errorBars(question, prefix string) string {
	b := bucket(1)
	rows := request{
		filters: []any{dataset("ml.inference"), exists("error.type")},
		levels:  []level{given("type", "error.type", 12), given("model", "ml.model.name", 8)},
		values:  object{"requests": sum("ml.inference.request_count")},
	}.data("rows", pattern(prefix), formula("cell", "datum.model"), formula("name", "datum.type"), formula("color", "'failed'"),
		formula("y", b+".requests.value"))
	return bars{
		data:    []object{rows},
		columns: 1,
		cells:   4,
		most:    8,
		format:  whole,
		names:   []string{"failed"},
		colors:  []string{series[0]},
		hint:    "choose a model above",
	}.spec(question)
}

func levelBars(question, prefix string) string {
	b := bucket(2)
	rows := request{
		filters: []any{dataset("ml.inference"), exists("ml.slo.total_count")},
		levels:  []level{given("level", "ml.slo.name", 6), given("model", "ml.model.name", 8), terms("version", "ml.model.version", 6)},
		values: object{
			"good":   sum("ml.slo.good_count"),
			"total":  sum("ml.slo.total_count"),
			"target": maximum("ml.slo.target"),
			"role":   latestRole(),
		},
	}.data("rows", pattern(prefix), formula("cell", "datum.level"), formula("name", "datum.model + ' ' + "+
		"datum.version"), formula("color", roleOf(b)),
		formula("limit", b+".target.value"), formula("y", b+".total.value ? "+b+".good.value / "+b+".total.value : null"))
	return bars{
		data:    []object{rows},
		columns: 1,
		cells:   4,
		most:    10,
		format:  percent,
		dots:    true,
		legend:  true,
		names:   roles,
		colors:  roleColors,
		order:   "datum.y",
		hint:    "choose a model above",
	}.spec(question)
}

package kibana

import "fmt"

// drift is whether the data is still what the model learned from, and whether it is sound.
func drift(prefix string) dashboard {
	feature := control{label: "Feature", field: "ml.drift.feature.name", below: "ml.model.name"}
	return dashboard{
		name: "drift", title: "Drift and data quality", from: "now-30d",
		description: "Severity by feature and window, whatever the method: 1 is at the threshold, more is worse. What is beyond it, " +
			"and how much the model makes of it.",
		controls: []control{byEnvironment, byModel, byVersion, feature},
		panels: []panel{
			{name: "beyond", title: "Features beyond their threshold, newest", width: 12, height: 6,
				question: "How many features drift in the newest check of each, and which is the worst?", chart: vega{driftTile}},
			{name: "weighty", title: "Most important feature that drifts", width: 12, height: 6,
				question: "Which drift hurts most? The feature with the greatest importance among those that drift.",
				chart:    vega{weightyTile}},
			{name: "share", title: "Largest share of a model's features that drift", width: 12, height: 6,
				question: "Which model is hit most widely, by the newest summary?", chart: vega{shareTile}},
			{name: "checks", title: "Data quality checks that fail, newest", width: 12, height: 6,
				question: "How many checks fail in their newest run, and which?", chart: vega{checkTile}},
			{name: "severity", title: "Drift severity by model, feature and time (1 is the threshold)", width: 48, height: 18,
				question: "Which feature drifts, and since when? The worst window of each interval; the worst features first.",
				chart:    vega{severityHeat}},
			{name: "features", title: "Newest check of each feature, the worst first", width: 24, height: 15,
				question: "What exactly did the method find?", chart: vega{featureTable}},
			{name: "importance", title: "Severity against importance, a point for each feature", width: 24, height: 15,
				question: "Which drift matters? Top right is what to look at first.", chart: vega{importancePoints}},
			{name: "quality", title: "Data quality: value against its threshold, by check, feature and time", width: 48, height: 14,
				question: "Is the data sound? The value as a part of its threshold: 1 is at the threshold, more is worse.",
				chart:    vega{qualityHeat}},
			{name: "shares", title: "Share of features that drift (%), by model", width: 24, height: 12,
				question: "Does drift spread?", chart: vega{shareLines}},
			{name: "violations", title: "Failed data quality checks, newest first", width: 24, height: 12,
				question: "Which checks failed, and by how much?", chart: vega{violationTable}},
		},
		documents: savedSearch{title: "Checks of drift and data quality", question: "Which documents are behind this page?",
			query: "event.dataset: (ml.drift or ml.data_quality)",
			columns: []string{"ml.model.name", "ml.drift.feature.name", "ml.drift.method", "ml.drift.severity",
				"ml.quality.check", "ml.quality.value"},
		},
	}
}

func weightyTile(question, prefix string) string {
	rows := newestDrift(prefix, append([]object{
		{"type": "joinaggregate", "ops": []string{"count"}, "as": []string{"features"}},
		formula("drifts", "datum.severity >= 1"),
		formula("weight", "(datum.drifts ? 1e6 : 0) + (isValid(datum.importance) ? datum.importance : 0)")}, first("weight")...)...)
	return tile{
		data:    []object{rows},
		number:  "row.drifts ? row.feature : 'None'",
		subject: "row.drifts ? 'of ' + row.model + ' ' + row.version : 'of ' + row.features + ' features'",
		detail: "row.drifts ? 'Importance ' + " + format(percent).of("row.importance") +
			" + ', severity ' + " + factor("row.severity") + " : ''",
		state: "row.drifts ? 'bad' : 'good'",
	}.spec(question)
}

func shareTile(question, prefix string) string {
	b := bucket(1)
	rows := request{
		filters: []any{dataset("ml.drift"), exists("ml.drift.share")},
		levels:  []level{given("model", "ml.model.name", 50), terms("version", "ml.model.version", 10)},
		values: object{
			"newest": newest("ml.drift.share", "ml.drift.drifted_features", "ml.drift.total_features", "ml.drift.dataset_drift"),
		},
	}.data("rows", pattern(prefix), append([]object{formula("y", of(b+".newest", "ml.drift.share")), formula("drifted", of(b+".newest",
		"ml.drift.drifted_features")),
		formula(
			"total",
			of(b+".newest", "ml.drift.total_features"),
		), formula("whole", of(b+".newest", "ml.drift.dataset_drift")), formula("at", timeOf(b+".newest"))}, first("y")...)...)
	return tile{data: []object{rows}, number: percent("row.y"), subject: ofModel,
		detail: "(isValid(row.drifted) && isValid(row.total) ? row.drifted + ' of ' + row.total + ' features, ' : '') + " +
			"timeFormat(row.at, '%b %d, %H:%M')",
		state: "row.whole ? 'bad' : row.y > 0 ? 'warning' : 'good'"}.spec(question)
}

// newestQuality is the newest run of each check.
func newestQuality(prefix string, formulas ...object) object {
	b := bucket(2)
	return request{
		filters: []any{dataset("ml.data_quality"), exists("ml.quality.check")},
		levels: []level{
			terms("model", "ml.model.name", 30),
			given("check", "ml.quality.check", 30),
			terms("feature", "ml.quality.feature.name", 60),
		},
		values: object{"newest": newest("ml.quality.value", "ml.quality.threshold", "ml.quality.violated")},
	}.data("rows", pattern(prefix), append([]object{formula("value", of(b+".newest", "ml.quality.value")), formula("limit", of(b+".newest",
		"ml.quality.threshold")),
		formula("violated", of(b+".newest", "ml.quality.violated")), formula("at", timeOf(b+".newest"))}, formulas...)...)
}

func checkTile(question, prefix string) string {
	rows := newestQuality(
		prefix,
		formula("failed", "datum.violated ? 1 : 0"),
		formula("far", pressed("datum.value", "datum.limit", "datum.failed")),
		object{"type": "joinaggregate", "ops": []string{"sum", "count"}, "fields": []any{"failed", nil}, "as": []string{"failing", "of"}},
		object{
			"type": "window",
			"sort": object{"field": "far", "order": "descending"},
			"ops":  []string{"row_number"},
			"as":   []string{"rank"},
		},
		filter("datum.rank == 1"),
	)
	return tile{data: []object{rows}, number: "row.failing + ' of ' + row.of",
		subject: "(row.failing ? '' : 'Nearest: ') + row.check + (row.feature == '" + none + "' ? '' : ' of ' + row.feature)",
		detail:  "row.model + ': ' + " + plainNumber("row.value") + " + ', limit ' + " + format(plainNumber).of("row.limit"),
		state:   "row.failing ? 'bad' : 'good'"}.spec(question)
}

func severityHeat(question, prefix string) string {
	b := bucket(3)
	rows := request{
		filters: []any{dataset("ml.drift"), exists("ml.drift.feature.name"), exists("ml.drift.severity")},
		levels: []level{
			given("model", "ml.model.name", 20),
			terms("version", "ml.model.version", 6),
			given("feature", "ml.drift.feature.name", 60),
			over(60),
		},
		values: object{"worst": maximum("ml.drift.severity"), "method": object{"terms": object{"field": "ml.drift.method", "size": 1}}},
	}.data("rows", pattern(prefix), formula("method", "length("+b+".method.buckets) ? "+b+".method.buckets[0].key : ''"),
		formula("name", "datum.model + ' ' + datum.version + ' · ' + datum.feature"), formula("y", b+".worst.value"))
	return heat{
		data:    []object{rows},
		most:    24,
		format:  factor,
		hint:    "choose a model above",
		detail:  ", 'Method': datum.method",
		caption: []string{"below 0.8", "near the threshold", "drift"},
	}.spec(question)
}

func featureTable(question, prefix string) string {
	rows := newestDrift(prefix)
	state := fmt.Sprintf("datum.severity >= 1 ? '%s' : datum.severity >= %v ? '%s' : '%s'", bad, near, warning, good)
	return table{data: []object{rows}, order: "-datum.severity", click: "ml.drift.feature.name", from: "feature", columns: []column{
		{title: "Feature", share: 0.22, text: "datum.feature", bold: true},
		{title: "Model", share: 0.3, text: "datum.model + ' ' + datum.version"},
		{title: "Method", share: 0.14, text: "datum.method", fill: "'" + faint + "'"},
		{title: "Score", share: 0.1, right: true, text: format(plainNumber).of("datum.score")},
		{title: "Threshold", share: 0.12, right: true, text: format(plainNumber).of("datum.limit"), fill: "'" + faint + "'"},
		{title: "Severity", share: 0.12, right: true, text: format(factor).of("datum.severity"), fill: state, bold: true},
	}}.spec(question, pattern(prefix))
}

func importancePoints(question, prefix string) string {
	rows := newestDrift(
		prefix,
		filter("isValid(datum.importance) && isValid(datum.severity)"),
		object{
			"type": "window",
			"sort": object{"field": "severity", "order": "descending"},
			"ops":  []string{"row_number"},
			"as":   []string{"rank"},
		},
	)
	signals := []object{
		{"name": "plotWidth", "update": "width - 96"}, {"name": "plotHeight", "update": "height - 56"},
	}
	scales := []object{
		{
			"name":   "x",
			"type":   "linear",
			"zero":   true,
			"nice":   true,
			"range":  []any{0, signal("plotWidth")},
			"domain": object{"data": "rows", "field": "importance"},
		},
		{
			"name":   "y",
			"type":   "linear",
			"zero":   true,
			"nice":   true,
			"range":  []any{signal("plotHeight"), 0},
			"domain": object{"data": "span", "field": "severity"},
		},
		{"name": "color", "type": "ordinal", "domain": object{"data": "rows", "field": "model", "sort": true}, "range": series},
	}
	data := []object{rows, {"name": "span", "source": "rows", "transform": []object{formula("severity", "max(1.2, datum.severity)")}}}
	marks := []object{
		{
			"type": "group",
			"encode": object{"update": object{"x": value(48), "y": value(14), "width": signal("plotWidth"), "height": signal("plotHeight"),
				"opacity": signal("length(data('rows')) ? 1 : 0")}},
			"axes": []object{
				{"scale": "x", "orient": "bottom", "format": ".0%", "title": "Importance of the feature to its model", "tickCount": 6},
				{"scale": "y", "orient": "left", "grid": true, "title": "Severity", "tickCount": 5, "domain": false},
			},
			"marks": []object{
				{
					"type":        "rect",
					"interactive": false,
					"encode": object{
						"update": object{"x": value(0), "x2": signal("plotWidth"), "y": value(0), "y2": object{"scale": "y", "value": 1},
							"fill": value(bad), "fillOpacity": value(0.05)},
					},
				},
				{
					"type": "rule",
					"encode": object{"update": object{"x": value(0), "x2": signal("plotWidth"), "y": object{"scale": "y", "value": 1},
						"stroke": value(bad), "strokeDash": value([]int{4, 3})}},
				},
				{
					"type": "symbol",
					"from": object{"data": "rows"},
					"encode": object{"update": object{"x": object{"scale": "x", "field": "importance"},
						"y": object{"scale": "y", "field": "severity"}, "size": value(90), "fill": object{"scale": "color",
							"field": "model"},
						"fillOpacity": value(0.9),
						"tooltip": signal(
							"{title: datum.feature, 'Model': datum.model, " +
								"'Severity': " + factor("datum.severity") +
								", 'Importance': " + percent("datum.importance") + ", 'Method': datum.method}",
						)},
						"hover": object{"size": value(160)}},
				},
				{
					"type":        "text",
					"from":        object{"data": "rows"},
					"interactive": false,
					"encode": object{"update": object{"x": object{"scale": "x", "field": "importance", "offset": 8},
						"y": object{"scale": "y", "field": "severity"}, "baseline": value("middle"), "fontSize": value(11),
						"limit": value(110),
						"text":  signal("datum.severity >= 0.8 || datum.rank <= 5 ? datum.feature : ''")}},
				},
			},
		},
		nothing("rows"),
	}
	legends := []object{
		{
			"fill":          "color",
			"orient":        "top",
			"direction":     "horizontal",
			"symbolType":    "circle",
			"offset":        0,
			"columns":       6,
			"columnPadding": 14,
			"padding":       0,
		},
	}
	return specification(question, data, signals, scales, legends, marks)
}

func qualityHeat(question, prefix string) string {
	b := bucket(3)
	rows := request{
		filters: []any{dataset("ml.data_quality"), exists("ml.quality.value")},
		levels: []level{
			terms("model", "ml.model.name", 20),
			given("check", "ml.quality.check", 20),
			terms("feature", "ml.quality.feature.name", 40),
			over(60),
		},
		values: object{
			"worst":    maximum("ml.quality.value"),
			"limit":    minimum("ml.quality.threshold"),
			"violated": maximum("ml.quality.violated"),
		},
	}.data("rows", pattern(prefix), formula("value", b+".worst.value"), formula("limit", b+".limit.value"), formula("violated",
		b+".violated.value"),
		formula("name", "datum.model + ' · ' + datum.check + (datum.feature == '"+none+"' ? '' : ' of ' + datum.feature)"),
		formula("y", pressed("datum.value", "datum.limit", "datum.violated")))
	return heat{
		data:    []object{rows},
		most:    16,
		format:  factor,
		hint:    "choose a model above",
		caption: []string{"sound", "near the threshold", "fails"},
		detail: ", 'Value': " + format(plainNumber).of("datum.value") +
			", 'Limit': " + format(plainNumber).of("datum.limit"),
	}.spec(question)
}

// pressed is how near a value is to its limit: 1 is at it, more is beyond. A limit does not say whether it is the most or the least that
// may be; that the check holds on the far side of it says so.
func pressed(value, limit, violated string) string {
	part := fmt.Sprintf("(%s ? abs(%s / %s) : 0)", limit, value, limit)
	return fmt.Sprintf("(%[2]s ? max(1, %[1]s, %[1]s ? 1 / %[1]s : 1) : %[1]s > 1 ? 1 / %[1]s : min(%[1]s, 0.999))", part, violated)
}

func shareLines(question, prefix string) string {
	versions := terms("version", "ml.model.version", 6)
	versions.aggs = object{"role": latestRole()}
	rows := request{
		filters: []any{dataset("ml.drift"), exists("ml.drift.share")},
		levels:  []level{given("model", "ml.model.name", 12), versions, over(60)},
		values:  object{"share": maximum("ml.drift.share")},
	}.data("rows", pattern(prefix), formula("cell", "datum.model"), formula("series", "datum.version"), formula("x", "datum.time"),
		formula("color", roleOf(bucket(1))), formula("y", bucket(2)+".share.value"))
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: percent, ticks: tickPercent, top: "1"}).spec(question)
}

func violationTable(question, prefix string) string {
	b := bucket(2)
	rows := request{
		filters: []any{dataset("ml.data_quality"), term("ml.quality.violated", true)},
		levels: []level{
			terms("model", "ml.model.name", 30),
			given("check", "ml.quality.check", 30),
			terms("feature", "ml.quality.feature.name", 60),
		},
		values: object{
			"newest": newest("ml.quality.value", "ml.quality.threshold"),
			"times":  object{"value_count": object{"field": "ml.quality.check"}},
		},
	}.data("rows", pattern(prefix), formula("value", of(b+".newest", "ml.quality.value")), formula("limit", of(b+".newest",
		"ml.quality.threshold")),
		formula("at", timeOf(b+".newest")), formula("times", b+".times.value"))
	return table{data: []object{rows}, order: "-datum.at", click: "ml.model.name", from: "model", columns: []column{
		{title: "Last failed", share: 0.17, text: format(moment).of("datum.at"), fill: "'" + faint + "'"},
		{title: "Model", share: 0.2, text: "datum.model", bold: true},
		{title: "Check", share: 0.37, text: "datum.check + (datum.feature == '" + none + "' ? '' : ' of ' + datum.feature)"},
		{title: "Value", share: 0.09, right: true, text: format(plainNumber).of("datum.value"), fill: "'" + bad + "'"},
		{title: "Limit", share: 0.09, right: true, text: format(plainNumber).of("datum.limit"), fill: "'" + faint + "'"},
		{title: "Times", share: 0.08, right: true, text: whole("datum.times")},
	}}.spec(question, pattern(prefix))
}

package kibana

// languageModels is tokens, cost, speed and quality of language models.
func languageModels(prefix string) dashboard {
	return dashboard{
		name: "language", title: "Language models", from: "now-7d",
		description: "Tokens in, out and cached, cost, time to the first token, time per token, errors and evaluations.",
		controls: []control{
			byEnvironment,
			byModel,
			byVersion,
			{label: "Model of the provider", field: "gen_ai.request.model", below: "ml.model.name"},
		},
		panels: []panel{
			{name: "cost", title: "Highest cost of a model (USD)", width: 12, height: 6,
				question: "Which model costs most in the time range, and what does a request cost?", chart: vega{costTile}},
			{name: "first", title: "Slowest first token of a model, p95 (ms)", width: 12, height: 6,
				question: "Which model keeps people waiting longest for the first token?", chart: vega{firstTokenTile}},
			{name: "cache", title: "Lowest share of input from the cache", width: 12, height: 6,
				question: "Which model makes least of its prompt cache?", chart: vega{cacheTile}},
			{name: "errors", title: "Highest error rate of a language model", width: 12, height: 6,
				question: "Which language model fails most in the time range? Amber from 1 %, red from 5 %.",
				chart:    vega{languageErrorTile}},
			{name: "tokens", title: "Tokens in each interval by kind, by model and version", width: 48, height: 14,
				question: "What are the tokens? Each is counted once: cached input is not in the rest of the input, " +
					"nor reasoning in the answer.",
				chart: vega{tokenAreas}},
			{name: "wait", title: "Time to the first token (ms): p50, p95, p99, by model and version", width: 24, height: 14,
				question: "How long do people wait before anything comes?", chart: vega{firstTokenLines}},
			{name: "pace", title: "Time per output token (ms): p50, p95, p99, by model and version", width: 24, height: 14,
				question: "How fast does text come, once it comes? The first token is left out.", chart: vega{paceLines}},
			{name: "spent", title: "Cost in each interval (USD), by model and version", width: 24, height: 12,
				question: "What does each version cost?", chart: vega{costLines}},
			{name: "each", title: "Cost of a request (USD), by model and version", width: 24, height: 12,
				question: "Does a request become dearer?", chart: vega{costEachLines}},
			{name: "evaluations", title: "Evaluations over time, a line for each version", width: 48, height: 14,
				question: "Are the answers good? The newest score of each interval.", chart: vega{evaluationLines}},
			{name: "ends", title: "Requests by how they ended, by model and version", width: 24, height: 12,
				question: "Are answers cut off (length), filtered, or do requests fail?", chart: vega{endBars}},
			{name: "failing", title: "Error rate (% of requests) by model and version", width: 24, height: 12,
				question: "Does a version fail more often?", chart: vega{languageErrorLines}},
		},
		documents: savedSearch{title: "Requests of language models", question: "Which documents are behind this page?",
			query: "event.dataset: ml.inference and gen_ai.request.model: *",
			columns: []string{"ml.model.name", "ml.model.version", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens",
				"ml.inference.cost_usd"},
		},
	}
}

// isLanguage are documents of language models.
func isLanguage() object {
	return either(exists("gen_ai.request.model"), exists("gen_ai.usage.output_tokens"))
}

// spoken is inference of language models by model and version.
func spoken(values object, filters ...any) request {
	return request{
		filters: append([]any{dataset("ml.inference"), isLanguage()}, filters...),
		levels:  []level{given("model", "ml.model.name", 100), terms("version", "ml.model.version", 20)},
		values:  values,
	}
}

func costTile(question, prefix string) string {
	rows := request{
		filters: []any{dataset("ml.inference"), isLanguage(), exists("ml.inference.cost_usd")},
		levels:  []level{given("model", "ml.model.name", 100)},
		values:  object{"cost": sum("ml.inference.cost_usd"), "requests": sum("ml.inference.request_count")},
	}.data("rows", pattern(prefix), append([]object{formula("y", "datum.cost.value"), formula("each", "datum.requests.value ? "+
		"datum.cost.value / datum.requests.value : null")}, first("y")...)...)
	return tile{data: []object{rows}, number: dollars("row.y"), subject: "row.model",
		detail: format(dollars).of("row.each") + " + ' a request, ' + " + whole("row.requests.value") + " + ' requests'"}.spec(question)
}

func firstTokenTile(question, prefix string) string {
	b := bucket(1)
	rows := spoken(
		object{"all": percentiles("ml.inference.time_to_first_token_ms", 50, 95)},
		exists("ml.inference.duration_ms"),
		exists("ml.inference.time_to_first_token_ms"),
	).data("rows", pattern(prefix),
		append([]object{formula("y", b+".all.values['95.0']"), formula("median", b+".all.values['50.0']")}, first("y")...)...)
	return tile{
		data:    []object{rows},
		number:  milliseconds("row.y"),
		subject: ofModel,
		detail:  "'Median ' + " + format(milliseconds).of("row.median"),
	}.spec(question)
}

func cacheTile(question, prefix string) string {
	b := bucket(1)
	rows := spoken(
		object{"cached": sum("gen_ai.usage.cache_read.input_tokens"), "input": sum("gen_ai.usage.input_tokens")},
	).data("rows", pattern(prefix),
		append([]object{formula("input", b+".input.value"), formula("cached", b+".cached.value"),
			formula(
				"share",
				"datum.input > 0 ? datum.cached / datum.input : null",
			), formula("y", "isValid(datum.share) ? -datum.share : null")}, first("y")...)...)
	return tile{data: []object{rows}, number: percent("row.share"), subject: ofModel,
		detail: whole("row.cached") + " + ' of ' + " + whole("row.input") + " + ' input tokens'"}.spec(question)
}

func languageErrorTile(question, prefix string) string {
	b := bucket(1)
	rows := spoken(
		object{"requests": sum("ml.inference.request_count"), "errors": sum("ml.inference.error_count")},
	).data("rows", pattern(prefix),
		append([]object{formula("requests", b+".requests.value"), formula("errors", b+".errors.value"),
			formula("y", "datum.requests > 0 ? datum.errors / datum.requests : null")}, first("y")...)...)
	return tile{data: []object{rows}, number: percent("row.y"), subject: ofModel,
		detail: whole("row.errors") + " + ' of ' + " + whole("row.requests") + " + ' requests failed'",
		state:  "row.y >= 0.05 ? 'bad' : row.y >= 0.01 ? 'warning' : 'good'"}.spec(question)
}

func tokenAreas(question, prefix string) string {
	kinds := []string{"input", "cached input", "answer", "reasoning"}
	rows := byVersionOverTime(prefix, 45, []any{isLanguage()}, object{
		"input": sum("gen_ai.usage.input_tokens"), "cached": sum("gen_ai.usage.cache_read.input_tokens"),
		"output": sum("gen_ai.usage.output_tokens"), "reasoning": sum("gen_ai.usage.reasoning.output_tokens")}, "0",
		formula("role", "datum.color"),
		formula("cell", "datum.model + ' ' + datum.version + (datum.role == 'no role' ? '' : ' (' + datum.role + ')')"),
		formula("input", "datum.bucket.input.value - datum.bucket.cached.value"),
		formula("cached input", "datum.bucket.cached.value"),
		formula("answer", "datum.bucket.output.value - datum.bucket.reasoning.value"),
		formula("reasoning", "datum.bucket.reasoning.value"),
		object{"type": "fold", "fields": kinds, "as": []string{"kind", "tokens"}},
		formula("series", "datum.kind"), formula("color", "datum.kind"), formula("y", "datum.tokens"))
	return lines{data: []object{rows}, columns: 2, cells: 4, format: whole, area: true, legend: true, names: kinds,
		colors: []string{"#0072B2", "#9AC8E8", "#CC79A7", "#882255"}, hint: "choose a model above"}.spec(question)
}

func firstTokenLines(question, prefix string) string {
	return folded(
		lines{data: []object{truePercentiles(prefix, "ml.inference.time_to_first_token_ms", 45)}, columns: 1, cells: 4},
	).spec(question)
}

func paceLines(question, prefix string) string {
	return folded(
		lines{data: []object{truePercentiles(prefix, "ml.inference.time_per_output_token_ms", 45)}, columns: 1, cells: 4},
	).spec(question)
}

func costLines(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		45,
		[]any{isLanguage(), exists("ml.inference.cost_usd")},
		object{"cost": sum("ml.inference.cost_usd")},
		"datum.bucket.cost.value",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: dollars, ticks: tickDollars}).spec(question)
}

func costEachLines(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		45,
		[]any{isLanguage(), exists("ml.inference.cost_usd")},
		object{"cost": sum("ml.inference.cost_usd"), "requests": sum("ml.inference.request_count")},
		"datum.bucket.requests.value ? datum.bucket.cost.value / datum.bucket.requests.value : null",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: dollars, ticks: tickDollars}).spec(question)
}

func languageErrorLines(question, prefix string) string {
	rows := byVersionOverTime(
		prefix,
		45,
		[]any{isLanguage()},
		object{"requests": sum("ml.inference.request_count"), "errors": sum("ml.inference.error_count")},
		"datum.bucket.requests.value ? datum.bucket.errors.value / datum.bucket.requests.value : null",
	)
	return byRole(lines{data: []object{rows}, columns: 1, cells: 4, format: percent, ticks: tickPercent}).spec(question)
}

func evaluationLines(question, prefix string) string {
	b := bucket(3)
	rows := request{
		filters: []any{exists("gen_ai.evaluation.score.value")},
		levels: []level{
			given("model", "ml.model.name", 8),
			given("evaluation", "gen_ai.evaluation.name", 12),
			terms("version", "ml.model.version", 6),
			over(45),
		},
		values: object{
			"newest": newest("gen_ai.evaluation.score.value", "gen_ai.evaluation.score.label", "ml.metric.sample_count"),
			"role":   latestRole(),
		},
	}.data("rows", pattern(prefix), formula("cell", "datum.model + ' · ' + datum.evaluation"), formula("series", "datum.version"),
		formula("color", roleOf(b)), formula("x", "datum.time"), formula("y", of(b+".newest", "gen_ai.evaluation.score.value")),
		formula("verdict", of(b+".newest", "gen_ai.evaluation.score.label")), formula("n", of(b+".newest", "ml.metric.sample_count")),
		formula("score", "datum.y >= 0 && datum.y <= 1"))
	return byRole(lines{data: []object{rows}, columns: 3, cells: 6, format: plainNumber, ticks: tickNumber, scores: true,
		detail: ", 'Verdict': datum.verdict, 'n': " + format(whole).of("datum.n")}).spec(question)
}

func endBars(question, prefix string) string {
	b := bucket(2)
	rows := request{
		filters: []any{dataset("ml.inference"), isLanguage()},
		levels: []level{
			given("model", "ml.model.name", 8),
			terms("version", "ml.model.version", 4),
			{name: "end", aggregation: object{"terms": object{
				"field": "ml.inference.finish_reason", "missing": "failed", "size": 8}}},
		},
		values: object{"requests": sum("ml.inference.request_count")},
	}.data(
		"rows",
		pattern(prefix),
		formula("requests", b+".requests.value"),
		object{
			"type":    "joinaggregate",
			"groupby": []string{"model", "version"},
			"ops":     []string{"sum"},
			"fields":  []string{"requests"},
			"as":      []string{"total"},
		},
		formula(
			"cell",
			"datum.model + ' ' + datum.version",
		),
		formula("name", "datum.end"),
		formula("color", "datum.end"),
		formula("y", "datum.requests / datum.total"),
	)
	return bars{
		data:    []object{rows},
		columns: 2,
		cells:   4,
		most:    8,
		format:  percent,
		extra:   " + '  (' + " + whole("datum.requests") + " + ')'",
		hint:    "choose a model above",
		share:   "0.3",
	}.spec(question)
}

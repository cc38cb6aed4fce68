package kibana

import "fmt"

// training is the runs: which one is best, and why?
func training(prefix string) dashboard {
	return dashboard{
		name: "training", title: "Training runs", from: "now-90d",
		description: "Any metric by step, epoch or time; runs compared by their best and last values and by their parameters.",
		controls: []control{
			{label: "Experiment", field: "ml.experiment.name"},
			{label: "Model", field: "ml.model.name", below: "ml.experiment.name"},
			{label: "Run", field: "ml.run.name", below: "ml.model.name"},
			{label: "Metric", field: "ml.metric.name", below: "ml.model.name"},
		},
		panels: []panel{
			{name: "count", title: "Training runs", width: 12, height: 6,
				question: "How many runs are there in the time range, and of how many experiments?", chart: vega{runsTile}},
			{name: "newest", title: "Newest run", width: 12, height: 6,
				question: "Which run reported last?", chart: vega{newestRunTile}},
			{name: "longest", title: "Longest run", width: 12, height: 6,
				question: "Which run took longest, by the time that its documents say?", chart: vega{longestRunTile}},
			{name: "overfit", title: "Largest gap of validation to training loss", width: 12, height: 6,
				question: "Which run overfits most, at its last step?", chart: vega{gapTile}},
			{name: "curves", title: "Metrics by step, by model, metric and split, a line for each run", width: 48, height: 28,
				question: "How did training go? The mean of each part of a run, with its least and greatest value as " +
					"a band; losses are logarithmic. " +
					"The eight newest runs of a model: choose a model or metric to see more.", chart: vega{curves}},
			{name: "runs", title: "Runs by best value, by model and metric", width: 48, height: 17,
				question: "Which run is best, at which step, and with which parameters? Colours are those of the lines above.",
				chart:    vega{runsTable}},
			{name: "parameters", title: "Best value by hyperparameter, a point for each run", width: 48, height: 22,
				question: "Which parameter makes a run better?", chart: vega{parameterPoints}},
		},
		documents: savedSearch{title: "Values of training", question: "Which documents are behind this page?",
			query:   "event.dataset: ml.training",
			columns: []string{"ml.run.name", "ml.dataset.split", "ml.step", "ml.epoch", "ml.metric.name", "ml.metric.value"},
		},
	}
}

// newestFirst is a level whose buckets are those that were written to last.
func newestFirst(name, field string, size int) level {
	return level{name: name,
		aggregation: object{"terms": object{"field": field, "size": size, "order": object{"newest": "desc"}}},
		aggs:        object{"newest": maximum("@timestamp")}}
}

func runsTile(question, prefix string) string {
	rows := request{
		filters: []any{dataset("ml.training")},
		levels:  []level{all()},
		values: object{
			"runs":        count("ml.run.id"),
			"experiments": count("ml.experiment.name"),
			"models":      count("ml.model.name"),
			"metrics":     count("ml.metric.name"),
		},
	}.data("rows", pattern(prefix), filter("datum.runs.value > 0"))
	return tile{
		data:    []object{rows},
		number:  whole("row.runs.value"),
		subject: "'of ' + row.models.value + ' models, ' + row.experiments.value + ' experiments'",
		detail:  "row.metrics.value + ' metrics'",
	}.spec(question)
}

// eachRun is a row for each run, with its name and when it began and ended.
func eachRun(prefix string, more ...object) object {
	return request{
		filters: []any{dataset("ml.training")},
		levels:  []level{newestFirst("run", "ml.run.id", 500)},
		values: object{
			"first":   minimum("@timestamp"),
			"elapsed": maximum("ml.elapsed_ms"),
			"step":    maximum("ml.step"),
			"last":    newest("ml.run.name", "ml.model.name", "ml.experiment.name"),
		},
	}.data("rows", pattern(prefix), append([]object{
		formula("name", "isValid("+of("datum.last", "ml.run.name")+") ? "+of("datum.last", "ml.run.name")+" : datum.run"),
		formula("model", of("datum.last", "ml.model.name")), formula("experiment", of("datum.last", "ml.experiment.name")),
		formula("end", timeOf("datum.last")), formula("begin", "datum.first.value"),
		formula("took", "max(datum.elapsed.value || 0, datum.end - datum.begin)"),
		formula("steps", "datum.step.value"),
	}, more...)...)
}

func newestRunTile(question, prefix string) string {
	return tile{
		data:    []object{eachRun(prefix, first("end")...)},
		number:  "timeFormat(row.end, '%b %d, %H:%M')",
		subject: "row.name",
		detail: "(row.experiment ? 'Experiment ' + row.experiment : '') + (isValid(row.steps) ? " +
			"', ' + " + whole("row.steps") + " + ' steps' : '')",
	}.spec(question)
}

func longestRunTile(question, prefix string) string {
	return tile{
		data: []object{eachRun(prefix, first("took")...)},
		number: "row.took >= 172800000 ? format(row.took / 86400000, '.1f') + ' d' : row.took >= 3600000 ? format(row.took / " +
			"3600000, '.1f') + ' h' : " +
			"row.took >= 60000 ? format(row.took / 60000, '.1f') + ' min' : format(row.took / 1000, '.1f') + ' s'",
		subject: "row.name",
		detail: "'Began ' + timeFormat(row.begin, '%b %d, %H:%M') + (isValid(row.steps) ? " +
			"', ' + " + whole("row.steps") + " + ' steps' : '')",
	}.spec(question)
}

func gapTile(question, prefix string) string {
	split := func(name string) object { return within(term("ml.dataset.split", name), object{"last": lastStep()}) }
	rows := request{
		filters: []any{dataset("ml.training"), term("ml.metric.name", "loss")},
		levels:  []level{newestFirst("run", "ml.run.id", 100)},
		values:  object{"train": split("train"), "validation": split("validation"), "name": newest("ml.run.name", "ml.model.name")},
	}.data("rows", pattern(prefix), append([]object{
		formula(
			"trained",
			of("datum.train.last", "ml.metric.value"),
		), formula("validated", of("datum.validation.last", "ml.metric.value")),
		formula(
			"gap",
			"isValid(datum.trained) && isValid(datum.validated) && datum.trained > 0 ? datum.validated / datum.trained - 1 : null",
		),
		formula("shown", "isValid("+of("datum.name", "ml.run.name")+") ? "+of("datum.name", "ml.run.name")+" : datum.run"),
		formula("model", of("datum.name", "ml.model.name"))}, first("gap")...)...)
	return tile{
		data:    []object{rows},
		number:  "format(row.gap, '+.0%')",
		subject: "row.shown",
		detail:  "'Loss: training ' + " + plainNumber("row.trained") + " + ', validation ' + " + plainNumber("row.validated"),
	}.spec(question)
}

// lastStep is the document of the last step, and of the last time where there are no steps.
func lastStep() object {
	return object{"top_hits": object{"size": 1, "_source": false,
		"sort": []any{
			object{"ml.step": object{"order": "desc", "missing": "_last", "unmapped_type": "long"}},
			object{"@timestamp": "desc"},
		},
		"docvalue_fields": []any{
			object{"field": "@timestamp", "format": "epoch_millis"},
			object{"field": "ml.metric.value"},
			object{"field": "ml.step"},
			object{"field": "ml.epoch"},
			object{"field": "ml.metric.higher_is_better"},
		}}}
}

// parts is a run in at most that many equal parts of its steps, or of its epochs where it has no steps. Only the histogram of dates finds a
// width for each run by itself: it takes a step for a second.
func parts(most int) level {
	return level{name: "part", aggregation: object{"auto_date_histogram": object{"buckets": most, "script": object{"lang": "painless",
		"source": "(doc['ml.step'].size() > 0 ? doc['ml.step'].value : doc['ml.epoch'].size() > 0 ? doc['ml.epoch'].value : 0) * 1000"}}}}
}

// ranked gives each run of a model the number of its color, the newest first.
func ranked(newest string) []object {
	return []object{
		formula("newestOfRun", newest),
		{
			"type":    "window",
			"groupby": []string{"model"},
			"sort":    object{"field": []string{"newestOfRun", "run"}, "order": []string{"descending", "ascending"}},
			"ops":     []string{"dense_rank"},
			"as":      []string{"rank"},
		},
		formula("color", fmt.Sprintf("'' + ((datum.rank - 1) %% %d + 1)", len(series))),
	}
}

// numbers are the names of the colors of series.
func numbers() []string {
	var names []string
	for i := range series {
		names = append(names, fmt.Sprint(i+1))
	}
	return names
}

// ofSplit says the split of a metric's name.
const ofSplit = "(datum.split == '" + none + "' ? '' : ' (' + datum.split + ')')"

func curves(question, prefix string) string {
	b := bucket(4)
	rows := request{
		filters: []any{dataset("ml.training"), exists("ml.metric.value")},
		levels: []level{given("model", "ml.model.name", 8), newestFirst("run", "ml.run.id", 8), given("metric", "ml.metric.name", 12),
			terms("split", "ml.dataset.split", 3), parts(60)},
		values: object{"least": minimum("ml.metric.value"), "mean": mean("ml.metric.value"), "greatest": maximum("ml.metric.value"),
			"step": maximum("ml.step"), "epoch": maximum("ml.epoch"), "elapsed": maximum("ml.elapsed_ms"),
			"higher": maximum("ml.metric.higher_is_better"),
			"name":   object{"terms": object{"field": "ml.run.name", "size": 1}}},
	}.data("rows", pattern(prefix), append(
		ranked(bucket(1)+".newest.value"),
		formula("higher", "isValid("+b+".higher.value) ? "+b+".higher.value > 0 : null"),
		formula("cell", "datum.model + ' · ' + datum.metric + "+ofSplit+" + "+arrow),
		formula("series", "length("+b+".name.buckets) ? "+b+".name.buckets[0].key : datum.run"),
		formula(
			"x",
			"axis == 'step' ? "+b+".step.value : axis == 'epoch' ? "+b+".epoch.value : "+b+".elapsed.value == null ? "+
				"null : "+b+".elapsed.value / 60000",
		),
		formula("y", b+".mean.value"),
		formula("low", b+".least.value"),
		formula("high", b+".greatest.value"),
	)...)
	return lines{data: []object{rows}, columns: 3, cells: 12, format: plainNumber, ticks: tickNumber, log: true, steps: true,
		names: numbers(), colors: series, logged: "datum.higher === false", hint: "choose a model or metric above",
		choice: &choice{signal: "axis", title: "By", options: []string{"step", "epoch", "minutes"}},
	}.spec(question)
}

// summary is a row for each run, metric and split.
func summary(prefix string, values object, more ...object) object {
	b := bucket(3)
	aggs := object{"last": lastStep(), "highest": extreme("ml.metric.value", "desc", "ml.metric.value", "ml.step", "ml.epoch"),
		"lowest": extreme("ml.metric.value", "asc", "ml.metric.value", "ml.step", "ml.epoch"),
		"name":   object{"terms": object{"field": "ml.run.name", "size": 1}}}
	for name, aggregation := range values {
		aggs[name] = aggregation
	}
	run := newestFirst("run", "ml.run.id", 60)
	run.aggs["one"] = object{"sampler": object{"shard_size": 1}, "aggs": object{"parameters": parameters()}}
	return request{
		filters: []any{dataset("ml.training"), exists("ml.metric.value")},
		levels: []level{
			given("model", "ml.model.name", 8),
			run,
			given("metric", "ml.metric.name", 12),
			terms("split", "ml.dataset.split", 3),
		},
		values: aggs,
	}.data("rows", pattern(prefix), append(append(ranked(bucket(1)+".newest.value"),
		formula("higher", of(b+".last", "ml.metric.higher_is_better")),
		formula("name", "length("+b+".name.buckets) ? "+b+".name.buckets[0].key : datum.run"),
		formula("last", of(b+".last", "ml.metric.value")),
		formula("lastStep", of(b+".last", "ml.step")),
		formula("extreme", "datum.higher === true ? "+b+".highest : "+b+".lowest"),
		formula("best", "isValid(datum.higher) ? "+of("datum.extreme", "ml.metric.value")+" : null"),
		formula("bestStep", of("datum.extreme", "ml.step")),
		formula("bestEpoch", of("datum.extreme", "ml.epoch")),
		formula("parameters", bucket(1)+".one.parameters.buckets"),
	), more...)...)
}

// parameters is the hyperparameters of one document as texts such as "learning_rate = 0.01", whatever they are called.
func parameters() object {
	return object{
		"terms": object{
			"size":  40,
			"order": object{"_key": "asc"},
			"script": object{"lang": "painless", "source": `List found = new ArrayList();
Map source = params._source;
for (entry in source.entrySet()) { if (entry.getKey().startsWith('ml.params.')) { ` +
				`found.add(entry.getKey().substring(10) + ' = ' + entry.getValue()) } }
def ml = source.get('ml');
def nested = ml instanceof Map ? ml.get('params') : source.get('ml.params');
if (nested instanceof Map) { for (entry in nested.entrySet()) { found.add(entry.getKey() + ' = ' + entry.getValue()) } }
return found`},
		},
	}
}

func runsTable(question, prefix string) string {
	rows := summary(
		prefix,
		nil,
		filter("isValid(datum.best)"),
		formula("sign", "datum.higher ? -datum.best : datum.best"),
		object{
			"type":    "window",
			"groupby": []string{"model", "metric", "split"},
			"sort":    object{"field": []string{"sign", "name"}},
			"ops":     []string{"row_number"},
			"as":      []string{"seat"},
		},
		formula("text", joined("datum.parameters", 6)),
	)
	fills := "'" + faint + "'"
	return table{
		data:  []object{rows},
		order: "(datum.split == 'train' ? 1e6 : 0) + datum.seat", ties: []string{"model", "metric", "split"},
		click: "ml.run.id", from: "run",
		columns: []column{
			{title: "", share: 0.02, text: "'●'", fill: quoted(series) + "[toNumber(datum.color) - 1]", bold: true},
			{title: "Run", share: 0.17, text: "datum.name", bold: true},
			{title: "Model", share: 0.13, text: "datum.model"},
			{title: "Metric", share: 0.19, text: "datum.metric + " + ofSplit + " + " + arrow},
			{title: "Rank", share: 0.045, right: true, text: "datum.seat", bold: true},
			{title: "Best", share: 0.07, right: true, text: format(plainNumber).of("datum.best"), bold: true},
			{
				title: "at step",
				share: 0.065,
				right: true,
				text: "isValid(datum.bestStep) ? " + whole("datum.bestStep") + " : isValid(datum.bestEpoch) ? " +
					"'epoch ' + datum.bestEpoch : '" + none + "'",
				fill: fills,
			},
			{title: "Last", share: 0.07, right: true, text: format(plainNumber).of("datum.last")},
			{title: "at step", share: 0.065, right: true, text: format(whole).of("datum.lastStep"), fill: fills},
			{title: "Parameters", share: 0.175, text: "datum.text ? datum.text : '" + none + "'", fill: fills},
		},
	}.spec(question, pattern(prefix))
}

func parameterPoints(question, prefix string) string {
	rows := summary(
		prefix,
		nil,
		filter("isValid(datum.best) && datum.split != 'train'"),
		object{"type": "flatten", "fields": []string{"parameters"}, "as": []string{"parameter"}},
		formula("set", "split(datum.parameter.key, ' = ')"),
		formula("x", "length(datum.set) > 1 ? datum.set[1] : ''"),
		formula("cell", "datum.model + ' · ' + datum.metric + "+arrow+" + ' by ' + datum.set[0]"),
		// A parameter that is the same in all runs explains nothing.
		object{
			"type":    "joinaggregate",
			"groupby": []string{"cell"},
			"ops":     []string{"distinct"},
			"fields":  []string{"x"},
			"as":      []string{"values"},
		},
		filter("datum.values > 1"),
		formula("y", "datum.best"),
	)
	return points{data: []object{rows}, columns: 3, cells: 9, format: plainNumber, ticks: tickNumber, names: numbers(), colors: series,
		detail: ", 'Run': datum.name, 'Step': datum.bestStep", hint: "choose a model or metric above"}.spec(question)
}

// joined is the expression for the keys of the first buckets in one line. Vega of Kibana 7 has no way to take them out of a list.
func joined(buckets string, most int) string {
	text := "''"
	for i := range most {
		comma := ",  "
		if i == 0 {
			comma = ""
		}
		text += fmt.Sprintf(" + (length(%[1]s) > %[2]d ? '%[3]s' + %[1]s[%[2]d].key : '')", buckets, i, comma)
	}
	return text + fmt.Sprintf(" + (length(%s) > %d ? ', …' : '')", buckets, most)
}

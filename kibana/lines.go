package kibana

import "fmt"

// lines is values over time or steps, in one small chart for each cell, so that no two models and no two metrics share an axis.
//
// The rows have x, y and series, cell and color; low and high are an interval, limit is a threshold, where they have them.
type lines struct {
	data     []object // the last of them is called rows
	columns  int      // of small charts
	cells    int      // that are shown at most
	format   format   // of y
	ticks    format   // of its axis; tickNumber by default
	bottom   string   // an expression over a cell's rows (min, max, score): where y begins; "0" by default
	top      string   // where y ends at least; "max" by default
	log      bool     // y is logarithmic where all values are above 0
	logged   string   // and where this expression over a row holds
	steps    bool     // x is a number and no time
	colors   []string // of the colors in names, and else of any
	names    []string
	area     bool   // stacked
	label    string // an expression over a row, written at the end of its line
	sort     string // an expression over a row by which cells come first, ascending
	hint     string // how to see the cells that are not shown
	choice   *choice
	diagonal bool // a line from 0, 0 to 1, 1
	legend   bool
	detail   string // more of the tooltip: ", 'n': datum.n"
	scores   bool   // the rows have score: 1 where y is a share, shown from 0 to 1 unless a person zooms in
	dash     string // an expression over a row: whether its line is dashed
}

func (lines lines) spec(question string) string {
	last := lines.data[len(lines.data)-1]
	transforms := last["transform"].([]object)
	bottom, top := lines.bottom, lines.top
	if bottom == "" {
		bottom = "0"
	}
	if top == "" {
		top = "datum.max"
	}
	if lines.scores {
		transforms = append(transforms, formula("score", "datum.score ? 1 : 0"))
		bottom, top = "datum.score && scale == 'from 0 to 1' ? 0 : datum.min", "datum.score && scale == 'from 0 to 1' ? 1 : datum.max"
		lines.choice = &choice{signal: "scale", title: "Scores", options: []string{"from 0 to 1", "zoomed in"}}
	}
	order := lines.sort
	if order == "" {
		order = "0"
	}
	transforms = append(transforms, filter("isValid(datum.y) && isValid(datum.x)"), formula("order", order))
	if lines.area {
		transforms = append(
			transforms,
			object{"type": "stack", "field": "y", "groupby": []string{"cell", "x"}, "sort": object{"field": "color"}},
		)
	} else {
		transforms = append(transforms,
			formula("y0", "isValid(datum.low) ? datum.low : datum.y"), formula("y1", "isValid(datum.high) ? datum.high : datum.y"))
	}
	transforms = append(transforms, formula("highest", "isValid(datum.limit) ? max(datum.y1, datum.limit) : datum.y1"),
		formula("lowest", "isValid(datum.limit) ? min(datum.y0, datum.limit) : datum.y0"))
	transforms = append(transforms, formula("logged", "("+orElse(lines.logged, "true")+") ? 1 : 0"))
	last["transform"] = transforms

	data := append([]object{}, lines.data...)
	data = append(data,
		object{"name": "cells", "source": "rows", "transform": []object{
			{"type": "aggregate", "groupby": []string{"cell"}, "ops": []string{"min", "min", "max", "min", "max", "min", "min"},
				"fields": []string{
					"order",
					"lowest",
					"highest",
					"x",
					"x",
					"score",
					"logged",
				}, "as": []string{"order", "min", "max", "left", "right", "score", "logged"}},
			{
				"type": "window",
				"sort": object{"field": []string{"order", "cell"}},
				"ops":  []string{"row_number"},
				"as":   []string{"number"},
			},
			formula("bottom", bottom), formula("top", top),
			formula("logarithmic", fmt.Sprintf("%v && datum.min > 0 && datum.logged", lines.log)),
			filter(fmt.Sprintf("datum.number <= %d", lines.cells)),
		}},
		object{"name": "all", "source": "rows", "transform": []object{
			{"type": "aggregate", "groupby": []string{"cell"}}}},
		object{"name": "span", "source": "rows", "transform": []object{
			{"type": "aggregate", "ops": []string{"min", "max"}, "fields": []string{"x", "x"}, "as": []string{"left", "right"}}}},
		object{"name": "placed", "source": "rows", "transform": []object{
			{"type": "lookup", "from": "cells", "key": "cell", "fields": []string{"cell"},
				"values": []string{"number", "bottom", "top", "left", "right", "logarithmic"},
				"as":     []string{"number", "bottom", "top", "left", "right", "logarithmic"}},
			filter("isValid(datum.number)"),
			object{"type": "collect", "sort": object{"field": []string{"number", "series", "x"}}},
		}},
		object{"name": "linear", "source": "placed", "transform": []object{filter("!datum.logarithmic")}},
		object{"name": "log", "source": "placed", "transform": []object{filter("datum.logarithmic")}})

	signals := append([]object{
		{"name": "number", "update": "length(data('cells'))"},
		{"name": "across", "update": fmt.Sprintf("max(1, min(number, %d))", lines.columns)},
		{"name": "down", "update": "max(1, ceil(number / across))"},
		{"name": "note", "update": fmt.Sprintf("length(data('all')) > %d ? 16 : 0", lines.cells)},
		{"name": "cellWidth", "update": "width / across"},
		{"name": "above", "value": lines.choice.height()},
		{"name": "cellHeight", "update": "(height - note - above) / down"},
		{"name": "plotWidth", "update": "max(20, cellWidth - 52 - " + map[bool]string{true: "44", false: "12"}[lines.label != ""] + ")"},
		{"name": "plotHeight", "update": "max(20, cellHeight - 42)"},
	}, lines.choice.signals()...)
	marks := []object{
		lines.group("linear"),
		nothing("rows"),
		{"type": "text", "name": "more", "interactive": false, "encode": object{"update": object{
			"x": value(4), "y": signal("height - 6"), "baseline": value("middle"), "fill": value(faint), "fontStyle": value("italic"),
			"fontSize": value(11),
			"text":     signal(fmt.Sprintf("note ? '%d of ' + length(data('all')) + ' are shown: %s' : ''", lines.cells, lines.hint))}}},
	}
	if lines.log {
		marks = append([]object{lines.group("log")}, marks...)
	}
	marks = append(marks, lines.choice.marks()...)
	color := object{
		"name":   "color",
		"type":   "ordinal",
		"domain": object{"data": "placed", "field": "color", "sort": true},
		"range":  series,
	}
	if lines.names != nil {
		color["domain"], color["range"] = object{"data": "legend", "field": "color"}, object{"data": "legend", "field": "paint"}
		data = append(data, legendOf(lines.names, lines.colors))
	}
	var legends []object
	if lines.legend {
		legend := object{"stroke": "color", "orient": "top", "direction": "horizontal", "symbolType": "stroke", "symbolStrokeWidth": 3,
			"offset": 4, "columns": 8, "columnPadding": 14, "padding": 0}
		if lines.area {
			legend = object{"fill": "color", "orient": "top", "direction": "horizontal", "symbolType": "square", "offset": 4, "columns": 8,
				"columnPadding": 14, "padding": 0}
		}
		legends = append(legends, legend)
	}
	return specification(question, data, signals, []object{color}, legends, marks)
}

// group is the small charts whose y is of one kind of scale, for Vega has no scale that is of two.
func (lines lines) group(scale string) object {
	xType, when := "time", moment("datum.x")
	if lines.steps {
		xType, when = "linear", "format(datum.x, ',.4~f')"
	}
	y := object{"name": "y", "type": scale, "range": []any{signal("plotHeight"), 0}, "nice": 3,
		"domain": []any{signal("parent.bottom"), signal("parent.top")}}
	y["zero"] = false
	if scale == "log" {
		y["domain"] = []any{signal("parent.min"), signal("parent.max")}
		y["nice"] = false
		delete(y, "zero")
	}
	inner := []object{
		{"type": "rule", "from": object{"data": "limits"}, "encode": object{"update": object{
			"x": value(0), "x2": signal("plotWidth"), "y": object{"scale": "y", "field": "limit"},
			"stroke": value(bad), "strokeDash": value([]int{4, 3}), "strokeWidth": value(1),
			"tooltip": signal("'Threshold ' + " + format(lines.format).of("datum.limit"))}}},
	}
	tooltip := fmt.Sprintf("{title: datum.cell, 'Series': datum.series, '%s': %s, 'Value': %s%s}",
		map[bool]string{true: "At", false: "Time"}[lines.steps], when, lines.format.of("datum.y"), lines.detail)
	series := []object{}
	if lines.area {
		series = append(
			series,
			object{"type": "area", "from": object{"data": "one"}, "interactive": false, "encode": object{"update": object{
				"x": object{"scale": "x", "field": "x"}, "y": object{"scale": "y", "field": "y0"}, "y2": object{"scale": "y",
					"field": "y1"},
				"fill": object{"scale": "color", "field": "color"}, "fillOpacity": value(0.8)}}},
		)
	} else {
		series = append(series,
			object{"type": "area", "from": object{"data": "one"}, "interactive": false, "encode": object{"update": object{
				"x": object{"scale": "x", "field": "x"}, "y": object{"scale": "y", "field": "y0"}, "y2": object{"scale": "y",
					"field": "y1"},
				"fill": object{"scale": "color", "field": "color"}, "fillOpacity": value(0.13)}}},
			object{"type": "line", "from": object{"data": "one"}, "interactive": false, "encode": object{"update": object{
				"x": object{"scale": "x", "field": "x"}, "y": object{"scale": "y", "field": "y"},
				"stroke": object{"scale": "color", "field": "color"}, "strokeWidth": value(1.8), "strokeJoin": value("round"),
				"strokeDash": signal("(" + orElse(lines.dash, "false") + ") ? [4, 3] : [1, 0]")}}})
	}
	series = append(series, object{"type": "symbol", "from": object{"data": "one"}, "encode": object{
		"update": object{
			"x":       object{"scale": "x", "field": "x"},
			"y":       object{"scale": "y", "field": map[bool]string{true: "y1", false: "y"}[lines.area]},
			"size":    signal("length(data('one')) == 1 ? 40 : 50"),
			"fill":    object{"scale": "color", "field": "color"},
			"opacity": signal("length(data('one')) == 1 ? 1 : 0"),
			"tooltip": signal(tooltip),
		},
		"hover": object{"opacity": value(1)}}})
	facet := object{
		"type":  "group",
		"name":  "series",
		"from":  object{"facet": object{"name": "one", "data": "cell", "groupby": []string{"series"}}},
		"marks": series,
	}
	inner = append(inner, facet)
	if lines.diagonal {
		inner = append(inner, object{"type": "rule", "interactive": false, "encode": object{"update": object{
			"x": object{"scale": "x", "value": 0}, "y": object{"scale": "y", "value": 0}, "x2": object{"scale": "x", "value": 1},
			"y2":     object{"scale": "y", "value": 1},
			"stroke": value(neutral), "strokeDash": value([]int{4, 3})}}})
	}
	if lines.label != "" {
		inner = append(
			inner,
			object{"type": "text", "from": object{"data": "ends"}, "interactive": false, "encode": object{"update": object{
				"x": object{"scale": "x", "field": "x", "offset": 5}, "y": object{"scale": "y", "field": "y",
					"offset": signal("-datum.up")},
				"baseline": value("middle"), "limit": value(44),
				"fontSize": value(10), "fontWeight": value("600"), "fill": object{"scale": "color", "field": "color"},
				"text": signal(lines.label)}}},
		)
	}
	inner = append(inner, object{"type": "text", "interactive": false, "encode": object{"update": object{
		"x": value(-46), "y": value(-12), "baseline": value("middle"), "limit": signal("cellWidth - 12"), "fontSize": value(12),
		"fontWeight": value("600"),
		"text":       signal("parent.cell")}}})
	axis := object{
		"scale":        "x",
		"orient":       "bottom",
		"tickCount":    signal("max(2, floor(plotWidth / 90))"),
		"labelOverlap": true,
		"tickSize":     4,
		"labelFlush":   true,
	}
	if lines.steps {
		axis["encode"] = object{"labels": object{"update": object{"text": signal(tickNumber("datum.value"))}}}
	} else {
		axis["format"] = object{"year": "%Y", "quarter": "%b", "month": "%b", "week": "%b %d", "date": "%b %d", "hours": "%H:%M",
			"minutes": "%H:%M"}
	}
	group := object{"type": "group", "name": scale + "Charts",
		"from": object{"facet": object{"name": "cell", "data": scale,
			"groupby":   []string{"cell", "number", "bottom", "top", "left", "right", "logarithmic"},
			"aggregate": object{"fields": []string{"lowest", "highest"}, "ops": []string{"min", "max"}, "as": []string{"min", "max"}}}},
		"encode": object{"update": object{
			"x":      signal("52 + ((datum.number - 1) % across) * cellWidth - 6"),
			"y":      signal("above + floor((datum.number - 1) / across) * cellHeight + 22"),
			"width":  signal("plotWidth"),
			"height": signal("plotHeight"),
		}},
		"data": []object{
			{"name": "ends", "source": "cell", "transform": []object{
				{
					"type":    "window",
					"sort":    object{"field": "x", "order": "descending"},
					"groupby": []string{"series"},
					"ops":     []string{"row_number"},
					"as":      []string{"back"},
				},
				filter("datum.back == 1"),
				// Labels of lines that end together go up, one above the other.
				formula("level", "plotHeight * (datum.y - datum.bottom) / (datum.top - datum.bottom || 1)"),
				{"type": "window", "sort": object{"field": "level"}, "ops": []string{"lag", "row_number"}, "fields": []any{"level", nil},
					"as": []string{"under", "place"}},
				formula("up", "datum.place > 1 && isValid(datum.under) ? max(0, 11 - (datum.level - datum.under)) : 0"),
			}},
			{"name": "limits", "source": "cell", "transform": []object{
				filter("isValid(datum.limit)"), {"type": "aggregate", "groupby": []string{"limit"}}}},
		},
		"scales": []object{
			{"name": "x", "type": xType, "range": []any{0, signal("plotWidth")}, "domain": lines.span(), "nice": false, "zero": false},
			y,
		},
		"axes": []object{
			{
				"scale":           "y",
				"orient":          "left",
				"grid":            true,
				"tickCount":       signal("max(2, min(5, floor(plotHeight / 28)))"),
				"domain":          false,
				"ticks":           false,
				"labelLimit":      44,
				"labelOverlap":    true,
				"labelSeparation": 4,
				"encode":          object{"labels": object{"update": object{"text": signal(orNumber(lines.ticks)("datum.value"))}}},
			},
			axis,
		},
		"marks": inner,
	}
	return group
}

func (lines lines) span() any {
	if lines.steps {
		return []any{signal("parent.left"), signal("parent.right")}
	}
	return []any{signal("data('span')[0].left"), signal("data('span')[0].right")}
}

func orNumber(ticks format) format {
	if ticks == nil {
		return tickNumber
	}
	return ticks
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// choice is words of which a person clicks one.
type choice struct {
	signal, title string
	options       []string // the first is chosen
}

func (choice *choice) height() int {
	if choice == nil {
		return 0
	}
	return 16
}

func (choice *choice) signals() []object {
	if choice == nil {
		return nil
	}
	var events []any
	for i, option := range choice.options {
		events = append(events, object{"events": fmt.Sprintf("@option%d:click", i), "update": text(option)})
	}
	return []object{{"name": choice.signal, "value": choice.options[0], "on": events}}
}

func (choice *choice) marks() []object {
	if choice == nil {
		return nil
	}
	var marks []object
	right := 0
	for i := len(choice.options) - 1; i >= -1; i-- {
		name, words := "", choice.title+":"
		update := object{
			"x":        signal(fmt.Sprintf("width - %d", right+4)),
			"y":        value(6),
			"align":    value("right"),
			"baseline": value("middle"),
			"fontSize": value(11),
			"fill":     value(faint),
		}
		mark := object{"type": "text", "interactive": i >= 0, "encode": object{"update": update}}
		if i >= 0 {
			name, words = fmt.Sprintf("option%d", i), choice.options[i]
			chosen := choice.signal + " == " + text(words)
			mark["name"] = name
			update["cursor"] = value("pointer")
			update["fill"] = signal(chosen + " ? '" + ink + "' : '#006BB4'")
			update["fontWeight"] = signal(chosen + " ? 'bold' : 'normal'")
		}
		update["text"] = value(words)
		marks = append(marks, mark)
		right += 7*len(words) + 8
	}
	return marks
}

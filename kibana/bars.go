package kibana

import "fmt"

// bars is values side by side, each with its interval, in one small chart for each cell. The rows have cell, name, y and color, low and
// high and limit where they have them.
type bars struct {
	data    []object // the last of them is called rows
	columns int
	cells   int
	most    int // bars of a cell
	format  format
	order   string // an expression over a row by which bars come first, ascending
	colors  []string
	names   []string
	legend  bool
	dots    bool   // a point with an interval, for what does not begin at 0
	extra   string // more behind the number
	detail  string
	hint    string
	share   string // of the width, for the names
}

func (bars bars) spec(question string) string {
	last := bars.data[len(bars.data)-1]
	last["transform"] = append(
		last["transform"].([]object),
		filter("isValid(datum.y)"),
		formula("order", orElse(bars.order, "-datum.y")),
		formula("y0", "isValid(datum.low) ? datum.low : datum.y"),
		formula("y1", "isValid(datum.high) ? datum.high : datum.y"),
		object{
			"type":    "window",
			"groupby": []string{"cell"},
			"sort":    object{"field": []string{"order", "name"}},
			"ops":     []string{"row_number"},
			"as":      []string{"line"},
		},
		filter(fmt.Sprintf("datum.line <= %d", bars.most)),
	)
	data := append([]object{}, bars.data...)
	data = append(data,
		object{"name": "cells", "source": "rows", "transform": []object{
			{"type": "aggregate", "groupby": []string{"cell"}, "ops": []string{"max", "min", "max", "count"},
				"fields": []string{"y1", "y0", "limit", "y"}, "as": []string{"max", "min", "limit", "bars"}},
			{"type": "window", "sort": object{"field": "cell"}, "ops": []string{"row_number"}, "as": []string{"number"}},
			filter(fmt.Sprintf("datum.number <= %d", bars.cells)),
		}},
		object{"name": "all", "source": "rows", "transform": []object{{"type": "aggregate", "groupby": []string{"cell"}}}},
		object{"name": "placed", "source": "rows", "transform": []object{
			{
				"type":   "lookup",
				"from":   "cells",
				"key":    "cell",
				"fields": []string{"cell"},
				"values": []string{"number", "max", "min", "bars"},
				"as":     []string{"number", "max", "min", "bars"},
			},
			filter("isValid(datum.number)"),
		}})
	signals := []object{
		{"name": "number", "update": "length(data('cells'))"},
		{"name": "across", "update": fmt.Sprintf("max(1, min(number, %d))", bars.columns)},
		{"name": "down", "update": "max(1, ceil(number / across))"},
		{"name": "note", "update": fmt.Sprintf("length(data('all')) > %d ? 16 : 0", bars.cells)},
		{"name": "cellWidth", "update": "width / across"},
		{"name": "cellHeight", "update": "(height - note) / down"},
		{"name": "names", "update": "cellWidth * " + orElse(bars.share, "0.34")},
		{"name": "plotWidth", "update": "max(20, cellWidth - names - 92)"},
		{"name": "plotHeight", "update": "max(20, cellHeight - 24)"},
	}
	color := object{
		"name":   "color",
		"type":   "ordinal",
		"domain": object{"data": "placed", "field": "color", "sort": true},
		"range":  series,
	}
	if bars.names != nil {
		color["domain"], color["range"] = object{"data": "legend", "field": "color"}, object{"data": "legend", "field": "paint"}
		data = append(data, legendOf(bars.names, bars.colors))
	}
	var legends []object
	if bars.legend {
		legends = []object{{"fill": "color", "orient": "top", "direction": "horizontal", "symbolType": "square", "offset": 4, "columns": 8,
			"columnPadding": 14, "padding": 0}}
	}
	from := "0"
	if bars.dots {
		from = "parent.min - 0.15 * (parent.max - parent.min)"
	}
	tooltip := "{title: datum.name, 'Of': datum.cell, 'Value': " + bars.format.of("datum.y") + bars.detail + "}"
	middle := "(datum.line - 0.5) * band"
	shape := object{"type": "rect", "name": "bar", "from": object{"data": "cell"}, "encode": object{"update": object{
		"x": value(0), "x2": object{"scale": "x", "field": "y"}, "y": signal(middle + " - thick / 2"), "height": signal("thick"),
		"fill": object{"scale": "color", "field": "color"}, "fillOpacity": value(0.9), "tooltip": signal(tooltip)},
		"hover": object{"fillOpacity": value(0.65)}}}
	if bars.dots {
		shape = object{"type": "symbol", "name": "dot", "from": object{"data": "cell"}, "encode": object{"update": object{
			"x": object{"scale": "x", "field": "y"}, "y": signal(middle), "size": value(70), "fill": object{"scale": "color",
				"field": "color"},
			"tooltip": signal(tooltip)}, "hover": object{"size": value(130)}}}
	}
	ink := value(ink)
	marks := []object{
		{"type": "group", "name": "chart",
			"from": object{"facet": object{"name": "cell", "data": "placed", "groupby": []string{"cell", "number", "max", "min", "bars"}}},
			"encode": object{"update": object{
				"x":     signal("((datum.number - 1) % across) * cellWidth + names"),
				"y":     signal("floor((datum.number - 1) / across) * cellHeight + 20"),
				"width": signal("plotWidth"), "height": signal("plotHeight")}},
			"signals": []object{
				{"name": "band", "update": "min(26, plotHeight / max(1, parent.bars))"},
				{"name": "thick", "update": "max(2, min(14, band * 0.62))"},
			},
			"data": []object{{"name": "limits", "source": "cell", "transform": []object{
				filter("isValid(datum.limit)"), {"type": "aggregate", "groupby": []string{"limit"}}}}},
			"scales": []object{{"name": "x", "type": "linear", "range": []any{0, signal("plotWidth")}, "zero": false,
				"domain": []any{signal(from), signal("max(parent.max, " + from + " + 1e-9)")}}},
			"marks": []object{
				{
					"type":        "text",
					"interactive": false,
					"encode": object{"update": object{"x": signal("4 - names"), "y": value(-9), "baseline": value("middle"),
						"limit": signal("cellWidth - 8"), "fontWeight": value("600"), "fontSize": value(12),
						"text": signal("parent.cell")}},
				},
				{
					"type": "rule",
					"from": object{"data": "limits"},
					"encode": object{"update": object{"x": object{"scale": "x", "field": "limit"},
						"y": value(0), "y2": signal("parent.bars * band"), "stroke": value(bad), "strokeDash": value([]int{4, 3}),
						"opacity": signal("datum.limit > parent.max ? 0 : 1"),
						"tooltip": signal("'Threshold ' + " + bars.format.of("datum.limit"))}},
				},
				shape,
				{"type": "rule", "from": object{"data": "cell"}, "interactive": false, "encode": object{"update": object{
					"x": object{"scale": "x", "field": "y0"}, "x2": object{"scale": "x", "field": "y1"}, "y": signal(middle), "stroke": ink,
					"opacity": signal("datum.y0 == datum.y1 ? 0 : 0.6")}}},
				{"type": "text", "from": object{"data": "cell"}, "interactive": false, "encode": object{"update": object{
					"x": value(-8), "align": value("right"), "y": signal(middle), "baseline": value("middle"),
					"limit":    signal("names - 14"),
					"fontSize": value(11), "text": signal("datum.name")}}},
				{"type": "text", "from": object{"data": "cell"}, "interactive": false, "encode": object{"update": object{
					"x": object{"scale": "x", "field": "y1", "offset": 6}, "y": signal(middle), "baseline": value("middle"),
					"fontSize": value(11),
					"fill":     value(faint), "text": signal(bars.format.of("datum.y") + orElse(bars.extra, ""))}}},
			}},
		nothing("rows"),
		{"type": "text", "name": "more", "interactive": false, "encode": object{"update": object{
			"x": value(4), "y": signal("height - 6"), "baseline": value("middle"), "fill": value(faint), "fontStyle": value("italic"),
			"fontSize": value(11),
			"text":     signal(fmt.Sprintf("note ? '%d of ' + length(data('all')) + ' are shown: %s' : ''", bars.cells, bars.hint))}}},
	}
	return specification(question, data, signals, []object{color}, legends, marks)
}

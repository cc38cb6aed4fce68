package kibana

import "fmt"

// points is values by what they depend on, in one small chart for each cell. The rows have cell, x, y and color. x is ordered as numbers
// where they are numbers, each as far from the next.
type points struct {
	data    []object // the last of them is called rows
	columns int
	cells   int
	format  format
	ticks   format
	names   []string
	colors  []string
	detail  string
	hint    string
}

func (points points) spec(question string) string {
	last := points.data[len(points.data)-1]
	last["transform"] = append(last["transform"].([]object), filter("isValid(datum.y)"),
		formula("place", "isNaN(toNumber(datum.x)) ? 1e300 : toNumber(datum.x)"))
	data := append([]object{}, points.data...)
	data = append(data,
		object{"name": "cells", "source": "rows", "transform": []object{
			{
				"type":    "aggregate",
				"groupby": []string{"cell"},
				"ops":     []string{"max", "min"},
				"fields":  []string{"y", "y"},
				"as":      []string{"max", "min"},
			},
			{"type": "window", "sort": object{"field": "cell"}, "ops": []string{"row_number"}, "as": []string{"number"}},
			filter(fmt.Sprintf("datum.number <= %d", points.cells)),
		}},
		object{"name": "all", "source": "rows", "transform": []object{{"type": "aggregate", "groupby": []string{"cell"}}}},
		object{"name": "placed", "source": "rows", "transform": []object{
			{
				"type":   "lookup",
				"from":   "cells",
				"key":    "cell",
				"fields": []string{"cell"},
				"values": []string{"number", "max", "min"},
				"as":     []string{"number", "max", "min"},
			},
			filter("isValid(datum.number)"),
		}},
		legendOf(points.names, points.colors))
	signals := []object{
		{"name": "number", "update": "length(data('cells'))"},
		{"name": "across", "update": fmt.Sprintf("max(1, min(number, %d))", points.columns)},
		{"name": "down", "update": "max(1, ceil(number / across))"},
		{"name": "note", "update": fmt.Sprintf("length(data('all')) > %d ? 16 : 0", points.cells)},
		{"name": "cellWidth", "update": "width / across"},
		{"name": "cellHeight", "update": "(height - note) / down"},
		{"name": "plotWidth", "update": "max(20, cellWidth - 64)"},
		{"name": "plotHeight", "update": "max(20, cellHeight - 46)"},
	}
	marks := []object{
		{"type": "group", "name": "chart",
			"from": object{"facet": object{"name": "cell", "data": "placed", "groupby": []string{"cell", "number", "max", "min"}}},
			"encode": object{"update": object{
				"x":     signal("46 + ((datum.number - 1) % across) * cellWidth"),
				"y":     signal("floor((datum.number - 1) / across) * cellHeight + 22"),
				"width": signal("plotWidth"), "height": signal("plotHeight")}},
			"scales": []object{
				{"name": "x", "type": "point", "padding": 0.5, "range": []any{0, signal("plotWidth")},
					"domain": object{"data": "cell", "field": "x", "sort": object{"field": "place", "op": "min"}}},
				{"name": "y", "type": "linear", "nice": 3, "zero": false, "range": []any{signal("plotHeight"), 0},
					"domain": []any{signal("parent.min"), signal("parent.max")}},
			},
			"axes": []object{
				{
					"scale":     "y",
					"orient":    "left",
					"grid":      true,
					"domain":    false,
					"ticks":     false,
					"tickCount": signal("max(2, min(5, floor(plotHeight / 28)))"),
					"encode":    object{"labels": object{"update": object{"text": signal(orNumber(points.ticks)("datum.value"))}}},
				},
				{"scale": "x", "orient": "bottom", "tickSize": 4, "labelOverlap": true, "labelLimit": 80},
			},
			"marks": []object{
				{
					"type":        "text",
					"interactive": false,
					"encode": object{"update": object{"x": value(-42), "y": value(-12), "baseline": value("middle"),
						"limit": signal("cellWidth - 10"), "fontWeight": value("600"), "fontSize": value(12),
						"text": signal("parent.cell")}},
				},
				{"type": "symbol", "from": object{"data": "cell"}, "encode": object{
					"update": object{"x": object{"scale": "x", "field": "x"}, "y": object{"scale": "y", "field": "y"}, "size": value(60),
						"fill": object{"scale": "color", "field": "color"}, "fillOpacity": value(0.85), "stroke": value("white"),
						"strokeWidth": value(0.5),
						"tooltip": signal(
							"{title: datum.cell, 'At': datum.x, 'Value': " + points.format.of("datum.y") + points.detail + "}",
						)},
					"hover": object{"size": value(120)}}},
			}},
		nothing("rows"),
		{"type": "text", "name": "more", "interactive": false, "encode": object{"update": object{
			"x": value(4), "y": signal("height - 6"), "baseline": value("middle"), "fill": value(faint), "fontStyle": value("italic"),
			"fontSize": value(11),
			"text":     signal(fmt.Sprintf("note ? '%d of ' + length(data('all')) + ' are shown: %s' : ''", points.cells, points.hint))}}},
	}
	color := object{
		"name":   "color",
		"type":   "ordinal",
		"domain": object{"data": "legend", "field": "color"},
		"range":  object{"data": "legend", "field": "paint"},
	}
	return specification(question, data, signals, []object{color}, nil, marks)
}

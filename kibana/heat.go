package kibana

import "fmt"

// heat is a state by name and time. The rows have name, time and y, of which 1 is at the threshold and more is worse.
type heat struct {
	data    []object // the last of them is called rows
	most    int      // names
	format  format
	detail  string
	hint    string
	caption []string // what good, near and beyond are called
}

// near is where amber begins.
const near = 0.8

func (heat heat) spec(question string) string {
	last := heat.data[len(heat.data)-1]
	last["transform"] = append(last["transform"].([]object), filter("isValid(datum.y)"))
	data := append([]object{}, heat.data...)
	data = append(data,
		object{"name": "names", "source": "rows", "transform": []object{
			{
				"type":    "aggregate",
				"groupby": []string{"name"},
				"ops":     []string{"argmax", "max"},
				"fields":  []string{"time", "y"},
				"as":      []string{"last", "worst"},
			},
			formula("now", "datum.last.y"),
			{
				"type": "window",
				"sort": object{"field": []string{"now", "worst"}, "order": []string{"descending", "descending"}},
				"ops":  []string{"row_number"},
				"as":   []string{"line"},
			},
			filter(fmt.Sprintf("datum.line <= %d", heat.most)),
		}},
		object{"name": "all", "source": "rows", "transform": []object{{"type": "aggregate", "groupby": []string{"name"}}}},
		object{"name": "times", "source": "rows", "transform": []object{{"type": "aggregate", "groupby": []string{"time"}}}},
		object{"name": "placed", "source": "rows", "transform": []object{
			{
				"type":   "lookup",
				"from":   "names",
				"key":    "name",
				"fields": []string{"name"},
				"values": []string{"line", "now"},
				"as":     []string{"line", "now"},
			},
			filter("isValid(datum.line)"),
		}},
		object{"name": "span", "source": "rows", "transform": []object{
			{
				"type":   "aggregate",
				"ops":    []string{"min", "max", "distinct"},
				"fields": []string{"time", "time", "time"},
				"as":     []string{"left", "right", "parts"},
			}}},
		object{"name": "captions", "values": []object{
			{
				"text": heat.caption[0],
				"at":   0,
				"fill": good,
			}, {"text": heat.caption[1], "at": 1, "fill": warning}, {"text": heat.caption[2], "at": 2, "fill": bad}}})
	signals := []object{
		{"name": "left", "update": "min(310, width * 0.3)"},
		{"name": "plot", "update": "width - left - 56"},
		{"name": "lines", "update": "max(1, length(data('names')))"},
		{"name": "band", "update": "min(30, (height - 46) / lines)"},
		{"name": "parts", "update": "length(data('span')) ? max(1, data('span')[0].parts) : 1"},
		{"name": "part", "update": "plot / parts"},
	}
	shade := fmt.Sprintf("datum.y >= 1 ? '%s' : datum.y >= %v ? '%s' : '%s'", bad, near, warning, good)
	deep := fmt.Sprintf("datum.y >= 1 ? min(1, 0.72 + 0.14 * (datum.y - 1)) : datum.y >= %v ? 0.75 : 0.25 + 0.4 * datum.y", near)
	marks := []object{
		{"type": "rect", "name": "part", "from": object{"data": "placed"}, "encode": object{"update": object{
			"x": signal("left + scale('x', datum.time)"), "width": signal("max(1, bandwidth('x') - 1)"),
			"y": signal("20 + (datum.line - 1) * band"), "height": signal("max(1, band - 2)"), "fill": signal(shade),
			"fillOpacity": signal(deep),
			"tooltip": signal(
				"{title: datum.name, 'Time': timeFormat(datum.time, '%b %d, %H:%M'), " +
					"'Severity': " + heat.format.of("datum.y") + heat.detail + "}",
			)},
			"hover": object{"stroke": value(ink)}}},
		{"type": "text", "name": "name", "from": object{"data": "names"}, "interactive": false, "encode": object{"update": object{
			"x": signal("left - 8"), "align": value("right"), "baseline": value("middle"),
			"y":     signal("20 + (datum.line - 0.5) * band - 1"),
			"limit": signal("left - 10"), "fontSize": value(11), "text": signal("datum.name")}}},
		{"type": "text", "name": "now", "from": object{"data": "names"}, "interactive": false, "encode": object{"update": object{
			"x": signal("left + plot + 8"), "baseline": value("middle"), "y": signal("20 + (datum.line - 0.5) * band - 1"),
			"fontSize": value(11), "fontWeight": value("600"),
			"fill": signal(
				fmt.Sprintf("datum.now >= 1 ? '%s' : datum.now >= %v ? '%s' : '%s'", bad, near, warning, good),
			), "text": signal(heat.format.of("datum.now"))}}},
		{
			"type":        "text",
			"interactive": false,
			"encode": object{"update": object{"x": signal("left + plot + 8"), "y": value(8), "baseline": value("middle"),
				"fontSize": value(10), "fill": value(faint), "text": signal("length(data('rows')) ? 'newest' : ''")}},
		},
		{"type": "symbol", "from": object{"data": "captions"}, "interactive": false, "encode": object{"update": object{
			"x": signal("left + 6 + datum.at * 150"), "y": value(8), "shape": value("square"), "size": value(90),
			"fill":    object{"field": "fill"},
			"opacity": signal("length(data('rows')) ? 0.8 : 0")}}},
		{"type": "text", "from": object{"data": "captions"}, "interactive": false, "encode": object{"update": object{
			"x": signal("left + 16 + datum.at * 150"), "y": value(8), "baseline": value("middle"), "fontSize": value(11),
			"fill": value(faint),
			"text": signal("length(data('rows')) ? datum.text : ''")}}},
		{
			"type": "group",
			"encode": object{
				"update": object{"x": signal("left"), "y": signal("20 + lines * band"), "width": signal("plot"), "height": value(0),
					"opacity": signal("length(data('rows')) ? 1 : 0")},
			},
			"axes": []object{
				{
					"scale":           "x",
					"orient":          "bottom",
					"format":          "%b %d",
					"formatType":      "time",
					"labelOverlap":    true,
					"tickSize":        4,
					"domain":          false,
					"labelSeparation": 12,
				},
			},
		},
		nothing("rows"),
		{"type": "text", "name": "more", "interactive": false, "encode": object{"update": object{
			"x": value(4), "y": signal("height - 4"), "baseline": value("middle"), "fill": value(faint), "fontStyle": value("italic"),
			"fontSize": value(11),
			"text": signal(
				fmt.Sprintf(
					"length(data('all')) > %[1]d ? '%[1]d of ' + length(data('all')) + ' are shown: %[2]s' : ''",
					heat.most,
					heat.hint,
				),
			)}}},
	}
	scales := []object{
		{"name": "x", "type": "band", "range": []any{0, signal("plot")}, "domain": object{"data": "times", "field": "time", "sort": true}},
	}
	return specification(question, data, signals, scales, nil, marks)
}

package kibana

import "fmt"

// table is rows of text. Kibana's own tables can neither colour a state nor compare two rows.
type table struct {
	data    []object // the last of them is called rows
	columns []column
	order   string   // the expression of what comes first, ascending
	ties    []string // fields by which rows of one order come
	click   string   // a keyword that a click on a row filters the page by, and the field of the row that has it
	from    string
}

type column struct {
	title string
	share float64 // of the width
	text  string  // an expression over the row, which is called datum
	right bool    // a number
	fill  string  // an expression of a colour
	bold  bool
}

const rowHeight = 22

func (table table) spec(question, index string) string {
	last := table.data[len(table.data)-1]
	order := table.order
	if order == "" {
		order = "0"
	}
	last["transform"] = append(
		last["transform"].([]object),
		formula("order", order),
		object{
			"type": "window",
			"sort": object{"field": append([]string{"order"}, table.ties...)},
			"ops":  []string{"row_number"},
			"as":   []string{"line"},
		},
		formula("y", fmt.Sprintf("datum.line * %d", rowHeight)),
	)
	signals := []object{
		{"name": "lines", "update": fmt.Sprintf("max(1, floor((height - 4) / %d) - 1)", rowHeight)},
		{"name": "count", "update": "length(data('rows'))"},
		{"name": "shown", "update": "count > lines ? lines - 1 : count"},
	}
	pointed := object{}
	if table.click != "" {
		signals = append(signals, object{"name": "chosen", "on": []any{object{"events": "@row:click",
			"update": fmt.Sprintf("kibanaAddFilter({match_phrase: {'%s': datum.%s}}, '%s')", table.click, table.from, index)}}})
		pointed = object{"cursor": value("pointer"),
			"tooltip": signal(fmt.Sprintf("'Click to see %s alone'", "' + datum."+table.from+" + '"))}
	}
	// Rows that are hidden would still take their place, so those that do not fit are left out.
	table.data = append(table.data, object{"name": "visible", "source": "rows", "transform": []object{filter("datum.line <= shown")}})
	ground := object{
		"x":      value(0),
		"x2":     signal("width"),
		"y":      signal(fmt.Sprintf("datum.y - %d / 2 + 4", rowHeight)),
		"height": value(rowHeight),
		"fill":   signal("datum.line % 2 ? '" + stripe + "' : '#FFFFFF'"),
	}
	for key, v := range pointed {
		ground[key] = v
	}
	marks := []object{
		{
			"type":   "rect",
			"name":   "row",
			"from":   object{"data": "visible"},
			"encode": object{"update": ground, "hover": object{"fill": value("#E6F1FA")}},
		},
		{
			"type":   "rule",
			"encode": object{"update": object{"x": value(0), "x2": signal("width"), "y": value(rowHeight - 6), "stroke": value(hairs)}},
		},
	}
	at := 0.0
	for _, column := range table.columns {
		x, align := fmt.Sprintf("width * %.4f + 4", at), "left"
		if column.right {
			x, align = fmt.Sprintf("width * %.4f - 8", at+column.share), "right"
		}
		limit := signal(fmt.Sprintf("width * %.4f - 10", column.share))
		marks = append(marks,
			object{"type": "text", "interactive": false, "encode": object{"update": object{
				"x": signal(x), "y": value(6), "align": value(align), "baseline": value("middle"), "limit": limit,
				"text": value(column.title), "fontSize": value(11), "fill": value(faint), "fontWeight": value("600")}}})
		fill := any(value(ink))
		if column.fill != "" {
			fill = signal(column.fill)
		}
		weight := "normal"
		if column.bold {
			weight = "600"
		}
		marks = append(marks,
			object{"type": "text", "from": object{"data": "visible"}, "interactive": false, "encode": object{"update": object{
				"x": signal(x), "y": signal("datum.y + 4"), "align": value(align), "baseline": value("middle"), "limit": limit,
				"text": signal(column.text), "fontSize": value(12), "fill": fill, "fontWeight": value(weight)}}})
		at += column.share
	}
	marks = append(marks, nothing("rows"),
		object{"type": "text", "name": "more", "interactive": false, "encode": object{"update": object{
			"x": value(4), "y": signal(fmt.Sprintf("(shown + 1) * %d + 4", rowHeight)), "baseline": value("middle"), "fill": value(faint),
			"fontStyle": value("italic"),
			"text":      signal("count > shown ? (count - shown) + ' more: choose above what to see, or make the panel higher' : ''")}}})
	return specification(question, table.data, signals, nil, nil, marks)
}

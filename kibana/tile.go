package kibana

// tile is one number, of what it is, and what stands behind it.
type tile struct {
	data    []object // the last of them is called rows; its first row is shown
	number  string   // expressions over that row, which is called row
	subject string
	detail  string
	state   string // "good", "warning", "bad" or ""
}

func (tile tile) spec(question string) string {
	state := tile.state
	if state == "" {
		state = "''"
	}
	signals := []object{
		{"name": "row", "update": "data('rows')[0]"},
		{"name": "state", "update": "row ? (" + state + ") : ''"},
	}
	line := func(name string, y, size float64, weight string, fill any, expression string) object {
		return object{"type": "text", "name": name, "interactive": false, "encode": object{"update": object{
			"x": value(4), "y": object{"signal": "height * " + text(y)}, "baseline": value("middle"), "limit": signal("width - 8"),
			"fontSize": value(size), "fontWeight": value(weight), "fill": fill,
			"text": signal("row ? (" + expression + ") : ''"),
		}}}
	}
	fill := signal(
		"state == 'bad' ? '" + bad + "' : state == 'warning' ? '" + warning + "' : state == 'good' ? '" + good + "' : '" + ink + "'",
	)
	return specification(question, tile.data, signals, nil, nil, []object{
		line("number", 0.3, 34, "600", fill, tile.number),
		line("subject", 0.66, 14, "500", value(ink), tile.subject),
		line("detail", 0.87, 12, "normal", value(faint), tile.detail),
		nothing("rows"),
	})
}

package kibana

import (
	"encoding/json"
	"fmt"
	"strings"
)

// What all charts have in common: colours, letters, and the frame of a specification.
//
// Charts are Vega, not Vega-Lite and not Kibana's own: only there a line has its interval, a chart of many parts has an axis for
// each, a state has a colour of its own, and what a chart shows is said by one search that a test can send too.

// Colours that the colour-blind tell apart. Red, amber and green are kept for states.
const (
	ink     = "#343741"
	faint   = "#69707D"
	hairs   = "#D3DAE6"
	stripe  = "#F5F7FA"
	good    = "#00807A"
	warning = "#B87A00"
	bad     = "#BD271E"
	neutral = "#98A2B3"

	champion   = "#1B2B57"
	challenger = "#E8730C"
	canary     = "#3FA7D6"
	shadow     = "#8E6C8A"
)

// challengerText is the colour of a challenger's text, darker than its lines so that it is read well on white.
const challengerText = "#B85A00"

// roleText is the colour of the text of a role, as an expression.
const roleText = "datum.role == 'champion' ? '" + champion + "' : datum.role == 'challenger' ? '" + challengerText + "' : '" + faint + "'"

// series is the colours of what has none of its own, in the order of the alphabet.
var series = []string{
	"#0072B2",
	"#CC79A7",
	"#56B4E9",
	"#882255",
	"#44AA99",
	"#332288",
	"#999933",
	"#AA4499",
	"#6699CC",
	"#7F5539",
	"#117733",
	"#B5A642",
}

// roles and the colour of each, the same on all dashboards.
var (
	roles      = []string{"champion", "challenger", "canary", "shadow", noRole}
	roleColors = []string{champion, challenger, canary, shadow, neutral}
)

const noRole = "no role"

// legendOf is the data set of the names that are there, with the color of each: a legend does not say what is not.
func legendOf(names, colors []string) object {
	return object{"name": "legend", "source": "placed", "transform": []object{
		{"type": "aggregate", "groupby": []string{"color"}},
		formula("place", "indexof("+quoted(names)+", datum.color)"),
		formula("paint", quoted(colors)+"[datum.place]"),
		{"type": "collect", "sort": object{"field": "place"}},
	}}
}

// specification is what all charts say.
func specification(description string, data []object, signals, scales, legends, marks []object) string {
	spec := object{
		"$schema":     "https://vega.github.io/schema/vega/v5.json",
		"description": description,
		"autosize":    object{"type": "fit", "contains": "padding"},
		"padding":     object{"left": 6, "right": 6, "top": 2, "bottom": 4},
		"config": object{
			"kibana": object{"renderer": "svg"},
			"axis": object{"labelColor": faint, "titleColor": faint, "domainColor": hairs, "tickColor": hairs, "gridColor": "#EEF1F6",
				"labelFontSize": 10, "titleFontSize": 10, "titleFontWeight": "normal", "labelFont": font, "titleFont": font},
			"text": object{"font": font, "fill": ink, "fontSize": 12},
			"legend": object{
				"labelFont":     font,
				"titleFont":     font,
				"labelFontSize": 11,
				"labelColor":    ink,
				"symbolSize":    60,
				"labelLimit":    240,
			},
		},
		"data":  data,
		"marks": marks,
	}
	for key, value := range map[string][]object{"signals": signals, "scales": scales, "legends": legends} {
		if len(value) > 0 {
			spec[key] = value
		}
	}
	var written strings.Builder
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(spec); err != nil {
		panic(err) // maps, slices, texts and numbers of ours
	}
	return written.String()
}

const font = "Inter UI, Inter, -apple-system, BlinkMacSystemFont, Segoe UI, Helvetica, Arial, sans-serif"

// Expressions of Vega for a number as people read it.

type format func(value string) string

func (f format) of(value string) string {
	return "(isValid(" + value + ") ? " + f(value) + " : '" + none + "')"
}

// plainNumber takes as many digits as a metric needs: 0.9312, 48.21, 1,204.
func plainNumber(v string) string {
	return fmt.Sprintf("(abs(%[1]s) >= 1000 ? format(%[1]s, ',.0f') : abs(%[1]s) >= 10 ? format(%[1]s, '.2f') : "+
		"%[1]s != 0 && abs(%[1]s) < 0.001 ? format(%[1]s, '.1e') : format(%[1]s, '.4f'))", v)
}

func whole(v string) string {
	return fmt.Sprintf("(abs(%[1]s) >= 100000 ? replace(replace(format(%[1]s, '.3s'), 'G', ' bn'), 'k', ' k') : format(%[1]s, ',.0f'))", v)
}

func percent(v string) string {
	return fmt.Sprintf("(format(100 * %[1]s, abs(%[1]s) < 0.1 && %[1]s != 0 ? '.2f' : '.1f') + ' %%')", v)
}

func milliseconds(v string) string {
	return fmt.Sprintf(
		"(%[1]s >= 10000 ? format(%[1]s / 1000, '.1f') + ' s' : %[1]s >= 1000 ? format(%[1]s, ',.0f') + ' ms' "+
			": format(%[1]s, '.3r') + ' ms')",
		v,
	)
}

func dollars(v string) string {
	return fmt.Sprintf("('$' + format(%[1]s, abs(%[1]s) < 1 ? '.4f' : abs(%[1]s) < 1000 ? ',.2f' : ',.0f'))", v)
}

func factor(v string) string { return fmt.Sprintf("format(%s, '.2f')", v) }

// Numbers of an axis, whose title has the unit.

func tickNumber(v string) string {
	return fmt.Sprintf("(abs(%[1]s) >= 1000 ? format(%[1]s, '.3~s') : format(%[1]s, '.3~r'))", v)
}

func tickPercent(v string) string { return fmt.Sprintf("(format(100 * %s, '.3~r') + '%%')", v) }

func tickDollars(v string) string { return fmt.Sprintf("('$' + format(%s, '.3~r'))", v) }

func moment(v string) string { return fmt.Sprintf("timeFormat(%s, '%%b %%d, %%H:%%M')", v) }

// quoted is texts as a list in an expression.
func quoted(texts []string) string { return text(texts) }

func signal(expression string) object { return object{"signal": expression} }

func value(v any) object { return object{"value": v} }

// nothing is the words that stand where there is nothing to show, so that an empty chart is not taken for a broken one.
func nothing(data string) object {
	return object{"type": "text", "name": "nothing", "interactive": false, "encode": object{"update": object{
		"x": signal("width / 2"), "y": signal("height / 2"), "align": value("center"), "baseline": value("middle"),
		"fontSize": value(13), "fill": value(faint),
		"text": signal("length(data('" + data + "')) ? '' : 'No values in this time range and selection'"),
	}}}
}

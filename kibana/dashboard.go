package kibana

import (
	"fmt"
	"strings"
)

// Options is what one may choose.
type Options struct {
	// What the indices are called: the dashboards read <IndexPrefix>-20*. Default: "ml-metrics".
	IndexPrefix string
}

// dashboard is one page.
type dashboard struct {
	name        string // the end of its id
	title       string
	description string
	from        string // the time range that it opens with; it ends now
	controls    []control
	panels      []panel // from the top left on, below links and controls
	documents   savedSearch
}

// panel is a part of a page.
type panel struct {
	name          string // unique on its page
	title         string // what, unit, grouping
	question      string // that it answers
	width, height int    // of 48 columns, of rows of 28 pixels
	chart         interface {
		state(panel panel, prefix string) object
	}
	bare bool // no title over it
}

// dashboards are the pages, in the order of their links.
func dashboards(prefix string) []dashboard {
	return []dashboard{overview(prefix), models(prefix), training(prefix), inference(prefix), languageModels(prefix), drift(prefix)}
}

// Objects returns all saved objects for an index prefix: the index pattern first, then what each dashboard shows, then the dashboard.
func Objects(options Options) []Object {
	prefix := options.prefix()
	objects := []Object{IndexPattern(options)}
	for _, dashboard := range dashboards(prefix) {
		objects = append(objects, dashboard.objects(prefix)...)
	}
	return objects
}

func (options Options) prefix() string {
	if options.IndexPrefix == "" {
		return defaultPrefix
	}
	return options.IndexPrefix
}

const defaultPrefix = "ml-metrics"

// pattern is what the indices are matched by. Not <prefix>-*, which matches those of a longer prefix too.
func pattern(prefix string) string { return prefix + "-20*" }

// id is the id of an object; no name has a dot, so that the last one ends the prefix and no two prefixes share an id.
func id(prefix string, names ...string) string { return prefix + "." + strings.Join(names, "-") }

// label is what stands before the titles, so that two prefixes in one Kibana can be told apart.
func label(prefix string) string {
	if prefix == defaultPrefix {
		return "Model metrics"
	}
	return "Model metrics (" + prefix + ")"
}

const columns, linksHeight, controlsHeight = 48, 3, 5

func (dashboard dashboard) objects(prefix string) []Object {
	panels := append([]panel{
		{name: "links", title: "Pages", width: columns, height: linksHeight, chart: links{dashboard}, bare: true},
		{name: "controls", title: "Choice", width: columns, height: controlsHeight, chart: controls(dashboard.controls), bare: true},
	}, dashboard.panels...)
	var objects []Object
	var placed []object
	var references []Reference
	x, y, height := 0, 0, 0
	for i, panel := range panels {
		if x+panel.width > columns {
			x, y, height = 0, y+height, 0
		}
		made := panel.object(dashboard, prefix)
		objects = append(objects, made)
		number := fmt.Sprint(i + 1)
		shown := object{"title": panel.title}
		if panel.bare {
			shown["hidePanelTitles"] = true
		}
		placed = append(placed, object{
			"version":          "7.8.0",
			"gridData":         object{"x": x, "y": y, "w": panel.width, "h": panel.height, "i": number},
			"panelIndex":       number,
			"embeddableConfig": shown,
			"title":            panel.title,
			"panelRefName":     "panel_" + number,
		})
		references = append(references, Reference{Name: "panel_" + number, Type: made.Type, ID: made.ID})
		x, height = x+panel.width, max(height, panel.height)
	}
	page := Object{
		ID:   id(prefix, dashboard.name),
		Type: "dashboard",
		Attributes: object{
			"title":           label(prefix) + ": " + dashboard.title,
			"description":     dashboard.description,
			"panelsJSON":      text(placed),
			"optionsJSON":     text(object{"hidePanelTitles": false, "useMargins": true}),
			"version":         1,
			"timeRestore":     true,
			"timeFrom":        dashboard.from,
			"timeTo":          "now",
			"refreshInterval": object{"pause": true, "value": 0},
			"kibanaSavedObjectMeta": object{"searchSourceJSON": text(object{
				"query": object{"language": "kuery", "query": ""}, "filter": []any{}})},
		},
		References:       references,
		MigrationVersion: map[string]string{"dashboard": migrationVersions["dashboard"]},
	}
	return append(objects, marked(page, prefix), marked(dashboard.documents.object(dashboard, prefix), prefix))
}

// object is the panel's own saved object.
func (panel panel) object(dashboard dashboard, prefix string) Object {
	title := label(prefix) + ": " + dashboard.title + ": " + panel.title
	state := panel.chart.state(panel, prefix)
	state["title"] = title
	var references []Reference
	if named, ok := state["references"].([]Reference); ok {
		references = named
		delete(state, "references")
	}
	return marked(Object{
		ID:   id(prefix, dashboard.name, panel.name),
		Type: "visualization",
		Attributes: object{
			"title":       title,
			"description": panel.question,
			"visState":    text(state),
			"uiStateJSON": "{}",
			"version":     1,
			"kibanaSavedObjectMeta": object{
				"searchSourceJSON": text(object{"query": object{"language": "kuery", "query": ""}, "filter": []any{}}),
			},
		},
		References:       references,
		MigrationVersion: map[string]string{"visualization": migrationVersions["visualization"]},
	}, prefix)
}

// vega is a chart whose specification is made of the panel's question and the index pattern.
type vega struct {
	spec func(question, prefix string) string
}

func (vega vega) state(panel panel, prefix string) object {
	return object{"type": "vega", "aggs": []any{}, "params": object{"spec": vega.spec(panel.question, prefix)}}
}

// links is the strip at the top. A link carries the time range that fits its page: the one that is set now no markdown can know, and
// without _g Kibana takes the page's own. What was chosen in the lists is pinned and stays, but on the way to the documents: Kibana loads
// Discover anew.
type links struct{ current dashboard }

func (links links) state(_ panel, prefix string) object {
	var shown []string
	for _, dashboard := range dashboards(prefix) {
		if dashboard.name == links.current.name {
			shown = append(shown, "**"+dashboard.title+"**")
			continue
		}
		shown = append(
			shown,
			fmt.Sprintf("[%s](#/view/%s?_g=(time:(from:%s,to:now)))", dashboard.title, id(prefix, dashboard.name), dashboard.from),
		)
	}
	shown = append(shown, fmt.Sprintf("[Documents](discover#/view/%s?_g=(time:(from:%s,to:now)))",
		links.current.documents.id(links.current, prefix), links.current.from))
	return object{"type": "markdown", "aggs": []any{}, "params": object{
		"fontSize": 12, "openLinksInNewTab": false, "markdown": strings.Join(shown, " \u2002·\u2002 ")}}
}

// control is a list to choose from.
type control struct {
	label, field string
	below        string // the field of the control that narrows it
}

type controls []control

func (controls controls) state(_ panel, prefix string) object {
	var lists []object
	var references []Reference
	ids := map[string]string{}
	for i, control := range controls {
		ids[control.field] = fmt.Sprintf("control-%d", i+1)
		name := fmt.Sprintf("control_%d_index_pattern", i)
		lists = append(lists, object{
			"id":                  ids[control.field],
			"fieldName":           control.field,
			"parent":              ids[control.below],
			"label":               control.label,
			"type":                "list",
			"options":             object{"type": "terms", "multiselect": true, "dynamicOptions": true, "size": 50, "order": "desc"},
			"indexPatternRefName": name,
		})
		references = append(references, Reference{Name: name, Type: "index-pattern", ID: prefix})
	}
	return object{"type": "input_control_vis", "aggs": []any{}, "references": references, "params": object{
		"controls": lists, "updateFiltersOnChange": true, "useTimeFilter": true, "pinFilters": true}}
}

// The controls that all pages begin with.
var (
	byEnvironment = control{label: "Environment", field: "service.environment"}
	byModel       = control{label: "Model", field: "ml.model.name", below: "service.environment"}
	byVersion     = control{label: "Version", field: "ml.model.version", below: "ml.model.name"}
	byMetric      = control{label: "Metric", field: "ml.metric.name", below: "ml.model.name"}
)

// savedSearch is the documents behind a page, which a link leads to. On the page itself, fifty rows would take as long as all of its
// charts.
type savedSearch struct {
	title    string
	question string
	query    string // in Kibana's language
	columns  []string
}

func (savedSearch) id(dashboard dashboard, prefix string) string {
	return id(prefix, dashboard.name, "documents")
}

func (search savedSearch) object(dashboard dashboard, prefix string) Object {
	const name = "kibanaSavedObjectMeta.searchSourceJSON.index"
	return Object{
		ID:   search.id(dashboard, prefix),
		Type: "search",
		Attributes: object{
			"title":       label(prefix) + ": " + dashboard.title + ": " + search.title,
			"description": search.question,
			"columns":     search.columns,
			"sort":        []any{[]string{"@timestamp", "desc"}},
			"hits":        0,
			"version":     1,
			"kibanaSavedObjectMeta": object{"searchSourceJSON": text(object{
				"query": object{"language": "kuery", "query": search.query}, "filter": []any{}, "indexRefName": name})},
		},
		References:       []Reference{{Name: name, Type: "index-pattern", ID: prefix}},
		MigrationVersion: map[string]string{"search": migrationVersions["search"]},
	}
}

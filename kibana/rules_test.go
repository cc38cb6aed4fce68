package kibana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
	"cdktf-aimetrics/metrics"
)

var everything = Objects(Options{})

// What Kibana takes on import, and what it says nothing about though it is broken.
func TestObjectsAreOnesThatKibana78Takes(t *testing.T) {
	attributes := map[string][]string{ // mappings of saved objects are strict
		"index-pattern": {"title", "timeFieldName", "fields", "fieldFormatMap"},
		"visualization": {"title", "description", "visState", "uiStateJSON", "version", "kibanaSavedObjectMeta"},
		"search":        {"title", "description", "columns", "sort", "hits", "version", "kibanaSavedObjectMeta"},
		"dashboard": {
			"title",
			"description",
			"panelsJSON",
			"optionsJSON",
			"version",
			"timeRestore",
			"timeFrom",
			"timeTo",
			"refreshInterval",
			"kibanaSavedObjectMeta",
		},
	}
	newest := map[string]string{"index-pattern": "7.6.0", "visualization": "7.8.0", "search": "7.4.0", "dashboard": "7.3.0"}
	there := map[string]bool{}
	for _, made := range everything {
		name := made.Type + ":" + made.ID
		if there[name] {
			t.Errorf("%s is there twice", name)
		}
		there[name] = true
		for attribute := range made.Attributes {
			if !slices.Contains(attributes[made.Type], attribute) {
				t.Errorf("%s has the attribute %s, which its type does not", name, attribute)
			}
		}
		if got := made.MigrationVersion[made.Type]; got != newest[made.Type] || len(made.MigrationVersion) != 1 {
			t.Errorf("%s has the migrationVersion %v, want %s", name, made.MigrationVersion, newest[made.Type])
		}
		for _, reference := range made.References {
			if !there[reference.Type+":"+reference.ID] {
				t.Errorf("%s needs %s %s, which does not come before it", name, reference.Type, reference.ID)
			}
		}
		for attribute, value := range made.Attributes {
			if written, ok := value.(string); ok &&
				(strings.HasSuffix(attribute,
					"JSON") || attribute == "visState" || attribute == "fields" || attribute == "fieldFormatMap") {
				if !json.Valid([]byte(written)) {
					t.Errorf("%s: %s is no JSON: %.100s", name, attribute, written)
				}
			}
		}
		if made.Type == "visualization" {
			kind := read(t, made.Attributes["visState"])["type"]
			if !slices.Contains([]string{"vega", "markdown", "input_control_vis"}, kind.(string)) {
				t.Errorf("%s is of the type %v", name, kind)
			}
		}
		if made.Type != "index-pattern" && !made.Ours() {
			t.Errorf("%s has no mark by which an edit would be seen", name)
		}
		if meta, ok := made.Attributes["kibanaSavedObjectMeta"].(object); ok {
			source := read(t, meta["searchSourceJSON"])
			if query := source["query"].(object); query["language"] != "kuery" {
				t.Errorf("%s: its query is of the language %v", name, query["language"])
			}
		}
	}
}

type placed struct {
	GridData     struct{ X, Y, W, H int } `json:"gridData"`
	PanelRefName string                   `json:"panelRefName"`
	Title        string                   `json:"title"`
}

func panelsOf(t *testing.T, page Object) []placed {
	t.Helper()
	var panels []placed
	if err := json.Unmarshal([]byte(page.Attributes["panelsJSON"].(string)), &panels); err != nil {
		t.Fatal(err)
	}
	return panels
}

func pages() []Object {
	var all []Object
	for _, made := range everything {
		if made.Type == "dashboard" {
			all = append(all, made)
		}
	}
	return all
}

// The layout that kibana.md has measured: what is seen first, and that nothing lies on another or leaves the page.
func TestLayout(t *testing.T) {
	if got := len(pages()); got != 6 {
		t.Fatalf("there are %d dashboards", got)
	}
	for _, page := range pages() {
		panels := panelsOf(t, page)
		if len(panels) < 6+2 {
			t.Errorf("%s has %d panels beside links and controls", page.ID, len(panels)-2)
		}
		shapes := []string{"48x3", "48x5", "12x6", "12x6", "12x6", "12x6"}
		for i, want := range shapes {
			if got := fmt.Sprintf("%dx%d", panels[i].GridData.W, panels[i].GridData.H); got != want {
				t.Errorf("%s: panel %d is %s, want %s", page.ID, i+1, got, want)
			}
		}
		// At 1366 x 768 Kibana's own bars leave 572 pixels; a row has 28.
		if last := panels[5].GridData; (last.Y+last.H)*28 > 572 {
			t.Errorf("%s: the four tiles end at row %d, and are not seen without scrolling", page.ID, last.Y+last.H)
		}
		taken := map[[2]int]string{}
		for i, panel := range panels {
			grid := panel.GridData
			if i > 5 && grid.W != 48 && grid.W != 24 {
				t.Errorf("%s: %q is %d columns wide", page.ID, panel.Title, grid.W)
			}
			for x := grid.X; x < grid.X+grid.W; x++ {
				for y := grid.Y; y < grid.Y+grid.H; y++ {
					if x >= 48 || taken[[2]int{x, y}] != "" {
						t.Fatalf("%s: %q at %d, %d lies on %q or off the page", page.ID, panel.Title, x, y, taken[[2]int{x, y}])
					}
					taken[[2]int{x, y}] = panel.Title
				}
			}
		}
		bottom := 0
		for _, panel := range panels {
			bottom = max(bottom, panel.GridData.Y+panel.GridData.H)
		}
		if len(taken) != 48*bottom {
			t.Errorf("%s has holes: %d of %d places are taken", page.ID, len(taken), 48*bottom)
		}
	}
}

// Each page opens with the time range that fits it, by itself and by a link.
func TestTimeAndLinks(t *testing.T) {
	from := map[string]string{
		"overview":  "now-30d",
		"models":    "now-90d",
		"training":  "now-90d",
		"inference": "now-24h",
		"language":  "now-7d",
		"drift":     "now-30d",
	}
	byID := map[string]Object{}
	for _, made := range everything {
		byID[made.Type+":"+made.ID] = made
	}
	for _, page := range pages() {
		name := strings.TrimPrefix(page.ID, "ml-metrics.")
		if page.Attributes["timeRestore"] != true || page.Attributes["timeFrom"] != from[name] || page.Attributes["timeTo"] != "now" {
			t.Errorf(
				"%s: opens with %v from %v to %v",
				page.ID,
				page.Attributes["timeRestore"],
				page.Attributes["timeFrom"],
				page.Attributes["timeTo"],
			)
		}
		strip := read(t, byID["visualization:"+page.ID+"-links"].Attributes["visState"])["params"].(object)["markdown"].(string)
		title := strings.TrimPrefix(page.Title(), "Model metrics: ")
		if !strings.Contains(strip, "**"+title+"**") || strings.Count(strip, "**") != 2 {
			t.Errorf("%s: its own link is not the bold one: %s", page.ID, strip)
		}
		targets := regexp.MustCompile(`\]\(#/view/([^?]+)\?_g=\(time:\(from:(now-\d+[dh]),to:now\)\)\)`).FindAllStringSubmatch(strip, -1)
		if len(targets) != 5 {
			t.Errorf("%s: %d links carry the time: %s", page.ID, len(targets), strip)
		}
		for _, target := range targets {
			if _, ok := byID["dashboard:"+target[1]]; !ok {
				t.Errorf("%s: links to %s", page.ID, target[1])
			}
			if want := from[strings.TrimPrefix(target[1], "ml-metrics.")]; target[2] != want {
				t.Errorf("%s: links to %s from %s, want %s", page.ID, target[1], target[2], want)
			}
		}
		documents := page.ID + "-documents"
		if want := fmt.Sprintf("](discover#/view/%s?_g=(time:(from:%s,to:now)))", documents, from[name]); !strings.HasSuffix(strip, want) {
			t.Errorf("%s: the strip does not end in %s: %s", page.ID, want, strip)
		}
		if _, ok := byID["search:"+documents]; !ok {
			t.Errorf("%s: there is no search %s", page.ID, documents)
		}
	}
}

// Controls hang together and keep to the time; what a user invents is in their lists by itself, for they ask the index and not us.
func TestControls(t *testing.T) {
	for _, made := range everything {
		if !strings.HasSuffix(made.ID, "-controls") {
			continue
		}
		parameters := read(t, made.Attributes["visState"])["params"].(object)
		for _, key := range []string{"useTimeFilter", "pinFilters", "updateFiltersOnChange"} {
			if parameters[key] != true {
				t.Errorf("%s: %s is %v", made.ID, key, parameters[key])
			}
		}
		ids := []string{""}
		for i, list := range parameters["controls"].([]any) {
			list := list.(object)
			if field, ok := metrics.Lookup(list["fieldName"].(string)); !ok || field.Type != metrics.Keyword {
				t.Errorf("%s: %v is no keyword of the model", made.ID, list["fieldName"])
			}
			if !slices.Contains(ids, list["parent"].(string)) || (i > 0 && list["parent"] == "") {
				t.Errorf("%s: %v hangs below %q, of %q", made.ID, list["label"], list["parent"], ids)
			}
			ids = append(ids, list["id"].(string))
			if list["options"].(object)["dynamicOptions"] != true {
				t.Errorf("%s: %v lists the first terms alone", made.ID, list["label"])
			}
		}
	}
}

// A title says what, and the description is the question that it answers.
func TestTitlesAndQuestions(t *testing.T) {
	for _, page := range pages() {
		seen := map[string]bool{}
		for i, panel := range panelsOf(t, page) {
			if panel.Title == "" || seen[panel.Title] {
				t.Errorf("%s: the title %q is empty or there twice", page.ID, panel.Title)
			}
			seen[panel.Title] = true
			shown := everything[slices.IndexFunc(everything, func(made Object) bool {
				return made.ID == page.References[i].ID && made.Type == page.References[i].Type
			})]
			question, _ := shown.Attributes["description"].(string)
			if i > 1 && !strings.Contains(question, "?") && !strings.HasSuffix(question, ".") {
				t.Errorf("%s: %q answers no question: %q", page.ID, panel.Title, question)
			}
			if !strings.HasSuffix(shown.Title(), ": "+panel.Title) {
				t.Errorf("%s: %q shows %q", page.ID, panel.Title, shown.Title())
			}
		}
	}
}

// aggregatable is what an aggregation can take.
var aggregatable = map[string][]metrics.Type{
	"terms": {
		metrics.Keyword,
	}, "cardinality": {metrics.Keyword}, "date_histogram": {metrics.Date}, "value_count": {metrics.Keyword, metrics.Double, metrics.Long},
	"sum": {metrics.Long, metrics.Double}, "avg": {metrics.Long, metrics.Double}, "percentiles": {metrics.Double, metrics.Long},
	"max": {metrics.Long, metrics.Double, metrics.Date, metrics.Boolean}, "min": {metrics.Long, metrics.Double, metrics.Date},
}

var withoutField = []string{"filters", "filter", "top_hits", "sampler", "percentiles_bucket", "auto_date_histogram"}

// Every field is the model's and of a type that the aggregation takes: Kibana draws the rest in silence.
func TestFieldsAreTheModels(t *testing.T) {
	fields := regexp.MustCompile(
		`"(?:field|@timestamp|(?:labels|service|cloud|ml|gen_ai|error|http|event)\.[a-z_.0-9]+)"(?::\s*"([^"]+)")?`,
	)
	for _, request := range everyRequest(t) {
		each(request.body["aggs"].(object), nil, func(name, kind string, parameters object, _ []object) {
			field, ok := parameters["field"].(string)
			if !ok {
				if !slices.Contains(withoutField, kind) && parameters["script"] == nil {
					t.Errorf("%s: %s is %s of no field", request, name, kind)
				}
				return
			}
			known, ok := metrics.Lookup(field)
			if !ok || !slices.Contains(aggregatable[kind], known.Type) {
				t.Errorf("%s: %s of %s, which is %q in the model", request, kind, field, known.Type)
			}
		})
		for _, match := range fields.FindAllStringSubmatch(text(request.body), -1) {
			name := strings.Trim(match[0], `"`)
			if strings.HasPrefix(name, "field") {
				name = match[1]
			} else {
				name, _, _ = strings.Cut(name, `"`)
			}
			if _, ok := metrics.Lookup(name); !ok {
				t.Errorf("%s: %q is no field of the model", request, name)
			}
		}
	}
	for _, made := range everything {
		if made.Type == "search" {
			for _, column := range made.Attributes["columns"].([]string) {
				if _, ok := metrics.Lookup(column); !ok {
					t.Errorf("%s: %q is no field of the model", made.ID, column)
				}
			}
		}
	}
}

// Nothing is a sum or a mean over models or runs, percentiles of windows are never averaged, and what is asked for is bounded.
func TestNothingIsMixed(t *testing.T) {
	for _, request := range everyRequest(t) {
		each(request.body["aggs"].(object), nil, func(name, kind string, parameters object, around []object) {
			field, _ := parameters["field"].(string)
			var by []string
			for _, outer := range around {
				if terms, ok := outer["terms"].(object); ok {
					if field, ok := terms["field"].(string); ok {
						by = append(by, field)
					}
				}
			}
			if slices.Contains([]string{"sum", "avg", "percentiles"}, kind) && !slices.Contains(by, "ml.model.name") &&
				!slices.Contains(by, "ml.run.id") {
				t.Errorf("%s: %s of %s mixes models", request, kind, field)
			}
			if kind == "avg" && field != "ml.metric.value" {
				t.Errorf("%s: the mean of %s", request, field)
			}
			if kind == "avg" && !slices.Contains(by, "ml.run.id") {
				t.Errorf("%s: the mean of %s mixes runs", request, field)
			}
			if kind == "percentiles" &&
				(strings.Contains(field, "latency_ms") || !strings.Contains(text(request.body), "ml.inference.duration_ms")) {
				t.Errorf("%s: percentiles of %s, which is of windows", request, field)
			}
			if size, ok := parameters["size"].(float64); kind == "terms" && (!ok || size > 500) {
				t.Errorf("%s: %s has no bound: %v", request, name, parameters["size"])
			}
		})
		if request.body["size"] != 0.0 {
			t.Errorf("%s fetches documents", request)
		}
	}
}

// The same thing has the same colour on all pages.
func TestColoursOfRoles(t *testing.T) {
	for _, made := range everything {
		spec, ok := specOf(t, made)
		if !ok {
			continue
		}
		for _, data := range spec["data"].([]any) {
			if data := data.(object); data["name"] == "legend" && strings.Contains(text(data), "challenger") {
				if want := quoted(roleColors) + "[datum.place]"; !strings.Contains(text(data), strings.Trim(text(want), `"`)) {
					t.Errorf("%s has other colours for the roles: %s", made.ID, text(data))
				}
			}
		}
		if spec["config"].(object)["kibana"].(object)["renderer"] != "svg" {
			t.Errorf("%s is drawn on a canvas, in which a screen reader sees nothing", made.ID)
		}
		var names []string
		for _, data := range spec["data"].([]any) {
			names = append(names, data.(object)["name"].(string))
		}
		for _, mark := range spec["marks"].([]any) {
			if name, ok := mark.(object)["name"].(string); ok {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if unique := slices.Compact(slices.Clone(names)); len(unique) != len(names) {
			t.Errorf("%s has one name twice: %q", made.ID, names)
		}
		if words := "No values in this time range and selection"; !strings.Contains(text(spec), words) {
			t.Errorf("%s does not say so where there is nothing", made.ID)
		}
	}
}

// Columns of a table fill its width and no more.
func TestColumnsFit(t *testing.T) {
	for _, made := range everything {
		spec, ok := specOf(t, made)
		if !ok || !strings.Contains(text(spec), `"visible"`) {
			continue
		}
		widths := 0.0
		for _, mark := range spec["marks"].([]any) {
			update, _ := mark.(object)["encode"].(object)["update"].(object)
			limit, _ := update["limit"].(object)
			var share float64
			if mark.(object)["from"] != nil && limit != nil {
				fmt.Sscanf(limit["signal"].(string), "width * %f - 10", &share)
				widths += share
			}
		}
		if widths < 0.9 || widths > 1.0001 {
			t.Errorf("%s: its columns take %.3f of the width", made.ID, widths)
		}
	}
}

// Two prefixes can be in one Kibana. TestPrefixes, with the tag integration, tries those that are nearest to ours.
func TestAnotherPrefix(t *testing.T) { stayApart(t, "ml-dev") }

// stayApart holds that the objects of a prefix are not those of ours, and speak of none of them.
func stayApart(t *testing.T, prefixes ...string) {
	t.Helper()
	ours := map[string]bool{}
	for _, made := range everything {
		ours[made.Type+":"+made.ID] = true
	}
	for _, prefix := range prefixes {
		for _, made := range Objects(Options{IndexPrefix: prefix}) {
			if ours[made.Type+":"+made.ID] {
				t.Errorf("%s %s is of two prefixes", made.Type, made.ID)
			}
			if written := text(made); strings.Contains(strings.ReplaceAll(written, prefix, ""), "ml-metrics") {
				t.Errorf("%s %s of %s speaks of ml-metrics", made.Type, made.ID, prefix)
			}
			if made.Type == "dashboard" && !strings.Contains(made.Title(), prefix) {
				t.Errorf("%q does not say of which prefix it is", made.Title())
			}
		}
	}
}

func TestSameBytes(t *testing.T) {
	var first, second bytes.Buffer
	Encode(&first, everything)
	Encode(&second, Objects(Options{IndexPrefix: "ml-metrics"}))
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same prefix gives other bytes")
	}
	if lines := bytes.Count(first.Bytes(), []byte("\n")); lines != len(everything) {
		t.Errorf("%d lines of %d objects", lines, len(everything))
	}
}

func TestAddress(t *testing.T) {
	from, to := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		from, to time.Time
		want     string
	}{
		{time.Time{}, time.Time{}, "https://x/_plugin/kibana/app/dashboards#/view/ml-dev.training"},
		{from, to, "https://x/_plugin/kibana/app/dashboards#/view/ml-dev.training" +
			"?_g=(time:(from:'2025-03-01T00:00:00.000Z',to:'2025-03-02T12:00:00.000Z'))"},
	} {
		if got := Address("https://x/_plugin/kibana/", Options{IndexPrefix: "ml-dev"}, TrainingRuns, test.from, test.to); got != test.want {
			t.Errorf("Address = %s\nwant      %s", got, test.want)
		}
	}
	ids := map[string]bool{}
	for _, page := range pages() {
		ids[page.ID] = true
	}
	for _, name := range []string{Overview, Models, TrainingRuns, Inference, LanguageModels, DriftAndDataQuality} {
		if !ids["ml-metrics."+name] {
			t.Errorf("no dashboard is called %s", name)
		}
	}
}

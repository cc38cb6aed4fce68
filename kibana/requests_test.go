package kibana

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// asked is a search that a chart sends.
type asked struct {
	panel string // id of its visualization
	name  string // of the data set
	index string
	body  object
}

// everyRequest is the searches of everything for the first ninety days of 1970. They may not be changed.
func everyRequest(t testing.TB) []asked {
	t.Helper()
	if requested == nil {
		requested = requestsOf(t, everything, time.Unix(0, 0), time.Unix(90*86400, 0))
	}
	return requested
}

var requested []asked

// requestsOf is every search of every chart among objects, as Kibana sends it for a time range and no choice.
func requestsOf(t testing.TB, objects []Object, from, to time.Time) []asked {
	t.Helper()
	var all []asked
	for _, made := range objects {
		spec, ok := specOf(t, made)
		if !ok {
			continue
		}
		for _, data := range spec["data"].([]any) {
			data := data.(object)
			if address, ok := data["url"].(object); ok {
				all = append(
					all,
					asked{made.ID, data["name"].(string), address["index"].(string), filled(address["body"], from, to).(object)},
				)
			}
		}
	}
	return all
}

// specOf is the specification of a chart of Vega.
func specOf(t testing.TB, made Object) (object, bool) {
	t.Helper()
	if made.Type != "visualization" {
		return nil, false
	}
	state := read(t, made.Attributes["visState"])
	if state["type"] != "vega" {
		return nil, false
	}
	return read(t, state["params"].(object)["spec"]), true
}

// read is JSON in a text.
func read(t testing.TB, written any) object {
	t.Helper()
	var value object
	if err := json.Unmarshal([]byte(written.(string)), &value); err != nil {
		t.Fatalf("%v: %.200s", err, written)
	}
	return value
}

// filled puts in what Kibana does:
// https://github.com/elastic/kibana/blob/v7.10.2/src/plugins/vis_type_vega/public/data_model/es_query_parser.ts
func filled(value any, from, to time.Time) any {
	switch value := value.(type) {
	case []any:
		list := []any{}
		for _, element := range value {
			if _, isClause := element.(string); !isClause || element.(string)[0] != '%' {
				list = append(list, filled(element, from, to))
			}
		}
		return list
	case object:
		if value["%timefilter%"] == true {
			return object{"gte": from.UTC().Format(time.RFC3339Nano), "lte": to.UTC().Format(time.RFC3339Nano),
				"format": "strict_date_optional_time"}
		}
		if value["%timefilter%"] == "max" {
			return float64(to.AddDate(0, 0, int(value["shift"].(float64))).UnixMilli())
		}
		copied := object{}
		for key, element := range value {
			if parts, ok := element.(object); ok && key == "interval" && parts["%autointerval%"] != nil {
				copied[key] = roundInterval(float64(to.Sub(from).Milliseconds()) / parts["%autointerval%"].(float64))
				continue
			}
			copied[key] = filled(element, from, to)
		}
		return copied
	}
	return value
}

func roundInterval(ms float64) string {
	for _, step := range []struct {
		most  float64
		width string
	}{{500, "100ms"}, {5e3, "1s"}, {7500, "5s"}, {15e3, "10s"}, {45e3, "30s"}, {18e4, "1m"}, {45e4, "5m"}, {12e5, "10m"}, {27e5, "30m"},
		{72e5, "1h"},
		{216e5, "3h"}, {864e5, "12h"}, {6048e5, "24h"}, {18144e5, "1w"}, {36288e5, "30d"}} {
		if ms <= step.most {
			return step.width
		}
	}
	return "1y"
}

// each calls visit for each aggregation below, with those around it, the outermost first.
func each(aggs object, around []object, visit func(name, kind string, parameters object, around []object)) {
	for name, aggregation := range aggs {
		aggregation := aggregation.(object)
		var kind string
		var parameters object
		for key, value := range aggregation {
			if key != "aggs" {
				kind, parameters = key, value.(object)
			}
		}
		visit(name, kind, parameters, around)
		if below, ok := aggregation["aggs"].(object); ok {
			each(below, append(append([]object{}, around...), object{kind: parameters}), visit)
		}
	}
}

func (a asked) String() string { return fmt.Sprintf("%s (%s)", a.panel, a.name) }

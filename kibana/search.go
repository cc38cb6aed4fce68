package kibana

import "fmt"

// object is a piece of JSON.
type object = map[string]any

// request is a search whose buckets become the rows of a chart. Kibana puts the page's time range, query and filters into it.
type request struct {
	filters []any   // what a document must match beside them
	levels  []level // from the outside in; the buckets of the last are the rows
	values  object  // the aggregations within the last
}

// level is an aggregation into buckets; its name is a field of the rows, with the bucket's key.
type level struct {
	name        string
	aggregation object
	aggs        object // beside the next level
}

// data is the request as a data set of Vega, with a field for each level and one for each of the formulas, in their order.
func (request request) data(name, index string, formulas ...object) object {
	aggs := request.values
	for i := len(request.levels) - 1; i >= 0; i-- {
		level := request.levels[i]
		within := object{}
		for key, aggregation := range aggs {
			within[key] = aggregation
		}
		for key, aggregation := range level.aggs {
			within[key] = aggregation
		}
		bucket := object{}
		for key, value := range level.aggregation {
			bucket[key] = value
		}
		if len(within) > 0 {
			bucket["aggs"] = within
		}
		aggs = object{level.name: bucket}
	}
	transforms := []object{formula(request.levels[0].name, "datum.key")}
	path := ""
	for i, level := range request.levels[1:] {
		as := fmt.Sprintf("bucket%d", i+1)
		transforms = append(transforms,
			object{"type": "flatten", "fields": []string{path + level.name + ".buckets"}, "as": []string{as}},
			formula(level.name, "datum."+as+".key"))
		path = as + "."
	}
	return object{
		"name": name,
		"url": object{
			"index": index,
			"body": object{
				"size":             0,
				"track_total_hits": false,
				"query":            query(request.filters),
				"aggs":             aggs,
			},
		},
		"format":    object{"property": "aggregations." + request.levels[0].name + ".buckets"},
		"transform": append(transforms, formulas...),
	}
}

// bucket is the expression of Vega for the bucket of level i of a row.
func bucket(i int) string {
	if i == 0 {
		return "datum"
	}
	return fmt.Sprintf("datum.bucket%d", i)
}

// query is the page's time range, query and filters, and what is said beside them.
func query(filters []any) object {
	return object{"bool": object{
		"must": []any{"%dashboard_context-must_clause%"},
		"filter": append([]any{"%dashboard_context-filter_clause%",
			object{"range": object{"@timestamp": object{"%timefilter%": true}}}}, filters...),
		"must_not": []any{"%dashboard_context-must_not_clause%"},
	}}
}

func formula(as, expression string) object {
	return object{"type": "formula", "as": as, "expr": expression}
}

func filter(expression string) object { return object{"type": "filter", "expr": expression} }

// What a document must match.

func term(field string, value any) object { return object{"term": object{field: value}} }

func exists(field string) object { return object{"exists": object{"field": field}} }

func not(clause any) object { return object{"bool": object{"must_not": []any{clause}}} }

func either(clauses ...any) object {
	return object{"bool": object{"should": clauses, "minimum_should_match": 1}}
}

func dataset(name string) object { return term("event.dataset", name) }

// lastDay is the last day of the page's time range.
func lastDay() object { return daysBack(1, 0) }

// daysBack is the time from some days to others before the end of the page's time range.
func daysBack(from, to int) object {
	bounds := object{"format": "epoch_millis", "gt": object{"%timefilter%": "max", "shift": -from, "unit": "day"}}
	if to > 0 {
		bounds["lte"] = object{"%timefilter%": "max", "shift": -to, "unit": "day"}
	}
	return object{"range": object{"@timestamp": bounds}}
}

// Levels.

// none is the key of documents that lack the field.
const none = "–"

// terms are the most frequent values of a keyword; documents without it are in a bucket of their own.
func terms(name, field string, size int) level {
	return level{name: name, aggregation: object{"terms": object{"field": field, "size": size, "missing": none}}}
}

// given are the most frequent values of a keyword; documents without it are left out.
func given(name, field string, size int) level {
	return level{name: name, aggregation: object{"terms": object{"field": field, "size": size}}}
}

// all is one bucket of every document.
func all() level {
	return level{name: "all", aggregation: object{"filters": object{"filters": []any{object{"match_all": object{}}}}}}
}

// over is about that many equal parts of the page's time range.
func over(parts int) level {
	return level{name: "time", aggregation: object{"date_histogram": object{
		"field": "@timestamp", "interval": object{"%autointerval%": parts}, "min_doc_count": 1}}}
}

// Values.

func sum(field string) object { return object{"sum": object{"field": field}} }

func maximum(field string) object { return object{"max": object{"field": field}} }

func minimum(field string) object { return object{"min": object{"field": field}} }

func mean(field string) object { return object{"avg": object{"field": field}} }

func count(field string) object { return object{"cardinality": object{"field": field}} }

func percentiles(field string, percents ...float64) object {
	return object{"percentiles": object{"field": field, "percents": percents, "keyed": true}}
}

// within is values of the documents that match.
func within(clause, values object) object { return object{"filter": clause, "aggs": values} }

// newest is the newest document, of which only these fields are fetched. They come from the index and not from the source, in which
// names may be nested or dotted.
func newest(fields ...string) object { return extreme("@timestamp", "desc", fields...) }

// extreme is the document with the greatest (desc) or least (asc) value of a field.
func extreme(by, order string, fields ...string) object {
	fetched := []any{object{"field": "@timestamp", "format": "epoch_millis"}}
	for _, field := range fields {
		fetched = append(fetched, object{"field": field})
	}
	return object{"top_hits": object{"size": 1, "sort": []any{object{by: order}}, "_source": false, "docvalue_fields": fetched}}
}

// of is the expression for a field of the document of newest or extreme, null without it.
func of(hit, field string) string {
	return fmt.Sprintf(
		"(length(%[1]s.hits.hits) && %[1]s.hits.hits[0].fields['%[2]s'] ? %[1]s.hits.hits[0].fields['%[2]s'][0] : null)",
		hit,
		field,
	)
}

// timeOf is the expression for the time of that document.
func timeOf(hit string) string {
	return fmt.Sprintf("(length(%[1]s.hits.hits) ? toNumber(%[1]s.hits.hits[0].fields['@timestamp'][0]) : null)", hit)
}

// metricFields are what a value needs beside it.
var metricFields = []string{
	"ml.metric.value",
	"ml.metric.ci_lower",
	"ml.metric.ci_upper",
	"ml.metric.sample_count",
	"ml.metric.higher_is_better",
	"ml.metric.threshold",
}

// latestRole is the role that most recently was said.
func latestRole() object {
	return object{
		"terms": object{"field": "ml.deployment.role", "size": 1, "order": object{"newest": "desc"}},
		"aggs":  object{"newest": maximum("@timestamp")},
	}
}

// roleOf is the expression for the key of latestRole in a bucket.
func roleOf(bucket string) string {
	return fmt.Sprintf("length(%[1]s.role.buckets) ? %[1]s.role.buckets[0].key : '%[2]s'", bucket, noRole)
}

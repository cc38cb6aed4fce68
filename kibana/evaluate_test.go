package kibana

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// document is one of the sample data, its names dotted; times are milliseconds.
type document map[string]any

// sampleDocuments is the sample data as ingest would send it, with the lines of the bulk requests if send is not nil.
func sampleDocuments(t testing.TB, prefix string, sample metrics.Sample, send func(index, id string, source []byte)) []document {
	t.Helper()
	encoder, err := metrics.NewEncoder(
		metrics.Options{Settings: metrics.Settings{IndexPrefix: prefix}, Now: func() time.Time { return sample.Until }},
	)
	if err != nil {
		t.Fatal(err)
	}
	var documents []document
	for row := range sample.Rows() {
		for encoded, err := range encoder.Row(row) {
			if err != nil {
				t.Fatal(err)
			}
			var read document
			if err := json.Unmarshal(encoded.Source, &read); err != nil {
				t.Fatal(err)
			}
			for name, value := range read {
				if field, _ := metrics.Lookup(name); field.Type == metrics.Date {
					at, err := time.Parse(time.RFC3339, value.(string))
					if err != nil {
						t.Fatal(err)
					}
					read[name] = float64(at.UnixMilli())
				}
			}
			documents = append(documents, read)
			if send != nil {
				send(encoded.Index, encoded.ID.String(), encoded.Source)
			}
		}
	}
	return documents
}

// matches reports whether a document matches a query.
func matches(query object, one document) bool {
	for kind, clause := range query {
		clause, _ := clause.(object)
		switch kind {
		case "match_all":
			return true
		case "exists":
			return one[clause["field"].(string)] != nil
		case "term":
			for field, value := range clause {
				return one[field] == value
			}
		case "range":
			for field, bounds := range clause {
				at, ok := one[field].(float64)
				if !ok {
					return false
				}
				for bound, limit := range bounds.(object) {
					if bound == "format" {
						continue
					}
					var at2 float64
					switch limit := limit.(type) {
					case float64:
						at2 = limit
					case string:
						parsed, err := time.Parse(time.RFC3339Nano, limit)
						if err != nil {
							panic(err)
						}
						at2 = float64(parsed.UnixMilli())
					}
					if !map[string]bool{"gt": at > at2, "gte": at >= at2, "lt": at < at2, "lte": at <= at2}[bound] {
						return false
					}
				}
				return true
			}
		case "bool":
			for part, clauses := range clause {
				list, ok := clauses.([]any)
				if !ok {
					continue // minimum_should_match: 1
				}
				hits := 0
				for _, inner := range list {
					if matches(inner.(object), one) {
						hits++
					}
				}
				if part == "must_not" && hits > 0 || (part == "must" || part == "filter") && hits < len(list) ||
					part == "should" && hits == 0 {
					return false
				}
			}
			return true
		default:
			panic("no such query: " + kind)
		}
	}
	panic(fmt.Sprint("no query: ", query))
}

// compare computes the aggregations of the documents in plain Go and compares what the server answered, value by value. It returns how
// many values it compared.
func compare(t *testing.T, where string, aggs object, documents []document, answer object) int {
	compared := 0
	for name, aggregation := range aggs {
		got, ok := answer[name].(object)
		if !ok {
			t.Errorf("%s.%s: no answer", where, name)
			continue
		}
		compared += compareOne(t, where+"."+name, aggregation.(object), documents, got, answer)
	}
	return compared
}

func compareOne(t *testing.T, where string, aggregation object, documents []document, got, beside object) int {
	inner, _ := aggregation["aggs"].(object)
	field := func(parameters object) string { name, _ := parameters["field"].(string); return name }
	for kind, parameters := range aggregation {
		parameters, ok := parameters.(object)
		if !ok || kind == "aggs" {
			continue
		}
		switch kind {
		case "terms":
			if parameters["script"] != nil {
				return compareParameters(t, where, documents, got)
			}
			groups := map[string][]document{}
			for _, one := range documents {
				if value, ok := one[field(parameters)]; ok {
					groups[fmt.Sprint(value)] = append(groups[fmt.Sprint(value)], one)
				} else if missing, ok := parameters["missing"].(string); ok {
					groups[missing] = append(groups[missing], one)
				}
			}
			if want := min(len(groups), int(parameters["size"].(float64))); len(got["buckets"].([]any)) != want {
				t.Errorf("%s: %d buckets, want %d", where, len(got["buckets"].([]any)), want)
			}
			return compareBuckets(t, where, inner, got, func(bucket object) []document { return groups[bucket["key"].(string)] })
		case "filters":
			bucket := got["buckets"].([]any)[0].(object)
			return equal(t, where, bucket["doc_count"], float64(len(documents)), 0) + compare(t, where, inner, documents, bucket)
		case "filter":
			var kept []document
			for _, one := range documents {
				if matches(parameters, one) {
					kept = append(kept, one)
				}
			}
			return equal(t, where, got["doc_count"], float64(len(kept)), 0) + compare(t, where, inner, kept, got)
		case "date_histogram":
			width := widths[parameters["interval"]]
			if width == 0 {
				width = widths[parameters["fixed_interval"]]
			}
			groups := map[float64][]document{}
			for _, one := range documents {
				key := math.Floor(one["@timestamp"].(float64)/width) * width
				groups[key] = append(groups[key], one)
			}
			equal(t, where+": buckets", float64(len(got["buckets"].([]any))), float64(len(groups)), 0)
			return compareBuckets(t, where, inner, got, func(bucket object) []document { return groups[bucket["key"].(float64)] })
		case "auto_date_histogram":
			// The server chose the width; each bucket ends where the next begins.
			buckets := got["buckets"].([]any)
			count := 0
			for i, bucket := range buckets {
				from, to := bucket.(object)["key"].(float64), math.Inf(1)
				if i+1 < len(buckets) {
					to = buckets[i+1].(object)["key"].(float64)
				}
				var within []document
				for _, one := range documents {
					step, ok := one["ml.step"].(float64)
					if !ok {
						step, _ = one["ml.epoch"].(float64)
					}
					if step*1000 >= from && step*1000 < to {
						within = append(within, one)
					}
				}
				count += equal(t, where, bucket.(object)["doc_count"], float64(len(within)), 0)
				if len(within) > 0 {
					count += compare(t, where, inner, within, bucket.(object))
				}
			}
			if most := int(parameters["buckets"].(float64)); len(buckets) > most {
				t.Errorf("%s: %d buckets, want %d at most", where, len(buckets), most)
			}
			return count
		case "sampler":
			return compare(t, where, inner, documents, got)
		case "top_hits":
			return compareHit(t, where, parameters, documents, got)
		case "percentiles_bucket":
			var values []float64
			path, metric, _ := strings.Cut(parameters["buckets_path"].(string), ">")
			for _, bucket := range beside[path].(object)["buckets"].([]any) {
				if value, ok := bucket.(object)[metric].(object)["value"].(float64); ok {
					values = append(values, value)
				}
			}
			slices.Sort(values)
			if len(values) == 0 {
				return 0
			}
			// Of an even number the engine takes the lower of the middle two, or the upper.
			at := got["values"].(object)["50.0"].(float64)
			if at != values[(len(values)-1)/2] && at != values[len(values)/2] {
				t.Errorf("%s: %v is not the median of %v", where, at, values)
			}
			return 1
		}
		values := valuesOf(documents, field(parameters))
		switch kind {
		case "sum":
			total := 0.0
			for _, value := range values {
				total += value
			}
			return equal(t, where, got["value"], total, 1e-9)
		case "avg", "min", "max":
			if len(values) == 0 {
				return equal(t, where, got["value"], nil, 0)
			}
			total := 0.0
			for _, value := range values {
				total += value
			}
			return equal(
				t,
				where,
				got["value"],
				map[string]float64{"avg": total / float64(len(values)), "min": slices.Min(values), "max": slices.Max(values)}[kind],
				1e-9,
			)
		case "value_count":
			count := 0
			for _, one := range documents {
				if one[field(parameters)] != nil {
					count++
				}
			}
			return equal(t, where, got["value"], float64(count), 0)
		case "cardinality":
			distinct := map[any]bool{}
			for _, one := range documents {
				if value := one[field(parameters)]; value != nil {
					distinct[value] = true
				}
			}
			return equal(t, where, got["value"], float64(len(distinct)), 0.02) // an estimate, exact for few
		case "percentiles":
			slices.Sort(values)
			count := 0
			for percent, value := range got["values"].(object) {
				if len(values) == 0 {
					count += equal(t, where, value, nil, 0)
					continue
				}
				var p float64
				fmt.Sscan(percent, &p)
				// A t-digest says a value near that rank: within one rank, and a hundredth of all.
				rank := p / 100 * float64(len(values)-1)
				slack := 1 + 0.01*float64(len(values))
				low, high := values[int(math.Max(0, math.Floor(rank-slack)))], values[int(math.Min(float64(len(values)-1),
					math.Ceil(rank+slack)))]
				if value, ok := value.(float64); !ok || value < low-1e-9 || value > high+1e-9 {
					t.Errorf("%s: the %vth percentile is %v, want %v to %v", where, p, value, low, high)
				}
				count++
			}
			return count
		}
		t.Fatalf("%s: no such aggregation: %s", where, kind)
	}
	return 0
}

var widths = map[any]float64{"1m": 6e4, "5m": 3e5, "10m": 6e5, "30m": 18e5, "1h": 36e5, "3h": 108e5, "12h": 432e5, "24h": 864e5}

func compareBuckets(t *testing.T, where string, inner, got object, documentsOf func(bucket object) []document) int {
	count := 0
	for _, bucket := range got["buckets"].([]any) {
		bucket := bucket.(object)
		documents := documentsOf(bucket)
		at := fmt.Sprintf("%s[%v]", where, bucket["key"])
		count += equal(t, at, bucket["doc_count"], float64(len(documents)), 0)
		count += compare(t, at, inner, documents, bucket)
	}
	return count
}

func valuesOf(documents []document, field string) []float64 {
	var values []float64
	for _, one := range documents {
		switch value := one[field].(type) {
		case float64:
			values = append(values, value)
		case bool:
			values = append(values, map[bool]float64{true: 1}[value])
		}
	}
	return values
}

// compareHit compares the document that came with the one that is first; of several that are equal in what they are sorted by any will do.
func compareHit(t *testing.T, where string, parameters object, documents []document, got object) int {
	type by struct {
		field string
		desc  bool
	}
	var order []by
	for _, sort := range parameters["sort"].([]any) {
		for field, way := range sort.(object) {
			if detailed, ok := way.(object); ok {
				way = detailed["order"]
			}
			order = append(order, by{field, way == "desc"})
		}
	}
	less := func(a, b document) int {
		for _, by := range order {
			x, hasX := a[by.field].(float64)
			y, hasY := b[by.field].(float64)
			if hasX != hasY {
				return map[bool]int{true: -1, false: 1}[hasX]
			}
			if x != y {
				return map[bool]int{true: -1, false: 1}[(x < y) != by.desc]
			}
		}
		return 0
	}
	hits := got["hits"].(object)["hits"].([]any)
	if len(documents) == 0 {
		return equal(t, where, float64(len(hits)), 0.0, 0)
	}
	sorted := slices.Clone(documents)
	sort.SliceStable(sorted, func(i, j int) bool { return less(sorted[i], sorted[j]) < 0 })
	fields, _ := hits[0].(object)["fields"].(object)
	var last string
	for _, candidate := range sorted {
		if less(sorted[0], candidate) != 0 {
			break
		}
		last = ""
		for _, wanted := range parameters["docvalue_fields"].([]any) {
			field := wanted.(object)["field"].(string)
			var came any
			if list, ok := fields[field].([]any); ok {
				came = list[0]
			}
			want := candidate[field]
			if field == "@timestamp" {
				want = fmt.Sprintf("%.0f", want)
			}
			if came != want {
				last = fmt.Sprintf("%s is %v, want %v", field, came, want)
			}
		}
		if last == "" {
			return len(fields)
		}
	}
	t.Errorf("%s: the first document: %s", where, last)
	return 0
}

// compareParameters compares the hyperparameters of one document, any of a run, with those of the run.
func compareParameters(t *testing.T, where string, documents []document, got object) int {
	var want []string
	for name, value := range documents[0] {
		if parameter, ok := strings.CutPrefix(name, "ml.params."); ok {
			want = append(want, fmt.Sprintf("%s = %v", parameter, value))
		}
	}
	slices.Sort(want)
	var found []string
	for _, bucket := range got["buckets"].([]any) {
		found = append(found, bucket.(object)["key"].(string))
	}
	if !slices.Equal(found, want) {
		t.Errorf("%s: the parameters are %q, want %q", where, found, want)
	}
	return len(want)
}

func equal(t *testing.T, where string, got, want any, tolerance float64) int {
	a, isNumber := got.(float64)
	b, wantNumber := want.(float64)
	if isNumber != wantNumber || isNumber && math.Abs(a-b) > tolerance*math.Max(1, math.Abs(b)) {
		t.Errorf("%s: %v, want %v", where, got, want)
	}
	return 1
}

package source

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"unicode"

	"cdktf-aimetrics/metrics"
)

// A report of Evidently, as its save_json, json and dict give it: 0.7, where each metric has a value and its config, and the versions
// before, where each has a result. Drift becomes a document for each column and one that sums up; other metrics that are one number
// become checks of data quality, or values of an evaluation where they are a model's.
// https://docs.evidentlyai.com/docs/library/report
var evidently = Format{Name: "evidently", Description: "a report of Evidently, of 0.7 or before, as JSON",
	recognizes: func(beginning []byte) bool {
		if !startsWith(beginning, '{') || !bytes.Contains(beginning, []byte(`"metrics"`)) {
			return false
		}
		for _, name := range []string{`"evidently:metric`, `"metric_name"`, `"metric_id"`, `"drift_by_columns"`, `"stattest_name"`,
			`"DatasetDriftMetric"`} {
			if bytes.Contains(beginning, []byte(name)) {
				return true
			}
		}
		return bytes.Contains(beginning, []byte(`"metric"`)) && bytes.Contains(beginning, []byte(`"result"`))
	},
	read: openDocument(func(d *document, out *output) error {
		report := report{out: out}
		err := report.read(d)
		report.end() // with what was read before the fault, too
		return err
	})}

// report is a report that is read.
type report struct {
	out *output
	// What is written when all is read: its time stands behind the metrics, and a summary counts what is before and behind it.
	columns   []drift
	summaries []summary
	values    []checked
	timestamp string
	tested    map[string]tested // by the id of the metric
}

// tested is what the tests of a metric say.
type tested struct {
	failed bool
	// What the first reports of 0.7 say nowhere else; the threshold as people read it, with two digits.
	method    string
	threshold *float64
}

// describedDrift is how a test of drift says its method and its threshold.
var describedDrift = regexp.MustCompile(`method is (.+)\. The drift threshold is ([0-9.]+)\.$`)

// mostEntries is how many entries a report may have.
const mostEntries = 100_000

// drift is the drift of one column.
type drift struct {
	path, id, column, kind, method string
	score                          float64
	threshold                      *float64
	detected                       *bool
}

// summary is the drift of all columns.
type summary struct {
	path           string
	share, atShare *float64
	drifted, total *float64
	detected       *bool
}

// checked is another metric.
type checked struct {
	path, name, column string
	value              float64
}

func (r *report) read(d *document) error {
	r.tested = map[string]tested{}
	return d.each(func(name string) error {
		switch name {
		case "timestamp":
			text, _, err := d.scalar()
			r.timestamp = text
			return err
		case "metrics":
			return d.each(func(string) error { return d.part(r.out, func() error { return r.metric(d) }) })
		case "tests":
			return d.each(func(string) error { return d.part(r.out, func() error { return r.test(d) }) })
		}
		return nil
	})
}

// entry is one of the metrics, of either schema.
type entry struct {
	path, id, name string
	config         map[string]string
	value          *float64
	parts          []namedValue // of a value that is an object
}

// metric reads one of the metrics.
func (r *report) metric(d *document) error {
	if len(r.columns)+len(r.summaries)+len(r.values) > mostEntries {
		return shapeError{text: "is one metric too many: a report may have 100000"}
	}
	e := entry{path: d.path(), config: map[string]string{}}
	err := d.each(func(name string) error {
		switch name {
		case "id":
			text, _, err := d.scalar()
			e.id = text
			return err
		case "metric_name", "metric_id", "metric":
			text, ok, err := d.scalar()
			if ok {
				e.name = text
			}
			return err
		case "config", "params":
			return d.scalars(e.config)
		case "value":
			return e.readValue(d)
		case "result":
			return r.result(d, &e)
		}
		return nil
	})
	if err == nil {
		r.add(e)
	}
	return err
}

// scalars reads an object's texts, numbers and booleans. What is no object is left.
func (d *document) scalars(into map[string]string) error {
	if d.PeekKind() != '{' {
		return nil
	}
	return d.each(func(name string) error {
		text, ok, err := d.scalar()
		if ok && text != "" && len(into) < 100 {
			into[name] = text
		}
		return err
	})
}

// readValue reads a number, or an object of numbers such as {count, share}.
func (e *entry) readValue(d *document) error {
	if d.PeekKind() == '{' {
		return d.each(func(name string) error {
			value, ok, err := d.number()
			if ok && len(e.parts) < 100 {
				e.parts = append(e.parts, namedValue{name: name, value: value})
			}
			return err
		})
	}
	value, ok, err := d.number()
	if ok {
		e.value = &value
	}
	return err
}

// called cuts a name such as "ValueDrift(column=age,method=psi,threshold=0.1)", and gives config what is in its parentheses.
func (e *entry) called() string {
	name, arguments, _ := strings.Cut(e.name, "(")
	if i := strings.LastIndexAny(name, ":."); i >= 0 {
		name = name[i+1:]
	}
	for argument := range strings.SplitSeq(strings.TrimSuffix(arguments, ")"), ",") {
		if key, value, ok := strings.Cut(argument, "="); ok && e.config[key] == "" {
			e.config[key] = value
		}
	}
	if kind := e.config["type"]; kind != "" {
		return kind[strings.LastIndexByte(kind, ':')+1:]
	}
	return name
}

// add sorts an entry of 0.7 to where it belongs.
func (r *report) add(e entry) {
	name := e.called()
	part := func(name string) *float64 {
		for i := range e.parts {
			if e.parts[i].name == name {
				return &e.parts[i].value
			}
		}
		return nil
	}
	switch {
	case name == "ValueDrift" && e.value != nil:
		r.columns = append(r.columns, drift{path: e.path, id: e.id, column: e.config["column"], method: e.config["method"], score: *e.value,
			threshold: numberIn(e.config["threshold"])})
	case name == "DriftedColumnsCount" && e.parts != nil:
		r.summaries = append(r.summaries, summary{path: e.path, share: part("share"), drifted: part("count"),
			atShare: numberIn(e.config["drift_share"])})
	case e.value != nil:
		r.values = append(r.values, checked{e.path, name, e.config["column"], *e.value})
	default:
		for _, part := range e.parts {
			// MissingValueCount has a count and a share.
			check := strings.TrimSuffix(name, "Count") + "_" + part.name
			r.values = append(r.values, checked{e.path, check, e.config["column"], part.value})
		}
	}
}

// test reads what a test says, and of which metric.
func (r *report) test(d *document) error {
	of, says := "", tested{}
	isOfDrift := true
	err := d.each(func(name string) error {
		switch name {
		case "id":
			// Others of a score, such as lt and gt, are the user's own bounds.
			text, _, err := d.scalar()
			isOfDrift = text == "drift"
			return err
		case "status":
			text, _, err := d.scalar()
			says.failed = text == "FAIL"
			return err
		case "description":
			text, _, err := d.scalar()
			if found := describedDrift.FindStringSubmatch(text); found != nil {
				says.method, says.threshold = found[1], numberIn(found[2])
			}
			return err
		case "metric_config":
			return d.each(func(name string) error {
				if name != "metric_id" {
					return nil
				}
				text, _, err := d.scalar()
				of = text
				return err
			})
		}
		return nil
	})
	if err == nil && isOfDrift && of != "" && len(r.tested) < mostEntries {
		says.failed = says.failed || r.tested[of].failed
		r.tested[of] = says
	}
	return err
}

// result reads what a metric has before 0.7: its drift, by columns or of one, or a summary.
func (r *report) result(d *document, e *entry) error {
	if d.PeekKind() != '{' {
		return nil
	}
	one := drift{path: e.path}
	all := summary{path: e.path}
	var hasScore, hasSummary bool
	err := d.each(func(name string) error {
		switch name {
		case "drift_by_columns":
			return d.each(func(column string) error {
				return d.part(r.out, func() error {
					one := drift{path: d.path(), column: column}
					var has bool
					err := d.each(func(name string) error { return one.field(d, name, &has) })
					if err == nil && has && len(r.columns) < mostEntries {
						r.columns = append(r.columns, one)
					}
					return err
				})
			})
		case "share_of_drifted_columns", "number_of_drifted_columns", "number_of_columns", "drift_share":
			value, ok, err := d.number()
			if ok {
				*map[string]**float64{"share_of_drifted_columns": &all.share, "number_of_drifted_columns": &all.drifted,
					"number_of_columns": &all.total, "drift_share": &all.atShare}[name] = &value
				hasSummary = hasSummary || name == "share_of_drifted_columns"
			}
			return err
		case "dataset_drift":
			is := d.PeekKind() == 't'
			all.detected = &is
			return nil
		}
		return one.field(d, name, &hasScore)
	})
	if err != nil {
		return err
	}
	if hasScore && one.column != "" {
		r.columns = append(r.columns, one)
	}
	if hasSummary {
		r.summaries = append(r.summaries, all)
	}
	return nil
}

// field reads a field of the drift of a column, before 0.7.
func (one *drift) field(d *document, name string, has *bool) error {
	switch name {
	case "column_name", "column_type", "stattest_name":
		text, _, err := d.scalar()
		*map[string]*string{"column_name": &one.column, "column_type": &one.kind, "stattest_name": &one.method}[name] = text
		return err
	case "drift_score", "stattest_threshold", "threshold":
		value, ok, err := d.number()
		if ok && name == "drift_score" {
			one.score, *has = value, true
		} else if ok {
			one.threshold = &value
		}
		return err
	case "drift_detected":
		if kind := d.PeekKind(); kind == 't' || kind == 'f' {
			is := kind == 't'
			one.detected = &is
		}
	}
	return nil
}

// end writes the documents.
func (r *report) end() {
	for _, column := range r.columns {
		r.writeColumn(column)
	}
	for i, all := range r.summaries {
		all.complete(len(r.columns))
		// A report of the data's drift has its summary twice.
		if i == 0 || !all.same(r.summaries[0]) {
			r.writeSummary(all)
		}
		r.summaries[i] = all
	}
	for _, value := range r.values {
		r.writeValue(value)
	}
}

func (r *report) row(path string, dataset metrics.Dataset) *metrics.Row {
	row := r.out.row(place{path: path}, nil, 1)
	row.Set("event.dataset", string(dataset))
	if r.timestamp != "" && !r.out.options.gives("@timestamp") {
		row.Set("@timestamp", inUTC(r.timestamp))
	}
	return row
}

// naive is a time without its offset, as Python writes one.
var naive = regexp.MustCompile(`^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$`)

// inUTC gives a time without an offset that of UTC: Evidently writes that of the machine, and servers have UTC. Whoever has not gives
// the time.
func inUTC(text string) string {
	if naive.MatchString(text) {
		return text[:10] + "T" + text[11:] + "Z"
	}
	return text
}

func (r *report) writeColumn(column drift) {
	row := r.row(column.path, metrics.Drift)
	row.Set("ml.drift.type", "data")
	setText(row, "ml.drift.feature.name", column.column)
	if kind, ok := featureTypes[column.kind]; ok {
		row.Set("ml.drift.feature.type", kind)
	}
	if says, ok := r.tested[column.id]; ok {
		column.learn(says)
	}
	setText(row, "ml.drift.method", column.method)
	row.SetNumber("ml.drift.score", column.score)
	setNumber(row, "ml.drift.threshold", column.threshold)
	lowIsDrift, known := isPValue(column.method)
	if lowIsDrift {
		row.SetNumber("ml.drift.p_value", column.score)
	}
	detected := column.detected
	if column.threshold != nil && known && !math.IsNaN(column.score) {
		if severity := metrics.Severity(column.score, *column.threshold, lowIsDrift); !math.IsNaN(severity) && !math.IsInf(severity, 0) {
			row.SetNumber("ml.drift.severity", severity)
		}
		if detected == nil {
			is := isDrift(column.score, *column.threshold, lowIsDrift)
			detected = &is
		}
	}
	if detected != nil {
		row.SetBoolean("ml.drift.detected", *detected)
	}
}

// learn takes from the tests of a column what its metric does not say.
func (column *drift) learn(says tested) {
	if column.detected == nil {
		column.detected = &says.failed
	}
	if column.method == "" {
		column.method = says.method
	}
	// 0.001 reads 0.00 there: a threshold that contradicts the test is none.
	lowIsDrift, known := isPValue(column.method)
	if column.threshold == nil && says.threshold != nil && known && isDrift(column.score, *says.threshold, lowIsDrift) == says.failed {
		column.threshold = says.threshold
	}
}

// isDrift reports whether a score is drift: a p-value below the threshold, a distance at it or above.
func isDrift(score, threshold float64, lowIsDrift bool) bool {
	if lowIsDrift {
		return score < threshold
	}
	return score >= threshold
}

var featureTypes = map[string]string{"num": "numerical", "cat": "categorical", "text": "text", "datetime": "datetime"}

// complete finds what a summary does not say in what it says.
func (s *summary) complete(columns int) {
	if s.total == nil && s.drifted != nil && s.share != nil && *s.share > 0 {
		total := math.Round(*s.drifted / *s.share)
		s.total = &total
	} else if s.total == nil && columns > 0 {
		total := float64(columns)
		s.total = &total
	}
	if s.detected == nil && s.share != nil && s.atShare != nil {
		is := *s.share >= *s.atShare
		s.detected = &is
	}
}

func (s summary) same(other summary) bool {
	return equal(s.share, other.share) && equal(s.drifted, other.drifted) &&
		equal(s.total, other.total) && equal(s.detected, other.detected)
}

func equal[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func (r *report) writeSummary(all summary) {
	row := r.row(all.path, metrics.Drift)
	row.Set("ml.drift.type", "data")
	setNumber(row, "ml.drift.share", all.share)
	setNumber(row, "ml.drift.drifted_features", all.drifted)
	setNumber(row, "ml.drift.total_features", all.total)
	if all.detected != nil {
		row.SetBoolean("ml.drift.dataset_drift", *all.detected)
	}
}

// modelMetrics is what Evidently calls the metrics of a model, and what the model does; other metrics are of the data.
var modelMetrics = map[string]string{
	"Accuracy": "accuracy", "Precision": "precision", "Recall": "recall", "F1Score": "f1_score", "RocAuc": "roc_auc", "LogLoss": "log_loss",
	"TPR": "recall", "TNR": "specificity", "FPR": "false_positive_rate", "FNR": "false_negative_rate",
	"MAE_mean": "mean_absolute_error", "MAPE_mean": "mean_absolute_percentage_error", "RMSE": "root_mean_squared_error", "R2Score": "r2",
	"MeanError_mean": "mean_error", "AbsMaxError": "max_error",
	"NDCG": "ndcg", "MRR": "mrr", "MAP": "mean_average_precision",
}

func (r *report) writeValue(value checked) {
	if name, ok := modelMetrics[value.name]; ok {
		row := r.row(value.path, metrics.Evaluation)
		row.AddMetric(name, value.value)
		return
	}
	row := r.row(value.path, metrics.DataQuality)
	row.Set("ml.quality.check", snake(value.name))
	setText(row, "ml.quality.feature.name", value.column)
	row.SetNumber("ml.quality.value", value.value)
}

// snake is MissingValueCount_share as missing_value_count_share.
func snake(name string) string {
	var text strings.Builder
	before := rune('_')
	for _, r := range name {
		if unicode.IsUpper(r) && before != '_' && !unicode.IsUpper(before) {
			text.WriteByte('_')
		}
		text.WriteRune(unicode.ToLower(r))
		before = r
	}
	return text.String()
}

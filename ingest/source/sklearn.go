package source

import (
	"bytes"
	"strconv"
	"strings"

	"cdktf-aimetrics/metrics"
)

// What scikit-learn's cross_validate returns, as JSON: for each score a list, a value a fold. There are no times and no run.
// https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.cross_validate.html
var crossValidate = Format{Name: "cross_validate", Description: "scikit-learn's cross_validate, as JSON",
	recognizes: func(beginning []byte) bool {
		return startsWith(beginning, '{') && bytes.Contains(beginning, []byte(`"score_time"`)) &&
			bytes.Contains(beginning, []byte(`"fit_time"`))
	},
	read: openDocument(func(d *document, out *output) error {
		return readScores(d, out, func(row *metrics.Row, fold int) {
			row.Set("event.dataset", string(metrics.Evaluation))
			row.Set("labels.fold", strconv.Itoa(fold))
		})
	})}

// readScores reads the lists that are scores or times: what else cross_validate was asked to return is left out.
func readScores(d *document, out *output, begin func(*metrics.Row, int)) error {
	return d.each(func(name string) error {
		if name == "estimator" || name == "indices" {
			return nil
		}
		return d.part(out, func() error { return readList(d, out, metricNamed(name), begin) })
	})
}

// What scikit-learn's classification_report returns with output_dict, as JSON: precision, recall, f1-score and support of each class and
// of their averages. There are no times and no run.
// https://scikit-learn.org/stable/modules/generated/sklearn.metrics.classification_report.html
var classificationReport = Format{Name: "classification_report",
	Description: "scikit-learn's classification_report with output_dict=True, as JSON",
	recognizes: func(beginning []byte) bool {
		return shapeOf(beginning) == numbersByClass && bytes.Contains(beginning, []byte(`"f1-score"`)) &&
			bytes.Contains(beginning, []byte(`"support"`))
	},
	read: openDocument(func(d *document, out *output) error {
		return d.each(func(name string) error {
			return d.part(out, func() error { return readClass(d, out, name) })
		})
	})}

// readClass reads a class, an average, or the accuracy, which is one number.
func readClass(d *document, out *output, name string) error {
	path := d.path()
	if d.PeekKind() != '{' {
		value, ok, err := d.number()
		if err == nil && ok {
			row := out.row(place{path: path}, nil, 1)
			row.Set("event.dataset", string(metrics.Evaluation))
			metricNamed(name).add(row, namedValue{value: value})
		}
		return err
	}
	var values []namedValue
	var support *float64
	if err := d.each(func(name string) error {
		value, ok, err := d.number()
		switch {
		case err != nil || !ok:
			return err
		case name == "support":
			support = &value
		default:
			values = append(values, namedValue{name: name, value: value})
		}
		return nil
	}); err != nil {
		return err
	}
	if len(values) == 0 {
		return nil
	}
	row := out.row(place{path: path}, nil, len(values))
	row.Set("event.dataset", string(metrics.Evaluation))
	if average, ok := strings.CutSuffix(name, " avg"); ok {
		row.Set("ml.metric.aggregation", average)
	} else {
		row.Set("ml.class.name", name)
	}
	setNumber(row, "ml.metric.sample_count", support)
	for _, given := range values {
		metricNamed(given.name).add(row, given)
	}
	return nil
}

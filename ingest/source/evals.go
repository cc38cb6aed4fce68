package source

import (
	"bytes"
	"errors"
	"strings"

	"cdktf-aimetrics/metrics"
)

// What xgboost calls evals_result, and LightGBM and CatBoost have in the same shape: for each data set and metric a list, a value a
// round; and what their cv functions give, a list for each mean and deviation. There are no times and no run.
// https://xgboost.readthedocs.io/en/stable/python/python_api.html#xgboost.train
var evalsResult = Format{Name: "xgboost", Description: "evals_result or cv of xgboost, LightGBM or CatBoost, as JSON",
	recognizes: func(beginning []byte) bool {
		return shapeOf(beginning) == listsBySplit || shapeOf(beginning) == listsByName && bytes.Contains(beginning, []byte(`-mean"`))
	},
	read: openDocument(readEvals)}

func readEvals(d *document, out *output) error {
	return d.each(func(name string) error {
		return d.part(out, func() error {
			if d.PeekKind() == '[' {
				return readList(d, out, crossValidated(name), ofRound)
			}
			split := name
			if known, ok := splits[strings.ToLower(name)]; ok {
				split = known
			}
			return d.each(func(name string) error {
				return d.part(out, func() error {
					metric := metricNamed(name)
					metric.split = split
					return readList(d, out, metric, ofRound)
				})
			})
		})
	})
}

func ofRound(row *metrics.Row, index int) {
	row.Set("event.dataset", string(metrics.Training))
	row.SetInteger("ml.step", int64(index))
}

// crossValidated reads a name of xgboost's or LightGBM's cv: train-rmse-mean, valid auc-stdv. A deviation is a metric of its own, for
// the metric's direction is not its.
func crossValidated(name string) measured {
	if rest, ok := strings.CutSuffix(name, "-mean"); ok {
		metric := metricNamed(rest)
		metric.aggregation = "mean"
		return metric
	}
	for _, deviation := range []string{"-std", "-stdv"} {
		if rest, ok := strings.CutSuffix(name, deviation); ok {
			metric := metricNamed(rest)
			metric.name += "_std"
			return metric
		}
	}
	return metricNamed(name)
}

// readList reads a list of numbers, and writes a row for each; begin gives it what goes with its place in the list.
func readList(d *document, out *output, metric measured, begin func(row *metrics.Row, index int)) error {
	if d.PeekKind() != '[' {
		return nil // is no metric
	}
	index := -1
	return d.each(func(string) error {
		index++
		path := d.path()
		if kind := d.PeekKind(); kind != '0' && kind != '"' {
			return nil
		}
		value, ok, err := d.number()
		if err != nil {
			return err
		}
		if !ok {
			out.unreadable(place{path: path}, nil, errors.New("is text where the format has a number; write the number"))
			return nil
		}
		row := out.row(place{path: path}, nil, 1)
		begin(row, index)
		metric.describe(row)
		metric.add(row, namedValue{value: value})
		return nil
	})
}

// readLists reads an object of lists of numbers, a metric each.
func readLists(d *document, out *output, named func(string) measured, begin func(*metrics.Row, int)) error {
	return d.each(func(name string) error {
		return d.part(out, func() error { return readList(d, out, named(name), begin) })
	})
}

package source

import (
	"math"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// MLflow's runs: from its server, as mlflow:https://host, and from a folder of its file store, which is one input whole. A value of a
// metric is a document, with the run's parameters. Tags are left out: they change after the run, and the document would be another.
var mlflowFormat = Format{Name: "mlflow",
	Description: "MLflow: mlflow:https://HOST (?experiment=NAME, ?run=ID), or a folder of its file store",
	claims:      func(name string) bool { return strings.HasPrefix(name, mlflowScheme) || isStore(name) },
	check: func(name string) error {
		address, isAddress := strings.CutPrefix(name, mlflowScheme)
		if !isAddress {
			return nil
		}
		_, err := newServer(address)
		return err
	},
	open: func(name string, options Options) (records, error) {
		if address, ok := strings.CutPrefix(name, mlflowScheme); ok {
			return openServer(address, options)
		}
		return openStore(name, options), nil
	}}

const mlflowScheme = "mlflow:"

// mlflowRun is what all values of a run share.
type mlflowRun struct {
	experimentID, experimentName string
	id, name                     string
	params                       []mlflowParam
}

type mlflowParam struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// mlflowValue is one value of one metric, as the store wrote it.
type mlflowValue struct {
	key             string
	timestamp       string // milliseconds
	value           string
	step            string
	dataset, digest string
}

const (
	// mostParams is how many parameters a document has, and longestParam how long the value of one may be, in bytes: what is longer is a
	// text that nobody looks for, and makes every document large.
	mostParams, longestParam = 100, 250
)

// write writes a value.
func (run *mlflowRun) write(out *output, at place, raw []byte, value mlflowValue) {
	row := out.row(at, raw, 1+len(run.params))
	row.Set("event.dataset", string(metrics.Training))
	setEpoch(row, "@timestamp", value.timestamp, time.Millisecond)
	setText(row, "ml.step", value.step)
	setText(row, "ml.run.id", run.id)
	setText(row, "ml.run.name", run.name)
	setText(row, "ml.experiment.id", run.experimentID)
	setText(row, "ml.experiment.name", run.experimentName)
	setText(row, "ml.dataset.name", value.dataset)
	setText(row, "ml.dataset.digest", value.digest)
	kept := 0
	for _, param := range run.params {
		if param.Key != "" && len(param.Value) <= longestParam && kept < mostParams {
			row.Set("ml.params."+labelName(param.Key), param.Value)
			kept++
		}
	}
	metric := metricNamed(value.key)
	metric.describe(row)
	number, isNumber := numberOf(value.value)
	switch {
	case !isNumber:
		row.AddMetricText(metric.name, value.value)
	case math.Abs(number) == math.MaxFloat64:
		// A store in SQL writes infinity so.
		row.AddMetric(metric.name, math.Copysign(math.Inf(1), number))
	default:
		metric.add(row, namedValue{value: number})
	}
}

// numberOf reads a number of Python's, with its nan and inf.
func numberOf(text string) (float64, bool) {
	if value, ok := notANumber(text); ok {
		return value, true
	}
	value := numberIn(text)
	if value == nil {
		return 0, false
	}
	return *value, true
}

// labelName is a parameter's name without dots at its ends or side by side, which the model does not take.
func labelName(key string) string {
	for strings.Contains(key, "..") {
		key = strings.ReplaceAll(key, "..", ".")
	}
	if key = strings.Trim(key, "."); key == "" {
		return "_"
	}
	return key
}

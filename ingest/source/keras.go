package source

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// What Keras's CSVLogger writes, and Lightning's, Ultralytics' and others that have a column for the epoch or the step and one for each
// metric; and Keras's History.history as JSON, a list for each metric. There is no run, and no time but in a column called so.
// https://keras.io/api/callbacks/csv_logger/
var keras = Format{Name: "keras", Description: "Keras's CSVLogger or History, and other CSV with an epoch or a step in each row",
	recognizes: func(beginning []byte) bool {
		return recognizesTable(bindTrainingLog)(beginning) || shapeOf(beginning) == listsByName &&
			(bytes.Contains(beginning, []byte(`"loss"`)) || bytes.Contains(beginning, []byte(`"val_`)))
	},
	read: func(content io.ReadCloser, options Options) records {
		return byFirst(content, options, choices{
			object: openDocument(readHistory),
			other:  openTable("keras", bindTrainingLog),
		})
	}}

func readHistory(d *document, out *output) error {
	return readLists(d, out, func(name string) measured { return ofTraining(metricNamed(name)) }, func(row *metrics.Row, epoch int) {
		row.Set("event.dataset", string(metrics.Training))
		row.SetInteger("ml.epoch", int64(epoch))
	})
}

// ofTraining is a metric of the training's own data where its name does not say otherwise.
func ofTraining(metric measured) measured {
	if metric.split == "" {
		metric.split = "train"
	}
	return metric
}

func bindTrainingLog(header []string, _ Options) (columns, error) {
	log := bindLog(header)
	if !log.has("epoch") && !log.has("step") || len(log.metrics()) == 0 || log.has("tag") {
		return nil, errors.New("has no column epoch or step beside those of metrics; name them, or choose another --format")
	}
	return log.columns(func(m *measured, _ string) { *m = ofTraining(*m) }), nil
}

// logHeader is the columns of a training's log in CSV.
type logHeader struct {
	names []string
	roles []string // "" is a metric
}

// logRoles is what the columns of logs are called that are no metrics.
var logRoles = map[string]string{
	"epoch": "epoch", "epochs": "epoch",
	"step": "step", "_step": "step", "global_step": "step", "iteration": "step", "iter": "step",
	"trainer/global_step": "step", "train/global_step": "step",
	"_timestamp": "seconds", "wall_time": "seconds", "wall time": "seconds", "timestamp": "seconds", "@timestamp": "seconds",
	"datetime": "seconds",
	"_runtime": "elapsed", "relative time (process)": "elapsed",
	"tag": "tag", "tags": "tag",
}

func bindLog(header []string) logHeader {
	log := logHeader{header, make([]string, len(header))}
	for i, name := range header {
		role := logRoles[strings.ToLower(name)]
		switch {
		case isIndex(name):
			role = "none"
		case role != "" && log.has(role):
			// The second of two, such as _step beside the training's own; one says it.
			role = "none"
		}
		log.roles[i] = role
	}
	return log
}

func (log logHeader) has(role string) bool {
	for _, one := range log.roles {
		if one == role {
			return true
		}
	}
	return false
}

func (log logHeader) metrics() (names []string) {
	for i, role := range log.roles {
		if role == "" {
			names = append(names, log.names[i])
		}
	}
	return names
}

// columns writes a row for each split of a row of the log.
func (log logHeader) columns(settle func(*measured, string)) columns {
	var row logged
	return func(out *output, at place, raw []byte, cells []string) {
		row.reset()
		set := map[string]string{}
		for i, cell := range cells {
			cell = strings.TrimSpace(cell)
			switch {
			case isNone(cell) || log.roles[i] == "none":
			case log.roles[i] == "":
				row.values = append(row.values, namedValue{name: log.names[i], text: cell})
			default:
				set[log.roles[i]] = cell
			}
		}
		row.write(out, at, raw, func(made *metrics.Row) {
			setText(made, "ml.step", wholeText(set["step"]))
			setText(made, "ml.epoch", set["epoch"])
			if seconds, ok := set["seconds"]; ok {
				setEpoch(made, "@timestamp", seconds, time.Second)
			}
			if elapsed, ok := set["elapsed"]; ok {
				setMilliseconds(made, "ml.elapsed_ms", elapsed)
			}
		}, settle)
	}
}

// wholeText is a number without the .0 that pandas gives whole ones beside empty cells.
func wholeText(number string) string { return strings.TrimSuffix(number, ".0") }

package source

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// Scalars of TensorBoard as CSV, a value a row: what its page downloads (Wall time, Step, Value: the tag is in the file's name alone),
// and what tbparse and others export (with tag, and the run's folder). Times are seconds.
// https://tbparse.readthedocs.io/en/latest/pages/parsing-scalars.html
var tensorBoard = Format{Name: "tensorboard", Description: "TensorBoard's scalars as CSV",
	recognizes: recognizesTable(bindScalars), read: openTable("tensorboard", bindScalars)}

// scalarColumns is what the columns are called.
var scalarColumns = map[string][]string{
	"time":  {"wall_time", "walltime", "timestamp", "time"},
	"step":  {"step", "global_step"},
	"value": {"value", "scalar", "scalars"},
	"tag":   {"tag", "tags", "name", "metric", "key"},
	"run":   {"dir_name", "run", "run_name", "run_id", "log_dir"},
}

func bindScalars(header []string, options Options) (columns, error) {
	column := func(role string) int {
		return slices.IndexFunc(header, func(name string) bool {
			return slices.Contains(scalarColumns[role], strings.ReplaceAll(strings.ToLower(name), " ", "_"))
		})
	}
	at := map[string]int{}
	for role := range scalarColumns {
		at[role] = column(role)
	}
	if at["value"] < 0 || at["step"] < 0 || at["time"] < 0 && at["tag"] < 0 {
		return nil, errors.New("has not the columns of TensorBoard's scalars, step, value and wall_time or tag; name them, or choose " +
			"another --format")
	}
	return func(out *output, where place, raw []byte, cells []string) {
		cell := func(role string) string {
			if at[role] < 0 {
				return ""
			}
			return strings.TrimSpace(cells[at[role]])
		}
		value, tag := cell("value"), cell("tag")
		if isNone(value) {
			return
		}
		row := out.row(where, raw, 1)
		row.Set("event.dataset", string(metrics.Training))
		setText(row, "ml.step", wholeText(cell("step")))
		if seconds := cell("time"); !isNone(seconds) {
			setEpoch(row, "@timestamp", seconds, time.Second)
		}
		metric := metricNamed(tag)
		run, split := runOf(cell("run"), tag)
		if metric.split == "" {
			metric.split = split
		}
		metric.describe(row)
		if setText(row, "ml.run.name", run); !options.gives("ml.run.id") {
			setText(row, "ml.run.id", run)
		}
		if tag == "" {
			// The page's file does not say which metric it is of.
			row.Set("ml.metric.value", value)
			return
		}
		row.AddMetricText(metric.name, value)
	}, nil
}

// subRun is what writers call the folders of hyperparameters that they make below a run's.
var subRun = regexp.MustCompile(`^[0-9]{9,}(\.[0-9]+)?$`)

// runOf reads the folder of a run: what add_scalars and Keras's callback make below it is no run of its own, and may be a split.
func runOf(folder, tag string) (run, split string) {
	folder = path.Clean("/" + strings.ReplaceAll(folder, `\`, "/"))
	if known, ok := splits[strings.ToLower(path.Base(folder))]; ok {
		split, folder = known, path.Dir(folder)
	}
	if strings.HasSuffix(folder, "/"+tag) {
		folder = strings.TrimSuffix(folder, "/"+tag)
	} else if subRun.MatchString(path.Base(folder)) {
		folder = path.Dir(folder)
	}
	return strings.Trim(folder, "/"), split
}

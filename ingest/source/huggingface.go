package source

import (
	"bytes"
	"slices"

	"aimetrics/metrics"
)

// A trainer_state.json of Hugging Face's Trainer: rows of training, of evaluation, and one that sums the training up, in log_history.
// It has no times and no run: both come from the user.
// https://huggingface.co/docs/transformers/main_classes/callback#transformers.TrainerState
var huggingFace = Format{"huggingface", "trainer_state.json of Hugging Face's Trainer",
	func(_ string, beginning []byte) bool {
		return startsObject(beginning) && (bytes.Contains(beginning, []byte(`"log_history"`)) || bytes.Contains(beginning, []byte(`"best_model_checkpoint"`)))
	}, openDocument(readTrainerState)}

func readTrainerState(d document, out *output) error {
	return d.each(func(name string) error {
		if name != "log_history" {
			return nil
		}
		return d.each(func(string) error { return readTrainerLog(d, out) })
	})
}

// readTrainerLog reads one row of the history: what is neither a step nor an epoch is a metric.
func readTrainerLog(d document, out *output) error {
	path := string(d.StackPointer())
	var log logged
	if err := d.each(func(name string) error {
		value, ok, err := d.number()
		if err != nil || !ok {
			return err
		}
		switch name {
		case "step":
			log.step = &value
		case "epoch":
			log.epoch = &value
		default:
			log.values = append(log.values, namedValue{name, value})
		}
		return nil
	}); err != nil {
		return err
	}
	log.write(path, out, func(m *measured, name string) {
		if m.split == "" {
			m.split = "train"
		} else if name == "train_loss" {
			m.aggregation = "mean" // over the whole training, beside the last step's own
		}
	})
	return nil
}

// namedValue is one value under the name that its source gives it.
type namedValue struct {
	name  string
	value float64
}

// logged is one row of a training's log.
type logged struct {
	step, epoch *float64
	values      []namedValue
}

// write makes a row for each split, aggregation and unit among the values, in their order. settle has the last word on what a name
// means.
func (log logged) write(path string, out *output, settle func(*measured, string)) {
	all := make([]measured, len(log.values))
	var rows []measured // what the metrics of a row share
	for i, given := range log.values {
		all[i] = metricNamed(given.name)
		settle(&all[i], given.name)
		if !slices.ContainsFunc(rows, all[i].sharesRow) {
			rows = append(rows, all[i])
		}
	}
	for _, shared := range rows {
		row := out.row(0, path, nil)
		row.Set("event.dataset", string(metrics.Training))
		setText(row, "ml.dataset.split", shared.split)
		setText(row, "ml.metric.aggregation", shared.aggregation)
		setText(row, "ml.metric.unit", string(shared.unit))
		setNumber(row, "ml.step", log.step)
		setNumber(row, "ml.epoch", log.epoch)
		for i, metric := range all {
			if metric.sharesRow(shared) {
				row.AddMetric(metric.name, metric.scale(log.values[i].value))
			}
		}
	}
}

// sharesRow reports whether two metrics can be in one row.
func (m measured) sharesRow(other measured) bool {
	return m.split == other.split && m.aggregation == other.aggregation && m.unit == other.unit
}

func setText(row *metrics.Row, field, text string) {
	if text != "" {
		row.Set(field, text)
	}
}

func setNumber(row *metrics.Row, field string, value *float64) {
	if value != nil {
		row.SetNumber(field, *value)
	}
}

// startsObject reports whether content begins as an object of JSON does.
func startsObject(beginning []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(beginning, []byte("\xef\xbb\xbf"))), []byte{'{'})
}

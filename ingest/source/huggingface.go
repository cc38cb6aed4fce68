package source

import "bytes"

// A trainer_state.json of Hugging Face's Trainer: rows of training, of evaluation, and one that sums the training up, in log_history.
// It has no times and no run: both come from the user.
// https://huggingface.co/docs/transformers/main_classes/callback#transformers.TrainerState
var huggingFace = Format{Name: "huggingface", Description: "trainer_state.json of Hugging Face's Trainer",
	recognizes: func(beginning []byte) bool {
		return startsWith(beginning, '{') &&
			(bytes.Contains(beginning, []byte(`"log_history"`)) || bytes.Contains(beginning, []byte(`"best_model_checkpoint"`)))
	}, read: openDocument(readTrainerState)}

func readTrainerState(d *document, out *output) error {
	var log logged
	return d.each(func(name string) error {
		if name != "log_history" {
			return nil
		}
		if d.PeekKind() != '[' {
			return shapeError{"is no list of rows; send the file as the Trainer wrote it", d.path()}
		}
		return d.each(func(string) error {
			return d.part(out, func() error { return readTrainerLog(d, out, &log) })
		})
	})
}

// readTrainerLog reads one row of the history: what is neither a step nor an epoch is a metric.
func readTrainerLog(d *document, out *output, log *logged) error {
	path := d.path()
	log.reset()
	if err := d.each(func(name string) (err error) {
		switch name {
		case "step":
			log.step, err = d.counted()
		case "epoch":
			log.epoch, err = d.counted()
		default:
			err = log.read(d, name)
		}
		return err
	}); err != nil {
		return err
	}
	log.write(out, place{path: path}, nil, nil, func(m *measured, name string) {
		if m.split == "" {
			m.split = "train"
		} else if name == "train_loss" {
			m.aggregation = "mean" // over the whole training, beside the last step's own
		}
	})
	return nil
}

package source

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// Rows of the history of a run of Weights & Biases: as lines of JSON, as a list, or as CSV. Texts, pictures and histograms are left out.
// https://docs.wandb.ai/guides/track/public-api-guide
var wandb = Format{Name: "wandb", Description: "rows of a Weights & Biases run's history",
	recognizes: func(beginning []byte) bool {
		return looksLikeHistory(beginning) || recognizesTable(bindHistory)(beginning)
	},
	read: func(content io.ReadCloser, options Options) records {
		return byFirst(content, options, choices{lines: openLines("wandb", (*history).row), object: openDocument(readHistoryRows),
			list: openDocument(readHistoryRows), other: openTable("wandb", bindHistory)})
	}}

// looksLikeHistory reports whether content is JSON with a name that W&B gives every row, and none of our own.
func looksLikeHistory(beginning []byte) bool {
	if !startsWith(beginning, '{') && !startsWith(beginning, '[') || bytes.Contains(beginning, []byte(`"@timestamp"`)) ||
		bytes.Contains(beginning, []byte(`"event.dataset"`)) || bytes.Contains(beginning, []byte(`"event"`)) {
		return false
	}
	for _, name := range []string{`"_step"`, `"_timestamp"`, `"_runtime"`} {
		if bytes.Contains(beginning, []byte(name)) {
			return true
		}
	}
	return false
}

func bindHistory(header []string, _ Options) (columns, error) {
	log := bindLog(header)
	for _, name := range header {
		if strings.HasPrefix(name, "_") && log.has("step") || name == "_timestamp" || name == "_runtime" {
			return log.columns(nil), nil
		}
	}
	return nil, errors.New("has no column _step, _timestamp or _runtime; choose another --format")
}

func readHistoryRows(d *document, out *output) error {
	var h history
	if d.PeekKind() != '[' {
		return h.row(d, out, place{path: d.path()}, nil)
	}
	return d.each(func(string) error {
		return d.part(out, func() error { return h.row(d, out, place{path: d.path()}, nil) })
	})
}

// history is a row of the history that is read.
type history struct {
	log     logged
	seconds string
}

// row reads a row, and writes it once it is read whole.
func (h *history) row(d *document, out *output, at place, raw []byte) error {
	h.log.reset()
	h.seconds = ""
	own := false
	if err := h.object(d, "", &own); err != nil {
		return err
	}
	h.log.write(out, at, raw, func(row *metrics.Row) {
		if h.seconds != "" {
			setEpoch(row, "@timestamp", h.seconds, time.Second)
		}
	}, nil)
	return nil
}

// positions is what says where a row belongs, and must be a number.
var positions = []string{"_step", "_timestamp", "_runtime", "train/global_step", "trainer/global_step", "epoch", "train/epoch"}

// object reads the values of an object whose names are below prefix. own is whether the training's own step was read.
func (h *history) object(d *document, prefix string, own *bool) error {
	// What is no number, as a picture is, says so by this name; it may come last.
	isMedia, before := false, len(h.log.values)
	err := d.each(func(name string) error {
		isMedia = isMedia || prefix != "" && name == "_type"
		name = prefix + name
		switch {
		case d.PeekKind() == '{' && name != "_wandb":
			return h.object(d, name+".", own)
		case name == "_timestamp" && d.PeekKind() == '0':
			token, err := d.ReadToken()
			h.seconds = token.String()
			return err
		}
		if slices.Contains(positions, name) {
			if kind := d.PeekKind(); kind != '0' && kind != 'n' && kind != 0 {
				return shapeError{text: "is no number; write one"}
			}
		}
		value, ok, err := d.number()
		if err != nil || !ok {
			return err
		}
		switch name {
		case "_runtime":
			h.log.elapsed = &value
		case "_step":
			if !*own {
				h.log.step = &value
			}
		case "train/global_step", "trainer/global_step":
			// Runs of transformers and of Lightning draw their metrics over it.
			h.log.step, *own = &value, true
		case "epoch", "train/epoch":
			h.log.epoch = &value
		default:
			h.log.values = append(h.log.values, namedValue{name: name, value: value})
		}
		return nil
	})
	if isMedia {
		h.log.values = h.log.values[:before]
	}
	return err
}

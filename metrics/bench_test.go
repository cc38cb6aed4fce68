package metrics_test

import (
	"encoding/json"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// narrow, nested and wide are about 300 bytes, as a training loop writes them.
const (
	narrow = `{"@timestamp":"2026-11-26T11:00:00.123Z","event.dataset":"ml.training","ml.model.name":"fraud-classifier",` +
		`"ml.run.id":"622e436ab97344f8a5c104a13435faf5","ml.experiment.name":"fraud","ml.dataset.split":"train","ml.step":1200,` +
		`"ml.epoch":3.5,"ml.metric.name":"loss","ml.metric.value":0.182734,"ml.params.learning_rate":0.01}`
	nested = `{"@timestamp":"2026-11-26T11:00:00.123Z","event":{"dataset":"ml.training"},"ml":{"model":{"name":"fraud-classifier"},` +
		`"run":{"id":"622e436ab97344f8a5c104a13435faf5"},"experiment":{"name":"fraud"},"dataset":{"split":"train"},"step":1200,` +
		`"epoch":3.5,"metric":{"name":"loss","value":0.182734},"params":{"learning_rate":0.01}}}`
	wide = `{"@timestamp":"2026-11-26T11:00:00.123Z","event.dataset":"ml.training","ml.run.id":"622e436ab97344f8a5c104a13435faf5",` +
		`"ml.step":1200,"ml.metrics":{"loss":0.182734,"accuracy":0.93,"precision":0.91,"recall":0.88,"gradient_norm":1.73}}`
)

func BenchmarkLine(b *testing.B) {
	for _, input := range []struct{ name, line string }{{"narrow", narrow}, {"nested", nested}, {"wide", wide}} {
		b.Run(input.name, func(b *testing.B) {
			encoder := newEncoder(b, metrics.Options{Now: time.Now})
			line := []byte(input.line)
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			documents, bytes := 0, 0
			for b.Loop() {
				for document, err := range encoder.Line(line) {
					if err != nil {
						b.Fatal(err)
					}
					documents++
					bytes += len(document.Source)
				}
			}
			b.ReportMetric(float64(documents)/b.Elapsed().Seconds(), "docs/s")
			b.ReportMetric(float64(bytes)/float64(documents), "B/doc")
		})
	}
	// A line of 1 MB that is wrong throughout must not cost much more than one that is right.
	b.Run("wrong", func(b *testing.B) {
		encoder := newEncoder(b, metrics.Options{Now: time.Now})
		line := []byte("{" + members("unknown.name.of.a.field.", 32_000) + "}")
		b.SetBytes(int64(len(line)))
		for b.Loop() {
			for _, err := range encoder.Line(line) {
				if err == nil {
					b.Fatal("is taken")
				}
			}
		}
	})
	// What reading alone costs with encoding/json.
	b.Run("encoding/json", func(b *testing.B) {
		line := []byte(narrow)
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		for b.Loop() {
			var source map[string]any
			if err := json.Unmarshal(line, &source); err != nil {
				b.Fatal(err)
			}
		}
	})
}

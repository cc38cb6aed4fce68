package source

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// fuzz reads any bytes as a format: there are documents or errors, an end, and each record that could not be read has a reason.
func fuzz(f *testing.F, format string) {
	entries, err := os.ReadDir("testdata/inputs")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		if content, err := os.ReadFile(filepath.Join("testdata/inputs", entry.Name())); err == nil {
			f.Add(content)
		}
	}
	for _, seed := range []string{"", "{", "[", `"`, "\xef\xbb\xbf", "\x1f\x8b", "NaN", `{"a":-Infin`, "a,\"b\n", "epoch,loss\n\"1\n2", `{"a":{"b":[1,NaN]}}`,
		`{"metrics":[{"metric":"x","result":{"drift_by_columns":{"a":{"drift_score":1}}}}]}`, `{"log_history":[{"step":1e400}]}`, `{"_step":1}` + "\n["} {
		f.Add([]byte(seed))
	}
	encoder, err := metrics.NewEncoder(metrics.Options{Now: func() time.Time { return told }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		reader, err := Open([]string{"-"}, Options{Format: format, Stdin: bytes.NewReader(content)})
		if err != nil {
			t.Fatal(err)
		}
		var block Block
		for records := 0; ; records += len(block.Records) {
			err := reader.Next(context.Background(), &block)
			if err == io.EOF {
				break
			} else if err != nil {
				if format == "" {
					return // of no format
				}
				t.Fatal(err)
			}
			// gzip may unpack to a thousand times its size.
			if len(block.Records) == 0 || records > 1100*(len(content)+1) {
				t.Fatalf("%d records of %d bytes, and a block of %d", records, len(content), len(block.Records))
			}
			for _, record := range block.Records {
				if record.Problem != nil {
					if record.Problem.Error() == "" || record.Row != nil {
						t.Errorf("%+v has no reason, or a row beside it", record)
					}
					continue
				}
				documents := encoder.Line(record.Raw)
				if record.Row != nil {
					record.Row.AppendJSON(nil)
					documents = encoder.Row(record.Row)
				}
				for range documents {
				}
			}
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzAnything(f *testing.F)             { fuzz(f, "") }
func FuzzNDJSON(f *testing.F)               { fuzz(f, "ndjson") }
func FuzzRejected(f *testing.F)             { fuzz(f, "rejected") }
func FuzzCSV(f *testing.F)                  { fuzz(f, "csv") }
func FuzzKeras(f *testing.F)                { fuzz(f, "keras") }
func FuzzTensorBoard(f *testing.F)          { fuzz(f, "tensorboard") }
func FuzzWandb(f *testing.F)                { fuzz(f, "wandb") }
func FuzzHuggingFace(f *testing.F)          { fuzz(f, "huggingface") }
func FuzzXGBoost(f *testing.F)              { fuzz(f, "xgboost") }
func FuzzCrossValidate(f *testing.F)        { fuzz(f, "cross_validate") }
func FuzzClassificationReport(f *testing.F) { fuzz(f, "classification_report") }
func FuzzEvidently(f *testing.F)            { fuzz(f, "evidently") }

// FuzzMLflowFile reads any bytes as a file of a metric in a file store.
func FuzzMLflowFile(f *testing.F) {
	for _, seed := range []string{"1795711308363 0.5 1\n", "1795711308363 nan 1 data digest\n", "x y z\n", "0 0.5 -1", "1 2", "\xff\xfe 1 1\n", "1 2 3 4\n"} {
		f.Add([]byte(seed), []byte("experiment_id: '1'\nrun_id: a\nlifecycle_stage: active\n"))
	}
	f.Fuzz(func(t *testing.T, content, meta []byte) {
		folder := t.TempDir()
		os.MkdirAll(filepath.Join(folder, "metrics"), 0o755)
		os.WriteFile(filepath.Join(folder, "metrics", "loss"), content, 0o644)
		os.WriteFile(filepath.Join(folder, "meta.yaml"), meta, 0o644)
		if !isStore(folder) {
			return
		}
		reader, err := Open([]string{folder}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var block Block
		for err == nil {
			err = reader.Next(context.Background(), &block)
		}
		if err != io.EOF {
			t.Fatal(err)
		}
	})
}

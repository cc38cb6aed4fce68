package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// summarize gives each document as "LINE PATH: SPLIT NAME=VALUE @STEP" and each rejected one with its reason.
func summarize(t testing.TB, names []string, options Options) []string {
	t.Helper()
	reader, err := Open(names, options)
	if err != nil {
		return []string{"ERROR " + err.Error()}
	}
	defer reader.Close()
	fill := map[string]string{"ml.run.id": "r", "ml.model.name": "m", "ml.model.version": "1"}
	var lines []string
	for {
		var block Block
		err := reader.Next(context.Background(), &block)
		if err == io.EOF {
			return lines
		} else if err != nil {
			return append(lines, "ERROR "+err.Error())
		}
		for _, record := range block.Records {
			lines = append(lines, summary1(t, record, fill)...)
		}
	}
}

func summary1(t testing.TB, record Record, fill map[string]string) (lines []string) {
	t.Helper()
	at := strings.TrimSpace(fmt.Sprintf("%d %s", record.Line, record.Path))
	if record.Problem != nil {
		return []string{at + ": ! " + record.Problem.Error()}
	}
	// The time is filled in where the row has none, as its own cannot be replaced.
	with := map[string]string{}
	for field, value := range fill {
		if record.Row != nil && !record.Row.Has(field) {
			with[field] = value
		}
	}
	if record.Row != nil && !record.Row.Has("@timestamp") {
		with["@timestamp"] = "2026-11-26T12:00:00Z"
	}
	encoder, err := metrics.NewEncoder(metrics.Options{Fill: with, Now: func() time.Time { return told }})
	if err != nil {
		t.Fatal(err)
	}
	documents := encoder.Line(record.Raw)
	if record.Row != nil {
		documents = encoder.Row(record.Row)
	}
	for document, err := range documents {
		if err != nil {
			lines = append(lines, at+": ! "+err.Error())
			continue
		}
		var is map[string]any
		if err := json.Unmarshal(document.Source, &is); err != nil {
			t.Fatal(err)
		}
		text := at + ":"
		for _, field := range []string{"ml.dataset.split", "ml.metric.aggregation", "ml.drift.feature.name", "ml.class.name", "labels.fold", "labels.country"} {
			if is[field] != nil {
				text += " " + is[field].(string)
			}
		}
		if is["ml.drift.detected"] == true {
			text += " drifts"
		}
		if is["ml.metric.name"] != nil {
			text += fmt.Sprintf(" %v=%v", is["ml.metric.name"], is["ml.metric.value"])
		}
		for _, field := range []string{"ml.epoch", "ml.step", "ml.drift.severity", "ml.quality.value"} {
			if is[field] != nil {
				text += fmt.Sprintf(" %s %v", field[strings.LastIndexByte(field, '.')+1:], is[field])
			}
		}
		if with["@timestamp"] == "" {
			text += " " + is["@timestamp"].(string)
		}
		lines = append(lines, text)
	}
	return lines
}

func packed(text string) string {
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	io.WriteString(writer, text)
	writer.Close()
	return buffer.String()
}

// TestFaults reads content that is wrong in a way that people's files are, and right in ways that are easily taken for wrong.
func TestFaults(t *testing.T) {
	const (
		evals = `{"train": {"rmse": [0.5, 0.4]}}`
		state = `{"log_history": [{"loss": 0.5, "step": 1}, {"eval_loss": 0.4, "step": 1}]}`
		keras = "epoch,loss,val_loss\n"
		model = "@timestamp,event.dataset,ml.run.id,ml.metrics.loss,ml.metrics.accuracy,labels.country\n"
		now   = "2026-11-26T12:00:00Z,ml.training,r,"
	)
	utf16 := func(text string, mark string) string {
		for _, c := range text {
			mark += string([]byte{byte(c), 0})
		}
		return mark
	}
	for _, test := range []struct {
		name, content, format string
		want                  []string
	}{
		{"an epoch twice in a header of CSV", "epoch,loss,epoch\n1,2,1\n", "", []string{"2: train loss=2 epoch 1"}},
		{"ends of lines of Windows", "epoch,loss\r\n0,0.5\r\n1,0.4\r\n", "", []string{"2: train loss=0.5 epoch 0", "3: train loss=0.4 epoch 1"}},
		{"a byte-order mark and semicolons", "\xef\xbb\xbfepoch;loss\n0;0.5\n", "", []string{"2: train loss=0.5 epoch 0"}},
		{"tabs", "epoch\tloss\n0\t0.5\n", "", []string{"2: train loss=0.5 epoch 0"}},
		{"a decimal comma", "epoch;loss\n0;0,5\n", "", []string{`2: ! ml.metrics.loss: "0,5" is no number; write it as 0.5 or 1e-3`}},
		{"no newline at the end", keras + "0,0.5,0.6", "", []string{"2: train loss=0.5 epoch 0", "2: validation loss=0.6 epoch 0"}},
		{"NA, an empty cell and nan", keras + "0,NA,0.6\n1,,\n2,nan,0.4\n", "", []string{"2: validation loss=0.6 epoch 0",
			"4: ! ml.metrics.loss: nan is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"4: validation loss=0.4 epoch 2"}},
		{"ragged rows", keras + "0,0.5\n1,0.4,0.5,9\n2,0.3,0.2\n", "", []string{
			"2: ! has 2 cells, and its header 3; give each column one", "3: ! has 4 cells, and its header 3; give each column one",
			"4: train loss=0.3 epoch 2", "4: validation loss=0.2 epoch 2"}},
		{"a header again", keras + "0,1,2\nepoch,loss,val_loss\n0,3,4\n", "", []string{"2: train loss=1 epoch 0", "2: validation loss=2 epoch 0",
			"4: train loss=3 epoch 0", "4: validation loss=4 epoch 0"}},
		{"a changed header", keras + "0,1,2\nepoch,acc,loss,lr\n0,3,4,5\n", "", []string{"2: train loss=1 epoch 0", "2: validation loss=2 epoch 0",
			"4: train accuracy=3 epoch 0", "4: train loss=4 epoch 0", "4: train learning_rate=5 epoch 0"}},
		{"quotes", "epoch,\"loss\"\n\"0\",\"0.5\"\n", "", []string{"2: train loss=0.5 epoch 0"}},
		{"a quote that nothing closes", keras + "0,\"1,2\n1,3,4\n", "", []string{
			`2: ! has a quote that nothing closes; close it, or write a quote within a cell as ""`, "3: train loss=3 epoch 1", "3: validation loss=4 epoch 1"}},
		{"a quote out of place", keras + "0,1\"2\",2\n", "", []string{
			"2: ! has a quote out of place at byte 4 (bare \" in non-quoted-field); put quotes around the whole cell, and write one within it as \"\""}},
		{"an end of line within quotes", model + now + "0.5,0.9,\"new\nline\"\n" + now + "0.4,NA,NA\n", "", []string{
			"2: new\nline loss=0.5 2026-11-26T12:00:00.000Z", "2: new\nline accuracy=0.9 2026-11-26T12:00:00.000Z", "4: NA loss=0.4 2026-11-26T12:00:00.000Z"}},
		{"two stray quotes with rows between", keras + "0,\"1,2\n1,3,4\n2,\"5,6\n", "", []string{
			`2: ! has a quote that nothing closes; close it, or write a quote within a cell as ""`, "3: train loss=3 epoch 1", "3: validation loss=4 epoch 1",
			`4: ! has a quote that nothing closes; close it, or write a quote within a cell as ""`}},
		{"a column that is no field", "@timestamp,event.dataset,ml.run.id,ml.metrics.loss,color\n" + now + "0.5,red\n", "", []string{
			"2: ! color: is no field of the model; put what is your own below labels"}},
		{"pandas' own column", ",epoch,loss\n0,0.0,0.5\n", "", []string{"2: train loss=0.5 epoch 0"}},
		{"Lightning's columns", "epoch,step,train_loss_step,train_loss_epoch,val_acc\n0,49,0.5,,\n0,99,,0.4,0.9\n", "", []string{
			"2: train loss=0.5 epoch 0 step 49", "3: train mean loss=0.4 epoch 0 step 99", "3: validation accuracy=0.9 epoch 0 step 99"}},
		{"two names for one metric", "epoch,acc,accuracy\n0,0.5,0.6\n", "", []string{"2: train acc=0.5 epoch 0", "2: train accuracy=0.6 epoch 0"}},
		{"a table of nobody's", "color,size\nred,5\n", "", []string{"ERROR -: is a table with none of the columns that are known"}},
		{"CSV that is not what --format says", "color,size\nred,5\n", "keras", []string{
			"1: ! has no column epoch or step beside those of metrics; name them, or choose another --format"}},

		{"what TensorBoard's page downloads", "Wall time,Step,Value\n1795711928.5,3,0.25\n", "", []string{
			`2: ! ml.metric.name: is missing; give it, such as "f1_score"`}},
		{"a run's folder of Windows", "run,tag,step,value,wall_time\nlogs\\train,epoch_loss,3,0.25,1795711928\n", "", []string{
			"2: train epoch_loss=0.25 step 3 2026-11-26T16:52:08.000Z"}},
		{"milliseconds for seconds", "step,tag,value,wall_time\n3,loss,0.25,1795711928000\n", "", []string{
			`2: ! @timestamp: 1795711928000 is a number, milliseconds since 1970 most likely; write "2026-11-26T16:52:08Z"`}},

		{"a row of W&B that is no JSON", `{"_step": 1, "loss": 0.5}` + "\n" + `{"_step": 2, "loss"` + "\n" + `{"_step": 3, "loss": 1}`, "", []string{
			"1: loss=0.5 step 1", "2: ! the JSON ends in the middle; what came before was read, so send it whole", "3: loss=1 step 3"}},
		{"a name twice", `{"_step": 1, "loss": 0.5, "loss": 0.6}`, "", []string{"1: ! is given twice; keep one"}},
		{"more behind the object", `{"_step": 1, "loss": 0.5} {}`, "", []string{"1: ! has more behind its object; write one a line"}},
		{"NaN and Infinity", `{"_step": 1, "a": NaN, "b": -Infinity, "c": 1e400, "d": "NaN", "e": 2, "f": "Infinite"}`, "", []string{
			"1: ! ml.metrics.a: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"1: ! ml.metrics.b: -Inf is infinite, which no picture can show; leave it out, or find out why the metric diverged",
			"1: ! ml.metrics.c: +Inf is infinite, which no picture can show; leave it out, or find out why the metric diverged",
			"1: ! ml.metrics.d: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"1: e=2 step 1"}},
		{"pictures, histograms, texts and nested metrics",
			`{"_step": 1, "h": {"_type": "histogram", "bins": [1], "count": 4}, "i": {"size": 3, "_type": "image-file"}, "val": {"acc": 0.5}, "t": "x", "n": null, "b": true}`,
			"", []string{"1: validation accuracy=0.5 step 1"}},
		{"the training's own step", `{"_step": 7, "train/loss": 1, "train/global_step": 500, "_timestamp": 1795711928.25}`, "", []string{
			"1: train loss=1 step 500 2026-11-26T16:52:08.250Z"}},
		{"a list of rows", `[{"_step": 1, "loss": 1}, 5, {"_step": 2, "loss": 2}]`, "", []string{
			"0 [0]: loss=1 step 1", "0 [1]: ! has a value where the format has an object or a list; is --format right?", "0 [2]: loss=2 step 2"}},
		{"a summary over several lines", "{\n \"_step\": 1,\n \"loss\": 0.5\n}\n", "", []string{"0: loss=0.5 step 1"}},
		{"rows as CSV", "_step,_timestamp,loss\n0,1795711928.5,0.5\n", "", []string{"2: loss=0.5 step 0 2026-11-26T16:52:08.500Z"}},
		{"invalid UTF-8", "{\"_step\": 1, \"l\xff\": 0.5}\n{\"_step\": 2, \"loss\": 1}", "", []string{
			"1: ! is no JSON at byte 16 (invalid UTF-8); mend it there", "2: loss=1 step 2"}},
		{"a lone surrogate", `{"_step": 1, "\ud800": 0.5}`, "", []string{"1: ! is no JSON at byte 15 (invalid surrogate pair \"\\\\ud800\\\": 0.5\" in string); mend it there"}},
		{"deep nesting", `{"_step": 1, "a": ` + strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70) + "}", "", []string{
			"1: ! lies deeper than 64 objects and lists; make it flat"}},

		{"a document that is cut off", state[:60], "", []string{"0 log_history[0]: train loss=0.5 step 1",
			"0 log_history[1].eval_loss: ! the JSON ends in the middle; what came before was read, so send it whole"}},
		{"two documents in a row", state + "\n" + state, "", []string{"0 log_history[0]: train loss=0.5 step 1", "0 log_history[1]: validation loss=0.4 step 1",
			"0 #2 log_history[0]: train loss=0.5 step 1", "0 #2 log_history[1]: validation loss=0.4 step 1"}},
		{"a row of another shape", `{"log_history": [5, {"loss": 0.5, "step": 1, "step": 2}, {"loss": 0.4, "step": 1.5}, {"loss": 0.3, "step": 3}]}`, "", []string{
			"0 log_history[0]: ! has a value where the format has an object or a list; is --format right?",
			"0 log_history[1].step: ! is given twice; keep one",
			"0 log_history[2]: ! ml.step: 1.5 is no whole number of 64 bits; give one", "0 log_history[3]: train loss=0.3 step 3"}},
		{"packed", packed(evals), "", []string{"0 train.rmse[0]: train root_mean_squared_error=0.5 step 0", "0 train.rmse[1]: train root_mean_squared_error=0.4 step 1"}},
		{"packed and cut off", packed(evals)[:len(packed(evals))-6], "", []string{"0 train.rmse[0]: train root_mean_squared_error=0.5 step 0",
			"0 train.rmse[1]: train root_mean_squared_error=0.4 step 1", "0: ! the gzip data is cut off here; what came before was read, so pack the file again and send it whole"}},
		{"the beginning of gzip alone", "\x1f\x8b\x08", "", []string{"1: ! the gzip data is cut off here; what came before was read, so pack the file again and send it whole"}},
		{"text in a list of numbers", `{"train": {"rmse": [0.5, "x", NaN, null, 0.4]}}`, "", []string{"0 train.rmse[0]: train root_mean_squared_error=0.5 step 0",
			"0 train.rmse[1]: ! is text where the format has a number; write the number",
			"0 train.rmse[2]: ! ml.metrics.root_mean_squared_error: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"0 train.rmse[4]: train root_mean_squared_error=0.4 step 4"}},
		{"CatBoost's evals_result", `{"learn": {"Logloss": [0.5]}, "validation": {"AUC": [0.6]}}`, "", []string{
			"0 learn.Logloss[0]: train log_loss=0.5 step 0", "0 validation.AUC[0]: validation roc_auc=0.6 step 0"}},
		{"Keras's History", `{"loss": [0.5], "val_mae": [0.4]}`, "", []string{"0 loss[0]: train loss=0.5 epoch 0", "0 val_mae[0]: validation mean_absolute_error=0.4 epoch 0"}},
		{"a fold's score that could not be computed", `{"fit_time": [0.1], "score_time": [0.2], "test_neg_log_loss": [NaN], "estimator": [{"a": 1}], "test_r2": [0.5]}`, "", []string{
			"0 fit_time[0]: 0 fit_time_ms=100", "0 score_time[0]: 0 score_time_ms=200",
			"0 test_neg_log_loss[0]: ! ml.metrics.log_loss: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"0 test_r2[0]: test 0 r2=0.5"}},
		{"a report with a NaN", `{"a": {"precision": NaN, "recall": 0.5, "f1-score": 0.6, "support": 3}, "accuracy": 0.9}`, "", []string{
			"0 a: ! ml.metrics.precision: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"0 a: a recall=0.5", "0 a: a f1_score=0.6", "0 accuracy: accuracy=0.9"}},

		{"Evidently before it had a config", `{"metrics": [{"metric_id": "ValueDrift(column=age,method=psi,threshold=0.1)", "value": 0.2}], "tests": []}`, "", []string{
			"0 metrics[0]: age drifts severity 2"}},
		{"a method that nobody knows", `{"metrics": [{"metric_name": "x", "id": "i", "config": {"type": "evidently:metric_v2:ValueDrift", "column": "age", "method": "custom function 'f'", "threshold": 0.1}, "value": 0.2}], "tests": [{"metric_config": {"metric_id": "i"}, "status": "FAIL"}]}`, "", []string{
			"0 metrics[0]: age drifts"}},
		{"a bound that is no drift", `{"metrics": [{"metric_name": "x", "id": "i", "config": {"type": "evidently:metric_v2:ValueDrift", "column": "age", "method": "psi", "threshold": 0.1}, "value": 0.2}], "tests": [{"id": "lt", "metric_config": {"metric_id": "i"}, "status": "SUCCESS"}]}`, "", []string{
			"0 metrics[0]: age drifts severity 2"}},
		{"a drift that its test knows", `{"metrics": [{"metric_id": "ValueDrift(column=age)", "id": "i", "value": 0.2}], "tests": [{"id": "drift", "metric_config": {"metric_id": "i"}, "status": "FAIL"}]}`, "", []string{
			"0 metrics[0]: age drifts"}},
		{"drift that is NaN", `{"metrics": [{"metric_name": "ValueDrift(column=age)", "value": NaN}, {"metric_name": "RowCount()", "value": 3}]}`, "", []string{
			"0 metrics[0]: ! ml.drift.score: NaN is no number, which no picture can show; leave it out, or find out why the metric diverged",
			"0 metrics[1]: value 3"}},

		{"GridSearchCV's cv_results_", `{"mean_fit_time": [0.1], "mean_test_score": [0.5]}`, "", []string{
			"1: ! mean_fit_time: is no field of the model; put what is your own below labels; mean_test_score: is no field of the model; " +
				"put what is your own below labels; @timestamp: is missing; give it, such as \"2026-11-26T12:00:00.000Z\"; " +
				"event.dataset: is missing; give it, such as \"ml.evaluation\""}},
		{"texts and objects where a row has numbers", `{"log_history": [{"loss": "much", "eval_loss": 0.3, "step": 1}, {"loss": 1, "step": "x"}, {"loss": {}, "step": 2}, {"loss": null, "step": 3}, {"loss": 0.4, "step": 4}]}`, "", []string{
			`0 log_history[0]: ! ml.metrics.loss: "much" is no number; write it as 0.5 or 1e-3`, "0 log_history[0]: validation loss=0.3 step 1",
			"0 log_history[1].step: ! is no number; write one",
			`0 log_history[2]: ! ml.metrics.loss: "an object or a list" is no number; write it as 0.5 or 1e-3`, "0 log_history[4]: train loss=0.4 step 4"}},
		{"a history that is no list", `{"log_history": {}}`, "", []string{"0 log_history: ! is no list of rows; send the file as the Trainer wrote it"}},
		{"a step and a time that are texts", `{"_step": "x", "loss": 1}` + "\n" + `{"_timestamp": "abc", "loss": 1}` + "\n" + `{"_step": 3, "loss": 1}`, "", []string{
			"1: ! is no number; write one", "2: ! is no number; write one", "3: loss=1 step 3"}},
		{"a row of the model without a value", model + now + ",NA,DE\n" + now + "0.5,,\n", "", []string{"3: loss=0.5 2026-11-26T12:00:00.000Z"}},
		{"estimators and indices", `{"fit_time": [0.1], "score_time": [0.2], "estimator": ["LogisticRegression()"], "indices": {"train": [[1]]}, "test_r2": [0.5]}`, "", []string{
			"0 fit_time[0]: 0 fit_time_ms=100", "0 score_time[0]: 0 score_time_ms=200", "0 test_r2[0]: test 0 r2=0.5"}},
		{"UTF-16 with a mark", utf16(evals, "\xff\xfe"), "", []string{"1: ! is text in UTF-16; save it as UTF-8, as `iconv -f UTF-16 -t UTF-8` does"}},
		{"UTF-16 without one", utf16("epoch,loss", ""), "", []string{"1: ! is text in UTF-16; save it as UTF-8, as `iconv -f UTF-16 -t UTF-8` does"}},
		{"UTF-16 in spite of --format", utf16(evals, "\xff\xfe"), "ndjson", []string{"1: ! is text in UTF-16; save it as UTF-8, as `iconv -f UTF-16 -t UTF-8` does"}},
		{"binary", "\x7fELF\x00\x00\x01\x02", "", []string{"1: ! is no text but binary data; if it is packed with another program than gzip, unpack it"}},
		{"empty", "", "", nil},
		{"white space", " \n\n", "", nil},
		{"a document of no format", "{\n  \"color\": 1\n}\n", "", []string{"ERROR -: is a JSON document of no format that is known"}},
		{"a list of our own model", `[{"@timestamp": "2026-11-26T12:00:00Z"}]`, "", []string{"ERROR -: is a list; our own model is one object a line"}},
		{"prose before lines of JSON", "Epoch 1, of 5\n" + strings.Repeat(`{"@timestamp": "2026-11-26T12:00:00Z", "event.dataset": "ml.training", "ml.run.id": "r", "ml.metrics": {"loss": 1}}`+"\n", 2), "", []string{
			"1: ! has 'E' where an object, {...}, should be", "2: loss=1 2026-11-26T12:00:00.000Z", "3: loss=1 2026-11-26T12:00:00.000Z"}},
		{"one word on a pipe", "Hello\n", "", []string{"1: ! has 'H' where an object, {...}, should be"}},
		{"prose", "Hello, world\n", "", []string{"ERROR -: is a table with none of the columns"}},
		{"a folder's format for a file", "x", "mlflow", []string{"ERROR -: is one file, and --format mlflow reads"}},
		{"a format that is none", "x", "parquet", []string{`ERROR --format "parquet" is none; write one of rejected, mlflow,`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := summarize(t, []string{"-"}, Options{Stdin: strings.NewReader(test.content), Format: test.format})
			for i := range got {
				if i < len(test.want) && strings.HasPrefix(test.want[i], "ERROR") && strings.HasPrefix(got[i], test.want[i]) {
					got[i] = test.want[i]
				}
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestUnreadableIsReadAgain mends what could not be read where it lies in a rejected file: with its format and what stood before it.
func TestUnreadableIsReadAgain(t *testing.T) {
	reader, err := Open([]string{"-"}, Options{Stdin: strings.NewReader("epoch;loss\n0;0.5\n1\n")})
	if err != nil {
		t.Fatal(err)
	}
	var block Block
	for len(block.Records) == 0 || block.Records[len(block.Records)-1].Problem == nil {
		if err := reader.Next(context.Background(), &block); err != nil {
			t.Fatal(err)
		}
	}
	record := block.Records[len(block.Records)-1]
	if record.Format != "keras" || record.Head != "epoch;loss" || string(record.Raw) != "1" {
		t.Fatalf("the format is %q, the head %q, the row %q; want keras, its header and 1", record.Format, record.Head, record.Raw)
	}
	mended, err := json.Marshal(map[string]any{"file": "a.csv", "line": 3, "documents": 1, "reason": "r", "format": record.Format, "head": record.Head, "raw": "1;0.4"})
	if err != nil {
		t.Fatal(err)
	}
	got := summarize(t, []string{"-"}, Options{Stdin: bytes.NewReader(append(mended, '\n'))})
	if want := "1: train loss=0.4 epoch 1"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFolderOfManyThings reads a folder as training jobs leave one: what is hidden or of no format is left out, and that is told.
func TestFolderOfManyThings(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"README.md": "# A run\n", "weights.bin": "\x00\x01\x02", ".git/config": "[core]", "run/trainer_state.json": `{"log_history": [{"loss": 1, "step": 2}]}`,
		"log.csv": "epoch,loss\n0,3\n", "config.json": "{\n  \"a\": 1\n}",
	} {
		path := filepath.Join(folder, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	os.Symlink("nowhere", filepath.Join(folder, "link"))
	if err := os.CopyFS(filepath.Join(folder, "store"), os.DirFS("testdata/inputs/mlflow-filestore/798881767239369479")); err != nil {
		t.Fatal(err)
	}
	reader, err := Open([]string{folder}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, input := range reader.inputs {
		got = append(got, input.format.Name+" "+strings.TrimPrefix(input.name, folder))
	}
	for _, path := range reader.Skipped() {
		got = append(got, "skipped "+strings.TrimPrefix(path, folder))
	}
	want := "keras /log.csv\nhuggingface /run/trainer_state.json\nmlflow /store\nskipped /README.md\nskipped /config.json\nskipped /link\nskipped /weights.bin"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

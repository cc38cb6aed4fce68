package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// data is the documents, as a file of lines and as ready-made bulk requests of 5 MB.
type data struct {
	lines  string   // a file of our own model
	bulks  []string // files of bulk requests, named <index>.<number>
	size   int64    // of lines
	binary string
	work   string
}

const bulkSize = 5 << 20

// lines is documents from a number on: a value of a training run every step, over three months.
func lines(from, n int) []byte {
	random := rand.New(rand.NewPCG(uint64(from), 1))
	begin := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	var text bytes.Buffer
	for i := from; i < from+n; i++ {
		at := begin.Add(time.Duration(i%10_000_000) * 700 * time.Millisecond).Format("2006-01-02T15:04:05.000Z")
		fmt.Fprintf(&text, `{"@timestamp":"%s","event.dataset":"ml.training","ml.run.id":"run-%06d","ml.model.name":"fraud-classifier","ml.experiment.name":"fraud",`+
			`"ml.dataset.split":"train","ml.step":%d,"ml.epoch":%.2f,"service.environment":"production","ml.metric.name":"loss","ml.metric.value":%.6f,"labels.team":"risk"}`+"\n",
			at, i/1000, i%1000, float64(i%1000)/100, random.Float64())
	}
	return text.Bytes()
}

// makeData writes both forms of the same documents.
func makeData(work string, n int) (*data, error) {
	made := &data{lines: filepath.Join(work, "metrics.ndjson")}
	file, err := os.Create(made.lines)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	encoder, err := metrics.NewEncoder(metrics.Options{Settings: metrics.Settings{IndexPrefix: metrics.DefaultIndexPrefix}})
	if err != nil {
		return nil, err
	}
	bulks := map[string]*bytes.Buffer{}
	for from := 0; from < n; from += 10_000 {
		text := lines(from, min(10_000, n-from))
		written, err := file.Write(text)
		if err != nil {
			return nil, err
		}
		made.size += int64(written)
		for line := range bytes.Lines(text) {
			for document, err := range encoder.Line(bytes.TrimSuffix(line, []byte{'\n'})) {
				if err != nil {
					return nil, err
				}
				bulk := bulks[document.Index]
				if bulk == nil {
					bulk = &bytes.Buffer{}
					bulks[document.Index] = bulk
				}
				fmt.Fprintf(bulk, "{\"create\":{\"_id\":\"%s\"}}\n%s\n", document.ID, document.Source)
				if bulk.Len() >= bulkSize {
					if err := made.keep(work, document.Index, bulk); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	for index, bulk := range bulks {
		if err := made.keep(work, index, bulk); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (made *data) keep(work, index string, bulk *bytes.Buffer) error {
	if bulk.Len() == 0 {
		return nil
	}
	path := filepath.Join(work, fmt.Sprintf("%s.%04d", index, len(made.bulks)))
	made.bulks = append(made.bulks, path)
	err := os.WriteFile(path, bulk.Bytes(), 0o600)
	bulk.Reset()
	return err
}

func indexOf(bulk string) string {
	index, _, _ := strings.Cut(filepath.Base(bulk), ".")
	return index
}

func ask(method, address, body string) ([]byte, error) {
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", method, address, answer.Status, content)
	}
	return content, err
}

func askCount(address string) (int, error) {
	content, err := ask(http.MethodGet, address, "")
	if err != nil {
		return 0, err
	}
	var said struct{ Count int }
	return said.Count, json.Unmarshal(content, &said)
}

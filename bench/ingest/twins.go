package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/elastic/go-elasticsearch/v7"
	"github.com/elastic/go-elasticsearch/v7/esutil"
)

// twin is one way to load the documents.
type twin struct {
	name    string
	command func(address string) *exec.Cmd
}

// workers is how many requests the twins send at once.
const workers = "2"

func twins(made *data) []twin {
	return []twin{
		{"curl", func(address string) *exec.Cmd {
			command := exec.Command("xargs", "-P", workers, "-I", "{}", "sh", "-c",
				`file={}; index=$(basename "$file"); curl -s -o /dev/null -H 'Content-Type: application/x-ndjson' --data-binary @"$file" "`+address+`/${index%.*}/_bulk"`)
			command.Stdin = strings.NewReader(strings.Join(made.bulks, "\n"))
			return command
		}},
		{"aimetrics", func(address string) *exec.Cmd {
			return exec.Command(made.binary, "ingest", "--endpoint", address, "--rejected", filepath.Join(made.work, "rejected.ndjson"), made.lines)
		}},
		{"go-elasticsearch", func(address string) *exec.Cmd {
			self, err := os.Executable()
			check(err)
			return exec.Command(self, append([]string{"as-go-elasticsearch", address}, made.bulks...)...)
		}},
	}
}

// runGoElasticsearch sends the documents of ready-made bulk requests as its documentation shows it.
func runGoElasticsearch(address string, bulks []string) error {
	client, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{address}, RetryOnStatus: []int{429, 502, 503, 504}, MaxRetries: 5})
	if err != nil {
		return err
	}
	var failures atomic.Int64
	indexer, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{Client: client, NumWorkers: 2, FlushBytes: bulkSize})
	if err != nil {
		return err
	}
	ctx := context.Background()
	for _, bulk := range bulks {
		content, err := os.ReadFile(bulk)
		if err != nil {
			return err
		}
		lines := bytes.Split(content, []byte{'\n'})
		for i := 0; i+1 < len(lines); i += 2 {
			id := lines[i][len(`{"create":{"_id":"`) : len(lines[i])-len(`"}}`)]
			err := indexer.Add(ctx, esutil.BulkIndexerItem{Action: "create", Index: indexOf(bulk), DocumentID: string(id), Body: bytes.NewReader(lines[i+1]),
				OnFailure: func(context.Context, esutil.BulkIndexerItem, esutil.BulkIndexerResponseItem, error) { failures.Add(1) }})
			if err != nil {
				return err
			}
		}
	}
	err = indexer.Close(ctx)
	stats := indexer.Stats()
	if stats.NumFailed > 0 {
		err = errors.Join(err, fmt.Errorf("%d failed, and OnFailure was called for %d", stats.NumFailed, failures.Load()))
	}
	fmt.Printf("%d flushed, %d failed\n", stats.NumFlushed, stats.NumFailed)
	return err
}

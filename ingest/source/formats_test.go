package source

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/metrics"
)

// told is the clock of the tests: a day after the last of the samples.
var told = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// filled is what a user fills in where an input lacks it.
var filled = map[string]string{
	"@timestamp": "2026-11-26T12:00:00Z", "ml.run.id": "run-1", "ml.model.name": "churn", "ml.model.version": "7", "ml.metric.name": "loss",
}

// read gives a line for each document that inputs make, with its id and its place, and for each that is rejected why. What they lack is
// filled in, and told first.
func read(t testing.TB, names []string, options Options) string {
	t.Helper()
	fill := map[string]string{}
	if lacks := pass(t, names, options, fill, io.Discard); len(lacks) > 0 {
		for _, field := range lacks {
			fill[field] = filled[field]
		}
	}
	options.Given = slices.Sorted(maps.Keys(fill))
	var text strings.Builder
	if len(fill) > 0 {
		fmt.Fprintf(&text, "lacks %s\n", strings.Join(options.Given, " "))
	}
	pass(t, names, options, fill, &text)
	return text.String()
}

// pass reads inputs once, and returns the required fields that are missing.
func pass(t testing.TB, names []string, options Options, fill map[string]string, out io.Writer) (lacks []string) {
	t.Helper()
	encoder, err := metrics.NewEncoder(metrics.Options{Fill: fill, Now: func() time.Time { return told }})
	if err != nil {
		t.Fatal(err)
	}
	reader, err := Open(names, options)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var block Block
	for {
		err := reader.Next(context.Background(), &block)
		if err == io.EOF {
			return lacks
		} else if err != nil {
			t.Fatal(err)
		}
		for _, record := range block.Records {
			at := fmt.Sprintf("%d %s", record.Line, record.Path)
			if record.Problem != nil {
				fmt.Fprintf(out, "%s: REJECTED %v\n", at, record.Problem)
				continue
			}
			documents := encoder.Line(record.Raw)
			if record.Row != nil {
				documents = encoder.Row(record.Row)
			}
			for document, err := range documents {
				if err != nil {
					if rejection, ok := err.(*metrics.Rejection); ok {
						for _, field := range rejection.Missing {
							if !slices.Contains(lacks, field) {
								lacks = append(lacks, field)
							}
						}
					}
					fmt.Fprintf(out, "%s: REJECTED %v\n", at, err)
					continue
				}
				source := strings.NewReplacer(`,"ecs.version":"9.4.0"`, "", `,"event.kind":"metric"`, "",
					`,"event.ingested":"2026-11-27T12:00:00.000Z"`, "").Replace(string(document.Source))
				fmt.Fprintf(out, "%s: %s %s\n", at, document.ID, source)
			}
		}
	}
}

// TestFormats reads every file and folder below testdata/inputs, and compares the documents with testdata/documents.
func TestFormats(t *testing.T) {
	entries, err := os.ReadDir("testdata/inputs")
	if err != nil {
		t.Fatal(err)
	}
	var owned []string
	for _, entry := range entries {
		if entry.Name() == "README.md" {
			continue
		}
		owned = append(owned, entry.Name()+".txt")
		t.Run(entry.Name(), func(t *testing.T) {
			path := filepath.Join("testdata/inputs", entry.Name())
			snapshot.Compare(t, filepath.Join("testdata/documents", entry.Name()+".txt"), formatOfInput(t, path)+read(t, []string{path}, Options{}))
		})
	}
	snapshot.Owned(t, "testdata/documents", owned)
}

func formatOfInput(t *testing.T, path string) string {
	t.Helper()
	reader, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return "format " + reader.inputs[0].format.Name + "\n"
}

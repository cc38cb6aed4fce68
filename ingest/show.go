package ingest

import (
	"context"
	"io"
	"slices"

	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/metrics"
)

// Show writes the documents that a source makes to out, a line of JSON each, and sends none. What cannot be one is given to rejected,
// with the required fields that it lacks, and whether they are all that is wrong.
func Show(ctx context.Context, from Source, options Options, out io.Writer,
	rejected func(line Rejected, lacks []string, isAll bool)) error {
	options = options.withDefaults()
	encoder, err := metrics.NewEncoder(metrics.Options{Settings: metrics.Settings{IndexPrefix: options.IndexPrefix},
		Now: options.Now, Batch: options.Batch, Fill: options.Fill})
	if err != nil {
		return err
	}
	var block source.Block
	for {
		if err := from.Next(ctx, &block); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		for i := range block.Records {
			record := &block.Records[i]
			whole := reject{}
			if record.Problem != nil {
				whole = reject{documents: 1, problem: record.Problem}
			} else {
				for made, err := range documentsOf(encoder, record) {
					if err != nil {
						whole.add(err)
					} else if _, err := out.Write(append(slices.Clip(made.Source), '\n')); err != nil {
						return err
					}
				}
			}
			if whole.documents > 0 {
				rejected(lineOf(block.Input, record, &whole), whole.missing, len(whole.missing) > 0 && !whole.otherwise)
			}
		}
	}
}

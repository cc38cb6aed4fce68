package domain

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"cdktf-aimetrics/metrics"
)

// SampleData is how many documents of a prefix are sample data, and how many are not.
type SampleData struct{ Sample, Others int64 }

// sampleQuery finds the documents of sample data.
var sampleQuery = map[string]any{"term": map[string]any{metrics.SampleLabel: metrics.SampleLabelValue}}

// CountSampleData counts the documents in the indices of settings.
func (c *Client) CountSampleData(ctx context.Context, settings metrics.Settings) (SampleData, error) {
	indices, err := c.sampleIndices(ctx, settings)
	var all SampleData
	for _, index := range indices {
		all.Sample += index.Sample
		all.Others += index.Others
	}
	return all, err
}

type sampleIndex struct {
	name string
	SampleData
}

// sampleIndices counts the documents of each index. An index without documents is none of them.
func (c *Client) sampleIndices(ctx context.Context, settings metrics.Settings) ([]sampleIndex, error) {
	patterns := "/" + strings.Join(settings.IndexPatterns(), ",")
	// What was written a moment ago counts too.
	if err := c.Send(ctx, http.MethodPost, patterns+"/_refresh?ignore_unavailable=true", nil, nil); err != nil {
		return nil, err
	}
	search := map[string]any{
		"size": 0,
		"aggs": map[string]any{"index": map[string]any{
			"terms": map[string]any{"field": "_index", "size": 10_000},
			"aggs":  map[string]any{"sample": map[string]any{"filter": sampleQuery}},
		}},
	}
	var answer struct {
		Aggregations struct {
			Index struct {
				Buckets []struct {
					Key    string
					Count  int64 `json:"doc_count"`
					Sample struct {
						Count int64 `json:"doc_count"`
					}
				}
			}
		}
	}
	if err := c.Send(ctx, http.MethodPost, patterns+"/_search?ignore_unavailable=true&allow_partial_search_results=false", search,
		&answer); err != nil {
		return nil, err
	}
	var indices []sampleIndex
	for _, bucket := range answer.Aggregations.Index.Buckets {
		indices = append(indices, sampleIndex{bucket.Key, SampleData{bucket.Sample.Count, bucket.Count - bucket.Sample.Count}})
	}
	return indices, nil
}

// RemoveSampleData deletes the documents of sample data in the indices of settings, and the indices that held nothing else. It returns
// how many documents it deleted.
func (c *Client) RemoveSampleData(ctx context.Context, settings metrics.Settings) (int64, error) {
	indices, err := c.sampleIndices(ctx, settings)
	if err != nil {
		return 0, err
	}
	var removed int64
	for _, index := range indices {
		if index.Sample == 0 {
			continue
		}
		var answer struct {
			Deleted  int64
			Failures []any
		}
		path := "/" + url.PathEscape(index.name)
		if err := c.Send(ctx, http.MethodPost, path+"/_delete_by_query?conflicts=proceed&refresh=true",
			map[string]any{"query": sampleQuery}, &answer); err != nil {
			return removed, err
		}
		removed += answer.Deleted
		if len(answer.Failures) > 0 || answer.Deleted < index.Sample {
			return removed, fmt.Errorf("index %s: %d of %d documents of sample data could not be deleted; run it again", index.name,
				index.Sample-answer.Deleted, index.Sample)
		}
		if index.Others == 0 {
			if err := c.deleteEmpty(ctx, path); err != nil {
				return removed, err
			}
		}
	}
	return removed, nil
}

// deleteEmpty deletes an index unless a document came into it. Writing to it is blocked while that is found out, so that none comes
// between the look and the deletion.
func (c *Client) deleteEmpty(ctx context.Context, path string) error {
	block := func(value any) error {
		return c.Send(ctx, http.MethodPut, path+"/_settings", map[string]any{"index.blocks.write": value}, nil)
	}
	if err := block(true); err != nil {
		return err
	}
	var answer struct{ Count int64 }
	err := c.Send(ctx, http.MethodPost, path+"/_refresh", nil, nil)
	if err == nil {
		err = c.Send(ctx, http.MethodGet, path+"/_count", nil, &answer)
	}
	if err != nil || answer.Count > 0 {
		if unblocked := block(nil); err == nil {
			err = unblocked
		}
		return err
	}
	return c.Send(ctx, http.MethodDelete, path, nil, nil)
}

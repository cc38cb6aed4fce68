package ingest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/metrics"
)

// alsoClosed makes a closed index an error, where it would else be left out in silence.
const alsoClosed = "expand_wildcards=open,closed"

// Count returns how many documents a batch has in the indices of settings.
func Count(ctx context.Context, client *domain.Client, settings metrics.Settings, batch string) (int64, error) {
	pattern := url.PathEscape(settings.WithDefaults().IndexPattern())
	// What was written a moment ago is counted too.
	if err := client.Send(ctx, http.MethodPost, "/"+pattern+"/_refresh?"+alsoClosed, nil, nil); err != nil {
		return 0, err
	}
	var said struct {
		Count  int64  `json:"count"`
		Shards shards `json:"_shards"`
	}
	if err := client.Send(ctx, http.MethodPost, "/"+pattern+"/_count?"+alsoClosed, queryOf(batch), &said); err != nil {
		return 0, err
	}
	if said.Shards.Failed > 0 {
		return 0, fmt.Errorf("%d of %d shards did not answer, so the batch may have more; run it again when the domain is well",
			said.Shards.Failed, said.Shards.Total)
	}
	return said.Count, nil
}

type shards struct {
	Total  int `json:"total"`
	Failed int `json:"failed"`
}

func queryOf(batch string) any {
	return map[string]any{"query": map[string]any{"term": map[string]any{"ml.batch": batch}}}
}

// Delete takes a batch out of the indices of settings, and returns how many documents that were. What is written meanwhile may stay, and
// a document that two batches had is the first's.
//
// The error may come after some were deleted: the number says how many, and running it again does the rest.
func Delete(ctx context.Context, client *domain.Client, settings metrics.Settings, batch string) (int64, error) {
	pattern := url.PathEscape(settings.WithDefaults().IndexPattern())
	var started struct {
		Task string `json:"task"`
	}
	path := "/" + pattern + "/_delete_by_query?conflicts=proceed&refresh=true&wait_for_completion=false&" + alsoClosed
	if err := client.Send(ctx, http.MethodPost, path, queryOf(batch), &started); err != nil {
		return 0, err
	}
	for tries := 0; ; tries++ {
		var said struct {
			Completed bool `json:"completed"`
			Task      struct {
				Status struct {
					Deleted int64 `json:"deleted"`
				} `json:"status"`
			} `json:"task"`
			Response struct {
				Deleted  int64 `json:"deleted"`
				Failures []struct {
					Cause *domain.ElasticError `json:"cause"`
				} `json:"failures"`
				Conflicts int64 `json:"version_conflicts"`
			} `json:"response"`
			Error *domain.ElasticError `json:"error"`
		}
		if err := client.Send(ctx, http.MethodGet, "/_tasks/"+url.PathEscape(started.Task), nil, &said); err != nil {
			return said.Task.Status.Deleted, err
		}
		deleted := said.Response.Deleted
		switch {
		case !said.Completed:
		case said.Error != nil:
			return deleted, fmt.Errorf("the domain stopped after %d: %s", deleted, why(said.Error))
		case len(said.Response.Failures) > 0 && said.Response.Failures[0].Cause != nil:
			return deleted, fmt.Errorf("%d were deleted, and others could not be: %s",
				deleted, why(said.Response.Failures[0].Cause))
		case said.Response.Conflicts > 0:
			return deleted, fmt.Errorf("%d were deleted, and %d were changed meanwhile; run it again", deleted, said.Response.Conflicts)
		default:
			return deleted, nil
		}
		if err := pause(ctx, min(2*time.Second, 50*time.Millisecond<<min(tries, 6))); err != nil {
			return said.Task.Status.Deleted, err
		}
	}
}

// why is what the domain said and what to do about it, in one line.
func why(e *domain.ElasticError) string {
	text := strings.TrimRight(oneLine(e.Text()), ".; ")
	if remedy := domain.Unblock(e.Type, e.Reason); remedy != "" {
		return text + "; " + remedy + ", then run it again"
	}
	return text + "; run it again"
}

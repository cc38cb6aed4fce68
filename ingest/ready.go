package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"syscall"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/metrics"
)

// begun is the indices that a run writes to.
type begun struct {
	indices  sync.Map   // by name
	checking sync.Mutex // one asks at a time
}

// begin asks for the template again before the first document of an index: a run may live for months, and whoever takes the template
// away meanwhile would have the next index made with guessed types.
func (in *Ingester) begin(ctx context.Context, index string) error {
	if _, known := in.begun.indices.Load(index); known {
		return nil
	}
	in.begun.checking.Lock()
	defer in.begun.checking.Unlock()
	if _, known := in.begun.indices.Load(index); known {
		return nil
	}
	partition, err := in.ready(ctx, mayAnswerAgain)
	if err != nil {
		return err
	}
	in.health.answers()
	if partition != in.settings.Partition {
		return fmt.Errorf("the template %q of %s parts its indices by %s now, and by %s when this run began; run it again",
			in.settings.TemplateName(), in.client.Endpoint(), partition, in.settings.Partition)
	}
	in.begun.indices.Store(index, true)
	return nil
}

// ready asks the domain for the template, and returns how it parts its indices. A domain with a fault that passes is waited for.
func (in *Ingester) ready(ctx context.Context, passes func(*domain.Fault) bool) (metrics.Partition, error) {
	for tries := 0; ; tries++ {
		partition, err := in.template(ctx)
		var fault *domain.Fault
		if err == nil || !errors.As(err, &fault) || !passes(fault) || ctx.Err() != nil {
			return partition, err
		}
		if !in.health.silent(err) {
			if in.health.patience > 0 {
				err = fmt.Errorf("the domain did not answer for %v: %w", in.health.patience, err)
			}
			return "", err
		}
		if err := pause(ctx, in.backoff(tries)); err != nil {
			return "", err
		}
	}
}

// mayComeBack reports whether a domain is gone for now, and not another one than was meant.
func mayComeBack(fault *domain.Fault) bool {
	switch fault.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case 0:
		var timeout interface{ Timeout() bool }
		return errors.Is(fault, syscall.ECONNREFUSED) || errors.Is(fault, syscall.ECONNRESET) ||
			errors.As(fault, &timeout) && timeout.Timeout()
	}
	return false
}

// mayAnswerAgain reports whether a domain that was the right one before may be so again.
func mayAnswerAgain(fault *domain.Fault) bool {
	return fault.Status == 0 || fault.Status == http.StatusRequestTimeout || fault.Status == http.StatusTooManyRequests ||
		fault.Status >= http.StatusInternalServerError
}

func (in *Ingester) template(ctx context.Context) (metrics.Partition, error) {
	var said struct {
		Templates []struct {
			Template struct {
				Patterns []string        `json:"index_patterns"`
				Meta     json.RawMessage `json:"_meta"`
			} `json:"index_template"`
		} `json:"index_templates"`
	}
	name := in.settings.TemplateName()
	const remedy = "run `aimetrics setup` first"
	none := fmt.Errorf("%s has no template %q, without which it would guess the types of fields; %s", in.client.Endpoint(), name, remedy)
	err := in.client.Send(ctx, http.MethodGet, "/_index_template/"+name, nil, &said)
	var fault *domain.Fault
	if errors.As(err, &fault) && fault.Status == http.StatusNotFound {
		return "", none
	} else if err != nil {
		return "", err
	}
	if len(said.Templates) != 1 {
		return "", none
	}
	template := said.Templates[0].Template
	var meta metrics.Meta
	if json.Unmarshal(template.Meta, &meta) != nil || meta.ManagedBy != metrics.ManagedBy {
		return "", fmt.Errorf("the template %q of %s is not aimetrics's; choose another index prefix, or remove it and %s",
			name, in.client.Endpoint(), remedy)
	}
	if !slices.Contains(template.Patterns, in.settings.IndexPattern()) {
		return "", fmt.Errorf("the template %q of %s is not for %s; %s", name, in.client.Endpoint(), in.settings.IndexPattern(), remedy)
	}
	if meta.Version < metrics.ModelVersion {
		return "", fmt.Errorf("the template %q of %s is of version %d, and documents are of version %d; run `aimetrics setup` again",
			name, in.client.Endpoint(), meta.Version, metrics.ModelVersion)
	}
	if meta.Partition != metrics.Month && meta.Partition != metrics.Day {
		return "", fmt.Errorf("the template %q of %s parts its indices by %q, which this version does not know; install the newest",
			name, in.client.Endpoint(), meta.Partition)
	}
	return meta.Partition, nil
}

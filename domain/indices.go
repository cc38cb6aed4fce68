package domain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cdktf-aimetrics/metrics"
)

// existingIndex is an index of the prefix that is there.
type existingIndex struct {
	name    string
	mapping map[string]any
}

// readIndices reads the indices of the prefix, and refuses one that stands where the alias belongs.
func (p *plan) readIndices(ctx context.Context) error {
	var answer map[string]struct{ Mappings map[string]any }
	// The alias is not asked for by its name, for it would answer with the indices that it stands for.
	if err := p.client.Send(ctx, http.MethodGet, "/"+strings.Join(p.settings.IndexPatterns(),
		",")+"/_mapping?expand_wildcards=open,closed,hidden&allow_no_indices=true", nil, &answer); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(answer)) {
		p.indices = append(p.indices, existingIndex{name, answer[name].Mappings})
	}
	alias := p.settings.Alias()
	clear(answer)
	if _, err := p.client.get(ctx, "/"+url.PathEscape(alias)+"/_mapping", &answer); err != nil {
		return err
	}
	if _, isIndex := answer[alias]; isIndex {
		return fmt.Errorf("an index is called %q, where the alias of all indices belongs: something wrote to it before setup ran; send "+
			"its documents again with `aimetrics ingest`, and delete it (DELETE /%[1]s)", alias)
	}
	return nil
}

// planMappings puts new fields on the indices that exist.
func (p *plan) planMappings(context.Context) error {
	want := decoded(metrics.Mapping())
	wanted := leavesOf(sameMapping(want))
	var inTheWay []error
	for _, index := range p.indices {
		have := leavesOf(sameMapping(index.mapping))
		if wrong := p.wrongFields(index.name, have, wanted); wrong != nil {
			inTheWay = append(inTheWay, wrong)
			continue
		}
		lines := slices.DeleteFunc(differences(have, wanted), func(line string) bool { return line[0] == '-' })
		if len(lines) == 0 {
			continue
		}
		p.change(fmt.Sprintf("mapping of %s", index.name), "changed", lines, func(ctx context.Context) error {
			return p.client.put(ctx, "/"+url.PathEscape(index.name)+"/_mapping", want)
		})
	}
	return errors.Join(inTheWay...)
}

// wrongFields is that fields of an index have another type than they must have, which Elasticsearch never changes.
func (p *plan) wrongFields(index string, have, want leaves) error {
	old, right := fieldTypes(have), fieldTypes(want)
	var wrong []string
	for _, field := range slices.Sorted(maps.Keys(right)) {
		if its, there := old[field]; there && its != right[field] {
			wrong = append(wrong, fmt.Sprintf("%s is %s and must be %s", field, its, right[field]))
		}
	}
	if wrong == nil {
		return nil
	}
	if len(wrong) > 3 {
		wrong = append(wrong[:3], fmt.Sprintf("%d more", len(wrong)-3))
	}
	return fmt.Errorf("index %s was made before the template: %s; copy it to an index that begins otherwise (POST /_reindex), delete "+
		"it, run setup and copy it back, or delete it and send its documents again with `aimetrics ingest`",
		index, strings.Join(wrong, ", "))
}

// fieldTypes is the type of each field of a mapping, by its dotted name.
func fieldTypes(mapping leaves) map[string]string {
	types := map[string]string{}
	for path, value := range mapping {
		parts := strings.Split(path, ".properties.")
		first, ok := strings.CutPrefix(parts[0], "properties.")
		if !ok {
			continue
		}
		parts[0] = first
		last := len(parts) - 1
		name, parameter, _ := strings.Cut(parts[last], ".")
		parts[last] = name
		switch parameter {
		case "type":
			types[strings.Join(parts, ".")] = value
		case "dynamic", "enabled": // only objects have these
			types[strings.Join(parts, ".")] = "object"
		}
		for i := range last {
			types[strings.Join(parts[:i+1], ".")] = "object"
		}
	}
	return types
}

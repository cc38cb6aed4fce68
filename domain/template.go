package domain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"cdktf-aimetrics/metrics"
)

// storedTemplate is an index template as the engine answers with it.
type storedTemplate struct {
	Name     string         `json:"name"`
	Template map[string]any `json:"index_template"`
}

func (t storedTemplate) patterns() []string {
	var patterns []string
	content, _ := json.Marshal(t.Template["index_patterns"])
	json.Unmarshal(content, &patterns)
	return patterns
}

func (t storedTemplate) priority() float64 {
	priority, _ := t.Template["priority"].(float64)
	return priority
}

// prefix is the index prefix of a template of ours; "" if it is somebody else's.
func (t storedTemplate) prefix() string {
	if at(t.Template, "_meta", "managed_by") != metrics.ManagedBy {
		return ""
	}
	return t.Name
}

// planTemplate makes the index template.
func (p *plan) planTemplate(ctx context.Context) error {
	want := decoded(p.settings.Template(p.Engine.Lifecycle))
	var answer struct {
		Templates []storedTemplate `json:"index_templates"`
	}
	if err := p.client.Send(ctx, http.MethodGet, "/_index_template", nil, &answer); err != nil {
		return err
	}
	name := p.settings.TemplateName()
	var stored *storedTemplate
	var inTheWay []error
	for _, template := range answer.Templates {
		if template.Name == name {
			stored = &template
			continue
		}
		inTheWay = append(inTheWay, p.otherTemplate(template, want))
	}
	if err := errors.Join(inTheWay...); err != nil {
		return err
	}
	if err := p.legacyTemplates(ctx); err != nil {
		return err
	}
	how, have := "created", leaves{}
	if stored != nil {
		if err := p.ownTemplate(*stored); err != nil {
			return err
		}
		how, have = "changed", templateLeaves(stored.Template)
	}
	lines := differences(have, templateLeaves(want))
	if stored != nil && len(lines) == 0 {
		return nil
	}
	p.change(fmt.Sprintf("index template %q", name), how, lines, func(ctx context.Context) error {
		return p.client.put(ctx, "/_index_template/"+url.PathEscape(name), want)
	})
	return nil
}

// ownTemplate looks at the template of our name that is there.
func (p *plan) ownTemplate(stored storedTemplate) error {
	if stored.prefix() == "" {
		return fmt.Errorf("index template %q is there and not of aimetrics; rename or delete it, or choose another index prefix",
			stored.Name)
	}
	if partition, _ := at(stored.Template, "_meta", "partition").(string); partition != string(p.settings.Partition) && len(p.indices) > 0 {
		return fmt.Errorf("partition: %q, and the indices that are there are by %s: a document that is sent again would land in two; "+
			"leave it at %s, or choose another index prefix",
			p.settings.Partition, oneLine(partition, 20), oneLine(partition, 20))
	}
	return nil
}

// otherTemplate is what stands in the way of ours in a template of another name.
func (p *plan) otherTemplate(other storedTemplate, want map[string]any) error {
	ours := p.settings.IndexPrefix
	if prefix := other.prefix(); prefix != "" && (strings.HasPrefix(prefix, ours+"-") || strings.HasPrefix(ours, prefix+"-")) {
		return fmt.Errorf("index prefix %q and %q, which is set up on this domain, begin with one another: who may read or write the "+
			"shorter one gets the longer one's too; choose prefixes that do not", ours, prefix)
	}
	if !overlapAny(other.patterns(), p.settings.IndexPatterns()) {
		return nil
	}
	priority, _ := want["priority"].(float64)
	if other.priority() >= priority {
		return fmt.Errorf("index template %q is for %s too, with the priority %v, so that ours, with %v, would not count; delete it, or "+
			"give it a lower one",
			other.Name, p.settings.IndexPattern(), other.priority(), priority)
	}
	p.note("index template %q of somebody else is for %s too; it does not count, for its priority is %v and ours %v", other.Name,
		p.settings.IndexPattern(), other.priority(), priority)
	return nil
}

// legacyTemplates tells of templates of the former kind, none of which counts where one of the new kind matches.
func (p *plan) legacyTemplates(ctx context.Context) error {
	var templates map[string]struct {
		Patterns []string `json:"index_patterns"`
	}
	if _, err := p.client.get(ctx, "/_template", &templates); err != nil {
		return err
	}
	for name, template := range templates {
		specific := len(template.Patterns) > 0 && template.Patterns[0] != "*"
		if specific && overlapAny(template.Patterns, p.settings.IndexPatterns()) {
			p.note("legacy template %q of somebody else is for %s too; it does not count beside an index template", name,
				p.settings.IndexPattern())
		}
	}
	return nil
}

// templateLeaves is what a template says, however it is written.
func templateLeaves(template map[string]any) leaves {
	template = maps.Clone(template)
	if list, ok := template["composed_of"].([]any); ok && len(list) == 0 {
		delete(template, "composed_of")
	}
	inner, _ := template["template"].(map[string]any)
	inner = maps.Clone(inner)
	if settings, ok := inner["settings"].(map[string]any); ok {
		inner["settings"] = sameSettings(settings)
	}
	if mapping, ok := inner["mappings"].(map[string]any); ok {
		inner["mappings"] = sameMapping(mapping)
	}
	if inner != nil {
		template["template"] = inner
	}
	return leavesOf(template)
}

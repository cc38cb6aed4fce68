package domain

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"cdktf-aimetrics/metrics"
)

// keepSettings takes the settings that a domain was set up with; those of one that was not follow from its nodes.
func (p *plan) keepSettings(ctx context.Context) error {
	var answer struct {
		Templates []storedTemplate `json:"index_templates"`
	}
	there, err := p.client.get(ctx, "/_index_template/"+url.PathEscape(p.settings.TemplateName()), &answer)
	if err != nil {
		return err
	}
	if !there || len(answer.Templates) != 1 || answer.Templates[0].prefix() == "" {
		var health struct {
			DataNodes int `json:"number_of_data_nodes"`
		}
		if err := p.client.Send(ctx, http.MethodGet, "/_cluster/health", nil, &health); err != nil {
			return err
		}
		if health.DataNodes > 1 {
			p.settings.Replicas = 1
		}
		return nil
	}
	template := answer.Templates[0].Template
	settings := sameSettings(asObject(at(template, "template", "settings")))
	for name, into := range map[string]*int{"number_of_shards": &p.settings.Shards, "number_of_replicas": &p.settings.Replicas} {
		if number, err := strconv.Atoi(fmt.Sprint(at(settings, "index", name))); err == nil {
			*into = number
		}
	}
	if partition, ok := at(template, "_meta", "partition").(string); ok {
		p.settings.Partition = metrics.Partition(partition)
	}
	return p.keepRetention(ctx)
}

// retained finds the retention in the description of a policy of ours.
var retained = regexp.MustCompile(` after (\d+) days `)

func (p *plan) keepRetention(ctx context.Context) error {
	if p.Engine.Lifecycle == metrics.NoLifecycle {
		return nil
	}
	var stored storedPolicy
	there, err := p.client.get(ctx, p.Engine.Lifecycle.Path("policies/"+url.PathEscape(p.settings.PolicyID())), &stored)
	if err != nil || !there {
		return err
	}
	description, _ := stored.Policy["description"].(string)
	if found := retained.FindStringSubmatch(description); found != nil && isOurs(description) {
		p.settings.RetentionInDays, err = strconv.Atoi(found[1])
	}
	return err
}

func asObject(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

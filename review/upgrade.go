package review

import (
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
	"cdktf-aimetrics/spec"
)

// upgrades finds what a domain is to get together with the version that brings it. The provider asks for all else first and upgrades
// after, and AWS refuses what the running version does not have.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/service/elasticsearch/domain.go (resourceDomainUpdate)
func upgrades(r *reading) []section {
	for _, c := range r.changes {
		if !isDomain(c) || c.Action != plan.Update {
			continue
		}
		running, next := versionOf(c.Before), versionOf(c.After)
		if running == next {
			continue
		}
		var early []prose.Text
		for _, a := range c.Arguments() {
			what, since := spec.Needs(a.Path, strings.Replace(a.After.Text(), ".search", ".elasticsearch", 1))
			if spec.OlderThan(running, since) {
				early = append(early, prose.Say(prose.Value(what), " needs ", prose.Value(since)))
			}
		}
		if early = prose.Distinct(early); early != nil {
			r.said(c.Type+".upgrade", Halfway, c.Address, false, "AWS refuses this change of ", named(c), ", which runs ",
				prose.Value(running), " until all else is done: ", prose.List(early, "and", 4), ". ", prose.Strong("Upgrade first"),
				", the rest in a second deployment")
		}
	}
	return nil
}

// versionOf is a domain's version of Elasticsearch, of either resource; "" of OpenSearch, which has all that Elasticsearch has.
func versionOf(domain plan.Value) string {
	version, _ := strings.CutPrefix(domain.TextOf("engine_version"), "Elasticsearch_")
	return domain.TextOf("elasticsearch_version") + version
}

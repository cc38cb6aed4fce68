package review

import (
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// remainder is what stays on at AWS when Terraform destroys a resource.
type remainder struct {
	says   string                       // what that means, and what to do; "" if nothing stays
	unless func(before plan.Value) bool // when nothing stays
	of     string                       // the argument with the name of the domain, with which it goes; "" if it does not
}

// support is what a domain needs to sign people in by Cognito: without it AWS can neither do so nor stop to.
type support struct {
	by     string // the argument of the resource
	option string // the argument of the domain's cognito_options that has the same value, or ends with it as an ARN does
}

// remainders finds what a plan takes away and AWS keeps.
func remainders(r *reading) []section {
	for _, c := range r.changes {
		if c.Action != plan.Destroy && c.Action != plan.Replace && c.Action != plan.Update {
			continue
		}
		stays := kindOf(c).stays
		gone := stays.of != "" && r.world.destroyed[c.Before.TextOf(stays.of)]
		if c.Action != plan.Update && stays.says != "" && !gone && (stays.unless == nil || !stays.unless(c.Before)) {
			r.said(c.Type+".stays", Kept, c.Address, false, prose.Strong(c.Action.Does()), " ", named(c), ": "+stays.says)
		}
		for _, domain := range r.world.running {
			r.signsInWith(c, domain)
			r.publishesTo(c, domain)
		}
	}
	return nil
}

// signsInWith finds that a plan takes from a domain what it signs people in with. Terraform destroys it first and changes the domain
// after, which AWS cannot do without it.
func (r *reading) signsInWith(c, domain *plan.Change) {
	support := kindOf(c).signsIn
	if support.by == "" || domain.Action == plan.Destroy || domain.Action == plan.Replace {
		return
	}
	uses := func(v plan.Value) bool {
		options, id := v.Block("cognito_options"), c.Before.TextOf(support.by)
		used := options.TextOf(support.option)
		return options.Child("enabled").IsTrue() && id != "" && (used == id || strings.HasSuffix(used, "/"+id))
	}
	still, before := uses(domain.After), uses(domain.Before)
	const first = ". Turn it off first (sign_in.cognito.enabled: false), and take it out in a second deployment"
	switch {
	case c.Action == plan.Destroy && still:
		r.said(c.Type+".signs in", Kept, c.Address, false, prose.Strong("destroys"), " ", named(c), ", with which ", named(domain),
			" still signs people in by Cognito"+first)
	case c.Action == plan.Destroy && before:
		r.said(c.Type+".signs in", Kept, c.Address, false, prose.Strong("destroys"), " ", named(c), " before ", named(domain),
			" stops to sign people in with it, which AWS then cannot"+first)
	case c.Action == plan.Update && still && c.Before.TextOf("deletion_protection") == "ACTIVE" &&
		c.After.TextOf("deletion_protection") == "INACTIVE":
		r.said(c.Type+".protection", Kept, c.Address, false, "ends the deletion protection of ", named(c), ", with which ", named(domain),
			" still signs people in by Cognito"+first)
	}
}

// publishesTo finds that a plan destroys a log group to which a domain goes on to publish.
func (r *reading) publishesTo(c, domain *plan.Change) {
	arn := c.Before.TextOf("arn")
	if c.Type != "aws_cloudwatch_log_group" || c.Action != plan.Destroy || arn == "" || domain.After.IsNull() {
		return
	}
	for _, option := range domain.After.Child("log_publishing_options").Items() {
		to := option.TextOf("cloudwatch_log_group_arn")
		if strings.TrimSuffix(to, ":*") == strings.TrimSuffix(arn, ":*") && option.TextOf("enabled") != "false" {
			r.said(c.Type+".publishes", Kept, c.Address, false, prose.Strong("destroys"), " ", named(c), ", to which ", named(domain),
				" goes on to publish ", option.Child("log_type").Show(), ": turn that off first")
		}
	}
}

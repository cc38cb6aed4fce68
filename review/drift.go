package review

import (
	"slices"
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// drift says what was changed outside Terraform. Providers read an empty list, 0 or false where they were given none, and right
// after an apply into a resource what others manage of it: that is no drift.
func drift(r *reading) []section {
	var rows []row
	created := map[string]bool{}
	for _, c := range r.plan.Changes {
		created[c.Address] = c.Action == plan.Create
	}
	for _, c := range r.plan.Drift {
		if c.Action == plan.Destroy {
			rows = append(rows, item(prose.Value(c.Address), ": ", prose.Strong("is gone")))
			r.vanished(c, created[c.Address])
			continue
		}
		var parts []prose.Text
		for _, a := range c.Arguments() {
			if !r.isRead(c, a) {
				parts = append(parts, a.Text())
			}
		}
		if parts != nil {
			rows = append(rows, item(prose.Value(c.Address), ": ", prose.List(parts, "and", most)))
			r.heardLess(c)
		}
	}
	r.outside = rows != nil
	return list(rows)
}

// vanished finds what held data or called somebody, and was destroyed outside Terraform.
func (r *reading) vanished(c *plan.Change, madeAnew bool) {
	gone := prose.Say(named(c), " ", prose.Strong("is gone"),
		": somebody deleted it outside Terraform, or the plan looks for it in another region or account")
	switch kind := kindOf(c); {
	case kind.role == aDomain && madeAnew:
		r.event(Vanished, c.Address, gone, "; it makes a new, empty one")
	case kind.loss.of != "":
		r.find(Vanished, c.Address, gone)
	case kind.role == anAlarm:
		r.find(AlarmLost, c.Address, "alarm ", prose.Strong("gone"), " outside Terraform: ", describe(c, c.Before))
	}
}

// heardLess finds what was changed outside Terraform of an alarm, or of who hears of it, so that it is heard less.
func (r *reading) heardLess(c *plan.Change) {
	if role := kindOf(c).role; role != anAlarm && role != aSubscription {
		return
	}
	if change := retuned(c, nil, c.Before, nil); change.lost != "" {
		r.find(AlarmLost, c.Address, "outside Terraform alarm ", change.metric, " ", prose.Strong(change.lost))
	}
}

// isRead reports whether a change is only read otherwise, or said elsewhere.
func (r *reading) isRead(c *plan.Change, a plan.Argument) bool {
	kind := kindOf(c)
	return kind.policy.is(a.Path) || r.world.elsewhere(c, a.Top()) || kind.role == aSecurityGroup && a.Top() == "ingress" ||
		r.entersItself(c, a) || a.Before.IsEmpty() && a.After.IsZero()
}

// entersItself reports whether what comes to an identity pool is the client of the user pool that a domain itself enters there, when it
// is told to sign people in with both.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
func (r *reading) entersItself(c *plan.Change, a plan.Argument) bool {
	const providers = "cognito_identity_providers"
	if a.Top() != providers {
		return false
	}
	had := map[plan.Key]bool{}
	for _, provider := range c.Before.Child(providers).Items() {
		had[provider.Key()] = true
	}
	return !slices.ContainsFunc(c.After.Child(providers).Items(), func(provider plan.Value) bool {
		return !had[provider.Key()] && !slices.ContainsFunc(r.world.running, func(domain *plan.Change) bool {
			options := domain.After.Block("cognito_options")
			pool := options.TextOf("user_pool_id")
			return options.TextOf("identity_pool_id") == c.After.TextOf("id") && pool != "" &&
				strings.HasSuffix(provider.TextOf("provider_name"), "/"+pool)
		})
	})
}

// drifted finds that something was changed outside Terraform, whatever it is.
func drifted(r *reading) []section {
	if r.outside {
		r.event(Drifted, "", "something was changed outside Terraform, see below")
	}
	return nil
}

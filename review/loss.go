package review

import (
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// losses finds what holds data and goes, and what else is destroyed.
func losses(r *reading) []section {
	others := map[plan.Action][]prose.Text{}
	keys := encrypted(r.plan.Watched)
	for _, c := range r.changes {
		if c.Action != plan.Destroy && c.Action != plan.Replace {
			continue
		}
		switch kind := kindOf(c); {
		case kind.loss.happens(c):
			severity := DataLost
			under := slices.Concat(keys[c.Before.TextOf("arn")], keys[c.Before.TextOf("key_id")])
			if kind.role == aDomain || len(under) > 0 {
				severity = DomainLost
			}
			text := prose.Say(prose.Strong(c.Action.Does()), " ", named(c), ": "+kind.loss.of)
			if c.IsTainted() {
				text = prose.Say(prose.Strong(c.Action.Does()), " ", named(c), ", which is ", prose.Strong("tainted"),
					": its creation failed, and it never held anything, or somebody marked it, and "+kind.loss.of+"; ",
					prose.Value("terraform untaint "+c.Address), " keeps it")
			}
			if len(under) > 0 {
				text = prose.Say(text, ", and it ", prose.Strong("still encrypts"), " ", prose.List(under, "and", 3))
			}
			r.event(severity, c.Address, text)
		case kind.role == anAlarm, kind.role == aSubscription, kind.role == aDomainPolicy && c.Action == plan.Replace:
			// said of the alarms, and of who gets in
		default:
			others[c.Action] = append(others[c.Action], prose.Say(prose.Value(c.Address)))
			r.refusable(Destroyed, c.Address, prose.Strong(c.Action.Does()), " ", prose.Value(c.Address))
		}
	}
	for _, action := range []plan.Action{plan.Destroy, plan.Replace} {
		if others[action] != nil {
			r.find(Destroyed, "", action.Does()+" ", prose.List(others[action], "and", 5))
		}
	}
	return nil
}

// happens reports whether data is lost with a resource that is destroyed or replaced.
func (l loss) happens(c *plan.Change) bool {
	return l.of != "" && (l.unless == nil || !l.unless(c.Before))
}

// encrypted is the domains of each key, by its ARN or id: one that Terraform destroys may go away under a domain that stays.
func encrypted(watched []*plan.Change) map[string][]prose.Text {
	by := map[string][]prose.Text{}
	for _, c := range watched {
		if key := c.After.Block("encrypt_at_rest", "kms_key_id").Text(); isDomain(c) && key != "" {
			by[key] = append(by[key], named(c))
		}
	}
	return by
}

package review

import (
	"cmp"
	"fmt"
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// resources lists every resource that the plan touches, the worst first.
func resources(r *reading) []section {
	byAction := slices.Clone(r.plan.Changes)
	slices.SortStableFunc(byAction, func(a, b *plan.Change) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Address, b.Address))
	})
	alike := map[string][]prose.Text{} // the addresses of those that change in the same way
	hows := make([]prose.Text, len(byAction))
	plain := make([]string, len(byAction))
	for i, c := range byAction {
		hows[i] = details(c)
		plain[i] = hows[i].Plain()
		if c.Action == plan.Update {
			alike[plain[i]] = append(alike[plain[i]], prose.Say(prose.Value(c.Address)))
		}
	}
	var rows []row
	said := map[string]bool{}
	for i, c := range byAction {
		verb := prose.Say(c.Action.Does())
		if c.Action == plan.Destroy || c.Action == plan.Replace {
			verb = prose.Say(prose.Strong(c.Action.Does()))
		}
		addresses := []prose.Text{prose.Say(prose.Value(c.Address))}
		if all := alike[plain[i]]; c.Action == plan.Update && len(all) >= manyAlike {
			if said[plain[i]] {
				continue
			}
			said[plain[i]], addresses = true, all
		}
		for some := range slices.Chunk(addresses, mostAlike) {
			rows = append(rows, item(verb, " ", prose.List(some, "and", mostAlike), hows[i]))
		}
	}
	for _, d := range r.plan.Deferred {
		rows = append(rows, item("later, in a further plan (", prose.Value(cmp.Or(d.Reason, "deferred")), "): ",
			d.Change.Action.Does()+" ", prose.Value(d.Change.Address)))
	}
	return list(rows)
}

// most is how many changed arguments of a resource are shown.
const most = 8

// details is what there is to say of a resource's change behind its address.
func details(c *plan.Change) prose.Text {
	kind := kindOf(c)
	goes := c.Action == plan.Destroy || c.Action == plan.Replace
	var text prose.Text
	if c.DeposedKey != "" {
		text = prose.Say(text, ", the deposed object ", prose.Value(c.DeposedKey), " of a replacement that failed")
	}
	if c.PreviousAddress != "" {
		text = prose.Say(text, ", which was ", prose.Value(c.PreviousAddress))
	}
	if c.Imported {
		start := map[bool]string{true: ", the existing ", false: ", importing the existing "}[c.Action == plan.Import]
		text = prose.Say(text, start, prose.Value(cmp.Or(c.ImportID, "one of its identity")))
	}
	if c.Action == plan.Forget {
		text = prose.Say(text, ": it stays on AWS")
	}
	text = prose.Say(text, since(c))
	if kind.loss.comfort != "" && kind.role != aDomain && goes {
		text = prose.Say(text, ". "+kind.loss.comfort)
	}
	if kind.role == aDomain || kind.role == anAlarm || c.Action != plan.Update && c.Action != plan.Replace { // said in parts of their own
		return text
	}
	return prose.Say(text, arguments(c, kind.policy))
}

// arguments is which arguments of a resource change, behind all else; nothing if only its policy does.
func arguments(c *plan.Change, guard guard) prose.Text {
	var parts []prose.Text
	left := 0
	for _, a := range c.Arguments() {
		forces := c.Action == plan.Replace && c.Forces(a)
		switch {
		case guard.is(a.Path) && !forces: // said of who gets in
			continue
		case c.Action == plan.Replace && !forces && (a.After.HoldsUnknown() || a.After.IsEmpty() && a.Before.IsZero()):
			continue
		case len(parts) >= most:
			left++
			continue
		}
		part := a.Text()
		if forces {
			part = prose.Say(prose.Strong("because of "), part)
		}
		parts = append(parts, part)
	}
	var text prose.Text
	if parts != nil {
		text = prose.Say(": ", prose.List(parts, "and", most))
	}
	if left > 0 {
		text = prose.Say(text, fmt.Sprintf(" and %d more", left))
	}
	return text
}

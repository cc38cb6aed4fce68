package review

import (
	"cmp"
	"fmt"
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// domains says of each domain what the plan does to it.
func domains(r *reading) []section {
	var all []section
	for _, c := range r.changes {
		if !isDomain(c) {
			continue
		}
		var s section
		switch c.Action {
		case plan.Create:
			s.intro = prose.Say("A new domain: ", newDomain(c.After), ".")
		case plan.Destroy:
			s.intro = prose.Say(prose.Strong("Destroyed"), since(c), "; "+kindOf(c).loss.of+". "+kindOf(c).loss.comfort)
		case plan.Forget:
			s.intro = prose.Say("Stays on AWS with its data; Terraform forgets it.")
		case plan.Update, plan.Replace:
			s = domainChanges(r, c)
		default:
			continue
		}
		s.intro = prose.Say(prose.Value(c.Address), ": ", s.intro)
		all = append(all, s)
	}
	return all
}

// since is why Terraform does what it does, or nothing.
func since(c *plan.Change) prose.Text {
	if c.Why == "" {
		return nil
	}
	return prose.Say(", since " + c.Why)
}

func newDomain(after plan.Value) prose.Text {
	cluster := after.Block("cluster_config")
	version := cmp.Or(after.TextOf("elasticsearch_version"), after.TextOf("engine_version"))
	return prose.Say(after.Child("domain_name").Show(), ", version ", prose.Value(version), ", ",
		cluster.Child("instance_count").Show(), " × ", cluster.Child("instance_type").Show())
}

var domainColumns = []column{
	{head: "Argument"}, {head: "Now", before: ": "}, {head: "Then", before: " → "}, {head: "Effect", before: "  "},
	{head: "Why", before: " (", after: ")"},
}

// costed is a change of an argument and what it costs the domain.
type costed struct {
	plan.Argument
	effect effect
	why    string
}

// domainChanges says of a domain that changes or is replaced what each change costs.
func domainChanges(r *reading, c *plan.Change) section {
	all, later := costs(c)
	s := section{columns: domainColumns}
	worst := nothing
	var causes []prose.Text
	for _, a := range all {
		effect := prose.Say(effectNames[a.effect])
		if a.effect >= blueGreen {
			effect = prose.Say(prose.Strong(effectNames[a.effect]))
		}
		if c.Action == plan.Replace && a.effect == nothing {
			effect = prose.Say("–")
		}
		from, to := a.FromTo()
		s.rows = append(s.rows, row{cells: []prose.Text{prose.Say(prose.Value(a.Path)), from, to, effect, prose.Say(a.why)}})
		worst = max(worst, a.effect)
		if a.effect == replaced || a.effect == blueGreen {
			causes = append(causes, prose.Say(prose.Value(a.Path)))
		}
	}
	switch {
	case c.Action == plan.Replace:
		because := since(c)
		if causes != nil {
			because = prose.Say(", for a change of ", prose.List(causes, "and", 6))
		}
		s.intro = prose.Say(prose.Strong("Replaced"), because,
			": Terraform destroys it and makes a new, empty one. "+kindOf(c).loss.comfort)
		if later > 0 {
			s.intro = prose.Say(s.intro, fmt.Sprintf(" %d more of its values are known only after apply.", later))
		}
	case worst == blueGreen:
		s.note = dryRun
		s.intro = prose.Say(prose.Strong("A blue/green deployment"), ", for a change of ", prose.List(causes, "and", 6),
			": AWS makes a second set of nodes and moves the data to it. It takes hours and loads the cluster; no data is lost.")
		r.event(BlueGreen, c.Address, prose.Strong("blue/green deployment"), " of ", named(c),
			", hours with load on the cluster, for ", prose.List(causes, "and", 4))
	case worst == unlisted:
		s.note = dryRun
		s.intro = prose.Say("Changed in place, as far as AWS says.")
		r.find(Unclear, c.Address, "AWS does not say whether this change of ", named(c), " takes a blue/green deployment")
	case len(all) > 0:
		s.note = dryRun
		s.intro = prose.Say("Changed in place: no data moves.")
	default:
		s.intro = prose.Say("Nothing of it changes on AWS.")
	}
	return s
}

// costs is what each change of a domain costs it, the worst first, and how many more values of a new domain are known only after
// apply.
func costs(c *plan.Change) (all []costed, later int) {
	for _, a := range c.Arguments() {
		unknown := a.After.HoldsUnknown()
		switch {
		case unknown && slices.Contains(computed, a.Path):
		case c.Action != plan.Replace:
			all = append(all, cost(a, c.Before, c.After))
		case c.Forces(a):
			all = append(all, replacement(a))
		case unknown:
			later++
		case a.After.IsEmpty() && a.Before.IsZero():
		default:
			all = append(all, costed{a, nothing, "with the new domain"})
		}
	}
	slices.SortStableFunc(all, func(a, b costed) int { return cmp.Compare(b.effect, a.effect) })
	return all, later
}

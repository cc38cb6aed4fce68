package review

import (
	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// weakenings finds what the rows of kinds say of changes in place.
func weakenings(r *reading) []section {
	for _, c := range r.changes {
		rows := kindOf(c).weaker
		if c.Action != plan.Update || rows == nil {
			continue
		}
		for _, a := range c.Arguments() {
			for _, row := range rows {
				if a.Concerns(row.argument) && row.when(a, c.Before, c.After) {
					change := prose.Say(prose.Value(a.Path), " ", a.From, " → ", a.To)
					r.findBy(c.Type+"."+row.id, row.severity, c.Address, named(c), ": ", change, ": "+row.says)
				}
			}
		}
	}
	return nil
}

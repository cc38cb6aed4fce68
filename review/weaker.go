package review

import (
	"slices"
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// weakening is a change of a resource after which somebody gets in, less is kept, or it is guarded less; or after which AWS goes on with
// what the plan takes away.
type weakening struct {
	id       string // unique in its kind
	argument string // or a block
	when     circumstance
	severity Severity
	says     string // who gets in, or what it means
}

// weakenings finds what the rows of kinds say of what changes, of what is new, and of what was changed outside Terraform.
func weakenings(r *reading) []section {
	for _, c := range r.changes {
		r.weakened(c, false)
	}
	for _, c := range r.plan.Drift {
		r.weakened(c, true)
	}
	return nil
}

func (r *reading) weakened(c *plan.Change, outside bool) {
	kind := kindOf(c)
	rows := kind.weak
	switch c.Action {
	case plan.Create:
	case plan.Update, plan.Replace:
		rows = append(rows[:len(rows):len(rows)], kind.weaker...)
	case plan.Destroy:
		rows = nil
		if wall := kind.wall; wall.by != "" && !r.world.gone[identified{wall.of, c.Before.TextOf(wall.by)}] {
			rows = kind.weaker
		}
	default:
		return
	}
	if rows == nil {
		return
	}
	arguments := c.Arguments()
	for _, row := range rows {
		if changes := r.changed(c, row, arguments, outside); changes != nil {
			r.said(c.Type+"."+row.id, row.severity, c.Address, outside, named(c), ": ", prose.List(changes, "and", 4), ": "+row.says)
		}
	}
	r.hidden(c, rows, arguments, outside)
}

// hidden finds what changes of a whole block and cannot be seen, where rows are of arguments in it: it is taken for the worst.
func (r *reading) hidden(c *plan.Change, rows []weakening, arguments []plan.Argument, outside bool) {
	for _, a := range arguments {
		if !unseen(a) || c.Action != plan.Update || outside && r.isRead(c, a) {
			continue
		}
		if slices.ContainsFunc(rows, func(row weakening) bool { return strings.HasPrefix(row.argument, a.Path+".") }) &&
			!slices.ContainsFunc(rows, func(row weakening) bool { return a.Concerns(row.argument) }) {
			r.said("", Widened, c.Address, outside, named(c), ": ", a.Text(),
				": what changes of it cannot be seen, and it may let somebody in")
		}
	}
}

// changed is the changes of which a row speaks. Of what is new with its domain it only speaks if it opens it to everybody: nobody got in
// before. What AWS keeps, or refuses, of a running one says nothing of what takes its place, or was done already; and what a replacement
// knows only after apply is its provider's to fill in.
func (r *reading) changed(c *plan.Change, row weakening, arguments []plan.Argument, outside bool) []prose.Text {
	ofRunning := row.severity == Kept || row.severity == Halfway
	if c.Action == plan.Create && row.severity != Opened && r.world.fresh || ofRunning && (outside || c.Action == plan.Replace) {
		return nil
	}
	var changes []prose.Text
	for _, a := range arguments {
		switch {
		case !a.Concerns(row.argument) || c.Action == plan.Replace && a.After.IsUnknown() || outside && r.isRead(c, a):
		case row.when(a, c.Before, c.After):
			changes = append(changes, a.Text())
		}
	}
	if changes == nil && c.Action == plan.Create && row.when(plan.Argument{}, c.Before, c.After) { // for what is not said
		changes = append(changes, prose.Say(prose.Value(row.argument), " none"))
	}
	return changes
}

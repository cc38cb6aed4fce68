package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Direction is what a change of a policy does to who gets in.
type Direction int

const (
	Unclear Direction = iota // opens or closes: which, cannot be judged
	Closes
	Opens
)

// Change is what one sentence says of a change of a policy: what comes or goes for the same principals on the same conditions.
type Change struct {
	Direction Direction
	Open      bool // lets in everybody now
	Allows    bool // of what is allowed; else of what is forbidden
	grants    []grant
}

// grant is one change of who may do what: a statement, or the part of one, that comes or goes.
type grant struct {
	statement
	gained    bool
	direction Direction
	open      bool // lets in everybody now
	covered   bool // what it no longer forbids, another statement still does
	stays     bool // it was so before, by a statement that said more
	retuned   bool // it is its conditions that change, from former
	former    []condition
}

// Compare is what comes and what goes, what opens first; nothing if the statements are the same, however they are written.
func Compare(before, after Policy) []Change {
	return grouped(compare(before, after))
}

// StayOpen is the statements that let everybody in before and after, as if they came with the change: for whoever stands
// behind a wall that falls, they do.
func StayOpen(before, after Policy) []Change {
	opened := after.open()
	var all []Change
	for _, s := range onlyIn(opened, onlyIn(opened, before.open())) {
		all = append(all, changeOf(comes(s, after)))
	}
	return all
}

func changeOf(g grant) Change {
	return Change{Direction: g.direction, Open: g.open, Allows: g.Allow, grants: []grant{g}}
}

// Stays reports whether it was so before, and is told beside what changes.
func (c Change) Stays() bool { return c.grants[0].stays }

// KeepsOut reports whether it is of a statement that denies everybody everything, but for its conditions.
func (c Change) KeepsOut() bool { return c.grants[0].keepsOut() }

func compare(before, after Policy) []grant {
	removed, added := onlyIn(before, after), onlyIn(after, before)
	var grants []grant
	for _, new := range added {
		i := slices.IndexFunc(removed, func(old statement) bool { return parts(old, new) != nil })
		if i < 0 {
			grants = append(grants, comes(new, after))
			continue
		}
		changed := parts(removed[i], new)
		for j := range changed {
			changed[j].open = changed[j].gained && new.open(after) && !removed[i].open(before)
			if changed[j].open && !changed[j].retuned {
				changed[j].statement = new
			}
		}
		grants = append(grants, changed...)
		removed = slices.Delete(removed, i, i+1)
	}
	for _, old := range removed {
		grants = append(grants, goes(old))
	}
	grants = withoutCovered(grants, before, after)
	opened := len(onlyIn(after.open(), before.open())) > 0 && !slices.ContainsFunc(grants, func(g grant) bool { return g.open })
	for i, g := range grants {
		// What was held back by a denial is open when that goes.
		grants[i].open = g.open || opened && !g.Allow && g.direction != Closes
		goes := !g.Allow && !g.gained && !g.retuned
		if goes && g.namedOnly() && !slices.ContainsFunc(g.Principals.Values, func(p string) bool { return !after.forbids(p) }) {
			grants[i].covered, grants[i].direction = true, Closes
		}
	}
	slices.SortStableFunc(grants, func(a, b grant) int { return a.rank() - b.rank() })
	return grants
}

// withoutCovered leaves out what goes and other statements still say. What comes and others said before stays so: it is told if
// something else changes.
func withoutCovered(grants []grant, before, after Policy) []grant {
	opened, all := before.open(), grants
	grants = grants[:0:0]
	changes := false
	for _, g := range all {
		said, principals := after, exactly // who was named is told even if everybody comes
		if g.gained {
			said, principals = before, coversPrincipal
		}
		if g.open {
			said = opened
		}
		if !g.retuned && said.cover(g.statement, principals) {
			if !g.gained {
				continue
			}
			g.stays, g.open, g.direction = true, false, Closes
		}
		changes = changes || !g.stays
		grants = append(grants, g)
	}
	if !changes {
		return nil
	}
	return grants
}

// grouped puts together what one sentence says: the same comes or goes for the same principals on the same conditions.
func grouped(grants []grant) []Change {
	index := map[string]int{}
	var all []Change
	for _, g := range grants {
		alike := statement{Allow: g.Allow, Principals: g.Principals, Conditions: g.Conditions}
		key := fmt.Sprint(alike.key(), g.gained, g.direction, g.covered, g.stays)
		if i, ok := index[key]; ok && !g.open && !g.retuned {
			all[i].grants = append(all[i].grants, g)
			continue
		}
		if !g.open && !g.retuned {
			index[key] = len(all)
		}
		all = append(all, changeOf(g))
	}
	return all
}

func (g grant) rank() int {
	if g.open {
		return -1
	}
	if g.stays {
		return 3 // behind what closes
	}
	return map[Direction]int{Opens: 0, Unclear: 1, Closes: 2}[g.direction]
}

// comes is a statement of a policy that was not there before.
func comes(s statement, policy Policy) grant {
	return grant{statement: s, gained: true, direction: directionOf(s.Allow), open: s.open(policy)}
}

// goes is a statement that is there no longer.
func goes(s statement) grant {
	return grant{statement: s, direction: directionOf(!s.Allow)}
}

func directionOf(opens bool) Direction {
	if opens {
		return Opens
	}
	return Closes
}

// onlyIn is the statements of these that are not among others, each once.
func onlyIn(these, others Policy) Policy {
	known := map[string]bool{}
	for _, s := range others {
		known[s.key()] = true
	}
	var only Policy
	for _, s := range these {
		if key := s.key(); !known[key] {
			known[key] = true
			only = append(only, s)
		}
	}
	return only
}

// parts is what of a statement comes and goes if two differ in one element alone; none if that says the same, nil if they differ in more.
func parts(old, new statement) []grant {
	if old.Allow != new.Allow {
		return nil
	}
	differs := []bool{
		!equalTerms(old.Principals, new.Principals, exactly), !equalTerms(old.Actions, new.Actions, strings.EqualFold),
		!equalTerms(old.Resources, new.Resources, exactly), !slices.EqualFunc(old.Conditions, new.Conditions, equalConditions),
	}
	only := slices.Index(differs, true)
	if only < 0 || slices.Contains(differs[only+1:], true) {
		return nil
	}
	if only == 3 && imply(new.Conditions, old.Conditions) && imply(old.Conditions, new.Conditions) {
		return []grant{} // the same in other words
	}
	if only == 3 {
		return []grant{{statement: new, gained: true, direction: conditionsDirection(old, new), retuned: true, former: old.Conditions}}
	}
	element := func(s *statement) *terms { return []*terms{&s.Principals, &s.Actions, &s.Resources}[only] }
	o, n := *element(&old), *element(&new)
	same := []func(a, b string) bool{exactly, strings.EqualFold, exactly}[only]
	if o.Not != n.Not {
		return nil
	}
	var grants []grant
	for _, part := range []struct {
		values []string
		gained bool
	}{{withoutBy(n.Values, o.Values, same), !n.Not}, {withoutBy(o.Values, n.Values, same), n.Not}} {
		if len(part.values) > 0 {
			s := new
			*element(&s) = terms{Values: part.values}
			grants = append(grants, grant{statement: s, gained: part.gained, direction: directionOf(s.Allow == part.gained)})
		}
	}
	return grants
}

func equalTerms(a, b terms, same func(a, b string) bool) bool {
	return a.Not == b.Not && slices.EqualFunc(a.Values, b.Values, same)
}

// equalConditions: IAM takes the keys in whatever case.
func equalConditions(a, b condition) bool {
	return a.Test == b.Test && strings.EqualFold(a.Key, b.Key) && slices.Equal(a.Values, b.Values)
}

func exactly(a, b string) bool { return a == b }

// conditionsDirection: where the conditions after imply those before, the statement holds for less.
func conditionsDirection(old, new statement) Direction {
	less, more := imply(new.Conditions, old.Conditions), imply(old.Conditions, new.Conditions)
	switch {
	case less == more:
		return Unclear
	case less == new.Allow:
		return Closes
	}
	return Opens
}

func without(values, others []string) []string { return withoutBy(values, others, exactly) }

func withoutBy(values, others []string, same func(a, b string) bool) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return same(v, other) })
	})
}

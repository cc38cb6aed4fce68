package review

import (
	"slices"
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// grant is who gets in, or gets more, as long as there is a resource: a sentence of what it names, such as "now gives the policy p to
// the role r".
type grant struct {
	gains, loses string // the verbs; without loses, nobody can be said to get in no longer
	first        subject
	join         string // what stands between the first and the second
	second       []subject
	how          string // an argument that says how, behind all else
	element      string // of the first, if that is blocks: the argument in it
	rest         string // what else the resource does, for it takes from everybody whom it does not name
	unless       func(plan.Value) bool
}

// subject is an argument that names somebody or something, or lists several, and the words before each.
type subject struct{ argument, called string }

// policyTo gives an IAM policy to somebody.
func policyTo(whom ...subject) grant {
	return grant{gains: "now gives", loses: "no longer gives", first: subject{"policy_arn", "the policy "}, join: " to ", second: whom}
}

// only is a grant of a resource that takes from everybody whom it does not name.
func (g grant) only(rest string) grant {
	g.rest = rest
	return g
}

// policiesOf gives somebody these IAM policies, and no others.
func policiesOf(who subject) grant {
	return grant{gains: "now gives", loses: "no longer gives", first: who, join: " ", second: []subject{{"policy_arns", "the policy "}}}.
		only("detaches all others from it")
}

// inlinePoliciesOf leaves somebody these policies of their own, and no others.
func inlinePoliciesOf(who subject) grant {
	return grant{gains: "now lets", loses: "no longer lets", first: who, join: " keep ", second: []subject{{"policy_names", "the policy "}}}.
		only("takes all others of its own from it")
}

// one is one sentence of a grant: what it names first, and one of what it names second.
type one struct {
	first  prose.Text
	second prose.Text
	key    string
}

func (o one) whom() string { return o.key }

// ones is all that a resource with a grant gives.
func (g grant) ones(v plan.Value) []one {
	if v.IsNull() || g.unless != nil && g.unless(v) {
		return nil
	}
	how := v.Block(strings.Split(g.how, ".")...)
	if g.how == "" {
		how = plan.Value{}
	}
	var all []one
	for _, first := range elements(v.Block(strings.Split(g.first.argument, ".")...)) {
		if g.element != "" {
			first = first.Child(g.element)
		}
		named := prose.Say(g.first.called, first.Show())
		if g.second == nil {
			all = append(all, one{first: named, key: keyOf(first, how)})
		}
		for _, s := range g.second {
			for _, second := range elements(v.Child(s.argument)) {
				text := prose.Say(s.called, second.Show())
				if ways := elements(how); ways != nil {
					text = prose.Say(text, " (", prose.List(shown(ways), "and", 8), ")")
				}
				all = append(all, one{named, text, s.argument + keyOf(first, second, how)})
			}
		}
	}
	return all
}

func shown(values []plan.Value) []prose.Text {
	texts := make([]prose.Text, len(values))
	for i, v := range values {
		texts[i] = v.Show()
	}
	return texts
}

// keyOf is the same for the same values.
func keyOf(values ...plan.Value) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteString(v.Key().Digest())
	}
	return b.String()
}

// granted says who gets in with a resource, and who does no longer.
func (r *reading) granted(c *plan.Change, outside bool) (_ row, ok bool) {
	g := kindOf(c).gives
	switch c.Action {
	case plan.Create, plan.Update, plan.Replace, plan.Destroy:
	default:
		return row{}, false
	}
	if g.gains == "" {
		return row{}, false
	}
	before, after := g.ones(c.Before), g.ones(c.After)
	var parts []prose.Text
	if gained := without(after, before, one.whom); gained != nil {
		text := prose.Say(prose.Strong(g.gains), " ", g.sentence(gained))
		if g.rest != "" {
			text = prose.Say(text, ", and ", prose.Strong(g.rest))
		}
		parts = append(parts, text)
		if !r.isNew(c) {
			r.said("", Widened, c.Address, outside, prose.Value(c.Address), " ", text)
		}
	}
	if lost := without(before, after, one.whom); lost != nil && g.loses != "" {
		parts = append(parts, prose.Say(prose.Strong(g.loses), " ", g.sentence(lost)))
	}
	text := prose.Say(prose.Value(c.Address), " ", prose.List(parts, "and", 2))
	if len(parts) == 2 {
		text = prose.Say(prose.Value(c.Address), " ", parts[0], "; it ", parts[1])
	}
	return item(text), parts != nil
}

// isNew reports whether a resource comes with its domain, which nobody could get into before, or is of something else that is new.
func (r *reading) isNew(c *plan.Change) bool {
	return c.Action == plan.Create && (r.world.fresh || slices.ContainsFunc(owners, func(argument string) bool {
		owner := c.After.Child(argument)
		return owner.IsUnknown() || r.world.made[owner.Text()]
	}))
}

// owners are the arguments that say whose or what's a grant or a policy is.
var owners = []string{"role", "user", "group", "user_pool_id", "key_id"}

// sentence is what comes or goes, each of what is named first with all that is named second.
func (g grant) sentence(of []one) prose.Text {
	var order []string
	firsts, seconds := map[string]prose.Text{}, map[string][]prose.Text{}
	for _, o := range of {
		key := o.first.Plain()
		if firsts[key] == nil {
			order = append(order, key)
			firsts[key] = o.first
		}
		if o.second != nil {
			seconds[key] = append(seconds[key], o.second)
		}
	}
	var parts, alone []prose.Text
	for _, key := range order {
		if seconds[key] == nil {
			alone = append(alone, firsts[key])
			continue
		}
		parts = append(parts, prose.Say(firsts[key], g.join, prose.List(seconds[key], "and", 8)))
	}
	if alone != nil {
		parts = append(parts, prose.Say(prose.List(alone, "and", 8), g.join))
	}
	return prose.List(parts, "and", 8)
}

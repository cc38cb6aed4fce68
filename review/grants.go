package review

import (
	"net/netip"
	"slices"
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/policy"
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
	second := []subject{{"policy_names", "the policy "}}
	return grant{gains: "now lets", loses: "no longer lets", first: who, join: " keep ", second: second}.
		only("takes all others of its own from it")
}

// one is one sentence of a grant: what it names first, one of what it names second, and one of how.
type one struct {
	first, second, way prose.Text
	key                string
	addresses          netip.Prefix // of what is named first, if that is a block of them
}

func (o one) whom() string { return o.key }

// ones is all that a resource with a grant gives.
func (g grant) ones(v plan.Value) []one {
	if v.IsNull() || g.unless != nil && g.unless(v) {
		return nil
	}
	var ways []plan.Value
	if g.how != "" {
		ways = elements(v.Block(strings.Split(g.how, ".")...))
	}
	var all []one
	for _, first := range elements(v.Block(strings.Split(g.first.argument, ".")...)) {
		if g.element != "" {
			first = first.Child(g.element)
		}
		o := one{first: prose.Say(g.first.called, first.Show()), key: keyOf(first)}
		o.addresses, _ = netip.ParsePrefix(first.Text())
		if g.second == nil {
			all = append(all, o)
		}
		for _, s := range g.second {
			for _, second := range elements(v.Child(s.argument)) {
				o.second, o.key = prose.Say(s.called, second.Show()), s.argument+keyOf(first, second)
				if ways == nil {
					all = append(all, o)
				}
				for _, way := range ways {
					o.way, o.key = way.Show(), s.argument+keyOf(first, second, way)
					all = append(all, o)
				}
			}
		}
	}
	return all
}

// keyOf is the same for the same values.
func keyOf(values ...plan.Value) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteString(v.Key().Digest())
	}
	return b.String()
}

// givenBy is what a resource of a type gives.
type givenBy struct{ resourceType, key string }

// grants takes in what a change of a resource gives before and afterwards.
func (w *world) grants(c *plan.Change) {
	g := kindOf(c).gives
	if g.gains == "" || c.Action == plan.Forget {
		return
	}
	for _, o := range g.ones(c.Before) {
		w.given[givenBy{c.Type, o.key}]++
	}
	for _, o := range g.ones(c.After) {
		w.gives[givenBy{c.Type, o.key}]++
	}
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
	gained, lost := without(after, before, one.whom), without(before, after, one.whom)
	if !outside { // another resource of the plan may give the same
		elsewhere := func(given map[givenBy]int) func(one) bool {
			return func(o one) bool { return given[givenBy{c.Type, o.key}] > 0 }
		}
		gained, lost = slices.DeleteFunc(gained, elsewhere(r.world.given)), slices.DeleteFunc(lost, elsewhere(r.world.gives))
	}
	still := slices.DeleteFunc(slices.Clone(gained), func(o one) bool {
		return !slices.ContainsFunc(before, func(b one) bool {
			return policy.CoversBlock(b.addresses, o.addresses) && b.second.Plain() == o.second.Plain()
		})
	})
	if gained := without(gained, still, one.whom); len(gained) > 0 {
		text := prose.Say(prose.Strong(g.gains), " ", g.sentence(gained))
		if g.rest != "" {
			text = prose.Say(text, ", and ", prose.Strong(g.rest))
		}
		parts = append(parts, text)
		if !r.isNew(c) {
			r.said("", Widened, c.Address, outside, prose.Value(c.Address), " ", text)
		}
	}
	if len(lost) > 0 && g.loses != "" {
		lost := prose.Say(prose.Strong(g.loses), " ", g.sentence(lost))
		if len(still) > 0 {
			lost = prose.Say(lost, ", but still ", prose.List(firsts(still), "and", 8))
		}
		parts = append(parts, lost)
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
var owners = []string{"role", "user", "group", "user_pool_id", "key_id", "role_name", "user_name", "group_name"}

func firsts(of []one) []prose.Text {
	all := make([]prose.Text, len(of))
	for i, o := range of {
		all[i] = o.first
	}
	return all
}

// sentence is what comes or goes, each of what is named first with all that is named second, and that with all of how.
func (g grant) sentence(of []one) prose.Text {
	var parts, alone []prose.Text
	for _, first := range groupedBy(of, func(o one) prose.Text { return o.first }) {
		if first[0].second == nil {
			alone = append(alone, first[0].first)
			continue
		}
		var seconds []prose.Text
		for _, second := range groupedBy(first, func(o one) prose.Text { return o.second }) {
			text := second[0].second
			if second[0].way != nil {
				ways := make([]prose.Text, len(second))
				for i, o := range second {
					ways[i] = o.way
				}
				text = prose.Say(text, " (", prose.List(ways, "and", 8), ")")
			}
			seconds = append(seconds, text)
		}
		parts = append(parts, prose.Say(first[0].first, g.join, prose.List(seconds, "and", 8)))
	}
	if alone != nil {
		parts = append(parts, prose.Say(prose.List(alone, "and", 8), g.join))
	}
	return prose.List(parts, "and", 8)
}

// groupedBy puts together what has the same text, in the order in which the first of each comes.
func groupedBy(all []one, text func(one) prose.Text) [][]one {
	var groups [][]one
	index := map[string]int{}
	for _, o := range all {
		key := text(o).Plain()
		i, ok := index[key]
		if !ok {
			i, index[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], o)
	}
	return groups
}

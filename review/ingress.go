package review

import (
	"cmp"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// ingress says from where a security group, or a rule of one, lets in, if that changes.
func (r *reading) ingress(c *plan.Change, outside bool) (_ row, ok bool) {
	isGroup := kindOf(c).role == aSecurityGroup
	switch c.Action {
	case plan.Create, plan.Update, plan.Replace, plan.Destroy:
	default:
		return row{}, false
	}
	if !isIngress(c) && !isGroup {
		return row{}, false
	}
	old, new := admits(c.Before), admits(c.After)
	group := c.After.TextOf("security_group_id")
	if isGroup { // shows the rules that are resources of their own, too
		own := r.world.admitted[c.Before.TextOf("id")]
		old, new = without(old, own, admission.whom), without(new, own, admission.whom)
	}
	if isGroup && c.Action == plan.Update && c.After.Child("ingress").IsUnknown() {
		r.find(Unclear, c.Address, "from where ", prose.Value(c.Address), " lets in is known only after apply")
		return item(prose.Value(c.Address), " ", prose.Strong("known only after apply"),
			": from where it lets in cannot be seen from this plan"), true
	}
	gained, lost := without(new, old, admission.whom), without(old, new, admission.whom)
	if c.Action == plan.Replace && group != "" && group != c.Before.TextOf("security_group_id") { // moves to another group
		gained, lost = new, old
	}
	var parts []prose.Text
	if gained != nil {
		parts = append(parts, prose.Say(prose.Strong("now lets in "), prose.List(texts(gained), "and", 8)))
		// Of a group that is new, too, nobody knows the id yet, and nobody got in before.
		if c.Action != plan.Create || !isGroup && !c.After.Child("security_group_id").IsUnknown() {
			r.said("", Widened, c.Address, outside, prose.Value(c.Address), " ", parts[0])
		}
	}
	if lost != nil {
		parts = append(parts, prose.Say(prose.Strong("no longer lets in "), prose.List(texts(lost), "and", 8)))
	}
	return item(prose.Value(c.Address), " ", prose.List(parts, "and", 2)), parts != nil
}

// sources are the arguments of a security group's rule, or of its block, that say from where it lets in.
var sources = []string{
	"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", // of aws_vpc_security_group_ingress_rule
	"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id", "security_groups",
}

// admission is from where something is let in, and to which ports.
type admission struct {
	identity
	text prose.Text
}

func (a admission) whom() identity { return a.identity }

// admits is what a rule, or each rule of a group, lets in.
func admits(rule plan.Value) []admission {
	var all []admission
	for _, block := range rule.Child("ingress").Items() {
		all = append(all, admits(block)...)
	}
	to := portsOf(rule)
	for _, argument := range sources {
		source := rule.Child(argument)
		from := source.Items()
		if len(from) == 0 && (!source.IsEmpty() || source.IsUnknown()) {
			from = []plan.Value{source}
		}
		for _, v := range from {
			if group := rule.TextOf("security_group_id"); group != "" && v.Text() == group { // as the group itself shows it
				all = append(all, ownGroup(to))
				continue
			}
			text := v.Show()
			if address := v.Text(); address == "0.0.0.0/0" || address == "::/0" {
				text = prose.Say(prose.Strong("any address"), " (", text, ")")
			}
			all = append(all, admission{identity{v.Key(), to.Plain()}, prose.Say(text, to)})
		}
	}
	if rule.Child("self").IsTrue() {
		all = append(all, ownGroup(to))
	}
	return all
}

func ownGroup(to prose.Text) admission {
	text := prose.Say("its own group", to)
	return admission{identity{what: text.Plain()}, text}
}

// without is what is not among others, by what each is known by.
func without[T any, K comparable](these, others []T, by func(T) K) []T {
	known := map[K]bool{}
	for _, other := range others {
		known[by(other)] = true
	}
	var all []T
	for _, this := range these {
		if !known[by(this)] {
			all = append(all, this)
		}
	}
	return all
}

func texts(of []admission) []prose.Text {
	all := make([]prose.Text, len(of))
	for i, a := range of {
		all[i] = a.text
	}
	return all
}

// portsOf is to which ports a rule lets, behind from where.
func portsOf(rule plan.Value) prose.Text {
	protocol, ports := cmp.Or(rule.TextOf("ip_protocol"), rule.TextOf("protocol")), rule.TextOf("from_port")
	if protocol == "-1" {
		return prose.Say(" to ", prose.Strong("every port"))
	}
	if to := rule.TextOf("to_port"); to != "" && to != ports {
		ports += "-" + to
	}
	return prose.Say(" to ", prose.Value(protocol+" "+ports))
}

// admissionsOf is the identities of what a rule, or each of a group, lets in or out.
func admissionsOf(rule plan.Value) []identity {
	var all []identity
	for _, a := range admits(rule) {
		all = append(all, a.identity)
	}
	return all
}

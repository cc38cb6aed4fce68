package review

import (
	"cmp"
	"net/netip"
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/policy"
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
	moves := c.Action == plan.Replace && group != "" && group != c.Before.TextOf("security_group_id") // to another group
	gained, lost := without(new, old, admission.whom), without(old, new, admission.whom)
	if moves {
		gained, lost = new, old
	} else if !outside {
		oldElsewhere, newElsewhere := r.world.admittedElsewhere(c)
		old, new = append(old, oldElsewhere...), append(new, newElsewhere...)
	}
	still := covered(gained, old)
	if moves {
		still = nil
	}
	gained, lost = without(gained, still, admission.whom), without(lost, covered(lost, new), admission.whom)
	var parts []prose.Text
	if gained != nil {
		parts = append(parts, prose.Say(prose.Strong("now lets in "), prose.List(texts(gained), "and", 8)))
		// Of a group that is new, too, nobody knows the id yet, and nobody got in before.
		if c.Action != plan.Create || !isGroup && !c.After.Child("security_group_id").IsUnknown() {
			r.said("", Widened, c.Address, outside, prose.Value(c.Address), " ", parts[0])
		}
	}
	if len(still) > 0 {
		parts = append(parts, prose.Say("still lets in ", prose.List(texts(still), "and", 8)))
	}
	if lost != nil {
		parts = append(parts, prose.Say(prose.Strong("no longer lets in "), prose.List(texts(lost), "and", 8)))
	}
	return item(prose.Value(c.Address), " ", prose.List(parts, "and", 3)), parts != nil
}

// sources are the arguments of a security group's rule, or of its block, that say from where it lets in.
var sources = []string{
	"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", // of aws_vpc_security_group_ingress_rule
	"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id", "security_groups",
}

// admission is from where something is let in, and to which ports.
type admission struct {
	identity
	text      prose.Text
	own       bool         // from its own group
	addresses netip.Prefix // of what is no block of addresses the zero value
	ports     ports
}

func (a admission) whom() identity { return a.identity }

// covers reports whether whom another lets in, it lets in as well, to the same ports.
func (a admission) covers(other admission) bool {
	same := a.own == other.own && (a.own || a.value == other.value)
	return (same || policy.CoversBlock(a.addresses, other.addresses)) && a.ports.cover(other.ports)
}

// covered is what others let in as well.
func covered(these, others []admission) []admission {
	return slices.DeleteFunc(slices.Clone(these), func(this admission) bool {
		return !slices.ContainsFunc(others, func(other admission) bool { return other.covers(this) })
	})
}

// admittedElsewhere is what the other changes of a plan let into the security group of one: a rule may come in the place of another, or
// of a block of the group.
func (w world) admittedElsewhere(c *plan.Change) (old, new []admission) {
	for _, other := range w.ingress[groupOf(c)] {
		if other != c {
			old, new = append(old, admits(other.Before)...), append(new, admits(other.After)...)
		}
	}
	return old, new
}

// groupOf is the id of the security group that a change is of; "" if it is not known.
func groupOf(c *plan.Change) string {
	if kindOf(c).role == aSecurityGroup {
		return c.Before.TextOf("id")
	}
	return cmp.Or(c.Before.TextOf("security_group_id"), c.After.TextOf("security_group_id"))
}

// changesIngress reports whether a change is of who gets into a security group.
func changesIngress(c *plan.Change) bool {
	return groupOf(c) != "" && c.Action != plan.Forget &&
		(isIngress(c) || kindOf(c).role == aSecurityGroup && c.Before.Child("ingress").Key() != c.After.Child("ingress").Key())
}

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
			addresses, _ := netip.ParsePrefix(v.Text())
			is := identity{v.Key(), to.text.Plain()}
			all = append(all, admission{identity: is, text: prose.Say(text, to.text), addresses: addresses, ports: to})
		}
	}
	if rule.Child("self").IsTrue() {
		all = append(all, ownGroup(to))
	}
	return all
}

func ownGroup(to ports) admission {
	text := prose.Say("its own group", to.text)
	return admission{identity: identity{what: text.Plain()}, text: text, own: true, ports: to}
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

// ports are those to which a rule lets.
type ports struct {
	text     prose.Text // behind from where
	protocol string     // by its name; -1 for all
	from, to float64
}

// protocols are the names of protocols that AWS takes by number, or otherwise.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
var protocols = map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}

// portsOf is to which ports a rule lets.
func portsOf(rule plan.Value) ports {
	protocol, port := cmp.Or(rule.TextOf("ip_protocol"), rule.TextOf("protocol")), rule.TextOf("from_port")
	p := ports{protocol: cmp.Or(protocols[protocol], protocol), from: rule.Child("from_port").Number(), to: rule.Child("to_port").Number()}
	if p.protocol == "-1" {
		p.text = prose.Say(" to ", prose.Strong("every port"))
		return p
	}
	if to := rule.TextOf("to_port"); to != "" && to != port {
		port += "-" + to
	}
	p.text = prose.Say(" to ", prose.Value(protocol+" "+port))
	return p
}

// cover reports whether others are among them. Of ICMP, -1 is every type.
func (p ports) cover(others ports) bool {
	return p.protocol == "-1" || p.protocol == others.protocol && (p.from <= others.from && p.to >= others.to || p.from == -1)
}

// admissionsOf is the identities of what a rule, or each of a group, lets in or out.
func admissionsOf(rule plan.Value) []identity {
	var all []identity
	for _, a := range admits(rule) {
		all = append(all, a.identity)
	}
	return all
}

package review

import (
	"cmp"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// sources are the arguments of a security group's rule, or of its block, that say from where it lets in.
var sources = []string{"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", // of aws_vpc_security_group_ingress_rule
	"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id", "security_groups"}

func isIngress(c *tfjson.ResourceChange) bool {
	return c.Type == "aws_vpc_security_group_ingress_rule" ||
		c.Type == "aws_security_group_rule" && cmp.Or(afterOf(c.Change).textOf("type"), beforeOf(c.Change).textOf("type")) == "ingress"
}

// ingress tells from where a security group, or a rule of one, lets in, if that changes.
func (r *Review) ingress(c *tfjson.ResourceChange, w world, outside bool) (row, bool) {
	a, group := whatOf(c), c.Type == "aws_security_group"
	if !isIngress(c) && !group || !slices.Contains([]action{create, update, replace, destroy}, a) {
		return row{}, false
	}
	before, after := beforeOf(c.Change), afterOf(c.Change)
	old, new := admits(before), admits(after)
	moves := a == replace && after.textOf("security_group_id") != "" && before.textOf("security_group_id") != after.textOf("security_group_id")
	if group { // shows the rules that are resources of their own, too
		own := w.rules[before.textOf("id")]
		old, new = unlike(old, own), unlike(new, own)
	}
	if group && a == update && after.child("ingress").isUnknown() {
		r.found(Unclear, c.Address, "from where ", value(c.Address), " lets in is known only after apply")
		return item(value(c.Address), " ", strong("known only after apply"), ": from where it lets in cannot be told from this plan"), true
	}
	gained, lost := unlike(new, old), unlike(old, new)
	if moves { // to another group
		gained, lost = new, old
	}
	var parts []Text
	if gained != nil {
		parts = append(parts, say(strong("now lets in "), list(gained, "and", 8)))
		// Of a group that is new, too, nobody knows the id yet, and nobody got in before.
		if a != create || !group && !after.child("security_group_id").isUnknown() {
			r.found(Widened, c.Address, outsideWord(outside), value(c.Address), " ", parts[0])
		}
	}
	if lost != nil {
		parts = append(parts, say(strong("no longer lets in "), list(lost, "and", 8)))
	}
	return item(value(c.Address), " ", list(parts, "and", 2)), parts != nil
}

// admits is what a rule, or each rule of a group, lets in: a text for each source, and the ports that it gets to.
func admits(rule node) []Text {
	var all []Text
	for _, block := range items(rule.child("ingress")) {
		all = append(all, admits(block)...)
	}
	protocol, ports := cmp.Or(rule.textOf("ip_protocol"), rule.textOf("protocol")), rule.textOf("from_port")
	if to := rule.textOf("to_port"); to != "" && to != ports {
		ports += "-" + to
	}
	to := say(" to ", value(protocol+" "+ports))
	if protocol == "-1" {
		to = say(" to ", strong("every port"))
	}
	for _, argument := range sources {
		source := rule.child(argument)
		from := items(source)
		if len(from) == 0 && (!source.empty() || source.isUnknown()) {
			from = []node{source}
		}
		for _, n := range from {
			text := n.show()
			if group := rule.textOf("security_group_id"); group != "" && n.text() == group { // as the group itself shows it
				text = say("its own group")
			}
			if address := n.text(); address == "0.0.0.0/0" || address == "::/0" {
				text = say(strong("any address"), " (", text, ")")
			}
			all = append(all, say(text, to))
		}
	}
	if rule.child("self").isTrue() {
		all = append(all, say("its own group", to))
	}
	return all
}

// unlike are the texts that are not among others.
func unlike(texts, others []Text) []Text {
	known := map[string]bool{}
	for _, text := range others {
		known[text.Plain()] = true
	}
	var all []Text
	for _, text := range texts {
		if !known[text.Plain()] {
			all = append(all, text)
		}
	}
	return all
}

// portions are resources that manage a part of another one, into which its provider reads that part too: what changes there
// is told of the resource that manages it.
var portions = []struct{ kind, by, of, part string }{
	{"aws_elasticsearch_domain_policy", "domain_name", "aws_elasticsearch_domain", "access_policies"},
	{"aws_opensearch_domain_policy", "domain_name", "aws_opensearch_domain", "access_policies"},
	{"aws_sns_topic_policy", "arn", "aws_sns_topic", "policy"},
	{"aws_kms_key_policy", "key_id", "aws_kms_key", "policy"},
	{"aws_s3_bucket_policy", "bucket", "aws_s3_bucket", "policy"},
	{"aws_secretsmanager_secret_policy", "secret_arn", "aws_secretsmanager_secret", "policy"},
	{"aws_iam_role_policy", "role", "aws_iam_role", "inline_policy"},
	{"aws_iam_role_policy_attachment", "role", "aws_iam_role", "managed_policy_arns"},
	{"aws_cognito_user_pool_domain", "user_pool_id", "aws_cognito_user_pool", "domain"},
	{"aws_vpc_security_group_egress_rule", "security_group_id", "aws_security_group", "egress"},
	{"aws_security_group_rule", "security_group_id", "aws_security_group", "egress"},
}

// ids are the arguments that others may know a resource by.
var ids = []string{"id", "arn", "name", "bucket", "domain_name"}

// elsewhere tells whether a part of a resource is managed by resources of their own: of a list, all that comes to it.
func (w world) elsewhere(c *tfjson.ResourceChange, part string) bool {
	before, after := beforeOf(c.Change), afterOf(c.Change)
	return slices.ContainsFunc(ids, func(key string) bool {
		id := before.textOf(key)
		held := w.portions[c.Type+" "+part+" "+id]
		if id == "" || held == nil {
			return false
		}
		known := map[string]bool{}
		for _, n := range items(before.child(part)) {
			for _, name := range inPart(part, n) {
				known[name] = true
			}
		}
		return !slices.ContainsFunc(items(after.child(part)), func(n node) bool {
			return slices.ContainsFunc(inPart(part, n), func(name string) bool { return !known[name] && !held[name] })
		})
	})
}

// inPart is what an element of a part, or the resource that manages it, is known by; nothing of a part that is one whole.
func inPart(part string, n node) (names []string) {
	switch part {
	case "egress":
		for _, text := range admits(n) {
			names = append(names, text.Plain())
		}
	case "inline_policy":
		names = append(names, n.textOf("name"))
	case "managed_policy_arns":
		names = append(names, cmp.Or(n.text(), n.textOf("policy_arn")))
	}
	return names
}

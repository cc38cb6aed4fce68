package review

import (
	"slices"
	"strings"
	"testing"
)

// Who reaches a domain in a VPC is its security group's to say.
func TestSecurityGroups(t *testing.T) {
	const rule, group = "aws_vpc_security_group_ingress_rule.r", "aws_security_group.g"
	from := func(source string) object {
		return object{"security_group_id": "sg-1", "cidr_ipv4": source, "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
	}
	block := func(sources ...any) object {
		return object{"cidr_blocks": sources, "protocol": "tcp", "from_port": 443, "to_port": 443, "security_groups": []any{}, "self": false}
	}
	groupOf := func(blocks ...any) object { return object{"id": "sg-1", "ingress": blocks} }
	drift := func(changes ...any) object {
		plan := planOf(change(rule, []any{"no-op"}, from("10.0.0.0/8"), from("10.0.0.0/8")))
		plan["resource_drift"] = changes
		return plan
	}
	unknown := planOf(change(group, updating, groupOf(block("10.0.0.0/8")), object{"id": "sg-1"}))
	within(unknown["resource_changes"].([]any)[0].(object)["change"].(object), "after_unknown", object{"ingress": true})
	own := within(object{"security_group_id": "sg-1", "referenced_security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}, "cidr_ipv4", "")
	itself := planOf(change(rule, []any{"no-op"}, own, own))
	itself["resource_drift"] = []any{change(group, updating, groupOf(), groupOf(within(block(), "self", true)))}
	created := change(rule, creating, nil, from("0.0.0.0/0"))
	delete(created["change"].(object)["after"].(object), "security_group_id")
	created["change"].(object)["after_unknown"] = object{"security_group_id": true}
	for _, test := range []struct {
		name  string
		plan  object
		want  string // the first finding's text, and is in the review
		worst Severity
	}{
		{"opened", planOf(change(rule, creating, nil, from("0.0.0.0/0"))), rule + " now lets in any address (0.0.0.0/0) to tcp 443", Widened},
		{"of a new group", planOf(created), "1 created", Drifted + 1},
		{"closed", planOf(change(rule, destroying, from("10.0.0.0/8"), nil)), "destroys " + rule, Destroyed},
		{"changed", planOf(change(rule, updating, from("10.0.0.0/8"), from("11.0.0.0/9"))), rule + " now lets in 11.0.0.0/9 to tcp 443", Widened},
		{"the older resource", planOf(change("aws_security_group_rule.r", creating, nil,
			object{"type": "ingress", "security_group_id": "sg-1", "source_security_group_id": "sg-2", "protocol": "-1", "from_port": 0, "to_port": 0})),
			"aws_security_group_rule.r now lets in sg-2 to every port", Widened},
		{"what goes out", planOf(change("aws_security_group_rule.r", creating, nil, object{"type": "egress", "security_group_id": "sg-1", "cidr_blocks": []any{"0.0.0.0/0"}})), "1 created", Drifted + 1},
		{"in the group", planOf(change(group, updating, groupOf(block("10.0.0.0/8")), groupOf(block("10.0.0.0/8", "11.1.0.0/16")))), group + " now lets in 11.1.0.0/16 to tcp 443", Widened},
		{"read into the group after apply", drift(change(group, updating, groupOf(), groupOf(block("10.0.0.0/8")))), "no resource changes", Drifted + 1},
		{"moved to another group", planOf(change(rule, recreating, from("0.0.0.0/0"), within(from("0.0.0.0/0"), "security_group_id", "sg-2"))), rule + " now lets in any address (0.0.0.0/0) to tcp 443", Widened},
		{"known after apply", unknown, "1 changed", Unclear},
		{"its own group, read into the group", itself, "no resource changes", Drifted + 1},
		{"by hand", drift(change(group, updating, groupOf(), groupOf(block("10.0.0.0/8", "0.0.0.0/0")))),
			"outside Terraform " + group + " now lets in any address (0.0.0.0/0) to tcp 443", Widened},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, test.plan)
			if got := r.Headline().Plain(); got != test.want || r.worst() != test.worst {
				t.Errorf("%q, severity %d; want %q, %d", got, r.worst(), test.want, test.worst)
			}
		})
	}
}

// What a rule, a block of a group or another rule let in before is no gain, nor is less of it; what they let in afterwards is not lost.
func TestCoveredSources(t *testing.T) {
	rule := func(group, source, protocol string, from, to int) object {
		return object{"security_group_id": group, "cidr_ipv4": source, "ip_protocol": protocol, "from_port": from, "to_port": to}
	}
	inline := func(source any) object {
		return object{"id": "sg-1", "ingress": []any{object{"cidr_blocks": []any{source}, "protocol": "tcp", "from_port": 443, "to_port": 443}}}
	}
	self := func(from, to int) object {
		return object{"id": "sg-1", "ingress": []any{object{"self": true, "protocol": "tcp", "from_port": from, "to_port": to}}}
	}
	const a, b, group, older = "aws_vpc_security_group_ingress_rule.a", "aws_vpc_security_group_ingress_rule.b", "aws_security_group.g", "aws_security_group_rule.r"
	old := rule("sg-1", "10.0.0.0/8", "tcp", 443, 443)
	for _, test := range []struct {
		name    string
		changes []object
		want    []string
		open    bool
	}{
		{"fewer addresses", []object{change(a, updating, old, rule("sg-1", "10.1.0.0/16", "tcp", 443, 443))},
			[]string{a + " still lets in 10.1.0.0/16 to tcp 443 and no longer lets in 10.0.0.0/8 to tcp 443"}, false},
		{"more addresses", []object{change(a, updating, rule("sg-1", "10.1.0.0/16", "tcp", 443, 443), old)}, []string{a + " now lets in 10.0.0.0/8 to tcp 443"}, true},
		{"fewer ports", []object{change(a, updating, rule("sg-1", "10.0.0.0/8", "tcp", 0, 65535), old)},
			[]string{a + " still lets in 10.0.0.0/8 to tcp 443 and no longer lets in 10.0.0.0/8 to tcp 0-65535"}, false},
		{"lower ports", []object{change(a, updating, old, rule("sg-1", "10.0.0.0/8", "tcp", 80, 443))}, []string{a + " now lets in 10.0.0.0/8 to tcp 80-443"}, true},
		{"higher ports", []object{change(a, updating, old, rule("sg-1", "10.0.0.0/8", "tcp", 443, 444))}, []string{a + " now lets in 10.0.0.0/8 to tcp 443-444"}, true},
		{"of every port one", []object{change(a, updating, rule("sg-1", "10.0.0.0/8", "-1", 0, 0), old)},
			[]string{a + " still lets in 10.0.0.0/8 to tcp 443 and no longer lets in 10.0.0.0/8 to every port"}, false},
		{"of all one", []object{change(a, updating, rule("sg-1", "10.0.0.0/8", "all", 0, 0), old)},
			[]string{a + " still lets in 10.0.0.0/8 to tcp 443 and no longer lets in 10.0.0.0/8 to every port"}, false},
		{"another protocol", []object{change(a, updating, old, rule("sg-1", "10.0.0.0/8", "udp", 443, 443))},
			[]string{a + " now lets in 10.0.0.0/8 to udp 443 and no longer lets in 10.0.0.0/8 to tcp 443"}, true},
		{"of ICMP one type", []object{change(a, updating, rule("sg-1", "10.0.0.0/8", "icmp", -1, -1), rule("sg-1", "10.0.0.0/8", "icmp", 8, -1))},
			[]string{a + " still lets in 10.0.0.0/8 to icmp 8--1 and no longer lets in 10.0.0.0/8 to icmp -1"}, false},
		{"of IPv4, not of IPv6", []object{change(a, updating, rule("sg-1", "0.0.0.0/0", "tcp", 443, 443), rule("sg-1", "::/0", "tcp", 443, 443))},
			[]string{a + " now lets in any address (::/0) to tcp 443 and no longer lets in any address (0.0.0.0/0) to tcp 443"}, true},
		{"another rule in its place", []object{change(a, destroying, old, nil), change(b, creating, nil, rule("sg-1", "10.0.0.0/8", "6", 443, 443))},
			[]string{b + " still lets in 10.0.0.0/8 to 6 443"}, false},
		{"of another group", []object{change(a, destroying, old, nil), change(b, creating, nil, rule("sg-2", "10.0.0.0/8", "tcp", 443, 443))},
			[]string{a + " no longer lets in 10.0.0.0/8 to tcp 443", b + " now lets in 10.0.0.0/8 to tcp 443"}, true},
		{"a rule in the place of a block", []object{change(group, updating, inline("10.0.0.0/8"), object{"id": "sg-1", "ingress": []any{}}), change(a, creating, nil, old)},
			[]string{a + " still lets in 10.0.0.0/8 to tcp 443"}, false},
		{"a rule beside a block that stays", []object{change(group, updating, inline("10.0.0.0/8"), inline("10.0.0.0/8")), change(a, destroying, old, nil)},
			[]string{a + " no longer lets in 10.0.0.0/8 to tcp 443"}, false},
		{"a rule in the place of an older one", []object{change(older, destroying, object{"type": "ingress", "security_group_id": "sg-1", "protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": []any{"10.0.0.0/8"}}, nil), change(a, creating, nil, old)},
			[]string{a + " still lets in 10.0.0.0/8 to tcp 443"}, false},
		{"forgotten, and another", []object{change(b, []any{"forget"}, old, nil), change(a, creating, nil, rule("sg-1", "10.1.0.0/16", "tcp", 443, 443))},
			[]string{a + " now lets in 10.1.0.0/16 to tcp 443"}, true},
		{"its own group, fewer ports", []object{change(group, updating, self(0, 65535), self(443, 443))},
			[]string{group + " still lets in its own group to tcp 443 and no longer lets in its own group to tcp 0-65535"}, false},
		{"its own group, and an address", []object{change(group, updating, self(443, 443), inline("10.0.0.0/8"))},
			[]string{group + " now lets in 10.0.0.0/8 to tcp 443 and no longer lets in its own group to tcp 443"}, true},
	} {
		r := read(t, planOf(test.changes...))
		if got := rowsOf(r, "Who gets in", false); !slices.Equal(got, test.want) || (strict(t, "open").Refuses(r) != nil) != test.open {
			t.Errorf("%s: %q, refused %v; want %q", test.name, got, strict(t, "open").Refuses(r), test.want)
		}
	}
	for number, name := range map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"} {
		r := read(t, planOf(change(a, updating, rule("sg-1", "10.0.0.0/8", name, 443, 443), rule("sg-1", "10.0.0.0/8", number, 443, 443))))
		if strict(t, "open").Refuses(r) != nil {
			t.Errorf("%s is not %s", number, name)
		}
	}
}

// What somebody adds to a list of which one resource manages a part is drift, beside that part.
func TestMoreThanThePortions(t *testing.T) {
	const managed, added = "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"
	attached := object{"role": "trainer", "policy_arn": managed}
	role := func(policies ...any) object {
		return object{"id": "trainer", "name": "trainer", "managed_policy_arns": policies}
	}
	for _, test := range []struct {
		name     string
		policies []any
		drifts   bool
	}{
		{"what is managed", []any{managed}, false},
		{"more by hand", []any{managed, added}, true},
	} {
		plan := planOf(change("aws_iam_role_policy_attachment.a", []any{"no-op"}, attached, attached))
		plan["resource_drift"] = []any{change("aws_iam_role.r", updating, role(), role(test.policies...))}
		r := read(t, plan)
		if drifts := strict(t, "drift").Refuses(r) != nil; drifts != test.drifts {
			t.Errorf("%s: drifts %v, want %v: %v", test.name, drifts, test.drifts, r.Findings)
		}
	}
}

// Right after an apply, what one resource manages of another shows as a change of that one. It is none.
func TestPortionsAreNoDrift(t *testing.T) {
	topic := func(policy string) object { return object{"id": "arn:t", "arn": "arn:t", "policy": policy} }
	old, new := policyOf(statementWith()), policyOf(statementWith("role/a", "role/b"))
	drifted := change("aws_sns_topic.t", updating, topic(old), topic(new))
	for _, test := range []struct {
		name    string
		changes []object
		drifts  bool
	}{
		{"its policy is a resource", []object{change("aws_sns_topic_policy.p", []any{"no-op"}, object{"arn": "arn:t", "policy": new}, object{"arn": "arn:t", "policy": new})}, false},
		{"another's is", []object{change("aws_sns_topic_policy.p", []any{"no-op"}, object{"arn": "arn:u", "policy": new}, object{"arn": "arn:u", "policy": new})}, true},
		{"one is made", []object{change("aws_sns_topic_policy.p", creating, nil, object{"policy": new})}, true},
		{"its own policy", nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := planOf(test.changes...)
			plan["resource_drift"] = []any{drifted, change("aws_cloudwatch_metric_alarm.a", updating, object{"metric_query": []any{object{"id": "m1"}}}, object{"metric_query": []any{object{"id": "m1", "period": 0}}})}
			got := written(encode(t, plan))
			if drifts := strings.Contains(got, "outside Terraform"); drifts != test.drifts || strings.Contains(got, "metric_query") {
				t.Errorf("drifts %v, want %v\n%s", drifts, test.drifts, got)
			}
		})
	}
}

// Each argument that says from where a rule, or a block of a group, lets in.
func TestSources(t *testing.T) {
	for _, test := range []struct{ resource, argument string }{
		{"aws_vpc_security_group_ingress_rule", "cidr_ipv4"}, {"aws_vpc_security_group_ingress_rule", "cidr_ipv6"}, {"aws_vpc_security_group_ingress_rule", "prefix_list_id"},
		{"aws_vpc_security_group_ingress_rule", "referenced_security_group_id"}, {"aws_security_group_rule", "cidr_blocks"}, {"aws_security_group_rule", "ipv6_cidr_blocks"},
		{"aws_security_group_rule", "prefix_list_ids"}, {"aws_security_group_rule", "source_security_group_id"}, {"aws_security_group", "security_groups"},
		{"aws_security_group", "cidr_blocks"}, {"aws_security_group", "prefix_list_ids"}, {"aws_default_security_group", "cidr_blocks"},
	} {
		rule := func(source string) object {
			o := object{"type": "ingress", "security_group_id": "sg-1", "protocol": "tcp", "ip_protocol": "tcp", "from_port": 443, "to_port": 443, test.argument: source}
			if strings.HasSuffix(test.argument, "s") {
				o[test.argument] = []any{source}
			}
			if strings.HasSuffix(test.resource, "security_group") {
				return object{"id": "sg-1", "ingress": []any{o}}
			}
			return o
		}
		r := read(t, planOf(change(test.resource+".x", updating, rule("a"), rule("b"))))
		want := test.resource + ".x now lets in b to tcp 443"
		if got := r.Headline().Plain(); got != want || len(strict(t, "open").Refuses(r)) != 1 {
			t.Errorf("%s.%s: %q, want %q", test.resource, test.argument, got, want)
		}
	}
}

// A domain enters its client into the identity pool by which it signs people in: that is no drift, and what somebody else enters is.
func TestDomainEntersItself(t *testing.T) {
	domain := object{"domain_name": "m", "cognito_options": []any{object{"enabled": true, "user_pool_id": "p", "identity_pool_id": "i"}}}
	provider := func(pool, client string) object {
		return object{"provider_name": "cognito-idp.eu-west-1.amazonaws.com/" + pool, "client_id": client, "server_side_token_check": true}
	}
	for _, test := range []struct {
		name          string
		id            string
		before, after []any
		drifts        bool
	}{
		{"its own", "i", nil, []any{provider("p", "a")}, false},
		{"its own beside another", "i", []any{provider("q", "b")}, []any{provider("p", "a"), provider("q", "b")}, false},
		{"another's", "i", nil, []any{provider("p", "a"), provider("q", "b")}, true},
		{"of another identity pool", "j", nil, []any{provider("p", "a")}, true},
	} {
		plan := planOf(change("aws_elasticsearch_domain.d", []any{"no-op"}, domain, domain))
		plan["resource_drift"] = []any{change("aws_cognito_identity_pool.i", updating, object{"id": test.id, "cognito_identity_providers": test.before},
			object{"id": test.id, "cognito_identity_providers": test.after})}
		r := read(t, plan)
		if drifts := len(strict(t, "drift").Refuses(r)) > 0; drifts != test.drifts || len(r.Findings) > 0 != test.drifts {
			t.Errorf("%s: drifts %v, want %v: %v", test.name, drifts, test.drifts, r.Findings)
		}
	}
}

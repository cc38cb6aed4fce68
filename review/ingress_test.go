package review

import (
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
		{"changed", planOf(change(rule, updating, from("10.0.0.0/8"), from("10.0.0.0/9"))), rule + " now lets in 10.0.0.0/9 to tcp 443", Widened},
		{"the older resource", planOf(change("aws_security_group_rule.r", creating, nil,
			object{"type": "ingress", "security_group_id": "sg-1", "source_security_group_id": "sg-2", "protocol": "-1", "from_port": 0, "to_port": 0})),
			"aws_security_group_rule.r now lets in sg-2 to every port", Widened},
		{"what goes out", planOf(change("aws_security_group_rule.r", creating, nil, object{"type": "egress", "security_group_id": "sg-1", "cidr_blocks": []any{"0.0.0.0/0"}})), "1 created", Drifted + 1},
		{"in the group", planOf(change(group, updating, groupOf(block("10.0.0.0/8")), groupOf(block("10.0.0.0/8", "10.1.0.0/16")))), group + " now lets in 10.1.0.0/16 to tcp 443", Widened},
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

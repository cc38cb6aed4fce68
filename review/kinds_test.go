package review

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// missing is the types of kinds that have something and no case.
func missing[T any](cases map[string]T, has func(kind) bool) (types []string) {
	for resourceType, kind := range kinds {
		if _, ok := cases[resourceType]; has(kind) && !ok {
			types = append(types, resourceType)
		}
	}
	slices.Sort(types)
	return types
}

// What is lost with each type, and how a reader knows it.
func TestLosses(t *testing.T) {
	cases := map[string]string{
		"aws_elasticsearch_domain":  "the Elasticsearch domain n: all its data is lost",
		"aws_opensearch_domain":     "the OpenSearch domain n: all its data is lost",
		"aws_kms_key":               "the KMS key n: what it encrypted can never be read again",
		"aws_kms_external_key":      "aws_kms_external_key.x: what it encrypted can never be read again",
		"aws_kms_replica_key":       "aws_kms_replica_key.x: what it encrypted can be read in other regions alone",
		"aws_cloudwatch_log_group":  "the log group n: all its logs are lost",
		"aws_s3_bucket":             "the bucket n: all its objects are lost",
		"aws_secretsmanager_secret": "aws_secretsmanager_secret.x: the secret is lost when its recovery window ends",
		"aws_ssm_parameter":         "aws_ssm_parameter.x: the parameter and its history are lost",
		"aws_dynamodb_table":        "aws_dynamodb_table.x: all its items are lost",
		"aws_db_instance":           "aws_db_instance.x: the database is lost, but for snapshots",
		"aws_rds_cluster":           "aws_rds_cluster.x: the database is lost, but for snapshots",
		"aws_ebs_volume":            "aws_ebs_volume.x: the volume is lost, but for snapshots",
		"aws_efs_file_system":       "aws_efs_file_system.x: all its files are lost",
		"aws_kinesis_stream":        "aws_kinesis_stream.x: all records in it are lost",
		"aws_cognito_user_pool":     "aws_cognito_user_pool.x: all its users are lost",
	}
	for resourceType, want := range cases {
		r := read(t, planOf(change(resourceType+".x", destroying, object{"name": "n"}, nil)))
		if got := r.Findings[0].Text.Plain(); got != "destroys "+want || strict(t, "replace").Refuses(r) == nil {
			t.Errorf("%s: found %q, refused %v; want %q", resourceType, got, strict(t, "replace").Refuses(r), want)
		}
	}
	if types := missing(cases, func(k kind) bool { return k.loss.of != "" }); types != nil {
		t.Errorf("without a case: %v", types)
	}
	for resourceType, kind := range kinds {
		if kind.called != "" && !strings.HasPrefix(cases[resourceType], kind.called+" n:") {
			t.Errorf("%s is called %q in no case", resourceType, kind.called)
		}
	}
}

// What can still be done when a domain goes, of either resource.
func TestDomainsThatGo(t *testing.T) {
	for _, resourceType := range []string{"aws_elasticsearch_domain", "aws_opensearch_domain"} {
		for _, actions := range [][]any{destroying, recreating} {
			got := written(encode(t, planOf(change(resourceType+".x", actions, object{"domain_name": "n"}, object{"domain_name": "m"}))))
			if want := "Its dashboards and automated snapshots go too, and AWS cannot bring a deleted domain back: only a manual snapshot, in a bucket of yours, can."; !strings.Contains(got, want) {
				t.Errorf("%s, %v: no %q in\n%s", resourceType, actions, want, got)
			}
		}
	}
}

// A type that holds nothing of ours is destroyed with no more words, and only the strictest gate refuses it.
func TestNoLoss(t *testing.T) {
	r := read(t, planOf(change("aws_cloudwatch_log_group.x", destroying, object{"name": "n", "skip_destroy": true}, nil)))
	if strict(t, "replace").Refuses(r) != nil || strict(t, "destroy").Refuses(r) == nil {
		t.Errorf("found %v", r.Findings)
	}
}

// The policy of each type: what it guards, who "*" is in it, and whether AWS makes one where there is none, of which nothing is said.
func TestPolicies(t *testing.T) {
	const internet, accounts, made = "anyone on the internet", "anyone in any AWS account", true
	cases := map[string]struct {
		argument, guards, everybody string
		madeByAWS                   bool
	}{
		"aws_elasticsearch_domain":              {"access_policies", "the domain", internet, made},
		"aws_opensearch_domain":                 {"access_policies", "the domain", internet, made},
		"aws_elasticsearch_domain_policy":       {"access_policies", "the domain", "anyone who reaches the domain", false},
		"aws_opensearch_domain_policy":          {"access_policies", "the domain", "anyone who reaches the domain", false},
		"aws_kms_key":                           {"policy", "the key", accounts, made},
		"aws_kms_key_policy":                    {"policy", "the key", accounts, false},
		"aws_kms_external_key":                  {"policy", "the key", accounts, made},
		"aws_kms_replica_key":                   {"policy", "the key", accounts, made},
		"aws_sqs_queue":                         {"policy", "the queue", internet, made},
		"aws_s3_bucket":                         {"policy", "the bucket", internet, made},
		"aws_s3_access_point":                   {"policy", "the access point", internet, made},
		"aws_s3control_access_point_policy":     {"policy", "the access point", internet, false},
		"aws_cloudwatch_event_bus_policy":       {"policy", "the event bus", accounts, false},
		"aws_cloudwatch_log_destination_policy": {"access_policy", "the log destination", accounts, false},
		"aws_iam_policy":                        {"policy", "an IAM policy", "", false},
		"aws_iam_role_policy":                   {"policy", "a role's IAM policy", "", false},
		"aws_iam_user_policy":                   {"policy", "a user's IAM policy", "", false},
		"aws_iam_group_policy":                  {"policy", "a group's IAM policy", "", false},
		"aws_iam_role":                          {"assume_role_policy", "who may become the role", accounts, false},
		"aws_sns_topic":                         {"policy", "the topic", internet, made},
		"aws_sns_topic_policy":                  {"policy", "the topic", internet, false},
		"aws_sqs_queue_policy":                  {"policy", "the queue", internet, false},
		"aws_cloudwatch_log_resource_policy":    {"policy_document", "CloudWatch Logs", accounts, false},
		"aws_s3_bucket_policy":                  {"policy", "the bucket", internet, false},
		"aws_secretsmanager_secret":             {"policy", "the secret", accounts, made},
		"aws_secretsmanager_secret_policy":      {"policy", "the secret", accounts, false},
	}
	opened, closed := policyOf(statementWith(`{"AWS":"arn:aws:iam::111122223333:role/a"}`, `"*"`)), policyOf(statementWith())
	with := func(argument, policy string) object { return object{"domain_name": "metrics", argument: policy} }
	for resourceType, want := range cases {
		r := read(t, planOf(change(resourceType+".x", updating, with(want.argument, closed), with(want.argument, opened))))
		if rows := rowsOf(r, "Who gets in", false); len(rows) == 0 || rows[0] != resourceType+".x ("+want.guards+")" {
			t.Errorf("%s: %q, want %q", resourceType, rows, want.guards)
		}
		if got := r.Headline().Plain(); want.everybody != "" && !strings.HasPrefix(got, resourceType+".x now lets "+want.everybody+" send GET") {
			t.Errorf("%s: %q, want %q", resourceType, got, want.everybody)
		}
		destroyed := read(t, planOf(change(resourceType+".x", destroying, with(want.argument, closed), nil)))
		if said := rowsOf(destroyed, "Who gets in", false) != nil; said == want.madeByAWS {
			t.Errorf("%s: destroyed with a policy, which is said: %v", resourceType, said)
		}
	}
	if types := missing(cases, func(k kind) bool { return k.policy.argument != "" }); types != nil {
		t.Errorf("without a case: %v", types)
	}
}

// What each type manages of another, which AWS then shows there too: no drift. What is more than that is.
func TestPortions(t *testing.T) {
	type portion struct {
		argument string
		portion  object // the values of the one
		of       string
		id       object // what the other is known by
		was      any    // in the other's argument: before
		same     any    // just that
		more     any    // and more; nil where it is one whole
	}
	old, new := policyOf(statementWith()), policyOf(statementWith("role/a", "role/b"))
	rule := object{"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/8", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
	block := object{"cidr_blocks": []any{"10.0.0.0/8"}, "protocol": "tcp", "from_port": 443, "to_port": 443}
	other := object{"cidr_blocks": []any{"0.0.0.0/0"}, "protocol": "tcp", "from_port": 443, "to_port": 443}
	cases := map[string][]portion{
		"aws_elasticsearch_domain_policy":  {{"access_policies", object{"domain_name": "m"}, "aws_elasticsearch_domain", object{"domain_name": "m"}, old, new, nil}},
		"aws_opensearch_domain_policy":     {{"access_policies", object{"domain_name": "m"}, "aws_opensearch_domain", object{"domain_name": "m"}, old, new, nil}},
		"aws_sns_topic_policy":             {{"policy", object{"arn": "arn:t"}, "aws_sns_topic", object{"arn": "arn:t"}, old, new, nil}},
		"aws_kms_key_policy":               {{"policy", object{"key_id": "k"}, "aws_kms_key", object{"id": "k"}, old, new, nil}},
		"aws_s3_bucket_policy":             {{"policy", object{"bucket": "b"}, "aws_s3_bucket", object{"bucket": "b"}, old, new, nil}},
		"aws_secretsmanager_secret_policy": {{"policy", object{"secret_arn": "arn:s"}, "aws_secretsmanager_secret", object{"arn": "arn:s"}, old, new, nil}},
		"aws_cognito_user_pool_domain":     {{"domain", object{"user_pool_id": "p"}, "aws_cognito_user_pool", object{"id": "p"}, "c", "d", nil}},
		"aws_sqs_queue_policy":             {{"policy", object{"queue_url": "q"}, "aws_sqs_queue", object{"id": "q"}, old, new, nil}},
		"aws_s3_bucket_acl": {{"acl", object{"bucket": "b"}, "aws_s3_bucket", object{"bucket": "b"}, "a", "b", nil},
			{"grant", object{"bucket": "b"}, "aws_s3_bucket", object{"bucket": "b"}, "a", "b", nil}},
		"aws_s3_bucket_versioning":                {{"versioning", object{"bucket": "b"}, "aws_s3_bucket", object{"bucket": "b"}, "a", "b", nil}},
		"aws_s3_bucket_logging":                   {{"logging", object{"bucket": "b"}, "aws_s3_bucket", object{"bucket": "b"}, "a", "b", nil}},
		"aws_s3_bucket_replication_configuration": {{"replication_configuration", object{"bucket": "b"}, "aws_s3_bucket", object{"bucket": "b"}, "a", "b", nil}},
		"aws_s3_bucket_server_side_encryption_configuration": {{"server_side_encryption_configuration", object{"bucket": "b"},
			"aws_s3_bucket", object{"bucket": "b"}, "a", "b", nil}},
		"aws_iam_role_policy": {{"inline_policy", object{"role": "r", "name": "a"}, "aws_iam_role", object{"name": "r"}, nil,
			[]any{object{"name": "a", "policy": "{}"}}, []any{object{"name": "a", "policy": "{}"}, object{"name": "b", "policy": "{}"}}}},
		"aws_iam_role_policy_attachment": {{"managed_policy_arns", object{"role": "r", "policy_arn": "arn:p"}, "aws_iam_role", object{"name": "r"}, nil,
			[]any{"arn:p"}, []any{"arn:p", "arn:q"}}},
		"aws_vpc_security_group_egress_rule": {{"egress", rule, "aws_security_group", object{"id": "sg-1"}, nil, []any{block}, []any{block, other}}},
		"aws_security_group_rule": {{"egress", within(within(block, "type", "egress"), "security_group_id", "sg-1"), "aws_security_group", object{"id": "sg-1"}, nil,
			[]any{block}, []any{block, other}}},
	}
	drifts := func(resourceType string, p portion, now any) bool {
		before, after := object{p.argument: p.was}, object{p.argument: now}
		for key, value := range p.id {
			before[key], after[key] = value, value
		}
		plan := planOf(change(resourceType+".x", []any{"no-op"}, p.portion, p.portion))
		plan["resource_drift"] = []any{change(p.of+".y", updating, before, after)}
		return strict(t, "drift").Refuses(read(t, plan)) != nil
	}
	for resourceType, portions := range cases {
		for _, p := range portions {
			if drifts(resourceType, p, p.same) {
				t.Errorf("%s: what it manages of %s is said to be drift", resourceType, p.of)
			}
			if p.more != nil && !drifts(resourceType, p, p.more) {
				t.Errorf("%s: what it does not manage of %s is not said to be drift", resourceType, p.of)
			}
			if !drifts("aws_thing", p, p.same) {
				t.Errorf("%s: without it, what changes of %s is not said to be drift", resourceType, p.of)
			}
		}
	}
	if types := missing(cases, func(k kind) bool { return k.manages != nil }); types != nil {
		t.Errorf("without a case: %v", types)
	}
}

// What is sensitive is compared all the same: one more source that may not be shown is one more that gets in.
func TestSensitiveSources(t *testing.T) {
	block := func(source string) object {
		return object{"cidr_blocks": []any{source}, "protocol": "tcp", "from_port": 443, "to_port": 443}
	}
	rule := object{"security_group_id": "sg-1", "cidr_ipv4": "10.1.0.0/16", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
	own := change("aws_vpc_security_group_ingress_rule.r", []any{"no-op"}, rule, rule)
	within(own["change"].(object), "after_sensitive", object{"cidr_ipv4": true})
	within(own["change"].(object), "before_sensitive", object{"cidr_ipv4": true})
	for _, test := range []struct {
		blocks []any
		want   string
	}{
		{[]any{block("10.1.0.0/16")}, "[]"},
		{[]any{block("10.1.0.0/16"), block("192.0.2.0/24")}, "[aws_security_group.g now lets in (sensitive) to tcp 443]"},
	} {
		drifted := change("aws_security_group.g", updating, object{"id": "sg-1"}, object{"id": "sg-1", "ingress": test.blocks})
		within(drifted["change"].(object), "after_sensitive", object{"ingress": []any{object{"cidr_blocks": []any{true}}, object{"cidr_blocks": []any{true}}}})
		plan := planOf(own)
		plan["resource_drift"] = []any{drifted}
		if got := fmt.Sprint(rowsOf(read(t, plan), "Who got in outside Terraform", false)); got != test.want {
			t.Errorf("%v: %s, want %s", test.blocks, got, test.want)
		}
	}
}

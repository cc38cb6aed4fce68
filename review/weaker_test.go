package review

import (
	"slices"
	"strings"
	"testing"
)

// weaker is a change in place, and how what is found of it begins; "" for nothing.
type weaker struct {
	name   string
	change object
	want   string
}

// weakerCases are what a row says, and what it does not; each row is tripped by one of doors.
func weakerCases() []weaker {
	days := func(n int) object { return object{"name": "/logs", "retention_in_days": n} }
	https := func(on bool) object {
		return object{"domain_name": "metrics", "domain_endpoint_options": []any{object{"enforce_https": on}}}
	}
	audit := func(logs ...any) object { return object{"domain_name": "metrics", "log_publishing_options": logs} }
	master := func(arn string) object {
		return object{"domain_name": "metrics", "advanced_security_options": []any{object{"enabled": true, "master_user_options": []any{object{"master_user_arn": arn}}}}}
	}
	options := func(key, value string) object {
		return object{"domain_name": "metrics", "advanced_options": object{key: value}}
	}
	const group, domain, key = "aws_cloudwatch_log_group.g", "aws_elasticsearch_domain.d", "aws_kms_key.k"
	saml := func(options object) object { return object{"saml_options": []any{options}} }
	const twin, samlOptions = "aws_opensearch_domain.d", "aws_elasticsearch_domain_saml_options.s"
	return []weaker{
		{"kept for a shorter time", change(group, updating, days(365), days(7)), "the log group /logs: retention_in_days 365 → 7: CloudWatch deletes what is older, and it cannot be brought back"},
		{"no longer for ever", change(group, updating, days(0), days(365)), "the log group /logs: retention_in_days 0 → 365: CloudWatch deletes"},
		{"for ever", change(group, updating, days(365), days(0)), ""},
		{"for longer", change(group, updating, days(7), days(365)), ""},
		{"a key disabled", change(key, updating, object{"is_enabled": true}, object{"is_enabled": false}), "aws_kms_key.k: is_enabled true → false: until it is on again"},
		{"without HTTPS", change(domain, updating, https(true), https(false)), "the Elasticsearch domain metrics: domain_endpoint_options.enforce_https true → false: requests"},
		{"another master user", change(domain, updating, master("a"), master("b")), "the Elasticsearch domain metrics: advanced_security_options.master_user_options.master_user_arn a → b: the master user may do anything"},
		{"without audit logs", change(domain, updating, audit(object{"log_type": "AUDIT_LOGS", "enabled": true}), audit()), "the Elasticsearch domain metrics: log_publishing_options[AUDIT_LOGS].enabled true → none: AWS goes on publishing it"},
		{"the twin without HTTPS", change(twin, updating, https(true), https(false)), "the OpenSearch domain metrics: domain_endpoint_options.enforce_https true → false: requests and passwords may come unencrypted"},
		{"with HTTPS", change(domain, updating, https(false), https(true)), ""},
		{"the twin's master user", change(twin, updating, master("a"), master("b")), "the OpenSearch domain metrics: advanced_security_options.master_user_options.master_user_arn a → b: the master user may do anything in the domain"},
		{"the twin without audit logs", change(twin, updating, audit(object{"log_type": "AUDIT_LOGS", "enabled": true}), audit(object{"log_type": "AUDIT_LOGS", "enabled": false})),
			"the OpenSearch domain metrics: log_publishing_options[AUDIT_LOGS].enabled true → false: nobody sees any more who did what in the domain"},
		{"without slow logs", change(domain, updating, audit(object{"log_type": "INDEX_SLOW_LOGS", "enabled": true}), audit(object{"log_type": "INDEX_SLOW_LOGS", "enabled": false})), ""},
		{"another identity provider", change(samlOptions, updating, saml(object{"idp": []any{object{"entity_id": "a"}}}), saml(object{"idp": []any{object{"entity_id": "b"}}})),
			samlOptions + ": saml_options.idp.entity_id a → b: whoever it signs in gets in"},
		{"another master role", change(samlOptions, updating, saml(object{"master_backend_role": "a"}), saml(object{"master_backend_role": "b"})),
			samlOptions + ": saml_options.master_backend_role a → b: whoever has it may do anything in the domain"},
		{"another SAML master user", change(samlOptions, updating, saml(object{"master_user_name": "a"}), saml(object{"master_user_name": "b"})),
			samlOptions + ": saml_options.master_user_name a → b: this user may do anything in the domain"},
		{"a queue of the account hears of a topic", change("aws_sns_topic_subscription.s", creating, nil, object{"topic_arn": "arn:aws:sns:eu-central-1:111122223333:t", "protocol": "sqs", "endpoint": "arn:aws:sqs:eu-central-1:111122223333:q"}), ""},
		{"a mail of a topic", change("aws_sns_topic_subscription.s", creating, nil, object{"topic_arn": "arn:aws:sns:eu-central-1:111122223333:t", "protocol": "email", "endpoint": "a@example.com"}), ""},
		{"a page hears of a topic that is new", change("aws_sns_topic_subscription.s", creating, nil, object{"protocol": "https", "endpoint": "https://a.example"}), ""},
		{"a web ACL that blocks what no rule allows", change("aws_wafv2_web_acl.w", updating, nested("default_action.allow", []any{object{}}), nested("default_action.block", []any{object{}})), ""},
		{"an event rule that runs by the clock", change("aws_cloudwatch_event_rule.e", updating, object{"schedule_expression": "rate(1 day)", "state": "ENABLED"}, object{"schedule_expression": "rate(1 day)", "state": "DISABLED"}), ""},
		{"an event target that is a function", change("aws_cloudwatch_event_target.e", updating, object{"arn": "arn:aws:lambda:eu-central-1:111122223333:function:a"}, object{"arn": "arn:aws:lambda:eu-central-1:111122223333:function:b"}), ""},
		{"everybody of an organization", change("aws_lambda_permission.l", creating, nil, object{"principal": "*", "principal_org_id": "o-1"}), ""},
		{"everybody on a condition", change("aws_cloudwatch_event_permission.l", creating, nil, object{"principal": "*", "condition": []any{object{"key": "aws:PrincipalOrgID"}}}), ""},
		{"a condition of an account's", change("aws_cloudwatch_event_permission.l", updating, object{"principal": "1", "condition": []any{object{"key": "k"}}}, object{"principal": "1", "condition": []any{}}), ""},
		{"logs of an account that are masked", change("aws_cloudwatch_log_account_policy.l", creating, nil, object{"policy_type": "DATA_PROTECTION_POLICY", "policy_document": "{}"}), ""},
		{"the owner in an ACL", change("aws_s3_bucket_acl.a", updating, object{}, object{"access_control_policy": []any{object{"owner": []any{object{"id": "o"}}, "grant": []any{object{"grantee": []any{object{"id": "o"}}}}}}}), ""},
		{"one record of several that only proves whose the zone is", change("aws_route53_record.r", creating, nil, object{"name": "_a.example.com", "set_identifier": "a"}), ""},
		{"passwords that end sooner", change("aws_iam_account_password_policy.p", updating, object{"max_password_age": 90}, object{"max_password_age": 30}), ""},
		{"passwords that end", change("aws_iam_account_password_policy.p", updating, object{"max_password_age": 0}, object{"max_password_age": 30}), ""},
		{"passwords that never end", change("aws_iam_account_password_policy.p", updating, object{"max_password_age": 90}, object{"max_password_age": 0}), "aws_iam_account_password_policy.p: max_password_age 90 → 0"},
		{"a shorter session", change(samlOptions, updating, saml(object{"session_timeout_minutes": 90}), saml(object{"session_timeout_minutes": 60})), ""},
		{"a record that only proves whose the zone is", change("aws_route53_record.r", updating, object{"name": "_a.example.com", "records": []any{"a"}}, object{"name": "_a.example.com", "records": []any{"b"}}), ""},
		{"a default of AWS's left out", change(domain, updating, options("rest.action.multi.allow_explicit_index", "true"), options("b", "1")), ""},
		{"another default of AWS's left out", change(domain, updating, options("override_main_response_version", "false"), options("b", "1")), ""},
		{"another master by ARN", change(domain, updating, object{"advanced_security_options": []any{object{"internal_user_database_enabled": true, "master_user_options": []any{object{"master_user_name": "a"}}}}},
			object{"advanced_security_options": []any{object{"internal_user_database_enabled": false, "master_user_options": []any{object{"master_user_arn": "arn:a"}}}}}),
			"aws_elasticsearch_domain.d: advanced_security_options.master_user_options.master_user_arn none → arn:a and"},
		{"a pool in which people sign up already", change("aws_cognito_user_pool.p", updating, object{"name": "a"}, object{"name": "a", "admin_create_user_config": []any{object{"allow_admin_create_user_only": false}}}), ""},
		{"another rule of a bucket's lifecycle", change("aws_s3_bucket.a", updating, object{}, nested("lifecycle_rule.id", "79a5")), ""},
		{"a log delivery group gets an ACL", change("aws_s3_bucket_acl.a", updating, object{}, nested("access_control_policy.grant.grantee.uri", "http://acs.amazonaws.com/groups/s3/LogDelivery")), ""},
		{"a public ACL that goes", change("aws_s3_bucket_acl.a", updating, object{"acl": "public-read"}, object{"acl": "private"}), ""},
		{"SAML turned off in place", change(samlOptions, updating, saml(object{"enabled": true}), saml(object{"enabled": false})), ""},
		{"an encrypted domain in place of one in a VPC", change(domain, recreating, object{"cluster_config": []any{object{"warm_enabled": true}}}, object{"cluster_config": []any{object{"warm_enabled": false}}}), ""},
	}
}

func TestWeaker(t *testing.T) {
	for _, test := range weakerCases() {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, planOf(test.change))
			switch {
			case test.want == "":
				if slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.row != "" }) {
					t.Errorf("found %v", r.Findings)
				}
			case !slices.ContainsFunc(r.Findings, func(f Finding) bool { return strings.HasPrefix(f.Text.Plain(), test.want) }):
				t.Errorf("found %v, want %q", r.Findings, test.want)
			}
		})
	}
}

// A block of which nothing can be seen is taken for the worst, where a row is of something in it.
func TestHiddenBlocks(t *testing.T) {
	const mark = "advanced_security_options"
	sensitive := func(argument string, actions []any) object {
		c := change("aws_elasticsearch_domain.d", actions, object{"domain_name": "m", argument: "a"}, object{"domain_name": "m", argument: "b"})
		within(c["change"].(object), "after_sensitive", object{argument: true})
		return c
	}
	unknown := change("aws_elasticsearch_domain.d", updating, object{"domain_name": "m", mark: []any{object{"enabled": true}}}, object{"domain_name": "m"})
	within(unknown["change"].(object), "after_unknown", object{mark: true})
	const hidden = ": what changes of it cannot be seen, and it may let somebody in"
	for _, test := range []struct {
		name string
		plan object
		want string
	}{
		{"sensitive", planOf(sensitive(mark, updating)), "the Elasticsearch domain m: " + mark + " (sensitive) → (sensitive)" + hidden},
		{"known after apply", planOf(unknown), "the Elasticsearch domain m: " + mark + ` [{"enabled":true}] → known after apply` + hidden},
		{"of which no row is", planOf(sensitive("timeouts", updating)), ""},
		{"that a row is of", planOf(sensitive("log_publishing_options", updating)), ""},
		{"of another domain in its place", planOf(sensitive(mark, recreating)), ""},
		{"seen", planOf(change("aws_elasticsearch_domain.d", updating, object{mark: "a"}, object{mark: "b"})), ""},
	} {
		r := read(t, test.plan)
		found := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Text.Plain() == test.want && f.Severity == Widened })
		if test.want == "" {
			found = !slices.ContainsFunc(r.Findings, func(f Finding) bool { return strings.Contains(f.Text.Plain(), hidden) })
		}
		if !found {
			t.Errorf("%s: found %v, want %q", test.name, r.Findings, test.want)
		}
	}
}

// What Terraform does when `encryption:` is taken out of a file: the provider keeps the domain's key as it is.
func TestKeyOfAnEncryptedDomain(t *testing.T) {
	domain := object{"domain_name": "metrics", "encrypt_at_rest": []any{object{"enabled": true, "kms_key_id": "arn:k"}}}
	r := read(t, planOf(
		change("aws_elasticsearch_domain.d", []any{"no-op"}, domain, domain),
		change("aws_kms_key.other", destroying, object{"arn": "arn:o"}, nil),
		change("aws_kms_key.k", destroying, object{"arn": "arn:k"}, nil)))
	want := "destroys aws_kms_key.k: what it encrypted can never be read again, and it still encrypts the Elasticsearch domain metrics"
	if got := r.Findings[0]; got.Text.Plain() != want || got.Severity != DomainLost || r.Findings[1].Severity != DataLost {
		t.Errorf("found %v, want %q first", r.Findings, want)
	}
}

// A first deployment that was cut off leaves tainted what never held anything.
func TestTaintedKey(t *testing.T) {
	key := change("aws_kms_key.k", recreating, object{"arn": "arn:k"}, object{"arn": "arn:k"})
	key["action_reason"] = "replace_because_tainted"
	r := read(t, planOf(key))
	want := "replaces aws_kms_key.k, which is tainted: its creation failed, and it never held anything, or somebody marked it, and " +
		"what it encrypted can never be read again; terraform untaint aws_kms_key.k keeps it"
	if got := r.Findings[0]; got.Text.Plain() != want || got.Severity != DataLost {
		t.Errorf("found %v, want %q first", r.Findings, want)
	}
}

// To destroy what keeps people out lets them in, unless that which it is of goes too.
func TestWalls(t *testing.T) {
	access := change("aws_s3_bucket_public_access_block.b", destroying, object{"bucket": "models", "block_public_acls": true, "restrict_public_buckets": false}, nil)
	account := change("aws_s3_account_public_access_block.a", destroying, object{"account_id": "111122223333", "block_public_policy": true}, nil)
	firewall := change("aws_wafv2_web_acl_association.w", destroying, object{"resource_arn": "arn:l", "web_acl_arn": "arn:w"}, nil)
	bucket := func(name string) object {
		return change("aws_s3_bucket.b", destroying, object{"id": name, "bucket": name}, nil)
	}
	wall := func(resourceType, by, of, argument string, value any) object {
		return change(resourceType+".w", destroying, object{by: of, argument: value}, nil)
	}
	const opened = "aws_s3_bucket_public_access_block.b: block_public_acls true → none: ACLs may open it to everybody"
	cases := map[string]struct{}{}
	for _, test := range []struct {
		name    string
		changes []object
		want    []string
	}{
		{"of a bucket", []object{access}, []string{opened}},
		{"of a bucket, where another goes", []object{access, bucket("others")}, []string{opened}},
		{"of a bucket that goes", []object{access, bucket("models")}, nil},
		{"of an account", []object{account}, []string{"aws_s3_account_public_access_block.a: block_public_policy true → none: a policy may open it to everybody"}},
		{"versions that are suspended", []object{wall("aws_s3_bucket_versioning", "bucket", "b", "versioning_configuration", block(object{"status": "Suspended"}))}, nil},
		{"the key of a bucket", []object{wall("aws_s3_bucket_server_side_encryption_configuration", "bucket", "b", "rule", block(object{"apply_server_side_encryption_by_default": block(object{"kms_master_key_id": "arn:k"})}))},
			[]string{"aws_s3_bucket_server_side_encryption_configuration.w: rule.apply_server_side_encryption_by_default.kms_master_key_id arn:k → none: whoever may read it needs the key no longer"}},
		{"the log of a bucket", []object{wall("aws_s3_bucket_logging", "bucket", "b", "target_bucket", "l")},
			[]string{"aws_s3_bucket_logging.w: target_bucket l → none: nobody sees there any more who got at its objects"}},
		{"who owns objects", []object{wall("aws_s3_bucket_ownership_controls", "bucket", "b", "rule", block(object{"object_ownership": "BucketOwnerEnforced"}))},
			[]string{"aws_s3_bucket_ownership_controls.w: rule.object_ownership BucketOwnerEnforced → none: ACLs count, and may open it to others"}},
		{"the policy of a key", []object{wall("aws_kms_key_policy", "key_id", "k", "policy", policyOf(statementWith()))},
			[]string{"aws_kms_key_policy.w: key_id k → none: AWS's own policy takes its place, and whom the account's IAM allows may use the key"}},
		{"the policy of a key that goes", []object{wall("aws_kms_key_policy", "key_id", "k", "policy", policyOf(statementWith())), change("aws_kms_key.k", destroying, object{"id": "k"}, nil)}, nil},
		{"a second factor", []object{wall("aws_iam_virtual_mfa_device", "virtual_mfa_device_name", "u", "path", "/")},
			[]string{"aws_iam_virtual_mfa_device.w: virtual_mfa_device_name u → none: whoever has the password of its user gets in, without a second factor"}},
		{"what passwords must be", []object{wall("aws_iam_account_password_policy", "minimum_password_length", "14", "require_numbers", true)},
			[]string{"aws_iam_account_password_policy.w: minimum_password_length 14 → none: passwords are guessed sooner", "aws_iam_account_password_policy.w: require_numbers true → none: passwords are guessed sooner"}},
		{"who guesses passwords", []object{wall("aws_cognito_risk_configuration", "user_pool_id", "p", "compromised_credentials_risk_configuration", block(object{"actions": block(object{"event_action": "BLOCK"})}))},
			[]string{"aws_cognito_risk_configuration.w: compromised_credentials_risk_configuration.actions.event_action BLOCK → none: who has stolen a password is no longer stopped"}},
		{"what logs mask", []object{wall("aws_cloudwatch_log_data_protection_policy", "log_group_name", "/l", "policy_document", "{}")},
			[]string{"aws_cloudwatch_log_data_protection_policy.w: policy_document {} → none: whoever reads the logs may read what was masked"}},
		{"what a topic masks", []object{wall("aws_sns_topic_data_protection_policy", "arn", "arn:t", "policy", "{}")},
			[]string{"aws_sns_topic_data_protection_policy.w: policy {} → none: whoever hears of it may hear what was masked"}},
		{"a firewall", []object{firewall}, []string{"aws_wafv2_web_acl_association.w: web_acl_arn arn:w → none: what that web ACL kept out gets through"}},
	} {
		var found []string
		r := read(t, planOf(test.changes...))
		for _, f := range r.Findings {
			if f.row != "" {
				found = append(found, f.Text.Plain())
			}
		}
		if !slices.Equal(found, test.want) || (strict(t, "open").Refuses(r) != nil) != (test.want != nil) {
			t.Errorf("%s: found %q, want %q", test.name, found, test.want)
		}
		cases[test.changes[0]["type"].(string)] = struct{}{}
	}
	weak := []struct {
		of string
		c  object
	}{
		{"aws_s3_bucket", wall("aws_s3_bucket_versioning", "bucket", "o", "versioning_configuration", block(object{"status": "Enabled"}))},
		{"aws_s3_bucket", wall("aws_s3_bucket_server_side_encryption_configuration", "bucket", "o", "rule", block(object{"apply_server_side_encryption_by_default": block(object{"kms_master_key_id": "arn:k"})}))},
		{"aws_s3_bucket", wall("aws_s3_bucket_logging", "bucket", "o", "target_bucket", "l")},
		{"aws_s3_bucket", wall("aws_s3_bucket_ownership_controls", "bucket", "o", "rule", block(object{"object_ownership": "BucketOwnerEnforced"}))},
		{"aws_s3_bucket", wall("aws_s3_bucket_public_access_block", "bucket", "o", "block_public_acls", true)},
		{"aws_kms_key", wall("aws_kms_key_policy", "key_id", "o", "policy", policyOf())},
		{"aws_cognito_user_pool", wall("aws_cognito_risk_configuration", "user_pool_id", "o", "compromised_credentials_risk_configuration", block(object{"actions": block(object{"event_action": "BLOCK"})}))},
		{"aws_cloudwatch_log_group", wall("aws_cloudwatch_log_data_protection_policy", "log_group_name", "o", "policy_document", "{}")},
		{"aws_sns_topic", wall("aws_sns_topic_data_protection_policy", "arn", "o", "policy", "{}")},
		{"aws_cloudwatch_event_rule", wall("aws_cloudwatch_event_target", "rule", "o", "arn", "arn:aws:sns:eu-central-1:111122223333:t")},
	}
	of := map[string]struct{}{}
	for _, test := range weak {
		c, resourceType := test.c, test.c["type"].(string)
		of[resourceType] = struct{}{}
		owner := change(test.of+".o", destroying, object{"id": "o", "arn": "o", "name": "o", "bucket": "o"}, nil)
		for alone, changes := range map[bool][]object{true: {c}, false: {c, owner}} {
			r := read(t, planOf(changes...))
			if found := slices.ContainsFunc(r.Findings, func(f Finding) bool { return strings.HasPrefix(f.row, resourceType+".") }); found != alone {
				t.Errorf("%s, alone %v: found %v", resourceType, alone, r.Findings)
			}
		}
	}
	if types := missing(of, func(k kind) bool { return k.wall.of != "" }); types != nil {
		t.Errorf("without what they are of: %v", types)
	}
	for resourceType, before := range map[string]object{
		"aws_cloudwatch_event_rule":   {"name": "e", "event_pattern": "{}"},
		"aws_cloudwatch_event_target": {"rule": "e", "arn": "arn:aws:sns:eu-central-1:111122223333:t"},
		"aws_s3_bucket_versioning":    {"bucket": "b", "versioning_configuration": []any{object{"status": "Enabled"}}},
	} {
		r := read(t, planOf(change(resourceType+".w", destroying, before, nil)))
		if want := map[bool]Severity{true: AlarmLost, false: DataAtRisk}[strings.Contains(resourceType, "event")]; r.Findings[0].Severity != want {
			t.Errorf("%s: found %v", resourceType, r.Findings)
		}
		cases[resourceType] = struct{}{}
	}
	if types := missing(cases, func(k kind) bool { return k.wall.by != "" }); types != nil {
		t.Errorf("without a case: %v", types)
	}
}

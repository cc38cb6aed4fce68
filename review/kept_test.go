package review

import (
	"strings"
	"testing"
)

// What a plan takes away and AWS keeps: said and refused, unless it is turned off first.
func TestKept(t *testing.T) {
	const same, off = "no-op", "off"
	cognito := func(enabled bool) object {
		return object{"domain_name": "m", "cognito_options": []any{object{"enabled": enabled, "user_pool_id": "p", "identity_pool_id": "i", "role_arn": "arn:aws:iam::1:role/r"}}}
	}
	domain := func(actions []any, before, after any) object {
		return change("aws_elasticsearch_domain.d", actions, before, after)
	}
	signsIn, stops := domain([]any{same}, cognito(true), cognito(true)), domain(updating, cognito(true), cognito(false))
	gone := domain(destroying, cognito(true), nil)
	stopped := domain([]any{same}, cognito(false), cognito(false))
	saml := object{"domain_name": "m", "saml_options": []any{object{"enabled": true}}}
	samlOff := object{"domain_name": "m", "saml_options": []any{object{"enabled": false}}}
	pool := object{"id": "p", "name": "kibana", "deletion_protection": "INACTIVE"}
	protected := object{"id": "p", "name": "kibana", "deletion_protection": "ACTIVE"}
	logs := func(enabled bool) object {
		return object{"domain_name": "m", "log_publishing_options": []any{object{"log_type": "ES_APPLICATION_LOGS", "enabled": enabled, "cloudwatch_log_group_arn": "arn:g:*"}}}
	}
	group := change("aws_cloudwatch_log_group.x", destroying, object{"name": "/g", "arn": "arn:g"}, nil)
	destroyed := func(resourceType string, values object) object {
		return change(resourceType+".x", destroying, values, nil)
	}
	still := func(of string) string {
		return "destroys " + of + ", with which the Elasticsearch domain m still signs people in by Cognito. Turn it off first (sign_in.cognito.enabled: false), and take it out in a second deployment"
	}
	for _, test := range []struct {
		name string
		plan object
		want string // "" for nothing
	}{
		{"SAML", planOf(destroyed("aws_elasticsearch_domain_saml_options", saml)),
			"destroys aws_elasticsearch_domain_saml_options.x: people still get in by SAML: AWS is not told that it is off. Say enabled: false first, take it out second"},
		{"SAML for another domain", planOf(change("aws_elasticsearch_domain_saml_options.x", recreating, saml, within(object{"saml_options": saml["saml_options"]}, "domain_name", "n"))),
			"replaces aws_elasticsearch_domain_saml_options.x: people still get in by SAML: AWS is not told that it is off. Say enabled: false first, take it out second"},
		{"SAML that was turned off", planOf(destroyed("aws_elasticsearch_domain_saml_options", samlOff)), ""},
		{"SAML with its domain", planOf(gone, destroyed("aws_elasticsearch_domain_saml_options", saml)), ""},
		{"SAML with another domain", planOf(domain(destroying, object{"domain_name": "n"}, nil), destroyed("aws_elasticsearch_domain_saml_options", saml)),
			"destroys aws_elasticsearch_domain_saml_options.x: people still get in by SAML: AWS is not told that it is off. Say enabled: false first, take it out second"},

		{"the user pool", planOf(signsIn, destroyed("aws_cognito_user_pool", pool)), still("aws_cognito_user_pool.x")},
		{"the page", planOf(signsIn, destroyed("aws_cognito_user_pool_domain", object{"user_pool_id": "p"})), still("aws_cognito_user_pool_domain.x")},
		{"the identity pool", planOf(signsIn, destroyed("aws_cognito_identity_pool", object{"id": "i"})), still("aws_cognito_identity_pool.x")},
		{"its roles", planOf(signsIn, destroyed("aws_cognito_identity_pool_roles_attachment", object{"identity_pool_id": "i"})), still("aws_cognito_identity_pool_roles_attachment.x")},
		{"the role", planOf(signsIn, destroyed("aws_iam_role", object{"arn": "arn:aws:iam::1:role/r", "name": "r"})), still("aws_iam_role.x")},
		{"the role's policy", planOf(signsIn, destroyed("aws_iam_role_policy", object{"role": "r"})), still("aws_iam_role_policy.x")},
		{"the role's attachment", planOf(signsIn, destroyed("aws_iam_role_policy_attachment", object{"role": "r", "policy_arn": "arn:p"})), still("aws_iam_role_policy_attachment.x")},
		{"another pool", planOf(signsIn, destroyed("aws_cognito_user_pool", object{"id": "q"})), ""},
		{"a role whose name ends alike", planOf(signsIn, destroyed("aws_iam_role_policy", object{"role": "ole/r"})), ""},
		{"both in one step", planOf(stops, destroyed("aws_cognito_identity_pool", object{"id": "i"})),
			"destroys aws_cognito_identity_pool.x before the Elasticsearch domain m stops to sign people in with it, which AWS then cannot. Turn it off first (sign_in.cognito.enabled: false), and take it out in a second deployment"},
		{"off, and no longer protected", planOf(stops, change("aws_cognito_user_pool.x", updating, protected, pool)), ""},
		{"removed after it was turned off", planOf(stopped, destroyed("aws_cognito_user_pool", pool)), ""},
		{"with its domain", planOf(gone, destroyed("aws_cognito_user_pool", pool)), ""},
		{"with the domain in whose place another comes", planOf(domain(recreating, cognito(true), cognito(false)), destroyed("aws_cognito_user_pool", pool)), ""},
		{"the protection of a pool that signs in", planOf(signsIn, change("aws_cognito_user_pool.x", updating, protected, pool)),
			"ends the deletion protection of aws_cognito_user_pool.x, with which the Elasticsearch domain m still signs people in by Cognito. Turn it off first (sign_in.cognito.enabled: false), and take it out in a second deployment"},
		{"another name of a pool that signs in", planOf(signsIn, change("aws_cognito_user_pool.x", updating, protected, within(object{"id": "p", "deletion_protection": "ACTIVE"}, "name", "n"))), ""},
		{"a protected pool", planOf(destroyed("aws_cognito_user_pool", protected)),
			"destroys aws_cognito_user_pool.x: AWS refuses while its deletion protection is on, and the deployment stops halfway: end that first"},

		{"the log group of a domain", planOf(domain([]any{same}, logs(true), logs(true)), group),
			"destroys the log group /g, to which the Elasticsearch domain m goes on to publish ES_APPLICATION_LOGS: turn that off first"},
		{"the log group of a type that is turned off", planOf(domain(updating, logs(true), logs(false)), group), ""},
		{"the log group of another domain", planOf(domain([]any{same}, object{"domain_name": "m"}, object{"domain_name": "m"}), group), ""},
		{"the log group with its domain", planOf(domain(destroying, logs(true), nil), group), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			asItIs := strings.NewReplacer()
			for _, of := range []*strings.Replacer{asItIs, twins} {
				r, err := Read("test", strings.NewReader(of.Replace(string(encode(t, test.plan)))))
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, refusal := range strict(t, "kept").Refuses(r) {
					got = append(got, refusal.Text.Plain())
				}
				if want := of.Replace(test.want); strings.Join(got, "; ") != want {
					t.Errorf("refuses %q, want %q; found %v", got, want, r.Findings)
				}
			}
		})
	}
	var cases []string
	for resourceType, kind := range kinds {
		if kind.stays.says != "" || kind.signsIn.by != "" {
			cases = append(cases, resourceType)
		}
	}
	if len(cases) != 9 { // each has its case above
		t.Errorf("%d types of which something stays: %v", len(cases), cases)
	}
}

// What the version brings must come after it; what the running one has may come with it.
func TestUpgradeFirst(t *testing.T) {
	domain := func(argument, version string, blocks object) object {
		d := domainWith(blocks)
		delete(d, "elasticsearch_version")
		d[argument] = version
		return d
	}
	cluster := func(key string, value any) object { return object{"cluster_config": object{key: value}} }
	const es = "elasticsearch_version"
	for _, test := range []struct {
		name          string
		before, after object
		want          string // behind "until all else is done: "; "" for nothing
	}{
		{"a family", domain(es, "6.8", nil), domain(es, "7.10", cluster("instance_type", "m6g.large.elasticsearch")), "m6g.large.elasticsearch needs 7.9. Upgrade first"},
		{"masters of a family", domain(es, "7.8", nil), domain(es, "7.10", cluster("dedicated_master_type", "c6g.large.elasticsearch")), "c6g.large.elasticsearch needs 7.9. Upgrade first"},
		{"a feature", domain(es, "7.8", nil), domain(es, "7.9", cluster("cold_storage_options", []any{object{"enabled": true}})), "cold storage needs 7.9. Upgrade first"},
		{"of the other resource", domain("engine_version", "Elasticsearch_7.8", nil), domain("engine_version", "OpenSearch_2.11", cluster("instance_type", "m6g.large.search")), "m6g.large.elasticsearch needs 7.9. Upgrade first"},
		{"what runs already", domain(es, "7.9", nil), domain(es, "7.10", cluster("instance_type", "m6g.large.elasticsearch")), ""},
		{"without an upgrade", domain(es, "7.8", nil), domain(es, "7.8", cluster("instance_type", "r5.large.elasticsearch")), ""},
		{"an older family", domain(es, "7.8", nil), domain(es, "7.10", cluster("instance_type", "r5.large.elasticsearch")), ""},
		{"OpenSearch", domain("engine_version", "OpenSearch_1.3", nil), domain("engine_version", "OpenSearch_2.11", cluster("instance_type", "m6g.large.search")), ""},
	} {
		r := read(t, planOf(change("aws_elasticsearch_domain.d", updating, test.before, test.after)))
		got := ""
		for _, f := range r.Findings {
			if f.Severity == Halfway {
				_, got, _ = strings.Cut(f.Text.Plain(), "until all else is done: ")
			}
		}
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

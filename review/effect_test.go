package review

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/review/plan"
)

// domainWith is a running domain, with the block's arguments replaced by those given.
func domainWith(blocks object) object {
	d := object{
		"domain_name":               "metrics",
		"elasticsearch_version":     "7.9",
		"cluster_config":            []any{object{"instance_type": "m5.large.elasticsearch", "instance_count": 3, "dedicated_master_enabled": true, "dedicated_master_count": 3, "dedicated_master_type": "m5.large.elasticsearch", "zone_awareness_enabled": true, "warm_enabled": true, "warm_count": 2, "warm_type": "ultrawarm1.medium.elasticsearch"}},
		"ebs_options":               []any{object{"ebs_enabled": true, "volume_size": 100, "volume_type": "gp3", "iops": 3000, "throughput": 125}},
		"vpc_options":               []any{object{"subnet_ids": []any{"subnet-a", "subnet-b"}, "security_group_ids": []any{"sg-a"}, "vpc_id": "vpc-a"}},
		"cognito_options":           []any{object{"enabled": false}},
		"advanced_options":          object{"rest.action.multi.allow_explicit_index": "true"},
		"encrypt_at_rest":           []any{object{"enabled": false}},
		"node_to_node_encryption":   []any{object{"enabled": false}},
		"domain_endpoint_options":   []any{object{"enforce_https": true, "tls_security_policy": "Policy-Min-TLS-1-0-2019-07"}},
		"log_publishing_options":    []any{object{"log_type": "ES_APPLICATION_LOGS", "enabled": true, "cloudwatch_log_group_arn": "a"}},
		"auto_tune_options":         []any{object{"desired_state": "ENABLED", "rollback_on_disable": "NO_ROLLBACK"}},
		"snapshot_options":          []any{object{"automated_snapshot_start_hour": 0}},
		"advanced_security_options": []any{object{"enabled": true, "internal_user_database_enabled": false}},
		"tags":                      object{"team": "ml"},
		"timeouts":                  object{"update": "1h"},
	}
	for block, arguments := range blocks {
		arguments, isBlock := arguments.(object)
		old, isList := d[block].([]any)
		switch {
		case isBlock && isList:
			for name, value := range arguments {
				old[0].(object)[name] = value
			}
		default:
			d[block] = blocks[block]
		}
	}
	return d
}

// What AWS's page says of each change, and what the provider replaces for.
func TestEffects(t *testing.T) {
	masterless := object{"dedicated_master_enabled": false}
	var said strings.Builder
	tripped := map[string]bool{}
	for _, test := range []struct {
		name          string
		before, after object
		path          string
		want          effect
	}{
		{"instance type", nil, object{"cluster_config": object{"instance_type": "r5.large.elasticsearch"}}, "cluster_config.instance_type", blueGreen},
		{"data nodes with masters", nil, object{"cluster_config": object{"instance_count": 6}}, "cluster_config.instance_count", inPlace},
		{"data nodes without masters", object{"cluster_config": masterless}, object{"cluster_config": object{"dedicated_master_enabled": false, "instance_count": 6}}, "cluster_config.instance_count", blueGreen},
		{"masters on", object{"cluster_config": masterless}, nil, "cluster_config.dedicated_master_enabled", blueGreen},
		{"masters off", nil, object{"cluster_config": masterless}, "cluster_config.dedicated_master_enabled", blueGreen},
		{"master count", nil, object{"cluster_config": object{"dedicated_master_count": 5}}, "cluster_config.dedicated_master_count", inPlace},
		{"two masters in zones", object{"cluster_config": object{"dedicated_master_count": 2}}, nil, "cluster_config.dedicated_master_count", blueGreen},
		{"master type", nil, object{"cluster_config": object{"dedicated_master_type": "c5.large.elasticsearch"}}, "cluster_config.dedicated_master_type", inPlace},
		{"zones", nil, object{"cluster_config": object{"zone_awareness_enabled": false}}, "cluster_config.zone_awareness_enabled", blueGreen},
		{"warm count", nil, object{"cluster_config": object{"warm_count": 3}}, "cluster_config.warm_count", inPlace},
		{"warm off", nil, object{"cluster_config": object{"warm_enabled": false}}, "cluster_config.warm_enabled", blueGreen},
		{"cold on", nil, object{"cluster_config": object{"cold_storage_options": []any{object{"enabled": true}}}}, "cluster_config.cold_storage_options.enabled", blueGreen},
		{"larger volume", nil, object{"ebs_options": object{"volume_size": 200}}, "ebs_options.volume_size", inPlace},
		{"3 TiB", nil, object{"ebs_options": object{"volume_size": 3072}}, "ebs_options.volume_size", inPlace},
		{"more than 3 TiB", nil, object{"ebs_options": object{"volume_size": 3073}}, "ebs_options.volume_size", blueGreen},
		{"smaller volume", nil, object{"ebs_options": object{"volume_size": 99}}, "ebs_options.volume_size", blueGreen},
		{"volume type", nil, object{"ebs_options": object{"volume_type": "gp2"}}, "ebs_options.volume_type", blueGreen},
		{"throughput", nil, object{"ebs_options": object{"throughput": 250}}, "ebs_options.throughput", inPlace},
		{"subnets", nil, object{"vpc_options": object{"subnet_ids": []any{"subnet-a", "subnet-c"}}}, "vpc_options.subnet_ids", blueGreen},
		{"security groups", nil, object{"vpc_options": object{"security_group_ids": []any{"sg-b"}}}, "vpc_options.security_group_ids", blueGreen},
		{"cognito", nil, object{"cognito_options": object{"enabled": true}}, "cognito_options.enabled", blueGreen},
		{"advanced options", nil, object{"advanced_options": object{"rest.action.multi.allow_explicit_index": "false"}}, `advanced_options["rest.action.multi.allow_explicit_index"]`, blueGreen},
		{"upgrade", nil, object{"elasticsearch_version": "7.10"}, "elasticsearch_version", blueGreen},
		{"encryption on", nil, object{"encrypt_at_rest": object{"enabled": true}}, "encrypt_at_rest.enabled", blueGreen},
		{"node-to-node on", nil, object{"node_to_node_encryption": object{"enabled": true}}, "node_to_node_encryption.enabled", blueGreen},
		{"master user", nil, object{"advanced_security_options": object{"internal_user_database_enabled": true}}, "advanced_security_options.internal_user_database_enabled", unlisted},
		{"TLS policy", nil, object{"domain_endpoint_options": object{"tls_security_policy": "Policy-Min-TLS-1-2-2019-07"}}, "domain_endpoint_options.tls_security_policy", inPlace},
		{"HTTP allowed", nil, object{"domain_endpoint_options": object{"enforce_https": false}}, "domain_endpoint_options.enforce_https", inPlace},
		{"audit logs on", nil, object{"log_publishing_options": []any{object{"log_type": "ES_APPLICATION_LOGS", "enabled": true, "cloudwatch_log_group_arn": "a"}, object{"log_type": "AUDIT_LOGS", "enabled": true}}}, "log_publishing_options[AUDIT_LOGS].enabled", blueGreen},
		{"audit logs instead", nil, object{"log_publishing_options": []any{object{"log_type": "AUDIT_LOGS", "enabled": true}}}, "log_publishing_options[AUDIT_LOGS].enabled", blueGreen},
		{"audit logs off", object{"log_publishing_options": []any{object{"log_type": "AUDIT_LOGS", "enabled": true}}}, object{"log_publishing_options": []any{object{"log_type": "AUDIT_LOGS", "enabled": false}}}, "log_publishing_options[AUDIT_LOGS].enabled", inPlace},
		{"slow logs on", nil, object{"log_publishing_options": []any{object{"log_type": "ES_APPLICATION_LOGS", "enabled": true, "cloudwatch_log_group_arn": "a"}, object{"log_type": "INDEX_SLOW_LOGS", "enabled": true}}}, "log_publishing_options[INDEX_SLOW_LOGS].enabled", inPlace},
		{"Auto-Tune off", nil, object{"auto_tune_options": object{"desired_state": "DISABLED"}}, "auto_tune_options.desired_state", inPlace},
		{"Auto-Tune off with rollback", nil, object{"auto_tune_options": object{"desired_state": "DISABLED", "rollback_on_disable": "DEFAULT_ROLLBACK"}}, "auto_tune_options.desired_state", blueGreen},
		{"snapshot hour", nil, object{"snapshot_options": object{"automated_snapshot_start_hour": 3}}, "snapshot_options.automated_snapshot_start_hour", inPlace},
		{"tags", nil, object{"tags": object{"team": "data"}}, "tags.team", inPlace},
		{"timeouts", nil, object{"timeouts": object{"update": "6h"}}, "timeouts.update", nothing},
		{"EBS off", nil, object{"ebs_options": object{"ebs_enabled": false}}, "ebs_options.ebs_enabled", blueGreen},
		{"masters come, their count", object{"cluster_config": object{"dedicated_master_enabled": false, "dedicated_master_count": 0}}, nil, "cluster_config.dedicated_master_count", blueGreen},
		{"masters come, their type", object{"cluster_config": object{"dedicated_master_enabled": false, "dedicated_master_type": ""}}, nil, "cluster_config.dedicated_master_type", blueGreen},
		{"zones' count", object{"cluster_config": object{"zone_awareness_config": []any{object{"availability_zone_count": 2}}}}, object{"cluster_config": object{"zone_awareness_config": []any{object{"availability_zone_count": 3}}}},
			"cluster_config.zone_awareness_config.availability_zone_count", blueGreen},
		{"warm type", object{"cluster_config": object{"warm_type": "ultrawarm1.medium.elasticsearch"}}, object{"cluster_config": object{"warm_type": "ultrawarm1.large.elasticsearch"}}, "cluster_config.warm_type", blueGreen},
		{"warm count without masters", object{"cluster_config": object{"dedicated_master_enabled": false, "warm_count": 2}}, object{"cluster_config": object{"dedicated_master_enabled": false, "warm_count": 3}}, "cluster_config.warm_count", blueGreen},
		{"OpenSearch upgrade", object{"engine_version": "OpenSearch_1.3"}, object{"engine_version": "OpenSearch_2.11"}, "engine_version", blueGreen},
		{"fine-grained access control on", object{"advanced_security_options": object{"enabled": false}}, nil, "advanced_security_options.enabled", blueGreen},
		{"access policy", object{"access_policies": "{}"}, object{"access_policies": "{ }"}, "access_policies", inPlace},
		{"masters come, and a tag", object{"cluster_config": masterless}, object{"tags": object{"team": "data"}}, "tags.team", inPlace},
		{"more IOPS", nil, object{"ebs_options": object{"iops": 16000}}, "ebs_options.iops", inPlace},
		{"Auto-Tune off with rollback, and a tag", nil, object{"auto_tune_options": object{"desired_state": "DISABLED", "rollback_on_disable": "DEFAULT_ROLLBACK"}, "tags": object{"team": "data"}}, "tags.team", inPlace},
		{"a custom endpoint off", object{"domain_endpoint_options": object{"custom_endpoint_enabled": true}}, object{"domain_endpoint_options": object{"custom_endpoint_enabled": false}}, "domain_endpoint_options.custom_endpoint_enabled", inPlace},
		{"what is new to us, off", object{"off_peak_window_options": []any{object{"enabled": true}}}, object{"off_peak_window_options": []any{object{"enabled": false}}}, "off_peak_window_options.enabled", unlisted},
		{"an option that AWS has anyway", object{"advanced_options": object{}}, object{"advanced_options": object{"rest.action.multi.allow_explicit_index": "true"}}, `advanced_options["rest.action.multi.allow_explicit_index"]`, nothing},
		{"another option that AWS has anyway", object{"advanced_options": object{}}, object{"advanced_options": object{"override_main_response_version": "false"}}, "advanced_options.override_main_response_version", nothing},
		{"an option that AWS has otherwise", object{"advanced_options": object{}}, object{"advanced_options": object{"rest.action.multi.allow_explicit_index": "false"}}, `advanced_options["rest.action.multi.allow_explicit_index"]`, blueGreen},
		{"what is new to us", nil, object{"off_peak_window_options": []any{object{"enabled": true}}}, "off_peak_window_options.enabled", unlisted},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, got := range costsOf(t, domainWith(test.before), domainWith(test.after), nil) {
				if got.Path == test.path {
					before, after := valuesOf(t, domainWith(test.before)), valuesOf(t, domainWith(test.after))
					tripped[consequences[consequenceOf(got.Argument, before, after)].id] = true
					fmt.Fprintf(&said, "%s: %s, %s\n", test.name, effectNames[got.effect], got.why)
					if got.effect != test.want {
						t.Errorf("%s: %s (%s), want %s", got.Path, effectNames[got.effect], got.why, effectNames[test.want])
					}
					return
				}
			}
			t.Errorf("no change of %s", test.path)
		})
	}
	for _, c := range consequences {
		if c.id == "" || !tripped[c.id] {
			t.Errorf("no case trips %q, or it is there twice", c.id)
		}
		delete(tripped, c.id)
	}
	snapshot.Compare(t, "testdata/effects.txt", said.String())
}

// valuesOf is an object as a value of a plan.
func valuesOf(t testing.TB, values object) plan.Value {
	t.Helper()
	p, err := plan.Read(bytes.NewReader(encode(t, planOf(change("a.b", updating, values, nil)))), watched)
	if err != nil {
		t.Fatal(err)
	}
	return p.Changes[0].Before
}

// costsOf is what the changes of a domain cost that is changed in place.
func costsOf(t testing.TB, before, after object, unknown any) []costed {
	t.Helper()
	c := change("aws_elasticsearch_domain.d", updating, before, after)
	within(c["change"].(object), "after_unknown", unknown)
	p, err := plan.Read(bytes.NewReader(encode(t, planOf(c))), watched)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := costs(p.Changes[0])
	return all
}

// A value that is known only after apply can do the worst that any value can.
func TestUnknownValueCostsTheWorst(t *testing.T) {
	for argument, want := range map[string]effect{"instance_count": blueGreen, "dedicated_master_count": blueGreen} {
		after := domainWith(nil)
		delete(after["cluster_config"].([]any)[0].(object), argument)
		got := costsOf(t, domainWith(nil), after, object{"cluster_config": []any{object{argument: true}}})
		if len(got) != 1 || !strings.HasSuffix(got[0].Text().Plain(), "→ known after apply") || got[0].effect != want {
			t.Errorf("%s: %v, want %s", argument, got, effectNames[want])
		}
	}
}

// Why a domain is replaced for each argument that the provider cannot change, by the row that says so.
func TestReplacements(t *testing.T) {
	tripped := map[string]bool{}
	off := func(block string) object { return object{block: object{"enabled": false}} }
	on := func(block string) object { return object{block: object{"enabled": true}} }
	for _, test := range []struct {
		argument      string
		before, after object
		why           string
	}{
		{"domain_name", nil, object{"domain_name": "other"}, "a domain cannot be renamed"},
		{"advanced_security_options.enabled", nil, off("advanced_security_options"), "fine-grained access control cannot be turned off"},
		{"advanced_security_options.enabled", off("advanced_security_options"), nil, "the provider turns fine-grained access control on only in a new domain"},
		{"encrypt_at_rest.kms_key_id", object{"encrypt_at_rest": object{"kms_key_id": "a"}}, object{"encrypt_at_rest": object{"kms_key_id": "b"}}, "the key of a domain cannot be changed"},
		{"encrypt_at_rest.enabled", on("encrypt_at_rest"), nil, "encryption at rest cannot be turned off"},
		{"encrypt_at_rest.enabled", nil, on("encrypt_at_rest"), "before Elasticsearch 6.7 encryption at rest cannot be turned on later"},
		{"node_to_node_encryption.enabled", on("node_to_node_encryption"), nil, "node-to-node encryption cannot be turned off"},
		{"node_to_node_encryption.enabled", nil, on("node_to_node_encryption"), "before Elasticsearch 6.7 node-to-node encryption cannot be turned on later"},
		{"vpc_options.subnet_ids", nil, object{"vpc_options": object{"subnet_ids": []any{"subnet-c"}}}, "a domain cannot be moved into a VPC or out of one"},
		{"elasticsearch_version", nil, object{"elasticsearch_version": "7.8"}, "the running version cannot be upgraded to this one"},
		{"engine_version", object{"engine_version": "OpenSearch_2.11"}, object{"engine_version": "OpenSearch_1.3"}, "the running version cannot be upgraded to this one"},
		{"tags.team", nil, object{"tags": object{"team": "data"}}, "the provider cannot change it in a domain that runs"},
		{"off_peak_window_options.enabled", object{"off_peak_window_options": []any{object{"enabled": true}}}, object{"off_peak_window_options": []any{object{"enabled": false}}}, "the provider cannot change it in a domain that runs"},
	} {
		top, _, _ := strings.Cut(test.argument, ".")
		c := change("aws_elasticsearch_domain.d", recreating, domainWith(test.before), domainWith(test.after))
		within(c["change"].(object), "replace_paths", []any{[]any{top}})
		p, err := plan.Read(bytes.NewReader(encode(t, planOf(c))), watched)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := costs(p.Changes[0])
		i := slices.IndexFunc(all, func(c costed) bool { return c.Path == test.argument })
		if i < 0 || all[i].why != test.why || all[i].effect != replaced {
			t.Errorf("%s: %v, want %q", test.argument, all, test.why)
			continue
		}
		tripped[replacements[replacementOf(all[i].Argument)].id] = true
	}
	for _, c := range replacements {
		if c.id == "" || !tripped[c.id] {
			t.Errorf("no case trips %q, or it is there twice", c.id)
		}
		delete(tripped, c.id)
	}
}

// The reason of each replacement that Terraform plans, in the recorded plans.
func TestReplacementsHaveTheirReason(t *testing.T) {
	for plan, want := range map[string]string{
		"replace-domain-name":    "| `domain_name` | `ai-metrics-prod` | `ai-metrics-production` | **replaces the domain** | a domain cannot be renamed |",
		"replace-fine-grained":   "| `advanced_security_options.enabled` | `false` | `true` | **replaces the domain** | the provider turns fine-grained access control on only in a new domain |",
		"replace-kms-key":        "**replaces the domain** | the key of a domain cannot be changed |",
		"replace-vpc":            "| `vpc_options.subnet_ids` | none | `subnet-0a1b2c3d`, `subnet-1a1b2c3d` and `subnet-2a1b2c3d` | **replaces the domain** | a domain cannot be moved into a VPC or out of one |",
		"replace-encryption-off": "| `node_to_node_encryption.enabled` | `true` | `false` | **replaces the domain** | node-to-node encryption cannot be turned off |",
		"replace-version":        "| `elasticsearch_version` | `7.10` | `7.9` | **replaces the domain** | the running version cannot be upgraded to this one |",
	} {
		if got := markdown(Gate{}, MarkdownLimit, recorded(t, plan)); !bytes.Contains([]byte(got), []byte(want)) {
			t.Errorf("%s: no %q in\n%s", plan, want, got)
		}
	}
}

// What AWS alone decides costs nothing, however unknown it is.
func TestComputed(t *testing.T) {
	for _, path := range []string{"arn", "id", "domain_id", "endpoint", "kibana_endpoint", "dashboard_endpoint"} {
		if got := costsOf(t, domainWith(object{path: "a"}), domainWith(nil), object{path: true}); got != nil {
			t.Errorf("%s costs %v", path, got)
		}
	}
	for _, key := range []string{"vpc_id", "availability_zones"} {
		after := domainWith(nil)
		delete(after["vpc_options"].([]any)[0].(object), key)
		if got := costsOf(t, domainWith(object{"vpc_options": object{key: "a"}}), after, object{"vpc_options": []any{object{key: true}}}); got != nil {
			t.Errorf("vpc_options.%s costs %v", key, got)
		}
	}
}

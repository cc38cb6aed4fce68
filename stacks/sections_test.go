package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// What a section promises in every environment, beyond what its snapshot shows.

// Whoever uses this as a library gets what is made, and nil for what is not.
func TestMetricsHasWhatIsMade(t *testing.T) {
	environment := smallest(spec.Backend{})
	bare, err := stacks.NewMetrics(cdktf.Testing_App(nil), "bare", environment)
	if err != nil {
		t.Fatal(err)
	}
	if bare.SecurityGroup != nil || bare.Key != nil || bare.UserPool != nil || len(bare.LogGroups) != 0 {
		t.Errorf("the smallest environment has %v, %v, %v, %v", bare.SecurityGroup, bare.Key, bare.UserPool, bare.LogGroups)
	}

	environment.Domain.ClusterConfig.InstanceType = "m6g.large.elasticsearch"
	environment.Network = &spec.Network{SubnetIDs: []string{"subnet-0a"}, Ingress: spec.Ingress{CIDRBlocks: []string{"10.0.0.0/16"}}}
	environment.Encryption = &spec.Encryption{CustomerManagedKey: true}
	environment.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolDomain: "model-metrics"}}
	environment.Logs = &spec.Logs{LogTypes: []string{"ES_APPLICATION_LOGS"}}
	full, err := stacks.NewMetrics(cdktf.Testing_App(nil), "full", environment)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{
		"security group": *full.SecurityGroup.Id(),
		"key":            *full.Key.Arn(),
		"user pool":      *full.UserPool.Id(),
		"log group":      *full.LogGroups["ES_APPLICATION_LOGS"].Arn(),
	}
	for output, value := range got {
		cdktf.NewTerraformOutput(full.Stack, jsii.String(strings.ReplaceAll(output, " ", "_")), &cdktf.TerraformOutputConfig{Value: &value})
	}
	synthesized := synth(t, full.Stack)
	for output, want := range map[string]string{
		"security_group": "${aws_security_group.domain_security_group.id}",
		"key":            "${aws_kms_key.domain_key.arn}",
		"user_pool":      "${aws_cognito_user_pool.kibana_users.id}",
		"log_group":      "${aws_cloudwatch_log_group.es_application_logs.arn}",
	} {
		if value := at(synthesized, "output", output, "value"); value != want {
			t.Errorf("%s is %v, want %s", output, value, want)
		}
	}
}

// An alarm with one dimension never has data, and one without actions tells nobody.
func TestAlarmsCanGoOff(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		dimensions := map[string]any{"ClientId": "${data.aws_caller_identity.caller.account_id}",
			"DomainName": stack.environment.Domain.DomainName}
		alarms := stack.Resource["aws_cloudwatch_metric_alarm"]
		if want := len(stack.environment.DomainAlarms()); len(alarms) != want {
			t.Errorf("%d alarms, want %d", len(alarms), want)
		}
		for name, alarm := range alarms {
			for _, actions := range []string{"alarm_actions", "ok_actions"} {
				if told, _ := alarm[actions].([]any); len(told) != 1 {
					t.Errorf("%s: %s = %v, want one", name, actions, alarm[actions])
				}
			}
			metrics := []any{alarm}
			if queries, isMath := alarm["metric_query"].([]any); isMath {
				metrics = nil
				for _, query := range queries {
					if metric := at(query, "metric"); metric != nil {
						metrics = append(metrics, metric)
					}
				}
			}
			for _, metric := range metrics {
				if at(metric, "namespace") != "AWS/ES" {
					t.Errorf("%s: namespace = %v, want AWS/ES", name, at(metric, "namespace"))
				}
				if diff := cmp.Diff(dimensions, at(metric, "dimensions")); diff != "" {
					t.Errorf("%s: dimensions (-want +got):\n%s", name, diff)
				}
			}
		}
	})
}

// CloudWatch takes pictures that overlap, and shows one of them.
func TestDashboard(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for _, dashboard := range stack.Resource["aws_cloudwatch_dashboard"] {
			if want := "${jsonencode(local.dashboard_body)}"; dashboard["dashboard_body"] != want {
				t.Fatalf("dashboard_body = %v, want %s", dashboard["dashboard_body"], want)
			}
			pictures := stack.Locals.DashboardBody.Widgets
			if want := len(stack.environment.DomainAlarms()); len(pictures) != want {
				t.Errorf("%d pictures, want %d, one for each alarm", len(pictures), want)
			}
			for i, picture := range pictures {
				if picture.X+picture.Width > 24 {
					t.Errorf("picture %d ends at %d, beyond the 24 columns of a dashboard", i, picture.X+picture.Width)
				}
				for j, other := range pictures[:i] {
					if picture.X < other.X+other.Width && other.X < picture.X+picture.Width && picture.Y < other.Y+other.Height &&
						other.Y < picture.Y+picture.Height {
						t.Errorf("pictures %d and %d overlap", j, i)
					}
				}
			}
		}
	})
}

// A domain that outlives its Cognito pools or its role is stuck: AWS can no longer take it out of them.
func TestCognitoOutlivesTheDomain(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		before, _ := stack.Resource["aws_elasticsearch_domain"]["domain"]["depends_on"].([]any)
		for _, kind := range []string{"aws_cognito_user_pool_domain", "aws_cognito_identity_pool_roles_attachment", "aws_iam_role_policy"} {
			for name := range stack.Resource[kind] {
				if address := kind + "." + name; !slices.Contains(before, any(address)) {
					t.Errorf("the domain depends on %v, want %s among them", before, address)
				}
			}
		}
	})
}

// A password may be a reference, never itself: the synthesized JSON is committed, shown and kept.
func TestNoPasswords(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		password := at(stack.Resource["aws_elasticsearch_domain"]["domain"], "advanced_security_options", "master_user_options",
			"master_user_password")
		if text, said := password.(string); said && !strings.HasPrefix(text, "${") {
			t.Error("the master user's password stands in the synthesized JSON")
		}
		for name, version := range stack.Resource["aws_secretsmanager_secret_version"] {
			if text := version["secret_string"].(string); !strings.Contains(text, "uuid()") {
				t.Errorf("%s holds a secret that is known here", name)
			}
		}
	})
}

// What holds data, or the key to it, stays unless the file says otherwise.
func TestWhatHoldsDataIsKept(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for _, address := range []string{"aws_elasticsearch_domain.domain", "aws_kms_key.domain_key",
			"aws_cognito_user_pool.kibana_users"} {
			kind, name, _ := strings.Cut(address, ".")
			resource, there := stack.Resource[kind][name]
			if want := *stack.environment.Domain.Lifecycle.PreventDestroy; there && at(resource, "lifecycle", "prevent_destroy") != want {
				t.Errorf("%s: prevent_destroy = %v, want %v", address, at(resource, "lifecycle", "prevent_destroy"), want)
			}
		}
	})
}

// Neither a door of the network nor one of a topic is open to all.
func TestNothingIsOpenByDefault(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for name, group := range stack.Resource["aws_security_group"] {
			if group["ingress"] != nil || group["egress"] != nil {
				t.Errorf("%s has rules of its own, want them as resources", name)
			}
		}
		for name, rule := range stack.Resource["aws_vpc_security_group_ingress_rule"] {
			if rule["from_port"] != 443.0 || rule["to_port"] != 443.0 || rule["ip_protocol"] != "tcp" {
				t.Errorf("%s lets in more than HTTPS: %v", name, rule)
			}
		}
		for name, document := range stack.Data["aws_iam_policy_document"] {
			for i, item := range document["statement"].([]any) {
				services, _ := at(item, "principals").([]any)
				for _, principals := range services {
					if at(principals, "type") == "Service" && at(item, "effect") == "Allow" && at(item, "condition") == nil {
						t.Errorf("%s: statement %d lets a service in for anybody's sake", name, i)
					}
				}
			}
		}
	})
}

package stacks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// TestWhatIsTurnedOff: what people reported to stay on, from spec/testdata/cases, says off. That it is off then, test/deploy tries.
func TestWhatIsTurnedOff(t *testing.T) {
	app := cdktf.Testing_App(nil)
	synthesized := func(t *testing.T, name, old, replacement string) map[string]any {
		t.Helper()
		path := filepath.Join("..", "spec", "testdata", "cases", name+".yaml")
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		environment, _, err := spec.Parse(path, []byte(strings.Replace(string(content), old, replacement, 1)), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		metrics, err := stacks.NewMetrics(app, strings.ReplaceAll(t.Name(), "/", "-"), environment)
		if err != nil {
			t.Fatal(err)
		}
		return synth(t, metrics.Stack)
	}
	hold := func(t *testing.T, want any, stack map[string]any, path ...string) {
		t.Helper()
		if diff := cmp.Diff(want, at(stack, path...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", strings.Join(path, "."), diff)
		}
	}

	t.Run("one type of log", func(t *testing.T) {
		stack := synthesized(t, "logs-one-removed", "", "")
		published := map[string]any{"log_type": "INDEX_SLOW_LOGS", "enabled": true,
			"cloudwatch_log_group_arn": "${aws_cloudwatch_log_group.index_slow_logs.arn}"}
		hold(t, []any{published, off("SEARCH_SLOW_LOGS"), off("ES_APPLICATION_LOGS")}, stack, "resource", "aws_elasticsearch_domain", "domain",
			"log_publishing_options")
		for _, resource := range [][2]string{{"aws_cloudwatch_log_group", "index_slow_logs"}, {"aws_cloudwatch_log_resource_policy", "logs"}} {
			hold(t, true, stack, "resource", resource[0], resource[1], "lifecycle", "create_before_destroy")
		}
	})

	pools := [][2]string{{"aws_cognito_user_pool", "kibana_users"}, {"aws_cognito_user_pool_domain", "kibana_sign_in"},
		{"aws_cognito_identity_pool", "kibana_identities"}, {"aws_cognito_identity_pool_roles_attachment", "kibana_roles"},
		{"aws_iam_role", "kibana_signed_in"}, {"aws_iam_role", "cognito"}, {"aws_iam_role_policy", "cognito_pools"}}
	const section, prevented = "  cognito:\n", "  lifecycle: {prevent_destroy: false}\n"

	t.Run("cognito, on", func(t *testing.T) {
		stack := synthesized(t, "cognito-on", prevented, "")
		for _, resource := range pools {
			hold(t, true, stack, "resource", resource[0], resource[1], "lifecycle", "create_before_destroy")
		}
		hold(t, "ACTIVE", stack, "resource", "aws_cognito_user_pool", "kibana_users", "deletion_protection")
		hold(t, true, stack, "resource", "aws_cognito_user_pool", "kibana_users", "lifecycle", "prevent_destroy")
	})

	t.Run("cognito, off", func(t *testing.T) {
		stack := synthesized(t, "cognito-on", section, section+"    enabled: false\n")
		role := at(stack, "resource", "aws_elasticsearch_domain", "domain", "domain_name").(string) + "-eu-west-1-kibana"
		hold(t, role, stack, "resource", "aws_iam_role", "kibana_signed_in", "name") // it stays until the section goes
		hold(t, map[string]any{"enabled": false, "user_pool_id": "", "identity_pool_id": "", "role_arn": ""}, stack,
			"resource", "aws_elasticsearch_domain", "domain", "cognito_options")
		hold(t, nil, stack, "resource", "aws_elasticsearch_domain", "domain", "depends_on")
		for _, resource := range pools {
			if at(stack, "resource", resource[0], resource[1]) == nil {
				t.Errorf("%s.%s is gone before the section is", resource[0], resource[1])
			}
			hold(t, false, stack, "resource", resource[0], resource[1], "lifecycle", "create_before_destroy")
		}
		hold(t, "INACTIVE", stack, "resource", "aws_cognito_user_pool", "kibana_users", "deletion_protection")
		hold(t, false, stack, "resource", "aws_cognito_user_pool", "kibana_users", "lifecycle", "prevent_destroy")
		for _, statement := range at(stack, "data", "aws_iam_policy_document", "access_document", "statement").([]any) {
			for _, principals := range statement.(map[string]any)["principals"].([]any) {
				for _, identifier := range principals.(map[string]any)["identifiers"].([]any) {
					if strings.Contains(identifier.(string), "-kibana") {
						t.Errorf("those who signed in get in all the same, as %s", identifier)
					}
				}
			}
		}
	})

	t.Run("saml, off", func(t *testing.T) {
		stack := synthesized(t, "saml-on", "  saml:\n", "  saml:\n    enabled: false\n")
		hold(t, map[string]any{"enabled": false}, stack, "resource", "aws_elasticsearch_domain_saml_options", "saml", "saml_options")
		hold(t, nil, stack, "output", "saml_entity_id")
	})
}

// TestAKeyThatLeavesReplacesTheDomain: the domain is replaced, which prevent_destroy refuses, with what names its key.
func TestAKeyThatLeavesReplacesTheDomain(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	app := cdktf.Testing_App(nil)
	for name, test := range map[string]struct {
		give func(*spec.Environment)
		want string
	}{
		"none": {func(*spec.Environment) {}, "aws/es"},
		"made": {func(e *spec.Environment) { e.Encryption = &spec.Encryption{CustomerManagedKey: true} }, "alias/metrics"},
		"by ARN": {func(e *spec.Environment) {
			e.Encryption = &spec.Encryption{KMSKeyID: "arn:aws:kms:eu-central-1:111122223333:key/" + id}
		}, id},
		"by id": {func(e *spec.Environment) { e.Domain.EncryptAtRest.KMSKeyID = id }, id},
	} {
		t.Run(name, func(t *testing.T) {
			environment := smallest(spec.Backend{})
			test.give(&environment)
			environment.Domain.ClusterConfig.InstanceType = "m6g.large.elasticsearch"
			metrics, err := stacks.NewMetrics(app, "key-"+strings.ReplaceAll(name, " ", "-"), environment)
			if err != nil {
				t.Fatal(err)
			}
			stack := synth(t, metrics.Stack)
			if got := at(stack, "resource", "terraform_data", "encryption_key", "triggers_replace", "key"); got != test.want {
				t.Errorf("want %s, got %v", test.want, got)
			}
			lifecycle := at(stack, "resource", "aws_elasticsearch_domain", "domain", "lifecycle")
			if diff := cmp.Diff(any(kept), lifecycle); diff != "" {
				t.Errorf("lifecycle (-want +got):\n%s", diff)
			}
		})
	}
}

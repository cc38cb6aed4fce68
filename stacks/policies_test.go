package stacks_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

const here = "111122223333" // the account of every stack

// policy is an IAM policy, as AWS gets it.
type policy struct {
	Version   string
	Statement []policyStatement
}

type policyStatement struct {
	Effect      string
	Principal   map[string][]string            `json:",omitempty"`
	Action      []string                       `json:",omitempty"`
	Resource    []string                       `json:",omitempty"`
	NotResource []string                       `json:",omitempty"`
	Condition   map[string]map[string][]string `json:",omitempty"`
}

// policiesOf renders a stack's aws_iam_policy_document data sources as the provider does, by what they are for: access,
// writers, readers. An argument that it does not know fails the test.
// https://registry.terraform.io/providers/hashicorp/aws/5.99.1/docs/data-sources/iam_policy_document
func policiesOf(t *testing.T, stack cdktf.TerraformStack) map[string]policy {
	t.Helper()
	return policiesIn(t, synth(t, stack))
}

// policiesIn is the same of what a stack became.
func policiesIn(t *testing.T, synthesized map[string]any) map[string]policy {
	t.Helper()
	documents, err := json.Marshal(at(synthesized, "data", "aws_iam_policy_document"))
	if err != nil {
		t.Fatal(err)
	}
	if arn, found := at(synthesized, "locals", "domain_arn").(string); found {
		documents = bytes.ReplaceAll(documents, []byte("${local.domain_arn}"), []byte(arn))
	}
	var parsed map[string]struct {
		Statement []struct {
			Effect       string
			Actions      []string
			Resources    []string
			NotResources []string `json:"not_resources"`
			Principals   []struct {
				Type        string
				Identifiers []string
			}
			Condition []struct {
				Test, Variable string
				Values         []string
			}
		}
	}
	decoder := json.NewDecoder(strings.NewReader(resolve(string(documents))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&parsed); err != nil {
		t.Fatal(err)
	}
	policies := map[string]policy{}
	for name, document := range parsed {
		rendered := policy{Version: "2012-10-17"}
		for _, from := range document.Statement {
			to := policyStatement{
				Effect: from.Effect, Action: from.Actions, Resource: from.Resources, NotResource: from.NotResources,
				Principal: map[string][]string{}, Condition: map[string]map[string][]string{},
			}
			for _, principals := range from.Principals {
				to.Principal[principals.Type] = append(to.Principal[principals.Type], principals.Identifiers...)
			}
			for _, condition := range from.Condition {
				if to.Condition[condition.Test] == nil {
					to.Condition[condition.Test] = map[string][]string{}
				}
				values := to.Condition[condition.Test]
				values[condition.Variable] = append(values[condition.Variable], condition.Values...)
			}
			rendered.Statement = append(rendered.Statement, to)
		}
		policies[strings.TrimSuffix(name, "_document")] = rendered
	}
	return policies
}

// resolve puts in what Terraform would know.
func resolve(text string) string {
	return strings.NewReplacer(
		"${data.aws_partition.partition.partition}", "aws",
		"${data.aws_partition.partition.dns_suffix}", "amazonaws.com",
		"${data.aws_region.region.name}", "us-east-1",
		"${data.aws_caller_identity.caller.account_id}", here,
	).Replace(text)
}

// A policy that is somebody else's is neither made nor, where the stack made it, taken away; nothing waits for it.
func TestPolicyThatIsLeftAsItIs(t *testing.T) {
	environment, off := smallest(spec.Backend{}), false
	environment.Domain.ClusterConfig.InstanceType = "m6g.large.elasticsearch"
	environment.Access.LeavePolicyAsItIs = true
	environment.SignIn = &spec.SignIn{SAML: &spec.SAML{EntityID: "https://idp.example.com", Enabled: &off},
		FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserARN: "arn:aws:iam::" + here + ":role/administrator"}}
	metrics, err := stacks.NewMetrics(cdktf.Testing_App(nil), "left", environment)
	if err != nil {
		t.Fatal(err)
	}
	stack := synth(t, metrics.Stack)
	if policy := at(stack, "resource", "aws_elasticsearch_domain_policy"); policy != nil {
		t.Errorf("it makes %v", policy)
	}
	want := []any{map[string]any{"from": "aws_elasticsearch_domain_policy.access", "lifecycle": map[string]any{"destroy": false}}}
	if diff := cmp.Diff(want, stack["removed"]); diff != "" {
		t.Errorf("what Terraform forgets (-want +got):\n%s", diff)
	}
	documents, _ := at(stack, "data", "aws_iam_policy_document").(map[string]any)
	if _, has := documents["access_document"]; has || len(documents) != 2 {
		t.Errorf("the policies are %v, want those of writers and readers", slices.Sorted(maps.Keys(documents)))
	}
	if waits := at(stack, "resource", "aws_elasticsearch_domain_saml_options", "saml", "depends_on"); waits != nil {
		t.Errorf("saml waits for %v", waits)
	}
}

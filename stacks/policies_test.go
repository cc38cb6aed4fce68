package stacks_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"
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
	synthesized := synth(t, stack)
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

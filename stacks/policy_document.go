package stacks

import (
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawsiampolicydocument"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

type statement = dataawsiampolicydocument.DataAwsIamPolicyDocumentStatement

// newPolicyDocument makes data.aws_iam_policy_document.<id>_document, and returns the reference to its JSON.
func newPolicyDocument(stack cdktf.TerraformStack, id string, statements []statement) (json *string) {
	id += "_document"
	dataawsiampolicydocument.NewDataAwsIamPolicyDocument(stack, &id, &dataawsiampolicydocument.DataAwsIamPolicyDocumentConfig{
		Statement: statements,
	})
	return reference("data.aws_iam_policy_document."+id, "json")
}

// principalsOf is the principals of a statement: of the type "AWS", "Service" or "Federated".
func principalsOf(kind string, identifiers ...string) []*dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementPrincipals {
	return []*dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementPrincipals{{Type: &kind, Identifiers: stringList(identifiers)}}
}

// onlyFor holds a service to what it does for one resource of this account, or for those that a pattern fits: it must not be
// talked into it by somebody else. https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (here location) onlyFor(arn string) []*condition {
	return []*condition{
		newCondition("StringEquals", "aws:SourceAccount", []string{here.account}),
		newCondition("ArnLike", "aws:SourceArn", []string{arn}),
	}
}

type condition = dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementCondition

func newCondition(test, variable string, values []string) *condition {
	return &condition{Test: &test, Variable: &variable, Values: stringList(values)}
}

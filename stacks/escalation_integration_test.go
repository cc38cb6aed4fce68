//go:build integration

package stacks_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// escalations is the actions by which whoever may do little comes to do more, or takes what is another's: those of the public lists
// (cloudsplaining, parliament, Rhino Security Labs' "AWS IAM privilege escalation", pathfinding.cloud),
// and what reaches other people's data
// and what runs. No role may do any of them on what is not its stack's.
var escalations = []string{
	// IAM: permissions of others, their credentials, whom they trust.
	"iam:AddClientIDToOpenIDConnectProvider", "iam:AddRoleToInstanceProfile", "iam:AddUserToGroup", "iam:AttachGroupPolicy",
	"iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateInstanceProfile", "iam:CreateLoginProfile",
	"iam:CreateOpenIDConnectProvider", "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:CreateRole", "iam:CreateSAMLProvider",
	"iam:CreateServiceLinkedRole", "iam:CreateServiceSpecificCredential", "iam:CreateUser", "iam:DeactivateMFADevice",
	"iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DeleteUserPermissionsBoundary", "iam:DeleteUserPolicy",
	"iam:DetachRolePolicy", "iam:DetachUserPolicy", "iam:EnableMFADevice", "iam:PassRole", "iam:PutGroupPolicy",
	"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy",
	"iam:ResyncMFADevice", "iam:SetDefaultPolicyVersion", "iam:UpdateAccessKey", "iam:UpdateAssumeRolePolicy",
	"iam:UpdateLoginProfile", "iam:UpdateOpenIDConnectProviderThumbprint", "iam:UpdateSAMLProvider", "iam:UploadSSHPublicKey",
	"sts:AssumeRole", "sts:AssumeRoot", "sts:GetFederationToken", "sso:CreatePermissionSet", "sso:CreateAccountAssignment",
	"organizations:LeaveOrganization", "organizations:DetachPolicy", "account:PutAlternateContact",
	// What runs with a role of somebody's.
	"apprunner:CreateService", "batch:SubmitJob", "cloudformation:CreateChangeSet", "cloudformation:CreateStack",
	"cloudformation:UpdateStack", "codebuild:CreateProject", "codebuild:StartBuild", "datapipeline:CreatePipeline",
	"datapipeline:PutPipelineDefinition", "ec2:AssociateIamInstanceProfile", "ec2:ModifyInstanceAttribute",
	"ec2:ReplaceIamInstanceProfileAssociation", "ec2:RequestSpotInstances", "ec2:RunInstances", "ec2:StopInstances",
	"ec2:TerminateInstances", "ec2-instance-connect:SendSSHPublicKey", "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:StartTask",
	"events:PutRule", "events:PutTargets", "glue:CreateDevEndpoint", "glue:CreateJob", "glue:UpdateDevEndpoint", "glue:UpdateJob",
	"lambda:AddPermission", "lambda:CreateEventSourceMapping", "lambda:CreateFunction", "lambda:InvokeFunction",
	"lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "sagemaker:CreateNotebookInstance",
	"sagemaker:CreatePresignedNotebookInstanceUrl", "sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob",
	"scheduler:CreateSchedule", "ssm:SendCommand", "ssm:StartSession", "states:CreateStateMachine", "states:StartExecution",
	// Data, keys and the proof of what happened.
	"backup:DeleteRecoveryPoint", "cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "dynamodb:DeleteTable", "dynamodb:PutItem",
	"ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute", "es:DeleteElasticsearchDomain", "es:ESHttpGet",
	"es:UpdateElasticsearchDomainConfig", "kms:CreateGrant", "kms:Decrypt", "kms:DisableKey", "kms:PutKeyPolicy",
	"kms:ScheduleKeyDeletion", "logs:DeleteLogGroup", "rds:CreateDBSnapshot", "rds:ModifyDBInstance", "route53:ChangeResourceRecordSets",
	"s3:DeleteObject", "s3:GetObject", "s3:PutBucketPolicy", "s3:PutObject", "secretsmanager:GetSecretValue",
	"secretsmanager:PutResourcePolicy", "sns:Publish", "sns:SetTopicAttributes", "ssm:GetParameter",
	"acm:DeleteCertificate", "cloudwatch:DeleteAlarms", "cognito-idp:AdminCreateUser", "cognito-idp:DeleteUserPool",
	"cognito-idp:UpdateUserPool", "cognito-identity:DeleteIdentityPool", "cognito-identity:UpdateIdentityPool",
	"ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup",
}

// unbound is what some roles may do on what is not their stack's, for AWS knows nothing by which to hold them: docs/github-roles.md and the
// run say so.
var unbound = []string{"cognito-identity:SetIdentityPoolRoles", "logs:DeleteResourcePolicy", "logs:PutResourcePolicy"}

var placeholderOfARN = regexp.MustCompile(`\$\{(\w+)\}`)

// TestNoRoleEscalates tries each of escalations with each role, on what AWS's own list says that it knows: a resource of the same account
// that is no stack's, and none that has a tag.
func TestNoRoleEscalates(t *testing.T) {
	requireSimulator(t)
	environments := everyEnvironment(t)
	_, byRole, _ := rolesFor(t, cdktf.Testing_App(nil), "roles", environments)
	list := describe(t, slices.Concat(escalations, unbound))
	own := map[string]string{"Partition": "aws", "Account": here}
	regionOf := func(role string) string {
		if environment, found := environments[strings.TrimPrefix(role, "deploy_")]; found {
			return environment.Region
		}
		return "eu-central-1"
	}
	var tries []try
	for _, role := range slices.Sorted(maps.Keys(byRole)) {
		for _, action := range slices.Concat(escalations, unbound) {
			if list[action] == nil {
				t.Fatalf("AWS has no action %s", action)
			}
			resource := "*"
			if patterns := list[action].Resources; len(patterns) > 0 {
				resource = placeholderOfARN.ReplaceAllStringFunc(patterns[0], func(placeholder string) string {
					name := placeholderOfARN.FindStringSubmatch(placeholder)[1]
					switch value, known := own[name]; {
					case known:
						return value
					case name == "Region":
						return regionOf(role)
					default:
						return "administrator"
					}
				})
			}
			var context map[string]any
			if action == "iam:PassRole" {
				context = map[string]any{"iam:PassedToService": "es.amazonaws.com"}
			}
			tries = append(tries, try{role: role, action: action, resource: resource, context: context})
		}
	}
	may := map[string]bool{}
	for i, got := range decideRoles(t, byRole, tries) {
		try := tries[i]
		switch allowed := got.Decision != nil && *got.Decision == "Allowed"; {
		case got.Decision == nil:
			t.Errorf("%s: %s on %s: %s", try.role, try.action, try.resource, got.Error)
		case allowed && slices.Contains(unbound, try.action):
			may[try.action] = true
		case allowed:
			t.Errorf("%s may %s on %s", try.role, try.action, try.resource)
		}
	}
	for _, action := range unbound {
		if !may[action] {
			t.Errorf("no role may %s any longer: it is an escalation like the others", action)
		}
	}
	t.Logf("%d actions, %d roles, %d requests", len(escalations), len(byRole), len(tries))
}

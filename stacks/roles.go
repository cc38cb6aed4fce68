package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamopenidconnectprovider"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrole"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepolicyattachment"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// Roles is the stack of one file of roles, and what other constructs may want of it.
type Roles struct {
	// The stack, with its provider and its backend.
	Stack cdktf.TerraformStack
	// The role that plans every environment, and the stack of the roles itself.
	Plan iamrole.IamRole
	// The roles that deploy one environment each, by its name.
	Deploy map[string]iamrole.IamRole
}

// gitHubIssuer is who signs the tokens of GitHub Actions, and what AWS calls their claims after.
const gitHubIssuer = "token.actions.githubusercontent.com"

// NewRoles makes the stack of a file of roles in scope, an App: provider, backend, the identity provider unless there is one,
// the roles and their policies. id is the stack's name, as in `cdktf diff <id>`. environments is what the names in
// github.environments stand for; others may be among them.
//
// What roles leaves out has the defaults of [spec.Roles.WithDefaults]; without environments, the roles are for all of them. The
// error is every fault, as [spec.Problems]; then nothing is made.
func NewRoles(scope constructs.Construct, id string, roles spec.Roles, environments map[string]spec.Environment) (Roles, error) {
	if len(roles.GitHub.Environments) == 0 {
		roles.GitHub.Environments = sortedKeys(environments)
	}
	if err := roles.Check(environments); err != nil {
		return Roles{}, err
	}
	roles = roles.WithDefaults()
	github := roles.GitHub

	stack := cdktf.NewTerraformStack(scope, &id)
	newBackend(stack, id, roles.Backend)
	newProvider(stack, roles.Region, roles.DefaultTags, roles.Endpoints)
	here := newLocation(stack)
	trust := trust{here: here, repository: github.Repository, provider: github.OIDCProviderARN}
	if trust.provider == "" {
		trust.provider = *newGitHubProvider(stack).Arn()
	}

	made := Roles{Stack: stack, Deploy: map[string]iamrole.IamRole{}}
	made.Plan = newGitHubRole(stack, "plan", gitHubRole{
		name:        github.PlanRoleName(),
		description: "GitHub Actions plans the stacks of " + github.Repository + " with this role",
		// A fork's pull request gets no token. One from a branch does, whoever may push a branch.
		trust:    trust.document(stack, "plan", []string{"pull_request", "ref:refs/heads/" + github.Branch}),
		duration: 3600,
		boundary: github.PermissionsBoundary,
	})
	newOwnStackPolicy(stack, here, made.Plan, roles)
	arns := map[string]*string{}
	for _, name := range github.Environments {
		environment := environments[name].WithDefaults()
		role := newGitHubRole(stack, "deploy_"+name, gitHubRole{
			name:        github.DeployRoleName(name),
			description: "GitHub Actions deploys the stack " + name + " of " + github.Repository + " with this role",
			trust:       trust.deployment(stack, name, github.Branch),
			duration:    github.MaxSessionDuration,
			boundary:    github.PermissionsBoundary,
		})
		reads, changes := here.in(environment.Region).grants(environment)
		read := newGrantsPolicy(stack, "read_"+name, github.NamePrefix+"-"+name+"-read", reads)
		attach(stack, "plan_reads_"+name, made.Plan, read)
		attach(stack, "deploy_reads_"+name, role, read)
		for _, part := range sortedKeys(changes) {
			change := newGrantsPolicy(stack, "change_"+part+"_"+name, github.NamePrefix+"-"+name+"-change-"+part, changes[part])
			attach(stack, "deploy_changes_"+part+"_"+name, role, change)
		}
		made.Deploy[name], arns[name] = role, role.Arn()
	}
	newOutput(stack, "plan_role_arn", "ARN of the role that plans: the variable AWS_PLAN_ROLE_ARN of the repository.", made.Plan.Arn())
	cdktf.NewTerraformOutput(stack, jsii.String("deploy_role_arns"), &cdktf.TerraformOutputConfig{
		Value: arns,
		Description: jsii.String("ARNs of the roles that deploy, by environment: the variable AWS_DEPLOY_ROLE_ARN of the GitHub " +
			"environment of the same name."),
	})
	return made, nil
}

// newGitHubProvider makes the identity provider. AWS knows GitHub's certificates by itself, so no thumbprint is given.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
func newGitHubProvider(stack cdktf.TerraformStack) iamopenidconnectprovider.IamOpenidConnectProvider {
	return iamopenidconnectprovider.NewIamOpenidConnectProvider(stack, jsii.String("github"),
		&iamopenidconnectprovider.IamOpenidConnectProviderConfig{
			Url:          jsii.String("https://" + gitHubIssuer),
			ClientIdList: jsii.Strings("sts.amazonaws.com"),
		})
}

// trust is whose tokens roles are given for.
type trust struct {
	here                 location
	repository, provider string
}

// document trusts the tokens of the repository whose subject is one of these, to the letter: a pattern would take in more than
// it looks like.
// https://docs.github.com/actions/reference/security/oidc#example-subject-claims
func (trust trust) document(stack cdktf.TerraformStack, id string, subjects []string, conditions ...*condition) *string {
	for i, subject := range subjects {
		subjects[i] = "repo:" + trust.repository + ":" + subject
	}
	return newPolicyDocument(stack, id+"_trust", []statement{{
		Effect:     jsii.String("Allow"),
		Actions:    jsii.Strings("sts:AssumeRoleWithWebIdentity"),
		Principals: principalsOf("Federated", trust.provider),
		Condition: append([]*condition{
			newCondition("StringEquals", gitHubIssuer+":aud", []string{"sts.amazonaws.com"}),
			newCondition("StringEquals", gitHubIssuer+":sub", subjects),
		}, conditions...),
	}})
}

// deployment trusts jobs in a GitHub environment that run for the branch. The subject names the environment alone, and one without a
// rule for branches, or one that GitHub makes because it is missing, takes jobs of any.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func (trust trust) deployment(stack cdktf.TerraformStack, environment, branch string) *string {
	return trust.document(stack, "deploy_"+environment, []string{"environment:" + environment},
		newCondition("StringEquals", gitHubIssuer+":ref", []string{"refs/heads/" + branch}))
}

type gitHubRole struct {
	name, description string
	trust             *string
	duration          int
	boundary          string
}

func newGitHubRole(stack cdktf.TerraformStack, id string, role gitHubRole) iamrole.IamRole {
	return iamrole.NewIamRole(stack, &id, &iamrole.IamRoleConfig{
		Name:                &role.name,
		Description:         &role.description,
		AssumeRolePolicy:    role.trust,
		MaxSessionDuration:  jsii.Number(role.duration),
		PermissionsBoundary: optionalString(role.boundary),
	})
}

func newGrantsPolicy(stack cdktf.TerraformStack, id, name string, grants []grant) iampolicy.IamPolicy {
	return iampolicy.NewIamPolicy(stack, &id, &iampolicy.IamPolicyConfig{
		Name:   &name,
		Policy: newPolicyDocument(stack, id, statementsOf(grants)),
	})
}

func attach(stack cdktf.TerraformStack, id string, role iamrole.IamRole, policy iampolicy.IamPolicy) {
	iamrolepolicyattachment.NewIamRolePolicyAttachment(stack, &id, &iamrolepolicyattachment.IamRolePolicyAttachmentConfig{
		Role: role.Name(), PolicyArn: policy.Arn(),
	})
}

// newOwnStackPolicy lets the role that plans read the stack of the roles too, so that nobody changes them unseen. No role deploys
// it: whoever may change these roles may do anything.
func newOwnStackPolicy(stack cdktf.TerraformStack, here location, plan iamrole.IamRole, roles spec.Roles) {
	prefix := here.global("iam", "")
	reads := []grant{
		reading("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies").on(
			prefix+"role/"+roles.GitHub.PlanRoleName(), prefix+"role/"+roles.GitHub.DeployRoleName("*")),
		reading("iam:GetPolicy", "iam:GetPolicyVersion").on(prefix + "policy/" + roles.GitHub.NamePrefix + "-*"),
	}
	if roles.GitHub.OIDCProviderARN == "" {
		reads = append(reads, reading("iam:GetOpenIDConnectProvider").on(prefix+"oidc-provider/"+gitHubIssuer))
	}
	state, _ := split(here.in(roles.Region).backendGrants(roles.Backend))
	iamrolepolicy.NewIamRolePolicy(stack, jsii.String("plan_reads_roles"), &iamrolepolicy.IamRolePolicyConfig{
		Name:   jsii.String("roles"),
		Role:   plan.Name(),
		Policy: newPolicyDocument(stack, "read_roles", statementsOf(append(reads, state...))),
	})
}

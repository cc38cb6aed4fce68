package stacks

import (
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitoidentitypool"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitoidentitypoolrolesattachment"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitouserpool"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitouserpooldomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrole"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepolicy"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
)

// newCognito makes the pools in which Kibana's users are kept, unless there are some, and the role by which the domain sets
// them up. before is what must be there before the domain, and outlive it: without its role and the pools' sign-in page AWS
// cannot take its client out of them again, and the domain is stuck.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
func newCognito(stack cdktf.TerraformStack, here location, environment spec.Environment) (options *spec.CognitoOptions, before []cdktf.ITerraformDependable) {
	cognito := environment.SignIn.Cognito
	options = &spec.CognitoOptions{Enabled: jsii.Bool(true), UserPoolID: cognito.UserPoolID, IdentityPoolID: cognito.IdentityPoolID, RoleARN: cognito.RoleARN}
	passable := "arn:" + here.partition + ":iam::" + here.account + ":role/*" // which role the users of existing pools get is not known here
	if cognito.UserPoolDomain != "" {
		options.UserPoolID, options.IdentityPoolID, before = newPools(stack, here, environment)
		passable = here.signedInRoleARN(environment)
	}
	if options.RoleARN == "" {
		role, policy := newCognitoRole(stack, here, environment, *options, passable)
		options.RoleARN = *role.Arn()
		before = append(before, policy)
	}
	return options, before
}

func newPools(stack cdktf.TerraformStack, here location, environment spec.Environment) (userPoolID, identityPoolID string, before []cdktf.ITerraformDependable) {
	preventDestroy := *environment.Domain.Lifecycle.PreventDestroy
	protection := "INACTIVE"
	if preventDestroy {
		protection = "ACTIVE"
	}
	userPool := cognitouserpool.NewCognitoUserPool(stack, jsii.String("kibana_users"), &cognitouserpool.CognitoUserPoolConfig{
		Name: &environment.Domain.DomainName,
		Tags: stringMap(markOf(environment.Domain)),
		// Nobody signs up by themselves.
		AdminCreateUserConfig: &cognitouserpool.CognitoUserPoolAdminCreateUserConfig{AllowAdminCreateUserOnly: true},
		PasswordPolicy: &cognitouserpool.CognitoUserPoolPasswordPolicy{
			MinimumLength: jsii.Number(14), RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true,
			TemporaryPasswordValidityDays: jsii.Number(7),
		},
		MfaConfiguration:              jsii.String("OPTIONAL"),
		SoftwareTokenMfaConfiguration: &cognitouserpool.CognitoUserPoolSoftwareTokenMfaConfiguration{Enabled: true},
		AutoVerifiedAttributes:        jsii.Strings("email"),
		DeletionProtection:            &protection,
		Lifecycle:                     &cdktf.TerraformResourceLifecycle{PreventDestroy: &preventDestroy},
	})
	page := cognitouserpooldomain.NewCognitoUserPoolDomain(stack, jsii.String("kibana_sign_in"), &cognitouserpooldomain.CognitoUserPoolDomainConfig{
		Domain:     &environment.SignIn.Cognito.UserPoolDomain,
		UserPoolId: userPool.Id(),
	})
	identityPool := cognitoidentitypool.NewCognitoIdentityPool(stack, jsii.String("kibana_identities"), &cognitoidentitypool.CognitoIdentityPoolConfig{
		IdentityPoolName:               &environment.Domain.DomainName,
		AllowUnauthenticatedIdentities: false,
		Tags:                           stringMap(markOf(environment.Domain)),
		// The domain enters itself here.
		Lifecycle: &cdktf.TerraformResourceLifecycle{IgnoreChanges: []string{"cognito_identity_providers"}},
	})
	newOutput(stack, "cognito_user_pool_id", "User pool in which to create the users of Kibana.", userPool.Id())
	attachment := newSignedInRole(stack, here, environment, identityPool)
	return *userPool.Id(), *identityPool.Id(), []cdktf.ITerraformDependable{page, attachment}
}

// signedInRoleName is the name of the role of those who signed in: known beforehand, so that the access policy is known when
// Terraform plans.
func signedInRoleName(environment spec.Environment) string {
	return environment.Domain.DomainName + "-" + environment.Region + "-kibana"
}

// cognitoRoleName is the name of the role by which the domain sets up its pools.
func cognitoRoleName(environment spec.Environment) string {
	return environment.Domain.DomainName + "-" + environment.Region + "-cognito"
}

func (here location) signedInRoleARN(environment spec.Environment) string {
	return "arn:" + here.partition + ":iam::" + here.account + ":role/" + signedInRoleName(environment)
}

// newSignedInRole makes the role of those who signed in. What they may do is said in the domain's access policy.
func newSignedInRole(stack cdktf.TerraformStack, here location, environment spec.Environment, identityPool cognitoidentitypool.CognitoIdentityPool) cognitoidentitypoolrolesattachment.CognitoIdentityPoolRolesAttachment {
	issuer := cognitoIssuer(environment.Region)
	trust := newPolicyDocument(stack, "kibana_signed_in", []statement{{
		Effect:     jsii.String("Allow"),
		Actions:    jsii.Strings("sts:AssumeRoleWithWebIdentity"),
		Principals: principalsOf("Federated", issuer),
		Condition: []*condition{
			newCondition("StringEquals", issuer+":aud", []string{*identityPool.Id()}),
			newCondition("ForAnyValue:StringLike", issuer+":amr", []string{"authenticated"}),
		},
	}})
	role := iamrole.NewIamRole(stack, jsii.String("kibana_signed_in"), &iamrole.IamRoleConfig{
		Name:             jsii.String(signedInRoleName(environment)),
		Description:      jsii.String("Who signed in to Kibana of the Elasticsearch domain " + environment.Domain.DomainName),
		AssumeRolePolicy: trust.Json(),
	})
	return cognitoidentitypoolrolesattachment.NewCognitoIdentityPoolRolesAttachment(stack, jsii.String("kibana_roles"), &cognitoidentitypoolrolesattachment.CognitoIdentityPoolRolesAttachmentConfig{
		IdentityPoolId: identityPool.Id(),
		Roles:          &map[string]*string{"authenticated": role.Arn()},
	})
}

// cognitoIssuer is the principal for identity pools of a region.
func cognitoIssuer(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "cognito-identity-us-gov.amazonaws.com"
	case strings.HasPrefix(region, "cn-"):
		return "cognito-identity." + region + ".amazonaws.com.cn"
	default:
		return "cognito-identity.amazonaws.com"
	}
}

// newCognitoRole makes the role by which the domain sets up two pools: what AWS's AmazonESCognitoAccess allows on all pools and
// roles, on these alone.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonESCognitoAccess.html
func newCognitoRole(stack cdktf.TerraformStack, here location, environment spec.Environment, pools spec.CognitoOptions, passable string) (iamrole.IamRole, iamrolepolicy.IamRolePolicy) {
	trust := newPolicyDocument(stack, "cognito_trust", []statement{{
		Effect:     jsii.String("Allow"),
		Actions:    jsii.Strings("sts:AssumeRole"),
		Principals: principalsOf("Service", "es.amazonaws.com"),
		Condition:  here.onlyFor(domainARN),
	}})
	name := cognitoRoleName(environment)
	role := iamrole.NewIamRole(stack, jsii.String("cognito"), &iamrole.IamRoleConfig{
		Name:             &name,
		Description:      jsii.String("By which the Elasticsearch domain " + environment.Domain.DomainName + " sets up its Cognito pools"),
		AssumeRolePolicy: trust.Json(),
	})
	permissions := newPolicyDocument(stack, "cognito_pools", []statement{
		{
			Effect: jsii.String("Allow"),
			Actions: jsii.Strings(
				"cognito-idp:AdminInitiateAuth", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:CreateUserPoolClient", "cognito-idp:DeleteUserPoolClient",
				"cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient", "cognito-idp:ListUserPoolClients", "cognito-idp:UpdateUserPoolClient"),
			Resources: jsii.Strings(here.arn("cognito-idp", "userpool/"+pools.UserPoolID)),
		},
		{
			Effect: jsii.String("Allow"),
			Actions: jsii.Strings("cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles",
				"cognito-identity:SetIdentityPoolRoles", "cognito-identity:UpdateIdentityPool"),
			Resources: jsii.Strings(here.arn("cognito-identity", "identitypool/"+pools.IdentityPoolID)),
		},
		{
			Effect:    jsii.String("Allow"),
			Actions:   jsii.Strings("iam:PassRole"),
			Resources: jsii.Strings(passable),
			Condition: []*condition{newCondition("StringEquals", "iam:PassedToService", []string{cognitoIssuer(environment.Region)})},
		},
	})
	policy := iamrolepolicy.NewIamRolePolicy(stack, jsii.String("cognito_pools"), &iamrolepolicy.IamRolePolicyConfig{
		Name:   jsii.String("cognito-pools"),
		Role:   role.Id(),
		Policy: permissions.Json(),
	})
	return role, policy
}

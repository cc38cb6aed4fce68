package stacks

import (
	"cmp"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitoidentitypool"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitoidentitypoolrolesattachment"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitouserpool"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitouserpooldomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrole"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamrolepolicy"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func hasCognito(e spec.Environment) bool { return e.SignIn != nil && e.SignIn.Cognito != nil }

// newCognito makes the pools in which Kibana's users are kept, unless there are some, and the role by which the domain sets
// them up. Both must be there before the domain, and outlive what it knows of them: without its role and the pools' sign-in page AWS
// cannot take its client out of them again, and the domain is stuck. So all of it comes and goes by whileSignedIn, and where it is turned
// off, the domain knows of none of it.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
func newCognito(build *build) {
	stack, here, environment := build.stack, build.here, build.environment
	cognito := environment.SignIn.Cognito
	options := &spec.CognitoOptions{Enabled: cognito.Enabled, UserPoolID: cognito.UserPoolID, IdentityPoolID: cognito.IdentityPoolID,
		RoleARN: cognito.RoleARN}
	var before []cdktf.ITerraformDependable
	passable := here.global("iam", "role/*") // which role the users of existing pools get is not known here
	if cognito.UserPoolDomain != "" {
		var needed []cdktf.ITerraformDependable
		options.UserPoolID, options.IdentityPoolID, needed = newPools(build)
		before = append(before, needed...)
		passable = here.signedInRoleARN(environment)
	}
	if options.RoleARN == "" {
		role, policy := newCognitoRole(stack, here, environment, *options, passable)
		options.RoleARN = *role.Arn()
		before = append(before, policy)
	}
	if *cognito.Enabled {
		build.before = append(build.before, before...)
	}
	build.domain.CognitoOptions = options
}

// whileSignedIn keeps what the domain signs people in with until the domain has been changed: Terraform destroys first and changes after,
// unless what it destroys was created before it was destroyed. What is turned off it keeps no longer.
func whileSignedIn(cognito spec.Cognito) *cdktf.TerraformResourceLifecycle {
	return &cdktf.TerraformResourceLifecycle{CreateBeforeDestroy: cognito.Enabled}
}

func newPools(build *build) (userPoolID, identityPoolID string, before []cdktf.ITerraformDependable) {
	stack, here, environment := build.stack, build.here, build.environment
	cognito := *environment.SignIn.Cognito
	// What is turned off may go.
	preventDestroy := *environment.Domain.Lifecycle.PreventDestroy && *cognito.Enabled
	protection := "INACTIVE"
	if preventDestroy {
		protection = "ACTIVE"
	}
	users := whileSignedIn(cognito)
	users.PreventDestroy = &preventDestroy
	userPool := cognitouserpool.NewCognitoUserPool(stack, jsii.String("kibana_users"), &cognitouserpool.CognitoUserPoolConfig{
		Name: &environment.Domain.DomainName,
		Tags: stringMap(domainTags(environment.Domain)),
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
		Lifecycle:                     users,
	})
	build.metrics.UserPool = userPool
	page := cognitouserpooldomain.NewCognitoUserPoolDomain(stack, jsii.String("kibana_sign_in"),
		&cognitouserpooldomain.CognitoUserPoolDomainConfig{
			Domain:     &cognito.UserPoolDomain,
			UserPoolId: userPool.Id(),
			Lifecycle:  whileSignedIn(cognito),
		})
	identities := whileSignedIn(cognito)
	identities.IgnoreChanges = []string{"cognito_identity_providers"} // the domain enters itself there
	identityPool := cognitoidentitypool.NewCognitoIdentityPool(stack, jsii.String("kibana_identities"),
		&cognitoidentitypool.CognitoIdentityPoolConfig{
			IdentityPoolName:               &environment.Domain.DomainName,
			AllowUnauthenticatedIdentities: false,
			Tags:                           stringMap(domainTags(environment.Domain)),
			Lifecycle:                      identities,
		})
	newOutput(stack, "cognito_user_pool_id", "ID of the user pool in which to create the users of Kibana.", userPool.Id())
	attachment := newSignedInRole(stack, here, environment, identityPool)
	return *userPool.Id(), *identityPool.Id(), []cdktf.ITerraformDependable{page, attachment}
}

// cognitoRoleName is the name of the role by which the domain sets up its pools.
func cognitoRoleName(environment spec.Environment) string {
	return environment.Domain.DomainName + "-" + environment.Region + "-cognito"
}

func (here location) signedInRoleARN(environment spec.Environment) string {
	return here.global("iam", "role/"+environment.SignedInRoleName())
}

// newSignedInRole makes the role of those who signed in. What they may do is in the domain's access policy.
func newSignedInRole(stack cdktf.TerraformStack, here location, environment spec.Environment,
	identityPool cognitoidentitypool.CognitoIdentityPool) cognitoidentitypoolrolesattachment.CognitoIdentityPoolRolesAttachment {
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
		Name:                jsii.String(environment.SignedInRoleName()),
		Description:         jsii.String("Users who are signed in to Kibana of the Elasticsearch domain " + environment.Domain.DomainName),
		AssumeRolePolicy:    trust,
		PermissionsBoundary: optionalString(environment.SignIn.Cognito.PermissionsBoundary),
		Lifecycle:           whileSignedIn(*environment.SignIn.Cognito),
	})
	return cognitoidentitypoolrolesattachment.NewCognitoIdentityPoolRolesAttachment(stack, jsii.String("kibana_roles"),
		&cognitoidentitypoolrolesattachment.CognitoIdentityPoolRolesAttachmentConfig{
			IdentityPoolId: identityPool.Id(),
			Roles:          &map[string]*string{"authenticated": role.Arn()},
			Lifecycle:      whileSignedIn(*environment.SignIn.Cognito),
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
func newCognitoRole(stack cdktf.TerraformStack, here location, environment spec.Environment, pools spec.CognitoOptions,
	passable string) (iamrole.IamRole, iamrolepolicy.IamRolePolicy) {
	trust := newPolicyDocument(stack, "cognito_trust", []statement{{
		Effect:     jsii.String("Allow"),
		Actions:    jsii.Strings("sts:AssumeRole"),
		Principals: principalsOf("Service", "es.amazonaws.com"),
		Condition:  here.onlyFor(domainARN),
	}})
	name := cognitoRoleName(environment)
	role := iamrole.NewIamRole(stack, jsii.String("cognito"), &iamrole.IamRoleConfig{
		Name: &name,
		Description: jsii.String("The Elasticsearch domain " + environment.Domain.DomainName +
			" sets up its Cognito pools with this role"),
		AssumeRolePolicy:    trust,
		PermissionsBoundary: optionalString(environment.SignIn.Cognito.PermissionsBoundary),
		Lifecycle:           whileSignedIn(*environment.SignIn.Cognito),
	})
	permissions := newPolicyDocument(stack, "cognito_pools", []statement{
		{
			Effect: jsii.String("Allow"),
			Actions: jsii.Strings(
				"cognito-idp:AdminInitiateAuth", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:CreateUserPoolClient",
				"cognito-idp:DeleteUserPoolClient",
				"cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient", "cognito-idp:ListUserPoolClients",
				"cognito-idp:UpdateUserPoolClient"),
			Resources: jsii.Strings(here.arn("cognito-idp", "userpool/"+pools.UserPoolID)),
		},
		{
			Effect: jsii.String("Allow"),
			Actions: jsii.Strings("cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles",
				"cognito-identity:UpdateIdentityPool"),
			Resources: jsii.Strings(here.arn("cognito-identity", "identitypool/"+pools.IdentityPoolID)),
		},
		{
			Effect:    jsii.String("Allow"),
			Actions:   jsii.Strings("cognito-identity:SetIdentityPoolRoles"),
			Resources: jsii.Strings("*"), // it knows no resource: what keeps it is iam:PassRole
		},
		{
			Effect:    jsii.String("Allow"),
			Actions:   jsii.Strings("iam:PassRole"),
			Resources: jsii.Strings(passable),
			Condition: []*condition{newCondition("StringEquals", "iam:PassedToService", []string{cognitoIssuer(environment.Region)})},
		},
	})
	policy := iamrolepolicy.NewIamRolePolicy(stack, jsii.String("cognito_pools"), &iamrolepolicy.IamRolePolicyConfig{
		Name:      jsii.String("cognito-pools"),
		Role:      role.Id(),
		Policy:    permissions,
		Lifecycle: whileSignedIn(*environment.SignIn.Cognito),
	})
	return role, policy
}

func (here location) cognitoGrants(e spec.Environment) []grant {
	switch {
	case !hasCognito(e) && e.Domain.CognitoOptions == nil:
		return nil
	case !hasCognito(e):
		return []grant{here.passRole(e.Domain.CognitoOptions.RoleARN, "es.amazonaws.com")}
	}
	cognito, role := e.SignIn.Cognito, here.global("iam", "role/"+cognitoRoleName(e))
	var roles []string
	grants := []grant{here.passRole(cmp.Or(cognito.RoleARN, role), "es.amazonaws.com")}
	if cognito.RoleARN == "" {
		roles = append(roles, role)
		grants = append(grants, changing("iam:DeleteRolePolicy", "iam:PutRolePolicy").on(role).where(withinBoundary(*cognito)...))
	}
	if cognito.UserPoolDomain != "" {
		signedIn := here.signedInRoleARN(e)
		roles = append(roles, signedIn)
		grants = append(grants, here.passRole(signedIn, cognitoIssuer(e.Region)))
		grants = append(grants, here.poolGrants(e)...)
	}
	if len(roles) > 0 {
		grants = append(grants,
			reading("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies").on(roles...),
			changing("iam:CreateRole", "iam:UpdateAssumeRolePolicy").on(roles...).where(withinBoundary(*cognito)...),
			changing("iam:DeleteRole", "iam:ListInstanceProfilesForRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole",
				"iam:UpdateRoleDescription").on(roles...))
	}
	if len(roles) > 0 && cognito.PermissionsBoundary != "" {
		grants = append(grants, changing("iam:PutRolePermissionsBoundary").on(roles...).where(withinBoundary(*cognito)...))
	}
	return grants
}

// withinBoundary holds what is done to a role that is made here to roles that have, or get, the permissions boundary of the file; none
// without.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
func withinBoundary(cognito spec.Cognito) []*condition {
	if cognito.PermissionsBoundary == "" {
		return nil
	}
	return []*condition{newCondition("StringEquals", "iam:PermissionsBoundary", []string{cognito.PermissionsBoundary})}
}

func (here location) passRole(role, service string) grant {
	return changing("iam:PassRole").on(role).where(newCondition("StringEquals", "iam:PassedToService", []string{service}))
}

// destroyingPool is granted where people do not sign in with it, too.
func destroyingPool(e spec.Environment) grant {
	if !*e.SignIn.Cognito.Enabled {
		return changing("cognito-idp:DeleteUserPool")
	}
	return destroying(e, "cognito-idp:DeleteUserPool")
}

func (here location) poolGrants(e spec.Environment) []grant {
	users, identities := here.arn("cognito-idp", "userpool/*"), here.arn("cognito-identity", "identitypool/*")
	return []grant{
		reading("cognito-idp:DescribeUserPoolDomain").on("*"),
		reading("cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig").on(users).where(resourceTagged(e.Domain)),
		reading("cognito-identity:DescribeIdentityPool",
			"cognito-identity:GetIdentityPoolRoles").on(identities).where(resourceTagged(e.Domain)),
		changing("cognito-idp:CreateUserPool", "cognito-identity:CreateIdentityPool").on("*").where(requestTagged(e.Domain)),
		changing("cognito-idp:TagResource").on(users).where(newlyTagged(e)...),
		changing("cognito-identity:TagResource").on(identities).where(newlyTagged(e)...),
		changing("cognito-idp:CreateUserPoolDomain", "cognito-idp:DeleteUserPoolDomain", "cognito-idp:SetUserPoolMfaConfig",
			"cognito-idp:TagResource", "cognito-idp:UntagResource", "cognito-idp:UpdateUserPool",
			"cognito-idp:UpdateUserPoolDomain").on(users).where(resourceTagged(e.Domain)),
		destroyingPool(e).on(users).where(resourceTagged(e.Domain)),
		changing("cognito-identity:DeleteIdentityPool", "cognito-identity:TagResource", "cognito-identity:UntagResource",
			"cognito-identity:UpdateIdentityPool").on(identities).where(resourceTagged(e.Domain)),
		changing("cognito-identity:SetIdentityPoolRoles").on("*"), // it knows no resource: what keeps it is iam:PassRole
	}
}

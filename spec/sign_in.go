package spec

import (
	"slices"
)

// SignIn is how people get into Kibana. Without saml and cognito it is IAM alone: signed requests, by a proxy that signs them.
type SignIn struct {
	// Sign-in at your identity provider. It needs fine_grained_access_control, and
	// access.leave_to_fine_grained_access_control. Not with cognito.
	SAML *SAML `json:"saml,omitempty"`

	// Sign-in with Amazon Cognito. Not with saml.
	Cognito *Cognito `json:"cognito,omitempty"`

	// Users, roles and permissions inside the domain, down to documents and fields. Turning it on later replaces the domain:
	// decide on day one.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
	FineGrainedAccessControl *FineGrainedAccessControl `json:"fine_grained_access_control,omitempty"`
}

// FineGrainedAccessControl names the master user, the first administrator inside the domain: an IAM role, or a name and a
// password.
type FineGrainedAccessControl struct {
	// ARN of the IAM role or user that is the master user.
	MasterUserARN string `json:"master_user_arn,omitempty"`

	// Name of the master user in the domain's own database. Its password is generated when Terraform applies, and stored in
	// Secrets Manager as JSON with username and password, and, like everything that Terraform creates, in its state.
	MasterUserName string `json:"master_user_name,omitempty"`

	// ARN of an existing secret, whose JSON has the password of master_user_name under "password". Default: a new secret.
	MasterUserSecretARN string `json:"master_user_secret_arn,omitempty"`
}

// KnowsFineGrainedAccessControl reports whether the domain's version has fine-grained access control, be it on or off.
func (domain Domain) KnowsFineGrainedAccessControl() bool {
	return since(6, 7)(Environment{Domain: domain})
}

// UsesFineGrainedAccessControl reports whether the domain has fine-grained access control.
func (environment Environment) UsesFineGrainedAccessControl() bool {
	options := environment.Domain.AdvancedSecurityOptions
	return options != nil && options.Enabled || environment.SignIn != nil && environment.SignIn.FineGrainedAccessControl != nil
}

// keepsPasswords reports whether the domain keeps users and passwords of its own.
func (environment Environment) keepsPasswords() bool {
	options, signIn := environment.Domain.AdvancedSecurityOptions, environment.SignIn
	return options != nil && options.Enabled && options.InternalUserDatabaseEnabled ||
		signIn != nil && signIn.FineGrainedAccessControl != nil && signIn.FineGrainedAccessControl.MasterUserName != ""
}

// MakesMasterUserPassword reports whether the master user gets a new password, in a secret that the stack makes.
func (environment Environment) MakesMasterUserPassword() bool {
	if !hasFineGrainedAccessControl(environment) {
		return false
	}
	user := environment.SignIn.FineGrainedAccessControl
	return user.MasterUserName != "" && user.MasterUserSecretARN == ""
}

func defaultSignIn(environment *Environment) {
	if environment.SignIn == nil {
		return
	}
	signIn := *environment.SignIn
	signIn.SAML = signIn.SAML.withDefaults()
	signIn.Cognito = signIn.Cognito.withDefaults()
	environment.SignIn = &signIn
}

// signInSection is all that is known of sign_in beside its types; of saml and cognito in files of their own.
var signInSection = section{
	key:      "sign_in",
	defaults: defaultSignIn,
	values:   merged(masterUserValues, samlValues, cognitoValues),
	rules:    slices.Concat(signInRules, samlRules, cognitoRules),
	features: []feature{
		{"sign_in.cognito", "sign-in with Cognito", version{5, 1}, hasCognito},
		{"sign_in.fine_grained_access_control", "fine-grained access control", version{6, 7}, hasFineGrainedAccessControl},
	},
	fills: []filled{
		{"sign_in.fine_grained_access_control", hasFineGrainedAccessControl,
			"domain.advanced_security_options", func(d Domain) bool { return d.AdvancedSecurityOptions != nil }},
		{"sign_in.cognito", hasCognito,
			"domain.cognito_options", func(d Domain) bool { return d.CognitoOptions != nil }},
	},
	ownARNs: []ownARN[Environment]{
		{"sign_in.cognito.role_arn", func(e Environment) string { return e.cognito().RoleARN }},
		{"sign_in.cognito.permissions_boundary", func(e Environment) string { return e.cognito().PermissionsBoundary }},
	},
	otherKeys: map[string]string{
		"domain.saml_options":       "sign-in with SAML is `sign_in.saml:`",
		"advanced_security_options": "fine-grained access control is `sign_in.fine_grained_access_control:`",
		"cognito_options":           "sign-in with Cognito is `sign_in.cognito:`",
		"sign_in.saml.idp":          "write its entity_id and metadata_file below `saml:` itself",
		"saml_options":              "sign-in with SAML is `sign_in.saml:`",
		"sign_in.fine_grained_access_control.master_user_password": "a password is made, or taken from master_user_secret_arn",
	},
}

// masterUserName: a request ends it at a colon.
var masterUserName = matches(`^[^\s"\\:]{1,64}$`, "a user's name; use up to 64 characters without spaces, quotes, backslashes and colons")

var masterUserValues = map[string]allowed{
	"sign_in.fine_grained_access_control.master_user_arn":  roleOrUserARN,
	"sign_in.fine_grained_access_control.master_user_name": masterUserName,
	"sign_in.fine_grained_access_control.master_user_secret_arn": matches(
		`^`+awsARN+`:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]{1,519}$`,
		`the ARN of a secret; write one such as "arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-AbCdEf"`),
}

func hasFineGrainedAccessControl(e Environment) bool {
	return e.SignIn != nil && e.SignIn.FineGrainedAccessControl != nil
}

var signInRules = []rule{
	{"a sign-in says how", func(e Environment) []finding {
		return when(e.SignIn != nil && *e.SignIn == SignIn{}, "sign_in",
			"says nothing; add saml, cognito or fine_grained_access_control, or leave it out for IAM alone")
	}},
	{"SAML or Cognito", func(e Environment) []finding {
		return when(e.hasSAML() && (hasCognito(e) || e.usesCognito()), "sign_in.saml", "cannot go with Cognito; keep one")
	}},
	{"a master user of sign-in", func(e Environment) []finding {
		if e.SignIn == nil || e.SignIn.FineGrainedAccessControl == nil {
			return nil
		}
		path, user := "sign_in.fine_grained_access_control", e.SignIn.FineGrainedAccessControl
		return slices.Concat(
			either(path, "master_user_arn", user.MasterUserARN != "", "master_user_name", user.MasterUserName != ""),
			when(user.MasterUserSecretARN != "" && user.MasterUserARN != "" && user.MasterUserName == "", path+".master_user_secret_arn",
				"is not used without master_user_name; leave it out"))
	}},
}

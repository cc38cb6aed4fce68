package spec

import (
	"reflect"
	"slices"
	"strings"
)

// SignIn is how people get into Kibana. Without saml and cognito it is IAM alone: signed requests, by a proxy that signs them.
type SignIn struct {
	// Sign-in at your identity provider. It needs fine_grained_access_control, here and in access. Not with cognito.
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

	// Name of the master user in the domain's own database. Its password is made when Terraform applies, and lies in Secrets
	// Manager as JSON with username and password; and, as all that Terraform made, in its state.
	MasterUserName string `json:"master_user_name,omitempty"`

	// ARN of a secret that exists, whose JSON has the password of master_user_name under "password". Default: a new secret.
	MasterUserSecretARN string `json:"master_user_secret_arn,omitempty"`
}

// SAML is the trust between Kibana and an identity provider. It needs fine-grained access control, and an access policy that
// lets browsers through to it: access.fine_grained_access_control.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/saml.html
type SAML struct {
	// Entity id of the identity provider, 8 to 512 characters, as in its metadata.
	EntityID string `json:"entity_id"`

	// File with the identity provider's metadata, by its path from this environment's file: XML in UTF-8 or UTF-16, up to 1 MiB.
	MetadataFile string `json:"metadata_file,omitempty"`

	// The metadata itself, up to 1 MiB of XML; for environments that are made in Go. Not with metadata_file.
	MetadataContent string `json:"metadata_content,omitempty"`

	// Role of the identity provider whose members administrate the domain; it needs roles_key. Default: none.
	MasterBackendRole string `json:"master_backend_role,omitempty"`

	// User of the identity provider who administrates the domain. Default: none.
	MasterUserName string `json:"master_user_name,omitempty"`

	// Attribute of the assertion that holds a user's roles. Default: none, so roles are not told.
	RolesKey string `json:"roles_key,omitempty"`

	// Attribute of the assertion that holds the user's name. Default: NameID.
	SubjectKey string `json:"subject_key,omitempty"`

	// Minutes until a user has to sign in again, 1 to 1440. Default: 60.
	SessionTimeoutMinutes int `json:"session_timeout_minutes,omitempty"`
}

// Cognito is the pools in which the users of Kibana are kept: new ones, or some that exist.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
type Cognito struct {
	// Makes a user pool, an identity pool and the role of those who signed in; the sign-in page gets this name, which nobody else
	// in the region may have: https://<user_pool_domain>.auth.<region>.amazoncognito.com.
	UserPoolDomain string `json:"user_pool_domain,omitempty"`

	// What those who signed in may do: "readers" or "administrators", as in access. Default: readers. Only with user_pool_domain;
	// the role of pools that exist is named in access.
	SignedInUsers string `json:"signed_in_users,omitempty"`

	// Id of a user pool that exists and has a domain, such as "eu-central-1_AbCdEf123".
	UserPoolID string `json:"user_pool_id,omitempty"`

	// Id of an identity pool that exists.
	IdentityPoolID string `json:"identity_pool_id,omitempty"`

	// ARN of the role by which the domain sets up the pools. Default: a new one, for these two pools alone.
	RoleARN string `json:"role_arn,omitempty"`
}

// KnowsFineGrainedAccessControl tells whether the domain's version has fine-grained access control, be it on or off.
func (domain Domain) KnowsFineGrainedAccessControl() bool {
	return since(6, 7)(Environment{Domain: domain})
}

// FineGrained tells whether the domain has fine-grained access control.
func (environment Environment) FineGrained() bool {
	options := environment.Domain.AdvancedSecurityOptions
	return options != nil && options.Enabled || environment.SignIn != nil && environment.SignIn.FineGrainedAccessControl != nil
}

// passwords tells whether the domain keeps users and passwords of its own.
func (environment Environment) passwords() bool {
	options, signIn := environment.Domain.AdvancedSecurityOptions, environment.SignIn
	return options != nil && options.Enabled && options.InternalUserDatabaseEnabled ||
		signIn != nil && signIn.FineGrainedAccessControl != nil && signIn.FineGrainedAccessControl.MasterUserName != ""
}

func (environment Environment) saml() bool {
	return environment.SignIn != nil && environment.SignIn.SAML != nil
}

// cognito tells whether people sign in to Kibana with Cognito.
func (environment Environment) cognito() bool {
	options := environment.Domain.CognitoOptions
	return options != nil && *options.Enabled || environment.SignIn != nil && environment.SignIn.Cognito != nil
}

func (environment Environment) withSignInDefaults() *SignIn {
	if environment.SignIn == nil {
		return nil
	}
	signIn := *environment.SignIn
	if signIn.SAML != nil {
		saml := *signIn.SAML
		if saml.SessionTimeoutMinutes == 0 {
			saml.SessionTimeoutMinutes = 60
		}
		signIn.SAML = &saml
	}
	if signIn.Cognito != nil {
		cognito := *signIn.Cognito
		if cognito.UserPoolDomain != "" && cognito.SignedInUsers == "" {
			cognito.SignedInUsers = "readers"
		}
		signIn.Cognito = &cognito
	}
	return &signIn
}

var signInRules = []rule{
	{"a sign-in says how", []string{"sign_in"}, func(e Environment) []finding {
		return when(e.SignIn != nil && *e.SignIn == SignIn{}, "sign_in", "says nothing; add saml, cognito or fine_grained_access_control, or leave it out for IAM alone")
	}},
	{"SAML or Cognito", nil, func(e Environment) []finding {
		return when(e.saml() && e.cognito(), "sign_in.saml", "cannot go with Cognito; keep one")
	}},
	{"a master user of sign-in", []string{"sign_in.fine_grained_access_control"}, func(e Environment) []finding {
		if e.SignIn == nil || e.SignIn.FineGrainedAccessControl == nil {
			return nil
		}
		path, user := "sign_in.fine_grained_access_control", e.SignIn.FineGrainedAccessControl
		return slices.Concat(
			either(path, "master_user_arn", user.MasterUserARN != "", "master_user_name", user.MasterUserName != ""),
			when(user.MasterUserSecretARN != "" && user.MasterUserARN != "" && user.MasterUserName == "", path+".master_user_secret_arn",
				"is not used without master_user_name; leave it out"))
	}},
	{"SAML needs fine-grained access control", []string{"domain.advanced_security_options.enabled", "sign_in.fine_grained_access_control"}, func(e Environment) []finding {
		add := "sign_in.fine_grained_access_control"
		if !e.Access.FineGrainedAccessControl && !e.Access.OpenToTheInternet {
			add += ", and access.fine_grained_access_control: true"
		}
		return when(e.saml() && !e.FineGrained(), "sign_in.saml", "needs fine-grained access control; add %s", add)
	}},
	{"SAML needs an access policy that lets browsers through", []string{"access", "domain.advanced_security_options.enabled", "sign_in.fine_grained_access_control"}, func(e Environment) []finding {
		return when(e.saml() && e.FineGrained() && !e.Access.FineGrainedAccessControl && !e.Access.OpenToTheInternet, "sign_in.saml",
			"cannot work behind an access policy that asks for signed requests, which browsers do not send; set access.fine_grained_access_control: true, and leave out administrators, writers and readers")
	}},
	{"a backend role is told", []string{"sign_in.saml.master_backend_role", "sign_in.saml.roles_key"}, func(e Environment) []finding {
		return when(e.saml() && e.SignIn.SAML.MasterBackendRole != "" && e.SignIn.SAML.RolesKey == "", "sign_in.saml.master_backend_role",
			"is never told without roles_key; add the attribute of the assertion that holds a user's roles")
	}},
	// The domain gets the pools' ids alone, and looks for them in its own region.
	{"pools of the region", []string{"region", "sign_in.cognito"}, func(e Environment) []finding {
		if e.SignIn == nil || e.SignIn.Cognito == nil {
			return nil
		}
		var elsewhere []finding
		for _, pool := range []struct{ key, id, end string }{
			{"user_pool_id", e.SignIn.Cognito.UserPoolID, "_"},
			{"identity_pool_id", e.SignIn.Cognito.IdentityPoolID, ":"},
		} {
			region, _, _ := strings.Cut(pool.id, pool.end)
			elsewhere = append(elsewhere, when(pool.id != "" && region != e.Region && !isToken(reflect.ValueOf(pool.id)) && !isToken(reflect.ValueOf(e.Region)), "sign_in.cognito."+pool.key,
				"%s is in %s, and the domain is in %s; name one of that region", quote(pool.id), region, e.Region)...)
		}
		return elsewhere
	}},
	{"pools that are made or exist", []string{"sign_in.cognito"}, func(e Environment) []finding {
		if e.SignIn == nil || e.SignIn.Cognito == nil {
			return nil
		}
		path, cognito := "sign_in.cognito", e.SignIn.Cognito
		exist := cognito.UserPoolID != "" && cognito.IdentityPoolID != ""
		switch {
		case (cognito.UserPoolDomain != "") == (cognito.UserPoolID != "" || cognito.IdentityPoolID != ""), cognito.UserPoolDomain == "" && !exist:
			return found(path, "needs either user_pool_domain, for new pools, or user_pool_id and identity_pool_id; write the one or the others")
		default:
			return when(cognito.SignedInUsers != "" && exist, path+".signed_in_users", "is only for new pools; name the role of yours in access")
		}
	}},
}

package spec

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Cognito is the pools in which the users of Kibana are kept: new ones, or some that exist.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
type Cognito struct {
	// Whether people sign in to Kibana with it. false takes it off the domain and ends the protection of a user pool that is made here, and
	// leaves the pools: deploy that first, and only then take the section out of the file. Default: true.
	Enabled *bool `json:"enabled,omitempty"`

	// Creates a user pool, an identity pool and the role of users who are signed in. The sign-in page gets this name, which must be
	// unique in the region: https://<user_pool_domain>.auth.<region>.amazoncognito.com. A user pool has one: deploy enabled: false before
	// another name, and true after it.
	UserPoolDomain string `json:"user_pool_domain,omitempty"`

	// What users who are signed in may do: "readers" or "administrators", as in access. Default: readers. Only with
	// user_pool_domain; name the role of existing pools in access.
	SignedInUsers string `json:"signed_in_users,omitempty"`

	// Id of an existing user pool that has a domain, such as "eu-central-1_AbCdEf123".
	UserPoolID string `json:"user_pool_id,omitempty"`

	// Id of an existing identity pool.
	IdentityPoolID string `json:"identity_pool_id,omitempty"`

	// ARN of the role by which the domain sets up the pools. Default: a new one, for these two pools alone.
	RoleARN string `json:"role_arn,omitempty"`

	// ARN of the IAM policy that is the permissions boundary of the roles that are made here. Default: none.
	PermissionsBoundary string `json:"permissions_boundary,omitempty"`
}

func (cognito *Cognito) withDefaults() *Cognito {
	if cognito == nil {
		return nil
	}
	filled := *cognito
	filled.Enabled = orPointer(filled.Enabled, true)
	if filled.UserPoolDomain != "" {
		filled.SignedInUsers = cmp.Or(filled.SignedInUsers, "readers")
	}
	return &filled
}

// usesCognito reports whether people sign in to Kibana with Cognito.
func (environment Environment) usesCognito() bool {
	options := environment.Domain.CognitoOptions
	return options != nil && isOn(options.Enabled) || hasCognito(environment) && isOn(environment.SignIn.Cognito.Enabled)
}

// SignedInRoleName is the name of the IAM role of those who sign in with the pools that the stack makes; "" if it makes none. It is known
// before the role is made, so that the access policy is known when Terraform plans.
func (environment Environment) SignedInRoleName() string {
	if !environment.makesPools() {
		return ""
	}
	return environment.Domain.DomainName + "-" + environment.Region + "-kibana"
}

// SignedInUsers is what those may do who sign in with the pools that the stack makes: "readers" or "administrators"; "" if it
// makes none, or has them turned off.
func (environment Environment) SignedInUsers() string {
	if !hasCognito(environment) || !environment.usesCognito() {
		return ""
	}
	return environment.SignIn.Cognito.SignedInUsers
}

// makesCognitoRole reports whether the stack makes the role by which the domain sets up its pools; makesPools, whether it makes the
// pools, and with them the role of those who signed in.
func (environment Environment) makesCognitoRole() bool {
	return hasCognito(environment) && environment.SignIn.Cognito.RoleARN == ""
}

func (environment Environment) makesPools() bool {
	return hasCognito(environment) && environment.SignIn.Cognito.UserPoolDomain != ""
}

// permissionsBoundary is that of the roles that the stack makes; "" if they have none.
func (environment Environment) permissionsBoundary() string {
	if !hasCognito(environment) {
		return ""
	}
	return environment.SignIn.Cognito.PermissionsBoundary
}

var cognitoValues = map[string]allowed{
	"sign_in.cognito.user_pool_domain":     poolDomain,
	"sign_in.cognito.signed_in_users":      oneOf("readers", "administrators"),
	"sign_in.cognito.user_pool_id":         userPool,
	"sign_in.cognito.identity_pool_id":     identityPool,
	"sign_in.cognito.role_arn":             roleARN,
	"sign_in.cognito.permissions_boundary": policyARN,
}

// hasCognito reports whether the section has it; domain.cognito_options may have it as well.
func hasCognito(e Environment) bool {
	return e.SignIn != nil && e.SignIn.Cognito != nil
}

// cognito is what the section says of it; the zero value where it has none.
func (environment Environment) cognito() Cognito {
	if !hasCognito(environment) {
		return Cognito{}
	}
	return *environment.SignIn.Cognito
}

// poolsElsewhere is what is wrong with pools of another region: the domain gets their ids alone, and looks for them in its own.
func poolsElsewhere(path, userPoolID, identityPoolID, here string) []finding {
	var elsewhere []finding
	for _, pool := range []struct{ key, id, end string }{{"user_pool_id", userPoolID, "_"}, {"identity_pool_id", identityPoolID, ":"}} {
		region, _, _ := strings.Cut(pool.id, pool.end)
		unknown := isToken(reflect.ValueOf(pool.id)) || isToken(reflect.ValueOf(here))
		elsewhere = append(elsewhere, when(pool.id != "" && region != here && !unknown, join(path, pool.key),
			"%s is in %s, and the domain is in %s; name one of that region", quote(pool.id), region, here)...)
	}
	return elsewhere
}

var cognitoRules = []rule{
	{"pools of the region", func(e Environment) []finding {
		if !hasCognito(e) {
			return nil
		}
		return poolsElsewhere("sign_in.cognito", e.SignIn.Cognito.UserPoolID, e.SignIn.Cognito.IdentityPoolID, e.Region)
	}},
	{"user pools in the region", func(e Environment) []finding {
		text := "is sign-in with Amazon Cognito, which has no user pools in %s; leave it out, and use sign_in.saml"
		return slices.Concat(
			when(hasCognito(e) && !hasUserPools(e.Region), "sign_in.cognito", text, e.Region),
			when(e.Domain.CognitoOptions != nil && !hasUserPools(e.Region), "domain.cognito_options", text, e.Region))
	}},
	{"a boundary of roles that are made", func(e Environment) []finding {
		return when(e.permissionsBoundary() != "" && !e.makesCognitoRole() && !e.makesPools(), "sign_in.cognito.permissions_boundary",
			"is for roles that are made here, and with user_pool_id and role_arn there are none; leave it out")
	}},
	{"pools that are made or exist", func(e Environment) []finding {
		if !hasCognito(e) {
			return nil
		}
		path, cognito := "sign_in.cognito", e.SignIn.Cognito
		exist := cognito.UserPoolID != "" && cognito.IdentityPoolID != ""
		switch {
		case (cognito.UserPoolDomain != "") == (cognito.UserPoolID != "" || cognito.IdentityPoolID != ""),
			cognito.UserPoolDomain == "" && !exist:
			return findingAt(path,
				"needs either user_pool_domain, for new pools, or user_pool_id and identity_pool_id; write the one or the others")
		default:
			return when(cognito.SignedInUsers != "" && exist, path+".signed_in_users",
				"is only for new pools; name the role of yours in access")
		}
	}},
}

// poolDomain: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
var poolDomain = func() allowed {
	allowed := matches(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`,
		`the name of a sign-in page; use up to 63 lower-case letters, digits and hyphens, a letter or digit at both ends`)
	reserved := func(value any) string {
		for _, word := range []string{"aws", "amazon", "cognito"} {
			if strings.Contains(value.(string), word) {
				return fmt.Sprintf("%s has %q in it, which AWS keeps to itself; choose another name", quote(value.(string)), word)
			}
		}
		return ""
	}
	notMatched := allowed.wrong
	allowed.wrong = func(value any) string { return cmp.Or(reserved(value), notMatched(value)) }
	allowed.alsoWrong = reserved
	return allowed
}()

package review

import (
	"strings"

	"cdktf-aimetrics/review/plan"
)

// The rows of kinds that are many: of the domain, and of how people sign in to it.

// domainWeaker is what weakens a domain, and what AWS keeps of it: UpdateElasticsearchDomainConfig merges what it gets, and what is
// not named stays as it was. Of all arguments that are not here the provider sends that they are off, or plans no change.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/service/elasticsearch/domain.go
var domainWeaker = []weakening{
	{"master user", "advanced_security_options.master_user_options", always, Widened, "the master user may do anything in the domain"},
	{"users", "advanced_security_options.internal_user_database_enabled", turnedOn, Widened,
		"whoever has a user and a password of the domain's own gets in"},
	{"fine-grained", "advanced_security_options.enabled", turnedOff, Widened, "whom the access policy lets in may do anything"},
	{"VPC", "vpc_options.subnet_ids", leavesVPC, Widened, "it is on the internet: its access policy alone keeps people out"},
	{"security groups", "vpc_options.security_group_ids", gained, Widened, "whom these security groups let in reaches it"},
	{"no security groups", "vpc_options.security_group_ids", gone, Widened, "whom the default security group of its VPC lets in may " +
		"reach it"},
	{"Cognito", "cognito_options.enabled", turnedOn, Widened, "whoever has a user in the user pool gets into Kibana"},
	{"user pool", "cognito_options.user_pool_id", replacedBy, Widened, "whoever has a user in that pool gets into Kibana"},
	{"identity pool", "cognito_options.identity_pool_id", replacedBy, Widened, "whoever signs in gets the roles of that pool"},
	{"encryption", "encrypt_at_rest.enabled", turnedOff, Widened, "whoever gets hold of its disks can read them"},
	{"encryption between nodes", "node_to_node_encryption.enabled", turnedOff, Widened, "its nodes talk to each other unencrypted"},
	{"HTTPS", "domain_endpoint_options.enforce_https", turnedOff, Widened, "requests and passwords may come unencrypted"},
	{"TLS", "domain_endpoint_options.tls_security_policy", falls("Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
		"Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-0-2019-07"), Widened,
		"whoever listens on the way may read requests and passwords of clients with older TLS"},
	{"other indices", `advanced_options["rest.action.multi.allow_explicit_index"]`, allowsOtherIndices, Widened,
		"whoever may write or search one index can name any other in a request's body"},
	{"audit logs", "log_publishing_options[AUDIT_LOGS].enabled", saidOff, Widened, "nobody sees any more who did what in the domain"},

	{"former master", "advanced_security_options.master_user_options.master_user_name", anotherMaster, Kept,
		"the former master user still gets in with its password and may do anything: AWS keeps it until the new one deletes it"},
	{"log type", "log_publishing_options", leftOut, Kept,
		"AWS goes on publishing it, and every later plan shows a change: say enabled: false first, take it out second"},
	{"advanced option", "advanced_options", optionStays, Kept, "AWS keeps it as it was: give it the value that it shall have"},

	{"UltraWarm", "cluster_config.warm_enabled", turnedOff, Halfway,
		"AWS refuses while warm or cold indices are there: move them to hot storage, or delete them, first"},
	{"cold storage", "cluster_config.cold_storage_options.enabled", turnedOff, Halfway,
		"AWS refuses while cold indices are there: move them to warm storage, or delete them, first"},
}

func leavesVPC(_ plan.Argument, before, after plan.Value) bool {
	return !before.Child("vpc_options").IsEmpty() && after.Child("vpc_options").IsEmpty() && !after.Child("vpc_options").HoldsUnknown()
}

// saidOff: turned off, and not only left out.
func saidOff(a plan.Argument, before, after plan.Value) bool {
	return turnedOff(a, before, after) && !leftOut(a, before, after)
}

// leftOut: something that is on is no longer said.
func leftOut(a plan.Argument, _, _ plan.Value) bool {
	return (a.Before.IsTrue() || a.Before.IsSensitive()) && a.After.IsNull() && !a.After.HoldsUnknown()
}

// allowsOtherIndices: the option that keeps requests to the index of their path goes back to AWS's default. Left out it stays.
func allowsOtherIndices(a plan.Argument, _, _ plan.Value) bool {
	return a.Before.Text() == "false" && a.After.Text() != "false" && there(a, plan.Value{}, plan.Value{})
}

// advancedDefaults is what AWS sets of the advanced options where nobody does.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html#createdomain-configure-advanced-options
var advancedDefaults = map[string]string{
	`advanced_options["rest.action.multi.allow_explicit_index"]`: "true",
	"advanced_options.override_main_response_version":            "false",
}

func optionStays(a plan.Argument, before, after plan.Value) bool {
	return gone(a, before, after) && a.Before.Text() != advancedDefaults[a.Path]
}

// replacedBy: another value comes in the place of one.
func replacedBy(a plan.Argument, _, _ plan.Value) bool {
	return !a.Before.IsEmpty() && there(a, plan.Value{}, plan.Value{})
}

// samlWeak is what is weak of the sign-in by SAML, changed or new.
var samlWeak = []weakening{
	{"master role", "saml_options.master_backend_role", there, Widened, "whoever has it may do anything in the domain"},
	{"master user", "saml_options.master_user_name", there, Widened, "this user may do anything in the domain"},
}

// samlWeaker is what weakens the sign-in by SAML. What a master was AWS has put into a role of the domain's own, and does not take out.
var samlWeaker = []weakening{
	{"provider", "saml_options.idp", there, Widened, "whoever it signs in gets in"},
	{"roles", "saml_options.roles_key", always, Widened, "who has which role is read from another attribute, or from none"},
	{"subject", "saml_options.subject_key", always, Widened, "who somebody is, is read from another attribute"},
	{"session", "saml_options.session_timeout_minutes", larger, Widened,
		"whoever sits down at a browser that is signed in is in for longer"},

	{"left out", "saml_options.enabled", samlLeftOut, Kept,
		"people still get in by SAML: AWS is not told that it is off. Say enabled: false first, take it out second"},
	{"former master role", "saml_options.master_backend_role", had, Kept,
		"whoever has the former role may still do anything: AWS keeps it in the role all_access until somebody takes it out"},
	{"former master user", "saml_options.master_user_name", had, Kept,
		"the former user may still do anything: AWS keeps it in the role all_access until somebody takes it out"},
}

func had(a plan.Argument, _, _ plan.Value) bool { return !a.Before.IsEmpty() }

func samlLeftOut(a plan.Argument, before, after plan.Value) bool {
	return leftOut(a, before, after) && after.Child("saml_options").IsEmpty()
}

var samlStays = remainder{
	says: "people still get in by SAML: AWS is not told that it is off. Say enabled: false first, take it out second",
	unless: func(before plan.Value) bool {
		enabled := before.Block("saml_options", "enabled")
		return !enabled.IsTrue() && !enabled.IsSensitive()
	},
	of: "domain_name",
}

// samlGrant: its end says nothing of who no longer gets in, see samlStays.
var samlGrant = grant{
	gains: "now lets", first: subject{"domain_name", "whom its identity provider signs in into the domain "},
	unless: func(v plan.Value) bool { return v.Block("saml_options", "enabled").Text() == "false" },
}

var endpointGrant = grant{
	gains: "now lets", loses: "no longer lets", first: subject{"vpc_options.subnet_ids", "who is in the network of "},
	join: " reach ", second: []subject{{"domain_arn", ""}}, how: "vpc_options.security_group_ids",
}

// userPoolWeak is what is weak of a user pool, changed or new.
var userPoolWeak = []weakening{
	{"sign-up", "admin_create_user_config", signUp, Opened, "everybody can sign up by themselves, and gets in"},
}

// userPoolWeaker is what weakens a user pool: who gets a user, how they show who they are, and what runs in between.
var userPoolWeaker = []weakening{
	{"second factor", "mfa_configuration", falls("ON", "OPTIONAL", "OFF"), Widened,
		"whoever has a password gets in, without a second factor"},
	{"software token", "software_token_mfa_configuration.enabled", turnedOff, Widened, "nobody can have a second factor of their own"},
	{"threats", "user_pool_add_ons.advanced_security_mode", falls("ENFORCED", "AUDIT", "OFF"), Widened,
		"who guesses or has stolen a password is no longer stopped"},
	{"threats elsewhere", "user_pool_add_ons.advanced_security_additional_flows.custom_auth_mode", falls("ENFORCED", "AUDIT"), Widened,
		"who guesses their way in is no longer stopped"},
	{"tier", "user_pool_tier", falls("PLUS", "ESSENTIALS", "LITE"), Widened, "protection against threats comes with the higher tier"},
	{"password length", "password_policy.minimum_length", smaller, Widened, "passwords are guessed sooner"},
	{"password history", "password_policy.password_history_size", smaller, Widened, "old passwords may be used again"},
	{"lower case", "password_policy.require_lowercase", turnedOff, Widened, "passwords are guessed sooner"},
	{"upper case", "password_policy.require_uppercase", turnedOff, Widened, "passwords are guessed sooner"},
	{"numbers", "password_policy.require_numbers", turnedOff, Widened, "passwords are guessed sooner"},
	{"symbols", "password_policy.require_symbols", turnedOff, Widened, "passwords are guessed sooner"},
	{"temporary passwords", "password_policy.temporary_password_validity_days", larger, Widened,
		"who finds a temporary password gets in with it for longer"},
	{"first factor", "sign_in_policy.allowed_first_auth_factors", gained, Widened, "whoever has one of these gets in"},
	{"passkeys", "web_authn_configuration.user_verification", falls("required", "preferred"), Widened,
		"whoever holds somebody's key gets in, without showing who they are"},
	{"passkeys' site", "web_authn_configuration.relying_party_id", there, Widened, "who has a key for that site gets in"},
	{"new devices", "device_configuration.challenge_required_on_new_device", turnedOff, Widened,
		"a new device is asked for no second factor"},
	{"remembered devices", "device_configuration.device_only_remembered_on_user_prompt", turnedOff, Widened,
		"every device is remembered, and asked for no second factor"},
	{"recovery", "account_recovery_setting", always, Widened, "whoever gets what is sent there can set a new password"},
	{"verification", "user_attribute_update_settings", lost, Widened, "an address is changed before anybody shows that it is theirs"},
	{"verified", "auto_verified_attributes", lost, Widened, "an address counts before anybody shows that it is theirs"},
	{"triggers", "lambda_config", always, Widened, "what runs there decides who gets in, or sees the codes that are sent"},
	{"code", "email_configuration.source_arn", there, Widened, "whoever has that sender sees the codes that are mailed"},
	{"texts", "sms_configuration.sns_caller_arn", there, Widened, "this role sends the codes"},
	{"protection", "deletion_protection", falls("ACTIVE", "INACTIVE"), DataAtRisk, "whoever may delete it deletes all its users with it"},
}

// lost: a list has an element no longer, or there is none.
func lost(a plan.Argument, _, _ plan.Value) bool {
	return gained(plan.Argument{Before: a.After, After: a.Before}, plan.Value{}, plan.Value{})
}

// clientGrant: the tokens of those who sign in through a client are what identity pools ask for.
var clientGrant = grant{
	gains: "now lets", loses: "no longer lets", first: subject{"name", "people sign in through the client "},
	join: " with ", second: []subject{{"user_pool_id", "the user pool "}},
}

// clientWeaker is what weakens a client of a user pool: who gets the tokens of those who sign in, by which ways, and for how long.
var clientWeaker = []weakening{
	{"callbacks", "callback_urls", gained, Widened, "who answers there gets the tokens of those who sign in"},
	{"default callback", "default_redirect_uri", there, Widened, "who answers there gets the tokens of those who sign in"},
	{"ways to sign in", "explicit_auth_flows", gained, Widened, "passwords and codes are taken in that way too"},
	{"flows of OAuth", "allowed_oauth_flows", gained, Widened, "tokens are handed out in that way too"},
	{"OAuth", "allowed_oauth_flows_user_pool_client", turnedOn, Widened, "tokens are handed out by OAuth too"},
	{"scopes of OAuth", "allowed_oauth_scopes", gained, Widened, "who has a token may do more with it"},
	{"identity providers", "supported_identity_providers", gained, Widened, "whom that identity provider signs in gets in"},
	{"attributes", "write_attributes", gained, Widened, "people may change that of themselves, by which others may know their rights"},
	{"reading attributes", "read_attributes", gained, Widened, "who has a token may read that of whose it is"},
	{"rotation", "refresh_token_rotation.feature", falls("ENABLED", "DISABLED"), Widened,
		"whoever got hold of a session goes on with it beside whose it is"},
	{"revocation", "enable_token_revocation", turnedOff, Widened, "who was signed out gets in until the token ends"},
	{"who there is", "prevent_user_existence_errors", falls("ENABLED", "LEGACY"), Widened, "everybody can find out who has a user"},
	{"session", "refresh_token_validity", larger, Widened, "whoever got hold of a session has it for longer"},
	{"access token", "access_token_validity", larger, Widened, "whoever got hold of a token has it for longer"},
	{"id token", "id_token_validity", larger, Widened, "whoever got hold of a token has it for longer"},
	{"units", "token_validity_units", always, Widened, "tokens may hold for longer"},
}

// identityPoolWeak is what is weak of an identity pool, changed or new.
var identityPoolWeak = []weakening{
	{"guests", "allow_unauthenticated_identities", turnedOn, Opened, "everybody gets the role of guests, without signing in"},
	{"classic flow", "allow_classic_flow", turnedOn, Widened,
		"whoever signs in chooses among the roles that trust it, with less of a limit"},
}

var identityPoolWeaker = []weakening{
	{"users", "cognito_identity_providers", letsIn, Widened, "whoever has a user there gets its roles"},
	{"token check", "cognito_identity_providers", checksLess, Widened, "who was signed out or deleted gets in until the token ends"},
	{"OpenID Connect", "openid_connect_provider_arns", gained, Widened, "whoever signs in there gets its roles"},
	{"SAML", "saml_provider_arns", gained, Widened, "whoever signs in there gets its roles"},
	{"social", "supported_login_providers", there, Widened, "everybody with an account there gets its roles"},
	{"developer", "developer_provider_name", there, Widened, "whom the developers' own sign-in names gets its roles"},
}

func letsIn(a plan.Argument, before, after plan.Value) bool {
	return !isTokenCheck(a) && gained(a, before, after)
}

func checksLess(a plan.Argument, before, after plan.Value) bool {
	return isTokenCheck(a) && turnedOff(a, before, after)
}

func isTokenCheck(a plan.Argument) bool { return strings.HasSuffix(a.Path, ".server_side_token_check") }

// roleWeaker is what weakens a role beside the policy that says who may become it.
var roleWeaker = []weakening{
	{"inline policies", "inline_policy", gained, Widened, "whoever becomes it may do what that policy allows"},
	{"policies", "managed_policy_arns", gained, Widened, "whoever becomes it may do what these policies allow"},
	{"boundary", "permissions_boundary", had, Widened, "another policy, or none, limits what its policies allow"},
	{"session", "max_session_duration", larger, Widened, "whoever got hold of a session has it for longer"},
}

// riskWeaker is what weakens a user pool's protection against who has stolen a password.
var riskWeaker = []weakening{
	{"stolen passwords", "compromised_credentials_risk_configuration.actions.event_action", ceases("BLOCK"), Widened,
		"who has stolen a password is no longer stopped"},
	{"low risk", "account_takeover_risk_configuration.actions.low_action.event_action", lessStopped, Widened,
		"who is likely to be somebody else is stopped less"},
	{"medium risk", "account_takeover_risk_configuration.actions.medium_action.event_action", lessStopped, Widened,
		"who is likely to be somebody else is stopped less"},
	{"high risk", "account_takeover_risk_configuration.actions.high_action.event_action", lessStopped, Widened,
		"who is likely to be somebody else is stopped less"},
	{"addresses", "risk_exception_configuration.skipped_ip_range_list", gained, Widened, "who comes from there is never stopped"},
	{"blocked addresses", "risk_exception_configuration.blocked_ip_range_list", lost, Widened, "who comes from there is no longer stopped"},
}

var lessStopped = falls("BLOCK", "MFA_REQUIRED", "MFA_IF_CONFIGURED", "NO_ACTION")

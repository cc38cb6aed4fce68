package review

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/internal/snapshot"
)

// door is a change that trips a row of kinds: its type and row, and what the resource has before and after.
type door struct {
	row           string // type.id
	before, after object
}

// block is an object as Terraform has a block of which there can be one.
func block(values object) []any { return []any{values} }

// nested is an object with a value at the end of a path of blocks.
func nested(path string, value any) object {
	steps := strings.Split(path, ".")
	for i := len(steps) - 1; i > 0; i-- {
		value = block(object{steps[i]: value})
	}
	return object{steps[0]: value}
}

// on is a door through one argument in blocks.
func on(row, path string, before, after any) door {
	return door{row, nested(path, before), nested(path, after)}
}

// doors trip every row of kinds, see TestEveryWeakening; those of a twin are the same.
var doors = func() []door {
	const domain, saml, pool = "aws_elasticsearch_domain.", "aws_elasticsearch_domain_saml_options.", "aws_cognito_user_pool."
	const identities, roles, role, key = "aws_cognito_identity_pool.", "aws_cognito_identity_pool_roles_attachment.", "aws_iam_role.", "aws_kms_key."
	const tls, client = "Policy-Min-TLS-1-", "aws_cognito_user_pool_client."
	const risk, bucket = "aws_cognito_risk_configuration.", "aws_s3_bucket."
	const encryption = "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default."
	const everyone = "http://acs.amazonaws.com/groups/global/"
	logs := func(logType string, enabled any) any {
		return []any{object{"log_type": logType, "enabled": enabled, "cloudwatch_log_group_arn": "arn:g"}}
	}
	master := func(name string) object {
		return object{"advanced_security_options": block(object{"internal_user_database_enabled": true, "master_user_options": block(object{"master_user_name": name})})}
	}
	option := func(values ...string) object {
		options := object{}
		for i := 0; i < len(values); i += 2 {
			options[values[i]] = values[i+1]
		}
		return object{"advanced_options": options}
	}
	return []door{
		on("aws_opensearch_domain.anonymous", "advanced_security_options.anonymous_auth_enabled", false, true),
		{"aws_opensearch_domain.anonymous", nil, nested("advanced_security_options.anonymous_auth_enabled", true)},
		on("aws_opensearch_domain.IPv6", "ip_address_type", "ipv4", "dualstack"),
		on("aws_opensearch_domain.identity center", "identity_center_options.enabled_api_access", false, true),
		on("aws_opensearch_domain.other identity center", "identity_center_options.identity_center_instance_arn", "arn:a", "arn:b"),
		on("aws_opensearch_domain.JWT", "advanced_security_options.jwt_options.enabled", false, true),
		on("aws_opensearch_domain.key of JWT", "advanced_security_options.jwt_options.public_key", "a", "b"),
		on("aws_opensearch_domain.roles of JWT", "advanced_security_options.jwt_options.roles_key", "a", ""),
		on("aws_opensearch_domain.subject of JWT", "advanced_security_options.jwt_options.subject_key", "a", "b"),
		on("aws_opensearch_domain.updates", "software_update_options.auto_software_update_enabled", true, false),
		on(domain+"master user", "advanced_security_options.master_user_options.master_user_arn", "arn:a", "arn:b"),
		on(domain+"users", "advanced_security_options.internal_user_database_enabled", false, true),
		on(domain+"fine-grained", "advanced_security_options.enabled", true, false),
		{domain + "VPC", nested("vpc_options.subnet_ids", []any{"subnet-a"}), object{"vpc_options": []any{}}},
		on(domain+"security groups", "vpc_options.security_group_ids", []any{"sg-a", "sg-b"}, []any{"sg-b", "sg-c"}),
		on(domain+"no security groups", "vpc_options.security_group_ids", []any{"sg-a"}, []any{}),
		on(domain+"Cognito", "cognito_options.enabled", false, true),
		on(domain+"user pool", "cognito_options.user_pool_id", "a", "b"),
		on(domain+"identity pool", "cognito_options.identity_pool_id", "a", "b"),
		on(domain+"encryption", "encrypt_at_rest.enabled", true, false),
		on(domain+"encryption between nodes", "node_to_node_encryption.enabled", true, false),
		on(domain+"HTTPS", "domain_endpoint_options.enforce_https", true, false),
		on(domain+"TLS", "domain_endpoint_options.tls_security_policy", tls+"2-RFC9151-FIPS-2024-08", tls+"2-PFS-2023-10"),
		on(domain+"TLS", "domain_endpoint_options.tls_security_policy", tls+"2-PFS-2023-10", tls+"2-2019-07"),
		on(domain+"TLS", "domain_endpoint_options.tls_security_policy", tls+"2-2019-07", tls+"0-2019-07"),
		on(domain+"TLS", "domain_endpoint_options.tls_security_policy", "one that is new to us", tls+"0-2019-07"),
		{domain + "other indices", option("rest.action.multi.allow_explicit_index", "false"), option("rest.action.multi.allow_explicit_index", "true")},
		{domain + "audit logs", object{"log_publishing_options": logs("AUDIT_LOGS", true)}, object{"log_publishing_options": logs("AUDIT_LOGS", false)}},
		{domain + "former master", master("a"), master("b")},
		{domain + "log type", object{"log_publishing_options": logs("INDEX_SLOW_LOGS", true)}, object{"log_publishing_options": []any{}}},
		{domain + "advanced option", option("a", "1", "b", "2"), option("b", "2")},
		{domain + "advanced option", option("rest.action.multi.allow_explicit_index", "false", "b", "2"), option("b", "2")},
		on(domain+"UltraWarm", "cluster_config.warm_enabled", true, false),
		on(domain+"cold storage", "cluster_config.cold_storage_options.enabled", true, false),

		on(saml+"provider", "saml_options.idp.entity_id", "a", "b"),
		on(saml+"master role", "saml_options.master_backend_role", "", "b"),
		on(saml+"master user", "saml_options.master_user_name", "", "b"),
		on(saml+"roles", "saml_options.roles_key", "a", ""),
		on(saml+"subject", "saml_options.subject_key", "a", "b"),
		on(saml+"session", "saml_options.session_timeout_minutes", 60, 90),
		{saml + "left out", nested("saml_options.enabled", true), object{"saml_options": []any{}}},
		on(saml+"former master role", "saml_options.master_backend_role", "a", ""),
		on(saml+"former master user", "saml_options.master_user_name", "a", "b"),

		on(pool+"sign-up", "admin_create_user_config.allow_admin_create_user_only", true, false),
		{pool + "sign-up", nil, object{"name": "p"}},
		{pool + "sign-up", nil, nested("admin_create_user_config.allow_admin_create_user_only", false)},
		on(pool+"second factor", "mfa_configuration", "ON", "OPTIONAL"),
		on(pool+"second factor", "mfa_configuration", "OPTIONAL", "OFF"),
		on(pool+"software token", "software_token_mfa_configuration.enabled", true, false),
		on(pool+"threats", "user_pool_add_ons.advanced_security_mode", "ENFORCED", "AUDIT"),
		on(pool+"threats", "user_pool_add_ons.advanced_security_mode", "AUDIT", "OFF"),
		on(pool+"threats elsewhere", "user_pool_add_ons.advanced_security_additional_flows.custom_auth_mode", "ENFORCED", "AUDIT"),
		on(pool+"tier", "user_pool_tier", "PLUS", "ESSENTIALS"),
		on(pool+"tier", "user_pool_tier", "ESSENTIALS", "LITE"),
		on(pool+"password length", "password_policy.minimum_length", 14, 8),
		on(pool+"password history", "password_policy.password_history_size", 5, 0),
		on(pool+"lower case", "password_policy.require_lowercase", true, false),
		on(pool+"upper case", "password_policy.require_uppercase", true, false),
		on(pool+"numbers", "password_policy.require_numbers", true, false),
		on(pool+"symbols", "password_policy.require_symbols", true, false),
		on(pool+"temporary passwords", "password_policy.temporary_password_validity_days", 7, 30),
		on(pool+"first factor", "sign_in_policy.allowed_first_auth_factors", []any{"PASSWORD"}, []any{"PASSWORD", "EMAIL_OTP"}),
		on(pool+"passkeys", "web_authn_configuration.user_verification", "required", "preferred"),
		on(pool+"passkeys' site", "web_authn_configuration.relying_party_id", "a.example", "b.example"),
		on(pool+"new devices", "device_configuration.challenge_required_on_new_device", true, false),
		on(pool+"remembered devices", "device_configuration.device_only_remembered_on_user_prompt", true, false),
		on(pool+"recovery", "account_recovery_setting.recovery_mechanism.name", "admin_only", "verified_email"),
		on(pool+"verification", "user_attribute_update_settings.attributes_require_verification_before_update", []any{"email"}, []any{}),
		on(pool+"verified", "auto_verified_attributes", []any{"email"}, []any{}),
		on(pool+"triggers", "lambda_config.pre_sign_up", "arn:f", ""),
		on(pool+"code", "email_configuration.source_arn", "", "arn:s"),
		on(pool+"texts", "sms_configuration.sns_caller_arn", "arn:a", "arn:b"),
		on(pool+"protection", "deletion_protection", "ACTIVE", "INACTIVE"),

		on(identities+"guests", "allow_unauthenticated_identities", false, true),
		on(identities+"classic flow", "allow_classic_flow", false, true),
		on(identities+"users", "cognito_identity_providers.client_id", "a", "b"),
		on(identities+"token check", "cognito_identity_providers.server_side_token_check", true, false),
		on(identities+"OpenID Connect", "openid_connect_provider_arns", []any{}, []any{"arn:o"}),
		on(identities+"SAML", "saml_provider_arns", []any{"arn:a"}, []any{"arn:a", "arn:s"}),
		{identities + "social", object{"supported_login_providers": object{}}, object{"supported_login_providers": object{"graph.facebook.com": "1"}}},
		on(identities+"developer", "developer_provider_name", "", "login"),
		{roles + "guests", object{"roles": object{"authenticated": "arn:r"}}, object{"roles": object{"authenticated": "arn:r", "unauthenticated": "arn:g"}}},
		{roles + "role", object{"roles": object{"authenticated": "arn:r"}}, object{"roles": object{"authenticated": "arn:s"}}},
		{roles + "unknown roles", object{"roles": object{"authenticated": "arn:r"}}, object{"roles": unknownValue}},
		on(roles+"mapping", "role_mapping.type", "Token", "Rules"),
		on("aws_cognito_user.enabled", "enabled", false, true),
		on("aws_cognito_user.password", "password", "a", "b"),
		on("aws_cognito_user.temporary password", "temporary_password", "a", "b"),
		{"aws_cognito_user.attributes", object{"attributes": object{"email": "a@example.com"}}, object{"attributes": object{"email": "b@example.com"}}},
		on("aws_cognito_user.alias", "force_alias_creation", false, true),
		on("aws_cognito_user_group.role", "role_arn", "", "arn:r"),
		{"aws_cognito_user_group.role", nil, object{"name": "g", "role_arn": "arn:r"}},
		on("aws_cognito_user_group.precedence", "precedence", 1, 2),
		on(client+"callbacks", "callback_urls", []any{"https://a.example"}, []any{"https://a.example", "https://b.example"}),
		on(client+"default callback", "default_redirect_uri", "https://a.example", "https://b.example"),
		on(client+"ways to sign in", "explicit_auth_flows", []any{"ALLOW_USER_SRP_AUTH"}, []any{"ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"}),
		on(client+"flows of OAuth", "allowed_oauth_flows", []any{"code"}, []any{"code", "implicit"}),
		on(client+"OAuth", "allowed_oauth_flows_user_pool_client", false, true),
		on(client+"reading attributes", "read_attributes", []any{"name"}, []any{"name", "email"}),
		on(client+"rotation", "refresh_token_rotation.feature", "ENABLED", "DISABLED"),
		on(client+"scopes of OAuth", "allowed_oauth_scopes", []any{"openid"}, []any{"openid", "aws.cognito.signin.user.admin"}),
		on(client+"identity providers", "supported_identity_providers", []any{"COGNITO"}, []any{"COGNITO", "Google"}),
		on(client+"attributes", "write_attributes", []any{"name"}, []any{"name", "email"}),
		on(client+"revocation", "enable_token_revocation", true, false),
		on(client+"who there is", "prevent_user_existence_errors", "ENABLED", "LEGACY"),
		on(ofOne, "generate_secret", true, false),
		on(client+"session", "refresh_token_validity", 1, 30),
		on(client+"access token", "access_token_validity", 1, 24),
		on(client+"id token", "id_token_validity", 1, 24),
		on(client+"units", "token_validity_units.refresh_token", "hours", "days"),
		on("aws_s3_bucket_public_access_block.new ACLs", "block_public_acls", true, false),
		on("aws_s3_bucket_public_access_block.new policies", "block_public_policy", true, false),
		on("aws_s3_bucket_public_access_block.ACLs", "ignore_public_acls", true, false),
		on("aws_s3_bucket_public_access_block.policies", "restrict_public_buckets", true, false),
		on("aws_s3_account_public_access_block.new ACLs", "block_public_acls", true, false),
		on("aws_s3_account_public_access_block.new policies", "block_public_policy", true, false),
		on("aws_s3_account_public_access_block.ACLs", "ignore_public_acls", true, false),
		on("aws_s3_account_public_access_block.policies", "restrict_public_buckets", true, false),
		on("aws_wafv2_web_acl_association.web ACL", "web_acl_arn", "arn:a", "arn:b"),
		on("aws_s3_bucket_acl.ACL", "acl", "private", "public-read-write"),
		on("aws_s3_bucket_acl.ACL", "acl", "private", "authenticated-read"),
		{"aws_s3_bucket_acl.ACL", nil, object{"acl": "public-read"}},
		on("aws_s3_bucket_acl.grants", "access_control_policy.grant.grantee.uri", "", everyone+"AllUsers"),
		on("aws_s3_bucket_acl.grants", "access_control_policy.grant.grantee.uri", "", everyone+"AuthenticatedUsers"),
		on("aws_secretsmanager_secret_policy.public", "block_public_policy", true, false),
		on("aws_iam_access_key.status", "status", "Inactive", "Active"),
		{"aws_kms_grant.constraints", nested("constraints.encryption_context_equals", object{"a": "b"}), object{"constraints": []any{}}},
		on("aws_kms_grant.retiring principal", "retiring_principal", "arn:r", ""),
		{"aws_cognito_identity_provider.provider", object{"provider_details": object{"client_id": "a"}}, object{"provider_details": object{"client_id": "b"}}},
		{"aws_cognito_identity_provider.attributes", object{"attribute_mapping": object{"username": "sub"}}, object{"attribute_mapping": object{"username": "email"}}},
		on("aws_cognito_identity_provider.identifiers", "idp_identifiers", []any{}, []any{"a.example"}),

		on(role+"inline policies", "inline_policy.policy", "{}", `{"Statement":[]}`),
		on(role+"policies", "managed_policy_arns", []any{}, []any{"arn:p"}),
		on(role+"boundary", "permissions_boundary", "arn:b", ""),
		on(role+"session", "max_session_duration", 3600, 7200),
		on("aws_iam_openid_connect_provider.audience", "client_id_list", []any{"a"}, []any{"a", "b"}),
		on("aws_iam_openid_connect_provider.thumbprint", "thumbprint_list", []any{"a"}, []any{"b"}),
		on("aws_iam_saml_provider.metadata", "saml_metadata_document", "a", "b"),

		on(key+"disabled", "is_enabled", true, false),
		on(key+"waiting period", "deletion_window_in_days", 30, 7),
		on(key+"rotation", "enable_key_rotation", true, false),
		on(key+"rotation period", "rotation_period_in_days", 90, 365),
		on(key+"lockout", "bypass_policy_lockout_safety_check", false, true),
		on("aws_kms_alias.key", "target_key_id", "a", "b"),
		on("aws_cloudwatch_log_group.retention", "retention_in_days", 365, 7),
		on("aws_cloudwatch_log_group.key", "kms_key_id", "arn:k", ""),
		on("aws_cloudwatch_log_group.other key", "kms_key_id", "arn:k", "arn:l"),
		on("aws_sns_topic.key", "kms_master_key_id", "arn:k", ""),
		on("aws_sns_topic.other key", "kms_master_key_id", "arn:k", "arn:l"),
		on("aws_secretsmanager_secret.recovery window", "recovery_window_in_days", 30, 7),
		on("aws_secretsmanager_secret.key", "kms_key_id", "arn:k", ""),
		on("aws_secretsmanager_secret.other key", "kms_key_id", "arn:k", "arn:l"),
		{"aws_secretsmanager_secret.replica", object{"replica": []any{}}, nested("replica.region", "eu-central-1")},
		{"aws_route53_record.records", object{"name": "metrics.example.com", "records": []any{"a"}}, object{"name": "metrics.example.com", "records": []any{"b"}}},
		{"aws_route53_record.alias", within(nested("alias.name", "a"), "name", "m.example.com"), within(nested("alias.name", "b"), "name", "m.example.com")},
		on("aws_acm_certificate.transparency", "options.certificate_transparency_logging_preference", "ENABLED", "DISABLED"),
		on("aws_acm_certificate.private key", "private_key", "a", "b"),
		{saml + "master user", nil, nested("saml_options.master_user_name", "a")},
		{"aws_sns_topic_subscription.endpoint", nil, object{"topic_arn": "arn:aws:sns:eu-central-1:111122223333:t", "protocol": "https", "endpoint": "https://a.example"}},
		{"aws_sns_topic_subscription.endpoint", nil, object{"topic_arn": "arn:aws:sns:eu-central-1:111122223333:t", "protocol": "sqs", "endpoint": "arn:aws:sqs:eu-central-1:444455556666:q"}},
		on("aws_iam_user.boundary", "permissions_boundary", "arn:b", ""),
		on("aws_iam_user_ssh_key.key", "public_key", "a", "b"),
		on("aws_iam_user_ssh_key.status", "status", "Inactive", "Active"),
		on("aws_iam_service_specific_credential.status", "status", "Inactive", "Active"),
		on("aws_iam_virtual_mfa_device.device", "virtual_mfa_device_name", "a", "b"),
		on("aws_iam_account_password_policy.length", "minimum_password_length", 14, 8),
		on("aws_iam_account_password_policy.lower case", "require_lowercase_characters", true, false),
		on("aws_iam_account_password_policy.upper case", "require_uppercase_characters", true, false),
		on("aws_iam_account_password_policy.numbers", "require_numbers", true, false),
		on("aws_iam_account_password_policy.symbols", "require_symbols", true, false),
		on("aws_iam_account_password_policy.history", "password_reuse_prevention", 5, 1),
		on("aws_iam_account_password_policy.age", "max_password_age", 30, 90),
		on("aws_rolesanywhere_profile.session policies", "managed_policy_arns", []any{"arn:p"}, []any{}),
		on("aws_rolesanywhere_profile.session policy", "session_policy", "{}", ""),
		on("aws_rolesanywhere_profile.session", "duration_seconds", 900, 3600),
		on("aws_rolesanywhere_trust_anchor.authority", "source.source_data.acm_pca_arn", "arn:a", "arn:b"),
		on("aws_vpc_endpoint.security groups", "security_group_ids", []any{"sg-a"}, []any{"sg-b"}),
		on("aws_network_interface.security groups", "security_groups", []any{"sg-a"}, []any{"sg-b"}),
		on("aws_kms_key_policy.default", "key_id", "k", ""),
		on("aws_kms_key_policy.lockout", "bypass_policy_lockout_safety_check", false, true),
		on("aws_kms_replica_key.disabled", "enabled", true, false),
		on("aws_kms_replica_key.waiting period", "deletion_window_in_days", 30, 7),
		on("aws_kms_replica_key.lockout", "bypass_policy_lockout_safety_check", false, true),
		on("aws_kms_external_key.disabled", "enabled", true, false),
		on("aws_kms_external_key.waiting period", "deletion_window_in_days", 30, 7),
		on("aws_kms_external_key.lockout", "bypass_policy_lockout_safety_check", false, true),
		on("aws_kms_external_key.material", "key_material_base64", "a", "b"),
		on("aws_kms_external_key.end", "valid_to", "", "2027-01-01T00:00:00Z"),
		on("aws_sqs_queue.key", "kms_master_key_id", "arn:k", ""),
		on("aws_sqs_queue.other key", "kms_master_key_id", "arn:k", "arn:l"),
		on("aws_sqs_queue.encryption", "sqs_managed_sse_enabled", true, false),
		on("aws_sns_topic_data_protection_policy.masking", "policy", "{}", `{"Statement":[]}`),
		on("aws_cloudwatch_log_data_protection_policy.masking", "policy_document", "{}", `{"Statement":[]}`),
		{"aws_cloudwatch_log_account_policy.subscription", nil, object{"policy_type": "SUBSCRIPTION_FILTER_POLICY", "policy_document": `{"DestinationArn":"arn:d"}`}},
		{"aws_cloudwatch_event_rule.state", object{"event_pattern": "{}", "state": "ENABLED"}, object{"event_pattern": "{}", "state": "DISABLED"}},
		{"aws_cloudwatch_event_rule.enabled", object{"event_pattern": "{}", "is_enabled": true}, object{"event_pattern": "{}", "is_enabled": false}},
		on("aws_cloudwatch_event_rule.gone", "event_pattern", "{}", ""),
		on("aws_cloudwatch_event_target.topic", "arn", "arn:aws:sns:eu-central-1:111122223333:a", "arn:aws:sns:eu-central-1:111122223333:b"),
		{"aws_cloudwatch_event_permission.everybody", nil, object{"principal": "*"}},
		{"aws_cloudwatch_event_permission.condition", object{"principal": "*", "condition": block(object{"key": "aws:PrincipalOrgID"})}, object{"principal": "*", "condition": []any{}}},
		{"aws_lambda_permission.everybody", nil, object{"principal": "*"}},
		on("aws_lambda_permission.organization", "principal_org_id", "o-1", ""),
		on("aws_lambda_permission.account", "source_account", "111122223333", ""),
		on(risk+"stolen passwords", "compromised_credentials_risk_configuration.actions.event_action", "BLOCK", "NO_ACTION"),
		on(risk+"low risk", "account_takeover_risk_configuration.actions.low_action.event_action", "MFA_IF_CONFIGURED", "NO_ACTION"),
		on(risk+"medium risk", "account_takeover_risk_configuration.actions.medium_action.event_action", "MFA_REQUIRED", "MFA_IF_CONFIGURED"),
		on(risk+"high risk", "account_takeover_risk_configuration.actions.high_action.event_action", "BLOCK", "MFA_REQUIRED"),
		on(risk+"addresses", "risk_exception_configuration.skipped_ip_range_list", []any{}, []any{"10.0.0.0/8"}),
		on(risk+"blocked addresses", "risk_exception_configuration.blocked_ip_range_list", []any{"10.0.0.0/8"}, []any{}),
		{"aws_cognito_identity_pool_provider_principal_tag.tags", nil, object{"principal_tags": object{"team": "sub"}}},
		{"aws_cognito_identity_pool_provider_principal_tag.defaults", nil, object{"use_defaults": true}},
		{"aws_route53_record.share", nil, object{"name": "metrics.example.com", "set_identifier": "b"}},
		on(bucket+"ACL", "acl", "private", "public-read"),
		on(bucket+"ACL", "acl", "private", "public-read-write"),
		on(bucket+"ACL", "acl", "private", "authenticated-read"),
		on(bucket+"grants", "grant.uri", "", everyone+"AllUsers"),
		on(bucket+"others", "grant.id", "", "79a5"),
		on(bucket+"versioning", "versioning.enabled", true, false),
		on(bucket+"second factor", "versioning.mfa_delete", true, false),
		on(bucket+"key", encryption+"kms_master_key_id", "arn:k", ""),
		on(bucket+"other key", encryption+"kms_master_key_id", "arn:k", "arn:l"),
		on(bucket+"logging", "logging.target_bucket", "a", "b"),
		on(bucket+"copies", "replication_configuration.rules.destination.bucket", "", "arn:aws:s3:::b"),
		on("aws_s3_bucket_acl.others", "access_control_policy.grant.grantee.id", "", "79a5"),
		{"aws_s3_bucket_public_access_block.no new ACLs", nil, object{"block_public_acls": false}},
		{"aws_s3_bucket_public_access_block.no new policies", nil, object{"block_public_policy": false}},
		{"aws_s3_bucket_public_access_block.no ACLs", nil, object{"ignore_public_acls": false}},
		{"aws_s3_bucket_public_access_block.no policies", nil, object{"restrict_public_buckets": false}},
		on("aws_s3_bucket_ownership_controls.ACLs", "rule.object_ownership", "BucketOwnerEnforced", "ObjectWriter"),
		on("aws_s3_bucket_versioning.status", "versioning_configuration.status", "Enabled", "Suspended"),
		on("aws_s3_bucket_versioning.second factor", "versioning_configuration.mfa_delete", "Enabled", "Disabled"),
		on("aws_s3_bucket_server_side_encryption_configuration.key", strings.TrimPrefix(encryption, "server_side_encryption_configuration.")+"kms_master_key_id", "arn:k", ""),
		on("aws_s3_bucket_server_side_encryption_configuration.other key", strings.TrimPrefix(encryption, "server_side_encryption_configuration.")+"kms_master_key_id", "arn:k", "arn:l"),
		on("aws_s3_bucket_logging.logging", "target_bucket", "a", "b"),
		on("aws_s3_bucket_replication_configuration.copies", "rule.destination.bucket", "", "arn:aws:s3:::b"),
		{"aws_wafv2_web_acl.default", nested("default_action.block", []any{object{}}), nested("default_action.allow", []any{object{}})},
		on("aws_wafv2_web_acl.rules as JSON", "rule_json", "[]", "[{}]"),
		{"aws_wafv2_web_acl.rule", object{"rule": []any{object{"name": "a"}, object{"name": "b"}}}, object{"rule": []any{object{"name": "a"}}}},
		{"aws_wafv2_web_acl.counts", nested("rule.action.block", []any{object{}}), nested("rule.action.count", []any{object{}})},
		{"aws_wafv2_web_acl.allows", nested("rule.action.block", []any{object{}}), nested("rule.action.allow", []any{object{}})},
		{"aws_wafv2_rule_group.rule", object{"rule": []any{object{"name": "a"}, object{"name": "b"}}}, object{"rule": []any{object{"name": "a"}}}},
		{"aws_wafv2_rule_group.counts", nested("rule.override_action.none", []any{object{}}), nested("rule.override_action.count", []any{object{}})},
		{"aws_wafv2_rule_group.allows", nested("rule.action.block", []any{object{}}), nested("rule.action.allow", []any{object{}})},
		on("aws_wafv2_ip_set.addresses", "addresses", []any{"10.0.0.0/8"}, []any{"10.1.0.0/16"}),
	}
}()

// ofOne is the row that the twin has not: its provider has no such argument.
const ofOne = "aws_cognito_user_pool_client.secret"

// twins are the types of which each has the rows of the other.
var twins = strings.NewReplacer("aws_cognito_user_pool_client", "aws_cognito_managed_user_pool_client", "aws_elasticsearch_", "aws_opensearch_", "the Elasticsearch domain", "the OpenSearch domain")

// change is the change of a door, by the type of its resource. Beside it another argument changes in the same way, of which a row says
// nothing.
func (d door) change(resourceType string) object {
	if d.before == nil {
		return change(resourceType+".x", creating, nil, withAnother(d.after))
	}
	after, unknown := object{}, object{}
	for key, value := range withAnother(d.after) {
		if value == unknownValue {
			unknown[key] = true
		} else {
			after[key] = value
		}
	}
	c := change(resourceType+".x", updating, withAnother(d.before), after)
	c["change"].(object)["after_unknown"] = unknown
	return c
}

// unknownValue stands for what is known after apply.
const unknownValue = "known after apply"

func withAnother(values object) object {
	all := object{}
	for key, value := range values {
		all[key], all["another_"+key] = value, value
	}
	return all
}

// refusedFor is the conditions that refuse a review.
func refusedFor(t testing.TB, r *Review) []string {
	t.Helper()
	var names []string
	for _, c := range Conditions {
		if strict(t, c.Name).Refuses(r) != nil {
			names = append(names, c.Name)
		}
	}
	return names
}

// Each row of what weakens is tripped by a door of its own, says who gets in, and is refused by the condition that it is of. The twin of
// a type says the same.
func TestEveryWeakening(t *testing.T) {
	var said strings.Builder
	tripped := map[string]bool{}
	for _, d := range doors {
		resourceType, _, _ := strings.Cut(d.row, ".")
		r := read(t, planOf(d.change(resourceType)))
		twin := read(t, planOf(d.change(twins.Replace(resourceType))))
		found := false
		for i, f := range r.Findings {
			if f.row != d.row {
				continue
			}
			found = true
			back := ""
			if slices.ContainsFunc(read(t, planOf(change(resourceType+".x", updating, d.after, d.before))).Findings, func(f Finding) bool { return f.row == d.row }) {
				back = ", and the other way round"
			}
			fmt.Fprintf(&said, "%s, %v%s:\n  %s\n", f.row, refusedFor(t, r), back, f.Text.Plain())
			if d.row == ofOne {
				continue
			}
			if got, want := twin.Findings[i].Text.Plain(), twins.Replace(f.Text.Plain()); got != want ||
				twin.Findings[i].Severity != f.Severity {
				t.Errorf("%s: the twin says %q, %d; want %q, %d", d.row, got, twin.Findings[i].Severity, want, f.Severity)
			}
		}
		tripped[d.row], tripped[twins.Replace(d.row)] = true, true
		if !found {
			t.Errorf("%s is not tripped by %v → %v: %v", d.row, d.before, d.after, r.Findings)
		}
		tripped[d.row], tripped[twins.Replace(d.row)] = true, true
	}
	for resourceType, kind := range kinds {
		seen := map[string]bool{}
		for _, row := range append(kind.weak[:len(kind.weak):len(kind.weak)], kind.weaker...) {
			if id := resourceType + "." + row.id; row.id == "" || seen[row.id] || !tripped[id] {
				t.Errorf("no door trips %s, or it is there twice", id)
			}
			seen[row.id] = true
		}
	}
	snapshot.Compare(t, "testdata/doors.txt", said.String())
}

package review

import (
	"cmp"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// kind is all that a review knows of the resources of a type. What is left out says: of this there is nothing to know.
type kind struct {
	role    role
	called  string // what a reader knows it by, before its name: "the KMS key"; without, it goes by its address
	loss    loss
	policy  guard
	gives   grant       // who gets in with it
	manages []portion   // what it manages of other resources
	weak    []weakening // what is weak of it, changed or new
	weaker  []weakening // what weakens it where it changes
	wall    wallOf      // what it keeps people out of as long as it is there: to destroy it weakens as well
	stays   remainder   // what stays on at AWS where it is destroyed
	signsIn support     // what a domain needs of it to sign people in by Cognito
}

// role is what the parts of a review look for.
type role int

const (
	noRole role = iota
	aDomain
	aDomainPolicy
	anAlarm
	aSubscription // to what alarms notify
	aSecurityGroup
	anIngressRule // of a security group
	aRule         // of a security group: its argument type says whether of ingress
)

// loss is what is lost with a resource that holds data.
type loss struct {
	of      string                       // a clause: "all its logs are lost"; "" if it holds none
	comfort string                       // a sentence: what can still be done
	unless  func(before plan.Value) bool // when its data stay on AWS all the same; nil: never
}

// guard is a policy that a resource has.
type guard struct {
	argument  string // that holds it; "" if there is none
	of        string // what it guards: "the key"
	madeByAWS bool   // where the configuration has none, and it goes with what it guards
	public    bool   // "*" is everybody on the internet, not only in AWS accounts
	atOnce    bool   // somebody has what it allows as soon as there is one
	owner     wallOf // whose it is: what is new with that lets nobody in yet, and what goes with it opens nothing
}

// is reports whether an argument is the policy.
func (g guard) is(path string) bool { return g.argument != "" && g.argument == path }

// wallOf is what a resource keeps people out of: whatever has an id in an argument.
type wallOf struct {
	of string // its type: the wall goes with it; "" if that is not known
	by string // the argument; "" if the resource keeps nobody out
}

// portion is an argument of another resource that this one manages, or of which it manages an element, and into which that one's
// provider reads it too: what changes there is said of the resource that manages it.
type portion struct {
	of       string                              // the type of the other
	argument string                              // of the other
	by       string                              // the argument of this one that is one of the other's ids
	elements func(element plan.Value) []identity // what an element of the argument, or this resource, is; nil if it is no list
}

// identity is the same for the same element of a list, whether it may be shown or not.
type identity struct {
	value plan.Key
	what  string // of the value, or all there is
}

// kinds is what a review knows, by the type of a resource. To teach it more, add rows here; the tests in kinds_test.go fail for
// one that no case needs.
var kinds = map[string]kind{
	"aws_elasticsearch_domain": {
		role: aDomain, called: "the Elasticsearch domain", loss: domainLoss, policy: domainGuard, weaker: domainWeaker,
	},
	"aws_opensearch_domain": {
		role: aDomain, called: "the OpenSearch domain", loss: domainLoss, policy: domainGuard,
		weak: []weakening{
			{"anonymous", "advanced_security_options.anonymous_auth_enabled", turnedOn, Opened,
				"everybody who reaches it gets in without signing in"},
		},
		weaker: append([]weakening{
			{"IPv6", "ip_address_type", falls("ipv4", "dualstack"), Widened,
				"it is reached over IPv6 too, of which IPv4 rules say nothing"},
			{"identity center", "identity_center_options.enabled_api_access", turnedOn, Widened,
				"whoever signs in at IAM Identity Center gets in"},
			{"other identity center", "identity_center_options.identity_center_instance_arn", replacedBy, Widened,
				"whoever signs in there gets in"},
			{"JWT", "advanced_security_options.jwt_options.enabled", turnedOn, Widened, "whoever has a token that its key signed gets in"},
			{"key of JWT", "advanced_security_options.jwt_options.public_key", there, Widened,
				"whoever has a token that this key signed gets in"},
			{"roles of JWT", "advanced_security_options.jwt_options.roles_key", always, Widened,
				"who has which role is read from another claim, or from none"},
			{"subject of JWT", "advanced_security_options.jwt_options.subject_key", always, Widened,
				"who somebody is, is read from another claim"},
			{"updates", "software_update_options.auto_software_update_enabled", turnedOff, Widened,
				"AWS's security updates no longer come by themselves"},
		}, domainWeaker...),
	},
	"aws_elasticsearch_domain_policy": {role: aDomainPolicy, policy: guard{argument: "access_policies", of: "the domain", atOnce: true,
		owner: wallOf{by: "domain_name"}}},
	"aws_opensearch_domain_policy": {role: aDomainPolicy, policy: guard{argument: "access_policies", of: "the domain", atOnce: true,
		owner: wallOf{by: "domain_name"}}},
	"aws_elasticsearch_domain_saml_options": {gives: samlGrant, weak: samlWeak, weaker: samlWeaker, stays: samlStays},
	"aws_opensearch_domain_saml_options":    {gives: samlGrant, weak: samlWeak, weaker: samlWeaker, stays: samlStays},
	"aws_elasticsearch_vpc_endpoint":        {gives: endpointGrant},
	"aws_opensearch_vpc_endpoint":           {gives: endpointGrant},
	"aws_opensearch_authorize_vpc_endpoint_access": {gives: grant{
		gains: "now lets", loses: "no longer lets", first: subject{"account", "account "},
		join: " make VPC endpoints to ", second: []subject{{"domain_name", "the domain "}},
	}},
	"aws_opensearch_inbound_connection_accepter": {gives: grant{
		gains: "now lets", loses: "no longer lets", first: subject{"connection_id", "the domain of another behind connection "},
		join: " search this account's domain", second: nil,
	}},

	"aws_cloudwatch_metric_alarm":    {role: anAlarm},
	"aws_cloudwatch_composite_alarm": {role: anAlarm},
	"aws_sns_topic_subscription": {role: aSubscription, weak: []weakening{
		{"endpoint", "endpoint", outOfAccount, Widened, "whoever answers there hears what is said in the topic"},
	}},
	"aws_sns_topic": {
		policy: guard{argument: "policy", of: "the topic", madeByAWS: true, public: true},
		weaker: []weakening{
			{"key", "kms_master_key_id", gone, Widened, "what is said there is no longer encrypted"},
			{"other key", "kms_master_key_id", replacedBy, Widened, "whoever may use that key can read what is said there"},
		},
	},
	"aws_sns_topic_policy": {
		policy:  guard{argument: "policy", of: "the topic", public: true, atOnce: true, owner: wallOf{"aws_sns_topic", "arn"}},
		manages: []portion{{of: "aws_sns_topic", argument: "policy", by: "arn"}},
	},
	"aws_sns_topic_data_protection_policy": {wall: wallOf{"aws_sns_topic", "arn"}, weaker: []weakening{
		{"masking", "policy", always, Widened, "whoever hears of it may hear what was masked"},
	}},
	"aws_sqs_queue": {
		policy: guard{argument: "policy", of: "the queue", madeByAWS: true, public: true},
		weaker: append(encryptedBy("kms_master_key_id"),
			weakening{"encryption", "sqs_managed_sse_enabled", turnedOff, Widened, "what is in it is no longer encrypted"}),
	},
	"aws_sqs_queue_policy": {
		policy:  guard{argument: "policy", of: "the queue", public: true, atOnce: true, owner: wallOf{"aws_sqs_queue", "queue_url"}},
		manages: []portion{{of: "aws_sqs_queue", argument: "policy", by: "queue_url"}},
	},

	"aws_cloudwatch_log_group": {
		called: "the log group",
		loss: loss{of: "all its logs are lost", unless: func(before plan.Value) bool {
			return before.Child("skip_destroy").IsTrue()
		}},
		weaker: append(encryptedBy("kms_key_id"), weakening{
			"retention", "retention_in_days", shorter, DataAtRisk, "CloudWatch deletes what is older, and it cannot be brought back",
		}),
	},
	"aws_cloudwatch_log_subscription_filter": {gives: grant{
		gains: "now sends", loses: "no longer sends", first: subject{"log_group_name", "what is logged in "},
		join: " to ", second: []subject{{"destination_arn", ""}},
	}},
	"aws_cloudwatch_log_resource_policy": {policy: guard{argument: "policy_document", of: "CloudWatch Logs"}},
	"aws_cloudwatch_log_destination_policy": {policy: guard{argument: "access_policy", of: "the log destination", atOnce: true,
		owner: wallOf{"aws_cloudwatch_log_destination", "destination_name"}}},
	"aws_cloudwatch_log_account_policy": {weak: []weakening{
		{"subscription", "policy_document", sendsLogs, Widened, "what is logged in the account goes there"},
	}},
	"aws_cloudwatch_log_data_protection_policy": {wall: wallOf{"aws_cloudwatch_log_group", "log_group_name"}, weaker: []weakening{
		{"masking", "policy_document", always, Widened, "whoever reads the logs may read what was masked"},
	}},

	"aws_cloudwatch_event_rule": {wall: wallOf{by: "name"}, weaker: []weakening{
		{"state", "state", stopsWatching, AlarmLost, "what it watches for is told to nobody any more"},
		{"enabled", "is_enabled", stopsWatching, AlarmLost, "what it watches for is told to nobody any more"},
		{"gone", "event_pattern", gone, AlarmLost, "what it watched for is told to nobody any more"},
	}},
	"aws_cloudwatch_event_target": {wall: wallOf{"aws_cloudwatch_event_rule", "rule"}, weaker: []weakening{
		{"topic", "arn", notifiedTopic, AlarmLost, "what its rule finds is no longer told there"},
	}},
	"aws_cloudwatch_event_bus_policy": {policy: guard{argument: "policy", of: "the event bus", atOnce: true,
		owner: wallOf{"aws_cloudwatch_event_bus", "event_bus_name"}}},
	"aws_cloudwatch_event_permission": {
		gives: grant{gains: "now lets", loses: "no longer lets", first: subject{"principal", "account "},
			join: " send events to ", second: []subject{{"event_bus_name", "the event bus "}}},
		weak: []weakening{
			{"everybody", "principal", everybodyMay, Opened, "everybody may send events to it"},
			{"condition", "condition", unconditioned, Opened, "everybody may send events to it"},
		},
	},
	"aws_lambda_permission": {
		gives: grant{gains: "now lets", loses: "no longer lets", first: subject{"principal", ""},
			join: " call ", second: []subject{{"function_name", "the function "}}, how: "source_arn"},
		weak: []weakening{
			{"everybody", "principal", everybodyMay, Opened, "everybody may call it"},
		},
		weaker: []weakening{
			{"organization", "principal_org_id", had, Widened, "whoever may call it need not be of that organization"},
			{"account", "source_account", had, Widened, "what calls it need not act for that account"},
		},
	},

	"aws_kms_key": {
		called: "the KMS key",
		loss: loss{
			of:      "what it encrypted can never be read again",
			comfort: "Until its waiting period ends, the deletion can be cancelled.",
		},
		policy: guard{argument: "policy", of: "the key", madeByAWS: true},
		weaker: append(keyWeaker(), []weakening{
			{"disabled", "is_enabled", turnedOff, DataAtRisk, "until it is on again, nothing that it encrypts can be used"},
			{"rotation", "enable_key_rotation", turnedOff, Widened, "whoever got hold of its material can use it for ever"},
			{"rotation period", "rotation_period_in_days", larger, Widened, "whoever got hold of its material can use it for longer"},
		}...),
	},
	"aws_kms_alias": {weaker: []weakening{
		{"key", "target_key_id", there, Widened, "whoever may use that key reads what is encrypted by this name from now on"},
	}},
	"aws_kms_grant": {gives: grant{
		gains: "now lets", loses: "no longer lets", first: subject{"grantee_principal", ""},
		join: " use ", second: []subject{{"key_id", "the key "}}, how: "operations",
	}, weaker: []weakening{
		{"constraints", "constraints", had, Widened, "it now holds for more than it did"},
		{"retiring principal", "retiring_principal", had, Widened, "who could end it no longer can"},
	}},
	"aws_kms_external_key": {
		loss:   loss{of: "what it encrypted can never be read again"},
		policy: guard{argument: "policy", of: "the key", madeByAWS: true},
		weaker: append(keyWeaker(), []weakening{
			{"disabled", "enabled", turnedOff, DataAtRisk, "until it is on again, nothing that it encrypts can be used"},
			{"material", "key_material_base64", there, Widened, "whoever has that material reads what it encrypts"},
			{"end", "valid_to", there, DataAtRisk, "after that nothing that it encrypted can be read"},
		}...),
	},
	"aws_kms_replica_key": {
		loss:   loss{of: "what it encrypted can be read in other regions alone"},
		policy: guard{argument: "policy", of: "the key", madeByAWS: true},
		weaker: append(keyWeaker(), []weakening{
			{"disabled", "enabled", turnedOff, DataAtRisk, "until it is on again, nothing that it encrypts can be used there"},
		}...),
	},
	"aws_kms_key_policy": {
		policy: guard{argument: "policy", of: "the key", atOnce: true, owner: wallOf{"aws_kms_key", "key_id"}},
		wall:   wallOf{"aws_kms_key", "key_id"},
		weaker: []weakening{
			{"default", "key_id", gone, Widened, "AWS's own policy takes its place, and whom the account's IAM allows may use the key"},
			{"lockout", "bypass_policy_lockout_safety_check", turnedOn, Widened, "its policy may lock out whoever manages it"},
		},
		manages: []portion{{of: "aws_kms_key", argument: "policy", by: "key_id"}},
	},

	"aws_iam_policy": {policy: guard{argument: "policy", of: "an IAM policy"}},
	"aws_iam_user_policy": {policy: guard{argument: "policy", of: "a user's IAM policy", atOnce: true,
		owner: wallOf{"aws_iam_user", "user"}}},
	"aws_iam_group_policy": {policy: guard{argument: "policy", of: "a group's IAM policy", atOnce: true,
		owner: wallOf{"aws_iam_group", "group"}}},
	"aws_iam_user": {weaker: []weakening{
		{"boundary", "permissions_boundary", had, Widened, "another policy, or none, limits what its policies allow"},
	}},
	"aws_iam_role": {
		policy: guard{argument: "assume_role_policy", of: "who may become the role", atOnce: true}, weaker: roleWeaker,
		signsIn: support{"arn", "role_arn"},
	},
	"aws_iam_role_policy": {
		policy: guard{argument: "policy", of: "a role's IAM policy", atOnce: true, owner: wallOf{"aws_iam_role", "role"}},
		manages: []portion{{of: "aws_iam_role", argument: "inline_policy", by: "role", elements: func(element plan.Value) []identity {
			return []identity{{value: element.Child("name").Key()}}
		}}},
		signsIn: support{"role", "role_arn"},
	},
	"aws_iam_role_policy_attachment": {
		gives: policyTo(subject{"role", "the role "}),
		manages: []portion{{of: "aws_iam_role", argument: "managed_policy_arns", by: "role", elements: func(element plan.Value) []identity {
			if arn := element.Child("policy_arn"); !arn.IsEmpty() { // of the attachment
				return []identity{{value: arn.Key()}}
			}
			return []identity{{value: element.Key()}}
		}}},
		signsIn: support{"role", "role_arn"},
	},
	"aws_iam_user_policy_attachment":  {gives: policyTo(subject{"user", "the user "})},
	"aws_iam_group_policy_attachment": {gives: policyTo(subject{"group", "the group "})},
	"aws_iam_policy_attachment": {gives: policyTo(subject{"roles", "the role "}, subject{"users", "the user "},
		subject{"groups", "the group "}).only("detaches the policy from everybody else")},
	"aws_iam_role_policy_attachments_exclusive":  {gives: policiesOf(subject{"role_name", "the role "})},
	"aws_iam_user_policy_attachments_exclusive":  {gives: policiesOf(subject{"user_name", "the user "})},
	"aws_iam_group_policy_attachments_exclusive": {gives: policiesOf(subject{"group_name", "the group "})},
	"aws_iam_role_policies_exclusive":            {gives: inlinePoliciesOf(subject{"role_name", "the role "})},
	"aws_iam_user_policies_exclusive":            {gives: inlinePoliciesOf(subject{"user_name", "the user "})},
	"aws_iam_group_policies_exclusive":           {gives: inlinePoliciesOf(subject{"group_name", "the group "})},
	"aws_iam_user_group_membership": {gives: grant{
		gains: "now puts", loses: "no longer puts", first: subject{"user", "the user "},
		join: " into ", second: []subject{{"groups", "the group "}},
	}},
	"aws_iam_group_membership": {gives: grant{
		gains: "now puts into", loses: "no longer puts into", first: subject{"group", "the group "},
		join: " ", second: []subject{{"users", "the user "}}, rest: "takes everybody else out of the group",
	}},
	"aws_iam_openid_connect_provider": {
		gives: grant{gains: "now lets", loses: "no longer lets", first: subject{"url", "whoever signs in at "},
			join: " into the roles that trust it", second: nil},
		weaker: []weakening{
			{"audience", "client_id_list", gained, Widened, "who has a token for that audience gets into the roles that trust it"},
			{"thumbprint", "thumbprint_list", gained, Widened, "whoever has that certificate signs in as anybody"},
		},
	},
	"aws_iam_saml_provider": {
		gives: grant{gains: "now lets", loses: "no longer lets", first: subject{"name", "whom the identity provider signs in: "},
			join: " into the roles that trust it", second: nil},
		weaker: []weakening{
			{"metadata", "saml_metadata_document", there, Widened,
				"whom that identity provider signs in gets into the roles that trust it"},
		},
	},
	"aws_iam_instance_profile": {gives: grant{
		gains: "now gives", loses: "no longer gives", first: subject{"role", "the rights of the role "},
		join: " to whatever runs with ", second: []subject{{"name", "the instance profile "}},
	}},
	"aws_iam_user_login_profile": {gives: grant{
		gains: "now gives", loses: "no longer gives", first: subject{"user", "whoever has a new password the rights of the user "},
	}},
	"aws_iam_user_ssh_key": {
		gives: grant{
			gains: "now gives", loses: "no longer gives",
			first: subject{"username", "whoever has a new SSH key the repositories of the user "},
		},
		weaker: []weakening{
			{"key", "public_key", there, Widened, "whoever has that key gets at the repositories of its user"},
			{"status", "status", falls("Inactive", "Active"), Widened, "whoever has this SSH key gets in again"},
		},
	},
	"aws_iam_service_specific_credential": {
		gives: grant{
			gains: "now gives", loses: "no longer gives", first: subject{"user_name", "whoever has a new password the rights of the user "},
			join: " at ", second: []subject{{"service_name", ""}},
		},
		weaker: []weakening{
			{"status", "status", falls("Inactive", "Active"), Widened, "whoever has this password gets in again"},
		},
	},
	"aws_iam_virtual_mfa_device": {wall: wallOf{by: "virtual_mfa_device_name"}, weaker: []weakening{
		{"device", "virtual_mfa_device_name", had, Widened, "whoever has the password of its user gets in, without a second factor"},
	}},
	"aws_iam_account_password_policy": {wall: wallOf{by: "minimum_password_length"}, weaker: []weakening{
		{"length", "minimum_password_length", smaller, Widened, "passwords are guessed sooner"},
		{"lower case", "require_lowercase_characters", turnedOff, Widened, "passwords are guessed sooner"},
		{"upper case", "require_uppercase_characters", turnedOff, Widened, "passwords are guessed sooner"},
		{"numbers", "require_numbers", turnedOff, Widened, "passwords are guessed sooner"},
		{"symbols", "require_symbols", turnedOff, Widened, "passwords are guessed sooner"},
		{"history", "password_reuse_prevention", smaller, Widened, "old passwords may be used again"},
		{"age", "max_password_age", expiresLater, Widened, "whoever has a password has it for longer"},
	}},
	"aws_rolesanywhere_profile": {gives: grant{
		gains: "now gives", loses: "no longer gives", first: subject{"role_arns", "the role "},
		join:   " to whoever has a certificate of an authority that it trusts",
		unless: func(v plan.Value) bool { return v.Child("enabled").Text() == "false" },
	}, weaker: []weakening{
		{"session policies", "managed_policy_arns", had, Widened, "other policies, or none, limit what its roles allow"},
		{"session policy", "session_policy", had, Widened, "another policy, or none, limits what its roles allow"},
		{"session", "duration_seconds", larger, Widened, "whoever got hold of a session has it for longer"},
	}},
	"aws_rolesanywhere_trust_anchor": {gives: grant{
		gains: "now lets", loses: "no longer lets", first: subject{"name", "whoever has a certificate of the authority "},
		join:   " into the roles that trust it",
		unless: func(v plan.Value) bool { return v.Child("enabled").Text() == "false" },
	}, weaker: []weakening{
		{"authority", "source", there, Widened, "whoever has a certificate of that authority gets into the roles that trust it"},
	}},
	"aws_iam_access_key": {
		gives: grant{
			gains: "now gives", loses: "no longer gives", first: subject{"user", "whoever has a new access key the rights of the user "},
		},
		weaker: []weakening{
			{"status", "status", falls("Inactive", "Active"), Widened, "whoever has this access key gets in again"},
		},
	},

	"aws_security_group":                  {role: aSecurityGroup},
	"aws_default_security_group":          {role: aSecurityGroup},
	"aws_vpc_security_group_ingress_rule": {role: anIngressRule},
	"aws_network_interface_sg_attachment": {gives: grant{
		gains: "now lets", loses: "no longer lets", first: subject{"security_group_id", "whom the security group "},
		join: " lets in reach ", second: []subject{{"network_interface_id", "the network interface "}},
	}},
	"aws_network_interface": {weaker: []weakening{
		{"security groups", "security_groups", gained, Widened, "whom these security groups let in reaches it"},
	}},
	"aws_vpc_endpoint": {weaker: []weakening{
		{"security groups", "security_group_ids", gained, Widened, "whom these security groups let in reaches it"},
	}},
	"aws_vpc_endpoint_security_group_association": {gives: grant{
		gains: "now lets", loses: "no longer lets", first: subject{"security_group_id", "whom the security group "},
		join: " lets in reach ", second: []subject{{"vpc_endpoint_id", "the VPC endpoint "}},
	}},
	"aws_vpc_security_group_egress_rule": {
		manages: []portion{{of: "aws_security_group", argument: "egress", by: "security_group_id", elements: admissionsOf}},
	},
	"aws_security_group_rule": {
		role:    aRule,
		manages: []portion{{of: "aws_security_group", argument: "egress", by: "security_group_id", elements: admissionsOf}},
	},

	"aws_ec2_managed_prefix_list": {gives: grant{
		gains: "now lets in", loses: "no longer lets in", first: subject{"entry", ""},
		join: " wherever it stands for who gets in", element: "cidr",
	}},
	"aws_ec2_managed_prefix_list_entry": {gives: grant{
		gains: "now lets in", loses: "no longer lets in", first: subject{"cidr", ""},
		join: " wherever it stands for who gets in: ", second: []subject{{"prefix_list_id", "the prefix list "}},
	}},

	"aws_cognito_user_pool": {
		loss: loss{of: "all its users are lost"}, weak: userPoolWeak, weaker: userPoolWeaker,
		stays: remainder{says: "AWS refuses while its deletion protection is on, and the deployment stops halfway: end that first",
			unless: func(before plan.Value) bool { return before.TextOf("deletion_protection") != "ACTIVE" }},
		signsIn: support{"id", "user_pool_id"},
	},
	"aws_cognito_user_pool_domain": {
		manages: []portion{{of: "aws_cognito_user_pool", argument: "domain", by: "user_pool_id"}},
		signsIn: support{"user_pool_id", "user_pool_id"},
	},
	"aws_cognito_identity_pool": {weak: identityPoolWeak, weaker: identityPoolWeaker, signsIn: support{"id", "identity_pool_id"}},
	"aws_cognito_identity_pool_roles_attachment": {
		weak: []weakening{
			{"guests", "roles.unauthenticated", there, Opened, "everybody gets this role, without signing in"},
		},
		weaker: []weakening{
			{"role", "roles.authenticated", there, Widened, "whoever signs in gets this role"},
			{"unknown roles", "roles", allUnknown, Widened, "whoever signs in gets other roles, and so may guests"},
			{"mapping", "role_mapping", always, Widened, "whoever signs in gets the role that it says"},
		},
		signsIn: support{"identity_pool_id", "identity_pool_id"},
	},
	"aws_cognito_identity_pool_provider_principal_tag": {weak: []weakening{
		{"tags", "principal_tags", there, Widened, "who signs in has these tags, by which policies may let them in"},
		{"defaults", "use_defaults", turnedOn, Widened, "who signs in has AWS's tags, by which policies may let them in"},
	}},
	"aws_cognito_risk_configuration": {wall: wallOf{"aws_cognito_user_pool", "user_pool_id"}, weaker: riskWeaker},
	"aws_cognito_user_pool_client": {gives: clientGrant, weaker: append([]weakening{
		{"secret", "generate_secret", turnedOff, Widened, "whoever knows its id signs people in through it, without its secret"},
	}, clientWeaker...)},
	"aws_cognito_managed_user_pool_client": {gives: clientGrant, weaker: clientWeaker},
	"aws_cognito_user": {
		gives: grant{gains: "now lets", loses: "no longer lets", first: subject{"username", "the user "},
			join: " sign in with ", second: []subject{{"user_pool_id", "the user pool "}}},
		weaker: []weakening{
			{"enabled", "enabled", turnedOn, Widened, "this user gets in again"},
			{"password", "password", there, Widened, "whoever has the new password gets in"},
			{"temporary password", "temporary_password", there, Widened, "whoever has the new password gets in"},
			{"attributes", "attributes", there, Widened, "whoever has that address or number can set a new password"},
			{"alias", "force_alias_creation", turnedOn, Widened, "this user signs in by the address that another had"},
		},
	},
	"aws_cognito_user_in_group": {gives: grant{
		gains: "now puts", loses: "no longer puts", first: subject{"username", "the user "},
		join: " into ", second: []subject{{"group_name", "the group "}},
	}},
	"aws_cognito_user_group": {weak: []weakening{
		{"role", "role_arn", there, Widened, "whoever is in the group gets this role"},
	}, weaker: []weakening{
		{"precedence", "precedence", always, Widened, "who is in several groups may get another role"},
	}},
	"aws_cognito_identity_provider": {
		gives: grant{gains: "now lets", loses: "no longer lets", first: subject{"provider_name", "whom the identity provider signs in: "},
			join: ", into ", second: []subject{{"user_pool_id", "the user pool "}}},
		weaker: []weakening{
			{"provider", "provider_details", there, Widened, "whom that identity provider signs in gets in"},
			{"attributes", "attribute_mapping", always, Widened, "who gets in as whom is its to say"},
			{"identifiers", "idp_identifiers", gained, Widened, "who names it so signs in there"},
		},
	},

	"aws_route53_record": {weak: []weakening{
		{"share", "set_identifier", sharesName, Widened, "some who call that name are answered there, with all that they send"},
	}, weaker: []weakening{
		{"records", "records", pointed, Widened, "who calls that name is answered there, with all that they send"},
		{"alias", "alias", pointed, Widened, "who calls that name is answered there, with all that they send"},
	}},
	"aws_acm_certificate": {weaker: []weakening{
		{"transparency", "options.certificate_transparency_logging_preference", falls("", "DISABLED"), Widened,
			"nobody sees in the public logs that it was issued"},
		{"private key", "private_key", there, Widened, "whoever has the new key can be the endpoint"},
	}},

	"aws_s3_bucket": {
		called: "the bucket",
		loss:   loss{of: "all its objects are lost", comfort: "Without force_destroy AWS refuses while it holds any."},
		policy: guard{argument: "policy", of: "the bucket", madeByAWS: true, public: true}, weak: bucketWeak, weaker: bucketWeaker,
	},
	"aws_s3_bucket_acl": {
		weak: []weakening{
			{"ACL", "acl", becomes("public-read", "public-read-write", "authenticated-read"), Opened, "everybody gets at its objects"},
			{"grants", "access_control_policy", grantsEverybody, Opened, "everybody gets at its objects"},
			{"others", "access_control_policy", endsIn("grantee.id", grantsOthers), Widened, "this account gets at its objects"},
		},
		manages: []portion{{of: "aws_s3_bucket", argument: "acl", by: "bucket"}, {of: "aws_s3_bucket", argument: "grant", by: "bucket"}},
	},
	"aws_s3_bucket_public_access_block": {
		wall: wallOf{"aws_s3_bucket", "bucket"}, weak: publicAccess("no ", saidOffAtFirst), weaker: publicAccess("", turnedOff),
	},
	"aws_s3_account_public_access_block": {wall: wallOf{by: "account_id"}, weaker: publicAccess("", turnedOff)},
	"aws_s3_bucket_ownership_controls": {wall: wallOf{"aws_s3_bucket", "bucket"}, weaker: []weakening{
		{"ACLs", "rule.object_ownership", ceases("BucketOwnerEnforced"), Widened, "ACLs count, and may open it to others"},
	}},
	"aws_s3_bucket_versioning": {
		wall: wallOf{"aws_s3_bucket", "bucket"}, weaker: []weakening{
			{"status", "versioning_configuration.status", ceases("Enabled"), DataAtRisk,
				"what is overwritten or deleted from now on cannot be brought back"},
			{"second factor", "versioning_configuration.mfa_delete", ceases("Enabled"), Widened,
				"who may delete versions does so without a second factor"},
		},
		manages: []portion{{of: "aws_s3_bucket", argument: "versioning", by: "bucket"}},
	},
	"aws_s3_bucket_server_side_encryption_configuration": {
		wall:    wallOf{"aws_s3_bucket", "bucket"},
		weaker:  encryptedBy("rule.apply_server_side_encryption_by_default.kms_master_key_id"),
		manages: []portion{{of: "aws_s3_bucket", argument: "server_side_encryption_configuration", by: "bucket"}},
	},
	"aws_s3_bucket_logging": {
		wall: wallOf{"aws_s3_bucket", "bucket"}, weaker: []weakening{
			{"logging", "target_bucket", had, Widened, "nobody sees there any more who got at its objects"},
		},
		manages: []portion{{of: "aws_s3_bucket", argument: "logging", by: "bucket"}},
	},
	"aws_s3_bucket_replication_configuration": {
		weak: []weakening{
			{"copies", "rule", copied, Widened, "whoever may read there reads what comes into this bucket"},
		},
		manages: []portion{{of: "aws_s3_bucket", argument: "replication_configuration", by: "bucket"}},
	},
	"aws_s3_access_point": {policy: guard{argument: "policy", of: "the access point", madeByAWS: true, public: true}},
	"aws_s3control_access_point_policy": {policy: guard{argument: "policy", of: "the access point", public: true, atOnce: true,
		owner: wallOf{"aws_s3_access_point", "access_point_arn"}}},
	"aws_wafv2_web_acl":    {weaker: append(aclWeaker, rulesWeaker...)},
	"aws_wafv2_rule_group": {weaker: rulesWeaker},
	"aws_wafv2_ip_set": {weaker: []weakening{
		{"addresses", "addresses", always, Widened, "whom the rules that name it let through, or keep out, are others"},
	}},
	"aws_wafv2_web_acl_association": {wall: wallOf{by: "resource_arn"}, weaker: []weakening{
		{"web ACL", "web_acl_arn", had, Widened, "what that web ACL kept out gets through"},
	}},
	"aws_s3_bucket_policy": {
		policy:  guard{argument: "policy", of: "the bucket", public: true, atOnce: true, owner: wallOf{"aws_s3_bucket", "bucket"}},
		manages: []portion{{of: "aws_s3_bucket", argument: "policy", by: "bucket"}},
	},
	"aws_secretsmanager_secret": {
		loss:   loss{of: "the secret is lost when its recovery window ends"},
		policy: guard{argument: "policy", of: "the secret", madeByAWS: true},
		weaker: []weakening{
			{"recovery window", "recovery_window_in_days", smaller, DataAtRisk, "once deleted it can be brought back for a shorter time"},
			{"key", "kms_key_id", gone, Widened, "whoever may read it needs the key no longer"},
			{"other key", "kms_key_id", replacedBy, Widened, "whoever may read it and use that key reads it"},
			{"replica", "replica", gained, Widened, "whoever may read it there does"},
		},
	},
	"aws_secretsmanager_secret_policy": {
		policy: guard{argument: "policy", of: "the secret", atOnce: true, owner: wallOf{"aws_secretsmanager_secret", "secret_arn"}},
		weaker: []weakening{
			{"public", "block_public_policy", turnedOff, Widened, "a policy may open it to everybody, and AWS does not refuse that"},
		},
		manages: []portion{{of: "aws_secretsmanager_secret", argument: "policy", by: "secret_arn"}},
	},
	"aws_ssm_parameter":   {loss: loss{of: "the parameter and its history are lost"}},
	"aws_dynamodb_table":  {loss: loss{of: "all its items are lost"}},
	"aws_db_instance":     {loss: loss{of: "the database is lost, but for snapshots"}},
	"aws_rds_cluster":     {loss: loss{of: "the database is lost, but for snapshots"}},
	"aws_ebs_volume":      {loss: loss{of: "the volume is lost, but for snapshots"}},
	"aws_efs_file_system": {loss: loss{of: "all its files are lost"}},
	"aws_kinesis_stream":  {loss: loss{of: "all records in it are lost"}},
}

var (
	domainLoss = loss{
		of: "all its data is lost",
		comfort: "Its dashboards and automated snapshots go too, and AWS cannot bring a deleted domain back: " +
			"only a manual snapshot, in a bucket of yours, can.",
	}
	domainGuard = guard{argument: "access_policies", of: "the domain", madeByAWS: true}
)

// kindOf is what a review knows of a resource.
func kindOf(c *plan.Change) kind { return kinds[c.Type] }

func isDomain(c *plan.Change) bool       { return kindOf(c).role == aDomain }
func isDomainPolicy(c *plan.Change) bool { return kindOf(c).role == aDomainPolicy }
func isAlarm(c *plan.Change) bool        { return kindOf(c).role == anAlarm }

// isIngress reports whether a resource is a rule that lets something into a security group.
func isIngress(c *plan.Change) bool {
	switch kindOf(c).role {
	case anIngressRule:
		return true
	case aRule:
		return cmp.Or(c.After.TextOf("type"), c.Before.TextOf("type")) == "ingress"
	}
	return false
}

// named is what a reader knows a resource by: its kind and its name, or its address.
func named(c *plan.Change) prose.Text {
	name := cmp.Or(c.Before.TextOf("domain_name"), c.Before.TextOf("bucket"), c.Before.TextOf("name"))
	if called := kindOf(c).called; called != "" && name != "" {
		return prose.Say(called+" ", prose.Value(name))
	}
	return prose.Say(prose.Value(c.Address))
}

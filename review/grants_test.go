package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// grantCases are what each type of resource says of who gets in by it, and of who does no longer when it goes; "" for nothing.
var grantCases = map[string]struct {
	values     object
	gain, loss string
}{
	"aws_iam_role_policy_attachment":  {object{"role": "r", "policy_arn": "arn:p"}, "now gives the policy arn:p to the role r", "no longer gives the policy arn:p to the role r"},
	"aws_iam_user_policy_attachment":  {object{"user": "u", "policy_arn": "arn:p"}, "now gives the policy arn:p to the user u", "no longer gives the policy arn:p to the user u"},
	"aws_iam_group_policy_attachment": {object{"group": "g", "policy_arn": "arn:p"}, "now gives the policy arn:p to the group g", "no longer gives the policy arn:p to the group g"},
	"aws_iam_policy_attachment": {object{"policy_arn": "arn:p", "roles": []any{"r", "s"}, "users": []any{"u"}, "groups": []any{"g"}},
		"now gives the policy arn:p to the role r, the role s, the user u and the group g, and detaches the policy from everybody else",
		"no longer gives the policy arn:p to the role r, the role s, the user u and the group g"},
	"aws_iam_role_policy_attachments_exclusive": {object{"role_name": "r", "policy_arns": []any{"arn:p", "arn:q"}},
		"now gives the role r the policy arn:p and the policy arn:q, and detaches all others from it", "no longer gives the role r the policy arn:p and the policy arn:q"},
	"aws_iam_user_policy_attachments_exclusive": {object{"user_name": "u", "policy_arns": []any{"arn:p"}},
		"now gives the user u the policy arn:p, and detaches all others from it", "no longer gives the user u the policy arn:p"},
	"aws_iam_group_policy_attachments_exclusive": {object{"group_name": "g", "policy_arns": []any{"arn:p"}},
		"now gives the group g the policy arn:p, and detaches all others from it", "no longer gives the group g the policy arn:p"},
	"aws_iam_user_group_membership": {object{"user": "u", "groups": []any{"g", "h"}},
		"now puts the user u into the group g and the group h", "no longer puts the user u into the group g and the group h"},
	"aws_iam_group_membership": {object{"group": "g", "users": []any{"u", "v"}},
		"now puts into the group g the user u and the user v, and takes everybody else out of the group", "no longer puts into the group g the user u and the user v"},
	"aws_iam_openid_connect_provider": {object{"url": "https://idp.example.com"},
		"now lets whoever signs in at https://idp.example.com into the roles that trust it", "no longer lets whoever signs in at https://idp.example.com into the roles that trust it"},
	"aws_iam_saml_provider": {object{"name": "idp"},
		"now lets whom the identity provider signs in: idp into the roles that trust it", "no longer lets whom the identity provider signs in: idp into the roles that trust it"},
	"aws_iam_instance_profile": {object{"name": "p", "role": "r"},
		"now gives the rights of the role r to whatever runs with the instance profile p", "no longer gives the rights of the role r to whatever runs with the instance profile p"},
	"aws_iam_user_login_profile": {object{"user": "u"},
		"now gives whoever has a new password the rights of the user u", "no longer gives whoever has a new password the rights of the user u"},
	"aws_cognito_user_pool_client": {object{"name": "c", "user_pool_id": "p"},
		"now lets people sign in through the client c with the user pool p", "no longer lets people sign in through the client c with the user pool p"},
	"aws_iam_access_key": {object{"user": "u"},
		"now gives whoever has a new access key the rights of the user u", "no longer gives whoever has a new access key the rights of the user u"},
	"aws_iam_role_policies_exclusive": {object{"role_name": "r", "policy_names": []any{"a", "b"}},
		"now lets the role r keep the policy a and the policy b, and takes all others of its own from it", "no longer lets the role r keep the policy a and the policy b"},
	"aws_iam_user_policies_exclusive": {object{"user_name": "u", "policy_names": []any{"a"}},
		"now lets the user u keep the policy a, and takes all others of its own from it", "no longer lets the user u keep the policy a"},
	"aws_iam_group_policies_exclusive": {object{"group_name": "g", "policy_names": []any{"a"}},
		"now lets the group g keep the policy a, and takes all others of its own from it", "no longer lets the group g keep the policy a"},
	"aws_iam_user_ssh_key": {object{"username": "u"},
		"now gives whoever has a new SSH key the repositories of the user u", "no longer gives whoever has a new SSH key the repositories of the user u"},
	"aws_iam_service_specific_credential": {object{"user_name": "u", "service_name": "cassandra.amazonaws.com"},
		"now gives whoever has a new password the rights of the user u at cassandra.amazonaws.com", "no longer gives whoever has a new password the rights of the user u at cassandra.amazonaws.com"},
	"aws_rolesanywhere_profile": {object{"role_arns": []any{"arn:r"}, "enabled": true},
		"now gives the role arn:r to whoever has a certificate of an authority that it trusts", "no longer gives the role arn:r to whoever has a certificate of an authority that it trusts"},
	"aws_rolesanywhere_trust_anchor": {object{"name": "ca", "enabled": true},
		"now lets whoever has a certificate of the authority ca into the roles that trust it", "no longer lets whoever has a certificate of the authority ca into the roles that trust it"},
	"aws_vpc_endpoint_security_group_association": {object{"security_group_id": "sg-a", "vpc_endpoint_id": "vpce-a"},
		"now lets whom the security group sg-a lets in reach the VPC endpoint vpce-a", "no longer lets whom the security group sg-a lets in reach the VPC endpoint vpce-a"},
	"aws_cloudwatch_event_permission": {object{"principal": "444455556666", "event_bus_name": "default"},
		"now lets account 444455556666 send events to the event bus default", "no longer lets account 444455556666 send events to the event bus default"},
	"aws_lambda_permission": {object{"principal": "sns.amazonaws.com", "function_name": "f", "source_arn": "arn:t"},
		"now lets sns.amazonaws.com call the function f (arn:t)", "no longer lets sns.amazonaws.com call the function f (arn:t)"},
	"aws_kms_grant": {object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Decrypt"}},
		`now lets arn:r use the key k (Decrypt)`, `no longer lets arn:r use the key k (Decrypt)`},
	"aws_opensearch_authorize_vpc_endpoint_access": {object{"account": "444455556666", "domain_name": "m"},
		"now lets account 444455556666 make VPC endpoints to the domain m", "no longer lets account 444455556666 make VPC endpoints to the domain m"},
	"aws_opensearch_vpc_endpoint": {object{"domain_arn": "arn:d", "vpc_options": []any{object{"subnet_ids": []any{"subnet-a"}, "security_group_ids": []any{"sg-a"}}}},
		`now lets who is in the network of subnet-a reach arn:d (sg-a)`, `no longer lets who is in the network of subnet-a reach arn:d (sg-a)`},
	"aws_opensearch_inbound_connection_accepter": {object{"connection_id": "c"},
		"now lets the domain of another behind connection c search this account's domain", "no longer lets the domain of another behind connection c search this account's domain"},
	"aws_elasticsearch_domain_saml_options": {object{"domain_name": "m", "saml_options": []any{object{"enabled": true}}},
		"now lets whom its identity provider signs in into the domain m", ""},
	"aws_ec2_managed_prefix_list": {object{"entry": []any{object{"cidr": "10.0.0.0/8"}, object{"cidr": "10.1.0.0/16"}}},
		"now lets in 10.0.0.0/8 and 10.1.0.0/16 wherever it stands for who gets in", "no longer lets in 10.0.0.0/8 and 10.1.0.0/16 wherever it stands for who gets in"},
	"aws_ec2_managed_prefix_list_entry": {object{"cidr": "10.0.0.0/8", "prefix_list_id": "pl-a"},
		"now lets in 10.0.0.0/8 wherever it stands for who gets in: the prefix list pl-a", "no longer lets in 10.0.0.0/8 wherever it stands for who gets in: the prefix list pl-a"},
	"aws_network_interface_sg_attachment": {object{"security_group_id": "sg-a", "network_interface_id": "eni-a"},
		"now lets whom the security group sg-a lets in reach the network interface eni-a", "no longer lets whom the security group sg-a lets in reach the network interface eni-a"},
	"aws_cloudwatch_log_subscription_filter": {object{"log_group_name": "/logs", "destination_arn": "arn:s"},
		"now sends what is logged in /logs to arn:s", "no longer sends what is logged in /logs to arn:s"},
	"aws_cognito_user": {object{"username": "u", "user_pool_id": "p"},
		"now lets the user u sign in with the user pool p", "no longer lets the user u sign in with the user pool p"},
	"aws_cognito_user_in_group": {object{"username": "u", "group_name": "g"},
		"now puts the user u into the group g", "no longer puts the user u into the group g"},
	"aws_cognito_identity_provider": {object{"provider_name": "idp", "user_pool_id": "p"},
		"now lets whom the identity provider signs in: idp, into the user pool p", "no longer lets whom the identity provider signs in: idp, into the user pool p"},
}

// twinGrants are the types that give as another does.
var twinGrants = map[string]string{"aws_cognito_managed_user_pool_client": "aws_cognito_user_pool_client", "aws_elasticsearch_vpc_endpoint": "aws_opensearch_vpc_endpoint", "aws_opensearch_domain_saml_options": "aws_elasticsearch_domain_saml_options"}

// Who gets in by each type of resource that lets somebody in: it is shown, found and refused; and who gets in no longer is shown.
func TestGrants(t *testing.T) {
	cases := map[string]struct{}{}
	check := func(resourceType, as string) {
		test := grantCases[as]
		cases[resourceType] = struct{}{}
		in := read(t, planOf(change(resourceType+".x", creating, nil, test.values)))
		want := resourceType + ".x " + test.gain
		if got := rowsOf(in, "Who gets in", false); len(got) != 1 || got[0] != want || in.Headline().Plain() != want {
			t.Errorf("%s: shown %q, found %q; want %q", resourceType, got, in.Headline().Plain(), want)
		}
		if got := fmt.Sprint(refusedFor(t, in)); got != "[open]" {
			t.Errorf("%s: refused by %s", resourceType, got)
		}
		out := read(t, planOf(change(resourceType+".x", destroying, test.values, nil)))
		want = resourceType + ".x " + test.loss
		if got := rowsOf(out, "Who gets in", false); strings.Join(got, "") != want && test.loss != "" || test.loss == "" && got != nil {
			t.Errorf("%s: shown %q, want %q", resourceType, got, want)
		}
		if got := read(t, planOf(change(resourceType+".x", recreating, test.values, test.values))); rowsOf(got, "Who gets in", false) != nil {
			t.Errorf("%s: the same anew says who gets in", resourceType)
		}
	}
	for resourceType := range grantCases {
		check(resourceType, resourceType)
	}
	for resourceType, as := range twinGrants {
		check(resourceType, as)
	}
	if types := missing(cases, func(k kind) bool { return k.gives.gains != "" }); types != nil {
		t.Errorf("without a case: %v", types)
	}
}

// What of a grant changes, and what is none that a gate must refuse.
func TestGrantsThatChange(t *testing.T) {
	attached := func(values ...string) object {
		o := object{"policy_arn": "arn:p"}
		for i := 0; i < len(values); i += 2 {
			o[values[i]] = []any{values[i+1]}
		}
		return o
	}
	role := object{"role": "r", "policy_arn": "arn:p"}
	unknown := change("aws_iam_role_policy_attachment.x", creating, nil, object{"policy_arn": "arn:p"})
	unknown["change"].(object)["after_unknown"] = object{"role": true}
	of := func(resourceType, owner string) object { // that is new too
		values := grantCases[resourceType].values
		c := change(resourceType+".x", creating, nil, withoutKey(values, owner))
		c["change"].(object)["after_unknown"] = object{owner: true}
		return planOf(c)
	}
	drifted := planOf(change("aws_iam_policy_attachment.x", updating, attached("users", "u"), attached("roles", "r")))
	drifted["resource_drift"] = []any{change("aws_iam_policy_attachment.x", updating, attached("roles", "r"), attached("users", "u"))}
	outside := planOf()
	outside["resource_drift"] = []any{change("aws_iam_policy_attachment.x", updating, attached("roles", "r"), attached("roles", "r", "users", "u"))}
	domain := change("aws_elasticsearch_domain.d", creating, nil, object{"domain_name": "m"})
	saml := func(enabled bool) object {
		return object{"domain_name": "m", "saml_options": []any{object{"enabled": enabled}}}
	}
	for _, test := range []struct {
		name string
		plan object
		want string // what is shown, or found
		open bool
	}{
		{"one for another", planOf(change("aws_iam_policy_attachment.x", updating, attached("users", "u"), attached("roles", "r"))),
			"aws_iam_policy_attachment.x now gives the policy arn:p to the role r, and detaches the policy from everybody else; it no longer gives the policy arn:p to the user u", true},
		{"other operations", planOf(change("aws_kms_grant.x", recreating, object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Verify"}},
			object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Decrypt"}})),
			`aws_kms_grant.x now lets arn:r use the key k (Decrypt); it no longer lets arn:r use the key k (Verify)`, true},
		{"at another address", planOf(change("aws_iam_role_policy_attachment.x", destroying, role, nil), change("aws_iam_role_policy_attachment.y", creating, nil, role)), "", false},
		{"one further in a list", planOf(change("aws_iam_role_policy_attachment.x[0]", recreating, role, object{"role": "r", "policy_arn": "arn:q"}),
			change("aws_iam_role_policy_attachment.x[1]", destroying, object{"role": "r", "policy_arn": "arn:q"}, nil)), "aws_iam_role_policy_attachment.x[0] no longer gives the policy arn:p to the role r", false},
		{"by one that is forgotten", planOf(change("aws_iam_role_policy_attachment.x", []any{"forget"}, role, nil), change("aws_iam_role_policy_attachment.y", creating, nil, role)),
			"aws_iam_role_policy_attachment.y now gives the policy arn:p to the role r", true},
		{"by a resource of another type", planOf(change("aws_iam_role_policy_attachment.x", destroying, role, nil), change("aws_iam_policy_attachment.y", creating, nil, attached("roles", "r"))),
			"aws_iam_role_policy_attachment.x no longer gives the policy arn:p to the role r" +
				"aws_iam_policy_attachment.y now gives the policy arn:p to the role r, and detaches the policy from everybody else", true},
		{"fewer operations", planOf(change("aws_kms_grant.x", recreating, object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Verify", "Decrypt"}},
			object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Decrypt"}})),
			`aws_kms_grant.x no longer lets arn:r use the key k (Verify)`, false},
		{"more operations", planOf(change("aws_kms_grant.x", recreating, object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Verify"}},
			object{"grantee_principal": "arn:r", "key_id": "k", "operations": []any{"Verify", "Decrypt", "Encrypt"}})),
			`aws_kms_grant.x now lets arn:r use the key k (Decrypt and Encrypt)`, true},
		{"fewer addresses", planOf(change("aws_ec2_managed_prefix_list.x", updating, object{"entry": []any{object{"cidr": "10.0.0.0/8"}}}, object{"entry": []any{object{"cidr": "10.1.0.0/16"}}})),
			"aws_ec2_managed_prefix_list.x no longer lets in 10.0.0.0/8 wherever it stands for who gets in, but still 10.1.0.0/16", false},
		{"more addresses", planOf(change("aws_ec2_managed_prefix_list.x", updating, object{"entry": []any{object{"cidr": "10.1.0.0/16"}}}, object{"entry": []any{object{"cidr": "10.0.0.0/8"}}})),
			"aws_ec2_managed_prefix_list.x now lets in 10.0.0.0/8 wherever it stands for who gets in; it no longer lets in 10.1.0.0/16 wherever it stands for who gets in", true},
		{"fewer addresses of another list", planOf(change("aws_ec2_managed_prefix_list_entry.x", recreating, object{"cidr": "10.0.0.0/8", "prefix_list_id": "pl-a"}, object{"cidr": "10.1.0.0/16", "prefix_list_id": "pl-b"})),
			"aws_ec2_managed_prefix_list_entry.x now lets in 10.1.0.0/16 wherever it stands for who gets in: the prefix list pl-b; " +
				"it no longer lets in 10.0.0.0/8 wherever it stands for who gets in: the prefix list pl-a", true},
		{"a certificate's profile that is off", planOf(change("aws_rolesanywhere_profile.x", creating, nil, object{"role_arns": []any{"arn:r"}, "enabled": false})), "", false},
		{"an authority that is off", planOf(change("aws_rolesanywhere_trust_anchor.x", creating, nil, object{"name": "ca", "enabled": false})), "", false},
		{"a role that is new too, and what is its own", of("aws_iam_role_policies_exclusive", "role_name"), "aws_iam_role_policies_exclusive.x now lets the role known after apply keep the policy a and the policy b, and takes all others of its own from it", false},
		{"a user that is new too, and what is its own", of("aws_iam_user_policies_exclusive", "user_name"), "aws_iam_user_policies_exclusive.x now lets the user known after apply keep the policy a, and takes all others of its own from it", false},
		{"a group that is new too, and what is its own", of("aws_iam_group_policies_exclusive", "group_name"), "aws_iam_group_policies_exclusive.x now lets the group known after apply keep the policy a, and takes all others of its own from it", false},
		{"a role that is new too", planOf(unknown), "aws_iam_role_policy_attachment.x now gives the policy arn:p to the role known after apply", false},
		{"a user that is new too", of("aws_iam_user_policy_attachment", "user"), "aws_iam_user_policy_attachment.x now gives the policy arn:p to the user known after apply", false},
		{"a group that is new too", of("aws_iam_group_policy_attachment", "group"), "aws_iam_group_policy_attachment.x now gives the policy arn:p to the group known after apply", false},
		{"a pool that is new too", of("aws_cognito_user", "user_pool_id"), "aws_cognito_user.x now lets the user u sign in with the user pool known after apply", false},
		{"a key that is new too", of("aws_kms_grant", "key_id"), "aws_kms_grant.x now lets arn:r use the key known after apply (Decrypt)", false},
		{"a policy that is new, of a role that is not", of("aws_iam_role_policy_attachment", "policy_arn"), "aws_iam_role_policy_attachment.x now gives the policy known after apply to the role r", true},
		{"a role that is new too, by name", planOf(change("aws_iam_role_policy_attachment.x", creating, nil, role), change("aws_iam_role.r", creating, nil, object{"name": "r"})),
			"aws_iam_role_policy_attachment.x now gives the policy arn:p to the role r", false},
		{"a domain that is new too", planOf(domain, change("aws_iam_role_policy_attachment.x", creating, nil, role)), "aws_iam_role_policy_attachment.x now gives the policy arn:p to the role r", false},
		{"a further domain", planOf(domain, change("aws_elasticsearch_domain.e", []any{"no-op"}, object{"domain_name": "n"}, object{"domain_name": "n"}), change("aws_iam_role_policy_attachment.x", creating, nil, role)),
			"aws_iam_role_policy_attachment.x now gives the policy arn:p to the role r", true},
		{"put right", drifted, "aws_iam_policy_attachment.x now gives the policy arn:p to the role r, and detaches the policy from everybody else; it no longer gives the policy arn:p to the user u" +
			"aws_iam_policy_attachment.x now gives the policy arn:p to the user u, and detaches the policy from everybody else; it no longer gives the policy arn:p to the role r", false},
		{"outside Terraform", outside, "aws_iam_policy_attachment.x now gives the policy arn:p to the user u, and detaches the policy from everybody else", false},
		{"SAML that is off", planOf(change("aws_elasticsearch_domain_saml_options.x", creating, nil, saml(false))), "", false},
		{"SAML of OpenSearch that is off", planOf(change("aws_opensearch_domain_saml_options.x", creating, nil, saml(false))), "", false},
		{"SAML turned on", planOf(change("aws_elasticsearch_domain_saml_options.x", updating, saml(false), saml(true))),
			"aws_elasticsearch_domain_saml_options.x now lets whom its identity provider signs in into the domain m", true},
		{"forgotten", planOf(change("aws_iam_role_policy_attachment.x", []any{"forget"}, role, nil)), "", false},
		{"forgotten, and another", planOf(change("aws_iam_role_policy_attachment.x", []any{"create", "forget"}, role, object{"role": "r", "policy_arn": "arn:q"})),
			"aws_iam_role_policy_attachment.x now gives the policy arn:q to the role r", true},
		{"forgotten, and another first", planOf(change("aws_iam_role_policy_attachment.x", []any{"forget", "create"}, role, object{"role": "r", "policy_arn": "arn:q"})),
			"aws_iam_role_policy_attachment.x now gives the policy arn:q to the role r", true},
	} {
		r := read(t, test.plan)
		got := append(rowsOf(r, "Who gets in", false), rowsOf(r, "Who got in outside Terraform", false)...)
		if strings.Join(got, "") != test.want || len(strict(t, "open").Refuses(r)) > 0 != test.open {
			t.Errorf("%s: %q, refused %v; want %q, %v", test.name, got, strict(t, "open").Refuses(r), test.want, test.open)
		}
	}
}

// A policy that somebody has as soon as it is there lets in as it comes; one that is only made does not.
func TestPoliciesAtOnce(t *testing.T) {
	inline := object{"role": "r", "name": "n", "policy": policyOf(`{"Effect":"Allow","Action":"es:*","Resource":"*"}`)}
	trust := func(principal string) object {
		return object{"name": "r", "assume_role_policy": policyOf(`{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}`)}
	}
	owned := func(resourceType, argument, owner string, of any) object {
		c := change(resourceType+".x", creating, nil, object{argument: policyOf(statementWith("iam::111122223333", "iam::444455556666")), owner: of})
		if of == nil {
			within(c["change"].(object), "after_unknown", object{owner: true})
		}
		return c
	}
	for _, test := range []struct {
		name string
		plan object
		open bool
	}{
		{"inline", planOf(change("aws_iam_role_policy.x", creating, nil, inline)), true},
		{"inline, of a role that is new", planOf(change("aws_iam_role_policy.x", creating, nil, inline), change("aws_iam_role.r", creating, nil, object{"name": "r"})), false},
		{"a policy that nobody has yet", planOf(change("aws_iam_policy.x", creating, nil, inline)), false},
		{"a user's", planOf(change("aws_iam_user_policy.x", creating, nil, inline)), true},
		{"a group's", planOf(change("aws_iam_group_policy.x", creating, nil, inline)), true},
		{"a secret's", planOf(owned("aws_secretsmanager_secret_policy", "policy", "secret_arn", "arn:s")), true},
		{"a secret's that is new", planOf(owned("aws_secretsmanager_secret_policy", "policy", "secret_arn", nil)), false},
		{"a domain's, for its own account", planOf(change("aws_elasticsearch_domain_policy.x", creating, nil, object{"domain_name": "d", "access_policies": policyOf(statementWith())})), false},
		{"a domain's, which does not say whose it is", planOf(change("aws_elasticsearch_domain_policy.x", creating, nil, object{"domain_name": "d", "access_policies": policyOf(statementWith("DOMAIN", ""))})), true},
		{"a domain's", planOf(owned("aws_elasticsearch_domain_policy", "access_policies", "domain_name", "d")), true},
		{"a domain's that is new", planOf(owned("aws_elasticsearch_domain_policy", "access_policies", "domain_name", "d"), change("aws_elasticsearch_domain.d", creating, nil, object{"domain_name": "d"}),
			change("aws_elasticsearch_domain.e", []any{"no-op"}, object{"domain_name": "e"}, object{"domain_name": "e"})), false},
		{"an OpenSearch domain's", planOf(owned("aws_opensearch_domain_policy", "access_policies", "domain_name", "d")), true},
		{"an OpenSearch domain's that is new", planOf(owned("aws_opensearch_domain_policy", "access_policies", "domain_name", nil)), false},
		{"a bucket's", planOf(owned("aws_s3_bucket_policy", "policy", "bucket", "b")), true},
		{"a bucket's that is new", planOf(owned("aws_s3_bucket_policy", "policy", "bucket", "b"), change("aws_s3_bucket.b", creating, nil, object{"bucket": "b"})), false},
		{"a bucket's beside one that is new", planOf(owned("aws_s3_bucket_policy", "policy", "bucket", "b"), change("aws_s3_bucket.b", creating, nil, object{"bucket": "c"})), true},
		{"a key's", planOf(owned("aws_kms_key_policy", "policy", "key_id", "k")), true},
		{"a key's that is new", planOf(owned("aws_kms_key_policy", "policy", "key_id", nil)), false},
		{"a queue's", planOf(owned("aws_sqs_queue_policy", "policy", "queue_url", "q")), true},
		{"a queue's that is new", planOf(owned("aws_sqs_queue_policy", "policy", "queue_url", nil)), false},
		{"a topic's", planOf(owned("aws_sns_topic_policy", "policy", "arn", "arn:t")), true},
		{"a topic's that is new", planOf(owned("aws_sns_topic_policy", "policy", "arn", nil)), false},
		{"an event bus's", planOf(owned("aws_cloudwatch_event_bus_policy", "policy", "event_bus_name", "default")), true},
		{"an event bus's that is new", planOf(owned("aws_cloudwatch_event_bus_policy", "policy", "event_bus_name", nil)), false},
		{"a log destination's", planOf(owned("aws_cloudwatch_log_destination_policy", "access_policy", "destination_name", "d")), true},
		{"a log destination's that is new", planOf(owned("aws_cloudwatch_log_destination_policy", "access_policy", "destination_name", nil)), false},
		{"an access point's", planOf(owned("aws_s3control_access_point_policy", "policy", "access_point_arn", "arn:a")), true},
		{"an access point's that is new", planOf(owned("aws_s3control_access_point_policy", "policy", "access_point_arn", nil)), false},
		{"into a bucket that had none", planOf(change("aws_s3_bucket.b", updating, object{"bucket": "b", "policy": ""}, object{"bucket": "b", "policy": policyOf(statementWith())})), true},
		{"of a service, into a bucket that had none", planOf(change("aws_s3_bucket.b", updating, object{"bucket": "b", "policy": ""},
			object{"bucket": "b", "policy": policyOf(`{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*"}`)})), false},
		{"a role for another account", planOf(change("aws_iam_role.x", creating, nil, trust(`{"AWS":"444455556666"}`))), true},
		{"a role through OIDC", planOf(change("aws_iam_role.x", creating, nil, trust(`{"Federated":"arn:aws:iam::1:oidc-provider/idp.example.com"}`))), true},
		{"a role for a service", planOf(change("aws_iam_role.x", creating, nil, trust(`{"Service":"es.amazonaws.com"}`))), false},
		{"a role for a service and an account", planOf(change("aws_iam_role.x", creating, nil, trust(`{"Service":"es.amazonaws.com","AWS":"444455556666"}`))), true},
	} {
		r := read(t, test.plan)
		if got := len(strict(t, "open").Refuses(r)) > 0; got != test.open {
			t.Errorf("%s: refused %v, want %v: %v", test.name, got, test.open, r.Findings)
		}
	}
}

// withoutKey is an object without one of its keys.
func withoutKey(o object, key string) object {
	copied := maps.Clone(o)
	delete(copied, key)
	return copied
}

// A policy that goes forbids no longer what it forbade, unless that goes too which it is of.
func TestPoliciesThatGo(t *testing.T) {
	deny := policyOf(`{"Effect":"Deny","Principal":"*","Action":"x:Get","Resource":"*"}`, statementWith())
	for _, test := range []struct{ resourceType, argument, by, of, id string }{
		{"aws_s3_bucket_policy", "policy", "bucket", "aws_s3_bucket", "bucket"},
		{"aws_secretsmanager_secret_policy", "policy", "secret_arn", "aws_secretsmanager_secret", "arn"},
		{"aws_kms_key_policy", "policy", "key_id", "aws_kms_key", "id"},
		{"aws_sqs_queue_policy", "policy", "queue_url", "aws_sqs_queue", "id"},
		{"aws_sns_topic_policy", "policy", "arn", "aws_sns_topic", "arn"},
		{"aws_cloudwatch_event_bus_policy", "policy", "event_bus_name", "aws_cloudwatch_event_bus", "name"},
		{"aws_cloudwatch_log_destination_policy", "access_policy", "destination_name", "aws_cloudwatch_log_destination", "name"},
		{"aws_s3control_access_point_policy", "policy", "access_point_arn", "aws_s3_access_point", "arn"},
		{"aws_iam_role_policy", "policy", "role", "aws_iam_role", "name"},
		{"aws_iam_user_policy", "policy", "user", "aws_iam_user", "name"},
		{"aws_iam_group_policy", "policy", "group", "aws_iam_group", "name"},
	} {
		goes := change(test.resourceType+".x", destroying, object{test.argument: deny, test.by: "o"}, nil)
		alone, both := read(t, planOf(goes)), read(t, planOf(goes, change(test.of+".o", destroying, object{test.id: "o"}, nil)))
		want := []string{test.resourceType + ".x (" + kinds[test.resourceType].policy.of + ")", "goes, with its 2 statements", "opens: no longer forbids everybody to call x:Get on *"}
		if got := rowsOf(alone, "Who gets in", false); !slices.Equal(got, want) || !slices.Contains(refusedFor(t, alone), "open") {
			t.Errorf("%s: %q, refused for %v; want %q", test.resourceType, got, refusedFor(t, alone), want)
		}
		if got := rowsOf(both, "Who gets in", false); !slices.Equal(got, want[:2]) || slices.Contains(refusedFor(t, both), "open") {
			t.Errorf("%s, with what it is of: %q, refused for %v; want %q", test.resourceType, got, refusedFor(t, both), want[:2])
		}
	}
	if got := rowsOf(read(t, planOf(change("aws_iam_policy.x", destroying, object{"policy": deny}, nil))), "Who gets in", false); len(got) != 2 {
		t.Errorf("a policy that nobody has any more: %q", got)
	}
}

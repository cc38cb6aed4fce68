package spec

import (
	"fmt"
	"strings"
)

const (
	s3WithRole = "    use_lockfile: true\n    assume_role: {role_arn: \"arn:aws:iam::111122223333:role/state\", "
	s3WithWeb  = "    use_lockfile: true\n    assume_role_with_web_identity: {role_arn: \"arn:aws:iam::111122223333:role/state\", "
)

// awsFaults is what AWS refuses of texts, by their length or their characters: each is held to the model of the API that gets it.
// https://github.com/aws/aws-sdk-go-v2/tree/main/codegen/sdk-codegen/aws-models
var awsFaults = []fault{
	{"tags that differ by case", private, "  project: ai-metrics", "  Project: ai-metrics\n  project: ai-metrics",
		`4:3: default_tags.project: is the same key as "Project" but for case, by which IAM tells no keys apart; leave one out`},
	{"tag that is the stack's own but for case", private, "  project: ai-metrics", "  Elasticsearch-Domain: ai-metrics",
		`3:3: default_tags.Elasticsearch-Domain: is the key of the stack's own tag "elasticsearch-domain" but for case, by which IAM tells no keys apart; choose another one`},
	{"characters of a tag", private, "project: ai-metrics", `project: "Search & Ranking (ML), #3"`,
		`3:3: default_tags.project: "Search & Ranking (ML), #3" has characters that IAM and KMS refuse: & ( ) , #; use letters, digits, spaces and _ . : / = + - @`},
	{"characters of a tag's key", private, "project: ai-metrics", `"project*": ai-metrics`,
		`3:3: default_tags.project*: has characters in its key that IAM and KMS refuse: *; use letters, digits, spaces and _ . : / = + - @`},
	{"line end in a tag", private, "project: ai-metrics", `project: "ai\nmetrics"`,
		`3:3: default_tags.project: "ai\nmetrics" has characters that IAM and KMS refuse: \n; use letters, digits, spaces and _ . : / = + - @`},
	{"no room for the stack's own tag", governed, "", tags("default_tags", 50, "a"),
		`65:1: default_tags: has 50 tags, and with the stack's own, "elasticsearch-domain", AWS would get more than the 50 that it takes; leave one out`},
	{"tags of the domain and of all", edit(private, "  project: ai-metrics\n", strings.TrimPrefix(tags("", 26, "a"), ":\n")), "  snapshot_options:", "  " +
		strings.ReplaceAll(strings.TrimSpace(tags("tags", 25, "b")), "\n", "\n  ") + "\n  snapshot_options:",
		`78:3: domain.tags: are 51 tags with default_tags, and AWS takes 50; leave some out`},
	{"name of a bucket in upper case", private, "bucket: example-terraform-state", "bucket: Example-Terraform-State",
		`6:5: backend.s3.bucket: "Example-Terraform-State" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"name of a bucket of two characters", private, "bucket: example-terraform-state", "bucket: ab",
		`6:5: backend.s3.bucket: "ab" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"name of a bucket of 64 characters", private, "bucket: example-terraform-state", "bucket: " + strings.Repeat("a", 64),
		`6:5: backend.s3.bucket: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"name of a bucket with an underscore", private, "bucket: example-terraform-state", "bucket: example_state",
		`6:5: backend.s3.bucket: "example_state" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"name of a bucket that ends in a hyphen", private, "bucket: example-terraform-state", "bucket: example-",
		`6:5: backend.s3.bucket: "example-" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"name of a bucket with two dots", private, "bucket: example-terraform-state", "bucket: example..state",
		`6:5: backend.s3.bucket: "example..state" has two dots in a row, which no bucket's name has; leave one out`},
	{"name of a bucket that is an address", private, "bucket: example-terraform-state", "bucket: 192.168.5.4",
		`6:5: backend.s3.bucket: "192.168.5.4" is an address, which no bucket's name is; write its name`},
	{"name of a bucket that S3 keeps", private, "bucket: example-terraform-state", "bucket: xn--example",
		`6:5: backend.s3.bucket: "xn--example" begins with "xn--", which S3 keeps to itself; write another name`},
	{"name of a bucket that ends as S3's own", private, "bucket: example-terraform-state", "bucket: example-s3alias",
		`6:5: backend.s3.bucket: "example-s3alias" ends in "-s3alias", which S3 keeps to itself; write another name`},
	{"long key of S3", private, "key: ai-metrics/prod.tfstate", "key: " + strings.Repeat("k", 1025),
		`7:5: backend.s3.key: has 1025 characters, and AWS takes 1024; shorten it`},
	{"canned ACL", private, "    use_lockfile: true", "    use_lockfile: true\n    acl: publik-read",
		`9:5: backend.s3.acl: "publik-read" is not one of private, public-read, public-read-write, authenticated-read, aws-exec-read, bucket-owner-read, bucket-owner-full-control; did you mean "public-read"?`},
	{"account of the state", private, "    use_lockfile: true", "    use_lockfile: true\n    allowed_account_ids: [\"1111\"]",
		`9:27: backend.s3.allowed_account_ids[0]: "1111" is not the number of an account; write its 12 digits in quotes`},
	{"account of no state", private, "    use_lockfile: true", "    use_lockfile: true\n    forbidden_account_ids: [\"1111\"]",
		`9:29: backend.s3.forbidden_account_ids[0]: "1111" is not the number of an account; write its 12 digits in quotes`},
	{"session of the state", private, "    use_lockfile: true", s3WithRole + "session_name: \"my session\"}",
		`9:69: backend.s3.assume_role.session_name: "my session" is not the name of a session; use 2 to 64 letters, digits and + = , . @ _ -`},
	{"external id of the state", private, "    use_lockfile: true", s3WithRole + "external_id: \"a b\"}",
		`9:69: backend.s3.assume_role.external_id: "a b" is not an external id; use 2 or more letters, digits and + = , . @ : / _ -`},
	{"source identity of the state", private, "    use_lockfile: true", s3WithRole + "source_identity: \"a b\"}",
		`9:69: backend.s3.assume_role.source_identity: "a b" is not a source identity; use 2 to 256 letters, digits and + = , . @ _ -`},
	{"policy of the state's session", private, "    use_lockfile: true", s3WithRole + "policy_arns: [ReadOnlyAccess]}",
		`9:83: backend.s3.assume_role.policy_arns[0]: "ReadOnlyAccess" is not the ARN of an IAM policy; write one such as "arn:aws:iam::111122223333:policy/boundary"`},
	{"role of a token", private, "    use_lockfile: true", "    use_lockfile: true\n    assume_role_with_web_identity: {role_arn: state}",
		`9:37: backend.s3.assume_role_with_web_identity.role_arn: "state" is not the ARN of an IAM role; write one such as "arn:aws:iam::111122223333:role/cognito"`},
	{"session of a token", private, "    use_lockfile: true", s3WithWeb + "session_name: \"my session\"}",
		`9:87: backend.s3.assume_role_with_web_identity.session_name: "my session" is not the name of a session; use 2 to 64 letters, digits and + = , . @ _ -`},
	{"policy of a token's session", private, "    use_lockfile: true", s3WithWeb + "policy_arns: [ReadOnlyAccess]}",
		`9:101: backend.s3.assume_role_with_web_identity.policy_arns[0]: "ReadOnlyAccess" is not the ARN of an IAM policy; write one such as "arn:aws:iam::111122223333:policy/boundary"`},
	{"TLS that AWS ended", private, "Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-0-2019-07",
		`30:5: domain.domain_endpoint_options.tls_security_policy: "Policy-Min-TLS-1-0-2019-07" lets clients speak TLS 1.0 and 1.1, which AWS ended on 2026-04-20; use "Policy-Min-TLS-1-2-PFS-2023-10"`},
	{"upper case in custom_endpoint", governed, "name: metrics.example.com", "name: Metrics.Example.com",
		`33:3: custom_endpoint.name: "Metrics.Example.com" has upper case, which AWS turns into lower; write "metrics.example.com"`},
	{"upper case in the custom endpoint of the domain", private, "custom_endpoint: metrics.example.com", "custom_endpoint: Metrics.Example.com",
		`32:5: domain.domain_endpoint_options.custom_endpoint: "Metrics.Example.com" has upper case, which AWS turns into lower; write "metrics.example.com"`},
	{"host name of 254 characters", private, "custom_endpoint: metrics.example.com",
		"custom_endpoint: " + strings.Repeat("a123456789.", 22) + "b123.example",
		`32:5: domain.domain_endpoint_options.custom_endpoint: has 254 characters, and AWS takes 253; shorten it`},
	{"long backend role", governed, "master_backend_role: administrators", "master_backend_role: " + strings.Repeat("a", 257),
		`25:5: sign_in.saml.master_backend_role: has 257 characters, and AWS takes 256; shorten it`},
	{"long user pool", private, "user_pool_id: eu-central-1_AbCdEf123", "user_pool_id: eu-central-1_" + strings.Repeat("a", 43),
		`35:5: domain.cognito_options.user_pool_id: has 56 characters, and AWS takes 55; shorten it`},
	{"long identity pool", private, "11111111-2222-3333-4444-555555555555\n    role_arn", strings.Repeat("1", 43) + "\n    role_arn",
		`36:5: domain.cognito_options.identity_pool_id: has 56 characters, and AWS takes 55; shorten it`},
	{"long role", private, "role/cognito", "role/" + strings.Repeat("a", 65),
		`37:5: domain.cognito_options.role_arn: "arn:aws:iam::111122223333:role/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" has a name of 65 characters, and IAM takes 64; name what there is`},
	{"long reader", private, "user/ml-engineer", "user/" + strings.Repeat("a", 65),
		`62:13: access.readers[0]: "arn:aws:iam::111122223333:user/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" has a name of 65 characters, and IAM takes 64; name what there is`},
	{"long boundary", pooled, "    role_arn: arn:aws:iam::111122223333:role/cognito\n",
		"    permissions_boundary: arn:aws:iam::111122223333:policy/" + strings.Repeat("a", 129) + "\n",
		`19:5: sign_in.cognito.permissions_boundary: "arn:aws:iam::111122223333:policy/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" has a name of 129 characters, and IAM takes 128; name what there is`},
	{"log group with a space", private, "log-group:slow", "log-group:slow logs",
		`43:7: domain.log_publishing_options[0].cloudwatch_log_group_arn: "arn:aws:logs:eu-central-1:111122223333:log-group:slow logs" is not the ARN of a CloudWatch log group; write one such as "arn:aws:logs:eu-central-1:111122223333:log-group:metrics"`},
	{"topic with a dot", pooled, ":oncall", ":on.call",
		`27:3: alarms.topic_arn: "arn:aws:sns:eu-central-1:111122223333:on.call" is not the ARN of an SNS topic; write one such as "arn:aws:sns:eu-central-1:111122223333:oncall"`},
	{"table of two characters", private, "    use_lockfile: true", "    dynamodb_table: ab",
		`8:5: backend.s3.dynamodb_table: "ab" is not a table of DynamoDB; write its name, such as "terraform-locks", 3 to 255 characters`},
}

// tags is a section with so many tags.
func tags(section string, count int, prefix string) string {
	var all strings.Builder
	all.WriteString(section + ":\n")
	for i := range count {
		fmt.Fprintf(&all, "  %s%d: x\n", prefix, i)
	}
	return all.String()
}

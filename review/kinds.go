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
	gives   string      // the argument that names who has the IAM policy policy_arn by it
	manages []portion   // what it manages of other resources
	weaker  []weakening // what weakens it where it changes in place
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
}

// is reports whether an argument is the policy.
func (g guard) is(path string) bool { return g.argument != "" && g.argument == path }

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

// weakening is a change in place after which less is kept, or guarded less.
type weakening struct {
	id       string // unique in its kind
	argument string // or a block
	when     circumstance
	severity Severity
	says     string
}

// kinds is what a review knows, by the type of a resource. To teach it more, add rows here; the tests in kinds_test.go fail for
// one that no case needs.
var kinds = map[string]kind{
	"aws_elasticsearch_domain": {
		role: aDomain, called: "the Elasticsearch domain", loss: domainLoss, policy: domainGuard, weaker: domainWeakenings,
	},
	"aws_opensearch_domain": {
		role: aDomain, called: "the OpenSearch domain", loss: domainLoss, policy: domainGuard, weaker: domainWeakenings,
	},
	"aws_elasticsearch_domain_policy": {role: aDomainPolicy, policy: guard{argument: "access_policies", of: "the domain"}},
	"aws_opensearch_domain_policy":    {role: aDomainPolicy, policy: guard{argument: "access_policies", of: "the domain"}},
	"aws_elasticsearch_domain_saml_options": {weaker: []weakening{
		{"provider", "saml_options.idp", always, Widened, "whoever it signs in gets in"},
		{"master role", "saml_options.master_backend_role", always, Widened, "whoever has it may do anything in the domain"},
		{"master user", "saml_options.master_user_name", always, Widened, "this user may do anything in the domain"},
	}},

	"aws_cloudwatch_metric_alarm":    {role: anAlarm},
	"aws_cloudwatch_composite_alarm": {role: anAlarm},
	"aws_sns_topic_subscription":     {role: aSubscription},
	"aws_sns_topic":                  {policy: guard{argument: "policy", of: "the topic", madeByAWS: true, public: true}},
	"aws_sns_topic_policy": {
		policy:  guard{argument: "policy", of: "the topic", public: true},
		manages: []portion{{of: "aws_sns_topic", argument: "policy", by: "arn"}},
	},
	"aws_sqs_queue_policy": {policy: guard{argument: "policy", of: "the queue", public: true}},

	"aws_cloudwatch_log_group": {
		called: "the log group",
		loss: loss{of: "all its logs are lost", unless: func(before plan.Value) bool {
			return before.Child("skip_destroy").IsTrue()
		}},
		weaker: []weakening{
			{"retention", "retention_in_days", shorter, DataAtRisk, "CloudWatch deletes what is older, and it cannot be brought back"},
		},
	},
	"aws_cloudwatch_log_resource_policy": {policy: guard{argument: "policy_document", of: "CloudWatch Logs"}},

	"aws_kms_key": {
		called: "the KMS key",
		loss: loss{
			of:      "what it encrypted can never be read again",
			comfort: "Until its waiting period ends, the deletion can be cancelled.",
		},
		policy: guard{argument: "policy", of: "the key", madeByAWS: true},
		weaker: []weakening{
			{"disabled", "is_enabled", turnedOff, DataAtRisk, "until it is on again, nothing that it encrypts can be used"},
		},
	},
	"aws_kms_external_key": {loss: loss{of: "what it encrypted can never be read again"}},
	"aws_kms_replica_key":  {loss: loss{of: "what it encrypted can be read in other regions alone"}},
	"aws_kms_key_policy": {
		policy:  guard{argument: "policy", of: "the key"},
		manages: []portion{{of: "aws_kms_key", argument: "policy", by: "key_id"}},
	},

	"aws_iam_policy":       {policy: guard{argument: "policy", of: "an IAM policy"}},
	"aws_iam_user_policy":  {policy: guard{argument: "policy", of: "a user's IAM policy"}},
	"aws_iam_group_policy": {policy: guard{argument: "policy", of: "a group's IAM policy"}},
	"aws_iam_role":         {policy: guard{argument: "assume_role_policy", of: "who may become the role"}},
	"aws_iam_role_policy": {
		policy: guard{argument: "policy", of: "a role's IAM policy"},
		manages: []portion{{of: "aws_iam_role", argument: "inline_policy", by: "role", elements: func(element plan.Value) []identity {
			return []identity{{value: element.Child("name").Key()}}
		}}},
	},
	"aws_iam_role_policy_attachment": {
		gives: "role",
		manages: []portion{{of: "aws_iam_role", argument: "managed_policy_arns", by: "role", elements: func(element plan.Value) []identity {
			if arn := element.Child("policy_arn"); !arn.IsEmpty() { // of the attachment
				return []identity{{value: arn.Key()}}
			}
			return []identity{{value: element.Key()}}
		}}},
	},
	"aws_iam_user_policy_attachment":  {gives: "user"},
	"aws_iam_group_policy_attachment": {gives: "group"},

	"aws_security_group":                  {role: aSecurityGroup},
	"aws_vpc_security_group_ingress_rule": {role: anIngressRule},
	"aws_vpc_security_group_egress_rule": {
		manages: []portion{{of: "aws_security_group", argument: "egress", by: "security_group_id", elements: admissionsOf}},
	},
	"aws_security_group_rule": {
		role:    aRule,
		manages: []portion{{of: "aws_security_group", argument: "egress", by: "security_group_id", elements: admissionsOf}},
	},

	"aws_cognito_user_pool": {loss: loss{of: "all its users are lost"}},
	"aws_cognito_user_pool_domain": {
		manages: []portion{{of: "aws_cognito_user_pool", argument: "domain", by: "user_pool_id"}},
	},

	"aws_s3_bucket": {
		called: "the bucket",
		loss:   loss{of: "all its objects are lost", comfort: "Without force_destroy AWS refuses while it holds any."},
	},
	"aws_s3_bucket_policy": {
		policy:  guard{argument: "policy", of: "the bucket", public: true},
		manages: []portion{{of: "aws_s3_bucket", argument: "policy", by: "bucket"}},
	},
	"aws_secretsmanager_secret": {
		loss:   loss{of: "the secret is lost when its recovery window ends"},
		policy: guard{argument: "policy", of: "the secret", madeByAWS: true},
	},
	"aws_secretsmanager_secret_policy": {
		policy:  guard{argument: "policy", of: "the secret"},
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
	domainGuard      = guard{argument: "access_policies", of: "the domain", madeByAWS: true}
	domainWeakenings = []weakening{
		{"master user", "advanced_security_options.master_user_options", always, Widened, "the master user may do anything in the domain"},
		{"HTTPS", "domain_endpoint_options.enforce_https", turnedOff, Widened, "requests and passwords may come unencrypted"},
		{"audit logs", "log_publishing_options[AUDIT_LOGS].enabled", turnedOff, Widened, "nobody sees any more who did what in the domain"},
	}
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

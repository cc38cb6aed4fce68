package review

import (
	"strings"

	"cdktf-aimetrics/review/plan"
)

// The rows of kinds around the domain: buckets, firewalls, events and who may send or call.

// publicAccess is what is weak of a block of public access, of a bucket's or of a whole account's, when it is so.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func publicAccess(prefix string, when circumstance) []weakening {
	return []weakening{
		{prefix + "new ACLs", "block_public_acls", when, Widened, "ACLs may open it to everybody"},
		{prefix + "new policies", "block_public_policy", when, Widened, "a policy may open it to everybody"},
		{prefix + "ACLs", "ignore_public_acls", when, Widened, "ACLs that open it to everybody count"},
		{prefix + "policies", "restrict_public_buckets", when, Widened, "whom a public policy lets in gets in from other accounts"},
	}
}

// encryptedBy is what weakens what a key encrypts, which an argument names.
func encryptedBy(argument string) []weakening {
	return []weakening{
		{"key", argument, gone, Widened, "whoever may read it needs the key no longer"},
		{"other key", argument, replacedBy, Widened, "whoever may read it and use that key reads what comes from now on"},
	}
}

// keyWeaker is what weakens a KMS key, of whatever material.
func keyWeaker() []weakening {
	return []weakening{
		{"waiting period", "deletion_window_in_days", smaller, DataAtRisk, "its deletion can be cancelled for a shorter time"},
		{"lockout", "bypass_policy_lockout_safety_check", turnedOn, Widened, "its policy may lock out whoever manages it"},
	}
}

// grantsEverybody: a grant of an ACL is to one of the groups that stand for everybody.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
func grantsEverybody(a plan.Argument, _, _ plan.Value) bool {
	uri := a.After.Text()
	return strings.HasSuffix(a.Path, "uri") &&
		(unseen(a) || strings.HasSuffix(uri, "/groups/global/AllUsers") || strings.HasSuffix(uri, "/groups/global/AuthenticatedUsers"))
}

// grantsOthers: a grant of an ACL is to another than who owns the bucket.
func grantsOthers(a plan.Argument, _, after plan.Value) bool {
	return there(a, plan.Value{}, plan.Value{}) &&
		(unseen(a) || a.After.Text() != after.Block("access_control_policy", "owner", "id").Text())
}

// bucketWeak is what is weak of a bucket by the arguments that have resources of their own by now, changed or new.
var bucketWeak = []weakening{
	{"ACL", "acl", becomes("public-read", "public-read-write", "authenticated-read"), Opened, "everybody gets at its objects"},
	{"grants", "grant", grantsEverybody, Opened, "everybody gets at its objects"},
}

// bucketWeaker is what weakens a bucket by these arguments.
var bucketWeaker = append(
	encryptedBy("server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id"),
	weakening{"others", "grant", endsIn(".id", grantsOthers), Widened, "this account gets at its objects"},
	weakening{"versioning", "versioning.enabled", turnedOff, DataAtRisk,
		"what is overwritten or deleted from now on cannot be brought back"},
	weakening{"second factor", "versioning.mfa_delete", turnedOff, Widened, "who may delete versions does so without a second factor"},
	weakening{"logging", "logging.target_bucket", had, Widened, "nobody sees there any more who got at its objects"},
	weakening{"copies", "replication_configuration.rules", copied, Widened, "whoever may read there reads what comes into this bucket"},
)

// copied: what comes into a bucket goes into another as well.
var copied = endsIn("destination.bucket", there)

// aclWeaker is what weakens a web ACL beside its rules.
var aclWeaker = []weakening{
	{"default", "default_action.allow", there, Widened, "what no rule stops gets through"},
	{"rules as JSON", "rule_json", always, Widened, "what these rules stopped may get through"},
}

// rulesWeaker is what weakens the rules of a web ACL, or of a group of them.
var rulesWeaker = []weakening{
	{"rule", "rule", endsIn(".name", gone), Widened, "what this rule stopped gets through"},
	{"counts", "rule", endsIn("action.count", there), Widened, "what this rule stopped is counted alone, and gets through"},
	{"allows", "rule", endsIn("action.allow", there), Widened, "what this rule finds gets through, whatever the rules behind it say"},
}

// endsIn is a circumstance of the arguments below a block that end so.
func endsIn(path string, when circumstance) circumstance {
	return func(a plan.Argument, before, after plan.Value) bool {
		return strings.HasSuffix(a.Path, path) && when(a, before, after)
	}
}

// sendsLogs: a policy of the account sends its logs somewhere.
func sendsLogs(a plan.Argument, _, after plan.Value) bool {
	return after.TextOf("policy_type") == "SUBSCRIPTION_FILTER_POLICY" && there(a, plan.Value{}, plan.Value{})
}

// stopsWatching: a rule that watches for events, and does not run by the clock, is on no longer.
func stopsWatching(a plan.Argument, before, _ plan.Value) bool {
	return !before.Child("event_pattern").IsEmpty() && (ceases("ENABLED")(a, before, plan.Value{}) || turnedOff(a, before, plan.Value{}))
}

func notifiedTopic(a plan.Argument, _, _ plan.Value) bool {
	return strings.Contains(a.Before.Text(), ":sns:")
}

// everybodyMay: a permission is everybody's, and of no organization.
func everybodyMay(a plan.Argument, _, after plan.Value) bool {
	return becomes("*")(a, plan.Value{}, plan.Value{}) && after.Child("principal_org_id").IsEmpty() && after.Child("condition").IsEmpty()
}

// unconditioned: what everybody may on a condition is on none.
func unconditioned(a plan.Argument, _, after plan.Value) bool {
	return gone(a, plan.Value{}, plan.Value{}) && after.TextOf("principal") == "*"
}

// outOfAccount: what is said in a topic that was there before goes to a page, or to another account. Mails and texts are confirmed by
// whom they reach, and are said of the alarms.
func outOfAccount(a plan.Argument, _, after plan.Value) bool {
	topic := after.TextOf("topic_arn")
	if topic == "" || !there(a, plan.Value{}, plan.Value{}) {
		return false
	}
	endpoint := a.After.Text()
	return strings.HasPrefix(after.TextOf("protocol"), "http") || accountOf(endpoint) != "" && accountOf(endpoint) != accountOf(topic)
}

// accountOf is the account in an ARN; "" of what is none, or has none.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return parts[4]
}

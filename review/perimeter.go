package review

import (
	"strings"

	"cdktf-aimetrics/review/plan"
)

// The rows of kinds around the domain: buckets, firewalls, events and who may send or call.

// publicAccessWeaker is what weakens a block of public access, of a bucket's or of a whole account's.
var publicAccessWeaker = []weakening{
	{"new ACLs", "block_public_acls", turnedOff, Widened, "ACLs may open it to everybody"},
	{"new policies", "block_public_policy", turnedOff, Widened, "a policy may open it to everybody"},
	{"ACLs", "ignore_public_acls", turnedOff, Widened, "ACLs that open it to everybody count"},
	{"policies", "restrict_public_buckets", turnedOff, Widened, "whom a public policy lets in gets in from other accounts"},
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
	owner := after.Block("access_control_policy", "owner", "id").Text()
	return (strings.HasSuffix(a.Path, "grantee.id") || strings.HasPrefix(a.Path, "grant") && strings.HasSuffix(a.Path, ".id")) &&
		there(a, plan.Value{}, plan.Value{}) && (unseen(a) || a.After.Text() != owner)
}

// publicAccessWeak is what is weak of a block of public access that is new: AWS blocks all of it where nobody says otherwise.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
var publicAccessWeak = []weakening{
	{"no new ACLs", "block_public_acls", saidOffAtFirst, Widened, "ACLs may open it to everybody"},
	{"no new policies", "block_public_policy", saidOffAtFirst, Widened, "a policy may open it to everybody"},
	{"no ACLs", "ignore_public_acls", saidOffAtFirst, Widened, "ACLs that open it to everybody count"},
	{"no policies", "restrict_public_buckets", saidOffAtFirst, Widened, "whom a public policy lets in gets in from other accounts"},
}

// bucketWeak is what is weak of a bucket by the arguments that have resources of their own by now, changed or new.
var bucketWeak = []weakening{
	{"ACL", "acl", becomes("public-read", "public-read-write", "authenticated-read"), Opened, "everybody gets at its objects"},
	{"grants", "grant", grantsEverybody, Opened, "everybody gets at its objects"},
}

// bucketWeaker is what weakens a bucket by these arguments.
var bucketWeaker = []weakening{
	{"others", "grant", grantsOthers, Widened, "this account gets at its objects"},
	{"versioning", "versioning.enabled", turnedOff, DataAtRisk, "what is overwritten or deleted from now on cannot be brought back"},
	{"second factor", "versioning.mfa_delete", turnedOff, Widened, "who may delete versions does so without a second factor"},
	{"key", "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id", gone, Widened,
		"whoever may read it needs the key no longer"},
	{"other key", "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id", replacedBy,
		Widened, "whoever may read it and use that key reads what comes from now on"},
	{"logging", "logging.target_bucket", had, Widened, "nobody sees there any more who got at its objects"},
	{"copies", "replication_configuration.rules", copiesTo, Widened, "whoever may read there reads what comes into this bucket"},
}

// copiesTo: what comes into a bucket goes into another as well.
func copiesTo(a plan.Argument, _, _ plan.Value) bool {
	return strings.HasSuffix(a.Path, "destination.bucket") && there(a, plan.Value{}, plan.Value{})
}

// aclWeaker is what weakens a web ACL beside its rules.
var aclWeaker = []weakening{
	{"default", "default_action.allow", there, Widened, "what no rule stops gets through"},
	{"rules as JSON", "rule_json", always, Widened, "what these rules stopped may get through"},
}

// rulesWeaker is what weakens the rules of a web ACL, or of a group of them.
var rulesWeaker = []weakening{
	{"rule", "rule", ruleGone, Widened, "what this rule stopped gets through"},
	{"counts", "rule", ruleCounts, Widened, "what this rule stopped is counted alone, and gets through"},
	{"allows", "rule", ruleAllows, Widened, "what this rule finds gets through, whatever the rules behind it say"},
}

// ruleGone: the rules have one of this name no longer.
func ruleGone(a plan.Argument, _, _ plan.Value) bool {
	return strings.HasSuffix(a.Path, ".name") && gone(a, plan.Value{}, plan.Value{})
}

func ruleCounts(a plan.Argument, _, _ plan.Value) bool {
	return strings.HasSuffix(a.Path, "action.count") && there(a, plan.Value{}, plan.Value{})
}

func ruleAllows(a plan.Argument, _, _ plan.Value) bool {
	return strings.HasSuffix(a.Path, "action.allow") && there(a, plan.Value{}, plan.Value{})
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

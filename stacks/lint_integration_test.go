//go:build integration

package stacks_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/stacks"
)

// stays is what cloudsplaining and parliament find and what stays, and why: where a policy's name and a finding of parliament's fit.
// Cloudsplaining finds nothing.
var stays = []struct{ policy, finding, why string }{
	{`_key$`, `^RESOURCE_STAR kms:|^PERMISSIONS_MANAGEMENT_ACTIONS kms:`,
		"the * of a key's policy is that key, and kms:* for the account is what lets its IAM decide"},
	{`_key$`, `^UNKNOWN_CONDITION_FOR_ACTION Unknown condition kms:EncryptionContext:aws:logs:arn for action kms:Describe`,
		"AWS's own statement for log groups, whose kms:Describe* has actions without the condition, so that they are not granted"},
	{`_key$`, `^MISMATCHED_TYPE Type mismatch: ArnLike requires a value of type Arn but given String`,
		"an encryption context is text, and that of log groups is their ARN: AWS's own statement has ArnLike"},
	{`(_trust|kibana_signed_in)$`, `^MALFORMED Statement contains neither Resource nor NotResource`, "whom a role trusts has no resource"},
	{`^roles/.*_trust$`, `^UNKNOWN_FEDERATION_SOURCE arn:aws:iam::\d+:oidc-provider/token\.actions\.githubusercontent\.com$`,
		"as AWS's guide to GitHub has it; parliament does not know it"},
	{`/logs$`, `^UNKNOWN_ACTION Unknown action logs:PutLogEventsBatch`,
		"the guide of AWS Elasticsearch asks for it, and AWS refuses to publish logs without"},
	{`/cognito_pools$`, `^RESOURCE_MISMATCH cognito-identity:`, "the id of an identity pool has a colon in it"},
	{`/cognito_pools$`, `^CREDENTIALS_EXPOSURE cognito-idp:describeuserpoolclient`, "of the domain's own client, in these pools alone"},
	{`/cognito_pools$`, `^PERMISSIONS_MANAGEMENT_ACTIONS (cognito-identity:(set|update)identitypool|iam:passrole)`,
		"the domain enters itself in its identity pool, and hands on one role, to Cognito"},
	{`/change_domain_`, `^(PRIVILEGE_ESCALATION|PERMISSIONS_MANAGEMENT_ACTIONS) iam:(create|delete)policy`,
		"the two policies for readers and writers, by their names; a run warns of it"},
	{`/change_domain_`, `^PERMISSIONS_MANAGEMENT_ACTIONS es:updateelasticsearchdomainconfig`, "of the environment's own domain"},
	{`/change_domain_`, `^PERMISSIONS_MANAGEMENT_ACTIONS kms:creategrant`, "on the key that the file names, by Elasticsearch and for AWS's use"},
	{`/change_domain_`, `^PERMISSIONS_MANAGEMENT_ACTIONS iam:(createservicelinkedrole|deleteservicelinkedrole|updaterole)`,
		"the service-linked role, whose permissions and trust nobody changes"},
	{`/(change_domain|read)_`, `^RESOURCE_MISMATCH es:(AddTags|ListTags|RemoveTags)$`,
		"they know domains, too; the rest are OpenSearch's"},
	{`/change_domain_`, `^RESOURCE_MISMATCH ec2:CreateSecurityGroup`, "it needs a VPC and a group, each in a statement of its own conditions"},
	{`/change_keys_`, `^RESOURCE_MISMATCH kms:\w+Alias$`, "it needs a key and an alias, each in a statement of its own conditions"},
	{`/change_keys_`, `^PERMISSIONS_MANAGEMENT_ACTIONS kms:(createkey|putkeypolicy)`, "with the domain's tag"},
	{`/change_keys_`, `^UNKNOWN_CONDITION_FOR_ACTION Unknown condition kms:ResourceAliases for action kms:ScheduleKeyDeletion`,
		"a key has it, and so have the actions on keys"},
	{`/change_cognito_`, `^PERMISSIONS_MANAGEMENT_ACTIONS cognito-identity:`,
		"with the domain's tag; SetIdentityPoolRoles knows no resource, and hands on no role that iam:PassRole does not name"},
	{`/change_cognito_`, `^PERMISSIONS_MANAGEMENT_ACTIONS iam:`,
		"the roles of Cognito, by their names, within the boundary if there is one; without, a run warns of it"},
	{`/change_cognito_`, `^MISMATCHED_TYPE_BUT_USABLE Type mismatch: StringEquals requires a value of type String but given Arn`,
		"as AWS's guide has it for iam:PermissionsBoundary"},
	{`/change_cognito_`, `^UNKNOWN_CONDITION_FOR_ACTION Unknown condition iam:PermissionsBoundary for action iam:UpdateAssumeRolePolicy`,
		"AWS's list has it by now"},
	{`/change_monitoring_`, `^PERMISSIONS_MANAGEMENT_ACTIONS (logs:(delete|put)resourcepolicy|sns:(createtopic|settopicattributes))`,
		"the topic is the domain's; policies of logs know no resource"},
	{`/(change_monitoring|read)_`, `^RESOURCE_MISMATCH sns:((Get|Set)SubscriptionAttributes|Unsubscribe)$`, "AWS's list has their topic by now"},
	{`/change_state_`, `^PERMISSIONS_MANAGEMENT_ACTIONS s3:putobjectacl`, "on the state, where the file names an acl"},
	{`/read_by-hand$`, `^CREDENTIALS_EXPOSURE sts:assumerole`, "the role that the state is behind; a run warns of it"},
}

// filled is what Terraform will have put in when AWS gets a policy.
var filled = strings.NewReplacer(
	"${aws_cognito_identity_pool.kibana_identities.id}", "eu-central-1:11111111-2222-3333-4444-555555555555",
	"${aws_cognito_user_pool.kibana_users.id}", "eu-central-1_AbCdEf123",
	"${aws_iam_openid_connect_provider.github.arn}", "arn:aws:iam::"+here+":oidc-provider/token.actions.githubusercontent.com",
	"${aws_sns_topic.alarms.arn}", "arn:aws:sns:eu-central-1:"+here+":alarms",
)

// TestLinters has cloudsplaining and parliament look at every policy of every environment and of its roles: they find what stays, each
// of it, and no more.
func TestLinters(t *testing.T) {
	app, environments := cdktf.Testing_App(nil), everyEnvironment(t)
	documents := map[string]policy{"canary": {"2012-10-17", []policyStatement{{Effect: "Allow", Action: []string{"iam:*"},
		Resource: []string{"*"}}}}}
	for name, environment := range environments {
		metrics, err := stacks.NewMetrics(app, "metrics-"+name, environment)
		if err != nil {
			t.Fatal(err)
		}
		for id, document := range policiesOf(t, metrics.Stack) {
			documents[name+"/"+id] = document
		}
	}
	_, _, ofRoles := rolesFor(t, app, "roles", environments)
	for id, document := range ofRoles {
		documents["roles/"+id] = document
	}

	used, canaries := map[int]bool{}, map[string]int{}
	for _, found := range lint(t, documents) {
		tool, name, finding := found[0], found[1], found[2]
		if name == "canary" {
			canaries[tool]++
			continue
		}
		known := false
		for i, row := range stays {
			if tool == "parliament" && regexp.MustCompile(row.policy).MatchString(name) &&
				regexp.MustCompile(row.finding).MatchString(finding) {
				known, used[i] = true, true
			}
		}
		if !known {
			t.Errorf("%s of %s: %s", tool, name, finding)
		}
	}
	for i, row := range stays {
		if !used[i] {
			t.Errorf("nothing finds %s in %s any longer; accept it no longer", row.finding, row.policy)
		}
	}
	for _, tool := range []string{"cloudsplaining", "parliament"} {
		if canaries[tool] == 0 {
			t.Errorf("%s finds nothing wrong with iam:* on *", tool)
		}
	}
	t.Logf("%d policies", len(documents))
}

// lint is what testdata/lint.py says. Without Python's packages the test skips, or fails in CI.
func lint(t *testing.T, documents map[string]policy) (findings [][3]string) {
	t.Helper()
	const program = "../.venv/bin/python"
	if _, err := os.Stat(program); err != nil {
		missing := t.Skipf
		if os.Getenv("CI") == "true" {
			missing = t.Fatalf
		}
		missing("%v; run `python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`", err)
	}
	input, err := json.Marshal(documents)
	if err != nil {
		t.Fatal(err)
	}
	text := filled.Replace(string(input))
	if reference := strings.Index(text, "${"); reference >= 0 {
		t.Fatalf("a reference of Terraform that this test does not know: %.80s", text[reference:])
	}
	var stderr bytes.Buffer
	python := exec.Command(program, "testdata/lint.py")
	python.Stdin, python.Stderr = strings.NewReader(text), &stderr
	output, err := python.Output()
	if err != nil {
		t.Fatalf("testdata/lint.py: %v\n%s", err, &stderr)
	}
	if err := json.Unmarshal(output, &findings); err != nil {
		t.Fatalf("testdata/lint.py: %v in %q", err, output)
	}
	return findings
}

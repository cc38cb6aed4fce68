//go:build integration

package deploy

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/review"
	"cdktf-aimetrics/test/tools"
)

// What a file says of some parts of its sections: a text for each step of the deployments, and what AWS has of each part after it. A step
// that is not there changes nothing.
type written struct {
	file  map[int]string
	parts []part
}

// part is a row of docs/leaving.md, or a key below one.
type part struct {
	path string
	ask  func(*testing.T, *leaving) any
	has  map[int]any
}

// The steps. The last two are planned alone.
const (
	deployed = iota // everything is in the file
	first           // what must leave first, or needs no other step, has left
	second          // the rest has left
	said            // what AWS has kept is said to be off
	gone            // that has left, too: nothing is to be done
	never           // what AWS goes on with leaves: the review refuses the plan
)

// domainArguments is the parts of `domain:`.
var domainArguments = []written{
	{map[int]string{
		deployed: `  cluster_config:
    instance_type: m6g.large.elasticsearch
    instance_count: 6
    zone_awareness_enabled: true
    zone_awareness_config: {availability_zone_count: 3}
    dedicated_master_enabled: true
    dedicated_master_type: m6g.large.elasticsearch
    warm_enabled: true
    warm_type: ultrawarm1.medium.elasticsearch
    warm_count: 2
    cold_storage_options: {enabled: true}
`,
		first: `  cluster_config:
    instance_type: m6g.large.elasticsearch
    instance_count: 6
    zone_awareness_enabled: true
    dedicated_master_enabled: true
    dedicated_master_type: m6g.large.elasticsearch
    warm_enabled: true
    warm_type: ultrawarm1.medium.elasticsearch
    warm_count: 2
`,
		second: `  cluster_config:
    instance_type: m6g.large.elasticsearch
`}, []part{
		{"domain.cluster_config", told("ElasticsearchClusterConfig.DedicatedMasterEnabled"), map[int]any{deployed: true, second: false}},
		{"domain.cluster_config.warm_enabled", told("ElasticsearchClusterConfig.WarmEnabled"), map[int]any{deployed: true, second: false}},
		{"domain.cluster_config.zone_awareness_enabled", told("ElasticsearchClusterConfig.ZoneAwarenessEnabled"),
			map[int]any{deployed: true, second: false}},
		{"domain.cluster_config.zone_awareness_config", told("ElasticsearchClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount"),
			map[int]any{deployed: 3.0, first: 2.0}},
		{"domain.cluster_config.cold_storage_options", told("ElasticsearchClusterConfig.ColdStorageOptions.Enabled"),
			map[int]any{deployed: true, first: false}},
	}},
	{map[int]string{deployed: "  ebs_options: {volume_size: 20, iops: 4000, throughput: 250}\n", first: "",
		said: "  ebs_options: {iops: 3000, throughput: 125}\n", gone: ""}, []part{
		{"domain.ebs_options", told("EBSOptions.VolumeSize"), map[int]any{deployed: 20.0, first: 10.0}},
		{"domain.ebs_options.iops", told("EBSOptions.Iops"), map[int]any{deployed: 4000.0, said: 3000.0}},
		{"domain.ebs_options.throughput", told("EBSOptions.Throughput"), map[int]any{deployed: 250.0, said: 125.0}},
	}},
	{map[int]string{deployed: "  encrypt_at_rest: {enabled: true}\n", first: ""}, []part{
		{"domain.encrypt_at_rest", told("EncryptionAtRestOptions.Enabled"), map[int]any{deployed: true}}}},
	{map[int]string{deployed: "  node_to_node_encryption: {enabled: true}\n", first: ""}, []part{
		{"domain.node_to_node_encryption", told("NodeToNodeEncryptionOptions.Enabled"), map[int]any{deployed: true}}}},
	{map[int]string{deployed: `  domain_endpoint_options:
    tls_security_policy: Policy-Min-TLS-1-2-2019-07
    custom_endpoint_enabled: true
    custom_endpoint: metrics.example.com
    custom_endpoint_certificate_arn: arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555
`, first: ""}, []part{
		{"domain.domain_endpoint_options", told("DomainEndpointOptions.CustomEndpointEnabled"), map[int]any{deployed: true, first: false}},
		{"domain.domain_endpoint_options.custom_endpoint", told("DomainEndpointOptions.CustomEndpoint"),
			map[int]any{deployed: "metrics.example.com", first: nil}},
		{"domain.domain_endpoint_options.tls_security_policy", told("DomainEndpointOptions.TLSSecurityPolicy"),
			map[int]any{deployed: "Policy-Min-TLS-1-2-2019-07", first: "Policy-Min-TLS-1-2-PFS-2023-10"}},
	}},
	// AWS merges them, so a plan would show for ever that one is to go.
	{map[int]string{deployed: `  advanced_options: {"indices.query.bool.max_clause_count": "2048"}` + "\n",
		said: `  advanced_options: {"indices.query.bool.max_clause_count": "1024"}` + "\n", never: ""}, []part{
		{"domain.advanced_options", told("AdvancedOptions/indices.query.bool.max_clause_count"), map[int]any{deployed: "2048", said: "1024"}}}},
	{map[int]string{
		deployed: "  cognito_options: {user_pool_id: USERS, identity_pool_id: IDENTITIES, role_arn: ROLE}\n",
		first:    "  cognito_options: {user_pool_id: USERS, identity_pool_id: IDENTITIES, role_arn: ROLE, enabled: false}\n",
		second:   ""}, []part{
		{"domain.cognito_options", told("CognitoOptions.Enabled"), map[int]any{deployed: true, first: false}}}},
	{map[int]string{deployed: `  log_publishing_options:
    - log_type: INDEX_SLOW_LOGS
      cloudwatch_log_group_arn: arn:aws:logs:eu-west-1:123456789012:log-group:by-hand:*
`, first: ""}, []part{
		{"domain.log_publishing_options", told("LogPublishingOptions.INDEX_SLOW_LOGS.Enabled"), map[int]any{deployed: true, first: false}}}},
	{map[int]string{
		deployed: `  auto_tune_options:
    desired_state: ENABLED
    maintenance_schedule:
      - {start_at: "2100-01-10T03:00:00Z", duration: {value: 2, unit: HOURS}, cron_expression_for_recurrence: "cron(0 3 ? * SUN *)"}
`,
		first: "  auto_tune_options: {desired_state: ENABLED}\n", second: "",
		said: "  auto_tune_options: {desired_state: DISABLED}\n", gone: ""}, []part{
		{"domain.auto_tune_options", told("AutoTuneOptions.DesiredState"), map[int]any{deployed: "ENABLED", said: "DISABLED"}},
		{"domain.auto_tune_options.maintenance_schedule", func(t *testing.T, l *leaving) any {
			return told("AutoTuneOptions.MaintenanceSchedules")(t, l) != nil
		}, map[int]any{deployed: true}},
	}},
	{map[int]string{deployed: "  snapshot_options: {automated_snapshot_start_hour: 3}\n", first: ""}, []part{
		{"domain.snapshot_options", told("SnapshotOptions.AutomatedSnapshotStartHour"), map[int]any{deployed: 3.0, first: 0.0}}}},
	{map[int]string{deployed: "  tags: {team: ml}\n", first: ""}, []part{
		{"domain.tags", tagged("team"), map[int]any{deployed: true, first: false}}}},
	{map[int]string{deployed: "  timeouts: {create: 1h}\n  lifecycle: {prevent_destroy: false}\n", first: ""}, nil},
}

// otherParts is those of the other sections, and the one hour of snapshots that stays: the provider takes a 1 for a block that was there.
var otherParts = []written{
	{map[int]string{deployed: "  snapshot_options: {automated_snapshot_start_hour: 1}\n", first: ""}, []part{
		{"domain.snapshot_options.automated_snapshot_start_hour", told("SnapshotOptions.AutomatedSnapshotStartHour"),
			map[int]any{deployed: 1.0}}}},
	{map[int]string{
		deployed: "network: {vpc_id: VPC, subnet_tags: {tier: private}, ingress: {cidr_blocks: [10.0.0.0/8]}}\n",
		first:    "network: {subnet_ids: [SUBNET]}\n"}, []part{
		{"network.subnet_tags", func(t *testing.T, l *leaving) any {
			return len(told("VPCOptions.SubnetIds")(t, l).([]any))
		}, map[int]any{deployed: 1}},
		{"network.ingress", func(t *testing.T, l *leaving) any {
			return len(l.aws.rules(t, "eu-west-1", told("VPCOptions.SecurityGroupIds")(t, l).([]any)[0].(string)))
		}, map[int]any{deployed: 1, first: 0}},
	}},
	{map[int]string{deployed: "alarms: {tune: [{alarm: cpu_utilization, threshold: 50}, {alarm: nodes, enabled: false}]}\n",
		first: "alarms: {dashboard: false}\n"}, []part{
		{"alarms.tune", func(t *testing.T, l *leaving) any {
			return len(l.aws.alarms(t, "eu-west-1", "leaving.nodes"))
		}, map[int]any{deployed: 0, first: 1}},
	}},
	{map[int]string{deployed: "logs: {log_types: [INDEX_SLOW_LOGS], retention_in_days: 30}\n",
		first: "logs: {log_types: [INDEX_SLOW_LOGS]}\n"}, []part{{"logs.retention_in_days", func(t *testing.T, l *leaving) any {
		var logs struct {
			LogGroups []struct{ RetentionInDays int }
		}
		l.aws.call(t, "eu-west-1", "logs", "Logs_20140328.DescribeLogGroups", map[string]any{}, &logs)
		return logs.LogGroups[0].RetentionInDays
	}, map[int]any{deployed: 30, first: 365}}}},
}

// elsewhere is the rows of docs/leaving.md that the table does not deploy, and why.
var elsewhere = map[string]string{
	"region":                           "required",
	"default_tags":                     "TestWhatLeavesTheFileIsOff: what needs no second step",
	"backend":                          "says where Terraform keeps its state; AWS has nothing of it",
	"domain":                           "required",
	"domain.advanced_security_options": "TestWhatLeavesTheFileIsOff: what AWS cannot take away",
	"domain.advanced_security_options.master_user_options": "refused at synthesis: the fault \"one master user\" of spec",
	"domain.vpc_options": "TestWhatLeavesTheFileIsOff: what AWS cannot take away",
	"domain.auto_tune_options.maintenance_schedule[].duration": "required",
	"domain.timeouts":                     "Terraform's alone; it leaves in the first step, and nothing changes",
	"domain.lifecycle":                    "Terraform's alone; it leaves in the first step, and nothing changes",
	"access":                              "TestWhatLeavesTheFileIsOff: what needs no second step",
	"network":                             "TestWhatLeavesTheFileIsOff: what AWS cannot take away",
	"encryption":                          "TestWhatLeavesTheFileIsOff: what AWS cannot take away",
	"sign_in":                             "each of its parts is deployed",
	"sign_in.saml":                        "TestWhatLeavesTheFileIsOff: saml",
	"sign_in.cognito":                     "TestWhatLeavesTheFileIsOff: cognito, in two steps; cognito, in one step",
	"sign_in.fine_grained_access_control": "TestWhatLeavesTheFileIsOff: what AWS cannot take away",
	"custom_endpoint":                     "TestWhatLeavesTheFileIsOff: what needs no second step",
	"logs":                                "TestWhatLeavesTheFileIsOff: logs",
	"alarms":                              "TestWhatLeavesTheFileIsOff: what needs no second step",
	"metrics":                             "TestWhatLeavesTheFileIsOff: what needs no second step; setup reads it, and Terraform does not",
	"adopt":                               "TestTerraformAppliesTheStacks: adopted",
	"deploy_after":                        "says when a stack is deployed; AWS has nothing of it",
	"endpoints":                           "says where AWS is; without it the emulator is not found",
}

// TestEachPartThatLeaves holds the tables to docs/leaving.md: each row is deployed and taken out, here or elsewhere.
func TestEachPartThatLeaves(t *testing.T) {
	content, err := os.ReadFile(tools.Project(t, "docs/leaving.md"))
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(content), -1) {
		documented = append(documented, row[1])
	}
	deployed := slices.Collect(maps.Keys(elsewhere))
	for _, text := range slices.Concat(domainArguments, otherParts) {
		for _, part := range text.parts {
			if elsewhere[part.path] != "" {
				t.Errorf("%s is deployed here, and said to be elsewhere", part.path)
			}
			deployed = append(deployed, part.path)
		}
	}
	for _, path := range documented {
		if !slices.Contains(deployed, path) {
			t.Errorf("docs/leaving.md has %s, which nothing deploys and takes out", path)
		}
	}
	for path := range elsewhere {
		if !slices.Contains(documented, path) {
			t.Errorf("%s is said to be deployed elsewhere, and docs/leaving.md does not have it", path)
		}
	}
}

// What leaves a section is off, or stays as docs/leaving.md says, until the file says that it is off. After each step nothing is left to
// do.
func TestWhatLeavesASectionIsOff(t *testing.T) {
	plugins := awsProvider(t)

	t.Run("domain", func(t *testing.T) {
		before, _, _ := strings.Cut(leavingBase, "  cluster_config:")
		leaving := deploy(t, plugins, "arguments", before+contentOf(domainArguments, deployed), func(l *leaving) { l.makeByHand(t) })
		leaving.hold(t, domainArguments, deployed)
		for _, step := range []int{first, second, said} {
			leaving.to(t, leaving.byHand(before+contentOf(domainArguments, step)))
			leaving.hold(t, domainArguments, step)
		}
		leaving.content = leaving.byHand(before+contentOf(domainArguments, gone)) + leaving.ending
		leaving.nothingToDo(t)

		leaving.content = leaving.byHand(before+contentOf(domainArguments, never)) + leaving.ending
		leaving.must(t, 2, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=plan")
		leaving.refused(t, `advanced_options["indices.query.bool.max_clause_count"]`, "AWS keeps it as it was")
	})

	t.Run("others", func(t *testing.T) {
		leaving := deploy(t, plugins, "parts", leavingBase+contentOf(otherParts, deployed), func(l *leaving) { l.makeNetwork(t) })
		leaving.hold(t, otherParts, deployed)
		leaving.to(t, leaving.byHand(leavingBase+contentOf(otherParts, first)))
		leaving.hold(t, otherParts, first)
		leaving.called(t, "monitoring DeleteDashboards")
	})
}

// at is the value of a step: that of the last one before it that has any.
func at[T any](steps map[int]T, step int) T {
	for ; step > deployed; step-- {
		if value, there := steps[step]; there {
			return value
		}
	}
	return steps[deployed]
}

// contentOf is what a file says at a step.
func contentOf(texts []written, step int) (content string) {
	for _, text := range texts {
		content += at(text.file, step)
	}
	return content
}

// hold holds AWS to what it must have after a step.
func (l *leaving) hold(t *testing.T, texts []written, step int) {
	t.Helper()
	for _, text := range texts {
		for _, part := range text.parts {
			if diff := cmp.Diff(at(part.has, step), part.ask(t, l)); diff != "" {
				t.Errorf("step %d: %s (-want +got):\n%s", step, part.path, diff)
			}
		}
	}
}

// told asks for what AWS tells of the domain: the names of keys, with dots between them or, where they have dots themselves, a slash.
func told(path string) func(*testing.T, *leaving) any {
	keys := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(keys) == 1 {
		keys = strings.Split(path, ".")
	}
	return func(t *testing.T, l *leaving) any {
		t.Helper()
		var value any = l.described(t)
		for _, key := range keys {
			object, _ := value.(map[string]any)
			value = object[key]
		}
		return value
	}
}

func (l *leaving) described(t *testing.T) map[string]any {
	t.Helper()
	var answer struct{ DomainStatus map[string]any }
	if err := json.Unmarshal(l.aws.send(t, "eu-west-1", "es", "GET", "/2015-01-01/es/domain/leaving", "", nil), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.DomainStatus
}

// tagged asks whether the domain has a tag.
func tagged(key string) func(*testing.T, *leaving) any {
	return func(t *testing.T, l *leaving) any {
		t.Helper()
		var answer struct{ TagList []struct{ Key string } }
		said := l.aws.send(t, "eu-west-1", "es", "GET", "/2015-01-01/tags/?arn="+l.described(t)["ARN"].(string), "", nil)
		if err := json.Unmarshal(said, &answer); err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(answer.TagList, func(tag struct{ Key string }) bool { return tag.Key == key })
	}
}

// makeByHand makes the pools, the role and the log group that the domain's arguments name.
func (l *leaving) makeByHand(t *testing.T) {
	t.Helper()
	const region = "eu-west-1"
	var users struct{ UserPool struct{ ID string } }
	l.aws.call(t, region, "cognito-idp", "AWSCognitoIdentityProviderService.CreateUserPool", map[string]any{"PoolName": "by-hand"}, &users)
	l.aws.call(t, region, "cognito-idp", "AWSCognitoIdentityProviderService.CreateUserPoolDomain",
		map[string]any{"UserPoolId": users.UserPool.ID, "Domain": "by-hand"}, nil)
	var identities struct{ IdentityPoolID string }
	l.aws.call(t, region, "cognito-identity", "AWSCognitoIdentityService.CreateIdentityPool",
		map[string]any{"IdentityPoolName": "by hand", "AllowUnauthenticatedIdentities": false}, &identities)
	role := l.aws.query(t, "us-east-1", "iam", "Arn", "Action=CreateRole&RoleName=by-hand&AssumeRolePolicyDocument=%7B%7D")
	l.aws.query(t, "us-east-1", "iam", "RequestId", "Action=PutRolePolicy&RoleName=by-hand&PolicyName=by-hand&PolicyDocument="+
		url.QueryEscape(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "cognito-idp:*", "Resource": "*"}]}`))
	l.aws.call(t, region, "logs", "Logs_20140328.CreateLogGroup", map[string]any{"logGroupName": "by-hand"}, nil)
	l.aws.call(t, region, "logs", "Logs_20140328.PutResourcePolicy",
		map[string]any{"policyName": "by-hand", "policyDocument": "by-hand"}, nil)
	l.names = strings.NewReplacer("USERS", users.UserPool.ID, "IDENTITIES", identities.IdentityPoolID, "ROLE", role)
	l.content = l.byHand(l.content)
}

// makeNetwork makes the subnet and the security group that the section network, or the domain, names.
func (l *leaving) makeNetwork(t *testing.T) {
	t.Helper()
	vpc := l.aws.query(t, "eu-west-1", "ec2", "vpcId", "Action=CreateVpc&CidrBlock=10.60.0.0/16")
	subnet := l.aws.query(t, "eu-west-1", "ec2", "subnetId", "Action=CreateSubnet&CidrBlock=10.60.0.0/24&VpcId="+vpc+
		"&TagSpecification.1.ResourceType=subnet&TagSpecification.1.Tag.1.Key=tier&TagSpecification.1.Tag.1.Value=private")
	group := l.aws.query(t, "eu-west-1", "ec2", "groupId",
		"Action=CreateSecurityGroup&GroupName=by-hand&GroupDescription=by-hand&VpcId="+vpc)
	l.names = strings.NewReplacer("VPC", vpc, "SUBNET", subnet, "GROUP", group)
	l.content = l.byHand(l.content)
}

// byHand names in a content what was made by hand.
func (l *leaving) byHand(content string) string { return l.names.Replace(content) }

// refused holds the review to the one thing that it refuses of the plan, for AWS keeps it.
func (l *leaving) refused(t *testing.T, words ...string) {
	t.Helper()
	reviewed, err := review.Read("arguments", strings.NewReader(l.must(t, 0, "show", "-json", "-no-color", "plan")))
	if err != nil {
		t.Fatal(err)
	}
	gate, err := review.NewGate([]string{"kept"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	refusals := gate.Refuses(reviewed)
	if len(refusals) != 1 {
		t.Fatalf("want one refusal, got %v", refusals)
	}
	for _, word := range words {
		if said := refusals[0].Text.Plain(); !strings.Contains(said, word) {
			t.Errorf("want %q in %q", word, said)
		}
	}
}

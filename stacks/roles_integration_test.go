//go:build integration

package stacks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// described is what AWS says of an action.
type described struct {
	Level     string   // "Read", "List", "Write", "Tagging, Write", …
	Resources []string // what its ARNs look like; none if it knows only "*"
}

// describe asks AWS's own list of actions; nil stands for one that there is not.
func describe(t *testing.T, actions []string) map[string]*described {
	t.Helper()
	input, err := json.Marshal(actions)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	node := exec.Command("node", "testdata/actions.mjs")
	node.Stdin, node.Stderr = bytes.NewReader(input), &stderr
	output, err := node.Output()
	if err != nil {
		t.Fatalf("node testdata/actions.mjs: %v\n%s", err, &stderr)
	}
	var all map[string]*described
	if err := json.Unmarshal(output, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// takingARole reads nothing of AWS's, and changes nothing either: what the other role may is there.
var takingARole = []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "kms:Decrypt"}

// TestActionsOfRoles holds the roles to AWS's own list: there are these actions, they know the resources that they are granted on, and
// the role that plans has none that writes.
func TestActionsOfRoles(t *testing.T) {
	requireSimulator(t)
	app := cdktf.Testing_App(nil)
	environments := everyEnvironment(t)
	_, policies, _ := rolesFor(t, app, "roles", environments)
	all := map[string]bool{}
	for _, of := range policies {
		for _, policy := range of {
			for _, statement := range policy.Statement {
				for _, action := range statement.Action {
					all[action] = true
				}
			}
		}
	}
	list := describe(t, slices.Sorted(maps.Keys(all)))
	for action, about := range list {
		if about == nil {
			t.Errorf("AWS has no action %s", action)
		}
	}
	for role, of := range policies {
		for name, policy := range of {
			for _, statement := range policy.Statement {
				for _, action := range statement.Action {
					about := list[action]
					if about == nil {
						continue
					}
					if role == "plan" && about.Level != "Read" && about.Level != "List" && !slices.Contains(takingARole, action) {
						t.Errorf("%s, of the role that plans, has %s, whose level is %s", name, action, about.Level)
					}
					for _, resource := range statement.Resource {
						if resource == "*" && len(about.Resources) > 0 {
							t.Errorf("%s: %s is granted on everything, and could be on %s", name, action,
								strings.Join(about.Resources, ", "))
						}
						if resource != "*" && !slices.ContainsFunc(about.Resources,
							func(pattern string) bool { return fits(pattern, resource) }) {
							t.Errorf("%s: %s does not know %s, but %s", name, action, resource, strings.Join(about.Resources, ", "))
						}
					}
				}
			}
		}
	}
	t.Logf("%d actions of %d roles", len(list), len(policies))
}

var placeholder = regexp.MustCompile(`\\\$\\\{\w+\\\}`)

// fits reports whether a resource, which may have * in it, is of the pattern of a type of resource.
func fits(pattern, resource string) bool {
	expression := placeholder.ReplaceAllString(regexp.QuoteMeta(pattern), ".+")
	return regexp.MustCompile("^" + expression + "$").MatchString(resource)
}

// try is a request by a role, and whether it is let.
type try struct {
	role, action, resource string
	context                map[string]any
	let                    bool
}

// TestRolesAreLetDoWhatTheyAreFor asks a policy simulator: for the domain, its neighbour in the account, and what has no name.
func TestRolesAreLetDoWhatTheyAreFor(t *testing.T) {
	requireSimulator(t)
	environments := everyEnvironment(t)
	_, byRole, _ := rolesFor(t, cdktf.Testing_App(nil), "roles", environments)
	tries := slices.Concat(triesOf(t, "prod", environments["prod"]), triesOfPools(), []try{
		// What prevent_destroy says no more, and a topic of one's own.
		{"deploy_destroyable", "es:DeleteElasticsearchDomain", "arn:aws:es:ap-southeast-1:" + here + ":domain/" + destroyable().Domain.DomainName, nil, true},
		{"deploy_destroyable", "kms:ScheduleKeyDeletion", keyOfSingapore, map[string]any{"aws:ResourceTag/elasticsearch-domain": destroyable().Domain.DomainName,
			"kms:ResourceAliases": []string{"alias/" + destroyable().Domain.DomainName}}, true},
		{"deploy_destroyable", "kms:ScheduleKeyDeletion", keyOfSingapore, map[string]any{"aws:ResourceTag/elasticsearch-domain": destroyable().Domain.DomainName}, true}, // the alias goes first
		{"deploy_example-existing", "cloudwatch:PutMetricAlarm", "arn:aws:cloudwatch:eu-central-1:" + here + ":alarm:metrics-existing.nodes",
			map[string]any{"cloudwatch:AlarmActions": []string{"arn:aws:sns:eu-central-1:" + here + ":oncall"}}, true},
		{"deploy_example-existing", "cloudwatch:PutMetricAlarm", "arn:aws:cloudwatch:eu-central-1:" + here + ":alarm:metrics-existing.nodes",
			map[string]any{"cloudwatch:AlarmActions": []string{"arn:aws:sns:eu-central-1:" + here + ":metrics-existing-alarms"}}, false},

		// A state behind a role, in sessions of the file's own.
		{"plan", "sts:AssumeRole", stateRole, nil, true},
		{"plan", "sts:AssumeRole", "arn:aws:iam::444455556666:role/administrator", nil, false},
		{"plan", "sts:TagSession", stateRole, map[string]any{"aws:TagKeys": []string{"stack", "team"}, "aws:RequestTag/team": "ml", "aws:RequestTag/stack": "prod"}, true},
		{"plan", "sts:TagSession", stateRole, map[string]any{"aws:TagKeys": []string{"stack", "team"}, "aws:RequestTag/team": "finance", "aws:RequestTag/stack": "prod"}, false},
		{"plan", "sts:TagSession", stateRole, map[string]any{"aws:TagKeys": []string{"team", "stack", "admin"}, "aws:RequestTag/team": "ml", "aws:RequestTag/stack": "prod"}, false},
		{"plan", "sts:TagSession", stateRole, map[string]any{"aws:TagKeys": []string{"team"}, "aws:RequestTag/team": "ml"}, false},
		{"plan", "sts:SetSourceIdentity", stateRole, map[string]any{"sts:SourceIdentity": "metrics"}, true},
		{"plan", "sts:SetSourceIdentity", stateRole, map[string]any{"sts:SourceIdentity": "administrator"}, false},
		{"deploy_prod", "sts:AssumeRole", stateRole, nil, false},

		// The key of a state, by S3 alone.
		{"plan", "kms:Decrypt", keyOfSingapore, map[string]any{"kms:ViaService": "s3.ap-southeast-1.amazonaws.com"}, true},
		{"plan", "kms:Decrypt", keyOfSingapore, nil, false},
		{"plan", "kms:Decrypt", keyOfSingapore, map[string]any{"kms:ViaService": "ec2.ap-southeast-1.amazonaws.com"}, false},
		{"deploy_largest", "kms:GenerateDataKey", keyOfSingapore, map[string]any{"kms:ViaService": "s3.ap-southeast-1.amazonaws.com"}, true},
		{"deploy_largest", "kms:GenerateDataKey", keyOfSingapore, nil, false},
		{"deploy_largest", "kms:Encrypt", keyOfSingapore, map[string]any{"kms:ViaService": "ebs.ap-southeast-1.amazonaws.com"}, false},

		// Of the state, the lock is who deploys.
		{"plan", "s3:GetObject", "arn:aws:s3:::example-terraform-state/ai-metrics/prod.tfstate", nil, true},
		{"plan", "s3:PutObject", "arn:aws:s3:::example-terraform-state/ai-metrics/prod.tfstate", nil, false},
		{"plan", "s3:PutObject", "arn:aws:s3:::example-terraform-state/ai-metrics/prod.tfstate.tflock", nil, false},
		{"plan", "s3:GetObject", "arn:aws:s3:::example-terraform-state/another.tfstate", nil, false},
		{"deploy_prod", "s3:PutObject", "arn:aws:s3:::example-terraform-state/ai-metrics/prod.tfstate", nil, true},
		{"deploy_prod", "s3:DeleteObject", "arn:aws:s3:::example-terraform-state/ai-metrics/prod.tfstate.tflock", nil, true},
		{"deploy_prod", "s3:DeleteObject", "arn:aws:s3:::example-terraform-state/ai-metrics/prod.tfstate", nil, false},
		{"deploy_prod", "s3:PutObject", "arn:aws:s3:::example-terraform-state/ai-metrics/staging.tfstate", nil, false},
		{"deploy_largest", "dynamodb:PutItem", "arn:aws:dynamodb:ap-southeast-1:" + here + ":table/" + strings.Repeat("t", 100),
			map[string]any{"dynamodb:LeadingKeys": []string{strings.Repeat("b", 63) + "/" + strings.Repeat("k", 200)}}, true},
		{"deploy_largest", "dynamodb:PutItem", "arn:aws:dynamodb:ap-southeast-1:" + here + ":table/" + strings.Repeat("t", 100),
			map[string]any{"dynamodb:LeadingKeys": []string{"another/state"}}, false},
		{"plan", "dynamodb:PutItem", "arn:aws:dynamodb:ap-southeast-1:" + here + ":table/" + strings.Repeat("t", 100),
			map[string]any{"dynamodb:LeadingKeys": []string{strings.Repeat("b", 63) + "/" + strings.Repeat("k", 200)}}, false},

		// Roles: those of Cognito by their names, and to nobody but the service that needs them.
		{"deploy_example-cognito", "iam:PassRole", "arn:aws:iam::" + here + ":role/metrics-cognito-eu-central-1-cognito", map[string]any{"iam:PassedToService": "es.amazonaws.com"}, true},
		{"deploy_example-cognito", "iam:PassRole", "arn:aws:iam::" + here + ":role/metrics-cognito-eu-central-1-cognito", map[string]any{"iam:PassedToService": "ec2.amazonaws.com"}, false},
		{"deploy_example-cognito", "iam:PassRole", "arn:aws:iam::" + here + ":role/metrics-cognito-eu-central-1-kibana", map[string]any{"iam:PassedToService": "cognito-identity.amazonaws.com"}, true},
		{"deploy_example-cognito", "iam:PassRole", "arn:aws:iam::" + here + ":role/administrator", map[string]any{"iam:PassedToService": "es.amazonaws.com"}, false},
		{"deploy_example-cognito", "iam:CreateRole", "arn:aws:iam::" + here + ":role/mine", nil, false},
		{"deploy_example-cognito", "iam:AttachRolePolicy", "arn:aws:iam::" + here + ":role/metrics-cognito-eu-central-1-kibana", nil, false},
		{"deploy_example-cognito", "iam:CreateServiceLinkedRole", "arn:aws:iam::" + here + ":role/aws-service-role/opensearchservice.amazonaws.com/AWSServiceRoleForAmazonOpenSearchService",
			map[string]any{"iam:AWSServiceName": "opensearchservice.amazonaws.com"}, true},
		{"deploy_prod", "iam:CreateServiceLinkedRole", "arn:aws:iam::" + here + ":role/aws-service-role/opensearchservice.amazonaws.com/AWSServiceRoleForAmazonOpenSearchService",
			map[string]any{"iam:AWSServiceName": "opensearchservice.amazonaws.com"}, false},
		{"deploy_example-existing", "kms:CreateGrant", "arn:aws:kms:eu-central-1:" + here + ":key/11111111-2222-3333-4444-555555555555",
			map[string]any{"kms:ViaService": "es.eu-central-1.amazonaws.com", "kms:GrantIsForAWSResource": "true"}, true},
		{"deploy_example-existing", "kms:CreateGrant", "arn:aws:kms:eu-central-1:" + here + ":key/11111111-2222-3333-4444-555555555555", map[string]any{"kms:GrantIsForAWSResource": "false"}, false},
		{"deploy_example-existing", "kms:Decrypt", "arn:aws:kms:eu-central-1:" + here + ":key/11111111-2222-3333-4444-555555555555", nil, false},

		// What the roles themselves are, those who plan can see and nobody can change.
		{"plan", "iam:GetRole", "arn:aws:iam::" + here + ":role/ai-metrics-deploy-prod", nil, true},
		{"plan", "iam:GetRole", "arn:aws:iam::" + here + ":role/administrator", nil, false},
		{"deploy_prod", "iam:CreatePolicyVersion", "arn:aws:iam::" + here + ":policy/ai-metrics-prod-read", nil, false},
		{"deploy_prod", "iam:PutRolePolicy", "arn:aws:iam::" + here + ":role/ai-metrics-deploy-prod", nil, false},
		{"deploy_prod", "iam:AttachRolePolicy", "arn:aws:iam::" + here + ":role/ai-metrics-deploy-prod", nil, false},
		{"deploy_prod", "iam:UpdateAssumeRolePolicy", "arn:aws:iam::" + here + ":role/ai-metrics-plan", nil, false},

		// The master user's password.
		{"plan", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:" + here + ":secret:metrics-public-master-user-20260101-AbCdEf", nil, true},
		{"deploy_prod", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:" + here + ":secret:metrics-public-master-user-20260101-AbCdEf", nil, false},
		{"plan", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:" + here + ":secret:payroll-AbCdEf", nil, false},
		{"plan", "secretsmanager:PutSecretValue", "arn:aws:secretsmanager:eu-central-1:" + here + ":secret:metrics-public-master-user-20260101-AbCdEf", nil, false},
	})
	for i, got := range decideRoles(t, byRole, tries) {
		try := tries[i]
		if got.Decision == nil || (*got.Decision == "Allowed") != try.let {
			answer := "no decision: " + got.Error
			if got.Decision != nil {
				answer = *got.Decision
			}
			t.Errorf("%s: %s on %s with %v: want let = %v, got %s", try.role, try.action, try.resource, try.context, try.let, answer)
		}
	}
	t.Logf("%d requests", len(tries))
}

// decideRoles has a policy simulator decide what roles try, by their policies. Keys, and the role that a state is behind, leave it to IAM.
func decideRoles(t *testing.T, byRole map[string]map[string]policy, tries []try) []decision {
	t.Helper()
	policies := map[string]policy{"key": {"2012-10-17", []policyStatement{{
		Effect: "Allow", Principal: map[string][]string{"AWS": {"arn:aws:iam::" + here + ":root"}},
		Action: []string{"kms:*"}, Resource: []string{"*"},
	}}}, stateRole: {"2012-10-17", []policyStatement{{
		Effect: "Allow", Principal: map[string][]string{"AWS": {"arn:aws:iam::" + here + ":root"}},
		Action: []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"},
	}}}}
	names := map[string][]string{}
	for role, of := range byRole {
		for name, policy := range of {
			policies[name] = policy
			names[role] = append(names[role], name)
		}
	}
	type request struct {
		Policy           string         `json:"policy,omitempty"`
		IdentityPolicies []string       `json:"identityPolicies"`
		Principal        string         `json:"principal"`
		Action           string         `json:"action"`
		Resource         string         `json:"resource"`
		Context          map[string]any `json:"context"`
	}
	requests := make([]request, len(tries))
	for i, try := range tries {
		requests[i] = request{
			IdentityPolicies: names[try.role], Principal: "arn:aws:sts::" + here + ":assumed-role/ai-metrics-" +
				strings.Replace(try.role, "_", "-", 1) + "/GitHubActions",
			Action: try.action, Resource: try.resource, Context: try.context,
		}
		if strings.HasPrefix(try.action, "kms:") {
			requests[i].Policy = "key"
		}
		if try.resource == stateRole {
			requests[i].Policy = stateRole
		}
		if try.context == nil {
			requests[i].Context = map[string]any{}
		}
	}
	return simulate(t, policies, requests)
}

const (
	stateRole      = "arn:aws:iam::444455556666:role/states"
	keyOfSingapore = "arn:aws:kms:ap-southeast-1:" + here + ":key/11111111-2222-4333-8444-555555555555"
)

// triesOfPools is what roles try that deploy pools, and with them the roles of those who sign in: largest has no boundary, and makes both
// roles; destroyable makes one, without a policy in it; example-cognito has a boundary.
func triesOfPools() []try {
	const (
		boundary = "arn:aws:iam::" + here + ":policy/boundary"
		another  = "arn:aws:iam::" + here + ":policy/AdministratorAccess"
	)
	role := func(e spec.Environment, name string) string {
		return "arn:aws:iam::" + here + ":role/" + e.Domain.DomainName + "-" + e.Region + "-" + name
	}
	bounded := spec.Environment{Region: "eu-central-1", Domain: spec.Domain{DomainName: "metrics-cognito"}}
	with := func(policy string) map[string]any { return map[string]any{"iam:PermissionsBoundary": policy} }
	var all []try
	for _, action := range []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:UpdateAssumeRolePolicy"} {
		inline := action == "iam:PutRolePolicy" || action == "iam:DeleteRolePolicy"
		all = append(all,
			try{"deploy_largest", action, role(largest(), "cognito"), nil, true},
			try{"deploy_largest", action, role(largest(), "kibana"), nil, !inline},
			try{"deploy_destroyable", action, role(destroyable(), "cognito"), nil, false},
			try{"deploy_destroyable", action, "arn:aws:iam::" + here + ":role/cognito", nil, false},
			try{"deploy_destroyable", action, role(destroyable(), "kibana"), nil, !inline},
			try{"deploy_example-cognito", action, role(bounded, "cognito"), nil, false},
			try{"deploy_example-cognito", action, role(bounded, "cognito"), with(another), false},
			try{"deploy_example-cognito", action, role(bounded, "cognito"), with(boundary), true},
			try{"deploy_example-cognito", action, role(bounded, "kibana"), with(boundary), !inline},
			try{"deploy_example-cognito", action, role(bounded, "kibana"), nil, false})
	}
	all = append(all,
		try{"deploy_example-cognito", "iam:PutRolePermissionsBoundary", role(bounded, "cognito"), with(boundary), true},
		try{"deploy_example-cognito", "iam:PutRolePermissionsBoundary", role(bounded, "cognito"), with(another), false},
		try{"deploy_example-cognito", "iam:DeleteRolePermissionsBoundary", role(bounded, "cognito"), with(boundary), false},
		try{"deploy_example-cognito", "iam:CreatePolicyVersion", boundary, nil, false},
		try{"deploy_largest", "iam:PutRolePermissionsBoundary", role(largest(), "cognito"), with(boundary), false})

	for _, e := range []spec.Environment{largest(), destroyable()} {
		deploy, destroys := "deploy_largest", e.Domain.Lifecycle.PreventDestroy != nil
		if destroys {
			deploy = "deploy_destroyable"
		}
		pool := "arn:aws:cognito-idp:" + e.Region + ":" + here + ":userpool/" + e.Region + "_AbCdEf123"
		identities := "arn:aws:cognito-identity:" + e.Region + ":" + here + ":identitypool/" + e.Region +
			":11111111-2222-3333-4444-555555555555"
		tagged := map[string]any{"aws:ResourceTag/elasticsearch-domain": e.Domain.DomainName}
		asked := func(keys ...string) map[string]any {
			return map[string]any{"aws:RequestTag/elasticsearch-domain": e.Domain.DomainName, "aws:TagKeys": append(keys,
				"elasticsearch-domain")}
		}
		taken := asked()
		taken["aws:ResourceTag/elasticsearch-domain"] = "another"
		all = append(all,
			try{deploy, "cognito-idp:DeleteUserPool", pool, tagged, destroys},
			try{deploy, "cognito-idp:DeleteUserPool", pool, nil, false},
			try{deploy, "cognito-idp:UpdateUserPool", pool, tagged, true},
			try{deploy, "cognito-idp:UpdateUserPool", pool, nil, false},
			try{deploy, "cognito-idp:TagResource", pool, asked(), true}, // of whoever's, which spec warns of
			try{deploy, "cognito-idp:TagResource", pool, asked("access"), false},
			try{deploy, "cognito-idp:TagResource", pool, taken, false},
			try{deploy, "cognito-identity:TagResource", identities, asked(), true},
			try{deploy, "cognito-identity:TagResource", identities, asked("access"), false},
			try{deploy, "cognito-identity:TagResource", identities, taken, false},
			try{deploy, "cognito-identity:UpdateIdentityPool", identities, tagged, true},
			try{deploy, "cognito-identity:UpdateIdentityPool", identities, nil, false})
	}
	return all
}

// triesOf is what the role of an environment tries on its own domain, and on a neighbour's whose name begins alike.
func triesOf(t *testing.T, name string, environment spec.Environment) []try {
	t.Helper()
	region := environment.Region
	arn := func(service, resource string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, region, here, resource)
	}
	deploy := "deploy_" + name
	var all []try
	for _, domain := range []string{environment.Domain.DomainName, environment.Domain.DomainName + "2",
		environment.Domain.DomainName + "-other"} {
		own := domain == environment.Domain.DomainName
		made := map[string]any{"aws:RequestTag/elasticsearch-domain": domain}
		tagged := map[string]any{"aws:ResourceTag/elasticsearch-domain": domain}
		with := func(context map[string]any, key string, value any) map[string]any {
			context = maps.Clone(context)
			context[key] = value
			return context
		}
		acting := func(actions ...string) map[string]any { return map[string]any{"cloudwatch:AlarmActions": actions} }
		topic := arn("sns", environment.Domain.DomainName+"-alarms")
		key := arn("kms", "key/11111111-2222-3333-4444-555555555555")
		group, rule := arn("ec2", "security-group/sg-0a"), arn("ec2", "security-group-rule/sgr-0a")
		all = append(all,
			try{"plan", "es:DescribeElasticsearchDomain", arn("es", "domain/"+domain), nil, own},
			try{"plan", "es:UpdateElasticsearchDomainConfig", arn("es", "domain/"+domain), nil, false},
			try{"plan", "es:DeleteElasticsearchDomain", arn("es", "domain/"+domain), nil, false},
			try{"plan", "es:ESHttpGet", arn("es", "domain/"+domain+"/ml-metrics/_search"), nil, false},
			try{deploy, "es:CreateElasticsearchDomain", arn("es", "domain/"+domain), nil, own},
			try{deploy, "es:UpdateElasticsearchDomainConfig", arn("es", "domain/"+domain), nil, own},
			try{deploy, "es:DeleteElasticsearchDomain", arn("es", "domain/"+domain), nil, false}, // prevent_destroy
			try{deploy, "es:ESHttpGet", arn("es", "domain/"+domain+"/ml-metrics/_search"), nil, false},
			try{deploy, "iam:CreatePolicy", "arn:aws:iam::" + here + ":policy/" + domain + "-" + region + "-readers", nil, own},
			try{"plan", "iam:CreatePolicyVersion", "arn:aws:iam::" + here + ":policy/" + domain + "-" + region + "-readers", nil, false},

			try{deploy, "kms:CreateKey", "*", made, own},
			try{"plan", "kms:CreateKey", "*", made, false},
			try{deploy, "kms:TagResource", key, made, own},
			try{deploy, "kms:TagResource", key, with(made, "kms:ResourceAliases", []string{"alias/payroll"}), false},
			try{deploy, "kms:TagResource", key, with(made, "aws:TagKeys", []string{"elasticsearch-domain", "project", "environment"}), own},
			try{deploy, "kms:TagResource", key, with(made, "aws:TagKeys", []string{"elasticsearch-domain", "access"}), false},
			try{deploy, "kms:TagResource", key, with(made, "aws:ResourceTag/elasticsearch-domain", "another"), false},
			try{deploy, "kms:TagResource", key, with(made, "aws:ResourceTag/elasticsearch-domain", domain), own},
			try{deploy, "kms:PutKeyPolicy", key, tagged, own},
			try{deploy, "kms:ScheduleKeyDeletion", key, with(tagged, "kms:ResourceAliases", []string{"alias/" + domain}), false},
			try{deploy, "kms:ScheduleKeyDeletion", key, with(tagged, "kms:ResourceAliases", []string{"alias/" + domain + "-alarms"}), own},
			try{deploy, "kms:Decrypt", key, tagged, false},
			try{deploy, "kms:DeleteAlias", arn("kms", "alias/"+domain), nil, false},
			try{deploy, "kms:UpdateAlias", arn("kms", "alias/"+domain), nil, false},
			try{deploy, "kms:CreateAlias", arn("kms", "alias/"+domain), nil, own},
			try{deploy, "kms:DeleteAlias", arn("kms", "alias/"+domain+"-alarms"), nil, own},
			try{"plan", "kms:DescribeKey", key, tagged, true},
			try{"plan", "kms:Decrypt", key, tagged, false},

			try{deploy, "ec2:CreateSecurityGroup", group, made, own},
			try{deploy, "ec2:CreateTags", group, with(made, "ec2:CreateAction", "CreateSecurityGroup"), own},
			try{deploy, "ec2:CreateTags", group, made, false},
			try{deploy, "ec2:AuthorizeSecurityGroupIngress", group, tagged, own},
			try{deploy, "ec2:CreateTags", rule, made, own},
			try{deploy, "ec2:DeleteSecurityGroup", group, tagged, own},
			try{deploy, "ec2:DeleteSecurityGroup", group, nil, false},
			try{"plan", "ec2:AuthorizeSecurityGroupIngress", group, tagged, false},
			try{"plan", "ec2:DescribeSecurityGroups", "*", nil, true},

			try{deploy, "ec2:CreateTags", rule, with(made, "aws:TagKeys", []string{"elasticsearch-domain", "access"}), false},
			try{deploy, "ec2:ModifySecurityGroupRules", group, nil, false}, // a tagged rule alone is no use

			try{deploy, "acm:RequestCertificate", "*", with(made, "acm:DomainNames", []string{environment.CustomEndpoint.Name}), own},
			try{deploy, "acm:RequestCertificate", "*", with(made, "acm:DomainNames",
				[]string{environment.CustomEndpoint.Name, "www.example.com"}), false},
			try{deploy, "acm:RequestCertificate", "*", with(made, "acm:DomainNames", []string{"*.example.com"}), false},
			try{deploy, "acm:AddTagsToCertificate", arn("acm", "certificate/11111111"), made, own},
			try{deploy, "acm:AddTagsToCertificate", arn("acm", "certificate/11111111"), with(made, "aws:TagKeys",
				[]string{"access"}), false},
			try{deploy, "acm:AddTagsToCertificate", arn("acm", "certificate/11111111"),
				with(made, "aws:ResourceTag/elasticsearch-domain", "another"), false},
			try{deploy, "acm:DeleteCertificate", arn("acm", "certificate/11111111"), tagged, own},
			try{deploy, "logs:CreateLogGroup", arn("logs", "log-group:/aws/aes/domains/"+domain+"/audit-logs"), nil, own},
			try{deploy, "logs:DeleteLogGroup", arn("logs", "log-group:/aws/aes/domains/"+domain+"/audit-logs"), nil, own},
			try{"plan", "logs:DeleteLogGroup", arn("logs", "log-group:/aws/aes/domains/"+domain+"/audit-logs"), nil, false},
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"), nil, own}, // without an action
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"), acting(topic), own},
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"),
				acting("arn:aws:automate:" + region + ":ec2:terminate"), false},
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"),
				acting(topic, "arn:aws:automate:"+region+":ec2:stop"), false},
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"),
				acting(arn("lambda", "function:payroll")), false},
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"),
				acting(arn("autoscaling", "scalingPolicy:1:autoScalingGroupName/a:policyName/out")), false},
			try{deploy, "cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:"+domain+".nodes"), acting(arn("sns", "payroll")), false},
			try{deploy, "cloudwatch:PutCompositeAlarm", arn("cloudwatch", "alarm:"+domain+".all"), acting(topic), false},
			try{deploy, "cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:"+domain+".nodes"), nil, own},
			try{deploy, "cloudwatch:PutDashboard", "arn:aws:cloudwatch::" + here + ":dashboard/" + domain + "-" + region, nil, own},
			try{deploy, "sns:SetTopicAttributes", arn("sns", domain+"-alarms"), nil, own},
			try{deploy, "sns:Publish", arn("sns", domain+"-alarms"), nil, false},
		)
	}
	zone := "arn:aws:route53:::hostedzone/" + environment.CustomEndpoint.ZoneID
	record := func(name, kind string) map[string]any {
		return map[string]any{"route53:ChangeResourceRecordSetsNormalizedRecordNames": []string{name},
			"route53:ChangeResourceRecordSetsRecordTypes": []string{kind}}
	}
	return append(all,
		try{deploy, "route53:ChangeResourceRecordSets", zone, record(environment.CustomEndpoint.Name, "CNAME"), true},
		try{deploy, "route53:ChangeResourceRecordSets", zone, record("_a79865eb4cd1a6ab990a45779b4e0b96."+environment.CustomEndpoint.Name,
			"CNAME"), true},
		try{deploy, "route53:ChangeResourceRecordSets", zone, record("_acme-challenge."+environment.CustomEndpoint.Name, "CNAME"), false},
		try{deploy, "route53:ChangeResourceRecordSets", zone, record("_dmarc.mail."+environment.CustomEndpoint.Name, "CNAME"), false},
		try{deploy, "route53:ChangeResourceRecordSets", zone, record("www.example.com", "CNAME"), false},
		try{deploy, "route53:ChangeResourceRecordSets", zone, record(environment.CustomEndpoint.Name, "MX"), false},
		try{deploy, "route53:ChangeResourceRecordSets", path.Dir(zone) + "/ZOTHER", record(environment.CustomEndpoint.Name, "CNAME"),
			false},
		try{"plan", "route53:ChangeResourceRecordSets", zone, record(environment.CustomEndpoint.Name, "CNAME"), false},
	)
}

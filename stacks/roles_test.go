package stacks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// everyEnvironment is the team's own and the examples, which between them take every branch of every section; and those below.
func everyEnvironment(t *testing.T) map[string]spec.Environment {
	t.Helper()
	all := map[string]spec.Environment{"largest": largest(), "destroyable": destroyable(), "by-hand": byHand()}
	for _, folder := range []string{"../environments", "../testdata/environments"} {
		files, err := spec.Load(folder, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if file.Roles == nil {
				all[file.Name] = file.Environment
			}
		}
	}
	return all
}

// largest has everything that its roles need permissions for, under the longest names.
func largest() spec.Environment {
	yes := true
	e := smallest(spec.Backend{S3: &spec.S3Backend{
		Bucket: strings.Repeat("b", 63), Key: strings.Repeat("k", 200), Region: "ap-southeast-1",
		UseLockfile: &yes, DynamodbTable: strings.Repeat("t", 100),
		ACL: "bucket-owner-full-control", KMSKeyID: "arn:aws:kms:ap-southeast-1:" + here + ":key/11111111-2222-4333-8444-555555555555",
	}})
	e.Region = "ap-southeast-1"
	e.Domain.DomainName = "a-name-of-28-characters-here"
	e.Domain.ClusterConfig.InstanceType = "m6g.large.elasticsearch"
	e.Network = &spec.Network{SubnetIDs: []string{"subnet-0a"}, Ingress: spec.Ingress{CIDRBlocks: []string{"10.0.0.0/8"}},
		ServiceLinkedRole: true}
	e.Encryption = &spec.Encryption{CustomerManagedKey: true}
	e.SignIn = &spec.SignIn{
		Cognito:                  &spec.Cognito{UserPoolDomain: "model-metrics"},
		FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserName: "administrator"},
	}
	e.CustomEndpoint = &spec.CustomEndpoint{Name: "a-rather-long-name.of-metrics.department.example.com", ZoneID: "Z0123456789PRIVATE",
		ValidationZoneID: "Z0123456789PUBLIC"}
	e.Logs, e.Alarms = &spec.Logs{}, &spec.Alarms{Email: []string{"oncall@example.com"}}
	e.DefaultTags = map[string]string{}
	for i := range 40 { // as long as spec lets the keys be together
		e.DefaultTags[fmt.Sprintf("%020d", i)] = "value"
	}
	return e
}

// destroyable is the same, with a role of one's own, and Terraform may destroy it.
func destroyable() spec.Environment {
	e, no := largest(), false
	e.Domain.DomainName = "a-name-of-28-characters-too-"[:27] + "x"
	e.Domain.Lifecycle.PreventDestroy = &no
	e.Backend.S3.Key = strings.Repeat("d", 200)
	e.SignIn.Cognito = &spec.Cognito{UserPoolDomain: "model-metrics", RoleARN: "arn:aws:iam::" + here + ":role/cognito"}
	return e
}

// byHand says below domain: what the sections would have made, and has its state behind a role of its own.
func byHand() spec.Environment {
	e := smallest(spec.Backend{S3: &spec.S3Backend{Bucket: "states", Key: "prod.tfstate",
		AssumeRole: &spec.S3AssumeRole{RoleARN: "arn:aws:iam::444455556666:role/states", Tags: map[string]string{"team": "ml",
			"stack": "prod"},
			SourceIdentity: "metrics"}}})
	e.Domain.ClusterConfig.InstanceType = "m6g.large.elasticsearch"
	e.Domain.VPCOptions = &spec.VPCOptions{SubnetIDs: []string{"subnet-0a"}, SecurityGroupIDs: []string{"sg-0a"}}
	e.Domain.EncryptAtRest.KMSKeyID = "11111111-2222-3333-4444-555555555555"
	e.Domain.CognitoOptions = &spec.CognitoOptions{UserPoolID: "eu-central-1_AbCdEf123",
		IdentityPoolID: "eu-central-1:11111111-2222-3333-4444-555555555555", RoleARN: "arn:aws:iam::" + here + ":role/cognito"}
	e.Domain.DomainEndpointOptions = spec.DomainEndpointOptions{CustomEndpointEnabled: true, CustomEndpoint: "metrics.example.com",
		CustomEndpointCertificateARN: "arn:aws:acm:eu-central-1:" + here + ":certificate/11111111-2222-3333-4444-555555555555"}
	return e
}

// rolesFor makes the roles for environments, and returns the policies that each role has, by "plan" and "deploy_<environment>", and all
// documents of the stack, those of trust too.
func rolesFor(
	t *testing.T, app cdktf.App, id string, environments map[string]spec.Environment,
) (stacks.Roles, map[string]map[string]policy, map[string]policy) {
	t.Helper()
	roles, err := stacks.NewRoles(app, id, spec.Roles{Region: "eu-central-1", GitHub: spec.GitHub{Repository: "example/ai-metrics"}},
		environments)
	if err != nil {
		t.Fatal(err)
	}
	synthesized := synth(t, roles.Stack)
	documents := policiesIn(t, synthesized)
	referred := regexp.MustCompile(`^\$\{(?:data\.)?[a-z_]+\.(.*)\.[a-z]+\}$`)
	to := func(resource any, argument string) string {
		return referred.FindStringSubmatch(at(resource, argument).(string))[1]
	}
	policies := map[string]map[string]policy{}
	add := func(role, name, document string) {
		if policies[role] == nil {
			policies[role] = map[string]policy{}
		}
		policies[role][name] = documents[strings.TrimSuffix(document, "_document")]
	}
	for _, attachment := range at(synthesized, "resource", "aws_iam_role_policy_attachment").(map[string]any) {
		name := to(attachment, "policy_arn")
		add(to(attachment, "role"), name, to(at(synthesized, "resource", "aws_iam_policy", name), "policy"))
	}
	for name, inline := range at(synthesized, "resource", "aws_iam_role_policy").(map[string]any) {
		add(to(inline, "role"), name, to(inline, "policy"))
	}
	return roles, policies, documents
}

// rolesMade is the roles for one environment, as rolesFor returns them.
type rolesMade struct {
	policies  map[string]map[string]policy
	documents map[string]policy
}

var rolesMadeOnce = map[string]rolesMade{}

// rolesForOne makes the roles for an environment alone, once for all tests that only look.
func rolesForOne(t *testing.T, name string, environment spec.Environment) rolesMade {
	t.Helper()
	made, known := rolesMadeOnce[name]
	if !known {
		_, made.policies, made.documents = rolesFor(t, cdktf.Testing_App(nil), "roles-"+name, map[string]spec.Environment{name: environment})
		rolesMadeOnce[name] = made
	}
	return made
}

// actionsOf is every action that policies allow, under whatever conditions.
func actionsOf(policies map[string]policy) []string {
	var actions []string
	for _, policy := range policies {
		for _, statement := range policy.Statement {
			if statement.Effect == "Allow" {
				actions = append(actions, statement.Action...)
			}
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// callsOf reads testdata/calls.txt: by type and "plan" or "deploy", the actions.
func callsOf(t *testing.T) map[string]map[string][]string {
	t.Helper()
	content, err := os.ReadFile("testdata/calls.txt")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]map[string][]string{}
	for line := range strings.Lines(string(content)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if calls[words[0]] == nil {
			calls[words[0]] = map[string][]string{}
		}
		calls[words[0]][words[1]] = append(calls[words[0]][words[1]], words[3:]...)
	}
	return calls
}

// typesOf is the types of a stack's resources and data sources that call AWS.
func typesOf(stack stackJSON) []string {
	types := slices.Collect(maps.Keys(stack.Resource))
	for kind := range stack.Data {
		types = append(types, "data."+kind)
	}
	callsNobody := []string{"data.aws_iam_policy_document", "data.aws_partition", "data.aws_region"}
	return slices.DeleteFunc(types, func(name string) bool { return slices.Contains(callsNobody, name) })
}

// destroying is what no role may that deploys an environment with prevent_destroy, and its provider need not call.
var destroying = []string{"cognito-idp:DeleteUserPool", "es:DeleteElasticsearchDomain"}

// permitted is the actions that nobody has to be allowed.
var permitted = []string{"sts:GetCallerIdentity"}

// uncalled is what is granted though the provider does not call it.
var uncalled = map[string]string{
	"es:CreateDomain":          "the new name of an action that is called",
	"es:DeleteDomain":          "the same",
	"es:DescribeDomain":        "the same",
	"es:DescribeDomainConfig":  "the same",
	"es:GetCompatibleVersions": "the same",
	"es:UpdateDomainConfig":    "the same",
	"es:UpgradeDomain":         "the same",

	"iam:PassRole":                        "whoever tells a service to take a role must be allowed to pass it",
	"ec2:DescribeVpcs":                    "Elasticsearch looks up the VPC for whoever puts a domain into it",
	"ec2:DescribeSubnets":                 "the same",
	"ec2:DescribeSecurityGroups":          "the same",
	"ec2:DescribeSecurityGroupRules":      "the same",
	"ec2:DescribeNetworkInterfaces":       "the same",
	"acm:DescribeCertificate":             "Elasticsearch looks up the certificate for whoever gives it one",
	"kms:Decrypt":                         "Elasticsearch uses an existing key for whoever gives it one; so do S3 and Secrets Manager",
	"kms:DescribeKey":                     "the same",
	"kms:Encrypt":                         "the same",
	"kms:GenerateDataKey":                 "the same",
	"kms:GenerateDataKeyWithoutPlaintext": "the same",
	"kms:ReEncryptFrom":                   "the same",
	"kms:ReEncryptTo":                     "the same",
	"kms:CreateGrant":                     "the same",
	"secretsmanager:DescribeSecret":       "for a secret that exists: which key it has",
	"s3:GetObject":                        "Terraform's state",
	"s3:ListBucket":                       "the same",
	"s3:PutObject":                        "the same",
	"s3:PutObjectAcl":                     "the same",
	"s3:DeleteObject":                     "its lock",
	"dynamodb:GetItem":                    "the same",
	"dynamodb:PutItem":                    "the same",
	"dynamodb:DeleteItem":                 "the same",
	"sts:AssumeRole":                      "the role that the state is behind",
	"sts:TagSession":                      "the same",
	"sts:SetSourceIdentity":               "the same",
	"iam:PutRolePermissionsBoundary":      "the provider calls it where a role is given a boundary that it had not",
	"secretsmanager:ListSecretVersionIds": "newer providers call it for a secret's version",
}

// TestRolesGrantWhatTheProviderCalls: every call that an environment's stack makes, to plan it and to deploy it, and no other.
func TestRolesGrantWhatTheProviderCalls(t *testing.T) {
	calls, app := callsOf(t), cdktf.Testing_App(nil)
	ofFiles, err := synthesizedOnce()
	if err != nil {
		t.Fatal(err)
	}
	for name, environment := range everyEnvironment(t) {
		t.Run(name, func(t *testing.T) {
			stack, isOfFile := ofFiles[name]
			if !isOfFile {
				metrics, err := stacks.NewMetrics(app, "metrics-"+name, environment)
				if err != nil {
					t.Fatal(err)
				}
				stack = decoded(t, metrics.Stack)
			}
			policies := rolesForOne(t, name, environment).policies
			plan := map[string]policy{"read": policies["plan"]["read_"+name]}
			granted := map[string][]string{"plan": actionsOf(plan), "deploy": actionsOf(policies["deploy_"+name])}
			called := slices.Clone(permitted)
			for _, kind := range typesOf(stack) {
				if calls[kind] == nil && kind != "terraform_data" { // Terraform's own, which calls nobody
					t.Errorf("testdata/calls.txt does not say what %s calls", kind)
				}
				for phase, actions := range calls[kind] {
					called = append(called, actions...)
					for _, action := range actions {
						kept := slices.Contains(destroying, action) && *environment.WithDefaults().Domain.Lifecycle.PreventDestroy
						if isGranted := slices.Contains(granted[phase], action); isGranted && kept {
							t.Errorf("%s has prevent_destroy, and %s is granted", name, action)
						} else if !isGranted && !kept && !slices.Contains(permitted, action) {
							t.Errorf("to %s, %s calls %s, which is not granted", phase, kind, action)
						}
					}
				}
			}
			for _, action := range granted["deploy"] {
				if !slices.Contains(called, action) && uncalled[action] == "" {
					t.Errorf("%s is granted, and nothing calls it", action)
				}
			}
			for _, action := range granted["plan"] {
				if !slices.Contains(granted["deploy"], action) {
					t.Errorf("%s is granted to plan, and not to deploy, which plans too", action)
				}
			}
		})
	}
}

// TestThePlanRoleReadsTheRoles: a change of the roles that nobody reviewed shows up in the next plan.
func TestThePlanRoleReadsTheRoles(t *testing.T) {
	roles, policies, _ := rolesFor(t, cdktf.Testing_App(nil), "roles", map[string]spec.Environment{"prod": smallest(spec.Backend{})})
	granted, calls := actionsOf(map[string]policy{"": policies["plan"]["plan_reads_roles"]}), callsOf(t)
	for _, kind := range typesOf(decoded(t, roles.Stack)) {
		if calls[kind] == nil {
			t.Errorf("testdata/calls.txt does not say what %s calls", kind)
		}
		for _, action := range calls[kind]["plan"] {
			if !slices.Contains(granted, action) && !slices.Contains(permitted, action) {
				t.Errorf("%s calls %s, which is not granted", kind, action)
			}
		}
	}
}

// TestPoliciesOfRolesFit: a managed policy has 6,144 characters, a role's own ones together 10,240, white space aside, and its trust
// 2,048; a role has ten policies. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func TestPoliciesOfRolesFit(t *testing.T) {
	for name, environment := range everyEnvironment(t) {
		made := rolesForOne(t, name, environment)
		for role, of := range made.policies {
			if len(of) > 10 {
				t.Errorf("%s: %s has %d policies, and IAM takes 10", name, role, len(of))
			}
		}
		for document, policy := range made.documents {
			encoded, err := json.Marshal(policy)
			if err != nil {
				t.Fatal(err)
			}
			most := 6144
			if strings.HasSuffix(document, "_trust") {
				most = 2048
			}
			if len(policy.Statement) == 0 {
				t.Errorf("%s: the policy %s says nothing, which IAM does not take", name, document)
			}
			if len(encoded) > most {
				t.Errorf("%s: the policy %s has %d characters, and IAM takes %d", name, document, len(encoded), most)
			}
			if name == "largest" || name == "prod" {
				t.Logf("%s: %s has %d characters", name, document, len(encoded))
			}
		}
	}
}

// TestTrust: which of GitHub's tokens get which role. None is trusted by a pattern, for others begin or end alike.
func TestTrust(t *testing.T) {
	environments := map[string]spec.Environment{"dev": smallest(spec.Backend{}), "prod": smallest(spec.Backend{})}
	app := cdktf.Testing_App(nil)
	for id, test := range map[string]struct {
		github   spec.GitHub
		provider string
		subjects map[string][]string
		branch   string
	}{
		"names": {spec.GitHub{Repository: "example/ai-metrics"}, "${aws_iam_openid_connect_provider.github.arn}", map[string][]string{
			"plan_trust":        {"repo:example/ai-metrics:pull_request", "repo:example/ai-metrics:ref:refs/heads/main"},
			"deploy_dev_trust":  {"repo:example/ai-metrics:environment:dev"},
			"deploy_prod_trust": {"repo:example/ai-metrics:environment:prod"},
		}, "main"},
		"ids": {spec.GitHub{Repository: "example@1/ai-metrics@2", Branch: "release/1", Environments: []string{"prod"}, OIDCProviderARN: "arn:aws:iam::" + here + ":oidc-provider/token.actions.githubusercontent.com"},
			"arn:aws:iam::" + here + ":oidc-provider/token.actions.githubusercontent.com", map[string][]string{
				"plan_trust":        {"repo:example@1/ai-metrics@2:pull_request", "repo:example@1/ai-metrics@2:ref:refs/heads/release/1"},
				"deploy_prod_trust": {"repo:example@1/ai-metrics@2:environment:prod"},
			}, "release/1"},
	} {
		roles, err := stacks.NewRoles(app, id, spec.Roles{Region: "eu-central-1", GitHub: test.github}, environments)
		if err != nil {
			t.Fatal(err)
		}
		want, got := map[string]policy{}, policiesOf(t, roles.Stack)
		for name, subjects := range test.subjects {
			conditions := map[string][]string{
				"token.actions.githubusercontent.com:aud": {"sts.amazonaws.com"},
				"token.actions.githubusercontent.com:sub": subjects,
			}
			if name != "plan_trust" { // pull requests have no branch
				conditions["token.actions.githubusercontent.com:ref"] = []string{"refs/heads/" + test.branch}
			}
			want[name] = policy{"2012-10-17", []policyStatement{{
				Effect: "Allow", Principal: map[string][]string{"Federated": {test.provider}},
				Action:    []string{"sts:AssumeRoleWithWebIdentity"},
				Condition: map[string]map[string][]string{"StringEquals": conditions},
			}}}
		}
		maps.DeleteFunc(got, func(name string, _ policy) bool { return !strings.HasSuffix(name, "_trust") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

// TestRolesAreWholeOrNot: nothing is made of what is faulty.
func TestRolesAreWholeOrNot(t *testing.T) {
	app := cdktf.Testing_App(nil)
	roles := spec.Roles{Region: "eu-central-1", GitHub: spec.GitHub{Repository: "example/*", Environments: []string{"prod"}}}
	_, err := stacks.NewRoles(app, "faulty", roles, map[string]spec.Environment{"dev": smallest(spec.Backend{})})
	var problems spec.Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Errorf("want two problems, got %v", err)
	}
	if children := len(*app.Node().Children()); children != 0 {
		t.Errorf("want nothing made, got %d", children)
	}
}

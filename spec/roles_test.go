package spec

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// minimalRoles is the smallest file of roles; wholeRoles says all there is to say.
const (
	minimalRoles = `region: eu-central-1
github:
  repository: example/ai-metrics
`
	wholeRoles = `region: eu-central-1
default_tags:
  project: ai-metrics
backend:
  s3:
    bucket: example-terraform-state
    key: ai-metrics/github.tfstate
github:
  repository: example@123456/ai-metrics@456789
  branch: release/1
  environments: [dev, prod]
  oidc_provider_arn: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com
  name_prefix: metrics-ci
  permissions_boundary: arn:aws:iam::111122223333:policy/boundary
  max_session_duration: 3600
endpoints:
  iam: https://iam.example.internal
`
)

// rolesFaults is what no file of roles may say.
var rolesFaults = []fault{
	{"no repository", minimalRoles, "  repository: example/ai-metrics\n", "  branch: main\n", `2:1: github.repository: is missing; add the key`},
	{"a key of environments", minimalRoles, "", "access:\n  administrators: [account]\n", `4:1: access: is not a key here; the keys are region, default_tags, backend, github, endpoints`},
	{"a misspelt key", minimalRoles, "", "  enviroments: [dev]\n", `4:3: github.enviroments: is not a key here; did you mean "environments"?`},
	{"a credential", wholeRoles, "    key: ai-metrics/github.tfstate\n", "    key: ai-metrics/github.tfstate\n    secret_key: x\n",
		`8:5: backend.s3.secret_key: holds a credential, which would end up in cdktf.out and in plan files; set the environment variable AWS_SECRET_ACCESS_KEY instead`},
	{"a tag of the state's session that AWS keeps", wholeRoles, "    key: ai-metrics/github.tfstate\n", "    key: ai-metrics/github.tfstate\n    assume_role: {role_arn: \"arn:aws:iam::111122223333:role/state\", tags: {\"aws:x\": y}}\n",
		`8:76: backend.s3.assume_role.tags.aws:x: begins with "aws:", which AWS keeps to itself; choose another name`},
	{"a tag of the state's session that IAM refuses", wholeRoles, "    key: ai-metrics/github.tfstate\n", "    key: ai-metrics/github.tfstate\n    assume_role: {role_arn: \"arn:aws:iam::111122223333:role/state\", tags: {a: x<y}}\n",
		`8:76: backend.s3.assume_role.tags.a: "x<y" has characters that IAM and KMS refuse: <; use letters, digits, spaces and _ . : / = + - @`},
	{"a region", minimalRoles, "eu-central-1", "Frankfurt", `1:1: region: "Frankfurt" is not an AWS region; write one such as "eu-central-1"`},
	{"an address", minimalRoles, "example/ai-metrics", "https://github.com/example/ai-metrics.git", `3:3: github.repository: "https://github.com/example/ai-metrics.git" is an address; write "example/ai-metrics"`},
	{"an address without https", minimalRoles, "example/ai-metrics", "github.com/example/ai-metrics", `3:3: github.repository: "github.com/example/ai-metrics" is an address; write "example/ai-metrics"`},
	{"a name alone", minimalRoles, "example/ai-metrics", "ai-metrics", `3:3: github.repository: "ai-metrics" is no repository; write its owner and its name, such as "example/ai-metrics"`},
	{"any repository", minimalRoles, "example/ai-metrics", "example/*", `3:3: github.repository: "example/*" is no repository; write its owner and its name, such as "example/ai-metrics"`},
	{"one id of two", wholeRoles, "ai-metrics@456789", "ai-metrics", `9:3: github.repository: "example@123456/ai-metrics" has the id of one of the two; write both, such as "example@123456/ai-metrics@456789", or none`},
	{"any branch", wholeRoles, "release/1", `"*"`, `10:3: github.branch: "*" is not the name of a branch; write one such as "main", without refs/heads/`},
	{"any environment", wholeRoles, "[dev, prod]", `["*"]`, `11:18: github.environments[0]: "*" is not the name of an environment; write that of its file, without the ending, such as "prod"`},
	{"an environment twice", wholeRoles, "[dev, prod]", `[dev, dev]`, `11:23: github.environments[1]: "dev" is there twice; leave one out`},
	{"eleven environments", wholeRoles, "[dev, prod]", `[a, b, c, d, e, f, g, h, i, j, k]`, `11:3: github.environments: has a length of 11, and a file of roles takes 10; make a second file, with a name_prefix of its own and oidc_provider_arn`},
	{"another provider", wholeRoles, "token.actions.githubusercontent.com", "gitlab.com", `12:3: github.oidc_provider_arn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" is not the ARN of GitHub's identity provider; write "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" with your account`},
	{"a name with a slash", wholeRoles, "metrics-ci", "metrics/ci", `13:3: github.name_prefix: "metrics/ci" is not the beginning of a role's name; use up to 50 letters, digits and + = , . @ _ -`},
	{"a boundary by name", wholeRoles, "arn:aws:iam::111122223333:policy/boundary", "boundary", `14:3: github.permissions_boundary: "boundary" is not the ARN of an IAM policy; write one such as "arn:aws:iam::111122223333:policy/boundary"`},
	{"a boundary of another partition", wholeRoles, "arn:aws:iam::111122223333:policy/boundary", "arn:aws-cn:iam::111122223333:policy/boundary",
		`14:3: github.permissions_boundary: "arn:aws-cn:iam::111122223333:policy/boundary" is in the partition aws-cn, and region eu-central-1 is in aws; name one of that`},
	{"hours for seconds", wholeRoles, "max_session_duration: 3600", "max_session_duration: 12", `15:3: github.max_session_duration: 12 is outside 3600 to 43200; choose a number in that range`},
	{"tags", wholeRoles, "project: ai-metrics", "aws:project: ai-metrics", ""},
	{"tags that IAM refuses", wholeRoles, "project: ai-metrics", "project: ai&metrics", ""},
	{"two backends", wholeRoles, "backend:\n", "backend:\n  pg: {}\n", `4:1: backend: has s3 and pg; a stack has one state, so keep one`},
	{"a local state in cdktf.out", minimalRoles, "", "backend:\n  local:\n    path: github.tfstate\n", `6:5: backend.local.path: "github.tfstate" lies in cdktf.out, which cdktf empties now and then; begin it with ../../../, which is the project's root`},
	{"no kind of workspaces", minimalRoles, "", "backend:\n  remote:\n    organization: example\n    workspaces: {}\n", ""},
	{"two lists of accounts", wholeRoles, "    bucket: example-terraform-state\n", "    bucket: example-terraform-state\n    allowed_account_ids: [\"111122223333\"]\n    forbidden_account_ids: [\"111122223334\"]\n", ""},
	{"a boundary of another account", wholeRoles, "arn:aws:iam::111122223333:policy/boundary", "arn:aws:iam::444455556666:policy/boundary",
		`14:3: github.permissions_boundary: "arn:aws:iam::444455556666:policy/boundary" is of the account 444455556666, and github.oidc_provider_arn is of 111122223333, where AWS takes both from the stack's own account alone; name what is there`},
	{"a state in no region", wholeRoles, "    bucket: example-terraform-state\n", "    bucket: example-terraform-state\n    region: Frankfurt\n",
		`7:5: backend.s3.region: "Frankfurt" is not an AWS region; write one such as "eu-central-1", or add skip_region_validation: true where another store calls it that`},
	{"an argument and its former name", wholeRoles, "    bucket: example-terraform-state\n", "    bucket: example-terraform-state\n    force_path_style: true\n    use_path_style: true\n",
		`7:5: backend.s3.force_path_style: is the former name of use_path_style, which is there too; leave this one out`},
	{"a tag that later sessions keep, and this one has not", wholeRoles, "    bucket: example-terraform-state\n", "    bucket: example-terraform-state\n    assume_role: {role_arn: \"arn:aws:iam::111122223333:role/state\", transitive_tag_keys: [team]}\n",
		`7:91: backend.s3.assume_role.transitive_tag_keys[0]: "team" is none of the tags of the session; add it to tags, or leave it out here`},
	{"a token without a file", wholeRoles, "    bucket: example-terraform-state\n", "    bucket: example-terraform-state\n    assume_role_with_web_identity: {role_arn: \"arn:aws:iam::111122223333:role/state\"}\n", ""},
	{"an environment as well", minimalRoles, "", "domain:\n  domain_name: ai-metrics\n",
		`2:1: github: cannot go with domain: a file is an environment or the roles that deploy some; put the one or the other into a file of its own`},
}

func TestEachFaultOfRolesGivesItsOneError(t *testing.T) {
	fired := map[string]bool{}
	for _, fault := range rolesFaults {
		_, err := parse("faulty.yaml", []byte(fault.content()), today)
		problems := problemsOf(t, err)
		for _, problem := range problems {
			fired[problem.rule] = true
		}
		if len(problems) != 1 {
			t.Errorf("%s: want one error, got %v", fault.name, err)
		} else if fault.want != "" && err.Error() != "faulty.yaml:"+fault.want {
			t.Errorf("%s: want faulty.yaml:%s\ngot %v", fault.name, fault.want, err)
		}
	}
	wanted := slices.DeleteFunc(slices.Collect(maps.Keys(allowedValues)), func(path string) bool { return !within(path, "github") })
	for _, rule := range rolesRules {
		wanted = append(wanted, rule.name)
	}
	for _, rule := range slices.Sorted(slices.Values(wanted)) {
		if !fired[rule] {
			t.Errorf("want a fault that the rule %q finds, got none", rule)
		}
	}
}

func TestSoundRoles(t *testing.T) {
	for name, content := range map[string]string{"minimal": minimalRoles, "whole": wholeRoles} {
		file, err := parse("roles.yaml", []byte(content), today)
		if err != nil || file.Roles == nil {
			t.Fatalf("want roles of %s, got %v, %v", name, file.Roles, err)
		}
	}
	file, _ := parse("roles.yaml", []byte(minimalRoles), today)
	want := GitHub{Repository: "example/ai-metrics", Branch: "main", NamePrefix: "ai-metrics", MaxSessionDuration: 21600}
	if diff := cmp.Diff(want, file.Roles.GitHub); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	if _, _, err := Parse("roles.yaml", []byte(minimalRoles), today); err == nil ||
		!strings.HasPrefix(err.Error(), "roles.yaml:2:1: github: makes this a file of roles") {
		t.Errorf("want Parse to refuse a file of roles, got %v", err)
	}
	if _, err := parse("none.yaml", []byte("region: eu-central-1\n"), today); err == nil ||
		err.Error() != "none.yaml:1:1: domain: is missing; add the key, or github: if this is to be a file of roles" {
		t.Errorf("want a file that is neither to be refused with both, got %v", err)
	}
}

func TestRolesBesideEnvironments(t *testing.T) {
	// policies is what is said of every environment.
	policies := func(place string) string {
		return "DIR/roles.yaml:" + place + ": github.environments: whoever can deploy one of these can write any permission of " +
			"this account " +
			"into its IAM policies for readers and for writers; give roles that one is attached to a permissions boundary, or name those " +
			"roles in access instead"
	}
	const (
		pools     = "sign_in:\n  cognito:\n    user_pool_domain: model-metrics\n"
		own       = "    role_arn: arn:aws:iam::111122223333:role/cognito\n"
		boundary  = "permissions_boundary: arn:aws:iam::111122223333:policy/boundary\n"
		takePools = "DIR/roles.yaml:2:1: github.environments[0]: whoever can deploy prod can make any Cognito pool in " +
			"eu-central-1 its own by " +
			"a tag, unless it has that of another domain: change it, or delete it; name what exists instead " +
			"(sign_in.cognito.user_pool_id and identity_pool_id)"
		behindRole = "backend: {s3: {bucket: state, key: prod.tfstate, assume_role: {role_arn: " +
			"\"arn:aws:iam::444455556666:role/states\"}}}\n"
		writes = "whoever can push a branch to example/ai-metrics can take on arn:aws:iam::444455556666:role/states as the " +
			"role that plans " +
			"does, and write the state of %s: a provider that is named there runs with the role that deploys; commit .terraform.lock.hcl, " +
			"without which the workflows plan no such stack"
	)
	passwords := minimal + "sign_in:\n  fine_grained_access_control:\n    master_user_name: administrator\n" + onS3
	for _, test := range []struct {
		name     string
		files    map[string]string
		errors   []string
		warnings []string // of roles.yaml
		names    []string // in github.environments
	}{
		{name: "all of them", files: map[string]string{"roles": minimalRoles, "prod": minimal + onS3, "dev": minimal}, names: []string{"dev", "prod"},
			warnings: []string{policies("2:1"), "DIR/roles.yaml:2:1: github.environments[0]: dev keeps its state in a file, " +
				"which no run of GitHub " +
				"Actions finds again; give it a backend, or leave it out here"}},
		{name: "one of them", files: map[string]string{"roles": minimalRoles + "  environments: [prod]\n", "prod": minimal + onS3, "dev": minimal}, names: []string{"prod"},
			warnings: []string{policies("4:3")}},
		{name: "passwords", files: map[string]string{"roles": minimalRoles, "prod": passwords}, names: []string{"prod"},
			warnings: []string{policies("2:1"), "DIR/roles.yaml:2:1: github.environments[0]: whoever can push a branch to " +
				"example/ai-metrics can read " +
				"the master user's password of prod, which is in its state; a master_user_arn has none"}},
		{name: "Cognito", files: map[string]string{"roles": minimalRoles + "  environments:\n    - prod\n", "prod": minimal + "sign_in:\n  cognito:\n    user_pool_domain: model-metrics\n" + onS3}, names: []string{"prod"},
			warnings: []string{policies("4:3"), "DIR/roles.yaml:5:7: github.environments[0]: whoever can deploy prod can give " +
				"its Cognito " +
				"roles any permission of this account; set sign_in.cognito.permissions_boundary, or make the pools elsewhere, and name them " +
				"and a role_arn", strings.Replace(takePools, "2:1", "5:7", 1)}},
		{name: "Cognito with a role of one's own", files: map[string]string{"roles": minimalRoles, "prod": minimal + pools + own + onS3}, names: []string{"prod"},
			warnings: []string{policies("2:1"), "DIR/roles.yaml:2:1: github.environments[0]: whoever can deploy prod can say " +
				"who takes on " +
				"its role of users who signed in to Kibana, which has no permissions but those on the domain; set " +
				"sign_in.cognito.permissions_boundary, or make the pools elsewhere", takePools}},
		{name: "Cognito in a boundary", files: map[string]string{"roles": minimalRoles + "  " + boundary, "prod": minimal + pools + "    " + boundary + onS3}, names: []string{"prod"},
			warnings: []string{policies("2:1"), takePools}},
		{name: "Cognito outside a boundary", files: map[string]string{"roles": minimalRoles + "  " + boundary, "prod": minimal + pools + onS3},
			errors: []string{`DIR/roles.yaml:4:3: github.permissions_boundary: "arn:aws:iam::111122223333:policy/boundary" does ` +
				`not hold prod, ` +
				`which makes roles without it; write sign_in.cognito.permissions_boundary: "arn:aws:iam::111122223333:policy/boundary" in its ` +
				`file, or leave it out here`}},
		{name: "pools outside a boundary", files: map[string]string{"roles": minimalRoles + "  " + boundary,
			"prod": minimal + pools + own + strings.Replace("    "+boundary, "/boundary", "/another", 1) + onS3},
			errors: []string{`DIR/roles.yaml:4:3: github.permissions_boundary: "arn:aws:iam::111122223333:policy/boundary" does ` +
				`not hold prod, ` +
				`which makes roles without it; write sign_in.cognito.permissions_boundary: "arn:aws:iam::111122223333:policy/boundary" in its ` +
				`file, or leave it out here`}},
		{name: "a boundary without roles to hold", files: map[string]string{"roles": minimalRoles + "  " + boundary, "prod": minimal + onS3}, names: []string{"prod"},
			warnings: []string{policies("2:1")}},
		{name: "keys and a certificate", files: map[string]string{"roles": minimalRoles, "prod": minimal + "encryption: {customer_managed_key: true}\n" +
			"alarms: {email: [a@example.com]}\ncustom_endpoint: {name: metrics.example.com, zone_id: Z0123456789ABCDEFGHIJ}\n" + onS3}, names: []string{"prod"},
			warnings: []string{policies("2:1"), "DIR/roles.yaml:2:1: github.environments[0]: whoever can deploy prod can make " +
				"any KMS key without " +
				"an alias, ACM certificate in eu-central-1 its own by a tag, unless it has that of another domain: change it, or delete it; name " +
				"what exists instead (encryption.kms_key_id, alarms.topic_arn, custom_endpoint.certificate_arn)"}},
		{name: "a state behind a role", files: map[string]string{"roles": minimalRoles + strings.Replace(behindRole, "prod.tfstate", "roles.tfstate", 1),
			"prod": minimal + behindRole}, names: []string{"prod"},
			warnings: []string{"DIR/roles.yaml:4:51: backend.s3.assume_role: " + fmt.Sprintf(writes, "these roles"), policies("2:1"),
				"DIR/roles.yaml:2:1: github.environments[0]: " + fmt.Sprintf(writes, "prod")}},
		{name: "a name that is not there", files: map[string]string{"roles": minimalRoles + "  environments: [prud]\n", "prod": minimal},
			errors: []string{`DIR/roles.yaml:4:18: github.environments[0]: "prud" is no environment here; did you mean "prod"?`}},
		{name: "a name like no other", files: map[string]string{"roles": minimalRoles + "  environments: [live]\n", "prod": minimal, "dev": minimal},
			errors: []string{`DIR/roles.yaml:4:18: github.environments[0]: "live" is no environment here; they are dev, prod`}},
		{name: "roles of roles", files: map[string]string{"roles": minimalRoles + "  environments: [roles]\n", "prod": minimal},
			errors: []string{`DIR/roles.yaml:4:18: github.environments[0]: "roles" is no environment here; they are prod`}},
		{name: "nobody", files: map[string]string{"roles": minimalRoles},
			errors: []string{`DIR/roles.yaml:2:1: github.environments: there is no environment in this folder; add one`}},
		{name: "China", files: map[string]string{"roles": minimalRoles, "prod": edit(minimal, "eu-central-1", "cn-north-1")},
			errors: []string{`DIR/roles.yaml:2:1: github.environments[0]: "prod" is in cn-north-1, which no role in the partition of ` +
				`eu-central-1 reaches; make a file of roles for that partition`}},
		{name: "a long name", files: map[string]string{"roles": minimalRoles + "  name_prefix: a-name-that-is-as-long-as-it-may-be-and-not-one-more\n", "production": minimal},
			errors: []string{`DIR/roles.yaml:4:3: github.name_prefix: "a-name-that-is-as-long-as-it-may-be-and-not-one-more" is not the ` +
				`beginning of a role's name; use up to 50 letters, digits and + = , . @ _ -`}},
		{name: "a name too long for IAM", files: map[string]string{"roles": minimalRoles + "  name_prefix: a-name-that-is-as-long-as-it-may-be\n", "production-in-frankfurt": minimal},
			errors: []string{`DIR/roles.yaml:4:3: github.name_prefix: "a-name-that-is-as-long-as-it-may-be" makes the role ` +
				`a-name-that-is-as-long-as-it-may-be-deploy-production-in-frankfurt, whose name is longer than the 64 characters that ` +
				`IAM takes; write a shorter one`}},
		{name: "tags too long for a policy", files: map[string]string{"roles": minimalRoles, "prod": minimal + "default_tags:\n" + longTags(9) + onS3},
			errors: []string{`DIR/roles.yaml:2:1: github.environments[0]: "prod" has default_tags whose keys are 900 characters ` +
				`long together, and ` +
				`the policies of its roles, which name them, take 800; shorten them or leave some out`}},
		{name: "tags as long as a policy takes", files: map[string]string{"roles": minimalRoles, "prod": minimal + "default_tags:\n" + longTags(8) + onS3},
			names: []string{"prod"}, warnings: []string{policies("2:1")}},
		{name: "eleven of them", files: many(11), errors: []string{`DIR/roles.yaml:2:1: github.environments: has a length of 11, and a file of roles takes 10; make a second file, with a name_prefix of its own and oidc_provider_arn`}},
		{name: "the state of an environment", files: map[string]string{"prod": minimal + onS3, "roles": minimalRoles + onS3},
			errors: []string{`DIR/roles.yaml:4:1: backend: keeps its state where DIR/prod.yaml keeps its own, so that each would ` +
				`destroy what the other made; give each its own key, path or prefix`}},
		{name: "faults of both", files: map[string]string{
			"roles":  edit(minimalRoles, "example/ai-metrics", "example") + "  environments: [prud, prod, china, other]\n",
			"prod":   edit(minimal, "m6g.large", "m6g.lage"),
			"china":  edit(edit(minimal, "eu-central-1", "cn-north-1"), `"7.10"`, `"7.11"`) + "default_tags:\n" + longTags(9),
			"other":  edit(minimal, "eu-central-1", "Frankfurt"),
			"my dev": minimal}, errors: []string{
			`DIR/china.yaml:4:3: domain.elasticsearch_version: "7.11" is no version of Elasticsearch that AWS has: ` +
				"1.5 2.3 5.1 5.3 5.5 5.6 6.0 6.2 6.3 6.4 6.5 6.7 6.8 7.1 7.4 7.7 7.8 7.9 7.10; the newest is 7.10",
			`DIR/my dev.yaml: "my dev" is no name for a stack; use letters, digits, hyphens and underscores`,
			`DIR/other.yaml:1:1: region: "Frankfurt" is not an AWS region; write one such as "eu-central-1"`,
			`DIR/prod.yaml:6:5: domain.cluster_config.instance_type: "m6g.lage.elasticsearch" is no instance type of AWS Elasticsearch; did you mean "m6g.large.elasticsearch"?`,
			`DIR/roles.yaml:3:3: github.repository: "example" is no repository; write its owner and its name, such as "example/ai-metrics"`,
			`DIR/roles.yaml:4:18: github.environments[0]: "prud" is no environment here; did you mean "prod"?`,
			`DIR/roles.yaml:4:30: github.environments[2]: "china" is in cn-north-1, which no role in the partition of eu-central-1 reaches; make a file of roles for that partition`,
			`DIR/roles.yaml:4:30: github.environments[2]: "china" has default_tags whose keys are 900 characters long together, and the policies of its roles, which name them, take 800; shorten them or leave some out`,
		}},
		{name: "all of them, misspelt", files: map[string]string{"roles": minimalRoles + "  enviroments: [prod]\n", "prod": minimal, "china": edit(minimal, "eu-central-1", "cn-north-1")},
			errors: []string{`DIR/roles.yaml:4:3: github.enviroments: is not a key here; did you mean "environments"?`}},
		{name: "a fault elsewhere", files: map[string]string{"roles": minimalRoles + "  environments: [prod]\n", "prod": edit(minimal, "m6g.large", "m6g.lage")},
			errors: []string{`DIR/prod.yaml:6:5: domain.cluster_config.instance_type: "m6g.lage.elasticsearch" is no instance type of ` +
				`AWS Elasticsearch; did you mean "m6g.large.elasticsearch"?`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, content := range test.files {
				if err := os.WriteFile(filepath.Join(folder, name+".yaml"), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			files, err := Load(folder, today)
			if diff := cmp.Diff(test.errors, lines(problemsOf(t, err), folder)); diff != "" {
				t.Fatalf("errors (-want +got):\n%s", diff)
			}
			for _, file := range files {
				if file.Roles == nil {
					continue
				}
				if diff := cmp.Diff(test.names, file.Roles.GitHub.Environments); diff != "" {
					t.Errorf("environments (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.warnings, lines(file.Warnings, folder)); diff != "" {
					t.Errorf("warnings (-want +got):\n%s", diff)
				}
			}
		})
	}
}

const onS3 = "backend: {s3: {bucket: state, key: prod.tfstate}}\n"

// longTags is tags with keys of 100 characters.
func longTags(count int) string {
	var tags strings.Builder
	for i := range count {
		fmt.Fprintf(&tags, "  key-%096d: value\n", i)
	}
	return tags.String()
}

func many(count int) map[string]string {
	files := map[string]string{"roles": minimalRoles}
	for i := range count {
		files[string(rune('a'+i))] = minimal
	}
	return files
}

func lines(problems Problems, folder string) []string {
	var lines []string
	for _, problem := range problems {
		lines = append(lines, strings.ReplaceAll(problem.Error(), folder, "DIR"))
	}
	return lines
}

// Roles that are made in Go are held to the same.
func TestRolesInGo(t *testing.T) {
	roles := Roles{Region: "eu-central-1", GitHub: GitHub{Repository: "example", Environments: []string{"prod"}}}
	want := `github.repository: "example" is no repository; write its owner and its name, such as "example/ai-metrics"` + "\n" +
		`github.environments[0]: "prod" is no environment here; they are dev`
	if err := roles.Check(map[string]Environment{"dev": {}}); err == nil || err.Error() != want {
		t.Errorf("want %s\ngot %v", want, err)
	}
	file, _ := parse("dev.yaml", []byte(minimal), today)
	roles = Roles{Region: "eu-central-1", GitHub: GitHub{Repository: "example/ai-metrics", Environments: []string{"dev"}}}
	if err := roles.Check(map[string]Environment{"dev": file.Environment}); err != nil {
		t.Errorf("want no error, got %v", err)
	}
}

func TestSchemaOfRoles(t *testing.T) {
	for name, content := range map[string]string{"minimal": minimalRoles, "whole": wholeRoles} {
		if err := validateAs(t, rolesSchemaFile, content); err != nil {
			t.Errorf("want %s to be valid, got %v", name, err)
		}
	}
	for name, content := range map[string]string{
		"environment":   minimal,
		"unknown key":   minimalRoles + "  colour: red\n",
		"no repository": edit(minimalRoles, "  repository: example/ai-metrics\n", "  branch: main\n"),
		"credential":    edit(wholeRoles, "    bucket: example-terraform-state\n", "    bucket: example-terraform-state\n    secret_key: x\n"),
		"two backends":  edit(wholeRoles, "backend:\n", "backend:\n  pg: {}\n"),
	} {
		if err := validateAs(t, rolesSchemaFile, content); err == nil {
			t.Errorf("want %s to be refused, got no error", name)
		}
	}
}

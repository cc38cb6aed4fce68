package spec

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Roles is a file with `github:` instead of `domain:`: one stack, with the IAM roles by which GitHub Actions plans and deploys
// environments without a long-lived AWS access key. It is deployed by hand: whoever may change these roles may do
// anything that they may.
// https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
type Roles struct {
	// AWS region of the stack, such as "eu-central-1". IAM itself has none; the environments may be in others.
	Region string `json:"region"`

	// Tags that the AWS provider puts on every resource of the stack. Default: none.
	DefaultTags map[string]string `json:"default_tags,omitempty"`

	// Where Terraform keeps the state of this stack: exactly one backend. Default: local, in the project's root.
	Backend Backend `json:"backend,omitzero"`

	// The repository, and which of its workflows get which role.
	GitHub GitHub `json:"github"`

	// Where the AWS provider finds AWS. Default: AWS's public endpoints.
	Endpoints Endpoints `json:"endpoints,omitzero"`
}

// GitHub is a repository on github.com whose workflows plan and deploy: one role that plans them all, for pull requests and for
// the branch, and for each environment one that deploys it alone, for jobs that name the GitHub environment of the same name.
type GitHub struct {
	// Owner and name of the repository, spelt as GitHub does, such as "example/ai-metrics". If it was made, renamed or transferred
	// after 2026-07-15, or asked for immutable subject claims, with both ids: "example@123456/ai-metrics@456789".
	// https://docs.github.com/actions/reference/security/oidc#immutable-subject-claims
	Repository string `json:"repository"`

	// The branch whose workflows plan: those that deploy, and those that look for drift. Default: main.
	Branch string `json:"branch,omitempty"`

	// Names of up to ten environments of the same folder, all of them in the account of this stack. Default: all in the folder.
	Environments []string `json:"environments,omitempty"`

	// ARN of the identity provider for token.actions.githubusercontent.com, of which an account has one. Default: a new one.
	OIDCProviderARN string `json:"oidc_provider_arn,omitempty"`

	// What the names of the roles and their policies begin with. Default: the name of the repository.
	NamePrefix string `json:"name_prefix,omitempty"`

	// ARN of the IAM policy that is the permissions boundary of each role. An environment that makes roles itself must give them the
	// same, as sign_in.cognito.permissions_boundary, or they would lead past it. Default: none.
	PermissionsBoundary string `json:"permissions_boundary,omitempty"`

	// Maximum session duration of the roles that deploy, in seconds, 3600 to 43200: nothing renews a session while Terraform waits
	// for a domain, after which it has the state to write. Default: 21600, which is what the workflow deploy-stack asks for.
	MaxSessionDuration int `json:"max_session_duration,omitempty"`
}

// mostEnvironments is how many one file takes: the role that plans has a policy for each, and a role takes ten.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const mostEnvironments = 10

// WithDefaults returns roles with everything given that was left out, but for the environments: which there are a file does not
// know. See [Load].
func (roles Roles) WithDefaults() Roles {
	github := &roles.GitHub
	github.Branch = cmp.Or(github.Branch, "main")
	github.NamePrefix = cmp.Or(github.NamePrefix, repositoryName(github.Repository))
	github.MaxSessionDuration = cmp.Or(github.MaxSessionDuration, 21600)
	roles.Backend = roles.Backend.withDefault()
	return roles
}

// repositoryName is the name of a repository without its owner and its id; "" of what is no repository.
func repositoryName(text string) string {
	if repository.fault(text) != "" {
		return ""
	}
	_, name, _ := strings.Cut(text, "/")
	name, _, _ = strings.Cut(name, "@")
	return name
}

// PlanRoleName is the name of the role that plans.
func (github GitHub) PlanRoleName() string { return github.NamePrefix + "-plan" }

// DeployRoleName is the name of the role that deploys an environment.
func (github GitHub) DeployRoleName(environment string) string {
	return github.NamePrefix + "-deploy-" + environment
}

// Check returns every fault of roles that were made in Go, as [Problems]; nil if there is none. environments is those that they
// are for, by the names in github.environments.
func (roles Roles) Check(environments map[string]Environment) error {
	problems := Problems(checkAll(roles, Roles.WithDefaults, roles.Region, rolesRules, nil))
	roles = roles.WithDefaults()
	return append(problems, roles.checkEnvironments(problems.paths(), environments, nil)...).asError()
}

// checkEnvironments is what is wrong with roles beside these environments. What is faulty in them, or in one of these, is not judged.
func (roles Roles) checkEnvironments(faulty faultyPaths, environments map[string]Environment, others map[string]faultyPaths) Problems {
	var problems Problems
	report := func(path, text string) {
		if text != "" {
			problems = append(problems, Problem{Path: path, Text: text, rule: "environments of roles"})
		}
	}
	if len(environments) == 0 {
		report("github.environments", "there is no environment in this folder; add one")
		return problems
	}
	for i, name := range roles.GitHub.Environments {
		path := fmt.Sprintf("github.environments[%d]", i)
		environment, known := environments[name]
		if faulty.at(path) {
			continue
		}
		if !known {
			names := slices.Sorted(maps.Keys(environments))
			report(path, quote(name)+" is no environment here"+cmp.Or(didYouMean(name, names), "; they are "+strings.Join(names, ", ")))
			continue
		}
		if !faulty.at("region") && !others[name].at("region") && partitionOf(environment.Region) != partitionOf(roles.Region) {
			report(path, fmt.Sprintf("%s is in %s, which no role in the partition of %s reaches; make a file of roles for that partition",
				quote(name), environment.Region, roles.Region))
		}
		boundary := roles.GitHub.PermissionsBoundary
		if boundary != "" && !faulty.at("github.permissions_boundary") && !others[name].at("sign_in") &&
			environment.permissionsBoundary() != boundary && (environment.makesCognitoRole() || environment.makesPools()) {
			report("github.permissions_boundary", fmt.Sprintf("%s does not hold %s, which makes roles without it; write "+
				"sign_in.cognito.permissions_boundary: %[1]s in its file, or leave it out here", quote(boundary), name))
		}
		if long := len(strings.Join(environment.DefaultTagKeys(), "")); long > longestTagKeys && !others[name].at("default_tags") {
			report(path, fmt.Sprintf("%s has default_tags whose keys are %d characters long together, and the policies of its "+
				"roles, which name them, take %d; shorten them or leave some out", quote(name), long, longestTagKeys))
		}
		if role := roles.GitHub.DeployRoleName(name); len(role) > longestRoleName && !faulty.at("github.name_prefix") &&
			!faulty.at("github.repository") {
			report("github.name_prefix",
				fmt.Sprintf("%s makes the role %s, whose name is longer than the %d characters that IAM takes; write a shorter one",
					quote(roles.GitHub.NamePrefix), role, longestRoleName))
		}
	}
	return problems
}

// longestTagKeys is how long the keys of an environment's default_tags may be together: a policy has 6,144 characters, and names them
// up to twice.
const longestTagKeys = 800

// longestRoleName is how long the name of an IAM role may be.
const longestRoleName = 64

// rolesRules is what must hold between the values of a file of roles.
var rolesRules = slices.Concat(
	tagRules("default_tags", func(r Roles) map[string]string { return r.DefaultTags }),
	roleTagRules("default_tags", func(r Roles) map[string]string { return r.DefaultTags }, DomainTag),
	backendRules(func(r Roles) Backend { return r.Backend }),
	[]ruleOf[Roles]{
		oneAccount("one account of roles", []ownARN[Roles]{
			{"github.oidc_provider_arn", func(r Roles) string { return r.GitHub.OIDCProviderARN }},
			{"github.permissions_boundary", func(r Roles) string { return r.GitHub.PermissionsBoundary }},
		}),
		{"an environment of roles once", func(r Roles) []finding {
			return repeated("github.environments", r.GitHub.Environments)
		}},
		{"as many environments of roles as a role takes policies", func(r Roles) []finding {
			return when(len(r.GitHub.Environments) > mostEnvironments, "github.environments",
				"has a length of %d, and a file of roles takes %d; make a second file, with a name_prefix of its own and oidc_provider_arn",
				len(r.GitHub.Environments), mostEnvironments)
		}},
	})

var gitHubAddress = regexp.MustCompile(`^((?:https?://)?github\.com/|git@github\.com:)([^/]+/[^/]+?)(\.git|/)?$`)

// repository is the forms in which GitHub's tokens have a repository: names alone, or each with its id.
var repository = allowed{
	pattern: compiled(`^[A-Za-z0-9][A-Za-z0-9_-]*(@\d+)?/[A-Za-z0-9._-]+(@\d+)?$`),
	wrong: func(value any) string {
		text := value.(string)
		if address := gitHubAddress.FindStringSubmatch(text); address != nil {
			return fmt.Sprintf("%s is an address; write %q", quote(text), address[2])
		}
		return quote(text) + ` is no repository; write its owner and its name, such as "example/ai-metrics"`
	},
	alsoWrong: func(value any) string {
		owner, name, _ := strings.Cut(value.(string), "/")
		if strings.Contains(owner, "@") != strings.Contains(name, "@") {
			return quote(value.(string)) + ` has the id of one of the two; write both, such as "example@123456/ai-metrics@456789", or none`
		}
		return ""
	},
}

// parseRoles reads a file of roles, and checks all of it that needs no other file.
func (d *decoder) parseRoles(root *yaml.Node) (File, error) {
	var roles Roles
	d.kind = reflect.TypeOf(roles)
	d.decode(root, "", reflect.ValueOf(&roles).Elem())
	problems := slices.Concat(d.problems, d.locate(checkAll(roles, Roles.WithDefaults, roles.Region, rolesRules, d.refusedOrMeant())))
	roles = roles.WithDefaults()
	return File{Roles: &roles, positionOf: d.positionOf, faulty: slices.Collect(maps.Keys(d.meant))}, problems.asError()
}

// resolveRoles names every environment in files of roles that name none, warns of what those who plan can read, and returns what
// is wrong with those that are named.
func resolveRoles(files []File) Problems {
	environments := map[string]Environment{}
	others := map[string]faultyPaths{}
	var names []string
	for _, file := range files {
		if !file.isEnvironment() {
			continue
		}
		environments[file.Name], others[file.Name] = file.Environment, file.faulty
		if IsStackName(file.Name) && file.isRead() {
			names = append(names, file.Name)
		}
	}
	slices.Sort(names)
	var problems Problems
	for i := range files {
		file := &files[i]
		if file.Roles == nil {
			continue
		}
		if len(file.Roles.GitHub.Environments) == 0 && !file.faulty.at("github.environments") {
			file.Roles.GitHub.Environments = slices.Clone(names)
			all := Problems(checkAll(*file.Roles, Roles.WithDefaults, file.Roles.Region, rolesRules, nil))
			all = slices.DeleteFunc(all, func(problem Problem) bool { return file.faulty.at(problem.Path) })
			problems = append(problems, file.locate(all)...)
		}
		problems = append(problems, file.locate(file.Roles.checkEnvironments(file.faulty, environments, others))...)
		file.Warnings = append(file.Warnings, file.locate(file.Roles.warnings(environments))...)
	}
	return problems
}

// warnings is what AWS takes, and whoever sets up these roles should know of all the same.
func (roles Roles) warnings(environments map[string]Environment) Problems {
	var warnings Problems
	if role := roles.Backend.role(); role != "" {
		warnings = append(warnings, Problem{Path: "backend.s3.assume_role", rule: "state of roles that others write",
			Text: fmt.Sprintf(othersWrite, roles.GitHub.Repository, role, "these roles")})
	}
	if len(roles.GitHub.Environments) > 0 {
		warnings = append(warnings, Problem{Path: "github.environments", rule: "policies of roles", Text: "whoever can deploy " +
			"one of these can write any permission of this account into its IAM policies for readers and for writers; give roles that " +
			"one is attached to a permissions boundary, or name those roles in access instead"})
	}
	for i, name := range roles.GitHub.Environments {
		for _, warning := range rolesWarnings {
			if text := warning.text(roles.GitHub, name, environments[name]); text != "" {
				warnings = append(warnings, Problem{Path: fmt.Sprintf("github.environments[%d]", i), Text: text, rule: warning.name})
			}
		}
	}
	return warnings
}

// othersWrite is what is said of a state behind a role: of the repository, the role and the state.
const othersWrite = "whoever can push a branch to %s can take on %s as the role that plans does, and write the state of %s: a provider " +
	"that is named there runs with the role that deploys; commit .terraform.lock.hcl, without which the workflows plan no such stack"

// rolesWarnings is what is worth a warning of an environment whose roles are made, and what it says; "" if that one does not earn it.
var rolesWarnings = []struct {
	name string
	text func(github GitHub, name string, e Environment) string
}{
	{"states of roles", func(_ GitHub, name string, e Environment) string {
		return sayIf(e.Backend.Local != nil, name+
			" keeps its state in a file, which no run of GitHub Actions finds again; give it a backend, or leave it out here")
	}},
	{"states that others write", func(github GitHub, name string, e Environment) string {
		role := e.Backend.role()
		return sayIf(role != "", fmt.Sprintf(othersWrite, github.Repository, role, name))
	}},
	{"passwords of roles", func(github GitHub, name string, e Environment) string {
		return sayIf(e.keepsPasswords(), "whoever can push a branch to "+github.Repository+
			" can read the master user's password of "+name+", which is in its state; a master_user_arn has none")
	}},
	{"roles of roles", func(_ GitHub, name string, e Environment) string {
		switch {
		case e.permissionsBoundary() != "":
			return ""
		case e.makesCognitoRole():
			return "whoever can deploy " + name + " can give its Cognito roles any permission of this account; set " +
				"sign_in.cognito.permissions_boundary, or make the pools elsewhere, and name them and a role_arn"
		default:
			return sayIf(e.makesPools(), "whoever can deploy "+name+" can say who takes on its role of users who signed in to "+
				"Kibana, which has no permissions but those on the domain; set sign_in.cognito.permissions_boundary, or make "+
				"the pools elsewhere")
		}
	}},
	{"what roles can tag", func(_ GitHub, name string, e Environment) string {
		var taken, instead []string
		for _, kind := range []struct {
			made          bool
			what, instead string
		}{
			{e.MakesKey(), "KMS key without an alias", "encryption.kms_key_id"},
			{e.MakesAlarmsTopic(), "KMS key without an alias", "alarms.topic_arn"},
			{e.makesPools(), "Cognito pool", "sign_in.cognito.user_pool_id and identity_pool_id"},
			{e.makesCertificate(), "ACM certificate", "custom_endpoint.certificate_arn"},
		} {
			if kind.made {
				taken, instead = append(taken, kind.what), append(instead, kind.instead)
			}
		}
		return sayIf(taken != nil, "whoever can deploy "+name+" can make any "+strings.Join(slices.Compact(taken), ", ")+" in "+e.Region+
			" its own by a tag, unless it has that of another domain: change it, or delete it; name what exists instead ("+
			strings.Join(instead, ", ")+")")
	}},
}

func (file File) locate(problems Problems) Problems {
	for i := range problems {
		problems[i].Position = file.positionOf(problems[i].Path)
	}
	return problems
}

var environmentName = matches(stackName.String(),
	`the name of an environment; write that of its file, without the ending, such as "prod"`)

var gitHubValues = map[string]allowed{
	"github.repository":     repository,
	"github.branch":         matches(`^[^\s~^:?*\[\\]+$`, `the name of a branch; write one such as "main", without refs/heads/`),
	"github.environments[]": environmentName,
	"github.oidc_provider_arn": matches(`^`+awsARN+`:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com$`,
		`the ARN of GitHub's identity provider; write "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" `+
			`with your account`),
	"github.name_prefix": matches(`^[\w+=,.@-]{1,50}$`,
		"the beginning of a role's name; use up to 50 letters, digits and + = , . @ _ -"),
	"github.permissions_boundary": policyARN,
	"github.max_session_duration": between(3600, 43200),
}

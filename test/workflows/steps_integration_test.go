//go:build integration

package workflows

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/review"
	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/test/tools"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(asGH); address != "" {
		os.Exit(gh(address, os.Args[1:]))
	}
	os.Exit(tools.Main(m))
}

const (
	markdown = "cdktf.out/stacks/prod/review.md"
	refusal  = "::error::prod: the review refuses the plan, and says why."
)

// scenario is a run of one step and what its user sees of it.
type scenario struct {
	name      string
	step      string
	values    map[string]string // of the expressions in its env
	variables map[string]string // of GitHub
	files     map[string]string
	answers   []answer

	code   int
	log    []string // parts of what it prints
	calls  []string // all of them
	body   []string // parts of the body that it sends
	output string   // what it says to later steps
}

var (
	ofTheComment = map[string]string{"github.token": "secret", "matrix.stack": "prod", "github.event.pull_request.number": "7",
		"github.event.pull_request.head.sha": "abc123", "github.event.pull_request.base.ref": "main"}
	isCurrent  = answer{calls: "gh api repos/*/pulls/7", output: `{"head": {"sha": "abc123"}, "base": {"ref": "main"}}`}
	ofTheIssue = map[string]string{"github.token": "secret", "matrix.stack": "prod", "steps.review.outputs.changes": "true",
		"steps.review.outputs.refused": "false", "github.sha": "abc123"}
	ofTheGate = map[string]string{
		"github.token": "secret", "inputs.stack": "prod", "steps.review.outputs.refused": "true", "inputs.allow-replace": "false",
	}
	onDispatch   = map[string]string{"GITHUB_EVENT_NAME": "workflow_dispatch"}
	reviewed     = map[string]string{markdown: marker + "### prod\n\n1 to add\n"}
	synthesized3 = map[string]string{
		"cdktf.out/manifest.json": `{"stacks": {
			"dev": {"name": "dev", "synthesizedStackPath": "stacks/dev/cdk.tf.json"},
			"prod": {"name": "prod", "synthesizedStackPath": "stacks/prod/cdk.tf.json"},
			"staging": {"name": "staging", "synthesizedStackPath": "stacks/staging/cdk.tf.json"}}}`,
		"cdktf.out/stacks/dev/cdk.tf.json":     `{"terraform": {"backend": {"local": {"path": "x"}}}, "provider": {"aws": [{"region": "us-east-1"}]}}`,
		"cdktf.out/stacks/prod/cdk.tf.json":    `{"terraform": {"backend": {"s3": {"bucket": "b"}}}, "provider": {"aws": [{"region": "eu-west-1"}]}}`,
		"cdktf.out/stacks/staging/cdk.tf.json": `{"terraform": {"backend": {"s3": {"bucket": "b"}}}, "provider": {"aws": [{"region": "eu-west-2"}]}}`,
	}
	withRoles = with(synthesized3, "cdktf.out/stacks/staging/cdk.tf.json",
		`{"terraform": {"backend": {"s3": {"bucket": "b"}}}, "provider": {"aws": [{"region": "eu-west-2"}]}, "output": {"deploy_role_arns": {}}}`)
	toPlan = map[string]string{"cdktf.out/stacks/prod/cdk.tf.json": `{"terraform": {"backend": {"s3": {"bucket": "b"}}}}`}
	ofPlan = map[string]string{"inputs.stack": "prod", "inputs.arguments": "-lock=false", "inputs.master-user-passwords": "",
		"inputs.state-credentials": "", "inputs.removed": "false"}
	// What a plan leaves to its review.
	toReview = map[string]string{"cdktf.out/aimetrics": reviewer, "cdktf.out/stacks/prod/plan.json": "{}",
		"cdktf.out/stacks/prod/changes": "true\n"}
	ofReview = map[string]string{"inputs.stack": "prod", "inputs.fail-on": ""}
	ofStacks = map[string]string{"inputs.stack": "", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": "arn:p", "vars.NOT_SET_UP_YET": ""}
)

// marker is the first line of a review of prod.
var marker = review.Marker("prod") + "\n"

// reviewer stands in for the command that reviews: it writes what it was given, and leaves with the code that the environment says.
var reviewer = `#!/usr/bin/env bash
printf '%sreviewer %s\n' '` + marker + `' "$*" >"$4"
if [ "${REVIEWER_CODE:-0}" = 2 ]; then echo "prod: refused: replaces a (--fail-on replace); if it is meant: --allow 'a'" >&2; fi
exit "${REVIEWER_CODE:-0}"
`

// with is a map with other values of some keys.
func with(values map[string]string, pairs ...string) map[string]string {
	changed := maps.Clone(values)
	for i := 0; i < len(pairs); i += 2 {
		changed[pairs[i]] = pairs[i+1]
	}
	return changed
}

var initialized = answer{calls: "terraform -chdir=cdktf.out/stacks/prod init *"}

func planAnswers(code int) []answer {
	return []answer{initialized, {calls: "terraform * plan -no-color *", code: code},
		{calls: "terraform * show -json *", output: `{"format_version": "1.2", "resource_changes": []}`},
		{calls: "terraform * show *", output: "Plan: 1 to add\n"}}
}

var scenarios = []scenario{
	{
		name: "all stacks, but those that keep their state in a file", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: ofStacks, output: stacksOutput([]string{prodRow, stagingRow}),
		log: []string{"::notice::dev is left out: its state is a file", "environments/dev.yaml"},
	},
	{
		name: "one stack", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: with(ofStacks, "inputs.stack", "prod", "inputs.to-deploy", "true", "vars.AWS_PLAN_ROLE_ARN", `{"prod": "arn:p"}`),
		output: stacksOutput([]string{prodRow}),
	},
	{
		name: "the roles' own stack is planned", step: "synthesize/synthesize/List the stacks", files: withRoles,
		values: with(ofStacks, "inputs.stack", "staging"), output: stacksOutput([]string{stagingRow}),
	},
	{
		name: "the roles' own stack is not deployed", step: "synthesize/synthesize/List the stacks", files: withRoles,
		values: with(ofStacks, "inputs.to-deploy", "true"), output: stacksOutput([]string{prodRow}),
		log: []string{"::notice::staging is left out: it makes the roles", "docs/github-roles.md"},
	},
	{
		name: "no such stack", step: "synthesize/synthesize/List the stacks", files: synthesized3, values: with(ofStacks, "inputs.stack", "pord"),
		code: 1, log: []string{"::error::pord is no stack that can be planned here; they are: dev, prod, staging."},
	},
	{
		name: "not set up yet", step: "synthesize/synthesize/List the stacks", files: synthesized3, values: with(ofStacks, "vars.NOT_SET_UP_YET", "true"),
		output: stacksOutput(nil), log: []string{"::notice::", "NOT_SET_UP_YET", "docs/workflows.md"},
	},
	{
		name: "a stack without a role is listed, and the others", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: with(ofStacks, "vars.AWS_PLAN_ROLE_ARN", `{"prod": "arn:p"}`),
		output: stacksOutput([]string{prodRow, strings.Replace(stagingRow, "arn:p", "", 1)}),
	},
	{
		name: "no roles", step: "synthesize/synthesize/List the stacks", files: synthesized3, values: with(ofStacks, "vars.AWS_PLAN_ROLE_ARN", ""),
		output: strings.ReplaceAll(stacksOutput([]string{prodRow, stagingRow}), "arn:p", ""),
	},
	{
		name: "roles that are no JSON", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: with(ofStacks, "vars.AWS_PLAN_ROLE_ARN", `{"prod": arn}`), code: 1, log: []string{"::error::AWS_PLAN_ROLE_ARN is no JSON"},
	},
	{
		name: "a stack with a master user", step: "synthesize/synthesize/List the stacks", values: with(ofStacks, "inputs.stack", "prod"),
		files:  with(synthesized3, "cdktf.out/stacks/prod/cdk.tf.json", `{"variable": {"master_user_password": {}}, "provider": {"aws": [{"region": "eu-west-1"}]}}`),
		output: strings.ReplaceAll(stacksOutput([]string{prodRow}), `"password":false`, `"password":true`),
	},
	{
		name: "prod after staging", step: "synthesize/synthesize/List the stacks", values: with(ofStacks, "inputs.to-deploy", "true"),
		files: after(`["staging", "dev"]`, `[]`), output: stacksOutput([]string{prodRow, stagingRow}, []string{stagingRow}, []string{prodRow}),
	},
	{
		name: "prod alone, which is after staging", step: "synthesize/synthesize/List the stacks",
		values: with(ofStacks, "inputs.stack", "prod", "inputs.to-deploy", "true"), files: after(`["staging"]`, `[]`), output: stacksOutput([]string{prodRow}),
	},
	{
		name: "more waves than jobs", step: "synthesize/synthesize/List the stacks", values: with(ofStacks, "inputs.to-deploy", "true"),
		files: with(synthesized3, "cdktf.out/manifest.json", `{"stacks": {
			"a": {"name": "a"}, "b": {"name": "b", "dependencies": ["a"]}, "c": {"name": "c", "dependencies": ["b"]}, "d": {"name": "d", "dependencies": ["c"]}}}`,
			"cdktf.out/stacks/a/cdk.tf.json", "{}", "cdktf.out/stacks/b/cdk.tf.json", "{}", "cdktf.out/stacks/c/cdk.tf.json", "{}", "cdktf.out/stacks/d/cdk.tf.json", "{}"),
		code: 1, log: []string{`::error::deploy_after makes more than three waves: [["a"],["b"],["c"],["d"]]`},
	},

	{
		name: "a plan with changes", step: "actions/plan/Plan", values: ofPlan, files: toPlan, answers: planAnswers(2),
		output: "changes=true\n",
		calls: []string{
			"terraform -chdir=cdktf.out/stacks/prod init -no-color",
			"terraform -chdir=cdktf.out/stacks/prod plan -no-color -detailed-exitcode -out=plan -lock=false",
			"terraform -chdir=cdktf.out/stacks/prod show -no-color plan",
			"terraform -chdir=cdktf.out/stacks/prod show -json plan",
		},
	},
	{
		name: "a plan without", step: "actions/plan/Plan", values: ofPlan, files: toPlan, answers: planAnswers(0),
		output: "changes=false\n", calls: []string{"*"},
	},
	{
		name: "a plan that fails", step: "actions/plan/Plan", values: ofPlan, files: toPlan, answers: planAnswers(1),
		code: 1, calls: []string{"*"},
	},
	{
		name: "providers that are pinned", step: "actions/plan/Plan", values: with(ofPlan, "inputs.arguments", ""),
		files: with(toPlan, ".terraform.lock.hcl", "# pins"), answers: planAnswers(0), output: "changes=false\n",
		calls: []string{
			"terraform -chdir=cdktf.out/stacks/prod init -no-color -lockfile=readonly",
			"terraform -chdir=cdktf.out/stacks/prod plan -no-color -detailed-exitcode -out=plan",
			"terraform -chdir=cdktf.out/stacks/prod show -no-color plan",
			"terraform -chdir=cdktf.out/stacks/prod show -json plan",
		},
	},
	{
		name: "a state behind a role, without a lock file", step: "actions/plan/Plan", values: ofPlan, answers: planAnswers(0),
		files: with(toPlan, "cdktf.out/stacks/prod/cdk.tf.json",
			`{"terraform": {"backend": {"s3": {"bucket": "b", "assume_role": {"role_arn": "arn:r"}}}}}`), code: 1,
		log: []string{"::error::prod: it keeps its state where others than the role that deploys it can write",
			".terraform.lock.hcl", "docs/workflows.md"},
	},
	{
		name: "a state behind a role that a token gets", step: "actions/plan/Plan", values: ofPlan, answers: planAnswers(0), code: 1,
		files: with(toPlan, "cdktf.out/stacks/prod/cdk.tf.json",
			`{"terraform": {"backend": {"s3": {"bucket": "b", "assume_role_with_web_identity": {"role_arn": "arn:r"}}}}}`),
	},
	{
		name: "a state behind a role, with a lock file", step: "actions/plan/Plan", values: ofPlan, answers: planAnswers(0),
		files: with(toPlan, ".terraform.lock.hcl", "# pins", "cdktf.out/stacks/prod/cdk.tf.json",
			`{"terraform": {"backend": {"s3": {"bucket": "b", "assume_role": {"role_arn": "arn:r"}}}}}`),
		output: "changes=false\n", calls: []string{"*"},
	},
	{
		name: "a state that no role of AWS keeps", step: "actions/plan/Plan", values: ofPlan, answers: planAnswers(0), code: 1,
		files: with(toPlan, "cdktf.out/stacks/prod/cdk.tf.json", `{"terraform": {"backend": {"http": {"address": "https://states"}}}}`),
	},
	{
		name: "a state in HCP Terraform", step: "actions/plan/Plan", values: ofPlan, answers: planAnswers(0), code: 1,
		files: with(toPlan, "cdktf.out/stacks/prod/cdk.tf.json", `{"terraform": {"cloud": {"organization": "example"}}}`),
	},

	{
		name: "credentials that would choose the program", step: "actions/plan/Plan", files: toPlan, answers: planAnswers(0), code: 1,
		values: with(ofPlan, "inputs.state-credentials", `{"PATH": "/tmp"}`), log: []string{"::error::prod: the secret STATE_CREDENTIALS has PATH"},
	},
	{
		name: "credentials that are no JSON", step: "actions/plan/Plan", files: toPlan, answers: planAnswers(0), code: 1,
		values: with(ofPlan, "inputs.state-credentials", `Hunter-22`), log: []string{"::error::prod: the secret STATE_CREDENTIALS is no JSON object"},
	},
	{
		name: "a review", step: "actions/review/Review", values: ofReview, files: toReview, output: "changes=true\nrefused=false\n",
	},
	{
		name: "a plan that the gate refuses is reviewed", step: "actions/review/Review", values: ofReview, files: toReview,
		variables: map[string]string{"REVIEWER_CODE": "2"}, output: "changes=true\nrefused=true\n",
	},
	{
		name: "a reviewer that fails", step: "actions/review/Review", values: ofReview, files: toReview,
		variables: map[string]string{"REVIEWER_CODE": "1"}, code: 1,
	},
	{
		name: "no plan to review", step: "actions/review/Review", values: ofReview,
		files: map[string]string{"cdktf.out/aimetrics": reviewer}, code: 1,
		log: []string{"::error::prod: there is no plan to review; the job that plans says why."},
	},
	{
		name: "passwords that are no JSON", step: "actions/plan/Plan",
		values: with(ofPlan, "inputs.master-user-passwords", "Hunter-22"),
		files:  toPlan, answers: planAnswers(0), code: 1, log: []string{"::error::prod: the secret MASTER_USER_PASSWORDS is no JSON object"},
	},

	{
		name: "GitHub fails", step: "diff/diff/Comment", values: ofTheComment, files: reviewed,
		answers: []answer{{calls: "gh *", code: 1}}, calls: []string{"*"}, code: 1,
	},
	{
		name: "the gate is open", step: "deploy-stack/review/Gate", values: with(ofTheGate, "steps.review.outputs.refused", "false"), variables: onDispatch,
	},
	{
		name: "no review", step: "deploy-stack/review/Gate", values: with(ofTheGate, "steps.review.outputs.refused", ""), variables: onDispatch,
		code: 1, log: []string{`::error::REFUSED is ""`},
	},
	{
		name: "labels that cannot be read", step: "deploy-stack/review/Gate", values: ofTheGate, calls: []string{"*"}, code: 1,
		variables: map[string]string{"GITHUB_EVENT_NAME": "push"}, answers: []answer{{calls: "gh *", code: 1}},
	},
	{
		name: "a label of somebody who may not write here", step: "deploy-stack/review/Gate", values: ofTheGate, calls: []string{"*"}, code: 1,
		variables: map[string]string{"GITHUB_EVENT_NAME": "push"}, answers: labeled("read"), log: []string{"does not count: them put it on", refusal},
	},
	{
		name: "a label of somebody who may", step: "deploy-stack/review/Gate", values: ofTheGate, calls: []string{"*"},
		variables: map[string]string{"GITHUB_EVENT_NAME": "push"}, answers: labeled("admin"), log: []string{"::warning::prod: the review refuses the plan, and that was allowed."},
	},
	{
		name: "by hand", step: "deploy-stack/review/Gate", values: ofTheGate, variables: onDispatch, code: 1, log: []string{refusal, "start the workflow deploy by hand for prod"},
	},
	{
		name: "by hand, and allowed", step: "deploy-stack/review/Gate", values: with(ofTheGate, "inputs.allow-replace", "true"),
		variables: onDispatch,
		log:       []string{"::warning::"},
	},

	{
		name: "an environment that is not set up", step: "deploy-stack/apply/Look for the role",
		values: map[string]string{"inputs.stack": "prod", "inputs.to-deploy": "true", "vars.AWS_DEPLOY_ROLE_ARN": ""}, code: 1,
		log: []string{"::error::The environment prod has no variable AWS_DEPLOY_ROLE_ARN"},
	},
	{
		name: "one that is", step: "deploy-stack/apply/Look for the role",
		values: map[string]string{"inputs.stack": "prod", "inputs.to-deploy": "true", "vars.AWS_DEPLOY_ROLE_ARN": "arn:d"},
	},
	{
		name: "the plan that was reviewed", step: "deploy-stack/apply/Compare with what was reviewed",
		values: map[string]string{"inputs.stack": "prod"},
		files:  map[string]string{"reviewed/plan.txt": "+ a\n", "cdktf.out/stacks/prod/plan.txt": "+ a\n"},
	},
	{
		name: "another one", step: "deploy-stack/apply/Compare with what was reviewed", values: map[string]string{"inputs.stack": "prod"},
		files: map[string]string{"reviewed/plan.txt": "+ a\n", "cdktf.out/stacks/prod/plan.txt": "+ a\n- b\n"}, code: 1,
		log: []string{"\n+- b\n",
			"::error::prod: nothing was applied, for the plan is no longer the one that was reviewed", "Run all jobs again"},
	},
	{
		name: "none", step: "deploy-stack/apply/Compare with what was reviewed", values: map[string]string{"inputs.stack": "prod"},
		files: map[string]string{"cdktf.out/stacks/prod/plan.txt": ""}, code: 1,
	},
	{
		name: "the plan that is applied is the saved one", step: "deploy-stack/apply/Apply", files: toPlan,
		values:  map[string]string{"inputs.stack": "prod", "secrets.STATE_CREDENTIALS": "", "inputs.has-password && secrets.MASTER_USER_PASSWORDS || ''": ""},
		answers: []answer{{calls: "terraform *", code: 1}}, code: 1,
		calls: []string{"terraform -chdir=cdktf.out/stacks/prod apply -no-color -input=false -lock-timeout=10m plan"},
	},

	{
		name: "no plan", step: "drift/drift/Open, update or close the issue", values: with(ofTheIssue, "steps.review.outputs.changes", ""),
		answers: []answer{{calls: "gh *git/ref*", output: `{"object": {"sha": "c0ffee"}}`}, {calls: "gh *", output: "[]"}}, calls: []string{"*"}, code: 1,
		log: []string{`::error::CHANGES is ""`},
	},

	{
		name: "a part that is run again", step: "deploy-stack/apply/Look for a newer commit", values: map[string]string{"github.token": "secret"},
		answers: []answer{{calls: "gh api repos/o/r/git/ref/heads/main", output: `{"object": {"sha": "decade"}}`}}, calls: []string{"*"}, code: 1,
		output: "newer=decade\n", log: []string{"::error::c0ffee is no longer the newest commit of main"},
	},
	{
		name: "a dispatch on another branch", step: "deploy/elsewhere/Say that nothing is deployed", variables: map[string]string{"GITHUB_REF_NAME": "try"},
		values: map[string]string{"github.event.repository.default_branch": "main"}, code: 1, log: []string{"::error::Nothing is deployed: try is not main."},
	},
	{
		name: "what is merged in a queue", step: "diff/reviewed/Tell the outcome", variables: map[string]string{"GITHUB_EVENT_NAME": "merge_group"},
		values: ofQueue, log: []string{"::notice::Reviewed in the pull requests themselves."},
	},
	{
		name: "what cannot be synthesized in a queue", step: "diff/reviewed/Tell the outcome", variables: map[string]string{"GITHUB_EVENT_NAME": "merge_group"},
		values: with(ofQueue, "needs.synthesize.result", "failure"), code: 1, log: []string{"::error::The stacks cannot be synthesized once this is merged"},
	},
	{
		name: "what was built is what is published", step: "release/publish/Check",
		files: map[string]string{"dist/a": "a", "dist/checksums.txt": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n"},
		log:   []string{"a: OK"},
	},
	{
		name: "and nothing else", step: "release/publish/Check", code: 1,
		files: map[string]string{"dist/a": "b", "dist/checksums.txt": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n"},
	},
	{
		name: "a release", step: "release/publish/Publish", files: map[string]string{"dist/a": "a"}, answers: []answer{{calls: "gh release *"}},
		values: map[string]string{"github.ref_name": "v1.2.3", "github.token": "secret", "github.repository": "o/r"},
		calls:  []string{"gh release create v1.2.3 --verify-tag --notes See CHANGELOG.md. dist/a"},
	},
	{
		name: "a role", step: "actions/plan/Look for the role", values: map[string]string{"inputs.stack": "prod", "inputs.role": "arn:p"}, files: toPlan,
	},
	{
		name: "no role", step: "actions/plan/Look for the role", values: map[string]string{"inputs.stack": "prod", "inputs.role": ""}, files: toPlan,
		code: 1, log: []string{"AWS_PLAN_ROLE_ARN names no role for prod."},
	},
	{
		name: "Terraform's version", step: "actions/plan/Read the version of Terraform, and of the providers", values: map[string]string{"inputs.stack": "prod"},
		files: with(toPlan, ".terraform-version", "1.2.3\n", ".terraform.lock.hcl", "pins\n"), output: "version=1.2.3\nproviders=@\n",
	},
	{
		name: "Terraform's version", step: "checks/checks/Read the version of Terraform",
		files: map[string]string{".terraform-version": "1.2.3\n"}, output: "version=1.2.3\n",
	},
}

// labeled is the pull request 7, merged, with a label of somebody who may do that much here.
func labeled(may string) []answer {
	return []answer{
		{calls: "gh api *commits/c0ffee/pulls", output: `[{"number": 7, "merged_at": "2026-11-01", "merge_commit_sha": "c0ffee"}]`},
		{calls: "gh api *issues/7/labels*", output: `[{"name": "allow-replace/prod"}]`},
		{calls: "gh api *issues/7/events*", output: `[{"event": "labeled", "actor": {"login": "them"}, "label": {"name": "allow-replace/prod"}}]`},
		{calls: "gh api *collaborators/them/permission", output: `{"permission": "` + may + `"}`},
	}
}

var ofQueue = map[string]string{"github.token": "secret", "needs.synthesize.result": "success", "needs.reset.result": "skipped",
	"needs.plan.result": "skipped", "needs.diff.result": "skipped", "needs.synthesize.outputs.stacks": "[]",
	"github.event.pull_request.number": "", "github.event.pull_request.head.sha": "", "github.event.pull_request.base.ref": "",
	"contains(github.event.action, 'label') || github.event.action == 'edited' && !github.event.changes.base":   "false",
	"github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name != github.repository": "false"}

const (
	prodRow    = `{"stack":"prod","region":"eu-west-1","role":"arn:p","password":false,"removed":false}`
	stagingRow = `{"stack":"staging","region":"eu-west-2","role":"arn:p","password":false,"removed":false}`
)

// stacksOutput is what is said of stacks, and of their waves; without waves they are all in the first.
func stacksOutput(stacks []string, waves ...[]string) string {
	if waves == nil {
		waves = [][]string{stacks}
	}
	list := func(rows []string) string { return "[" + strings.Join(rows, ",") + "]" }
	var all []string
	for i := range max(3, len(waves)) {
		if i < len(waves) {
			all = append(all, list(waves[i]))
		} else {
			all = append(all, "[]")
		}
	}
	return "stacks=" + list(stacks) + "\nwaves=" + list(all) + "\n"
}

// after is synthesized3 where prod and staging come after others.
func after(prod, staging string) map[string]string {
	manifest := strings.NewReplacer(`"name": "prod",`, `"name": "prod", "dependencies": `+prod+`,`,
		`"name": "staging",`, `"name": "staging", "dependencies": `+staging+`,`).Replace(synthesized3["cdktf.out/manifest.json"])
	return with(synthesized3, "cdktf.out/manifest.json", manifest)
}

func TestWorkflowSteps(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.step+"/"+s.name, func(t *testing.T) {
			r := newRunner(t, s.files, s.answers...)
			maps.Copy(r.variables, s.variables)
			log, code := r.step(t, s.step, s.values)
			if code != s.code {
				t.Errorf("exit code %d, want %d:\n%s", code, s.code, log)
			}
			if !slices.Equal(s.calls, []string{"*"}) {
				if diff := cmp.Diff(s.calls, r.calls); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
			}
			for _, want := range s.log {
				if !strings.Contains(log, want) {
					t.Errorf("prints no %q:\n%s", want, log)
				}
			}
			for _, want := range s.body {
				if len(r.bodies) != 1 || !strings.Contains(r.bodies[0], want) {
					t.Errorf("sends no %q: %q", want, r.bodies)
				}
			}
			// A hash is not looked at.
			got := regexp.MustCompile(`providers=[0-9a-f]{16}`).ReplaceAllString(r.read(t, "GITHUB_OUTPUT"), "providers=@")
			if got != s.output {
				t.Errorf("outputs %q, want %q", got, s.output)
			}
		})
	}
}

// Here, or in a run of the whole.
func TestEveryWorkflowStepIsTried(t *testing.T) {
	whole := readFile(t, "whole_integration_test.go")
	eachStep(t, func(name string, step workflowStep) {
		isTried := func(s scenario) bool { return s.step == name }
		isWhole := strings.Contains(whole, `"`+name+`"`) || strings.HasPrefix(name, "actions/plan/") && strings.Contains(whole, `"`+step.Name+`"`)
		// These two fetch goreleaser and crane.
		isRelease := name == "release/build/Build" || name == "release/publish/Push the image"
		if step.Run != "" && step.Run != ".ci/run" && !isRelease && !isWhole && !slices.ContainsFunc(scenarios, isTried) {
			t.Errorf("%s: no scenario runs it", name)
		}
	})
}

// The longest review still fits into a comment, with all that is written below it.
func TestLongestReviewFits(t *testing.T) {
	text := marker + strings.Repeat("ü", (review.MarkdownLimit-len(marker)-1)/2) + "\n"
	for _, refused := range []string{"", "replaces a (--fail-on replace); if it is meant: --allow 'a'\n"} {
		r := newRunner(t, map[string]string{markdown: text, "cdktf.out/stacks/prod/refused.txt": refused, "cdktf.out/stacks/prod/changes": "true\n"},
			answer{calls: "gh *--paginate *", output: "[]"}, answer{calls: "gh *POST*"},
			answer{calls: "gh api repos/*/pulls/7", output: `{"head": {"sha": "` + strings.Repeat("c", 40) + `"}, "base": {"ref": "main"}}`})
		// The longest names that GitHub gives.
		r.variables["GITHUB_REPOSITORY"] = strings.Repeat("o", 39) + "/" + strings.Repeat("r", 100)
		r.variables["GITHUB_RUN_ID"] = strings.Repeat("4", 19)
		values := with(ofTheComment, "github.event.pull_request.head.sha", strings.Repeat("c", 40))
		if log, code := r.step(t, "diff/diff/Comment", values); code != 0 || len(r.bodies) != 1 {
			t.Fatalf("exit code %d, %d bodies:\n%s", code, len(r.bodies), log)
		}
		const most = 65536
		body := r.bodies[0]
		if len(body) > most {
			t.Errorf("the body has %d bytes, want at most %d", len(body), most)
		}
		rest, found := strings.CutPrefix(body, text)
		if !found {
			t.Error("the body does not begin with the whole review")
		}
		for _, want := range []string{"/actions/runs/" + r.variables["GITHUB_RUN_ID"], "Commit ccc"} {
			if !strings.Contains(rest, want) {
				t.Errorf("no %q below the review: %q", want, rest)
			}
		}
		if strings.Contains(rest, "is shut") != (refused != "") {
			t.Errorf("the gate: %q", rest)
		}
	}
}

// A plan that failed with ever so much to say, and a long review, fit too.
func TestLongestFailureFits(t *testing.T) {
	r := newRunner(t, map[string]string{markdown: marker + strings.Repeat("ü", 32000), "cdktf.out/stacks/prod/refused.txt": "",
		"cdktf.out/stacks/prod/failed.txt": strings.Repeat("~", 100000) + "<!-- aimetrics gate -->"}, answer{calls: "gh *--paginate *", output: "[]"},
		answer{calls: "gh *POST*"}, isCurrent)
	if log, code := r.step(t, "diff/diff/Comment", ofTheComment); code != 0 || len(r.bodies) != 1 || len(r.bodies[0]) > 65536 {
		t.Fatalf("exit code %d, %d bodies:\n%s", code, len(r.bodies), log)
	}
	if n := strings.Count(r.bodies[0], "\n~~~~~~~~~~~~\n"); n != 2 {
		t.Errorf("%d fences, want two", n)
	}
}

// What is sensitive in a plan stays in the job that has the role, and a review of what is left says the same.
func TestWhatIsHiddenFromTheReviewer(t *testing.T) {
	tools.OnPath(t, "jq")
	hide := func(plan string) string {
		command := exec.Command("jq", "-cf", tools.Project(t, ".github/scripts/hide.jq"))
		command.Stdin = strings.NewReader(plan)
		output, err := command.Output()
		if err != nil {
			t.Fatalf("jq: %v", err)
		}
		return string(output)
	}
	paths, err := filepath.Glob(tools.Project(t, "review/testdata/plans/*.json"))
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d plans: %v", len(paths), err)
	}
	written := func(path, plan string) string {
		reviewed, err := review.Read("prod", strings.NewReader(plan))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		gate, err := review.NewGate([]string{"replace", "open", "alarms", "drift"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := review.Write(&text, review.Markdown{}, []*review.Review{reviewed}, gate); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	for _, path := range paths {
		plan := readFile(t, path)
		if diff := cmp.Diff(written(path, plan), written(path, hide(plan))); diff != "" {
			t.Errorf("%s (-as it is +hidden):\n%s", filepath.Base(path), diff)
		}
	}

	const secret = "Correct-Horse-7-Battery"
	for name, plan := range map[string]string{
		"a value": `{"resource_changes": [{"change": {"before": null, "after": {"password": "` + secret + `"}, "after_sensitive": {"password": true}}}]}`,
		"deep":    `{"resource_drift": [{"change": {"before": {"a": [{"b": "` + secret + `"}]}, "after": {"a": [{"b": "x"}]}, "before_sensitive": {"a": [{"b": true}]}}}]}`,
		"marked on the other side": `{"resource_changes": [{"change": {"before": {"b": "` + secret + `"}, "after": {"b": "x"}, "before_sensitive": {},
			"after_sensitive": {"b": true}}}]}`,
		"all of a block":    `{"resource_changes": [{"change": {"after": {"b": {"c": ["` + secret + `"]}}, "after_sensitive": {"b": true}}}]}`,
		"all of a resource": `{"deferred_changes": [{"resource_change": {"change": {"after": {"b": "` + secret + `"}, "after_sensitive": true}}}]}`,
		"an output":         `{"output_changes": {"o": {"before": "` + secret + `", "after": "` + secret + `2", "before_sensitive": true, "after_sensitive": true}}}`,
		"where it comes back": `{"resource_changes": [{"change": {"after": {"in": "` + secret + `", "out": "{\"p\": \"` + secret + `\"}"},
			"after_sensitive": {"in": true}}}]}`,
		"what no review reads": `{"variables": {"master_user_password": {"value": "` + secret + `"}}, "planned_values": {"p": "` + secret + `"},
			"prior_state": {"p": "` + secret + `"}, "configuration": {"p": "` + secret + `"}}`,
		"written configuration": `{"resource_changes": [{"change": {"after": {}, "generated_config": "p = \"` + secret + `\""}}]}`,
	} {
		if hidden := hide(plan); strings.Contains(hidden, secret) {
			t.Errorf("%s: not hidden: %s", name, hidden)
		}
	}
	changed := hide(`{"resource_changes": [{"change": {"before": {"p": "` + secret + `", "q": "same-secret"}, "after": {"p": ` +
		`"another-` + secret + `", "q": "same-secret"},
		"before_sensitive": {"p": true, "q": true}, "after_sensitive": {"p": true, "q": true}}}]}`)
	want := `"before":{"p":"(sensitive, before)","q":"(sensitive)"},"after":{"p":"(sensitive, after)","q":"(sensitive)"}`
	if !strings.Contains(changed, want) {
		t.Errorf("want a secret that changes to go on changing, %s, got %s", want, changed)
	}
}

// What both gates refuse is said once, in review.sh, unless the variable names it.
func TestWhatTheReviewerRefuses(t *testing.T) {
	for failOn, want := range map[string]string{"": "replace,kept,open", "drift": "drift"} {
		r := newRunner(t, toReview)
		if log, code := r.step(t, "actions/review/Review", with(ofReview, "inputs.fail-on", failOn)); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, log)
		}
		line := marker + "reviewer review prod=cdktf.out/stacks/prod/plan.json --markdown " + markdown + " --fail-on " + want + "\n"
		if diff := cmp.Diff(line, r.read(t, markdown)); diff != "" {
			t.Errorf("with fail-on %q the reviewer gets (-want +got):\n%s", failOn, diff)
		}
	}
}

// A master user's password reaches the plan of its own stack only, and no log.
func TestPasswordsOfMasterUsers(t *testing.T) {
	for _, test := range []struct{ name, secret, want string }{
		{"its own", `{"prod": "Hunter-22", "staging": "Other-33"}`, "Hunter-22"},
		{"none for the stack", `{"staging": "Other-33"}`, "unset"},
		{"no secret", "", "unset"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRunner(t, toPlan, planAnswers(0)...)
			log, code := r.step(t, "actions/plan/Plan", with(ofPlan, "inputs.master-user-passwords", test.secret))
			if got := r.password; code != 0 || got != test.want {
				t.Errorf("exit code %d, TF_VAR_master_user_password is %q, want %q:\n%s", code, got, test.want, log)
			}
			shown := strings.ReplaceAll(log, "::add-mask::"+test.want+"\n", "")
			if strings.Contains(shown, "Hunter-22") || strings.Contains(shown, "Other-33") {
				t.Errorf("the log shows a password:\n%s", log)
			}
		})
	}
}

// What this repository's own environments become in the matrix.
func TestStacksOfThisRepository(t *testing.T) {
	environments := tools.Project(t, "environments")
	r := newRunner(t, nil)
	if _, stderr, code := tools.Synthesize(t, r.workspace, nil, "-environments", environments); code != 0 {
		t.Fatal(stderr)
	}
	if log, code := r.step(t, "synthesize/synthesize/List the stacks", ofStacks); code != 0 {
		t.Fatal(log)
	}
	type row struct {
		Stack, Region, Role string
		Password, Removed   bool
	}
	var want, got []row
	files, err := spec.Load(environments, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		region := file.Environment.Region
		if file.Roles != nil {
			region = file.Roles.Region
		}
		if file.Backend().Local == nil {
			want = append(want, row{file.Name, region, "arn:p", false, false})
		}
	}
	output, _, _ := strings.Cut(r.read(t, "GITHUB_OUTPUT"), "\n")
	output = strings.TrimPrefix(output, "stacks=")
	if err := json.Unmarshal([]byte(output), &got); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stacks (-want +got):\n%s", diff)
	}
}

// A job that is cancelled lets Terraform end in order, and what it said is there.
func TestCancelledDeploymentEndsInOrder(t *testing.T) {
	r := newRunner(t, toPlan)
	// It cancels its job itself, and goes on until it is told. GitHub sends a second signal; of two, Terraform ends at once.
	r.programs = map[string]string{"terraform": "#!/usr/bin/env bash\n" +
		"trap 'trap \"echo twice\" TERM; kill -TERM $PPID; for i in {1..20}; do sleep 0.05; done; echo unlocked; exit 3' TERM\n" +
		"kill -TERM $PPID\nwhile :; do sleep 0.05; done\n"}
	log, code := r.step(t, "deploy-stack/apply/Apply", map[string]string{"inputs.stack": "prod", "secrets.STATE_CREDENTIALS": "",
		"inputs.has-password && secrets.MASTER_USER_PASSWORDS || ''": ""})
	if told := r.read(t, "cdktf.out/stacks/prod/applied.txt"); code != 3 || told != "unlocked\n" || !strings.Contains(log, told) {
		t.Errorf("exit code %d, want 3; told %q:\n%s", code, told, log)
	}
}

// A deployment's steps one after the other, with the real Terraform.
func TestDeploymentWithTerraform(t *testing.T) {
	stack := func(input string) string {
		return `{"terraform": {"backend": {"local": {"path": "../../../state"}}},
			"resource": {"terraform_data": {"data": {"input": "` + input + `"}}}}`
	}
	r := newRunner(t, map[string]string{"cdktf.out/aimetrics": reviewer, "cdktf.out/stacks/prod/cdk.tf.json": stack("one")})
	step := func(name string, wantCode int) (log string) {
		t.Helper()
		log, code := r.step(t, name, with(ofPlan, "inputs.arguments", "-lock-timeout=10m", "inputs.fail-on", "",
			"secrets.STATE_CREDENTIALS", "", "inputs.has-password && secrets.MASTER_USER_PASSWORDS || ''", ""))
		if code != wantCode {
			t.Fatalf("%s: exit code %d, want %d:\n%s", name, code, wantCode, log)
		}
		return log
	}
	const (
		plan    = "actions/plan/Plan"
		examine = "actions/review/Review"
		compare = "deploy-stack/apply/Compare with what was reviewed"
		apply   = "deploy-stack/apply/Apply"
	)
	hasOutput := func(want string) {
		t.Helper()
		if got := r.read(t, "GITHUB_OUTPUT"); !strings.HasSuffix(got, want) {
			t.Errorf("outputs %q, want %q at the end", got, want)
		}
	}

	step(plan, 0)
	hasOutput("changes=true\n")
	step(examine, 0)
	hasOutput("changes=true\nrefused=false\n")
	r.write(t, "reviewed/plan.txt", r.read(t, "cdktf.out/stacks/prod/plan.txt"))
	summary, want := r.read(t, "GITHUB_STEP_SUMMARY"), "terraform_data.data will be created"
	if !strings.Contains(summary, want) || !strings.Contains(summary, marker) {
		t.Errorf("no %q or no review in the summary: %s", want, summary)
	}
	step(plan, 0) // the job apply plans anew
	step(compare, 0)
	if log, want := step(apply, 0), "Apply complete! Resources: 1 added"; !strings.Contains(log, want) {
		t.Errorf("no %q: %s", want, log)
	}
	step(apply, 1) // the saved plan is stale
	step(plan, 0)
	hasOutput("changes=false\n")
	step(compare, 1)

	r.write(t, "cdktf.out/stacks/prod/cdk.tf.json", stack("two"))
	step(plan, 0)
	r.write(t, "reviewed/plan.txt", r.read(t, "cdktf.out/stacks/prod/plan.txt"))
	r.write(t, "cdktf.out/stacks/prod/cdk.tf.json", stack("three"))
	step(plan, 0)
	if log, want := step(compare, 1), `"three"`; !strings.Contains(log, want) {
		t.Errorf("the difference does not show %s: %s", want, log)
	}
}

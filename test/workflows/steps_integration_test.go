//go:build integration

package workflows

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/review"
	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/test/tools"
)

func TestMain(m *testing.M) { os.Exit(tools.Main(m)) }

const (
	markdown = "cdktf.out/stacks/prod/review.md"
	bot      = `"user": {"login": "github-actions[bot]"}`
	comment  = "gh api --silent --method POST repos/o/r/issues/7/comments --field body=@body.md"
	listing  = "gh api --paginate repos/o/r/issues/7/comments?per_page=100"
	labels   = "gh api repos/o/r/issues/7/labels?per_page=100"
	pulls    = "gh api repos/o/r/commits/c0ffee/pulls"
	issues   = "gh api --paginate repos/o/r/issues?state=open&per_page=100"
	refused  = "::error::prod: the review refuses the plan, and says why."
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
	ofTheComment = map[string]string{
		"github.token": "secret", "matrix.stack": "prod", "steps.review.outputs.changes": "true", "steps.review.outputs.refused": "false",
		"github.event.pull_request.number": "7", "github.event.pull_request.head.sha": "abc123",
	}
	ofTheIssue = map[string]string{
		"github.token": "secret", "matrix.stack": "prod", "steps.review.outputs.changes": "true", "steps.review.outputs.refused": "false",
		"github.sha": "abc123",
	}
	ofTheGate = map[string]string{
		"github.token": "secret", "matrix.stack": "prod", "inputs.stack": "prod", "steps.review.outputs.refused": "true",
		"github.event.pull_request.number": "7", "inputs.allow-replace": "false",
	}
	onPullRequest = map[string]string{"GITHUB_EVENT_NAME": "pull_request"}
	onPush        = map[string]string{"GITHUB_EVENT_NAME": "push"}
	onDispatch    = map[string]string{"GITHUB_EVENT_NAME": "workflow_dispatch"}
	reviewed      = map[string]string{markdown: marker + "### prod\n\n1 to add\n"}
	synthesized3  = map[string]string{
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
	ofPlan = map[string]string{"inputs.stack": "prod", "inputs.arguments": "-lock=false", "inputs.master-user-passwords": ""}
	// What a plan leaves to its review.
	toReview = map[string]string{"cdktf.out/aimetrics": reviewer, "cdktf.out/stacks/prod/plan.json": "{}",
		"cdktf.out/stacks/prod/changes": "true\n"}
	ofReview = map[string]string{"inputs.stack": "prod", "inputs.fail-on": ""}
	ofStacks = map[string]string{"inputs.stack": "", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": "arn:p"}
)

// marker is the first line of a review of prod.
var marker = review.Marker("prod") + "\n"

// reviewer stands in for the command that reviews: it writes what it was given, and leaves with the code that the environment says.
var reviewer = `#!/usr/bin/env bash
printf '%sreviewer %s\n' '` + marker + `' "$*" >"$4"
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

func theirs(id int, user, body string) string {
	text, _ := json.Marshal(body)
	return fmt.Sprintf(`{"id": %d, "number": %d, %s, "body": %s}`, id, id, user, text)
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
		values: ofStacks,
		output: `stacks=[{"stack":"prod","region":"eu-west-1","role":"arn:p"},` +
			`{"stack":"staging","region":"eu-west-2","role":"arn:p"}]` + "\n",
		log: []string{"::notice::dev is left out: its state is a file", "environments/dev.yaml"},
	},
	{
		name: "one stack", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: map[string]string{"inputs.stack": "prod", "inputs.to-deploy": "true", "vars.AWS_PLAN_ROLE_ARN": `{"prod": "arn:p"}`},
		output: `stacks=[{"stack":"prod","region":"eu-west-1","role":"arn:p"}]` + "\n",
	},
	{
		name: "the roles' own stack is planned", step: "synthesize/synthesize/List the stacks", files: withRoles,
		values: map[string]string{"inputs.stack": "staging", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": "arn:p"},
		output: `stacks=[{"stack":"staging","region":"eu-west-2","role":"arn:p"}]` + "\n",
	},
	{
		name: "the roles' own stack is not deployed", step: "synthesize/synthesize/List the stacks", files: withRoles,
		values: map[string]string{"inputs.stack": "", "inputs.to-deploy": "true", "vars.AWS_PLAN_ROLE_ARN": "arn:p"},
		output: `stacks=[{"stack":"prod","region":"eu-west-1","role":"arn:p"}]` + "\n",
		log:    []string{"::notice::staging is left out: it makes the roles", "docs/github-roles.md"},
	},
	{
		name: "no such stack", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: map[string]string{"inputs.stack": "pord", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": "arn:p"},
		code:   1, log: []string{"::error::pord is no stack that can be planned here; they are: dev, prod, staging."},
	},
	{
		name: "no roles yet", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: map[string]string{"inputs.stack": "", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": ""},
		output: "stacks=[]\n", log: []string{"::notice::", "AWS_PLAN_ROLE_ARN", "docs/workflows.md"},
	},
	{
		name: "a stack without a role", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: map[string]string{"inputs.stack": "", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": `{"prod": "arn:p"}`},
		code:   1, log: []string{"::error::AWS_PLAN_ROLE_ARN names no role for staging"},
	},
	{
		name: "roles that are no JSON", step: "synthesize/synthesize/List the stacks", files: synthesized3,
		values: map[string]string{"inputs.stack": "", "inputs.to-deploy": "false", "vars.AWS_PLAN_ROLE_ARN": `{"prod": arn}`},
		code:   1, log: []string{"::error::AWS_PLAN_ROLE_ARN is no JSON"},
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
		log: []string{"::error::prod keeps its state where others than the role that deploys it can write",
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
		files:  toPlan, answers: planAnswers(0), code: 1, log: []string{"::error::The secret MASTER_USER_PASSWORDS is no JSON object"},
	},

	{
		name: "the first comment", step: "diff/diff/Comment", values: ofTheComment, files: reviewed,
		answers: []answer{{calls: listing, output: "[]"}, {calls: "gh *POST*"}},
		calls:   []string{listing, comment},
		body:    []string{marker + "### prod\n\n1 to add\n", "Commit abc123, [run](https://github.com/o/r/actions/runs/42)"},
	},
	{
		name: "the same comment again, not another stack's, not a stranger's", step: "diff/diff/Comment", values: ofTheComment,
		files: reviewed,
		answers: []answer{{calls: listing, output: "[" +
			theirs(1, `"user": {"login": "stranger"}`, marker+"mine") + "," +
			theirs(2, bot, review.Marker("prod-2")+"\n") + "]\n[" + // two pages
			theirs(3, bot, "see "+marker) + "," + theirs(4, bot, marker+"old") + "]"}, {calls: "gh *PATCH*"}},
		calls: []string{listing, "gh api --silent --method PATCH repos/o/r/issues/comments/4 --field body=@body.md"},
		body:  []string{"1 to add"},
	},
	{
		name: "a review that refuses says what opens the gate", step: "diff/diff/Comment",
		values: with(ofTheComment, "steps.review.outputs.refused", "true"), files: reviewed,
		answers: []answer{{calls: listing, output: "[]"}, {calls: "gh *POST*"}}, calls: []string{listing, comment},
		body: []string{"1 to add\n\n**The gate is shut.**", "`allow-replace`"},
	},
	{
		name: "no changes, no comment", step: "diff/diff/Comment", values: with(ofTheComment, "steps.review.outputs.changes", "false"),
		files:   reviewed,
		answers: []answer{{calls: listing, output: "[]"}}, calls: []string{listing},
	},
	{
		name: "no changes any more", step: "diff/diff/Comment", values: with(ofTheComment, "steps.review.outputs.changes", "false"),
		files:   map[string]string{markdown: marker + "No changes.\n"},
		answers: []answer{{calls: listing, output: "[" + theirs(4, bot, marker) + "]"}, {calls: "gh *PATCH*"}},
		calls:   []string{listing, "gh api --silent --method PATCH repos/o/r/issues/comments/4 --field body=@body.md"},
		body:    []string{"No changes."},
	},
	{
		name: "a plan that failed leaves no old review standing", step: "diff/diff/Comment",
		values:  with(ofTheComment, "steps.review.outputs.changes", ""),
		answers: []answer{{calls: listing, output: "[" + theirs(4, bot, marker+"old") + "]"}, {calls: "gh *PATCH*"}},
		calls:   []string{listing, "gh api --silent --method PATCH repos/o/r/issues/comments/4 --field body=@body.md"},
		body:    []string{marker, "prod: no review, for the plan failed", "abc123"},
	},
	{
		name: "an empty review would find any comment", step: "diff/diff/Comment", values: ofTheComment,
		files:   map[string]string{markdown: ""},
		answers: []answer{{calls: listing, output: "[" + theirs(4, bot, "another's") + "]"}, {calls: "gh *POST*"}},
		calls:   []string{listing, comment}, body: []string{marker, "prod: no review, for the plan failed"},
	},
	{
		name: "GitHub fails", step: "diff/diff/Comment", values: ofTheComment, files: reviewed,
		answers: []answer{{calls: listing, code: 1}}, calls: []string{listing}, code: 1,
	},

	{
		name: "the gate is open", step: "diff/diff/Gate", values: with(ofTheGate, "steps.review.outputs.refused", "false"),
		variables: onPullRequest,
	},
	{
		name: "the gate is shut", step: "diff/diff/Gate", values: ofTheGate, variables: onPullRequest,
		answers: []answer{{calls: labels, output: `[{"name": "allow-replacement"}]`}}, calls: []string{labels},
		code: 1, log: []string{refused, "put the label allow-replace on the pull request"},
	},
	{
		name: "the label opens it", step: "diff/diff/Gate", values: ofTheGate, variables: onPullRequest,
		answers: []answer{{calls: labels, output: `[{"name": "bug"}, {"name": "allow-replace"}]`}}, calls: []string{labels},
		log: []string{"::warning::prod: the review refuses the plan, and that was allowed."},
	},
	{
		name: "labels that cannot be read", step: "diff/diff/Gate", values: ofTheGate, variables: onPullRequest,
		answers: []answer{{calls: labels, code: 1}}, calls: []string{labels}, code: 1,
	},
	{
		name: "no review", step: "diff/diff/Gate", values: with(ofTheGate, "steps.review.outputs.refused", ""), variables: onPullRequest,
		code: 1,
		log:  []string{`::error::REFUSED is ""`},
	},
	{
		name: "the label of the merged pull request", step: "deploy-stack/review/Gate", values: ofTheGate, variables: onPush,
		answers: []answer{{calls: pulls,
			output: `[{"merged_at": "2026-11-01", "merge_commit_sha": "c0ffee", "labels": [{"name": "allow-replace"}]}]`}},
		calls: []string{pulls}, log: []string{"::warning::"},
	},
	{
		name: "the label of another pull request that has the commit", step: "deploy-stack/review/Gate", values: ofTheGate,
		variables: onPush,
		answers: []answer{{calls: pulls, output: `[{"merged_at": null, "merge_commit_sha": "c0ffee", "labels": [{"name": "allow-replace"}]},
			{"merged_at": "2026-11-01", "merge_commit_sha": "beef", "labels": [{"name": "allow-replace"}]},
			{"merged_at": "2026-11-01", "merge_commit_sha": "c0ffee", "labels": []}]`}},
		calls: []string{pulls}, code: 1, log: []string{refused, "start the workflow deploy by hand for prod and choose allow-replace"},
	},
	{
		name: "by hand", step: "deploy-stack/review/Gate", values: ofTheGate, variables: onDispatch, code: 1, log: []string{refused},
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
		name: "the plan that is applied is the saved one", step: "deploy-stack/apply/Apply",
		values:  map[string]string{"inputs.stack": "prod"},
		answers: []answer{{calls: "terraform *", code: 1}}, code: 1,
		calls: []string{"terraform -chdir=cdktf.out/stacks/prod apply -no-color -input=false -lock-timeout=10m plan"},
	},

	{
		name: "the first drift", step: "drift/drift/Open, update or close the issue", values: ofTheIssue, files: reviewed,
		answers: []answer{{calls: issues, output: "[]"}, {calls: "gh *POST*"}},
		calls: []string{issues,
			"gh api --silent --method POST repos/o/r/issues --field title=prod: AWS is not what main says --field body=@body.md" +
				" --field labels[]=drift"},
		body: []string{marker + "### prod", "Commit abc123"},
	},
	{
		name: "drift that a plan does not undo", step: "drift/drift/Open, update or close the issue", files: reviewed,
		values:  with(ofTheIssue, "steps.review.outputs.changes", "false", "steps.review.outputs.refused", "true"),
		answers: []answer{{calls: issues, output: "[]"}, {calls: "gh *POST*"}},
		calls: []string{issues,
			"gh api --silent --method POST repos/o/r/issues --field title=prod: AWS is not what main says --field body=@body.md" +
				" --field labels[]=drift"},
		body: []string{marker + "### prod"},
	},
	{
		name: "drift as before", step: "drift/drift/Open, update or close the issue", values: ofTheIssue, files: reviewed,
		answers: []answer{{calls: issues, output: "[" + theirs(5, `"user": {"login": "stranger"}`, marker) +
			`, {"number": 6, "body": null, ` + bot + "}," +
			theirs(8, bot, marker+"old") + "]"}, {calls: "gh *PATCH*"}},
		calls: []string{issues, "gh api --silent --method PATCH repos/o/r/issues/8 --field body=@body.md"}, body: []string{"1 to add"},
	},
	{
		name: "drift is gone", step: "drift/drift/Open, update or close the issue",
		values: with(ofTheIssue, "steps.review.outputs.changes", "false"), files: reviewed,
		answers: []answer{{calls: issues, output: "[" + theirs(8, bot, marker) + "]"}, {calls: "gh *"}},
		calls: []string{
			issues,
			"gh api --silent --method POST repos/o/r/issues/8/comments --field body=AWS is what main says again: [run](https://github.com/o/r/actions/runs/42).",
			"gh api --silent --method PATCH repos/o/r/issues/8 --field state=closed --field state_reason=completed",
		},
	},
	{
		name: "no drift", step: "drift/drift/Open, update or close the issue",
		values: with(ofTheIssue, "steps.review.outputs.changes", "false"), files: reviewed,
		answers: []answer{{calls: issues, output: "[]"}}, calls: []string{issues}, log: []string{"prod: AWS is what main says."},
	},
	{
		name: "no plan", step: "drift/drift/Open, update or close the issue", values: with(ofTheIssue, "steps.review.outputs.changes", ""),
		answers: []answer{{calls: issues, output: "[]"}}, calls: []string{issues}, code: 1, log: []string{`::error::CHANGES is ""`},
	},

	{name: "all reviewed", step: "diff/reviewed/Tell the outcome", values: outcome("success", "success success", "false")},
	{name: "a fork", step: "diff/reviewed/Tell the outcome", values: outcome("success", "skipped skipped", "true"), log: []string{"::notice::Not planned: a fork gets no credentials."}},
	{name: "no stacks", step: "diff/reviewed/Tell the outcome", values: outcome("success", "skipped skipped", "false"), log: []string{"::notice::Not planned: there is no stack"}},
	{name: "a gate that is shut", step: "diff/reviewed/Tell the outcome", values: outcome("success", "success failure", "false"), code: 1, log: []string{"success success failure"}},
	{name: "a plan that fails", step: "diff/reviewed/Tell the outcome", values: outcome("success", "failure failure", "false"), code: 1},
	{name: "a plan that fails though a review is made", step: "diff/reviewed/Tell the outcome", values: outcome("success", "failure success", "false"), code: 1},
	{name: "tests that fail", step: "diff/reviewed/Tell the outcome", values: outcome("failure", "skipped skipped", "false"), code: 1},
	{name: "a fork's tests that fail", step: "diff/reviewed/Tell the outcome", values: outcome("failure", "skipped skipped", "true"), code: 1},

	{
		name: "Terraform's version", step: "actions/plan/Read the version of Terraform",
		files: map[string]string{".terraform-version": "1.2.3\n"}, output: "version=1.2.3\n",
	},
	{
		name: "Terraform's version", step: "checks/checks/Read the version of Terraform",
		files: map[string]string{".terraform-version": "1.2.3\n"}, output: "version=1.2.3\n",
	},
}

// outcome is how the jobs ended: synthesize, then plan and diff.
func outcome(synthesize, planAndDiff, fork string) map[string]string {
	plan, diff, _ := strings.Cut(planAndDiff, " ")
	return map[string]string{
		"needs.synthesize.result": synthesize, "needs.plan.result": plan, "needs.diff.result": diff, "github.event.pull_request.head.repo.full_name != github.repository": fork,
	}
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
			if got := r.read(t, "GITHUB_OUTPUT"); got != s.output {
				t.Errorf("outputs %q, want %q", got, s.output)
			}
		})
	}
}

// The other steps are commands of the project's own, which .ci/run runs.
func TestEveryWorkflowStepIsTried(t *testing.T) {
	elsewhere := []string{".ci/run", "go test ./...", "go run .", "go build -o cdktf.out/aimetrics ./cmd/aimetrics"}
	eachStep(t, func(name string, step workflowStep) {
		isTried := func(s scenario) bool { return s.step == name }
		if step.Run != "" && !slices.Contains(elsewhere, step.Run) && !slices.ContainsFunc(scenarios, isTried) {
			t.Errorf("%s: no scenario runs it", name)
		}
	})
}

// The longest review still fits into a comment, with all that is written below it.
func TestLongestReviewFits(t *testing.T) {
	text := marker + strings.Repeat("ü", (review.MarkdownLimit-len(marker)-1)/2) + "\n"
	r := newRunner(t, map[string]string{markdown: text}, answer{calls: "gh *--paginate *", output: "[]"}, answer{calls: "gh *POST*"})
	// The longest names that GitHub gives.
	r.variables["GITHUB_REPOSITORY"] = strings.Repeat("o", 39) + "/" + strings.Repeat("r", 100)
	r.variables["GITHUB_RUN_ID"] = strings.Repeat("4", 19)
	values := with(ofTheComment, "steps.review.outputs.refused", "true", "github.event.pull_request.head.sha", strings.Repeat("c", 40))
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
	for _, want := range []string{"**The gate is shut.**", "/actions/runs/" + r.variables["GITHUB_RUN_ID"], "Commit ccc"} {
		if !strings.Contains(rest, want) {
			t.Errorf("no %q below the review: %q", want, rest)
		}
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

// What is refused is said once, in the reviewer, unless a workflow names it.
func TestWhatTheReviewerRefuses(t *testing.T) {
	for failOn, want := range map[string]string{"": "", "drift": " --fail-on drift"} {
		r := newRunner(t, toReview)
		if log, code := r.step(t, "actions/review/Review", with(ofReview, "inputs.fail-on", failOn)); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, log)
		}
		line := marker + "reviewer review prod=cdktf.out/stacks/prod/plan.json --markdown " + markdown + want + "\n"
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
	type row struct{ Stack, Region, Role string }
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
			want = append(want, row{file.Name, region, "arn:p"})
		}
	}
	output, _ := strings.CutPrefix(r.read(t, "GITHUB_OUTPUT"), "stacks=")
	if err := json.Unmarshal([]byte(output), &got); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stacks (-want +got):\n%s", diff)
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
		log, code := r.step(t, name, with(ofPlan, "inputs.arguments", "-lock-timeout=10m", "inputs.fail-on", ""))
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

//go:build integration

package workflows

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cdktf-aimetrics/review"
	"cdktf-aimetrics/test/tools"
)

// A repository with its pull request 7, and the workflows that run for it: the steps of each job in their order, each job in a workspace of
// its own, with the artifacts, outputs and statuses that it gets from the jobs before. git, Terraform and the reviewer are the real ones.
// The synthesizer is a stand-in, for which an environment's file is Terraform's JSON already, and so is GitHub. States are on a server
// that wants a password. What decides whether a job runs is told here again, beside the job: no engine reads the workflows.
type repository struct {
	folder    string
	gitHub    *gitHub
	states    *states
	reviewer  string            // the program
	variables map[string]string // of the repository
	log       strings.Builder   // what all steps printed
	masks     bool              // whether masks are in the log: an engine takes them out
	artifacts strings.Builder   // all that jobs handed on
}

// The secrets, which must be nowhere but in a state.
const (
	masterPassword = "Correct%Horse-7"
	statePassword  = "Battery-Staple-8"
)

func newRepository(t *testing.T, environments map[string]string) *repository {
	t.Helper()
	tools.OnPath(t, "git", "terraform", "jq")
	r := &repository{folder: t.TempDir(), gitHub: newGitHub(t), states: newStates(t), reviewer: builtReviewer(t),
		variables: map[string]string{"AWS_PLAN_ROLE_ARN": "arn:p", "REVIEW_FAIL_ON": "destroy"}}
	r.gitHub.contains = func(commit, other string) bool {
		command := exec.Command("git", "merge-base", "--is-ancestor", other, commit)
		command.Dir = r.folder
		return command.Run() == nil
	}
	r.git(t, "init", "--quiet", "--initial-branch", "main")
	r.write(t, ".terraform.lock.hcl", "")
	r.write(t, ".terraform-version", "1.11.4\n")
	r.write(t, "README.md", "read me\n")
	for name, text := range environments {
		r.write(t, "environments/"+name+".yaml", text)
	}
	r.commit(t)
	t.Cleanup(func() { r.leaksNothing(t) })
	return r
}

// environment is a file of which the stand-in makes a stack: what it holds is made anew when kind changes.
func (r *repository) environment(name, kind, more string) string {
	return `{"terraform": {"backend": {"http": {"address": "` + r.states.URL + "/" + name + `"}}},
		"variable": {"master_user_password": {"type": "string", "sensitive": true}},
		"resource": {"terraform_data": {
			"domain": {"triggers_replace": "` + kind + `"` + more + `},
			"user": {"input": "${var.master_user_password}"}}}}`
}

const (
	preventDestroy = `, "lifecycle": {"prevent_destroy": true}`
	fault          = "fault"
)

// synthesizer stands in for `go run .` and `go build`.
const synthesizer = `#!/usr/bin/env bash
set -euo pipefail
if [ "$1" = build ]; then cp "$REVIEWER" "$3"; exit; fi
out=${CDKTF_OUTDIR:-cdktf.out}
if grep -ql ^fault environments/*; then
  echo 'warning: environments/prod.yaml:2:1: old' >&2
  echo 'environments/prod.yaml:14:5: domain.cluster_config.instance_type: "100%" is no type' >&2
  exit 1
fi
mkdir -p "$out"
for file in environments/*.yaml; do
  name=$(basename "$file" .yaml)
  mkdir -p "$out/stacks/$name"
  cp "$file" "$out/stacks/$name/cdk.tf.json"
  jq --arg name "$name" '{($name): {name: $name, dependencies: (.["//"].after // [])}}' "$file"
done | jq -s '{stacks: add}' >"$out/manifest.json"
`

func (r *repository) git(t *testing.T, arguments ...string) string {
	t.Helper()
	command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"}, arguments...)...)
	command.Dir = r.folder
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, output)
	}
	return strings.TrimSpace(string(output))
}

func (r *repository) write(t *testing.T, name, text string) {
	t.Helper()
	put(t, filepath.Join(r.folder, name), text)
}

func (r *repository) commit(t *testing.T) (hash string) {
	t.Helper()
	r.git(t, "add", "--all")
	r.git(t, "commit", "--quiet", "--allow-empty", "--message", "change")
	return r.git(t, "rev-parse", "HEAD")
}

// branch begins the pull request from main as it is.
func (r *repository) branch(t *testing.T) { r.git(t, "checkout", "--quiet", "-B", "change") }

// machine is a runner with a workspace of its own: a checkout of what a job runs for.
func (r *repository) machine(t *testing.T, event string) *runner {
	t.Helper()
	one := newRunner(t, nil)
	r.git(t, "worktree", "prune")
	os.RemoveAll(one.workspace)
	r.git(t, "worktree", "add", "--quiet", "--detach", one.workspace, "HEAD")
	if err := os.Symlink(tools.Project(t, ".github"), filepath.Join(one.workspace, ".github")); err != nil {
		t.Fatal(err)
	}
	one.gitHub = r.gitHub
	one.programs = map[string]string{"go": synthesizer}
	maps.Copy(one.variables, map[string]string{"GITHUB_EVENT_NAME": event, "REVIEWER": r.reviewer, "GITHUB_REF_NAME": "main", "GITHUB_SHA": r.git(t, "rev-parse", "HEAD")})
	return one
}

// step runs a step of a job, and keeps what it printed.
func (r *repository) step(t *testing.T, one *runner, name string, values map[string]string) bool {
	t.Helper()
	log, code := one.step(t, name, values)
	r.log.WriteString(log)
	r.masks = true
	return code == 0
}

// hand copies an artifact from one job's workspace to another's: what there is of some paths.
func (r *repository) hand(t *testing.T, from, to *runner, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if strings.HasPrefix(path, "cdktf.out/stacks/") {
			r.artifacts.WriteString(from.read(t, path))
		}
		if _, err := os.Stat(filepath.Join(from.workspace, path)); err != nil {
			continue
		}
		target := filepath.Dir(filepath.Join(to.workspace, path))
		if err := os.MkdirAll(target, 0o755); err != nil {
			t.Fatal(err)
		}
		if output, err := exec.Command("cp", "-r", filepath.Join(from.workspace, path), target).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
}

// run is a run of a workflow, and what its jobs were.
type run struct {
	passed  bool     // whether `reviewed` is green
	planned []string // stacks
	log     string
}

type listed struct {
	Stack    string
	Role     string
	Removed  bool
	Password bool
}

// synthesize runs the workflow of that name.
func (r *repository) synthesize(t *testing.T, event, base string, deploys bool) (one *runner, stacks []listed, list string, ok bool) {
	t.Helper()
	one = r.machine(t, event)
	values := map[string]string{"inputs.base": base, "inputs.stack": "", "inputs.to-deploy": map[bool]string{true: "true", false: "false"}[deploys],
		"vars.AWS_PLAN_ROLE_ARN": r.variables["AWS_PLAN_ROLE_ARN"], "vars.NOT_SET_UP_YET": r.variables["NOT_SET_UP_YET"]}
	if !r.step(t, one, "synthesize/synthesize/Synthesize", values) || !r.step(t, one, "synthesize/synthesize/List the stacks", values) {
		return one, nil, "", false
	}
	for line := range strings.Lines(one.read(t, "GITHUB_OUTPUT")) {
		if text, is := strings.CutPrefix(strings.TrimSpace(line), "stacks="); is {
			list = text
		}
	}
	if err := json.Unmarshal([]byte(list), &stacks); err != nil {
		t.Fatalf("%v: %s", err, list)
	}
	return one, stacks, list, true
}

// plan runs the action of that name. What it leaves is in the workspace.
func (r *repository) plan(t *testing.T, event string, synthesized *runner, stack listed, arguments string) (one *runner, ok bool) {
	t.Helper()
	one = r.machine(t, event)
	r.hand(t, synthesized, one, "cdktf.out")
	password := ""
	if stack.Password {
		text, _ := json.Marshal(map[string]string{"prod": masterPassword, "staging": masterPassword})
		password = string(text)
	}
	values := map[string]string{"inputs.stack": stack.Stack, "inputs.role": stack.Role, "inputs.arguments": arguments,
		"inputs.removed": map[bool]string{true: "true", false: "false"}[stack.Removed], "inputs.master-user-passwords": password,
		"inputs.state-credentials": `{"TF_HTTP_USERNAME": "them", "prod": {"TF_HTTP_PASSWORD": "` + statePassword + `"},
			"staging": {"TF_HTTP_PASSWORD": "` + statePassword + `"}}`}
	for _, step := range []string{"Look for the role", "Read the version of Terraform, and of the providers", "Plan"} {
		if !r.step(t, one, "actions/plan/"+step, values) {
			return one, false
		}
	}
	return one, true
}

var kept = []string{"plan.txt", "plan.json", "changes", "failed.txt", "left.txt"}

// planned is what of a stack a job hands on.
func planned(stack string) (paths []string) {
	for _, name := range kept {
		paths = append(paths, "cdktf.out/stacks/"+stack+"/"+name)
	}
	return paths
}

// change runs the workflow diff for the pull request's head.
func (r *repository) change(t *testing.T, action string, fork bool) (is run) {
	t.Helper()
	const event = "pull_request"
	before := r.log.Len()
	defer func() { is.log = r.log.String()[before:] }()
	r.gitHub.head = r.git(t, "rev-parse", "HEAD")
	base := cmp.Or(r.gitHub.base, "main")
	values := func(pairs ...string) map[string]string {
		return with(map[string]string{"github.token": "secret", "github.event.pull_request.number": "7",
			"github.event.pull_request.head.sha": r.gitHub.head, "github.event.pull_request.base.ref": base}, pairs...)
	}
	gateAlone := strings.Contains(action, "label") || action == "edited" // its title; "retargeted" is `edited` too
	result := func(ok bool) string {
		if ok {
			return "success"
		}
		return "failure"
	}
	outcome := []string{"skipped", "skipped", "skipped", "skipped"}
	list := ""
	if !gateAlone {
		synthesized, stacks, listed, ok := r.synthesize(t, event, r.git(t, "merge-base", base, "HEAD"), false)
		outcome[0], list = result(ok), listed
		if !fork {
			resets := r.machine(t, event)
			worked := r.step(t, resets, "diff/reset/Take back what the commit's statuses say", values())
			if action != "opened" && action != "run again" {
				worked = worked && r.step(t, resets, "diff/reset/Drop the labels that open gates", values())
			}
			outcome[1] = result(worked)
		}
		if ok && !fork && len(stacks) > 0 {
			allPlanned, allReviewed := true, true
			for _, stack := range stacks {
				is.planned = append(is.planned, stack.Stack)
				plans, ok := r.plan(t, event, synthesized, stack, "-lock=false")
				allPlanned = allPlanned && ok
				reviews := r.machine(t, event)
				r.hand(t, synthesized, reviews, "cdktf.out/aimetrics")
				r.hand(t, plans, reviews, planned(stack.Stack)...)
				ok = r.step(t, reviews, "actions/review/Review",
					map[string]string{"inputs.stack": stack.Stack, "inputs.fail-on": r.variables["REVIEW_FAIL_ON"]})
				// It runs whatever the step before did.
				ok = r.step(t, reviews, "diff/diff/Comment", values("matrix.stack", stack.Stack)) && ok
				allReviewed = allReviewed && ok
			}
			outcome[2], outcome[3] = result(allPlanned), result(allReviewed)
		}
	}
	is.passed = r.step(t, r.machine(t, event), "diff/reviewed/Tell the outcome", values(
		"needs.synthesize.outputs.stacks", list, "needs.synthesize.result", outcome[0], "needs.reset.result", outcome[1],
		"needs.plan.result", outcome[2], "needs.diff.result", outcome[3],
		"contains(github.event.action, 'label') || github.event.action == 'edited' && !github.event.changes.base", strconv.FormatBool(gateAlone),
		"github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name != github.repository",
		map[bool]string{true: "true", false: "false"}[fork]))
	return is
}

// merge makes the pull request's head main's, and runs the workflow deploy for it.
func (r *repository) merge(t *testing.T) (ok bool) {
	t.Helper()
	r.git(t, "checkout", "--quiet", "-B", "main")
	r.gitHub.mergedAs = r.git(t, "rev-parse", "HEAD")
	return r.deploy(t)
}

// deploy runs the workflow deploy for what is checked out.
func (r *repository) deploy(t *testing.T) (ok bool) {
	t.Helper()
	const event = "push"
	r.gitHub.tip = r.git(t, "rev-parse", "main")
	synthesized, stacks, _, ok := r.synthesize(t, event, "", true)
	for _, stack := range stacks {
		outcome := []string{"failure", "skipped", "skipped"}
		applies, plans := r.machine(t, event), r.machine(t, event)
		worked := r.step(t, plans, "deploy-stack/plan/Look for a newer commit", map[string]string{"github.token": "secret"})
		_, newer, _ := strings.Cut(plans.read(t, "GITHUB_OUTPUT"), "newer=")
		if worked {
			plans, worked = r.plan(t, event, synthesized, stack, "-lock=false")
		}
		if worked {
			outcome[0] = "success"
			reviews := r.machine(t, event)
			r.hand(t, synthesized, reviews, "cdktf.out/aimetrics")
			r.hand(t, plans, reviews, planned(stack.Stack)...)
			worked = r.step(t, reviews, "actions/review/Review",
				map[string]string{"inputs.stack": stack.Stack, "inputs.fail-on": r.variables["REVIEW_FAIL_ON"]})
			refused := "false"
			if strings.Contains(reviews.read(t, "GITHUB_OUTPUT"), "refused=true") {
				refused = "true"
			}
			worked = worked && r.step(t, reviews, "deploy-stack/review/Gate", with(ofTheGate, "inputs.stack", stack.Stack, "steps.review.outputs.refused", refused))
			outcome[1] = map[bool]string{true: "success", false: "failure"}[worked]
		}
		if worked && strings.TrimSpace(plans.read(t, "cdktf.out/stacks/"+stack.Stack+"/changes")) == "true" {
			applies, worked = r.plan(t, event, synthesized, stack, "-lock-timeout=10m")
			applies.write(t, "reviewed/plan.txt", plans.read(t, "cdktf.out/stacks/"+stack.Stack+"/plan.txt"))
			secrets := map[string]string{"inputs.stack": stack.Stack, "secrets.STATE_CREDENTIALS": `{"TF_HTTP_USERNAME": "them", "TF_HTTP_PASSWORD": "` + statePassword + `"}`,
				"inputs.has-password && secrets.MASTER_USER_PASSWORDS || ''": `{"prod": "` + masterPassword + `"}`}
			worked = worked && r.step(t, applies, "deploy-stack/apply/Compare with what was reviewed", secrets) &&
				r.step(t, applies, "deploy-stack/apply/Apply", secrets)
			r.step(t, applies, "deploy-stack/apply/Tell what was applied", secrets)
			outcome[2] = map[bool]string{true: "success", false: "failure"}[worked]
		}
		tells := r.machine(t, event)
		if text := applies.read(t, "cdktf.out/stacks/"+stack.Stack+"/applied.md"); text != "" {
			r.artifacts.WriteString(text)
			if !strings.Contains(string(r.states.kept["/"+stack.Stack]), masterPassword) {
				t.Errorf("no password in the state of %s: nothing is proved", stack.Stack)
			}
			tells.write(t, "applied/applied.md", text)
		}
		r.step(t, tells, "deploy-stack/result/Tell the pull request", map[string]string{"github.token": "secret", "inputs.stack": stack.Stack,
			"needs.plan.result": outcome[0], "needs.review.result": outcome[1], "needs.apply.result": outcome[2],
			"needs.plan.outputs.newer": strings.TrimSpace(newer)})
		r.step(t, tells, "deploy-stack/result/Tell the pull requests that were planned before", map[string]string{"github.token": "secret",
			"inputs.stack": stack.Stack})
		ok = ok && worked
	}
	return ok
}

// drift runs the workflow of that name.
func (r *repository) drift(t *testing.T) (ok bool) {
	t.Helper()
	const event = "schedule"
	r.gitHub.tip = r.git(t, "rev-parse", "main")
	synthesized, stacks, list, ok := r.synthesize(t, event, "", false)
	for _, stack := range stacks {
		plans, worked := r.plan(t, event, synthesized, stack, "-lock=false")
		reviews := r.machine(t, event)
		r.hand(t, synthesized, reviews, "cdktf.out/aimetrics")
		r.hand(t, plans, reviews, planned(stack.Stack)...)
		worked = r.step(t, reviews, "actions/review/Review", map[string]string{"inputs.stack": stack.Stack, "inputs.fail-on": "drift"}) && worked
		if worked {
			outputs := map[string]string{}
			for line := range strings.Lines(reviews.read(t, "GITHUB_OUTPUT")) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				outputs["steps.review.outputs."+name] = value
			}
			worked = r.step(t, reviews, "drift/drift/Open, update or close the issue", with(outputs, "github.token", "secret",
				"matrix.stack", stack.Stack, "github.sha", "abc123"))
		}
		ok = ok && worked
	}
	return r.step(t, r.machine(t, event), "drift/unwatched/Close the issues of stacks that are gone",
		map[string]string{"github.token": "secret", "needs.synthesize.outputs.stacks": list}) && ok
}

// leaksNothing looks for the secrets in all that was printed and posted.
func (r *repository) leaksNothing(t *testing.T) {
	t.Helper()
	shown := r.log.String()
	for _, mask := range []string{strings.ReplaceAll(masterPassword, "%", "%25"), statePassword, "them"} {
		shown = strings.ReplaceAll(shown, "::add-mask::"+mask+"\n", "")
	}
	for where, text := range map[string]string{"the log": shown, "GitHub": strings.Join(r.gitHub.written, "\n"),
		"an artifact": r.artifacts.String()} {
		for _, secret := range []string{masterPassword, statePassword} {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%s has a secret: …%s", where, text[max(i-200, 0):i+len(secret)])
			}
		}
	}
	if r.masks && !strings.Contains(r.log.String(), "::add-mask::"+statePassword) {
		t.Error("no step masks the password of the states")
	}
}

// states keeps states as Terraform's backend http does.
type states struct {
	*httptest.Server
	mutex sync.Mutex
	kept  map[string][]byte
}

func newStates(t *testing.T) *states {
	s := &states{kept: map[string][]byte{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if user, password, _ := r.BasicAuth(); user != "them" || password != statePassword {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		switch r.Method {
		case http.MethodGet:
			if s.kept[r.URL.Path] == nil {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			w.Write(s.kept[r.URL.Path])
		case http.MethodPost:
			s.kept[r.URL.Path], _ = io.ReadAll(r.Body)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

var build sync.Once

// builtReviewer is the command, built once.
func builtReviewer(t *testing.T) string {
	t.Helper()
	program := filepath.Join(os.TempDir(), "aimetrics-workflows-test", "aimetrics")
	build.Do(func() {
		command := exec.Command("go", "build", "-o", program, "./cmd/aimetrics")
		command.Dir = tools.Project(t, ".")
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	})
	return program
}

// wants asserts that a text has each of some parts.
func wants(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s has no %q:\n%s", what, part, text)
		}
	}
}

func TestFailedPlanIsTold(t *testing.T) {
	r := newRepository(t, nil)
	r.write(t, "environments/prod.yaml", r.environment("prod", "a", preventDestroy))
	r.commit(t)
	if !r.deploy(t) {
		t.Fatal(r.log.String())
	}
	r.branch(t)
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", preventDestroy))
	commit := r.commit(t)
	is := r.change(t, "opened", false)
	if is.passed {
		t.Error("a plan that failed passes")
	}
	wants(t, "the comment", r.gitHub.on(7)["review prod"], "`prod`: the plan failed", "Instance cannot be destroyed", "prevent_destroy",
		"A review of what Terraform had planned until then", "**replaces** `terraform_data.domain`", "Commit "+commit)
	if got, want := r.gitHub.status(commit, "review/prod"), "error the plan failed: Error: Instance cannot be destroyed"; got != want {
		t.Errorf("status %q, want %q", got, want)
	}
	wants(t, "the log", is.log, "::error::prod: the plan failed: Error: Instance cannot be destroyed")
	// No label lets pass what could not be planned.
	r.gitHub.labels = []string{"allow-replace/prod"}
	if is := r.change(t, "labeled", false); is.passed {
		t.Error("a label lets a plan pass that failed")
	}
}

func TestNoCommentOutlivesItsCommit(t *testing.T) {
	r := newRepository(t, nil)
	r.write(t, "environments/prod.yaml", r.environment("prod", "a", ""))
	r.write(t, "environments/staging.yaml", r.environment("staging", "a", ""))
	r.commit(t)
	r.branch(t)
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	r.write(t, "environments/staging.yaml", r.environment("staging", "b", ""))
	first := r.commit(t)
	r.gitHub.comments = append(r.gitHub.comments, r.gitHub.post("stranger", 7, "<!-- aimetrics review prod -->\nmine"))
	if is := r.change(t, "opened", false); !is.passed || !slices.Equal(is.planned, []string{"prod", "staging"}) {
		t.Fatalf("%+v\n%s", is.planned, is.log)
	}
	stranger := r.gitHub.comments[0]
	comments := func() map[string]string {
		bodies := r.gitHub.on(7)
		if stranger.Body != "<!-- aimetrics review prod -->\nmine" {
			t.Errorf("a stranger's comment is %q", stranger.Body)
		}
		return bodies
	}
	wants(t, "the comment", comments()["review staging"], "2 created", "Commit "+first)

	r.git(t, "checkout", "main", "--", "environments/staging.yaml")
	second := r.commit(t)
	if is := r.change(t, "synchronize", false); !is.passed || !slices.Equal(is.planned, []string{"prod"}) {
		t.Errorf("%+v\n%s", is.planned, is.log)
	}
	if text := comments()["review staging"]; text != "" {
		t.Errorf("staging is not changed any more, and has a comment: %s", text)
	}
	wants(t, "the comment", comments()["review prod"], "Commit "+second)

	good := r.environment("prod", "b", "")
	r.write(t, "environments/prod.yaml", fault)
	third := r.commit(t)
	is := r.change(t, "synchronize", false)
	if is.passed {
		t.Error("a file with a fault passes")
	}
	wants(t, "the log", is.log, `::error file=environments/prod.yaml,line=14,col=5::domain.cluster_config.instance_type: "100%25" is no type`,
		"::warning file=environments/prod.yaml,line=2,col=1::old")
	text := comments()["review prod"]
	wants(t, "the comment", text, "`prod`: not reviewed", "Commit "+third)
	if strings.Contains(text, "2 created") {
		t.Errorf("the former review stands: %s", text)
	}
	if is := r.change(t, "labeled", false); is.passed {
		t.Error("a label makes green what could not be synthesized")
	}
	r.write(t, "environments/prod.yaml", good)
	r.commit(t)
	if is := r.change(t, "synchronize", false); !is.passed {
		t.Error(is.log)
	}
	wants(t, "the comment", comments()["review prod"], "2 created")
}

// deployed is a branch of a repository whose stacks are deployed.
func deployed(t *testing.T, stacks ...string) *repository {
	t.Helper()
	r := newRepository(t, nil)
	for _, stack := range stacks {
		r.write(t, "environments/"+stack+".yaml", r.environment(stack, "a", ""))
	}
	r.commit(t)
	if !r.deploy(t) {
		t.Fatal(r.log.String())
	}
	r.branch(t)
	return r
}

func TestStackThatDisappears(t *testing.T) {
	r := deployed(t, "prod", "staging")
	r.git(t, "rm", "--quiet", "environments/prod.yaml")
	commit := r.commit(t)
	is := r.change(t, "opened", false)
	if is.passed || !slices.Equal(is.planned, []string{"prod"}) {
		t.Errorf("passed %v, planned %v", is.passed, is.planned)
	}
	wants(t, "the comment", r.gitHub.on(7)["review prod"], "`prod` disappears", "**2 resources stay on AWS", "terraform_data.domain",
		"cdktf destroy prod", "`allow-replace/prod`", "gate of `prod` is shut")
	if got, want := r.gitHub.status(commit, "review/prod"), "failure refused: the stack disappears, and 2 resources stay on AWS"; got != want {
		t.Errorf("status %q, want %q", got, want)
	}
	// The drift of what nobody watches any more.
	r.gitHub.issues = append(r.gitHub.issues, r.gitHub.post(bots, 0, "<!-- aimetrics review prod -->\ndrift"), r.gitHub.post(bots, 0, "another"))
	for _, one := range r.gitHub.issues {
		one.State = "open"
	}
	r.gitHub.labels = []string{"allow-replace/prod"}
	if is := r.change(t, "labeled", false); !is.passed {
		t.Error(is.log)
	}
	if !r.merge(t) {
		t.Error(r.log.String())
	}
	if !r.drift(t) {
		t.Error(r.log.String())
	}
	wants(t, "the log", r.log.String(), "::warning::prod disappears")
	if one := r.gitHub.issues[0]; one.State != "closed" || one.Reason != "not_planned" || r.gitHub.issues[1].State != "open" {
		t.Errorf("the issues are %+v", r.gitHub.issues)
	}

	// Nothing of it is left: no gate.
	r.states.kept["/staging"] = []byte(`{"version": 4, "serial": 9, "lineage": "x", "terraform_version": "1.11.4", "resources": [], "outputs": {}}`)
	r.write(t, "environments/other.yaml", r.environment("other", "a", ""))
	r.commit(t)
	r.branch(t)
	r.git(t, "checkout", "--quiet", "main")
	r.branch(t)
	r.git(t, "rm", "--quiet", "environments/staging.yaml")
	commit = r.commit(t)
	if is := r.change(t, "opened", false); !is.passed {
		t.Error(is.log)
	}
	if got, want := r.gitHub.status(commit, "review/staging"), "success the stack disappears, and nothing of it is left on AWS"; got != want {
		t.Errorf("status %q, want %q", got, want)
	}
}

func TestGateOfEachStack(t *testing.T) {
	r := deployed(t, "prod", "staging")
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	r.write(t, "environments/staging.yaml", r.environment("staging", "b", ""))
	commit := r.commit(t)
	gates := func(prod, staging string) {
		t.Helper()
		for stack, want := range map[string]string{"prod": prod, "staging": staging} {
			text := r.gitHub.on(7)["review "+stack]
			wants(t, "the comment", text, "**replaces** `terraform_data.domain`", "gate of `"+stack+"` is "+want, "allow-replace/"+stack)
			if strings.Count(text, "The gate of") != 1 {
				t.Errorf("more than one state of the gate: %s", text)
			}
		}
	}
	if is := r.change(t, "opened", false); is.passed {
		t.Error("both are refused, and it passes")
	}
	gates("shut", "shut")
	if want := []string{"allow-replace/prod", "allow-replace/staging"}; !slices.Equal(r.gitHub.made, want) {
		t.Errorf("labels %q, want %q", r.gitHub.made, want)
	}
	// A label runs the gate alone.
	r.gitHub.labels = []string{"bug", "allow-replace/prod"}
	for _, labeler := range []string{"triager", "dependabot[bot]"} { // who may not write here
		r.gitHub.labeler = labeler
		wants(t, "the log", r.change(t, "labeled", false).log, "::warning::The label allow-replace/prod does not count: "+labeler+" put it on",
			"::error::prod: refused: ")
		gates("shut", "shut")
	}
	r.gitHub.labeler = ""
	is := r.change(t, "labeled", false)
	if is.passed || is.planned != nil {
		t.Errorf("passed %v, planned %v: staging is refused", is.passed, is.planned)
	}
	gates("open", "shut")
	wants(t, "the log", is.log, "::warning::prod: refused, and allowed by the label allow-replace/prod: ", "::error::staging: refused: ")
	if got := r.gitHub.status(commit, "review/prod"); !strings.HasPrefix(got, "success allowed: ") || !strings.Contains(got, "terraform_data.domain") {
		t.Errorf("status %q", got)
	}
	r.gitHub.labels = []string{"allow-replace/prod", "allow-replace/staging"}
	if is := r.change(t, "labeled", false); !is.passed {
		t.Error(is.log)
	}
	gates("open", "open")
	r.gitHub.labels = []string{"allow-replace/staging"}
	if is := r.change(t, "unlabeled", false); is.passed {
		t.Error("passes after the label went")
	}
	gates("shut", "open")
	// Anybody who can push can write a status.
	r.gitHub.statuses = append(r.gitHub.statuses, status{"review/prod", "success", "fine", user{"stranger"}, commit})
	if is := r.change(t, "unlabeled", false); is.passed {
		t.Error("a stranger's status opens a gate")
	}

	// A push drops what was allowed, and only that.
	r.gitHub.labels = []string{"bug", "allow-replace/prod", "allow-replace/staging"}
	r.write(t, "README.md", "more\n")
	r.commit(t)
	if is := r.change(t, "synchronize", false); is.passed {
		t.Error("passes after a push")
	}
	if !slices.Equal(r.gitHub.labels, []string{"bug"}) {
		t.Errorf("labels %q, want bug alone", r.gitHub.labels)
	}
	gates("shut", "shut")

	// A label counts for the head alone.
	r.gitHub.labels = []string{"allow-replace/prod", "allow-replace/staging"}
	r.commit(t)
	if is := r.change(t, "labeled", false); is.passed {
		t.Error("a label passes a commit that was not reviewed")
	}
	r.change(t, "reopened", false)
	if len(r.gitHub.labels) != 0 {
		t.Errorf("labels %q are left of what was pushed while the pull request was closed", r.gitHub.labels)
	}

	// After the merge, prod's label opens prod's gate.
	r.gitHub.labels = []string{"allow-replace/prod"}
	if r.merge(t) {
		t.Error("staging is deployed without a label")
	}
	wants(t, "prod's result", r.gitHub.on(7)["deployment prod"], "`prod` is deployed", "Apply complete! Resources: 1 added, 0 changed, 1 destroyed. It took ",
		"terraform_data.domain: Creation complete after")
	wants(t, "staging's result", r.gitHub.on(7)["deployment staging"], "`staging` is not deployed: the gate refuses")
}

func TestReviewedFailsClosed(t *testing.T) {
	r := newRepository(t, nil)
	r.write(t, "environments/prod.yaml", r.environment("prod", "a", ""))
	r.write(t, "environments/staging.yaml", r.environment("staging", "a", ""))
	r.commit(t)
	r.branch(t)
	r.write(t, "README.md", "more\n")
	r.commit(t)
	if is := r.change(t, "opened", false); !is.passed || is.planned != nil {
		t.Errorf("README.md alone: passed %v, planned %v\n%s", is.passed, is.planned, is.log)
	}
	if len(r.gitHub.comments) != 0 {
		t.Errorf("nothing is planned, and told: %v", r.gitHub.on(7))
	}
	if is := r.change(t, "labeled", false); !is.passed {
		t.Errorf("README.md alone, and a label: %s", is.log)
	}
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	r.commit(t)
	is := r.change(t, "synchronize", true)
	if is.passed || is.planned != nil {
		t.Errorf("a fork: passed %v, planned %v", is.passed, is.planned)
	}
	wants(t, "the log", is.log, "::error::Not planned, so not reviewed: a fork gets no credentials.", "gh pr checkout 7")
	if len(r.gitHub.comments) != 0 {
		t.Errorf("a fork's token writes nothing, and tried: %v", r.gitHub.on(7))
	}

	// One stack without a role does not stop the others.
	r.variables["AWS_PLAN_ROLE_ARN"] = `{"prod": "arn:p"}`
	r.write(t, "environments/staging.yaml", r.environment("staging", "b", ""))
	r.commit(t)
	is = r.change(t, "synchronize", false)
	if is.passed {
		t.Error("a stack without a role passes")
	}
	wants(t, "prod", r.gitHub.on(7)["review prod"], "2 created")
	wants(t, "staging", r.gitHub.on(7)["review staging"], "the plan failed", "AWS_PLAN_ROLE_ARN names no role for staging")

	r.variables["AWS_PLAN_ROLE_ARN"] = ""
	if is := r.change(t, "reopened", false); is.passed {
		t.Error("no role passes")
	}
	r.variables["NOT_SET_UP_YET"] = "true"
	is = r.change(t, "reopened", false)
	if !is.passed {
		t.Error(is.log)
	}
	wants(t, "the log", is.log, "::notice::No stack is planned while the repository's variable NOT_SET_UP_YET is true")
}

// Where main itself is broken, a pull request that mends it is planned whole, and none removes a stack unseen.
func TestBaseThatIsBroken(t *testing.T) {
	r := newRepository(t, nil)
	r.write(t, "environments/prod.yaml", r.environment("prod", "a", ""))
	r.write(t, "environments/staging.yaml", fault)
	r.commit(t)
	r.branch(t)
	r.write(t, "environments/staging.yaml", r.environment("staging", "a", ""))
	r.commit(t)
	if is := r.change(t, "opened", false); !is.passed || !slices.Equal(is.planned, []string{"prod", "staging"}) {
		t.Errorf("passed %v, planned %v\n%s", is.passed, is.planned, is.log)
	}
	r.git(t, "rm", "--quiet", "environments/prod.yaml")
	r.commit(t)
	is := r.change(t, "synchronize", false)
	if is.passed {
		t.Error("a stack disappears unseen")
	}
	wants(t, "the log", is.log, "::error::Files of environments are gone")
}

func TestLockFileChangesEveryPlan(t *testing.T) {
	r := newRepository(t, nil)
	r.write(t, "environments/prod.yaml", r.environment("prod", "a", ""))
	r.write(t, "environments/staging.yaml", r.environment("staging", "a", ""))
	r.commit(t)
	r.branch(t)
	r.write(t, ".terraform.lock.hcl", "# other pins\n")
	r.commit(t)
	if is := r.change(t, "opened", false); !slices.Equal(is.planned, []string{"prod", "staging"}) {
		t.Errorf("planned %v, want both\n%s", is.planned, is.log)
	}
}

// reviewOf is the real review of a plan of review/testdata.
func reviewOf(t *testing.T, plan string) string {
	t.Helper()
	reviewed, err := review.Read("prod", strings.NewReader(readFile(t, tools.Project(t, "review/testdata/plans/"+plan+".json"))))
	if err != nil {
		t.Fatal(err)
	}
	gate, err := review.NewGate([]string{"drift"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := review.Write(&text, review.Markdown{}, []*review.Review{reviewed}, gate); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestDriftThatGetsWorseIsTold(t *testing.T) {
	hub := newGitHub(t)
	day := func(text string, pairs ...string) {
		t.Helper()
		one := newRunner(t, map[string]string{markdown: text})
		one.gitHub, hub.tip = hub, one.variables["GITHUB_SHA"]
		if log, code := one.step(t, "drift/drift/Open, update or close the issue", with(ofTheIssue, pairs...)); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, log)
		}
	}
	stranger := hub.post("stranger", 0, marker+"mine")
	stranger.State = "open"
	hub.issues = append(hub.issues, stranger)
	day(reviewOf(t, "no-change"), "steps.review.outputs.changes", "false")
	if len(hub.issues) != 1 {
		t.Fatalf("no drift, and an issue: %+v", hub.issues[1])
	}

	first := marker + "### prod\n\n- `aws_cloudwatch_log_group.application`: `retention_in_days` `30` → `7`\n"
	day(first, "steps.review.outputs.changes", "false", "steps.review.outputs.refused", "true")
	if len(hub.issues) != 2 {
		t.Fatalf("%d issues, want another one", len(hub.issues))
	}
	issue := hub.issues[1]
	if want := "prod: AWS is not what main says"; issue.Title != want || !slices.Equal(issue.Labels, []string{"drift"}) {
		t.Errorf("title %q, labels %v, want %q", issue.Title, issue.Labels, want)
	}
	day(first) // as before
	if comments := hub.on(issue.Number); len(comments) != 0 {
		t.Errorf("nothing is new, and told: %v", comments)
	}

	day(reviewOf(t, "drift-only"))
	const entered = "now lets account 444455556666 (whom its own IAM allows) send GET requests to the whole domain"
	if want := "prod: AWS is not what main says: " + entered; issue.Title != want {
		t.Errorf("title %q, want %q", issue.Title, want)
	}
	comments := slices.Collect(maps.Values(hub.on(issue.Number)))
	if len(comments) != 1 {
		t.Fatalf("%d comments, want one: %v", len(comments), comments)
	}
	wants(t, "the comment", comments[0], "**"+entered+"**", "\n-### prod\n", "\n+- `aws_cloudwatch_metric_alarm.jvm_memory_pressure`: **is gone**")
	wants(t, "the issue", issue.Body, "Who got in outside Terraform")

	day(reviewOf(t, "no-change"), "steps.review.outputs.changes", "false")
	if issue.State != "closed" || issue.Reason != "completed" || stranger.State != "open" || stranger.Body != marker+"mine" {
		t.Errorf("%+v %+v", issue, stranger)
	}
	if comments := hub.on(issue.Number); len(comments) != 2 {
		t.Errorf("no last word: %v", comments)
	}
}

func TestOneOfSixStacksIsPlanned(t *testing.T) {
	r := newRepository(t, nil)
	for _, name := range []string{"dev", "test", "staging", "prod", "prod-us", "prod-eu"} {
		r.write(t, "environments/"+name+".yaml", r.environment(name, "a", ""))
	}
	r.commit(t)
	r.branch(t)
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	r.commit(t)
	if is := r.change(t, "opened", false); !is.passed || !slices.Equal(is.planned, []string{"prod"}) {
		t.Errorf("passed %v, planned %v\n%s", is.passed, is.planned, is.log)
	}
}

// Another base, or a main that moved on, is another review: nothing that was found before counts any more.
func TestAnotherBase(t *testing.T) {
	r := deployed(t, "prod")
	r.git(t, "checkout", "--quiet", "-b", "feature")
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	r.commit(t)
	r.branch(t)
	commit := r.git(t, "rev-parse", "HEAD")
	r.gitHub.base = "feature"
	if is := r.change(t, "opened", false); !is.passed || is.planned != nil {
		t.Fatalf("into feature, where nothing changes: passed %v, planned %v\n%s", is.passed, is.planned, is.log)
	}
	if got := r.gitHub.status(commit, "reviewed"); got != "none" {
		t.Errorf("a commit that was never reviewed before has the status %q", got)
	}

	r.gitHub.base, r.gitHub.labels = "", []string{"allow-replace/prod"}
	// A new title runs the gate alone, before the run for the new base, and must not make it green.
	if is := r.change(t, "edited", false); is.passed || is.planned != nil {
		t.Errorf("a title, passed %v, planned %v", is.passed, is.planned)
	}
	is := r.change(t, "retargeted", false)
	if is.passed || !slices.Equal(is.planned, []string{"prod"}) {
		t.Errorf("into main: passed %v, planned %v\n%s", is.passed, is.planned, is.log)
	}
	if len(r.gitHub.labels) != 0 {
		t.Errorf("labels %q are left of the other base", r.gitHub.labels)
	}
	// The check of this commit is green for the other base, so the status was pending until the end.
	var states []string
	for _, one := range r.gitHub.statuses {
		if one.Context == "reviewed" {
			states = append(states, one.State)
		}
	}
	if !slices.Equal(states, []string{"pending", "failure"}) {
		t.Errorf("the status reviewed was %q", states)
	}
	r.gitHub.labels = []string{"allow-replace/prod"}
	if is := r.change(t, "labeled", false); !is.passed {
		t.Error(is.log)
	}
	if got, want := r.gitHub.status(commit, "reviewed"), "success reviewed"; got != want {
		t.Errorf("status %q, want %q", got, want)
	}
	if is := r.change(t, "edited", false); !is.passed {
		t.Errorf("a new title: %s", is.log)
	}

	// An old run that is run again, for the other base, says nothing any more.
	before := r.gitHub.on(7)["review prod"]
	one := r.machine(t, "pull_request")
	one.write(t, "cdktf.out/stacks/prod/failed.txt", "old\n")
	if r.step(t, one, "diff/diff/Comment", with(ofTheComment, "github.event.pull_request.head.sha", commit, "github.event.pull_request.base.ref", "feature")) {
		t.Error("an old run writes a comment")
	}
	if r.gitHub.on(7)["review prod"] != before {
		t.Errorf("the comment is %s", r.gitHub.on(7)["review prod"])
	}
	// Back to the other base: what is only different from main is no gate there.
	r.gitHub.base = "feature"
	if is := r.change(t, "retargeted", false); !is.passed {
		t.Error(is.log)
	}
	r.gitHub.labels = nil
	if is := r.change(t, "unlabeled", false); !is.passed {
		t.Error(is.log)
	}
	if text := r.gitHub.on(7)["review prod"]; text != "" {
		t.Errorf("a comment is left: %s", text)
	}
}

// What was planned before another deployment is out of date, which nothing but that deployment can say.
func TestMainThatMovesOn(t *testing.T) {
	r := deployed(t, "prod", "staging")
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	commit := r.commit(t)
	r.change(t, "opened", false)
	r.gitHub.labels, r.gitHub.open = []string{"allow-replace/prod", "allow-replace/staging"}, true
	if is := r.change(t, "labeled", false); !is.passed {
		t.Fatal(is.log)
	}

	// Staging is none of its stacks, and is deployed after prod.
	r.variables["REVIEW_FAIL_ON"] = "open"
	r.git(t, "checkout", "--quiet", "main")
	r.write(t, "environments/staging.yaml", r.environment("staging", "b", ""))
	r.write(t, "environments/prod.yaml", r.environment("prod", "c", ""))
	deployed := r.commit(t)
	if !r.deploy(t) {
		t.Fatal(r.log.String())
	}
	r.variables["REVIEW_FAIL_ON"] = "destroy"
	outdated := "failure prod was deployed since, of " + deployed + ": update the branch"
	if got := r.gitHub.status(commit, "reviewed"); got != outdated {
		t.Errorf("status %q, want %q", got, outdated)
	}
	wants(t, "the comment", r.gitHub.on(7)["review prod"], "**replaces** `terraform_data.domain`", "`prod` was deployed since**, of commit "+deployed,
		"Commit "+commit)
	if !slices.Equal(r.gitHub.labels, []string{"allow-replace/staging"}) {
		t.Errorf("labels %q, want none of prod's", r.gitHub.labels)
	}

	// Neither a label nor a run of the old merge lifts it.
	r.git(t, "checkout", "--quiet", "change")
	r.gitHub.labels = []string{"allow-replace/prod"}
	for _, action := range []string{"labeled", "run again"} {
		if is := r.change(t, action, false); is.passed || !strings.Contains(is.log, "was deployed since, of "+deployed) {
			t.Errorf("%s: passed %v\n%s", action, is.passed, is.log)
		}
		if got := r.gitHub.status(commit, "reviewed"); got != outdated {
			t.Errorf("%s: status %q, want %q", action, got, outdated)
		}
	}
	// Reopened, GitHub merges it with main as it is now.
	r.git(t, "merge", "--quiet", "-s", "ours", "main")
	if is := r.change(t, "synchronize", false); is.passed || !strings.Contains(is.log, "::error::prod: refused") {
		t.Errorf("passed %v\n%s", is.passed, is.log)
	}
	r.gitHub.labels = []string{"allow-replace/prod", "allow-replace/staging"}
	if is := r.change(t, "labeled", false); !is.passed {
		t.Error(is.log)
	}
}

// A run of an older commit, which is run again or was overtaken, deploys nothing.
func TestOlderCommitIsNotDeployed(t *testing.T) {
	r := newRepository(t, nil)
	r.write(t, "environments/prod.yaml", r.environment("prod", "b", ""))
	older := r.commit(t)
	r.write(t, "environments/prod.yaml", r.environment("prod", "c", ""))
	newer := r.commit(t)
	r.git(t, "checkout", "--quiet", "--detach", older)
	r.gitHub.mergedAs = older
	if r.deploy(t) {
		t.Error("it is deployed")
	}
	if r.states.kept["/prod"] != nil {
		t.Error("it has a state")
	}
	wants(t, "the log", r.log.String(), "::error::"+older+" is no longer the newest commit of main", "the run of "+newer)
	wants(t, "the result", r.gitHub.on(7)["deployment prod"], "a newer commit deploys it", newer)
	if r.drift(t) || len(r.gitHub.issues) != 0 {
		t.Errorf("what is searched for with an old commit is told: %v", r.gitHub.issues)
	}
}

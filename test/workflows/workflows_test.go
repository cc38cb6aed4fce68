package workflows

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
	"cdktf-aimetrics/review"
	"cdktf-aimetrics/spec"
)

// project is the folder of the project.
const project = "../.."

// workflow is what these tests look at of a file of .github/workflows, or of a composite action, which has only Runs.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
type workflow struct {
	On          yaml.Node         `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency concurrency       `yaml:"concurrency"`
	Defaults    struct {
		Run struct{ Shell string }
	}
	Jobs map[string]job
	Runs struct{ Steps []workflowStep }

	text string
}

type concurrency struct {
	Group            string
	CancelInProgress string `yaml:"cancel-in-progress"`
}

type job struct {
	Needs          yaml.Node
	If             string
	Uses           string // of another workflow: such a job has no steps
	Environment    string
	Concurrency    concurrency
	Strategy       struct{ Matrix map[string]string }
	With           map[string]string // of the other workflow
	Permissions    map[string]string
	TimeoutMinutes int `yaml:"timeout-minutes"`
	Steps          []workflowStep
}

type workflowStep struct {
	Name, Uses, If, Run, Shell string
	With, Env                  map[string]string
}

// workflows reads the workflows and the composite actions, by their names: `diff`, `actions/plan`.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(project, ".github/workflows/*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	actions, err := filepath.Glob(filepath.Join(project, ".github/actions/*/action.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]workflow{}
	for _, path := range append(paths, actions...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		one := workflow{text: string(text)}
		if err := yaml.Unmarshal(text, &one); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		if name == "action" {
			name = "actions/" + filepath.Base(filepath.Dir(path))
		}
		read[name] = one
	}
	if len(read) < 6 {
		t.Fatalf("%d workflows and actions in .github, want more", len(read))
	}
	return read
}

// eachStep calls look for every step of every workflow and action, named like `diff/diff/Comment`.
func eachStep(t *testing.T, look func(name string, step workflowStep)) {
	t.Helper()
	for file, one := range workflows(t) {
		for _, step := range one.Runs.Steps {
			look(file+"/"+step.Name+step.Uses, step)
		}
		for name, job := range one.Jobs {
			for _, step := range job.Steps {
				look(file+"/"+name+"/"+step.Name+step.Uses, step)
			}
		}
	}
}

// The rights of each job, all of them: a job that asks for more must say so here too.
func TestWorkflowsHaveTheLeastRights(t *testing.T) {
	type rights = map[string]string
	read := rights{"contents": "read"}
	withRole := rights{"contents": "read", "id-token": "write"}                                                  // and no other, for whatever a plan runs
	deployment := rights{"contents": "read", "id-token": "write", "pull-requests": "write", "statuses": "write"} // the most that deploy-stack's jobs may have
	want := map[string]rights{
		"checks/checks":         read,
		"synthesize/synthesize": read,
		"diff/synthesize":       read,
		"deploy/synthesize":     read,
		"drift/synthesize":      read,
		"diff/plan":             withRole,
		"diff/reset":            {"contents": "read", "pull-requests": "write", "statuses": "write"},
		"diff/diff":             {"contents": "read", "pull-requests": "write", "statuses": "write"},
		"diff/reviewed":         {"contents": "read", "pull-requests": "write", "statuses": "write"},
		"deploy/elsewhere":      {},
		"deploy/deploy":         deployment,
		"deploy/second":         deployment,
		"deploy/third":          deployment,
		"deploy-stack/plan":     withRole,
		"deploy-stack/review":   {"contents": "read", "pull-requests": "read"},
		"deploy-stack/apply":    withRole,
		"deploy-stack/result":   {"contents": "read", "pull-requests": "write", "statuses": "write"},
		"drift/plan":            withRole,
		"drift/drift":           {"contents": "read", "issues": "write"},
		"release/checks":        read,
		"release/build":         read, // what builds has no rights, and what has rights builds nothing
		"release/publish":       {"contents": "write", "packages": "write", "id-token": "write", "attestations": "write"},
		"drift/unwatched":       {"contents": "read", "issues": "write"},
	}
	got := map[string]rights{}
	for file, one := range workflows(t) {
		if one.Jobs != nil && (one.Permissions == nil || len(one.Permissions) > 0) {
			t.Errorf("%s: the workflow's own permissions are %v, want {}", file, one.Permissions)
		}
		for name, job := range one.Jobs {
			if job.Permissions == nil {
				t.Errorf("%s: the job %s has no permissions of its own", file, name)
			}
			got[file+"/"+name] = job.Permissions
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
}

var (
	pinned    = regexp.MustCompile(`^[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	usesLines = regexp.MustCompile(`(?m)^ *(?:- )?uses: *(.+)$`)
)

func TestActionsArePinned(t *testing.T) {
	commits := map[string]string{} // of an action
	for file, one := range workflows(t) {
		for _, line := range usesLines.FindAllStringSubmatch(one.text, -1) {
			uses := line[1]
			if local, ok := strings.CutPrefix(uses, "./"); ok {
				if _, err := os.Stat(filepath.Join(project, local)); err != nil {
					t.Errorf("%s: %v", file, err)
				}
				continue
			}
			if !pinned.MatchString(uses) {
				t.Errorf("%s: %s: want a commit of 40 digits and its version, OWNER/NAME@COMMIT # v1.2.3", file, uses)
			}
			action, commit, _ := strings.Cut(uses, "@")
			if other := commits[action]; other != "" && other != commit {
				t.Errorf("%s: %s is %s here and %s elsewhere", file, action, commit, other)
			}
			commits[action] = commit
		}
	}
	if len(commits) == 0 {
		t.Error("no action is used")
	}
}

// What strangers write, a branch's name as much as code, must not get to run with this repository's rights.
func TestStrangersRunNothing(t *testing.T) {
	triggers := []string{"push", "pull_request", "schedule", "workflow_dispatch", "workflow_call", "merge_group"}
	for file, one := range workflows(t) {
		if one.Jobs == nil {
			continue
		}
		for i := 0; i < len(one.On.Content); i += 2 {
			if trigger := one.On.Content[i].Value; !slices.Contains(triggers, trigger) {
				t.Errorf("%s: runs on %s, which is none of %v", file, trigger, triggers)
			}
		}
		if !strings.Contains(one.text, "pull_request:") {
			continue
		}
		for name, job := range one.Jobs {
			guard := "github.event.pull_request.head.repo.full_name == github.repository &&"
			if job.Permissions["id-token"] != "" && !strings.Contains(job.If, guard) {
				t.Errorf("%s: the job %s may get credentials and runs for forks too: if: %s", file, name, job.If)
			}
		}
	}
	eachStep(t, func(name string, step workflowStep) {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("%s: an expression in a script is code; hand it over in env", name)
		}
		if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != "false" {
			t.Errorf("%s: leaves its token in .git/config", name)
		}
	})
}

// What is planned comes out of a job that may get no credentials, which runs no tests: neither a revert nor the search for drift waits
// for them.
func TestCredentialsComeAfterTheSynthesis(t *testing.T) {
	all := workflows(t)
	const synthesis = "./.github/workflows/synthesize.yaml"
	for file, one := range all {
		for name, job := range one.Jobs {
			for _, step := range job.Steps {
				if step.Uses == "./.github/actions/plan" && job.Permissions["id-token"] == "" {
					t.Errorf("%s: %s plans without the right to credentials", file, name)
				}
				if strings.Contains(step.Run, "go test") {
					t.Errorf("%s: %s runs tests, which are the workflow checks'", file, name)
				}
			}
			if job.Permissions["id-token"] == "" {
				continue
			}
			if file == "deploy-stack" { // which starts when deploy's job does
				if len(one.On.Content) != 2 || one.On.Content[0].Value != "workflow_call" {
					t.Error("deploy-stack.yaml can be started by itself")
				}
				continue
			}
			before := synthesis
			if file == "release" { // which plans nothing
				before = "./.github/workflows/checks.yaml"
			}
			if !slices.ContainsFunc(needs(job), func(need string) bool { return one.Jobs[need].Uses == before }) {
				t.Errorf("%s: %s needs %v, and none of them is %s", file, name, needs(job), before)
			}
			if strings.Contains(job.If, "always()") || strings.Contains(job.If, "cancelled()") || strings.Contains(job.If, "failure()") {
				t.Errorf("%s: %s runs after a synthesis that failed: if: %s", file, name, job.If)
			}
		}
	}
}

// needs are the jobs that a job waits for.
func needs(j job) (names []string) {
	if err := j.Needs.Decode(&names); err != nil && j.Needs.Value != "" {
		return []string{j.Needs.Value}
	}
	return names
}

// A wave of deployments waits for the one before, and takes its own stacks.
func TestWavesFollowEachOther(t *testing.T) {
	jobs := workflows(t)["deploy"].Jobs
	for i, wave := range []string{"deploy", "second", "third"} {
		this := jobs[wave]
		matrix := fmt.Sprintf("${{ fromJSON(needs.synthesize.outputs.waves || '[[], [], []]')[%d] }}", i)
		if this.Strategy.Matrix["include"] != matrix {
			t.Errorf("%s: the matrix is %v, want %s", wave, this.Strategy.Matrix, matrix)
		}
		want := []string{"synthesize", "deploy", "second"}[:i+1]
		if i == 2 {
			want = []string{"synthesize", "second"}
		}
		if diff := cmp.Diff(want, needs(this)); diff != "" {
			t.Errorf("%s: needs (-want +got):\n%s", wave, diff)
		}
		if strings.Contains(this.If, "cancelled()") || strings.Contains(this.If, "always()") {
			t.Errorf("%s: runs after a wave that failed: if: %s", wave, this.If)
		}
		if diff := cmp.Diff(jobs["deploy"].With, this.With); diff != "" {
			t.Errorf("%s: is not like the first wave (-first +this):\n%s", wave, diff)
		}
		if got, want := this.Concurrency, (concurrency{"deploy-${{ matrix.stack }}", "false"}); got != want {
			t.Errorf("%s: concurrency is %q, want %q", wave, got, want)
		}
	}
}

// What one job built, of dependencies that its tests ran, another runs only where it can get no role.
func TestWhatAJobBuiltRunsWithoutARole(t *testing.T) {
	const built = "cdktf.out/aimetrics"
	all := workflows(t)
	runs := func(step workflowStep) bool {
		text := step.Run
		for _, script := range regexp.MustCompile(`\.github/scripts/\w+\.sh`).FindAllString(step.Run, -1) {
			content, err := os.ReadFile(filepath.Join(project, script))
			if err != nil {
				t.Fatal(err)
			}
			text += string(content)
		}
		action, isLocal := strings.CutPrefix(step.Uses, "./.github/")
		if isLocal {
			for _, inner := range all[action].Runs.Steps {
				text += inner.Run
				for _, script := range regexp.MustCompile(`\.github/scripts/\w+\.sh`).FindAllString(inner.Run, -1) {
					content, err := os.ReadFile(filepath.Join(project, script))
					if err != nil {
						t.Fatal(err)
					}
					text += string(content)
				}
			}
		}
		return strings.Contains(text, built)
	}
	ran := 0
	for file, one := range all {
		for name, job := range one.Jobs {
			for _, step := range job.Steps {
				if !runs(step) {
					continue
				}
				ran++
				if job.Permissions["id-token"] != "" {
					t.Errorf("%s: %s runs %s, and can get a role", file, name, built)
				}
			}
		}
	}
	if ran < 4 { // synthesize builds it; diff, drift and deploy-stack review with it
		t.Errorf("%d steps have to do with %s, want 4 at least", ran, built)
	}
}

// gateAlone is when diff plans nothing and runs its last job alone.
const gateAlone = "contains(github.event.action, 'label') || github.event.action == 'edited' && !github.event.changes.base"

// A label or a title plans nothing. The check that main requires runs for all, as GitHub takes one that is skipped for passed.
func TestWhenDiffPlans(t *testing.T) {
	jobs := workflows(t)["diff"].Jobs
	if want := "${{ !(" + gateAlone + ") }}"; jobs["synthesize"].If != want {
		t.Errorf("synthesize runs if %s, want %s", jobs["synthesize"].If, want)
	}
	if !strings.Contains(jobs["reset"].If, "!("+gateAlone+")") {
		t.Errorf("reset runs if %s", jobs["reset"].If)
	}
	if want := "${{ always() }}"; jobs["reviewed"].If != want {
		t.Errorf("reviewed runs if %s, want %s", jobs["reviewed"].If, want)
	}
}

func TestJobsEnd(t *testing.T) {
	for file, one := range workflows(t) {
		for name, job := range one.Jobs {
			// 360 is what GitHub's own runners give.
			if job.Uses == "" && (job.TimeoutMinutes < 1 || job.TimeoutMinutes > 360) {
				t.Errorf("%s: %s has timeout-minutes %d, want 1 to 360", file, name, job.TimeoutMinutes)
			}
		}
	}
}

func TestDeploymentsAreNotCutOff(t *testing.T) {
	all := workflows(t)
	deploy := all["deploy"]
	if deploy.Concurrency.Group != "" {
		t.Errorf("deploy: one stack that waits for its reviewers holds up all others: concurrency is %q", deploy.Concurrency)
	}
	if got, want := all["diff"].Concurrency, (concurrency{
		"diff-${{ github.event.pull_request.number || github.ref }}${{ (" + gateAlone + ") && '-gate' || '' }}",
		"${{ github.event.action == 'synchronize' || github.event.action == 'edited' && !!github.event.changes.base }}"}); got != want {
		t.Errorf("diff: concurrency is %q, want %q", got, want)
	}

	apply := all["deploy-stack"].Jobs["apply"]
	if want := "${{ inputs.stack }}"; apply.Environment != want {
		t.Errorf("apply runs in the environment %q, want %q, which asks its reviewers", apply.Environment, want)
	}
	var order []string
	for _, step := range apply.Steps {
		if seconds := step.With["role-duration-seconds"]; seconds != "" {
			lasts, err := strconv.Atoi(seconds)
			if err != nil || lasts < apply.TimeoutMinutes*60 {
				t.Errorf("apply's credentials last %s s, and the job %d minutes", seconds, apply.TimeoutMinutes)
			}
			if longest := (spec.Roles{}).WithDefaults().GitHub.MaxSessionDuration; lasts != longest {
				t.Errorf("apply's credentials last %s s, and the roles' longest session %d", seconds, longest)
			}
			order = append(order, "Plan")
			if strings.Contains(step.With["arguments"], "-lock=false") {
				t.Error("apply plans without a lock")
			}
		}
		if step.Run != "" {
			order = append(order, step.Name)
			if step.If != "" && step.Name != "Tell what was applied" && step.Name != "Look for a newer commit" {
				t.Errorf("apply: %s runs if %s, want always after the step before", step.Name, step.If)
			}
		}
	}
	if diff := cmp.Diff([]string{"Look for the role", "Look for a newer commit", "Plan", "Compare with what was reviewed", "Apply",
		"Tell what was applied"}, order); diff != "" {
		t.Errorf("apply's steps (-want +got):\n%s", diff)
	}
}

// A plan file has the master user's password in it.
func TestPlansAreNoArtifacts(t *testing.T) {
	want := map[string]string{
		"stacks":  "cdktf.out", // before anything is planned
		"release": "dist/*.tar.gz\ndist/*.zip\ndist/*.sbom.json\ndist/checksums.txt\n",
	}
	for _, stack := range []string{"${{ matrix.stack }}", "${{ inputs.stack }}"} {
		for _, kept := range []string{"plan.txt", "plan.json", "changes"} {
			want["planned-"+stack] += "cdktf.out/stacks/" + stack + "/" + kept + "\n"
		}
		want["applied-"+stack] = "cdktf.out/stacks/" + stack + "/applied.md"
	}
	ofPullRequest := want["planned-${{ matrix.stack }}"] + // what a plan leaves that failed, or of a stack that is gone
		"cdktf.out/stacks/${{ matrix.stack }}/failed.txt\ncdktf.out/stacks/${{ matrix.stack }}/left.txt\n"
	eachStep(t, func(name string, step workflowStep) {
		if !strings.HasPrefix(step.Uses, "actions/upload-artifact@") {
			return
		}
		if artifact := step.With["name"]; want[artifact] == "" || step.With["path"] != want[artifact] &&
			(!strings.HasPrefix(name, "diff/") || step.With["path"] != ofPullRequest) {
			t.Errorf("%s: keeps %s as %s, want only %v", name, step.With["path"], artifact, want)
		}
		if step.With["name"] == "stacks" && !strings.HasPrefix(name, "synthesize/") {
			t.Errorf("%s: keeps cdktf.out after a plan", name)
		}
	})
}

// Both gates refuse the same, which a variable says; drift is what the search for it looks for. None says it in a workflow.
func TestBothGatesRefuseTheSame(t *testing.T) {
	want := map[string]string{
		"diff/diff": "${{ vars.REVIEW_FAIL_ON }}", "deploy-stack/review": "${{ vars.REVIEW_FAIL_ON }}", "drift/drift": "drift",
	}
	got := map[string]string{}
	for file, one := range workflows(t) {
		for name, job := range one.Jobs {
			for _, step := range job.Steps {
				if step.Uses == "./.github/actions/review" {
					got[file+"/"+name] = step.With["fail-on"]
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fail-on (-want +got):\n%s", diff)
	}
	script, err := os.ReadFile(filepath.Join(project, ".github/scripts/review.sh"))
	if err != nil {
		t.Fatal(err)
	}
	byDefault := regexp.MustCompile(`\$\{FAIL_ON:-([a-z,-]+)\}`).FindStringSubmatch(string(script))
	if byDefault == nil || byDefault[1] != "replace,kept,open" {
		t.Fatalf("review.sh refuses %q by default, want replace,kept,open", byDefault)
	}
	for _, names := range []string{byDefault[1], got["drift/drift"]} {
		if _, err := review.NewGate(strings.Split(names, ","), nil); err != nil {
			t.Errorf("%s: %v", names, err)
		}
	}
}

// The name of the branch that is deployed is the repository's, but in two triggers, where no expression may stand; the machine's is
// a variable.
func TestNamesOfOneRepositoryAreItsVariables(t *testing.T) {
	for file, one := range workflows(t) {
		text := regexp.MustCompile(`(?m) *#.*$`).ReplaceAllString(one.text, "")
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(line, "refs/heads/") || strings.Contains(line, "'main'") ||
				strings.Contains(line, "branches: [main]") && file != "deploy" && file != "checks" {
				t.Errorf("%s names the branch: %s", file, line)
			}
			if strings.Contains(line, "runs-on:") && !strings.Contains(line, "${{ vars.RUNNER_IMAGE || 'ubuntu-24.04' }}") {
				t.Errorf("%s names the machine: %s", file, line)
			}
		}
	}
}

// A step's shell is one that stops at the first command that fails, and the versions of tools are those of the repository's files.
func TestStepsRunInTheSameWayEverywhere(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(project, ".github/scripts/*.sh"))
	if err != nil {
		t.Fatal(err)
	}
	all := workflows(t)
	used := ""
	for _, path := range scripts {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		start := "#!/usr/bin/env bash\n# " + filepath.Base(path)
		if !strings.HasPrefix(string(text), start) || !strings.Contains(string(text), "\nset -euo pipefail\n") {
			t.Errorf("%s: want a bash script that says what it is and begins with set -euo pipefail", path)
		}
		if info, err := os.Stat(path); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s: cannot be run: %v %v", path, info.Mode(), err)
		}
		used += string(text)
	}
	for file, one := range all {
		used += one.text
		if one.Jobs != nil && one.Defaults.Run.Shell != "bash" {
			t.Errorf("%s: defaults.run.shell is %q, want bash, which sets pipefail", file, one.Defaults.Run.Shell)
		}
	}
	for _, path := range scripts {
		name := filepath.Base(path)
		if !strings.Contains(used, ".github/scripts/"+name) && !strings.Contains(used, `"$(dirname "$0")/`+name+`"`) {
			t.Errorf("%s: nothing runs it", path)
		}
	}
	versions := map[string][2]string{
		"actions/setup-go@":          {"go-version-file", "go.mod"},
		"actions/setup-node@":        {"node-version-file", ".node-version"},
		"hashicorp/setup-terraform@": {"terraform_version", "${{ steps.terraform.outputs.version }}"},
	}
	eachStep(t, func(name string, step workflowStep) {
		if strings.HasPrefix(name, "actions/") && step.Run != "" && step.Shell != "bash" {
			t.Errorf("%s: shell is %q, want bash", name, step.Shell)
		}
		for action, input := range versions {
			if strings.HasPrefix(step.Uses, action) && step.With[input[0]] != input[1] {
				t.Errorf("%s: %s is %q, want %q", name, input[0], step.With[input[0]], input[1])
			}
		}
		if strings.HasPrefix(step.Uses, "hashicorp/setup-terraform@") && step.With["terraform_wrapper"] != "false" {
			t.Errorf("%s: the wrapper hides exit codes", name)
		}
	})
	for _, path := range []string{".node-version", ".terraform-version"} {
		if text, err := os.ReadFile(filepath.Join(project, path)); err != nil || !regexp.MustCompile(`^\d+(\.\d+)*\n$`).Match(text) {
			t.Errorf("%s: is %q, want a version: %v", path, text, err)
		}
	}
}

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

	"cdktf-aimetrics/test/tools"
)

// The actions that the workflows use, as stand-ins: their own programs are in no package registry. Those of artifacts keep them in a
// folder; the others set up what this machine has.
var standIns = map[string]string{
	"actions/upload-artifact": `name: upload
inputs: {name: {required: true}, path: {required: true}, if-no-files-found: {}, overwrite: {}, retention-days: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FILES: "${{ inputs.path }}", MISSING: "${{ inputs.if-no-files-found }}"}
      run: |
        rm -rf "$ARTIFACTS/$NAME"; mkdir -p "$ARTIFACTS/$NAME"
        for file in $FILES; do
          if [ -d "$file" ]; then cp -r "$file/." "$ARTIFACTS/$NAME/"; elif [ -e "$file" ]; then cp "$file" "$ARTIFACTS/$NAME/"; fi
        done
        rmdir "$ARTIFACTS/$NAME" 2>/dev/null && [ "$MISSING" = error ] && exit 1; true
`,
	"actions/download-artifact": `name: download
inputs: {name: {required: true}, path: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FOLDER: "${{ inputs.path }}"}
      run: mkdir -p "$FOLDER" && cp -r "$ARTIFACTS/$NAME/." "$FOLDER/"
`,
	"aws-actions/configure-aws-credentials": `name: credentials
inputs: {role-to-assume: {}, role-duration-seconds: {}, role-session-name: {}, aws-region: {}}
runs:
  using: composite
  steps:
    - {shell: bash, env: {SESSION: "${{ inputs.role-session-name }}"}, run: 'echo "the session is $SESSION"'}
`,
}

const nothingStandIn = "name: nothing\nruns: {using: composite, steps: [{shell: bash, run: ':'}]}\n"

// act runs a workflow by nektos/act, an engine of GitHub's workflows, on this machine.
func (r *repository) act(t *testing.T, workflow, event string, payload map[string]any) (log string, ok bool) {
	t.Helper()
	folder := t.TempDir()
	text, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, "event.json"), string(text))
	arguments := []string{event, "--eventpath", filepath.Join(folder, "event.json"), "--workflows", ".github/workflows/" + workflow + ".yaml",
		"--platform", "ubuntu-24.04=-self-hosted", "--no-cache-server", "--concurrent-jobs", "1",
		"--secret", "GITHUB_TOKEN=token", "--secret", `STATE_CREDENTIALS={"TF_HTTP_USERNAME": "them", "TF_HTTP_PASSWORD": "` + statePassword + `"}`,
		"--secret", `MASTER_USER_PASSWORDS={"prod": "` + masterPassword + `", "staging": "` + masterPassword + `"}`,
		"--env", "ARTIFACTS=" + filepath.Join(folder, "artifacts"), "--env", "REVIEWER=" + r.reviewer}
	for _, name := range slices.Sorted(maps.Keys(r.variables)) {
		arguments = append(arguments, "--var", name+"="+r.variables[name])
	}
	used := map[string]bool{}
	for _, one := range workflows(t) {
		for _, line := range usesLines.FindAllStringSubmatch(one.text, -1) {
			if action, _, isLocal := strings.Cut(line[1], " "); !strings.HasPrefix(line[1], "./") && isLocal && !strings.HasPrefix(action, "actions/checkout@") {
				used[action] = true
			}
		}
	}
	for action := range used {
		name, _, _ := strings.Cut(action, "@")
		text := standIns[name]
		if text == "" {
			text = nothingStandIn
		}
		stand := filepath.Join(folder, strings.ReplaceAll(name, "/", "-"))
		put(t, filepath.Join(stand, "action.yml"), text)
		arguments = append(arguments, "--local-repository", action+"="+stand)
	}
	one := &runner{gitHub: r.gitHub, programs: map[string]string{"go": synthesizer}}
	command := exec.Command(tools.Installed(t, ".venv/bin/act", "`GOBIN=$PWD/.venv/bin go install github.com/nektos/act@v0.2.89`"), arguments...)
	command.Dir = r.folder
	command.Env = append(os.Environ(), "PATH="+one.path(t, folder)+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+folder)
	output, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	ok = err == nil
	r.log.Write(output)
	kept, err := filepath.Glob(filepath.Join(folder, "artifacts", "[ap]*", "*")) // applied-STACK, planned-STACK
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range kept {
		r.artifacts.WriteString(readFile(t, path))
	}
	return string(output), ok
}

// The jobs' conditions, matrices, outputs and artifacts, by an engine that reads the workflows.
func TestWorkflowsInAnEngine(t *testing.T) {
	r := newRepository(t, nil)
	r.variables["AWS_DEPLOY_ROLE_ARN"] = "arn:d"
	if output, err := exec.Command("cp", "-r", tools.Project(t, ".github"), r.folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	r.git(t, "remote", "add", "origin", "https://github.com/o/r")
	r.write(t, "environments/prod.yaml", r.environment("prod", "a", "")[:1]+`"//": {"after": ["staging"]}, `+r.environment("prod", "a", "")[1:])
	r.write(t, "environments/staging.yaml", r.environment("staging", "a", ""))
	r.gitHub.mergedAs = r.commit(t)
	r.gitHub.tip = r.gitHub.mergedAs
	about := map[string]any{"default_branch": "main", "full_name": "o/r"}
	run := func(workflow, event string, payload map[string]any, wantOK bool, wantJobs ...string) (log string) {
		t.Helper()
		payload["repository"] = about
		log, ok := r.act(t, workflow, event, payload)
		if ok != wantOK {
			t.Errorf("%s on %s %v: ok is %v, want %v:\n%s", workflow, event, payload["action"], ok, wantOK, log)
		}
		if jobs := jobsOf(log); !sameJobs(jobs, wantJobs) {
			t.Errorf("%s on %s %v: the jobs are %q, want %q", workflow, event, payload["action"], jobs, wantJobs)
		}
		return log
	}
	pullRequest := func(action, from string, wantOK bool, wantJobs ...string) string {
		t.Helper()
		r.gitHub.head = r.git(t, "rev-parse", "HEAD")
		r.git(t, "checkout", "--quiet", "--detach", "main") // GitHub runs what the merge would be
		r.git(t, "merge", "--quiet", "--no-ff", "change")
		defer r.git(t, "checkout", "--quiet", "change")
		changes := map[string]any{}
		if action == "retargeted" {
			action, changes["base"] = "edited", map[string]any{"ref": map[string]any{"from": "another"}}
		}
		return run("diff", "pull_request", map[string]any{"action": action, "changes": changes, "pull_request": map[string]any{
			"number": 7, "head": map[string]any{"sha": r.gitHub.head, "ref": "change", "repo": map[string]any{"full_name": from}},
			"base": map[string]any{"ref": "main", "sha": r.git(t, "rev-parse", "main")}}}, wantOK, wantJobs...)
	}

	// Staging, then prod.
	log := run("deploy", "push", map[string]any{"ref": "refs/heads/main", "created": true}, true, "success synthesize",
		"success staging plan", "success staging review", "success staging apply", "success staging result",
		"success prod plan", "success prod review", "success prod apply", "success prod result")
	wants(t, "the log", log, "the session is github-1-1")
	wants(t, "the result", r.gitHub.on(7)["deployment prod"], "`prod` is deployed", "Apply complete! Resources: 2 added")

	r.branch(t)
	r.write(t, "environments/staging.yaml", r.environment("staging", "b", ""))
	commit := r.commit(t)
	pullRequest("opened", "o/r", false, "success synthesize", "success reset", "success plan staging", "success diff staging",
		"failure reviewed")
	wants(t, "the comment", r.gitHub.on(7)["review staging"], "**replaces** `terraform_data.domain`", "gate of `staging` is shut", "Commit "+commit)
	r.gitHub.labels = []string{"allow-replace/staging"}
	pullRequest("labeled", "o/r", true, "success reviewed")
	pullRequest("edited", "o/r", true, "success reviewed") // its title
	wants(t, "the comment", r.gitHub.on(7)["review staging"], "gate of `staging` is open")

	// A plan that fails; the labels go.
	r.write(t, "environments/staging.yaml", r.environment("staging", "c", preventDestroy))
	commit = r.commit(t)
	pullRequest("synchronize", "o/r", false, "success synthesize", "success reset", "failure plan staging", "failure diff staging", "failure reviewed")
	wants(t, "the comment", r.gitHub.on(7)["review staging"], "the plan failed", "Instance cannot be destroyed", "Commit "+commit)
	if len(r.gitHub.labels) != 0 {
		t.Errorf("labels %q, want none", r.gitHub.labels)
	}

	// What cannot be synthesized is no case here: act goes no further after a called workflow that failed, whatever the next job's
	// condition. TestNoCommentOutlivesItsCommit has it.

	// A fork, which changes the one and removes the other.
	r.write(t, "environments/staging.yaml", r.environment("staging", "b", ""))
	r.git(t, "rm", "--quiet", "environments/prod.yaml")
	r.commit(t)
	pullRequest("opened", "stranger/r", false, "success synthesize", "failure reviewed")
	pullRequest("retargeted", "o/r", false, "success synthesize", "success reset", "success plan prod", "success plan staging", "success diff prod",
		"success diff staging", "failure reviewed")
	wants(t, "the comment", r.gitHub.on(7)["review prod"], "`prod` disappears", "**2 resources stay on AWS")

	// What the last step prints act may lose as it ends, so that is looked for where steps run one by one.
	run("deploy", "workflow_dispatch", map[string]any{"ref": "refs/heads/change", "inputs": map[string]any{"stack": ""}}, false, "failure elsewhere")
	run("diff", "merge_group", map[string]any{"action": "checks_requested", "merge_group": map[string]any{}}, true, "success synthesize", "success reviewed")
}

var (
	finished = regexp.MustCompile(`(?m)^\[([^]]+?) *\] 🏁 +Job (succeeded|failed)`)
	nth      = regexp.MustCompile(`-\d+$`) // of a matrix
)

// jobsOf is what became of each job that was not skipped, in their order.
func jobsOf(log string) (jobs []string) {
	for _, match := range finished.FindAllStringSubmatch(log, -1) {
		name := strings.TrimPrefix(match[1], "diff/")
		if stack, job, isDeployment := strings.Cut(strings.TrimPrefix(name, "deploy "), "/deploy-stack/"); isDeployment {
			name = nth.ReplaceAllString(stack, "") + " " + job
		}
		name = nth.ReplaceAllString(name[strings.LastIndex(name, "/")+1:], "")
		jobs = append(jobs, map[string]string{"succeeded": "success ", "failed": "failure "}[match[2]]+name)
	}
	return jobs
}

// sameJobs reports whether these are the jobs, in any order: those that wait for none of each other have none.
func sameJobs(got, want []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want)))
}

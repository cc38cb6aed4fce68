//go:build integration

package workflows

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/test/tools"
)

// runner is a machine of GitHub Actions, as far as a shell step sees one. It needs bash, jq, diff and Terraform.
type runner struct {
	workspace string            // in which steps run
	variables map[string]string // of their environment
	answers   []answer          // of gh, and of terraform, which is the real one if it has none here
	gitHub    *gitHub           // whom gh asks instead
	programs  map[string]string // more of them, by their names
	calls     []string          // that the last step made of those, in their order
	bodies    []string          // that its calls of gh had
	password  string            // of a master user, that the last of them got
}

// answer is what a command answers to the calls that fit a pattern of bash's; of several, the first that fits is played.
type answer struct {
	calls  string
	output string
	code   int
}

func newRunner(t *testing.T, files map[string]string, answers ...answer) *runner {
	t.Helper()
	tools.OnPath(t, "bash", "jq", "diff", "terraform")
	workspace := t.TempDir()
	if err := os.Symlink(tools.Project(t, ".github"), filepath.Join(workspace, ".github")); err != nil {
		t.Fatal(err)
	}
	one := &runner{workspace: workspace, answers: answers, variables: map[string]string{
		"GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42", "GITHUB_SHA": "c0ffee", "GITHUB_REF_NAME": "main", "CI": "true",
	}}
	for name, text := range files {
		one.write(t, name, text)
	}
	return one
}

// recorder is a program that tells its calls, keeps the bodies of requests, and plays answers.
const recorder = `#!/usr/bin/env bash
call="${0##*/} $*"
printf '%s\n' "$call" >>"$RECORDS/calls"
printf %s "${TF_VAR_master_user_password-unset}" >"$RECORDS/password"
for argument in "$@"; do
  case $argument in body=@*) cp "${argument#body=@}" "$(mktemp "$RECORDS/body.XXXXXX")" ;; esac
done
for answer in "$RECORDS"/answers/*; do
  pattern=$(cat "$answer/calls")
  # shellcheck disable=SC2254 # a pattern is meant
  case $call in $pattern) cat "$answer/output"; exit "$(cat "$answer/code")" ;; esac
done
echo "no answer to: $call" >&2
exit 99
`

// step runs a step as GitHub does, with its expressions replaced by values, and returns what it printed and its exit code.
func (r *runner) step(t *testing.T, name string, values map[string]string) (log string, code int) {
	t.Helper()
	step := stepNamed(t, name)
	records := t.TempDir()
	script := filepath.Join(records, "step.sh")
	put(t, script, step.Run)

	command := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	command.Dir = r.workspace
	// Nothing else of this machine's environment, which may have a password or a real run's variables in it.
	command.Env = []string{
		"PATH=" + r.path(t, records) + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.Getenv("TMPDIR"),
		"RECORDS=" + records, "RUNNER_TEMP=" + records,
		"GITHUB_OUTPUT=" + filepath.Join(r.workspace, "GITHUB_OUTPUT"), "GITHUB_STEP_SUMMARY=" + filepath.Join(r.workspace, "GITHUB_STEP_SUMMARY"),
	}
	for name, value := range r.variables {
		command.Env = append(command.Env, name+"="+value)
	}
	for variable, text := range step.Env {
		text = expression.ReplaceAllStringFunc(text, func(match string) string {
			value, ok := values[expression.FindStringSubmatch(match)[1]]
			if !ok {
				t.Errorf("%s: the test has no value of %s", name, match)
			}
			return value
		})
		command.Env = append(command.Env, variable+"="+text)
	}
	output, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	r.recall(t, records)
	return string(output), command.ProcessState.ExitCode()
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

func stepNamed(t *testing.T, name string) (found workflowStep) {
	t.Helper()
	eachStep(t, func(is string, step workflowStep) {
		if is == name {
			found = step
		}
	})
	if found.Run == "" {
		t.Fatalf("no step %s that runs a script", name)
	}
	return found
}

// path makes the folder of the programs that play answers and keep their records in folder.
func (r *runner) path(t *testing.T, folder string) (programs string) {
	t.Helper()
	for i, answer := range r.answers {
		for name, text := range map[string]string{"calls": answer.calls, "output": answer.output, "code": fmt.Sprint(answer.code)} {
			put(t, filepath.Join(folder, "answers", fmt.Sprintf("%03d", i), name), text)
		}
	}
	programs = filepath.Join(folder, "programs")
	plays := []string{"gh", "aws", "npx", "curl"} // none of which may be the real one
	if slices.ContainsFunc(r.answers, func(a answer) bool { return strings.HasPrefix(a.calls, "terraform ") }) {
		plays = append(plays, "terraform")
	}
	for _, name := range plays {
		put(t, filepath.Join(programs, name), recorder)
	}
	if r.gitHub != nil {
		itself, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(programs, "gh"), "#!/usr/bin/env bash\n"+asGH+"="+r.gitHub.URL+" exec "+itself+" \"$@\"\n")
	}
	for name, text := range r.programs {
		put(t, filepath.Join(programs, name), text)
	}
	return programs
}

// recall reads what the programs recorded in folder.
func (r *runner) recall(t *testing.T, folder string) {
	t.Helper()
	r.calls, r.bodies, r.password = nil, nil, readFile(t, filepath.Join(folder, "password"))
	calls := strings.ReplaceAll(readFile(t, filepath.Join(folder, "calls")), folder+"/", "")
	for call := range strings.Lines(calls) {
		r.calls = append(r.calls, strings.TrimSuffix(call, "\n"))
	}
	bodies, err := filepath.Glob(filepath.Join(folder, "body.??????"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range bodies {
		r.bodies = append(r.bodies, readFile(t, path))
	}
}

func (r *runner) write(t *testing.T, name, text string) {
	t.Helper()
	put(t, filepath.Join(r.workspace, name), text)
}

func (r *runner) read(t *testing.T, name string) string {
	t.Helper()
	return readFile(t, filepath.Join(r.workspace, name))
}

// put writes a file that can be run too, and its folder.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// readFile reads a file; one that is not there is empty.
func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

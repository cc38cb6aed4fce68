// Package tools is what the tests of the whole run: the programs that the machine has or this repository's files bring, and the
// synthesizer itself.
//
//   - tools.go finds programs, and says which are missing;
//   - synthesizer.go builds and runs the synthesizer;
//   - server.go starts a server for the time of a test.
//
// The packages beside this one are those tests, each with the tools that it alone needs: deploy is the stacks' way to AWS, state is the
// backends, and workflows is .github.
package tools

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Project is the absolute path of a file of the project's, by its path there.
func Project(t testing.TB, path string) string {
	t.Helper()
	absolute, err := filepath.Abs(filepath.Join("..", "..", path)) // a test runs in the folder of its package, test/NAME
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

// Python is the absolute path of what requirements.txt brings, by a pattern of its path in .venv. Without it the test skips, or fails
// in CI.
func Python(t testing.TB, pattern string) string {
	t.Helper()
	return Installed(t, filepath.Join(".venv", pattern), "`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`")
}

// CDKTF is a command of the command line that package.json pins. Without it or Terraform the test skips, or fails in CI.
func CDKTF(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	OnPath(t, "terraform")
	command := exec.Command(Installed(t, "node_modules/.bin/cdktf", "`npm ci`"), arguments...)
	command.Dir = Project(t, ".")
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "CI=true", "TF_CLI_ARGS_plan=-no-color")
	return command
}

// Installed is the absolute path of what a command brings, by a pattern of its path in the project. Without it the test skips, or fails
// in CI.
func Installed(t testing.TB, pattern, remedy string) string {
	t.Helper()
	found, err := filepath.Glob(Project(t, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if found == nil {
		missing(t, "no %s; %s brings it", pattern, remedy)
	}
	return found[0]
}

// OnPath skips a test, or fails it in CI, if one of the programs that it runs is not on the PATH.
func OnPath(t testing.TB, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, "%v", err)
		}
	}
}

// missing skips a test that lacks what it runs on, but in CI fails it.
func missing(t testing.TB, format string, arguments ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, arguments...)
	}
	t.Skipf(format, arguments...)
}

// WriteFile writes a file, and makes its folder.
func WriteFile(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

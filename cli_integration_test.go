//go:build integration

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cdktfCLI is a command of the command line that package.json pins.
func cdktfCLI(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	needsTerraform(t)
	command := exec.Command(installed(t, "node_modules/.bin/cdktf", "`npm ci`"), arguments...)
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "CI=true", "TF_CLI_ARGS_plan=-no-color")
	return command
}

// runCDKTF runs a command that must succeed, and returns what it printed.
func runCDKTF(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := cdktfCLI(t, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("cdktf %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return string(output)
}

func TestCDKTFListsTheStacks(t *testing.T) {
	output := runCDKTF(t, "list", "--output", t.TempDir())
	for stack := range synthesizedOnce {
		isRow := func(line string) bool { return strings.HasPrefix(line, stack+" ") }
		if !slices.ContainsFunc(strings.Split(output, "\n"), isRow) {
			t.Errorf("no row of %s in the output of cdktf list:\n%s", stack, output)
		}
	}
}

// The whole way of `cdktf diff` with the real Terraform, on a stack that needs no provider from a registry.
func TestCDKTFDiff(t *testing.T) {
	outdir := t.TempDir()
	output := runCDKTF(t, "diff", "demo", "--app", "go run ./testdata/terraformdata", "--skip-provider-lock", "--output", outdir)
	if want := "Plan: 1 to add, 0 to change, 0 to destroy."; !strings.Contains(output, want) {
		t.Errorf("cdktf diff does not print %q:\n%s", want, output)
	}
	if _, err := os.Stat(filepath.Join(outdir, "stacks", "demo", "plan")); err != nil {
		t.Error(err)
	}
}

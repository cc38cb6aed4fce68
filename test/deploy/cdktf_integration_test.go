//go:build integration

package deploy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/test/tools"
)

// cdktf runs a command of cdktf's in the project's folder, which must succeed, and returns what it printed.
func cdktf(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := tools.CDKTF(t, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("cdktf %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return string(output)
}

func TestCDKTFListsTheStacks(t *testing.T) {
	output := cdktf(t, "list", "--output", t.TempDir())
	files, err := spec.Load(tools.Project(t, "environments"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		stack := file.Name
		isRow := func(line string) bool { return strings.HasPrefix(line, stack+" ") }
		if !slices.ContainsFunc(strings.Split(output, "\n"), isRow) {
			t.Errorf("no row of %s in the output of cdktf list:\n%s", stack, output)
		}
	}
}

// The whole way of `cdktf diff` with the real Terraform, on a stack that needs no provider from a registry.
func TestCDKTFDiff(t *testing.T) {
	outdir := t.TempDir()
	const app = "go run ./test/deploy/testdata/terraformdata"
	output := cdktf(t, "diff", "demo", "--app", app, "--skip-provider-lock", "--output", outdir)
	if want := "Plan: 1 to add, 0 to change, 0 to destroy."; !strings.Contains(output, want) {
		t.Errorf("cdktf diff does not print %q:\n%s", want, output)
	}
	if _, err := os.Stat(filepath.Join(outdir, "stacks", "demo", "plan")); err != nil {
		t.Error(err)
	}
}

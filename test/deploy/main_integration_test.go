//go:build integration

package deploy

import (
	"os"
	"path/filepath"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test -tags integration ./... -update` fails here
	"cdktf-aimetrics/test/tools"
)

func TestMain(m *testing.M) { os.Exit(tools.Main(m)) }

// synthesized is what becomes of every environment, and of those that the tests have: files of a name, cdk.tf.json or cdk.tf, by their
// stacks.
func synthesized(t *testing.T, name string) map[string]string {
	t.Helper()
	return synthesizedFrom(t, name, "environments", "testdata/environments")
}

// synthesizedFrom is the same of the files of some folders.
func synthesizedFrom(t *testing.T, name string, folders ...string) map[string]string {
	t.Helper()
	folder := t.TempDir()
	for _, environments := range folders {
		if err := os.CopyFS(filepath.Join(folder, "environments"), os.DirFS(tools.Project(t, environments))); err != nil {
			t.Fatal(err)
		}
	}
	variables := []string{"CDKTF_OUTDIR=cdktf.out"}
	if name == "cdk.tf" {
		variables = append(variables, "SYNTH_HCL_OUTPUT=true")
	}
	if _, stderr, code := tools.Synthesize(t, folder, variables); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "cdktf.out", "stacks", "*", name))
	if err != nil || paths == nil {
		t.Fatalf("no %s: %v", name, err)
	}
	all := map[string]string{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(filepath.Dir(path))] = string(content)
	}
	return all
}

package tools

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// Main runs the tests of a package that runs the synthesizer, and returns their exit code.
func Main(m *testing.M) int {
	defer func() { os.RemoveAll(built.folder) }()
	return m.Run()
}

// built is where the synthesizer is, once it is built.
var built struct {
	sync.Once
	folder string
	err    error
}

// Synthesizer is the absolute path of the synthesizer, which is built for the first test that asks. Its package must have [Main] run
// the tests.
func Synthesizer(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "synthesizer-"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", built.folder+string(filepath.Separator)+"synthesize", ".")
		build.Dir = Project(t, ".")
		if output, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%v: %w\n%s", build, err, output)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "synthesize")
}

// Synthesize runs the synthesizer in a folder.
func Synthesize(t testing.TB, folder string, variables []string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.Command(Synthesizer(t), arguments...)
	command.Dir = folder
	command.Env = slices.Concat(os.Environ(), variables)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), command.ProcessState.ExitCode()
}

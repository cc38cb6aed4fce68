package outdir

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

// asProgram names the folder that the test binary writes to, as a program that waits aside for its end.
const asProgram = "OUTDIR_TEST_PROGRAM"

func TestMain(m *testing.M) {
	folder := os.Getenv(asProgram)
	if folder == "" {
		os.Exit(m.Run())
	}
	Write(folder, func(aside string) error {
		os.WriteFile(filepath.Join(aside, "manifest.json"), nil, 0o644)
		os.Stdout.WriteString("aside\n")
		select {}
	})
}

// put writes files below folder, by their paths.
func put(folder string, files map[string]string) error {
	for path, content := range files {
		path = filepath.Join(folder, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			return err
		}
	}
	return nil
}

// content is every file below folder, by its path.
func content(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, path))
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWrite(t *testing.T) {
	const written = "stacks/prod/cdk.tf.json"
	for _, test := range []struct {
		name          string
		before, aside map[string]string
		fault, err    string // of write, and of Write; FOLDER stands for the folder
		after         map[string]string
	}{
		{"the first time", nil, map[string]string{written: "new", "manifest.json": "new"}, "", "",
			map[string]string{written: "new", "manifest.json": "new"}},
		{"again", map[string]string{written: "old", "manifest.json": "old"}, map[string]string{written: "new", "manifest.json": "new"}, "", "",
			map[string]string{written: "new", "manifest.json": "new"}},
		{"what is another's stays", map[string]string{"stacks/prod/plan": "a plan", "stacks/dev/cdk.tf.json": "old"}, map[string]string{written: "new"}, "", "",
			map[string]string{"stacks/prod/plan": "a plan", "stacks/dev/cdk.tf.json": "old", written: "new"}},
		{"HCL in the place of JSON", map[string]string{written: "old"}, map[string]string{"stacks/prod/cdk.tf": "new"}, "", "",
			map[string]string{"stacks/prod/cdk.tf": "new"}},
		{"JSON in the place of HCL", map[string]string{"stacks/prod/cdk.tf": "old"}, map[string]string{written: "new"}, "", "",
			map[string]string{written: "new"}},
		{"a fault", map[string]string{written: "old"}, map[string]string{written: "half"}, "a fault", "a fault",
			map[string]string{written: "old"}},
		{"a disk that is full", nil, map[string]string{written: "half"}, "cdktf could not synthesize: Error: ENOSPC: no space left on device, write",
			"FOLDER: cannot be written (no space left on device); make it writable, or set CDKTF_OUTDIR to another folder", map[string]string{}},
		{"a folder where a file goes", map[string]string{written + "/file": "old", "stacks/a/cdk.tf.json": "old"},
			map[string]string{"stacks/a/cdk.tf.json": "new", written: "new"}, "",
			"FOLDER/" + written + ": cannot be written (is a folder); make it writable, or set CDKTF_OUTDIR to another folder",
			map[string]string{written + "/file": "old", "stacks/a/cdk.tf.json": "old"}},
		{"a file where a folder goes", map[string]string{"stacks/prod": "old", "stacks/a/cdk.tf.json": "old"},
			map[string]string{"stacks/a/cdk.tf.json": "new", written: "new"}, "",
			"FOLDER/stacks/prod: cannot be written (not a directory); make it writable, or set CDKTF_OUTDIR to another folder",
			map[string]string{"stacks/prod": "old", "stacks/a/cdk.tf.json": "old"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "cdktf.out")
			if err := put(folder, test.before); err != nil {
				t.Fatal(err)
			}
			err := Write(folder, func(aside string) error {
				if err := put(aside, test.aside); err != nil || test.fault == "" {
					return err
				}
				return errors.New(test.fault)
			})
			said := ""
			if err != nil {
				said = err.Error()
			}
			if want := strings.ReplaceAll(test.err, "FOLDER", folder); said != want {
				t.Errorf("error %q, want %q", said, want)
			}
			if diff := cmp.Diff(test.after, content(t, folder)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, leftover+"*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestWriteWhereAFileIs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := Write(file, func(string) error { return nil })
	want := file + ": cannot be written (not a directory); make it writable, or set CDKTF_OUTDIR to another folder"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// What a run that was killed left goes, and what one that still runs writes does not.
func TestLeftovers(t *testing.T) {
	folder := t.TempDir()
	for name, age := range map[string]time.Duration{leftover + "killed": 2 * time.Hour, leftover + "running": time.Minute} {
		path := filepath.Join(folder, name)
		then := time.Now().Add(-age)
		if err := errors.Join(os.Mkdir(path, 0o755), os.Chtimes(path, then, then)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Write(folder, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(folder, leftover+"*"))
	if want := []string{filepath.Join(folder, leftover+"running")}; err != nil || !cmp.Equal(want, left) {
		t.Errorf("left are %v (%v), want %v", left, err, want)
	}
}

func TestManifestIsLast(t *testing.T) {
	want := []string{"a/cdk.tf.json", "a/manifest.json", "z", "manifest.json"}
	if diff := cmp.Diff(want, manifestLast([]string{"a/cdk.tf.json", "a/manifest.json", "manifest.json", "z"})); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestInterrupt(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			folder := t.TempDir()
			program := exec.Command(binary)
			program.Env = append(os.Environ(), asProgram+"="+folder)
			var stderr strings.Builder
			program.Stderr = &stderr
			stdout, err := program.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := program.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { program.Process.Kill() })
			if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
				t.Fatalf("%v\n%s", err, &stderr)
			}
			program.Process.Signal(signal)
			program.Wait()
			if code := program.ProcessState.ExitCode(); code != 1 || stderr.String() != "interrupted\n" {
				t.Errorf("exit code %d, want 1; it says %q", code, &stderr)
			}
			if left := content(t, folder); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// Package snapshot compares what tests get with files that are kept, and has the flag -update, by which the tests write these files
// themselves: for a test's one package, `go test . -update`, or for all, `go test ./... -update`.
//
// go hands a flag to the tests of every package that it runs, and a test binary that does not know it fails. So every package with
// tests imports this one, be it for the flag alone.
package snapshot

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the snapshots")

// Updating reports whether the snapshots are to be written, and not compared.
func Updating() bool { return *update }

// Compare fails the test if the file at path is not what the test got. With -update it writes the file, and its folder.
func Compare(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with `%s`", err, command())
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is not what the test got (-snapshot +got):\n%s\nif that is meant: `%s`", path, diff, command())
	}
}

// Owned fails the test for each file of a folder that has none of these names: what it was the snapshot of is gone. With -update it
// removes the file.
func Owned(t testing.TB, folder string, names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		switch {
		case slices.Contains(names, entry.Name()):
		case !*update:
			t.Errorf("%s is a snapshot of nothing; remove it with `%s`", path, command())
		default:
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// command is what writes the snapshots of the package that is tested, from the project's folder.
func command() string {
	here, err := os.Getwd() // which is a test's own package
	if err != nil {
		return "go test ./... -update"
	}
	for project := here; ; project = filepath.Dir(project) {
		if _, err := os.Stat(filepath.Join(project, "go.mod")); err == nil {
			folder, _ := filepath.Rel(project, here)
			return "go test " + strings.TrimSuffix("./"+filepath.ToSlash(folder), "/.") + " -update"
		}
		if project == filepath.Dir(project) {
			return "go test ./... -update"
		}
	}
}

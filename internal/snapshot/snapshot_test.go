package snapshot_test

import (
	"errors"
	"flag"
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/internal/snapshot"
)

// failures is a test that notes how it failed.
type failures struct {
	testing.TB
	said []string
}

func (f *failures) Helper() {}

func (f *failures) Errorf(format string, arguments ...any) {
	f.said = append(f.said, fmt.Sprintf(format, arguments...))
}

func (f *failures) Fatalf(format string, arguments ...any) { f.Errorf(format, arguments...) }

// updating runs something with -update, or without.
func updating(t *testing.T, value string, run func()) {
	t.Helper()
	before := fmt.Sprint(snapshot.Updating())
	if err := flag.Set("update", value); err != nil {
		t.Fatal(err)
	}
	defer flag.Set("update", before)
	run()
}

func TestCompare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshots", "one.txt")
	for _, step := range []struct{ update, got, failure string }{
		{"true", "a\nb\n", ""},
		{"false", "a\nb\n", ""},
		{"false", "a\nc\n", "if that is meant: `go test ./internal/snapshot -update`"},
		{"false", "a\nb\n", ""}, // which the failure left as it was
		{"true", "a\nc\n", ""},
		{"false", "a\nc\n", ""},
	} {
		f := &failures{TB: t}
		updating(t, step.update, func() { snapshot.Compare(f, path, step.got) })
		said := strings.Join(f.said, "\n")
		if (step.failure == "") != (said == "") || !strings.Contains(said, step.failure) {
			t.Errorf("-update=%s with %q fails with %q, want %q", step.update, step.got, said, step.failure)
		}
	}
}

func TestOwned(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"kept.txt", "stray.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ update, failure string }{
		{"false", filepath.Join(folder, "stray.txt") + " is a snapshot of nothing; remove it with `go test ./internal/snapshot -update`"},
		{"true", ""},
		{"false", ""},
	} {
		f := &failures{TB: t}
		updating(t, step.update, func() { snapshot.Owned(f, folder, []string{"kept.txt"}) })
		if said := strings.Join(f.said, "\n"); said != step.failure {
			t.Errorf("-update=%s fails with %q, want %q", step.update, said, step.failure)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "kept.txt")); err != nil {
		t.Error(err)
	}
}

// go hands -update to the tests of every package, and a package that does not know the flag fails: `go test ./... -update` works if
// all import this one.
func TestEveryPackageKnowsUpdate(t *testing.T) {
	root := filepath.Join("..", "..")
	known := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		name := entry.Name()
		if path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		for _, tags := range [][]string{nil, {"integration"}} {
			context := build.Default
			context.BuildTags = tags
			found, err := context.ImportDir(path, 0)
			if noGo := (*build.NoGoError)(nil); err != nil && !errors.As(err, &noGo) {
				return err
			}
			if len(found.TestGoFiles)+len(found.XTestGoFiles) == 0 {
				continue
			}
			imports := slices.Concat(found.TestImports, found.XTestImports)
			if !slices.Contains(imports, "cdktf-aimetrics/internal/snapshot") {
				t.Errorf("the tests of %s (build tags %v) do not import cdktf-aimetrics/internal/snapshot: `go test ./... -update` fails there",
					path, tags)
			}
			known++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if known < 8 {
		t.Errorf("%d packages with tests were seen, want more", known)
	}
}

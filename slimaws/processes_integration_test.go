//go:build integration

package slimaws

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	testsnapshot "cdktf-aimetrics/internal/snapshot"
)

// These need no server. But they start many processes, or the whole provider, for a minute of a processor's time, which is too much for
// `go test ./...`.

func TestWholeCache(t *testing.T) { holdCache(t, true) }

// What every other test compares with is what the whole provider makes.
func TestWholeProvider(t *testing.T) {
	made := synth("domain", "SLIMAWS=off")
	if made.err != nil {
		t.Fatalf("%v\n%s", made.err, made.stderr)
	}
	testsnapshot.Compare(t, wholePath, made.synthesized)
}

// Runs at once on one cache, of which the first ones make it, are all right, and leave nothing that is not whole.
func TestProcessesAtOnce(t *testing.T) {
	want, err := wholeProvider()
	if err != nil {
		t.Fatal(err)
	}
	folder := tempDir(t)
	made := func(pattern string) []string {
		found, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for round := 0; ; round++ {
		var all sync.WaitGroup
		for range max(1, 3-round) {
			all.Go(func() {
				made := synth("domain", makesSnapshot+"=1", "SLIMAWS_CACHE="+folder)
				if made.err != nil || made.stderr != "" || made.synthesized != want {
					t.Errorf("error %v, stderr %q, same bytes: %v", made.err, made.stderr, made.synthesized == want)
				}
			})
		}
		all.Wait()
		if len(made("*.snapshot")) == 1 && len(made("*.attempt")) == 0 && len(made(aside+"*")) == 0 {
			break
		}
		if round == 200 {
			t.Fatalf("no snapshot was made, or more than that is left: %v %v %v", made("*.snapshot"), made("*.attempt"), made(aside+"*"))
		}
	}
	if made := synth("domain", "SLIMAWS_CACHE="+folder); made.runsIn != inSnapshot || made.synthesized != want {
		t.Errorf("the kernel runs in %s, want %s; same bytes: %v", made.runsIn, inSnapshot, made.synthesized == want)
	}
}

// beforeItsSnapshot is what the program synthesizes, and a filled cache that has no snapshot yet.
func beforeItsSnapshot(t *testing.T) (want, folder string) {
	t.Helper()
	want, filled := wantedAndFilled(t)
	folder = tempDir(t)
	if err := os.CopyFS(folder, os.DirFS(filled)); err != nil {
		t.Fatal(err)
	}
	remove("*.snapshot")(t, folder)
	return want, folder
}

// What makes a snapshot leaves that alone: neither its folder nor what the kernel extracts for it.
func TestSnapshotMakerLeavesNothing(t *testing.T) {
	_, folder := beforeItsSnapshot(t)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	command, snapshot, err := snapshotMaker(folder)
	if err != nil {
		t.Fatal(err)
	}
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if _, err := snapshot.packages(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 || exists(command.Dir) {
		t.Errorf("left in the temporary folder: %v (%v); in the cache: %v", left, err, exists(command.Dir))
	}
}

// Wherever the process that makes a snapshot is killed, none is there, or a whole one.
func TestSnapshotMakerIsKilled(t *testing.T) {
	want, folder := beforeItsSnapshot(t)
	for after := 30 * time.Millisecond; ; after *= 3 {
		command, snapshot, err := snapshotMaker(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(after, func() { command.Process.Kill() })
		command.Wait()
		kill.Stop()
		_, err = snapshot.packages()
		made := synth("domain", "SLIMAWS_CACHE="+folder)
		if made.err != nil || made.stderr != "" || made.synthesized != want {
			t.Errorf("killed after %v: error %v, stderr %q, same bytes: %v", after, made.err, made.stderr, made.synthesized == want)
		}
		if err == nil {
			return
		}
		if !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("killed after %v, it leaves a snapshot that is %v", after, err)
		}
	}
}

// A snapshot that could not be made whole is not kept: here for want of space.
func TestSnapshotWithoutSpace(t *testing.T) {
	want, folder := beforeItsSnapshot(t)
	command, snapshot, err := snapshotMaker(folder)
	if err != nil {
		t.Fatal(err)
	}
	limited := exec.Command("/bin/sh", "-c", `ulimit -f 8192; exec "$0" "$@"`, command.Path, command.Args[1])
	limited.Dir, limited.Env = command.Dir, command.Env
	if err := limited.Run(); err == nil {
		t.Error("a snapshot was made of files of 4 MiB at most")
	}
	if _, err := snapshot.packages(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the snapshot: %v, want none", err)
	}
	if left := command.Dir; exists(left) {
		t.Errorf("%s is left", left)
	}
	if made := synth("domain", "SLIMAWS_CACHE="+folder); made.err != nil || made.stderr != "" || made.synthesized != want {
		t.Errorf("error %v, stderr %q, same bytes: %v", made.err, made.stderr, made.synthesized == want)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

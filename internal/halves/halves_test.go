package halves

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
	"cdktf-aimetrics/spec"
)

// asFirst makes the test binary a first process that ends while the second one is busy.
const asFirst = "HALVES_TEST_FIRST"

func TestMain(m *testing.M) {
	if aside := os.Getenv(asFirst); aside != "" && !Asked() {
		if _, err := Start("wait", aside, files("a")); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	if !Asked() {
		os.Exit(m.Run())
	}
	err := Serve(func(folder string) ([]spec.File, error) {
		switch folder {
		case "fault":
			return nil, errors.New("a fault\nand another one")
		case "wait":
			os.NewFile(3, "").WriteString("waiting\n")
			select {}
		case "exit":
			os.Exit(3)
		}
		return files("a", "b", "c"), nil
	}, func(outdir string, files []spec.File) error {
		var stacks []string
		for _, file := range files {
			stacks = append(stacks, fmt.Sprintf("    %q: {\n      \"name\": %[1]q\n    }", file.Name))
			path := filepath.Join(outdir, "stacks", file.Name, "cdk.tf.json")
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(file.Name), 0o644)); err != nil {
				return err
			}
		}
		return os.WriteFile(filepath.Join(outdir, manifestFile), []byte(manifestOf(stacks...)), 0o644)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func files(names ...string) []spec.File {
	var files []spec.File
	for _, name := range names {
		files = append(files, spec.File{Name: name})
	}
	return files
}

func manifestOf(stacks ...string) string {
	return "{\n  \"stacks\": {\n" + strings.Join(stacks, ",\n") + "\n  },\n  \"version\": \"0.21.0\"\n}"
}

// first writes what the first process made, and returns where.
func first(t *testing.T, manifest string) string {
	t.Helper()
	aside := t.TempDir()
	if err := os.MkdirAll(filepath.Join(aside, "stacks"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(aside, manifestFile), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	return aside
}

func TestSecond(t *testing.T) {
	const b = "    \"b\": {\n      \"annotations\": [\n      ]\n    }"
	for _, test := range []struct {
		name, environments string
		names              []string
		manifest           string // of the first process
		err                string
	}{
		{"two of three", "all", []string{"a", "c"}, manifestOf(b), ""},
		{"a fault", "fault", []string{"a"}, manifestOf(b), "a fault\nand another one"},
		{"an end", "exit", []string{"a"}, manifestOf(b), "the process that synthesizes half of the stacks: exit status 3"},
		{"a file that went away", "all", []string{"d"}, manifestOf(b), "all: the file of d went away meanwhile; run it again"},
		{"another manifest", "all", []string{"a"}, manifestOf(b) + "\n", "manifest.json is not as cdktf writes it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			aside := first(t, test.manifest)
			second, err := Start(test.environments, aside, files(test.names...))
			if err != nil {
				t.Fatal(err)
			}
			defer second.Stop()
			err = second.Finish(aside)
			if test.err != "" {
				if err == nil || !strings.HasSuffix(err.Error(), test.err) {
					t.Errorf("error %v, want %s", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, path := range []string{manifestFile, "stacks/a/cdk.tf.json", "stacks/c/cdk.tf.json"} {
				content, err := os.ReadFile(filepath.Join(aside, path))
				if err != nil {
					t.Fatal(err)
				}
				got[path] = string(content)
			}
			want := map[string]string{
				manifestFile: manifestOf("    \"a\": {\n      \"name\": \"a\"\n    }", b, "    \"c\": {\n      \"name\": \"c\"\n    }"),

				"stacks/a/cdk.tf.json": "a", "stacks/c/cdk.tf.json": "c",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
			entries, err := os.ReadDir(aside)
			if err != nil || len(entries) != 2 {
				t.Errorf("aside has %v (%v), want the manifest and the stacks", entries, err)
			}
		})
	}
}

// The second process ends when the first one does, however that is.
func TestSecondEndsWithTheFirst(t *testing.T) {
	for _, killed := range []bool{false, true} {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), asFirst+"="+t.TempDir())
		stdin, err := command.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		// The second process has the other end of this, too: it ends when both have.
		ours, theirs, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		command.ExtraFiles = []*os.File{theirs}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		theirs.Close()
		ours.SetReadDeadline(time.Now().Add(time.Minute))
		read := bufio.NewReader(ours)
		if line, err := read.ReadString('\n'); line != "waiting\n" {
			t.Fatalf("the second process says %q (%v)", line, err)
		}
		if killed {
			command.Process.Kill()
		}
		stdin.Close()
		command.Wait()
		if _, err := io.ReadAll(read); err != nil {
			t.Errorf("killed: %v: the second process goes on (%v)", killed, err)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Setenv("SLIMAWS", "")
	var many []spec.File
	for i := range fewest {
		many = append(many, spec.File{Name: fmt.Sprint(i)})
	}
	many[3].Roles = &spec.Roles{}
	here, second := Split(many)
	if len(second) != fewest/2 || slices.ContainsFunc(second, func(file spec.File) bool { return file.Roles != nil }) {
		t.Errorf("the second process gets %d of %d", len(second), fewest)
	}
	if len(here)+len(second) != fewest {
		t.Errorf("%d and %d are not %d", len(here), len(second), fewest)
	}
	if _, second := Split(many[1:]); second != nil {
		t.Errorf("%d are split", fewest-1)
	}
	// An order is known within one process alone.
	many[5].Environment.DeployAfter = []string{many[7].Name}
	_, second = Split(many)
	if slices.ContainsFunc(second, func(file spec.File) bool { return file.Name == many[5].Name || file.Name == many[7].Name }) {
		t.Error("the second process gets stacks with an order")
	}
	t.Setenv("SLIMAWS", "off")
	if _, second := Split(many); second != nil {
		t.Error("there are two whole providers")
	}
}

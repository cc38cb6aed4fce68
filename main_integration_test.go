//go:build integration

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// These need no server, but more than a minute of a processor's time, which is too much for `go test ./...`.

// The whole provider makes the same bytes.
func TestSameBytesWithTheWholeProvider(t *testing.T) {
	temporary := sameBytes(t, "SLIMAWS=off")
	// With slim assemblies, the kernel removes what it has there when it ends, which is after the program.
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
}

// Two processes make the same of many files as one.
func TestManyEnvironments(t *testing.T) { oneAndTwo(t, manyEnvironments(t), "SYNTH_HCL_OUTPUT=false") }

func TestManyEnvironmentsInHCL(t *testing.T) {
	oneAndTwo(t, manyEnvironments(t), "SYNTH_HCL_OUTPUT=true")
}

// manyEnvironments is a folder with the environments here and forty more, which two processes share.
func manyEnvironments(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	copyEnvironments(t, filepath.Join(folder, "environments"))
	for i := range 40 {
		content := strings.Replace(smallest, "domain_name: metrics", fmt.Sprintf("domain_name: metrics-%d", i), 1)
		if i == 0 {
			content += "\ndeploy_after: [m-39, prod]\n"
		}
		writeFile(t, filepath.Join(folder, "environments", fmt.Sprintf("m-%d.yaml", i)), content)
	}
	return folder
}

// oneAndTwo fails unless one process makes of a folder what two make.
func oneAndTwo(t *testing.T, folder, language string) {
	t.Helper()
	var made []map[string]string
	for _, processors := range []string{"1", "2"} {
		outdir := filepath.Join(t.TempDir(), "cdktf.out")
		_, stderr, code := program(t, folder, []string{"GOMAXPROCS=" + processors, "CDKTF_OUTDIR=" + outdir, language})
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		files := map[string]string{}
		for path, content := range tree(t, outdir) {
			files[strings.TrimPrefix(path, outdir)] = content
		}
		var manifest struct {
			Stacks map[string]struct{ Dependencies []string }
		}
		if err := json.Unmarshal([]byte(files["/manifest.json"]), &manifest); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"m-39", "prod"}, manifest.Stacks["m-0"].Dependencies); diff != "" {
			t.Errorf("what m-0 comes after, with %s processors (-want +got):\n%s", processors, diff)
		}
		made = append(made, files)
	}
	if diff := cmp.Diff(made[0], made[1]); diff != "" {
		t.Errorf("%s (-one process +two):\n%s", language, diff)
	}
}

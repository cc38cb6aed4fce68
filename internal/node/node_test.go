package node

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

// program writes a script that stands in for Node.js.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "node")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheck(t *testing.T) {
	const install = "; install Node.js 22 or newer from https://nodejs.org"
	broken, mute := program(t, "echo a trace >&2; exit 9"), program(t, "echo hello")
	nowhere := filepath.Join(program(t, ""), "nowhere")
	for _, test := range []struct {
		name      string
		variables map[string]string
		warning   string
		err       string
	}{
		{"new", map[string]string{"JSII_NODE": program(t, "echo v99.0.0")}, "", ""},
		{"the oldest", map[string]string{"JSII_NODE": program(t, "echo v20.9.0")},
			"warning: node: v20.9.0 gets no security fixes since 2026-04-30" + install + "\n", ""},
		{"too old", map[string]string{"JSII_NODE": program(t, "echo v20.8.1")}, "",
			"node: v20.8.1 is older than 20.9, which cdktf's library needs" + install},
		{"of an older release", map[string]string{"JSII_NODE": program(t, "echo v18.20.1")}, "",
			"node: v18.20.1 is older than 20.9, which cdktf's library needs" + install},
		{"on the PATH", map[string]string{"PATH": filepath.Dir(program(t, "echo v99.0.0"))}, "", ""},
		{"not on the PATH", map[string]string{"PATH": t.TempDir()}, "",
			"node: is not on the PATH, and cdktf's library runs on it" + install},
		{"not where JSII_NODE says", map[string]string{"JSII_NODE": "/nowhere/node"}, "",
			`node: JSII_NODE is "/nowhere/node", and there is no such program; correct or unset it`},
		{"broken", map[string]string{"JSII_NODE": broken}, "", "node: " + broken + " does not tell its version" + install},
		{"no Node.js at all", map[string]string{"JSII_NODE": mute}, "", "node: " + mute + " does not tell its version" + install},
		{"kept from starting by NODE_OPTIONS", map[string]string{"JSII_NODE": broken, "NODE_OPTIONS": "--nonsense"}, "",
			"node: " + broken + ` does not start with NODE_OPTIONS="--nonsense"; correct or unset them`},
		{"that starts with NODE_OPTIONS", map[string]string{"JSII_NODE": program(t, `[ "$*" = "-p process.version" ] && echo v99.0.0`),
			"NODE_OPTIONS": "--max-old-space-size=100"}, "", ""},
		{"no temporary folder", map[string]string{"JSII_NODE": program(t, "echo v99.0.0"), "TMPDIR": nowhere}, "",
			nowhere + ": is the temporary folder, and cannot be written (not a directory); set TMPDIR to one that can"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("JSII_NODE", "")
			t.Setenv("NODE_OPTIONS", "")
			for name, value := range test.variables {
				t.Setenv(name, value)
			}
			var stderr strings.Builder
			said := ""
			if err := Check(&stderr); err != nil {
				said = err.Error()
			}
			if said != test.err {
				t.Errorf("error %q, want %q", said, test.err)
			}
			if stderr.String() != test.warning {
				t.Errorf("warning %q, want %q", &stderr, test.warning)
			}
		})
	}
}

// What the project says of Node.js elsewhere is what the check says.
func TestTheProjectSaysTheSame(t *testing.T) {
	text := fmt.Sprintf("[Node.js](https://nodejs.org) %d or newer (%d.%d at least)", recommended, oldest[0], oldest[1])
	for file, want := range map[string]string{
		".node-version":       fmt.Sprintf("%d\n", recommended),
		"package.json":        fmt.Sprintf(`"node": ">=%d.%d"`, oldest[0], oldest[1]),
		"README.md":           text,
		"docs/first-graph.md": text,
	} {
		content, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%s does not say %q: %v", file, want, err)
		}
	}
}

func TestCheckLeavesNothingInTheTemporaryFolder(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("JSII_NODE", program(t, "echo v99.0.0"))
	t.Setenv("TMPDIR", folder)
	if err := Check(&strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

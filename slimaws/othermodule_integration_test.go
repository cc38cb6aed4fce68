//go:build integration

package slimaws

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The app of docs/library.md, by its own commands, in a module that has nothing yet. It says nothing of a slower way that it takes.
func TestLibrary(t *testing.T) {
	content, err := os.ReadFile("../docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	_, app, _ := strings.Cut(string(content), "```go\n")
	app, _, _ = strings.Cut(app, "```")
	project, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(app), 0o644); err != nil {
		t.Fatal(err)
	}
	commands := []string{"go mod init example.com/mine"}
	for line := range strings.Lines(string(content)) {
		if command, isCommand := strings.CutPrefix(line, "    "); isCommand {
			commands = append(commands, strings.ReplaceAll(strings.TrimSpace(command), "../ai-metrics", project))
		}
	}
	for _, command := range append(commands, "go mod vendor", "go run .") {
		shell := exec.Command("sh", "-c", command)
		shell.Dir = folder
		shell.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
		output, err := shell.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, output)
		}
		if command == "go run ." && len(output) > 0 {
			t.Errorf("%s says:\n%s", command, output)
		}
	}
	made, err := os.ReadFile(filepath.Join(folder, "cdktf.out", "stacks", "metrics", "cdk.tf.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"aws_elasticsearch_domain", "aws_s3_bucket"} {
		if !bytes.Contains(made, []byte(want)) {
			t.Errorf("there is no %s in\n%s", want, made)
		}
	}
}

// Whoever imports stacks in a module of their own, and does not call Load, has the whole provider.
func TestOtherModule(t *testing.T) {
	command := exec.Command("go", "run", ".")
	command.Dir = filepath.Join("testdata", "othermodule")
	command.Env = append(os.Environ(), "GOWORK=off")
	var errs bytes.Buffer
	command.Stderr = &errs
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	for _, want := range []string{"aws_elasticsearch_domain", "aws_s3_bucket"} {
		if !strings.Contains(string(output), want) {
			t.Errorf("another module's app has no %s:\n%s", want, output)
		}
	}
}

//go:build integration

package deploy

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"cdktf-aimetrics/test/tools"
)

// README's two roads, as they are written there, in a clone: Terraform's makes dev, cdktf's changes it and removes it. It is one state,
// as README says.
func TestREADMEsRoads(t *testing.T) {
	awsProvider(t) // or it skips
	tools.CDKTF(t) // likewise
	aws := startEmulator(t)
	project := newClone(t, aws)

	for _, command := range roadOf(t, "With Terraform") {
		said := project.run(t, command)
		switch {
		case command == "go run .":
			for _, next := range roadOf(t, "With Terraform")[1:3] {
				if !strings.Contains(said, next) {
					t.Errorf("`go run .` does not say that %q comes next:\n%s", next, said)
				}
			}
		case strings.Contains(command, " review ") && !strings.Contains(said, "aws_elasticsearch_domain.domain"):
			t.Errorf("the review does not tell of the domain:\n%s", said)
		}
	}
	if got := aws.domain(t, "us-east-1", "ai-metrics").EBSOptions.VolumeSize; got != 10 {
		t.Errorf("the domain has volumes of %d GiB, want 10", got)
	}

	dev := filepath.Join(project.folder, "environments", "dev.yaml")
	content, err := os.ReadFile(dev)
	if err != nil {
		t.Fatal(err)
	}
	tools.WriteFile(t, dev, strings.Replace(string(content), "volume_size: 10", "volume_size: 20", 1))
	for _, command := range append(roadOf(t, "With cdktf"), "npx cdktf destroy dev") {
		said := project.run(t, command)
		switch {
		case strings.Contains(command, " diff ") && !strings.Contains(said, "0 to add, 1 to change, 0 to destroy"):
			t.Errorf("cdktf diff does not plan one change of what Terraform made:\n%s", said)
		case strings.Contains(command, " deploy "):
			if got := aws.domain(t, "us-east-1", "ai-metrics").EBSOptions.VolumeSize; got != 20 {
				t.Errorf("cdktf deploy leaves volumes of %d GiB, want 20:\n%s", got, said)
			}
		case strings.Contains(command, " destroy ") && !strings.Contains(said, "Destroy complete!"):
			t.Errorf("cdktf destroy does not say that it is done:\n%s", said)
		}
	}
}

// What cdktf.json has `cdktf watch` look at, the library by which cdktf watches sees change.
func TestCDKTFWatchesTheEnvironments(t *testing.T) {
	tools.CDKTF(t)
	folder := t.TempDir()
	files := []string{"environments/dev.yaml", "main.go", "spec/load.go", "stacks/domain.go", "slimaws/packages.go", "internal/node/node.go"}
	for _, path := range files {
		tools.WriteFile(t, filepath.Join(folder, path), "before")
	}
	const script = `
const chokidar = require(process.argv[1] + "/node_modules/chokidar");
const fs = require("fs");
const files = process.argv.slice(2);
const watcher = chokidar.watch(require(process.argv[1] + "/cdktf.json").watchPattern, { ignoreInitial: true });
const seen = new Set();
watcher.on("all", (event, path) => {
  seen.add(path);
  if (files.every((file) => seen.has(file))) watcher.close().then(() => process.exit(0));
});
watcher.on("ready", () => files.forEach((file) => fs.writeFileSync(file, "after")));
setTimeout(() => { console.log("seen: " + [...seen]); process.exit(1); }, 120000);`
	command := exec.Command("node", append([]string{"-e", script, tools.Project(t, ".")}, files...)...)
	command.Dir = folder
	if said, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// roadOf is the commands below a heading of README's: the lines that are indented.
func roadOf(t *testing.T, heading string) []string {
	t.Helper()
	readme, err := os.ReadFile(tools.Project(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(readme), "\n### "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n#")
	var commands []string
	for _, line := range strings.Split(section, "\n") {
		if command, indented := strings.CutPrefix(line, "    "); indented {
			commands = append(commands, command)
		}
	}
	if !found || len(commands) < 4 {
		t.Fatalf("README has no commands below %q: %q", heading, commands)
	}
	return commands
}

// clone is a copy of the project as git would hand it out, and an emulator for its AWS.
type clone struct {
	folder string
	aws    emulator
}

func newClone(t *testing.T, aws emulator) clone {
	t.Helper()
	tools.OnPath(t, "git")
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = tools.Project(t, ".")
	files, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, path := range strings.Split(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		content, err := os.ReadFile(tools.Project(t, path))
		if errors.Is(err, fs.ErrNotExist) { // removed, and not committed
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		tools.WriteFile(t, filepath.Join(folder, path), string(content))
	}
	return clone{folder, aws}
}

// run runs a command of README's, which must succeed, and returns what it printed.
func (c clone) run(t *testing.T, command string) string {
	t.Helper()
	switch {
	case command == "npm ci": // which takes minutes, and was run for this test
		if err := os.Symlink(tools.Project(t, "node_modules"), filepath.Join(c.folder, "node_modules")); err != nil {
			t.Fatal(err)
		}
		return ""
	case strings.HasPrefix(command, "npx cdktf deploy "), strings.HasPrefix(command, "npx cdktf destroy "):
		command += " --auto-approve" // nobody is here to be asked
		fallthrough
	case strings.HasPrefix(command, "npx cdktf "):
		command += " --skip-provider-lock" // which asks a registry, and no mirror
	}
	limit, cancel := context.WithTimeout(t.Context(), 15*time.Minute) // it waits for ever for what an emulator never does
	defer cancel()
	shell := exec.CommandContext(limit, "sh", "-c", command)
	shell.Dir = c.folder
	shell.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "TF_CLI_CONFIG_FILE=")
	})
	shell.Env = append(shell.Env, "AWS_ENDPOINT_URL="+string(c.aws), "AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "NO_PROXY=127.0.0.1",
		"CHECKPOINT_DISABLE=1", "CI=true", "TF_CLI_ARGS=-no-color")
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to end what it started, too
	shell.Cancel = func() error { return syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) }
	output, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
	t.Logf("%s: %v of processor time", command, shell.ProcessState.UserTime()+shell.ProcessState.SystemTime())
	return string(output)
}

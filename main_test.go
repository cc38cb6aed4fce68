package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/spec"
)

const snapshots = "testdata/snapshots"

// environments is where the files lie that the tests look at: the team's own, examples to begin with, and others, which between them take
// every branch of every section.
var environments = []string{"environments", "examples", "testdata/environments"}

// synthesizedOnce is what `go run .` makes of environments, by the name of the stack. jsii takes its time and is not safe
// for concurrency, so all tests that only look share it.
var synthesizedOnce = map[string]stackJSON{}

// stackJSON is the Terraform JSON of a stack.
type stackJSON struct {
	Resource map[string]map[string]any `json:"resource"`
	Output   map[string]any            `json:"output"`
	Moved    []map[string]string       `json:"moved"`

	file []byte
}

// asProgram makes the test binary the program itself, for the tests that look at a whole run.
const asProgram = "SYNTHESIZER_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	var files []spec.File
	for _, folder := range environments {
		loaded, err := spec.Load(folder, time.Now())
		if err != nil {
			fatal(err)
		}
		files = append(files, loaded...)
	}
	outdir, err := os.MkdirTemp("", "cdktf.out-")
	if err != nil {
		fatal(err)
	}
	if err := write(outdir, "", files, os.Stderr); err != nil {
		fatal(err)
	}
	for _, file := range files {
		var stack stackJSON
		if stack.file, err = os.ReadFile(synthesized(outdir, file.Name)); err != nil {
			fatal(err)
		}
		if err := json.Unmarshal(stack.file, &stack); err != nil {
			fatal(err)
		}
		synthesizedOnce[file.Name] = stack
	}
	os.RemoveAll(outdir)
	os.Exit(m.Run())
}

// program runs the program in folder.
func program(t *testing.T, folder string, variables []string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, arguments...)
	command.Dir = folder
	command.Env = slices.Concat(os.Environ(), variables, []string{asProgram + "=1"})
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), command.ProcessState.ExitCode()
}

// inProcess is program without a process of its own, which takes a tenth of a second: for what ends before jsii is started.
func inProcess(t *testing.T, folder string, variables []string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir(folder)
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	var out, errs bytes.Buffer
	if err := run(arguments, &out, &errs); err != nil {
		fmt.Fprintln(&errs, err)
		code = 1
	}
	return out.String(), errs.String(), code
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// eachStack runs test for every environment and every file of roles.
func eachStack(t *testing.T, test func(t *testing.T, stack stackJSON)) {
	for _, name := range slices.Sorted(maps.Keys(synthesizedOnce)) {
		t.Run(name, func(t *testing.T) { test(t, synthesizedOnce[name]) })
	}
}

func TestSnapshots(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		snapshot.Compare(t, filepath.Join(snapshots, filepath.Base(t.Name())+".json"), readable(t, stack.file))
	})
	snapshot.Owned(t, snapshots, filesOfStacks(".json"))
}

// filesOfStacks names the snapshots that there are in a folder: one for each stack, whichever of them a run of the tests looks at.
func filesOfStacks(extension string) []string {
	var names []string
	for name := range synthesizedOnce {
		names = append(names, name+extension)
	}
	return names
}

// readable is a stack's JSON without cdktf's metadata, which says nothing that Terraform reads.
func readable(t *testing.T, file []byte) string {
	t.Helper()
	var stack any
	if err := json.Unmarshal(file, &stack); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(withoutMetadata(stack)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func withoutMetadata(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "//")
		for key, inner := range value {
			value[key] = withoutMetadata(inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = withoutMetadata(inner)
		}
	}
	return value
}

// addresses is where the addresses of each stack's resources and outputs are kept.
const addresses = "testdata/addresses"

// An address that changes makes Terraform destroy what it named, and a name of an output that changes breaks whoever reads it.
// So those that are kept stay, unless the stack has a moved block from the old address, or CHANGELOG.md has it in
// backquotes: `aws_elasticsearch_domain.domain`.
func TestAddressesStay(t *testing.T) {
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	eachStack(t, func(t *testing.T, stack stackJSON) {
		name := filepath.Base(t.Name())
		path := filepath.Join(addresses, name+".txt")
		kept, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		before, now := strings.Fields(string(kept)), addressesOf(stack)

		var lost, unexplained []string
		for _, address := range before {
			switch {
			case slices.Contains(now, address):
			case isMoved(stack, address), strings.Contains(string(changelog), "`"+address+"`"):
				lost = append(lost, address)
			default:
				unexplained = append(unexplained, address)
			}
		}
		if unexplained != nil {
			t.Errorf("%s has these, and the stack no longer:\n%s\n"+
				"Add a moved block to what took the place of each, or tell of it in CHANGELOG.md, in backquotes.",
				path, strings.Join(unexplained, "\n"))
		}
		want := slices.Sorted(slices.Values(slices.Concat(now, unexplained)))
		if snapshot.Updating() {
			writeFile(t, path, strings.Join(want, "\n")+"\n")
		} else if lost != nil || len(want) != len(before) {
			t.Errorf("%s is not what is synthesized; bring it up to date with `go test . -update`", path)
		}
	})
	snapshot.Owned(t, addresses, filesOfStacks(".txt"))
}

// addressesOf is the addresses of a stack's resources, and its outputs as output.<name>.
func addressesOf(stack stackJSON) []string {
	var all []string
	for kind, resources := range stack.Resource {
		for name := range resources {
			all = append(all, kind+"."+name)
		}
	}
	for name := range maps.Keys(stack.Output) {
		all = append(all, "output."+name)
	}
	slices.Sort(all)
	return all
}

// isMoved reports whether a moved block leads from an address to one that there is.
func isMoved(stack stackJSON, address string) bool {
	return slices.ContainsFunc(stack.Moved, func(move map[string]string) bool {
		return move["from"] == address && slices.Contains(addressesOf(stack), move["to"])
	})
}

// Neither an account nor a path of this machine may be in what is synthesized, or plans differ from machine to machine.
func TestNothingOfThisMachine(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for _, foreign := range []string{here, os.TempDir()} {
			if bytes.Contains(stack.file, []byte(foreign)) {
				t.Errorf("%q is in the synthesized JSON", foreign)
			}
		}
	})
}

// The same input gives the same bytes, in another folder and into another output folder. Terraform is not needed for that: it is not even
// asked for its version, which cdktf's validations of some constructs do for each stack.
func TestSameInputSameBytes(t *testing.T) {
	folder := t.TempDir()
	terraform, started := filepath.Join(folder, "terraform"), filepath.Join(folder, "started")
	if err := os.WriteFile(terraform, []byte("#!/bin/sh\n: > '"+started+"'\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	sameBytes(t, "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	if _, err := os.Stat(started); err == nil {
		t.Error("Terraform was started")
	}
}

// sameBytes fails unless another run, from another folder and with these variables, says and writes the same. It returns the folder for
// its temporary files.
func sameBytes(t *testing.T, variables ...string) (temporary string) {
	t.Helper()
	folder, temporary := t.TempDir(), t.TempDir()
	copyEnvironments(t, filepath.Join(folder, "other"))
	outdir := filepath.Join(folder, "out")
	stdout, stderr, code := program(t, folder, append(variables, "CDKTF_OUTDIR="+outdir, "TMPDIR="+temporary), "-environments", "other")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if !strings.Contains(stderr, "warning: other/example-public.yaml:") { // and below, that stdout has other lines alone
		t.Errorf("there are no warnings on stderr: %q", stderr)
	}
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "warning: ") {
			t.Errorf("stderr has more than warnings: %q", line)
		}
	}
	for name, stack := range synthesizedOnce {
		again, err := os.ReadFile(synthesized(outdir, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(stack.file), string(again)); diff != "" {
			t.Errorf("%s differs:\n%s", name, diff)
		}
	}
	manifest, err := os.ReadFile(filepath.Join(outdir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(manifest, []byte(folder)) {
		t.Errorf("manifest.json holds the folder's path:\n%s", manifest)
	}
	if leftovers, _ := filepath.Glob(filepath.Join(outdir, ".synth-*")); leftovers != nil {
		t.Errorf("left behind: %v", leftovers)
	}
	names := slices.Sorted(maps.Keys(synthesizedOnce))
	for i, line := range strings.SplitN(stdout, "\n", len(names)+1) {
		want, _, _ := strings.Cut("\n"+next(outdir, names[0]), "\nor:")
		if i < len(names) {
			want = names[i] + " "
		}
		if !strings.HasPrefix(line, want) {
			t.Errorf("line %d of stdout is %q, want it to begin with %q", i+1, line, want)
		}
	}
	return temporary
}

// docs/outputs.md has every output of the stacks.
func TestOutputsAreDocumented(t *testing.T) {
	type output struct {
		description string
		stacks      []string
	}
	outputs := map[bool]map[string]*output{false: {}, true: {}} // by whether the stack is one of roles
	count := map[bool]int{}
	for _, name := range slices.Sorted(maps.Keys(synthesizedOnce)) {
		if _, err := os.Stat(filepath.Join("environments", name+".yaml")); err == nil {
			continue // the team's own, which come and go
		}
		stack := synthesizedOnce[name]
		ofRoles := stack.Resource["aws_elasticsearch_domain"] == nil
		count[ofRoles]++
		for key, value := range stack.Output {
			description, _ := value.(map[string]any)["description"].(string)
			if outputs[ofRoles][key] == nil {
				outputs[ofRoles][key] = &output{description: description}
			}
			outputs[ofRoles][key].stacks = append(outputs[ofRoles][key].stacks, name)
		}
	}
	var b strings.Builder
	b.WriteString("<!-- Made by `go test . -update`. -->\n# Outputs\n\n`terraform -chdir=cdktf.out/stacks/NAME output` shows them once the " +
		"stack is deployed, and other stacks read them from its state.\n")
	for _, ofRoles := range []bool{false, true} {
		b.WriteString(map[bool]string{false: "\n## Of an environment\n", true: "\n## Of the roles for GitHub Actions\n"}[ofRoles])
		b.WriteString("\n| Output | What it is | Where |\n| --- | --- | --- |\n")
		for _, name := range slices.Sorted(maps.Keys(outputs[ofRoles])) {
			output := outputs[ofRoles][name]
			where := "always"
			if len(output.stacks) < count[ofRoles] {
				shown := slices.IndexFunc(output.stacks, func(name string) bool { return !strings.HasPrefix(name, "example-") })
				where = "where it is made, as in " + output.stacks[max(shown, 0)]
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, output.description, where)
		}
	}
	snapshot.Compare(t, "docs/outputs.md", b.String())
}

const smallest = `region: eu-central-1
domain:
  domain_name: metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: t3.small.elasticsearch
`

// Whatever goes wrong is told in one line, and what an earlier run wrote stays.
func TestErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, "")
	oldNode := filepath.Join(t.TempDir(), "node")
	writeFile(t, oldNode, "#!/bin/sh\necho v18.20.1\n")
	if err := os.Chmod(oldNode, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		run       func(t *testing.T, folder string, variables []string, arguments ...string) (stdout, stderr string, code int)
		arguments []string
		variables []string
		content   string
		want      string
	}{
		{"no folder", inProcess, []string{"-environments", "nowhere"}, nil, smallest,
			"nowhere: the folder of the environments is not there; make it, or name another one with -environments"},
		{"an argument", inProcess, []string{"prod"}, nil, smallest,
			"prod: is no argument; another folder is -environments prod"},
		{"a misspelt flag", inProcess, []string{"-enviroments", "blocked"}, nil, smallest,
			"-enviroments: there is one flag, -environments DIR"},
		{"a misspelt value", inProcess, nil, []string{"SLIMAWS=of"}, smallest,
			`SLIMAWS: is "of", and can be on, which is the default, or off`},
		{"another misspelt value", inProcess, nil, []string{"SLIMAWS_SNAPSHOT=false"}, smallest,
			`SLIMAWS_SNAPSHOT: is "false", and can be on, which is the default, or off`},
		{"a fault", program, nil, nil, strings.Replace(smallest, "t3.small.elasticsearch", "m5.large.search", 1),
			`environments/one.yaml:6:5: domain.cluster_config.instance_type: "m5.large.search" is an OpenSearch type; use "m5.large.elasticsearch"`},
		{"a file where the output goes", program, nil, []string{"CDKTF_OUTDIR=" + file}, smallest,
			file + ": cannot be written (not a directory); make it writable, or set CDKTF_OUTDIR to another folder"},
		{"a file where a stack goes", program, []string{"-environments", "blocked"}, nil, smallest,
			"cdktf.out/stacks/two: cannot be written (not a directory); make it writable, or set CDKTF_OUTDIR to another folder"},
		{"no temporary folder", program, nil, []string{"TMPDIR=" + file}, smallest,
			file + ": is the temporary folder, and cannot be written (not a directory); set TMPDIR to one that can"},
		{"an old Node", program, nil, []string{"JSII_NODE=" + oldNode}, smallest,
			"node: v18.20.1 is older than 20.9, which cdktf's library needs; install Node.js 22 or newer from https://nodejs.org"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			outdir := filepath.Join(folder, "cdktf.out")
			writeFile(t, filepath.Join(folder, "environments", "one.yaml"), test.content)
			writeFile(t, filepath.Join(outdir, "stacks", "one", "cdk.tf.json"), "of an earlier run")
			writeFile(t, filepath.Join(outdir, "manifest.json"), "of an earlier run")
			writeFile(t, filepath.Join(folder, "blocked", "one.yaml"), test.content)
			writeFile(t, filepath.Join(folder, "blocked", "two.yaml"), test.content)
			writeFile(t, filepath.Join(outdir, "stacks", "two"), "no folder")
			before := tree(t, outdir)
			stdout, stderr, code := test.run(t, folder, test.variables, test.arguments...)
			if code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(stderr), "\n"), func(line string) bool {
				return strings.HasPrefix(line, "warning: ")
			})
			if diff := cmp.Diff([]string{test.want}, lines); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if stdout != "" {
				t.Errorf("stdout is not empty: %s", stdout)
			}
			if diff := cmp.Diff(before, tree(t, outdir)); diff != "" {
				t.Errorf("cdktf.out changed (-before +after):\n%s", diff)
			}
		})
	}
}

// Where somebody started it in a folder of the project, it says so.
func TestStartedInASubfolder(t *testing.T) {
	project, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(project, "environments", "one.yaml"), smallest)
	writeFile(t, filepath.Join(project, "cmd", "aimetrics", "main.go"), "")
	for _, folder := range []string{"environments", "cmd/aimetrics"} {
		_, stderr, code := inProcess(t, filepath.Join(project, folder), nil)
		want := "environments: is not in this folder but in " + project + "; run it there, or make one here\n"
		if code != 1 || stderr != want {
			t.Errorf("in %s: exit code %d and %q, want 1 and %q", folder, code, stderr, want)
		}
	}
}

// What to run next works as it stands, whatever is there.
func TestNext(t *testing.T) {
	const terraform = "Next: terraform -chdir=cdktf.out/stacks/dev init && terraform -chdir=cdktf.out/stacks/dev plan -out=plan\n"
	for _, test := range []struct {
		name string
		has  []string
		want string
	}{
		{"a folder with environments alone", nil, terraform},
		{"a fresh clone", []string{"package-lock.json"}, terraform + "or:   npm ci && npx cdktf diff dev\n"},
		{"a clone after npm ci", []string{"package-lock.json", "node_modules/.bin/cdktf"}, terraform + "or:   npx cdktf diff dev\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, path := range test.has {
				writeFile(t, path, "")
			}
			if diff := cmp.Diff(test.want, next("cdktf.out", "dev")); diff != "" {
				t.Errorf("next (-want +got):\n%s", diff)
			}
		})
	}
	if got := next("it's here", "dev"); !strings.HasPrefix(got, `Next: terraform -chdir='it'\''s here/stacks/dev' init`) {
		t.Errorf("a path with blanks is no word of a shell: %s", got)
	}
}

// help has the commands of README's road with Terraform.
func TestHelpHasREADMEsRoad(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	help, err := os.ReadFile("help")
	if err != nil {
		t.Fatal(err)
	}
	_, road, _ := strings.Cut(string(readme), "### With Terraform\n\n")
	road, _, _ = strings.Cut(road, "\n\n")
	commands := strings.Split(road, "\n")
	if len(commands) < 4 {
		t.Fatalf("README's road is %q", commands)
	}
	for _, command := range commands {
		if !strings.Contains(string(help), command) {
			t.Errorf("help does not have %q", command)
		}
	}
}

// cdktf paints what comes on stderr as errors. Where `cdktf synth --hcl` runs it, HCL takes the place of JSON, for Terraform would read that
// of an earlier run as well.
func TestUnderCDKTF(t *testing.T) {
	folder := t.TempDir()
	hcl := filepath.Join("cdktf.out", "stacks", "one", "cdk.tf")
	writeFile(t, filepath.Join(folder, "environments", "one.yaml"), smallest+"  encrypt_at_rest: {enabled: false}\n")
	writeFile(t, filepath.Join(folder, hcl+".json"), "of an earlier run")
	stdout, stderr, code := program(t, folder, []string{"CDKTF_CONTEXT_JSON={}", "SYNTH_HCL_OUTPUT=true", "CDKTF_OUTDIR="})
	if code != 0 || stderr != "" {
		t.Errorf("exit code %d, and stderr is %q", code, stderr)
	}
	for want, there := range map[string]bool{
		"warning: environments/one.yaml:7:21: domain.encrypt_at_rest.enabled: ": true,
		hcl + "  ": true,
		"Next: ":   false, // cdktf goes on by itself
	} {
		if strings.Contains(stdout, want) != there {
			t.Errorf("%q is in stdout: %v, want %v\n%s", want, !there, there, stdout)
		}
	}
	for path, want := range map[string]bool{hcl: true, hcl + ".json": false} {
		if _, err := os.Stat(filepath.Join(folder, path)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
}

// A run that finds a fault leaves no process, and no file.
func TestFaultLeavesNoProcess(t *testing.T) {
	folder := t.TempDir()
	temporary := t.TempDir()
	writeFile(t, filepath.Join(folder, "environments", "one.yaml"), "region: nowhere\n")
	ours, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary)
	command.Dir = folder
	command.Env = append(os.Environ(), asProgram+"=1", "TMPDIR="+temporary)
	command.ExtraFiles = []*os.File{nil, theirs} // whoever is left has it open
	if err := command.Run(); err == nil || command.ProcessState.ExitCode() != 1 {
		t.Fatalf("the program ended with %v, want 1", err)
	}
	theirs.Close()
	ours.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadAll(ours); err != nil {
		t.Errorf("a process is left: %v", err)
	}
	if left := tree(t, temporary); len(left) > 0 {
		t.Errorf("files are left: %v", slices.Collect(maps.Keys(left)))
	}
}

// BenchmarkSynth times what a run does once jsii is loaded.
func BenchmarkSynth(b *testing.B) {
	environment, _, err := spec.Parse("smallest", []byte(smallest), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	for _, count := range []int{1, 10, 50, 200} {
		b.Run(fmt.Sprintf("environments=%d", count), func(b *testing.B) {
			var files []spec.File
			for i := range count {
				files = append(files, spec.File{Name: fmt.Sprintf("stack-%d", i), Environment: environment})
			}
			for b.Loop() {
				if err := synthesize(b.TempDir(), files, files); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// copyEnvironments copies the files of all environments to folder.
func copyEnvironments(t *testing.T, folder string) {
	t.Helper()
	for _, source := range environments {
		if err := os.CopyFS(folder, os.DirFS(source)); err != nil {
			t.Fatal(err)
		}
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tree is the content of every file below folder.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

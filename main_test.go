package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"aimetrics/spec"
)

var update = flag.Bool("update", false, "rewrite the snapshots")

const snapshots = "testdata/snapshots"

// synthesizedOnce is what `go run .` makes of environments/, by the name of the stack. jsii takes its time and is not safe
// for concurrency, so all tests that only look share it.
var synthesizedOnce = map[string]stackJSON{}

// stackJSON is the Terraform JSON of a stack.
type stackJSON struct {
	Data      map[string]map[string]map[string]any `json:"data"`
	Resource  map[string]map[string]map[string]any `json:"resource"`
	Provider  map[string][]map[string]any          `json:"provider"`
	Output    map[string]map[string]any            `json:"output"`
	Terraform struct {
		Backend map[string]map[string]any `json:"backend"`
	} `json:"terraform"`

	environment spec.Environment
	file        []byte
}

// asProgram makes the test binary the program itself, for the tests that look at a whole run.
const asProgram = "AIMETRICS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	flag.Parse()
	files, err := spec.Load("environments", time.Now())
	if err != nil {
		fatal(err)
	}
	outdir, err := os.MkdirTemp("", "cdktf.out-")
	if err != nil {
		fatal(err)
	}
	if err := synthesizeInto(outdir, files, os.Stderr); err != nil {
		fatal(err)
	}
	for _, file := range files {
		stack := stackJSON{environment: file.Environment}
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

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// eachStack runs test for every environment.
func eachStack(t *testing.T, test func(t *testing.T, stack stackJSON)) {
	for _, name := range slices.Sorted(maps.Keys(synthesizedOnce)) {
		t.Run(name, func(t *testing.T) { test(t, synthesizedOnce[name]) })
	}
}

func TestSnapshots(t *testing.T) {
	if *update {
		if err := os.MkdirAll(snapshots, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	owned := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(synthesizedOnce)) {
		owned[name+".json"] = true
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(snapshots, name+".json")
			got := readable(t, synthesizedOnce[name].file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v; make it with `go test . -update`", err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s is not what is synthesized (-snapshot +synthesized):\n%s\nif that is meant: `go test . -update`", path, diff)
			}
		})
	}
	entries, err := os.ReadDir(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		path := filepath.Join(snapshots, entry.Name())
		if owned[entry.Name()] {
			continue
		}
		if *update {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s belongs to no environment; remove it with `go test . -update`", path)
	}
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

// An address that changes makes Terraform destroy what it named: this list only grows, unless a moved block goes with it.
func TestResourceAddresses(t *testing.T) {
	want := []string{
		"aws_elasticsearch_domain.domain",
		"aws_elasticsearch_domain_policy.access",
		"aws_iam_policy.readers",
		"aws_iam_policy.writers",
	}
	eachStack(t, func(t *testing.T, stack stackJSON) {
		var got []string
		for kind, resources := range stack.Resource {
			for name := range resources {
				got = append(got, kind+"."+name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("resource addresses (-want +got):\n%s", diff)
		}
	})
}

// What the file does not say is safe; that defaults are is tested in spec and stacks, with files that say nothing.
func TestDomainIsAsSafeAsItsFileSays(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		domain := stack.Resource["aws_elasticsearch_domain"]["domain"]
		said := stack.environment.Domain
		for path, want := range map[string]any{
			"encrypt_at_rest.enabled":                     *said.EncryptAtRest.Enabled,
			"node_to_node_encryption.enabled":             *said.NodeToNodeEncryption.Enabled,
			"domain_endpoint_options.enforce_https":       *said.DomainEndpointOptions.EnforceHTTPS,
			"domain_endpoint_options.tls_security_policy": said.DomainEndpointOptions.TLSSecurityPolicy,
			"lifecycle.prevent_destroy":                   *said.Lifecycle.PreventDestroy,
			"timeouts.create":                             said.Timeouts.Create,
			"timeouts.update":                             said.Timeouts.Update,
			"timeouts.delete":                             said.Timeouts.Delete,
			"access_policies":                             nil, // it has a resource of its own
		} {
			if got := at(domain, path); got != want {
				t.Errorf("domain.%s = %v, want %v", path, got, want)
			}
		}
	})
}

// at is the value at a path of keys; nil where there is none.
func at(value any, path string) any {
	for _, key := range strings.Split(path, ".") {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

func TestNobodyIsLetInUnconditionally(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		document := stack.Data["aws_iam_policy_document"]["access_document"]
		for i, item := range document["statement"].([]any) {
			statement := item.(map[string]any)
			if statement["principals"] == nil {
				t.Errorf("statement %d names no principal, which a domain's policy must", i)
			}
			if statement["effect"] != "Allow" || statement["condition"] != nil {
				continue
			}
			spelledOut := stack.environment.Access.OpenToTheInternet || stack.environment.Access.FineGrainedAccessControl
			if principals := fmt.Sprint(statement["principals"]); strings.Contains(principals, "*") && !spelledOut {
				t.Errorf("statement %d allows %s without a condition", i, principals)
			}
		}
	})
}

// The policy must not hang on the domain's own attributes: every change of the domain would make it "known after apply".
func TestPolicyIsKnownWhenPlanned(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for name, document := range stack.Data["aws_iam_policy_document"] {
			encoded, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(encoded, []byte("${aws_elasticsearch_domain")) {
				t.Errorf("data.aws_iam_policy_document.%s refers to the domain: %s", name, encoded)
			}
		}
	})
}

func TestOutputs(t *testing.T) {
	want := map[string]any{
		"elasticsearch_domain_endpoint": "${aws_elasticsearch_domain.domain.endpoint}",
		"kibana_endpoint":               "${aws_elasticsearch_domain.domain.kibana_endpoint}",
		"elasticsearch_domain_name":     "${aws_elasticsearch_domain.domain.domain_name}",
		"writers_policy_arn":            "${aws_iam_policy.writers.arn}",
		"readers_policy_arn":            "${aws_iam_policy.readers.arn}",
	}
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for name, value := range want {
			if got := stack.Output[name]["value"]; got != value {
				t.Errorf("output %s = %v, want %v", name, got, value)
			}
		}
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

func TestLocalStateLiesInTheProject(t *testing.T) {
	for name, stack := range synthesizedOnce {
		if local := stack.environment.Backend.Local; local == nil || local.Path != "" {
			continue
		}
		want := map[string]map[string]any{"local": {"path": "../../../terraform." + name + ".tfstate"}}
		if diff := cmp.Diff(want, stack.Terraform.Backend); diff != "" {
			t.Errorf("backend of %s (-want +got):\n%s", name, diff)
		}
	}
}

// The same input gives the same bytes: in another folder, into another output folder, and with the whole AWS provider.
func TestSameInputSameBytes(t *testing.T) {
	for _, slim := range []string{"on", "off"} {
		t.Run("SLIMAWS="+slim, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.CopyFS(filepath.Join(folder, "other"), os.DirFS("environments")); err != nil {
				t.Fatal(err)
			}
			outdir := filepath.Join(folder, "out")
			killed := filepath.Join(outdir, ".synth-of-a-run-that-was-killed")
			writeFile(t, filepath.Join(killed, "manifest.json"), "")
			if err := os.Chtimes(killed, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
				t.Fatal(err)
			}
			stdout, stderr, code := program(t, folder, []string{"SLIMAWS=" + slim, "CDKTF_OUTDIR=" + outdir}, "-environments", "other")
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, stderr)
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
				want := "\nNext: npx cdktf diff " + names[0] + "\n"
				if i < len(names) {
					want = names[i] + " "
				}
				if !strings.HasPrefix(line, want) {
					t.Errorf("line %d of stdout is %q, want it to begin with %q", i+1, line, want)
				}
			}
		})
	}
}

// HCL is the way out of cdktf, and Terraform must take it: in replace_triggered_by it takes a reference without quotes alone.
func TestHCL(t *testing.T) {
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "environments", "one.yaml"), smallest)
	writeFile(t, filepath.Join(folder, "cdktf.out", "stacks", "one", "cdk.tf.json"), "of an earlier run")
	var written []string
	for _, slim := range []string{"on", "off"} {
		if _, stderr, code := program(t, folder, []string{"SLIMAWS=" + slim, "SYNTH_HCL_OUTPUT=true"}); code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		hcl, err := os.ReadFile(filepath.Join(folder, "cdktf.out", "stacks", "one", "cdk.tf"))
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, string(hcl))
	}
	if diff := cmp.Diff(written[1], written[0]); diff != "" {
		t.Errorf("HCL (-whole +slim):\n%s", diff)
	}
	want := regexp.MustCompile(`replace_triggered_by = \[aws_elasticsearch_domain\.domain\.arn\]`)
	if !want.MatchString(written[0]) {
		t.Errorf("HCL does not match %s:\n%s", want, written[0])
	}
	if _, err := os.Stat(filepath.Join(folder, "cdktf.out", "stacks", "one", "cdk.tf.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the JSON of an earlier run is still there (%v): Terraform would read both", err)
	}
}

// What cdktf would write as HCL that means something else, or that Terraform does not take.
func TestHCLOfWhatCDKTFGetsWrong(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "environments"), os.DirFS("testdata/environments")); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := program(t, folder, []string{"SYNTH_HCL_OUTPUT=true"}); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	metadata, err := os.ReadFile("testdata/environments/saml-metadata.xml")
	if err != nil {
		t.Fatal(err)
	}
	for stack, want := range map[string]string{
		"cognito": "postcondition {\n",
		"public":  `dashboard_body = "${jsonencode(`,
		// As it is but for Terraform's templates, where a heredoc would add a newline.
		"saml": "metadata_content = " + strconv.Quote(strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(metadata))) + "\n",
	} {
		hcl, err := os.ReadFile(filepath.Join(folder, "cdktf.out", "stacks", stack, "cdk.tf"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(hcl), want) {
			t.Errorf("the HCL of %s does not contain %s:\n%s", stack, want, hcl)
		}
	}
}

// The HCL of every environment parses, and names what the JSON names, so that Terraform finds each resource under its address.
func TestHCLOfEveryEnvironment(t *testing.T) {
	written := synthesizeHCL(t)
	eachStack(t, func(t *testing.T, stack stackJSON) {
		name := filepath.Base(t.Name())
		file, diagnostics := hclparse.NewParser().ParseHCL(written[name], "cdk.tf")
		if diagnostics.HasErrors() {
			t.Fatalf("%v\n%s", diagnostics, written[name])
		}
		var got []string
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			if block.Type == "resource" || block.Type == "data" || block.Type == "output" {
				got = append(got, strings.Join(append([]string{block.Type}, block.Labels...), "."))
			}
		}
		var want []string
		for kind, blocks := range map[string]map[string]map[string]map[string]any{"resource": stack.Resource, "data": stack.Data} {
			for provided, named := range blocks {
				for name := range named {
					want = append(want, kind+"."+provided+"."+name)
				}
			}
		}
		for name := range stack.Output {
			want = append(want, "output."+name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("blocks (-JSON +HCL):\n%s", diff)
		}
	})
}

// synthesizeHCL is the HCL of every environment, by the name of the stack.
func synthesizeHCL(t *testing.T) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "environments"), os.DirFS("environments")); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := program(t, folder, []string{"SYNTH_HCL_OUTPUT=true"}); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	written := map[string][]byte{}
	for name := range synthesizedOnce {
		file, err := os.ReadFile(filepath.Join(folder, "cdktf.out", "stacks", name, "cdk.tf"))
		if err != nil {
			t.Fatal(err)
		}
		written[name] = file
	}
	return written
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
	brokenNode := filepath.Join(t.TempDir(), "node")
	writeFile(t, brokenNode, "#!/bin/sh\necho a trace >&2; exit 9\n")
	if err := os.Chmod(brokenNode, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		arguments []string
		variables []string
		content   string
		want      string
	}{
		{"no folder", []string{"-environments", "nowhere"}, nil, smallest,
			"nowhere: the folder of the environments is not there; make it, or name another one with -environments"},
		{"an argument", []string{"prod"}, nil, smallest,
			"prod: is no argument; another folder is -environments prod"},
		{"a fault", nil, nil, strings.Replace(smallest, "t3.small.elasticsearch", "m5.large.search", 1),
			`environments/one.yaml:6:5: domain.cluster_config.instance_type: "m5.large.search" is an OpenSearch type; use "m5.large.elasticsearch"`},
		{"a file where the output goes", nil, []string{"CDKTF_OUTDIR=" + file}, smallest,
			file + ": cannot be written (not a directory); make it writable, or set CDKTF_OUTDIR to another folder"},
		{"a file where a stack goes", []string{"-environments", "blocked"}, nil, smallest,
			"cdktf.out/stacks/two: cannot be written (not a directory); make it writable, or set CDKTF_OUTDIR to another folder"},
		{"no temporary folder", nil, []string{"TMPDIR=" + filepath.Join(file, "nowhere")}, smallest,
			filepath.Join(file, "nowhere") + ": is the temporary folder, and cannot be written (not a directory); set TMPDIR to one that can"},
		{"NODE_OPTIONS that keep Node from starting", nil, []string{"JSII_NODE=" + brokenNode, "NODE_OPTIONS=--nonsense"}, smallest,
			"node: " + brokenNode + ` does not start with NODE_OPTIONS="--nonsense"; correct or unset them`},
		{"JSII_NODE that is not there", nil, []string{"JSII_NODE=/nowhere/node"}, smallest,
			`node: JSII_NODE is "/nowhere/node", and there is no such program; correct or unset it`},
		{"no Node", nil, []string{"PATH=" + t.TempDir()}, smallest,
			"node: is not on the PATH, and cdktf's library runs on it; install Node.js 22 or newer from https://nodejs.org"},
		{"an old Node", nil, []string{"JSII_NODE=" + oldNode}, smallest,
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
			stdout, stderr, code := program(t, folder, test.variables, test.arguments...)
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
				if err := synthesize(b.TempDir(), files); err != nil {
					b.Fatal(err)
				}
			}
		})
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

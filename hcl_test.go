package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// HCL is the way out of cdktf, and Terraform must take it: a reference in quotes it does not.
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
	want := regexp.MustCompile(`replace_triggered_by\s*=\s*\[aws_elasticsearch_domain\.domain\.arn\]`)
	if !want.MatchString(written[0]) {
		t.Errorf("HCL does not match %s:\n%s", want, written[0])
	}
	if _, err := os.Stat(filepath.Join(folder, "cdktf.out", "stacks", "one", "cdk.tf.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the JSON of an earlier run is still there (%v): Terraform would read both", err)
	}
}

// The HCL of every environment parses, and names what the JSON names, so that Terraform finds each resource under its address.
func TestHCLOfEveryEnvironment(t *testing.T) {
	written := synthesizeHCL(t)
	eachFile(t, func(t *testing.T, stack stackJSON) {
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

// Terraform takes these as blocks, and refuses them as arguments.
func TestHCLOfBackendsWithBlocks(t *testing.T) {
	folder := t.TempDir()
	for name, section := range map[string]string{
		"remote": "{organization: acme, workspaces: {name: metrics}}",
		"cos":    "{bucket: states-1250000000, assume_role: {role_arn: 'qcs::cam::uin/1:roleName/x', session_name: terraform, session_duration: 3600}}",
		"oss":    "{bucket: states, assume_role: {role_arn: 'acs:ram::1:role/x'}}",
	} {
		writeFile(t, filepath.Join(folder, "environments", name+".yaml"), smallest+"backend: {"+name+": "+section+"}\n")
	}
	if _, stderr, code := program(t, folder, []string{"SYNTH_HCL_OUTPUT=true"}); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for name, want := range map[string]string{"remote": "workspaces", "cos": "assume_role", "oss": "assume_role"} {
		file, diagnostics := hclparse.NewParser().ParseHCLFile(filepath.Join(folder, "cdktf.out", "stacks", name, "cdk.tf"))
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
		backend := file.Body.(*hclsyntax.Body).Blocks[0].Body.Blocks[1] // after required_providers
		var got []string
		for _, block := range backend.Body.Blocks {
			got = append(got, block.Type)
		}
		if !slices.Equal(got, []string{want}) || backend.Body.Attributes[want] != nil {
			t.Errorf("backend %s has the blocks %v, want %s, as nothing else:\n%s", name, got, want, file.Bytes)
		}
	}
}

// What cdktf by itself would write as HCL that means something else, or that Terraform does not take.
func TestHCLOfWhatCDKTFGetsWrong(t *testing.T) {
	written := synthesizeHCL(t)
	for stack, want := range map[string]string{
		"example-cognito": "postcondition {\n",
		"example-public":  `dashboard_body = "${jsonencode(local.dashboard_body)}"`,
		// As it is but for Terraform's templates, where a heredoc would add a newline.
		"example-saml": "metadata_content = " + strconv.Quote(literals.Replace(synthesizedOnce["example-saml"].environment.SignIn.SAML.MetadataContent)) + "\n",
	} {
		if hcl := string(written[stack]); !strings.Contains(hcl, want) {
			t.Errorf("the HCL of %s does not contain %s:\n%s", stack, want, hcl)
		}
	}
}

// literals writes a text that is no template to Terraform.
var literals = strings.NewReplacer("${", "$${", "%{", "%%{")

// synthesizeHCL is the HCL of every environment, by the name of the stack.
func synthesizeHCL(t *testing.T) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	copyEnvironments(t, filepath.Join(folder, "environments"))
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

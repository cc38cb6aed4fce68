package stacks_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"cdktf-aimetrics/spec"
)

// HCL is the way out of cdktf. cdktf decides by its environment, when it starts, whether it writes HCL or JSON: so another process
// writes it, once for all tests.

// hclProgram names the folder to which the test binary, as such a process, writes the stacks.
const hclProgram = "STACKS_TEST_HCL_OUTDIR"

// withBlocks is the backends that have a block, by its name.
var withBlocks = []struct {
	name, block string
	backend     spec.Backend
}{
	{"remote", "workspaces", spec.Backend{Remote: &spec.RemoteBackend{Organization: "acme", Workspaces: spec.RemoteWorkspaces{Name: "metrics"}}}},
	{"cos", "assume_role", spec.Backend{COS: &spec.COSBackend{Bucket: "states-1250000000",
		AssumeRole: &spec.COSAssumeRole{RoleARN: "qcs::cam::uin/1:roleName/x", SessionName: "terraform", SessionDuration: new(3600)}}}},
	{"oss", "assume_role", spec.Backend{OSS: &spec.OSSBackend{Bucket: "states", AssumeRole: &spec.OSSAssumeRole{RoleARN: "acs:ram::1:role/x"}}}},
}

// synthesizeForHCL writes the stacks of every environment to outdir, one for each of withBlocks, and one that forgets its policy.
func synthesizeForHCL(outdir string) error {
	files, err := loaded()
	if err != nil {
		return err
	}
	for _, one := range withBlocks {
		files = append(files, spec.File{Name: one.name, Environment: smallest(one.backend)})
	}
	forgetting := smallest(spec.Backend{})
	forgetting.Access.LeavePolicyAsItIs = true
	return synthesize(outdir, append(files, spec.File{Name: "forgetting", Environment: forgetting}))
}

// written is the HCL of each stack, by its name, with the slim provider.
var written = sync.OnceValues(func() (map[string]string, error) { return writeHCL("on") })

// writeHCL has the test binary write HCL, and returns it by the stacks' names.
func writeHCL(slim string) (map[string]string, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	outdir, err := os.MkdirTemp("", "hcl-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(outdir)
	program := exec.Command(binary)
	program.Env = append(os.Environ(), hclProgram+"="+outdir, "SYNTH_HCL_OUTPUT=true", "SLIMAWS="+slim)
	if output, err := program.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, output)
	}
	paths, err := filepath.Glob(filepath.Join(outdir, "stacks", "*", "cdk.tf"))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		all[filepath.Base(filepath.Dir(path))] = string(content)
	}
	return all, nil
}

// hclOf is the HCL of a stack.
func hclOf(t *testing.T, stack string) string {
	t.Helper()
	all, err := written()
	if err != nil {
		t.Fatal(err)
	}
	if all[stack] == "" {
		t.Fatalf("no HCL of %s", stack)
	}
	return all[stack]
}

// parsed is the HCL of a stack, which Terraform's own parser must take.
func parsed(t *testing.T, stack string) *hclsyntax.Body {
	t.Helper()
	hcl := hclOf(t, stack)
	file, diagnostics := hclparse.NewParser().ParseHCL([]byte(hcl), "cdk.tf")
	if diagnostics.HasErrors() {
		t.Fatalf("%v\n%s", diagnostics, hcl)
	}
	return file.Body.(*hclsyntax.Body)
}

// The HCL of every environment parses, and has every argument that the JSON has: so Terraform finds each resource under its address, and
// nothing of it is dropped.
func TestHCLOfEveryEnvironment(t *testing.T) {
	eachFile(t, func(t *testing.T, stack stackJSON) {
		want := argumentsOfJSON(stack.whole, "")
		got := argumentsOfHCL(parsed(t, filepath.Base(t.Name())), "")
		if diff := cmp.Diff(inOrder(want), inOrder(got)); diff != "" {
			t.Errorf("arguments (-JSON +HCL):\n%s", diff)
		}
	})
}

func inOrder(paths []string) []string {
	slices.Sort(paths)
	return slices.Compact(paths)
}

// argumentsOfJSON is the path of every argument, and of every block that has none; lists and what cdktf says of itself add nothing to it.
func argumentsOfJSON(tree any, path string) (paths []string) {
	switch tree := tree.(type) {
	case map[string]any:
		for key, below := range tree {
			if key != "//" {
				paths = append(paths, argumentsOfJSON(below, path+"."+key)...)
			}
		}
	case []any:
		for _, below := range tree {
			paths = append(paths, argumentsOfJSON(below, path)...)
		}
	}
	return orAlone(paths, path)
}

// argumentsOfHCL is the same of a block.
func argumentsOfHCL(block *hclsyntax.Body, path string) (paths []string) {
	for name, attribute := range block.Attributes {
		paths = append(paths, argumentsIn(attribute.Expr, path+"."+name)...)
	}
	for _, below := range block.Blocks {
		names := append([]string{path, below.Type}, below.Labels...)
		paths = append(paths, argumentsOfHCL(below.Body, strings.Join(names, "."))...)
	}
	return orAlone(paths, path)
}

func argumentsIn(expression hclsyntax.Expression, path string) (paths []string) {
	switch expression := expression.(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range expression.Items {
			key, _ := item.KeyExpr.Value(nil)
			paths = append(paths, argumentsIn(item.ValueExpr, path+"."+key.AsString())...)
		}
	case *hclsyntax.TupleConsExpr:
		for _, element := range expression.Exprs {
			paths = append(paths, argumentsIn(element, path)...)
		}
	}
	return orAlone(paths, path)
}

// orAlone is the path itself where nothing is below.
func orAlone(below []string, path string) []string {
	if below == nil {
		return []string{path}
	}
	return below
}

// Terraform takes these as blocks, and refuses them as arguments.
func TestHCLOfBackendsWithBlocks(t *testing.T) {
	for _, one := range withBlocks {
		backend := parsed(t, one.name).Blocks[0].Body.Blocks[1] // after required_providers
		var got []string
		for _, block := range backend.Body.Blocks {
			got = append(got, block.Type)
		}
		if !slices.Equal(got, []string{one.block}) || backend.Body.Attributes[one.block] != nil {
			t.Errorf("backend %s has the blocks %v, want %s, as nothing else:\n%s", one.name, got, one.block, hclOf(t, one.name))
		}
	}
}

// What cdktf by itself would write as HCL that means something else, or that Terraform does not take: a reference in quotes, say.
func TestHCLOfWhatCDKTFGetsWrong(t *testing.T) {
	all, err := synthesizedOnce()
	if err != nil {
		t.Fatal(err)
	}
	for stack, want := range map[string]string{
		"oss":             `replace_triggered_by\s*=\s*\[aws_elasticsearch_domain\.domain\.arn\]`,
		"forgetting":      `\n\}\n\nremoved \{\n  from = aws_elasticsearch_domain_policy\.access\n\n  lifecycle \{\n    destroy = false\n  \}\n\}\n`,
		"example-cognito": `postcondition \{\n`,
		"example-public":  regexp.QuoteMeta(`dashboard_body = "${jsonencode(local.dashboard_body)}"`),
		// As it is but for Terraform's templates, where a heredoc would add a newline.
		"example-saml": regexp.QuoteMeta("metadata_content = " +
			strconv.Quote(literals.Replace(all["example-saml"].environment.SignIn.SAML.MetadataContent)) + "\n"),
	} {
		if hcl := hclOf(t, stack); !regexp.MustCompile(want).MatchString(hcl) {
			t.Errorf("the HCL of %s does not match %s:\n%s", stack, want, hcl)
		}
	}
}

// literals writes a text that is no template to Terraform.
var literals = strings.NewReplacer("${", "$${", "%{", "%%{")

//go:build integration

package deploy

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/test/tools"
)

// awsProvider is a folder for `terraform init -plugin-dir` that holds the AWS provider of the version that the stacks ask for.
// Where it cannot be had the test skips, in CI too: whether there is a registry, or a mirror that TF_CLI_CONFIG_FILE names, is
// the machine's affair. That the variable is read here also keeps go from remembering a skip after it was set.
func awsProvider(t *testing.T) string {
	t.Helper()
	tools.OnPath(t, "terraform")
	var stack struct {
		Terraform struct {
			RequiredProviders json.RawMessage `json:"required_providers"`
		} `json:"terraform"`
	}
	for _, content := range synthesized(t, "cdk.tf.json") { // which all ask for the same
		if err := json.Unmarshal([]byte(content), &stack); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	tools.WriteFile(t, filepath.Join(folder, "main.tf.json"),
		`{"terraform": {"required_providers": `+string(stack.Terraform.RequiredProviders)+`}}`)
	if output, err := terraformIn(folder, "init"); err != nil {
		_, reason, _ := strings.Cut(output, "Error: ")
		t.Skipf("`terraform init` finds no AWS provider with TF_CLI_CONFIG_FILE=%q: %s",
			os.Getenv("TF_CLI_CONFIG_FILE"), strings.Join(strings.Fields(reason), " "))
	}
	return filepath.Join(folder, ".terraform", "providers")
}

// terraformIn runs a command in folder and returns all that it printed.
func terraformIn(folder string, arguments ...string) (string, error) {
	command := exec.Command("terraform", arguments...)
	command.Dir = folder
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color")
	output, err := command.CombinedOutput()
	return string(output), err
}

// Terraform takes what becomes of the examples, each as a module of one configuration, so that the provider is loaded once.
func TestTerraformValidatesExamples(t *testing.T) {
	plugins := awsProvider(t)
	folder := t.TempDir()
	modules := map[string]map[string]string{}
	for name, content := range synthesizedFrom(t, "cdk.tf.json", "examples") {
		tools.WriteFile(t, filepath.Join(folder, name, "cdk.tf.json"), content)
		modules[name] = map[string]string{"source": "./" + name}
	}
	root, err := json.Marshal(map[string]any{"module": modules})
	if err != nil {
		t.Fatal(err)
	}
	tools.WriteFile(t, filepath.Join(folder, "main.tf.json"), string(root))
	for _, arguments := range [][]string{{"init", "-backend=false", "-plugin-dir", plugins}, {"validate"}} {
		if output, err := terraformIn(folder, arguments...); err != nil {
			t.Fatalf("terraform %s: %v\n%s", arguments[0], err, output)
		}
	}
}

// Terraform takes the HCL of every environment as it takes its JSON.
func TestTerraformValidatesHCL(t *testing.T) {
	plugins := awsProvider(t)
	validate := func(t *testing.T, file, content string) (faults []string) {
		folder := t.TempDir()
		tools.WriteFile(t, filepath.Join(folder, file), content)
		if output, err := terraformIn(folder, "init", "-backend=false", "-plugin-dir", plugins); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		command := exec.Command("terraform", "validate", "-json")
		command.Dir = folder
		output, _ := command.Output() // the fault, if it is one, is in the answer
		var answer struct {
			Valid       bool
			Diagnostics []struct{ Severity, Summary string }
		}
		if err := json.Unmarshal(output, &answer); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		for _, diagnostic := range answer.Diagnostics {
			if diagnostic.Severity == "error" {
				faults = append(faults, diagnostic.Summary)
			}
		}
		return faults
	}
	asJSON, asHCL := synthesized(t, "cdk.tf.json"), synthesized(t, "cdk.tf")
	for _, name := range slices.Sorted(maps.Keys(asJSON)) {
		t.Run(name, func(t *testing.T) {
			inJSON, inHCL := validate(t, "cdk.tf.json", asJSON[name]), validate(t, "cdk.tf", asHCL[name])
			if diff := cmp.Diff(inJSON, inHCL); diff != "" {
				t.Errorf("faults (-JSON +HCL):\n%s", diff)
			}
			if inJSON != nil {
				t.Skipf("not the provider that the stacks are written for, which takes their JSON: %s", inJSON)
			}
		})
	}
}

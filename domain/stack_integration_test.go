//go:build integration

package domain

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The real Terraform tells the endpoint of a stack that was applied; its other outputs are of no concern.
func TestTerraformOutput(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		missing(t, "%v; https://developer.hashicorp.com/terraform/install", err)
	}
	cleanEnvironment(t)
	t.Setenv("CHECKPOINT_DISABLE", "1")
	stack := newStack(t, smallest)
	folder := filepath.Join(stack.Outdir, "stacks", "dev")
	must(t, os.MkdirAll(folder, 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "cdk.tf.json"), []byte(`{"output": {
		"elasticsearch_domain_endpoint": {"value": "search-x.eu-central-1.es.amazonaws.com"},
		"kibana_endpoint": {"value": "search-x.eu-central-1.es.amazonaws.com/_plugin/kibana/"},
		"secret": {"value": "hunter22", "sensitive": true}, "list": {"value": ["a"]}}}`), 0o644))
	for _, arguments := range [][]string{{"init"}, {"apply", "-auto-approve"}} {
		command := exec.Command("terraform", arguments...)
		command.Dir = folder
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("terraform %v: %v\n%s", arguments, err, output)
		}
	}
	// Without a provider Terraform makes no folder of its own.
	must(t, os.MkdirAll(filepath.Join(folder, ".terraform"), 0o755))
	environment, err := stack.Environment()
	must(t, err)
	deployed, err := stack.Find(t.Context(), environment)
	if err != nil || deployed.Endpoint != "search-x.eu-central-1.es.amazonaws.com" || deployed.Kibana != "search-x.eu-central-1.es.amazonaws.com/_plugin/kibana/" {
		t.Errorf("found %+v (%v)", deployed, err)
	}
	client, err := Connect(t.Context(), Options{Endpoint: deployed.Endpoint, Kibana: deployed.Kibana, Region: environment.Region})
	must(t, err)
	if got := client.Kibana().Endpoint().String(); got != "https://search-x.eu-central-1.es.amazonaws.com/_plugin/kibana" {
		t.Errorf("Kibana is at %s", got)
	}
}

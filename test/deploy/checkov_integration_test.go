//go:build integration

package deploy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cdktf-aimetrics/test/tools"
)

// keyPolicy is why three of Checkov's checks do not apply to the policy of a KMS key: they are made for policies of IAM, where
// "*" is every resource there is. In the policy of a key it is that one key, and KMS takes nothing else; and without kms:* for
// the account nobody could ever change the key again.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
const keyPolicy = "the * of a key's policy is that key"

// accepted is the checks that prod fails for a good reason, by check and resource.
var accepted = map[string]string{
	"CKV_AWS_109 data.domain_key_document": keyPolicy,
	"CKV_AWS_111 data.domain_key_document": keyPolicy,
	"CKV_AWS_356 data.domain_key_document": keyPolicy,
	"CKV_AWS_109 data.alarms_key_document": keyPolicy,
	"CKV_AWS_111 data.alarms_key_document": keyPolicy,
	"CKV_AWS_356 data.alarms_key_document": keyPolicy,
}

// TestCheckov scans what prod synthesizes: every check passes but those that are accepted, and nothing is accepted that passes.
func TestCheckov(t *testing.T) {
	prod, found := synthesized(t, "cdk.tf.json")["prod"]
	if !found {
		t.Skip("there is no environments/prod.yaml")
	}
	var stack struct {
		Data map[string]map[string]any `json:"data"`
	}
	if err := json.Unmarshal([]byte(prod), &stack); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	tools.WriteFile(t, filepath.Join(folder, "cdk.tf.json"), prod)
	// Its framework "terraform" would see nothing in JSON, and say that all is well.
	command := exec.Command(tools.Python(t, "bin/checkov"), "--directory", folder, "--framework", "terraform_json",
		"--skip-download", "--output", "json")
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil && command.ProcessState.ExitCode() != 1 { // 1: some checks failed
		t.Fatalf("%v: %s", err, output)
	}
	var report struct {
		Results struct {
			Failed []struct {
				ID       string `json:"check_id"`
				Name     string `json:"check_name"`
				Resource string `json:"resource"`
			} `json:"failed_checks"`
		}
		Summary struct{ Passed, Failed int }
	}
	if err := json.Unmarshal(output, &report); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	const fewest = 100 // or it did not see the stack
	if report.Summary.Passed < fewest {
		t.Errorf("%d checks passed, want at least %d", report.Summary.Passed, fewest)
	}
	failed := map[string]bool{}
	for _, check := range report.Results.Failed {
		failed[check.ID+" "+check.Resource] = true
		if accepted[check.ID+" "+check.Resource] == "" {
			t.Errorf("%s fails %s: %s", check.Resource, check.ID, check.Name)
		}
	}
	for check := range accepted {
		_, resource, _ := strings.Cut(check, " data.")
		if _, there := stack.Data["aws_iam_policy_document"][resource]; there && !failed[check] {
			t.Errorf("%s passes; accept it no longer", check)
		}
	}
	t.Logf("%d checks passed, %d failed and are accepted", report.Summary.Passed, len(failed))
}

//go:build integration

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A plan file that Terraform wrote, from another folder than the plan's. terraform_data is built into Terraform.
func TestRealPlanFile(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	folder := filepath.Join(t.TempDir(), "stacks", "prod")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CHECKPOINT_DISABLE", "1")
	configure := func(password, size string) {
		t.Helper()
		text := `{"variable":{"password":{"type":"string","sensitive":true,"default":"` + password + `"}},
			"resource":{"terraform_data":{"x":{"input":{"hidden":"${var.password}","size":` + size + `}}}}}`
		if err := os.WriteFile(filepath.Join(folder, "cdk.tf.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	terraform := func(arguments ...string) {
		t.Helper()
		command := exec.Command("terraform", arguments...)
		command.Dir = folder
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("terraform %v: %v\n%s", arguments, err, output)
		}
	}
	configure("Correct-Horse-7", "1")
	terraform("init")
	terraform("apply", "-auto-approve")
	configure("Battery-Staple-8", "2")
	terraform("plan", "-out", "plan")

	got := aimetrics("", "review", filepath.Join(folder, "plan"))
	if got.code != 0 || got.err != "" || !strings.Contains(got.out, " prod   1 changed") || !strings.Contains(got.out, "input.size 1 → 2") || !strings.Contains(got.out, "input.hidden (sensitive) → (sensitive)") {
		t.Errorf("%+v", got)
	}
	if strings.Contains(got.out, "Horse") || strings.Contains(got.out, "Staple") {
		t.Errorf("a password in %s", got.out)
	}
	configure("Battery-Staple-8", "3")
	if got := aimetrics("", "review", filepath.Join(folder, "plan")); got.code != 0 || !strings.Contains(got.err, "is older than its stack") {
		t.Errorf("after the configuration changed: %+v", got)
	}
	// Without the folder that the plan was made in, Terraform's own words say what is missing.
	if err := os.WriteFile(filepath.Join(folder, "plan"), []byte("PK\x03\x04"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := aimetrics("", "review", filepath.Join(folder, "plan")); got.code != 1 || strings.Count(got.err, "\n") != 1 || !strings.Contains(got.err, "terraform show -json: ") {
		t.Errorf("%+v", got)
	}
}

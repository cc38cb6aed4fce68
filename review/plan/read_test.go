package plan

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// nothing watches nothing.
func nothing(string) bool { return false }

// One line with the place and the remedy for what is no plan.
func TestNoPlan(t *testing.T) {
	text, err := os.ReadFile("../testdata/plans/small-create.json")
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	text, _ = json.Marshal(tree) // which sorts its keys
	valid := string(text)
	for _, test := range []struct{ name, input, want string }{
		{"nothing", "", "is empty; write one with `terraform show -json PLAN`"},
		{"blanks", " \n\t", "is empty; write one with `terraform show -json PLAN`"},
		{"text", "Terraform will perform the following actions:", "is not JSON; write one with `terraform show -json PLAN`"},
		{"a list", "[]", "is not JSON; write one with `terraform show -json PLAN`"},
		{"a plan file", "PK\x03\x04....", "is a plan file, which Terraform alone can read, in the folder that it was made in; name its path"},
		{"UTF-16", "\xff\xfe{\x00", "is UTF-16, as PowerShell's > writes it; write it with `terraform show -json PLAN | Out-File -Encoding utf8 FILE`"},
		{"cut off", valid[:len(valid)/2], "planned_values: is cut off; write one with `terraform show -json PLAN` again"},
		{"two plans", valid + valid, "goes on after its end; hand in one plan per file"},
		{"an older format", `{"format_version":"0.0","resource_changes":[]}`, `format_version: "0.0" is not >= 0.1, < 2.0, which this version reads; update aimetrics, or plan with Terraform 1.x`},
		{"a newer format", `{"format_version":"2.0","resource_changes":[]}`, `format_version: "2.0" is not >= 0.1, < 2.0, which this version reads; update aimetrics, or plan with Terraform 1.x`},
		{"no format", `{"resource_changes":[]}`, `format_version: "" is not >= 0.1, < 2.0, which this version reads; update aimetrics, or plan with Terraform 1.x`},
		{"an object", `{}`, "has no format_version, so it is no plan; write one with `terraform show -json PLAN`"},
		{"a state", `{"format_version":"1.0","terraform_version":"1.11.4","values":{}}`, "is a state, not a plan; write one with `terraform show -json PLAN`"},
		{"a state file", `{"version":4,"lineage":"x","resources":[]}`, "is a state file, not a plan; write one with `terraform show -json PLAN`"},
		{"the log", `{"@level":"info","@message":"x"}` + "\n" + `{"@level":"info"}`, "is the log of `terraform plan -json`; write one with `terraform show -json PLAN`"},
		{"no list", `{"format_version":"1.2","resource_changes":"x"}`, "resource_changes: is no list; write one with `terraform show -json PLAN` again"},
		{"null changes", `{"format_version":"1.2","resource_changes":[null]}`, `resource_changes[0]: "" has no change`},
		{"a wrong type", `{"format_version":"1.2","resource_changes":[{"address":7}]}`, "resource_changes[0]: holds a number where Terraform writes another type; write one with `terraform show -json PLAN` again"},
		{"unknown actions", `{"format_version":"1.2","resource_changes":[{"address":"a.b","change":{"actions":["eat"]}}]}`, `resource_changes[0]: "a.b": actions "[eat]" are none of Terraform 1.x; update aimetrics`},
		{"no deferred change", `{"format_version":"1.2","deferred_changes":[{}],"resource_changes":[]}`, "deferred_changes[0]: has no resource_change"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(test.input), nothing)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestByteOrderMark(t *testing.T) {
	if _, err := Read(strings.NewReader("\ufeff"+`{"format_version":"1.2","resource_changes":[]}`), nothing); err != nil {
		t.Error(err)
	}
}

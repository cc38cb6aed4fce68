package review

import (
	tfjson "github.com/hashicorp/terraform-json"

	"cdktf-aimetrics/review/prose"
)

// checks says which checks of the configuration do not pass.
func checks(r *reading) []section {
	var rows []row
	for _, check := range r.plan.Checks {
		if check.Status == string(tfjson.CheckStatusPass) {
			continue
		}
		text := prose.Say(prose.Value(check.Address), ": ", prose.Value(check.Status))
		if check.Problems != nil {
			text = prose.Say(text, ": ", prose.List(prose.Values(check.Problems), "and", most))
		}
		rows = append(rows, item(text))
		if check.Status != string(tfjson.CheckStatusUnknown) {
			r.find(Failed, check.Address, "check ", text)
		}
	}
	return list(rows)
}

// invocations says which actions Terraform will invoke.
func invocations(r *reading) []section {
	var rows []row
	for _, address := range r.plan.Invocations {
		rows = append(rows, item(prose.Value(address)))
	}
	return list(rows)
}

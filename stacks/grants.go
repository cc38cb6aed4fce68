package stacks

import (
	"fmt"
	"maps"
	"slices"

	"cdktf-aimetrics/spec"
)

// grant is actions on resources, under conditions. Those that read are what Terraform calls when it plans; to deploy it calls
// the others as well. Which calls those are was seen in the AWS provider's log and read in its source: see
// testdata/calls.txt.
type grant struct {
	reads      bool
	denied     bool // whatever else allows it
	actions    []string
	resources  []string
	conditions []*condition
}

func reading(actions ...string) grant  { return grant{reads: true, actions: actions} }
func changing(actions ...string) grant { return grant{actions: actions} }
func denying(actions ...string) grant  { return grant{denied: true, actions: actions} }

// destroying is what destroys data: granted where the file lets Terraform destroy it, and denied while it does not, for the policy of a
// key or of a domain, which a role that deploys it can write, could allow what is merely not granted.
func destroying(e spec.Environment, actions ...string) grant {
	if *e.Domain.Lifecycle.PreventDestroy {
		return denying(actions...)
	}
	return changing(actions...)
}

func (grant grant) on(resources ...string) grant {
	grant.resources = resources
	return grant
}

func (grant grant) where(conditions ...*condition) grant {
	grant.conditions = conditions
	return grant
}

// grants is what it takes to plan an environment in its region, and what it takes besides to deploy it.
func (here location) grants(environment spec.Environment) (reads []grant, changes map[string][]grant) {
	changes = map[string][]grant{} // by policy
	for _, section := range sections {
		if section.grants == nil {
			continue
		}
		read, change := split(section.grants(here, environment))
		reads = append(reads, read...)
		if len(change) > 0 {
			changes[section.policy] = append(changes[section.policy], change...)
		}
	}
	return reads, changes
}

func split(grants []grant) (reads, changes []grant) {
	for _, grant := range grants {
		if grant.reads {
			reads = append(reads, grant)
		} else {
			changes = append(changes, grant)
		}
	}
	return reads, changes
}

// statementsOf says grants in as few statements as there are resources and conditions: a policy has 6,144 characters.
func statementsOf(grants []grant) []statement {
	actions := map[string][]string{}
	var order []string
	byKey := map[string]grant{}
	for _, grant := range grants {
		slices.Sort(grant.resources)
		key := fmt.Sprint(grant.denied, grant.resources)
		for _, condition := range grant.conditions {
			key += fmt.Sprint(*condition.Test, *condition.Variable)
			for _, value := range *condition.Values {
				key += "\n" + *value
			}
		}
		if byKey[key].resources == nil {
			order = append(order, key)
		}
		byKey[key] = grant
		actions[key] = append(actions[key], grant.actions...)
	}
	statements := make([]statement, len(order))
	for i, key := range order {
		slices.Sort(actions[key])
		effect := "Allow"
		if byKey[key].denied {
			effect = "Deny"
		}
		statements[i] = statement{
			Effect:    &effect,
			Actions:   stringList(slices.Compact(actions[key])),
			Resources: stringList(byKey[key].resources),
		}
		if conditions := byKey[key].conditions; conditions != nil {
			statements[i].Condition = conditions
		}
	}
	return statements
}

func sortedKeys[V any](values map[string]V) []string { return slices.Sorted(maps.Keys(values)) }

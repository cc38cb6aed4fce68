// Package plan is what a Terraform plan says, and what of it may be shown:
//
//	plan.go     what a plan holds (this file)
//	action.go   what Terraform does with a resource, and why
//	read.go     reading it, value by value, so that it may be large
//	scan.go     cutting JSON into its values, most of which are only passed over
//	value.go    a value, and what of it may be shown
//	compare.go  what differs between two values
//	secrets.go  hiding what is sensitive wherever else it comes back
//
// Values stay inside: whoever imports this package gets at one by the methods of [Value], none of which gives away what is
// sensitive. It knows no resource type.
package plan

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// Plan is what of a plan's JSON a review needs.
// https://developer.hashicorp.com/terraform/internals/json-format
type Plan struct {
	// Whether Terraform stopped with an error, and the rest is not the whole plan.
	Errored bool
	// Whether the plan leaves out things, so that a further one must follow.
	Incomplete bool
	// Whether it changes nothing on AWS (-refresh-only).
	RefreshOnly bool
	// What changes, without data that are read.
	Changes []*Change
	// How many resources stay as they are.
	Unchanged int
	// The resources of the types that Read was asked to watch, those that stay as they are too.
	Watched []*Change
	// What was changed outside Terraform.
	Drift []*Change
	// What Terraform cannot plan yet.
	Deferred []Deferred
	// The outputs that change, by name.
	Outputs []Output
	// Checks of the configuration.
	Checks []Check
	// Addresses of the actions that Terraform will invoke.
	Invocations []string
}

// Change is what Terraform does with a resource.
type Change struct {
	Address, Type string
	Action        Action
	// Why, or "" if Terraform does not say: "it is tainted", to be put behind "since".
	Why string
	// Address that it had before; "" if it is the same.
	PreviousAddress string
	// Key of the deposed object that it is of: what a replacement that failed left behind. "" for the resource itself.
	DeposedKey string
	// Whether it is imported, and the id that it has at its provider; "" if that is an identity of several values.
	Imported bool
	ImportID string
	// Its values; null where it is not there.
	Before, After Value

	forcing   []string          // the arguments for which it is replaced, see Forces
	arguments func() []Argument // once compared: a func, for what prints a Change would print secrets of a list
}

// newChanges is what Terraform does with a resource; of one that it forgets and makes anew, it is both.
func newChanges(c *tfjson.ResourceChange) []*Change {
	change := newChange(c)
	if !isForgottenAndMade(c.Change.Actions) {
		return []*Change{change}
	}
	made := *change
	change.After, made.Before = Value{}, Value{}
	made.Action, made.PreviousAddress = Create, ""
	return []*Change{change, &made}
}

func newChange(c *tfjson.ResourceChange) *Change {
	change := &Change{
		Address: c.Address, Type: c.Type, Action: actionOf(c), Why: reasons[c.ActionReason], DeposedKey: c.DeposedKey,
		Before: before(c.Change), After: after(c.Change), forcing: replacePaths(c.Change),
	}
	if c.PreviousAddress != c.Address {
		change.PreviousAddress = c.PreviousAddress
	}
	if importing := c.Change.Importing; importing != nil {
		change.Imported, change.ImportID = true, importing.ID
	}
	return change
}

// Arguments is what differs between the resource before and after. Of its tags it is those on AWS, tags_all, under the name of
// tags, where they are known: a tag that becomes one of the provider's defaults goes from tags, and stays on AWS.
func (c *Change) Arguments() []Argument {
	if c.arguments == nil {
		all := Arguments(c.Before, c.After)
		c.arguments = func() []Argument { return all }
	}
	return c.arguments()
}

// Forces reports whether the change of an argument is one of those for which the resource is replaced: of a whole block each
// argument in it is, and of an argument in a list the list is.
func (c *Change) Forces(a Argument) bool {
	return slices.ContainsFunc(c.forcing, func(path string) bool { return path != "" && (a.Concerns(path) || concerns(a.Path, path)) })
}

// replacePaths is the arguments for which Terraform replaces a resource, by path without the indexes of blocks.
func replacePaths(change *tfjson.Change) []string {
	var paths []string
	for _, steps := range change.ReplacePaths[:min(len(change.ReplacePaths), 1000)] {
		path := ""
		steps, _ := steps.([]any)
		for _, step := range steps {
			if step, ok := step.(string); ok {
				path = join(path, step)
			}
		}
		paths = append(paths, path)
	}
	return paths
}

// Deferred is a change that Terraform cannot plan yet.
type Deferred struct {
	Reason string // Terraform's word, such as provider_config_unknown
	Change *Change
}

// Output is an output that changes.
type Output struct {
	Name          string
	Action        Action // Create, Update or Destroy
	Before, After Value
}

// Check is what a check of the configuration came to.
type Check struct {
	Address  string
	Status   string // pass, fail, error or unknown
	Problems []string
}

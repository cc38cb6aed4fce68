package plan

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// Action is what becomes of a resource, the worst first.
type Action int

const (
	Destroy Action = iota
	Replace
	Update
	Create
	Forget // it stays at its provider
	Import // it stays as it is
	Move   // it gets another address, and stays as it is
	Keep   // it stays as it is
	ReadData
)

// Actions are all that change a resource or where Terraform has it, the worst first.
var Actions = []Action{Destroy, Replace, Update, Create, Forget, Import, Move}

var actionWords = map[Action]struct{ does, done string }{
	Destroy:  {"destroys", "destroyed"},
	Replace:  {"replaces", "replaced"},
	Update:   {"changes", "changed"},
	Create:   {"creates", "created"},
	Forget:   {"forgets", "forgotten"},
	Import:   {"imports", "imported"},
	Move:     {"moves", "moved"},
	Keep:     {"keeps", "kept"},
	ReadData: {"reads", "read"},
}

// Does is what the plan does: "destroys".
func (a Action) Does() string { return actionWords[a].does }

// Done is what then is: "destroyed".
func (a Action) Done() string { return actionWords[a].done }

// planned reads Terraform's actions; ok is false if there are no such.
func planned(actions tfjson.Actions) (_ Action, ok bool) {
	are := func(wanted ...tfjson.Action) bool { return slices.Equal(actions, wanted) }
	switch {
	case are(tfjson.ActionNoop):
		return Keep, true
	case are(tfjson.ActionCreate):
		return Create, true
	case are(tfjson.ActionRead):
		return ReadData, true
	case are(tfjson.ActionUpdate):
		return Update, true
	case are(tfjson.ActionDelete):
		return Destroy, true
	case are(tfjson.ActionDelete, tfjson.ActionCreate), are(tfjson.ActionCreate, tfjson.ActionDelete):
		return Replace, true
	case are(tfjson.ActionForget), isForgottenAndMade(actions):
		return Forget, true
	}
	return Keep, false
}

// isForgottenAndMade reports whether a resource stays at its provider, forgotten, and another takes its address.
func isForgottenAndMade(actions tfjson.Actions) bool {
	return len(actions) == 2 && slices.Contains(actions, tfjson.ActionCreate) && slices.Contains(actions, tfjson.ActionForget)
}

// actionOf is what becomes of a resource: one whose values stay may be imported or moved.
func actionOf(c *tfjson.ResourceChange) Action {
	action, _ := planned(c.Change.Actions)
	switch {
	case action == Keep && c.Change.Importing != nil:
		return Import
	case action == Keep && c.PreviousAddress != "":
		return Move
	}
	return action
}

const tainted = "it is tainted: its creation failed, or somebody marked it"

// IsTainted reports whether a resource is replaced because its creation failed, as far as Terraform knows, or somebody marked it.
// https://developer.hashicorp.com/terraform/cli/state/taint
func (c *Change) IsTainted() bool { return c.Why == tainted }

// reasons is why Terraform does what it does.
var reasons = map[tfjson.ActionReason]string{
	tfjson.ActionReasonReplaceBecauseTainted:         tainted,
	tfjson.ActionReasonReplaceByRequest:              "-replace asks for it",
	tfjson.ActionReasonReplaceByTriggers:             "something that it depends on changes (replace_triggered_by)",
	tfjson.ActionReasonDeleteBecauseNoResourceConfig: "the configuration no longer has it",
	tfjson.ActionReasonDeleteBecauseWrongRepetition:  "the configuration now has another count or for_each",
	tfjson.ActionReasonDeleteBecauseCountIndex:       "count is smaller now",
	tfjson.ActionReasonDeleteBecauseEachKey:          "for_each no longer has its key",
	tfjson.ActionReasonDeleteBecauseNoModule:         "the configuration no longer has its module",
	tfjson.ActionReasonDeleteBecauseNoMoveTarget:     "it was moved to an address that the configuration does not have",
}

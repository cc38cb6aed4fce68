package review

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cdktf-aimetrics/review/prose"
)

// Gate says which plans to refuse. Its zero value refuses none.
type Gate struct {
	refuses []condition
	// Addresses of resources that may be what the gate refuses.
	Allow []string
}

// condition is one case in which a gate refuses a plan.
type condition struct {
	Name       string
	severities []Severity
	Says       string
}

// Conditions are what a gate can refuse, by the names that NewGate takes.
var Conditions = []condition{
	{"replace", []Severity{DomainLost, DataLost, Vanished},
		"what holds data is destroyed or replaced (a domain, a KMS key, a log group, a bucket, …), or a domain is gone and created again"},
	{"kept", []Severity{Kept},
		"what the plan takes away stays on at AWS: sign-in by SAML or Cognito, a type of log, a master user, …"},
	{"destroy", []Severity{DomainLost, DataLost, Vanished, AlarmGone, Destroyed}, "anything is destroyed or replaced"},
	{"open", []Severity{Opened, Widened}, "somebody new gets in, somebody may do more, or a wall falls"},
	{"blue-green", []Severity{BlueGreen}, "a domain takes a blue/green deployment"},
	{"alarms", []Severity{AlarmGone, AlarmLost}, "an alarm goes, notifies nobody any more, or fires later"},
	{"drift", []Severity{Drifted}, "something was changed outside Terraform, even where this plan leaves it so"},
	{"never", nil, "nothing"},
}

// ConditionNames are the names of Conditions, with a comma between them.
func ConditionNames() string {
	var names []string
	for _, c := range Conditions {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// NewGate makes a gate that refuses the conditions of these names, and with any but "never" a plan that Terraform could not
// finish, since what is missing from it could be refused.
func NewGate(names, allow []string) (Gate, error) {
	gate := Gate{Allow: allow}
	if len(names) == 0 { // as a variable that is not set gives them
		return Gate{}, errors.New(`no condition; "never" refuses nothing`)
	}
	for _, name := range names {
		i := slices.IndexFunc(Conditions, func(c condition) bool { return c.Name == name })
		if i < 0 {
			return Gate{}, fmt.Errorf("%s is none of %s", prose.Quoted(name), ConditionNames())
		}
		gate.refuses = append(gate.refuses, Conditions[i])
	}
	if len(names) > 1 && slices.Contains(names, "never") {
		return Gate{}, fmt.Errorf(`"never" goes with no other`)
	}
	return gate, nil
}

// Refusal is what a gate refuses of a review.
type Refusal struct {
	Condition string // the gate's; "" for a plan that is not whole
	Address   string // what to allow if it is meant; "" if that cannot be
	Text      prose.Text
}

// Refuses returns what the gate refuses of a review, the worst first, and of a resource by each condition the worst alone; nothing if
// it lets it pass.
func (g Gate) Refuses(r *Review) []Refusal {
	var all []Refusal
	type of struct{ condition, address string }
	said := map[of]bool{}
	for _, event := range r.events {
		i := slices.IndexFunc(g.refuses, func(c condition) bool { return slices.Contains(c.severities, event.Severity) })
		switch {
		case event.Severity == Broken && slices.ContainsFunc(g.refuses, func(c condition) bool { return c.severities != nil }):
			all = append(all, Refusal{Text: event.Text})
		case i >= 0 && (event.Address == "" || !slices.Contains(g.Allow, event.Address)):
			by := of{g.refuses[i].Name, event.Address}
			if !said[by] || event.Address == "" {
				all = append(all, Refusal{by.condition, by.address, event.Text})
			}
			said[by] = true
		}
	}
	return all
}

// Unused returns the allowed addresses for which nothing of the reviews would be refused.
func (g Gate) Unused(reviews []*Review) []string {
	strict := Gate{refuses: g.refuses}
	return slices.DeleteFunc(slices.Clone(g.Allow), func(address string) bool {
		return slices.ContainsFunc(reviews, func(r *Review) bool {
			return slices.ContainsFunc(strict.Refuses(r), func(refusal Refusal) bool { return address != "" && refusal.Address == address })
		})
	})
}

// String is a refusal in one line, in plain text.
func (r Refusal) String() string {
	text := r.Text.Plain()
	if r.Condition != "" {
		text += " (--fail-on " + r.Condition + ")"
	}
	if r.Address != "" {
		text += "; if it is meant: --allow '" + prose.Safe(r.Address) + "'"
	}
	return text
}

// text is the refusal for a rendering.
func (r Refusal) text() prose.Text {
	if r.Address == "" {
		return r.Text
	}
	return prose.Say(r.Text, "; if it is meant: ", prose.Value("--allow '"+r.Address+"'"))
}

// refused says what a gate refuses.
func refused(_ *Review, refusals []Refusal) section {
	var s section
	for _, refusal := range refusals {
		s.rows = append(s.rows, row{cells: []prose.Text{refusal.text()}})
	}
	return s
}

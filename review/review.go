// Package review reads a Terraform plan and says what its reviewer must know: what is lost, who gets in, who is called at night,
// and what all of it costs the Elasticsearch domain. It is made for the plans of this project's stacks and reads those of any
// other.
//
// Below it, plan is what a plan says and what of it may be shown, policy what an IAM policy allows, prose what sentences are made
// of. Here are
//
//	review.go       a review, its findings and how severe they are (this file)
//	parts.go        its parts, in their order: that in which they are shown, and cut
//	kinds.go        what is to be known of resources, one table by their type; doors.go, perimeter.go: its longest rows;
//	                circumstance.go: when they hold
//	whole.go loss.go weaker.go kept.go upgrade.go domain.go effect.go access.go grants.go ingress.go alarm.go resources.go outputs.go
//	drift.go checks.go
//	                a part each, or what one needs
//	world.go        what of the whole plan a change must be seen with
//	gate.go         which plans to refuse
//	render.go       how reviews are written: markdown.go for a pull request, terminal.go for who watches, json.go for programs,
//	                which review.schema.json describes
//
// A further row of what lets somebody in or weakens goes into kinds.go, a further part into parts.go, a further way to write a
// review into a file like markdown.go.
package review

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// Review is what there is to say of a plan.
type Review struct {
	// Name of the stack.
	Stack string
	// What must not be overlooked, the worst first.
	Findings []Finding
	// What a gate may refuse.
	events []Finding
	// In one line what the plan does.
	counts   prose.Text
	sections [][]section // of each of the parts
}

// Finding is one thing of a plan that a reviewer must not overlook.
type Finding struct {
	Severity Severity
	// Address of the resource; "" if it is none's.
	Address string
	Text    prose.Text
	// Row of kinds that found it, as type.id; "" if none did.
	row string
}

// Severity says what kind of finding it is, the worst first.
type Severity int

const (
	DomainLost Severity = iota // a domain is destroyed or replaced
	DataLost                   // something else that holds data is
	Opened                     // everybody gets in
	Kept                       // what the plan takes away stays on at AWS
	Vanished                   // what held data was destroyed outside Terraform
	Broken                     // Terraform could not finish the plan
	DataAtRisk                 // what holds data keeps it for a shorter time, or nobody can read it
	Halfway                    // AWS refuses it, and the deployment stops halfway
	BlueGreen                  // hours of work on the domain
	AlarmGone                  // an alarm goes
	AlarmLost                  // an alarm notifies nobody any more, or fires later
	Widened                    // somebody may do more
	Failed                     // a check of the configuration fails
	Destroyed                  // something else is destroyed or replaced
	Incomplete                 // the plan leaves things out
	Unclear                    // what cannot be judged before apply
	Drifted                    // changed outside Terraform
)

// nothingFound is behind the last severity.
const nothingFound = Drifted + 1

// Read reviews a plan: the output of `terraform show -json`, which it reads value by value, so that it may be large. An error
// is one line, without the name of the plan.
func Read(stack string, from io.Reader) (*Review, error) {
	p, err := plan.Read(from, watched)
	if err != nil {
		return nil, err
	}
	r := &reading{plan: p, world: worldOf(p), changes: slices.Clone(p.Changes), review: &Review{Stack: stack, counts: counts(p)}}
	for _, deferred := range p.Deferred {
		r.changes = append(r.changes, deferred.Change)
	}
	for _, part := range parts {
		r.review.sections = append(r.review.sections, part.sections(r))
	}
	for _, findings := range [][]Finding{r.review.Findings, r.review.events} {
		slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	}
	return r.review, nil
}

// reading is a review in the making.
type reading struct {
	plan    *plan.Plan
	world   world
	changes []*plan.Change // the deferred ones too
	outside bool           // something was changed outside Terraform
	review  *Review
}

// find adds a finding.
func (r *reading) find(severity Severity, address string, parts ...any) {
	r.findBy("", severity, address, parts...)
}

// findBy adds a finding of a row of kinds.
func (r *reading) findBy(row string, severity Severity, address string, parts ...any) {
	r.review.Findings = append(r.review.Findings, Finding{severity, address, prose.Say(parts...), row})
}

// said adds a finding of a row of kinds, or of none, which a gate may refuse unless it is of what was done outside Terraform, or puts
// right what was: that is done, and a gate that refused this plan could keep the door open.
func (r *reading) said(row string, severity Severity, address string, outside bool, parts ...any) {
	r.findBy(row, severity, address, append([]any{outsideWord(outside)}, parts...)...)
	if !outside && (severity != Widened || !r.world.restored[address]) {
		r.review.events = append(r.review.events, r.review.Findings[len(r.review.Findings)-1])
	}
}

// event adds a finding that a gate may refuse.
func (r *reading) event(severity Severity, address string, parts ...any) {
	r.find(severity, address, parts...)
	r.review.events = append(r.review.events, r.review.Findings[len(r.review.Findings)-1])
}

// refusable adds what a gate may refuse, and a reader finds said otherwise.
func (r *reading) refusable(severity Severity, address string, parts ...any) {
	r.review.events = append(r.review.events, Finding{Severity: severity, Address: address, Text: prose.Say(parts...)})
}

// Headline is the worst of the plan in one sentence.
func (r *Review) Headline() prose.Text {
	if r.worst() < Incomplete {
		return r.Findings[0].Text
	}
	return r.counts
}

// worst is the severity of the worst finding.
func (r *Review) worst() Severity {
	if len(r.Findings) == 0 {
		return nothingFound
	}
	return r.Findings[0].Severity
}

// counts is in one line what a plan does.
func counts(p *plan.Plan) prose.Text {
	count := map[plan.Action]int{}
	for _, c := range p.Changes {
		count[c.Action]++
		if c.Action != plan.Move && c.PreviousAddress != "" {
			count[plan.Move]++
		}
		if c.Action != plan.Import && c.Imported {
			count[plan.Import]++
		}
	}
	var parts []prose.Text
	for _, action := range plan.Actions {
		if count[action] > 0 {
			parts = append(parts, prose.Say(fmt.Sprintf("%d %s", count[action], action.Done())))
		}
	}
	if len(p.Deferred) > 0 {
		parts = append(parts, prose.Say(fmt.Sprintf("%d deferred", len(p.Deferred))))
	}
	if parts == nil {
		return prose.Say("no resource changes")
	}
	text := prose.List(parts, "and", 10)
	if p.Unchanged > 0 {
		text = prose.Say(text, fmt.Sprintf("; %d stay as they are", p.Unchanged))
	}
	return text
}

// Package review reads a Terraform plan and tells what its reviewer must know: what is lost, who gets in, who is called at
// night, and what all of it costs the Elasticsearch domain. It is made for the plans of this project's stacks and reads those
// of any other.
package review

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"aimetrics/internal/credential"
)

// Review is what there is to say of a plan.
type Review struct {
	// Name of the stack.
	Stack string
	// What must not be overlooked, the worst first.
	Findings []Finding
	// What a gate may refuse, one for each resource.
	events []Finding
	// In one line what the plan does.
	counts   Text
	sections []section
}

// Finding is one thing of a plan that a reviewer must not overlook.
type Finding struct {
	Severity Severity
	// Address of the resource; "" if it is none's.
	Address string
	Text    Text
}

// Severity says what kind of finding it is, the worst first.
type Severity int

const (
	DomainLost Severity = iota // a domain is destroyed or replaced
	DataLost                   // something else that holds data is
	Opened                     // everybody gets in
	Vanished                   // what held data was destroyed outside Terraform
	Broken                     // Terraform could not finish the plan
	Shortened                  // what holds data keeps it for a shorter time, or locked
	BlueGreen                  // hours of work on the domain
	AlarmGone                  // an alarm goes
	AlarmLost                  // an alarm tells nobody any more, or fires later
	Widened                    // somebody may do more
	Failed                     // a check of the configuration fails
	Destroyed                  // something else is destroyed or replaced
	Incomplete                 // the plan leaves things out
	Unclear                    // what cannot be told before apply
	Drifted                    // changed outside Terraform
)

// section is a part of a review: a list, or a table if it has columns.
type section struct {
	title   string
	intro   Text
	columns []string
	rows    []row
	note    Text
}

// row is an item of a list (one cell, indented below the one before if it is a part of it) or of a table.
type row struct {
	below bool
	cells []Text
}

// action is what becomes of a resource.
type action int

const (
	destroy action = iota
	replace
	update
	create
	forget
	adopt
	move
	keep
	read
)

var actionWords = map[action][2]string{
	destroy: {"destroys", "destroyed"}, replace: {"replaces", "replaced"}, update: {"changes", "changed"}, create: {"creates", "created"},
	forget: {"forgets", "forgotten"}, adopt: {"adopts", "adopted"}, move: {"moves", "moved"}, keep: {"keeps", "kept"}, read: {"reads", "read"},
}

// actionOf reads Terraform's actions; ok is false if there are no such.
func actionOf(actions tfjson.Actions) (_ action, ok bool) {
	has := func(wanted ...tfjson.Action) bool { return slices.Equal(actions, wanted) }
	switch {
	case has(tfjson.ActionNoop):
		return keep, true
	case has(tfjson.ActionCreate):
		return create, true
	case has(tfjson.ActionRead):
		return read, true
	case has(tfjson.ActionUpdate):
		return update, true
	case has(tfjson.ActionDelete):
		return destroy, true
	case has(tfjson.ActionDelete, tfjson.ActionCreate), has(tfjson.ActionCreate, tfjson.ActionDelete):
		return replace, true
	case has(tfjson.ActionForget), has(tfjson.ActionCreate, tfjson.ActionForget), has(tfjson.ActionForget, tfjson.ActionCreate):
		return forget, true
	}
	return keep, false
}

// whatOf tells what becomes of a resource: one whose values stay may be adopted or moved.
func whatOf(c *tfjson.ResourceChange) action {
	a, _ := actionOf(c.Change.Actions)
	switch {
	case a == keep && c.Change.Importing != nil:
		return adopt
	case a == keep && c.PreviousAddress != "":
		return move
	}
	return a
}

// loss is what is lost with a resource, and what is to be known of it.
type loss struct{ lost, more string }

var domainLoss = loss{"all its data is lost", "Its dashboards and automated snapshots go too, and AWS cannot bring a deleted domain back: only a manual snapshot, in a bucket of yours, can."}

// holding is what is lost with resources that hold data, by type.
var holding = map[string]loss{
	"aws_elasticsearch_domain":  domainLoss,
	"aws_opensearch_domain":     domainLoss,
	"aws_kms_key":               {"what it encrypted can never be read again", "Until its waiting period ends, the deletion can be cancelled."},
	"aws_kms_external_key":      {"what it encrypted can never be read again", ""},
	"aws_kms_replica_key":       {"what it encrypted can be read in other regions alone", ""},
	"aws_cloudwatch_log_group":  {"all its logs are lost", ""},
	"aws_s3_bucket":             {"all its objects are lost", "Without force_destroy AWS refuses while it holds any."},
	"aws_secretsmanager_secret": {"the secret is lost when its recovery window ends", ""},
	"aws_ssm_parameter":         {"the parameter and its history are lost", ""},
	"aws_dynamodb_table":        {"all its items are lost", ""},
	"aws_db_instance":           {"the database is lost, but for snapshots", ""},
	"aws_rds_cluster":           {"the database is lost, but for snapshots", ""},
	"aws_ebs_volume":            {"the volume is lost, but for snapshots", ""},
	"aws_efs_file_system":       {"all its files are lost", ""},
	"aws_kinesis_stream":        {"all records in it are lost", ""},
	"aws_cognito_user_pool":     {"all its users are lost", ""},
}

// keepsData tells whether what is destroyed is only forgotten.
func keepsData(c *tfjson.ResourceChange) bool {
	return c.Type == "aws_cloudwatch_log_group" && beforeOf(c.Change).child("skip_destroy").isTrue()
}

// Read reviews a plan: the output of `terraform show -json`, which it reads value by value, so that it may be large. An error
// is one line, without the name of the plan.
func Read(stack string, from io.Reader) (*Review, error) {
	p, err := decode(from)
	if err != nil {
		return nil, err
	}
	r := &Review{Stack: stack}
	r.whole(p)
	world := worldOf(p)
	changes := slices.Clone(p.changes)
	for _, deferred := range p.deferred {
		changes = append(changes, deferred.ResourceChange)
	}
	r.lost(changes, p.domains)
	r.weaker(changes)
	r.domains(changes)
	r.access("Who gets in", changes, world, false)
	r.alarms(changes)
	r.resources(p)
	r.outputs(p.outputs)
	r.drift(p, world)
	r.checks(p.checks)
	r.invocations(p.invocations)
	r.count(p)
	for _, findings := range [][]Finding{r.Findings, r.events} {
		slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	}
	return r, nil
}

func (r *Review) found(severity Severity, address string, parts ...any) {
	r.Findings = append(r.Findings, Finding{severity, address, say(parts...)})
}

// event is a finding that a gate may refuse.
func (r *Review) event(severity Severity, address string, parts ...any) {
	r.found(severity, address, parts...)
	r.events = append(r.events, r.Findings[len(r.Findings)-1])
}

func (r *Review) add(s section) {
	if len(s.rows) > 0 || s.intro != nil && s.title != "" {
		r.sections = append(r.sections, s)
	}
}

// item is a row of a list.
func item(parts ...any) row { return row{cells: []Text{say(parts...)}} }

// whole tells whether the plan is all of it.
func (r *Review) whole(p *plan) {
	switch {
	case p.errored:
		r.event(Broken, "", strong("Terraform stopped with an error"), " (its own output says which; prevent_destroy is one): this is not the whole plan, and it cannot be applied")
	case p.refreshOnly:
		r.found(Incomplete, "", "a plan of -refresh-only: applied, it takes into the state what was changed outside Terraform, and changes nothing on AWS")
	case p.complete != nil && !*p.complete:
		r.found(Incomplete, "", "the plan leaves things out (-target, or changes that Terraform defers): a further plan must follow")
	}
}

// lost finds what holds data and goes, and what else is destroyed.
func (r *Review) lost(changes, domains []*tfjson.ResourceChange) {
	others := map[action][]Text{}
	keys := encrypted(domains)
	for _, c := range changes {
		a := whatOf(c)
		if a != destroy && a != replace {
			continue
		}
		what, holds := holding[c.Type]
		switch {
		case holds && !keepsData(c):
			severity := DataLost
			under := append(slices.Clone(keys[beforeOf(c.Change).textOf("arn")]), keys[beforeOf(c.Change).textOf("key_id")]...)
			if isDomain(c.Type) || under != nil {
				severity = DomainLost
			}
			text := say(strong(actionWords[a][0]), " ", called(c), ": "+what.lost)
			if under != nil {
				text = say(text, ", and it ", strong("still encrypts"), " ", list(under, "and", 3))
			}
			r.event(severity, c.Address, text)
		case isAboutAlarms(c.Type), isDomainPolicy(c.Type) && a == replace:
		default:
			others[a] = append(others[a], say(value(c.Address)))
			r.events = append(r.events, Finding{Destroyed, c.Address, say(strong(actionWords[a][0]), " ", value(c.Address))})
		}
	}
	for _, a := range []action{destroy, replace} {
		if others[a] != nil {
			r.found(Destroyed, "", actionWords[a][0]+" ", list(others[a], "and", 5))
		}
	}
}

// kinds are what to call resources.
var kinds = map[string]string{
	"aws_elasticsearch_domain": "the Elasticsearch domain ", "aws_opensearch_domain": "the OpenSearch domain ", "aws_kms_key": "the KMS key ",
	"aws_cloudwatch_log_group": "the log group ", "aws_s3_bucket": "the bucket ",
}

// called is what a reader knows a resource by: its kind and its name, or its address.
func called(c *tfjson.ResourceChange) Text {
	before := beforeOf(c.Change)
	name := cmp.Or(before.textOf("domain_name"), before.textOf("bucket"), before.textOf("name"))
	if kind, ok := kinds[c.Type]; ok && name != "" {
		return say(kind, value(name))
	}
	return say(value(c.Address))
}

// reasons is why Terraform does what it does.
var reasons = map[tfjson.ActionReason]string{
	tfjson.ActionReasonReplaceBecauseTainted:         "it is tainted: its creation failed, or somebody marked it",
	tfjson.ActionReasonReplaceByRequest:              "-replace asks for it",
	tfjson.ActionReasonReplaceByTriggers:             "something that it depends on changes (replace_triggered_by)",
	tfjson.ActionReasonDeleteBecauseNoResourceConfig: "the configuration no longer has it",
	tfjson.ActionReasonDeleteBecauseWrongRepetition:  "the configuration now has another count or for_each",
	tfjson.ActionReasonDeleteBecauseCountIndex:       "count is smaller now",
	tfjson.ActionReasonDeleteBecauseEachKey:          "for_each no longer has its key",
	tfjson.ActionReasonDeleteBecauseNoModule:         "the configuration no longer has its module",
	tfjson.ActionReasonDeleteBecauseNoMoveTarget:     "it was moved to an address that the configuration does not have",
}

// domains tells of each domain what the plan does to it.
func (r *Review) domains(changes []*tfjson.ResourceChange) {
	for _, c := range changes {
		if !isDomain(c.Type) {
			continue
		}
		a := whatOf(c)
		s := section{title: "The domain"}
		switch a {
		case create:
			s.intro = say("A new domain: ", newDomain(afterOf(c.Change)), ".")
		case destroy:
			s.intro = say(strong("Destroyed"), reason(c), "; "+domainLoss.lost+". "+domainLoss.more)
		case forget:
			s.intro = say("Stays on AWS with its data; Terraform forgets it.")
		case update, replace:
			s = r.domainChanges(c, a)
		default:
			continue
		}
		s.intro = say(value(c.Address), ": ", s.intro)
		r.add(s)
	}
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

func reason(c *tfjson.ResourceChange) Text {
	if why, ok := reasons[c.ActionReason]; ok {
		return say(", since " + why)
	}
	return nil
}

func newDomain(after node) Text {
	cluster := after.block("cluster_config")
	return say(after.child("domain_name").show(), ", version ", value(cmp.Or(after.textOf("elasticsearch_version"), after.textOf("engine_version"))), ", ",
		cluster.child("instance_count").show(), " × ", cluster.child("instance_type").show())
}

func (r *Review) domainChanges(c *tfjson.ResourceChange, a action) section {
	before, after := beforeOf(c.Change), afterOf(c.Change)
	forced := replacing(c.Change)
	s := section{title: "The domain", columns: []string{"Argument", "Now", "Then", "Effect", "Why"}}
	type costed struct {
		argument
		rule
	}
	var all []costed
	later := 0
	for _, change := range changed(before, after) {
		unknown := marked(change.after.unknown)
		switch {
		case unknown && slices.Contains(computed, change.path):
		case a == replace && forces(forced, change):
			all = append(all, costed{change, replaceReason(change)})
		case a == replace && unknown:
			later++
		case a == replace && change.after.empty() && change.before.isZero():
		case a == replace:
			all = append(all, costed{change, rule{effect: nothing, why: "with the new domain"}})
		default:
			all = append(all, costed{change, cost(change, before, after)})
		}
	}
	slices.SortStableFunc(all, func(a, b costed) int { return cmp.Compare(b.effect, a.effect) })
	worst := nothing
	var causes []Text
	for _, change := range all {
		effect := say(effectNames[change.effect])
		if change.effect >= blueGreen {
			effect = say(strong(effectNames[change.effect]))
		}
		if a == replace && change.effect == nothing {
			effect = say("–")
		}
		s.rows = append(s.rows, row{cells: []Text{say(value(change.path)), change.from, change.to, effect, say(change.why)}})
		worst = max(worst, change.effect)
		if change.effect == replaced || change.effect == blueGreen {
			causes = append(causes, say(value(change.path)))
		}
	}
	switch {
	case a == replace:
		because := reason(c)
		if causes != nil {
			because = say(", for a change of ", list(causes, "and", 6))
		}
		s.intro = say(strong("Replaced"), because, ": Terraform destroys it and makes a new, empty one. "+domainLoss.more)
		if later > 0 {
			s.intro = say(s.intro, fmt.Sprintf(" %d more of its values are known only after apply.", later))
		}
	case worst == blueGreen:
		s.note = dryRun
		s.intro = say(strong("A blue/green deployment"), ", for a change of ", list(causes, "and", 6), ": AWS makes a second set of nodes and moves the data to it. It takes hours and loads the cluster; no data is lost.")
		r.event(BlueGreen, c.Address, strong("blue/green deployment"), " of ", called(c), ", hours with load on the cluster, for ", list(causes, "and", 4))
	case worst == unlisted:
		s.note = dryRun
		s.intro = say("Changed in place, as far as AWS says.")
		r.found(Unclear, c.Address, "AWS does not say whether this change of ", called(c), " takes a blue/green deployment")
	case len(all) > 0:
		s.note = dryRun
		s.intro = say("Changed in place: no data moves.")
	default:
		s.intro = say("Nothing of it changes on AWS.")
	}
	return s
}

// manyAlike is how many that change in the same way are told in one line: a new topic changes all alarms, a tag everything.
// Of very many each line tells some, so that one can be left out.
const manyAlike, mostAlike = 4, 40

func (r *Review) alarms(changes []*tfjson.ResourceChange) {
	s := section{title: "Alarms"}
	var lost []Text
	worst := AlarmLost
	all := alarmsOf(changes)
	alike := map[string][]Text{} // metrics of the alarms that change in the same way
	for _, alarm := range all {
		alike[alarm.how.Plain()] = append(alike[alarm.how.Plain()], alarm.metric)
	}
	for _, alarm := range all {
		switch metrics := alike[alarm.how.Plain()]; {
		case alarm.how == nil || len(metrics) < manyAlike:
			s.rows = append(s.rows, item(value(alarm.address), ": ", alarm.text))
		case metrics[0] != nil:
			s.rows = append(s.rows, item(fmt.Sprintf("%d alike, of ", len(metrics)), list(slices.Clone(metrics), "and", 8), ": ", alarm.how))
			metrics[0] = nil // told
		}
		if alarm.lost != "" {
			how := say(alarm.metric, " "+alarm.lost)
			lost = append(lost, how)
			severity := AlarmLost
			if alarm.lost == isGone {
				severity = AlarmGone
			}
			worst = min(worst, severity)
			r.events = append(r.events, Finding{severity, alarm.address, say("alarm ", how)})
		}
	}
	if lost != nil {
		title := strong("alarms lost: ")
		if !slices.ContainsFunc(all, func(a alarmChange) bool { return a.lost == isGone || a.lost == tellsNobody }) {
			title = "alarms weaker: "
		}
		r.found(worst, "", title, list(lost, "and", 6))
	}
	r.add(s)
}

// resources lists every resource that the plan touches, the worst first.
func (r *Review) resources(p *plan) {
	s := section{title: "All that changes"}
	byAction := slices.Clone(p.changes)
	slices.SortStableFunc(byAction, func(a, b *tfjson.ResourceChange) int {
		return cmp.Or(cmp.Compare(whatOf(a), whatOf(b)), cmp.Compare(a.Address, b.Address))
	})
	alike := map[string][]int{} // the resources that change in the same way
	hows := make([]Text, len(byAction))
	for i, c := range byAction {
		hows[i] = details(c)
		if how := hows[i].Plain(); whatOf(c) == update {
			alike[how] = append(alike[how], i)
		}
	}
	for i, c := range byAction {
		a, how := whatOf(c), hows[i]
		word := say(actionWords[a][0])
		if a == destroy || a == replace {
			word = say(strong(actionWords[a][0]))
		}
		addresses := []Text{say(value(c.Address))}
		if all := alike[how.Plain()]; a == update && len(all) >= manyAlike {
			if all[0] != i {
				continue // told with the first
			}
			for _, other := range all[1:] {
				addresses = append(addresses, say(value(byAction[other].Address)))
			}
		}
		for some := range slices.Chunk(addresses, mostAlike) {
			s.rows = append(s.rows, item(word, " ", list(some, "and", mostAlike), how))
		}
	}
	for _, d := range p.deferred {
		c := d.ResourceChange
		s.rows = append(s.rows, item("later, in a further plan (", value(cmp.Or(d.Reason, "deferred")), "): ", actionWords[whatOf(c)][0]+" ", value(c.Address)))
	}
	r.add(s)
}

// most is how many changed arguments of a resource are shown.
const most = 8

// details is what there is to say of a resource's change behind its address.
func details(c *tfjson.ResourceChange) Text {
	a := whatOf(c)
	var text Text
	if c.DeposedKey != "" {
		text = say(text, ", the deposed object ", value(c.DeposedKey), " of a replacement that failed")
	}
	if c.PreviousAddress != "" && c.PreviousAddress != c.Address {
		text = say(text, ", which was ", value(c.PreviousAddress))
	}
	if importing := c.Change.Importing; importing != nil {
		adopting := map[bool]string{true: ", the existing ", false: ", adopting the existing "}[a == adopt]
		text = say(text, adopting, value(cmp.Or(importing.ID, "one of its identity")))
	}
	if a == forget {
		text = say(text, ": it stays on AWS")
	}
	text = say(text, reason(c))
	if more := holding[c.Type].more; more != "" && !isDomain(c.Type) && (a == destroy || a == replace) {
		text = say(text, ". "+more)
	}
	if isDomain(c.Type) || isAlarm(c.Type) || a != update && a != replace {
		return text
	}
	var parts []Text
	forced := replacing(c.Change)
	left := 0
	for _, change := range changed(beforeOf(c.Change), afterOf(c.Change)) {
		causes := a == replace && forces(forced, change)
		switch {
		case isPolicy(c.Type, change.path) && !causes:
			continue
		case a == replace && !causes && (marked(change.after.unknown) || change.after.empty() && change.before.isZero()):
			continue
		case len(parts) >= most:
			left++
			continue
		}
		part := say(value(change.path), " ", change.from, " → ", change.to)
		if causes {
			part = say(strong("because of "), part)
		}
		parts = append(parts, part)
	}
	if parts != nil {
		text = say(text, ": ", list(parts, "and", most))
	}
	if left > 0 {
		text = say(text, fmt.Sprintf(" and %d more", left))
	}
	return text
}

func (r *Review) outputs(changes map[string]*tfjson.Change) {
	s := section{title: "Outputs"}
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		change := changes[name]
		if change == nil {
			continue
		}
		a, known := actionOf(change.Actions)
		before, after := beforeOf(change), afterOf(change)
		if credential.IsName(name) {
			before.sensitive, after.sensitive = true, true
		}
		switch {
		case !known || a == keep || a == read:
		case a == create:
			s.rows = append(s.rows, item(value(name), ": new, ", after.show()))
		case a == destroy:
			s.rows = append(s.rows, item(value(name), ": gone, was ", before.show()))
		default:
			s.rows = append(s.rows, item(value(name), ": ", before.show(), " → ", after.show()))
		}
	}
	r.add(s)
}

// drift tells what was changed outside Terraform. Providers read an empty list, 0 or false where they were given none, and
// right after an apply into a resource what others manage of it: that is no drift.
func (r *Review) drift(p *plan, w world) {
	s := section{title: "Changed outside Terraform"}
	made := map[string]bool{}
	for _, c := range p.changes {
		made[c.Address] = whatOf(c) == create
	}
	for _, c := range p.drift {
		text := Text(nil)
		if a, _ := actionOf(c.Change.Actions); a == destroy {
			text = say(value(c.Address), ": ", strong("is gone"))
			gone := say(called(c), " ", strong("is gone"), ": somebody deleted it outside Terraform, or the plan looks for it in another region or account")
			if _, holds := holding[c.Type]; isDomain(c.Type) && made[c.Address] {
				r.event(Vanished, c.Address, gone, "; it makes a new, empty one")
			} else if holds {
				r.found(Vanished, c.Address, gone)
			} else if isAlarm(c.Type) {
				r.found(AlarmLost, c.Address, "alarm ", strong("gone"), " outside Terraform: ", describe(c.Type, beforeOf(c.Change)))
			}
		} else {
			var parts []Text
			for _, change := range changed(beforeOf(c.Change), afterOf(c.Change)) {
				part := topOf(change.path)
				if isPolicy(c.Type, change.path) || w.elsewhere(c, part) || c.Type == "aws_security_group" && part == "ingress" ||
					change.before.empty() && change.after.isZero() {
					continue
				}
				parts = append(parts, say(value(change.path), " ", change.from, " → ", change.to))
			}
			if parts != nil {
				text = say(value(c.Address), ": ", list(parts, "and", most))
			}
		}
		if text != nil {
			s.rows = append(s.rows, row{cells: []Text{text}})
		}
	}
	r.add(s)
	groups := len(r.sections)
	r.access("Who got in outside Terraform", p.drift, w, true)
	if len(s.rows) > 0 || len(r.sections) > groups {
		r.event(Drifted, "", "something was changed outside Terraform, see below")
	}
}

func (r *Review) checks(checks []tfjson.CheckResultStatic) {
	s := section{title: "Checks"}
	for _, check := range checks {
		if check.Status == tfjson.CheckStatusPass {
			continue
		}
		var problems []Text
		for _, instance := range check.Instances {
			for _, problem := range instance.Problems {
				problems = append(problems, say(value(problem.Message)))
			}
		}
		text := say(value(check.Address.ToDisplay), ": ", value(string(check.Status)))
		if problems != nil {
			text = say(text, ": ", list(problems, "and", most))
		}
		s.rows = append(s.rows, row{cells: []Text{text}})
		if check.Status != tfjson.CheckStatusUnknown {
			r.found(Failed, check.Address.ToDisplay, "check ", text)
		}
	}
	r.add(s)
}

func (r *Review) invocations(invocations []*tfjson.ActionInvocation) {
	s := section{title: "Actions that Terraform will invoke"}
	for _, invocation := range invocations {
		s.rows = append(s.rows, item(value(invocation.Address)))
	}
	r.add(s)
}

// count says in one line what the plan does.
func (r *Review) count(p *plan) {
	counts := map[action]int{}
	for _, c := range p.changes {
		counts[whatOf(c)]++
		if whatOf(c) != move && c.PreviousAddress != "" && c.PreviousAddress != c.Address {
			counts[move]++
		}
		if whatOf(c) != adopt && c.Change.Importing != nil {
			counts[adopt]++
		}
	}
	var parts []Text
	for _, a := range []action{destroy, replace, update, create, forget, adopt, move} {
		if counts[a] > 0 {
			parts = append(parts, say(fmt.Sprintf("%d %s", counts[a], actionWords[a][1])))
		}
	}
	if len(p.deferred) > 0 {
		parts = append(parts, say(fmt.Sprintf("%d deferred", len(p.deferred))))
	}
	if parts == nil {
		r.counts = say("no resource changes")
		return
	}
	r.counts = list(parts, "and", 10)
	if p.unchanged > 0 {
		r.counts = say(r.counts, fmt.Sprintf("; %d stay as they are", p.unchanged))
	}
}

// Headline is the worst of the plan in one sentence.
func (r *Review) Headline() Text {
	if len(r.Findings) > 0 && r.Findings[0].Severity < Incomplete {
		return r.Findings[0].Text
	}
	return r.counts
}

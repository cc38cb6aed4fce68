package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// manyAlike is how many that change in the same way are said in one line: a new topic changes all alarms, a tag everything. Of
// very many each line says some, so that one can be left out.
const manyAlike, mostAlike = 4, 40

// alarms says what becomes of the alarms and of who hears of them, the lost first.
func alarms(r *reading) []section {
	var rows []row
	var lost []prose.Text
	worst := AlarmLost
	all := alarmChanges(r.changes)
	alike := map[string][]prose.Text{} // metrics of the alarms that change in the same way
	for _, alarm := range all {
		how := alarm.how.Plain()
		alike[how] = append(alike[how], alarm.metric)
	}
	said := map[string]bool{}
	for _, alarm := range all {
		switch how := alarm.how.Plain(); {
		case alarm.how == nil || len(alike[how]) < manyAlike:
			rows = append(rows, item(prose.Value(alarm.address), ": ", alarm.text))
		case !said[how]:
			rows = append(rows, item(fmt.Sprintf("%d alike, of ", len(alike[how])), prose.List(alike[how], "and", 8), ": ", alarm.how))
			said[how] = true
		}
		if alarm.lost != "" {
			how := prose.Say(alarm.metric, " "+alarm.lost)
			lost = append(lost, how)
			severity := AlarmLost
			if alarm.lost == isGone {
				severity = AlarmGone
			}
			worst = min(worst, severity)
			r.refusable(severity, alarm.address, "alarm ", how)
		}
	}
	if lost != nil {
		title := prose.Strong("alarms lost: ")
		if !slices.ContainsFunc(all, func(a alarmChange) bool { return a.lost == isGone || a.lost == notifiesNobody }) {
			title = prose.Strong("alarms weaker: ")
		}
		r.find(worst, "", title, prose.List(lost, "and", 6))
	}
	return list(rows)
}

// alarmChange is what a change does to an alarm, or to who hears of it.
type alarmChange struct {
	address string
	text    prose.Text
	lost    string // how, if nobody hears of it any more or later than before
	metric  prose.Text
	how     prose.Text // what of it changes
}

// How an alarm is lost, the worst first.
const (
	isGone         = "is gone"
	notifiesNobody = "notifies nobody"
	notifiesFewer  = "notifies fewer"
	hearsLess      = "may hear less"
	keptSilent     = "is kept silent by another"
	firesLater     = "fires later"
)

var losing = []string{isGone, notifiesNobody, notifiesFewer, hearsLess, keptSilent, firesLater}

// rank puts what is gone first, and what is no loss last.
func (a alarmChange) rank() int {
	if i := slices.Index(losing, a.lost); i >= 0 {
		return i
	}
	return len(losing)
}

// alarmChanges is what changes do to the alarms, the lost first. An alarm that goes at one address and comes at another, on the
// same metric of the same thing, is neither lost nor new.
func alarmChanges(changes []*plan.Change) []alarmChange {
	renamed := renamedDomains(changes)
	all, moved := movedAlarms(changes, renamed)
	for _, c := range changes {
		if role := kindOf(c).role; role != anAlarm && role != aSubscription || moved[c] {
			continue
		}
		switch c.Action {
		case plan.Create:
			all = append(all, alarmChange{address: c.Address, text: prose.Say(prose.Strong("new: "), describe(c, c.After), unconfirmed(c))})
		case plan.Destroy:
			text := prose.Say(prose.Strong("gone: "), describe(c, c.Before))
			all = append(all, alarmChange{address: c.Address, text: text, lost: isGone, metric: metricOf(c, c.Before)})
		case plan.Forget:
			text := prose.Say("stays on AWS, and Terraform forgets it: ", describe(c, c.Before))
			all = append(all, alarmChange{address: c.Address, text: text})
		case plan.Update, plan.Replace:
			if change := retuned(c, nil, c.Before, renamed); change.text != nil {
				all = append(all, change)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b alarmChange) int { return cmp.Compare(a.rank(), b.rank()) })
	return all
}

// renamedDomains is the name that each domain gets.
func renamedDomains(changes []*plan.Change) map[string]string {
	renamed := map[string]string{}
	for _, c := range changes {
		if isDomain(c) {
			renamed[c.Before.TextOf("domain_name")] = c.After.TextOf("domain_name")
		}
	}
	return renamed
}

// movedAlarms is the alarms that go at one address and come at another, and which changes these are.
func movedAlarms(changes []*plan.Change, renamed map[string]string) (all []alarmChange, moved map[*plan.Change]bool) {
	gone := map[watch]*plan.Change{}
	for _, c := range changes {
		if isAlarm(c) && c.Action == plan.Destroy {
			gone[watchOf(c.Before)] = c
		}
	}
	moved = map[*plan.Change]bool{}
	for _, c := range changes {
		if !isAlarm(c) || c.Action != plan.Create {
			continue
		}
		watch := watchOf(c.After)
		if old := gone[watch]; old != nil && watch.known {
			delete(gone, watch)
			moved[old], moved[c] = true, true
			all = append(all, retuned(c, prose.Say("was ", prose.Value(old.Address), ": "), old.Before, renamed))
		}
	}
	return all, moved
}

// watch is what an alarm watches.
type watch struct {
	known                        bool // else it cannot be seen before apply
	namespace, metric, statistic string
	of                           plan.Key // its dimensions, or its queries
}

func watchOf(alarm plan.Value) watch {
	if queries := alarm.Child("metric_query"); !queries.IsEmpty() && !queries.HoldsUnknown() && !queries.HoldsSensitive() {
		return watch{known: true, of: queries.Key()}
	}
	dimensions := alarm.Child("dimensions")
	if alarm.TextOf("metric_name") == "" || dimensions.HoldsUnknown() || dimensions.HoldsSensitive() {
		return watch{}
	}
	statistic := alarm.TextOf("statistic") + alarm.TextOf("extended_statistic")
	return watch{true, alarm.TextOf("namespace"), alarm.TextOf("metric_name"), statistic, dimensions.Key()}
}

// metricOf is what to call an alarm in short.
func metricOf(c *plan.Change, v plan.Value) prose.Text {
	switch {
	case !isAlarm(c):
		return describe(c, v)
	case v.TextOf("metric_name") == "":
		return v.Child("alarm_name").Show()
	}
	return v.Child("metric_name").Show()
}

var comparisons = map[string]string{
	"GreaterThanOrEqualToThreshold": "≥", "GreaterThanThreshold": ">", "LessThanOrEqualToThreshold": "≤", "LessThanThreshold": "<",
}

// describe says what an alarm watches, or a subscription hears, before or after a change.
func describe(c *plan.Change, v plan.Value) prose.Text {
	switch {
	case kindOf(c).role == aSubscription:
		return prose.Say(v.Child("protocol").Show(), " to ", v.Child("endpoint").Show())
	case v.TextOf("metric_name") == "" && v.Child("metric_query").IsEmpty():
		return prose.Say(v.Child("alarm_name").Show())
	}
	comparison := v.TextOf("comparison_operator")
	if sign, ok := comparisons[comparison]; ok {
		comparison = sign
	}
	of, seconds := v.TextOf("statistic")+v.TextOf("extended_statistic"), v.TextOf("period")
	if v.TextOf("metric_name") == "" { // an expression over metrics, or one metric
		seconds = ""
		alone := ""
		for _, query := range v.Child("metric_query").Items() {
			metric := query.Block("metric")
			of = cmp.Or(of, query.TextOf("expression"))
			alone = cmp.Or(alone, strings.TrimSpace(metric.TextOf("metric_name")+" "+metric.TextOf("stat")))
			seconds = cmp.Or(seconds, metric.TextOf("period"))
		}
		of = cmp.Or(of, alone)
	}
	text := prose.Say(metricOf(c, v), " ", prose.Value(of+" "+comparison+" "+v.TextOf("threshold")))
	if periods := v.TextOf("evaluation_periods"); periods != "" && seconds != "" {
		text = prose.Say(text, " for ", prose.Value(periods+" × "+seconds+" s"))
	}
	if silent(v) {
		text = prose.Say(text, ", and notifies ", prose.Strong("nobody"))
	}
	return text
}

// unconfirmed says of a new subscription who must confirm it.
// https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
func unconfirmed(c *plan.Change) prose.Text {
	if strings.HasPrefix(c.After.TextOf("protocol"), "email") && c.Action != plan.Update {
		return prose.Say("; until its mail is ", prose.Strong("confirmed"), " it hears nothing")
	}
	return nil
}

// silent reports whether an alarm notifies nobody. Actions that are known only after apply are some.
func silent(alarm plan.Value) bool {
	actions := alarm.Child("alarm_actions")
	return !alarm.IsSensitive() && !actions.IsSensitive() &&
		(alarm.TextOf("actions_enabled") == "false" || actions.IsEmpty() && !actions.HoldsUnknown())
}

// retuned is what changes of an alarm, or nothing, with start before it. before is what it was, at another address too. One that
// goes with its domain to another name is no other, and its own name says nothing new.
func retuned(c *plan.Change, start prose.Text, before plan.Value, renamed map[string]string) alarmChange {
	change := alarmChange{address: c.Address, metric: metricOf(c, before)}
	var parts []prose.Text
	all := plan.Arguments(before, c.After)
	follows := followsDomain(all, renamed)
	for _, a := range all {
		switch {
		case follows && (isDomainName(a) || a.Path == "alarm_name"):
		case a.Before.IsEmpty() && a.After.IsUnknown() && a.Path != "alarm_actions":
		case a.Path == "arn" || a.Path == "id":
		case a.After.IsEmpty() && !a.After.HoldsUnknown() && a.Before.Text() == "0": // as the provider reads none
		default:
			parts = append(parts, a.Text())
			change.lost = worse(change.lost, loses(a, c.After))
		}
	}
	if isAlarm(c) && silent(c.After) && !silent(before) {
		change.lost = notifiesNobody
		parts = slices.Insert(parts, 0, prose.Say("notifies ", prose.Strong("nobody"), " any more"))
	}
	if follows {
		parts = slices.Insert(parts, 0, prose.Say("follows the domain to its new name"))
	}
	if len(parts) == 0 && start == nil {
		return change
	}
	if len(parts) == 0 {
		parts = []prose.Text{prose.Say("the same")}
	}
	if change.lost != "" {
		start = prose.Say(prose.Strong("weaker: "), start)
	}
	change.how = prose.Say(start, prose.List(parts, "and", 12))
	change.text = prose.Say(start, describe(c, before), ": ", prose.List(parts, "and", 12), unconfirmed(c))
	return change
}

func isDomainName(a plan.Argument) bool { return strings.HasSuffix(a.Path, "dimensions.DomainName") }

// followsDomain reports whether an alarm goes with its domain to that one's new name.
func followsDomain(all []plan.Argument, renamed map[string]string) bool {
	names := slices.DeleteFunc(slices.Clone(all), func(a plan.Argument) bool { return !isDomainName(a) })
	return len(names) > 0 && !slices.ContainsFunc(names, func(a plan.Argument) bool {
		return a.Before.Text() == "" || a.After.Text() == "" || renamed[a.Before.Text()] != a.After.Text()
	})
}

// worse is the one of two losses that comes first in losing; "" is none.
func worse(lost, other string) string {
	if lost == "" || other != "" && slices.Index(losing, other) < slices.Index(losing, lost) {
		return other
	}
	return lost
}

// loses says how a change makes an alarm be heard less; "" if it does not, or that cannot be seen.
func loses(a plan.Argument, alarm plan.Value) string {
	if a.Before.IsSensitive() || a.After.IsSensitive() || a.After.HoldsUnknown() {
		return ""
	}
	switch a.Top() {
	case "alarm_actions":
		if len(a.After.Items()) < len(a.Before.Items()) && !gained(a, plan.Value{}, plan.Value{}) {
			return notifiesFewer
		}
		return ""
	case "filter_policy":
		if !a.After.IsEmpty() {
			return hearsLess
		}
		return ""
	case "actions_suppressor":
		if strings.HasSuffix(a.Path, ".alarm") && !a.After.IsEmpty() {
			return keptSilent
		}
		return ""
	}
	if later(a, alarm) {
		return firesLater
	}
	return ""
}

// later reports whether a change makes an alarm fire later, or not at all.
func later(a plan.Argument, alarm plan.Value) bool {
	from, to := a.Before.Number(), a.After.Number()
	sign := comparisons[alarm.TextOf("comparison_operator")]
	path := a.Path
	if rest, ok := strings.CutPrefix(path, "metric_query"); ok { // of one metric alone it has no [id]
		_, path, _ = strings.Cut(rest, ".metric.")
	}
	switch path {
	case "threshold":
		return (sign == "≥" || sign == ">") && to > from || (sign == "≤" || sign == "<") && to < from
	case "evaluation_periods", "period":
		return to > from
	case "datapoints_to_alarm":
		return to > from && from > 0
	case "dimensions.DomainName", "dimensions.ClientId", "metric_name", "namespace":
		return true
	case "treat_missing_data":
		return ceases("breaching")(a, plan.Value{}, plan.Value{})
	case "comparison_operator": // but for the one that also fires at the threshold itself
		return strings.Replace(a.After.Text(), "OrEqualTo", "", 1) != a.Before.Text()
	case "statistic", "stat":
		was, is := slices.Index(statistics, a.Before.Text()), slices.Index(statistics, a.After.Text())
		return sign != "" && was >= 0 && is >= 0 && (strings.Contains("≤<", sign) == (is > was))
	}
	return false
}

// statistics are those of a metric that is never below 0, the smallest first.
var statistics = []string{"Minimum", "Average", "Maximum", "Sum"}

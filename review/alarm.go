package review

import (
	"cmp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

func isAlarm(resourceType string) bool {
	return resourceType == "aws_cloudwatch_metric_alarm" || resourceType == "aws_cloudwatch_composite_alarm"
}

// isAboutAlarms tells whether with a resource of the type somebody may stop being called at night.
func isAboutAlarms(resourceType string) bool {
	return isAlarm(resourceType) || resourceType == "aws_sns_topic_subscription"
}

// alarmChange is what a change does to the alarms.
type alarmChange struct {
	address string
	text    Text
	lost    string // how, if nobody hears of it any more or later than before
	metric  Text
	how     Text // what of it changes
}

// alarmsOf tells what the changes do to the alarms, the lost first. An alarm that goes at one address and comes at another,
// on the same metric of the same thing, is neither lost nor new.
func alarmsOf(changes []*tfjson.ResourceChange) []alarmChange {
	renamed := map[string]string{}
	for _, c := range changes {
		if isDomain(c.Type) {
			renamed[beforeOf(c.Change).textOf("domain_name")] = afterOf(c.Change).textOf("domain_name")
		}
	}
	gone := map[string]*tfjson.ResourceChange{}
	for _, c := range changes {
		if action, _ := actionOf(c.Change.Actions); isAlarm(c.Type) && action == destroy {
			gone[watches(beforeOf(c.Change))] = c
		}
	}
	moved := map[*tfjson.ResourceChange]bool{}
	var all []alarmChange
	for _, c := range changes {
		action, _ := actionOf(c.Change.Actions)
		if key := watches(afterOf(c.Change)); isAlarm(c.Type) && action == create && key != "" && gone[key] != nil {
			old := gone[key]
			delete(gone, key)
			moved[old], moved[c] = true, true
			all = append(all, retuned(c, say("was ", value(old.Address), ": "), beforeOf(old.Change), afterOf(c.Change), renamed))
		}
	}
	for _, c := range changes {
		if !isAboutAlarms(c.Type) || moved[c] {
			continue
		}
		before, after := beforeOf(c.Change), afterOf(c.Change)
		switch action, _ := actionOf(c.Change.Actions); action {
		case create:
			all = append(all, alarmChange{address: c.Address, text: say(strong("new: "), describe(c.Type, after), unconfirmed(c))})
		case destroy:
			all = append(all, alarmChange{address: c.Address, text: say(strong("gone: "), describe(c.Type, before)), lost: isGone, metric: metricOf(c.Type, before)})
		case forget:
			all = append(all, alarmChange{address: c.Address, text: say("stays on AWS, and Terraform forgets it: ", describe(c.Type, before))})
		case update, replace:
			if change := retuned(c, nil, before, after, renamed); change.text != nil {
				all = append(all, change)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b alarmChange) int { return cmp.Compare(rank(a.lost), rank(b.lost)) })
	return all
}

// rank puts what is gone first, and what is no loss last.
func rank(lost string) int {
	if i := slices.Index([]string{isGone, tellsNobody, firesLater}, lost); i >= 0 {
		return i
	}
	return 3
}

// How an alarm is lost.
const (
	isGone      = "is gone"
	tellsNobody = "tells nobody"
	firesLater  = "fires later"
)

// metricOf is what to call an alarm in short.
func metricOf(resourceType string, n node) Text {
	switch {
	case !isAlarm(resourceType):
		return describe(resourceType, n)
	case n.textOf("metric_name") == "":
		return n.child("alarm_name").show()
	}
	return n.child("metric_name").show()
}

// watches tells what an alarm watches, "" if it cannot be told before it is applied.
func watches(alarm node) string {
	if queries := alarm.child("metric_query"); !queries.empty() && !marked(queries.unknown) && !marked(queries.sensitive) {
		return queries.key()
	}
	if alarm.textOf("metric_name") == "" || marked(alarm.child("dimensions").unknown) || marked(alarm.child("dimensions").sensitive) {
		return ""
	}
	return alarm.textOf("namespace") + " " + alarm.textOf("metric_name") + " " + alarm.textOf("statistic") + alarm.textOf("extended_statistic") + " " + alarm.child("dimensions").key()
}

// textOf is the text of a child.
func (n node) textOf(key string) string { return n.child(key).text() }

var comparisons = map[string]string{
	"GreaterThanOrEqualToThreshold": "≥", "GreaterThanThreshold": ">", "LessThanOrEqualToThreshold": "≤", "LessThanThreshold": "<",
}

// describe says what an alarm watches, or a subscription hears.
func describe(resourceType string, n node) Text {
	switch {
	case resourceType == "aws_sns_topic_subscription":
		return say(n.child("protocol").show(), " to ", n.child("endpoint").show())
	case n.textOf("metric_name") == "" && n.child("metric_query").empty():
		return say(n.child("alarm_name").show())
	}
	comparison := n.textOf("comparison_operator")
	if sign, ok := comparisons[comparison]; ok {
		comparison = sign
	}
	of, seconds := n.textOf("statistic")+n.textOf("extended_statistic"), n.textOf("period")
	if n.textOf("metric_name") == "" { // an expression over metrics, or one metric
		seconds = ""
		alone := ""
		for _, query := range items(n.child("metric_query")) {
			metric := query.block("metric")
			of = cmp.Or(of, query.textOf("expression"))
			alone = cmp.Or(alone, strings.TrimSpace(metric.textOf("metric_name")+" "+metric.textOf("stat")))
			seconds = cmp.Or(seconds, metric.textOf("period"))
		}
		of = cmp.Or(of, alone)
	}
	text := say(metricOf(resourceType, n), " ", value(of+" "+comparison+" "+n.textOf("threshold")))
	if periods := n.textOf("evaluation_periods"); periods != "" && seconds != "" {
		text = say(text, " for ", value(periods+" × "+seconds+" s"))
	}
	if silent(n) {
		text = say(text, ", and tells ", strong("nobody"))
	}
	return text
}

// unconfirmed tells of a new subscription who must confirm it.
// https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
func unconfirmed(c *tfjson.ResourceChange) Text {
	if strings.HasPrefix(afterOf(c.Change).textOf("protocol"), "email") && whatOf(c) != update {
		return say("; until its mail is ", strong("confirmed"), " it hears nothing")
	}
	return nil
}

// silent tells whether an alarm tells nobody. Actions that are known only after apply are some.
func silent(n node) bool {
	actions := n.child("alarm_actions")
	return !n.hidden() && !actions.hidden() && (n.textOf("actions_enabled") == "false" || actions.empty() && !marked(actions.unknown))
}

// retuned tells what changes of an alarm, or nothing. One that goes with its domain to another name is no other, and its
// own name says nothing new.
func retuned(c *tfjson.ResourceChange, start Text, before, after node, renamed map[string]string) alarmChange {
	change := alarmChange{address: c.Address, metric: metricOf(c.Type, before)}
	var parts []Text
	all := changed(before, after)
	ofDomains := slices.DeleteFunc(slices.Clone(all), func(a argument) bool { return !strings.HasSuffix(a.path, "dimensions.DomainName") })
	follows := len(ofDomains) > 0 && !slices.ContainsFunc(ofDomains, func(a argument) bool {
		return a.before.text() == "" || a.after.text() == "" || renamed[a.before.text()] != a.after.text()
	})
	for _, a := range all {
		if follows && (strings.HasSuffix(a.path, "dimensions.DomainName") || a.path == "alarm_name") || a.before.empty() && a.after.isUnknown() && a.path != "alarm_actions" {
			continue
		}
		if a.path == "arn" || a.path == "id" ||
			a.after.empty() && !marked(a.after.unknown) && a.before.text() == "0" { // as the provider reads none
			continue
		}
		parts = append(parts, say(value(a.path), " ", a.from, " → ", a.to))
		if later(a, after) {
			change.lost = firesLater
		}
	}
	if isAlarm(c.Type) && silent(after) && !silent(before) {
		change.lost = tellsNobody
		parts = append([]Text{say("tells ", strong("nobody"), " any more")}, parts...)
	}
	if follows {
		parts = append([]Text{say("follows the domain to its new name")}, parts...)
	}
	if len(parts) == 0 && start == nil {
		return change
	}
	if len(parts) == 0 {
		parts = []Text{say("the same")}
	}
	if change.lost != "" {
		start = say(strong("weaker: "), start)
	}
	change.how = say(start, list(parts, "and", 12))
	change.text = say(start, describe(c.Type, before), ": ", list(parts, "and", 12), unconfirmed(c))
	return change
}

// later tells whether a change makes an alarm fire later, or not at all.
func later(a argument, alarm node) bool {
	from, to := a.before.number(), a.after.number()
	if a.before.hidden() || a.after.hidden() || marked(a.after.unknown) {
		return false
	}
	path := a.path
	if rest, ok := strings.CutPrefix(path, "metric_query"); ok { // of one metric alone it has no [id]
		_, path, _ = strings.Cut(rest, ".metric.")
	}
	switch path {
	case "threshold":
		sign := comparisons[alarm.textOf("comparison_operator")]
		return (sign == "≥" || sign == ">") && to > from || (sign == "≤" || sign == "<") && to < from
	case "evaluation_periods", "period":
		return to > from
	case "datapoints_to_alarm":
		return to > from && from > 0
	case "dimensions.DomainName", "dimensions.ClientId", "metric_name", "namespace":
		return true
	}
	return false
}

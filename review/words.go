package review

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// verbs of what comes and what goes, by whether it is an allowance.
var verbs = map[[2]bool]string{
	{true, true}: "now lets", {true, false}: "no longer lets", {false, true}: "now forbids", {false, false}: "no longer forbids",
}

// sentence tells grants to the same principals on the same conditions in one: "now lets role x of account 1111 send GET
// requests to /a; POST requests to /a/_search, if aws:SourceIp is in 10.0.0.0/8". everybody is what to call the principal "*".
func sentenceOf(grants []grant, everybody string) Text {
	g := grants[0]
	if g.retuned {
		if g.keepsOut() {
			return say("keeps out everybody", retunedConditions(g.former, g.Conditions))
		}
		return say(map[bool]string{true: "lets ", false: "forbids "}[g.Allow], g.who(everybody), " ", g.what(), g.where(), retunedConditions(g.former, g.Conditions))
	}
	whats := make([]Text, len(grants))
	for i, g := range grants {
		whats[i] = say(g.what(), g.where())
	}
	shown := 8
	if g.direction == closes {
		shown = 3
	}
	left := ""
	if len(whats) > shown {
		left = fmt.Sprintf("; and %d more", len(whats)-shown)
		whats = whats[:shown]
	}
	text := say(strong(verbs[[2]bool{g.Allow, g.gained}]), " ", g.who(everybody), " ")
	if g.keepsOut() {
		return say(strong(map[bool]string{true: "now keeps out", false: "no longer keeps out"}[g.gained]), " everybody", conditions(g.Conditions))
	}
	for i, what := range whats {
		if i > 0 {
			text = say(text, "; ")
		}
		text = say(text, what)
	}
	text = say(text, left, conditions(g.Conditions))
	if g.covered {
		text = say(text, "; another statement still forbids it everything")
	}
	return text
}

// keepsOut tells whether a statement denies everybody everything, but for its conditions.
func (s statement) keepsOut() bool {
	return !s.Allow && s.everybody() && s.everything()
}

// retunedConditions tells what of conditions changes.
func retunedConditions(former, now []restriction) Text {
	if old, new, i := oneRetuned(former, now); i >= 0 {
		all := make([]Text, len(now))
		for j, c := range now {
			all[j] = c.words()
		}
		var changed []Text
		if gained := without(new.Values, old.Values); len(gained) > 0 {
			changed = append(changed, say(strong("now also "), list(values(gained), "and", 8)))
		}
		if lost := without(old.Values, new.Values); len(lost) > 0 {
			changed = append(changed, say(strong("no longer "), list(values(lost), "and", 8)))
		}
		start, _ := new.operator()
		all[i] = say(start, list(changed, "and", 8))
		if stay := len(new.Values) - len(without(new.Values, old.Values)); stay > 0 {
			all[i] = say(all[i], fmt.Sprintf(" (%d stay)", stay))
		}
		return say(", if ", list(all, "and", 8))
	}
	before, after := conditions(former), conditions(now)
	if after == nil {
		after = say(", ", strong("without a condition"))
	}
	if before == nil {
		before = say(", without a condition")
	}
	before[0].Text = strings.TrimPrefix(before[0].Text, ", ")
	return say(after, " (", strong("before: "), before, ")")
}

// oneRetuned finds the one condition whose values alone change; i is -1 if more does.
func oneRetuned(former, now []restriction) (old, new restriction, i int) {
	i = -1
	if len(former) != len(now) {
		return old, new, -1
	}
	for j := range now {
		switch {
		case equalConditions(former[j], now[j]):
		case former[j].Test != now[j].Test || former[j].Key != now[j].Key || i >= 0:
			return old, new, -1
		default:
			old, new, i = former[j], now[j], j
		}
	}
	return old, new, i
}

// who names the principals.
func (s statement) who(everybody string) Text {
	if len(s.Principals.Values) == 0 {
		return say("whoever has this policy")
	}
	if s.everybody() && !s.Principals.Not {
		if s.Allow {
			return say(strong(everybody))
		}
		return say("everybody")
	}
	named := byAccount(s.Principals.Values)
	if s.Principals.Not {
		return say(strong("everybody"), " but ", list(named, "and", 8))
	}
	return list(named, "and", 8)
}

var iamARN = regexp.MustCompile(`^AWS:arn:[^:]*:(?:iam|sts)::(\d{12}):(root|(?:role|user|group|assumed-role|federated-user)/.+)$`)

// byAccount names principals, those of an account and a kind together: roles a and b of account 1111.
func byAccount(principals []string) []Text {
	var order []string
	groups := map[string][]Text{}
	var others []Text
	for _, p := range principals {
		match := iamARN.FindStringSubmatch(p)
		if match == nil {
			kind, name, _ := strings.Cut(p, ":")
			others = append(others, say(principalKinds[kind], value(name)))
			continue
		}
		if match[2] == "root" {
			others = append(others, say("account ", value(match[1]), " (whom its own IAM allows)"))
			continue
		}
		kind, name, _ := strings.Cut(match[2], "/")
		key := kind + " " + match[1]
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], say(value(name)))
	}
	var all []Text
	for _, key := range order {
		kind, account, _ := strings.Cut(key, " ")
		if len(groups[key]) > 1 {
			kind += "s"
		}
		all = append(all, say(kind+" ", list(groups[key], "and", 8), " of account ", value(account)))
	}
	return append(all, others...)
}

var principalKinds = map[string]string{"Service": "the service ", "Federated": "users of ", "CanonicalUser": "the account with the canonical id ", "AWS": ""}

// what names the actions. HTTP requests to a domain go by their method.
func (s statement) what() Text {
	verb := ""
	if !s.Allow {
		verb = "to "
	}
	actions := s.Actions.Values
	if s.Actions.Not {
		return say(verb, strong("do anything"), " but ", list(values(actions), "and", 8))
	}
	for _, all := range []string{"*", "es:*"} {
		if slices.Contains(actions, all) {
			return say(verb, strong("do anything"), " (", value(all), ")")
		}
	}
	var methods, others []Text
	for _, action := range actions {
		if action == "es:ESHttp*" {
			methods = []Text{say(strong("any"))}
			continue
		}
		if method, ok := strings.CutPrefix(action, "es:ESHttp"); ok {
			methods = append(methods, say(value(strings.ToUpper(method))))
			continue
		}
		others = append(others, say(value(action)))
	}
	switch {
	case others == nil:
		return say(verb, "send ", list(methods, "and", 8), " requests")
	case methods == nil:
		return say(verb, "call ", list(others, "and", 8))
	}
	return say(verb, "send ", list(methods, "and", 8), " requests and "+verb+"call ", list(others, "and", 8))
}

// where names the resources, by their path if it is the domain's.
func (s statement) where() Text {
	if len(s.Resources.Values) == 0 {
		return nil
	}
	if !s.Resources.Not && slices.Contains(s.Resources.Values, "*") {
		return say(" on ", value("*"))
	}
	if !s.Resources.Not && slices.Contains(s.Resources.Values, ofDomain+"/*") {
		return say(" to the whole domain")
	}
	named := make([]Text, len(s.Resources.Values))
	within := true
	for i, resource := range s.Resources.Values {
		path, ok := strings.CutPrefix(resource, ofDomain)
		within = within && ok
		if path == "" && ok {
			named[i] = say("the domain itself")
			continue
		}
		named[i] = say(value(path))
	}
	switch {
	case s.Resources.Not && within:
		return say(" to all of the domain but ", list(named, "and", 8))
	case s.Resources.Not:
		return say(" on everything but ", list(named, "and", 8))
	case within:
		return say(" to ", list(named, "and", 8))
	}
	return say(" on ", list(named, "and", 8))
}

// operators are the words of conditions, for one value and for several.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]string{
	"StringEquals": "is", "StringNotEquals": "is not", "StringEqualsIgnoreCase": "is", "StringNotEqualsIgnoreCase": "is not",
	"StringLike": "is like", "StringNotLike": "is not like", "ArnEquals": "is", "ArnNotEquals": "is not", "ArnLike": "is like", "ArnNotLike": "is not like",
	"IpAddress": "is in", "NotIpAddress": "is not in", "Bool": "is", "NumericEquals": "is", "NumericNotEquals": "is not",
	"NumericLessThan": "is less than", "NumericLessThanEquals": "is at most", "NumericGreaterThan": "is more than", "NumericGreaterThanEquals": "is at least",
	"DateEquals": "is", "DateNotEquals": "is not", "DateLessThan": "is before", "DateLessThanEquals": "is not after", "DateGreaterThan": "is after",
	"DateGreaterThanEquals": "is not before", "BinaryEquals": "is",
}

func conditions(all []restriction) Text {
	if len(all) == 0 {
		return nil
	}
	texts := make([]Text, len(all))
	for i, c := range all {
		texts[i] = c.words()
	}
	return say(", if ", list(texts, "and", 8))
}

func (c restriction) words() Text {
	switch {
	case c.Test == "Null" && slices.Equal(c.Values, []string{"true"}):
		return say(value(c.Key), " is missing")
	case c.Test == "Null" && slices.Equal(c.Values, []string{"false"}):
		return say(value(c.Key), " is there")
	}
	start, or := c.operator()
	text := say(start, list(values(c.Values), or, 8))
	if strings.HasSuffix(c.Test, "IfExists") {
		text = say(text, " or is missing")
	}
	return text
}

// operator is the words before a condition's values, and the one between them.
func (c restriction) operator() (start Text, or string) {
	test, _ := strings.CutSuffix(c.Test, "IfExists")
	set := ""
	for _, s := range sets {
		if rest, ok := strings.CutPrefix(test, s.prefix); ok {
			test, set = rest, s.words
		}
	}
	word, known := operators[test]
	if !known {
		return say(value(c.Test), " of ", value(c.Key), " holds for "), "or"
	}
	if strings.Contains(word, " not") && len(c.Values) > 1 {
		return say(set, value(c.Key), " "+word+" "), "nor"
	}
	return say(set, value(c.Key), " "+word+" "), "or"
}

// sets are the qualifiers of keys with several values.
var sets = []struct{ prefix, words string }{{"ForAnyValue:", "one of "}, {"ForAllValues:", "each of "}}

package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cdktf-aimetrics/review/prose"
)

// verbs of what comes and what goes, by whether it is an allowance.
var verbs = map[[2]bool]string{
	{true, true}: "now lets", {true, false}: "no longer lets", {false, true}: "now forbids", {false, false}: "no longer forbids",
}

// Sentence says the change: "now lets role x of account 1111 send GET requests to /a; POST requests to /a/_search, if
// aws:SourceIp is in 10.0.0.0/8". everybody is what to call the principal "*".
func (c Change) Sentence(everybody string) prose.Text {
	grants := c.grants
	g := grants[0]
	if g.retuned {
		if g.keepsOut() {
			return prose.Say("keeps out everybody", retunedConditions(g.former, g.Conditions))
		}
		verb := map[bool]string{true: "lets ", false: "forbids "}[g.Allow]
		return prose.Say(verb, g.who(everybody), " ", g.what(), g.where(), retunedConditions(g.former, g.Conditions))
	}
	whats := make([]prose.Text, len(grants))
	for i, g := range grants {
		whats[i] = prose.Say(g.what(), g.where())
	}
	shown := 8
	if g.direction == Closes {
		shown = 3
	}
	left := ""
	if len(whats) > shown {
		left = fmt.Sprintf("; and %d more", len(whats)-shown)
		whats = whats[:shown]
	}
	text := prose.Say(prose.Strong(verbs[[2]bool{g.Allow, g.gained}]), " ", g.who(everybody), " ")
	if g.stays {
		text = prose.Say(map[bool]string{true: "still lets ", false: "still forbids "}[g.Allow], g.who(everybody), " ")
	}
	if g.keepsOut() {
		verb := map[bool]string{true: "now keeps out", false: "no longer keeps out"}[g.gained]
		if g.stays {
			verb = "still keeps out"
		}
		return prose.Say(prose.Strong(verb), " everybody", conditions(g.Conditions))
	}
	for i, what := range whats {
		if i > 0 {
			text = prose.Say(text, "; ")
		}
		text = prose.Say(text, what)
	}
	text = prose.Say(text, left, conditions(g.Conditions))
	if g.covered {
		text = prose.Say(text, "; another statement still forbids it everything")
	}
	return text
}

// retunedConditions is what of conditions changes.
func retunedConditions(former, now []condition) prose.Text {
	if old, new, i := oneRetuned(former, now); i >= 0 {
		all := make([]prose.Text, len(now))
		for j, c := range now {
			all[j] = c.words()
		}
		var changed []prose.Text
		if gained := without(new.Values, old.Values); len(gained) > 0 {
			changed = append(changed, prose.Say(prose.Strong("now also "), prose.List(prose.Values(gained), "and", 8)))
		}
		if lost := without(old.Values, new.Values); len(lost) > 0 {
			changed = append(changed, prose.Say(prose.Strong("no longer "), prose.List(prose.Values(lost), "and", 8)))
		}
		start, _ := new.operator()
		all[i] = prose.Say(start, prose.List(changed, "and", 8))
		if stay := len(new.Values) - len(without(new.Values, old.Values)); stay > 0 {
			all[i] = prose.Say(all[i], fmt.Sprintf(" (%d stay)", stay))
		}
		return prose.Say(", if ", prose.List(all, "and", 8))
	}
	before, after := conditions(former), conditions(now)
	if after == nil {
		after = prose.Say(", ", prose.Strong("without a condition"))
	}
	if before == nil {
		before = prose.Say(", without a condition")
	}
	before[0].Text = strings.TrimPrefix(before[0].Text, ", ")
	return prose.Say(after, " (", prose.Strong("before: "), before, ")")
}

// oneRetuned finds the one condition whose values alone change; i is -1 if more does.
func oneRetuned(former, now []condition) (old, new condition, i int) {
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

// Who names the principals.
func (c Change) Who(everybody string) prose.Text { return c.grants[0].who(everybody) }

func (s statement) who(everybody string) prose.Text {
	if len(s.Principals.Values) == 0 {
		return prose.Say("whoever has this policy")
	}
	if s.everybody() && !s.Principals.Not {
		if s.Allow {
			return prose.Say(prose.Strong(everybody))
		}
		return prose.Say("everybody")
	}
	named := byAccount(s.Principals.Values)
	if s.Principals.Not {
		return prose.Say(prose.Strong("everybody"), " but ", prose.List(named, "and", 8))
	}
	return prose.List(named, "and", 8)
}

var iamARN = regexp.MustCompile(`^AWS:arn:[^:]*:(?:iam|sts)::(\d{12}):(root|(?:role|user|group|assumed-role|federated-user)/.+)$`)

// byAccount names principals, those of an account and a kind together: roles a and b of account 1111.
func byAccount(principals []string) []prose.Text {
	var order []string
	groups := map[string][]prose.Text{}
	var others []prose.Text
	for _, p := range principals {
		match := iamARN.FindStringSubmatch(p)
		if match == nil {
			kind, name, _ := strings.Cut(p, ":")
			if id := deletedID.FindStringSubmatch(p); id != nil {
				others = append(others, prose.Say(deletedKinds[id[1]], " (", prose.Value(name), ")"))
				continue
			}
			others = append(others, prose.Say(principalKinds[kind], prose.Value(name)))
			continue
		}
		if match[2] == "root" {
			others = append(others, prose.Say("account ", prose.Value(match[1]), " (whom its own IAM allows)"))
			continue
		}
		kind, name, _ := strings.Cut(match[2], "/")
		key := kind + " " + match[1]
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], prose.Say(prose.Value(name)))
	}
	var all []prose.Text
	for _, key := range order {
		kind, account, _ := strings.Cut(key, " ")
		if len(groups[key]) > 1 {
			kind += "s"
		}
		all = append(all, prose.Say(kind+" ", prose.List(groups[key], "and", 8), " of account ", prose.Value(account)))
	}
	return append(all, others...)
}

// deletedID is what AWS shows of a principal that is no longer there: it keeps its unique id in place of its ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
var deletedID = regexp.MustCompile(`^AWS:(AROA|AIDA|AGPA)[A-Z0-9]+$`)

var deletedKinds = map[string]string{
	"AROA": "a role that was deleted", "AIDA": "a user that was deleted", "AGPA": "a group that was deleted",
}

// OfDeleted reports whether it is of principals alone that are no longer there: nobody gets in, or no longer.
func (c Change) OfDeleted() bool {
	s := c.grants[0].statement
	return s.namedOnly() && !slices.ContainsFunc(s.Principals.Values, func(p string) bool { return !deletedID.MatchString(p) })
}

// OfOthersThan reports whether it is of others than who is in an account.
func (c Change) OfOthersThan(account string) bool {
	s := c.grants[0].statement
	return s.Principals.Not || slices.ContainsFunc(s.Principals.Values, func(p string) bool {
		match := iamARN.FindStringSubmatch(p)
		return match == nil || match[1] != account
	})
}

// OfPeople reports whether it is of others than AWS's own services.
func (c Change) OfPeople() bool {
	s := c.grants[0].statement
	return len(s.Principals.Values) == 0 || s.Principals.Not ||
		slices.ContainsFunc(s.Principals.Values, func(p string) bool { return !strings.HasPrefix(p, "Service:") })
}

// OnConditions reports whether its conditions say who gets in: of a statement for everybody, or of one in which they alone change.
func (c Change) OnConditions() bool {
	g := c.grants[0]
	return g.retuned || g.everybody() && len(g.Conditions) > 0
}

// ForAnyAccount reports whether it lets in services of AWS's alone, and nothing says for which account they act: whoever can make one
// of them act gets in by it. A role that a service becomes is its own account's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (c Change) ForAnyAccount() bool {
	return c.Allows && !c.OfPeople() && !slices.ContainsFunc(c.grants, func(g grant) bool {
		return slices.ContainsFunc(g.Conditions, condition.narrows) ||
			slices.ContainsFunc(g.Actions.Values, func(action string) bool { return strings.HasPrefix(action, "sts:") })
	})
}

var principalKinds = map[string]string{
	"Service": "the service ", "Federated": "users of ", "CanonicalUser": "the account with the canonical id ",
}

// what names the actions. HTTP requests to a domain go by their method.
func (s statement) what() prose.Text {
	verb := ""
	if !s.Allow {
		verb = "to "
	}
	actions := s.Actions.Values
	if s.Actions.Not {
		return prose.Say(verb, prose.Strong("do anything"), " but ", prose.List(prose.Values(actions), "and", 8))
	}
	for _, all := range []string{"*", "es:*"} {
		if slices.Contains(actions, all) {
			return prose.Say(verb, prose.Strong("do anything"), " (", prose.Value(all), ")")
		}
	}
	var methods, others []prose.Text
	for _, action := range actions {
		if action == "es:ESHttp*" {
			methods = []prose.Text{prose.Say(prose.Strong("any"))}
			continue
		}
		if method, ok := strings.CutPrefix(action, "es:ESHttp"); ok {
			methods = append(methods, prose.Say(prose.Value(strings.ToUpper(method))))
			continue
		}
		others = append(others, prose.Say(prose.Value(action)))
	}
	switch {
	case others == nil:
		return prose.Say(verb, "send ", prose.List(methods, "and", 8), " requests")
	case methods == nil:
		return prose.Say(verb, "call ", prose.List(others, "and", 8))
	}
	return prose.Say(verb, "send ", prose.List(methods, "and", 8), " requests and "+verb+"call ", prose.List(others, "and", 8))
}

// where names the resources, by their path if it is the domain's.
func (s statement) where() prose.Text {
	if len(s.Resources.Values) == 0 {
		return nil
	}
	if !s.Resources.Not && slices.Contains(s.Resources.Values, "*") {
		return prose.Say(" on ", prose.Value("*"))
	}
	if !s.Resources.Not && slices.Contains(s.Resources.Values, ofDomain+"/*") {
		return prose.Say(" to the whole domain")
	}
	named := make([]prose.Text, len(s.Resources.Values))
	within := true
	for i, resource := range s.Resources.Values {
		path, ok := strings.CutPrefix(resource, ofDomain)
		within = within && ok
		if path == "" && ok {
			named[i] = prose.Say("the domain itself")
			continue
		}
		named[i] = prose.Say(prose.Value(path))
	}
	switch {
	case s.Resources.Not && within:
		return prose.Say(" to all of the domain but ", prose.List(named, "and", 8))
	case s.Resources.Not:
		return prose.Say(" on everything but ", prose.List(named, "and", 8))
	case within:
		return prose.Say(" to ", prose.List(named, "and", 8))
	}
	return prose.Say(" on ", prose.List(named, "and", 8))
}

// operators are the words of conditions, for one value and for several.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]string{
	"StringEquals": "is", "StringNotEquals": "is not", "StringEqualsIgnoreCase": "is", "StringNotEqualsIgnoreCase": "is not",
	"StringLike": "is like", "StringNotLike": "is not like",
	"ArnEquals": "is", "ArnNotEquals": "is not", "ArnLike": "is like", "ArnNotLike": "is not like",
	"IpAddress": "is in", "NotIpAddress": "is not in", "Bool": "is", "BinaryEquals": "is",
	"NumericEquals": "is", "NumericNotEquals": "is not", "NumericLessThan": "is less than", "NumericLessThanEquals": "is at most",
	"NumericGreaterThan": "is more than", "NumericGreaterThanEquals": "is at least",
	"DateEquals": "is", "DateNotEquals": "is not", "DateLessThan": "is before", "DateLessThanEquals": "is not after",
	"DateGreaterThan": "is after", "DateGreaterThanEquals": "is not before",
}

func conditions(all []condition) prose.Text {
	if len(all) == 0 {
		return nil
	}
	texts := make([]prose.Text, len(all))
	for i, c := range all {
		texts[i] = c.words()
	}
	return prose.Say(", if ", prose.List(texts, "and", 8))
}

func (c condition) words() prose.Text {
	switch {
	case c.Test == "Null" && slices.Equal(c.Values, []string{"true"}):
		return prose.Say(prose.Value(c.Key), " is missing")
	case c.Test == "Null" && slices.Equal(c.Values, []string{"false"}):
		return prose.Say(prose.Value(c.Key), " is there")
	}
	start, or := c.operator()
	text := prose.Say(start, prose.List(prose.Values(c.Values), or, 8))
	if strings.HasSuffix(c.Test, "IfExists") {
		text = prose.Say(text, " or is missing")
	}
	return text
}

// operator is the words before a condition's values, and the one between them.
func (c condition) operator() (start prose.Text, or string) {
	test, _ := strings.CutSuffix(c.Test, "IfExists")
	set := ""
	for _, s := range sets {
		if rest, ok := strings.CutPrefix(test, s.prefix); ok {
			test, set = rest, s.words
		}
	}
	word, known := operators[test]
	if !known {
		return prose.Say(prose.Value(c.Test), " of ", prose.Value(c.Key), " holds for "), "or"
	}
	if strings.Contains(word, " not") && len(c.Values) > 1 {
		return prose.Say(set, prose.Value(c.Key), " "+word+" "), "nor"
	}
	return prose.Say(set, prose.Value(c.Key), " "+word+" "), "or"
}

// sets are the qualifiers of keys with several values.
var sets = []struct{ prefix, words string }{{"ForAnyValue:", "one of "}, {"ForAllValues:", "each of "}}

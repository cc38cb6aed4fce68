package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// statement is a statement of an AWS policy in one spelling: lists are sorted, a single string is a list, everybody is "AWS:*".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type statement struct {
	Allow      bool
	Principals terms // of an IAM policy none: it is of whoever has it
	Actions    terms
	Resources  terms
	Conditions []restriction
}

// terms are what an element of a statement lists. Not is the element's other form: all but these.
type terms struct {
	Not    bool
	Values []string
}

// restriction is a condition: its operator, its key, its values, any of which suffices.
type restriction struct {
	Test, Key string
	Values    []string
}

// oneOrMore is a JSON string (or number or boolean) or a list of them.
type oneOrMore []string

func (values *oneOrMore) UnmarshalJSON(text []byte) error {
	var scalars []any
	if len(text) > 0 && text[0] == '[' {
		if err := json.Unmarshal(text, &scalars); err != nil {
			return err
		}
	} else {
		scalars = make([]any, 1)
		if err := json.Unmarshal(text, &scalars[0]); err != nil {
			return err
		}
	}
	for _, scalar := range scalars {
		switch scalar := scalar.(type) {
		case string:
			*values = append(*values, scalar)
		case bool, float64:
			spelled, _ := json.Marshal(scalar)
			*values = append(*values, string(spelled))
		default:
			return errors.New("neither a value nor a list of values")
		}
	}
	slices.Sort(*values)
	*values = slices.Compact(*values)
	return nil
}

// principals is who a statement is of: everybody, or names by kind.
type principals []string

func (p *principals) UnmarshalJSON(text []byte) error {
	var everybody string
	if json.Unmarshal(text, &everybody) == nil {
		*p = principals{"AWS:" + everybody}
		return nil
	}
	var kinds map[string]oneOrMore
	if err := json.Unmarshal(text, &kinds); err != nil {
		return err
	}
	for kind, names := range kinds {
		for _, name := range names {
			if account.MatchString(name) {
				name = "arn:aws:iam::" + name + ":root"
			}
			*p = append(*p, kind+":"+name)
		}
	}
	slices.Sort(*p)
	return nil
}

var account = regexp.MustCompile(`^\d{12}$`)

type writtenStatement struct {
	Effect                                   string
	Principal, NotPrincipal                  principals
	Action, NotAction, Resource, NotResource oneOrMore
	Condition                                map[string]map[string]oneOrMore
	Sid                                      json.RawMessage
}

// longestPolicy is more than AWS takes of any policy (100 KiB of a domain's), and little enough to compare all of it with all.
const longestPolicy = 128 << 10

// parsePolicy reads a policy. domains are names by which its resources may call the domain: the same path of a domain that
// gets another name is the same resource.
func parsePolicy(text string, domains []string) ([]statement, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if len(text) > longestPolicy {
		return nil, errors.New("longer than any policy that AWS takes")
	}
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return nil, err
	}
	if document.Statement == nil {
		return nil, nil
	}
	var written []writtenStatement
	if err := json.Unmarshal(document.Statement, &written); err != nil {
		var one writtenStatement
		if err := json.Unmarshal(document.Statement, &one); err != nil {
			return nil, err
		}
		written = []writtenStatement{one}
	}
	var all []statement
	for _, w := range written {
		s, err := w.normal(domains)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func (w writtenStatement) normal(domains []string) (statement, error) {
	if w.Effect != "Allow" && w.Effect != "Deny" {
		return statement{}, errors.New("a statement with neither effect")
	}
	s := statement{
		Allow:      w.Effect == "Allow",
		Principals: either(w.Principal, w.NotPrincipal),
		Actions:    either(w.Action, w.NotAction),
		Resources:  either(w.Resource, w.NotResource),
	}
	for i, resource := range s.Resources.Values {
		s.Resources.Values[i] = withinDomain(resource, domains)
	}
	slices.Sort(s.Resources.Values)
	for test, keys := range w.Condition {
		for key, values := range keys {
			s.Conditions = append(s.Conditions, restriction{test, key, values})
		}
	}
	slices.SortFunc(s.Conditions, func(a, b restriction) int {
		return strings.Compare(a.Key+"\x00"+a.Test, b.Key+"\x00"+b.Test)
	})
	return s, nil
}

func either[T ~[]string](values, not T) terms {
	if len(not) > 0 {
		return terms{true, not}
	}
	return terms{false, values}
}

// ofDomain begins a resource that is a domain's path.
const ofDomain = "domain:"

var domainARN = regexp.MustCompile(`^arn:[^:]*:es:[^:]*:[^:]*:domain/([^/*?]+)(/.*)?$`)

func withinDomain(resource string, domains []string) string {
	if match := domainARN.FindStringSubmatch(resource); match != nil && slices.Contains(domains, match[1]) {
		return ofDomain + match[2]
	}
	return resource
}

// key tells a statement from others.
func (s statement) key() string {
	key, _ := json.Marshal(s)
	return string(key)
}

// everybody tells whether a statement is of everybody, whatever its conditions say.
func (s statement) everybody() bool {
	return s.Principals.Not || slices.ContainsFunc(s.Principals.Values, func(p string) bool { return p == "AWS:*" || p == "*:*" })
}

// open tells whether a statement lets in everybody, and nothing narrows that down: no condition of its own, no other
// statement that denies all but some.
func (s statement) open(policy []statement) bool {
	if !s.Allow || !s.everybody() || slices.ContainsFunc(s.Conditions, restriction.narrows) {
		return false
	}
	return !slices.ContainsFunc(policy, statement.deniesAllBut)
}

// narrows tells whether a condition of an allowing statement holds for a known few only.
func (c restriction) narrows() bool {
	test, ifExists := strings.CutSuffix(c.Test, "IfExists")
	if _, set, ok := strings.Cut(test, ":"); ok { // ForAnyValue:, ForAllValues:
		if strings.HasPrefix(test, "ForAllValues:") { // holds for requests without the key
			return false
		}
		test = set
	}
	key := strings.ToLower(c.Key)
	if strings.HasPrefix(test, "IpAddress") {
		return key == "aws:sourceip" && !slices.ContainsFunc(c.Values, wide)
	}
	if ifExists || strings.Contains(test, "Not") || !slices.Contains(callerKeys, key) {
		return false
	}
	return (strings.HasPrefix(test, "String") || strings.HasPrefix(test, "Arn")) && !slices.ContainsFunc(c.Values, anybody)
}

// callerKeys are the condition keys that say who or from where.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var callerKeys = []string{"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths",
	"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "kms:calleraccount"}

// anybody tells whether a pattern leaves the account open.
func anybody(pattern string) bool {
	if parts := strings.Split(pattern, ":"); len(parts) >= 5 && parts[0] == "arn" { // arn:aws:iam::ACCOUNT:…
		return strings.ContainsAny(parts[4], "*?")
	}
	return strings.Trim(pattern, "*?") == ""
}

// wide tells whether a block of addresses is no few: more than 2^24 of IPv4, or of IPv6 more than a provider has.
func wide(block string) bool {
	if !strings.Contains(block, "/") {
		return false
	}
	prefix, err := netip.ParsePrefix(block)
	if err != nil {
		return true
	}
	return prefix.Addr().Is4() && prefix.Bits() < 8 || prefix.Addr().Is6() && prefix.Bits() < 20
}

// deniesAllBut tells whether a statement denies everybody everything but for a known few. Several conditions at once deny
// only who fails them all.
func (s statement) deniesAllBut() bool {
	if s.Allow || len(s.Conditions) != 1 || !s.everybody() || !s.everything() {
		return false
	}
	c := s.Conditions[0]
	switch c.Test {
	case "NotIpAddress", "NotIpAddressIfExists":
		return restriction{"IpAddress", c.Key, c.Values}.narrows()
	case "StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike", "StringNotEqualsIgnoreCase":
		return restriction{strings.Replace(c.Test, "Not", "", 1), c.Key, c.Values}.narrows()
	}
	return false
}

// direction is what a change of a policy does to who gets in.
type direction int

const (
	shifts direction = iota // which cannot be told
	closes
	opens
)

// grant is one change of who may do what: a statement, or the part of one, that comes or goes.
type grant struct {
	statement
	gained    bool
	direction direction
	open      bool // lets in everybody now
	covered   bool // what it no longer forbids, another statement still does
	retuned   bool // it is its conditions that change, from former
	former    []restriction
}

// comparePolicies returns what comes and what goes, what opens first.
func comparePolicies(before, after []statement) []grant {
	removed, added := onlyIn(before, after), onlyIn(after, before)
	var grants []grant
	for _, new := range added {
		i := slices.IndexFunc(removed, func(old statement) bool { return parts(old, new) != nil })
		if i < 0 {
			grants = append(grants, whole(new, true, after))
			continue
		}
		changed := parts(removed[i], new)
		for j := range changed {
			changed[j].open = changed[j].gained && new.open(after) && !removed[i].open(before)
			if changed[j].open && !changed[j].retuned {
				changed[j].statement = new
			}
		}
		grants = append(grants, changed...)
		removed = slices.Delete(removed, i, i+1)
	}
	for _, old := range removed {
		grants = append(grants, whole(old, false, nil))
	}
	opened := len(onlyIn(openOf(after), openOf(before))) > 0 && !slices.ContainsFunc(grants, func(g grant) bool { return g.open })
	for i, g := range grants {
		// What was held back by a denial is open when that goes.
		grants[i].open = g.open || opened && !g.Allow && g.direction != closes
		if !g.Allow && !g.gained && !g.retuned && g.namedOnly() && !slices.ContainsFunc(g.Principals.Values, func(p string) bool { return !forbidden(after, p) }) {
			grants[i].covered, grants[i].direction = true, closes
		}
	}
	slices.SortStableFunc(grants, func(a, b grant) int { return a.rank() - b.rank() })
	return grants
}

// openOf returns the statements that let everybody in.
func openOf(policy []statement) []statement {
	return slices.DeleteFunc(slices.Clone(policy), func(s statement) bool { return !s.open(policy) })
}

// groups are grants that one sentence tells: the same comes or goes for the same principals on the same conditions.
func groups(grants []grant) [][]grant {
	index := map[string]int{}
	var all [][]grant
	for _, g := range grants {
		alike := statement{Allow: g.Allow, Principals: g.Principals, Conditions: g.Conditions}
		key := fmt.Sprint(alike.key(), g.gained, g.direction, g.covered)
		if i, ok := index[key]; ok && !g.open && !g.retuned {
			all[i] = append(all[i], g)
			continue
		}
		if !g.open && !g.retuned {
			index[key] = len(all)
		}
		all = append(all, []grant{g})
	}
	return all
}

// namedOnly tells whether a statement is of principals by name.
func (s statement) namedOnly() bool {
	return !s.Principals.Not && !s.everybody() && len(s.Principals.Values) > 0
}

// forbidden tells whether a policy forbids a principal everything because it is not among those that a statement excepts.
func forbidden(policy []statement, principal string) bool {
	arn, ok := strings.CutPrefix(principal, "AWS:")
	if !ok || !strings.HasPrefix(arn, "arn:") || strings.HasSuffix(arn, ":root") {
		return false
	}
	return slices.ContainsFunc(policy, func(s statement) bool {
		if s.Allow || !s.everybody() || !s.everything() {
			return false
		}
		excepted := true
		for _, c := range s.Conditions {
			switch {
			case c.Test == "Null" && strings.EqualFold(c.Key, "aws:PrincipalArn") && slices.Equal(c.Values, []string{"false"}):
			case (c.Test == "ArnNotLike" || c.Test == "ArnNotEquals") && strings.EqualFold(c.Key, "aws:PrincipalArn"):
				excepted = slices.ContainsFunc(c.Values, func(pattern string) bool { return matches(pattern, arn) })
			default:
				return false
			}
		}
		return !excepted
	})
}

// matches tells whether a pattern with * and ? fits s.
func matches(pattern, s string) bool {
	expression := regexp.QuoteMeta(pattern)
	expression = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(expression)
	fits, err := regexp.MatchString("^(?:"+expression+")$", s)
	return err != nil || fits
}

// everything tells whether a statement is of all actions on all of the domain.
func (s statement) everything() bool {
	all := func(values []string, patterns ...string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(patterns, v) })
	}
	return !s.Principals.Not && !s.Actions.Not && !s.Resources.Not &&
		all(s.Actions.Values, "*", "es:*", "es:ESHttp*", "s3:*", "kms:*", "sns:*", "sts:*") && all(s.Resources.Values, "*", ofDomain+"/*", ofDomain+"*")
}

func (g grant) rank() int {
	if g.open {
		return -1
	}
	return map[direction]int{opens: 0, shifts: 1, closes: 2}[g.direction]
}

func whole(s statement, gained bool, policy []statement) grant {
	g := grant{statement: s, gained: gained, direction: closes, open: gained && s.open(policy)}
	if s.Allow == gained {
		g.direction = opens
	}
	return g
}

func onlyIn(these, others []statement) []statement {
	known := map[string]bool{}
	for _, s := range others {
		known[s.key()] = true
	}
	var only []statement
	for _, s := range these {
		if key := s.key(); !known[key] {
			known[key] = true
			only = append(only, s)
		}
	}
	return only
}

// parts tells what of a statement comes and goes if two differ in one element alone; nil if in more.
func parts(old, new statement) []grant {
	if old.Allow != new.Allow {
		return nil
	}
	differs := []bool{
		!equalTerms(old.Principals, new.Principals), !equalTerms(old.Actions, new.Actions), !equalTerms(old.Resources, new.Resources),
		!slices.EqualFunc(old.Conditions, new.Conditions, equalConditions),
	}
	only := slices.Index(differs, true)
	if only < 0 || slices.Contains(differs[only+1:], true) {
		return nil
	}
	if only == 3 {
		return []grant{{statement: new, gained: true, direction: conditionsDirection(old, new), retuned: true, former: old.Conditions}}
	}
	element := func(s *statement) *terms { return []*terms{&s.Principals, &s.Actions, &s.Resources}[only] }
	o, n := *element(&old), *element(&new)
	if o.Not != n.Not {
		return nil
	}
	var grants []grant
	for _, part := range []struct {
		values []string
		gained bool
	}{{without(n.Values, o.Values), !n.Not}, {without(o.Values, n.Values), n.Not}} {
		if len(part.values) > 0 {
			s := new
			*element(&s) = terms{Values: part.values}
			grants = append(grants, whole(s, part.gained, nil))
		}
	}
	return grants
}

func equalTerms(a, b terms) bool { return a.Not == b.Not && slices.Equal(a.Values, b.Values) }

func equalConditions(a, b restriction) bool {
	return a.Test == b.Test && a.Key == b.Key && slices.Equal(a.Values, b.Values)
}

// conditionsDirection: each further condition makes a statement hold for less; each further value of one makes it hold for
// more, or for less where the operator says not.
func conditionsDirection(old, new statement) direction {
	within := func(a, b []restriction) bool {
		return !slices.ContainsFunc(a, func(c restriction) bool {
			return !slices.ContainsFunc(b, func(d restriction) bool { return equalConditions(c, d) })
		})
	}
	less, more := within(old.Conditions, new.Conditions), within(new.Conditions, old.Conditions)
	if before, after, i := oneRetuned(old.Conditions, new.Conditions); i >= 0 {
		more = len(without(before.Values, after.Values)) == 0
		less = len(without(after.Values, before.Values)) == 0
		if strings.Contains(after.Test, "Not") {
			more, less = less, more
		}
	}
	switch {
	case less == more:
		return shifts
	case less == new.Allow:
		return closes
	}
	return opens
}

func without(values, others []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(others, v) })
}

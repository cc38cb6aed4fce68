// Package policy is what an AWS policy allows, and what a change of one does to who gets in: reading it (this file), whether it
// is open to everybody (everybody.go), what comes and what goes (change.go), what of it others say as well (cover.go), and how that is
// said (words.go). It knows nothing of plans.
package policy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Policy is the statements of an AWS policy.
type Policy []statement

// statement is a statement in one spelling: lists are sorted, a single string is a list, everybody is "AWS:*".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type statement struct {
	Allow      bool
	Principals terms // of an IAM policy none: it is of whoever has it
	Actions    terms
	Resources  terms
	Conditions []condition
}

// terms are what an element of a statement lists. Not is the element's other form: all but these.
type terms struct {
	Not    bool
	Values []string
}

// condition is a condition of a statement: its operator, its key, its values, any of which suffices.
type condition struct {
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
	if !bytes.HasPrefix(text, []byte("{")) && json.Unmarshal(text, &everybody) == nil {
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

// longest is more than AWS takes of any policy (100 KiB of a domain's), and little enough to compare all of it with all.
const longest = 128 << 10

// Parse reads a policy; what is blank is none. domains are names by which its resources may call the domain: the same path of
// a domain that gets another name is the same resource. An error says nothing of the text.
func Parse(text string, domains []string) (Policy, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if len(text) > longest {
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
	var all Policy
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
			s.Conditions = append(s.Conditions, condition{test, key, values})
		}
	}
	slices.SortFunc(s.Conditions, func(a, b condition) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key)), strings.Compare(a.Test, b.Test))
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
	if !strings.Contains(resource, ":domain/") { // spares most the expression
		return resource
	}
	if match := domainARN.FindStringSubmatch(resource); match != nil && slices.Contains(domains, match[1]) {
		return ofDomain + match[2]
	}
	return resource
}

// key is the same for the same statements, and for no others. IAM takes actions and keys of conditions in whatever case.
func (s statement) key() string {
	s.Actions.Values, s.Conditions = slices.Clone(s.Actions.Values), slices.Clone(s.Conditions)
	for i, action := range s.Actions.Values {
		s.Actions.Values[i] = strings.ToLower(action)
	}
	for i := range s.Conditions {
		s.Conditions[i].Key = strings.ToLower(s.Conditions[i].Key)
	}
	key, _ := json.Marshal(s)
	return string(key)
}

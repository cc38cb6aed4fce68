package plan

import (
	"encoding/json"
	"slices"
	"strings"
)

// secrets is the sensitive strings of a plan, by their first bytes. Terraform marks a value where the configuration or the
// provider says so, and not where it comes back: what a terraform_data has for input is sensitive, for output it is not.
type secrets map[string][]string

// A string that is as short as a common word is only hidden where it is all of a value; one that is shorter, only where it is
// marked.
const (
	shortSecret   = 6
	certainSecret = 8
)

// secret is a string that holds a secret, or is one.
type secret string

// collect takes in the strings of a value that are marked or by their name secret.
func (s secrets) collect(n Value) {
	switch v := n.value.(type) {
	case map[string]any:
		for key, below := range v {
			if text, ok := below.(string); ok && len(text) < shortSecret || !ok && isPlain(below) {
				continue
			}
			child := n.Child(key)
			if n.IsSensitive() {
				child.sensitive = true
			}
			s.collect(child)
		}
	case []any:
		for i := range v {
			item := n.item(i)
			if n.IsSensitive() {
				item.sensitive = true
			}
			s.collect(item)
		}
	case string:
		if n.IsSensitive() && len(v) >= shortSecret {
			s.take(v)
			for _, escapeHTML := range []bool{true, false} { // as it looks inside JSON
				var written strings.Builder
				encoder := json.NewEncoder(&written)
				encoder.SetEscapeHTML(escapeHTML)
				encoder.Encode(v)
				s.take(inner(written.String()))
			}
		}
	}
}

// inner is a JSON string without its quotes.
func inner(text string) string {
	text = strings.TrimSpace(text)
	return text[1 : len(text)-1]
}

func (s secrets) take(text string) {
	start := text[:min(len(text), certainSecret)]
	if !slices.Contains(s[start], text) {
		s[start] = append(s[start], text)
	}
}

// in reports whether a string holds a secret.
func (s secrets) in(text string) bool {
	if slices.Contains(s[text[:min(len(text), certainSecret)]], text) {
		return true
	}
	for i := 0; i+certainSecret <= len(text); i++ {
		for _, known := range s[text[i:i+certainSecret]] {
			if len(known) >= certainSecret && strings.HasPrefix(text[i:], known) {
				return true
			}
		}
	}
	return false
}

// hide replaces all strings of a tree that hold a secret.
func (s secrets) hide(tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		for key := range tree {
			tree[key] = s.hide(tree[key])
		}
	case []any:
		for i := range tree {
			tree[i] = s.hide(tree[i])
		}
	case string:
		if s.in(tree) {
			return secret(tree)
		}
	}
	return tree
}

// hideSecrets hides what is sensitive wherever else in the plan it comes back.
func (r *reader) hideSecrets() {
	values := r.values()
	for _, value := range values {
		r.secrets.collect(*value)
	}
	if len(r.secrets) == 0 {
		return
	}
	for _, value := range values {
		value.value = r.secrets.hide(value.value)
	}
}

// values is every value of the plan.
func (r *reader) values() []*Value {
	var all []*Value
	for _, changes := range [][]*Change{r.plan.Changes, r.plan.Watched, r.plan.Drift} {
		for _, c := range changes {
			all = append(all, &c.Before, &c.After)
		}
	}
	for _, d := range r.plan.Deferred {
		all = append(all, &d.Change.Before, &d.Change.After)
	}
	for i := range r.plan.Outputs {
		all = append(all, &r.plan.Outputs[i].Before, &r.plan.Outputs[i].After)
	}
	return all
}

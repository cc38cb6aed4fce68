package review

import (
	"encoding/json"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// secrets are the sensitive strings of a plan, by their first bytes. Terraform marks a value where the configuration or the
// provider says so, and not where it comes back: what a terraform_data has for input is sensitive, for output it is not.
type secrets map[string][]string

// A string that is as short as a common word is only hidden where it is all of a value; one that is shorter, only where it is
// marked.
const (
	shortSecret   = 6
	certainSecret = 8
)

// masked is a string that holds a secret.
type masked string

// collect takes in the strings of a value that are marked or by their name secret.
func (s secrets) collect(n node) {
	switch v := n.value.(type) {
	case map[string]any:
		for key := range v {
			child := n.child(key)
			if n.hidden() {
				child.sensitive = true
			}
			s.collect(child)
		}
	case []any:
		for i := range v {
			item := n.item(i)
			if n.hidden() {
				item.sensitive = true
			}
			s.collect(item)
		}
	case string:
		if n.hidden() && len(v) >= shortSecret {
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

func (s secrets) take(secret string) {
	start := secret[:min(len(secret), certainSecret)]
	for _, known := range s[start] {
		if known == secret {
			return
		}
	}
	s[start] = append(s[start], secret)
}

// in tells whether a string holds a secret.
func (s secrets) in(text string) bool {
	for _, secret := range s[text[:min(len(text), certainSecret)]] {
		if secret == text {
			return true
		}
	}
	for i := 0; i+certainSecret <= len(text); i++ {
		for _, secret := range s[text[i:i+certainSecret]] {
			if len(secret) >= certainSecret && strings.HasPrefix(text[i:], secret) {
				return true
			}
		}
	}
	return false
}

// mask replaces all strings of a tree that hold a secret.
func (s secrets) mask(tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		for key := range tree {
			tree[key] = s.mask(tree[key])
		}
	case []any:
		for i := range tree {
			tree[i] = s.mask(tree[i])
		}
	case string:
		if s.in(tree) {
			return masked(tree)
		}
	}
	return tree
}

// hideSecrets masks what is sensitive wherever else in the plan it comes back.
func (p *plan) hideSecrets() {
	changes := p.everyChange()
	for _, change := range changes {
		p.secrets.collect(beforeOf(change))
		p.secrets.collect(afterOf(change))
	}
	if len(p.secrets) == 0 {
		return
	}
	for _, change := range changes {
		change.Before, change.After = p.secrets.mask(change.Before), p.secrets.mask(change.After)
	}
}

func (p *plan) everyChange() []*tfjson.Change {
	var all []*tfjson.Change
	for _, list := range [][]*tfjson.ResourceChange{p.changes, p.domains, p.drift} {
		for _, c := range list {
			all = append(all, c.Change)
		}
	}
	for _, d := range p.deferred {
		all = append(all, d.ResourceChange.Change)
	}
	for name, change := range p.outputs {
		if change == nil {
			delete(p.outputs, name)
			continue
		}
		all = append(all, change)
	}
	return all
}

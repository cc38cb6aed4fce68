package policy

import (
	"net/netip"
	"slices"
	"strings"
)

// cover reports whether all that a statement allows, or forbids, some statement of the policy does as well, of principals that it covers.
// What cannot be judged is not covered.
func (policy Policy) cover(s statement, principals func(who, principal string) bool) bool {
	if s.Principals.Not || s.Actions.Not || s.Resources.Not {
		return false // it is in no list
	}
	return every(s.Principals.Values, func(principal string) bool {
		return every(s.Actions.Values, func(action string) bool {
			return every(s.Resources.Values, func(resource string) bool {
				return slices.ContainsFunc(policy, func(by statement) bool {
					return by.Allow == s.Allow && by.Principals.cover(principal, principals) && by.Actions.cover(action, coversAction) &&
						by.Resources.cover(resource, coversText) && imply(s.Conditions, by.Conditions)
				})
			})
		})
	})
}

// every reports whether something holds of each value; of an element that is not there, of "".
func every(values []string, holds func(string) bool) bool {
	if len(values) == 0 {
		return holds("")
	}
	return !slices.ContainsFunc(values, func(v string) bool { return !holds(v) })
}

// cover reports whether a value is among those of an element.
func (t terms) cover(value string, covers func(pattern, value string) bool) bool {
	if t.Not {
		return false
	}
	return value == "" && len(t.Values) == 0 || slices.ContainsFunc(t.Values, func(v string) bool { return covers(v, value) })
}

// coversPrincipal: whoever is named is one of everybody.
func coversPrincipal(who, principal string) bool {
	return who == principal || isEverybody(who) && strings.HasPrefix(principal, "AWS:") && !strings.HasPrefix(who, "Federated:")
}

// coversAction: IAM takes actions in whatever case.
func coversAction(pattern, action string) bool {
	return coversText(strings.ToLower(pattern), strings.ToLower(action))
}

// coversText reports whether a pattern fits all that another fits. A ? fits no star.
func coversText(pattern, other string) bool {
	return pattern == other || matches(pattern, other) && !(strings.Contains(pattern, "?") && strings.Contains(other, "*"))
}

// imply reports whether wherever some conditions hold, others do: each is one of them, or one of fewer values.
func imply(these, others []condition) bool {
	return !slices.ContainsFunc(others, func(other condition) bool {
		return !slices.ContainsFunc(these, func(this condition) bool { return this.implies(other) })
	})
}

func (c condition) implies(other condition) bool {
	if !strings.EqualFold(c.Key, other.Key) {
		return false
	}
	c, other = c.plain(), other.plain()
	test, ifExists := strings.CutSuffix(other.Test, "IfExists")
	negated := strings.Contains(c.Test, "Not")
	switch {
	case c.Test == other.Test && negated:
		return within(c.Test, other.Values, c.Values)
	case c.Test == other.Test, c.Test == test && ifExists, c.Test == exact[test] && exact[test] != "":
		return !negated && within(test, c.Values, other.Values)
	}
	return false
}

// plain is a condition by the plainest of the operators that mean the same for its values: of ARNs both take patterns, and a pattern
// without a star is the value itself.
func (c condition) plain() condition {
	c.Test = strings.Replace(c.Test, "ArnEquals", "ArnLike", 1)
	c.Test = strings.Replace(c.Test, "ArnNotEquals", "ArnNotLike", 1)
	if !slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") }) {
		c.Test = strings.Replace(c.Test, "StringLike", "StringEquals", 1)
		c.Test = strings.Replace(c.Test, "StringNotLike", "StringNotEquals", 1)
	}
	return c
}

// exact is, by an operator of patterns, the one that takes the same values as they are.
var exact = map[string]string{"StringLike": "StringEquals", "ForAnyValue:StringLike": "ForAnyValue:StringEquals"}

// within reports whether each value of a test is one of others, or lies within one.
func within(test string, values, others []string) bool {
	covers := exactly
	switch {
	case strings.Contains(test, "Like"), strings.Contains(test, "Arn"):
		covers = coversText
	case strings.Contains(test, "IpAddress"):
		covers = coversAddresses
	}
	return !slices.ContainsFunc(values, func(v string) bool {
		return !slices.ContainsFunc(others, func(other string) bool { return covers(other, v) })
	})
}

// coversAddresses reports whether a block of addresses has all of another.
func coversAddresses(block, other string) bool {
	outer, err := blockOf(block)
	inner, err2 := blockOf(other)
	return block == other || err == nil && err2 == nil && CoversBlock(outer, inner)
}

// CoversBlock reports whether a block of addresses has all of another. The zero value, which is none, has none and is in none.
func CoversBlock(block, other netip.Prefix) bool {
	return block.IsValid() && other.IsValid() && block.Bits() <= other.Bits() && block.Contains(other.Addr())
}

func blockOf(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Prefix(address.BitLen())
	}
	return netip.ParsePrefix(text)
}

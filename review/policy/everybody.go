package policy

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// everybody reports whether a statement is of everybody, whatever its conditions say.
func (s statement) everybody() bool {
	return s.Principals.Not || slices.ContainsFunc(s.Principals.Values, func(p string) bool { return p == "AWS:*" || p == "*:*" })
}

// open reports whether a statement lets in everybody, and nothing narrows that down: no condition of its own, no other
// statement that denies all but some.
func (s statement) open(policy Policy) bool {
	if !s.Allow || !s.everybody() || slices.ContainsFunc(s.Conditions, condition.narrows) {
		return false
	}
	return !slices.ContainsFunc(policy, statement.deniesAllBut)
}

// open is the statements that let everybody in.
func (policy Policy) open() Policy {
	return slices.DeleteFunc(slices.Clone(policy), func(s statement) bool { return !s.open(policy) })
}

// narrows reports whether a condition of an allowing statement holds for a known few only.
func (c condition) narrows() bool {
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
	"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce",
	"aws:vpcsourceip", "kms:calleraccount"}

// anybody reports whether a pattern leaves the account open.
func anybody(pattern string) bool {
	if parts := strings.Split(pattern, ":"); len(parts) >= 5 && parts[0] == "arn" { // arn:aws:iam::ACCOUNT:…
		return strings.ContainsAny(parts[4], "*?")
	}
	return strings.Trim(pattern, "*?") == ""
}

// wide reports whether a block of addresses is no few: more than 2^24 of IPv4, or of IPv6 more than a provider has.
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

// deniesAllBut reports whether a statement denies everybody everything but for a known few. Several conditions at once deny
// only who fails them all.
func (s statement) deniesAllBut() bool {
	if s.Allow || len(s.Conditions) != 1 || !s.everybody() || !s.everything() {
		return false
	}
	c := s.Conditions[0]
	switch c.Test {
	case "NotIpAddress", "NotIpAddressIfExists":
		return condition{"IpAddress", c.Key, c.Values}.narrows()
	case "StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike", "StringNotEqualsIgnoreCase":
		return condition{strings.Replace(c.Test, "Not", "", 1), c.Key, c.Values}.narrows()
	}
	return false
}

// namedOnly reports whether a statement is of principals by name.
func (s statement) namedOnly() bool {
	return !s.Principals.Not && !s.everybody() && len(s.Principals.Values) > 0
}

// forbids reports whether a policy forbids a principal everything because it is not among those that a statement excepts.
func (policy Policy) forbids(principal string) bool {
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

// matches reports whether a pattern with * and ? fits s.
func matches(pattern, s string) bool {
	expression := regexp.QuoteMeta(pattern)
	expression = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(expression)
	fits, err := regexp.MatchString("^(?:"+expression+")$", s)
	return err != nil || fits
}

// everything reports whether a statement is of all actions on all of the domain.
func (s statement) everything() bool {
	all := func(values []string, patterns ...string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(patterns, v) })
	}
	return !s.Principals.Not && !s.Actions.Not && !s.Resources.Not &&
		all(s.Actions.Values, "*", "es:*", "es:ESHttp*", "s3:*", "kms:*", "sns:*", "sts:*") &&
		all(s.Resources.Values, "*", ofDomain+"/*", ofDomain+"*")
}

// keepsOut reports whether a statement denies everybody everything, but for its conditions.
func (s statement) keepsOut() bool {
	return !s.Allow && s.everybody() && s.everything()
}

package policy

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// everybody reports whether a statement is of everybody, whatever its conditions say.
func (s statement) everybody() bool {
	return s.Principals.Not || slices.ContainsFunc(s.Principals.Values, isEverybody)
}

func isEverybody(principal string) bool {
	return principal == "AWS:*" || principal == "*:*" || principal == "Federated:*" || anyAccount.MatchString(principal)
}

// anyAccount is an ARN of whatever account.
var anyAccount = regexp.MustCompile(`^AWS:arn:[^:]*:(iam|sts)::[*?]+:`)

// publicIssuers are those at which everybody can sign in, or run something that does: with one for a principal, a statement lets in
// everybody unless a condition on the token says whom.
var publicIssuers = []string{
	"token.actions.githubusercontent.com", "gitlab.com", "agent.buildkite.com", "app.terraform.io", "api.pulumi.com/oidc",
	"accounts.google.com", "graph.facebook.com", "www.amazon.com", "appleid.apple.com",
	"cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com", "cognito-identity.cn-north-1.amazonaws.com.cn",
}

// issuer is the public issuer that a principal is; "" if it is none.
func issuer(principal string) string {
	name, federated := strings.CutPrefix(principal, "Federated:")
	if _, provider, ok := strings.Cut(name, ":oidc-provider/"); ok {
		name = provider
	}
	for _, public := range publicIssuers {
		if federated && (name == public || strings.HasPrefix(name, public+"/")) {
			return public
		}
	}
	return ""
}

// anyToken reports whether a statement lets in whoever has a token of a public issuer.
func (s statement) anyToken() bool {
	return slices.ContainsFunc(s.Principals.Values, func(p string) bool {
		issuer := issuer(p)
		return issuer != "" && !slices.ContainsFunc(s.Conditions, func(c condition) bool { return c.narrowsToken(issuer) })
	})
}

// narrowsToken reports whether a condition holds for the tokens of a known few: by a claim that says who, for whom the issuer vouches.
// The audience says who only at issuers that give each their own.
func (c condition) narrowsToken(issuer string) bool {
	test := strings.TrimPrefix(c.Test, "ForAnyValue:")
	from, claim, ok := cutLast(c.Key, ":")
	if !ok || !strings.EqualFold(from, issuer) && !strings.HasPrefix(strings.ToLower(from), issuer+"/") ||
		test != "StringEquals" && test != "StringLike" && test != "StringEqualsIgnoreCase" {
		return false
	}
	isAudience := slices.Contains(ownAudience, issuer) && claim == "aud"
	return (isAudience || slices.Contains(whoClaims, claim)) && !slices.ContainsFunc(c.Values, func(value string) bool {
		return test == "StringLike" && anyone(value)
	})
}

// ownAudience are the issuers at which the audience is an application's, or a pool's, own.
var ownAudience = []string{
	"api.pulumi.com/oidc", "accounts.google.com", "graph.facebook.com", "www.amazon.com", "appleid.apple.com",
	"cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com", "cognito-identity.cn-north-1.amazonaws.com.cn",
}

// whoClaims are the claims of a token that say whose it is.
var whoClaims = []string{
	"sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref", "workspaceUuid",
	"organization_id", "project_path", "namespace_id", "app_id", "user_id", "oaud",
}

// anyone reports whether a pattern for a claim leaves open whose it is: the part that is given must name an owner to its end, for
// octo* is octocat too.
func anyone(pattern string) bool {
	given, _, wild := cutAny(pattern, "*?")
	if !wild {
		return false
	}
	_, owner, ok := strings.Cut(given, ":") // repo:octocat/
	if !ok {
		owner = given
	}
	return len(owner) < 2 || !strings.ContainsAny(owner, "/:")
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i:], true
	}
	return s, "", false
}

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}

// open reports whether a statement lets in everybody, and nothing narrows that down: no condition of its own, no other
// statement that denies all but some.
func (s statement) open(policy Policy) bool {
	if !s.Allow || !s.anyToken() && (!s.everybody() || slices.ContainsFunc(s.Conditions, condition.narrows)) {
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
		return key == "aws:sourceip" && !slices.ContainsFunc(c.Values, wide) && !many(c.Values)
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
	"aws:vpcsourceip", "kms:calleraccount", "aws:userid", "aws:sourceorgpaths", "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid",
	"aws:vpceorgpaths", "s3:dataaccesspointaccount"}

// anybody reports whether a pattern for who leaves the account, or the organization, open: o-* is every organization, and of what has no
// account in its ARN, as a bucket, everybody can have one whose name begins so.
func anybody(pattern string) bool {
	given, _, wild := cutAny(pattern, "*?")
	if !wild {
		return pattern == ""
	}
	if !strings.HasPrefix(pattern, "arn:") {
		return !strings.ContainsAny(given, "/:") // below a path of an organization, in whatever session of a role
	}
	parts := strings.SplitN(pattern, ":", 6) // arn:aws:iam::ACCOUNT:role/name
	return len(parts) < 6 || strings.ContainsAny(parts[4], "*?") || parts[4] == "" && strings.ContainsAny(parts[5], "*?")
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
	if prefix.Addr().Is4In6() { // IPv4, written as IPv6
		return prefix.Bits() < 96+8
	}
	return prefix.Addr().Is4() && prefix.Bits() < 8 || prefix.Addr().Is6() && prefix.Bits() < 20
}

// many reports whether blocks of IPv4, none of them wide, are together no few any more.
func many(blocks []string) bool {
	count := 0
	for _, block := range blocks {
		if prefix, err := netip.ParsePrefix(block); err == nil && prefix.Addr().Is4() {
			count += 1 << (32 - prefix.Bits())
		}
	}
	return count > 4<<24
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
	wanted, runes := []rune(pattern), []rune(s)
	star, from := -1, 0 // the last star, and where what follows it began
	at, i := 0, 0
	for i < len(runes) {
		switch {
		case at < len(wanted) && wanted[at] == '*':
			star, from = at, i
			at++
		case at < len(wanted) && (wanted[at] == '?' || wanted[at] == runes[i]):
			at++
			i++
		case star >= 0: // the star takes one more
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(string(wanted[at:]), "*") == ""
}

// everything reports whether a statement is of all actions on all of the domain.
func (s statement) everything() bool {
	all := func(values []string, patterns ...string) bool {
		return slices.ContainsFunc(values, func(v string) bool {
			return slices.ContainsFunc(patterns, func(pattern string) bool { return strings.EqualFold(pattern, v) })
		})
	}
	return !s.Principals.Not && !s.Actions.Not && !s.Resources.Not &&
		all(s.Actions.Values, "*", "es:*", "es:ESHttp*", "s3:*", "kms:*", "sns:*", "sts:*", "sqs:*", "secretsmanager:*", "logs:*",
			"events:*") &&
		all(s.Resources.Values, "*", ofDomain+"/*")
}

// keepsOut reports whether a statement denies everybody everything, but for its conditions.
func (s statement) keepsOut() bool {
	return !s.Allow && s.everybody() && s.everything()
}

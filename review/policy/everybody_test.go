package policy

import (
	"slices"
	"strings"
	"testing"
)

// parse reads statements that must be a policy.
func parse(t testing.TB, statements ...string) Policy {
	t.Helper()
	policy, err := Parse(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`, []string{"metrics"})
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func TestAnybody(t *testing.T) {
	for pattern, want := range map[string]bool{
		"*": true, "**": true, "?*": true, "": true,
		"arn:aws:iam::*:role/a": true, "arn:aws:iam::11112222333?:role/a": true, "arn:aws:iam::111122223333:*": false,
		"111122223333": false, "11112222333?": true, "o-1": false, "o-*": true, "o-1/*": false, "o-1/r-2/ou-3/*": false, "AROAQXAMPLE4711PROBE9:*": false, "*:session": true, "vpce-*": true,
		"arn:aws:*": true, "arn:*": true, "ar*": true, "arn:aws:iam::*": true, "arn:*:iam::111122223333:role/a": false, "arn:aws:iam::111122223333:role/a*": false,
		"arn:aws:s3:::bucket": false, "arn:aws:s3:::bucket*": true, "arn:aws:sns:*:111122223333:topic": false,
	} {
		if got := anybody(pattern); got != want {
			t.Errorf("%q: want %v, got %v", pattern, want, got)
		}
	}
}

func TestWide(t *testing.T) {
	for block, want := range map[string]bool{
		"0.0.0.0/0": true, "0.0.0.0/1": true, "8.0.0.0/7": true, "10.0.0.0/8": false, "198.51.100.7": false, "198.51.100.7/32": false,
		"::/0": true, "2001::/19": true, "2001::/20": false, "no block/x": true, "10.0.0.0/33": true,
		"::ffff:0:0/96": true, "::ffff:a00:0/103": true, "::ffff:a00:0/104": false,
	} {
		if got := wide(block); got != want {
			t.Errorf("%q: want %v, got %v", block, want, got)
		}
	}
}

func TestNarrows(t *testing.T) {
	for _, test := range []struct {
		test, key string
		values    []string
		want      bool
	}{
		{"IpAddress", "aws:SourceIp", []string{"10.0.0.0/8"}, true},
		{"IpAddressIfExists", "aws:SourceIp", []string{"10.0.0.0/8"}, true}, // every request has the key
		{"ForAnyValue:IpAddress", "aws:SourceIp", []string{"10.0.0.0/8"}, true},
		{"IpAddress", "aws:SourceIp", []string{"10.0.0.0/8", "0.0.0.0/0"}, false},
		{"IpAddress", "aws:SourceIp", []string{"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8", "2001:db8::/32", "14.0.0.1"}, true},
		{"IpAddress", "aws:SourceIp", []string{"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8", "14.0.0.1/32"}, false},
		{"IpAddress", "aws:VpcSourceIp", []string{"10.0.0.0/8"}, false},
		{"NotIpAddress", "aws:SourceIp", []string{"10.0.0.0/8"}, false},
		{"StringEquals", "aws:PrincipalOrgID", []string{"o-1"}, true},
		{"StringEquals", "AWS:principalorgid", []string{"o-1"}, true},
		{"StringLike", "aws:PrincipalOrgID", []string{"*"}, false},
		{"StringEqualsIfExists", "aws:PrincipalOrgID", []string{"o-1"}, false},
		{"StringNotEquals", "aws:PrincipalOrgID", []string{"o-1"}, false},
		{"ForAllValues:StringEquals", "aws:PrincipalOrgPaths", []string{"o-1/*"}, false},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", []string{"o-1/*"}, true},
		{"StringEquals", "aws:UserAgent", []string{"x"}, false},
		{"Bool", "aws:SecureTransport", []string{"true"}, false},
		{"Bool", "aws:PrincipalArn", []string{"true"}, false},
	} {
		if got := (condition{test.test, test.key, test.values}).narrows(); got != test.want {
			t.Errorf("%s of %s %v: want %v, got %v", test.test, test.key, test.values, test.want, got)
		}
	}
	for _, key := range []string{"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid",
		"aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "kms:calleraccount", "aws:userid", "aws:sourceorgpaths", "aws:sourcevpcarn", "aws:vpceaccount",
		"aws:vpceorgid", "aws:vpceorgpaths", "s3:dataaccesspointaccount"} {
		if !(condition{"StringEquals", key, []string{"x"}}).narrows() {
			t.Errorf("%s narrows nothing down", key)
		}
	}
}

const denyAllBut = `{"Effect":"Deny","Principal":"*","Action":"es:*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a"]}}}`

func TestDeniesAllBut(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		want     bool
	}{
		"as it is":                 {"", "", true},
		"by address":               {`"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a"]}`, `"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, true},
		"by address, if any":       {`"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a"]}`, `"NotIpAddressIfExists":{"aws:SourceIp":"10.0.0.0/8"}`, true},
		"by any address":           {`"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a"]}`, `"NotIpAddress":{"aws:SourceIp":"0.0.0.0/0"}`, false},
		"by organization":          {`"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a"]}`, `"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}`, true},
		"whoever they are":         {"arn:aws:iam::1:role/a", "*", false},
		"of all actions":           {`"es:*"`, `"*"`, true},
		"of all requests":          {`"es:*"`, `"es:ESHttp*"`, true},
		"of the domain":            {`"Resource":"*"`, `"Resource":"arn:aws:es:eu-central-1:1:domain/metrics/*"`, true},
		"of another domain":        {`"Resource":"*"`, `"Resource":"arn:aws:es:eu-central-1:1:domain/other/*"`, false},
		"of some actions":          {`"es:*"`, `"es:ESHttpGet"`, false},
		"of all but some actions":  {`"Action"`, `"NotAction"`, false},
		"of all but some resource": {`"Resource"`, `"NotResource"`, false},
		"an allowance":             {"Deny", "Allow", false},
		"of somebody":              {`"Principal":"*"`, `"Principal":{"AWS":"arn:aws:iam::1:role/b"}`, false},
		"of all but somebody":      {`"Principal":"*"`, `"NotPrincipal":{"AWS":"arn:aws:iam::1:role/b"}`, false},
		"only if both fail":        {`"Condition":{`, `"Condition":{"Bool":{"aws:SecureTransport":"false"},`, false},
		"without a condition":      {`,"Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a"]}}`, "", false},
		"for these":                {"ArnNotLike", "ArnLike", false},
	} {
		if got := parse(t, strings.Replace(denyAllBut, test.old, test.new, 1))[0].deniesAllBut(); got != test.want {
			t.Errorf("%s: want %v, got %v", name, test.want, got)
		}
	}
}

func TestForbids(t *testing.T) {
	withNull := strings.Replace(denyAllBut, `{"ArnNotLike"`, `{"Null":{"aws:PrincipalArn":"false"},"ArnNotLike"`, 1)
	for _, test := range []struct {
		statement, principal string
		want                 bool
	}{
		{denyAllBut, "AWS:arn:aws:iam::1:role/b", true},
		{denyAllBut, "AWS:arn:aws:iam::1:role/a", false},
		{withNull, "AWS:arn:aws:iam::1:role/b", true},
		{strings.Replace(denyAllBut, "role/a", "role/*", 1), "AWS:arn:aws:iam::1:role/b", false},
		{strings.Replace(denyAllBut, "role/a", "role/?", 1), "AWS:arn:aws:iam::1:role/bb", true},
		{denyAllBut, "AWS:arn:aws:iam::1:root", false}, // whose users it may except
		{denyAllBut, "Service:es.amazonaws.com", false},
		{denyAllBut, "AWS:AROA1", false},
		{strings.Replace(denyAllBut, "Deny", "Allow", 1), "AWS:arn:aws:iam::1:role/b", false},
		{strings.Replace(denyAllBut, "ArnNotLike", "ArnLike", 1), "AWS:arn:aws:iam::1:role/b", false},
		{strings.Replace(denyAllBut, "es:*", "es:ESHttpGet", 1), "AWS:arn:aws:iam::1:role/b", false},
	} {
		if got := parse(t, test.statement).forbids(test.principal); got != test.want {
			t.Errorf("%s in %s: want %v, got %v", test.principal, test.statement, test.want, got)
		}
	}
}

// What a pattern for a claim of a token leaves open.
func TestAnyone(t *testing.T) {
	for pattern, want := range map[string]bool{
		"*": true, "?": true, "": false, "repo:*": true, "repo:octo*": true, "repo:octocat/*": false, "repo:octocat/metrics:*": false, "repo:*/metrics:*": true,
		"repo:octocat/metrics:ref:refs/heads/main": false, "octocat/*": false, "octo*": true, "organization:acme:*": false, "organization:ac*": true,
		"project_path:group/*": false, "project_path:*": true, "repo:/*": true,
	} {
		if got := anyone(pattern); got != want {
			t.Errorf("%q: want %v, got %v", pattern, want, got)
		}
	}
}

// Whose tokens a statement lets in: of a public issuer everybody's, unless a condition says whose.
func TestAnyToken(t *testing.T) {
	const github, cognito = "token.actions.githubusercontent.com", "cognito-identity.amazonaws.com"
	trust := func(principal, condition string) string {
		if condition != "" {
			condition = `,"Condition":{` + condition + `}`
		}
		return `{"Effect":"Allow","Principal":{"Federated":"` + principal + `"},"Action":"sts:AssumeRoleWithWebIdentity"` + condition + `}`
	}
	const provider = "arn:aws:iam::1:oidc-provider/"
	for _, test := range []struct {
		name, statement string
		want            bool
	}{
		{"no condition", trust(provider+github, ""), true},
		{"the audience alone", trust(provider+github, `"StringEquals":{"`+github+`:aud":"sts.amazonaws.com"}`), true},
		{"a repository", trust(provider+github, `"StringEquals":{"`+github+`:sub":"repo:octocat/metrics:ref:refs/heads/main"}`), false},
		{"an owner", trust(provider+github, `"StringLike":{"`+github+`:sub":"repo:octocat/*"}`), false},
		{"an owner whose name begins so", trust(provider+github, `"StringLike":{"`+github+`:sub":"repo:octo*"}`), true},
		{"a star that is none", trust(provider+github, `"StringEquals":{"`+github+`:sub":"repo:*"}`), false},
		{"whatever case", trust(provider+github, `"StringEqualsIgnoreCase":{"`+github+`:sub":"repo:octocat/metrics:ref:refs/heads/main"}`), false},
		{"one of several that is open", trust(provider+github, `"StringLike":{"`+github+`:sub":["repo:octocat/*","repo:*"]}`), true},
		{"if there is one", trust(provider+github, `"StringLikeIfExists":{"`+github+`:sub":"repo:octocat/*"}`), true},
		{"all but one", trust(provider+github, `"StringNotEquals":{"`+github+`:sub":"repo:octocat/x"}`), true},
		{"another issuer's claim", trust(provider+github, `"StringEquals":{"gitlab.com:sub":"repo:octocat/x"}`), true},
		{"an enterprise's path", trust(provider+github+"/acme", `"StringEquals":{"`+github+`/acme:sub":"repo:acme/x"}`), false},
		{"a claim of no one's", trust(provider+github, `"StringEquals":{"`+github+`:environment":"prod"}`), true},
		{"one of a list", trust(provider+github, `"ForAnyValue:StringLike":{"`+github+`:sub":"repo:octocat/*"}`), false},
		{"an issuer of one's own", trust(provider+"idp.example.com", ""), false},
		{"SAML", trust("arn:aws:iam::1:saml-provider/idp", ""), false},
		{"an identity pool", trust(cognito, `"StringEquals":{"`+cognito+`:aud":"eu-west-1:a"},"ForAnyValue:StringLike":{"`+cognito+`:amr":"authenticated"}`), false},
		{"any identity pool", trust(cognito, `"ForAnyValue:StringLike":{"`+cognito+`:amr":"authenticated"}`), true},
		{"no key of a claim", trust(cognito, `"StringEquals":{"aud":"eu-west-1:a"}`), true},
		{"a service called so", strings.Replace(trust(cognito, ""), "Federated", "Service", 1), false},
		{"everybody federated", trust("*", ""), true},
	} {
		policy := parse(t, test.statement)
		if got := policy[0].open(policy); got != test.want {
			t.Errorf("%s: want %v, got %v", test.name, test.want, got)
		}
	}
	issuers := []string{"token.actions.githubusercontent.com", "gitlab.com", "agent.buildkite.com", "app.terraform.io", "api.pulumi.com/oidc", "accounts.google.com",
		"graph.facebook.com", "www.amazon.com", "appleid.apple.com", "cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com", "cognito-identity.cn-north-1.amazonaws.com.cn"}
	for _, issuer := range issuers {
		if !parse(t, trust(provider+issuer, ""))[0].anyToken() {
			t.Errorf("%s is not public", issuer)
		}
	}
	for _, claim := range []string{"sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref", "workspaceUuid", "organization_id",
		"project_path", "namespace_id", "app_id", "user_id", "oaud"} {
		if parse(t, trust(provider+github, `"StringEquals":{"`+github+`:`+claim+`":"x"}`))[0].anyToken() {
			t.Errorf("%s does not say who", claim)
		}
	}
	for _, issuer := range issuers[4:] {
		if parse(t, trust(provider+issuer, `"StringEquals":{"`+issuer+`:aud":"x"}`))[0].anyToken() {
			t.Errorf("the audience of %s is not its own", issuer)
		}
	}
	if issuers := issuers[:4]; slices.ContainsFunc(issuers, func(issuer string) bool {
		return !parse(t, trust(provider+issuer, `"StringEquals":{"`+issuer+`:aud":"x"}`))[0].anyToken()
	}) {
		t.Errorf("the audience of one of %v is taken for its own", issuers)
	}
}

// Who is everybody.
func TestEverybody(t *testing.T) {
	for principal, want := range map[string]bool{
		`"Principal":"*"`: true, `"Principal":{"AWS":"*"}`: true, `"Principal":{"*":"*"}`: true, `"Principal":{"Federated":"*"}`: true,
		`"NotPrincipal":{"AWS":"arn:aws:iam::1:role/a"}`: true, `"Principal":{"AWS":["arn:aws:iam::1:role/a","*"]}`: true,
		`"Principal":{"AWS":"arn:aws:iam::1:role/*"}`: false, `"Principal":{"AWS":"arn:aws:iam::*:root"}`: true, `"Principal":{"AWS":"arn:aws:iam::*:role/a"}`: true,
		`"Principal":{"AWS":"arn:aws:sts::*:assumed-role/a/b"}`: true, `"Principal":{"AWS":"arn:aws:iam::11112222333?:root"}`: false, `"Principal":{"Service":"*"}`: false, `"Principal":{}`: false,
	} {
		if got := parse(t, `{"Effect":"Allow",`+principal+`,"Action":"*","Resource":"*"}`)[0].everybody(); got != want {
			t.Errorf("%s: want %v, got %v", principal, want, got)
		}
	}
}

// What is everything: all actions of a service on all of the domain.
func TestEverything(t *testing.T) {
	for _, action := range []string{"*", "es:*", "es:ESHttp*", "s3:*", "kms:*", "sns:*", "sts:*", "sqs:*", "secretsmanager:*", "logs:*", "events:*", "ES:*"} {
		for resource, want := range map[string]bool{"*": true, "arn:aws:es:eu-central-1:1:domain/metrics/*": true, "arn:aws:es:eu-central-1:1:domain/metrics*": false, "arn:aws:es:eu-central-1:1:domain/metrics/a": false} {
			if got := parse(t, `{"Effect":"Deny","Principal":"*","Action":"`+action+`","Resource":"`+resource+`"}`)[0].everything(); got != want {
				t.Errorf("%s on %s: want %v, got %v", action, resource, want, got)
			}
		}
	}
}

// A principal that was deleted is nobody.
func TestDeleted(t *testing.T) {
	for _, test := range []struct {
		id, said string
		deleted  bool
	}{
		{"AROAQXAMPLE4711PROBE9", "a role that was deleted (AROAQXAMPLE4711PROBE9)", true},
		{"AIDAQXAMPLE4711PROBE9", "a user that was deleted (AIDAQXAMPLE4711PROBE9)", true},
		{"AGPAQXAMPLE4711PROBE9", "a group that was deleted (AGPAQXAMPLE4711PROBE9)", true},
		{"arn:aws:iam::111122223333:role/AROA", "role AROA of account 111122223333", false},
		{"AROAx", "AROAx", false},
	} {
		change := Compare(nil, parse(t, `{"Effect":"Allow","Principal":{"AWS":"`+test.id+`"},"Action":"es:ESHttpGet","Resource":"*"}`))[0]
		if got := change.Who("anyone").Plain(); got != test.said || change.OfDeleted() != test.deleted {
			t.Errorf("%s: %q, %v; want %q, %v", test.id, got, change.OfDeleted(), test.said, test.deleted)
		}
	}
	both := Compare(nil, parse(t, `{"Effect":"Allow","Principal":{"AWS":["AROAQXAMPLE4711PROBE9","arn:aws:iam::1:role/a"]},"Action":"es:ESHttpGet","Resource":"*"}`))[0]
	if both.OfDeleted() {
		t.Error("a role that is there counts as deleted")
	}
}

// Of whom a change is: of others than services.
func TestOfPeople(t *testing.T) {
	for principal, want := range map[string]bool{
		`"Principal":{"Service":"es.amazonaws.com"}`: false, `"Principal":{"Service":"es.amazonaws.com","AWS":"111122223333"}`: true, `"NotPrincipal":{"Service":"es.amazonaws.com"}`: true,
		`"Sid":"whoever has it"`: true,
	} {
		if got := Compare(nil, parse(t, `{"Effect":"Allow",`+principal+`,"Action":"*","Resource":"*"}`))[0].OfPeople(); got != want {
			t.Errorf("%s: want %v, got %v", principal, want, got)
		}
	}
}

// Of whom a change is: of others than an account's own.
func TestOfOthersThan(t *testing.T) {
	for principal, want := range map[string]bool{
		`"Principal":{"AWS":"111122223333"}`: false, `"Principal":{"AWS":"arn:aws:iam::111122223333:role/a"}`: false, `"Principal":{"AWS":["111122223333","444455556666"]}`: true,
		`"Principal":"*"`: true, `"NotPrincipal":{"AWS":"111122223333"}`: true, `"Principal":{"Service":"es.amazonaws.com"}`: true,
	} {
		if got := Compare(nil, parse(t, `{"Effect":"Allow",`+principal+`,"Action":"*","Resource":"*"}`))[0].OfOthersThan("111122223333"); got != want {
			t.Errorf("%s: want %v, got %v", principal, want, got)
		}
	}
}

// Each operator and qualifier in words, and each kind of principal.
func TestWords(t *testing.T) {
	for test, want := range map[string]string{
		"StringEquals": "k is v", "StringNotEquals": "k is not v", "StringEqualsIgnoreCase": "k is v", "StringNotEqualsIgnoreCase": "k is not v",
		"StringLike": "k is like v", "StringNotLike": "k is not like v", "ArnEquals": "k is v", "ArnNotEquals": "k is not v", "ArnLike": "k is like v", "ArnNotLike": "k is not like v",
		"IpAddress": "k is in v", "NotIpAddress": "k is not in v", "Bool": "k is v", "BinaryEquals": "k is v",
		"NumericEquals": "k is v", "NumericNotEquals": "k is not v", "NumericLessThan": "k is less than v", "NumericLessThanEquals": "k is at most v",
		"NumericGreaterThan": "k is more than v", "NumericGreaterThanEquals": "k is at least v",
		"DateEquals": "k is v", "DateNotEquals": "k is not v", "DateLessThan": "k is before v", "DateLessThanEquals": "k is not after v",
		"DateGreaterThan": "k is after v", "DateGreaterThanEquals": "k is not before v",
		"ForAnyValue:StringLike": "one of k is like v", "ForAllValues:StringLike": "each of k is like v", "StringLikeIfExists": "k is like v or is missing", "Made:Up": "Made:Up of k holds for v",
	} {
		if got := (condition{test, "k", []string{"v"}}).words().Plain(); got != want {
			t.Errorf("%s: %q, want %q", test, got, want)
		}
	}
	for name := range operators {
		if got := (condition{name, "k", []string{"v"}}).words().Plain(); strings.HasPrefix(got, name) {
			t.Errorf("%s has no words", name)
		}
	}
	for principal, want := range map[string]string{
		"Service:es.amazonaws.com": "the service es.amazonaws.com", "Federated:idp": "users of idp", "CanonicalUser:c": "the account with the canonical id c", "AWS:x": "x",
	} {
		if got := (statement{Principals: terms{Values: []string{principal}}}).who("anyone").Plain(); got != want {
			t.Errorf("%s: %q, want %q", principal, got, want)
		}
	}
}

// What comes and what goes, of what is allowed and of what is forbidden.
func TestVerbs(t *testing.T) {
	statement := func(effect, action string) string {
		return `{"Effect":"` + effect + `","Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"` + action + `","Resource":"*"}`
	}
	for _, test := range []struct {
		before, after Policy
		want          string
	}{
		{nil, parse(t, statement("Allow", "es:ESHttpGet")), "now lets role a of account 111122223333 send GET requests on *"},
		{parse(t, statement("Allow", "es:ESHttpGet")), nil, "no longer lets role a of account 111122223333 send GET requests on *"},
		{nil, parse(t, statement("Deny", "es:ESHttpGet")), "now forbids role a of account 111122223333 to send GET requests on *"},
		{parse(t, statement("Deny", "es:ESHttpGet")), nil, "no longer forbids role a of account 111122223333 to send GET requests on *"},
	} {
		if got := Compare(test.before, test.after)[0].Sentence("anyone").Plain(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

package policy

import (
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
		"111122223333": false, "o-1": false, "o-*": false, "arn:aws:*": false,
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
	for _, key := range callerKeys {
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

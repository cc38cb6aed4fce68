package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// allow is a statement that allows role a these actions, with what else it has.
func allow(actions, rest string) string {
	return `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":[` + actions + `],"Resource":"arn:aws:es:eu-central-1:1:domain/metrics/*"` + rest + `}`
}

const (
	get, post, all = `"es:ESHttpGet"`, `"es:ESHttpPost"`, `"es:*"`
	on             = "aws:PrincipalOrgID"
)

// What statements say in other words is no change; what they say less is no gain.
func TestCovered(t *testing.T) {
	where := func(test, key, values string) string {
		return `,"Condition":{"` + test + `":{"` + key + `":[` + values + `]}}`
	}
	deny := func(actions string) string { return strings.Replace(allow(actions, ""), "Allow", "Deny", 1) }
	everybody := func(statement string) string {
		return strings.Replace(statement, `{"AWS":"arn:aws:iam::111122223333:role/a"}`, `"*"`, 1)
	}
	const stays = "- still lets role a of account 111122223333 send GET requests to the whole domain"
	for _, test := range []struct {
		name          string
		before, after []string
		want          []string
	}{
		{"split", []string{allow(get+","+post, "")}, []string{allow(get, ""), allow(post, "")}, nil},
		{"joined", []string{allow(get, ""), allow(post, "")}, []string{allow(get+","+post, "")}, nil},
		{"said twice", []string{allow(all, "")}, []string{allow(all, ""), allow(get, "")}, nil},
		{"said once", []string{allow(all, ""), allow(get, "")}, []string{allow(all, "")}, nil},
		{"in another case", []string{allow(get, where("Bool", "aws:SecureTransport", `true`))}, []string{allow(strings.ToLower(get), where("Bool", "aws:securetransport", `true`))}, nil},
		{"one more, in another case", []string{allow(get, "")}, []string{allow(strings.ToLower(get)+","+post, "")}, []string{"+ now lets role a of account 111122223333 send POST requests to the whole domain"}},
		{"conditions in other words", []string{allow(get, where("StringEquals", on, `"o-1"`))}, []string{allow(get, where("StringLike", on, `"o-1"`))}, nil},
		{"a denial split", []string{deny(get + "," + post)}, []string{deny(get), deny(post)}, nil},
		{"a denial that another covers", []string{deny(all), deny(get)}, []string{deny(all)}, nil},
		{"a denial of less", []string{deny(all)}, []string{deny(get)}, []string{
			"+ no longer forbids role a of account 111122223333 to do anything (es:*) to the whole domain",
			"- still forbids role a of account 111122223333 to send GET requests to the whole domain"}},
		{"fewer actions", []string{allow(all, "")}, []string{allow(get, "")}, []string{"- no longer lets role a of account 111122223333 do anything (es:*) to the whole domain", stays}},
		{"fewer resources", []string{allow(get, "")}, []string{strings.Replace(allow(get, ""), "/*", "/x", 1)}, []string{
			"- no longer lets role a of account 111122223333 send GET requests to the whole domain", "- still lets role a of account 111122223333 send GET requests to /x"}},
		{"everybody could", []string{everybody(allow(all, ""))}, []string{allow(get, "")}, []string{"- no longer lets anyone do anything (es:*) to the whole domain", stays}},
		{"everybody still can", []string{everybody(allow(all, ""))}, []string{everybody(allow(get, ""))}, []string{
			"- no longer lets anyone do anything (es:*) to the whole domain", "- still lets anyone send GET requests to the whole domain"}},
		{"everybody can, for a denial goes", []string{everybody(allow(all, "")), denyAllBut}, []string{everybody(allow(get, ""))}, []string{
			"+ ! now lets anyone send GET requests to the whole domain", "+ no longer keeps out everybody, if aws:PrincipalArn is not like arn:aws:iam::1:role/a",
			"- no longer lets anyone do anything (es:*) to the whole domain"}},
		{"on another condition", []string{allow(all, where("StringEquals", on, `"o-1"`))}, []string{allow(get, "")}, []string{
			"+ now lets role a of account 111122223333 send GET requests to the whole domain",
			"- no longer lets role a of account 111122223333 do anything (es:*) to the whole domain, if aws:PrincipalOrgID is o-1"}},
		{"a question mark", []string{allow(`"es:ESHttp???"`, "")}, []string{allow(`"es:ESHttp*"`, "")}, []string{
			"+ now lets role a of account 111122223333 send any requests to the whole domain"}},
		{"all but", []string{allow(all, "")}, []string{strings.Replace(allow(get, ""), `"Action"`, `"NotAction"`, 1)}, []string{
			"+ now lets role a of account 111122223333 do anything but es:ESHttpGet to the whole domain", "- no longer lets role a of account 111122223333 do anything (es:*) to the whole domain"}},
		{"a denial of all but these is none of these", []string{strings.Replace(allow(get, ""), `"Action"`, `"NotAction"`, 1)}, []string{allow(get, "")}, []string{
			"+ now lets role a of account 111122223333 send GET requests to the whole domain", "- no longer lets role a of account 111122223333 do anything but es:ESHttpGet to the whole domain"}},
	} {
		if diff := cmp.Diff(test.want, sentences(Compare(parse(t, test.before...), parse(t, test.after...)))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.name, diff)
		}
	}
}

// Which conditions hold wherever others do.
func TestImply(t *testing.T) {
	c := func(test, key string, values ...string) condition { return condition{test, key, values} }
	for _, test := range []struct {
		name         string
		these, those []condition
		want         bool
	}{
		{"none of any", []condition{c("StringEquals", on, "a")}, nil, true},
		{"any of none", nil, []condition{c("StringEquals", on, "a")}, false},
		{"fewer values", []condition{c("StringEquals", on, "a")}, []condition{c("StringEquals", on, "a", "b")}, true},
		{"more values", []condition{c("StringEquals", on, "a", "b")}, []condition{c("StringEquals", on, "a")}, false},
		{"of another key", []condition{c("StringEquals", "k", "a")}, []condition{c("StringEquals", on, "a")}, false},
		{"fewer that are not", []condition{c("StringNotEquals", on, "a")}, []condition{c("StringNotEquals", on, "a", "b")}, false},
		{"more that are not", []condition{c("StringNotEquals", on, "a", "b")}, []condition{c("StringNotEquals", on, "a")}, true},
		{"if there is one", []condition{c("StringEquals", on, "a")}, []condition{c("StringEqualsIfExists", on, "a")}, true},
		{"only if there is one", []condition{c("StringEqualsIfExists", on, "a")}, []condition{c("StringEquals", on, "a")}, false},
		{"like it", []condition{c("StringEquals", on, "o-1")}, []condition{c("StringLike", on, "o-*")}, true},
		{"one of those like it", []condition{c("ForAnyValue:StringEquals", on, "o-1")}, []condition{c("ForAnyValue:StringLike", on, "o-*")}, true},
		{"as it is, not like it", []condition{c("StringLike", on, "o-1*")}, []condition{c("StringEquals", on, "o-1*")}, false},
		{"like just it", []condition{c("StringLike", on, "o-1")}, []condition{c("StringEquals", on, "o-1")}, true},
		{"not like just it", []condition{c("StringNotLike", on, "o-1")}, []condition{c("StringNotEquals", on, "o-1")}, true},
		{"an ARN as it is", []condition{c("ArnLike", "aws:SourceArn", "arn:a*")}, []condition{c("ArnEquals", "aws:SourceArn", "arn:a*")}, true},
		{"an ARN that is not", []condition{c("ArnNotLike", "aws:SourceArn", "arn:a*")}, []condition{c("ArnNotEquals", "aws:SourceArn", "arn:a*")}, true},
		{"a star that is none", []condition{c("StringEquals", on, "o-1")}, []condition{c("StringEquals", on, "o-*")}, false},
		{"a narrower pattern", []condition{c("ArnLike", "aws:SourceArn", "arn:a:b*")}, []condition{c("ArnLike", "aws:SourceArn", "arn:a:*")}, true},
		{"an address within", []condition{c("IpAddress", "aws:SourceIp", "10.1.0.0/16", "10.2.0.1")}, []condition{c("IpAddress", "aws:SourceIp", "10.0.0.0/8")}, true},
		{"a wider block", []condition{c("IpAddress", "aws:SourceIp", "10.0.0.0/7")}, []condition{c("IpAddress", "aws:SourceIp", "10.0.0.0/8")}, false},
		{"no address", []condition{c("IpAddress", "aws:SourceIp", "x")}, []condition{c("IpAddress", "aws:SourceIp", "10.0.0.0/8")}, false},
		{"IPv6", []condition{c("IpAddress", "aws:SourceIp", "2001:db8:1::/48")}, []condition{c("IpAddress", "aws:SourceIp", "2001:db8::/32")}, true},
		{"a narrower block that is not", []condition{c("NotIpAddress", "aws:SourceIp", "10.0.0.0/8")}, []condition{c("NotIpAddress", "aws:SourceIp", "10.1.0.0/16")}, true},
		{"one and another", []condition{c("StringEquals", on, "a"), c("Bool", "b", "true")}, []condition{c("Bool", "b", "true")}, true},
	} {
		if got := imply(test.these, test.those); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// A service that acts for whatever account lets in whoever can make it act.
func TestForAnyAccount(t *testing.T) {
	for rest, want := range map[string]bool{
		`"Service":"firehose.amazonaws.com"},"Action":"es:*"`: true, `"Service":"firehose.amazonaws.com","AWS":"111122223333"},"Action":"es:*"`: false,
		`"Service":"firehose.amazonaws.com"},"Action":"es:*","Condition":{"StringEquals":{"aws:SourceAccount":"1"}}`:         false,
		`"Service":"firehose.amazonaws.com"},"Action":"es:*","Condition":{"StringEqualsIfExists":{"aws:SourceAccount":"1"}}`: true,
		`"Service":"firehose.amazonaws.com"},"Action":"es:*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}`:     true,
		`"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"`:                                                           false,
	} {
		if got := Compare(nil, parse(t, `{"Effect":"Allow","Principal":{`+rest+`,"Resource":"*"}`))[0].ForAnyAccount(); got != want {
			t.Errorf("%s: %v", rest, got)
		}
	}
}

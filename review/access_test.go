package review

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const domainARNOfTest = "arn:aws:es:eu-central-1:111122223333:domain/metrics"

// allow, and what is put in its place.
func statementWith(changes ...string) string {
	s := `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"es:ESHttpGet","Resource":"DOMAIN/*"}`
	for i := 0; i < len(changes); i += 2 {
		s = strings.Replace(s, changes[i], changes[i+1], 1)
	}
	return strings.ReplaceAll(s, "DOMAIN", domainARNOfTest)
}

// accessLines are what a review says of a change of a domain's policy.
func accessLines(t *testing.T, domain object, before, after string) []string {
	t.Helper()
	plan := planOf(
		change("aws_elasticsearch_domain.d", []any{"no-op"}, domain, domain),
		change("aws_elasticsearch_domain_policy.p", updating, object{"domain_name": "metrics", "access_policies": before}, object{"domain_name": "metrics", "access_policies": after}))
	r := read(t, plan)
	return rowsOf(r, "Who gets in", true)
}

// The finding of whoever gets in says on what conditions, where these say more than whom the statement names.
func TestWhoGetsInFinding(t *testing.T) {
	a := `{"AWS":"arn:aws:iam::111122223333:role/a"}`
	when := func(condition string) []string {
		return []string{`"Action"`, `"Condition":{` + condition + `},"Action"`}
	}
	const org, account = `"StringEquals":{"aws:PrincipalOrgID":"o-1"}`, `"StringEquals":{"aws:SourceAccount":"111122223333"}`
	service := []string{a, `{"Service":"firehose.amazonaws.com"}`}
	const p = "aws_elasticsearch_domain_policy.p "
	for _, test := range []struct{ before, after, want string }{
		{policyOf(statementWith()), policyOf(statementWith(), statementWith(append(when(org), a, `"*"`)...)),
			p + "now lets anyone on the internet send GET requests to the whole domain, if aws:PrincipalOrgID is o-1"},
		{policyOf(statementWith(when(org)...)), policyOf(statementWith()),
			p + "lets role a of account 111122223333 send GET requests to the whole domain, without a condition (before: if aws:PrincipalOrgID is o-1)"},
		{policyOf(statementWith()), policyOf(statementWith(), statementWith(service...)), p + "lets the service firehose.amazonaws.com, for whatever account it acts, do more"},
		{policyOf(statementWith()), policyOf(statementWith(), statementWith(append(when(account), service...)...)), p + "lets the service firehose.amazonaws.com do more"},
		{policyOf(statementWith(append(when(account), service...)...)), policyOf(statementWith(service...)),
			p + "lets the service firehose.amazonaws.com, for whatever account it acts, do more"},
		{policyOf(statementWith("Get", "*")), policyOf(statementWith()), "1 changed"},
	} {
		r := read(t, planOf(change("aws_elasticsearch_domain_policy.p", updating,
			object{"domain_name": "metrics", "access_policies": test.before}, object{"domain_name": "metrics", "access_policies": test.after}),
			change("aws_elasticsearch_domain.d", []any{"no-op"}, object{"domain_name": "metrics"}, object{"domain_name": "metrics"})))
		if got := r.Headline().Plain(); !strings.HasPrefix(got, test.want) {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestWhoGetsIn(t *testing.T) {
	public := object{"domain_name": "metrics"}
	deny := `{"Effect":"Deny","Principal":"*","Action":"es:*","Resource":"DOMAIN/*","Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}}`
	unnamed := strings.ReplaceAll(`{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"es:ESHttp*","Resource":"DOMAIN/*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/a"]},"Null":{"aws:PrincipalArn":"false"}}}`, "DOMAIN", domainARNOfTest)
	everybody := `"*"`
	a := `{"AWS":"arn:aws:iam::111122223333:role/a"}`
	for _, test := range []struct {
		name          string
		before, after string
		want          []string
	}{
		{"written differently", policyOf(statementWith()), `{"Statement":` + statementWith(`"es:ESHttpGet"`, `["es:ESHttpGet"]`, `"arn:aws:iam::111122223333:role/a"`, `["arn:aws:iam::111122223333:role/a"]`) + `}`,
			[]string{"the same statements, written differently"}},
		{"in another order", policyOf(statementWith(), statementWith("Get", "Put")), policyOf(statementWith("Get", "Put"), statementWith()), []string{"the same statements, written differently"}},
		{"an account by number", policyOf(statementWith("arn:aws:iam::111122223333:role/a", "111122223333")), policyOf(statementWith("role/a", "root")), []string{"the same statements, written differently"}},
		{"one more", policyOf(statementWith()), policyOf(statementWith(a, `{"AWS":["arn:aws:iam::111122223333:role/a","arn:aws:iam::111122223333:user/b"]}`)),
			[]string{"opens: now lets user b of account 111122223333 send GET requests to the whole domain"}},
		{"one fewer", policyOf(statementWith(a, `{"AWS":["arn:aws:iam::111122223333:role/a","arn:aws:iam::111122223333:user/b"]}`)), policyOf(statementWith()),
			[]string{"closes: no longer lets user b of account 111122223333 send GET requests to the whole domain"}},
		{"more methods", policyOf(statementWith()), policyOf(statementWith(`"es:ESHttpGet"`, `["es:ESHttpGet","es:ESHttpDelete"]`)), []string{"opens: now lets role a of account 111122223333 send DELETE requests to the whole domain"}},
		{"a path", policyOf(statementWith("DOMAIN/*", "DOMAIN/a")), policyOf(statementWith(`"DOMAIN/*"`, `["DOMAIN/a","DOMAIN/b/*"]`)), []string{"opens: now lets role a of account 111122223333 send GET requests to /b/*"}},
		{"everybody", policyOf(statementWith()), policyOf(statementWith(a, everybody, "es:ESHttpGet", "es:*")),
			[]string{"open to everybody: now lets anyone on the internet do anything (es:*) to the whole domain", "closes: no longer lets role a of account 111122223333 send GET requests to the whole domain"}},
		{"everybody beside others", policyOf(statementWith()), policyOf(statementWith(a, `{"AWS":["arn:aws:iam::111122223333:role/a","*"]}`)),
			[]string{"open to everybody: now lets anyone on the internet send GET requests to the whole domain"}},
		{"everybody but", policyOf(), policyOf(statementWith(`"Principal"`, `"NotPrincipal"`)),
			[]string{"open to everybody: now lets everybody but role a of account 111122223333 send GET requests to the whole domain"}},
		{"everybody from an address", policyOf(), policyOf(statementWith(a, everybody, `"Action"`, `"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}},"Action"`)),
			[]string{"opens: now lets anyone on the internet send GET requests to the whole domain, if aws:SourceIp is in 198.51.100.0/24"}},
		{"everybody from everywhere", policyOf(), policyOf(statementWith(a, everybody, `"Action"`, `"Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24","0.0.0.0/0"]}},"Action"`)),
			[]string{"open to everybody: now lets anyone on the internet send GET requests to the whole domain, if aws:SourceIp is in 0.0.0.0/0 or 198.51.100.0/24"}},
		{"everybody over TLS", policyOf(), policyOf(statementWith(a, everybody, `"Action"`, `"Condition":{"Bool":{"aws:SecureTransport":true}},"Action"`)),
			[]string{"open to everybody: now lets anyone on the internet send GET requests to the whole domain, if aws:SecureTransport is true"}},
		{"everybody of an organization", policyOf(), policyOf(statementWith(a, everybody, `"Action"`, `"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}},"Action"`)),
			[]string{"opens: now lets anyone on the internet send GET requests to the whole domain, if aws:PrincipalOrgID is o-1"}},
		{"everybody if the key is there", policyOf(), policyOf(statementWith(a, everybody, `"Action"`, `"Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}},"Action"`)),
			[]string{"open to everybody: now lets anyone on the internet send GET requests to the whole domain, if aws:PrincipalOrgID is o-1 or is missing"}},
		{"everybody, held back by a denial", policyOf(strings.ReplaceAll(deny, "DOMAIN", domainARNOfTest)), policyOf(strings.ReplaceAll(deny, "DOMAIN", domainARNOfTest), statementWith(a, everybody)),
			[]string{"opens: now lets anyone on the internet send GET requests to the whole domain"}},
		{"everybody, not held back for who has no ARN", policyOf(unnamed), policyOf(unnamed, statementWith(a, everybody)),
			[]string{"open to everybody: now lets anyone on the internet send GET requests to the whole domain"}},
		{"the denial goes that held everybody back", policyOf(strings.ReplaceAll(deny, "DOMAIN", domainARNOfTest), statementWith(a, everybody)), policyOf(statementWith(a, everybody)),
			[]string{"open to everybody: no longer keeps out everybody, if aws:SourceIp is not in 10.0.0.0/8"}},
		{"a condition goes", policyOf(statementWith(a, everybody, `"Action"`, `"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}},"Action"`)), policyOf(statementWith(a, everybody)),
			[]string{"open to everybody: lets anyone on the internet send GET requests to the whole domain, without a condition (before: if aws:SourceIp is in 198.51.100.0/24)"}},
		{"an address more", policyOf(statementWith(`"Action"`, `"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}},"Action"`)), policyOf(statementWith(`"Action"`, `"Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]}},"Action"`)),
			[]string{"opens: lets role a of account 111122223333 send GET requests to the whole domain, if aws:SourceIp is in now also 203.0.113.0/24 (1 stay)"}},
		{"fewer methods", policyOf(statementWith("Get", "*")), policyOf(statementWith()),
			[]string{"closes: no longer lets role a of account 111122223333 send any requests to the whole domain", "stays: still lets role a of account 111122223333 send GET requests to the whole domain"}},
		{"a denial goes", policyOf(statementWith(), statementWith("Allow", "Deny", "Get", "Delete")), policyOf(statementWith()),
			[]string{"opens: no longer forbids role a of account 111122223333 to send DELETE requests to the whole domain"}},
		{"a denial goes that another covers", policyOf(unnamed, statementWith("Allow", "Deny", "role/a", "role/b")), policyOf(unnamed),
			[]string{"closes: no longer forbids role b of account 111122223333 to send GET requests to the whole domain; another statement still forbids it everything"}},
		{"a denial of all but", policyOf(statementWith("Allow", "Deny", `"Resource"`, `"NotResource"`, `"DOMAIN/*"`, `["DOMAIN/a"]`)), policyOf(statementWith("Allow", "Deny", `"Resource"`, `"NotResource"`, `"DOMAIN/*"`, `["DOMAIN/a","DOMAIN/b"]`)),
			[]string{"opens: no longer forbids role a of account 111122223333 to send GET requests to /b"}},
		{"all but an action", policyOf(), policyOf(statementWith(`"Action":"es:ESHttpGet"`, `"NotAction":"es:ESHttpDelete"`)),
			[]string{"opens: now lets role a of account 111122223333 do anything but es:ESHttpDelete to the whole domain"}},
		{"no policy", policyOf(), "not a policy", []string{`is no policy that can be read: {"Version":"2012-10-17","Statement":[]} → not a policy`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, accessLines(t, public, test.before, test.after)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What stands before the domain makes "*" less than the internet.
func TestEverybodyBehindAWall(t *testing.T) {
	for _, test := range []struct {
		domain object
		want   string
	}{
		{object{"domain_name": "metrics", "vpc_options": []any{object{"vpc_id": "vpc-1"}}}, "opens: now lets whoever reaches it in its VPC send GET requests to the whole domain"},
		{object{"domain_name": "metrics", "advanced_security_options": []any{object{"enabled": true}}}, "opens: now lets who signs in with the domain's own users and passwords send GET requests to the whole domain"},
		{object{"domain_name": "other"}, "open to everybody: now lets anyone who reaches the domain send GET requests to the whole domain"},
	} {
		if got := accessLines(t, test.domain, policyOf(), policyOf(statementWith(`{"AWS":"arn:aws:iam::111122223333:role/a"}`, `"*"`))); len(got) != 1 || got[0] != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// A domain that gets another name has the same paths.
func TestPolicyOfARenamedDomain(t *testing.T) {
	renamed := strings.ReplaceAll(statementWith(), "domain/metrics", "domain/renamed")
	plan := planOf(
		change("aws_elasticsearch_domain.d", recreating, object{"domain_name": "metrics"}, object{"domain_name": "renamed"}),
		change("aws_elasticsearch_domain_policy.p", updating, object{"domain_name": "metrics", "access_policies": policyOf(statementWith())}, object{"domain_name": "renamed", "access_policies": policyOf(renamed)}))
	if got, want := written(encode(t, plan)), "  - the same statements, written differently\n"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

// A domain that leaves its VPC, or loses its users and passwords, leaves its policy as it was: open, if that left it to them.
func TestWallFalls(t *testing.T) {
	inVPC, public := object{"domain_name": "metrics", "vpc_options": []any{object{"subnet_ids": []any{"s"}}}}, object{"domain_name": "metrics"}
	for _, test := range []struct {
		name, principal string
		before, after   object
		more            []string // further statements afterwards
		want            Severity
	}{
		{"everybody", `"*"`, inVPC, public, nil, Opened},
		{"everybody, and somebody more", `"*"`, inVPC, public, []string{statementWith()}, Opened},
		{"everybody in the VPC", `"*"`, inVPC, inVPC, nil, Drifted + 1},
		{"a role", `{"AWS":"arn:aws:iam::111122223333:role/b"}`, inVPC, public, nil, Drifted + 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			statements := []string{statementWith(`{"AWS":"arn:aws:iam::111122223333:role/a"}`, test.principal)}
			p := object{"domain_name": "metrics", "access_policies": policyOf(statements...)}
			q := object{"domain_name": "metrics", "access_policies": policyOf(append(statements, test.more...)...)}
			r := read(t, planOf(change("aws_elasticsearch_domain.d", recreating, test.before, test.after), change("aws_elasticsearch_domain_policy.p", recreating, p, q)))
			got := Drifted + 1
			for _, finding := range r.Findings {
				if finding.Address == "aws_elasticsearch_domain_policy.p" && finding.Severity < Destroyed {
					got = min(got, finding.Severity)
				}
			}
			if got != test.want {
				t.Errorf("severity %d, want %d: %v", got, test.want, r.Findings)
			}
		})
	}
}

// What is imported as it is says nothing new of who gets in.
func TestImportedPolicy(t *testing.T) {
	p := object{"domain_name": "metrics", "access_policies": policyOf(statementWith())}
	plan := planOf(within(change("aws_elasticsearch_domain_policy.p", []any{"no-op"}, p, p), "type", "aws_elasticsearch_domain_policy"))
	within(plan["resource_changes"].([]any)[0].(object)["change"].(object), "importing", object{"id": "metrics"})
	if got := written(encode(t, plan)); strings.Contains(got, "Who gets in") || !strings.Contains(got, "1 imported") {
		t.Errorf("an imported policy is said to change who gets in:\n%s", got)
	}
}

// A plan that closes what was opened by hand must not be refused for it.
func TestOpenedByHand(t *testing.T) {
	const address = "aws_elasticsearch_domain_policy.p"
	closed := object{"domain_name": "metrics", "access_policies": policyOf(statementWith())}
	open := object{"domain_name": "metrics", "access_policies": policyOf(statementWith(`{"AWS":"arn:aws:iam::111122223333:role/a"}`, `"*"`))}
	plan := planOf(change(address, updating, open, closed))
	plan["resource_drift"] = []any{change(address, updating, closed, open)}
	r := read(t, plan)
	if refusals := strict(t, "open").Refuses(r); refusals != nil || r.worst() != Opened {
		t.Errorf("refuses %v; found %v", refusals, r.Findings)
	}
}

// A role that was deleted gets nobody in, and AWS refuses a policy that names it.
func TestDeletedPrincipal(t *testing.T) {
	const address = "aws_elasticsearch_domain_policy.p"
	named := func(principal string) object {
		return object{"domain_name": "metrics", "access_policies": policyOf(statementWith(`{"AWS":"arn:aws:iam::111122223333:role/a"}`, principal))}
	}
	deleted, there := `{"AWS":"AROAQXAMPLE4711PROBE9"}`, `{"AWS":"arn:aws:iam::111122223333:role/a"}`
	r := read(t, planOf(change(address, updating, named(there), named(deleted))))
	want := "AWS refuses the policy of " + address + ", for it names a role that was deleted (AROAQXAMPLE4711PROBE9)"
	if len(r.Findings) != 1 || r.Findings[0].Text.Plain() != want || r.Findings[0].Severity != Halfway || len(refusedFor(t, r)) > 0 {
		t.Errorf("found %v, want %q", r.Findings, want)
	}
	if r := read(t, planOf(change(address, updating, named(deleted), named(there)))); len(strict(t, "open").Refuses(r)) != 1 {
		t.Errorf("in its place: found %v", r.Findings)
	}
	if r := read(t, planOf(change(address, updating, named(deleted), object{"domain_name": "metrics", "access_policies": policyOf()}))); len(r.Findings) > 0 {
		t.Errorf("taken out: found %v", r.Findings)
	}
}

// Whom other values of a condition let in was not in before; nor whom a policy lets in that comes in the place of a domain's own.
func TestSomebodyElse(t *testing.T) {
	trust := func(effect, sub string) object {
		return object{"name": "r", "assume_role_policy": policyOf(`{"Effect":"` + effect + `","Principal":{"Federated":"arn:aws:iam::1:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity",` +
			`"Condition":{"StringEquals":{"gitlab.com:sub":"` + sub + `"}}}`)}
	}
	with := func(policy any) object { return object{"domain_name": "metrics", "access_policies": policy} }
	domain := change("aws_elasticsearch_domain.d", []any{"no-op"}, with(policyOf(statementWith())), with(policyOf(statementWith())))
	for _, test := range []struct {
		name string
		plan object
		want string // the first finding; "" for none that is refused
	}{
		{"another repository", planOf(change("aws_iam_role.r", updating, trust("Allow", "project_path:a/b"), trust("Allow", "project_path:a/c"))), "aws_iam_role.r may let in somebody new: lets"},
		{"another that is denied", planOf(change("aws_iam_role.r", updating, trust("Deny", "project_path:a/b"), trust("Deny", "project_path:a/c"))), "aws_iam_role.r forbids"},
		{"the same", planOf(domain, change("aws_elasticsearch_domain_policy.p", creating, nil, with(policyOf(statementWith())))), ""},
		{"one more", planOf(domain, change("aws_elasticsearch_domain_policy.p", creating, nil, with(policyOf(statementWith(), statementWith("role/a", "role/b"))))),
			"aws_elasticsearch_domain_policy.p lets role b of account 111122223333 do more"},
		{"of a domain that has none", planOf(change("aws_elasticsearch_domain.d", []any{"no-op"}, with(nil), with(nil)), change("aws_elasticsearch_domain_policy.p", creating, nil, with(policyOf(statementWith())))), ""},
	} {
		r := read(t, test.plan)
		refusals := strict(t, "open").Refuses(r)
		switch {
		case test.want == "" && refusals != nil, test.want != "" && (refusals == nil || !strings.HasPrefix(r.Findings[0].Text.Plain(), test.want)):
			t.Errorf("%s: found %v, refused %v; want %q", test.name, r.Findings, refusals, test.want)
		}
	}
}

package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

const read = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"es:ESHttpGet","Resource":"arn:aws:es:eu-central-1:1:domain/metrics/*"}`

// sentences are what a review says of a change, with "!" before what lets everybody in.
func sentences(changes []Change) []string {
	var all []string
	for _, c := range changes {
		start := map[Direction]string{Opens: "+ ", Closes: "- ", Unclear: "~ "}[c.Direction]
		if c.Open {
			start += "! "
		}
		all = append(all, start+c.Sentence("anyone").Plain())
	}
	return all
}

func TestCompare(t *testing.T) {
	public := strings.Replace(read, `{"AWS":"arn:aws:iam::111122223333:role/a"}`, `"*"`, 1)
	for _, test := range []struct {
		name          string
		before, after []string
		want          []string
	}{
		{"the same", []string{read}, []string{read}, nil},
		{"twice the same", []string{read, read}, []string{read}, nil},
		{"what opens comes first", []string{read}, []string{strings.Replace(read, "role/a", "role/b", 1)}, []string{
			"+ now lets role b of account 111122223333 send GET requests to the whole domain",
			"- no longer lets role a of account 111122223333 send GET requests to the whole domain"}},
		{"what lets everybody in before it", []string{}, []string{read, public}, []string{
			"+ ! now lets anyone send GET requests to the whole domain",
			"+ now lets role a of account 111122223333 send GET requests to the whole domain"}},
		{"the same principals in one", nil, []string{read, strings.Replace(read, "ESHttpGet", "ESHttpPut", 1)}, []string{
			"+ now lets role a of account 111122223333 send GET requests to the whole domain; send PUT requests to the whole domain"}},
		{"another condition", []string{strings.Replace(read, `}`, `},"Condition":{"Bool":{"a":"true"}}`, 1)}, []string{strings.Replace(read, `}`, `},"Condition":{"Bool":{"b":"true"}}`, 1)}, []string{
			"~ lets role a of account 111122223333 send GET requests to the whole domain, if b is true (before: if a is true)"}},
		{"no longer for nobody", []string{denyAllBut, public}, []string{public}, []string{
			"+ ! no longer keeps out everybody, if aws:PrincipalArn is not like arn:aws:iam::1:role/a"}},
	} {
		if diff := cmp.Diff(test.want, sentences(Compare(parse(t, test.before...), parse(t, test.after...)))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.name, diff)
		}
	}
}

// What is open before and after is new to whoever stands behind a wall that falls; what comes is said by Compare.
func TestStayOpen(t *testing.T) {
	public := strings.Replace(read, `{"AWS":"arn:aws:iam::111122223333:role/a"}`, `"*"`, 1)
	put := strings.Replace(public, "ESHttpGet", "ESHttpPut", 1)
	got := sentences(StayOpen(parse(t, read, public), parse(t, public, put)))
	if diff := cmp.Diff([]string{"+ ! now lets anyone send GET requests to the whole domain"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := sentences(StayOpen(parse(t, public), parse(t, public, denyAllBut))); got != nil {
		t.Errorf("behind a denial: %v", got)
	}
}

func TestNoPolicy(t *testing.T) {
	for _, text := range []string{"x", "[]", `{"Statement":7}`, `{"Statement":{"Effect":"Maybe"}}`, `{"Statement":{"Effect":"Allow","Action":{}}}`,
		`{"Statement":{"Effect":"Allow","Principal":7}}`, strings.Repeat(" ", longest) + "{}"} {
		if policy, err := Parse(text, nil); err == nil {
			t.Errorf("%.40q is %v", text, policy)
		}
	}
	for _, text := range []string{"", " \n", "{}", `{"Version":"2012-10-17"}`} {
		if policy, err := Parse(text, nil); err != nil || len(policy) != 0 {
			t.Errorf("%q: %v, %v", text, policy, err)
		}
	}
}

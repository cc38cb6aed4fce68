package main

import (
	"reflect"
	"testing"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/spec"
)

// Whoever signs in by Cognito has a role inside the domain, which is mapped beside those of the file.
func TestWantedPrincipals(t *testing.T) {
	const reader = "arn:aws:iam::111122223333:role/reader"
	for _, test := range []struct {
		name, users, arn string
		want             domain.Principals
	}{
		{"nobody signs in", "", "arn:aws:es:eu-central-1:123456789012:domain/x", domain.Principals{Readers: []string{reader}}},
		{"readers", "readers", "arn:aws:es:eu-central-1:123456789012:domain/x",
			domain.Principals{Readers: []string{reader, "arn:aws:iam::123456789012:role/x-eu-central-1-kibana"}}},
		{"administrators in China", "administrators", "arn:aws-cn:es:cn-north-1:123456789012:domain/x",
			domain.Principals{Readers: []string{reader}, Administrators: []string{"arn:aws-cn:iam::123456789012:role/x-eu-central-1-kibana"}}},
		{"the account is not known", "readers", "", domain.Principals{Readers: []string{reader, "x-eu-central-1-kibana"}}},
	} {
		environment := spec.Environment{Region: "eu-central-1", Domain: spec.Domain{DomainName: "x"},
			Access: spec.Access{Readers: []string{reader}}}
		if test.users != "" {
			environment.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolDomain: "x", SignedInUsers: test.users}}
		}
		if got := wantedOf(environment, test.arn).Principals; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

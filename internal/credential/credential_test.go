package credential

import (
	"slices"
	"strings"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

func TestHolds(t *testing.T) {
	for _, test := range []struct {
		text string
		want bool
	}{
		{"AKIAIOSFODNN7EXAMPLE", true},
		{"key=ASIAIOSFODNN7EXAMPLE;", true},
		{"postgres://terraform:secret@example.com/state", true},
		{"postgres://:secret@example.com", true},
		{"https://secret:@example.com", true},
		{"HTTPS://terraform:secret@example.com", true},
		{"s3://terraform:secret@example.com", true},
		{"host=example.com password=secret", true},
		{"host=example.com PASSWORD = 'secret'", true},
		{"host=example.com sslpassword=secret", true},
		{"postgres://example.com/state?user=terraform&password=secret", true},
		{"https://gitlab.example.com/state/prod?private_token=secret", true},
		{"-----BEGIN PRIVATE KEY-----", true},
		{"-----BEGIN OPENSSH PRIVATE KEY-----", true},

		{"", false},
		{"AKIA", false},
		{"XAKIAIOSFODNN7EXAMPLES", false},
		{"arn:aws:iam::111122223333:role/password-rotation", false},
		{"https://example.com:8443/a:b@c", false},
		{"https://terraform@example.com", false},
		{"team:ml@example.com", false},
		{"passwordless", false},
		{"-----BEGIN CERTIFICATE-----", false},
	} {
		if got := Holds(test.text); got != test.want {
			t.Errorf("want %v for %q, got %v", test.want, test.text, got)
		}
	}
}

func TestMayHold(t *testing.T) {
	for _, test := range []struct {
		text string
		want bool
	}{
		{"https://user:secret@example.com/hook", true},
		{"see ://user:secret@", true},
		{"https://user:with?mark@example.com", true},
		{`{"a":[{"apiKey":"x"}]}`, true},
		{` ["https://user:secret@example.com"]`, true},

		{"", false},
		{"https://user@example.com", false},
		{"https://example.com:8443/a@b", false},
		{`{"a":[{"key":"x"}]}`, false},
		{`{"password":`, false},
		{"the password", false},
	} {
		if got := MayHold(test.text); got != test.want {
			t.Errorf("want %v for %q, got %v", test.want, test.text, got)
		}
	}
}

// Every ending, in the spellings of Terraform, of environment variables and of JSON; and what only has one inside.
func TestIsName(t *testing.T) {
	for _, name := range []string{"master_user_password", "rootPasswd", "PASSPHRASE", "client-secret", "secret_string", "secretBinary",
		"SECRET_KEY", "access_key", "privateKey", "x-api-key", "auth_token2", "credential", "aws.credentials"} {
		if !IsName(name) {
			t.Errorf("want a credential's name: %q", name)
		}
	}
	for _, name := range []string{"", "password_length", "secret_arn", "kms_key_id", "tokens", "key"} {
		if IsName(name) {
			t.Errorf("want no credential's name: %q", name)
		}
	}
	for i, ending := range names {
		if unreached := slices.ContainsFunc(names[:i], func(other string) bool { return strings.HasSuffix(ending, other) }); unreached {
			t.Errorf("%q says nothing beside a shorter one", ending)
		}
	}
}

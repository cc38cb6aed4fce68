package credential

import (
	"encoding/base64"
	"maps"
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
		{"key_AKIAIOSFODNN7EXAMPLE_2", true},
		{"-----BEGIN PGP PRIVATE KEY BLOCK-----", true},
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

// What is left of a text, and by which row. Each row of the three lists is the one for a text here.
func TestRedact(t *testing.T) {
	const token = "abcdefgh12345678ABCD"
	shown := map[string]string{
		"id AKIAIOSFODNN7EXAMPLE.":           "id ***.",
		"id ASIAIOSFODNN7EXAMPLE.":           "id ***.",
		"at pg://u:hunter2@db/x":             "at pg://***@db/x",
		"at https://h/?u=a:hunter2@b":        "at https://h/?u=a:hunter2@b", // a path and a query hold none
		"see ://u:hunter/2@db/x":             "see ://u:hunter/2@db/x",
		"see ://u:hunter?2@db/x":             "see ://***@db/x",
		"host=db password='hunter 2' user=x": "host=db password=*** user=x",
		"GET /?a=1&sig=hunter2&b=2":          "GET /?a=1&sig=***&b=2",
		"-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- .":  "*** .",
		"-----BEGIN PRIVATE KEY-----\nMII":                                       "***",
		`{"authorization":"AWS4 hunter2"}`:                                       `{"authorization":"***"}`,
		"Set-Cookie: sid=hunter2":                                                "Set-Cookie: ***",
		"X-Amz-Security-Token: hunter2":                                          "X-Amz-Security-Token: ***",
		"a?X-Amz-Credential=hunter2&x":                                           "a?X-Amz-Credential=***&x",
		"sent Basic " + token + " to":                                            "sent Basic *** to",
		"sent Bearer " + token + " to":                                           "sent Bearer *** to",
		"sent Basic dXNlcjpwYXM= to":                                             "sent Basic *** to",
		"sent Basic hunter22 to":                                                 "sent Basic *** to",
		"sent Bearer hunter22 to":                                                "sent Bearer *** to",
		"at https://hunter2:@h":                                                  "at https://***@h",
		"at https://ml@h/x":                                                      "at https://***@h/x",
		"a basic sign-in at http://h":                                            "a basic sign-in at http://h",
		"run --db-password hunter2 -v":                                           "run --db-password *** -v",
		"run --passwd 'hunter 2' -v":                                             "run --passwd *** -v",
		"run --passphrase hunter2":                                               "run --passphrase ***",
		"PGPASSWORD=hunter2 psql":                                                "PGPASSWORD=*** psql",
		"Server=h;Pwd=hunter2;x":                                                 "Server=h;Pwd=***;x",
		`client_secret: "hunter 2", x`:                                           `client_secret: ***, x`,
		"api_token => hunter2,":                                                  "api_token => ***,",
		"credentials: hunter2":                                                   "credentials: ***",
		"AccountKey=hunter2;x":                                                   "AccountKey=***;x",
		`{"SecretAccessKey":"hunter 2"}`:                                         `{"SecretAccessKey":***}`,
		`"{\"api_key\":\"hunter2\"}"`:                                            `"{\"api_key\":***}"`,
		"sent ApiKey " + token + " to":                                           "sent ApiKey *** to",
		`{"auths":{"h":{"auth":"aHVudGVyMjpodW50ZXIy"}}}`:                        `{"auths":{"h":{"auth":"***"}}}`,
		"curl -u elastic:hunter2 h":                                              "curl -u *** h",
		"root:hunter2@tcp(h:3306)/x":                                             "***@tcp(h:3306)/x",
		"at https://" + token + "@h/x":                                           "at https://***@h/x",
		"at https://hooks.slack.com/services/T1/B2/hunter2 now":                  "at https://hooks.slack.com/services/*** now",
		"at https://discord.com/api/webhooks/1/hunter2":                          "at https://discord.com/api/webhooks/***",
		"at https://x.webhook.office.com/webhookb2/hunter2":                      "at https://x.webhook.office.com/***",
		"at https://events.pagerduty.com/integration/hunter2/enqueue":            "at https://events.pagerduty.com/integration/***",
		"id ghp_" + token + ", x":                                                "id ***, x",
		"id eyJhbGciOiJI.eyJzdWIiOiIx.c2ln, x":                                   "id ***, x",
		"id abcdefgh.atlasv1." + token + ", x":                                   "id ***, x",
		"arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-master": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-master",
		"secretsmanager:GetSecretValue":                                          "secretsmanager:GetSecretValue",
		"token.actions.githubusercontent.com:sub":                                "token.actions.githubusercontent.com:sub",
		"passwords are kept elsewhere":                                           "passwords are kept elsewhere",
	}
	for given, want := range shown {
		if got := Redact(given); got != want {
			t.Errorf("of %q there is left %q, want %q", given, got, want)
		}
	}
	certain := map[string]bool{}
	for given := range shown {
		certain[given] = Holds(given)
	}
	for _, list := range []*[]form{&forms, &likely, &foreign} {
		all := *list
		for i, without := range all {
			*list = slices.Delete(slices.Clone(all), i, i+1)
			missed := slices.ContainsFunc(slices.Collect(maps.Keys(shown)), func(given string) bool {
				return Redact(given) != shown[given] || InText(given) != (shown[given] != given && !notHidden[given]) ||
					Holds(given) != certain[given]
			})
			if !missed {
				t.Errorf("no text needs %v", without.expression)
			}
		}
		*list = all
	}
	for given := range shown {
		if got := InText(given); got != (shown[given] != given && !notHidden[given]) {
			t.Errorf("%q is hidden: %v", given, got)
		}
	}
}

// notHidden is the texts of TestRedact of which something is taken out, for they are a server's words, and that are not hidden whole.
var notHidden = map[string]bool{"sent Basic hunter22 to": true, "sent Bearer hunter22 to": true, "at https://ml@h/x": true}

// What each prefix begins is a token: behind no letter, with digits, and long enough.
func TestTokens(t *testing.T) {
	const rest = "abcdefgh12345678"
	defer func() { starting = byStart(prefixes) }()
	for i, prefix := range prefixes {
		starting = byStart(prefixes)
		for text, want := range map[string]bool{
			prefix + rest: true, "a " + prefix + rest + " b": true, `{"` + prefix + rest + `"}`: true, "x_" + prefix + rest: true,
			"x" + prefix + rest: false, prefix + rest[1:]: false, prefix + "abcdefghijklmnop": false,
		} {
			if got := InText(text); got != want {
				t.Errorf("%q is hidden: %v", text, got)
			}
		}
		if starting = byStart(slices.Delete(slices.Clone(prefixes), i, i+1)); InText(prefix + rest) {
			t.Errorf("no text needs %q", prefix)
		}
	}
}

// What is hidden as base64: a text that would be hidden.
func TestEncoded(t *testing.T) {
	script := []byte("#!/bin/sh\nexport DB_PASSWORD=hunter2\n?>>??>")
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		for i := range 3 {
			text := encoding.EncodeToString(script[:len(script)-i])
			if !InText(text) || !InText("run "+text+" now") || !InText("run "+text+"A") {
				t.Errorf("%s is not hidden", text)
			}
		}
	}
	for _, text := range []string{
		base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nexport NOTHING_TO_SEE=hunter2\n")), base64.StdEncoding.EncodeToString([]byte("password=hunter2")),
		base64.StdEncoding.EncodeToString([]byte("password=hunter2 \xff and so on, and so on")),
	} {
		if InText(text) {
			t.Errorf("%s is hidden", text)
		}
	}
}

// What is in a text that has but one of signs.
func TestSigns(t *testing.T) {
	texts := map[rune]string{'A': "AKIAIOSFODNN7EXXMPLE", ':': "pg://u:hunter2@db/x", '=': "?sig=hunter2"}
	for _, blank := range "\t\r\n\f " {
		texts[blank] = "bearer" + string(blank) + "bcdefgh12345678bcd"
	}
	for _, sign := range signs {
		if !InText(texts[sign]) {
			t.Errorf("%q is not hidden", texts[sign])
		}
		delete(texts, sign)
	}
	if len(texts) > 0 {
		t.Errorf("not among the signs: %q", texts)
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
		"SECRET_KEY", "access_key", "privateKey", "x-api-key", "auth_token2", "credential", "aws.credentials",
		"pass1_2-word", "db_pwd", "storage_account_key", "signing_key", "ConnectionString", "to\u212aen", "schlüssel_secret"} {
		if !IsName(name) {
			t.Errorf("want a credential's name: %q", name)
		}
	}
	for _, name := range []string{"", "password_length", "secret_arn", "kms_key_id", "tokens", "key", "passwordä"} {
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

package review

import (
	"strings"
	"testing"
)

// credentials are texts that hold what looks like a credential, each with the part that nobody may read.
var credentials = map[string]string{
	"AKIAABCDEFGHIJKLMNOP":                             "ABCDEFGHIJKLMNOP",
	"host=db user=x password=hunter2hunter2":           "hunter2hunter2",
	"-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2":      "MIIhunter2",
	"postgres://u:hunter2hunter2@db/x":                 "hunter2hunter2",
	"https://x.blob/?sv=1&sig=hunter2hunter2":          "hunter2hunter2",
	"Authorization: Bearer hunter2hunter2hunter2":      "hunter2hunter2",
	strings.Repeat("x", 300) + " sslpassword=hunter2 ": "sslpassword=hunter2",
}

// Wherever a plan has a text, marked or not, as a value or as a key: what looks like a credential is in no output, and in no error.
func TestCredentialsAreNeverShown(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	for credential, hidden := range credentials {
		for _, name := range []string{"create", "destroy", "alarm-removed", "drift-only", "checks", "people"} {
			plan := load(t, name)
			for _, list := range []string{"resource_changes", "resource_drift", "checks"} {
				entries, _ := plan[list].([]any)
				for _, entry := range entries {
					leaves(nil, entry, nil, func(path []any, value any, set func(any)) {
						if _, isText := value.(string); isText && !structural(path) {
							set(credential)
						}
					})
				}
			}
			plan["output_changes"] = object{credential: object{"actions": updating, "before": credential, "after": object{credential: []any{credential}}}}
			plan["deferred_changes"] = []any{object{"reason": credential, "resource_change": change("aws_thing."+credential, updating, object{}, object{credential: credential})}}
			plan["action_invocations"] = []any{object{"address": credential}}
			checkHidden(t, name, encode(t, plan), hidden)
		}
		statement := `{"Effect":"Allow","Principal":{"AWS":` + string(encode(t, credential)) + `},"Action":` + string(encode(t, credential)) + `,"Resource":` + string(encode(t, credential)) + `}`
		checkHidden(t, "small", encode(t, planOf(
			change("aws_elasticsearch_domain_policy.x", updating, object{"access_policies": policyOf()}, object{"access_policies": policyOf(statement)}),
			change(`aws_thing.x["`+credential+`"]`, updating, object{"tags": object{}}, object{"tags": object{credential: "x"}}),
			change("aws_thing.y", updating, object{"a": credential + " old"}, object{"a": credential + " new"}),
			change("aws_thing.z", updating, object{"l": []any{"a", "b"}}, object{"l": []any{"a", "b", credential}}),
			change("aws_elasticsearch_domain."+credential, recreating, object{"domain_name": credential}, object{"domain_name": "b", "advanced_options": object{credential: "1"}}),
			change("aws_kms_grant."+credential, creating, nil, object{"grantee_principal": credential, "key_id": credential}))), hidden)
		checkHidden(t, "an error", encode(t, planOf(object{"address": credential, "mode": "managed", "type": "a", "change": object{"actions": []any{credential}}})), hidden)
		checkHidden(t, "a version", encode(t, object{"format_version": credential}), hidden)
	}
}

func checkHidden(t *testing.T, name string, plan []byte, hidden string) {
	t.Helper()
	if got := written(plan); strings.Contains(got, hidden) {
		i := strings.Index(got, hidden)
		t.Fatalf("%s shows %q:\n%s", name, hidden, got[max(0, i-200):min(len(got), i+200)])
	}
}

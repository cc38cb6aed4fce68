package review

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const secret = "Correct-Horse-7-Battery"

// TestSensitiveValuesAreNeverShown takes a sample of all places: TestNoSensitiveValueIsEverShown, with the tag integration, takes them all.
func TestSensitiveValuesAreNeverShown(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	hideSecrets(t, 23)
}

// hideSecrets holds that wherever a plan has a sensitive value, in whatever resource, no output has it. It looks at one of so many places.
func hideSecrets(t *testing.T, oneOf int) {
	count := 0
	for _, name := range []string{"create", "replace-fine-grained", "people", "alarm-removed", "drift-only"} {
		for _, list := range []string{"resource_changes", "resource_drift"} {
			changes, _ := load(t, name)[list].([]any)
			for i := range changes {
				if fmt.Sprint(changes[i].(object)["change"].(object)["actions"]) == "[no-op]" {
					continue
				}
				for _, side := range []string{"before", "after"} {
					tree := changes[i].(object)["change"].(object)[side]
					leaves(nil, tree, nil, func(path []any, _ any, _ func(any)) {
						if len(path) == 0 { // there is nothing on this side
							return
						}
						// Marked at the value, at what is around it, at the whole resource; on its own side or on both.
						for _, depth := range slices.Compact([]int{0, len(path) / 2, len(path)}) {
							if count++; count%oneOf != 0 {
								continue
							}
							checkSecret(t, name, list, i, side, path, depth, depth == len(path))
						}
					})
				}
			}
		}
	}
}

// checkSecret puts the secret at a place of a recorded plan, marks it at a depth, and looks for it in all that is written.
func checkSecret(t *testing.T, name, list string, i int, side string, path []any, depth int, both bool) {
	t.Helper()
	plan := cached(t, name)
	change := plan[list].([]any)[i].(object)["change"].(object)
	copied := copyOf(t, change)
	put(copied[side], path, secret)
	copied[side+"_sensitive"] = marks(path[:depth])
	if both {
		copied["before_sensitive"], copied["after_sensitive"] = marks(path[:depth]), marks(path[:depth])
	}
	resource := copyOf(t, plan[list].([]any)[i].(object))
	resource["change"] = copied
	small := planOf()
	small[list] = []any{resource}
	if got := written(encode(t, small)); strings.Contains(got, secret) {
		t.Fatalf("%s: %s[%d].%s%v, marked at %v, is shown:\n%s", name, list, i, side, path, path[:depth], around(got))
	}
}

var plans = map[string]object{}

func cached(t *testing.T, name string) object {
	if plans[name] == nil {
		plans[name] = load(t, name)
	}
	return plans[name]
}

func copyOf(t *testing.T, tree object) object {
	var copied object
	if err := json.Unmarshal(encode(t, tree), &copied); err != nil {
		t.Fatal(err)
	}
	return copied
}

func put(tree any, path []any, value any) {
	for ; len(path) > 1; path = path[1:] {
		switch step := path[0].(type) {
		case string:
			tree = tree.(object)[step]
		case int:
			tree = tree.([]any)[step]
		}
	}
	switch step := path[0].(type) {
	case string:
		tree.(object)[step] = value
	case int:
		tree.([]any)[step] = value
	}
}

func around(text string) string {
	i := strings.Index(text, secret)
	return text[max(0, i-200):min(len(text), i+200)]
}

// Places that no mark covers.
func TestSecretsByName(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	with := func(before, after any) object { return change("aws_thing.x", updating, before, after) }
	url := "https://user:" + secret + "@example.com/hook"
	for _, test := range []struct {
		name string
		plan object
	}{
		{"password", planOf(with(object{"password": "old"}, object{"password": secret}))},
		{"password, before", planOf(with(object{"db_password": secret}, object{"db_password": "new"}))},
		{"secret_string", planOf(with(object{"secret_string": "{}"}, object{"secret_string": secret}))},
		{"camel case in a block", planOf(with(object{"options": []any{}}, object{"options": []any{object{"masterUserPassword": secret}}}))},
		{"a map's key", planOf(with(object{"env": object{}}, object{"env": object{"DB_PASSWORD": secret}}))},
		{"a list below", planOf(with(object{"tokens": nil, "token": []any{}}, object{"token": []any{secret, "x"}}))},
		{"JSON in a string", planOf(with(object{"definition": "{}"}, object{"definition": `{"a":[{"apiKey":"` + secret + `"}]}`}))},
		{"a URL", planOf(with(object{"endpoint": ""}, object{"endpoint": url}))},
		{"a URL in a list", planOf(with(object{"endpoints": []any{"a", "b"}}, object{"endpoints": []any{"a", "b", url}}))},
		{"a subscription", planOf(change("aws_sns_topic_subscription.x", destroying, object{"endpoint": url, "protocol": "https"}, nil))},
		{"an output by name", object{"format_version": "1.2", "resource_changes": []any{}, "output_changes": object{
			"master_user_password": object{"actions": updating, "before": secret, "after": "x"}}}},
		{"an output by mark", object{"format_version": "1.2", "resource_changes": []any{}, "output_changes": object{
			"x": object{"actions": updating, "before": secret, "after": object{"y": secret}, "before_sensitive": true, "after_sensitive": object{"y": true}}}}},
		{"a variable", object{"format_version": "1.2", "resource_changes": []any{}, "variables": object{"x": object{"value": secret}}}},
		{"an action", object{"format_version": "1.2", "resource_changes": []any{}, "action_invocations": []any{
			object{"address": "action.x.y", "config_values": object{"x": secret}, "config_sensitive": object{"x": true}}}}},
		{"a deferred change", object{"format_version": "1.2", "deferred_changes": []any{object{"reason": "unknown",
			"resource_change": with(object{"password": secret}, object{"password": "x"})}}, "resource_changes": []any{}}},
		{"a policy in a sensitive value", planOf(object{"address": "aws_elasticsearch_domain_policy.x", "mode": "managed", "type": "aws_elasticsearch_domain_policy",
			"change": object{"actions": updating, "before": object{"access_policies": "{}"}, "after": object{"access_policies": policyOf(`{"Effect":"Allow","Principal":{"AWS":"` + secret + `"},"Action":"es:*","Resource":"*"}`)},
				"after_sensitive": object{"access_policies": true}}})},
		{"marked in another argument", planOf(object{"address": "terraform_data.x", "mode": "managed", "type": "terraform_data", "change": object{"actions": updating,
			"before": object{"input": object{"x": secret}, "output": object{"x": secret}}, "after": object{"input": object{"x": "other"}}, "after_unknown": object{"output": true},
			"before_sensitive": object{"input": object{"x": true}}}})},
		{"marked in a resource that stays", planOf(
			object{"address": "random_password.x", "mode": "managed", "type": "random_password", "change": object{"actions": []any{"no-op"}, "before": object{"result": secret}, "after": object{"result": secret}, "after_sensitive": object{"result": true}}},
			with(object{"command": "login"}, object{"command": "login --with '" + secret + "'"}))},
		{"inside JSON, where it looks otherwise", planOf(
			object{"address": "random_password.x", "mode": "managed", "type": "random_password", "change": object{"actions": []any{"no-op"}, "before": nil, "after": object{"result": secret + `"<`}, "after_sensitive": object{"result": true}}},
			with(object{"definition": "{}"}, object{"definition": `{"run":"x ` + secret + `\"<"}`}))},
		{"a name of a block", planOf(object{"address": "aws_thing.x", "mode": "managed", "type": "aws_thing", "change": object{"actions": updating,
			"before": object{"rule": []any{object{"name": secret, "x": 1}, object{"name": "b", "x": 1}}}, "after": object{"rule": []any{object{"name": secret, "x": 2}, object{"name": "b", "x": 2}}},
			"before_sensitive": object{"rule": []any{object{"name": true}}}, "after_sensitive": object{"rule": []any{object{"name": true}}}}})},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := encode(t, test.plan)
			got := written(text)
			if strings.Contains(got, secret) {
				t.Errorf("shown:\n%s", around(got))
			}
			// Nor is it in the error, wherever the plan breaks off.
			for i := 0; i < len(text); i += 3 {
				if got := written(text[:i]); strings.Contains(got, secret) {
					t.Fatalf("shown when cut off at %d: %s", i, got)
				}
			}
		})
	}
}

// What is hidden is told to have changed.
func TestSensitiveChangeIsTold(t *testing.T) {
	c := change("aws_thing.x", updating, object{"a": "old"}, object{"a": secret})
	c["change"].(object)["after_sensitive"] = object{"a": true}
	if got, want := written(encode(t, planOf(c))), "changes `aws_thing.x`: `a` (sensitive) → (sensitive)"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

// policyOf is a policy of these statements.
func policyOf(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

package review

import (
	"strings"
	"testing"
)

// What Terraform can do with a resource, and how it is told.
func TestResources(t *testing.T) {
	with := func(c object, key string, value any) object {
		c[key] = value
		return c
	}
	within := func(c object, key string, value any) object {
		c["change"].(object)[key] = value
		return c
	}
	x := object{"a": "1"}
	for _, test := range []struct {
		name string
		plan object
		want string
	}{
		{"moved", planOf(with(change("aws_thing.new", []any{"no-op"}, x, x), "previous_address", "aws_thing.old")), "moves `aws_thing.new`, which was `aws_thing.old`"},
		{"moved and changed", planOf(with(change("aws_thing.new", updating, x, object{"a": "2"}), "previous_address", "aws_thing.old")), "changes `aws_thing.new`, which was `aws_thing.old`: `a` `1` → `2`"},
		{"imported", planOf(within(change("aws_thing.x", []any{"no-op"}, x, x), "importing", object{"id": "thing-1"})), "imports `aws_thing.x`, the existing `thing-1`"},
		{"forgotten", planOf(change("aws_elasticsearch_domain.x", []any{"forget"}, x, nil)), "Stays on AWS with its data; Terraform forgets it."},
		{"tainted", planOf(with(change("aws_thing.x", recreating, x, x), "action_reason", "replace_because_tainted")), "**replaces** `aws_thing.x`, since it is tainted: its creation failed, or somebody marked it"},
		{"what can be done about it", planOf(change("aws_kms_key.x", destroying, x, nil)), "- **destroys** `aws_kms_key.x`. Until its waiting period ends, the deletion can be cancelled.\n"},
		{"of a bucket, too", planOf(change("aws_s3_bucket.x", destroying, x, nil)), "- **destroys** `aws_s3_bucket.x`. Without force_destroy AWS refuses while it holds any.\n"},
		{"deposed", planOf(with(change("aws_thing.x", destroying, x, nil), "deposed", "abcd1234")), "**destroys** `aws_thing.x`, the deposed object `abcd1234` of a replacement that failed"},
		{"created before destroyed", planOf(within(change("aws_thing.x", []any{"create", "delete"}, x, object{"a": "2"}), "replace_paths", []any{[]any{"a"}})), "**replaces** `aws_thing.x`: **because of** `a` `1` → `2`"},
		{"deferred", object{"format_version": "1.2", "complete": false, "resource_changes": []any{}, "deferred_changes": []any{object{"reason": "provider_config_unknown", "resource_change": change("aws_s3_bucket.b", destroying, x, nil)}}},
			"later, in a further plan (`provider_config_unknown`): destroys `aws_s3_bucket.b`"},
		{"an attachment", planOf(change("aws_iam_role_policy_attachment.x", creating, nil, object{"role": "trainer", "policy_arn": "arn:aws:iam::1:policy/w"})),
			"#### Who gets in\n\n- `aws_iam_role_policy_attachment.x` **now gives** the policy `arn:aws:iam::1:policy/w` to the role `trainer`\n"},
		{"data that are read", planOf(with(change("data.aws_thing.x", []any{"read"}, nil, x), "mode", "data")), "no resource changes"},
		{"an action", object{"format_version": "1.2", "resource_changes": []any{}, "action_invocations": []any{object{"address": "action.aws_lambda_invoke.x"}}}, "#### Actions that Terraform will invoke\n\n- `action.aws_lambda_invoke.x`"},
		{"a log group that stays", planOf(change("aws_cloudwatch_log_group.x", destroying, object{"skip_destroy": true}, nil)), "destroys `aws_cloudwatch_log_group.x`"},
		{"known after apply", planOf(within(change("aws_thing.x", updating, x, object{}), "after_unknown", object{"a": true})), "changes `aws_thing.x`: `a` `1` → known after apply"},
		{"known after apply, deeper", planOf(within(change("aws_thing.x", updating, object{"b": []any{object{"a": "1", "c": "2"}}}, object{"b": []any{object{"c": "2"}}}), "after_unknown", object{"b": []any{object{"a": true}}})),
			"changes `aws_thing.x`: `b.a` `1` → known after apply"},
		{"sets in another order", planOf(change("aws_thing.x", updating, object{"s": []any{"a", "b", "c"}}, object{"s": []any{"c", "d", "a"}})), "changes `aws_thing.x`: `s` `b` (2 stay) → `d` (2 stay)"},
		{"blocks by name", planOf(change("aws_thing.x", updating, object{"r": []any{object{"name": "a", "n": 1}, object{"name": "b", "n": 1}}}, object{"r": []any{object{"name": "b", "n": 2}, object{"name": "a", "n": 1}}})),
			"changes `aws_thing.x`: `r[b].n` `1` → `2`"},
		{"a default tag", planOf(change("aws_thing.x", updating, object{"tags": object{}, "tags_all": object{"env": "prod"}}, object{"tags": object{}, "tags_all": object{"env": "production"}})),
			"changes `aws_thing.x`: `tags.env` `prod` → `production`\n"},
		{"a default tag that was read as one of its own", planOf(change("aws_thing.x", updating, object{"tags": object{"env": "prod"}, "tags_all": object{"env": "prod"}}, object{"tags": nil, "tags_all": object{"env": "production"}})),
			"changes `aws_thing.x`: `tags.env` `prod` → `production`\n"},
		{"tags known after apply", planOf(within(change("aws_thing.x", updating, object{"tags": object{"a": "1"}, "tags_all": object{"a": "1"}}, object{"tags": object{"a": "2"}}), "after_unknown", object{"tags_all": true})),
			"changes `aws_thing.x`: `tags.a` `1` → `2`\n"},
		{"long texts that begin alike", planOf(change("aws_thing.x", updating, object{"body": strings.Repeat("é", 500) + "old"}, object{"body": strings.Repeat("é", 500) + "new"})),
			"changes `aws_thing.x`: `body` `…éééééééééééééééééééé" + "old` → `…éééééééééééééééééééénew`\n"},
		{"many in the same way", planOf(change("aws_thing.a", updating, x, object{"a": "2"}), change("aws_thing.b", updating, x, object{"a": "2"}), change("aws_thing.c", updating, x, object{"a": "3"}),
			change("aws_thing.d", updating, x, object{"a": "2"}), change("aws_thing.e", updating, x, object{"a": "2"})),
			"- changes `aws_thing.a`, `aws_thing.b`, `aws_thing.d` and `aws_thing.e`: `a` `1` → `2`\n- changes `aws_thing.c`: `a` `1` → `3`\n"},
		{"nothing written differently", planOf(change("aws_thing.x", updating, object{"a": nil, "b": "", "c": "1"}, object{"a": []any{}, "b": nil, "c": "2"})), "changes `aws_thing.x`: `c` `1` → `2`\n"},
		{"gone outside Terraform", object{"format_version": "1.2", "resource_drift": []any{change("aws_elasticsearch_domain.d", destroying, object{"domain_name": "metrics"}, nil)}},
			"the Elasticsearch domain `metrics` **is gone**: somebody deleted it outside Terraform"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := written(encode(t, test.plan)); !strings.Contains(got, test.want) {
				t.Errorf("no %q in\n%s", test.want, got)
			}
		})
	}
}

// To a plan for another region the domain is gone: it makes a new one, and prevent_destroy says nothing.
func TestAnotherRegion(t *testing.T) {
	plan := planOf(change("aws_elasticsearch_domain.d", creating, nil, object{"domain_name": "metrics"}))
	plan["resource_drift"] = []any{change("aws_elasticsearch_domain.d", destroying, object{"domain_name": "metrics"}, nil), change("aws_cloudwatch_log_group.g", destroying, object{"name": "/logs"}, nil)}
	r := read(t, plan)
	refusals := strict(t, "replace").Refuses(r)
	if len(refusals) != 1 || refusals[0].Address != "aws_elasticsearch_domain.d" || !strings.HasSuffix(refusals[0].Text.Plain(), "; it makes a new, empty one") {
		t.Errorf("refuses %v", refusals)
	}
}

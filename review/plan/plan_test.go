package plan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

func TestActions(t *testing.T) {
	for _, test := range []struct {
		actions, more string
		want          Action
	}{
		{`["delete"]`, ``, Destroy},
		{`["delete","create"]`, ``, Replace},
		{`["create","delete"]`, ``, Replace},
		{`["update"]`, ``, Update},
		{`["create"]`, ``, Create},
		{`["forget"]`, ``, Forget},
		{`["create","forget"]`, ``, Forget},
		{`["forget","create"]`, ``, Forget},
		{`["no-op"]`, `,"previous_address":"a.old"`, Move},
		{`["update"]`, `,"previous_address":"a.old"`, Update},
	} {
		p := planOf(t, fmt.Sprintf(`"resource_changes":[{"address":"a.b","mode":"managed","type":"a","change":{"actions":%s,"before":{},"after":{}}%s}]`, test.actions, test.more))
		if got := p.Changes[0].Action; got != test.want {
			t.Errorf("%s%s %s, want %s", test.actions, test.more, got.Does(), test.want.Does())
		}
	}
	imported := planOf(t, `"resource_changes":[{"address":"a.b","mode":"managed","type":"a","change":{"actions":["no-op"],"importing":{"id":"x-1"}}}]`).Changes[0]
	if imported.Action != Import || !imported.Imported || imported.ImportID != "x-1" {
		t.Errorf("imported: %+v", imported)
	}
	for action := range ReadData + 1 {
		if action.Does() == "" || action.Done() == "" {
			t.Errorf("action %d has no words", action)
		}
		if slices.Contains(Actions, action) == (action == Keep || action == ReadData) {
			t.Errorf("%s is wrong in Actions", action.Does())
		}
	}
}

func TestReasons(t *testing.T) {
	for reason, want := range map[string]string{
		"replace_because_tainted":           "it is tainted: its creation failed, or somebody marked it",
		"replace_by_request":                "-replace asks for it",
		"replace_by_triggers":               "something that it depends on changes (replace_triggered_by)",
		"delete_because_no_resource_config": "the configuration no longer has it",
		"delete_because_wrong_repetition":   "the configuration now has another count or for_each",
		"delete_because_count_index":        "count is smaller now",
		"delete_because_each_key":           "for_each no longer has its key",
		"delete_because_no_module":          "the configuration no longer has its module",
		"delete_because_no_move_target":     "it was moved to an address that the configuration does not have",
		"replace_because_cannot_update":     "",
	} {
		p := planOf(t, fmt.Sprintf(`"resource_changes":[{"address":"a.b","mode":"managed","type":"a","action_reason":%q,"change":{"actions":["delete"]}}]`, reason))
		if got := p.Changes[0].Why; got != want {
			t.Errorf("%s: %q, want %q", reason, got, want)
		}
	}
}

// What is kept of a plan: what changes, what is watched, how many others there are.
func TestWhatIsKept(t *testing.T) {
	resource := func(address, mode, kind, actions string) string {
		return fmt.Sprintf(`{"address":%q,"mode":%q,"type":%q,"change":{"actions":[%q],"before":{"x":1},"after":{"x":1}}}`, address, mode, kind, actions)
	}
	p := planOf(t, `"errored":true,"complete":false,"resource_changes":[`+resource("a.changed", "managed", "a", "update")+`,`+resource("a.same", "managed", "a", "no-op")+`,`+
		resource("watched.changed", "managed", "watched", "update")+`,`+resource("watched.same", "managed", "watched", "no-op")+`,`+resource("data.watched.read", "data", "watched", "read")+`],
		"resource_drift":[`+resource("a.drifted", "managed", "a", "update")+`],"deferred_changes":[{"reason":"unknown","resource_change":`+resource("a.later", "managed", "a", "create")+`}],
		"output_changes":{"b":{"actions":["delete"],"before":1},"a":{"actions":["create"],"after":1},"same":{"actions":["no-op"]},"db_password":{"actions":["create"],"after":"x"}},
		"checks":[{"address":{"to_display":"check.c"},"status":"fail","instances":[{"problems":[{"message":"m"}]}]}],"action_invocations":[{"address":"action.a.b"}]`)
	addresses := func(changes []*Change) (all []string) {
		for _, c := range changes {
			all = append(all, c.Address)
		}
		return all
	}
	got := []any{p.Errored, p.Incomplete, p.RefreshOnly, p.Unchanged, addresses(p.Changes), addresses(p.Watched), addresses(p.Drift), p.Deferred[0].Reason + " " + p.Deferred[0].Change.Address,
		fmt.Sprint(p.Outputs[0].Name, p.Outputs[1].Name, p.Outputs[2].Name, p.Outputs[2].After), len(p.Outputs),
		fmt.Sprint(p.Checks), p.Invocations}
	want := []any{true, true, false, 2, []string{"a.changed", "watched.changed"}, []string{"watched.changed", "watched.same"}, []string{"a.drifted"}, "unknown a.later",
		fmt.Sprint("a", "b", "db_password", "(sensitive)"), 3, "[{check.c fail [m]}]", []string{"action.a.b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestArguments(t *testing.T) {
	for _, test := range []struct {
		name, change string
		want         []string
	}{
		{"a value", `"before":{"a":"1"},"after":{"a":"2"}`, []string{"a: 1 → 2"}},
		{"in the only block", `"before":{"b":[{"a":1}]},"after":{"b":[{"a":2}]}`, []string{"b.a: 1 → 2"}},
		{"in a named block", `"before":{"b":[{"name":"x","a":1},{"name":"y","a":1}]},"after":{"b":[{"name":"y","a":2},{"name":"x","a":1}]}`, []string{"b[y].a: 1 → 2"}},
		{"one block for another", `"before":{"b":[{"name":"x","a":1},{"name":"y","a":1}]},"after":{"b":[{"name":"z","a":1},{"name":"y","a":1}]}`,
			[]string{"b[x].a: 1 → none", "b[x].name: x → none", "b[z].a: none → 1", "b[z].name: none → z"}},
		{"a kind of log, if there is only one", `"before":{"l":[{"log_type":"AUDIT_LOGS","enabled":true}]},"after":{"l":[]}`,
			[]string{"l[AUDIT_LOGS].enabled: true → none", "l[AUDIT_LOGS].log_type: AUDIT_LOGS → none"}},
		{"in a list", `"before":{"l":["a","b","c"]},"after":{"l":["c","a","d"]}`, []string{"l: b (2 stay) → d (2 stay)"}},
		{"order", `"before":{"l":["a","b"]},"after":{"l":["b","a"]}`, []string{"l: the same → in another order"}},
		{"a key that is no name", `"before":{"m":{"a.b":"1"}},"after":{"m":{"a.b":"2"}}`, []string{`m["a.b"]: 1 → 2`}},
		{"keys like names", `"before":{},"after":{"m":{"9":"1","-a":"1","a-9_":"1","_":"1","":"1","ä":"1"}}`,
			[]string{`m[""]: none → 1`, `m["-a"]: none → 1`, `m["9"]: none → 1`, `m._: none → 1`, `m.a-9_: none → 1`, `m["ä"]: none → 1`}},
		{"the same twice in a list", `"before":{"l":["a","b","a"]},"after":{"l":["a","c","d","a","a"]}`, []string{"l: b (2 stay) → c, d and a (2 stay)"}},
		{"the same, as far as is known", `"before":{"a":"1","l":["x","y"]},"after":{"a":"1","l":["x",null]},"after_unknown":{"l":[true,false],"b":true}`,
			[]string{"b: none → known after apply", "l: x and y → known after apply and none"}},
		{"null until apply", `"before":{"a":null,"b":"1"},"after":{"b":"1"},"after_unknown":{"a":true,"b":true}`,
			[]string{"a: none → known after apply", "b: 1 → known after apply"}},
		{"of another kind", `"before":{"a":["1"],"b":"1","c":{"d":1}},"after":{"a":"1","b":["1"],"c":[1]}`,
			[]string{`a: ["1"] → 1`, `b: 1 → ["1"]`, `c: {"d":1} → [1]`}},
		{"kinds of nothing", `"before":{"a":null,"b":"","c":[],"d":{}},"after":{"a":"","b":null,"d":[]}`, nil},
		{"sensitive", `"before":{"a":"1"},"after":{"a":"2"},"after_sensitive":{"a":true}`, []string{"a: (sensitive) → (sensitive)"}},
		{"sensitive, new", `"before":{},"after":{"a":"2"},"after_sensitive":{"a":true}`, []string{"a: none → (sensitive)"}},
		{"sensitive, the same", `"before":{"a":"1"},"after":{"a":"1"},"after_sensitive":{"a":true}`, nil},
		{"unknown", `"before":{"a":"1"},"after":{},"after_unknown":{"a":true}`, []string{"a: 1 → known after apply"}},
		{"tags on AWS", `"before":{"tags":{"a":"1"},"tags_all":{"a":"1","d":"1"}},"after":{"tags":{"a":"1"},"tags_all":{"a":"1","d":"2"}}`, []string{"tags.d: 1 → 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, a := range changeOf(t, test.change).Arguments() {
				from, to := a.FromTo()
				got = append(got, a.Path+": "+from.Plain()+" → "+to.Plain())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestForces(t *testing.T) {
	c := changeOf(t, `"before":{"a":"1","b":[{"c":"1","d":"1"}],"e":{"x.y":"1"}},"after":{"a":"2","b":[{"c":"2","d":"2"}],"e":{"x.y":"2"}},"replace_paths":[["b",0,"c"],["e"],[]]`)
	var got []string
	for _, a := range c.Arguments() {
		if c.Forces(a) {
			got = append(got, a.Path)
		}
	}
	if diff := cmp.Diff([]string{"b.c", `e["x.y"]`}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestConcerns(t *testing.T) {
	a := Argument{Path: "ebs_options.volume_size"}
	for path, want := range map[string]bool{"": true, "ebs_options": true, "ebs_options.volume_size": true, "ebs": false, "ebs_options.volume_size.x": false, "volume_size": false} {
		if got := a.Concerns(path); got != want {
			t.Errorf("%q: want %v, got %v", path, want, got)
		}
	}
	if got := (Argument{Path: `tags["team"]`}).Top(); got != "tags" {
		t.Errorf("top is %q", got)
	}
}

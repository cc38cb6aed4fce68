//go:build integration && unix

package domain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/internal/ismtest"
	"cdktf-aimetrics/metrics"
)

// elastic starts the real Elasticsearch OSS 7.10.2 of this package's tests, which use prefixes of their own.
var elastic = sync.OnceValues(func() (*elastictest.Server, error) {
	server, err := elastictest.Start(elastictest.Options{})
	started = server
	return server, err
})

// started is that server, once a test has asked for it.
var started *elastictest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		started.Close()
	}
	os.Exit(code)
}

// lab is a domain of AWS 7.10, but for what the prefix of one test needs: the real server, with index state management before it.
type lab struct {
	*Client
	ism    *ismtest.ISM
	wanted Wanted
	// before is asked of each request that changes something; an answer of its own ends it there.
	before atomic.Pointer[func(*http.Request) (status int, body string)]
}

func newLab(t *testing.T, prefix string) *lab {
	t.Helper()
	server, err := elastic()
	must(t, err)
	ism, err := ismtest.New(server.URL)
	must(t, err)
	l := &lab{ism: ism, wanted: Wanted{Settings: metrics.Settings{IndexPrefix: prefix, RetentionInDays: 90}}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before := l.before.Load(); before != nil && r.Method != http.MethodGet {
			status, body := (*before)(r)
			if status < 0 {
				panic(http.ErrAbortHandler)
			}
			if status > 0 {
				w.WriteHeader(status)
				io.WriteString(w, body)
				return
			}
		}
		ism.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	cleanEnvironment(t)
	l.Client, _ = connected(t, Options{Endpoint: front.URL})
	t.Cleanup(func() {
		l.before.Store(nil)
		for _, path := range []string{"/" + prefix + "-20*", "/_index_template/" + prefix + "*"} {
			l.Send(context.Background(), "DELETE", path, nil, nil)
		}
	})
	return l
}

// told is what a setup of the lab tells, and its error.
func (l *lab) setup(t *testing.T) (told, notes []string, err error) {
	t.Helper()
	plan, err := l.Plan(t.Context(), l.wanted)
	if err == nil {
		err = plan.Apply(t.Context(), func(change Change) { told = append(told, change.What+" "+change.How) })
	}
	return told, plan.Notes, err
}

func (l *lab) want(t *testing.T, want ...string) {
	t.Helper()
	told, _, err := l.setup(t)
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("it told of %q and ended with %v, want %q", told, err, want)
	}
}

// refused wants one line with each of these texts, and nothing written.
func (l *lab) refused(t *testing.T, texts ...string) {
	t.Helper()
	writes := 0
	count := func(*http.Request) (int, string) { writes++; return 0, "" }
	l.before.Store(&count)
	defer l.before.Store(nil)
	told, _, err := l.setup(t)
	if err == nil || told != nil || writes > 0 {
		t.Fatalf("it told of %q, wrote %d times and ended with %v, want an error", told, writes, err)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "\n") {
			t.Errorf("the error is\n%s\nwant one line with %q", err, text)
		}
	}
}

func (l *lab) put(t *testing.T, path string, body any) {
	t.Helper()
	must(t, l.Send(t.Context(), "PUT", path, body, nil))
}

type object = map[string]any

func TestSetup(t *testing.T) {
	l := newLab(t, "fresh")
	plan, err := l.Plan(t.Context(), l.wanted)
	must(t, err)
	if plan.Engine.String() != "Elasticsearch 7.10.2 with Open Distro" || len(plan.Changes) != 2 ||
		len(plan.Changes[1].Differences) < 100 ||
		!slices.Contains(plan.Changes[1].Differences, "+ template.mappings.properties.ml.properties.metric.properties.value.type: double") {
		t.Errorf("the plan is %+v", plan)
	}
	l.want(t, `lifecycle policy "fresh" created`, `index template "fresh" created`)
	l.want(t)

	// The index of a document has the template, the alias and the policy.
	l.put(t, "/fresh-2026-11/_create/1", object{"@timestamp": "2026-11-26T00:00:00.000Z"})
	var index map[string]struct {
		Aliases  object
		Mappings object
	}
	must(t, l.Send(t.Context(), "GET", "/fresh", nil, &index))
	if its, ok := index["fresh-2026-11"]; !ok || its.Mappings["dynamic"] != "strict" || its.Aliases["fresh"] == nil {
		t.Errorf("the alias stands for %+v", index)
	}
	must(t, l.ism.RunJob())
	l.want(t)
	var explained map[string]managed
	must(t, l.Send(t.Context(), "GET", "/_opendistro/_ism/explain/fresh-2026-11", nil, &explained))
	if explained["fresh-2026-11"].ID != "fresh" {
		t.Errorf("the policy of the index is %+v", explained)
	}

	t.Run("up to date in less than a second", func(t *testing.T) {
		began := time.Now()
		l.want(t)
		t.Logf("a setup that changes nothing takes %s", time.Since(began).Round(time.Millisecond))
	})
	t.Run("another retention moves the indices to the new policy", func(t *testing.T) {
		l.wanted.Settings.RetentionInDays = 30
		plan, err := l.Plan(t.Context(), l.wanted)
		must(t, err)
		if lines := strings.Join(plan.Changes[0].Differences, "\n"); !strings.Contains(lines,
			"~ states[0].transitions[0].conditions.min_index_age: 121d -> 61d") {
			t.Errorf("the policy changes by\n%s", lines)
		}
		l.want(t, `lifecycle policy "fresh" changed`, `lifecycle policy of fresh-2026-11 moved to its new version`)
		told, notes, err := l.setup(t)
		if err != nil || told != nil ||
			!slices.Contains(notes,
				"lifecycle policy of fresh-2026-11: still a former version; the engine's own job moves it, every 30 to 48 minutes") {
			t.Errorf("a second run told of %q and noted %q, and ended with %v", told, notes, err)
		}
		must(t, l.ism.RunJob())
		if told, notes, err := l.setup(t); err != nil || told != nil || notes != nil {
			t.Errorf("after the job it told of %q and noted %q, and ended with %v", told, notes, err)
		}
	})
	t.Run("what somebody changed by hand is mended", func(t *testing.T) {
		var stored struct {
			Templates []storedTemplate `json:"index_templates"`
		}
		must(t, l.Send(t.Context(), "GET", "/_index_template/fresh", nil, &stored))
		template := stored.Templates[0].Template
		template["priority"] = 7
		l.put(t, "/_index_template/fresh", template)
		l.want(t, `index template "fresh" changed`)
		l.want(t)
	})
	t.Run("another partition is refused while there are indices", func(t *testing.T) {
		l.wanted.Settings.Partition = metrics.Day
		defer func() { l.wanted.Settings.Partition = metrics.Month }()
		l.refused(t,
			`partition: "day", and the indices that are there are by month: a document that is sent again would land in two; leave it at month`)
		must(t, l.Send(t.Context(), "DELETE", "/fresh-2026-11", nil, nil))
		l.want(t, `lifecycle policy "fresh" changed`, `index template "fresh" changed`)
	})
}

// Without index state management all else is set up, and it says what that means.
func TestSetupWithoutLifecycle(t *testing.T) {
	l := newLab(t, "oss")
	server, err := elastic()
	must(t, err)
	l.Client, _ = connected(t, Options{Endpoint: server.URL})
	told, notes, err := l.setup(t)
	if err != nil || !slices.Equal(told, []string{`index template "oss" created`}) ||
		!slices.Equal(notes, []string{"Elasticsearch 7.10.2 has no index state management: old indices stay until somebody deletes them"}) {
		t.Errorf("it told of %q and noted %q, and ended with %v", told, notes, err)
	}
	l.want(t)
}

func TestSetupOfIndicesThatExist(t *testing.T) {
	l := newLab(t, "old")
	l.put(t, "/old-2026-01", object{"mappings": object{"dynamic": "strict", "properties": object{
		"@timestamp": decoded(metrics.Mapping())["properties"].(object)["@timestamp"],
		"ml":         object{"properties": object{"step": object{"type": "long", "coerce": false}}}}}})
	l.put(t, "/old-2026-02", object{"mappings": decoded(metrics.Mapping())})
	l.put(t, "/_opendistro/_ism/policies/somebody", object{"policy": object{"description": "x", "default_state": "a",
		"states": []any{object{"name": "a", "actions": []any{}, "transitions": []any{}}}}})
	l.put(t, "/old-2026-03", object{"mappings": decoded(metrics.Mapping())})
	must(t, l.Send(t.Context(), "POST", "/_opendistro/_ism/add/old-2026-03", object{"policy_id": "somebody"}, nil))
	must(t, l.ism.RunJob())
	told, notes, err := l.setup(t)
	if want := []string{`lifecycle policy "old" created`, `index template "old" created`, "mapping of old-2026-01 changed",
		"lifecycle policy of old-2026-01, old-2026-02 attached"}; err != nil || !slices.Equal(told, want) {
		t.Errorf("it told of %q and ended with %v, want %q", told, err, want)
	}
	if want := []string{`index old-2026-03 has the lifecycle policy "somebody" of somebody else; it is left as it is`}; !slices.Equal(notes, want) {
		t.Errorf("it noted %q, want %q", notes, want)
	}
	l.want(t) // the engine does not show the policies yet
	must(t, l.ism.RunJob())
	l.want(t)
	l.put(t, "/old-2026-01/_create/1", object{"@timestamp": "2026-01-26T00:00:00.000Z", "ml.metric.value": 0.97})

	t.Run("a policy that cannot be attached", func(t *testing.T) {
		l.put(t, "/old-2025-01", object{"mappings": decoded(metrics.Mapping())})
		refuse := func(*http.Request) (int, string) {
			return 200,
				`{"updated_indices":0,"failures":true,"failed_indices":[{"index_name":"old-2025-01","index_uuid":"x","reason":"Failed due to a\nblock"}]}`
		}
		l.before.Store(&refuse)
		_, _, err := l.setup(t)
		l.before.Store(nil)
		if want := "lifecycle policy of old-2025-01: index old-2025-01: Failed due to a block; run it again"; err == nil ||
			err.Error() != want {
			t.Errorf("it ends with %v, want %s", err, want)
		}
	})
}

// An index with a long where a double belongs: which, and how to mend it, in steps that work.
func TestSetupRefusesOtherTypes(t *testing.T) {
	l := newLab(t, "wrong")
	l.put(t, "/wrong-2026-04/_doc/1", object{"@timestamp": "2026-04-26T00:00:00.000Z", "ml": object{"metric": object{"value": 1}},
		"labels": "x"})
	l.put(t, "/wrong-2026-05", nil)
	l.refused(t,
		"index wrong-2026-04 was made before the template: labels is text and must be object, ml.metric.value is long and must be double; copy it to an index that begins otherwise (POST /_reindex), delete it, run setup and copy it back")
	must(t, l.Send(t.Context(), "DELETE", "/wrong-2026-04", nil, nil))
	if _, _, err := l.setup(t); err != nil {
		t.Error(err)
	}
}

func TestSetupBesideOthers(t *testing.T) {
	pattern := func(pattern string, priority int, meta object) object {
		return object{"index_patterns": []string{pattern}, "priority": priority, "_meta": meta}
	}
	ours := object{"managed_by": metrics.ManagedBy, "partition": "month"}
	for _, test := range []struct {
		name, prefix, path string
		body               any
		refused, noted     string
	}{
		{"a template that wins", "wins", "/_index_template/x-wins", pattern("wins-*", 5000, object{}),
			`index template "x-wins" is for wins-20* too, with the priority 5000`, ""},
		{"a template that loses", "loses", "/_index_template/x-loses", pattern("loses-*", 0, object{}), "",
			`index template "x-loses" of somebody else is for loses-20* too; it does not count`},
		{"a template of our name", "name", "/_index_template/name", pattern("other-*", 0, object{}),
			`index template "name" is there and not of aimetrics; rename or delete it, or choose another index prefix`, ""},
		{"a legacy template", "legacy", "/_template/x-legacy", object{"index_patterns": []string{"legacy-*"}}, "",
			`legacy template "x-legacy" of somebody else is for legacy-20* too; it does not count`},
		{"a longer prefix", "first", "/_index_template/first-dev", pattern("first-dev-20*", 100, ours),
			`index prefix "first" and "first-dev", which is set up on this domain, begin with one another`, ""},
		{"a shorter prefix", "second-dev", "/_index_template/second", pattern("second-20*", 100, ours),
			`index prefix "second-dev" and "second", which is set up on this domain, begin with one another`, ""},
		{"a prefix that only looks shorter", "third", "/_index_template/thirds", pattern("thirds-20*", 100, ours), "", ""},
		{"an index where the alias belongs", "alias", "/alias/_doc/1", object{"a": 1},
			`an index is called "alias", where the alias of all indices belongs`, ""},
		{"a policy of the same priority", "same", "/_opendistro/_ism/policies/x-same", policyOf("same-*", metrics.TemplatePriority),
			`lifecycle policy "x-same" names indices of same-20* with the priority 200 too, which the domain refuses; delete it`, ""},
		{"a policy of another priority", "more", "/_opendistro/_ism/policies/x-more", policyOf("more-*", 7), "",
			`lifecycle policy "x-more" names indices of more-20* too, with the priority 7: the higher one counts`},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t, test.prefix)
			l.put(t, test.path, test.body)
			defer func() {
				path, _, _ := strings.Cut(test.path, "/_doc")
				must(t, l.Send(context.Background(), "DELETE", path, nil, nil))
			}()
			if test.refused != "" {
				l.refused(t, test.refused)
				return
			}
			_, notes, err := l.setup(t)
			if err != nil || (test.noted == "") != (notes == nil) || test.noted != "" &&
				!strings.Contains(strings.Join(notes, "\n"), test.noted) {
				t.Errorf("it noted %q and ended with %v, want %q", notes, err, test.noted)
			}
		})
	}
}

func policyOf(pattern string, priority int) object {
	return object{"policy": object{"description": "x", "default_state": "a",
		"states":       []any{object{"name": "a", "actions": []any{}, "transitions": []any{}}},
		"ism_template": object{"index_patterns": []any{pattern}, "priority": priority}}}
}

// Somebody changes the policy between our reading and our writing: theirs stays, and a second run takes it into account.
func TestSetupLosesNoChangeOfThePolicy(t *testing.T) {
	for _, there := range []bool{false, true} {
		prefix := fmt.Sprintf("race%v", there)
		l := newLab(t, prefix)
		if there {
			l.want(t, fmt.Sprintf("lifecycle policy %q created", prefix), fmt.Sprintf("index template %q created", prefix))
			l.wanted.Settings.RetentionInDays = 10
		}
		path := "/_opendistro/_ism/policies/" + prefix
		theirs := policyOf("elsewhere-"+prefix, 3)
		plan, err := l.Plan(t.Context(), l.wanted)
		must(t, err)
		query := ""
		if there {
			var stored storedPolicy
			must(t, l.Send(t.Context(), "GET", path, nil, &stored))
			theirs["policy"].(object)["description"] = stored.Policy["description"]
			query = fmt.Sprintf("?if_seq_no=%d&if_primary_term=1", stored.SeqNo)
		}
		l.put(t, path+query, theirs)
		err = plan.Apply(t.Context(), func(Change) {})
		if err == nil || !strings.Contains(err.Error(), "somebody changed it while this ran; run it again") {
			t.Errorf("it ends with %v", err)
		}
		var stored storedPolicy
		must(t, l.Send(t.Context(), "GET", path, nil, &stored))
		if its := policyTemplate(stored.Policy); its == nil || its.Priority != 3 {
			t.Errorf("the other's change is gone: %v", stored.Policy)
		}
		if !there {
			l.refused(t, fmt.Sprintf("lifecycle policy %q is there and not of aimetrics; delete it, or choose another index prefix",
				prefix))
			continue
		}
		l.want(t, fmt.Sprintf("lifecycle policy %q changed", prefix))
		l.want(t)
	}
}

// An answer that is lost after the policy was written is no fault.
func TestSetupWhoseAnswerIsLost(t *testing.T) {
	l := newLab(t, "lost")
	var lost atomic.Bool
	lose := func(r *http.Request) (int, string) {
		if strings.Contains(r.URL.Path, "/_ism/policies/lost") && !lost.Swap(true) {
			l.ism.ServeHTTP(httptest.NewRecorder(), r)
			return -1, ""
		}
		return 0, ""
	}
	l.before.Store(&lose)
	l.want(t, `lifecycle policy "lost" created`, `index template "lost" created`)
	if !lost.Load() {
		t.Error("no answer was lost")
	}
}

// Ended at any of its requests, a second run completes it, and a third changes nothing.
func TestSetupEndedAtAnyPoint(t *testing.T) {
	for at := range 5 {
		prefix := fmt.Sprintf("ended%d", at)
		l := newLab(t, prefix)
		l.put(t, "/"+prefix+"-2026-01", nil)
		ctx, end := context.WithCancel(t.Context())
		writes := 0
		stop := func(*http.Request) (int, string) {
			if writes++; writes > at {
				end()
				return -1, ""
			}
			return 0, ""
		}
		l.before.Store(&stop)
		plan, err := l.Plan(ctx, l.wanted)
		must(t, err)
		done := 0
		err = plan.Apply(ctx, func(Change) { done++ })
		if want := min(at, 4); done != want || (err == nil) != (at == 4) || err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("ended at request %d it did %d of %d changes and ended with %v", at, done, len(plan.Changes), err)
		}
		l.before.Store(nil)
		if told, _, err := l.setup(t); err != nil || len(told) != 4-done {
			t.Errorf("the second run told of %q and ended with %v", told, err)
		}
		l.want(t)
		end()
	}
}

// The engines are told apart by what they say of themselves, and OpenSearch is set up as well.
func TestRealEngines(t *testing.T) {
	for _, test := range []struct {
		options elastictest.Options
		want    string
	}{
		{elastictest.Options{Engine: elastictest.OpenSearch1,
			Settings: map[string]string{"compatibility.override_main_response_version": "true"}}, "OpenSearch 7.10.2"},
		{elastictest.Options{Engine: elastictest.OpenSearch2}, "OpenSearch 2.19.1"},
	} {
		t.Run(test.options.Engine.String(), func(t *testing.T) {
			server, err := elastictest.Start(test.options)
			must(t, err)
			defer server.Close()
			cleanEnvironment(t)
			client, _ := connected(t, Options{Endpoint: server.URL})
			plan := setup(t, client, Wanted{})
			if plan.Engine.String() != test.want || plan.Engine.Lifecycle != metrics.NoLifecycle || len(plan.Changes) != 1 {
				t.Errorf("the plan is %+v, want one for %s", plan, test.want)
			}
			must(t, client.Send(t.Context(), "PUT", "/ml-metrics-2026-11/_create/1",
				object{"@timestamp": "2026-11-26T00:00:00.000Z", "ml.metric.value": 0.97, "labels.a": "x"}, nil))
			if again, err := client.Plan(t.Context(), Wanted{}); err != nil || len(again.Changes) > 0 {
				t.Errorf("a second run would change %+v (%v)", again.Changes, err)
			}
		})
	}
}

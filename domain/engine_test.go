package domain

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cdktf-aimetrics/metrics"
)

// What an engine says of itself decides how it is set up, or that it is refused.
func TestEngine(t *testing.T) {
	const noHandler = `{"error":"no handler found for uri [/x] and method [GET]"}`
	const notAllowed = `{"Message":"Your request: '/_opendistro/_ism/policies/aimetrics' is not allowed."}`
	version := func(fields string) string {
		return `{"version":{` + fields + `},"tagline":"You Know, for Search"}`
	}
	openSearch := func(fields string) string {
		return `{"version":{` + fields + `},"tagline":"The OpenSearch Project: https://opensearch.org/"}`
	}
	for _, test := range []struct {
		name, root string
		status     int    // of the answer below _ism
		ism        string // that answer
		want       string // the engine, or the error
		lifecycle  metrics.Lifecycle
	}{
		{"AWS 7.10", version(`"number":"7.10.2","build_flavor":"oss","build_type":"tar"`), 404,
			`{"error":{"type":"status_exception","reason":"Policy not found"}}`,
			"Elasticsearch 7.10.2 with Open Distro", metrics.OpenDistro},
		{"AWS 7.10 with a policy of that name", version(`"number":"7.10.2","build_flavor":"oss"`), 200, `{}`,
			"Elasticsearch 7.10.2 with Open Distro", metrics.OpenDistro},
		{"AWS 7.9", version(`"number":"7.9.1","build_flavor":"oss"`), 404, `{}`, "Elasticsearch 7.9.1 with Open Distro",
			metrics.NamedByIndex},
		{"AWS 7.8", version(`"number":"7.8.0","build_flavor":"unknown"`), 404, `{}`, "Elasticsearch 7.8.0 with Open Distro",
			metrics.NamedByIndex},
		{"OSS", version(`"number":"7.10.2","build_flavor":"oss"`), 400, noHandler, "Elasticsearch 7.10.2", metrics.NoLifecycle},
		{"a path that AWS does not allow", version(`"number":"7.10.2","build_flavor":"oss"`), 401, notAllowed, "Elasticsearch 7.10.2",
			metrics.NoLifecycle},
		{"OpenSearch 2", openSearch(`"number":"2.19.1","distribution":"opensearch"`), 404, `{}`, "OpenSearch 2.19.1", metrics.OpenSearch},
		{"OpenSearch 1 that calls itself 7.10.2", openSearch(`"number":"7.10.2"`), 404, `{}`, "OpenSearch 7.10.2", metrics.OpenSearch},
		{"OpenSearch 3", openSearch(`"number":"3.1.0","distribution":"opensearch"`), 404, `{}`,
			"runs OpenSearch 3.1.0, and aimetrics is made for Elasticsearch OSS 7.8 to 7.10 and OpenSearch 1 and 2; use one of these", 0},
		{"Elasticsearch 8", version(`"number":"8.15.0","build_flavor":"default"`), 404, `{}`,
			"runs Elasticsearch 8.15.0, and aimetrics is made for", 0},
		{"Elasticsearch 7.17", version(`"number":"7.17.0","build_flavor":"default"`), 404, `{}`,
			"runs Elasticsearch 7.17.0, and aimetrics is made for", 0},
		{"Elasticsearch 7.7", version(`"number":"7.7.1","build_flavor":"oss"`), 404, `{}`,
			"upgrade it: index templates as they are needed came with 7.8", 0},
		{"Elasticsearch 6.8", version(`"number":"6.8.0","build_flavor":"oss"`), 404, `{}`, "runs Elasticsearch 6.8.0, and", 0},
		{"Elastic's own build", version(`"number":"7.10.2","build_flavor":"default"`), 404, `{}`,
			"runs Elastic's own build of Elasticsearch 7.10.2 (default), and", 0},
		{"something else that speaks JSON", `{"status":"ok"}`, 404, `{}`,
			"answers, and is neither Elasticsearch nor OpenSearch; mend the address", 0},
		{"who may see the version and no policies", version(`"number":"7.10.2","build_flavor":"oss"`), 403,
			`{"error":{"type":"security_exception","reason":"no permissions for [cluster:admin/opendistro/ism/policy/get]"}}`,
			"403 no permissions for [cluster:admin/opendistro/ism/policy/get]", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/":
					io.WriteString(w, test.root)
				case strings.HasSuffix(r.URL.Path, "/_ism/policies/aimetrics"):
					w.WriteHeader(test.status)
					io.WriteString(w, test.ism)
				default:
					t.Errorf("asked for %s", r.URL.Path)
				}
			}))
			defer server.Close()
			cleanEnvironment(t)
			client, _ := connected(t, Options{Endpoint: server.URL})
			engine, err := client.Engine(t.Context())
			got := engine.String()
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) || strings.Contains(got, "\n") || err == nil &&
				(got != test.want || engine.Lifecycle != test.lifecycle) {
				t.Errorf("it is %s with the lifecycle %v, want %s with %v", got, engine.Lifecycle, test.want, test.lifecycle)
			}
			if asked := fmt.Sprint(engine.plugins); err == nil && asked != map[bool]string{true: "_plugins",
				false: "_opendistro"}[engine.Name == "OpenSearch"] {
				t.Errorf("its plugins are below %s", asked)
			}
		})
	}
}

func TestOverlap(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"ml-metrics-20*", "ml-metrics-20*", true},
		{"ml-metrics-20*", "*", true},
		{"ml-metrics-20*", "ml-*", true},
		{"ml-metrics-20*", "*-2026-11", true},
		{"ml-metrics-20*", "ml-metrics-2026-11", true},
		{"ml-metrics-20*", "ml-metrics-dev-20*", false},
		{"ml-metrics-20*", "ml-metrics", false},
		{"ml-20*", "ml-20-20*", true},
		{"a*b", "a*c", false},
		{"", "", true},
		{"", "x", false},
	} {
		if overlap(test.a, test.b) != test.want || overlap(test.b, test.a) != test.want {
			t.Errorf("%q and %q overlap: %v, want %v both ways", test.a, test.b, overlap(test.a, test.b), test.want)
		}
	}
}

package domain

import (
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/kibana"
)

// fakeKibana stands for a Kibana OSS 7.10.2, held to what the real one does where a test with KIBANA_URL runs.
type fakeKibana struct {
	objects map[string]kibana.Object
	setting any // defaultIndex
	answers map[string]func(http.ResponseWriter, *http.Request)
	imports int
	tenants []string
}

func (k *fakeKibana) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if answer := k.answers[r.URL.Path]; answer != nil {
		io.Copy(io.Discard, r.Body) // or the server waits half a second for who sends it
		answer(w, r)
		return
	}
	if r.Method != "GET" && r.Header.Get("Kbn-Xsrf") == "" {
		http.Error(w, `{"statusCode":400,"message":"Request must contain a kbn-xsrf header."}`, 400)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		k.tenants = append(k.tenants, r.Header.Get("Securitytenant"))
	}
	switch r.URL.Path {
	case "/api/status":
		io.WriteString(w, `{"version":{"number":"7.10.2"},"status":{"overall":{"state":"green"}}}`)
	case "/api/saved_objects/_bulk_get":
		var asked []kibana.Object
		json.NewDecoder(r.Body).Decode(&asked)
		var found []any
		for _, name := range asked {
			if object, ok := k.objects[key(name)]; ok {
				found = append(found, object)
			} else {
				found = append(found, map[string]any{"id": name.ID, "type": name.Type, "error": map[string]any{"statusCode": 404,
					"message": "Not Found"}})
			}
		}
		json.NewEncoder(w).Encode(map[string]any{"saved_objects": found})
	case "/api/index_patterns/_fields_for_wildcard":
		if got := r.URL.Query().Get("pattern"); got != "ml-metrics-20*" {
			http.Error(w, got, 500)
		}
		io.WriteString(
			w,
			`{"fields":[{"name":"labels.squad","type":"string","esTypes":["keyword"],`+
				`"searchable":true,"aggregatable":true,"readFromDocValues":true}]}`,
		)
	case "/api/kibana/settings":
		json.NewEncoder(w).Encode(map[string]any{"settings": map[string]any{"defaultIndex": map[string]any{"userValue": k.setting}}})
	case "/api/kibana/settings/defaultIndex":
		var set struct{ Value string }
		json.NewDecoder(r.Body).Decode(&set)
		k.setting = set.Value
		io.WriteString(w, `{}`)
	case "/api/saved_objects/_import":
		k.imports++
		form := multipart.NewReader(r.Body, strings.Split(r.Header.Get("Content-Type"), "boundary=")[1])
		part, _ := form.NextPart()
		count := 0
		for decoder := json.NewDecoder(part); ; count++ {
			var object kibana.Object
			if decoder.Decode(&object) != nil {
				break
			}
			k.objects[key(object)] = object
		}
		if !strings.HasSuffix(part.FileName(), ".ndjson") || r.URL.Query().Get("overwrite") != "true" {
			http.Error(w, `{"message":"Invalid file extension"}`, 400)
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"success": true, "successCount": count})
	default:
		http.Error(w, `{"error":"no handler found for uri"}`, 400)
	}
}

func newKibana(t *testing.T) (*fakeKibana, *Client) {
	t.Helper()
	cleanEnvironment(t)
	fake := &fakeKibana{objects: map[string]kibana.Object{}, answers: map[string]func(http.ResponseWriter, *http.Request){}}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	client, _ := connected(t, Options{Endpoint: server.URL, Kibana: server.URL})
	return fake, client
}

func planned(t *testing.T, client *Client, overwrite bool) Plan {
	t.Helper()
	plan, err := client.PlanDashboards(t.Context(), WantedDashboards{Overwrite: overwrite})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func install(t *testing.T, client *Client, overwrite bool) Plan {
	t.Helper()
	plan := planned(t, client, overwrite)
	if err := plan.Apply(t.Context(), func(Change) {}); err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestDashboardsAreInstalledAndStay(t *testing.T) {
	fake, client := newKibana(t)
	plan := planned(t, client, false)
	all := len(kibana.Objects(kibana.Options{}))
	if len(plan.Changes) != 2 || plan.Changes[0].How != "created" || len(plan.Changes[0].Differences) != all || len(fake.objects) != 0 ||
		fake.imports != 0 {
		t.Fatalf("the plan is %+v, and %d objects are there", plan.Changes, len(fake.objects))
	}
	if err := plan.Apply(t.Context(), func(Change) {}); err != nil {
		t.Fatal(err)
	}
	if len(fake.objects) != all || fake.imports != 1 || fake.setting != "ml-metrics" {
		t.Errorf("%d of %d objects are there after %d imports, and the default is %v", len(fake.objects), all, fake.imports, fake.setting)
	}
	if slices.ContainsFunc(fake.tenants, func(tenant string) bool { return tenant != "global" }) {
		t.Errorf("requests went to the tenants %q", fake.tenants)
	}
	install(t, client, false) // the index pattern takes the fields of the server
	if plan := install(t, client, false); !plan.UpToDate() || len(plan.Notes) != 0 {
		t.Errorf("a second run changes %+v, notes %q", plan.Changes, plan.Notes)
	}
	if fields := fake.objects["index-pattern:ml-metrics"].Attributes["fields"].(string); !strings.Contains(fields, "labels.squad") {
		t.Error("the index pattern does not have the fields that the server knows")
	}
}

func TestAnEditIsLeftAlone(t *testing.T) {
	fake, client := newKibana(t)
	fake.setting = "logs"
	install(t, client, false)
	install(t, client, false)
	edited := fake.objects["dashboard:ml-metrics.models"]
	edited.Attributes["timeFrom"] = "now-1y"
	copied := edited
	copied.ID = "a-copy"
	fake.objects[key(copied)] = copied
	delete(fake.objects, "visualization:ml-metrics.drift-severity")

	plan := install(t, client, false)
	if len(plan.Changes) != 1 ||
		!slices.Equal(
			plan.Changes[0].Differences,
			[]string{
				`+ visualization "Model metrics: Drift and data quality: Drift severity by model, feature and time (1 is the threshold)"`,
			},
		) {
		t.Errorf("the changes are %+v", plan.Changes)
	}
	if len(plan.Notes) != 1 ||
		!strings.Contains(
			plan.Notes[0],
			`dashboard "Model metrics: Models" was edited by somebody and stays as it is; --overwrite replaces it`,
		) {
		t.Errorf("the notes are %q", plan.Notes)
	}
	if fake.objects["dashboard:ml-metrics.models"].Attributes["timeFrom"] != "now-1y" || fake.setting != "logs" {
		t.Error("what a person made is gone")
	}
	install(t, client, true)
	if fake.objects["dashboard:ml-metrics.models"].Attributes["timeFrom"] != "now-90d" ||
		fake.objects["dashboard:a-copy"].Attributes["title"] == nil {
		t.Error("--overwrite does not replace it, or takes the copy away")
	}
}

// answering answers every request alike.
func answering(status int, body string, header ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		if len(header) > 0 {
			w.Header().Set(header[0], header[1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// One plan, applied to each of them: what makes it takes longest.
func TestImportsThatFail(t *testing.T) {
	fake, client := newKibana(t)
	plan := planned(t, client, false)
	for _, test := range []struct {
		what   string
		answer func(http.ResponseWriter, *http.Request)
		fault  string
	}{
		{"an import that answers 200 and refuses",
			answering(200, `{"success":false,"successCount":1,`+
				`"errors":[{"id":"ml-metrics.models","type":"dashboard","error":{"type":"unsupported_type"}}]}`),
			`Kibana took 1 of 87 objects; it refused dashboard "ml-metrics.models" (unsupported_type)`},
		{"an import that counts all and refuses", answering(200, `{"success":false,"successCount":87,"errors":[]}`),
			"Kibana took 87 of 87 objects"},
		{"an import that takes a part", answering(200, `{"success":true,"successCount":3}`), "Kibana took 3 of 87 objects"},
		{"an import that a reader may not", answering(403,
			`{"statusCode":403,"error":"Forbidden","message":"no permissions for [indices:data/write/bulk]"}`), "no permissions"},
		{"an import that is no JSON", answering(200, `<html>`), "no JSON"},
	} {
		t.Run(test.what, func(t *testing.T) {
			fake.answers["/api/saved_objects/_import"] = test.answer
			err := plan.Apply(t.Context(), func(Change) {})
			if err == nil || !strings.Contains(err.Error(), test.fault) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %v, want %q", err, test.fault)
			}
		})
	}
}

func TestKibanasThatAreNone(t *testing.T) {
	const login = "https://users.auth.eu-central-1.amazoncognito.com/login"
	for _, test := range []struct {
		what, path string
		answer     func(http.ResponseWriter, *http.Request)
		fault      string
		note       string
	}{
		{"Cognito", "/api/status", answering(302, "", "Location", login), "", "Kibana lets no program in"},
		{"a sign-in of its own", "/api/status", answering(401, `{"message":"Authentication required"}`), "", "aimetrics dashboards > " +
			"dashboards.ndjson"},
		{"a page to sign in", "/api/status", answering(200, "<!DOCTYPE html><html>"), "", "import them by hand"},
		{"forbidden", "/api/status", answering(403, `{"Message":"User: anonymous is not authorized to perform: "+
			"es:ESHttpGet"}`), "the domain lets nobody in who does not sign", ""},
		{"not there", "/api/status", answering(404, `{}`), "404", ""},
		{"too old", "/api/status", answering(200, `{"version":{"number":"6.8.0"}}`), "is Kibana 6.8.0, and the dashboards are for " +
			"Kibana 7.8 to 7.10", ""},
		{"too new", "/api/status", answering(200, `{"version":{"number":"8.11.0"}}`), "is Kibana 8.11.0", ""},
		{"something else", "/api/status", answering(200, `{}`), "is no Kibana; mend --kibana", ""},
		{"starting", "/api/status", answering(200, `{"version":{"number":"7.10.2"},"status":{"overall":{"state":"red"}}}`), "its status is red", ""},
		{"objects that cannot be read", "/api/saved_objects/_bulk_get", answering(200,
			`{"saved_objects":[{"id":"ml-metrics.models","type":"dashboard","error":{"statusCode":403,"message":"no"}}]}`),
			`dashboard "ml-metrics.models" cannot be read: no`, ""},
	} {
		t.Run(test.what, func(t *testing.T) {
			fake, client := newKibana(t)
			fake.answers[test.path] = test.answer
			plan, err := client.PlanDashboards(t.Context(), WantedDashboards{})
			if (err == nil) != (test.fault == "") ||
				err != nil && (!strings.Contains(err.Error(), test.fault) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("the error is %v, want %q", err, test.fault)
			}
			if notes := strings.Join(plan.Notes, "\n"); (notes == "") != (test.note == "") || !strings.Contains(notes, test.note) {
				t.Errorf("the notes are %q, want %q", notes, test.note)
			}
			if strings.Contains(strings.Join(plan.Notes, ""), "client_id") {
				t.Error("the sign-in's address is told whole")
			}
		})
	}

	t.Run("none is known", func(t *testing.T) {
		cleanEnvironment(t)
		client, _ := connected(t, Options{Endpoint: "http://127.0.0.1:9200"})
		if plan, err := client.PlanDashboards(t.Context(), WantedDashboards{}); err != nil || len(plan.Notes) != 1 ||
			len(plan.Changes) != 0 {
			t.Errorf("%v %+v", err, plan)
		}
	})
}

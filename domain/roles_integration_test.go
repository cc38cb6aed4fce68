//go:build integration && unix

package domain

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/internal/elastictest"
	"cdktf-aimetrics/metrics"
)

const (
	trainerARN  = "arn:aws:iam::111122223333:role/model-trainer"
	engineerARN = "arn:aws:iam::111122223333:role/ml-engineer"
	ownerARN    = "arn:aws:iam::111122223333:role/metrics-administrator"
	somebodyARN = "arn:aws:iam::111122223333:role/somebody"
)

// The roles inside a domain with fine-grained access control, on OpenSearch 2.19.1 with its security plugin: who may do what. The
// principals' ARNs are the users' backend roles, as they are on AWS.
func TestRoles(t *testing.T) {
	server := startSecured(t)
	as := func(user, password string) *Client {
		cleanEnvironment(t)
		t.Setenv("AIMETRICS_USERNAME", user)
		t.Setenv("AIMETRICS_PASSWORD", password)
		client, _ := connected(t, Options{Endpoint: server.URL})
		return client
	}
	admin := as("admin", "admin")
	password := "Of-Metrics-2026-" + base64.RawURLEncoding.EncodeToString([]byte("domain"))
	for user, arn := range map[string]string{"writer": trainerARN, "reader": engineerARN, "administrator": ownerARN,
		"somebody": somebodyARN} {
		must(t, admin.Send(t.Context(), "PUT", "/_plugins/_security/api/internalusers/"+user,
			map[string]any{"password": password, "backend_roles": []string{arn}}, nil))
	}
	wanted := Wanted{Settings: metrics.Settings{}.WithDefaults(), Principals: Principals{
		Writers: []string{trainerARN}, Readers: []string{engineerARN}, Administrators: []string{ownerARN, "account"},
	}}
	setup(t, admin, wanted)
	for _, path := range []string{"/.kibana_1/_doc/dashboard:x", "/ml-metrics-2025-01/_doc/x?op_type=create", "/payroll-2026-11/_doc/x"} {
		must(t, admin.Send(t.Context(), "PUT", path, map[string]any{}, nil))
	}

	clients := map[string]*Client{}
	users := []string{"writer", "reader", "administrator", "somebody"}
	for _, user := range users {
		clients[user] = as(user, password)
	}
	template := string(wanted.Settings.Template(metrics.OpenSearch))
	for _, test := range []struct {
		what, method, path, body string
		allowed                  string // to whom, in the order of users
	}{
		// Three by three.
		{"add documents", "POST", "/ml-metrics-2026-11/_bulk", `{"create":{}}` + "\n{}\n", "writer administrator"},
		{"search", "POST", "/ml-metrics-20*/_search", `{}`, "reader administrator"},
		{"change the template", "PUT", "/_index_template/ml-metrics", template, "administrator"},

		{"add the first document of a month, with a label of its own", "POST", "/ml-metrics-2026-{month}/_bulk",
			`{"create":{}}` + "\n" + `{"labels.{month}":"x"}` + "\n", "writer administrator"},
		{"see whether the template is there", "GET", "/_index_template/ml-metrics", "", "writer administrator"},
		{"add a document by itself", "PUT", "/ml-metrics-2026-11/_create/{month}", `{}`, "writer administrator"},
		{"delete a document", "DELETE", "/ml-metrics-2025-01/_doc/none", "", "administrator"},
		{"delete a document in bulk", "POST", "/ml-metrics-2026-11/_bulk", `{"delete":{"_id":"none"}}` + "\n", "administrator"},
		{"update a document in bulk", "POST", "/ml-metrics-2026-11/_bulk",
			`{"update":{"_id":"none"}}` + "\n" + `{"doc":{},"doc_as_upsert":true}` + "\n", "administrator"},
		{"add documents to another index", "POST", "/payroll-2026-11/_bulk", `{"create":{}}` + "\n{}\n", ""},
		{"add documents to an index of a prefix that ours begins", "POST", "/ml-metrics-dev-2026-11/_bulk", `{"create":{}}` + "\n{}\n", ""},
		{"delete a month", "DELETE", "/ml-metrics-2026-02", "", "administrator"},
		{"read a document", "GET", "/ml-metrics-2025-01/_doc/x", "", "reader administrator"},
		{"search by the alias", "POST", "/ml-metrics/_search", `{}`, "reader administrator"},
		{"search several at once", "POST", "/_msearch", `{"index":"ml-metrics-20*"}` + "\n{}\n", "reader administrator"},
		{"search another index", "POST", "/payroll-2026-11/_search", `{}`, ""},
		{"search another index beside ours", "POST", "/_msearch", `{"index":"payroll-2026-11"}` + "\n{}\n", ""},
		{"count", "GET", "/ml-metrics-20*/_count", "", "reader administrator"},
		{"ask for the fields, as Kibana does", "GET", "/ml-metrics-20*/_field_caps?fields=*", "", "reader administrator"},
		{"ask for the mapping", "GET", "/ml-metrics-20*/_mapping", "", "reader administrator"},
		{"open a dashboard", "GET", "/.kibana_1/_doc/dashboard:x", "", "reader administrator"},
		{"save a dashboard", "PUT", "/.kibana_1/_doc/dashboard:y", `{}`, "administrator"},
		{"delete a dashboard", "DELETE", "/.kibana_1/_doc/dashboard:none", "", "administrator"},
		{"see who has which role", "GET", "/_plugins/_security/api/rolesmapping", "", ""},
		{"close the indices", "POST", "/ml-metrics-2025-01/_close", "", "administrator"},
		{"change a setting of the cluster", "PUT", "/_cluster/settings", `{"transient":{"action.auto_create_index":"true"}}`, ""},
	} {
		var allowed []string
		for i, user := range users {
			fill := strings.NewReplacer("{month}", []string{"02", "03", "04", "05"}[i])
			if isAllowed(t, clients[user], test.method, fill.Replace(test.path), fill.Replace(test.body)) {
				allowed = append(allowed, user)
			}
		}
		if got := strings.Join(allowed, " "); got != test.allowed {
			t.Errorf("%s: allowed to %q, want %q", test.what, got, test.allowed)
		}
	}

	t.Run("a reader opens every dashboard, and can save over none", func(t *testing.T) { readersOpenDashboards(t, admin, clients["reader"]) })
	t.Run("a mapping that somebody extended is not cut back", func(t *testing.T) {
		patch := []any{map[string]any{"op": "add", "path": "/backend_roles/-", "value": somebodyARN}}
		must(t, admin.Send(t.Context(), "PATCH", "/_plugins/_security/api/rolesmapping/ml-metrics-readers", patch, nil))
		more := wanted
		more.Principals.Readers = []string{engineerARN, "arn:aws:iam::111122223333:user/analyst"}
		plan := setup(t, admin, more)
		if len(plan.Changes) != 1 || plan.Changes[0].What != `mapping of the role "ml-metrics-readers"` ||
			!slices.Contains(plan.Notes,
				`role "ml-metrics-readers" is mapped to `+somebodyARN+` too, which is not in the file; it is left so`) {
			t.Errorf("the changes are %+v, and the notes %q", plan.Changes, plan.Notes)
		}
		var stored map[string]mapping
		must(t, admin.Send(t.Context(), "GET", "/_plugins/_security/api/rolesmapping/ml-metrics-readers", nil, &stored))
		got := stored["ml-metrics-readers"]
		if !slices.Equal(got.BackendRoles, []string{engineerARN, somebodyARN}) ||
			!slices.Equal(got.Users, []string{"arn:aws:iam::111122223333:user/analyst"}) {
			t.Errorf("the role is mapped to %+v", got)
		}
	})
	t.Run("a role that somebody narrowed is left alone", func(t *testing.T) {
		path := "/_plugins/_security/api/roles/ml-metrics-readers"
		patch := []any{map[string]any{"op": "add", "path": "/index_permissions/0/dls", "value": `{"term":{"ml.team":"risk"}}`}}
		must(t, admin.Send(t.Context(), "PATCH", path, patch, nil))
		plan := setup(t, admin, wanted)
		if len(plan.Changes) != 0 ||
			!slices.Contains(plan.Notes,
				`role "ml-metrics-readers": somebody narrowed it to certain documents or fields; it is left as it is`) {
			t.Errorf("the changes are %+v, and the notes %q", plan.Changes, plan.Notes)
		}
	})
	t.Run("a role that somebody changed is mended", func(t *testing.T) {
		patch := []any{map[string]any{"op": "add", "path": "/index_permissions/0/allowed_actions/-", "value": "indices:data/write/delete"}}
		must(t, admin.Send(t.Context(), "PATCH", "/_plugins/_security/api/roles/ml-metrics-writers", patch, nil))
		plan := setup(t, admin, wanted)
		if len(plan.Changes) != 1 || !slices.Equal(plan.Changes[0].Differences,
			[]string{"- index_permissions[0].allowed_actions[6]: indices:data/write/delete"}) {
			t.Errorf("the changes are %+v", plan.Changes)
		}
	})
	t.Run("who may not is told", func(t *testing.T) {
		_, err := clients["writer"].Plan(t.Context(), wanted)
		if err == nil || !strings.Contains(err.Error(), `signed in as the user "writer"; map it to a role inside the domain that may`) {
			t.Errorf("the error is %v", err)
		}
		_, err = as("admin", "wrong-password").Plan(t.Context(), wanted)
		if err == nil || !strings.Contains(err.Error(), "401 it does not take the user and the password") ||
			strings.Contains(err.Error(), "wrong-password") {
			t.Errorf("the error is %v", err)
		}
	})
}

// setup does what a plan says, and checks that nothing is left to do.
func setup(t *testing.T, client *Client, wanted Wanted) Plan {
	t.Helper()
	plan, err := client.Plan(t.Context(), wanted)
	must(t, err)
	must(t, plan.Apply(t.Context(), func(Change) {}))
	again, err := client.Plan(t.Context(), wanted)
	must(t, err)
	if !again.UpToDate() {
		t.Errorf("a second run would change %+v", again.Changes)
	}
	return plan
}

// isAllowed reports whether no part of an answer is a denial. What fails for another reason was allowed.
func isAllowed(t *testing.T, client *Client, method, path, body string) bool {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	response, err := client.Do(context.Background(), method, path, http.Header{"Content-Type": {"application/json"}}, content)
	must(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	must(t, err)
	if response.StatusCode == http.StatusForbidden || strings.Contains(string(answer), "security_exception") {
		return false
	}
	var said any
	if json.Unmarshal(answer, &said) != nil || response.StatusCode == http.StatusUnauthorized || response.StatusCode >= 500 {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	return true
}

// startSecured starts OpenSearch 2.19.1 with its security plugin, and the user admin with the password admin.
func startSecured(t *testing.T) *elastictest.Server {
	t.Helper()
	files := certificates(t)
	for _, file := range []struct{ name, kind, content string }{
		{"config", "config",
			"config:\n  dynamic:\n    authc:\n      basic:\n        http_enabled: true\n        order: 0\n        http_authenticator: {type: basic, challenge: true}\n        authentication_backend: {type: internal}\n"},
		{"internal_users", "internalusers",
			"admin:\n  hash: $2a$12$VcCDgh2NDk07JGN0rjGbM.Ad41qVR/YFJcgHp0UGns5JDymv..TOG\n  backend_roles: [admin]\n"},
		{"roles_mapping", "rolesmapping", "all_access:\n  backend_roles: [admin]\n"},
		{"roles", "roles", ""},
		{"action_groups", "actiongroups", ""},
		{"tenants", "tenants", ""},
		{"nodes_dn", "nodesdn", ""},
		{"allowlist", "allowlist", "config:\n  enabled: false\n"},
		{"whitelist", "whitelist", "config:\n  enabled: false\n"},
		{"audit", "audit", "config:\n  enabled: false\n"},
	} {
		files["opensearch-security/"+file.name+".yml"] = "_meta:\n  type: " + file.kind + "\n  config_version: 2\n" + file.content
	}
	server, err := elastictest.Start(elastictest.Options{
		Engine:  elastictest.OpenSearch2,
		Heap:    "768m",
		Plugins: []string{"org.opensearch.plugin:opensearch-security:2.19.1.0:zip"},
		Files:   files,
		Settings: map[string]string{
			"plugins.security.ssl.transport.pemcert_filepath":              "node.pem",
			"plugins.security.ssl.transport.pemkey_filepath":               "node.key",
			"plugins.security.ssl.transport.pemtrustedcas_filepath":        "ca.pem",
			"plugins.security.ssl.transport.enforce_hostname_verification": "false",
			"plugins.security.ssl.http.enabled":                            "false",
			"plugins.security.nodes_dn":                                    "CN=node",
			"plugins.security.authcz.admin_dn":                             "CN=admin",
			"plugins.security.allow_default_init_securityindex":            "true",
			"plugins.security.restapi.roles_enabled":                       "all_access",
		},
		Header: http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("admin:admin"))}},
	})
	must(t, err)
	t.Cleanup(func() { server.Close() })
	return server
}

// certificates is an authority and a node's certificate for the traffic between nodes.
func certificates(t *testing.T) map[string]string {
	t.Helper()
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	nodeKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 2),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	node := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "node"}, NotBefore: authority.NotBefore,
		NotAfter: authority.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	must(t, err)
	nodeDER, err := x509.CreateCertificate(rand.Reader, node, authority, nodeKey.Public(), authorityKey)
	must(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(nodeKey)
	must(t, err)
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return map[string]string{"ca.pem": encode("CERTIFICATE", authorityDER), "node.pem": encode("CERTIFICATE", nodeDER),
		"node.key": encode("PRIVATE KEY", keyDER)}
}

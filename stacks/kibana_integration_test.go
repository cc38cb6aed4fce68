//go:build integration

package stacks_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// A reader of the file opens every dashboard: what the pages ask for in a real Kibana, recorded, is let through below Kibana's path. What
// saves, deletes or imports beside it, and the console, is not.
func TestReadersOpenDashboards(t *testing.T) {
	requireSimulator(t)
	given := smallest(spec.Backend{})
	readerARN := "arn:aws:iam::" + here + ":role/ml-engineer"
	given.Access = spec.Access{Readers: []string{readerARN}}
	metrics, err := stacks.NewMetrics(cdktf.Testing_App(nil), "dashboards", given)
	if err != nil {
		t.Fatal(err)
	}
	policies := map[string]policy{}
	for name, document := range policiesOf(t, metrics.Stack) {
		policies[name] = document
	}

	recorded, err := os.Open("../kibana/testdata/requests.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer recorded.Close()
	allowed := map[string]bool{}
	lines := bufio.NewScanner(recorded)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var request struct{ Method, Path string }
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			t.Fatal(err)
		}
		path, _, _ := strings.Cut(request.Path, "?")
		allowed[request.Method+" /_plugin/kibana"+path] = true
	}
	const api = " /_plugin/kibana/api/"
	tries := map[string]bool{}
	for request := range allowed {
		tries[request] = true
	}
	for _, request := range []string{
		"POST" + api + "saved_objects/dashboard", "POST" + api + "saved_objects/dashboard/ml-metrics.models",
		"PUT" + api + "saved_objects/dashboard/ml-metrics.models",
		"PUT" + api + "saved_objects/visualization/ml-metrics.models-better", "DELETE" + api + "saved_objects/dashboard/ml-metrics.models",
		"POST" + api + "saved_objects/_bulk_create", "PUT" + api + "saved_objects/_bulk_update", "POST" + api + "saved_objects/_import",
		"POST" + api + "saved_objects/_resolve_import_errors",
		"PUT" + api + "saved_objects/index-pattern/ml-metrics", "POST" + api + "kibana/settings",
		"POST" + api + "kibana/settings/defaultIndex", "POST" + api + "console/proxy",
		"POST" + api + "shorten_url", "DELETE" + api + "index_patterns/x",
	} {
		tries[request] = false
	}

	var attempts []attempt
	for request, letIn := range tries {
		method, path, _ := strings.Cut(request, " ")
		attempts = append(attempts, attempt{
			environment: "dashboards", who: "a reader", methodAndPath: request, letIn: letIn, Policy: "access",
			IdentityPolicies: []string{},
			Principal:        &readerARN,
			Action: "es:ESHttp" + method[:1] + strings.ToLower(
				method[1:],
			), Resource: "arn:aws:es:us-east-1:" + here + ":domain/" + given.Domain.DomainName + path,
			Context: map[string]string{"aws:SourceIp": anywhere, "aws:PrincipalArn": readerARN},
		})
	}
	slices.SortFunc(attempts, func(a, b attempt) int { return strings.Compare(a.methodAndPath, b.methodAndPath) })
	for i, decision := range decide(t, policies, attempts) {
		attempts[i].judge(t, decision)
	}
	if len(allowed) < 5 {
		t.Errorf("%d requests are recorded", len(allowed))
	}
}

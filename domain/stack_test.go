package domain

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const smallest = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config: {instance_type: t3.small.elasticsearch}
`

// The domain of a stack is where Terraform says, where it is initialised; else where AWS says.
func TestStackFind(t *testing.T) {
	const endpoint = "search-ai-metrics-x.eu-central-1.es.amazonaws.com"
	const outputs = `{"elasticsearch_domain_endpoint":{"sensitive":false,"type":"string","value":"` + endpoint + `"},"elasticsearch_domain_arn":{"value":"arn"},"kibana_endpoint":{"value":"` + endpoint + `/_plugin/kibana/"},"master_user_secret_arn":{"value":["x"]}}`
	const described = `{"DomainStatus":{"DomainId":"1/x","DomainName":"ai-metrics","ARN":"arn","ElasticsearchClusterConfig":{},"Created":true,"Deleted":false,"Processing":true,"Endpoint":"search-of-aws.eu-central-1.es.amazonaws.com"}}`
	fault := func(kind, message string) string { return `{"__type":"` + kind + `","message":"` + message + `"}` }
	for _, test := range []struct {
		name      string
		terraform string // a script that stands for it; "" where the stack is not initialised
		status    int    // AWS's answer; 0 where AWS must not be asked
		answer    string
		want      string // the endpoint, or the error
		kibana    string
	}{
		{"initialised", "echo '" + outputs + "'", 0, "", endpoint, endpoint + "/_plugin/kibana/"},
		{"initialised, not deployed", "echo '{}'", 200, described, "search-of-aws.eu-central-1.es.amazonaws.com", ""},
		{"initialised, and it fails", "echo 'Error: No state\n\nmore' >&2; exit 1", 200, described,
			"search-of-aws.eu-central-1.es.amazonaws.com", ""},
		{"not initialised", "", 200, described, "search-of-aws.eu-central-1.es.amazonaws.com", ""},
		{"in a VPC", "", 200, strings.Replace(described, `"Endpoint":"search-of-aws`,
			`"Endpoints":{"vpc":"vpc-of-aws.eu-central-1.es.amazonaws.com"},"x":"`, 1), "vpc-of-aws.eu-central-1.es.amazonaws.com", ""},
		{"being made", "", 200, strings.Replace(described, `"Endpoint":`, `"x":`, 1),
			"--stack dev: its address is not known: the domain ai-metrics in eu-central-1 is still being made, which takes AWS 15 to 30 minutes; run it again then", ""},
		{"being deleted", "", 200, strings.Replace(described, `"Deleted":false`, `"Deleted":true`, 1),
			"is being deleted; deploy it again", ""},
		{"no such domain", "", 409, fault("ResourceNotFoundException", "Domain not found: ai-metrics"),
			"there is no domain ai-metrics in eu-central-1 of these credentials' account; deploy it first", ""},
		{"who may not", "", 403, fault("AccessDeniedException", "User x is not authorized"),
			"AWS does not let these credentials describe the domain ai-metrics (es:DescribeElasticsearchDomain); name the domain with --endpoint", ""},
		{"expired", "", 403, fault("ExpiredTokenException", "expired"), "the AWS credentials have expired; sign in anew", ""},
		{"neither", "echo 'Error: Failed to load state' >&2; exit 1", 409, fault("ResourceNotFoundException", "x"), "output in ", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked := 0
			aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				if r.URL.Path != "/2015-01-01/es/domain/ai-metrics" || !strings.Contains(r.Header.Get("Authorization"),
					"/eu-central-1/es/") {
					t.Errorf("AWS was asked for %s as %s", r.URL, r.Header.Get("Authorization"))
				}
				w.WriteHeader(test.status)
				io.WriteString(w, test.answer)
			}))
			defer aws.Close()
			signedIn(t)
			stack := newStack(t, smallest+"endpoints: {es: \""+aws.URL+"\"}\n")
			if test.terraform != "" {
				must(t, os.MkdirAll(filepath.Join(stack.Outdir, "stacks", "dev", ".terraform"), 0o755))
				program := filepath.Join(t.TempDir(), "terraform")
				must(t, os.WriteFile(program, []byte("#!/bin/sh\n"+test.terraform+"\n"), 0o755))
				t.Setenv("TERRAFORM_BINARY_NAME", program)
			}
			environment, err := stack.Environment()
			must(t, err)
			deployed, err := stack.Find(t.Context(), environment)
			got := deployed.Endpoint
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) || err == nil && got != test.want || strings.Contains(got, "\n") ||
				deployed.Kibana != test.kibana || err == nil && deployed.ARN != "arn" {
				t.Errorf("it is %q (%+v), want %q", got, deployed, test.want)
			}
			if (asked > 0) != (test.status > 0) {
				t.Errorf("AWS was asked %d times", asked)
			}
		})
	}
}

func TestStackEnvironment(t *testing.T) {
	const roles = "region: eu-central-1\ngithub: {repository: example/ai-metrics}\n"
	for _, test := range []struct{ name, stack, content, want string }{
		{"a slip", "dve", smallest, `--stack "dve" has no file in `},
		{"a path", "../x", smallest, `--stack "../x" has no file in `},
		{"roles", "dev", roles, "github: makes this a file of roles, and no environment; name an environment's file"},
		{"a fault in the file", "dev", strings.Replace(smallest, "region: eu-central-1", "region: mars", 1),
			`dev.yaml:1:1: region: "mars"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			stack := newStack(t, test.content)
			stack.Name = test.stack
			_, err := stack.Environment()
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
	if _, err := (Stack{Name: "dev", Environments: "nowhere"}).Environment(); err == nil ||
		!strings.Contains(err.Error(), "there is no folder nowhere here; run it in the project's root") {
		t.Errorf("without the folder it says %v", err)
	}
}

func newStack(t *testing.T, content string) Stack {
	t.Helper()
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "dev.yaml"), []byte(content), 0o600))
	return Stack{Name: "dev", Environments: folder, Outdir: filepath.Join(folder, "cdktf.out")}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package review

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/internal/snapshot"
)

// recorded reads the recorded plan of a name.
func recorded(t testing.TB, name string) *Review {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "plans", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := Read(name, file)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

func strict(t testing.TB, names ...string) Gate {
	t.Helper()
	gate, err := NewGate(names, nil)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

func TestRecordedPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/plans/*.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d recorded plans, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			got := markdown(strict(t, "replace"), MarkdownLimit, recorded(t, name))
			snapshot.Compare(t, strings.TrimSuffix(file, ".json")+".md", got)
		})
	}
}

// What a reviewer reads first, and what a gate refuses.
func TestHeadlinesAndGates(t *testing.T) {
	all := []string{"destroy", "open", "blue-green", "alarms"}
	for _, test := range []struct {
		plan, headline string
		refused        []string // addresses, by all conditions; "" for what cannot be allowed
		byDefault      bool
	}{
		{"no-change", "no resource changes", nil, false},
		{"create", "12 created", nil, false},
		{"in-place", "2 changed; 10 stay as they are", nil, false},
		{"blue-green", "blue/green deployment of the Elasticsearch domain ai-metrics-prod", []string{"aws_elasticsearch_domain.domain"}, false},
		{"replace-domain-name", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"replace-fine-grained", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"replace-kms-key", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"replace-vpc", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"replace-encryption-off", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"replace-version", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"replace-requested", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain"}, true},
		{"errored", "replaces the Elasticsearch domain ai-metrics-prod: all its data is lost", []string{"aws_elasticsearch_domain.domain", ""}, true},
		{"policy-open", "aws_elasticsearch_domain_policy.access now lets anyone on the internet do anything (es:*) to the whole domain", []string{"aws_elasticsearch_domain_policy.access"}, false},
		{"people", "aws_elasticsearch_domain_policy.access lets role batch-scorer of account 111122223333 and account 444455556666", []string{"aws_elasticsearch_domain_policy.access"}, false},
		{"alarm-removed", "alarms lost: ClusterStatus.red is gone, FreeStorageSpace notifies nobody and JVMMemoryPressure fires later",
			[]string{"aws_cloudwatch_metric_alarm.cluster_status_red", "aws_cloudwatch_metric_alarm.free_storage_space", "aws_cloudwatch_metric_alarm.jvm_memory_pressure"}, false},
		{"moved-imported-forgotten", "the log group /adopted/audit: retention_in_days 0 → 90: CloudWatch deletes what is older", nil, false},
		{"target", "no resource changes", nil, false},
	} {
		t.Run(test.plan, func(t *testing.T) {
			r := recorded(t, test.plan)
			if got := r.Headline().Plain(); !strings.HasPrefix(got, test.headline) {
				t.Errorf("headline %q, want %q", got, test.headline)
			}
			var refused []string
			for _, refusal := range strict(t, all...).Refuses(r) {
				refused = append(refused, refusal.Address)
			}
			if diff := cmp.Diff(test.refused, slices.Compact(refused)); diff != "" { // for one thing or for several
				t.Errorf("-want +refused:\n%s", diff)
			}
			if got := len(strict(t, "replace").Refuses(r)) > 0; got != test.byDefault {
				t.Errorf("refused by default: %v, want %v", got, test.byDefault)
			}
			if refusals := strict(t, "never").Refuses(r); refusals != nil {
				t.Errorf("never refuses %v", refusals)
			}
		})
	}
}

func TestAllow(t *testing.T) {
	r := recorded(t, "destroy")
	gate, err := NewGate([]string{"replace"}, []string{"aws_elasticsearch_domain.domain", "aws_kms_key.domian"})
	if err != nil {
		t.Fatal(err)
	}
	var refused []string
	for _, refusal := range gate.Refuses(r) {
		refused = append(refused, refusal.Address)
	}
	if diff := cmp.Diff([]string{"aws_cloudwatch_log_group.application", "aws_kms_key.domain", "aws_kms_key.next"}, refused); diff != "" {
		t.Errorf("-want +refused:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"aws_kms_key.domian"}, gate.Unused([]*Review{r})); diff != "" {
		t.Errorf("-want +unused:\n%s", diff)
	}
}

// Several stacks share a comment: the worst comes first, and each has its marker.
func TestStacksTogether(t *testing.T) {
	reviews := []*Review{recorded(t, "no-change"), recorded(t, "in-place"), recorded(t, "replace-vpc"), recorded(t, "policy-open")}
	markdown := markdown(Gate{}, MarkdownLimit, reviews...)
	at := -1
	for _, name := range []string{"replace-vpc", "policy-open", "no-change", "in-place"} {
		next := strings.Index(markdown, Marker(name)+"\n### ")
		if next <= at {
			t.Errorf("%s is at %d, after %d", name, next, at)
		}
		at = next
	}
}

func TestTerminal(t *testing.T) {
	var colored, plain bytes.Buffer
	reviews := []*Review{recorded(t, "replace-fine-grained")}
	if err := Write(&colored, Terminal{true}, reviews, strict(t, "replace")); err != nil {
		t.Fatal(err)
	}
	if err := Write(&plain, Terminal{false}, reviews, strict(t, "replace")); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(colored.String(), "\x1b[") {
		t.Errorf("escapes: plain %q\ncolored %q", plain.String(), colored.String())
	}
	for _, want := range []string{
		"replaces the Elasticsearch domain ai-metrics-prod: all its data is lost; if it is meant: --allow 'aws_elasticsearch_domain.domain'",
		"advanced_security_options.enabled: false → true  replaces the domain (the provider turns fine-grained access control on only in a new domain)\n",
		"master_user_password: none → (sensitive)",
	} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("no %q in\n%s", want, plain.String())
		}
	}
}

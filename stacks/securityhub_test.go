package stacks_test

import (
	"slices"
	"strings"
	"testing"
)

// TestSecurityHub holds prod to what AWS Security Hub asks of Elasticsearch domains.
// https://docs.aws.amazon.com/securityhub/latest/userguide/es-controls.html
func TestSecurityHub(t *testing.T) {
	all, err := synthesizedOnce()
	if err != nil {
		t.Fatal(err)
	}
	prod, found := all["prod"]
	if !found {
		t.Skip("there is no environments/prod.yaml")
	}
	domain := prod.Resource["aws_elasticsearch_domain"]["domain"]
	is := func(path string, want any) bool { return at(domain, strings.Split(path, ".")...) == want }
	atLeast := func(path string, least float64) bool {
		number, _ := at(domain, strings.Split(path, ".")...).(float64)
		return number >= least
	}
	for _, control := range []struct {
		id, text string
		holds    bool
	}{
		{"ES.1", "encryption at rest", is("encrypt_at_rest.enabled", true)},
		{"ES.2", "not publicly accessible", at(domain, "vpc_options") != nil},
		{"ES.3", "encryption between nodes", is("node_to_node_encryption.enabled", true)},
		{"ES.4", "error logs to CloudWatch", publishes(domain, "ES_APPLICATION_LOGS")},
		{"ES.5", "audit logs to CloudWatch", publishes(domain, "AUDIT_LOGS")},
		{"ES.6", "at least three data nodes, over zones", atLeast("cluster_config.instance_count", 3) && is("cluster_config.zone_awareness_enabled", true)},
		{"ES.7", "at least three dedicated masters", atLeast("cluster_config.dedicated_master_count", 3)},
		{"ES.8", "the latest TLS policy", is("domain_endpoint_options.enforce_https", true) && is("domain_endpoint_options.tls_security_policy", "Policy-Min-TLS-1-2-PFS-2023-10")},
	} {
		if !control.holds {
			t.Errorf("%s, %s: prod fails it", control.id, control.text)
		}
	}
}

// publishes reports whether a domain sends a type of log to CloudWatch.
func publishes(domain map[string]any, logType string) bool {
	options, _ := domain["log_publishing_options"].([]any)
	return slices.ContainsFunc(options, func(option any) bool {
		return at(option, "log_type") == logType && at(option, "enabled") == true
	})
}

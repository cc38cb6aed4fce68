package spec_test

import (
	"testing"

	"cdktf-aimetrics/spec"
)

func TestNeeds(t *testing.T) {
	for _, test := range []struct{ argument, value, what, version string }{
		{"cluster_config.instance_type", "m6g.large.elasticsearch", "m6g.large.elasticsearch", "7.9"},
		{"cluster_config.dedicated_master_type", "c5.large.elasticsearch", "c5.large.elasticsearch", "5.1"},
		{"cluster_config.instance_type", "m6g.large.search", "", ""},
		{"cluster_config.warm_type", "m6g.large.elasticsearch", "", ""},
		{"cluster_config.warm_enabled", "true", "UltraWarm", "6.8"},
		{"cluster_config.warm_enabled", "false", "", ""},
		{"auto_tune_options.desired_state", "ENABLED", "Auto-Tune", "6.7"},
		{"auto_tune_options.desired_state", "DISABLED", "", ""},
		{"log_publishing_options[AUDIT_LOGS].enabled", "true", "log publishing", "5.1"},
		{"tags.team", "ml", "", ""},
		{"cluster_config.instance_count", "3", "", ""},
	} {
		if what, version := spec.Needs(test.argument, test.value); what != test.what || version != test.version {
			t.Errorf("%s %s: %q %q, want %q %q", test.argument, test.value, what, version, test.what, test.version)
		}
	}
	for _, test := range []struct {
		one, other string
		want       bool
	}{{"7.9", "7.10", true}, {"7.10", "7.9", false}, {"7.10", "7.10", false}, {"7.9", "8.0", false}, {"", "7.10", false}} {
		if got := spec.OlderThan(test.one, test.other); got != test.want {
			t.Errorf("%s older than %s: %v, want %v", test.one, test.other, got, test.want)
		}
	}
}

package review

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Plans that people had trouble with and said so in public, each with what their reviewer must be told first and what is refused by the
// command's default and by the workflows'.
func TestCases(t *testing.T) {
	for _, test := range []struct {
		name     string
		findings []string // their beginnings, the worst first
		refused  []string // the conditions of replace, kept, open
		shown    []string // further texts that are in what is written
		hidden   []string // and that are not
	}{
		{"adopt-by-hand", nil, nil, []string{"Changed in place: no data moves.", "nothing on AWS"}, []string{"blue/green deployment", "A blue/green"}},
		{"cognito-self-sign-up", []string{"aws_cognito_user_pool.kibana_users: admin_create_user_config.allow_admin_create_user_only true → false: everybody can sign up by themselves, and gets in"},
			[]string{"open"}, nil, nil},
		{"credentials-in-tags", []string{"the policy of aws_elasticsearch_domain_policy.policy is known only after apply"}, nil,
			[]string{"| `tags.conn` | none | (sensitive) |", "| `tags.key` | none | (sensitive) |", "| `tags.pem` | none | (sensitive) |", "| `tags.sas` | none | (sensitive) |", "| `tags.url` | none | (sensitive) |"},
			[]string{"hunter2", "AKIAABCDEFGHIJKLMNOP", "MIIabc", "abcdefghijk"}},
		{"exclusive-attachment-create", []string{"aws_iam_policy_attachment.readers now gives the policy arn:aws:iam::123456789012:policy/probe-eu-west-1-readers to the role notebooks and the role dashboards, " +
			"and detaches the policy from everybody else"}, []string{"open"}, nil, nil},
		// What the provider plans where Cognito, UltraWarm, a type of log, an advanced option, zones, the snapshot's hour and the security
		// groups leave the configuration.
		{"left-out", []string{
			"the Elasticsearch domain m2m: log_publishing_options[INDEX_SLOW_LOGS].enabled true → none: AWS goes on publishing it",
			"the Elasticsearch domain m2m: advanced_options.a 1 → none: AWS keeps it as it was",
			"the Elasticsearch domain m2m: cluster_config.warm_enabled true → none: AWS refuses while warm or cold indices are there",
			"blue/green deployment",
			"the Elasticsearch domain m2m: vpc_options.security_group_ids sg-1 → none: whom the default security group of its VPC lets in may reach it",
		}, []string{"kept", "open"}, nil, nil},
		{"principal-role-deleted", []string{"aws_elasticsearch_domain_policy.access lets role trainer of account 123456789012 do more", "something was changed outside Terraform"}, nil,
			[]string{"nobody: **now lets** a role that was deleted (`AROAQXAMPLE4711PROBE9`)", "nobody: **no longer lets** a role that was deleted (`AROAQXAMPLE4711PROBE9`)"}, []string{"lets AROA"}},
		{"upgrade-and-type", []string{"AWS refuses this change of the Elasticsearch domain probe-upgrade, which runs 6.8 until all else is done: m6g.large.elasticsearch needs 7.9. Upgrade first, the rest in a second deployment",
			"blue/green deployment"}, nil, nil, nil},
		{"vpc-endpoint-access", []string{"aws_opensearch_authorize_vpc_endpoint_access.other now lets account 444455556666 make VPC endpoints to the domain probe"}, []string{"open"}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := os.ReadFile("testdata/cases/" + test.name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(test.name, strings.NewReader(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range test.findings {
				if len(r.Findings) <= i || !strings.HasPrefix(r.Findings[i].Text.Plain(), want) {
					t.Errorf("finding %d is none of %v, want %q", i, r.Findings, want)
				}
			}
			if len(r.Findings) != len(test.findings) {
				t.Errorf("found %v, want %q", r.Findings, test.findings)
			}
			refused := slices.DeleteFunc(refusedFor(t, r), func(name string) bool { return !slices.Contains([]string{"replace", "kept", "open"}, name) })
			if diff := cmp.Diff(test.refused, refused); diff != "" && len(test.refused)+len(refused) > 0 {
				t.Errorf("-want +refused:\n%s", diff)
			}
			got := writtenOf(r)
			for _, want := range test.shown {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			for _, hidden := range test.hidden {
				if strings.Contains(got, hidden) {
					t.Errorf("%q is in\n%s", hidden, got)
				}
			}
		})
	}
}

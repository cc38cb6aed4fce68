package spec

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	guardRail = `index_prefix is a guard rail, not a wall: with "true", the body of _bulk, _msearch, _mget and of searches in Kibana ` +
		`can name any index; ` +
		`"false" shuts most of that and breaks Kibana; advanced_security_options separates teams for good`
	noLock = "nothing keeps two runs apart, and a state that two of them write is lost; add use_lockfile: true (Terraform 1.10 or " +
		"newer) or dynamodb_table"
)

var warningCases = slices.Concat([]warningCase{
	{"open to the internet", minimal, "", "access: {open_to_the_internet: true}\n", "access: {open_to_the_internet: false}\n",
		"7:10: access.open_to_the_internet: anybody on the internet can read, change and delete everything on this domain; AWS refuses that today, after it made the domain, without sign_in.fine_grained_access_control"},
	{"open to the internet, with a lock behind it", edit(fineGrained, "  source_ips: [203.0.113.0/24]\n", ""), "  leave_to_fine_grained_access_control: true\n", "  open_to_the_internet: true\n", "  administrators: [account]\n",
		"16:3: access.open_to_the_internet: every request from the internet, signed or not, reaches fine-grained access control; that alone keeps it shut"},
	{"open to the VPC", minimal, "", "network: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}}\naccess: {open_to_the_vpc: true}\n",
		"network: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}}\naccess: {administrators: [account]}\n",
		"8:10: access.open_to_the_vpc: anybody whom the security groups let through can read, change and delete everything on this domain, without signing in"},
	{"open to the VPC, with a lock behind it", minimal, "", "network: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}}\naccess: {open_to_the_vpc: true}\nsign_in: {fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"network: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}}\naccess: {administrators: [account]}\nsign_in: {fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"8:10: access.open_to_the_vpc: every request that the security groups let through, signed or not, reaches fine-grained access control; that alone keeps it shut"},
	{"open to addresses", minimal, "", "access: {open_to_addresses: [203.0.113.7]}\n", "access: {source_ips: [203.0.113.7]}\n",
		"7:10: access.open_to_addresses: anybody there can read, change and delete everything on this domain, without signing in"},
	{"open to addresses, with a lock behind it", minimal, "", "access: {open_to_addresses: [203.0.113.7]}\nsign_in: {fine_grained_access_control: {master_user_name: administrator}}\n",
		"access: {source_ips: [203.0.113.7]}\nsign_in: {fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"7:10: access.open_to_addresses: every request from there, signed or not, reaches fine-grained access control; that alone keeps it shut"},
	{"a policy of somebody else's", minimal, "", "access: {leave_policy_as_it_is: true}\nsign_in: {fine_grained_access_control: {master_user_name: administrator}}\n",
		"access: {leave_policy_as_it_is: false}\n",
		"7:10: access.leave_policy_as_it_is: who gets in is not in this file: no plan and no review shows it, nor a change of it"},
	{"passwords alone", edit(fineGrained, "  source_ips: [203.0.113.0/24]\n", ""), "  log_publishing_options:\n", "  log_publishing_options:\n", "  vpc_options: {subnet_ids: [subnet-0a], security_group_ids: [sg-0a]}\n  log_publishing_options:\n",
		"16:3: access.leave_to_fine_grained_access_control: every request from the internet reaches the domain's own sign-in; passwords alone keep it shut"},
	{"no browser gets in", minimal, "", "access: {writers: [account]}\n", "access: {writers: [account], readers: [account]}\n",
		"7:10: access.writers: nobody here may open Kibana, and nobody may run aimetrics setup: name administrators or readers, whom aimetrics kibana lets in, or add sign_in.cognito or sign_in.saml"},
	{"passwords alone, for some addresses", edit(fineGrained, "  source_ips: [203.0.113.0/24]\n", ""), "  leave_to_fine_grained_access_control: true\n", "  source_ips: [203.0.113.0/24]\n  leave_to_fine_grained_access_control: true\n", "  leave_to_fine_grained_access_control: true\nnetwork: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}}\n",
		"17:3: access.leave_to_fine_grained_access_control: every request from source_ips reaches the domain's own sign-in; passwords alone keep it shut"},
	{"index_prefix is no wall for writers", minimal, "", "access: {writers: [account]}\n", "access: {administrators: [account]}\n",
		"2:1: domain.advanced_options.rest.action.multi.allow_explicit_index: " + guardRail},
	{"index_prefix is no wall for readers", minimal, "", "access: {readers: [account]}\n", "access: {}\n",
		"2:1: domain.advanced_options.rest.action.multi.allow_explicit_index: " + guardRail},
	{"index_prefix is no wall, though it is given", private, "  snapshot_options:", "  advanced_options:\n    rest.action.multi.allow_explicit_index: \"true\"\n  snapshot_options:", "  advanced_security_options: {enabled: true, master_user_options: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n  snapshot_options:",
		"54:5: domain.advanced_options.rest.action.multi.allow_explicit_index: " + guardRail},
	{"Kibana does not work for readers", minimal, "", "  advanced_options: {rest.action.multi.allow_explicit_index: \"false\"}\naccess: {readers: [account]}\n",
		"  advanced_options: {rest.action.multi.allow_explicit_index: \"false\"}\naccess: {writers: [account]}\n",
		`7:22: domain.advanced_options.rest.action.multi.allow_explicit_index: with "false" Kibana does not work on this domain, though there are readers`},
	{"more shards of metrics than the heaps carry", minimal, "", "metrics: {partition: day}\n", "metrics: {partition: day, retention_in_days: 30}\n",
		"7:1: metrics: makes 367 shards, copies included, within 365 days, and AWS recommends 100 at most for the heaps of these data nodes; partition by month, keep them for a shorter time, or lower shards or replicas"},
	{"version out of standard support", private, "7.8", "7.8", "7.9",
		`11:3: domain.elasticsearch_version: AWS ended standard support of "7.8" on 2025-11-07 and bills extended support from then on, until 2027-11-07; the newest version is 7.10`},
	{"version out of standard support for who knows how long", private, "7.8", "7.7", "7.10",
		`11:3: domain.elasticsearch_version: AWS ended standard support of "7.7" on 2025-11-07 and bills extended support from then on; the newest version is 7.10`},
	{"version without an end of support", private, "7.8", "7.1", "6.8",
		`11:3: domain.elasticsearch_version: AWS ended standard support of "7.1" on 2025-11-07 and bills extended support from then on; the newest version is 7.10`},
	{"windows that begin in the past", private, "2027-01-10", "2025-12-31", "2026-01-02",
		`47:5: domain.auto_tune_options.maintenance_schedule: start_at "2025-12-31T03:00:00Z" is past: AWS refuses that where the domain or this section is new or changes; write a time to come, unless it stands like this on the domain`},
	{"no encryption at rest", minimal, "", "  encrypt_at_rest: {enabled: false}\n", "  encrypt_at_rest: {enabled: true}\n",
		"7:21: domain.encrypt_at_rest.enabled: false leaves disks and snapshots unencrypted"},
	{"no encryption between nodes", minimal, "", "  node_to_node_encryption: {enabled: false}\n", "  node_to_node_encryption: {enabled: true}\n",
		"7:29: domain.node_to_node_encryption.enabled: false leaves the traffic between nodes unencrypted"},
	{"plain HTTP", minimal, "", "  domain_endpoint_options: {enforce_https: false}\n", "  domain_endpoint_options: {enforce_https: true}\n",
		"7:29: domain.domain_endpoint_options.enforce_https: false lets metrics and credentials travel in plain HTTP"},
	{"TLS that has no effect", minimal, "", "  domain_endpoint_options: {enforce_https: false, tls_security_policy: Policy-Min-TLS-1-2-2019-07}\n", "  domain_endpoint_options: {enforce_https: false}\n",
		`7:51: domain.domain_endpoint_options.tls_security_policy: "Policy-Min-TLS-1-2-2019-07" has no effect without enforce_https: true: AWS tells "Policy-Min-TLS-1-0-2019-07", and every plan shows what differs from that; leave it out`},
	{"no lock of a server", minimal, "", "backend: {http: {address: \"https://state.example.com\"}}\n", "backend: {http: {address: \"https://state.example.com\", lock_address: \"https://state.example.com/lock\"}}\n",
		"7:11: backend.http: nothing keeps two runs apart, and a state that two of them write is lost; add lock_address, and unlock_address where it is another one"},
	{"a state in a region that nobody knows", s3Backend, "    retry_mode: standard\n", "    region: eu-central-9\n", "    region: eu-central-9\n    skip_region_validation: true\n",
		`11:5: backend.s3.region: "eu-central-9" is no region that is known here, and Terraform may refuse it; did you mean "eu-central-1"?`},
	{"uneven nodes", private, "instance_count: 3", "instance_count: 5", "instance_count: 6",
		"14:5: domain.cluster_config.instance_count: 5 nodes in 3 zones carry uneven loads; AWS recommends a multiple of 3"},
	{"door of another lock than passwords", minimal, "", "access: {leave_to_fine_grained_access_control: true}\nsign_in: {saml: {entity_id: \"https://idp.example.com/metadata\", metadata_file: testdata/idp.xml}, fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"network: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}}\naccess: {leave_to_fine_grained_access_control: true}\nsign_in: {saml: {entity_id: \"https://idp.example.com/metadata\", metadata_file: testdata/idp.xml}, fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"7:10: access.leave_to_fine_grained_access_control: every request from the internet reaches the domain's own sign-in; that alone keeps it shut"},
	{"passwords that nobody can use", minimal, "", "access: {administrators: [account]}\nsign_in: {fine_grained_access_control: {master_user_name: administrator}}\n",
		"access: {administrators: [account]}\nsign_in: {fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"7:1: access.leave_to_fine_grained_access_control: without true, nobody can sign in with a name and a password: the access policy asks for requests that IAM signs"},
	{"index_prefix is no wall for who signed in", minimal, "", "access: {administrators: [account]}\nsign_in: {cognito: {user_pool_domain: ai-metrics-kibana}}\n",
		"access: {administrators: [account]}\nsign_in: {cognito: {user_pool_domain: ai-metrics-kibana, signed_in_users: administrators}}\n",
		"2:1: domain.advanced_options.rest.action.multi.allow_explicit_index: " + guardRail},
	{"no lock", private, "    use_lockfile: true\n", "", "    use_lockfile: true\n",
		"5:3: backend.s3: " + noLock},
	{"lock turned off", private, "    use_lockfile: true\n", "    use_lockfile: false\n", "    dynamodb_table: locks\n",
		"5:3: backend.s3: " + noLock},
}, sectionWarningCases)

// warningCase is an edit that earns a warning, and its neighbour that does not.
type warningCase struct {
	name string
	base string
	old  string
	loud string // stands in the place of old and earns the warning
	mute string // stands there and does not
	want string // the whole warning but for the file's name
}

func TestEachWarning(t *testing.T) {
	for _, test := range warningCases {
		t.Run(test.name, func(t *testing.T) {
			loud, mute := warningsOf(t, edit(test.base, test.old, test.loud)), warningsOf(t, edit(test.base, test.old, test.mute))
			i := slices.IndexFunc(loud, func(p Problem) bool { return p.Error() == "env.yaml:"+test.want })
			if i < 0 {
				t.Fatalf("want the warning env.yaml:%s\ngot:\n%v", test.want, loud)
			}
			if slices.ContainsFunc(mute, func(p Problem) bool { return p.Path == loud[i].Path }) {
				t.Errorf("want no warning of %s from its neighbour, got:\n%v", loud[i].Path, mute)
			}
		})
	}
}

// TestEachWarningRuleHasACase fails when a warning is added and nothing proves that it is given.
func TestEachWarningRuleHasACase(t *testing.T) {
	given := map[string]bool{}
	for _, test := range warningCases {
		for _, warning := range warningsOf(t, edit(test.base, test.old, test.loud)) {
			given[warning.rule] = true
		}
	}
	for path := range formerKeys {
		if !given[path] {
			t.Errorf("want a case of the former name %s, got none", path)
		}
	}
	for _, rule := range warnings {
		if !given[rule.path] {
			t.Errorf("want a case of the warning at %s, got none", rule.path)
		}
	}
}

// TestAFormerNameMeansTheSame: a file with it is the same environment, with its problems at the key that the file has, and editors
// take it.
func TestAFormerNameMeansTheSame(t *testing.T) {
	const current, former = "  leave_to_fine_grained_access_control: true\n", "  fine_grained_access_control: true\n"
	want, _, err := Parse("env.yaml", []byte(governed), today)
	if err != nil {
		t.Fatal(err)
	}
	content := edit(governed, current, former)
	got, _, err := Parse("env.yaml", []byte(content), today)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("environment (-current +former), %v:\n%s", err, diff)
	}
	if err := validate(t, content); err != nil {
		t.Errorf("want editors to take a former name, got %v", err)
	}
	_, _, err = Parse("env.yaml", []byte(edit(governed, current, former+"  administrators: [account]\n")), today)
	wantError := "env.yaml:10:3: access.leave_to_fine_grained_access_control: true cannot go with administrators, writers and readers; " +
		"give those people roles inside the domain"
	if err == nil || err.Error() != wantError {
		t.Errorf("want %s, got %v", wantError, err)
	}
}

func TestASoundFileHasNoWarnings(t *testing.T) {
	if got := warningsOf(t, minimal); len(got) != 0 {
		t.Errorf("want no warning, got:\n%v", got)
	}
}

func TestSupportIsJudgedByToday(t *testing.T) {
	const (
		ends  = `AWS ends extended support of "7.9" on 2028-11-07; the newest version is 7.10`
		ended = `AWS ended extended support of "7.9" on 2028-11-07; the newest version is 7.10`
	)
	for _, test := range []struct{ version, today, want string }{
		{"7.9", "2027-11-06", ""},
		{"7.9", "2027-11-07", ends},
		{"7.9", "2028-11-07", ends},
		{"7.9", "2028-11-08", ended},
		{"7.8", "2024-11-06", ""},
		{"7.8", "2024-11-07", `AWS ends standard support of "7.8" on 2025-11-07 and bills extended support from then on, until 2027-11-07; the newest version is 7.10`},
		{"7.10", "2040-01-01", ""}, // there is no newer one
		{"6.8", "2040-01-01", ""},
		{"7.11", "2040-01-01", ""},
	} {
		t.Run(test.version+" on "+test.today, func(t *testing.T) {
			day, err := time.Parse(time.DateOnly, test.today)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, supportWarning(test.version, day)); diff != "" {
				t.Errorf("warning (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEachVersionHasItsDaysInOrder(t *testing.T) {
	for i, v := range versions {
		if i > 0 && !versions[i-1].before(v.version) {
			t.Errorf("want the oldest version first, got %s before %s", versions[i-1], v)
		}
		for _, day := range []string{v.standard, v.extended} {
			if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
				t.Errorf("want a day of %s such as 2027-11-07, got %q", v, day)
			}
		}
		if v.extended != "" && v.extended <= v.standard {
			t.Errorf("want extended support of %s after %s, got %s", v, v.standard, v.extended)
		}
	}
}

// warningsOf is the warnings of a file that has no faults.
func warningsOf(t *testing.T, content string) Problems {
	t.Helper()
	_, warnings, err := Parse("env.yaml", []byte(content), today)
	if err != nil {
		t.Fatalf("want no error, got %v", err)
	}
	return warnings
}

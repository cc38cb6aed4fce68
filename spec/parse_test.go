package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Keys at the top that begin with x- hold what the file repeats. They say nothing by themselves.
func TestAnchors(t *testing.T) {
	plain := minimal + "access: {writers: [arn:aws:iam::111122223333:role/a], readers: [arn:aws:iam::111122223333:role/a]}\n"
	const list = "[arn:aws:iam::111122223333:role/a]"
	anchored := "x-roles: &roles " + list + "\nx-unused: {region: 1, domain:}\n" + strings.ReplaceAll(plain, list, "*roles")
	want, _, err := Parse("plain.yaml", []byte(plain), today)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := Parse("anchored.yaml", []byte(anchored), today)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (-plain +anchored):\n%s", diff)
	}
	roles := "x-region: &region eu-central-1\nregion: *region\ngithub: {repository: example/ai-metrics}\n"
	if file, err := parse("roles.yaml", []byte(roles), today); err != nil || file.Roles.Region != "eu-central-1" {
		t.Errorf("a file of roles: %v", err)
	}
	if err := validate(t, anchored); err != nil {
		t.Errorf("the schema refuses it: %v", err)
	}
}

func TestATabIsFoundInItsLine(t *testing.T) {
	for _, test := range []struct{ name, content string }{
		{"at the top", "\t" + minimal},
		{"for the whole indentation", edit(private, "    instance_count", "\tinstance_count")},
		{"behind spaces", edit(private, "    instance_count", "  \tinstance_count")},
		{"two", edit(private, "    instance_count", "\t\tinstance_count")},
		{"before the first key of a section", edit(private, "    volume_size", "\tvolume_size")},
		{"before the last key of a section", edit(private, "    delete", "\tdelete")},
		{"before a section", edit(private, "  timeouts", "\ttimeouts")},
		{"before an element", edit(private, "    - log_type", "\t- log_type")},
		{"in the last line", edit(private, "  index_prefix", "\tindex_prefix")},
	} {
		t.Run(test.name, func(t *testing.T) {
			line := strings.Count(test.content[:strings.Index(test.content, "\t")], "\n") + 1
			want := fmt.Sprintf("tab.yaml:%d:1: is indented with a tab, which YAML does not have; indent with spaces", line)
			_, _, err := Parse("tab.yaml", []byte(test.content), today)
			if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// TestASyntaxErrorIsFoundInItsLine, or the next: the advice is to look at the line before, too.
func TestASyntaxErrorIsFoundInItsLine(t *testing.T) {
	for _, test := range []struct{ name, old, broken string }{
		{"no colon", "    update: 4h", "    update 4h"},
		{"no space behind the colon", "    update: 4h", "    update:4h"},
		{"two colons", "    update: 4h", "    update: 4: h"},
		{"character that begins no value", "    update: 4h", "    update: @4h"},
		{"unknown escape", "    update: 4h", `    update: "\4h"`},
		{"quote that does not end", "    update: 4h", "    update: '4h"},
		{"brace that does not end", "    update: 4h", "    update: {hours: 4"},
		{"bracket that does not end", "[sg-0a]", "[sg-0a"},
		{"bracket that does not begin", "[sg-0a]", "]"},
		{"key indented too far", "    update: 4h", "     update: 4h"},
		{"key not indented far enough", "    update: 4h", "   update: 4h"},
		{"section not indented far enough", "  timeouts:", " timeouts:"},
		{"element beside keys", "    update: 4h", "    - update: 4h"},
		{"alias of nothing", "[sg-0a]", "[*group]"},
		{"control character", "[sg-0a]", "[\x01]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			line := strings.Count(private[:strings.Index(private, test.old)], "\n") + 1
			_, _, err := Parse("broken.yaml", []byte(edit(private, test.old, test.broken)), today)
			problems := problemsOf(t, err)
			if len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "is no YAML: ") {
				t.Fatalf("want one error of YAML, got:\n%v", err)
			}
			if got := problems[0].Position.Line; got != line && got != line+1 {
				t.Errorf("want line %d or the next, got %d: %v", line, got, err)
			}
		})
	}
}

// TestTheLastThatIsSound: what stands just within a limit.
func TestTheLastThatIsSound(t *testing.T) {
	for name, content := range map[string]string{
		"region of GovCloud":            edit(minimal, "eu-central-1", "us-gov-west-1"),
		"shortest domain_name":          edit(minimal, "ai-metrics", "a-1"),
		"longest domain_name":           edit(minimal, "ai-metrics", "a234567890123456789012345678"),
		"last version for m3":           edit(oldest, "\"2.3\"\n  cluster_config:\n    instance_type: m4.large", "\"6.5\"\n  cluster_config:\n    instance_type: m3.large"),
		"last version for t2.micro":     edit(oldest, "m4.large", "t2.micro"),
		"first version for Graviton":    edit(minimal, "7.10", "7.9"),
		"ten nodes without masters":     minimal + "    instance_count: 10\n",
		"five nodes in three zones":     edit(private, "instance_count: 3", "instance_count: 5"),
		"two hundred nodes":             edit(private, "instance_count: 3", "instance_count: 200"),
		"largest volume":                edit(private, "volume_size: 100", "volume_size: 1024\n    throughput: 250"),
		"largest magnetic volume":       edit(private, "volume_type: gp3", "volume_type: standard"),
		"io1 with the most iops":        edit(private, "volume_type: gp3", "volume_type: io1\n    iops: 5000"),
		"gp3 with the most iops":        edit(private, "volume_type: gp3", "volume_type: gp3\n    iops: 16000\n    throughput: 1000"),
		"gp3 with the least throughput": edit(private, "volume_type: gp3", "volume_type: gp3\n    throughput: 125"),
		"i2 with EBS":                   edit(oldest, "m4.large", "i2.xlarge"),
		"i2 without EBS":                edit(oldest, "m4.large.elasticsearch", "i2.xlarge.elasticsearch\n  ebs_options: {ebs_enabled: false}"),
		"cron expressions":              edit(private, "cron(0 3 ? * SUN *)", "cron(0/30 3,4 LW JAN-dec ? 2027-2199)"),
		"a host of other letters":       edit(governed, "name: metrics.example.com", "name: metrics.xn--e1afmkfd.xn--p1ai"),
		"options":                       minimal + "  advanced_options: {indices.fielddata.cache.size: \"100\", indices.query.bool.max_clause_count: \"1\"}\n",
		"longest tag":                   minimal + "default_tags: {" + strings.Repeat("k", 128) + ": " + strings.Repeat("v", 256) + "}\n",
		"fifty tags":                    minimal + "default_tags:\n" + fiftyTags(),
		"tag of no value":               minimal + "default_tags: {project: \"\"}\n",
		"first hour of the day":         edit(private, "automated_snapshot_start_hour: 3", "automated_snapshot_start_hour: 0"),
		"no retries":                    edit(private, "use_lockfile: true", "use_lockfile: true\n    max_retries: 0"),
		"rollback with a schedule":      edit(private, "NO_ROLLBACK", "DEFAULT_ROLLBACK"),
		"audit logs that are off":       edit(private, "INDEX_SLOW_LOGS", "AUDIT_LOGS\n      enabled: false"),
		"log group with a star":         edit(private, "log-group:slow", "log-group:/aws/es/slow:*"),
		"Cognito that is off":           minimal + "  cognito_options: {enabled: false, user_pool_id: eu-central-1_b, identity_pool_id: \"eu-central-1:1\", role_arn: \"arn:aws:iam::111122223333:role/a\"}\naccess: {open_to_the_internet: true}\n",
		"principals":                    edit(private, "[account]", `["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/a+=,.@_-b"]`),
		"a tag of another region":       minimal + "  tags: {source: \"arn:aws:s3:us-east-1:111122223333:metrics\"}\n",
		"principals in China":           edit(minimal, "eu-central-1", "cn-north-1") + "access: {readers: [\"arn:aws-cn:iam::111122223333:user/a/b\"]}\n",
		"principals in GovCloud":        edit(minimal, "eu-central-1", "us-gov-west-1") + "access: {readers: [\"arn:aws-us-gov:iam::111122223333:root\"]}\n",
		"addresses":                     edit(fineGrained, "203.0.113.0/24", `203.0.113.7, "203.0.113.7/32", "2001:db8::/32", "2001:db8::1"`),
		"time without quotes":           edit(private, `"2027-01-10T03:00:00Z"`, "2027-01-10T03:00:00Z"),
		"address over HTTP":             edit(httpBackend, "https://state.example.com/prod", "http://localhost:8080/state?name=prod"),
		"remote prefix":                 edit(remoteBackend, "name: prod", "prefix: ai-"),
		"sections by default":           minimal + "logs: {}\nalarms: {}\n",
		"adopted by its name":           minimal + "adopt: ai-metrics\n",
		"entity id that is an ARN": edit(edit(governed, "entity_id: https://idp.example.com/metadata", "entity_id: arn:aws:sso:us-east-1:111122223333:x"),
			"metadata_file: testdata/idp.xml", `metadata_content: <EntityDescriptor entityID="arn:aws:sso:us-east-1:111122223333:x"><IDPSSODescriptor/></EntityDescriptor>`),
		"role of another partition":     edit(governed, "master_backend_role: administrators", "master_backend_role: \"arn:aws-cn:iam:cn-north-1:111122223333:x\""),
		"subnets of another region":     edit(pooled, "{tier: private}", "{source: \"arn:aws:s3:us-east-1:111122223333:x\", \"aws:cloudformation:stack-name\": vpc}"),
		"SAML of an open domain":        minimal + "access: {open_to_the_internet: true}\nsign_in: {saml: {entity_id: \"https://idp.example.com/metadata\", metadata_file: testdata/idp.xml}, fine_grained_access_control: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\n",
		"SAML, and the domain's own":    minimal + "  advanced_security_options: {enabled: true, master_user_options: {master_user_arn: \"arn:aws:iam::111122223333:role/a\"}}\naccess: {leave_to_fine_grained_access_control: true}\nsign_in: {saml: {entity_id: \"https://idp.example.com/metadata\", metadata_file: testdata/idp.xml}}\n",
		"pools that exist":              edit(pooled, "    user_pool_domain: ai-metrics-kibana\n    signed_in_users: administrators\n", "    user_pool_id: eu-central-1_AbCdEf123\n    identity_pool_id: eu-central-1:11111111-2222-3333-4444-555555555555\n"),
		"audit logs, by hand":           edit(fineGrained, "  log_publishing_options:\n    - log_type: AUDIT_LOGS\n      cloudwatch_log_group_arn: arn:aws:logs:eu-central-1:111122223333:log-group:audit\n", "logs: {log_types: [AUDIT_LOGS]}\n"),
		"longest window of a key":       edit(governed, "deletion_window_in_days: 14", "deletion_window_in_days: 30"),
		"longest session":               edit(governed, "session_timeout_minutes: 480", "session_timeout_minutes: 1440"),
		"longest retention":             edit(governed, "retention_in_days: 90", "retention_in_days: 3653"),
		"a day of short periods":        edit(governed, "evaluation_periods: 6", "evaluation_periods: 288"),
		"a week of long periods":        edit(governed, "alarm: nodes\n      enabled: false", "alarm: nodes\n      evaluation_periods: 7"),
		"a hundred percent":             edit(governed, "threshold: 90", "threshold: 100"),
		"threshold that may be zero":    edit(governed, "alarm: nodes\n      enabled: false", "alarm: free_storage_space\n      threshold: 0"),
		"off, and looking back too far": edit(governed, "alarm: nodes\n      enabled: false", "alarm: nodes\n      enabled: false\n      evaluation_periods: 8"),
		"emulator":                      minimal + "endpoints: {es: \"http://localhost:4566\", sts: \"http://localhost:4566\"}\n",
		"cloud tags":                    edit(cloudBackend, "name: prod", "tags: [prod]"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Parse("sound.yaml", []byte(content), today); err != nil {
				t.Errorf("want no error, got %v", err)
			}
		})
	}
}

func TestAnchorsAndAliases(t *testing.T) {
	got, _, err := Parse("aliases.yaml", []byte(`region: &region eu-central-1
default_tags: &tags
  region: *region
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: &type m6g.large.elasticsearch
    dedicated_master_enabled: &yes true
    dedicated_master_type: *type
  encrypt_at_rest: &on
    enabled: *yes
  node_to_node_encryption: *on
  tags: *tags
access:
  writers: &all
    - &role arn:aws:iam::111122223333:role/model-trainer
  readers: *all
  administrators: [*role]
`), today)
	if err != nil {
		t.Fatalf("want no error, got %v", err)
	}
	role := []string{"arn:aws:iam::111122223333:role/model-trainer"}
	want := Environment{
		Region:      "eu-central-1",
		DefaultTags: map[string]string{"region": "eu-central-1"},
		Domain: Domain{
			DomainName:           "ai-metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig: ClusterConfig{
				InstanceType:           "m6g.large.elasticsearch",
				DedicatedMasterEnabled: true,
				DedicatedMasterType:    "m6g.large.elasticsearch",
			},
			EncryptAtRest:        EncryptAtRest{Enabled: new(true)},
			NodeToNodeEncryption: NodeToNodeEncryption{Enabled: new(true)},
			Tags:                 map[string]string{"region": "eu-central-1"},
		},
		Access: Access{Administrators: role, Writers: role, Readers: role},
	}.WithDefaults()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestAFaultBehindAnAlias(t *testing.T) {
	content := edit(edit(private, "  readers: [", "  readers: &who [nobody, "), "  administrators: [account]\n", "") +
		"  administrators: *who\n"
	_, _, err := Parse("aliases.yaml", []byte(content), today)
	want := []string{"access.administrators[0]", "access.readers[0]"}
	var got []string
	for _, problem := range problemsOf(t, err) {
		got = append(got, problem.Path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// TestAliasBombs: a few KiB must not unfold to gigabytes, neither of values nor of errors.
func TestAliasBombs(t *testing.T) {
	const many = 100
	var laughs, keys strings.Builder
	laughs.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := range 60 {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9))
	}
	for i := range many {
		fmt.Fprintf(&keys, "k%d: x, ", i)
	}
	for _, test := range []struct{ name, content string }{
		{"lists of lists", laughs.String() + minimal + "access: {administrators: *a60}\n"},
		{"section", laughs.String() + minimal + "default_tags: *a60\n"},
		{"list in itself", minimal + "access: {administrators: &a [*a, *a]}\n"},
		{"mapping in itself", minimal + "default_tags: &a {a: *a, b: *a}\n"},
		{"faults in a list", minimal + "  log_publishing_options:\n    - &a {" + keys.String() + "}\n" + strings.Repeat("    - *a\n", many)},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Parse("bomb.yaml", []byte(test.content), today)
			if problems := problemsOf(t, err); len(problems) == 0 || len(problems) > len(test.content) {
				t.Errorf("want an error, and no more errors than the %d characters of the file, got %d", len(test.content), len(problems))
			}
		})
	}
}

// TestOneFaultGivesOneError: what a refused value would have meant to other keys is not to be guessed.
func TestOneFaultGivesOneError(t *testing.T) {
	for _, test := range []struct{ name, content string }{
		{"switch of EBS", edit(private, "    volume_size: 100", "    ebs_enabled: yes\n    volume_size: 100")},
		{"switch of encryption", edit(fineGrained, "  log_publishing_options:", "  encrypt_at_rest: {enabled: yes}\n  log_publishing_options:")},
		{"switch of zone awareness", edit(private, "zone_awareness_enabled: true", "zone_awareness_enabled: yes")},
		{"switch of masters", edit(private, "dedicated_master_enabled: true", "dedicated_master_enabled: yes")},
		{"number of nodes", edit(private, "    instance_count: 3", "    instance_count: three")},
		{"type of volume", edit(private, "volume_type: gp3", "volume_type: gp4\n    throughput: 250")},
		{"section of backends", edit(private, "  s3:\n    bucket: example-terraform-state\n    key: ai-metrics/prod.tfstate\n    use_lockfile: true", "  s3: state")},
		{"switch of a key", edit(governed, "customer_managed_key: true", "customer_managed_key: yes")},
		{"subnets", edit(governed, "[subnet-0a, subnet-0b]", "subnet-0a")},
		{"count of zones", edit(private, "availability_zone_count: 3", "availability_zone_count: three")},
		{"master user", edit(governed, "    master_user_arn: arn:aws:iam::111122223333:role/administrator", "    master_user_arn: [a]")},
		{"section of the master user", edit(governed, "  fine_grained_access_control:\n    master_user_arn: arn:aws:iam::111122223333:role/administrator", "  fine_grained_access_control: true")},
		{"section of SAML", edit(governed, "    metadata_file: testdata/idp.xml", "    metadata_file:")},
		{"file of SAML", edit(governed, "testdata/idp.xml", "nowhere.xml")},
		{"entity of SAML", edit(governed, "entity_id: https://idp.example.com/metadata", "entity_id: short")},
		{"switch of access", edit(governed, "access:\n  leave_to_fine_grained_access_control: true", "access:\n  leave_to_fine_grained_access_control: yes")},
		{"version, with all sections", edit(governed, "\"7.10\"", "\"7.11\"")},
		{"type, with all sections", edit(governed, "m6g.large", "m6g.lage")},
		{"pool's name", edit(pooled, "user_pool_domain: ai-metrics-kibana", "user_pool_domain: 12")},
		{"pool's name, empty", edit(pooled, "user_pool_domain: ai-metrics-kibana", "user_pool_domain: \"\"")},
		{"certificate", edit(pooled, "certificate_arn: arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555", "certificate_arn: [x]")},
		{"period of a tuning", edit(governed, "alarm: nodes\n      enabled: false", "alarm: nodes\n      period: \"60\"")},
		{"name of a tuning", edit(governed, "alarm: nodes", "alarm: warm_nodes")},
		{"misspelled number of nodes", edit(private, "    instance_count: 3", "    instance_cout: 3")},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Parse("faulty.yaml", []byte(test.content), today)
			if problems := problemsOf(t, err); len(problems) != 1 {
				t.Errorf("want one error, got %d:\n%v", len(problems), err)
			}
		})
	}
}

func TestWhatSaysNothingIsRefused(t *testing.T) {
	for _, test := range []struct{ name, content string }{
		{"no subnet", edit(private, "[subnet-0a, subnet-0b, subnet-0c]", "[]")},
		{"no security group", edit(private, "[sg-0a]", "[]")},
		{"no administrator", edit(private, "[account]", "[]")},
		{"no hours", edit(private, "value: 2", "value: 0")},
		{"no credential", edit(private, "    use_lockfile: true", "    use_lockfile: true\n    secret_key: \"\"")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := Parse("faulty.yaml", []byte(test.content), today); err == nil {
				t.Errorf("want an error, got none")
			}
		})
	}
}

// TestTheSameFileGivesTheSameErrors: maps have no order.
func TestTheSameFileGivesTheSameErrors(t *testing.T) {
	content := minimal + "default_tags: {" + strings.Repeat("k", 129) + ": a, " + strings.Repeat("l", 129) + ": b}\n"
	var seen []string
	for range 100 {
		_, _, err := Parse("faulty.yaml", []byte(content), today)
		if got := fmt.Sprint(err); !slices.Contains(seen, got) {
			seen = append(seen, got)
		}
	}
	if len(seen) != 1 {
		t.Errorf("want the same errors each time, got:\n%s", strings.Join(seen, "\nor:\n"))
	}
}

// TestAnErrorIsOneLine, whatever the file quotes.
func TestAnErrorIsOneLine(t *testing.T) {
	for _, test := range []struct{ name, content string }{
		{"value", edit(private, "  domain_name: ai-metrics", `  domain_name: "a\nb"`)},
		{"value that is no text", edit(private, "project: ai-metrics", `project: !vault "a\nb"`)},
		{"type of volume", edit(private, "volume_type: gp3", "volume_type: \"a\\nb\"\n    throughput: 250")},
		{"key", minimal + "\"a\\nb\": c\n"},
		{"tag", edit(private, "project: ai-metrics", `"aws:\nproject": x`)},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Parse("faulty.yaml", []byte(test.content), today)
			for _, problem := range problemsOf(t, err) {
				if got := problem.Error(); strings.Contains(got, "\n") {
					t.Errorf("want one line, got:\n%s", got)
				}
			}
		})
	}
}

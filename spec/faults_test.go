package spec

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// today is a day on which AWS still supports the newest versions for more than a year.
var today = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// fault is a valid file, the one edit that breaks it, and the one error that the edit must give.
type fault struct {
	name string
	base string
	old  string // stands in base exactly once; "" for the end of base
	new  string // stands there instead
	want string // the whole error but for the file's name
}

func (f fault) content() string {
	return edit(f.base, f.old, f.new)
}

// edit replaces the one place of base where old stands; "" stands at its end.
func edit(base, old, replacement string) string {
	if old == "" {
		return base + replacement
	}
	if strings.Count(base, old) != 1 {
		panic(fmt.Sprintf("%q does not stand in one place of:\n%s", old, base))
	}
	return strings.Replace(base, old, replacement, 1)
}

var faults = slices.Concat(awsFaults, decodeFaults, valueFaults, ruleFaults, backendFaults, sectionValueFaults, sectionFaults)

// minimal is the smallest environment: public, and all else by default.
const minimal = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: m6g.large.elasticsearch
`

// private is a domain in a VPC that says nearly everything there is to say.
const private = `region: eu-central-1
default_tags:
  project: ai-metrics
backend:
  s3:
    bucket: example-terraform-state
    key: ai-metrics/prod.tfstate
    use_lockfile: true
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.8"
  cluster_config:
    instance_type: m5.large.elasticsearch
    instance_count: 3
    zone_awareness_enabled: true
    zone_awareness_config:
      availability_zone_count: 3
    dedicated_master_enabled: true
    dedicated_master_type: c5.large.elasticsearch
    dedicated_master_count: 3
    warm_enabled: true
    warm_type: ultrawarm1.medium.elasticsearch
    warm_count: 2
  ebs_options:
    volume_size: 100
    volume_type: gp3
  encrypt_at_rest:
    kms_key_id: arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555
  domain_endpoint_options:
    tls_security_policy: Policy-Min-TLS-1-2-2019-07
    custom_endpoint_enabled: true
    custom_endpoint: metrics.example.com
    custom_endpoint_certificate_arn: arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555
  cognito_options:
    user_pool_id: eu-central-1_AbCdEf123
    identity_pool_id: eu-central-1:11111111-2222-3333-4444-555555555555
    role_arn: arn:aws:iam::111122223333:role/cognito
  vpc_options:
    subnet_ids: [subnet-0a, subnet-0b, subnet-0c]
    security_group_ids: [sg-0a]
  log_publishing_options:
    - log_type: INDEX_SLOW_LOGS
      cloudwatch_log_group_arn: arn:aws:logs:eu-central-1:111122223333:log-group:slow
  auto_tune_options:
    desired_state: ENABLED
    rollback_on_disable: NO_ROLLBACK
    maintenance_schedule:
      - start_at: "2027-01-10T03:00:00Z"
        duration:
          value: 2
          unit: HOURS
        cron_expression_for_recurrence: cron(0 3 ? * SUN *)
  snapshot_options:
    automated_snapshot_start_hour: 3
  timeouts:
    create: 2h
    update: 4h
    delete: 1h
access:
  administrators: [account]
  writers: ["arn:aws:iam::111122223333:role/model-trainer"]
  readers: ["arn:aws:iam::111122223333:user/ml-engineer"]
  index_prefix: ml-metrics
`

// fineGrained leaves it to the domain's own users who gets in.
const fineGrained = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: m5.large.elasticsearch
  advanced_security_options:
    enabled: true
    internal_user_database_enabled: true
    master_user_options:
      master_user_name: administrator
  log_publishing_options:
    - log_type: AUDIT_LOGS
      cloudwatch_log_group_arn: arn:aws:logs:eu-central-1:111122223333:log-group:audit
access:
  leave_to_fine_grained_access_control: true
  source_ips: [203.0.113.0/24]
`

// oldest is from before most features, so that each can be turned on alone.
const oldest = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "2.3"
  cluster_config:
    instance_type: m4.large.elasticsearch
  encrypt_at_rest:
    enabled: false
  node_to_node_encryption:
    enabled: false
`

// burstable has as many t3 nodes as a domain may have.
const burstable = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: t3.small.elasticsearch
    instance_count: 10
    dedicated_master_enabled: true
    dedicated_master_type: m5.large.elasticsearch
`

// errorsOfFaults is what each fault gives, by its name.
var errorsOfFaults = sync.OnceValue(func() map[string]error {
	errs := map[string]error{}
	for _, fault := range faults {
		_, _, errs[fault.name] = Parse("faulty.yaml", []byte(fault.content()), today)
	}
	return errs
})

func TestEachBaseIsValid(t *testing.T) {
	bases := map[string]bool{}
	for _, fault := range faults {
		bases[fault.base] = true
	}
	for base := range bases {
		if _, _, err := Parse("base.yaml", []byte(base), today); err != nil {
			t.Errorf("want no error, got %v\nof:\n%s", err, base)
		}
	}
}

func TestEachFaultGivesItsOneError(t *testing.T) {
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			err := errorsOfFaults()[fault.name]
			if err == nil {
				t.Fatalf("want faulty.yaml:%s, got no error", fault.want)
			}
			if diff := cmp.Diff("faulty.yaml:"+fault.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEachRuleHasAFault fails when a rule is added and nothing proves that it works.
func TestEachRuleHasAFault(t *testing.T) {
	fired := map[string]bool{}
	for _, fault := range faults {
		for _, problem := range problemsOf(t, errorsOfFaults()[fault.name]) {
			fired[problem.rule] = true
		}
	}
	wanted := slices.Collect(maps.Keys(allowedValues))
	for _, rule := range rules {
		wanted = append(wanted, rule.name)
	}
	// "required" is for environments made in Go, and proven there: of a file, the decoder says it.
	wanted = append(wanted, "credential", "credential in a value")
	for _, rule := range slices.Sorted(slices.Values(wanted)) {
		if !fired[rule] && !within(rule, "github") { // those are proven in roles_test.go
			t.Errorf("want a fault that the rule %q finds, got none", rule)
		}
	}
}

// TestEachEntryOfATableHasAFault does the same for the tables behind the rules and the decoder.
func TestEachEntryOfATableHasAFault(t *testing.T) {
	var all strings.Builder
	for _, fault := range faults {
		all.WriteString(fault.want + "\n")
	}
	for path, advice := range otherKeys {
		if want := path + ": is not a key here; " + advice; !strings.Contains(all.String(), want) {
			t.Errorf("want a fault with the error %q, got none", want)
		}
	}
	for _, feature := range features {
		if want := fmt.Sprintf("%s: %s needs Elasticsearch %s", feature.path, feature.name, feature.since); !strings.Contains(all.String(),
			want) {
			t.Errorf("want a fault with the error %q, got none", want)
		}
	}
	for path, current := range formerKeys {
		if want := path + ": is the former name of " + current; !strings.Contains(all.String(), want) {
			t.Errorf("want a fault with the error %q, got none", want)
		}
	}
	for _, filled := range fills {
		if want := fmt.Sprintf("%s: cannot go with the section %s,", filled.argument, filled.section); !strings.Contains(all.String(),
			want) {
			t.Errorf("want a fault with the error %q, got none", want)
		}
	}
}

func TestEachFaultHasANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, fault := range faults {
		if seen[fault.name] {
			t.Errorf("want the name %q once, got it twice", fault.name)
		}
		seen[fault.name] = true
	}
}

// problemsOf is the problems of an error; any other error ends the test.
func problemsOf(t testing.TB, err error) Problems {
	t.Helper()
	var problems Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatalf("want Problems, got %T: %v", err, err)
	}
	return problems
}

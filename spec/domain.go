package spec

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// explicitIndex decides whether a request's body may name other indices than its path does.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html#ac-advanced
const explicitIndex = "rest.action.multi.allow_explicit_index"

// newestTLSSecurityPolicy is TLS 1.2 and better with perfect forward secrecy, the newest policy for all engines.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html
const newestTLSSecurityPolicy = "Policy-Min-TLS-1-2-PFS-2023-10"

// tlsPolicies is every TLS policy that the provider knows, the newest first, and the day on which AWS ended it; "" while it is there.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html
var tlsPolicies = []struct{ name, ended string }{
	{newestTLSSecurityPolicy, ""},
	{"Policy-Min-TLS-1-2-2019-07", ""},
	{"Policy-Min-TLS-1-0-2019-07", "2026-04-20"},
}

func tlsPolicyNames() []string {
	var names []string
	for _, policy := range tlsPolicies {
		names = append(names, policy.name)
	}
	return names
}

// Domain has the arguments of aws_elasticsearch_domain, under their own names, but for access_policies: who gets in is in
// [Access].
type Domain struct {
	// 3 to 28 lower-case letters, digits and hyphens, beginning with a letter. A change replaces the domain and loses its data.
	DomainName string `json:"domain_name"`

	// Version of Elasticsearch, such as "7.10", in quotes. A version that the running one cannot be upgraded to makes
	// Terraform replace the domain.
	ElasticsearchVersion string `json:"elasticsearch_version"`

	// The nodes of the domain.
	ClusterConfig ClusterConfig `json:"cluster_config"`

	// The EBS volume of each data node.
	EBSOptions EBSOptions `json:"ebs_options,omitzero"`

	// Encryption of indices, logs, swap files and snapshots. Default: on, with AWS's own key.
	EncryptAtRest EncryptAtRest `json:"encrypt_at_rest,omitzero"`

	// TLS between the nodes. Default: on.
	NodeToNodeEncryption NodeToNodeEncryption `json:"node_to_node_encryption,omitzero"`

	// How the endpoint is reached. Default: HTTPS only, under the name that AWS gives it.
	DomainEndpointOptions DomainEndpointOptions `json:"domain_endpoint_options,omitzero"`

	// Fine-grained access control: users, roles and passwords inside the domain. Default: none. Turning it on later replaces
	// the domain: decide on day one.
	AdvancedSecurityOptions *AdvancedSecurityOptions `json:"advanced_security_options,omitempty"`

	// Settings of Elasticsearch itself; each value is a string, "true" in quotes. Default:
	// rest.action.multi.allow_explicit_index: "true".
	AdvancedOptions map[string]string `json:"advanced_options,omitempty"`

	// Sign-in to Kibana with Amazon Cognito. Default: none.
	CognitoOptions *CognitoOptions `json:"cognito_options,omitempty"`

	// Puts the domain into a VPC. Default: a public endpoint. Adding or removing it replaces the domain.
	VPCOptions *VPCOptions `json:"vpc_options,omitempty"`

	// Logs that go to CloudWatch, each type at most once. Default: none.
	LogPublishingOptions []LogPublishingOption `json:"log_publishing_options,omitempty"`

	// Auto-Tune. Default: not set, so a new domain gets AWS's own default, and an existing one keeps what it has. t2 and t3 have none,
	// not even a disabled one.
	AutoTuneOptions *AutoTuneOptions `json:"auto_tune_options,omitempty"`

	// The daily snapshot of versions before 5.3; later ones take one an hour. Default: not set, so a new domain gets AWS's own
	// default, and an existing one keeps what it has.
	SnapshotOptions *SnapshotOptions `json:"snapshot_options,omitempty"`

	// Tags of the domain alone, on top of default_tags. Default: none.
	Tags map[string]string `json:"tags,omitempty"`

	// How long Terraform waits for AWS. Default: create 3h, update 6h, delete 3h.
	Timeouts Timeouts `json:"timeouts,omitzero"`

	// Terraform's own lifecycle arguments. Default: prevent_destroy.
	Lifecycle Lifecycle `json:"lifecycle,omitzero"`
}

// EncryptAtRest is the encrypt_at_rest block.
type EncryptAtRest struct {
	// Default: true. Turning it off again replaces the domain.
	Enabled *bool `json:"enabled,omitempty"`

	// ARN of a KMS key of your own. Default: the key aws/es, which AWS manages. A change replaces the domain.
	KMSKeyID string `json:"kms_key_id,omitempty"`
}

// NodeToNodeEncryption is the node_to_node_encryption block.
type NodeToNodeEncryption struct {
	// Default: true. Turning it off again replaces the domain.
	Enabled *bool `json:"enabled,omitempty"`
}

// DomainEndpointOptions is the domain_endpoint_options block.
type DomainEndpointOptions struct {
	// Whether plain HTTP is refused. Default: true.
	EnforceHTTPS *bool `json:"enforce_https,omitempty"`

	// Oldest TLS that the endpoint speaks. Default: Policy-Min-TLS-1-2-PFS-2023-10; none with enforce_https: false, where AWS applies none.
	TLSSecurityPolicy string `json:"tls_security_policy,omitempty"`

	// Whether the endpoint has a name of your own too. Default: false.
	CustomEndpointEnabled bool `json:"custom_endpoint_enabled,omitempty"`

	// That name, such as "metrics.example.com"; needed with custom_endpoint_enabled.
	CustomEndpoint string `json:"custom_endpoint,omitempty"`

	// ARN of the ACM certificate for that name; needed with custom_endpoint_enabled.
	CustomEndpointCertificateARN string `json:"custom_endpoint_certificate_arn,omitempty"`
}

// AdvancedSecurityOptions is the advanced_security_options block.
type AdvancedSecurityOptions struct {
	// Whether fine-grained access control is on. A change replaces the domain.
	Enabled bool `json:"enabled"`

	// Whether the domain keeps users and passwords of its own. Default: false.
	InternalUserDatabaseEnabled bool `json:"internal_user_database_enabled,omitempty"`

	// The first administrator inside the domain: an IAM ARN, or a name.
	MasterUserOptions MasterUserOptions `json:"master_user_options,omitzero"`
}

// MasterUserOptions is the master_user_options block: master_user_arn or master_user_name, not both.
type MasterUserOptions struct {
	// ARN of the IAM role or user that is the master user.
	MasterUserARN string `json:"master_user_arn,omitempty"`

	// Name of the master user in the domain's own database. The password is the sensitive Terraform variable
	// master_user_password: set the environment variable TF_VAR_master_user_password.
	MasterUserName string `json:"master_user_name,omitempty"`

	// Refused, for a file is no place for a password: set the environment variable TF_VAR_master_user_password.
	MasterUserPassword string `json:"master_user_password,omitempty" credential:"TF_VAR_master_user_password"`
}

// CognitoOptions is the cognito_options block.
type CognitoOptions struct {
	// Default: true.
	Enabled *bool `json:"enabled,omitempty"`

	// Id of the Cognito user pool, such as "eu-central-1_AbCdEf123".
	UserPoolID string `json:"user_pool_id"`

	// Id of the Cognito identity pool.
	IdentityPoolID string `json:"identity_pool_id"`

	// ARN of the role, with the policy AmazonESCognitoAccess, by which the domain sets up Cognito.
	RoleARN string `json:"role_arn"`
}

// VPCOptions is the vpc_options block.
type VPCOptions struct {
	// One subnet for each availability zone of the domain.
	SubnetIDs []string `json:"subnet_ids"`

	// The security groups that decide who reaches the domain. AWS would take the VPC's default group if none were named.
	SecurityGroupIDs []string `json:"security_group_ids"`
}

// LogPublishingOption is one log_publishing_options block.
type LogPublishingOption struct {
	// INDEX_SLOW_LOGS, SEARCH_SLOW_LOGS, ES_APPLICATION_LOGS or AUDIT_LOGS.
	LogType string `json:"log_type"`

	// ARN of a log group that es.amazonaws.com may write to.
	CloudwatchLogGroupARN string `json:"cloudwatch_log_group_arn"`

	// Default: true.
	Enabled *bool `json:"enabled,omitempty"`
}

// AutoTuneOptions is the auto_tune_options block.
type AutoTuneOptions struct {
	// ENABLED or DISABLED.
	DesiredState string `json:"desired_state"`

	// NO_ROLLBACK or DEFAULT_ROLLBACK: what becomes of the tuning when Auto-Tune is disabled. Default: AWS's own.
	RollbackOnDisable string `json:"rollback_on_disable,omitempty"`

	// When tuning that needs a blue/green deployment may happen. Default: never.
	MaintenanceSchedule []MaintenanceSchedule `json:"maintenance_schedule,omitempty"`
}

// MaintenanceSchedule is one maintenance_schedule block.
type MaintenanceSchedule struct {
	// First window, a constant time in UTC and whole seconds, such as "2027-01-10T03:00:00Z".
	StartAt string `json:"start_at"`

	// How long each window lasts.
	Duration MaintenanceDuration `json:"duration"`

	// When windows come again, such as "cron(0 3 ? * SUN *)".
	CronExpressionForRecurrence string `json:"cron_expression_for_recurrence"`
}

// MaintenanceDuration is the duration block of a maintenance schedule.
type MaintenanceDuration struct {
	// Number of hours, 1 to 24.
	Value int `json:"value"`

	// HOURS.
	Unit string `json:"unit"`
}

// SnapshotOptions is the snapshot_options block.
type SnapshotOptions struct {
	// Hour of the day in UTC, 0 to 23.
	AutomatedSnapshotStartHour int `json:"automated_snapshot_start_hour"`
}

// Timeouts is the timeouts block; each is a duration such as "90m" or "3h".
type Timeouts struct {
	// Default: 3h.
	Create string `json:"create,omitempty"`

	// Default: 6h.
	Update string `json:"update,omitempty"`

	// Default: 3h.
	Delete string `json:"delete,omitempty"`
}

// Lifecycle is the lifecycle block of the domain.
type Lifecycle struct {
	// Whether Terraform refuses every plan that would destroy or replace the domain. Default: true.
	// https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
	PreventDestroy *bool `json:"prevent_destroy,omitempty"`
}

func (domain Domain) withDefaults() Domain {
	domain.ClusterConfig = domain.ClusterConfig.withDefaults(domain.ElasticsearchVersion)
	domain.EBSOptions = domain.EBSOptions.withDefaults(domain.ClusterConfig.InstanceType)
	domain.EncryptAtRest.Enabled = orPointer(domain.EncryptAtRest.Enabled, true)
	domain.NodeToNodeEncryption.Enabled = orPointer(domain.NodeToNodeEncryption.Enabled, true)
	endpoint := &domain.DomainEndpointOptions
	endpoint.EnforceHTTPS = orPointer(endpoint.EnforceHTTPS, true)
	if *endpoint.EnforceHTTPS { // else AWS tells another one than it is given, which every plan would show
		endpoint.TLSSecurityPolicy = cmp.Or(endpoint.TLSSecurityPolicy, newestTLSSecurityPolicy)
	}

	options := maps.Clone(domain.AdvancedOptions)
	if options == nil {
		options = map[string]string{}
	}
	// AWS answers with this option whether it was set or not: undeclared, every plan shows a change.
	// https://github.com/hashicorp/terraform-provider-aws/pull/4942
	options[explicitIndex] = cmp.Or(options[explicitIndex], "true")
	domain.AdvancedOptions = options

	if domain.CognitoOptions != nil {
		cognito := *domain.CognitoOptions
		cognito.Enabled = orPointer(cognito.Enabled, true)
		domain.CognitoOptions = &cognito
	}

	publishing := make([]LogPublishingOption, len(domain.LogPublishingOptions))
	for i, option := range domain.LogPublishingOptions {
		option.Enabled = orPointer(option.Enabled, true)
		publishing[i] = option
	}
	domain.LogPublishingOptions = publishing

	// The provider's own 60 to 90 minutes end in the middle of a large domain's blue/green deployment.
	// https://github.com/cloudposse/terraform-aws-elasticsearch/issues/146
	domain.Timeouts.Create = cmp.Or(domain.Timeouts.Create, "3h")
	domain.Timeouts.Update = cmp.Or(domain.Timeouts.Update, "6h")
	domain.Timeouts.Delete = cmp.Or(domain.Timeouts.Delete, "3h")
	domain.Lifecycle.PreventDestroy = orPointer(domain.Lifecycle.PreventDestroy, true)
	return domain
}

// domainSection is all that is known of domain beside its types; of cluster_config and ebs_options in files of their own.
var domainSection = section{
	key:      "domain",
	defaults: func(environment *Environment) { environment.Domain = environment.Domain.withDefaults() },
	values:   merged(clusterConfigValues, ebsOptionsValues, domainValues),
	rules:    slices.Concat(clusterConfigRules, ebsOptionsRules, domainRules),
	warnings: append(clusterConfigWarnings, []warning{
		{"domain.elasticsearch_version", func(e Environment, today time.Time) string {
			return supportWarning(e.Domain.ElasticsearchVersion, today)
		}},
		{"domain.auto_tune_options.maintenance_schedule", func(e Environment, today time.Time) string {
			if e.Domain.AutoTuneOptions == nil {
				return ""
			}
			for _, schedule := range e.Domain.AutoTuneOptions.MaintenanceSchedule {
				if start, err := time.Parse(time.RFC3339, schedule.StartAt); err == nil && start.Before(today) {
					// https://github.com/QinetiQ-Cyber-Intelligence/OpenCTI-Terraform/issues/2
					return fmt.Sprintf("start_at %q is past: AWS refuses that where the domain or this section is new or changes; write "+
						"a time to come, unless it stands like this on the domain", schedule.StartAt)
				}
			}
			return ""
		}},
		{"domain.encrypt_at_rest.enabled", func(e Environment, _ time.Time) string {
			return sayIf(!*e.Domain.EncryptAtRest.Enabled, "false leaves disks and snapshots unencrypted")
		}},
		{"domain.node_to_node_encryption.enabled", func(e Environment, _ time.Time) string {
			return sayIf(!*e.Domain.NodeToNodeEncryption.Enabled, "false leaves the traffic between nodes unencrypted")
		}},
		{"domain.domain_endpoint_options.enforce_https", func(e Environment, _ time.Time) string {
			return sayIf(!*e.Domain.DomainEndpointOptions.EnforceHTTPS, "false lets metrics and credentials travel in plain HTTP")
		}},
		{"domain.domain_endpoint_options.tls_security_policy", func(e Environment, _ time.Time) string {
			endpoint := e.Domain.DomainEndpointOptions
			const told = "Policy-Min-TLS-1-0-2019-07"
			return sayIf(!*endpoint.EnforceHTTPS && endpoint.TLSSecurityPolicy != "", quote(endpoint.TLSSecurityPolicy)+
				" has no effect without enforce_https: true"+sayIf(endpoint.TLSSecurityPolicy != told,
				fmt.Sprintf(": AWS tells %q, and every plan shows what differs from that", told))+"; leave it out")
		}},
	}...),
	features: []feature{
		{"domain.encrypt_at_rest.enabled", "encryption at rest", version{5, 1},
			func(e Environment) bool { return *e.Domain.EncryptAtRest.Enabled }},
		{"domain.node_to_node_encryption.enabled", "encryption between nodes", version{6, 0},
			func(e Environment) bool { return *e.Domain.NodeToNodeEncryption.Enabled }},
		{"domain.cognito_options", "sign-in with Cognito", version{5, 1},
			func(e Environment) bool { return e.Domain.CognitoOptions != nil }},
		{"domain.advanced_security_options", "fine-grained access control", version{6, 7}, func(e Environment) bool {
			return e.Domain.AdvancedSecurityOptions != nil && e.Domain.AdvancedSecurityOptions.Enabled
		}},
		{"domain.auto_tune_options", "Auto-Tune", version{6, 7}, func(e Environment) bool { return e.Domain.AutoTuneOptions != nil }},
		{"domain.cluster_config.warm_enabled", "UltraWarm", version{6, 8},
			func(e Environment) bool { return e.Domain.ClusterConfig.WarmEnabled }},
		{"domain.cluster_config.cold_storage_options.enabled", "cold storage", coldStorageSince,
			func(e Environment) bool { return e.Domain.ClusterConfig.ColdStorageOptions.Enabled != nil }},
		{"domain.log_publishing_options", "log publishing", version{5, 1},
			func(e Environment) bool { return len(e.Domain.LogPublishingOptions) > 0 }},
	},
	ownARNs: []ownARN[Environment]{
		{"domain.cognito_options.role_arn", func(e Environment) string {
			return orPointer(e.Domain.CognitoOptions, CognitoOptions{}).RoleARN
		}},
		{"domain.domain_endpoint_options.custom_endpoint_certificate_arn", func(e Environment) string {
			return e.Domain.DomainEndpointOptions.CustomEndpointCertificateARN
		}},
	},
	otherKeys: map[string]string{
		"domain.access_policies": "say who gets in under `access:`",
		"domain.engine_version":  `an Elasticsearch domain has "elasticsearch_version"`,
	},
}

var domainValues = map[string]allowed{
	"domain.domain_name": matches(`^[a-z][0-9a-z-]{2,27}$`,
		"a domain name; use 3 to 28 lower-case letters, digits and hyphens, beginning with a letter"),
	"domain.elasticsearch_version":                                          knownVersion,
	"domain.encrypt_at_rest.kms_key_id":                                     keyARN,
	"domain.domain_endpoint_options.tls_security_policy":                    oneOf(tlsPolicyNames()...),
	"domain.domain_endpoint_options.custom_endpoint":                        hostName,
	"domain.domain_endpoint_options.custom_endpoint_certificate_arn":        certificateARN,
	"domain.advanced_security_options.master_user_options.master_user_arn":  roleOrUserARN,
	"domain.advanced_security_options.master_user_options.master_user_name": masterUserName,
	"domain.cognito_options.user_pool_id":                                   userPool,
	"domain.cognito_options.identity_pool_id":                               identityPool,
	"domain.cognito_options.role_arn":                                       roleARN,
	"domain.vpc_options.subnet_ids[]":                                       subnetID,
	"domain.vpc_options.security_group_ids[]":                               securityGroupID,
	"domain.log_publishing_options[].log_type":                              oneOf(logTypes...),
	"domain.log_publishing_options[].cloudwatch_log_group_arn": matches(
		`^`+awsARN+`:logs:[a-z0-9-]+:\d{12}:log-group:[\w./#-]{1,512}(:\*)?$`,
		"the ARN of a CloudWatch log group; write one such as \"arn:aws:logs:eu-central-1:111122223333:log-group:metrics\""),
	"domain.auto_tune_options.desired_state":                                         oneOf("ENABLED", "DISABLED"),
	"domain.auto_tune_options.rollback_on_disable":                                   oneOf("NO_ROLLBACK", "DEFAULT_ROLLBACK"),
	"domain.auto_tune_options.maintenance_schedule[].start_at":                       startAt,
	"domain.auto_tune_options.maintenance_schedule[].duration.value":                 between(1, 24),
	"domain.auto_tune_options.maintenance_schedule[].duration.unit":                  oneOf("HOURS"),
	"domain.auto_tune_options.maintenance_schedule[].cron_expression_for_recurrence": cronExpression,
	"domain.snapshot_options.automated_snapshot_start_hour":                          between(0, 23),
	"domain.timeouts.create":                                                         duration,
	"domain.timeouts.update":                                                         duration,
	"domain.timeouts.delete":                                                         duration,
}

var domainRules = slices.Concat([]rule{
	{"a KMS key needs encryption", func(e Environment) []finding {
		return when(e.Domain.EncryptAtRest.KMSKeyID != "" && !*e.Domain.EncryptAtRest.Enabled, "domain.encrypt_at_rest.kms_key_id",
			"is not used without encryption at rest; set enabled: true or leave the key out")
	}},
	{"a custom endpoint is whole", func(e Environment) []finding {
		endpoint := e.Domain.DomainEndpointOptions
		if e.namesEndpoint() {
			return nil // as another rule says, it cannot be here at all
		}
		if endpoint.CustomEndpointEnabled {
			path := "domain.domain_endpoint_options.custom_endpoint_enabled"
			return slices.Concat(
				when(endpoint.CustomEndpoint == "", path, "true needs custom_endpoint; add the name"),
				when(endpoint.CustomEndpointCertificateARN == "", path,
					"true needs custom_endpoint_certificate_arn; add that of its certificate"))
		}
		text := "is not used without custom_endpoint_enabled: true; add it"
		return slices.Concat(
			when(endpoint.CustomEndpoint != "", "domain.domain_endpoint_options.custom_endpoint", "%s", text),
			when(endpoint.CustomEndpointCertificateARN != "", "domain.domain_endpoint_options.custom_endpoint_certificate_arn", "%s",
				text))
	}},
	{"a TLS policy that AWS has", func(e Environment) []finding {
		endpoint := e.Domain.DomainEndpointOptions
		var ended []finding
		for _, policy := range tlsPolicies {
			ended = append(ended, when(*endpoint.EnforceHTTPS && endpoint.TLSSecurityPolicy == policy.name && policy.ended != "",
				"domain.domain_endpoint_options.tls_security_policy", "%q lets clients speak TLS 1.0 and 1.1, which AWS ended on %s; "+
					"use %q", policy.name, policy.ended, newestTLSSecurityPolicy)...)
		}
		return ended
	}},
	{"advanced options are known", advancedOptionsKnown},
	{"pools of the domain's region", func(e Environment) []finding {
		if e.Domain.CognitoOptions == nil {
			return nil
		}
		given := e.Domain.CognitoOptions
		return poolsElsewhere("domain.cognito_options", given.UserPoolID, given.IdentityPoolID, e.Region)
	}},
	{"fine-grained access control needs encryption", func(e Environment) []finding {
		if !e.UsesFineGrainedAccessControl() {
			return nil
		}
		var needed []string
		for _, need := range []struct {
			holds bool
			text  string
		}{
			{*e.Domain.EncryptAtRest.Enabled, "encrypt_at_rest.enabled"},
			{*e.Domain.NodeToNodeEncryption.Enabled, "node_to_node_encryption.enabled"},
			{*e.Domain.DomainEndpointOptions.EnforceHTTPS, "domain_endpoint_options.enforce_https"},
		} {
			if !need.holds {
				needed = append(needed, need.text)
			}
		}
		path, text := "domain.advanced_security_options.enabled", "true needs %s; set each to true"
		if e.Domain.AdvancedSecurityOptions == nil {
			path, text = "sign_in.fine_grained_access_control", "needs %s below domain; set each to true"
		}
		return when(needed != nil, path, text, strings.Join(needed, ", "))
	}},
	{"one master user", func(e Environment) []finding {
		options := e.Domain.AdvancedSecurityOptions
		if options == nil || !options.Enabled {
			return nil
		}
		user := options.MasterUserOptions
		path := "domain.advanced_security_options.master_user_options"
		switch {
		case user.MasterUserARN != "" && user.MasterUserName != "":
			return findingAt(path, "has both master_user_arn and master_user_name; keep one")
		case options.InternalUserDatabaseEnabled && user.MasterUserName == "":
			return findingAt(path, "needs master_user_name, because internal_user_database_enabled is true; add it")
		case !options.InternalUserDatabaseEnabled && user.MasterUserARN == "":
			return findingAt(path, "needs master_user_arn, because internal_user_database_enabled is not true; add it")
		default:
			return nil
		}
	}},
	{"a log type once", func(e Environment) []finding {
		var twice []finding
		seen := map[string]bool{}
		for i, option := range e.Domain.LogPublishingOptions {
			if seen[option.LogType] {
				twice = append(twice, findingAt(fmt.Sprintf("domain.log_publishing_options[%d].log_type", i),
					"%q is published twice; leave one out", option.LogType)...)
			}
			seen[option.LogType] = true
		}
		return twice
	}},
	{"audit logs need fine-grained access control", func(e Environment) []finding {
		var without []finding
		for i, option := range e.Domain.LogPublishingOptions {
			without = append(without, when(option.LogType == "AUDIT_LOGS" && *option.Enabled && !e.UsesFineGrainedAccessControl(),
				fmt.Sprintf("domain.log_publishing_options[%d].log_type", i),
				`"AUDIT_LOGS" needs fine-grained access control; set advanced_security_options or leave the log out`)...)
		}
		return without
	}},
	{"no Auto-Tune on burstable nodes", func(e Environment) []finding {
		kind, _ := instanceKind(e.Domain.ClusterConfig.InstanceType)
		return when(e.Domain.AutoTuneOptions != nil && kind.burstable, "domain.auto_tune_options",
			"cannot go with %s, for t2 and t3 have no Auto-Tune, not even a disabled one; leave it out",
			e.Domain.ClusterConfig.InstanceType)
	}},
	{"a rollback needs a schedule", func(e Environment) []finding {
		options := e.Domain.AutoTuneOptions
		return when(options != nil && options.RollbackOnDisable == "DEFAULT_ROLLBACK" && len(options.MaintenanceSchedule) == 0,
			"domain.auto_tune_options.rollback_on_disable",
			`"DEFAULT_ROLLBACK" needs a maintenance_schedule to roll back in; add one or use "NO_ROLLBACK"`)
	}},
	{"tags of the domain together", func(e Environment) []finding {
		together := len(e.Domain.Tags)
		for _, key := range e.DefaultTagKeys() {
			if _, again := e.Domain.Tags[key]; !again {
				together++
			}
		}
		return when(together > mostTags && len(e.Domain.Tags) > 0 && len(e.Domain.Tags) <= mostTags && len(e.DefaultTagKeys()) <= mostTags,
			"domain.tags", "are %d tags with default_tags, and AWS takes %d; leave some out", together, mostTags)
	}},
}, tagRules("domain.tags", func(e Environment) map[string]string { return e.Domain.Tags }))

// startAt: AWS answers with UTC in whole seconds, and any other spelling shows up in every plan; so would a time that is
// computed anew.
var startAt = func() allowed {
	allowed := matches(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$`,
		`a time in UTC and whole seconds; write one such as "2027-01-10T03:00:00Z"`)
	allowed.alsoWrong = func(value any) string { // the 30th of February
		if _, err := time.Parse("2006-01-02T15:04:05Z", value.(string)); err != nil {
			return allowed.wrong(value)
		}
		return ""
	}
	return allowed
}()

// cronExpression is what AWS takes for one: six fields, and a day of the month or of the week, not both.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-cron-expressions
var cronExpression = func() allowed {
	allowed := matches(`^cron\(\S+( \S+){5}\)$`, `a cron expression of six fields; write one such as "cron(0 3 ? * SUN *)"`)
	allowed.alsoWrong = func(value any) string {
		text := value.(string)
		fields := strings.Fields(text[len("cron(") : len(text)-len(")")])
		for i, field := range cronFields {
			if !field.pattern().MatchString(fields[i]) {
				return fmt.Sprintf("%s has %s for its %s, which AWS does not take; write one such as \"cron(0 3 ? * SUN *)\", in UTC",
					quote(text), quote(fields[i]), field.name)
			}
		}
		return sayIf((fields[2] == "?") == (fields[4] == "?"), quote(text)+" needs ? for either the day of the month or the day of the "+
			"week, the third field or the fifth; write it for the one that does not matter")
	}
	return allowed
}()

var cronFields = []struct {
	name    string
	pattern func() *regexp.Regexp
}{
	{"minute", cronField(`[0-5]?\d`, "")},
	{"hour", cronField(`[01]?\d|2[0-3]`, "")},
	{"day of the month", cronField(`0?[1-9]|[12]\d|3[01]`, `\?|L|LW|\d+W`)},
	{"month", cronField(`0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC`, "")},
	{"day of the week", cronField(`[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT`, `\?|L|[1-7]L|\w+#[1-5]`)},
	{"year", cronField(`19[7-9]\d|2[01]\d\d`, "")},
}

// cronField is all values of a field, some, a range or steps, or what it takes besides.
func cronField(value, besides string) func() *regexp.Regexp {
	item := `(\*|(` + value + `)(-(` + value + `))?)(/\d+)?`
	return compiled(`^(?i:` + item + `(,` + item + `)*` + sayIf(besides != "", "|"+besides) + `)$`)
}

// duration is what Go takes for one, as the AWS provider does.
var duration = judged(func(value any) string {
	if parsed, err := time.ParseDuration(value.(string)); err != nil || parsed <= 0 {
		return quote(value.(string)) + ` is not a duration; write one such as "90m" or "3h"`
	}
	return ""
})

// advancedOptions is every advanced option of AWS Elasticsearch, with what its value may be.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html#createdomain-configure-advanced-options
var advancedOptions = map[string]func(string) string{
	explicitIndex:                         trueOrFalse,
	"indices.fielddata.cache.size":        numberIn(0, 100),
	"indices.query.bool.max_clause_count": numberIn(1, 1<<31-1),
}

func trueOrFalse(text string) string {
	if text == "true" || text == "false" {
		return ""
	}
	return quote(text) + ` is neither "true" nor "false"; write one of them, in quotes`
}

func numberIn(least, most int) func(string) string {
	return func(text string) string {
		if number, err := strconv.Atoi(text); err == nil && number >= least && number <= most {
			return ""
		}
		return fmt.Sprintf("%s is not a number from %d to %d; write it in plain digits, in quotes", quote(text), least, most)
	}
}

func advancedOptionsKnown(e Environment) []finding {
	names := slices.Sorted(maps.Keys(advancedOptions))
	var findings []finding
	for _, name := range slices.Sorted(maps.Keys(e.Domain.AdvancedOptions)) {
		value := e.Domain.AdvancedOptions[name]
		path := join("domain.advanced_options", name)
		accept, known := advancedOptions[name]
		if !known {
			findings = append(findings, findingOfKey("domain.advanced_options", name, "is no option of AWS Elasticsearch%s",
				cmp.Or(didYouMean(name, names), "; it has "+strings.Join(names, ", ")))...)
			continue
		}
		if text := accept(value); text != "" && !isToken(reflect.ValueOf(value)) {
			findings = append(findings, finding{path: path, text: text})
		}
	}
	return findings
}

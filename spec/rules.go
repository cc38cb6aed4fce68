package spec

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// finding is what a rule found wrong, and at which key.
type finding struct{ path, text string }

// rule is what must hold between the values of an environment that has its defaults. Most is refused by AWS or the provider
// after minutes or hours; some AWS takes, and it means something else than its author thought.
type rule = ruleOf[Environment]

// ruleOf is the same of whatever a file may be.
type ruleOf[T any] struct {
	name string
	// The keys on which its judgement hangs: it holds its peace where one of them is refused, or misspelt.
	reads []string
	check func(T) []finding
}

// rules is every rule: here those of the domain, its access and its backend, and those of each section in its own file.
var rules = slices.Concat(domainRules, sectionRules, networkRules, encryptionRules, signInRules, metadataRules, customEndpointRules, logsRules, alarmsRules)

var domainRules = []rule{
	{"features need their version", []string{"domain.elasticsearch_version"}, featuresNeedVersion},
	{"instance types need their version", []string{"domain.elasticsearch_version"}, instanceTypesNeedVersion},
	{"encryption at rest needs an instance type that has it", []string{"domain.encrypt_at_rest.enabled"}, encryptionNeedsInstanceType},
	{"burstable nodes are few", []string{"domain.cluster_config.instance_count"}, func(e Environment) []finding {
		var many []finding
		count := e.Domain.ClusterConfig.InstanceCount
		for _, node := range e.Domain.nodeTypes() {
			kind, _ := instanceKind(node.text)
			many = append(many, when(kind.burstable && count > 10, node.path,
				"%q goes with ten data nodes at most, and this domain has %d; take a larger instance type", node.text, count)...)
		}
		return many
	}},
	{"many nodes need masters", []string{"domain.cluster_config.instance_count", "domain.cluster_config.dedicated_master_enabled"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.InstanceCount > 10 && !cluster.DedicatedMasterEnabled, "domain.cluster_config.instance_count",
			"%d nodes need dedicated masters, as every domain of more than ten does; set dedicated_master_enabled: true", cluster.InstanceCount)
	}},

	{"zones need awareness", []string{"domain.cluster_config.zone_awareness_enabled"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		zones := cluster.ZoneAwarenessConfig.AvailabilityZoneCount
		return when(zones != 0 && !cluster.ZoneAwarenessEnabled, "domain.cluster_config.zone_awareness_config.availability_zone_count",
			"%d zones are not used without zone_awareness_enabled: true; add it", zones)
	}},
	{"nodes fill their zones", []string{"domain.cluster_config.instance_count", "domain.cluster_config.zone_awareness_enabled", "domain.cluster_config.zone_awareness_config"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		zones := cluster.ZoneAwarenessConfig.AvailabilityZoneCount
		path := "domain.cluster_config.instance_count"
		// AWS takes five nodes in three zones, and three in none of two.
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
		switch {
		case !cluster.ZoneAwarenessEnabled:
			return nil
		case zones == 2:
			return when(cluster.InstanceCount%2 != 0, path, "%d cannot be spread over 2 zones; use an even number", cluster.InstanceCount)
		default:
			return when(zones == 3 && cluster.InstanceCount < 3, path, "%d cannot be spread over 3 zones; use at least 3", cluster.InstanceCount)
		}
	}},

	{"masters need to be enabled", []string{"domain.cluster_config.dedicated_master_enabled"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		if cluster.DedicatedMasterEnabled {
			return nil
		}
		text := "is not used, and refused by AWS, without dedicated_master_enabled: true; add it"
		return slices.Concat(
			when(cluster.DedicatedMasterType != "", "domain.cluster_config.dedicated_master_type", "%s", text),
			when(cluster.DedicatedMasterCount != 0, "domain.cluster_config.dedicated_master_count", "%s", text))
	}},
	{"masters need a type", []string{"domain.cluster_config.dedicated_master_enabled", "domain.cluster_config.dedicated_master_type"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.DedicatedMasterEnabled && cluster.DedicatedMasterType == "", "domain.cluster_config.dedicated_master_enabled",
			`true needs dedicated_master_type; add one such as "m6g.large.elasticsearch"`)
	}},
	{"warm nodes need to be enabled", []string{"domain.cluster_config.warm_enabled"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		if cluster.WarmEnabled {
			return nil
		}
		text := "is not used without warm_enabled: true; add it"
		return slices.Concat(
			when(cluster.WarmType != "", "domain.cluster_config.warm_type", "%s", text),
			when(cluster.WarmCount != 0, "domain.cluster_config.warm_count", "%s", text))
	}},
	{"warm nodes need a type and a count", []string{"domain.cluster_config.warm_enabled", "domain.cluster_config.warm_type", "domain.cluster_config.warm_count"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.WarmEnabled && (cluster.WarmType == "" || cluster.WarmCount == 0), "domain.cluster_config.warm_enabled",
			`true needs warm_type and warm_count; add them, such as "ultrawarm1.medium.elasticsearch" and 2`)
	}},
	{"warm nodes need masters", []string{"domain.cluster_config.warm_enabled", "domain.cluster_config.dedicated_master_enabled"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.WarmEnabled && !cluster.DedicatedMasterEnabled, "domain.cluster_config.warm_enabled",
			"true needs dedicated masters; set dedicated_master_enabled: true")
	}},
	{"warm nodes stand beside no burstable ones", []string{"domain.cluster_config.warm_enabled", "domain.cluster_config.instance_type"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		kind, _ := instanceKind(cluster.InstanceType)
		return when(cluster.WarmEnabled && kind.burstable, "domain.cluster_config.warm_enabled",
			"true cannot go with %s, for t2 and t3 have no warm nodes; take a larger instance type", cluster.InstanceType)
	}},
	{"cold storage needs warm nodes", []string{"domain.cluster_config.warm_enabled", "domain.cluster_config.cold_storage_options"}, func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cold(e) && !cluster.WarmEnabled, "domain.cluster_config.cold_storage_options.enabled",
			"true needs warm nodes; set warm_enabled: true")
	}},

	{"EBS goes with the instance type", []string{"domain.cluster_config.instance_type", "domain.ebs_options.ebs_enabled"}, func(e Environment) []finding {
		kind, known := instanceKind(e.Domain.ClusterConfig.InstanceType)
		enabled := *e.Domain.EBSOptions.EBSEnabled
		switch {
		case !known || kind.eitherStore || enabled != kind.instanceStore:
			return nil
		case enabled:
			return found("domain.ebs_options.ebs_enabled", "true cannot go with %s, which has disks of its own; set it to false", e.Domain.ClusterConfig.InstanceType)
		default:
			return found("domain.ebs_options.ebs_enabled", "false cannot go with %s, which has no disks of its own; set it to true", e.Domain.ClusterConfig.InstanceType)
		}
	}},
	{"volumes need EBS", []string{"domain.cluster_config.instance_type", "domain.ebs_options.ebs_enabled"}, func(e Environment) []finding {
		ebs := e.Domain.EBSOptions
		kind, known := instanceKind(e.Domain.ClusterConfig.InstanceType)
		if *ebs.EBSEnabled || known && !kind.instanceStore && !kind.eitherStore {
			return nil // on, or as another rule says, to be turned on
		}
		text := "is not used where EBS is off; leave it out"
		return slices.Concat(
			when(ebs.VolumeSize != 0, "domain.ebs_options.volume_size", "%s", text),
			when(ebs.VolumeType != "", "domain.ebs_options.volume_type", "%s", text),
			when(ebs.Iops != 0, "domain.ebs_options.iops", "%s", text),
			when(ebs.Throughput != 0, "domain.ebs_options.throughput", "%s", text))
	}},
	{"volumes fit their instance type", []string{"domain.cluster_config.instance_type", "domain.ebs_options.ebs_enabled", "domain.ebs_options.volume_type", "domain.ebs_options.volume_size"}, volumesFit},
	{"provisioned IOPS", []string{"domain.cluster_config.instance_type", "domain.ebs_options.volume_type", "domain.ebs_options.volume_size", "domain.ebs_options.iops"}, provisionedIOPS},
	{"provisioned throughput", []string{"domain.cluster_config.instance_type", "domain.ebs_options.volume_type", "domain.ebs_options.volume_size", "domain.ebs_options.iops", "domain.ebs_options.throughput"}, provisionedThroughput},

	{"a KMS key needs encryption", []string{"domain.encrypt_at_rest.enabled"}, func(e Environment) []finding {
		return when(e.Domain.EncryptAtRest.KMSKeyID != "" && !*e.Domain.EncryptAtRest.Enabled, "domain.encrypt_at_rest.kms_key_id",
			"is not used without encryption at rest; set enabled: true or leave the key out")
	}},
	{"a custom endpoint is whole", []string{"domain.domain_endpoint_options.custom_endpoint_enabled", "domain.domain_endpoint_options.custom_endpoint", "domain.domain_endpoint_options.custom_endpoint_certificate_arn"}, func(e Environment) []finding {
		endpoint := e.Domain.DomainEndpointOptions
		if e.CustomEndpoint != nil {
			return nil // as another rule says, it cannot be here at all
		}
		if endpoint.CustomEndpointEnabled {
			return when(endpoint.CustomEndpoint == "" || endpoint.CustomEndpointCertificateARN == "", "domain.domain_endpoint_options.custom_endpoint_enabled",
				"true needs custom_endpoint and custom_endpoint_certificate_arn; add them")
		}
		text := "is not used without custom_endpoint_enabled: true; add it"
		return slices.Concat(
			when(endpoint.CustomEndpoint != "", "domain.domain_endpoint_options.custom_endpoint", "%s", text),
			when(endpoint.CustomEndpointCertificateARN != "", "domain.domain_endpoint_options.custom_endpoint_certificate_arn", "%s", text))
	}},
	{"advanced options are known", nil, advancedOptionsKnown},

	{"fine-grained access control needs encryption", []string{"domain.advanced_security_options.enabled", "sign_in.fine_grained_access_control", "domain.encrypt_at_rest.enabled", "domain.node_to_node_encryption.enabled", "domain.domain_endpoint_options.enforce_https"}, func(e Environment) []finding {
		if !e.FineGrained() {
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
	{"one master user", []string{"domain.advanced_security_options.enabled", "domain.advanced_security_options.internal_user_database_enabled", "domain.advanced_security_options.master_user_options.master_user_arn", "domain.advanced_security_options.master_user_options.master_user_name"}, func(e Environment) []finding {
		options := e.Domain.AdvancedSecurityOptions
		if options == nil || !options.Enabled {
			return nil
		}
		user := options.MasterUserOptions
		path := "domain.advanced_security_options.master_user_options"
		switch {
		case user.MasterUserARN != "" && user.MasterUserName != "":
			return found(path, "has both master_user_arn and master_user_name; keep one")
		case options.InternalUserDatabaseEnabled && user.MasterUserName == "":
			return found(path, "needs master_user_name, because internal_user_database_enabled is true; add it")
		case !options.InternalUserDatabaseEnabled && user.MasterUserARN == "":
			return found(path, "needs master_user_arn, because internal_user_database_enabled is not true; add it")
		default:
			return nil
		}
	}},
	{"Cognito behind a policy", []string{"domain.cognito_options.enabled", "sign_in.cognito", "access.open_to_the_internet"}, func(e Environment) []finding {
		return when(e.cognito() && e.Access.OpenToTheInternet, "access.open_to_the_internet",
			"true is refused by AWS together with Cognito; name who gets in instead")
	}},

	{"a subnet for each zone", []string{"domain.vpc_options.subnet_ids", "network.subnet_ids", "domain.cluster_config.zone_awareness_enabled", "domain.cluster_config.zone_awareness_config"}, func(e Environment) []finding {
		path, subnets := e.subnets()
		unknown := slices.ContainsFunc(subnets, isListToken)
		return when(len(subnets) != 0 && len(subnets) != e.Domain.Zones() && !unknown, path,
			"has a length of %d, and the domain needs %d, one for each availability zone; name as many", len(subnets), e.Domain.Zones())
	}},
	{"a subnet once", nil, func(e Environment) []finding {
		var twice []finding
		path, subnets := e.subnets()
		for i, subnet := range subnets {
			twice = append(twice, when(slices.Contains(subnets[:i], subnet), fmt.Sprintf("%s[%d]", path, i),
				"%q is there twice; name one of another zone", subnet)...)
		}
		return twice
	}},
	{"no address conditions in a VPC", nil, func(e Environment) []finding {
		return when(e.InVPC() && len(e.Access.SourceIPs) > 0, "access.source_ips",
			"cannot go with a VPC, for AWS refuses such a policy; let the security groups do it")
	}},
	{"a VPC is not open to the internet", []string{"access.open_to_the_internet"}, func(e Environment) []finding {
		return when(e.InVPC() && e.Access.OpenToTheInternet, "access.open_to_the_internet",
			"true cannot go with a VPC; name who gets in")
	}},
	{"an open door needs no keys", []string{"access.open_to_the_internet"}, func(e Environment) []finding {
		access := e.Access
		return when(access.OpenToTheInternet && (access.named() || len(access.SourceIPs) > 0 || access.FineGrainedAccessControl), "access.open_to_the_internet",
			"true makes the rest of access meaningless; leave out the one or the other")
	}},
	{"fine-grained access control decides alone", []string{"access.fine_grained_access_control", "domain.advanced_security_options.enabled", "domain.advanced_security_options.internal_user_database_enabled", "sign_in"}, func(e Environment) []finding {
		if !e.Access.FineGrainedAccessControl {
			return nil
		}
		path := "access.fine_grained_access_control"
		return slices.Concat(
			when(!e.passwords() && !e.saml(), path,
				"true leaves the door to a lock that is not there; add sign_in.fine_grained_access_control with a master_user_name, or sign_in.saml"),
			when(e.Access.named(), path, "true cannot go with administrators, writers and readers; give those people roles inside the domain"))
	}},
	{"a log type once", nil, func(e Environment) []finding {
		var twice []finding
		seen := map[string]bool{}
		for i, option := range e.Domain.LogPublishingOptions {
			if seen[option.LogType] {
				twice = append(twice, found(fmt.Sprintf("domain.log_publishing_options[%d].log_type", i), "%q is published twice; leave one out", option.LogType)...)
			}
			seen[option.LogType] = true
		}
		return twice
	}},
	{"audit logs need fine-grained access control", []string{"domain.advanced_security_options.enabled"}, func(e Environment) []finding {
		var without []finding
		for i, option := range e.Domain.LogPublishingOptions {
			without = append(without, when(option.LogType == "AUDIT_LOGS" && *option.Enabled && !e.FineGrained(), fmt.Sprintf("domain.log_publishing_options[%d].log_type", i),
				`"AUDIT_LOGS" needs fine-grained access control; set advanced_security_options or leave the log out`)...)
		}
		return without
	}},
	{"no Auto-Tune on burstable nodes", []string{"domain.cluster_config.instance_type"}, func(e Environment) []finding {
		kind, _ := instanceKind(e.Domain.ClusterConfig.InstanceType)
		return when(e.Domain.AutoTuneOptions != nil && kind.burstable, "domain.auto_tune_options",
			"cannot go with %s, for t2 and t3 have no Auto-Tune, not even a disabled one; leave it out", e.Domain.ClusterConfig.InstanceType)
	}},
	{"a rollback needs a schedule", []string{"domain.auto_tune_options.rollback_on_disable", "domain.auto_tune_options.maintenance_schedule"}, func(e Environment) []finding {
		options := e.Domain.AutoTuneOptions
		return when(options != nil && options.RollbackOnDisable == "DEFAULT_ROLLBACK" && len(options.MaintenanceSchedule) == 0, "domain.auto_tune_options.rollback_on_disable",
			`"DEFAULT_ROLLBACK" needs a maintenance_schedule to roll back in; add one or use "NO_ROLLBACK"`)
	}},

	{"tags that AWS takes", nil, func(e Environment) []finding {
		return slices.Concat(tagFindings("default_tags", e.DefaultTags), tagFindings("domain.tags", e.Domain.Tags))
	}},

	{"one backend", nil, func(e Environment) []finding {
		names := e.Backend.names()
		return when(len(names) > 1, "backend", "has %s; a stack has one state, so keep one", strings.Join(names, " and "))
	}},
	{"a local state outside cdktf.out", nil, func(e Environment) []finding {
		local := e.Backend.Local
		if local == nil {
			return nil
		}
		// Terraform runs in cdktf.out/stacks/<stack>, which cdktf removes with all that is in it when the environment's file is
		// away for a run, as on another branch.
		text := "%q lies in cdktf.out, which cdktf empties now and then; begin it with ../../../, which is the project's root"
		return slices.Concat(
			when(inOutput(local.Path), "backend.local.path", text, local.Path),
			when(inOutput(local.WorkspaceDir), "backend.local.workspace_dir", text, local.WorkspaceDir))
	}},
	{"one kind of workspaces", []string{"backend.remote.workspaces", "backend.cloud.workspaces"}, func(e Environment) []finding {
		var unclear []finding
		if remote := e.Backend.Remote; remote != nil {
			unclear = append(unclear, when((remote.Workspaces.Name == "") == (remote.Workspaces.Prefix == ""), "backend.remote.workspaces",
				"needs either name or prefix; write one of them")...)
		}
		if cloud := e.Backend.Cloud; cloud != nil {
			unclear = append(unclear, when((cloud.Workspaces.Name == "") == (len(cloud.Workspaces.Tags) == 0), "backend.cloud.workspaces",
				"needs either name or tags; write one of them")...)
		}
		return unclear
	}},
	{"one list of accounts", nil, func(e Environment) []finding {
		s3 := e.Backend.S3
		return when(s3 != nil && s3.AllowedAccountIDs != nil && s3.ForbiddenAccountIDs != nil, "backend.s3.forbidden_account_ids",
			"cannot go with allowed_account_ids; keep one")
	}},
}

// inOutput tells whether a path that Terraform resolves in cdktf.out/stacks/<stack> lies in cdktf.out.
func inOutput(local string) bool {
	return local != "" && !path.IsAbs(local) && !strings.HasPrefix(path.Join("stacks/stack", local), "../")
}

// found is one finding; when is one if it is so, none otherwise.
func found(path, format string, values ...any) []finding {
	return []finding{{path, fmt.Sprintf(format, values...)}}
}

func when(so bool, path, format string, values ...any) []finding {
	if !so {
		return nil
	}
	return found(path, format, values...)
}

// features is what came with a version of Elasticsearch on AWS.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/features-by-version.html
var features = []struct {
	path  string
	name  string
	since version
	used  func(Environment) bool
}{
	{"domain.encrypt_at_rest.enabled", "encryption at rest", version{5, 1}, func(e Environment) bool { return *e.Domain.EncryptAtRest.Enabled }},
	{"domain.node_to_node_encryption.enabled", "encryption between nodes", version{6, 0}, func(e Environment) bool { return *e.Domain.NodeToNodeEncryption.Enabled }},
	{"domain.cognito_options", "sign-in with Cognito", version{5, 1}, func(e Environment) bool { return e.Domain.CognitoOptions != nil }},
	{"sign_in.cognito", "sign-in with Cognito", version{5, 1}, func(e Environment) bool { return e.SignIn != nil && e.SignIn.Cognito != nil }},
	{"domain.advanced_security_options", "fine-grained access control", version{6, 7}, func(e Environment) bool {
		return e.Domain.AdvancedSecurityOptions != nil && e.Domain.AdvancedSecurityOptions.Enabled
	}},
	{"sign_in.fine_grained_access_control", "fine-grained access control", version{6, 7}, func(e Environment) bool {
		return e.SignIn != nil && e.SignIn.FineGrainedAccessControl != nil
	}},
	{"domain.auto_tune_options", "Auto-Tune", version{6, 7}, func(e Environment) bool { return e.Domain.AutoTuneOptions != nil }},
	{"domain.cluster_config.warm_enabled", "UltraWarm", version{6, 8}, func(e Environment) bool { return e.Domain.ClusterConfig.WarmEnabled }},
	{"domain.cluster_config.cold_storage_options.enabled", "cold storage", version{7, 9}, func(e Environment) bool { return e.Domain.ClusterConfig.ColdStorageOptions.Enabled != nil }},
	{"domain.log_publishing_options", "log publishing", version{5, 1}, func(e Environment) bool { return len(e.Domain.LogPublishingOptions) > 0 }},
	{"logs", "log publishing", version{5, 1}, func(e Environment) bool { return e.Logs != nil }},
}

func featuresNeedVersion(e Environment) []finding {
	running, known := findVersion(e.Domain.ElasticsearchVersion)
	var findings []finding
	for _, feature := range features {
		findings = append(findings, when(known && feature.used(e) && running.before(feature.since), feature.path,
			"%s needs Elasticsearch %s or newer, and this domain has %s; raise elasticsearch_version or turn it off", feature.name, feature.since, running)...)
	}
	return findings
}

// subnets is the subnets that the file names, and the path of their key.
func (environment Environment) subnets() (path string, ids []string) {
	if environment.Network != nil {
		return "network.subnet_ids", environment.Network.SubnetIDs
	}
	if environment.Domain.VPCOptions != nil {
		return "domain.vpc_options.subnet_ids", environment.Domain.VPCOptions.SubnetIDs
	}
	return "", nil
}

// nodeTypes is the instance type of each kind of node, by the path of its key.
func (domain Domain) nodeTypes() []finding {
	return []finding{
		{"domain.cluster_config.instance_type", domain.ClusterConfig.InstanceType},
		{"domain.cluster_config.dedicated_master_type", domain.ClusterConfig.DedicatedMasterType},
	}
}

func instanceTypesNeedVersion(e Environment) []finding {
	running, known := findVersion(e.Domain.ElasticsearchVersion)
	if !known {
		return nil
	}
	var findings []finding
	for _, node := range e.Domain.nodeTypes() {
		kind, ok := instanceKind(node.text)
		until := kind.until
		if strings.HasPrefix(node.text, "t2.micro.") {
			until = version{2, 3}
		}
		switch {
		case !ok:
		case running.before(kind.since):
			findings = append(findings, found(node.path, "%q needs Elasticsearch %s or newer, and this domain has %s; raise elasticsearch_version or take another type", node.text, kind.since, running)...)
		case until != version{} && until.before(running.version):
			findings = append(findings, found(node.path, "%q runs Elasticsearch up to %s, and this domain has %s; take another type", node.text, until, running)...)
		}
	}
	return findings
}

func encryptionNeedsInstanceType(e Environment) []finding {
	var findings []finding
	for _, node := range e.Domain.nodeTypes() {
		kind, _ := instanceKind(node.text)
		findings = append(findings, when(kind.unencrypted && *e.Domain.EncryptAtRest.Enabled, node.path,
			"%q has no encryption at rest; take another type, or set encrypt_at_rest.enabled: false", node.text)...)
	}
	return findings
}

func volumesFit(e Environment) []finding {
	ebs, instanceType := e.Domain.EBSOptions, e.Domain.ClusterConfig.InstanceType
	kind, known := instanceKind(instanceType)
	if !known || !*ebs.EBSEnabled || kind.instanceStore || volumeType.fault(ebs.VolumeType) != "" {
		return nil
	}
	largest := largestVolume(instanceType, ebs.VolumeType)
	switch {
	case ebs.VolumeType == "gp3" && kind.previousGeneration:
		return found("domain.ebs_options.volume_type", `"gp3" cannot go with %s, a type of the previous generation; use "gp2"`, instanceType)
	case ebs.VolumeType == "standard" && kind.graviton:
		return found("domain.ebs_options.volume_type", `"standard" cannot go with %s; use "gp3"`, instanceType)
	default:
		return when(ebs.VolumeSize > largest, "domain.ebs_options.volume_size",
			"%d GiB is more than the %d that a %s volume of %s can have; take a larger instance type or more nodes", ebs.VolumeSize, largest, ebs.VolumeType, instanceType)
	}
}

// provisionedIOPS holds iops to the volume. A value that is left over from another volume type breaks the change.
// https://github.com/hashicorp/terraform-provider-aws/issues/32613
func provisionedIOPS(e Environment) []finding {
	ebs, path := e.Domain.EBSOptions, "domain.ebs_options.iops"
	switch {
	case ebs.VolumeType == "io1" && ebs.Iops == 0:
		return found("domain.ebs_options.volume_type", `"io1" needs iops; add it, at most %d for %d GiB`, 50*ebs.VolumeSize, ebs.VolumeSize)
	case ebs.VolumeType == "io1":
		return when(ebs.Iops > 50*ebs.VolumeSize, path, "%d is more than the 50 per GiB of an io1 volume; use at most %d", ebs.Iops, 50*ebs.VolumeSize)
	case ebs.VolumeType == "gp3" && ebs.Iops != 0:
		least := leastIOPS(ebs.VolumeSize)
		most := max(least, min(500*ebs.VolumeSize, 16000*((ebs.VolumeSize+3071)/3072)))
		return when(ebs.Iops < least || ebs.Iops > most, path, "%d is outside the %d to %d of a gp3 volume of %d GiB; choose a number in that range, or leave it out", ebs.Iops, least, most, ebs.VolumeSize)
	default:
		return when(ebs.Iops != 0 && (ebs.VolumeType == "gp2" || ebs.VolumeType == "standard"), path,
			"%d cannot go with a %s volume; leave it out, or use gp3", ebs.Iops, ebs.VolumeType)
	}
}

// leastIOPS is what a gp3 volume has at least, and what it has where nothing is provisioned.
func leastIOPS(volumeSize int) int {
	if volumeSize > 1024 {
		return max(3000, 3*volumeSize)
	}
	return 3000
}

func provisionedThroughput(e Environment) []finding {
	ebs, path := e.Domain.EBSOptions, "domain.ebs_options.throughput"
	switch {
	case ebs.Throughput == 0 || ebs.VolumeType == "":
		return nil
	case ebs.VolumeType == "gp2" || ebs.VolumeType == "io1" || ebs.VolumeType == "standard":
		return found(path, "%d cannot go with a %s volume; leave it out, or use gp3", ebs.Throughput, ebs.VolumeType)
	}
	if ebs.VolumeSize >= 200 && ebs.Throughput < 250 {
		// https://github.com/ministryofjustice/cloud-platform-infrastructure/issues/3194
		return found(path, "%d is less than the 250 that AWS asks of a gp3 volume of %d GiB; raise it, or leave it out", ebs.Throughput, ebs.VolumeSize)
	}
	// A quarter MiB/s for each operation, and 1,000 for every 3 TiB.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html
	iops := cmp.Or(ebs.Iops, leastIOPS(ebs.VolumeSize))
	if most := 1000 * ((ebs.VolumeSize + 3071) / 3072); ebs.Throughput > most {
		return found(path, "%d is more than the %d that a volume of %d GiB allows; lower it", ebs.Throughput, most, ebs.VolumeSize)
	}
	return when(ebs.Throughput > iops/4, path, "%d is more than the %d that %d IOPS allow; lower it or raise iops", ebs.Throughput, iops/4, iops)
}

// advancedOptions is every advanced option of AWS Elasticsearch, with what its value may be.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html#createdomain-configure-advanced-options
var advancedOptions = map[string]func(string) string{
	explicitIndex:                         trueOrFalse,
	"indices.fielddata.cache.size":        numberUpTo(100),
	"indices.query.bool.max_clause_count": numberUpTo(1<<31 - 1),
}

func trueOrFalse(text string) string {
	if text == "true" || text == "false" {
		return ""
	}
	return quote(text) + ` is neither "true" nor "false"; write one of them, in quotes`
}

func numberUpTo(most int) func(string) string {
	return func(text string) string {
		if number, err := strconv.Atoi(text); err == nil && number >= 0 && number <= most {
			return ""
		}
		return fmt.Sprintf("%s is not a number from 0 to %d; write it in plain digits, in quotes", quote(text), most)
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
			findings = append(findings, found(path, "is no option of AWS Elasticsearch%s", cmp.Or(didYouMean(name, names), "; it has "+strings.Join(names, ", ")))...)
			continue
		}
		if text := accept(value); text != "" && !isToken(reflect.ValueOf(value)) {
			findings = append(findings, finding{path, text})
		}
	}
	return findings
}

// tagFindings holds tags to AWS's limits.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#tag-conventions
func tagFindings(path string, tags map[string]string) []finding {
	findings := when(len(tags) > 50, path, "has %d tags, and AWS takes 50; leave some out", len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		switch {
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			findings = append(findings, found(join(path, key), `begins with "aws:", which AWS keeps to itself; choose another name`)...)
		case key == "":
			findings = append(findings, found(path, "has a tag without a name; name it or leave it out")...)
		case len([]rune(key)) > 128:
			findings = append(findings, found(path, "has a key of %d characters, and AWS takes 128; shorten %s", len([]rune(key)), quote(key))...)
		case len([]rune(value)) > 256:
			findings = append(findings, found(join(path, key), "has %d characters, and AWS takes 256; shorten it", len([]rune(value)))...)
		}
	}
	return findings
}

// warningRules is what is worth a warning in an environment that has its defaults.
var warningRules = []struct {
	path  string
	check func(Environment, time.Time) string
}{
	{"region", func(e Environment, _ time.Time) string {
		return sayIf(!slices.Contains(regions, e.Region) && !isToken(reflect.ValueOf(e.Region)), quote(e.Region)+" is no region that is known here"+didYouMean(e.Region, regions))
	}},
	{"access.open_to_the_internet", func(e Environment, _ time.Time) string {
		switch {
		case e.Access.OpenToTheInternet && e.FineGrained():
			return "every request from the internet, signed or not, reaches fine-grained access control; that alone keeps it shut"
		default: // https://github.com/aws-samples/amazon-opensearch-service-sample-cdk/pull/133
			return sayIf(e.Access.OpenToTheInternet, "anybody on the internet can read, change and delete everything on this domain; AWS refuses that today, "+
				"after it made the domain, without sign_in.fine_grained_access_control")
		}
	}},
	{"access.fine_grained_access_control", func(e Environment, _ time.Time) string {
		switch behind := e.Access.FineGrainedAccessControl; {
		case behind && !e.InVPC() && e.passwords():
			return "every request from the internet reaches the domain's own sign-in; passwords alone keep it shut"
		case behind && !e.InVPC():
			return "every request from the internet reaches the domain's own sign-in; that alone keeps it shut"
		default:
			return sayIf(!behind && !e.Access.OpenToTheInternet && e.passwords() && !e.saml(), "without true, nobody can sign in with a name and a password: the access policy asks for requests that IAM signs")
		}
	}},
	{"domain.advanced_options." + explicitIndex, func(e Environment, _ time.Time) string {
		readers := len(e.Access.Readers) > 0 || e.SignIn != nil && e.SignIn.Cognito != nil && e.SignIn.Cognito.SignedInUsers == "readers"
		held := (readers || len(e.Access.Writers) > 0) && !e.FineGrained()
		switch explicit := e.Domain.AdvancedOptions[explicitIndex]; {
		case held && explicit == "true":
			return "index_prefix is a guard rail, not a wall: with \"true\", the body of _bulk, _msearch, _mget and of searches in Kibana can name any index; " +
				"\"false\" shuts most of that and breaks Kibana; advanced_security_options separates teams for good"
		case held && readers && explicit == "false":
			return `with "false" Kibana does not work on this domain, though there are readers`
		default:
			return ""
		}
	}},
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
				return fmt.Sprintf("start_at %q is past: AWS refuses that where the domain or this section is new or changes; write a time to come, unless it stands like this on the domain", schedule.StartAt)
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
		policy := e.Domain.DomainEndpointOptions.TLSSecurityPolicy
		return sayIf(policy == "Policy-Min-TLS-1-0-2019-07", fmt.Sprintf("%q lets clients speak TLS 1.0 and 1.1, which are broken; use %q", policy, newestTLSSecurityPolicy))
	}},
	{"domain.cluster_config.instance_count", func(e Environment, _ time.Time) string {
		cluster := e.Domain.ClusterConfig
		return sayIf(cluster.ZoneAwarenessConfig.AvailabilityZoneCount == 3 && cluster.InstanceCount%3 != 0,
			fmt.Sprintf("%d nodes in 3 zones carry uneven loads; AWS recommends a multiple of 3", cluster.InstanceCount))
	}},
	{"network.ingress", func(e Environment, _ time.Time) string {
		return sayIf(e.Network != nil && e.Network.Ingress.empty(), "nobody reaches the domain, since no security group, CIDR block or prefix list is named")
	}},
	{"adopt", func(e Environment, _ time.Time) string {
		if e.Adopt == "" || e.SignIn == nil || e.SignIn.FineGrainedAccessControl == nil {
			return ""
		}
		user := e.SignIn.FineGrainedAccessControl
		return sayIf(user.MasterUserName != "" && user.MasterUserSecretARN == "",
			"the master user gets a new password, and whoever uses the old one is shut out; keep it in a secret, and name that as sign_in.fine_grained_access_control.master_user_secret_arn")
	}},
	{"alarms", func(e Environment, _ time.Time) string {
		var names []string
		for _, alarm := range e.wantedAlarms() {
			if unknown(alarm) {
				names = append(names, alarm.Name)
			}
		}
		return sayIf(names != nil, "has no "+strings.Join(names, ", ")+", whose threshold depends on what nobody says of these instance types; say it in tune, or turn it off there")
	}},
	{"alarms.email", func(e Environment, _ time.Time) string {
		return sayIf(e.Alarms != nil && e.Alarms.TopicARN == "" && len(e.Alarms.Email) == 0, "nobody hears of an alarm until somebody subscribes to the topic; name addresses, or topic_arn")
	}},
	{"backend.s3", func(e Environment, _ time.Time) string {
		s3 := e.Backend.S3
		return sayIf(s3 != nil && s3.DynamodbTable == "" && (s3.UseLockfile == nil || !*s3.UseLockfile),
			"nothing keeps two runs apart, and a state that two of them write is lost; add use_lockfile: true (Terraform 1.10 or newer) or dynamodb_table")
	}},
}

func sayIf(so bool, text string) string {
	if so {
		return text
	}
	return ""
}

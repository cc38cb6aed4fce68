package spec

import "cmp"

// explicitIndex decides whether a request's body may name other indices than its path does.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html#ac-advanced
const explicitIndex = "rest.action.multi.allow_explicit_index"

// newestTLSSecurityPolicy is TLS 1.2 and better with perfect forward secrecy, the newest policy for all engines.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html
const newestTLSSecurityPolicy = "Policy-Min-TLS-1-2-PFS-2023-10"

// Domain has the arguments of aws_elasticsearch_domain, under their own names, but for access_policies: who gets in is said in
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

	// Auto-Tune. Default: not said, so AWS's own default holds, and on a domain that is there what it has. t2 and t3 have none, not even a disabled one.
	AutoTuneOptions *AutoTuneOptions `json:"auto_tune_options,omitempty"`

	// The daily snapshot of versions before 5.3; later ones take one an hour. Default: AWS's own, and on a domain that is there what it
	// has.
	SnapshotOptions *SnapshotOptions `json:"snapshot_options,omitempty"`

	// Tags of the domain alone, on top of default_tags. Default: none.
	Tags map[string]string `json:"tags,omitempty"`

	// How long Terraform waits for AWS. Default: create 3h, update 6h, delete 3h.
	Timeouts Timeouts `json:"timeouts,omitzero"`

	// Terraform's own lifecycle arguments. Default: prevent_destroy.
	Lifecycle Lifecycle `json:"lifecycle,omitzero"`
}

// ClusterConfig is the cluster_config block: how many nodes, of which instance types.
type ClusterConfig struct {
	// Instance type of the data nodes, such as "m6g.large.elasticsearch".
	InstanceType string `json:"instance_type"`

	// Number of data nodes; with zone awareness a multiple of the number of zones. Default: 1.
	InstanceCount int `json:"instance_count,omitempty"`

	// Whether dedicated nodes manage the cluster. Default: false.
	DedicatedMasterEnabled bool `json:"dedicated_master_enabled,omitempty"`

	// Instance type of the dedicated masters; needed with dedicated_master_enabled.
	DedicatedMasterType string `json:"dedicated_master_type,omitempty"`

	// Number of dedicated masters: 3 or 5. Default: 3 with dedicated_master_enabled.
	DedicatedMasterCount int `json:"dedicated_master_count,omitempty"`

	// Whether data nodes and replicas are spread over availability zones. Default: false.
	ZoneAwarenessEnabled bool `json:"zone_awareness_enabled,omitempty"`

	// Over how many zones.
	ZoneAwarenessConfig ZoneAwarenessConfig `json:"zone_awareness_config,omitzero"`

	// Whether there are UltraWarm nodes, for indices that are seldom searched. Default: false. Needs dedicated masters.
	WarmEnabled bool `json:"warm_enabled,omitempty"`

	// Number of UltraWarm nodes, 2 to 150; needed with warm_enabled.
	WarmCount int `json:"warm_count,omitempty"`

	// Instance type of the UltraWarm nodes, such as "ultrawarm1.medium.elasticsearch"; needed with warm_enabled.
	WarmType string `json:"warm_type,omitempty"`

	// Storage for indices that are detached from the nodes.
	ColdStorageOptions ColdStorageOptions `json:"cold_storage_options,omitzero"`
}

// ZoneAwarenessConfig is the zone_awareness_config block.
type ZoneAwarenessConfig struct {
	// Number of availability zones: 2 or 3. Default: 2 with zone_awareness_enabled.
	AvailabilityZoneCount int `json:"availability_zone_count,omitempty"`
}

// ColdStorageOptions is the cold_storage_options block. To leave it out is not to turn it off: the provider then asks for no change.
type ColdStorageOptions struct {
	// Whether indices can move to cold storage. Needs UltraWarm nodes. Default: as it is, so off on a new domain; false turns it off again.
	Enabled *bool `json:"enabled,omitempty"`
}

// EBSOptions is the ebs_options block.
type EBSOptions struct {
	// Whether data nodes have EBS volumes. Default: what the instance type asks for.
	EBSEnabled *bool `json:"ebs_enabled,omitempty"`

	// GiB of each data node's volume. Default: 10.
	VolumeSize int `json:"volume_size,omitempty"`

	// gp3, gp2, io1 or standard. Default: gp3, and gp2 on instance types of the previous generation.
	VolumeType string `json:"volume_type,omitempty"`

	// Provisioned operations a second, for gp3 and io1 only; io1 needs it. Default: what AWS gives a gp3 volume.
	Iops int `json:"iops,omitempty"`

	// MiB a second, 125 to 1000 for every 3 TiB, for gp3 only. Default: what AWS gives a gp3 volume.
	Throughput int `json:"throughput,omitempty"`
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

	// Oldest TLS that the endpoint speaks. Default: Policy-Min-TLS-1-2-PFS-2023-10.
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

// Zones is over how many availability zones the nodes are spread.
func (domain Domain) Zones() int {
	return cmp.Or(domain.ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount, 1)
}

// Package spec is what an environment file may say: its types, its defaults and its checks.
//
// It is plain Go and knows nothing of CDK for Terraform. The names and the nesting below `domain:` are the arguments of
// [aws_elasticsearch_domain], those below `backend:` are the arguments of Terraform's [backends].
//
// The zero value of every optional field means "not said", and what is not said is safe: see [Environment.WithDefaults].
//
// [aws_elasticsearch_domain]: https://registry.terraform.io/providers/hashicorp/aws/5.99.1/docs/resources/elasticsearch_domain
// [backends]: https://developer.hashicorp.com/terraform/language/backend
package spec

import (
	"cmp"
	"maps"
)

// Environment is one file of environments/: one stack, one Elasticsearch domain.
type Environment struct {
	// AWS region the domain lives in, such as "eu-central-1". A change makes Terraform lose sight of the domain in the old region,
	// whatever prevent_destroy says, and make another one.
	Region string `json:"region"`

	// Tags that the AWS provider puts on every resource of the stack. Default: none.
	// https://registry.terraform.io/providers/hashicorp/aws/5.99.1/docs#default_tags
	DefaultTags map[string]string `json:"default_tags,omitempty"`

	// Where Terraform keeps the state of this stack: exactly one backend. Default: local, in the project's root.
	Backend Backend `json:"backend,omitzero"`

	// The Elasticsearch domain, in the words of aws_elasticsearch_domain.
	Domain Domain `json:"domain"`

	// Who gets in. Default: administrators is [account], so this account's own IAM decides.
	Access Access `json:"access,omitzero"`

	// VPC and security group. Default: a public endpoint.
	Network *Network `json:"network,omitempty"`

	// KMS key. Default: AWS's own.
	Encryption *Encryption `json:"encryption,omitempty"`

	// How people get into Kibana. Default: with requests that IAM signs.
	SignIn *SignIn `json:"sign_in,omitempty"`

	// A name of your own for the endpoint. Default: the one that AWS gives it.
	CustomEndpoint *CustomEndpoint `json:"custom_endpoint,omitempty"`

	// Logs that go to CloudWatch; `logs: {}` takes all defaults. Default: none.
	Logs *Logs `json:"logs,omitempty"`

	// Alarms and a dashboard in CloudWatch; `alarms: {}` takes all defaults. Default: none.
	Alarms *Alarms `json:"alarms,omitempty"`

	// Name of a domain that exists, made by hand or by another tool, for Terraform to take over at its next run instead of making
	// one. It stands in domain.domain_name, too. Default: the domain is made.
	// https://developer.hashicorp.com/terraform/language/import
	Adopt string `json:"adopt,omitempty"`

	// Where the AWS provider finds AWS. Default: AWS's public endpoints.
	Endpoints Endpoints `json:"endpoints,omitzero"`
}

// Endpoints is the addresses of AWS services, for private endpoints and for emulators: those that a stack here may use, under
// the names that the AWS provider gives them.
// https://registry.terraform.io/providers/hashicorp/aws/5.99.1/docs/guides/custom-service-endpoints
type Endpoints struct {
	// AWS Certificate Manager.
	ACM string `json:"acm,omitempty"`
	// CloudWatch: alarms and dashboards.
	CloudWatch string `json:"cloudwatch,omitempty"`
	// Amazon Cognito identity pools.
	CognitoIdentity string `json:"cognitoidentity,omitempty"`
	// Amazon Cognito user pools.
	CognitoIDP string `json:"cognitoidp,omitempty"`
	// Subnets and security groups.
	EC2 string `json:"ec2,omitempty"`
	// Amazon Elasticsearch Service.
	ES string `json:"es,omitempty"`
	// Identity and Access Management.
	IAM string `json:"iam,omitempty"`
	// Key Management Service.
	KMS string `json:"kms,omitempty"`
	// CloudWatch Logs.
	Logs string `json:"logs,omitempty"`
	// Route 53.
	Route53 string `json:"route53,omitempty"`
	// Secrets Manager.
	SecretsManager string `json:"secretsmanager,omitempty"`
	// Simple Notification Service.
	SNS string `json:"sns,omitempty"`
	// Security Token Service, by which Terraform knows the account.
	STS string `json:"sts,omitempty"`
}

// Account, in a list of [Access], stands for "this account's own IAM decides": the account that the stack is deployed to,
// whichever that is.
const Account = "account"

// DefaultIndexPrefix is the index prefix that writers and readers are held to where the file names none.
const DefaultIndexPrefix = "ml-metrics"

// Access says who may do what on the domain. Whoever is not named here may do nothing, whatever their own IAM policies say,
// unless one of the lists holds "account".
//
// Each principal is the ARN of an IAM role, an IAM user or an account's root, or "account".
type Access struct {
	// May send any HTTP request to the domain, Kibana included. Default: [account] if nobody else is named either.
	Administrators []string `json:"administrators,omitempty"`

	// May add documents to the indices of index_prefix. What is in the body of their _bulk requests AWS does not see: it can
	// overwrite and delete documents too. Default: nobody.
	Writers []string `json:"writers,omitempty"`

	// May read and search the indices of index_prefix, from Kibana too, and change nothing. Default: nobody.
	Readers []string `json:"readers,omitempty"`

	// The index, and with a hyphen behind it the beginning of all index names, that writers and readers are held to:
	// "ml-metrics" stands for ml-metrics and ml-metrics-*. Default: ml-metrics.
	IndexPrefix string `json:"index_prefix,omitempty"`

	// CIDR blocks or addresses that requests must come from, whoever sends them. Default: any. Not in a VPC, where security groups
	// do this.
	SourceIPs []string `json:"source_ips,omitempty"`

	// Leaves it to the domain's own users, roles and passwords (sign_in.saml, or sign_in.fine_grained_access_control with a
	// master_user_name) who gets in: no request is turned away before fine-grained access control has seen it. Default: false.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-recommendations
	FineGrainedAccessControl bool `json:"fine_grained_access_control,omitempty"`

	// Lets anybody on the internet read, write and delete everything. Default: false.
	OpenToTheInternet bool `json:"open_to_the_internet,omitempty"`
}

// named tells whether the file says anything on who gets in.
func (access Access) named() bool {
	return len(access.Administrators)+len(access.Writers)+len(access.Readers) > 0
}

// WithDefaults returns the environment with everything said that was left out: encryption at rest and between nodes, HTTPS
// with the newest TLS policy, gp3 volumes where the instance type takes them, long timeouts, prevent_destroy, and access for
// this account's own IAM. What was said stays as it is, wrong or right; see [Environment.Check].
func (environment Environment) WithDefaults() Environment {
	environment.Domain = environment.Domain.withDefaults()
	environment.Encryption = environment.withEncryptionDefaults()
	environment.SignIn = environment.withSignInDefaults()
	environment.Logs = environment.withLogDefaults()
	environment.Alarms = environment.withAlarmDefaults()
	access := &environment.Access
	if !access.named() && !access.OpenToTheInternet && !access.FineGrainedAccessControl {
		access.Administrators = []string{Account}
	}
	access.IndexPrefix = cmp.Or(access.IndexPrefix, DefaultIndexPrefix)
	if len(environment.Backend.names()) == 0 {
		environment.Backend.Local = &LocalBackend{}
	}
	return environment
}

func (domain Domain) withDefaults() Domain {
	cluster := &domain.ClusterConfig
	cluster.InstanceCount = cmp.Or(cluster.InstanceCount, 1)
	if cluster.ZoneAwarenessEnabled {
		cluster.ZoneAwarenessConfig.AvailabilityZoneCount = cmp.Or(cluster.ZoneAwarenessConfig.AvailabilityZoneCount, 2)
	}
	if cluster.DedicatedMasterEnabled {
		cluster.DedicatedMasterCount = cmp.Or(cluster.DedicatedMasterCount, 3)
	}

	kind, known := instanceKind(cluster.InstanceType)
	ebs := &domain.EBSOptions
	ebs.EBSEnabled = orPointer(ebs.EBSEnabled, !known || !kind.instanceStore)
	if *ebs.EBSEnabled {
		ebs.VolumeSize = cmp.Or(ebs.VolumeSize, 10)
		if kind.previousGeneration {
			ebs.VolumeType = cmp.Or(ebs.VolumeType, "gp2")
		} else {
			ebs.VolumeType = cmp.Or(ebs.VolumeType, "gp3")
		}
	}

	domain.EncryptAtRest.Enabled = orPointer(domain.EncryptAtRest.Enabled, true)
	domain.NodeToNodeEncryption.Enabled = orPointer(domain.NodeToNodeEncryption.Enabled, true)
	endpoint := &domain.DomainEndpointOptions
	endpoint.EnforceHTTPS = orPointer(endpoint.EnforceHTTPS, true)
	endpoint.TLSSecurityPolicy = cmp.Or(endpoint.TLSSecurityPolicy, newestTLSSecurityPolicy)

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

// orPointer is value, or fallback where value was not said.
func orPointer[T any](value *T, fallback T) *T {
	if value == nil {
		return &fallback
	}
	return value
}

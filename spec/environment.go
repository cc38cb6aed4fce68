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

// WithDefaults returns the environment with everything given that was left out: encryption at rest and between nodes, HTTPS
// with the newest TLS policy, gp3 volumes where the instance type takes them, long timeouts, prevent_destroy, and access for
// this account's own IAM. What was given stays as it is, wrong or right; see [Environment.Check].
func (environment Environment) WithDefaults() Environment {
	for _, section := range sections {
		if section.defaults != nil {
			section.defaults(&environment)
		}
	}
	return environment
}

// orPointer is value, or fallback where value was not given.
func orPointer[T any](value *T, fallback T) *T {
	if value == nil {
		return &fallback
	}
	return value
}

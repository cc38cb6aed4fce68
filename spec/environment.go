// Package spec is what an environment file may say: its types, its defaults and its checks.
//
// It is plain Go and knows nothing of CDK for Terraform. The names and the nesting below `domain:` are the arguments of
// [aws_elasticsearch_domain], those below `backend:` are the arguments of Terraform's [backends].
//
// The zero value of every optional field means "not given", and what is not given is safe: see [Environment.WithDefaults].
//
// # The files
//
// Each section of an environment file has a file of its name, here and in stacks: network.go, sign_in.go, custom_endpoint.go. Here it
// holds the type, whose comments are the documentation, and a value of type section: defaults, what each value may be, the rules
// between values, warnings, the arguments of the domain that it fills. Large ones have a file for each part: backend_s3.go,
// domain_cluster_config.go, sign_in_saml.go. environment.go lists the sections; section.go says what one has. A section reads
// its own fields, region and domain; what another one decides it asks by a method of Environment, in that other one's file.
//
//	load.go          folders and files -> File; the errors of all files at once
//	decode.go        YAML -> the types, with the place of each key
//	check.go         the values and the rules -> Problems; problem.go: what one is
//	values.go        what a value may be, as data; the checks and the JSON Schema are made from it
//	rules.go         what a rule finds; worlds.go: what of it is told beside other faults
//	roles.go         the other kind of file, with `github:` in the place of `domain:`
//	instance_type.go, elasticsearch_version.go, region.go   what AWS has
//	account.go       what must all be of one account
//	once.go          what two files of a folder must not both make
//	account.go       what must be of one account; once.go: what two files must not both make
//
// # To add an argument to a section
//
//  1. SECTION.go: the field with its comment, its allowed values, its default, its rules.
//     TestEachKeyIsDescribed wants the comment, TestSchema the schema (go test ./spec -update), TestEachRuleHasAFault a faulty file in
//     faults_*_test.go for its allowed values and for each rule, TestEachWarningRuleHasACase one in warnings_test.go for a warning.
//  2. stacks/SECTION.go: pass it on. TestNothingIsDropped in stacks wants it in an example (testdata/environments, or everyBlock in
//     stacks) and in Terraform; TestDomainHasTheProvidersArguments wants the provider to have it.
//
// # To add a section
//
//  1. spec/SECTION.go: the type and SECTIONSection. spec/environment.go: the field, and the section in the list.
//     TestEachFieldHasItsSection wants the two alike; from there on as with an argument.
//  2. stacks/SECTION.go: what is made before the domain and after it, and the grants, which are the calls that a deploying role needs;
//     stacks/section.go: its row. TestRolesGrantWhatTheProviderCalls wants the calls of new types of resources in
//     stacks/testdata/calls.txt.
//  3. An example in testdata/environments with the section, and its snapshot and addresses (go test . -update).
//
// # To add a rule
//
// SECTION.go, in the rules of the section in which its finding lies; worlds.go sees to it that it is told only where its judgement does not
// hang on a key that is faulty itself. Then a faulty file for it: TestEachRuleHasAFault. What it asks of other sections,
// TestSectionsAskEachOther lists.
//
// [aws_elasticsearch_domain]: https://registry.terraform.io/providers/hashicorp/aws/5.99.1/docs/resources/elasticsearch_domain
// [backends]: https://developer.hashicorp.com/terraform/language/backend
package spec

// Environment is one file of environments/: one stack, one Elasticsearch domain.
type Environment struct {
	// AWS region the domain lives in, such as "eu-central-1". A change makes Terraform lose track of the domain in the old region,
	// in spite of prevent_destroy, and create another one.
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

	// How `aimetrics setup` has the documents stored. Default: a year of months, with copies as there are zones.
	Metrics *Metrics `json:"metrics,omitempty"`

	// Name of an existing domain, made by hand or by another tool, that Terraform takes over at its next run instead of creating
	// one. It must be the same as domain.domain_name. Default: the domain is created.
	// https://developer.hashicorp.com/terraform/language/import
	Adopt string `json:"adopt,omitempty"`

	// Names of other files of the folder, whose stacks are deployed before this one: the workflow deploy starts on it when all of them
	// are deployed, and so does `cdktf deploy` of several stacks. Default: none.
	DeployAfter []string `json:"deploy_after,omitempty"`

	// Where the AWS provider finds AWS. Default: AWS's public endpoints.
	Endpoints Endpoints `json:"endpoints,omitzero"`
}

// sections is every section, in the order of the fields of Environment.
var sections = []section{
	regionSection,
	defaultTagsSection,
	backendSection,
	domainSection,
	accessSection,
	networkSection,
	encryptionSection,
	signInSection,
	customEndpointSection,
	logsSection,
	alarmsSection,
	metricsSection,
	adoptSection,
	deployAfterSection,
	endpointsSection,
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

// isOn reports whether a switch is on that is on by default, in an environment with its defaults or without.
func isOn(enabled *bool) bool { return enabled == nil || *enabled }

// orPointer is value, or fallback where value was not given.
func orPointer[T any](value *T, fallback T) *T {
	if value == nil {
		return &fallback
	}
	return value
}

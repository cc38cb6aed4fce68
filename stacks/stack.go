// Package stacks turns an environment into Terraform.
//
// Resource addresses are a promise: a logical id that changes makes Terraform destroy what it named. So every resource is
// made directly in the stack, under an id that is its address.
//
// # The files
//
// Each section of an environment file has a file of its name, here and in spec, with its resources, their names, and the grants:
// the calls of AWS that a role needs to plan and to deploy it. section.go lists the sections in the order in which they are built. The
// comment of package spec says how to add one.
//
//	stack.go             an environment -> its stack
//	roles.go             a file of roles -> its stack; grants.go: the sections' grants -> policies
//	provider.go, location.go, backend.go    what every stack has
//	policy_document.go, keys.go, domain_tag.go   what several sections make: IAM policies, KMS keys, the tag by which policies know them
//	hcl.go               what cdktf needs to write HCL
//	jsii.go              plain values -> the pointers of jsii
package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchloggroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cognitouserpool"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmskey"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// Metrics is the stack of one environment, and what other constructs may want of it.
type Metrics struct {
	// The stack, with its provider and its backend.
	Stack cdktf.TerraformStack
	// The domain itself.
	Domain elasticsearchdomain.ElasticsearchDomain
	// ARN of the domain, which is known before the domain is made.
	DomainARN string
	// IAM policies that let a role of the same account write to, or read from, the indices of the environment's index prefix.
	WritersPolicy, ReadersPolicy iampolicy.IamPolicy
	// ARN of the SNS topic that receives the alarms; "" without alarms.
	AlarmsTopicARN string
	// The domain's own security group, for rules of yours; nil without the section network.
	SecurityGroup securitygroup.SecurityGroup
	// The KMS key of the domain and of its log groups; nil where none is made, without encryption.customer_managed_key.
	Key kmskey.KmsKey
	// The user pool of those who sign in to Kibana; nil where none is made, without sign_in.cognito.user_pool_domain.
	UserPool cognitouserpool.CognitoUserPool
	// The log groups, by the type of their logs, such as "ES_APPLICATION_LOGS"; empty without the section logs.
	LogGroups map[string]cloudwatchloggroup.CloudwatchLogGroup
}

// NewMetrics makes the stack of an environment in scope, an App: provider, backend, domain, access policy and outputs, and
// what the environment's sections ask for around it. id is the stack's name, as in `cdktf diff <id>`.
//
// What the environment leaves out has the defaults of [spec.Environment.WithDefaults]. The error is every fault of the
// environment, as [spec.Problems]; then nothing is made.
func NewMetrics(scope constructs.Construct, id string, environment spec.Environment) (Metrics, error) {
	if err := environment.Check(); err != nil {
		return Metrics{}, err
	}
	return newMetrics(scope, id, environment.WithDefaults()), nil
}

// newMetrics is NewMetrics of an environment that is sound, and has its defaults.
func newMetrics(scope constructs.Construct, id string, environment spec.Environment) Metrics {
	stack := cdktf.NewTerraformStack(scope, &id)
	newBackend(stack, id, environment.Backend)
	newProvider(stack, environment.Region, environment.DefaultTags, environment.Endpoints)
	here := newLocation(stack)
	made := build{stack: stack, here: here, environment: environment, domain: environment.Domain}
	made.metrics = Metrics{Stack: stack, DomainARN: newDomainARN(stack, here, environment.Domain.DomainName),
		LogGroups: map[string]cloudwatchloggroup.CloudwatchLogGroup{}}

	made.all(func(section section) func(*build) { return section.before })
	newDomain(&made)
	newAccess(&made)
	newOutputs(made.metrics)
	made.all(func(section section) func(*build) { return section.after })
	return made.metrics
}

func newOutputs(metrics Metrics) {
	stack, kibana := metrics.Stack, reference(domainAddress, "kibana_endpoint")
	newOutput(stack, "elasticsearch_domain_endpoint", "Host of the domain: index, search and upload requests go to https://<host>/.",
		reference(domainAddress, "endpoint"))
	newOutput(stack, "kibana_endpoint", "Host and path of Kibana: open https://<host and path>.", kibana)
	url := "https://" + *kibana
	newOutput(stack, "kibana_url", "Kibana, where people sign in by Cognito or SAML; elsewhere run: aimetrics kibana --stack NAME",
		&url)
	newOutput(stack, "elasticsearch_domain_arn", "ARN of the domain.", &metrics.DomainARN)
	newOutput(stack, "elasticsearch_domain_name", "Name of the domain.", reference(domainAddress, "domain_name"))
	newOutput(stack, "writers_policy_arn", "ARN of the IAM policy to attach to roles that add metrics.",
		reference("aws_iam_policy.writers", "arn"))
	newOutput(stack, "readers_policy_arn", "ARN of the IAM policy to attach to roles that read metrics.",
		reference("aws_iam_policy.readers", "arn"))
}

func newOutput(stack cdktf.TerraformStack, name, description string, value *string) {
	cdktf.NewTerraformOutput(stack, &name, &cdktf.TerraformOutputConfig{Value: value, Description: &description})
}

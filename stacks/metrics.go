// Package stacks turns an environment into Terraform: one file a concern.
//
// Resource addresses are a promise: a logical id that changes makes Terraform destroy what it named. So every resource is
// made directly in the stack, under an id that is its address.
package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawscalleridentity"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawspartition"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawsregion"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/provider"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
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
	// ARN of the SNS topic that alarms are told to; "" without alarms.
	AlarmsTopicARN string
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
	environment = environment.WithDefaults()

	stack := cdktf.NewTerraformStack(scope, &id)
	newBackend(stack, environment.Backend)
	newProvider(stack, environment.Region, environment.DefaultTags, environment.Endpoints)
	here := newLocation(stack)
	metrics := Metrics{Stack: stack, DomainARN: newDomainARN(stack, here, environment.Domain.DomainName)}

	surroundings := newSurroundings(stack, here, environment)
	metrics.Domain = newDomain(stack, surroundings.domain, surroundings.before)
	policy := newAccessPolicy(stack, here, metrics.Domain, environment)
	metrics.WritersPolicy = newManagedPolicy(stack, "writers", writerRequests, environment)
	metrics.ReadersPolicy = newManagedPolicy(stack, "readers", readerRequests, environment)
	newOutputs(metrics)

	if environment.SignIn != nil && environment.SignIn.SAML != nil {
		newSAMLOptions(stack, metrics.Domain, environment, policy)
	}
	if environment.CustomEndpoint != nil {
		newCustomEndpointRecord(stack, *environment.CustomEndpoint, metrics.Domain)
	}
	if environment.Alarms != nil {
		metrics.AlarmsTopicARN = newAlarms(stack, here, environment)
		if *environment.Alarms.Dashboard {
			newDashboard(stack, here, environment)
		}
	}
	if environment.Adopt != "" {
		metrics.Domain.ImportFrom(&environment.Adopt, nil)
	}
	return metrics, nil
}

// surroundings is the domain with the arguments that the environment's sections fill, and what must be there before it.
type surroundings struct {
	domain spec.Domain
	before []cdktf.ITerraformDependable
}

// newSurroundings makes what the domain stands on.
func newSurroundings(stack cdktf.TerraformStack, here location, environment spec.Environment) surroundings {
	domain := environment.Domain
	var before, needed []cdktf.ITerraformDependable
	if environment.Network != nil {
		domain.VPCOptions, needed = newNetwork(stack, *environment.Network, domain)
		before = append(before, needed...)
	}
	var key *string // the one that is made here
	if encryption := environment.Encryption; encryption != nil {
		domain.EncryptAtRest.KMSKeyID = encryption.KMSKeyID
		if encryption.CustomerManagedKey {
			key = newDomainKey(stack, here, environment).Arn()
			domain.EncryptAtRest.KMSKeyID = *key
		}
	}
	if signIn := environment.SignIn; signIn != nil {
		if signIn.FineGrainedAccessControl != nil {
			domain.AdvancedSecurityOptions = fineGrainedAccessControl(stack, domain, *signIn.FineGrainedAccessControl)
		}
		if signIn.Cognito != nil {
			domain.CognitoOptions, needed = newCognito(stack, here, environment)
			before = append(before, needed...)
		}
	}
	if endpoint := environment.CustomEndpoint; endpoint != nil {
		domain.DomainEndpointOptions.CustomEndpointEnabled = true
		domain.DomainEndpointOptions.CustomEndpoint = endpoint.Name
		domain.DomainEndpointOptions.CustomEndpointCertificateARN = customEndpointCertificate(stack, *endpoint, markOf(domain))
	}
	if environment.Logs != nil {
		domain.LogPublishingOptions, needed = newLogs(stack, here, domain, *environment.Logs, key)
		before = append(before, needed...)
	}
	return surroundings{domain, before}
}

func newProvider(stack cdktf.TerraformStack, region string, defaultTags map[string]string, at spec.Endpoints) {
	config := provider.AwsProviderConfig{Region: &region}
	if len(defaultTags) > 0 {
		config.DefaultTags = []*provider.AwsProviderDefaultTags{{Tags: stringMap(defaultTags)}}
	}
	if at != (spec.Endpoints{}) {
		var endpoints provider.AwsProviderEndpoints
		convert(at, &endpoints)
		config.Endpoints = []*provider.AwsProviderEndpoints{&endpoints}
	}
	provider.NewAwsProvider(stack, jsii.String("aws"), &config)
}

// location is where a stack is deployed to. Terraform knows it from the credentials that it runs with.
type location struct{ partition, dnsSuffix, region, account string }

func newLocation(stack cdktf.TerraformStack) location {
	partition := dataawspartition.NewDataAwsPartition(stack, jsii.String("partition"), &dataawspartition.DataAwsPartitionConfig{})
	region := dataawsregion.NewDataAwsRegion(stack, jsii.String("region"), &dataawsregion.DataAwsRegionConfig{})
	caller := dataawscalleridentity.NewDataAwsCallerIdentity(stack, jsii.String("caller"), &dataawscalleridentity.DataAwsCallerIdentityConfig{})
	return location{partition: *partition.Partition(), dnsSuffix: *partition.DnsSuffix(), region: *region.Name(), account: *caller.AccountId()}
}

// arn is the ARN of a resource of this region and account.
func (here location) arn(service, resource string) string {
	return "arn:" + here.partition + ":" + service + ":" + here.region + ":" + here.account + ":" + resource
}

// mark is the tag by which IAM policies know what has no ARN that could be known beforehand: keys, security groups, certificates and
// pools of a domain.
const mark = "elasticsearch-domain"

func markOf(domain spec.Domain) map[string]string { return map[string]string{mark: domain.DomainName} }

// domainARN is how the policies of the stack refer to the local value that newDomainARN makes.
const domainARN = "${local.domain_arn}"

// newDomainARN builds the domain's ARN from its parts: unlike the resource's own attribute, it is known when Terraform plans,
// so that a plan shows who gains access, and shows no change of the policy where there is none.
func newDomainARN(stack cdktf.TerraformStack, here location, domainName string) string {
	return *cdktf.NewTerraformLocal(stack, jsii.String("domain_arn"), here.arn("es", "domain/"+domainName)).AsString()
}

func newOutputs(metrics Metrics) {
	stack, domain := metrics.Stack, metrics.Domain
	newOutput(stack, "elasticsearch_domain_endpoint", "Host of the domain: index, search and upload requests go to https://<host>/.", domain.Endpoint())
	newOutput(stack, "kibana_endpoint", "Host and path of Kibana, to be opened with https:// before it.", domain.KibanaEndpoint())
	newOutput(stack, "elasticsearch_domain_arn", "ARN of the domain.", &metrics.DomainARN)
	newOutput(stack, "elasticsearch_domain_name", "Name of the domain.", domain.DomainName())
	newOutput(stack, "writers_policy_arn", "IAM policy to attach to roles that add metrics.", metrics.WritersPolicy.Arn())
	newOutput(stack, "readers_policy_arn", "IAM policy to attach to roles that read metrics.", metrics.ReadersPolicy.Arn())
}

func newOutput(stack cdktf.TerraformStack, name, description string, value *string) {
	cdktf.NewTerraformOutput(stack, &name, &cdktf.TerraformOutputConfig{Value: value, Description: &description})
}

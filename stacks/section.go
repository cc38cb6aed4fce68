package stacks

import (
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomainpolicy"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// section is what becomes of a section of an environment file, or of a part of one, and what it takes to deploy it.
type section struct {
	// Its key in the file; of the KMS keys that several sections need, what they are.
	key string
	// Reports whether the environment has it; nil: each has.
	given func(spec.Environment) bool
	// Makes what the domain stands on, and fills in the domain's arguments; nil: there is nothing.
	before func(*build)
	// Makes what stands on the domain; nil: there is nothing.
	after func(*build)
	// What a role needs to plan and to deploy it, and the same of what is written by hand below `domain:` in its place; nil: nothing.
	grants func(location, spec.Environment) []grant
	// The policy in which the changes among the grants stand: all in one would be too long.
	policy string
}

// sections is every section, in the order in which they are built, and in which policies name them. The domain itself, and who gets
// in, every environment has: see NewMetrics.
var sections = []section{
	{key: "domain", grants: location.domainGrants, policy: "domain"},
	{key: "access", grants: location.accessGrants, policy: "domain"},
	{key: "encryption.kms_key_id", given: hasExistingKey, before: useExistingKey, grants: location.existingKeyGrants, policy: "domain"},
	{key: "network", given: hasNetwork, before: newNetwork, grants: location.networkGrants, policy: "domain"},
	{key: "encryption.customer_managed_key", given: spec.Environment.MakesKey, before: newDomainKey},
	{key: "keys", grants: location.keyGrants, policy: "keys"},
	{key: "sign_in.fine_grained_access_control", given: hasFineGrainedAccessControl, before: newFineGrainedAccessControl,
		grants: location.secretGrants, policy: "keys"},
	{key: "sign_in.cognito", given: hasCognito, before: newCognito, grants: location.cognitoGrants, policy: "cognito"},
	{key: "sign_in.saml", given: hasSAML, after: newSAMLOptions},
	{key: "custom_endpoint", given: hasCustomEndpoint, before: newCustomEndpoint, after: newCustomEndpointRecord,
		grants: location.customEndpointGrants, policy: "keys"},
	{key: "logs", given: hasLogs, before: newLogs, grants: location.logsGrants, policy: "monitoring"},
	{key: "alarms", given: hasAlarms, after: newAlarms, grants: location.alarmsGrants, policy: "monitoring"},
	{key: "adopt", given: isAdopted, after: adopt},
	{key: "backend", grants: location.stateGrants, policy: "state"},
}

// build is the stack of an environment that is being made: what each section is given, and what it leaves to those after it.
type build struct {
	stack       cdktf.TerraformStack
	here        location
	environment spec.Environment
	// The arguments of the domain, with those that sections fill.
	domain spec.Domain
	// What must be there before the domain.
	before []cdktf.ITerraformDependable
	// ARN of the key that the section encryption makes; nil if it makes none.
	key *string
	// The access policy, which is made after the domain; nil if it is left to somebody else.
	accessPolicy elasticsearchdomainpolicy.ElasticsearchDomainPolicy
	// What the caller gets.
	metrics Metrics
}

// all makes one part of each section that the environment has.
func (build *build) all(part func(section) func(*build)) {
	for _, section := range sections {
		if newPart := part(section); newPart != nil && (section.given == nil || section.given(build.environment)) {
			newPart(build)
		}
	}
}

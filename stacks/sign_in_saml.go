package stacks

import (
	"cmp"

	"github.com/aws/jsii-runtime-go"
	saml "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomainsamloptions"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func hasSAML(e spec.Environment) bool { return e.SignIn != nil && e.SignIn.SAML != nil }

// newSAMLOptions lets people sign in to Kibana at an identity provider, or turns that off, which to destroy it would not: the provider's
// delete changes nothing on AWS (https://github.com/hashicorp/terraform-provider-aws/issues/39289).
//
// AWS refuses it while the domain still takes in its access policy, so it comes after that, where that is the stack's.
func newSAMLOptions(build *build) {
	stack, domain, options := build.stack, build.metrics.Domain, build.environment.SignIn.SAML
	config := saml.ElasticsearchDomainSamlOptionsConfig{
		DomainName:  domain.DomainName(),
		SamlOptions: samlOptions(*options),
		Timeouts:    &saml.ElasticsearchDomainSamlOptionsTimeouts{Update: jsii.String("3h"), Delete: jsii.String("3h")},
	}
	if build.accessPolicy != nil {
		config.DependsOn = &[]cdktf.ITerraformDependable{build.accessPolicy}
	}
	saml.NewElasticsearchDomainSamlOptions(stack, jsii.String("saml"), &config)
	if !*options.Enabled {
		return
	}
	host := cmp.Or(build.environment.EndpointName(), *domain.Endpoint())
	newOutput(stack, "saml_entity_id", "Entity id of Kibana, for the identity provider.", jsii.String("https://"+host))
	newOutput(stack, "saml_acs_url", "Single sign-on URL of Kibana, for the identity provider.",
		jsii.String("https://"+host+"/_plugin/kibana/_opendistro/_security/saml/acs"))
}

// samlOptions says the rest only where it is on: the provider sends nothing else, and AWS tells nothing else.
func samlOptions(options spec.SAML) *saml.ElasticsearchDomainSamlOptionsSamlOptions {
	if !*options.Enabled {
		return &saml.ElasticsearchDomainSamlOptionsSamlOptions{Enabled: false}
	}
	metadata := options.MetadataContent
	if options.MetadataFile != "" { // what is made in Go may hold Terraform's templates on purpose
		metadata = literal(metadata)
	}
	return &saml.ElasticsearchDomainSamlOptionsSamlOptions{
		Enabled: true,
		Idp: &saml.ElasticsearchDomainSamlOptionsSamlOptionsIdp{
			EntityId:        &options.EntityID,
			MetadataContent: &metadata,
		},
		MasterBackendRole:     optionalString(options.MasterBackendRole),
		MasterUserName:        optionalString(options.MasterUserName),
		RolesKey:              optionalString(options.RolesKey),
		SubjectKey:            optionalString(options.SubjectKey),
		SessionTimeoutMinutes: jsii.Number(options.SessionTimeoutMinutes),
	}
}

package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawssecretsmanagersecretversion"
	es "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	saml "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomainsamloptions"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/secretsmanagersecret"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/secretsmanagersecretversion"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
)

// fineGrainedAccessControl is the domain's own users and roles, with the master user that the file names. The password of one
// with a name is known to Terraform alone, when it applies.
func fineGrainedAccessControl(stack cdktf.TerraformStack, domain spec.Domain, control spec.FineGrainedAccessControl) *spec.AdvancedSecurityOptions {
	options := spec.AdvancedSecurityOptions{Enabled: true}
	if control.MasterUserARN != "" {
		options.MasterUserOptions.MasterUserARN = control.MasterUserARN
		return &options
	}
	var version string // address of the secret's content
	if control.MasterUserSecretARN == "" {
		version = newMasterUserSecret(stack, domain, control.MasterUserName)
	} else {
		version = *dataawssecretsmanagersecretversion.NewDataAwsSecretsmanagerSecretVersion(stack, jsii.String("master_user"),
			&dataawssecretsmanagersecretversion.DataAwsSecretsmanagerSecretVersionConfig{SecretId: &control.MasterUserSecretARN}).Fqn()
	}
	options.InternalUserDatabaseEnabled = true
	options.MasterUserOptions = spec.MasterUserOptions{
		MasterUserName:     control.MasterUserName,
		MasterUserPassword: "${jsondecode(" + version + `.secret_string)["password"]}`,
	}
	return &options
}

// newMasterUserSecret makes a secret with a new password, and returns the address of its version.
//
// Terraform itself thinks up the password, 122 random bits, when it applies. A data source would think up another one for
// every plan, and aws_secretsmanager_random_password has it as its id, which Terraform prints.
func newMasterUserSecret(stack cdktf.TerraformStack, domain spec.Domain, userName string) (version string) {
	secret := secretsmanagersecret.NewSecretsmanagerSecret(stack, jsii.String("master_user"), &secretsmanagersecret.SecretsmanagerSecretConfig{
		// A name could not be used again for the weeks in which a deleted secret can be brought back.
		NamePrefix:  jsii.String(domain.DomainName + "-master-user-"),
		Description: jsii.String("Master user of the Elasticsearch domain " + domain.DomainName),
	})
	content := secretsmanagersecretversion.NewSecretsmanagerSecretVersion(stack, jsii.String("master_user_password"), &secretsmanagersecretversion.SecretsmanagerSecretVersionConfig{
		SecretId: secret.Id(),
		SecretString: cdktf.Fn_Jsonencode(map[string]string{
			"username": userName,
			"password": "Aa1!" + *cdktf.Fn_Uuid(), // a character of each kind that AWS asks for
		}),
		// uuid() is another one in every plan; the first one stays.
		Lifecycle: &cdktf.TerraformResourceLifecycle{IgnoreChanges: []string{"secret_string"}},
	})
	newOutput(stack, "master_user_secret_arn", "Secret with the name and the password of the master user.", secret.Arn())
	return *content.Fqn()
}

// newSAMLOptions lets people sign in to Kibana at an identity provider. AWS refuses it while the domain still takes in its
// access policy, so it comes after that.
func newSAMLOptions(stack cdktf.TerraformStack, domain es.ElasticsearchDomain, environment spec.Environment, after cdktf.ITerraformDependable) {
	options := environment.SignIn.SAML
	metadata := options.MetadataContent
	if options.MetadataFile != "" { // what is made in Go may hold Terraform's templates on purpose
		metadata = literal(metadata)
	}
	saml.NewElasticsearchDomainSamlOptions(stack, jsii.String("saml"), &saml.ElasticsearchDomainSamlOptionsConfig{
		DomainName: domain.DomainName(),
		SamlOptions: &saml.ElasticsearchDomainSamlOptionsSamlOptions{
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
		},
		DependsOn: &[]cdktf.ITerraformDependable{after},
		Timeouts:  &saml.ElasticsearchDomainSamlOptionsTimeouts{Update: jsii.String("3h"), Delete: jsii.String("3h")},
	})

	host := *domain.Endpoint()
	if environment.CustomEndpoint != nil {
		host = environment.CustomEndpoint.Name
	}
	newOutput(stack, "saml_entity_id", "Entity id of Kibana, for the identity provider.", jsii.String("https://"+host))
	newOutput(stack, "saml_acs_url", "Single sign-on URL of Kibana, for the identity provider.", jsii.String("https://"+host+"/_plugin/kibana/_opendistro/_security/saml/acs"))
}

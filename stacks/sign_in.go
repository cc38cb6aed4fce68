package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawssecretsmanagersecretversion"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/secretsmanagersecret"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/secretsmanagersecretversion"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func hasFineGrainedAccessControl(e spec.Environment) bool {
	return e.SignIn != nil && e.SignIn.FineGrainedAccessControl != nil
}

func newFineGrainedAccessControl(build *build) {
	build.domain.AdvancedSecurityOptions = fineGrainedAccessControl(build.stack, build.domain,
		*build.environment.SignIn.FineGrainedAccessControl)
}

// fineGrainedAccessControl is the domain's own users and roles, with the master user that the file names. The password of one
// with a name is known to Terraform alone, when it applies.
func fineGrainedAccessControl(stack cdktf.TerraformStack, domain spec.Domain,
	control spec.FineGrainedAccessControl) *spec.AdvancedSecurityOptions {
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

// masterUserSecretPrefix begins the name of the master user's secret.
func masterUserSecretPrefix(domain spec.Domain) string { return domain.DomainName + "-master-user-" }

// newMasterUserSecret makes a secret with a new password, and returns the address of its version.
//
// Terraform itself generates the password, 122 random bits, when it applies. A data source would generate another one for
// every plan, and aws_secretsmanager_random_password has it as its id, which Terraform prints.
func newMasterUserSecret(stack cdktf.TerraformStack, domain spec.Domain, userName string) (version string) {
	secret := secretsmanagersecret.NewSecretsmanagerSecret(stack, jsii.String("master_user"),
		&secretsmanagersecret.SecretsmanagerSecretConfig{
			// A name could not be used again for the weeks in which a deleted secret can be brought back.
			NamePrefix:  jsii.String(masterUserSecretPrefix(domain)),
			Description: jsii.String("Master user of the Elasticsearch domain " + domain.DomainName),
		})
	content := secretsmanagersecretversion.NewSecretsmanagerSecretVersion(stack, jsii.String("master_user_password"),
		&secretsmanagersecretversion.SecretsmanagerSecretVersionConfig{
			SecretId: secret.Id(),
			SecretString: cdktf.Fn_Jsonencode(map[string]string{
				"username": userName,
				"password": "Aa1!" + *cdktf.Fn_Uuid(), // a character of each kind that AWS asks for
			}),
			// uuid() is another one in every plan; the first one stays.
			Lifecycle: &cdktf.TerraformResourceLifecycle{IgnoreChanges: []string{"secret_string"}},
		})
	newOutput(stack, "master_user_secret_arn", "ARN of the secret with the name and the password of the master user.", secret.Arn())
	return *content.Fqn()
}

// secretGrants is the master user's password, which Terraform reads on every plan to see that it is still the same.
func (here location) secretGrants(e spec.Environment) []grant {
	if !hasFineGrainedAccessControl(e) || e.SignIn.FineGrainedAccessControl.MasterUserName == "" {
		return nil
	}
	if existing := e.SignIn.FineGrainedAccessControl.MasterUserSecretARN; existing != "" {
		return []grant{
			reading("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue").on(existing),
			// Which key it has is not known here; the one of AWS's own asks for no permission.
			reading("kms:Decrypt").on(here.arn("kms", "key/*")).where(
				newCondition("StringEquals", "kms:ViaService", []string{"secretsmanager." + here.region + "." + here.dnsSuffix}),
				newCondition("StringEquals", "kms:EncryptionContext:SecretARN", []string{existing})),
		}
	}
	secret := here.arn("secretsmanager", "secret:"+masterUserSecretPrefix(e.Domain)+"*")
	return []grant{
		reading("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:GetSecretValue",
			"secretsmanager:ListSecretVersionIds").on(secret),
		changing("secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:PutSecretValue",
			"secretsmanager:TagResource",
			"secretsmanager:UntagResource", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage").on(secret),
	}
}

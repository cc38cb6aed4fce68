package stacks

import (
	"slices"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmsalias"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmskey"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
)

// newDomainKey makes the key of the domain and of its log groups.
func newDomainKey(stack cdktf.TerraformStack, here location, environment spec.Environment) kmskey.KmsKey {
	// Elasticsearch has no principal of its own here: it uses the key, and makes the grants that it lives by, for whoever in
	// this account configures the domain.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
	viaElasticsearch := []*condition{
		newCondition("StringEquals", "kms:ViaService", []string{"es." + here.region + "." + here.dnsSuffix}),
		newCondition("StringEquals", "kms:CallerAccount", []string{here.account}),
	}
	statements := []statement{
		here.administerKey(),
		{
			Effect:     jsii.String("Allow"),
			Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
			Resources:  jsii.Strings("*"),
			Principals: principalsOf("AWS", "*"),
			Condition:  viaElasticsearch,
		},
		{
			Effect:     jsii.String("Allow"),
			Actions:    jsii.Strings("kms:CreateGrant"),
			Resources:  jsii.Strings("*"),
			Principals: principalsOf("AWS", "*"),
			Condition:  append(slices.Clone(viaElasticsearch), newCondition("Bool", "kms:GrantIsForAWSResource", []string{"true"})),
		},
	}
	if environment.Logs != nil && environment.Logs.KMSKeyID == "" {
		statements = append(statements, statement{
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
			Effect:     jsii.String("Allow"),
			Actions:    jsii.Strings("kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
			Resources:  jsii.Strings("*"),
			Principals: principalsOf("Service", "logs."+here.region+"."+here.dnsSuffix),
			Condition: []*condition{
				newCondition("ArnLike", "kms:EncryptionContext:aws:logs:arn", []string{here.arn("logs", "log-group:"+logGroupPrefix(environment.Domain)+"*")}),
			},
		})
	}
	key := newKey(stack, "domain", keySettings{
		alias:                environment.Domain.DomainName,
		tags:                 markOf(environment.Domain),
		description:          "Elasticsearch domain " + environment.Domain.DomainName,
		deletionWindowInDays: environment.Encryption.DeletionWindowInDays,
		preventDestroy:       *environment.Domain.Lifecycle.PreventDestroy,
		statements:           statements,
	})
	newOutput(stack, "kms_key_arn", "KMS key of the domain.", key.Arn())
	return key
}

type keySettings struct {
	alias, description   string
	tags                 map[string]string
	deletionWindowInDays int // 0: KMS's own 30
	preventDestroy       bool
	statements           []statement
}

// newKey makes aws_kms_key.<id> with its alias and its policy, which is part of it: whoever needs the key needs what the
// policy allows.
func newKey(stack cdktf.TerraformStack, id string, settings keySettings) kmskey.KmsKey {
	document := newPolicyDocument(stack, id+"_key", settings.statements)
	key := kmskey.NewKmsKey(stack, jsii.String(id+"_key"), &kmskey.KmsKeyConfig{
		Description:          &settings.description,
		Policy:               document.Json(),
		EnableKeyRotation:    true,
		Tags:                 stringMap(settings.tags),
		DeletionWindowInDays: optionalNumber(settings.deletionWindowInDays),
		Lifecycle:            &cdktf.TerraformResourceLifecycle{PreventDestroy: &settings.preventDestroy},
	})
	kmsalias.NewKmsAlias(stack, jsii.String(id+"_key_alias"), &kmsalias.KmsAliasConfig{
		Name:        jsii.String("alias/" + settings.alias),
		TargetKeyId: key.KeyId(),
	})
	return key
}

// administerKey leaves a key to the account's own IAM; without this statement nobody could ever change it again.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (here location) administerKey() statement {
	return statement{
		Effect:     jsii.String("Allow"),
		Actions:    jsii.Strings("kms:*"),
		Resources:  jsii.Strings("*"),
		Principals: principalsOf("AWS", here.principals([]string{spec.Account})...),
	}
}

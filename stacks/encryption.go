package stacks

import (
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func hasExistingKey(e spec.Environment) bool {
	return e.Encryption != nil && e.Encryption.KMSKeyID != ""
}

func useExistingKey(build *build) {
	build.domain.EncryptAtRest.KMSKeyID = build.environment.Encryption.KMSKeyID
}

// domainKeyAlias is the alias of the key, without alias/.
func domainKeyAlias(domain spec.Domain) string { return domain.DomainName }

// newDomainKey makes the key of the domain and of its log groups.
func newDomainKey(build *build) {
	stack, here, environment := build.stack, build.here, build.environment
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
	if environment.EncryptsLogsWithMadeKey() {
		statements = append(statements, statement{
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
			Effect:     jsii.String("Allow"),
			Actions:    jsii.Strings("kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
			Resources:  jsii.Strings("*"),
			Principals: principalsOf("Service", "logs."+here.region+"."+here.dnsSuffix),
			Condition: []*condition{
				newCondition("ArnLike", "kms:EncryptionContext:aws:logs:arn",
					[]string{here.arn("logs", "log-group:"+logGroupPrefix(environment.Domain)+"*")}),
			},
		})
	}
	key := newKey(stack, "domain", keySettings{
		alias:                domainKeyAlias(environment.Domain),
		tags:                 domainTags(environment.Domain),
		description:          "Elasticsearch domain " + environment.Domain.DomainName,
		deletionWindowInDays: environment.Encryption.DeletionWindowInDays,
		preventDestroy:       *environment.Domain.Lifecycle.PreventDestroy,
		statements:           statements,
	})
	newOutput(stack, "kms_key_arn", "ARN of the KMS key of the domain.", key.Arn())
	build.metrics.Key, build.key = key, key.Arn()
	build.domain.EncryptAtRest.KMSKeyID = *build.key
}

// newKeyChange has Terraform replace the domain where its key is another one, which prevent_destroy then refuses. The provider does that
// too, but not where the file stops to name a key: it would leave the domain on it, see no change, and Terraform would delete a key
// that was made here, and with it the data.
func newKeyChange(stack cdktf.TerraformStack, environment spec.Environment) (reference string) {
	key := "aws/es"
	switch existing := existingKey(environment); {
	case environment.MakesKey():
		key = "alias/" + domainKeyAlias(environment.Domain)
	case strings.HasPrefix(existing, "arn:"):
		key = existing[strings.LastIndex(existing, "/")+1:] // the id, by which it may be named as well
	case existing != "":
		key = existing
	}
	const id = "encryption_key"
	// cdktf's own DataResource runs `terraform version` for each stack at each synthesis, and fails where there is no Terraform.
	const kind = "terraform_data"
	cdktf.NewTerraformResource(stack, jsii.String(id), &cdktf.TerraformResourceConfig{TerraformResourceType: jsii.String(kind)}).
		AddOverride(jsii.String("triggers_replace"), map[string]any{"key": key})
	return kind + "." + id
}

// existingKey is the key of the domain that is not made here; "" if there is none.
func existingKey(e spec.Environment) string {
	if e.Encryption != nil {
		return e.Encryption.KMSKeyID
	}
	return e.Domain.EncryptAtRest.KMSKeyID
}

// existingKeyGrants lets the domain use a key that exists in the name of whoever deploys it; for a key that is made here, its own policy
// does.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
func (here location) existingKeyGrants(e spec.Environment) []grant {
	if existingKey(e) == "" {
		return nil
	}
	key := here.keyARN(existingKey(e))
	viaElasticsearch := newCondition("StringEquals", "kms:ViaService", []string{"es." + here.region + "." + here.dnsSuffix})
	return []grant{
		changing("kms:DescribeKey").on(key),
		changing("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom",
			"kms:ReEncryptTo").
			on(key).where(viaElasticsearch),
		changing("kms:CreateGrant").on(key).where(viaElasticsearch, newCondition("Bool", "kms:GrantIsForAWSResource", []string{"true"})),
	}
}

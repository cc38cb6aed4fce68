package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmsalias"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/kmskey"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// What the stack makes of KMS keys, for encryption and for the topic of alarms.

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
		Policy:               document,
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

// keyAliases is the aliases of the keys that the environment's stack makes.
func keyAliases(e spec.Environment) []string {
	var aliases []string
	if e.MakesKey() {
		aliases = append(aliases, domainKeyAlias(e.Domain))
	}
	if e.MakesAlarmsTopic() {
		aliases = append(aliases, alarmsTopicName(e.Domain))
	}
	return aliases
}

// keyGrants knows a new key by having no alias yet: KMS takes up to five minutes to go by a new tag, and the next calls come at
// once. https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
func (here location) keyGrants(e spec.Environment) []grant {
	if len(keyAliases(e)) == 0 {
		return nil
	}
	keys := here.arn("kms", "key/*")
	var aliases []string
	for _, alias := range keyAliases(e) {
		aliases = append(aliases, here.arn("kms", "alias/"+alias))
	}
	withoutAlias := newCondition("Null", "kms:ResourceAliases", []string{"true"})
	grants := []grant{
		reading("kms:ListAliases").on("*"),
		reading("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags").on(keys),
		changing("kms:CreateKey").on("*").where(requestTagged(e.Domain)),
		changing("kms:TagResource").on(keys).where(append(newlyTagged(e), withoutAlias)...),
		changing("kms:CreateAlias", "kms:EnableKeyRotation").on(keys).where(withoutAlias),
		changing("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias").on(aliases...),
		changing("kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKey", "kms:EnableKeyRotation", "kms:PutKeyPolicy",
			"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias",
			"kms:UpdateKeyDescription").on(keys).where(resourceTagged(e.Domain)),
	}
	if *e.Domain.Lifecycle.PreventDestroy {
		// The key of the domain is told from that of the alarms by its alias, which it then has to keep.
		alias := "alias/" + domainKeyAlias(e.Domain)
		grants = append(grants,
			denying("kms:ScheduleKeyDeletion").on(keys).where(
				newCondition("ForAnyValue:StringEquals", "kms:ResourceAliases", []string{alias})),
			denying("kms:DeleteAlias", "kms:UpdateAlias").on(here.arn("kms", alias)))
	}
	return grants
}

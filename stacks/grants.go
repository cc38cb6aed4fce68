package stacks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"

	"aimetrics/spec"
)

// grant is actions on resources, under conditions. Those that read are what Terraform calls when it plans; to deploy it calls
// the others as well. Which calls those are was seen in the AWS provider's log and read in its source: see
// testdata/calls.txt.
type grant struct {
	reads      bool
	actions    []string
	resources  []string
	conditions []*condition
}

func reading(actions ...string) grant  { return grant{reads: true, actions: actions} }
func changing(actions ...string) grant { return grant{actions: actions} }

func (grant grant) on(resources ...string) grant {
	grant.resources = resources
	return grant
}

func (grant grant) where(conditions ...*condition) grant {
	grant.conditions = conditions
	return grant
}

// marked is what has the mark of a domain already; toBeMarked is what is made with it.
func marked(domain spec.Domain) *condition {
	return newCondition("StringEquals", "aws:ResourceTag/"+mark, []string{domain.DomainName})
}

func toBeMarked(domain spec.Domain) *condition {
	return newCondition("StringEquals", "aws:RequestTag/"+mark, []string{domain.DomainName})
}

// sectionGrants is what each part of an environment takes, where the environment has it, and in which policy the changes stand: all
// in one would be too long.
var sectionGrants = []struct {
	section, policy string
	has             func(spec.Environment) bool
	grants          func(location, spec.Environment) []grant
}{
	{"domain", "domain", func(spec.Environment) bool { return true }, location.domainGrants},
	{"a key that exists", "domain", func(e spec.Environment) bool { return existingKey(e) != "" }, location.existingKeyGrants},
	{"network", "domain", func(e spec.Environment) bool { return e.InVPC() }, location.networkGrants},
	{"keys", "keys", func(e spec.Environment) bool { return len(keyAliases(e)) > 0 }, location.keyGrants},
	{"sign_in.fine_grained_access_control", "keys", func(e spec.Environment) bool {
		return e.SignIn != nil && e.SignIn.FineGrainedAccessControl != nil && e.SignIn.FineGrainedAccessControl.MasterUserName != ""
	}, location.secretGrants},
	{"sign_in.cognito", "cognito", func(e spec.Environment) bool {
		return e.SignIn != nil && e.SignIn.Cognito != nil || e.Domain.CognitoOptions != nil
	}, location.cognitoGrants},
	{"custom_endpoint", "domain", func(e spec.Environment) bool { return certificateAndZone(e) }, location.customEndpointGrants},
	{"logs", "monitoring", func(e spec.Environment) bool { return e.Logs != nil }, location.logsGrants},
	{"alarms", "monitoring", func(e spec.Environment) bool { return e.Alarms != nil }, location.alarmsGrants},
	{"backend", "state", func(e spec.Environment) bool { return true }, func(here location, e spec.Environment) []grant { return here.stateGrants(e.Backend) }},
}

// grants is what it takes to plan an environment in its region, and what it takes besides to deploy it.
func (here location) grants(environment spec.Environment) (reads []grant, changes map[string][]grant) {
	changes = map[string][]grant{} // by policy
	for _, section := range sectionGrants {
		if section.has(environment) {
			read, change := split(section.grants(here, environment))
			reads = append(reads, read...)
			if len(change) > 0 {
				changes[section.policy] = append(changes[section.policy], change...)
			}
		}
	}
	return reads, changes
}

func split(grants []grant) (reads, changes []grant) {
	for _, grant := range grants {
		if grant.reads {
			reads = append(reads, grant)
		} else {
			changes = append(changes, grant)
		}
	}
	return reads, changes
}

// statementsOf says grants in as few statements as there are resources and conditions: a policy has 6,144 characters.
func statementsOf(grants []grant) []statement {
	actions := map[string][]string{}
	var order []string
	byKey := map[string]grant{}
	for _, grant := range grants {
		slices.Sort(grant.resources)
		key := fmt.Sprint(grant.resources)
		for _, condition := range grant.conditions {
			key += fmt.Sprint(*condition.Test, *condition.Variable)
			for _, value := range *condition.Values {
				key += "\n" + *value
			}
		}
		if byKey[key].resources == nil {
			order = append(order, key)
		}
		byKey[key] = grant
		actions[key] = append(actions[key], grant.actions...)
	}
	statements := make([]statement, len(order))
	for i, key := range order {
		slices.Sort(actions[key])
		statements[i] = statement{
			Effect:    jsii.String("Allow"),
			Actions:   stringList(slices.Compact(actions[key])),
			Resources: stringList(byKey[key].resources),
		}
		if conditions := byKey[key].conditions; conditions != nil {
			statements[i].Condition = conditions
		}
	}
	return statements
}

// domainGrants is the domain, its access policy, its SAML options and the policies for its users. AWS renamed the actions of
// Elasticsearch, and says of the old ones only that they are deprecated: where it has a new name, both are here.
func (here location) domainGrants(e spec.Environment) []grant {
	domain := here.arn("es", "domain/"+e.Domain.DomainName)
	users := here.global("iam", "policy/"+e.Domain.DomainName+"-"+e.Region+"-")
	return []grant{
		reading("es:DescribeDomain", "es:DescribeDomainConfig", "es:DescribeElasticsearchDomain", "es:DescribeElasticsearchDomainConfig",
			"es:GetCompatibleElasticsearchVersions", "es:GetCompatibleVersions", "es:GetUpgradeStatus", "es:ListTags").on(domain),
		changing("es:AddTags", "es:CreateDomain", "es:CreateElasticsearchDomain", "es:DeleteDomain", "es:DeleteElasticsearchDomain", "es:RemoveTags",
			"es:UpdateDomainConfig", "es:UpdateElasticsearchDomainConfig", "es:UpgradeDomain", "es:UpgradeElasticsearchDomain").on(domain),
		reading("iam:GetPolicy", "iam:GetPolicyVersion").on(users+"readers", users+"writers"),
		changing("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:ListPolicyVersions",
			"iam:TagPolicy", "iam:UntagPolicy").on(users+"readers", users+"writers"),
	}
}

// existingKey is the key of the domain that is not made here; "" if there is none.
func existingKey(e spec.Environment) string {
	if e.Encryption != nil {
		return e.Encryption.KMSKeyID
	}
	return e.Domain.EncryptAtRest.KMSKeyID
}

// existingKeyGrants lets the domain use the key in the name of whoever deploys it; for a key that is made here, its own policy does.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
func (here location) existingKeyGrants(e spec.Environment) []grant {
	key := here.keyARN(existingKey(e))
	viaElasticsearch := newCondition("StringEquals", "kms:ViaService", []string{"es." + here.region + "." + here.dnsSuffix})
	return []grant{
		changing("kms:DescribeKey").on(key),
		changing("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo").
			on(key).where(viaElasticsearch),
		changing("kms:CreateGrant").on(key).where(viaElasticsearch, newCondition("Bool", "kms:GrantIsForAWSResource", []string{"true"})),
	}
}

func (here location) keyARN(key string) string {
	if isARN(key) {
		return key
	}
	return here.arn("kms", "key/"+key)
}

// serviceLinkedRole is the one by which AWS puts domains into VPCs.
const serviceLinkedRole = "role/aws-service-role/opensearchservice.amazonaws.com/AWSServiceRoleForAmazonOpenSearchService"

func (here location) networkGrants(e spec.Environment) []grant {
	grants := []grant{
		reading("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets").on("*"),
		changing("ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs").on("*"),
	}
	if e.Network == nil {
		return grants
	}
	groups, rules := here.arn("ec2", "security-group/*"), here.arn("ec2", "security-group-rule/*")
	grants = append(grants,
		changing("ec2:CreateSecurityGroup").on(here.arn("ec2", "vpc/"+cmp.Or(e.Network.VPCID, "*"))),
		changing("ec2:CreateSecurityGroup").on(groups).where(toBeMarked(e.Domain)),
		changing("ec2:CreateTags").on(groups).where(toBeMarked(e.Domain), newCondition("StringEquals", "ec2:CreateAction", []string{"CreateSecurityGroup"})),
		changing("ec2:CreateTags").on(rules).where(toBeMarked(e.Domain)), // the provider makes a rule first, and then its tags
		changing("ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress").
			on(groups).where(marked(e.Domain)),
		changing("ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifySecurityGroupRules").on(groups, rules).where(marked(e.Domain)))
	if e.Network.ServiceLinkedRole {
		role := here.global("iam", serviceLinkedRole)
		grants = append(grants,
			reading("iam:GetRole").on(role),
			changing("iam:CreateServiceLinkedRole").on(role).where(newCondition("StringEquals", "iam:AWSServiceName", []string{"opensearchservice.amazonaws.com"})),
			changing("iam:DeleteServiceLinkedRole", "iam:GetServiceLinkedRoleDeletionStatus", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateRoleDescription").on(role))
	}
	return grants
}

// keyAliases is the aliases of the keys that the environment's stack makes.
func keyAliases(e spec.Environment) []string {
	var aliases []string
	if e.Encryption != nil && e.Encryption.CustomerManagedKey {
		aliases = append(aliases, e.Domain.DomainName)
	}
	if e.Alarms != nil && e.Alarms.TopicARN == "" {
		aliases = append(aliases, e.Domain.DomainName+"-alarms")
	}
	return aliases
}

// keyGrants knows a new key by having no alias yet: KMS takes up to five minutes to go by a new tag, and the next calls come at
// once. https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
func (here location) keyGrants(e spec.Environment) []grant {
	keys := here.arn("kms", "key/*")
	var aliases []string
	for _, alias := range keyAliases(e) {
		aliases = append(aliases, here.arn("kms", "alias/"+alias))
	}
	withoutAlias := newCondition("Null", "kms:ResourceAliases", []string{"true"})
	return []grant{
		reading("kms:ListAliases").on("*"),
		reading("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags").on(keys),
		changing("kms:CreateKey").on("*").where(toBeMarked(e.Domain)),
		changing("kms:TagResource").on(keys).where(toBeMarked(e.Domain), withoutAlias),
		changing("kms:CreateAlias", "kms:EnableKeyRotation").on(keys).where(withoutAlias),
		changing("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias").on(aliases...),
		changing("kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKey", "kms:EnableKeyRotation", "kms:PutKeyPolicy",
			"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription").on(keys).where(marked(e.Domain)),
	}
}

// secretGrants is the master user's password, which Terraform reads on every plan to see that it is still the same.
func (here location) secretGrants(e spec.Environment) []grant {
	if existing := e.SignIn.FineGrainedAccessControl.MasterUserSecretARN; existing != "" {
		return []grant{
			reading("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue").on(existing),
			// Which key it has is not known here; the one of AWS's own asks for no permission.
			reading("kms:Decrypt").on(here.arn("kms", "key/*")).where(
				newCondition("StringEquals", "kms:ViaService", []string{"secretsmanager." + here.region + "." + here.dnsSuffix}),
				newCondition("StringEquals", "kms:EncryptionContext:SecretARN", []string{existing})),
		}
	}
	secret := here.arn("secretsmanager", "secret:"+e.Domain.DomainName+"-master-user-*")
	return []grant{
		reading("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds").on(secret),
		changing("secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:PutSecretValue", "secretsmanager:TagResource",
			"secretsmanager:UntagResource", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage").on(secret),
	}
}

func (here location) cognitoGrants(e spec.Environment) []grant {
	if e.SignIn == nil || e.SignIn.Cognito == nil {
		return []grant{here.passRole(e.Domain.CognitoOptions.RoleARN, "es.amazonaws.com")}
	}
	cognito, role := e.SignIn.Cognito, here.global("iam", "role/"+cognitoRoleName(e))
	var roles []string
	var grants []grant
	if cognito.RoleARN != "" {
		role = cognito.RoleARN
	} else {
		roles = append(roles, role)
	}
	grants = append(grants, here.passRole(role, "es.amazonaws.com"))
	if cognito.UserPoolDomain != "" {
		signedIn := here.signedInRoleARN(e)
		roles = append(roles, signedIn)
		grants = append(grants, here.passRole(signedIn, cognitoIssuer(e.Region)))
		grants = append(grants, here.poolGrants(e)...)
	}
	if len(roles) > 0 {
		grants = append(grants,
			reading("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies").on(roles...),
			changing("iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:ListInstanceProfilesForRole", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole",
				"iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription").on(roles...))
	}
	return grants
}

func (here location) passRole(role, service string) grant {
	return changing("iam:PassRole").on(role).where(newCondition("StringEquals", "iam:PassedToService", []string{service}))
}

func (here location) poolGrants(e spec.Environment) []grant {
	users, identities := here.arn("cognito-idp", "userpool/*"), here.arn("cognito-identity", "identitypool/*")
	return []grant{
		reading("cognito-idp:DescribeUserPoolDomain").on("*"),
		reading("cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig").on(users).where(marked(e.Domain)),
		reading("cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles").on(identities).where(marked(e.Domain)),
		changing("cognito-idp:CreateUserPool", "cognito-identity:CreateIdentityPool").on("*").where(toBeMarked(e.Domain)),
		changing("cognito-idp:TagResource").on(users).where(toBeMarked(e.Domain)),
		changing("cognito-identity:TagResource").on(identities).where(toBeMarked(e.Domain)),
		changing("cognito-idp:CreateUserPoolDomain", "cognito-idp:DeleteUserPool", "cognito-idp:DeleteUserPoolDomain", "cognito-idp:SetUserPoolMfaConfig",
			"cognito-idp:TagResource", "cognito-idp:UntagResource", "cognito-idp:UpdateUserPool", "cognito-idp:UpdateUserPoolDomain").on(users).where(marked(e.Domain)),
		changing("cognito-identity:DeleteIdentityPool", "cognito-identity:TagResource", "cognito-identity:UntagResource",
			"cognito-identity:UpdateIdentityPool").on(identities).where(marked(e.Domain)),
		changing("cognito-identity:SetIdentityPoolRoles").on("*"), // it knows no resource: what keeps it is iam:PassRole
	}
}

// certificateAndZone tells whether the environment has a certificate or a DNS record of its own.
func certificateAndZone(e spec.Environment) bool {
	return e.CustomEndpoint != nil || e.Domain.DomainEndpointOptions.CustomEndpointCertificateARN != ""
}

// customEndpointGrants holds DNS to the endpoint's name, and to the one in which ACM finds its proof.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
func (here location) customEndpointGrants(e spec.Environment) []grant {
	endpoint := e.CustomEndpoint
	if endpoint == nil {
		return []grant{changing("acm:DescribeCertificate").on(e.Domain.DomainEndpointOptions.CustomEndpointCertificateARN)}
	}
	var grants []grant
	if endpoint.CertificateARN != "" {
		grants = append(grants, changing("acm:DescribeCertificate").on(endpoint.CertificateARN))
	} else {
		certificates := here.arn("acm", "certificate/*")
		grants = append(grants,
			reading("acm:DescribeCertificate", "acm:ListTagsForCertificate").on(certificates),
			changing("acm:RequestCertificate").on("*").where(toBeMarked(e.Domain)),
			changing("acm:AddTagsToCertificate").on(certificates).where(toBeMarked(e.Domain)),
			changing("acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate", "acm:UpdateCertificateOptions").on(certificates).where(marked(e.Domain)))
	}
	name := strings.ToLower(endpoint.Name)
	names := map[string][]string{} // by hosted zone
	if endpoint.ZoneID != "" {
		names[endpoint.ZoneID] = []string{name}
		if endpoint.CertificateARN == "" {
			proof := cmp.Or(endpoint.ValidationZoneID, endpoint.ZoneID)
			names[proof] = append(names[proof], "_*."+name)
		}
		grants = append(grants, changing("route53:GetChange").on("arn:"+here.partition+":route53:::change/*"))
	}
	for _, zone := range sortedKeys(names) {
		arn := "arn:" + here.partition + ":route53:::hostedzone/" + zone
		grants = append(grants,
			reading("route53:GetHostedZone", "route53:ListResourceRecordSets").on(arn),
			changing("route53:ChangeResourceRecordSets").on(arn).where(
				newCondition("ForAllValues:StringLike", "route53:ChangeResourceRecordSetsNormalizedRecordNames", names[zone]),
				newCondition("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", []string{"CNAME"})))
	}
	return grants
}

func (here location) logsGrants(e spec.Environment) []grant {
	groups := here.arn("logs", "log-group:"+logGroupPrefix(e.Domain)+"*")
	grants := []grant{
		reading("logs:DescribeLogGroups").on("*"),
		reading("logs:ListTagsForResource", "logs:ListTagsLogGroup").on(groups),
		changing("logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DisassociateKmsKey",
			"logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource").on(groups),
	}
	if *e.Logs.ResourcePolicy {
		grants = append(grants, reading("logs:DescribeResourcePolicies").on("*"), changing("logs:DeleteResourcePolicy", "logs:PutResourcePolicy").on("*"))
	}
	return grants
}

func (here location) alarmsGrants(e spec.Environment) []grant {
	alarms := here.arn("cloudwatch", "alarm:"+alarmPrefix(e.Domain)+"*")
	grants := []grant{
		reading("cloudwatch:DescribeAlarms").on(here.arn("cloudwatch", "alarm:*")),
		reading("cloudwatch:ListTagsForResource").on(alarms),
		changing("cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource").on(alarms),
	}
	if *e.Alarms.Dashboard {
		dashboard := here.global("cloudwatch", "dashboard/"+dashboardName(e))
		grants = append(grants, reading("cloudwatch:GetDashboard").on(dashboard), changing("cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard").on(dashboard))
	}
	if e.Alarms.TopicARN == "" {
		topic := here.arn("sns", e.Domain.DomainName+"-alarms")
		grants = append(grants,
			reading("sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListTagsForResource").on(topic, topic+":*"),
			changing("sns:CreateTopic", "sns:DeleteTopic", "sns:SetSubscriptionAttributes", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe",
				"sns:UntagResource").on(topic, topic+":*")) // its subscriptions
	}
	return grants
}

// stateGrants is the state, where AWS keeps it. Who plans takes no lock.
// https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
func (here location) stateGrants(backend spec.Backend) []grant {
	s3 := backend.S3
	if s3 == nil {
		return nil
	}
	if s3.AssumeRole != nil {
		grants := []grant{reading("sts:AssumeRole").on(s3.AssumeRole.RoleARN)}
		if len(s3.AssumeRole.Tags) > 0 {
			grants = append(grants, reading("sts:TagSession").on(s3.AssumeRole.RoleARN))
		}
		return grants
	}
	if s3.AssumeRoleWithWebIdentity != nil {
		return nil
	}
	here = here.in(cmp.Or(s3.Region, here.region))
	bucket := "arn:" + here.partition + ":s3:::" + s3.Bucket
	state := bucket + "/" + s3.Key
	grants := []grant{
		reading("s3:GetObject").on(state),
		reading("s3:ListBucket").on(bucket), // without it S3 says of a state that is not there yet that it is forbidden
		changing("s3:PutObject").on(state),
	}
	if s3.ACL != "" {
		grants = append(grants, changing("s3:PutObjectAcl").on(state))
	}
	if s3.UseLockfile != nil && *s3.UseLockfile {
		grants = append(grants, changing("s3:DeleteObject", "s3:GetObject", "s3:PutObject").on(state+".tflock"))
	}
	if s3.DynamodbTable != "" {
		table, lock := here.arn("dynamodb", "table/"+s3.DynamodbTable), s3.Bucket+"/"+s3.Key
		item := func(keys ...string) *condition {
			return newCondition("ForAllValues:StringEquals", "dynamodb:LeadingKeys", keys)
		}
		grants = append(grants,
			reading("dynamodb:GetItem").on(table).where(item(lock+"-md5")), // the state's checksum
			changing("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem").on(table).where(item(lock, lock+"-md5")))
	}
	if s3.KMSKeyID != "" {
		key := here.keyARN(s3.KMSKeyID)
		grants = append(grants, reading("kms:Decrypt").on(key), changing("kms:Encrypt", "kms:GenerateDataKey").on(key))
	}
	return grants
}

func sortedKeys[V any](values map[string]V) []string { return slices.Sorted(maps.Keys(values)) }

package stacks

import (
	"slices"

	"github.com/aws/jsii-runtime-go"
	es "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

const domainAddress = "aws_elasticsearch_domain.domain"

// newDomain makes aws_elasticsearch_domain.domain, after what it needs is there. Blocks that say nothing are left out: AWS refuses
// some of them even when they are disabled (cold storage before 7.9, Auto-Tune on t2 and t3).
func newDomain(build *build) {
	stack, domain := build.stack, build.domain
	config := es.ElasticsearchDomainConfig{
		DomainName:           &domain.DomainName,
		ElasticsearchVersion: &domain.ElasticsearchVersion,
		ClusterConfig:        clusterConfig(domain.ClusterConfig),
		EbsOptions:           ebsOptions(domain.EBSOptions),
		EncryptAtRest: &es.ElasticsearchDomainEncryptAtRest{Enabled: domain.EncryptAtRest.Enabled,
			KmsKeyId: optionalString(domain.EncryptAtRest.KMSKeyID)},
		NodeToNodeEncryption:    &es.ElasticsearchDomainNodeToNodeEncryption{Enabled: domain.NodeToNodeEncryption.Enabled},
		DomainEndpointOptions:   endpointOptions(domain.DomainEndpointOptions),
		AdvancedOptions:         stringMap(domain.AdvancedOptions),
		AdvancedSecurityOptions: advancedSecurityOptions(stack, domain),
		CognitoOptions:          cognitoOptions(domain.CognitoOptions),
		VpcOptions:              vpcOptions(domain.VPCOptions),
		LogPublishingOptions:    logPublishingOptions(domain.LogPublishingOptions, build.environment.LogTypes()),
		AutoTuneOptions:         autoTuneOptions(domain.AutoTuneOptions),
		SnapshotOptions:         snapshotOptions(domain.SnapshotOptions),
		Tags:                    stringMap(domain.Tags),
		Timeouts: &es.ElasticsearchDomainTimeouts{Create: &domain.Timeouts.Create, Update: &domain.Timeouts.Update,
			Delete: &domain.Timeouts.Delete},
	}
	if len(build.before) > 0 {
		config.DependsOn = &build.before
	}
	build.metrics.Domain = es.NewElasticsearchDomain(stack, jsii.String("domain"), &config)
	setReplaceTriggeredBy(build.metrics.Domain, newKeyChange(stack, build.environment), domain.Lifecycle.PreventDestroy)
}

func clusterConfig(cluster spec.ClusterConfig) *es.ElasticsearchDomainClusterConfig {
	config := es.ElasticsearchDomainClusterConfig{
		InstanceType:           &cluster.InstanceType,
		InstanceCount:          jsii.Number(cluster.InstanceCount),
		DedicatedMasterEnabled: &cluster.DedicatedMasterEnabled,
		DedicatedMasterType:    optionalString(cluster.DedicatedMasterType),
		DedicatedMasterCount:   optionalNumber(cluster.DedicatedMasterCount),
		ZoneAwarenessEnabled:   &cluster.ZoneAwarenessEnabled,
	}
	if cluster.ZoneAwarenessEnabled {
		config.ZoneAwarenessConfig = &es.ElasticsearchDomainClusterConfigZoneAwarenessConfig{
			AvailabilityZoneCount: jsii.Number(cluster.ZoneAwarenessConfig.AvailabilityZoneCount),
		}
	}
	if cluster.WarmEnabled {
		config.WarmEnabled = true
		config.WarmCount = optionalNumber(cluster.WarmCount)
		config.WarmType = optionalString(cluster.WarmType)
	}
	if cold := cluster.ColdStorageOptions.Enabled; cold != nil {
		config.ColdStorageOptions = &es.ElasticsearchDomainClusterConfigColdStorageOptions{Enabled: cold}
	}
	return &config
}

func ebsOptions(ebs spec.EBSOptions) *es.ElasticsearchDomainEbsOptions {
	return &es.ElasticsearchDomainEbsOptions{
		EbsEnabled: ebs.EBSEnabled,
		VolumeSize: optionalNumber(ebs.VolumeSize),
		VolumeType: optionalString(ebs.VolumeType),
		Iops:       optionalNumber(ebs.Iops),
		Throughput: optionalNumber(ebs.Throughput),
	}
}

func endpointOptions(endpoint spec.DomainEndpointOptions) *es.ElasticsearchDomainDomainEndpointOptions {
	options := es.ElasticsearchDomainDomainEndpointOptions{
		EnforceHttps:      endpoint.EnforceHTTPS,
		TlsSecurityPolicy: optionalString(endpoint.TLSSecurityPolicy),
	}
	if endpoint.CustomEndpointEnabled {
		options.CustomEndpointEnabled = true
		options.CustomEndpoint = &endpoint.CustomEndpoint
		options.CustomEndpointCertificateArn = &endpoint.CustomEndpointCertificateARN
	}
	return &options
}

func advancedSecurityOptions(stack cdktf.TerraformStack, domain spec.Domain) *es.ElasticsearchDomainAdvancedSecurityOptions {
	security := domain.AdvancedSecurityOptions
	switch {
	case security == nil && domain.KnowsFineGrainedAccessControl():
		// Where nothing is given, the provider leaves on what is on, and shows no change: the domain would go on without the master
		// user's secret, and its file would say that its users are gone.
		return &es.ElasticsearchDomainAdvancedSecurityOptions{Enabled: false}
	case security == nil:
		return nil
	}
	options := es.ElasticsearchDomainAdvancedSecurityOptions{
		Enabled:                     security.Enabled,
		InternalUserDatabaseEnabled: security.InternalUserDatabaseEnabled,
	}
	switch user := security.MasterUserOptions; {
	case user.MasterUserARN != "":
		options.MasterUserOptions = &es.ElasticsearchDomainAdvancedSecurityOptionsMasterUserOptions{MasterUserArn: &user.MasterUserARN}
	case user.MasterUserName != "":
		options.MasterUserOptions = &es.ElasticsearchDomainAdvancedSecurityOptionsMasterUserOptions{
			MasterUserName:     &user.MasterUserName,
			MasterUserPassword: masterUserPassword(stack, user),
		}
	}
	return &options
}

// masterUserPassword is a reference to where Terraform finds the password: a secret, or else a sensitive variable. In the
// synthesized JSON it would lie open; in the state it lies all the same, which is the provider's nature.
func masterUserPassword(stack cdktf.TerraformStack, user spec.MasterUserOptions) *string {
	if user.MasterUserPassword != "" {
		return &user.MasterUserPassword
	}
	return cdktf.NewTerraformVariable(stack, jsii.String("master_user_password"), &cdktf.TerraformVariableConfig{
		Type: jsii.String("string"),
		Description: jsii.String("Password of the domain's master user: at least 8 characters with an upper-case and a lower-case " +
			"letter, a digit and a special character. Set TF_VAR_master_user_password."),
		Sensitive: jsii.Bool(true),
		Nullable:  jsii.Bool(false),
	}).StringValue()
}

func cognitoOptions(cognito *spec.CognitoOptions) *es.ElasticsearchDomainCognitoOptions {
	if cognito == nil {
		return nil
	}
	if !*cognito.Enabled {
		// Once it is off, AWS tells neither pools nor role, and every plan would show what was given. The provider asks for all three.
		return &es.ElasticsearchDomainCognitoOptions{Enabled: cognito.Enabled, UserPoolId: jsii.String(""),
			IdentityPoolId: jsii.String(""), RoleArn: jsii.String("")}
	}
	return &es.ElasticsearchDomainCognitoOptions{
		Enabled:        cognito.Enabled,
		UserPoolId:     &cognito.UserPoolID,
		IdentityPoolId: &cognito.IdentityPoolID,
		RoleArn:        &cognito.RoleARN,
	}
}

func vpcOptions(vpc *spec.VPCOptions) *es.ElasticsearchDomainVpcOptions {
	if vpc == nil {
		return nil
	}
	return &es.ElasticsearchDomainVpcOptions{SubnetIds: stringList(vpc.SubnetIDs), SecurityGroupIds: stringList(vpc.SecurityGroupIDs)}
}

// logPublishingOptions says of every type of log that a domain can have whether it is published: AWS goes on publishing what is not named,
// and every plan would show that. Of a type that is off, AWS tells no log group.
// https://github.com/hashicorp/terraform-provider-aws/issues/5752
func logPublishingOptions(publishing []spec.LogPublishingOption, types []string) *[]*es.ElasticsearchDomainLogPublishingOptions {
	var options []*es.ElasticsearchDomainLogPublishingOptions
	for _, option := range publishing {
		types = slices.DeleteFunc(types, func(logType string) bool { return logType == option.LogType })
		if !*option.Enabled {
			option.CloudwatchLogGroupARN = ""
		}
		options = append(options, &es.ElasticsearchDomainLogPublishingOptions{
			LogType:               &option.LogType,
			CloudwatchLogGroupArn: &option.CloudwatchLogGroupARN,
			Enabled:               option.Enabled,
		})
	}
	for _, logType := range types {
		options = append(options, &es.ElasticsearchDomainLogPublishingOptions{LogType: &logType, CloudwatchLogGroupArn: jsii.String(""),
			Enabled: false})
	}
	if options == nil {
		return nil
	}
	return &options
}

func autoTuneOptions(autoTune *spec.AutoTuneOptions) *es.ElasticsearchDomainAutoTuneOptions {
	if autoTune == nil {
		return nil
	}
	var schedules []*es.ElasticsearchDomainAutoTuneOptionsMaintenanceSchedule
	for _, schedule := range autoTune.MaintenanceSchedule {
		schedules = append(schedules, &es.ElasticsearchDomainAutoTuneOptionsMaintenanceSchedule{
			StartAt: &schedule.StartAt,
			Duration: &es.ElasticsearchDomainAutoTuneOptionsMaintenanceScheduleDuration{
				Value: jsii.Number(schedule.Duration.Value),
				Unit:  &schedule.Duration.Unit,
			},
			CronExpressionForRecurrence: &schedule.CronExpressionForRecurrence,
		})
	}
	return &es.ElasticsearchDomainAutoTuneOptions{
		DesiredState:        &autoTune.DesiredState,
		RollbackOnDisable:   optionalString(autoTune.RollbackOnDisable),
		MaintenanceSchedule: schedules,
	}
}

func snapshotOptions(snapshot *spec.SnapshotOptions) *es.ElasticsearchDomainSnapshotOptions {
	if snapshot == nil {
		return nil
	}
	return &es.ElasticsearchDomainSnapshotOptions{AutomatedSnapshotStartHour: jsii.Number(snapshot.AutomatedSnapshotStartHour)}
}

// domainARN is how the policies of the stack refer to the local value that newDomainARN makes.
const domainARN = "${local.domain_arn}"

// newDomainARN builds the domain's ARN from its parts: unlike the resource's own attribute, it is known when Terraform plans,
// so that a plan shows who gains access, and shows no change of the policy where there is none.
func newDomainARN(stack cdktf.TerraformStack, here location, domainName string) string {
	return *cdktf.NewTerraformLocal(stack, jsii.String("domain_arn"), here.arn("es", "domain/"+domainName)).AsString()
}

// domainGrants is the domain, its access policy and its SAML options. AWS renamed the actions of
// Elasticsearch, and says of the old ones only that they are deprecated: where it has a new name, both are here.
func (here location) domainGrants(e spec.Environment) []grant {
	domain := here.arn("es", "domain/"+e.Domain.DomainName)
	return []grant{
		reading("es:DescribeDomain", "es:DescribeDomainConfig", "es:DescribeElasticsearchDomain", "es:DescribeElasticsearchDomainConfig",
			"es:GetCompatibleElasticsearchVersions", "es:GetCompatibleVersions", "es:GetUpgradeStatus", "es:ListTags").on(domain),
		changing("es:AddTags", "es:CreateDomain", "es:CreateElasticsearchDomain", "es:RemoveTags", "es:UpdateDomainConfig",
			"es:UpdateElasticsearchDomainConfig", "es:UpgradeDomain", "es:UpgradeElasticsearchDomain").on(domain),
		destroying(e, "es:DeleteDomain", "es:DeleteElasticsearchDomain").on(domain),
	}
}

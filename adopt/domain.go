package adopt

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"cdktf-aimetrics/spec"
)

// domain is the arguments of aws_elasticsearch_domain that leave the domain as it is, but for the master user, whom AWS does not tell.
// What is off by default at AWS and on by default here is said; what the provider leaves alone where it is not said may be left out.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/service/elasticsearch/domain.go
func (d Description) domain() spec.Domain {
	s := d.status
	domain := spec.Domain{
		DomainName:            s.DomainName,
		ElasticsearchVersion:  s.ElasticsearchVersion,
		ClusterConfig:         s.ElasticsearchClusterConfig.block(),
		EBSOptions:            s.EBSOptions.block(),
		EncryptAtRest:         spec.EncryptAtRest{Enabled: &s.EncryptionAtRestOptions.Enabled},
		NodeToNodeEncryption:  spec.NodeToNodeEncryption{Enabled: &s.NodeToNodeEncryptionOptions.Enabled},
		DomainEndpointOptions: s.DomainEndpointOptions.block(),
		AdvancedOptions:       advancedOptions(s.AdvancedOptions),
		CognitoOptions:        s.CognitoOptions.block(),
		LogPublishingOptions:  logPublishing(s.LogPublishingOptions),
		AutoTuneOptions:       d.config.AutoTuneOptions.Options.block(),
		Tags:                  maps.Clone(d.tags),
	}
	if s.EncryptionAtRestOptions.Enabled {
		domain.EncryptAtRest.KMSKeyID = s.EncryptionAtRestOptions.KmsKeyId
	}
	if len(s.VPCOptions.SubnetIds) > 0 {
		domain.VPCOptions = &spec.VPCOptions{SubnetIDs: sorted(s.VPCOptions.SubnetIds),
			SecurityGroupIDs: sorted(s.VPCOptions.SecurityGroupIds)}
	}
	if hour := s.SnapshotOptions.AutomatedSnapshotStartHour; hour != nil && *hour != 0 { // 0 is what AWS says of those that have none
		domain.SnapshotOptions = &spec.SnapshotOptions{AutomatedSnapshotStartHour: *hour}
	}
	return domain
}

func sorted(values []string) []string { return slices.Sorted(slices.Values(values)) }

func (c clusterConfig) block() spec.ClusterConfig {
	cluster := spec.ClusterConfig{InstanceType: c.InstanceType, InstanceCount: c.InstanceCount,
		ZoneAwarenessEnabled: c.ZoneAwarenessEnabled}
	if c.ZoneAwarenessEnabled {
		cluster.ZoneAwarenessConfig.AvailabilityZoneCount = cmp.Or(c.ZoneAwarenessConfig.AvailabilityZoneCount, 2)
	}
	if c.DedicatedMasterEnabled {
		cluster.DedicatedMasterEnabled = true
		cluster.DedicatedMasterType, cluster.DedicatedMasterCount = c.DedicatedMasterType, c.DedicatedMasterCount
	}
	if c.WarmEnabled {
		cluster.WarmEnabled, cluster.WarmType, cluster.WarmCount = true, c.WarmType, c.WarmCount
	}
	if c.ColdStorageOptions.Enabled {
		cluster.ColdStorageOptions.Enabled = &c.ColdStorageOptions.Enabled
	}
	return cluster
}

func (e ebsOptions) block() spec.EBSOptions {
	ebs := spec.EBSOptions{EBSEnabled: &e.EBSEnabled}
	if !e.EBSEnabled {
		return ebs
	}
	ebs.VolumeType, ebs.VolumeSize = e.VolumeType, e.VolumeSize
	if e.VolumeType == "gp3" || e.VolumeType == "io1" {
		ebs.Iops = e.Iops
	}
	if e.VolumeType == "gp3" {
		ebs.Throughput = e.Throughput
	}
	return ebs
}

// block: what AWS does not say is what domains had before there was the choice.
func (e domainEndpointOptions) block() spec.DomainEndpointOptions {
	options := spec.DomainEndpointOptions{EnforceHTTPS: &e.EnforceHTTPS,
		TLSSecurityPolicy: cmp.Or(e.TLSSecurityPolicy, "Policy-Min-TLS-1-0-2019-07")}
	if e.CustomEndpointEnabled {
		options.CustomEndpointEnabled = true
		options.CustomEndpoint, options.CustomEndpointCertificateARN = e.CustomEndpoint, e.CustomEndpointCertificateArn
	}
	return options
}

// advancedOptions leaves out an option of OpenSearch, which AWS tells of domains of Elasticsearch too.
func advancedOptions(options map[string]string) map[string]string {
	kept := maps.Clone(options)
	if kept["override_main_response_version"] == "false" {
		delete(kept, "override_main_response_version")
	}
	return kept
}

func (c cognitoOptions) block() *spec.CognitoOptions {
	if !c.Enabled {
		return nil
	}
	return &spec.CognitoOptions{Enabled: &c.Enabled, UserPoolID: c.UserPoolId, IdentityPoolID: c.IdentityPoolId, RoleARN: c.RoleArn}
}

// logPublishing is those that are off too, which the provider reads into the state; but where AWS has forgotten the log group, no file can
// say so, and see notes.
func logPublishing(options map[string]logPublishingOption) (publishing []spec.LogPublishingOption) {
	for _, logType := range slices.Sorted(maps.Keys(options)) {
		if option := options[logType]; option.CloudWatchLogsLogGroupArn != "" {
			publishing = append(publishing, spec.LogPublishingOption{LogType: logType,
				CloudwatchLogGroupARN: option.CloudWatchLogsLogGroupArn,
				Enabled:               &option.Enabled})
		}
	}
	return publishing
}

func (a autoTuneOptions) block() *spec.AutoTuneOptions {
	if a.DesiredState == "" {
		return nil
	}
	options := spec.AutoTuneOptions{DesiredState: a.DesiredState, RollbackOnDisable: a.RollbackOnDisable}
	for _, schedule := range a.MaintenanceSchedules {
		options.MaintenanceSchedule = append(options.MaintenanceSchedule, spec.MaintenanceSchedule{
			StartAt:                     schedule.StartAt.Format(time.RFC3339),
			Duration:                    spec.MaintenanceDuration{Value: schedule.Duration.Value, Unit: schedule.Duration.Unit},
			CronExpressionForRecurrence: schedule.CronExpressionForRecurrence,
		})
	}
	return &options
}

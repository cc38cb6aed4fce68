package adopt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Description is what AWS says of a domain: answers of three calls, as `aws es` prints them.
type Description struct {
	status domainStatus
	config domainConfig
	tags   map[string]string

	hasStatus, hasConfig, hasTags bool
}

// domainStatus is what is needed of DomainStatus.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeElasticsearchDomain.html
type domainStatus struct {
	DomainName, ARN                        string
	ElasticsearchVersion                   string
	Created                                *bool
	Deleted, Processing, UpgradeProcessing bool
	AccessPolicies                         string
	AdvancedOptions                        map[string]string
	AdvancedSecurityOptions                advancedSecurityOptions
	CognitoOptions                         cognitoOptions
	DomainEndpointOptions                  domainEndpointOptions
	EBSOptions                             ebsOptions
	ElasticsearchClusterConfig             clusterConfig
	EncryptionAtRestOptions                encryptionAtRestOptions
	LogPublishingOptions                   map[string]logPublishingOption
	NodeToNodeEncryptionOptions            struct{ Enabled bool }
	SnapshotOptions                        struct{ AutomatedSnapshotStartHour *int }
	VPCOptions                             vpcOptions
}

type advancedSecurityOptions struct {
	Enabled, InternalUserDatabaseEnabled bool
	SAMLOptions                          struct{ Enabled bool }
}

type cognitoOptions struct {
	Enabled                             bool
	UserPoolId, IdentityPoolId, RoleArn string
}

type domainEndpointOptions struct {
	EnforceHTTPS, CustomEndpointEnabled                             bool
	TLSSecurityPolicy, CustomEndpoint, CustomEndpointCertificateArn string
}

type ebsOptions struct {
	EBSEnabled                   bool
	VolumeType                   string
	VolumeSize, Iops, Throughput int
}

type clusterConfig struct {
	InstanceType, DedicatedMasterType, WarmType               string
	InstanceCount, DedicatedMasterCount, WarmCount            int
	DedicatedMasterEnabled, ZoneAwarenessEnabled, WarmEnabled bool
	ZoneAwarenessConfig                                       struct{ AvailabilityZoneCount int }
	ColdStorageOptions                                        struct{ Enabled bool }
}

type encryptionAtRestOptions struct {
	Enabled  bool
	KmsKeyId string
}

type logPublishingOption struct {
	CloudWatchLogsLogGroupArn string
	Enabled                   bool
}

type vpcOptions struct{ SubnetIds, SecurityGroupIds []string }

// domainConfig is what is needed of DomainConfig: what DomainStatus has not, and what shows that both are of the same domain at the same
// time. https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeElasticsearchDomainConfig.html
type domainConfig struct {
	AutoTuneOptions            struct{ Options autoTuneOptions }
	EBSOptions                 struct{ Options ebsOptions }
	ElasticsearchClusterConfig struct{ Options clusterConfig }
	ElasticsearchVersion       struct{ Options string }
}

type autoTuneOptions struct {
	DesiredState, RollbackOnDisable string
	MaintenanceSchedules            []struct {
		CronExpressionForRecurrence string
		Duration                    struct {
			Unit  string
			Value int
		}
		StartAt moment
	}
}

// moment is a time as AWS's API has it, a number of seconds, or as its command line and its libraries print it.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(text []byte) error {
	if seconds, err := strconv.ParseFloat(string(text), 64); err == nil {
		m.Time = time.UnixMilli(int64(seconds * 1000)).UTC()
		return nil
	}
	var parsed time.Time
	if err := json.Unmarshal(text, &parsed); err != nil {
		return &json.UnmarshalTypeError{Value: "value that is no time", Field: "StartAt", Type: reflect.TypeFor[time.Time]()}
	}
	m.Time = parsed.UTC()
	return nil
}

// The commands whose answers a description is made of.
const (
	statusCommand = "aws es describe-elasticsearch-domain"
	configCommand = "aws es describe-elasticsearch-domain-config"
	tagsCommand   = "aws es list-tags"
)

// largest is far more than AWS says of a domain, its access policy included.
const largest = 4 << 20

// Add reads answers, one behind the other, and in any order. An error is one line, without where they are from.
func (d *Description) Add(from io.Reader) error {
	content, err := io.ReadAll(io.LimitReader(from, largest+1))
	switch {
	case err != nil:
		return err
	case len(content) > largest:
		return fmt.Errorf("is larger than %d MiB, so it is no answer of AWS's on a domain", largest>>20)
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(content)) == 0 {
		return fmt.Errorf("is empty; write the answer of `%s` there", statusCommand)
	}
	for decoder := json.NewDecoder(bytes.NewReader(content)); ; {
		var answer map[string]json.RawMessage
		err := decoder.Decode(&answer)
		var notObject *json.UnmarshalTypeError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			return errors.New("is cut off: its JSON does not end; ask AWS anew")
		case errors.As(err, &notObject):
			return fmt.Errorf("is JSON, and no answer of `%s`", statusCommand)
		case err != nil:
			return errors.New("is not JSON; ask AWS with --output json")
		}
		if err := d.add(answer); err != nil {
			return err
		}
	}
}

// add takes in one answer.
func (d *Description) add(answer map[string]json.RawMessage) error {
	var marks struct{ EngineVersion, ElasticsearchVersion json.RawMessage }
	read := func(key, command string, has *bool, into any) error {
		text := answer[key]
		switch {
		case *has:
			return fmt.Errorf("has a second answer of `%s`; give one", command)
		case json.Unmarshal(text, &marks) != nil || string(text) == "null":
			return fmt.Errorf("has no object as its %s; ask AWS anew with `%s`", key, command)
		case marks.EngineVersion != nil && marks.ElasticsearchVersion == nil:
			return fmt.Errorf("is an answer of `aws opensearch`; ask the API of Elasticsearch: `%s`", command)
		}
		*has = true
		if err := json.Unmarshal(text, into); err != nil {
			return fmt.Errorf("has a %s that cannot be read (%s); ask AWS anew with `%s`", key, typeFault(err), command)
		}
		return nil
	}
	switch {
	case answer["DomainStatus"] != nil:
		return read("DomainStatus", statusCommand, &d.hasStatus, &d.status)
	case answer["DomainConfig"] != nil:
		return read("DomainConfig", configCommand, &d.hasConfig, &d.config)
	case answer["TagList"] != nil:
		var tags []struct{ Key, Value string }
		if d.hasTags {
			return fmt.Errorf("has a second answer of `%s`; give one", tagsCommand)
		}
		d.hasTags, d.tags = true, map[string]string{}
		if err := json.Unmarshal(answer["TagList"], &tags); err != nil {
			return fmt.Errorf("has a TagList that cannot be read (%s); ask AWS anew with `%s`", typeFault(err), tagsCommand)
		}
		for _, tag := range tags {
			if !strings.HasPrefix(tag.Key, "aws:") { // AWS's own, which nobody else may set
				d.tags[tag.Key] = tag.Value
			}
		}
		return nil
	case answer["DomainStatusList"] != nil:
		return fmt.Errorf("is of several domains; ask for one: `%s`", statusCommand)
	case answer["ElasticsearchClusterConfig"] != nil:
		return errors.New("has what is in DomainStatus or DomainConfig, and not these around it; ask AWS without --query")
	}
	return fmt.Errorf("is JSON, and no answer of `%s`, `%s` or `%s`", statusCommand, configCommand, tagsCommand)
}

// typeFault is where a value is of another type than AWS gives it.
func typeFault(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Sprintf("%s is a %s", wrong.Field, wrong.Value)
	}
	return "it is damaged"
}

// place is where the domain is, or the error that says why it cannot be taken over.
func (d Description) place() (place, error) {
	status := d.status
	arn := domainARN.FindStringSubmatch(status.ARN)
	switch {
	case !d.hasStatus:
		return place{}, fmt.Errorf("the answer of `%s` is missing", statusCommand)
	case !d.hasConfig:
		return place{}, fmt.Errorf("the answer of `%s` is missing", configCommand)
	case strings.HasPrefix(status.ElasticsearchVersion, "OpenSearch"):
		return place{}, fmt.Errorf("the domain %q runs %q, which is another resource of Terraform's, aws_opensearch_domain; this project "+
			"makes Elasticsearch alone", status.DomainName, status.ElasticsearchVersion)
	case arn == nil || arn[4] != status.DomainName:
		return place{}, fmt.Errorf("DomainStatus has the ARN %q, which is not that of the domain %q; ask AWS anew", status.ARN,
			status.DomainName)
	case status.Deleted:
		return place{}, fmt.Errorf("the domain %s is being deleted", status.DomainName)
	case status.Created != nil && !*status.Created:
		return place{}, fmt.Errorf("the domain %s is still being made; ask AWS again when it is there", status.DomainName)
	case status.Processing || status.UpgradeProcessing:
		return place{}, fmt.Errorf("AWS is changing the domain %s, and says now what it will be; ask again when it is done",
			status.DomainName)
	}
	for _, both := range []struct {
		name           string
		status, config any
	}{
		{"ElasticsearchVersion", status.ElasticsearchVersion, d.config.ElasticsearchVersion.Options},
		{"ElasticsearchClusterConfig", status.ElasticsearchClusterConfig, d.config.ElasticsearchClusterConfig.Options},
		{"EBSOptions", status.EBSOptions, d.config.EBSOptions.Options},
	} {
		if !reflect.DeepEqual(both.status, both.config) {
			return place{}, fmt.Errorf("DomainStatus and DomainConfig have another %s each, so they are of two domains, or of two times; "+
				"ask AWS for both anew", both.name)
		}
	}
	return place{partition: arn[1], region: arn[2], account: arn[3], name: arn[4]}, nil
}

// notes is what of the description goes into no file.
func (d Description) notes() (notes []string) {
	if !d.hasTags {
		notes = append(notes, fmt.Sprintf("the domain's tags are not known, and a plan takes away those that there are: add the answer of "+
			"`%s --arn %s`", tagsCommand, d.status.ARN))
	}
	for _, logType := range slices.Sorted(maps.Keys(d.status.LogPublishingOptions)) {
		if d.status.LogPublishingOptions[logType].CloudWatchLogsLogGroupArn == "" {
			notes = append(notes, fmt.Sprintf("%s goes to no log group, which no file can say: the first plan shows its block as "+
				"taken away, "+
				"and it stays as it is", logType))
		}
	}
	if d.status.AdvancedSecurityOptions.SAMLOptions.Enabled {
		notes = append(notes, "sign-in with SAML stays as it is, and out of Terraform's sight: it is a resource of its own, "+
			"`sign_in.saml:`, to be imported by hand")
	}
	return notes
}

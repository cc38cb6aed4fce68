package adopt

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/spec"
)

var today = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

type object = map[string]any

// deployed is the arguments that a domain has once an environment is deployed: its own, and what its sections fill in.
func deployed(e spec.Environment) spec.Domain {
	e = e.WithDefaults()
	domain, arn := e.Domain, func(service, rest string) string {
		return "arn:aws:" + service + ":" + e.Region + ":111122223333:" + rest
	}
	if e.Network != nil {
		subnets := e.Network.SubnetIDs
		for i := 0; len(subnets) < domain.Zones(); i++ {
			subnets = append(subnets, "subnet-0"+string(rune('a'+i)))
		}
		domain.VPCOptions = &spec.VPCOptions{SubnetIDs: subnets, SecurityGroupIDs: []string{"sg-0a"}}
	}
	if e.Encryption != nil || domain.EncryptAtRest.KMSKeyID == "" && *domain.EncryptAtRest.Enabled { // AWS's own too
		domain.EncryptAtRest.KMSKeyID = arn("kms", "key/11111111-2222-3333-4444-555555555555")
	}
	if endpoint := e.CustomEndpoint; endpoint != nil {
		domain.DomainEndpointOptions.CustomEndpointEnabled = true
		domain.DomainEndpointOptions.CustomEndpoint = endpoint.Name
		domain.DomainEndpointOptions.CustomEndpointCertificateARN = arn("acm", "certificate/11111111-2222-3333-4444-555555555555")
	}
	if e.SignIn != nil && e.SignIn.FineGrainedAccessControl != nil {
		user := e.SignIn.FineGrainedAccessControl
		domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{Enabled: true,
			InternalUserDatabaseEnabled: user.MasterUserName != "",
			MasterUserOptions:           spec.MasterUserOptions{MasterUserARN: user.MasterUserARN, MasterUserName: user.MasterUserName}}
	}
	if e.SignIn != nil && e.SignIn.Cognito != nil {
		on := true
		domain.CognitoOptions = &spec.CognitoOptions{Enabled: &on, UserPoolID: e.Region + "_AbCdEf123",
			IdentityPoolID: e.Region + ":11111111-2222-3333-4444-555555555555", RoleARN: "arn:aws:iam::111122223333:role/cognito"}
	}
	if e.Logs != nil {
		types := []string{"INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS"}
		for _, logType := range types {
			on := true
			domain.LogPublishingOptions = append(domain.LogPublishingOptions, spec.LogPublishingOption{LogType: logType, Enabled: &on,
				CloudwatchLogGroupARN: arn("logs", "log-group:/aws/aes/domains/"+domain.DomainName+"/"+logType)})
		}
	}
	domain.Tags = maps.Clone(domain.Tags)
	for key, value := range e.DefaultTags {
		if domain.Tags == nil {
			domain.Tags = map[string]string{}
		}
		domain.Tags[key] = value
	}
	return domain
}

// described is what AWS answers of a domain, with what it says though nobody asked for it.
func described(domain spec.Domain, region, policy string) (status, config, tags object) {
	cluster := object{"InstanceType": domain.ClusterConfig.InstanceType, "InstanceCount": domain.ClusterConfig.InstanceCount,
		"DedicatedMasterEnabled": domain.ClusterConfig.DedicatedMasterEnabled, "ZoneAwarenessEnabled": domain.ClusterConfig.ZoneAwarenessEnabled,
		"DedicatedMasterType": "m5.large.elasticsearch", "DedicatedMasterCount": 3, // it remembers those that are off
		"WarmEnabled": domain.ClusterConfig.WarmEnabled, "ColdStorageOptions": object{"Enabled": false}}
	if domain.ClusterConfig.DedicatedMasterEnabled {
		cluster["DedicatedMasterType"], cluster["DedicatedMasterCount"] = domain.ClusterConfig.DedicatedMasterType, domain.ClusterConfig.DedicatedMasterCount
	}
	if domain.ClusterConfig.ZoneAwarenessEnabled {
		cluster["ZoneAwarenessConfig"] = object{"AvailabilityZoneCount": domain.ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount}
	}
	if domain.ClusterConfig.WarmEnabled {
		cluster["WarmType"], cluster["WarmCount"] = domain.ClusterConfig.WarmType, domain.ClusterConfig.WarmCount
	}
	if cold := domain.ClusterConfig.ColdStorageOptions.Enabled; cold != nil {
		cluster["ColdStorageOptions"] = object{"Enabled": *cold}
	}
	ebs := object{"EBSEnabled": *domain.EBSOptions.EBSEnabled}
	if *domain.EBSOptions.EBSEnabled {
		ebs["VolumeType"], ebs["VolumeSize"], ebs["Iops"] = domain.EBSOptions.VolumeType, domain.EBSOptions.VolumeSize, nil
		if domain.EBSOptions.Iops != 0 {
			ebs["Iops"], ebs["Throughput"] = domain.EBSOptions.Iops, domain.EBSOptions.Throughput
		}
	}
	status = object{
		"DomainId": "111122223333/" + domain.DomainName, "DomainName": domain.DomainName,
		"ARN": "arn:aws:es:" + region + ":111122223333:domain/" + domain.DomainName, "Created": true, "Deleted": false, "Processing": false,
		"UpgradeProcessing": false, "ElasticsearchVersion": domain.ElasticsearchVersion, "ElasticsearchClusterConfig": cluster,
		"EBSOptions": ebs, "AccessPolicies": policy, "SnapshotOptions": object{"AutomatedSnapshotStartHour": 0}, "VPCOptions": nil,
		"CognitoOptions":              object{"Enabled": false},
		"EncryptionAtRestOptions":     object{"Enabled": *domain.EncryptAtRest.Enabled, "KmsKeyId": domain.EncryptAtRest.KMSKeyID},
		"NodeToNodeEncryptionOptions": object{"Enabled": *domain.NodeToNodeEncryption.Enabled},
		"AdvancedOptions":             object{"override_main_response_version": "false"},
		"DomainEndpointOptions": object{"EnforceHTTPS": *domain.DomainEndpointOptions.EnforceHTTPS,
			"TLSSecurityPolicy":            domain.DomainEndpointOptions.TLSSecurityPolicy,
			"CustomEndpointEnabled":        domain.DomainEndpointOptions.CustomEndpointEnabled,
			"CustomEndpoint":               domain.DomainEndpointOptions.CustomEndpoint,
			"CustomEndpointCertificateArn": domain.DomainEndpointOptions.CustomEndpointCertificateARN},
		"AdvancedSecurityOptions": object{"Enabled": false, "InternalUserDatabaseEnabled": false, "AnonymousAuthEnabled": false},
		"LogPublishingOptions":    object{},
	}
	for key, value := range domain.AdvancedOptions {
		status["AdvancedOptions"].(object)[key] = value
	}
	if vpc := domain.VPCOptions; vpc != nil {
		status["VPCOptions"] = object{"VPCId": "vpc-0a", "SubnetIds": vpc.SubnetIDs, "AvailabilityZones": []string{region + "a"},
			"SecurityGroupIds": vpc.SecurityGroupIDs}
	}
	if cognito := domain.CognitoOptions; cognito != nil {
		status["CognitoOptions"] = object{"Enabled": *cognito.Enabled, "UserPoolId": cognito.UserPoolID,
			"IdentityPoolId": cognito.IdentityPoolID, "RoleArn": cognito.RoleARN}
	}
	if security := domain.AdvancedSecurityOptions; security != nil {
		status["AdvancedSecurityOptions"] = object{"Enabled": security.Enabled,
			"InternalUserDatabaseEnabled": security.InternalUserDatabaseEnabled}
	}
	for _, option := range domain.LogPublishingOptions {
		status["LogPublishingOptions"].(object)[option.LogType] = object{"CloudWatchLogsLogGroupArn": option.CloudwatchLogGroupARN,
			"Enabled": *option.Enabled}
	}
	if snapshot := domain.SnapshotOptions; snapshot != nil {
		status["SnapshotOptions"] = object{"AutomatedSnapshotStartHour": snapshot.AutomatedSnapshotStartHour}
	}
	config = object{"ElasticsearchVersion": object{"Options": domain.ElasticsearchVersion},
		"ElasticsearchClusterConfig": object{"Options": cluster}, "EBSOptions": object{"Options": ebs}}
	if tune := domain.AutoTuneOptions; tune != nil {
		var schedules []object
		for _, schedule := range tune.MaintenanceSchedule {
			start, _ := time.Parse(time.RFC3339, schedule.StartAt)
			schedules = append(schedules, object{"StartAt": float64(start.Unix()), "CronExpressionForRecurrence": schedule.CronExpressionForRecurrence,
				"Duration": object{"Value": schedule.Duration.Value, "Unit": schedule.Duration.Unit}})
		}
		config["AutoTuneOptions"] = object{"Options": object{"DesiredState": tune.DesiredState, "RollbackOnDisable": tune.RollbackOnDisable,
			"MaintenanceSchedules": schedules}}
	}
	list := []object{{"Key": "aws:cloudformation:stack-name", "Value": "x"}}
	for key, value := range domain.Tags {
		list = append(list, object{"Key": key, "Value": value})
	}
	return object{"DomainStatus": status}, object{"DomainConfig": config}, object{"TagList": list}
}

// read is a description of answers.
func read(t *testing.T, answers ...object) Description {
	t.Helper()
	var description Description
	for _, answer := range answers {
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		if err := description.Add(bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	return description
}

// schema is what editors hold environment files to.
var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("../spec/environment.schema.json")
})

// written is the file of an adopted domain, which loads and which editors take.
func written(t *testing.T, adopted Adopted) (string, spec.Environment) {
	t.Helper()
	text, _, err := adopted.Draft.Text("environments/x.yaml", today)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	schema, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(encoded)); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > 140 {
			t.Errorf("a line of %d columns: %s", len(line), line)
		}
	}
	environment, _, err := spec.Parse("environments/x.yaml", []byte(text), today)
	if err != nil {
		t.Fatal(err)
	}
	return text, environment
}

// environments is every environment that the project comes with, and this one, which has what they have not.
func environments(t *testing.T) map[string]spec.Environment {
	t.Helper()
	all := map[string]spec.Environment{}
	for _, folder := range []string{"../environments", "../examples", "../testdata/environments", "../spec/testdata/environments"} {
		files, err := spec.Load(folder, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if file.Roles == nil {
				all[folder+"/"+file.Name] = file.Environment
			}
		}
	}
	off, on := false, true
	all["old"] = spec.Environment{Region: "us-west-2", Domain: spec.Domain{
		DomainName: "old-one", ElasticsearchVersion: "5.1",
		ClusterConfig: spec.ClusterConfig{InstanceType: "i3.large.elasticsearch", InstanceCount: 2, ZoneAwarenessEnabled: true},
		EncryptAtRest: spec.EncryptAtRest{Enabled: &off}, NodeToNodeEncryption: spec.NodeToNodeEncryption{Enabled: &off},
		DomainEndpointOptions: spec.DomainEndpointOptions{EnforceHTTPS: &off, TLSSecurityPolicy: "Policy-Min-TLS-1-0-2019-07"},
		AdvancedOptions:       map[string]string{"rest.action.multi.allow_explicit_index": "false", "indices.fielddata.cache.size": "40"},
		SnapshotOptions:       &spec.SnapshotOptions{AutomatedSnapshotStartHour: 23},
		LogPublishingOptions: []spec.LogPublishingOption{{LogType: "ES_APPLICATION_LOGS", Enabled: &on,
			CloudwatchLogGroupARN: "arn:aws:logs:us-west-2:111122223333:log-group:/aws/es/old:*"},
			{LogType: "INDEX_SLOW_LOGS", Enabled: &off, CloudwatchLogGroupARN: "arn:aws:logs:us-west-2:111122223333:log-group:/aws/es/slow"}},
		Tags: map[string]string{"on": "yes", "cost: centre": "0123", "note": "a\nb", "empty": ""},
	}}
	all["provisioned"] = spec.Environment{Region: "us-west-2", Domain: spec.Domain{
		DomainName: "provisioned", ElasticsearchVersion: "7.10", ClusterConfig: spec.ClusterConfig{InstanceType: "r5.large.elasticsearch"},
		EBSOptions: spec.EBSOptions{VolumeType: "io1", VolumeSize: 100, Iops: 1000}}}
	return all
}

// What AWS says of a domain that an environment made gives the environment's domain again.
func TestRoundTrip(t *testing.T) {
	all := environments(t)
	if len(all) < 9 {
		t.Errorf("%d environments", len(all))
	}
	for name, environment := range all {
		t.Run(name, func(t *testing.T) {
			want := deployed(environment)
			status, config, tags := described(want, environment.Region, "")
			options := Options{}
			if security := want.AdvancedSecurityOptions; security != nil {
				options.MasterUser.MasterUserARN = security.MasterUserOptions.MasterUserARN
				options.MasterUser.MasterUserName = security.MasterUserOptions.MasterUserName
			}
			adopted, err := Adopt(read(t, tags, status, config), options)
			if err != nil {
				t.Fatal(err)
			}
			text, got := written(t, adopted)
			slices.SortFunc(want.LogPublishingOptions, func(a, b spec.LogPublishingOption) int {
				return strings.Compare(a.LogType, b.LogType)
			})
			// These two are Terraform's alone.
			diff := cmp.Diff(want, got.Domain, cmpopts.IgnoreFields(spec.Domain{}, "Lifecycle", "Timeouts"), cmpopts.EquateEmpty())
			if diff != "" || got.Adopt != want.DomainName || got.Region != environment.Region {
				t.Errorf("(-deployed +adopted):\n%s\n%s", diff, text)
			}
			for _, absent := range []bool{got.Network == nil, got.Encryption == nil, got.SignIn == nil, got.Logs == nil, got.Alarms == nil,
				got.CustomEndpoint == nil} {
				if !absent {
					t.Errorf("it has a section that makes something:\n%s", text)
				}
			}
		})
	}
}

// What the emulator of test/deploy answered, on a domain that curl made.
func TestEmulator(t *testing.T) {
	file, err := os.Open("testdata/emulator.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var description Description
	if err := description.Add(file); err != nil {
		t.Fatal(err)
	}
	adopted, err := Adopt(description, Options{Stack: "prod"})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := written(t, adopted)
	snapshot.Compare(t, filepath.Join("testdata", "emulator.yaml"), text)
	if adopted.Notes != nil || !slices.Equal(adopted.Untold, []string{"advanced_options", "timeouts", "log_publishing_options"}) || adopted.Account != "123456789012" {
		t.Errorf("%+v", adopted)
	}
}

// sound is the answers on a domain without anything special, to be changed.
func sound(t *testing.T, policy string) (status, config, tags object) {
	t.Helper()
	environment := spec.Environment{Region: "eu-central-1", Domain: spec.Domain{DomainName: "metrics", ElasticsearchVersion: "7.10",
		ClusterConfig: spec.ClusterConfig{InstanceType: "m5.large.elasticsearch"}}}
	return described(deployed(environment), environment.Region, policy)
}

func TestMasterUser(t *testing.T) {
	const arn, secret = "arn:aws:iam::111122223333:role/metrics", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-AbCdEf"
	for _, test := range []struct {
		name              string
		enabled, internal bool
		user              spec.FineGrainedAccessControl
		want              string // contained in the file, or the error
		fails             bool
	}{
		{"none", false, false, spec.FineGrainedAccessControl{}, "domain_name: metrics", false},
		{"none, and one is given", false, false, spec.FineGrainedAccessControl{MasterUserARN: arn}, "the domain has no fine-grained access control", true},
		{"a role", true, false, spec.FineGrainedAccessControl{MasterUserARN: arn}, "master_user_arn: " + arn, false},
		{"a role, and it is not said", true, false, spec.FineGrainedAccessControl{}, "say it with --master-user-arn", true},
		{"a role, and a name is given", true, false, spec.FineGrainedAccessControl{MasterUserName: "x"}, "say it with --master-user-arn", true},
		{"a name", true, true, spec.FineGrainedAccessControl{MasterUserName: "on"}, "# Set TF_VAR_master_user_password to the password that the user has: " +
			"Terraform sets it.\n    master_user_options:\n      master_user_name: \"on\"\n", false},
		{"a name, and it is not said", true, true, spec.FineGrainedAccessControl{}, "say it with --master-user-name", true},
		{"a name, and a role is given", true, true, spec.FineGrainedAccessControl{MasterUserARN: arn}, "say it with --master-user-name", true},
		{"a name and a secret", true, true, spec.FineGrainedAccessControl{MasterUserName: "root", MasterUserSecretARN: secret},
			"    master_user_secret_arn: " + secret + "\n", false},
		{"a secret alone", true, true, spec.FineGrainedAccessControl{MasterUserSecretARN: secret}, "say it with --master-user-name", true},
		{"no ARN", true, false, spec.FineGrainedAccessControl{MasterUserARN: "metrics"}, `"metrics" is not the ARN of an IAM role or user`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, config, tags := sound(t, "")
			status["DomainStatus"].(object)["AdvancedSecurityOptions"] = object{"Enabled": test.enabled, "InternalUserDatabaseEnabled": test.internal}
			adopted, err := Adopt(read(t, status, config, tags), Options{MasterUser: test.user})
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got, _ = written(t, adopted)
			}
			if !strings.Contains(got, test.want) || (err != nil) != test.fails || test.enabled && err == nil &&
				!slices.Contains(adopted.Untold, "master_user_options") {
				t.Errorf("%s\nwant %q", got, test.want)
			}
		})
	}
}

// What a file cannot say and the provider leaves alone is left out, with a note; anything else is an error.
func TestWhatNoFileCanSay(t *testing.T) {
	for _, test := range []struct {
		name       string
		change     func(status, config object)
		note, want string
	}{
		{"nothing", func(object, object) {}, "", ""},
		{"throughput", func(status, config object) {
			ebs := object{"EBSEnabled": true, "VolumeType": "gp3", "VolumeSize": 300, "Iops": 3000, "Throughput": 125}
			status["EBSOptions"], config["EBSOptions"] = ebs, object{"Options": ebs}
		}, "domain.ebs_options.throughput is left out, and stays on AWS as it is, for a file cannot say it: 125 is less than the 250", ""},
		{"iops", func(status, config object) {
			ebs := object{"EBSEnabled": true, "VolumeType": "gp3", "VolumeSize": 10, "Iops": 2999, "Throughput": 125}
			status["EBSOptions"], config["EBSOptions"] = ebs, object{"Options": ebs}
		}, "domain.ebs_options.iops is left out", ""},
		{"Auto-Tune of burstable nodes", func(status, config object) {
			cluster := object{"InstanceType": "t3.small.elasticsearch", "InstanceCount": 1}
			status["ElasticsearchClusterConfig"], config["ElasticsearchClusterConfig"] = cluster, object{"Options": cluster}
			config["AutoTuneOptions"] = object{"Options": object{"DesiredState": "DISABLED"}}
		}, "domain.auto_tune_options is left out", ""},
		{"SAML", func(status, _ object) {
			status["AdvancedSecurityOptions"] = object{"Enabled": false, "SAMLOptions": object{"Enabled": true}}
		}, "sign-in with SAML stays as it is", ""},
		{"logs that go nowhere", func(status, _ object) {
			status["LogPublishingOptions"] = object{"AUDIT_LOGS": object{"Enabled": false}}
		}, "AUDIT_LOGS goes to no log group, which no file can say", ""},
		{"an advanced option", func(status, _ object) { status["AdvancedOptions"] = object{"colour": "red"} }, "",
			"domain.advanced_options.colour: is no option of AWS Elasticsearch"},
		{"two masters", func(status, config object) {
			cluster := object{"InstanceType": "m5.large.elasticsearch", "InstanceCount": 1, "DedicatedMasterEnabled": true,
				"DedicatedMasterType": "m5.large.elasticsearch", "DedicatedMasterCount": 2}
			status["ElasticsearchClusterConfig"], config["ElasticsearchClusterConfig"] = cluster, object{"Options": cluster}
		}, "", "domain.cluster_config.dedicated_master_count: 2 is no number of dedicated masters with a safe quorum"},
		{"a policy that is not known here", func(status, _ object) {
			status["DomainEndpointOptions"] = object{"EnforceHTTPS": true, "TLSSecurityPolicy": "Policy-Min-TLS-2-0"}
		}, "", `domain.domain_endpoint_options.tls_security_policy: "Policy-Min-TLS-2-0" is not one of`},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, config, tags := sound(t, "")
			test.change(status["DomainStatus"].(object), config["DomainConfig"].(object))
			adopted, err := Adopt(read(t, status, config, tags), Options{})
			notes, said := strings.Join(adopted.Notes, "\n"), ""
			if err != nil {
				said = err.Error()
			} else {
				written(t, adopted)
			}
			if !strings.HasPrefix(notes, test.note) || test.note == "" && notes != "" || !strings.HasPrefix(said, test.want) || test.want == "" && err != nil {
				t.Errorf("notes %q, want %q; error %q, want %q", notes, test.note, said, test.want)
			}
		})
	}
}

// Domains of old have no options that came later, and what is off keeps what it was set to.
func TestWhatAWSLeavesOut(t *testing.T) {
	status, config, tags := sound(t, "")
	cluster := object{"InstanceType": "i3.large.elasticsearch", "InstanceCount": 2, "ZoneAwarenessEnabled": true}
	ebs := object{"EBSEnabled": false, "VolumeType": "gp3", "VolumeSize": 10, "Iops": 3000, "Throughput": 125}
	domain := status["DomainStatus"].(object)
	domain["ElasticsearchClusterConfig"], domain["EBSOptions"] = cluster, ebs
	config["DomainConfig"].(object)["ElasticsearchClusterConfig"], config["DomainConfig"].(object)["EBSOptions"] = object{"Options": cluster},
		object{"Options": ebs}
	for _, later := range []string{"DomainEndpointOptions", "NodeToNodeEncryptionOptions", "EncryptionAtRestOptions", "CognitoOptions",
		"AdvancedSecurityOptions", "SnapshotOptions", "LogPublishingOptions", "AccessPolicies"} {
		delete(domain, later)
	}
	adopted, err := Adopt(read(t, status, config, tags), Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, got := written(t, adopted)
	off := false
	want := deployed(spec.Environment{Region: "eu-central-1", Domain: spec.Domain{DomainName: "metrics", ElasticsearchVersion: "7.10",
		ClusterConfig: spec.ClusterConfig{InstanceType: "i3.large.elasticsearch", InstanceCount: 2, ZoneAwarenessEnabled: true,
			ZoneAwarenessConfig: spec.ZoneAwarenessConfig{AvailabilityZoneCount: 2}},
		EBSOptions: spec.EBSOptions{EBSEnabled: &off}, EncryptAtRest: spec.EncryptAtRest{Enabled: &off},
		NodeToNodeEncryption:  spec.NodeToNodeEncryption{Enabled: &off},
		DomainEndpointOptions: spec.DomainEndpointOptions{EnforceHTTPS: &off, TLSSecurityPolicy: "Policy-Min-TLS-1-0-2019-07"}}})
	if diff := cmp.Diff(want, got.Domain, cmpopts.EquateEmpty()); diff != "" || adopted.Notes != nil {
		t.Errorf("%v (-want +got):\n%s", adopted.Notes, diff)
	}
}

func TestTagsThatAreNotKnown(t *testing.T) {
	status, config, _ := sound(t, "")
	adopted, err := Adopt(read(t, status, config), Options{})
	if err != nil || len(adopted.Notes) != 1 || !strings.Contains(adopted.Notes[0],
		"`aws es list-tags --arn arn:aws:es:eu-central-1:111122223333:domain/metrics`") {
		t.Errorf("%+v (%v)", adopted.Notes, err)
	}
}

// Each of these gets one line.
func TestFaultyDescriptions(t *testing.T) {
	status, config, tags := sound(t, "")
	text := func(answers ...object) string {
		var b strings.Builder
		for _, answer := range answers {
			encoded, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(encoded, '\n'))
		}
		return b.String()
	}
	whole := text(status, config, tags)
	changed := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("no %s in %s", old, whole)
		}
		return strings.ReplaceAll(whole, old, new)
	}
	for _, test := range []struct{ name, content, want string }{
		{"sound", whole, ""},
		{"with a byte order mark", "\ufeff" + whole, ""},
		{"empty", " \n", "is empty; write the answer of `aws es describe-elasticsearch-domain` there"},
		{"text", "An error occurred (AccessDenied)", "is not JSON; ask AWS with --output json"},
		{"YAML", "DomainStatus:\n  ARN: x\n", "is not JSON; ask AWS with --output json"},
		{"cut", whole[:len(text(status))/2], "is cut off: its JSON does not end; ask AWS anew"},
		{"a list", "[]", "is JSON, and no answer of `aws es describe-elasticsearch-domain`"},
		{"a text", `"x"`, "is JSON, and no answer of `aws es describe-elasticsearch-domain`"},
		{"another answer", `{"DomainNames": []}`, "is JSON, and no answer of `aws es describe-elasticsearch-domain`, " +
			"`aws es describe-elasticsearch-domain-config` or `aws es list-tags`"},
		{"several domains", `{"DomainStatusList": []}`, "is of several domains; ask for one: `aws es describe-elasticsearch-domain`"},
		{"with --query", text(status["DomainStatus"].(object)), "has what is in DomainStatus or DomainConfig, and not these around it; ask AWS without --query"},
		{"of OpenSearch's API", text(object{"DomainStatus": object{"EngineVersion": "Elasticsearch_7.10"}}),
			"is an answer of `aws opensearch`; ask the API of Elasticsearch: `aws es describe-elasticsearch-domain`"},
		{"config of OpenSearch's API", text(object{"DomainConfig": object{"EngineVersion": object{}}}),
			"is an answer of `aws opensearch`; ask the API of Elasticsearch: `aws es describe-elasticsearch-domain-config`"},
		{"OpenSearch", changed(`"ElasticsearchVersion":"7.10"`, `"ElasticsearchVersion":"OpenSearch_1.3"`),
			`the domain "metrics" runs "OpenSearch_1.3", which is another resource of Terraform's, aws_opensearch_domain`},
		{"twice", text(status, status, config), "has a second answer of `aws es describe-elasticsearch-domain`; give one"},
		{"tags twice", text(tags, tags), "has a second answer of `aws es list-tags`; give one"},
		{"no status", text(config, tags), "the answer of `aws es describe-elasticsearch-domain` is missing"},
		{"no config", text(status, tags), "the answer of `aws es describe-elasticsearch-domain-config` is missing"},
		{"null", text(object{"DomainStatus": nil}), "has no object as its DomainStatus; ask AWS anew with `aws es describe-elasticsearch-domain`"},
		{"no object", text(object{"DomainStatus": 7}), "has no object as its DomainStatus"},
		{"a wrong type", changed(`"InstanceCount":1`, `"InstanceCount":"one"`), "has a DomainStatus that cannot be read " +
			"(ElasticsearchClusterConfig.InstanceCount is a string); ask AWS anew"},
		{"a wrong time", text(object{"DomainConfig": object{"AutoTuneOptions": object{"Options": object{"MaintenanceSchedules": []object{
			{"StartAt": "soon"}}}}}}), "has a DomainConfig that cannot be read"},
		{"wrong tags", text(object{"TagList": object{}}), "has a TagList that cannot be read"},
		{"another ARN", changed("domain/metrics", "domain/other"), `DomainStatus has the ARN "arn:aws:es:eu-central-1:111122223333:domain/other", ` +
			`which is not that of the domain "metrics"; ask AWS anew`},
		{"no ARN", changed("arn:aws:es:eu-central-1:111122223333:domain/metrics", "metrics"), `DomainStatus has the ARN "metrics"`},
		{"being deleted", changed(`"Deleted":false`, `"Deleted":true`), "the domain metrics is being deleted"},
		{"being made", changed(`"Created":true`, `"Created":false`), "the domain metrics is still being made"},
		{"being changed", changed(`"Processing":false,"S`, `"Processing":true,"S`), "AWS is changing the domain metrics"},
		{"being upgraded", changed(`"UpgradeProcessing":false`, `"UpgradeProcessing":true`), "AWS is changing the domain metrics"},
		{"of two times", text(status, object{"DomainConfig": object{"ElasticsearchVersion": object{"Options": "7.9"}}}),
			"DomainStatus and DomainConfig have another ElasticsearchVersion each"},
		{"huge", strings.Repeat(" ", largest) + whole, "is larger than 4 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var description Description
			err := description.Add(strings.NewReader(test.content))
			if err == nil {
				_, err = Adopt(description, Options{})
			}
			said := ""
			if err != nil {
				said = err.Error()
			}
			if !strings.HasPrefix(said, test.want) || test.want == "" && err != nil || strings.Contains(said, "\n") {
				t.Errorf("%q, want %q", said, test.want)
			}
		})
	}
}

// A time is the same however AWS's programs print it.
func TestMoment(t *testing.T) {
	for _, text := range []string{"1799550000", "1799550000.123", `"2027-01-10T03:00:00Z"`, `"2027-01-10T04:00:00+01:00"`, `"2027-01-10T03:00:00.123000+00:00"`} {
		var got moment
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Format(time.RFC3339) != "2027-01-10T03:00:00Z" {
			t.Errorf("%s: %v (%v)", text, got, err)
		}
	}
}

const here = "arn:aws:es:eu-central-1:111122223333:domain/metrics"

// policyOf is a policy of statements that allow, as AWS writes it.
func policyOf(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// allow is a statement that allows principals, in JSON, whatever else it has.
func allow(principals, rest string) string {
	return `{"Effect":"Allow","Principal":` + principals + `,` + rest + `}`
}

const everythingHere = `"Action":"es:*","Resource":"` + here + `/*"`

func TestAccess(t *testing.T) {
	const role, own, other = "arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root"
	account := spec.Access{Administrators: []string{"account"}}
	withRole := spec.Access{Administrators: []string{role, "account"}}
	open, left := spec.Access{OpenToTheInternet: true}, spec.Access{LeaveToFineGrainedAccessControl: true}
	openVPC := spec.Access{OpenToTheVPC: true}
	const office = `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`
	fromOffice := spec.Access{Administrators: []string{"account"}, OpenToAddresses: []string{"192.0.2.0/24"}}
	quoted := func(principal string) string { return `{"AWS":"` + principal + `"}` }
	for _, test := range []struct {
		name, policy     string
		fineGrained, vpc bool
		want             spec.Access
		reasons          []string // why not; each the beginning of one
	}{
		{"none", "", false, false, account, nil},
		{"blank", " \n", false, false, account, nil},
		{"no statements", `{"Version":"2012-10-17","Statement":[]}`, false, false, account, nil},
		{"this account", policyOf(allow(quoted(own), everythingHere)), false, false, account, nil},
		{"this account by its number", policyOf(allow(quoted("111122223333"), everythingHere)), false, false, account, nil},
		{"a role", policyOf(allow(quoted(role), everythingHere)), false, false, withRole, nil},
		{"a role in a VPC", policyOf(allow(quoted(role), everythingHere)), false, true, withRole, nil},
		{"one statement and no list", `{"Statement":` + allow(quoted(role), everythingHere) + `}`, false, false, withRole, nil},
		{"lists", policyOf(`{"Sid":"1","Effect":"Allow","Principal":{"AWS":["` + role + `","` + own + `"]},"Action":["es:ESHttp*"],"Resource":["` +
			here + `/*","` + here + `"]}`), false, false, withRole, nil},
		{"twice", policyOf(allow(quoted(role), everythingHere), allow(quoted(role), everythingHere)), false, false, withRole, nil},
		{"every method", policyOf(allow(quoted(role), `"Action":["es:ESHttpDelete","es:ESHttpGet","es:ESHttpHead","es:ESHttpPatch",`+
			`"es:ESHttpPost","es:ESHttpPut"],"Resource":"*"`)), false, false, withRole, nil},
		{"another account", policyOf(allow(quoted(other), everythingHere)), false, false,
			spec.Access{Administrators: []string{other, "account"}}, nil},
		{"everybody", policyOf(allow(`"*"`, everythingHere)), false, false, open, nil},
		{"everybody of AWS", policyOf(allow(quoted("*"), everythingHere), allow(quoted(role), everythingHere)), false, false, open, nil},
		{"everybody up to fine-grained access control", policyOf(allow(`"*"`, everythingHere)), true, false, left, nil},
		{"everybody in a VPC up to fine-grained access control", policyOf(allow(`"*"`, everythingHere)), true, true, left, nil},

		{"everybody in a VPC", policyOf(allow(`"*"`, everythingHere)), false, true, openVPC, nil},
		{"everybody at addresses", policyOf(allow(`"*"`, everythingHere+office)), false, false, fromOffice, nil},
		{"everybody at addresses up to fine-grained access control", policyOf(allow(`"*"`, everythingHere+office)), true, false, fromOffice, nil},
		{"everybody at several addresses, and a role", policyOf(allow(quoted(role), everythingHere), allow(quoted("*"), everythingHere+
			`,"Condition":{"IpAddress":{"AWS:sourceIp":["203.0.113.7","2001:db8::/32","203.0.113.7"]}}`), allow(`"*"`, everythingHere+office)), false, false,
			spec.Access{Administrators: []string{role, "account"}, OpenToAddresses: []string{"192.0.2.0/24", "2001:db8::/32", "203.0.113.7"}}, nil},
		{"everybody, and at addresses", policyOf(allow(`"*"`, everythingHere), allow(`"*"`, everythingHere+office)), false, false, open, nil},

		{"a role at addresses", policyOf(allow(quoted(role), everythingHere+office)), false, false,
			spec.Access{}, []string{"statement 1 has a condition (IpAddress of aws:SourceIp)"}},
		{"everybody at other addresses", policyOf(allow(`"*"`, everythingHere+strings.ReplaceAll(office, "IpAddress", "NotIpAddress"))), false, false,
			spec.Access{}, []string{"statement 1 has a condition (NotIpAddress of aws:SourceIp)"}},
		{"everybody through an endpoint", policyOf(allow(`"*"`, everythingHere+`,"Condition":{"IpAddress":{"aws:VpcSourceIp":"192.0.2.0/24"}}`)), false, false,
			spec.Access{}, []string{"statement 1 has a condition (IpAddress of aws:VpcSourceIp)"}},
		{"everybody at addresses, and of an organization", policyOf(allow(`"*"`, everythingHere+
			`,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`)), false, false,
			spec.Access{}, []string{"statement 1 has a condition (IpAddress of aws:SourceIp)", "statement 1 has a condition (StringEquals of aws:PrincipalOrgID)"}},
		{"everybody at addresses of two kinds", policyOf(allow(`"*"`, everythingHere+
			`,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24","aws:VpcSourceIp":"192.0.2.0/24"}}`)), false, false,
			spec.Access{}, []string{"statement 1 has a condition (IpAddress of aws:SourceIp)", "statement 1 has a condition (IpAddress of aws:VpcSourceIp)"}},
		{"everybody at addresses that are none", policyOf(allow(`"*"`, everythingHere+`,"Condition":{"IpAddress":{"aws:SourceIp":7}}`)), false, false,
			spec.Access{}, []string{"statement 1 has a condition (IpAddress of aws:SourceIp)"}},
		{"everybody at no addresses", policyOf(allow(`"*"`, everythingHere+`,"Condition":{"IpAddress":{"aws:SourceIp":[]}}`)), false, false,
			spec.Access{}, []string{"statement 1 has a condition (IpAddress of aws:SourceIp)"}},
		{"everybody at private addresses", policyOf(allow(`"*"`, everythingHere+strings.ReplaceAll(office, "192.0.2", "10.0.0"))), false, false,
			spec.Access{}, []string{`"10.0.0.0/24" is a private address, from which no request reaches a public endpoint`}},
		{"everybody reads at addresses", policyOf(allow(`"*"`, `"Action":"es:ESHttpGet","Resource":"`+here+`/*"`+office)), false, false,
			spec.Access{}, []string{"statement 1 allows some requests only (es:ESHttpGet)"}},
		{"a denial", policyOf(allow(quoted(role), everythingHere), `{"Effect":"Deny","Principal":"*",`+everythingHere+`}`), false, false,
			spec.Access{}, []string{`statement 2 is no allowance (Effect "Deny")`}},
		{"reading alone", policyOf(allow(quoted(role), `"Action":["es:ESHttpGet","es:ESHttpHead"],"Resource":"`+here+`/*"`)), false, false,
			spec.Access{}, []string{"statement 1 allows some requests only (es:ESHttpGet, es:ESHttpHead)"}},
		{"one index", policyOf(allow(quoted(role), `"Action":"es:ESHttp*","Resource":"`+here+`/metrics/*"`)), false, false,
			spec.Access{}, []string{"statement 1 is not of the whole domain " + here}},
		{"another domain's", policyOf(allow(quoted(role), `"Action":"es:ESHttp*","Resource":["`+here+`/*","`+here+`-2/*"]`)), false, false,
			spec.Access{}, []string{"statement 1 is of something else than this domain (Resource " + here + "-2/*)"}},
		{"another account's", policyOf(allow(quoted(role), strings.ReplaceAll(everythingHere, "111122223333", "444455556666"))), false, false,
			spec.Access{}, []string{"statement 1 is not of the whole domain", "statement 1 is of something else than this domain"}},
		{"AWS's own API", policyOf(allow(quoted(role), `"Action":"es:*","Resource":["`+here+`","`+here+`/*"]`)), false, false,
			spec.Access{}, []string{"statement 1 allows calls of AWS's own API"}},
		{"AWS's own API by a star", policyOf(allow(quoted(role), `"Action":"es:*","Resource":"*"`)), false, false,
			spec.Access{}, []string{"statement 1 allows calls of AWS's own API"}},
		{"other actions", policyOf(allow(quoted(role), `"Action":["es:ESHttp*","es:DeleteElasticsearchDomain"],"Resource":"`+here+`/*"`)), false,
			false, spec.Access{}, []string{"statement 1 allows what is no request to the domain (es:DeleteElasticsearchDomain)"}},
		{"all but", policyOf(`{"Effect":"Allow","NotPrincipal":{"AWS":"` + role + `"},"NotAction":"es:ESHttpPut","NotResource":"x"}`), false, false,
			spec.Access{}, []string{"statement 1 has NotPrincipal", "statement 1 has NotAction", "statement 1 has NotResource"}},
		{"a service", policyOf(allow(`{"Service":"firehose.amazonaws.com"}`, everythingHere)), false, false,
			spec.Access{}, []string{"statement 1 is of a principal that is no role, user or account (Service)", "statement 1 names nobody"}},
		{"nobody", policyOf(`{"Effect":"Allow",` + everythingHere + `}`), false, false, spec.Access{}, []string{"statement 1 names nobody"}},
		{"who was deleted", policyOf(allow(quoted("AROAEXAMPLEEXAMPLE123"), everythingHere)), false, false,
			spec.Access{}, []string{`"AROAEXAMPLEEXAMPLE123" is no principal`}},
		{"a session", policyOf(allow(quoted("arn:aws:sts::111122223333:assumed-role/a/b"), everythingHere)), false, false,
			spec.Access{}, []string{`"arn:aws:sts::111122223333:assumed-role/a/b" is one session of a role`}},
		{"an element that is not known", policyOf(allow(quoted(role), everythingHere+`,"Unless":"x"`)), false, false,
			spec.Access{}, []string{"it is not the JSON of a policy, or has elements that are not known here"}},
		{"an element twice", policyOf(allow(quoted(role), everythingHere+`,"Effect":"Deny"`)), false, false,
			spec.Access{}, []string{"it is not the JSON of a policy"}},
		{"an element in another case", policyOf(allow(quoted(role), everythingHere+`,"condition":{}`)), false, false,
			spec.Access{}, []string{"it is not the JSON of a policy"}},
		{"no JSON", "x", false, false, spec.Access{}, []string{"it is not the JSON of a policy"}},
		{"more than JSON", policyOf() + "{}", false, false, spec.Access{}, []string{"it is not the JSON of a policy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, config, tags := sound(t, test.policy)
			options := Options{}
			if test.fineGrained {
				status["DomainStatus"].(object)["AdvancedSecurityOptions"] = object{"Enabled": true, "InternalUserDatabaseEnabled": true}
				options.MasterUser.MasterUserName = "root"
			}
			if test.vpc {
				status["DomainStatus"].(object)["VPCOptions"] = object{"SubnetIds": []string{"subnet-0a"}, "SecurityGroupIds": []string{"sg-0a"}}
			}
			adopted, err := Adopt(read(t, status, config, tags), options)
			if test.reasons == nil {
				if err != nil {
					t.Fatal(err)
				}
				_, got := written(t, adopted)
				got.Access.IndexPrefix = ""
				if diff := cmp.Diff(test.want, got.Access); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				return
			}
			var refused *PolicyError
			if !errors.As(err, &refused) || refused.Policy != test.policy || len(refused.Reasons) != len(test.reasons) {
				t.Fatalf("%v; want %q", err, test.reasons)
			}
			for i, reason := range test.reasons {
				if !strings.HasPrefix(refused.Reasons[i], reason) {
					t.Errorf("%q, want %q", refused.Reasons[i], reason)
				}
			}
			// Who leaves it as it is gets a file, and so does who says who gets in, and sees what that replaces.
			options.LeavePolicyAsItIs = true
			adopted, err = Adopt(read(t, status, config, tags), options)
			if err != nil || adopted.Replaced != "" || !cmp.Equal(adopted.Draft.Environment.Access, spec.Access{LeavePolicyAsItIs: true}) {
				t.Errorf("with the policy as it is: %v, %+v", err, adopted)
			}
			written(t, adopted)
			options.LeavePolicyAsItIs = false
			options.Administrators = []string{"account"}
			adopted, err = Adopt(read(t, status, config, tags), options)
			if err != nil || adopted.Replaced != test.policy || !slices.Equal(adopted.Draft.Environment.Access.Administrators,
				options.Administrators) {
				t.Errorf("with administrators: %v, %+v", err, adopted)
			}
		})
	}
}

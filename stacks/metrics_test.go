package stacks_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// smallest returns the smallest environment with a backend.
func smallest(backend spec.Backend) spec.Environment {
	return spec.Environment{
		Region:  "eu-central-1",
		Backend: backend,
		Domain: spec.Domain{
			DomainName:           "metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig:        spec.ClusterConfig{InstanceType: "t3.small.elasticsearch"},
		},
	}
}

// synth returns a stack's Terraform JSON.
func synth(t *testing.T, stack cdktf.TerraformStack) map[string]any {
	t.Helper()
	var synthesized map[string]any
	if err := json.Unmarshal([]byte(*cdktf.Testing_Synth(stack, nil)), &synthesized); err != nil {
		t.Fatal(err)
	}
	return synthesized
}

func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// Each backend takes its arguments to Terraform, word by word: what cdktf knows, what it does not (use_lockfile), what it
// spells wrong (storage_custom_endpoint), and an empty one, which is none to Terraform, of what cdktf alone demands
// (access_token, conn_str).
func TestBackends(t *testing.T) {
	off, on, three := false, true, 3
	tests := []struct {
		name    string
		backend spec.Backend
		want    map[string]any
	}{
		{"none", spec.Backend{}, map[string]any{"local": map[string]any{"path": "../../../terraform.none.tfstate"}}},
		{"local", spec.Backend{Local: &spec.LocalBackend{Path: "/var/state"}}, map[string]any{"local": map[string]any{"path": "/var/state"}}},
		{"s3", spec.Backend{S3: &spec.S3Backend{
			Bucket: "states", Key: "prod.tfstate", Region: "eu-central-1", UseLockfile: &on, Encrypt: &off, MaxRetries: &three,
			AllowedAccountIDs: []string{"111122223333"},
			AssumeRole: &spec.S3AssumeRole{RoleARN: "arn:aws:iam::111122223333:role/state",
				Tags: map[string]string{"Cost_Centre": "ml"}},
			Endpoints: &spec.S3Endpoints{S3: "https://s3.example.com"},
		}}, map[string]any{"s3": map[string]any{
			"bucket": "states", "key": "prod.tfstate", "region": "eu-central-1", "use_lockfile": true, "encrypt": false, "max_retries": 3.0,
			"allowed_account_ids": []any{"111122223333"},
			"assume_role":         map[string]any{"role_arn": "arn:aws:iam::111122223333:role/state", "tags": map[string]any{"Cost_Centre": "ml"}},
			"endpoints":           map[string]any{"s3": "https://s3.example.com"},
		}}},
		{"gcs", spec.Backend{GCS: &spec.GCSBackend{Bucket: "states", StorageCustomEndpoint: "https://storage.example.com"}},
			map[string]any{"gcs": map[string]any{"bucket": "states", "storage_custom_endpoint": "https://storage.example.com"}}},
		{"azurerm", spec.Backend{Azurerm: &spec.AzurermBackend{StorageAccountName: "a", ContainerName: "c", Key: "k", UseOIDC: &on, UseCLI: &off}},
			map[string]any{"azurerm": map[string]any{"storage_account_name": "a", "container_name": "c", "key": "k", "use_oidc": true,
				"use_cli": false}}},
		{"http", spec.Backend{HTTP: &spec.HTTPBackend{Address: "https://state.example.com/prod", RetryMax: &three}},
			map[string]any{"http": map[string]any{"address": "https://state.example.com/prod", "retry_max": 3.0}}},
		{"pg", spec.Backend{Pg: &spec.PgBackend{SchemaName: "states"}}, map[string]any{"pg": map[string]any{"schema_name": "states", "conn_str": ""}}},
		{"consul", spec.Backend{Consul: &spec.ConsulBackend{Path: "states/prod", Lock: &off}},
			map[string]any{"consul": map[string]any{"path": "states/prod", "lock": false, "access_token": ""}}},
		{"cos", spec.Backend{COS: &spec.COSBackend{Bucket: "states", Profile: "ml"}}, map[string]any{"cos": map[string]any{"bucket": "states", "profile": "ml"}}},
		{"oss", spec.Backend{OSS: &spec.OSSBackend{Bucket: "states", TablestoreTable: "locks"}},
			map[string]any{"oss": map[string]any{"bucket": "states", "tablestore_table": "locks"}}},
		{"swift", spec.Backend{Swift: &spec.SwiftBackend{Container: "states", Insecure: &on}},
			map[string]any{"swift": map[string]any{"container": "states", "insecure": true}}},
		{"remote", spec.Backend{Remote: &spec.RemoteBackend{Organization: "ml", Workspaces: spec.RemoteWorkspaces{Prefix: "metrics-"}}},
			map[string]any{"remote": map[string]any{"organization": "ml", "workspaces": map[string]any{"prefix": "metrics-"}}}},
		{"cloud", spec.Backend{Cloud: &spec.CloudBackend{Organization: "ml", Workspaces: spec.CloudWorkspaces{Tags: []string{"metrics"}, Project: "p"}}},
			map[string]any{"cloud": map[string]any{"organization": "ml",
				"workspaces": map[string]any{"tags": []any{"metrics"}, "project": "p"}}}},
	}
	if fields := reflect.TypeFor[spec.Backend]().NumField(); len(tests) != fields+1 {
		t.Errorf("%d backends are tried, want all %d and none", len(tests), fields)
	}
	app := cdktf.Testing_App(nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			metrics, err := stacks.NewMetrics(app, test.name, smallest(test.backend))
			if err != nil {
				t.Fatal(err)
			}
			terraform := synth(t, metrics.Stack)["terraform"].(map[string]any)
			got, _ := terraform["backend"].(map[string]any)
			if cloud, ok := terraform["cloud"]; ok {
				got = map[string]any{"cloud": cloud}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("backend (-want +got):\n%s", diff)
			}
		})
	}
}

// Another stack of the same app reads the domain's outputs through the state, wherever that is.
func TestOtherStacksCanRefer(t *testing.T) {
	outdir := t.TempDir()
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &outdir})
	backends := map[string]spec.Backend{"local": {}, "s3": {S3: &spec.S3Backend{Bucket: "states", Key: "prod.tfstate"}}}
	for id, backend := range backends {
		metrics, err := stacks.NewMetrics(app, id, smallest(backend))
		if err != nil {
			t.Fatal(err)
		}
		other := cdktf.NewTerraformStack(app, jsii.String("beside-"+id))
		cdktf.NewTerraformOutput(other, jsii.String("endpoint"), &cdktf.TerraformOutputConfig{Value: metrics.Domain.Endpoint()})
	}
	app.Synth()
	for id := range backends {
		content, err := os.ReadFile(filepath.Join(outdir, "stacks", "beside-"+id, "cdk.tf.json"))
		if err != nil {
			t.Fatal(err)
		}
		var other map[string]any
		if err := json.Unmarshal(content, &other); err != nil {
			t.Fatal(err)
		}
		want := "${data.terraform_remote_state.cross-stack-reference-input-" + id +
			".outputs.cross-stack-output-aws_elasticsearch_domaindomainendpoint}"
		if got := at(other, "output", "endpoint", "value"); got != want {
			t.Errorf("%s: another stack has the endpoint from %v, want %s", id, got, want)
		}
	}
}

func TestFaultyEnvironment(t *testing.T) {
	environment := smallest(spec.Backend{})
	environment.Domain.ClusterConfig.InstanceCount = 11
	_, err := stacks.NewMetrics(cdktf.Testing_App(nil), "faulty", environment)
	if !errors.As(err, new(spec.Problems)) {
		t.Errorf("error %v, want spec.Problems", err)
	}
}

// What a block does not say is not sent: AWS refuses cold storage before 7.9 and Auto-Tune on t3 even when they are disabled.
func TestBlocksThatSayNothingAreLeftOut(t *testing.T) {
	metrics, err := stacks.NewMetrics(cdktf.Testing_App(nil), "smallest", smallest(spec.Backend{}))
	if err != nil {
		t.Fatal(err)
	}
	domain := at(synth(t, metrics.Stack), "resource", "aws_elasticsearch_domain", "domain").(map[string]any)
	want := map[string]any{
		"domain_name":           "metrics",
		"elasticsearch_version": "7.10",
		"cluster_config": map[string]any{
			"instance_type": "t3.small.elasticsearch", "instance_count": 1.0, "dedicated_master_enabled": false, "zone_awareness_enabled": false,
		},
		"ebs_options":             map[string]any{"ebs_enabled": true, "volume_size": 10.0, "volume_type": "gp3"},
		"encrypt_at_rest":         map[string]any{"enabled": true},
		"node_to_node_encryption": map[string]any{"enabled": true},
		"domain_endpoint_options": map[string]any{"enforce_https": true, "tls_security_policy": "Policy-Min-TLS-1-2-PFS-2023-10"},
		"advanced_options":        map[string]any{"rest.action.multi.allow_explicit_index": "true"},
		// Said, for the provider leaves on what is on where it is not.
		"advanced_security_options": map[string]any{"enabled": false},
		"timeouts":                  map[string]any{"create": "3h", "update": "6h", "delete": "3h"},
		"lifecycle":                 kept,
		"log_publishing_options":    []any{off("INDEX_SLOW_LOGS"), off("SEARCH_SLOW_LOGS"), off("ES_APPLICATION_LOGS")},
	}
	if diff := cmp.Diff(want, domain); diff != "" {
		t.Errorf("domain (-want +got):\n%s", diff)
	}
}

// everyBlock has every argument of the domain but those that cannot go with others.
func everyBlock() spec.Environment {
	on := true
	environment := smallest(spec.Backend{})
	environment.Domain = spec.Domain{
		DomainName:           "metrics",
		ElasticsearchVersion: "7.10",
		ClusterConfig: spec.ClusterConfig{
			InstanceType: "r6g.large.elasticsearch", InstanceCount: 3,
			DedicatedMasterEnabled: true, DedicatedMasterType: "m6g.large.elasticsearch", DedicatedMasterCount: 5,
			ZoneAwarenessEnabled: true, ZoneAwarenessConfig: spec.ZoneAwarenessConfig{AvailabilityZoneCount: 3},
			WarmEnabled: true, WarmCount: 2, WarmType: "ultrawarm1.medium.elasticsearch",
			ColdStorageOptions: spec.ColdStorageOptions{Enabled: jsii.Bool(true)},
		},
		EBSOptions:    spec.EBSOptions{VolumeSize: 100, VolumeType: "gp3", Iops: 4000, Throughput: 250},
		EncryptAtRest: spec.EncryptAtRest{KMSKeyID: "${aws_kms_key.metrics.arn}"},
		DomainEndpointOptions: spec.DomainEndpointOptions{
			CustomEndpointEnabled: true, CustomEndpoint: "metrics.example.com",
			CustomEndpointCertificateARN: "arn:aws:acm:eu-central-1:111122223333:certificate/1",
		},
		AdvancedSecurityOptions: &spec.AdvancedSecurityOptions{
			Enabled: true, InternalUserDatabaseEnabled: true, MasterUserOptions: spec.MasterUserOptions{MasterUserName: "admin"},
		},
		AdvancedOptions: map[string]string{"indices.fielddata.cache.size": "30"},
		CognitoOptions: &spec.CognitoOptions{
			Enabled: &on, UserPoolID: "eu-central-1_a", IdentityPoolID: "eu-central-1:1", RoleARN: "arn:aws:iam::111122223333:role/cognito",
		},
		VPCOptions: &spec.VPCOptions{SubnetIDs: []string{"subnet-1", "subnet-2", "subnet-3"}, SecurityGroupIDs: []string{"sg-1"}},
		LogPublishingOptions: []spec.LogPublishingOption{{LogType: "AUDIT_LOGS",
			CloudwatchLogGroupARN: "arn:aws:logs:eu-central-1:111122223333:log-group:audit"}},
		AutoTuneOptions: &spec.AutoTuneOptions{DesiredState: "ENABLED", RollbackOnDisable: "NO_ROLLBACK",
			MaintenanceSchedule: []spec.MaintenanceSchedule{{
				StartAt:                     "2027-01-10T03:00:00Z",
				Duration:                    spec.MaintenanceDuration{Value: 2, Unit: "HOURS"},
				CronExpressionForRecurrence: "cron(0 3 ? * SUN *)",
			}}},
		SnapshotOptions: &spec.SnapshotOptions{AutomatedSnapshotStartHour: 0},
		Tags:            map[string]string{"team": "ml"},
		Timeouts:        spec.Timeouts{Create: "1h", Update: "2h", Delete: "4h"},
	}
	return environment
}

// Every argument of the domain reaches Terraform under its own name.
func TestEveryBlock(t *testing.T) {
	environment := everyBlock()
	metrics, err := stacks.NewMetrics(cdktf.Testing_App(nil), "whole", environment)
	if err != nil {
		t.Fatal(err)
	}
	synthesized := synth(t, metrics.Stack)
	want := map[string]any{
		"domain_name":           "metrics",
		"elasticsearch_version": "7.10",
		"cluster_config": map[string]any{
			"instance_type": "r6g.large.elasticsearch", "instance_count": 3.0,
			"dedicated_master_enabled": true, "dedicated_master_type": "m6g.large.elasticsearch", "dedicated_master_count": 5.0,
			"zone_awareness_enabled": true, "zone_awareness_config": map[string]any{"availability_zone_count": 3.0},
			"warm_enabled": true, "warm_count": 2.0, "warm_type": "ultrawarm1.medium.elasticsearch",
			"cold_storage_options": map[string]any{"enabled": true},
		},
		"ebs_options":             map[string]any{"ebs_enabled": true, "volume_size": 100.0, "volume_type": "gp3", "iops": 4000.0, "throughput": 250.0},
		"encrypt_at_rest":         map[string]any{"enabled": true, "kms_key_id": "${aws_kms_key.metrics.arn}"},
		"node_to_node_encryption": map[string]any{"enabled": true},
		"domain_endpoint_options": map[string]any{
			"enforce_https": true, "tls_security_policy": "Policy-Min-TLS-1-2-PFS-2023-10", "custom_endpoint_enabled": true,
			"custom_endpoint": "metrics.example.com", "custom_endpoint_certificate_arn": "arn:aws:acm:eu-central-1:111122223333:certificate/1",
		},
		"advanced_security_options": map[string]any{
			"enabled": true, "internal_user_database_enabled": true,
			"master_user_options": map[string]any{"master_user_name": "admin", "master_user_password": "${var.master_user_password}"},
		},
		"advanced_options": map[string]any{"rest.action.multi.allow_explicit_index": "true", "indices.fielddata.cache.size": "30"},
		"cognito_options": map[string]any{
			"enabled": true, "user_pool_id": "eu-central-1_a", "identity_pool_id": "eu-central-1:1", "role_arn": "arn:aws:iam::111122223333:role/cognito",
		},
		"vpc_options": map[string]any{"subnet_ids": []any{"subnet-1", "subnet-2", "subnet-3"}, "security_group_ids": []any{"sg-1"}},
		"log_publishing_options": []any{map[string]any{"log_type": "AUDIT_LOGS", "cloudwatch_log_group_arn": "arn:aws:logs:eu-central-1:111122223333:log-group:audit", "enabled": true},
			off("INDEX_SLOW_LOGS"), off("SEARCH_SLOW_LOGS"), off("ES_APPLICATION_LOGS")},
		"auto_tune_options": map[string]any{"desired_state": "ENABLED", "rollback_on_disable": "NO_ROLLBACK", "maintenance_schedule": []any{map[string]any{
			"start_at": "2027-01-10T03:00:00Z", "duration": map[string]any{"value": 2.0, "unit": "HOURS"}, "cron_expression_for_recurrence": "cron(0 3 ? * SUN *)",
		}}},
		"snapshot_options": map[string]any{"automated_snapshot_start_hour": 0.0},
		"tags":             map[string]any{"team": "ml"},
		"timeouts":         map[string]any{"create": "1h", "update": "2h", "delete": "4h"},
		"lifecycle":        kept,
	}
	if diff := cmp.Diff(want, at(synthesized, "resource", "aws_elasticsearch_domain", "domain")); diff != "" {
		t.Errorf("domain (-want +got):\n%s", diff)
	}
	if got := at(synthesized, "variable", "master_user_password", "sensitive"); got != true {
		t.Errorf("variable master_user_password: sensitive = %v, want true", got)
	}
}

// Without the block the provider leaves cold storage on, and shows no change. Before 7.9 AWS refuses it even where it is off, and so it may
// where there are no warm nodes.
func TestColdStorageIsTurnedOff(t *testing.T) {
	for _, test := range []struct {
		name, version string
		warm          bool
		given         *bool
		want          any
	}{
		{"on", "7.10", true, jsii.Bool(true), map[string]any{"enabled": true}},
		{"off", "7.10", true, jsii.Bool(false), map[string]any{"enabled": false}},
		{"not given", "7.9", true, nil, map[string]any{"enabled": false}},
		{"not there yet", "7.8", true, nil, nil},
		{"without warm nodes", "7.10", false, nil, nil},
	} {
		environment := smallest(spec.Backend{})
		environment.Domain.ElasticsearchVersion = test.version
		cluster := &environment.Domain.ClusterConfig
		cluster.InstanceType = "m5.large.elasticsearch"
		cluster.DedicatedMasterEnabled, cluster.DedicatedMasterType = true, "m5.large.elasticsearch"
		if cluster.WarmEnabled = test.warm; test.warm {
			cluster.WarmCount, cluster.WarmType = 2, "ultrawarm1.medium.elasticsearch"
		}
		cluster.ColdStorageOptions.Enabled = test.given
		metrics, err := stacks.NewMetrics(cdktf.Testing_App(nil), "cold", environment)
		if err != nil {
			t.Fatal(err)
		}
		got := at(synth(t, metrics.Stack), "resource", "aws_elasticsearch_domain", "domain", "cluster_config", "cold_storage_options")
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: cold_storage_options (-want +got):\n%s", test.name, diff)
		}
	}
}

// kept is the lifecycle of a domain that may not be destroyed.
var kept = map[string]any{"prevent_destroy": true, "replace_triggered_by": []any{"terraform_data.encryption_key"}}

// off is the block of a type of log that is not published.
func off(logType string) map[string]any {
	return map[string]any{"log_type": logType, "cloudwatch_log_group_arn": "", "enabled": false}
}

package spec_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/metrics"
	"cdktf-aimetrics/spec"
)

// smallest is the smallest environment that is made in Go.
func smallest() spec.Environment {
	return spec.Environment{
		Region: "eu-central-1",
		Domain: spec.Domain{
			DomainName:           "ai-metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig:        spec.ClusterConfig{InstanceType: "m6g.large.elasticsearch"},
		},
	}
}

func ExampleEnvironment_Check() {
	environment := spec.Environment{
		Region: "eu-central-1",
		Domain: spec.Domain{
			DomainName:           "AI Metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig:        spec.ClusterConfig{InstanceType: "m6g.large.search"},
		},
	}
	fmt.Println(environment.Check())
	// Output:
	// domain.domain_name: "AI Metrics" is not a domain name; use 3 to 28 lower-case letters, digits and hyphens, beginning with a letter
	// domain.cluster_config.instance_type: "m6g.large.search" is an OpenSearch type; use "m6g.large.elasticsearch"
}

func ExampleLoad() {
	files, err := spec.Load("testdata/environments", time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, file := range files {
		fmt.Println(file.Name, file.Environment.Domain.DomainName)
	}
	// Output:
	// metrics model-metrics
}

func TestTheSmallestEnvironmentIsSound(t *testing.T) {
	if err := smallest().Check(); err != nil {
		t.Errorf("want no error, got %v", err)
	}
}

func TestDefaultsAreSafe(t *testing.T) {
	want := smallest()
	want.Backend.Local = &spec.LocalBackend{}
	want.Access = spec.Access{Administrators: []string{"account"}, IndexPrefix: "ml-metrics"}
	domain := &want.Domain
	domain.ClusterConfig.InstanceCount = 1
	domain.EBSOptions = spec.EBSOptions{EBSEnabled: new(true), VolumeSize: 10, VolumeType: "gp3"}
	domain.EncryptAtRest.Enabled = new(true)
	domain.NodeToNodeEncryption.Enabled = new(true)
	domain.DomainEndpointOptions = spec.DomainEndpointOptions{EnforceHTTPS: new(true), TLSSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10"}
	domain.AdvancedOptions = map[string]string{"rest.action.multi.allow_explicit_index": "true"}
	domain.LogPublishingOptions = []spec.LogPublishingOption{}
	domain.Timeouts = spec.Timeouts{Create: "3h", Update: "6h", Delete: "3h"}
	domain.Lifecycle.PreventDestroy = new(true)
	if diff := cmp.Diff(want, smallest().WithDefaults()); diff != "" {
		t.Errorf("environment with its defaults (-want +got):\n%s", diff)
	}
}

// TestDefaultsThatDepend: what is given, and the default that comes with it.
func TestDefaultsThatDepend(t *testing.T) {
	for _, test := range []struct {
		name string
		give func(*spec.Environment)
		of   func(spec.Environment) any
		want any
	}{
		{"volume of the previous generation",
			func(e *spec.Environment) { e.Domain.ClusterConfig.InstanceType = "m4.large.elasticsearch" },
			func(e spec.Environment) any { return e.Domain.EBSOptions },
			spec.EBSOptions{EBSEnabled: new(true), VolumeSize: 10, VolumeType: "gp2"}},
		{"volume of a type with disks of its own",
			func(e *spec.Environment) { e.Domain.ClusterConfig.InstanceType = "i3.large.elasticsearch" },
			func(e spec.Environment) any { return e.Domain.EBSOptions },
			spec.EBSOptions{EBSEnabled: new(false)}},
		{"volume of a type that takes either",
			func(e *spec.Environment) { e.Domain.ClusterConfig.InstanceType = "r3.large.elasticsearch" },
			func(e spec.Environment) any { return e.Domain.EBSOptions },
			spec.EBSOptions{EBSEnabled: new(true), VolumeSize: 10, VolumeType: "gp2"}},
		{"volume of a type that is not known yet",
			func(e *spec.Environment) { e.Domain.ClusterConfig.InstanceType = "${var.instance_type}" },
			func(e spec.Environment) any { return e.Domain.EBSOptions },
			spec.EBSOptions{EBSEnabled: new(true), VolumeSize: 10, VolumeType: "gp3"}},
		{"zones",
			func(e *spec.Environment) { e.Domain.ClusterConfig.ZoneAwarenessEnabled = true },
			func(e spec.Environment) any { return e.Domain.ClusterConfig.ZoneAwarenessConfig },
			spec.ZoneAwarenessConfig{AvailabilityZoneCount: 2}},
		{"masters",
			func(e *spec.Environment) { e.Domain.ClusterConfig.DedicatedMasterEnabled = true },
			func(e spec.Environment) any { return e.Domain.ClusterConfig.DedicatedMasterCount },
			3},
		{"logs",
			func(e *spec.Environment) {
				e.Domain.LogPublishingOptions = []spec.LogPublishingOption{{LogType: "INDEX_SLOW_LOGS"},
					{LogType: "SEARCH_SLOW_LOGS", Enabled: new(false)}}
			},
			func(e spec.Environment) any { return e.Domain.LogPublishingOptions },
			[]spec.LogPublishingOption{{LogType: "INDEX_SLOW_LOGS", Enabled: new(true)},
				{LogType: "SEARCH_SLOW_LOGS", Enabled: new(false)}}},
		{"advanced options",
			func(e *spec.Environment) {
				e.Domain.AdvancedOptions = map[string]string{"indices.fielddata.cache.size": "40"}
			},
			func(e spec.Environment) any { return e.Domain.AdvancedOptions },
			map[string]string{"indices.fielddata.cache.size": "40", "rest.action.multi.allow_explicit_index": "true"}},
		{"logs of a domain without fine-grained access control",
			func(e *spec.Environment) { e.Logs = &spec.Logs{} },
			func(e spec.Environment) any { return *e.Logs },
			spec.Logs{LogTypes: []string{"INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS"}, RetentionInDays: 365,
				ResourcePolicy: new(true)}},
		{"logs of a domain with fine-grained access control",
			func(e *spec.Environment) {
				e.Logs = &spec.Logs{RetentionInDays: 30, ResourcePolicy: new(false)}
				e.SignIn = &spec.SignIn{FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserName: "administrator"}}
			},
			func(e spec.Environment) any { return *e.Logs },
			spec.Logs{LogTypes: []string{"INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", "AUDIT_LOGS"}, RetentionInDays: 30,
				ResourcePolicy: new(false)}},
		{"logs of a domain whose own arguments have fine-grained access control",
			func(e *spec.Environment) {
				e.Logs = &spec.Logs{}
				e.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{Enabled: true}
			},
			func(e spec.Environment) any { return e.Logs.LogTypes },
			[]string{"INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", "AUDIT_LOGS"}},
		{"logs that are named",
			func(e *spec.Environment) { e.Logs = &spec.Logs{LogTypes: []string{"ES_APPLICATION_LOGS"}} },
			func(e spec.Environment) any { return e.Logs.LogTypes },
			[]string{"ES_APPLICATION_LOGS"}},
		{"metrics of one node", func(*spec.Environment) {}, func(e spec.Environment) any { return e.MetricsSettings() },
			metrics.Settings{IndexPrefix: "ml-metrics", RetentionInDays: 365, Shards: 1, Replicas: 0, Partition: metrics.Month}},
		{"metrics of two nodes",
			func(e *spec.Environment) { e.Domain.ClusterConfig.InstanceCount = 2 },
			func(e spec.Environment) any { return e.MetricsSettings().Replicas },
			1},
		{"metrics of three zones",
			func(e *spec.Environment) {
				e.Domain.ClusterConfig.InstanceCount, e.Domain.ClusterConfig.ZoneAwarenessEnabled = 6, true
				e.Domain.ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount = 3
			},
			func(e spec.Environment) any { return e.MetricsSettings().Replicas },
			2},
		{"metrics that are given",
			func(e *spec.Environment) {
				e.Access.IndexPrefix = "ml"
				e.Domain.ClusterConfig.InstanceCount = 3
				e.Metrics = &spec.Metrics{RetentionInDays: 30, Shards: 2, Replicas: new(0), Partition: "day"}
			},
			func(e spec.Environment) any { return e.MetricsSettings() },
			metrics.Settings{IndexPrefix: "ml", RetentionInDays: 30, Shards: 2, Replicas: 0, Partition: metrics.Day}},
		{"alarms",
			func(e *spec.Environment) { e.Alarms = &spec.Alarms{} },
			func(e spec.Environment) any { return *e.Alarms },
			spec.Alarms{Dashboard: new(true)}},
		{"alarms without a dashboard",
			func(e *spec.Environment) { e.Alarms = &spec.Alarms{Dashboard: new(false)} },
			func(e spec.Environment) any { return *e.Alarms },
			spec.Alarms{Dashboard: new(false)}},
		{"a key that is made",
			func(e *spec.Environment) { e.Encryption = &spec.Encryption{CustomerManagedKey: true} },
			func(e spec.Environment) any { return *e.Encryption },
			spec.Encryption{CustomerManagedKey: true, DeletionWindowInDays: 30}},
		{"a key that exists",
			func(e *spec.Environment) { e.Encryption = &spec.Encryption{KMSKeyID: "x"} },
			func(e spec.Environment) any { return *e.Encryption },
			spec.Encryption{KMSKeyID: "x"}},
		{"SAML",
			func(e *spec.Environment) { e.SignIn = &spec.SignIn{SAML: &spec.SAML{}} },
			func(e spec.Environment) any { return *e.SignIn },
			spec.SignIn{SAML: &spec.SAML{Enabled: new(true), SessionTimeoutMinutes: 60}}},
		{"pools that are made",
			func(e *spec.Environment) { e.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolDomain: "kibana"}} },
			func(e spec.Environment) any { return *e.SignIn },
			spec.SignIn{Cognito: &spec.Cognito{Enabled: new(true), UserPoolDomain: "kibana", SignedInUsers: "readers"}}},
		{"pools that exist",
			func(e *spec.Environment) {
				e.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolID: "a_b", IdentityPoolID: "a:1"}}
			},
			func(e spec.Environment) any { return *e.SignIn },
			spec.SignIn{Cognito: &spec.Cognito{Enabled: new(true), UserPoolID: "a_b", IdentityPoolID: "a:1"}}},
		{"no section",
			func(*spec.Environment) {},
			func(e spec.Environment) any {
				return []any{e.Network, e.Encryption, e.SignIn, e.CustomEndpoint, e.Logs, e.Alarms, e.Adopt, e.Endpoints}
			},
			[]any{(*spec.Network)(nil), (*spec.Encryption)(nil), (*spec.SignIn)(nil), (*spec.CustomEndpoint)(nil), (*spec.Logs)(nil),
				(*spec.Alarms)(nil), "", spec.Endpoints{}}},
		{"access of writers alone",
			func(e *spec.Environment) { e.Access.Writers = []string{"account"} },
			func(e spec.Environment) any { return e.Access },
			spec.Access{Writers: []string{"account"}, IndexPrefix: "ml-metrics"}},
		{"access of the internet",
			func(e *spec.Environment) { e.Access.OpenToTheInternet = true },
			func(e spec.Environment) any { return e.Access },
			spec.Access{OpenToTheInternet: true, IndexPrefix: "ml-metrics"}},
		{"access by fine-grained access control",
			func(e *spec.Environment) { e.Access.LeaveToFineGrainedAccessControl = true },
			func(e spec.Environment) any { return e.Access },
			spec.Access{LeaveToFineGrainedAccessControl: true, IndexPrefix: "ml-metrics"}},
		{"access of the VPC",
			func(e *spec.Environment) { e.Access.OpenToTheVPC = true },
			func(e spec.Environment) any { return e.Access },
			spec.Access{OpenToTheVPC: true, IndexPrefix: "ml-metrics"}},
		{"access by somebody else's policy",
			func(e *spec.Environment) { e.Access.LeavePolicyAsItIs = true },
			func(e spec.Environment) any { return e.Access },
			spec.Access{LeavePolicyAsItIs: true, IndexPrefix: "ml-metrics"}},
		{"access of some addresses",
			func(e *spec.Environment) { e.Access.OpenToAddresses = []string{"203.0.113.0/24"} },
			func(e spec.Environment) any { return e.Access },
			spec.Access{Administrators: []string{"account"}, OpenToAddresses: []string{"203.0.113.0/24"}, IndexPrefix: "ml-metrics"}},
		{"access from some addresses",
			func(e *spec.Environment) { e.Access.SourceIPs = []string{"203.0.113.0/24"} },
			func(e spec.Environment) any { return e.Access },
			spec.Access{Administrators: []string{"account"}, SourceIPs: []string{"203.0.113.0/24"}, IndexPrefix: "ml-metrics"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			environment := smallest()
			test.give(&environment)
			if diff := cmp.Diff(test.want, test.of(environment.WithDefaults())); diff != "" {
				t.Errorf("default (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWithDefaultsKeepsWhatIsGiven(t *testing.T) {
	for _, given := range []spec.Environment{whole(), sectioned()} {
		if diff := cmp.Diff(given, given.WithDefaults()); diff != "" {
			t.Errorf("environment (-want +got):\n%s", diff)
		}
	}
}

// TestWithDefaultsTouchesNothing: its receiver is a copy, but what the copy points to is not.
func TestWithDefaultsTouchesNothing(t *testing.T) {
	sparse := func() spec.Environment {
		e := smallest()
		e.Domain.AdvancedOptions = map[string]string{}
		e.Domain.LogPublishingOptions = []spec.LogPublishingOption{{LogType: "INDEX_SLOW_LOGS"}}
		e.Domain.CognitoOptions = &spec.CognitoOptions{UserPoolID: "x"}
		e.Domain.VPCOptions = &spec.VPCOptions{}
		e.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{Enabled: true}
		e.Domain.AutoTuneOptions = &spec.AutoTuneOptions{}
		e.Domain.Tags = map[string]string{}
		e.DefaultTags = map[string]string{}
		e.Access.Administrators = make([]string, 0, 4)
		e.Encryption = &spec.Encryption{CustomerManagedKey: true}
		e.SignIn = &spec.SignIn{SAML: &spec.SAML{}, Cognito: &spec.Cognito{UserPoolDomain: "kibana"}}
		e.Logs = &spec.Logs{LogTypes: make([]string, 0, 4)}
		e.Alarms = &spec.Alarms{Tune: []spec.AlarmTuning{{Alarm: "nodes"}}}
		return e
	}
	for name, environment := range map[string]func() spec.Environment{"smallest": smallest, "sparse": sparse, "whole": whole,
		"sectioned": sectioned} {
		t.Run(name, func(t *testing.T) {
			before := environment()
			once := before.WithDefaults()
			if diff := cmp.Diff(environment(), before); diff != "" {
				t.Errorf("receiver (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(once, once.WithDefaults()); diff != "" {
				t.Errorf("environment (-once +twice):\n%s", diff)
			}
			if err := before.Check(); err != nil && name != "sparse" {
				t.Errorf("want no error, got %v", err)
			}
		})
	}
}

func TestErrorsOfGoHaveNoPosition(t *testing.T) {
	environment := smallest()
	environment.Region = ""
	environment.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{
		MasterUserOptions: spec.MasterUserOptions{MasterUserPassword: "correct-horse"}}
	environment.Access.Readers = []string{"account", "*"}
	environment.Backend.Pg = &spec.PgBackend{ConnStr: "postgres://terraform:correct-horse@example.com"}

	var problems spec.Problems
	if err := environment.Check(); !errors.As(err, &problems) {
		t.Fatalf("want spec.Problems, got %T: %v", err, err)
	}
	want := []string{
		"region: is missing; add the key",
		"backend.pg.conn_str: holds a credential, which would end up in cdktf.out and in plan files; set the environment variable PGPASSWORD, or PG_CONN_STR for the whole",
		"domain.advanced_security_options.master_user_options.master_user_password: holds a credential, which would end up in cdktf.out and in plan files; " +
			"set the environment variable TF_VAR_master_user_password instead",
		`access.readers[1]: "*" is everybody; name roles, or say open_to_the_internet: true if the whole internet shall get in`,
	}
	var got []string
	for _, problem := range problems {
		got = append(got, problem.Error())
		if problem.Position != (spec.Position{}) {
			t.Errorf("want no position, got %v", problem.Position)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

// TestErrorsOfGoHaveOneOrder: no position sorts them, and maps have no order.
func TestErrorsOfGoHaveOneOrder(t *testing.T) {
	environment := smallest()
	environment.DefaultTags = map[string]string{"aws:a": "x", "aws:b": "x", "aws:c": "x"}
	environment.Domain.AdvancedOptions = map[string]string{"a": "x", "b": "x", "c": "x"}
	environment.Network = &spec.Network{SubnetIDs: []string{"subnet-0a"}, Ingress: spec.Ingress{
		SecurityGroupIDs: []string{"sg-0a", "sg-0a"}, CIDRBlocks: []string{"10.0.0.0/8", "10.0.0.0/8"}, PrefixListIDs: []string{"pl-0a",
			"pl-0a"}}}
	var seen []string
	for range 100 {
		if got := fmt.Sprint(environment.Check()); !slices.Contains(seen, got) {
			seen = append(seen, got)
		}
	}
	if len(seen) != 1 {
		t.Errorf("want one order, got %d, such as\n%s\nand\n%s", len(seen), seen[0], seen[1])
	}
}

func TestFaultsThatOnlyGoCanMake(t *testing.T) {
	for name, fault := range map[string]func(*spec.Environment){
		"nothing at all": func(e *spec.Environment) { *e = spec.Environment{} },
		"two backends": func(e *spec.Environment) {
			e.Backend = spec.Backend{Pg: &spec.PgBackend{}, Local: &spec.LocalBackend{}}
		},
		"administrator of no name": func(e *spec.Environment) { e.Access.Administrators = []string{""} },
		"subnet of no name": func(e *spec.Environment) {
			e.Domain.VPCOptions = &spec.VPCOptions{SubnetIDs: []string{""}, SecurityGroupIDs: []string{"sg-0a"}}
		},
		"empty list of subnets": func(e *spec.Environment) {
			e.Domain.VPCOptions = &spec.VPCOptions{SubnetIDs: []string{}, SecurityGroupIDs: []string{"sg-0a"}}
		},
		"network of no name":       func(e *spec.Environment) { e.Network = &spec.Network{SubnetIDs: []string{""}} },
		"source of no name":        func(e *spec.Environment) { *e = sectioned(); e.Network.Ingress.CIDRBlocks = []string{""} },
		"SAML of no entity":        func(e *spec.Environment) { *e = sectioned(); e.SignIn.SAML.EntityID = "" },
		"SAML without metadata":    func(e *spec.Environment) { *e = sectioned(); e.SignIn.SAML.MetadataContent = "" },
		"endpoint of no name":      func(e *spec.Environment) { *e = sectioned(); e.CustomEndpoint.Name = "" },
		"log of no type":           func(e *spec.Environment) { e.Logs = &spec.Logs{LogTypes: []string{""}} },
		"days below zero":          func(e *spec.Environment) { e.Logs = &spec.Logs{RetentionInDays: -1} },
		"address of nobody":        func(e *spec.Environment) { e.Alarms = &spec.Alarms{Email: []string{""}} },
		"tuning of no alarm":       func(e *spec.Environment) { e.Alarms = &spec.Alarms{Tune: []spec.AlarmTuning{{Threshold: new(1)}}} },
		"tuning that says nothing": func(e *spec.Environment) { e.Alarms = &spec.Alarms{Tune: []spec.AlarmTuning{{Alarm: "nodes"}}} },
		"sign-in of no kind":       func(e *spec.Environment) { e.SignIn = &spec.SignIn{} },
		"master user of no kind": func(e *spec.Environment) {
			e.SignIn = &spec.SignIn{FineGrainedAccessControl: &spec.FineGrainedAccessControl{}}
		},
		"two subnets of one zone":  func(e *spec.Environment) { e.Network = &spec.Network{SubnetIDs: []string{"${var.a}", "${var.b}"}} },
		"no subnet":                func(e *spec.Environment) { e.Domain.VPCOptions = &spec.VPCOptions{} },
		"backend without its key":  func(e *spec.Environment) { e.Backend.S3 = &spec.S3Backend{Bucket: "state"} },
		"window of no hours":       func(e *spec.Environment) { e.Domain.AutoTuneOptions = autoTune(0) },
		"window of too many hours": func(e *spec.Environment) { e.Domain.AutoTuneOptions = autoTune(25) },
		"role of no session length": func(e *spec.Environment) {
			e.Backend.COS = &spec.COSBackend{Bucket: "state", AssumeRole: &spec.COSAssumeRole{RoleARN: "r", SessionName: "s"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			environment := smallest()
			fault(&environment)
			if err := environment.Check(); err == nil {
				t.Errorf("want an error, got none")
			}
		})
	}
}

// TestTerraformTokens: a string that another resource gives is known to Terraform alone.
func TestTerraformTokens(t *testing.T) {
	for _, token := range []string{"${TfToken[TOKEN.1]}", "${aws_kms_key.metrics.arn}", "prefix-${var.x}"} {
		for name, set := range map[string]func(*spec.Environment){
			"region":           func(e *spec.Environment) { e.Region = token },
			"default_tags":     func(e *spec.Environment) { e.DefaultTags = map[string]string{"project": token} },
			"domain_name":      func(e *spec.Environment) { e.Domain.DomainName = token },
			"version":          func(e *spec.Environment) { e.Domain.ElasticsearchVersion = token },
			"instance_type":    func(e *spec.Environment) { e.Domain.ClusterConfig.InstanceType = token },
			"volume_type":      func(e *spec.Environment) { e.Domain.EBSOptions.VolumeType = token },
			"volume and speed": func(e *spec.Environment) { e.Domain.EBSOptions = spec.EBSOptions{VolumeType: token, Throughput: 250} },
			"kms_key_id":       func(e *spec.Environment) { e.Domain.EncryptAtRest.KMSKeyID = token },
			"tls":              func(e *spec.Environment) { e.Domain.DomainEndpointOptions.TLSSecurityPolicy = token },
			"advanced_options": func(e *spec.Environment) {
				e.Domain.AdvancedOptions = map[string]string{"indices.fielddata.cache.size": token}
			},
			"vpc_options": func(e *spec.Environment) {
				e.Domain.VPCOptions = &spec.VPCOptions{SubnetIDs: []string{token}, SecurityGroupIDs: []string{token}}
			},
			"cognito_options": func(e *spec.Environment) {
				e.Domain.CognitoOptions = &spec.CognitoOptions{UserPoolID: token, IdentityPoolID: token, RoleARN: token}
			},
			"log_publishing_options": func(e *spec.Environment) {
				e.Domain.LogPublishingOptions = []spec.LogPublishingOption{{LogType: "INDEX_SLOW_LOGS", CloudwatchLogGroupARN: token}}
			},
			"master_user_arn": func(e *spec.Environment) {
				e.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{Enabled: true,
					MasterUserOptions: spec.MasterUserOptions{MasterUserARN: token}}
			},
			"start_at": func(e *spec.Environment) {
				e.Domain.AutoTuneOptions = autoTune(2)
				e.Domain.AutoTuneOptions.MaintenanceSchedule[0].StartAt = token
			},
			"timeouts": func(e *spec.Environment) { e.Domain.Timeouts.Create = token },
			"access": func(e *spec.Environment) {
				e.Access = spec.Access{Administrators: []string{token}, Writers: []string{token}, Readers: []string{token},
					IndexPrefix: token, SourceIPs: []string{token}}
			},
			"backend": func(e *spec.Environment) { e.Backend.S3 = &spec.S3Backend{Bucket: token, Key: token} },
			"network": func(e *spec.Environment) {
				e.Network = &spec.Network{SubnetIDs: []string{token}, Ingress: spec.Ingress{SecurityGroupIDs: []string{token},
					CIDRBlocks: []string{token}, PrefixListIDs: []string{token}}}
			},
			"subnet_tags": func(e *spec.Environment) {
				e.Network = &spec.Network{SubnetTags: map[string]string{"tier": token}, VPCID: token}
			},
			"encryption": func(e *spec.Environment) { e.Encryption = &spec.Encryption{KMSKeyID: token} },
			"saml": func(e *spec.Environment) {
				e.Access.LeaveToFineGrainedAccessControl = true
				e.SignIn = &spec.SignIn{SAML: &spec.SAML{EntityID: token, MetadataContent: token},
					FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserARN: token}}
			},
			"master user": func(e *spec.Environment) {
				e.SignIn = &spec.SignIn{FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserName: token,
					MasterUserSecretARN: token}}
			},
			"pools": func(e *spec.Environment) {
				e.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolID: token, IdentityPoolID: token, RoleARN: token}}
			},
			"pool's name": func(e *spec.Environment) { e.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolDomain: token}} },
			"custom_endpoint": func(e *spec.Environment) {
				e.CustomEndpoint = &spec.CustomEndpoint{Name: token, ZoneID: token, CertificateARN: token}
			},
			"zones": func(e *spec.Environment) {
				e.CustomEndpoint = &spec.CustomEndpoint{Name: token, ZoneID: token, ValidationZoneID: token}
			},
			"logs":       func(e *spec.Environment) { e.Logs = &spec.Logs{KMSKeyID: token} },
			"topic":      func(e *spec.Environment) { e.Alarms = &spec.Alarms{TopicARN: token} },
			"email":      func(e *spec.Environment) { e.Alarms = &spec.Alarms{Email: []string{token}} },
			"adopt":      func(e *spec.Environment) { e.Adopt = token },
			"adopt what": func(e *spec.Environment) { e.Adopt, e.Domain.DomainName = "ai-metrics", token },
			"endpoints":  func(e *spec.Environment) { e.Endpoints.ES = token },
		} {
			t.Run(name+" "+token, func(t *testing.T) {
				environment := smallest()
				set(&environment)
				if err := environment.Check(); err != nil {
					t.Errorf("want no error, got %v", err)
				}
			})
		}
	}
}

// TestTerraformTokensOfLists: an element can stand for a whole list, so nobody can count it.
func TestTerraformTokensOfLists(t *testing.T) {
	const token = "#{TfToken[TOKEN.0]}"
	for name, set := range map[string]func(*spec.Environment){
		"network": func(e *spec.Environment) { e.Network = &spec.Network{SubnetIDs: []string{token}} },
		"vpc_options": func(e *spec.Environment) {
			e.Domain.VPCOptions = &spec.VPCOptions{SubnetIDs: []string{token}, SecurityGroupIDs: []string{token}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			environment := smallest()
			environment.Domain.ClusterConfig.InstanceCount = 3
			environment.Domain.ClusterConfig.ZoneAwarenessEnabled = true
			environment.Domain.ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount = 3
			set(&environment)
			if err := environment.Check(); err != nil {
				t.Errorf("want no error, got %v", err)
			}
		})
	}
}

func TestATokenIsNoCredential(t *testing.T) {
	environment := smallest()
	environment.Backend.S3 = &spec.S3Backend{Bucket: "state", Key: "prod", SecretKey: "${var.secret_key}"}
	want := "backend.s3.secret_key: holds a credential, which would end up in cdktf.out and in plan files; set the environment variable " +
		"AWS_SECRET_ACCESS_KEY instead"
	if diff := cmp.Diff(want, fmt.Sprint(environment.Check())); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestBackendArguments(t *testing.T) {
	for _, test := range []struct {
		backend   spec.Backend
		name      string
		arguments map[string]any
	}{
		{spec.Backend{}, "", nil},
		{spec.Backend{Local: &spec.LocalBackend{}}, "local", map[string]any{}},
		{spec.Backend{S3: &spec.S3Backend{Bucket: "b", Key: "k", UseLockfile: new(false), MaxRetries: new(0), AssumeRole: &spec.S3AssumeRole{RoleARN: "r"}}}, "s3",
			map[string]any{"bucket": "b", "key": "k", "use_lockfile": false, "max_retries": 0.0,
				"assume_role": map[string]any{"role_arn": "r"}}},
	} {
		name, arguments := test.backend.Arguments()
		if diff := cmp.Diff(test.name, name); diff != "" {
			t.Errorf("name (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(test.arguments, arguments); diff != "" {
			t.Errorf("arguments of %s (-want +got):\n%s", name, diff)
		}
	}
}

// whole is an environment that leaves no default to be filled in.
func whole() spec.Environment {
	e := smallest()
	e.DefaultTags = map[string]string{"project": "ai-metrics"}
	e.Backend.S3 = &spec.S3Backend{Bucket: "state", Key: "prod.tfstate"}
	e.Domain.ClusterConfig = spec.ClusterConfig{InstanceType: "m5.large.elasticsearch", InstanceCount: 6, ZoneAwarenessEnabled: true,
		ZoneAwarenessConfig: spec.ZoneAwarenessConfig{AvailabilityZoneCount: 3}, DedicatedMasterEnabled: true,
		DedicatedMasterType: "m5.large.elasticsearch", DedicatedMasterCount: 5}
	e.Domain.EBSOptions = spec.EBSOptions{EBSEnabled: new(true), VolumeSize: 100, VolumeType: "gp2"}
	e.Domain.EncryptAtRest.Enabled = new(false)
	e.Domain.NodeToNodeEncryption.Enabled = new(false)
	e.Domain.DomainEndpointOptions = spec.DomainEndpointOptions{EnforceHTTPS: new(false), TLSSecurityPolicy: "Policy-Min-TLS-1-0-2019-07"}
	e.Domain.AdvancedOptions = map[string]string{"rest.action.multi.allow_explicit_index": "false"}
	e.Domain.LogPublishingOptions = []spec.LogPublishingOption{
		{LogType: "INDEX_SLOW_LOGS", CloudwatchLogGroupARN: "arn:aws:logs:eu-central-1:111122223333:log-group:slow", Enabled: new(false)}}
	e.Domain.CognitoOptions = &spec.CognitoOptions{Enabled: new(false), UserPoolID: "eu-central-1_AbCdEf123",
		IdentityPoolID: "eu-central-1:11111111-2222-3333-4444-555555555555", RoleARN: "arn:aws:iam::111122223333:role/cognito"}
	e.Domain.AutoTuneOptions = autoTune(2)
	e.Domain.Timeouts = spec.Timeouts{Create: "1h", Update: "2h", Delete: "3h"}
	e.Domain.Lifecycle.PreventDestroy = new(false)
	e.Access = spec.Access{Readers: []string{"account"}, IndexPrefix: "metrics"}
	return e
}

// sectioned is an environment whose sections leave no default to be filled in.
func sectioned() spec.Environment {
	e := smallest().WithDefaults()
	e.Access = spec.Access{LeaveToFineGrainedAccessControl: true, IndexPrefix: "metrics"}
	e.Network = &spec.Network{SubnetIDs: []string{"subnet-0a"}, Ingress: spec.Ingress{CIDRBlocks: []string{"10.0.0.0/8"}}}
	e.Encryption = &spec.Encryption{CustomerManagedKey: true, DeletionWindowInDays: 7}
	e.SignIn = &spec.SignIn{
		SAML: &spec.SAML{Enabled: new(true), EntityID: "https://idp.example.com", SessionTimeoutMinutes: 480,
			MetadataContent: `<EntityDescriptor entityID="https://idp.example.com"><IDPSSODescriptor/></EntityDescriptor>`},
		FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserARN: "arn:aws:iam::111122223333:role/administrator"},
	}
	e.CustomEndpoint = &spec.CustomEndpoint{Name: "metrics.example.com", ZoneID: "Z1"}
	e.Logs = &spec.Logs{LogTypes: []string{"AUDIT_LOGS"}, RetentionInDays: 1, ResourcePolicy: new(false)}
	e.Alarms = &spec.Alarms{Email: []string{"oncall@example.com"}, Tune: []spec.AlarmTuning{{Alarm: "nodes", Enabled: new(false)}},
		Dashboard: new(false)}
	return e
}

func autoTune(hours int) *spec.AutoTuneOptions {
	return &spec.AutoTuneOptions{DesiredState: "ENABLED", MaintenanceSchedule: []spec.MaintenanceSchedule{{
		StartAt: "2027-01-10T03:00:00Z", Duration: spec.MaintenanceDuration{Value: hours,
			Unit: "HOURS"}, CronExpressionForRecurrence: "cron(0 3 ? * SUN *)"}}}
}

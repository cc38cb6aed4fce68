package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recommended is AWS's list, typed from its page and not from alarms.go: metric, statistic, comparison and threshold, period in
// seconds and how many of them. x stands for what is computed.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
const recommended = `
ClusterStatus.red                 Maximum >= 1    60 x 1
ClusterStatus.yellow              Maximum >= 1    60 x 5
FreeStorageSpace                  Minimum <= x    60 x 1
ClusterIndexWritesBlocked         Maximum >= 1    300 x 1
Nodes                             Minimum < x     86400 x 1
AutomatedSnapshotFailure          Maximum >= 1    60 x 1
CPUUtilization                    Maximum >= 80   900 x 3
JVMMemoryPressure                 Maximum >= 95   60 x 3
OldGenJVMMemoryPressure           Maximum >= 80   60 x 3
MasterCPUUtilization              Maximum >= 50   900 x 3
MasterJVMMemoryPressure           Maximum >= 95   60 x 3
MasterOldGenJVMMemoryPressure     Maximum >= 80   60 x 3
MasterReachableFromNode           Maximum < 1     300 x 1
KMSKeyError                       Maximum >= 1    60 x 1
KMSKeyInaccessible                Maximum >= 1    60 x 1
Shards.active                     Maximum >= x    60 x 1
5xx ElasticsearchRequests         Sum >= 10       60 x 1
ThreadpoolWriteQueue              Average >= 100  60 x 1
ThreadpoolSearchQueue             Average >= 500  60 x 1
ThreadpoolSearchQueue             Maximum >= 5000 60 x 1
ThreadpoolSearchRejected          Sum >= 1        60 x 1
ThreadpoolWriteRejected           Sum >= 1        60 x 1
WarmCPUUtilization                Maximum >= 80   900 x 3
WarmJVMMemoryPressure             Maximum >= 95   60 x 3
WarmOldGenJVMMemoryPressure       Maximum >= 80   60 x 3
WarmFreeStorageSpace              Sum <= x        60 x 1
HotToWarmMigrationQueueSize       Maximum >= 20   60 x 3
HotToWarmMigrationFailureCount    Sum >= 1        60 x 1
WarmToColdMigrationQueueSize      Maximum >= 20   60 x 3
WarmToColdMigrationFailureCount   Sum >= 1        60 x 1
AlertingDegraded                  Maximum >= 1    60 x 1
ADPluginUnhealthy                 Maximum >= 1    60 x 1
SQLUnhealthy                      Maximum >= 1    60 x 3
AsynchronousSearchFailureRate     Maximum >= 1    60 x 1
AsynchronousSearchStoreHealthRed  Maximum >= 1    60 x 1
KibanaHealthyNodes                Average <= 0    60 x 1
DiskQueueDepth                    Average >= 100  300 x 1
`

func TestEachAlarmIsAsAWSRecommends(t *testing.T) {
	var want, got []string
	for line := range strings.Lines(strings.TrimSpace(recommended)) {
		want = append(want, strings.Join(strings.Fields(line), " "))
	}
	signs := map[string]string{"GreaterThanOrEqualToThreshold": ">=", "LessThanOrEqualToThreshold": "<=", "LessThanThreshold": "<"}
	for _, alarm := range alarms {
		threshold := fmt.Sprint(alarm.Threshold)
		if alarm.threshold != nil {
			threshold = "x"
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %d x %d", strings.Join(alarm.Metrics, " "), alarm.Statistic,
			signs[alarm.ComparisonOperator], threshold, alarm.Period, alarm.EvaluationPeriods))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
}

// TestEachAlarmCanBeMade holds what CloudWatch would refuse, or would not do.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
func TestEachAlarmCanBeMade(t *testing.T) {
	expressions := map[string]string{"errors_5xx": "m1 / m2 * 100", "threadpool_write_rejected": "DIFF(m1)",
		"threadpool_search_rejected": "DIFF(m1)"}
	// Without a value these are well: counters and keys that AWS sends only when there is something to report, and what a domain need not
	// use.
	well := []string{"errors_5xx", "threadpool_write_rejected", "threadpool_search_rejected", "kms_key_error", "kms_key_inaccessible",
		"hot_to_warm_migration_queue_size", "hot_to_warm_migration_failure_count", "warm_to_cold_migration_queue_size", "warm_to_cold_migration_failure_count",
		"alerting_degraded", "ad_plugin_unhealthy", "sql_unhealthy", "asynchronous_search_failure_rate", "asynchronous_search_store_health"}
	seen := map[string]bool{}
	for _, alarm := range alarms {
		t.Run(alarm.Name, func(t *testing.T) {
			if seen[alarm.Name] {
				t.Error("want its name once, got it twice")
			}
			seen[alarm.Name] = true
			if diff := cmp.Diff(expressions[alarm.Name], alarm.Expression); diff != "" {
				t.Errorf("expression (-want +got):\n%s", diff)
			}
			if (alarm.Expression == "") != (len(alarm.Metrics) == 1) && alarm.Expression != "DIFF(m1)" {
				t.Errorf("want one metric, or an expression over several, got %v and %q", alarm.Metrics, alarm.Expression)
			}
			missing := "missing"
			if slices.Contains(well, alarm.Name) {
				missing = "notBreaching"
			}
			if alarm.TreatMissingData != missing {
				t.Errorf("want missing data to be %s, got %s", missing, alarm.TreatMissingData)
			}
			if length := len(alarm.Description); length < 40 || length > 1024 || !strings.HasSuffix(alarm.Description, ".") {
				t.Errorf("want a description of whole sentences, got %q", alarm.Description)
			}
			if alarm.percent != strings.Contains(alarm.Description, "In percent.") {
				t.Errorf("want percent (%v) to be in the description, got %q", alarm.percent, alarm.Description)
			}
		})
	}
}

// ofEveryDomain is the alarms that no choice of the file turns off.
const ofEveryDomain = "cluster_status_red cluster_status_yellow free_storage_space cluster_index_writes_blocked nodes " +
	"automated_snapshot_failure " +
	"cpu_utilization jvm_memory_pressure old_gen_jvm_memory_pressure shards_active errors_5xx threadpool_search_queue_average threadpool_search_queue_maximum " +
	"threadpool_search_rejected kibana_healthy_nodes"

const (
	ofVolumes = " disk_queue_depth"
	ofWrites  = " threadpool_write_queue threadpool_write_rejected" // 6.3
	ofPlugins = " alerting_degraded ad_plugin_unhealthy sql_unhealthy asynchronous_search_failure_rate asynchronous_search_store_health"
	ofMasters = " master_cpu_utilization master_jvm_memory_pressure master_old_gen_jvm_memory_pressure master_reachable_from_node"
	ofKeys    = " kms_key_error kms_key_inaccessible"
	ofWarm    = " warm_cpu_utilization warm_jvm_memory_pressure warm_old_gen_jvm_memory_pressure warm_free_storage_space " +
		"hot_to_warm_migration_queue_size hot_to_warm_migration_failure_count"
	ofCold = " warm_to_cold_migration_queue_size warm_to_cold_migration_failure_count"
)

func TestAlarmsOfDomains(t *testing.T) {
	without := func(names string, dropped ...string) string {
		return strings.Join(slices.DeleteFunc(strings.Fields(names), func(name string) bool { return slices.Contains(dropped, name) }), " ")
	}
	threeZones := ClusterConfig{InstanceType: "r6g.large.elasticsearch", InstanceCount: 3, ZoneAwarenessEnabled: true,
		ZoneAwarenessConfig:    ZoneAwarenessConfig{AvailabilityZoneCount: 3},
		DedicatedMasterEnabled: true, DedicatedMasterType: "m6g.large.elasticsearch"}
	warm := func(kind string, count int, cold bool) ClusterConfig {
		cluster := threeZones
		cluster.WarmEnabled, cluster.WarmType, cluster.WarmCount, cluster.ColdStorageOptions.Enabled = true, kind, count, &cold
		return cluster
	}
	one := func(instanceType string) ClusterConfig { return ClusterConfig{InstanceType: instanceType} }
	yes, no := new(true), new(false)
	for _, test := range []struct {
		name       string
		version    string
		cluster    ClusterConfig
		change     func(*Environment)
		want       string
		thresholds map[string]int // those that are computed or tuned
	}{
		{"one burstable node", "7.10", one("t3.small.elasticsearch"), nil, ofEveryDomain + ofVolumes + ofWrites + ofPlugins,
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 25}},
		{"three zones with masters", "7.10", threeZones, func(e *Environment) { e.Domain.EBSOptions.VolumeSize = 200 }, ofEveryDomain + ofVolumes + ofWrites + ofPlugins + ofMasters,
			map[string]int{"free_storage_space": 51200, "nodes": 6, "shards_active": 600}},
		{"heaps of 32 GiB at most", "7.10", ClusterConfig{InstanceType: "r6g.12xlarge.elasticsearch", InstanceCount: 2}, nil, ofEveryDomain + ofVolumes + ofWrites + ofPlugins,
			map[string]int{"free_storage_space": 2560, "nodes": 2, "shards_active": 1600}},
		{"no more shards than AWS ever recommends", "7.10", ClusterConfig{InstanceType: "r6g.12xlarge.elasticsearch", InstanceCount: 40}, nil, ofEveryDomain + ofVolumes + ofWrites + ofPlugins,
			map[string]int{"free_storage_space": 2560, "nodes": 40, "shards_active": 30000}},
		{"warm nodes", "7.10", warm("ultrawarm1.medium.elasticsearch", 2, false), nil, ofEveryDomain + ofVolumes + ofWrites + ofPlugins + ofMasters + ofWarm,
			map[string]int{"free_storage_space": 2560, "nodes": 8, "shards_active": 30000, "warm_free_storage_space": 314572}},
		{"large warm nodes and cold storage", "7.10", warm("ultrawarm1.large.elasticsearch", 3, true), nil, ofEveryDomain + ofVolumes + ofWrites + ofPlugins + ofMasters + ofWarm + ofCold,
			map[string]int{"free_storage_space": 2560, "nodes": 9, "shards_active": 30000, "warm_free_storage_space": 6291456}},
		{"warm nodes whose storage AWS does not say", "7.10", warm("ultrawarm1.xlarge.elasticsearch", 2, false), nil,
			without(ofEveryDomain+ofVolumes+ofWrites+ofPlugins+ofMasters+ofWarm, "warm_free_storage_space"),
			map[string]int{"free_storage_space": 2560, "nodes": 8, "shards_active": 30000}},
		{"warm nodes whose storage the file says", "7.10", warm("ultrawarm1.xlarge.elasticsearch", 2, false),
			func(e *Environment) {
				e.Alarms.Tune = []AlarmTuning{{Alarm: "warm_free_storage_space", Threshold: new(1000000)}}
			},
			ofEveryDomain + ofVolumes + ofWrites + ofPlugins + ofMasters + ofWarm,
			map[string]int{"free_storage_space": 2560, "nodes": 8, "shards_active": 30000, "warm_free_storage_space": 1000000}},
		{"disks of its own", "7.10", one("i3.large.elasticsearch"), nil, ofEveryDomain + ofWrites + ofPlugins,
			map[string]int{"free_storage_space": 113248, "nodes": 1, "shards_active": 190}},
		{"disks of its own, by choice", "5.6", one("i2.xlarge.elasticsearch"), func(e *Environment) { e.Domain.EBSOptions.EBSEnabled = no }, ofEveryDomain,
			map[string]int{"free_storage_space": 190734, "nodes": 1, "shards_active": 381}},
		{"5.6", "5.6", one("m5.large.elasticsearch"), nil, ofEveryDomain + ofVolumes,
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"6.2", "6.2", one("m5.large.elasticsearch"), nil, ofEveryDomain + ofVolumes + " alerting_degraded",
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"6.3", "6.3", one("m5.large.elasticsearch"), nil, ofEveryDomain + ofVolumes + ofWrites + " alerting_degraded",
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"7.9", "7.9", one("m5.large.elasticsearch"), nil, without(ofEveryDomain+ofVolumes+ofWrites+ofPlugins, "asynchronous_search_failure_rate", "asynchronous_search_store_health"),
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"a key that exists", "7.10", one("m5.large.elasticsearch"), func(e *Environment) { e.Domain.EncryptAtRest.KMSKeyID = "arn" }, ofEveryDomain + ofVolumes + ofWrites + ofPlugins + ofKeys,
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"a key that is made", "7.10", one("m5.large.elasticsearch"), func(e *Environment) { e.Encryption = &Encryption{CustomerManagedKey: true} }, ofEveryDomain + ofVolumes + ofWrites + ofPlugins + ofKeys,
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"an instance type that Terraform alone knows", "7.10", one("${var.instance_type}"), nil, without(ofEveryDomain+ofVolumes+ofWrites+ofPlugins, "shards_active"),
			map[string]int{"free_storage_space": 2560, "nodes": 1}},
		{"a version that Terraform alone knows", "${var.version}", one("m5.large.elasticsearch"), nil, ofEveryDomain + ofVolumes + ofWrites + ofPlugins,
			map[string]int{"free_storage_space": 2560, "nodes": 1, "shards_active": 100}},
		{"tuned", "7.10", one("m5.large.elasticsearch"), func(e *Environment) {
			e.Alarms.Tune = []AlarmTuning{{Alarm: "free_storage_space", Threshold: new(0)}, {Alarm: "cpu_utilization", Threshold: new(90)},
				{Alarm: "nodes", Enabled: no},
				{Alarm: "cluster_status_yellow", Enabled: no}, {Alarm: "shards_active", Enabled: yes}}
		}, without(ofEveryDomain+ofVolumes+ofWrites+ofPlugins, "nodes", "cluster_status_yellow"),
			map[string]int{"free_storage_space": 0, "cpu_utilization": 90, "shards_active": 100}},
	} {
		t.Run(test.name, func(t *testing.T) {
			environment := Environment{Region: "eu-central-1", Domain: Domain{DomainName: "ai-metrics", ElasticsearchVersion: test.version,
				ClusterConfig: test.cluster}, Alarms: &Alarms{}}
			if test.change != nil {
				test.change(&environment)
			}
			var names []string
			thresholds := map[string]int{}
			for _, alarm := range environment.DomainAlarms() {
				names = append(names, alarm.Name)
				if _, given := test.thresholds[alarm.Name]; given {
					thresholds[alarm.Name] = alarm.Threshold
				}
			}
			want := strings.Fields(test.want)
			slices.Sort(want)
			slices.Sort(names)
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("alarms (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.thresholds, thresholds); diff != "" {
				t.Errorf("thresholds (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATunedAlarm(t *testing.T) {
	environment, _, err := Parse("governed.yaml", []byte(governed), today)
	if err != nil {
		t.Fatal(err)
	}
	all := environment.DomainAlarms()
	i := slices.IndexFunc(all, func(alarm Alarm) bool { return alarm.Name == "cpu_utilization" })
	if i < 0 {
		t.Fatalf("want cpu_utilization, got %v", all)
	}
	want := Alarm{"cpu_utilization", all[i].Description, []string{"CPUUtilization"}, "", "Maximum", "GreaterThanOrEqualToThreshold", 90,
		300, 6, "missing"}
	if diff := cmp.Diff(want, all[i]); diff != "" {
		t.Errorf("alarm (-want +got):\n%s", diff)
	}
	for _, alarm := range alarms {
		if alarm.Name == "cpu_utilization" && (alarm.Threshold != 80 || alarm.Period != 900) {
			t.Errorf("want the default to stay, got %v", alarm)
		}
	}
}

func TestNoAlarmsWithoutTheirSection(t *testing.T) {
	if got := (Environment{}).DomainAlarms(); got != nil {
		t.Errorf("want none, got %v", got)
	}
}

// memory is the GiB of each instance type that AWS has, and disks the GB of those with disks of their own, from EC2's
// DescribeInstanceTypes.
var (
	memory = map[string]string{
		"t2": "micro 1 small 2 medium 4", "t3": "small 2 medium 4",
		"m3": "medium 3.75 large 7.5 xlarge 15 2xlarge 30", "m4": "large 8 xlarge 16 2xlarge 32 4xlarge 64 10xlarge 160",
		"m5":  "large 8 xlarge 16 2xlarge 32 4xlarge 64 12xlarge 192",
		"m6g": "large 8 xlarge 16 2xlarge 32 4xlarge 64 8xlarge 128 12xlarge 192",
		"c4":  "large 3.75 xlarge 7.5 2xlarge 15 4xlarge 30 8xlarge 60", "c5": "large 4 xlarge 8 2xlarge 16 4xlarge 32 9xlarge 72 18xlarge 144",
		"c6g": "large 4 xlarge 8 2xlarge 16 4xlarge 32 8xlarge 64 12xlarge 96",
		"r3":  "large 15.25 xlarge 30.5 2xlarge 61 4xlarge 122 8xlarge 244", "r4": "large 15.25 xlarge 30.5 2xlarge 61 4xlarge 122 8xlarge 244 16xlarge 488",
		"r5": "large 16 xlarge 32 2xlarge 64 4xlarge 128 12xlarge 384", "r6g": "large 16 xlarge 32 2xlarge 64 4xlarge 128 8xlarge 256 12xlarge 384",
		"r6gd": "large 16 xlarge 32 2xlarge 64 4xlarge 128 8xlarge 256 12xlarge 384 16xlarge 512",
		"i2":   "xlarge 30.5 2xlarge 61", "i3": "large 15.25 xlarge 30.5 2xlarge 61 4xlarge 122 8xlarge 244 16xlarge 488",
	}
	disks = map[string]string{
		"i2": "xlarge 190734 2xlarge 381469", "i3": "large 113248 xlarge 226497 2xlarge 452995 4xlarge 905990 8xlarge 1811981 16xlarge 3623962",
		"r3":   "large 7629 xlarge 19073 2xlarge 38146 4xlarge 76293 8xlarge 152587",
		"r6gd": "large 28133 xlarge 56505 2xlarge 113010 4xlarge 226497 8xlarge 452995 12xlarge 679492 16xlarge 905990",
	}
)

func TestHeapsAndDisks(t *testing.T) {
	heaps, quarters := map[string]float64{}, map[string]float64{}
	for family, sizes := range memory {
		for size, gib := range pairs(t, sizes) {
			heaps[family+"."+size+".elasticsearch"] = min(gib/2, 32)
		}
	}
	for family, sizes := range disks {
		for size, mib := range pairs(t, sizes) {
			quarters[family+"."+size+".elasticsearch"] = mib
		}
	}
	if diff := cmp.Diff(instanceTypes, slices.Sorted(maps.Keys(heaps))); diff != "" {
		t.Errorf("types (-have +known):\n%s", diff)
	}
	for _, instanceType := range instanceTypes {
		if got := heap(instanceType); got != heaps[instanceType] {
			t.Errorf("want %v GiB of heap for %s, got %v", heaps[instanceType], instanceType, got)
		}
		if got := instanceStore(instanceType) / 4; got != int(quarters[instanceType]) {
			t.Errorf("want a quarter of %v MiB for %s, got %v", quarters[instanceType], instanceType, got)
		}
	}
	if heap("${var.type}") != 0 || instanceStore("${var.type}") != 0 {
		t.Errorf("want nothing for a type that is not known, got %v and %v", heap("${var.type}"), instanceStore("${var.type}"))
	}
}

func pairs(t *testing.T, text string) map[string]float64 {
	t.Helper()
	numbers := map[string]float64{}
	words := strings.Fields(text)
	for i := 0; i < len(words); i += 2 {
		var number float64
		if _, err := fmt.Sscan(words[i+1], &number); err != nil {
			t.Fatal(err)
		}
		numbers[words[i]] = number
	}
	return numbers
}

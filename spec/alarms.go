package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Alarms watches the domain: every alarm that AWS recommends and that this domain can have, sent to an SNS topic, and a
// dashboard with the same metrics.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
type Alarms struct {
	// E-mail addresses that receive the alarms, through an SNS topic that the stack creates. AWS asks each address to confirm. Not with
	// topic_arn.
	Email []string `json:"email,omitempty"`

	// ARN of an existing SNS topic that receives the alarms, and that CloudWatch may publish to. Default: a new topic with a KMS key of
	// its own, because CloudWatch may not use AWS's key for SNS.
	TopicARN string `json:"topic_arn,omitempty"`

	// Alarms to change or to turn off.
	Tune []AlarmTuning `json:"tune,omitempty"`

	// Whether to create the CloudWatch dashboard, named after the domain and its region. Default: true.
	Dashboard *bool `json:"dashboard,omitempty"`
}

// AlarmTuning changes one alarm, or turns it off.
type AlarmTuning struct {
	// Name of the alarm, such as "cpu_utilization".
	Alarm string `json:"alarm"`

	// Whether the alarm is created. Default: true.
	Enabled *bool `json:"enabled,omitempty"`

	// In the unit of the metric: percent, MiB or a number. Default: as AWS recommends, for this domain's nodes and their storage.
	Threshold *int `json:"threshold,omitempty"`

	// Seconds over which the metric is aggregated, a multiple of 60. Default: as AWS recommends.
	Period int `json:"period,omitempty"`

	// Number of consecutive periods beyond the threshold, together at most a day, or a week where a period is an hour or longer.
	// Default: as AWS recommends.
	EvaluationPeriods int `json:"evaluation_periods,omitempty"`
}

// Alarm is one alarm of a domain, as it is to be made.
type Alarm struct {
	// Its name in a file, and its address in Terraform, such as "cpu_utilization".
	Name string
	// What it means when it goes off, and what to do.
	Description string
	// Metrics in the namespace AWS/ES, with the dimensions DomainName and ClientId: one, or those of Expression.
	Metrics []string
	// Metric math over m1, m2, …, which are Metrics in their order; "" for the one metric itself.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
	Expression string
	// Minimum, Maximum, Average or Sum.
	Statistic string
	// Such as GreaterThanOrEqualToThreshold.
	ComparisonOperator string
	Threshold          int
	// Seconds.
	Period, EvaluationPeriods int
	// What a period without a value counts as: notBreaching where that is the metric's good state, missing otherwise.
	TreatMissingData string
}

const (
	atLeast = "GreaterThanOrEqualToThreshold"
	atMost  = "LessThanOrEqualToThreshold"
	below   = "LessThanThreshold"

	missingData  = "missing"
	notBreaching = "notBreaching"
)

// alarm is an Alarm by default, and what it depends on.
type alarm struct {
	Alarm
	// Which domains have it; nil: all.
	on func(Environment) bool
	// What Threshold is computed from; nil: nothing.
	threshold func(Environment) int
	// Whether Threshold is in percent.
	percent bool
}

// alarms is every alarm there is. Metrics that AWS sends only when there is something to report, or only of what is in use, do
// not breach without a value.
//
// Those of AWS's own list: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html. Of an
// article of its support: kibana_healthy_nodes and disk_queue_depth, https://repost.aws/knowledge-center/opensearch-cloudwatch-alarms.
var alarms = []alarm{
	{Alarm: Alarm{"cluster_status_red",
		"A primary shard and its replicas are on no node: part of the data is missing, and no snapshot is taken. Look for nodes that " +
			"are gone or full.",
		[]string{"ClusterStatus.red"}, "", "Maximum", atLeast, 1, 60, 1, missingData}},
	{Alarm: Alarm{"cluster_status_yellow",
		"A replica shard is on no node: if another node is lost, data may be. It passes where a node is just being replaced. On a " +
			"domain of one node it stays until its indices have number_of_replicas: 0.",
		[]string{"ClusterStatus.yellow"}, "", "Maximum", atLeast, 1, 60, 5, missingData}},
	{Alarm: Alarm{"free_storage_space",
		"A node has a quarter of its storage left or less; a full one takes no more writes. In MiB. Delete or move old indices, or " +
			"enlarge the volumes or the number of nodes.",
		[]string{"FreeStorageSpace"}, "", "Minimum", atMost, 0, 60, 1, missingData}, threshold: quarterOfStorage},
	{Alarm: Alarm{"cluster_index_writes_blocked",
		"The domain refuses to write, for want of storage or memory: metrics are being lost, or pile up at their senders. Look at " +
			"free_storage_space and jvm_memory_pressure.",
		[]string{"ClusterIndexWritesBlocked"}, "", "Maximum", atLeast, 1, 300, 1, missingData}},
	{Alarm: Alarm{"nodes",
		"At some time within a day there were fewer nodes than the domain should have: one failed or was out of reach. AWS replaces it " +
			"by itself; if the number does not come back, ask AWS's support.",
		[]string{"Nodes"}, "", "Minimum", below, 0, 86400, 1, missingData}, threshold: Environment.nodes},
	{Alarm: Alarm{"automated_snapshot_failure",
		"The automated snapshot was not taken, so a restore would lose more. Often the cluster is red: mend that first.",
		[]string{"AutomatedSnapshotFailure"}, "", "Maximum", atLeast, 1, 60, 1, missingData}},
	{Alarm: Alarm{"cpu_utilization",
		"A data node has had little CPU left for three quarters of an hour. In percent. Look for heavy searches, or take larger or more " +
			"nodes.",
		[]string{"CPUUtilization"}, "", "Maximum", atLeast, 80, 900, 3, missingData}, percent: true},
	{Alarm: Alarm{"jvm_memory_pressure",
		"The heap of a data node is nearly full: it may run out of memory, and the node with it. In percent. Send smaller requests, " +
			"delete indices, or take larger nodes.",
		[]string{"JVMMemoryPressure"}, "", "Maximum", atLeast, 95, 60, 3, missingData}, percent: true},
	{Alarm: Alarm{"old_gen_jvm_memory_pressure",
		"The old generation of the heap of a data node is filling up, which garbage collection did not mend. In percent. Take larger " +
			"nodes, or fewer shards.",
		[]string{"OldGenJVMMemoryPressure"}, "", "Maximum", atLeast, 80, 60, 3, missingData}, percent: true},
	{Alarm: Alarm{"shards_active",
		"There are more shards than the nodes carry: 25 for each GiB of the data nodes' heaps, or 30,000 with UltraWarm nodes. Delete " +
			"or merge indices, or take larger or more nodes.",
		[]string{"Shards.active"}, "", "Maximum", atLeast, 0, 60, 1, missingData}, threshold: shardsOfHeaps},
	{Alarm: Alarm{"errors_5xx",
		"One in ten requests, or more, fails on the domain's side. In percent. The domain is overloaded, or a node is gone: look at its " +
			"other alarms.",
		[]string{"5xx", "ElasticsearchRequests"}, "m1 / m2 * 100", "Sum", atLeast, 10, 60, 1, notBreaching}, percent: true},
	{Alarm: Alarm{"threadpool_write_queue",
		"Writes wait in a queue, and are refused when it is full. Send fewer and larger _bulk requests, or take larger or more nodes.",
		[]string{"ThreadpoolWriteQueue"}, "", "Average", atLeast, 100, 60, 1, missingData}, on: since(6, 3)},
	{Alarm: Alarm{"threadpool_search_queue_average",
		"Searches wait in a queue, and are refused when it is full. Look for heavy dashboards, or take larger or more nodes.",
		[]string{"ThreadpoolSearchQueue"}, "", "Average", atLeast, 500, 60, 1, missingData}},
	{Alarm: Alarm{"threadpool_search_queue_maximum",
		"Very many searches wait in the queue of one node. A queue holds 1000 unless somebody enlarged it, so by default this alarm " +
			"cannot go off.",
		[]string{"ThreadpoolSearchQueue"}, "", "Maximum", atLeast, 5000, 60, 1, missingData}},
	{Alarm: Alarm{"threadpool_write_rejected",
		"Writes were refused, since their queue was full: their senders must repeat them. Send fewer and larger _bulk requests, or take " +
			"larger or more nodes.",
		[]string{"ThreadpoolWriteRejected"}, "DIFF(m1)", "Sum", atLeast, 1, 60, 1, notBreaching}, on: since(6, 3)},
	{Alarm: Alarm{"threadpool_search_rejected",
		"Searches were refused, since their queue was full: dashboards show errors. Look for heavy ones, or take larger or more nodes.",
		[]string{"ThreadpoolSearchRejected"}, "DIFF(m1)", "Sum", atLeast, 1, 60, 1, notBreaching}},
	{Alarm: Alarm{"kibana_healthy_nodes",
		"Kibana runs on no node: nobody sees a dashboard. Often the cluster is red: mend that first; else ask AWS's support.",
		[]string{"KibanaHealthyNodes"}, "", "Average", atMost, 0, 60, 1, missingData}},
	{Alarm: Alarm{"disk_queue_depth", "Requests wait for the volumes. Raise iops or throughput, or take a larger volume.",
		[]string{"DiskQueueDepth"}, "", "Average", atLeast, 100, 300, 1, missingData},
		on: func(e Environment) bool { return *e.Domain.EBSOptions.EBSEnabled }},

	{Alarm: Alarm{"master_cpu_utilization",
		"A dedicated master has had little CPU left for three quarters of an hour. In percent. Take larger ones.",
		[]string{"MasterCPUUtilization"}, "", "Maximum", atLeast, 50, 900, 3, missingData}, percent: true, on: dedicatedMasters},
	{Alarm: Alarm{"master_jvm_memory_pressure",
		"The heap of a dedicated master is nearly full. In percent. Take larger ones, or fewer shards.",
		[]string{"MasterJVMMemoryPressure"}, "", "Maximum", atLeast, 95, 60, 3, missingData}, percent: true, on: dedicatedMasters},
	{Alarm: Alarm{"master_old_gen_jvm_memory_pressure",
		"The old generation of the heap of a dedicated master is filling up. In percent. Take larger ones, or fewer shards.",
		[]string{"MasterOldGenJVMMemoryPressure"}, "", "Maximum", atLeast, 80, 60, 3, missingData}, percent: true, on: dedicatedMasters},
	{Alarm: Alarm{"master_reachable_from_node",
		"The elected master has stopped or is out of reach of a node: indices and nodes cannot be added until another is elected. If " +
			"none is, ask AWS's support.",
		[]string{"MasterReachableFromNode"}, "", "Maximum", below, 1, 300, 1, missingData}, on: dedicatedMasters},

	{Alarm: Alarm{"kms_key_error",
		"The key of the domain is disabled: the domain does not work, and may be lost for good. Enable the key at once.",
		[]string{"KMSKeyError"}, "", "Maximum", atLeast, 1, 60, 1, notBreaching}, on: Environment.hasOwnKey},
	{Alarm: Alarm{"kms_key_inaccessible",
		"The key of the domain was deleted, or its grants revoked: the data cannot be recovered. Make a new domain, and restore a " +
			"manual snapshot.",
		[]string{"KMSKeyInaccessible"}, "", "Maximum", atLeast, 1, 60, 1, notBreaching}, on: Environment.hasOwnKey},

	{Alarm: Alarm{"warm_cpu_utilization",
		"An UltraWarm node has had little CPU left for three quarters of an hour. In percent. Look for heavy searches of old indices, " +
			"or take larger or more of them.",
		[]string{"WarmCPUUtilization"}, "", "Maximum", atLeast, 80, 900, 3, missingData}, percent: true, on: warm},
	{Alarm: Alarm{"warm_jvm_memory_pressure", "The heap of an UltraWarm node is nearly full. In percent. Take larger or more of them.",
		[]string{"WarmJVMMemoryPressure"}, "", "Maximum", atLeast, 95, 60, 3, missingData}, percent: true, on: warm},
	{Alarm: Alarm{"warm_old_gen_jvm_memory_pressure",
		"The old generation of the heap of an UltraWarm node is filling up. In percent. Take larger or more of them.",
		[]string{"WarmOldGenJVMMemoryPressure"}, "", "Maximum", atLeast, 80, 60, 3, missingData}, percent: true, on: warm},
	{Alarm: Alarm{"warm_free_storage_space",
		"A tenth of the UltraWarm storage is left, or less. In MiB. Move indices to cold storage, delete them, or add nodes.",
		[]string{"WarmFreeStorageSpace"}, "", "Sum", atMost, 0, 60, 1, missingData}, on: warm, threshold: tenthOfWarmStorage},
	{Alarm: Alarm{"hot_to_warm_migration_queue_size",
		"Many indices wait to be moved to UltraWarm nodes, and fill the data nodes meanwhile.",
		[]string{"HotToWarmMigrationQueueSize"}, "", "Maximum", atLeast, 20, 60, 3, notBreaching}, on: warm},
	{Alarm: Alarm{"hot_to_warm_migration_failure_count",
		"An index could not be moved to UltraWarm nodes. Look at its _ultrawarm/migration/<index>/_status.",
		[]string{"HotToWarmMigrationFailureCount"}, "", "Sum", atLeast, 1, 60, 1, notBreaching}, on: warm},
	{Alarm: Alarm{"warm_to_cold_migration_queue_size",
		"Many indices wait to be moved to cold storage, and fill the UltraWarm nodes meanwhile.",
		[]string{"WarmToColdMigrationQueueSize"}, "", "Maximum", atLeast, 20, 60, 3, notBreaching}, on: cold},
	{Alarm: Alarm{"warm_to_cold_migration_failure_count",
		"An index could not be moved to cold storage. Look whether the UltraWarm nodes have CPU and heap left.",
		[]string{"WarmToColdMigrationFailureCount"}, "", "Sum", atLeast, 1, 60, 1, notBreaching}, on: cold},

	{Alarm: Alarm{"alerting_degraded",
		"The alerting plugin's index is red, or its jobs run late on a node: alerts that you made in Kibana may not be sent.",
		[]string{"AlertingDegraded"}, "", "Maximum", atLeast, 1, 60, 1, notBreaching}, on: since(6, 2)},
	{Alarm: Alarm{"ad_plugin_unhealthy", "Anomaly detection does not work, since it fails often, or an index that it uses is red.",
		[]string{"ADPluginUnhealthy"}, "", "Maximum", atLeast, 1, 60, 1, notBreaching}, on: since(7, 4)},
	{Alarm: Alarm{"sql_unhealthy", "The SQL plugin fails, or passes on queries that are none. Look into what clients send to it.",
		[]string{"SQLUnhealthy"}, "", "Maximum", atLeast, 1, 60, 3, notBreaching}, on: since(6, 5)},
	{Alarm: Alarm{"asynchronous_search_failure_rate",
		"An asynchronous search failed within the last minute, likely because the node that ran it did. Look at nodes and " +
			"jvm_memory_pressure.",
		[]string{"AsynchronousSearchFailureRate"}, "", "Maximum", atLeast, 1, 60, 1, notBreaching}, on: since(7, 10)},
	{Alarm: Alarm{"asynchronous_search_store_health",
		"The index in which asynchronous searches keep their answers is red. Keep them below 10 MB each.",
		[]string{"AsynchronousSearchStoreHealthRed"}, "", "Maximum", atLeast, 1, 60, 1, notBreaching}, on: since(7, 10)},
}

func dedicatedMasters(e Environment) bool { return e.Domain.ClusterConfig.DedicatedMasterEnabled }
func warm(e Environment) bool             { return e.Domain.ClusterConfig.WarmEnabled }
func cold(e Environment) bool {
	enabled := e.Domain.ClusterConfig.ColdStorageOptions.Enabled
	return enabled != nil && *enabled
}

// since reports whether a domain has a version or a newer one; of a version that is not known, that it has.
func since(major, minor int) func(Environment) bool {
	return func(e Environment) bool {
		running, known := findVersion(e.Domain.ElasticsearchVersion)
		return !known || !running.before(version{major, minor})
	}
}

// nodes is how many nodes the domain has, of all kinds.
func (environment Environment) nodes() int {
	cluster := environment.Domain.ClusterConfig
	nodes := cluster.InstanceCount
	if cluster.DedicatedMasterEnabled {
		nodes += cluster.DedicatedMasterCount
	}
	if cluster.WarmEnabled {
		nodes += cluster.WarmCount
	}
	return nodes
}

// quarterOfStorage is a quarter of what one data node stores, in MiB; 0 of an instance type that is not known.
func quarterOfStorage(e Environment) int {
	if *e.Domain.EBSOptions.EBSEnabled {
		return e.Domain.EBSOptions.VolumeSize * 1024 / 4
	}
	return instanceStore(e.Domain.ClusterConfig.InstanceType) / 4
}

// tenthOfWarmStorage is a tenth of what all UltraWarm nodes store, in MiB.
func tenthOfWarmStorage(e Environment) int {
	return e.Domain.ClusterConfig.WarmCount * warmStorage[e.Domain.ClusterConfig.WarmType] * 1024 / 10
}

// shardsOfHeaps is how many shards the heaps of all data nodes carry: 25 for each GiB, and no more than the 30,000 of AWS's list
// of alarms. With UltraWarm nodes, whose shards are counted too and of which AWS does not say how many they carry, it is
// those 30,000; 0 of an instance type that is not known.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html
func shardsOfHeaps(e Environment) int {
	if warm(e) {
		return 30_000
	}
	return min(int(25*heap(e.Domain.ClusterConfig.InstanceType)*float64(e.Domain.ClusterConfig.InstanceCount)), 30_000)
}

// DomainAlarms is every alarm of an environment: those that its domain can have, retuned as `alarms:` says, without those that
// it turns off, and without those whose threshold depends on an instance type that is not known, unless the file says it.
// There are none without that section.
func (environment Environment) DomainAlarms() []Alarm {
	return slices.DeleteFunc(environment.WithDefaults().wantedAlarms(), unknown)
}

// unknown reports whether an alarm's threshold is not given, and cannot be computed.
func unknown(alarm Alarm) bool { return alarm.Threshold == unknownThreshold }

const unknownThreshold = -1

// wantedAlarms is DomainAlarms of an environment that has its defaults, with those that are unknown.
func (environment Environment) wantedAlarms() []Alarm {
	if environment.Alarms == nil {
		return nil
	}
	var all []Alarm
	for _, alarm := range alarms {
		tuning := environment.tuning(alarm.Name)
		if alarm.on != nil && !alarm.on(environment) || tuning.Enabled != nil && !*tuning.Enabled {
			continue
		}
		if alarm.threshold != nil {
			alarm.Threshold = cmp.Or(alarm.threshold(environment), unknownThreshold)
		}
		if tuning.Threshold != nil {
			alarm.Threshold = *tuning.Threshold
		}
		alarm.Period = cmp.Or(tuning.Period, alarm.Period)
		alarm.EvaluationPeriods = cmp.Or(tuning.EvaluationPeriods, alarm.EvaluationPeriods)
		all = append(all, alarm.Alarm)
	}
	return all
}

// tuning is what the file says of an alarm.
func (environment Environment) tuning(name string) AlarmTuning {
	i := slices.IndexFunc(environment.Alarms.Tune, func(tuning AlarmTuning) bool { return tuning.Alarm == name })
	if i < 0 {
		return AlarmTuning{}
	}
	return environment.Alarms.Tune[i]
}

// MakesAlarmsTopic reports whether the stack makes the SNS topic of the alarms.
func (environment Environment) MakesAlarmsTopic() bool {
	return environment.Alarms != nil && environment.Alarms.TopicARN == ""
}

func defaultAlarms(environment *Environment) {
	if environment.Alarms == nil {
		return
	}
	alarms := *environment.Alarms
	alarms.Dashboard = orPointer(alarms.Dashboard, true)
	environment.Alarms = &alarms
}

func alarmNames() []string {
	names := make([]string, len(alarms))
	for i, alarm := range alarms {
		names[i] = alarm.Name
	}
	return names
}

// alarmName says which names there are only where none is near: they are many.
var alarmName = allowed{texts: alarmNames(), wrong: func(value any) string {
	text, names := value.(string), alarmNames()
	near := ""
	if few := oneOfFew(sharingAWord(text, names)); few != "" {
		near = "; did you mean " + few + "?"
	}
	return quote(text) + " is no alarm" + cmp.Or(didYouMean(text, names), near, "; there are "+strings.Join(names, ", "))
}}

// alarmPeriod: CloudWatch takes these, and has no finer values of AWS/ES than of a minute.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
var alarmPeriod = allowed{multipleOf: 60, wrong: func(value any) string {
	return fmt.Sprintf("%d seconds is no period of these metrics; use a multiple of 60", value)
}}

// emailAddress is what SNS takes for one: atoms with single dots between them, and a host name with a top-level domain.
const emailAddress = `^[\w!#$%&'*+/=?^{|}~-]+(\.[\w!#$%&'*+/=?^{|}~-]+)*` +
	`@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$`

var topicARN = func() allowed {
	allowed := matches(`^`+awsARN+`:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$`,
		`the ARN of an SNS topic; write one such as "arn:aws:sns:eu-central-1:111122223333:oncall"`)
	notMatched := allowed.wrong
	allowed.wrong = func(value any) string {
		if text := value.(string); strings.HasSuffix(text, ".fifo") {
			return quote(text) + " is a FIFO topic, to which CloudWatch sends no alarm; name a standard topic"
		}
		return notMatched(value)
	}
	return allowed
}()

// alarmsSection is all that is known of alarms beside its type and the table of them.
var alarmsSection = section{
	key:      "alarms",
	defaults: defaultAlarms,
	values: map[string]allowed{
		"alarms.email[]": matches(emailAddress,
			"an e-mail address; write one such as \"oncall@example.com\""),
		"alarms.topic_arn":                 topicARN,
		"alarms.tune[].alarm":              alarmName,
		"alarms.tune[].period":             alarmPeriod,
		"alarms.tune[].evaluation_periods": between(1, 1440),
	},
	rules: []rule{
		{"one topic", func(e Environment) []finding {
			return when(e.Alarms != nil && e.Alarms.TopicARN != "" && len(e.Alarms.Email) > 0, "alarms.email",
				"cannot go with topic_arn, a topic that others subscribe to; keep one")
		}},
		{"an address once", func(e Environment) []finding {
			if e.Alarms == nil {
				return nil
			}
			return repeated("alarms.email", e.Alarms.Email)
		}},
		{"an alarm is tuned once", func(e Environment) []finding {
			if e.Alarms == nil {
				return nil
			}
			var twice []finding
			seen := map[string]bool{}
			for i, tuning := range e.Alarms.Tune {
				path := fmt.Sprintf("alarms.tune[%d].alarm", i)
				twice = append(twice, when(seen[tuning.Alarm], path, "%s is tuned twice; write it in one element", quote(tuning.Alarm))...)
				seen[tuning.Alarm] = true
			}
			return twice
		}},
		{"a tuning changes something", func(e Environment) []finding {
			return eachTuning(e, func(path string, tuning AlarmTuning) []finding {
				return when(tuning == AlarmTuning{Alarm: tuning.Alarm}, path,
					"changes nothing; add enabled: false, threshold, period or evaluation_periods")
			})
		}},
		{"an alarm that the domain has", func(e Environment) []finding {
			return eachTuning(e, func(path string, tuning AlarmTuning) []finding {
				i := slices.IndexFunc(alarms, func(alarm alarm) bool { return alarm.Name == tuning.Alarm })
				return when(i >= 0 && alarms[i].on != nil && !alarms[i].on(e), path+".alarm",
					"%s watches what this domain does not have; leave it out", quote(tuning.Alarm))
			})
		}},
		{"a threshold that is sometimes crossed", func(e Environment) []finding {
			return eachTuning(e, func(path string, tuning AlarmTuning) []finding {
				i := slices.IndexFunc(alarms, func(alarm alarm) bool { return alarm.Name == tuning.Alarm })
				if i < 0 || tuning.Threshold == nil {
					return nil
				}
				path += ".threshold"
				least := 1
				if alarms[i].ComparisonOperator == atMost {
					least = 0
				}
				switch threshold := *tuning.Threshold; {
				case alarms[i].percent:
					return when(threshold < least || threshold > 100, path,
						"%d is outside %d to 100 percent; choose a number in that range", threshold, least)
				default:
					return when(threshold < least, path, "%d is reached always or never; use at least %d", threshold, least)
				}
			})
		}},
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html
		{"a sum of storage over one period", func(e Environment) []finding {
			return eachTuning(e, func(path string, tuning AlarmTuning) []finding {
				return when(tuning.Alarm == "warm_free_storage_space" && tuning.Period > 60, path+".period",
					"%d seconds would add the free storage of each minute to that of the others; leave period out, and use "+
						"evaluation_periods", tuning.Period)
			})
		}},
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
		{"how far alarms look back", func(e Environment) []finding {
			const hour, day = 3600, 86400
			return eachTuning(e, func(path string, tuning AlarmTuning) []finding {
				alone, tuned := e, *e.Alarms
				tuned.Tune = []AlarmTuning{tuning}
				alone.Alarms = &tuned
				for _, alarm := range alone.wantedAlarms() {
					most, text := day, "a day"
					if alarm.Period >= hour {
						most, text = 7*day, "a week"
					}
					if alarm.Name == tuning.Alarm && alarm.Period*alarm.EvaluationPeriods > most {
						return findingAt(path,
							"looks back over %d times %d seconds, and CloudWatch does over %s at most; lower period or "+
								"evaluation_periods", alarm.EvaluationPeriods, alarm.Period, text)
					}
				}
				return nil
			})
		}},
	},
	warnings: []warning{
		{"alarms", func(e Environment, _ time.Time) string {
			var names []string
			for _, alarm := range e.wantedAlarms() {
				if unknown(alarm) {
					names = append(names, alarm.Name)
				}
			}
			return sayIf(names != nil,
				"has no "+strings.Join(names, ", ")+
					", whose threshold cannot be computed for these instance types; set it in tune, or turn it off there")
		}},
		{"alarms.email", func(e Environment, _ time.Time) string {
			return sayIf(e.Alarms != nil && e.Alarms.TopicARN == "" && len(e.Alarms.Email) == 0,
				"nobody hears of an alarm until somebody subscribes to the topic; name addresses, or topic_arn")
		}},
	},
}

func eachTuning(e Environment, check func(path string, tuning AlarmTuning) []finding) []finding {
	if e.Alarms == nil {
		return nil
	}
	var findings []finding
	for i, tuning := range e.Alarms.Tune {
		findings = append(findings, check(fmt.Sprintf("alarms.tune[%d]", i), tuning)...)
	}
	return findings
}

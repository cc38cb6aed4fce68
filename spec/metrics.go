package spec

import (
	"fmt"
	"time"

	"cdktf-aimetrics/metrics"
)

// Metrics is how the documents are stored that `aimetrics setup` prepares the domain for; Terraform has no part in it. What they are
// called, access.index_prefix says. Without this section all of it is as by default.
type Metrics struct {
	// Days that a document is kept at least. Indices of a month or of a day are deleted as a whole, once the newest document that
	// belongs in them is that old. Default: 365.
	RetentionInDays int `json:"retention_in_days,omitempty"`

	// Primary shards of an index. A shard takes up to 50 GiB, which is a hundred million documents. Default: 1.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html
	Shards int `json:"shards,omitempty"`

	// Copies of each shard beside the first, fewer than there are data nodes. Default: one in each other availability zone; 1 without
	// zones; 0 where there is one data node.
	Replicas *int `json:"replicas,omitempty"`

	// How much time an index holds: "month", or "day" for very much data. It cannot be changed while there are indices, for one document
	// would be in two of them. Default: month.
	Partition string `json:"partition,omitempty"`
}

// MetricsSettings is how the documents are stored, with the defaults of what was left out.
func (environment Environment) MetricsSettings() metrics.Settings {
	return environment.WithDefaults().metricsSettings()
}

// metricsSettings is MetricsSettings of an environment that has its defaults.
func (environment Environment) metricsSettings() metrics.Settings {
	given := Metrics{}
	if environment.Metrics != nil {
		given = *environment.Metrics
	}
	return metrics.Settings{
		IndexPrefix:     environment.indexPrefix(),
		RetentionInDays: given.RetentionInDays,
		Shards:          given.Shards,
		Replicas:        *orPointer(given.Replicas, environment.defaultReplicas()),
		Partition:       metrics.Partition(given.Partition),
	}.WithDefaults()
}

// defaultReplicas is a copy in each other zone, as far as there are nodes for it.
func (environment Environment) defaultReplicas() int {
	cluster := environment.Domain.ClusterConfig
	copies := 1
	if cluster.ZoneAwarenessEnabled {
		copies = cluster.ZoneAwarenessConfig.AvailabilityZoneCount - 1
	}
	return max(0, min(copies, cluster.InstanceCount-1))
}

// keptShards is how many shards, copies included, the indices have that are there at once.
func (environment Environment) keptShards() int {
	settings := environment.metricsSettings()
	return settings.Indices() * settings.Shards * (1 + settings.Replicas)
}

// shardsOfNodes is how many shards Elasticsearch takes: 1,000 for each data node.
// https://www.elastic.co/guide/en/elasticsearch/reference/7.10/misc-cluster.html#cluster-shard-limit
func (environment Environment) shardsOfNodes() int {
	return 1000 * environment.Domain.ClusterConfig.InstanceCount
}

// metricsSection is all that is known of metrics beside its type.
var metricsSection = section{
	key: "metrics",
	values: map[string]allowed{
		"metrics.retention_in_days": between(1, metrics.MaxRetentionInDays),
		"metrics.shards":            between(1, metrics.MaxShards),
		"metrics.replicas":          between(0, metrics.MaxReplicas),
		"metrics.partition":         oneOf(string(metrics.Month), string(metrics.Day)),
	},
	rules: []rule{
		// A copy is never on the node of another one.
		{"a node for each copy", func(e Environment) []finding {
			nodes, replicas := e.Domain.ClusterConfig.InstanceCount, e.metricsSettings().Replicas
			return when(replicas >= nodes, "metrics.replicas",
				"%d needs %d data nodes, and this domain has %d: it would stay yellow; lower it or raise instance_count",
				replicas, replicas+1, nodes)
		}},
		{"shards that the nodes take", func(e Environment) []finding {
			shards, most := e.keptShards(), e.shardsOfNodes()
			return when(e.Metrics != nil && shards > most, "metrics",
				"makes %d indices, and %d shards with their copies, in %d days, and these data nodes take %d; "+
					"partition by month, keep them for a shorter time, or lower shards or replicas",
				e.metricsSettings().Indices(), shards, e.metricsSettings().RetentionInDays, most)
		}},
	},
	warnings: []warning{
		{"metrics", func(e Environment, _ time.Time) string {
			shards, most := e.keptShards(), shardsOfHeaps(e)
			return sayIf(e.Metrics != nil && most > 0 && shards > most, fmt.Sprintf("makes %d shards, copies included, within %d days, "+
				"and AWS recommends %d at most for the heaps of these data nodes; partition by month, keep them for a shorter time, "+
				"or lower shards or replicas", shards, e.metricsSettings().RetentionInDays, most))
		}},
	},
	features: []feature{
		{"metrics", "the index template of metrics", version{7, 8}, func(e Environment) bool { return e.Metrics != nil }},
	},
}

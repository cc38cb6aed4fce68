package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ClusterConfig is the cluster_config block: how many nodes, of which instance types.
type ClusterConfig struct {
	// Instance type of the data nodes, such as "m6g.large.elasticsearch".
	InstanceType string `json:"instance_type"`

	// Number of data nodes; with zone awareness a multiple of the number of zones. Default: 1.
	InstanceCount int `json:"instance_count,omitempty"`

	// Whether dedicated nodes manage the cluster. Default: false.
	DedicatedMasterEnabled bool `json:"dedicated_master_enabled,omitempty"`

	// Instance type of the dedicated masters; needed with dedicated_master_enabled.
	DedicatedMasterType string `json:"dedicated_master_type,omitempty"`

	// Number of dedicated masters: 3 or 5. Default: 3 with dedicated_master_enabled.
	DedicatedMasterCount int `json:"dedicated_master_count,omitempty"`

	// Whether data nodes and replicas are spread over availability zones. Default: false.
	ZoneAwarenessEnabled bool `json:"zone_awareness_enabled,omitempty"`

	// Over how many zones.
	ZoneAwarenessConfig ZoneAwarenessConfig `json:"zone_awareness_config,omitzero"`

	// Whether there are UltraWarm nodes, for indices that are seldom searched. Default: false. Needs dedicated masters.
	WarmEnabled bool `json:"warm_enabled,omitempty"`

	// Number of UltraWarm nodes, 2 to 150; needed with warm_enabled.
	WarmCount int `json:"warm_count,omitempty"`

	// Instance type of the UltraWarm nodes, such as "ultrawarm1.medium.elasticsearch"; needed with warm_enabled.
	WarmType string `json:"warm_type,omitempty"`

	// Storage for indices that are detached from the nodes.
	ColdStorageOptions ColdStorageOptions `json:"cold_storage_options,omitzero"`
}

// ZoneAwarenessConfig is the zone_awareness_config block.
type ZoneAwarenessConfig struct {
	// Number of availability zones: 2 or 3. Default: 2 with zone_awareness_enabled.
	AvailabilityZoneCount int `json:"availability_zone_count,omitempty"`
}

// ColdStorageOptions is the cold_storage_options block.
type ColdStorageOptions struct {
	// Whether indices can move to cold storage. Needs UltraWarm nodes. Default: false with warm_enabled from Elasticsearch 7.9 on. Turn it
	// off before you turn off warm_enabled.
	Enabled *bool `json:"enabled,omitempty"`
}

// coldStorageSince is the first version with cold storage: older ones refuse it even where it is off.
var coldStorageSince = version{7, 9}

// Zones is over how many availability zones the nodes are spread.
func (domain Domain) Zones() int {
	return cmp.Or(domain.ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount, 1)
}

func (cluster ClusterConfig) withDefaults(elasticsearchVersion string) ClusterConfig {
	cluster.InstanceCount = cmp.Or(cluster.InstanceCount, 1)
	if cluster.ZoneAwarenessEnabled {
		cluster.ZoneAwarenessConfig.AvailabilityZoneCount = cmp.Or(cluster.ZoneAwarenessConfig.AvailabilityZoneCount, 2)
	}
	if cluster.DedicatedMasterEnabled {
		cluster.DedicatedMasterCount = cmp.Or(cluster.DedicatedMasterCount, 3)
	}
	if running, known := findVersion(elasticsearchVersion); cluster.WarmEnabled && known && !running.before(coldStorageSince) {
		// Left out, it would stay on where it was on, and no plan would show that. Where it never was on, AWS says so.
		cluster.ColdStorageOptions.Enabled = orPointer(cluster.ColdStorageOptions.Enabled, false)
	}
	return cluster
}

var clusterConfigValues = map[string]allowed{
	"domain.cluster_config.instance_type":                                 instanceType,
	"domain.cluster_config.instance_count":                                between(1, 200),
	"domain.cluster_config.dedicated_master_type":                         instanceType,
	"domain.cluster_config.dedicated_master_count":                        oddMasters,
	"domain.cluster_config.zone_awareness_config.availability_zone_count": between(2, 3),
	"domain.cluster_config.warm_count":                                    between(2, 150),
	"domain.cluster_config.warm_type":                                     oneOf(warmTypes...),
}

var clusterConfigRules = []rule{
	{"instance types need their version", instanceTypesNeedVersion},
	{"encryption at rest needs an instance type that has it", encryptionNeedsInstanceType},
	{"burstable nodes are few", func(e Environment) []finding {
		var many []finding
		count := e.Domain.ClusterConfig.InstanceCount
		for _, node := range e.Domain.nodeTypes() {
			kind, _ := instanceKind(node.text)
			many = append(many, when(kind.burstable && count > 10, node.path,
				"%q goes with ten data nodes at most, and this domain has %d; take a larger instance type", node.text, count)...)
		}
		return many
	}},
	{"many nodes need masters", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.InstanceCount > 10 && !cluster.DedicatedMasterEnabled, "domain.cluster_config.instance_count",
			"%d nodes need dedicated masters, as every domain of more than ten does; set dedicated_master_enabled: true",
			cluster.InstanceCount)
	}},
	{"zones need awareness", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		zones := cluster.ZoneAwarenessConfig.AvailabilityZoneCount
		return when(zones != 0 && !cluster.ZoneAwarenessEnabled, "domain.cluster_config.zone_awareness_config.availability_zone_count",
			"%d zones are not used without zone_awareness_enabled: true; add it", zones)
	}},
	{"nodes fill their zones", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		zones := cluster.ZoneAwarenessConfig.AvailabilityZoneCount
		path := "domain.cluster_config.instance_count"
		// AWS takes five nodes in three zones, and three in none of two.
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
		switch {
		case !cluster.ZoneAwarenessEnabled:
			return nil
		case zones == 2:
			return when(cluster.InstanceCount%2 != 0, path, "%d cannot be spread over 2 zones; use an even number", cluster.InstanceCount)
		default:
			return when(zones == 3 && cluster.InstanceCount < 3, path, "%d cannot be spread over 3 zones; use at least 3",
				cluster.InstanceCount)
		}
	}},
	{"masters need to be enabled", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		if cluster.DedicatedMasterEnabled {
			return nil
		}
		text := "is not used, and refused by AWS, without dedicated_master_enabled: true; add it"
		return slices.Concat(
			when(cluster.DedicatedMasterType != "", "domain.cluster_config.dedicated_master_type", "%s", text),
			when(cluster.DedicatedMasterCount != 0, "domain.cluster_config.dedicated_master_count", "%s", text))
	}},
	{"masters need a type", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.DedicatedMasterEnabled && cluster.DedicatedMasterType == "",
			"domain.cluster_config.dedicated_master_enabled",
			`true needs dedicated_master_type; add one such as "m6g.large.elasticsearch"`)
	}},
	{"warm nodes need to be enabled", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		if cluster.WarmEnabled {
			return nil
		}
		text := "is not used without warm_enabled: true; add it"
		return slices.Concat(
			when(cluster.WarmType != "", "domain.cluster_config.warm_type", "%s", text),
			when(cluster.WarmCount != 0, "domain.cluster_config.warm_count", "%s", text))
	}},
	{"warm nodes need a type and a count", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		path := "domain.cluster_config.warm_enabled"
		return slices.Concat(
			when(cluster.WarmEnabled && cluster.WarmType == "", path,
				`true needs warm_type; add one such as "ultrawarm1.medium.elasticsearch"`),
			when(cluster.WarmEnabled && cluster.WarmCount == 0, path, "true needs warm_count; add one such as 2"))
	}},
	{"warm nodes need masters", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cluster.WarmEnabled && !cluster.DedicatedMasterEnabled, "domain.cluster_config.warm_enabled",
			"true needs dedicated masters; set dedicated_master_enabled: true")
	}},
	{"warm nodes stand beside no burstable ones", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		kind, _ := instanceKind(cluster.InstanceType)
		return when(cluster.WarmEnabled && kind.burstable, "domain.cluster_config.warm_enabled",
			"true cannot go with %s, for t2 and t3 have no warm nodes; take a larger instance type", cluster.InstanceType)
	}},
	{"cold storage needs warm nodes", func(e Environment) []finding {
		cluster := e.Domain.ClusterConfig
		return when(cold(e) && !cluster.WarmEnabled, "domain.cluster_config.cold_storage_options.enabled",
			"true needs warm nodes; set warm_enabled: true")
	}},
}

var clusterConfigWarnings = []warning{
	{"domain.cluster_config.instance_count", func(e Environment, _ time.Time) string {
		cluster := e.Domain.ClusterConfig
		return sayIf(cluster.ZoneAwarenessConfig.AvailabilityZoneCount == 3 && cluster.InstanceCount%3 != 0,
			fmt.Sprintf("%d nodes in 3 zones carry uneven loads; AWS recommends a multiple of 3", cluster.InstanceCount))
	}},
}

// oddMasters: AWS refuses one dedicated master and more than five; two or four lose their quorum as easily as one or three.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html
var oddMasters = allowed{numbers: []int{3, 5}, wrong: func(value any) string {
	return fmt.Sprintf("%d is no number of dedicated masters with a safe quorum; use 3 or 5", value)
}}

// nodeTypes is the instance type of each kind of node, by the path of its key.
func (domain Domain) nodeTypes() []finding {
	return []finding{
		{path: "domain.cluster_config.instance_type", text: domain.ClusterConfig.InstanceType},
		{path: "domain.cluster_config.dedicated_master_type", text: domain.ClusterConfig.DedicatedMasterType},
	}
}

func instanceTypesNeedVersion(e Environment) []finding {
	running, known := findVersion(e.Domain.ElasticsearchVersion)
	if !known {
		return nil
	}
	var findings []finding
	for _, node := range e.Domain.nodeTypes() {
		kind, ok := instanceKind(node.text)
		until := kind.until
		if strings.HasPrefix(node.text, "t2.micro.") {
			until = version{2, 3}
		}
		switch {
		case !ok:
		case running.before(kind.since):
			findings = append(findings,
				findingAt(node.path, "%q needs Elasticsearch %s or newer, and this domain has %s; raise elasticsearch_version or take "+
					"another type", node.text, kind.since, running)...)
		case until != version{} && until.before(running.version):
			findings = append(findings, findingAt(node.path, "%q runs Elasticsearch up to %s, and this domain has %s; take another type",
				node.text, until, running)...)
		}
	}
	return findings
}

func encryptionNeedsInstanceType(e Environment) []finding {
	var findings []finding
	for _, node := range e.Domain.nodeTypes() {
		kind, _ := instanceKind(node.text)
		findings = append(findings, when(kind.unencrypted && *e.Domain.EncryptAtRest.Enabled, node.path,
			"%q has no encryption at rest; take another type, or set encrypt_at_rest.enabled: false", node.text)...)
	}
	return findings
}

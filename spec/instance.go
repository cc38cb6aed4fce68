package spec

import (
	"slices"
	"strings"
)

// instanceFamily is what the instance types of one family have in common on AWS Elasticsearch.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html
type instanceFamily struct {
	since              version // the first version of Elasticsearch that runs on it
	until              version // the last one; zero: all since
	burstable          bool    // t2, t3: at most ten nodes, no warm nodes, no Auto-Tune
	instanceStore      bool    // disks of its own, so EBS must be off
	eitherStore        bool    // disks of its own, or EBS
	graviton           bool    // no magnetic volumes
	previousGeneration bool    // no gp3 volumes
	unencrypted        bool    // no encryption at rest, and so no fine-grained access control
	volumes            map[string]volumeLimit
}

// volumeLimit is the largest EBS volume of an instance type, in GiB; zero where there is none. The smallest is always 10.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#ebsresource
type volumeLimit struct{ gp2, gp3 int }

// smallestVolume is the smallest EBS volume of every instance type, in GiB.
const smallestVolume = 10

var (
	modern   = version{5, 1}
	graviton = version{7, 9}
)

var instanceFamilies = map[string]instanceFamily{
	"t2": {since: version{1, 5}, burstable: true, previousGeneration: true, unencrypted: true, volumes: map[string]volumeLimit{
		"micro": {35, 0}, "small": {35, 0}, "medium": {35, 0}}},
	"t3": {since: version{5, 6}, burstable: true, volumes: map[string]volumeLimit{
		"small": {100, 100}, "medium": {200, 200}}},
	"m3": {since: version{1, 5}, until: version{6, 5}, previousGeneration: true, unencrypted: true, volumes: map[string]volumeLimit{
		"medium": {100, 0}, "large": {512, 0}, "xlarge": {512, 0}, "2xlarge": {512, 0}}},
	"m4": {since: version{1, 5}, previousGeneration: true, volumes: map[string]volumeLimit{
		"large": {512, 0}, "xlarge": {1024, 0}, "2xlarge": {1536, 0}, "4xlarge": {1536, 0}, "10xlarge": {1536, 0}}},
	"m5": {since: modern, volumes: map[string]volumeLimit{
		"large": {512, 1024}, "xlarge": {1024, 2048}, "2xlarge": {1536, 3072}, "4xlarge": {3072, 6144}, "12xlarge": {9216, 18432}}},
	"m6g": {since: graviton, graviton: true, volumes: map[string]volumeLimit{
		"large": {512, 1024}, "xlarge": {1024, 2048}, "2xlarge": {1536, 3072}, "4xlarge": {3072, 6144}, "8xlarge": {6144, 12288},
		"12xlarge": {9216, 18432}}},
	"c4": {since: version{1, 5}, previousGeneration: true, volumes: map[string]volumeLimit{
		"large": {100, 0}, "xlarge": {512, 0}, "2xlarge": {1024, 0}, "4xlarge": {1536, 0}, "8xlarge": {1536, 0}}},
	"c5": {since: modern, volumes: map[string]volumeLimit{
		"large": {256, 256}, "xlarge": {512, 512}, "2xlarge": {1024, 1024}, "4xlarge": {1536, 1536}, "9xlarge": {3584, 3584},
		"18xlarge": {7168, 7168}}},
	"c6g": {since: graviton, graviton: true, volumes: map[string]volumeLimit{
		"large": {256, 256}, "xlarge": {512, 512}, "2xlarge": {1024, 1024}, "4xlarge": {1536, 1536}, "8xlarge": {3072, 3072},
		"12xlarge": {4608, 4608}}},
	"r3": {since: version{1, 5}, eitherStore: true, previousGeneration: true, unencrypted: true, volumes: map[string]volumeLimit{
		"large": {512, 0}, "xlarge": {512, 0}, "2xlarge": {512, 0}, "4xlarge": {512, 0}, "8xlarge": {512, 0}}},
	"r4": {since: version{1, 5}, previousGeneration: true, volumes: map[string]volumeLimit{
		"large": {1024, 0}, "xlarge": {1536, 0}, "2xlarge": {1536, 0}, "4xlarge": {1536, 0}, "8xlarge": {1536, 0}, "16xlarge": {1536, 0}}},
	"r5": {since: modern, volumes: map[string]volumeLimit{
		"large": {1024, 2048}, "xlarge": {1536, 3072}, "2xlarge": {3072, 6144}, "4xlarge": {6144, 12288}, "12xlarge": {12288, 24576}}},
	"r6g": {since: graviton, graviton: true, volumes: map[string]volumeLimit{
		"large": {1024, 2048}, "xlarge": {1536, 3072}, "2xlarge": {3072, 6144}, "4xlarge": {6144, 12288}, "8xlarge": {8192, 16384},
		"12xlarge": {12288, 24576}}},
	"r6gd": {since: graviton, graviton: true, instanceStore: true, volumes: map[string]volumeLimit{
		"large": {}, "xlarge": {}, "2xlarge": {}, "4xlarge": {}, "8xlarge": {}, "12xlarge": {}, "16xlarge": {}}},
	"i2": {since: version{1, 5}, eitherStore: true, previousGeneration: true, volumes: map[string]volumeLimit{
		"xlarge": {512, 0}, "2xlarge": {512, 0}}},
	"i3": {since: modern, instanceStore: true, volumes: map[string]volumeLimit{
		"large": {}, "xlarge": {}, "2xlarge": {}, "4xlarge": {}, "8xlarge": {}, "16xlarge": {}}},
}

// warmTypes is every instance type that an UltraWarm node can have.
var warmTypes = []string{"ultrawarm1.medium.elasticsearch", "ultrawarm1.large.elasticsearch", "ultrawarm1.xlarge.elasticsearch"}

// instanceTypes is every instance type that a data node or a dedicated master can have, in the order of the alphabet.
var instanceTypes = func() []string {
	var types []string
	for name, family := range instanceFamilies {
		for size := range family.volumes {
			types = append(types, name+"."+size+".elasticsearch")
		}
	}
	slices.Sort(types)
	return types
}()

// instanceKind returns the family of an instance type such as "m5.large.elasticsearch", unless the type is not known.
func instanceKind(instanceType string) (instanceFamily, bool) {
	if !slices.Contains(instanceTypes, instanceType) {
		return instanceFamily{}, false
	}
	name, _, _ := strings.Cut(instanceType, ".")
	return instanceFamilies[name], true
}

// largestVolume returns the largest EBS volume of a known instance type in GiB, zero where it takes none of that type.
func largestVolume(instanceType, volumeType string) int {
	parts := strings.Split(instanceType, ".")
	limit := instanceFamilies[parts[0]].volumes[parts[1]]
	switch volumeType {
	case "gp3":
		return limit.gp3
	case "standard":
		return min(limit.gp2, 100)
	default:
		return limit.gp2
	}
}

package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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
	memory             float64 // GiB of the size large, of which the others are multiples
	sizes              map[string]storage
}

// storage is the largest EBS volumes of an instance type, in GiB, and its own disks, in GB; zero where there is none. The
// smallest volume is always 10.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#ebsresource
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
type storage struct{ gp2, gp3, disks int }

// smallestVolume is the smallest EBS volume of every instance type, in GiB.
const smallestVolume = 10

var (
	modern   = version{5, 1}
	graviton = version{7, 9}
)

var instanceFamilies = map[string]instanceFamily{
	"t2": {since: version{1, 5}, burstable: true, previousGeneration: true, unencrypted: true, memory: 8, sizes: map[string]storage{
		"micro": {35, 0, 0}, "small": {35, 0, 0}, "medium": {35, 0, 0}}},
	"t3": {since: version{5, 6}, burstable: true, memory: 8, sizes: map[string]storage{
		"small": {100, 100, 0}, "medium": {200, 200, 0}}},
	"m3": {since: version{1, 5}, until: version{6, 5}, previousGeneration: true, unencrypted: true, memory: 7.5, sizes: map[string]storage{
		"medium": {100, 0, 0}, "large": {512, 0, 0}, "xlarge": {512, 0, 0}, "2xlarge": {512, 0, 0}}},
	"m4": {since: version{1, 5}, previousGeneration: true, memory: 8, sizes: map[string]storage{
		"large": {512, 0, 0}, "xlarge": {1024, 0, 0}, "2xlarge": {1536, 0, 0}, "4xlarge": {1536, 0, 0}, "10xlarge": {1536, 0, 0}}},
	"m5": {since: modern, memory: 8, sizes: map[string]storage{
		"large": {512, 1024, 0}, "xlarge": {1024, 2048, 0}, "2xlarge": {1536, 3072, 0}, "4xlarge": {3072, 6144, 0}, "12xlarge": {9216,
			18432, 0}}},
	"m6g": {since: graviton, graviton: true, memory: 8, sizes: map[string]storage{
		"large": {512, 1024, 0}, "xlarge": {1024, 2048, 0}, "2xlarge": {1536, 3072, 0}, "4xlarge": {3072, 6144, 0}, "8xlarge": {6144, 12288,
			0},
		"12xlarge": {9216, 18432, 0}}},
	"c4": {since: version{1, 5}, previousGeneration: true, memory: 3.75, sizes: map[string]storage{
		"large": {100, 0, 0}, "xlarge": {512, 0, 0}, "2xlarge": {1024, 0, 0}, "4xlarge": {1536, 0, 0}, "8xlarge": {1536, 0, 0}}},
	"c5": {since: modern, memory: 4, sizes: map[string]storage{
		"large": {256, 256, 0}, "xlarge": {512, 512, 0}, "2xlarge": {1024, 1024, 0}, "4xlarge": {1536, 1536, 0}, "9xlarge": {3584, 3584, 0},
		"18xlarge": {7168, 7168, 0}}},
	"c6g": {since: graviton, graviton: true, memory: 4, sizes: map[string]storage{
		"large": {256, 256, 0}, "xlarge": {512, 512, 0}, "2xlarge": {1024, 1024, 0}, "4xlarge": {1536, 1536, 0}, "8xlarge": {3072, 3072, 0},
		"12xlarge": {4608, 4608, 0}}},
	"r3": {since: version{1, 5}, eitherStore: true, previousGeneration: true, unencrypted: true, memory: 15.25, sizes: map[string]storage{
		"large": {512, 0, 32}, "xlarge": {512, 0, 80}, "2xlarge": {512, 0, 160}, "4xlarge": {512, 0, 320}, "8xlarge": {512, 0, 640}}},
	"r4": {since: version{1, 5}, previousGeneration: true, memory: 15.25, sizes: map[string]storage{
		"large": {1024, 0, 0}, "xlarge": {1536, 0, 0}, "2xlarge": {1536, 0, 0}, "4xlarge": {1536, 0, 0}, "8xlarge": {1536, 0,
			0}, "16xlarge": {1536, 0, 0}}},
	"r5": {since: modern, memory: 16, sizes: map[string]storage{
		"large": {1024, 2048, 0}, "xlarge": {1536, 3072, 0}, "2xlarge": {3072, 6144, 0}, "4xlarge": {6144, 12288, 0}, "12xlarge": {12288,
			24576, 0}}},
	"r6g": {since: graviton, graviton: true, memory: 16, sizes: map[string]storage{
		"large": {1024, 2048, 0}, "xlarge": {1536, 3072, 0}, "2xlarge": {3072, 6144, 0}, "4xlarge": {6144, 12288, 0}, "8xlarge": {8192,
			16384, 0},
		"12xlarge": {12288, 24576, 0}}},
	"r6gd": {since: graviton, graviton: true, instanceStore: true, memory: 16, sizes: map[string]storage{
		"large": {0, 0, 118}, "xlarge": {0, 0, 237}, "2xlarge": {0, 0, 474}, "4xlarge": {0, 0, 950}, "8xlarge": {0, 0, 1900},
		"12xlarge": {0, 0, 2850}, "16xlarge": {0, 0, 3800}}},
	"i2": {since: version{1, 5}, eitherStore: true, previousGeneration: true, memory: 15.25, sizes: map[string]storage{
		"xlarge": {512, 0, 800}, "2xlarge": {512, 0, 1600}}},
	"i3": {since: modern, instanceStore: true, memory: 15.25, sizes: map[string]storage{
		"large": {0, 0, 475}, "xlarge": {0, 0, 950}, "2xlarge": {0, 0, 1900}, "4xlarge": {0, 0, 3800}, "8xlarge": {0, 0, 7600},
		"16xlarge": {0, 0, 15200}}},
}

// warmTypes is every instance type that an UltraWarm node can have.
var warmTypes = []string{"ultrawarm1.medium.elasticsearch", "ultrawarm1.large.elasticsearch", "ultrawarm1.xlarge.elasticsearch"}

// warmStorage is what an UltraWarm node of a type stores, in GiB; AWS does not say it of ultrawarm1.xlarge.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#limits-ultrawarm
var warmStorage = map[string]int{"ultrawarm1.medium.elasticsearch": 1536, "ultrawarm1.large.elasticsearch": 20480}

// instanceTypes is every instance type that a data node or a dedicated master can have, in the order of the alphabet.
var instanceTypes = func() []string {
	var types []string
	for name, family := range instanceFamilies {
		for size := range family.sizes {
			types = append(types, name+"."+size+".elasticsearch")
		}
	}
	slices.Sort(types)
	return types
}()

// currentInstanceTypes is instanceTypes without those of the previous generation.
var currentInstanceTypes = slices.DeleteFunc(slices.Clone(instanceTypes), func(instanceType string) bool {
	kind, _ := instanceKind(instanceType)
	return kind.previousGeneration
})

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
	limit := storageOf(instanceType)
	switch volumeType {
	case "gp3":
		return limit.gp3
	case "standard":
		return min(limit.gp2, 100)
	default:
		return limit.gp2
	}
}

func storageOf(instanceType string) storage {
	parts := strings.Split(instanceType, ".")
	return instanceFamilies[parts[0]].sizes[parts[1]]
}

// instanceStore returns the MiB of an instance type's own disks; 0 where it has none or is not known.
func instanceStore(instanceType string) int {
	if _, known := instanceKind(instanceType); !known {
		return 0
	}
	const gigabyte, mebibyte = 1_000_000_000, 1 << 20
	return storageOf(instanceType).disks * gigabyte / mebibyte
}

// heap returns the GiB of an instance type's Java heap, which is half its memory and at most 32; 0 where it is not known.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html
func heap(instanceType string) float64 {
	kind, known := instanceKind(instanceType)
	if !known {
		return 0
	}
	size := strings.Split(instanceType, ".")[1]
	times, named := map[string]float64{"micro": 1. / 8, "small": 1. / 4, "medium": 1. / 2, "large": 1, "xlarge": 2}[size]
	if !named {
		xlarges, _ := strconv.Atoi(strings.TrimSuffix(size, "xlarge"))
		times = 2 * float64(xlarges)
	}
	return min(kind.memory*times/2, 32)
}

var instanceType = allowed{texts: instanceTypes, wrong: func(value any) string {
	text := value.(string)
	if name, isOpenSearch := strings.CutSuffix(text, ".search"); isOpenSearch {
		candidate := name + ".elasticsearch"
		if !slices.Contains(instanceTypes, candidate) {
			candidate = cmp.Or(nearest(candidate, currentInstanceTypes), "m5.large.elasticsearch")
		}
		return fmt.Sprintf("%s is an OpenSearch type; use %q", quote(text), candidate)
	}
	if slices.Contains(instanceTypes, text+".elasticsearch") {
		return fmt.Sprintf("%s lacks its ending; write %q", quote(text), text+".elasticsearch")
	}
	if slices.Contains(warmTypes, text) {
		return quote(text) + " is for UltraWarm nodes alone; use it as warm_type"
	}
	return fmt.Sprintf("%s is no instance type of AWS Elasticsearch%s", quote(text),
		cmp.Or(didYouMean(text, instanceTypes), `; write one such as "m5.large.elasticsearch"`))
}}

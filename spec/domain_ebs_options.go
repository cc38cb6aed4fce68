package spec

import (
	"cmp"
	"slices"
)

// EBSOptions is the ebs_options block.
type EBSOptions struct {
	// Whether data nodes have EBS volumes. Default: what the instance type asks for.
	EBSEnabled *bool `json:"ebs_enabled,omitempty"`

	// GiB of each data node's volume. Default: 10.
	VolumeSize int `json:"volume_size,omitempty"`

	// gp3, gp2, io1 or standard. Default: gp3, and gp2 on instance types of the previous generation.
	VolumeType string `json:"volume_type,omitempty"`

	// Provisioned operations a second, for gp3 and io1 only; io1 needs it. Default: what AWS gives a gp3 volume.
	Iops int `json:"iops,omitempty"`

	// MiB a second, 125 to 1000 for every 3 TiB, for gp3 only. Default: what AWS gives a gp3 volume.
	Throughput int `json:"throughput,omitempty"`
}

// withDefaults fills in what goes with an instance type.
func (ebs EBSOptions) withDefaults(instanceType string) EBSOptions {
	kind, known := instanceKind(instanceType)
	ebs.EBSEnabled = orPointer(ebs.EBSEnabled, !known || !kind.instanceStore)
	if *ebs.EBSEnabled {
		ebs.VolumeSize = cmp.Or(ebs.VolumeSize, 10)
		if kind.previousGeneration {
			ebs.VolumeType = cmp.Or(ebs.VolumeType, "gp2")
		} else {
			ebs.VolumeType = cmp.Or(ebs.VolumeType, "gp3")
		}
	}
	return ebs
}

var ebsOptionsValues = map[string]allowed{
	"domain.ebs_options.volume_size": between(smallestVolume, 24576),
	"domain.ebs_options.volume_type": volumeType,
	"domain.ebs_options.iops":        between(leastProvisioned, 256000),
	"domain.ebs_options.throughput":  between(125, 16000),
}

// leastProvisioned is how many operations a second can be asked for at least.
const leastProvisioned = 1000

var volumeType = oneOf("gp3", "gp2", "io1", "standard")

var ebsOptionsRules = []rule{
	{"EBS goes with the instance type", func(e Environment) []finding {
		kind, known := instanceKind(e.Domain.ClusterConfig.InstanceType)
		enabled := *e.Domain.EBSOptions.EBSEnabled
		switch {
		case !known || kind.eitherStore || enabled != kind.instanceStore:
			return nil
		case enabled:
			return findingAt("domain.ebs_options.ebs_enabled", "true cannot go with %s, which has disks of its own; leave ebs_options out",
				e.Domain.ClusterConfig.InstanceType)
		default:
			return findingAt("domain.ebs_options.ebs_enabled", "false cannot go with %s, which has no disks of its own; set it to true",
				e.Domain.ClusterConfig.InstanceType)
		}
	}},
	{"volumes need EBS", func(e Environment) []finding {
		ebs := e.Domain.EBSOptions
		kind, known := instanceKind(e.Domain.ClusterConfig.InstanceType)
		if *ebs.EBSEnabled || known && !kind.instanceStore && !kind.eitherStore {
			return nil // on, or as another rule says, to be turned on
		}
		text := "is not used where EBS is off; leave it out"
		return slices.Concat(
			when(ebs.VolumeSize != 0, "domain.ebs_options.volume_size", "%s", text),
			when(ebs.VolumeType != "", "domain.ebs_options.volume_type", "%s", text),
			when(ebs.Iops != 0, "domain.ebs_options.iops", "%s", text),
			when(ebs.Throughput != 0, "domain.ebs_options.throughput", "%s", text))
	}},
	{"volumes fit their instance type", volumesFit},
	{"provisioned IOPS", provisionedIOPS},
	{"provisioned throughput", provisionedThroughput},
}

func volumesFit(e Environment) []finding {
	ebs, instanceType := e.Domain.EBSOptions, e.Domain.ClusterConfig.InstanceType
	kind, known := instanceKind(instanceType)
	if !known || !*ebs.EBSEnabled || kind.instanceStore || volumeType.fault(ebs.VolumeType) != "" {
		return nil
	}
	largest := largestVolume(instanceType, ebs.VolumeType)
	switch {
	case ebs.VolumeType == "gp3" && kind.previousGeneration:
		return findingAt("domain.ebs_options.volume_type", `"gp3" cannot go with %s, a type of the previous generation; use "gp2"`,
			instanceType)
	case ebs.VolumeType == "standard" && kind.graviton:
		return findingAt("domain.ebs_options.volume_type", `"standard" cannot go with %s; use "gp3"`, instanceType)
	default:
		return when(ebs.VolumeSize > largest, "domain.ebs_options.volume_size",
			"%d GiB is more than the %d that %s of %s can have; take a larger instance type or more nodes", ebs.VolumeSize,
			largest, volumeOf(ebs.VolumeType), instanceType)
	}
}

// volumeOf is what one reads aloud of a volume of a type.
func volumeOf(volumeType string) string {
	return "a" + sayIf(volumeType == "io1", "n") + " " + volumeType + " volume"
}

// provisionedIOPS holds iops to the volume. A value that is left over from another volume type breaks the change.
// https://github.com/hashicorp/terraform-provider-aws/issues/32613
func provisionedIOPS(e Environment) []finding {
	ebs, path := e.Domain.EBSOptions, "domain.ebs_options.iops"
	switch {
	case ebs.VolumeType == "io1":
		// https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html
		most := min(50*ebs.VolumeSize, 64_000)
		if most < leastProvisioned {
			return findingAt("domain.ebs_options.volume_type",
				`"io1" has 50 operations a second for each GiB, so %d GiB are too few for the %d that it has at least; use `+
					"volume_size: %d or more, and iops", ebs.VolumeSize, leastProvisioned, leastProvisioned/50)
		}
		return slices.Concat(
			when(ebs.Iops == 0, "domain.ebs_options.volume_type", `"io1" needs iops; add it, %d to %d for %d GiB`, leastProvisioned, most,
				ebs.VolumeSize),
			when(ebs.Iops > most, path, "%d is more than the %d that an io1 volume of %d GiB takes; lower it", ebs.Iops, most,
				ebs.VolumeSize))
	case ebs.VolumeType == "gp3" && ebs.Iops != 0:
		least := leastIOPS(ebs.VolumeSize)
		most := max(least, min(500*ebs.VolumeSize, 16000*((ebs.VolumeSize+3071)/3072)))
		return when(ebs.Iops < least || ebs.Iops > most, path,
			"%d is outside the %d to %d of a gp3 volume of %d GiB; choose a number in that range, or leave it out", ebs.Iops, least, most,
			ebs.VolumeSize)
	default:
		return when(ebs.Iops != 0 && (ebs.VolumeType == "gp2" || ebs.VolumeType == "standard"), path,
			"%d cannot go with a %s volume; leave it out, or use gp3", ebs.Iops, ebs.VolumeType)
	}
}

// leastIOPS is what a gp3 volume has at least, and what it has where nothing is provisioned.
func leastIOPS(volumeSize int) int {
	if volumeSize > 1024 {
		return max(3000, 3*volumeSize)
	}
	return 3000
}

func provisionedThroughput(e Environment) []finding {
	ebs, path := e.Domain.EBSOptions, "domain.ebs_options.throughput"
	switch {
	case ebs.Throughput == 0 || ebs.VolumeType == "":
		return nil
	case ebs.VolumeType == "gp2" || ebs.VolumeType == "io1" || ebs.VolumeType == "standard":
		return findingAt(path, "%d cannot go with %s; leave it out, or use gp3", ebs.Throughput, volumeOf(ebs.VolumeType))
	}
	if ebs.VolumeSize >= 200 && ebs.Throughput < 250 {
		// https://github.com/ministryofjustice/cloud-platform-infrastructure/issues/3194
		return findingAt(path, "%d is less than the 250 that AWS asks of a gp3 volume of %d GiB; raise it, or leave it out", ebs.Throughput,
			ebs.VolumeSize)
	}
	// A quarter MiB/s for each operation, and 1,000 for every 3 TiB.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html
	iops := cmp.Or(ebs.Iops, leastIOPS(ebs.VolumeSize))
	if most := 1000 * ((ebs.VolumeSize + 3071) / 3072); ebs.Throughput > most {
		return findingAt(path, "%d is more than the %d that a volume of %d GiB allows; lower it", ebs.Throughput, most, ebs.VolumeSize)
	}
	return when(ebs.Throughput > iops/4, path, "%d is more than the %d that %d IOPS allow; lower it or raise iops", ebs.Throughput, iops/4,
		iops)
}

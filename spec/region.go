package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// regionSection is all that is known of region.
var regionSection = section{
	key: "region",
	values: map[string]allowed{
		"region": knownRegion,
	},
}

var regionName = matches(`^[a-z]{2,4}(-[a-z]+)+-[0-9]$`, `an AWS region; write one such as "eu-central-1"`)

// knownRegion is one that the provider knows: of any other its plan fails.
var knownRegion = func() allowed {
	allowed := regionName
	allowed.alsoWrong = func(value any) string {
		return sayIf(!slices.Contains(regions, value.(string)), quote(value.(string))+" is no region that the AWS provider knows"+
			cmp.Or(didYouMean(value.(string), regions), `; write one such as "eu-central-1"`))
	}
	return allowed
}()

var (
	arnPlace = regexp.MustCompile(`^arn:(aws(?:-[a-z]+)*):[a-z0-9-]+:([a-z0-9-]*):`)
	// Those beside "aws", what the names of their regions begin with, and whether Amazon Cognito has user pools there.
	// https://github.com/boto/botocore/blob/1.40.0/botocore/data/endpoints.json
	partitions = []struct {
		prefix, partition string
		userPools         bool
	}{
		{"cn-", "aws-cn", false},
		{"us-gov-", "aws-us-gov", true},
		{"us-iso-", "aws-iso", false},
		{"us-isob-", "aws-iso-b", false},
		{"us-isof-", "aws-iso-f", false},
		{"eu-isoe-", "aws-iso-e", false},
		{"eusc-", "aws-eusc", true},
	}
)

// regions is every region that the provider of the stacks knows.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/names/names.go
var regions = []string{"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
	"ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7",
	"ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-isoe-west-1", "eu-north-1",
	"eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1",
	"mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1", "us-iso-west-1",
	"us-isob-east-1", "us-isof-east-1", "us-isof-south-1", "us-west-1", "us-west-2"}

// partitionOf is the partition of a region.
func partitionOf(region string) string {
	partition := "aws"
	for _, candidate := range partitions {
		if strings.HasPrefix(region, candidate.prefix) {
			partition = candidate.partition
		}
	}
	return partition
}

// hasUserPools reports whether Amazon Cognito has user pools in a region.
func hasUserPools(region string) bool {
	for _, candidate := range partitions {
		if strings.HasPrefix(region, candidate.prefix) {
			return candidate.userPools
		}
	}
	return true
}

// otherPlace says that an ARN of what belongs to the domain is of another partition or region than the domain.
func otherPlace(path, arn, region string) string {
	place := arnPlace.FindStringSubmatch(arn)
	elsewhere := []string{"backend", "default_tags", "domain.tags", "network.subnet_tags", "sign_in.saml"}
	if place == nil || region == "" || slices.ContainsFunc(elsewhere, func(outer string) bool { return within(path, outer) }) {
		return ""
	}
	partition := partitionOf(region)
	switch {
	case place[1] != partition:
		return fmt.Sprintf("%s is in the partition %s, and region %s is in %s; name one of that", quote(arn), place[1], region, partition)
	case place[2] != "" && place[2] != region:
		return fmt.Sprintf("%s is in %s, and the domain is in %s; name one of that region", quote(arn), place[2], region)
	default:
		return ""
	}
}

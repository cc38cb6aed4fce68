package stacks

import (
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawscalleridentity"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawspartition"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawsregion"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// location is where a stack is deployed to. Terraform knows it from the credentials that it runs with.
type location struct{ partition, dnsSuffix, region, account string }

func newLocation(stack cdktf.TerraformStack) location {
	dataawspartition.NewDataAwsPartition(stack, jsii.String("partition"), &dataawspartition.DataAwsPartitionConfig{})
	dataawsregion.NewDataAwsRegion(stack, jsii.String("region"), &dataawsregion.DataAwsRegionConfig{})
	dataawscalleridentity.NewDataAwsCallerIdentity(stack, jsii.String("caller"), &dataawscalleridentity.DataAwsCallerIdentityConfig{})
	return location{
		partition: *reference("data.aws_partition.partition", "partition"),
		dnsSuffix: *reference("data.aws_partition.partition", "dns_suffix"),
		region:    *reference("data.aws_region.region", "name"),
		account:   *reference("data.aws_caller_identity.caller", "account_id"),
	}
}

// arn is the ARN of a resource of this region and account.
func (here location) arn(service, resource string) string {
	return "arn:" + here.partition + ":" + service + ":" + here.region + ":" + here.account + ":" + resource
}

// in is the same account in another region.
func (here location) in(region string) location {
	here.region = region
	return here
}

// global is the ARN of a resource of this account that is in no region.
func (here location) global(service, resource string) string {
	return "arn:" + here.partition + ":" + service + "::" + here.account + ":" + resource
}

// isARN reports whether a text is an ARN, and no name or id.
func isARN(text string) bool { return strings.HasPrefix(text, "arn:") }

// regionOfKey is the region of a key, which S3 wants to be that of the bucket.
func regionOfKey(arn string) string { return strings.Split(arn, ":")[3] }

func (here location) keyARN(key string) string {
	if isARN(key) {
		return key
	}
	return here.arn("kms", "key/"+key)
}

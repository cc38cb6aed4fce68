// Command othermodule is somebody else's app: the stack of this project beside a resource that this project does not have.
package main

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucket"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

func main() {
	defer jsii.Close()
	metrics, err := stacks.NewMetrics(cdktf.Testing_App(nil), "metrics", spec.Environment{
		Region: "us-east-1",
		Domain: spec.Domain{
			DomainName:           "metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig:        spec.ClusterConfig{InstanceType: "t3.small.elasticsearch"},
		},
	})
	if err != nil {
		panic(err)
	}
	s3bucket.NewS3Bucket(metrics.Stack, jsii.String("bucket"), &s3bucket.S3BucketConfig{})
	fmt.Println(*cdktf.Testing_Synth(metrics.Stack, nil))
}

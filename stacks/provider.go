package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/provider"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func newProvider(stack cdktf.TerraformStack, region string, defaultTags map[string]string, at spec.Endpoints) {
	config := provider.AwsProviderConfig{Region: &region}
	if len(defaultTags) > 0 {
		config.DefaultTags = []*provider.AwsProviderDefaultTags{{Tags: stringMap(defaultTags)}}
	}
	if at != (spec.Endpoints{}) {
		var endpoints provider.AwsProviderEndpoints
		convert(at, &endpoints)
		config.Endpoints = []*provider.AwsProviderEndpoints{&endpoints}
	}
	provider.NewAwsProvider(stack, jsii.String("aws"), &config)
}

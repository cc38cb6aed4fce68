package domain

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticsearchservice"
	"github.com/aws/smithy-go"

	"cdktf-aimetrics/spec"
)

// Describe asks AWS for all that it says of a domain: the answers of three calls, as JSON in the names that `aws es` prints them with, one
// behind the other. An empty region is that of the profile or of AWS_REGION.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeElasticsearchDomain.html
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeElasticsearchDomainConfig.html
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_ListTags.html
func Describe(ctx context.Context, region, name string, askMFA func() (string, error)) ([]byte, error) {
	client, err := elasticsearchClient(ctx, region, "", askMFA)
	if err != nil {
		return nil, err
	}
	if region = client.Options().Region; region == "" {
		return nil, errors.New("the domain's region is in neither AWS_REGION nor the profile; add --region, such as --region eu-central-1")
	}
	fault := func(err error, call string) error {
		return describeFault(err, name, region, "es:"+call, remedies{"name another, or another region or profile",
			"give AWS's answers in files, with --from"})
	}
	status, err := client.DescribeElasticsearchDomain(ctx, &elasticsearchservice.DescribeElasticsearchDomainInput{DomainName: &name})
	if err != nil {
		return nil, fault(err, "DescribeElasticsearchDomain")
	}
	config, err := client.DescribeElasticsearchDomainConfig(ctx,
		&elasticsearchservice.DescribeElasticsearchDomainConfigInput{DomainName: &name})
	if err != nil {
		return nil, fault(err, "DescribeElasticsearchDomainConfig")
	}
	tags, err := client.ListTags(ctx, &elasticsearchservice.ListTagsInput{ARN: status.DomainStatus.ARN})
	if err != nil {
		return nil, fault(err, "ListTags")
	}
	var all []byte
	for _, answer := range []any{
		map[string]any{"DomainStatus": status.DomainStatus},
		map[string]any{"DomainConfig": config.DomainConfig},
		map[string]any{"TagList": tags.TagList},
	} {
		text, err := json.Marshal(answer)
		if err != nil {
			return nil, err
		}
		all = append(append(all, text...), '\n')
	}
	return all, nil
}

// elasticsearchClient is a client of AWS's API for domains, at another address than AWS's own where one is given.
func elasticsearchClient(ctx context.Context, region, endpoint string, askMFA func() (string, error)) (
	*elasticsearchservice.Client, error,
) {
	loaded, err := loadAWS(ctx, region, askMFA)
	if err != nil {
		return nil, err
	}
	return elasticsearchservice.NewFromConfig(loaded, func(options *elasticsearchservice.Options) {
		if endpoint != "" {
			options.BaseEndpoint = &endpoint
		}
	}), nil
}

// describe asks AWS for where a domain is.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeElasticsearchDomain.html
func describe(ctx context.Context, environment spec.Environment, askMFA func() (string, error)) (Deployed, error) {
	client, err := elasticsearchClient(ctx, environment.Region, environment.Endpoints.ES, askMFA)
	if err != nil {
		return Deployed{}, err
	}
	name := environment.Domain.DomainName
	described, err := client.DescribeElasticsearchDomain(ctx, &elasticsearchservice.DescribeElasticsearchDomainInput{DomainName: &name})
	if err != nil {
		return Deployed{}, describeFault(err, name, environment.Region, "es:DescribeElasticsearchDomain",
			remedies{"deploy it first, or name another with --endpoint", "name the domain with --endpoint"})
	}
	status := described.DomainStatus
	endpoint := cmp.Or(aws.ToString(status.Endpoint), status.Endpoints["vpc"])
	switch {
	case aws.ToBool(status.Deleted):
		return Deployed{}, fmt.Errorf("the domain %s in %s is being deleted; deploy it again", name, environment.Region)
	case endpoint == "":
		return Deployed{}, fmt.Errorf("the domain %s in %s is still being made, which takes AWS 15 to 30 minutes; run it again then", name,
			environment.Region)
	}
	return Deployed{Endpoint: endpoint, ARN: aws.ToString(status.ARN)}, nil
}

// remedies are what to do where a domain is absent, and where AWS says nothing of it.
type remedies struct{ absent, silent string }

// describeFault says why AWS did not describe a domain, with what to do.
func describeFault(err error, name, region, action string, remedy remedies) error {
	var said smithy.APIError
	if !errors.As(err, &said) {
		if strings.Contains(err.Error(), "get credentials") || strings.Contains(err.Error(), "get identity") {
			return credentialsFault(err, ", or "+remedy.silent)
		}
		return fmt.Errorf("AWS did not answer (%s); %s", oneLine(err.Error(), 200), remedy.silent)
	}
	switch said.ErrorCode() {
	case "ResourceNotFoundException":
		return fmt.Errorf("there is no domain %s in %s of these credentials' account; %s", name, region, remedy.absent)
	case "ExpiredTokenException", "ExpiredToken":
		return errors.New("the AWS credentials have expired; sign in anew, such as with `aws sso login`")
	case "AccessDeniedException", "AccessDenied":
		return fmt.Errorf("AWS does not let these credentials describe the domain %s (%s); %s", name, action, remedy.silent)
	}
	return fmt.Errorf("AWS says %s: %s; %s", said.ErrorCode(), oneLine(said.ErrorMessage(), 200), remedy.silent)
}

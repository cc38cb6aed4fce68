package stacks

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/acmcertificate"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/acmcertificatevalidation"
	es "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/route53record"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
)

// customEndpointCertificate is the ARN of the certificate for the endpoint's name: the one that was given, or a new one, once
// ACM has issued it.
func customEndpointCertificate(stack cdktf.TerraformStack, endpoint spec.CustomEndpoint, tags map[string]string) string {
	if endpoint.CertificateARN != "" {
		return endpoint.CertificateARN
	}
	certificate := acmcertificate.NewAcmCertificate(stack, jsii.String("custom_endpoint_certificate"), &acmcertificate.AcmCertificateConfig{
		DomainName:       &endpoint.Name,
		ValidationMethod: jsii.String("DNS"),
		Tags:             stringMap(tags),
		// A certificate that the domain uses cannot be deleted.
		Lifecycle: &cdktf.TerraformResourceLifecycle{CreateBeforeDestroy: jsii.Bool(true)},
	})
	zone := endpoint.ValidationZoneID
	if zone == "" {
		zone = endpoint.ZoneID
	}
	option := func(attribute string) *string { // of the one name that the certificate has
		return jsii.String("${tolist(" + *certificate.Fqn() + ".domain_validation_options)[0]." + attribute + "}")
	}
	proof := route53record.NewRoute53Record(stack, jsii.String("custom_endpoint_validation"), &route53record.Route53RecordConfig{
		ZoneId:  &zone,
		Name:    option("resource_record_name"),
		Type:    option("resource_record_type"),
		Ttl:     jsii.Number(60),
		Records: &[]*string{option("resource_record_value")},
		// ACM asks for the same record for every certificate of a name.
		AllowOverwrite: true,
	})
	validation := acmcertificatevalidation.NewAcmCertificateValidation(stack, jsii.String("custom_endpoint_issued"), &acmcertificatevalidation.AcmCertificateValidationConfig{
		CertificateArn:        certificate.Arn(),
		ValidationRecordFqdns: &[]*string{proof.Fqdn()},
	})
	return *validation.CertificateArn()
}

// newCustomEndpointRecord leads the endpoint's name to the domain.
func newCustomEndpointRecord(stack cdktf.TerraformStack, endpoint spec.CustomEndpoint, domain es.ElasticsearchDomain) {
	newOutput(stack, "custom_endpoint", "Host of the domain under its own name.", &endpoint.Name)
	if endpoint.ZoneID == "" {
		return
	}
	route53record.NewRoute53Record(stack, jsii.String("custom_endpoint_record"), &route53record.Route53RecordConfig{
		ZoneId:  &endpoint.ZoneID,
		Name:    &endpoint.Name,
		Type:    jsii.String("CNAME"),
		Ttl:     jsii.Number(300),
		Records: &[]*string{domain.Endpoint()},
	})
}

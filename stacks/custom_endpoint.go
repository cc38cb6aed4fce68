package stacks

import (
	"cmp"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/acmcertificate"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/acmcertificatevalidation"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/route53record"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func hasCustomEndpoint(e spec.Environment) bool { return e.CustomEndpoint != nil }

// newCustomEndpoint gives the domain its name, and the certificate for it.
func newCustomEndpoint(build *build) {
	endpoint := *build.environment.CustomEndpoint
	options := &build.domain.DomainEndpointOptions
	options.CustomEndpointEnabled = true
	options.CustomEndpoint = endpoint.Name
	options.CustomEndpointCertificateARN = customEndpointCertificate(build.stack, endpoint, domainTags(build.domain))
}

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
	validation := acmcertificatevalidation.NewAcmCertificateValidation(stack, jsii.String("custom_endpoint_issued"),
		&acmcertificatevalidation.AcmCertificateValidationConfig{
			CertificateArn:        certificate.Arn(),
			ValidationRecordFqdns: &[]*string{proof.Fqdn()},
		})
	return *validation.CertificateArn()
}

// newCustomEndpointRecord leads the endpoint's name to the domain.
func newCustomEndpointRecord(build *build) {
	stack, endpoint, domain := build.stack, *build.environment.CustomEndpoint, build.metrics.Domain
	newOutput(stack, "custom_endpoint", "Host of the domain under your own name.", &endpoint.Name)
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

// proofOf is the pattern of the record's name by which ACM validates a certificate for a name: 32 hexadecimal digits before it.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
func proofOf(name string) string { return "_" + strings.Repeat("?", 32) + "." + name }

// customEndpointGrants holds DNS to the endpoint's name, and to the one in which ACM finds its proof.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
func (here location) customEndpointGrants(e spec.Environment) []grant {
	endpoint := e.CustomEndpoint
	switch certificate := e.Domain.DomainEndpointOptions.CustomEndpointCertificateARN; {
	case endpoint == nil && certificate == "":
		return nil
	case endpoint == nil:
		return []grant{changing("acm:DescribeCertificate").on(certificate)}
	}
	var grants []grant
	if endpoint.CertificateARN != "" {
		grants = append(grants, changing("acm:DescribeCertificate").on(endpoint.CertificateARN))
	} else {
		certificates := here.arn("acm", "certificate/*")
		grants = append(grants,
			reading("acm:DescribeCertificate", "acm:ListTagsForCertificate").on(certificates),
			changing("acm:RequestCertificate").on("*").where(requestTagged(e.Domain),
				newCondition("ForAllValues:StringEqualsIgnoreCase", "acm:DomainNames", []string{endpoint.Name})),
			changing("acm:AddTagsToCertificate").on(certificates).where(newlyTagged(e)...),
			changing("acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate",
				"acm:UpdateCertificateOptions").on(certificates).where(resourceTagged(e.Domain)))
	}
	name := strings.ToLower(endpoint.Name)
	names := map[string][]string{} // by hosted zone
	if endpoint.ZoneID != "" {
		names[endpoint.ZoneID] = []string{name}
		if endpoint.CertificateARN == "" {
			proof := cmp.Or(endpoint.ValidationZoneID, endpoint.ZoneID)
			names[proof] = append(names[proof], proofOf(name))
		}
		grants = append(grants, changing("route53:GetChange").on("arn:"+here.partition+":route53:::change/*"))
	}
	for _, zone := range sortedKeys(names) {
		arn := "arn:" + here.partition + ":route53:::hostedzone/" + zone
		grants = append(grants,
			reading("route53:GetHostedZone", "route53:ListResourceRecordSets").on(arn),
			changing("route53:ChangeResourceRecordSets").on(arn).where(
				newCondition("ForAllValues:StringLike", "route53:ChangeResourceRecordSetsNormalizedRecordNames", names[zone]),
				newCondition("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", []string{"CNAME"})))
	}
	return grants
}

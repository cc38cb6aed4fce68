package spec

import "reflect"

// CustomEndpoint gives the domain's endpoint a name of your own: its certificate, the name on the domain and its DNS record.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/customendpoint.html
type CustomEndpoint struct {
	// The name, such as "metrics.example.com".
	Name string `json:"name"`

	// Id of the Route 53 hosted zone that gets a CNAME record of the name, and the record by which ACM validates the certificate.
	// Default: you make the record, and the certificate must exist.
	ZoneID string `json:"zone_id,omitempty"`

	// Id of the public hosted zone for the record by which ACM validates the certificate, where zone_id is a private one. Default: zone_id.
	ValidationZoneID string `json:"validation_zone_id,omitempty"`

	// ARN of an existing ACM certificate in the domain's region. Default: a new one is requested, and validated by DNS.
	CertificateARN string `json:"certificate_arn,omitempty"`
}

// EndpointName is the name that the section custom_endpoint gives to the endpoint; "" if it gives none.
func (environment Environment) EndpointName() string {
	if environment.CustomEndpoint == nil {
		return ""
	}
	return environment.CustomEndpoint.Name
}

// namesEndpoint reports whether the endpoint has a name by the section custom_endpoint.
func (environment Environment) namesEndpoint() bool {
	return environment.CustomEndpoint != nil
}

// makesCertificate reports whether the stack requests a certificate.
func (environment Environment) makesCertificate() bool {
	return environment.namesEndpoint() && environment.CustomEndpoint.CertificateARN == ""
}

// customEndpointSection is all that is known of custom_endpoint beside its type.
var customEndpointSection = section{
	key: "custom_endpoint",
	values: map[string]allowed{
		"custom_endpoint.name":               hostName,
		"custom_endpoint.zone_id":            hostedZone,
		"custom_endpoint.validation_zone_id": hostedZone,
		"custom_endpoint.certificate_arn":    certificateARN,
	},
	rules: []rule{
		{"a certificate or a zone to prove one in", func(e Environment) []finding {
			endpoint := e.CustomEndpoint
			return when(endpoint != nil && endpoint.ZoneID == "" && endpoint.CertificateARN == "", "custom_endpoint",
				"needs zone_id, for a new certificate and the record, or certificate_arn of one that exists; add one of them")
		}},
		// https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
		{"a name that ACM takes", func(e Environment) []finding {
			endpoint := e.CustomEndpoint
			if endpoint == nil || endpoint.CertificateARN != "" || isToken(reflect.ValueOf(endpoint.Name)) {
				return nil
			}
			return when(len(endpoint.Name) > 64, "custom_endpoint.name",
				"has %d characters, and ACM takes 64 for a new certificate; shorten it, or write certificate_arn of one that exists",
				len(endpoint.Name))
		}},
		{"a zone to prove in needs a certificate to prove", func(e Environment) []finding {
			endpoint := e.CustomEndpoint
			return when(endpoint != nil && endpoint.ValidationZoneID != "" && endpoint.CertificateARN != "",
				"custom_endpoint.validation_zone_id",
				"is not used of a certificate that exists; leave it out")
		}},
	},
	fills: []filled{
		{"custom_endpoint", Environment.namesEndpoint,
			"domain.domain_endpoint_options.custom_endpoint", func(d Domain) bool {
				endpoint := d.DomainEndpointOptions
				return endpoint.CustomEndpointEnabled || endpoint.CustomEndpoint != "" || endpoint.CustomEndpointCertificateARN != ""
			}},
	},
	ownARNs: []ownARN[Environment]{
		{"custom_endpoint.certificate_arn", func(e Environment) string {
			return orPointer(e.CustomEndpoint, CustomEndpoint{}).CertificateARN
		}},
	},
	otherKeys: map[string]string{
		"domain.custom_endpoint": "it is a section of its own, `custom_endpoint:`, or belongs below `domain.domain_endpoint_options:`",
	},
}

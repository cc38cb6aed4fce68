package spec

import "reflect"

// sections is which arguments of the domain a section fills: one may be written by hand, or left to the section.
var sections = []struct {
	section  string
	present  func(Environment) bool
	argument string
	said     func(Domain) bool
}{
	{"network", func(e Environment) bool { return e.Network != nil },
		"domain.vpc_options", func(d Domain) bool { return d.VPCOptions != nil }},
	{"encryption", func(e Environment) bool { return e.Encryption != nil },
		"domain.encrypt_at_rest.kms_key_id", func(d Domain) bool { return d.EncryptAtRest.KMSKeyID != "" }},
	{"sign_in.fine_grained_access_control", func(e Environment) bool { return e.SignIn != nil && e.SignIn.FineGrainedAccessControl != nil },
		"domain.advanced_security_options", func(d Domain) bool { return d.AdvancedSecurityOptions != nil }},
	{"sign_in.cognito", func(e Environment) bool { return e.SignIn != nil && e.SignIn.Cognito != nil },
		"domain.cognito_options", func(d Domain) bool { return d.CognitoOptions != nil }},
	{"custom_endpoint", func(e Environment) bool { return e.CustomEndpoint != nil },
		"domain.domain_endpoint_options.custom_endpoint", func(d Domain) bool {
			endpoint := d.DomainEndpointOptions
			return endpoint.CustomEndpointEnabled || endpoint.CustomEndpoint != "" || endpoint.CustomEndpointCertificateARN != ""
		}},
	{"logs", func(e Environment) bool { return e.Logs != nil },
		"domain.log_publishing_options", func(d Domain) bool { return len(d.LogPublishingOptions) > 0 }},
}

// either is a finding where of two ways to say something not one is said, but both or none.
func either(path, one string, hasOne bool, other string, hasOther bool) []finding {
	switch {
	case hasOne && hasOther:
		return found(path, "has both %s and %s; keep one", one, other)
	case hasOne || hasOther:
		return nil
	default:
		return found(path, "needs either %s or %s; add one of them", one, other)
	}
}

var sectionRules = []rule{
	{"a section or the arguments that it fills", nil, func(e Environment) []finding {
		var both []finding
		for _, filled := range sections {
			both = append(both, when(filled.present(e) && filled.said(e.Domain), filled.argument, "cannot go with the section %s, which fills it; keep one", filled.section)...)
		}
		return both
	}},
	{"an adopted domain keeps its name", []string{"domain.domain_name"}, func(e Environment) []finding {
		unknown := isToken(reflect.ValueOf(e.Adopt)) || isToken(reflect.ValueOf(e.Domain.DomainName))
		return when(e.Adopt != "" && e.Adopt != e.Domain.DomainName && !unknown, "adopt",
			"%s is another domain than domain.domain_name, %s, and Terraform would replace the one by the other; write the same", quote(e.Adopt), quote(e.Domain.DomainName))
	}},
	// A domain's key cannot be changed, so the new one would replace what was to be adopted.
	{"an adopted domain keeps its key", []string{"encryption.customer_managed_key"}, func(e Environment) []finding {
		return when(e.Adopt != "" && e.customerManagedKey(), "encryption.customer_managed_key",
			"true makes a new key, which an adopted domain cannot have, for Terraform would replace the domain; write the ARN of its key as kms_key_id, or leave the section out if it has AWS's own")
	}},
}

package spec

// SwiftBackend is the state in OpenStack Swift, which Terraform 1.3 and newer no longer know.
// https://developer.hashicorp.com/terraform/language/v1.2.x/settings/backends/swift
type SwiftBackend struct {
	// Name of the container.
	Container string `json:"container"`

	// Container of older states.
	ArchiveContainer string `json:"archive_container,omitempty"`

	// Default: tfstate.tf.
	StateName string `json:"state_name,omitempty"`

	// How long older states are kept.
	ExpireAfter string `json:"expire_after,omitempty"`

	// Default: OS_AUTH_URL.
	AuthURL string `json:"auth_url,omitempty"`

	// Default: OS_REGION_NAME.
	RegionName string `json:"region_name,omitempty"`

	// Default: OS_USERNAME.
	UserName string `json:"user_name,omitempty"`

	// Default: OS_USER_ID.
	UserID string `json:"user_id,omitempty"`

	// Default: OS_APPLICATION_CREDENTIAL_ID.
	ApplicationCredentialID string `json:"application_credential_id,omitempty"`

	// Default: OS_APPLICATION_CREDENTIAL_NAME.
	ApplicationCredentialName string `json:"application_credential_name,omitempty"`

	// Default: OS_TENANT_ID.
	TenantID string `json:"tenant_id,omitempty"`

	// Default: OS_TENANT_NAME.
	TenantName string `json:"tenant_name,omitempty"`

	// Default: OS_USER_DOMAIN_ID.
	UserDomainID string `json:"user_domain_id,omitempty"`

	// Default: OS_USER_DOMAIN_NAME.
	UserDomainName string `json:"user_domain_name,omitempty"`

	// Default: OS_PROJECT_DOMAIN_ID.
	ProjectDomainID string `json:"project_domain_id,omitempty"`

	// Default: OS_PROJECT_DOMAIN_NAME.
	ProjectDomainName string `json:"project_domain_name,omitempty"`

	// Default: OS_DOMAIN_ID.
	DomainID string `json:"domain_id,omitempty"`

	// Default: OS_DOMAIN_NAME.
	DomainName string `json:"domain_name,omitempty"`

	// Default: OS_DEFAULT_DOMAIN.
	DefaultDomain string `json:"default_domain,omitempty"`

	// Entry of clouds.yaml. Default: OS_CLOUD.
	Cloud string `json:"cloud,omitempty"`

	// Whether TLS certificates go unchecked. Default: false.
	Insecure *bool `json:"insecure,omitempty"`

	// File of the certificate authority.
	CACertFile string `json:"cacert_file,omitempty"`

	// File of the client's certificate.
	Cert string `json:"cert,omitempty"`

	// File of the client's key.
	Key string `json:"key,omitempty"`

	// Refused: set OS_APPLICATION_CREDENTIAL_SECRET.
	ApplicationCredentialSecret string `json:"application_credential_secret,omitempty" credential:"OS_APPLICATION_CREDENTIAL_SECRET"`

	// Refused: set OS_PASSWORD.
	Password string `json:"password,omitempty" credential:"OS_PASSWORD"`

	// Refused: set OS_TOKEN.
	Token string `json:"token,omitempty" credential:"OS_TOKEN"`
}

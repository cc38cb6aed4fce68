package spec

// ConsulBackend is the state in Consul.
// https://developer.hashicorp.com/terraform/language/backend/consul
type ConsulBackend struct {
	// Path in the key-value store.
	Path string `json:"path"`

	// Host and port of Consul. Default: CONSUL_HTTP_ADDR, or the local agent.
	Address string `json:"address,omitempty"`

	// http or https.
	Scheme string `json:"scheme,omitempty"`

	// Default: the agent's.
	Datacenter string `json:"datacenter,omitempty"`

	// Whether the state is compressed. Default: false.
	Gzip *bool `json:"gzip,omitempty"`

	// Whether two runs are kept apart. Default: true.
	Lock *bool `json:"lock,omitempty"`

	// File of the certificate authority.
	CAFile string `json:"ca_file,omitempty"`

	// File of the client's certificate.
	CertFile string `json:"cert_file,omitempty"`

	// File of the client's key.
	KeyFile string `json:"key_file,omitempty"`

	// Refused: set CONSUL_HTTP_TOKEN.
	AccessToken string `json:"access_token,omitempty" credential:"CONSUL_HTTP_TOKEN"`

	// Refused: set CONSUL_HTTP_AUTH.
	HTTPAuth string `json:"http_auth,omitempty" credential:"CONSUL_HTTP_AUTH"`
}

package spec

// HTTPBackend is the state on a REST server.
// https://developer.hashicorp.com/terraform/language/backend/http
type HTTPBackend struct {
	// Address of the state.
	Address string `json:"address"`

	// Default: POST.
	UpdateMethod string `json:"update_method,omitempty"`

	// Address of the lock. Default: none, so nothing is locked.
	LockAddress string `json:"lock_address,omitempty"`

	// Default: LOCK.
	LockMethod string `json:"lock_method,omitempty"`

	// Address of the lock's release. Default: none.
	UnlockAddress string `json:"unlock_address,omitempty"`

	// Default: UNLOCK.
	UnlockMethod string `json:"unlock_method,omitempty"`

	// Certificate authority of the server, in PEM.
	ClientCACertificatePEM string `json:"client_ca_certificate_pem,omitempty"`

	// Certificate of the client, in PEM.
	ClientCertificatePEM string `json:"client_certificate_pem,omitempty"`

	// Whether the server's certificate goes unchecked. Default: false.
	SkipCertVerification *bool `json:"skip_cert_verification,omitempty"`

	// How often a request is tried again. Default: 2.
	RetryMax *int `json:"retry_max,omitempty"`

	// Seconds between tries, at least. Default: 1.
	RetryWaitMin *int `json:"retry_wait_min,omitempty"`

	// Seconds between tries, at most. Default: 30.
	RetryWaitMax *int `json:"retry_wait_max,omitempty"`

	// Default: TF_HTTP_USERNAME.
	Username string `json:"username,omitempty"`

	// Refused: set TF_HTTP_PASSWORD.
	Password string `json:"password,omitempty" credential:"TF_HTTP_PASSWORD"`

	// Refused: set TF_HTTP_CLIENT_PRIVATE_KEY_PEM.
	ClientPrivateKeyPEM string `json:"client_private_key_pem,omitempty" credential:"TF_HTTP_CLIENT_PRIVATE_KEY_PEM"`
}

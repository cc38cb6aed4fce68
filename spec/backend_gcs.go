package spec

// GCSBackend is the state in a Google Cloud Storage bucket.
// https://developer.hashicorp.com/terraform/language/backend/gcs
type GCSBackend struct {
	// Name of the bucket.
	Bucket string `json:"bucket"`

	// Path of the states in the bucket.
	Prefix string `json:"prefix,omitempty"`

	// Service account to act as.
	ImpersonateServiceAccount string `json:"impersonate_service_account,omitempty"`

	// Chain of service accounts that leads there.
	ImpersonateServiceAccountDelegates []string `json:"impersonate_service_account_delegates,omitempty"`

	// Cloud KMS key that encrypts the state.
	KMSEncryptionKey string `json:"kms_encryption_key,omitempty"`

	// Address of the storage API.
	StorageCustomEndpoint string `json:"storage_custom_endpoint,omitempty"`

	// Refused: set GOOGLE_CREDENTIALS.
	Credentials string `json:"credentials,omitempty" credential:"GOOGLE_CREDENTIALS"`

	// Refused: set GOOGLE_OAUTH_ACCESS_TOKEN.
	AccessToken string `json:"access_token,omitempty" credential:"GOOGLE_OAUTH_ACCESS_TOKEN"`

	// Refused: set GOOGLE_ENCRYPTION_KEY.
	EncryptionKey string `json:"encryption_key,omitempty" credential:"GOOGLE_ENCRYPTION_KEY"`
}

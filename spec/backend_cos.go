package spec

// COSBackend is the state in Tencent Cloud Object Storage.
// https://developer.hashicorp.com/terraform/language/backend/cos
type COSBackend struct {
	// Name of the bucket.
	Bucket string `json:"bucket"`

	// Default: TENCENTCLOUD_REGION.
	Region string `json:"region,omitempty"`

	// Folder of the states. Default: env:
	Prefix string `json:"prefix,omitempty"`

	// Path of the state. Default: terraform.tfstate.
	Key string `json:"key,omitempty"`

	// Whether the state is encrypted. Default: true.
	Encrypt *bool `json:"encrypt,omitempty"`

	// private or public-read. Default: private.
	ACL string `json:"acl,omitempty"`

	// Whether global acceleration is used. Default: false.
	Accelerate *bool `json:"accelerate,omitempty"`

	// Address of the store.
	Endpoint string `json:"endpoint,omitempty"`

	// Root domain of the API. Default: tencentcloudapi.com.
	Domain string `json:"domain,omitempty"`

	// Role to take on.
	AssumeRole *COSAssumeRole `json:"assume_role,omitempty"`

	// Folder of the credentials file.
	SharedCredentialsDir string `json:"shared_credentials_dir,omitempty"`

	// Profile of the credentials file.
	Profile string `json:"profile,omitempty"`

	// Role of the machine that Terraform runs on.
	CAMRoleName string `json:"cam_role_name,omitempty"`

	// Refused: set TENCENTCLOUD_SECRET_ID.
	SecretID string `json:"secret_id,omitempty" credential:"TENCENTCLOUD_SECRET_ID"`

	// Refused: set TENCENTCLOUD_SECRET_KEY.
	SecretKey string `json:"secret_key,omitempty" credential:"TENCENTCLOUD_SECRET_KEY"`

	// Refused: set TENCENTCLOUD_SECURITY_TOKEN.
	SecurityToken string `json:"security_token,omitempty" credential:"TENCENTCLOUD_SECURITY_TOKEN"`
}

// COSAssumeRole is the assume_role block of the cos backend.
type COSAssumeRole struct {
	// ARN of the role.
	RoleARN string `json:"role_arn"`

	// Name of the session.
	SessionName string `json:"session_name"`

	// Seconds that the session lasts, 0 to 43200.
	SessionDuration *int `json:"session_duration"`

	// Policy, in JSON, that narrows the session.
	Policy string `json:"policy,omitempty"`

	// External id that the role asks for.
	ExternalID string `json:"external_id,omitempty"`
}

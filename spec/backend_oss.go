package spec

// OSSBackend is the state in Alibaba Cloud Object Storage.
// https://developer.hashicorp.com/terraform/language/backend/oss
type OSSBackend struct {
	// Name of the bucket.
	Bucket string `json:"bucket"`

	// Default: ALICLOUD_REGION.
	Region string `json:"region,omitempty"`

	// Folder of the states. Default: env:
	Prefix string `json:"prefix,omitempty"`

	// Path of the state. Default: terraform.tfstate.
	Key string `json:"key,omitempty"`

	// TableStore table that keeps two runs apart.
	TablestoreTable string `json:"tablestore_table,omitempty"`

	// Address of TableStore.
	TablestoreEndpoint string `json:"tablestore_endpoint,omitempty"`

	// Whether the state is encrypted. Default: false.
	Encrypt *bool `json:"encrypt,omitempty"`

	// Canned ACL of the state.
	ACL string `json:"acl,omitempty"`

	// Address of the store.
	Endpoint string `json:"endpoint,omitempty"`

	// Address of STS.
	STSEndpoint string `json:"sts_endpoint,omitempty"`

	// Profile of the credentials file.
	Profile string `json:"profile,omitempty"`

	// Credentials file.
	SharedCredentialsFile string `json:"shared_credentials_file,omitempty"`

	// Role of the machine that Terraform runs on.
	ECSRoleName string `json:"ecs_role_name,omitempty"`

	// ARN of the role to take on.
	AssumeRoleRoleARN string `json:"assume_role_role_arn,omitempty"`

	// Name of the session.
	AssumeRoleSessionName string `json:"assume_role_session_name,omitempty"`

	// Seconds that the session lasts, 900 to 3600.
	AssumeRoleSessionExpiration *int `json:"assume_role_session_expiration,omitempty"`

	// Policy, in JSON, that narrows the session.
	AssumeRolePolicy string `json:"assume_role_policy,omitempty"`

	// Deprecated in favour of assume_role_role_arn and its siblings.
	AssumeRole *OSSAssumeRole `json:"assume_role,omitempty"`

	// Refused: set ALICLOUD_ACCESS_KEY.
	AccessKey string `json:"access_key,omitempty" credential:"ALICLOUD_ACCESS_KEY"`

	// Refused: set ALICLOUD_SECRET_KEY.
	SecretKey string `json:"secret_key,omitempty" credential:"ALICLOUD_SECRET_KEY"`

	// Refused: set ALICLOUD_SECURITY_TOKEN.
	SecurityToken string `json:"security_token,omitempty" credential:"ALICLOUD_SECURITY_TOKEN"`
}

// OSSAssumeRole is the assume_role block of the oss backend.
type OSSAssumeRole struct {
	// ARN of the role.
	RoleARN string `json:"role_arn"`

	// Name of the session.
	SessionName string `json:"session_name,omitempty"`

	// Seconds that the session lasts, 900 to 3600.
	SessionExpiration *int `json:"session_expiration,omitempty"`

	// Policy, in JSON, that narrows the session.
	Policy string `json:"policy,omitempty"`
}

package spec

// S3Backend is the state in an S3 bucket.
// https://developer.hashicorp.com/terraform/language/backend/s3
type S3Backend struct {
	// Name of the bucket.
	Bucket string `json:"bucket"`

	// Path of the state file in the bucket, such as "ai-metrics/prod.tfstate"; one for each environment.
	Key string `json:"key"`

	// Region of the bucket. Default: AWS_REGION.
	Region string `json:"region,omitempty"`

	// Whether a lock file beside the state keeps two runs apart. Needs Terraform 1.10 or newer. Default: false.
	UseLockfile *bool `json:"use_lockfile,omitempty"`

	// DynamoDB table that keeps two runs apart; deprecated since Terraform 1.11 in favour of use_lockfile.
	DynamodbTable string `json:"dynamodb_table,omitempty"`

	// Whether S3 encrypts the state. Default: false, which leaves it to the bucket.
	Encrypt *bool `json:"encrypt,omitempty"`

	// ARN of the KMS key that encrypts the state.
	KMSKeyID string `json:"kms_key_id,omitempty"`

	// Canned ACL of the state file.
	ACL string `json:"acl,omitempty"`

	// Path before the key of every workspace but "default", without a slash at its ends. Default: env:
	WorkspaceKeyPrefix string `json:"workspace_key_prefix,omitempty"`

	// Profile of the shared AWS configuration. Default: AWS_PROFILE.
	Profile string `json:"profile,omitempty"`

	// AWS configuration files. Default: ~/.aws/config.
	SharedConfigFiles []string `json:"shared_config_files,omitempty"`

	// AWS credentials files. Default: ~/.aws/credentials.
	SharedCredentialsFiles []string `json:"shared_credentials_files,omitempty"`

	// Deprecated in favour of shared_credentials_files.
	SharedCredentialsFile string `json:"shared_credentials_file,omitempty"`

	// Role to take on for the state.
	AssumeRole *S3AssumeRole `json:"assume_role,omitempty"`

	// Role to take on for the state with an OIDC token.
	AssumeRoleWithWebIdentity *S3AssumeRoleWithWebIdentity `json:"assume_role_with_web_identity,omitempty"`

	// AWS accounts that the state may live in. Not with forbidden_account_ids.
	AllowedAccountIDs []string `json:"allowed_account_ids,omitempty"`

	// AWS accounts that the state must not live in.
	ForbiddenAccountIDs []string `json:"forbidden_account_ids,omitempty"`

	// File of root and intermediate certificates. Default: AWS_CA_BUNDLE.
	CustomCABundle string `json:"custom_ca_bundle,omitempty"`

	// Address of the instance metadata service.
	EC2MetadataServiceEndpoint string `json:"ec2_metadata_service_endpoint,omitempty"`

	// IPv4 or IPv6.
	EC2MetadataServiceEndpointMode string `json:"ec2_metadata_service_endpoint_mode,omitempty"`

	// Addresses of the AWS services, for S3-compatible stores.
	Endpoints *S3Endpoints `json:"endpoints,omitempty"`

	// Deprecated in favour of endpoints.s3.
	Endpoint string `json:"endpoint,omitempty"`

	// Deprecated in favour of endpoints.dynamodb.
	DynamodbEndpoint string `json:"dynamodb_endpoint,omitempty"`

	// Deprecated in favour of endpoints.iam.
	IAMEndpoint string `json:"iam_endpoint,omitempty"`

	// Deprecated in favour of endpoints.sts.
	STSEndpoint string `json:"sts_endpoint,omitempty"`

	// Region of STS. Default: region.
	STSRegion string `json:"sts_region,omitempty"`

	// Proxy for HTTP. Default: HTTP_PROXY.
	HTTPProxy string `json:"http_proxy,omitempty"`

	// Proxy for HTTPS. Default: HTTPS_PROXY.
	HTTPSProxy string `json:"https_proxy,omitempty"`

	// Hosts that are reached without a proxy. Default: NO_PROXY.
	NoProxy string `json:"no_proxy,omitempty"`

	// Whether TLS certificates go unchecked. Default: false.
	Insecure *bool `json:"insecure,omitempty"`

	// How often a request is tried again. Default: 5.
	MaxRetries *int `json:"max_retries,omitempty"`

	// standard or adaptive.
	RetryMode string `json:"retry_mode,omitempty"`

	// Whether the bucket is in the path of the address, not in its host. Default: false.
	UsePathStyle *bool `json:"use_path_style,omitempty"`

	// Deprecated in favour of use_path_style.
	ForcePathStyle *bool `json:"force_path_style,omitempty"`

	// Whether FIPS endpoints are used. Default: false.
	UseFIPSEndpoint *bool `json:"use_fips_endpoint,omitempty"`

	// Whether IPv6 endpoints are used. Default: false.
	UseDualstackEndpoint *bool `json:"use_dualstack_endpoint,omitempty"`

	// Skips the check of credentials by STS.
	SkipCredentialsValidation *bool `json:"skip_credentials_validation,omitempty"`

	// Skips the instance metadata service.
	SkipMetadataApiCheck *bool `json:"skip_metadata_api_check,omitempty"`

	// Skips the check of the region's name.
	SkipRegionValidation *bool `json:"skip_region_validation,omitempty"`

	// Skips asking for the account's id.
	SkipRequestingAccountID *bool `json:"skip_requesting_account_id,omitempty"`

	// Sends no checksum, for stores that refuse it.
	SkipS3Checksum *bool `json:"skip_s3_checksum,omitempty"`

	// Refused: set AWS_ACCESS_KEY_ID.
	AccessKey string `json:"access_key,omitempty" credential:"AWS_ACCESS_KEY_ID"`

	// Refused: set AWS_SECRET_ACCESS_KEY.
	SecretKey string `json:"secret_key,omitempty" credential:"AWS_SECRET_ACCESS_KEY"`

	// Refused: set AWS_SESSION_TOKEN.
	Token string `json:"token,omitempty" credential:"AWS_SESSION_TOKEN"`

	// Refused: set AWS_SSE_CUSTOMER_KEY.
	SSECustomerKey string `json:"sse_customer_key,omitempty" credential:"AWS_SSE_CUSTOMER_KEY"`
}

// S3AssumeRole is the assume_role block of the s3 backend.
type S3AssumeRole struct {
	// ARN of the role.
	RoleARN string `json:"role_arn"`

	// How long the session lasts, 15m to 12h.
	Duration string `json:"duration,omitempty"`

	// External id that the role asks for.
	ExternalID string `json:"external_id,omitempty"`

	// IAM policy, in JSON, that narrows the session.
	Policy string `json:"policy,omitempty"`

	// ARNs of IAM policies that narrow the session.
	PolicyARNs []string `json:"policy_arns,omitempty"`

	// Name of the session.
	SessionName string `json:"session_name,omitempty"`

	// Source identity of the session.
	SourceIdentity string `json:"source_identity,omitempty"`

	// Tags of the session.
	Tags map[string]string `json:"tags,omitempty"`

	// Tags that sessions after this one keep.
	TransitiveTagKeys []string `json:"transitive_tag_keys,omitempty"`
}

// S3AssumeRoleWithWebIdentity is the assume_role_with_web_identity block of the s3 backend.
type S3AssumeRoleWithWebIdentity struct {
	// ARN of the role.
	RoleARN string `json:"role_arn"`

	// How long the session lasts, 15m to 12h.
	Duration string `json:"duration,omitempty"`

	// IAM policy, in JSON, that narrows the session.
	Policy string `json:"policy,omitempty"`

	// ARNs of IAM policies that narrow the session.
	PolicyARNs []string `json:"policy_arns,omitempty"`

	// Name of the session.
	SessionName string `json:"session_name,omitempty"`

	// File that holds the token; needed here, for Terraform asks for it even where AWS_WEB_IDENTITY_TOKEN_FILE is set.
	WebIdentityTokenFile string `json:"web_identity_token_file,omitempty"`

	// Refused: write the token to a file, and name that in web_identity_token_file.
	WebIdentityToken string `json:"web_identity_token,omitempty" credential:"web_identity_token_file"`
}

// S3Endpoints is the endpoints block of the s3 backend.
type S3Endpoints struct {
	// Address of DynamoDB.
	Dynamodb string `json:"dynamodb,omitempty"`

	// Address of IAM.
	IAM string `json:"iam,omitempty"`

	// Address of S3.
	S3 string `json:"s3,omitempty"`

	// Address of IAM Identity Center.
	SSO string `json:"sso,omitempty"`

	// Address of STS.
	STS string `json:"sts,omitempty"`
}

package spec

import (
	"encoding/json"
	"reflect"
)

// Backend says where Terraform keeps a stack's state: exactly one of its fields, each of which has the arguments of the
// backend of that name as Terraform 1.11 knows them. None stands for Local.
//
// What a backend is told is written to cdktf.out and, by Terraform, to .terraform and to plan files, all in plain text. So no
// argument here may hold a credential: the tag `credential` names the environment variable to use instead.
// https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data
type Backend struct {
	// State in an S3 bucket.
	S3 *S3Backend `json:"s3,omitempty"`

	// State in a Google Cloud Storage bucket.
	GCS *GCSBackend `json:"gcs,omitempty"`

	// State in an Azure storage container.
	Azurerm *AzurermBackend `json:"azurerm,omitempty"`

	// State in a file.
	Local *LocalBackend `json:"local,omitempty"`

	// State in HCP Terraform, in the older way.
	Remote *RemoteBackend `json:"remote,omitempty"`

	// State and runs in HCP Terraform.
	Cloud *CloudBackend `json:"cloud,omitempty"`

	// State on a REST server.
	HTTP *HTTPBackend `json:"http,omitempty"`

	// State in a PostgreSQL database.
	Pg *PgBackend `json:"pg,omitempty"`

	// State in Consul.
	Consul *ConsulBackend `json:"consul,omitempty"`

	// State in Tencent Cloud Object Storage.
	COS *COSBackend `json:"cos,omitempty"`

	// State in Alibaba Cloud Object Storage.
	OSS *OSSBackend `json:"oss,omitempty"`

	// State in OpenStack Swift: only for Terraform before 1.3.
	Swift *SwiftBackend `json:"swift,omitempty"`
}

// Arguments returns the name of the backend that is said, and what it was told, by the names of the arguments; "" if none is.
func (backend Backend) Arguments() (name string, arguments map[string]any) {
	encoded, err := json.Marshal(backend)
	if err != nil {
		panic(err) // strings, numbers, switches, lists and maps of them: there is nothing that JSON could not say
	}
	var byName map[string]map[string]any
	if err := json.Unmarshal(encoded, &byName); err != nil {
		panic(err)
	}
	for name, arguments := range byName {
		return name, arguments
	}
	return "", nil
}

// DefaultLocalPath is where the local backend keeps the state of a stack if it is not told: in the project's root, for Terraform
// runs in cdktf.out/stacks/<stack>. cdktf's own default is an absolute path, another one on each machine.
func DefaultLocalPath(stack string) string {
	return "../../../terraform." + stack + ".tfstate"
}

// names returns the names of the backends that are said.
func (backend Backend) names() []string {
	var names []string
	value := reflect.ValueOf(backend)
	for _, field := range fieldsOf(value.Type()) {
		if !value.Field(field.index).IsNil() {
			names = append(names, field.name)
		}
	}
	return names
}

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

	// Path before the key of every workspace but "default". Default: env:
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

	// File that holds the token.
	WebIdentityTokenFile string `json:"web_identity_token_file,omitempty"`

	// Refused: set AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file.
	WebIdentityToken string `json:"web_identity_token,omitempty" credential:"AWS_WEB_IDENTITY_TOKEN_FILE"`
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

// AzurermBackend is the state in an Azure storage container.
// https://developer.hashicorp.com/terraform/language/backend/azurerm
type AzurermBackend struct {
	// Storage account.
	StorageAccountName string `json:"storage_account_name"`

	// Container in the storage account.
	ContainerName string `json:"container_name"`

	// Name of the state's blob.
	Key string `json:"key"`

	// Resource group of the storage account.
	ResourceGroupName string `json:"resource_group_name,omitempty"`

	// Default: ARM_SUBSCRIPTION_ID.
	SubscriptionID string `json:"subscription_id,omitempty"`

	// Default: ARM_TENANT_ID.
	TenantID string `json:"tenant_id,omitempty"`

	// Default: ARM_CLIENT_ID.
	ClientID string `json:"client_id,omitempty"`

	// File that holds the client id.
	ClientIDFilePath string `json:"client_id_file_path,omitempty"`

	// File that holds the client secret.
	ClientSecretFilePath string `json:"client_secret_file_path,omitempty"`

	// File of the client certificate. Default: ARM_CLIENT_CERTIFICATE_PATH.
	ClientCertificatePath string `json:"client_certificate_path,omitempty"`

	// Default: ARM_OIDC_REQUEST_URL.
	OIDCRequestURL string `json:"oidc_request_url,omitempty"`

	// File that holds the OIDC token. Default: ARM_OIDC_TOKEN_FILE_PATH.
	OIDCTokenFilePath string `json:"oidc_token_file_path,omitempty"`

	// Azure DevOps service connection.
	ADOPipelineServiceConnectionID string `json:"ado_pipeline_service_connection_id,omitempty"`

	// Azure cloud: public, usgovernment or china. Default: public.
	Environment string `json:"environment,omitempty"`

	// Host of the metadata service.
	MetadataHost string `json:"metadata_host,omitempty"`

	// Address of the managed identity service.
	MSIEndpoint string `json:"msi_endpoint,omitempty"`

	// Address of the resource manager; deprecated.
	Endpoint string `json:"endpoint,omitempty"`

	// Whether the blob's address is looked up. Default: false.
	LookupBlobEndpoint *bool `json:"lookup_blob_endpoint,omitempty"`

	// Whether a snapshot is taken before each use. Default: false.
	Snapshot *bool `json:"snapshot,omitempty"`

	// Whether AKS workload identity signs in. Default: false.
	UseAKSWorkloadIdentity *bool `json:"use_aks_workload_identity,omitempty"`

	// Whether Microsoft Entra signs in to the storage. Default: false.
	UseAzureadAuth *bool `json:"use_azuread_auth,omitempty"`

	// Whether the Azure CLI signs in. Default: true.
	UseCLI *bool `json:"use_cli,omitempty"`

	// Whether a managed identity signs in. Default: false.
	UseMSI *bool `json:"use_msi,omitempty"`

	// Whether an OIDC token signs in. Default: false.
	UseOIDC *bool `json:"use_oidc,omitempty"`

	// Refused: set ARM_ACCESS_KEY.
	AccessKey string `json:"access_key,omitempty" credential:"ARM_ACCESS_KEY"`

	// Refused: set ARM_SAS_TOKEN.
	SASToken string `json:"sas_token,omitempty" credential:"ARM_SAS_TOKEN"`

	// Refused: set ARM_CLIENT_SECRET.
	ClientSecret string `json:"client_secret,omitempty" credential:"ARM_CLIENT_SECRET"`

	// Refused: set ARM_CLIENT_CERTIFICATE.
	ClientCertificate string `json:"client_certificate,omitempty" credential:"ARM_CLIENT_CERTIFICATE"`

	// Refused: set ARM_CLIENT_CERTIFICATE_PASSWORD.
	ClientCertificatePassword string `json:"client_certificate_password,omitempty" credential:"ARM_CLIENT_CERTIFICATE_PASSWORD"`

	// Refused: set ARM_OIDC_REQUEST_TOKEN.
	OIDCRequestToken string `json:"oidc_request_token,omitempty" credential:"ARM_OIDC_REQUEST_TOKEN"`

	// Refused: set ARM_OIDC_TOKEN.
	OIDCToken string `json:"oidc_token,omitempty" credential:"ARM_OIDC_TOKEN"`
}

// LocalBackend is the state in a file.
// https://developer.hashicorp.com/terraform/language/backend/local
type LocalBackend struct {
	// State file, relative to cdktf.out/stacks/<stack>. Default: terraform.<stack>.tfstate in the project's root.
	Path string `json:"path,omitempty"`

	// Folder of the states of workspaces other than "default".
	WorkspaceDir string `json:"workspace_dir,omitempty"`
}

// RemoteBackend is the state in HCP Terraform, in the older way.
// https://developer.hashicorp.com/terraform/language/backend/remote
type RemoteBackend struct {
	// Organization.
	Organization string `json:"organization"`

	// Default: app.terraform.io.
	Hostname string `json:"hostname,omitempty"`

	// The workspace.
	Workspaces RemoteWorkspaces `json:"workspaces"`

	// Refused: set TF_TOKEN_app_terraform_io, or the name that goes with the hostname.
	Token string `json:"token,omitempty" credential:"TF_TOKEN_app_terraform_io"`
}

// RemoteWorkspaces is the workspaces block of the remote backend: name or prefix, not both.
type RemoteWorkspaces struct {
	// The one workspace.
	Name string `json:"name,omitempty"`

	// Beginning of the workspaces' names.
	Prefix string `json:"prefix,omitempty"`
}

// CloudBackend is Terraform's cloud block: the state, and the runs, in HCP Terraform.
// https://developer.hashicorp.com/terraform/language/block/terraform#cloud
type CloudBackend struct {
	// Organization.
	Organization string `json:"organization"`

	// Default: app.terraform.io.
	Hostname string `json:"hostname,omitempty"`

	// The workspace.
	Workspaces CloudWorkspaces `json:"workspaces"`

	// Refused: set TF_TOKEN_app_terraform_io, or the name that goes with the hostname.
	Token string `json:"token,omitempty" credential:"TF_TOKEN_app_terraform_io"`
}

// CloudWorkspaces is the workspaces block of cloud: name or tags, not both.
type CloudWorkspaces struct {
	// The one workspace.
	Name string `json:"name,omitempty"`

	// Tags that the workspaces have.
	Tags []string `json:"tags,omitempty"`

	// Project that new workspaces belong to.
	Project string `json:"project,omitempty"`
}

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

// PgBackend is the state in a PostgreSQL database.
// https://developer.hashicorp.com/terraform/language/backend/pg
type PgBackend struct {
	// Address of the database, without a password: set PGPASSWORD, or PG_CONN_STR for the whole. Default: PG_CONN_STR.
	ConnStr string `json:"conn_str,omitempty"`

	// Default: terraform_remote_state.
	SchemaName string `json:"schema_name,omitempty"`

	// Whether the schema exists already. Default: false.
	SkipSchemaCreation *bool `json:"skip_schema_creation,omitempty"`

	// Whether the table exists already. Default: false.
	SkipTableCreation *bool `json:"skip_table_creation,omitempty"`

	// Whether the index exists already. Default: false.
	SkipIndexCreation *bool `json:"skip_index_creation,omitempty"`
}

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

package spec

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

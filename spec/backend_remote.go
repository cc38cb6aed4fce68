package spec

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

package spec

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

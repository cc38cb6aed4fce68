package spec

// LocalBackend is the state in a file.
// https://developer.hashicorp.com/terraform/language/backend/local
type LocalBackend struct {
	// State file, relative to cdktf.out/stacks/<stack>. Default: terraform.<stack>.tfstate in the project's root.
	Path string `json:"path,omitempty"`

	// Folder of the states of workspaces other than "default".
	WorkspaceDir string `json:"workspace_dir,omitempty"`
}

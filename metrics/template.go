package metrics

// ModelVersion is the version of the model: it grows with the table of fields and with the template.
const ModelVersion = 1

// Meta is what a template says about itself in its _meta.
type Meta struct {
	ManagedBy string    `json:"managed_by"` // "aimetrics"
	Version   int       `json:"version"`    // ModelVersion when it was written
	Hash      string    `json:"hash"`       // of the whole template without its _meta
	Partition Partition `json:"partition"`
}

// ManagedBy is what marks a template and a policy as ours.
const ManagedBy = "aimetrics"

// Template returns the body of PUT _index_template/<TemplateName>, for an engine with this lifecycle: indented JSON, the same bytes for
// the same settings. Its _meta is [Settings.Meta].
func (settings Settings) Template(lifecycle Lifecycle) []byte { return nil }

// Meta returns what the template says about itself. A server whose template has the same is up to date.
func (settings Settings) Meta(lifecycle Lifecycle) Meta { return Meta{} }

// Mapping returns the mappings alone, as PUT <index>/_mapping takes them: new fields are put on the indices that exist with it.
func Mapping() []byte { return nil }

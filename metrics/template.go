package metrics

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
)

// ModelVersion is the version of the model: it grows with the table of fields and with the template.
const ModelVersion = 1

// ManagedBy is what marks a template and a policy as ours.
const ManagedBy = "aimetrics"

// TemplatePriority is the priority of the index template and of the policy: above what people leave at 0, below what they mean.
const TemplatePriority = 200

// Meta is what a template says about itself in its _meta.
type Meta struct {
	ManagedBy string    `json:"managed_by"` // "aimetrics"
	Version   int       `json:"version"`    // ModelVersion when it was written
	Hash      string    `json:"hash"`       // of the whole template without its _meta
	Partition Partition `json:"partition"`
}

// object is a JSON object; encoding/json writes its names in order.
type object = map[string]any

// Template returns the body of PUT _index_template/<TemplateName>, for an engine with this lifecycle: indented JSON, the same bytes for
// the same settings. Its _meta is [Settings.Meta].
func (settings Settings) Template(lifecycle Lifecycle) []byte {
	template := settings.template(lifecycle)
	template["_meta"] = settings.Meta(lifecycle)
	return indented(template)
}

// Meta returns what the template says about itself. A server whose template has the same is up to date.
func (settings Settings) Meta(lifecycle Lifecycle) Meta {
	return Meta{ManagedBy, ModelVersion, hash(settings.template(lifecycle)), settings.WithDefaults().Partition}
}

func (settings Settings) template(lifecycle Lifecycle) object {
	settings = settings.WithDefaults()
	index := object{
		"number_of_shards":   strconv.Itoa(settings.Shards),
		"number_of_replicas": strconv.Itoa(settings.Replicas),
		// Documents are seen within 5 s of being sent; the default of 1 s costs a third of the speed of writing.
		"refresh_interval": "5s",
		// Labels and parameters of all documents are fields.
		"mapping": object{"total_fields": object{"limit": strconv.Itoa(mostFields)}},
	}
	if lifecycle == NamedByIndex {
		index["opendistro"] = object{"index_state_management": object{"policy_id": settings.PolicyID()}}
	}
	return object{
		"index_patterns": settings.IndexPatterns(),
		"priority":       TemplatePriority,
		"version":        ModelVersion,
		"template": object{
			"settings": object{"index": index},
			"mappings": mapping(),
			"aliases":  object{settings.Alias(): object{}},
		},
	}
}

// mostFields is how many fields one index may have: the model's, and labels and parameters.
const mostFields = 2000

// Mapping returns the mappings alone, as PUT <index>/_mapping takes them: new fields are put on the indices that exist with it.
func Mapping() []byte { return indented(mapping()) }

// mapping is strict: a name that the model does not have is refused, whoever sends it. The server guesses no type, turns no text into
// a number and no 1.5 into 1, and takes no number for a time.
func mapping() object {
	root := object{"dynamic": "strict", "date_detection": false, "numeric_detection": false, "properties": object{}}
	var templates []object
	for _, field := range ordered {
		parent := root["properties"].(object)
		parts := strings.Split(field.Name, ".")
		for _, part := range parts[:len(parts)-1] {
			inner, ok := parent[part].(object)
			if !ok {
				inner = object{"properties": object{}}
				parent[part] = inner
			}
			parent = inner["properties"].(object)
		}
		parent[parts[len(parts)-1]] = mappingOf(field)
		if field.Type == Keywords {
			templates = append(templates, keywordTemplates(field.Name)...)
		}
	}
	root["dynamic_templates"] = templates
	return root
}

func mappingOf(field Field) object {
	switch field.Type {
	case Date:
		// Without these, a number of seconds would be taken for milliseconds.
		return object{"type": "date", "format": "strict_date_time||strict_date_time_no_millis"}
	case Double, Long:
		return object{"type": field.Type, "coerce": false}
	case Keywords:
		return object{"type": "object", "dynamic": "true"}
	default:
		return object{"type": field.Type}
	}
}

// keywordTemplates makes a keyword of whatever comes below a name. An object there would meet the second template, too, and end in a
// class_cast_exception: the first makes it an error that says what is wrong.
func keywordTemplates(name string) []object {
	below := name + ".*"
	return []object{
		{name + " objects": object{"path_match": below, "match_mapping_type": "object",
			"mapping": object{"type": "object", "dynamic": "strict"}}},
		{name: object{"path_match": below, "mapping": object{"type": "keyword"}}},
	}
}

func indented(value any) []byte {
	// Of maps, texts and numbers encoding/json makes JSON always.
	content, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		panic(err)
	}
	return append(content, '\n')
}

// hash is the beginning of a digest of what a value says.
func hash(value any) string {
	sum := sha256.Sum256(indented(value))
	return hex.EncodeToString(sum[:8])
}

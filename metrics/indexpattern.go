package metrics

import (
	"cmp"
	"slices"
)

// IndexPatternField is a field as Kibana 7.10's index pattern lists it, in the words of its saved object.
type IndexPatternField struct {
	Name              string   `json:"name"`
	Type              string   `json:"type"` // Kibana's: string, number, date, boolean, _source
	ESTypes           []string `json:"esTypes,omitempty"`
	Count             int      `json:"count"`
	Scripted          bool     `json:"scripted"`
	Searchable        bool     `json:"searchable"`
	Aggregatable      bool     `json:"aggregatable"`
	ReadFromDocValues bool     `json:"readFromDocValues"`
}

// kibanaTypes is Kibana's word for each type that a field has of its own.
var kibanaTypes = map[Type]string{Keyword: "string", Date: "date", Double: "number", Long: "number", Boolean: "boolean"}

// IndexPatternFields returns the model's fields and Elasticsearch's own (_id, _index, _score, _source, _type), by name. Those below
// labels and ml.params the server alone knows.
func IndexPatternFields() []IndexPatternField {
	// As _fields_for_wildcard of Kibana 7.10 answers.
	all := []IndexPatternField{
		{Name: "_id", Type: "string", ESTypes: []string{"_id"}, Searchable: true, Aggregatable: true},
		{Name: "_index", Type: "string", ESTypes: []string{"_index"}, Searchable: true, Aggregatable: true},
		{Name: "_score", Type: "number"},
		{Name: "_source", Type: "_source", ESTypes: []string{"_source"}},
		{Name: "_type", Type: "string", ESTypes: []string{"_type"}, Searchable: true, Aggregatable: true},
	}
	for _, field := range fields {
		if kibana, ok := kibanaTypes[field.Type]; ok {
			all = append(all, IndexPatternField{Name: field.Name, Type: kibana, ESTypes: []string{string(field.Type)},
				Searchable: true, Aggregatable: true, ReadFromDocValues: true})
		}
	}
	slices.SortFunc(all, func(a, b IndexPatternField) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

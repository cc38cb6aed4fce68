package kibana

import (
	"encoding/json"
	"slices"
	"strings"

	"cdktf-aimetrics/metrics"
)

// Merge returns the index pattern as it should be where a Kibana has one already: the fields that the server knows now and the model's,
// and all that people made of it: their formats, scripted fields, source filters and how often a field was used. What they formatted
// stays so.
//
// The fields that the server knows are those that _fields_for_wildcard answers; none where there is no index yet.
func Merge(options Options, there Object, server []metrics.IndexPatternField) Object {
	wanted := IndexPattern(options)
	merged := Object{
		ID:               wanted.ID,
		Type:             wanted.Type,
		Attributes:       object{},
		References:       there.References,
		MigrationVersion: wanted.MigrationVersion,
	}
	if merged.References == nil {
		merged.References = []Reference{}
	}
	for name, value := range there.Attributes {
		merged.Attributes[name] = value
	}
	merged.Attributes["title"] = wanted.Attributes["title"]
	merged.Attributes["timeFieldName"] = wanted.Attributes["timeFieldName"]
	merged.Attributes["fields"] = text(
		mergeFields(readFields(there.Attributes["fields"]), readFields(wanted.Attributes["fields"]), server),
	)
	formats := readObject(wanted.Attributes["fieldFormatMap"])
	for field, format := range readObject(there.Attributes["fieldFormatMap"]) {
		formats[field] = format
	}
	merged.Attributes["fieldFormatMap"] = text(formats)
	return merged
}

// mergeFields has each field once, by name: as the server knows it, else as the model has it, else as it was. Of fields that are there
// it keeps what Kibana alone knows. Fields that are below neither the model's nor the server's names are gone, but for scripted ones.
func mergeFields(there, model []object, server []metrics.IndexPatternField) []object {
	var known []object
	if err := json.Unmarshal([]byte(text(server)), &known); err != nil {
		panic(err) // a struct of texts and numbers
	}
	fields := map[string]object{}
	for _, field := range append(slices.Clone(model), known...) {
		name, _ := field["name"].(string)
		fields[name] = field
	}
	for _, old := range there {
		name, _ := old["name"].(string)
		field, ok := fields[name]
		switch {
		case old["scripted"] == true, !ok && isDynamic(name):
			fields[name] = old
		case ok:
			kept := object{}
			for key, value := range old {
				kept[key] = value
			}
			for key, value := range field {
				if key != "count" {
					kept[key] = value
				}
			}
			fields[name] = kept
		}
	}
	var merged []object
	for _, field := range fields {
		merged = append(merged, field)
	}
	slices.SortFunc(merged, func(a, b object) int { return strings.Compare(nameOf(a), nameOf(b)) })
	return merged
}

func nameOf(field object) string {
	name, _ := field["name"].(string)
	return name
}

// isDynamic reports whether a field that is not the model's own is below one of its names under which there may be any.
func isDynamic(name string) bool {
	_, below := metrics.Lookup(name)
	return below
}

func readFields(value any) []object {
	written, _ := value.(string)
	var fields []object
	json.Unmarshal([]byte(written), &fields) // what is broken is made anew
	return fields
}

func readObject(value any) object {
	written, _ := value.(string)
	read := object{}
	if json.Unmarshal([]byte(written), &read) != nil || read == nil {
		return object{}
	}
	return read
}

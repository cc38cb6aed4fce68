package kibana

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
)

// Object is a saved object, as Kibana exports and imports it: one line of NDJSON.
type Object struct {
	ID               string            `json:"id"`
	Type             string            `json:"type"`
	Attributes       map[string]any    `json:"attributes"`
	References       []Reference       `json:"references"`
	MigrationVersion map[string]string `json:"migrationVersion,omitempty"`
}

// Reference is what an object needs beside it, by the name that its attributes have for it.
type Reference struct {
	Name string `json:"name"`
	Type string `json:"type"`
	ID   string `json:"id"`
}

// migrationVersions are the oldest that the content is right for, so that Kibana 7.8, which refuses newer ones, takes it too.
// What Kibana changes on the way from them to 7.10 leaves our objects as they are.
var migrationVersions = map[string]string{
	"index-pattern": "7.6.0",
	"visualization": "7.8.0",
	"search":        "7.4.0",
	"dashboard":     "7.3.0",
}

// Title is what a person calls the object.
func (object Object) Title() string {
	title, _ := object.Attributes["title"].(string)
	return title
}

// Encode writes objects as NDJSON, which Kibana's import takes. The same objects are the same bytes.
func Encode(to io.Writer, objects []Object) error {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	for _, object := range objects {
		if err := encoder.Encode(object); err != nil {
			return fmt.Errorf("%s %s: %w", object.Type, object.ID, err)
		}
	}
	return nil
}

// mark begins the name of the reference that holds what we installed. Kibana keeps references that it does not know until somebody
// saves the object, and then drops them; attributes that it does not know it refuses.
const mark = "aimetrics:"

// marked returns the object with the fingerprint of its content.
func marked(object Object, pattern string) Object {
	object.References = append(object.References, Reference{Name: mark + object.fingerprint(), Type: "index-pattern", ID: pattern})
	return object
}

// Ours reports whether the object, as a Kibana has it, is as a release of aimetrics installed it. It is not once a person saved
// it, or where it was never ours.
func (object Object) Ours() bool {
	for _, reference := range object.References {
		if found, ok := strings.CutPrefix(reference.Name, mark); ok {
			return found == object.fingerprint()
		}
	}
	return false
}

// Same reports whether two objects have the same content, whoever wrote them.
func (object Object) Same(other Object) bool {
	asWritten := written(object.Attributes, other.Attributes) && slices.Equal(object.unmarked(), other.unmarked())
	return asWritten || object.fingerprint() == other.fingerprint() // mostly the former, which takes no reading of JSON in texts
}

// written reports whether two values are written alike, all texts in them to the letter.
func written(a, b any) bool {
	switch a := a.(type) {
	case string:
		return a == b
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, written)
	}
	return reflect.DeepEqual(roundTrip(a), roundTrip(b))
}

// unmarked is the references but for the mark.
func (object Object) unmarked() []Reference {
	var others []Reference
	for _, reference := range object.References {
		if !strings.HasPrefix(reference.Name, mark) {
			others = append(others, reference)
		}
	}
	return others
}

// fingerprint is a hash of the content: attributes, in which JSON that is written as text counts as what it says, and references but
// for the mark. Kibana adds empty attributes and writes JSON anew where it migrates; neither is a change.
func (object Object) fingerprint() string {
	content := struct {
		Attributes any
		References []Reference
	}{plain(object.Attributes), object.unmarked()}
	var canonical bytes.Buffer
	encoder := json.NewEncoder(&canonical)
	if err := encoder.Encode(content); err != nil {
		panic(err) // what came from JSON or goes into it
	}
	sum := sha256.Sum256(canonical.Bytes())
	return hex.EncodeToString(sum[:16])
}

// plain returns the value with JSON in texts read and with what is empty left out.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		filled := map[string]any{}
		for key, element := range value {
			if element := plain(element); element != nil {
				filled[key] = element
			}
		}
		if len(filled) == 0 {
			return nil
		}
		return filled
	case []any:
		elements := make([]any, len(value))
		for i, element := range value {
			elements[i] = plain(element)
		}
		return elements
	case string:
		if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
			var read any
			if jsonv2.Unmarshal([]byte(value), &read) == nil {
				return plain(read)
			}
		}
		if value == "" {
			return nil
		}
		return value
	default:
		return roundTrip(value)
	}
}

// roundTrip returns the value as JSON has it: a []string as []any, an int as float64.
func roundTrip(value any) any {
	switch value.(type) {
	case nil, bool, float64:
		return value
	}
	var read any
	if err := json.Unmarshal([]byte(text(value)), &read); err != nil {
		panic(err)
	}
	switch read.(type) {
	case map[string]any, []any:
		return plain(read)
	}
	return read
}

// text is a value as JSON.
func text(value any) string {
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // only maps, slices, texts and numbers of ours
	}
	return strings.TrimSuffix(written.String(), "\n")
}

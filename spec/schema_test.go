package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"cdktf-aimetrics/internal/snapshot"
)

const (
	schemaFile      = "environment.schema.json"
	rolesSchemaFile = "roles.schema.json"
)

// TestSchema compares the schema that editors check environment files with to the types of this package.
func TestSchema(t *testing.T) {
	for file, schema := range schemas {
		want, err := schema()
		if err != nil {
			t.Fatal(err)
		}
		snapshot.Compare(t, file, string(want))
	}
}

// docs/keys.md has every key of the two kinds of files, from the schema.
func TestKeysAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("<!-- Made by `go test ./spec -update`. -->\n# Keys of the files in environments/\n\nWhat is **required** is so where the section " +
		"around it is given. `[]` stands for each element of a list.\n")
	for _, file := range []string{schemaFile, rolesSchemaFile} {
		encoded, err := schemas[file]()
		if err != nil {
			t.Fatal(err)
		}
		var root jsonschema.Schema
		if err := json.Unmarshal(encoded, &root); err != nil {
			t.Fatal(err)
		}
		for pair := root.Properties.Oldest(); pair != nil; pair = pair.Next() {
			if file == rolesSchemaFile && pair.Key != "github" { // the others are those of environments
				continue
			}
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", pair.Key, pair.Value.Description)
			rows := keyRows(pair.Value, pair.Key)
			if len(rows) > 0 {
				b.WriteString("\n| Key | Value | What it says |\n| --- | --- | --- |\n" + strings.Join(rows, ""))
			}
		}
	}
	snapshot.Compare(t, "../docs/keys.md", b.String())
}

// keyRows is the rows of the table for what is below a key.
func keyRows(node *jsonschema.Schema, path string) (rows []string) {
	if node.Items != nil {
		node, path = node.Items, path+"[]"
	}
	if node.Properties == nil {
		return nil
	}
	for pair := node.Properties.Oldest(); pair != nil; pair = pair.Next() {
		key, value := join(path, pair.Key), pair.Value
		of := value.Type
		switch {
		case len(value.Enum) > 0 && len(value.Enum) <= 6:
			var texts []string
			for _, one := range value.Enum {
				texts = append(texts, fmt.Sprintf("`%v`", one))
			}
			of = strings.Join(texts, ", ")
		case value.Minimum != "" && value.Maximum != "":
			of = fmt.Sprintf("%s to %s", value.Minimum, value.Maximum)
		case value.Items != nil:
			of = "list of " + value.Items.Type + "s"
		case value.AdditionalProperties != nil && value.AdditionalProperties.Type != "":
			of = "names and " + value.AdditionalProperties.Type + "s"
		case value.Type == "object":
			of = "keys"
		}
		if value.Not != nil {
			of = "never: a credential"
		}
		if slices.Contains(node.Required, pair.Key) {
			of += ", **required**"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", key, of, strings.ReplaceAll(value.Description, "|", "\\|")))
		rows = append(rows, keyRows(value, key)...)
	}
	return rows
}

func TestSchemaTakesSoundFiles(t *testing.T) {
	paths, err := filepath.Glob("../e[nx]*/*.yaml") // environments and examples
	if err != nil || len(paths) < 4 {
		t.Fatalf("want the shipped environments and the examples, got %v, %v", paths, err)
	}
	files := map[string]string{"minimal": minimal, "private": private, "fineGrained": fineGrained, "oldest": oldest, "burstable": burstable,
		"governed": governed, "pooled": pooled, "sections by default": minimal + "logs: {}\nalarms: {}\n"}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = string(content)
	}
	for name, content := range files {
		if err := validate(t, content); err != nil {
			t.Errorf("want %s to be valid, got %v", name, err)
		}
	}
}

func TestSchemaRefusesFaultyFiles(t *testing.T) {
	for name, content := range map[string]string{
		"unknown key":                minimal + "colour: red\n",
		"unknown key of a section":   edit(private, "volume_size", "volume_sise"),
		"unknown key of an element":  edit(private, "- log_type: INDEX_SLOW_LOGS", "- log_type: INDEX_SLOW_LOGS\n      colour: red"),
		"missing key":                edit(minimal, "region: eu-central-1\n", ""),
		"missing key of a section":   edit(minimal, "  domain_name: ai-metrics\n", ""),
		"missing key of a backend":   edit(private, "    bucket: example-terraform-state\n", ""),
		"number for text":            edit(minimal, `"7.10"`, "7.10"),
		"text for a number":          edit(private, "instance_count: 3", `instance_count: "3"`),
		"text for a switch":          edit(private, "use_lockfile: true", `use_lockfile: "true"`),
		"text for a list":            edit(private, "[sg-0a]", "sg-0a"),
		"number for a tag":           edit(private, "project: ai-metrics", "project: 42"),
		"nothing for a section":      minimal + "access:\n",
		"value that is not in a set": edit(minimal, "m6g.large", "m6g.lage"),
		"number out of its range":    edit(private, "warm_count: 2", "warm_count: 1"),
		"text of another pattern":    edit(minimal, "eu-central-1", "Frankfurt"),
		"two backends":               edit(private, "backend:\n", "backend:\n  pg: {}\n"),
		"log type that is none":      edit(governed, "INDEX_SLOW_LOGS", "SLOW_LOGS"),
		"days that CloudWatch lacks": edit(governed, "retention_in_days: 90", "retention_in_days: 91"),
		"alarm that is none":         edit(governed, "alarm: nodes", "alarm: node"),
		"users that are none":        edit(pooled, "signed_in_users: administrators", "signed_in_users: writers"),
		"missing key of SAML":        edit(governed, "    entity_id: https://idp.example.com/metadata\n", ""),
		"missing name of a tuning":   edit(governed, "alarm: nodes\n      ", ""),
		"text for a threshold":       edit(governed, "threshold: 90", "threshold: high"),
		"credential":                 edit(private, "use_lockfile: true", "use_lockfile: true\n    secret_key: x"),
	} {
		if err := validate(t, content); err == nil {
			t.Errorf("want %s to be refused, got no error", name)
		}
	}
}

func TestEachKeyIsDescribed(t *testing.T) {
	var described func(node map[string]any, path string)
	described = func(node map[string]any, path string) {
		text, _ := node["description"].(string)
		if text == "" || strings.Contains(text, "\n") || strings.HasSuffix(text, " ") {
			t.Errorf("want a description of %s, in one line, got %q", path, text)
		}
		if items, ok := node["items"].(map[string]any); ok {
			node = items
		}
		properties, _ := node["properties"].(map[string]any)
		for name, property := range properties {
			described(property.(map[string]any), join(path, name))
		}
	}
	for file := range schemas {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var root map[string]any
		if err := json.Unmarshal(content, &root); err != nil {
			t.Fatal(err)
		}
		described(root, "")
	}
}

// TestEachCredentialSaysWhereItBelongs: its description names the environment variable that its error names.
func TestEachCredentialSaysWhereItBelongs(t *testing.T) {
	content, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var root jsonschema.Schema
	if err := json.Unmarshal(content, &root); err != nil {
		t.Fatal(err)
	}
	for path, variable := range credentialFields(reflect.TypeFor[Environment](), "") {
		node := &root
		for name := range strings.SplitSeq(path, ".") {
			node = node.Properties.Value(name)
		}
		if !strings.Contains(node.Description, " "+variable) {
			t.Errorf("want the description of %s to name %s, got %q", path, variable, node.Description)
		}
	}
}

// schemas is what makes the schema of each file.
var schemas = map[string]func() ([]byte, error){
	schemaFile:      sync.OnceValues(schemaOf[Environment]("Environment of ai-metrics")),
	rolesSchemaFile: sync.OnceValues(schemaOf[Roles]("Roles for ai-metrics")),
}

// schemaOf makes the JSON Schema of a kind of file. It has no references, so that each key is described where it stands.
func schemaOf[T any](title string) func() ([]byte, error) {
	return func() ([]byte, error) {
		kind := reflect.TypeFor[T]()
		reflector := jsonschema.Reflector{Anonymous: true, DoNotReference: true}
		if err := reflector.AddGoComments(kind.PkgPath(), ".", jsonschema.WithFullComment()); err != nil {
			return nil, err
		}
		root := reflector.ReflectFromType(kind)
		// Nothing here is newer than draft 7, and not every editor's YAML support is.
		root.Version = "http://json-schema.org/draft-07/schema#"
		root.Title = title
		root.Description = oneLine(reflector.CommentMap["cdktf-aimetrics/spec."+kind.Name()])
		root.PatternProperties = map[string]*jsonschema.Schema{"^" + anchors: {}}
		describe(root, kind, "", reflector.CommentMap)

		encoded, err := json.MarshalIndent(root, "", "  ")
		readable := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(encoded))
		return []byte(readable + "\n"), err
	}
}

// describe gives each key below a struct its comment, and what its value may be.
func describe(node *jsonschema.Schema, structure reflect.Type, path string, comments map[string]string) {
	for _, field := range fieldsOf(structure) {
		goField := structure.Field(field.index)
		keyPath, property := join(path, field.name), node.Properties.Value(field.name)
		inner := goField.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		property.Description = oneLine(comments[structure.PkgPath()+"."+structure.Name()+"."+goField.Name] + "\n" +
			links(comments[inner.PkgPath()+"."+inner.Name()]))
		if field.credential != "" {
			property.Not = &jsonschema.Schema{}
		}
		if inner.Kind() == reflect.Slice {
			inner, keyPath, property = inner.Elem(), keyPath+"[]", property.Items
			property.Description = ""
		}
		if inner.Kind() == reflect.Struct {
			describe(property, inner, keyPath, comments)
		}
		restrict(property, allowedValues[keyPath])
		addFormer(property, keyPath)
		if inner == reflect.TypeFor[Backend]() {
			property.MaxProperties = new(uint64(1))
		}
	}
}

// addFormer adds the former names of keys to the schema of the mapping at a path.
func addFormer(node *jsonschema.Schema, path string) {
	for _, formerPath := range slices.Sorted(maps.Keys(formerKeys)) {
		name, inside := strings.CutPrefix(formerPath, path+".")
		if !inside || strings.Contains(name, ".") {
			continue
		}
		former := *node.Properties.Value(formerKeys[formerPath])
		former.Description, former.Deprecated = "Former name of "+formerKeys[formerPath]+": write that.", true
		node.Properties.Set(name, &former)
	}
}

// restrict says in a schema what a value may be.
func restrict(property *jsonschema.Schema, to allowed) {
	number := func(value int) json.Number { return json.Number(strconv.Itoa(value)) }
	if to.pattern != nil {
		property.Pattern = to.pattern().String()
	}
	for _, text := range to.texts {
		property.Enum = append(property.Enum, text)
	}
	for _, value := range to.numbers {
		property.Enum = append(property.Enum, value)
	}
	if to.most != 0 {
		property.Minimum, property.Maximum = number(to.least), number(to.most)
	}
	if to.multipleOf != 0 {
		property.Minimum, property.MultipleOf = number(to.multipleOf), number(to.multipleOf)
	}
}

func oneLine(comment string) string {
	return strings.Join(strings.Fields(comment), " ")
}

// links is the lines of a comment that are one.
func links(comment string) string {
	lines := slices.Collect(strings.SplitSeq(comment, "\n"))
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "https://") }), "\n")
}

// validate holds an environment to its schema.
func validate(t *testing.T, content string) error {
	t.Helper()
	return validateAs(t, schemaFile, content)
}

func validateAs(t *testing.T, file, content string) error {
	t.Helper()
	var written any
	if err := yaml.Unmarshal([]byte(content), &written); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(written)
	if err != nil {
		t.Fatal(err)
	}
	instance, err := validator.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := validators[file]()
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(instance)
}

// validators is the schemas as they are in this folder, ready to validate.
var validators = map[string]func() (*validator.Schema, error){
	schemaFile:      sync.OnceValues(func() (*validator.Schema, error) { return validator.NewCompiler().Compile(schemaFile) }),
	rolesSchemaFile: sync.OnceValues(func() (*validator.Schema, error) { return validator.NewCompiler().Compile(rolesSchemaFile) }),
}

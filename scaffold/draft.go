package scaffold

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cdktf-aimetrics/spec"
)

// Draft is an environment's file before it is one.
type Draft struct {
	// What it is, in lines without #; it stands at the top.
	Head string
	// What it says. What is not given is not written.
	Environment spec.Environment
	// What stands beside its keys, by their paths: "domain.ebs_options", "default_tags". One of a key that is not written is left out.
	Comments map[string]Comment
	// What else it could say, in lines without #; it stands at the end.
	Foot string
	// Path of the JSON Schema from the file; "": none. See [SchemaOf].
	Schema string
}

// Comment is lines above a key, and one behind its value, all without #.
type Comment struct{ Above, Behind string }

// Text is the file. It is checked as it will be when it is loaded, by today: what cannot be loaded is an error, [spec.Problems] with the
// places that the file would have at path.
func (d Draft) Text(path string, today time.Time) (string, spec.Problems, error) {
	text, err := d.yaml()
	if err != nil {
		return "", nil, err
	}
	_, warnings, err := spec.Parse(path, []byte(text), today)
	return text, warnings, err
}

func (d Draft) yaml() (string, error) {
	root, err := nodeOf(d.Environment)
	if err != nil {
		return "", err
	}
	comment(root, "", d.Comments)
	var parts []string
	if head := lines(d.Head); d.Schema != "" {
		parts = append(parts, "# yaml-language-server: $schema="+d.Schema+"\n#\n"+head)
	} else {
		parts = append(parts, head)
	}
	for i := 0; i < len(root.Content); i += 2 { // each by itself, with an empty line between
		var part bytes.Buffer
		encoder := yaml.NewEncoder(&part)
		encoder.SetIndent(2)
		err := encoder.Encode(&yaml.Node{Kind: yaml.MappingNode, Content: root.Content[i : i+2]})
		if err := errors.Join(err, encoder.Close()); err != nil {
			return "", err
		}
		parts = append(parts, part.String())
	}
	if d.Foot != "" {
		parts = append(parts, lines(d.Foot))
	}
	return strings.Join(parts, "\n"), nil
}

// lines is text as lines of comments.
func lines(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	return b.String()
}

// comment gives comments to the keys of a mapping, whose own path is given, and of those below it.
func comment(mapping *yaml.Node, path string, comments map[string]Comment) {
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		keyPath := strings.TrimPrefix(path+"."+key.Value, ".")
		given := comments[keyPath]
		key.HeadComment, value.LineComment = given.Above, given.Behind
		if value.Kind != yaml.ScalarNode { // behind the key then, whose value begins on the next line
			key.LineComment, value.LineComment = given.Behind, ""
		}
		if value.Kind == yaml.MappingNode {
			comment(value, keyPath, comments)
		}
	}
}

// nodeOf is a value as YAML, with the names and in the order that its type has for JSON.
func nodeOf(value any) (*yaml.Node, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	node, err := next(decoder)
	if err == nil {
		_, err = decoder.Token()
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("an environment is not one value of JSON: %w", err)
	}
	return node, nil
}

// next is the next value of JSON as YAML.
func next(decoder *json.Decoder) (*yaml.Node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	node := &yaml.Node{}
	switch token := token.(type) {
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: token.String()}, nil
	case json.Delim:
		node.Kind = map[json.Delim]yaml.Kind{'{': yaml.MappingNode, '[': yaml.SequenceNode}[token]
		for decoder.More() {
			child, err := next(decoder)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
		_, err = decoder.Token() // its end
		return node, err
	default:
		// The library quotes what YAML, or YAML 1.1, would take for something else than text.
		return node, node.Encode(token)
	}
}

package spec

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A fault is told once, and hides no other: each key of each base is misspelt, each value broken, and every fault comes with every other
// that has nothing to do with it.

// places is every key and every value of a file that is no entry of a map, by its path, where it stands in the text.
type place struct {
	path       string
	key, value *yaml.Node // value is nil in the place of a key
	kind       reflect.Type
}

func placesOf(t testing.TB, content string) []place {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(content), &document); err != nil {
		t.Fatal(err)
	}
	var places []place
	var walk func(node *yaml.Node, path string, kind reflect.Type)
	walk = func(node *yaml.Node, path string, kind reflect.Type) {
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch {
		case kind.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
			for i := 0; i < len(node.Content); i += 2 {
				key, value := node.Content[i], node.Content[i+1]
				field, known := findField(fieldsOf(kind), key.Value)
				if !known {
					continue // a former name
				}
				keyPath := join(path, key.Value)
				places = append(places, place{keyPath, key, value, kind.Field(field.index).Type})
				walk(value, keyPath, kind.Field(field.index).Type)
			}
		case kind.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
			for i, element := range node.Content {
				walk(element, path+"["+string(rune('0'+i))+"]", kind.Elem())
			}
		}
	}
	walk(document.Content[0], "", reflect.TypeFor[Environment]())
	return places
}

// replaceAt replaces what stands at a node, which is on one line.
func replaceAt(content string, node *yaml.Node, old, replacement string) string {
	lines := strings.SplitAfter(content, "\n")
	line := lines[node.Line-1]
	lines[node.Line-1] = line[:node.Column-1] + strings.Replace(line[node.Column-1:], old, replacement, 1)
	return strings.Join(lines, "")
}

var bases = map[string]string{"minimal": minimal, "private": private, "fineGrained": fineGrained, "oldest": oldest, "burstable": burstable,
	"governed": governed, "pooled": pooled}

func TestEachKeyMisspelt(t *testing.T) {
	for name, base := range bases {
		for _, place := range placesOf(t, base) {
			content := replaceAt(base, place.key, place.key.Value, place.key.Value+"q")
			wantOne(t, name, place.path+"q", content)
		}
	}
}

func TestEachValueBroken(t *testing.T) {
	for name, base := range bases {
		for _, place := range placesOf(t, base) {
			if place.value.Kind != yaml.ScalarNode {
				continue
			}
			for _, broken := range []string{"{broken: value}", "[broken]", `"` + strings.Repeat("!", 2000) + `"`, "-1", "broken"} {
				old := place.value.Value
				if place.value.Style&yaml.DoubleQuotedStyle != 0 {
					old = `"` + old + `"`
				}
				content := replaceAt(base, place.value, old, broken)
				_, _, err := Parse("faulty.yaml", []byte(content), today)
				problems := problemsOf(t, err)
				if !slices.ContainsFunc(problems, func(problem Problem) bool { return problem.Path == place.path }) &&
					!strings.ContainsAny(broken[:1], "{[") {
					continue // by itself it may be that
				}
				if len(problems) != 1 || problems[0].Path != place.path {
					t.Errorf("%s: want one error at %s from %.20s, got\n%v", name, place.path, broken, err)
				}
			}
		}
	}
}

func wantOne(t *testing.T, name, path, content string) {
	t.Helper()
	_, _, err := Parse("faulty.yaml", []byte(content), today)
	problems := problemsOf(t, err)
	if len(problems) != 1 || problems[0].Path != path {
		t.Errorf("%s: want one error at %s, got\n%v", name, path, err)
	}
}

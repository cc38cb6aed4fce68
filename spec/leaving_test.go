package spec

import (
	"os"
	"reflect"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var leavingRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]+ \\| [^|]*\\|$")

// TestEachSectionSaysWhatItsLeavingDoes: docs/leaving.md has a row for each section and each part of one, in the order of their fields.
func TestEachSectionSaysWhatItsLeavingDoes(t *testing.T) {
	content, err := os.ReadFile("../docs/leaving.md")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range leavingRow.FindAllStringSubmatch(string(content), -1) {
		got = append(got, row[1])
	}
	var want []string
	for _, field := range fieldsOf(reflect.TypeFor[Environment]()) {
		want = append(want, field.name)
		if field.name != "backend" && field.name != "endpoints" { // which say where Terraform looks, and nothing that AWS has
			want = append(want, partsOf(reflect.TypeFor[Environment]().Field(field.index).Type, field.name)...)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/leaving.md (-sections +rows):\n%s", diff)
	}
}

// partsOf is the paths of what a type has keys of its own, below a path.
func partsOf(kind reflect.Type, path string) []string {
	switch kind.Kind() {
	case reflect.Pointer:
		return partsOf(kind.Elem(), path)
	case reflect.Slice:
		return partsOf(kind.Elem(), path+"[]")
	case reflect.Struct:
	default:
		return nil
	}
	var parts []string
	for _, field := range fieldsOf(kind) {
		inner, fieldPath := kind.Field(field.index).Type, join(path, field.name)
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct || inner.Kind() == reflect.Map {
			parts = append(parts, fieldPath)
			parts = append(parts, partsOf(kind.Field(field.index).Type, fieldPath)...)
		}
	}
	return parts
}

package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// object is JSON that a test takes apart and puts together.
type object = map[string]any

// load reads a recorded plan to change it.
func load(t testing.TB, name string) object {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "plans", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plan object
	if err := decoder.Decode(&plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

func encode(t testing.TB, plan any) []byte {
	t.Helper()
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// planOf is a plan of these changes.
func planOf(changes ...object) object {
	all := make([]any, len(changes))
	for i, change := range changes {
		all[i] = change
	}
	return object{"format_version": "1.2", "terraform_version": "1.11.4", "complete": true, "errored": false, "resource_changes": all}
}

// change is a change of a resource at address; before or after is nil where it is not there.
func change(address string, actions []any, before, after any) object {
	kind, name, _ := strings.Cut(address, ".")
	return object{"address": address, "mode": "managed", "type": kind, "name": name, "change": object{"actions": actions, "before": before, "after": after}}
}

var updating, creating, destroying, recreating = []any{"update"}, []any{"create"}, []any{"delete"}, []any{"delete", "create"}

// within is an object with another value of a key.
func within(o object, key string, value any) object {
	o[key] = value
	return o
}

// written is all that a plan's review writes, or the error.
func written(plan []byte) string {
	r, err := Read("test", bytes.NewReader(plan))
	if err != nil {
		return err.Error()
	}
	return writtenOf(r)
}

func writtenOf(r *Review) string {
	gate := Gate{refuses: Conditions}
	var b bytes.Buffer
	for _, as := range []Renderer{Markdown{}, Terminal{}, JSON{}} {
		Write(&b, as, []*Review{r}, gate)
	}
	for _, refusal := range gate.Refuses(r) {
		fmt.Fprintln(&b, refusal)
	}
	return b.String()
}

// markdown is reviews for a pull request.
func markdown(gate Gate, limit int, reviews ...*Review) string {
	var b strings.Builder
	Write(&b, Markdown{limit}, reviews, gate)
	return b.String()
}

// read reviews a plan that must be one.
func read(t testing.TB, plan object) *Review {
	t.Helper()
	r, err := Read("test", bytes.NewReader(encode(t, plan)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rowsOf is what a review says under a title, in plain text; below: of what belongs to an item alone.
func rowsOf(r *Review, title string, below bool) []string {
	var all []string
	for _, s := range r.sectionsFor(nil) {
		for _, row := range s.rows {
			if s.title == title && (row.below || !below) {
				all = append(all, row.cells[0].Plain())
			}
		}
	}
	return all
}

// leaves calls visit with a setter for each value in tree that has none below it, and with its path.
func leaves(path []any, tree any, set func(any), visit func(path []any, value any, set func(any))) {
	switch tree := tree.(type) {
	case object:
		for key, value := range tree {
			leaves(append(path[:len(path):len(path)], key), value, func(v any) { tree[key] = v }, visit)
		}
	case []any:
		for i, value := range tree {
			leaves(append(path[:len(path):len(path)], i), value, func(v any) { tree[i] = v }, visit)
		}
	default:
		visit(path, tree, set)
	}
}

// marks is a tree of marks with one at path.
func marks(path []any) any {
	if len(path) == 0 {
		return true
	}
	if key, ok := path[0].(string); ok {
		return object{key: marks(path[1:])}
	}
	list := make([]any, path[0].(int)+1)
	for i := range list {
		list[i] = object{}
	}
	list[len(list)-1] = marks(path[1:])
	return list
}

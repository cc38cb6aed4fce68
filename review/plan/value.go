package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"cdktf-aimetrics/internal/credential"
	"cdktf-aimetrics/review/prose"
)

// Value is a value of a plan with the two marks that Terraform keeps in trees of their own beside it: known only after apply,
// and sensitive. What is sensitive no method gives away, nor does fmt.
type Value struct {
	value     any // nil, bool, json.Number, string, secret, []any, map[string]any
	unknown   any // true: known only after apply; or a tree of the value's shape
	sensitive any // likewise
}

func before(change *tfjson.Change) Value {
	return Value{value: change.Before, sensitive: change.BeforeSensitive}
}

func after(change *tfjson.Change) Value {
	return Value{value: change.After, unknown: change.AfterUnknown, sensitive: change.AfterSensitive}
}

// Child is the value below a key, of an object. What is called as a credential is, is sensitive, should a provider have failed
// to mark it; but for a yes or no, as generate_secret.
func (v Value) Child(key string) Value {
	object, _ := v.value.(map[string]any)
	child := Value{value: object[key], unknown: markBelow(v.unknown, key), sensitive: markBelow(v.sensitive, key)}
	if _, isBool := child.value.(bool); !isBool && credential.IsName(key) {
		child.sensitive = true
	}
	return child
}

// Items are the values of a list; none of anything else.
func (v Value) Items() []Value {
	length := 0
	for _, tree := range []any{v.value, v.unknown} {
		if list, ok := tree.([]any); ok {
			length = max(length, len(list))
		}
	}
	all := make([]Value, length)
	for i := range all {
		all[i] = v.item(i)
	}
	return all
}

func (v Value) item(i int) Value {
	return Value{value: at(v.value, i), unknown: markAt(v.unknown, i), sensitive: markAt(v.sensitive, i)}
}

// Block is the value at a path; of a block that there is one of, as in a list of one, it is that one.
func (v Value) Block(path ...string) Value {
	for _, step := range path {
		v = v.Child(step)
		if only := v.Items(); len(only) == 1 {
			v = only[0]
		}
	}
	return v
}

func at(tree any, i int) any {
	if items, ok := tree.([]any); ok && i < len(items) {
		return items[i]
	}
	return nil
}

func markBelow(mark any, key string) any {
	if mark, ok := mark.(map[string]any); ok {
		return mark[key]
	}
	if mark == true {
		return true
	}
	return nil
}

func markAt(mark any, i int) any {
	if mark == true {
		return true
	}
	return at(mark, i)
}

// marked reports whether a tree of marks has one anywhere.
func marked(tree any) bool {
	switch tree := tree.(type) {
	case bool:
		return tree
	case []any:
		return slices.ContainsFunc(tree, marked)
	case map[string]any:
		for _, mark := range tree {
			if marked(mark) {
				return true
			}
		}
	}
	return false
}

// IsSensitive reports whether the value may not be shown.
func (v Value) IsSensitive() bool {
	_, isSecret := v.value.(secret)
	return isSecret || v.sensitive == true
}

// HoldsSensitive reports whether the value, or any below it, is marked as sensitive.
func (v Value) HoldsSensitive() bool { return marked(v.sensitive) }

// IsUnknown reports whether all of the value is known only after apply.
func (v Value) IsUnknown() bool { return v.unknown == true }

// HoldsUnknown reports whether the value, or any below it, is known only after apply.
func (v Value) HoldsUnknown() bool { return marked(v.unknown) }

// IsNull reports whether there is no value: of a whole resource, that it is not there.
func (v Value) IsNull() bool { return v.value == nil }

// IsEmpty reports whether the value is none: providers write the same nothing as null, "", [] and {}.
func (v Value) IsEmpty() bool {
	switch value := v.value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

// IsZero reports whether the value is 0 or false, which providers read where they were given none.
func (v Value) IsZero() bool { return v.Text() == "0" || v.Text() == "false" }

// IsTrue reports whether the value is true.
func (v Value) IsTrue() bool { return v.Text() == "true" }

// Text is a string, number or boolean as a string; "" if it is none, or may not be shown, or is known only after apply.
func (v Value) Text() string {
	if v.IsSensitive() || v.IsUnknown() {
		return ""
	}
	switch value := v.value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return fmt.Sprint(value)
	}
	return ""
}

// TextOf is the text of a child.
func (v Value) TextOf(key string) string { return v.Child(key).Text() }

// Number is the value as a number, or 0.
func (v Value) Number() float64 {
	number, _ := json.Number(v.Text()).Float64()
	return number
}

// Key is the same for equal values, and all that there is to know of it.
type Key struct{ json string }

// String gives nothing away: a key is made of what may be sensitive.
func (Key) String() string { return "(a value)" }

// GoString is String.
func (k Key) GoString() string { return k.String() }

// Digest is the same for the same keys, and gives nothing away either.
func (k Key) Digest() string {
	sum := sha256.Sum256([]byte(k.json))
	return string(sum[:])
}

// Key is the same for equal values; what is known only after apply is equal.
func (v Value) Key() Key {
	if marked(v.unknown) {
		return Key{"unknown"}
	}
	key, _ := json.Marshal(v.value)
	return Key{string(key)}
}

// name is what a block is known by.
func (v Value) name() string {
	for _, key := range []string{"log_type", "name", "id", "alias", "sid"} {
		if name := v.TextOf(key); name != "" {
			return name
		}
	}
	return ""
}

var (
	sensitive  = prose.Say("(sensitive)")
	afterApply = prose.Say("known after apply")
	none       = prose.Say("none")
)

// Show is the value as it may be shown.
func (v Value) Show() prose.Text {
	switch {
	case v.IsSensitive():
		return sensitive
	case v.IsUnknown():
		return afterApply
	case v.IsEmpty():
		return none
	}
	switch value := v.value.(type) {
	case string:
		if credential.MayHold(value) {
			return sensitive
		}
		return prose.Say(prose.Value(value))
	case []any, map[string]any:
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		encoder.Encode(v.redacted())
		return prose.Say(prose.Value(strings.TrimSpace(b.String())))
	}
	return prose.Say(prose.Value(fmt.Sprint(v.value)))
}

// String is Show in plain text, so that no mistake with fmt shows more.
func (v Value) String() string { return v.Show().Plain() }

// GoString is String.
func (v Value) GoString() string { return v.String() }

// redacted is the value with all that may not be shown taken out.
func (v Value) redacted() any {
	switch {
	case v.IsSensitive():
		return "(sensitive)"
	case v.IsUnknown():
		return "(known after apply)"
	}
	switch value := v.value.(type) {
	case []any:
		items := make([]any, len(value))
		for i := range value {
			items[i] = v.item(i).redacted()
		}
		return items
	case map[string]any:
		object := make(map[string]any, len(value))
		for key := range value {
			object[key] = v.Child(key).redacted()
		}
		return object
	case string:
		if credential.MayHold(value) {
			return "(sensitive)"
		}
	}
	return v.value
}

// hiddenOr is a sensitive value, of which whether it is there at all may be shown.
func hiddenOr(v Value) prose.Text {
	if v.IsEmpty() {
		return none
	}
	return sensitive
}

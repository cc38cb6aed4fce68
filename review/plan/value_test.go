package plan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

const hidden = "Correct-Horse-7-Battery"

// planOf reads a plan of these fields of the JSON.
func planOf(t testing.TB, fields string) *Plan {
	t.Helper()
	p, err := Read(strings.NewReader(`{"format_version":"1.2","resource_changes":[],`+fields+`}`), func(resourceType string) bool { return resourceType == "watched" })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// changeOf reads a change of a resource from its values, marks and all.
func changeOf(t testing.TB, change string) *Change {
	t.Helper()
	return planOf(t, `"resource_changes":[{"address":"a.b","mode":"managed","type":"a","change":{"actions":["update"],`+change+`}}]`).Changes[0]
}

// That what is sensitive is shown nowhere, the compiler sees to: no way out of this package has a raw value, or the plan's own
// types, in which they are.
func TestRawValuesStayInside(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var visit func(kind reflect.Type, path string)
	visit = func(kind reflect.Type, path string) {
		if strings.HasPrefix(kind.PkgPath(), reflect.TypeFor[tfjson.Plan]().PkgPath()) ||
			kind.Kind() == reflect.Interface && kind.NumMethod() == 0 {
			t.Errorf("%s is %v", path, kind)
		}
		if seen[kind] {
			return
		}
		seen[kind] = true
		for i := range kind.NumMethod() {
			method := kind.Method(i)
			for j := range method.Type.NumOut() {
				visit(method.Type.Out(j), path+"."+method.Name+"()")
			}
		}
		switch kind.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			visit(kind.Elem(), path)
		case reflect.Struct:
			for i := range kind.NumField() {
				if field := kind.Field(i); field.IsExported() {
					visit(field.Type, path+"."+field.Name)
				}
			}
		}
	}
	for _, root := range []reflect.Type{
		reflect.TypeFor[*Plan](), reflect.TypeFor[[]Argument](), reflect.TypeFor[Value](), reflect.TypeFor[*Value](),
	} {
		visit(root, root.String())
	}
	if !seen[reflect.TypeFor[Key]()] || len(seen) < 10 {
		t.Errorf("seen %v alone", seen)
	}
}

// Nor does a mistake with fmt or JSON give it away.
func TestSensitiveValueIsNotPrinted(t *testing.T) {
	c := changeOf(t, `"before":{"x":"`+hidden+`","y":["`+hidden+`"],"password":"`+hidden+`"},"after":{"x":"1"},"before_sensitive":{"x":true},"after_sensitive":{}`)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, given := range []any{c.Before, c.Before.Child("x"), c.Before.Child("y"), c.Before.Child("x").Key(), c.Before.Key(), c.Arguments(), *c} {
			got := fmt.Sprintf(format, given)
			if strings.Contains(got, hidden) || strings.Contains(strings.ToLower(got), fmt.Sprintf("%x", hidden)) {
				t.Errorf("%s of %T: %s", format, given, got)
			}
		}
	}
	if text, err := json.Marshal(c); err != nil || strings.Contains(string(text), hidden) {
		t.Errorf("as JSON: %s, %v", text, err)
	}
}

func TestValue(t *testing.T) {
	c := changeOf(t, `"before":{"s":"text","n":10.50,"big":12345678901234567890,"yes":true,"no":false,"zero":0,"none":null,"list":["a","b"],"block":[{"k":"v"}],
		"empty":[],"generate_secret":true,"password":"p4ssword","url":"https://u:p@h","json":"{\"token\":\"x\"}"},
		"after":{"s":"text"},"after_unknown":{"u":true,"blocks":[{"x":true}]}`)
	v := c.Before
	for got, want := range map[string]string{
		v.TextOf("s"): "text", v.TextOf("n"): "10.50", v.TextOf("big"): "12345678901234567890", v.TextOf("yes"): "true", v.TextOf("list") + "1": "1",
		v.TextOf("password") + "2": "2", c.After.TextOf("u") + "3": "3", v.Block("block", "k").Text(): "v",
		v.Child("password").String(): "(sensitive)", v.Child("url").String() + "4": "(sensitive)4", v.Child("json").String() + "5": "(sensitive)5",
		v.Child("none").String(): "none", c.After.Child("u").String(): "known after apply", v.Child("list").String(): `["a","b"]`,
	} {
		if got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	for name, is := range map[string]bool{
		"true": v.Child("yes").IsTrue(), "false is zero": v.Child("no").IsZero(), "0 is zero": v.Child("zero").IsZero(), "null is empty": v.Child("none").IsEmpty(),
		"[] is empty": v.Child("empty").IsEmpty(), "missing is null": v.Child("missing").IsNull(), "unknown": c.After.Child("u").IsUnknown(),
		"holds unknown": c.After.HoldsUnknown(), "unknown below": c.After.Child("blocks").Items()[0].Child("x").IsUnknown(), "by name sensitive": v.Child("password").IsSensitive(), "a yes or no by name": !v.Child("generate_secret").IsSensitive(),
		"number": v.Child("n").Number() == 10.5, "equal keys": v.Child("s").Key() == c.After.Child("s").Key(),
	} {
		if !is {
			t.Errorf("not so: %s", name)
		}
	}
	for name, is := range map[string]bool{
		"false": v.Child("no").IsTrue(), "1 is zero": v.Child("n").IsZero(), "text is empty": v.Child("s").IsEmpty(), "[] is null": v.Child("empty").IsNull(),
		"known": v.HoldsUnknown(), "not sensitive": v.HoldsSensitive(), "other keys": v.Child("s").Key() == v.Child("n").Key(),
	} {
		if is {
			t.Errorf("so: %s", name)
		}
	}
}

// What comes back elsewhere is hidden there, whatever marks it: a value, a resource that stays, data, an output.
func TestSecretsAreHiddenEverywhere(t *testing.T) {
	shown := `{"address":"a.shown","mode":"managed","type":"a","change":{"actions":["update"],"before":{"x":"run ` + hidden + `"},"after":{"x":"` + hidden + `"}}}`
	for name, marking := range map[string]string{
		"a change":             `"resource_changes":[` + shown + `,{"address":"a.b","mode":"managed","type":"a","change":{"actions":["update"],"before":{},"after":{"p":["` + hidden + `"]},"after_sensitive":{"p":true}}}]`,
		"one that stays":       `"resource_changes":[` + shown + `,{"address":"a.b","mode":"managed","type":"a","change":{"actions":["no-op"],"before":{},"after":{"p":"` + hidden + `"},"after_sensitive":{"p":true}}}]`,
		"one that is watched":  `"resource_changes":[` + shown + `,{"address":"a.b","mode":"managed","type":"watched","change":{"actions":["no-op"],"before":{},"after":{"p":"` + hidden + `"},"after_sensitive":{"p":true}}}]`,
		"data":                 `"resource_changes":[` + shown + `,{"address":"data.a.b","mode":"data","type":"a","change":{"actions":["read"],"before":{"p":"` + hidden + `"},"before_sensitive":{"p":true}}}]`,
		"drift":                `"resource_changes":[` + shown + `],"resource_drift":[{"address":"a.b","mode":"managed","type":"a","change":{"actions":["update"],"before":{"p":"` + hidden + `"},"before_sensitive":{"p":true}}}]`,
		"what is deferred":     `"resource_changes":[` + shown + `],"deferred_changes":[{"resource_change":{"address":"a.b","mode":"managed","type":"a","change":{"actions":["update"],"before":{"p":"` + hidden + `"},"before_sensitive":{"p":true}}}}]`,
		"an output that stays": `"resource_changes":[` + shown + `],"output_changes":{"o":{"actions":["no-op"],"before":"` + hidden + `","after":"` + hidden + `","after_sensitive":true},"gone":null}`,
	} {
		change := planOf(t, marking).Changes[0]
		for _, v := range []Value{change.Before.Child("x"), change.After.Child("x")} {
			if !v.IsSensitive() || v.Text() != "" || v.String() != "(sensitive)" {
				t.Errorf("%s: %v", name, v)
			}
		}
	}
}

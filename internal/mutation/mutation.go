// Package mutation takes what a package's tables hold out of them, a row or a field at a time, while the package's own tests run: a row
// that no test misses is not tested. A package hands over its tables in TestMain; test/mutation runs the tests for each mutant.
package mutation

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// Variable is the environment variable that says what to take out: the name of a mutant; List to write all names, a line each; nothing to
// run the tests as they are.
const (
	Variable = "AIMETRICS_MUTANT"
	List     = "list"
)

// Table is a table by the name of its variable, and where it is: a pointer to a slice or a map.
type Table struct {
	Name  string
	Table any
}

// Run runs the tests, with the mutant that the environment names; the result is for os.Exit.
func Run(m *testing.M, tables ...Table) int {
	wanted := os.Getenv(Variable)
	if wanted == "" {
		return m.Run()
	}
	all := mutants(tables)
	if wanted == List {
		for _, mutant := range all {
			fmt.Println(mutant.name)
		}
		return 0
	}
	i := slices.IndexFunc(all, func(mutant mutant) bool { return mutant.name == wanted })
	if i < 0 {
		fmt.Fprintf(os.Stderr, "%s: there is no %q\n", Variable, wanted)
		return 3
	}
	all[i].apply()
	return m.Run()
}

// mutant is a table without something of it.
type mutant struct {
	name  string
	apply func()
}

// mutants is all that can be taken out of tables, in their order. Two of one name are told apart by a number.
func mutants(tables []Table) []mutant {
	var all []mutant
	for _, table := range tables {
		root := reflect.ValueOf(table.Table).Elem()
		for _, m := range within(table.Name, root.Type(), root) {
			all = append(all, mutant{m.name, func() { root.Set(m.without(root)) }})
		}
	}
	count := map[string]int{}
	for i, mutant := range all {
		if count[mutant.name]++; count[mutant.name] > 1 {
			all[i].name += fmt.Sprintf("#%d", count[mutant.name])
		}
	}
	return all
}

// cut makes a value without something of it; the value itself stays as it is, since others may share it.
type cut struct {
	name    string
	without func(reflect.Value) reflect.Value
}

// within is all that can be taken out of a value.
func within(name string, t reflect.Type, v reflect.Value) []cut {
	switch t.Kind() {
	case reflect.Slice:
		return ofSlice(name, v)
	case reflect.Map:
		return ofMap(name, v)
	case reflect.Struct:
		return ofStruct(name, v)
	}
	if v.IsZero() {
		return nil
	}
	return []cut{{name, func(reflect.Value) reflect.Value { return nothing(t) }}}
}

// nothing is the value that does the least: of a function one that returns nothing.
func nothing(t reflect.Type) reflect.Value {
	if t.Kind() != reflect.Func {
		return reflect.Zero(t)
	}
	return reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
		results := make([]reflect.Value, t.NumOut())
		for i := range results {
			results[i] = reflect.Zero(t.Out(i))
		}
		return results
	})
}

func ofSlice(name string, v reflect.Value) []cut {
	var all []cut
	for i := range v.Len() {
		row := fmt.Sprintf("%s[%s]", name, label(v.Index(i), i))
		all = append(all, cut{row, func(v reflect.Value) reflect.Value {
			return reflect.AppendSlice(clone(v.Slice(0, i)), v.Slice(i+1, v.Len()))
		}})
		if v.Type().Elem().Kind() != reflect.Struct {
			continue
		}
		for _, c := range within(row, v.Type().Elem(), v.Index(i)) {
			all = append(all, cut{c.name, func(v reflect.Value) reflect.Value {
				copied := clone(v)
				copied.Index(i).Set(c.without(v.Index(i)))
				return copied
			}})
		}
	}
	return all
}

// clone is a copy of a slice.
func clone(v reflect.Value) reflect.Value {
	return reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v)
}

func ofMap(name string, v reflect.Value) []cut {
	var all []cut
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	for _, key := range keys {
		row := fmt.Sprintf("%s[%v]", name, key)
		changed := func(value func(reflect.Value) reflect.Value) func(reflect.Value) reflect.Value {
			return func(v reflect.Value) reflect.Value {
				copied := reflect.MakeMap(v.Type())
				for _, k := range v.MapKeys() {
					copied.SetMapIndex(k, v.MapIndex(k))
				}
				copied.SetMapIndex(key, value(addressable(v.MapIndex(key))))
				return copied
			}
		}
		all = append(all, cut{row, changed(func(reflect.Value) reflect.Value { return reflect.Value{} })})
		if v.Type().Elem().Kind() != reflect.Struct {
			continue
		}
		for _, c := range within(row, v.Type().Elem(), addressable(v.MapIndex(key))) {
			all = append(all, cut{c.name, changed(c.without)})
		}
	}
	return all
}

// addressable is a copy of a value whose fields can be read and set, those that are not exported too.
func addressable(v reflect.Value) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}

func ofStruct(name string, v reflect.Value) []cut {
	var all []cut
	v = addressable(v)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		for _, c := range within(name+"."+field.Name, field.Type, fieldOf(v, i)) {
			all = append(all, cut{c.name, func(v reflect.Value) reflect.Value {
				copied := addressable(v)
				at := fieldOf(copied, i)
				at.Set(c.without(at))
				return copied
			}})
		}
	}
	return all
}

// fieldOf is a field of a struct that is addressable, exported or not.
func fieldOf(v reflect.Value, i int) reflect.Value {
	field := v.Field(i)
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

// label is what a row is known by: its first text, or its place.
func label(v reflect.Value, i int) string {
	if v.Kind() == reflect.Struct && v.NumField() > 0 && v.Field(0).Kind() == reflect.String {
		v = v.Field(0)
	}
	if text := strings.ReplaceAll(v.String(), "\n", " "); v.Kind() == reflect.String && text != "" {
		return text
	}
	return fmt.Sprint(i)
}

// CheckHandedOver fails for a table, a variable of the package in this folder that is a literal of a slice or a map, that is not handed
// over, but for others: what those hold is in one that is.
func CheckHandedOver(t *testing.T, tables []Table, others ...string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	handed := slices.Clone(others)
	for _, table := range tables {
		handed = append(handed, table.Name)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range literals(parsed) {
			if !slices.Contains(handed, name) {
				t.Errorf("%s: %s is a table that is not handed over", file, name)
			}
		}
	}
}

// literals are the variables of a file that are literals of slices or maps.
func literals(file *ast.File) []string {
	var names []string
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.VAR {
			continue
		}
		for _, spec := range general.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, value := range spec.Values {
				literal, ok := value.(*ast.CompositeLit)
				if !ok {
					continue
				}
				switch literal.Type.(type) {
				case *ast.ArrayType, *ast.MapType:
					names = append(names, spec.Names[i].Name)
				}
			}
		}
	}
	return names
}

package spec

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEachFieldHasItsSection: an environment's keys and the sections are the same, in the same order, each in a file of its name.
func TestEachFieldHasItsSection(t *testing.T) {
	var keys []string
	for _, field := range fieldsOf(reflect.TypeFor[Environment]()) {
		keys = append(keys, field.name)
	}
	for _, section := range sections {
		if _, err := os.Stat(section.key + ".go"); err != nil {
			t.Errorf("want the section %s in a file of its name, got %v", section.key, err)
		}
	}
	if diff := cmp.Diff(keys, sectionKeys()); diff != "" {
		t.Errorf("sections (-fields of Environment +sections):\n%s", diff)
	}
}

func sectionKeys() []string {
	var keys []string
	for _, section := range sections {
		keys = append(keys, section.key)
	}
	return keys
}

// TestSectionsKeepToThemselves: what values a section knows lie in it, so that none overwrites another's.
func TestSectionsKeepToThemselves(t *testing.T) {
	for _, section := range sections {
		for path := range section.values {
			if !within(path, section.key) {
				t.Errorf("want the values of %s to lie in it, got %s", section.key, path)
			}
		}
	}
	known := map[string]bool{}
	paths(reflect.TypeFor[Environment](), "", known)
	paths(reflect.TypeFor[Roles](), "", known)
	for path := range allowedValues {
		if !known[path] {
			t.Errorf("want a key for the values of %s, got none", path)
		}
	}
}

// paths notes every path of a type, with [] for the elements of a list.
func paths(kind reflect.Type, path string, into map[string]bool) {
	into[path] = true
	switch kind.Kind() {
	case reflect.Pointer:
		paths(kind.Elem(), path, into)
	case reflect.Slice:
		paths(kind.Elem(), path+"[]", into)
	case reflect.Struct:
		for _, field := range fieldsOf(kind) {
			paths(kind.Field(field.index).Type, join(path, field.name), into)
		}
	}
}

// asked is every method of Environment by which a section's file, here or in stacks, asks what another section decides.
var asked = []string{
	"DefaultTagKeys",
	"EncryptsLogsWithMadeKey",
	"EndpointName",
	"InVPC", // network, or domain.vpc_options
	"LogTypes",
	"MakesAlarmsTopic",
	"MakesKey",
	"MakesMasterUserPassword",
	"SignedInUsers",
	"UsesFineGrainedAccessControl",
	"hasOwnKey",
	"hasSAML",
	"indexPrefix",
	"keepsPasswords",
	"makesCertificate",
	"makesPools",
	"makesSecurityGroup",
	"namesEndpoint",
	"takesUnsignedRequests",
	"usesCognito",
	"usesSAML",
}

// TestSectionsAskEachOther: what a section decides is read from its fields in its own file alone; others ask a method, and the list of
// those
// is here. All may read region and domain.
func TestSectionsAskEachOther(t *testing.T) {
	type method struct{ name, file string }
	var methods []method
	var calls []method
	owner := map[string]string{} // key of each field of Environment
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Environment]()) {
		owner[field.Name], _, _ = strings.Cut(field.Tag.Get("json"), ",")
	}
	for _, folder := range []string{".", "../stacks"} {
		parseSections(t, folder, func(key, file string, node ast.Node) {
			switch node := node.(type) {
			case *ast.FuncDecl:
				if folder == "." && node.Recv != nil && typeName(node.Recv.List[0].Type) == "Environment" {
					methods = append(methods, method{node.Name.Name, key})
				}
			case *ast.SelectorExpr:
				if !isEnvironment(node.X) {
					return
				}
				name := node.Sel.Name
				field, isField := owner[name]
				switch {
				case !isField:
					calls = append(calls, method{name, key})
				case field != key && field != "domain" && field != "region":
					t.Errorf("%s reads %s of another section; ask a method of Environment that says what is asked", file, name)
				}
			}
		})
	}
	var got []string
	for _, call := range calls {
		if slices.ContainsFunc(methods, func(m method) bool { return m.name == call.name && m.file != call.file }) {
			got = append(got, call.name)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(asked, slices.Compact(got)); diff != "" {
		t.Errorf("what sections ask each other (-listed +asked):\n%s", diff)
	}
}

// parseSections visits the syntax of every file of a section in folder: KEY.go and KEY_part.go.
func parseSections(t *testing.T, folder string, visit func(key, file string, node ast.Node)) {
	t.Helper()
	for _, section := range sections {
		files, err := filepath.Glob(filepath.Join(folder, section.key+"*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if rest := strings.TrimPrefix(filepath.Base(file), section.key); rest[0] != '.' && rest[0] != '_' ||
				strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(node ast.Node) bool {
				visit(section.key, file, node)
				return true
			})
		}
	}
}

func typeName(expression ast.Expr) string {
	name, _ := expression.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

// isEnvironment reports whether an expression is what an Environment is called in this package and in stacks.
func isEnvironment(expression ast.Expr) bool {
	if field, ok := expression.(*ast.SelectorExpr); ok { // of what is being built
		return field.Sel.Name == "environment"
	}
	return slices.Contains([]string{"e", "environment", "Environment"}, typeName(expression))
}

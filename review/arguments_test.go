package review

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// provider is Terraform's AWS provider as its Go bindings know it, of which go.mod pins the version: a struct for each resource and each
// block. They are read, not compiled: that takes minutes.
const provider = "github.com/cdktf/cdktf-provider-aws-go/aws/v19"

// providerDir is the folder of the bindings in the module cache.
func providerDir(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", provider).Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Fatalf("%s is not there (%v); `go mod download` fetches it", provider, err)
	}
	return dir
}

// madeByStacks are the packages of the bindings that stacks imports to make resources, and those of their OpenSearch twins.
func madeByStacks(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob("../stacks/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of stacks, %v", len(files), err)
	}
	var packages []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range parsed.Imports {
			name, ok := strings.CutPrefix(strings.Trim(imported.Path.Value, `"`), provider+"/")
			if !ok || name == "provider" || strings.HasPrefix(name, "dataaws") {
				continue
			}
			packages = append(packages, name)
			twin := strings.Replace(name, "elasticsearch", "opensearch", 1)
			if _, err := os.Stat(filepath.Join(dir, twin)); err == nil {
				packages = append(packages, twin)
			}
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}

// documented is where the bindings say of an argument what Terraform calls it, and its resource.
var documented = regexp.MustCompile(`/docs/resources/(\w+)#(\w+) `)

// structs are the structs of a package of the bindings that hold a resource's arguments, by their name.
func structs(t *testing.T, dir string) map[string]*ast.StructType {
	t.Helper()
	all := map[string]*ast.StructType{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(files), err)
	}
	for _, file := range files {
		if base := filepath.Base(file); strings.Contains(base, "__") || strings.HasSuffix(base, "OutputReference.go") || strings.HasSuffix(base, "List.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if s, ok := spec.Type.(*ast.StructType); ok {
					all[spec.Name.Name] = s
				}
			}
			return true
		})
	}
	return all
}

// argumentsOf are the arguments of a package's resource, by Terraform's names, those in blocks with their path; and the resource's type.
func argumentsOf(t *testing.T, dir string) (resourceType string, paths []string) {
	t.Helper()
	all := structs(t, dir)
	var walk func(name, path string)
	walk = func(name, path string) {
		for _, field := range all[name].Fields.List {
			match := documented.FindStringSubmatch(field.Doc.Text() + " ")
			if match == nil { // of Terraform's own: count, depends_on, lifecycle, ...
				continue
			}
			resourceType = "aws_" + match[1]
			block := name + field.Names[0].Name
			if path == "" {
				block = strings.TrimSuffix(name, "Config") + field.Names[0].Name
			}
			if _, isBlock := all[block]; isBlock {
				walk(block, path+match[2]+".")
				continue
			}
			paths = append(paths, path+match[2])
		}
	}
	for name, s := range all {
		if slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool { return len(f.Names) > 0 && f.Names[0].Name == "Provisioners" }) { // of a whole resource
			walk(name, "")
		}
	}
	slices.Sort(paths)
	return resourceType, paths
}

var element = regexp.MustCompile(`\[[^]]*\]`)

// isWatched reports whether something of kinds looks at an argument.
func (k kind) isWatched(path string) bool {
	watched := []string{k.policy.argument, k.gives.first.argument, k.gives.how}
	if k.gives.element != "" {
		watched = append(watched, k.gives.first.argument+"."+k.gives.element)
	}
	for _, s := range k.gives.second {
		watched = append(watched, s.argument)
	}
	for _, row := range slices.Concat(k.weak, k.weaker) {
		watched = append(watched, element.ReplaceAllString(row.argument, ""))
	}
	switch k.role {
	case aSecurityGroup:
		watched = append(watched, "ingress")
	case anIngressRule, aRule:
		watched = append(watched, append([]string{"ip_protocol", "from_port", "to_port", "protocol", "type", "self", "security_group_id"}, sources...)...)
	case anAlarm, aSubscription:
		return true // see alarm.go, which shows whatever changes of them
	}
	return slices.ContainsFunc(watched, func(argument string) bool {
		return argument != "" && (path == argument || strings.HasPrefix(path, argument+".") || strings.HasPrefix(argument, path+"."))
	})
}

// Each argument of each resource that stacks makes, of its OpenSearch twin, and of each that a row of kinds is of, is either watched, for
// it lets somebody in or weakens, or was looked at and does not: then it stands in testdata/arguments.txt. Whoever takes a newer
// provider looks at what is new in it.
func TestEveryArgumentIsLookedAt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	dir := providerDir(t)
	text, err := os.ReadFile("testdata/arguments.txt")
	if err != nil {
		t.Fatal(err)
	}
	lookedAt := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lookedAt[line] = true
		}
	}
	packages := madeByStacks(t, dir)
	for resourceType, kind := range kinds {
		if kind.weak != nil || kind.weaker != nil || kind.gives.gains != "" {
			packages = append(packages, strings.ReplaceAll(strings.TrimPrefix(resourceType, "aws_"), "_", ""))
		}
	}
	slices.Sort(packages)
	var missing []string
	seen := map[string]bool{}
	for _, name := range slices.Compact(packages) {
		resourceType, paths := argumentsOf(t, filepath.Join(dir, name))
		if len(paths) == 0 {
			t.Errorf("%s has no arguments", name)
		}
		for _, path := range paths {
			argument := resourceType + "." + path
			seen[argument] = true
			switch watched := kinds[resourceType].isWatched(path); {
			case watched && lookedAt[argument]:
				t.Errorf("%s is watched; take it out of testdata/arguments.txt", argument)
			case !watched && !lookedAt[argument]:
				missing = append(missing, argument)
			}
		}
		for _, row := range slices.Concat(kinds[resourceType].weak, kinds[resourceType].weaker) {
			if strings.Contains(row.argument, "jwt_options") || strings.Contains(row.argument, "identity_center_options") {
				continue // of the provider's version 6, whose plans are reviewed too
			}
			argument := element.ReplaceAllString(row.argument, "")
			if !slices.ContainsFunc(paths, func(path string) bool {
				return path == argument || strings.HasPrefix(path, argument+".") || strings.HasPrefix(argument, path+".")
			}) {
				t.Errorf("%s.%s: the provider has no argument %s", resourceType, row.id, row.argument)
			}
		}
	}
	if missing != nil {
		t.Errorf("%d arguments that nobody looked at. Does one let somebody in, or weaken? Then it is a row of kinds; else a line of testdata/arguments.txt:\n%s",
			len(missing), strings.Join(missing, "\n"))
	}
	for argument := range lookedAt {
		if !seen[argument] {
			t.Errorf("the provider has no %s; take it out of testdata/arguments.txt", argument)
		}
	}
}

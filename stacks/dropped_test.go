package stacks_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	es "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	compare "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// Nothing that a file may say is dropped on its way to Terraform.

// notMade is the values that make no difference in Terraform, and why.
var notMade = map[string]string{
	"deploy_after[]":             "it is about stacks: cdktf's manifest has it, and TestManyEnvironments looks there",
	"sign_in.saml.metadata_file": "spec.Load reads it into metadata_content",
	"metrics.partition":          inTheDomain,
	"metrics.replicas":           inTheDomain,
	"metrics.retention_in_days":  inTheDomain,
	"metrics.shards":             inTheDomain,
}

const inTheDomain = "aimetrics setup puts it into the domain"

// leaf is one value of an environment: a text, a number or a switch, or an entry of a map.
type leaf struct {
	path  string // with [] for every element of a list, and * for every entry of a map
	exact []string
	value reflect.Value
	set   func(reflect.Value)
}

// leavesOf visits every value below one that can be set, whether it was given or not; those of a list or a map that has none, and of a
// section that is not there, are visited with a zero value in no list.
func leavesOf(value reflect.Value, path string, exact []string, visit func(leaf)) {
	switch value.Kind() {
	case reflect.Pointer:
		if value.Type().Elem().Kind() != reflect.Struct {
			visit(leaf{path, exact, value, value.Set})
		} else if value.IsNil() {
			leavesOf(reflect.New(value.Type().Elem()).Elem(), path, exact, visit)
		} else {
			leavesOf(value.Elem(), path, exact, visit)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			field := value.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.Tag.Get("credential") == "" { // no file may have one
				leavesOf(value.Field(i), strings.TrimPrefix(path+"."+name, "."), append(slices.Clone(exact), name), visit)
			}
		}
	case reflect.Slice:
		if value.Len() == 0 {
			leavesOf(reflect.New(value.Type().Elem()).Elem(), path+"[]", exact, visit)
		}
		for i := range value.Len() {
			leavesOf(value.Index(i), path+"[]", append(slices.Clone(exact), fmt.Sprint(i)), visit)
		}
	case reflect.Map:
		if value.Len() == 0 {
			visit(leaf{path + ".*", exact, reflect.Zero(value.Type().Elem()), nil})
		}
		for _, key := range value.MapKeys() {
			visit(leaf{path + ".*", append(slices.Clone(exact), key.String()), value.MapIndex(key),
				func(to reflect.Value) { value.SetMapIndex(key, to) }})
		}
	default:
		visit(leaf{path, exact, value, value.Set})
	}
}

// deepCopy is an environment that shares nothing with another one.
func deepCopy(t *testing.T, environment spec.Environment) spec.Environment {
	t.Helper()
	encoded, err := json.Marshal(environment)
	if err != nil {
		t.Fatal(err)
	}
	var copied spec.Environment
	if err := json.Unmarshal(encoded, &copied); err != nil {
		t.Fatal(err)
	}
	return copied
}

// everyValue is environments that have every value there is between them, and no more of them than that takes.
func everyValue(t *testing.T) map[string]spec.Environment {
	t.Helper()
	all := map[string]spec.Environment{"every-block": everyBlock()}
	for name, environment := range everyEnvironment(t) {
		if slices.Contains([]string{"prod", "example-cognito", "example-existing", "example-public", "example-saml"}, name) {
			all[name] = environment
		}
	}

	rest := smallest(spec.Backend{})
	fill(reflect.ValueOf(&rest.Endpoints).Elem(), "")
	rest.Access.OpenToTheInternet = true
	rest.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{
		Enabled: true, MasterUserOptions: spec.MasterUserOptions{MasterUserARN: "arn:aws:iam::" + here + ":role/administrator"},
	}
	rest.Domain.SnapshotOptions = &spec.SnapshotOptions{AutomatedSnapshotStartHour: 3} // everyBlock has 0
	all["the-rest"] = rest

	signIn := smallest(spec.Backend{})
	signIn.SignIn = &spec.SignIn{
		SAML: &spec.SAML{EntityID: "https://idp.example.com", MasterUserName: "jane"},
		Cognito: &spec.Cognito{UserPoolID: "eu-central-1_a", IdentityPoolID: "eu-central-1:1",
			RoleARN: "arn:aws:iam::" + here + ":role/cognito"},
	}
	signIn.Access.OpenToAddresses = []string{"203.0.113.0/24"}
	all["either-sign-in"] = signIn

	openVPC, left := smallest(spec.Backend{}), smallest(spec.Backend{})
	openVPC.Access.OpenToTheVPC, left.Access.LeavePolicyAsItIs = true, true
	all["open-vpc"], all["policy-left"] = openVPC, left
	return all
}

// TestNothingIsDropped looks at everyValue twice, for what is below domain and for what the sections have, and synthesizes it once: with a
// mark behind each text, and in the place of each number, of a section, which is no argument of the domain.
func TestNothingIsDropped(t *testing.T) {
	app, count := cdktf.Testing_App(nil), 0
	synthesized := func(environment spec.Environment) string {
		count++
		id := fmt.Sprintf("stack-%d", count)
		return strings.ReplaceAll(*cdktf.Testing_Synth(stacks.NewUnchecked(app, id, environment).Stack, nil), id, "stack")
	}
	all, became := everyValue(t), map[string]string{}
	for name, environment := range all {
		all[name] = environment.WithDefaults()
	}
	names, shown := slices.Sorted(maps.Keys(all)), map[string]bool{}
	for _, name := range names {
		marked, marks := deepCopy(t, all[name]), map[string]string{}
		valuesOfSections(&marked, func(leaf leaf) {
			if _, known := shown[leaf.path]; !known {
				shown[leaf.path] = false
			}
			if leaf.value.IsZero() || shown[leaf.path] {
				return
			}
			number := 765_432_100 + len(marks)
			switch mark := strconv.Itoa(number); leaf.value.Kind() {
			case reflect.String:
				marks[leaf.path] = mark
				leaf.set(reflect.ValueOf(leaf.value.String() + mark))
			case reflect.Int:
				marks[leaf.path] = mark
				leaf.set(reflect.ValueOf(number))
			}
		})
		became[name] = synthesized(marked)
		for path, mark := range marks {
			shown[path] = shown[path] || strings.Contains(became[name], mark)
		}
	}
	t.Run("of the domain", func(t *testing.T) { holdArguments(t, all, became) })
	slices.SortStableFunc(names, func(a, b string) int { return len(became[a]) - len(became[b]) }) // a small one is soon synthesized again
	t.Run("of the sections", func(t *testing.T) { holdSections(t, names, all, shown, synthesized) })
}

// holdArguments holds each argument of the domain to stand at its own place in aws_elasticsearch_domain.
func holdArguments(t *testing.T, all map[string]spec.Environment, became map[string]string) {
	t.Helper()
	seen := map[string]bool{}
	for name, environment := range all {
		var stack map[string]any
		if err := json.Unmarshal([]byte(became[name]), &stack); err != nil {
			t.Fatal(err)
		}
		domain, given := at(stack, "resource", "aws_elasticsearch_domain", "domain"), environment.Domain
		leavesOf(reflect.ValueOf(&given).Elem(), "domain", nil, func(leaf leaf) {
			seen[leaf.path] = seen[leaf.path] || !leaf.value.IsZero()
			if leaf.value.IsZero() {
				return
			}
			if got, want := elementAt(domain, leaf.exact), reflect.Indirect(leaf.value); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %v in the file, and %v in Terraform", name, strings.Join(leaf.exact, "."), want, got)
			}
		})
	}
	for _, path := range slices.Sorted(maps.Keys(seen)) {
		if !seen[path] {
			t.Errorf("no environment of the tests has %s; give one to everyBlock or to an example in testdata/environments", path)
		}
	}
}

// elementAt is the value at a path of keys and of places in lists.
func elementAt(value any, path []string) any {
	for _, key := range path {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(inner) {
				return nil
			}
			value = inner[i]
		default:
			return nil
		}
	}
	return value
}

// holdSections holds each value of a section to be found in what is synthesized: a text or a number by its mark; what is not shown like
// that, an enumeration or a switch, makes a difference there when it is changed alone.
func holdSections(t *testing.T, names []string, all map[string]spec.Environment, shown map[string]bool,
	synthesized func(spec.Environment) string) {
	t.Helper()
	for _, name := range names {
		environment := all[name]
		before := map[bool]string{} // by whether the alarms are there, which take their time
		valuesOfSections(&environment, func(leaf leaf) {
			if shown[leaf.path] || leaf.value.IsZero() {
				return
			}
			shown[leaf.path] = true
			changed, ofAlarms := deepCopy(t, environment), strings.HasPrefix(leaf.path, "alarms.")
			valuesOfSections(&changed, func(copied visited) {
				if slices.Equal(copied.exact, leaf.exact) {
					copied.set(another(copied.value))
				}
			})
			unchanged := environment
			if !ofAlarms {
				changed.Alarms, unchanged.Alarms = nil, nil
			}
			if before[ofAlarms] == "" {
				before[ofAlarms] = synthesized(unchanged)
			}
			if synthesized(changed) == before[ofAlarms] {
				t.Errorf("%s = %v makes no difference in Terraform; pass it on, or give a reason in notMade", strings.Join(leaf.exact, "."),
					reflect.Indirect(leaf.value))
			}
		})
	}
	for _, path := range slices.Sorted(maps.Keys(shown)) {
		if !shown[path] {
			t.Errorf("no environment of the tests has %s; give one to everyValue or to an example in testdata/environments", path)
		}
	}
}

type visited = leaf

// valuesOfSections visits every value that is to be found in Terraform, but for those that have a test of their own.
func valuesOfSections(environment *spec.Environment, visit func(leaf)) {
	leavesOf(reflect.ValueOf(environment).Elem(), "", nil, func(leaf leaf) {
		if !strings.HasPrefix(leaf.path, "domain.") && !strings.HasPrefix(leaf.path, "backend.") && notMade[leaf.path] == "" {
			visit(leaf)
		}
	})
}

// another is a value of the same type, and another one.
func another(value reflect.Value) reflect.Value {
	switch value.Kind() {
	case reflect.Pointer:
		changed := reflect.New(value.Type().Elem())
		changed.Elem().Set(another(value.Elem()))
		return changed
	case reflect.Bool:
		return reflect.ValueOf(!value.Bool())
	case reflect.Int:
		return reflect.ValueOf(int(value.Int()) + 1)
	default:
		return reflect.ValueOf(value.String() + "x")
	}
}

// TestNoArgumentOfABackendIsDropped: each backend has all that it was given, but for what cannot go together.
func TestNoArgumentOfABackendIsDropped(t *testing.T) {
	app := cdktf.Testing_App(nil)
	of := reflect.TypeFor[spec.Backend]()
	either := map[string][]string{"Remote": {"name", "prefix"}, "Cloud": {"name", "tags"}} // of workspaces
	for i := range of.NumField() {
		for _, without := range either[of.Field(i).Name] {
			tryBackend(t, app, of.Field(i), without)
		}
		if either[of.Field(i).Name] == nil {
			tryBackend(t, app, of.Field(i), "")
		}
	}
}

func tryBackend(t *testing.T, app cdktf.App, field reflect.StructField, without string) {
	t.Helper()
	var backend spec.Backend
	arguments := reflect.ValueOf(&backend).Elem().FieldByIndex(field.Index)
	arguments.Set(reflect.New(field.Type.Elem()))
	fill(arguments.Elem(), without)
	id := "backend-" + field.Name + without
	stack := cdktf.NewTerraformStack(app, &id)
	stacks.NewBackend(stack, id, backend)
	name, want := backend.Arguments()
	terraform := synth(t, stack)["terraform"]
	got := at(terraform, "backend", name)
	if name == "cloud" {
		got = at(terraform, name)
	}
	for _, argument := range []string{"access_token", "conn_str"} { // cdktf demands these; see backendOf
		if given, _ := got.(map[string]any); given[argument] == "" {
			delete(given, argument)
		}
	}
	if diff := compare.Diff(any(want), got); diff != "" {
		t.Errorf("%s without %q (-given +synthesized):\n%s", name, without, diff)
	}
}

// fill gives every field of a struct a value of its own, but credentials and the one without.
func fill(structure reflect.Value, without string) {
	for i := range structure.NumField() {
		field, value := structure.Type().Field(i), structure.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == without || field.Tag.Get("credential") != "" {
			continue
		}
		if value.Kind() == reflect.Pointer {
			value.Set(reflect.New(value.Type().Elem()))
			value = value.Elem()
		}
		switch value.Kind() {
		case reflect.Struct:
			fill(value, without)
		case reflect.String:
			value.SetString(field.Name)
		case reflect.Bool:
			value.SetBool(true)
		case reflect.Int:
			value.SetInt(int64(i + 1))
		case reflect.Slice:
			value.Set(reflect.ValueOf([]string{field.Name}))
		case reflect.Map:
			value.Set(reflect.ValueOf(map[string]string{field.Name: "value"}))
		}
	}
}

// ofTheProvider is the arguments of aws_elasticsearch_domain that a file does not have, or has otherwise, and why.
var ofTheProvider = map[string]string{
	"access_policies": "access says who gets in",
	"id":              "Terraform's own",
	"tags_all":        "computed by the provider",
	"connection":      "of every resource, and for provisioners",
	"count":           "of every resource; a stack has one domain",
	"depends_on":      "of every resource; the stack knows it",
	"for_each":        "of every resource; a stack has one domain",
	"provider":        "of every resource; a stack has one",
	"provisioners":    "of every resource; there are none",
}

// elements is what cdktf calls any, and is a list of these.
var elements = map[string]reflect.Type{
	"log_publishing_options":                 reflect.TypeFor[es.ElasticsearchDomainLogPublishingOptions](),
	"auto_tune_options.maintenance_schedule": reflect.TypeFor[es.ElasticsearchDomainAutoTuneOptionsMaintenanceSchedule](),
}

// TestDomainHasTheProvidersArguments: a file's domain has the keys of the provider's own type, with its nesting, and no others.
func TestDomainHasTheProvidersArguments(t *testing.T) {
	var want, got []string
	provided(reflect.TypeFor[es.ElasticsearchDomainConfig](), "", &want)
	var domain spec.Domain
	leavesOf(reflect.ValueOf(&domain).Elem(), "", nil, func(leaf leaf) {
		got = append(got, strings.ReplaceAll(strings.TrimSuffix(leaf.path, ".*"), "[]", ""))
	})
	got = append(got, "advanced_security_options.master_user_options.master_user_password") // known, and refused
	got = slices.DeleteFunc(got, func(path string) bool { return path == "lifecycle.prevent_destroy" })
	slices.Sort(want)
	slices.Sort(got)
	if diff := compare.Diff(want, got); diff != "" {
		t.Errorf("arguments (-provider +spec.Domain):\n%s", diff)
	}
}

var upper = regexp.MustCompile(`[A-Z]`)

// provided notes the path of every argument of the provider's type.
func provided(kind reflect.Type, path string, into *[]string) {
	for i := range kind.NumField() {
		field := kind.Field(i)
		name := upper.ReplaceAllStringFunc(field.Tag.Get("json"), func(letter string) string { return "_" + strings.ToLower(letter) })
		name = strings.TrimPrefix(path+"."+name, ".")
		inner := field.Type
		if element, isList := elements[name]; isList {
			inner = element
		} else if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case ofTheProvider[name] != "" || name == "lifecycle":
		case inner.Kind() == reflect.Struct:
			provided(inner, name, into)
		default:
			*into = append(*into, name)
		}
	}
}

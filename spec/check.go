package spec

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"cdktf-aimetrics/internal/credential"
)

// Check returns every fault of an environment that was made in Go, as [Problems]; nil if there is none. What was left out is
// checked as [Environment.WithDefaults] fills it in. Strings that hold Terraform tokens, such as another resource's
// attribute, are taken as they are.
func (environment Environment) Check() error {
	return Problems(check(environment, nil)).asError()
}

// Warnings returns what AWS takes, and its user should know of all the same: doors that were opened, walls that are none,
// versions whose support ends within a year of today, where a newer one has it for longer.
func (environment Environment) Warnings(today time.Time) Problems {
	environment = environment.WithDefaults()
	var given Problems
	for _, warning := range warnings {
		if text := warning.text(environment, today); text != "" {
			given = append(given, Problem{Path: warning.path, Text: text, rule: warning.path})
		}
	}
	return given
}

// check applies every rule to an environment that has no defaults yet, except to what was refused already.
func check(environment Environment, refused []string) []Problem {
	return checkAll(environment, Environment.WithDefaults, environment.Region, rules, refused)
}

// checkAll applies allowedValues and rules to what a file holds, whose ARNs are of region, once it has its defaults.
func checkAll[T any](given T, withDefaults func(T) T, region string, rules []ruleOf[T], refused []string) []Problem {
	file := withDefaults(given)
	if slices.Contains(refused, "region") || valueFault("region", region) != "" && !isToken(reflect.ValueOf(region)) {
		region = "" // of which nothing can be told
	}
	var problems []Problem
	reported := map[string]bool{}
	hidden := func(f finding) bool {
		return slices.ContainsFunc(refused, func(outer string) bool { return within(f.path, outer) && !(f.ofKey && f.path == outer) })
	}
	add := func(rule string, f finding) {
		if f.text != "" && len(problems) < most && !hidden(f) {
			reported[f.path] = true
			problems = append(problems, Problem{Path: f.path, Text: f.text, rule: rule})
		}
	}
	report := func(rule, path, text string) { add(rule, finding{path: path, text: text}) }
	walk(reflect.ValueOf(file), "", func(path string, value reflect.Value, of field) {
		switch {
		case value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0:
			switch {
			case of.required && value.Kind() == reflect.Int:
				report(pattern(path), path, valueFault(path, value.Interface()))
			case of.required && (value.Kind() == reflect.String || value.Kind() == reflect.Slice || value.Kind() == reflect.Pointer):
				report("required", path, missing)
			case of.name == "" && value.Kind() == reflect.String && strings.HasSuffix(path, "]"):
				report("required", path, "says nothing; leave the element out")
			}
		case of.credential != "":
			report("credential", path, credentialText+insteadOf(of))
		case value.Kind() == reflect.String && credential.Holds(value.String()):
			report("credential in a value", path, credentialText+credentialAdvice(path))
		case isToken(value):
		default:
			report(pattern(path), path, valueFault(path, reflect.Indirect(value).Interface()))
			if value.Kind() == reflect.String {
				report("ARNs of the region", path, otherPlace(path, value.String(), region))
			}
		}
	})
	judged := worlds[T]{file: given, withDefaults: withDefaults, faulty: slices.AppendSeq(slices.Clone(refused), maps.Keys(reported))}
	for _, rule := range rules {
		for _, finding := range judged.holds(rule, rule.check(file)) {
			add(rule.name, finding)
		}
	}
	return problems
}

// walk calls visit for every field of a struct, every entry of a map and every element of a list, with its path.
func walk(value reflect.Value, path string, visit func(path string, value reflect.Value, of field)) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			walk(value.Elem(), path, visit)
		}
	case reflect.Struct:
		for _, field := range fieldsOf(value.Type()) {
			visit(join(path, field.name), value.Field(field.index), field)
			walk(value.Field(field.index), join(path, field.name), visit)
		}
	case reflect.Map:
		for _, key := range slices.Sorted(maps.Keys(value.Interface().(map[string]string))) {
			visit(join(path, key), value.MapIndex(reflect.ValueOf(key)), field{})
		}
	case reflect.Slice:
		for i := range value.Len() {
			element := fmt.Sprintf("%s[%d]", path, i)
			visit(element, value.Index(i), field{})
			walk(value.Index(i), element, visit)
		}
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

// pattern is a path with [] for every element of a list.
func pattern(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	return index.ReplaceAllString(path, "[]")
}

// isListToken reports whether an element stands for a whole list that only Terraform will know.
func isListToken(element string) bool {
	return strings.Contains(element, "#{TfToken[")
}

// isToken reports whether a string stands for something that only Terraform will know.
func isToken(value reflect.Value) bool {
	return value.Kind() == reflect.String && (strings.Contains(value.String(), "${") || isListToken(value.String()))
}

package spec

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// A rule judges what a file says together, and where a part of that is refused already, or misspelt, nobody knows yet what it will be. So
// what a rule finds is told if it finds the same whatever that is: in each of the worlds in which one such key holds something else, or
// is not there. A rule need not say what it reads, and neither hides a fault that has nothing to do with another one, nor blames a file
// for what its author wrote all the same.

// mostFaulty is how many faulty keys have their worlds: in a file with more of them, rules wait until most are mended.
const mostFaulty = 100

// worlds is what a file may be once its faulty keys are mended. Its zero value but for these fields is ready to use.
type worlds[T any] struct {
	file         T // as it was read, without defaults
	withDefaults func(T) T
	faulty       []string // paths

	made []T // with defaults; nil until they are asked for
}

// holds returns those findings of a rule that it finds in each of the worlds.
// Its words count as well: a number in them may be of a faulty key.
func (w *worlds[T]) holds(rule ruleOf[T], findings []finding) []finding {
	if len(w.faulty) == 0 || len(findings) == 0 {
		return findings
	}
	if len(w.faulty) > mostFaulty {
		return nil
	}
	// A key that nobody knows may stand for whatever its section lacks.
	findings = slices.DeleteFunc(findings, func(found finding) bool {
		return slices.ContainsFunc(w.faulty, func(path string) bool {
			section := path[:max(strings.LastIndexByte(path, '.'), 0)]
			return section == found.path && otherKeys[path] == "" && othersAt(reflect.ValueOf(w.file), path, "") == nil
		})
	})
	if w.made == nil {
		for _, path := range w.faulty {
			for _, other := range othersAt(reflect.ValueOf(w.file), path, "") {
				w.made = append(w.made, w.withDefaults(other.Interface().(T)))
			}
		}
	}
	for _, world := range w.made {
		if len(findings) == 0 {
			break
		}
		again := rule.check(world)
		findings = slices.DeleteFunc(findings, func(found finding) bool {
			return !slices.Contains(again, found)
		})
	}
	return findings
}

// othersAt is copies of a value, each with something else at path, which begins at the value; none if the value has no such path. at is
// where the value itself lies.
func othersAt(value reflect.Value, path, at string) []reflect.Value {
	if path == "" {
		return candidates(value.Type(), pattern(at), 3)
	}
	var others []reflect.Value
	// replace makes a copy of the value for each other value of a part of it.
	replace := func(parts []reflect.Value, set func(changed, part reflect.Value)) {
		for _, part := range parts {
			changed := reflect.New(value.Type()).Elem()
			changed.Set(value)
			set(changed, part)
			others = append(others, changed)
		}
	}
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			value = reflect.New(value.Type().Elem())
		}
		replace(othersAt(value.Elem(), path, at), func(changed, part reflect.Value) {
			changed.Set(reflect.New(value.Type().Elem()))
			changed.Elem().Set(part)
		})
	case reflect.Struct:
		for _, field := range fieldsOf(value.Type()) {
			if within(path, field.name) {
				rest := strings.TrimPrefix(path[len(field.name):], ".")
				replace(othersAt(value.Field(field.index), rest, join(at, field.name)), func(changed, part reflect.Value) {
					changed.Field(field.index).Set(part)
				})
			}
		}
	case reflect.Slice:
		for i := range value.Len() {
			if element := fmt.Sprintf("[%d]", i); within(path, element) {
				rest := strings.TrimPrefix(path[len(element):], ".")
				replace(othersAt(value.Index(i), rest, at+element), func(changed, part reflect.Value) {
					changed.Set(reflect.AppendSlice(reflect.MakeSlice(value.Type(), 0, value.Len()), value))
					changed.Index(i).Set(part)
				})
			}
		}
	case reflect.Map:
		// It is the value that is faulty: the decoder leaves out what has a faulty key.
		key := reflect.ValueOf(path)
		if !value.MapIndex(key).IsValid() {
			return nil
		}
		for _, other := range candidates(value.Type().Elem(), join(at, path), 1) {
			changed := reflect.ValueOf(maps.Clone(value.Interface().(map[string]string)))
			changed.SetMapIndex(key, other)
			others = append(others, changed)
		}
	}
	return others
}

// candidates is what may stand at a path of a type: nothing, and examples that rules tell apart, of a section down to a depth.
func candidates(kind reflect.Type, path string, depth int) []reflect.Value {
	some := []reflect.Value{reflect.Zero(kind)}
	add := func(value any) { some = append(some, reflect.ValueOf(value).Convert(kind)) }
	switch allowed := allowedValues[path]; kind.Kind() {
	case reflect.Bool:
		add(true)
	case reflect.String:
		add("any")
		add("${any}") // which rules take for whatever they want
		for _, text := range allowed.texts {
			add(text)
		}
	case reflect.Int:
		numbers := append([]int{1, 2, 3, 4, 5, 10, 11, 60, 100, 200, 1000, 3000, 16000, 100_000}, allowed.numbers...)
		for _, number := range append(numbers, allowed.least, allowed.most) {
			if allowed.has(number) {
				add(number)
			}
		}
	case reflect.Pointer:
		for _, inner := range candidates(kind.Elem(), path, depth) {
			pointer := reflect.New(kind.Elem())
			pointer.Elem().Set(inner)
			some = append(some, pointer)
		}
	case reflect.Slice:
		for _, element := range candidates(kind.Elem(), path+"[]", depth) {
			some = append(some, reflect.Append(reflect.MakeSlice(kind, 0, 1), element))
		}
	case reflect.Map:
		add(map[string]string{"any": "any"})
	case reflect.Struct:
		if depth == 0 {
			break
		}
		whole := reflect.New(kind).Elem()
		for _, field := range fieldsOf(kind) {
			for _, inner := range candidates(kind.Field(field.index).Type, join(path, field.name), depth-1)[1:] {
				structure := reflect.New(kind).Elem()
				structure.Field(field.index).Set(inner)
				whole.Field(field.index).Set(inner)
				some = append(some, structure)
			}
		}
		some = append(some, whole)
	}
	return some
}

package spec

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"

	"cdktf-aimetrics/internal/credential"
)

// decoder fills the types of this package from YAML. Unlike the YAML library's own, it goes on after a fault, refuses what
// would be lost without a word (an unknown key, a duplicate, an empty value), and remembers where each value stood.
type decoder struct {
	file      string
	kind      reflect.Type        // Environment, or Roles
	positions map[string]Position // of every key and list element that was read, by its path
	problems  Problems
	meant     map[string]bool   // paths of keys that unknown ones were probably meant to be
	former    map[string]string // keys that stood under a former name: that name, by their paths
	warnings  Problems
}

// decode fills into from node. A problem leaves its field as it was.
func (d *decoder) decode(node *yaml.Node, path string, into reflect.Value) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Tag == "!!null" {
		advice := "give it one or leave the key out"
		if into.Kind() == reflect.Pointer && into.Type().Elem().Kind() == reflect.Struct {
			advice = "write its keys below it, {} for all defaults, or leave the key out"
		}
		d.refuse(node, path, "has no value; "+advice)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		target := reflect.New(into.Type().Elem())
		before := len(d.problems)
		d.decode(node, path, target.Elem())
		if len(d.problems) == before || target.Elem().Kind() == reflect.Struct {
			into.Set(target)
		}
	case reflect.Struct:
		d.decodeStruct(node, path, into)
	case reflect.Map:
		d.decodeMap(node, path, into)
	case reflect.Slice:
		d.decodeSlice(node, path, into)
	default:
		d.decodeScalar(node, path, into)
	}
}

// anchors begins the keys at the top of a file that are for its writer alone: they hold what `&name` and `*name` repeat, as in files of
// Compose.
const anchors = "x-"

func (d *decoder) decodeStruct(node *yaml.Node, path string, into reflect.Value) {
	fields := fieldsOf(into.Type())
	seen := d.decodeMapping(node, path, "keys and values", func(key, value *yaml.Node, keyPath string) {
		if path == "" && strings.HasPrefix(key.Value, anchors) {
			return
		}
		name, keyPath, sound := d.currentKey(key, path, keyPath)
		if !sound {
			return
		}
		field, known := findField(fields, name)
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		switch {
		case !known:
			meant, text := d.unknownKey(keyPath, key.Value, fields)
			if meant != "" {
				d.meant[join(path, meant)] = true
			}
			d.refuse(key, keyPath, text)
		case field.credential != "" && value.Kind == yaml.ScalarNode && value.Tag != "!!null" && value.Value != "":
			into.Field(field.index).SetString(value.Value) // the checks refuse it, and must not quote it
		default:
			target := into.Field(field.index)
			if field.required && value.Tag == "!!null" {
				advice := "write one"
				if target.Kind() == reflect.Struct {
					advice = "write its keys below it"
				}
				d.refuse(value, keyPath, "has no value; "+advice)
				return
			}
			d.decode(value, keyPath, target)
			if value.Kind != yaml.ScalarNode || !target.IsZero() || d.refused(keyPath) {
				return
			}
			// A switch may be a zero, and so may a required number; anything else that is zero would count as not given.
			switch {
			case field.required && target.Kind() == reflect.String:
				d.refuse(key, keyPath, `"" says nothing; write a value`)
			case !field.required && target.Kind() == reflect.Int && valueFault(keyPath, 0) != "":
				d.refuse(key, keyPath, valueFault(keyPath, 0))
			case !field.required && target.Kind() != reflect.Bool:
				d.refuse(key, keyPath, fmt.Sprintf("%s says nothing; leave the key out for the default", display(value)))
			}
		}
	})
	if seen == nil {
		return
	}
	for _, field := range fields {
		if seen[field.name] || d.former[join(path, field.name)] != "" {
			delete(d.meant, join(path, field.name))
		} else if field.required && !d.meant[join(path, field.name)] {
			d.problems = append(d.problems, Problem{Position: d.place(path, node), Path: join(path, field.name), Text: missing})
		}
	}
}

// currentKey is what a key that stands at keyPath, in the mapping of path, is called by now, and its path under that name. Under a former
// name it earns a warning, and under both a problem: then it is not sound.
func (d *decoder) currentKey(key *yaml.Node, path, keyPath string) (name, currentPath string, sound bool) {
	if former := d.former[keyPath]; former != "" {
		d.refuse(key, keyPath, fmt.Sprintf("is there twice, first as %s, its former name; leave that out", former))
		return "", "", false
	}
	current, isFormer := formerKeys[keyPath]
	if !isFormer {
		return key.Value, keyPath, true
	}
	currentPath = join(path, current)
	if _, both := d.positions[currentPath]; both {
		d.refuse(key, keyPath, fmt.Sprintf("is the former name of %s, which is there too; leave this one out", current))
		return "", "", false
	}
	d.positions[currentPath], d.former[currentPath] = d.positions[keyPath], key.Value
	d.warnings = append(d.warnings, Problem{Position: d.positions[keyPath], Path: keyPath,
		Text: fmt.Sprintf("is called %s now; write that", current), rule: keyPath})
	return current, currentPath, true
}

func (d *decoder) decodeMap(node *yaml.Node, path string, into reflect.Value) {
	entries := map[string]string{}
	d.decodeMapping(node, path, "names and values", func(key, value *yaml.Node, keyPath string) {
		if strings.Contains(key.Value, "${") || strings.Contains(key.Value, "%{") {
			d.refuse(key, keyPath, "is a Terraform expression, which environment files do not have; write the name itself")
			return
		}
		var text string
		d.decode(value, keyPath, reflect.ValueOf(&text).Elem())
		entries[key.Value] = text
	})
	into.Set(reflect.ValueOf(entries))
}

// most is how many problems are reported: aliases can turn a few KiB into millions.
const most = 1000

// decodeMapping calls each for every key of a mapping but duplicates, and returns the keys; nil if node is no mapping.
func (d *decoder) decodeMapping(node *yaml.Node, path, of string, each func(key, value *yaml.Node, keyPath string)) map[string]bool {
	if node.Kind != yaml.MappingNode {
		d.refuse(node, path, fmt.Sprintf("%s is not a mapping of %s; indent them below the key", display(node), of))
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content) && len(d.problems) < most; i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.refuse(key, join(path, "?"), "is a key that is not a word; keys are plain names")
			continue
		}
		keyPath := join(path, key.Value)
		switch {
		case key.Tag == "!!merge":
			d.refuse(key, keyPath, "is a merge key, which environment files do not have; write the keys out")
		case seen[key.Value]:
			text := fmt.Sprintf("is there twice, first in line %d; leave one out", d.positions[keyPath].Line)
			d.problems = append(d.problems, Problem{Position: d.position(key), Path: keyPath, Text: text})
		default:
			seen[key.Value] = true
			d.positions[keyPath] = d.position(key)
			each(key, value, keyPath)
		}
	}
	return seen
}

func (d *decoder) decodeSlice(node *yaml.Node, path string, into reflect.Value) {
	if node.Kind != yaml.SequenceNode {
		d.refuse(node, path, fmt.Sprintf("%s is not a list; put each element on a line of its own behind a hyphen", display(node)))
		return
	}
	if len(node.Content) == 0 {
		d.refuse(node, path, "[] says nothing; leave the key out for the default")
		return
	}
	elements := reflect.MakeSlice(into.Type(), len(node.Content), len(node.Content))
	for i, element := range node.Content {
		if len(d.problems) >= most {
			break
		}
		elementPath := fmt.Sprintf("%s[%d]", path, i)
		d.positions[elementPath] = d.position(element)
		d.decode(element, elementPath, elements.Index(i))
		if elements.Index(i).IsZero() && !d.refused(elementPath) {
			d.refuse(element, elementPath, "says nothing; leave the element out")
		}
	}
	into.Set(elements)
}

func (d *decoder) decodeScalar(node *yaml.Node, path string, into reflect.Value) {
	if node.Kind != yaml.ScalarNode {
		d.refuse(node, path, fmt.Sprintf("%s is not a single value; write one behind the key", display(node)))
		return
	}
	switch into.Kind() {
	case reflect.String:
		switch {
		case node.Tag != "!!str" && node.Tag != "!!timestamp":
			// In quotes it may be wrong all the same.
			d.refuse(node, path, cmp.Or(valueFault(path, node.Value),
				fmt.Sprintf("%s is not text; write it in quotes: %s", display(node), quote(node.Value))))
		case strings.Contains(node.Value, "${") || strings.Contains(node.Value, "%{"):
			d.refuse(node, path, fmt.Sprintf("%s is a Terraform expression, which environment files do not have; write the value itself",
				display(node)))
		default:
			into.SetString(node.Value)
		}
	case reflect.Bool:
		switch node.Value {
		case "true", "false":
			if node.Tag == "!!bool" {
				into.SetBool(node.Value == "true")
				return
			}
			d.refuse(node, path, fmt.Sprintf("%s is text; write %s without quotes", display(node), node.Value))
		default:
			if lower := strings.ToLower(node.Value); lower == "true" || lower == "false" {
				d.refuse(node, path, fmt.Sprintf("%s is not how it is spelt; write %s", display(node), lower))
				return
			}
			d.refuse(node, path, fmt.Sprintf("%s is neither true nor false; write one of them", display(node)))
		}
	case reflect.Int:
		number, err := strconv.Atoi(node.Value)
		if err != nil || node.Tag != "!!int" || strconv.Itoa(number) != node.Value {
			d.refuse(node, path, fmt.Sprintf("%s is not a whole number; write it in plain digits, without quotes", display(node)))
			return
		}
		into.SetInt(int64(number))
	}
}

// refuse notes a problem, at the key of path where that is known and at node where not.
func (d *decoder) refuse(node *yaml.Node, path, text string) {
	d.problems = append(d.problems, Problem{Position: d.place(path, node), Path: path, Text: text})
}

// place is where the key of path stands; where node stands if path has no key.
func (d *decoder) place(path string, node *yaml.Node) Position {
	if known, ok := d.positions[path]; ok {
		return known
	}
	return d.position(node)
}

// refused reports whether path, or something in it, has a problem already.
func (d *decoder) refused(path string) bool {
	return slices.ContainsFunc(d.problems, func(problem Problem) bool { return within(problem.Path, path) })
}

// refusedOrMeant is the paths of what has a problem already, or was misspelt.
func (d *decoder) refusedOrMeant() []string {
	paths := slices.Collect(maps.Keys(d.meant))
	for _, problem := range d.problems {
		paths = append(paths, problem.Path)
	}
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" })
}

func (d *decoder) position(node *yaml.Node) Position {
	return Position{File: d.file, Line: max(node.Line, 1), Column: max(node.Column, 1)}
}

// display shows what a node holds, as an error quotes it.
func display(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Tag == "!!str":
		return quote(node.Value)
	default:
		return plain(node.Value)
	}
}

// plain is text as an error shows it without quotes, unless it would be more than one line or show a credential.
func plain(text string) string {
	if strconv.Quote(text) != `"`+text+`"` || credential.Holds(text) {
		return quote(text)
	}
	return shorten(text)
}

func quote(text string) string {
	if credential.Holds(text) {
		return "a credential"
	}
	return strconv.Quote(shorten(text))
}

// shorten keeps an error on one line that can be read.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 100 {
		return string(runes[:100]) + "…"
	}
	return text
}

// join is the path of a key below path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// within reports whether path is outer or lies in it.
func within(path, outer string) bool {
	rest, inside := strings.CutPrefix(path, outer)
	return inside && (rest == "" || rest[0] == '.' || rest[0] == '[' || outer == "")
}

// missing is the text for a required key that is not there.
const missing = "is missing; add the key"

// field is what the decoder and the checks know of one field of a struct.
type field struct {
	name       string // its key in a file
	index      int
	required   bool
	credential string // environment variable to use instead, or the key beside it that names a file; "" if the field may hold its value
}

var fieldCache sync.Map // reflect.Type to []field

// fieldsOf returns the fields of a struct in their order.
func fieldsOf(structure reflect.Type) []field {
	if cached, ok := fieldCache.Load(structure); ok {
		return cached.([]field)
	}
	fields := make([]field, structure.NumField())
	for i := range fields {
		tag := structure.Field(i).Tag
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		fields[i] = field{name: name, index: i, required: options == "", credential: tag.Get("credential")}
	}
	fieldCache.Store(structure, fields)
	return fields
}

func findField(fields []field, name string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// unknownKey says what to write instead of a key, and which key that was probably meant to be.
func (d *decoder) unknownKey(path, key string, fields []field) (meant, text string) {
	if advice, known := otherKeys[path]; known {
		return "", "is not a key here; " + advice
	}
	if alarm := nearest(key, alarmNames()); alarm != "" && path == join("alarms", key) && nearest(key, namesOf(fields)) == "" {
		return "", "is not a key here; alarms are tuned below `tune:`, as `- alarm: " + alarm + "`"
	}
	if place, known := d.placeOf(key, path); known {
		return "", "is not a key here; it belongs " + place
	}
	names := namesOf(fields)
	name := nearest(key, names)
	if field, _ := findField(fields, name); field.credential != "" {
		return name, "is not a key here, and a credential would end up in cdktf.out and in plan files; " + insteadOf(field)
	}
	if name != "" {
		return name, fmt.Sprintf("is not a key here; did you mean %q?", name) + lookAlikes(key)
	}
	near := sharingAWord(key, names)
	if len(near) == 1 {
		name = near[0]
	}
	if text := oneOfFew(near); text != "" {
		return name, "is not a key here; did you mean " + text + "?"
	}
	return "", "is not a key here; the keys are " + strings.Join(names, ", ")
}

func namesOf(fields []field) []string {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.name
	}
	return names
}

// oneOfFew names candidates; "" if there are none, or too many to choose from.
func oneOfFew(candidates []string) string {
	switch last := len(candidates) - 1; last {
	case 0:
		return strconv.Quote(candidates[0])
	case 1, 2:
		return strings.Join(candidates[:last], ", ") + " or " + candidates[last]
	default:
		return ""
	}
}

// placeOf says where a key belongs that stands at path, if its section has one place for it, or the file's top; of a key at the top, if all
// sections together have one.
func (d *decoder) placeOf(key, path string) (place string, known bool) {
	section, _, inSection := strings.Cut(path, ".")
	top := fieldsOf(d.kind)
	if _, atTop := findField(top, key); atTop && inSection {
		return "at the top of the file, not indented", true
	}
	var places []string
	for _, field := range top {
		if !inSection || field.name == section {
			places = append(places, placesOf(key, field.name, d.kind.Field(field.index).Type)...)
		}
	}
	if len(places) != 1 {
		return "", false
	}
	return "below `" + places[0] + ":`", true
}

// placesOf is the paths below which a key stands in what is at path and has a type, but for elements of lists.
func placesOf(key, path string, kind reflect.Type) (places []string) {
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct {
		return nil
	}
	for _, field := range fieldsOf(kind) {
		if field.name == key {
			places = append(places, path)
		}
		places = append(places, placesOf(key, join(path, field.name), kind.Field(field.index).Type)...)
	}
	return places
}

// sharingAWord is the candidates that have a word of text, or that text abbreviates.
func sharingAWord(text string, candidates []string) (sharing []string) {
	const shortest = 3 // of a word that says something
	words := strings.Split(strings.ToLower(text), "_")
	for _, candidate := range candidates {
		parts := strings.Split(candidate, "_")
		if slices.ContainsFunc(words, func(word string) bool {
			return len(word) >= shortest && (slices.Contains(parts, word) || strings.HasPrefix(candidate, strings.TrimSuffix(word, "s")))
		}) {
			sharing = append(sharing, candidate)
		}
	}
	return sharing
}

// nearest returns the candidate that text was probably meant to be, "" if none is near.
func nearest(text string, candidates []string) string {
	best, distance := "", len(text)/2+1
	for _, candidate := range candidates {
		if d := levenshtein.ComputeDistance(strings.ToLower(text), strings.ToLower(candidate)); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

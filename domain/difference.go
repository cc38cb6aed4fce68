package domain

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// leaves is what JSON says, as one line of text for each value, by its path: "template.mappings.properties.ml.step.type" is "long".
// Numbers, booleans and texts that are written alike count as the same, for Elasticsearch answers with "1" where it was sent 1. An
// empty object or list is a leaf.
type leaves map[string]string

func (l leaves) add(path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 {
			l[path] = "{}"
		}
		for key, its := range value {
			l.add(strings.TrimPrefix(path+"."+key, "."), its)
		}
	case []any:
		if len(value) == 0 {
			l[path] = "[]"
		}
		for i, its := range value {
			l.add(fmt.Sprintf("%s[%d]", path, i), its)
		}
	case string:
		l[path] = value
	case nil:
		l[path] = "null"
	default:
		content, _ := json.Marshal(value)
		l[path] = string(content)
	}
}

func leavesOf(value any) leaves {
	l := leaves{}
	l.add("", value)
	return l
}

// differences is what it takes from have to want, a line each by its path: "+ path: value" comes, "- path: value" goes,
// "~ path: old -> new" changes.
func differences(have, want leaves) []string {
	paths := slices.Sorted(maps.Keys(want))
	for path := range have {
		if _, stays := want[path]; !stays {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	var lines []string
	for _, path := range paths {
		old, was := have[path]
		new, is := want[path]
		switch {
		case !was:
			lines = append(lines, fmt.Sprintf("+ %s: %s", path, new))
		case !is:
			lines = append(lines, fmt.Sprintf("- %s: %s", path, old))
		case old != new:
			lines = append(lines, fmt.Sprintf("~ %s: %s -> %s", path, old, new))
		}
	}
	return lines
}

// decoded is JSON of ours as plain values.
func decoded(content []byte) map[string]any {
	var value map[string]any
	if err := json.Unmarshal(content, &value); err != nil {
		panic("JSON of the model that is none: " + err.Error())
	}
	return value
}

// at is what stands at a path of keys; nil if nothing does.
func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// nested puts a value with a dotted name into objects: {"ml.step": x} becomes {"ml": {within: {"step": x}}}. Elasticsearch answers so.
func nested(names map[string]any, within string) map[string]any {
	result := map[string]any{}
	for name, value := range names {
		first, rest, dotted := strings.Cut(name, ".")
		if !dotted {
			result[name] = merged(result[name], value)
			continue
		}
		inner := any(nested(map[string]any{rest: value}, within))
		if within != "" {
			inner = map[string]any{within: inner}
		}
		result[first] = merged(result[first], inner)
	}
	return result
}

// merged is two objects in one, or the second value.
func merged(a, b any) any {
	first, ok := a.(map[string]any)
	second, ok2 := b.(map[string]any)
	if !ok || !ok2 {
		return b
	}
	result := maps.Clone(first)
	for key, value := range second {
		result[key] = merged(result[key], value)
	}
	return result
}

// sameMapping writes a mapping as Elasticsearch would: fields nested, and no type where it is object, which it says or leaves out.
func sameMapping(mapping map[string]any) map[string]any {
	result := maps.Clone(mapping)
	if result["type"] == "object" {
		delete(result, "type")
	}
	properties, ok := mapping["properties"].(map[string]any)
	if !ok {
		return result
	}
	properties = nested(properties, "properties")
	for name, field := range properties {
		if field, ok := field.(map[string]any); ok {
			properties[name] = sameMapping(field)
		}
	}
	result["properties"] = properties
	return result
}

// sameSettings writes settings as Elasticsearch would: nested below index.
func sameSettings(settings map[string]any) map[string]any {
	prefixed := map[string]any{}
	for name, value := range leavesOf(nested(settings, "")) {
		if !strings.HasPrefix(name, "index.") {
			name = "index." + name
		}
		prefixed[name] = value
	}
	return nested(prefixed, "")
}

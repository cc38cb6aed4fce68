package spec

import (
	"maps"
	"slices"
	"strings"
)

// defaultTagsSection is all that is known of default_tags.
var defaultTagsSection = section{
	key:   "default_tags",
	rules: tagRules("default_tags", func(e Environment) map[string]string { return e.DefaultTags }),
	otherKeys: map[string]string{
		"tags": "tags of every resource are `default_tags:`, those of the domain alone `domain.tags:`",
	},
}

// DefaultTagKeys is the keys of the tags that every resource of the environment gets, in order.
func (environment Environment) DefaultTagKeys() []string {
	return slices.Sorted(maps.Keys(environment.DefaultTags))
}

// tagRules is what must hold of the tags at a path.
func tagRules[T any](path string, tags func(T) map[string]string) []ruleOf[T] {
	return []ruleOf[T]{{path + " that AWS takes", nil, func(of T) []finding { return tagFindings(path, tags(of)) }}}
}

// tagFindings holds tags to AWS's limits.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#tag-conventions
func tagFindings(path string, tags map[string]string) []finding {
	findings := when(len(tags) > 50, path, "has %d tags, and AWS takes 50; leave some out", len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		switch {
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			findings = append(findings, findingAt(join(path, key), `begins with "aws:", which AWS keeps to itself; choose another name`)...)
		case key == "":
			findings = append(findings, findingAt(path, "has a tag without a name; name it or leave it out")...)
		case len([]rune(key)) > 128:
			findings = append(findings, findingAt(path, "has a key of %d characters, and AWS takes 128; shorten %s", len([]rune(key)),
				quote(key))...)
		case len([]rune(value)) > 256:
			findings = append(findings, findingAt(join(path, key), "has %d characters, and AWS takes 256; shorten it",
				len([]rune(value)))...)
		}
	}
	return findings
}

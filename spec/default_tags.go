package spec

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// defaultTagsSection is all that is known of default_tags.
var defaultTagsSection = section{
	key: "default_tags",
	rules: slices.Concat(
		tagRules("default_tags", func(e Environment) map[string]string { return e.DefaultTags }),
		roleTagRules("default_tags", func(e Environment) map[string]string { return e.DefaultTags }, DomainTag),
		[]rule{{"room for the tag of the stack", func(e Environment) []finding {
			_, given := e.DefaultTags[DomainTag]
			return when(len(e.DefaultTags) == mostTags && !given && e.tagsWhatItMakes(), "default_tags",
				"has %d tags, and with the stack's own, %q, AWS would get more than the %d that it takes; leave one out",
				mostTags, DomainTag, mostTags)
		}}}),
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
	return []ruleOf[T]{{path + " that AWS takes", func(of T) []finding { return tagFindings(path, tags(of)) }}}
}

// mostTags is how many tags AWS takes on a resource.
const mostTags = 50

// tagsWhatItMakes reports whether the stack makes what has no ARN before it is made.
func (environment Environment) tagsWhatItMakes() bool {
	return environment.MakesKey() || environment.MakesAlarmsTopic() || environment.makesPools() || environment.makesCertificate() ||
		environment.makesSecurityGroup()
}

// DomainTag is the key of the tag that a stack gives what has no ARN before it is made, beside default_tags: see domain_tag.go of stacks.
const DomainTag = "elasticsearch-domain"

// roleTagRules is what must hold besides of tags that get to IAM, to KMS, to ACM and to CloudWatch Logs, as default_tags do, beside those
// of these keys, which the stack gives.
func roleTagRules[T any](path string, tags func(T) map[string]string, own ...string) []ruleOf[T] {
	return []ruleOf[T]{{path + " that IAM takes", func(of T) []finding { return roleTagFindings(path, tags(of), own) }}}
}

// roleTag is what IAM takes in the key of a tag, and in its value.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
var roleTag = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// roleTagFindings holds tags to the characters that IAM takes, and their keys to differ by more than case, by which IAM does not tell
// them apart.
func roleTagFindings(path string, tags map[string]string, own []string) []finding {
	var findings []finding
	first := map[string]string{} // of the keys, by what they are in lower case
	for _, key := range own {
		first[strings.ToLower(key)] = key
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		const remedy = "use letters, digits, spaces and _ . : / = + - @"
		same, taken := first[strings.ToLower(key)]
		switch {
		case key == "": // as another rule says
		case taken && slices.Contains(own, same) && key != same:
			findings = append(findings, findingOfKey(path, key, "is the key of the stack's own tag %q but for case, by which IAM "+
				"tells no keys apart; choose another one", same)...)
		case taken && key != same:
			findings = append(findings, findingOfKey(path, key, "is the same key as %s but for case, by which IAM tells no keys "+
				"apart; leave one out", quote(same))...)
		case !roleTag.MatchString(key):
			findings = append(findings, findingOfKey(path, key, "has characters in its key that IAM and KMS refuse: %s; %s",
				othersIn(key), remedy)...)
		case !roleTag.MatchString(tags[key]) && !isToken(reflect.ValueOf(tags[key])):
			findings = append(findings, findingAt(join(path, key), "%s has characters that IAM and KMS refuse: %s; %s", quote(tags[key]),
				othersIn(tags[key]), remedy)...)
		}
		if !taken {
			first[strings.ToLower(key)] = key
		}
	}
	return findings
}

// othersIn is the characters of a text that IAM does not take in tags, each once.
func othersIn(text string) string {
	var others []string
	for _, character := range text {
		other := strings.Trim(strconv.Quote(string(character)), `"`)
		if !roleTag.MatchString(string(character)) && !slices.Contains(others, other) {
			others = append(others, other)
		}
	}
	return strings.Join(others, " ")
}

// tagFindings holds tags to AWS's limits.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#tag-conventions
func tagFindings(path string, tags map[string]string) []finding {
	findings := when(len(tags) > mostTags, path, "has %d tags, and AWS takes %d; leave some out", len(tags), mostTags)
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		switch {
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			findings = append(findings, findingOfKey(path, key, `begins with "aws:", which AWS keeps to itself; choose another name`)...)
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

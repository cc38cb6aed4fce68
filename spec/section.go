package spec

import (
	"maps"
	"slices"
	"time"
)

// section is one of the keys at the top of an environment file: all that is known of it beside its type, in the file that is
// called as the key.
type section struct {
	// Its key.
	key string
	// Fills in what was left out, in a copy of what a pointer points to; nil: nothing is.
	defaults func(*Environment)
	// What each value may be by itself, by the path of its key; [] stands for every element of a list.
	values map[string]allowed
	// What must hold between its values, and between them and other sections. What a rule finds lies in its section.
	rules []rule
	// What AWS takes, and its user should know of all the same.
	warnings []warning
	// What of it came with a version of Elasticsearch on AWS.
	features []feature
	// Which arguments of the domain it fills.
	fills []filled
	// Which of its keys hold ARNs of the stack's own account.
	ownARNs []ownARN[Environment]
	// Keys that have another name by now, by their path: they are read as that one, with a warning.
	formerKeys map[string]string
	// Where to turn for keys that Terraform has or had and environment files have not, by their path.
	otherKeys map[string]string
}

// What all sections have, and what files of roles have beside it.
var (
	allowedValues = merged(append(ofEach(sections, func(s section) []map[string]allowed { return []map[string]allowed{s.values} }),
		gitHubValues)...)
	otherKeys  = merged(ofEach(sections, func(s section) []map[string]string { return []map[string]string{s.otherKeys} })...)
	formerKeys = merged(ofEach(sections, func(s section) []map[string]string { return []map[string]string{s.formerKeys} })...)
	features   = ofEach(sections, func(s section) []feature { return s.features })
	fills      = ofEach(sections, func(s section) []filled { return s.fills })
	warnings   = ofEach(sections, func(s section) []warning { return s.warnings })
	rules      = slices.Concat(
		[]rule{featuresNeedVersion},
		ofEach(sections, func(s section) []rule { return s.rules }),
		[]rule{sectionOrArguments, oneAccount("one account", ofEach(sections, func(s section) []ownARN[Environment] { return s.ownARNs }))})
)

func ofEach[T any](sections []section, of func(section) []T) []T {
	var all []T
	for _, section := range sections {
		all = append(all, of(section)...)
	}
	return all
}

func merged[T any](parts ...map[string]T) map[string]T {
	all := map[string]T{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// warning is what is worth one, and what it says of an environment that has its defaults; "" if that does not earn it.
type warning struct {
	path string
	text func(environment Environment, today time.Time) string
}

// feature is what came with a version of Elasticsearch on AWS.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/features-by-version.html
type feature struct {
	path  string
	name  string
	since version
	used  func(Environment) bool
}

var featuresNeedVersion = rule{"features need their version", func(e Environment) []finding {
	running, known := findVersion(e.Domain.ElasticsearchVersion)
	var findings []finding
	for _, feature := range features {
		findings = append(findings, when(known && feature.used(e) && running.before(feature.since), feature.path,
			"%s needs Elasticsearch %s or newer, and this domain has %s; raise elasticsearch_version or turn it off", feature.name,
			feature.since, running)...)
	}
	return findings
}}

// filled is an argument of the domain that a section, or a part of one, fills: it may be written by hand, or left to the section.
type filled struct {
	section  string
	present  func(Environment) bool
	argument string
	given    func(Domain) bool
}

var sectionOrArguments = rule{"a section or the arguments that it fills", func(e Environment) []finding {
	var both []finding
	for _, filled := range fills {
		both = append(both, when(filled.present(e) && filled.given(e.Domain), filled.argument,
			"cannot go with the section %s, which fills it; keep one", filled.section)...)
	}
	return both
}}

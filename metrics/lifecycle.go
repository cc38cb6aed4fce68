package metrics

import (
	"fmt"
	"regexp"
)

// Lifecycle is which index state management an engine has.
type Lifecycle int

const (
	// NoLifecycle is none: Elasticsearch OSS. Old indices stay.
	NoLifecycle Lifecycle = iota
	// NamedByIndex is Open Distro before 1.13 (AWS 7.8 and 7.9): the template's settings name the policy.
	NamedByIndex
	// OpenDistro is Open Distro 1.13 (AWS 7.10): the policy names its indices, in an object.
	OpenDistro
	// OpenSearch is OpenSearch 1 and 2: the policy names its indices, in an array, and the paths are others.
	OpenSearch
)

// Path is the path of one of the lifecycle's endpoints: Path("policies/ml-metrics") is "/_opendistro/_ism/policies/ml-metrics". It is
// "" for NoLifecycle.
func (lifecycle Lifecycle) Path(endpoint string) string {
	switch lifecycle {
	case NamedByIndex, OpenDistro:
		return "/_opendistro/_ism/" + endpoint
	case OpenSearch:
		return "/_plugins/_ism/" + endpoint
	default:
		return ""
	}
}

// Policy returns the body of PUT <Path("policies/"+PolicyID)>: an index is deleted once its newest document is RetentionInDays old. It
// is nil for NoLifecycle. An index's age counts from its creation: a month that is filled in later lives longer, never shorter. The
// description ends in a hash of the rest, for the engine keeps no _meta: see [PolicyHash].
func (settings Settings) Policy(lifecycle Lifecycle) []byte {
	if lifecycle == NoLifecycle {
		return nil
	}
	settings = settings.WithDefaults()
	policy := object{
		"default_state": "open",
		"states": []object{
			{"name": "open", "actions": []object{}, "transitions": []object{{
				"state_name": "delete",
				"conditions": object{"min_index_age": fmt.Sprintf("%dd", settings.RetentionInDays+settings.Partition.days())},
			}}},
			{"name": "delete", "actions": []object{{"delete": object{}}}, "transitions": []object{}},
		},
	}
	indices := object{"index_patterns": settings.IndexPatterns(), "priority": TemplatePriority}
	switch lifecycle {
	case OpenDistro:
		policy["ism_template"] = indices
	case OpenSearch:
		policy["ism_template"] = []object{indices}
	}
	policy["description"] = fmt.Sprintf("%s: deletes %s after %d days (%s)",
		ManagedBy, settings.IndexPattern(), settings.RetentionInDays, hash(policy))
	return indented(object{"policy": policy})
}

var ourDescription = regexp.MustCompile(`^` + ManagedBy + `: .* \(([0-9a-f]{16})\)$`)

// PolicyHash returns the hash in the description of a policy that [Settings.Policy] made; false where it is somebody else's.
func PolicyHash(description string) (string, bool) {
	found := ourDescription.FindStringSubmatch(description)
	if found == nil {
		return "", false
	}
	return found[1], true
}

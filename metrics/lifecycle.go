package metrics

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

// Path is the path of one of the lifecycle's endpoints, such as Path("policies/ml-metrics"), with a slash before it; "" for
// NoLifecycle.
func (lifecycle Lifecycle) Path(endpoint string) string { return "" }

// Policy returns the body of PUT <Path("policies/"+PolicyID)>; nil for NoLifecycle. Its description ends in a hash of the rest, for the
// engine keeps no _meta: see [PolicyHash].
func (settings Settings) Policy(lifecycle Lifecycle) []byte { return nil }

// PolicyHash returns the hash in the description of a policy that [Settings.Policy] made; false where it is somebody else's.
func PolicyHash(description string) (string, bool) { return "", false }

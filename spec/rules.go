package spec

import "fmt"

// finding is what a rule finds wrong, and at which key.
type finding struct {
	path, text string
	ofKey      bool // of a map: whatever the value is, which may have a fault of its own
}

// rule is what must hold between the values of an environment that has its defaults. Most is refused by AWS or the provider
// after minutes or hours; some AWS takes, and it means something else than its author thought.
type rule = ruleOf[Environment]

// ruleOf is the same of whatever a file may be.
type ruleOf[T any] struct {
	name  string
	check func(T) []finding
}

// findingAt is one finding; when is one if it is so, none otherwise.
func findingAt(path, format string, values ...any) []finding {
	return []finding{{path: path, text: fmt.Sprintf(format, values...)}}
}

// findingOfKey is one finding of a key of the map at a path.
func findingOfKey(path, key, format string, values ...any) []finding {
	return []finding{{path: join(path, key), text: fmt.Sprintf(format, values...), ofKey: true}}
}

func when(so bool, path, format string, values ...any) []finding {
	if !so {
		return nil
	}
	return findingAt(path, format, values...)
}

// either is a finding where of two ways to say something not one is given, but both or none.
func either(path, one string, hasOne bool, other string, hasOther bool) []finding {
	switch {
	case hasOne && hasOther:
		return findingAt(path, "has both %s and %s; keep one", one, other)
	case hasOne || hasOther:
		return nil
	default:
		return findingAt(path, "needs either %s or %s; add one of them", one, other)
	}
}

// repeated is a finding for each value that a list holds already.
func repeated(path string, values []string) []finding {
	var twice []finding
	seen := map[string]bool{}
	for i, value := range values {
		twice = append(twice, when(seen[value], fmt.Sprintf("%s[%d]", path, i), "%s is there twice; leave one out", quote(value))...)
		seen[value] = true
	}
	return twice
}

// sayIf is text if it is so, "" otherwise.
func sayIf(so bool, text string) string {
	if so {
		return text
	}
	return ""
}

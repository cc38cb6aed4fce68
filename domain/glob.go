package domain

// overlap reports whether some name matches both patterns, in which * stands for any characters.
func overlap(a, b string) bool {
	switch {
	case a == "" && b == "":
		return true
	case a != "" && a[0] == '*':
		return overlap(a[1:], b) || b != "" && overlap(a, b[1:])
	case b != "" && b[0] == '*':
		return overlap(a, b[1:]) || a != "" && overlap(a[1:], b)
	case a == "" || b == "":
		return false
	}
	return a[0] == b[0] && overlap(a[1:], b[1:])
}

// overlapAny reports whether any of the patterns overlap.
func overlapAny(a, b []string) bool {
	for _, first := range a {
		for _, second := range b {
			if overlap(first, second) {
				return true
			}
		}
	}
	return false
}

package metrics

// Equivalent is a name that a standard or a tool has for a field of ours.
type Equivalent struct {
	// Whose name it is: one of [Standards].
	Standard string
	Name     string
	// Whether a row may have it: then it is read as ours. What is the same thing in name only for people, or a metric and no attribute,
	// is not.
	Read bool
	// What its value is multiplied by to be ours, as a power of ten: 3 makes milliseconds of seconds.
	Shift int
}

// Standard is a vocabulary that our names come from or are compared with.
type Standard struct {
	Name, URL string
	// The commit whose names these are.
	Commit string
}

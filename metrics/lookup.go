package metrics

// place returns the index in fields of a name and, for a name below a field of the type Keywords, what is below.
func place(name string) (at int, below string, ok bool) { return 0, "", false }

var (
	known       []Known
	knownByName = map[string]Known{}
)

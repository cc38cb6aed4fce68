package metrics

import "bytes"

// AppendJSON appends the row as one line of JSON without the newline, as [Encoder.Line] reads it: what came in another form can be
// mended and read again in this one. What could not be taken is null there, so that it stays wrong until somebody mends it.
func (row *Row) AppendJSON(to []byte) []byte {
	to = append(to, '{')
	below := row.below
	for at, value := range row.values {
		if !value.empty() {
			to = append(append(append(to, names[at]...), row.bytes(value)...), ',')
		}
		for _, given := range below {
			if given.at == at {
				to = append(append(append(to, names[at][:len(names[at])-2]...), '.'), row.bytes(given.name)...)
				to = append(append(append(to, `":`...), row.bytes(given.value)...), ',')
			}
		}
	}
	for _, problem := range row.problems {
		if _, known := Lookup(problem.Field); known && !row.Has(problem.Field) {
			name := append(appendText(nil, []byte(problem.Field)), ":null,"...)
			if !bytes.Contains(to, name) && !bytes.Contains(to, name[:len(name)-len("null,")]) {
				to = append(to, name...)
			}
		}
	}
	if len(row.measures) > 0 {
		to = append(to, `"`+wide+`":{`...)
		for _, measure := range row.measures {
			to = append(append(to, row.bytes(measure.name)...), ':')
			if measure.wrong != nil {
				to = append(to, "null,"...)
			} else {
				to = append(append(to, row.bytes(measure.value)...), ',')
			}
		}
		to[len(to)-1] = '}'
		to = append(to, ',')
	}
	if to[len(to)-1] == ',' {
		to[len(to)-1] = '}'
		return to
	}
	return append(to, '}')
}

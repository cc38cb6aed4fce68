package metrics

import (
	"bytes"
	"strconv"
)

// mostDepth is how deep objects may lie in each other; Elasticsearch's own limit.
const mostDepth = 20

// read reads one line of JSON. The fault is why it is none; what is wrong with the values of one that is, is among the row's problems.
func (row *Row) read(line []byte) *fault {
	scan := &row.scan
	scan.line, scan.at = line, 0
	switch scan.next() {
	case '{':
		scan.at++
	case '[':
		return scan.faultf(scan.at, "is an array; write one object a line, as jq -c '.[]' does")
	default:
		return scan.unexpected("an object, {...},")
	}
	if wrong := row.readObject(0, 1); wrong != nil {
		return wrong
	}
	if scan.next(); scan.at < len(line) {
		return scan.faultf(scan.at, "has more behind its object; write one object a line")
	}
	return nil
}

// readObject reads the members of an object, behind its brace. Their names are below the first prefix bytes of path.
func (row *Row) readObject(prefix, depth int) *fault {
	scan := &row.scan
	row.object++
	object := row.object
	if scan.next() == '}' {
		scan.at++
		return nil
	}
	for {
		if scan.next() != '"' {
			return scan.unexpected("a name in double quotes")
		}
		name, _, wrong := scan.text()
		if wrong != nil {
			return wrong
		}
		row.path = append(row.path[:prefix], name...)
		if scan.next() != ':' {
			return scan.unexpected(`":"`)
		}
		scan.at++
		scan.space()
		row.column = scan.at + 1
		value, wrong := scan.value()
		if wrong != nil {
			return wrong
		}
		if value.kind == numberToken && !parseDecimal(value.text).set {
			return scan.faultf(row.column-1, "has %s, which is no number of JSON; write it as 0.5 or 1e-3", clip(string(value.text)))
		}
		if value.kind == objectToken {
			wrong = row.readMember(object, depth)
		} else {
			row.give(row.path, value)
		}
		if wrong != nil {
			return wrong
		}
		switch scan.next() {
		case ',':
			scan.at++
		case '}':
			scan.at++
			return nil
		default:
			return scan.unexpected(`"," or "}"`)
		}
	}
}

// readMember reads an object within the object, whose name is path.
func (row *Row) readMember(object, depth int) *fault {
	scan := &row.scan
	number, known := objects[string(row.path)]
	switch {
	case depth == mostDepth:
		row.problem(clipName(row.path), "is more than 20 objects deep; write it flatter")
	case len(row.path) > mostName+len(wide):
		// No name below it can be right, and each would be looked up in all its length.
		row.problem(clipName(row.path), "has a name of "+strconv.Itoa(len(row.path))+" bytes; keep it to "+strconv.Itoa(mostName))
	case !known && !row.free():
		if _, ok := byName[string(row.path)]; ok {
			row.problem(clipName(row.path), "is an object; give one value")
		} else {
			row.unknown(row.path)
		}
	case known && row.objects[number] == object:
		row.problem(clipName(row.path), givenTwice)
	default:
		if known {
			row.objects[number] = object
		}
		row.path = append(row.path, '.')
		return row.readObject(len(row.path), depth+1)
	}
	scan.at--
	return scan.skip()
}

// free reports whether path is below a name that takes any others.
func (row *Row) free() bool {
	if bytes.HasPrefix(row.path, []byte(wide+".")) {
		return true
	}
	_, _, ok := keywordsBelow(row.path)
	return ok
}

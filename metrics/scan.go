package metrics

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON from one line, without copying what needs no change. What encoding/json lets pass (invalid UTF-8, halves of
// surrogate pairs) it refuses; what json.dumps of Python writes beside JSON (NaN, Infinity) it knows.
type scanner struct {
	line []byte
	at   int
	// The text of the last string with escapes; the next such string overwrites it.
	unescaped []byte
}

// kind is what a token is.
type kind byte

const (
	textToken kind = iota + 1
	numberToken
	booleanToken
	nullToken
	notFiniteToken // NaN, Infinity, -Infinity, without quotes
	arrayToken
	objectToken
	cellToken // a text that came without a type, from a cell of CSV or the command line
)

// token is one value. Text is a string's content, or a number as it was written; raw is what stands in the line, and of an array or an
// object its beginning.
type token struct {
	kind      kind
	text, raw []byte
	// Whether the text is its own canonical form, but for the quotes.
	plain bool
}

// fault is where and why a line is no JSON.
type fault struct {
	at   int
	text string
}

func (scan *scanner) faultf(at int, format string, arguments ...any) *fault {
	return &fault{at, fmt.Sprintf(format, arguments...)}
}

func (scan *scanner) space() {
	for scan.at < len(scan.line) {
		switch scan.line[scan.at] {
		case ' ', '\t', '\n', '\r':
			scan.at++
		default:
			return
		}
	}
}

// next skips white space and returns the byte there, 0 at the end.
func (scan *scanner) next() byte {
	scan.space()
	if scan.at == len(scan.line) {
		return 0
	}
	return scan.line[scan.at]
}

// unexpected says what stands where something else should.
func (scan *scanner) unexpected(wanted string) *fault {
	if scan.at >= len(scan.line) {
		return scan.faultf(scan.at, "ends where %s should be; was the line cut off?", wanted)
	}
	rest := scan.line[scan.at:]
	switch {
	case rest[0] == '\'':
		return scan.faultf(scan.at, "has a single quote where %s should be; write JSON, in Python with json.dumps", wanted)
	case bytes.HasPrefix(rest, []byte("None")), bytes.HasPrefix(rest, []byte("True")), bytes.HasPrefix(rest, []byte("False")):
		return scan.faultf(scan.at, "has Python's %s where %s should be; write JSON with json.dumps", scan.word(), wanted)
	case rest[0] == 0:
		return scan.faultf(scan.at, "has a zero byte where %s should be; is it UTF-16, or no text? Save it as UTF-8", wanted)
	case !utf8.FullRune(rest) || rest[0] >= utf8.RuneSelf && !validStart(rest):
		return scan.faultf(scan.at, "has the byte 0x%02x, which is no UTF-8; save it as UTF-8", rest[0])
	}
	first, _ := utf8.DecodeRune(rest)
	return scan.faultf(scan.at, "has %q where %s should be", first, wanted)
}

func validStart(text []byte) bool {
	first, size := utf8.DecodeRune(text)
	return first != utf8.RuneError || size > 1
}

func (scan *scanner) word() []byte {
	to := scan.at
	for to < len(scan.line) && (scan.line[to]|0x20 >= 'a' && scan.line[to]|0x20 <= 'z' || scan.line[to] == '-' || scan.line[to] == '+') {
		to++
	}
	return scan.line[scan.at:to]
}

// value reads the value that comes next. Of an object only its beginning is read, and the caller goes on; an array is read whole.
func (scan *scanner) value() (token, *fault) {
	switch c := scan.next(); {
	case c == '"':
		from := scan.at
		text, plain, fault := scan.text()
		return token{textToken, text, scan.line[from:scan.at], plain}, fault
	case c == '{':
		scan.at++
		return token{kind: objectToken, raw: scan.line[scan.at-1 : scan.at]}, nil
	case c == '[':
		return scan.array()
	case c == '-' || c-'0' <= 9:
		return scan.number()
	}
	from := scan.at
	word := scan.word()
	known := token{raw: word, text: word}
	switch string(word) {
	case "true", "false":
		known.kind = booleanToken
	case "null":
		known.kind = nullToken
	case "NaN", "Infinity":
		known.kind = notFiniteToken
	default:
		return token{}, scan.unexpected("a value")
	}
	scan.at = from + len(word)
	return known, nil
}

func (scan *scanner) number() (token, *fault) {
	from := scan.at
	for scan.at < len(scan.line) {
		switch c := scan.line[scan.at]; {
		case c-'0' <= 9, c == '.', c == '-', c == '+', c == 'e', c == 'E':
			scan.at++
			continue
		}
		break
	}
	raw := scan.line[from:scan.at]
	if len(raw) == 1 && raw[0] == '-' && bytes.HasPrefix(scan.line[scan.at:], []byte("Infinity")) {
		scan.at += len("Infinity")
		raw = scan.line[from:scan.at]
		return token{kind: notFiniteToken, text: raw, raw: raw}, nil
	}
	return token{kind: numberToken, text: raw, raw: raw}, nil
}

// text reads a string, and reports whether its content is canonical as it stands.
func (scan *scanner) text() (text []byte, plain bool, wrong *fault) {
	from := scan.at + 1
	beyondASCII := false
	for i := from; i < len(scan.line); i++ {
		switch c := scan.line[i]; {
		case c == '"':
			if beyondASCII && !utf8.Valid(scan.line[from:i]) {
				return nil, false, scan.badUTF8(from, i)
			}
			scan.at = i + 1
			return scan.line[from:i], true, nil
		case c == '\\':
			text, wrong = scan.escaped(from, i)
			return text, false, wrong
		case c < ' ':
			return nil, false, scan.faultf(i, "has the control character 0x%02x in a text; write it as \\u%04x", c, c)
		case c >= utf8.RuneSelf:
			beyondASCII = true
		}
	}
	return nil, false, scan.faultf(len(scan.line), "ends within a text; was the line cut off?")
}

func (scan *scanner) badUTF8(from, to int) *fault {
	for i := from; i < to; {
		first, size := utf8.DecodeRune(scan.line[i:to])
		if first == utf8.RuneError && size <= 1 {
			return scan.faultf(i, "has the byte 0x%02x, which is no UTF-8; save it as UTF-8", scan.line[i])
		}
		i += size
	}
	return scan.faultf(from, "is no UTF-8; save it as UTF-8")
}

// escaped reads the rest of a string that has a backslash at first.
func (scan *scanner) escaped(from, first int) ([]byte, *fault) {
	into := append(scan.unescaped[:0], scan.line[from:first]...)
	for i := first; i < len(scan.line); {
		switch c := scan.line[i]; {
		case c == '"':
			scan.unescaped = into
			if !utf8.Valid(into) {
				return nil, scan.badUTF8(from, i)
			}
			scan.at = i + 1
			return into, nil
		case c == '\\':
			var wrong *fault
			if into, i, wrong = scan.escape(into, i); wrong != nil {
				return nil, wrong
			}
		case c < ' ':
			return nil, scan.faultf(i, "has the control character 0x%02x in a text; write it as \\u%04x", c, c)
		default:
			into = append(into, c)
			i++
		}
	}
	return nil, scan.faultf(len(scan.line), "ends within a text; was the line cut off?")
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape appends what the escape at i means, and returns where it ends.
func (scan *scanner) escape(into []byte, i int) ([]byte, int, *fault) {
	if i+1 < len(scan.line) && escapes[scan.line[i+1]] != 0 {
		return append(into, escapes[scan.line[i+1]]), i + 2, nil
	}
	unit, ok := scan.unit(i)
	if !ok {
		return into, i, scan.faultf(i, "has a backslash that begins no escape of JSON; write it as \\\\")
	}
	if !utf16.IsSurrogate(unit) {
		return utf8.AppendRune(into, unit), i + 6, nil
	}
	other, ok := scan.unit(i + 6)
	if whole := utf16.DecodeRune(unit, other); ok && whole != utf8.RuneError {
		return utf8.AppendRune(into, whole), i + 12, nil
	}
	return into, i, scan.faultf(i, "has %s, one half of a surrogate pair; write the other half too, or leave it out", scan.line[i:i+6])
}

// unit reads \u and four digits.
func (scan *scanner) unit(i int) (rune, bool) {
	if i+6 > len(scan.line) || scan.line[i] != '\\' || scan.line[i+1] != 'u' {
		return 0, false
	}
	unit := rune(0)
	for _, c := range scan.line[i+2 : i+6] {
		switch {
		case c-'0' <= 9:
			unit = unit<<4 + rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit = unit<<4 + rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// array reads an array that nobody wants, however deep.
func (scan *scanner) array() (token, *fault) {
	from := scan.at
	if wrong := scan.skip(); wrong != nil {
		return token{}, wrong
	}
	return token{kind: arrayToken, raw: scan.line[from:scan.at]}, nil
}

// skip reads past the array or object that begins here, counting brackets alone: the row is refused anyway.
func (scan *scanner) skip() *fault {
	for depth := 0; scan.at < len(scan.line); {
		switch scan.line[scan.at] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '"':
			if _, _, wrong := scan.text(); wrong != nil {
				return wrong
			}
			continue
		}
		scan.at++
		if depth == 0 {
			return nil
		}
	}
	return scan.faultf(scan.at, "ends within an array; was the line cut off?")
}

package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// document is JSON that is read value by value. Python's bare NaN and Infinity are numbers.
type document struct {
	*jsontext.Decoder
	content *readable
	// Of several documents in a row, which this is, from 0.
	nth int
}

const (
	// deepest is how far objects and lists may lie within one another.
	deepest = 64
	// mostNames is how many names an object may have.
	mostNames = 100_000
	// longestText is how long a text or a number may be, in bytes.
	longestText = 1 << 20
)

func newDocument(content io.Reader) *document {
	r := &readable{reader: content}
	return &document{Decoder: jsontext.NewDecoder(r, lenient), content: r}
}

// lenient leaves names that are given twice to each, which can say where, and forgets them with their object.
var lenient = jsontext.AllowDuplicateNames(true)

// again reads other content, in the same memory.
func (d *document) again(content io.Reader) {
	r := d.content
	r.reader, r.pending, r.held, r.begun, r.inText, r.escaped, r.token, r.ended = content, nil, nil, false, false, false, 0, nil
	d.Reset(r, lenient)
}

// openDocument makes records of a format that is one JSON document, or several in a row. What is wrong with the JSON is the last record.
func openDocument(read func(*document, *output) error) func(io.ReadCloser, Options) records {
	return func(content io.ReadCloser, options Options) records {
		return writtenBy(content, options, func(content io.Reader, out *output) error {
			d := newDocument(content)
			for ; d.PeekKind() != 0; d.nth++ {
				if err := d.part(out, func() error { return read(d, out) }); err != nil {
					return d.wrong(out, err)
				}
			}
			d.nth = max(0, d.nth-1)
			_, err := d.ReadToken() // says why nothing comes
			if err == io.EOF {
				return nil
			}
			return d.wrong(out, err)
		})
	}
}

// part reads a part of the document. What is wrong with its shape is a record, and the rest of the part is skipped.
func (d *document) part(out *output, read func() error) error {
	depth, path := d.StackDepth(), ""
	err := read()
	wrong := shapeError{}
	if !errors.As(err, &wrong) {
		return err
	}
	if path = wrong.path; path == "" {
		path = d.path()
	}
	out.unreadable(place{path: path}, nil, wrong)
	for d.StackDepth() > depth {
		if _, err := d.ReadToken(); err != nil {
			return err
		}
	}
	return nil
}

// wrong writes what is wrong with the JSON, and returns what is wrong with the disk.
func (d *document) wrong(out *output, err error) error {
	problem, isContent := problemOf(err)
	if !isContent {
		return err
	}
	out.unreadable(place{path: d.path()}, nil, problem)
	return nil
}

// problemOf is an error of reading JSON as the problem of a record; false where the content is not at fault.
func problemOf(err error) (error, bool) {
	var syntax *jsontext.SyntacticError
	var shape shapeError
	var damaged damagedError
	var text longTextError
	switch {
	case errors.As(err, &damaged):
		return damaged, true
	case errors.As(err, &text):
		return text, true
	case errors.As(err, &shape):
		return shape, true
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the JSON ends in the middle; what came before was read, so send it whole"), true
	case errors.As(err, &syntax):
		return fmt.Errorf("is no JSON at byte %d (%v); mend it there", syntax.ByteOffset+1, syntax.Err), true
	}
	return err, false
}

// shapeError is that JSON is well-formed and not of the format.
type shapeError struct{ text, path string }

func (e shapeError) Error() string { return e.text }

// path is where the value is that comes next, such as "log_history[3].loss"; the second document of several in a row begins with "#2 ".
func (d *document) path() string {
	var path strings.Builder
	if d.nth > 0 {
		fmt.Fprintf(&path, "#%d ", d.nth+1)
	}
	var names []string
	for token := range d.StackPointer().Tokens() {
		names = append(names, token)
	}
	for depth := 1; depth <= d.StackDepth(); depth++ {
		kind, length := d.StackIndex(depth)
		name := ""
		if length > 0 && len(names) > 0 {
			name, names = names[0], names[1:]
		}
		switch {
		case kind == '[' && depth < d.StackDepth():
			length--
			fallthrough
		case kind == '[':
			fmt.Fprintf(&path, "[%d]", length)
		case length == 0:
		case strings.ContainsAny(name, ".[]\" \n\r\t"):
			path.WriteString("[" + strconv.Quote(name) + "]")
		case path.Len() > 0 && !strings.HasSuffix(path.String(), " "):
			path.WriteString("." + name)
		default:
			path.WriteString(name)
		}
	}
	return path.String()
}

// each reads an object or a list, and calls read before each of its values, with its name or "". What read leaves of a value is
// skipped.
func (d *document) each(read func(name string) error) error {
	if d.StackDepth() >= deepest {
		return shapeError{text: fmt.Sprintf("lies deeper than %d objects and lists; make it flat", deepest)}
	}
	opened := d.PeekKind()
	if opened != '{' && opened != '[' {
		path := d.path()
		if _, err := d.ReadToken(); err != nil {
			return err
		}
		return shapeError{"has a value where the format has an object or a list; is --format right?", path}
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	var seen names
	for {
		switch d.PeekKind() {
		case '}', ']':
			_, err := d.ReadToken()
			return err
		case 0:
			if _, err := d.ReadToken(); err != io.EOF {
				return err
			}
			return io.ErrUnexpectedEOF
		}
		name := ""
		if opened == '{' {
			token, err := d.ReadToken()
			if err != nil {
				return err
			}
			name = token.String()
			if wrong := seen.add(name); wrong != "" {
				return shapeError{text: wrong}
			}
		}
		depth, before := d.StackDepth(), d.InputOffset()
		if err := read(name); err != nil {
			return err
		}
		if d.StackDepth() == depth && d.InputOffset() == before {
			if err := d.skip(); err != nil {
				return err
			}
		}
	}
}

// skip skips the next value. Unlike the decoder's own it holds no more than a token.
func (d *document) skip() error {
	for depth := d.StackDepth(); ; {
		if _, err := d.ReadToken(); err != nil {
			if err == io.EOF {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		if d.StackDepth() <= depth {
			return nil
		}
	}
}

// names is the names of an object.
type names struct {
	few  []string
	many map[string]bool
}

// add returns what is wrong with another name.
func (n *names) add(name string) string {
	switch {
	case n.many != nil && n.many[name], n.many == nil && slices.Contains(n.few, name):
		return "is given twice; keep one"
	case n.many == nil && len(n.few) < 16:
		n.few = append(n.few, name)
		return ""
	case n.many == nil:
		n.many = map[string]bool{}
		for _, one := range n.few {
			n.many[one] = true
		}
	case len(n.many) == mostNames:
		return fmt.Sprintf("is one name too many: an object may have %d", mostNames)
	}
	n.many[name] = true
	return ""
}

// number reads a value if it is a number, NaN or an infinity; anything else stays, to be skipped or read otherwise.
func (d *document) number() (value float64, ok bool, err error) {
	switch d.PeekKind() {
	case '0':
		token, err := d.ReadToken()
		if err != nil {
			return 0, false, err
		}
		// One that is too large for a double is infinite, and is rejected as that.
		value, _ = strconv.ParseFloat(token.String(), 64)
		return value, true, nil
	case '"':
		token, err := d.ReadToken()
		if err != nil {
			return 0, false, err
		}
		value, ok = notANumber(token.String())
		return value, ok, nil
	}
	return 0, false, nil
}

// counted is number for a value that must be one, such as a step: null is none, and anything else is wrong.
func (d *document) counted() (*float64, error) {
	path := d.path()
	if d.PeekKind() == 'n' {
		return nil, d.skip()
	}
	value, ok, err := d.number()
	if err == nil && !ok {
		err = shapeError{"is no number; write one", path}
	}
	return &value, err
}

// scalar reads a value that is neither an object nor a list, as text: null is "".
func (d *document) scalar() (text string, ok bool, err error) {
	switch d.PeekKind() {
	case '{', '[', 0:
		return "", false, nil
	}
	token, err := d.ReadToken()
	if err != nil {
		return "", false, err
	}
	if token.Kind() == 'n' {
		return "", true, nil
	}
	return token.String(), true, nil
}

// notANumber reads what Python's and JavaScript's programs write in the place of numbers that JSON does not have.
func notANumber(text string) (float64, bool) {
	switch strings.ToLower(text) {
	case "nan", standsForNaN:
		return math.NaN(), true
	case "infinity", "+infinity", "inf", "+inf", standsForInfinity:
		return math.Inf(1), true
	case "-infinity", "-inf", standsForInfinity + "\x7f":
		return math.Inf(-1), true
	}
	return 0, false
}

// readable makes bare NaN, Infinity and -Infinity, outside of texts, texts of the same length that nobody writes, so that places stay
// true. It bounds how long a token may be, for the decoder holds one whole, and leaves out a byte-order mark.
type readable struct {
	reader  io.Reader
	buffer  [32 << 10]byte
	pending []byte // what is given next
	held    []byte // an end that may be the beginning of one of these words
	begun   bool
	inText  bool
	escaped bool
	token   int // its length so far
	ended   error
}

const (
	standsForNaN      = "\x7f"
	standsForInfinity = "\x7f\x7f\x7f\x7f\x7f\x7f"
)

var bare = []struct{ word, standsFor []byte }{
	{[]byte("NaN"), []byte(`"` + standsForNaN + `"`)},
	{[]byte("Infinity"), []byte(`"` + standsForInfinity + `"`)},
	{[]byte("-Infinity"), []byte(`"` + standsForInfinity + "\x7f" + `"`)},
}

// longTextError is that a token is too long.
type longTextError struct{}

func (longTextError) Error() string {
	return fmt.Sprintf("has a text or a number longer than %d bytes; what came before was read, so leave it out", longestText)
}

func (r *readable) Read(into []byte) (int, error) {
	for len(r.pending) == 0 {
		if r.ended != nil && len(r.held) == 0 {
			return 0, r.ended
		}
		r.fill()
	}
	n := copy(into, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

func (r *readable) fill() {
	kept := copy(r.buffer[:], r.held)
	r.held = nil
	n := 0
	if r.ended == nil {
		n, r.ended = r.reader.Read(r.buffer[kept:])
	}
	text := r.buffer[:kept+n]
	if !r.begun && (len(text) >= len(byteOrderMark) || r.ended != nil) {
		r.begun = true
		text = bytes.TrimPrefix(text, byteOrderMark)
	} else if !r.begun {
		r.held = text
		return
	}
	r.look(text)
}

// look goes through what was read.
func (r *readable) look(text []byte) {
	for i := 0; i < len(text); i++ {
		r.token++
		switch c := text[i]; {
		case r.inText:
			if c == '"' && !r.escaped {
				r.inText, r.token = false, 0
			}
			r.escaped = c == '\\' && !r.escaped
		case c == '"':
			r.inText, r.token = true, 0
		case c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']':
			r.token = 0
		case c == 'N' || c == 'I' || c == '-':
			word, whole := bareWord(text[i:], r.ended != nil)
			if !whole {
				r.pending, r.held = text[:i], text[i:]
				return
			}
			if word > 0 {
				i += word - 1
			}
		}
		if r.token > longestText {
			r.pending, r.ended = text[:i], longTextError{}
			return
		}
	}
	r.pending = text
}

// bareWord replaces the bare word that text begins with, and returns its length, 0 if there is none; whole is whether there is enough
// text to say so.
func bareWord(text []byte, ended bool) (length int, whole bool) {
	for _, bare := range bare {
		if bytes.HasPrefix(text, bare.word) {
			return copy(text, bare.standsFor), true
		}
		if !ended && bytes.HasPrefix(bare.word, text) {
			return 0, false
		}
	}
	return 0, true
}

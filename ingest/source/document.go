package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// document is one JSON document that is read token by token. Python's bare NaN and Infinity are read as those texts.
type document struct{ *jsontext.Decoder }

// deepest is how far objects and lists may lie within one another.
const deepest = 64

func newDocument(content io.Reader) document {
	return document{jsontext.NewDecoder(&quoting{reader: content})}
}

// openDocument makes records of a format that is one JSON document. What is wrong with the JSON is the last record.
func openDocument(read func(document, *output) error) func(io.ReadCloser) records {
	return func(content io.ReadCloser) records {
		return writtenBy(content, func(out *output) error {
			d := newDocument(content)
			err := read(d, out)
			var wrong *jsontext.SyntacticError
			var damaged damagedError
			switch {
			case err == nil:
				return nil
			case errors.As(err, &damaged):
				out.unreadable(0, "", nil, damaged)
			case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
				out.unreadable(0, "", nil, errors.New("the JSON ends in the middle; what came before was read, so send the file whole"))
			case errors.As(err, &wrong):
				out.unreadable(0, string(wrong.JSONPointer), nil, fmt.Errorf("is no JSON at byte %d (%v); mend it there", wrong.ByteOffset+1, wrong.Err))
			case errors.As(err, new(shapeError)):
				out.unreadable(0, string(d.StackPointer()), nil, err)
			default:
				return err
			}
			return nil
		})
	}
}

// shapeError is that JSON is well-formed and not of the format.
type shapeError struct{ text string }

func (e shapeError) Error() string { return e.text }

// each reads an object or a list, and calls read before each of its values, with its name or "". What read leaves of a value is
// skipped.
func (d document) each(read func(name string) error) error {
	if d.StackDepth() >= deepest {
		return shapeError{fmt.Sprintf("lies deeper than %d objects and lists; make it flat", deepest)}
	}
	opened := d.PeekKind()
	if opened != '{' && opened != '[' {
		if _, err := d.ReadToken(); err != nil {
			return err
		}
		return shapeError{"has a value where the format has an object or a list; is --format right?"}
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for {
		switch d.PeekKind() {
		case '}', ']':
			_, err := d.ReadToken()
			return err
		case 0:
			_, err := d.ReadToken()
			return err
		}
		name := ""
		if opened == '{' {
			token, err := d.ReadToken()
			if err != nil {
				return err
			}
			name = token.String()
		}
		depth, before := d.StackDepth(), d.InputOffset()
		if err := read(name); err != nil {
			return err
		}
		if d.StackDepth() == depth && d.InputOffset() == before {
			if err := d.SkipValue(); err != nil {
				return err
			}
		}
	}
}

// number reads a value if it is a number, NaN or an infinity; anything else stays, to be skipped or read otherwise.
func (d document) number() (value float64, ok bool, err error) {
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

// scalar reads a value that is neither an object nor a list, as text: null is "".
func (d document) scalar() (text string, ok bool, err error) {
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
	case "nan":
		return math.NaN(), true
	case "infinity", "+infinity", "inf", "+inf":
		return math.Inf(1), true
	case "-infinity", "-inf":
		return math.Inf(-1), true
	}
	return 0, false
}

// quoting puts quotes around bare NaN, Infinity and -Infinity, outside of texts.
type quoting struct {
	reader  io.Reader
	read    []byte // what was read and not looked at
	pending []byte // what is given next
	inText  bool
	escaped bool
	ended   error
	buffer  [32 << 10]byte
}

var bare = [][]byte{[]byte("NaN"), []byte("Infinity"), []byte("-Infinity")}

func (q *quoting) Read(into []byte) (int, error) {
	for len(q.pending) == 0 {
		if q.ended != nil && len(q.read) == 0 {
			return 0, q.ended
		}
		q.fill()
	}
	n := copy(into, q.pending)
	q.pending = q.pending[n:]
	return n, nil
}

// fill looks at what was read, but for an end that may be the beginning of one of these words.
func (q *quoting) fill() {
	if q.ended == nil {
		kept := copy(q.buffer[:], q.read)
		n, err := q.reader.Read(q.buffer[kept:])
		q.read, q.ended = q.buffer[:kept+n], err
	}
	out := make([]byte, 0, len(q.read)+16)
	for len(q.read) > 0 {
		c := q.read[0]
		switch {
		case q.inText:
			q.inText, q.escaped = c != '"' || q.escaped, c == '\\' && !q.escaped
		case c == '"':
			q.inText = true
		case c == 'N' || c == 'I' || c == '-':
			word, whole := q.word()
			if !whole {
				q.pending = out
				return
			}
			if word != nil {
				out = append(append(append(out, '"'), word...), '"')
				q.read = q.read[len(word):]
				continue
			}
		}
		out = append(out, c)
		q.read = q.read[1:]
	}
	q.pending = out
}

// word is the bare word that comes next, nil if there is none; whole is whether enough was read to say so.
func (q *quoting) word() (word []byte, whole bool) {
	for _, word := range bare {
		if bytes.HasPrefix(q.read, word) {
			return word, true
		}
		if q.ended == nil && bytes.HasPrefix(word, q.read) {
			return nil, false
		}
	}
	return nil, true
}

package source

import (
	"bufio"
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// choices is how content is read, by how it begins.
type choices struct {
	object, list, lines, other func(io.ReadCloser, Options) records
}

// byFirst chooses by the first character, and lines where the first line has more of an object than its brace. What is not chosen
// among is other, which says what is wrong.
func byFirst(content io.ReadCloser, options Options, among choices) records {
	reader := bufio.NewReaderSize(content, beginningSize)
	beginning, _ := peek(reader) // whatever is wrong comes again
	whole := struct {
		io.Reader
		io.Closer
	}{reader, content}
	chosen := among.other
	switch {
	case startsWith(beginning, '{') && among.lines != nil && looksLikeLines(beginning):
		chosen = among.lines
	case startsWith(beginning, '{'):
		chosen = among.object
	case startsWith(beginning, '['):
		chosen = among.list
	}
	if chosen == nil {
		chosen = among.other
	}
	return chosen(whole, options)
}

// openLines makes records of lines that are an object of JSON each; read reads one, and writes it once it is read whole.
func openLines[T any](format string, read func(*T, *document, *output, place, []byte) error) func(io.ReadCloser, Options) records {
	return func(content io.ReadCloser, options Options) records {
		return writtenBy(content, options, func(content io.Reader, out *output) error {
			var state T
			lines, d := newTextLines(content, out), newDocument(nil)
			for {
				line, err := lines.next()
				if err == io.EOF {
					return nil
				} else if err != nil {
					return err
				}
				if line.rejectLong(out) || len(bytes.TrimSpace(line.text)) == 0 {
					continue
				}
				d.again(bytes.NewReader(line.text))
				at := place{line: line.number}
				if err = oneObject(d); err == nil {
					err = read(&state, d, out, at, line.text)
				}
				if problem, _ := problemOf(err); problem != nil {
					out.unreadable(at, line.text, problem).Format = format
				}
			}
		})
	}
}

var errNoObject = shapeError{text: "is no object of JSON; write one a line"}

// oneObject makes sure that the document is one object; it is read again then.
func oneObject(d *document) error {
	text := d.content.reader.(*bytes.Reader)
	if d.PeekKind() != '{' && d.PeekKind() != 0 {
		return errNoObject
	}
	if err := d.skip(); err != nil {
		return err
	}
	if _, err := d.ReadToken(); err == nil {
		return shapeError{text: "has more behind its object; write one a line"}
	} else if err != io.EOF {
		return err
	}
	text.Seek(0, io.SeekStart)
	d.again(text)
	return nil
}

// shape is what an object of JSON holds, told by its beginning.
type shape int

const (
	otherShape     shape = iota
	listsByName          // {"loss": [0.5, ...
	listsBySplit         // {"train": {"rmse": [0.5, ...
	numbersByClass       // {"cat": {"precision": 0.5, ...
)

// shapeOf looks at the first values alone.
func shapeOf(beginning []byte) shape {
	if !startsWith(beginning, '{') {
		return otherShape
	}
	d := newDocument(bytes.NewReader(beginning))
	kinds := make([]jsontext.Kind, 0, 6)
	for len(kinds) < cap(kinds) {
		token, err := d.ReadToken()
		if err != nil {
			break
		}
		kind := token.Kind()
		if kind == '"' {
			if _, is := notANumber(token.String()); is && len(kinds) > 1 {
				kind = '0'
			}
		}
		kinds = append(kinds, kind)
		if kind == '0' || kind == ']' {
			break
		}
	}
	switch string(kindsText(kinds)) {
	case `{"[0`:
		return listsByName
	case `{"{"[0`:
		return listsBySplit
	case `{"{"0`:
		return numbersByClass
	}
	return otherShape
}

func kindsText(kinds []jsontext.Kind) []byte {
	text := make([]byte, len(kinds))
	for i, kind := range kinds {
		text[i] = byte(kind)
	}
	return text
}

package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// columns writes what a row of CSV is, by its cells; raw is the row as it came.
type columns func(out *output, at place, raw []byte, cells []string)

// openTable makes records of a format that is CSV, with a comma, a semicolon or a tab. bind finds the columns of a header, or says why
// it is none of this format.
func openTable(format string, bind func(header []string, options Options) (columns, error)) func(io.ReadCloser, Options) records {
	return func(content io.ReadCloser, options Options) records {
		return writtenBy(content, options, func(content io.Reader, out *output) error {
			t := table{format: format, lines: newTextLines(content, out), out: out,
				bind: func(header []string) (columns, error) { return bind(header, options) }}
			return t.read()
		})
	}
}

// recognizesTable reports whether the first line is a header that bind takes.
func recognizesTable(bind func([]string, Options) (columns, error)) func([]byte) bool {
	return func(beginning []byte) bool {
		header := columnsOf(beginning)
		if len(header) == 0 {
			return false
		}
		_, err := bind(header, Options{})
		return err == nil
	}
}

// columnsOf is the names of the columns, by the first line that is not empty; none if that is no header.
func columnsOf(beginning []byte) []string {
	line, _, _ := bytes.Cut(bytes.TrimLeft(bytes.TrimPrefix(beginning, byteOrderMark), "\r\n"), []byte{'\n'})
	if startsWith(line, '{') || startsWith(line, '[') {
		return nil
	}
	names, err := cellsOf(bytes.TrimRight(line, "\r"), delimiterOf(line))
	if err != nil {
		return nil
	}
	return namesOf(names)
}

// namesOf is a header's cells as names.
func namesOf(cells []string) []string {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = strings.TrimSpace(cell)
	}
	return names
}

// delimiterOf is what a header has most of.
func delimiterOf(header []byte) byte {
	best, most := byte(','), bytes.Count(header, []byte{','})
	for _, delimiter := range []byte{';', '\t'} {
		if count := bytes.Count(header, []byte{delimiter}); count > most {
			best, most = delimiter, count
		}
	}
	return best
}

// table is a CSV file that is read.
type table struct {
	format    string
	bind      func([]string) (columns, error)
	lines     *textLines
	out       *output
	head      string
	header    []string
	delimiter byte
	write     columns
	// Whether there is no header, and so nothing behind it that can be read; that is told once.
	broken bool
}

const (
	// mostJoined is how many lines a row may have, and longestRow how many bytes: a quote that nothing closes must not eat the file.
	mostJoined, longestRow = 256, longestText
	// mostColumns is how many cells a row may have.
	mostColumns = 20_000
)

func (t *table) read() error {
	for !t.broken {
		line, err := t.lines.next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		switch {
		case line.rejectLong(t.out), len(bytes.TrimSpace(line.text)) == 0:
			continue
		case t.write == nil:
			t.delimiter = delimiterOf(line.text)
		}
		cells, raw, err := t.cells(line)
		if err != nil {
			t.reject(line.number, line.text, err)
			continue
		}
		t.row(line.number, raw, cells)
	}
	return nil
}

// cells is the cells of the row that begins with a line, which may go on in the next: a cell in quotes may have ends of lines.
func (t *table) cells(line textLine) (cells []string, raw []byte, err error) {
	if bytes.Count(line.text, []byte{'"'})%2 == 0 {
		cells, err = cellsOf(line.text, t.delimiter)
		return cells, line.text, err
	}
	joined := []textLine{line.copied()}
	row := bytes.Clone(line.text)
	for len(joined) < mostJoined && len(row) < longestRow {
		next, err := t.lines.next()
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, err
		}
		joined = append(joined, next.copied())
		row = append(append(row, '\n'), next.text...)
		if bytes.Count(next.text, []byte{'"'})%2 == 0 || next.size > longestLine {
			continue
		}
		if cells, err := cellsOf(row, t.delimiter); err == nil && (t.write == nil || len(cells) == len(t.header)) {
			return cells, row, nil
		}
		break
	}
	// The line is at fault alone; what follows is read as it is.
	t.lines.again = append(joined[1:], t.lines.again...)
	return nil, nil, errors.New(`has a quote that nothing closes; close it, or write a quote within a cell as ""`)
}

func (t *table) row(number int64, raw []byte, cells []string) {
	at := place{line: number}
	switch {
	case t.write == nil:
		t.begin(number, raw, cells)
	case slices.Equal(namesOf(cells), t.header):
		// Files were put together, or a program was started again and wrote on.
	case isHeader(cells) && t.rebind(raw, cells):
	case len(cells) != len(t.header):
		t.reject(number, raw, fmt.Errorf("has %d cells, and its header %d; give each column one", len(cells), len(t.header)))
	default:
		t.write(t.out, at, raw, cells)
	}
}

// begin takes the first row as the header.
func (t *table) begin(number int64, raw []byte, cells []string) {
	var err error
	if len(cells) > mostColumns {
		err = fmt.Errorf("has %d columns, and a file may have %d; write them as several files", len(cells), mostColumns)
	} else if t.write, err = t.bind(namesOf(cells)); err == nil {
		t.header, t.head = namesOf(cells), string(raw)
		return
	}
	t.out.unreadable(place{line: number}, raw, err).Format = t.format
	t.broken = true
}

// isHeader reports whether no cell of a row is a number: then it may be another header.
func isHeader(cells []string) bool {
	for _, cell := range cells {
		if cell = strings.TrimSpace(cell); cell == "" || strings.ContainsRune("0123456789+-.", rune(cell[0])) {
			return false
		}
	}
	return true
}

// rebind takes a row as the header of what follows, and reports whether it is one.
func (t *table) rebind(raw []byte, cells []string) bool {
	write, err := t.bind(namesOf(cells))
	if err != nil {
		return false
	}
	t.write, t.header, t.head = write, namesOf(cells), string(raw)
	return true
}

// reject writes a row that cannot be read, with what it is read with once it is mended.
func (t *table) reject(number int64, raw []byte, problem error) {
	record := t.out.unreadable(place{line: number}, raw, problem)
	record.Format, record.Head = t.format, t.head
}

// cellsOf cuts a row into its cells.
func cellsOf(row []byte, delimiter byte) ([]string, error) {
	text := string(row)
	if strings.IndexByte(text, '"') < 0 {
		return strings.Split(text, string(delimiter)), nil
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = rune(delimiter)
	cells, err := reader.Read()
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong):
		return nil, fmt.Errorf(`has a quote out of place at byte %d (%v); put quotes around the whole cell, and write one within it as ""`,
			wrong.Column, wrong.Err)
	case err != nil:
		return nil, err
	}
	return cells, nil
}

// isIndex reports whether a column is only the number of its row, as pandas writes it.
func isIndex(name string) bool { return name == "" || strings.HasPrefix(name, "Unnamed: ") }

// isNone reports whether a cell says that there is no value.
func isNone(cell string) bool { return cell == "" || cell == "NA" }

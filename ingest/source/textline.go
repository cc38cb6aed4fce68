package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// textLine is a line without its end. Of one that is too long it is the beginning, and size is larger than its length.
type textLine struct {
	number int64
	text   []byte
	size   int64
}

// textLines gives one line after the other.
type textLines struct {
	reader *bufio.Reader
	out    *output
	// Whether content is a stream that may keep one waiting: what is there is handed on first.
	waits  bool
	number int64
	long   []byte
	// Lines that were read and are given again.
	again []textLine
}

func newTextLines(content io.Reader, out *output) *textLines {
	return &textLines{reader: bufio.NewReaderSize(content, beginningSize), out: out, waits: true}
}

// next returns the next line, which is valid until the next is asked for; [io.EOF] after the last. Content that cannot be unpacked is
// written as a record, once, and is the end.
func (l *textLines) next() (textLine, error) {
	if len(l.again) > 0 {
		line := l.again[0]
		l.again = l.again[1:]
		return line, nil
	}
	text, size, err := l.read()
	if err != nil && size == 0 {
		if damaged := (damagedError{}); errors.As(err, &damaged) {
			l.out.unreadable(place{line: l.number + 1}, nil, damaged)
			err = io.EOF
		}
		return textLine{}, err
	}
	l.number++
	if l.number == 1 {
		text = bytes.TrimPrefix(text, byteOrderMark)
	}
	return textLine{l.number, bytes.TrimRight(text, "\r\n"), size}, nil
}

// read reads a line with its end, and of one that is too long its beginning. The error comes with the last, which has no end, or alone.
func (l *textLines) read() (text []byte, size int64, err error) {
	if l.waits {
		if have, _ := l.reader.Peek(l.reader.Buffered()); bytes.IndexByte(have, '\n') < 0 {
			l.out.flush()
		}
	}
	l.long = l.long[:0]
	for {
		part, err := l.reader.ReadSlice('\n')
		size += int64(len(part))
		if err == nil && len(l.long) == 0 {
			return part, size, nil
		}
		if room := longestLine - len(l.long); size > longestLine {
			l.long = append(l.long, part[:min(len(part), max(0, room))]...)
			l.long = l.long[:min(len(l.long), longestLine)]
		} else {
			l.long = append(l.long, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if size > longestLine {
				return l.long[:keptBeginning], size, err
			}
			return l.long, size, err
		}
	}
}

// rejectLong writes a line that is too long, and reports whether it is.
func (line textLine) rejectLong(out *output) bool {
	if line.size <= longestLine {
		return false
	}
	beginning := line.text[:min(len(line.text), keptBeginning)]
	out.unreadable(place{line: line.number}, beginning, tooLong(line.size, longestLine)).Size = line.size
	return true
}

// copied is the line, valid for good.
func (line textLine) copied() textLine {
	line.text = bytes.Clone(line.text)
	return line
}

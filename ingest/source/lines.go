package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

const (
	// blockSize is how much is read at a time, in bytes: enough to keep a worker busy, little enough that tens of them are nothing.
	blockSize = 256 << 10
	// mostLine is how long a line of our own model may be, in bytes: one with as many metrics and parameters as a row may have is shorter,
	// and a hundred blocks are in memory at once. longestLine is that of others, which hold what is left out, and of rejected files,
	// where a line is within a line.
	mostLine, longestLine = 1 << 20, 8 << 20
	// keptBeginning is what is kept of a line that is longer.
	keptBeginning = 1 << 10
)

// lines cuts a stream into lines, without their ends (LF or CR LF). Lines of white space alone are no records.
type lines struct {
	reader io.ReadCloser
	rest   []byte // the beginning of a line that the last read ended in
	number int64  // of the last line that was given
	ended  error
	// What comes of a line; by default it is one of our own model.
	add func(block *Block, number int64, line []byte)
	// How long one may be, in bytes.
	longest int
}

func (l *lines) close() error { return l.reader.Close() }

// next returns as soon as there is a whole line: who writes to a pipe line by line waits for no block to fill.
func (l *lines) next(_ context.Context, block *Block) error {
	for {
		l.fill(block)
		switch {
		case len(block.Records) > 0:
			return nil // what ended comes next
		case l.ended != nil && len(l.rest) == 0:
			return l.end(block)
		}
		block.data = block.data[:0] // of white space alone
	}
}

// fill reads to the end of a line, and gives what was read but for the beginning of the next.
func (l *lines) fill(block *Block) {
	if cap(block.data) < blockSize {
		block.data = make([]byte, 0, blockSize)
	}
	data := append(block.data, l.rest...)
	l.rest = l.rest[:0]
	for searched := 0; l.ended == nil; {
		if len(data) == cap(data) {
			if len(data) > l.longest {
				l.skip(block, data[:keptBeginning], int64(len(data)))
				return
			}
			data = append(data, make([]byte, len(data))...)[:len(data)]
		}
		n, err := l.reader.Read(data[len(data):cap(data)])
		data, l.ended = data[:len(data)+n], err
		if end := bytes.LastIndexByte(data[searched:], '\n'); end >= 0 {
			l.rest = append(l.rest, data[searched+end+1:]...)
			data = data[:searched+end+1]
			break
		}
		searched = len(data)
	}
	block.data = data
	for len(data) > 0 {
		line, after, _ := bytes.Cut(data, []byte{'\n'})
		l.give(block, line, int64(len(line)))
		data = after
	}
}

// give adds a line to the block.
func (l *lines) give(block *Block, line []byte, size int64) {
	l.number++
	if l.number == 1 {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	line = bytes.TrimSuffix(line, []byte{'\r'})
	switch {
	case size > int64(l.longest):
		block.unreadable(place{line: l.number}, line[:min(len(line), keptBeginning)], size, tooLong(size, l.longest))
	case len(bytes.TrimSpace(line)) == 0:
	case l.add != nil:
		l.add(block, l.number, line)
	default:
		block.line(l.number, line)
	}
}

// skip reads on to the end of a line that is too long, and keeps its beginning.
func (l *lines) skip(block *Block, beginning []byte, size int64) {
	beginning = bytes.Clone(beginning)
	block.data = block.data[:0]
	buffer := block.data[:cap(block.data)]
	for l.ended == nil {
		n, err := l.reader.Read(buffer)
		l.ended = err
		if end := bytes.IndexByte(buffer[:n], '\n'); end >= 0 {
			size += int64(end)
			l.rest = append(l.rest, buffer[end+1:n]...)
			break
		}
		size += int64(n)
	}
	l.give(block, beginning, size)
}

// end says how the stream ended: what cannot be unpacked is a record, once.
func (l *lines) end(block *Block) error {
	if errors.Is(l.ended, io.EOF) {
		return io.EOF
	}
	var damaged damagedError
	if errors.As(l.ended, &damaged) {
		l.ended = io.EOF
		block.unreadable(place{line: l.number + 1}, nil, 0, damaged)
		return nil
	}
	return l.ended
}

func tooLong(size int64, longest int) error {
	return fmt.Errorf("the line is %d bytes long, and one may have %d; write shorter ones", size, longest)
}

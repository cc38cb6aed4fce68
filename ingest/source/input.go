package source

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// input is one file or stream.
type input struct {
	name   string // as the user named it, below a folder with the folder's
	path   string // of a file; "" for another
	stdin  io.Reader
	read   *atomic.Int64 // bytes as they lie on the disk
	format Format
}

// beginningSize is how much of an input its format is known by, in unpacked bytes.
const beginningSize = 64 << 10

// open opens the input, unpacked, and returns its beginning too, which is read again.
func (in input) open() (io.ReadCloser, []byte, error) {
	raw := io.NopCloser(in.stdin)
	if in.path != "" {
		file, err := os.Open(in.path)
		if err != nil {
			return nil, nil, err
		}
		raw = file
	}
	packed := bufio.NewReaderSize(counted{raw, in.read}, beginningSize)
	unpacked := packed
	if magic, _ := packed.Peek(2); string(magic) == "\x1f\x8b" {
		unpacker, err := gzip.NewReader(packed)
		if err != nil {
			return nil, nil, errors.Join(damagedError{err}, raw.Close())
		}
		unpacked = bufio.NewReaderSize(damaging{unpacker}, beginningSize)
	}
	beginning, err := unpacked.Peek(beginningSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, new(damagedError)) {
		return nil, nil, errors.Join(err, raw.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, raw}, beginning, nil
}

// counted counts what is read.
type counted struct {
	io.Reader
	read *atomic.Int64
}

func (c counted) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.read.Add(int64(n))
	return n, err
}

// damaging gives every error of unpacking as a damagedError: the bytes are at fault, and reading them again gives the same.
type damaging struct{ io.Reader }

func (d damaging) Read(into []byte) (int, error) {
	n, err := d.Reader.Read(into)
	if err != nil && err != io.EOF {
		err = damagedError{err}
	}
	return n, err
}

// damagedError is that packed content cannot be unpacked.
type damagedError struct{ cause error }

func (e damagedError) Error() string {
	if errors.Is(e.cause, io.ErrUnexpectedEOF) {
		return "the gzip data is cut off here; what came before was read, so pack the file again and send it whole"
	}
	return fmt.Sprintf("the gzip data is damaged here (%v); what came before was read, so pack the file again and send it whole", e.cause)
}

func (e damagedError) Unwrap() error { return e.cause }

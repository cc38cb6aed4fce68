package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// input is one file, stream, folder or address.
type input struct {
	name   string // as the user named it, below a folder with the folder's
	path   string // of a file; "" for another
	stdin  io.Reader
	format Format
}

// beginningSize is how much of an input its format is known by, in unpacked bytes.
const beginningSize = 64 << 10

// open opens the input, unpacked, and returns its beginning too, which is read again. What is read is counted as it lies on the disk.
func (in input) open(read *atomic.Int64) (io.ReadCloser, []byte, error) {
	raw := io.NopCloser(in.stdin)
	if in.path != "" {
		file, err := os.Open(in.path)
		if err != nil {
			return nil, nil, err
		}
		raw = file
	} else if in.stdin == nil {
		return nil, nil, errors.New("there is no stdin")
	}
	packed := bufio.NewReaderSize(counted{raw, read}, beginningSize)
	unpacked := packed
	if magic, _ := packed.Peek(len(gzipMagic)); string(magic) == gzipMagic {
		unpacked = bufio.NewReaderSize(&unpacking{packed: packed}, beginningSize)
	}
	beginning, err := peek(unpacked)
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, new(damagedError)) {
		return nil, nil, errors.Join(err, raw.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, raw}, beginning, nil
}

// peek is what is there at once, and at least the first line: who writes to a pipe waits for no 64 KiB.
func peek(reader *bufio.Reader) ([]byte, error) {
	for {
		have, _ := reader.Peek(reader.Buffered())
		line, _, whole := bytes.Cut(bytes.TrimLeft(have, " \t\r\n"), []byte{'\n'})
		// A document of JSON over many lines says what it is further down.
		if line = bytes.TrimSpace(line); len(have) == beginningSize || whole && len(line) > 1 {
			return have, nil
		}
		if _, err := reader.Peek(len(have) + 1); err != nil {
			have, _ = reader.Peek(reader.Buffered())
			return have, err
		}
	}
}

// counted counts what is read.
type counted struct {
	io.Reader
	read *atomic.Int64
}

func (c counted) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	if c.read != nil {
		c.read.Add(int64(n))
	}
	return n, err
}

// unpacking unpacks gzip, and gives every error of that as a damagedError: the bytes are at fault, and reading them again gives the
// same. An error of the disk stays one.
type unpacking struct {
	packed    *bufio.Reader
	member    *bufio.Reader // what one packed content after the other is read from
	unpacker  *gzip.Reader
	isBetween bool // two of them
	failed    failing
	err       error // that reading ended with
}

// failing remembers how reading ended.
type failing struct {
	io.Reader
	err error
}

func (f *failing) Read(into []byte) (int, error) {
	n, err := f.Reader.Read(into)
	f.err = err
	return n, err
}

func (u *unpacking) Read(into []byte) (n int, err error) {
	if u.err != nil {
		return 0, u.err
	}
	defer func() { u.err = err }()
	for {
		if u.unpacker == nil {
			u.failed.Reader = u.packed
			u.member = bufio.NewReader(&u.failed)
			u.unpacker, err = gzip.NewReader(u.member)
		} else if u.isBetween {
			err = u.unpacker.Reset(u.member)
		}
		if err != nil {
			u.unpacker = nil
			return 0, u.fault(err)
		}
		u.unpacker.Multistream(false)
		u.isBetween = false
		n, err = u.unpacker.Read(into)
		if err == nil {
			return n, nil
		} else if err != io.EOF {
			return n, u.fault(err)
		}
		// A file may be several that were packed one by one.
		next, err := u.member.Peek(len(gzipMagic))
		switch {
		case len(next) == 0 && err == io.EOF:
			return n, io.EOF
		case len(next) > 0 && string(next) != gzipMagic:
			return n, damagedError{errBehind}
		}
		u.isBetween = true
		if n > 0 {
			return n, nil
		}
	}
}

const gzipMagic = "\x1f\x8b"

var errBehind = errors.New("bytes that are no gzip follow its end")

func (u *unpacking) fault(err error) error {
	if u.failed.err != nil && u.failed.err != io.EOF {
		return u.failed.err
	}
	return damagedError{err}
}

// damagedError is that packed content cannot be unpacked.
type damagedError struct{ cause error }

func (e damagedError) Error() string {
	switch {
	case errors.Is(e.cause, io.ErrUnexpectedEOF), errors.Is(e.cause, io.EOF):
		return "the gzip data is cut off here; what came before was read, so pack the file again and send it whole"
	case errors.Is(e.cause, gzip.ErrChecksum):
		return "the gzip data is damaged: its checksum is that of other content, so any value that was read of it may be wrong; take " +
			"this upload back (aimetrics delete --batch), pack the file again and send it whole"
	case errors.Is(e.cause, errBehind):
		return "bytes that are no gzip follow the end of the gzip data; all before them was read, so see what was appended to the file"
	}
	return fmt.Sprintf("the gzip data is damaged here (%v); what came before was read, so pack the file again and send it whole", e.cause)
}

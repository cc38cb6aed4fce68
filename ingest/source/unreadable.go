package source

import (
	"bytes"
	"errors"
	"io"
)

// What no format can read is an input of one record, which says so: other inputs go in.
var (
	utf16  = unreadableFormat("UTF-16", "is text in UTF-16; save it as UTF-8, as `iconv -f UTF-16 -t UTF-8` does")
	utf32  = unreadableFormat("UTF-32", "is text in UTF-32; save it as UTF-8, as `iconv -f UTF-32 -t UTF-8` does")
	binary = unreadableFormat("binary", "is no text but binary data; if it is packed with another program than gzip, unpack it")
)

func unreadableFormat(name, problem string) Format {
	return Format{Name: name, read: func(content io.ReadCloser, _ Options) records {
		return writtenBy(content, Options{}, func(_ io.Reader, out *output) error {
			out.unreadable(place{line: 1}, nil, errors.New(problem))
			return nil
		})
	}}
}

// unreadable is the pseudo-format of what begins so, if it is no text that a format reads.
func unreadable(beginning []byte) (Format, bool) {
	switch {
	case bytes.HasPrefix(beginning, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(beginning, []byte("\x00\x00\xfe\xff")):
		return utf32, true
	case everyOtherZero(bytes.TrimPrefix(bytes.TrimPrefix(beginning, []byte("\xff\xfe")), []byte("\xfe\xff"))):
		return utf16, true
	}
	// Text of one line may hold a zero that a fault left; what is binary has them at the very beginning.
	first := beginning[:min(len(beginning), 512)]
	return binary, bytes.IndexByte(first, 0) >= 0 && !startsWith(beginning, '{')
}

// everyOtherZero reports whether content begins as ASCII in UTF-16 without a mark does.
func everyOtherZero(beginning []byte) bool {
	first := beginning[:min(len(beginning), 64)&^1]
	if len(first) < 4 {
		return false
	}
	for i := 0; i < len(first); i += 2 {
		if (first[i] == 0) == (first[i+1] == 0) || (first[i] == 0) != (first[0] == 0) {
			return false
		}
	}
	return true
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// startsWith reports whether the first character of content that is no white space is this one.
func startsWith(beginning []byte, first byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(beginning, byteOrderMark))
	return len(text) > 0 && text[0] == first
}

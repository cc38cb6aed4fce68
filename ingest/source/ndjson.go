package source

import (
	"bytes"
	"io"
)

// looksLikeLines reports whether the first line begins as an object of JSON does, and is more than its brace; an empty file does too,
// and has no records.
func looksLikeLines(beginning []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(beginning, byteOrderMark))
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return len(text) == 0 || line[0] == '{' && len(bytes.TrimSpace(line)) > 1
}

func readLines(content io.ReadCloser, _ Options) records { return &lines{reader: content} }

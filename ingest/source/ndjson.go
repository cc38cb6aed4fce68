package source

import (
	"bytes"
	"io"
)

// looksLikeLines reports whether the first line begins as an object of JSON does, and is more than its brace; or where that is something
// else, such as what a program printed before, whether most lines do. An empty file does too, and has no records.
func looksLikeLines(beginning []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(beginning, byteOrderMark))
	if len(text) == 0 {
		return true
	}
	all, objects := 0, 0
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		isObject := len(line) > 1 && line[0] == '{'
		if all == 0 && (isObject || line[0] == '{' || line[0] == '[') {
			return isObject
		}
		if len(line) > 0 {
			all++
		}
		if isObject {
			objects++
		}
	}
	return objects*2 > all
}

func readLines(content io.ReadCloser, _ Options) records {
	return &lines{reader: content, longest: mostLine}
}

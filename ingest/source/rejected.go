package source

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// rejected is what ingest could not put into the index, once somebody mended it.
var rejected = Format{"rejected", "the rejected file of an earlier run", looksRejected, readRejected}

// looksRejected reports whether the first line is one of a rejected file: no line of our own model has these names.
func looksRejected(_ string, beginning []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(beginning), []byte{'\n'})
	return bytes.HasPrefix(first, []byte("{")) && bytes.Contains(first, []byte(`"documents":`)) && bytes.Contains(first, []byte(`"reason":`))
}

func readRejected(content io.ReadCloser) records {
	return &lines{reader: content, add: func(block *Block, number int64, line []byte) {
		raw, err := rawOf(line)
		if err != nil {
			block.unreadable(number, "", line, int64(len(line)), err)
			return
		}
		block.line(number, raw)
	}}
}

// rawOf is the line of our own model in a line of a rejected file.
func rawOf(line []byte) ([]byte, error) {
	var kept struct {
		File         string          `json:"file"`
		Line         int64           `json:"line"`
		Raw          json.RawMessage `json:"raw"`
		RawBase64    []byte          `json:"raw_base64"`
		RawBeginning string          `json:"raw_beginning"`
		Row          json.RawMessage `json:"row"`
	}
	if err := json.Unmarshal(line, &kept); err != nil {
		var encoding base64.CorruptInputError
		if errors.As(err, &encoding) {
			return nil, errors.New("raw_base64 is not in base64; write the line as raw instead")
		}
		return nil, fmt.Errorf("is no line of a rejected file (%v); mend it, or take it out if a run was killed while it wrote it", err)
	}
	var text string
	switch {
	case len(kept.Row) > 0:
		return kept.Row, nil
	case kept.RawBase64 != nil:
		return kept.RawBase64, nil
	case kept.RawBeginning != "":
		return nil, fmt.Errorf("was too large to keep; mend line %d of %s, and send that", kept.Line, kept.File)
	case len(kept.Raw) == 0:
		return nil, errors.New("has neither raw nor row; write the mended line as raw")
	case json.Unmarshal(kept.Raw, &text) == nil:
		return []byte(text), nil
	}
	// Somebody mended it as JSON.
	return kept.Raw, nil
}

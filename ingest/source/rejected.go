package source

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// rejected is what ingest could not put into the index, once somebody mended it.
var rejected = Format{Name: rejectedName, Description: "the rejected file of an earlier run", recognizes: looksRejected, read: readRejected}

const rejectedName = "rejected"

// looksRejected reports whether the first line is one of a rejected file: no line of our own model has these names.
func looksRejected(beginning []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(beginning), []byte{'\n'})
	return bytes.HasPrefix(first, []byte("{")) &&
		bytes.Contains(first, []byte(`"documents":`)) && bytes.Contains(first, []byte(`"reason":`))
}

func readRejected(content io.ReadCloser, options Options) records {
	return &lines{reader: content, longest: longestLine, add: func(block *Block, number int64, line []byte) {
		kept, raw, err := rawOf(line)
		if err == nil && kept.Format != "" {
			err = addAs(block, number, kept, raw, options)
		} else if err == nil {
			block.line(number, raw)
		}
		if err != nil {
			block.unreadable(place{line: number}, line, int64(len(line)), err)
		}
	}}
}

// keptLine is a line of a rejected file.
type keptLine struct {
	File         string          `json:"file"`
	Line         int64           `json:"line"`
	Format       string          `json:"format"`
	Head         string          `json:"head"`
	Raw          json.RawMessage `json:"raw"`
	RawBase64    []byte          `json:"raw_base64"`
	RawBeginning string          `json:"raw_beginning"`
	Row          json.RawMessage `json:"row"`
}

// rawOf is what a line of a rejected file holds: in our own model, or where it has a format in that.
func rawOf(line []byte) (kept keptLine, raw []byte, err error) {
	if err := json.Unmarshal(line, &kept); err != nil {
		var encoding base64.CorruptInputError
		if errors.As(err, &encoding) {
			return kept, nil, errors.New("raw_base64 is not in base64; write the line as raw instead")
		}
		return kept, nil, fmt.Errorf("is no line of a rejected file (%v); mend it, "+
			"or take it out if a run was killed while it wrote it", err)
	}
	var text string
	switch {
	case len(kept.Row) > 0:
		kept.Format = ""
		return kept, kept.Row, nil
	case kept.RawBase64 != nil:
		return kept, kept.RawBase64, nil
	case kept.RawBeginning != "":
		return kept, nil, fmt.Errorf("was too large to keep; mend line %d of %s, and send that", kept.Line, kept.File)
	case len(kept.Raw) == 0:
		return kept, nil, errors.New("has neither raw nor row; write the mended line as raw")
	case json.Unmarshal(kept.Raw, &text) == nil:
		return kept, []byte(text), nil
	}
	// Somebody mended it as JSON.
	return kept, kept.Raw, nil
}

// addAs adds what a line of another format is, which stood behind its head.
func addAs(block *Block, number int64, kept keptLine, raw []byte, options Options) error {
	format, known := formatNamed(kept.Format)
	if !known || format.read == nil || format.Name == rejectedName {
		return fmt.Errorf("has the format %q, which is none of a line; write it as row, in our own model", kept.Format)
	}
	text := string(raw)
	if kept.Head != "" {
		text = kept.Head + "\n" + text
	}
	within := format.read(io.NopCloser(strings.NewReader(text)), options)
	defer within.close()
	first := len(block.Records)
	for {
		err := within.next(context.Background(), block)
		for i := first; i < len(block.Records); i++ {
			block.Records[i].Line = number
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

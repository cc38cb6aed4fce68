package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // for -update
)

// records reads all, and gives a line for each: its place, and its content or its problem.
func all(t *testing.T, names []string, options Options) []string {
	t.Helper()
	reader, err := Open(names, options)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var got []string
	var block Block
	for {
		err := reader.Next(context.Background(), &block)
		if err == io.EOF {
			return got
		} else if err != nil {
			t.Fatal(err)
		}
		for _, record := range block.Records {
			what := string(record.Raw)
			if record.Problem != nil {
				what = record.Problem.Error()
			}
			got = append(got, fmt.Sprintf("%s:%d %.90s", block.Input, record.Line, what))
		}
	}
}

func TestLines(t *testing.T) {
	packed := func(text string) string {
		var buffer bytes.Buffer
		writer := gzip.NewWriter(&buffer)
		io.WriteString(writer, text)
		writer.Close()
		return buffer.String()
	}
	long := `{"a":"` + strings.Repeat("x", mostLine) + `"}`
	whole := `{"a":"` + strings.Repeat("x", 3*blockSize) + `"}`
	cut := packed(strings.Repeat(`{"a":1}`+"\n", 9))
	for name, test := range map[string]struct {
		content string
		want    []string
	}{
		"one line":              {"{\"a\":1}\n", []string{`-:1 {"a":1}`}},
		"no newline at the end": {"{\"a\":1}\n{\"a\":2}", []string{`-:1 {"a":1}`, `-:2 {"a":2}`}},
		"CR LF":                 {"{\"a\":1}\r\n{\"a\":2}\r\n", []string{`-:1 {"a":1}`, `-:2 {"a":2}`}},
		"a byte-order mark":     {"\xef\xbb\xbf{\"a\":1}\n", []string{`-:1 {"a":1}`}},
		"a blank line first":    {"\n{\"a\":1}", []string{`-:2 {"a":1}`}},
		"many blank lines":      {"{\"a\":1}\n" + strings.Repeat("\n", 3*blockSize) + "{\"a\":2}", []string{`-:1 {"a":1}`, fmt.Sprintf(`-:%d {"a":2}`, 3*blockSize+2)}},
		"empty lines count":     {"{\"a\":1}\n\n \t\n{\"a\":2}\n", []string{`-:1 {"a":1}`, `-:4 {"a":2}`}},
		"empty":                 {"", nil},
		"packed":                {packed("{\"a\":1}\n{\"a\":2}\n"), []string{`-:1 {"a":1}`, `-:2 {"a":2}`}},
		"longer than a block":   {whole + "\n{\"a\":2}\n", []string{"-:1 " + whole[:90], `-:2 {"a":2}`}},
		"too long": {long + "\n{\"a\":2}\n",
			[]string{fmt.Sprintf("-:1 %.90s", fmt.Sprintf("the line is %d bytes long, and one may have %d", len(long), mostLine)), `-:2 {"a":2}`}},
		"packed one by one":    {packed("{\"a\":1}\n") + packed("") + packed("{\"a\":2}\n"), []string{`-:1 {"a":1}`, `-:2 {"a":2}`}},
		"bytes behind its end": {packed("{\"a\":1}\n") + "\n", []string{`-:1 {"a":1}`, "-:2 bytes that are no gzip follow the end"}},
		"another checksum":     {cut[:len(cut)-8] + "\x00\x00\x00\x00" + cut[len(cut)-4:], append(lines9(), "-:10 the gzip data is damaged: its checksum")},
		"cut off":              {cut[:len(cut)-8], append(lines9(), fmt.Sprintf("-:10 %.90s", damagedError{io.ErrUnexpectedEOF}.Error()))},
	} {
		t.Run(name, func(t *testing.T) {
			got := all(t, []string{"-"}, Options{Stdin: strings.NewReader(test.content)})
			for i := range got {
				if i < len(test.want) && strings.HasPrefix(got[i], test.want[i]) {
					got[i] = test.want[i]
				}
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func lines9() []string {
	var lines []string
	for i := range 9 {
		lines = append(lines, fmt.Sprintf(`-:%d {"a":1}`, i+1))
	}
	return lines
}

func TestFolder(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"b.ndjson", "a/1.ndjson"} {
		path := filepath.Join(folder, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(`{"a":1}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.Join(all(t, []string{folder}, Options{}), "\n")
	want := strings.ReplaceAll("F/a/1.ndjson:1 {\"a\":1}\nF/b.ndjson:1 {\"a\":1}", "F", folder)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

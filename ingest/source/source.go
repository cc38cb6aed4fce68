// Package source reads the files and servers that have metrics, and gives what is in them record by record, in order, in bounded
// memory.
//
//   - source.go finds the inputs, and reads them one after the other;
//   - block.go is what is read at a time: records, and the memory that they share;
//   - format.go is the table of formats, and how one is told from another;
//   - input.go opens an input and unpacks it; unreadable.go is what no format can read;
//   - lines.go cuts a stream into lines, for formats that say what comes of each; textline.go does it for those that ask for the next;
//   - written.go is for formats that write their records in their own time;
//   - document.go reads documents of JSON, value by value; table.go reads CSV;
//   - names.go and instant.go are what the tools' names and times are in our model; logged.go makes rows of a training's log;
//   - every other file is one format, but for evidently_methods.go and mlflow_server.go and mlflow_store.go, which are parts of one.
//
// A format streams, or has a bound that it tells: a text within JSON of 1 MiB, a line of our model of 1 MiB and of others of 8, 100,000
// names in an object. What is wrong in an input is a record with its place; an error of [Reader.Next] is that a disk or a server fails.
//
// docs/sources.md has for each format how it is known, what is mapped, and what is left out. A new format is a file here and a line in
// the table.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
)

// Options is how inputs are read.
type Options struct {
	// The format of all inputs, by its name in the table. Default: each input's content decides.
	Format string
	// What "-" stands for.
	Stdin io.Reader
	// The fields that the user gives for all documents, as --set does: where an input only hints at one (the folder of a run, a time
	// without its offset), the hint gives way.
	Given []string
}

// gives reports whether the user gives a field.
func (options Options) gives(field string) bool { return slices.Contains(options.Given, field) }

// Reader reads inputs one after the other.
type Reader struct {
	options Options
	inputs  []input
	skipped []string
	name    string // of the input that is read
	current records
	read    atomic.Int64
	size    int64
}

// records is one input that is being read.
type records interface {
	// next adds records to an empty block; [io.EOF] and no record after the last. Another error is that the input cannot be read on:
	// what is wrong in its content is a record.
	next(ctx context.Context, block *Block) error
	close() error
}

// Open finds the inputs: files, folders (with all files below them, but hidden ones), "-" for stdin, and addresses such as
// mlflow:https://host. It reads the beginning of each file to know its format; files below a folder that have none are skipped.
// The error is every input that is not there, cannot be read or has no format that is known, a line each.
func Open(names []string, options Options) (*Reader, error) {
	reader := &Reader{options: options}
	var faults []error
	if _, known := formatNamed(options.Format); options.Format != "" && !known {
		return reader, fmt.Errorf("--format %q is none; write one of %s", options.Format, formatNames())
	}
	for _, name := range names {
		faults = append(faults, reader.find(name))
	}
	return reader, errors.Join(faults...)
}

func formatNames() string {
	var names []string
	for _, format := range formats {
		names = append(names, format.Name)
	}
	return strings.Join(names, ", ")
}

// find adds the inputs that a name stands for.
func (reader *Reader) find(name string) error {
	if name == "-" {
		reader.inputs = append(reader.inputs, input{name: name, stdin: reader.options.Stdin})
		return nil
	}
	if format, ok := claimed(name); ok {
		if !reader.wants(format) {
			return fmt.Errorf("%s: is %s's, and not what --format %s reads; leave --format out", name, format.Name, reader.options.Format)
		}
		if err := format.check(name); err != nil {
			shown, _, _ := strings.Cut(password.ReplaceAllString(name, "//...@"), "?")
			return fmt.Errorf("%s: %w", shown, err)
		}
		reader.inputs = append(reader.inputs, input{name: name, format: format})
		return nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && address.MatchString(name):
		shown, _, _ := strings.Cut(password.ReplaceAllString(name, "//...@"), "?")
		return fmt.Errorf("%s: is an address, and files are read; fetch it and pipe it in, with - in its place", shown)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: is not there; mend the path", name)
	case err != nil:
		return fmt.Errorf("%s: cannot be read (%w)", name, reasonOf(err))
	case !info.IsDir():
		return reader.add(name, info, false)
	}
	return filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s: cannot be read (%w)", path, reasonOf(err))
		case path != name && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			format, ok := claimed(path)
			switch {
			case !ok || path == name:
				return nil
			case reader.wants(format):
				reader.inputs = append(reader.inputs, input{name: path, format: format})
			default:
				reader.skipped = append(reader.skipped, path)
			}
			return fs.SkipDir
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			// A link to nowhere or to another folder, a socket, a pipe that nobody writes to.
			reader.skipped = append(reader.skipped, path)
			return nil
		}
		return reader.add(path, info, true)
	})
}

// password is what an address has of a user, which no error says; nor does one say a query that is wrong.
var password = regexp.MustCompile(`//[^/]*@`)

var address = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]+://`)

// wants reports whether an input of the format is to be read, and not refused because --format names another.
func (reader *Reader) wants(format Format) bool {
	return reader.options.Format == "" || reader.options.Format == format.Name
}

func reasonOf(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// add adds a file whose format is known. Below a folder, one of no format is skipped.
func (reader *Reader) add(path string, info fs.FileInfo, inFolder bool) error {
	in := input{name: path, path: path}
	if !info.Mode().IsRegular() {
		// A pipe, as <(command) of a shell is one, can be read once: its format is known when its turn comes.
		reader.inputs = append(reader.inputs, in)
		return nil
	}
	content, beginning, err := in.open(nil)
	if err != nil {
		return fmt.Errorf("%s: cannot be read (%w)", path, reasonOf(err))
	}
	content.Close()
	format, err := reader.formatFor(beginning)
	if inFolder && (err != nil || format.Name == binary.Name) {
		reader.skipped = append(reader.skipped, path)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	in.format = format
	reader.size += info.Size()
	reader.inputs = append(reader.inputs, in)
	return nil
}

// formatFor is the format of what begins so.
func (reader *Reader) formatFor(beginning []byte) (Format, error) {
	if format, is := unreadable(beginning); is {
		return format, nil
	}
	if reader.options.Format != "" {
		format, _ := formatNamed(reader.options.Format)
		if format.read == nil {
			return Format{}, fmt.Errorf("is one file, and --format %s reads %s", format.Name, format.Description)
		}
		return format, nil
	}
	format, known := formatOf(beginning)
	if !known {
		return Format{}, errors.New(unknownFormat(beginning))
	}
	return format, nil
}

// unknownFormat says what to do with content that no format knows.
func unknownFormat(beginning []byte) string {
	const otherwise = "; name its format with --format if it has one of " // the names follow
	switch {
	case startsWith(beginning, '{'):
		return "is a JSON document of no format that is known; our own model is one object a line, as `jq -c .` writes it" +
			otherwise + formatNames()
	case startsWith(beginning, '['):
		return "is a list; our own model is one object a line, as `jq -c '.[]'` writes it" + otherwise + formatNames()
	case len(columnsOf(beginning)) > 1:
		return "is a table with none of the columns that are known; call them as our fields are, such as @timestamp and ml.metrics.loss" +
			otherwise + formatNames()
	}
	return "is of no format that is known" + otherwise + formatNames()
}

// isProse reports whether content begins with no JSON and no table.
func isProse(beginning []byte) bool {
	return !startsWith(beginning, '{') && !startsWith(beginning, '[') && len(columnsOf(beginning)) == 1
}

// Next fills block with the next records, all of one input; [io.EOF] after the last of the last. Another error is that an input cannot
// be read on: a disk or a server that fails. What was in block before is gone.
func (reader *Reader) Next(ctx context.Context, block *Block) error {
	block.Reset()
	for {
		if reader.current == nil {
			if len(reader.inputs) == 0 {
				return io.EOF
			}
			in := reader.inputs[0]
			reader.inputs = reader.inputs[1:]
			if err := reader.begin(in); err != nil {
				return fmt.Errorf("%s: %w", in.name, err)
			}
		}
		block.Input = reader.name
		err := reader.current.next(ctx, block)
		if err == nil {
			return nil
		}
		closeError := reader.current.close()
		reader.current = nil
		if err != io.EOF {
			return fmt.Errorf("%s: cannot be read on (%w)", block.Input, reasonOf(err))
		} else if closeError != nil {
			return fmt.Errorf("%s: cannot be read on (%w)", block.Input, reasonOf(closeError))
		}
	}
}

// begin opens an input.
func (reader *Reader) begin(in input) error {
	if in.format.open != nil {
		current, err := in.format.open(in.name, reader.options)
		if err != nil {
			return err
		}
		reader.name, reader.current = in.name, current
		return nil
	}
	content, beginning, err := in.open(&reader.read)
	if err != nil {
		return fmt.Errorf("cannot be read (%w)", reasonOf(err))
	}
	if in.format.Name == "" {
		if in.format, err = reader.formatFor(beginning); err != nil && in.path == "" && reader.options.Format == "" && isProse(beginning) {
			// A program that writes lines to a pipe may have printed something before.
			in.format, _ = formatNamed("ndjson")
		} else if err != nil {
			return errors.Join(err, content.Close())
		}
	}
	reader.name, reader.current = in.name, in.format.read(content, reader.options)
	return nil
}

// Files returns the paths of the inputs that are files and not read yet.
func (reader *Reader) Files() []string {
	var files []string
	for _, input := range reader.inputs {
		if input.path != "" {
			files = append(files, input.path)
		}
	}
	return files
}

// Skipped returns the files below folders that are of no format, and were left out.
func (reader *Reader) Skipped() []string { return slices.Clone(reader.skipped) }

// Progress is how many bytes of the inputs were read, as they lie on the disk, and how many there are; a size of 0 is unknown. Any
// goroutine may ask.
func (reader *Reader) Progress() (read, size int64) { return reader.read.Load(), reader.size }

// Close closes what is open.
func (reader *Reader) Close() error {
	if reader.current == nil {
		return nil
	}
	err := reader.current.close()
	reader.current = nil
	return err
}

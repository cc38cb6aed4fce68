// Package source reads the files and servers that have metrics, and gives what is in them record by record, in order, in bounded
// memory.
//
//   - source.go finds the inputs, and reads them one after the other;
//   - block.go is what is read at a time: records, and the memory that they share;
//   - format.go is the table of formats, and how one is told from another;
//   - input.go opens an input and unpacks it;
//   - lines.go cuts a stream into lines;
//   - every other file is one format.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
)

// Options is how inputs are read.
type Options struct {
	// The format of all inputs, by its name in the table. Default: each input's content decides.
	Format string
	// What "-" stands for.
	Stdin io.Reader
}

// Reader reads inputs one after the other.
type Reader struct {
	inputs  []input
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

// Open finds the inputs: files, folders (with all files below them) and "-". It reads the beginning of each file to know its format.
// The error is every input that is not there, cannot be read or has no format that is known, a line each.
func Open(names []string, options Options) (*Reader, error) {
	reader := &Reader{}
	var faults []error
	for _, name := range names {
		found, err := reader.find(name, options)
		faults = append(faults, err)
		for _, input := range found {
			faults = append(faults, reader.add(input, options.Format))
		}
	}
	return reader, errors.Join(faults...)
}

// find gives the inputs that a name stands for.
func (reader *Reader) find(name string, options Options) ([]input, error) {
	if name == "-" {
		return []input{{name: name, stdin: options.Stdin, read: &reader.read}}, nil
	}
	var found []input
	err := filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, input{name: path, path: path, read: &reader.read})
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: is not there; mend the path", name)
	}
	return found, err
}

// add adds an input whose format is known, or can be.
func (reader *Reader) add(in input, name string) error {
	if name != "" {
		format, known := formatNamed(name)
		if !known {
			return fmt.Errorf("--format %q is none; `aimetrics ingest --help` lists them", name)
		}
		in.format = format
	} else if in.path != "" {
		content, beginning, err := in.open()
		if err != nil {
			return fmt.Errorf("%s: cannot be read (%w)", in.name, err)
		}
		content.Close()
		format, known := formatOf(in.name, beginning)
		if !known {
			return fmt.Errorf("%s: is of no format that is known; name one with --format", in.name)
		}
		in.format = format
	}
	if info, err := os.Stat(in.path); err == nil {
		reader.size += info.Size()
	}
	reader.inputs = append(reader.inputs, in)
	return nil
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
			if err := reader.begin(reader.inputs[0]); err != nil {
				return fmt.Errorf("%s: cannot be read (%w)", reader.inputs[0].name, err)
			}
			reader.inputs = reader.inputs[1:]
		}
		block.Input = reader.name
		err := reader.current.next(ctx, block)
		if err == nil {
			return nil
		}
		closeError := reader.current.close()
		reader.current = nil
		if err != io.EOF {
			return fmt.Errorf("%s: cannot be read on (%w)", block.Input, err)
		} else if closeError != nil {
			return fmt.Errorf("%s: cannot be read on (%w)", block.Input, closeError)
		}
	}
}

// begin opens an input.
func (reader *Reader) begin(in input) error {
	content, beginning, err := in.open()
	if err != nil {
		return err
	}
	if in.format.Name == "" {
		format, known := formatOf(in.name, beginning)
		if !known {
			return errors.New("it is of no format that is known; name one with --format")
		}
		in.format = format
	}
	reader.name, reader.current = in.name, in.format.read(content)
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

// Progress is how many bytes of the inputs were read, as they lie on the disk, and how many there are; a size of 0 is unknown. Any
// goroutine may ask.
func (reader *Reader) Progress() (read, size int64) { return reader.read.Load(), reader.size }

// Close closes what is open.
func (reader *Reader) Close() error {
	if reader.current == nil {
		return nil
	}
	return reader.current.close()
}

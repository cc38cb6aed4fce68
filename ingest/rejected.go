package ingest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/metrics"
)

// reject is documents of one record that are not in the index, and why.
type reject struct {
	record    int32
	documents int64
	field     string
	problem   error
	missing   []string // fields that are
	otherwise bool     // something else is wrong too
	// The document in our own model, where it was made or the record is gone; else nil.
	document []byte
}

// add adds what is wrong with further documents of the record.
func (r *reject) add(problem error) {
	var rejection *metrics.Rejection
	documents := int64(1)
	if errors.As(problem, &rejection) {
		documents = int64(max(1, rejection.Documents))
		r.missing = append(r.missing, rejection.Missing...)
		r.otherwise = r.otherwise || len(rejection.Problems) > len(rejection.Missing)
		if r.field == "" && len(rejection.Problems) > 0 {
			r.field = rejection.Problems[0].Field
		}
	} else {
		r.otherwise = true
	}
	if r.problem == nil {
		r.problem = problem
	} else {
		r.problem = joined{r.problem, problem}
	}
	r.documents += documents
}

// joined is two errors in one line.
type joined struct{ first, second error }

func (j joined) Error() string   { return j.first.Error() + "; " + j.second.Error() }
func (j joined) Unwrap() []error { return []error{j.first, j.second} }

// rejectedFile is where rejected documents go. It is made when the first comes.
type rejectedFile struct {
	path string

	mutex  sync.Mutex // guards file and buffer
	file   disk
	buffer bytes.Buffer
}

// disk is what is used of an [os.File]: a test has one that is full.
type disk interface {
	io.WriteSeeker
	io.Closer
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

// openRejected makes sure that the file can be written.
func openRejected(path string) (*rejectedFile, error) {
	_, err := os.Lstat(path)
	isNew := errors.Is(err, fs.ErrNotExist)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		// A device such as /dev/full may not be read.
		file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: rejected documents cannot be written there (%w); name another file with --rejected",
			path, reasonOf(err))
	}
	file.Close()
	if isNew {
		os.Remove(path)
	}
	return &rejectedFile{path: path}, nil
}

// reasonOf is what the system said of a path, without the path.
func reasonOf(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (r *rejectedFile) close() error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}

// open opens the file to append to it. What another run was writing when it was killed stays a line of its own.
func (r *rejectedFile) open() error {
	file, err := os.OpenFile(r.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		file, err = os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	}
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err == nil && info.Size() > 0 {
		last := []byte{'\n'}
		file.ReadAt(last, info.Size()-1)
		if last[0] != '\n' {
			r.buffer.WriteByte('\n')
		}
	}
	r.file = file
	return nil
}

// Rejected is a line of the rejected file.
type Rejected struct {
	// Where it was: the input as the user named it, its line from 1, and in a document of JSON the path.
	File string `json:"file,omitempty"`
	Line int64  `json:"line,omitempty"`
	Path string `json:"path,omitempty"`
	// How many documents it is.
	Documents int64 `json:"documents"`
	// The field that is wrong first; "" where none is to blame.
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
	// The record as it came: as text, or in base64 where it is no UTF-8. Of one that is too large to keep, its size and beginning.
	Raw          string `json:"raw,omitempty"`
	RawBase64    string `json:"raw_base64,omitempty"`
	RawBeginning string `json:"raw_beginning,omitempty"`
	RawSize      int64  `json:"raw_size,omitempty"`
	// What raw is read as once it is mended, and what stood before it there, such as the header of a CSV file. None is our own model.
	Format string `json:"format,omitempty"`
	Head   string `json:"head,omitempty"`
	// The same in our own model, where the record came in another.
	Row json.RawMessage `json:"row,omitempty"`
}

// String is where it was and why: "metrics.ndjson:17: ml.metric.value: NaN is no number". A path with a line is a file's in a folder.
func (line Rejected) String() string {
	place := line.File
	switch {
	case line.Path != "" && line.Line > 0:
		place = fmt.Sprintf("%s/%s:%d", strings.TrimRight(place, "/"), line.Path, line.Line)
	case line.Path != "":
		place += ": " + line.Path
	case line.Line > 0:
		place += fmt.Sprintf(":%d", line.Line)
	}
	return place + ": " + line.Reason
}

// write appends rejects and syncs. It returns how many of them are in the file, in order: where there is an error, those that are there
// whole, for half a line does not stay. It has no effect on counts.
func (r *rejectedFile) write(lines func(add func(input string, record *source.Record, reject *reject))) (whole int, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.buffer.Reset()
	if r.file == nil {
		if err := r.open(); err != nil {
			return 0, r.failed(err)
		}
	}
	before := r.buffer.Len() // the end of another run's line
	encoder := json.NewEncoder(&r.buffer)
	encoder.SetEscapeHTML(false)
	var encodeError error
	lines(func(input string, record *source.Record, reject *reject) {
		encodeError = errors.Join(encodeError, encoder.Encode(lineOf(input, record, reject)))
	})
	if encodeError != nil {
		return 0, r.failed(encodeError)
	}
	written := r.buffer.Bytes()
	if n, err := r.file.Write(written); err != nil {
		end := bytes.LastIndexByte(written[:n], '\n') + 1
		if r.cut(int64(n-end)) != nil || r.file.Sync() != nil {
			return 0, r.failed(err)
		}
		return bytes.Count(written[min(before, end):end], []byte{'\n'}), r.failed(err)
	}
	// A device has nothing to sync.
	if err := r.file.Sync(); err != nil && isRegular(r.file) {
		r.cut(int64(len(written) - before))
		return 0, r.failed(err)
	}
	whole = bytes.Count(written[before:], []byte{'\n'})
	if r.buffer.Cap() > 4<<20 {
		r.buffer = bytes.Buffer{}
	}
	return whole, nil
}

// cut takes the last bytes away that were written. Where another run has written behind them they stay, for its lines must.
func (r *rejectedFile) cut(n int64) error {
	if n == 0 || !isRegular(r.file) {
		return nil
	}
	at, err := r.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	info, err := r.file.Stat()
	if err != nil || info.Size() != at {
		return err
	}
	return r.file.Truncate(at - n)
}

func isRegular(file disk) bool {
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

func (r *rejectedFile) failed(err error) error {
	return fmt.Errorf("%s: rejected documents cannot be written there (%w); make room or name another file with --rejected",
		r.path, reasonOf(err))
}

// lineOf is what the rejected file has of a record.
func lineOf(input string, record *source.Record, reject *reject) Rejected {
	line := Rejected{File: input, Line: record.Line, Path: record.Path, Documents: reject.documents, Field: reject.field,
		Reason: oneLine(reject.problem.Error()), Format: record.Format, Head: record.Head}
	switch {
	case record.Size > int64(len(record.Raw)):
		line.RawSize, line.RawBeginning = record.Size, string(bytes.ToValidUTF8(record.Raw, []byte("\uFFFD")))
	case utf8.Valid(record.Raw):
		line.Raw = string(record.Raw)
	default:
		line.RawBase64 = base64.StdEncoding.EncodeToString(record.Raw)
	}
	switch {
	case reject.document != nil && (record.Row != nil || len(record.Raw) == 0):
		line.Row = reject.document
	case record.Row != nil:
		line.Row = record.Row.AppendJSON(nil)
	}
	return line
}

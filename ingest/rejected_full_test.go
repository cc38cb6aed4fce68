package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fullDisk is a file with room for so many bytes.
type fullDisk struct {
	*os.File
	room int
}

func (f *fullDisk) Write(p []byte) (int, error) {
	n, err := f.File.Write(p[:min(len(p), f.room)])
	f.room -= n
	if err == nil && n < len(p) {
		err = &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}

// Where the disk is full in the middle of a line, none of it stays, and what is in the file whole is counted: of what could not be made
// into documents, and of what the domain refused, whose neighbours are counted as they are.
func TestRejectedDiskFull(t *testing.T) {
	for name, text := range map[string]string{
		"records":   strings.Repeat("{\"broken\n", 60),
		"documents": numbered(60),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.item = func(_, _, source string) item {
				if strings.Contains(source, `5,"ecs.version`) {
					return item{}
				}
				return item{400, "mapper_parsing_exception", "no"}
			}
			path := filepath.Join(t.TempDir(), "rejected.ndjson")
			in := f.connect(t, Options{Rejected: path, MaxRequests: 1})
			file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			in.rejected.file = &fullDisk{file, 2000}
			counts, err := loadAll(t, in, text)
			var unfinished *Unfinished
			if !errors.As(err, &unfinished) || !strings.Contains(err.Error(), "no space left on device") {
				t.Fatalf("got %v", err)
			}
			written := readRejected(t, path) // which fails at half a line
			if len(written) == 0 || counts.Rejected != int64(len(written)) || counts.Read+unfinished.Documents != 60 {
				t.Errorf("%v and %d without an outcome; %d are in the file", counts, unfinished.Documents, len(written))
			}
			if counts.Indexed != int64(f.count()) {
				t.Errorf("%v; %d are there", counts, f.count())
			}
		})
	}
}

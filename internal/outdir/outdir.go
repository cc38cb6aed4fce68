// Package outdir is the folder that cdktf's output goes to, and through which Terraform's own files outlive a run.
//
//   - outdir.go writes it: aside, and then into place;
//   - publish.go moves what was written aside, all of it or none; writable_*.go see whether that can be done.
package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// Write has write fill a folder aside, and moves what is in there to the same places in outdir. If either fails, or the program is
// interrupted meanwhile, what was in outdir stays as it was. What is there already and was not written anew, as Terraform's own files,
// stays too.
//
// The error is write's, or says what cannot be written and what to do.
func Write(outdir string, write func(aside string) error) error {
	if err := os.MkdirAll(outdir, 0o755); err != nil {
		return unwritable(outdir, err)
	}
	removeLeftovers(outdir)
	aside, err := os.MkdirTemp(outdir, leftover)
	if err != nil {
		return unwritable(outdir, err)
	}
	defer os.RemoveAll(aside)
	defer onInterrupt(func() { os.RemoveAll(aside) })()

	if err := write(aside); err != nil {
		if reason := diskFault.FindStringSubmatch(err.Error()); reason != nil {
			return unwritable(outdir, errors.New(reason[1]))
		}
		return err
	}
	if err := publish(aside, outdir); err != nil {
		return unwritable(outdir, err)
	}
	return nil
}

// diskFault is how Node.js says why it could not write.
var diskFault = regexp.MustCompile(`\b(?:ENOSPC|EDQUOT|EROFS|EACCES|EPERM): ([^,]+)`)

// leftover is the beginning of the names of what runs write aside.
const leftover = ".synth-"

// removeLeftovers removes what runs left in outdir that were killed: no run takes an hour.
func removeLeftovers(outdir string) {
	folders, _ := filepath.Glob(filepath.Join(outdir, leftover+"*"))
	for _, folder := range folders {
		if info, err := os.Stat(folder); err == nil && time.Since(info.ModTime()) > time.Hour {
			os.RemoveAll(folder)
		}
	}
}

func unwritable(path string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		path, err = pathError.Path, pathError.Err
	}
	return fmt.Errorf("%s: cannot be written (%w); make it writable, or set CDKTF_OUTDIR to another folder", path, err)
}

// onInterrupt calls cleanUp when the program is asked to stop, and stops it. The function that it returns ends that.
func onInterrupt(cleanUp func()) (end func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		if _, asked := <-signals; asked {
			cleanUp()
			fmt.Fprintln(os.Stderr, "interrupted")
			os.Exit(1)
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
	}
}

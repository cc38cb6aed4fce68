// Package halves has many stacks synthesized by two processes at once: a process has one kernel of jsii, and a kernel takes one request
// at a time. The second one is the program itself, started again.
//
//   - halves.go splits the stacks, and is both ends of what the two processes say to each other;
//   - merge.go puts together what they made.
package halves

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"cdktf-aimetrics/spec"
)

// fewest is how many stacks there are where a second process, which takes a tenth of a second to start, pays.
const fewest = 40

// Split returns what this process and a second one are to synthesize. The second one has nothing to do if there are few stacks, or one
// processor. Stacks of roles stay here, and so do those with an order (deploy_after), for cdktf knows the order within one process alone.
func Split(files []spec.File) (here, second []spec.File) {
	if len(files) < fewest || runtime.GOMAXPROCS(0) < 2 || os.Getenv("SLIMAWS") == "off" { // two whole providers are 2 GB
		return files, nil
	}
	ordered := map[string]bool{}
	for _, file := range files {
		for _, name := range file.Environment.DeployAfter {
			ordered[file.Name], ordered[name] = true, true
		}
	}
	for _, file := range files {
		if file.Roles == nil && !ordered[file.Name] && len(second) < len(files)/2 {
			second = append(second, file)
		} else {
			here = append(here, file)
		}
	}
	return here, second
}

// Job is what the second process is asked to do.
type Job struct {
	Environments string   // the folder of the files
	Names        []string // of the stacks
	Outdir       string   // where to; it is there
}

// variable is set for the second process.
const variable = "AIMETRICS_SECOND_HALF"

// Second is the second process.
type Second struct {
	outdir string
	stdin  io.Closer
	stderr bytes.Buffer
	exited chan error
	kill   func() error
}

// Start starts this program again, as the process that synthesizes files into a folder below aside. It ends with this process.
func Start(environments, aside string, files []spec.File) (*Second, error) {
	outdir, err := os.MkdirTemp(aside, "second-")
	if err != nil {
		return nil, err
	}
	job := Job{Environments: environments, Outdir: outdir}
	for _, file := range files {
		job.Names = append(job.Names, file.Name)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	second := &Second{outdir: outdir, exited: make(chan error, 1)}
	command := exec.Command(program)
	command.Env = append(os.Environ(), variable+"=1")
	command.Stderr = &second.stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	second.stdin, second.kill = stdin, command.Process.Kill
	go func() { second.exited <- command.Wait() }()
	if err := json.NewEncoder(stdin).Encode(job); err != nil {
		second.Stop()
		return nil, err
	}
	return second, nil
}

// Stop ends the second process, if it has not ended.
func (second *Second) Stop() {
	second.kill()
	second.stdin.Close()
}

// Finish waits for the second process, and adds what it made to what is in aside. The error is what it said.
func (second *Second) Finish(aside string) error {
	err := <-second.exited
	if said := strings.TrimSpace(second.stderr.String()); err != nil && said != "" {
		return errors.New(said)
	}
	if err != nil {
		return fmt.Errorf("the process that synthesizes half of the stacks: %w", err)
	}
	return merge(second.outdir, aside)
}

// Asked reports whether this process is a second one.
func Asked() bool { return os.Getenv(variable) != "" }

// Serve does what a second process is for, by synthesize, which gets the files to synthesize among all that are in the folder.
func Serve(load func(folder string) ([]spec.File, error), synthesize func(outdir string, files []spec.File) error) error {
	var job Job
	if err := json.NewDecoder(os.Stdin).Decode(&job); err != nil {
		return err
	}
	go func() { // nothing comes any more but the end of the first process
		io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	all, err := load(job.Environments)
	if err != nil {
		return err
	}
	var files []spec.File
	for _, name := range job.Names {
		i := slices.IndexFunc(all, func(file spec.File) bool { return file.Name == name })
		if i < 0 {
			return fmt.Errorf("%s: the file of %s went away meanwhile; run it again", job.Environments, name)
		}
		files = append(files, all[i])
	}
	return synthesize(job.Outdir, files)
}

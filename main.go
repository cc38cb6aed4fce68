// Command aimetrics synthesizes every environment of a folder into Terraform JSON, as `cdktf` expects of an app.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/internal/slimaws"
	"aimetrics/spec"
	"aimetrics/stacks"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is the program. Warnings go to stderr; the error is all that went wrong, a line each.
func run(arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("aimetrics", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	folder := flags.String("environments", "environments", "")
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, "go run . [-environments DIR]: synthesizes every *.yaml in DIR (environments) into $CDKTF_OUTDIR (cdktf.out)")
		return nil
	} else if err != nil {
		return fmt.Errorf("%w; there is one flag, -environments DIR", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%s: is no argument; another folder is -environments %[1]s", flags.Arg(0))
	}

	files, err := spec.Load(*folder, time.Now())
	if err != nil {
		return err
	}
	for _, file := range files {
		for _, warning := range file.Warnings {
			fmt.Fprintf(stderr, "warning: %v\n", warning)
		}
	}
	outdir := cmp.Or(os.Getenv("CDKTF_OUTDIR"), "cdktf.out")
	warnOfStates(stderr, outdir, files)
	if err := synthesizeInto(outdir, files, stderr); err != nil {
		return err
	}
	report(stdout, outdir, files)
	return nil
}

// warnOfStates warns of local states that follow outdir to where nobody looks for them.
func warnOfStates(stderr io.Writer, outdir string, files []spec.File) {
	project, err := filepath.Abs(".")
	around, err2 := filepath.Abs(filepath.Dir(filepath.Clean(outdir)))
	if errors.Join(err, err2) != nil || project == around {
		return
	}
	for _, file := range files {
		if local := file.Backend().Local; local != nil && local.Path == "" {
			fmt.Fprintf(stderr, "warning: %s keeps its state in %s, beside CDKTF_OUTDIR; name a backend, or leave the variable alone\n",
				file.Name, filepath.Join(around, filepath.Base(spec.DefaultLocalPath(file.Name))))
		}
	}
}

// report prints a line for each stack, and what to run next.
func report(stdout io.Writer, outdir string, files []spec.File) {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, file := range files {
		fmt.Fprintf(table, "%s\t%s\t%s\n", file.Name, synthesized(outdir, file.Name), contents(file))
	}
	table.Flush()
	// cdktf's command line, which alone sets this, goes on by itself.
	if os.Getenv("CDKTF_CONTEXT_JSON") == "" {
		fmt.Fprintf(stdout, "\nNext: npx cdktf diff %s\n", files[0].Name)
	}
}

// contents is what a stack has in it, in a few words.
func contents(file spec.File) string {
	if file.Roles != nil {
		return fmt.Sprintf("roles by which GitHub Actions of %s deploys %s", file.Roles.GitHub.Repository, strings.Join(file.Roles.GitHub.Environments, ", "))
	}
	domain := file.Environment.Domain
	return fmt.Sprintf("Elasticsearch %s, %d x %s in %s", domain.ElasticsearchVersion, domain.ClusterConfig.InstanceCount, domain.ClusterConfig.InstanceType, file.Environment.Region)
}

// synthesized is the file that cdktf writes for a stack.
func synthesized(outdir, stack string) string {
	name := "cdk.tf.json"
	if stacks.WritesHCL() {
		name = "cdk.tf"
	}
	return filepath.Join(outdir, "stacks", stack, name)
}

// synthesizeInto writes the stacks of files to outdir, or nothing at all: they are synthesized aside and moved when all are
// there. Terraform's own files in outdir stay.
func synthesizeInto(outdir string, files []spec.File, stderr io.Writer) error {
	if err := checkNode(stderr); err != nil {
		return err
	}
	if probe, err := os.MkdirTemp("", "aimetrics-"); err != nil {
		return fmt.Errorf("%s: is the temporary folder, and cannot be written (%w); set TMPDIR to one that can", os.TempDir(), cause(err))
	} else {
		os.Remove(probe)
	}
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

	defer slimaws.Load(stderr)()
	if err := synthesize(aside, files); err != nil {
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

// diskFault is how Node.js tells why it could not write.
var diskFault = regexp.MustCompile(`\b(?:ENOSPC|EDQUOT|EROFS|EACCES|EPERM): ([^,]+)`)

// leftover is the beginning of the names of the folders in which runs synthesize aside.
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

// synthesize writes cdktf's output to outdir.
func synthesize(outdir string, files []spec.File) (err error) {
	// jsii tells every fault, that of Node included, by a panic: this is the one place that catches it.
	defer func() {
		if fault := recover(); fault != nil {
			first, _, _ := strings.Cut(strings.TrimSpace(fmt.Sprint(fault)), "\n")
			first = cmp.Or(slimaws.Explain(first), first+"; please report it together with your environment files")
			err = fmt.Errorf("cdktf could not synthesize: %s", first)
		}
	}()
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &outdir})
	environments := map[string]spec.Environment{}
	for _, file := range files {
		if file.Roles != nil {
			continue
		}
		if _, err := stacks.NewMetrics(app, file.Name, file.Environment); err != nil {
			return err
		}
		environments[file.Name] = file.Environment
	}
	for _, file := range files {
		if file.Roles == nil {
			continue
		}
		if _, err := stacks.NewRoles(app, file.Name, *file.Roles, environments); err != nil {
			return err
		}
	}
	app.Synth()
	return nil
}

// publish moves every file of aside to the same place in outdir, the manifest last, since it is what cdktf reads first. It
// first sees that each can be moved, so that it moves all or none.
func publish(aside, outdir string) error {
	var files []string // by their paths in aside
	err := filepath.WalkDir(aside, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := filepath.Rel(aside, path)
		files = append(files, file)
		return err
	})
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := canBeWritten(filepath.Join(outdir, file)); err != nil {
			return err
		}
	}
	const manifest = "manifest.json"
	files = append(slices.DeleteFunc(files, func(file string) bool { return file == manifest }), manifest)
	for _, file := range files {
		target := filepath.Join(outdir, file)
		if err := os.Rename(filepath.Join(aside, file), target); err != nil {
			return err
		}
		// What an earlier run synthesized in the other language goes, for Terraform would read both.
		if other, ok := otherLanguage[filepath.Base(file)]; ok {
			if err := os.Remove(filepath.Join(filepath.Dir(target), other)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

var otherLanguage = map[string]string{"cdk.tf": "cdk.tf.json", "cdk.tf.json": "cdk.tf"}

// canBeWritten returns an error if a file could not be moved to target.
func canBeWritten(target string) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if info, err := os.Lstat(target); err == nil && info.IsDir() {
		return &fs.PathError{Op: "write", Path: target, Err: errors.New("is a folder")}
	}
	probe, err := os.CreateTemp(filepath.Dir(target), leftover)
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

func unwritable(path string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		path = pathError.Path
	}
	return fmt.Errorf("%s: cannot be written (%w); make it writable, or set CDKTF_OUTDIR to another folder", path, cause(err))
}

// cause is why a file operation failed, without the operation and the path.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// onInterrupt calls cleanUp when the program is told to stop, and stops it. The function that it returns ends that.
func onInterrupt(cleanUp func()) (end func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		if _, told := <-signals; told {
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

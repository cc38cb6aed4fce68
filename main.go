// The synthesizer: it turns every file of a folder into a stack of Terraform JSON, as `cdktf` expects of an app.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/internal/halves"
	"cdktf-aimetrics/internal/node"
	"cdktf-aimetrics/internal/outdir"
	"cdktf-aimetrics/internal/slimaws"
	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

func main() {
	run := run
	if halves.Asked() {
		run = secondHalf
	}
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const usage = "go run . [-environments DIR]: synthesizes every *.yaml in DIR (environments) into $CDKTF_OUTDIR (cdktf.out)"

// run is the program. Warnings go to stderr; the error is all that went wrong, a line each.
func run(arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	environments := flags.String("environments", "environments", "")
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, usage)
		return nil
	} else if err != nil {
		return fmt.Errorf("%w; there is one flag, -environments DIR", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%s: is no argument; another folder is -environments %[1]s", flags.Arg(0))
	}

	files, err := spec.Load(*environments, time.Now())
	if err != nil {
		return err
	}
	slimaws.Start() // not before: reading takes less than what a fault in a file would then cost
	folder := cmp.Or(os.Getenv("CDKTF_OUTDIR"), "cdktf.out")
	warn(stderr, folder, files)
	if err := write(folder, *environments, files, stderr); err != nil {
		return err
	}
	report(stdout, folder, files)
	return nil
}

// write writes the stacks of files, which are those of environments, to folder, or nothing at all.
func write(folder, environments string, files []spec.File, stderr io.Writer) error {
	if err := node.Check(stderr); err != nil {
		return err
	}
	end := func() {}
	defer func() { end() }()
	return outdir.Write(folder, func(aside string) error {
		end = slimaws.Load(stderr)
		here, second := halves.Split(files)
		if len(second) == 0 {
			return synthesize(aside, files, files)
		}
		other, err := halves.Start(environments, aside, second)
		if err != nil {
			return err
		}
		defer other.Stop()
		if err := synthesize(aside, here, files); err != nil {
			return err
		}
		return other.Finish(aside)
	})
}

// secondHalf is the program where another process of it has so many stacks that it shares them.
func secondHalf(_ []string, _, _ io.Writer) error {
	slimaws.Start()
	load := func(environments string) ([]spec.File, error) { return spec.Load(environments, time.Now()) }
	return halves.Serve(load, func(folder string, files []spec.File) error {
		defer slimaws.Load(io.Discard)() // the other process has said it
		return synthesize(folder, files, files)
	})
}

// synthesize has cdktf write the stacks of files, which are among all, to folder.
func synthesize(folder string, files, all []spec.File) (err error) {
	// jsii reports every fault, that of Node included, by a panic: this is the one place that catches it.
	defer func() {
		if fault := recover(); fault != nil {
			first, _, _ := strings.Cut(strings.TrimSpace(fmt.Sprint(fault)), "\n")
			first = cmp.Or(slimaws.Explain(first), first+"; please report it together with your environment files")
			err = fmt.Errorf("cdktf could not synthesize: %s", first)
		}
	}()
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &folder})
	if err := stacks.NewStacks(app, files, all); err != nil {
		return err
	}
	app.Synth()
	return nil
}

// warn prints what the files make worth a second look, and the local states that follow folder to where nobody looks for them.
func warn(stderr io.Writer, folder string, files []spec.File) {
	for _, file := range files {
		for _, warning := range file.Warnings {
			fmt.Fprintf(stderr, "warning: %v\n", warning)
		}
	}
	project, err := filepath.Abs(".")
	around, err2 := filepath.Abs(filepath.Dir(filepath.Clean(folder)))
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
func report(stdout io.Writer, folder string, files []spec.File) {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, file := range files {
		fmt.Fprintf(table, "%s\t%s\t%s\n", file.Name, synthesized(folder, file.Name), contents(file))
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
		gitHub := file.Roles.GitHub
		return fmt.Sprintf("roles by which GitHub Actions of %s deploys %s", gitHub.Repository, strings.Join(gitHub.Environments, ", "))
	}
	domain := file.Environment.Domain
	nodes := domain.ClusterConfig
	return fmt.Sprintf("Elasticsearch %s, %d x %s in %s",
		domain.ElasticsearchVersion, nodes.InstanceCount, nodes.InstanceType, file.Environment.Region)
}

// synthesized is the file that cdktf writes for a stack.
func synthesized(folder, stack string) string {
	name := "cdk.tf.json"
	if stacks.WritesHCL() {
		name = "cdk.tf"
	}
	return filepath.Join(folder, "stacks", stack, name)
}

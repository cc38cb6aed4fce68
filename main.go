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
	"unicode"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/internal/halves"
	"cdktf-aimetrics/internal/node"
	"cdktf-aimetrics/internal/outdir"
	"cdktf-aimetrics/slimaws"
	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

func main() {
	run := run
	if halves.Asked() {
		run = secondHalf
	}
	stderr := os.Stderr
	if err := run(os.Args[1:], os.Stdout, stderr); err != nil {
		fmt.Fprintln(stderr, err)
		os.Exit(1)
	}
}

// defaultEnvironments is the folder of the environments where no flag names another.
const defaultEnvironments = "environments"

const usage = "go run . [-environments DIR]: synthesizes every *.yaml in DIR (environments) into $CDKTF_OUTDIR (cdktf.out)"

// run is the program. Warnings go to stderr, but to stdout under cdktf; the error is all that went wrong, a line each.
func run(arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	environments := flags.String("environments", defaultEnvironments, "")
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, usage)
		return nil
	} else if err != nil {
		unknown := strings.TrimPrefix(err.Error(), "flag provided but not defined: ")
		return fmt.Errorf("%s: there is one flag, -environments DIR", unknown)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%s: is no argument; another folder is -environments %[1]s", flags.Arg(0))
	}
	if project := projectAround(*environments); project != "" {
		return fmt.Errorf("%s: is not in this folder but in %s; run it there, or make one here", *environments, project)
	}
	if err := slimaws.CheckVariables(); err != nil {
		return err
	}
	if underCDKTF() {
		stderr = stdout // of which cdktf paints all as errors
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

// underCDKTF reports whether cdktf's command line runs the program: it alone sets this.
func underCDKTF() bool { return os.Getenv("CDKTF_CONTEXT_JSON") != "" }

// projectAround is the nearest folder around this one that has the environments, if they are the default ones and are not here; else "".
func projectAround(environments string) string {
	here, err := filepath.Abs(".")
	if err != nil || environments != defaultEnvironments || isFolder(environments) {
		return ""
	}
	for folder := filepath.Dir(here); folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if isFolder(filepath.Join(folder, environments)) {
			return folder
		}
	}
	return ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
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
	if !underCDKTF() { // which goes on by itself
		fmt.Fprint(stdout, "\n"+next(folder, files[0].Name))
	}
}

// next is the commands that plan a stack: Terraform's, and cdktf's where this is a project that has it, installed or not yet.
func next(folder, stack string) string {
	terraform := "terraform -chdir=" + quote(filepath.Join(folder, "stacks", stack))
	said := fmt.Sprintf("Next: %s init && %[1]s plan -out=plan\n", terraform)
	installed, _ := filepath.Glob(filepath.Join("node_modules", ".bin", "cdktf*"))
	_, err := os.Stat("package-lock.json")
	switch {
	case installed != nil:
		said += "or:   npx cdktf diff " + stack + "\n"
	case err == nil:
		said += "or:   npm ci && npx cdktf diff " + stack + "\n"
	}
	return said
}

// quote makes one word of a path for a shell, if it is not one.
func quote(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`/\:._-+@~`, r)
	}) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
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

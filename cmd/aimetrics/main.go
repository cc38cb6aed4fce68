// Command aimetrics is what teams run beside cdktf: it reviews the plans of the stacks, and makes their domains ready for metrics.
//
//   - init.go begins an environment's file, and adopt.go that of a domain that exists;
//   - review.go and plan.go review plans;
//   - setup.go makes a domain ready, dashboards.go its Kibana, and demo.go fills it with sample data;
//   - kibana.go lets a browser into Kibana;
//   - ingest.go puts metrics into it, progress.go shows how that goes, and delete.go takes a batch out again;
//   - connection.go has the flags by which commands name a domain;
//   - exit.go has the exit codes of all of them, and version.go what --version says.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/agnivade/levenshtein"
	"github.com/fatih/color"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second Ctrl-C ends at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], std{os.Stdin, os.Stdout, os.Stderr, !color.NoColor}))
}

// std is what a command reads and writes.
type std struct {
	in       io.Reader
	out, err io.Writer
	colored  bool // out takes colours
}

const rootHelp = `What a team runs beside cdktf: it reviews Terraform plans before they are deployed, and makes the
domain ready for metrics after.

` + exitHelp

const rootExample = `  aimetrics review cdktf.out/stacks/prod/plan
  aimetrics setup --stack prod
  aimetrics kibana --stack prod
  source <(aimetrics completion bash)`

// run is the program; it returns the exit code.
func run(ctx context.Context, arguments []string, std std) int {
	root := &cobra.Command{
		Use:           "aimetrics",
		Short:         "Reviews the plans of the stacks, and makes their domains ready for metrics",
		Long:          rootHelp,
		Example:       rootExample,
		Version:       version(),
		Args:          noSuchCommand,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(flagFault)
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.AddCommand(initCommand(std), adoptCommand(std), reviewCommand(std), setupCommand(std), dashboardsCommand(std),
		kibanaCommand(std), demoCommand(std), ingestCommand(std), deleteCommand(std))
	root.SetArgs(arguments)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(std.err, err)
	}
	return codeOf(err)
}

// kinds is what the value of a flag must be, by the name that pflag has for its type.
var kinds = map[string]string{
	"duration": "no length of time; write it as 30s, 10m or 2h",
	"int":      "no whole number; write it as 3",
	"uint64":   "no whole number from 0; write it as 3",
	"bool":     "neither true nor false; write one of them",
}

// flagFault is the error for a flag that cannot be: with the nearest that can, or with what its value must be.
func flagFault(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &invalid) && kinds[invalid.GetFlag().Value.Type()] != "":
		flag := invalid.GetFlag()
		return fmt.Errorf("%s: --%s: %q is %s", command.Name(), flag.Name, invalid.GetValue(), kinds[flag.Value.Type()])
	case !errors.As(err, &unknown):
		return fmt.Errorf("%s: %w; see %s --help", command.Name(), err, command.CommandPath())
	}
	given, use := unknown.GetSpecifiedName(), "see "+command.CommandPath()+" --help"
	var known []string
	command.Flags().VisitAll(func(flag *pflag.Flag) { known = append(known, flag.Name) })
	if meant := nearest(given, known); meant != "" {
		use = "use --" + meant
	}
	return fmt.Errorf("%s: --%s is no flag; %s", command.Name(), given, use)
}

// nearest is the name that was meant by a misspelt one; "" if none is near.
func nearest(given string, names []string) string {
	meant, best := "", 3
	for _, name := range names {
		if distance := levenshtein.ComputeDistance(given, name); distance < best {
			meant, best = name, distance
		}
	}
	return meant
}

// noSuchCommand is the error for what is no command.
func noSuchCommand(root *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	var known []string
	for _, command := range root.Commands() {
		if command.IsAvailableCommand() && !command.Hidden {
			known = append(known, command.Name())
		}
	}
	text := fmt.Sprintf("%q is no command", arguments[0])
	switch meant := nearest(arguments[0], known); {
	case arguments[0] == "version":
		text += "; use --version"
	case meant != "":
		text += fmt.Sprintf("; did you mean %q?", meant)
	default:
		text += "; there is " + strings.Join(known, ", ")
	}
	return errors.New(text)
}

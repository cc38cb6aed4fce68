// Command aimetrics is what teams run beside cdktf: it reviews the plans of the stacks.
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

	"github.com/fatih/color"
	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], std{os.Stdin, os.Stdout, os.Stderr, !color.NoColor}))
}

// std is what a command reads and writes.
type std struct {
	in       io.Reader
	out, err io.Writer
	colored  bool // out takes colours
}

// exitCode is an error that ends the program with a code of its own, after its lines.
type exitCode struct {
	error
	code int
}

// run is the program; it returns the exit code.
func run(ctx context.Context, arguments []string, std std) int {
	root := &cobra.Command{
		Use:           "aimetrics",
		Short:         "Works with the stacks of model metrics",
		Args:          noSuchCommand,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(reviewCommand(std))
	root.SetArgs(arguments)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(std.err, err)
	var exit exitCode
	if errors.As(err, &exit) {
		return exit.code
	}
	return 1
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
	return fmt.Errorf("%q is no command; there is %s", arguments[0], strings.Join(known, ", "))
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"cdktf-aimetrics/ingest"
)

const deleteHelp = `Takes all documents of one upload out of a domain again: those that "aimetrics ingest --batch NAME" put in. It says
first how many they are, and asks on a terminal; without one, --yes is needed. It needs the rights of an administrator.

A document that was there before the upload is not of its batch, and stays.
` + connectionHelp

func deleteCommand(std std) *cobra.Command {
	var from connection
	var batch string
	var yes, dryRun bool
	command := &cobra.Command{
		Use:   "delete --batch NAME",
		Short: "Takes one upload out of a domain again",
		Long:  deleteHelp,
		Example: `  aimetrics delete --stack dev --batch backfill-2025 --dry-run
  aimetrics delete --stack prod --batch backfill-2025 --yes`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			if batch == "" {
				return errors.New("delete: which upload? name it as ingest did, with --batch NAME")
			}
			ctx := command.Context()
			target, err := from.target(ctx, std)
			if err != nil {
				return err
			}
			settings := target.wanted.Settings
			count, err := ingest.Count(ctx, target.client, settings, batch)
			if err != nil {
				return err
			}
			what := fmt.Sprintf("%s of the batch %q in %s", documents(count), batch, settings.WithDefaults().IndexPattern())
			switch {
			case count == 0:
				fmt.Fprintln(std.out, what+"; nothing to delete")
				return nil
			case dryRun:
				fmt.Fprintln(std.out, what+"; nothing was deleted (--dry-run)")
				return nil
			case !yes:
				if err := confirm(std, what); err != nil {
					return err
				}
			default:
				fmt.Fprintln(std.out, what)
			}
			deleted, err := ingest.Delete(ctx, target.client, settings, batch)
			if err != nil {
				return err
			}
			fmt.Fprintf(std.out, "%d deleted\n", deleted)
			return nil
		},
	}
	from.addFlags(command)
	command.Flags().Var((*named)(&batch), "batch", "the `NAME` that ingest gave the upload")
	command.Flags().BoolVar(&yes, "yes", false, "delete without asking")
	command.Flags().BoolVar(&dryRun, "dry-run", false, "say how many documents it is, and delete none")
	return command
}

// confirm asks a person.
func confirm(std std, what string) error {
	in, isFile := std.in.(*os.File)
	if !isFile || !isatty.IsTerminal(in.Fd()) {
		return fmt.Errorf("%s would be deleted; add --yes to do so", what)
	}
	fmt.Fprintf(std.err, "delete %s? [y/N] ", what)
	answer, _ := bufio.NewReader(in).ReadString('\n')
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("nothing was deleted")
	}
	return nil
}

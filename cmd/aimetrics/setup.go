package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/fatih/color"
	"github.com/spf13/cobra"

	"cdktf-aimetrics/domain"
)

const setupHelp = `Makes a domain ready for metrics, or brings it up to date: the lifecycle policy that deletes old indices, the
index template, new fields and the policy on the indices that are there, and, with fine-grained access control, the roles of the
file's writers, readers and administrators; then the dashboards, where there is a Kibana. Run it after each deployment; a second run
changes nothing.

What somebody made under other names stays, and it says so where it matters. A policy that somebody changes at the same time is
not overwritten; index templates have no version to compare, so of two setups at once the later one's counts.
` + connectionHelp

const setupExample = `  aimetrics setup --stack dev
  aimetrics setup --stack prod --dry-run
  aimetrics setup --endpoint http://localhost:9200 --kibana http://localhost:5601
  aimetrics setup --stack prod --connect-to localhost:9443   # through a port forward into its VPC`

func setupCommand(std std) *cobra.Command {
	var from connection
	var dryRun, overwrite bool
	command := &cobra.Command{
		Use:     "setup",
		Short:   "Makes a domain ready for metrics",
		Long:    setupHelp,
		Example: setupExample,
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			target, err := from.target(command.Context(), std)
			if err != nil {
				return err
			}
			return setUp(command.Context(), std, target, dryRun, overwrite)
		},
	}
	from.addFlags(command)
	command.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, and change nothing")
	command.Flags().BoolVar(&overwrite, "overwrite", false, "replace dashboards of ours that somebody edited")
	return command
}

// noArguments is the error for arguments of a command that takes none.
func noArguments(command *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %q is no argument; a domain is named by --stack or --endpoint", command.Name(), arguments[0])
}

// setUp plans and, unless it is a dry run, does it.
func setUp(ctx context.Context, std std, target target, dryRun, overwrite bool) error {
	plan, err := target.client.Plan(ctx, target.wanted)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s: %s, %s\n", target.client.Endpoint(), plan.Engine, target.client.SignIn())
	for _, note := range plan.Notes {
		fmt.Fprintf(std.err, "note: %s\n", note)
	}
	if plan.UpToDate() {
		fmt.Fprintln(std.out, "up to date, nothing to change")
	}
	if dryRun {
		showPlan(std, plan)
	} else if err := plan.Apply(ctx, func(change domain.Change) { fmt.Fprintf(std.out, "%s: %s\n", change.What, change.How) }); err != nil {
		return err
	}
	return setUpDashboards(ctx, std, target, dryRun, overwrite)
}

// showPlan prints what a plan would do.
func showPlan(std std, plan domain.Plan) {
	paint := map[byte]*color.Color{'+': color.New(color.FgGreen), '-': color.New(color.FgRed), '~': color.New(color.FgYellow)}
	for _, change := range plan.Pending() {
		fmt.Fprintf(std.out, "%s: would be %s\n", change.What, change.How)
		for _, line := range change.Differences {
			if std.colored {
				paint[line[0]].EnableColor()
				line = paint[line[0]].Sprint(line)
			}
			fmt.Fprintf(std.out, "  %s\n", strings.ReplaceAll(line, "\n", " "))
		}
	}
	if !plan.UpToDate() {
		fmt.Fprintln(std.out, "nothing was changed (--dry-run)")
	}
}

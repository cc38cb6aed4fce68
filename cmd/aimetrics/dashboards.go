package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/kibana"
	"cdktf-aimetrics/metrics"
)

const dashboardsHelp = `Writes the dashboards to stdout,
	as saved objects of Kibana 7.8 to 7.10 in NDJSON. Setup installs them where it reaches Kibana; this is
for those who import by hand: Stack Management, Saved Objects, Import.

They read the indices of an index prefix; with another one their ids are others, so that two can be in one Kibana.`

const dashboardsExample = `  aimetrics dashboards > dashboards.ndjson
  aimetrics dashboards --index-prefix ml-dev > dashboards.ndjson`

func dashboardsCommand(std std) *cobra.Command {
	prefix := metrics.DefaultIndexPrefix
	command := &cobra.Command{
		Use:     "dashboards",
		Short:   "Writes the dashboards, to import them by hand",
		Long:    dashboardsHelp,
		Example: dashboardsExample,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			if err := (metrics.Settings{IndexPrefix: prefix}).WithDefaults().Check(); err != nil {
				return fmt.Errorf("--index-prefix %q: %w", prefix, err)
			}
			var objects bytes.Buffer
			if err := kibana.Encode(&objects, kibana.Objects(kibana.Options{IndexPrefix: prefix})); err != nil {
				return err
			}
			_, err := objects.WriteTo(std.out)
			return err
		},
	}
	command.Flags().Var((*named)(&prefix), "index-prefix", "what the indices' names begin with")
	return command
}

// setUpDashboards installs the dashboards, after what setup does to the domain itself.
func setUpDashboards(ctx context.Context, std std, target target, dryRun, overwrite bool) error {
	plan, err := target.client.PlanDashboards(
		ctx,
		domain.WantedDashboards{IndexPrefix: target.wanted.Settings.IndexPrefix, Overwrite: overwrite},
	)
	if err != nil {
		return err
	}
	for _, note := range plan.Notes {
		fmt.Fprintf(std.err, "note: %s\n", note)
	}
	switch {
	case dryRun:
		showPlan(std, plan)
	case plan.Where == "":
	case plan.UpToDate():
		fmt.Fprintf(std.out, "%s: the dashboards are up to date\n", plan.Where)
	default:
		return plan.Apply(ctx, func(change domain.Change) { fmt.Fprintf(std.out, "%s: %s %s\n", plan.Where, change.What, change.How) })
	}
	return nil
}

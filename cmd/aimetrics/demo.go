package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cdktf-aimetrics/ingest"
	"cdktf-aimetrics/kibana"
	"cdktf-aimetrics/metrics"
)

const demoHelp = `Fills a server with the metrics of three models that nobody has: a classifier whose features drift, a regressor whose
latency grows, and a language model, two versions each, over ninety days. It sets the server up on the way. The same seed and day
give the same documents, so a second run adds none.

Every document is marked (labels.demo: aimetrics), and --remove takes all of them away again. What setup made stays.

It is meant for a server on your own machine, such as docs/compose.yaml starts: another one needs --yes. A prefix with other documents
is refused.
` + connectionHelp

const demoExample = `  aimetrics demo --endpoint http://localhost:9200 --kibana http://localhost:5601
  aimetrics demo --endpoint http://localhost:9200 --seed 2 --day 2026-06-30 --index-prefix trial
  aimetrics demo --endpoint http://localhost:9200 --remove
  aimetrics demo --stack dev --yes`

// demo is what its flags say.
type demo struct {
	from   connection
	yes    bool
	remove bool
	seed   uint64
	day    string
}

func demoCommand(std std) *cobra.Command {
	var given demo
	command := &cobra.Command{
		Use:     "demo",
		Short:   "Fills a server with sample data, or takes it away",
		Long:    demoHelp,
		Example: demoExample,
		Args:    noArguments,
		RunE:    func(command *cobra.Command, _ []string) error { return given.run(command.Context(), std) },
	}
	given.from.addFlags(command)
	flags := command.Flags()
	flags.BoolVar(&given.yes, "yes", false, "do so on another machine than this one")
	flags.BoolVar(&given.remove, "remove", false, "take the sample data away again")
	flags.Uint64Var(&given.seed, "seed", 1, "another `NUMBER` makes other data")
	flags.StringVar(&given.day, "day", "", "the last `DAY` of the ninety, such as 2026-11-26 (today, up to now)")
	return command
}

func (given demo) run(ctx context.Context, std std) error {
	until, err := given.until(time.Now())
	if err != nil {
		return err
	}
	target, err := given.from.target(ctx, std)
	if err != nil {
		return err
	}
	if !target.client.IsLoopback() && !given.yes {
		return fmt.Errorf("%s is not this machine; add --yes if sample data may be there", target.client.Endpoint().Hostname())
	}
	settings := target.wanted.Settings.WithDefaults()
	if err := settings.Check(); err != nil {
		return err
	}
	if given.remove {
		removed, err := target.client.RemoveSampleData(ctx, settings)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.out, "%s of sample data removed; what setup made stays\n", documents(removed))
		return nil
	}
	there, err := target.client.CountSampleData(ctx, settings)
	if err != nil {
		return err
	}
	if there.Others > 0 {
		return fmt.Errorf("%s of %s has %s beside the sample data; choose another --index-prefix, "+
			"for the pictures would mix them",
			settings.IndexPattern(), target.client.Endpoint(), documents(there.Others))
	}
	if err := setUp(ctx, std, target, false, false); err != nil {
		return err
	}
	if err := load(ctx, std, target, settings, metrics.Sample{Seed: given.seed, Until: until}); err != nil {
		return err
	}
	if server := target.client.Kibana(); server != nil {
		fmt.Fprintf(std.out, "see it at %s\n", kibana.Address(server.Endpoint().String(), kibana.Options{IndexPrefix: settings.IndexPrefix},
			kibana.Overview, until.AddDate(0, 0, -30), until))
	}
	return nil
}

// firstDay is the earliest of which all ninety days are taken: there are no documents before 1990.
var firstDay = time.Date(1990, 4, 1, 0, 0, 0, 0, time.UTC)

// until is when the sample data ends: with the day that was said, or now.
func (given demo) until(now time.Time) (time.Time, error) {
	if given.day == "" {
		return now, nil
	}
	day, err := time.Parse(time.DateOnly, given.day)
	if err != nil {
		return now, fmt.Errorf("--day %q is no day; write it like %s", given.day, now.UTC().Format(time.DateOnly))
	}
	if day.Before(firstDay) {
		return now, fmt.Errorf("--day %s is too long ago; the earliest is %s", given.day, firstDay.Format(time.DateOnly))
	}
	if day.After(now) {
		return now, fmt.Errorf("--day %s is in the future; the latest is %s", given.day, now.UTC().Format(time.DateOnly))
	}
	if end := day.AddDate(0, 0, 1).Add(-time.Millisecond); end.Before(now) {
		return end, nil
	}
	return now, nil
}

// load sends the sample data, and says what became of it.
func load(ctx context.Context, std std, target target, settings metrics.Settings, sample metrics.Sample) error {
	folder, err := os.MkdirTemp("", "aimetrics-demo-")
	if err != nil {
		return fmt.Errorf("no temporary folder can be made (%w); make room, or set TMPDIR", cause(err))
	}
	defer os.RemoveAll(folder)
	in, err := ingest.New(ctx, target.client, ingest.Options{
		IndexPrefix: settings.IndexPrefix,
		Rejected:    filepath.Join(folder, "rejected.ndjson"),
		RetryFor:    time.Minute,
	})
	if err != nil {
		return err
	}
	var addErr error
	for row := range sample.Rows() {
		if addErr = in.Add(ctx, row); addErr != nil {
			break
		}
	}
	counts, err := in.Close(ctx)
	if err = errors.Join(addErr, err); err != nil {
		return err
	}
	fmt.Fprintln(std.out, counts)
	if counts.Rejected > 0 {
		err := fmt.Errorf("the server rejected %s of sample data; run setup, and demo again", documents(counts.Rejected))
		return exitCode{err, exitRejected}
	}
	fmt.Fprintf(std.out, "ninety days of sample data are in %s; take them away with: aimetrics demo --remove %s\n",
		settings.IndexPattern(), target.flags)
	return nil
}

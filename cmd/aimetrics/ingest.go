package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cdktf-aimetrics/ingest"
	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/kibana"
	"cdktf-aimetrics/metrics"
)

const ingestHelp = `Puts metrics into a domain and loses none: every document is in the index once, or in the rejected file with its reason.
Running it again is always safe: what is there already is counted as that. When a run was cut short, the same command does the rest.

A FILE is a file, packed with gzip or not, a folder, or - for stdin. Its content tells its format, or --format does:
%s
--set fills a field that an input lacks, and never replaces one. What cannot be a document goes to --rejected, a line each with its
file, line, field and reason, and is read again by ingest once it is mended.

Ctrl-C stops reading, sends what was read, and tells what became of it; twice ends at once.
` + connectionHelp + `

Exit codes: 0 every document is in the index; 2 some were rejected; 1 it could not finish. The last line balances:
  1000 read: 990 indexed, 5 there already, 5 rejected (rejected.ndjson)`

const ingestExample = `  aimetrics ingest --stack prod metrics.ndjson
  aimetrics ingest --stack prod --set ml.run.id=42 --set @timestamp=2026-11-26T12:00:00Z trainer_state.json
  python train.py | aimetrics ingest --endpoint http://localhost:9200 -
  aimetrics ingest --stack prod --batch backfill-2025 --json runs/
  aimetrics ingest --dry-run metrics.csv`

// ingesting is what the flags of ingest say.
type ingesting struct {
	from    connection
	format  string
	set     []string
	options ingest.Options
	json    bool
	dryRun  bool
	flags   *pflag.FlagSet // as they were given
}

func ingestCommand(std std) *cobra.Command {
	var given ingesting
	var formats strings.Builder
	for _, format := range source.Formats() {
		fmt.Fprintf(&formats, "  %-22s %s\n", format.Name, format.Description)
	}
	command := &cobra.Command{
		Use:     "ingest FILE...",
		Short:   "Puts metrics into a domain, and loses none",
		Long:    fmt.Sprintf(ingestHelp, formats.String()),
		Example: ingestExample,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				return errors.New("ingest: no FILE; name files or folders, or - for stdin")
			}
			return nil
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			given.flags = command.Flags()
			return given.run(command.Context(), std, arguments)
		},
	}
	given.from.addFlags(command)
	flags := command.Flags()
	flags.StringVar(&given.format, "format", "", "what the files are, by a `NAME` of the list above")
	flags.StringArrayVar(&given.set, "set", nil, "fill `FIELD=VALUE` in where an input lacks it; may be repeated")
	flags.StringVar(&given.options.Rejected, "rejected", ingest.DefaultRejected, "append rejected documents to `FILE`")
	flags.Var((*named)(&given.options.Batch), "batch",
		"the `NAME` of this upload (ml.batch), by which `aimetrics delete --batch` takes it out again")
	flags.DurationVar(&given.options.RetryFor, "retry-for", ingest.DefaultRetryFor,
		"wait so long for a domain that does not answer; 0 is not at all")
	flags.IntVar(&given.options.MaxMonths, "max-months", ingest.DefaultMaxMonths,
		"write to so many months at most; wrong times make an index each")
	flags.BoolVar(&given.json, "json", false, "tell the counts as JSON")
	flags.BoolVar(&given.dryRun, "dry-run", false, "write the documents to stdout, and send none")
	command.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, format := range source.Formats() {
			names = append(names, format.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	return command
}

// memoryLimit is what the collector keeps to: what is in flight takes half of it, however large the inputs are.
const memoryLimit = 80 << 20

func (given *ingesting) run(ctx context.Context, std std, names []string) error {
	debug.SetMemoryLimit(memoryLimit)
	if err := given.check(); err != nil {
		return err
	}
	fields := slices.Sorted(maps.Keys(given.options.Fill))
	reader, err := source.Open(names, source.Options{Format: given.format, Stdin: std.in, Given: fields})
	if err != nil {
		return err
	}
	defer reader.Close()
	tellSkipped(std.err, reader.Skipped())
	if given.dryRun {
		return given.show(ctx, std, reader, names)
	}
	if err := notItself(reader.Files(), given.options.Rejected); err != nil {
		return err
	}
	target, err := given.from.target(ctx, std)
	if err != nil {
		return err
	}
	given.options.IndexPrefix = target.wanted.Settings.IndexPrefix
	progress := startProgress(std, reader.Progress)
	defer progress.stop()
	given.options.Waits = progress.say
	options := given.options
	if options.RetryFor == 0 {
		options.RetryFor = -1
	}
	in, err := ingest.New(ctx, target.client, options)
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing was sent")
	} else if err != nil {
		return err
	}
	progress.of(in.Status)
	loadError := in.Load(ctx, reader)
	counts, closeError := in.Close(ctx)
	progress.stop()
	err = errors.Join(loadError, closeError)
	if cut := (*ingest.Unfinished)(nil); errors.As(loadError, &cut) {
		err = loadError // which says where
	}
	status := in.Status()
	tellMissing(std.err, status.Missing, given.again(status.Missing, status.MissingFrom, names))
	if address := dashboardAddress(target, status); address != "" && !given.json {
		fmt.Fprintln(std.out, "see it at "+address)
	}
	if err != nil {
		// The counts are told in any case, and last.
		fmt.Fprintln(std.err, err)
	}
	if tellError := given.tell(std.out, counts, err, dashboardAddress(target, status)); tellError != nil {
		return tellError
	}
	switch {
	case err != nil:
		return exitCode{errTold, exitError}
	case counts.Rejected > 0:
		return exitCode{errTold, exitRejected}
	}
	return nil
}

// check reads what flags say beyond what their types do.
func (given *ingesting) check() error {
	options := &given.options
	if options.MaxMonths < 1 {
		return fmt.Errorf("--max-months %d: one at least", options.MaxMonths)
	}
	options.Fill = map[string]string{}
	for _, set := range given.set {
		field, value, found := strings.Cut(set, "=")
		if !found || field == "" {
			return fmt.Errorf("--set %q: write FIELD=VALUE, such as --set ml.run.id=42", set)
		}
		if value == placeholder(field) {
			return fmt.Errorf("--set %s: put its value in the place of %s", field, value)
		}
		if before, twice := options.Fill[field]; twice && before != value {
			return fmt.Errorf("--set %s is given twice, as %q and %q; keep one", field, before, value)
		}
		options.Fill[field] = value
	}
	if _, err := metrics.NewEncoder(metrics.Options{Batch: options.Batch}); err != nil {
		return fmt.Errorf("--batch: %w", err)
	}
	if _, err := metrics.NewEncoder(metrics.Options{Fill: options.Fill}); err != nil {
		return fmt.Errorf("--set: %w", err)
	}
	// A field that both have.
	if _, err := metrics.NewEncoder(metrics.Options{Batch: options.Batch, Fill: options.Fill}); err != nil {
		return fmt.Errorf("--set and --batch: %w", err)
	}
	return nil
}

// documents is a number of documents in words.
func documents(n int64) string {
	if n == 1 {
		return "1 document"
	}
	return fmt.Sprintf("%d documents", n)
}

// tell writes the counts, and as JSON what has no outcome where the run came to no end.
func (given *ingesting) tell(out io.Writer, counts ingest.Counts, err error, address string) error {
	if given.json {
		told := struct {
			ingest.Counts
			Unfinished int64  `json:"unfinished,omitempty"`
			Unanswered int64  `json:"unanswered,omitempty"`
			Dashboard  string `json:"dashboard,omitempty"`
		}{Counts: counts, Dashboard: address}
		if cut := (*ingest.Unfinished)(nil); errors.As(err, &cut) {
			told.Unfinished, told.Unanswered = cut.Documents, cut.Unanswered
		}
		return json.NewEncoder(out).Encode(told)
	}
	line := counts.String()
	if counts.Rejected > 0 {
		line += " (" + given.options.Rejected + ")"
	}
	_, err = fmt.Fprintln(out, line)
	return err
}

// notItself refuses an input that is the rejected file.
func notItself(files []string, rejected string) error {
	own, err := os.Stat(rejected)
	if err != nil {
		return nil
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && os.SameFile(info, own) {
			return fmt.Errorf("%s is where rejected documents are written to; give it another name to read it, "+
				"or name another file with --rejected", file)
		}
	}
	return nil
}

// tellMissing says once what inputs lack, with the command that fills it in.
func tellMissing(out io.Writer, missing []string, command string) {
	if len(missing) == 0 {
		return
	}
	fmt.Fprintf(out, "documents lack %s; where it is the same in all of an input, fill it in:\n  %s\n",
		strings.Join(missing, ", "), command)
	if slices.Contains(missing, "event.dataset") {
		fmt.Fprintf(out, "what else they need depends on it: %s\n", requiredByDataset())
	}
}

// requiredByDataset is "ml.training and ml.evaluation need ml.run.id; ...": what a document must have that only its dataset tells.
func requiredByDataset() string {
	var all []string
	datasets := map[string][]string{}
	for _, rule := range metrics.Datasets() {
		fields := strings.Join(rule.Required, " and ")
		if fields != "" && datasets[fields] == nil {
			all = append(all, fields)
		}
		datasets[fields] = append(datasets[fields], string(rule.Dataset))
	}
	for i, fields := range all {
		all[i] = fmt.Sprintf("%s need %s", strings.Join(datasets[fields], " and "), fields)
	}
	return strings.Join(all, "; ")
}

// mostAgain is how many inputs are named one by one in a command to paste.
const mostAgain = 20

// again is the command that was given with what is missing, for those inputs that lack it: another may have a value of its own.
func (given *ingesting) again(missing, inputs, names []string) string {
	words := []string{"aimetrics", "ingest"}
	given.flags.Visit(func(flag *pflag.Flag) {
		switch {
		case flag.Name == "set":
			for _, set := range given.set {
				words = append(words, "--set", shellQuoted(set))
			}
		case flag.Value.Type() == "bool" && flag.Value.String() == "true":
			words = append(words, "--"+flag.Name)
		case flag.Value.Type() == "bool":
			words = append(words, "--"+flag.Name+"=false")
		case (flag.Name == "endpoint" || flag.Name == "kibana" || flag.Name == "connect-to") && strings.Contains(flag.Value.String(), "@"):
			// An address with a password is refused, but not by a dry run.
			words = append(words, "--"+flag.Name, shellQuoted(placeholder(flag.Name)))
		default:
			words = append(words, "--"+flag.Name, shellQuoted(flag.Value.String()))
		}
	})
	for _, field := range missing {
		words = append(words, "--set", field+"="+shellQuoted(placeholder(field)))
	}
	if len(inputs) == 0 || len(inputs) > mostAgain {
		inputs = names
	}
	for _, name := range inputs {
		words = append(words, shellQuoted(name))
	}
	return strings.Join(words, " ")
}

// placeholder stands for the value of a field in a command to paste; --set refuses it.
func placeholder(field string) string { return "<" + field + ">" }

// tellSkipped says which files below folders are of no format.
func tellSkipped(out io.Writer, skipped []string) {
	const shown = 3
	if len(skipped) == 0 {
		return
	}
	more := ""
	if len(skipped) > shown {
		more = fmt.Sprintf(" and %d more", len(skipped)-shown)
	}
	fmt.Fprintf(out, "left out, as they are of no format that is known: %s%s\n",
		strings.Join(skipped[:min(shown, len(skipped))], ", "), more)
}

func shellQuoted(text string) string {
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("@%+=:,./_-", r))
	}) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// dashboardAddress is a page of Kibana that shows what came in; "" where none did, or no Kibana is known.
func dashboardAddress(target target, status ingest.Status) string {
	server := target.client.Kibana()
	if server == nil || status.First.IsZero() {
		return ""
	}
	return kibana.Address(server.Endpoint().String(), kibana.Options{IndexPrefix: target.wanted.Settings.IndexPrefix}, kibana.Overview,
		status.First.Add(-time.Minute), status.Last.Add(time.Minute))
}

// show writes the documents, and what cannot be one.
func (given *ingesting) show(ctx context.Context, std std, reader *source.Reader, names []string) error {
	var rejected int64
	var missing, inputs []string
	isLacking := map[string]bool{}
	err := ingest.Show(ctx, reader, given.options, std.out, func(line ingest.Rejected, lacks []string, isAll bool) {
		rejected += line.Documents
		for _, field := range lacks {
			if !slices.Contains(missing, field) {
				missing = append(missing, field)
			}
		}
		if len(lacks) > 0 && !isLacking[line.File] {
			isLacking[line.File] = true
			inputs = append(inputs, line.File)
		}
		if !isAll {
			fmt.Fprintln(std.err, line)
		}
	})
	if err != nil {
		return err
	}
	slices.Sort(missing)
	tellMissing(std.err, missing, given.again(missing, inputs, names))
	if rejected > 0 {
		return exitCode{fmt.Errorf("%s would be rejected", documents(rejected)), exitRejected}
	}
	return nil
}

package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"cdktf-aimetrics/review/prose"
	"cdktf-aimetrics/scaffold"
)

const initHelp = `Writes environments/NAME.yaml for a domain that is to be made, with comments. On a terminal it asks for what no flag
says; without one, each must be given that has no default. It writes over no file, and talks to nobody.

VPCs, keys, alarms and the rest are a few lines more in the file: README.md says which. A domain that exists is taken over by
"aimetrics adopt".
`

const initExample = `  aimetrics init dev
  aimetrics init prod --region eu-central-1 --size three-zones --backend s3 --bucket example-terraform-state --sign-in iam`

func initCommand(std std) *cobra.Command {
	environments := "environments"
	given := map[string]*string{}
	command := &cobra.Command{
		Use:     "init NAME",
		Short:   "Writes the environment file of a domain that is to be made",
		Long:    initHelp + "\n" + choicesHelp(),
		Example: initExample,
		Args:    oneName("init", "an environment", "dev"),
		RunE: func(command *cobra.Command, arguments []string) error {
			path, err := scaffold.Path(environments, arguments[0])
			if err != nil {
				return err
			}
			answers := scaffold.Answers{Name: arguments[0], Given: map[string]string{}}
			for name, value := range given {
				answers.Given[name] = *value
			}
			if err := answer(command.Context(), answers, dialogueAt(std)); err != nil {
				return err
			}
			return create(std, path, answers.Draft())
		},
	}
	flags := command.Flags()
	flags.Var((*named)(&environments), "environments", "`FOLDER` of the environment files; it is made where it is missing")
	for _, q := range scaffold.Questions {
		value := new(string)
		given[q.Name] = value
		flags.Var((*named)(value), q.Name, "`"+q.Value+"`: "+wanted(q))
		command.RegisterFlagCompletionFunc(q.Name, cobra.FixedCompletions(choiceNames(q), cobra.ShellCompDirectiveNoFileComp))
	}
	return command
}

// oneName is the error for arguments that are not the one name that a command takes.
func oneName(command, what, example string) cobra.PositionalArgs {
	return func(_ *cobra.Command, arguments []string) error {
		switch {
		case len(arguments) == 0:
			return fmt.Errorf("%s: no NAME; name %s, such as `aimetrics %[1]s %[3]s`", command, what, example)
		case len(arguments) > 1:
			return fmt.Errorf("%s: %q is one name too many; name %s", command, arguments[1], what)
		}
		return nil
	}
}

func choiceNames(q scaffold.Question) []string {
	var names []string
	for _, choice := range q.Choices {
		names = append(names, choice.Name)
	}
	return names
}

// choicesHelp is what may be answered where there is a choice.
func choicesHelp() string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, q := range scaffold.Questions {
		for i, choice := range q.Choices {
			flag := ""
			if i == 0 {
				flag = "--" + q.Name
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", flag, choice.Name, choice.Says)
		}
	}
	table.Flush()
	return strings.TrimRight(b.String(), "\n")
}

// answer completes the answers: it asks where there is somebody to ask, takes defaults where not, and refuses what cannot be.
func answer(ctx context.Context, answers scaffold.Answers, ask *dialogue) error {
	for _, q := range scaffold.Questions {
		if answers.Given[q.Name] == "" {
			continue
		}
		if fault := q.Fault(answers); fault != "" {
			return fmt.Errorf("init: --%s: %s", q.Name, fault)
		}
	}
	for open := answers.Open(); len(open) > 0; open = answers.Open() {
		q, fallback := open[0], ""
		if q.Default != nil {
			fallback = q.Default(answers)
		}
		switch {
		case ask != nil:
			if err := ask.until(ctx, q, answers, fallback); err != nil {
				return err
			}
		case fallback == "":
			return fmt.Errorf("init: --%s is missing, and there is no terminal to ask at: %s", q.Name, wanted(q))
		default:
			answers.Given[q.Name] = fallback
			if fault := q.Fault(answers); fault != "" {
				return fmt.Errorf("init: --%s is missing, and its default cannot be: %s", q.Name, fault)
			}
		}
	}
	if useless := answers.Useless(); useless != nil {
		return fmt.Errorf("init: --%s is not used with the other answers; leave it out", useless[0])
	}
	return nil
}

// wanted is what a question asks for, in a few words.
func wanted(q scaffold.Question) string {
	if names := choiceNames(q); names != nil {
		return strings.Join(names, ", ")
	}
	return strings.ToLower(q.Ask[:1]) + q.Ask[1:]
}

// dialogue asks a person.
type dialogue struct {
	lines <-chan string // what the person writes; closed at its end
	out   io.Writer
}

// newDialogue reads lines from in until that ends: a question that is not answered must not outlive Ctrl-C.
func newDialogue(in io.Reader, out io.Writer) *dialogue {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return &dialogue{lines, out}
}

// dialogueAt is with the person at a terminal; nil where there is none.
func dialogueAt(std std) *dialogue {
	in, ok := std.in.(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) || !isTerminal(std.err) {
		return nil
	}
	return newDialogue(in, std.err)
}

// until asks until the answer can be.
func (d *dialogue) until(ctx context.Context, q scaffold.Question, answers scaffold.Answers, fallback string) error {
	fmt.Fprintf(d.out, "%s?\n", q.Ask)
	table := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for i, choice := range q.Choices {
		fmt.Fprintf(table, "  %d  %s\t%s\n", i+1, choice.Name, choice.Says)
	}
	table.Flush()
	for {
		if fallback != "" {
			fmt.Fprintf(d.out, "[%s] ", fallback)
		}
		fmt.Fprint(d.out, "> ")
		select {
		case <-ctx.Done():
			fmt.Fprintln(d.out)
			return errors.New("init: nothing was written")
		case line, more := <-d.lines:
			if !more {
				fmt.Fprintln(d.out)
				return errors.New("init: nothing was written")
			}
			answers.Given[q.Name] = cmp.Or(chosen(q, strings.TrimSpace(line)), fallback)
		}
		fault := "a choice of these, or its number"
		switch {
		case answers.Given[q.Name] != "":
			fault = q.Fault(answers)
		case q.Choices == nil:
			fault = "it is needed"
		}
		if fault == "" {
			return nil
		}
		delete(answers.Given, q.Name)
		fmt.Fprintf(d.out, "  %s\n", prose.Clean(fault))
	}
}

// chosen is an answer with the name of a choice in the place of its number.
func chosen(q scaffold.Question, line string) string {
	if number, err := strconv.Atoi(line); err == nil && number >= 1 && number <= len(q.Choices) {
		return q.Choices[number-1].Name
	}
	return line
}

// create writes a draft that is sound, and says what it warns of and what comes next.
func create(std std, path string, draft scaffold.Draft) error {
	draft.Schema = scaffold.SchemaOf(filepath.Dir(path))
	text, warnings, err := draft.Text(path, time.Now())
	if err != nil {
		return err
	}
	if err := scaffold.Create(path, text); err != nil {
		return err
	}
	for _, warning := range warnings {
		fmt.Fprintf(std.err, "warning: %v\n", warning)
	}
	fmt.Fprintf(std.out, "wrote %s; `go run .` makes Terraform of it\n", path)
	return nil
}

package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cdktf-aimetrics/review"
)

const reviewHelp = `Reads Terraform plans and says what their reviewer must know, the worst first: what is lost, who gets in, which
alarms go, and whether AWS changes a domain in place, by a blue/green deployment of hours, or not without a new one.

A PLAN is a plan file, which terraform reads in the file's own folder (TERRAFORM_BINARY_NAME names another program), the output
of "terraform show -json", or - for that on stdin. The stack is called by the folder in cdktf.out/stacks, else by the file;
NAME=PLAN calls it otherwise. Values that are sensitive are not shown.

--fail-on says what to refuse:
%s
With any but never, a plan that Terraform could not finish is refused too.

Exit codes: 0 reviewed; 1 an error, and nothing is written; 2 refused, and the review is written. ("go run" makes 1 of every
other code: build the command where they matter.)`

const reviewExample = `  npx cdktf diff prod && aimetrics review cdktf.out/stacks/prod/plan
  aimetrics review --markdown review.md --fail-on replace,kept,open cdktf.out/stacks/*/plan
  aimetrics review --allow aws_elasticsearch_domain.domain cdktf.out/stacks/dev/plan
  terraform show -json plan | aimetrics review prod=-
  aimetrics review --json cdktf.out/stacks/prod/plan | jq -r '.reviews[].findings[] | select(.refused).text'`

func reviewCommand(std std) *cobra.Command {
	var markdown string
	var asJSON bool
	var failOn, allow []string
	var conditions strings.Builder
	for _, c := range review.Conditions {
		fmt.Fprintf(&conditions, "  %-11s %s\n", c.Name, c.Says)
	}
	command := &cobra.Command{
		Use:     "review PLAN...",
		Short:   "Says what the reviewer of a Terraform plan must know",
		Long:    fmt.Sprintf(reviewHelp, conditions.String()),
		Example: reviewExample,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				return errors.New("review: no PLAN; name one, such as cdktf.out/stacks/prod/plan, which " +
					"`terraform -chdir=cdktf.out/stacks/prod plan -out=plan` or `cdktf diff prod` makes")
			}
			return nil
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			if asJSON && markdown == "-" {
				return errors.New("review: --json and --markdown - both go to stdout; give --markdown a FILE")
			}
			gate, err := review.NewGate(failOn, allow)
			if err != nil {
				return fmt.Errorf("--fail-on: %w", err)
			}
			sources, err := planSourcesOf(arguments)
			if err != nil {
				return err
			}
			reviews, err := readPlans(command.Context(), sources, std.in)
			if err != nil {
				return err
			}
			if err := write(std, reviews, gate, markdown, asJSON); err != nil {
				return err
			}
			for _, source := range sources {
				if source.outdated() {
					fmt.Fprintf(std.err, "warning: %s: is older than its stack, for cdk.tf.json beside it says something else by now; "+
						"plan and review anew\n", source.path)
				}
			}
			for _, address := range gate.Unused(reviews) {
				fmt.Fprintf(std.err, "warning: --allow %q: nothing of it would be refused\n", address)
			}
			return refusal(reviews, gate)
		},
	}
	command.Flags().StringVar(&markdown, "markdown", "",
		"write Markdown for a pull request to `FILE`, or to stdout (-) instead of the summary; {stack} in it stands for each stack's name")
	command.Flags().BoolVar(&asJSON, "json", false,
		"write JSON to stdout instead of the summary: findings with kind, severity, address, text and whether they are refused")
	command.Flags().StringSliceVar(&failOn, "fail-on", []string{"replace", "kept"}, "refuse plans that do so: "+review.ConditionNames())
	command.Flags().StringArrayVar(&allow, "allow", nil,
		"let pass what --fail-on refuses of the resource with this `ADDRESS`; may be repeated")
	return command
}

// refusal is the error that says what the gate refuses, a line each.
func refusal(reviews []*review.Review, gate review.Gate) error {
	var errs []error
	for _, r := range reviews {
		for _, refusal := range gate.Refuses(r) {
			errs = append(errs, fmt.Errorf("%s: refused: %v", r.Stack, refusal))
		}
	}
	if errs == nil {
		return nil
	}
	return exitCode{errors.Join(errs...), exitRejected}
}

// write writes the summary, or JSON, to stdout and the Markdown to its file, or the Markdown alone to stdout.
func write(std std, reviews []*review.Review, gate review.Gate, markdown string, asJSON bool) error {
	if markdown == "-" {
		return review.Write(std.out, review.Markdown{}, reviews, gate)
	}
	files := map[string][]*review.Review{}
	if markdown != "" {
		for _, r := range reviews {
			file := strings.ReplaceAll(markdown, "{stack}", r.Stack)
			files[file] = append(files[file], r)
		}
	}
	if err := writeFiles(files, gate); err != nil {
		return err
	}
	if asJSON {
		return review.Write(std.out, review.JSON{Refused: exitRejected}, reviews, gate)
	}
	return review.Write(std.out, review.Terminal{Colored: std.colored}, reviews, gate)
}

// writeFiles writes Markdown aside and renames it when all is there, so that nobody reads half of it.
func writeFiles(files map[string][]*review.Review, gate review.Gate) error {
	aside := map[string]string{}
	defer func() {
		for _, path := range aside {
			os.Remove(path)
		}
	}()
	for path, reviews := range files {
		file, err := os.CreateTemp(filepath.Dir(path), ".review-*")
		if err != nil {
			return unwritable(path, err)
		}
		aside[path] = file.Name()
		err = review.Write(file, review.Markdown{}, reviews, gate)
		if err := cmp.Or(err, file.Chmod(0o644), file.Close()); err != nil {
			return unwritable(path, err)
		}
	}
	for path, written := range aside {
		if err := os.Rename(written, path); err != nil {
			return unwritable(path, err)
		}
	}
	return nil
}

func unwritable(path string, err error) error {
	return fmt.Errorf("--markdown %s: cannot be written (%w); name a file in a folder that can", path, cause(err))
}

// cause is why a file operation failed, without the operation and the paths.
func cause(err error) error {
	var path *os.PathError
	var link *os.LinkError
	var program *exec.Error
	switch {
	case errors.As(err, &program):
		return program.Err
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

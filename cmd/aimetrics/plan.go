package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cdktf-aimetrics/internal/credential"
	"cdktf-aimetrics/review"
	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// planSource is where to read the plan of a stack: a plan file, JSON, or - for stdin.
type planSource struct{ stack, path string }

var stackName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// planSourcesOf reads the arguments; no two may have one stack.
func planSourcesOf(arguments []string) ([]planSource, error) {
	var sources []planSource
	for _, argument := range arguments {
		s, err := planSourceOf(argument)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(sources, func(other planSource) bool { return other.stack == s.stack }); i >= 0 {
			return nil, fmt.Errorf("%s: is a second plan called %s; call it otherwise with NAME=%[1]s", s.path, s.stack)
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// planSourceOf reads an argument: NAME=PATH, or a path, from which the name is taken.
func planSourceOf(argument string) (planSource, error) {
	if name, path, ok := strings.Cut(argument, "="); ok && !strings.ContainsAny(name, `/\`) {
		if !stackName.MatchString(name) {
			return planSource{}, fmt.Errorf("%q: %q is no name of a stack; use letters, digits, dots, - and _", argument, name)
		}
		if path == "" {
			return planSource{}, fmt.Errorf("%q: no PLAN behind %s=", argument, name)
		}
		return planSource{name, path}, nil
	}
	return planSource{stackOf(argument), argument}, nil
}

// stackOf takes the stack from a path: the folder that cdktf plans in, cdktf.out/stacks/<stack>; else the file's name; of a
// file that is just called plan, its folder's.
func stackOf(path string) string {
	if path == "-" {
		return "stdin"
	}
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	folder, file := filepath.Split(path)
	folder = filepath.Clean(folder)
	name := strings.TrimSuffix(file, filepath.Ext(file))
	if filepath.Base(filepath.Dir(folder)) == "stacks" || name == "plan" || name == "tfplan" {
		name = filepath.Base(folder)
	}
	name = strings.TrimLeft(regexp.MustCompile(`[^A-Za-z0-9._-]`).ReplaceAllString(name, "-"), "._-")
	return cmp.Or(name, "plan")
}

// readPlans reviews all plans. The error has a line for each that cannot be read.
func readPlans(ctx context.Context, sources []planSource, stdin io.Reader) ([]*review.Review, error) {
	var reviews []*review.Review
	var errs []error
	for _, source := range sources {
		r, err := source.review(ctx, stdin)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", cmp.Or(map[string]string{"-": "stdin"}[source.path], source.path), err))
			continue
		}
		reviews = append(reviews, r)
	}
	return reviews, errors.Join(errs...)
}

func (s planSource) review(ctx context.Context, stdin io.Reader) (*review.Review, error) {
	if s.path == "-" {
		return review.Read(s.stack, stdin)
	}
	file, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read (%w); `terraform -chdir=cdktf.out/stacks/%s plan -out=plan` or `cdktf diff %[2]s` makes "+
			"cdktf.out/stacks/%[2]s/plan", cause(err), s.stack)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("is a folder; name the plan in it: %s", filepath.Join(s.path, "plan"))
	}
	content := bufio.NewReader(file)
	if start, _ := content.Peek(4); plan.IsFile(start) {
		return s.show(ctx)
	}
	return review.Read(s.stack, content)
}

// outdated reports whether a plan file was made of another configuration than is beside it now: Terraform keeps in the file what it read.
// Of a plan without the one or the other nothing is known.
// https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/config_snapshot.go
func (s planSource) outdated() bool {
	const configuration = "cdk.tf.json"
	now, err := os.ReadFile(filepath.Join(filepath.Dir(s.path), configuration))
	if err != nil {
		return false
	}
	archive, err := zip.OpenReader(s.path)
	if err != nil {
		return false
	}
	defer archive.Close()
	file, err := archive.Open("tfconfig/m-/" + configuration)
	if err != nil {
		return false
	}
	defer file.Close()
	planned, err := io.ReadAll(io.LimitReader(file, int64(len(now))+1))
	return err == nil && !bytes.Equal(planned, now)
}

// show has Terraform read a plan file, for which it needs the providers of the folder that the plan was made in.
func (s planSource) show(ctx context.Context) (*review.Review, error) {
	terraform := cmp.Or(os.Getenv("TERRAFORM_BINARY_NAME"), "terraform") // as cdktf has it
	folder, file := filepath.Split(s.path)
	command := exec.CommandContext(ctx, terraform, "show", "-json", "-no-color", file)
	command.Dir = cmp.Or(folder, ".")
	var complaint head
	command.Stderr = &complaint
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s, which must read this plan file, cannot be started (%w); install Terraform or set TERRAFORM_BINARY_NAME",
			terraform, cause(err))
	}
	r, readErr := review.Read(s.stack, output)
	io.Copy(io.Discard, output) // so that Terraform comes to its end, and says how
	if err := command.Wait(); err != nil {
		said := cmp.Or(strings.TrimRight(complaint.line(), ". "), err.Error())
		return nil, fmt.Errorf("%s show -json: %s; it reads a plan file where it was made, after init", terraform, said)
	}
	return r, readErr
}

// head keeps the beginning of what is written to it.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	if room := 16<<10 - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// line is Terraform's complaint in one line: what follows "Error: ", up to the first paragraph's end.
func (h *head) line() string {
	_, complaint, found := strings.Cut(h.String(), "Error: ")
	if !found {
		complaint = h.String()
	}
	var words []string
	for _, line := range strings.Split(complaint, "\n") {
		line = strings.Trim(line, "│╷╵ \t\r")
		if strings.HasPrefix(line, "Error: ") || len(words) > 60 {
			break
		}
		words = append(words, strings.Fields(line)...)
	}
	return prose.Clean(credential.Redact(strings.Join(words, " ")))
}

package domain

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"cdktf-aimetrics/spec"
)

// Stack is where the environment of a stack is found, and what was deployed of it.
type Stack struct {
	// Name of the stack, which is that of its file.
	Name string
	// Folder with the environment files.
	Environments string
	// Folder that the stacks are synthesized into.
	Outdir string
	// As in [Options].
	AskMFA func() (string, error)
}

// Environment reads the stack's file.
func (s Stack) Environment() (spec.Environment, error) {
	var path string
	var content []byte
	for _, extension := range []string{".yaml", ".yml"} {
		path = filepath.Join(s.Environments, s.Name+extension)
		var err error
		if content, err = os.ReadFile(path); err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return spec.Environment{}, fmt.Errorf("%s cannot be read; make it readable", path)
		}
	}
	if content == nil || strings.ContainsAny(s.Name, `/\`) {
		return spec.Environment{}, s.unknown()
	}
	environment, _, err := spec.Parse(path, content, time.Now())
	return environment, err
}

// unknown is the error for a stack that has no file.
func (s Stack) unknown() error {
	entries, err := os.ReadDir(s.Environments)
	if err != nil {
		return fmt.Errorf("--stack %s: there is no folder %s here; run it in the project's root, name the folder with --environments, "+
			"or the domain with --endpoint", s.Name, s.Environments)
	}
	var known []string
	for _, entry := range entries {
		if extension := filepath.Ext(entry.Name()); extension == ".yaml" || extension == ".yml" {
			known = append(known, strings.TrimSuffix(entry.Name(), extension))
		}
	}
	if len(known) == 0 {
		return fmt.Errorf("--stack %s: %s has no environment; name its folder with --environments", s.Name, s.Environments)
	}
	slices.SortStableFunc(known, func(a, b string) int {
		return levenshtein.ComputeDistance(s.Name, a) - levenshtein.ComputeDistance(s.Name, b)
	})
	return fmt.Errorf("--stack %q has no file in %s; there is %s", s.Name, s.Environments, strings.Join(known, ", "))
}

// Deployed is the domain of a stack that was deployed.
type Deployed struct {
	// Its host, as [Options] takes it.
	Endpoint string
	// Its Kibana; "" where that is at the usual place.
	Kibana string
	// Its ARN, such as "arn:aws:es:eu-central-1:123456789012:domain/ai-metrics".
	ARN string
}

// Find looks for the stack's domain: in what `terraform output` says where the stack's folder is initialised, else in what AWS says of the
// domain's name and region.
func (s Stack) Find(ctx context.Context, environment spec.Environment) (Deployed, error) {
	var terraformErr error
	folder := filepath.Join(s.Outdir, "stacks", s.Name)
	if _, err := os.Stat(filepath.Join(folder, ".terraform")); err == nil {
		outputs, err := terraformOutput(ctx, folder)
		if err == nil && outputs["elasticsearch_domain_endpoint"] != "" {
			return Deployed{outputs["elasticsearch_domain_endpoint"], outputs["kibana_endpoint"], outputs["elasticsearch_domain_arn"]}, nil
		}
		terraformErr = err
	}
	deployed, err := describe(ctx, environment, s.AskMFA)
	switch {
	case ctx.Err() != nil:
		return deployed, ctx.Err()
	case err != nil && terraformErr != nil:
		return deployed, fmt.Errorf("--stack %s: its address is not known: %w; nor from AWS: %w; name it with --endpoint", s.Name,
			terraformErr, err)
	case err != nil:
		return deployed, fmt.Errorf("--stack %s: its address is not known: %w", s.Name, err)
	}
	return deployed, nil
}

// terraformOutput is the texts that `terraform output` tells in folder.
func terraformOutput(ctx context.Context, folder string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	terraform := cmp.Or(os.Getenv("TERRAFORM_BINARY_NAME"), "terraform") // as cdktf has it
	command := exec.CommandContext(ctx, terraform, "output", "-json", "-no-color")
	command.Dir = folder
	command.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		complaint := stderr.String()
		if _, after, found := strings.Cut(complaint, "Error: "); found {
			complaint, _, _ = strings.Cut(after, "\n")
		}
		return nil, fmt.Errorf("%s output in %s: %s", terraform, folder, cmp.Or(oneLine(complaint, 200), err.Error()))
	}
	var outputs map[string]struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &outputs); err != nil {
		return nil, fmt.Errorf("%s output in %s is no JSON", terraform, folder)
	}
	texts := map[string]string{}
	for name, output := range outputs {
		var text string
		if json.Unmarshal(output.Value, &text) == nil {
			texts[name] = text
		}
	}
	return texts, nil
}

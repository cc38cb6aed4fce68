package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cdktf-aimetrics/adopt"
	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/review/prose"
	"cdktf-aimetrics/scaffold"
	"cdktf-aimetrics/spec"
)

const adoptHelp = `Writes environments/DOMAIN.yaml for a domain that exists, as AWS describes it. By that file Terraform takes the
domain over: the first plan imports it, makes what "access:" needs, and shows as changed on the domain only what AWS does not tell. It
writes over no file, and changes nothing on AWS.

It asks AWS, with its credentials (AWS_PROFILE and the rest of the usual chain; es:DescribeElasticsearchDomain,
es:DescribeElasticsearchDomainConfig and es:ListTags), or, with --from, takes the answers to these three calls from files, in any order.

An access policy that "access:" cannot express is shown, and nothing is written: keep it as it is, and out of the file, with
--leave-policy-as-it-is, or say with --administrators who gets in from the first deployment on.`

const adoptExample = `  aimetrics adopt model-metrics --region eu-central-1
  aimetrics adopt model-metrics --stack prod --master-user-arn arn:aws:iam::111122223333:role/metrics
  aws es describe-elasticsearch-domain --domain-name model-metrics > status.json
  aws es describe-elasticsearch-domain-config --domain-name model-metrics > config.json
  aws es list-tags --arn arn:aws:es:eu-central-1:111122223333:domain/model-metrics > tags.json
  aimetrics adopt model-metrics --from status.json --from config.json --from tags.json`

// adoption is what the flags of adopt say.
type adoption struct {
	environments, region string
	from                 []string
	options              adopt.Options
}

func adoptCommand(std std) *cobra.Command {
	given := adoption{environments: "environments"}
	command := &cobra.Command{
		Use:     "adopt DOMAIN",
		Short:   "Writes the environment file of a domain that exists",
		Long:    adoptHelp,
		Example: adoptExample,
		Args:    oneName("adopt", "the domain, as AWS calls it", "model-metrics"),
		RunE: func(command *cobra.Command, arguments []string) error {
			return given.run(command.Context(), std, arguments[0])
		},
	}
	flags := command.Flags()
	flags.Var((*named)(&given.environments), "environments", "`FOLDER` of the environment files; it is made where it is missing")
	flags.Var((*named)(&given.region), "region", "`REGION` of the domain (that of AWS_REGION, or of the profile)")
	flags.StringArrayVar(&given.from, "from", nil, "take AWS's answers from this `FILE`, or from stdin (-); may be repeated")
	flags.Var((*named)(&given.options.Stack), "stack", "`NAME` of the stack, by which the file is called (the domain's)")
	user := &given.options.MasterUser
	flags.Var((*named)(&user.MasterUserARN), "master-user-arn", "`ARN` of the role or user that is the master user")
	flags.Var((*named)(&user.MasterUserName), "master-user-name", "`NAME` of the master user, where the domain keeps passwords")
	flags.Var((*named)(&user.MasterUserSecretARN), "master-user-secret-arn",
		"`ARN` of the secret with that user's password (without: the variable TF_VAR_master_user_password)")
	flags.StringSliceVar(&given.options.Administrators, "administrators", nil,
		"`ARN`s, or account, who get in instead of those of the domain's access policy")
	flags.BoolVar(&given.options.LeavePolicyAsItIs, "leave-policy-as-it-is", false,
		"keep the domain's access policy as it is, and out of the file")
	return command
}

func (given adoption) run(ctx context.Context, std std, name string) error {
	if given.options.LeavePolicyAsItIs && len(given.options.Administrators) > 0 {
		return errors.New("adopt: --administrators replaces the access policy, and --leave-policy-as-it-is keeps it; give one of them")
	}
	path, err := scaffold.Path(given.environments, cmp.Or(given.options.Stack, name))
	if err != nil {
		return err
	}
	description, err := given.description(ctx, std, name)
	if err != nil {
		return fmt.Errorf("adopt: %w", err)
	}
	adopted, err := adopt.Adopt(description, given.options)
	switch {
	case err == nil && adopted.Name != name:
		return fmt.Errorf("adopt: AWS's answers are of the domain %s, and not of %q; name that, or ask AWS for this", adopted.Name, name)
	case err == nil && given.region != "" && adopted.Region != given.region:
		return fmt.Errorf("adopt: the domain is in %s, and --region is %q; leave the flag out, or ask AWS there", adopted.Region,
			given.region)
	case err != nil:
		return refusedAdoption(std, name, err)
	}
	if adopted.Replaced != "" {
		printPolicy(std.err, adopted.Replaced)
		fmt.Fprintln(std.err, "warning: the first deployment replaces this access policy, for --administrators says who gets in")
	}
	for _, note := range adopted.Notes {
		fmt.Fprintf(std.err, "note: %s\n", prose.Clean(note))
	}
	if err := create(std, path, adopted.Draft); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "it is in %s of the account %s; the first plan imports it, and shows as changed what AWS does not tell: %s\n",
		adopted.Region, adopted.Account, strings.Join(adopted.Untold, ", "))
	return nil
}

// description is what AWS says of the domain, in files or by itself.
func (given adoption) description(ctx context.Context, std std, name string) (adopt.Description, error) {
	var description adopt.Description
	if given.from == nil {
		answers, err := domain.Describe(ctx, given.region, name, askMFA(std))
		if err != nil {
			return description, err
		}
		return description, description.Add(bytes.NewReader(answers))
	}
	for _, path := range given.from {
		if err := addFrom(&description, path, std.in); err != nil {
			return description, fmt.Errorf("--from %s %w", path, err)
		}
	}
	return description, nil
}

func addFrom(description *adopt.Description, path string, stdin io.Reader) error {
	if path == "-" {
		return description.Add(stdin)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot be read (%w)", cause(err))
	}
	defer file.Close()
	if err := description.Add(file); err != nil {
		return cause(err)
	}
	return nil
}

// refusedAdoption says why a domain is not taken over, a line each; a policy is shown before.
func refusedAdoption(std std, name string, err error) error {
	var policy *adopt.PolicyError
	var problems spec.Problems
	switch {
	case errors.As(err, &policy):
		printPolicy(std.err, policy.Policy)
		return fmt.Errorf("adopt: nothing is written, for %s; keep the policy as it is with --leave-policy-as-it-is, or say with "+
			"--administrators who gets in from the first deployment on", prose.Clean(policy.Error()))
	case errors.As(err, &problems):
		var all []error
		for _, problem := range problems {
			all = append(all, fmt.Errorf("adopt: nothing is written, for no file can say this of the domain %s: %w", name, problem))
		}
		return errors.Join(all...)
	}
	return fmt.Errorf("adopt: %w", err)
}

// printPolicy prints an access policy, in lines where it is JSON. It is AWS's text, or somebody's: nothing of it is obeyed.
func printPolicy(out io.Writer, policy string) {
	var lines bytes.Buffer
	if json.Indent(&lines, []byte(policy), "", "  ") != nil {
		lines.Reset()
		lines.WriteString(policy)
	}
	fmt.Fprintln(out, "the domain's access policy:")
	for line := range strings.SplitSeq(strings.TrimSpace(lines.String()), "\n") {
		fmt.Fprintf(out, "  %s\n", prose.Clean(line))
	}
}

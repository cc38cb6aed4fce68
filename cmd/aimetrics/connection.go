package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/metrics"
	"cdktf-aimetrics/spec"
)

// connection is the flags by which commands name a domain.
type connection struct {
	stack, environments                       string
	endpoint, kibana, region, auth, connectTo string
	indexPrefix                               string
}

const connectionHelp = `
The domain is that of --stack, the name of a file in environments/, or the one at --endpoint. Requests are signed with AWS's
credentials (AWS_PROFILE and the rest of the usual chain) where the host is AWS's, or with --auth aws; AIMETRICS_USERNAME and
AIMETRICS_PASSWORD sign in with a password instead. HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are obeyed.`

func (c *connection) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&c.stack, "stack", "", "the domain of this stack: `NAME` of its file in environments/")
	flags.StringVar(&c.environments, "environments", "environments", "`FOLDER` of the environment files")
	flags.StringVar(&c.endpoint, "endpoint", "", "the domain at this `URL`, such as http://localhost:9200")
	flags.StringVar(&c.kibana, "kibana", "", "its Kibana is at this `URL` (at AWS: <endpoint>/_plugin/kibana)")
	flags.StringVar(&c.region, "region", "", "AWS `REGION` to sign for, where the host does not tell it")
	flags.StringVar(&c.auth, "auth", "", "how to sign in: aws, basic, none (by default, what fits)")
	flags.StringVar(&c.connectTo, "connect-to", "", "dial `HOST:PORT` in the place of the domain's own, such as a port forward into a VPC")
	flags.Var((*named)(&c.indexPrefix), "index-prefix",
		"what the indices' names begin with (the file's, or "+metrics.DefaultIndexPrefix+")")
	command.RegisterFlagCompletionFunc("stack", c.completeStack)
	command.RegisterFlagCompletionFunc("auth", cobra.FixedCompletions([]string{"aws", "basic", "none"}, cobra.ShellCompDirectiveNoFileComp))
}

// named is the text of a flag that is not empty where it is given: an unset variable of a script is not the default.
type named string

func (n *named) String() string { return string(*n) }
func (n *named) Type() string   { return "string" }

func (n *named) Set(text string) error {
	if text == "" {
		return errors.New("it is empty; give a name, or leave the flag out")
	}
	*n = named(text)
	return nil
}

// completeStack names the environments that there are.
func (c *connection) completeStack(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, extension := range []string{".yaml", ".yml"} {
		files, _ := filepath.Glob(filepath.Join(c.environments, "*"+extension))
		for _, file := range files {
			names = append(names, strings.TrimSuffix(filepath.Base(file), extension))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// target is a domain that a command works on.
type target struct {
	client *domain.Client
	wanted domain.Wanted
	// The flags that name it again, for a command to paste.
	flags string
}

// target connects to the domain that the flags name.
func (c *connection) target(ctx context.Context, std std) (target, error) {
	options := domain.Options{}
	var found target
	switch {
	case c.stack == "" && c.endpoint == "":
		return found, errors.New("which domain? name its stack, such as --stack dev, or its address with --endpoint")
	case c.stack == "":
		found.flags = "--endpoint " + c.endpoint
		if c.indexPrefix != "" {
			found.flags += " --index-prefix " + c.indexPrefix
		}
		found.wanted = domain.Wanted{Settings: metrics.Settings{IndexPrefix: c.indexPrefix}, KeepSettings: true}
	default:
		found.flags = "--stack " + c.stack
		stack := domain.Stack{Name: c.stack, Environments: c.environments, Outdir: cmp.Or(os.Getenv("CDKTF_OUTDIR"), "cdktf.out"),
			AskMFA: askMFA(std)}
		environment, err := stack.Environment()
		if err != nil {
			return found, err
		}
		prefix := environment.MetricsSettings().IndexPrefix
		if c.indexPrefix != "" && c.indexPrefix != prefix {
			return found, fmt.Errorf("--index-prefix %q, and access.index_prefix of %s is %q; leave the flag out, or change the file "+
				"and deploy it", c.indexPrefix, c.stack, prefix)
		}
		var deployed domain.Deployed
		if c.endpoint == "" {
			if deployed, err = stack.Find(ctx, environment); err != nil {
				return found, err
			}
		}
		options.Endpoint, options.Kibana, options.Region = deployed.Endpoint, deployed.Kibana, environment.Region
		found.wanted = wantedOf(environment, deployed.ARN)
	}
	options.Endpoint = cmp.Or(c.endpoint, options.Endpoint)
	options.Kibana = cmp.Or(c.kibana, options.Kibana)
	options.Region = cmp.Or(c.region, options.Region)
	options.Auth = domain.Auth(c.auth)
	options.ConnectTo = c.connectTo
	options.AskMFA = askMFA(std)
	var err error
	found.client, err = domain.Connect(ctx, options)
	return found, err
}

// wantedOf is what an environment's file says of what should be in the domain of that ARN; "" where it is not known.
func wantedOf(environment spec.Environment, domainARN string) domain.Wanted {
	access := environment.Access
	principals := domain.Principals{Writers: access.Writers, Readers: access.Readers, Administrators: access.Administrators}
	switch role := signedInRole(environment, domainARN); environment.SignedInUsers() {
	case "readers":
		principals.Readers = append(slices.Clone(principals.Readers), role)
	case "administrators":
		principals.Administrators = append(slices.Clone(principals.Administrators), role)
	}
	return domain.Wanted{Settings: environment.MetricsSettings(), Principals: principals}
}

// signedInRole is the ARN of the IAM role as which people come who sign in by Cognito, or its name where that of the domain is not known.
func signedInRole(environment spec.Environment, domainARN string) string {
	name := environment.SignedInRoleName()
	parts := strings.SplitN(domainARN, ":", 6) // arn:aws:es:eu-central-1:123456789012:domain/ai-metrics
	if len(parts) < 6 {
		return name
	}
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", parts[1], parts[4], name)
}

// askMFA asks for the code of an MFA device at a terminal; nil where there is none.
func askMFA(std std) func() (string, error) {
	in, ok := std.in.(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) {
		return nil
	}
	return func() (string, error) {
		fmt.Fprint(std.err, "MFA code of your AWS profile: ")
		var code string
		_, err := fmt.Fscanln(in, &code)
		return code, err
	}
}

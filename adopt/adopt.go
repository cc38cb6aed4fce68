// Package adopt makes the environment file of a domain that exists, of what AWS says of it: a file by which Terraform takes the domain
// over as it is. It is plain Go, asks nobody, and writes nothing: package domain asks AWS, package scaffold writes files.
//
//   - adopt.go is the whole, and what cannot be taken over (this file);
//   - description.go reads AWS's answers, as its command line prints them;
//   - domain.go has the arguments of aws_elasticsearch_domain by them;
//   - access.go has `access:` by the access policy, where it says the same.
package adopt

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cdktf-aimetrics/scaffold"
	"cdktf-aimetrics/spec"
)

// Options is what AWS does not tell, or is to be otherwise.
type Options struct {
	// Name of the stack, which the file is called by. Default: the domain's.
	Stack string
	// The master user, of a domain with fine-grained access control: AWS keeps it to itself. MasterUserSecretARN has the password of one
	// with a name; without, it is the variable master_user_password.
	MasterUser spec.FineGrainedAccessControl
	// Who gets in instead of those of the domain's access policy, as in `access.administrators:`. Default: those of the policy, and an
	// error where `access:` cannot say the same.
	Administrators []string
	// The domain's access policy stays as it is, whatever it says, and out of the file. Not with Administrators.
	LeavePolicyAsItIs bool
}

// Adopted is the file that takes a domain over.
type Adopted struct {
	Draft scaffold.Draft
	// Where the domain is.
	Name, Region, Account string
	// What is not in the file, or is worth a second look, a line each.
	Notes []string
	// Arguments that the first plan shows as changed, since AWS does not tell them.
	Untold []string
	// The access policy that administrators were given in place of, as AWS has it; "": that of the file says the same.
	Replaced string
}

// place is the domain that a description is of.
type place struct{ partition, region, account, name string }

var domainARN = regexp.MustCompile(`^arn:(aws[a-z-]*):es:([a-z0-9-]+):(\d{12}):domain/([a-z][0-9a-z-]{2,27})$`)

func (here place) arn() string {
	return "arn:" + here.partition + ":es:" + here.region + ":" + here.account + ":domain/" + here.name
}

// Adopt makes the file of the domain that a description is of. The errors: what is missing of the description, a domain that AWS is still
// working on, an option that is missing or not used, a [PolicyError], or, as [spec.Problems] without places, what of the domain no
// environment file can say.
func Adopt(description Description, options Options) (Adopted, error) {
	here, err := description.place()
	if err != nil {
		return Adopted{}, err
	}
	adopted := Adopted{Name: here.name, Region: here.region, Account: here.account, Untold: []string{"advanced_options", "timeouts"}}
	environment := spec.Environment{Region: here.region, Adopt: here.name, Domain: description.domain()}
	if err := masterUser(&environment, description.status.AdvancedSecurityOptions, options.MasterUser); err != nil {
		return Adopted{}, err
	}
	if description.status.AdvancedSecurityOptions.Enabled {
		adopted.Untold = append(adopted.Untold, "master_user_options")
	}
	if len(environment.Domain.LogPublishingOptions) < len(environment.LogTypes()) {
		adopted.Untold = append(adopted.Untold, "log_publishing_options") // of the types that were never published
	}
	access, err := accessOf(description.status.AccessPolicies, here, environment)
	var inexpressible *PolicyError
	switch {
	case options.LeavePolicyAsItIs:
		access = spec.Access{LeavePolicyAsItIs: true}
	case len(options.Administrators) > 0:
		access = spec.Access{Administrators: options.Administrators}
		adopted.Replaced = cmp.Or(description.status.AccessPolicies, "(none)")
	case errors.As(err, &inexpressible):
		return Adopted{}, err
	}
	environment.Access = access
	adopted.Notes = append(description.notes(), leaveOut(&environment)...)
	if err := environment.Check(); err != nil {
		return Adopted{}, err
	}
	adopted.Draft = scaffold.Draft{Head: head(here, cmp.Or(options.Stack, here.name)), Environment: environment,
		Comments: comments(environment, adopted), Foot: foot(access)}
	return adopted, nil
}

// masterUser puts the master user into an environment: below domain, or, with a secret, below sign_in.
func masterUser(environment *spec.Environment, has advancedSecurityOptions, user spec.FineGrainedAccessControl) error {
	given := user != spec.FineGrainedAccessControl{}
	switch {
	case !has.Enabled && given:
		return errors.New("the domain has no fine-grained access control, and so no master user; leave the flags of one out")
	case !has.Enabled:
		return nil
	case has.InternalUserDatabaseEnabled && (user.MasterUserName == "" || user.MasterUserARN != ""):
		return errors.New("the domain keeps users and passwords of its own, and AWS does not tell the master user's name; " +
			"say it with --master-user-name, and with --master-user-secret-arn which secret has the password")
	case !has.InternalUserDatabaseEnabled && (user.MasterUserARN == "" || user.MasterUserName != "" || user.MasterUserSecretARN != ""):
		return errors.New("the domain has fine-grained access control, and AWS does not tell which IAM role or user is its master user; " +
			"say it with --master-user-arn")
	case user.MasterUserSecretARN != "":
		environment.SignIn = &spec.SignIn{FineGrainedAccessControl: &user}
		return nil
	}
	environment.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{
		Enabled: true, InternalUserDatabaseEnabled: has.InternalUserDatabaseEnabled,
		MasterUserOptions: spec.MasterUserOptions{MasterUserARN: user.MasterUserARN, MasterUserName: user.MasterUserName},
	}
	return nil
}

// optional is the arguments that the provider leaves as they are on AWS where a file does not say them.
var optional = []struct {
	path     string
	leaveOut func(*spec.Domain)
}{
	{"domain.ebs_options.iops", func(d *spec.Domain) { d.EBSOptions.Iops = 0 }},
	{"domain.ebs_options.throughput", func(d *spec.Domain) { d.EBSOptions.Throughput = 0 }},
	{"domain.auto_tune_options", func(d *spec.Domain) { d.AutoTuneOptions = nil }},
}

// leaveOut leaves out what a file cannot say and need not, and says so.
func leaveOut(environment *spec.Environment) (notes []string) {
	for _, argument := range optional {
		problems, _ := environment.Check().(spec.Problems)
		i := slices.IndexFunc(problems, func(problem spec.Problem) bool {
			return problem.Path == argument.path || strings.HasPrefix(problem.Path, argument.path+".")
		})
		if i < 0 {
			continue
		}
		argument.leaveOut(&environment.Domain)
		notes = append(notes, fmt.Sprintf("%s is left out, and stays on AWS as it is, for a file cannot say it: %s",
			argument.path, problems[i].Text))
	}
	return notes
}

func head(here place, stack string) string {
	return fmt.Sprintf("%s: the domain %s in %s of the account %s, as AWS describes it.\n"+
		"It was made elsewhere. The file's name is the stack's name: this one is `npx cdktf diff %[1]s`, which shows one import.", stack,
		here.name, here.region, here.account)
}

func foot(access spec.Access) string {
	made := "a resource for the policy and two IAM policies for roles"
	if access.LeavePolicyAsItIs {
		made = "two IAM policies for roles"
	}
	return "What `access:` makes is " + made + ", and nothing else is made. Log\n" +
		"groups, alarms and the rest come with sections of their own, once the domain is taken over: README.md has the table."
}

func comments(environment spec.Environment, adopted Adopted) map[string]scaffold.Comment {
	all := map[string]scaffold.Comment{
		"domain": {Above: "As it is on AWS, under the names of Terraform's aws_elasticsearch_domain. The first plan shows as changed " +
			"what\nAWS does not tell: " + strings.Join(adopted.Untold, ", ") + "."},
		"adopt": {Above: "Terraform takes this domain over at its first run. Afterwards the line may stay " +
			"or go."},
		"domain.encrypt_at_rest.kms_key_id": {Above: "A change replaces the domain. If this is AWS's own key, aws/es, it may go."},
		"access":                            {Above: accessComment(environment)},
	}
	if adopted.Replaced != "" {
		all["access"] = scaffold.Comment{Above: "Instead of the domain's own access policy, which the first deployment replaces."}
	}
	if options := environment.Domain.AdvancedSecurityOptions; options != nil && options.MasterUserOptions.MasterUserName != "" {
		all["domain.advanced_security_options.master_user_options"] = scaffold.Comment{Above: "Set TF_VAR_master_user_password to the " +
			"password that the user has: Terraform sets it."}
	}
	return all
}

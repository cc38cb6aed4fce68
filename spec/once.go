package spec

import "fmt"

// onceOnly is what there is once, so that of two files in a folder that make it the second one fails at AWS.
type onceOnly struct {
	path string
	// Which one a file makes; "" if it makes none.
	made func(File) string
	// What is wrong with another one: of what made says, and the path of the file that has it already.
	text string
	// Whether it is there once for all accounts: an error then, and a warning where the files may be of two.
	everywhere bool
}

// once is all of that.
var once = []onceOnly{
	{"domain.domain_name", byEnvironment(func(e Environment) string { return quote(e.Domain.DomainName) + " in " + e.Region }),
		"%s is what %s has as well, and an account has a name once in a region; choose another one, unless they are of two accounts",
		false},
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
	{"sign_in.cognito.user_pool_domain", byEnvironment(func(e Environment) string {
		if !e.makesPools() {
			return ""
		}
		return quote(e.SignIn.Cognito.UserPoolDomain) + " in " + e.Region
	}), "%s is what %s has as well, and a region has the name of a sign-in page once, for all accounts; choose another one", true},
	// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
	{"custom_endpoint.name", byEnvironment(func(e Environment) string {
		if e.CustomEndpoint == nil || e.CustomEndpoint.ZoneID == "" {
			return ""
		}
		return quote(e.CustomEndpoint.Name) + " in " + e.CustomEndpoint.ZoneID
	}), "%s is what %s has as well, and a zone has a CNAME record of a name once; choose another name", true},
	{"network.service_linked_role", byEnvironment(func(e Environment) string {
		return sayIf(e.Network != nil && e.Network.ServiceLinkedRole, "true")
	}), "%s makes the role that %s makes as well, and an account has it once; leave it out here, unless they are of two accounts", false},
	{"github.name_prefix", byRoles(func(r Roles) string { return sayIf(r.GitHub.NamePrefix != "", quote(r.GitHub.NamePrefix)) }),
		"%s begins the names of the roles of %s as well, and an account has a name once; choose another one, unless they are of two " +
			"accounts", false},
	{"github.oidc_provider_arn", byRoles(func(r Roles) string { return sayIf(r.GitHub.OIDCProviderARN == "", "a new provider") }),
		"%s is what %s makes as well, and an account has it once; name that one here, unless they are of two accounts", false},
}

func byEnvironment(made func(Environment) string) func(File) string {
	return func(file File) string {
		if !file.isEnvironment() {
			return ""
		}
		return made(file.Environment)
	}
}

func byRoles(made func(Roles) string) func(File) string {
	return func(file File) string {
		if file.isEnvironment() {
			return ""
		}
		return made(*file.Roles)
	}
}

// takeOnce notes in taken what there is once and the file, which is at a path, makes; and returns what others have made already. What is
// faulty itself is not judged.
func (file File) takeOnce(path string, taken map[string]string) (refused, warned Problems) {
	if !file.isRead() || file.faulty.at("region") {
		return nil, nil
	}
	for _, thing := range once {
		made := thing.made(file)
		if made == "" || file.faulty.at(thing.path) {
			continue
		}
		first, again := taken[thing.path+" "+made]
		if !again {
			taken[thing.path+" "+made] = path
			continue
		}
		problem := Problem{Position: file.positionOf(thing.path), Path: thing.path, Text: fmt.Sprintf(thing.text, made, first)}
		if thing.everywhere {
			refused = append(refused, problem)
		} else {
			warned = append(warned, problem)
		}
	}
	return refused, warned
}

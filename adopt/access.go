package adopt

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"cdktf-aimetrics/spec"
)

// PolicyError is an access policy that `access:` cannot express: with it, somebody would get in who does not, or not who does.
type PolicyError struct {
	// As AWS has it.
	Policy string
	// Why, a line for each reason.
	Reasons []string
}

func (e *PolicyError) Error() string {
	return "`access:` cannot express the domain's access policy: " + strings.Join(e.Reasons, "; ")
}

// statement is an element of a policy, whose every key must be known here: what is not understood must not be lost.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type statement struct {
	Sid          string
	Effect       string
	Principal    principals
	NotPrincipal jsontext.Value
	Action       oneOrMore
	NotAction    jsontext.Value
	Resource     oneOrMore
	NotResource  jsontext.Value
	Condition    map[string]map[string]jsontext.Value
}

// oneOrMore is a text or a list of texts.
type oneOrMore []string

func (values *oneOrMore) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*values = oneOrMore{one}
		return nil
	}
	var several []string
	err := json.Unmarshal(text, &several)
	*values = several
	return err
}

// principals is who a statement is of, by kind; "*" alone is AWS's everybody.
type principals map[string]oneOrMore

func (p *principals) UnmarshalJSON(text []byte) error {
	var everybody string
	if json.Unmarshal(text, &everybody) == nil {
		*p = principals{"AWS": {everybody}}
		return nil
	}
	var kinds map[string]oneOrMore
	err := json.Unmarshal(text, &kinds)
	*p = kinds
	return err
}

// statements reads a policy.
func statements(policy string) ([]statement, error) {
	var document struct {
		Version, Id string
		Statement   jsontext.Value
	}
	if err := strictly([]byte(policy), &document); err != nil {
		return nil, err
	}
	if len(document.Statement) == 0 {
		return nil, nil
	}
	var all []statement
	if document.Statement[0] == '[' {
		err := strictly(document.Statement, &all)
		return all, err
	}
	var one statement
	err := strictly(document.Statement, &one)
	return []statement{one}, err
}

// strictly decodes JSON, and refuses what the types here do not know, names in another case, and names that are there twice.
func strictly(text []byte, into any) error {
	return json.Unmarshal(text, into, json.RejectUnknownMembers(true))
}

// accessOf is the `access:` of which this project makes a policy that lets in whom a policy lets in, and lets them do the same; where
// there is none, a [PolicyError].
//
// A policy of ours denies whoever is not named, which AWS by itself does not: in the domain's own account, IAM's policies alone let
// somebody in. So `account` is always among those named: with it nobody is denied.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
func accessOf(policy string, here place, environment spec.Environment) (spec.Access, error) {
	if strings.TrimSpace(policy) == "" {
		return spec.Access{Administrators: []string{spec.Account}}, nil
	}
	all, err := statements(policy)
	if err != nil {
		return spec.Access{}, &PolicyError{policy, []string{"it is not the JSON of a policy, or has elements that are not known here"}}
	}
	var reasons, named, addresses []string
	everybody := false
	for i, s := range all {
		from := s.takeAddresses()
		for _, reason := range s.reasons(here) {
			reasons = append(reasons, fmt.Sprintf("statement %d %s", i+1, reason))
		}
		if from != nil {
			addresses = append(addresses, from...)
			continue
		}
		for _, principal := range s.Principal["AWS"] {
			everybody = everybody || principal == "*"
			named = append(named, here.principal(principal))
		}
	}
	access := spec.Access{}
	if everybody {
		access = opened(environment)
	} else {
		slices.Sort(named)
		access.Administrators = append(slices.DeleteFunc(slices.Compact(named), func(name string) bool { return name == spec.Account }),
			spec.Account)
		slices.Sort(addresses)
		access.OpenToAddresses = slices.Compact(addresses)
	}
	if reasons == nil {
		environment.Access = access
		reasons = faultsOf(environment)
	}
	if reasons != nil {
		return spec.Access{}, &PolicyError{policy, reasons}
	}
	return access, nil
}

// opened is the access of everybody who reaches a domain: of the keys that make the same policy, the one that says what keeps it shut.
func opened(environment spec.Environment) spec.Access {
	for _, access := range []spec.Access{{LeaveToFineGrainedAccessControl: true}, {OpenToTheVPC: true}} {
		environment.Access = access
		if faultsOf(environment) == nil {
			return access
		}
	}
	return spec.Access{OpenToTheInternet: true}
}

// takeAddresses takes the addresses out of a statement of everybody at these, and nobody else; nil if it is none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
func (s *statement) takeAddresses() []string {
	if len(s.Condition) != 1 || len(s.Condition["IpAddress"]) != 1 || !slices.Contains(s.Principal["AWS"], "*") {
		return nil
	}
	for key, value := range s.Condition["IpAddress"] {
		var addresses oneOrMore
		if !strings.EqualFold(key, "aws:SourceIp") || json.Unmarshal(value, &addresses) != nil || len(addresses) == 0 {
			return nil
		}
		s.Condition = nil
		return addresses
	}
	return nil
}

// faultsOf is what spec does not take of an access, such as principals that are none.
func faultsOf(environment spec.Environment) (faults []string) {
	problems, _ := environment.Check().(spec.Problems)
	for _, problem := range problems {
		if strings.HasPrefix(problem.Path, "access") {
			faults = append(faults, problem.Text)
		}
	}
	return faults
}

var accountNumber = regexp.MustCompile(`^\d{12}$`)

// principal is a principal as `access:` calls it.
func (here place) principal(name string) string {
	if accountNumber.MatchString(name) {
		name = "arn:" + here.partition + ":iam::" + name + ":root"
	}
	if name == "arn:"+here.partition+":iam::"+here.account+":root" {
		return spec.Account
	}
	return name
}

// everyRequest is the requests that together are all that go to a domain.
var everyRequest = []string{"es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut"}

// reasons is why a statement is not what `access:` says of administrators: let somebody send every request to this domain.
func (s statement) reasons(here place) (reasons []string) {
	say := func(format string, arguments ...any) { reasons = append(reasons, fmt.Sprintf(format, arguments...)) }
	if s.Effect != "Allow" {
		say("is no allowance (Effect %q)", s.Effect)
	}
	for _, not := range []struct {
		name string
		text jsontext.Value
	}{{"NotPrincipal", s.NotPrincipal}, {"NotAction", s.NotAction}, {"NotResource", s.NotResource}} {
		if not.text != nil {
			say("has %s", not.name)
		}
	}
	for _, test := range slices.Sorted(maps.Keys(s.Condition)) {
		for _, key := range slices.Sorted(maps.Keys(s.Condition[test])) {
			say("has a condition (%s of %s)", test, key)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Principal)) {
		if kind != "AWS" {
			say("is of a principal that is no role, user or account (%s)", kind)
		}
	}
	if len(s.Principal["AWS"]) == 0 && s.Principal != nil || s.Principal == nil && s.NotPrincipal == nil {
		say("names nobody")
	}
	whole := slices.Contains(s.Action, "es:*")
	if s.NotAction == nil && !whole && !slices.Contains(s.Action, "es:ESHttp*") && !containsAll(s.Action, everyRequest) {
		say("allows some requests only (%s)", strings.Join(s.Action, ", "))
	}
	for _, action := range s.Action {
		if action != "es:*" && !strings.HasPrefix(action, "es:ESHttp") {
			say("allows what is no request to the domain (%s)", action)
		}
	}
	if s.NotResource == nil && !slices.Contains(s.Resource, here.arn()+"/*") && !slices.Contains(s.Resource, "*") {
		say("is not of the whole domain %s (Resource %s)", here.arn(), strings.Join(s.Resource, ", "))
	}
	for _, resource := range s.Resource {
		switch {
		case resource != "*" && resource != here.arn() && !strings.HasPrefix(resource, here.arn()+"/"):
			say("is of something else than this domain (Resource %s)", resource)
		case whole && (resource == "*" || resource == here.arn()):
			say("allows calls of AWS's own API, and searches from other domains, for es:* is of %s and not of %s/* alone", resource,
				here.arn())
		}
	}
	return reasons
}

func containsAll(values, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(value string) bool { return !slices.Contains(values, value) })
}

// accessComment says what an access that was found in a policy means.
func accessComment(environment spec.Environment) string {
	const found = "As the domain's access policy has it"
	access := environment.Access
	switch {
	case access.LeavePolicyAsItIs:
		return "The domain's access policy stays as it is, and out of this file. Whoever changes it changes who gets in."
	case (access.OpenToTheInternet || access.OpenToTheVPC || access.LeaveToFineGrainedAccessControl) &&
		environment.UsesFineGrainedAccessControl():
		return found + ": every request reaches fine-grained access control, which alone decides."
	case access.OpenToTheVPC:
		return found + ": anybody whom the security groups let through may do anything."
	case access.OpenToTheInternet:
		return found + ": anybody may do anything. Name who gets in, soon."
	case len(access.OpenToAddresses) > 0:
		return found + ": anybody at these addresses gets in, signed or not. With `account`, so does whoever IAM of\n" +
			"this account lets in, from anywhere; without that line, everybody else than those named here would be denied."
	}
	return found + ". With `account`, whoever IAM of this account lets in gets in; without that line,\n" +
		"everybody else than those named here would be denied."
}

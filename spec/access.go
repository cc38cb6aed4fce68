package spec

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// Account, in a list of [Access], stands for "this account's own IAM decides": the account that the stack is deployed to,
// whichever that is.
const Account = "account"

// DefaultIndexPrefix is the index prefix that writers and readers are held to where the file names none.
const DefaultIndexPrefix = metrics.DefaultIndexPrefix

// Access says who may do what on the domain. Whoever is not named here may do nothing, whatever their own IAM policies say,
// unless one of the lists holds "account".
//
// Each principal is the ARN of an IAM role, an IAM user or an account's root, or "account".
type Access struct {
	// May send any HTTP request to the domain, Kibana included. Default: [account] if nobody else is named either.
	Administrators []string `json:"administrators,omitempty"`

	// May add documents to the indices of index_prefix, and read their index template, which `aimetrics ingest` asks for first. What is in
	// the body of their _bulk requests AWS does not see: it can overwrite and delete documents too. Default: nobody.
	Writers []string `json:"writers,omitempty"`

	// May read and search the indices of index_prefix, from Kibana too, and change nothing. Default: nobody.
	Readers []string `json:"readers,omitempty"`

	// The index, and with a hyphen behind it the beginning of all index names, that writers and readers are held to:
	// "ml-metrics" stands for ml-metrics and ml-metrics-*. Default: ml-metrics.
	IndexPrefix string `json:"index_prefix,omitempty"`

	// CIDR blocks or addresses that requests must come from, whoever sends them. Default: any. Not in a VPC, where security groups
	// do this.
	SourceIPs []string `json:"source_ips,omitempty"`

	// Leaves it to fine-grained access control who gets in, which means to the domain's own users, roles and passwords (sign_in.saml, or
	// sign_in.fine_grained_access_control with a master_user_name): the access policy lets every request through to it. It turns
	// nothing on. Default: false.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-recommendations
	LeaveToFineGrainedAccessControl bool `json:"leave_to_fine_grained_access_control,omitempty"`

	// Lets anybody on the internet read, write and delete everything. Default: false.
	OpenToTheInternet bool `json:"open_to_the_internet,omitempty"`
}

// named reports whether the file says anything on who gets in.
func (access Access) named() bool {
	return len(access.Administrators)+len(access.Writers)+len(access.Readers) > 0
}

// takesUnsignedRequests reports whether requests get in that IAM has not signed, such as those of browsers.
func (environment Environment) takesUnsignedRequests() bool {
	return environment.Access.LeaveToFineGrainedAccessControl || environment.Access.OpenToTheInternet
}

// indexPrefix is what the names of all indices of metrics begin with.
func (environment Environment) indexPrefix() string { return environment.Access.IndexPrefix }

func defaultAccess(environment *Environment) {
	access := &environment.Access
	if !access.named() && !access.OpenToTheInternet && !access.LeaveToFineGrainedAccessControl {
		access.Administrators = []string{Account}
	}
	access.IndexPrefix = cmp.Or(access.IndexPrefix, DefaultIndexPrefix)
}

// accessSection is all that is known of access beside its type.
var accessSection = section{
	key: "access",
	formerKeys: map[string]string{
		"access.fine_grained_access_control": "leave_to_fine_grained_access_control", // it read as if it turned it on
	},
	defaults: defaultAccess,
	values: map[string]allowed{
		"access.administrators[]": principal,
		"access.writers[]":        principal,
		"access.readers[]":        principal,
		"access.index_prefix":     matches(metrics.IndexPrefixPattern, metrics.IndexPrefixWanted),
		"access.source_ips[]":     address,
	},
	rules: []rule{
		{"Cognito behind a policy", func(e Environment) []finding {
			return when(e.usesCognito() && e.Access.OpenToTheInternet, "access.open_to_the_internet",
				"true is refused by AWS together with Cognito; name who gets in instead")
		}},
		{"no address conditions in a VPC", func(e Environment) []finding {
			return when(e.InVPC() && len(e.Access.SourceIPs) > 0, "access.source_ips",
				"cannot go with a VPC, for AWS refuses such a policy; let the security groups do it")
		}},
		{"a VPC is not open to the internet", func(e Environment) []finding {
			return when(e.InVPC() && e.Access.OpenToTheInternet, "access.open_to_the_internet",
				"true cannot go with a VPC; name who gets in")
		}},
		{"an open door needs no keys", func(e Environment) []finding {
			access := e.Access
			return when(access.OpenToTheInternet && (access.named() || len(access.SourceIPs) > 0 || access.LeaveToFineGrainedAccessControl),
				"access.open_to_the_internet",
				"true makes the rest of access meaningless; leave out the one or the other")
		}},
		{"fine-grained access control decides alone", func(e Environment) []finding {
			if !e.Access.LeaveToFineGrainedAccessControl {
				return nil
			}
			path := "access.leave_to_fine_grained_access_control"
			return slices.Concat(
				when(!e.keepsPasswords() && !e.hasSAML(), path,
					"true leaves access to users and passwords that the domain does not have; add sign_in.fine_grained_access_control "+
						"with a master_user_name, or sign_in.saml"),
				when(e.Access.named(), path,
					"true cannot go with administrators, writers and readers; give those people roles inside the domain"))
		}},
	},
	warnings: []warning{
		{"access.writers", func(e Environment, _ time.Time) string {
			browses := len(e.Access.Administrators)+len(e.Access.Readers) > 0 || e.takesUnsignedRequests() || e.usesCognito() ||
				e.usesSAML()
			return sayIf(!browses, "nobody here may open Kibana, and nobody may run aimetrics setup: name administrators or readers, whom "+
				"aimetrics kibana lets in, or add sign_in.cognito or sign_in.saml")
		}},
		{"access.open_to_the_internet", func(e Environment, _ time.Time) string {
			switch {
			case e.Access.OpenToTheInternet && e.UsesFineGrainedAccessControl():
				return "every request from the internet, signed or not, reaches fine-grained access control; that alone keeps it shut"
			default: // https://github.com/aws-samples/amazon-opensearch-service-sample-cdk/pull/133
				return sayIf(e.Access.OpenToTheInternet,
					"anybody on the internet can read, change and delete everything on this domain; AWS refuses that today, "+
						"after it made the domain, without sign_in.fine_grained_access_control")
			}
		}},
		{"access.leave_to_fine_grained_access_control", func(e Environment, _ time.Time) string {
			from := "the internet"
			if len(e.Access.SourceIPs) > 0 {
				from = "source_ips"
			}
			switch behind := e.Access.LeaveToFineGrainedAccessControl; {
			case behind && !e.InVPC() && e.keepsPasswords():
				return "every request from " + from + " reaches the domain's own sign-in; passwords alone keep it shut"
			case behind && !e.InVPC():
				return "every request from " + from + " reaches the domain's own sign-in; that alone keeps it shut"
			default:
				return sayIf(!behind && !e.Access.OpenToTheInternet && e.keepsPasswords() && !e.usesSAML(),
					"without true, nobody can sign in with a name and a password: the access policy asks for requests that IAM signs")
			}
		}},
		{"domain.advanced_options." + explicitIndex, func(e Environment, _ time.Time) string {
			readers := len(e.Access.Readers) > 0 || e.SignedInUsers() == "readers"
			held := (readers || len(e.Access.Writers) > 0) && !e.UsesFineGrainedAccessControl()
			switch explicit := e.Domain.AdvancedOptions[explicitIndex]; {
			case held && explicit == "true":
				return "index_prefix is a guard rail, not a wall: with \"true\", the body of _bulk, _msearch, _mget and of searches in " +
					"Kibana can name any index; " +
					"\"false\" shuts most of that and breaks Kibana; advanced_security_options separates teams for good"
			case held && readers && explicit == "false":
				return `with "false" Kibana does not work on this domain, though there are readers`
			default:
				return ""
			}
		}},
	},
}

var accountNumber = regexp.MustCompile(`^\d{12}$`)

var principal = nameAtMost(64, allowed{
	pattern: regexp.MustCompile(`^(` + Account + `|arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+))$`),
	wrong: func(value any) string {
		text := value.(string)
		switch {
		case text == "*":
			return `"*" is everybody; name roles, or say open_to_the_internet: true if the whole internet shall get in`
		case strings.Contains(text, ":assumed-role/"):
			return quote(text) + " is one session of a role; write the role's own ARN, arn:aws:iam::…:role/…"
		case accountNumber.MatchString(text):
			return fmt.Sprintf("%s is an account's number; write \"arn:aws:iam::%s:root\", or %q for this account's own IAM", quote(text),
				text,
				Account)
		case strings.Contains(text, ":group/"):
			return quote(text) + " is a group, which AWS takes for no principal; name a role"
		default:
			return fmt.Sprintf("%s is no principal; write the ARN of an IAM role, user or account, or %q for this account's own IAM",
				quote(text), Account)
		}
	}})

var address = judged(func(value any) string {
	text := value.(string)
	block, err := netip.ParsePrefix(text)
	if err != nil {
		single, err := netip.ParseAddr(text)
		if err != nil {
			return quote(text) + ` is neither an address nor a CIDR block; write one such as "203.0.113.0/24"`
		}
		block = netip.PrefixFrom(single, single.BitLen())
	}
	switch {
	case block.Bits() == 0:
		return quote(text) + " is every address there is; leave source_ips out if any will do"
	case block.Masked() != block:
		return fmt.Sprintf("%s has bits behind its mask; write %q", quote(text), block.Masked())
	case block.Addr().IsPrivate() || block.Addr().IsLoopback():
		return quote(text) + " is a private address, from which no request reaches a public endpoint; write the public addresses of " +
			"your network"
	default:
		return ""
	}
})

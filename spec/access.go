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
// unless one of the lists holds "account", or one of the switches and addresses below lets them in.
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

	// Lets anybody who reaches the domain in its VPC, signed or not, read, write and delete everything: its security groups alone decide.
	// Default: false.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html#vpc-security
	OpenToTheVPC bool `json:"open_to_the_vpc,omitempty"`

	// CIDR blocks or addresses from which anybody, signed or not, may read, write and delete everything, beside those who are named. Whom
	// writers and readers name is held to that there too. Default: none. Not in a VPC.
	// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html#ac-types-ip
	OpenToAddresses []string `json:"open_to_addresses,omitempty"`

	// Leaves the domain's access policy to somebody else: the stack makes none, and one that there is stays as it is. To turn it on for a
	// policy that the stack has made needs Terraform 1.7 or newer. Default: false.
	LeavePolicyAsItIs bool `json:"leave_policy_as_it_is,omitempty"`
}

// named reports whether the file says anything on who gets in.
func (access Access) named() bool {
	return len(access.Administrators)+len(access.Writers)+len(access.Readers) > 0
}

// takesUnsignedRequests reports whether requests may get in that IAM has not signed, such as those of browsers. Of a policy that is left to
// somebody else nobody here knows.
func (environment Environment) takesUnsignedRequests() bool {
	access := environment.Access
	return access.LeaveToFineGrainedAccessControl || access.isOpen() || len(access.OpenToAddresses) > 0 || access.LeavePolicyAsItIs
}

// isOpen reports whether anybody gets in who reaches the domain.
func (access Access) isOpen() bool { return access.OpenToTheInternet || access.OpenToTheVPC }

// indexPrefix is what the names of all indices of metrics begin with.
func (environment Environment) indexPrefix() string { return environment.Access.IndexPrefix }

func defaultAccess(environment *Environment) {
	access := &environment.Access
	if !access.named() && !access.isOpen() && !access.LeaveToFineGrainedAccessControl && !access.LeavePolicyAsItIs {
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
		"access.administrators[]":    principal,
		"access.writers[]":           principal,
		"access.readers[]":           principal,
		"access.index_prefix":        matches(metrics.IndexPrefixPattern, metrics.IndexPrefixWanted),
		"access.source_ips[]":        addressOf("source_ips"),
		"access.open_to_addresses[]": addressOf("open_to_addresses"),
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
		{"no open addresses in a VPC", func(e Environment) []finding {
			return when(e.InVPC() && len(e.Access.OpenToAddresses) > 0, "access.open_to_addresses",
				"cannot go with a VPC, for AWS refuses such a policy; name who gets in, or write open_to_the_vpc: true")
		}},
		{"a VPC is not open to the internet", func(e Environment) []finding {
			return when(e.InVPC() && e.Access.OpenToTheInternet, "access.open_to_the_internet",
				"true cannot go with a VPC; name who gets in, or write open_to_the_vpc: true")
		}},
		{"a VPC that is open is there", func(e Environment) []finding {
			return when(!e.InVPC() && e.Access.OpenToTheVPC, "access.open_to_the_vpc",
				"true is for a domain in a VPC, and this one is on the internet; name who gets in, or write open_to_addresses")
		}},
		{"an open door needs no keys", func(e Environment) []finding {
			const text = "true makes the rest of access meaningless; leave out the one or the other"
			access := e.Access
			rest := access.named() || len(access.SourceIPs)+len(access.OpenToAddresses) > 0 || access.LeaveToFineGrainedAccessControl
			return slices.Concat(
				when(access.OpenToTheInternet && rest, "access.open_to_the_internet", text),
				when(access.OpenToTheVPC && rest, "access.open_to_the_vpc", text))
		}},
		{"a policy of somebody else's", func(e Environment) []finding {
			access, path := e.Access, "access.leave_policy_as_it_is"
			if !access.LeavePolicyAsItIs {
				return nil
			}
			rest := access.named() || len(access.SourceIPs)+len(access.OpenToAddresses) > 0 || access.isOpen() ||
				access.LeaveToFineGrainedAccessControl
			return slices.Concat(
				when(rest, path,
					"true leaves it to somebody else who gets in, so nothing else here says it; leave out the one or the other"),
				when(e.SignedInUsers() != "", path, "true keeps out who signs in by sign_in.cognito, for they get in by the domain's "+
					"policy; leave it out, or name pools of yours there"))
		}},
		{"open addresses are not kept out", func(e Environment) []finding {
			var outside []finding
			for i, open := range e.Access.OpenToAddresses {
				outside = append(outside, when(len(e.Access.SourceIPs) > 0 && !anyHolds(e.Access.SourceIPs, open),
					fmt.Sprintf("access.open_to_addresses[%d]", i),
					"%s is not among source_ips, where every request must come from; add it there, or leave it out here", quote(open))...)
			}
			return outside
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
					"true cannot go with administrators, writers and readers; give those people roles inside the domain"),
				when(len(e.Access.OpenToAddresses) > 0, path,
					"true lets every request through, so open_to_addresses says nothing; leave that out, or write source_ips in its place"))
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
		{"access.open_to_the_vpc", func(e Environment, _ time.Time) string {
			switch {
			case e.Access.OpenToTheVPC && e.UsesFineGrainedAccessControl():
				return "every request that the security groups let through, signed or not, reaches fine-grained access control; that " +
					"alone keeps it shut"
			default:
				return sayIf(e.Access.OpenToTheVPC, "anybody whom the security groups let through can read, change and delete everything "+
					"on this domain, without signing in")
			}
		}},
		{"access.open_to_addresses", func(e Environment, _ time.Time) string {
			switch {
			case len(e.Access.OpenToAddresses) > 0 && e.UsesFineGrainedAccessControl():
				return "every request from there, signed or not, reaches fine-grained access control; that alone keeps it shut"
			default:
				return sayIf(len(e.Access.OpenToAddresses) > 0, "anybody there can read, change and delete everything on this domain, "+
					"without signing in")
			}
		}},
		{"access.leave_policy_as_it_is", func(e Environment, _ time.Time) string {
			return sayIf(e.Access.LeavePolicyAsItIs, "who gets in is not in this file: no plan and no review shows it, nor a change of it")
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
				return sayIf(!e.takesUnsignedRequests() && e.keepsPasswords() && !e.usesSAML(),
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
	pattern: compiled(`^(` + Account + `|` + awsARN + `:iam::\d{12}:(root|(role|user)/` + iamPath + `))$`),
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

// addressOf is what the key takes.
func addressOf(key string) allowed {
	return judged(func(value any) string { return addressFault(key, value.(string)) })
}

func addressFault(key, text string) string {
	block, known := addressBlock(text)
	switch {
	case !known:
		return quote(text) + ` is neither an address nor a CIDR block; write one such as "203.0.113.0/24"`
	case block.Bits() == 0:
		return quote(text) + " is every address there is; " + map[string]string{
			"source_ips":        "leave source_ips out if any will do",
			"open_to_addresses": "write open_to_the_internet: true if the whole internet shall get in",
		}[key]
	case block.Masked() != block:
		return fmt.Sprintf("%s has bits behind its mask; write %q", quote(text), block.Masked())
	case slices.ContainsFunc(notPublic, func(kept netip.Prefix) bool { return holdsBlock(kept, block) }):
		return quote(text) + " is a private address, from which no request reaches a public endpoint; write the public addresses of " +
			"your network"
	default:
		return ""
	}
}

// notPublic is the blocks from which no request comes over the internet.
// https://www.iana.org/assignments/iana-ipv4-special-registry
// https://www.iana.org/assignments/iana-ipv6-special-registry
var notPublic = func() (blocks []netip.Prefix) {
	for _, block := range []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"} {
		blocks = append(blocks, netip.MustParsePrefix(block))
	}
	return blocks
}()

// anyHolds reports whether one of blocks has all addresses of another one in it. What is none, such as a token of Terraform's, might.
func anyHolds(blocks []string, other string) bool {
	inner, known := addressBlock(other)
	return !known || slices.ContainsFunc(blocks, func(block string) bool {
		outer, known := addressBlock(block)
		return !known || holdsBlock(outer, inner)
	})
}

// holdsBlock reports whether a block has all addresses of another.
func holdsBlock(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// addressBlock is a CIDR block, or an address as one.
func addressBlock(text string) (block netip.Prefix, known bool) {
	if block, err := netip.ParsePrefix(text); err == nil {
		return block, true
	}
	single, err := netip.ParseAddr(text)
	return netip.PrefixFrom(single, single.BitLen()), err == nil
}

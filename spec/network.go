package spec

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// Network puts the domain into a VPC, behind a security group of its own that takes HTTPS alone, and that from nobody who is
// not named. Without it the domain has a public endpoint. Adding or removing it replaces the domain.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
type Network struct {
	// One subnet for each availability zone of the domain. Default: those that have subnet_tags.
	SubnetIDs []string `json:"subnet_ids,omitempty"`

	// Tags of the subnets, as many as the domain has availability zones: Terraform looks them up, and refuses another number of
	// them. Not with subnet_ids.
	SubnetTags map[string]string `json:"subnet_tags,omitempty"`

	// VPC to look for subnet_tags in, such as "vpc-0a1b2c3d4e5f60718". Default: every VPC of the region.
	VPCID string `json:"vpc_id,omitempty"`

	// Who reaches port 443 of the domain. Default: nobody.
	Ingress Ingress `json:"ingress,omitzero"`

	// Whether to make the service-linked role by which AWS puts domains into VPCs. An account has it once, with its first such
	// domain, from this or any other tool; a second one cannot be made. Default: false.
	ServiceLinkedRole bool `json:"service_linked_role,omitempty"`
}

// Ingress is where HTTPS requests may come from.
type Ingress struct {
	// Security groups of the clients, such as those of training jobs and of the VPN.
	SecurityGroupIDs []string `json:"security_group_ids,omitempty"`

	// IPv4 CIDR blocks, such as "10.0.0.0/16".
	CIDRBlocks []string `json:"cidr_blocks,omitempty"`

	// Managed prefix lists, such as "pl-0a1b2c3d4e5f60718".
	PrefixListIDs []string `json:"prefix_list_ids,omitempty"`
}

func (ingress Ingress) empty() bool {
	return len(ingress.SecurityGroupIDs)+len(ingress.CIDRBlocks)+len(ingress.PrefixListIDs) == 0
}

// InVPC reports whether the domain's endpoint is inside a VPC.
func (environment Environment) InVPC() bool {
	return environment.Network != nil || environment.Domain.VPCOptions != nil
}

// subnets is the subnets that the file names, and the path of their key.
func (environment Environment) subnets() (path string, ids []string) {
	if environment.Network != nil {
		return "network.subnet_ids", environment.Network.SubnetIDs
	}
	if environment.Domain.VPCOptions != nil {
		return "domain.vpc_options.subnet_ids", environment.Domain.VPCOptions.SubnetIDs
	}
	return "", nil
}

// makesSecurityGroup reports whether the stack makes the domain's security group.
func (environment Environment) makesSecurityGroup() bool { return environment.Network != nil }

// networkSection is all that is known of network beside its type.
var networkSection = section{
	key: "network",
	values: map[string]allowed{
		"network.subnet_ids[]":                 subnetID,
		"network.vpc_id":                       matches(`^vpc-[0-9a-f]+$`, `a VPC; write its id, such as "vpc-0a1b2c3d4e5f60718"`),
		"network.ingress.security_group_ids[]": securityGroupID,
		"network.ingress.cidr_blocks[]":        cidrBlock,
		"network.ingress.prefix_list_ids[]":    matches(`^pl-[0-9a-f]+$`, `a prefix list; write its id, such as "pl-0a1b2c3d4e5f60718"`),
	},
	rules: []rule{
		{"a subnet for each zone", func(e Environment) []finding {
			path, subnets := e.subnets()
			unknown := slices.ContainsFunc(subnets, isListToken)
			return when(len(subnets) != 0 && len(subnets) != e.Domain.Zones() && !unknown, path,
				"has a length of %d, and the domain needs %d, one for each availability zone; name as many", len(subnets), e.Domain.Zones())
		}},
		{"a subnet once", func(e Environment) []finding {
			var twice []finding
			path, subnets := e.subnets()
			for i, subnet := range subnets {
				twice = append(twice, when(slices.Contains(subnets[:i], subnet), fmt.Sprintf("%s[%d]", path, i),
					"%q is there twice; name one of another zone", subnet)...)
			}
			return twice
		}},
		{"subnets by id or by tags", func(e Environment) []finding {
			network := e.Network
			if network == nil {
				return nil
			}
			return slices.Concat(
				either("network", "subnet_ids", len(network.SubnetIDs) > 0, "subnet_tags", len(network.SubnetTags) > 0),
				when(network.VPCID != "" && len(network.SubnetIDs) > 0, "network.vpc_id", "follows from subnet_ids already; leave it out"))
		}},
		{"a source once", func(e Environment) []finding {
			if e.Network == nil {
				return nil
			}
			return slices.Concat(
				repeated("network.ingress.security_group_ids", e.Network.Ingress.SecurityGroupIDs),
				repeated("network.ingress.cidr_blocks", e.Network.Ingress.CIDRBlocks),
				repeated("network.ingress.prefix_list_ids", e.Network.Ingress.PrefixListIDs))
		}},
	},
	warnings: []warning{
		{"network.ingress", func(e Environment, _ time.Time) string {
			return sayIf(e.Network != nil && e.Network.Ingress.empty(),
				"nobody reaches the domain, since no security group, CIDR block or prefix list is named")
		}},
	},
	fills: []filled{
		{"network", func(e Environment) bool { return e.Network != nil },
			"domain.vpc_options", func(d Domain) bool { return d.VPCOptions != nil }},
	},
	otherKeys: map[string]string{
		"vpc_options":                "the domain gets into a VPC with `network:`",
		"network.security_group_ids": "the domain gets a group of its own; those of its clients belong below `network.ingress:`",
		"network.cidr_blocks":        "it belongs below `network.ingress:`",
	},
}

// cidrBlock holds a source to a block of IPv4 addresses: a domain has no others.
var cidrBlock = judged(func(value any) string {
	text := value.(string)
	block, err := netip.ParsePrefix(text)
	switch {
	case err != nil || !block.Addr().Is4():
		return quote(text) + ` is no CIDR block of IPv4; write one such as "10.0.0.0/16"`
	case block.Bits() == 0:
		return quote(text) + " is every address there is; name those of your clients"
	case block.Masked() != block:
		return fmt.Sprintf("%s has bits behind its mask; write %q", quote(text), block.Masked())
	default:
		return ""
	}
})

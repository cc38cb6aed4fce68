package spec

import (
	"fmt"
	"net/netip"
	"slices"
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

// InVPC tells whether the domain's endpoint is inside a VPC.
func (environment Environment) InVPC() bool {
	return environment.Network != nil || environment.Domain.VPCOptions != nil
}

var networkRules = []rule{
	{"subnets by id or by tags", []string{"network"}, func(e Environment) []finding {
		network := e.Network
		if network == nil {
			return nil
		}
		return slices.Concat(
			either("network", "subnet_ids", len(network.SubnetIDs) > 0, "subnet_tags", len(network.SubnetTags) > 0),
			when(network.VPCID != "" && len(network.SubnetIDs) > 0, "network.vpc_id", "is told by subnet_ids already; leave it out"))
	}},
	{"a source once", nil, func(e Environment) []finding {
		if e.Network == nil {
			return nil
		}
		return slices.Concat(
			repeated("network.ingress.security_group_ids", e.Network.Ingress.SecurityGroupIDs),
			repeated("network.ingress.cidr_blocks", e.Network.Ingress.CIDRBlocks),
			repeated("network.ingress.prefix_list_ids", e.Network.Ingress.PrefixListIDs))
	}},
}

// repeated is a finding for each value that a list holds already.
func repeated(path string, values []string) []finding {
	var twice []finding
	seen := map[string]bool{}
	for i, value := range values {
		twice = append(twice, when(seen[value], fmt.Sprintf("%s[%d]", path, i), "%s is there twice; leave one out", quote(value))...)
		seen[value] = true
	}
	return twice
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

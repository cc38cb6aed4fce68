package stacks

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawssubnet"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawssubnets"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamservicelinkedrole"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupingressrule"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
)

// newNetwork makes the domain's security group with its rules, and finds the subnets. before is what must be there before the
// domain.
func newNetwork(stack cdktf.TerraformStack, network spec.Network, domain spec.Domain) (vpc *spec.VPCOptions, before []cdktf.ITerraformDependable) {
	subnets := network.SubnetIDs
	if len(subnets) == 0 {
		subnets = findSubnets(stack, network, domain.Zones())
	}
	first := dataawssubnet.NewDataAwsSubnet(stack, jsii.String("subnet"), &dataawssubnet.DataAwsSubnetConfig{Id: &subnets[0]})

	// Without egress rules it lets nothing out: a domain answers, and calls nobody.
	group := securitygroup.NewSecurityGroup(stack, jsii.String("domain_security_group"), &securitygroup.SecurityGroupConfig{
		NamePrefix:  jsii.String(domain.DomainName + "-"),
		Description: jsii.String("HTTPS to the Elasticsearch domain " + domain.DomainName),
		VpcId:       first.VpcId(),
		Tags:        stringMap(markOf(domain)),
		// A group that a domain uses cannot be deleted: where AWS replaces it, the new one comes first.
		Lifecycle: &cdktf.TerraformResourceLifecycle{CreateBeforeDestroy: jsii.Bool(true)},
	})
	newIngressRules(stack, group, network.Ingress, markOf(domain))
	newOutput(stack, "security_group_id", "Security group of the domain.", group.Id())

	if network.ServiceLinkedRole {
		before = append(before, iamservicelinkedrole.NewIamServiceLinkedRole(stack, jsii.String("service_linked_role"), &iamservicelinkedrole.IamServiceLinkedRoleConfig{
			// One name for both services. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html
			AwsServiceName: jsii.String("opensearchservice.amazonaws.com"),
		}))
	}
	return &spec.VPCOptions{SubnetIDs: subnets, SecurityGroupIDs: []string{*group.Id()}}, before
}

// findSubnets looks up subnets by their tags, and has Terraform refuse another number of them than zones.
func findSubnets(stack cdktf.TerraformStack, network spec.Network, zones int) []string {
	config := dataawssubnets.DataAwsSubnetsConfig{
		Tags: stringMap(network.SubnetTags),
	}
	if network.VPCID != "" {
		config.Filter = []*dataawssubnets.DataAwsSubnetsFilter{{Name: jsii.String("vpc-id"), Values: stringList([]string{network.VPCID})}}
	}
	found := dataawssubnets.NewDataAwsSubnets(stack, jsii.String("subnets"), &config)
	setPostcondition(found, cdktf.Postcondition{
		Condition: fmt.Sprintf("${length(self.ids) == %d}", zones),
		ErrorMessage: jsii.String(fmt.Sprintf("network.subnet_tags finds ${length(self.ids)} subnets, and the domain needs %d, one for each availability zone: "+
			"narrow the tags, name vpc_id, or write subnet_ids.", zones)),
	})
	ids := make([]string, zones)
	for i := range ids {
		// EC2 promises no order.
		ids[i] = fmt.Sprintf("${sort(%s.ids)[%d]}", *found.Fqn(), i)
	}
	return ids
}

// newIngressRules lets each source in to port 443. A rule has one source; for_each gives each the source itself as its address.
func newIngressRules(stack cdktf.TerraformStack, group securitygroup.SecurityGroup, ingress spec.Ingress, tags map[string]string) {
	type rule = vpcsecuritygroupingressrule.VpcSecurityGroupIngressRuleConfig
	for _, kind := range []struct {
		id, name string
		sources  []string
		set      func(rule *rule, source *string)
	}{
		{"from_security_groups", "the security group", ingress.SecurityGroupIDs, func(rule *rule, source *string) { rule.ReferencedSecurityGroupId = source }},
		{"from_cidr_blocks", "the CIDR block", ingress.CIDRBlocks, func(rule *rule, source *string) { rule.CidrIpv4 = source }},
		{"from_prefix_lists", "the prefix list", ingress.PrefixListIDs, func(rule *rule, source *string) { rule.PrefixListId = source }},
	} {
		if len(kind.sources) == 0 {
			continue
		}
		each := cdktf.TerraformIterator_FromList(stringList(kind.sources))
		config := rule{
			ForEach:         each,
			SecurityGroupId: group.Id(),
			Description:     jsii.String("HTTPS from " + kind.name + " " + *cdktf.Token_AsString(each.Value(), nil)),
			IpProtocol:      jsii.String("tcp"),
			FromPort:        jsii.Number(443),
			ToPort:          jsii.Number(443),
			Tags:            stringMap(tags),
		}
		kind.set(&config, cdktf.Token_AsString(each.Value(), nil))
		vpcsecuritygroupingressrule.NewVpcSecurityGroupIngressRule(stack, &kind.id, &config)
	}
}

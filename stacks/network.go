package stacks

import (
	"cmp"
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawssubnet"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawssubnets"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iamservicelinkedrole"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcsecuritygroupingressrule"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

func hasNetwork(e spec.Environment) bool { return e.Network != nil }

// newNetwork makes the domain's security group with its rules, and finds the subnets.
func newNetwork(build *build) {
	stack, network, domain := build.stack, *build.environment.Network, build.domain
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
		Tags:        stringMap(domainTags(domain)),
		// A group that a domain uses cannot be deleted: where AWS replaces it, the new one comes first.
		Lifecycle: &cdktf.TerraformResourceLifecycle{CreateBeforeDestroy: jsii.Bool(true)},
	})
	newIngressRules(stack, group, network.Ingress, domainTags(domain))
	build.metrics.SecurityGroup = group
	newOutput(stack, "security_group_id", "ID of the security group of the domain.", group.Id())

	if network.ServiceLinkedRole {
		build.before = append(build.before, iamservicelinkedrole.NewIamServiceLinkedRole(stack, jsii.String("service_linked_role"),
			&iamservicelinkedrole.IamServiceLinkedRoleConfig{
				// One name for both services. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html
				AwsServiceName: jsii.String(serviceOfDomains),
			}))
	}
	build.domain.VPCOptions = &spec.VPCOptions{SubnetIDs: subnets, SecurityGroupIDs: []string{*group.Id()}}
}

// findSubnets looks up subnets by their tags, and has Terraform refuse another number of them than zones.
func findSubnets(stack cdktf.TerraformStack, network spec.Network, zones int) []string {
	config := dataawssubnets.DataAwsSubnetsConfig{
		Tags: stringMap(network.SubnetTags),
	}
	if network.VPCID != "" {
		config.Filter = []*dataawssubnets.DataAwsSubnetsFilter{{Name: jsii.String("vpc-id"), Values: stringList([]string{network.VPCID})}}
	}
	subnets := dataawssubnets.NewDataAwsSubnets(stack, jsii.String("subnets"), &config)
	setPostcondition(subnets, cdktf.Postcondition{
		Condition: fmt.Sprintf("${length(self.ids) == %d}", zones),
		ErrorMessage: jsii.String(fmt.Sprintf("network.subnet_tags finds ${length(self.ids)} subnets, and the domain needs %d, one for "+
			"each availability zone: "+
			"narrow the tags, name vpc_id, or write subnet_ids.", zones)),
	})
	ids := make([]string, zones)
	for i := range ids {
		// EC2 promises no order.
		ids[i] = fmt.Sprintf("${sort(%s.ids)[%d]}", *subnets.Fqn(), i)
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
		{"from_security_groups", "the security group", ingress.SecurityGroupIDs,
			func(rule *rule, source *string) { rule.ReferencedSecurityGroupId = source }},
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

// serviceOfDomains is the service whose serviceLinkedRole puts domains into VPCs.
const serviceOfDomains = "opensearchservice.amazonaws.com"

const serviceLinkedRole = "role/aws-service-role/" + serviceOfDomains + "/AWSServiceRoleForAmazonOpenSearchService"

func (here location) networkGrants(e spec.Environment) []grant {
	if !e.InVPC() {
		return nil
	}
	grants := []grant{
		reading("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets").on("*"),
		changing("ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs").on("*"),
	}
	if e.Network == nil {
		return grants
	}
	groups, rules := here.arn("ec2", "security-group/*"), here.arn("ec2", "security-group-rule/*")
	grants = append(grants,
		changing("ec2:CreateSecurityGroup").on(here.arn("ec2", "vpc/"+cmp.Or(e.Network.VPCID, "*"))),
		changing("ec2:CreateSecurityGroup").on(groups).where(requestTagged(e.Domain)),
		changing("ec2:CreateTags").on(groups).where(requestTagged(e.Domain),
			newCondition("StringEquals", "ec2:CreateAction", []string{"CreateSecurityGroup"})),
		changing("ec2:CreateTags").on(rules).where(newlyTagged(e)...), // the provider makes a rule first, and then its tags
		changing("ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress",
			"ec2:RevokeSecurityGroupIngress").
			on(groups).where(resourceTagged(e.Domain)),
		changing("ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifySecurityGroupRules").on(groups, rules).where(resourceTagged(e.Domain)))
	if e.Network.ServiceLinkedRole {
		role := here.global("iam", serviceLinkedRole)
		grants = append(grants,
			reading("iam:GetRole").on(role),
			changing("iam:CreateServiceLinkedRole").on(role).where(newCondition("StringEquals", "iam:AWSServiceName",
				[]string{serviceOfDomains})),
			changing("iam:DeleteServiceLinkedRole", "iam:GetServiceLinkedRoleDeletionStatus", "iam:TagRole", "iam:UntagRole",
				"iam:UpdateRole", "iam:UpdateRoleDescription").on(role))
	}
	return grants
}

package stacks

import "aimetrics/spec"

// domainTag is the tag by which IAM policies recognize what has no ARN before it is made: keys, security groups, certificates and pools
// of a domain.
const domainTag = "elasticsearch-domain"

func domainTags(domain spec.Domain) map[string]string {
	return map[string]string{domainTag: domain.DomainName}
}

// resourceTagged is the condition that what a call is about has the tag already; requestTagged, that it is made with it.
func resourceTagged(domain spec.Domain) *condition {
	return newCondition("StringEquals", "aws:ResourceTag/"+domainTag, []string{domain.DomainName})
}

func requestTagged(domain spec.Domain) *condition {
	return newCondition("StringEquals", "aws:RequestTag/"+domainTag, []string{domain.DomainName})
}

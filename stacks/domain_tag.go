package stacks

import (
	"slices"

	"cdktf-aimetrics/spec"
)

// domainTag is the tag by which IAM policies recognize what has no ARN before it is made: keys, security groups, certificates and pools
// of a domain.
const domainTag = spec.DomainTag

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

// newlyTagged is when something may be tagged that does not have the tag yet: with it, with no other tags than the file says, and not if
// it is another domain's. AWS asks for the same permission to make something with tags and to tag what is there, so nothing keeps this
// from what belongs to no domain: spec warns of it.
func newlyTagged(e spec.Environment) []*condition {
	return []*condition{
		requestTagged(e.Domain),
		newCondition("ForAllValues:StringEquals", "aws:TagKeys", slices.Sorted(slices.Values(append(e.DefaultTagKeys(), domainTag)))),
		newCondition("StringEqualsIfExists", "aws:ResourceTag/"+domainTag, []string{e.Domain.DomainName}),
	}
}

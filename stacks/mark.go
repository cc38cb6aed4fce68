package stacks

import "aimetrics/spec"

// mark is the tag by which IAM policies know what has no ARN that could be known beforehand: keys, security groups, certificates and
// pools of a domain.
const mark = "elasticsearch-domain"

func markOf(domain spec.Domain) map[string]string { return map[string]string{mark: domain.DomainName} }

// marked is what has the mark of a domain already; toBeMarked is what is made with it.
func marked(domain spec.Domain) *condition {
	return newCondition("StringEquals", "aws:ResourceTag/"+mark, []string{domain.DomainName})
}

func toBeMarked(domain spec.Domain) *condition {
	return newCondition("StringEquals", "aws:RequestTag/"+mark, []string{domain.DomainName})
}

package review

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// weakening is a change in place after which less is kept, or guarded less.
type weakening struct {
	kind, argument string
	when           circumstance // nil: always
	severity       Severity
	says           string
}

var weakenings = []weakening{
	{"aws_cloudwatch_log_group", "retention_in_days", keptShorter, Shortened, "CloudWatch deletes what is older, and it cannot be brought back"},
	{"aws_kms_key", "is_enabled", turnedOff, Shortened, "until it is on again, nothing that it encrypts can be used"},
	{"aws_elasticsearch_domain", "advanced_security_options.master_user_options", nil, Widened, "the master user may do anything in the domain"},
	{"aws_opensearch_domain", "advanced_security_options.master_user_options", nil, Widened, "the master user may do anything in the domain"},
	{"aws_elasticsearch_domain_saml_options", "saml_options.idp", nil, Widened, "who tells who somebody is"},
	{"aws_elasticsearch_domain_saml_options", "saml_options.master_backend_role", nil, Widened, "whoever has it may do anything in the domain"},
	{"aws_elasticsearch_domain_saml_options", "saml_options.master_user_name", nil, Widened, "this user may do anything in the domain"},
	{"aws_elasticsearch_domain", "domain_endpoint_options.enforce_https", turnedOff, Widened, "requests and passwords may come unencrypted"},
	{"aws_opensearch_domain", "domain_endpoint_options.enforce_https", turnedOff, Widened, "requests and passwords may come unencrypted"},
	{"aws_elasticsearch_domain", "log_publishing_options[AUDIT_LOGS].enabled", turnedOff, Widened, "nobody sees any more who did what in the domain"},
	{"aws_opensearch_domain", "log_publishing_options[AUDIT_LOGS].enabled", turnedOff, Widened, "nobody sees any more who did what in the domain"},
}

// keptShorter tells whether days of retention, of which 0 is for ever, become fewer.
func keptShorter(change argument, _, _ node) bool {
	from, to := change.before.number(), change.after.number()
	return to != 0 && (from == 0 || to < from)
}

// weaker finds the weakenings.
func (r *Review) weaker(changes []*tfjson.ResourceChange) {
	for _, c := range changes {
		if whatOf(c) != update || !slices.ContainsFunc(weakenings, func(w weakening) bool { return w.kind == c.Type }) {
			continue
		}
		before, after := beforeOf(c.Change), afterOf(c.Change)
		for _, change := range changed(before, after) {
			for _, w := range weakenings {
				if w.kind == c.Type && concerns(w.argument, change.path) && (w.when == nil || w.when(change, before, after)) {
					r.found(w.severity, c.Address, called(c), ": ", value(change.path), " ", change.from, " → ", change.to, ": "+w.says)
				}
			}
		}
	}
}

// encrypted are the domains of each key, by its ARN or id: one that Terraform destroys may go away under a domain that stays with it.
func encrypted(domains []*tfjson.ResourceChange) map[string][]Text {
	by := map[string][]Text{}
	for _, d := range domains {
		if key := afterOf(d.Change).block("encrypt_at_rest", "kms_key_id").text(); key != "" {
			by[key] = append(by[key], called(d))
		}
	}
	return by
}

package review

import (
	"cmp"
	"fmt"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// policies are the arguments that hold policies, by the type of their resource, and what the policy guards.
var policies = map[string]struct {
	argument, guards string
	madeByAWS        bool // where the configuration has none
}{
	"aws_elasticsearch_domain":           {"access_policies", "the domain", true},
	"aws_elasticsearch_domain_policy":    {"access_policies", "the domain", false},
	"aws_opensearch_domain":              {"access_policies", "the domain", true},
	"aws_opensearch_domain_policy":       {"access_policies", "the domain", false},
	"aws_kms_key":                        {"policy", "the key", true},
	"aws_kms_key_policy":                 {"policy", "the key", false},
	"aws_iam_policy":                     {"policy", "an IAM policy", false},
	"aws_iam_role_policy":                {"policy", "a role's IAM policy", false},
	"aws_iam_user_policy":                {"policy", "a user's IAM policy", false},
	"aws_iam_group_policy":               {"policy", "a group's IAM policy", false},
	"aws_iam_role":                       {"assume_role_policy", "who may become the role", false},
	"aws_sns_topic":                      {"policy", "the topic", true},
	"aws_sns_topic_policy":               {"policy", "the topic", false},
	"aws_sqs_queue_policy":               {"policy", "the queue", false},
	"aws_cloudwatch_log_resource_policy": {"policy_document", "CloudWatch Logs", false},
	"aws_s3_bucket_policy":               {"policy", "the bucket", false},
	"aws_secretsmanager_secret":          {"policy", "the secret", true},
	"aws_secretsmanager_secret_policy":   {"policy", "the secret", false},
}

func isPolicy(resourceType, path string) bool {
	p, ok := policies[resourceType]
	return ok && p.argument == path
}

// world is what of a plan's domains the policies around them must know.
type world struct {
	names    []string                   // before and after
	behind   map[string]string          // by name: what stands between "*" and the domain, or ""
	separate map[string]bool            // by name: has a policy that is a resource of its own
	fallen   map[string]bool            // by name: what stood between "*" and the domain stands there no longer
	portions map[string]map[string]bool // what is managed by a resource of its own, and which of it, see elsewhere
	rules    map[string][]Text          // by a security group's id: what its rules that are resources of their own let in
}

func worldOf(p *plan) world {
	w := world{behind: map[string]string{}, separate: map[string]bool{}, fallen: map[string]bool{}, portions: p.portions, rules: p.rules}
	for _, c := range slices.Concat(p.drift, p.domains) { // what is planned counts last
		if before, after := beforeOf(c.Change), afterOf(c.Change); isDomain(c.Type) && after.value != nil {
			w.fallen[after.textOf("domain_name")] = wall(before) != "" && wall(after) == ""
		}
		for _, n := range []node{beforeOf(c.Change), afterOf(c.Change)} {
			name := n.textOf("domain_name")
			switch {
			case name == "":
			case isDomainPolicy(c.Type):
				w.separate[name] = true
				w.names = append(w.names, name)
			case isDomain(c.Type):
				w.names = append(w.names, name)
				w.behind[name] = wall(n)
			}
		}
	}
	return w
}

func isDomainPolicy(resourceType string) bool {
	return resourceType == "aws_elasticsearch_domain_policy" || resourceType == "aws_opensearch_domain_policy"
}

// wall is what a request must still get past when the access policy lets everybody in.
func wall(domain node) string {
	switch {
	case domain.block("advanced_security_options", "enabled").isTrue():
		return "who signs in with the domain's own users and passwords"
	case !domain.child("vpc_options").empty():
		return "whoever reaches it in its VPC"
	}
	return ""
}

// access tells what the changes of policies do to who gets in.
func (r *Review) access(title string, changes []*tfjson.ResourceChange, w world, outside bool) {
	s := section{title: title}
	destroyed := map[string]bool{}
	for _, c := range changes {
		if a, _ := actionOf(c.Change.Actions); isDomain(c.Type) && a == destroy {
			destroyed[beforeOf(c.Change).textOf("domain_name")] = true
		}
	}
	for _, c := range changes {
		if row, ok := attachment(c); ok {
			s.rows = append(s.rows, row)
		}
		if row, ok := r.ingress(c, w, outside); ok {
			s.rows = append(s.rows, row)
		}
		policy, ok := policies[c.Type]
		if !ok || whatOf(c) == forget || whatOf(c) == move {
			continue
		}
		before, after := beforeOf(c.Change).child(policy.argument), afterOf(c.Change).child(policy.argument)
		name := cmp.Or(afterOf(c.Change).textOf("domain_name"), beforeOf(c.Change).textOf("domain_name"))
		switch {
		case whatOf(c) == destroy && (policy.madeByAWS || isDomainPolicy(c.Type) && destroyed[name] || before.empty()):
			continue // with what it guards
		case isDomain(c.Type) && w.separate[name] && (outside || marked(after.unknown)):
			continue // AWS shows the separate policy here too
		case outside && w.elsewhere(c, policy.argument):
			continue
		case policy.madeByAWS && before.empty() && (outside || marked(after.unknown) && whatOf(c) != update):
			continue
		}
		rows := r.policyChange(c, before, after, w, outside)
		if rows != nil {
			s.rows = append(s.rows, item(value(c.Address), " ("+policy.guards+")"))
			s.rows = append(s.rows, rows...)
		}
	}
	r.add(s)
}

// attachments are the arguments that name who has an IAM policy, by the type of the resource that gives it.
var attachments = map[string]string{"aws_iam_role_policy_attachment": "role", "aws_iam_user_policy_attachment": "user", "aws_iam_group_policy_attachment": "group"}

// attachment tells who gets an IAM policy or loses it.
func attachment(c *tfjson.ResourceChange) (row, bool) {
	who, ok := attachments[c.Type]
	word := map[action]string{create: "now gives", destroy: "no longer gives", replace: "now gives"}[whatOf(c)]
	if !ok || word == "" {
		return row{}, false
	}
	n := afterOf(c.Change)
	if whatOf(c) == destroy {
		n = beforeOf(c.Change)
	}
	text := say(value(c.Address), " ", strong(word), " the policy ", n.child("policy_arn").show(), " to the "+who+" ", n.child(who).show())
	return row{cells: []Text{text}}, true
}

// part is a row below another.
func part(parts ...any) row { return row{below: true, cells: []Text{say(parts...)}} }

func (r *Review) policyChange(c *tfjson.ResourceChange, before, after node, w world, outside bool) []row {
	switch {
	case before.hidden() || after.hidden():
		if len(compare("", before, after)) == 0 {
			return nil
		}
		r.found(Unclear, c.Address, "the policy of ", value(c.Address), " changes, and is sensitive: who gets in cannot be told")
		return []row{part("changes, and is sensitive: who gets in cannot be told")}
	case marked(after.unknown):
		r.found(Unclear, c.Address, "the policy of ", value(c.Address), " is known only after apply: who gets in cannot be told")
		if !isDomainPolicy(c.Type) {
			return []row{part(strong("known only after apply"), ": who gets in cannot be told from this plan")}
		}
		return []row{part(strong("known only after apply"), ": who gets in cannot be told from this plan. A policy that takes the domain's ARN from partition, region, account and name, not from the resource, is known in time.")}
	case whatOf(c) != replace && before.text() == after.text():
		return nil
	case after.empty() && whatOf(c) == update:
		r.found(Unclear, c.Address, value(c.Address), " takes its policy away")
	}
	old, err := parsePolicy(before.text(), w.names)
	new, err2 := parsePolicy(after.text(), w.names)
	if err != nil || err2 != nil {
		r.found(Unclear, c.Address, "the policy of ", value(c.Address), " changes, and is none that can be read: who gets in cannot be told")
		return []row{part("is no policy that can be read: ", before.show(), " → ", after.show())}
	}
	grants := comparePolicies(old, new)
	switch {
	case len(grants) == 0 && whatOf(c) == replace:
		return append([]row{part("is set anew, with the same statements")}, r.unwalled(c, old, new, w)...)
	case len(grants) == 0:
		return []row{part("the same statements, written otherwise")}
	}
	if whatOf(c) == destroy && !isDomainPolicy(c.Type) {
		return []row{part("goes, with its ", map[bool]string{true: "statement", false: fmt.Sprintf("%d statements", len(old))}[len(old) == 1])}
	}
	everybody, walled := everybodyFor(c, w)
	var rows []row
	var let []Text               // what keeps out fewer
	widened := map[bool][]Text{} // by whether it is allowed now, or no longer forbidden
	for _, group := range groups(grants) {
		g, text := group[0], sentenceOf(group, everybody)
		word := say(directionWords[g.direction])
		switch {
		case g.open && walled:
			r.found(Widened, c.Address, outsideWord(outside), value(c.Address), " ", text)
		case g.open:
			word = say(strong("open to everybody: "))
			tell := r.event
			if outside { // it is done, and a gate that refused this plan could keep the door open
				tell = r.found
			}
			tell(Opened, c.Address, outsideWord(outside), value(c.Address), " ", text)
		case g.direction == opens && !before.empty() && g.keepsOut():
			let = append(let, text)
		case g.direction == opens && !before.empty():
			widened[g.Allow] = append(widened[g.Allow], g.who(everybody))
		}
		rows = append(rows, part(word, text))
	}
	if who := distinct(widened[true]); who != nil {
		r.found(Widened, c.Address, outsideWord(outside), value(c.Address), " ", strong("lets"), " ", list(who, "and", 5), " do more")
	}
	for _, text := range let {
		r.found(Widened, c.Address, outsideWord(outside), value(c.Address), " ", text)
	}
	if who := distinct(widened[false]); who != nil {
		r.found(Widened, c.Address, outsideWord(outside), value(c.Address), " ", strong("forbids"), " ", list(who, "and", 5), " less")
	}
	return append(rows, r.unwalled(c, old, new, w)...)
}

// unwalled tells whom statements let in that stay as they were, on a domain that nothing else guards any more.
func (r *Review) unwalled(c *tfjson.ResourceChange, old, new []statement, w world) []row {
	if !isDomain(c.Type) && !isDomainPolicy(c.Type) || !w.fallen[afterOf(c.Change).textOf("domain_name")] {
		return nil
	}
	var rows []row
	everybody, _ := everybodyFor(c, w)
	opened := openOf(new)
	for _, s := range onlyIn(opened, onlyIn(opened, openOf(old))) { // what is new is told as a change
		text := sentenceOf([]grant{whole(s, true, new)}, everybody)
		rows = append(rows, part(strong("open to everybody: "), text))
		r.event(Opened, c.Address, value(c.Address), " ", text)
	}
	return rows
}

func distinct(texts []Text) []Text {
	var all []Text
	for _, text := range texts {
		if !slices.ContainsFunc(all, func(t Text) bool { return t.Plain() == text.Plain() }) {
			all = append(all, text)
		}
	}
	return all
}

func outsideWord(outside bool) string {
	if outside {
		return "outside Terraform "
	}
	return ""
}

var directionWords = map[direction]string{opens: "opens: ", closes: "closes: ", shifts: "moves: "}

// everybodyFor is what to call the principal "*" of a policy, and whether something else still keeps people out.
func everybodyFor(c *tfjson.ResourceChange, w world) (everybody string, walled bool) {
	switch {
	case isDomain(c.Type) || isDomainPolicy(c.Type):
		wall, known := w.behind[cmp.Or(afterOf(c.Change).textOf("domain_name"), beforeOf(c.Change).textOf("domain_name"))]
		switch {
		case wall != "":
			return wall, true
		case !known:
			return "anyone who reaches the domain", false
		}
		return "anyone on the internet", false
	case slices.Contains([]string{"aws_s3_bucket_policy", "aws_sns_topic", "aws_sns_topic_policy", "aws_sqs_queue_policy"}, c.Type):
		return "anyone on the internet", false
	}
	return "anyone in any AWS account", false
}

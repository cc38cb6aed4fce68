package review

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/policy"
	"cdktf-aimetrics/review/prose"
)

// access says what the changes of policies, of who has them, and of security groups do to who gets in.
func access(r *reading) []section { return list(r.access(r.changes, false)) }

// accessOutside says the same of what was changed outside Terraform.
func accessOutside(r *reading) []section {
	rows := r.access(r.plan.Drift, true)
	r.outside = r.outside || rows != nil
	return list(rows)
}

func (r *reading) access(changes []*plan.Change, outside bool) []row {
	var rows []row
	destroyed := map[string]bool{}
	for _, c := range changes {
		if isDomain(c) && c.Action == plan.Destroy {
			destroyed[c.Before.TextOf("domain_name")] = true
		}
	}
	for _, c := range changes {
		if row, ok := r.granted(c, outside); ok {
			rows = append(rows, row)
		}
		if row, ok := r.ingress(c, outside); ok {
			rows = append(rows, row)
		}
		if guard := kindOf(c).policy; guard.argument != "" && !r.isSaidElsewhere(c, guard, destroyed, outside) {
			change := policyChange{c, c.Before.Child(guard.argument), c.After.Child(guard.argument), outside}
			if before := r.world.policies[domainName(c)]; isDomainPolicy(c) && c.Action == plan.Create && before.Text() != "" {
				change.before = before // as the domain has it now
			}
			if changes := r.policy(change); changes != nil {
				rows = append(rows, item(prose.Value(c.Address), " ("+guard.of+")"))
				rows = append(rows, changes...)
			}
		}
	}
	return rows
}

// isSaidElsewhere reports whether a change of a resource says nothing of its policy that the change of another does not say.
func (r *reading) isSaidElsewhere(c *plan.Change, guard guard, destroyed map[string]bool, outside bool) bool {
	before, after := c.Before.Child(guard.argument), c.After.Child(guard.argument)
	name := domainName(c)
	switch {
	case c.Action == plan.Forget || c.Action == plan.Move:
		return true
	case c.Action == plan.Destroy && (guard.madeByAWS || isDomainPolicy(c) && destroyed[name] || before.IsEmpty()):
		return true // with what it guards
	case isDomain(c) && r.world.separate[name] && (outside || after.HoldsUnknown()):
		return true // AWS shows the separate policy here too
	case outside && r.world.elsewhere(c, guard.argument):
		return true
	}
	return guard.madeByAWS && before.IsEmpty() && (outside || after.HoldsUnknown() && c.Action != plan.Update)
}

// domainName is the name of a domain, or of that of a policy.
func domainName(c *plan.Change) string {
	return cmp.Or(c.After.TextOf("domain_name"), c.Before.TextOf("domain_name"))
}

// policyChange is a change of a resource with a policy.
type policyChange struct {
	*plan.Change
	before, after plan.Value // of the policy
	outside       bool       // Terraform
}

// policy says what a change of a policy does to who gets in: nothing if it is the same.
func (r *reading) policy(c policyChange) []row {
	switch {
	case c.before.IsSensitive() || c.after.IsSensitive():
		if plan.Same(c.before, c.after) {
			return nil
		}
		r.find(Unclear, c.Address, "the policy of ", prose.Value(c.Address), " changes, and is sensitive: who gets in cannot be seen")
		return []row{subitem("changes, and is sensitive: who gets in cannot be seen")}
	case c.after.HoldsUnknown():
		r.find(Unclear, c.Address, "the policy of ", prose.Value(c.Address), " is known only after apply: who gets in cannot be seen")
		remedy := ""
		if isDomainPolicy(c.Change) {
			remedy = ". A policy that takes the domain's ARN from partition, region, account and name, not from the resource, " +
				"is known in time."
		}
		return []row{subitem(prose.Strong("known only after apply"), ": who gets in cannot be seen from this plan"+remedy)}
	case c.Action != plan.Replace && c.before.Text() == c.after.Text():
		return nil
	case c.after.IsEmpty() && c.Action == plan.Update:
		r.find(Unclear, c.Address, prose.Value(c.Address), " takes its policy away")
	}
	before, err := policy.Parse(c.before.Text(), r.world.domains)
	after, err2 := policy.Parse(c.after.Text(), r.world.domains)
	if err != nil || err2 != nil {
		r.find(Unclear, c.Address, "the policy of ", prose.Value(c.Address),
			" changes, and is none that can be read: who gets in cannot be seen")
		return []row{subitem("is no policy that can be read: ", c.before.Show(), " → ", c.after.Show())}
	}
	changes := policy.Compare(before, after)
	switch {
	case len(changes) == 0 && c.Action == plan.Replace:
		return append([]row{subitem("is set anew, with the same statements")}, r.unwalled(c, before, after)...)
	case len(changes) == 0:
		return []row{subitem("the same statements, written differently")}
	case c.Action == plan.Destroy && !isDomainPolicy(c.Change):
		return r.policyGoes(c, len(before), changes)
	}
	return append(r.statements(c, changes), r.unwalled(c, before, after)...)
}

// policyGoes says that a policy goes, and, unless that goes too which it is of, what is forbidden no longer.
func (r *reading) policyGoes(c policyChange, count int, changes []policy.Change) []row {
	rows := []row{subitem("goes, with its statement")}
	if count > 1 {
		rows = []row{subitem(fmt.Sprintf("goes, with its %d statements", count))}
	}
	owner := kindOf(c.Change).policy.owner
	if owner.by == "" || r.world.gone[identified{owner.of, c.Before.TextOf(owner.by)}] {
		return rows
	}
	opening := slices.DeleteFunc(changes, func(change policy.Change) bool { return change.Direction == policy.Closes })
	return append(rows, r.statements(c, opening)...)
}

var directions = map[policy.Direction]string{policy.Opens: "opens: ", policy.Closes: "closes: ", policy.Unclear: "opens or closes: "}

// statements says what of a policy's statements comes and goes, and finds who gets in or may do more.
func (r *reading) statements(c policyChange, changes []policy.Change) []row {
	everybody, walled := r.everybody(c.Change)
	var rows []row
	var let []prose.Text               // what keeps out fewer, or others
	widened := map[bool][]prose.Text{} // by whether it is allowed now, or no longer forbidden
	for _, change := range changes {
		head, text := prose.Say(directions[change.Direction]), change.Sentence(everybody)
		if change.Stays() {
			head = prose.Say("stays: ")
		}
		switch {
		case change.Open && walled:
			r.said("", Widened, c.Address, c.outside, prose.Value(c.Address), " ", text)
		case change.Open:
			head = prose.Say(prose.Strong("open to everybody: "))
			r.said("", Opened, c.Address, c.outside, prose.Value(c.Address), " ", text)
		case change.OfDeleted():
			head = prose.Say("nobody: ")
			if !c.outside && change.Direction == policy.Opens {
				r.said("", Halfway, c.Address, false,
					"AWS refuses the policy of ", prose.Value(c.Address), ", for it names ", change.Who(everybody))
			}
		case change.Direction == policy.Unclear && change.Allows: // other values of a condition let in others
			let = append(let, prose.Say("may let in somebody new: ", text))
		case change.Direction == policy.Unclear:
			let = append(let, text)
		case change.Direction != policy.Opens || c.before.IsEmpty() && !r.atOnce(c, change):
		case change.KeepsOut():
			let = append(let, text)
		case change.Allows && change.OnConditions() && !change.ForAnyAccount(): // who these let in, says more than whom the statement names
			let = append(let, text)
		default:
			who := change.Who(everybody)
			if change.ForAnyAccount() {
				who = prose.Say(who, ", for whatever account it acts,")
			}
			widened[change.Allows] = append(widened[change.Allows], who)
		}
		rows = append(rows, subitem(head, text))
	}
	if who := prose.Distinct(widened[true]); who != nil {
		r.said("", Widened, c.Address, c.outside,
			prose.Value(c.Address), " ", prose.Strong("lets"), " ", prose.List(who, "and", 5), " do more")
	}
	for _, text := range let {
		r.said("", Widened, c.Address, c.outside, prose.Value(c.Address), " ", text)
	}
	if who := prose.Distinct(widened[false]); who != nil {
		r.said("", Widened, c.Address, c.outside,
			prose.Value(c.Address), " ", prose.Strong("forbids"), " ", prose.List(who, "and", 5), " less")
	}
	return rows
}

// unwalled says whom statements let in that stay as they were, on a domain that nothing else guards any more.
func (r *reading) unwalled(c policyChange, before, after policy.Policy) []row {
	if !isDomain(c.Change) && !isDomainPolicy(c.Change) || !r.world.fallen[c.After.TextOf("domain_name")] {
		return nil
	}
	var rows []row
	everybody, _ := r.everybody(c.Change)
	for _, change := range policy.StayOpen(before, after) { // what is new is said as a change
		text := change.Sentence(everybody)
		rows = append(rows, subitem(prose.Strong("open to everybody: "), text))
		r.event(Opened, c.Address, prose.Value(c.Address), " ", text)
	}
	return rows
}

// atOnce reports whether a policy that is new lets somebody do more as soon as it is there: not one that a service has, nor one of what
// is new itself.
func (r *reading) atOnce(c policyChange, change policy.Change) bool {
	guard := kindOf(c.Change).policy
	owner := c.After.Child(guard.owner.by)
	isNew := r.isNew(c.Change) || guard.owner.by != "" && (owner.IsUnknown() || r.world.made[owner.Text()])
	if isDomainPolicy(c.Change) && !change.OfOthersThan(domainAccount(c.after.Text())) {
		return false // where there is no policy the account's own IAM decides
	}
	return change.OfPeople() && (c.Action == plan.Update || guard.atOnce && !isNew)
}

var ofDomainIn = regexp.MustCompile(`arn:[^:"]*:es:[^:"]*:(\d{12}):domain/`)

// domainAccount is the account of the domain that a policy is of, by its resources; "" if none says.
func domainAccount(policy string) string {
	if match := ofDomainIn.FindStringSubmatch(policy); match != nil {
		return match[1]
	}
	return ""
}

func outsideWord(outside bool) string {
	if outside {
		return "outside Terraform "
	}
	return ""
}

// everybody is what to call the principal "*" of a policy, and whether something else still keeps people out.
func (r *reading) everybody(c *plan.Change) (everybody string, walled bool) {
	kind := kindOf(c)
	switch wall, known := r.world.walls[domainName(c)]; {
	case kind.policy.public:
		return "anyone on the internet", false
	case kind.role != aDomain && kind.role != aDomainPolicy:
		return "anyone in any AWS account", false
	case !known:
		return "anyone who reaches the domain", false
	case wall == "":
		return "anyone on the internet", false
	default:
		return wall, true
	}
}

package review

import (
	"slices"

	"cdktf-aimetrics/review/plan"
)

// world is what of the whole plan a change of one resource must be seen with.
type world struct {
	running   []*plan.Change            // the domains, those that stay as they are too
	domains   []string                  // names of domains, before and after
	walls     map[string]string         // by a domain's name: what stands between "*" and it, or ""
	fallen    map[string]bool           // by a domain's name: what stood there does so no longer
	separate  map[string]bool           // by a domain's name: its policy is a resource of its own
	policies  map[string]plan.Value     // by a domain's name: the policy that it has before
	destroyed map[string]bool           // by a domain's name: it goes, or another takes its place
	gone      map[identified]bool       // resources that go
	made      map[string]bool           // names of what the plan makes
	restored  map[string]bool           // addresses of what it makes as it was before somebody changed it outside Terraform
	given     map[givenBy]int           // how many changes are of a resource that gave it before
	gives     map[givenBy]int           // and of one that gives it afterwards
	fresh     bool                      // the plan makes a domain, and there is none before
	portions  map[portionOf]managed     // what is managed by resources of their own
	admitted  map[string][]admission    // by a security group's id: what its rules that are resources of their own let in
	ingress   map[string][]*plan.Change // by a security group's id: what changes of who gets in there
}

// restores takes in what the changes of a plan make as it was before somebody changed it outside Terraform.
func (w *world) restores(p *plan.Plan) {
	was := map[string]plan.Value{}
	for _, c := range p.Drift {
		was[c.Address] = c.Before
	}
	for _, c := range p.Changes {
		if before, ok := was[c.Address]; ok && plan.Same(before, c.After) {
			w.restored[c.Address] = true
		}
	}
}

// makes takes in the names of what a plan makes.
func (w *world) makes(changes []*plan.Change) {
	for _, c := range changes {
		name := c.After.TextOf("name")
		switch { // the other types name a bucket, or a domain, that is not theirs
		case c.Type == "aws_s3_bucket":
			name = c.After.TextOf("bucket")
		case isDomain(c):
			name = c.After.TextOf("domain_name")
		}
		if c.Action == plan.Create && name != "" {
			w.made[name] = true
		}
	}
}

// identified is a resource, by its type and an id that others know it by.
type identified struct{ resourceType, id string }

// destroys takes in what goes.
func (w *world) destroys(changes []*plan.Change) {
	for _, c := range changes {
		for _, key := range ids {
			if id := c.Before.TextOf(key); c.Action == plan.Destroy && id != "" {
				w.gone[identified{c.Type, id}] = true
			}
		}
	}
}

// portionOf is an argument of a resource, by the id that others know it by.
type portionOf struct{ resourceType, argument, id string }

// managed is what of an argument others manage.
type managed struct {
	elements func(plan.Value) []identity // see portion; nil: all of it
	known    map[identity]bool
}

// watched reports whether world needs a resource even if it stays as it is.
func watched(resourceType string) bool {
	k := kinds[resourceType]
	return k.role == aDomain || k.role == aDomainPolicy || k.role == anIngressRule || k.role == aRule || k.manages != nil
}

func worldOf(p *plan.Plan) world {
	w := world{
		walls: map[string]string{}, fallen: map[string]bool{}, separate: map[string]bool{}, policies: map[string]plan.Value{},
		destroyed: map[string]bool{}, gone: map[identified]bool{}, made: map[string]bool{}, restored: map[string]bool{},
		portions: map[portionOf]managed{}, admitted: map[string][]admission{},
		ingress: map[string][]*plan.Change{}, given: map[givenBy]int{}, gives: map[givenBy]int{},
	}
	for _, c := range slices.Concat(p.Drift, p.Watched) { // what is planned counts last
		w.domain(c)
	}
	made, there := false, false
	for _, c := range p.Watched {
		w.manages(c)
		if isDomain(c) {
			w.running = append(w.running, c)
			made, there = made || c.Action == plan.Create, there || !c.Before.IsNull()
			w.destroyed[c.Before.TextOf("domain_name")] = c.Action == plan.Destroy || c.Action == plan.Replace
			w.policies[c.Before.TextOf("domain_name")] = c.Before.Child("access_policies")
		}
		if group := c.Before.TextOf("security_group_id"); group != "" && isIngress(c) {
			w.admitted[group] = append(w.admitted[group], admits(c.Before)...)
		}
	}
	w.fresh = made && !there
	w.makes(p.Changes)
	w.destroys(slices.Concat(p.Drift, p.Changes))
	w.restores(p)
	for _, c := range p.Changes {
		w.grants(c)
		if changesIngress(c) {
			w.ingress[groupOf(c)] = append(w.ingress[groupOf(c)], c)
		}
	}
	return w
}

// domain takes in what a change says of a domain.
func (w *world) domain(c *plan.Change) {
	role := kindOf(c).role
	if role == aDomain && !c.After.IsNull() {
		w.fallen[c.After.TextOf("domain_name")] = wall(c.Before) != "" && wall(c.After) == ""
	}
	for _, v := range []plan.Value{c.Before, c.After} {
		name := v.TextOf("domain_name")
		switch {
		case name == "":
		case role == aDomainPolicy:
			w.separate[name] = true
			w.domains = append(w.domains, name)
		case role == aDomain:
			w.domains = append(w.domains, name)
			w.walls[name] = wall(v)
		}
	}
}

// wall is who must still be let in when the access policy lets everybody in; "" if nothing stands before the domain.
func wall(domain plan.Value) string {
	switch {
	case domain.Block("advanced_security_options", "enabled").IsTrue():
		return "who signs in with the domain's own users and passwords"
	case !domain.Child("vpc_options").IsEmpty():
		return "whoever reaches it in its VPC"
	}
	return ""
}

// manages takes in what a resource manages of others.
func (w *world) manages(c *plan.Change) {
	for _, portion := range kindOf(c).manages {
		if c.Before.TextOf("type") == "ingress" { // the portions of rules are of egress
			continue
		}
		key := portionOf{portion.of, portion.argument, c.Before.TextOf(portion.by)}
		if w.portions[key].known == nil {
			w.portions[key] = managed{portion.elements, map[identity]bool{}}
		}
		for _, id := range w.portions[key].identities(c.Before) {
			w.portions[key].known[id] = true
		}
	}
}

// identities is what an element, or the resource that manages it, is; nothing of an argument that is no list.
func (m managed) identities(v plan.Value) []identity {
	if m.elements == nil {
		return nil
	}
	return m.elements(v)
}

// ids are the arguments that others may know a resource by.
var ids = []string{"id", "arn", "name", "bucket"}

// elsewhere reports whether an argument of a resource is managed by resources of their own: of a list, all that comes to it.
func (w world) elsewhere(c *plan.Change, argument string) bool {
	return slices.ContainsFunc(ids, func(key string) bool {
		id := c.Before.TextOf(key)
		managed, ok := w.portions[portionOf{c.Type, argument, id}]
		if id == "" || !ok {
			return false
		}
		before := map[identity]bool{}
		for _, element := range c.Before.Child(argument).Items() {
			for _, id := range managed.identities(element) {
				before[id] = true
			}
		}
		return !slices.ContainsFunc(c.After.Child(argument).Items(), func(element plan.Value) bool {
			return slices.ContainsFunc(managed.identities(element), func(id identity) bool { return !before[id] && !managed.known[id] })
		})
	})
}

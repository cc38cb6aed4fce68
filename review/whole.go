package review

import "cdktf-aimetrics/review/prose"

// wholeness finds that the plan is not all of it.
func wholeness(r *reading) []section {
	switch {
	case r.plan.Errored:
		r.event(Broken, "", prose.Strong("Terraform stopped with an error"), " (its own output says which; prevent_destroy is one): "+
			"this is not the whole plan, and it cannot be applied")
	case r.plan.RefreshOnly:
		r.find(Incomplete, "", "a plan of -refresh-only: applied, it takes into the state what was changed outside Terraform, "+
			"and changes nothing on AWS")
	case r.plan.Incomplete:
		r.find(Incomplete, "", "the plan leaves things out (-target, or changes that Terraform defers): a further plan must follow")
	}
	return nil
}

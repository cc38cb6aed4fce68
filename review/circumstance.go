package review

import "cdktf-aimetrics/review/plan"

// circumstance picks a case of an argument's change from others, by itself and by the resource before and after.
type circumstance func(a plan.Argument, before, after plan.Value) bool

func always(plan.Argument, plan.Value, plan.Value) bool { return true }

func turnedOn(a plan.Argument, _, _ plan.Value) bool  { return !a.Before.IsTrue() && a.After.IsTrue() }
func turnedOff(a plan.Argument, _, _ plan.Value) bool { return a.Before.IsTrue() && !a.After.IsTrue() }
func smaller(a plan.Argument, _, _ plan.Value) bool   { return a.After.Number() < a.Before.Number() }

// shorter: days of retention, of which 0 is for ever, become fewer.
func shorter(a plan.Argument, _, _ plan.Value) bool {
	from, to := a.Before.Number(), a.After.Number()
	return to != 0 && (from == 0 || to < from)
}

func above3TiB(a plan.Argument, _, _ plan.Value) bool {
	return a.After.Number() > 3<<10 // GiB
}

func dedicatedMasters(_ plan.Argument, before, after plan.Value) bool {
	return masters(before).IsTrue() && masters(after).IsTrue()
}

func twoMastersInZones(a plan.Argument, before, _ plan.Value) bool {
	return a.Before.Number() == 2 && before.Block("cluster_config", "zone_awareness_enabled").IsTrue()
}

func mastersChange(_ plan.Argument, before, after plan.Value) bool {
	return masters(before).Text() != masters(after).Text()
}

func masters(domain plan.Value) plan.Value {
	return domain.Block("cluster_config", "dedicated_master_enabled")
}

func rollsBack(_ plan.Argument, _, after plan.Value) bool {
	options := after.Block("auto_tune_options")
	return options.TextOf("desired_state") == "DISABLED" && options.TextOf("rollback_on_disable") == "DEFAULT_ROLLBACK"
}

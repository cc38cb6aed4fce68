package review

import (
	"slices"

	"cdktf-aimetrics/review/plan"
)

// circumstance picks a case of an argument's change from others, by itself and by the resource before and after. What cannot be
// seen, since it is sensitive or known only after apply, is taken for the worst.
type circumstance func(a plan.Argument, before, after plan.Value) bool

func always(plan.Argument, plan.Value, plan.Value) bool { return true }

// unseen reports whether what becomes of an argument cannot be seen.
func unseen(a plan.Argument) bool {
	return a.Before.IsSensitive() || a.After.IsSensitive() || a.After.HoldsUnknown()
}

func turnedOn(a plan.Argument, _, _ plan.Value) bool {
	return !a.Before.IsTrue() && (a.After.IsTrue() || unseen(a))
}

func turnedOff(a plan.Argument, _, _ plan.Value) bool {
	return (a.Before.IsTrue() || a.Before.IsSensitive()) && !a.After.IsTrue()
}

func smaller(a plan.Argument, _, _ plan.Value) bool {
	return unseen(a) || a.After.Number() < a.Before.Number()
}
func larger(a plan.Argument, _, _ plan.Value) bool {
	return unseen(a) || a.After.Number() > a.Before.Number()
}

// shorter: days of retention, of which 0 is for ever, become fewer.
func shorter(a plan.Argument, _, _ plan.Value) bool {
	from, to := a.Before.Number(), a.After.Number()
	return unseen(a) || to != 0 && (from == 0 || to < from)
}

// expiresLater: days after which something ends, of which 0 is never, become more.
func expiresLater(a plan.Argument, _, _ plan.Value) bool {
	from, to := a.Before.Number(), a.After.Number()
	return unseen(a) || from != 0 && (to == 0 || to > from)
}

// gone: there was a value, and none comes in its place.
func gone(a plan.Argument, _, _ plan.Value) bool {
	return !a.Before.IsEmpty() && a.After.IsEmpty() && !a.After.HoldsUnknown()
}

// there: there is a value afterwards, be it new or another.
func there(a plan.Argument, _, _ plan.Value) bool {
	return !a.After.IsEmpty() || a.After.HoldsUnknown()
}

// allUnknown: nothing of what comes is known before apply.
func allUnknown(a plan.Argument, _, _ plan.Value) bool { return a.After.IsUnknown() }

// gained: a list has an element that it had not, or there is a value that was not.
func gained(a plan.Argument, _, _ plan.Value) bool {
	if unseen(a) {
		return true
	}
	had := map[plan.Key]bool{}
	for _, v := range elements(a.Before) {
		had[v.Key()] = true
	}
	return slices.ContainsFunc(elements(a.After), func(v plan.Value) bool { return !had[v.Key()] })
}

// elements is those of a list, or the one value that is none.
func elements(v plan.Value) []plan.Value {
	if items := v.Items(); len(items) > 0 {
		return items
	}
	if v.IsEmpty() && !v.IsUnknown() {
		return nil
	}
	return []plan.Value{v}
}

// becomes: it is one of these afterwards.
func becomes(values ...string) circumstance {
	return func(a plan.Argument, _, _ plan.Value) bool {
		return unseen(a) || slices.Contains(values, a.After.Text())
	}
}

// ceases: it was this, and is so no longer.
func ceases(value string) circumstance {
	return func(a plan.Argument, _, _ plan.Value) bool {
		return (a.Before.Text() == value || a.Before.IsSensitive()) && a.After.Text() != value
	}
}

// saidOffAtFirst: of what is new it is said that it is off.
func saidOffAtFirst(a plan.Argument, before, _ plan.Value) bool {
	return before.IsNull() && (a.After.Text() == "false" || unseen(a))
}

// falls: from one of these, the strictest first, to a later one, or to none. What is not among them is as strict as the first.
func falls(order ...string) circumstance {
	rank := func(v plan.Value) int {
		i := slices.Index(order, v.Text())
		if i < 0 && v.IsEmpty() {
			return len(order)
		}
		return max(i, 0)
	}
	return func(a plan.Argument, _, _ plan.Value) bool { return unseen(a) || rank(a.After) > rank(a.Before) }
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

// declared: an advanced option that was not in the state gets the value that AWS gives it anyway. The provider reads such a one
// back only where the state has it already.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/service/elasticsearch/domain.go (advancedOptionsIgnoreDefault)
func declared(value string) circumstance {
	return func(a plan.Argument, _, _ plan.Value) bool { return a.Before.IsNull() && a.After.Text() == value }
}

// signUp: people may sign up by themselves, as they may where nothing is said.
func signUp(_ plan.Argument, before, after plan.Value) bool {
	closed := func(pool plan.Value) bool {
		return pool.Block("admin_create_user_config", "allow_admin_create_user_only").IsTrue()
	}
	return (before.IsNull() || closed(before)) && !closed(after)
}

// pointed: a name that people call is answered by somebody else. One with an underscore only proves who has the zone.
func pointed(_ plan.Argument, before, _ plan.Value) bool {
	name := before.TextOf("name")
	return name != "" && name[0] != '_'
}

// sharesName: a name that people call is answered by several.
func sharesName(a plan.Argument, _, after plan.Value) bool {
	return there(a, plan.Value{}, plan.Value{}) && pointed(a, after, plan.Value{})
}

// anotherMaster: the domain's own user database gets another master user, and keeps the former.
func anotherMaster(a plan.Argument, _, after plan.Value) bool {
	return !a.Before.IsEmpty() && !a.After.IsEmpty() && after.Block("advanced_security_options", "internal_user_database_enabled").IsTrue()
}

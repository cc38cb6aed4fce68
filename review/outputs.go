package review

import (
	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// outputs says what becomes of the outputs.
func outputs(r *reading) []section {
	var rows []row
	for _, o := range r.plan.Outputs {
		switch o.Action {
		case plan.Create:
			rows = append(rows, item(prose.Value(o.Name), ": new, ", o.After.Show()))
		case plan.Destroy:
			rows = append(rows, item(prose.Value(o.Name), ": gone, was ", o.Before.Show()))
		default:
			rows = append(rows, item(prose.Value(o.Name), ": ", o.Before.Show(), " → ", o.After.Show()))
		}
	}
	return list(rows)
}

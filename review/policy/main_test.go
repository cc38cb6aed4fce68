package policy

import (
	"os"
	"testing"

	"cdktf-aimetrics/internal/mutation"
)

// TestMain hands over the tables, for test/mutation.
func TestMain(m *testing.M) { os.Exit(mutation.Run(m, tables...)) }

var tables = []mutation.Table{
	{Name: "publicIssuers", Table: &publicIssuers}, {Name: "ownAudience", Table: &ownAudience}, {Name: "whoClaims", Table: &whoClaims},
	{Name: "callerKeys", Table: &callerKeys}, {Name: "verbs", Table: &verbs}, {Name: "deletedKinds", Table: &deletedKinds},
	{Name: "principalKinds", Table: &principalKinds}, {Name: "operators", Table: &operators}, {Name: "sets", Table: &sets},
	{Name: "exact", Table: &exact},
}

func TestEveryTableIsHandedOver(t *testing.T) { mutation.CheckHandedOver(t, tables) }

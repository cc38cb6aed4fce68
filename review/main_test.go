package review

import (
	"os"
	"testing"

	"cdktf-aimetrics/internal/mutation"
)

// TestMain hands over the tables, for test/mutation; see TestEveryTableIsHandedOver.
func TestMain(m *testing.M) { os.Exit(mutation.Run(m, tables...)) }

var tables = []mutation.Table{
	{Name: "kinds", Table: &kinds}, {Name: "consequences", Table: &consequences}, {Name: "replacements", Table: &replacements},
	{Name: "Conditions", Table: &Conditions}, {Name: "parts", Table: &parts}, {Name: "losing", Table: &losing}, {Name: "comparisons", Table: &comparisons},
	{Name: "sources", Table: &sources}, {Name: "ids", Table: &ids}, {Name: "computed", Table: &computed}, {Name: "effectNames", Table: &effectNames},
	{Name: "domainColumns", Table: &domainColumns}, {Name: "directions", Table: &directions}, {Name: "owners", Table: &owners}, {Name: "statistics", Table: &statistics}, {Name: "protocols", Table: &protocols},
	{Name: "kindNames", Table: &kindNames}, {Name: "levels", Table: &levels},
	{Name: "advancedDefaults", Table: &advancedDefaults}, {Name: "badges", Table: &badges},
}

// ofKinds are the lists that kinds is made of: what they hold is handed over with it.
var ofKinds = []string{"domainWeaker", "samlWeaker", "userPoolWeak", "userPoolWeaker", "identityPoolWeak", "identityPoolWeaker", "roleWeaker",
	"clientWeaker", "samlWeak", "riskWeaker", "bucketWeak", "bucketWeaker", "aclWeaker", "rulesWeaker"}

func TestEveryTableIsHandedOver(t *testing.T) { mutation.CheckHandedOver(t, tables, ofKinds...) }

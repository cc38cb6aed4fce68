package plan

import (
	"os"
	"testing"

	"cdktf-aimetrics/internal/mutation"
)

// TestMain hands over the tables, for test/mutation.
func TestMain(m *testing.M) { os.Exit(mutation.Run(m, tables...)) }

var tables = []mutation.Table{{Name: "Actions", Table: &Actions}, {Name: "actionWords", Table: &actionWords}, {Name: "reasons", Table: &reasons}}

func TestEveryTableIsHandedOver(t *testing.T) { mutation.CheckHandedOver(t, tables) }

package mutation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

type inner struct{ n int }

type row struct {
	id    string
	holds func(int) bool
	words []string
	inner inner
}

// What is taken out of a table, one thing each: the table is else as it was, and what shares its rows stays whole.
func TestMutants(t *testing.T) {
	shared := []row{{id: "x", words: []string{"p", "q"}}, {id: "y", holds: func(n int) bool { return n > 0 }, inner: inner{1}}}
	table := map[string][]row{"b": nil, "a": shared}
	lists := []string{"k", "l"}
	structs := map[string]row{"m": {id: "z", inner: inner{2}}}
	tables := []Table{{"shared", &shared}, {"table", &table}, {"lists", &lists}, {"structs", &structs}}
	var names []string
	for _, m := range mutants(tables) {
		names = append(names, m.name)
	}
	want := []string{"shared[x]", "shared[x].id", "shared[x].words[p]", "shared[x].words[q]", "shared[y]", "shared[y].id", "shared[y].holds", "shared[y].inner.n",
		"table[a]", "table[b]", "lists[k]", "lists[l]", "structs[m]", "structs[m].id", "structs[m].inner.n"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("-want +mutants:\n%s", diff)
	}
	show := func() string {
		var s string
		for _, r := range shared {
			s += fmt.Sprint(r.id, r.words, r.inner, r.holds != nil && r.holds(1), " ")
		}
		for _, name := range []string{"a", "b"} {
			_, ok := table[name]
			s += fmt.Sprint(ok, " ")
		}
		return strings.ReplaceAll(s+fmt.Sprint(lists, structs["m"].id, structs["m"].inner, len(structs)), " ", "")
	}
	whole := "x[pq]{0}falsey[]{1}truetruetrue[kl]z{2}1"
	for name, want := range map[string]string{
		"shared[x]":          "y[]{1}truetruetrue[kl]z{2}1",
		"shared[x].id":       "[pq]{0}falsey[]{1}truetruetrue[kl]z{2}1",
		"shared[x].words[p]": "x[q]{0}falsey[]{1}truetruetrue[kl]z{2}1",
		"shared[y].holds":    "x[pq]{0}falsey[]{1}falsetruetrue[kl]z{2}1",
		"shared[y].inner.n":  "x[pq]{0}falsey[]{0}truetruetrue[kl]z{2}1",
		"table[a]":           "x[pq]{0}falsey[]{1}truefalsetrue[kl]z{2}1",
		"lists[k]":           "x[pq]{0}falsey[]{1}truetruetrue[l]z{2}1",
		"structs[m]":         "x[pq]{0}falsey[]{1}truetruetrue[kl]{0}0",
		"structs[m].inner.n": "x[pq]{0}falsey[]{1}truetruetrue[kl]z{0}1",
	} {
		keptShared, keptTable, keptLists, keptStructs := shared, table, lists, structs
		for _, m := range mutants(tables) {
			if m.name == name {
				m.apply()
			}
		}
		if got := show(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		shared, table, lists, structs = keptShared, keptTable, keptLists, keptStructs
		if got := show(); got != whole {
			t.Fatalf("after %s what shares it is %s, want %s", name, got, whole)
		}
	}
}

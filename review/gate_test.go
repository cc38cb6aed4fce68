package review

import (
	"fmt"
	"strings"
	"testing"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/review/prose"
)

// What each condition says that it refuses, and of how severe a finding it is that it refuses it.
func TestConditions(t *testing.T) {
	names := map[Severity]string{
		DomainLost: "DomainLost", DataLost: "DataLost", Opened: "Opened", Kept: "Kept", Vanished: "Vanished", Broken: "Broken", DataAtRisk: "DataAtRisk",
		Halfway: "Halfway", BlueGreen: "BlueGreen", AlarmGone: "AlarmGone", AlarmLost: "AlarmLost", Widened: "Widened", Failed: "Failed", Destroyed: "Destroyed",
		Incomplete: "Incomplete", Unclear: "Unclear", Drifted: "Drifted",
	}
	var said strings.Builder
	for _, c := range Conditions {
		fmt.Fprintf(&said, "%s: %s:", c.Name, c.Says)
		for severity := DomainLost; severity < nothingFound; severity++ {
			r := &Review{events: []Finding{{Severity: severity, Address: "a.b", Text: prose.Say("x")}}}
			if strict(t, c.Name).Refuses(r) != nil {
				fmt.Fprintf(&said, " %s", names[severity])
			}
		}
		fmt.Fprintln(&said)
	}
	snapshot.Compare(t, "testdata/conditions.txt", said.String())
}

// Of a resource each condition refuses the worst alone, and of none each.
func TestRefusalsOfOneResource(t *testing.T) {
	r := &Review{events: []Finding{{Severity: Opened, Address: "a.b", Text: prose.Say("worst")}, {Severity: Kept, Address: "a.b", Text: prose.Say("kept")},
		{Severity: Widened, Address: "a.b", Text: prose.Say("less")}, {Severity: Widened, Address: "a.c", Text: prose.Say("other")},
		{Severity: Widened, Text: prose.Say("one")}, {Severity: Widened, Text: prose.Say("two")}}}
	var got []string
	for _, refusal := range strict(t, "kept", "open").Refuses(r) {
		got = append(got, refusal.Condition+" "+refusal.Text.Plain())
	}
	if want := "open worst, kept kept, open other, open one, open two"; strings.Join(got, ", ") != want {
		t.Errorf("refuses %q, want %q", got, want)
	}
}

package review

import (
	"slices"

	"cdktf-aimetrics/review/prose"
)

// part is a part of a review. What a plan says for it is read once; what a gate says is added when a review is written.
type part struct {
	title string
	of    func(*reading) []section
	gated func(*Review, []Refusal) section
}

// parts are a review's, in the order in which they are shown: the most important first, for Markdown is cut from the end. A part
// without a title only finds.
var parts = []part{
	{title: "Refused", gated: refused},
	{title: "Look at", gated: lookAt},
	{of: wholeness},
	{of: losses},
	{of: weakenings},
	{of: remainders},
	{of: upgrades},
	{title: "The domain", of: domains},
	{title: "Who gets in", of: access},
	{title: "Alarms", of: alarms},
	{title: "All that changes", of: resources},
	{title: "Outputs", of: outputs},
	{title: "Changed outside Terraform", of: drift},
	{title: "Who got in outside Terraform", of: accessOutside},
	{of: drifted},
	{title: "Checks", of: checks},
	{title: "Actions that Terraform will invoke", of: invocations},
}

// sections is what the part says of a plan, without the sections that say nothing.
func (p part) sections(r *reading) []section {
	if p.of == nil {
		return nil
	}
	return slices.DeleteFunc(p.of(r), section.isEmpty)
}

// section is what a part says, or what it says of one resource: a list, or a table if it has columns.
type section struct {
	title   string
	intro   prose.Text
	columns []column
	rows    []row
	note    prose.Text
}

func (s section) isEmpty() bool { return len(s.rows) == 0 && s.intro == nil }

// column is a column of a table: its head, and what stands around its cells where a row is one line.
type column struct{ head, before, after string }

// row is an item of a list (one cell, indented below the one before if it is a part of it) or of a table.
type row struct {
	below bool
	cells []prose.Text
}

// item is a row of a list.
func item(parts ...any) row { return row{cells: []prose.Text{prose.Say(parts...)}} }

// subitem is a row of a list that belongs to the item above it.
func subitem(parts ...any) row { return row{below: true, cells: []prose.Text{prose.Say(parts...)}} }

// list is the sections of a part that is one list.
func list(rows []row) []section { return []section{{rows: rows}} }

// sectionsFor is all sections of a review, with what a gate refuses of it.
func (r *Review) sectionsFor(refusals []Refusal) []section {
	var all []section
	for i, part := range parts {
		sections := r.sections[i]
		if part.gated != nil {
			sections = []section{part.gated(r, refusals)}
		}
		for _, s := range sections {
			if !s.isEmpty() {
				s.title = part.title
				all = append(all, s)
			}
		}
	}
	return all
}

// lookAt is the findings that neither the headline nor a refusal says.
func lookAt(r *Review, refusals []Refusal) section {
	var s section
	refused := map[string]bool{}
	for _, refusal := range refusals {
		refused[refusal.Text.Plain()] = true
	}
	for i, finding := range r.Findings {
		if !refused[finding.Text.Plain()] && (i > 0 || finding.Severity >= Incomplete) {
			s.rows = append(s.rows, row{cells: []prose.Text{finding.Text}})
		}
	}
	return s
}

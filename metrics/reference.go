package metrics

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed reference.md
var reference string

// Reference returns docs/metrics.md: reference.md with the tables of this package.
func Reference() []byte {
	return []byte(strings.NewReplacer(
		"<!-- datasets -->", datasetsTable(),
		"<!-- fields -->", fieldsTables(),
		"<!-- metrics -->", knownTable(),
		"<!-- vocabularies -->", standardsTable(),
		"<!-- equivalents -->", equivalentsTable(),
	).Replace(reference))
}

// table is a table of Markdown; the first row is its head.
func table(rows [][]string) string {
	var written strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&written, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			written.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
		}
	}
	return strings.TrimSuffix(written.String(), "\n")
}

func code(text string) string { return "`" + text + "`" }

func codes(names []string) []string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = code(name)
	}
	return quoted
}

func datasetsTable() string {
	rows := [][]string{{"event.dataset", "What it is", "Required", "At least one of"}}
	for _, rule := range datasets {
		ways := make([]string, len(rule.AnyOf))
		for i, set := range rule.AnyOf {
			ways[i] = strings.Join(codes(set), " with ")
		}
		required := strings.Join(codes(rule.Required), ", ")
		rows = append(rows, []string{code(string(rule.Dataset)), rule.Description, required, strings.Join(ways, "; ")})
	}
	return table(rows)
}

func fieldsTables() string {
	head := []string{"Field", "Type", "Unit", "What it says", "Example"}
	var tables []string
	for rest := fields; len(rest) > 0; {
		group := rest[0].Group
		rows := [][]string{head}
		for len(rest) > 0 && rest[0].Group == group {
			field := rest[0]
			says := field.Description + allowed(field)
			rows = append(rows, []string{code(field.Name), string(field.Type), string(field.Unit), says, code(field.Example)})
			rest = rest[1:]
		}
		tables = append(tables, "### "+string(group)+"\n\n"+table(rows))
	}
	return strings.Join(tables, "\n\n")
}

// allowed says which values a field may have, where not all of its type.
func allowed(field Field) string {
	switch {
	case len(field.Values) > 1:
		return " One of " + strings.Join(codes(field.Values), ", ") + "."
	case field.Unit == Ratio || field.Min == nil:
		return ""
	case field.Max != nil:
		return " From " + bound(*field.Min) + " to " + bound(*field.Max) + "."
	default:
		return " Not below " + bound(*field.Min) + "."
	}
}

func bound(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

func knownTable() string {
	rows := [][]string{{"ml.metric.name", "Better", "Unit", "Usual range", "What it is"}}
	for _, metric := range known {
		better := "lower"
		if metric.HigherIsBetter {
			better = "higher"
		}
		rows = append(rows, []string{code(metric.Name), better, string(metric.Unit), usual(metric), metric.Description})
	}
	return table(rows)
}

func usual(metric Known) string {
	switch least, most := metric.Min, metric.Max; {
	case least != nil && most != nil:
		return bound(*least) + " to " + bound(*most)
	case least != nil:
		return bound(*least) + " and more"
	case most != nil:
		return bound(*most) + " and less"
	default:
		return ""
	}
}

func standardsTable() string {
	rows := [][]string{{"Vocabulary", "Commit"}}
	for _, standard := range Standards() {
		commit := "names of its metrics"
		if standard.Commit != "" {
			commit = fmt.Sprintf("[%.12s](%s/tree/%s)", standard.Commit, standard.URL, standard.Commit)
		}
		rows = append(rows, []string{fmt.Sprintf("[%s](%s)", standard.Name, standard.URL), commit})
	}
	return table(rows)
}

func equivalentsTable() string {
	rows := [][]string{{"Field", "Vocabulary", "Its name", "On the way in"}}
	sorted := slices.Clone(equivalents)
	slices.SortStableFunc(sorted, func(a, b Equivalent) int { return byName[a.Field] - byName[b.Field] })
	for _, equivalent := range sorted {
		read := "the same name"
		switch {
		case equivalent.Shift != 0:
			read = "read as ours, times 1" + strings.Repeat("0", equivalent.Shift)
		case equivalent.Name != equivalent.Field:
			read = "read as ours"
		}
		rows = append(rows, []string{code(equivalent.Field), equivalent.Standard.Name, code(equivalent.Name), read})
	}
	return table(rows)
}

package spec

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A fault of a key in a map is told beside that of its value, and stays when the value is mended.
func TestKeysBesideTheirValues(t *testing.T) {
	const tag = "  project: ai-metrics"
	for _, test := range []struct{ name, base, old, new, key, want string }{
		{"AWS's own", private, tag, "  aws:x: ", "default_tags.aws:x",
			`begins with "aws:", which AWS keeps to itself; choose another name`},
		{"the same but for case", private, tag, "  Project: a\n  project: ", "default_tags.project",
			`is the same key as "Project" but for case, by which IAM tells no keys apart; leave one out`},
		{"the stack's own but for case", private, tag, "  Elasticsearch-Domain: ", "default_tags.Elasticsearch-Domain",
			`is the key of the stack's own tag "elasticsearch-domain" but for case, by which IAM tells no keys apart; choose another one`},
		{"characters", private, tag, "  a#b: ", "default_tags.a#b",
			"has characters in its key that IAM and KMS refuse: #; use letters, digits, spaces and _ . : / = + - @"},
		{"an option", minimal, "", "  advanced_options:\n    indices.query.bool.max_clauses: ",
			"domain.advanced_options.indices.query.bool.max_clauses",
			`is no option of AWS Elasticsearch; did you mean "indices.query.bool.max_clause_count"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			ofKey := test.key + ": " + test.want
			for value, want := range map[string][]string{
				"text": {ofKey},
				"5":    {ofKey, test.key + `: 5 is not text; write it in quotes: "5"`},
				"":     {ofKey, test.key + ": has no value; give it one or leave the key out"},
			} {
				_, _, err := Parse("faulty.yaml", []byte(edit(test.base, test.old, test.new+value+"\n")), today)
				slices.Sort(want)
				if diff := cmp.Diff(want, said(fmt.Sprint(err))); diff != "" {
					t.Errorf("with %q (-want +got):\n%s", value, diff)
				}
			}
		})
	}
}

package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cdktf-aimetrics/review/prose"
)

// reviewSchema is what programs may rely on, with nothing beside it: a field that it does not describe is refused.
func reviewSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("review.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var close func(any)
	close = func(node any) {
		switch node := node.(type) {
		case object:
			if node["properties"] != nil {
				node["additionalProperties"] = false
			}
			for _, child := range node {
				close(child)
			}
		case []any:
			for _, child := range node {
				close(child)
			}
		}
	}
	close(schema)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("review.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("review.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// inJSON is reviews as programs read them.
func inJSON(t *testing.T, gate Gate, reviews ...*Review) (text string, read jsonReviews) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, JSON{Refused: 2}, reviews, gate); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(b.Bytes()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		t.Fatalf("%v\n%s", err, &b)
	}
	return b.String(), read
}

// What is written of every recorded plan is as the schema says, and says of each finding what the review does.
func TestJSONOfEveryPlan(t *testing.T) {
	paths, err := filepath.Glob("testdata/plans/*.json")
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d plans (%v)", len(paths), err)
	}
	schema, strict := reviewSchema(t), Gate{refuses: Conditions}
	var all []*Review
	for _, path := range paths {
		r := read(t, load(t, strings.TrimSuffix(filepath.Base(path), ".json")))
		all = append(all, r)
		for _, gate := range []Gate{{}, strict} {
			text, got := inJSON(t, gate, r)
			validateJSON(t, schema, text)
			refusals := gate.Refuses(r)
			refused := 0
			for i, finding := range got.Reviews[0].Findings {
				if finding.Refused {
					refused++
				}
				if i < len(r.Findings) && (finding.Text != r.Findings[i].Text.Plain() ||
					finding.Kind != kindNames[r.Findings[i].Severity]) {
					t.Errorf("%s: %+v, want %q", path, finding, r.Findings[i].Text.Plain())
				}
			}
			if refused != len(refusals) || len(got.Reviews[0].Findings) < len(r.Findings) || got.Reviews[0].Refused != (refused > 0) ||
				got.ExitCode != map[bool]int{true: 2}[refused > 0] {
				t.Errorf("%s: %d of %d findings are refused, want %d of %d:\n%s", path, refused, len(got.Reviews[0].Findings), len(refusals),
					len(r.Findings), text)
			}
		}
	}
	text, got := inJSON(t, strict, all...)
	validateJSON(t, schema, text)
	if got.ExitCode != 2 || len(got.Reviews) != len(paths) || got.Reviews[0].Severity != "error" || got.Reviews[len(paths)-1].Severity != "none" {
		t.Errorf("%d reviews, exit code %d", len(got.Reviews), got.ExitCode)
	}
}

func validateJSON(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestJSON(t *testing.T) {
	gate, err := NewGate([]string{"replace", "drift"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := inJSON(t, gate, read(t, load(t, "replace-vpc")))
	for _, want := range []string{
		"{\n  \"format_version\": \"1.0\",\n  \"exit_code\": 2,\n  \"reviews\": [\n    {\n      \"stack\": \"test\",\n      \"severity\": \"error\",\n" +
			"      \"refused\": true,\n      \"headline\": \"replaces the Elasticsearch domain ai-metrics-prod: all its data is lost\",\n",
		"        {\n          \"kind\": \"domain_lost\",\n          \"severity\": \"error\",\n          \"address\": \"aws_elasticsearch_domain.domain\",\n" +
			"          \"text\": \"replaces the Elasticsearch domain ai-metrics-prod: all its data is lost\",\n          \"refused\": true,\n" +
			"          \"condition\": \"replace\"\n        }",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	// Drift is refused though it is nothing to look at.
	_, got := inJSON(t, gate, read(t, load(t, "drift-only")))
	if last := got.Reviews[0].Findings[len(got.Reviews[0].Findings)-1]; last.Kind != "drifted" || !last.Refused || last.Condition != "drift" ||
		last.Severity != "note" {
		t.Errorf("%+v", last)
	}
	_, got = inJSON(t, Gate{}, read(t, load(t, "no-change")))
	if r := got.Reviews[0]; r.Severity != "none" || r.Refused || r.Findings == nil || len(r.Findings) != 0 || got.ExitCode != 0 {
		t.Errorf("%+v", got)
	}
}

// Each kind of finding has a name, which the schema tells and which never changes.
func TestEachKindHasAName(t *testing.T) {
	schema, err := os.ReadFile("review.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := []string{}
	for severity := range nothingFound {
		name := kindNames[severity]
		if !regexp.MustCompile(`^[a-z_]+$`).MatchString(name) || slices.Contains(seen, name) || !strings.Contains(string(schema), fmt.Sprintf("%q", name)) {
			t.Errorf("severity %d is called %q", severity, name)
		}
		seen = append(seen, name)
	}
}

// Nothing of a plan gets out of its text: not into the JSON around it, and not into a terminal.
func TestJSONIsClean(t *testing.T) {
	for _, value := range evil {
		r := read(t, planOf())
		r.Findings = []Finding{{Severity: Opened, Address: "aws_kms_key.k[\"" + value + "\"]",
			Text: prose.Say("lets ", prose.Span{Kind: prose.Foreign, Text: value}, " in")}}
		text, got := inJSON(t, Gate{}, r)
		if strings.ContainsFunc(text, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }) || len(got.Reviews[0].Findings) != 1 {
			t.Errorf("%q: %q", value, text)
		}
		if got := got.Reviews[0].Findings[0].Text; strings.ContainsFunc(got, func(c rune) bool { return !unicode.IsPrint(c) }) {
			t.Errorf("%q: decoded, it is %q", value, got)
		}
	}
}

package scaffold

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/spec"
)

var today = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// values is every answer to a question of which there is a choice, and one to each other.
func values(q Question) []string {
	if q.Choices == nil {
		return []string{map[string]string{"region": "eu-central-1", "domain-name": "ai-metrics-prod", "bucket": "example-terraform-state",
			"user-pool-domain": "model-metrics", "storage-account-name": "examplestates", "container": "states", "organization": "example",
			"workspace": "metrics", "address": "https://state.example.com/prod"}[q.Name]}
	}
	var names []string
	for _, choice := range q.Choices {
		names = append(names, choice.Name)
	}
	return names
}

// all is every way in which the questions can be answered.
func all() []Answers {
	done, open := []Answers{}, []Answers{{Name: "prod"}}
	for len(open) > 0 {
		a := open[0]
		open = open[1:]
		left := a.Open()
		if len(left) == 0 {
			done = append(done, a)
			continue
		}
		for _, value := range values(left[0]) {
			given := map[string]string{left[0].Name: value}
			for name, answer := range a.Given {
				given[name] = answer
			}
			open = append(open, Answers{a.Name, given})
		}
	}
	return done
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile("../spec/environment.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// validate holds a file to the schema that editors use.
func validate(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if value, err = jsonschema.UnmarshalJSON(strings.NewReader(string(encoded))); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// Whatever is answered, the file loads, says what was answered, and is what editors take; so does what its last comment offers.
func TestEveryAnswerLoads(t *testing.T) {
	compiled, every := schema(t), all()
	if want := 3 * reflect.TypeFor[spec.Backend]().NumField() * 4; len(every) != want {
		t.Errorf("%d ways to answer, want %d", len(every), want)
	}
	for _, a := range every {
		draft := a.Draft()
		draft.Schema = "../spec/environment.schema.json"
		name := a.Given["size"] + "_" + a.Given["backend"] + "_" + a.Given["sign-in"]
		text, _, err := draft.Text("environments/prod.yaml", today)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		validate(t, compiled, text)
		got, _, _ := spec.Parse("", []byte(text), today)
		if diff := cmp.Diff(draft.Environment.WithDefaults(), got); diff != "" {
			t.Errorf("%s (-meant +loaded):\n%s", name, diff)
		}
		for path := range draft.Comments {
			above, _, _ := strings.Cut(draft.Comments[path].Above+draft.Comments[path].Behind, "\n")
			if !strings.Contains(text, "# "+above) {
				t.Errorf("%s: the comment of %s is lost:\n%s", name, path, text)
			}
		}
		offered := text[:strings.Index(text, "\n# What else")+1]
		for line := range strings.SplitSeq(text[len(offered):], "\n") {
			if name, _, isKey := strings.Cut(strings.TrimPrefix(line, "# "), ":"); isKey && name == "network" {
				break // three zones want three subnets
			}
			if strings.Contains(line, ": ") || strings.HasSuffix(line, ":") {
				offered += strings.TrimPrefix(line, "# ") + "\n"
			}
		}
		if _, _, err := spec.Parse("", []byte(offered), today); err != nil {
			t.Errorf("%s, with what it offers: %v\n%s", name, err, offered)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if len(line) > 140 {
				t.Errorf("%s: a line of %d columns: %s", name, len(line), line)
			}
		}
	}
}

func TestDraftsOfAnswers(t *testing.T) {
	for name, given := range map[string]map[string]string{
		"smallest": {"region": "eu-central-1", "domain-name": "ai-metrics-dev", "size": "one-node", "backend": "local", "sign-in": "iam"},
		"largest": {"region": "us-east-1", "domain-name": "ai-metrics-prod", "size": "three-zones-and-masters", "backend": "s3",
			"bucket": "example-terraform-state", "sign-in": "password"},
		"cognito": {"region": "us-east-1", "domain-name": "ai-metrics-prod", "size": "three-zones", "backend": "gcs",
			"bucket": "example-terraform-state", "sign-in": "cognito", "user-pool-domain": "model-metrics"},
	} {
		text, _, err := Answers{"prod", given}.Draft().Text("prod.yaml", today)
		if err != nil {
			t.Error(err)
		}
		snapshot.Compare(t, filepath.Join("testdata", name+".yaml"), text)
	}
}

func TestFaultsOfAnswers(t *testing.T) {
	for _, test := range []struct{ question, answer, want string }{
		{"region", "eu-central-1", ""},
		{"region", "Frankfurt", `"Frankfurt" is not an AWS region; write one such as "eu-central-1"`},
		{"domain-name", "AI Metrics",
			`"AI Metrics" is not a domain name; use 3 to 28 lower-case letters, digits and hyphens, beginning with a letter`},
		{"size", "large", `"large" is none of one-node, three-zones, three-zones-and-masters`},
		{"backend", "s4", `"s4" is none of local, s3, gcs, azurerm, remote, cloud, http, pg, consul, cos, oss, swift`},
		{"sign-in", "oidc", `"oidc" is none of iam, cognito, password, saml`},
		{"user-pool-domain", "aws-metrics", `"aws-metrics" has "aws" in it, which AWS keeps to itself; choose another name`},
		{"user-pool-domain", "model-metrics", ""},
		{"bucket", "example-terraform-state", ""},
	} {
		given := map[string]string{"region": "eu-central-1", "backend": "s3", "sign-in": "cognito"}
		given[test.question] = test.answer
		i := slices.IndexFunc(Questions, func(q Question) bool { return q.Name == test.question })
		if got := Questions[i].Fault(Answers{"prod", given}); got != test.want {
			t.Errorf("%s %q: %q, want %q", test.question, test.answer, got, test.want)
		}
	}
}

// What the file for SAML says to add for the second deployment loads.
func TestSecondDeploymentWithSAML(t *testing.T) {
	text, _, err := Answers{"prod", map[string]string{"region": "eu-central-1", "domain-name": "ai-metrics-prod", "size": "three-zones",
		"backend": "local", "sign-in": "saml"}}.Draft().Text("prod.yaml", today)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(text, "#   saml:\n")
	added, after, _ := strings.Cut(rest, "sign_in:\n")
	if !found || strings.Count(added, "\n") != 4 {
		t.Fatalf("there is nothing to add in\n%s", text)
	}
	folder := t.TempDir()
	metadata, err := os.ReadFile("../spec/testdata/idp.xml")
	if err := errors.Join(err, os.WriteFile(filepath.Join(folder, "idp.xml"), metadata, 0o644)); err != nil {
		t.Fatal(err)
	}
	text = before + "sign_in:\n  saml:\n" + strings.ReplaceAll("\n"+added, "\n# ", "\n") + after
	environment, _, err := spec.Parse(filepath.Join(folder, "prod.yaml"), []byte(text), today)
	if err != nil || environment.SignIn.SAML == nil || environment.SignIn.FineGrainedAccessControl == nil {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestDefaultDomainName(t *testing.T) {
	for name, want := range map[string]string{"prod": "ai-metrics-prod", "Team_A": "ai-metrics-team-a", "a-team-with-a-very-long-name": ""} {
		if got := defaultDomainName(Answers{Name: name}); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestUselessAnswers(t *testing.T) {
	given := map[string]string{"backend": "local", "bucket": "b", "sign-in": "iam", "user-pool-domain": "d"}
	if got := (Answers{"prod", given}).Useless(); !slices.Equal(got, []string{"bucket", "user-pool-domain"}) {
		t.Errorf("useless: %v", got)
	}
}

// difficult is texts that YAML, or somebody's idea of it, takes for something else where they are not quoted.
var difficult = []string{
	"yes", "no", "on", "off", "y", "N", "true", "False", "null", "Null", "~", "", " ", " a", "a ", "1", "01", "0123", "0x1F", "0o7", "1_000",
	"1e3", "1.5", ".5", "-1", "+1", ".inf", ".NaN", "12:30:45", "2027-01-01", "2027-01-10T03:00:00Z", "=", "<<", "a: b", "a:", ":a", "a #b",
	"#a", "- a", "-", "?", "? a", "!a", "&a", "*a", "@a", "`a", "%a", "|", ">", "|\na", "{a}", "[a]", "{", "]", ",", "a, b", `"a"`, `'a'`, `it's`,
	`a\b`, `a\nb`, "a\nb", "a\nb\n", "\na", "a\n\n", " a\n b", "a\r\nb", "a\tb", "\ta", "a\u2028b", "a\u0085b", "\ufeffa", "ä", "日本", "😀", "---", "...",
	"--- a", "${a}", "%{if}", "\x01", "\x7f", "a\u202eb", strings.Repeat("long ", 50),
}

// Every text comes back as it was, as a value and as a key.
func TestTextsAreQuotedAsYAMLNeeds(t *testing.T) {
	for i, text := range difficult {
		if text == "\ufeffa" || strings.TrimSpace(text) == "" {
			text += "b"
		}
		tags := map[string]string{fmt.Sprintf("k%d", i): text}
		if text == strings.TrimSpace(text) && !strings.ContainsAny(text, "\n\r") && len(text) < 128 {
			tags[text] = "v"
		}
		draft := Draft{Environment: spec.Environment{Region: "eu-central-1", Domain: spec.Domain{DomainName: "ai-metrics",
			ElasticsearchVersion: "7.10", ClusterConfig: spec.ClusterConfig{InstanceType: "m6g.large.elasticsearch"}, Tags: tags}}}
		written, err := draft.yaml()
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var read struct{ Domain struct{ Tags map[string]any } }
		if err := yaml.Unmarshal([]byte(written), &read); err != nil {
			t.Errorf("%q: %v\n%s", text, err, written)
			continue
		}
		got := map[string]string{}
		for key, value := range read.Domain.Tags {
			got[key], _ = value.(string)
		}
		if diff := cmp.Diff(tags, got); diff != "" {
			t.Errorf("%q (-meant +read):\n%s\n%s", text, diff, written)
		}
	}
}

// Readers of YAML 1.1 take these for something else.
func TestOldWordsAreQuoted(t *testing.T) {
	for _, word := range []string{"yes", "no", "on", "off", "1e3", "0123", "12:30:45", "7.10"} {
		node, err := nodeOf(map[string]string{"k": word})
		if err != nil {
			t.Fatal(err)
		}
		text, err := yaml.Marshal(node)
		if want := "k: \"" + word + "\"\n"; err != nil || string(text) != want {
			t.Errorf("%q (%v), want %q", text, err, want)
		}
	}
}

func TestPath(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"prod.yaml", "Dev.yml", "note.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"staging": "", "note": "", "prod": "prod.yaml is there already", "PROD": "prod.yaml is there already", "dev": "Dev.yml is there already",
		"a b": `"a b" is no name for an environment`, "../x": "no name", "": "no name", ".x": "no name", "a.b": "no name",
	} {
		path, err := Path(folder, name)
		if want == "" && (err != nil || path != filepath.Join(folder, name+".yaml")) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %q, %v; want %q", name, path, err, want)
		}
	}
	if path, err := Path(filepath.Join(folder, "none"), "dev"); err != nil || path != filepath.Join(folder, "none", "dev.yaml") {
		t.Errorf("no folder: %q, %v", path, err)
	}
	if _, err := Path(filepath.Join(folder, "note.txt"), "dev"); err == nil || strings.Count(err.Error(), "note.txt") != 1 {
		t.Errorf("no folder but a file: %v", err)
	}
}

// Of many who create a file at once one does, and its content is whole.
func TestCreateNeverOverwrites(t *testing.T) {
	for name, create := range map[string]func(path, content string) error{"aside": Create, "in place": createInPlace} {
		path := filepath.Join(t.TempDir(), "prod.yaml")
		var wait sync.WaitGroup
		errs := make([]error, 20)
		for i := range errs {
			wait.Go(func() { errs[i] = create(path, strings.Repeat(fmt.Sprintf("%02d\n", i), 1000)) })
		}
		wait.Wait()
		done := -1
		for i, err := range errs {
			switch {
			case err == nil && done < 0:
				done = i
			case err == nil || !strings.HasSuffix(err.Error(), "prod.yaml is there already, and stays as it is; choose another name, or move the file away"):
				t.Errorf("%s: %d: %v", name, i, err)
			}
		}
		content, err := os.ReadFile(path)
		if err != nil || string(content) != strings.Repeat(fmt.Sprintf("%02d\n", done), 1000) {
			t.Errorf("%s: %d wrote, and there is %.20q (%v)", name, done, content, err)
		}
		if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
			t.Errorf("%s: left behind: %v", name, files)
		}
	}
}

func TestCreateMakesTheFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "environments", "dev.yaml")
	if err := Create(path, "a"); err != nil {
		t.Error(err)
	}
	if err := Create(filepath.Join(path, "dev.yaml"), "a"); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("below a file: %v", err)
	}
}

func TestSchemaOf(t *testing.T) {
	if got := SchemaOf("../environments"); got != "../spec/environment.schema.json" {
		t.Errorf("of this project's: %q", got)
	}
	if got := SchemaOf(t.TempDir()); got != "" {
		t.Errorf("of a folder elsewhere: %q", got)
	}
}

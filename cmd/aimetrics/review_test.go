package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

const plans = "../../review/testdata/plans/"

// result is what a run of the program gives.
type result struct {
	code     int
	out, err string
}

func aimetrics(stdin string, arguments ...string) result {
	var out, err bytes.Buffer
	code := run(context.Background(), arguments, std{strings.NewReader(stdin), &out, &err, false})
	return result{code, out.String(), err.String()}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReview(t *testing.T) {
	inPlace := read(t, plans+"in-place.json")
	for _, test := range []struct {
		name      string
		stdin     string
		arguments []string
		code      int
		out, err  string // out is contained, err is all
	}{
		{"nothing to refuse", "", []string{plans + "in-place.json"}, 0, " in-place   2 changed; 10 stay as they are\n", ""},
		{"stdin", inPlace, []string{"-"}, 0, " stdin   2 changed", ""},
		{"a name", inPlace, []string{"prod=-"}, 0, " prod   2 changed", ""},
		{"refused", "", []string{plans + "replace-vpc.json"}, 2, "replaces the Elasticsearch domain ai-metrics-prod",
			"replace-vpc: refused: replaces the Elasticsearch domain ai-metrics-prod: all its data is lost (--fail-on replace); if it is meant: --allow 'aws_elasticsearch_domain.domain'\n"},
		{"allowed", "", []string{"--allow", "aws_elasticsearch_domain.domain", plans + "replace-vpc.json"}, 0, "replaces the Elasticsearch domain", ""},
		{"allowed in vain", "", []string{"--allow", "aws_elasticsearch_domain.domian", plans + "in-place.json"}, 0, "2 changed",
			"warning: --allow \"aws_elasticsearch_domain.domian\": nothing of it would be refused\n"},
		{"drift, which no address allows", "", []string{"--fail-on", "drift", plans + "drift-only.json"}, 2, "Changed outside Terraform",
			"drift-only: refused: something was changed outside Terraform, see below (--fail-on drift)\n"},
		{"drift, and a variable that is not set", "", []string{"--fail-on", "drift", "--allow", "", plans + "drift-only.json"}, 2, "Changed outside Terraform",
			"warning: --allow \"\": nothing of it would be refused\ndrift-only: refused: something was changed outside Terraform, see below (--fail-on drift)\n"},
		{"no drift", "", []string{"--fail-on", "drift", plans + "after-create.json"}, 0, "no resource changes", ""},
		{"never", "", []string{"--fail-on", "never", plans + "errored.json"}, 0, "Terraform stopped with an error", ""},
		{"unfinished", "", []string{"--allow", "aws_elasticsearch_domain.domain", plans + "errored.json"}, 2, "Terraform stopped with an error",
			"errored: refused: Terraform stopped with an error (its own output says which; prevent_destroy is one): this is not the whole plan, and it cannot be applied\n"},
		{"kept", `{"format_version":"1.2","resource_changes":[{"address":"aws_elasticsearch_domain_saml_options.saml","mode":"managed","type":"aws_elasticsearch_domain_saml_options",` +
			`"change":{"actions":["delete"],"before":{"domain_name":"m","saml_options":[{"enabled":true}]},"after":null}}]}`, []string{"prod=-"}, 2, "people still get in by SAML",
			"prod: refused: destroys aws_elasticsearch_domain_saml_options.saml: people still get in by SAML: AWS is not told that it is off. Say enabled: false first, take it out second (--fail-on kept); " +
				"if it is meant: --allow 'aws_elasticsearch_domain_saml_options.saml'\n"},
		{"two conditions", "", []string{"--fail-on", "open,alarms", plans + "policy-open.json", plans + "in-place.json"}, 2, "anyone on the internet",
			"policy-open: refused: aws_elasticsearch_domain_policy.access now lets anyone on the internet do anything (es:*) to the whole domain (--fail-on open); if it is meant: --allow 'aws_elasticsearch_domain_policy.access'\n"},
		{"markdown to stdout", inPlace, []string{"--markdown", "-", "prod=-"}, 0, "<!-- aimetrics review prod -->\n### ✅ `prod`: 2 changed; 10 stay as they are\n", ""},

		{"JSON", inPlace, []string{"--json", "prod=-"}, 0, "{\n  \"format_version\": \"1.0\",\n  \"exit_code\": 0,\n  \"reviews\": [\n    {\n      \"stack\": \"prod\",\n", ""},
		{"JSON of what is refused", "", []string{"--json", plans + "replace-vpc.json"}, 2, "{\n  \"format_version\": \"1.0\",\n  \"exit_code\": 2,\n",
			"replace-vpc: refused: replaces the Elasticsearch domain ai-metrics-prod: all its data is lost (--fail-on replace); if it is meant: --allow 'aws_elasticsearch_domain.domain'\n"},
		{"JSON and Markdown to stdout", inPlace, []string{"--json", "--markdown", "-", "-"}, 1, "", "review: --json and --markdown - both go to stdout; give --markdown a FILE\n"},

		{"no plan", "", nil, 1, "", "review: no PLAN; name one, such as cdktf.out/stacks/prod/plan, which `terraform -chdir=cdktf.out/stacks/prod plan -out=plan` or `cdktf diff prod` makes\n"},
		{"no such plan", "", []string{"cdktf.out/stacks/prod/plan"}, 1, "", "cdktf.out/stacks/prod/plan: cannot be read (no such file or directory); `terraform -chdir=cdktf.out/stacks/prod plan -out=plan` or `cdktf diff prod` makes cdktf.out/stacks/prod/plan\n"},
		{"a folder", "", []string{plans}, 1, "", plans + ": is a folder; name the plan in it: ../../review/testdata/plans/plan\n"},
		{"no JSON", "Terraform will perform", []string{"-"}, 1, "", "stdin: is not JSON; write one with `terraform show -json PLAN`\n"},
		{"a plan file on stdin", "PK\x03\x04", []string{"-"}, 1, "", "stdin: is a plan file, which Terraform alone can read, in the folder that it was made in; name its path\n"},
		{"all errors at once", "", []string{"a.json", "b.json", plans + "in-place.json"}, 1, "",
			"a.json: cannot be read (no such file or directory); `terraform -chdir=cdktf.out/stacks/a plan -out=plan` or `cdktf diff a` makes cdktf.out/stacks/a/plan\nb.json: cannot be read (no such file or directory); `terraform -chdir=cdktf.out/stacks/b plan -out=plan` or `cdktf diff b` makes cdktf.out/stacks/b/plan\n"},
		{"a bad name", inPlace, []string{"--->=-"}, 1, "", "review: bad flag syntax: --->=-; see aimetrics review --help\n"},
		{"a hostile name", inPlace, []string{"-->=-"}, 1, "", "review: --> is no flag; see aimetrics review --help\n"},
		{"a name with markup", inPlace, []string{"a-->b=-"}, 1, "", "\"a-->b=-\": \"a-->b\" is no name of a stack; use letters, digits, dots, - and _\n"},
		{"the same name twice", "", []string{"prod=" + plans + "in-place.json", "prod=" + plans + "create.json"}, 1, "", plans + "create.json: is a second plan called prod; call it otherwise with NAME=" + plans + "create.json\n"},
		{"an unknown condition", inPlace, []string{"--fail-on", "replaced", "-"}, 1, "", "--fail-on: \"replaced\" is none of replace, kept, destroy, open, blue-green, alarms, drift, never\n"},
		{"never and another", inPlace, []string{"--fail-on", "never,open", "-"}, 1, "", "--fail-on: \"never\" goes with no other\n"},
		{"no condition", inPlace, []string{"--fail-on", "", "-"}, 1, "", "--fail-on: no condition; \"never\" refuses nothing\n"},
		{"no path", inPlace, []string{"prod="}, 1, "", "\"prod=\": no PLAN behind prod=\n"},
		{"nowhere to write", inPlace, []string{"--markdown", "no/such/folder/x.md", "-"}, 1, "", "--markdown no/such/folder/x.md: cannot be written (no such file or directory); name a file in a folder that can\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := aimetrics(test.stdin, append([]string{"review"}, test.arguments...)...)
			if got.code != test.code || got.err != test.err || !strings.Contains(got.out, test.out) || test.out == "" && got.out != "" {
				t.Errorf("exit code %d, want %d\nstderr %q\n  want %q\nstdout %q\n  want %q", got.code, test.code, got.err, test.err, got.out, test.out)
			}
		})
	}
}

func TestMarkdownFiles(t *testing.T) {
	folder := t.TempDir()
	got := aimetrics("", "review", "--fail-on", "never", "--markdown", filepath.Join(folder, "{stack}.md"), "dev="+plans+"in-place.json", "prod="+plans+"replace-vpc.json")
	if got.code != 0 || got.err != "" {
		t.Fatalf("%+v", got)
	}
	for _, stack := range []string{"dev", "prod"} {
		if text := read(t, filepath.Join(folder, stack+".md")); !strings.HasPrefix(text, "<!-- aimetrics review "+stack+" -->\n") || strings.Count(text, "<!--") != 1 {
			t.Errorf("%s.md: %s", stack, text)
		}
	}
	both := filepath.Join(folder, "both.md")
	if got := aimetrics("", "review", "--markdown", both, "dev="+plans+"in-place.json", "prod="+plans+"replace-vpc.json"); got.code != 2 {
		t.Errorf("exit code %d", got.code)
	}
	if text := read(t, both); strings.Index(text, "review prod") > strings.Index(text, "review dev") || !strings.Contains(text, "review dev") {
		t.Errorf("not the worst first: %s", text)
	}
	if files, _ := os.ReadDir(folder); len(files) != 3 {
		t.Errorf("left behind: %v", files)
	}
}

func TestHelpTellsExitCodes(t *testing.T) {
	got := aimetrics("", "review", "--help")
	for _, want := range []string{"Exit codes: 0 reviewed; 1 an error, and nothing is written; 2 refused", "replace     what holds data", "cdktf.out/stacks/prod/plan"} {
		if got.code != 0 || !strings.Contains(got.out, want) {
			t.Errorf("exit code %d, no %q in\n%s", got.code, want, got.out)
		}
	}
}

func TestUnknownCommand(t *testing.T) {
	for command, want := range map[string]string{
		"reveiw":  `"reveiw" is no command; did you mean "review"?` + "\n",
		"version": `"version" is no command; use --version` + "\n",
		"deploy":  `"deploy" is no command; there is adopt, completion, dashboards, delete, demo, ingest, init, kibana, review, setup` + "\n",
	} {
		if got := aimetrics("", command); got.code != 1 || got.err != want {
			t.Errorf("%s: %+v, want %q", command, got, want)
		}
	}
}

func TestStackOf(t *testing.T) {
	for path, want := range map[string]string{
		"cdktf.out/stacks/prod/plan": "prod", "/a/cdktf.out/stacks/team-a/plan.json": "team-a", "plans/prod.json": "prod", "/work/prod/plan": "prod", "x/tfplan": "x",
		"a b<!--.json": "a-b----", "...json": "plan", "-": "stdin",
	} {
		if got := stackOf(path); got != want {
			t.Errorf("stackOf(%q) is %q, want %q", path, got, want)
		}
	}
}

// A plan file is Terraform's to read, in the file's own folder. Here a script stands for Terraform; TestRealPlanFile has the real one.
func TestPlanFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script stands for Terraform")
	}
	json, err := filepath.Abs(plans + "in-place.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, script string
		code         int
		out, err     string
	}{
		{"read", `[ "$*" = "show -json -no-color plan" ] && [ -f plan ] && cat ` + json, 0, " prod   2 changed", ""},
		{"complaint", "printf '\\n│ Error: Failed to load plugin schemas\\n│ \\n│ run terraform \\033[1minit\\n' >&2; exit 1", 1, "", `sh show -json: Failed to load plugin schemas run terraform \u{1b}[1minit; it reads a plan file where it was made, after init`},
		{"killed", "kill -9 $$", 1, "", "sh show -json: signal: killed; it reads a plan file where it was made, after init"},
		{"cut off", "head -c 1000 " + json + "; exit 1", 1, "", "sh show -json: exit status 1; it reads a plan file where it was made, after init"},
		{"not JSON", "echo hello", 1, "", "is not JSON; write one with `terraform show -json PLAN`"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "stacks", "prod")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			program, plan := filepath.Join(t.TempDir(), "sh"), filepath.Join(folder, "plan")
			for path, text := range map[string]string{program: "#!/bin/sh\n" + test.script, plan: "PK\x03\x04"} {
				if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("TERRAFORM_BINARY_NAME", program)
			got := aimetrics("", "review", plan)
			want := test.err
			if want != "" {
				want = plan + ": " + want + "\n"
			}
			if err := strings.ReplaceAll(got.err, filepath.Dir(program)+"/", ""); got.code != test.code || err != want || !strings.Contains(got.out, test.out) {
				t.Errorf("exit code %d, want %d\nstderr %q\n  want %q\nstdout %q", got.code, test.code, err, want, got.out)
			}
		})
	}
	t.Run("no Terraform", func(t *testing.T) {
		plan := filepath.Join(t.TempDir(), "plan")
		if err := os.WriteFile(plan, []byte("PK\x03\x04"), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Setenv("TERRAFORM_BINARY_NAME", "no-such-terraform")
		if got, want := aimetrics("", "review", plan), plan+": no-such-terraform, which must read this plan file, cannot be started (executable file not found in $PATH); install Terraform or set TERRAFORM_BINARY_NAME\n"; got.code != 1 || got.err != want {
			t.Errorf("%d %q, want %q", got.code, got.err, want)
		}
	})
}

// A plan file has the configuration in it that it was made of. Where the stack's says something else by now, the review is of what is no
// longer meant.
func TestPlanThatIsOlderThanItsStack(t *testing.T) {
	const now = `{"output":{"x":{"value":2}}}`
	for _, test := range []struct {
		name    string
		planned map[string]string // what the plan file keeps
		beside  string            // cdk.tf.json; "": there is none
		warns   bool
	}{
		{"the same", map[string]string{"tfconfig/m-/cdk.tf.json": now}, now, false},
		{"another", map[string]string{"tfconfig/m-/cdk.tf.json": strings.ReplaceAll(now, "2", "1")}, now, true},
		{"a longer one", map[string]string{"tfconfig/m-/cdk.tf.json": now + "\n"}, now, true},
		{"a module's", map[string]string{"tfconfig/m-domain/cdk.tf.json": "{}"}, now, false},
		{"none in the plan", map[string]string{"tfplan": ""}, now, false},
		{"none beside it", map[string]string{"tfconfig/m-/cdk.tf.json": now}, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder, program := t.TempDir(), filepath.Join(t.TempDir(), "terraform")
			var archive bytes.Buffer
			writer := zip.NewWriter(&archive)
			for name, text := range test.planned {
				file, err := writer.Create(name)
				if _, writeErr := io.WriteString(file, text); errors.Join(err, writeErr) != nil {
					t.Fatal(err, writeErr)
				}
			}
			if err := writer.Close(); err != nil {
				t.Fatal(err)
			}
			inPlace, err := filepath.Abs(plans + "in-place.json")
			if err != nil {
				t.Fatal(err)
			}
			plan := filepath.Join(folder, "plan")
			for path, text := range map[string]string{program: "#!/bin/sh\ncat " + inPlace, plan: archive.String(),
				filepath.Join(folder, "cdk.tf.json"): test.beside} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("TERRAFORM_BINARY_NAME", program)
			want := ""
			if test.warns {
				want = "warning: " + plan + ": is older than its stack, for cdk.tf.json beside it says something else by now; plan and review anew\n"
			}
			if got := aimetrics("", "review", plan); got.code != 0 || got.err != want || got.out == "" {
				t.Errorf("%+v, want %q", got, want)
			}
		})
	}
}

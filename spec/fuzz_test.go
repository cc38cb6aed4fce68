package spec

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse: whatever the bytes, an environment that passes Check, or errors that can be read; never a panic.
func FuzzParse(f *testing.F) {
	shipped, err := filepath.Glob("../environments/*.yaml")
	if err != nil || len(shipped) == 0 {
		f.Fatalf("want the shipped environments, got %v, %v", shipped, err)
	}
	for _, path := range shipped {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	if flag.Lookup("test.fuzz").Value.String() != "" { // else TestEachFaultGivesItsOneError reads them, and knows every word
		for _, fault := range faults {
			f.Add([]byte(fault.content()))
		}
	}
	for _, nasty := range []string{
		governed, pooled, minimal + "logs: {}\nalarms: {}\n", minimal + "logs: &x {}\nalarms: *x\n", minimal +
			"sign_in: {saml: {entity_id: \"\", metadata_file: .}}\n",
		edit(governed, "testdata/idp.xml", `"testdata/idp.xml\0"`), edit(governed, "metadata_file: testdata/idp.xml",
			`metadata_content: "<EntityDescriptor"`),
		"", "---", "...", "!!null {}", "%YAML 1.2\n---\n", "&a", "*a", "&a [*a]", "{}", "[]", "? {a: b}\n: c", "? ? ?", "- - -", "<<: *a",
		"region: !!binary aGVsbG8=", "region: !!float 1", "region: .nan", "region: 1e999", "domain: {<<: {a: b}}", "\"\": x", "default_tags: {\"\": x}",
		"access: {administrators: [[[]]]}", "domain: {tags: {a.b: c, \"a\\nb\": d}}", "region: \"\\u2028\\0\"", "region: |+\n\n\n", "\xef\xbb\xbfregion: x",
		edit(private, "volume_type: gp3", "volume_type: \"a\\nb\"\n    throughput: 250"), edit(private, "project: ai-metrics",
			`project: !vault "a\nb"`),
		minimal + "---\n", minimal + "...\n#", minimal + "default_tags: &t {a: b}\naccess: *t\n",
	} {
		f.Add([]byte(nasty))
	}

	f.Fuzz(func(t *testing.T, content []byte) {
		environment, warnings, err := Parse("fuzz.yaml", content, today)
		if err == nil {
			if err := environment.Check(); err != nil {
				t.Errorf("want what was parsed to pass Check, got:\n%v", err)
			}
		} else if len(problemsOf(t, err)) == 0 {
			t.Errorf("want at least one problem in an error, got none")
		}
		for _, problem := range append(problemsOf(t, err), warnings...) {
			wholeFile := problem.Path == "" && (strings.HasPrefix(problem.Text, "is no text") ||
				strings.HasPrefix(problem.Text, "is empty"))
			if problem.Text == "" || strings.ContainsAny(problem.Text, "\r\n") ||
				(!wholeFile && (problem.Position.Line < 1 || problem.Position.Column < 1)) {
				t.Errorf("want a text of one line, with a place in the file, got %q", problem.Error())
			}
		}
	})
}

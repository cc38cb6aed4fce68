package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	markup "github.com/yuin/goldmark/renderer/html"

	"cdktf-aimetrics/review/prose"
)

// evil is what a tag or a name may hold. Each has the word evil outside every code span if it gets out of its own.
var evil = []string{
	"evil", "`evil`", "``evil``", "`", "```", "\\`evil", "` evil", "evil `", strings.Repeat("`", 200) + "evil", "` | evil |", "a|evil|b", `\|evil`, `\\|evil`,
	"evil\n\n# evil", "evil\r\n- evil", "\n```\nevil", "</code>evil<script>alert(1)</script>", "<img src=x onerror=evil>", "<!-- evil", "--> evil", "<!-- aimetrics review evil -->",
	"[evil](javascript:alert(1))", "![evil](http://evil.example/x.png)", "<http://evil.example>", "http://evil.example", "@evil", "#1 evil", "**evil**", "_evil_", "&lt;evil&gt;",
	"\x1b[31mevil\x1b[0m", "\x1b]8;;http://evil.example\x07evil\x1b]8;;\x07", "\u009b31mevil", "evil\x07\x08\x00", "\u202eevil\u202c", "\u2066evil\u2069", "ev\u200bil", "\ufeffevil", "evil\u2028evil",
	"\U000e0065evil", "evil\xff\xfe", "  ", "", strings.Repeat("evil ", 2_000), "arn:aws:iam::111122223333:evil/evil", "arn:aws:iam::111122223333:role/<b>evil",
}

var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(markup.WithUnsafe()))

func toHTML(t testing.TB, markdown string) string {
	t.Helper()
	var b bytes.Buffer
	if err := gfm.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var code = regexp.MustCompile(`(?s)<code>.*?</code>`)

// checkSafe sees that a review shows what is not ours as code alone.
func checkSafe(t testing.TB, r *Review) {
	t.Helper()
	gate := Gate{refuses: Conditions}
	markdown := markdown(gate, MarkdownLimit, r)
	if len(markdown) > MarkdownLimit {
		t.Errorf("%d bytes of Markdown", len(markdown))
	}
	shown := toHTML(t, markdown)
	ours := strings.ToLower(code.ReplaceAllString(shown, ""))
	if i := strings.Index(ours, "evil"); i >= 0 {
		t.Errorf("outside code: %q", ours[max(0, i-100):min(len(ours), i+100)])
	}
	if strings.Contains(markdown, strings.Repeat("`", 11)) { // GitHub's parser knows runs of 80 at most, goldmark any
		t.Errorf("a long run of backticks in\n%s", markdown)
	}
	for _, tag := range []string{"<img", "<script", "<pre"} {
		if i := strings.Index(shown, tag); i >= 0 {
			t.Errorf("%q", shown[max(0, i-100):min(len(shown), i+100)])
		}
	}
	// A workflow finds its comment by the marker: no value may hold another.
	if got := strings.Count(markdown, "<!--"); got != 1 {
		t.Errorf("%d comments in\n%s", got, markdown)
	}
	var terminal bytes.Buffer
	if err := Write(&terminal, Terminal{false}, []*Review{r}, gate); err != nil {
		t.Fatal(err)
	}
	for _, refusal := range gate.Refuses(r) {
		terminal.WriteString(refusal.String())
	}
	for name, text := range map[string]string{"Markdown": markdown, "terminal": terminal.String()} {
		if !utf8.ValidString(text) {
			t.Errorf("%s is not UTF-8", name)
		}
		for _, r := range text {
			if r != '\n' && r != '\ufe0f' && !unicode.IsPrint(r) { // U+FE0F makes a sign coloured
				t.Errorf("%s has %U", name, r)
				break
			}
		}
	}
}

// TestHostileValues takes each evil value with one of the seven plans: TestEveryHostileValue, with the tag integration, takes each with
// each.
func TestHostileValues(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	keepHostile(t, 7)
}

// keepHostile turns every value, key, address and name of recorded plans evil, and holds that what is written stays safe. It looks at one
// of so many pairs of a plan and a value.
func keepHostile(t *testing.T, oneOf int) {
	count := 0
	for _, name := range []string{"create", "destroy", "replace-fine-grained", "alarm-removed", "drift-only", "moved-imported-forgotten", "checks"} {
		for i, bad := range evil {
			if count++; count%oneOf != 0 {
				continue
			}
			plan := load(t, name)
			for _, list := range []string{"resource_changes", "resource_drift", "checks"} {
				entries, _ := plan[list].([]any)
				for _, entry := range entries {
					leaves(nil, entry, nil, func(path []any, value any, set func(any)) {
						if _, isText := value.(string); isText && !structural(path) {
							set(bad)
						}
					})
				}
			}
			plan["output_changes"] = object{bad: object{"actions": updating, "before": bad, "after": object{bad: bad}}}
			r, err := Read("test", bytes.NewReader(encode(t, plan)))
			if err != nil {
				t.Fatalf("%s, %d: %v", name, i, err)
			}
			checkSafe(t, r)
			if t.Failed() {
				t.Fatalf("%s with %.60q", name, bad)
			}
		}
	}
}

// structural reports whether a string makes the plan what it is.
func structural(path []any) bool {
	for _, step := range path {
		switch step {
		case "actions", "type", "mode", "action_reason", "replace_paths", "status":
			return true
		}
	}
	return false
}

// Policies, tags and dimensions whose keys and values are evil.
func TestHostileKeys(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	for _, bad := range evil {
		text, _ := json.Marshal(bad)
		statement := fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":%s,%[1]s:%[1]s},"Action":[%[1]s,"es:ESHttp%s"],"Resource":%[1]s,"Condition":{%[1]s:{%[1]s:%[1]s}}}`, text, strings.Trim(string(text), `"`))
		plan := planOf(
			change("aws_elasticsearch_domain_policy."+bad, updating, object{"access_policies": policyOf(), "domain_name": bad}, object{"access_policies": policyOf(statement), "domain_name": bad}),
			change("aws_thing."+bad, updating, object{"tags": object{}}, object{"tags": object{bad: bad}}),
			change("aws_elasticsearch_domain."+bad, updating, object{"advanced_options": object{}, "domain_name": bad}, object{"advanced_options": object{bad: bad}, "domain_name": bad}),
			change("aws_cloudwatch_metric_alarm."+bad, destroying, object{"metric_name": bad, "dimensions": object{bad: bad}, "threshold": bad}, nil),
		)
		r := read(t, plan)
		checkSafe(t, r)
		if t.Failed() {
			t.Fatalf("with %.60q", bad)
		}
	}
}

// A code span shows just what was put in.
func TestCodeSpan(t *testing.T) {
	for _, s := range evil {
		if len(s) > 1000 {
			continue
		}
		for _, inTable := range []bool{false, true} {
			markdown := "a " + codeSpan(s, inTable) + " b"
			if inTable {
				markdown = "| x |\n| --- |\n| " + markdown + " |\n"
			}
			spans := code.FindAllString(toHTML(t, markdown), -1)
			if len(spans) != 1 {
				t.Fatalf("%q: %d code spans in %s", s, len(spans), toHTML(t, markdown))
			}
			got := html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(spans[0], "<code>"), "</code>"))
			want := prose.Clean(s)
			if strings.TrimSpace(want) == "" {
				want = fmt.Sprintf("%q", want)
			}
			if spelled := strings.NewReplacer(`\u{60}`, "`", `\u{7c}`, "|", `\u{3c}`, "<").Replace(got); strings.TrimSpace(spelled) != strings.TrimSpace(want) {
				t.Errorf("%q is shown as %q", want, got)
			}
		}
	}
}

// TestHostileSizes takes a tenth of the sizes of TestHugeHostileSizes, which has the tag integration.
func TestHostileSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	endureSizes(t, 5_000)
}

// endureSizes holds that what is made to take long does not: with 50,000 parts, each of these takes minutes if all is compared with all.
func endureSizes(t *testing.T, parts int) {
	t.Helper()
	many := func(n int, of func(i int) any) []any {
		all := make([]any, n)
		for i := range all {
			all[i] = of(i)
		}
		return all
	}
	blocks := func(x string) []any {
		return many(parts, func(i int) any { return object{"name": fmt.Sprint(x, i), "n": i} })
	}
	statements := func(x string, n int) string {
		return policyOf(strings.Repeat(`{"Effect":"Allow","Action":"`+x+`"},`, n-1) + statementWith())
	}
	deep := any("x")
	for range parts / 10 {
		deep = object{"a": deep}
	}
	for name, plan := range map[string]object{
		"blocks":        planOf(change("aws_thing.x", updating, object{"b": blocks("a")}, object{"b": blocks("b")})),
		"a long policy": planOf(change("aws_elasticsearch_domain_policy.x", updating, object{"access_policies": statements("a", parts)}, object{"access_policies": statements("b", parts)})),
		"many statements": planOf(change("aws_elasticsearch_domain_policy.x", updating, object{"access_policies": policyOf()}, object{"access_policies": "{\"Statement\":" + string(encode(t, many(parts*3/50, func(i int) any {
			return object{"Effect": "Deny", "Action": fmt.Sprint(i)}
		}))) + "}"})),
		"deep":          planOf(change("aws_thing.x", updating, object{"b": deep}, object{"b": "x"})),
		"replace_paths": planOf(object{"address": "a.b", "mode": "managed", "type": "a", "change": object{"actions": recreating, "before": object{"b": blocks("a")}, "after": object{"b": "c"}, "replace_paths": many(parts, func(i int) any { return []any{fmt.Sprint("p", i)} })}}),
		"arguments":     planOf(change("aws_elasticsearch_domain.x", updating, object{}, object{"advanced_options": object{"many": many(parts, func(i int) any { return i })}})),
	} {
		text := encode(t, plan)
		start := time.Now()
		written(text)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}

func FuzzRead(f *testing.F) {
	if testing.Short() {
		f.Skip("takes long, and has no table to itself")
	}
	files, _ := filepath.Glob("testdata/plans/*.json")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 40_000 {
			f.Add(text)
		}
	}
	for _, bad := range evil[:10] {
		f.Add(encode(f, planOf(change("aws_elasticsearch_domain.x", recreating, object{"domain_name": bad}, object{"tags": object{bad: bad}}))))
	}
	f.Fuzz(func(t *testing.T, plan []byte) {
		r, err := Read("test", bytes.NewReader(plan))
		if err != nil {
			if text := err.Error(); strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("error %q", text)
			}
			return
		}
		if strings.Contains(string(plan), "evil") {
			checkSafe(t, r)
		}
		if got := markdown(Gate{refuses: Conditions}, MarkdownLimit, r); len(got) > MarkdownLimit || !utf8.ValidString(got) {
			t.Errorf("%d bytes of Markdown, valid %v", len(got), utf8.ValidString(got))
		}
		if err := Write(io.Discard, Terminal{true}, []*Review{r}, Gate{refuses: Conditions}); err != nil {
			t.Error(err)
		}
	})
}

func FuzzPolicy(f *testing.F) {
	if testing.Short() {
		f.Skip("takes long, and has no table to itself")
	}
	for _, name := range []string{"people", "policy-open"} {
		leaves(nil, load(f, name)["resource_changes"], nil, func(path []any, value any, _ func(any)) {
			if s, ok := value.(string); ok && strings.Contains(s, `"Statement"`) {
				f.Add(s, policyOf())
			}
		})
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		plan := planOf(change("aws_elasticsearch_domain_policy.x", updating, object{"access_policies": before}, object{"access_policies": after}))
		r := read(t, plan)
		markdown(Gate{}, MarkdownLimit, r)
		same := planOf(change("aws_elasticsearch_domain_policy.x", updating, object{"access_policies": before}, object{"access_policies": before}))
		if r, _ := Read("test", bytes.NewReader(encode(t, same))); len(r.Findings) > 0 && utf8.ValidString(before) {
			t.Errorf("a policy that stays: %v", r.Findings)
		}
	})
}

package prose

import (
	"strings"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

func TestSay(t *testing.T) {
	text := Say("ours ", Strong("loud"), " ", Value("a\nb"), Say(", ", Link("https://example.com")), 7)
	if got, want := text.Plain(), `ours loud a\nb, https://example.com7`; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	want := Text{{Words, "ours "}, {Emphasis, "loud"}, {Words, " "}, {Foreign, `a\nb`}, {Words, ", "}, {Address, "https://example.com"}, {Foreign, "7"}}
	if len(text) != len(want) {
		t.Fatalf("want %v, got %v", want, text)
	}
	for i := range want {
		if text[i] != want[i] {
			t.Errorf("span %d: want %v, got %v", i, want[i], text[i])
		}
	}
}

func TestList(t *testing.T) {
	for want, texts := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}, "a, b and 2 more": {"a", "b", "c", "d"}} {
		if got := List(Values(texts), "and", 3).Plain(); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestDistinct(t *testing.T) {
	texts := Values([]string{"a", "b", "a", "c"})
	if got := List(Distinct(texts), "and", 9).Plain(); got != "a, b and c" {
		t.Errorf("distinct: %q", got)
	}
}

func TestClean(t *testing.T) {
	for given, want := range map[string]string{
		"as it is, ä": "as it is, ä", "a\nb\tc\rd": `a\nb\tc\rd`, "\x1b[31m": `\u{1b}[31m`, "\u202e": `\u{202e}`, "\xff": `\xff`, "\uFFFD": "\uFFFD", "\u200b": `\u{200b}`,
	} {
		if got := Clean(given); got != want {
			t.Errorf("%q: want %q, got %q", given, want, got)
		}
	}
}

func TestShortened(t *testing.T) {
	exact := strings.Repeat("ä", Longest)
	if got := Shortened(exact); got != exact {
		t.Errorf("%d characters are cut to %q", Longest, got)
	}
	if got, want := Shortened(exact+"b"), exact+"… (161 characters)"; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	if got, want := Quoted("a\n"+exact), `"a\n`+strings.Repeat("ä", Longest-3)+`… (163 characters)"`; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
}

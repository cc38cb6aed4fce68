package review

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// However long a review is, it fits a comment, begins with the worst and tells what is missing.
func TestCut(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	var changes []object
	for i := range 2000 {
		changes = append(changes, change(fmt.Sprintf("aws_thing.x%d", i), updating, object{"ä": "old"}, object{"ä": fmt.Sprint(i, strings.Repeat("ü", 100))}))
	}
	changes = append(changes, change("aws_elasticsearch_domain.d", recreating, object{"domain_name": "metrics"}, object{"domain_name": "other"}))
	r, err := Read("prod", bytes.NewReader(encode(t, planOf(changes...))))
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{MarkdownLimit, 10_000, 2_000} {
		got := markdown(Gate{}, limit, r)
		if len(got) > limit || len(got) < limit*8/10 {
			t.Errorf("limit %d: %d bytes", limit, len(got))
		}
		if want := Marker("prod") + "\n### 🛑 `prod`: **replaces** the Elasticsearch domain `metrics`: all its data is lost\n"; !strings.HasPrefix(got, want) {
			t.Errorf("limit %d: begins with %q", limit, got[:len(want)])
		}
		shown := strings.Count(got, "\n- changes")
		if want := fmt.Sprintf("_%d more lines are left out", 2000-shown); !strings.Contains(got, want) {
			t.Errorf("limit %d: no %q, ends with %q", limit, want, got[len(got)-200:])
		}
	}
	// Several share the room; the small ones leave theirs to the large.
	small, err := Read("dev", bytes.NewReader(encode(t, planOf())))
	if err != nil {
		t.Fatal(err)
	}
	changes = nil
	for i := range 1500 { // whose lines are short, so that they fill it to the end
		changes = append(changes, change(fmt.Sprintf("aws_thing.x%d", i), updating, object{"a": "old"}, object{"a": fmt.Sprint(i)}))
	}
	short, err := Read("staging", bytes.NewReader(encode(t, planOf(changes...))))
	if err != nil {
		t.Fatal(err)
	}
	if got := markdown(Gate{}, MarkdownLimit, short, short); len(got) > MarkdownLimit || strings.Count(got, "<!--") != 2 {
		t.Errorf("of two large ones: %d bytes with %d markers", len(got), strings.Count(got, "<!--"))
	}
	got := markdown(Gate{}, MarkdownLimit, small, r, small)
	if len(got) > MarkdownLimit || strings.Count(got, "<!--") != 3 {
		t.Errorf("%d bytes with %d markers", len(got), strings.Count(got, "<!--"))
	}
}

// Of very many plans the heads alone do not fit.
func TestManyPlansAreCut(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	reviews := []*Review{recorded(t, "no-change")}
	for range 399 {
		reviews = append(reviews, recorded(t, "small-destroy"))
	}
	markdown := markdown(Gate{}, MarkdownLimit, reviews...)
	shown := strings.Count(markdown, "\n### ")
	if want := fmt.Sprintf("_%d more plans are left out", 400-shown); len(markdown) > MarkdownLimit || shown < 100 || !strings.Contains(markdown, want) || strings.Contains(markdown, "no-change") {
		t.Errorf("%d bytes with %d plans, no %q at its end: %s", len(markdown), shown, want, markdown[len(markdown)-200:])
	}
}

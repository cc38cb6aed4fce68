package spec

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// A fault is told once, and hides no other: each key of each base is misspelt, each value broken, and every fault comes with every other
// that has nothing to do with it.

// places is every key and every value of a file that is no entry of a map, by its path, where it stands in the text.
type place struct {
	path       string
	key, value *yaml.Node // value is nil in the place of a key
	kind       reflect.Type
}

func nodesOf(t testing.TB, content string) []place {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(content), &document); err != nil {
		t.Fatal(err)
	}
	var places []place
	var walk func(node *yaml.Node, path string, kind reflect.Type)
	walk = func(node *yaml.Node, path string, kind reflect.Type) {
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch {
		case kind.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
			for i := 0; i < len(node.Content); i += 2 {
				key, value := node.Content[i], node.Content[i+1]
				field, known := findField(fieldsOf(kind), key.Value)
				if !known {
					continue // a former name
				}
				keyPath := join(path, key.Value)
				places = append(places, place{keyPath, key, value, kind.Field(field.index).Type})
				walk(value, keyPath, kind.Field(field.index).Type)
			}
		case kind.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
			for i, element := range node.Content {
				walk(element, path+"["+string(rune('0'+i))+"]", kind.Elem())
			}
		}
	}
	walk(document.Content[0], "", reflect.TypeFor[Environment]())
	return places
}

// replaceAt replaces what stands at a node, which is on one line.
func replaceAt(content string, node *yaml.Node, old, replacement string) string {
	lines := strings.SplitAfter(content, "\n")
	line := lines[node.Line-1]
	lines[node.Line-1] = line[:node.Column-1] + strings.Replace(line[node.Column-1:], old, replacement, 1)
	return strings.Join(lines, "")
}

var bases = map[string]string{"minimal": minimal, "private": private, "fineGrained": fineGrained, "oldest": oldest, "burstable": burstable,
	"governed": governed, "pooled": pooled}

func TestEachKeyMisspelt(t *testing.T) {
	for name, base := range bases {
		for _, place := range nodesOf(t, base) {
			content := replaceAt(base, place.key, place.key.Value, place.key.Value+"q")
			wantOne(t, name, place.path+"q", content)
		}
	}
}

func TestEachValueBroken(t *testing.T) {
	for name, base := range bases {
		for _, place := range nodesOf(t, base) {
			if place.value.Kind != yaml.ScalarNode {
				continue
			}
			for _, broken := range []string{"{broken: value}", "[broken]", `"` + strings.Repeat("!", 2000) + `"`, "-1", "broken"} {
				old := place.value.Value
				if place.value.Style&yaml.DoubleQuotedStyle != 0 {
					old = `"` + old + `"`
				}
				content := replaceAt(base, place.value, old, broken)
				_, _, err := Parse("faulty.yaml", []byte(content), today)
				problems := problemsOf(t, err)
				if !slices.ContainsFunc(problems, func(problem Problem) bool { return problem.Path == place.path }) &&
					!strings.ContainsAny(broken[:1], "{[") {
					continue // by itself it may be that
				}
				if len(problems) != 1 || problems[0].Path != place.path {
					t.Errorf("%s: want one error at %s from %.20s, got\n%v", name, place.path, broken, err)
				}
			}
		}
	}
}

func wantOne(t *testing.T, name, path, content string) {
	t.Helper()
	_, _, err := Parse("faulty.yaml", []byte(content), today)
	problems := problemsOf(t, err)
	if len(problems) != 1 || problems[0].Path != path {
		t.Errorf("%s: want one error at %s, got\n%v", name, path, err)
	}
}

// eachPair calls each for one of so many pairs of faults of one base that can both be in one file, the one edit beside the other; and for
// each fault that can be in any, at least once.
func eachPair(oneOf int, each func(one, other fault, content string)) {
	count, paired := 0, map[string]bool{}
	for i, one := range faults {
		for _, other := range faults[i+1:] {
			if one.base != other.base {
				continue
			}
			if count++; count%oneOf != 0 && paired[one.name] && paired[other.name] || !separate(one, other) {
				continue
			}
			paired[one.name], paired[other.name] = true, true
			each(one, other, edit(edit(one.base, one.old, one.new), other.old, other.new))
		}
	}
}

// separate reports whether two edits are of different places.
func separate(one, other fault) bool {
	if one.old == "" && other.old == "" {
		return false // both begin a section, and it may be the same
	}
	after := edit(one.base, one.old, one.new)
	if other.old != "" && strings.Count(after, other.old) != 1 || one.old != "" && strings.Count(edit(one.base, other.old, other.new), one.old) != 1 {
		return false
	}
	both := edit(after, other.old, other.new)
	return both == edit(edit(one.base, other.old, other.new), one.old, one.new)
}

// said is the lines of an error without the places, in order.
func said(text string) []string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		lines = append(lines, position.ReplaceAllString(line, ""))
	}
	slices.Sort(lines)
	return lines
}

var position = regexp.MustCompile(`^(faulty\.yaml:)?(\d+:\d+: )?|, first in line \d+`)

// related is pairs of paths, in testdata/related.txt: what is found at the first hangs on what the second says, so that it waits, or has
// other words, while that is faulty. Where one path lies in the other, they are related as well.
func related(t testing.TB) map[[2]string]bool {
	t.Helper()
	content, err := os.ReadFile("testdata/related.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[[2]string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		if !strings.HasPrefix(line, "#") {
			one, other, _ := strings.Cut(line, " ")
			all[[2]string{one, other}] = true
		}
	}
	return all
}

// TestNoFaultHidesAnother takes a sample of all pairs: TestNoFaultHidesAnyOther, with the tag integration, takes them all.
func TestNoFaultHidesAnother(t *testing.T) {
	holdPairs(t, 151)
}

// holdPairs holds one of so many pairs of faults to be told both, and nothing else.
func holdPairs(t *testing.T, oneOf int) {
	hangs, needed := related(t), map[[2]string]bool{}
	eachPair(oneOf, func(one, other fault, content string) {
		_, _, err := Parse("faulty.yaml", []byte(content), today)
		got := said(fmt.Sprint(err))
		want := slices.Sorted(slices.Values(slices.Concat(said(one.want), said(other.want))))
		if slices.Equal(got, want) || strings.Contains(got[0], "is no YAML") {
			return
		}
		pair := [2]string{pathOf(one), pathOf(other)}
		turned := [2]string{pair[1], pair[0]}
		needed[pair], needed[turned] = true, true
		if !within(pair[0], pair[1]) && !within(pair[1], pair[0]) && !hangs[pair] && !hangs[turned] {
			t.Errorf("%s, and %s (%s):\n%s", one.name, other.name, strings.Join(pair[:], " "), cmp.Diff(want, got))
		}
	})
	for pair := range hangs {
		if oneOf == 1 && !needed[pair] {
			t.Errorf("want no line %q in testdata/related.txt: the two are told side by side", strings.Join(pair[:], " "))
		}
	}
}

// pathOf is the key of a fault's error.
func pathOf(fault fault) string {
	path, _, _ := strings.Cut(position.ReplaceAllString(fault.want, ""), ": ")
	return path
}

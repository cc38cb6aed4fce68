package plan

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cdktf-aimetrics/internal/credential"
	"cdktf-aimetrics/review/prose"
)

// Argument is one change of a resource: a single value, at the deepest place where before and after part.
type Argument struct {
	Path          string // as a reader would write it: ebs_options.volume_size, tags["team"]
	Before, After Value
	From, To      prose.Text
}

// Top is the argument of the resource that it is or lies below.
func (a Argument) Top() string {
	if end := strings.IndexAny(a.Path, ".["); end >= 0 {
		return a.Path[:end]
	}
	return a.Path
}

// Concerns reports whether it is the argument, or a block, at a path, or lies below it. All lie below "".
func (a Argument) Concerns(path string) bool { return concerns(path, a.Path) }

// concerns reports whether path is argument or lies below it.
func concerns(argument, path string) bool {
	rest, ok := strings.CutPrefix(path, argument)
	return ok && (argument == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Same reports whether two values are the same, as far as is known.
func Same(before, after Value) bool { return len(compare("", before, after)) == 0 }

// Arguments is what differs between two resources, or one before and after; see [Change.Arguments].
func Arguments(before, after Value) []Argument {
	shown, other := "tags_all", "tags"
	if all := after.Child("tags_all"); all.HoldsUnknown() || all.IsEmpty() && before.Child("tags_all").IsEmpty() {
		shown, other = other, shown
	}
	var all []Argument
	same := Same(before.Child("tags"), after.Child("tags"))
	for _, a := range compare("", before, after) {
		switch a.Top() {
		case other:
			if same && a.After.IsUnknown() { // some of the provider's defaults, in tags_all alone
				a.Path = "tags"
				all = append(all, a)
			}
			continue
		case shown:
			a.Path = "tags" + strings.TrimPrefix(a.Path, shown)
		}
		all = append(all, a)
	}
	return all
}

// compare returns what differs between before and after, in the order of the names.
func compare(path string, before, after Value) []Argument {
	differ := func(from, to prose.Text) []Argument {
		return []Argument{{Path: path, Before: before, After: after, From: from, To: to}}
	}
	switch {
	case before.IsSensitive() || after.IsSensitive():
		if after.HoldsUnknown() {
			return differ(before.Show(), prose.Say("(sensitive), known after apply"))
		}
		if before.IsEmpty() && after.IsEmpty() || reflect.DeepEqual(before.value, after.value) {
			return nil
		}
		return differ(hiddenOr(before), hiddenOr(after))
	case after.IsUnknown():
		return differ(before.Show(), afterApply)
	case before.IsEmpty() && after.IsEmpty() && !after.HoldsUnknown():
		return nil
	}
	if has[map[string]any](before, after) {
		return compareObjects(path, before, after)
	}
	if has[[]any](before, after) {
		return compareLists(path, before, after)
	}
	if reflect.DeepEqual(before.value, after.value) && !after.HoldsUnknown() {
		return nil
	}
	long := func(text string) bool { return len(text) > prose.Longest && !credential.MayHold(text) }
	if old, new := before.Text(), after.Text(); long(old) && long(new) {
		start := sharedStart(old, new)
		return differ(ending(old, start), ending(new, start))
	}
	return differ(before.Show(), after.Show())
}

// sharedStart is how much of two long texts need not be shown, since both begin with it; some of it stays, to know the place.
func sharedStart(a, b string) int {
	const stays = 40
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	i = max(i-stays, 0)
	for i > 0 && !utf8.RuneStart(a[i]) {
		i--
	}
	return i
}

// ending is a text from start on.
func ending(text string, start int) prose.Text {
	if start > 0 {
		text = "…" + text[start:]
	}
	return prose.Say(prose.Value(text))
}

// has reports whether before or after is a T (an object, a list) and the other is too, or is not there. What is known only
// after apply is in the marks alone.
func has[T any](before, after Value) bool {
	_, found := after.unknown.(T)
	for _, tree := range []any{before.value, after.value} {
		_, is := tree.(T)
		if !is && tree != nil {
			return false
		}
		found = found || is
	}
	return found
}

func compareObjects(path string, before, after Value) []Argument {
	keys := map[string]bool{}
	for _, tree := range []any{before.value, after.value, after.unknown} {
		if object, ok := tree.(map[string]any); ok {
			for key := range object {
				keys[key] = true
			}
		}
	}
	var all []Argument
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		all = append(all, compare(join(path, key), before.Child(key), after.Child(key))...)
	}
	return all
}

// join writes a key behind a path: with a dot if it is a name, else in brackets and quotes.
func join(path, key string) string {
	switch {
	case !identifier.MatchString(key):
		return fmt.Sprintf("%s[%q]", path, key)
	case path == "":
		return key
	}
	return path + "." + key
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// compareLists compares lists and sets, which look the same in a plan. What is on both sides, in whatever order, is no
// change; of what is left, blocks are paired by their name or else in order, plain values are shown together.
func compareLists(path string, before, after Value) []Argument {
	olds, news := before.Items(), after.Items()
	if len(olds) <= 1 && len(news) <= 1 && !byKindOfLog(olds, news) { // a block that there can be one of, mostly
		old, new := Value{}, Value{}
		if len(olds) == 1 {
			old = olds[0]
		}
		if len(news) == 1 {
			new = news[0]
		}
		return compare(path, old, new)
	}
	differ := func(from, to any, behind string) []Argument {
		return []Argument{{Path: path, Before: before, After: after, From: prose.Say(from, behind), To: prose.Say(to, behind)}}
	}
	same := len(olds)
	olds, news = differing(olds, news)
	same -= len(olds)
	if len(olds)+len(news) == 0 {
		if reflect.DeepEqual(before.value, after.value) {
			return nil
		}
		return differ("the same", "in another order", "")
	}
	if !slices.ContainsFunc(append(slices.Clone(olds), news...), isBlock) {
		stay := ""
		if same > 0 {
			stay = fmt.Sprintf(" (%d stay)", same)
		}
		return differ(showAll(olds), showAll(news), stay)
	}
	if len(olds)*len(news) > mostPairs {
		return differ(fmt.Sprintf("%d others", len(olds)), fmt.Sprintf("%d others", len(news)), "")
	}
	var all []Argument
	for i, pair := range pairs(olds, news) {
		name := pair.name
		if name == "" {
			name = fmt.Sprint(i)
		}
		all = append(all, compare(path+"["+name+"]", pair.old, pair.new)...)
	}
	return all
}

// byKindOfLog reports whether blocks are known by their kind of log, even if there is only one.
func byKindOfLog(lists ...[]Value) bool {
	return slices.ContainsFunc(slices.Concat(lists...), func(n Value) bool { return n.Child("log_type").Text() != "" })
}

func showAll(values []Value) prose.Text {
	if len(values) == 0 {
		return none
	}
	texts := make([]prose.Text, len(values))
	for i, v := range values {
		texts[i] = v.Show()
	}
	return prose.List(texts, "and", 6)
}

// mostPairs is how many pairs of blocks are looked at to find those that belong together.
const mostPairs = 1_000_000

func isBlock(n Value) bool {
	_, ok := n.value.(map[string]any)
	return ok
}

// differing leaves out what is in both.
func differing(olds, news []Value) (onlyOld, onlyNew []Value) {
	count := map[Key]int{}
	for _, n := range news {
		count[n.Key()]++
	}
	for _, n := range olds {
		if key := n.Key(); count[key] > 0 {
			count[key]--
			continue
		}
		onlyOld = append(onlyOld, n)
	}
	for _, n := range slices.Backward(news) {
		if key := n.Key(); count[key] > 0 {
			count[key]--
			onlyNew = append(onlyNew, n)
		}
	}
	slices.Reverse(onlyNew)
	return onlyOld, onlyNew
}

type pair struct {
	name     string
	old, new Value
}

// pairs joins blocks that have the same name, and the others in their order.
func pairs(olds, news []Value) []pair {
	var all []pair
	var rest []Value
	for _, old := range olds {
		name := old.name()
		i := slices.IndexFunc(news, func(n Value) bool { return name != "" && n.name() == name })
		if i < 0 {
			rest = append(rest, old)
			continue
		}
		all = append(all, pair{name, old, news[i]})
		news = slices.Delete(slices.Clone(news), i, i+1)
	}
	for i := range max(len(rest), len(news)) {
		var p pair
		if i < len(rest) {
			p.old, p.name = rest[i], rest[i].name()
		}
		if i < len(news) {
			p.new = news[i]
			if p.name == "" {
				p.name = p.new.name()
			}
		}
		if p.old.value != nil && p.new.value != nil && p.old.name() != p.new.name() { // two blocks, not one that changed
			all = append(all, pair{p.old.name(), p.old, Value{}}, pair{p.new.name(), Value{}, p.new})
			continue
		}
		all = append(all, p)
	}
	return all
}

package plan

import (
	"fmt"
	"maps"
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
	items         *fromTo // what is shown of a list: that of its items which differs
}

type fromTo struct{ from, to prose.Text }

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

// Text is what changes: "ebs_options.volume_size 10 → 20".
func (a Argument) Text() prose.Text {
	from, to := a.FromTo()
	return prose.Say(prose.Value(a.Path), " ", from, " → ", to)
}

// FromTo is the value before and after, as they may be shown. Of two long texts it is how they end, from shortly before they part.
func (a Argument) FromTo() (from, to prose.Text) {
	switch {
	case a.items != nil:
		return a.items.from, a.items.to
	case a.Before.IsSensitive() || a.After.IsSensitive():
		if a.After.HoldsUnknown() {
			return a.Before.Show(), prose.Say("(sensitive), known after apply")
		}
		return hiddenOr(a.Before), hiddenOr(a.After)
	}
	long := func(text string) bool { return len(text) > prose.Longest && !credential.MayHold(text) }
	if old, new := a.Before.Text(), a.After.Text(); long(old) && long(new) {
		start := sharedStart(old, new)
		return ending(old, start), ending(new, start)
	}
	return a.Before.Show(), a.After.Show()
}

// Same reports whether two values are the same, as far as is known.
func Same(before, after Value) bool { return len(compare(nil, "", before, after)) == 0 }

// Arguments is what differs between two resources, or one before and after; see [Change.Arguments].
func Arguments(before, after Value) []Argument {
	shown, other := "tags_all", "tags"
	if all := after.Child("tags_all"); all.HoldsUnknown() || all.IsEmpty() && before.Child("tags_all").IsEmpty() {
		shown, other = other, shown
	}
	same := Same(before.Child("tags"), after.Child("tags"))
	all := compare(nil, "", before, after)
	kept := all[:0]
	for _, a := range all {
		switch a.Top() {
		case other:
			if same && a.After.IsUnknown() { // some of the provider's defaults, in tags_all alone
				a.Path = "tags"
				kept = append(kept, a)
			}
			continue
		case shown:
			a.Path = "tags" + strings.TrimPrefix(a.Path, shown)
		}
		kept = append(kept, a)
	}
	return kept
}

// compare appends what differs between before and after, in the order of the names.
func compare(all []Argument, path string, before, after Value) []Argument {
	switch {
	case before.IsSensitive() || after.IsSensitive():
		if !after.HoldsUnknown() && (before.IsEmpty() && after.IsEmpty() || equal(before.value, after.value)) {
			return all
		}
		return append(all, Argument{Path: path, Before: before, After: after})
	case after.IsUnknown():
		return append(all, Argument{Path: path, Before: before, After: after})
	case before.IsEmpty() && after.IsEmpty() && !after.HoldsUnknown():
		return all
	}
	if has[map[string]any](before, after) {
		return compareObjects(all, path, before, after)
	}
	if has[[]any](before, after) {
		return compareLists(all, path, before, after)
	}
	if equal(before.value, after.value) && !after.HoldsUnknown() {
		return all
	}
	return append(all, Argument{Path: path, Before: before, After: after})
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

// compareObjects leaves out what is the same and has nothing below it, as most of a resource that changes, before it looks closer.
func compareObjects(all []Argument, path string, before, after Value) []Argument {
	old, _ := before.value.(map[string]any)
	new, _ := after.value.(map[string]any)
	unknown, _ := after.unknown.(map[string]any)
	var keys []string
	for key, value := range old {
		if !isPlain(value) || value != new[key] || marked(unknown[key]) {
			keys = append(keys, key)
		}
	}
	for key := range new {
		if _, both := old[key]; !both {
			keys = append(keys, key)
		}
	}
	for key := range unknown {
		_, isOld := old[key]
		_, isNew := new[key]
		if !isOld && !isNew {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		all = compare(all, join(path, key), before.Child(key), after.Child(key))
	}
	return all
}

// isPlain reports whether a tree has nothing below it.
func isPlain(tree any) bool {
	switch tree.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

// equal reports whether two trees are the same.
func equal(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, equal)
	}
	return isPlain(b) && a == b
}

// join writes a key behind a path: with a dot if it is a name, else in brackets and quotes.
func join(path, key string) string {
	switch {
	case !isIdentifier(key):
		return fmt.Sprintf("%s[%q]", path, key)
	case path == "":
		return key
	}
	return path + "." + key
}

// isIdentifier reports whether a key is a name as of Terraform's arguments: letters, digits, _ and -, of which the latter do not begin it.
func isIdentifier(key string) bool {
	for i := range len(key) {
		switch c := key[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && ('0' <= c && c <= '9' || c == '-'):
		default:
			return false
		}
	}
	return key != ""
}

// compareLists compares lists and sets, which look the same in a plan. What is on both sides, in whatever order, is no
// change; of what is left, blocks are paired by their name or else in order, plain values are shown together.
func compareLists(all []Argument, path string, before, after Value) []Argument {
	olds, news := before.Items(), after.Items()
	if len(olds) <= 1 && len(news) <= 1 && !byKindOfLog(olds, news) { // a block that there can be one of, mostly
		old, new := Value{}, Value{}
		if len(olds) == 1 {
			old = olds[0]
		}
		if len(news) == 1 {
			new = news[0]
		}
		compared := compare(all, path, old, new)
		if len(compared) == len(all) && hasBlock(olds) != hasBlock(news) && !after.HoldsUnknown() {
			return append(all, Argument{Path: path, Before: before, After: after}) // such a block says all by being there: allow {}
		}
		return compared
	}
	differ := func(from, to any, behind string) []Argument {
		items := &fromTo{prose.Say(from, behind), prose.Say(to, behind)}
		return append(all, Argument{path, before, after, items})
	}
	same := len(olds)
	olds, news = differing(olds, news)
	same -= len(olds)
	if len(olds)+len(news) == 0 {
		if equal(before.value, after.value) {
			return all
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
	for i, pair := range pairs(olds, news) {
		name := pair.name
		if name == "" {
			name = fmt.Sprint(i)
		}
		all = compare(all, path+"["+name+"]", pair.old, pair.new)
	}
	return all
}

func hasBlock(list []Value) bool { return slices.ContainsFunc(list, isBlock) }

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
	for len(olds) > 0 && len(news) > 0 && sameKnown(olds[0], news[0]) { // no need of keys
		olds, news = olds[1:], news[1:]
	}
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

// sameKnown reports whether two values are the same, and nothing of them is known only after apply.
func sameKnown(old, new Value) bool {
	return !old.HoldsUnknown() && !new.HoldsUnknown() && equal(old.value, new.value)
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

package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	tfjson "github.com/hashicorp/terraform-json"

	"aimetrics/internal/credential"
)

// node is a value of a plan with the two marks that Terraform keeps in trees of their own beside it. All reading of values
// goes by node, so that what is sensitive is told nowhere.
type node struct {
	value     any // nil, bool, json.Number, string, []any, map[string]any
	unknown   any // true: known only after apply; or a tree of the value's shape
	sensitive any // likewise
}

func beforeOf(change *tfjson.Change) node {
	return node{value: change.Before, sensitive: change.BeforeSensitive}
}

func afterOf(change *tfjson.Change) node {
	return node{value: change.After, unknown: change.AfterUnknown, sensitive: change.AfterSensitive}
}

// child is the value below key, of an object.
func (n node) child(key string) node {
	object, _ := n.value.(map[string]any)
	child := node{value: object[key], unknown: markBelow(n.unknown, key), sensitive: markBelow(n.sensitive, key)}
	if credential.IsName(key) {
		child.sensitive = true
	}
	return child
}

// item is the value at index i, of a list.
func (n node) item(i int) node {
	return node{value: at(n.value, i), unknown: markAt(n.unknown, i), sensitive: markAt(n.sensitive, i)}
}

// block is the value at path; of a block that there is one of, as in a list of one, it is that one.
func (n node) block(path ...string) node {
	for _, step := range path {
		n = n.child(step)
		if only := items(n); len(only) == 1 {
			n = only[0]
		}
	}
	return n
}

func at(tree any, i int) any {
	if items, ok := tree.([]any); ok && i < len(items) {
		return items[i]
	}
	return nil
}

func markBelow(mark any, key string) any {
	if mark, ok := mark.(map[string]any); ok {
		return mark[key]
	}
	if mark == true {
		return true
	}
	return nil
}

func markAt(mark any, i int) any {
	if mark == true {
		return true
	}
	return at(mark, i)
}

// marked tells whether a tree of marks has one anywhere.
func marked(tree any) bool {
	switch tree := tree.(type) {
	case bool:
		return tree
	case []any:
		return slices.ContainsFunc(tree, marked)
	case map[string]any:
		for _, mark := range tree {
			if marked(mark) {
				return true
			}
		}
	}
	return false
}

// hidden tells whether the value may not be told.
func (n node) hidden() bool {
	_, isMasked := n.value.(masked)
	return isMasked || n.sensitive == true
}

func (n node) isUnknown() bool { return n.unknown == true }

// empty tells whether the value is none: providers write the same nothing as null, "", [] and {}.
func (n node) empty() bool {
	switch value := n.value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

// isZero tells whether the value is 0 or false, which providers read where they were given none.
func (n node) isZero() bool { return n.text() == "0" || n.text() == "false" }

// text is the value as a string, or "" if it has none that may be told.
func (n node) text() string {
	if n.hidden() || n.isUnknown() {
		return ""
	}
	switch value := n.value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return fmt.Sprint(value)
	}
	return ""
}

// number is the value as a number, or 0.
func (n node) number() float64 {
	number, _ := json.Number(n.text()).Float64()
	return number
}

func (n node) isTrue() bool { return n.text() == "true" }

var (
	sensitive  = say("(sensitive)")
	afterApply = say("known after apply")
	none       = say("none")
)

// show is the value as it may be told.
func (n node) show() Text {
	switch {
	case n.hidden():
		return sensitive
	case n.isUnknown():
		return afterApply
	case n.empty():
		return none
	}
	switch v := n.value.(type) {
	case string:
		if credential.MayHold(v) {
			return sensitive
		}
		return say(value(v))
	case []any, map[string]any:
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		encoder.Encode(n.masked())
		return say(value(strings.TrimSpace(b.String())))
	}
	return say(value(fmt.Sprint(n.value)))
}

// masked is the value with all that may not be told taken out.
func (n node) masked() any {
	switch v := n.value.(type) {
	case []any:
		if !n.hidden() && !n.isUnknown() {
			items := make([]any, len(v))
			for i := range v {
				items[i] = n.item(i).masked()
			}
			return items
		}
	case map[string]any:
		if !n.hidden() && !n.isUnknown() {
			object := make(map[string]any, len(v))
			for key := range v {
				object[key] = n.child(key).masked()
			}
			return object
		}
	}
	switch {
	case n.hidden():
		return "(sensitive)"
	case n.isUnknown():
		return "(known after apply)"
	}
	if s, ok := n.value.(string); ok && credential.MayHold(s) {
		return "(sensitive)"
	}
	return n.value
}

// argument is one change of a resource: a single value, at the deepest place where before and after part.
type argument struct {
	path          string // as a reader would write it: ebs_options.volume_size, tags["team"]
	before, after node
	from, to      Text
}

// compare returns what differs between before and after, in the order of the names.
func compare(path string, before, after node) []argument {
	differ := func(from, to Text) []argument {
		return []argument{{path: path, before: before, after: after, from: from, to: to}}
	}
	switch {
	case before.hidden() || after.hidden():
		if marked(after.unknown) {
			return differ(before.show(), say("(sensitive), known after apply"))
		}
		if before.empty() && after.empty() || reflect.DeepEqual(before.value, after.value) {
			return nil
		}
		return differ(hiddenOr(before), hiddenOr(after))
	case after.isUnknown():
		return differ(before.show(), afterApply)
	case before.empty() && after.empty() && !marked(after.unknown):
		return nil
	}
	if has[map[string]any](before, after) {
		return compareObjects(path, before, after)
	}
	if has[[]any](before, after) {
		return compareLists(path, before, after)
	}
	if reflect.DeepEqual(before.value, after.value) && !marked(after.unknown) {
		return nil
	}
	if old, new := before.text(), after.text(); len(old) > longest && len(new) > longest && !credential.MayHold(old) && !credential.MayHold(new) {
		start := sharedStart(old, new)
		return differ(ending(old, start), ending(new, start))
	}
	return differ(before.show(), after.show())
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
func ending(text string, start int) Text {
	if start > 0 {
		text = "…" + text[start:]
	}
	return say(value(text))
}

// changed returns what differs between a resource before and after. Of its tags it is those on AWS, tags_all, under the name
// of tags, where they are known: a tag that becomes one of the provider's defaults goes from tags, and stays on AWS.
func changed(before, after node) []argument {
	shown, other := "tags_all", "tags"
	if all := after.child("tags_all"); marked(all.unknown) || all.empty() && before.child("tags_all").empty() {
		shown, other = other, shown
	}
	var all []argument
	same := len(compare("", before.child("tags"), after.child("tags"))) == 0
	for _, a := range compare("", before, after) {
		switch topOf(a.path) {
		case other:
			if same && a.after.isUnknown() { // some of the provider's defaults, in tags_all alone
				a.path = "tags"
				all = append(all, a)
			}
			continue
		case shown:
			a.path = "tags" + strings.TrimPrefix(a.path, shown)
		}
		all = append(all, a)
	}
	return all
}

// topOf is the argument that a path begins with.
func topOf(path string) string {
	if end := strings.IndexAny(path, ".["); end >= 0 {
		return path[:end]
	}
	return path
}

// hiddenOr is a sensitive value, of which whether it is there at all may be told.
func hiddenOr(n node) Text {
	if n.empty() {
		return none
	}
	return sensitive
}

// has tells whether before or after is a T (an object, a list) and the other is too, or is not there. What is known only
// after apply is in the marks alone.
func has[T any](before, after node) bool {
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

func compareObjects(path string, before, after node) []argument {
	keys := map[string]bool{}
	for _, tree := range []any{before.value, after.value, after.unknown} {
		if object, ok := tree.(map[string]any); ok {
			for key := range object {
				keys[key] = true
			}
		}
	}
	var all []argument
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		all = append(all, compare(join(path, key), before.child(key), after.child(key))...)
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
// change; of what is left, blocks are paired by their name or else in order, plain values are told together.
func compareLists(path string, before, after node) []argument {
	olds, news := items(before), items(after)
	if len(olds) <= 1 && len(news) <= 1 && !kindsOfLog(olds, news) { // a block that there can be one of, mostly
		old, new := node{}, node{}
		if len(olds) == 1 {
			old = olds[0]
		}
		if len(news) == 1 {
			new = news[0]
		}
		return compare(path, old, new)
	}
	same := len(olds)
	olds, news = differing(olds, news)
	same -= len(olds)
	if len(olds)+len(news) == 0 {
		if reflect.DeepEqual(before.value, after.value) {
			return nil
		}
		return []argument{{path: path, before: before, after: after, from: say("the same"), to: say("in another order")}}
	}
	if !slices.ContainsFunc(append(slices.Clone(olds), news...), isBlock) {
		stay := say("")
		if same > 0 {
			stay = say(fmt.Sprintf(" (%d stay)", same))
		}
		return []argument{{path: path, before: before, after: after, from: say(showAll(olds), stay), to: say(showAll(news), stay)}}
	}
	if len(olds)*len(news) > mostPairs {
		return []argument{{path: path, before: before, after: after, from: say(fmt.Sprintf("%d others", len(olds))), to: say(fmt.Sprintf("%d others", len(news)))}}
	}
	var all []argument
	for i, pair := range pairs(olds, news) {
		name := pair.name
		if name == "" {
			name = fmt.Sprint(i)
		}
		all = append(all, compare(path+"["+name+"]", pair.old, pair.new)...)
	}
	return all
}

// kindsOfLog tells whether blocks are told apart by their kind of log, even if there is only one.
func kindsOfLog(lists ...[]node) bool {
	return slices.ContainsFunc(slices.Concat(lists...), func(n node) bool { return n.child("log_type").text() != "" })
}

func showAll(nodes []node) Text {
	if len(nodes) == 0 {
		return none
	}
	texts := make([]Text, len(nodes))
	for i, n := range nodes {
		texts[i] = n.show()
	}
	return list(texts, "and", 6)
}

// mostPairs is how many pairs of blocks are looked at to find those that belong together.
const mostPairs = 1_000_000

func isBlock(n node) bool {
	_, ok := n.value.(map[string]any)
	return ok
}

func items(n node) []node {
	length := 0
	for _, tree := range []any{n.value, n.unknown} {
		if list, ok := tree.([]any); ok {
			length = max(length, len(list))
		}
	}
	all := make([]node, length)
	for i := range all {
		all[i] = n.item(i)
	}
	return all
}

// differing leaves out what is in both.
func differing(olds, news []node) (onlyOld, onlyNew []node) {
	count := map[string]int{}
	for _, n := range news {
		count[n.key()]++
	}
	for _, n := range olds {
		if key := n.key(); count[key] > 0 {
			count[key]--
			continue
		}
		onlyOld = append(onlyOld, n)
	}
	for _, n := range slices.Backward(news) {
		if key := n.key(); count[key] > 0 {
			count[key]--
			onlyNew = append(onlyNew, n)
		}
	}
	slices.Reverse(onlyNew)
	return onlyOld, onlyNew
}

// key tells equal values from others.
func (n node) key() string {
	if marked(n.unknown) {
		return "unknown"
	}
	key, _ := json.Marshal(n.value)
	return string(key)
}

type pair struct {
	name     string
	old, new node
}

// pairs joins blocks that have the same name, and the others in their order.
func pairs(olds, news []node) []pair {
	var all []pair
	var rest []node
	for _, old := range olds {
		name := old.name()
		i := slices.IndexFunc(news, func(n node) bool { return name != "" && n.name() == name })
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
			all = append(all, pair{p.old.name(), p.old, node{}}, pair{p.new.name(), node{}, p.new})
			continue
		}
		all = append(all, p)
	}
	return all
}

// name is what a block is known by.
func (n node) name() string {
	for _, key := range []string{"log_type", "name", "id", "alias", "sid"} {
		if name := n.child(key).text(); name != "" {
			return name
		}
	}
	return ""
}

package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// MarkdownLimit is the size in bytes that Markdown keeps to, below the 65,536 characters of a comment on GitHub however they
// are counted: no character has less than a byte.
const MarkdownLimit = 65_000

// Marker is the hidden first line of the Markdown of a stack's review, by which a workflow finds its comment again.
func Marker(stack string) string { return "<!-- aimetrics review " + stack + " -->" }

// Markdown writes reviews for a pull request, the worst first, in at most limit bytes: what does not fit is left out from the
// end, where the least important is, and told. It also tells what the gate refuses.
func Markdown(reviews []*Review, gate Gate, limit int) string {
	reviews = worstFirst(reviews)
	var b strings.Builder
	for i, r := range reviews {
		// What a review leaves over is the next one's.
		share := (limit - b.Len()) / (len(reviews) - i)
		text := r.markdown(gate, share-1)
		if i > 0 {
			text = "\n" + text
		}
		room := limit - b.Len()
		if i < len(reviews)-1 { // or the line that tells of the others would not fit
			room -= len(cutPlans) + 20
		}
		if i > 0 && len(text) > room {
			fmt.Fprintf(&b, cutPlans, len(reviews)-i)
			break
		}
		b.WriteString(text)
	}
	return b.String()
}

// cutPlans is the line that tells how many plans are left out.
const cutPlans = "\n_%d more plans are left out, for a comment's length, none of them worse than these: review each by itself._\n"

func worstFirst(reviews []*Review) []*Review {
	return slices.SortedStableFunc(slices.Values(reviews), func(a, b *Review) int { return cmp.Compare(a.worst(), b.worst()) })
}

// worst is the severity of the worst finding.
func (r *Review) worst() Severity {
	if len(r.Findings) == 0 {
		return Drifted + 1
	}
	return r.Findings[0].Severity
}

// page is Markdown that is filled up to its limit.
type page struct {
	strings.Builder
	limit   int
	leftOut int // lines
}

// room tells whether text still fits.
func (p *page) room(text string) bool { return p.Len()+len(text) <= p.limit }

// cut is the line that tells what is left out.
const cut = "\n_%d more lines are left out, for a comment's length: see them with `terraform show PLAN`._\n"

func (r *Review) markdown(gate Gate, limit int) string {
	p := &page{limit: limit - len(cut) - 20}
	fmt.Fprintf(p, "%s\n### %s %s: %s\n", Marker(r.Stack), r.badge(), codeSpan(r.Stack, false), r.Headline().markdown(false))
	if len(r.Findings) > 0 && r.Findings[0].Severity < Incomplete {
		p.WriteString("\n" + sentence(r.counts.Plain()) + "\n")
	}
	for _, s := range r.all(gate) {
		p.section(s)
	}
	if p.leftOut > 0 {
		fmt.Fprintf(p, cut, p.leftOut)
	}
	return p.String()
}

// all is the sections, what is refused and what to look at first.
func (r *Review) all(gate Gate) []section {
	refusals := gate.Refuses(r)
	return append([]section{refused(refusals), r.findings(refusals)}, r.sections...)
}

// findings are those that neither the headline nor a refusal tells.
func (r *Review) findings(refusals []Refusal) section {
	s := section{title: "Look at"}
	told := map[string]bool{}
	for _, refusal := range refusals {
		told[refusal.Text.Plain()] = true
	}
	for i, finding := range r.Findings {
		if !told[finding.Text.Plain()] && (i > 0 || finding.Severity >= Incomplete) {
			s.rows = append(s.rows, row{cells: []Text{finding.Text}})
		}
	}
	return s
}

// badge is one sign of how bad it is.
func (r *Review) badge() string {
	switch worst := r.worst(); {
	case worst <= Broken:
		return "🛑"
	case worst < Incomplete:
		return "⚠️"
	case worst <= Drifted:
		return "ℹ️"
	}
	return "✅"
}

func (p *page) section(s section) {
	if len(s.rows) == 0 && s.intro == nil {
		return
	}
	head := "\n#### " + s.title + "\n\n"
	if s.intro != nil {
		head += s.intro.markdown(false) + "\n"
		if len(s.rows) > 0 {
			head += "\n"
		}
	}
	if s.columns != nil && len(s.rows) > 0 {
		head += "| " + strings.Join(s.columns, " | ") + " |\n|" + strings.Repeat(" --- |", len(s.columns)) + "\n"
	}
	if !p.room(head) || p.leftOut > 0 {
		p.leftOut += 1 + len(s.rows)
		return
	}
	p.WriteString(head)
	for i, row := range s.rows {
		line := row.markdown(s.columns != nil)
		if !p.room(line) {
			p.leftOut += len(s.rows) - i
			return
		}
		p.WriteString(line)
	}
	if s.note != nil && p.room("\n"+s.note.markdown(false)+"\n") {
		p.WriteString("\n" + s.note.markdown(false) + "\n")
	}
}

func (r row) markdown(inTable bool) string {
	if inTable {
		cells := make([]string, len(r.cells))
		for i, cell := range r.cells {
			cells[i] = cell.markdown(true)
		}
		return "| " + strings.Join(cells, " | ") + " |\n"
	}
	start := "- "
	if r.below {
		start = "  - "
	}
	return start + r.cells[0].markdown(false) + "\n"
}

// markdown writes our words as they are and a plan's values as code, where no markup, link or mention is seen in them.
func (text Text) markdown(inTable bool) string {
	var b strings.Builder
	for _, span := range text.joined() {
		switch span.Kind {
		case Words:
			b.WriteString(span.Text)
		case Link:
			fmt.Fprintf(&b, "<%s>", span.Text)
		case Strong:
			// Strong words end before a space or a comma, or GitHub shows the stars.
			inner := strings.TrimSpace(span.Text)
			start, end, _ := strings.Cut(span.Text, inner)
			fmt.Fprintf(&b, "%s**%s**%s", start, inner, end)
		case Value:
			b.WriteString(codeSpan(span.Text, inTable))
		}
	}
	return b.String()
}

// joined makes one span of strong words that follow each other.
func (text Text) joined() Text {
	var all Text
	for _, span := range text {
		last := len(all) - 1
		if span.Text == "" {
			continue
		}
		if span.Kind == Strong && last >= 1 && all[last] == (Span{Words, " "}) && all[last-1].Kind == Strong {
			all = all[:last]
			all[last-1].Text += " " + span.Text
			continue
		}
		all = append(all, span)
	}
	return all
}

// codeSpan is s as code. A run of backticks longer than the value's own ends it, so the value cannot; GitHub gives up on very
// long runs, and its tables on a bar behind a backslash, so these are spelled out.
// https://github.github.com/gfm/#code-spans
func codeSpan(s string, inTable bool) string {
	s = strings.ReplaceAll(Clean(s), "<!--", `\u{3c}!--`) // or a value could hold another stack's marker
	if inTable {
		s = strings.ReplaceAll(s, "|", `\u{7c}`)
	}
	run, longestRun := 0, 0
	for _, c := range s {
		if c == '`' {
			run++
		} else {
			run = 0
		}
		longestRun = max(longestRun, run)
	}
	if longestRun > 8 {
		s, longestRun = strings.ReplaceAll(s, "`", `\u{60}`), 0
	}
	if strings.TrimSpace(s) == "" {
		s = fmt.Sprintf("%q", s)
	}
	fence := strings.Repeat("`", longestRun+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return fence + s + fence
}

package review

import (
	"fmt"
	"io"
	"strings"

	"cdktf-aimetrics/review/prose"
)

// MarkdownLimit is the size in bytes that Markdown keeps to, below the 65,536 characters of a comment on GitHub however they
// are counted: no character has less than a byte.
const MarkdownLimit = 64_000

// Marker is the hidden first line of the Markdown of a stack's review, by which a workflow finds its comment again.
func Marker(stack string) string { return "<!-- aimetrics review " + stack + " -->" }

// Markdown writes reviews for a pull request. What does not fit is left out from the end, where the least important is, and how
// much that is, is said.
type Markdown struct {
	// The most bytes that all reviews take together. Default: MarkdownLimit.
	Limit int
}

func (m Markdown) render(out io.Writer, pages []page) error {
	limit := m.Limit
	if limit == 0 {
		limit = MarkdownLimit
	}
	var b strings.Builder
	for i, p := range pages {
		// What a review leaves over is the next one's.
		share := (limit - b.Len()) / (len(pages) - i)
		text := p.markdown(share - 1)
		if i > 0 {
			text = "\n" + text
		}
		room := limit - b.Len()
		if i < len(pages)-1 { // or the line that says how many others there are would not fit
			room -= len(cutPlans) + 20
		}
		if i > 0 && len(text) > room {
			fmt.Fprintf(&b, cutPlans, len(pages)-i)
			break
		}
		b.WriteString(text)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// The lines that say how much is left out.
const (
	cutPlans = "\n_%d more plans are left out, for a comment's length, none of them worse than these: review each by itself._\n"
	cutLines = "\n_%d more lines are left out, for a comment's length: see them with `terraform show PLAN`._\n"
)

// badges are one sign of how bad it is.
var badges = map[urgency]string{stop: "🛑", beware: "⚠️", notice: "ℹ️", fine: "✅"}

func (p page) markdown(limit int) string {
	w := &filling{limit: limit - len(cutLines) - 20}
	fmt.Fprintf(w, "%s\n### %s %s: %s\n", Marker(p.stack), badges[p.urgency()], codeSpan(p.stack, false), markdownOf(p.headline, false))
	if p.hasHeadline() {
		counts := p.counts.Plain()
		fmt.Fprintf(w, "\n%s%s.\n", strings.ToUpper(counts[:1]), counts[1:])
	}
	for _, s := range p.sections {
		w.section(s)
	}
	if w.leftOut > 0 {
		fmt.Fprintf(w, cutLines, w.leftOut)
	}
	return w.String()
}

// filling is Markdown that is filled up to its limit.
type filling struct {
	strings.Builder
	limit   int
	leftOut int // lines
}

// fits reports whether text still does.
func (w *filling) fits(text string) bool { return w.Len()+len(text) <= w.limit }

func (w *filling) section(s section) {
	head := "\n#### " + s.title + "\n\n"
	if s.intro != nil {
		head += markdownOf(s.intro, false) + "\n"
		if len(s.rows) > 0 {
			head += "\n"
		}
	}
	if s.columns != nil && len(s.rows) > 0 {
		head += "|"
		for _, column := range s.columns {
			head += " " + column.head + " |"
		}
		head += "\n|" + strings.Repeat(" --- |", len(s.columns)) + "\n"
	}
	if !w.fits(head) || w.leftOut > 0 {
		w.leftOut += 1 + len(s.rows)
		return
	}
	w.WriteString(head)
	for i, row := range s.rows {
		line := markdownRow(row, s.columns != nil)
		if !w.fits(line) {
			w.leftOut += len(s.rows) - i
			return
		}
		w.WriteString(line)
	}
	if note := "\n" + markdownOf(s.note, false) + "\n"; s.note != nil && w.fits(note) {
		w.WriteString(note)
	}
}

func markdownRow(r row, inTable bool) string {
	if inTable {
		line := "|"
		for _, cell := range r.cells {
			line += " " + markdownOf(cell, true) + " |"
		}
		return line + "\n"
	}
	start := "- "
	if r.below {
		start = "  - "
	}
	return start + markdownOf(r.cells[0], false) + "\n"
}

// markdownOf writes our words as they are and a plan's values as code, where no markup, link or mention is seen in them.
func markdownOf(text prose.Text, inTable bool) string {
	var b strings.Builder
	for _, span := range joined(text) {
		switch span.Kind {
		case prose.Words:
			b.WriteString(span.Text)
		case prose.Address:
			fmt.Fprintf(&b, "<%s>", span.Text)
		case prose.Emphasis:
			// Strong words end before a space or a comma, or GitHub shows the stars.
			inner := strings.TrimSpace(span.Text)
			start, end, _ := strings.Cut(span.Text, inner)
			fmt.Fprintf(&b, "%s**%s**%s", start, inner, end)
		case prose.Foreign:
			b.WriteString(codeSpan(span.Text, inTable))
		}
	}
	return b.String()
}

// joined makes one span of strong words that follow each other.
func joined(text prose.Text) prose.Text {
	var all prose.Text
	for _, span := range text {
		last := len(all) - 1
		if span.Text == "" {
			continue
		}
		space := prose.Span{Kind: prose.Words, Text: " "}
		if span.Kind == prose.Emphasis && last >= 1 && all[last] == space && all[last-1].Kind == prose.Emphasis {
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
	s = strings.ReplaceAll(prose.Clean(s), "<!--", `\u{3c}!--`) // or a value could hold another stack's marker
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

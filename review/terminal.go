package review

import (
	"bufio"
	"fmt"
	"io"

	"github.com/fatih/color"
)

// mostRows is how much of a section a terminal shows.
const mostRows = 40

// Terminal writes a summary of the reviews, the worst first, for somebody who watches.
func Terminal(out io.Writer, reviews []*Review, gate Gate, colored bool) error {
	w := bufio.NewWriter(out)
	p := newPalette(colored)
	for i, r := range worstFirst(reviews) {
		if i > 0 {
			fmt.Fprintln(w)
		}
		head := p.good
		switch worst := r.worst(); {
		case worst <= Broken:
			head = p.bad
		case worst < Incomplete:
			head = p.warn
		}
		fmt.Fprintf(w, "%s  %s\n", head.Sprint(" "+Clean(r.Stack)+" "), p.text(r.Headline()))
		if r.worst() < Incomplete {
			fmt.Fprintf(w, "%s\n", p.text(r.counts))
		}
		for _, s := range r.all(gate) {
			p.section(w, s)
		}
	}
	return w.Flush()
}

// palette is the colours, or none.
type palette struct{ bad, warn, good, title, strong, value *color.Color }

func newPalette(colored bool) palette {
	p := palette{
		bad: color.New(color.BgRed, color.FgHiWhite, color.Bold), warn: color.New(color.BgYellow, color.FgBlack), good: color.New(color.BgGreen, color.FgBlack),
		title: color.New(color.Bold, color.Underline), strong: color.New(color.FgRed, color.Bold), value: color.New(color.FgCyan),
	}
	for _, c := range []*color.Color{p.bad, p.warn, p.good, p.title, p.strong, p.value} {
		if colored {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return p
}

func (p palette) text(text Text) string {
	s := ""
	for _, span := range text {
		switch span.Kind {
		case Words, Link:
			s += span.Text
		case Strong:
			s += p.strong.Sprint(span.Text)
		case Value:
			s += p.value.Sprint(Clean(span.Text))
		}
	}
	return s
}

func (p palette) section(w io.Writer, s section) {
	if len(s.rows) == 0 && s.intro == nil {
		return
	}
	fmt.Fprintf(w, "\n%s\n", p.title.Sprint(s.title))
	if s.intro != nil {
		fmt.Fprintf(w, "%s\n", p.text(s.intro))
	}
	for i, row := range s.rows {
		if i == mostRows {
			fmt.Fprintf(w, "  … and %d more; --markdown writes more of them\n", len(s.rows)-mostRows)
			break
		}
		switch {
		case s.columns != nil: // argument, now, then, effect, why
			fmt.Fprintf(w, "  %s: %s → %s  %s (%s)\n", p.text(row.cells[0]), p.text(row.cells[1]), p.text(row.cells[2]), p.text(row.cells[3]), p.text(row.cells[4]))
		case row.below:
			fmt.Fprintf(w, "    - %s\n", p.text(row.cells[0]))
		default:
			fmt.Fprintf(w, "  %s\n", p.text(row.cells[0]))
		}
	}
	if s.note != nil {
		fmt.Fprintf(w, "%s\n", p.text(s.note))
	}
}

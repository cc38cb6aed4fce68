package review

import (
	"bufio"
	"fmt"
	"io"

	"github.com/fatih/color"

	"cdktf-aimetrics/review/prose"
)

// Terminal writes a summary of reviews for somebody who watches.
type Terminal struct {
	// Whether to use colours.
	Colored bool
}

// mostRows is how much of a section a terminal shows.
const mostRows = 40

func (t Terminal) render(out io.Writer, pages []page) error {
	w := bufio.NewWriter(out)
	palette := newPalette(t.Colored)
	for i, p := range pages {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s  %s\n", palette.head[p.urgency()].Sprint(" "+prose.Clean(p.stack)+" "), palette.text(p.headline))
		if p.hasHeadline() {
			fmt.Fprintf(w, "%s\n", palette.text(p.counts))
		}
		for _, s := range p.sections {
			palette.section(w, s)
		}
	}
	return w.Flush()
}

// palette is the colours, or none.
type palette struct {
	head                 map[urgency]*color.Color
	title, strong, value *color.Color
}

func newPalette(colored bool) palette {
	paint := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if colored {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	calm := paint(color.BgGreen, color.FgBlack)
	return palette{
		head: map[urgency]*color.Color{
			stop: paint(color.BgRed, color.FgHiWhite, color.Bold), beware: paint(color.BgYellow, color.FgBlack), notice: calm, fine: calm,
		},
		title: paint(color.Bold, color.Underline), strong: paint(color.FgRed, color.Bold), value: paint(color.FgCyan),
	}
}

func (p palette) text(text prose.Text) string {
	s := ""
	for _, span := range text {
		switch span.Kind {
		case prose.Words, prose.Address:
			s += span.Text
		case prose.Emphasis:
			s += p.strong.Sprint(span.Text)
		case prose.Foreign:
			s += p.value.Sprint(prose.Clean(span.Text))
		}
	}
	return s
}

func (p palette) section(w io.Writer, s section) {
	fmt.Fprintf(w, "\n%s\n", p.title.Sprint(s.title))
	if s.intro != nil {
		fmt.Fprintf(w, "%s\n", p.text(s.intro))
	}
	for i, row := range s.rows {
		if i == mostRows {
			fmt.Fprintf(w, "  … and %d more; --markdown writes more of them\n", len(s.rows)-mostRows)
			break
		}
		fmt.Fprintf(w, "%s\n", p.line(s.columns, row))
	}
	if s.note != nil {
		fmt.Fprintf(w, "%s\n", p.text(s.note))
	}
}

// line is a row in one line, of a table too.
func (p palette) line(columns []column, row row) string {
	if row.below {
		return "    - " + p.text(row.cells[0])
	}
	line := "  "
	for i, cell := range row.cells {
		text := p.text(cell)
		if columns != nil {
			text = columns[i].before + text + columns[i].after
		}
		line += text
	}
	return line
}

package review

import (
	"cmp"
	"io"
	"slices"

	"cdktf-aimetrics/review/prose"
)

// Renderer is a way to write reviews: Markdown, Terminal or JSON.
type Renderer interface {
	render(out io.Writer, pages []page) error
}

// Write writes reviews, the worst first, with what a gate refuses of them.
func Write(out io.Writer, as Renderer, reviews []*Review, gate Gate) error {
	var pages []page
	for _, r := range reviews {
		refusals := gate.Refuses(r)
		p := page{stack: r.Stack, worst: r.worst(), headline: r.Headline(), counts: r.counts, sections: r.sectionsFor(refusals),
			review: r, refusals: refusals}
		pages = append(pages, p)
	}
	slices.SortStableFunc(pages, func(a, b page) int { return cmp.Compare(a.worst, b.worst) })
	return as.render(out, pages)
}

// page is a review as renderers take it. They know how it looks, and nothing of what it says.
type page struct {
	stack    string
	worst    Severity
	headline prose.Text // the worst finding, or what the plan does
	counts   prose.Text // what the plan does
	sections []section
	// What the sections are made of, for programs.
	review   *Review
	refusals []Refusal
}

// urgency is how loud a page is.
type urgency int

const (
	stop   urgency = iota // data is lost, a door is open, or the plan is broken
	beware                // something to look at
	notice                // something to know
	fine
)

func (p page) urgency() urgency { return p.worst.urgency() }

func (s Severity) urgency() urgency {
	switch {
	case s <= Broken:
		return stop
	case s < Incomplete:
		return beware
	case s < nothingFound:
		return notice
	}
	return fine
}

// hasHeadline reports whether the headline is a finding, so that what the plan does must be said beside it.
func (p page) hasHeadline() bool { return p.worst < Incomplete }

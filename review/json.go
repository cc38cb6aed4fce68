package review

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"cdktf-aimetrics/review/prose"
)

// JSONFormat is the version of what JSON writes, which review.schema.json describes. The second number grows when something is added,
// such as a field or a kind of finding; the first when something goes, or means something else.
const JSONFormat = "1.0"

// JSON writes reviews for programs: what a reviewer must know of each, the worst first, cleaned and without sensitive values, as the
// other renderers have it.
type JSON struct {
	// The exit code of a run in which the gate refuses a plan; that of any other is 0.
	Refused int
}

// The types of what JSON writes. Their names are those of review.schema.json.
type (
	jsonReviews struct {
		FormatVersion string       `json:"format_version"`
		ExitCode      int          `json:"exit_code"`
		Reviews       []jsonReview `json:"reviews"`
	}
	jsonReview struct {
		Stack    string        `json:"stack"`
		Severity string        `json:"severity"`
		Refused  bool          `json:"refused"`
		Headline string        `json:"headline"`
		Changes  string        `json:"changes"`
		Findings []jsonFinding `json:"findings"`
	}
	jsonFinding struct {
		Kind      string `json:"kind"`
		Severity  string `json:"severity"`
		Address   string `json:"address,omitempty"`
		Text      string `json:"text"`
		Refused   bool   `json:"refused"`
		Condition string `json:"condition,omitempty"`
	}
)

// kindNames is what programs know the kinds of findings by, by their severity.
var kindNames = map[Severity]string{
	DomainLost: "domain_lost",
	DataLost:   "data_lost",
	Opened:     "opened",
	Kept:       "kept",
	Vanished:   "vanished",
	Broken:     "broken",
	DataAtRisk: "data_at_risk",
	Halfway:    "halfway",
	BlueGreen:  "blue_green",
	AlarmGone:  "alarm_gone",
	AlarmLost:  "alarm_lost",
	Widened:    "widened",
	Failed:     "failed",
	Destroyed:  "destroyed",
	Incomplete: "incomplete",
	Unclear:    "unclear",
	Drifted:    "drifted",
}

// levels is how bad a finding is, in the words of SARIF.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317648
var levels = map[urgency]string{stop: "error", beware: "warning", notice: "note", fine: "none"}

func (j JSON) render(out io.Writer, pages []page) error {
	all := jsonReviews{FormatVersion: JSONFormat, Reviews: make([]jsonReview, len(pages))}
	for i, p := range pages {
		all.Reviews[i] = p.json()
		if len(p.refusals) > 0 {
			all.ExitCode = j.Refused
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}

func (p page) json() jsonReview {
	r := jsonReview{Stack: prose.Safe(p.stack), Severity: levels[p.urgency()], Refused: len(p.refusals) > 0, Headline: cleaned(p.headline),
		Changes: cleaned(p.counts), Findings: []jsonFinding{}}
	left := slices.Clone(p.refusals) // that no finding has told
	for _, finding := range p.review.Findings {
		f := finding.json()
		left = slices.DeleteFunc(left, func(refusal Refusal) bool {
			if !refusal.of(finding) {
				return false
			}
			f.Refused, f.Condition = true, refusal.Condition
			return true
		})
		r.Findings = append(r.Findings, f)
	}
	for _, event := range p.review.events {
		i := slices.IndexFunc(left, func(refusal Refusal) bool { return refusal.of(event) })
		if i < 0 {
			continue
		}
		f := event.json()
		f.Refused, f.Condition = true, left[i].Condition
		r.Findings = append(r.Findings, f)
		left = slices.Delete(left, i, i+1)
	}
	return r
}

// of reports whether a refusal is of a finding.
func (r Refusal) of(finding Finding) bool {
	return r.Address == finding.Address && r.Text.Plain() == finding.Text.Plain()
}

func (f Finding) json() jsonFinding {
	return jsonFinding{Kind: kindNames[f.Severity], Severity: levels[f.Severity.urgency()], Address: prose.Safe(f.Address),
		Text: cleaned(f.Text)}
}

// cleaned is a text without markup, with what a terminal would obey spelled out.
func cleaned(text prose.Text) string {
	var b strings.Builder
	for _, span := range text {
		if span.Kind == prose.Foreign {
			b.WriteString(prose.Safe(span.Text))
		} else {
			b.WriteString(span.Text)
		}
	}
	return b.String()
}

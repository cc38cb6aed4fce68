package review

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// plan is what of a plan's JSON a review needs.
// https://developer.hashicorp.com/terraform/internals/json-format
type plan struct {
	terraformVersion string
	errored          bool
	complete         *bool
	refreshOnly      bool
	changes          []*tfjson.ResourceChange // without those that change nothing, and without data that are read
	unchanged        int
	domains          []*tfjson.ResourceChange // every domain and policy of one, unchanged ones too
	drift            []*tfjson.ResourceChange
	deferred         []*tfjson.DeferredResourceChange
	outputs          map[string]*tfjson.Change
	checks           []tfjson.CheckResultStatic
	invocations      []*tfjson.ActionInvocation
	secrets          secrets
	portions         map[string]map[string]bool // of unchanged resources too, see world
	rules            map[string][]Text          // likewise
}

// decode reads the output of `terraform show -json`. Errors are one line, without the plan's name.
func decode(from io.Reader) (*plan, error) {
	buffered := bufio.NewReaderSize(from, 64<<10)
	if err := recognize(buffered); err != nil {
		return nil, err
	}
	reader := planReader{json: scanner{from: buffered}, seen: map[string]bool{}, plan: plan{secrets: secrets{}, portions: map[string]map[string]bool{}, rules: map[string][]Text{}}}
	if err := reader.read(); err != nil {
		return nil, err
	}
	reader.plan.hideSecrets()
	return &reader.plan, nil
}

const showJSON = "write one with `terraform show -json PLAN`"

// recognize tells what is not JSON at all by its first bytes.
func recognize(from *bufio.Reader) error {
	start, err := from.Peek(4)
	switch {
	case err != nil && err != io.EOF:
		return broken(err)
	case len(start) == 0:
		return errors.New("is empty; " + showJSON)
	case bytes.HasPrefix(start, zipMagic):
		return errors.New("is a plan file, which Terraform alone can read, in the folder that it was made in; name its path")
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}), bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return errors.New("is UTF-16, as PowerShell's > writes it; write it with `terraform show -json PLAN | Out-File -Encoding utf8 FILE`")
	case bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")):
		from.Discard(3)
	}
	for {
		start, err := from.Peek(1)
		if err != nil {
			return errors.New("is empty; " + showJSON)
		}
		if strings.IndexByte(" \t\r\n", start[0]) < 0 {
			if start[0] != '{' {
				return errors.New("is not JSON; " + showJSON)
			}
			return nil
		}
		from.Discard(1)
	}
}

// zipMagic is how a plan file begins.
var zipMagic = []byte("PK\x03\x04")

type planReader struct {
	plan plan
	json scanner
	at   string // the value that is being read
	seen map[string]bool
}

// read reads the plan field by field.
func (r *planReader) read() error {
	var version string
	for first := true; ; first = false {
		separator, name, err := r.key(first)
		if err != nil {
			return r.broken(err)
		}
		if separator == '}' {
			break
		}
		r.at, r.seen[name] = name, true
		if err := r.field(name, &version); err != nil {
			return r.broken(err)
		}
		r.at = ""
		if name == "format_version" {
			if err := checkVersion(version); err != nil {
				return err
			}
		}
	}
	if err := r.foreign(version); err != nil {
		return err
	}
	r.plan.refreshOnly = !r.seen["resource_changes"] && len(r.plan.drift) > 0
	if _, err := r.json.peek(); err != io.EOF {
		return errors.New("goes on after its end; hand in one plan per file")
	}
	return nil
}

// key reads what stands between two fields, and the name of the next; the separator is } at the end.
func (r *planReader) key(first bool) (separator byte, name string, err error) {
	before := ",}"
	if first {
		before = "{"
	}
	if separator, err = r.json.take(before); err != nil || separator == '}' {
		return separator, "", err
	}
	if next, err := r.json.peek(); first && err == nil && next == '}' {
		separator, err = r.json.take("}")
		return separator, "", err
	}
	if err := r.value(&name); err != nil {
		return 0, "", err
	}
	_, err = r.json.take(":")
	return separator, name, err
}

// field reads what the key says or skips it.
func (r *planReader) field(name string, version *string) error {
	p := &r.plan
	switch name {
	case "format_version":
		return r.value(version)
	case "terraform_version":
		return r.value(&p.terraformVersion)
	case "errored":
		return r.value(&p.errored)
	case "complete":
		return r.value(&p.complete)
	case "output_changes":
		return r.value(&p.outputs)
	case "checks":
		return r.value(&p.checks)
	case "resource_changes":
		return each(r, p.add)
	case "resource_drift":
		return each(r, func(change tfjson.ResourceChange) error {
			p.drift = append(p.drift, &change)
			return checkChange(&change)
		})
	case "deferred_changes":
		return each(r, func(change tfjson.DeferredResourceChange) error {
			p.deferred = append(p.deferred, &change)
			if change.ResourceChange == nil {
				return errors.New("has no resource_change")
			}
			return checkChange(change.ResourceChange)
		})
	case "action_invocations":
		return each(r, func(invocation tfjson.ActionInvocation) error {
			p.invocations = append(p.invocations, &invocation)
			return nil
		})
	}
	return r.json.skip()
}

// foreign tells what other JSON it is than a plan's.
func (r *planReader) foreign(version string) error {
	switch {
	case r.seen["resource_changes"], r.seen["planned_values"]:
		return checkVersion(version)
	case r.seen["@level"] || r.seen["@message"]:
		return errors.New("is the log of `terraform plan -json`; " + showJSON)
	case r.seen["lineage"]:
		return errors.New("is a state file, not a plan; " + showJSON)
	case r.seen["values"]:
		return errors.New("is a state, not a plan; " + showJSON)
	case version == "":
		return errors.New("has no format_version, so it is no plan; " + showJSON)
	}
	return checkVersion(version)
}

// checkVersion refuses formats that may say things that a review would overlook.
func checkVersion(version string) error {
	if err := (&tfjson.Plan{FormatVersion: version}).Validate(); err != nil {
		return fmt.Errorf("format_version: %s is not %s, which this version reads; update aimetrics, or plan with Terraform 1.x", quoted(version), tfjson.PlanFormatVersionConstraints)
	}
	return nil
}

// add takes a change in, or drops it where it says nothing: of a thousand resources most stay as they are.
func (p *plan) add(change tfjson.ResourceChange) error {
	if err := checkChange(&change); err != nil {
		return err
	}
	if (isDomain(change.Type) || isDomainPolicy(change.Type)) && change.Mode == tfjson.ManagedResourceMode {
		p.domains = append(p.domains, &change)
	}
	p.manages(&change)
	switch {
	case change.Mode == tfjson.DataResourceMode:
		p.secrets.collect(beforeOf(change.Change))
	case change.Change.Actions.NoOp() && change.PreviousAddress == "" && change.Change.Importing == nil:
		p.unchanged++
		p.secrets.collect(afterOf(change.Change))
	default:
		p.changes = append(p.changes, &change)
	}
	return nil
}

// manages takes in of what other resource's part this one is.
func (p *plan) manages(change *tfjson.ResourceChange) {
	before := beforeOf(change.Change)
	for _, portion := range portions {
		if portion.kind == change.Type && before.textOf("type") != "ingress" {
			key := portion.of + " " + portion.part + " " + before.textOf(portion.by)
			if p.portions[key] == nil {
				p.portions[key] = map[string]bool{}
			}
			for _, name := range inPart(portion.part, before) {
				p.portions[key][name] = true
			}
		}
	}
	if group := before.textOf("security_group_id"); group != "" && isIngress(change) {
		p.rules[group] = append(p.rules[group], admits(before)...)
	}
}

func checkChange(change *tfjson.ResourceChange) error {
	if change.Change == nil {
		return fmt.Errorf("%s has no change", quoted(change.Address))
	}
	if _, ok := actionOf(change.Change.Actions); !ok && change.Mode != tfjson.DataResourceMode {
		return fmt.Errorf("%s: actions %s are none of Terraform 1.x; update aimetrics", quoted(change.Address), quoted(fmt.Sprint(change.Change.Actions)))
	}
	return nil
}

// value reads a value; numbers stay as they are written.
func (r *planReader) value(into any) error {
	text, err := r.json.read()
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return inValue{err}
	}
	if decoder.InputOffset() < int64(len(text)) {
		return fmt.Errorf("is not JSON; %s again", showJSON)
	}
	return nil
}

// inValue is an error whose offset counts from the beginning of a value.
type inValue struct{ error }

func (e inValue) Unwrap() error { return e.error }

// each reads a list, element by element.
func each[T any](r *planReader, take func(T) error) error {
	start, err := r.json.peek()
	switch {
	case err != nil:
		return err
	case start == 'n':
		var null *T
		return r.value(&null)
	case start != '[':
		return fmt.Errorf("is no list; %s again", showJSON)
	}
	name := r.at
	for i := 0; ; i++ {
		separator, err := r.json.take([]string{"[", ",]"}[min(i, 1)])
		if err != nil || separator == ']' {
			return err
		}
		if next, err := r.json.peek(); i == 0 && err == nil && next == ']' {
			_, err = r.json.take("]")
			return err
		}
		r.at = fmt.Sprintf("%s[%d]", name, i)
		var element T
		if err := r.value(&element); err != nil {
			return err
		}
		if err := take(element); err != nil {
			return err
		}
	}
}

func (r *planReader) broken(err error) error {
	err = broken(err)
	if r.at != "" {
		return fmt.Errorf("%s: %w", Clean(r.at), err)
	}
	return err
}

// broken says in one line why JSON could not be read. What encoding/json quotes is a character or the name of a type, never
// a value.
func broken(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var within inValue
	switch {
	case !errors.As(err, &within) && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return errors.New("is cut off; " + showJSON + " again")
	case errors.As(err, &kind):
		return fmt.Errorf("holds a %s where Terraform writes another type; %s again", strings.Fields(kind.Value + " value")[0], showJSON)
	case errors.As(err, &syntax):
		return fmt.Errorf("is not JSON (%s); %s again", Clean(syntax.Error()), showJSON)
	}
	return errors.New(Clean(err.Error()))
}

// quoted is a value in an error: in quotes, on one line, not long.
func quoted(s string) string {
	return `"` + shortened(Clean(s)) + `"`
}

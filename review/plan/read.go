package plan

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"cdktf-aimetrics/internal/credential"
	"cdktf-aimetrics/review/prose"
)

// Read reads the output of `terraform show -json`. watch says of which types of resources it also keeps those that stay as they
// are, in Plan.Watched; the others, most of a large plan, are dropped. An error is one line with the place in the JSON and what
// to do, without the name of the plan.
func Read(from io.Reader, watch func(resourceType string) bool) (*Plan, error) {
	buffered := bufio.NewReaderSize(from, 64<<10)
	if err := recognize(buffered); err != nil {
		return nil, err
	}
	reader := reader{json: scanner{from: buffered}, watch: watch, seen: map[string]bool{}, secrets: secrets{}}
	reader.decoder = json.NewDecoder(&reader.text)
	reader.decoder.UseNumber()
	if err := reader.read(); err != nil {
		return nil, err
	}
	reader.finish()
	return &reader.plan, nil
}

const showJSON = "write one with `terraform show -json PLAN`"

// recognize refuses what is not JSON at all by its first bytes.
func recognize(from *bufio.Reader) error {
	start, err := from.Peek(4)
	switch {
	case err != nil && err != io.EOF:
		return broken(err)
	case len(start) == 0:
		return errors.New("is empty; " + showJSON)
	case IsFile(start):
		return errors.New("is a plan file, which Terraform alone can read, in the folder that it was made in; name its path")
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}), bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return errors.New("is UTF-16, as PowerShell's > writes it; " +
			"write it with `terraform show -json PLAN | Out-File -Encoding utf8 FILE`")
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

// IsFile reports whether what begins so (four bytes suffice) is a plan file, a zip archive that Terraform alone can read.
func IsFile(start []byte) bool { return bytes.HasPrefix(start, []byte("PK\x03\x04")) }

// reader reads a plan.
type reader struct {
	plan     Plan
	json     scanner
	decoder  *json.Decoder // of text; one for all values, for each has a buffer of its own
	text     bytes.Reader
	watch    func(resourceType string) bool
	at       string // the value that is being read
	seen     map[string]bool
	complete *bool
	outputs  map[string]*tfjson.Change
	secrets  secrets
}

// finish fills in what is known when all is read.
func (r *reader) finish() {
	r.plan.Incomplete = r.complete != nil && !*r.complete
	r.plan.RefreshOnly = !r.seen["resource_changes"] && len(r.plan.Drift) > 0
	for _, name := range slices.Sorted(maps.Keys(r.outputs)) {
		if change := r.outputs[name]; change != nil {
			action, _ := planned(change.Actions)
			r.plan.Outputs = append(r.plan.Outputs, Output{name, action, before(change), after(change)})
		}
	}
	r.hideSecrets()
	r.plan.Outputs = slices.DeleteFunc(r.plan.Outputs, func(o Output) bool { return o.Action == Keep || o.Action == ReadData })
	for i := range r.plan.Outputs {
		if output := &r.plan.Outputs[i]; credential.IsName(output.Name) {
			output.Before.sensitive, output.After.sensitive = true, true
		}
	}
}

// read reads the plan field by field.
func (r *reader) read() error {
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
	if _, err := r.json.peek(); err != io.EOF {
		return errors.New("goes on after its end; hand in one plan per file")
	}
	return nil
}

// key reads what stands between two fields, and the name of the next; the separator is } at the end.
func (r *reader) key(first bool) (separator byte, name string, err error) {
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
func (r *reader) field(name string, version *string) error {
	p := &r.plan
	switch name {
	case "format_version":
		return r.value(version)
	case "errored":
		return r.value(&p.Errored)
	case "complete":
		return r.value(&r.complete)
	case "output_changes":
		return r.value(&r.outputs)
	case "checks":
		return r.checks()
	case "resource_changes":
		return each(r, r.change)
	case "resource_drift":
		return each(r, func(change tfjson.ResourceChange) error {
			if err := checkChange(&change); err != nil {
				return err
			}
			p.Drift = append(p.Drift, newChanges(&change)...)
			return nil
		})
	case "deferred_changes":
		return each(r, func(deferred tfjson.DeferredResourceChange) error {
			if deferred.ResourceChange == nil {
				return errors.New("has no resource_change")
			}
			if err := checkChange(deferred.ResourceChange); err != nil {
				return err
			}
			for _, change := range newChanges(deferred.ResourceChange) {
				p.Deferred = append(p.Deferred, Deferred{deferred.Reason, change})
			}
			return nil
		})
	case "action_invocations":
		return each(r, func(invocation tfjson.ActionInvocation) error {
			p.Invocations = append(p.Invocations, invocation.Address)
			return nil
		})
	}
	return r.json.skip()
}

// foreign refuses other JSON than a plan's.
func (r *reader) foreign(version string) error {
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
		return fmt.Errorf("format_version: %s is not %s, which this version reads; update aimetrics, or plan with Terraform 1.x",
			prose.Quoted(version), tfjson.PlanFormatVersionConstraints)
	}
	return nil
}

func (r *reader) checks() error {
	var checks []tfjson.CheckResultStatic
	err := r.value(&checks)
	r.plan.Checks = nil
	for _, check := range checks {
		var problems []string
		for _, instance := range check.Instances {
			for _, problem := range instance.Problems {
				problems = append(problems, problem.Message)
			}
		}
		r.plan.Checks = append(r.plan.Checks, Check{check.Address.ToDisplay, string(check.Status), problems})
	}
	return err
}

// change takes a change in, or drops it where it says nothing: of a thousand resources most stay as they are.
func (r *reader) change(c tfjson.ResourceChange) error {
	if err := checkChange(&c); err != nil {
		return err
	}
	changes := newChanges(&c)
	if c.Mode == tfjson.ManagedResourceMode && r.watch(c.Type) {
		r.plan.Watched = append(r.plan.Watched, changes...)
	}
	switch {
	case c.Mode == tfjson.DataResourceMode:
		r.secrets.collect(changes[0].Before)
	case changes[0].Action == Keep:
		r.plan.Unchanged++
		r.secrets.collect(changes[0].After)
	default:
		r.plan.Changes = append(r.plan.Changes, changes...)
	}
	return nil
}

func checkChange(change *tfjson.ResourceChange) error {
	if change.Change == nil {
		return fmt.Errorf("%s has no change", prose.Quoted(change.Address))
	}
	if _, ok := planned(change.Change.Actions); !ok && change.Mode != tfjson.DataResourceMode {
		return fmt.Errorf("%s: actions %s are none of Terraform 1.x; update aimetrics",
			prose.Quoted(change.Address), prose.Quoted(fmt.Sprint(change.Change.Actions)))
	}
	return nil
}

// value reads a value into a variable; numbers stay as they are written. After an error no other may be read.
func (r *reader) value(into any) error {
	text, err := r.json.read()
	if err != nil {
		return err
	}
	r.text.Reset(text)
	start := r.decoder.InputOffset()
	if err := r.decoder.Decode(into); err != nil {
		return inValue{err}
	}
	if r.decoder.InputOffset()-start < int64(len(text)) {
		return fmt.Errorf("is not JSON; %s again", showJSON)
	}
	return nil
}

// inValue is an error whose offset counts from the beginning of a value.
type inValue struct{ error }

func (e inValue) Unwrap() error { return e.error }

// each reads a list, element by element.
func each[T any](r *reader, take func(T) error) error {
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
		r.at = name + "[" + strconv.Itoa(i) + "]"
		var element T
		if err := r.value(&element); err != nil {
			return err
		}
		if err := take(element); err != nil {
			return err
		}
	}
}

func (r *reader) broken(err error) error {
	err = broken(err)
	if r.at != "" {
		return fmt.Errorf("%s: %w", prose.Safe(r.at), err)
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
		return fmt.Errorf("is not JSON (%s); %s again", prose.Clean(syntax.Error()), showJSON)
	}
	return errors.New(prose.Clean(err.Error()))
}

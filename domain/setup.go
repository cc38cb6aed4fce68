package domain

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"cdktf-aimetrics/metrics"
)

// Wanted is what a domain should have in it before the first document.
type Wanted struct {
	// Index prefix, retention, shards, replicas and partition.
	Settings metrics.Settings

	// Whether what nobody said in Settings but the prefix stays as it is on a domain that is set up: nobody has a file to say it. Default:
	// false, Settings are what shall be.
	KeepSettings bool

	// Who gets which role inside the domain, where it has fine-grained access control. Default: nobody, the roles alone are made.
	Principals Principals
}

// Principals are the ARNs of the IAM roles and users that get a role inside the domain. A name alone is a role whose account is not known.
type Principals struct{ Writers, Readers, Administrators []string }

// Plan is what has to be done to a domain, and what its owner should know.
type Plan struct {
	Engine Engine
	// Where Kibana is and, where it has tenants, which; "" in a plan that is not about it.
	Where string
	// In the order in which they must be done. None: it is up to date.
	Changes []Change
	// What stays as it is, though one may not think so; a line each.
	Notes []string
}

// Change is one thing that is made or changed.
type Change struct {
	// What it is, such as `index template "ml-metrics"`.
	What string
	// What is done with it: "created", "changed", …
	How string
	// What changes in it, a line each: "+ path: value", "- path: value", "~ path: old -> new".
	Differences []string

	apply func(context.Context) error
	quiet bool // whether it may have been done already, which cannot be seen: it is done and not told of
}

// errNothingToDo is that a change turned out to have been made already.
var errNothingToDo = errors.New("it is done already")

// plan is one that is being made.
type plan struct {
	Plan
	client   *Client
	wanted   Wanted
	settings metrics.Settings
	indices  []existingIndex
}

func (p *plan) change(what, how string, differences []string, apply func(context.Context) error) {
	p.Changes = append(p.Changes, Change{What: what, How: how, Differences: differences, apply: apply})
}

func (p *plan) note(format string, arguments ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, arguments...))
}

// Plan reads what is in the domain and says what has to be done to it; it changes nothing. The order is: the lifecycle policy, so that no
// index comes into being without it; the template; the indices that exist; and, where there is fine-grained access control, the roles
// and who has them.
//
// The error has a line for each thing that stands in the way.
func (c *Client) Plan(ctx context.Context, wanted Wanted) (Plan, error) {
	settings := wanted.Settings.WithDefaults()
	if err := settings.Check(); err != nil {
		return Plan{}, err
	}
	p := &plan{client: c, wanted: wanted, settings: settings}
	var err error
	if p.Engine, err = c.Engine(ctx); err != nil {
		return p.Plan, err
	}
	if wanted.KeepSettings {
		if err := p.keepSettings(ctx); err != nil {
			return p.Plan, err
		}
	}
	if err := p.readIndices(ctx); err != nil {
		return p.Plan, err
	}
	var inTheWay []error
	for _, part := range []func(context.Context) error{p.planPolicy, p.planTemplate, p.planMappings, p.planManaged, p.planRoles} {
		err := part(ctx)
		var fault *Fault
		if errors.As(err, &fault) { // the rest would not be answered either
			return p.Plan, errors.Join(append(inTheWay, err)...)
		}
		inTheWay = append(inTheWay, err)
	}
	return p.Plan, errors.Join(inTheWay...)
}

// UpToDate reports whether there is nothing to change.
func (p Plan) UpToDate() bool {
	return len(p.Pending()) == 0
}

// Pending is the changes but for those that may have been made already, which cannot be seen.
func (p Plan) Pending() []Change {
	return slices.DeleteFunc(slices.Clone(p.Changes), func(change Change) bool { return change.quiet })
}

// Apply does the changes of a plan in their order, and tells of each when it is done. What was done stays done where one fails: a new
// plan has the rest.
func (p Plan) Apply(ctx context.Context, tell func(Change)) error {
	for _, change := range p.Changes {
		err := change.apply(ctx)
		switch {
		case errors.Is(err, errNothingToDo), err == nil && change.quiet:
		case err != nil:
			return fmt.Errorf("%s: %w", change.What, err)
		default:
			tell(change)
		}
	}
	return nil
}

// get reads what may not be there, and reports whether it is.
func (c *Client) get(ctx context.Context, path string, answer any) (bool, error) {
	err := c.Send(ctx, http.MethodGet, path, nil, answer)
	if hasStatus(err, http.StatusNotFound) {
		return false, nil
	}
	return err == nil, err
}

// put writes what the cluster has to acknowledge. It answers with 200 where some of its nodes have not within half a minute.
func (c *Client) put(ctx context.Context, path string, body any) error {
	answer := struct{ Acknowledged bool }{true} // where nothing is said of it
	if err := c.Send(ctx, http.MethodPut, path, body, &answer); err != nil {
		return err
	}
	if !answer.Acknowledged {
		return errors.New("not all nodes of the domain have acknowledged it; run it again when the domain is less busy")
	}
	return nil
}

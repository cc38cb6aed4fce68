package domain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cdktf-aimetrics/metrics"
)

// storedPolicy is a lifecycle policy as the engine answers with it.
type storedPolicy struct {
	ID          string         `json:"_id"`
	SeqNo       int            `json:"_seq_no"`
	PrimaryTerm int            `json:"_primary_term"`
	Policy      map[string]any `json:"policy"`
}

// planPolicy makes the lifecycle policy.
func (p *plan) planPolicy(ctx context.Context) error {
	lifecycle := p.Engine.Lifecycle
	if lifecycle == metrics.NoLifecycle {
		p.note("%s has no index state management: old indices stay until somebody deletes them", p.Engine)
		return nil
	}
	want := decoded(p.settings.Policy(lifecycle))
	if err := p.otherPolicies(ctx, want); err != nil {
		return err
	}
	id := p.settings.PolicyID()
	path := lifecycle.Path("policies/" + url.PathEscape(id))
	var stored storedPolicy
	there, err := p.client.get(ctx, path, &stored)
	if err != nil {
		return err
	}
	if there {
		if description, _ := stored.Policy["description"].(string); !isOurs(description) {
			return fmt.Errorf("lifecycle policy %q is there and not of aimetrics; delete it, or choose another index prefix", id)
		}
	}
	lines := differences(policyLeaves(stored.Policy), policyLeaves(at(want, "policy").(map[string]any)))
	how := "created"
	switch {
	case there && len(lines) == 0:
		return nil
	case there:
		how = "changed"
		path += fmt.Sprintf("?if_seq_no=%d&if_primary_term=%d", stored.SeqNo, stored.PrimaryTerm)
	}
	p.change(fmt.Sprintf("lifecycle policy %q", id), how, lines, func(ctx context.Context) error {
		return p.client.putPolicy(ctx, path, id, want)
	})
	return nil
}

func isOurs(description string) bool {
	_, ok := metrics.PolicyHash(description)
	return ok
}

// putPolicy writes the policy unless somebody else did since it was read.
func (c *Client) putPolicy(ctx context.Context, path, id string, want map[string]any) error {
	err := c.Send(ctx, http.MethodPut, path, want, nil)
	if !hasStatus(err, http.StatusConflict) {
		return err
	}
	// It may have been this very request, whose answer was lost.
	var stored storedPolicy
	plain, _, _ := strings.Cut(path, "?")
	if there, err := c.get(ctx, plain, &stored); err == nil && there &&
		len(differences(policyLeaves(stored.Policy), policyLeaves(at(want, "policy").(map[string]any)))) == 0 {
		return nil
	}
	return errors.New("somebody changed it while this ran; run it again, and it takes the other's change into account")
}

// otherPolicies looks at the policies of others that name indices of ours.
func (p *plan) otherPolicies(ctx context.Context, want map[string]any) error {
	ours := policyTemplate(at(want, "policy"))
	if ours == nil {
		return nil
	}
	var answer struct{ Policies []storedPolicy }
	if err := p.client.Send(ctx, http.MethodGet, p.Engine.Lifecycle.Path("policies")+"?size=1000", nil, &answer); err != nil {
		return err
	}
	var same []error
	for _, other := range answer.Policies {
		theirs := policyTemplate(other.Policy)
		if theirs == nil || other.ID == p.settings.PolicyID() || !overlapAny(theirs.IndexPatterns, ours.IndexPatterns) {
			continue
		}
		if theirs.Priority == ours.Priority {
			same = append(same, fmt.Errorf("lifecycle policy %q names indices of %s with the priority %v too, which the domain refuses; "+
				"delete it, or give it another priority",
				other.ID, p.settings.IndexPattern(), theirs.Priority))
			continue
		}
		p.note("lifecycle policy %q names indices of %s too, with the priority %v: the higher one counts, and ours is %v", other.ID,
			p.settings.IndexPattern(), theirs.Priority, ours.Priority)
	}
	return errors.Join(same...)
}

// ismTemplate is which new indices a policy takes.
type ismTemplate struct {
	IndexPatterns []string `json:"index_patterns"`
	Priority      float64  `json:"priority"`
}

// policyTemplate reads a policy's ism_template, an object in Open Distro 1.13 and a list after it; nil if there is none.
func policyTemplate(policy any) *ismTemplate {
	content, _ := json.Marshal(at(policy, "ism_template"))
	var one ismTemplate
	var list []ismTemplate
	switch {
	case json.Unmarshal(content, &list) == nil && len(list) > 0:
		one = list[0]
	case json.Unmarshal(content, &one) != nil || one.IndexPatterns == nil:
		return nil
	}
	return &one
}

// policyLeaves is what a policy says, without what the engine adds.
func policyLeaves(policy map[string]any) leaves {
	policy = maps.Clone(policy)
	for _, added := range []string{"policy_id", "last_updated_time", "schema_version", "user"} {
		delete(policy, added)
	}
	if policy["error_notification"] == nil {
		delete(policy, "error_notification")
	}
	if list, ok := policy["ism_template"].([]any); ok && len(list) == 1 {
		policy["ism_template"] = list[0]
	}
	all := leavesOf(policy)
	maps.DeleteFunc(all, func(path, _ string) bool {
		return path == "" || path == "ism_template" || strings.HasSuffix(path, ".last_updated_time") ||
			strings.Contains(path, "].retry.") || strings.HasSuffix(path, "].transitions")
	})
	return all
}

// managed is what the engine says of an index and its policy.
type managed struct {
	ID      string
	SeqNo   int
	managed bool
}

func (m *managed) UnmarshalJSON(content []byte) error {
	var said map[string]any
	if err := json.Unmarshal(content, &said); err != nil {
		return nil // total_managed_indices
	}
	for _, key := range []string{"policy_id", "index.opendistro.index_state_management.policy_id",
		"index.plugins.index_state_management.policy_id"} {
		if id, ok := said[key].(string); ok && id != "" {
			m.ID, m.managed = id, true
		}
	}
	m.SeqNo = -1
	if number, ok := said["policy_seq_no"].(float64); ok {
		m.SeqNo = int(number)
	}
	return nil
}

// atOnce is how many indices one request names: paths are bounded by 4 KiB.
const atOnce = 40

// planManaged gives the policy to indices that have none, and its newest version to those that have it.
func (p *plan) planManaged(ctx context.Context) error {
	if p.Engine.Lifecycle == metrics.NoLifecycle || len(p.indices) == 0 {
		return nil
	}
	id := p.settings.PolicyID()
	var stored storedPolicy
	if _, err := p.client.get(ctx, p.Engine.Lifecycle.Path("policies/"+url.PathEscape(id)), &stored); err != nil {
		return err
	}
	policyChanges := slices.ContainsFunc(p.Changes, func(change Change) bool {
		return change.What == fmt.Sprintf("lifecycle policy %q",
			id)
	})
	var explained map[string]managed
	if err := p.client.Send(ctx, http.MethodGet, p.Engine.Lifecycle.Path("explain/"+strings.Join(p.settings.IndexPatterns(), ",")), nil,
		&explained); err != nil {
		return err
	}
	var bare, behind []string
	for _, index := range p.indices {
		its := explained[index.name]
		switch {
		case !its.managed:
			bare = append(bare, index.name)
		case its.ID != id:
			p.note("index %s has the lifecycle policy %q of somebody else; it is left as it is", index.name, its.ID)
		case policyChanges || its.SeqNo >= 0 && its.SeqNo != stored.SeqNo:
			behind = append(behind, index.name)
		}
	}
	for some := range slices.Chunk(bare, atOnce) {
		p.change(fmt.Sprintf("lifecycle policy of %s", listed(some)), "attached", nil, func(ctx context.Context) error {
			return p.onIndices(ctx, "add", some, id)
		})
	}
	for some := range slices.Chunk(behind, atOnce) {
		p.change(fmt.Sprintf("lifecycle policy of %s", listed(some)), "moved to its new version", nil, func(ctx context.Context) error {
			return p.onIndices(ctx, "change_policy", some, id)
		})
		// Whether it was asked for already cannot be seen before the engine's job comes by: asking again does no harm.
		p.Changes[len(p.Changes)-1].quiet = !policyChanges
	}
	if len(behind) > 0 && !policyChanges {
		p.note("lifecycle policy of %s: still a former version; the engine's own job moves it, every 30 to 48 minutes", listed(behind))
	}
	return nil
}

// onIndices asks the engine to do something with the policy of indices. It answers with 200 where it did not.
func (p *plan) onIndices(ctx context.Context, what string, indices []string, policyID string) error {
	var answer struct {
		Updated       int `json:"updated_indices"`
		Failures      bool
		FailedIndices []struct {
			Name   string `json:"index_name"`
			Reason string
		} `json:"failed_indices"`
	}
	path := p.Engine.Lifecycle.Path(what + "/" + strings.Join(indices, ","))
	if err := p.client.Send(ctx, http.MethodPost, path, map[string]string{"policy_id": policyID}, &answer); err != nil {
		return err
	}
	var failed []error
	for _, failure := range answer.FailedIndices {
		if strings.Contains(failure.Reason, "already has a policy") {
			continue // given a moment ago: the engine explains it with a delay
		}
		failed = append(failed, fmt.Errorf("index %s: %s; run it again", oneLine(failure.Name, 100), oneLine(failure.Reason, 200)))
	}
	switch {
	case failed != nil:
		return errors.Join(failed...)
	case answer.Failures && len(answer.FailedIndices) == 0:
		return errors.New("the domain says that it failed, and not why; run it again")
	case answer.Updated == 0:
		return errNothingToDo
	}
	return nil
}

// listed names indices, or counts them where they are many.
func listed(indices []string) string {
	if len(indices) > 3 {
		return fmt.Sprintf("%d indices, %s to %s", len(indices), indices[0], indices[len(indices)-1])
	}
	return strings.Join(indices, ", ")
}

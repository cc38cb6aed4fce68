package ismtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// index is one of the server.
type index struct {
	name, uuid string
	created    int64
}

// managedIndex is an index with a policy.
type managedIndex struct {
	index
	policyID string
	changing bool // another version of a policy was asked for, and the job has not come by
	runs     int  // of the job

	policySequence              int
	stateStart, action, stepped int64
}

// sweep takes the indices that are new into the care of policies whose template matches them.
func (ism *ISM) sweep() error {
	indices, err := ism.indices()
	if err != nil {
		return err
	}
	for _, index := range indices {
		if ism.known[index.uuid] {
			continue
		}
		ism.known[index.uuid] = true
		delete(ism.managed, index.name) // of one with the same name, before
		if p := ism.policyFor(index); p != nil {
			ism.next()
			ism.managed[index.name] = &managedIndex{index: index, policyID: p.id}
		}
	}
	return nil
}

// policyFor is the policy whose template has the highest priority of those that match; older indices are nobody's.
func (ism *ISM) policyFor(index index) *policy {
	var best *policy
	highest := -1.0
	for _, p := range ism.policies {
		template, ok := p.content["ism_template"].(object)
		if !ok || template["last_updated_time"].(int64) > index.created {
			continue
		}
		priority, _ := template["priority"].(float64)
		if priority > highest && slices.ContainsFunc(texts(template["index_patterns"]),
			func(pattern string) bool { return matches(pattern, index.name) }) {
			best, highest = p, priority
		}
	}
	return best
}

func (ism *ISM) indices() ([]index, error) {
	answer, err := http.Get(ism.server.String() + "/_all/_settings?expand_wildcards=all")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var settings map[string]struct {
		Settings struct {
			Index struct {
				UUID         string
				CreationDate string `json:"creation_date"`
			}
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&settings); err != nil {
		return nil, err
	}
	var all []index
	for name, its := range settings {
		created, err := strconv.ParseInt(its.Settings.Index.CreationDate, 10, 64)
		if err != nil {
			return nil, err
		}
		all = append(all, index{name, its.Settings.Index.UUID, created})
	}
	slices.SortFunc(all, func(a, b index) int {
		return cmp.Or(cmp.Compare(a.created, b.created), strings.Compare(a.name, b.name))
	})
	return all, nil
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// onIndices calls do with the indices that an expression names, or is that one is missing.
func (ism *ISM) onIndices(expression string, do func([]index) (int, any)) (int, any) {
	all, err := ism.indices()
	if err != nil {
		return http.StatusInternalServerError, object{"error": err.Error()}
	}
	var named []index
	for pattern := range strings.SplitSeq(expression, ",") {
		before := len(named)
		for _, index := range all {
			if matches(pattern, index.name) && !slices.Contains(named, index) {
				named = append(named, index)
			}
		}
		if len(named) == before && !strings.Contains(pattern, "*") {
			return noSuchIndex(pattern, "index_or_alias")
		}
	}
	return do(named)
}

const policyKey = "index.opendistro.index_state_management.policy_id"

func (ism *ISM) explain(indices []index) (int, any) {
	answer := object{}
	for _, index := range indices {
		its := ism.managed[index.name]
		switch {
		case its == nil || its.runs == 0:
			answer[index.name] = object{policyKey: nil}
		default:
			answer[index.name] = its.explain()
		}
	}
	return http.StatusOK, answer
}

func (m *managedIndex) explain() object {
	answer := object{
		policyKey: m.policyID, "index": m.name, "index_uuid": m.uuid, "policy_id": m.policyID, "policy_seq_no": m.policySequence,
		"policy_primary_term": 1,
		"state":               object{"name": "hot", "start_time": m.stateStart},
		"retry_info":          object{"failed": false, "consumed_retries": 0},
	}
	if m.runs < 2 {
		answer["info"] = object{"message": "Successfully initialized policy: " + m.policyID}
		return answer
	}
	answer["action"] = object{"name": "transition", "start_time": m.action, "index": -1, "failed": false, "consumed_retries": 0,
		"last_retry_time": 0}
	step := object{"name": "attempt_transition", "start_time": m.stepped, "step_status": "starting"}
	message := "Starting action transition and working on attempt_transition"
	switch {
	case m.stepped == 0:
		message, step = "Attempting to change policy to "+m.policyID, nil
	case m.runs > 2:
		message, step["step_status"] = fmt.Sprintf("Evaluating transition conditions [index=%s]", m.name), "condition_not_met"
	}
	if step != nil {
		answer["step"] = step
	}
	answer["info"] = object{"message": message}
	return answer
}

// RunJob does for each managed index what the plugin's job does, every 30 to 48 minutes on AWS.
func (ism *ISM) RunJob() error {
	ism.mu.Lock()
	defer ism.mu.Unlock()
	if err := ism.sweep(); err != nil {
		return err
	}
	for _, its := range ism.managed {
		p := ism.find(its.policyID)
		if p == nil {
			continue
		}
		ism.next()
		if its.changing {
			its.changing, its.policySequence, its.action, its.stepped = false, p.sequence, now(), 0
			its.runs = max(its.runs, 2)
			continue
		}
		ism.next()
		its.runs++
		switch its.runs {
		case 1:
			its.policySequence, its.stateStart = p.sequence, now()
		case 2:
			its.action, its.stepped = now(), now()
		default:
			its.stepped = now()
		}
	}
	return nil
}

func (ism *ISM) add(indices []index, policyID string) (int, any) {
	return each(indices, func(index index) string {
		if ism.managed[index.name] != nil {
			return "This index already has a policy, use the update policy API to update index policies"
		}
		if ism.find(policyID) == nil { // not in the transcript
			return "Could not find policy=" + policyID
		}
		ism.next()
		ism.managed[index.name] = &managedIndex{index: index, policyID: policyID}
		return ""
	})
}

func (ism *ISM) remove(indices []index) (int, any) {
	return each(indices, func(index index) string {
		if ism.managed[index.name] == nil {
			return "This index does not have a policy to remove"
		}
		ism.next()
		delete(ism.managed, index.name)
		return ""
	})
}

func (ism *ISM) change(indices []index, policyID string) (int, any) {
	return each(indices, func(index index) string {
		its := ism.managed[index.name]
		if its == nil {
			return "This index is not being managed"
		}
		ism.next()
		its.policyID, its.changing = policyID, true
		return ""
	})
}

// each answers for every index what do says against it; "" is nothing.
func each(indices []index, do func(index) string) (int, any) {
	failures := []object{}
	for _, index := range indices {
		if reason := do(index); reason != "" {
			failures = append(failures, object{"index_name": index.name, "index_uuid": index.uuid, "reason": reason})
		}
	}
	return http.StatusOK, object{"updated_indices": len(indices) - len(failures), "failures": len(failures) > 0, "failed_indices": failures}
}

// Package ismtest is index state management, as Open Distro 1.13.2.1 has it, in front of a server that has none: no package registry
// has the plugin. It answers what is below _opendistro/_ism by itself and hands all else to the server. What it answers is held to
// testdata/transcript.jsonl, which was recorded from the real one in Elasticsearch 7.10.2.
//
//	ismtest.go  the paths, the policies and their versions
//	policy.go   what a policy may say
//	index.go    indices that policies manage, and the job
package ismtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	base        = "/_opendistro/_ism/"
	configIndex = ".opendistro-ism-config"
)

// ISM is the plugin and, behind it, the server. It may be used by many at once.
type ISM struct {
	server *url.URL
	proxy  http.Handler

	mu       sync.Mutex
	created  bool // whether the plugin's own index is there
	sequence int  // number of the next change of that index
	policies []*policy
	managed  map[string]*managedIndex // by name
	known    map[string]bool          // indices that were looked at, by uuid
}

// New puts index state management before the server at a URL.
func New(server string) (*ISM, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	return &ISM{server: address, proxy: httputil.NewSingleHostReverseProxy(address), managed: map[string]*managedIndex{},
		known: map[string]bool{}}, nil
}

func (ism *ISM) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isOurs := strings.CutPrefix(r.URL.Path, base)
	if !isOurs {
		ism.proxy.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ism.mu.Lock()
	defer ism.mu.Unlock()
	status, answer := ism.answer(r, path, body)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer)
}

type object = map[string]any

func (ism *ISM) answer(r *http.Request, path string, body []byte) (int, any) {
	if err := ism.sweep(); err != nil {
		return http.StatusInternalServerError, object{"error": err.Error()}
	}
	what, name, _ := strings.Cut(path, "/")
	switch {
	case what == "policies" && name == "" && r.Method == http.MethodGet:
		return ism.list()
	case what == "policies" && r.Method == http.MethodGet:
		return ism.get(name)
	case what == "policies" && r.Method == http.MethodPut:
		return ism.put(name, r.URL.Query(), body)
	case what == "policies" && r.Method == http.MethodDelete:
		return ism.delete(name)
	case what == "explain" && r.Method == http.MethodGet:
		return ism.onIndices(name, ism.explain)
	case what == "add" && r.Method == http.MethodPost:
		return ism.onIndices(name, func(indices []index) (int, any) { return ism.add(indices, policyID(body)) })
	case what == "remove" && r.Method == http.MethodPost:
		return ism.onIndices(name, ism.remove)
	case what == "change_policy" && r.Method == http.MethodPost:
		return ism.onIndices(name, func(indices []index) (int, any) { return ism.change(indices, policyID(body)) })
	}
	return http.StatusBadRequest, object{"error": fmt.Sprintf("no handler found for uri [%s] and method [%s]", r.URL.Path, r.Method)}
}

func policyID(body []byte) string {
	var asked struct {
		PolicyID string `json:"policy_id"`
	}
	json.Unmarshal(body, &asked)
	return asked.PolicyID
}

// policy is one that is kept, with what the plugin adds.
type policy struct {
	id       string
	version  int
	sequence int
	content  object
}

func (p *policy) full() object {
	return object{"_id": p.id, "_version": p.version, "_seq_no": p.sequence, "_primary_term": 1, "policy": p.content}
}

// written is how the answer to a PUT has it: with one more policy around it.
func (p *policy) written() object {
	answer := p.full()
	answer["policy"] = object{"policy": p.content}
	return answer
}

func (ism *ISM) find(id string) *policy {
	if i := slices.IndexFunc(ism.policies, func(p *policy) bool { return p.id == id }); i >= 0 {
		return ism.policies[i]
	}
	return nil
}

// next is the number of a change of the plugin's index.
func (ism *ISM) next() int {
	ism.created = true
	ism.sequence++
	return ism.sequence - 1
}

func (ism *ISM) list() (int, any) {
	policies := []object{}
	for _, p := range ism.policies {
		entry := p.full()
		delete(entry, "_version")
		policies = append(policies, entry)
	}
	return http.StatusOK, object{"policies": policies, "total_policies": len(policies)}
}

func (ism *ISM) get(id string) (int, any) {
	if !ism.created {
		return noSuchIndex(configIndex, "index_expression")
	}
	p := ism.find(id)
	if p == nil {
		return failed(http.StatusNotFound, "status_exception", "Policy not found", nil)
	}
	return http.StatusOK, p.full()
}

func (ism *ISM) put(id string, query url.Values, body []byte) (int, any) {
	content, status, fault := parsePolicy(id, body)
	if fault != nil {
		return status, fault
	}
	old := ism.find(id)
	sequence, term := query.Get("if_seq_no"), query.Get("if_primary_term")
	if sequence == "" && old != nil {
		return conflict(id, fmt.Sprintf("document already exists (current version [%d])", old.version))
	}
	if sequence != "" && (old == nil || sequence != strconv.Itoa(old.sequence) || term != "1") {
		current := "but no document was found"
		if old != nil {
			current = fmt.Sprintf("current document has seqNo [%d] and primary term [1]", old.sequence)
		}
		return conflict(id, fmt.Sprintf("required seqNo [%s], primary term [%s]. %s", sequence, term, current))
	}
	if template, ok := content["ism_template"].(object); ok {
		if status, fault := ism.overlap(id, template); fault != nil {
			return status, fault
		}
	}
	if old == nil {
		p := &policy{id, 1, ism.next(), content}
		ism.policies = append(ism.policies, p)
		return http.StatusCreated, p.written()
	}
	old.version, old.sequence, old.content = old.version+1, ism.next(), content
	return http.StatusOK, old.written()
}

// overlap is the fault that another policy has a template of the same priority for one of the patterns.
func (ism *ISM) overlap(id string, template object) (int, any) {
	for _, other := range ism.policies {
		theirs, ok := other.content["ism_template"].(object)
		if !ok || other.id == id || fmt.Sprint(theirs["priority"]) != fmt.Sprint(template["priority"]) {
			continue
		}
		for _, pattern := range texts(template["index_patterns"]) {
			for _, their := range texts(theirs["index_patterns"]) {
				if matches(their, strings.ReplaceAll(pattern, "*", "x")) || matches(pattern, strings.ReplaceAll(their, "*", "x")) {
					reason := fmt.Sprintf("New policy %s has an ISM template with index pattern [%s] matching existing policy "+
						"templates, please use a different priority than %v",
						id, pattern, template["priority"])
					return failed(http.StatusBadRequest, "index_management_exception", reason,
						object{"type": "exception", "reason": "java.lang.IllegalArgumentException: " + reason})
				}
			}
		}
	}
	return 0, nil
}

func (ism *ISM) delete(id string) (int, any) {
	answer := object{"_index": configIndex, "_type": "_doc", "_id": id, "_version": 1, "result": "not_found", "forced_refresh": true,
		"_shards": object{"total": 2, "successful": 1, "failed": 0}, "_primary_term": 1}
	status := http.StatusNotFound
	if p := ism.find(id); p != nil {
		status, answer["result"], answer["_version"] = http.StatusOK, "deleted", p.version+1
		ism.policies = slices.DeleteFunc(ism.policies, func(other *policy) bool { return other == p })
	}
	answer["_seq_no"] = ism.next()
	return status, answer
}

// failed is an error as Elasticsearch writes it.
func failed(status int, kind, reason string, causedBy object) (int, any) {
	cause := object{"type": kind, "reason": reason}
	full := object{"root_cause": []object{cause}, "type": kind, "reason": reason}
	if causedBy != nil {
		full["caused_by"] = causedBy
	}
	return status, object{"error": full, "status": status}
}

func conflict(id, reason string) (int, any) {
	cause := object{"type": "version_conflict_engine_exception", "reason": "[" + id + "]: version conflict, " + reason, "index_uuid": "x",
		"shard": "0", "index": configIndex}
	return http.StatusConflict, wrapped(cause, http.StatusConflict)
}

func noSuchIndex(name, resource string) (int, any) {
	cause := object{"type": "index_not_found_exception", "reason": "no such index [" + name + "]", "resource.type": resource,
		"resource.id": name, "index_uuid": "_na_", "index": name}
	return http.StatusNotFound, wrapped(cause, http.StatusNotFound)
}

// wrapped is an error whose root cause is itself.
func wrapped(cause object, status int) object {
	full := object{"root_cause": []object{cause}}
	for key, value := range cause {
		full[key] = value
	}
	return object{"error": full, "status": status}
}

func now() int64 { return time.Now().UnixMilli() }

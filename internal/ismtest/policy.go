package ismtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
)

// knownKeys is what each part of a policy may have; the names of the parts are the plugin's own.
var knownKeys = map[string][]string{
	"Policy": {"policy_id", "description", "last_updated_time", "schema_version", "error_notification", "default_state",
		"states", "ism_template"},
	"State":                {"name", "actions", "transitions"},
	"Transition":           {"state_name", "conditions"},
	"Conditions":           {"min_index_age", "min_doc_count", "min_size", "cron"},
	"RolloverActionConfig": {"min_size", "min_doc_count", "min_index_age"},
	"ISMTemplate":          {"index_patterns", "priority", "last_updated_time"},
}

var timeValue = regexp.MustCompile(`^\d+(d|h|m|s|ms|micros|nanos)$`)

// parsePolicy reads the body of a PUT as the plugin does: what it would keep, or the fault.
func parsePolicy(id string, body []byte) (object, int, any) {
	at, found := firstNoObject(body, "")
	if at > 0 {
		return unparsed(at, found)
	}
	if at, found := firstNoObject(body, "ism_template"); at > 0 {
		return unparsed(at, found)
	}
	var given struct{ Policy object }
	if json.Unmarshal(body, &given) != nil || given.Policy == nil {
		return unparsed(1, "null")
	}
	if reason := faultOf(given.Policy); reason != "" {
		status, fault := failed(http.StatusBadRequest, "illegal_argument_exception", reason, nil)
		return nil, status, fault
	}
	content := object{"policy_id": id, "last_updated_time": now(), "schema_version": 1, "error_notification": nil}
	for _, key := range []string{"description", "default_state", "states", "ism_template", "error_notification"} {
		if value, ok := given.Policy[key]; ok {
			content[key] = value
		}
	}
	if template, ok := content["ism_template"].(object); ok {
		template["last_updated_time"] = now()
	}
	return content, 0, nil
}

func unparsed(column int, found string) (object, int, any) {
	cause := object{"type": "parsing_exception",
		"reason": "Failed to parse object: expecting token of type [START_OBJECT] but found [" + found + "]", "line": 1, "col": column}
	return nil, http.StatusBadRequest, wrapped(cause, http.StatusBadRequest)
}

// firstNoObject looks at the value of the first key of body, or of that key below its policy: where it begins, in columns from
// 1, and what it is, if it is no object; else 0.
func firstNoObject(body []byte, key string) (column int, found string) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return 0, ""
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if depth != 1 && key == "" || key != "" && (depth != 2 || token != key) {
				continue
			}
			after := int(decoder.InputOffset())
			column := after + len(body[after:]) - len(bytes.TrimLeft(body[after:], ": ")) + 1
			value, err := decoder.Token()
			if err != nil {
				return 0, ""
			}
			switch value {
			case json.Delim('{'):
				if key == "" || depth == 2 {
					return 0, ""
				}
			case json.Delim('['):
				return column, "START_ARRAY"
			default:
				return column, "VALUE_STRING"
			}
		}
	}
}

// faultOf is what the plugin says against a policy; "" if it takes it.
func faultOf(policy object) string {
	if reason := unknownKey("Policy", policy); reason != "" {
		return reason
	}
	var names []string
	for _, state := range objects(policy["states"]) {
		names = append(names, fmt.Sprint(state["name"]))
	}
	for _, state := range objects(policy["states"]) {
		if reason := faultOfState(state, names); reason != "" {
			return reason
		}
	}
	if template, ok := policy["ism_template"].(object); ok {
		return unknownKey("ISMTemplate", template)
	}
	return ""
}

func faultOfState(state object, names []string) string {
	if reason := unknownKey("State", state); reason != "" {
		return reason
	}
	for _, action := range objects(state["actions"]) {
		if rollover, ok := action["rollover"].(object); ok {
			if reason := unknownKey("RolloverActionConfig", rollover); reason != "" {
				return reason
			}
		}
	}
	for _, transition := range objects(state["transitions"]) {
		if reason := unknownKey("Transition", transition); reason != "" {
			return reason
		}
		conditions, _ := transition["conditions"].(object)
		if reason := unknownKey("Conditions", conditions); reason != "" {
			return reason
		}
		if age, ok := conditions["min_index_age"].(string); ok && !timeValue.MatchString(age) {
			return fmt.Sprintf("failed to parse setting [min_index_age] with value [%s] as a time value: unit is missing or unrecognized",
				age)
		}
		if to := fmt.Sprint(transition["state_name"]); !slices.Contains(names, to) {
			return fmt.Sprintf("Policy contains a transition in state=%v pointing to a nonexistent state=%s", state["name"], to)
		}
	}
	return ""
}

func unknownKey(part string, given object) string {
	for key := range given {
		if !slices.Contains(knownKeys[part], key) {
			return fmt.Sprintf("Invalid field: [%s] found in %s.", key, part)
		}
	}
	return ""
}

func objects(value any) []object {
	var all []object
	list, _ := value.([]any)
	for _, entry := range list {
		if one, ok := entry.(object); ok {
			all = append(all, one)
		}
	}
	return all
}

func texts(value any) []string {
	var all []string
	list, _ := value.([]any)
	for _, entry := range list {
		all = append(all, fmt.Sprint(entry))
	}
	return all
}

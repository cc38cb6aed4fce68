package domain

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cdktf-aimetrics/metrics"
	"cdktf-aimetrics/spec"
)

// role is one inside a domain with fine-grained access control.
// https://opensearch.org/docs/latest/security/access-control/permissions/
type role struct {
	name    string
	cluster []string
	// What is allowed on which indices.
	indices []indexPermission
	// What is allowed in the global tenant, where the dashboards are.
	tenant string
	// Those who get it.
	principals func(Principals) []string
}

type indexPermission struct{ patterns, actions []string }

// ourIndices stands for the indices of the prefix.
const ourIndices = "{indices}"

// kibanaIndices is where Kibana keeps the dashboards of the global tenant.
var kibanaIndices = []string{".kibana", ".kibana-6", ".kibana_*", ".opensearch_dashboards", ".opensearch_dashboards_*"}

// roles is least of what the three need. Tried against OpenSearch 2.19.1 with its security plugin, row by row.
var roles = []role{
	{
		name: "writers",
		// Whether the template is there, ingest looks before it sends.
		cluster: []string{"indices:data/write/bulk", "indices:admin/index_template/get"},
		// Of a bulk request, the plugin looks at each document: create and index are one permission, delete and update others. The month's
		// index comes with its first document, and the fields of labels and ml.params with theirs.
		indices: []indexPermission{{[]string{ourIndices}, []string{
			"indices:data/write/bulk*", "indices:data/write/index", "indices:admin/create", "indices:admin/auto_create",
			"indices:admin/mapping/auto_put", "indices:admin/mapping/put",
		}}},
		principals: func(p Principals) []string { return p.Writers },
	},
	{
		name:    "readers",
		cluster: []string{"cluster_composite_ops_ro"},
		indices: []indexPermission{
			{[]string{ourIndices}, []string{"read", "indices:admin/get", "indices:admin/mappings/get", "indices:admin/aliases/get",
				"indices:monitor/settings/get"}},
			{kibanaIndices, []string{"read", "indices:admin/get", "indices:admin/mappings/get", "indices:admin/aliases/get"}},
		},
		tenant:     "kibana_all_read",
		principals: func(p Principals) []string { return p.Readers },
	},
	{
		name: "administrators",
		cluster: []string{"cluster_composite_ops", "cluster_monitor", "indices:admin/index_template/*", "indices:admin/template/get",
			"cluster:admin/opendistro/ism/*", "indices:admin/opensearch/ism/*"},
		indices: []indexPermission{
			{[]string{ourIndices}, []string{"indices_all"}},
			{kibanaIndices, []string{"read", "write", "delete", "manage", "index"}},
		},
		tenant:     "kibana_all_write",
		principals: func(p Principals) []string { return p.Administrators },
	},
}

// body is the role as the security plugin takes it.
func (r role) body(settings metrics.Settings) map[string]any {
	var permissions []any
	for _, permission := range r.indices {
		patterns := permission.patterns
		if i := slices.Index(patterns, ourIndices); i >= 0 {
			patterns = slices.Replace(slices.Clone(patterns), i, i+1, settings.IndexPatterns()...)
		}
		permissions = append(permissions, map[string]any{"index_patterns": list(patterns), "allowed_actions": list(permission.actions)})
	}
	tenants := []any{}
	if r.tenant != "" {
		tenants = append(tenants, map[string]any{"tenant_patterns": []any{"global_tenant"}, "allowed_actions": []any{r.tenant}})
	}
	return map[string]any{"cluster_permissions": list(r.cluster), "index_permissions": permissions, "tenant_permissions": tenants}
}

func list(texts []string) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = text
	}
	return all
}

// planRoles makes the roles, and maps them to their principals.
func (p *plan) planRoles(ctx context.Context) error {
	base := "/" + p.Engine.plugins + "/_security/api/"
	there, err := p.client.hasPlugin(ctx, base+"roles/aimetrics")
	if err != nil || !there {
		return err
	}
	for _, role := range roles {
		name := p.settings.IndexPrefix + "-" + role.name
		if err := p.planRole(ctx, base, name, role); err != nil {
			return err
		}
		if err := p.planMapping(ctx, base, name, role.principals(p.wanted.Principals)); err != nil {
			return err
		}
	}
	return nil
}

// planRole makes one role.
func (p *plan) planRole(ctx context.Context, base, name string, role role) error {
	path := base + "roles/" + url.PathEscape(name)
	want := role.body(p.settings)
	var stored map[string]map[string]any
	there, err := p.client.get(ctx, path, &stored)
	if err != nil {
		return err
	}
	how, have := "created", leaves{}
	if there {
		how, have = "changed", roleLeaves(stored[name])
		if slices.ContainsFunc(slices.Collect(maps.Keys(have)), narrowed) {
			p.note("role %q: somebody narrowed it to certain documents or fields; it is left as it is", name)
			return nil
		}
	}
	lines := differences(have, roleLeaves(want))
	if there && len(lines) == 0 {
		return nil
	}
	p.change(fmt.Sprintf("role %q", name), how, lines, func(ctx context.Context) error {
		return p.client.Send(ctx, http.MethodPut, path, want, nil)
	})
	return nil
}

// narrowed reports whether a path in a role is of document- or field-level security.
func narrowed(path string) bool {
	return strings.HasSuffix(path, ".dls") || strings.Contains(path, ".fls[") || strings.Contains(path, ".masked_fields[")
}

// roleLeaves is what a role says, without what the plugin adds.
func roleLeaves(role map[string]any) leaves {
	all := leaves{}
	for _, key := range []string{"cluster_permissions", "index_permissions", "tenant_permissions"} {
		all.add(key, role[key])
	}
	maps.DeleteFunc(all, func(path, value string) bool {
		unset := value == "null" || value == "" || value == "[]"
		return unset && (strings.HasSuffix(path, ".dls") || strings.HasSuffix(path, ".fls") || strings.HasSuffix(path, ".masked_fields"))
	})
	return all
}

// planMapping maps a role to principals beside those who have it already.
func (p *plan) planMapping(ctx context.Context, base, name string, principals []string) error {
	want := p.mappable(name, principals)
	path := base + "rolesmapping/" + url.PathEscape(name)
	var stored map[string]map[string]any
	there, err := p.client.get(ctx, path, &stored)
	if err != nil {
		return err
	}
	have := mapping{BackendRoles: texts(at(stored[name], "backend_roles")), Users: texts(at(stored[name], "users"))}
	for _, other := range have.without(want) {
		p.note("role %q is mapped to %s too, which is not in the file; it is left so", name, other)
	}
	missing := mapping{subtract(want.BackendRoles, have.BackendRoles), subtract(want.Users, have.Users)}
	if len(missing.BackendRoles)+len(missing.Users) == 0 {
		if !there {
			p.note("role %q is nobody's: name its principals in the file's access, or map it in Kibana (Security, Roles)", name)
		}
		return nil
	}
	var lines []string
	for _, principal := range slices.Concat(missing.BackendRoles, missing.Users) {
		lines = append(lines, "+ "+principal)
	}
	p.change(fmt.Sprintf("mapping of the role %q", name), map[bool]string{false: "created", true: "changed"}[there], lines,
		func(ctx context.Context) error {
			if !there {
				return p.client.Send(ctx, http.MethodPut, path, missing, nil)
			}
			// Additions alone, so that what somebody adds meanwhile stays.
			patch := slices.Concat(additions("/backend_roles", have.BackendRoles, missing.BackendRoles),
				additions("/users", have.Users, missing.Users))
			return p.client.Send(ctx, http.MethodPatch, path, patch, nil)
		})
	return nil
}

// additions is the JSON Patch that adds principals to a list. A list that is empty the plugin does not have at all.
func additions(path string, have, missing []string) []any {
	var patch []any
	if len(have) == 0 && len(missing) > 0 {
		return []any{map[string]any{"op": "add", "path": path, "value": missing}}
	}
	for _, principal := range missing {
		patch = append(patch, map[string]any{"op": "add", "path": path + "/-", "value": principal})
	}
	return patch
}

// mapping is who has a role: the ARNs of IAM roles are backend roles, those of IAM users are users.
type mapping struct {
	BackendRoles []string `json:"backend_roles"`
	Users        []string `json:"users"`
}

// without is those of m who are not in other.
func (m mapping) without(other mapping) []string {
	return slices.Concat(subtract(m.BackendRoles, other.BackendRoles), subtract(m.Users, other.Users))
}

// mappable is the principals that can be mapped: an account cannot.
func (p *plan) mappable(name string, principals []string) mapping {
	m := mapping{[]string{}, []string{}}
	for _, principal := range principals {
		switch {
		case strings.Contains(principal, ":role/"):
			m.BackendRoles = append(m.BackendRoles, principal)
		case strings.Contains(principal, ":user/"):
			m.Users = append(m.Users, principal)
		case !strings.HasPrefix(principal, "arn:") && principal != spec.Account:
			p.note("role %q is not mapped to the IAM role %s, for its account is not known here; leave --endpoint out", name, principal)
		default:
			p.note("role %q cannot be mapped to %s, for a whole account has no name inside the domain; name its roles", name, principal)
		}
	}
	return m
}

func subtract(from, what []string) []string {
	rest := []string{}
	for _, text := range from {
		if !slices.Contains(what, text) && !slices.Contains(rest, text) {
			rest = append(rest, text)
		}
	}
	return rest
}

func texts(value any) []string {
	var all []string
	list, _ := value.([]any)
	for _, entry := range list {
		all = append(all, fmt.Sprint(entry))
	}
	return all
}

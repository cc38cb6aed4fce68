//go:build integration

package stacks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// Who gets in with which request, in two tables. environments says who may read, add, do all, or nothing; whoever has no row
// there may do nothing, and tries all the same. essentials and details say, request by request, what that means.

// may is what somebody may do on a domain.
type may int

const (
	nothing may = 0
	reads   may = 1
	adds    may = 2
	all     may = 4
)

// request is a method with a path, and who is let in with it, besides those who may do all. {index} stands for each of
// ownIndices; also for each of otherIndices, where nobody is but those who may do all.
type request struct {
	methodAndPath string
	may           may
}

var (
	ownIndices   = []string{"ml-metrics", "ml-metrics-000001"}
	otherIndices = []string{"ml-metricsother", "payroll"}
)

// essentials is what everybody tries in every environment.
var essentials = []request{
	{"GET /ml-metrics-000001/_search", reads},
	{"POST /ml-metrics-000001/_search", reads},
	{"GET /_plugin/kibana/app/dashboards", reads},
	{"POST /ml-metrics-000001/_bulk", adds},
	{"GET /_index_template/ml-metrics", adds},
	{"GET /payroll/_search", all},
	{"DELETE /ml-metrics-000001", all},
}

// details is what some try as well: those in inDetail.
var details = []request{
	// The cluster, and all indices at once.
	{"GET /", all},
	{"GET /_cat/indices", all},
	{"GET /_cluster/settings", all},
	{"PUT /_cluster/settings", all},
	{"PUT /_snapshot/mine", all},
	{"PUT /_template/mine", all},
	{"PUT /_opendistro/_ism/policies/mine", all},
	{"POST /_opendistro/_sql", all},
	{"POST /_aliases", all},
	{"POST /_reindex", all},
	{"POST /_bulk", all},
	{"PUT /_bulk", all},
	{"GET /_search", all},
	{"POST /_search", all},
	{"POST /_search/scroll", all},
	{"POST /_msearch", all},
	{"POST /_mget", all},
	{"GET /_all/_search", all},
	{"GET /*/_search", all},
	{"DELETE /*", all},

	// The index template, which says to who adds documents that the domain is ready for them. No other, no list, and no change.
	{"GET /_index_template/ml-metrics", adds},
	{"GET /_index_template/ml-metrics-000001", all},
	{"GET /_index_template/ml-metricsother", all},
	{"GET /_index_template/ml-metrics,payroll", all},
	{"GET /_index_template/ml-metrics/", all},
	{"GET /_index_template/*", all},
	{"GET /_index_template", all},
	{"HEAD /_index_template/ml-metrics", all},
	{"PUT /_index_template/ml-metrics", all},
	{"POST /_index_template/ml-metrics", all},
	{"DELETE /_index_template/ml-metrics", all},
	{"POST /_index_template/_simulate_index/ml-metrics-2026-11", all},

	// Adding documents.
	{"POST /{index}/_bulk", adds},
	{"PUT /{index}/_bulk", adds},
	{"POST /{index}/_doc", adds},
	{"PUT /{index}/_doc/1", adds},
	{"PUT /{index}/_create/1", adds},
	{"POST /{index}/_doc/1", all}, // POST behind _doc or _create has too many meanings; PUT does the same
	{"POST /{index}/_create/1", all},

	// Changing and deleting documents.
	{"POST /{index}/_update/1", all},
	{"POST /{index}/_doc/1/_update", all},
	{"POST /{index}/_update_by_query", all},
	{"POST /{index}/_delete_by_query", all},
	{"DELETE /{index}/_doc/1", all},
	{"PATCH /{index}/_doc/1", all},

	// Reading.
	{"GET /{index}", reads},
	{"HEAD /{index}", reads},
	{"GET /{index}/_doc/1", reads},
	{"HEAD /{index}/_doc/1", reads},
	{"GET /{index}/_search", reads},
	{"POST /{index}/_search", reads},
	{"GET /{index}/_msearch", reads},
	{"POST /{index}/_msearch", reads},
	{"POST /{index}/_mget", reads},
	{"POST /{index}/_count", reads},
	{"GET /{index}/_field_caps", reads},
	{"GET /{index}/_mapping", reads},
	{"GET /{index}/_alias", reads},
	{"GET /ml-metrics-*/_search", reads},
	{"POST /ml-metrics-*/_search", reads},
	{"GET /ml-metrics*/_search", all}, // takes in ml-metricsother

	// Changing and deleting the index.
	{"PUT /{index}", all},
	{"DELETE /{index}", all},
	{"PUT /{index}/_mapping", all},
	{"POST /{index}/_mapping", all},
	{"PUT /{index}/_settings", all},
	{"PUT /{index}/_alias/mine", all},
	{"POST /{index}/_alias/mine", all},
	{"DELETE /{index}/_alias/mine", all},
	{"POST /{index}/_close", all},
	{"POST /{index}/_forcemerge", all},
	{"POST /{index}/_rollover", all},
	{"PUT /{index}/_clone/mine", all},

	// Paths with the end of an allowed one, and another meaning: Elasticsearch 7.10 takes these for a document called _search,
	// for a search, for a change of the mapping.
	{"POST /{index}/_create/_search", all},
	{"POST /{index}/_create/_count", all},
	{"POST /{index}/_create/_bulk", all},
	{"POST /{index}/_doc/_search", all},
	{"POST /{index}/_doc/_field_caps", all},
	{"POST /{index}/_update/_search", all},
	{"POST /{index}/_update/_doc", all},
	{"POST /{index}/_delete_by_query/_search", all},
	{"PUT /{index}/_doc/_mapping", all},
	{"PUT /{index}/_doc/_mappings", all},
	{"PUT /{index}/_doc/_mapping/", all},

	// Another index beside the own one, its comma as it is and encoded.
	{"GET /{index},payroll/_search", all},
	{"POST /{index},payroll/_search", all},
	{"PUT /{index},payroll/_bulk", all},
	{"GET /payroll,{index}/_search", all},
	{"GET /payroll%2C{index}/_search", all},
	{"GET /{index}%2Cpayroll/_search", all},
	{"GET /{index}%2cpayroll/_search", all},
	{"POST /{index}%2Cpayroll/_search", all},
	{"PUT /{index}%2Cpayroll/_doc/1", all},
	{"PUT /{index}%2cpayroll/_bulk", all},

	// What dots lead to, encoded and half encoded.
	{"GET /{index}/../payroll/_search", all},
	{"GET /{index}/_doc/..", all},
	{"GET /{index}/%2e%2e/payroll/_search", all},
	{"GET /{index}/.%2E/payroll/_search", all},
	{"PUT /{index}/_doc/../../payroll/_doc/1", all},
	{"GET /_plugin/kibana/app/../api/alerting/destinations", all},
	{"GET /_plugin/kibana/app/%2e%2e/api/alerting/destinations", all},
	{"GET //{index}/_search", all}, // to Elasticsearch 7.10, every index

	// Looking at dashboards.
	{"GET /_plugin/kibana", reads},
	{"GET /_plugin/kibana/", reads},
	{"GET /_plugin/kibana/app/dashboards", reads},
	{"GET /_plugin/kibana/api/saved_objects/_find", reads},
	{"POST /_plugin/kibana/api/saved_objects/_bulk_get", reads},
	{"POST /_plugin/kibana/api/core/capabilities", reads},
	{"POST /_plugin/kibana/internal/search/es", reads},
	{"POST /_plugin/kibana/internal/_msearch", reads},
	{"POST /_plugin/kibana/api/metrics/vis/data", reads},
	{"POST /_plugin/kibana/api/timelion/run", reads},
	{"GET /_plugin/kibana/app/discover", reads},
	{"GET /_plugin/kibana/goto/0123456789abcdef0123456789abcdef", reads},
	{"GET /_plugin/kibana/bootstrap.js", reads},
	{"GET /_plugin/kibana/36136/bundles/core/core.entry.js", reads},
	{"GET /_plugin/kibana/bundles/app/kibana/bootstrap.js", reads},
	{"GET /_plugin/kibana/built_assets/dlls/vendors.style.dll.css", reads},
	{"GET /_plugin/kibana/node_modules/@kbn/ui-framework/dist/kui_light.css", reads},
	{"GET /_plugin/kibana/plugins/kibanaReact/assets/illustration.svg", reads},
	{"GET /_plugin/kibana/translations/en.json", reads},
	{"GET /_plugin/kibana/ui/favicons/favicon.ico", reads},
	{"GET /_plugin/kibana/api/saved_objects/dashboard/1", reads},
	{"GET /_plugin/kibana/api/index_patterns/_fields_for_wildcard", reads},
	{"GET /_plugin/kibana/api/input_control_vis/settings", reads},
	{"GET /_plugin/kibana/api/v1/auth/authinfo", reads},
	{"GET /_plugin/kibana/api/v1/configuration/account", reads},
	{"GET /_plugin/kibana/api/v1/multitenancy/tenant", reads},
	{"GET /_plugin/kibana/api/v1/restapiinfo", reads},

	// What else Kibana and its plugins tell: where alerts go, who there is, how indices are managed.
	{"GET /_plugin/kibana/api/alerting/destinations", all},
	{"GET /_plugin/kibana/api/alerting/monitors", all},
	{"GET /_plugin/kibana/api/alerting/email_accounts/1", all},
	{"GET /_plugin/kibana/api/v1/configuration/internalusers", all},
	{"GET /_plugin/kibana/api/v1/configuration/rolesmapping", all},
	{"GET /_plugin/kibana/api/ism/policies", all},
	{"GET /_plugin/kibana/api/kibana/dashboards/export", all},
	{"GET /_plugin/kibana/api/console/api_server", all},
	{"GET /_plugin/kibana/api/status", all},
	{"GET /_plugin/kibanaother/app/dashboards", all},

	// Changing them, and what lies behind Kibana. Kibana resolves the dots.
	{"POST /_plugin/kibana/api/saved_objects/dashboard", all},
	{"POST /_plugin/kibana/api/saved_objects/_bulk_create", all},
	{"POST /_plugin/kibana/api/saved_objects/_import", all},
	{"PUT /_plugin/kibana/api/saved_objects/dashboard/1", all},
	{"DELETE /_plugin/kibana/api/saved_objects/dashboard/1", all},
	{"POST /_plugin/kibana/api/console/proxy", all},
	{"POST /_plugin/kibana/api/kibana/suggestions/values/{index},payroll", all},
	{"POST /_plugin/kibana/api/kibana/suggestions/values/ml-metrics-/../../../../console/proxy", all},
	{"POST /_plugin/kibana/api/kibana/suggestions/values/ml-metrics-/%2e%2e/%2e%2e/%2e%2e/%2e%2e/console/proxy", all},
}

// caller is somebody who sends requests, and the policies of their own that they have besides the domain's.
type caller struct {
	name string
	// As a file names them, and as every session of a role has it in aws:PrincipalArn; "" is the internet, which signs nothing.
	arn string
	// As the request is signed. AWS knows sessions of roles only; a role itself is tried all the same.
	principals []string
	policies   []string
}

const (
	there = "444455556666" // another account
)

// The policies that callers have of their own.
const (
	everythingOnES = "es:* on *"
	writersPolicy  = "writers"
	readersPolicy  = "readers"
)

func role(name, account, pathAndName string, policies ...string) caller {
	// A session's ARN has the name of its role, without the path.
	session := "arn:aws:sts::" + account + ":assumed-role/" + path.Base(pathAndName) + "/session"
	arn := "arn:aws:iam::" + account + ":role/" + pathAndName
	return caller{name, arn, []string{arn, session}, policies}
}

func user(name, account, userName string, policies ...string) caller {
	arn := "arn:aws:iam::" + account + ":user/" + userName
	return caller{name, arn, []string{arn}, policies}
}

func federatedUser(name, account string, policies ...string) caller {
	arn := "arn:aws:sts::" + account + ":federated-user/analyst"
	return caller{name, arn, []string{arn}, policies}
}

var (
	administrator = role("the administrator", here, "metrics-administrator")
	writer        = role("the writer", here, "model-trainer")
	strongWriter  = role("the writer, with es:*", here, "model-trainer", everythingOnES)
	writingUser   = user("the writing user", here, "ci")
	reader        = role("the reader", here, "teams/ml-engineer")
	strongReader  = role("the reader, with es:*", here, "teams/ml-engineer", everythingOnES)

	// Of the same account, named by no environment.
	strangerHere       = role("a role without policies", here, "stranger")
	strongStrangerHere = role("a role with es:*", here, "stranger", everythingOnES)
	federatedHere      = federatedUser("a federated user with es:*", here, everythingOnES)
	withWritersPolicy  = role("a role with the writers' policy", here, "stranger", writersPolicy)
	withReadersPolicy  = role("a role with the readers' policy", here, "stranger", readersPolicy)

	// Of another account. Nobody gets in from there whose own account does not allow it too.
	partner        = role("another account's role, with es:*", there, "partner", everythingOnES)
	weakPartner    = role("another account's role, without policies", there, "partner")
	strangerThere  = role("another account's other role, with es:*", there, "stranger", everythingOnES)
	federatedThere = federatedUser("another account's federated user, with es:*", there, everythingOnES)

	internet = caller{"the internet", "", []string{""}, nil}

	callers = []caller{administrator, writer, strongWriter, writingUser, reader, strongReader,
		strangerHere, strongStrangerHere, federatedHere, withWritersPolicy, withReadersPolicy,
		partner, weakPartner, strangerThere, federatedThere, internet}
)

// row is who may do what, when their requests come from an address.
type row struct {
	who  caller
	from string
	may  may
}

const anywhere = "203.0.113.9"

var environments = []struct {
	name   string
	access spec.Access
	rows   []row
	// Whom to put the details to as well: they are many, and nothing that changes between environments.
	inDetail []caller
}{
	{
		name: "no access section",
		rows: []row{
			{strongWriter, anywhere, all},
			{strongReader, anywhere, all},
			{strongStrangerHere, anywhere, all},
			{federatedHere, anywhere, all},
			{withWritersPolicy, anywhere, adds},
			{withReadersPolicy, anywhere, reads},
		},
		inDetail: []caller{strongStrangerHere, withWritersPolicy, withReadersPolicy},
	},
	{
		name: "named",
		access: spec.Access{
			Administrators: []string{administrator.arn},
			Writers:        []string{writer.arn, writingUser.arn},
			Readers:        []string{reader.arn},
		},
		rows: []row{
			{administrator, anywhere, all},
			{writer, anywhere, adds},
			{strongWriter, anywhere, adds},
			{writingUser, anywhere, adds},
			{reader, anywhere, reads},
			{strongReader, anywhere, reads},
			{strongStrangerHere, anywhere, nothing},
			{withWritersPolicy, anywhere, nothing},
			{withReadersPolicy, anywhere, nothing},
			{internet, anywhere, nothing},
		},
		inDetail: []caller{administrator, writer, strongWriter, reader, strongReader},
	},
	{
		name: "the account among the administrators",
		access: spec.Access{
			Administrators: []string{spec.Account},
			Writers:        []string{writer.arn},
			Readers:        []string{reader.arn},
		},
		rows: []row{
			{writer, anywhere, adds},
			{strongWriter, anywhere, adds},
			{reader, anywhere, reads},
			{strongReader, anywhere, reads},
			{strongStrangerHere, anywhere, all},
			{federatedHere, anywhere, all},
			{withWritersPolicy, anywhere, adds},
			{withReadersPolicy, anywhere, reads},
			{strangerThere, anywhere, nothing},
		},
	},
	{
		// The account's own IAM decides, which may allow more than adding.
		name:   "the account among the writers",
		access: spec.Access{Administrators: []string{administrator.arn}, Writers: []string{spec.Account}},
		rows: []row{
			{administrator, anywhere, all},
			{strongWriter, anywhere, all},
			{strongReader, anywhere, all},
			{strongStrangerHere, anywhere, all},
			{federatedHere, anywhere, all},
			{withWritersPolicy, anywhere, adds},
			{withReadersPolicy, anywhere, reads},
			{strangerThere, anywhere, nothing},
		},
	},
	{
		name: "somebody in two lists",
		access: spec.Access{
			Administrators: []string{administrator.arn},
			Writers:        []string{writer.arn, reader.arn},
			Readers:        []string{reader.arn, administrator.arn},
		},
		rows: []row{
			{administrator, anywhere, all},
			{writer, anywhere, adds},
			{strongWriter, anywhere, adds},
			{reader, anywhere, adds | reads},
			{strongReader, anywhere, adds | reads},
		},
	},
	{
		name: "source_ips",
		access: spec.Access{
			Administrators: []string{administrator.arn},
			Writers:        []string{writer.arn},
			Readers:        []string{reader.arn},
			SourceIPs:      []string{"203.0.113.0/24", "198.51.100.7", "2001:db8::/32"},
		},
		rows: []row{
			{administrator, "203.0.113.9", all},
			{administrator, "203.0.114.9", nothing},
			{writer, "198.51.100.7", adds},
			{writer, "198.51.100.8", nothing},
			{strongWriter, "198.51.100.8", nothing},
			{reader, "2001:db8::1", reads},
			{reader, "2001:db9::1", nothing},
			{strongReader, "203.0.113.9", reads},
		},
	},
	{
		name:   "source_ips for the account",
		access: spec.Access{Administrators: []string{spec.Account}, SourceIPs: []string{"203.0.113.0/24"}},
		rows: []row{
			{strongWriter, "203.0.113.9", all},
			{strongReader, "203.0.113.9", all},
			{strongStrangerHere, "203.0.113.9", all},
			{strongStrangerHere, "203.0.114.9", nothing},
			{federatedHere, "203.0.113.9", all},
			{federatedHere, "2001:db8::1", nothing},
			{withWritersPolicy, "203.0.113.9", adds},
			{withWritersPolicy, "203.0.114.9", nothing},
			{withReadersPolicy, "203.0.113.9", reads},
			{withReadersPolicy, "203.0.114.9", nothing},
			{internet, "203.0.113.9", nothing},
		},
	},
	{
		name:   "open to the internet",
		access: spec.Access{OpenToTheInternet: true},
		rows:   everybody(all),
	},
	{
		name:   "fine-grained access control",
		access: spec.Access{LeaveToFineGrainedAccessControl: true},
		rows:   everybody(all),
	},
	{
		name:   "fine-grained access control and source_ips",
		access: spec.Access{LeaveToFineGrainedAccessControl: true, SourceIPs: []string{anywhere}},
		rows: append(everybody(all),
			row{internet, "203.0.113.10", nothing},
			row{strongStrangerHere, "203.0.113.10", nothing}),
	},
	{
		name:   "open to the VPC",
		access: spec.Access{OpenToTheVPC: true},
		rows:   everybody(all),
	},
	{
		name: "open to addresses, and named",
		access: spec.Access{
			Administrators:  []string{administrator.arn},
			Writers:         []string{writer.arn},
			OpenToAddresses: []string{"198.51.100.0/24", "2001:db8::/32"},
		},
		rows: []row{
			{internet, "198.51.100.9", all},
			{internet, "2001:db8::1", all},
			{internet, anywhere, nothing},
			{strangerThere, "198.51.100.9", all},
			{strangerThere, anywhere, nothing},
			{strongStrangerHere, "198.51.100.9", all},
			{strongStrangerHere, anywhere, nothing},
			{administrator, "198.51.100.9", all},
			{administrator, anywhere, all},
			{writer, "198.51.100.9", adds},
			{writer, anywhere, adds},
			{strongWriter, "198.51.100.9", adds},
			{strongWriter, anywhere, adds},
		},
	},
	{
		name:   "open to addresses, and the account",
		access: spec.Access{OpenToAddresses: []string{"198.51.100.0/24"}},
		rows: []row{
			{internet, "198.51.100.9", all},
			{internet, anywhere, nothing},
			{strangerThere, "198.51.100.9", all},
			{strangerThere, anywhere, nothing},
			{strongWriter, anywhere, all},
			{strongReader, anywhere, all},
			{strongStrangerHere, anywhere, all},
			{federatedHere, anywhere, all},
			{withWritersPolicy, anywhere, adds},
			{withReadersPolicy, anywhere, reads},
		},
	},
	{
		name: "another account reads",
		access: spec.Access{
			Administrators: []string{administrator.arn},
			Readers:        []string{"arn:aws:iam::" + there + ":root"},
		},
		rows: []row{
			{administrator, anywhere, all},
			{partner, anywhere, reads},
			{strangerThere, anywhere, reads},
			{federatedThere, anywhere, reads},
			{weakPartner, anywhere, nothing},
			{strongStrangerHere, anywhere, nothing},
		},
	},
	{
		name: "another account's role writes",
		access: spec.Access{
			Administrators: []string{spec.Account},
			Writers:        []string{partner.arn},
		},
		rows: []row{
			{strongWriter, anywhere, all},
			{strongReader, anywhere, all},
			{strongStrangerHere, anywhere, all},
			{federatedHere, anywhere, all},
			{withWritersPolicy, anywhere, adds},
			{withReadersPolicy, anywhere, reads},
			{partner, anywhere, adds},
			{weakPartner, anywhere, nothing},
			{strangerThere, anywhere, nothing},
		},
	},
	{
		// What an account is held to does not hold a role of it that the file names for more.
		name: "an administrator of an account that reads",
		access: spec.Access{
			Administrators: []string{partner.arn},
			Readers:        []string{"arn:aws:iam::" + there + ":root"},
		},
		rows: []row{
			{partner, anywhere, all},
			{strangerThere, anywhere, reads},
			{federatedThere, anywhere, reads},
		},
	},
}

// everybody is a row for each caller. weakPartner's signature keeps them out: without it they are the internet.
func everybody(may may) []row {
	var rows []row
	for _, who := range callers {
		if who.name != weakPartner.name {
			rows = append(rows, row{who, anywhere, may})
		}
	}
	return rows
}

// attempt is one request by one principal, as evaluate.mjs takes it, and whether it should be let in.
type attempt struct {
	environment, who, methodAndPath string
	letIn                           bool

	Policy           string            `json:"policy"`
	IdentityPolicies []string          `json:"identityPolicies"`
	Principal        *string           `json:"principal"`
	Action           string            `json:"action"`
	Resource         string            `json:"resource"`
	Context          map[string]string `json:"context"`
}

func TestAccess(t *testing.T) {
	requireSimulator(t)
	policies := map[string]policy{
		everythingOnES: {"2012-10-17", []policyStatement{{Effect: "Allow", Action: []string{"es:*"}, Resource: []string{"*"}}}},
	}
	var attempts []attempt
	app := cdktf.Testing_App(nil)
	for i, environment := range environments {
		given := smallest(spec.Backend{})
		given.Access = environment.access
		if given.Access.OpenToTheVPC {
			given.Domain.VPCOptions = &spec.VPCOptions{SubnetIDs: []string{"subnet-0a"}, SecurityGroupIDs: []string{"sg-0a"}}
		}
		if given.Access.LeaveToFineGrainedAccessControl {
			given.Domain.AdvancedSecurityOptions = &spec.AdvancedSecurityOptions{
				Enabled: true, InternalUserDatabaseEnabled: true, MasterUserOptions: spec.MasterUserOptions{MasterUserName: "master"},
			}
		}
		metrics, err := stacks.NewMetrics(app, fmt.Sprint("environment", i), given)
		if err != nil {
			t.Fatalf("%s: %v", environment.name, err)
		}
		for name, document := range policiesOf(t, metrics.Stack) {
			policies[environment.name+"/"+name] = document
		}

		domain := "arn:aws:es:us-east-1:" + here + ":domain/" + given.Domain.DomainName
		rows := slices.Clone(environment.rows)
		for _, who := range callers {
			if !slices.ContainsFunc(rows, func(row row) bool { return row.is(who) }) {
				rows = append(rows, row{who, anywhere, nothing})
			}
		}
		for _, row := range rows {
			attempts = append(attempts, row.tries(essentials, environment.name, domain)...)
			if slices.ContainsFunc(environment.inDetail, row.is) {
				row.who.principals = row.who.principals[len(row.who.principals)-1:] // the session of a role
				attempts = append(attempts, row.tries(details, environment.name, domain)...)
			}
		}
	}

	decisions := decide(t, policies, attempts)
	for _, environment := range environments {
		t.Run(environment.name, func(t *testing.T) {
			for i, attempt := range attempts {
				if attempt.environment == environment.name {
					attempt.judge(t, decisions[i])
				}
			}
		})
	}
	t.Logf("%d requests in %d environments", len(attempts), len(environments))
}

// TestSearchesFromAnotherDomain: they carry no path, so who is held to some may not send any.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-cluster-search.html
func TestSearchesFromAnotherDomain(t *testing.T) {
	requireSimulator(t)
	policies := map[string]policy{
		everythingOnES: {"2012-10-17", []policyStatement{{Effect: "Allow", Action: []string{"es:*"}, Resource: []string{"*"}}}},
	}
	type search struct {
		environment string
		who         caller
		from        string
		letIn       bool
	}
	searches := []search{
		{"no access section", strongStrangerHere, anywhere, true},
		{"no access section", withReadersPolicy, anywhere, false},
		{"named", strongWriter, anywhere, false},
		{"named", strongReader, anywhere, false},
		{"named", strongStrangerHere, anywhere, false},
		{"named", administrator, anywhere, false}, // whose own policies may allow it
		{"somebody in two lists", strongReader, anywhere, false},
		{"source_ips for the account", strongStrangerHere, "203.0.113.9", true},
		{"source_ips for the account", strongStrangerHere, "203.0.114.9", false},
	}
	var attempts []attempt
	app := cdktf.Testing_App(nil)
	for i, search := range searches {
		given := smallest(spec.Backend{})
		for _, environment := range environments {
			if environment.name == search.environment {
				given.Access = environment.access
			}
		}
		metrics, err := stacks.NewMetrics(app, fmt.Sprint("search", i), given)
		if err != nil {
			t.Fatal(err)
		}
		for name, document := range policiesOf(t, metrics.Stack) {
			policies[fmt.Sprint(i, "/", name)] = document
		}
		own := append([]string{}, search.who.policies...)
		for j, name := range own {
			if name != everythingOnES {
				own[j] = fmt.Sprint(i, "/", name)
			}
		}
		attempts = append(attempts, attempt{
			environment: search.environment, who: search.who.name, methodAndPath: "a search from another domain", letIn: search.letIn,
			Policy: fmt.Sprint(i, "/access"), IdentityPolicies: own,
			Principal: &search.who.principals[len(search.who.principals)-1], Action: "es:ESCrossClusterGet",
			Resource: "arn:aws:es:us-east-1:" + here + ":domain/" + given.Domain.DomainName,
			Context:  map[string]string{"aws:SourceIp": search.from, "aws:PrincipalArn": search.who.arn},
		})
	}
	for i, decision := range decide(t, policies, attempts) {
		attempts[i].judge(t, decision)
	}
}

func (r row) is(who caller) bool { return r.who.name == who.name }

// tries is requests of a row's caller to a domain: each on every index, and by every principal.
func (r row) tries(requests []request, environment, domain string) []attempt {
	policies := make([]string, len(r.who.policies))
	for i, name := range r.who.policies {
		policies[i] = name
		if name != everythingOnES {
			policies[i] = environment + "/" + name
		}
	}
	var attempts []attempt
	for _, request := range expand(requests) {
		method, path, _ := strings.Cut(request.methodAndPath, " ")
		for _, principal := range r.who.principals {
			attempt := attempt{
				environment: environment, who: r.who.name, methodAndPath: request.methodAndPath,
				letIn:            r.may&(request.may|all) != 0,
				Policy:           environment + "/access",
				IdentityPolicies: policies,
				Action:           "es:ESHttp" + method[:1] + strings.ToLower(method[1:]),
				Resource:         domain + path,
				Context:          map[string]string{"aws:SourceIp": r.from},
			}
			if principal != "" {
				attempt.Principal = &principal
				attempt.Context["aws:PrincipalArn"] = r.who.arn
			}
			attempts = append(attempts, attempt)
		}
	}
	return attempts
}

// expand puts the indices into requests.
func expand(requests []request) []request {
	var expanded []request
	on := func(index string, request request, may may) {
		request.methodAndPath, request.may = strings.ReplaceAll(request.methodAndPath, "{index}", index), may
		expanded = append(expanded, request)
	}
	for _, request := range requests {
		if !strings.Contains(request.methodAndPath, "{index}") {
			expanded = append(expanded, request)
			continue
		}
		for _, index := range ownIndices {
			on(index, request, request.may)
		}
		if request.may == all {
			continue // on the own indices it is nobody else's already
		}
		for _, index := range otherIndices {
			on(index, request, all)
		}
	}
	return expanded
}

func (a attempt) judge(t *testing.T, got decision) {
	t.Helper()
	if got.Decision != nil && (*got.Decision == "Allowed") == a.letIn {
		return
	}
	who, want, answer := a.who, "kept out", "no decision: "+got.Error
	if a.Principal != nil {
		who += " (" + *a.Principal + ")"
	}
	if a.letIn {
		want = "let in"
	}
	if got.Decision != nil {
		answer = *got.Decision
	}
	t.Errorf("%s: %s: %s (%s) from %s: want %s, got %s", a.environment, who, a.methodAndPath, a.Action, a.Context["aws:SourceIp"], want,
		answer)
}

// requireSimulator skips the test, or fails it in CI, where Node.js or the simulator is missing.
func requireSimulator(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("../node_modules/@cloud-copilot/iam-simulate")
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("%v; install Node.js and run `npm ci` in the project's folder", err)
	case err != nil:
		t.Skipf("%v; install Node.js and run `npm ci` in the project's folder", err)
	}
}

// decision is Allowed, ImplicitlyDenied or ExplicitlyDenied, or nil and an error.
type decision struct {
	Decision *string
	Error    string
}

func decide(t *testing.T, policies map[string]policy, attempts []attempt) []decision {
	t.Helper()
	return simulate(t, policies, attempts)
}

// simulate has evaluate.mjs decide requests, in the form that it says there.
func simulate[R any](t *testing.T, policies map[string]policy, requests []R) []decision {
	t.Helper()
	input, err := json.Marshal(map[string]any{"policies": policies, "requests": requests})
	if err != nil {
		t.Fatal(err)
	}
	if reference := strings.Index(string(input), "${"); reference >= 0 {
		t.Fatalf("a reference of Terraform that this test does not know: %.80s", input[reference:])
	}
	var stderr bytes.Buffer
	node := exec.Command("node", "testdata/evaluate.mjs")
	node.Stdin, node.Stderr = bytes.NewReader(input), &stderr
	output, err := node.Output()
	if err != nil {
		t.Fatalf("node testdata/evaluate.mjs: %v\n%s", err, &stderr)
	}
	var decisions []decision
	if err := json.Unmarshal(output, &decisions); err != nil {
		t.Fatalf("node testdata/evaluate.mjs: %v in %q", err, output)
	}
	if len(decisions) != len(requests) {
		t.Fatalf("want %d decisions, got %d", len(requests), len(decisions))
	}
	return decisions
}

package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomainpolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// request is HTTP requests to a domain: methods, and paths below the domain's ARN. A * in a path stands for any characters,
// slashes too; {index} stands for each index of the index prefix, and {prefix} for that itself.
type request struct{ methods, paths []string }

var (
	anyMethod  = []string{"es:ESHttp*"}
	methods    = []string{"es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut"}
	get        = []string{"es:ESHttpGet", "es:ESHttpHead"}
	post       = []string{"es:ESHttpPost"}
	put        = []string{"es:ESHttpPut"}
	everything = []request{{anyMethod, []string{"*"}}}
)

// writerRequests adds documents. _update is not among them: it can answer with the document. `aimetrics ingest` reads the index
// template before it adds: without one, the engine would guess the types of fields.
var writerRequests = []request{
	{[]string{"es:ESHttpGet"}, []string{"_index_template/{prefix}"}},
	{post, []string{"{index}/_bulk", "{index}/_doc"}},
	{put, []string{"{index}/_bulk", "{index}/_doc/?*", "{index}/_create/?*"}},
}

// readerRequests reads and searches, in the index and from Kibana. Kibana's paths are one by one those that dashboards and Discover need
// in 7.10 (kibana/testdata/requests.ndjson has what our dashboards send), and not what else Kibana answers: by GET the plugins tell
// where alerts go, webhooks with their secrets included; by POST api/console/proxy sends any request to Elasticsearch in Kibana's own
// name. The suggestions of values in filters are missing: their path ends in a name, and Kibana resolves ../ in it.
var readerRequests = []request{
	{get, []string{"{index}", "{index}/*"}},
	{get, kibanaPaths(
		"", "/", "/app/*", "/goto/*", // pages
		"/bootstrap.js", "/bundles/*", "/*/bundles/*", "/built_assets/*", "/node_modules/*", "/plugins/*/assets/*", "/translations/*",
		"/ui/*", // what they are made of
		"/api/saved_objects/*", "/api/index_patterns/*", "/api/input_control_vis/settings",
		// Who asks, and in which tenant: with fine-grained access control no page opens without.
		"/api/v1/auth/authinfo", "/api/v1/configuration/account", "/api/v1/multitenancy/tenant", "/api/v1/restapiinfo",
	)},
	{post, slices.Concat(
		[]string{"{index}/_search", "{index}/_msearch", "{index}/_mget", "{index}/_count"},
		kibanaPaths(
			"/api/core/capabilities",
			"/api/saved_objects/_bulk_get",
			"/internal/search/es",
			"/internal/_msearch",
			"/api/metrics/vis/data",
			"/api/timelion/run",
		))},
}

// kibanaPaths is paths of Kibana as a domain has them.
func kibanaPaths(paths ...string) []string {
	for i, path := range paths {
		paths[i] = "_plugin/kibana" + path
	}
	return paths
}

// beyond is what a path that begins like an allowed one could still reach, since * runs over commas, slashes and dots: another index
// behind a comma, as it is or encoded, should AWS look at paths before they are decoded; by POST, a document behind _create or _doc; by
// PUT, the mapping behind _doc; and what ../ leads to, in Kibana at least. The routes were tried on Elasticsearch 7.10.2.
var beyond = []request{
	{anyMethod, []string{"{index},*", "{index}%2C*", "{index}%2c*", "*/../*", "*/..", "*%2E*", "*%2e*"}},
	{post, []string{"{index}/*/*"}},
	{put, []string{"{index}/*/_mapping*"}},
}

// newAccess makes the domain's access policy, and the policies to attach to roles.
func newAccess(build *build) {
	stack, environment := build.stack, build.environment
	if environment.Access.LeavePolicyAsItIs {
		forgetAccessPolicy(stack)
	} else {
		build.accessPolicy = newAccessPolicy(stack, build.here, environment)
	}
	build.metrics.WritersPolicy = newManagedPolicy(stack, "writers", writerRequests, environment)
	build.metrics.ReadersPolicy = newManagedPolicy(stack, "readers", readerRequests, environment)
}

// newAccessPolicy makes aws_elasticsearch_domain_policy.access. The policy is a resource of its own: inline it would be a
// cycle, and both at once overwrite each other.
func newAccessPolicy(stack cdktf.TerraformStack, here location,
	environment spec.Environment) elasticsearchdomainpolicy.ElasticsearchDomainPolicy {
	access := environment.Access
	switch environment.SignedInUsers() {
	case "readers":
		access.Readers = append(slices.Clone(access.Readers), here.signedInRoleARN(environment))
	case "administrators":
		access.Administrators = append(slices.Clone(access.Administrators), here.signedInRoleARN(environment))
	}
	document := newPolicyDocument(stack, "access", accessStatements(here, access))
	policy := elasticsearchdomainpolicy.NewElasticsearchDomainPolicy(stack, jsii.String("access"),
		&elasticsearchdomainpolicy.ElasticsearchDomainPolicyConfig{
			DomainName:     reference(domainAddress, "domain_name"),
			AccessPolicies: document,
			Timeouts: &elasticsearchdomainpolicy.ElasticsearchDomainPolicyTimeouts{Update: jsii.String("3h"),
				Delete: jsii.String("3h")},
		})
	// A domain that is replaced under its name forgets its policy, and nothing else in this resource would change.
	// https://github.com/hashicorp/terraform-provider-aws/issues/11188
	setReplaceTriggeredBy(policy, domainAddress+".arn", nil)
	return policy
}

// forgetAccessPolicy has Terraform leave alone the policy that the stack has made, if it has: to destroy it would empty it on AWS.
func forgetAccessPolicy(stack cdktf.TerraformStack) {
	forget(stack, "aws_elasticsearch_domain_policy.access")
}

// newManagedPolicy makes aws_iam_policy.<id>, which lets a role of this account send requests to the domain.
func newManagedPolicy(stack cdktf.TerraformStack, id string, requests []request, environment spec.Environment) iampolicy.IamPolicy {
	prefix := indexPrefix(environment.Access.IndexPrefix)
	document := newPolicyDocument(stack, id, slices.Concat(
		prefix.statements("Allow", requests),
		prefix.statements("Deny", beyond)))
	name := managedPolicyName(id, environment)
	return iampolicy.NewIamPolicy(stack, &id, &iampolicy.IamPolicyConfig{
		Name: &name,
		// IAM replaces a policy to change its description, and cannot while a role has it: nothing here may ever change.
		Description: jsii.String(fmt.Sprintf("For %s of the Elasticsearch domain %s", id, environment.Domain.DomainName)),
		Policy:      document,
	})
}

// accessStatements is the access policy of a domain. It has no Sid, for AWS forgets them and every plan would show a change,
// and names its resources, for AWS would add them.
// https://github.com/cloudposse/terraform-aws-elasticsearch/issues/179
// https://github.com/hashicorp/terraform-provider-aws/issues/576
//
// For principals of the domain's account AWS is content if either this policy or their own allows a request. So it also
// denies: to those who are named all that they are not named for, and to all others everything.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html#ac-conflict
func accessStatements(here location, access spec.Access) []statement {
	prefix := indexPrefix(access.IndexPrefix)
	if access.OpenToTheInternet || access.OpenToTheVPC || access.LeaveToFineGrainedAccessControl {
		return slices.Concat(of(everybody, prefix.statements("Allow", everything)), denyOtherAddresses(access.SourceIPs))
	}
	all := slices.Concat(
		allowAddresses(prefix, access.OpenToAddresses),
		of(here.principals(access.Administrators), prefix.statements("Allow", everything)),
		of(here.principals(access.Writers), prefix.statements("Allow", writerRequests)),
		of(here.principals(access.Readers), prefix.statements("Allow", readerRequests)))

	// Administrators are held to nothing. Nor is a whole account: of another one only what is allowed here gets in anyway,
	// and "account" leaves it to IAM.
	named := slices.Concat(access.Administrators, access.Writers, access.Readers)
	accounts := slices.DeleteFunc(slices.Clone(named), func(principal string) bool { return !isAccount(principal) })
	writers := without(access.Writers, access.Administrators, accounts)
	readers := without(access.Readers, access.Administrators, accounts)
	both := without(writers, without(writers, readers))
	all = slices.Concat(all,
		of(without(writers, both), prefix.denyAllBut(writerRequests)),
		of(without(readers, both), prefix.denyAllBut(readerRequests)),
		of(both, prefix.denyAllBut(slices.Concat(writerRequests, readerRequests))),
		of(slices.Concat(writers, without(readers, both)), prefix.statements("Deny", beyond)),
		of(without(accounts, access.Administrators, []string{spec.Account}),
			prefix.statements("Deny", beyond, unless(without(named, accounts))...)))

	if len(named) > 0 && !slices.Contains(named, spec.Account) {
		all = append(all, denyUnnamed(named, access.OpenToAddresses)...)
	}
	return append(all, denyOtherAddresses(access.SourceIPs)...)
}

// denyUnnamed keeps out whom the file does not name, but at open addresses. Who has no ARN, the anonymous internet, is allowed nothing
// elsewhere to begin with.
func denyUnnamed(named, openAddresses []string) []statement {
	patterns := make([]string, len(named))
	for i, principal := range named {
		patterns[i] = principal
		if isAccount(principal) { // all that is in it, users that STS federates too
			patterns[i] = strings.Replace(strings.TrimSuffix(principal, "root"), ":iam:", ":*:", 1) + "*"
		}
	}
	conditions := []*condition{
		newCondition("ArnNotLike", "aws:PrincipalArn", patterns),
		newCondition("Null", "aws:PrincipalArn", []string{"false"}),
	}
	if len(openAddresses) > 0 {
		conditions = append(conditions, newCondition("NotIpAddress", "aws:SourceIp", openAddresses))
	}
	return of(everybody, denyAll(conditions...))
}

// isAccount reports whether a principal stands for all that is in an account.
func isAccount(principal string) bool {
	return principal == spec.Account || strings.HasSuffix(principal, ":root")
}

// unless is the condition that a request comes from none of principals.
func unless(principals []string) []*condition {
	if len(principals) == 0 {
		return nil
	}
	return []*condition{newCondition("ArnNotEquals", "aws:PrincipalArn", principals)}
}

// allowAddresses lets anybody at addresses do everything.
func allowAddresses(prefix indexPrefix, addresses []string) []statement {
	if len(addresses) == 0 {
		return nil
	}
	return of(everybody, prefix.statements("Allow", everything, newCondition("IpAddress", "aws:SourceIp", addresses)))
}

func denyOtherAddresses(sourceIPs []string) []statement {
	if len(sourceIPs) == 0 {
		return nil
	}
	return of(everybody, denyAll(newCondition("NotIpAddress", "aws:SourceIp", sourceIPs)))
}

// everybody is every principal, the anonymous internet included.
var everybody = []string{"*"}

// of says statements of principals, as the policy of a domain must; there are none if there is nobody to say them of.
func of(principals []string, statements []statement) []statement {
	if len(principals) == 0 {
		return nil
	}
	for i := range statements {
		statements[i].Principals = principalsOf("AWS", principals...)
	}
	return statements
}

// indexPrefix writes requests as statements of a policy, with itself for {index} and {prefix}.
type indexPrefix string

func (prefix indexPrefix) resources(templates []string) []string {
	var resources []string
	for _, template := range templates {
		if !strings.Contains(template, "{index}") {
			resources = append(resources, domainARN+"/"+strings.ReplaceAll(template, "{prefix}", string(prefix)))
			continue
		}
		for _, index := range []string{string(prefix), string(prefix) + "-*"} {
			resources = append(resources, domainARN+"/"+strings.ReplaceAll(template, "{index}", index))
		}
	}
	return resources
}

// statements is a statement for each of requests, of nobody yet.
func (prefix indexPrefix) statements(effect string, requests []request, conditions ...*condition) []statement {
	all := make([]statement, len(requests))
	for i, request := range requests {
		all[i] = statement{Effect: &effect, Actions: stringList(request.methods), Resources: stringList(prefix.resources(request.paths))}
		if conditions != nil {
			all[i].Condition = conditions
		}
	}
	return all
}

// denyAllBut denies every request that is not among requests: each method on all other paths.
func (prefix indexPrefix) denyAllBut(requests []request) []statement {
	var all []statement
	unused := methods
	for _, method := range methods {
		var allowed []string
		for _, request := range requests {
			if slices.Contains(request.methods, method) {
				allowed = append(allowed, request.paths...)
			}
		}
		if allowed == nil {
			continue
		}
		unused = without(unused, []string{method})
		all = append(all, statement{
			Effect:       jsii.String("Deny"),
			Actions:      stringList([]string{method}),
			NotResources: stringList(prefix.resources(allowed)),
		})
	}
	return append(all, deny(unused))
}

// denyAll denies every request there is.
func denyAll(conditions ...*condition) []statement {
	denied := deny(anyMethod)
	denied.Condition = conditions
	return []statement{denied}
}

// deny denies methods on every path, and searches from another domain: those are on the domain itself, not below it.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cross-cluster-search.html
func deny(methods []string) statement {
	return statement{
		Effect:    jsii.String("Deny"),
		Actions:   stringList(slices.Concat([]string{"es:ESCrossClusterGet"}, methods)),
		Resources: jsii.Strings(domainARN, domainARN+"/*"),
	}
}

// principals writes "account" as the ARN of the account that the stack is deployed to.
func (here location) principals(names []string) []string {
	principals := make([]string, len(names))
	for i, name := range names {
		principals[i] = name
		if name == spec.Account {
			principals[i] = "arn:" + here.partition + ":iam::" + here.account + ":root"
		}
	}
	return principals
}

// without returns the values that are in none of others.
func without(values []string, others ...[]string) []string {
	left := make([]string, 0, len(values))
	for _, value := range values {
		if !slices.Contains(slices.Concat(others...), value) {
			left = append(left, value)
		}
	}
	return left
}

// managedPolicyName is the name of aws_iam_policy.<id>: IAM has one list of policies for all regions.
func managedPolicyName(id string, environment spec.Environment) string {
	return environment.Domain.DomainName + "-" + environment.Region + "-" + id
}

// accessGrants is the policies for roles; the access policy itself is among the domain's.
func (here location) accessGrants(e spec.Environment) []grant {
	policies := []string{here.global("iam", "policy/"+managedPolicyName("readers", e)),
		here.global("iam", "policy/"+managedPolicyName("writers", e))}
	return []grant{
		reading("iam:GetPolicy", "iam:GetPolicyVersion").on(policies...),
		changing("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:ListPolicyVersions",
			"iam:TagPolicy", "iam:UntagPolicy").on(policies...),
	}
}

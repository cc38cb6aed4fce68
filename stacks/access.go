package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawsiampolicydocument"
	es "github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomainpolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/iampolicy"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"aimetrics/spec"
)

// request is HTTP requests to a domain: methods, and paths below the domain's ARN. A * in a path stands for any characters,
// slashes too; {index} stands for each index of the index prefix.
type request struct {
	deny bool
	// Only for the domain's policy: emulators of IAM answer with a % decoded, and every plan would show a change.
	domainOnly bool
	methods    []string
	paths      []string
}

var (
	anyMethod  = []string{"es:ESHttp*"}
	get        = []string{"es:ESHttpGet", "es:ESHttpHead"}
	post       = []string{"es:ESHttpPost"}
	put        = []string{"es:ESHttpPut"}
	postAndPut = []string{"es:ESHttpPost", "es:ESHttpPut"}
)

// beyondIndex is what a path that begins with an index of the prefix could still reach, since * runs over commas and
// slashes: another index behind a comma, and, by POST, a document behind _create or _doc. The routes were tried on
// Elasticsearch 7.10.2.
var beyondIndex = []request{
	{deny: true, methods: anyMethod, paths: []string{"{index},*"}},
	{deny: true, domainOnly: true, methods: anyMethod, paths: []string{"{index}%2C*", "{index}%2c*"}},
	{deny: true, methods: post, paths: []string{"{index}/*/*"}},
}

// administratorRequests is everything.
var administratorRequests = []request{{methods: anyMethod, paths: []string{"*"}}}

// writerRequests adds documents. _update is not among them: it can answer with the document.
var writerRequests = append([]request{
	{methods: postAndPut, paths: []string{"{index}/_bulk"}},
	{methods: post, paths: []string{"{index}/_doc"}},
	{methods: put, paths: []string{"{index}/_doc/?*", "{index}/_create/?*"}},
}, beyondIndex...)

// readerRequests reads and searches, in the index and from Kibana. Kibana's paths are one by one those that viewing needs in
// 7.10: a wildcard would include api/console/proxy, by which Kibana sends any request to Elasticsearch in its own name.
var readerRequests = append([]request{
	{methods: get, paths: []string{"{index}", "{index}/*", "_plugin/kibana", "_plugin/kibana/*"}},
	{methods: post, paths: []string{
		"{index}/_search", "{index}/_msearch", "{index}/_mget", "{index}/_count",
		"_plugin/kibana/api/core/capabilities",
		"_plugin/kibana/api/saved_objects/_bulk_get",
		"_plugin/kibana/internal/search/es",
		"_plugin/kibana/internal/_msearch",
		"_plugin/kibana/api/metrics/vis/data",
		"_plugin/kibana/api/timelion/run",
		"_plugin/kibana/api/kibana/suggestions/values/{index}",
	}},
}, beyondIndex...)

// newAccessPolicy makes aws_elasticsearch_domain_policy.access. The policy is a resource of its own: inline it would be a
// cycle, and both at once overwrite each other.
func newAccessPolicy(stack cdktf.TerraformStack, here location, arn string, domain es.ElasticsearchDomain, access spec.Access) {
	document := newPolicyDocument(stack, "access", accessStatements(here, arn, access))
	elasticsearchdomainpolicy.NewElasticsearchDomainPolicy(stack, jsii.String("access"), &elasticsearchdomainpolicy.ElasticsearchDomainPolicyConfig{
		DomainName:     domain.DomainName(),
		AccessPolicies: document.Json(),
		// A domain that is replaced under its name forgets its policy, and nothing else in this resource would change.
		// https://github.com/hashicorp/terraform-provider-aws/issues/11188
		Lifecycle: &cdktf.TerraformResourceLifecycle{ReplaceTriggeredBy: &[]any{*domain.TerraformResourceType() + "." + *domain.FriendlyUniqueId() + ".arn"}},
		Timeouts:  &elasticsearchdomainpolicy.ElasticsearchDomainPolicyTimeouts{Update: jsii.String("3h"), Delete: jsii.String("3h")},
	})
}

// newManagedPolicy makes aws_iam_policy.<id>, which lets a role of this account send requests to the domain.
func newManagedPolicy(stack cdktf.TerraformStack, id string, requests []request, arn string, environment spec.Environment) iampolicy.IamPolicy {
	document := newPolicyDocument(stack, id, statements(requests, arn, environment.Access.IndexPrefix, nil))
	name := fmt.Sprintf("%s-%s-%s", environment.Domain.DomainName, environment.Region, id)
	return iampolicy.NewIamPolicy(stack, &id, &iampolicy.IamPolicyConfig{
		Name:        &name,
		Description: jsii.String(fmt.Sprintf("%s of %s on the Elasticsearch domain %s", id, environment.Access.IndexPrefix, environment.Domain.DomainName)),
		Policy:      document.Json(),
	})
}

type statement = dataawsiampolicydocument.DataAwsIamPolicyDocumentStatement

func newPolicyDocument(stack cdktf.TerraformStack, id string, statements []statement) dataawsiampolicydocument.DataAwsIamPolicyDocument {
	return dataawsiampolicydocument.NewDataAwsIamPolicyDocument(stack, jsii.String(id+"_document"), &dataawsiampolicydocument.DataAwsIamPolicyDocumentConfig{
		Statement: statements,
	})
}

// accessStatements is the access policy of a domain. It has no Sid, for AWS forgets them and every plan would show a change,
// and names its resources, for AWS would add them.
// https://github.com/cloudposse/terraform-aws-elasticsearch/issues/179
// https://github.com/hashicorp/terraform-provider-aws/issues/576
func accessStatements(here location, arn string, access spec.Access) []statement {
	var all []statement
	if access.OpenToTheInternet || access.FineGrainedAccessControl {
		all = statements(administratorRequests, arn, access.IndexPrefix, func(request) []string { return []string{"*"} })
	}
	for _, group := range []struct {
		principals []string
		requests   []request
	}{
		{access.Administrators, administratorRequests},
		{access.Writers, writerRequests},
		{access.Readers, readerRequests},
	} {
		allowed, denied := here.principals(group.principals), here.principals(others(group.principals, access.Administrators))
		all = append(all, statements(group.requests, arn, access.IndexPrefix, func(r request) []string {
			if r.deny {
				return denied
			}
			return allowed
		})...)
	}
	if access.Administrators != nil || access.Writers != nil || access.Readers != nil {
		all = append(all, denyUnnamed(here, arn, access))
	}
	if len(access.SourceIPs) > 0 {
		all = append(all, denyEverybody(arn, condition("NotIpAddress", "aws:SourceIp", access.SourceIPs)))
	}
	return all
}

// denyUnnamed keeps out whom the file does not name, whatever their own IAM policy allows: for principals of the domain's
// account AWS is content with either policy. Who has no ARN, the anonymous internet, is allowed nothing to begin with.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html#ac-conflict
func denyUnnamed(here location, arn string, access spec.Access) statement {
	var named []string
	for _, principal := range here.principals(slices.Concat(access.Administrators, access.Writers, access.Readers)) {
		// An account stands for all that is in it.
		if account, isAccount := strings.CutSuffix(principal, ":root"); isAccount {
			principal = account + ":*"
		}
		named = append(named, principal)
	}
	return denyEverybody(arn,
		condition("ArnNotLike", "aws:PrincipalArn", named),
		condition("Null", "aws:PrincipalArn", []string{"false"}))
}

func denyEverybody(arn string, conditions ...*dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementCondition) statement {
	return statement{
		Effect:     jsii.String("Deny"),
		Principals: awsPrincipals([]string{"*"}),
		Actions:    stringList(anyMethod),
		Resources:  stringList([]string{arn + "/*"}),
		Condition:  conditions,
	}
}

// statements writes requests as policy statements, leaving out those that concern no principal; principals is nil in the
// policy of a role, which names none.
func statements(requests []request, arn, indexPrefix string, principals func(request) []string) []statement {
	var all []statement
	for _, request := range requests {
		if request.domainOnly && principals == nil {
			continue
		}
		var resources []string
		for _, path := range request.paths {
			if !strings.Contains(path, "{index}") {
				resources = append(resources, arn+"/"+path)
				continue
			}
			for _, index := range []string{indexPrefix, indexPrefix + "-*"} {
				resources = append(resources, arn+"/"+strings.ReplaceAll(path, "{index}", index))
			}
		}
		statement := statement{Effect: jsii.String("Allow"), Actions: stringList(request.methods), Resources: stringList(resources)}
		if request.deny {
			statement.Effect = jsii.String("Deny")
		}
		if principals != nil {
			named := principals(request)
			if len(named) == 0 {
				continue
			}
			statement.Principals = awsPrincipals(named)
		}
		all = append(all, statement)
	}
	return all
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

// others returns the principals that are neither administrators nor the whole account: what is denied to them would be denied
// to administrators too.
func others(principals, administrators []string) []string {
	return slices.DeleteFunc(slices.Clone(principals), func(principal string) bool {
		return principal == spec.Account || slices.Contains(administrators, principal)
	})
}

func awsPrincipals(arns []string) []*dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementPrincipals {
	return []*dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementPrincipals{{Type: jsii.String("AWS"), Identifiers: stringList(arns)}}
}

func condition(test, variable string, values []string) *dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementCondition {
	return &dataawsiampolicydocument.DataAwsIamPolicyDocumentStatementCondition{Test: &test, Variable: &variable, Values: stringList(values)}
}

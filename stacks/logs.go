package stacks

import (
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchloggroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchlogresourcepolicy"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// logGroupPrefix begins the names of a domain's log groups as AWS's own console does.
func logGroupPrefix(domain spec.Domain) string {
	return "/aws/aes/domains/" + domain.DomainName + "/"
}

func hasLogs(e spec.Environment) bool { return e.Logs != nil }

// newLogs makes a log group for each type of log, and the policy that lets the domain write to them.
func newLogs(build *build) {
	stack, here, domain, logs, key := build.stack, build.here, build.domain, *build.environment.Logs, build.key
	if logs.KMSKeyID != "" {
		key = &logs.KMSKeyID
	}
	var groups []string
	for _, logType := range logs.LogTypes {
		id := strings.ToLower(logType)
		name := logGroupPrefix(domain) + strings.ReplaceAll(id, "_", "-")
		group := cloudwatchloggroup.NewCloudwatchLogGroup(stack, &id, &cloudwatchloggroup.CloudwatchLogGroupConfig{
			Name:            &name,
			RetentionInDays: jsii.Number(logs.RetentionInDays),
			KmsKeyId:        key,
			Lifecycle:       whilePublished(),
		})
		build.metrics.LogGroups[logType] = group
		groups = append(groups, here.arn("logs", "log-group:"+name+":*"))
		build.domain.LogPublishingOptions = append(build.domain.LogPublishingOptions,
			spec.LogPublishingOption{LogType: logType, CloudwatchLogGroupARN: *group.Arn(), Enabled: jsii.Bool(true)})
	}
	if *logs.ResourcePolicy {
		build.before = append(build.before, newLogPolicy(stack, here, domain, groups))
	}
}

// newLogPolicy makes the one resource policy of the domain: an account has ten of them in a region.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
func newLogPolicy(stack cdktf.TerraformStack, here location, domain spec.Domain,
	groups []string) cloudwatchlogresourcepolicy.CloudwatchLogResourcePolicy {
	slices.Sort(groups)
	document := newPolicyDocument(stack, "logs", []statement{{
		Effect:     jsii.String("Allow"),
		Actions:    jsii.Strings("logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"),
		Resources:  stringList(groups),
		Principals: principalsOf("Service", "es.amazonaws.com"),
		// Else any domain of anybody's could be made to write here.
		Condition: here.onlyFor(domainARN),
	}})
	return cloudwatchlogresourcepolicy.NewCloudwatchLogResourcePolicy(stack, jsii.String("logs"),
		&cloudwatchlogresourcepolicy.CloudwatchLogResourcePolicyConfig{
			PolicyName:     jsii.String("elasticsearch-" + domain.DomainName),
			PolicyDocument: document,
			Lifecycle:      whilePublished(),
		})
}

// whilePublished keeps what the domain writes to until the domain has been changed: see whileSignedIn.
func whilePublished() *cdktf.TerraformResourceLifecycle {
	return &cdktf.TerraformResourceLifecycle{CreateBeforeDestroy: jsii.Bool(true)}
}

func (here location) logsGrants(e spec.Environment) []grant {
	if e.Logs == nil {
		return nil
	}
	groups := here.arn("logs", "log-group:"+logGroupPrefix(e.Domain)+"*")
	grants := []grant{
		reading("logs:DescribeLogGroups").on("*"),
		reading("logs:ListTagsForResource", "logs:ListTagsLogGroup").on(groups),
		changing("logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DisassociateKmsKey",
			"logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource").on(groups),
	}
	if *e.Logs.ResourcePolicy {
		grants = append(grants, reading("logs:DescribeResourcePolicies").on("*"),
			changing("logs:DeleteResourcePolicy", "logs:PutResourcePolicy").on("*"))
	}
	return grants
}

package stacks

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchmetricalarm"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/snstopic"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/snstopicpolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/snstopicsubscription"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// metricNamespace is where AWS puts the metrics of Elasticsearch domains.
const metricNamespace = "AWS/ES"

func hasAlarms(e spec.Environment) bool { return e.Alarms != nil }

// newAlarms makes every alarm of the environment, the topic that they go to unless there is one, and the dashboard.
func newAlarms(build *build) {
	stack, here, environment := build.stack, build.here, build.environment
	topicARN := environment.Alarms.TopicARN
	if topicARN == "" {
		topicARN = newAlarmsTopic(stack, here, environment.Domain, environment.Alarms.Email)
	}
	for _, alarm := range environment.DomainAlarms() {
		newAlarm(stack, here, environment.Domain, alarm, topicARN)
	}
	build.metrics.AlarmsTopicARN = topicARN
	if *environment.Alarms.Dashboard {
		newDashboard(stack, here, environment)
	}
}

func newAlarm(stack cdktf.TerraformStack, here location, domain spec.Domain, alarm spec.Alarm, topicARN string) {
	actions := jsii.Strings(topicARN)
	config := cloudwatchmetricalarm.CloudwatchMetricAlarmConfig{
		AlarmName:          jsii.String(alarmPrefix(domain) + strings.ReplaceAll(alarm.Name, "_", "-")),
		AlarmDescription:   &alarm.Description,
		ComparisonOperator: &alarm.ComparisonOperator,
		Threshold:          jsii.Number(alarm.Threshold),
		EvaluationPeriods:  jsii.Number(alarm.EvaluationPeriods),
		TreatMissingData:   &alarm.TreatMissingData,
		AlarmActions:       actions,
		OkActions:          actions,
	}
	if alarm.Expression == "" {
		config.Namespace = jsii.String(metricNamespace)
		config.MetricName = &alarm.Metrics[0]
		config.Dimensions = here.dimensions(domain)
		config.Statistic = &alarm.Statistic
		config.Period = jsii.Number(alarm.Period)
	} else {
		config.MetricQuery = metricQueries(here, domain, alarm)
	}
	cloudwatchmetricalarm.NewCloudwatchMetricAlarm(stack, &alarm.Name, &config)
}

// metricQueries is the metrics m1, m2, … of an alarm, and the expression over them that it looks at.
func metricQueries(here location, domain spec.Domain, alarm spec.Alarm) *[]*cloudwatchmetricalarm.CloudwatchMetricAlarmMetricQuery {
	queries := []*cloudwatchmetricalarm.CloudwatchMetricAlarmMetricQuery{{
		Id: jsii.String("e1"), Expression: &alarm.Expression, Label: &alarm.Name, ReturnData: true,
	}}
	for i, metric := range alarm.Metrics {
		queries = append(queries, &cloudwatchmetricalarm.CloudwatchMetricAlarmMetricQuery{
			Id: jsii.String(metricID(i)),
			Metric: &cloudwatchmetricalarm.CloudwatchMetricAlarmMetricQueryMetric{
				Namespace:  jsii.String(metricNamespace),
				MetricName: &metric,
				Dimensions: here.dimensions(domain),
				Stat:       &alarm.Statistic,
				Period:     jsii.Number(alarm.Period),
			},
		})
	}
	return &queries
}

// metricID is how an expression calls the metric at an index.
func metricID(index int) string { return fmt.Sprintf("m%d", index+1) }

// dimensions is the two that AWS files a domain's metrics under: with one of them alone an alarm never has data.
func (here location) dimensions(domain spec.Domain) *map[string]*string {
	return &map[string]*string{"ClientId": &here.account, "DomainName": &domain.DomainName}
}

// alarmPrefix begins the names of a domain's alarms: those of a region are in one list. No domain's name has a dot, so what
// begins like this is of no other domain.
func alarmPrefix(domain spec.Domain) string { return domain.DomainName + "." }

// alarmARNs is a pattern of the ARNs of a domain's alarms.
func (here location) alarmARNs(domain spec.Domain) string {
	return here.arn("cloudwatch", "alarm:"+alarmPrefix(domain)+"*")
}

// alarmsTopicName is the name of the topic, and of its key's alias.
func alarmsTopicName(domain spec.Domain) string { return domain.DomainName + "-alarms" }

// newAlarmsTopic makes the topic, which CloudWatch alone may publish to, and that only of this domain's alarms. It has a key of
// its own: the one that AWS has for SNS does not let CloudWatch in.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func newAlarmsTopic(stack cdktf.TerraformStack, here location, domain spec.Domain, addresses []string) (arn string) {
	cloudWatch := principalsOf("Service", "cloudwatch.amazonaws.com")
	ofTheseAlarms := here.onlyFor(here.alarmARNs(domain))
	key := newKey(stack, "alarms", keySettings{
		alias:       alarmsTopicName(domain),
		tags:        domainTags(domain),
		description: "Alarms of the Elasticsearch domain " + domain.DomainName,
		statements: []statement{here.administerKey(), {
			Effect: jsii.String("Allow"), Actions: jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"), Resources: jsii.Strings("*"),
			Principals: cloudWatch, Condition: ofTheseAlarms,
		}},
	})
	topic := snstopic.NewSnsTopic(stack, jsii.String("alarms"), &snstopic.SnsTopicConfig{
		Name:           jsii.String(alarmsTopicName(domain)),
		KmsMasterKeyId: key.KeyId(),
	})
	document := newPolicyDocument(stack, "alarms_topic", []statement{
		{
			Effect: jsii.String("Allow"), Actions: jsii.Strings("sns:Publish"), Resources: jsii.Strings(*topic.Arn()),
			Principals: cloudWatch, Condition: ofTheseAlarms,
		},
		{
			Effect: jsii.String("Deny"), Actions: jsii.Strings("sns:Publish"), Resources: jsii.Strings(*topic.Arn()),
			Principals: principalsOf("AWS", "*"), Condition: []*condition{newCondition("Bool", "aws:SecureTransport", []string{"false"})},
		},
	})
	snstopicpolicy.NewSnsTopicPolicy(stack, jsii.String("alarms_topic"),
		&snstopicpolicy.SnsTopicPolicyConfig{Arn: topic.Arn(), Policy: document})
	if len(addresses) > 0 {
		each := cdktf.TerraformIterator_FromList(stringList(addresses))
		snstopicsubscription.NewSnsTopicSubscription(stack, jsii.String("alarms_by_email"),
			&snstopicsubscription.SnsTopicSubscriptionConfig{
				ForEach: each, TopicArn: topic.Arn(), Protocol: jsii.String("email"), Endpoint: cdktf.Token_AsString(each.Value(), nil),
			})
	}
	newOutput(stack, "alarms_topic_arn", "ARN of the SNS topic that receives the alarms.", topic.Arn())
	return *topic.Arn()
}

func (here location) alarmsGrants(e spec.Environment) []grant {
	if e.Alarms == nil {
		return nil
	}
	alarms, topic := here.alarmARNs(e.Domain), here.arn("sns", alarmsTopicName(e.Domain))
	grants := []grant{
		reading("cloudwatch:DescribeAlarms").on(here.arn("cloudwatch", "alarm:*")),
		reading("cloudwatch:ListTagsForResource").on(alarms),
		changing("cloudwatch:DeleteAlarms", "cloudwatch:TagResource", "cloudwatch:UntagResource").on(alarms),
		// CloudWatch itself carries out what an alarm is told to do: stop any instance, invoke any function.
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
		changing("cloudwatch:PutMetricAlarm").on(alarms).where(
			newCondition("ForAllValues:StringEquals", "cloudwatch:AlarmActions", []string{cmp.Or(e.Alarms.TopicARN, topic)})),
	}
	if *e.Alarms.Dashboard {
		dashboard := here.global("cloudwatch", "dashboard/"+dashboardName(e))
		grants = append(grants, reading("cloudwatch:GetDashboard").on(dashboard),
			changing("cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard").on(dashboard))
	}
	if e.Alarms.TopicARN == "" {
		grants = append(grants,
			reading("sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListTagsForResource").on(topic, topic+":*"),
			changing("sns:CreateTopic", "sns:DeleteTopic", "sns:SetSubscriptionAttributes", "sns:SetTopicAttributes", "sns:Subscribe",
				"sns:TagResource", "sns:Unsubscribe",
				"sns:UntagResource").on(topic, topic+":*")) // its subscriptions
	}
	return grants
}

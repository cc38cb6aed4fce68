package stacks

import (
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudwatchdashboard"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// A dashboard is 24 units wide; three pictures go into a row.
const (
	pictureWidth, pictureHeight = 8, 6
	picturesInARow              = 24 / pictureWidth
)

// newDashboard makes a CloudWatch dashboard with a picture for each alarm, in their order: its metric, and its threshold as a
// line.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
func newDashboard(stack cdktf.TerraformStack, here location, environment spec.Environment) {
	widgets := []any{}
	for i, alarm := range environment.DomainAlarms() {
		widgets = append(widgets, map[string]any{
			"type":  "metric",
			"x":     i % picturesInARow * pictureWidth,
			"y":     i / picturesInARow * pictureHeight,
			"width": pictureWidth, "height": pictureHeight,
			"properties": map[string]any{
				"title":       strings.ReplaceAll(alarm.Name, "_", " "),
				"view":        "timeSeries",
				"region":      here.region,
				"stat":        alarm.Statistic,
				"period":      min(alarm.Period, 3600),
				"metrics":     pictured(here, environment.Domain, alarm),
				"annotations": map[string]any{"horizontal": []any{map[string]any{"label": "alarm", "value": alarm.Threshold}}},
			},
		})
	}
	// As a local value: cdktf writes a text that has both quotes and references wrong in HCL.
	body := cdktf.NewTerraformLocal(stack, jsii.String("dashboard_body"), map[string]any{"widgets": widgets})
	cloudwatchdashboard.NewCloudwatchDashboard(stack, jsii.String("dashboard"), &cloudwatchdashboard.CloudwatchDashboardConfig{
		DashboardName: jsii.String(dashboardName(environment)),
		DashboardBody: jsii.String("${jsonencode(local." + *body.FriendlyUniqueId() + ")}"),
	})
}

// dashboardName has the region in it: an account has one list of dashboards for all regions, where the domain of the same name
// in another one would overwrite this.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
func dashboardName(environment spec.Environment) string {
	return environment.Domain.DomainName + "-" + environment.Region
}

// pictured is the metrics of an alarm as dashboards write them; those of an expression are not shown themselves.
func pictured(here location, domain spec.Domain, alarm spec.Alarm) []any {
	var metrics []any
	if alarm.Expression != "" {
		metrics = append(metrics, []any{map[string]any{"expression": alarm.Expression, "label": alarm.Name, "id": "e1"}})
	}
	for i, metric := range alarm.Metrics {
		drawn := map[string]any{"id": metricID(i)}
		if alarm.Expression != "" {
			drawn["visible"] = false
		}
		metrics = append(metrics, []any{metricNamespace, metric, "DomainName", domain.DomainName, "ClientId", here.account, drawn})
	}
	return metrics
}

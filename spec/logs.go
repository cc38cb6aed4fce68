package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Logs sends the domain's logs to CloudWatch: a log group for each type, and the resource policy by which the domain, and
// nobody else's, may write to them. A type of log that leaves it is turned off, and its log group deleted.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
type Logs struct {
	// INDEX_SLOW_LOGS, SEARCH_SLOW_LOGS, ES_APPLICATION_LOGS and AUDIT_LOGS, which needs fine-grained access control. Default:
	// all that the domain can have. Slow logs stay empty until thresholds are set on an index.
	LogTypes []string `json:"log_types,omitempty"`

	// Days after which CloudWatch deletes log events. Default: 365.
	RetentionInDays int `json:"retention_in_days,omitempty"`

	// ARN of a KMS key that encrypts the log groups; its policy must let CloudWatch Logs use it. Default: the key that
	// `encryption:` makes, and CloudWatch's own where it makes none.
	KMSKeyID string `json:"kms_key_id,omitempty"`

	// Whether to make the resource policy. An account has at most ten in a region: false, if one of yours covers log
	// groups that begin with /aws/aes/domains/ already. Default: true.
	ResourcePolicy *bool `json:"resource_policy,omitempty"`
}

var logTypes = []string{"INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", auditLogs}

// LogTypes is the types of logs that the domain can have: it publishes them, or is told not to.
func (environment Environment) LogTypes() []string {
	if !since(5, 1)(environment) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(logTypes), func(logType string) bool {
		return logType == auditLogs && !environment.UsesFineGrainedAccessControl()
	})
}

// auditLogs is who did what inside the domain.
const auditLogs = "AUDIT_LOGS"

// retentions is every number of days that CloudWatch Logs takes.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// EncryptsLogsWithMadeKey reports whether the key of the log groups is the one that the section encryption makes.
func (environment Environment) EncryptsLogsWithMadeKey() bool {
	return environment.MakesKey() && environment.Logs != nil && environment.Logs.KMSKeyID == ""
}

func defaultLogs(environment *Environment) {
	if environment.Logs == nil {
		return
	}
	logs := *environment.Logs
	if len(logs.LogTypes) == 0 {
		logs.LogTypes = environment.LogTypes()
	}
	if logs.RetentionInDays == 0 {
		logs.RetentionInDays = 365
	}
	logs.ResourcePolicy = orPointer(logs.ResourcePolicy, true)
	environment.Logs = &logs
}

// logsSection is all that is known of logs beside its type.
var logsSection = section{
	key:      "logs",
	defaults: defaultLogs,
	values: map[string]allowed{
		"logs.log_types[]":       oneOf(logTypes...),
		"logs.retention_in_days": retention,
		"logs.kms_key_id":        wholeKeyARN,
	},
	rules: []rule{
		{"a log type of logs once", func(e Environment) []finding {
			if e.Logs == nil {
				return nil
			}
			return repeated("logs.log_types", e.Logs.LogTypes)
		}},
		{"audit logs of logs need fine-grained access control", func(e Environment) []finding {
			return when(e.Logs != nil && slices.Contains(e.Logs.LogTypes, auditLogs) && !e.UsesFineGrainedAccessControl() && !e.hasSAML(),
				"logs.log_types",
				`has "AUDIT_LOGS", which needs fine-grained access control; add sign_in.fine_grained_access_control or leave that log out`)
		}},
	},
	features: []feature{
		{"logs", "log publishing", version{5, 1}, func(e Environment) bool { return e.Logs != nil }},
	},
	fills: []filled{
		{"logs", func(e Environment) bool { return e.Logs != nil },
			"domain.log_publishing_options", func(d Domain) bool { return len(d.LogPublishingOptions) > 0 }},
	},
	otherKeys: map[string]string{
		"log_publishing_options": "logs go to CloudWatch with `logs:`",
	},
}

var retention = allowed{numbers: retentions, wrong: func(value any) string {
	return fmt.Sprintf("%d is no number of days that CloudWatch Logs takes: %s", value, strings.Trim(fmt.Sprint(retentions), "[]"))
}}

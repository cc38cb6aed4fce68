package review

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// alarmOf is an alarm with some arguments replaced.
func alarmOf(arguments object) object {
	alarm := object{"alarm_name": "red", "namespace": "AWS/ES", "metric_name": "ClusterStatus.red", "statistic": "Maximum", "comparison_operator": "GreaterThanOrEqualToThreshold",
		"threshold": 10, "period": 60, "evaluation_periods": 2, "actions_enabled": true, "alarm_actions": []any{"topic"}, "dimensions": object{"DomainName": "metrics"}, "alarm_description": "x"}
	for name, value := range arguments {
		alarm[name] = value
	}
	return alarm
}

func TestAlarms(t *testing.T) {
	const address = "aws_cloudwatch_metric_alarm.red"
	retune := func(before, after object) []object {
		return []object{change(address, updating, alarmOf(before), alarmOf(after))}
	}
	math := func(id string, period int) object {
		return alarmOf(object{"alarm_name": "metrics.5xx", "metric_name": "", "statistic": "", "period": 0, "metric_query": []any{object{"id": "e1", "expression": "m1 / m2"},
			object{"id": id, "period": 0, "metric": []any{object{"metric_name": "5xx", "period": period}}}}})
	}
	alone := func(domain string, period int) object {
		return alarmOf(object{"alarm_name": "metrics.5xx", "metric_name": "", "statistic": "", "period": 0, "dimensions": object{},
			"metric_query": []any{object{"id": "m1", "metric": []any{object{"metric_name": "5xx", "stat": "Sum", "period": period, "dimensions": object{"DomainName": domain}}}}}})
	}
	many := func(count int) (all []object) {
		for i := range count {
			all = append(all, change(fmt.Sprintf("%s[%d]", address, i), updating, alarmOf(nil), alarmOf(object{"alarm_actions": []any{"other"}})))
		}
		return all
	}
	const what = "ClusterStatus.red Maximum ≥ 10 for 2 × 60 s"
	for _, test := range []struct {
		name    string
		changes []object
		want    []string // of the section
		lost    string   // the finding
	}{
		{"new", []object{change(address, creating, nil, alarmOf(nil))}, []string{address + ": new: " + what}, ""},
		{"gone", []object{change(address, destroying, alarmOf(nil), nil)}, []string{address + ": gone: " + what}, "alarms lost: ClusterStatus.red is gone"},
		{"of alarms, gone", []object{change("aws_cloudwatch_composite_alarm.all", destroying, object{"alarm_name": "all", "alarm_actions": []any{"topic"}}, nil)},
			[]string{"aws_cloudwatch_composite_alarm.all: gone: all"}, "alarms lost: all is gone"},
		{"at another address", []object{change(address, destroying, alarmOf(nil), nil), change("aws_cloudwatch_metric_alarm.other", creating, nil, alarmOf(nil))},
			[]string{"aws_cloudwatch_metric_alarm.other: was aws_cloudwatch_metric_alarm.red: " + what + ": the same"}, ""},
		{"for another domain", []object{change(address, destroying, alarmOf(nil), nil), change("aws_cloudwatch_metric_alarm.other", creating, nil, alarmOf(object{"dimensions": object{"DomainName": "other"}}))},
			[]string{address + ": gone: " + what, "aws_cloudwatch_metric_alarm.other: new: " + what}, "alarms lost: ClusterStatus.red is gone"},
		{"a higher threshold", retune(nil, object{"threshold": 20}), []string{address + ": weaker: " + what + ": threshold 10 → 20"}, "alarms weaker: ClusterStatus.red fires later"},
		{"a lower threshold", retune(nil, object{"threshold": 5}), []string{address + ": " + what + ": threshold 10 → 5"}, ""},
		{"a lower threshold from below", retune(object{"comparison_operator": "LessThanThreshold"}, object{"comparison_operator": "LessThanThreshold", "threshold": 5}),
			[]string{address + ": weaker: ClusterStatus.red Maximum < 10 for 2 × 60 s: threshold 10 → 5"}, "alarms weaker: ClusterStatus.red fires later"},
		{"a longer period", retune(nil, object{"period": 300}), []string{address + ": weaker: " + what + ": period 60 → 300"}, "alarms weaker: ClusterStatus.red fires later"},
		{"disabled", retune(nil, object{"actions_enabled": false}), []string{address + ": weaker: " + what + ": notifies nobody any more and actions_enabled true → false"}, "alarms lost: ClusterStatus.red notifies nobody"},
		{"without actions", retune(nil, object{"alarm_actions": []any{}}), []string{address + ": weaker: " + what + ": notifies nobody any more and alarm_actions topic → none"}, "alarms lost: ClusterStatus.red notifies nobody"},
		{"of two topics one", retune(object{"alarm_actions": []any{"topic", "night"}}, object{"alarm_actions": []any{"topic"}}),
			[]string{address + ": weaker: " + what + ": alarm_actions night (1 stay) → none (1 stay)"}, "alarms weaker: ClusterStatus.red notifies fewer"},
		{"of two topics another", retune(object{"alarm_actions": []any{"topic", "night"}}, object{"alarm_actions": []any{"other"}}),
			[]string{address + ": " + what + ": alarm_actions topic and night → other"}, ""},
		{"no data is no alarm", retune(object{"treat_missing_data": "breaching"}, object{"treat_missing_data": "ignore"}),
			[]string{address + ": weaker: " + what + ": treat_missing_data breaching → ignore"}, "alarms weaker: ClusterStatus.red fires later"},
		{"no data is an alarm", retune(object{"treat_missing_data": "missing"}, object{"treat_missing_data": "breaching"}), []string{address + ": " + what + ": treat_missing_data missing → breaching"}, ""},
		{"above it, no longer at it", retune(nil, object{"comparison_operator": "GreaterThanThreshold"}),
			[]string{address + ": weaker: " + what + ": comparison_operator GreaterThanOrEqualToThreshold → GreaterThanThreshold"}, "alarms weaker: ClusterStatus.red fires later"},
		{"at it too", retune(object{"comparison_operator": "GreaterThanThreshold"}, nil),
			[]string{address + ": ClusterStatus.red Maximum > 10 for 2 × 60 s: comparison_operator GreaterThanThreshold → GreaterThanOrEqualToThreshold"}, ""},
		{"the other way round", retune(nil, object{"comparison_operator": "LessThanThreshold"}),
			[]string{address + ": weaker: " + what + ": comparison_operator GreaterThanOrEqualToThreshold → LessThanThreshold"}, "alarms weaker: ClusterStatus.red fires later"},
		{"a percentile", retune(nil, object{"statistic": "", "extended_statistic": "p99"}), []string{address + ": " + what + ": extended_statistic none → p99 and statistic Maximum → none"}, ""},
		{"kept silent", []object{change("aws_cloudwatch_composite_alarm.all", updating, object{"alarm_name": "all", "alarm_actions": []any{"topic"}, "actions_suppressor": []any{}},
			object{"alarm_name": "all", "alarm_actions": []any{"topic"}, "actions_suppressor": []any{object{"alarm": "x", "wait_period": 10}}})},
			[]string{"aws_cloudwatch_composite_alarm.all: weaker: all: actions_suppressor.alarm none → x and actions_suppressor.wait_period none → 10"}, "alarms weaker: all is kept silent by another"},
		{"kept silent no longer", []object{change("aws_cloudwatch_composite_alarm.all", updating, object{"alarm_name": "all", "alarm_actions": []any{"topic"}, "actions_suppressor": []any{object{"alarm": "x"}}},
			object{"alarm_name": "all", "alarm_actions": []any{"topic"}, "actions_suppressor": []any{}})},
			[]string{"aws_cloudwatch_composite_alarm.all: all: actions_suppressor.alarm x → none"}, ""},
		{"who hears less", []object{change("aws_sns_topic_subscription.s", updating, object{"protocol": "sms", "endpoint": "1", "filter_policy": ""}, object{"protocol": "sms", "endpoint": "1", "filter_policy": "{}"})},
			[]string{"aws_sns_topic_subscription.s: weaker: sms to 1: filter_policy none → {}"}, "alarms weaker: sms to 1 may hear less"},
		{"who hears all again", []object{change("aws_sns_topic_subscription.s", updating, object{"protocol": "sms", "endpoint": "1", "filter_policy": "{}"}, object{"protocol": "sms", "endpoint": "1", "filter_policy": ""})},
			[]string{"aws_sns_topic_subscription.s: sms to 1: filter_policy {} → none"}, ""},
		{"a metric's longer period", []object{change(address, updating, math("m1", 60), math("m1", 300))},
			[]string{address + ": weaker: metrics.5xx m1 / m2 ≥ 10 for 2 × 60 s: metric_query[m1].metric.period 60 → 300"}, "alarms weaker: metrics.5xx fires later"},
		{"the one metric's longer period", []object{change(address, updating, alone("metrics", 60), alone("metrics", 300))},
			[]string{address + ": weaker: metrics.5xx 5xx Sum ≥ 10 for 2 × 60 s: metric_query.metric.period 60 → 300"}, "alarms weaker: metrics.5xx fires later"},
		{"an expression gone", []object{change(address, destroying, math("m1", 60), nil)}, []string{address + ": gone: metrics.5xx m1 / m2 ≥ 10 for 2 × 60 s"}, "alarms lost: metrics.5xx is gone"},
		{"an expression at another address", []object{change(address, destroying, math("m1", 60), nil), change("aws_cloudwatch_metric_alarm.other", creating, nil, math("m1", 60))},
			[]string{"aws_cloudwatch_metric_alarm.other: was aws_cloudwatch_metric_alarm.red: metrics.5xx m1 / m2 ≥ 10 for 2 × 60 s: the same"}, ""},
		{"many in the same way", many(5), []string{"5 alike, of ClusterStatus.red, ClusterStatus.red, ClusterStatus.red, ClusterStatus.red and ClusterStatus.red: alarm_actions topic → other"}, ""},
		{"another description", retune(nil, object{"alarm_description": "y"}), []string{address + ": " + what + ": alarm_description x → y"}, ""},
		{"with its domain to another name", []object{change("aws_elasticsearch_domain.d", recreating, object{"domain_name": "metrics"}, object{"domain_name": "new"}),
			change(address, recreating, alarmOf(nil), alarmOf(object{"alarm_name": "other", "dimensions": object{"DomainName": "new"}}))}, []string{address + ": " + what + ": follows the domain to its new name"}, ""},
		{"with its domain, which another alarm does not follow", []object{change("aws_elasticsearch_domain.d", recreating, object{"domain_name": "metrics"}, object{"domain_name": "new"}),
			change(address, updating, alone("metrics", 60), alone("elsewhere", 60))}, []string{address + ": weaker: metrics.5xx 5xx Sum ≥ 10 for 2 × 60 s: metric_query.metric.dimensions.DomainName metrics → elsewhere"}, "alarms weaker: metrics.5xx fires later"},
		{"to another domain", retune(nil, object{"dimensions": object{"DomainName": "new"}}), []string{address + ": weaker: " + what + ": dimensions.DomainName metrics → new"}, "alarms weaker: ClusterStatus.red fires later"},
		{"another topic to hear", []object{change("aws_sns_topic_subscription.s", recreating, object{"protocol": "email", "endpoint": "a@example.com", "topic_arn": "x"}, object{"protocol": "email", "endpoint": "a@example.com", "topic_arn": "y"})},
			[]string{"aws_sns_topic_subscription.s: email to a@example.com: topic_arn x → y; until its mail is confirmed it hears nothing"}, ""},
		{"who is told", []object{change("aws_sns_topic_subscription.s", destroying, object{"protocol": "email", "endpoint": "night@example.com"}, nil)},
			[]string{"aws_sns_topic_subscription.s: gone: email to night@example.com"}, "alarms lost: email to night@example.com is gone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, planOf(test.changes...))
			if diff := cmp.Diff(test.want, rowsOf(r, "Alarms", false)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			lost := ""
			for _, finding := range r.Findings {
				if finding.Severity == AlarmGone || finding.Severity == AlarmLost {
					lost = finding.Text.Plain()
				}
			}
			if lost != test.lost {
				t.Errorf("found %q, want %q", lost, test.lost)
			}
		})
	}
}

// Each comparison has its sign, and is weaker where it fires later.
func TestComparisons(t *testing.T) {
	for _, test := range []struct {
		comparison, sign string
		later            int // a threshold that is reached later than 10
	}{
		{"GreaterThanOrEqualToThreshold", "≥", 11}, {"GreaterThanThreshold", ">", 11}, {"LessThanOrEqualToThreshold", "≤", 9}, {"LessThanThreshold", "<", 9},
	} {
		with := func(threshold int) object {
			return alarmOf(object{"comparison_operator": test.comparison, "threshold": threshold})
		}
		for threshold, weaker := range map[int]bool{test.later: true, 20 - test.later: false} {
			r := read(t, planOf(change("aws_cloudwatch_metric_alarm.a", updating, with(10), with(threshold))))
			want := "aws_cloudwatch_metric_alarm.a: " + map[bool]string{true: "weaker: "}[weaker] +
				fmt.Sprintf("ClusterStatus.red Maximum %s 10 for 2 × 60 s: threshold 10 → %d", test.sign, threshold)
			if got := rowsOf(r, "Alarms", false); len(got) != 1 || got[0] != want || len(strict(t, "alarms").Refuses(r)) > 0 != weaker {
				t.Errorf("%s: %q, want %q, refused %v", test.comparison, got, want, weaker)
			}
		}
	}
}

// What is lost comes first, the worst before the rest.
func TestAlarmsInOrder(t *testing.T) {
	r := read(t, planOf(
		change("aws_cloudwatch_metric_alarm.other", updating, alarmOf(nil), alarmOf(object{"alarm_description": "y"})),
		change("aws_cloudwatch_metric_alarm.later", updating, alarmOf(nil), alarmOf(object{"threshold": 11})),
		change("aws_cloudwatch_composite_alarm.kept", updating, object{"alarm_name": "a", "alarm_actions": []any{"t"}}, object{"alarm_name": "a", "alarm_actions": []any{"t"}, "actions_suppressor": []any{object{"alarm": "x"}}}),
		change("aws_sns_topic_subscription.less", updating, object{"endpoint": "1"}, object{"endpoint": "1", "filter_policy": "{}"}),
		change("aws_cloudwatch_metric_alarm.fewer", updating, alarmOf(object{"alarm_actions": []any{"a", "b"}}), alarmOf(object{"alarm_actions": []any{"a"}, "threshold": 11})),
		change("aws_cloudwatch_metric_alarm.silent", updating, alarmOf(nil), alarmOf(object{"actions_enabled": false})),
		change("aws_cloudwatch_metric_alarm.gone", destroying, alarmOf(nil), nil)))
	var got []string
	for _, row := range rowsOf(r, "Alarms", false) {
		address, _, _ := strings.Cut(row, ":")
		got = append(got, address[strings.Index(address, ".")+1:])
	}
	if diff := cmp.Diff([]string{"gone", "silent", "fewer", "less", "kept", "later", "other"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Each statistic is larger than those before it.
func TestStatistics(t *testing.T) {
	order := []string{"Minimum", "Average", "Maximum", "Sum"}
	for comparison, below := range map[string]bool{"GreaterThanThreshold": false, "LessThanThreshold": true} {
		for i, was := range order {
			for j, is := range order {
				with := func(statistic string) object {
					return alarmOf(object{"comparison_operator": comparison, "statistic": statistic})
				}
				r := read(t, planOf(change("aws_cloudwatch_metric_alarm.a", updating, with(was), with(is))))
				if want := i != j && (j > i) == below; len(strict(t, "alarms").Refuses(r)) > 0 != want {
					t.Errorf("%s, %s → %s: refused %v", comparison, was, is, !want)
				}
			}
		}
	}
}

// What was made of an alarm outside Terraform.
func TestAlarmsOutside(t *testing.T) {
	for _, test := range []struct {
		name string
		c    object
		want string
	}{
		{"disabled", change("aws_cloudwatch_metric_alarm.a", updating, alarmOf(nil), alarmOf(object{"actions_enabled": false})), "outside Terraform alarm ClusterStatus.red notifies nobody"},
		{"who hears less", change("aws_sns_topic_subscription.s", updating, object{"protocol": "sms", "endpoint": "1"}, object{"protocol": "sms", "endpoint": "1", "filter_policy": "{}"}),
			"outside Terraform alarm sms to 1 may hear less"},
		{"described", change("aws_cloudwatch_metric_alarm.a", updating, alarmOf(nil), alarmOf(object{"alarm_description": "y"})), "no resource changes"},
		{"a bucket", change("aws_thing.a", updating, alarmOf(nil), alarmOf(object{"actions_enabled": false})), "no resource changes"},
	} {
		plan := planOf()
		plan["resource_drift"] = []any{test.c}
		if got := read(t, plan).Headline().Plain(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

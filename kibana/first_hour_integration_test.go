//go:build integration && unix

package kibana

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/metrics"
)

// What a team does in its first hour, as documents of its own, and what the charts are answered.
func TestFirstHour(t *testing.T) {
	const prefix = "hour"
	at := until.Add(-time.Hour)
	count := 0
	load(t, elastic.URL, prefix, func(send func(string, string, []byte)) {
		add := func(when time.Time, document string) {
			encoder, err := metrics.NewEncoder(metrics.Options{Settings: metrics.Settings{IndexPrefix: prefix},
				Now: func() time.Time { return until }})
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf(`{"@timestamp":%q,%s}`, when.Format(time.RFC3339), document)
			for encoded, err := range encoder.Line([]byte(line)) {
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				send(encoded.Index, encoded.ID.String(), encoded.Source)
				count++
			}
		}
		// Two pods of one version: 9,000 requests at 100 ms, and 10 at 900 ms.
		const pod = `"event.dataset":"ml.inference","ml.model.name":"ranker","ml.model.version":"1","service.name":"pod-%d",` +
			`"ml.inference.request_count":%d,"ml.inference.latency_ms.p50":%[3]d,"ml.inference.latency_ms.p95":%[3]d,"ml.inference.latency_ms.p99":%[3]d`
		add(at, fmt.Sprintf(pod, 1, 9000, 100))
		add(at, fmt.Sprintf(pod, 2, 10, 900))
		// A loop of ten lines sends a metric that it invented beside one that is known.
		for version := 1; version <= 2; version++ {
			add(at, fmt.Sprintf(`"event.dataset":"ml.evaluation","ml.run.id":"e%[1]d","ml.model.name":"ranker","ml.model.version":"%[1]d",`+
				`"ml.metrics":{"ndcg_at_10":0.4%[1]d,"delight":%[1]d}`, version))
			add(at, fmt.Sprintf(`"event.dataset":"ml.evaluation","ml.run.id":"e%[1]d","ml.model.name":"price","ml.model.version":"%[1]d",`+
				`"ml.deployment.role":"%[2]s","ml.metric.name":"root_mean_squared_error","ml.metric.value":%[3]d,"ml.metric.sample_count":500,`+
				`"ml.metric.ci_lower":%[4]d,"ml.metric.ci_upper":%[5]d`, version, []string{"champion", "challenger"}[version-1],
				30-10*(version-1),
				29-10*(version-1), 31-10*(version-1)))
		}
		// One feature by its p-value and one by a distance, each with a neighbour that does not drift.
		for feature, drift := range map[string]string{
			"by_p_value": `"ml.drift.method":"ks","ml.drift.score":0.001,"ml.drift.p_value":0.001,"ml.drift.threshold":0.05`,
			"by_psi":     `"ml.drift.method":"psi","ml.drift.score":0.4,"ml.drift.threshold":0.2`,
			"p_value_ok": `"ml.drift.method":"ks","ml.drift.score":0.9,"ml.drift.p_value":0.9,"ml.drift.threshold":0.05`,
			"psi_ok":     `"ml.drift.method":"psi","ml.drift.score":0.01,"ml.drift.threshold":0.2`,
		} {
			bad := feature[:3] == "by_"
			severity := metrics.Severity(map[string]float64{"by_p_value": 0.001, "by_psi": 0.4, "p_value_ok": 0.9, "psi_ok": 0.01}[feature],
				map[bool]float64{true: 0.05, false: 0.2}[strings.Contains(feature, "p_value")], strings.Contains(feature, "p_value"))
			add(at, fmt.Sprintf(`"event.dataset":"ml.drift","ml.model.name":"ranker","ml.model.version":"1","ml.drift.feature.name":%q,%s,`+
				`"ml.drift.detected":%v,"ml.drift.severity":%v`, feature, drift, bad, severity))
		}
		// A run of last year, sent today.
		for step := range 5 {
			add(until.AddDate(-1, 0, 0).Add(time.Duration(step)*time.Minute),
				fmt.Sprintf(`"event.dataset":"ml.training","ml.model.name":"ranker",`+
					`"ml.run.id":"last-year","ml.step":%d,"ml.metric.name":"loss","ml.metric.value":%v`, step, 1.0/float64(step+1)))
		}
	})
	answer := func(panel string, from, to time.Time) string {
		for _, request := range requestsOf(t, Objects(Options{IndexPrefix: prefix}), from, to) {
			if request.panel == prefix+"."+panel && request.name == "rows" {
				return text(send(t, elastic.URL, "POST", "/"+request.index+"/_search", []byte(text(request.body)))["aggregations"])
			}
		}
		t.Fatalf("there is no %s", panel)
		return ""
	}
	month := until.AddDate(0, -1, 0)
	for _, panel := range []string{"overview-slowest", "overview-latency", "inference-windows", "inference-slowest"} {
		if got := answer(panel, month, until); !strings.Contains(got, `"value":900`) || strings.Contains(got, "500") {
			t.Errorf("%s: of pods at 100 and 900 ms it says %s", panel, got)
		}
	}
	for _, panel := range []string{"models-better", "models-quality", "models-values"} {
		got := answer(panel, month, until)
		for _, want := range []string{`"key":"ndcg_at_10"`, `"key":"delight"`, `"ml.metric.sample_count":[500]`,
			`"ml.metric.higher_is_better":[false]`, `"ml.metric.ci_upper":[21]`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s has no %s: %s", panel, want, got)
			}
		}
	}
	heat := answer("drift-severity", month, until)
	if strings.Count(heat, `"worst":{"value":`) != 4 {
		t.Errorf("the heat map: %s", heat)
	}
	var buckets []string
	for part := range strings.SplitSeq(heat, `"worst":{"value":`) {
		buckets = append(buckets, part)
	}
	red := 0
	for _, bucket := range buckets[1:] {
		var severity float64
		fmt.Sscan(strings.TrimSuffix(bucket[:strings.IndexAny(bucket, "},")], "}"), &severity)
		if severity >= 1 {
			red++
		} else if severity >= near {
			t.Errorf("a feature that does not drift has the severity %v", severity)
		}
	}
	if red != 2 {
		t.Errorf("%d of four features are red: %s", red, heat)
	}
	if got := answer("training-curves", until.AddDate(-1, 0, -1), until.AddDate(-1, 0, 1)); !strings.Contains(got,
		"last-year") || strings.Count(got, `"least"`) < 2 {
		t.Errorf("the run of last year: %s", got)
	}
	if got := answer("training-curves", month, until); strings.Contains(got, "last-year") {
		t.Error("the run of last year is in this month")
	}
	t.Logf("%d documents", count)
}

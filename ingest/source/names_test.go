package source

import (
	"slices"
	"strings"
	"testing"

	"cdktf-aimetrics/metrics"
)

func TestMetricNamed(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"train/loss", "train loss"},
		{"train_loss", "train loss"},
		{"Loss/train", "train loss"}, {"Error/mine", "Error/mine"},
		{"Accuracy/test", "test accuracy"},
		{"val.accuracy", "validation accuracy"},
		{"eval_f1", "validation f1_score"},
		{"dev-wer", "validation word_error_rate"},
		{"test score", "test score"},
		{"learn_RMSE", "train root_mean_squared_error"},
		{"validation_0-auc", "validation_0 roc_auc"},
		{"valid_1/l2", "valid_1 mean_squared_error"},
		{"training_accuracy_score", "train accuracy"},
		{"test_neg_log_loss", "test log_loss turned"},
		{"neg_root_mean_squared_error", "root_mean_squared_error turned"},
		// Not every negative is one of scikit-learn's.
		{"neg_samples", "neg_samples"},
		{"neg_log_likelihood", "neg_log_likelihood"},
		{"test_f1_macro", "test f1_score macro"},
		{"precision_weighted", "precision weighted"},
		{"loss_macro", "loss_macro"},
		{"train_loss_epoch", "train loss mean"},
		{"train_loss_step", "train loss"},
		{"val_global_step", "validation global_step"},
		{"epoch", "epoch"},
		{"eval_runtime", "validation runtime_ms ms"},
		{"fit_time", "fit_time_ms ms"},
		{"uptime", "uptime"},
		{"ndcg@10", "ndcg_at_10"},
		{"ndcg@10-", "ndcg_at_10"},
		{"map@10", "map_at_10"},
		{"pre@10", "precision_at_10"},
		{"error@0.7", "error_rate_at_0.7"},
		{"ROC AUC", "roc_auc"},
		{"f1-score", "f1_score"},
		{"train", "train"},
		{"train/", "train/"},
		{"/train", "/train"},
		{"mine/own metric", "mine/own metric"},
		{"", ""},
	} {
		metric := metricNamed(test.given)
		words := []string{metric.split, metric.name, metric.aggregation, string(metric.unit)}
		if metric.negated {
			words = append(words, "turned")
		}
		words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
		if got := strings.Join(words, " "); got != test.want {
			t.Errorf("%q is %q, want %q", test.given, got, test.want)
		}
	}
}

// What a name is mapped to is one that the model knows, with its direction: another word would be on no dashboard.
func TestNamesAreKnown(t *testing.T) {
	directionless := []string{"learning_rate"}
	for _, table := range []map[string]string{metricNames, negated, modelMetrics} {
		for given, name := range table {
			if _, known := metrics.LookupMetric(name); !known && !slices.Contains(append(directionless, unknownLosses...), name) {
				t.Errorf("%s is mapped to %s, which metrics does not know", given, name)
			}
		}
	}
	for given := range metricNames {
		if given != normal(given) {
			t.Errorf("%s is never found; write it as %s", given, normal(given))
		}
		if _, known := metrics.LookupMetric(given); known {
			t.Errorf("%s is a name of the model's own", given)
		}
	}
}

// unknownLosses is losses whose sign is turned though nobody else knows their names.
var unknownLosses = []string{"gamma_deviance", "negative_likelihood_ratio", "mean_error"}

func TestUnits(t *testing.T) {
	for _, test := range []struct {
		name, want string
		value      float64
	}{
		{"fit_time", "fit_time_ms", 0.1}, {"eval_runtime", "runtime_ms", 1.178382749}, {"test_neg_log_loss", "log_loss", -0.25}, {"loss", "loss", 0.1},
	} {
		want := map[string]float64{"fit_time_ms": 100, "runtime_ms": 1178.382749, "log_loss": 0.25, "loss": 0.1}[test.want]
		if metric := metricNamed(test.name); metric.name != test.want || metric.scale(test.value) != want {
			t.Errorf("%s %v is %s %v, want %s %v", test.name, test.value, metric.name, metric.scale(test.value), test.want, want)
		}
	}
}

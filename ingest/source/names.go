package source

import (
	"regexp"
	"strings"

	"cdktf-aimetrics/metrics"
)

// splits is what the tools call the parts of the data, and what ml.dataset.split does.
var splits = map[string]string{
	"train": "train", "training": "train", "learn": "train",
	"val": "validation", "valid": "validation", "validation": "validation", "eval": "validation", "evaluation": "validation",
	"dev":  "validation",
	"test": "test", "testing": "test",
}

// metricNames is what the tools call metrics, and what ml.metric.name does; in lower case, with underscores.
var metricNames = map[string]string{
	"acc": "accuracy", "categorical_accuracy": "accuracy", "binary_accuracy": "accuracy", "sparse_categorical_accuracy": "accuracy",
	"accuracy_score": "accuracy",
	"f1":             "f1_score",
	"auc":            "roc_auc", "auroc": "roc_auc", "roc_auc_score": "roc_auc",
	"aucpr": "auc_pr", "pr_auc": "auc_pr", "precision_recall_auc": "auc_pr",
	"map": "mean_average_precision", "pre": "precision", "precision_score": "precision", "recall_score": "recall",
	"logloss": "log_loss", "binary_logloss": "log_loss", "mlogloss": "log_loss", "multi_logloss": "log_loss", "multiclass": "log_loss",
	"error": "error_rate", "merror": "error_rate", "binary_error": "error_rate", "multi_error": "error_rate",
	"mae": "mean_absolute_error", "l1": "mean_absolute_error",
	"mse": "mean_squared_error", "l2": "mean_squared_error",
	"rmse":  "root_mean_squared_error",
	"rmsle": "root_mean_squared_log_error", "msle": "mean_squared_log_error",
	"mape": "mean_absolute_percentage_error", "medae": "median_absolute_error",
	"r2_score": "r2",
	"mcc":      "matthews_correlation", "matthews_corrcoef": "matthews_correlation",
	"kappa": "cohen_kappa", "cohen_kappa_score": "cohen_kappa",
	"jaccard_score": "jaccard", "iou": "jaccard",
	"poisson_nloglik": "poisson_deviance", "mean_poisson_deviance": "poisson_deviance",
	"brier_score_loss":   "brier_score",
	"cross_entropy_loss": "cross_entropy", "crossentropy": "cross_entropy", "binary_crossentropy": "cross_entropy",
	"categorical_crossentropy": "cross_entropy", "sparse_categorical_crossentropy": "cross_entropy",
	"kl": "kl_divergence", "kullback_leibler": "kl_divergence",
	"ppl": "perplexity", "wer": "word_error_rate", "em": "exact_match",
	"rouge1": "rouge_1", "rouge2": "rouge_2", "rougel": "rouge_l",
	"grad_norm": "gradient_norm",
	"lr":        "learning_rate",
	"ece":       "expected_calibration_error",
	"fpr":       "false_positive_rate", "fnr": "false_negative_rate",
}

// negated is the losses that scikit-learn's scorers turn the sign of, so that more is better:
// https://scikit-learn.org/stable/modules/model_evaluation.html#string-name-scorers. Other names begin with neg_ for other reasons.
var negated = map[string]string{
	"neg_log_loss":                       "log_loss",
	"neg_brier_score":                    "brier_score",
	"neg_mean_absolute_error":            "mean_absolute_error",
	"neg_mean_squared_error":             "mean_squared_error",
	"neg_root_mean_squared_error":        "root_mean_squared_error",
	"neg_mean_squared_log_error":         "mean_squared_log_error",
	"neg_root_mean_squared_log_error":    "root_mean_squared_log_error",
	"neg_median_absolute_error":          "median_absolute_error",
	"neg_mean_absolute_percentage_error": "mean_absolute_percentage_error",
	"neg_max_error":                      "max_error",
	"neg_mean_poisson_deviance":          "poisson_deviance",
	"neg_mean_gamma_deviance":            "gamma_deviance",
	"neg_negative_likelihood_ratio":      "negative_likelihood_ratio",
}

// seconds is the metrics that the tools give in seconds: the model has milliseconds, and says so in the name.
var seconds = []string{"runtime", "fit_time", "score_time", "epoch_time", "step_time"}

// averaged is the metrics whose names end in how the classes were averaged: f1_macro.
var averaged = map[string]bool{"f1_score": true, "precision": true, "recall": true, "jaccard": true}

// averages is how classes are averaged.
var averages = []string{"macro", "micro", "weighted", "samples"}

// measured is a metric as a source names it, in the words of the model.
type measured struct {
	name, split, aggregation string
	// Milliseconds where the source has seconds; else none, and what is known of the metric says it.
	unit metrics.Unit
	// Whether the source has the value with its sign turned.
	negated bool
}

// numberedSplit is what xgboost and LightGBM call data sets that have no name; the first is often the training's own.
var numberedSplit = regexp.MustCompile(`^((?:validation|valid|eval)_[0-9]{1,2})[-/_.](.+)$`)

// metricNamed reads a source's name of a metric: train/loss, val_accuracy, Loss/test, test_neg_log_loss, eval_runtime, ndcg@10.
func metricNamed(name string) measured {
	var found measured
	found.split, name = splitOf(strings.TrimSpace(name))
	lower := normal(name)
	if loss, ok := negated[lower]; ok {
		found.negated, found.name = true, loss
		return found
	}
	for _, timed := range seconds {
		if lower == timed || strings.HasSuffix(lower, "_"+timed) {
			found.unit, found.name = metrics.Milliseconds, name+"_ms"
			return found
		}
	}
	if found.split != "" {
		// Lightning logs a metric both of the step and, as a mean, of the epoch.
		if rest, ok := strings.CutSuffix(name, "_epoch"); ok && rest != "" {
			name, found.aggregation = rest, "mean"
		} else if rest, ok := strings.CutSuffix(name, "_step"); ok && rest != "" && rest != "global" {
			name = rest
		}
	}
	for _, average := range averages {
		if rest, ok := strings.CutSuffix(normal(name), "_"+average); ok && averaged[knownName(rest)] {
			name, found.aggregation = rest, average
		}
	}
	found.name = knownName(name)
	return found
}

// splitOf takes the split off a name.
func splitOf(name string) (split, rest string) {
	if numbered := numberedSplit.FindStringSubmatch(name); numbered != nil {
		return numbered[1], numbered[2]
	}
	if i := strings.IndexAny(name, "/_.- "); i > 0 && i < len(name)-1 {
		if split, known := splits[strings.ToLower(name[:i])]; known {
			return split, name[i+1:]
		}
	}
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		if split, known := splits[strings.ToLower(name[i+1:])]; known {
			return split, name[:i]
		}
	}
	return "", name
}

// normal is a name as the tables have it.
func normal(name string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(name))
}

// knownName is what the model calls a metric: its own name if it is known, else as the source has it. "ndcg@10" is "ndcg_at_10", which
// can stand in a query of Kibana's without quotes.
func knownName(name string) string {
	base, at, isAt := strings.Cut(name, "@")
	known := normal(base)
	if _, ok := metrics.LookupMetric(known); ok {
		base = known
	} else if ours, ok := metricNames[known]; ok {
		base = ours
	}
	if !isAt {
		return base
	}
	if base == "mean_average_precision" {
		base = "map"
	}
	// xgboost writes ndcg@10- where a query without relevant items counts as 0.
	return base + "_at_" + strings.TrimSuffix(strings.ReplaceAll(at, "@", "_"), "-")
}

// scale is the value in the unit and with the sign of the model.
func (m measured) scale(value float64) float64 {
	switch {
	case m.unit == metrics.Milliseconds:
		return inMilliseconds(value)
	case m.negated && value != 0:
		return -value
	}
	return value
}

// add adds a value to a row.
func (m measured) add(row *metrics.Row, given namedValue) {
	if given.text != "" {
		value, isNumber := numberOf(given.text)
		if m.unit == "" && !m.negated || !isNumber {
			row.AddMetricText(m.name, given.text)
			return
		}
		given.value = value
	}
	row.AddMetric(m.name, m.scale(given.value))
}

// describe gives a row what all its metrics share.
func (m measured) describe(row *metrics.Row) {
	setText(row, "ml.dataset.split", m.split)
	setText(row, "ml.metric.aggregation", m.aggregation)
	setText(row, "ml.metric.unit", string(m.unit))
}

// sharesRow reports whether two metrics can be in one row.
func (m measured) sharesRow(other measured) bool {
	return m.split == other.split && m.aggregation == other.aggregation && m.unit == other.unit
}

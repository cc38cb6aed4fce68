package metrics

import "slices"

// Known is a metric whose meaning is well known: what fills in ml.metric.unit and ml.metric.higher_is_better where a source lacks them.
type Known struct {
	// As ml.metric.name has it.
	Name           string
	HigherIsBetter bool
	Unit           Unit
	// The usual range, by which a picture is scaled; nil is none. A value outside of it is taken all the same.
	Min, Max    *float64
	Description string
}

// KnownMetrics returns every metric that is known, by name. The slice is the caller's.
func KnownMetrics() []Known { return slices.Clone(known) }

// LookupMetric returns what is known of a metric.
func LookupMetric(name string) (Known, bool) {
	found, ok := knownByName[name]
	return found, ok
}

var knownByName = func() map[string]Known {
	names := map[string]Known{}
	for _, metric := range known {
		names[metric.Name] = metric
	}
	return names
}()

// known is the table of metrics, by name.
var known = []Known{
	{"accuracy", true, Ratio, zero, one, "The share of predictions that are right."},
	{"auc_pr", true, Ratio, zero, one, "The area under the precision-recall curve."},
	{"average_precision", true, Ratio, zero, one, "The mean of precision over all thresholds."},
	{"balanced_accuracy", true, Ratio, zero, one, "The mean of the recall of each class."},
	{"bleu", true, Ratio, zero, one, "The overlap of n-grams with a reference translation."},
	{"brier_score", false, NoUnit, zero, one, "The mean squared error of probabilities."},
	{"cohen_kappa", true, NoUnit, number(-1), one, "Agreement beyond chance."},
	{"cross_entropy", false, NoUnit, zero, nil, "The negative log-likelihood of the truth."},
	{"error_rate", false, Ratio, zero, one, "The share of predictions that are wrong, or of requests that failed."},
	{"exact_match", true, Ratio, zero, one, "The share of answers that equal the reference."},
	{"expected_calibration_error", false, Ratio, zero, one, "How far probabilities are from what came true, on average."},
	{"explained_variance", true, NoUnit, nil, one, "The share of the variance that the predictions explain."},
	{"f1_score", true, Ratio, zero, one, "The harmonic mean of precision and recall."},
	{"false_negative_rate", false, Ratio, zero, one, "The share of positives that were missed."},
	{"false_positive_rate", false, Ratio, zero, one, "The share of negatives that were taken for positives."},
	{"gradient_norm", false, NoUnit, zero, nil, "The length of the gradient; a jump says that training diverges."},
	{"hallucination_rate", false, Ratio, zero, one, "The share of answers that say what no source says."},
	{"hit_rate_at_10", true, Ratio, zero, one, "The share of rankings with a relevant item among the first ten."},
	{"jaccard", true, Ratio, zero, one, "The overlap of predicted and true sets."},
	{"kl_divergence", false, NoUnit, zero, nil, "The distance of one distribution from another."},
	{"log_loss", false, NoUnit, zero, nil, "The negative log-likelihood of the truth under the probabilities."},
	{"loss", false, NoUnit, zero, nil, "What training minimizes."},
	{"map_at_10", true, Ratio, zero, one, "The mean average precision of the first ten."},
	{"matthews_correlation", true, NoUnit, number(-1), one, "The correlation of predicted and true classes."},
	{"max_error", false, NoUnit, zero, nil, "The largest error."},
	{"mean_absolute_error", false, NoUnit, zero, nil, "The mean size of the error, in the target's unit."},
	{"mean_absolute_percentage_error", false, Ratio, zero, nil, "The mean size of the error, as a share of the truth."},
	{"mean_average_precision", true, Ratio, zero, one, "The mean over classes or queries of the average precision."},
	{"mean_squared_error", false, NoUnit, zero, nil, "The mean of the squared error."},
	{"mean_squared_log_error", false, NoUnit, zero, nil, "The mean of the squared error of logarithms."},
	{"median_absolute_error", false, NoUnit, zero, nil, "The median size of the error, in the target's unit."},
	{"meteor", true, Ratio, zero, one, "The overlap of words with a reference, stems and synonyms included."},
	{"mrr", true, Ratio, zero, one, "The mean of one over the rank of the first relevant item."},
	{"ndcg", true, Ratio, zero, one, "The gain of a ranking, as a share of the best one's."},
	{"ndcg_at_10", true, Ratio, zero, one, "The gain of the first ten, as a share of the best ranking's."},
	{"perplexity", false, NoUnit, one, nil, "The exponential of the cross entropy of tokens."},
	{"pinball_loss", false, NoUnit, zero, nil, "The loss of a predicted quantile."},
	{"poisson_deviance", false, NoUnit, zero, nil, "The deviance of counts."},
	{"precision", true, Ratio, zero, one, "The share of predicted positives that are positive."},
	{"precision_at_10", true, Ratio, zero, one, "The share of the first ten that is relevant."},
	{"r2", true, NoUnit, nil, one, "The share of the variance that is explained, bias included; below 0 is worse than the mean."},
	{"recall", true, Ratio, zero, one, "The share of positives that were found."},
	{"recall_at_10", true, Ratio, zero, one, "The share of relevant items among the first ten."},
	{"refusal_rate", false, Ratio, zero, one, "The share of requests that a language model declined."},
	{"reward", true, NoUnit, nil, nil, "What reinforcement learning maximizes."},
	{"roc_auc", true, Ratio, zero, one, "The area under the receiver operating characteristic."},
	{"root_mean_squared_error", false, NoUnit, zero, nil, "The root of the mean squared error, in the target's unit."},
	{"root_mean_squared_log_error", false, NoUnit, zero, nil, "The root of the mean squared error of logarithms."},
	{"rouge_1", true, Ratio, zero, one, "The overlap of words with a reference summary."},
	{"rouge_2", true, Ratio, zero, one, "The overlap of pairs of words with a reference summary."},
	{"rouge_l", true, Ratio, zero, one, "The longest common subsequence with a reference summary."},
	{"silhouette", true, NoUnit, number(-1), one, "How well clusters are apart."},
	{"specificity", true, Ratio, zero, one, "The share of negatives that were found."},
	{"top_5_accuracy", true, Ratio, zero, one, "The share of predictions whose first five hold the truth."},
	{"toxicity", false, Ratio, zero, one, "The share or the probability of toxic answers."},
	{"word_error_rate", false, Ratio, zero, nil, "Edits to the reference transcript, by its words."},
}

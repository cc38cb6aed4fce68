package source

import (
	"math"
	"strings"

	"aimetrics/metrics"
)

// splits is what the tools call the parts of the data, and what ml.dataset.split does.
var splits = map[string]string{
	"train": "train", "training": "train",
	"val": "validation", "valid": "validation", "validation": "validation", "eval": "validation", "evaluation": "validation", "dev": "validation",
	"test": "test", "testing": "test",
}

// names is what the tools call metrics, and what ml.metric.name does. Case is none.
var names = map[string]string{
	"acc": "accuracy", "categorical_accuracy": "accuracy", "binary_accuracy": "accuracy", "sparse_categorical_accuracy": "accuracy",
	"f1": "f1_score", "f1-score": "f1_score",
	"auc": "roc_auc", "auroc": "roc_auc",
	"logloss": "log_loss", "binary_logloss": "log_loss", "mlogloss": "log_loss", "multi_logloss": "log_loss",
	"error": "error_rate", "merror": "error_rate", "binary_error": "error_rate", "multi_error": "error_rate",
	"mae": "mean_absolute_error", "l1": "mean_absolute_error",
	"mse": "mean_squared_error", "l2": "mean_squared_error",
	"rmse": "root_mean_squared_error",
	"mape": "mean_absolute_percentage_error",
	"r2":   "r2_score",
	"lr":   "learning_rate",
}

// seconds is the metrics that the tools give in seconds: the model has milliseconds, and says so in the name.
var seconds = []string{"runtime", "fit_time", "score_time", "epoch_time", "step_time"}

// measured is a metric as a source names it, in the words of the model.
type measured struct {
	name, split, aggregation string
	factor                   float64 // of its value
	unit                     metrics.Unit
}

// metricNamed reads a source's name of a metric: train/loss, val_accuracy, test_neg_log_loss, eval_runtime.
func metricNamed(name string) measured {
	found := measured{factor: 1}
	if i := strings.IndexAny(name, "/_.- "); i > 0 && i < len(name)-1 {
		if split, known := splits[strings.ToLower(name[:i])]; known {
			found.split, name = split, name[i+1:]
		}
	}
	if rest, negated := strings.CutPrefix(name, "neg_"); negated {
		// scikit-learn's scorers are all such that more is better: a loss has its sign turned.
		found.factor, name = -1, rest
	}
	// ndcg@10: a name that can stand in a query of Kibana's without quotes.
	name = strings.ReplaceAll(name, "@", "_at_")
	if known, ok := names[strings.ToLower(name)]; ok {
		name = known
	}
	for _, timed := range seconds {
		if name == timed || strings.HasSuffix(name, "_"+timed) {
			found.factor, found.unit, name = found.factor*1000, metrics.Milliseconds, name+"_ms"
			break
		}
	}
	found.name = name
	return found
}

// scale is the value in the unit of the model. It keeps what a product in binary would make longer: 0.1 s is 100 ms.
func (m measured) scale(value float64) float64 {
	if m.factor == 1 {
		return value
	}
	scaled := value * m.factor
	if rounded := math.Round(scaled*1e9) / 1e9; math.Abs(rounded-scaled) < 1e-9*math.Abs(scaled) {
		return rounded
	}
	return scaled
}

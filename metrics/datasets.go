package metrics

import "slices"

// Dataset is a kind of document, as event.dataset says it.
type Dataset string

const (
	Training    Dataset = "ml.training"
	Evaluation  Dataset = "ml.evaluation"
	Inference   Dataset = "ml.inference"
	Drift       Dataset = "ml.drift"
	DataQuality Dataset = "ml.data_quality"
)

// DatasetRule is what a document of a dataset must have.
type DatasetRule struct {
	Dataset     Dataset
	Description string
	// All of these, beside @timestamp and event.dataset.
	Required []string
	// All of at least one of these: what the document is about.
	AnyOf [][]string
}

// Datasets returns every dataset with what its documents must have. The slice is the caller's.
func Datasets() []DatasetRule { return slices.Clone(datasets) }

var (
	metric          = []string{"ml.metric.name", "ml.metric.value"}
	evaluationScore = []string{"gen_ai.evaluation.name", "gen_ai.evaluation.score.value"}
	evaluationLabel = []string{"gen_ai.evaluation.name", "gen_ai.evaluation.score.label"}
)

var datasets = []DatasetRule{
	{Training, "One value of one metric while a model is trained.",
		[]string{"ml.run.id"}, [][]string{metric}},
	{Evaluation, "One value of one metric on data whose truth is known, a cell of a confusion matrix, or a bin of a calibration curve.",
		[]string{"ml.run.id"}, [][]string{metric, {"ml.class.actual", "ml.class.predicted", "ml.confusion.count"},
			{"ml.bin.name", "ml.bin.count"}, evaluationScore, evaluationLabel}},
	{Inference, "A window of requests to a model that serves, or one request.",
		[]string{"ml.model.name", "ml.model.version"}, [][]string{{"ml.inference.request_count"}, {"ml.inference.duration_ms"}, metric,
			{"ml.slo.name", "ml.slo.good_count", "ml.slo.total_count"},
			{"ml.resource.gpu_utilization"}, {"ml.resource.gpu_memory_used_bytes"}, {"ml.resource.power_w"},
			evaluationScore, evaluationLabel}},
	{Drift, "The drift of one feature in a window, or the summary of the window.",
		[]string{"ml.model.name", "ml.model.version"}, [][]string{{"ml.drift.score"}, {"ml.drift.p_value"}, {"ml.drift.severity"},
			{"ml.drift.detected"}, {"ml.drift.dataset_drift"}, {"ml.drift.share"}, {"ml.drift.drifted_features"}}},
	{DataQuality, "One check of the data that a model gets.",
		nil, [][]string{{"ml.quality.check", "ml.quality.value"}, {"ml.quality.check", "ml.quality.violated"}, metric}},
}

func datasetNames() []string {
	return []string{string(Training), string(Evaluation), string(Inference), string(Drift), string(DataQuality)}
}

package metrics

import "math"

// sampleModel is one model of the sample data.
type sampleModel struct {
	name, framework, task, team, service string
	// The one that serves most, and its challenger, which comes later.
	versions [2]sampleVersion
	// What is evaluated each day.
	metrics []sampleMetric
	// What drift is measured of, and how.
	features  []sampleFeature
	method    string
	threshold float64
	lowDrifts bool // the method gives p-values
	// How its classes are called; none where it has none.
	classes []string
	// Whether each request is a document, with tokens; else there are windows.
	requests bool
	// Requests a second at the peak, milliseconds of the median request, and how much slower the 95th and the 99th percentile are.
	peak, median, p95, p99 float64
	// What training minimizes, at its beginning and at its end, and what it is validated by.
	lossFrom, lossTo float64
	validated        sampleMetric
}

type sampleVersion struct {
	name, deployment, role string
	share                  float64
	from                   float64 // the part of the story at which it is deployed
	learningRate           string
	depth                  int
	// How much slower it is at the end of the story, as a share.
	slower float64
}

// sampleMetric is a value of each version at the beginning, and what the story takes from it.
type sampleMetric struct {
	name     string
	values   [2]float64
	decay    [2]float64 // added by the end of the story
	spread   float64    // from day to day
	samples  int
	isRatio  bool
	generate bool // gen_ai.evaluation.*, not ml.metric.*
	floor    float64
}

type sampleFeature struct {
	name, kind string
	importance float64
	score      float64 // as long as nothing drifts
	drifts     float64 // the part of the story at which it begins to drift; 0 is never
	worst      float64 // its score at the end
}

// sampleModels is the three models.
var sampleModels = []sampleModel{
	{
		name: "fraud-classifier", framework: "xgboost", task: "classification", team: "risk", service: "payments",
		versions: [2]sampleVersion{
			{name: "3", deployment: "fraud-prod", role: "champion", share: 0.9, learningRate: "0.1", depth: 6},
			{name: "4", deployment: "fraud-next", role: "challenger", share: 0.1, from: 0.4, learningRate: "0.05", depth: 8},
		},
		metrics: []sampleMetric{
			{"accuracy", [2]float64{0.952, 0.961}, [2]float64{-0.028, -0.006}, 0.0015, 4000, true, false, 0},
			{"precision", [2]float64{0.884, 0.907}, [2]float64{-0.051, -0.011}, 0.004, 4000, true, false, 0},
			{"recall", [2]float64{0.861, 0.883}, [2]float64{-0.074, -0.013}, 0.005, 4000, true, false, 0},
			{"f1_score", [2]float64{0.872, 0.895}, [2]float64{-0.063, -0.012}, 0.003, 4000, true, false, 0},
			{"roc_auc", [2]float64{0.967, 0.974}, [2]float64{-0.017, -0.004}, 0.001, 4000, true, false, 0},
			{"log_loss", [2]float64{0.182, 0.161}, [2]float64{0.061, 0.014}, 0.003, 4000, false, false, 0.01},
			{"expected_calibration_error", [2]float64{0.021, 0.014}, [2]float64{0.03, 0.004}, 0.001, 4000, true, false, 0.001},
		},
		features: []sampleFeature{
			{"amount", "numerical", 0.31, 0.04, 0.66, 0.52},
			{"velocity_1h", "numerical", 0.22, 0.05, 0.7, 0.34},
			{"merchant_category", "categorical", 0.14, 0.06, 0, 0},
			{"country", "categorical", 0.11, 0.03, 0, 0},
			{"device_age_days", "numerical", 0.09, 0.07, 0, 0},
			{"hour", "numerical", 0.07, 0.02, 0, 0},
			{"card_present", "categorical", 0.06, 0.03, 0, 0},
		},
		method: "psi", threshold: 0.2, classes: []string{"legitimate", "fraud"},
		peak: 180, median: 24, p95: 2.2, p99: 3.6,
		lossFrom: 0.69, lossTo: 0.16, validated: sampleMetric{name: "roc_auc", values: [2]float64{0.967, 0.974}},
	},
	{
		name: "demand-forecast", framework: "lightgbm", task: "regression", team: "supply", service: "planning",
		versions: [2]sampleVersion{
			{name: "1.8", deployment: "demand-prod", role: "champion", share: 0.8, learningRate: "0.05", depth: 7},
			{name: "1.9", deployment: "demand-next", role: "challenger", share: 0.2, from: 0.3, learningRate: "0.03", depth: 9,
				slower: 2.4},
		},
		metrics: []sampleMetric{
			{"root_mean_squared_error", [2]float64{14.2, 12.9}, [2]float64{1.6, 0.5}, 0.25, 1200, false, false, 1},
			{"mean_absolute_error", [2]float64{9.8, 8.7}, [2]float64{1.1, 0.4}, 0.2, 1200, false, false, 1},
			{"mean_absolute_percentage_error", [2]float64{0.118, 0.104}, [2]float64{0.016, 0.005}, 0.003, 1200, false, false, 0.01},
			{"r2", [2]float64{0.871, 0.893}, [2]float64{-0.024, -0.008}, 0.004, 1200, false, false, 0},
		},
		features: []sampleFeature{
			{"promotion_share", "numerical", 0.27, 0.6, 0.6, 0.000004},
			{"price", "numerical", 0.24, 0.55, 0, 0},
			{"weekday", "categorical", 0.18, 0.7, 0, 0},
			{"temperature", "numerical", 0.16, 0.45, 0, 0},
			{"store_size", "numerical", 0.15, 0.65, 0, 0},
		},
		method: "ks", threshold: 0.05, lowDrifts: true,
		peak: 12, median: 61, p95: 1.9, p99: 2.7,
		lossFrom: 61, lossTo: 12.4, validated: sampleMetric{name: "root_mean_squared_error", values: [2]float64{14.2, 12.9}},
	},
	{
		name: "support-assistant", framework: "transformers", task: "generation", team: "care", service: "help-center",
		versions: [2]sampleVersion{
			{name: "2026-08", deployment: "assistant-prod", role: "champion", share: 0.7, learningRate: "0.00002", depth: 16},
			{name: "2026-10", deployment: "assistant-canary", role: "canary", share: 0.3, from: 0.35, learningRate: "0.00001", depth: 32},
		},
		metrics: []sampleMetric{
			{"faithfulness", [2]float64{0.842, 0.897}, [2]float64{-0.01, 0.004}, 0.006, 300, true, true, 0},
			{"answer_relevance", [2]float64{0.881, 0.902}, [2]float64{0, 0}, 0.006, 300, true, true, 0},
			{"toxicity", [2]float64{0.012, 0.009}, [2]float64{0.002, 0}, 0.001, 300, true, true, 0.001},
			{"hallucination_rate", [2]float64{0.081, 0.052}, [2]float64{0.008, -0.002}, 0.004, 300, true, false, 0.001},
			{"refusal_rate", [2]float64{0.031, 0.038}, [2]float64{0, 0}, 0.002, 300, true, false, 0.001},
		},
		features: []sampleFeature{
			{"prompt_embedding", "embedding", 0.5, 0.06, 0, 0},
			{"prompt_length", "numerical", 0.3, 0.08, 0, 0},
			{"language", "categorical", 0.2, 0.05, 0, 0},
		},
		method: "wasserstein", threshold: 0.2, requests: true, median: 2100,
		lossFrom: 2.31, lossTo: 1.12, validated: sampleMetric{name: "perplexity", values: [2]float64{3.4, 3.06}},
	},
}

// serves reports whether a version is deployed at this part of the story.
func (version *sampleVersion) serves(progress float64) bool { return progress >= version.from }

// at is the metric's value of a version at a part of the story, of which the last third is the bad one.
func (metric *sampleMetric) at(version int, progress float64, chance noise) float64 {
	value := metric.values[version] + metric.decay[version]*after(progress, 0.66) + chance.normal(0, metric.spread)
	value = math.Max(metric.floor, value)
	if metric.isRatio {
		value = math.Min(1, value)
	}
	return value
}

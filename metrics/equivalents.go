package metrics

import "slices"

// Standard is a vocabulary that our names come from, or are compared with, as of one commit.
type Standard struct {
	Name, URL, Commit string
}

var (
	ecs = Standard{"ECS " + ecsVersion, "https://github.com/elastic/ecs", "354fd8d0ca99faa15405d1ea1d3bb396724d3e5a"}
	// The conventions for generative AI, which have left open-telemetry/semantic-conventions, and are in development.
	openTelemetry = Standard{"OpenTelemetry, generative AI", "https://github.com/open-telemetry/semantic-conventions-genai",
		"e8fc5751506258db1459d1bde47994e01dee922e"}
	openInference = Standard{"OpenInference", "https://github.com/Arize-ai/openinference", "1fe497f1d9f45a07eee55d97fe185e020560f9c7"}
	vllm          = Standard{"vLLM", "https://github.com/vllm-project/vllm", ""}
)

// Standards returns every vocabulary that [Equivalents] names. The slice is the caller's.
func Standards() []Standard { return []Standard{ecs, openTelemetry, openInference, vllm} }

// Equivalent is a name that others have for a field of ours. Where it is another name, a row may have it, and it is read as ours.
type Equivalent struct {
	Field    string
	Standard Standard
	Name     string
	// What a value is multiplied by to be ours, as a power of ten: 3 makes milliseconds of seconds.
	Shift int
}

// Equivalents returns what others call our fields, in the order of the table below. The slice is the caller's.
func Equivalents() []Equivalent { return slices.Clone(equivalents) }

// equivalents is the names that fields have in common with a standard, and those that are read as ours.
var equivalents = []Equivalent{
	{"@timestamp", ecs, "@timestamp", 0},
	{"event.dataset", ecs, "event.dataset", 0},
	{"event.kind", ecs, "event.kind", 0},
	{"event.ingested", ecs, "event.ingested", 0},
	{"ecs.version", ecs, "ecs.version", 0},
	{"service.environment", ecs, "service.environment", 0},
	{"service.name", ecs, "service.name", 0},
	{"service.version", ecs, "service.version", 0},
	{"cloud.region", ecs, "cloud.region", 0},
	{"trace.id", ecs, "trace.id", 0},
	{"labels", ecs, "labels", 0},
	{"error.type", ecs, "error.type", 0},
	{"http.response.status_code", ecs, "http.response.status_code", 0},

	{"gen_ai.provider.name", openTelemetry, "gen_ai.provider.name", 0},
	{"gen_ai.provider.name", openTelemetry, "gen_ai.system", 0},
	{"gen_ai.operation.name", openTelemetry, "gen_ai.operation.name", 0},
	{"gen_ai.request.model", openTelemetry, "gen_ai.request.model", 0},
	{"gen_ai.response.model", openTelemetry, "gen_ai.response.model", 0},
	{"gen_ai.usage.input_tokens", openTelemetry, "gen_ai.usage.input_tokens", 0},
	{"gen_ai.usage.input_tokens", openTelemetry, "gen_ai.usage.prompt_tokens", 0},
	{"gen_ai.usage.output_tokens", openTelemetry, "gen_ai.usage.output_tokens", 0},
	{"gen_ai.usage.output_tokens", openTelemetry, "gen_ai.usage.completion_tokens", 0},
	{"gen_ai.usage.cache_read.input_tokens", openTelemetry, "gen_ai.usage.cache_read.input_tokens", 0},
	{"gen_ai.usage.cache_creation.input_tokens", openTelemetry, "gen_ai.usage.cache_creation.input_tokens", 0},
	{"gen_ai.usage.reasoning.output_tokens", openTelemetry, "gen_ai.usage.reasoning.output_tokens", 0},
	{"gen_ai.evaluation.name", openTelemetry, "gen_ai.evaluation.name", 0},
	{"gen_ai.evaluation.score.value", openTelemetry, "gen_ai.evaluation.score.value", 0},
	{"gen_ai.evaluation.score.label", openTelemetry, "gen_ai.evaluation.score.label", 0},
	{"ml.inference.time_to_first_token_ms", openTelemetry, "gen_ai.server.time_to_first_token", 3},
	{"ml.inference.time_to_first_token_ms", openTelemetry, "gen_ai.response.time_to_first_chunk", 3},
	{"ml.inference.time_per_output_token_ms", openTelemetry, "gen_ai.server.time_per_output_token", 3},
	{"ml.inference.duration_ms", openTelemetry, "gen_ai.server.request.duration", 3},

	{"gen_ai.provider.name", openInference, "llm.provider", 0},
	{"gen_ai.request.model", openInference, "llm.request.model_name", 0},
	{"gen_ai.response.model", openInference, "llm.response.model_name", 0},
	{"gen_ai.response.model", openInference, "llm.model_name", 0},
	{"gen_ai.usage.input_tokens", openInference, "llm.token_count.prompt", 0},
	{"gen_ai.usage.output_tokens", openInference, "llm.token_count.completion", 0},
	{"gen_ai.usage.cache_read.input_tokens", openInference, "llm.token_count.prompt_details.cache_read", 0},
	{"gen_ai.usage.cache_creation.input_tokens", openInference, "llm.token_count.prompt_details.cache_write", 0},
	{"gen_ai.usage.reasoning.output_tokens", openInference, "llm.token_count.completion_details.reasoning", 0},
	{"ml.inference.cost_usd", openInference, "llm.cost.total", 0},

	{"ml.inference.time_to_first_token_ms", vllm, "vllm:time_to_first_token_seconds", 3},
	{"ml.inference.time_per_output_token_ms", vllm, "vllm:inter_token_latency_seconds", 3},
	{"ml.inference.time_per_output_token_ms", vllm, "inter_token_latency", 3},
}

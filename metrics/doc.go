// Package metrics is the one source of the document model: what a document of a model's performance may say, how the domain stores
// it, and which document is which. It is plain Go and knows no network.
//
// A document holds one value of one metric, or one window or request of inference, in fields with dotted names such as
// ml.metric.value. Everything about a field stands in one table, and from it come the index template, the index pattern of Kibana, the
// checks, the reference docs/metrics.md and the sample data: they cannot disagree.
//
// What it holds, from the whole to the parts:
//
//	fields.go        the table of fields, and field.go what a row of it says
//	datasets.go      the kinds of documents (event.dataset), and what each must have
//	known.go         well-known metrics: direction, unit, usual range
//	equivalents.go   names that OpenTelemetry, OpenInference and vLLM have for our fields
//
//	settings.go      what one may choose: index prefix, retention, shards, replicas, partition; and the names that follow
//	template.go      the index template, and its _meta
//	lifecycle.go     the policy that deletes old indices, in the variants of the engines
//	indexpattern.go  the fields as Kibana's index pattern lists them
//	reference.go     docs/metrics.md
//
//	encoder.go       rows in, documents out: the way that everything takes into the domain
//	row.go           what a row says, field by field; lookup.go finds the field of a name; rowjson.go writes a row for whoever mends it
//	line.go          a line of JSON as a row; scan.go reads the JSON
//	canonical.go     the one way to write a number or a text; timestamp.go a time
//	check.go         what a row must and may not say
//	problem.go       what is wrong, and what to do
//	identity.go      the id of a document
//	severity.go      how bad a drift is, whatever its method
//
//	sample.go        believable sample data, for demonstrations and tests: a day after the other
//	sample_models.go its three models; sample_training.go, sample_evaluation.go, sample_drift.go and sample_inference.go what they do
//
// # Speed
//
// A line is read in one pass over its bytes, without a map: a value is checked as it comes, written once in its canonical form into a
// buffer that is kept, and found by its field's place, so that the canonical form needs no sorting but that of labels. What was measured
// on the way is in bench_test.go; most of what is left is reading texts and looking up names, then SHA-256, which processors have.
package metrics

// Package kibana is the dashboards, as saved objects of Kibana, made from the model so that they cannot drift from it. It is plain Go and
// knows no network: package domain installs what this makes.
//
// What it holds, from the whole to the parts:
//
//	dashboard.go     Objects: a dashboard, its panels and where they are; links, controls, saved searches
//	overview.go      all models: is it well, and what changed?
//	models.go        quality by model and version: which version is better?
//	training.go      runs: which one is best, and why?
//	inference.go     latency, throughput, errors, queues
//	language.go      language models: tokens, cost, speed, evaluations
//	drift.go         drift and data quality
//
//	search.go        the searches of the charts, as data sets of Vega
//	tile.go, table.go, lines.go, bars.go, points.go, heat.go
//	                 the kinds of charts, and vega.go what they have in common
//
//	indexpattern.go  the index pattern, and merge.go how it goes together with the one that is there
//	object.go        a saved object, its NDJSON, and whether a person edited it
//	address.go       where a browser finds a dashboard
package kibana

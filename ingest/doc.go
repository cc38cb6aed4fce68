// Package ingest puts metrics into a domain and loses none: every document is in the index once, or in the rejected file with its
// reason, and the counts balance, whatever happens on the way.
//
// The document's own id and index, with op_type create, are what makes that so: what was sent twice is there once, and the second answer
// says so. Everything else follows: what has no answer is sent again, and a run that was killed is run again.
//
// What it holds, from the whole to the parts:
//
//	ingest.go    the API: New, Add, Load, Flush, Close; and the counts
//	ready.go     is the template there, and how does it part its indices
//	load.go      a source's blocks, made into documents by workers that are bounded
//	filler.go    documents, collected into requests by index
//	deliver.go   one request, sent until each of its documents has an outcome
//	answer.go    what the domain answered
//	item.go      what became of each document, as the answer has it
//	pace.go      how many requests at once, and how large: what the domain bears
//	health.go    how long the domain has not answered, and how long that is waited for
//	rejected.go  the rejected file
//	delete.go    taking a batch out again
//	source/      what files and servers have, record by record
package ingest

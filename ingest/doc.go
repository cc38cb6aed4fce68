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
//	flight.go    what is read at a time, and its memory
//	filler.go    documents, collected into requests by index
//	deliver.go   one request, sent until each of its documents has an outcome
//	answer.go    what the domain answered
//	item.go      what became of each document, as the answer has it
//	pace.go      how many requests at once, and how large: what the domain bears
//	health.go    how long the domain has not answered, and how long that is waited for
//	rejected.go  the rejected file
//	delete.go    taking a batch out again
//	show.go      the documents of a source, for a dry run
//	tally.go     the counts
//	source/      what files and servers have, record by record
//
// # How it stays bounded, and cannot stop
//
// A source is read into blocks of 256 KiB, 20 MiB at most at once, and documents are made into at most MaxRequests+2 requests of 2 MiB;
// both are made once and used again. A block is free when each of its documents has its outcome, a request when its last has. Whoever waits
// for one has sent all that is open before, so that what it waits for comes back; what is tried again stays in its request, and halves
// of a request that is split share its memory.
//
// # How it is fast, and what was tried
//
// With two cores, making documents (reading JSON, checks, canonical form, SHA-256) is 85 % of the time in front of a server that only
// answers, 4 to 5 µs a document; this package's own part is below 10 %. What made it so, by the profile of BenchmarkLoad:
//
//   - filter_path leaves of an answer the status of each document, a tenth of its bytes, and such an item is compared with the bytes of a
//     success before it is read as JSON;
//   - outcomes are settled for runs of neighbours, not one by one;
//   - requests are 2 MiB and at most four: with 4 MiB and eight, memory was 167 MB in place of 86, and nothing was faster;
//   - a memory limit too near to what is in flight (64 MiB, of 72) made the collector take half of the time: twice the CPU per document;
//   - request bodies are made at their full size: growing them left as much garbage;
//   - gzip at its fastest costs 0.5 µs a document here and as much to unpack: it pays where there is a network, and is left out on
//     loopback (BenchmarkLoadPacked).
package ingest

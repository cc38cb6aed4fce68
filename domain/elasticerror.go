package domain

import "strings"

// ElasticError is an error as Elasticsearch has it.
//
// https://www.elastic.co/guide/en/elasticsearch/reference/7.10/common-options.html
type ElasticError struct {
	Type     string        `json:"type"`
	Reason   string        `json:"reason"`
	Index    string        `json:"index"`
	CausedBy *ElasticError `json:"caused_by"`
}

// mostCauses bounds how deep an error is read.
const mostCauses = 5

// Text is the error's reason and those of its causes, with its index, and without what the server quotes of the request, whose headers
// hold credentials.
func (e *ElasticError) Text() string {
	var text string
	for cause, depth := e, 0; cause != nil && depth < mostCauses; cause, depth = cause.CausedBy, depth+1 {
		reason, _, _ := strings.Cut(cause.Reason, servedRequest)
		switch {
		case text == "":
			text = reason
		case !strings.Contains(text, reason):
			text += ": " + reason
		}
	}
	if e.Index != "" && text != "" && !strings.Contains(text, e.Index) {
		text = "index " + e.Index + ": " + text
	}
	return text
}

// blocks is why Elasticsearch takes no writes, by the type of its error and a part of its reason, and what to do.
//
// https://www.elastic.co/guide/en/elasticsearch/reference/7.10/index-modules-blocks.html
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/handling-errors.html
var blocks = []struct{ kind, reason, remedy string }{
	{"index_closed_exception", "", "open the index (POST /INDEX/_open)"},
	{"cluster_block_exception", "read-only-allow-delete", "the disks are full: make room, such as by deleting old indices or by a larger " +
		"volume, and set index.blocks.read_only_allow_delete to null"},
	{"cluster_block_exception", "index write", "somebody set index.blocks.write on the index: set it to null"},
	{"cluster_block_exception", "index read-only", "somebody set index.blocks.read_only on the index: set it to null"},
	{"cluster_block_exception", "create-index", "AWS lets no index be made while storage or memory is short: make room"},
	{"cluster_block_exception", "", "the disks are full, or writing is blocked: make room, or see index.blocks and cluster.blocks"},
}

// Unblock is what to do about an error of Elasticsearch's of that type and reason that keeps writes out; "" where it is none.
func Unblock(kind, reason string) string {
	for _, block := range blocks {
		if kind == block.kind && strings.Contains(reason, block.reason) {
			return block.remedy
		}
	}
	return ""
}

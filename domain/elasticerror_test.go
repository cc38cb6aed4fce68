package domain

import (
	"slices"
	"strings"
	"testing"
)

// The reasons are Elasticsearch 7.10.2's own words, and AWS's.
func TestUnblock(t *testing.T) {
	var seen []string
	for _, test := range []struct{ kind, reason, want string }{
		{"index_closed_exception", "closed", "open the index"},
		{"cluster_block_exception", "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has " +
			"read-only-allow-delete block];", "index.blocks.read_only_allow_delete to null"},
		{"cluster_block_exception", "index [x] blocked by: [FORBIDDEN/8/index write (api)];", "index.blocks.write on"},
		{"cluster_block_exception", "index [x] blocked by: [FORBIDDEN/5/index read-only (api)];", "index.blocks.read_only on"},
		{"cluster_block_exception", "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];", "AWS lets no index be made"},
		{"cluster_block_exception", "blocked by: [FORBIDDEN/6/cluster read-only (api)];", "see index.blocks and cluster.blocks"},
		{"mapper_parsing_exception", "failed to parse", ""},
	} {
		got := Unblock(test.kind, test.reason)
		if !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s: %s: the remedy is %q, want %q in it", test.kind, test.reason, got, test.want)
		}
		seen = append(seen, got)
	}
	for _, block := range blocks {
		if !slices.Contains(seen, block.remedy) {
			t.Errorf("no error is told %q", block.remedy)
		}
	}
}

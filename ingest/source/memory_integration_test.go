//go:build integration

package source

import "testing"

// What a document leaves behind shows where there are many: 400,000 of a wide table, 12,000 of the others, which takes two seconds.

func TestMemoryOfDocuments(t *testing.T) { holdMemory(t, 12<<20, 1000) }

package spec

import (
	"fmt"
	"testing"
)

func BenchmarkLoad1000(b *testing.B) {
	files := map[string]string{}
	for i := range 1000 {
		files[fmt.Sprintf("prod-%d.yaml", i)] = edit(private, "prod.tfstate", fmt.Sprintf("prod-%d.tfstate", i))
	}
	folder := folderOf(b, files)
	b.ReportAllocs()
	for b.Loop() {
		loaded, err := Load(folder, today)
		if err != nil || len(loaded) != 1000 {
			b.Fatalf("want 1000 environments, got %d: %v", len(loaded), err)
		}
	}
}

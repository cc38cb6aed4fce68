package spec

import (
	"fmt"
	"os"
	"testing"
)

func BenchmarkLoad1000(b *testing.B) {
	prod, err := os.ReadFile("../environments/prod.yaml")
	if err != nil {
		b.Fatal(err)
	}
	files := map[string]string{}
	for i := range 1000 {
		files[fmt.Sprintf("prod-%d.yaml", i)] = edit(string(prod), "prod.tfstate", fmt.Sprintf("prod-%d.tfstate", i))
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

package kibana

import "testing"

func BenchmarkObjects(b *testing.B) {
	for b.Loop() {
		Objects(Options{})
	}
}

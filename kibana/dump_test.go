package kibana

import (
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	f, _ := os.Create("/tmp/kibana-wt/objects.ndjson")
	defer f.Close()
	if err := Encode(f, Objects(Options{})); err != nil {
		t.Fatal(err)
	}
}

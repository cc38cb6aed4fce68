package stacks_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
	"cdktf-aimetrics/slimaws"
)

func TestMain(m *testing.M) {
	end := slimaws.Load(os.Stderr)
	code := 0
	if outdir := os.Getenv(hclProgram); outdir == "" {
		if flag.Parse(); flag.Lookup("test.run").Value.String() == "" {
			go written() // as another process, beside the tests before those that wait for it
		}
		code = m.Run()
	} else if err := synthesizeForHCL(outdir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	end()
	os.Exit(code)
}

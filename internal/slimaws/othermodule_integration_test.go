//go:build integration

package slimaws

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever imports stacks in a module of their own, and does not call Load, has the whole provider.
func TestOtherModule(t *testing.T) {
	command := exec.Command("go", "run", ".")
	command.Dir = filepath.Join("testdata", "othermodule")
	command.Env = append(os.Environ(), "GOWORK=off")
	var errs bytes.Buffer
	command.Stderr = &errs
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	for _, want := range []string{"aws_elasticsearch_domain", "aws_s3_bucket"} {
		if !strings.Contains(string(output), want) {
			t.Errorf("another module's app has no %s:\n%s", want, output)
		}
	}
}

//go:build integration

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cdktf-aimetrics/scaffold"
)

// These need no server, but more than a minute of a processor's time, which is too much for `go test ./...`.

// The whole provider makes the same bytes.
func TestSameBytesWithTheWholeProvider(t *testing.T) {
	temporary := sameBytes(t, "SLIMAWS=off")
	// With slim assemblies, the kernel removes what it has there when it ends, which is after the program.
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
}

func TestManyEnvironmentsInHCL(t *testing.T) {
	oneAndTwo(t, manyEnvironments(t), "SYNTH_HCL_OUTPUT=true")
}

// What `aimetrics init` writes synthesizes, whichever choice is made.
func TestWhatInitWritesSynthesizes(t *testing.T) {
	folder := t.TempDir()
	made := 0
	for _, question := range scaffold.Questions {
		for _, choice := range question.Choices {
			name := fmt.Sprintf("%s-%s", question.Name, choice.Name)
			given := map[string]string{"region": "eu-central-1", "domain-name": fmt.Sprintf("metrics-%d", made), "size": "three-zones",
				"backend": "local", "bucket": "example-terraform-state", "storage-account-name": "states", "container": "states",
				"organization": "example", "workspace": name, "address": "https://state.example.com/" + name, "sign-in": "iam",
				"user-pool-domain": "model-metrics"}
			maps.Copy(given, map[string]string{question.Name: choice.Name})
			path := filepath.Join(folder, "environments", name+".yaml")
			text, _, err := scaffold.Answers{Name: name, Given: given}.Draft().Text(path, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if err := scaffold.Create(path, text); err != nil {
				t.Fatal(err)
			}
			made++
		}
	}
	stdout, stderr, code := program(t, folder, nil)
	stacks, err := filepath.Glob(filepath.Join(folder, "cdktf.out", "stacks", "*", "cdk.tf.json"))
	if code != 0 || err != nil || len(stacks) != made || made < 3+12+4 {
		t.Errorf("exit code %d, %d stacks of %d files\n%s%s", code, len(stacks), made, stdout, stderr)
	}
}

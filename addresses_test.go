package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aimetrics/internal/snapshot"
)

// addresses is where the addresses of each stack's resources and outputs are kept.
const addresses = "testdata/addresses"

// An address that changes makes Terraform destroy what it named, and a name of an output that changes breaks whoever reads it.
// So those that are kept stay, unless the stack has a moved block from the old address, or CHANGELOG.md tells of it in
// backquotes: `aws_elasticsearch_domain.domain`.
func TestAddressesStay(t *testing.T) {
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	eachFile(t, func(t *testing.T, stack stackJSON) {
		name := filepath.Base(t.Name())
		path := filepath.Join(addresses, name+".txt")
		kept, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		before, now := strings.Fields(string(kept)), addressesOf(stack)

		var lost, unexplained []string
		for _, address := range before {
			switch {
			case slices.Contains(now, address):
			case isMoved(stack, address), strings.Contains(string(changelog), "`"+address+"`"):
				lost = append(lost, address)
			default:
				unexplained = append(unexplained, address)
			}
		}
		if unexplained != nil {
			t.Errorf("%s has these, and the stack no longer:\n%s\nAdd a moved block to what took the place of each, or tell of it in CHANGELOG.md, in backquotes.",
				path, strings.Join(unexplained, "\n"))
		}
		want := slices.Sorted(slices.Values(slices.Concat(now, unexplained)))
		if snapshot.Updating() {
			writeFile(t, path, strings.Join(want, "\n")+"\n")
		} else if lost != nil || len(want) != len(before) {
			t.Errorf("%s is not what is synthesized; bring it up to date with `go test . -update`", path)
		}
	})
	snapshot.Owned(t, addresses, filesOfStacks(".txt"))
}

// addressesOf is the addresses of a stack's resources, and its outputs as output.<name>.
func addressesOf(stack stackJSON) []string {
	var all []string
	for kind, resources := range stack.Resource {
		for name := range resources {
			all = append(all, kind+"."+name)
		}
	}
	for name := range maps.Keys(stack.Output) {
		all = append(all, "output."+name)
	}
	slices.Sort(all)
	return all
}

// isMoved tells whether a moved block leads from an address to one that there is.
func isMoved(stack stackJSON, address string) bool {
	return slices.ContainsFunc(stack.Moved, func(move map[string]string) bool {
		return move["from"] == address && slices.Contains(addressesOf(stack), move["to"])
	})
}

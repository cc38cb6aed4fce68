// Command mutation tests the tests of the tables: it takes a row or a field out of each, one at a time, runs the tests of the package, and
// prints what no test missed. The aim is none. It takes minutes:
//
//	go run ./test/mutation                 # all packages that hand over their tables
//	go run ./test/mutation ./review        # one
//	go run ./test/mutation -only 'kinds\[aws_kms_key\]' ./review
//
// A package hands over its tables in its TestMain, see internal/mutation. Its tests run with -short: what is slow has no table to itself.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"cdktf-aimetrics/internal/mutation"
)

// packages are those that hand over their tables.
var packages = []string{"./review", "./review/plan", "./review/policy"}

// longest is how long the tests of a mutant may take: one that does not end is missed by no test, but noticed.
const longest = 2 * time.Minute

func main() {
	only := flag.String("only", "", "a regular `expression` of names: only these")
	flag.Parse()
	expression, err := regexp.Compile(*only)
	if err == nil {
		err = run(expression, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run tests the packages, and returns an error if something survived.
func run(only *regexp.Regexp, of []string) error {
	if len(of) == 0 {
		of = packages
	}
	dir, err := os.MkdirTemp("", "mutation-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	survived := 0
	for _, name := range of {
		count, left, err := test(name, filepath.Join(dir, "tests"), only)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Printf("%s: %d of %d survived\n", name, left, count)
		survived += left
	}
	if survived > 0 {
		return fmt.Errorf("%d survived: no test misses them", survived)
	}
	return nil
}

// test builds the tests of a package once, and runs them for each mutant.
func test(name, binary string, only *regexp.Regexp) (count, survived int, err error) {
	if out, err := exec.Command("go", "test", "-c", "-o", binary, name).CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	if out, err := tests(name, binary, ""); err != nil {
		return 0, 0, fmt.Errorf("the tests fail as they are: %s", out)
	}
	list, err := tests(name, binary, mutation.List)
	if err != nil {
		return 0, 0, fmt.Errorf("hands over no tables in TestMain: %s", list)
	}
	for mutant := range strings.Lines(list) {
		if mutant = strings.TrimSuffix(mutant, "\n"); !only.MatchString(mutant) {
			continue
		}
		count++
		if _, err := tests(name, binary, mutant); err == nil {
			survived++
			fmt.Println("survived:", mutant)
		} else if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
			return 0, 0, err
		}
	}
	return count, survived, nil
}

// tests runs the tests, for a mutant or as they are, and returns what they print.
func tests(name, binary, mutant string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	command := exec.CommandContext(ctx, binary, "-test.short", "-test.failfast")
	command.Dir = filepath.FromSlash(name) // where `go test` runs it
	command.Env = append(os.Environ(), mutation.Variable+"="+mutant)
	out, err := command.CombinedOutput()
	return string(out), err
}

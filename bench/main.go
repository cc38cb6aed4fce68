//go:build unix

// Command bench times the synthesis of environments/dev.yaml by this project beside its twins: this project with the whole
// AWS provider, the same stack in TypeScript, and the AWS CDK; and of 200 stacks like it. All run in turn, on one machine, in one go, so
// that the ratios hold whatever else the machine does. NODE_EXTRA_CA_CERTS, which Node.js 20 parses whenever it starts, is unset for all.
//
// From the project's root, with Go, Node.js and npm: go run ./bench
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// candidate is one way to synthesize the stack.
type candidate struct {
	name      string
	command   []string
	variables []string
	// What must be gone before each run: what the candidate keeps from one run to the next.
	forget []string
	times  []time.Duration
}

func main() {
	rounds := flag.Int("rounds", 9, "how often each is timed; the median counts")
	coldRounds := flag.Int("cold-rounds", 7, "how often each is timed with empty caches")
	flag.Parse()
	if err := bench(*rounds, *coldRounds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func bench(rounds, coldRounds int) error {
	work, err := os.MkdirTemp("", "aimetrics-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	app := filepath.Join(work, "synthesize")
	environments, many := filepath.Join(work, "environments"), filepath.Join(work, "many")
	for _, prepare := range [][]string{
		{"go", "build", "-o", app, "."},
		{"npm", "ci", "--prefix", "bench", "--no-audit", "--no-fund", "--loglevel=error"},
		{"npx", "--prefix", "bench", "tsc", "--project", "bench"},
		{"mkdir", environments, many},
		{"cp", "environments/dev.yaml", environments},
	} {
		if output, err := exec.Command(prepare[0], prepare[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(prepare, " "), err, output)
		}
	}

	dev, err := os.ReadFile("environments/dev.yaml")
	if err != nil {
		return err
	}
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("stack-%d", i))
		if err := os.WriteFile(filepath.Join(many, names[i]+".yaml"), dev, 0o644); err != nil {
			return err
		}
	}

	slim, whole := filepath.Join(work, "slim"), filepath.Join(work, "whole")
	ours := []string{app, "-environments", environments}
	slimOn := []string{"SLIMAWS_CACHE=" + slim}
	slimOff := []string{"SLIMAWS=off", "JSII_RUNTIME_PACKAGE_CACHE_ROOT=" + whole}
	warm := []*candidate{
		{name: "Go, SLIMAWS=off", command: ours, variables: slimOff},
		{name: "Go", command: ours, variables: slimOn},
		{name: "TypeScript, cdktf", command: []string{"node", "bench/out/cdktf.js", "dev"}},
		{name: "TypeScript, AWS CDK", command: []string{"node", "bench/out/awscdk.js"}},
	}
	stacks := []*candidate{
		{name: "TypeScript, cdktf, 200 stacks", command: append([]string{"node", "bench/out/cdktf.js"}, names...)},
		{name: "Go, 200 stacks", command: []string{app, "-environments", many}, variables: slimOn},
	}
	cold := []*candidate{
		{name: "Go, SLIMAWS=off, every cache empty", command: ours, variables: slimOff, forget: []string{whole}},
		{name: "Go, every cache empty", command: ours, variables: slimOn, forget: []string{slim}},
		{name: "Go, slim assemblies kept, the rest empty", command: ours, variables: slimOn,
			forget: []string{filepath.Join(slim, "slimaws-packages"), filepath.Join(slim, "*.code"), filepath.Join(slim, "*.runtime"),
				filepath.Join(slim, "*.snapshot")}},
	}

	fmt.Printf("%s, %d cores, %s, Node.js %s, %s\n\n",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.Version(), nodeVersion(), runtime.GOARCH)
	for _, part := range []struct {
		name       string
		rounds     int
		candidates []*candidate
	}{{"warm", rounds, warm}, {"warm, 200 stacks", rounds, stacks}, {"cold", coldRounds, cold}} {
		// The first round fills the caches, and does not count.
		for round := range part.rounds + 1 {
			for _, candidate := range part.candidates {
				if err := candidate.run(work, round > 0); err != nil {
					return err
				}
				if err := waitForSnapshot(slim); err != nil {
					return err
				}
			}
		}
		print(part.name, part.candidates)
	}
	return same(work)
}

// waitForSnapshot waits until no process that a run left makes a snapshot, which would slow the next run.
func waitForSnapshot(cache string) error {
	for range 600 {
		attempts, err := filepath.Glob(filepath.Join(cache, "*.attempt"))
		if err != nil || len(attempts) == 0 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%s: no snapshot was made in a minute", cache)
}

// run synthesizes the stack once, and notes how long that took.
func (c *candidate) run(work string, counts bool) error {
	for _, pattern := range c.forget {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, path := range paths {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	outdir := c.outdir(work)
	if err := os.RemoveAll(outdir); err != nil {
		return err
	}
	if err := os.Mkdir(outdir, 0o755); err != nil {
		return err
	}
	command := exec.Command(c.command[0], c.command[1:]...)
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "NODE_EXTRA_CA_CERTS=") })
	command.Env = append(command.Env, append(c.variables, "CDKTF_OUTDIR="+outdir)...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	started := time.Now()
	output, err := command.CombinedOutput()
	took := time.Since(started)
	// The kernel ends by itself, after the program: with all resources it takes its time, which is not the next one's.
	for err == nil && syscall.Kill(-command.Process.Pid, 0) == nil {
		time.Sleep(time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", c.name, err, output)
	}
	if counts {
		c.times = append(c.times, took)
	}
	return nil
}

func (c *candidate) outdir(work string) string {
	return filepath.Join(work, strings.ReplaceAll(c.name, " ", "-"))
}

func (c *candidate) median() time.Duration {
	slices.Sort(c.times)
	return c.times[len(c.times)/2]
}

// print prints medians, and their ratios to the first candidate's.
func print(name string, candidates []*candidate) {
	fmt.Printf("| %s, median of %d | ms | of %s |\n| --- | --- | --- |\n", name, len(candidates[0].times), candidates[0].name)
	for _, candidate := range candidates {
		fmt.Printf("| %s | %d | %.3f |\n", candidate.name, candidate.median().Milliseconds(),
			float64(candidate.median())/float64(candidates[0].median()))
	}
	fmt.Println()
}

// same checks that the twins which make Terraform made the same.
func same(work string) error {
	for stack, names := range map[string][]string{
		"dev":       {"Go, SLIMAWS=off", "Go", "TypeScript, cdktf"},
		"stack-199": {"Go, 200 stacks", "TypeScript, cdktf, 200 stacks"},
	} {
		var first []byte
		for _, name := range names {
			made, err := os.ReadFile(filepath.Join((&candidate{name: name}).outdir(work), "stacks", stack, "cdk.tf.json"))
			if err != nil {
				return err
			}
			if first != nil && !bytes.Equal(first, made) {
				return fmt.Errorf("%s made other Terraform than the rest; bring bench/cdktf.ts up to date", name)
			}
			first = made
		}
	}
	fmt.Println("The Terraform of all is the same, byte for byte.")
	return nil
}

func nodeVersion() string {
	output, _ := exec.Command("node", "--version").Output()
	return strings.TrimSpace(string(output))
}

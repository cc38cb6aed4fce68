//go:build unix

// Command ingest measures aimetrics ingest beside its twins: a curl loop over ready-made bulk requests, which is the least that a client
// can do, and the bulk indexer of go-elasticsearch 7.13, the last that takes AWS's build. All run in turn, on one machine, in one go, so
// that the ratios hold whatever else the machine does. Every run is counted in the index, and what a twin lost is told.
//
//	main.go    the measures: real server, null server, a server that is killed, a large input
//	data.go    the documents, and the same ones as bulk requests
//	twins.go   what is compared
//	null.go    a server that only answers
//
// From this folder, with Java 17, Maven and curl:
//
//	go run . real                      # 1,000,000 documents into Elasticsearch 7.10.2, medians of five rounds
//	go run . null                      # into a server that only answers
//	go run . killed                    # the server is killed at a fifth of the way, and back after 20 s
//	go run . large                     # 10 GB, made on the fly, through stdin: peak memory
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/internal/elastictest"
)

var (
	documents = flag.Int("documents", 1_000_000, "how many documents a run loads")
	rounds    = flag.Int("rounds", 5, "how often each is timed; the median counts")
	only      = flag.String("only", "", "the twins to run, such as aimetrics,curl; all by default")
	gigabytes = flag.Float64("gigabytes", 10, "how large the large input is")
	heap      = flag.String("heap", "1g", "Java's heap")
	away      = flag.Duration("away", 20*time.Second, "how long the killed server is away")
)

func main() {
	if len(os.Args) > 1 {
		// What this program runs of itself, as processes whose memory is measured.
		switch os.Args[1] {
		case "as-null-server":
			serveNull()
			return
		case "as-go-elasticsearch":
			check(runGoElasticsearch(os.Args[2], os.Args[3:]))
			return
		}
	}
	if len(os.Args) < 2 {
		flag.Usage()
		os.Exit(1)
	}
	flag.CommandLine.Parse(os.Args[2:])
	work, err := os.MkdirTemp("", "aimetrics-bench-")
	check(err)
	code := 0
	if err := bench(os.Args[1], work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.RemoveAll(work)
	os.Exit(code)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func bench(what, work string) error {
	binary := filepath.Join(work, "aimetrics")
	build := exec.Command("go", "build", "-o", binary, "./cmd/aimetrics")
	build.Dir = "../.." // whose module has what the command needs
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if what == "large" {
		return large(binary, work)
	}
	made, err := makeData(work, *documents)
	if err != nil {
		return err
	}
	made.binary, made.work = binary, work
	fmt.Printf("%d documents, %.0f bytes each; load of the machine %s\n", *documents, float64(made.size)/float64(*documents), loadAverage())
	switch what {
	case "real":
		server, err := startReal()
		if err != nil {
			return err
		}
		defer server.Close()
		return timed(made, server.URL, true)
	case "null":
		server, address, err := startNull()
		if err != nil {
			return err
		}
		defer server.Process.Kill()
		return timed(made, address, false)
	case "killed":
		return killed(made)
	}
	return fmt.Errorf("%q is none of real, null, killed, large", what)
}

func loadAverage() string {
	content, _ := os.ReadFile("/proc/loadavg")
	load, _, _ := strings.Cut(string(content), " ")
	return load
}

func startReal() (*elastictest.Server, error) {
	server, err := elastictest.Start(elastictest.Options{Heap: *heap})
	if err != nil {
		return nil, err
	}
	return server, setUp(server.URL)
}

func setUp(address string) error {
	ctx := context.Background()
	client, err := domain.Connect(ctx, domain.Options{Endpoint: address})
	if err != nil {
		return err
	}
	plan, err := client.Plan(ctx, domain.Wanted{})
	if err != nil {
		return err
	}
	return plan.Apply(ctx, func(domain.Change) {})
}

// run is one run of a twin.
type run struct {
	time   time.Duration
	memory int64 // peak, in bytes
	user   time.Duration
}

// timed runs all twins in turn, and prints the medians.
func timed(made *data, address string, isReal bool) error {
	twins := slices.DeleteFunc(twins(made), func(twin twin) bool { return *only != "" && !slices.Contains(strings.Split(*only, ","), twin.name) })
	runs := map[string][]run{}
	for round := range *rounds + 1 {
		for i := range twins {
			// None always goes first: what a run leaves to the disk is written during the next.
			twin := twins[(i+round)%len(twins)]
			if isReal {
				if err := empty(address); err != nil {
					return err
				}
			}
			one, err := measure(twin.command(address))
			if err != nil {
				return fmt.Errorf("%s: %w", twin.name, err)
			}
			lost := ""
			if isReal {
				there, err := count(address)
				if err != nil {
					return err
				}
				if there != *documents && twin.name == "aimetrics" {
					return fmt.Errorf("aimetrics: %d documents are in the index, want %d", there, *documents)
				}
				if there != *documents {
					lost = fmt.Sprintf("  LOST %d", *documents-there)
				}
			}
			if round > 0 { // in the first one the server is cold
				runs[twin.name] = append(runs[twin.name], one)
			}
			fmt.Printf("  round %d %-18s %8.0f docs/s  %5.1f s  %5.1f s of CPU  %4d MB  load %s%s\n", round, twin.name, float64(*documents)/one.time.Seconds(),
				one.time.Seconds(), one.user.Seconds(), one.memory>>20, loadAverage(), lost)
		}
	}
	base := 0.0
	for _, twin := range twins {
		median := medianOf(runs[twin.name])
		rate := float64(*documents) / median.time.Seconds()
		if twin.name == "curl" {
			base = rate
		}
		fmt.Printf("%-18s %8.0f docs/s  %4d MB", twin.name, rate, median.memory>>20)
		if base > 0 {
			fmt.Printf("  %.2f of curl", rate/base)
		}
		fmt.Println()
	}
	return nil
}

func medianOf(runs []run) run {
	slices.SortFunc(runs, func(a, b run) int { return int(a.time - b.time) })
	return runs[len(runs)/2]
}

func measure(command *exec.Cmd) (run, error) {
	command.Stderr = os.Stderr
	began := time.Now()
	if err := command.Run(); err != nil {
		return run{}, err
	}
	return usage(command, began), nil
}

func usage(command *exec.Cmd, began time.Time) run {
	used := command.ProcessState.SysUsage().(*syscall.Rusage)
	return run{time.Since(began), used.Maxrss << 10, command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
}

// killed kills the server at a fifth of the way.
func killed(made *data) error {
	for _, twin := range twins(made) {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), twin.name) {
			continue
		}
		server, err := startReal()
		if err != nil {
			return err
		}
		if err := killedOne(made, server, twin); err != nil {
			return err
		}
		server.Close()
	}
	return nil
}

func killedOne(made *data, server *elastictest.Server, twin twin) error {
	command := twin.command(server.URL)
	var said strings.Builder
	command.Stdout, command.Stderr = &said, io.Discard
	if err := command.Start(); err != nil {
		return err
	}
	for {
		if there, err := count(server.URL); err == nil && there >= *documents/5 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	server.Kill()
	time.Sleep(*away)
	if err := server.Restart(); err != nil {
		return err
	}
	exit := command.Wait()
	if err := waitGreen(server.URL); err != nil {
		return err
	}
	there, err := count(server.URL)
	fmt.Printf("%-18s %d in the index, %d lost; it says %q, %v\n", twin.name, there, *documents-there, strings.TrimSpace(said.String()), exit)
	return err
}

// large pipes an input that is made on the fly through stdin into a server that only answers.
func large(binary, work string) error {
	server, address, err := startNull()
	if err != nil {
		return err
	}
	defer server.Process.Kill()
	command := exec.Command(binary, "ingest", "--endpoint", address, "--rejected", filepath.Join(work, "rejected.ndjson"), "--format", "ndjson", "-")
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	began, want, written := time.Now(), int64(*gigabytes*1e9), int64(0)
	for number := 0; written < want; {
		text := lines(number, 10_000)
		number += 10_000
		n, err := in.Write(text)
		if err != nil {
			return err
		}
		written += int64(n)
	}
	in.Close()
	if err := command.Wait(); err != nil {
		return err
	}
	one := usage(command, began)
	fmt.Printf("%.1f GB in %.0f s; peak memory %d MB\n", float64(written)/1e9, one.time.Seconds(), one.memory>>20)
	return nil
}

func empty(address string) error {
	_, err := ask(http.MethodDelete, address+"/ml-metrics-20*", "")
	return err
}

func count(address string) (int, error) {
	if _, err := ask(http.MethodPost, address+"/ml-metrics-20*/_refresh", ""); err != nil {
		return 0, err
	}
	return askCount(address + "/ml-metrics-20*/_count")
}

func waitGreen(address string) error {
	_, err := ask(http.MethodGet, address+"/_cluster/health?wait_for_status=yellow&timeout=60s", "")
	return err
}

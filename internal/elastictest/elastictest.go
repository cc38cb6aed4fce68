//go:build unix

// Package elastictest starts the real Elasticsearch and OpenSearch on loopback, for tests with the build tag integration.
//
// It needs Java 17 and Maven: the registry of Maven has the official builds for integration tests, and that alone is asked. What
// was fetched is kept in the user's cache folder; data, logs and the unpacked server are in a temporary folder that Close removes.
//
//	elastictest.go  Start, and the life of a server: Kill, Restart, Close
//	engine.go       the engines, and how each is put together from what the registry has
//	maven.go        fetching, once per machine
//	java.go         the command line
//	port.go         where it listens
//
// A package starts one server in its TestMain, and its tests use indices of their own:
//
//	var server *elastictest.Server
//
//	func TestMain(m *testing.M) {
//		os.Exit(elastictest.Run(m, elastictest.Options{}, func(started *elastictest.Server) { server = started }))
//	}
package elastictest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Options is how a server differs from the usual one.
type Options struct {
	// Default: Elasticsearch, the OSS build 7.10.2.
	Engine Engine

	// The size of Java's heap, such as "1g". Default: the variable ELASTICTEST_HEAP, else "512m".
	Heap string

	// Settings beside ours, such as {"cluster.max_shards_per_node": "10"}; a value of ours can be replaced.
	Settings map[string]string

	// Files of the configuration folder by their names: certificates, a plugin's configuration.
	Files map[string]string

	// Plugins by their Maven coordinates, such as "org.opensearch.plugin:opensearch-security:2.19.1.0:zip".
	Plugins []string

	// How Ready asks: the path, and a header for the sign-in where there is one. Default: GET /, without.
	ReadyPath string
	Header    http.Header
}

// Server is one node, which answers at URL until Close, and again there after Kill and Restart.
type Server struct {
	// Such as "http://127.0.0.1:41235", with no slash at its end.
	URL string

	options Options
	folder  string // data, logs, config and the unpacked server
	home    string
	port    int // of HTTP
	node    int // port between nodes

	process *exec.Cmd
	alive   io.Closer     // the server ends when this is closed, by us or by our death
	ended   chan struct{} // closed once the process is gone
}

// Run starts a server, gives it to ready, runs the tests and closes the server: what a TestMain does. It returns the exit code; a
// server that does not start is 1, and its reason is on stderr.
func Run(m *testing.M, options Options, ready func(*Server)) int {
	server, err := Start(options)
	if err != nil {
		fmt.Fprintln(os.Stderr, "elastictest:", err)
		return 1
	}
	defer server.Close()
	ready(server)
	return m.Run()
}

// Start fetches the engine where that was never done, starts a server on free ports of loopback, and returns once it answers. An
// error has the end of the server's own log.
func Start(options Options) (*Server, error) {
	options = options.withDefaults()
	artifacts, err := fetch(options.Engine.artifacts(options.Plugins))
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "elastictest-")
	if err != nil {
		return nil, err
	}
	server := &Server{options: options, folder: folder}
	if err := server.prepare(artifacts); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := server.Restart(); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return server, nil
}

func (options Options) withDefaults() Options {
	if options.Engine.Version == "" {
		options.Engine = Elasticsearch
	}
	if options.Heap == "" {
		options.Heap = os.Getenv("ELASTICTEST_HEAP")
	}
	if options.Heap == "" {
		options.Heap = "512m"
	}
	if options.ReadyPath == "" {
		options.ReadyPath = "/"
	}
	return options
}

// prepare unpacks the server and writes its configuration.
func (server *Server) prepare(artifacts string) error {
	var err error
	if server.home, err = server.options.Engine.unpack(artifacts, server.folder, server.options.Plugins); err != nil {
		return err
	}
	for _, name := range []string{"data", "logs", "tmp", "config"} {
		if err := os.MkdirAll(filepath.Join(server.folder, name), 0o755); err != nil {
			return err
		}
	}
	files := map[string]string{server.options.Engine.settingsFile(): "", "jvm.options": ""}
	for name, content := range server.options.Files {
		files[name] = content
	}
	for name, content := range files {
		path := filepath.Join(server.folder, "config", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return err
		}
	}
	log := filepath.Join(server.home, "config", "log4j2.properties")
	if err := os.Rename(log, filepath.Join(server.folder, "config", "log4j2.properties")); err != nil {
		return err
	}
	if server.port, err = FreePort(); err != nil {
		return err
	}
	if server.node, err = FreePort(); err != nil {
		return err
	}
	server.URL = "http://127.0.0.1:" + strconv.Itoa(server.port)
	return server.giveAway()
}

// nobody is the user that the server runs as where we are root, whom it refuses.
const nobody = 65534

func (server *Server) giveAway() error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(server.folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, nobody, nobody)
	})
}

// watchdog runs a command, and ends it when standard input is closed: a test that is killed leaves no server behind.
const watchdog = `exec 3<&0; "$@" </dev/null 3<&- & server=$!
{ cat <&3 >/dev/null; kill -9 $server; } 2>/dev/null &
exec 3<&-; wait $server`

// Restart starts the server again after Kill, on the same ports and data, and returns once it answers.
func (server *Server) Restart() error {
	out, err := os.OpenFile(server.log(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	arguments := append([]string{"-c", watchdog, "sh"}, server.command()...)
	process := exec.Command("sh", arguments...)
	process.Dir = server.folder
	process.Stdout, process.Stderr = out, out
	process.Env = append(os.Environ(), "ES_TMPDIR="+filepath.Join(server.folder, "tmp"))
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		process.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	alive, err := process.StdinPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return err
	}
	server.process, server.alive, server.ended = process, alive, make(chan struct{})
	go func(ended chan struct{}) { process.Wait(); close(ended) }(server.ended)
	return server.Ready()
}

// Ready waits until the server answers, three minutes at most.
func (server *Server) Ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if server.answers(ctx) {
			return nil
		}
		select {
		case <-server.ended:
			return fmt.Errorf("%s ended at its start:\n%s", server.options.Engine, server.logEnd())
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer in three minutes:\n%s", server.options.Engine, server.logEnd())
		case <-again.C:
		}
	}
}

func (server *Server) answers(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+server.options.ReadyPath, nil)
	if err != nil {
		return false
	}
	if server.options.Header != nil {
		request.Header = server.options.Header
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// Kill ends the server at once, as kill -9 does, and returns when it is gone. What it had acknowledged is in its data.
func (server *Server) Kill() {
	if server.process == nil {
		return
	}
	syscall.Kill(-server.process.Process.Pid, syscall.SIGKILL)
	<-server.ended
	server.alive.Close()
	server.process = nil
}

// Close ends the server and removes all that it wrote.
func (server *Server) Close() error {
	server.Kill()
	return os.RemoveAll(server.folder)
}

func (server *Server) log() string { return filepath.Join(server.folder, "logs", "out.log") }

// logEnd is the last of what the server said, without the stacks of its exceptions.
func (server *Server) logEnd() string {
	content, err := os.ReadFile(server.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "\tat ") })
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}

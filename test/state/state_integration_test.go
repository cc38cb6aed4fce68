//go:build integration

package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test -tags integration ./... -update` fails here
	"cdktf-aimetrics/test/tools"
)

// The state, on real backends with the real Terraform. What runs is the synthesizer itself: each stack keeps the backend that was
// synthesized from its file, and has two resources that need no provider from a registry in the place of AWS's.

// withoutAWS names the synthesizer, and makes the test binary a program that runs it and replaces what it synthesized from AWS.
const withoutAWS = "STATE_TEST_SYNTHESIZER"

func TestMain(m *testing.M) {
	synthesizer := os.Getenv(withoutAWS)
	if synthesizer == "" {
		os.Exit(tools.Main(m))
	}
	if err := synthesizeWithoutAWS(synthesizer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func synthesizeWithoutAWS(synthesizer string) error {
	command := exec.Command(synthesizer)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return err
	}
	written, err := filepath.Glob(filepath.Join(os.Getenv("CDKTF_OUTDIR"), "stacks", "*", "cdk.tf.json"))
	if err != nil {
		return err
	}
	for _, path := range written {
		if err := replaceResources(path); err != nil {
			return err
		}
	}
	return nil
}

// twoResources are made one after the other. The second waits, where GATE names a folder of pipes, until it is let through.
const twoResources = `{
  "first": {"input": "a"},
  "second": {
    "depends_on": ["terraform_data.first"],
    "provisioner": [{"local-exec": {"command": "[ -z \"$GATE\" ] || { echo > \"$GATE/reached\"; read line < \"$GATE/open\"; }"}}]
  }
}`

func replaceResources(path string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var stack map[string]any
	if err := json.Unmarshal(file, &stack); err != nil {
		return err
	}
	backend := stack["terraform"].(map[string]any)["backend"]
	file, err = json.Marshal(map[string]any{
		"//":        stack["//"], // cdktf reads the stack's name there
		"terraform": map[string]any{"backend": backend},
		"resource":  map[string]any{"terraform_data": json.RawMessage(twoResources)},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(path, file, 0o644)
}

// backend is a place for states.
type backend struct {
	name      string
	section   string   // `backend:` of the environment's file
	variables []string // for Terraform
	// Whether the lock outlives a process that was killed, so that somebody must release it.
	lockStays bool
	// Whether each resource is in the state as soon as it is made. Elsewhere Terraform writes every 20 seconds, and at the end.
	writesAtOnce bool
}

func startBackends(t *testing.T) []backend {
	t.Helper()
	tools.OnPath(t, "terraform")
	moto := startMoto(t)
	send(t, "PUT", moto+"/states", "", nil)
	send(t, "POST", moto, `{"TableName": "locks", "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
		"KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}]}`, map[string]string{
		"X-Amz-Target": "DynamoDB_20120810.CreateTable",
		// moto only looks for the service in here
		"Authorization": "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=any",
	})
	anyCredentials := []string{"AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any"}
	s3 := func(key, lock string) string {
		return fmt.Sprintf(`
  s3:
    bucket: states
    key: %[1]s/metrics.tfstate
    region: us-east-1
    %[2]s
    endpoints: {s3: %[3]q, dynamodb: %[3]q}
    use_path_style: true
    skip_credentials_validation: true
    skip_requesting_account_id: true`, key, lock, moto)
	}
	return []backend{
		{name: "local", section: " {local: {}}", writesAtOnce: true},
		{name: "s3-lockfile", section: s3("a", "use_lockfile: true"), variables: anyCredentials, lockStays: true},
		{name: "s3-dynamodb", section: s3("b", "dynamodb_table: locks"), variables: anyCredentials, lockStays: true},
		{name: "pg", section: " {pg: {}}", variables: []string{"PG_CONN_STR=" + tools.Postgres(t)}},
		newHTTPBackend(t),
	}
}

func newHTTPBackend(t *testing.T) backend {
	t.Helper()
	section := fmt.Sprintf(" {http: {address: %q, lock_address: %[1]q, unlock_address: %[1]q}}", startStateServer(t)+"/metrics")
	return backend{name: "http", section: section, lockStays: true}
}

// environment is a file without its backend.
const environment = `region: eu-central-1
domain:
  domain_name: metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: t3.small.elasticsearch
`

// app is the test binary, which is the app of a project if withoutAWS is set.
func app(t *testing.T) string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// project is a folder with one environment, metrics, without AWS.
type project struct{ folder, stack string }

func newProject(t *testing.T, backend backend) project {
	t.Helper()
	folder := t.TempDir()
	project := project{folder: folder, stack: filepath.Join(folder, "cdktf.out", "stacks", "metrics")}
	project.keepStateIn(t, backend)
	return project
}

// keepStateIn writes a backend to the environment's file, and synthesizes.
func (project project) keepStateIn(t *testing.T, backend backend) {
	t.Helper()
	tools.WriteFile(t, filepath.Join(project.folder, "environments", "metrics.yaml"), environment+"backend:"+backend.section+"\n")
	command := exec.Command(app(t))
	command.Dir = project.folder
	command.Env = append(os.Environ(), withoutAWS+"="+tools.Synthesizer(t), "CDKTF_OUTDIR=cdktf.out")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}

// command is a command of Terraform's in the stack's folder.
func (project project) command(backend backend, arguments ...string) *exec.Cmd {
	command := exec.Command("terraform", arguments...)
	command.Dir = project.stack
	command.Env = slices.Concat(os.Environ(), backend.variables,
		[]string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color"})
	return command
}

// terraform runs a command that must succeed and returns its stdout.
func (project project) terraform(t *testing.T, backend backend, arguments ...string) string {
	t.Helper()
	command, errs := project.command(backend, arguments...), new(bytes.Buffer)
	command.Stderr = errs
	output, err := command.Output()
	if err != nil {
		t.Fatalf("terraform %s on %s: %v\n%s%s", strings.Join(arguments, " "), backend.name, err, output, errs)
	}
	return string(output)
}

// ids are the resources in the state: their ids by their addresses.
func (project project) ids(t *testing.T, backend backend) map[string]string {
	t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Attributes struct{ ID string } }
		}
	}
	if pulled := project.terraform(t, backend, "state", "pull"); pulled != "" {
		if err := json.Unmarshal([]byte(pulled), &state); err != nil {
			t.Fatal(err)
		}
	}
	ids := map[string]string{}
	for _, resource := range state.Resources {
		ids[resource.Type+"."+resource.Name] = resource.Instances[0].Attributes.ID
	}
	return ids
}

// isWhole fails the test unless the state has the resources that want names, with their ids, and Terraform would change nothing.
func (project project) isWhole(t *testing.T, backend backend, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, project.ids(t, backend)); diff != "" {
		t.Fatalf("state on %s (-want +got):\n%s", backend.name, diff)
	}
	project.terraform(t, backend, "plan", "-detailed-exitcode") // which fails on any change
}

// heldApply is an apply that has made the first resource, makes the second, and holds the lock.
type heldApply struct {
	process *exec.Cmd
	output  *bytes.Buffer
	open    *os.File
}

func (project project) holdApply(t *testing.T, backend backend) heldApply {
	t.Helper()
	gate := t.TempDir()
	pipe := func(name string) *os.File {
		path := filepath.Join(gate, name)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0) // which, other than one way alone, does not wait for the other end
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { file.Close() })
		return file
	}
	reached, open := pipe("reached"), pipe("open")
	held := heldApply{process: project.command(backend, "apply", "-auto-approve"), output: new(bytes.Buffer), open: open}
	held.process.Env = append(held.process.Env, "GATE="+gate)
	held.process.Stdout, held.process.Stderr = held.output, held.output
	held.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the provisioner's shell can be killed with it
	if err := held.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.kill() })
	reached.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := reached.Read(make([]byte, 1)); err != nil {
		held.kill()
		t.Fatalf("the apply on %s does not come to the second resource: %v\n%s", backend.name, err, held.output)
	}
	return held
}

// kill is kill -9 of Terraform and all that it started.
func (held heldApply) kill() {
	if held.process.ProcessState == nil {
		syscall.Kill(-held.process.Process.Pid, syscall.SIGKILL)
		held.process.Wait()
	}
}

var (
	lockID    = regexp.MustCompile(`ID:? *=? *([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`)
	createdID = regexp.MustCompile(`terraform_data\.first: Creation complete after \S+ \[id=(\S+)\]`)
)

// While one process applies, no other comes near the state; and when it is killed, nothing that it made is lost for good.
func TestLockAndKill(t *testing.T) {
	for _, backend := range startBackends(t) {
		t.Run(backend.name, func(t *testing.T) {
			t.Parallel()
			project := newProject(t, backend)
			project.terraform(t, backend, "init")
			held := project.holdApply(t, backend)

			const locked = "Error acquiring the state lock"
			other, err := project.command(backend, "apply", "-auto-approve").CombinedOutput()
			if err == nil || !strings.Contains(string(other), locked) {
				t.Fatalf("a second apply ends with %v and does not say %q:\n%s", err, locked, other)
			}
			held.kill()

			next, err := project.command(backend, "plan").CombinedOutput()
			if stays := strings.Contains(string(next), locked); stays != backend.lockStays || err != nil != stays {
				t.Fatalf("after the kill the lock stays: %v, want %v; plan ends with %v:\n%s", stays, backend.lockStays, err, next)
			}
			if backend.lockStays {
				match := lockID.FindSubmatch(next)
				if match == nil {
					t.Fatalf("no lock ID in\n%s", next)
				}
				project.terraform(t, backend, "force-unlock", "-force", string(match[1]))
			}

			// What was made since Terraform last wrote the state is not in it: it is told by the log of the killed apply.
			match := createdID.FindSubmatch(held.output.Bytes())
			if match == nil {
				t.Fatalf("the log does not say what was made:\n%s", held.output)
			}
			first := string(match[1])
			if got := project.ids(t, backend)["terraform_data.first"]; (got == first) != backend.writesAtOnce || got != "" && got != first {
				t.Errorf("id of the first resource in the state = %q; made was %q, writes at once: %v", got, first, backend.writesAtOnce)
			}
			if !backend.writesAtOnce {
				project.terraform(t, backend, "import", "terraform_data.first", first)
			}
			project.terraform(t, backend, "apply", "-auto-approve")
			second := project.ids(t, backend)["terraform_data.second"]
			project.isWhole(t, backend, map[string]string{"terraform_data.first": first, "terraform_data.second": second})
		})
	}
}

// A process that is interrupted, and left the time to end, leaves no lock behind and forgets nothing.
func TestInterrupt(t *testing.T) {
	tools.OnPath(t, "terraform")
	backend := newHTTPBackend(t)
	project := newProject(t, backend)
	project.terraform(t, backend, "init")
	held := project.holdApply(t, backend)
	held.process.Process.Signal(os.Interrupt)
	held.process.Wait()
	want := createdID.FindStringSubmatch(held.output.String())
	if got := project.ids(t, backend)["terraform_data.first"]; want == nil || got != want[1] {
		t.Errorf("id of the first resource in the state = %q after\n%s", got, held.output)
	}
	project.terraform(t, backend, "apply", "-auto-approve")
}

// The state goes from each backend to the next, and from the last back to a local file, and no resource is made anew.
func TestMovingTheState(t *testing.T) {
	backends := startBackends(t)
	project := newProject(t, backends[0])
	project.terraform(t, backends[0], "init")
	project.terraform(t, backends[0], "apply", "-auto-approve")
	want := project.ids(t, backends[0])
	if names := slices.Sorted(maps.Keys(want)); !slices.Equal(names, []string{"terraform_data.first", "terraform_data.second"}) {
		t.Fatalf("made were %v", names)
	}
	for i, from := range backends {
		to := backends[(i+1)%len(backends)]
		project.keepStateIn(t, to)
		to.variables = append(to.variables, from.variables...)
		if output, err := project.command(to, "plan").CombinedOutput(); err == nil {
			t.Errorf("from %s to %s: Terraform plans before it has moved the state:\n%s", from.name, to.name, output)
		}
		project.terraform(t, to, "init", "-migrate-state", "-force-copy")
		project.isWhole(t, to, want)
	}

	t.Run("another working copy follows", func(t *testing.T) {
		from, to := backends[0], backends[3]
		other := newProject(t, backends[1])
		other.terraform(t, backends[1], "init") // where the state once was
		project.keepStateIn(t, to)
		to.variables = append(to.variables, from.variables...)
		project.terraform(t, to, "init", "-migrate-state", "-force-copy")
		other.keepStateIn(t, to)
		other.terraform(t, to, "init", "-reconfigure")
		other.isWhole(t, to, want)
	})

	t.Run("by a file", func(t *testing.T) {
		from, to := backends[3], newHTTPBackend(t)
		state := project.terraform(t, from, "state", "pull")
		other := newProject(t, to)
		tools.WriteFile(t, filepath.Join(other.stack, "moved.tfstate"), state)
		other.terraform(t, to, "init")
		other.terraform(t, to, "state", "push", "moved.tfstate")
		other.isWhole(t, to, want)
	})
}

// cdktf moves the state only when it is told to, and what it then plans shows that nothing was lost.
func TestCDKTFMovesTheState(t *testing.T) {
	t.Setenv(withoutAWS, tools.Synthesizer(t)) // for the app, which cdktf starts
	from, to := backend{name: "local", section: " {local: {}}"}, newHTTPBackend(t)
	project := newProject(t, from)
	tools.WriteFile(t, filepath.Join(project.folder, "cdktf.json"), `{"language": "go", "app": "go run ."}`)
	metrics := func(command string, arguments ...string) *exec.Cmd {
		always := []string{command, "metrics", "--app", app(t), "--output", "cdktf.out", "--skip-provider-lock"}
		cli := tools.CDKTF(t, slices.Concat(always, arguments)...)
		cli.Dir = project.folder
		return cli
	}
	project.terraform(t, from, "init")
	project.terraform(t, from, "apply", "-auto-approve")
	want := project.ids(t, from)
	project.keepStateIn(t, to)
	if output, err := metrics("diff").CombinedOutput(); err == nil || !strings.Contains(string(output), "Backend configuration changed") {
		t.Errorf("cdktf diff takes the new backend without --migrate-state (%v):\n%s", err, output)
	}
	output, err := metrics("diff", "--migrate-state").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "No changes.") {
		t.Errorf("cdktf diff --migrate-state (%v):\n%s", err, output)
	}
	project.isWhole(t, to, want)
}

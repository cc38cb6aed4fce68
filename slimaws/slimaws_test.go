package slimaws

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/elasticsearchdomain"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/provider"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/s3bucket"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	testsnapshot "cdktf-aimetrics/internal/snapshot"
	"cdktf-aimetrics/slimaws/early"
)

// asProgram makes the test binary a program that synthesizes a stack: what Load does, it does once for each process.
const asProgram = "SLIMAWS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if resource, ok := os.LookupEnv(asProgram); ok {
		program(resource)
	}
	early.Undo() // the programs that the tests start must find the environment as it was
	code := m.Run()
	os.RemoveAll(filled)
	os.Exit(code)
}

func program(resource string) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintln(os.Stderr, Explain(fmt.Sprint(fault)))
			fmt.Printf("\n\n%s", runsIn)
			os.Exit(1)
		}
	}()
	end := Load(os.Stderr)
	stack := cdktf.NewTerraformStack(cdktf.Testing_App(nil), jsii.String("test"))
	provider.NewAwsProvider(stack, jsii.String("aws"), &provider.AwsProviderConfig{Region: jsii.String("us-east-1")})
	resources[resource](stack)
	fmt.Printf("%s\n\n%s", *cdktf.Testing_Synth(stack, nil), runsIn)
	if runsIn == inJSII || os.Getenv(makesSnapshot) != "" {
		end()
	}
	os.Exit(0)
}

// makesSnapshot has the program make a snapshot at its end, as main does. Else it is made where a test makes it.
const makesSnapshot = "SLIMAWS_TEST_MAKES_SNAPSHOT"

// resources is what the program can make.
var resources = map[string]func(constructs.Construct){
	"domain": func(scope constructs.Construct) {
		config := elasticsearchdomain.ElasticsearchDomainConfig{DomainName: jsii.String("metrics")}
		elasticsearchdomain.NewElasticsearchDomain(scope, jsii.String("domain"), &config)
	},
	// The warning comes when it is synthesized.
	"a warning and a fault": func(scope constructs.Construct) {
		escaped := "${x}" + *cdktf.Fn_Lower(jsii.String("Y"))
		cdktf.NewTerraformOutput(scope, jsii.String("escaped"), &cdktf.TerraformOutputConfig{Value: cdktf.Fn_Upper(&escaped)})
		cdktf.Testing_Synth(cdktf.TerraformStack_Of(scope), nil)
		s3bucket.NewS3Bucket(scope, jsii.String("bucket"), &s3bucket.S3BucketConfig{})
	},
}

// run is what the program made, printed on stderr, and how its kernel ran.
type run struct {
	synthesized, stderr string
	runsIn              way
	err                 error
}

func synth(resource string, variables ...string) run {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), append(variables, asProgram+"="+resource)...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	synthesized, runsIn, _ := strings.Cut(out.String(), "\n\n")
	return run{synthesized, errs.String(), way(runsIn), err}
}

// tempDir is t.TempDir for a cache, into which Node may still write when the program has ended.
func tempDir(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "slimaws-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if os.RemoveAll(folder) == nil {
				return
			}
		}
	})
	return folder
}

// wholePath is what the program synthesizes with the whole provider, which takes seconds to load: TestWholeProvider compares and writes it.
const wholePath = "testdata/whole.json"

func wholeProvider() (string, error) {
	content, err := os.ReadFile(wholePath)
	return string(content), err
}

var (
	filled   string // the folder of the cache that warm filled
	firstRun run    // of warm, with an empty cache
)

// warm is a cache that first runs filled: code of V8 and snapshot included.
var warm = sync.OnceValues(func() (folder string, err error) {
	if filled, err = os.MkdirTemp("", "slimaws-"); err != nil {
		return "", err
	}
	// Node writes its code when it ends, which may be after the program.
	for i := range 20 {
		made := synth("domain", "SLIMAWS_CACHE="+filled)
		if made.err != nil {
			return filled, fmt.Errorf("%w\n%s", made.err, made.stderr)
		}
		if i == 0 {
			firstRun = made
		}
		if found, err := filepath.Glob(filepath.Join(filled, "*.code")); err != nil {
			return filled, err
		} else if found != nil {
			return filled, makeSnapshot(filled)
		}
	}
	return filled, errors.New("Node keeps no code")
})

// makeSnapshot makes the snapshot of a cache, and waits for it.
func makeSnapshot(folder string) error {
	command, _, err := snapshotMaker(folder)
	if err != nil {
		return err
	}
	output, err := command.CombinedOutput()
	if err == nil && bytes.Contains(output, []byte("the recorded synthesis: ")) {
		err = errors.New("recorded.ndjson is of older packages; record it anew by `go test ./slimaws -run Recorded -update`")
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	return nil
}

// snapshotMaker is the command that makes the snapshot of a cache, and where that will lie.
func snapshotMaker(folder string) (*exec.Cmd, snapshot, error) {
	kept := cache{folder: folder, key: key()}
	snapshot, err := kept.snapshot()
	if err != nil {
		return nil, snapshot, err
	}
	assemblies, err := kept.assemblies(io.Discard)
	if err != nil {
		return nil, snapshot, err
	}
	made, err := os.MkdirTemp(folder, aside)
	if err != nil {
		return nil, snapshot, err
	}
	command, err := snapshot.maker(made, snapshot.path+".attempt", assemblies)
	return command, snapshot, err
}

const withoutSnapshot = "SLIMAWS_SNAPSHOT=off"

// TestCache runs the program in a row of each kind; TestWholeCache, with the tag integration, in all of them, and once more where
// something was mended.
func TestCache(t *testing.T) { holdCache(t, false) }

// cached is what becomes of a cache, or stands in the environment, and what a run makes of that.
type cached struct {
	name     string
	folder   string                            // a new one if ""
	after    func(t *testing.T, folder string) // what becomes of a filled one; a new one is empty if nil
	variable string
	want     string // on stderr, in the run after that
	runsIn   way
	quick    bool // a row that `go test` runs without the tag, too
}

func caches(t *testing.T) []cached {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	readOnly := t.TempDir()
	if err := os.Chmod(readOnly, 0o555); err != nil {
		t.Fatal(err)
	}
	return []cached{
		{name: "warm", after: nothing, runsIn: inSnapshot, quick: true},
		{name: "warm, without a snapshot", after: remove("*.snapshot"), runsIn: inRuntimeJS},
		{name: "a file", folder: file, want: "nothing can be kept", runsIn: inJSII},
		{name: "read-only", folder: readOnly, want: "nothing can be kept", runsIn: inJSII},
		{name: "damaged assemblies", after: all(remove("*.snapshot"), damage("*.assemblies")), runsIn: inRuntimeJS},
		{name: "damaged assemblies beside a snapshot", after: damage("*.assemblies"), runsIn: inSnapshot},
		{name: "damaged code", after: all(remove("*.snapshot"), damage("*.code")), runsIn: inRuntimeJS},
		{name: "damaged kernel", after: all(remove("*.snapshot"), damage("*.runtime/program.js")), runsIn: inRuntimeJS},
		{name: "damaged host", after: all(remove("*.snapshot"), damage("*.runtime/host.js")), runsIn: inRuntimeJS},
		{name: "an empty file of assemblies", after: all(remove("*.snapshot"), cut("*.assemblies", 0)), runsIn: inRuntimeJS},
		{name: "a package that was half unpacked", after: all(remove("*.snapshot"), remove("slimaws-packages/@cdktf/*/*/*/lib/index.js")),
			want: "could not be used", runsIn: inJSII},
		{name: "a damaged snapshot", after: damage("*.snapshot"), runsIn: inRuntimeJS},
		{name: "a snapshot that is cut in half", after: cut("*.snapshot", 1<<20), runsIn: inRuntimeJS},
		{name: "an empty snapshot", after: cut("*.snapshot", 0), runsIn: inRuntimeJS},
		{name: "the snapshot of another Node", after: replaceSnapshot, want: "could not be used", runsIn: inRuntimeJS, quick: true},
		{name: "no snapshot wanted", after: nothing, variable: withoutSnapshot, runsIn: inRuntimeJS},
		{name: "a Node that finds another one", after: nothing, variable: "JSII_NODE=" + finder(t), runsIn: inRuntimeJS},
		{name: "another name of Terraform", after: nothing, variable: "TERRAFORM_BINARY_NAME=tofu", runsIn: inRuntimeJS},
		{name: "another limit of memory", after: nothing, variable: "NODE_OPTIONS=--max-old-space-size=512", runsIn: inRuntimeJS},
		{name: "no limit of memory", after: nothing, variable: "NODE_OPTIONS=", runsIn: inRuntimeJS},
		{name: "options that load a script", after: nothing, variable: "NODE_OPTIONS=--require=" + script(t), runsIn: inRuntimeJS},
		{name: "certificates", after: nothing, variable: "NODE_EXTRA_CA_CERTS=/nowhere.pem", runsIn: inSnapshot},
		{name: "no stacks in errors", after: nothing, variable: "JSII_NOSTACK=1", runsIn: inRuntimeJS},
		{name: "validated assemblies", after: nothing, variable: "JSII_VALIDATE_ASSEMBLIES=1", runsIn: inRuntimeJS},
		{name: "another shell", after: nothing, variable: "SHELL=/bin/false", runsIn: inSnapshot},
	}
}

// wantedAndFilled is what the program synthesizes, and a filled cache.
func wantedAndFilled(t *testing.T) (want, filled string) {
	t.Helper()
	want, err := wholeProvider()
	if err != nil {
		t.Fatal(err)
	}
	if filled, err = warm(); err != nil {
		t.Fatal(err)
	}
	return want, filled
}

// holdCache holds that whatever becomes of the cache, the bytes are those of the whole provider, and one line says what happened where it
// costs time.
func holdCache(t *testing.T, whole bool) {
	t.Helper()
	want, filled := wantedAndFilled(t)
	for _, test := range caches(t) {
		if !whole && !test.quick {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "read-only" && os.Geteuid() == 0 {
				t.Skip("nothing is read-only to root")
			}
			folder := test.folder
			if folder == "" {
				folder = tempDir(t)
			}
			if test.after != nil {
				link(t, filled, folder)
				test.after(t, folder)
			}
			variables := []string{"SLIMAWS_CACHE=" + folder, test.variable}
			made := synth("domain", variables...)
			if made.err != nil {
				t.Fatalf("%v\n%s", made.err, made.stderr)
			}
			if diff := cmp.Diff(want, made.synthesized); diff != "" {
				t.Errorf("synthesized (-whole +slim):\n%s", diff)
			}
			if !strings.Contains(made.stderr, test.want) || strings.Count(made.stderr, "\n") != min(len(test.want), 1) {
				t.Errorf("stderr is %q, want one line with %q", made.stderr, test.want)
			}
			if made.runsIn != test.runsIn {
				t.Errorf("the kernel runs in %s, want %s", made.runsIn, test.runsIn)
			}
			if !whole || test.folder != "" || test.runsIn == inSnapshot || test.variable != "" {
				return // nothing was mended, or we are in a hurry
			}
			if made := synth("domain", variables...); made.err != nil || made.stderr != "" || made.synthesized != want {
				t.Errorf("the run after that: error %v, stderr %q; want neither, and the same bytes", made.err, made.stderr)
			}
		})
	}
}

// The first run of all, with an empty cache, makes what the whole provider makes.
func TestFirstRun(t *testing.T) {
	want, err := wholeProvider()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := warm(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, firstRun.synthesized); diff != "" {
		t.Errorf("synthesized (-whole +slim):\n%s", diff)
	}
	if firstRun.stderr != "" || firstRun.runsIn != inRuntimeJS {
		t.Errorf("stderr is %q, and the kernel runs in %s, want nothing, and %s", firstRun.stderr, firstRun.runsIn, inRuntimeJS)
	}
}

// Before the kernel is started it is known in which way, and its scripts are whole. That is cheap to look at, in every row.
func TestWhatRunsIn(t *testing.T) {
	filled, err := warm()
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, test := range caches(t) {
		// What a snapshot of another Node is, that Node says; what is no folder, or damaged beyond these, is told where it is opened.
		if test.after == nil || test.want != "" {
			continue
		}
		looked++
		t.Run(test.name, func(t *testing.T) {
			if name, value, ok := strings.Cut(test.variable, "="); ok {
				t.Setenv(name, value)
			}
			folder := filled
			if test.variable == "" {
				folder = tempDir(t)
				link(t, filled, folder)
				test.after(t, folder)
			}
			kept := cache{folder: folder, key: key()}
			snapshot, err := kept.snapshot()
			if err == nil {
				_, err = snapshot.packages()
			}
			if (err == nil) != (test.runsIn == inSnapshot) {
				t.Errorf("of the snapshot: %v, want the kernel in %s", err, test.runsIn)
			}
			if kept.environment()[jsiiRuntimeVariable] == "" {
				t.Error("the kernel is started in jsii's own way")
			}
			for _, script := range glob(t, folder, "*.runtime/*.js") {
				want, err := os.ReadFile(filepath.Join(filled, strings.TrimPrefix(script, folder)))
				if err != nil {
					t.Fatal(err)
				}
				got, err := os.ReadFile(script)
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s is still damaged, or not there: %v", filepath.Base(script), err)
				}
			}
		})
	}
	if looked < 18 {
		t.Errorf("%d rows are looked at", looked)
	}
}

// link makes folder the same cache as filled, without its 20 MB: whoever writes into a cache puts a new file in the place of the old one.
func link(t *testing.T, filled, folder string) {
	t.Helper()
	err := filepath.WalkDir(filled, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(folder, strings.TrimPrefix(path, filled))
		if entry.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		return os.Link(path, to)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What becomes of a filled cache.

func nothing(*testing.T, string) {}

func all(what ...func(*testing.T, string)) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		for _, do := range what {
			do(t, folder)
		}
	}
}

func remove(pattern string) func(*testing.T, string) {
	return eachMatch(pattern, os.Remove)
}

func cut(pattern string, size int64) func(*testing.T, string) {
	return eachMatch(pattern, func(path string) error {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return write(path, content[:size])
	})
}

// damage overwrites bytes in the middle of files.
func damage(pattern string) func(*testing.T, string) {
	return eachMatch(pattern, func(path string) error {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		copy(content[len(content)/2:], "damage")
		return write(path, content)
	})
}

// replaceSnapshot puts one in the place of the snapshot that is whole, and of no Node.
func replaceSnapshot(t *testing.T, folder string) {
	eachMatch("*.snapshot", func(path string) error {
		content := []byte(`blob[{"Name":"constructs","Version":"10.4.2"}]`)
		content = binary.LittleEndian.AppendUint32(content, uint32(len(content)-len("blob")))
		return write(path, binary.LittleEndian.AppendUint32(content, crc32.ChecksumIEEE(content)))
	})(t, folder)
}

// eachMatch does something to the files of a cache that match pattern.
func eachMatch(pattern string, do func(path string) error) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		for _, path := range glob(t, folder, pattern) {
			if err := do(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// finder is a program that finds Node and runs it, as those of version managers do.
func finder(t *testing.T) string {
	t.Helper()
	node, err := findNode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "node")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec "+quote(node)+` "$@"`+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// script is one that Node can load.
func script(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.js")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func glob(t *testing.T, folder, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("nothing in the cache matches %s (%v)", pattern, err)
	}
	return paths
}

// What a library prints comes out, as of jsii's own runtime, and what the kernel complains of is explained.
func TestPrinted(t *testing.T) {
	filled, err := warm()
	if err != nil {
		t.Fatal(err)
	}
	const want = "You're using escape sequences (${...}) with CDKTF Built-in functions. " +
		"This is not supported yet, and the output may be incorrect.\n${x}${TfToken[TOKEN.0]}\n" +
		`the slim AWS provider has no s3bucket; add "s3bucket" to slimaws/packages.go, or to the packages of slimaws.Load, ` +
		"or run with SLIMAWS=off\n"
	for variable, runsIn := range map[string]way{"": inSnapshot, withoutSnapshot: inRuntimeJS} {
		got := synth("a warning and a fault", "SLIMAWS_CACHE="+filled, variable)
		if got.err == nil || got.runsIn != runsIn {
			t.Errorf("error %v, in %s, want one, in %s", got.err, got.runsIn, runsIn)
		}
		if diff := cmp.Diff(want, got.stderr); diff != "" {
			t.Errorf("in %s, stderr (-want +got):\n%s", got.runsIn, diff)
		}
	}
}

// The recorded synthesis is one that the packages can do, which makeSnapshot sees; -update records that of environments/dev.yaml.
func TestRecordedSynthesis(t *testing.T) {
	if testsnapshot.Updating() {
		if err := record(t.TempDir(), "recorded.ndjson"); err != nil {
			t.Fatal(err)
		}
		t.Skip("recorded anew; what is tested is what was built in before")
	}
	if _, err := warm(); err != nil {
		t.Fatal(err)
	}
}

// record writes what jsii is asked for while environments/dev.yaml is synthesized.
func record(work, path string) error {
	dev, err := os.ReadFile("../environments/dev.yaml")
	if err != nil {
		return err
	}
	environments, outdir, asked := filepath.Join(work, "environments"), filepath.Join(work, "out"), filepath.Join(work, "asked")
	if err := errors.Join(os.Mkdir(environments, 0o755), os.WriteFile(filepath.Join(environments, "dev.yaml"), dev, 0o644)); err != nil {
		return err
	}
	located := cache{folder: work, key: key()}
	runtime, err := located.runtime()
	if err != nil {
		return err
	}
	command := exec.Command("go", "run", "cdktf-aimetrics", "-environments", environments)
	command.Env = append(os.Environ(), "SLIMAWS_CACHE="+work, "CDKTF_OUTDIR="+outdir, "SHELL="+shell,
		fmt.Sprintf("%s=tee %s | node %s %s", jsiiRuntimeVariable, quote(asked), quote(runtime), quote(filepath.Join(work, "code"))))
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	content, err := os.ReadFile(asked)
	if err != nil {
		return err
	}
	content = regexp.MustCompile(regexp.QuoteMeta(outdir)+`/\.synth-\d+`).ReplaceAll(content, []byte("OUTDIR"))
	content = regexp.MustCompile(`(?m)^\{("api":"load"|"exit").*\n?`).ReplaceAll(content, nil)
	return os.WriteFile(path, content, 0o644)
}

func TestPackages(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", "cdktf-aimetrics").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/cdktf/cdktf-provider-aws-go/aws/v19/"
	imported := map[string]bool{}
	for _, path := range strings.Fields(string(output)) {
		name, ok := strings.CutPrefix(path, module)
		if ok && name != "jsii" && !strings.Contains(name, "/") {
			imported[name] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(imported)), Packages); diff != "" {
		t.Errorf("Packages is not what is imported (-imported +Packages):\n%s\nbring slimaws/packages.go up to date", diff)
	}
}

// The cut reads lines, and must not take a .jsii that is laid out otherwise for one that has little in it.
func TestDescriptionsThatAreLaidOutOtherwiseAreRefused(t *testing.T) {
	whole := `{
  "types": {
    "@cdktf/provider-aws.provider.AwsProvider": {
      "kind": "class"
    }
  },
  "submodules": {
    "@cdktf/provider-aws.provider": {
      "symbolId": "src/provider/index:"
    }
  }
}
`
	if _, err := cutProvider(providerOf(t, whole), []string{"provider"}); err != nil {
		t.Fatalf("a description as jsii writes it is refused: %v", err)
	}
	for _, description := range []string{
		"",
		"{}",
		strings.ReplaceAll(whole, "\n", ""),
		strings.ReplaceAll(whole, "  ", " "),
		strings.TrimSuffix(whole, "  }\n}\n"),
		strings.Replace(whole, "\"kind\": \"class\"", "\"kind\": ", 1),
	} {
		if _, err := cutProvider(providerOf(t, description), []string{"provider"}); err == nil {
			t.Errorf("this is taken:\n%s", description)
		}
	}
}

// providerOf is a tarball of the provider with one resource.
func providerOf(t *testing.T, description string) []byte {
	t.Helper()
	packed, err := pack([]tarFile{
		{".jsii", []byte(description)},
		{"package.json", []byte(`{"name": "@cdktf/provider-aws", "version": "1.0.0"}`)},
		{"lib/provider/index.js", nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	return packed.Tarball
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		if _, err := makeAssemblies(); err != nil {
			b.Fatal(err)
		}
	}
}

// A snapshot is made with the options that it is started with, so they must not load a script, or wait for a debugger.
func TestPlainNodeOptions(t *testing.T) {
	for options, want := range map[string]bool{
		"":                       true,
		defaultNodeOptions:       true,
		"--max_old_space_size=1": true,
		" --no-warnings --use-system-ca --max-semi-space-size=64 ": true,
		"--inspect-brk":                          false,
		"--no-warnings --require ./hook.js":      false,
		"--require=./hook.js":                    false,
		"--no-warningsx":                         false,
		"--max-old-space-size=1--inspect-brk":    false,
		"--experimental-loader ./hook.mjs":       false,
		"--max-old-space-size=1 --import ./a.js": false,
	} {
		if got := plainNodeOptions.MatchString(options); got != want {
			t.Errorf("%q: %v, want %v", options, got, want)
		}
	}
}

// A program that has other providers than AWS starts no snapshot, in which jsii could not load them.
func TestOtherProvider(t *testing.T) {
	for path, other := range map[string]bool{
		"github.com/cdktf/cdktf-provider-aws-go/aws/v19":                false,
		"github.com/cdktf/cdktf-provider-null-go/null/v11":              true,
		"github.com/cdktf/cdktf-provider-google-beta-go/googlebeta/v16": true,
		"github.com/hashicorp/terraform-cdk-go/cdktf":                   false,
	} {
		modules := []*debug.Module{{Path: "example.com/mine"}, {Path: path}}
		if got := otherProvider(modules); (got != "") != other || other && got != path {
			t.Errorf("%s: %q", path, got)
		}
	}
}

// Package slimaws starts jsii with the parts of cdktf and of the AWS provider that this project uses, instead of all.
//
// As they come, jsii's kernel hashes, unpacks, parses and requires an assembly of 2,123 resources, 360 MB unpacked, for the
// ten or twenty in use: seconds for each run and each test. runtime.Load of jsii keeps the first tarball that it gets for a
// name and a version. So [Load], called before any construct is made, gives it small ones under the same names, and the
// Initialize functions of the generated packages find theirs loaded:
//
//   - assembly.go cuts the provider's assembly to [Packages];
//   - bundle.go puts cdktf's 2,468 files into one, and resolve.js behind one of them: what has no token is copied;
//   - runtime.js runs jsii's kernel in one process of Node.js instead of two, and keeps what V8 compiled;
//   - snapshot.go starts that process with the kernel and its packages in its heap already: makesnapshot.js, which runs when a first
//     run is over, makes a start-up snapshot of snapshot.js;
//   - host.js is what both have in common: how the kernel hears of the Go program, and what it need not compute.
//
// All is made from the tarballs and scripts that every binary carries, on the machine's first run, and kept in the user's
// cache folder. What is synthesized is the same, byte for byte. The kernel's own code is as jsii has it.
//
// An app of one's own that uses stacks gets the same by a call of Load before its first construct; docs/library.md shows it.
//
// Where something does not fit or is not whole, the next slower way is taken: the snapshot, runtime.js, the kernel in jsii's own way
// with nothing kept, the whole provider.
//
// Measured step by step on 2026-11-22, on two cores with Node 20, one stack, medians of whole processes, as parts of a run
// with the whole provider; cold is with jsii's cache empty and the assemblies made already, which takes 0.08 once:
//
//	                                          warm    cold
//	slim provider                             0.14    0.23
//	and cdktf in one file                     0.10    0.03
//	and one Node process                      0.07    0.02
//	and V8's compiled code kept               0.06    0.02
//
// What came after that, as parts of a warm run of the last line, measured on the prototype of 2026-11-26, but for the last line:
//
//	NODE_EXTRA_CA_CERTS unset for the kernel (where it is set, and on Node 20)             0.81
//	and a start-up snapshot                                                                0.48
//	and Node started beside what comes before it is needed                                 0.46
//	and no traces of tokens' creation, no words for assertions that hold                   0.43
//	the snapshot without a recorded synthesis, for which V8 compiles what one takes        1.14 of it
//	the snapshot with scripts of two bytes a character                                     1.06 of it
//
// And what came for many stacks, in seconds of both processors (user and system) of a run with 200, with Node 20, the least of five runs in
// turn on a busy machine. It was busier in some turns than in others: compare within one alone.
//
//	                                                                     first turn    second turn
//	before                                                                      6.0
//	what has no token copied, and not resolved (resolve.js)                     5.3
//	and references in Terraform's words, not tokens (package stacks)            4.5            4.7
//	and V8 optimizing later (snapshot.js)                                                      3.7
//
// The last is 0.9 with Node 22 (three runs), and gained nothing with Node 24. Tried there and dropped: GOGC of 400 (0.99); in the kernel
// alone with 100 stacks, Maglev (1.08) and Sparkplug (1.07) in Node 20, and no optimizing at all, which took as long as optimizing later.
//
// And what came for one stack, on 2026-11-27, on a busy machine in turn with the TypeScript twin (package bench): median time of both
// processors (user and system) of 15 runs, as parts of the twin's:
//
//	                                                                                       Node 20    22      24
//	before                                                                                 0.45       0.46    0.56
//	no docs and a smaller buffer in the heap, huge pages, and spec's expressions later     0.38       0.41    0.49
//
// For the start of the snapshot alone, no docs and the buffer are 0.9 on all three, and huge pages another 0.6 with Node 24, where Linux
// gives them when asked. Tried and dropped there: types that are parsed when they are looked at (0.97); no checksum of V8's, fewer threads,
// no optimizing, larger semi-spaces (0.92 to 1.02, within what runs differ by).
//
// Tried and dropped, for nothing was gained: requiring the resources lazily, compacting the .jsii file, constructs in one file,
// esbuild (10 MB more of binary) or minifying instead of the bundler here, larger semi-spaces, no optimizing compiler,
// Sparkplug; for the snapshot, the provider in one file. Dropped for what they would cost: patches of jsii's kernel (0.04 of what is
// left). NODE_COMPILE_CACHE, of Node 22.1 and newer, was not tried: runtime.js does the same for every Node.
//
// What is left, at one stack, is the start of Node, half of it for its heap, and cdktf's own work; with many stacks, cdktf resolving
// tokens, and the requests that each construct takes: two processes share those (package halves).
package slimaws

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	constructs "github.com/aws/constructs-go/constructs/v10/jsii"
	"github.com/aws/jsii-runtime-go"
	"github.com/aws/jsii-runtime-go/runtime"

	"cdktf-aimetrics/slimaws/early"
)

var (
	once     sync.Once
	endOfRun = func() {}
	runsIn   way
)

// way is how the kernel runs.
type way string

const (
	inSnapshot  way = "the snapshot"
	inRuntimeJS way = "runtime.js"
	inJSII      way = "jsii's own runtime"
)

// Load starts jsii, slim. It must be called before the first construct is made; a second call does nothing. Whoever imports this package
// must call it, or [Start] before it. What it cannot do it says on stderr, one line each, and does the slower thing: run the kernel without
// a snapshot, make the assemblies anew, or leave jsii to load all.
//
// packages is what the caller uses of the AWS provider beside [Packages], each by the last element of its import path, such as "s3bucket".
// One that is not named is no part of the provider then: jsii panics where it is used, and [Explain] says why.
//
// SLIMAWS=off leaves all to jsii, and SLIMAWS_SNAPSHOT=off has no snapshot started or made. SLIMAWS_CACHE is the folder of what is
// kept; by default aimetrics/slimaws in the user's cache folder.
//
// The function that it returns removes what jsii would leave behind, and has a snapshot made where there is none yet.
func Load(stderr io.Writer, packages ...string) (end func()) {
	once.Do(func() {
		prepare()
		if want(packages) && begun != nil {
			<-begun // with fewer packages
			begun = nil
		}
		if os.Getenv("SLIMAWS") == "off" {
			loadNothing()
			runsIn, endOfRun = inJSII, leave
		} else {
			runsIn, endOfRun = load(stderr)
		}
	})
	return endOfRun
}

// switches is the variables of which only off says something.
var switches = []string{"SLIMAWS", "SLIMAWS_SNAPSHOT"}

// CheckVariables returns an error if one of this package's variables says what nobody would understand, such as SLIMAWS=of.
func CheckVariables() error {
	for _, name := range switches {
		if value := os.Getenv(name); value != "" && value != "on" && value != "off" {
			return fmt.Errorf("%s: is %q, and can be on, which is the default, or off", name, value)
		}
	}
	return nil
}

// prepare makes the environment what it was before package early, and quiet.
var prepare = sync.OnceFunc(func() {
	early.Undo()
	silence()
})

// silence keeps the banners of jsii's runtime about the version of Node.js off the screen; main says it in one line.
func silence() {
	var releases []string
	for major := range 100 {
		releases = append(releases, strconv.Itoa(major))
	}
	os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", strings.Join(releases, ","))
	os.Setenv("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "true")
	os.Setenv("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "true")
}

// reset makes jsii read its environment again: its client took it when the generated packages were initialized.
func reset() { jsii.Close() }

// begun is what Start began; nil where it did not.
var begun chan attempt

// Start begins what Load does with the same packages, beside whatever its caller does then, where that is but to start a snapshot: no
// construct may be made before Load. A program that ends without Load leaves nothing behind.
func Start(packages ...string) {
	prepare()
	want(packages)
	if os.Getenv("SLIMAWS") == "off" {
		return
	}
	begun = make(chan attempt, 1)
	go func() { begun <- startSnapshot() }()
}

// attempt is how it went to start a snapshot.
type attempt struct {
	kept     cache
	keptErr  error // why the cache has no folder
	snapshot snapshot
	none     error      // why there can be no snapshot
	packages []assembly // without their tarballs; nil if the snapshot did not start
	err      error      // why it did not, though it is there
}

func startSnapshot() attempt {
	var tried attempt
	tried.kept, tried.keptErr = locateCache()
	if tried.snapshot, tried.none = tried.kept.snapshot(); tried.none != nil {
		return tried
	}
	packages, err := tried.snapshot.packages()
	if err != nil {
		return tried // there is none yet, or a new one takes the place of one that is damaged
	}
	tried.err = start(tried.snapshot.environment(), func() {
		// Of all requests, this starts the process and leaves nothing to tidy up.
		var separator string
		runtime.StaticGet("constructs.Node", "PATH_SEP", &separator)
	})
	if tried.err == nil {
		tried.packages = packages
	}
	return tried
}

// load gives jsii the slim assemblies, and returns what is to do at the end of the run.
func load(stderr io.Writer) (runsIn way, end func()) {
	var tried attempt
	if begun != nil {
		tried = <-begun
	} else {
		tried = startSnapshot()
	}
	if tried.packages != nil {
		if tried.err = loading(tried.packages); tried.err == nil {
			return inSnapshot, leave
		}
	}
	if tried.err != nil {
		fmt.Fprintf(stderr, "warning: slimaws: the snapshot %s could not be used (%v), "+
			"so this run takes longer; another one will be made\n",
			tried.snapshot.path, tried.err)
		tried.snapshot.remove()
	}

	kept, err := tried.kept, tried.keptErr
	if err == nil {
		err = kept.open()
	}
	if err != nil {
		fmt.Fprintf(stderr, "warning: slimaws: nothing can be kept (%v), so each run takes longer; "+
			"set SLIMAWS_CACHE to a folder that can be written\n", err)
	}
	assemblies, err := kept.assemblies(stderr)
	environment := kept.environment()
	if err == nil {
		err = start(environment, func() { loadAll(assemblies) })
	}
	switch {
	case err == nil && environment[jsiiRuntimeVariable] == "":
		return inJSII, leave
	case err == nil && (tried.none != nil || !kept.writable):
		return inRuntimeJS, leave
	case err == nil:
		return inRuntimeJS, sync.OnceFunc(func() {
			kept.prune()
			tried.snapshot.make(assemblies)
		})
	}
	// What jsii or Node.js keep may be damaged, or locked by a run that was killed. Without it they are slower, and sound.
	if assemblies != nil && start(withoutCache, func() { loadAll(assemblies) }) == nil {
		fmt.Fprintf(stderr, "warning: slimaws: what is kept in %s could not be used (%v), "+
			"so this run took longer; the next one tries again\n",
			kept.folder, err)
		kept.removePackages()
		return inJSII, leave
	}
	fmt.Fprintf(stderr, "warning: slimaws: %v; going on with the whole provider, which takes seconds\n", err)
	loadNothing()
	return inJSII, leave
}

// loadNothing leaves all to jsii. Of what goes wrong here, the first construct will say it.
func loadNothing() { start(nil, constructs.Initialize) }

// started says whether jsii has started a kernel.
var started bool

// start has jsii start its kernel in an environment, by the first request.
func start(environment map[string]string, request func()) error {
	if environment[jsiiRuntimeVariable] == "" {
		environment = inOwnFolder(environment)
	}
	if started {
		defer quietly()()
	}
	started = true
	return caught(func() {
		restore := setenv(environment)
		reset()
		runtime.IsAnonymousProxy(nil) // makes a client, which takes the environment
		restore()
		request()
	})
}

// temporary is the folders into which jsii extracted its own runtime.
var temporary []string

// inOwnFolder is an environment in which jsii has a temporary folder of its own, where it extracts its runtime.
func inOwnFolder(environment map[string]string) map[string]string {
	folder, err := os.MkdirTemp("", "slimaws-")
	if err != nil {
		return environment // jsii will say it
	}
	temporary = append(temporary, folder)
	own := map[string]string{"TMPDIR": folder, "TMP": folder, "TEMP": folder}
	maps.Copy(own, environment)
	return own
}

// leave ends a run. The kernel ends when this process does. jsii.Close would wait for that, and print an error now and then: see quietly.
func leave() {
	for _, folder := range temporary {
		os.RemoveAll(folder)
	}
}

// quietly keeps off the screen what jsii prints until the function that it returns is called. jsii waits twice for a process that it
// ends, and where the wrong one of the two is first it prints "Runtime process exited abnormally: waitid: no child processes".
func quietly() (aloud func()) {
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return func() {}
	}
	stderr := os.Stderr
	os.Stderr = nowhere
	return func() {
		os.Stderr = stderr
		nowhere.Close()
	}
}

// loadAll loads assemblies into the kernel, whose generated packages find theirs loaded then.
func loadAll(assemblies []assembly) {
	for _, assembly := range assemblies {
		runtime.Load(assembly.Name, assembly.Version, assembly.Tarball)
	}
}

func loading(assemblies []assembly) error {
	return caught(func() { loadAll(assemblies) })
}

// caught returns the first line of what jsii panics of.
func caught(do func()) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			first, _, _ := strings.Cut(strings.TrimSpace(fmt.Sprint(fault)), "\n")
			err = errors.New(first)
		}
	}()
	do()
	return nil
}

// setenv sets environment variables, and returns what sets them back.
func setenv(variables map[string]string) (restore func()) {
	before := map[string]string{}
	for name, value := range variables {
		if was, set := os.LookupEnv(name); set {
			before[name] = was
		}
		os.Setenv(name, value)
	}
	return func() {
		for name := range variables {
			if was, set := before[name]; set {
				os.Setenv(name, was)
			} else {
				os.Unsetenv(name)
			}
		}
	}
}

var missing = regexp.MustCompile(regexp.QuoteMeta(providerName) + `\.(\w+)\.\w+`)

// Explain turns jsii's complaint about a resource that is not in [Packages] into what to do; "" if that is not what fault is.
func Explain(fault string) string {
	match := missing.FindStringSubmatch(fault)
	if match == nil || os.Getenv("SLIMAWS") == "off" {
		return ""
	}
	name := strings.ToLower(match[1])
	for _, known := range wanted {
		if known == name {
			return ""
		}
	}
	return fmt.Sprintf("the slim AWS provider has no %s; add %[2]q to slimaws/packages.go, or to the packages of slimaws.Load, "+
		"or run with SLIMAWS=off", name, name)
}

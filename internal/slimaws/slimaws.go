// Package slimaws starts jsii with the parts of cdktf and of the AWS provider that this project uses, instead of all.
//
// As they come, jsii's kernel hashes, unpacks, parses and requires an assembly of 2,123 resources, 360 MB unpacked, for the
// ten or twenty in use: seconds for each run and each test. runtime.Load of jsii keeps the first tarball that it gets for a
// name and a version. So [Load], called before any construct is made, gives it small ones under the same names, and the
// Initialize functions of the generated packages find theirs loaded:
//
//   - assembly.go cuts the provider's assembly to [Packages];
//   - bundle.go puts cdktf's 2,468 files into one;
//   - runtime.js runs jsii's kernel in one process of Node.js instead of two, and keeps what V8 compiled.
//
// All is made from the tarballs and scripts that every binary carries, on the machine's first run, and kept in the user's
// cache folder. What is synthesized is the same, byte for byte.
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
// Tried and dropped, for nothing was gained: requiring the resources lazily, compacting the .jsii file, constructs in one file,
// esbuild (10 MB more of binary) or minifying instead of the bundler here, larger semi-spaces, no optimizing compiler,
// Sparkplug. Dropped for what they would cost: patches of jsii's kernel (0.04 of what is left) and of cdktf's traces of
// creation (0.06). NODE_COMPILE_CACHE, of Node 22.1 and newer, was not tried: runtime.js does the same for every Node.
//
// What is left, at one stack, is the start of Node (0.02) and cdktf's own work; with many stacks, cdktf resolving tokens, and
// the requests that each construct takes.
package slimaws

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	constructs "github.com/aws/constructs-go/constructs/v10/jsii"
	"github.com/aws/jsii-runtime-go"
	"github.com/aws/jsii-runtime-go/runtime"

	"aimetrics/internal/slimaws/early"
)

var (
	once     sync.Once
	endOfRun = func() {}
)

// Load starts jsii, slim. It must be called before the first construct is made; a second call does nothing. What it cannot do
// it says on stderr, one line each, and does the slower thing: make the assemblies anew, or leave jsii to load all.
//
// SLIMAWS=off leaves all to jsii. SLIMAWS_CACHE is the folder of what is kept; by default aimetrics/slimaws in the user's
// cache folder.
//
// The function that it returns ends jsii where that leaves nothing behind.
func Load(stderr io.Writer) (end func()) {
	once.Do(func() {
		early.Undo()
		silence()
		if os.Getenv("SLIMAWS") == "off" {
			reset()
		} else if load(stderr) {
			// Our runtime leaves nothing behind and ends when this process does. Closing it would wait for that, and print an
			// error now and then, for jsii waits for its process twice.
			return
		}
		endOfRun = jsii.Close // removes the copy of jsii's own runtime in the temporary folder
	})
	return endOfRun
}

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

// load gives jsii the slim assemblies, and tells whether they run in our runtime.
func load(stderr io.Writer) (ownRuntime bool) {
	kept, err := openCache()
	if err != nil {
		fmt.Fprintf(stderr, "warning: slimaws: nothing can be kept (%v), so each run takes longer; set SLIMAWS_CACHE to a folder that can be written\n", err)
	}
	assemblies, err := kept.assemblies(stderr)
	environment := kept.environment()
	if err == nil {
		err = start(assemblies, environment)
	}
	if err == nil {
		return environment[jsiiRuntimeVariable] != ""
	}
	// What jsii or Node.js keep may be damaged, or locked by a run that was killed. Without it they are slower, and sound.
	if assemblies != nil && start(assemblies, withoutCache) == nil {
		fmt.Fprintf(stderr, "warning: slimaws: what is kept in %s could not be used (%v), so this run took longer; the next one tries again\n", kept.folder, err)
		kept.removePackages()
		return false
	}
	fmt.Fprintf(stderr, "warning: slimaws: %v; going on with the whole provider, which takes seconds\n", err)
	reset()
	return false
}

// start starts jsii's kernel in an environment and loads the assemblies into it.
func start(assemblies []assembly, environment map[string]string) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			first, _, _ := strings.Cut(strings.TrimSpace(fmt.Sprint(fault)), "\n")
			err = errors.New(first)
		}
	}()
	for name, value := range environment {
		defer setenv(name, value)()
	}
	reset()
	constructs.Initialize()
	for _, assembly := range assemblies {
		runtime.Load(assembly.Name, assembly.Version, assembly.Tarball)
	}
	return nil
}

// setenv sets an environment variable, and returns what sets it back.
func setenv(name, value string) (restore func()) {
	before, was := os.LookupEnv(name)
	os.Setenv(name, value)
	return func() {
		if was {
			os.Setenv(name, before)
		} else {
			os.Unsetenv(name)
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
	for _, known := range Packages {
		if known == name {
			return ""
		}
	}
	return fmt.Sprintf("the slim AWS provider has no %s; add %q to internal/slimaws/packages.go, or run with SLIMAWS=off", name, name)
}

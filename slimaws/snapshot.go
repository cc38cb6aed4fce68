package slimaws

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	goruntime "runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

var (
	//go:embed snapshot.js
	snapshotScript []byte
	//go:embed makesnapshot.js
	makeSnapshotScript []byte
	// What jsii is asked for while the stack of environments/dev.yaml is synthesized; OUTDIR stands for the output folder. A test
	// records it anew when it is told to -update.
	//go:embed recorded.ndjson
	recordedSynthesis []byte
)

// snapshot is a start-up snapshot of Node.js: a file of a heap in which the kernel and its packages are loaded already.
// https://nodejs.org/api/cli.html#--build-snapshot
//
// What Node does not see if it has changed is in the file's name: the packages and scripts, the program of Node itself, the processor
// (for which V8 compiles), and the variables that are looked at once, when the kernel is loaded.
type snapshot struct {
	node string // the program
	path string
}

// defaultNodeOptions is what jsii sets where nobody else does.
const defaultNodeOptions = "--max-old-space-size=4069"

// captured is the variables whose values a snapshot holds: Node's options, and what cdktf calls Terraform.
var captured = []string{"NODE_OPTIONS", "TERRAFORM_BINARY_NAME"}

// debugging is the variables by which somebody looks into the kernel or Node. Nobody is in a hurry then.
var debugging = []string{
	"JSII_DEBUG", "JSII_DEBUG_TIMING", "JSII_NOSTACK", "JSII_VALIDATE_ASSEMBLIES", "NODE_DEBUG", "NODE_DEBUG_NATIVE", "NODE_V8_COVERAGE",
}

// plainNodeOptions is the options that change nothing but limits and what is printed. Others load scripts, or wait for a debugger.
var plainNodeOptions = regexp.MustCompile(`^(\s*--(max[-_](old|semi)[-_]space[-_]size=\d+|no-warnings|no-deprecation|` +
	`use-(system|openssl|bundled)-ca|openssl-legacy-provider|dns-result-order=\w+)(\s|$))*$`)

var providerModule = regexp.MustCompile(`/cdktf-provider-([a-z0-9-]+)-go/`)

// otherProvider is the module of a provider of cdktf's other than AWS; "" if there is none among them. Its package would have to be
// unpacked, which the kernel in a snapshot cannot. Of packages that `cdktf get` writes no module tells: snapshot.js refuses those.
func otherProvider(modules []*debug.Module) string {
	for _, module := range modules {
		if match := providerModule.FindStringSubmatch(module.Path); match != nil && match[1] != "aws" {
			return module.Path
		}
	}
	return ""
}

func nodeOptions() string {
	if options, set := os.LookupEnv("NODE_OPTIONS"); set {
		return options
	}
	return defaultNodeOptions
}

// snapshot says where the snapshot lies that fits this run, whether it is there or not. The error says why there can be none.
func (c cache) snapshot() (snapshot, error) {
	if c.folder == "" || os.Getenv("SLIMAWS_SNAPSHOT") == "off" || goruntime.GOOS == "windows" || os.Getenv(jsiiRuntimeVariable) != "" {
		return snapshot{}, errors.New("not wanted")
	}
	for _, name := range debugging {
		if os.Getenv(name) != "" {
			return snapshot{}, fmt.Errorf("%s is set", name)
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		if other := otherProvider(info.Deps); other != "" {
			return snapshot{}, fmt.Errorf("%s is no part of it", other)
		}
	}
	if options := nodeOptions(); !plainNodeOptions.MatchString(options) {
		return snapshot{}, fmt.Errorf("NODE_OPTIONS is %q", options)
	}
	node, err := findNode()
	if err != nil {
		return snapshot{}, err
	}
	identity, err := identityOf(node)
	if err != nil {
		return snapshot{}, err
	}
	hash := sha256.New()
	fmt.Fprintln(hash, c.key, identity, goruntime.GOARCH, processor(), nodeOptions())
	for _, name := range captured {
		value, set := os.LookupEnv(name)
		fmt.Fprintf(hash, "%s %t %q\n", name, set, value)
	}
	return snapshot{node: node, path: filepath.Join(c.folder, hex.EncodeToString(hash.Sum(nil))[:16]+".snapshot")}, nil
}

var instructions = regexp.MustCompile(`(?m)^(flags|Features|isa)\s*:.*$`)

// processor is the instructions that the processor has, where the system is Linux: machines that share a cache may differ in it. Elsewhere
// it is "", and Node refuses a snapshot of another processor by itself, which costs a line on the screen and a slower run.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer file.Close()
	first := make([]byte, 8<<10) // all processors of a machine follow
	n, _ := io.ReadFull(file, first)
	return string(instructions.Find(first[:n]))
}

func findNode() (string, error) {
	node, err := exec.LookPath(cmp.Or(os.Getenv("JSII_NODE"), "node"))
	if err != nil {
		return "", err
	}
	return filepath.Abs(node)
}

// smallestNode is a size in bytes. A program that is smaller is no Node, but finds one, which may be another in another folder: version
// managers put such a program on the PATH. (Or it is a Node in shared libraries, which this costs a few milliseconds.)
const smallestNode = 20 << 20

// identityOf changes with the Node that a program is.
func identityOf(node string) (string, error) {
	file, err := filepath.EvalSymlinks(node)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	var version []byte
	if info.Size() < smallestNode {
		if version, err = exec.Command(node, "--version").Output(); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s %d %d %s", file, info.Size(), info.ModTime().UnixNano(), version), nil
}

// packages returns the names and versions of the packages that are loaded in the snapshot. The error says that it is not there, or
// not whole: V8 looks for no damage, and would go on with it. makesnapshot.js puts behind what Node wrote, and Node
// does not read: the packages as JSON, its length, and the CRC-32 of all before that.
func (s snapshot) packages() ([]assembly, error) {
	file, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	const sumSize, lengthSize = 4, 4
	content := info.Size() - sumSize
	if content < lengthSize {
		return nil, errors.New("cut short")
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, io.NewSectionReader(file, 0, content), make([]byte, 256<<10)); err != nil {
		return nil, err
	}
	tail := make([]byte, lengthSize+sumSize)
	if _, err := file.ReadAt(tail, content-lengthSize); err != nil {
		return nil, err
	}
	if binary.LittleEndian.Uint32(tail[lengthSize:]) != sum.Sum32() {
		return nil, errors.New("damaged")
	}
	encoded := make([]byte, binary.LittleEndian.Uint32(tail))
	if _, err := file.ReadAt(encoded, content-lengthSize-int64(len(encoded))); err != nil {
		return nil, err
	}
	var packages []assembly
	return packages, json.Unmarshal(encoded, &packages)
}

// environment is what jsii must find in its environment to start the snapshot.
func (s snapshot) environment() map[string]string {
	return map[string]string{
		// What Node says of a snapshot that does not fit, with traces, is of no use to anybody: one line will be said of it. snapshot.js
		// takes the descriptor back.
		jsiiRuntimeVariable: fmt.Sprintf("%s; %s; export NODE_OPTIONS=%s; exec %s --snapshot-blob %s 3>&2 2>/dev/null",
			withoutCertificates, inHugePages, quote(nodeOptions()), quote(s.node), quote(s.path)),
		"SHELL": shell,
	}
}

// inHugePages has glibc ask Linux for huge pages: Node reads the snapshot into memory of its size, and copies it, and every small page of
// that is a fault. Other systems and libraries know no such variable.
// https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
const inHugePages = `export GLIBC_TUNABLES="${GLIBC_TUNABLES:+$GLIBC_TUNABLES:}glibc.malloc.hugetlb=1"`

// remove makes a later run make the snapshot anew.
func (s snapshot) remove() { os.Remove(s.path) }

// patience is for how long nobody tries to make a snapshot again that was not made: it takes a second of a processor.
const patience = 10 * time.Minute

// make makes the snapshot of assemblies, and does not wait for it: the process goes on when this one has ended. Whatever becomes of it,
// the snapshot is there whole or not at all.
func (s snapshot) make(assemblies []assembly) {
	attempt := s.path + ".attempt" // which the process removes when it is done
	if info, err := os.Stat(attempt); err == nil && time.Since(info.ModTime()) > patience {
		os.Remove(attempt)
	}
	file, err := os.OpenFile(attempt, os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return
	}
	file.Close()
	folder, err := os.MkdirTemp(filepath.Dir(s.path), aside)
	if err != nil {
		return
	}
	command, err := s.maker(folder, attempt, assemblies)
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		os.RemoveAll(folder) // a later run tries again
		return
	}
	command.Process.Release()
}

// maker is the command that runs makesnapshot.js in a folder, into which all is put that it needs.
func (s snapshot) maker(folder, attempt string, assemblies []assembly) (*exec.Cmd, error) {
	program, err := kernelScript()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{
		"program.js":      program,
		"host.js":         hostScript,
		"snapshot.js":     snapshotScript,
		"makesnapshot.js": makeSnapshotScript,
		"recorded.ndjson": recordedSynthesis,
	}
	type tarball struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Tarball string `json:"tarball"`
	}
	var packages []tarball
	for i, assembly := range assemblies {
		name := fmt.Sprintf("%d.tgz", i)
		files[name] = assembly.Tarball
		packages = append(packages, tarball{assembly.Name, assembly.Version, filepath.Join(folder, name)})
	}
	given := map[string]any{"snapshot": s.path, "attempt": attempt, "variables": captured, "packages": packages}
	if files["given.json"], err = json.Marshal(given); err != nil {
		return nil, err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return nil, err
		}
	}
	command := exec.Command(s.node, "makesnapshot.js")
	command.Dir = folder
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "NODE_EXTRA_CA_CERTS=") })
	// In the snapshot the kernel cannot remove what it extracts, so that goes with the folder. Node takes its temporary folder from here,
	// and not from what snapshot.js makes of process.env.
	command.Env = append(command.Env, "NODE_OPTIONS="+nodeOptions(), "TMPDIR="+folder, "TMP="+folder, "TEMP="+folder)
	return command, nil
}

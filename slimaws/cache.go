package slimaws

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	goruntime "runtime"
	"strings"
	"sync"
	"time"
)

//go:embed *.go *.js recorded.ndjson
var sources embed.FS

var (
	//go:embed runtime.js
	runtimeScript []byte
	//go:embed host.js
	hostScript []byte
)

// cache is the folder in which a machine keeps what Load made.
type cache struct {
	folder   string
	writable bool
	key      string // changes with all that the content depends on
}

// withoutCache makes jsii unpack assemblies into a temporary folder, and run its kernel in its own way.
var withoutCache = map[string]string{"JSII_RUNTIME_PACKAGE_CACHE": "disabled"}

// locateCache returns the cache, which may not be there yet. The error says why there can be none; it works all the same.
func locateCache() (cache, error) {
	located := cache{key: key(), folder: os.Getenv("SLIMAWS_CACHE")}
	if located.folder == "" {
		users, err := os.UserCacheDir()
		if err != nil {
			return located, err
		}
		located.folder = filepath.Join(users, "aimetrics", "slimaws")
	}
	folder, err := filepath.Abs(located.folder)
	if err == nil {
		located.folder = folder
	}
	return located, err
}

// open makes the cache's folder. The error says why nothing can be kept in it.
func (c *cache) open() error {
	if err := os.MkdirAll(c.folder, 0o755); err != nil {
		return err
	}
	probe, err := os.CreateTemp(c.folder, aside)
	if err != nil {
		return err
	}
	c.writable = true
	probe.Close()
	return os.Remove(probe.Name())
}

// key is a hash of this package, of the packages of the provider that are wanted, of jsii's kernel and of the tarballs. It also makes
// the kept code of V8 safe, which checks no more of a script than its length. Of a tarball it takes the size and the checksum
// of the content that ends every gzip file: hashing all 34 MB would take a tenth of a run.
func key() string {
	hash := sha256.New()
	names, _ := sources.ReadDir(".")
	for _, entry := range names {
		if !strings.HasSuffix(entry.Name(), "_test.go") {
			content, _ := sources.ReadFile(entry.Name())
			hash.Write(content)
		}
	}
	for _, tarball := range [][]byte{providerTarball, cdktfTarball, constructsTarball} {
		fmt.Fprintf(hash, "%d %x", len(tarball), tarball[max(0, len(tarball)-8):])
	}
	program, _ := kernelScript()
	hash.Write(program)
	fmt.Fprint(hash, wanted)
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// assemblies returns the slim assemblies, in the order in which jsii must load them: the kept ones, or new ones, which it
// keeps if it can.
func (c cache) assemblies(stderr io.Writer) ([]assembly, error) {
	path := filepath.Join(c.folder, c.key+".assemblies")
	if kept, err := readSealed(path); err == nil && c.folder != "" {
		var assemblies []assembly
		if err := gob.NewDecoder(bytes.NewReader(kept)).Decode(&assemblies); err == nil {
			return assemblies, nil
		}
	}
	made, err := makeAssemblies()
	if err != nil {
		return nil, err
	}
	if c.writable {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(made); err != nil {
			return nil, err
		}
		c.prune()
		if err := writeSealed(path, b.Bytes()); err != nil {
			fmt.Fprintf(stderr, "warning: slimaws: what was made could not be kept (%v), so the next run makes it again\n", err)
		}
	}
	return made, nil
}

// prune removes what no run has made or renewed for a month, which an earlier version of this project did, or another Node; and what
// a killed run left.
func (c cache) prune() {
	entries, _ := os.ReadDir(c.folder)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue
		}
		age := time.Since(info.ModTime())
		if ours.MatchString(entry.Name()) && age > 30*24*time.Hour || strings.HasPrefix(entry.Name(), aside) && age > time.Hour {
			os.RemoveAll(filepath.Join(c.folder, entry.Name()))
		}
	}
}

// aside is the beginning of the names of what is not made yet.
const aside = ".aside-"

// ours is the names of what this package keeps.
var ours = regexp.MustCompile(`^[0-9a-f]{16}(\.assemblies|\.runtime|-v.*\.code.*|\.snapshot(\.attempt)?)$`)

// packages is where jsii keeps the assemblies that it unpacked.
func (c cache) packages() string { return filepath.Join(c.folder, "slimaws-packages") }

// removePackages makes jsii unpack them anew. Another process that reads them just now loses some, and goes the slower way.
func (c cache) removePackages() {
	if c.writable {
		os.RemoveAll(c.packages())
	}
}

func makeAssemblies() ([]assembly, error) {
	var cdktf, provider assembly
	var cdktfError, providerError error
	constructs, constructsError := describe(constructsTarball)
	var both sync.WaitGroup
	both.Go(func() { cdktf, cdktfError = bundleCDKTF(cdktfTarball) })
	both.Go(func() { provider, providerError = cutProvider(providerTarball, wanted) })
	both.Wait()
	return []assembly{constructs, cdktf, provider}, errors.Join(constructsError, cdktfError, providerError)
}

// environment is what jsii must find in its environment to run the kernel by runtime.js and to keep all in the cache.
func (c cache) environment() map[string]string {
	environment := maps.Clone(withoutCache)
	if c.writable {
		environment = map[string]string{}
		if os.Getenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT") == "" {
			environment["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = c.packages()
		}
	}
	// On Windows the command would go through another shell, with other quotes.
	if os.Getenv(jsiiRuntimeVariable) != "" || goruntime.GOOS == "windows" {
		return environment
	}
	node, err := findNode()
	if err != nil {
		return environment
	}
	if script, err := c.runtime(); err == nil {
		environment[jsiiRuntimeVariable] = fmt.Sprintf("%s; exec %s --preserve-symlinks %s %s",
			withoutCertificates, quote(node), quote(script), quote(filepath.Join(c.folder, c.key)))
		environment["SHELL"] = shell
	}
	return environment
}

const (
	// shell is what runs the command: jsii would take the user's, which may be no shell at all, or greet.
	shell = "/bin/sh"
	// withoutCertificates spares the kernel a file that Node 20 parses when it starts: it connects to nobody.
	withoutCertificates = "unset NODE_EXTRA_CA_CERTS"
)

// jsiiRuntimeVariable names the command by which jsii starts its kernel.
const jsiiRuntimeVariable = "JSII_RUNTIME"

// runtime returns the path of runtime.js, which it puts beside host.js and jsii's program.js if they are not there, or not whole.
func (c cache) runtime() (string, error) {
	if c.folder == "" {
		return "", errors.New("no folder")
	}
	program, err := kernelScript()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(c.folder, c.key+".runtime")
	for name, content := range map[string][]byte{"program.js": program, "host.js": hostScript, "runtime.js": runtimeScript} {
		path := filepath.Join(folder, name)
		if kept, err := os.ReadFile(path); err == nil && bytes.Equal(kept, content) {
			continue
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
		if err := write(path, content); err != nil {
			return "", err
		}
	}
	return filepath.Join(folder, "runtime.js"), nil
}

// quote makes one word of text for a Unix shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// writeSealed writes content behind its own hash, by which readSealed knows it again.
func writeSealed(path string, content []byte) error {
	seal := sha256.Sum256(content)
	return write(path, append(seal[:], content...))
}

func readSealed(path string) ([]byte, error) {
	read, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(read) < sha256.Size {
		return nil, errors.New("cut short")
	}
	content := read[sha256.Size:]
	if seal := sha256.Sum256(content); !bytes.Equal(seal[:], read[:sha256.Size]) {
		return nil, errors.New("damaged")
	}
	return content, nil
}

// write writes a file aside and renames it, so that nobody ever reads half of it.
func write(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), aside)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Chmod(0o644), file.Close()) // others may share the cache
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

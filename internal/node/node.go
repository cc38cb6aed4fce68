// Package node looks for what cdktf's library runs on: Node.js, and a temporary folder.
package node

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// oldest is the oldest Node.js that cdktf's library runs on.
var oldest = [2]int{20, 9}

// recommended is the release that .node-version pins for whoever works here.
const recommended = 22

var install = fmt.Sprintf("install Node.js %d or newer from https://nodejs.org", recommended)

// endOfLife is until when each release of Node.js gets security fixes. https://github.com/nodejs/release#release-schedule
var endOfLife = map[int]string{20: "2026-04-30", 21: "2024-06-01", 22: "2027-04-30", 23: "2025-06-01", 24: "2028-04-30", 25: "2026-06-01"}

// Check returns an error, which says what to do, if there is no Node.js, if it is too old, or if no temporary folder can be written. It
// warns on stderr of a Node.js that gets no more fixes.
func Check(stderr io.Writer) error {
	version, err := version()
	if err != nil {
		return err
	}
	if err := checkVersion(version, stderr); err != nil {
		return err
	}
	return checkTemporaryFolder()
}

// version asks Node.js for its version, as in v22.1.0.
func version() (string, error) {
	named := os.Getenv("JSII_NODE")
	path, err := exec.LookPath(cmp.Or(named, "node"))
	switch {
	case err != nil && named != "":
		return "", fmt.Errorf("node: JSII_NODE is %q, and there is no such program; correct or unset it", named)
	case err != nil:
		return "", fmt.Errorf("node: is not on the PATH, and cdktf's library runs on it; %s", install)
	}
	question := []string{"--version"} // which starts no JavaScript, and takes milliseconds
	options := os.Getenv("NODE_OPTIONS")
	if options != "" {
		question = []string{"-p", "process.version"} // for options may keep Node.js from starting
	}
	output, err := exec.Command(path, question...).Output()
	version := strings.TrimSpace(string(output))
	switch {
	case err != nil && options != "":
		return "", fmt.Errorf("node: %s does not start with NODE_OPTIONS=%q; correct or unset them", path, options)
	case err != nil || !isVersion.MatchString(version):
		return "", fmt.Errorf("node: %s does not tell its version; %s", path, install)
	}
	return version, nil
}

var isVersion = regexp.MustCompile(`^v\d+\.\d+`)

// checkVersion returns an error if a version is too old, and warns of one that gets no more fixes.
func checkVersion(version string, stderr io.Writer) error {
	var major, minor int
	fmt.Sscanf(version, "v%d.%d", &major, &minor)
	if major < oldest[0] || major == oldest[0] && minor < oldest[1] {
		return fmt.Errorf("node: %s is older than %d.%d, which cdktf's library needs; %s", version, oldest[0], oldest[1], install)
	}
	if end, err := time.Parse(time.DateOnly, endOfLife[major]); err == nil && time.Now().After(end) {
		fmt.Fprintf(stderr, "warning: node: %s gets no security fixes since %s; %s\n", version, endOfLife[major], install)
	}
	return nil
}

// checkTemporaryFolder returns an error if nothing can be written there: jsii would say so by a stack trace.
func checkTemporaryFolder() error {
	probe, err := os.MkdirTemp("", "aimetrics-")
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	if err != nil {
		return fmt.Errorf("%s: is the temporary folder, and cannot be written (%w); set TMPDIR to one that can", os.TempDir(), err)
	}
	os.Remove(probe)
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/aws/jsii-runtime-go"
)

// The Node.js that cdktf's library runs on.
const (
	oldestNode  = "20.9"
	installNode = "install Node.js 22 or newer from https://nodejs.org"
)

// nodeEndOfLife is until when each release of Node.js gets security fixes. https://github.com/nodejs/release#release-schedule
var nodeEndOfLife = map[int]string{20: "2026-04-30", 21: "2024-06-01", 22: "2027-04-30", 23: "2025-06-01", 24: "2028-04-30"}

// nodeVersion is the answer of `node --version`, asked for while there is other work to do.
type nodeVersion struct {
	answer chan string
	err    error
}

// lookAtNode asks Node.js for its version, and silences the banners of jsii's runtime about it: wait says the same in a line.
func lookAtNode() *nodeVersion {
	var releases []string
	for major := range 100 {
		releases = append(releases, strconv.Itoa(major))
	}
	os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", strings.Join(releases, ","))
	os.Setenv("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "true")
	os.Setenv("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "true")
	// jsii's client took its environment when the packages were initialized. Closed before its first use, it is made anew.
	jsii.Close()
	version := &nodeVersion{answer: make(chan string, 1)}
	go func() {
		output, err := exec.Command(or(os.Getenv("JSII_NODE"), "node"), "--version").Output()
		version.err = err
		version.answer <- strings.TrimSpace(string(output))
	}()
	return version
}

// wait returns an error if there is no Node.js, or one that is too old, and warns of one that gets no more fixes.
func (version *nodeVersion) wait(stderr io.Writer) error {
	answer := <-version.answer
	if errors.Is(version.err, exec.ErrNotFound) {
		return fmt.Errorf("node: is not on the PATH, and cdktf's library runs on it; %s", installNode)
	}
	var major, minor int
	if _, err := fmt.Sscanf(answer, "v%d.%d", &major, &minor); version.err != nil || err != nil {
		return fmt.Errorf("node: does not tell its version (%q); %s", answer, installNode)
	}
	if oldMajor, oldMinor, _ := strings.Cut(oldestNode, "."); major*1000+minor < number(oldMajor)*1000+number(oldMinor) {
		return fmt.Errorf("node: %s is older than %s, which cdktf's library needs; %s", answer, oldestNode, installNode)
	}
	if end, err := time.Parse(time.DateOnly, nodeEndOfLife[major]); err == nil && time.Now().After(end) {
		fmt.Fprintf(stderr, "warning: node: %s gets no security fixes since %s; %s\n", answer, nodeEndOfLife[major], installNode)
	}
	return nil
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

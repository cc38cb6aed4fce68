//go:build unix

package elastictest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// fetch returns a folder that holds the artifacts, given as group:name:version or group:name:version:type, and all that they depend
// on. Maven is asked once per machine: the folder is complete from the moment that it has its name.
func fetch(artifacts []string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(strings.Join(artifacts, "\n")))
	cache = filepath.Join(cache, "aimetrics", "elastictest")
	folder := filepath.Join(cache, hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	aside, err := os.MkdirTemp(cache, ".aside-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(aside)
	if err := os.WriteFile(filepath.Join(aside, "pom.xml"), project(artifacts), 0o644); err != nil {
		return "", err
	}
	maven := exec.Command("mvn", "-q", "-B", "-Dstyle.color=never", "dependency:copy-dependencies", "-DoutputDirectory=fetched")
	maven.Dir = aside
	if out, err := maven.CombinedOutput(); err != nil {
		return "", fmt.Errorf("mvn, which fetches the servers, failed: %w\n%s", err, bytes.TrimSpace(out))
	}
	// Another process may have been faster, and what it fetched is the same.
	if err := os.Rename(filepath.Join(aside, "fetched"), folder); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	return folder, nil
}

// project is the smallest project of Maven that depends on the artifacts.
func project(artifacts []string) []byte {
	var dependencies strings.Builder
	for _, artifact := range artifacts {
		parts := append(strings.Split(artifact, ":"), "jar")
		const one = "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version><type>%s</type></dependency>\n"
		fmt.Fprintf(&dependencies, one, parts[0], parts[1], parts[2], parts[3])
	}
	return fmt.Appendf(nil, `<project><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>elastictest</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
%s</dependencies></project>
`, dependencies.String())
}

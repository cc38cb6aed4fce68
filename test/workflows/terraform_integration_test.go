//go:build integration

package workflows

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/test/tools"
)

// With a lock file a provider is fetched once, and then comes from the cache, if it still is what the lock file says. Without one it is
// fetched each time, whatever a cache has.
func TestProviderIsFetchedOnce(t *testing.T) {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	const program = "terraform-provider-example_v1.0.0"
	text := []byte("#!/bin/sh\n")
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	header := &zip.FileHeader{Name: program}
	header.SetMode(0o755)
	file, err := writer.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	file.Write(text)
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	// https://developer.hashicorp.com/terraform/language/files/dependency-lock#new-provider-package-checksums
	whole := sha256.Sum256([]byte(fmt.Sprintf("%x  %s\n", sha256.Sum256(text), program)))
	hash := "h1:" + base64.StdEncoding.EncodeToString(whole[:])

	// https://developer.hashicorp.com/terraform/internals/provider-network-mirror-protocol
	var fetched atomic.Int64
	mirror := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if filepath.Ext(r.URL.Path) == ".json" {
			w.Header().Set("Content-Type", "application/json")
		}
		switch strings.TrimPrefix(r.URL.Path, "/registry.example.com/acme/example/") {
		case "index.json":
			w.Write([]byte(`{"versions": {"1.0.0": {}}}`))
		case "1.0.0.json":
			json.NewEncoder(w).Encode(map[string]any{"archives": map[string]any{platform: map[string]any{"url": "it.zip", "hashes": []string{hash}}}})
		case "it.zip":
			if r.Method == http.MethodGet {
				fetched.Add(1)
			}
			w.Write(archive.Bytes())
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(mirror.Close)
	folder := t.TempDir()
	put(t, filepath.Join(folder, "terraformrc"), `provider_installation { network_mirror { url = "`+mirror.URL+`/" } }`)
	put(t, filepath.Join(folder, "ca.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: mirror.Certificate().Raw})))

	locked := "provider \"registry.example.com/acme/example\" {\n  version = \"1.0.0\"\n  constraints = \"1.0.0\"\n  hashes = [\"" + hash + "\"]\n}\n"
	home := t.TempDir()       // of every job: what the action caches is below it
	cached := func() string { // what the cache has of the provider
		return filepath.Join(home, ".terraform.d/plugin-cache/registry.example.com/acme/example/1.0.0", platform, program)
	}
	job := func(lockFile string, wantFetched int64) {
		t.Helper()
		r := newRunner(t, map[string]string{"cdktf.out/stacks/prod/cdk.tf.json": `{"terraform": {"backend": {"s3": {"bucket": "b"}},
			"required_providers": {"example": {"source": "registry.example.com/acme/example", "version": "1.0.0"}}}}`,
			"cdktf.out/stacks/prod/cdk_override.tf.json": `{"terraform": {"backend": {"local": {}}}}`})
		if lockFile != "" {
			r.write(t, ".terraform.lock.hcl", lockFile)
		}
		r.variables["HOME"], r.variables["TF_CLI_CONFIG_FILE"], r.variables["SSL_CERT_FILE"] = home, filepath.Join(folder, "terraformrc"), filepath.Join(folder, "ca.pem")
		// This is no provider, so nothing can be planned; what is left of a stack that was removed can be listed.
		log, code := r.step(t, "actions/plan/Plan", with(ofPlan, "inputs.removed", "true"))
		if code != 0 {
			t.Fatalf("exit code %d:\n%s", code, log)
		}
		if got := fetched.Swap(0); got != wantFetched {
			t.Errorf("the provider was fetched %d times, want %d:\n%s", got, wantFetched, log)
		}
		installed := filepath.Join("cdktf.out/stacks/prod/.terraform/providers/registry.example.com/acme/example/1.0.0", platform, program)
		if got := r.read(t, installed); got != string(text) {
			t.Errorf("what is installed is %q", got)
		}
	}
	job(locked, 1)
	job(locked, 0) // the second job of the stack, and every other stack
	// Whoever can write the cache does not decide what runs.
	if err := os.Remove(cached()); err != nil {
		t.Fatal(err)
	}
	put(t, cached(), "#!/bin/sh\necho mine\n")
	job(locked, 1)
	put(t, cached(), "#!/bin/sh\necho mine\n")
	job("", 1)
	job("", 1)
}

// Every variable that docs/workflows.md names of a backend, and every one that a file of an environment is told to use instead of a
// credential in it, reaches Terraform, and no log if it is a secret.
func TestCredentialsOfEveryBackend(t *testing.T) {
	names := map[string]bool{}
	_, table, found := strings.Cut(readFile(t, tools.Project(t, "docs/workflows.md")), "## States elsewhere")
	table, _, ends := strings.Cut(table, "\n## ")
	if !found || !ends {
		t.Fatal("docs/workflows.md has no section on states elsewhere")
	}
	variable := regexp.MustCompile("`([A-Z]+_[A-Za-z_]+|PG[A-Z]+)`")
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "| ") {
			for _, match := range variable.FindAllStringSubmatch(line, -1) {
				names[match[1]] = true
			}
		}
	}
	var look func(reflect.Type)
	look = func(kind reflect.Type) {
		for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice || kind.Kind() == reflect.Map {
			kind = kind.Elem()
		}
		if kind.Kind() != reflect.Struct {
			return
		}
		for i := range kind.NumField() {
			// The roles are who s3 asks; in lower case it is a key of the file, not a variable.
			if name := kind.Field(i).Tag.Get("credential"); name != strings.ToLower(name) &&
				(!strings.HasPrefix(name, "AWS_") || name == "AWS_SSE_CUSTOMER_KEY") {
				names[name] = true
			}
			look(kind.Field(i).Type)
		}
	}
	look(reflect.TypeFor[spec.Backend]())
	if len(names) < 25 {
		t.Fatalf("%d variables: %v", len(names), names)
	}

	secrets := map[string]string{}
	for name := range names {
		secrets[name] = "of-" + name
	}
	secrets["PG_CONN_STR"] = "postgres://them:Hunter-22@host/states"
	secrets["CONSUL_HTTP_AUTH"] = "them:Hunter-33"
	secrets["GOOGLE_CREDENTIALS"] = `{"client_email": "a@b", "private_key": "-----BEGIN\nHunter-4444\n"}`
	text, err := json.Marshal(secrets)
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(t, toPlan)
	r.programs = map[string]string{"terraform": "#!/usr/bin/env bash\nenv -0 >got\necho \"Error: host says Hunter-22, Hunter-33 and Hunter-4444\" >&2\nexit 1\n"}
	log, _ := r.step(t, "actions/plan/Plan", with(ofPlan, "inputs.state-credentials", string(text)))
	got := map[string]string{}
	for _, line := range strings.Split(r.read(t, "got"), "\x00") {
		name, value, _ := strings.Cut(line, "=")
		got[name] = value
	}
	isNoSecret := regexp.MustCompile(`^(TF_HTTP_USERNAME|PGUSER|ARM_(CLIENT|TENANT|SUBSCRIPTION)_ID)$`)
	for name, value := range secrets {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
		if masked := strings.Contains(log, "::add-mask::"+value+"\n"); masked == isNoSecret.MatchString(name) {
			t.Errorf("%s: masked is %v", name, masked)
		}
	}
	told := r.read(t, "cdktf.out/stacks/prod/failed.txt")
	if want := "Error: host says ***, *** and ***\n"; !strings.HasPrefix(told, strings.TrimSpace(want)) {
		t.Errorf("what is told of the failure is %q, want %q", told, want)
	}
}

// A state in PostgreSQL, whose address is in the secret.
func TestStateInPostgreSQL(t *testing.T) {
	address := tools.Postgres(t) + " password=Hunter-22"
	credentials, err := json.Marshal(map[string]any{"prod": map[string]string{"PG_CONN_STR": address}})
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(t, map[string]string{".terraform.lock.hcl": "", "cdktf.out/stacks/prod/cdk.tf.json": `{"terraform": {"backend": {"pg": {}}},
		"resource": {"terraform_data": {"data": {"input": "one"}}}}`})
	values := with(ofPlan, "inputs.arguments", "-lock-timeout=10m", "inputs.state-credentials", string(credentials),
		"secrets.STATE_CREDENTIALS", string(credentials), "inputs.has-password && secrets.MASTER_USER_PASSWORDS || ''", "")
	for _, step := range []string{"actions/plan/Plan", "deploy-stack/apply/Apply", "actions/plan/Plan"} {
		log, code := r.step(t, step, values)
		if code != 0 {
			t.Fatalf("%s: exit code %d:\n%s", step, code, log)
		}
		if shown := regexp.MustCompile("(?m)^::add-mask::.*$").ReplaceAllString(log, ""); strings.Contains(shown, "Hunter-22") {
			t.Errorf("%s shows the password:\n%s", step, shown)
		}
	}
	if got := r.read(t, "GITHUB_OUTPUT"); got != "changes=true\nchanges=false\n" {
		t.Errorf("outputs %q", got)
	}
	log, code := r.step(t, "actions/plan/Plan", with(values, "inputs.state-credentials", ""))
	if code == 0 {
		t.Errorf("without the secret it works, so nothing is proved:\n%s", log)
	}
}

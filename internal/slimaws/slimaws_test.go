package slimaws

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
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

	"aimetrics/internal/slimaws/early"
	_ "aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

// asProgram makes the test binary a program that synthesizes a stack: what Load does, it does once for each process.
const asProgram = "SLIMAWS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if resource, ok := os.LookupEnv(asProgram); ok {
		program(resource)
	}
	early.Undo() // the programs that the tests start must find the environment as it was
	os.Exit(m.Run())
}

func program(resource string) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintln(os.Stderr, Explain(fmt.Sprint(fault)))
			os.Exit(1)
		}
	}()
	end := Load(os.Stderr)
	stack := cdktf.NewTerraformStack(cdktf.Testing_App(nil), jsii.String("test"))
	provider.NewAwsProvider(stack, jsii.String("aws"), &provider.AwsProviderConfig{Region: jsii.String("us-east-1")})
	resources[resource](stack)
	fmt.Println(*cdktf.Testing_Synth(stack, nil))
	end()
	os.Exit(0)
}

// resources is what the program can make: one that is in Packages, and one that is not.
var resources = map[string]func(constructs.Construct){
	"domain": func(scope constructs.Construct) {
		elasticsearchdomain.NewElasticsearchDomain(scope, jsii.String("domain"), &elasticsearchdomain.ElasticsearchDomainConfig{DomainName: jsii.String("metrics")})
	},
	"bucket": func(scope constructs.Construct) {
		s3bucket.NewS3Bucket(scope, jsii.String("bucket"), &s3bucket.S3BucketConfig{})
	},
}

// synth runs the program and returns what it wrote to stdout and stderr.
func synth(t *testing.T, resource string, variables ...string) (stdout, stderr string, err error) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), append(variables, asProgram+"="+resource)...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err = command.Run()
	return out.String(), errs.String(), err
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

// whole is what the program synthesizes with the whole provider.
var whole = sync.OnceValues(func() (string, error) {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), asProgram+"=domain", "SLIMAWS=off")
	var errs bytes.Buffer
	command.Stderr = &errs
	output, err := command.Output()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, &errs)
	}
	return string(output), err
})

// warm is a cache that a first run filled, code of V8 included.
var warm = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "slimaws-")
	if err != nil {
		return "", err
	}
	// Node writes its code when it ends, which may be after the program.
	for range 20 {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), asProgram+"=domain", "SLIMAWS_CACHE="+folder)
		if output, err := command.CombinedOutput(); err != nil {
			return folder, fmt.Errorf("%w\n%s", err, output)
		}
		if found, err := filepath.Glob(filepath.Join(folder, "*.code")); found != nil || err != nil {
			return folder, err
		}
	}
	return folder, errors.New("Node keeps no code")
})

// Whatever becomes of the cache, the bytes are those of the whole provider, and one line says what happened.
func TestCache(t *testing.T) {
	want, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	filled, err := warm()
	defer os.RemoveAll(filled)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	readOnly := t.TempDir()
	if err := os.Chmod(readOnly, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		folder string                            // a new one if ""
		after  func(t *testing.T, folder string) // what becomes of a filled one; a new one is empty if nil
		want   string                            // on stderr, in the run after that
	}{
		{"empty", "", nil, ""},
		{"warm", "", func(*testing.T, string) {}, ""},
		{"a file", file, nil, "nothing can be kept"},
		{"read-only", readOnly, nil, "nothing can be kept"},
		{"damaged assemblies", "", damage("*.assemblies"), ""},
		{"damaged code", "", damage("*.code"), ""},
		{"damaged kernel", "", damage("*.runtime/program.js"), ""},
		{"an empty file of assemblies", "", func(t *testing.T, folder string) {
			for _, path := range glob(t, folder, "*.assemblies") {
				if err := os.Truncate(path, 0); err != nil {
					t.Fatal(err)
				}
			}
		}, ""},
		{"a package that was half unpacked", "", func(t *testing.T, folder string) {
			for _, path := range glob(t, folder, "slimaws-packages/@cdktf/*/*/*/lib/index.js") {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}, "could not be used"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name == "read-only" && os.Geteuid() == 0 {
				t.Skip("nothing is read-only to root")
			}
			folder := test.folder
			if folder == "" {
				folder = tempDir(t)
			}
			if test.after != nil {
				if err := os.CopyFS(folder, os.DirFS(filled)); err != nil {
					t.Fatal(err)
				}
				test.after(t, folder)
			}
			stdout, stderr, err := synth(t, "domain", "SLIMAWS_CACHE="+folder)
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr)
			}
			if diff := cmp.Diff(want, stdout); diff != "" {
				t.Errorf("synthesized (-whole +slim):\n%s", diff)
			}
			if !strings.Contains(stderr, test.want) || strings.Count(stderr, "\n") != min(len(test.want), 1) {
				t.Errorf("stderr is %q, want one line with %q", stderr, test.want)
			}
			if test.folder != "" {
				return
			}
			if _, stderr, err := synth(t, "domain", "SLIMAWS_CACHE="+folder); err != nil || stderr != "" {
				t.Errorf("the run after that: error %v, stderr %q; want neither", err, stderr)
			}
		})
	}
}

// damage overwrites bytes in the middle of the files of the cache that match pattern.
func damage(pattern string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		for _, path := range glob(t, folder, pattern) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copy(content[len(content)/2:], "damage")
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func glob(t *testing.T, folder, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("nothing in the cache matches %s (%v)", pattern, err)
	}
	return paths
}

func TestProcessesAtOnce(t *testing.T) {
	want, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	folder := tempDir(t)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if stdout, stderr, err := synth(t, "domain", "SLIMAWS_CACHE="+folder); err != nil || stdout != want {
				t.Errorf("error %v, stderr %q, same bytes: %v", err, stderr, stdout == want)
			}
		})
	}
	all.Wait()
}

func TestMissingPackageIsExplained(t *testing.T) {
	_, stderr, err := synth(t, "bucket", "SLIMAWS_CACHE="+tempDir(t))
	if err == nil {
		t.Fatal("a bucket was made of a provider that has none")
	}
	want := `the slim AWS provider has no s3bucket; add "s3bucket" to internal/slimaws/packages.go, or run with SLIMAWS=off` + "\n"
	if diff := cmp.Diff(want, stderr); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

func TestPackages(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", "aimetrics").Output()
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
		t.Errorf("Packages is not what is imported (-imported +Packages):\n%s\nbring internal/slimaws/packages.go up to date", diff)
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

package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxFileSize is the largest environment file that is read, in bytes. The longest that anybody would write is a few KiB.
const MaxFileSize = 1 << 20

// File is one environment file that is sound.
type File struct {
	// Name of the file without its ending, which is the name of the stack.
	Name string
	// What the file says, with its defaults filled in.
	Environment Environment
	// What its reader should know all the same.
	Warnings Problems
}

// stackName is what cdktf, a file system and a Terraform workspace all take.
var stackName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// Load reads and checks every *.yaml and *.yml in folder but hidden ones, in the order of their names. Standard support of a
// version is judged by today.
//
// The error is every fault of all files at once, as [Problems]; then no file is returned. A folder that cannot be read or
// has no environment is one such fault.
func Load(folder string, today time.Time) ([]File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		reason, advice := reasonOf(err), "make it readable"
		if errors.Is(err, fs.ErrNotExist) {
			reason, advice = "is not there", "make it, or name another one with -environments"
		}
		return nil, Problems{{Position: Position{File: folder}, Text: "the folder of the environments " + reason + "; " + advice}}
	}
	var files []File
	var problems Problems
	paths := map[string]string{} // of each stack, by its name in lower case: not all file systems tell the cases apart
	for _, entry := range entries {
		extension := filepath.Ext(entry.Name())
		if (extension != ".yaml" && extension != ".yml") || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		path, name := filepath.Join(folder, entry.Name()), strings.TrimSuffix(entry.Name(), extension)
		if first, taken := paths[strings.ToLower(name)]; taken {
			problems = append(problems, Problem{Position: Position{File: path}, Text: fmt.Sprintf("has the same stack name as %s; rename one of them", first)})
			continue
		}
		paths[strings.ToLower(name)] = path
		if !stackName.MatchString(name) {
			problems = append(problems, Problem{Position: Position{File: path}, Text: fmt.Sprintf("%s is no name for a stack; use letters, digits, hyphens and underscores", quote(name))})
		}
		environment, warnings, err := loadFile(path, today)
		var found Problems
		if errors.As(err, &found) {
			problems = append(problems, found...)
			continue
		}
		files = append(files, File{Name: name, Environment: environment, Warnings: warnings})
		problems = append(problems, sharedState(files, paths)...)
	}
	if len(paths) == 0 {
		return nil, Problems{{Position: Position{File: folder}, Text: "has no environment; add a file such as dev.yaml"}}
	}
	if err := problems.asError(); err != nil {
		return nil, err
	}
	return files, nil
}

// sharedState says that the last file has the state of another one, so that each would destroy what the other made.
func sharedState(files []File, paths map[string]string) []Problem {
	last := files[len(files)-1]
	if reflect.DeepEqual(last.Environment.Backend, Backend{Local: &LocalBackend{}}) {
		return nil // the default path has the stack's name in it
	}
	for _, other := range files[:len(files)-1] {
		if reflect.DeepEqual(other.Environment.Backend, last.Environment.Backend) {
			return []Problem{{Position: Position{File: paths[strings.ToLower(last.Name)]}, Path: "backend",
				Text: fmt.Sprintf("keeps its state where %s keeps its own, so that each would destroy what the other made; give each its own key, path or prefix",
					paths[strings.ToLower(other.Name)])}}
		}
	}
	return nil
}

func loadFile(path string, today time.Time) (Environment, Problems, error) {
	content, err := readFile(path)
	if err != nil {
		return Environment{}, nil, Problems{{Position: Position{File: path}, Text: err.Error()}}
	}
	return Parse(path, content, today)
}

// readFile reads a file up to MaxFileSize. Its error says what to do.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read, for it %s; mend or remove it", reasonOf(err))
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is no regular file; remove it")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read, for it %s; make it readable", reasonOf(err))
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxFileSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %s", reasonOf(err))
	case len(content) > MaxFileSize:
		return nil, fmt.Errorf("is larger than %d MiB, so it is no environment; remove it", MaxFileSize>>20)
	default:
		return content, nil
	}
}

// reasonOf is why a file operation failed, without the operation and the path.
func reasonOf(err error) string {
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is not there"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read"
	case errors.As(err, &pathError):
		return "gives: " + pathError.Err.Error()
	default:
		return "gives: " + err.Error()
	}
}

// smallest is the smallest environment there is.
const smallest = "region, and a domain with domain_name, elasticsearch_version and cluster_config.instance_type"

// Parse reads and checks the content of one environment file; path is for its messages alone. The error is every fault at
// once, as [Problems].
func Parse(path string, content []byte, today time.Time) (Environment, Problems, error) {
	fail := func(line, column int, text string) (Environment, Problems, error) {
		return Environment{}, nil, Problems{{Position: Position{File: path, Line: line, Column: column}, Text: text}}
	}
	if bytes.IndexByte(content, 0) >= 0 || !utf8.Valid(content) {
		return fail(0, 0, "is no text; an environment is YAML in UTF-8")
	}
	var document, more yaml.Node
	reader := yaml.NewDecoder(bytes.NewReader(content))
	err := reader.Decode(&document)
	if errors.Is(err, io.EOF) || (err == nil && document.Content[0].Tag == "!!null") {
		return fail(0, 0, "is empty; the smallest environment is "+smallest)
	}
	if err != nil {
		line, text := syntaxError(err, content)
		return fail(line, 1, text)
	}
	if root := document.Content[0]; root.Kind != yaml.MappingNode {
		return fail(root.Line, root.Column, "is no environment; the smallest is "+smallest)
	}
	if err := reader.Decode(&more); err == nil {
		return fail(more.Line, 1, "begins a second document; keep one environment a file")
	} else if !errors.Is(err, io.EOF) {
		line, text := syntaxError(err, content)
		return fail(line, 1, text)
	}

	d := decoder{file: path, positions: map[string]Position{}}
	var environment Environment
	d.decode(document.Content[0], "", reflect.ValueOf(&environment).Elem())
	environment = environment.WithDefaults()
	problems := slices.Concat(d.problems, d.locate(check(environment, d.refusedAround)))
	if err := problems.asError(); err != nil {
		return Environment{}, nil, err
	}
	warnings := d.locate(environment.Warnings(today))
	return environment, warnings, nil
}

// locate gives problems the place of their key, or of the nearest key around it that is in the file.
func (d *decoder) locate(problems Problems) Problems {
	for i := range problems {
		position := Position{File: d.file, Line: 1, Column: 1}
		for path := problems[i].Path; path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
			if known, ok := d.positions[path]; ok {
				position = known
				break
			}
		}
		problems[i].Position = position
	}
	return problems
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntaxError says in which line the YAML library gave up, and why.
func syntaxError(err error, content []byte) (line int, text string) {
	text = err.Error()
	line = 1
	if match := syntaxLine.FindStringSubmatch(text); match != nil {
		text = strings.TrimPrefix(text, match[0])
		if match[1] != "" {
			line, _ = strconv.Atoi(match[1])
		}
	}
	// The library names the line before or after the one with the tab.
	lines := bytes.Split(content, []byte("\n"))
	for at := max(line-1, 1); at <= min(line+1, len(lines)); at++ {
		if indent := lines[at-1][:len(lines[at-1])-len(bytes.TrimLeft(lines[at-1], " \t"))]; bytes.ContainsRune(indent, '\t') {
			return at, "is indented with a tab, which YAML does not have; indent with spaces"
		}
	}
	return line, "is no YAML: " + strings.ReplaceAll(text, "\n", " ") + "; mend the line or the one before"
}

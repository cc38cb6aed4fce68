package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxFileSize is the largest environment file that is read, in bytes. The longest that anybody would write is a few KiB.
const MaxFileSize = 1 << 20

// File is one environment file, sound unless Load is still reading others.
type File struct {
	// Name of the file without its ending, which is the name of the stack.
	Name string
	// What the file says, with its defaults filled in; the zero value if it is a file of roles.
	Environment Environment
	// What a file of roles says, with its defaults filled in and every environment of the folder named if it named none; nil if
	// the file is an environment.
	Roles *Roles
	// What its reader should know all the same.
	Warnings Problems

	positionOf func(path string) Position // of a key, or of the nearest one around it that is in the file
	faulty     faultyPaths
}

// faultyPaths is where something is wrong in a file, and what its misspelt keys seem to mean; "" is all of a file that is none.
type faultyPaths []string

// at reports whether something is wrong at a path, around it or below it, so that what the file says there is not to be judged.
func (paths faultyPaths) at(path string) bool {
	return slices.ContainsFunc(paths, func(known string) bool { return within(path, known) || within(known, path) })
}

// isRead reports whether the file holds keys and values, right or wrong.
func (file File) isRead() bool { return file.positionOf != nil }

// isEnvironment reports whether the file is one, or may be once it can be read.
func (file File) isEnvironment() bool { return file.Roles == nil }

// Backend is where the stack of the file keeps its state.
func (file File) Backend() Backend {
	if file.Roles != nil {
		return file.Roles.Backend
	}
	return file.Environment.Backend
}

// stackName is what cdktf, a file system and a Terraform workspace all take.
var stackName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// IsStackName reports whether name can be that of a stack, and with .yaml behind it that of its file: letters, digits, hyphens and
// underscores, the first a letter or a digit.
func IsStackName(name string) bool { return stackName.MatchString(name) }

// Load reads and checks every *.yaml and *.yml in folder but hidden ones, in the order of their names. Standard support of a
// version is judged by today.
//
// The error is every fault of all files at once, as [Problems]; then no file is returned. A folder that cannot be read or
// has no environment is one such fault.
func Load(folder string, today time.Time) ([]File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		reason, advice := reasonOf(err), "make it readable"
		switch {
		case errors.Is(err, fs.ErrNotExist):
			advice = "make it, or name another one with -environments"
		case errors.Is(err, syscall.ENOTDIR):
			reason, advice = "is no folder", "name one with -environments"
		}
		return nil, Problems{{Position: Position{File: folder}, Text: "the folder of the environments " + reason + "; " + advice}}
	}
	var files []File
	var problems Problems
	paths := map[string]string{} // of each stack, by its name in lower case: not all file systems tell the cases apart
	states := map[string]string{}
	taken := map[string]string{} // paths of the files that have what there is once
	for _, entry := range entries {
		extension := filepath.Ext(entry.Name())
		if (extension != ".yaml" && extension != ".yml") || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		path, name := filepath.Join(folder, entry.Name()), strings.TrimSuffix(entry.Name(), extension)
		first, sameName := paths[strings.ToLower(name)]
		if sameName {
			problems = append(problems, Problem{Position: Position{File: path},
				Text: fmt.Sprintf("has the same stack name as %s; rename one of them", first)})
		} else {
			paths[strings.ToLower(name)] = path
		}
		if !IsStackName(name) {
			problems = append(problems, Problem{Position: Position{File: path},
				Text: fmt.Sprintf("%s is no name for a stack; use letters, digits, hyphens and underscores", quote(name))})
		}
		file, err := loadFile(path, today)
		var ofFile Problems
		if errors.As(err, &ofFile) {
			problems = append(problems, ofFile...)
		}
		if sameName {
			continue // which of the two is meant will be known when one is renamed
		}
		file.Name, file.faulty = name, append(file.faulty, ofFile.paths()...)
		if !file.isRead() {
			file.faulty = faultyPaths{""}
		}
		refused, warned := file.takeOnce(path, taken)
		problems, file.Warnings = append(problems, refused...), append(file.Warnings, warned...)
		files = append(files, file)
		if file.faulty.at("backend") {
			continue // where it keeps its state will be known when that is mended
		}
		state := file.Backend().stateOf(file.Name)
		if first, taken := states[state]; taken && state != "" {
			problems = append(problems, Problem{Position: file.positionOf("backend"), Path: "backend",
				Text: fmt.Sprintf("keeps its state where %s keeps its own, so that each would destroy what the other made; give each "+
					"its own key, path or prefix", first)})
		} else {
			states[state] = path
		}
	}
	if len(paths) == 0 {
		return nil, Problems{{Position: Position{File: folder}, Text: "has no environment; add a file such as dev.yaml"}}
	}
	if err := slices.Concat(problems, resolveRoles(files), orderProblems(files)).asError(); err != nil {
		return nil, err
	}
	return files, nil
}

func loadFile(path string, today time.Time) (File, error) {
	content, err := readFile(path)
	if err != nil {
		return File{}, Problems{{Position: Position{File: path}, Text: err.Error()}}
	}
	return parse(path, content, today)
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

// Parse reads and checks the content of one environment file. Its path is for messages, and the files that it names are looked
// for from there. The error is every fault at once, as [Problems]; a file of roles is one.
func Parse(path string, content []byte, today time.Time) (Environment, Problems, error) {
	file, err := parse(path, content, today)
	if err == nil && file.Roles != nil {
		err = Problems{{Position: file.positionOf("github"), Path: "github",
			Text: "makes this a file of roles, and no environment; name an environment's file"}}
	}
	if err != nil {
		return Environment{}, nil, err
	}
	return file.Environment, file.Warnings, nil
}

// parse returns what could be read of a faulty file as well: two files may have the same state all the same.
func parse(path string, content []byte, today time.Time) (File, error) {
	fail := func(line, column int, text string) (File, error) {
		return File{}, Problems{{Position: Position{File: path, Line: line, Column: column}, Text: text}}
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
	d := &decoder{file: path, positions: map[string]Position{}, meant: map[string]bool{}, former: map[string]string{}}
	if err := reader.Decode(&more); err == nil { // which hides no fault of the first one
		d.refuse(&more, "", "begins a second document; keep one environment a file")
	} else if !errors.Is(err, io.EOF) {
		line, text := syntaxError(err, content)
		return fail(line, 1, text)
	}

	root := document.Content[0]
	domain, github := keyOf(root, "domain"), keyOf(root, "github")
	if domain != nil && github != nil {
		return fail(github.Line, github.Column,
			"github: cannot go with domain: a file is an environment or the roles that deploy some; put the one or the other into a "+
				"file of its own")
	}
	if github != nil {
		return d.parseRoles(root)
	}
	return d.parseEnvironment(root, today)
}

// keyOf is the node of a key of a mapping; nil if it is not there.
func keyOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i]
		}
	}
	return nil
}

func (d *decoder) parseEnvironment(root *yaml.Node, today time.Time) (File, error) {
	var environment Environment
	d.kind = reflect.TypeOf(environment)
	d.decode(root, "", reflect.ValueOf(&environment).Elem())
	for i, problem := range d.problems {
		if problem.Path == "domain" && problem.Text == missing {
			d.problems[i].Text = "is missing; add the key, or github: if this is to be a file of roles"
		}
	}
	if text := environment.readMetadata(filepath.Dir(d.file)); text != "" {
		d.problems = append(d.problems, Problem{Position: d.positionOf(metadataFile), Path: metadataFile, Text: text})
	}
	problems := slices.Concat(d.problems, d.locate(check(environment, d.refusedOrMeant())))
	environment = environment.WithDefaults()
	file := File{Environment: environment, positionOf: d.positionOf, faulty: slices.Collect(maps.Keys(d.meant))}
	if err := problems.asError(); err != nil {
		return file, err
	}
	file.Warnings = append(d.warnings, d.locate(environment.Warnings(today))...)
	file.Warnings.sort()
	return file, nil
}

// locate gives problems the place of their key, or of the nearest key around it that is in the file.
func (d *decoder) locate(problems Problems) Problems {
	for i := range problems {
		problems[i].Position = d.positionOf(problems[i].Path)
	}
	return problems
}

func (d *decoder) positionOf(path string) Position {
	for ; path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
		if known, ok := d.positions[path]; ok {
			return known
		}
	}
	return Position{File: d.file, Line: 1, Column: 1}
}

// syntaxError says in which line the YAML library gave up, and why: the last of the fewest lines that give the same error.
// The line that the library names is often where the section began.
func syntaxError(err error, content []byte) (line int, text string) {
	lines := bytes.SplitAfter(content, []byte("\n"))
	line = 1 + sort.Search(len(lines)-1, func(n int) bool {
		return fmt.Sprint(readAll(bytes.Join(lines[:n+1], nil))) == err.Error()
	})
	for at := max(line-1, 1); at <= min(line+1, len(lines)); at++ {
		if indent := lines[at-1][:len(lines[at-1])-len(bytes.TrimLeft(lines[at-1], " \t"))]; bytes.ContainsRune(indent, '\t') {
			return at, "is indented with a tab, which YAML does not have; indent with spaces"
		}
	}
	text = syntaxLine.ReplaceAllString(err.Error(), "")
	if strings.Contains(text, "incompatible YAML document") {
		return line, "names another version of YAML than is read here; leave the line out"
	}
	return line, "is no YAML: " + strings.ReplaceAll(text, "\n", " ") + "; mend the line or the one before"
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line \d+: )?`)

// readAll is the first error of all documents.
func readAll(content []byte) error {
	reader := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document yaml.Node
		if err := reader.Decode(&document); err != nil {
			return err
		}
	}
}

package slimaws

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed resolve.js
var resolveScript []byte

// hooks is what comes at the end of scripts of cdktf, by their paths.
var hooks = map[string][]byte{"lib/tokens/private/resolve.js": resolveScript}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// bundleCDKTF makes an assembly of cdktf whose scripts are one file. Of archiver, which alone is as large as the rest, it has
// a stub: it zips assets, which the stacks here do not have.
func bundleCDKTF(tarball []byte) (assembly, error) {
	files := scripts{}
	var kept []tarFile
	err := eachFile(tarball, func(name string, content io.Reader) error {
		extension := path.Ext(name)
		if name != ".jsii" && extension != ".js" && extension != ".json" {
			return nil
		}
		read, err := io.ReadAll(content)
		files[name] = read
		if name == ".jsii" || name == "package.json" {
			kept = append(kept, tarFile{name, read})
		}
		return err
	})
	if err != nil {
		return assembly{}, fmt.Errorf("cdktf's tarball: %w", err)
	}
	for name, hook := range hooks {
		if files[name] == nil {
			return assembly{}, fmt.Errorf("cdktf's tarball has no %s", name)
		}
		files[name] = slices.Concat(withoutSourceMap(files[name]), hook)
	}
	const entry = "lib/index.js"
	if files[entry] == nil {
		return assembly{}, fmt.Errorf("cdktf's tarball has no %s", entry)
	}
	bundled, err := files.bundle(entry, map[string]string{
		"archiver": "undefined",
	})
	if err != nil {
		return assembly{}, err
	}
	return pack(append(kept, tarFile{entry, bundled}))
}

// whenRun is what the bundle does when Node runs it as a program: cdktf does so with the script that zips assets.
const whenRun = `if (require.main === module) {
  console.error("archives of assets need the whole cdktf: run with SLIMAWS=off");
  process.exit(1);
}
`

// scripts are the .js and .json files of an npm package, by their paths in it.
type scripts map[string][]byte

var requireCall = regexp.MustCompile(`\brequire\(["']([^"'\n]+)["']\)`)

// bundle writes entry and all that it requires by a literal name into one CommonJS script. What the package does not have,
// such as Node's own modules and constructs, is left to Node. A module named in stubs
// exports the value that stands there.
func (files scripts) bundle(entry string, stubs map[string]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\"use strict\";\n" + whenRun + "const modules = {\n")
	order := []string{entry}
	for i := 0; i < len(order); i++ { // order grows
		name := order[i]
		if path.Ext(name) == ".json" {
			content, err := nameAndVersion(name, files[name])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			fmt.Fprintf(&b, "%q: [{}, function (module) { module.exports = %s; }],\n", name, content)
			continue
		}
		required := map[string]string{}
		for _, call := range requireCall.FindAllSubmatch(files[name], -1) {
			request := string(call[1])
			target := files.resolve(name, request)
			if _, ok := stubs[request]; ok {
				target = "stub of " + request
			}
			if target == "" {
				continue
			}
			required[request] = target
			if !slices.Contains(order, target) && files[target] != nil {
				order = append(order, target)
			}
		}
		encoded, err := json.Marshal(required)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q: [%s, function (module, exports, require) {\n%s\n}],\n", name, encoded, withoutSourceMap(files[name]))
	}
	for _, name := range sortedKeys(stubs) {
		fmt.Fprintf(&b, "%q: [{}, function (module) { module.exports = %s; }],\n", "stub of "+name, stubs[name])
	}
	fmt.Fprintf(&b, `};
const loaded = {};
function load(name) {
  if (loaded[name]) return loaded[name].exports;
  const module = (loaded[name] = { exports: {}, id: name });
  const [required, run] = modules[name];
  run.call(module.exports, module, module.exports, (request) => (request in required ? load(required[request]) : require(request)));
  return module.exports;
}
module.exports = load(%q);
`, entry)
	return b.Bytes(), nil
}

// resolve finds what a script of the package requires, in the way of Node; "" if the package does not have it.
// https://nodejs.org/api/modules.html#all-together
func (files scripts) resolve(from, request string) string {
	if strings.HasPrefix(request, ".") {
		return files.find(path.Join(path.Dir(from), request))
	}
	for folder := path.Dir(from); ; folder = path.Dir(folder) {
		dependency := path.Join(folder, "node_modules", request)
		var description struct{ Main string }
		content := files[dependency+"/package.json"]
		if content != nil && json.Unmarshal(content, &description) == nil && description.Main != "" {
			if found := files.find(path.Join(dependency, description.Main)); found != "" {
				return found
			}
		}
		if found := files.find(dependency); found != "" || folder == "." {
			return found
		}
	}
}

// find is the script that a path without its ending means.
func (files scripts) find(name string) string {
	for _, candidate := range []string{name, name + ".js", name + ".json", name + "/index.js"} {
		if files[candidate] != nil {
			return candidate
		}
	}
	return ""
}

// nameAndVersion cuts a package.json to what its package asks of it; another JSON file stays whole.
func nameAndVersion(name string, content []byte) ([]byte, error) {
	if path.Base(name) != "package.json" {
		return content, nil
	}
	var description struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	if err := json.Unmarshal(content, &description); err != nil {
		return nil, err
	}
	return json.Marshal(description)
}

package slimaws

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// assembly is a jsii assembly: an npm package with a .jsii file that describes its types.
type assembly struct {
	Name, Version string
	Tarball       []byte
}

const providerName = "@cdktf/provider-aws"

// cutProvider makes the slim assembly of the AWS provider: package.json as it is, .jsii with the types of packages, their
// scripts, and an index of them.
func cutProvider(tarball []byte, packages []string) (assembly, error) {
	cut := providerCut{wanted: map[string]bool{}}
	for _, name := range packages {
		cut.wanted[name] = true
	}
	if err := eachFile(tarball, cut.file); err != nil {
		return assembly{}, fmt.Errorf("the provider's tarball: %w", err)
	}
	for _, folder := range cut.folders {
		delete(cut.wanted, strings.ReplaceAll(folder, "-", ""))
	}
	if len(cut.wanted) > 0 {
		return assembly{}, fmt.Errorf("the AWS provider has no package %s; name it as Go imports it",
			strings.Join(sortedKeys(cut.wanted), ", "))
	}
	cut.keep("lib/index.js", cut.index())
	return pack(cut.files)
}

// providerCut is what of the provider is wanted, and what of that was found.
type providerCut struct {
	wanted  map[string]bool   // Go packages
	folders map[string]string // below lib, by the name of the submodule, such as elasticsearch-domain of elasticsearchDomain
	files   []tarFile
}

func (cut *providerCut) keep(name string, content []byte) {
	cut.files = append(cut.files, tarFile{name, content})
}

// file takes what is wanted of one file of the tarball.
func (cut *providerCut) file(name string, content io.Reader) error {
	folder, isScript := strings.CutPrefix(name, "lib/")
	folder, _, inFolder := strings.Cut(folder, "/")
	switch {
	case name == ".jsii":
		description, err := cut.description(content)
		if err != nil {
			return fmt.Errorf(".jsii: %w", err)
		}
		cut.keep(name, description)
	case name == "package.json",
		isScript && inFolder && strings.HasSuffix(name, ".js") && cut.wanted[strings.ReplaceAll(folder, "-", "")]:
		script, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		cut.keep(name, withoutSourceMap(script))
	}
	return nil
}

// index is lib/index.js: like the provider's own, but for the submodules that are there.
func (cut *providerCut) index() []byte {
	var b bytes.Buffer
	b.WriteString("\"use strict\";\nObject.defineProperty(exports, \"__esModule\", { value: true });\n")
	for _, submodule := range sortedKeys(cut.folders) {
		fmt.Fprintf(&b, "exports.%s = require(%q);\n", submodule, "./"+cut.folders[submodule])
	}
	return b.Bytes()
}

// description cuts .jsii to the wanted members of "types" and "submodules". It reads lines, for a JSON decoder would take ten
// times as long for the 120 MB: jsii writes them with an indentation of two, and strings in JSON hold no line feed. It gives
// up on whatever looks different.
func (cut *providerCut) description(content io.Reader) ([]byte, error) {
	var (
		out     bytes.Buffer
		section string // the member that is cut
		kept    bool   // whether the section has an entry in out already
		entry   []byte // the entry that is read, if it is wanted
		inEntry bool
	)
	cut.folders = map[string]string{}
	lines := bufio.NewReaderSize(content, 1<<20)
	for {
		line, err := lines.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) { // a docstring of a megabyte
			whole := bytes.Clone(line)
			line, err = lines.ReadSlice('\n')
			line = append(whole, line...)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		ended := err != nil
		text := bytes.TrimSuffix(line, []byte("\n"))
		switch {
		case inEntry:
			if entry != nil {
				entry = append(entry, line...)
			}
			if !bytes.Equal(text, []byte("    }")) && !bytes.Equal(text, []byte("    },")) {
				break
			}
			inEntry = false
			if entry == nil {
				break
			}
			entry = bytes.TrimRight(entry, ",\n")
			if section == "submodules" {
				if err := cut.addFolder(entry); err != nil {
					return nil, err
				}
			}
			if kept {
				out.WriteString(",\n")
			}
			out.Write(entry)
			kept, entry = true, nil
		case section == "":
			out.Write(line)
			switch string(text) {
			case `  "types": {`:
				section, kept = "types", false
			case `  "submodules": {`:
				section, kept = "submodules", false
			}
		case bytes.HasPrefix(text, []byte("  }")):
			section = ""
			out.WriteByte('\n')
			out.Write(line)
		case bytes.HasPrefix(text, []byte(`    "`+providerName+".")) && bytes.HasSuffix(text, []byte(`": {`)):
			inEntry = true
			name := text[len(`    "`+providerName+"."):]
			if end := bytes.IndexAny(name, `."`); cut.wanted[strings.ToLower(string(name[:end]))] {
				entry = append([]byte{}, line...)
			}
		default:
			return nil, fmt.Errorf("a line of %q is not as jsii writes it: %.80q", section, text)
		}
		if ended {
			break
		}
	}
	if section != "" || inEntry || !json.Valid(out.Bytes()) {
		return nil, errors.New("it is not laid out as jsii writes it")
	}
	return out.Bytes(), nil
}

// addFolder notes the folder of a submodule: `"symbolId": "src/elasticsearch-domain/index:"`.
func (cut *providerCut) addFolder(entry []byte) error {
	var submodules map[string]struct{ SymbolID string }
	if err := json.Unmarshal(slices.Concat([]byte("{"), entry, []byte("}")), &submodules); err != nil {
		return err
	}
	for name, submodule := range submodules {
		folder := strings.TrimSuffix(strings.TrimPrefix(submodule.SymbolID, "src/"), "/index:")
		cut.folders[strings.TrimPrefix(name, providerName+".")] = folder
	}
	return nil
}

// withoutSourceMap drops the source map at a script's end, most of its size.
func withoutSourceMap(script []byte) []byte {
	if i := bytes.LastIndex(script, []byte("\n//# sourceMappingURL=data:")); i >= 0 {
		return script[:i+1]
	}
	return script
}

// tarFile is a file of an npm package, by its path in the package.
type tarFile struct {
	name    string
	content []byte
}

// eachFile calls take for every file of an npm tarball, in its order.
func eachFile(tarball []byte, take func(name string, content io.Reader) error) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return err
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(strings.TrimPrefix(header.Name, "package/"), files); err != nil {
			return err
		}
	}
}

// describe is the assembly of a tarball as it is.
func describe(tarball []byte) (assembly, error) {
	described := assembly{Tarball: tarball}
	err := eachFile(tarball, func(name string, content io.Reader) error {
		if name != "package.json" {
			return nil
		}
		return json.NewDecoder(content).Decode(&described)
	})
	if err == nil && described.Name == "" {
		err = errors.New("no package.json")
	}
	if err != nil {
		return assembly{}, fmt.Errorf("a package's tarball: %w", err)
	}
	return described, nil
}

// pack makes an assembly of files, which must have a package.json. The same files give the same bytes.
func pack(files []tarFile) (assembly, error) {
	slices.SortFunc(files, func(a, b tarFile) int { return strings.Compare(a.name, b.name) })
	var packed assembly
	var b bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return assembly{}, err
	}
	writer := tar.NewWriter(zipped)
	for _, file := range files {
		if file.name == "package.json" {
			if err := json.Unmarshal(file.content, &packed); err != nil {
				return assembly{}, err
			}
		}
		header := tar.Header{
			Typeflag: tar.TypeReg, Format: tar.FormatUSTAR,
			Name: "package/" + file.name, Mode: 0o644, Size: int64(len(file.content)),
		}
		if err := writer.WriteHeader(&header); err != nil {
			return assembly{}, err
		}
		if _, err := writer.Write(file.content); err != nil {
			return assembly{}, err
		}
	}
	if err := errors.Join(writer.Close(), zipped.Close()); err != nil {
		return assembly{}, err
	}
	packed.Tarball = b.Bytes()
	return packed, nil
}

// Package scaffold is environment files to begin with: a new one by a few answers, and any environment as YAML with comments. It is
// plain Go, and knows of AWS what spec does.
//
//   - scaffold.go puts a file into the folder of the environments, and never over another (this file);
//   - draft.go writes an environment as YAML with comments;
//   - answers.go is what a new environment's file is made of: the questions, what may be answered, and what becomes of it.
package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cdktf-aimetrics/spec"
)

// Path is the file of an environment in a folder, or the error that says why there can be none of this name: it is no stack's, or taken.
// File systems do not all tell cases apart, so neither are names.
func Path(folder, name string) (string, error) {
	if !spec.IsStackName(name) {
		return "", fmt.Errorf("%q is no name for an environment; use letters, digits, hyphens and underscores", name)
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the folder %s cannot be read (%w); mend it, or name another with --environments", folder, reason(err))
	}
	for _, entry := range entries {
		extension := filepath.Ext(entry.Name())
		if (extension == ".yaml" || extension == ".yml") && strings.EqualFold(strings.TrimSuffix(entry.Name(), extension), name) {
			return "", taken(filepath.Join(folder, entry.Name()))
		}
	}
	return filepath.Join(folder, name+".yaml"), nil
}

func taken(path string) error {
	return fmt.Errorf("%s is there already, and stays as it is; choose another name, or move the file away", path)
}

// SchemaOf is the path, from the files of a folder, of the JSON Schema by which editors know environment files; "" where there is none:
// the folder is in no clone of the project.
func SchemaOf(folder string) string {
	const schema = "../spec/environment.schema.json"
	if info, err := os.Stat(filepath.Join(folder, filepath.FromSlash(schema))); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return schema
}

// Create writes a file that is not there yet, and its folder. It is all there or not at all, and no file is written over, not even one
// that comes up at the same time.
func Create(path, content string) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return unwritable(path, err)
	}
	aside, err := os.CreateTemp(folder, ".draft-*")
	if err != nil {
		return unwritable(path, err)
	}
	defer os.Remove(aside.Name())
	_, err = aside.WriteString(content)
	if err := errors.Join(err, aside.Chmod(0o644), aside.Close()); err != nil {
		return unwritable(path, err)
	}
	// Unlike a rename, a link is refused where there is a file.
	err = os.Link(aside.Name(), path)
	switch {
	case errors.Is(err, fs.ErrExist):
		return taken(path)
	case err != nil: // a file system without links
		return createInPlace(path, content)
	}
	return nil
}

// createInPlace writes a file where that cannot be done aside. What it began and could not end it takes away.
func createInPlace(path, content string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return taken(path)
	}
	if err != nil {
		return unwritable(path, err)
	}
	_, err = file.WriteString(content)
	if err := errors.Join(err, file.Close()); err != nil {
		os.Remove(path)
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	return fmt.Errorf("%s cannot be written (%w); make its folder writable, or name another with --environments", path, reason(err))
}

// reason is why a file operation failed, without the operation and the path.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

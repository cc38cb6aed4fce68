package outdir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// otherLanguage is what an earlier run wrote in the place of a file of this run's: Terraform would read both.
var otherLanguage = map[string]string{"cdk.tf": "cdk.tf.json", "cdk.tf.json": "cdk.tf"}

// publish moves every file of aside to the same place in outdir. It first sees that each can be moved, so that it moves all or none.
func publish(aside, outdir string) error {
	var files []string // by their paths in aside
	err := filepath.WalkDir(aside, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := filepath.Rel(aside, path)
		files = append(files, file)
		return err
	})
	if err != nil {
		return err
	}
	checked := map[string]bool{} // folders
	for _, file := range files {
		target := filepath.Join(outdir, file)
		if folder := filepath.Dir(target); !checked[folder] {
			if err := checkFolder(folder); err != nil {
				return err
			}
			checked[folder] = true
		}
		if info, err := os.Lstat(target); err == nil && info.IsDir() {
			return &fs.PathError{Op: "write", Path: target, Err: errors.New("is a folder")}
		}
	}
	for _, file := range manifestLast(files) {
		target := filepath.Join(outdir, file)
		if err := os.Rename(filepath.Join(aside, file), target); err != nil {
			return err
		}
		if other, ok := otherLanguage[filepath.Base(file)]; ok {
			if err := os.Remove(filepath.Join(filepath.Dir(target), other)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// manifestLast is files with the manifest at the end: it is what cdktf reads first, and names the others.
func manifestLast(files []string) []string {
	return slices.SortedStableFunc(slices.Values(files), func(a, b string) int {
		rank := map[string]int{"manifest.json": 1}
		return rank[a] - rank[b]
	})
}

// checkFolder makes a folder, unless it is there, and returns an error if no file could be moved into it.
func checkFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := writable(folder); err != nil {
		return &fs.PathError{Op: "write", Path: folder, Err: err}
	}
	return nil
}

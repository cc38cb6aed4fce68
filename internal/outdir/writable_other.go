//go:build !unix

package outdir

import (
	"errors"
	"io/fs"
	"os"
)

// writable returns an error if files cannot be moved into a folder.
func writable(folder string) error {
	probe, err := os.CreateTemp(folder, leftover)
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

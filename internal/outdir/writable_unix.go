//go:build unix

package outdir

import "golang.org/x/sys/unix"

// writable returns an error if files cannot be moved into a folder. It asks the system, and makes none to see: with hundreds of stacks,
// that took as long as moving them.
func writable(folder string) error {
	return unix.Access(folder, unix.W_OK|unix.X_OK)
}

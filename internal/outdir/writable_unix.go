//go:build unix

package outdir

import "syscall"

// writable returns an error if files cannot be moved into a folder. It asks the system, and makes none to see: with hundreds of stacks,
// that took as long as moving them.
func writable(folder string) error {
	const write, search = 2, 1 // W_OK and X_OK of access(2)
	return syscall.Access(folder, write|search)
}

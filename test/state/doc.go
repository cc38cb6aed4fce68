// Package state tests where Terraform keeps the state, with the build tag integration: locks, kills and moves between backends, on
// the servers of servers_integration_test.go. docs/state.md is what they show.
package state

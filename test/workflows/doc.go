// Package workflows tests .github:
//
//   - workflows_test.go reads the workflows: rights, pins, credentials, order;
//   - steps_integration_test.go runs their steps, one by one, with the build tag integration;
//   - runner_integration_test.go is the machine that they run on.
package workflows

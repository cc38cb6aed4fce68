// Package workflows tests .github:
//
//   - workflows_test.go reads the workflows: rights, pins, credentials, order;
//   - steps_integration_test.go runs their steps, one by one, with the build tag integration;
//   - whole_integration_test.go runs whole workflows, the steps of their jobs in order, for pull requests, merges and drift;
//   - terraform_integration_test.go looks at what Terraform gets from them: providers, and the credentials of states;
//   - act_integration_test.go has an engine, nektos/act, run the workflows: conditions, matrices, outputs;
//   - github_integration_test.go is GitHub, as far as the scripts ask it;
//   - runner_integration_test.go is the machine that they run on.
package workflows

// Package deploy tests the stacks' way to AWS, with the build tag integration:
//
//   - cdktf_integration_test.go: cdktf's command line lists and plans them;
//   - checkov_integration_test.go: Checkov passes prod;
//   - hcl_integration_test.go: Terraform, with the AWS provider, takes the examples, and the HCL of all as it takes their JSON;
//   - readme_integration_test.go: README's two roads are run as they are written, and what `cdktf watch` looks at is seen to change;
//   - emulator_integration_test.go: Terraform makes, changes and destroys them on an emulator of AWS, testdata/emulator.py;
//   - leaving_integration_test.go, parts_integration_test.go: what leaves the file of a deployed stack is off, each section and each part
//     of one;
//   - adopt_integration_test.go: Terraform takes domains over by the files that `aimetrics adopt` writes.
//
// No registry that tests can count on has the AWS provider. What needs it skips where `terraform init` finds none, be it in a mirror
// that TF_CLI_CONFIG_FILE names.
package deploy

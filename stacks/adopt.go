package stacks

import "cdktf-aimetrics/spec"

func isAdopted(e spec.Environment) bool { return e.Adopt != "" }

// adopt has Terraform take over the domain that exists.
// https://developer.hashicorp.com/terraform/language/import
func adopt(build *build) {
	build.metrics.Domain.ImportFrom(&build.environment.Adopt, nil)
}

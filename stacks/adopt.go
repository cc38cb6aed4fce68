package stacks

import (
	"github.com/aws/jsii-runtime-go"

	"cdktf-aimetrics/spec"
)

func isAdopted(e spec.Environment) bool { return e.Adopt != "" }

// adopt has Terraform take over the domain that exists.
// https://developer.hashicorp.com/terraform/language/import
func adopt(build *build) {
	if WritesHCL() {
		build.metrics.Domain.ImportFrom(&build.environment.Adopt, nil)
		return
	}
	// ImportFrom would run `terraform version` at each synthesis, and fail where there is no Terraform.
	build.stack.AddOverride(jsii.String("import"), []any{map[string]any{
		"id": build.environment.Adopt, "to": domainAddress}})
}

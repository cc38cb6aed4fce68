package stacks

import (
	"os"
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// cdktf writes HCL for `cdktf synth --hcl`, the way out of it, but not all of it right. This is what it needs.

// WritesHCL reports whether cdktf writes HCL instead of JSON, for which `cdktf synth --hcl` sets a variable.
func WritesHCL() bool {
	return os.Getenv("SYNTH_HCL_OUTPUT") == "true"
}

// setReplaceTriggeredBy has a resource replaced with what reference names, unless preventDestroy refuses that. Terraform wants the
// reference alone, and in HCL cdktf would put it in quotes, but for a text that begins with a bracket.
func setReplaceTriggeredBy(resource cdktf.TerraformResource, reference string, preventDestroy *bool) {
	if !WritesHCL() {
		resource.SetLifecycle(&cdktf.TerraformResourceLifecycle{ReplaceTriggeredBy: &[]any{reference}, PreventDestroy: preventDestroy})
		return
	}
	lifecycle := map[string]any{"replace_triggered_by": "[" + reference + "]"}
	if preventDestroy != nil {
		lifecycle["prevent_destroy"] = *preventDestroy
	}
	resource.AddOverride(jsii.String("lifecycle"), lifecycle)
}

// forget has Terraform leave alone on AWS what it made at an address, and that is in the stack no longer. cdktf knows no such block, and
// in HCL leaves out what overrides a stack: there it comes out of a local value, which cdktf writes as it is where it begins with a
// bracket.
// https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
func forget(stack cdktf.TerraformStack, address string) {
	if !WritesHCL() {
		stack.AddOverride(jsii.String("removed"), []any{map[string]any{
			"from": address, "lifecycle": map[string]any{"destroy": false}}})
		return
	}
	cdktf.NewTerraformLocal(stack, jsii.String("forgotten"), "[\""+address+"\"]\n}\n\nremoved {\n  from = "+address+
		"\n\n  lifecycle {\n    destroy = false\n  }\n}\n\nlocals {")
}

// literal is a text that Terraform must not read as a template. In HCL cdktf would not escape it, and add a newline to one of
// many lines.
func literal(text string) string {
	text = strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
	if WritesHCL() {
		text = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(text)
	}
	return text
}

// setPostcondition adds a postcondition to a data source: in HCL a block, which cdktf writes as a list.
func setPostcondition(source cdktf.TerraformDataSource, postcondition cdktf.Postcondition) {
	if !WritesHCL() {
		source.SetLifecycle(&cdktf.TerraformResourceLifecycle{Postcondition: &[]*cdktf.Postcondition{&postcondition}})
		return
	}
	source.AddOverride(jsii.String("lifecycle"), map[string]any{"value": map[string]any{"postcondition": map[string]any{
		"isBlock": true, "type": "list",
		"value": []any{map[string]any{"condition": postcondition.Condition, "error_message": postcondition.ErrorMessage}},
	}}})
}

package stacks

import "github.com/aws/jsii-runtime-go"

// These turn the plain values of spec into the pointers of jsii, with nothing for what was not given.

func optionalString(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

func optionalNumber(value int) *float64 {
	if value == 0 {
		return nil
	}
	return jsii.Number(value)
}

func stringList(values []string) *[]*string {
	return jsii.Strings(values...)
}

func stringMap(values map[string]string) *map[string]*string {
	if len(values) == 0 {
		return nil
	}
	pointers := make(map[string]*string, len(values))
	for key, value := range values {
		pointers[key] = &value
	}
	return &pointers
}

// reference is an attribute of what the stack makes, in Terraform's words. jsii would have a token for it, which becomes the same: but that
// takes a request, and another one of those texts that cdktf has to resolve, and with many stacks these are what takes the time.
func reference(address, attribute string) *string {
	return jsii.String("${" + address + "." + attribute + "}")
}

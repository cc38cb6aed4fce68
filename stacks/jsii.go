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

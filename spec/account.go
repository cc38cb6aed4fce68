package spec

import (
	"reflect"
	"regexp"
)

// ownARN is a key that holds the ARN of what AWS takes from the stack's own account alone: a role that is passed, the boundary of roles, a
// certificate. Keys, secrets and topics may be of another one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
// https://docs.aws.amazon.com/acm/latest/userguide/acm-services.html
type ownARN[T any] struct {
	path string
	of   func(T) string // "" if the file has none
}

// oneAccount is the rule that all of them are of one account. Which it is no file says.
func oneAccount[T any](name string, arns []ownARN[T]) ruleOf[T] {
	return ruleOf[T]{name, func(file T) []finding {
		var first, firstPath string
		var others []finding
		for _, own := range arns {
			arn := own.of(file)
			account := arnAccount.FindStringSubmatch(arn)
			switch {
			case account == nil || isToken(reflect.ValueOf(arn)):
			case first == "":
				first, firstPath = account[1], own.path
			case account[1] != first:
				others = append(others, findingAt(own.path, "%s is of the account %s, and %s is of %s, where AWS takes both from the "+
					"stack's own account alone; name what is there", quote(arn), account[1], firstPath, first)...)
			}
		}
		return others
	}}
}

// arnAccount is the account in an ARN; what AWS itself made has none.
var arnAccount = regexp.MustCompile(`^arn:[^:]+:[^:]+:[^:]*:(\d{12}):`)

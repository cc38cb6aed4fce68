package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// valueFault is what is wrong with a value of path by itself; "" if nothing is.
func valueFault(path string, value any) string {
	return allowedValues[pattern(path)].fault(value)
}

// allowed is what a value may be by itself. All of it that is data is in the JSON Schema too, which is made from it: see
// schema_test.go. The zero value allows everything.
type allowed struct {
	pattern     func() *regexp.Regexp // of a text, in the syntax that Go and JSON Schema have in common
	texts       []string              // those there are
	numbers     []int                 // those there are
	least, most int                   // of a number; 0 and 0: any
	multipleOf  int                   // of a number, which is then above 0; 0: any

	// What is wrong with a value that is not so, and what to do.
	wrong func(value any) string
	// The same of a value that is so, and that has a fault which no data can say; "" if it has none.
	alsoWrong func(value any) string
}

// fault is what is wrong with a value, which is a zero one only where a pointer tells that from none; "" if nothing is.
func (allowed allowed) fault(value any) string {
	if !allowed.has(value) {
		return allowed.wrong(value)
	}
	if allowed.alsoWrong != nil {
		return allowed.alsoWrong(value)
	}
	return ""
}

// has reports whether a value is what the data says.
func (allowed allowed) has(value any) bool {
	switch value := value.(type) {
	case string:
		return (allowed.pattern == nil || allowed.pattern().MatchString(value)) &&
			(allowed.texts == nil || slices.Contains(allowed.texts, value))
	case int:
		return (allowed.numbers == nil || slices.Contains(allowed.numbers, value)) &&
			(allowed.most == 0 || allowed.least <= value && value <= allowed.most) &&
			(allowed.multipleOf == 0 || value > 0 && value%allowed.multipleOf == 0)
	default:
		return true
	}
}

// iamPath is the path and the name of a role, a user or a policy, without what an IAM policy takes for a pattern.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
const iamPath = `([\w+=,.@-]+/)*[\w+=,.@-]+`

// awsARN is the beginning of an ARN, up to what the provider takes for a partition.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/verify/validate.go
const awsARN = `arn:aws(-[a-z]+)*`

// What several keys hold.
var (
	keyARN      = matches(`^(`+awsARN+`:kms:[a-z0-9-]+:\d{12}:key/)?[0-9a-zA-Z-]{1,64}$`, "a KMS key; write its ARN, not an alias")
	wholeKeyARN = matches(`^`+awsARN+`:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]{1,64}$`,
		`the ARN of a KMS key; write one such as "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"`)
	roleARN = nameAtMost(64, matches(`^`+awsARN+`:iam::\d{12}:role/`+iamPath+`$`,
		"the ARN of an IAM role; write one such as \"arn:aws:iam::111122223333:role/cognito\""))
	policyARN = nameAtMost(128, matches(`^`+awsARN+`:iam::(\d{12}|aws):policy/`+iamPath+`$`,
		`the ARN of an IAM policy; write one such as "arn:aws:iam::111122223333:policy/boundary"`))
	roleOrUserARN = nameAtMost(64, matches(`^`+awsARN+`:iam::\d{12}:(role|user)/`+iamPath+`$`,
		"the ARN of an IAM role or user; write one such as \"arn:aws:iam::111122223333:role/metrics\""))
	certificateARN = matches(`^`+awsARN+`:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+$`,
		"the ARN of an ACM certificate; write one such as \"arn:aws:acm:eu-central-1:111122223333:certificate/…\"")
	userPool = atMostLong(55, matches(`^[a-z0-9-]+_[0-9a-zA-Z]+$`,
		`the id of a Cognito user pool; write one such as "eu-central-1_AbCdEf123"`))
	identityPool = atMostLong(55, matches(`^[a-z0-9-]+:[0-9a-f-]+$`,
		`the id of a Cognito identity pool; write one such as "eu-central-1:11111111-2222-3333-4444-555555555555"`))
	hostedZone = matches(`^[A-Z0-9]{1,32}$`, `a hosted zone; write its id, such as "Z0123456789ABCDEFGHIJ"`)
)

var (
	subnetID        = matches(`^subnet-[0-9a-f]+$`, `a subnet; write its id, such as "subnet-0a1b2c3d4e5f60718"`)
	securityGroupID = matches(`^sg-[0-9a-f]+$`, `a security group; write its id, such as "sg-0a1b2c3d4e5f60718"`)
)

// hostName: ACM, Route 53 and the domain turn upper case into lower, and what Terraform then looks for in upper case is not there.
// https://github.com/hashicorp/terraform-provider-aws/issues/22799
var hostName = func() allowed {
	allowed := atMostLong(253, matches(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$`,
		`a host name; write one such as "metrics.example.com", without https://`))
	notMatched := allowed.wrong
	allowed.wrong = func(value any) string {
		text := value.(string)
		if lower := strings.ToLower(text); lower != text && allowed.has(lower) {
			return fmt.Sprintf("%s has upper case, which AWS turns into lower; write %q", quote(text), lower)
		}
		return notMatched(value)
	}
	return allowed
}()

// atMostLong holds a text to a length as well, where the pattern cannot.
func atMostLong(most int, allowed allowed) allowed {
	allowed.alsoWrong = func(value any) string {
		length := len([]rune(value.(string)))
		return sayIf(length > most, fmt.Sprintf("has %d characters, and AWS takes %d; shorten it", length, most))
	}
	return allowed
}

// nameAtMost holds what is named at the end of an IAM ARN to a length as well.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func nameAtMost(most int, allowed allowed) allowed {
	allowed.alsoWrong = func(value any) string {
		text := value.(string)
		length := len(text[strings.LastIndex(text, "/")+1:])
		return sayIf(length > most, fmt.Sprintf("%s has a name of %d characters, and IAM takes %d; name what there is", quote(text), length,
			most))
	}
	return allowed
}

var webAddress = matches(`^https?://[^\s/?#:]\S*$`, "a web address; begin with https:// and a host")

// matches holds a text to a regular expression; otherwise it is not what wanted says.
func matches(expression, wanted string) allowed {
	return allowed{pattern: compiled(expression), wrong: func(value any) string {
		return quote(value.(string)) + " is not " + wanted
	}}
}

// compiled compiles a regular expression when it is first asked for: most are of values that few files have, and all would take as long as
// reading a file does.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

func oneOf(candidates ...string) allowed {
	return allowed{texts: candidates, wrong: func(value any) string {
		near := didYouMean(value.(string), candidates)
		return quote(value.(string)) + " is not " + alternatives(candidates) + sayIf(len(candidates) > 1, near)
	}}
}

// judged is a value that a function alone judges.
func judged(fault func(value any) string) allowed {
	return allowed{alsoWrong: fault}
}

func alternatives(candidates []string) string {
	if len(candidates) == 1 {
		return strconv.Quote(candidates[0]) + "; write that"
	}
	return "one of " + strings.Join(candidates, ", ")
}

func didYouMean(text string, candidates []string) string {
	if name := nearest(text, candidates); name != "" {
		return fmt.Sprintf("; did you mean %q?", name) + lookAlikes(text)
	}
	return ""
}

// lookAlikes names the letters of a text that are of another alphabet than all that it can mean, though some look just the same; "" if it
// has none.
func lookAlikes(text string) string {
	var others []string
	for _, letter := range text {
		if other := fmt.Sprintf("%q (%U)", string(letter), letter); letter > unicode.MaxASCII && !slices.Contains(others, other) {
			others = append(others, other)
		}
	}
	return sayIf(others != nil, " Type it anew: it has "+strings.Join(others, " and ")+" in it")
}

func between(least, most int) allowed {
	return allowed{least: least, most: most, wrong: func(value any) string {
		return fmt.Sprintf("%d is outside %d to %d; choose a number in that range", value, least, most)
	}}
}

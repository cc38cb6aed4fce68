package spec

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// allowedValues is what a value may be by itself, by the path of its key; [] stands for every element of a list.
var allowedValues = map[string]allowed{
	"region": matches(`^[a-z]{2,4}(-[a-z]+)+-[0-9]$`, `an AWS region; write one such as "eu-central-1"`),

	"domain.domain_name":           matches(`^[a-z][0-9a-z-]{2,27}$`, "a domain name; use 3 to 28 lower-case letters, digits and hyphens, beginning with a letter"),
	"domain.elasticsearch_version": knownVersion,

	"domain.cluster_config.instance_type":                                 instanceType,
	"domain.cluster_config.instance_count":                                between(1, 200),
	"domain.cluster_config.dedicated_master_type":                         instanceType,
	"domain.cluster_config.dedicated_master_count":                        oddMasters,
	"domain.cluster_config.zone_awareness_config.availability_zone_count": between(2, 3),
	"domain.cluster_config.warm_count":                                    between(2, 150),
	"domain.cluster_config.warm_type":                                     oneOf(warmTypes...),

	"domain.ebs_options.volume_size": between(smallestVolume, 24576),
	"domain.ebs_options.volume_type": volumeType,
	"domain.ebs_options.iops":        between(1000, 256000),
	"domain.ebs_options.throughput":  between(125, 16000),

	"domain.encrypt_at_rest.kms_key_id":                              keyARN,
	"domain.domain_endpoint_options.tls_security_policy":             oneOf("Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-0-2019-07"),
	"domain.domain_endpoint_options.custom_endpoint":                 hostName,
	"domain.domain_endpoint_options.custom_endpoint_certificate_arn": certificateARN,

	"domain.advanced_security_options.master_user_options.master_user_arn": roleOrUserARN,

	"domain.cognito_options.user_pool_id":     userPool,
	"domain.cognito_options.identity_pool_id": identityPool,
	"domain.cognito_options.role_arn":         roleARN,

	"domain.vpc_options.subnet_ids[]":         matches(`^subnet-[0-9a-f]+$`, `a subnet; write its id, such as "subnet-0a1b2c3d4e5f60718"`),
	"domain.vpc_options.security_group_ids[]": matches(`^sg-[0-9a-f]+$`, `a security group; write its id, such as "sg-0a1b2c3d4e5f60718"`),

	"domain.log_publishing_options[].log_type":                 oneOf(logTypes...),
	"domain.log_publishing_options[].cloudwatch_log_group_arn": matches(`^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:[^:*]+(:\*)?$`, "the ARN of a CloudWatch log group; write one such as \"arn:aws:logs:eu-central-1:111122223333:log-group:metrics\""),

	"domain.auto_tune_options.desired_state":                                         oneOf("ENABLED", "DISABLED"),
	"domain.auto_tune_options.rollback_on_disable":                                   oneOf("NO_ROLLBACK", "DEFAULT_ROLLBACK"),
	"domain.auto_tune_options.maintenance_schedule[].start_at":                       startAt,
	"domain.auto_tune_options.maintenance_schedule[].duration.value":                 between(1, 24),
	"domain.auto_tune_options.maintenance_schedule[].duration.unit":                  oneOf("HOURS"),
	"domain.auto_tune_options.maintenance_schedule[].cron_expression_for_recurrence": matches(`^cron\(\S+( \S+){5}\)$`, `a cron expression of six fields; write one such as "cron(0 3 ? * SUN *)"`),

	"domain.snapshot_options.automated_snapshot_start_hour": between(0, 23),

	"domain.timeouts.create": duration,
	"domain.timeouts.update": duration,
	"domain.timeouts.delete": duration,

	"access.administrators[]": principal,
	"access.writers[]":        principal,
	"access.readers[]":        principal,
	"access.index_prefix":     matches(`^[a-z0-9][a-z0-9._-]{0,98}[a-z0-9]$`, `the beginning of an index name; use 2 to 100 lower-case letters, digits, dots, hyphens and underscores, a letter or digit at both ends, such as "ml-metrics"`),
	"access.source_ips[]":     address,

	"network.subnet_ids[]":                 matches(`^subnet-[0-9a-f]+$`, `a subnet; write its id, such as "subnet-0a1b2c3d4e5f60718"`),
	"network.vpc_id":                       matches(`^vpc-[0-9a-f]+$`, `a VPC; write its id, such as "vpc-0a1b2c3d4e5f60718"`),
	"network.ingress.security_group_ids[]": matches(`^sg-[0-9a-f]+$`, `a security group; write its id, such as "sg-0a1b2c3d4e5f60718"`),
	"network.ingress.cidr_blocks[]":        cidrBlock,
	"network.ingress.prefix_list_ids[]":    matches(`^pl-[0-9a-f]+$`, `a prefix list; write its id, such as "pl-0a1b2c3d4e5f60718"`),

	"encryption.kms_key_id":              wholeKeyARN,
	"encryption.deletion_window_in_days": between(7, 30),

	"sign_in.fine_grained_access_control.master_user_arn":        roleOrUserARN,
	"sign_in.fine_grained_access_control.master_user_name":       matches(`^[^\s"\\]{1,64}$`, "a user's name; use up to 64 characters without spaces, quotes and backslashes"),
	"sign_in.fine_grained_access_control.master_user_secret_arn": matches(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$`, `the ARN of a secret; write one such as "arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-AbCdEf"`),
	"sign_in.saml.entity_id":                                     matches(`^\S{8,512}$`, "an entity id; write that of your identity provider, 8 to 512 characters, as in its metadata"),
	"sign_in.saml.session_timeout_minutes":                       between(1, 1440),
	"sign_in.cognito.user_pool_domain":                           poolDomain,
	"sign_in.cognito.signed_in_users":                            oneOf("readers", "administrators"),
	"sign_in.cognito.user_pool_id":                               userPool,
	"sign_in.cognito.identity_pool_id":                           identityPool,
	"sign_in.cognito.role_arn":                                   roleARN,

	"custom_endpoint.name":               hostName,
	"custom_endpoint.zone_id":            hostedZone,
	"custom_endpoint.validation_zone_id": hostedZone,
	"custom_endpoint.certificate_arn":    certificateARN,

	"logs.log_types[]":       oneOf(logTypes...),
	"logs.retention_in_days": retention,
	"logs.kms_key_id":        wholeKeyARN,

	"alarms.email[]":                   matches(`^[^@\s]+@[^@\s]+\.[^@\s]+$`, "an e-mail address; write one such as \"oncall@example.com\""),
	"alarms.topic_arn":                 matches(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$`, `the ARN of an SNS topic; write one such as "arn:aws:sns:eu-central-1:111122223333:oncall"`),
	"alarms.tune[].alarm":              alarmName,
	"alarms.tune[].period":             alarmPeriod,
	"alarms.tune[].evaluation_periods": between(1, 1440),

	"github.repository":           repository,
	"github.branch":               matches(`^[^\s~^:?*\[\\]+$`, `the name of a branch; write one such as "main", without refs/heads/`),
	"github.environments[]":       matches(stackName.String(), `the name of an environment; write that of its file, without the ending, such as "prod"`),
	"github.oidc_provider_arn":    matches(`^arn:aws[a-z-]*:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com$`, `the ARN of GitHub's identity provider; write "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" with your account`),
	"github.name_prefix":          matches(`^[\w+=,.@-]{1,50}$`, "the beginning of a role's name; use up to 50 letters, digits and + = , . @ _ -"),
	"github.permissions_boundary": matches(`^arn:aws[a-z-]*:iam::(\d{12}|aws):policy/\S+$`, `the ARN of an IAM policy; write one such as "arn:aws:iam::111122223333:policy/boundary"`),
	"github.max_session_duration": between(3600, 43200),

	"endpoints.acm":             webAddress,
	"endpoints.cloudwatch":      webAddress,
	"endpoints.cognitoidentity": webAddress,
	"endpoints.cognitoidp":      webAddress,
	"endpoints.ec2":             webAddress,
	"endpoints.es":              webAddress,
	"endpoints.iam":             webAddress,
	"endpoints.kms":             webAddress,
	"endpoints.logs":            webAddress,
	"endpoints.route53":         webAddress,
	"endpoints.secretsmanager":  webAddress,
	"endpoints.sns":             webAddress,
	"endpoints.sts":             webAddress,

	"backend.s3.key":                                matches(`^[^/]+(/[^/]+)*$`, "a key of S3; leave out the slash at its ends and double ones"),
	"backend.s3.retry_mode":                         oneOf("standard", "adaptive"),
	"backend.azurerm.environment":                   oneOf("public", "usgovernment", "china"),
	"backend.consul.scheme":                         oneOf("http", "https"),
	"backend.http.address":                          webAddress,
	"backend.http.lock_address":                     webAddress,
	"backend.http.unlock_address":                   webAddress,
	"backend.cos.acl":                               oneOf("private", "public-read"),
	"backend.oss.acl":                               oneOf("private", "public-read", "public-read-write"),
	"backend.s3.ec2_metadata_service_endpoint_mode": oneOf("IPv4", "IPv6"),
}

// valueFault is what is wrong with a value of path by itself; "" if nothing is.
func valueFault(path string, value any) string {
	return allowedValues[pattern(path)].fault(value)
}

// allowed is what a value may be by itself. All of it that is data is in the JSON Schema too, which is made from it: see
// schema_test.go. The zero value allows everything.
type allowed struct {
	pattern     *regexp.Regexp // of a text, in the syntax that Go and JSON Schema have in common
	texts       []string       // those there are
	numbers     []int          // those there are
	least, most int            // of a number; 0 and 0: any
	multipleOf  int            // of a number, which is then above 0; 0: any

	// What is wrong with a value that is not so, and what to do.
	wrong func(value any) string
	// The same of a value that is so, and that has a fault which no data can say; "" if it has none.
	alsoWrong func(value any) string
}

// fault is what is wrong with a value, which is never a zero one; "" if nothing is.
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
		return (allowed.pattern == nil || allowed.pattern.MatchString(value)) && (allowed.texts == nil || slices.Contains(allowed.texts, value))
	case int:
		return (allowed.numbers == nil || slices.Contains(allowed.numbers, value)) &&
			(allowed.most == 0 || allowed.least <= value && value <= allowed.most) &&
			(allowed.multipleOf == 0 || value > 0 && value%allowed.multipleOf == 0)
	default:
		return true
	}
}

// What several keys hold.
var (
	keyARN         = matches(`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/)?[0-9a-zA-Z-]+$`, "a KMS key; write its ARN, not an alias")
	wholeKeyARN    = matches(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+$`, `the ARN of a KMS key; write one such as "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"`)
	roleARN        = matches(`^arn:aws[a-z-]*:iam::\d{12}:role/\S+$`, "the ARN of an IAM role; write one such as \"arn:aws:iam::111122223333:role/cognito\"")
	roleOrUserARN  = matches(`^arn:aws[a-z-]*:iam::\d{12}:(role|user)/\S+$`, "the ARN of an IAM role or user; write one such as \"arn:aws:iam::111122223333:role/metrics\"")
	certificateARN = matches(`^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/\S+$`, "the ARN of an ACM certificate; write one such as \"arn:aws:acm:eu-central-1:111122223333:certificate/…\"")
	hostName       = matches(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,63}$`, `a host name; write one such as "metrics.example.com", without https://`)
	userPool       = matches(`^[a-z0-9-]+_[0-9a-zA-Z]+$`, `the id of a Cognito user pool; write one such as "eu-central-1_AbCdEf123"`)
	identityPool   = matches(`^[a-z0-9-]+:[0-9a-f-]+$`, `the id of a Cognito identity pool; write one such as "eu-central-1:11111111-2222-3333-4444-555555555555"`)
	hostedZone     = matches(`^[A-Z0-9]{1,32}$`, `a hosted zone; write its id, such as "Z0123456789ABCDEFGHIJ"`)
)

var volumeType = oneOf("gp3", "gp2", "io1", "standard")

var webAddress = matches(`^https?://\S+$`, "a web address; begin with https://")

// matches holds a text to a regular expression; otherwise it is not what wanted says.
func matches(expression, wanted string) allowed {
	return allowed{pattern: regexp.MustCompile(expression), wrong: func(value any) string {
		return quote(value.(string)) + " is not " + wanted
	}}
}

func oneOf(candidates ...string) allowed {
	return allowed{texts: candidates, wrong: func(value any) string {
		return quote(value.(string)) + " is not " + alternatives(candidates) + didYouMean(value.(string), candidates)
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
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}

func between(least, most int) allowed {
	return allowed{least: least, most: most, wrong: func(value any) string {
		return fmt.Sprintf("%d is outside %d to %d; choose a number in that range", value, least, most)
	}}
}

// oddMasters: AWS refuses one dedicated master and more than five; two or four lose their quorum as easily as one or three.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html
var oddMasters = allowed{numbers: []int{3, 5}, wrong: func(value any) string {
	return fmt.Sprintf("%d dedicated masters have no safe quorum; use 3 or 5", value)
}}

var knownVersion = allowed{texts: versionNames(), wrong: func(value any) string {
	text := value.(string)
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.String()
	}
	hint := "; the newest is 7.10"
	if text == "7.1.0" || text == "7.10.0" || text == "7.10.2" {
		hint = `; did you mean "7.10"?`
	} else if strings.HasPrefix(text, "OpenSearch_") {
		hint = "; OpenSearch is another resource, aws_opensearch_domain"
	}
	return quote(text) + " is no version of Elasticsearch that AWS has: " + strings.Join(names, " ") + hint
}}

var instanceType = allowed{texts: instanceTypes, wrong: func(value any) string {
	text := value.(string)
	if name, isOpenSearch := strings.CutSuffix(text, ".search"); isOpenSearch {
		candidate := name + ".elasticsearch"
		if !slices.Contains(instanceTypes, candidate) {
			candidate = cmp.Or(nearest(candidate, currentInstanceTypes), "m5.large.elasticsearch")
		}
		return fmt.Sprintf("%s is an OpenSearch type; use %q", quote(text), candidate)
	}
	if slices.Contains(instanceTypes, text+".elasticsearch") {
		return fmt.Sprintf("%s lacks its ending; write %q", quote(text), text+".elasticsearch")
	}
	if slices.Contains(warmTypes, text) {
		return quote(text) + " is for UltraWarm nodes alone; use it as warm_type"
	}
	return fmt.Sprintf("%s is no instance type of AWS Elasticsearch%s", quote(text),
		cmp.Or(didYouMean(text, instanceTypes), `; write one such as "m5.large.elasticsearch"`))
}}

// startAt: AWS answers with UTC in whole seconds, and whatever else is said shows up in every plan; so would a time that is
// computed anew.
var startAt = func() allowed {
	allowed := matches(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$`, `a time in UTC and whole seconds; write one such as "2027-01-10T03:00:00Z"`)
	allowed.alsoWrong = func(value any) string { // the 30th of February
		if _, err := time.Parse("2006-01-02T15:04:05Z", value.(string)); err != nil {
			return allowed.wrong(value)
		}
		return ""
	}
	return allowed
}()

// poolDomain: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
var poolDomain = func() allowed {
	allowed := matches(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`, `the name of a sign-in page; use up to 63 lower-case letters, digits and hyphens, a letter or digit at both ends`)
	reserved := func(value any) string {
		for _, word := range []string{"aws", "amazon", "cognito"} {
			if strings.Contains(value.(string), word) {
				return fmt.Sprintf("%s has %q in it, which AWS keeps to itself; choose another name", quote(value.(string)), word)
			}
		}
		return ""
	}
	notMatched := allowed.wrong
	allowed.wrong = func(value any) string { return cmp.Or(reserved(value), notMatched(value)) }
	allowed.alsoWrong = reserved
	return allowed
}()

var retention = allowed{numbers: retentions, wrong: func(value any) string {
	return fmt.Sprintf("%d is no number of days that CloudWatch Logs takes: %s", value, strings.Trim(fmt.Sprint(retentions), "[]"))
}}

// duration is what Go takes for one, as the AWS provider does.
var duration = judged(func(value any) string {
	if parsed, err := time.ParseDuration(value.(string)); err != nil || parsed <= 0 {
		return quote(value.(string)) + ` is not a duration; write one such as "90m" or "3h"`
	}
	return ""
})

var accountNumber = regexp.MustCompile(`^\d{12}$`)

var principal = allowed{pattern: regexp.MustCompile(`^(` + Account + `|arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+))$`), wrong: func(value any) string {
	text := value.(string)
	switch {
	case text == "*":
		return `"*" is everybody; name roles, or say open_to_the_internet: true if the whole internet shall get in`
	case strings.Contains(text, ":assumed-role/"):
		return quote(text) + " is one session of a role; write the role's own ARN, arn:aws:iam::…:role/…"
	case accountNumber.MatchString(text):
		return fmt.Sprintf("%s is an account's number; write \"arn:aws:iam::%s:root\", or %q for this account's own IAM", quote(text), text, Account)
	case strings.Contains(text, ":group/"):
		return quote(text) + " is a group, which AWS takes for no principal; name a role"
	default:
		return fmt.Sprintf("%s is no principal; write the ARN of an IAM role, user or account, or %q for this account's own IAM", quote(text), Account)
	}
}}

var (
	arnPlace   = regexp.MustCompile(`^arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]*):`)
	partitions = []struct{ prefix, partition string }{{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"}}
)

// regions is every region that AWS tells of; it opens new ones, so another one is not refused.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/names/names.go
var regions = []string{"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ca-central-1", "ca-west-1",
	"cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
	"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1",
	"us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-west-1", "us-west-2"}

// partitionOf is the partition of a region.
func partitionOf(region string) string {
	partition := "aws"
	for _, candidate := range partitions {
		if strings.HasPrefix(region, candidate.prefix) {
			partition = candidate.partition
		}
	}
	return partition
}

// otherPlace says that an ARN of what belongs to the domain is of another partition or region than the domain.
func otherPlace(path, arn, region string) string {
	place := arnPlace.FindStringSubmatch(arn)
	elsewhere := []string{"backend", "default_tags", "domain.tags", "network.subnet_tags", "sign_in.saml"}
	if place == nil || slices.ContainsFunc(elsewhere, func(outer string) bool { return within(path, outer) }) {
		return ""
	}
	partition := partitionOf(region)
	switch {
	case partition == "aws" && !strings.HasPrefix(place[1], "aws-cn") && !strings.HasPrefix(place[1], "aws-us-gov") && place[1] != "aws":
		return "" // a partition that is not known here
	case place[1] != partition:
		return fmt.Sprintf("%s is in the partition %s, and region %s is in %s; name one of that", quote(arn), place[1], region, partition)
	case place[2] != "" && region != "" && place[2] != region:
		return fmt.Sprintf("%s is in %s, and the domain is in %s; name one of that region", quote(arn), place[2], region)
	default:
		return ""
	}
}

var address = judged(func(value any) string {
	text := value.(string)
	block, err := netip.ParsePrefix(text)
	if err != nil {
		single, err := netip.ParseAddr(text)
		if err != nil {
			return quote(text) + ` is neither an address nor a CIDR block; write one such as "203.0.113.0/24"`
		}
		block = netip.PrefixFrom(single, single.BitLen())
	}
	switch {
	case block.Bits() == 0:
		return quote(text) + " is every address there is; leave source_ips out if any will do"
	case block.Masked() != block:
		return fmt.Sprintf("%s has bits behind its mask; write %q", quote(text), block.Masked())
	case block.Addr().IsPrivate() || block.Addr().IsLoopback():
		return quote(text) + " is a private address, from which no request reaches a public endpoint; write the public addresses of your network"
	default:
		return ""
	}
})

package spec

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/netip"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Backend says where Terraform keeps a stack's state: exactly one of its fields, each of which has the arguments of the
// backend of that name as Terraform 1.11 knows them. None stands for Local.
//
// What a backend is given is written to cdktf.out and, by Terraform, to .terraform and to plan files, all in plain text. So no
// argument here may hold a credential: the tag `credential` names the environment variable to use instead.
// https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data
type Backend struct {
	// State in an S3 bucket.
	S3 *S3Backend `json:"s3,omitempty"`

	// State in a Google Cloud Storage bucket.
	GCS *GCSBackend `json:"gcs,omitempty"`

	// State in an Azure storage container.
	Azurerm *AzurermBackend `json:"azurerm,omitempty"`

	// State in a file.
	Local *LocalBackend `json:"local,omitempty"`

	// State in HCP Terraform, in the older way.
	Remote *RemoteBackend `json:"remote,omitempty"`

	// State and runs in HCP Terraform.
	Cloud *CloudBackend `json:"cloud,omitempty"`

	// State on a REST server.
	HTTP *HTTPBackend `json:"http,omitempty"`

	// State in a PostgreSQL database.
	Pg *PgBackend `json:"pg,omitempty"`

	// State in Consul.
	Consul *ConsulBackend `json:"consul,omitempty"`

	// State in Tencent Cloud Object Storage.
	COS *COSBackend `json:"cos,omitempty"`

	// State in Alibaba Cloud Object Storage.
	OSS *OSSBackend `json:"oss,omitempty"`

	// State in OpenStack Swift: only for Terraform before 1.3.
	Swift *SwiftBackend `json:"swift,omitempty"`
}

// Arguments returns the name of the backend that is given, and its arguments by their names; "" if none is.
func (backend Backend) Arguments() (name string, arguments map[string]any) {
	encoded, err := json.Marshal(backend)
	if err != nil {
		panic(err) // strings, numbers, switches, lists and maps of them: there is nothing that JSON could not say
	}
	var byName map[string]map[string]any
	if err := json.Unmarshal(encoded, &byName); err != nil {
		panic(err)
	}
	for name, arguments := range byName {
		return name, arguments
	}
	return "", nil
}

// DefaultLocalPath is where the local backend keeps the state of a stack if it is given no path: in the project's root, for Terraform
// runs in cdktf.out/stacks/<stack>. cdktf's own default is an absolute path, another one on each machine.
func DefaultLocalPath(stack string) string {
	return "../../../terraform." + stack + ".tfstate"
}

// names returns the names of the backends that are given.
func (backend Backend) names() []string {
	var names []string
	value := reflect.ValueOf(backend)
	for _, field := range fieldsOf(value.Type()) {
		if !value.Field(field.index).IsNil() {
			names = append(names, field.name)
		}
	}
	return names
}

// backendSection is all that is known of backends beside their types.
var backendSection = section{
	key:      "backend",
	defaults: func(environment *Environment) { environment.Backend = environment.Backend.withDefault() },
	values: map[string]allowed{
		// Without what an IAM policy takes for a pattern: these name what a role gets at.
		"backend.s3.bucket": bucket,
		"backend.s3.key": atMostLong(1024, matches(`^[^/*?]+(/[^/*?]+)*$`,
			"a key of S3; leave out * and ?, the slash at its ends and double ones")),
		"backend.s3.dynamodb_table": matches(`^[\w.-]{3,255}$`,
			`a table of DynamoDB; write its name, such as "terraform-locks", 3 to 255 characters`),
		"backend.s3.acl":                     oneOf(cannedACLs...),
		"backend.s3.allowed_account_ids[]":   accountID,
		"backend.s3.forbidden_account_ids[]": accountID,
		"backend.s3.kms_key_id":              stateKey,
		"backend.s3.workspace_key_prefix": matches(`^[^/](.*[^/])?$`,
			"the beginning of a key of S3; leave out the slash at its ends"),
		"backend.s3.endpoint":                      webAddress,
		"backend.s3.dynamodb_endpoint":             webAddress,
		"backend.s3.iam_endpoint":                  webAddress,
		"backend.s3.sts_endpoint":                  webAddress,
		"backend.s3.ec2_metadata_service_endpoint": webAddress,
		"backend.s3.endpoints.dynamodb":            webAddress,
		"backend.s3.endpoints.iam":                 webAddress,
		"backend.s3.endpoints.s3":                  webAddress,
		"backend.s3.endpoints.sso":                 webAddress,
		"backend.s3.endpoints.sts":                 webAddress,
		"backend.s3.assume_role.role_arn":          roleARN,
		"backend.s3.assume_role.session_name":      sessionName,
		"backend.s3.assume_role.external_id": atMostLong(1224, matches(`^[\w+=,.@:/-]{2,}$`,
			"an external id; use 2 or more letters, digits and + = , . @ : / _ -")),
		"backend.s3.assume_role.source_identity": matches(`^[\w+=,.@-]{2,64}$`,
			"a source identity; use 2 to 64 letters, digits and + = , . @ _ -"),
		"backend.s3.assume_role.duration":                        sessionDuration,
		"backend.s3.assume_role.policy":                          sessionPolicy,
		"backend.s3.assume_role.policy_arns[]":                   policyARN,
		"backend.s3.assume_role_with_web_identity.role_arn":      roleARN,
		"backend.s3.assume_role_with_web_identity.session_name":  sessionName,
		"backend.s3.assume_role_with_web_identity.duration":      sessionDuration,
		"backend.s3.assume_role_with_web_identity.policy":        sessionPolicy,
		"backend.s3.assume_role_with_web_identity.policy_arns[]": policyARN,
		"backend.s3.retry_mode":                                  oneOf("standard", "adaptive"),
		"backend.azurerm.environment":                            oneOf("public", "usgovernment", "china"),
		"backend.consul.scheme":                                  oneOf("http", "https"),
		"backend.http.address":                                   webAddress,
		"backend.http.lock_address":                              webAddress,
		"backend.http.unlock_address":                            webAddress,
		"backend.http.client_ca_certificate_pem":                 certificatePEM,
		"backend.http.client_certificate_pem":                    certificatePEM,
		"backend.cos.acl":                                        oneOf("private", "public-read"),
		"backend.oss.acl":                                        oneOf("private", "public-read", "public-read-write"),
		"backend.s3.ec2_metadata_service_endpoint_mode":          oneOf("IPv4", "IPv6"),
	},
	rules: backendRules(func(e Environment) Backend { return e.Backend }),
	warnings: []warning{
		{"backend.s3", func(e Environment, _ time.Time) string {
			s3 := e.Backend.S3
			return sayIf(s3 != nil && s3.DynamodbTable == "" && (s3.UseLockfile == nil || !*s3.UseLockfile),
				"nothing keeps two runs apart, and a state that two of them write is lost; add use_lockfile: true (Terraform 1.10 or "+
					"newer) or dynamodb_table")
		}},
		{"backend.s3.region", func(e Environment, _ time.Time) string {
			s3 := e.Backend.S3
			if !s3.isOfAWS() || slices.Contains(regions, s3.Region) {
				return ""
			}
			return quote(s3.Region) + " is no region that is known here, and Terraform may refuse it" + didYouMean(s3.Region, regions)
		}},
		{"backend.http", func(e Environment, _ time.Time) string {
			http := e.Backend.HTTP
			return sayIf(http != nil && http.LockAddress == "",
				"nothing keeps two runs apart, and a state that two of them write is lost; add lock_address, and unlock_address where "+
					"it is another one")
		}},
	},
	otherKeys: map[string]string{
		"backend.s3.role_arn":                "Terraform 1.10 removed it; use assume_role.role_arn",
		"backend.s3.external_id":             "Terraform 1.10 removed it; use assume_role.external_id",
		"backend.s3.session_name":            "Terraform 1.10 removed it; use assume_role.session_name",
		"backend.s3.assume_role_policy":      "Terraform 1.10 removed it; use assume_role.policy",
		"backend.s3.assume_role_policy_arns": "Terraform 1.10 removed it; use assume_role.policy_arns",
		"backend.s3.assume_role_tags":        "Terraform 1.10 removed it; use assume_role.tags",
	},
}

// bucket is the name of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucket = func() allowed {
	allowed := matches(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`,
		"the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends")
	allowed.alsoWrong = func(value any) string {
		text := value.(string)
		_, err := netip.ParseAddr(text)
		switch {
		case strings.Contains(text, ".."):
			return quote(text) + " has two dots in a row, which no bucket's name has; leave one out"
		case err == nil:
			return quote(text) + " is an address, which no bucket's name is; write its name"
		}
		for _, kept := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
			if strings.HasPrefix(text, kept) {
				return fmt.Sprintf("%s begins with %q, which S3 keeps to itself; write another name", quote(text), kept)
			}
		}
		for _, kept := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
			if strings.HasSuffix(text, kept) {
				return fmt.Sprintf("%s ends in %q, which S3 keeps to itself; write another name", quote(text), kept)
			}
		}
		return ""
	}
	return allowed
}()

// stateKey is what Terraform takes for the key of a state, but for an alias: an IAM policy that names one lets nobody use its key.
// https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/validate.go
var stateKey = allowed{
	pattern: compiled(`^(` + awsARN + `:kms:[a-z0-9-]+:\d{12}:key/)?` +
		`([0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`),
	wrong: func(value any) string {
		if text := value.(string); strings.Contains(text, "alias/") {
			return quote(text) + " is an alias, which the policies of roles cannot name; write the ARN of its key"
		}
		return quote(value.(string)) + ` is not a KMS key that Terraform takes; write its ARN, such as ` +
			`"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-44cd-96ef-1234567890ab"`
	},
}

// certificatePEM is certificates as Terraform reads them.
var certificatePEM = judged(func(value any) string {
	return sayIf(!x509.NewCertPool().AppendCertsFromPEM([]byte(value.(string))), quote(value.(string))+
		" holds no certificate; write what is in its file, from -----BEGIN CERTIFICATE----- on, below the key and behind a |")
})

var (
	sessionName = matches(`^[\w+=,.@-]{2,64}$`, "the name of a session; use 2 to 64 letters, digits and + = , . @ _ -")
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	sessionDuration = judged(func(value any) string {
		if lasts, err := time.ParseDuration(value.(string)); err != nil || lasts < 15*time.Minute || lasts > 12*time.Hour {
			return quote(value.(string)) + ` is no duration of a session; write one from "15m" to "12h"`
		}
		return ""
	})
	sessionPolicy = judged(func(value any) string {
		var policy struct{ Statement any }
		if json.Unmarshal([]byte(value.(string)), &policy) != nil || policy.Statement == nil {
			return quote(value.(string)) + " is no IAM policy; write one in JSON, with a Statement"
		}
		return ""
	})
	accountID = matches(`^\d{12}$`, `the number of an account; write its 12 digits in quotes`)
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
	cannedACLs = []string{"private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
		"bucket-owner-full-control"}
)

func (backend Backend) withDefault() Backend {
	if len(backend.names()) == 0 {
		backend.Local = &LocalBackend{}
	}
	return backend
}

// role is the ARN of the role that the state is behind; "" if there is none.
func (backend Backend) role() string {
	if backend.S3 == nil || backend.S3.AssumeRole == nil {
		return ""
	}
	return backend.S3.AssumeRole.RoleARN
}

// isOfAWS reports whether the region of the state is given, and held to those of AWS by Terraform.
func (s3 *S3Backend) isOfAWS() bool {
	return s3 != nil && s3.Region != "" && !isToken(reflect.ValueOf(s3.Region)) &&
		(s3.SkipRegionValidation == nil || !*s3.SkipRegionValidation)
}

// backendRules is what must hold of the backend of whatever a file may be.
func backendRules[T any](backend func(T) Backend) []ruleOf[T] {
	sessionTags := func(of T) map[string]string {
		if s3 := backend(of).S3; s3 != nil && s3.AssumeRole != nil {
			return s3.AssumeRole.Tags
		}
		return nil
	}
	const tags = "backend.s3.assume_role.tags"
	return slices.Concat(tagRules(tags, sessionTags), roleTagRules(tags, sessionTags), []ruleOf[T]{
		{"one backend", func(of T) []finding {
			names := backend(of).names()
			return when(len(names) > 1, "backend", "has %s; a stack has one state, so keep one", strings.Join(names, " and "))
		}},
		{"a local state outside cdktf.out", func(of T) []finding {
			local := backend(of).Local
			if local == nil {
				return nil
			}
			// Terraform runs in cdktf.out/stacks/<stack>, which cdktf removes with all that is in it when the environment's file is
			// away for a run, as on another branch.
			text := "%q lies in cdktf.out, which cdktf empties now and then; begin it with ../../../, which is the project's root"
			return slices.Concat(
				when(inOutput(local.Path), "backend.local.path", text, local.Path),
				when(inOutput(local.WorkspaceDir), "backend.local.workspace_dir", text, local.WorkspaceDir))
		}},
		{"one kind of workspaces", func(of T) []finding {
			var unclear []finding
			if remote := backend(of).Remote; remote != nil {
				unclear = append(unclear, when((remote.Workspaces.Name == "") == (remote.Workspaces.Prefix == ""),
					"backend.remote.workspaces",
					"needs either name or prefix; write one of them")...)
			}
			if cloud := backend(of).Cloud; cloud != nil {
				unclear = append(unclear, when((cloud.Workspaces.Name == "") == (len(cloud.Workspaces.Tags) == 0),
					"backend.cloud.workspaces",
					"needs either name or tags; write one of them")...)
			}
			return unclear
		}},
		// https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/backend.go
		{"a region of the state", func(of T) []finding {
			s3 := backend(of).S3
			if !s3.isOfAWS() {
				return nil
			}
			text := regionName.fault(s3.Region)
			return when(text != "", "backend.s3.region", "%s, or add skip_region_validation: true where another store calls it that", text)
		}},
		{"an argument or its former name", func(of T) []finding {
			s3 := backend(of).S3
			if s3 == nil {
				return nil
			}
			endpoints := *orPointer(s3.Endpoints, S3Endpoints{})
			var both []finding
			for _, pair := range []struct {
				former        string
				hasFormer     bool
				current       string
				currentIsHere bool
			}{
				{"endpoint", s3.Endpoint != "", "endpoints.s3", endpoints.S3 != ""},
				{"dynamodb_endpoint", s3.DynamodbEndpoint != "", "endpoints.dynamodb", endpoints.Dynamodb != ""},
				{"iam_endpoint", s3.IAMEndpoint != "", "endpoints.iam", endpoints.IAM != ""},
				{"sts_endpoint", s3.STSEndpoint != "", "endpoints.sts", endpoints.STS != ""},
				{"shared_credentials_file", s3.SharedCredentialsFile != "", "shared_credentials_files", s3.SharedCredentialsFiles != nil},
				{"force_path_style", s3.ForcePathStyle != nil, "use_path_style", s3.UsePathStyle != nil},
			} {
				both = append(both, when(pair.hasFormer && pair.currentIsHere, "backend.s3."+pair.former,
					"is the former name of %s, which is there too; leave this one out", pair.current)...)
			}
			return both
		}},
		// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
		{"a session that STS takes", func(of T) []finding {
			s3 := backend(of).S3
			if s3 == nil {
				return nil
			}
			const most = 10
			role, web := *orPointer(s3.AssumeRole, S3AssumeRole{}), *orPointer(s3.AssumeRoleWithWebIdentity, S3AssumeRoleWithWebIdentity{})
			text := "has %d policies, and STS takes %d; leave some out"
			findings := slices.Concat(
				when(len(role.PolicyARNs) > most, "backend.s3.assume_role.policy_arns", text, len(role.PolicyARNs), most),
				when(len(web.PolicyARNs) > most, "backend.s3.assume_role_with_web_identity.policy_arns", text, len(web.PolicyARNs), most))
			for i, key := range role.TransitiveTagKeys {
				_, given := role.Tags[key]
				findings = append(findings, when(!given && !isToken(reflect.ValueOf(key)),
					fmt.Sprintf("backend.s3.assume_role.transitive_tag_keys[%d]", i),
					"%s is none of the tags of the session; add it to tags, or leave it out here", quote(key))...)
			}
			return findings
		}},
		{"a file of the token", func(of T) []finding {
			s3 := backend(of).S3
			if s3 == nil || s3.AssumeRoleWithWebIdentity == nil {
				return nil
			}
			web := s3.AssumeRoleWithWebIdentity
			return when(web.WebIdentityTokenFile == "" && web.WebIdentityToken == "", "backend.s3.assume_role_with_web_identity",
				"needs web_identity_token_file, whatever AWS_WEB_IDENTITY_TOKEN_FILE says; name the file, or leave the section out and "+
					"set AWS_ROLE_ARN beside that variable")
		}},
		{"one list of accounts", func(of T) []finding {
			s3 := backend(of).S3
			return when(s3 != nil && s3.AllowedAccountIDs != nil && s3.ForbiddenAccountIDs != nil, "backend.s3.forbidden_account_ids",
				"cannot go with allowed_account_ids; keep one")
		}},
	})
}

// inOutput reports whether a path that Terraform resolves in cdktf.out/stacks/<stack> lies in cdktf.out.
func inOutput(local string) bool {
	return local != "" && !path.IsAbs(local) && !strings.HasPrefix(path.Join("stacks/stack", local), "../")
}

// stateKeys is the arguments that say where a backend keeps a state, without those that say how to get there.
var stateKeys = map[string][]string{
	"s3":      {"bucket", "key", "endpoints", "endpoint"},
	"gcs":     {"bucket", "prefix"},
	"azurerm": {"storage_account_name", "container_name", "key"},
	"local":   {"path"},
	"remote":  {"hostname", "organization", "workspaces"},
	"cloud":   {"hostname", "organization", "workspaces"},
	"http":    {"address"},
	"pg":      {"conn_str", "schema_name"},
	"consul":  {"address", "datacenter", "path"},
	"cos":     {"bucket", "prefix", "key"},
	"oss":     {"bucket", "prefix", "key"},
	"swift":   {"container", "state_name"},
}

// stateOf is where a stack keeps its state; "" if the backend does not say that, or too much of it.
func (backend Backend) stateOf(stack string) string {
	if len(backend.names()) != 1 {
		return ""
	}
	name, arguments := backend.Arguments()
	if name == "local" {
		// Terraform runs in cdktf.out/stacks/<stack>; the default path has the stack's name in it.
		path, _ := arguments["path"].(string)
		if path == "" {
			path = DefaultLocalPath(stack)
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join("cdktf.out/stacks", stack, path)
		}
		return filepath.Clean(path)
	}
	state := name
	for _, key := range stateKeys[name] {
		state += fmt.Sprintf("\n%v", arguments[key])
	}
	return state
}

package spec

const (
	azurermBackend = minimal +
		"backend:\n  azurerm:\n    storage_account_name: state\n    container_name: state\n    key: prod.tfstate\n    environment: public\n"
	cloudBackend  = minimal + "backend:\n  cloud:\n    organization: example\n    workspaces:\n      name: prod\n"
	consulBackend = minimal + "backend:\n  consul:\n    path: ai-metrics/prod\n    scheme: https\n"
	cosBackend    = minimal + "backend:\n  cos:\n    bucket: state\n    acl: private\n"
	httpBackend   = minimal +
		"backend:\n  http:\n    address: https://state.example.com/prod\n    lock_address: https://state.example.com/lock\n    " +
		"unlock_address: https://state.example.com/unlock\n"
	ossBackend    = minimal + "backend:\n  oss:\n    bucket: state\n    acl: private\n"
	pgBackend     = minimal + "backend:\n  pg:\n    conn_str: postgres://state.example.com/terraform\n"
	remoteBackend = minimal + "backend:\n  remote:\n    organization: example\n    workspaces:\n      name: prod\n"
	s3Backend     = minimal +
		"backend:\n  s3:\n    bucket: state\n    key: prod.tfstate\n    retry_mode: standard\n    ec2_metadata_service_endpoint_mode: " +
		"IPv4\n    allowed_account_ids: [\"111122223333\"]\n"
)

// backendFaults is what no backend may be given.
var backendFaults = []fault{
	{"s3 key", s3Backend, "prod.tfstate", "/prod.tfstate",
		`10:5: backend.s3.key: "/prod.tfstate" is not a key of S3; leave out * and ?, the slash at its ends and double ones`},
	{"s3 key of any stack", s3Backend, "prod.tfstate", "metrics/*.tfstate",
		`10:5: backend.s3.key: "metrics/*.tfstate" is not a key of S3; leave out * and ?, the slash at its ends and double ones`},
	{"s3 key of one more character", s3Backend, "prod.tfstate", "prod.tfstat?",
		`10:5: backend.s3.key: "prod.tfstat?" is not a key of S3; leave out * and ?, the slash at its ends and double ones`},
	{"s3 bucket", s3Backend, "bucket: state", `bucket: "*"`,
		`9:5: backend.s3.bucket: "*" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"s3 bucket and a folder", s3Backend, "bucket: state", "bucket: state/prod",
		`9:5: backend.s3.bucket: "state/prod" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends`},
	{"s3 dynamodb_table", s3Backend, "    retry_mode: standard\n", "    dynamodb_table: locks*\n",
		`11:5: backend.s3.dynamodb_table: "locks*" is not a table of DynamoDB; write its name, such as "terraform-locks", 3 to 255 characters`},
	{"s3 kms_key_id", s3Backend, "    retry_mode: standard\n", "    kms_key_id: alias/states\n",
		`11:5: backend.s3.kms_key_id: "alias/states" is not a KMS key; write its ARN, not an alias`},
	{"s3 kms_key_id of any key", s3Backend, "    retry_mode: standard\n", "    kms_key_id: arn:aws:kms:eu-central-1:111122223333:key/*\n",
		`11:5: backend.s3.kms_key_id: "arn:aws:kms:eu-central-1:111122223333:key/*" is not a KMS key; write its ARN, not an alias`},
	{"s3 assume_role", s3Backend, "    retry_mode: standard\n", "    assume_role: {role_arn: \"arn:aws:iam::111122223333:role/*\"}\n",
		`11:19: backend.s3.assume_role.role_arn: "arn:aws:iam::111122223333:role/*" is not the ARN of an IAM role; write one such as "arn:aws:iam::111122223333:role/cognito"`},
	{"s3 retry_mode", s3Backend, "standard", "never",
		`11:5: backend.s3.retry_mode: "never" is not one of standard, adaptive`},
	{"s3 ec2_metadata_service_endpoint_mode", s3Backend, "IPv4", "ipv4",
		`12:5: backend.s3.ec2_metadata_service_endpoint_mode: "ipv4" is not one of IPv4, IPv6; did you mean "IPv4"?`},
	{"azurerm environment", azurermBackend, "public", "germany",
		`12:5: backend.azurerm.environment: "germany" is not one of public, usgovernment, china`},
	{"consul scheme", consulBackend, "https", "ftp",
		`10:5: backend.consul.scheme: "ftp" is not one of http, https`},
	{"http address", httpBackend, "https://state.example.com/prod", "state.example.com/prod",
		`9:5: backend.http.address: "state.example.com/prod" is not a web address; begin with https://`},
	{"http lock_address", httpBackend, "https://state.example.com/lock", "/lock",
		`10:5: backend.http.lock_address: "/lock" is not a web address; begin with https://`},
	{"http unlock_address", httpBackend, "https://state.example.com/unlock", "/unlock",
		`11:5: backend.http.unlock_address: "/unlock" is not a web address; begin with https://`},
	{"cos acl", cosBackend, "private", "publicread",
		`10:5: backend.cos.acl: "publicread" is not one of private, public-read; did you mean "public-read"?`},
	{"oss acl", ossBackend, "private", "secret",
		`10:5: backend.oss.acl: "secret" is not one of private, public-read, public-read-write`},

	{"local state in cdktf.out", minimal, "", "backend:\n  local:\n    path: prod.tfstate\n",
		`9:5: backend.local.path: "prod.tfstate" lies in cdktf.out, which cdktf empties now and then; begin it with ../../../, which is the project's root`},
	{"local states in cdktf.out", minimal, "", "backend:\n  local:\n    workspace_dir: ../states\n",
		`9:5: backend.local.workspace_dir: "../states" lies in cdktf.out, which cdktf empties now and then; begin it with ../../../, which is the project's root`},
	{"two backends", cloudBackend, "", "  local:\n    path: ../../../prod.tfstate\n",
		"7:1: backend: has local and cloud; a stack has one state, so keep one"},
	{"three backends", cloudBackend, "", "  local:\n    path: ../../../prod.tfstate\n  pg: {}\n",
		"7:1: backend: has local and cloud and pg; a stack has one state, so keep one"},
	{"remote workspaces: both", remoteBackend, "", "      prefix: ai-\n",
		"10:5: backend.remote.workspaces: needs either name or prefix; write one of them"},
	{"remote workspaces: neither", remoteBackend, "      name: prod\n", "      {}\n",
		"10:5: backend.remote.workspaces: needs either name or prefix; write one of them"},
	{"cloud workspaces: both", cloudBackend, "", "      tags: [prod]\n",
		"10:5: backend.cloud.workspaces: needs either name or tags; write one of them"},
	{"cloud workspaces: neither", cloudBackend, "name: prod", "project: ai-metrics",
		"10:5: backend.cloud.workspaces: needs either name or tags; write one of them"},
	{"allowed and forbidden accounts", s3Backend, "", "    forbidden_account_ids: [\"444455556666\"]\n",
		"14:5: backend.s3.forbidden_account_ids: cannot go with allowed_account_ids; keep one"},

	{"password in conn_str", pgBackend, "postgres://", "postgres://terraform:secret@",
		"9:5: backend.pg.conn_str: holds a credential, which would end up in cdktf.out and in plan files; set the environment variable PGPASSWORD, or PG_CONN_STR for the whole"},
	{"password in conn_str as libpq has it", pgBackend, "postgres://state.example.com/terraform", "host=state.example.com Password = secret",
		"9:5: backend.pg.conn_str: holds a credential, which would end up in cdktf.out and in plan files; set the environment variable PGPASSWORD, or PG_CONN_STR for the whole"},
	{"password in an address", httpBackend, "https://state.example.com/prod", "https://terraform:secret@state.example.com/prod",
		"9:5: backend.http.address: holds a credential, which would end up in cdktf.out and in plan files; set the environment variables TF_HTTP_USERNAME and TF_HTTP_PASSWORD instead"},
}

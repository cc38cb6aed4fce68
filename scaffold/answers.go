package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"cdktf-aimetrics/spec"
)

// Answers is what a new environment's file is made of.
type Answers struct {
	// Name of the stack, which its file is called by.
	Name string
	// The rest, by the Name of its Question.
	Given map[string]string
}

// Question is one that a new environment's file needs an answer to. Its name is that of a flag too.
type Question struct {
	Name string
	// What to ask, without a question mark, and what an answer is, in a word.
	Ask, Value string
	// What may be answered; nil: whatever spec takes at Path.
	Choices []Choice
	// The answer that a person gives by an empty line, and a script by leaving it out; nil, or "": there is none.
	Default func(Answers) string
	// The key of the file that the answer goes to.
	Path string
	// Reports whether it is asked, after those before it are answered; nil: always.
	Needed func(Answers) bool
}

// Choice is an answer, and what it stands for.
type Choice struct{ Name, Says string }

// Questions are all, in the order in which they are asked.
var Questions = []Question{
	{Name: "region", Ask: "Region of AWS for the domain, such as eu-central-1", Value: "REGION", Path: "region"},
	{Name: "domain-name", Ask: "Name of the domain", Value: "NAME", Path: "domain.domain_name", Default: defaultDomainName},
	{Name: "size", Ask: "How large", Value: "SIZE", Choices: choices(sizes), Path: "domain.cluster_config"},
	{Name: "backend", Ask: "Where Terraform keeps the state", Value: "BACKEND", Choices: choices(backends), Path: "backend"},
	{Name: "bucket", Ask: "Bucket for the state, which must exist", Value: "BUCKET", Path: "backend",
		Needed: backendIn("s3", "gcs", "cos", "oss")},
	{Name: "storage-account-name", Ask: "Storage account for the state, which must exist", Value: "ACCOUNT", Path: "backend",
		Needed: backendIn("azurerm")},
	{Name: "container", Ask: "Container for the state, which must exist", Value: "CONTAINER", Path: "backend",
		Needed: backendIn("azurerm", "swift")},
	{Name: "organization", Ask: "Organization of HCP Terraform", Value: "ORGANIZATION", Path: "backend",
		Needed: backendIn("remote", "cloud")},
	{Name: "workspace", Ask: "Workspace for the state; it is made where it is missing", Value: "WORKSPACE", Path: "backend",
		Needed: backendIn("remote", "cloud"), Default: func(a Answers) string { return "ai-metrics-" + a.Name }},
	{Name: "address", Ask: "Address of the state on the REST server", Value: "URL", Path: "backend", Needed: backendIn("http")},
	{Name: "sign-in", Ask: "How people get into Kibana", Value: "WAY", Choices: choices(signIns), Path: "sign_in"},
	{Name: "user-pool-domain", Ask: "Name of the sign-in page, which nobody else in the region may have", Value: "NAME",
		Path:    "sign_in.cognito.user_pool_domain",
		Needed:  func(a Answers) bool { return a.Given["sign-in"] == "cognito" },
		Default: func(a Answers) string { return a.Given["domain-name"] }},
}

// backendIn reports whether the state is in one of these.
func backendIn(names ...string) func(Answers) bool {
	return func(a Answers) bool { return slices.Contains(names, a.Given["backend"]) }
}

// option is a choice, and what it writes into the file.
type option struct {
	Choice
	write func(Answers, *Draft)
}

func choices(options []option) []Choice {
	all := make([]Choice, len(options))
	for i, option := range options {
		all[i] = option.Choice
	}
	return all
}

// sizes: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
var sizes = []option{
	{Choice{"one-node", "one t3.small with 10 GiB, to try things on; it is away while AWS works on it"},
		func(_ Answers, d *Draft) {
			d.Environment.Domain.ClusterConfig = spec.ClusterConfig{InstanceType: "t3.small.elasticsearch", InstanceCount: 1}
			d.Environment.Domain.EBSOptions = spec.EBSOptions{VolumeSize: 10}
		}},
	{Choice{"three-zones", "three m6g.large with 50 GiB each, one in each of three zones"},
		func(_ Answers, d *Draft) {
			d.Environment.Domain.ClusterConfig = threeZones("m6g.large.elasticsearch")
			d.Environment.Domain.EBSOptions = spec.EBSOptions{VolumeSize: 50}
		}},
	{Choice{"three-zones-and-masters", "three r6g.large with 200 GiB each in three zones, and three dedicated masters"},
		func(_ Answers, d *Draft) {
			cluster := threeZones("r6g.large.elasticsearch")
			cluster.DedicatedMasterEnabled = true
			cluster.DedicatedMasterType = "m6g.large.elasticsearch"
			cluster.DedicatedMasterCount = 3
			d.Environment.Domain.ClusterConfig = cluster
			d.Environment.Domain.EBSOptions = spec.EBSOptions{VolumeSize: 200}
		}},
}

func threeZones(instanceType string) spec.ClusterConfig {
	return spec.ClusterConfig{InstanceType: instanceType, InstanceCount: 3, ZoneAwarenessEnabled: true,
		ZoneAwarenessConfig: spec.ZoneAwarenessConfig{AvailabilityZoneCount: 3}}
}

var backends = []option{
	{Choice{"local", "a file in this folder, for one person"}, func(a Answers, d *Draft) {
		d.Environment.Backend.Local = &spec.LocalBackend{}
		d.Comments["backend"] = Comment{Above: "The state is terraform." + a.Name + ".tfstate, beside this folder. One that a team " +
			"shares is in s3, gcs, azurerm or another of\nTerraform's backends, with its own arguments: docs/state.md says how to move it."}
	}},
	{Choice{"s3", "a bucket of S3, locked by a file in it (Terraform 1.10 or newer)"}, func(a Answers, d *Draft) {
		on := true
		d.Environment.Backend.S3 = &spec.S3Backend{Bucket: a.Given["bucket"], Key: "ai-metrics/" + a.Name + ".tfstate",
			Region: a.Given["region"], Encrypt: &on, UseLockfile: &on}
		d.Comments["backend"] = credentialsFrom("AWS_PROFILE")
		d.Comments["backend.s3.region"] = Comment{Behind: "of the bucket"}
		d.Comments["backend.s3.key"] = ofThisStack
	}},
	{Choice{"gcs", "a bucket of Google Cloud Storage"}, func(a Answers, d *Draft) {
		d.Environment.Backend.GCS = &spec.GCSBackend{Bucket: a.Given["bucket"], Prefix: "ai-metrics/" + a.Name}
		d.Comments["backend"] = credentialsFrom("GOOGLE_CREDENTIALS")
		d.Comments["backend.gcs.prefix"] = ofThisStack
	}},
	{Choice{"azurerm", "a container of Azure Storage"}, func(a Answers, d *Draft) {
		on := true
		d.Environment.Backend.Azurerm = &spec.AzurermBackend{StorageAccountName: a.Given["storage-account-name"],
			ContainerName: a.Given["container"], Key: "ai-metrics/" + a.Name + ".tfstate", UseAzureadAuth: &on}
		d.Comments["backend"] = credentialsFrom("`az login`, from ARM_CLIENT_ID")
		d.Comments["backend.azurerm.key"] = ofThisStack
		d.Comments["backend.azurerm.use_azuread_auth"] = Comment{Behind: "by a role on the container, not by the account's key"}
	}},
	{Choice{"remote", "a workspace of HCP Terraform, in the older way"}, func(a Answers, d *Draft) {
		d.Environment.Backend.Remote = &spec.RemoteBackend{Organization: a.Given["organization"],
			Workspaces: spec.RemoteWorkspaces{Name: a.Given["workspace"]}}
		d.Comments["backend"] = workspaceComment
	}},
	{Choice{"cloud", "a workspace of HCP Terraform"}, func(a Answers, d *Draft) {
		d.Environment.Backend.Cloud = &spec.CloudBackend{Organization: a.Given["organization"],
			Workspaces: spec.CloudWorkspaces{Name: a.Given["workspace"]}}
		d.Comments["backend"] = workspaceComment
	}},
	{Choice{"http", "a REST server, such as GitLab"}, func(a Answers, d *Draft) {
		d.Environment.Backend.HTTP = &spec.HTTPBackend{Address: a.Given["address"], LockAddress: a.Given["address"],
			UnlockAddress: a.Given["address"]}
		d.Comments["backend"] = credentialsFrom("TF_HTTP_PASSWORD")
		d.Comments["backend.http.lock_address"] = Comment{
			Behind: "of GitLab: with /lock behind it, lock_method: POST, unlock_method: DELETE",
		}
	}},
	{Choice{"pg", "a PostgreSQL database, which PG_CONN_STR names"}, func(a Answers, d *Draft) {
		d.Environment.Backend.Pg = &spec.PgBackend{SchemaName: "ai-metrics-" + a.Name}
		d.Comments["backend"] = Comment{Above: "Terraform's own arguments. Set PG_CONN_STR to the address of the database. Credentials " +
			"do not belong here."}
		d.Comments["backend.pg.schema_name"] = ofThisStack
	}},
	{Choice{"consul", "Consul, which CONSUL_HTTP_ADDR names"}, func(a Answers, d *Draft) {
		d.Environment.Backend.Consul = &spec.ConsulBackend{Path: "ai-metrics/" + a.Name}
		d.Comments["backend"] = Comment{Above: "Terraform's own arguments. Set CONSUL_HTTP_ADDR to the address of Consul, and " +
			"CONSUL_HTTP_TOKEN to a token: that does not\nbelong here."}
		d.Comments["backend.consul.path"] = ofThisStack
	}},
	{Choice{"cos", "a bucket of Tencent Cloud Object Storage"}, func(a Answers, d *Draft) {
		d.Environment.Backend.COS = &spec.COSBackend{Bucket: a.Given["bucket"], Prefix: "ai-metrics/" + a.Name}
		d.Comments["backend"] = credentialsFrom("TENCENTCLOUD_SECRET_ID",
			"The bucket's region is TENCENTCLOUD_REGION, where no region is here.")
		d.Comments["backend.cos.prefix"] = ofThisStack
	}},
	{Choice{"oss", "a bucket of Alibaba Cloud Object Storage"}, func(a Answers, d *Draft) {
		d.Environment.Backend.OSS = &spec.OSSBackend{Bucket: a.Given["bucket"], Prefix: "ai-metrics/" + a.Name}
		d.Comments["backend"] = credentialsFrom("ALICLOUD_ACCESS_KEY", "The bucket's region is ALICLOUD_REGION, where no region is here.",
			"Nothing keeps two runs apart without tablestore_endpoint and tablestore_table.")
		d.Comments["backend.oss.prefix"] = ofThisStack
	}},
	{Choice{"swift", "a container of OpenStack Swift; for Terraform before 1.3 alone"}, func(a Answers, d *Draft) {
		d.Environment.Backend.Swift = &spec.SwiftBackend{Container: a.Given["container"], StateName: "ai-metrics-" + a.Name + ".tfstate"}
		d.Comments["backend"] = credentialsFrom("OS_CLOUD", "Terraform 1.3 and newer refuse this backend.")
		d.Comments["backend.swift.state_name"] = ofThisStack
	}},
}

// credentialsFrom is the comment of a backend that takes its credentials from the environment, and more lines.
func credentialsFrom(variables string, more ...string) Comment {
	said := "Terraform's own arguments. Credentials do not belong here: Terraform takes them from " + variables + " and its like."
	return Comment{Above: strings.Join(append([]string{said}, more...), "\n")}
}

var (
	ofThisStack      = Comment{Behind: "of this stack alone"}
	workspaceComment = Comment{Above: "Terraform's own arguments. Its token comes from `terraform login`. Set the workspace's execution " +
		"mode to Local: runs of its\nown have neither your AWS credentials, unless it has them too, nor a plan file to review."}
)

var signIns = []option{
	{Choice{"iam", "by requests that IAM signs, as `aimetrics kibana` does; no passwords"}, func(_ Answers, d *Draft) {
		d.Environment.Access.Administrators = []string{spec.Account}
		d.Comments["access"] = Comment{Above: "Who gets in: ARNs of IAM roles, users or accounts. With `account`, this account's own IAM " +
			"decides; without it, whoever is\nnot named is denied. writers may add metrics, readers may look at them, administrators " +
			"may do all."}
	}},
	{Choice{"cognito", "at a sign-in page of Cognito, whose users are made there"}, func(a Answers, d *Draft) {
		d.Environment.SignIn = &spec.SignIn{Cognito: &spec.Cognito{UserPoolDomain: a.Given["user-pool-domain"], SignedInUsers: "readers"}}
		d.Environment.Access.Administrators = []string{spec.Account}
		d.Comments["sign_in"] = Comment{Above: "A user pool, an identity pool and the role of who has signed in. Users are made in " +
			"the pool, by `aws cognito-idp\nadmin-create-user` or in the console: nobody can sign up."}
		d.Comments["sign_in.cognito.user_pool_domain"] = Comment{Behind: "unique in the region"}
		d.Comments["sign_in.cognito.signed_in_users"] = Comment{Behind: "or administrators"}
		d.Comments["access"] = Comment{Above: "Who gets in beside them: ARNs of IAM roles, users or accounts. With `account`, this " +
			"account's own IAM decides; without it,\nwhoever is not named is denied."}
	}},
	{Choice{"password", "by names and passwords that the domain keeps (fine-grained access control)"}, func(_ Answers, d *Draft) {
		d.Environment.SignIn = &spec.SignIn{FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserName: "administrator"}}
		d.Environment.Access.LeaveToFineGrainedAccessControl = true
		d.Comments["sign_in"] = Comment{Above: "Users, roles and permissions inside the domain. The master user makes them, in Kibana " +
			"or with " +
			"`aimetrics setup`; the password\nis made when Terraform applies, and kept in Secrets Manager. To turn this off, or on " +
			"later, replaces the domain."}
		d.Comments["access"] = Comment{Above: "Every request reaches that sign-in, from the internet too: passwords alone keep the " +
			"domain shut. Name source_ips to narrow it."}
	}},
	// In two steps: what the provider asks for has the domain's name in it, which AWS makes up, and the file wants what the provider
	// answers.
	{Choice{"saml", "at your identity provider (SAML), from a second deployment on: docs/saml.md"}, func(_ Answers, d *Draft) {
		d.Environment.SignIn = &spec.SignIn{FineGrainedAccessControl: &spec.FineGrainedAccessControl{MasterUserName: "administrator"}}
		d.Environment.Access.LeaveToFineGrainedAccessControl = true
		d.Comments["sign_in"] = Comment{Above: "At first by the master user alone, whose password is made when Terraform applies, and " +
			"kept in Secrets Manager: the identity\nprovider asks for Kibana's address, which is known once the domain is there. Then " +
			"put its metadata beside this file, add this\nbelow sign_in, and deploy again, as docs/saml.md says; " +
			"the domain changes in place:\n" +
			"  saml:\n" +
			"    entity_id: https://idp.example.com/metadata # as the metadata has it\n" +
			"    metadata_file: idp.xml\n" +
			"    roles_key: roles # the attribute that has a user's roles\n" +
			"    master_backend_role: metrics-administrators # the role of those who administer the domain"}
		d.Comments["access"] = Comment{Above: "Every request reaches that sign-in, from the internet too. Name source_ips to narrow it."}
	}},
}

// defaultDomainName is what the project's own environments are called; "" where that is no name for a domain.
func defaultDomainName(a Answers) string {
	name := "ai-metrics-" + strings.ReplaceAll(strings.ToLower(a.Name), "_", "-")
	if len(name) > 28 {
		return ""
	}
	return name
}

// Open is the questions that are still to be answered, given the answers before them; those that have a default too.
func (a Answers) Open() []Question {
	return slices.DeleteFunc(slices.Clone(Questions), func(q Question) bool {
		return a.Given[q.Name] != "" || q.Needed != nil && !q.Needed(a)
	})
}

// Fault says what is wrong with an answer to a question by itself, and what to answer; "" if nothing is.
func (q Question) Fault(a Answers) string {
	answer := a.Given[q.Name]
	if q.Choices != nil {
		var names []string
		for _, choice := range q.Choices {
			if choice.Name == answer {
				return ""
			}
			names = append(names, choice.Name)
		}
		return fmt.Sprintf("%q is none of %s", answer, strings.Join(names, ", "))
	}
	problems, _ := a.Draft().Environment.Check().(spec.Problems)
	for _, problem := range problems {
		argument := "." + strings.ReplaceAll(q.Name, "-", "_")
		if problem.Path == q.Path || strings.HasPrefix(problem.Path, q.Path+".") && strings.HasSuffix(problem.Path, argument) {
			return problem.Text
		}
	}
	return ""
}

// Useless is the questions that are answered and would not be asked, such as for a bucket where the state is a file.
func (a Answers) Useless() []string {
	var names []string
	for _, q := range Questions {
		if a.Given[q.Name] != "" && q.Needed != nil && !q.Needed(a) {
			names = append(names, q.Name)
		}
	}
	return names
}

// Draft is the file of the answers.
func (a Answers) Draft() Draft {
	d := Draft{
		Head: fmt.Sprintf("%s: an Elasticsearch domain for the metrics of models. The file's name is the stack's name: this one is\n"+
			"`npx cdktf diff %[1]s`, and `aimetrics setup --stack %[1]s` once it is there.\n\n"+
			"What is not said is safe: encryption at rest and between nodes, HTTPS only with the newest TLS policy, gp3 volumes, and\n"+
			"prevent_destroy, by which Terraform refuses every plan that would lose the data.", a.Name),
		Environment: spec.Environment{
			Region:      a.Given["region"],
			DefaultTags: map[string]string{"environment": a.Name, "project": "ai-metrics"},
			Domain:      spec.Domain{DomainName: a.Given["domain-name"], ElasticsearchVersion: "7.10"},
		},
		Comments: map[string]Comment{
			"region": {Above: "A change of the region makes another domain, and Terraform loses track of the " +
				"old one."},
			"default_tags": {Above: "Tags on every resource of the stack."},
			"domain": {Above: "Everything below has the names and the nesting of Terraform's " +
				"aws_elasticsearch_domain."},
			"domain.domain_name":             {Behind: "a change replaces the domain"},
			"domain.elasticsearch_version":   {Behind: "in quotes: 7.10 without them would be the number 7.1"},
			"domain.ebs_options.volume_size": {Behind: "GiB a node"},
		},
		Foot: foot,
	}
	for question, options := range map[string][]option{"size": sizes, "backend": backends, "sign-in": signIns} {
		for _, option := range options {
			if option.Name == a.Given[question] {
				option.write(a, &d)
			}
		}
	}
	return d
}

// foot is what else a file can say: each of it loads as it stands, without the first two characters of its lines.
const foot = `What else there is, each with defaults that are safe; README.md has the table of all.

logs: {} # all types of logs go to CloudWatch, and are kept for a year
alarms: # those that AWS recommends, and a dashboard
  email: [oncall@example.com]
network: # into a VPC, one subnet for each zone; to add or remove it replaces the domain
  subnet_ids: [subnet-0a1b2c3d4e5f60711]
  ingress: {cidr_blocks: [10.0.0.0/16]}
encryption: # a key of the domain's own; a change replaces the domain
  customer_managed_key: true
metrics: # how ` + "`aimetrics setup`" + ` has the documents stored; without it: for a year, by month
  retention_in_days: 365
`

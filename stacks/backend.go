package stacks

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// newBackendFunc makes a backend from its arguments, by their names.
type newBackendFunc = func(stack cdktf.TerraformStack, arguments map[string]any) cdktf.TerraformBackend

// backends makes each backend from its arguments, with the class that cdktf has for it: those classes also know how other
// stacks read this one's outputs.
var backends = map[string]newBackendFunc{
	"s3":      backendOf(cdktf.NewS3Backend),
	"gcs":     backendOf(cdktf.NewGcsBackend),
	"azurerm": backendOf(cdktf.NewAzurermBackend),
	"local":   backendOf(cdktf.NewLocalBackend),
	"http":    backendOf(cdktf.NewHttpBackend),
	"pg":      backendOf(cdktf.NewPgBackend),
	"consul":  backendOf(cdktf.NewConsulBackend),
	"cos":     backendOf(cdktf.NewCosBackend),
	"oss":     backendOf(cdktf.NewOssBackend),
	//lint:ignore SA1019 Terraform 1.3 dropped it, and teams on an older one still have their states there.
	"swift":  backendOf(cdktf.NewSwiftBackend),
	"remote": newRemoteBackend,
	"cloud":  newCloudBackend,
}

func newBackend(stack cdktf.TerraformStack, id string, backend spec.Backend) {
	name, arguments := backend.Arguments()
	if name == "local" && arguments["path"] == nil {
		arguments["path"] = spec.DefaultLocalPath(id)
	}
	made := backends[name](stack, arguments)
	if block := blocks[name]; WritesHCL() && arguments[block] != nil {
		made.AddOverride(&block, map[string]any{"value": arguments[block], "isBlock": true})
	}
}

// blocks is the argument of a backend that Terraform takes only as a block, where cdktf writes `= {` in HCL.
var blocks = map[string]string{"remote": "workspaces", "cos": "assume_role", "oss": "assume_role"}

// backendOf makes a backend with the arguments that its configuration C has fields for, and adds the others, such as s3's
// use_lockfile, which cdktf 0.21 does not know, to what is synthesized.
func backendOf[C any, B cdktf.TerraformBackend](construct func(constructs.Construct, *C) B) newBackendFunc {
	return func(stack cdktf.TerraformStack, arguments map[string]any) cdktf.TerraformBackend {
		known, overrides := map[string]any{}, maps.Clone(arguments)
		for _, field := range reflect.VisibleFields(reflect.TypeFor[C]()) {
			argument := snakeCase(field.Tag.Get("json"))
			value, isGiven := arguments[argument]
			switch {
			case isGiven:
				known[field.Tag.Get("json")] = camelCaseKeys(value)
				delete(overrides, argument)
				for _, key := range unknownKeys(value, field.Type) {
					overrides[argument+"."+key] = value.(map[string]any)[key]
				}
			case field.Tag.Get("field") == "required":
				// cdktf demands what Terraform also takes from the environment: consul's access_token and pg's conn_str.
				// To Terraform an empty one is none.
				known[field.Tag.Get("json")] = ""
			}
		}
		var config C
		convert(known, &config)
		backend := construct(stack, &config)
		for _, argument := range slices.Sorted(maps.Keys(overrides)) {
			backend.AddOverride(&argument, overrides[argument])
		}
		return backend
	}
}

// unknownKeys is the arguments of a nested block that its type has no field for, such as external_id of cos's assume_role.
func unknownKeys(value any, kind reflect.Type) []string {
	block, isBlock := value.(map[string]any)
	if !isBlock || kind.Kind() != reflect.Pointer || kind.Elem().Kind() != reflect.Struct {
		return nil
	}
	unknown := maps.Clone(block)
	for _, field := range reflect.VisibleFields(kind.Elem()) {
		delete(unknown, snakeCase(field.Tag.Get("json")))
	}
	return sortedKeys(unknown)
}

func newRemoteBackend(stack cdktf.TerraformStack, arguments map[string]any) cdktf.TerraformBackend {
	var remote spec.RemoteBackend
	convert(arguments, &remote)
	config := cdktf.RemoteBackendConfig{Organization: &remote.Organization, Hostname: optionalString(remote.Hostname)}
	if remote.Workspaces.Name != "" {
		config.Workspaces = cdktf.NewNamedRemoteWorkspace(&remote.Workspaces.Name)
	} else {
		config.Workspaces = cdktf.NewPrefixedRemoteWorkspaces(&remote.Workspaces.Prefix)
	}
	return cdktf.NewRemoteBackend(stack, &config)
}

func newCloudBackend(stack cdktf.TerraformStack, arguments map[string]any) cdktf.TerraformBackend {
	var cloud spec.CloudBackend
	convert(arguments, &cloud)
	config := cdktf.CloudBackendConfig{Organization: &cloud.Organization, Hostname: optionalString(cloud.Hostname)}
	if cloud.Workspaces.Name != "" {
		config.Workspaces = cdktf.NewNamedCloudWorkspace(&cloud.Workspaces.Name, optionalString(cloud.Workspaces.Project))
	} else {
		config.Workspaces = cdktf.NewTaggedCloudWorkspaces(stringList(cloud.Workspaces.Tags), optionalString(cloud.Workspaces.Project))
	}
	return cdktf.NewCloudBackend(stack, &config)
}

// convert fills into, a pointer to a struct, with values, a map or a struct, by the names of its JSON tags.
func convert(values, into any) {
	encoded, err := json.Marshal(values)
	if err == nil {
		err = json.Unmarshal(encoded, into)
	}
	if err != nil {
		panic(fmt.Sprintf("the arguments do not fit %T: %v", into, err))
	}
}

// snakeCase is Terraform's spelling of one of cdktf's names: dynamodb_table for dynamodbTable.
func snakeCase(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// camelCaseKeys gives the arguments of a nested block cdktf's spelling; a map of tags keeps its keys.
func camelCaseKeys(value any) any {
	block, ok := value.(map[string]any)
	if !ok {
		return value
	}
	spelled := make(map[string]any, len(block))
	for key, inner := range block {
		words := strings.Split(key, "_")
		for i, word := range words[1:] {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
		spelled[strings.Join(words, "")] = inner
	}
	return spelled
}

// stateGrants is the state, where AWS keeps it. Who plans takes no lock.
// https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
func (here location) stateGrants(e spec.Environment) []grant {
	return here.backendGrants(e.Backend)
}

// backendGrants is the same of the backend of any stack.
func (here location) backendGrants(backend spec.Backend) []grant {
	s3 := backend.S3
	if s3 == nil {
		return nil
	}
	if s3.AssumeRole != nil {
		return stateRoleGrants(*s3.AssumeRole)
	}
	if s3.AssumeRoleWithWebIdentity != nil {
		return nil
	}
	here = here.in(cmp.Or(s3.Region, here.region))
	bucket := "arn:" + here.partition + ":s3:::" + s3.Bucket
	state := bucket + "/" + s3.Key
	grants := []grant{
		reading("s3:GetObject").on(state),
		reading("s3:ListBucket").on(bucket), // without it S3 says of a state that is not there yet that it is forbidden
		changing("s3:PutObject").on(state),
	}
	if s3.ACL != "" {
		grants = append(grants, changing("s3:PutObjectAcl").on(state))
	}
	if s3.UseLockfile != nil && *s3.UseLockfile {
		grants = append(grants, changing("s3:DeleteObject", "s3:GetObject", "s3:PutObject").on(state+".tflock"))
	}
	if s3.DynamodbTable != "" {
		table, lock := here.arn("dynamodb", "table/"+s3.DynamodbTable), s3.Bucket+"/"+s3.Key
		item := func(keys ...string) *condition {
			return newCondition("ForAllValues:StringEquals", "dynamodb:LeadingKeys", keys)
		}
		grants = append(grants,
			reading("dynamodb:GetItem").on(table).where(item(lock+"-md5")), // the state's checksum
			changing("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem").on(table).where(item(lock, lock+"-md5")))
	}
	if s3.KMSKeyID != "" {
		key := here.keyARN(s3.KMSKeyID)
		viaS3 := newCondition("StringEquals", "kms:ViaService", []string{"s3." + regionOfKey(key) + "." + here.dnsSuffix})
		grants = append(grants, reading("kms:Decrypt").on(key).where(viaS3),
			changing("kms:Encrypt", "kms:GenerateDataKey").on(key).where(viaS3))
	}
	return grants
}

// stateRoleGrants is the role that the state is behind, in sessions of the tags and the source identity that the file names. Who plans
// takes it on too, and with it whatever it may: spec warns of it.
func stateRoleGrants(role spec.S3AssumeRole) []grant {
	grants := []grant{reading("sts:AssumeRole").on(role.RoleARN)}
	if len(role.Tags) > 0 {
		conditions := []*condition{newCondition("ForAllValues:StringEquals", "aws:TagKeys", sortedKeys(role.Tags))}
		for _, key := range sortedKeys(role.Tags) {
			conditions = append(conditions, newCondition("StringEquals", "aws:RequestTag/"+key, []string{role.Tags[key]}))
		}
		grants = append(grants, reading("sts:TagSession").on(role.RoleARN).where(conditions...))
	}
	if role.SourceIdentity != "" {
		grants = append(grants, reading("sts:SetSourceIdentity").on(role.RoleARN).where(
			newCondition("StringEquals", "sts:SourceIdentity", []string{role.SourceIdentity})))
	}
	return grants
}

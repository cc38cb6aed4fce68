package spec

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// idp is metadata as identity providers export it.
const idp = `<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/metadata">
  <Organization><OrganizationName xml:lang="de">Müller &amp; Söhne ${x}</OrganizationName></Organization>
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>
</EntityDescriptor>`

// federated is an environment whose metadata lie beside it.
var federated = edit(governed, "testdata/idp.xml", "saml/idp.xml")

// TestMetadataThatIsRead: whatever a provider's export looks like, AWS gets the same text.
func TestMetadataThatIsRead(t *testing.T) {
	withoutDeclaration := idp[strings.Index(idp, "\n")+1:]
	for name, test := range map[string]struct{ content, want string }{
		"plain":                        {idp, idp},
		"final line ends":              {"\n" + idp + "\n\n", idp},
		"Windows line ends":            {strings.ReplaceAll(idp, "\n", "\r\n") + "\r\n", idp},
		"old Macintosh line ends":      {strings.ReplaceAll(idp, "\n", "\r"), idp},
		"byte order mark":              {"\ufeff" + idp, idp},
		"no declaration":               {withoutDeclaration, withoutDeclaration},
		"UTF-16 of Windows":            {inUTF16(binary.LittleEndian, "\ufeff"+edit(idp, "UTF-8", "utf-16")), withoutDeclaration},
		"UTF-16, big end first":        {inUTF16(binary.BigEndian, "\ufeff"+edit(idp, "UTF-8", "UTF-16")), withoutDeclaration},
		"UTF-16, unmarked":             {inUTF16(binary.LittleEndian, edit(idp, "UTF-8", "UTF-16")), withoutDeclaration},
		"UTF-16, unmarked, big end":    {inUTF16(binary.BigEndian, edit(idp, "UTF-8", "UTF-16")), withoutDeclaration},
		"UTF-8 that says it is not":    {edit(idp, "UTF-8", "ISO-8859-1"), withoutDeclaration},
		"encoding in lower case":       {edit(idp, "UTF-8", "utf-8"), edit(idp, "UTF-8", "utf-8")},
		"as large as AWS takes":        {padded(largestMetadata), padded(largestMetadata)},
		"comment before, space behind": {"<!-- ours -->" + withoutDeclaration + "<!-- end -->\n", "<!-- ours -->" + withoutDeclaration + "<!-- end -->"},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := Load(federation(t, test.content), today)
			if err != nil {
				t.Fatalf("want no error, got %v", err)
			}
			if diff := cmp.Diff(test.want, files[0].Environment.SignIn.SAML.MetadataContent); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMetadataThatIsRefused(t *testing.T) {
	const anew = "; export the metadata of your identity provider anew"
	const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0c2VjcmV0\n-----END PRIVATE KEY-----"
	for name, test := range map[string]struct{ content, want string }{
		"nothing":                     {"", `"saml/idp.xml" is empty` + anew},
		"only space":                  {"\ufeff \r\n", `"saml/idp.xml" is empty` + anew},
		"larger than AWS takes":       {padded(largestMetadata + 1), `"saml/idp.xml" is larger than the 1 MiB that AWS takes; leave out what is not of this identity provider`},
		"Latin-1":                     {strings.NewReplacer("UTF-8", "ISO-8859-1", "ü", "\xfc", "ö", "\xf6").Replace(idp), `"saml/idp.xml" is text neither in UTF-8 nor in UTF-16; save it in UTF-8`},
		"binary":                      {"PK\x03\x04\x00\x00", `"saml/idp.xml" is text neither in UTF-8 nor in UTF-16; save it in UTF-8`},
		"private key":                 {edit(idp, "<Organization>", key+"<Organization>"), `"saml/idp.xml" holds a credential, which would end up in cdktf.out and in plan files; export the metadata of your identity provider without it`},
		"private key, in UTF-16":      {inUTF16(binary.LittleEndian, "\ufeff"+key), `"saml/idp.xml" holds a credential, which would end up in cdktf.out and in plan files; export the metadata of your identity provider without it`},
		"text":                        {"metadata", "holds no <EntityDescriptor>" + anew},
		"JSON":                        {`{"issuer": "https://idp.example.com"}`, "holds no <EntityDescriptor>" + anew},
		"certificate":                 {"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "holds no <EntityDescriptor>" + anew},
		"cut off":                     {idp[:len(idp)-10], "holds no XML that can be read (on line 5: unexpected EOF)" + anew},
		"two documents":               {idp + idp[strings.Index(idp, "\n")+1:], "holds no XML that can be read (<EntityDescriptor> behind the end of <EntityDescriptor>)" + anew},
		"element that does not end":   {edit(idp, "</Organization>", ""), `holds no XML that can be read (on line 5: element <Organization> closed by </EntityDescriptor>)` + anew},
		"web page":                    {"<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>Sign in</title></head></html>", "holds a web page, not metadata; export the metadata of your identity provider as XML"},
		"several entities":            {"<EntitiesDescriptor>" + idp[strings.Index(idp, "\n")+1:] + "</EntitiesDescriptor>", "holds <EntitiesDescriptor>, which is of several entities; keep the <EntityDescriptor> of your identity provider alone"},
		"other XML":                   {"<saml2p:Response/>", "begins with <Response>, not with <EntityDescriptor>" + anew},
		"other entity":                {edit(idp, "https://idp.example.com/metadata", "https://idp.example.com/other"), `is of the entity "https://idp.example.com/other", and entity_id is "https://idp.example.com/metadata"; write the same`},
		"no entity":                   {edit(idp, ` entityID="https://idp.example.com/metadata"`, ""), `is of the entity "", and entity_id is "https://idp.example.com/metadata"; write the same`},
		"service, not provider":       {strings.ReplaceAll(idp, "IDPSSO", "SPSSO"), "describes no identity provider, for it has no <IDPSSODescriptor>; export the metadata of the provider, not of the service that signs in"},
		"entity that XML lacks":       {edit(idp, "&amp;", "&uuml;"), `holds no XML that can be read (on line 3: invalid character entity &uuml;)` + anew},
		"credential, where it breaks": {"<EntityDescriptor><AKIAIOSFODNN7EXAMPLE></b>", `"saml/idp.xml" holds a credential, which would end up in cdktf.out and in plan files; export the metadata of your identity provider without it`},
	} {
		t.Run(name, func(t *testing.T) {
			folder := federation(t, test.content)
			_, err := Load(folder, today)
			if diff := cmp.Diff([]string{"DIR/prod.yaml:24:5: sign_in.saml.metadata_file: " + test.want},
				errorsOf(t, err, folder)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMetadataFilesThatCannotBeRead(t *testing.T) {
	folder := federation(t, idp)
	for _, err := range []error{
		os.Mkdir(filepath.Join(folder, "folder"), 0o755),
		os.Symlink("loop", filepath.Join(folder, "loop")),
		os.WriteFile(filepath.Join(folder, "locked"), []byte(idp), 0),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	const mend = "; save your identity provider's metadata there, or mend the path, which begins at this file's folder"
	for path, want := range map[string]string{
		"idp.xml":                              `"idp.xml" is not there` + mend,
		"saml/idp.xml/idp.xml":                 `"saml/idp.xml/idp.xml" gives: not a directory` + mend,
		"loop":                                 `"loop" gives: too many levels of symbolic links` + mend,
		"folder":                               `"folder" is no regular file; name the one with your identity provider's metadata`,
		"../saml/idp.xml":                      `"../saml/idp.xml" is not there` + mend,
		"https://user:secret@idp.example.com/": "holds a credential, which would end up in cdktf.out and in plan files; take it out and keep it in an environment variable",
		"locked":                               `"locked" may not be read; make it readable`,
		filepath.Join(folder, "saml/idp.xml"):  "",
		"./saml/../saml/idp.xml":               "",
	} {
		t.Run(path, func(t *testing.T) {
			if path == "locked" && os.Geteuid() == 0 {
				t.Skip("root reads everything")
			}
			content := edit(governed, "testdata/idp.xml", path)
			_, _, err := Parse(filepath.Join(folder, "prod.yaml"), []byte(content), today)
			var wanted []string
			if want != "" {
				wanted = []string{"DIR/prod.yaml:24:5: sign_in.saml.metadata_file: " + want}
			}
			if diff := cmp.Diff(wanted, errorsOf(t, err, folder)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMetadataMadeInGo is judged as it is, since nobody reads it from a file.
func TestMetadataMadeInGo(t *testing.T) {
	literal := edit(idp, " ${x}", "") // which would be a token
	for name, test := range map[string]struct {
		saml SAML
		want string
	}{
		"content":         {SAML{EntityID: "https://idp.example.com/metadata", MetadataContent: literal}, "<nil>"},
		"token":           {SAML{EntityID: "https://idp.example.com/metadata", MetadataContent: "${data.http.metadata.response_body}"}, "<nil>"},
		"entity's token":  {SAML{EntityID: "${var.entity_id}", MetadataContent: literal}, "<nil>"},
		"file alone":      {SAML{EntityID: "https://idp.example.com/metadata", MetadataFile: "idp.xml"}, "sign_in.saml.metadata_file: is read by spec.Load and spec.Parse alone; in Go put the metadata into MetadataContent"},
		"nothing":         {SAML{EntityID: "https://idp.example.com/metadata"}, "sign_in.saml: needs metadata_file; name the file with your identity provider's metadata"},
		"wrong encoding":  {SAML{EntityID: "https://idp.example.com/metadata", MetadataContent: edit(literal, "UTF-8", "UTF-16")}, `sign_in.saml.metadata_content: holds no XML that can be read ("xml: opening charset \"UTF-16\": it says that it is in UTF-16, and is in UTF-8"); export the metadata of your identity provider anew`},
		"other entity":    {SAML{EntityID: "https://idp.example.com/other", MetadataContent: literal}, `sign_in.saml.metadata_content: is of the entity "https://idp.example.com/metadata", and entity_id is "https://idp.example.com/other"; write the same`},
		"private key":     {SAML{EntityID: "https://idp.example.com/other", MetadataContent: "-----BEGIN RSA PRIVATE KEY-----"}, "sign_in.saml.metadata_content: holds a credential, which would end up in cdktf.out and in plan files; export the metadata of your identity provider without it"},
		"larger than AWS": {SAML{EntityID: "https://idp.example.com/metadata", MetadataContent: literal + strings.Repeat(" ", largestMetadata)}, "sign_in.saml.metadata_content: the metadata is larger than the 1 MiB that AWS takes; leave out what is not of this identity provider"},
	} {
		t.Run(name, func(t *testing.T) {
			environment, _, err := Parse("minimal.yaml", []byte(minimal), today)
			if err != nil {
				t.Fatal(err)
			}
			environment.Access = Access{LeaveToFineGrainedAccessControl: true}
			environment.SignIn = &SignIn{SAML: &test.saml,
				FineGrainedAccessControl: &FineGrainedAccessControl{MasterUserARN: "arn:aws:iam::111122223333:role/administrator"}}
			if diff := cmp.Diff(test.want, fmt.Sprint(environment.Check())); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// federation is a folder with an environment and the metadata that it names.
func federation(t *testing.T, metadata string) string {
	t.Helper()
	folder := folderOf(t, map[string]string{"prod.yaml": federated})
	if err := os.Mkdir(filepath.Join(folder, "saml"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "saml", "idp.xml"), []byte(metadata), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

// padded is metadata of so many bytes.
func padded(size int) string {
	return edit(idp, "</Organization>", "</Organization>"+strings.Repeat(" ", size-len(idp)))
}

func inUTF16(order binary.ByteOrder, text string) string {
	var content []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		content = append(content, byte(0), byte(0))
		order.PutUint16(content[len(content)-2:], unit)
	}
	return string(content)
}

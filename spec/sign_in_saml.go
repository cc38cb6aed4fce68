package spec

import (
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"cdktf-aimetrics/internal/credential"
)

// SAML is the trust between Kibana and an identity provider. It needs fine-grained access control, and an access policy that
// lets browsers through to it: access.fine_grained_access_control.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/saml.html
type SAML struct {
	// Whether people sign in to Kibana with it. false turns it off on the domain, which nothing else does: without the section, AWS goes on
	// letting in whoever the identity provider lets in. Deploy that first, and only then take the section out of the file. Default: true.
	Enabled *bool `json:"enabled,omitempty"`

	// Entity id of the identity provider, 8 to 512 characters, as in its metadata.
	EntityID string `json:"entity_id"`

	// File with the identity provider's metadata, by its path from this environment's file: XML in UTF-8 or UTF-16, up to 1 MiB.
	MetadataFile string `json:"metadata_file,omitempty"`

	// The metadata itself, up to 1 MiB of XML; for environments that are made in Go. Not with metadata_file.
	MetadataContent string `json:"metadata_content,omitempty"`

	// Role of the identity provider whose members administer the domain; it needs roles_key. Default: none.
	MasterBackendRole string `json:"master_backend_role,omitempty"`

	// User of the identity provider who administers the domain. Default: none.
	MasterUserName string `json:"master_user_name,omitempty"`

	// Attribute of the assertion that holds a user's roles. Default: none, so roles are not passed on.
	RolesKey string `json:"roles_key,omitempty"`

	// Attribute of the assertion that holds the user's name. Default: NameID.
	SubjectKey string `json:"subject_key,omitempty"`

	// Minutes until a user has to sign in again, 1 to 1440. Default: 60.
	SessionTimeoutMinutes int `json:"session_timeout_minutes,omitempty"`
}

func (saml *SAML) withDefaults() *SAML {
	if saml == nil {
		return nil
	}
	filled := *saml
	filled.Enabled = orPointer(filled.Enabled, true)
	filled.SessionTimeoutMinutes = cmp.Or(filled.SessionTimeoutMinutes, 60)
	return &filled
}

// usesSAML reports whether people sign in to Kibana at an identity provider.
func (environment Environment) usesSAML() bool {
	return environment.hasSAML() && (environment.SignIn.SAML.Enabled == nil || *environment.SignIn.SAML.Enabled)
}

// hasSAML reports whether the file says how, be it on or off.
func (environment Environment) hasSAML() bool {
	return environment.SignIn != nil && environment.SignIn.SAML != nil
}

var samlValues = map[string]allowed{
	"sign_in.saml.entity_id": matches(`^\S{8,512}$`,
		"an entity id; write that of your identity provider, 8 to 512 characters, as in its metadata"),
	"sign_in.saml.master_backend_role":     atMostLong(256, allowed{}),
	"sign_in.saml.session_timeout_minutes": between(1, 1440),
}

var samlRules = []rule{
	{"SAML needs fine-grained access control", func(e Environment) []finding {
		add := "sign_in.fine_grained_access_control"
		if !e.takesUnsignedRequests() {
			add += ", and access.leave_to_fine_grained_access_control: true"
		}
		return when(e.hasSAML() && !e.UsesFineGrainedAccessControl(), "sign_in.saml", "needs fine-grained access control; add %s", add)
	}},
	{"SAML needs an access policy that lets browsers through", func(e Environment) []finding {
		return when(e.usesSAML() && e.UsesFineGrainedAccessControl() && !e.takesUnsignedRequests(), "sign_in.saml",
			"cannot work behind an access policy that asks for signed requests, which browsers do not send; set "+
				"access.leave_to_fine_grained_access_control: true, and leave out administrators, writers and readers")
	}},
	{"a backend role needs its attribute", func(e Environment) []finding {
		return when(e.hasSAML() && e.SignIn.SAML.MasterBackendRole != "" && e.SignIn.SAML.RolesKey == "",
			"sign_in.saml.master_backend_role",
			"has no effect without roles_key; add the attribute of the assertion that holds a user's roles")
	}},
	{"SAML has metadata", func(e Environment) []finding {
		if !e.usesSAML() || e.SignIn.SAML.MetadataContent != "" {
			return nil
		}
		if e.SignIn.SAML.MetadataFile != "" {
			return findingAt(metadataFile, "is read by spec.Load and spec.Parse alone; in Go put the metadata into MetadataContent")
		}
		return findingAt("sign_in.saml", "needs metadata_file; name the file with your identity provider's metadata")
	}},
	{"SAML metadata", func(e Environment) []finding {
		if !e.usesSAML() || e.SignIn.SAML.MetadataContent == "" {
			return nil
		}
		saml, path := e.SignIn.SAML, metadataFile
		if saml.MetadataFile == "" {
			path = "sign_in.saml.metadata_content"
			if isToken(reflect.ValueOf(saml.MetadataContent)) {
				return nil
			}
		}
		text := metadataFault(saml.MetadataContent, saml.EntityID)
		return when(text != "", path, "%s", text)
	}},
}

// metadataFile is the path of the key that names the file with an identity provider's metadata.
const metadataFile = "sign_in.saml.metadata_file"

// largestMetadata is as many bytes of metadata as AWS takes.
// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_SAMLIdp.html
const largestMetadata = 1 << 20

const exportAnew = "; export the metadata of your identity provider anew"

// readMetadata reads the file that sign_in.saml names, whose path begins at folder. It returns what is wrong with that; "" if
// nothing is.
func (environment *Environment) readMetadata(folder string) string {
	if !environment.usesSAML() || environment.SignIn.SAML.MetadataFile == "" || credential.Holds(environment.SignIn.SAML.MetadataFile) {
		return ""
	}
	saml := environment.SignIn.SAML
	if saml.MetadataContent != "" {
		return "cannot go with metadata_content; keep one"
	}
	path := saml.MetadataFile
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Sprintf("%s %s; save your identity provider's metadata there, or mend the path, which begins at this file's folder",
			quote(saml.MetadataFile), reasonOf(err))
	case !info.Mode().IsRegular():
		return quote(saml.MetadataFile) + " is no regular file; name the one with your identity provider's metadata"
	case info.Size() > largestMetadata:
		return tooLarge(quote(saml.MetadataFile))
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Sprintf("%s %s; make it readable", quote(saml.MetadataFile), reasonOf(err))
	}
	text := metadataText(content)
	switch {
	case text == "":
		return quote(saml.MetadataFile) + " is empty" + exportAnew
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return quote(saml.MetadataFile) + " is text neither in UTF-8 nor in UTF-16; save it in UTF-8"
	case credential.Holds(text):
		return quote(saml.MetadataFile) + " " + credentialText + "export the metadata of your identity provider without it"
	}
	saml.MetadataContent = text
	return ""
}

func tooLarge(what string) string {
	return fmt.Sprintf("%s is larger than the %d MiB that AWS takes; leave out what is not of this identity provider", what,
		largestMetadata>>20)
}

// declaration is what an XML document may begin with, with the encoding that it names.
var declaration = regexp.MustCompile(`^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["'][^>]*\?>`)

// metadataText is metadata in one of the ways in which identity providers write the same XML: in UTF-8, without a byte order
// mark, without the declaration of another encoding, with plain line ends, and nothing around it. The provider would take
// whatever AWS answers otherwise for a change in every plan. Signatures hold: they are of XML's canonical form.
// https://www.w3.org/TR/xml-c14n11/
func metadataText(content []byte) string {
	text := string(content)
	switch {
	case strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "<\x00"):
		text = fromUTF16(content, binary.LittleEndian)
	case strings.HasPrefix(text, "\xfe\xff") || strings.HasPrefix(text, "\x00<"):
		text = fromUTF16(content, binary.BigEndian)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.TrimSpace(text)
	if declared := declaration.FindStringSubmatch(text); declared != nil && !strings.EqualFold(declared[1], "utf-8") {
		text = text[len(declared[0]):]
	}
	return strings.TrimSpace(text)
}

func fromUTF16(content []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	return string(utf16.Decode(units))
}

// metadataFault is what is wrong with the metadata of an identity provider; "" if nothing is.
func metadataFault(content, entityID string) string {
	if len(content) > largestMetadata {
		return tooLarge("the metadata")
	}
	root, provides, err := entityDescriptor(content)
	switch {
	case root.Name.Local == "html":
		return "holds a web page, not metadata; export the metadata of your identity provider as XML"
	case root.Name.Local == "EntitiesDescriptor":
		return "holds <EntitiesDescriptor>, which is of several entities; keep the <EntityDescriptor> of your identity provider alone"
	case root.Name.Local != "" && root.Name.Local != "EntityDescriptor":
		return fmt.Sprintf("begins with <%s>, not with <EntityDescriptor>", plain(root.Name.Local)) + exportAnew
	case err != nil:
		return "holds no XML that can be read (" + plain(strings.TrimPrefix(err.Error(), "XML syntax error ")) + ")" + exportAnew
	case root.Name.Local == "":
		return "holds no <EntityDescriptor>" + exportAnew
	}
	entity := ""
	for _, attribute := range root.Attr {
		if attribute.Name.Space == "" && attribute.Name.Local == "entityID" {
			entity = attribute.Value
		}
	}
	switch {
	case entity != entityID && !isToken(reflect.ValueOf(entityID)):
		return fmt.Sprintf("is of the entity %s, and entity_id is %s; write the same", quote(entity), quote(entityID))
	case !provides:
		return "describes no identity provider, for it has no <IDPSSODescriptor>; export the metadata of the provider, not of the " +
			"service that signs in"
	default:
		return ""
	}
}

// entityDescriptor reads a whole XML document. It returns its root, and whether an identity provider is described right below it.
func entityDescriptor(content string) (root xml.StartElement, provides bool, err error) {
	decoder := xml.NewDecoder(strings.NewReader(content))
	decoder.CharsetReader = func(encoding string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("it says that it is in %s, and is in UTF-8", encoding)
	}
	for depth := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return root, provides, nil
		}
		if err != nil {
			return root, provides, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch {
			case depth == 0 && root.Name.Local != "":
				return root, provides, fmt.Errorf("<%s> behind the end of <%s>", token.Name.Local, root.Name.Local)
			case depth == 0:
				root = token.Copy()
			case depth == 1 && token.Name.Local == "IDPSSODescriptor":
				provides = true
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
}

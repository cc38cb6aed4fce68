package spec

import "strings"

const credentialText = "holds a credential, which would end up in cdktf.out and in plan files; "

// insteadOf says what to do where a field would hold a credential: its tag names an environment variable, or the key beside it that names a
// file.
func insteadOf(of field) string {
	if strings.ToLower(of.credential) == of.credential {
		return "write it to a file, and name that in " + of.credential
	}
	return "set the environment variable " + of.credential + " instead"
}

// credentialAdvice says where the credential in a value of path belongs.
func credentialAdvice(path string) string {
	switch {
	case strings.HasPrefix(path, "backend.pg."):
		return "set the environment variable PGPASSWORD, or PG_CONN_STR for the whole"
	case strings.HasSuffix(path, "_pem"):
		return "set the environment variable TF_HTTP_CLIENT_PRIVATE_KEY_PEM instead"
	case strings.HasPrefix(path, "backend.http."):
		return "set the environment variables TF_HTTP_USERNAME and TF_HTTP_PASSWORD instead"
	case path == "sign_in.saml.metadata_content":
		return "export the metadata of your identity provider without it"
	case strings.HasSuffix(path, "_proxy"):
		return "set the environment variable HTTPS_PROXY instead"
	default:
		return "take it out and keep it in an environment variable"
	}
}

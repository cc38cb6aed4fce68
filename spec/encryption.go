package spec

import "cmp"

// Encryption is the KMS key that encrypts the domain at rest: one that this stack makes, or one that exists. Without it, it is
// AWS's own key aws/es. A change of the key replaces the domain, and so does taking the section out of the file again, for AWS keeps a
// domain on its key: prevent_destroy refuses both.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
type Encryption struct {
	// Creates a customer-managed key with yearly rotation and the domain's name as its alias, which this account administers and
	// the domain uses; the log groups of `logs:` are encrypted with it too. Not with kms_key_id, and not with adopt. Default: false.
	CustomerManagedKey bool `json:"customer_managed_key,omitempty"`

	// Days during which a deleted key can be restored, 7 to 30; without the key, what it encrypted is lost. Default: 30.
	DeletionWindowInDays int `json:"deletion_window_in_days,omitempty"`

	// ARN of an existing key. Its policy must let this account, through the service, use it and make grants.
	KMSKeyID string `json:"kms_key_id,omitempty"`
}

// MakesKey reports whether the stack makes the domain's key.
func (environment Environment) MakesKey() bool {
	return environment.Encryption != nil && environment.Encryption.CustomerManagedKey
}

// hasOwnKey reports whether the domain has another key than AWS's own.
func (environment Environment) hasOwnKey() bool {
	return environment.Encryption != nil || environment.Domain.EncryptAtRest.KMSKeyID != ""
}

func defaultEncryption(environment *Environment) {
	if !environment.MakesKey() {
		return
	}
	encryption := *environment.Encryption
	encryption.DeletionWindowInDays = cmp.Or(encryption.DeletionWindowInDays, 30)
	environment.Encryption = &encryption
}

// encryptionSection is all that is known of encryption beside its type.
var encryptionSection = section{
	key:      "encryption",
	defaults: defaultEncryption,
	values: map[string]allowed{
		"encryption.kms_key_id":              wholeKeyARN,
		"encryption.deletion_window_in_days": between(7, 30),
	},
	rules: []rule{
		{"one key", func(e Environment) []finding {
			encryption := e.Encryption
			if encryption == nil {
				return nil
			}
			return either("encryption", "customer_managed_key: true", encryption.CustomerManagedKey, "kms_key_id",
				encryption.KMSKeyID != "")
		}},
		{"a deletion window needs a key", func(e Environment) []finding {
			encryption := e.Encryption
			return when(encryption != nil && encryption.DeletionWindowInDays != 0 && encryption.KMSKeyID != "" &&
				!encryption.CustomerManagedKey, "encryption.deletion_window_in_days",
				"is not used of a key that exists; leave it out")
		}},
		{"a section's key needs encryption", func(e Environment) []finding {
			return when(e.Encryption != nil && !*e.Domain.EncryptAtRest.Enabled, "encryption",
				"is not used without encryption at rest; leave out domain.encrypt_at_rest.enabled")
		}},
	},
	fills: []filled{
		{"encryption", func(e Environment) bool { return e.Encryption != nil },
			"domain.encrypt_at_rest.kms_key_id", func(d Domain) bool { return d.EncryptAtRest.KMSKeyID != "" }},
	},
	otherKeys: map[string]string{
		"kms_key_id": "it belongs below `encryption:`",
	},
}

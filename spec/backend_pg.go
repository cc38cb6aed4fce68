package spec

// PgBackend is the state in a PostgreSQL database.
// https://developer.hashicorp.com/terraform/language/backend/pg
type PgBackend struct {
	// Address of the database, without a password: set PGPASSWORD, or PG_CONN_STR for the whole. Default: PG_CONN_STR.
	ConnStr string `json:"conn_str,omitempty"`

	// Default: terraform_remote_state.
	SchemaName string `json:"schema_name,omitempty"`

	// Whether the schema exists already. Default: false.
	SkipSchemaCreation *bool `json:"skip_schema_creation,omitempty"`

	// Whether the table exists already. Default: false.
	SkipTableCreation *bool `json:"skip_table_creation,omitempty"`

	// Whether the index exists already. Default: false.
	SkipIndexCreation *bool `json:"skip_index_creation,omitempty"`
}

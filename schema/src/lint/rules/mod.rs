//! The registry: a rule a file, each with its danger, what a server says of it, the safe form, and an example of both.

mod access_change;
mod adding_constrained_domain_field;
mod adding_field_with_default;
mod adding_foreign_key_constraint;
mod adding_not_nullable_field;
mod adding_required_field;
mod adding_serial_field;
mod adding_serial_primary_key_field;
mod attach_partition_scan;
mod avoid_adding_exclusion_constraint;
mod avoid_create_trigger;
mod avoid_wide_lock_window;
mod ban_add_column;
mod ban_add_composite_attribute;
mod ban_add_enum_value;
mod ban_alter_domain_with_add_constraint;
mod ban_alter_identity;
mod ban_alter_sequence_values;
mod ban_char_field;
mod ban_concurrent_index_creation_in_transaction;
mod ban_create_domain_with_constraint;
mod ban_detach_inheritance;
mod ban_disable_trigger;
mod ban_drop_column;
mod ban_drop_constraint;
mod ban_drop_database;
mod ban_drop_default;
mod ban_drop_domain;
mod ban_drop_function;
mod ban_drop_generated_expression;
mod ban_drop_index;
mod ban_drop_not_null;
mod ban_drop_policy;
mod ban_drop_schema;
mod ban_drop_sequence;
mod ban_drop_table;
mod ban_drop_trigger;
mod ban_drop_type;
mod ban_duplicate_column_assignments;
mod ban_new_write_restriction;
mod ban_replace_view_function;
mod ban_replica_identity;
mod ban_revoke;
mod ban_set_default;
mod ban_set_schema;
mod ban_truncate;
mod ban_truncate_cascade;
mod ban_uncommitted_transaction;
mod ban_update_without_where;
mod ban_vacuum_full;
mod changing_column_type;
mod concurrent_index_if_not_exists;
mod concurrent_refresh_matview_lock;
mod constraint_missing_not_valid;
mod costly_index;
mod creating_enum;
mod disallowed_unique_constraint;
mod domain_scan;
mod duplicate_index;
mod enabling_trigger;
mod enum_value_used_at_once;
mod foreign_key_not_valid_on_partitioned;
mod foreign_key_type_differs;
mod foreign_key_without_index;
mod identifier_too_long;
mod if_not_exists_hides_drift;
mod index_gap;
mod index_on_partitioned;
mod kinds;
mod lock_timeout_with_concurrently;
mod multiple_alter_table;
mod mysql_add_required_column;
mod mysql_algorithm;
mod mysql_change_default;
mod mysql_copy;
mod mysql_costly_index;
mod mysql_data_loss;
mod mysql_foreign_key_type_differs;
mod mysql_if_not_exists;
mod mysql_implicit_commit;
mod mysql_index_gap;
mod mysql_lock_wait_timeout;
mod mysql_modify_says_all;
mod mysql_name_too_long;
mod mysql_rename;
mod prefer_bigint_over_int;
mod prefer_bigint_over_smallint;
mod prefer_identity;
mod prefer_jsonb;
mod prefer_repack;
mod prefer_robust_stmts;
mod prefer_text_field;
mod prefer_timestamp_tz;
mod prelude;
mod primary_key_over_nullable;
mod renaming_column;
mod renaming_object;
mod renaming_table;
mod require_concurrent_index_creation;
mod require_concurrent_index_deletion;
mod require_concurrent_partition_detach;
mod require_concurrent_refresh_matview;
mod require_concurrent_reindex;
mod require_enum_value_ordering;
mod require_idle_in_transaction_timeout;
mod require_lock_timeout;
mod require_statement_timeout;
mod require_table_schema;
mod require_timeout_settings;
mod rewrites;
mod running_statement_while_holding_access_exclusive;
mod several_foreign_keys;
mod sqlite_add_column;
mod sqlite_add_required_column;
mod sqlite_alter_table;
mod sqlite_costly_index;
mod sqlite_drop_column;
mod sqlite_drop_table;
mod sqlite_foreign_key_type_differs;
mod sqlite_foreign_keys_in_transaction;
mod sqlite_if_not_exists;
mod sqlite_rebuild_with_foreign_keys;
mod sqlite_rename;
mod sqlite_transaction_nesting;
mod sqlite_write_without_where;
mod statement_refuses_transaction;
mod table_rewrite;
mod transaction_nesting;
mod type_of_viewed_column;
mod update_after_not_valid;

use diesel_schema_core::suggest;
pub(super) use kinds::lock;

use super::Rule;

const RULES: &[Rule] = &[
    adding_field_with_default::RULE,
    adding_serial_field::RULE,
    adding_required_field::RULE,
    adding_constrained_domain_field::RULE,
    changing_column_type::RULE,
    type_of_viewed_column::RULE,
    constraint_missing_not_valid::RULE,
    adding_foreign_key_constraint::RULE,
    disallowed_unique_constraint::RULE,
    adding_serial_primary_key_field::RULE,
    primary_key_over_nullable::RULE,
    avoid_adding_exclusion_constraint::RULE,
    adding_not_nullable_field::RULE,
    ban_alter_domain_with_add_constraint::RULE,
    domain_scan::RULE,
    ban_create_domain_with_constraint::RULE,
    update_after_not_valid::RULE,
    foreign_key_not_valid_on_partitioned::RULE,
    several_foreign_keys::RULE,
    foreign_key_without_index::RULE,
    foreign_key_type_differs::RULE,
    require_concurrent_index_creation::RULE,
    index_on_partitioned::RULE,
    concurrent_index_if_not_exists::RULE,
    index_gap::RULE,
    duplicate_index::RULE,
    costly_index::RULE,
    require_concurrent_index_deletion::RULE,
    require_concurrent_reindex::RULE,
    ban_concurrent_index_creation_in_transaction::RULE,
    statement_refuses_transaction::RULE,
    require_concurrent_partition_detach::RULE,
    attach_partition_scan::RULE,
    require_concurrent_refresh_matview::RULE,
    concurrent_refresh_matview_lock::RULE,
    ban_vacuum_full::RULE,
    prefer_repack::RULE,
    table_rewrite::RULE,
    ban_drop_column::RULE,
    ban_drop_table::RULE,
    ban_drop_database::RULE,
    ban_drop_schema::RULE,
    ban_truncate::RULE,
    ban_truncate_cascade::RULE,
    ban_update_without_where::RULE,
    ban_drop_not_null::RULE,
    renaming_column::RULE,
    renaming_table::RULE,
    renaming_object::RULE,
    ban_set_schema::RULE,
    ban_set_default::RULE,
    ban_drop_default::RULE,
    ban_drop_constraint::RULE,
    ban_drop_trigger::RULE,
    ban_disable_trigger::RULE,
    enabling_trigger::RULE,
    avoid_create_trigger::RULE,
    ban_drop_index::RULE,
    ban_drop_function::RULE,
    ban_drop_sequence::RULE,
    ban_drop_domain::RULE,
    ban_drop_policy::RULE,
    ban_drop_type::RULE,
    ban_drop_generated_expression::RULE,
    ban_revoke::RULE,
    access_change::RULE,
    ban_replica_identity::RULE,
    ban_detach_inheritance::RULE,
    ban_add_column::RULE,
    ban_add_composite_attribute::RULE,
    ban_alter_identity::RULE,
    ban_alter_sequence_values::RULE,
    ban_replace_view_function::RULE,
    ban_new_write_restriction::RULE,
    ban_char_field::RULE,
    prefer_text_field::RULE,
    prefer_timestamp_tz::RULE,
    prefer_jsonb::RULE,
    prefer_bigint_over_int::RULE,
    prefer_bigint_over_smallint::RULE,
    prefer_identity::RULE,
    identifier_too_long::RULE,
    creating_enum::RULE,
    ban_add_enum_value::RULE,
    enum_value_used_at_once::RULE,
    require_enum_value_ordering::RULE,
    require_table_schema::RULE,
    prefer_robust_stmts::RULE,
    if_not_exists_hides_drift::RULE,
    ban_duplicate_column_assignments::RULE,
    transaction_nesting::RULE,
    ban_uncommitted_transaction::RULE,
    require_timeout_settings::RULE,
    require_statement_timeout::RULE,
    require_lock_timeout::RULE,
    require_idle_in_transaction_timeout::RULE,
    lock_timeout_with_concurrently::RULE,
    multiple_alter_table::RULE,
    running_statement_while_holding_access_exclusive::RULE,
    avoid_wide_lock_window::RULE,
    sqlite_foreign_keys_in_transaction::RULE,
    sqlite_rebuild_with_foreign_keys::RULE,
    sqlite_add_column::RULE,
    sqlite_add_required_column::RULE,
    sqlite_alter_table::RULE,
    sqlite_drop_column::RULE,
    sqlite_drop_table::RULE,
    sqlite_write_without_where::RULE,
    sqlite_costly_index::RULE,
    sqlite_foreign_key_type_differs::RULE,
    sqlite_if_not_exists::RULE,
    sqlite_rename::RULE,
    sqlite_transaction_nesting::RULE,
    mysql_implicit_commit::RULE,
    mysql_algorithm::RULE,
    mysql_copy::RULE,
    mysql_add_required_column::RULE,
    mysql_modify_says_all::RULE,
    mysql_change_default::RULE,
    mysql_index_gap::RULE,
    mysql_costly_index::RULE,
    mysql_foreign_key_type_differs::RULE,
    mysql_if_not_exists::RULE,
    mysql_data_loss::RULE,
    mysql_rename::RULE,
    mysql_name_too_long::RULE,
    mysql_lock_wait_timeout::RULE,
];

/// Every rule.
#[must_use]
pub fn all() -> Vec<&'static Rule> {
    RULES.iter().collect()
}

/// The rule whose name is nearly that.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    suggest::nearest(name, RULES.iter().map(|rule| rule.name))
}

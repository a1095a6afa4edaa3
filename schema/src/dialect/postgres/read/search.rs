//! Text search: dictionaries, configurations, and what a configuration does with each type of token.

use super::kinds::object;
use super::queries::{Part, no_ext, part};
use super::seldom::Seldom;

/// What stands before a name of a namespace: nothing for the default one's.
fn place(namespace: &str) -> String {
    format!("CASE WHEN {namespace} IN ('pg_catalog', 'public') THEN '' ELSE quote_ident({namespace}) || '.' END")
}

/// The types of token that a configuration looks up, and in which dictionaries. A mapping has no oid: `token` is its
/// configuration's and the type's number behind all oids.
const MAPPINGS: &str = "(SELECT m.mapcfg, k.alias, (m.maptokentype::bigint << 32) + m.mapcfg::bigint AS token, \
     string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries \
     FROM pg_ts_config_map m JOIN pg_ts_config g ON g.oid = m.mapcfg JOIN ns ON ns.oid = g.cfgnamespace, \
     LATERAL (SELECT alias FROM ts_token_type(g.cfgparser) t WHERE t.tokid = m.maptokentype) k GROUP BY 1, 2, 3) m";

pub(super) fn parts() -> Vec<Part> {
    let dictionary = format!("{} || quote_ident(d.dictname)", place("n.nspname"));
    let template = format!("{} || quote_ident(t.tmplname)", place("w.nspname"));
    let configuration = format!("{} || quote_ident(g.cfgname)", place("n.nspname"));
    let parser = format!("{} || quote_ident(p.prsname)", place("w.nspname"));
    let own = no_ext("pg_ts_config", "g.oid");
    vec![
        object(
            "text search dictionary",
            [
                "d.oid",
                "n.nspname",
                "d.dictname",
                &format!(
                    "'CREATE TEXT SEARCH DICTIONARY ' || {dictionary} || ' (TEMPLATE = ' || {template} \
                     || coalesce(', ' || d.dictinitoption, '') || ')'"
                ),
                &format!("'DROP TEXT SEARCH DICTIONARY ' || {dictionary}"),
                &of_extension("pg_ts_template", "t.oid"),
            ],
            &format!(
                "pg_ts_dict d JOIN ns n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate \
                 JOIN pg_namespace w ON w.oid = t.tmplnamespace WHERE {}",
                no_ext("pg_ts_dict", "d.oid")
            ),
        ).of(&[Seldom::TextSearchDictionary]),
        object(
            "text search configuration",
            [
                "g.oid",
                "n.nspname",
                "g.cfgname",
                &format!("'CREATE TEXT SEARCH CONFIGURATION ' || {configuration} || ' (PARSER = ' || {parser} || ')'"),
                &format!("'DROP TEXT SEARCH CONFIGURATION ' || {configuration}"),
                &of_extension("pg_ts_parser", "p.oid"),
            ],
            &format!(
                "pg_ts_config g JOIN ns n ON n.oid = g.cfgnamespace JOIN pg_ts_parser p ON p.oid = g.cfgparser \
                 JOIN pg_namespace w ON w.oid = p.prsnamespace WHERE {own}"
            ),
        ).of(&[Seldom::TextSearchConfiguration]),
        object(
            "text search mapping",
            [
                "m.token",
                "n.nspname",
                "g.cfgname || '.' || m.alias",
                &format!(
                    "'ALTER TEXT SEARCH CONFIGURATION ' || {configuration} || ' ADD MAPPING FOR ' || quote_ident(m.alias) \
                     || ' WITH ' || m.dictionaries"
                ),
                &format!(
                    "'ALTER TEXT SEARCH CONFIGURATION ' || {configuration} || ' DROP MAPPING FOR ' || quote_ident(m.alias)"
                ),
                "g.oid",
            ],
            &format!(
                "{MAPPINGS} JOIN pg_ts_config g ON g.oid = m.mapcfg JOIN ns n ON n.oid = g.cfgnamespace WHERE {own}"
            ),
        ).of(&[Seldom::TextSearchConfiguration]),
        // The server keeps account of which dictionaries a configuration needs, and not which of its mappings does.
        part(
            "depend",
            &["(m.maptokentype::bigint << 32) + m.mapcfg::bigint", "'pg_ts_dict'", "coalesce(e.refobjid, m.mapdict)", "0"],
            "pg_ts_config_map m JOIN pg_ts_config g ON g.oid = m.mapcfg JOIN ns ON ns.oid = g.cfgnamespace \
             LEFT JOIN pg_depend e ON e.classid = 'pg_ts_dict'::regclass AND e.objid = m.mapdict AND e.deptype = 'e' \
             WHERE m.mapdict >= 16384",
        ).of(&[Seldom::TextSearchConfiguration]),
    ]
}

/// The extension that brought what is needed, where one did.
fn of_extension(class: &str, oid: &str) -> String {
    format!(
        "(SELECT e.refobjid FROM pg_depend e WHERE e.classid = '{class}'::regclass AND e.objid = {oid} AND e.deptype = 'e')"
    )
}

//! The statements behind the figures. One statement a year gives every total and every breakdown, grouped by the
//! database; only numbers of ours are written into the text. Both databases read it alike.

use crate::{
    handover::counted::{
        FILED, STAGES, Span, Stage, at_stage, by_act, case_in_which_it_went_on, charges_of_cases, filed_in,
        first_at_stage,
    },
    outcome::counted::{self, AsAt, SUM, WEAKEST, condition, value_condition},
    platform::keyset::Edge,
};

/// `SELECT` of one breakdown: figure, dimension, key, number, namings, qualifier.
fn select(figure: &str, dim: &str, key: &str, n: &str, rest: &str) -> String {
    format!("SELECT '{figure}' AS figure, '{dim}' AS dim, {key} AS k, {n} AS n, {rest}")
}

/// Total, region, type, month of the rows of a CTE with the columns `region`, `type_code`, `month`.
fn breakdowns(figure: &str, table: &str, n: &str, named: &str, qualifier: &str) -> Vec<String> {
    let one = |dim: &str, key: &str, group: &str| {
        let rest = format!("{named} AS named, {qualifier} AS q FROM {table} x {group}");
        select(figure, dim, key, n, &rest)
    };
    let by = |dim: &str, key: &str| one(dim, key, &format!("GROUP BY {key}"));
    vec![one("total", "''", ""), by("region", "x.region"), by("type", "x.type_code"), by("month", "x.month")]
}

fn count(figure: &str, table: &str) -> Vec<String> {
    breakdowns(figure, table, "COUNT(*)", "CAST(0 AS BIGINT)", "CAST(0 AS BIGINT)")
}

/// Everything about the year in one statement.
pub fn year(span: &Span, as_at: AsAt) -> String {
    let mut tables = Vec::new();
    let mut selects = Vec::new();
    for stage in &STAGES {
        tables.push(stage_table(stage, span, as_at));
        selects.extend(count(stage.figure, stage.figure));
        selects.push(select(
            stage.figure,
            "charge",
            "tc.charge_code",
            "COUNT(*)",
            &format!(
                "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM {} x \
                 JOIN transfer_charge tc ON tc.transfer_id = x.transfer_id GROUP BY tc.charge_code",
                stage.figure
            ),
        ));
        let all = format!(
            "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM transfer t WHERE {}",
            at_stage(stage, span, as_at)
        );
        selects.push(select(stage.figure, "named", "''", "COUNT(*)", &all));
    }
    cases(span, as_at, &mut tables, &mut selects);
    entries(span, as_at, &mut tables, &mut selects);
    format!("WITH {} {}", tables.join(", "), selects.join(" UNION ALL "))
}

fn stage_table(stage: &Stage, span: &Span, as_at: AsAt) -> String {
    let month = span.month_of(&format!("t.{}", stage.column));
    format!(
        "{} AS MATERIALIZED (SELECT t.id AS transfer_id, SUBSTR(t.lead_region, 1, 2) AS region, \
         a.type_code AS type_code, {month} AS month, t.synthetic AS synthetic FROM transfer t \
         JOIN agency a ON a.id = t.agency_id WHERE {})",
        stage.figure,
        first_at_stage(stage, span, as_at)
    )
}

fn cases(span: &Span, as_at: AsAt, tables: &mut Vec<String>, selects: &mut Vec<String>) {
    tables.push(format!(
        "cases_filed AS MATERIALIZED (SELECT c.id AS case_id, SUBSTR(c.region_code, 1, 2) AS region, \
         a.type_code AS type_code, SUBSTR(CAST(c.filed_on AS TEXT), 6, 2) AS month FROM agency_case c \
         JOIN agency a ON a.id = c.agency_id WHERE {})",
        filed_in(span, as_at)
    ));
    selects.extend(count("cases_filed", "cases_filed"));
    selects.push(select(
        "cases_filed",
        "charge",
        "d.charge_code",
        "COUNT(*)",
        &format!(
            "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM (SELECT DISTINCT x.case_id, tc.charge_code \
             FROM cases_filed {}) d GROUP BY d.charge_code",
            to_charges(as_at)
        ),
    ));
}

/// What an entry shows of itself in the tables below; its case is the one in which its matter went on.
fn entry(as_at: AsAt) -> String {
    format!(
        "o.id AS id, o.kind AS kind, {} AS case_id, SUBSTR(o.region_code, 1, 2) AS region, \
         a.type_code AS type_code, SUBSTR(CAST(o.happened_on AS TEXT), 6, 2) AS month, o.amount_fen AS fen, \
         o.qualifier AS qualifier, o.basis AS basis, o.quantity AS quantity, o.unit AS unit, o.synthetic AS synthetic",
        case_in_which_it_went_on("o.case_id", as_at)
    )
}

fn entries(span: &Span, as_at: AsAt, tables: &mut Vec<String>, selects: &mut Vec<String>) {
    let (year, counts, value) = (span.year, condition(as_at), value_condition(as_at));
    let (entry, from) = (entry(as_at), "FROM outcome o JOIN agency a ON a.id = o.agency_id");
    tables
        .push(format!("entries AS MATERIALIZED (SELECT {entry} {from} WHERE o.year = {year} AND {counts})"));
    tables.push(format!(
        "valued AS MATERIALIZED (SELECT {entry} {from} WHERE o.year = {year} AND o.kind = 'case_value' \
         AND {counts} AND {value})"
    ));
    tables.push(named_table(year, as_at));
    let identity_figures = [
        ("suspects_arrested", "arrest"),
        ("sites_raided", "site_raided"),
        ("persons_prosecuted", "prosecution"),
    ];
    for (figure, kind) in identity_figures {
        identities(figure, kind, as_at, selects);
    }
    for (figure, kind) in
        [("goods_seized", "goods_seized"), ("judgments", "judgment"), ("penalties", "penalty")]
    {
        tables.push(format!("{figure} AS (SELECT * FROM entries WHERE kind = '{kind}')"));
        selects.extend(breakdowns(figure, figure, "COUNT(*)", SUM, WEAKEST));
        selects.push(charge(figure, figure, "COUNT(*)", SUM, as_at));
        selects.push(by_basis(figure, figure));
    }
    selects.push(
        "SELECT 'goods_seized' AS figure, 'unit' AS dim, COALESCE(x.unit, '') AS k, \
         CAST(COALESCE(SUM(x.quantity), 0) AS BIGINT) AS n, COUNT(*) AS named, CAST(0 AS BIGINT) AS q \
         FROM goods_seized x GROUP BY COALESCE(x.unit, '')"
            .into(),
    );
    selects.extend(breakdowns("case_value", "valued", SUM, "COUNT(*)", WEAKEST));
    selects.push(charge("case_value", "valued", SUM, "COUNT(*)", as_at));
    selects.push(by_basis("case_value", "valued"));
    selects.push(select(
        "case_value",
        "named",
        "''",
        "COUNT(*)",
        "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM entries WHERE kind = 'case_value'",
    ));
    selects.push(select(
        "synthetic",
        "total",
        "''",
        "COUNT(*)",
        "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM (SELECT 1 FROM entries WHERE synthetic \
         UNION ALL SELECT 1 FROM leads_sent WHERE synthetic) made_up",
    ));
}

/// Sums of amounts by what they are amounts of; `named`: how many entries.
fn by_basis(figure: &str, table: &str) -> String {
    let rest = format!(
        "COUNT(*) AS named, {WEAKEST} AS q FROM {table} x WHERE x.basis IS NOT NULL AND x.fen IS NOT NULL \
         GROUP BY x.basis"
    );
    select(figure, "basis", "x.basis", SUM, &rest)
}

/// From the rows `x` of a table to the charges of their cases' leads, along keys in this order. (Joined to a list of
/// charges, a database that guesses compares each row with each charge.)
fn to_charges(as_at: AsAt) -> String {
    format!("x CROSS JOIN {}", charges_of_cases("x.case_id", as_at))
}

fn charge(figure: &str, table: &str, n: &str, named: &str, as_at: AsAt) -> String {
    let rest = format!(
        "{named} AS named, {WEAKEST} AS q FROM (SELECT DISTINCT x.id, x.fen, x.qualifier, tc.charge_code \
         FROM {table} {}) x GROUP BY x.charge_code",
        to_charges(as_at)
    );
    select(figure, "charge", "x.charge_code", n, &rest)
}

/// Every naming of a person or of a raid, by the identity that counts.
fn named_table(year: i32, as_at: AsAt) -> String {
    let (identity, day) = (counted::identity(), counted::raid_day());
    let (entry, counts) = (entry(as_at), condition(as_at));
    format!(
        "named AS MATERIALIZED (SELECT {entry}, {identity} AS identity, {day} AS day FROM outcome o \
         JOIN agency a ON a.id = o.agency_id JOIN outcome_identity i ON i.outcome_id = o.id WHERE o.year = {year} \
         AND o.kind IN ('arrest', 'site_raided', 'prosecution') AND {counts})"
    )
}

/// Identities, each once in the whole and once in each part; the parts of a breakdown may therefore overlap.
fn identities(figure: &str, kind: &str, as_at: AsAt, selects: &mut Vec<String>) {
    let zero = "CAST(0 AS BIGINT) AS q";
    selects.push(select(
        figure,
        "total",
        "''",
        "COUNT(*)",
        &format!(
            "(SELECT COUNT(*) FROM named WHERE kind = '{kind}') AS named, {zero} \
             FROM (SELECT DISTINCT identity, day FROM named WHERE kind = '{kind}') d"
        ),
    ));
    for (dim, column) in [("region", "region"), ("type", "type_code"), ("month", "month")] {
        let rest = format!(
            "CAST(0 AS BIGINT) AS named, {zero} FROM (SELECT DISTINCT {column}, identity, day FROM named \
             WHERE kind = '{kind}') d GROUP BY d.{column}"
        );
        selects.push(select(figure, dim, &format!("d.{column}"), "COUNT(*)", &rest));
    }
    let rest = format!(
        "CAST(0 AS BIGINT) AS named, {zero} FROM (SELECT DISTINCT tc.charge_code, x.identity, x.day FROM named \
         {} AND x.kind = '{kind}') d GROUP BY d.charge_code",
        to_charges(as_at)
    );
    selects.push(select(figure, "charge", "d.charge_code", "COUNT(*)", &rest));
}

/// The steps of a year's leads, in order; judgments stand beside them.
pub const STEPS: [&str; 7] = ["sent", "received", "accepted", "filed", "arrested", "prosecuted", "judged"];

/// The condition that by the transfer `t` a lead was first sent in the year, and has come to a step since. `None` for a step
/// that there is none of. What happened before the day of sending came of something else: a lead can be joined to a case
/// that is older than it.
fn came_to(span: &Span, as_at: AsAt, step: &str) -> Option<String> {
    let (first, counts) = (first_at_stage(&STAGES[0], span, as_at), condition(as_at));
    let reached = |column: &str, verbs: &str| {
        let act = by_act("transfer", "r.id", verbs, as_at);
        format!(
            "EXISTS (SELECT 1 FROM transfer r WHERE r.lead_id = t.lead_id AND r.{column} IS NOT NULL{act})"
        )
    };
    let sent_on = span.day_of("t.sent_at");
    let led_to = |kind: &str| {
        format!(
            "EXISTS (SELECT 1 FROM transfer r CROSS JOIN case_joined cj CROSS JOIN outcome o \
             WHERE r.lead_id = t.lead_id AND cj.transfer_id = r.id AND o.case_id = cj.case_id \
             AND o.kind = '{kind}' AND {counts} AND CAST(o.happened_on AS TEXT) >= {sent_on})"
        )
    };
    let condition = match step {
        "sent" => reached("sent_at", STAGES[0].verbs),
        "received" => reached("received_at", STAGES[1].verbs),
        "accepted" => reached("accepted_at", STAGES[2].verbs),
        "filed" => reached("filed_at", FILED),
        "arrested" => led_to("arrest"),
        "prosecuted" => led_to("prosecution"),
        "judged" => led_to("judgment"),
        _ => return None,
    };
    Some(format!("{first} AND {condition}"))
}

/// How many leads of a year came to a step: as many rows as [`cohort_leads`] has in all.
pub fn cohort_count(span: &Span, as_at: AsAt, step: &str) -> Option<String> {
    Some(format!("SELECT COUNT(*) AS n FROM transfer t WHERE {}", came_to(span, as_at, step)?))
}

/// The leads of a year that came to a step, as rows of the transfer by which each was first sent: newest first from
/// the edge on (`<sent_at> <seq>`), for `Before` against that order. `None` for a step that there is none of.
pub fn cohort_leads(
    span: &Span,
    as_at: AsAt,
    step: &str,
    edge: Edge<(i64, i64)>,
    limit: i64,
) -> Option<String> {
    let came = came_to(span, as_at, step)?;
    let beyond = match edge {
        Edge::Start => String::new(),
        Edge::After((at, seq)) => format!(" AND (t.sent_at < {at} OR (t.sent_at = {at} AND t.seq < {seq}))"),
        Edge::Before((at, seq)) => format!(" AND (t.sent_at > {at} OR (t.sent_at = {at} AND t.seq > {seq}))"),
    };
    let order = if edge.is_forward() { "t.sent_at DESC, t.seq DESC" } else { "t.sent_at, t.seq" };
    Some(format!(
        "SELECT t.id AS transfer_id, t.seq AS seq, t.number AS number, t.sent_at AS sent_at, l.id AS lead_id, \
         l.number AS lead_number, l.title AS title, l.synthetic AS synthetic, a.name_zh AS name_zh, \
         a.name_en AS name_en FROM transfer t JOIN lead l ON l.id = t.lead_id JOIN agency a ON a.id = t.agency_id \
         WHERE {came}{beyond} ORDER BY {order} LIMIT {limit}"
    ))
}

/// How far the leads that were first sent in the year have come since.
pub fn cohort(span: &Span, as_at: AsAt) -> String {
    let first = first_at_stage(&STAGES[0], span, as_at);
    let counts = condition(as_at);
    let reached = |key: &str, column: &str, verbs: &str| {
        let act = by_act("transfer", "t.id", verbs, as_at);
        select(
            "cohort",
            "stage",
            &format!("'{key}'"),
            "COUNT(DISTINCT t.lead_id)",
            &format!(
                "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM cohort c JOIN transfer t \
                 ON t.lead_id = c.lead_id WHERE t.{column} IS NOT NULL{act}"
            ),
        )
    };
    let led_to = |key: &str, kind: &str| {
        select(
            "cohort",
            "stage",
            &format!("'{key}'"),
            "COUNT(DISTINCT t.lead_id)",
            &format!(
                "CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS q FROM cohort c CROSS JOIN transfer t \
                 CROSS JOIN case_joined cj CROSS JOIN outcome o WHERE t.lead_id = c.lead_id \
                 AND cj.transfer_id = t.id AND o.case_id = cj.case_id AND o.kind = '{kind}' AND {counts} \
                 AND CAST(o.happened_on AS TEXT) >= c.sent_on"
            ),
        )
    };
    let parts = [
        reached("sent", "sent_at", STAGES[0].verbs),
        reached("received", "received_at", STAGES[1].verbs),
        reached("accepted", "accepted_at", STAGES[2].verbs),
        reached("filed", "filed_at", FILED),
        led_to("arrested", "arrest"),
        led_to("prosecuted", "prosecution"),
        led_to("judged", "judgment"),
    ];
    let sent_on = span.day_of("t.sent_at");
    format!(
        "WITH cohort AS MATERIALIZED (SELECT t.lead_id AS lead_id, {sent_on} AS sent_on FROM transfer t \
         WHERE {first}) {}",
        parts.join(" UNION ALL ")
    )
}

/// The largest cases by the value that counts.
pub fn top_cases(span: &Span, as_at: AsAt, most: usize) -> String {
    let (year, counts, value) = (span.year, condition(as_at), value_condition(as_at));
    let case = case_in_which_it_went_on("o.case_id", as_at);
    format!(
        "SELECT c.id AS case_id, c.number AS number, c.title AS title, o.region_code AS region_code, \
         CAST(o.happened_on AS TEXT) AS happened_on, a.name_zh AS name_zh, a.name_en AS name_en, \
         o.amount_fen AS fen, o.qualifier AS qualifier, o.basis AS basis, o.synthetic AS synthetic \
         FROM outcome o JOIN agency a ON a.id = o.agency_id JOIN agency_case c ON c.id = {case} \
         WHERE o.year = {year} AND o.kind = 'case_value' AND {counts} AND {value} \
         ORDER BY o.amount_fen DESC, o.seq LIMIT {most}"
    )
}

/// Persons and raids of the largest cases.
pub fn top_identities(span: &Span, as_at: AsAt, most: usize) -> String {
    let (year, counts) = (span.year, condition(as_at));
    let (identity, day, top) = (counted::identity(), counted::raid_day(), top_cases(span, as_at, most));
    let case = case_in_which_it_went_on("o.case_id", as_at);
    format!(
        "SELECT d.case_id AS case_id, d.kind AS kind, COUNT(*) AS n FROM (SELECT DISTINCT {case} AS case_id, \
         o.kind AS kind, {identity} AS identity, {day} AS day FROM outcome o \
         JOIN outcome_identity i ON i.outcome_id = o.id WHERE o.year = {year} \
         AND o.kind IN ('arrest', 'site_raided') AND {counts} \
         AND {case} IN (SELECT tc.case_id FROM ({top}) tc)) d GROUP BY d.case_id, d.kind"
    )
}

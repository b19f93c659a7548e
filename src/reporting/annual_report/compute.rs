//! The one place where the annual report is computed: a few grouped statements, whatever the size of the ledger.

use diesel::{
    QueryableByName, RunQueryDsl,
    dsl::sql,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Bool, Nullable, Text},
};

use super::{
    addresses::{link, step_link, unit_link},
    cube::Cube,
    groups::{Both, middle},
    moment::Moment,
    report::{BasisPart, Cohort, Definition, Figure, Figures, Published, Report, TopCase, UnitPart, Value},
    sql as statements,
};
use crate::{
    directory::reference::regions,
    handover::counted::Span,
    outcome::counted::on_record,
    platform::{
        db::{Connection, Id, schema::published_figure},
        error::Result,
        i18n::{self, Lang},
        money::{Basis, Fen, Qualifier},
        paths,
        time::Tz,
    },
};

/// How many of the largest cases are shown.
const TOP: usize = 10;

/// The report of a year, as the ledger was when the audit log had a size; `None`: as it is.
///
/// # Errors
/// Those of the database.
pub fn compute(conn: &mut Connection, year: i32, as_at_log_size: Option<i64>, zone: Tz) -> Result<Report> {
    let moment = match as_at_log_size {
        None => Moment::resolve(conn, None)?,
        Some(size) => Moment::of_size(conn, size)?,
    };
    compute_at(conn, year, moment, zone)
}

/// The report of a year at a moment.
///
/// # Errors
/// Those of the database.
pub fn compute_at(conn: &mut Connection, year: i32, moment: Moment, zone: Tz) -> Result<Report> {
    let (span, bound) = (Span::new(year, zone), moment.bound());
    let now = Cube::load(conn, statements::year(&span, bound))?;
    let prior = Cube::load(conn, statements::year(&span.prior(zone), bound))?;
    let cohort = Cube::load(conn, statements::cohort(&span, bound))?;
    let published = published(conn, year, bound)?;
    let both = Both { now: &now, prior: &prior, year, bound };
    Ok(Report {
        year,
        as_at: moment.at,
        as_at_log_size: moment.log_size,
        time_zone: zone.name().to_owned(),
        synthetic: now.total("synthetic").n,
        figures: figures(&now, year, bound),
        prior_year: figures(&prior, year - 1, bound),
        by_region: both.by_region(),
        by_agency_type: both.by_type(),
        by_charge: both.by_charge(),
        by_month: both.by_month(),
        top_cases: top_cases(conn, &span, bound)?,
        cohort: cohort_of(&cohort, year, bound),
        not_published: not_published(&published),
        published,
        definitions: definitions(),
    })
}

fn cohort_of(cube: &Cube, year: i32, bound: Option<i64>) -> Cohort {
    let n = |step: &str| cube.at("cohort", "stage", step).n;
    Cohort {
        sent: n("sent"),
        received: n("received"),
        accepted: n("accepted"),
        filed: n("filed"),
        arrested: n("arrested"),
        prosecuted: n("prosecuted"),
        judged: n("judged"),
        links: statements::STEPS
            .iter()
            .map(|step| ((*step).to_owned(), step_link(step, year, bound)))
            .collect(),
    }
}

fn figures(cube: &Cube, year: i32, bound: Option<i64>) -> Figures {
    let of = |figure: Figure| {
        let total = cube.total(figure.as_str());
        let link = link(figure, year, bound);
        let merged = match figure {
            Figure::LeadsSent | Figure::LeadsAcknowledged | Figure::LeadsAccepted => {
                cube.at(figure.as_str(), "named", "").n - total.n
            }
            Figure::SuspectsArrested | Figure::SitesRaided | Figure::PersonsProsecuted => {
                total.named - total.n
            }
            _ => 0,
        };
        let merged_link = (merged > 0).then(|| format!("{link}&merged=1"));
        Value { value: Some(total.n), merged, link, merged_link, ..Value::default() }
    };
    let with_fen = |figure: Figure| {
        let total = cube.total(figure.as_str());
        let fen = (total.named > 0).then_some(Fen(total.named));
        let by_basis = by_basis(cube, figure.as_str(), &link(figure, year, bound));
        Value { fen, qualifier: fen.map(|_| total.qualifier()), by_basis, ..of(figure) }
    };
    let (by_unit, goods) = (cube.parts("goods_seized", "unit"), link(Figure::GoodsSeized, year, bound));
    Figures {
        leads_sent: of(Figure::LeadsSent),
        leads_acknowledged: of(Figure::LeadsAcknowledged),
        leads_accepted: of(Figure::LeadsAccepted),
        cases_filed: of(Figure::CasesFiled),
        suspects_arrested: of(Figure::SuspectsArrested),
        sites_raided: of(Figure::SitesRaided),
        persons_prosecuted: of(Figure::PersonsProsecuted),
        case_value: case_value(cube, link(Figure::CaseValue, year, bound)),
        goods_seized: Value {
            by_unit: by_unit
                .into_iter()
                .map(|(unit, n)| UnitPart {
                    link: unit_link(&goods, &unit),
                    unit,
                    quantity: n.n,
                    entries: n.named,
                })
                .collect(),
            ..with_fen(Figure::GoodsSeized)
        },
        judgments: with_fen(Figure::Judgments),
        penalties: with_fen(Figure::Penalties),
    }
}

/// What amounts of a figure were added to what.
fn by_basis(cube: &Cube, figure: &str, link: &str) -> Vec<BasisPart> {
    let mut parts: Vec<BasisPart> = cube
        .parts(figure, "basis")
        .into_iter()
        .filter_map(|(basis, n)| {
            let basis = Basis::parse(&basis)?;
            let link = format!("{link}&basis={}", basis.as_str());
            Some(BasisPart { basis, fen: n.fen(), qualifier: n.qualifier(), cases: n.named, link })
        })
        .collect();
    parts.sort_by_key(|part| part.basis);
    parts
}

fn case_value(cube: &Cube, link: String) -> Value {
    let total = cube.total("case_value");
    let merged = cube.at("case_value", "named", "").n - total.named;
    Value {
        fen: Some(total.fen()),
        qualifier: Some(total.qualifier()),
        cases: Some(total.named),
        by_basis: by_basis(cube, "case_value", &link),
        merged,
        merged_link: (merged > 0).then(|| format!("{link}&merged=1")),
        link,
        ..Value::default()
    }
}

#[derive(QueryableByName)]
struct TopRow {
    #[diesel(sql_type = Binary)]
    case_id: Id,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    region_code: String,
    #[diesel(sql_type = Text)]
    happened_on: String,
    #[diesel(sql_type = Text)]
    name_zh: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = BigInt)]
    fen: i64,
    #[diesel(sql_type = Nullable<Text>)]
    qualifier: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    basis: Option<String>,
    #[diesel(sql_type = Bool)]
    synthetic: bool,
}

#[derive(QueryableByName)]
struct Beside {
    #[diesel(sql_type = Binary)]
    case_id: Id,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn top_cases(conn: &mut Connection, span: &Span, bound: Option<i64>) -> Result<Vec<TopCase>> {
    let rows: Vec<TopRow> = sql_query(statements::top_cases(span, bound, TOP)).load(conn)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let beside: Vec<Beside> = sql_query(statements::top_identities(span, bound, TOP)).load(conn)?;
    let n =
        |case: Id, kind: &str| beside.iter().find(|b| b.case_id == case && b.kind == kind).map_or(0, |b| b.n);
    let case = |row: TopRow| {
        let day = row.happened_on.parse().unwrap_or_else(|_| middle(span.year));
        TopCase {
            case: row.case_id,
            region_name: regions().path(&row.region_code, day, Lang::Zh),
            region_name_en: regions().path(&row.region_code, day, Lang::En),
            number: row.number,
            title: row.title,
            region: row.region_code,
            agency: row.name_zh,
            agency_en: row.name_en,
            fen: Fen(row.fen),
            qualifier: row.qualifier.as_deref().and_then(Qualifier::parse).unwrap_or_default(),
            basis: row.basis.as_deref().and_then(Basis::parse).unwrap_or(Basis::Announced),
            suspects_arrested: n(row.case_id, "arrest"),
            sites_raided: n(row.case_id, "site_raided"),
            synthetic: row.synthetic,
            link: paths::case(row.case_id),
            links: [Figure::SuspectsArrested, Figure::SitesRaided, Figure::CaseValue]
                .map(|figure| {
                    let link = format!("{}&case={}", link(figure, span.year, bound), row.case_id);
                    (figure.as_str().to_owned(), link)
                })
                .into(),
        }
    };
    Ok(rows.into_iter().map(case).collect())
}

/// What was published about a year, in the order of the figures.
fn published(conn: &mut Connection, year: i32, bound: Option<i64>) -> Result<Vec<Published>> {
    let known = on_record("published", "published_figure.id", bound);
    let mut all: Vec<Published> = published_figure::table
        .filter(published_figure::year.eq(year))
        .filter(sql::<Bool>(&format!("1 = 1{known}")))
        .order((published_figure::figure, published_figure::counted.desc(), published_figure::id))
        .select(Published::as_select())
        .load(conn)?;
    let place = |figure: &str| Figure::ALL.iter().position(|f| f.as_str() == figure).unwrap_or(usize::MAX);
    all.sort_by_key(|one| place(&one.figure));
    Ok(all)
}

fn not_published(published: &[Published]) -> Vec<&'static str> {
    let names = Figure::ALL.iter().map(|f| f.as_str());
    names.filter(|name| published.iter().all(|one| one.figure != *name)).collect()
}

fn definitions() -> Vec<Definition> {
    Figure::ALL
        .iter()
        .map(|figure| Definition {
            figure: figure.as_str(),
            zh: i18n::t(Lang::Zh, &figure.definition_key()),
            en: i18n::t(Lang::En, &figure.definition_key()),
        })
        .collect()
}

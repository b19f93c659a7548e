//! The report's pictures: the same on the page and in the PDF.

use super::{
    grid::number,
    report::{Figure, Group, Report},
};
use crate::platform::{
    chart::{self, Brief, Datum, Drawn, Tile},
    i18n::{self, Lang},
    money::{self, Fen, Qualifier},
};

/// Parts of a breakdown that are drawn; the table has all.
const MOST: usize = 10;

fn brief(key: &str, report: &Report, prior: bool, lang: Lang) -> Brief {
    let year = [("year", report.year.to_string())];
    Brief {
        title: i18n::t_with(lang, key, &year),
        description: i18n::t_with(lang, "report-chart-description", &year),
        now: report.year.to_string(),
        prior: prior.then(|| (report.year - 1).to_string()),
        unpublished: i18n::t(lang, "report-not-published"),
        tick: chart::plain,
        width: chart::WIDTH,
    }
}

/// The steps of the cohort with their numbers.
pub fn steps(report: &Report) -> Vec<(&'static str, i64)> {
    let c = &report.cohort;
    vec![
        ("sent", c.sent),
        ("received", c.received),
        ("accepted", c.accepted),
        ("filed", c.filed),
        ("arrested", c.arrested),
        ("prosecuted", c.prosecuted),
        ("judged", c.judged),
    ]
}

fn datum(label: String, value: i64) -> Datum {
    Datum { label, value: Some(value), shown: number(value), ..Datum::default() }
}

/// How far the leads sent in the year have come.
pub fn cohort(report: &Report, lang: Lang) -> Drawn {
    let data: Vec<Datum> = steps(report)
        .into_iter()
        .map(|(key, n)| datum(i18n::t(lang, &format!("report-step-{key}")), n))
        .collect();
    let kept = |share: &str| i18n::t_with(lang, "chart-kept", &[("share", share.to_owned())]);
    chart::both(&brief("report-chart-cohort", report, false, lang), |b| chart::funnel(b, &data, kept))
}

/// A figure over the months, beside the year before.
pub fn months(report: &Report, figure: Figure, lang: Lang) -> Drawn {
    let has_prior = report.by_month.iter().any(|g| g.prior_count(figure) != 0);
    let data: Vec<Datum> = report
        .by_month
        .iter()
        .enumerate()
        .map(|(n, group)| {
            let label = i18n::t_with(lang, "report-month", &[("n", (n + 1).to_string())]);
            let prior = group.prior_count(figure);
            Datum {
                prior: has_prior.then_some(prior),
                prior_shown: number(prior),
                ..datum(label, group.count(figure))
            }
        })
        .collect();
    let key = match figure {
        Figure::LeadsSent => "report-chart-months-sent",
        _ => "report-chart-months-arrested",
    };
    chart::both(&brief(key, report, has_prior, lang), |b| chart::months(b, &data))
}

/// Leads by province, as a grid of equal tiles.
pub fn map(report: &Report, lang: Lang) -> Drawn {
    let tiles: Vec<Tile> = report
        .by_region
        .iter()
        .map(|group| Tile {
            code: group.code.clone(),
            label: (lang == Lang::En).then(|| short_english(&group.name_en)),
            value: group.leads_sent,
            shown: if group.leads_sent > 0 { number(group.leads_sent) } else { String::new() },
        })
        .collect();
    let all = english_places(tiles, lang);
    let mut brief = brief("report-chart-map", report, false, lang);
    brief.now = i18n::t(lang, &Figure::LeadsSent.key());
    chart::both(&brief, |b| chart::tiles(b, &all))
}

/// Places without a figure keep their English names on the English page.
fn english_places(mut tiles: Vec<Tile>, lang: Lang) -> Vec<Tile> {
    if lang == Lang::Zh {
        return tiles;
    }
    let day = chrono::NaiveDate::from_ymd_opt(2016, 6, 30).unwrap_or_default();
    for place in chart::places() {
        if tiles.iter().all(|tile| tile.code != place.code) {
            let name = crate::directory::reference::regions().get(place.code, day).map(|r| r.name_en.clone());
            tiles.push(Tile {
                code: place.code.into(),
                label: Some(short_english(&name.unwrap_or_default())),
                value: 0,
                shown: String::new(),
            });
        }
    }
    tiles
}

/// `Guangxi` for `Guangxi Zhuang Autonomous Region`: what fits a tile.
fn short_english(name: &str) -> String {
    match name {
        n if n.starts_with("Inner Mongolia") => "Nei Mongol".into(),
        n if n.starts_with("Hong Kong") => "Hong Kong".into(),
        n => n.split([' ', ',']).next().unwrap_or(n).to_owned(),
    }
}

/// The provinces with the largest case value.
pub fn region_values(report: &Report, lang: Lang) -> Drawn {
    let mut groups: Vec<&Group> = report.by_region.iter().filter(|g| g.case_value.fen.0 > 0).collect();
    groups.sort_by(|a, b| b.case_value.fen.cmp(&a.case_value.fen).then_with(|| a.code.cmp(&b.code)));
    let shown = |fen: Fen, q: Qualifier| money::short(fen, q, lang);
    let data: Vec<Datum> = groups
        .into_iter()
        .take(MOST)
        .map(|group| {
            let sum = group.case_value;
            Datum {
                shown: shown(sum.fen, sum.qualifier),
                ..datum(lang.pick(&group.name, &group.name_en).into(), sum.fen.0)
            }
        })
        .collect();
    chart::both(&brief("report-chart-region-values", report, false, lang), |b| chart::rows(b, &data))
}

/// Leads by the parts of a breakdown, beside the year before.
pub fn rows(key: &str, groups: &[Group], report: &Report, lang: Lang) -> Drawn {
    let figure = Figure::LeadsSent;
    let has_prior = groups.iter().any(|g| g.prior_count(figure) != 0);
    let data: Vec<Datum> = groups
        .iter()
        .filter(|g| g.count(figure) != 0 || g.prior_count(figure) != 0)
        .take(MOST)
        .map(|group| {
            let prior = group.prior_count(figure);
            Datum {
                prior: has_prior.then_some(prior),
                prior_shown: number(prior),
                ..datum(lang.pick(&group.name, &group.name_en).into(), group.count(figure))
            }
        })
        .collect();
    chart::both(&brief(key, report, has_prior, lang), |b| chart::rows(b, &data))
}

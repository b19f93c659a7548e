//! What the figures count: the rows of their lists, whose heads say the same number.

use lead_handoff::{
    outcome::model::unit_name,
    platform::{
        db::Id,
        i18n::Lang,
        money::{self, Fen, Qualifier},
    },
    reporting::annual_report::{Figure, Moment, compute, compute_at},
};

use super::{entry, ledger, now, rows};
use crate::support::{TestApp, ledger::Sent, seed::GUANGZHOU};

#[tokio::test]
async fn every_figure_is_the_number_of_rows_of_its_list() {
    let app = TestApp::new().await;
    ledger(&app).await;
    let report = now(&app).await;
    let f = &report.figures;
    let counts: Vec<i64> = Figure::ALL.iter().map(|figure| f.get(*figure).value.unwrap_or(-1)).collect();
    // sent, acknowledged, accepted, filed, arrested, raided, prosecuted, (value), goods, judgments, penalties
    assert_eq!(counts, [2, 2, 2, 2, 1, 2, 0, -1, 1, 1, 1], "{f:?}");
    assert_eq!((f.leads_sent.merged, f.suspects_arrested.merged, f.sites_raided.merged), (1, 1, 1));
    let value = &f.case_value;
    assert_eq!(value.fen.map(|fen| fen.0), Some(13_000_000_000));
    assert_eq!(value.qualifier.map(|q| q.as_str()), Some("over"));
    assert_eq!((value.cases, value.merged, value.by_basis.len()), (Some(2), 1, 2));
    assert_eq!(report.prior_year.leads_sent.value, Some(1));

    let manager = app.sign_in("manager").await;
    for figure in Figure::ALL {
        let value = f.get(figure);
        let counted = value.value.or(value.cases).expect("a number");
        assert_eq!(rows(&manager, &value.link).await, counted, "{}", value.link);
    }
    assert_eq!(rows(&manager, &report.prior_year.leads_sent.link).await, 1);
    let by_month: i64 = report.by_month.iter().map(|month| month.leads_sent).sum();
    assert_eq!(by_month, 2);
    assert_eq!(report.by_month[11].leads_sent, 1);
    let zhejiang = report.by_region.iter().find(|r| r.code == "330000").expect("Zhejiang");
    assert_eq!((zhejiang.suspects_arrested, zhejiang.case_value.fen.0), (1, 3_000_000_000));
    assert_eq!((report.cohort.sent, report.cohort.filed, report.cohort.judged), (2, 1, 1));
    assert_eq!(report.top_cases.len(), 2);
    assert_eq!(report.top_cases[0].sites_raided, 2);
}

/// What stands at the head of a figure's list.
fn head(n: i64, sums: &[String]) -> String {
    match sums.join("、") {
        none if none.is_empty() => format!("<strong>年报计入共 {n} 条</strong>"),
        sums => format!("<strong>年报计入共 {n} 条，合计 {sums}</strong>"),
    }
}

/// An amount as the report says it, with what it is to the fen; none where there is nothing.
fn full(fen: Fen, qualifier: Qualifier) -> Vec<String> {
    if fen.0 == 0 { Vec::new() } else { vec![money::both(fen, qualifier, Lang::Zh)] }
}

/// The same list behind the last row of `page`, which is its first.
fn beyond(link: &str, page: &str) -> String {
    let rows =
        page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default();
    let last = |list: &str| {
        let id = rows.rsplit(list).next().and_then(|rest| rest.get(..36)).expect("a row");
        id.parse::<Id>().unwrap_or_else(|_| panic!("{link}: no row in {rows}"))
    };
    let after = match link {
        by_id if by_id.contains("by=identity") => format!("0.{}", Id::new()),
        cases if cases.starts_with("/cases") => last("href=\"/cases/").to_string(),
        entries if entries.starts_with("/outcomes") => last("href=\"/outcomes/").to_string(),
        transfers if transfers.starts_with("/transfers") => format!("0.{}", last("href=\"/transfers/")),
        _ => "0.0".to_owned(),
    };
    format!("{link}&after={after}")
}

#[tokio::test]
async fn a_list_says_at_its_head_the_number_of_its_figure_whatever_page_is_shown() {
    let app = TestApp::new().await;
    ledger(&app).await;
    app.settle().await;
    let report = now(&app).await;
    let zone = app.services.settings.time_zone;
    let size = report.as_at_log_size;
    let read = app.services.db.read_snapshot(move |conn| compute(conn, 2016, Some(size), zone));
    let pinned = read.await.expect("pinned");
    let manager = app.sign_in("manager").await;
    let mut lists = Vec::new();
    for value in Figure::ALL.iter().flat_map(|figure| [&report, &pinned].map(|one| one.figures.get(*figure)))
    {
        let n = value.value.or(value.cases).expect("a number");
        let sum = value.fen.zip(value.qualifier).map(|(fen, qualifier)| full(fen, qualifier));
        lists.push((value.link.clone(), head(n, &sum.unwrap_or_default())));
        if let Some(link) = &value.merged_link {
            lists.push((link.clone(), format!("<strong>年报合并去重共 {} 条</strong>", value.merged)));
        }
        let parts = &value.by_basis;
        lists.extend(parts.iter().map(|p| (p.link.clone(), head(p.cases, &full(p.fen, p.qualifier)))));
        // These goods have no value.
        let units = value.by_unit.iter();
        let said = units.map(|u| {
            (
                u.link.clone(),
                head(
                    u.entries,
                    &[format!(
                        "{} {}",
                        money::grouped(u.quantity.unsigned_abs()),
                        unit_name(&u.unit, Lang::Zh)
                    )],
                ),
            )
        });
        lists.extend(said);
    }
    let cohort = &report.cohort;
    for (step, n) in [("sent", cohort.sent), ("filed", cohort.filed), ("judged", cohort.judged)] {
        lists.push((cohort.links[step].clone(), head(n, &[])));
    }
    for (link, said) in &lists {
        let page = manager.get(link).await.expect(200).has(said).text();
        manager.get(&beyond(link, &page)).await.expect(200).has(said);
    }
    // Two values by their bases, one merged; the goods by their unit.
    assert!(
        lists.iter().any(|(_, said)| said.contains("合计 超过 1.3 亿元（130,000,000.00 元）")),
        "{lists:?}"
    );
    assert!(lists.iter().any(|(_, said)| said.contains("合计 10,000 桶")), "{lists:?}");
    // The parts of the breakdowns.
    let groups = [&report.by_region, &report.by_agency_type, &report.by_charge, &report.by_month];
    for group in groups.into_iter().flatten() {
        for figure in Figure::ALL {
            let Some(link) = group.links.get(figure.as_str()) else { continue };
            let page = manager.get(link).await.expect(200);
            match figure {
                Figure::CaseValue => {
                    let (fen, qualifier) = (group.case_value.fen, group.case_value.qualifier);
                    page.has(&format!("合计 {}</strong>", money::both(fen, qualifier, Lang::Zh)))
                }
                _ => page.has(&format!("<strong>年报计入共 {} 条", group.count(figure))),
            };
        }
    }
    // Where nothing is counted, nothing is said of it.
    for list in ["/transfers", "/cases", "/outcomes", "/outcomes?kind=arrest"] {
        manager.get(list).await.expect(200).has_not("年报计入共");
    }
}

#[tokio::test]
async fn a_counter_entry_lowers_the_figure_and_the_past_stays_as_it_was() {
    let app = TestApp::new().await;
    let (_, two, _) = ledger(&app).await;
    let (liaison, manager) = (app.sign_in("liaison2").await, app.sign_in("manager").await);
    let fields = [("kind", "arrest"), ("new_person_0", "司机"), ("region", "330103")];
    let extra = entry(&liaison, &manager, two, &fields).await;
    app.settle().await;
    let before = now(&app).await;
    let moment = app.now();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let counter =
        manager.post(&format!("/outcomes/{extra}/correct"), &[("reason", "重复")]).await.expect(303).id();
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    app.settle().await;
    let after = now(&app).await;
    assert_eq!(before.figures.suspects_arrested.value, Some(2));
    assert_eq!(after.figures.suspects_arrested.value, Some(1));
    assert!(after.as_at_log_size > before.as_at_log_size);

    let zone = app.services.settings.time_zone;
    let past = app.services.db.read_snapshot(move |conn| {
        let moment = Moment::resolve(conn, Some(moment))?;
        compute_at(conn, 2016, moment, zone)
    });
    let past = past.await.expect("the past");
    for figure in Figure::ALL {
        let (was, then) = (past.figures.get(figure), before.figures.get(figure));
        assert_eq!((was.value, was.fen, was.merged), (then.value, then.fen, then.merged), "{figure:?}");
        let counted = was.value.or(was.cases).expect("a number");
        assert_eq!(rows(&manager, &was.link).await, counted, "{}", was.link);
    }
    let size = before.as_at_log_size;
    let pinned = app
        .services
        .db
        .read_snapshot(move |conn| compute(conn, 2016, Some(size), zone))
        .await
        .expect("pinned");
    assert_eq!(pinned.figures.suspects_arrested.value, Some(2));
    let nothing =
        app.services.db.read_snapshot(move |conn| compute(conn, 2016, Some(0), zone)).await.expect("nothing");
    assert!(Figure::ALL.iter().all(|figure| nothing.figures.get(*figure).value.unwrap_or(0) == 0));
}

#[tokio::test]
async fn a_year_of_cases_is_one_of_the_configured_zone() {
    let app = TestApp::with(&[("LEAD_HANDOFF_TIME_ZONE", "America/Los_Angeles".into())]).await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-12-31"), None);
    let manager = app.sign_in("manager").await;
    for (year, counted) in [(2015, 0), (2016, 1), (2017, 0)] {
        assert_eq!(rows(&manager, &format!("/cases?filed_year={year}&month=12")).await, counted);
    }
}

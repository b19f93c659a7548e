//! The page's links: each leads to as many rows as the figure that it stands on says.

use super::{entry, ledger, now, rows};
use crate::support::{Browser, TestApp};

/// The linked cells of a section's table: column, what is shown, and the address.
fn cells(page: &str, section: &str) -> Vec<(usize, String, String)> {
    let start = format!("id=\"{section}\"");
    let body = page.split(&start).nth(1).and_then(|rest| rest.split("</section>").next()).expect("a section");
    let mut found = Vec::new();
    for row in body.split("<tr>").skip(2) {
        for (column, cell) in row.split("</td>").enumerate() {
            let Some((_, link)) = cell.split_once("<a href=\"") else { continue };
            let (href, rest) = link.split_once("\">").expect("a link");
            let shown = rest.split('<').next().unwrap_or_default().to_owned();
            found.push((column, shown, href.replace("&amp;", "&").replace("&#38;", "&")));
        }
    }
    found
}

/// How many rows a list has: its file where it has one, else its pages.
async fn count(browser: &Browser, link: &str) -> i64 {
    let (path, query) = link.split_once('?').expect("a list");
    if !["/transfers", "/cases", "/outcomes"].contains(&path) || query.contains("by=identity") {
        return rows(browser, link).await;
    }
    let file = browser.get(&format!("{path}/export?{query}&format=csv")).await.expect(200).text();
    i64::try_from(crate::support::table(&file).len()).expect("a number") - 1
}

/// Follows every link of the report's tables: each leads to as many rows as its figure says, an amount to some. Gives
/// the links by section.
pub async fn follow_every_link(browser: &Browser, year: i32) -> Vec<(&'static str, String)> {
    let page = browser.get(&format!("/reports/{year}")).await.expect(200).text();
    let mut followed = Vec::new();
    for section in ["figures", "cohort", "months", "regions", "types", "charges", "value", "goods", "top"] {
        if !page.contains(&format!("<section class=\"panel\" id=\"{section}\"")) {
            continue;
        }
        for (column, shown, href) in cells(&page, section) {
            // The page of a case is no list.
            if !href.contains('?') {
                browser.get(&href).await.expect(200);
                continue;
            }
            let found = count(browser, &href).await;
            // The quantity of goods is not the number of entries, which stands beside it.
            let is_quantity = section == "goods" && column > 0;
            match shown.replace(',', "").parse::<i64>() {
                Ok(n) if !is_quantity => assert_eq!(found, n, "{section}: {href}"),
                _ => assert!(found > 0, "{section}: nothing behind {shown} at {href}"),
            }
            followed.push((section, href));
        }
    }
    followed
}

#[tokio::test]
async fn every_figure_of_the_page_leads_to_the_rows_that_it_counts() {
    let app = TestApp::new().await;
    let (one, _, _) = ledger(&app).await;
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let charged = [("kind", "prosecution"), ("new_person_0", "仓库管理员"), ("new_person_id_0", "ID 0001")];
    entry(&liaison, &manager, one, &charged).await;
    let followed = follow_every_link(&manager, 2016).await;
    let links = |section: &str| {
        followed.iter().filter(|(of, _)| *of == section).map(|(_, link)| link.as_str()).collect::<Vec<_>>()
    };
    // Leads, persons, raids and values were merged.
    let merged: Vec<&str> = links("figures").into_iter().filter(|link| link.contains("merged=1")).collect();
    assert!(merged.len() >= 4, "{merged:?}");
    assert_eq!(links("cohort").len(), 7, "{:?}", links("cohort"));
    assert_eq!(links("value").len(), 6, "{:?}", links("value"));
    assert_eq!(links("goods").len(), 2, "{:?}", links("goods"));
    // Persons, sites and the value of the larger case; person and value of the other.
    assert_eq!(links("top").len(), 5, "{:?}", links("top"));
    let report = now(&app).await;
    assert_eq!((report.cohort.prosecuted, report.cohort.judged), (1, 1));
    assert!(report.by_region.iter().any(|group| group.links.contains_key("persons_prosecuted")));
    manager.get("/reports/2016/leads?step=dreamt").await.expect(422).has("环节：").has_not("step:");
    manager.get("/reports/2016/leads?step=prosecuted").await.expect(200).has("已提起公诉");
    assert_eq!(app.last_entry().await.verb, "report.view");
    liaison.get("/reports/2016/leads?step=sent").await.expect(404);
}

#[tokio::test]
async fn every_cell_of_a_breakdown_leads_to_the_rows_that_it_counts() {
    let app = TestApp::new().await;
    ledger(&app).await;
    let manager = app.sign_in("manager").await;
    let page = manager.get("/reports/2016").await.expect(200).text();
    for section in ["months", "regions", "types", "charges"] {
        let cells = cells(&page, section);
        // Leads sent and accepted, cases, persons, sites, value: each column has something somewhere.
        let columns: std::collections::BTreeSet<usize> = cells.iter().map(|cell| cell.0).collect();
        assert_eq!(columns.len(), 6, "{section}: {cells:?}");
        for (_, shown, href) in &cells {
            let found = rows(&manager, href).await;
            match shown.replace(',', "").parse::<i64>() {
                Ok(n) => assert_eq!(found, n, "{section}: {href}"),
                Err(_) => assert!(found > 0, "{section}: nothing behind {shown} at {href}"),
            }
        }
    }
    let page = manager.get("/transfers?counted=sent&year=2016&lead_region=440000&month=12").await.expect(200);
    page.has("线索地区").has("月份");
}

//! The time limits on file, as a part of the reference: for everyone who is signed in.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use chrono::NaiveDate;

use super::clocks::{Clock, clocks};
use crate::{
    directory::{
        people::Actor,
        reference::{
            Dated,
            pages::{Table, confidence, span_text},
            web::{Asked, show},
        },
    },
    platform::{
        error::Result,
        i18n::{Lang, t},
        services::Services,
    },
};

fn row(clock: &Clock, lang: Lang) -> Vec<String> {
    let mut sure = confidence(&clock.confidence, lang);
    if !clock.computed {
        sure = format!("{sure} {}", t(lang, "deadline-information-only"));
    }
    vec![
        clock.name(lang).to_owned(),
        clock.limit_text(clock.limit, lang),
        t(lang, &format!("deadline-waits-{}", clock.waits_on.as_str())),
        clock.citation(lang),
        span_text(clock.span(), lang),
        sure,
    ]
}

fn table(words: &str, at: NaiveDate, lang: Lang) -> Table {
    let words = words.to_lowercase();
    let found = clocks().all().iter().filter(|clock| clock.span().covers(at)).filter(|clock| {
        let text =
            format!("{} {} {} {}", clock.name_zh, clock.name_en, clock.law_zh, clock.law_en).to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
    });
    let keys = [
        "reference-name",
        "reference-limit",
        "reference-waits",
        "reference-law",
        "reference-valid",
        "reference-sure",
    ];
    Table::new(lang, &keys, found.map(|clock| row(clock, lang)))
}

pub(super) async fn page(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let asked = Asked::new(&request, &services);
    let table = table(&asked.words, asked.at, me.lang);
    show(&request, &services, &me, &asked, "clocks", (true, true), table)
}
